/* ORDER BY .. LIMIT over counts in complete mode: in every batch the first rows of the whole result, with any threads. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "test_main.h"

static uint64_t state;

static uint32_t below(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

static streamq_query *open_pull(api_rig *r, streamq_stream *result)
{
    streamq_writer *w = streamq_write_stream(result, "pull");
    streamq_writer_output_mode(w, STREAMQ_COMPLETE);
    streamq_query *q = streamq_writer_open(w, &r->error);
    api_rig_ok(r);
    return q;
}

static streamq_batch *next(api_rig *r, streamq_query *q)
{
    ck_assert_int_eq(streamq_query_step(q, NULL, &r->error), STREAMQ_OK);
    streamq_batch *b = streamq_query_next_batch(q, NULL);
    ck_assert_ptr_nonnull(b);
    return b;
}

/* Row for row as the whole result. */
static void is_the_part(const streamq_batch *part, const streamq_batch *whole, size_t limit)
{
    size_t rows = streamq_batch_rows(whole);
    ck_assert_uint_eq(streamq_batch_rows(part), rows < limit ? rows : limit);
    for (size_t i = 0; i < streamq_batch_rows(part); i++)
        for (size_t c = 0; c < streamq_batch_columns(whole); c++) {
            char *a = streamq_batch_get_text(part, i, c), *b = streamq_batch_get_text(whole, i, c);
            ck_assert_str_eq(a ? a : "NULL", b ? b : "NULL");
            streamq_string_free(a);
            streamq_string_free(b);
        }
}

static size_t metric(streamq_query *q, const char *name)
{
    char *json = streamq_query_last_progress(q), quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\":", name);
    const char *at = strstr(json, quoted);
    ck_assert_ptr_nonnull(at);
    size_t value = strtoul(at + strlen(quoted), NULL, 10);
    streamq_string_free(json);
    return value;
}

/* Queries with and without LIMIT over the same source; %s stands where the limit goes. */
static const char *const queries[] = {
    "SELECT w, count(*) AS n FROM words GROUP BY w ORDER BY n DESC %s",
    "SELECT upper(w) AS u, n + 1 AS m FROM (SELECT w, count(*) AS n FROM words GROUP BY w) ORDER BY n DESC, w %s",
    "SELECT w, min(length(l)) AS a, max(l) AS b FROM words GROUP BY w ORDER BY b DESC NULLS FIRST, a %s",
    "SELECT w, sum(x) AS s FROM words GROUP BY w ORDER BY s NULLS LAST %s",
    "SELECT w, avg(x) AS s FROM words GROUP BY w HAVING avg(x) > -20 ORDER BY abs(s) DESC %s",
    "SELECT w, count(*) AS n FROM words GROUP BY w ORDER BY count(*) - 7 DESC, rand(3) < 2 %s",
};

static void open_views(api_rig *r)
{
    const char *words = "split(value, ' ')[0] AS w, value AS l, "
                        "CASE WHEN length(value) % 5 > 0 THEN length(value) % 7 - 4 END AS x";
    streamq_stream *s = streamq_select(r->lines, words);
    ck_assert_ptr_nonnull(streamq_stream_alias(s, "words"));
}

START_TEST(the_first_rows_are_those_of_the_whole_result)
{
    api_rig r;
    char text[256], lines[8192];
    const char *query = queries[_i % 6];
    streamq_config *config = streamq_config_new();
    snprintf(text, sizeof text, "%d", _i / 6 + 1);
    ck_assert_int_eq(streamq_config_set(config, "streamq.threads", text, NULL), STREAMQ_OK);
    api_rig_begin(&r, config);
    streamq_config_free(config);
    open_views(&r);
    state = (uint64_t)_i;
    snprintf(text, sizeof text, query, "");
    streamq_query *whole = open_pull(&r, streamq_sql(r.plan, text));
    snprintf(text, sizeof text, query, "LIMIT 7");
    streamq_query *first = open_pull(&r, streamq_sql(r.plan, text));
    snprintf(text, sizeof text, query, "LIMIT 1200");
    streamq_query *many = open_pull(&r, streamq_sql(r.plan, text));
    for (int batch = 0; batch < 25; batch++) {
        size_t n = 0;
        for (uint32_t rows = below(batch == 3 ? 900 : 60); rows > 0; rows--)
            n += (size_t)snprintf(lines + n, sizeof lines - n, "w%u%.*s\n", below(below(3) ? 4000 : 30), (int)below(4),
                                  " abc");
        if (batch == 5) /* more groups than are kept at once */
            for (int k = 0; k < 6000; k++) {
                n = (size_t)snprintf(lines, sizeof lines, "w%d\n", k);
                streamq_feed_add_string(r.feed, lines, (int64_t)n - 1);
            }
        if (batch == 5)
            ck_assert_int_eq(streamq_feed_flush(r.feed, &r.error), STREAMQ_OK);
        else
            ck_assert_int_eq(streamq_feed_push_lines(r.feed, lines, (int64_t)n, &r.error), STREAMQ_OK);
        streamq_batch *all = next(&r, whole), *part = next(&r, first), *more = next(&r, many);
        is_the_part(part, all, 7);
        is_the_part(more, all, 1200);
        streamq_batch_free(all);
        streamq_batch_free(part);
        streamq_batch_free(more);
        ck_assert_uint_eq(metric(first, "numRowsTotal"), metric(whole, "numRowsTotal"));
        ck_assert_uint_eq(metric(first, "numRowsUpdated"), metric(whole, "numRowsUpdated"));
    }
    streamq_query_free(whole);
    streamq_query_free(first);
    streamq_query_free(many);
    api_rig_end(&r);
}
END_TEST

/* Where groups that do not leave could make a difference above, all of them leave. */
START_TEST(only_what_stays_the_same_is_cut_down)
{
    static const struct {
        const char *query;
        bool cut;
    } each[] = {
        {"SELECT w, count(*) AS n FROM words GROUP BY w ORDER BY n DESC LIMIT 5", true},
        {"SELECT w AS tag, n FROM (SELECT w, count(*) AS n FROM words GROUP BY w) ORDER BY abs(n), w LIMIT 5", true},
        {"SELECT w, count(*) AS n FROM words GROUP BY w ORDER BY max(l) LIMIT 5", true},
        {"SELECT w, count(*) AS n FROM words GROUP BY w ORDER BY n DESC", false},
        {"SELECT w, count(*) AS n FROM words GROUP BY w LIMIT 5", false},
        {"SELECT w, count(*) AS n FROM words GROUP BY w HAVING n > 2 ORDER BY n LIMIT 5", false},
        {"SELECT w, count(*) AS n FROM words GROUP BY w ORDER BY rand(), n LIMIT 5", false},
        {"SELECT w, count(*) AS n FROM words GROUP BY w ORDER BY max(x) > second(now()), n LIMIT 5", false},
        {"SELECT w, count(*) AS n FROM words GROUP BY w ORDER BY n LIMIT 100000", false},
    };
    api_rig r;
    api_rig_begin(&r, NULL);
    open_views(&r);
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        streamq_query *q = open_pull(&r, streamq_sql(r.plan, each[i].query));
        char *plan = streamq_query_explain(q, "simple");
        ck_assert_msg((strstr(plan, "candidates for the first 5") != NULL) == each[i].cut, "%s\n%s", each[i].query,
                      plan);
        streamq_string_free(plan);
        streamq_query_free(q);
    }
    api_rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const each[] = {the_first_rows_are_those_of_the_whole_result};
    const TTest *const tests[] = {only_what_stays_the_same_is_cut_down};
    return sqi_test_main_each("api_top", tests, 1, each, 1, 18);
}
