#include "fail_alloc.h"
#include "op_rig.h"
#include "test_main.h"

static sqi_fail_alloc heap;
static sqi_rig rig;

static sqi_op *open(int64_t limit, int64_t offset, bool whole_life)
{
    sqi_fail_alloc_init(&heap);
    sqi_rig_open(&rig, &heap.alloc, "v INT");
    rig.env.chunk_rows = 2;
    sqi_op_limit_params p = {limit, offset, whole_life};
    return sqi_rig_add(&rig, &sqi_op_limit, &p, 1);
}

static void close_all(void)
{
    sqi_rig_close(&rig);
    sqi_fail_alloc_assert_clean(&heap);
}

START_TEST(the_first_rows_of_each_micro_batch_pass)
{
    sqi_op *op = open(3, 0, false);
    ck_assert_str_eq(sqi_rig_batch(&rig, "1\n2\n3\n4\n5", true), "1\n2\n3\n");
    ck_assert_str_eq(sqi_rig_batch(&rig, "6\n7", true), "6\n7\n");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "");
    close_all();
    open(0, 0, false);
    ck_assert_str_eq(sqi_rig_batch(&rig, "1\n2", true), "");
    close_all();
}
END_TEST

START_TEST(an_offset_skips_rows)
{
    open(2, 3, false);
    ck_assert_str_eq(sqi_rig_batch(&rig, "1\n2\n3\n4\n5\n6", true), "4\n5\n");
    close_all();
    open(-1, 1, false);
    ck_assert_str_eq(sqi_rig_batch(&rig, "1\n2\n3", true), "2\n3\n");
    close_all();
}
END_TEST

START_TEST(a_streaming_limit_counts_over_all_batches_and_has_state)
{
    sqi_op *op = open(4, 0, true);
    ck_assert_str_eq(sqi_rig_batch(&rig, "", true), "");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "0 0 0");
    ck_assert_str_eq(sqi_rig_batch(&rig, "1\n2", true), "1\n2\n");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "1 1 0");
    ck_assert_str_eq(sqi_rig_batch(&rig, "3\n4\n5\n6", true), "3\n4\n");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "1 1 0");
    ck_assert_str_eq(sqi_rig_batch(&rig, "7", true), "");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "1 0 0");
    close_all();
}
END_TEST

START_TEST(selected_rows_are_counted_not_positions)
{
    open(1, 1, false);
    sqi_batch *b;
    streamq_error *err = NULL;
    rig.env.chunk_rows = 8;
    sqi_rig_chunks(&rig, "1\n2\n3\n4\n5", &b);
    sqi_chunk some = b->chunk[0];
    some.rows = (sqi_rows){(const uint32_t[]){1, 3, 4}, 3};
    ck_assert_int_eq(sqi_op_push(rig.first, 0, &some, &err), STREAMQ_OK);
    ck_assert_str_eq(sqi_rig_batch(&rig, "", true), "4\n");
    sqi_batch_unref(b);
    close_all();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_first_rows_of_each_micro_batch_pass,
        an_offset_skips_rows,
        a_streaming_limit_counts_over_all_batches_and_has_state,
        selected_rows_are_counted_not_positions,
    };
    return sqi_test_main("op_limit", tests, sizeof tests / sizeof *tests);
}
