/* Feeds: every way in, back-pressure, and what does not fit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "test_main.h"
#include <streamq_arrow.h>

static const char *drain(api_rig *r, streamq_feed *feed)
{
    static char text[1 << 16];
    streamq_plan *plan = streamq_plan_new(r->session);
    streamq_reader *reader = streamq_read(plan, "memory");
    streamq_reader_feed(reader, feed);
    streamq_batch *b = streamq_collect(streamq_reader_load(reader), &r->error);
    api_rig_ok(r);
    snprintf(text, sizeof text, "%s", api_rig_rows(b));
    streamq_batch_free(b);
    streamq_plan_free(plan);
    return text;
}

START_TEST(lines_end_at_lf_cr_and_crlf)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    api_rig_push(&r, "a\nb\r\nc\rd\n\ne");
    ck_assert_str_eq(drain(&r, r.feed), "\na\nb\nc\nd\ne");
    api_rig_end(&r);
}
END_TEST

START_TEST(sql_rows_are_cast_to_the_columns)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_feed *f = streamq_feed_new(r.session, "k BIGINT, d DATE, a ARRAY<INT>", &r.error);
    ck_assert_int_eq(streamq_feed_push_sql(f, "(1, DATE '2024-01-02', array(1, NULL)), (NULL, NULL, NULL)", &r.error),
                     STREAMQ_OK);
    ck_assert_str_eq(drain(&r, f), "1|2024-01-02|[1, null]\nNULL|NULL|NULL");
    ck_assert_int_eq(streamq_feed_push_sql(f, "(1, 2)", &r.error), STREAMQ_ERR_ANALYSIS);
    streamq_error_free(r.error);
    r.error = NULL;
    ck_assert_int_eq(streamq_feed_push_sql(f, "('x', NULL, NULL)", &r.error), STREAMQ_ERR_DATA);
    api_rig_refused(&r, "CAST_INVALID_INPUT", "'x'");
    ck_assert_int_eq(streamq_feed_push_lines(f, "x", -1, &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "INVALID_ARGUMENT", "one STRING column");
    streamq_feed_free(f);
    api_rig_end(&r);
}
END_TEST

START_TEST(cells_make_rows_and_a_misfit_drops_the_push)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_feed *f = streamq_feed_new(r.session, "b BOOLEAN, t TINYINT, d DECIMAL(5,2), f FLOAT, s STRING", &r.error);
    streamq_feed_add_bool(f, 1), streamq_feed_add_int64(f, -128), streamq_feed_add_int64(f, 7);
    streamq_feed_add_double(f, 0.5), streamq_feed_add_string(f, "one", -1);
    for (int i = 0; i < 5; ++i)
        streamq_feed_add_null(f);
    ck_assert_int_eq(streamq_feed_flush(f, &r.error), STREAMQ_OK);
    ck_assert_str_eq(drain(&r, f), "NULL|NULL|NULL|NULL|NULL\ntrue|-128|7.00|0.5|one");
    streamq_feed_add_bool(f, 1), streamq_feed_add_int64(f, 128);
    ck_assert_int_eq(streamq_feed_flush(f, &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "INVALID_ARGUMENT", "column `t` of type");
    streamq_feed_add_bool(f, 0);
    ck_assert_int_eq(streamq_feed_flush(f, &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "INVALID_ARGUMENT", "1 of 5 cells");
    ck_assert_int_eq(streamq_feed_flush(f, &r.error), STREAMQ_OK); /* nothing stands any more */
    ck_assert_str_eq(drain(&r, f), "NULL|NULL|NULL|NULL|NULL\ntrue|-128|7.00|0.5|one");
    streamq_feed_free(f);
    api_rig_end(&r);
}
END_TEST

START_TEST(a_batch_goes_out_and_in_through_arrow)
{
    api_rig r;
    struct ArrowArray array;
    struct ArrowSchema schema;
    api_rig_begin(&r, NULL);
    streamq_batch *b = streamq_collect(
        streamq_sql(r.plan,
                    "SELECT * FROM VALUES (1, 'a long enough string', array(1.5D)), (NULL, 'b', NULL) AS t(i, s, a)"),
        &r.error);
    api_rig_ok(&r);
    streamq_feed *f = streamq_feed_new(r.session, "i INT, s STRING, a ARRAY<DOUBLE>", &r.error);
    ck_assert_int_eq(streamq_batch_export(b, &array, &schema, &r.error), STREAMQ_OK);
    streamq_batch_free(b);
    ck_assert_int_eq(streamq_feed_push_arrow(f, &array, &schema, &r.error), STREAMQ_OK);
    ck_assert_ptr_null(array.release);
    ck_assert_ptr_null(schema.release);
    ck_assert_str_eq(drain(&r, f), "1|a long enough string|[1.5]\nNULL|b|NULL");
    ck_assert_int_eq(streamq_feed_push_arrow(f, NULL, NULL, &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "INVALID_HANDLE", "array or schema");
    streamq_feed_free(f);
    api_rig_end(&r);
}
END_TEST

START_TEST(a_full_feed_says_so_and_takes_nothing)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_feed_capacity(r.feed, 2, 0);
    api_rig_push(&r, "a\nb");
    ck_assert_int_eq(streamq_feed_push_lines(r.feed, "c", -1, &r.error), STREAMQ_ERR_LIMIT);
    ck_assert_int_eq(streamq_error_is_retriable(r.error), 1);
    api_rig_refused(&r, "LIMIT_EXCEEDED", "");
    ck_assert_int_eq(streamq_feed_wait(r.feed, 1, 0, &r.error), STREAMQ_ERR_TIMEOUT);
    api_rig_refused(&r, "TIMED_OUT", "");
    streamq_query *q = streamq_writer_open(streamq_write_stream(r.lines, "noop"), &r.error);
    ck_assert_int_eq(streamq_query_process_all_available(q, -1, &r.error), STREAMQ_OK);
    ck_assert_int_eq(streamq_feed_wait(r.feed, 2, 0, &r.error), STREAMQ_OK);
    api_rig_push(&r, "c");
    streamq_feed_close(r.feed);
    ck_assert_int_ne(streamq_feed_push_lines(r.feed, "d", -1, &r.error), STREAMQ_OK);
    streamq_error_free(r.error);
    r.error = NULL;
    streamq_query_free(q);
    api_rig_end(&r);
}
END_TEST

START_TEST(a_bad_schema_makes_no_feed)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    ck_assert_ptr_null(streamq_feed_new(r.session, "value STRNG", &r.error));
    api_rig_refused(&r, "PARSE_SYNTAX_ERROR", "STRNG");
    ck_assert_ptr_null(streamq_feed_new(r.session, NULL, &r.error));
    api_rig_refused(&r, "INVALID_ARGUMENT", "");
    ck_assert_ptr_null(streamq_feed_new(NULL, "value STRING", &r.error));
    api_rig_refused(&r, "INVALID_HANDLE", "session");
    api_rig_end(&r);
}
END_TEST

static void count_release(void *context)
{
    ++*(int *)context;
}

START_TEST(a_lent_text_is_let_go_of_when_its_rows_are_committed_or_refused)
{
    static const char text[] = "a line of more than twelve bytes\nb";
    int released = 0;
    size_t n = 0;
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_query *q = streamq_writer_open(streamq_write_stream(r.lines, "pull"), &r.error);
    ck_assert_int_eq(streamq_feed_lend_lines(r.feed, text, -1, count_release, &released, &r.error), STREAMQ_OK);
    ck_assert_int_eq(released, 0);
    ck_assert_int_eq(streamq_query_process_all_available(q, -1, &r.error), STREAMQ_OK);
    ck_assert_int_eq(released, 1);
    streamq_batch *b = streamq_query_next_batch(q, NULL);
    ck_assert_uint_eq(streamq_batch_rows(b), 2);
    const char *first = streamq_batch_get_string(b, 0, 0, &n); /* results have their own bytes */
    ck_assert_uint_eq(n, 32);
    ck_assert(memcmp(first, text, n) == 0 && first != text);
    streamq_batch_free(b);
    streamq_feed_capacity(r.feed, 0, 4);
    ck_assert_int_eq(streamq_feed_lend_lines(r.feed, text, -1, count_release, &released, &r.error), STREAMQ_ERR_LIMIT);
    ck_assert_int_eq(released, 2);
    api_rig_refused(&r, "LIMIT_EXCEEDED", "");
    ck_assert_int_eq(streamq_feed_lend_lines(r.feed, NULL, -1, count_release, &released, &r.error),
                     STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "INVALID_ARGUMENT", "streamq_feed_lend_lines");
    ck_assert_int_eq(released, 3);
    streamq_feed_capacity(r.feed, 0, 0);
    ck_assert_int_eq(streamq_feed_lend_lines(r.feed, text, -1, NULL, NULL, &r.error), STREAMQ_OK);
    streamq_query_free(q);
    api_rig_end(&r);
    ck_assert_int_eq(released, 3);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lines_end_at_lf_cr_and_crlf,
                                  sql_rows_are_cast_to_the_columns,
                                  cells_make_rows_and_a_misfit_drops_the_push,
                                  a_batch_goes_out_and_in_through_arrow,
                                  a_full_feed_says_so_and_takes_nothing,
                                  a_lent_text_is_let_go_of_when_its_rows_are_committed_or_refused,
                                  a_bad_schema_makes_no_feed};
    return sqi_test_main("api_feed", tests, sizeof tests / sizeof *tests);
}
