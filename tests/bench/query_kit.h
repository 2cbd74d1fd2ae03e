/*
 * query_kit: a session, a feed and a query for a benchmark, in one call; and what the word count rows share.
 */
#ifndef QUERY_KIT_H
#define QUERY_KIT_H

#include "limit_word_count.h"

#include <streamq.h>

typedef struct query_kit {
    streamq_session *session;
    streamq_plan *plan;
    streamq_feed *feed;
    streamq_query *query;
} query_kit;

typedef streamq_stream *(*query_plan)(streamq_stream *source);

/* A query without a thread of its own, over a memory feed of this schema. threads 0: the default. */
query_kit query_kit_open(int threads, query_plan plan, const char *schema, const char *sink, streamq_output_mode mode);
void query_kit_close(query_kit *q);
void query_kit_check(const streamq_error *error); /* prints it and ends the program */
/* A number of the last progress by its name: the first of that name. -1: there is none. */
double query_kit_progress(const query_kit *q, const char *name);

/* words by count, as the socket word count declares it: explode(split(value, ' ')), group, count, sort. */
streamq_stream *query_kit_words(streamq_stream *lines);
/* The same words and counts, in the order of the counts; ends the program if not. */
void query_kit_same_words(const streamq_batch *ours, const limit_word *peer, size_t n);

#endif
