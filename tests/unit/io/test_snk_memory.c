/* The memory sink and its tables. */
#include "snk_memory.h"

#include <stdio.h>
#include <string.h>

#include "io_rig.h"
#include "test_main.h"

static rig r;
static sqi_memory_table *table;

static void begin(streamq_output_mode mode)
{
    rig_begin(&r);
    rig_columns(&r, (const char *[]){"n"}, (const sqi_type *const[]){&sqi_type_bigint}, 1);
    table = sqi_memory_table_new(&r.heap.alloc, SQI_SPAN("counts"), &r.schema, NULL);
    ck_assert_ptr_nonnull(table);
    rig_sink(&r, &sqi_snk_memory, mode, table);
}

static void end(void)
{
    sqi_memory_table_unref(table);
    rig_end(&r);
}

static void write(int64_t batch_id, int64_t value)
{
    sqi_chunk chunk = rig_numbers(&r, &value, 1);
    rig_write(&r, batch_id, &chunk);
}

/* The rows of the table as "1 2 3". */
static const char *rows(void)
{
    sqi_batch **batches;
    size_t n;
    char *text = sqi_arena_zero(&r.arena, 200);
    ck_assert_int_eq(sqi_memory_table_snapshot(table, &batches, &n, &r.err), STREAMQ_OK);
    for (size_t i = 0; i < n; i++) {
        for (size_t c = 0; c < batches[i]->nchunk; c++)
            for (uint32_t k = 0; k < batches[i]->chunk[c].rows.n; k++)
                snprintf(text + strlen(text), 20, "%s%lld", *text ? " " : "",
                         (long long)SQI_AT(&batches[i]->chunk[c].col[0], int64_t, k));
        sqi_batch_unref(batches[i]);
    }
    sqi_alloc_free(&r.heap.alloc, batches, n * sizeof *batches);
    return text;
}

START_TEST(append_and_update_add_rows)
{
    for (streamq_output_mode mode = STREAMQ_APPEND; mode <= STREAMQ_UPDATE; mode++) {
        begin(mode);
        ck_assert_str_eq(rows(), "");
        write(0, 1);
        rig_write(&r, 1, NULL);
        write(2, 2);
        ck_assert_str_eq(rows(), "1 2");
        end();
    }
}
END_TEST

START_TEST(complete_replaces_rows_even_with_none)
{
    begin(STREAMQ_COMPLETE);
    write(0, 1);
    write(1, 2);
    ck_assert_str_eq(rows(), "2");
    rig_write(&r, 2, NULL);
    ck_assert_str_eq(rows(), "");
    end();
}
END_TEST

START_TEST(a_batch_that_was_stored_is_dropped)
{
    begin(STREAMQ_APPEND);
    write(5, 1);
    write(5, 2);
    write(4, 3);
    ck_assert_str_eq(rows(), "1");
    write(6, 4);
    ck_assert_str_eq(rows(), "1 4");
    end();
}
END_TEST

static void write_three(int64_t batch_id, int64_t first)
{
    sqi_chunk chunk = rig_numbers(&r, (int64_t[]){first, first + 1, first + 2}, 3);
    rig_write(&r, batch_id, &chunk);
}

/* Spark's MemorySinkSuite: "directly add data in ... output mode". */
START_TEST(a_repeated_batch_is_ignored_and_the_next_one_added_or_put_in_place)
{
    for (streamq_output_mode mode = STREAMQ_APPEND; mode <= STREAMQ_COMPLETE; mode++) {
        bool replaced = mode == STREAMQ_COMPLETE;
        begin(mode);
        write_three(0, 1);
        ck_assert_str_eq(rows(), "1 2 3");
        write_three(1, 4);
        ck_assert_str_eq(rows(), replaced ? "4 5 6" : "1 2 3 4 5 6");
        write_three(1, 7);
        ck_assert_str_eq(rows(), replaced ? "4 5 6" : "1 2 3 4 5 6");
        write_three(2, 7);
        ck_assert_str_eq(rows(), replaced ? "7 8 9" : "1 2 3 4 5 6 7 8 9");
        end();
    }
}
END_TEST

START_TEST(nothing_shows_before_commit_or_after_abort)
{
    begin(STREAMQ_APPEND);
    sqi_sink *k = r.sink;
    sqi_chunk chunk = rig_numbers(&r, (int64_t[]){9}, 1);
    ck_assert_int_eq(k->type->begin(k, 0, &r.err), STREAMQ_OK);
    ck_assert_int_eq(k->type->write(k, &chunk, &r.err), STREAMQ_OK);
    ck_assert_str_eq(rows(), "");
    k->type->abort(k);
    k->type->abort(k);
    ck_assert_str_eq(rows(), "");
    write(0, 1);
    ck_assert_str_eq(rows(), "1");
    end();
}
END_TEST

START_TEST(a_snapshot_outlives_the_table)
{
    sqi_batch **batches;
    size_t n;
    begin(STREAMQ_COMPLETE);
    write(0, 7);
    ck_assert_int_eq(sqi_memory_table_snapshot(table, &batches, &n, &r.err), STREAMQ_OK);
    ck_assert_uint_eq(n, 1);
    write(1, 8);
    sqi_sink_close(r.sink);
    r.sink = NULL;
    sqi_memory_table_unref(table);
    ck_assert_int_eq(SQI_AT(&batches[0]->chunk[0].col[0], int64_t, 0), 7);
    sqi_batch_unref(batches[0]);
    sqi_alloc_free(&r.heap.alloc, batches, sizeof *batches);
    rig_end(&r);
}
END_TEST

START_TEST(a_table_knows_its_name_and_columns)
{
    begin(STREAMQ_APPEND);
    ck_assert(sqi_span_equal(sqi_memory_table_name(table), SQI_SPAN("counts")));
    ck_assert_uint_eq(sqi_memory_table_schema(table)->n, 1);
    ck_assert(sqi_span_equal(sqi_memory_table_schema(table)->field[0].name, SQI_SPAN("n")));
    end();
}
END_TEST

START_TEST(without_a_table_it_asks_for_a_name)
{
    rig_begin(&r);
    rig_refused(&r, rig_try_sink(&r, &sqi_snk_memory, STREAMQ_APPEND, NULL), SQI_COND_MISSING_OPTION, "queryName");
    rig_end(&r);
}
END_TEST

static streamq_status store(sqi_alloc *alloc, void *context, streamq_error **err)
{
    const sqi_chunk *chunk = context;
    sqi_memory_table *t = sqi_memory_table_new(alloc, SQI_SPAN("t"), &r.schema, err);
    streamq_status status = t ? STREAMQ_OK : STREAMQ_ERR_NOMEM;
    for (int64_t id = 0; id < 20 && status == STREAMQ_OK; id++) {
        sqi_batch *b = sqi_batch_new(alloc, &r.schema, err);
        status = b ? sqi_batch_append(b, chunk, err) : STREAMQ_ERR_NOMEM;
        if (status == STREAMQ_OK)
            status = sqi_memory_table_store(t, id, id % 5 == 4, b, err);
        sqi_batch_unref(b);
    }
    sqi_batch **batches = NULL;
    size_t n = 0;
    if (status == STREAMQ_OK)
        status = sqi_memory_table_snapshot(t, &batches, &n, err);
    for (size_t i = 0; i < n; i++)
        sqi_batch_unref(batches[i]);
    sqi_alloc_free(alloc, batches, n * sizeof *batches);
    sqi_memory_table_unref(t);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    begin(STREAMQ_APPEND);
    sqi_chunk chunk = rig_numbers(&r, (int64_t[]){1}, 1);
    ck_assert_uint_gt(sqi_test_every_allocation(store, &chunk), 20);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {append_and_update_add_rows,
                                  complete_replaces_rows_even_with_none,
                                  a_batch_that_was_stored_is_dropped,
                                  a_repeated_batch_is_ignored_and_the_next_one_added_or_put_in_place,
                                  nothing_shows_before_commit_or_after_abort,
                                  a_snapshot_outlives_the_table,
                                  a_table_knows_its_name_and_columns,
                                  without_a_table_it_asks_for_a_name,
                                  every_allocation_may_fail};
    return sqi_test_main("snk_memory", tests, sizeof tests / sizeof *tests);
}
