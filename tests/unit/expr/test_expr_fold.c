/* Constant folding: what is folded, what is left alone, and what failing constants do. */
#include "expr_check.h"
#include "fail_alloc.h"

static sqi_field fields[] = {{{"a", 1}, &sqi_type_int, true}};
static const sqi_schema schema = {1, fields};

static const char *folded(expr_bench *x, const char *text)
{
    sqi_bound *e = NULL;
    streamq_error *err = NULL;
    expr_bench_reset(x);
    ck_assert_msg(expr_bench_bind(x, text, &schema, &e, &err) == STREAMQ_OK, "%s: %s", text, sqi_error_text(err));
    sqi_buf to;
    sqi_buf_init(&to, &x->alloc, 0);
    sqi_bound_print(&to, e, &schema);
    const char *out = sqi_arena_text(&x->plan, to.ptr, to.len);
    sqi_buf_fini(&to);
    return out;
}

START_TEST(constant_parts_become_values)
{
    static const expr_row rows[] = {
        {"1 + 2 * 3", "7"},
        {"a + (1 + 2)", "(a#0 + 3)"},
        {"upper('x')", "X"},
        {"CASE WHEN a > 1 + 1 THEN 2 * 2 END", "CASE WHEN (a#0 > 2) THEN 4 END"},
        {"transform(array(1, 2), v -> v + 1)", "ARRAY(2, 3)"},
        {"1 / 0", "(1.0 / 0.0)"}, /* the rows that reach it get the error; what it is made of is folded */
        {"if(a > 1, 1 / 0, 2.0D)", "if((a#0 > 1), (1.0 / 0.0), 2.0)"},
        {"rand(1) > 1 + 1", "(rand(1) > 2.0)"},
        {"coalesce(NULL, 5)", "5"},
        {"length(repeat('ab', 1000))", "2000"},
        {"length(repeat('ab', 1000000))", "length(repeat(ab, 1000000))"}, /* too large to be kept ready */
    };
    expr_bench x;
    expr_bench_init(&x);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = folded(&x, rows[i].text);
        ck_assert_msg(strcmp(got, rows[i].expected) == 0, "%s gives %s, not %s", rows[i].text, got, rows[i].expected);
    }
    expr_bench_fini(&x);
}
END_TEST

START_TEST(a_folded_value_keeps_its_place_and_type)
{
    expr_bench x;
    sqi_bound *e = NULL;
    expr_bench_init(&x);
    ck_assert_int_eq(expr_bench_bind(&x, "a + (1 + 2)", &schema, &e, NULL), STREAMQ_OK);
    ck_assert_int_eq(e->arg[1]->kind, SQI_BOUND_CONST);
    ck_assert_ptr_nonnull(e->arg[1]->ast);
    ck_assert_int_eq(e->arg[1]->type->id, SQI_INT);
    ck_assert(!e->arg[1]->nullable);
    expr_bench_fini(&x);
}
END_TEST

START_TEST(the_unfolded_tree_gives_the_same_answers)
{
    expr_bench x;
    expr_bench_init(&x);
    x.binder.allow = SQI_BIND_UNFOLDED;
    expr_check(&x, "1 + 2 * 3", "int | 7");
    expr_check(&x, "coalesce(1, 1 / 0)", "double | 1.0");
    expr_check(&x, "transform(array(1, 2), v -> v + 1)", "array<int> | [2, 3]");
    expr_check(&x, "1 IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)", "boolean | true");
    expr_bench_fini(&x);
}
END_TEST

static streamq_status bind_again(sqi_alloc *alloc, void *context, streamq_error **err)
{
    expr_bench *x = context;
    sqi_ast *ast;
    sqi_bound *e;
    sqi_arena plan, scratch;
    expr_bench_reset(x);
    ck_assert_int_eq(expr_bench_parse(x, "upper(concat('a', 1 + 2)) IN ('A3', 'B')", &ast, NULL), STREAMQ_OK);
    sqi_arena_init(&plan, alloc);
    sqi_arena_init(&scratch, alloc);
    sqi_eval eval = x->eval;
    eval.alloc = alloc;
    eval.arena = &scratch;
    sqi_binder binder = x->binder;
    binder.arena = &plan;
    binder.eval = &eval;
    streamq_status status = sqi_bind(&binder, ast, &e, err);
    sqi_arena_fini(&plan);
    sqi_arena_fini(&scratch);
    return status;
}

START_TEST(a_lack_of_memory_while_folding_is_no_reason_to_go_on)
{
    expr_bench x;
    expr_bench_init(&x);
    ck_assert_uint_gt(sqi_test_every_allocation(bind_again, &x), 5);
    expr_bench_fini(&x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {constant_parts_become_values, a_folded_value_keeps_its_place_and_type,
                                  the_unfolded_tree_gives_the_same_answers,
                                  a_lack_of_memory_while_folding_is_no_reason_to_go_on};
    return sqi_test_main("expr_fold", tests, sizeof tests / sizeof *tests);
}
