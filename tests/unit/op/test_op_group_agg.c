#include "fail_alloc.h"
#include "op_rig.h"
#include "test_main.h"

/*
 * One aggregate through two micro-batches, on a heap of its own: the operator, its states and its scratch take from
 * `alloc`, the rig around them does not.
 */
static streamq_status two_batches(sqi_alloc *alloc, void *context, streamq_error **err)
{
    const char *aggregate = context;
    static sqi_alloc plain;
    sqi_rig r;
    sqi_alloc_init(&plain);
    sqi_rig_open(&r, &plain, "k INT, t STRING, v DOUBLE, s STRUCT<x: INT, y: STRING>");
    sqi_op_group_params p = {.nlane = 1};
    p.key = sqi_rig_exprs(&r, "k", &p.nkey);
    p.agg = sqi_rig_exprs(&r, aggregate, &p.nagg);
    sqi_batch *batch;
    sqi_rig_chunks(&r,
                   "1, 'a text that does not stand inside', 1, named_struct('x', 1, 'y', 'another long text')\n"
                   "1, 'b', 2, named_struct('x', 1, 'y', 'b')\n2, NULL, NULL, NULL\n1, 'c', 3, NULL",
                   &batch);
    sqi_arena scratch;
    sqi_arena_init(&scratch, alloc);
    r.eval.alloc = r.env.alloc = alloc;
    r.eval.arena = &scratch;
    sqi_op *op = NULL;
    streamq_status status = sqi_op_new(&op, &sqi_op_group, &p, 1, &r.env, r.end, 0, err);
    for (int i = 0; i < 2 && status == STREAMQ_OK; ++i) {
        status = sqi_op_push(op, 0, &batch->chunk[0], err);
        if (status == STREAMQ_OK)
            status = sqi_op_flush(op, err);
        if (status == STREAMQ_OK)
            op->type->commit(op);
    }
    sqi_op_free(op);
    sqi_arena_fini(&scratch);
    sqi_batch_unref(batch);
    r.eval.alloc = r.env.alloc = &plain;
    r.eval.arena = &r.scratch;
    sqi_rig_close(&r);
    return status;
}

START_TEST(every_allocation_of_every_kind_of_state_may_fail)
{
    static const char *const aggregate[] = {"sum(v), avg(v), stddev(v), corr(v, v)",
                                            "min(t), max(s), max_by(t, v), first(s), last(t)",
                                            "max_by(t, v, 2)",
                                            "collect_list(t), collect_list(s)",
                                            "collect_set(t), collect_set(s)",
                                            "mode(t), mode(s, true)",
                                            "percentile(v, array(0.1, 0.5)), median(v)",
                                            "approx_percentile(v, 0.5)",
                                            "listagg(t, ','), listagg(t, ';') WITHIN GROUP (ORDER BY v DESC, t)",
                                            "approx_count_distinct(t)",
                                            "histogram_numeric(v, 2)",
                                            "sum(k), avg(k), min(k), max(k), count(k)",
                                            "try_sum(k * 4000000000000000000), max(v), min(k)"};
    sqi_test_every_allocation(two_batches, (void *)(uintptr_t)aggregate[_i]);
}
END_TEST

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

START_TEST(states_of_several_aggregates_stand_side_by_side)
{
    open("k INT, v DECIMAL(20,2), t STRING");
    sqi_rig_add_group(&rig, "k", "count(*), sum(v), bool_and(v > 0), max(v), avg(v), max(t), bit_or(k)");
    ck_assert_str_eq(
        sqi_rig_batch(&rig, "1, 1.50, 'a'\n2, -1.00, 'x'\n1, 2.50, 'b'", true),
        "1 | 2 | 4.00 | true | 2.50 | 2.000000 | b | 1\n2 | 1 | -1.00 | false | -1.00 | -1.000000 | x | 2\n");
    ck_assert_str_eq(sqi_rig_batch(&rig, "2, 1.00, NULL", true), "2 | 2 | 0.00 | false | 1.00 | 0.000000 | x | 2\n");
    close_all();
}
END_TEST

START_TEST(distinct_sees_what_the_filter_lets_pass)
{
    open("k INT, v INT");
    rig.env.streaming = false;
    sqi_rig_add_group(&rig, "k", "count(DISTINCT v) FILTER (WHERE v > 1), sum(DISTINCT v), count(DISTINCT v, k)");
    ck_assert_str_eq(sqi_rig_batch(&rig, "1, 1\n1, 2\n1, 2\n1, 3\n1, NULL\n2, 1", false),
                     "1 | 2 | 6 | 3\n2 | 0 | 1 | 1\n");
    close_all();
}
END_TEST

START_TEST(aggregates_of_one_integer_share_a_state)
{
    open("k INT, v INT, w INT");
    sqi_rig_add_group(&rig, "k", "max(w), sum(v), count(w), avg(v), sum(v) FILTER (WHERE w > 1), min(v), sum(v + 1)");
    ck_assert_str_eq(sqi_rig_batch(&rig, "1, 5, 1\n1, 7, NULL\n2, NULL, 3", true),
                     "1 | 1 | 12 | 1 | 6.0 | NULL | 5 | 14\n2 | 3 | NULL | 1 | NULL | NULL | NULL | NULL\n");
    ck_assert_str_eq(sqi_rig_batch(&rig, "1, -5, 2", true), "1 | 2 | 7 | 2 | 2.3333333333333335 | -5 | -5 | 10\n");
    close_all();
}
END_TEST

START_TEST(constant_arguments_count_for_every_row)
{
    open("v INT");
    sqi_rig_add_group(&rig, "", "sum(2), max('x'), collect_list(1), count(NULL), first(NULL)");
    ck_assert_str_eq(sqi_rig_batch(&rig, "1\n2\n3", true), "6 | x | [1, 1, 1] | 0 | NULL\n");
    close_all();
}
END_TEST

int main(void)
{
    SRunner *runner = srunner_create(suite_create("op_group_agg"));
    Suite *suite = suite_create("op_group_agg: states");
    TCase *each = tcase_create("allocations"), *plain = tcase_create("plain");
    tcase_set_timeout(each, 60);
    tcase_add_loop_test(each, every_allocation_of_every_kind_of_state_may_fail, 0, 13);
    tcase_add_test(plain, states_of_several_aggregates_stand_side_by_side);
    tcase_add_test(plain, aggregates_of_one_integer_share_a_state);
    tcase_add_test(plain, distinct_sees_what_the_filter_lets_pass);
    tcase_add_test(plain, constant_arguments_count_for_every_row);
    suite_add_tcase(suite, plain);
    suite_add_tcase(suite, each);
    srunner_add_suite(runner, suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
