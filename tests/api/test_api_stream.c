/* The operators by text: each changes the rows or the schema as Spark's does, over bounded rows. */
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "test_main.h"

static streamq_stream *table(api_rig *r)
{
    return streamq_sql(
        r->plan,
        "SELECT * FROM VALUES (1, 'a', 2.5D), (2, 'b', NULL), (2, 'b', 1.0D), (NULL, 'c', 1.5D) AS t(k, w, v)");
}

static void assert_rows(api_rig *r, streamq_stream *s, const char *rows)
{
    streamq_batch *b = streamq_collect(s, &r->error);
    api_rig_ok(r);
    ck_assert_str_eq(api_rig_rows(b), rows);
    streamq_batch_free(b);
}

static void assert_ddl(api_rig *r, streamq_stream *s, const char *ddl)
{
    char *text = streamq_stream_schema_ddl(s, &r->error);
    api_rig_ok(r);
    ck_assert_str_eq(text, ddl);
    streamq_string_free(text);
}

START_TEST(rows_are_selected_filtered_and_cut)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    assert_rows(&r, streamq_select(table(&r), "w, k + 1 AS n"), "a|2\nb|3\nb|3\nc|NULL");
    assert_rows(&r, streamq_where(table(&r), "v > 1"), "1|a|2.5\nNULL|c|1.5");
    assert_rows(&r, streamq_limit(streamq_sort(table(&r), "v DESC NULLS LAST"), 2), "1|a|2.5\nNULL|c|1.5");
    assert_rows(&r, streamq_limit(table(&r), 0), "");
    assert_rows(&r, streamq_select(table(&r), "explode(split(w || ' x', ' ')) AS word"), "a\nb\nb\nc\nx\nx\nx\nx");
    api_rig_end(&r);
}
END_TEST

START_TEST(columns_are_added_replaced_dropped_and_renamed)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_stream *two = streamq_where(table(&r), "k = 1");
    assert_rows(&r, streamq_with_column(two, "z", "k * 10"), "1|a|2.5|10");
    assert_rows(&r, streamq_with_column(two, "W", "upper(w)"), "1|A|2.5");
    assert_rows(&r, streamq_drop(two, "w, nothing_of_that_name"), "1|2.5");
    assert_ddl(&r, streamq_rename(two, "k", "key"), "key INT, w STRING NOT NULL, v DOUBLE");
    assert_ddl(&r, streamq_rename(two, "nothing", "x"), "k INT, w STRING NOT NULL, v DOUBLE");
    api_rig_end(&r);
}
END_TEST

START_TEST(rows_are_made_distinct_joined_and_grouped)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_stream *kw = streamq_select(table(&r), "k, w");
    assert_rows(&r, streamq_distinct(kw), "1|a\n2|b\nNULL|c");
    assert_rows(&r, streamq_select(streamq_drop_duplicates(table(&r), "k"), "w"), "a\nb\nc");
    assert_rows(&r, streamq_drop_duplicates(kw, NULL), "1|a\n2|b\nNULL|c");
    assert_rows(&r, streamq_union(streamq_limit(streamq_sort(kw, "w"), 1), streamq_sql(r.plan, "SELECT 9L, 'z'")),
                "1|a\n9|z");
    assert_rows(&r, streamq_count(streamq_group_by(kw, "w")), "a|1\nb|2\nc|1");
    assert_rows(&r, streamq_agg(streamq_group_by(table(&r), ""), "sum(v) AS s, count(*) AS n"), "5.0|4");
    assert_rows(&r, streamq_sum(streamq_group_by(table(&r), "w"), "v, k"), "a|2.5|1\nb|1.0|4\nc|1.5|NULL");
    assert_ddl(&r, streamq_avg(streamq_group_by(table(&r), "w"), "v"), "w STRING NOT NULL, `avg(v)` DOUBLE");
    assert_rows(&r, streamq_max(streamq_group_by(table(&r), NULL), "w"), "c");
    assert_rows(&r, streamq_min(streamq_group_by(table(&r), NULL), "v"), "1.0");
    api_rig_end(&r);
}
END_TEST

START_TEST(sql_sees_named_streams_and_qualified_names)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    (void)streamq_stream_alias(table(&r), "items");
    assert_rows(&r, streamq_sql(r.plan, "SELECT items.w FROM items WHERE items.k = 1"), "a");
    assert_rows(&r, streamq_sql(r.plan, "FROM items |> WHERE v IS NULL |> SELECT w, k"), "b|2");
    assert_rows(&r, streamq_sql(r.plan, "SELECT x.w FROM items AS x GROUP BY ALL HAVING count(*) > 1"), "b");
    api_rig_end(&r);
}
END_TEST

START_TEST(the_schema_prints_as_sparks_does)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    char *tree =
        streamq_stream_schema(streamq_select(r.lines, "value, split(value, ' ') AS parts, 1 AS one"), &r.error);
    api_rig_ok(&r);
    ck_assert_str_eq(tree, "root\n |-- value: string (nullable = true)\n |-- parts: array (nullable = true)\n"
                           " |    |-- element: string (containsNull = false)\n |-- one: integer (nullable = false)\n");
    streamq_string_free(tree);
    api_rig_end(&r);
}
END_TEST

START_TEST(the_first_error_stays_and_later_builders_do_nothing)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_stream *bad = streamq_select(r.lines, "valu AS x");
    ck_assert_ptr_nonnull(bad);
    streamq_stream *worse =
        streamq_where(streamq_sort(streamq_count(streamq_group_by(bad, "x")), "nope +"), "also wrong (");
    ck_assert_ptr_eq(worse, bad);
    ck_assert_str_eq(streamq_error_condition(streamq_plan_error(r.plan)), "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    ck_assert_ptr_null(streamq_writer_start(streamq_write_stream(worse, "noop"), &r.error));
    size_t begin, end;
    ck_assert_int_eq(streamq_error_position(r.error, &begin, &end), 1);
    ck_assert_uint_eq(begin, 0);
    ck_assert_uint_eq(end, 4);
    api_rig_refused(&r, "UNRESOLVED_COLUMN.WITH_SUGGESTION", "valu AS x\n^^^^");
    ck_assert_ptr_null(streamq_collect(worse, &r.error));
    api_rig_refused(&r, "UNRESOLVED_COLUMN.WITH_SUGGESTION", "`value`");
    api_rig_end(&r);
}
END_TEST

START_TEST(a_stream_is_not_collected_and_a_table_is_not_started)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    ck_assert_ptr_null(streamq_collect(r.lines, &r.error));
    ck_assert_int_eq(streamq_error_status(r.error), STREAMQ_ERR_ANALYSIS);
    streamq_error_free(r.error);
    r.error = NULL;
    ck_assert_ptr_null(streamq_writer_start(streamq_write_stream(table(&r), "noop"), &r.error));
    api_rig_refused(&r, "WRITE_STREAM_NOT_ALLOWED", "");
    api_rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {rows_are_selected_filtered_and_cut,
                                  columns_are_added_replaced_dropped_and_renamed,
                                  rows_are_made_distinct_joined_and_grouped,
                                  sql_sees_named_streams_and_qualified_names,
                                  the_schema_prints_as_sparks_does,
                                  the_first_error_stays_and_later_builders_do_nothing,
                                  a_stream_is_not_collected_and_a_table_is_not_started};
    return sqi_test_main("api_stream", tests, sizeof tests / sizeof *tests);
}
