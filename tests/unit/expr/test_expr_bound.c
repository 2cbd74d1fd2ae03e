/* Resolved trees: equality, walking, rewriting, printing. */
#include "expr_check.h"

static sqi_field fields[] = {{{"a", 1}, &sqi_type_int, false},
                             {{"b", 1}, &sqi_type_int, true},
                             {{"t", 1}, &sqi_type_string, true},
                             {{"x", 1}, &sqi_type_double, true}};
static const sqi_schema schema = {4, fields};

static sqi_bound *bind(expr_bench *x, const char *text)
{
    sqi_bound *e = NULL;
    streamq_error *err = NULL;
    streamq_status status = expr_bench_bind(x, text, &schema, &e, &err);
    ck_assert_msg(status == STREAMQ_OK, "%s: %s", text, sqi_error_text(err));
    return e;
}

static void same(expr_bench *x, const char *one, const char *other, bool expected)
{
    bool got = sqi_bound_equal(bind(x, one), bind(x, other));
    ck_assert_msg(got == expected, "%s and %s", one, other);
}

START_TEST(equal_trees_mean_the_same_and_positions_do_not_count)
{
    expr_bench x;
    expr_bench_init(&x);
    same(&x, "a + b", "A  +  B", true);
    same(&x, "a + b", "b + a", false);
    same(&x, "a + 1", "a + 2", false);
    same(&x, "a + 1", "a + 1L", false);
    same(&x, "CAST(a AS BIGINT)", "CAST(a AS DOUBLE)", false);
    same(&x, "CAST(t AS INT)", "try_cast(t AS INT)", false);
    same(&x, "try_add(a, b)", "a + b", false);
    same(&x, "x + 0.0D", "x + -0.0D", false);
    same(&x, "x = double('NaN')", "x = double('NaN')", true);
    same(&x, "array(0.0D)", "array(-0.0D)", false);
    same(&x, "transform(array(a), v -> v + b)", "transform(array(a), w -> w + b)", true);
    same(&x, "transform(array(a), v -> v + b)", "transform(array(a), v -> v + a)", false);
    same(&x, "round(x, 1)", "round(x, 2)", false);
    expr_bench_fini(&x);
}
END_TEST

START_TEST(what_depends_on_no_row_is_foldable)
{
    static const struct {
        const char *text;
        bool foldable, deterministic;
    } rows[] = {{"1 + 2", true, true},
                {"a + 2", false, true},
                {"rand()", false, false},
                {"rand(1) + a", false, false},
                {"current_timestamp()", false, true},
                {"transform(array(1, 2), v -> v + 1)", true, true},
                {"transform(array(1, 2), v -> v + a)", false, true},
                {"transform(array(1), v -> transform(array(2), w -> v + w))", true, true}};
    expr_bench x;
    expr_bench_init(&x);
    x.binder.allow = SQI_BIND_UNFOLDED;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sqi_bound *e = bind(&x, rows[i].text);
        ck_assert_msg(sqi_bound_foldable(e) == rows[i].foldable, "%s", rows[i].text);
        ck_assert_msg(sqi_bound_deterministic(e) == rows[i].deterministic, "%s", rows[i].text);
    }
    /* the body alone depends on its lambda's variable */
    sqi_bound *e = bind(&x, "transform(array(1, 2), v -> v + 1)");
    ck_assert(!sqi_bound_foldable(e->arg[1]->arg[0]));
    expr_bench_fini(&x);
}
END_TEST

static bool count(void *context, const sqi_bound *e)
{
    (void)e;
    return --*(int *)context > 0;
}

START_TEST(a_visit_goes_parents_first_and_stops_on_request)
{
    expr_bench x;
    expr_bench_init(&x);
    sqi_bound *e = bind(&x, "a + b * a");
    int left = 100;
    ck_assert(sqi_bound_visit(e, count, &left));
    ck_assert_int_eq(left, 95); /* two calls, three columns */
    left = 2;
    ck_assert(!sqi_bound_visit(e, count, &left));
    ck_assert_int_eq(left, 0);
    ck_assert(sqi_bound_has(e, SQI_BOUND_COLUMN));
    ck_assert(!sqi_bound_has(e, SQI_BOUND_CONST));
    expr_bench_fini(&x);
}
END_TEST

static sqi_bound *shift(void *context, const sqi_bound *e, streamq_error **err)
{
    (void)err;
    if (e->kind != SQI_BOUND_COLUMN || e->column != 0)
        return NULL;
    return sqi_bound_column(context, 3, e->type, e->nullable);
}

static sqi_bound *refuse(void *context, const sqi_bound *e, streamq_error **err)
{
    (void)context;
    if (e->kind == SQI_BOUND_COLUMN)
        sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "no");
    return NULL;
}

START_TEST(a_rewrite_copies_only_the_way_to_what_changed)
{
    expr_bench x;
    expr_bench_init(&x);
    sqi_bound *e = bind(&x, "(a + 1) * (b + 2)");
    sqi_bound *out = sqi_bound_rewrite(e, shift, &x.plan, &x.plan, NULL);
    ck_assert_ptr_ne(out, e);
    ck_assert_ptr_eq(out->arg[1], e->arg[1]);
    ck_assert_uint_eq(out->arg[0]->arg[0]->column, 3);
    ck_assert_uint_eq(e->arg[0]->arg[0]->column, 0);
    sqi_bound *other = bind(&x, "b + 2");
    ck_assert_ptr_eq(sqi_bound_rewrite(other, shift, &x.plan, &x.plan, NULL), other);
    streamq_error *err = NULL;
    ck_assert_ptr_null(sqi_bound_rewrite(e, refuse, NULL, &x.plan, &err));
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_INTERNAL_ERROR);
    sqi_error_free(err);
    ck_assert_ptr_null(sqi_bound_rewrite(e, refuse, NULL, &x.plan, NULL));
    expr_bench_fini(&x);
}
END_TEST

START_TEST(explain_shows_columns_with_their_numbers)
{
    static const expr_row rows[] = {
        {"a + 1", "(a#0 + 1)"},
        {"CAST(a AS BIGINT)", "cast(a#0 as bigint)"},
        {"a > 1 AND NOT b < 2", "((a#0 > 1) AND NOT (b#1 < 2))"},
        {"a div b", "(cast(a#0 as bigint) DIV cast(b#1 as bigint))"},
        {"CASE WHEN a > 1 THEN b ELSE 0 END", "CASE WHEN (a#0 > 1) THEN b#1 ELSE 0 END"},
        {"upper(t)", "upper(t#2)"},
        {"-a", "negative(a#0)"},
        {"transform(array(a), v -> v + 1)", "transform(array(a#0), lambda(x_0 -> (x_0 + 1)))"},
    };
    expr_bench x;
    expr_bench_init(&x);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sqi_buf text;
        sqi_buf_init(&text, &x.alloc, 0);
        ck_assert(sqi_bound_print(&text, bind(&x, rows[i].text), &schema));
        sqi_buf_byte(&text, '\0');
        ck_assert_str_eq(text.ptr, rows[i].expected);
        sqi_buf_fini(&text);
    }
    expr_bench_fini(&x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {equal_trees_mean_the_same_and_positions_do_not_count,
                                  what_depends_on_no_row_is_foldable, a_visit_goes_parents_first_and_stops_on_request,
                                  a_rewrite_copies_only_the_way_to_what_changed,
                                  explain_shows_columns_with_their_numbers};
    return sqi_test_main("expr_bound", tests, sizeof tests / sizeof *tests);
}
