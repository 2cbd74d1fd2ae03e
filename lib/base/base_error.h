/*
 * base_error: the error object behind streamq_error.
 *
 * Every internal function that can fail returns a streamq_status and takes `streamq_error **err` last (NULL: the
 * caller wants the status only). The first error wins: setting an error where one stands is ignored. Creating an
 * error never fails: without memory it is a static object whose free does nothing. Errors live on the C library's
 * heap, not the session's, so that they outlive it.
 *
 *     return sqi_error_set(err, SQI_COND_DIVIDE_BY_ZERO, "division by zero; use try_divide to get NULL instead");
 *     SQI_TRY(sqi_thing_do(thing, err));
 *
 * An error may carry the SQL text it is about and the byte range in it; the message then shows the line and a caret.
 * Kernels do not know the text: they set the condition and message, the evaluator adds the place.
 */
#ifndef SQI_BASE_ERROR_H
#define SQI_BASE_ERROR_H

#include "base_cond.h"
#include "base_str.h"

#define SQI_MUST_CHECK __attribute__((warn_unused_result))
#define SQI_TRY(call)                     \
    do {                                  \
        streamq_status sqi_try_ = (call); \
        if (sqi_try_ != STREAMQ_OK)       \
            return sqi_try_;              \
    } while (0)

/* Set *err (if err is not NULL and *err is NULL) and return the condition's status. */
streamq_status sqi_error_set(streamq_error **err, sqi_cond cond, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
streamq_status sqi_error_nomem(streamq_error **err);

/* Additions to an error that was just set; no-ops on NULL. All copy what they are given. */
void sqi_error_place(streamq_error *e, sqi_span text, size_t begin, size_t end); /* ignored if a place is known */
void sqi_error_hint(streamq_error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sqi_error_candidates(streamq_error *e, const sqi_span *names, size_t n); /* the nearest come first: sort them */
void sqi_error_context(streamq_error *e, const char *format, ...)
    __attribute__((format(printf, 2, 3))); /* "in query 'x', batch 3" */

sqi_cond sqi_error_cond(const streamq_error *e); /* SQI_COND_NONE for NULL */
streamq_status sqi_error_status(const streamq_error *e);
const char *sqi_error_text(const streamq_error *e); /* message alone, one line */
const char *sqi_error_message(
    const streamq_error *e); /* [CONDITION] message, place with caret, candidates, hint. SQLSTATE: ... */
const char *sqi_error_hint_text(const streamq_error *e); /* "" if none */
bool sqi_error_where(const streamq_error *e, size_t *begin, size_t *end);
streamq_error *sqi_error_copy(const streamq_error *e); /* NULL for NULL */
void sqi_error_free(streamq_error *e);
/* Put `from` into *err if that is wanted and empty, else free it. Returns its status. */
streamq_status sqi_error_pass(streamq_error **err, streamq_error *from);

#endif
