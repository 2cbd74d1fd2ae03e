#include "fail_alloc.h"
#include "op_rig.h"
#include "test_main.h"

static sqi_fail_alloc heap;
static sqi_rig rig;

static sqi_op *open(const uint32_t *key, uint32_t nkey)
{
    sqi_fail_alloc_init(&heap);
    sqi_rig_open(&rig, &heap.alloc, "k STRING, v DOUBLE");
    sqi_op_dedup_params p = {key, nkey, &rig.schema};
    return sqi_rig_add(&rig, &sqi_op_dedup, &p, 1);
}

static void close_all(void)
{
    sqi_rig_close(&rig);
    sqi_fail_alloc_assert_clean(&heap);
}

static const uint32_t both[] = {0, 1};

START_TEST(the_first_row_of_each_key_passes_and_null_is_a_key)
{
    sqi_op *op = open(both, 1);
    ck_assert_str_eq(sqi_rig_batch(&rig, "'a', 1\n'a', 2\n'b', 3", true), "a | 1.0\nb | 3.0\n");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "2 2 0");
    ck_assert_str_eq(sqi_rig_batch(&rig, "'b', 4\nNULL, 5\nNULL, 6", true), "NULL | 5.0\n");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "3 1 0");
    ck_assert_str_eq(sqi_rig_batch(&rig, "'a', 7", true), "");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "3 0 0");
    close_all();
}
END_TEST

START_TEST(keys_of_several_columns_are_compared_in_normal_form)
{
    open(both, 2);
    ck_assert_str_eq(
        sqi_rig_batch(&rig, "'a', 0.0D\n'a', -0.0D\n'a', DOUBLE('NaN')\n'a', DOUBLE('NaN')\n'b', 0.0D\n'a', NULL",
                      true),
        "a | 0.0\na | NaN\nb | 0.0\na | NULL\n");
    close_all();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_first_row_of_each_key_passes_and_null_is_a_key,
        keys_of_several_columns_are_compared_in_normal_form,
    };
    return sqi_test_main("op_dedup", tests, sizeof tests / sizeof *tests);
}
