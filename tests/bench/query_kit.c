#include "query_kit.h"

#include "bench_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void query_kit_check(const streamq_error *error)
{
    if (error) {
        fprintf(stderr, "%s\n", streamq_error_message(error));
        exit(1);
    }
}

static streamq_session *session_of(int threads)
{
    streamq_config *config = bench_must(streamq_config_new());
    char text[16];
    snprintf(text, sizeof text, "%d", threads);
    if (threads > 0)
        streamq_config_set(config, "streamq.threads", text, NULL);
    streamq_session *session = bench_must(streamq_session_new(config));
    streamq_config_free(config);
    return session;
}

query_kit query_kit_open(int threads, query_plan plan, const char *schema, const char *sink, streamq_output_mode mode)
{
    query_kit q = {.session = session_of(threads)};
    streamq_error *error = NULL;
    q.plan = bench_must(streamq_plan_new(q.session));
    q.feed = streamq_feed_new(q.session, schema, &error);
    query_kit_check(error);
    streamq_feed_capacity(q.feed, UINT64_C(1) << 31, UINT64_C(1) << 34);
    streamq_reader *reader = streamq_read_stream(q.plan, "memory");
    streamq_reader_feed(reader, q.feed);
    streamq_writer *writer = streamq_write_stream(plan(streamq_reader_load(reader)), sink);
    streamq_writer_output_mode(writer, mode);
    q.query = streamq_writer_open(writer, &error);
    query_kit_check(error);
    return q;
}

void query_kit_close(query_kit *q)
{
    streamq_query_free(q->query);
    streamq_feed_free(q->feed);
    streamq_plan_free(q->plan);
    streamq_session_free(q->session);
    *q = (query_kit){0};
}

double query_kit_progress(const query_kit *q, const char *name)
{
    char quoted[64], *json = streamq_query_last_progress(q->query);
    snprintf(quoted, sizeof quoted, "\"%s\"", name);
    const char *at = json ? strstr(json, quoted) : NULL;
    at = at ? strchr(at, ':') : NULL;
    double value = at ? strtod(at + 1, NULL) : -1;
    streamq_string_free(json);
    return value;
}

streamq_stream *query_kit_words(streamq_stream *lines)
{
    streamq_stream *words = streamq_select(lines, "explode(split(value, ' ')) AS word");
    return streamq_sort(streamq_count(streamq_group_by(words, "word")), "count DESC");
}

static int by_word(const void *a, const void *b)
{
    const limit_word *x = a, *y = b;
    uint32_t n = x->len < y->len ? x->len : y->len;
    int c = memcmp(x->ptr, y->ptr, n);
    return c ? c : (int)x->len - (int)y->len;
}

static void differ(const char *what)
{
    fprintf(stderr, "the counts differ: %s\n", what);
    exit(1);
}

void query_kit_same_words(const streamq_batch *ours, const limit_word *peer, size_t n)
{
    if (!ours || streamq_batch_rows(ours) != n)
        differ("number of words");
    limit_word *mine = bench_must(malloc((n + 1) * sizeof *mine)),
               *theirs = bench_must(malloc((n + 1) * sizeof *theirs));
    for (size_t i = 0; i < n; i++) {
        size_t len;
        mine[i].ptr = streamq_batch_get_string(ours, i, 0, &len);
        mine[i].len = (uint32_t)len;
        mine[i].count = (uint64_t)streamq_batch_get_int64(ours, i, 1);
        theirs[i] = peer[i];
        if (mine[i].count != theirs[i].count) /* words of one count may stand in any order */
            differ("order of the counts");
    }
    qsort(mine, n, sizeof *mine, by_word);
    qsort(theirs, n, sizeof *theirs, by_word);
    for (size_t i = 0; i < n; i++)
        if (by_word(&mine[i], &theirs[i]) != 0 || mine[i].count != theirs[i].count)
            differ("a word");
    free(mine);
    free(theirs);
}
