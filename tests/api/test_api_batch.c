/* Batches read by row and column, over several chunks; shown and exported. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "test_main.h"
#include <streamq_arrow.h>

START_TEST(cells_are_found_in_any_chunk)
{
    streamq_config *c = streamq_config_new();
    ck_assert_int_eq(streamq_config_set(c, "streamq.chunkRows", "7", NULL), STREAMQ_OK);
    api_rig r;
    api_rig_begin(&r, c);
    streamq_config_free(c);
    streamq_batch *b = streamq_collect(
        streamq_sql(
            r.plan,
            "SELECT id, 'row ' || id AS name, id / 2 AS half, if(id % 3 = 0, NULL, id) AS some FROM range(100)"),
        &r.error);
    api_rig_ok(&r);
    ck_assert_uint_eq(streamq_batch_rows(b), 100);
    ck_assert_uint_eq(streamq_batch_columns(b), 4);
    ck_assert_str_eq(streamq_batch_column_name(b, 1), "name");
    ck_assert_str_eq(streamq_batch_column_type(b, 2), "double");
    for (size_t i = 0; i < 100; ++i) {
        size_t len;
        char want[16];
        snprintf(want, sizeof want, "row %zu", i);
        ck_assert_int_eq(streamq_batch_get_int64(b, i, 0), (int64_t)i);
        const char *name = streamq_batch_get_string(b, i, 1, &len);
        ck_assert_uint_eq(len, strlen(want));
        ck_assert_int_eq(memcmp(name, want, len), 0);
        ck_assert(streamq_batch_get_double(b, i, 2) == (double)i / 2);
        ck_assert_int_eq(streamq_batch_is_null(b, i, 3), i % 3 == 0);
    }
    streamq_batch_free(b);
    api_rig_end(&r);
}
END_TEST

START_TEST(cells_out_of_range_are_null)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_batch *b = streamq_collect(streamq_sql(r.plan, "SELECT 1 AS a"), &r.error);
    ck_assert_int_eq(streamq_batch_is_null(b, 1, 0), 1);
    ck_assert_int_eq(streamq_batch_is_null(b, 0, 1), 1);
    ck_assert_int_eq(streamq_batch_get_int64(b, 9, 9), 0);
    ck_assert_ptr_null(streamq_batch_get_string(b, 0, 0, NULL));
    ck_assert_ptr_null(streamq_batch_get_text(b, 5, 0));
    ck_assert_ptr_null(streamq_batch_column_name(b, 1));
    streamq_batch *again = streamq_batch_ref(b);
    streamq_batch_free(b);
    ck_assert_int_eq(streamq_batch_get_int64(again, 0, 0), 1);
    streamq_batch_free(again);
    api_rig_end(&r);
}
END_TEST

START_TEST(a_batch_outlives_its_plan_and_query)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_query *q = streamq_writer_open(streamq_write_stream(r.lines, "pull"), &r.error);
    api_rig_push(&r, "a line that is longer than an inlined string");
    ck_assert_int_eq(streamq_query_step(q, NULL, &r.error), STREAMQ_OK);
    streamq_batch *b = streamq_query_next_batch(q, NULL);
    streamq_query_free(q);
    streamq_plan_free(r.plan);
    r.plan = NULL;
    streamq_feed_free(r.feed);
    r.feed = NULL;
    ck_assert_str_eq(api_rig_rows(b), "a line that is longer than an inlined string");
    streamq_batch_free(b);
    api_rig_end(&r);
}
END_TEST

START_TEST(show_prints_sparks_table)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_batch *b =
        streamq_collect(streamq_sql(r.plan, "SELECT * FROM VALUES (1, 'a'), (2, NULL), (3, 'c') AS t(k, w)"), &r.error);
    char *table = streamq_batch_show(b, 2, 20);
    ck_assert_str_eq(table,
                     "+---+----+\n|  k|   w|\n+---+----+\n|  1|   a|\n|  2|NULL|\n+---+----+\nonly showing top 2 rows");
    streamq_string_free(table);
    table = streamq_batch_show(b, 20, 0);
    ck_assert_ptr_nonnull(strstr(table, "|1  |a   |\n"));
    streamq_string_free(table);
    streamq_batch_free(b);
    api_rig_end(&r);
}
END_TEST

START_TEST(collect_gives_an_arrow_stream)
{
    api_rig r;
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    int64_t rows = 0, sum = 0;
    api_rig_begin(&r, NULL);
    ck_assert_int_eq(streamq_collect_arrow(streamq_sql(r.plan, "SELECT id FROM range(10000)"), &stream, &r.error),
                     STREAMQ_OK);
    ck_assert_int_eq(stream.get_schema(&stream, &schema), 0);
    ck_assert_str_eq(schema.format, "+s");
    ck_assert_str_eq(schema.children[0]->format, "l");
    ck_assert_str_eq(schema.children[0]->name, "id");
    schema.release(&schema);
    for (;;) {
        struct ArrowArray a;
        ck_assert_int_eq(stream.get_next(&stream, &a), 0);
        if (!a.release)
            break;
        const int64_t *v = (const int64_t *)a.children[0]->buffers[1] + a.children[0]->offset;
        for (int64_t i = 0; i < a.length; ++i)
            sum += v[i];
        rows += a.length;
        a.release(&a);
    }
    stream.release(&stream);
    ck_assert_int_eq(rows, 10000);
    ck_assert_int_eq(sum, 49995000);
    api_rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {cells_are_found_in_any_chunk, cells_out_of_range_are_null,
                                  a_batch_outlives_its_plan_and_query, show_prints_sparks_table,
                                  collect_gives_an_arrow_stream};
    return sqi_test_main("api_batch", tests, sizeof tests / sizeof *tests);
}
