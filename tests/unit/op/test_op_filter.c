#include "fail_alloc.h"
#include "op_rig.h"
#include "test_main.h"

static sqi_fail_alloc heap;
static sqi_rig rig;

static void open(const char *schema)
{
    sqi_fail_alloc_init(&heap);
    sqi_rig_open(&rig, &heap.alloc, schema);
}

static void close_all(void)
{
    sqi_rig_close(&rig);
    sqi_fail_alloc_assert_clean(&heap);
}

static void add_project(const char *list)
{
    sqi_op_project_params p;
    p.expr = sqi_rig_exprs(&rig, list, &p.n);
    sqi_rig_add(&rig, &sqi_op_project, &p, 1);
}

static void add_filter(const char *condition)
{
    uint32_t n;
    sqi_op_filter_params p = {sqi_rig_exprs(&rig, condition, &n)[0]};
    sqi_rig_add(&rig, &sqi_op_filter, &p, 1);
}

START_TEST(an_expression_is_not_evaluated_for_rows_a_filter_left_out)
{
    open("v INT");
    add_project("10 / v");
    add_filter("v <> 0");
    ck_assert_str_eq(sqi_rig_batch(&rig, "0\n5\n0", true), "2.0\n");
    close_all();
}
END_TEST

START_TEST(false_and_null_stay_behind)
{
    open("v INT, b BOOLEAN");
    add_filter("b");
    ck_assert_str_eq(sqi_rig_batch(&rig, "1, true\n2, false\n3, NULL\n4, true", true), "1 | true\n4 | true\n");
    close_all();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        an_expression_is_not_evaluated_for_rows_a_filter_left_out,
        false_and_null_stay_behind,
    };
    return sqi_test_main("op_filter", tests, sizeof tests / sizeof *tests);
}
