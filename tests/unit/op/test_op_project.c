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

START_TEST(projections_and_filters_follow_each_other)
{
    open("k STRING, v INT");
    add_project("upper(k), v * 10, 'c'");
    add_filter("v > 1");
    ck_assert_str_eq(sqi_rig_batch(&rig, "'a', 1\n'b', 2\n'c', NULL\nNULL, 3", true), "B | 20 | c\nNULL | 30 | c\n");
    close_all();
}
END_TEST

START_TEST(positions_and_weights_stay)
{
    open("v INT");
    add_project("v + 1");
    sqi_batch *b;
    streamq_error *err = NULL;
    sqi_rig_chunks(&rig, "1\n2\n3", &b);
    sqi_chunk some = b->chunk[0];
    some.rows = (sqi_rows){(const uint32_t[]){0, 2}, 2};
    some.weight = (const int64_t[]){1, 1, -1};
    ck_assert_int_eq(sqi_op_push(rig.first, 0, &some, &err), STREAMQ_OK);
    ck_assert_str_eq(sqi_rig_batch(&rig, "", true), "2 x1\n4 x-1\n");
    sqi_batch_unref(b);
    close_all();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        projections_and_filters_follow_each_other,
        positions_and_weights_stay,
    };
    return sqi_test_main("op_project", tests, sizeof tests / sizeof *tests);
}
