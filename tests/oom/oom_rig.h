/*
 * oom_rig: runs a program's way through the public API again and again, each time with another request for memory
 * refused, until it passes with none refused.
 *
 * Two sources of memory are tried: the session's allocator (streamq_config_allocator), whose blocks must come back with
 * the sizes they were taken with, and the C library's heap, which the linker wraps: sessions, errors, texts, configs.
 * Each request is refused once alone and once with all later ones. Every run must end without a leak, and a run that
 * was refused something must have said so: an error of status NOMEM, or NULL where a function has no error.
 */
#ifndef SQI_OOM_RIG_H
#define SQI_OOM_RIG_H

#include <stdbool.h>
#include <streamq.h>

typedef struct oom_rig {
    streamq_session *session;
    streamq_plan *plan;
    streamq_feed *feed;    /* value STRING */
    streamq_stream *lines; /* of the feed */
    streamq_query *query;
    streamq_error *error;
    bool refused;      /* a function without an error gave NULL */
    bool lenient;      /* what fails may go on with less: a lost event, an error without its hint */
    const char *wrong; /* an answer that neither memory nor the flow explains */
} oom_rig;

/* One way through the API. Stops at the first failure; what stands in the rig is freed by the rig. */
typedef void (*oom_flow)(oom_rig *r);

/* Fails the running test on a crash, a leak, a wrong size, a failure that is not about memory. In the short form, which
   the environment variable OOM_FULL=1 turns into the whole, long flows are tried at about 200 requests only. */
void oom_every_allocation(const char *name, oom_flow flow);

/* False after a failure: the flow ends. */
bool oom_good(const oom_rig *r);
/* Notes a NULL; true if the pointer is good. */
bool oom_have(oom_rig *r, const void *pointer);
/* An answer: wrong ones fail the test once the run is over. */
void oom_expect(oom_rig *r, bool right, const char *what);
/* Text of the library: noted, compared if `part` is not NULL, freed. */
void oom_text(oom_rig *r, char *text, const char *part);

/* A feed, a reader on it: r->lines. Schema NULL: value STRING. */
bool oom_feed(oom_rig *r, const char *schema);
/* Opens (without a thread) a query over the stream, r->query. */
bool oom_open(oom_rig *r, streamq_writer *writer);
/* Runs what is there. */
bool oom_settle(oom_rig *r);
/* Collects, expects that many rows. */
void oom_collect(oom_rig *r, streamq_stream *stream, size_t rows);

/* Memory of the test itself: never refused, not counted. */
void *oom_own(size_t size);
void oom_own_free(void *block);

#endif
