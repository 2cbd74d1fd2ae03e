/* Memory tables read as they stand when a read begins. */
#include "src_table.h"

#include "io_rig.h"
#include "test_main.h"

START_TEST(one_read_sees_one_state_of_the_table)
{
    rig r;
    const sqi_offset unknown = {0};
    sqi_offset end = {0};
    rig_begin(&r);
    rig_columns(&r, (const char *[]){"n"}, (const sqi_type *const[]){&sqi_type_bigint}, 1);
    sqi_memory_table *t = sqi_memory_table_new(&r.heap.alloc, SQI_SPAN("t"), &r.schema, NULL);
    for (int64_t id = 0; id < 2; id++) {
        sqi_chunk chunk = rig_numbers(&r, (int64_t[]){id, id + 10}, 2);
        sqi_batch *b = rig_batch(&r, &r.schema, &chunk);
        ck_assert_int_eq(sqi_memory_table_store(t, id, false, b, &r.err), STREAMQ_OK);
        sqi_batch_unref(b);
    }
    ck_assert_int_eq(sqi_source_open(&r.source, &sqi_src_table, &r.env, &r.options, &r.schema, t, &r.err), STREAMQ_OK);
    end = rig_latest(&r, &unknown);
    sqi_batch *none = rig_batch(&r, &r.schema, NULL);
    ck_assert_int_eq(sqi_memory_table_store(t, 2, true, none, &r.err), STREAMQ_OK); /* empties the table */
    sqi_batch_unref(none);
    ck_assert_str_eq(rig_read(&r, &unknown, &end), "0\n10\n1\n11\n");
    sqi_offset again = rig_latest(&r, &end);
    ck_assert(sqi_offset_equal(&again, &end));
    ck_assert_str_eq(rig_read(&r, &end, &again), "");
    sqi_source_close(r.source);
    r.source = NULL;
    ck_assert_int_eq(sqi_source_open(&r.source, &sqi_src_table, &r.env, &r.options, &r.schema, t, &r.err), STREAMQ_OK);
    end = rig_latest(&r, &unknown);
    ck_assert_str_eq(rig_read(&r, &unknown, &end), "");
    sqi_src_table_release(t);
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {one_read_sees_one_state_of_the_table};
    return sqi_test_main("src_table", tests, sizeof tests / sizeof *tests);
}
