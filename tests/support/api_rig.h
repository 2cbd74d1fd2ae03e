/*
 * api_rig: a session, a feed of lines and the word count over it, for tests of the public API.
 */
#ifndef SQI_API_RIG_H
#define SQI_API_RIG_H

#include <streamq.h>

typedef struct api_rig {
    streamq_session *session;
    streamq_plan *plan;
    streamq_feed *feed; /* value STRING */
    streamq_stream *lines;
    streamq_error *error;
} api_rig;

void api_rig_begin(api_rig *r, const streamq_config *config); /* config may be NULL */
void api_rig_end(api_rig *r);

streamq_stream *api_rig_counts(api_rig *r); /* words and their counts */
void api_rig_push(api_rig *r, const char *lines);
/* The call failed with this condition, and its message holds this text; clears the error. */
void api_rig_refused(api_rig *r, const char *condition, const char *text);
void api_rig_ok(api_rig *r); /* no error stands */
/* The rows of a batch as text, cells joined by '|', rows by '\n', sorted. Freed by the next call or end. */
const char *api_rig_rows(const streamq_batch *batch);

#endif
