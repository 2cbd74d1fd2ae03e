/* Plans, bounded reads and stepped queries with every request for memory refused in turn. */
#include <stdlib.h>
#include <string.h>

#include "oom_rig.h"
#include "streamq_arrow.h"
#include "test_main.h"

/* -------------------------------------------------------------- sinks' callbacks: they take what they get */

static int32_t take_batch(void *user, int64_t id, streamq_batch *batch)
{
    (void)id;
    *(size_t *)user += streamq_batch_rows(batch);
    return 0;
}

static int32_t take_row(void *user, int64_t id, streamq_batch *batch, size_t row)
{
    (void)id, (void)batch, (void)row;
    ++*(size_t *)user;
    return 0;
}

static int32_t take_text(void *user, const char *text, size_t length)
{
    (void)text;
    *(size_t *)user += length;
    return 0;
}

/* -------------------------------------------------------------- streaming */

static bool push(oom_rig *r, const char *lines)
{
    if (oom_good(r))
        (void)streamq_feed_push_lines(r->feed, lines, -1, &r->error);
    return oom_good(r);
}

static void word_count(oom_rig *r)
{
    if (!oom_feed(r, NULL))
        return;
    streamq_stream *counts =
        streamq_count(streamq_group_by(streamq_select(r->lines, "explode(split(value, ' ')) AS word"), "word"));
    streamq_writer *w = streamq_write_stream(streamq_sort(counts, "count DESC, word"), "pull");
    streamq_writer_output_mode(w, STREAMQ_COMPLETE);
    streamq_writer_query_name(w, "counts");
    if (!oom_open(r, w))
        return;
    for (int i = 0; i < 2; ++i) {
        if (!push(r, "a b c\na a b, a rather long word: pneumonoultramicroscopic\n") || !oom_settle(r))
            return;
        int64_t id = -1;
        streamq_batch *b = streamq_query_next_batch(r->query, &id);
        if (!oom_have(r, b))
            return;
        oom_expect(r, id == i && streamq_batch_rows(b) == 8 && streamq_batch_get_int64(b, 0, 1) == 4 * (i + 1),
                   "counts");
        oom_text(r, streamq_batch_show(b, 20, 20), "count");
        streamq_batch_free(b);
    }
    oom_text(r, streamq_query_last_progress(r->query), "\"batchId\":1");
    oom_text(r, streamq_query_recent_progress(r->query), "\"batchId\":0");
    oom_text(r, streamq_query_status(r->query), "isDataAvailable");
    oom_text(r, streamq_query_explain(r->query, "extended"), "Physical");
}

START_TEST(the_word_count_survives_every_refusal)
{
    oom_every_allocation("word count", word_count);
}
END_TEST

/* dedup, distinct, limit and a union in append mode, into each of the library's sinks. */
static void into_sink(oom_rig *r, const char *format)
{
    size_t taken = 0;
    if (!oom_feed(r, NULL))
        return;
    streamq_stream *two =
        streamq_union(streamq_drop_duplicates(r->lines, "value"), streamq_drop_duplicates(r->lines, NULL));
    streamq_writer *w = streamq_write_stream(streamq_limit(streamq_where(two, "value <> 'x'"), 5), format);
    if (strcmp(format, "foreachBatch") == 0)
        streamq_writer_foreach_batch(w, take_batch, &taken);
    else if (strcmp(format, "foreach") == 0)
        streamq_writer_foreach(w, take_row, &taken);
    else if (strcmp(format, "console") == 0)
        streamq_writer_console(w, take_text, &taken);
    else if (strcmp(format, "memory") == 0)
        streamq_writer_query_name(w, "taken");
    if (!oom_open(r, w) || !push(r, "a\nb\na\nx\nsomewhat longer than a view") || !oom_settle(r) ||
        !push(r, "a\nd\ne") || !oom_settle(r))
        return;
    if (strcmp(format, "memory") == 0) {
        streamq_plan *plan = streamq_plan_new(r->session);
        if (oom_have(r, plan))
            oom_collect(r, streamq_sql(plan, "SELECT value FROM taken"), 5);
        streamq_plan_free(plan);
    } else if (strncmp(format, "foreach", 7) == 0)
        oom_expect(r, taken == 5, "rows taken");
    if (oom_good(r))
        (void)streamq_query_stop(r->query, -1, &r->error);
}

#define INTO(name, format)                               \
    static void into_##name(oom_rig *r)                  \
    {                                                    \
        into_sink(r, format);                            \
    }                                                    \
    START_TEST(the_##name##_sink_survives_every_refusal) \
    {                                                    \
        oom_every_allocation(format, into_##name);       \
    }                                                    \
    END_TEST
INTO(foreach_batch, "foreachBatch")
INTO(foreach, "foreach")
INTO(console, "console")
INTO(memory, "memory")
INTO(noop, "noop")
#undef INTO

static void grouped_stream(oom_rig *r)
{
    if (!oom_feed(r, "k STRING, d DECIMAL(10,2), x DOUBLE, a ARRAY<INT>"))
        return;
    streamq_stream *s = streamq_agg(streamq_group_by(r->lines, "k"),
                                    "sum(d) AS s, avg(x), min(k), max(d), collect_list(x), collect_set(k), first(a), "
                                    "approx_count_distinct(x), percentile(x, 0.5), max_by(a, x)");
    streamq_writer *w = streamq_write_stream(streamq_where(s, "s > 0"), "noop");
    streamq_writer_output_mode(w, STREAMQ_UPDATE);
    if (!oom_open(r, w))
        return;
    for (int i = 0; i < 2 && oom_good(r); ++i) {
        (void)streamq_feed_push_sql(r->feed,
                                    "('a', 1.5, 2, array(1, 2)), ('a longer key than a view', 2, 3.5, NULL), "
                                    "(NULL, NULL, 1, array()), ('b', 1, NULL, array(NULL))",
                                    &r->error);
        oom_settle(r);
    }
}

START_TEST(streaming_aggregates_survive_every_refusal)
{
    oom_every_allocation("aggregates", grouped_stream);
}
END_TEST

/* Workers from the first row on: what fails in one of them reaches the thread that steps. */
static void several_threads(oom_rig *r)
{
    if (oom_good(r) && streamq_session_set(r->session, "streamq.threads", "3", &r->error) == STREAMQ_OK)
        (void)streamq_session_set(r->session, "streamq.parallelRows", "0", &r->error);
    if (!oom_good(r) || !oom_feed(r, NULL))
        return;
    streamq_stream *words = streamq_select(streamq_where(r->lines, "value <> 'x'"), "posexplode(split(value, ' '))");
    streamq_stream *counts = streamq_agg(streamq_group_by(words, "col"), "count(*) AS n, collect_list(pos)");
    streamq_writer *w = streamq_write_stream(streamq_sort(counts, "n DESC, col"), "pull");
    streamq_writer_output_mode(w, STREAMQ_COMPLETE);
    if (!oom_open(r, w))
        return;
    for (int i = 0; i < 2; ++i) {
        if (!push(r, "a b c\nx\na a b, a rather long word: pneumonoultramicroscopic\n") || !oom_settle(r))
            return;
        streamq_batch *b = streamq_query_next_batch(r->query, NULL);
        if (!oom_have(r, b))
            return;
        oom_expect(r, streamq_batch_rows(b) == 8 && streamq_batch_get_int64(b, 0, 1) == 4 * (i + 1), "counts");
        streamq_batch_free(b);
    }
}

START_TEST(several_threads_survive_every_refusal)
{
    oom_every_allocation("several threads", several_threads);
}
END_TEST

static void rate_once(oom_rig *r)
{
    streamq_reader *reader = streamq_read_stream(r->plan, "rate-micro-batch");
    streamq_reader_option(reader, "rowsPerBatch", "6");
    streamq_writer *w = streamq_write_stream(streamq_reader_load(reader), "pull");
    streamq_writer_trigger_once(w);
    if (!oom_open(r, w))
        return;
    int32_t what = 0;
    (void)streamq_query_step(r->query, &what, &r->error);
    streamq_batch *b = oom_good(r) ? streamq_query_next_batch(r->query, NULL) : NULL;
    if (oom_good(r) && oom_have(r, b))
        oom_expect(r, streamq_batch_rows(b) == 6, "rows of the rate");
    streamq_batch_free(b);
}

START_TEST(the_rate_source_survives_every_refusal)
{
    oom_every_allocation("rate", rate_once);
}
END_TEST

static void threaded(oom_rig *r)
{
    if (!oom_feed(r, NULL) || !push(r, "a\nb"))
        return;
    streamq_writer *w = streamq_write_stream(r->lines, "noop");
    streamq_writer_trigger_available_now(w);
    r->query = streamq_writer_start(w, &r->error);
    if (r->query)
        (void)streamq_query_await_termination(r->query, -1, &r->error);
}

START_TEST(a_query_with_a_thread_survives_every_refusal)
{
    oom_every_allocation("thread", threaded);
}
END_TEST

static void hear(void *user, int32_t event, const char *json, size_t length)
{
    (void)event, (void)json, (void)length;
    ++*(int *)user;
}

static void watched(oom_rig *r)
{
    int heard = 0;
    r->lenient = true;
    if (!oom_feed(r, NULL) || !oom_good(r))
        return;
    int64_t number = streamq_session_add_listener(r->session, hear, &heard);
    if (!oom_have(r, number ? r : NULL))
        return;
    if (oom_open(r, streamq_write_stream(r->lines, "noop")) && push(r, "a"))
        oom_settle(r);
    oom_expect(r, heard == 2, "events");
    if (oom_good(r))
        (void)streamq_session_set(r->session, "spark.sql.session.timeZone", "Europe/Berlin", &r->error);
    if (oom_good(r))
        oom_text(r, streamq_session_get(r->session, "spark.sql.session.timeZone"), "Berlin");
    streamq_session_remove_listener(r->session, number);
}

START_TEST(listeners_and_settings_survive_every_refusal)
{
    oom_every_allocation("listeners", watched);
}
END_TEST

/* -------------------------------------------------------------- bounded */

static void select_sql(oom_rig *r)
{
    oom_collect(r,
                streamq_sql(r->plan,
                            "WITH t AS (SELECT col1 AS k, col2 AS v FROM VALUES (1, 'a'), (2, 'b'), (2, NULL), "
                            "(3, 'a value longer than twelve bytes')) "
                            "SELECT k, count(*) AS n, max(v) FROM t WHERE k > 0 GROUP BY k HAVING count(*) > 0 "
                            "UNION ALL SELECT DISTINCT 9, 1L, upper(v) FROM t ORDER BY 1, 3 LIMIT 5"),
                5);
}

static void pipe_sql(oom_rig *r)
{
    oom_collect(r,
                streamq_sql(r->plan, "VALUES (1, 'a b'), (2, 'c') AS t(k, v) |> EXTEND k * 2 AS d |> WHERE d > 1 "
                                     "|> SELECT d, explode(split(v, ' ')) AS w |> AGGREGATE count(*) AS n GROUP BY w "
                                     "|> ORDER BY w |> LIMIT 2"),
                2);
}

static void rollup_sql(oom_rig *r)
{
    oom_collect(r,
                streamq_sql(r->plan, "SELECT a, b, sum(c), grouping_id() FROM VALUES (1, 'x', 2.5), (1, 'y', 3.0), "
                                     "(2, 'x', NULL) AS t(a, b, c) GROUP BY ROLLUP (a, b) ORDER BY a, b"),
                6);
}

static void function_sql(oom_rig *r)
{
    oom_collect(r,
                streamq_sql(r->plan, "SELECT regexp_replace(s, '(b+)', '<$1>'), transform(array(1, 2), x -> x + n), "
                                     "map('a', n), named_struct('x', n, 'y', s), "
                                     "CAST('1 day' AS INTERVAL), s LIKE '%b%', concat_ws(',', s, s), n IN (1, 2, 3), "
                                     "CASE WHEN n > 1 THEN 'many' ELSE s END, sequence(1, 5), sha2(s, 256) "
                                     "FROM VALUES (1, 'abbbc'), (2, 'something rather long') AS t(n, s)"),
                2);
}

static void explained(oom_rig *r)
{
    streamq_stream *s = streamq_sql(r->plan, "SELECT k, sum(v) FROM VALUES (1, 2) AS t(k, v) WHERE v > 1 GROUP BY k");
    oom_text(r, streamq_plan_explain(s, "extended", &r->error), "Optimized");
    if (oom_good(r))
        oom_text(r, streamq_plan_explain(s, NULL, &r->error), "");
    if (oom_good(r))
        oom_text(r, streamq_stream_schema(s, &r->error), "root");
    if (oom_good(r))
        oom_text(r, streamq_stream_schema_ddl(s, &r->error), "BIGINT");
}

static void parameters(oom_rig *r)
{
    streamq_plan *p = r->plan;
    if (streamq_plan_set_null(p, "n", &r->error) || streamq_plan_set_bool(p, "b", 1, &r->error) ||
        streamq_plan_set_int64(p, "i", 7, &r->error) || streamq_plan_set_double(p, "d", 0.5, &r->error) ||
        streamq_plan_set_string(p, "s", "text longer than twelve", -1, &r->error) ||
        streamq_plan_set_int64(p, "i", 8, &r->error))
        return;
    oom_collect(r, streamq_sql(p, "SELECT :n, :b, :i, :d, :s"), 1);
}

static void typed(oom_rig *r)
{
    streamq_plan *p = r->plan;
    if (!oom_feed(r, "s STRING, n INT"))
        return;
    streamq_expr *word = streamq_as(streamq_explode(streamq_split(streamq_col(p, "s"), " ")), "w");
    streamq_expr *plus[] = {streamq_cast(streamq_col(p, "n"), "BIGINT"), streamq_lit_int64(p, 2)};
    streamq_expr *both[] = {word, streamq_as(streamq_call(p, "+", plus, 2), "m")};
    streamq_expr *not_null[] = {streamq_lit_string(p, "x", 1), streamq_col(p, "w")};
    streamq_expr *key[] = {streamq_col(p, "w")}, *sum_of[] = {streamq_col(p, "m")};
    streamq_expr *sum[] = {streamq_as(streamq_call(p, "sum", sum_of, 1), "t"), streamq_expr_text(p, "count(*)")};
    streamq_expr *order[] = {streamq_desc(streamq_col(p, "t")), streamq_asc(streamq_col(p, "w"))};
    streamq_stream *s = streamq_where_expr(streamq_select_exprs(r->lines, both, 2), streamq_call(p, "<>", not_null, 2));
    s = streamq_with_column_expr(s, "z", streamq_lit_double(p, 0.5));
    s = streamq_sort_exprs(streamq_agg_exprs(streamq_group_by_exprs(streamq_drop(s, "z"), key, 1), sum, 2), order, 2);
    streamq_writer *w = streamq_write_stream(streamq_rename(streamq_stream_alias(s, "named"), "t", "total"), "noop");
    streamq_writer_output_mode(w, STREAMQ_COMPLETE);
    if (oom_open(r, w) && streamq_feed_push_sql(r->feed, "('a b', 1), ('x', 2)", &r->error) == STREAMQ_OK)
        oom_settle(r);
}

#define BOUNDED(flow)                         \
    START_TEST(flow##_survives_every_refusal) \
    {                                         \
        oom_every_allocation(#flow, flow);    \
    }                                         \
    END_TEST
BOUNDED(select_sql)
BOUNDED(pipe_sql)
BOUNDED(rollup_sql)
BOUNDED(function_sql)
BOUNDED(explained)
BOUNDED(parameters)
BOUNDED(typed)

/* -------------------------------------------------------------- feeds and Arrow */

static void rows_and_arrow(oom_rig *r)
{
    struct ArrowArray array;
    struct ArrowSchema schema;
    if (!oom_feed(r, "s STRING, n BIGINT, d DOUBLE, b BOOLEAN"))
        return;
    for (int i = 0; i < 6; ++i) {
        streamq_feed_add_string(r->feed, "a string that is longer than a view", -1);
        streamq_feed_add_int64(r->feed, i);
        streamq_feed_add_double(r->feed, i / 2.0);
        if (i % 2)
            streamq_feed_add_null(r->feed);
        else
            streamq_feed_add_bool(r->feed, 1);
    }
    if (streamq_feed_flush(r->feed, &r->error) != STREAMQ_OK)
        return;
    streamq_reader *reader = streamq_read(r->plan, "memory");
    streamq_reader_feed(reader, r->feed);
    streamq_stream *s = streamq_reader_load(reader);
    streamq_batch *b = streamq_collect(s, &r->error);
    if (!b)
        return;
    streamq_status exported = streamq_batch_export(b, &array, &schema, &r->error);
    streamq_batch_free(b);
    if (exported != STREAMQ_OK || streamq_feed_push_arrow(r->feed, &array, &schema, &r->error) != STREAMQ_OK)
        return;
    oom_collect(r, s, 12);
    struct ArrowArrayStream stream;
    if (!oom_good(r) || streamq_collect_arrow(s, &stream, &r->error) != STREAMQ_OK)
        return;
    size_t rows = 0;
    bool ok = stream.get_schema(&stream, &schema) == 0;
    if (ok)
        schema.release(&schema);
    while (ok && (ok = stream.get_next(&stream, &array) == 0) && array.release) {
        rows += (size_t)array.length;
        array.release(&array);
    }
    stream.release(&stream);
    if (oom_have(r, ok ? r : NULL))
        oom_expect(r, rows == 12, "rows of the stream");
}
BOUNDED(rows_and_arrow)

/* -------------------------------------------------------------- errors: the memory of their texts may fail too */

static void expect_condition(oom_rig *r, streamq_error *error, const char *condition)
{
    if (oom_have(r, error) && streamq_error_status(error) == STREAMQ_ERR_NOMEM)
        r->refused = true;
    else
        oom_expect(r, error && strcmp(streamq_error_condition(error), condition) == 0,
                   streamq_error_condition(error) /* static */);
    streamq_error_free(error);
}

static void errors(oom_rig *r)
{
    static const char *const wrong[][2] = {
        {"SELECT 1 +", "PARSE_SYNTAX_ERROR"},
        {"SELECT nme FROM VALUES (1) AS t(name)", "UNRESOLVED_COLUMN.WITH_SUGGESTION"},
        {"SELECT CAST('twelve' AS INT)", "CAST_INVALID_INPUT"},
        {"SELECT 1 / 0", "DIVIDE_BY_ZERO"},
    };
    r->lenient = true;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong && oom_good(r); ++i) {
        streamq_plan *plan = streamq_plan_new(r->session);
        if (!oom_have(r, plan))
            return;
        streamq_error *error = NULL;
        streamq_batch *b = streamq_collect(streamq_sql(plan, wrong[i][0]), &error);
        oom_expect(r, !b, "rows instead of an error");
        streamq_batch_free(b);
        streamq_plan_free(plan);
        expect_condition(r, error, wrong[i][1]);
    }
    streamq_error *error = NULL;
    (void)streamq_session_set(r->session, "spark.sql.ansi.enable", "true", &error);
    expect_condition(r, error, "UNKNOWN_OPTION");
}
BOUNDED(errors)

int main(void)
{
    const TTest *const tests[] = {the_word_count_survives_every_refusal,
                                  the_foreach_batch_sink_survives_every_refusal,
                                  the_foreach_sink_survives_every_refusal,
                                  the_console_sink_survives_every_refusal,
                                  the_memory_sink_survives_every_refusal,
                                  the_noop_sink_survives_every_refusal,
                                  streaming_aggregates_survive_every_refusal,
                                  several_threads_survive_every_refusal,
                                  the_rate_source_survives_every_refusal,
                                  a_query_with_a_thread_survives_every_refusal,
                                  listeners_and_settings_survive_every_refusal,
                                  select_sql_survives_every_refusal,
                                  pipe_sql_survives_every_refusal,
                                  rollup_sql_survives_every_refusal,
                                  function_sql_survives_every_refusal,
                                  explained_survives_every_refusal,
                                  parameters_survives_every_refusal,
                                  typed_survives_every_refusal,
                                  rows_and_arrow_survives_every_refusal,
                                  errors_survives_every_refusal};
    return sqi_test_main("oom", tests, sizeof tests / sizeof *tests);
}
