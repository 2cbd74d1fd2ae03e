/* Compiled programs: what is shared, what is not, and that every failing allocation is survived. */
#include "expr_check.h"
#include "expr_prog.h"
#include "fail_alloc.h"

static sqi_field fields[] = {{{"a", 1}, &sqi_type_int, true}, {{"b", 1}, &sqi_type_int, true}};
static const sqi_schema schema = {2, fields};

static uint32_t steps(expr_bench *x, const char *const *texts, uint32_t n)
{
    sqi_bound *list[8];
    sqi_prog *prog = NULL;
    expr_bench_reset(x);
    for (uint32_t i = 0; i < n; i++)
        ck_assert_int_eq(expr_bench_bind(x, texts[i], &schema, &list[i], NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_prog_new(&prog, list, n, &x->eval, NULL), STREAMQ_OK);
    uint32_t count = prog->nstep;
    sqi_prog_free(prog);
    return count;
}

static uint32_t steps_of(expr_bench *x, const char *text)
{
    return steps(x, &text, 1);
}

START_TEST(equal_parts_are_computed_once)
{
    expr_bench x;
    expr_bench_init(&x);
    ck_assert_uint_eq(steps_of(&x, "a + b"), 3);
    ck_assert_uint_eq(steps_of(&x, "(a + b) * (a + b)"), 4);
    ck_assert_uint_eq(steps_of(&x, "(a + 1) * (a + 1)"), 4);
    ck_assert_uint_eq(steps_of(&x, "(a + 1) * (a + 2)"), 6);
    const char *const two[] = {"a + b", "(a + b) * 2"};
    ck_assert_uint_eq(steps(&x, two, 2), 5);
    ck_assert_uint_eq(steps_of(&x, "rand() + rand()"), 3); /* each draws its own number */
    ck_assert_uint_eq(steps_of(&x, "rand(1) + rand(1)"), 4);
    expr_bench_fini(&x);
}
END_TEST

START_TEST(a_branch_shares_with_what_ran_before_it_and_not_with_its_sibling)
{
    expr_bench x;
    expr_bench_init(&x);
    /* a, b, a + b, 0, >, if, and nothing for the branch */
    ck_assert_uint_eq(steps_of(&x, "if(a + b > 0, a + b, 0)"), 6);
    /* both branches compute a * b for themselves: a, 0, >, (b, *) twice, if */
    ck_assert_uint_eq(steps_of(&x, "if(a > 0, a * b, a * b)"), 8);
    /* a form itself is shared */
    ck_assert_uint_eq(steps_of(&x, "coalesce(a, b) + coalesce(a, b)"), 4);
    expr_bench_fini(&x);
}
END_TEST

START_TEST(a_lambda_shares_only_with_itself)
{
    expr_bench x;
    expr_bench_init(&x);
    /* outside: a, array, transform, 0, [], b, +, +; inside: v, a, b, +, +, + and the second v for nothing */
    ck_assert_uint_eq(steps_of(&x, "transform(array(a), v -> v + (a + b) + v)[0] + (a + b)"), 14);
    expr_bench_fini(&x);
}
END_TEST

START_TEST(a_filter_has_a_block_for_each_conjunct)
{
    expr_bench x;
    sqi_bound *e;
    sqi_prog *prog = NULL;
    expr_bench_init(&x);
    ck_assert_int_eq(expr_bench_bind(&x, "a > 1 AND b > 2 AND (a + b > 3 OR a = 0)", &schema, &e, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_prog_new(&prog, &e, 1, &x.eval, NULL), STREAMQ_OK);
    ck_assert_uint_eq(prog->nconjunct, 3);
    sqi_prog_free(prog);
    ck_assert_int_eq(expr_bench_bind(&x, "a > 1 OR b > 2", &schema, &e, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_prog_new(&prog, &e, 1, &x.eval, NULL), STREAMQ_OK);
    ck_assert_uint_eq(prog->nconjunct, 0);
    sqi_prog_free(prog);
    expr_bench_fini(&x);
}
END_TEST

typedef struct attempt {
    expr_bench *x;
    sqi_bound *e;
} attempt;

static streamq_status compile_and_run(sqi_alloc *alloc, void *context, streamq_error **err)
{
    attempt *a = context;
    int32_t one[4] = {1, 2, 3, 4}, two[4] = {5, 6, 7, 8};
    sqi_vec col[2] = {{.type = &sqi_type_int, .data = one, .mask = UINT32_MAX},
                      {.type = &sqi_type_int, .data = two, .mask = UINT32_MAX}};
    sqi_chunk chunk = {.n = 4, .ncol = 2, .rows = {NULL, 4}, .col = col};
    sqi_arena scratch;
    sqi_arena_init(&scratch, alloc);
    sqi_eval eval = a->x->eval;
    eval.alloc = alloc;
    eval.arena = &scratch;
    sqi_prog *prog = NULL;
    sqi_vec out;
    streamq_status status = sqi_prog_new(&prog, &a->e, 1, &eval, err);
    if (status == STREAMQ_OK)
        status = sqi_prog_run(prog, &eval, &chunk, &out, err);
    sqi_prog_free(prog);
    sqi_arena_fini(&scratch);
    return status;
}

START_TEST(every_failing_allocation_is_reported_and_leaks_nothing)
{
    static const char *const texts[] = {"a + b * 2",
                                        "CASE WHEN a > 2 THEN b WHEN a > 1 THEN NULL ELSE a END",
                                        "a IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)",
                                        "transform(array(a, b), v -> v + a)",
                                        "aggregate(array(a, b), 0, (s, v) -> s + v, s -> s * 2)",
                                        "try_add(concat('', a), 1)",
                                        "exists(array(a, b), v -> 1 / (v - 50) > 0)",
                                        "map_zip_with(map(a, b), map(b, a), (k, v, w) -> coalesce(v, w))",
                                        "greatest(a, b, 3)",
                                        "round(a / 3, 2)"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        expr_bench x;
        attempt a = {&x, NULL};
        streamq_error *err = NULL;
        expr_bench_init(&x);
        ck_assert_msg(expr_bench_bind(&x, texts[i], &schema, &a.e, &err) == STREAMQ_OK, "%s: %s", texts[i],
                      sqi_error_text(err));
        ck_assert_uint_gt(sqi_test_every_allocation(compile_and_run, &a), 2);
        expr_bench_fini(&x);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {equal_parts_are_computed_once,
                                  a_branch_shares_with_what_ran_before_it_and_not_with_its_sibling,
                                  a_lambda_shares_only_with_itself, a_filter_has_a_block_for_each_conjunct,
                                  every_failing_allocation_is_reported_and_leaks_nothing};
    return sqi_test_main("expr_prog", tests, sizeof tests / sizeof *tests);
}
