/* CASE and IF over all rows (blended) against the same over a list of all rows (split row by row). */
#include "expr_check.h"

enum { N = 150 };

typedef struct data {
    int32_t a[N];
    int64_t b[N];
    double x[N];
    uint64_t valid[3];
    uint32_t all[N];
    sqi_vec col[4];
} data;

static sqi_field fields[] = {{{"a", 1}, &sqi_type_int, true},
                             {{"b", 1}, &sqi_type_bigint, true},
                             {{"x", 1}, &sqi_type_double, true},
                             {{"q", 1}, &sqi_type_bigint, true}}; /* b with nulls */

static void make(data *d)
{
    for (uint32_t i = 0; i < N; i++) {
        d->a[i] = (int32_t)(i * 37 % 101) - 20;
        d->b[i] = (int64_t)i * 1000003 - 77;
        d->x[i] = i / 4.0;
        d->all[i] = i;
    }
    d->b[N - 1] = INT64_MAX;
    for (int w = 0; w < 3; w++)
        d->valid[w] = UINT64_C(0xf7f0ff3355aa9999) >> w;
    d->col[0] = (sqi_vec){.type = &sqi_type_int, .data = d->a, .mask = UINT32_MAX};
    d->col[1] = (sqi_vec){.type = &sqi_type_bigint, .data = d->b, .mask = UINT32_MAX};
    d->col[2] = (sqi_vec){.type = &sqi_type_double, .data = d->x, .mask = UINT32_MAX};
    d->col[3] = (sqi_vec){.type = &sqi_type_bigint, .data = d->b, .mask = UINT32_MAX, .valid = d->valid};
}

static void check_same(const char *text, const sqi_vec *one, const sqi_vec *other)
{
    for (uint32_t i = 0; i < N; i++) {
        bool there = sqi_vec_valid(one, i);
        ck_assert_msg(there == sqi_vec_valid(other, i), "%s: null at %u", text, (unsigned)i);
        if (!there)
            continue;
        if (sqi_type_width(one->type) == 4)
            ck_assert_msg(SQI_AT(one, int32_t, i) == SQI_AT(other, int32_t, i), "%s at %u", text, (unsigned)i);
        else
            ck_assert_msg(SQI_AT(one, int64_t, i) == SQI_AT(other, int64_t, i), "%s at %u", text, (unsigned)i);
    }
}

/* Both ways, twice each: a program that met a failing branch goes the lazy way from then on. */
static void check(expr_bench *x, data *d, const char *text, streamq_status expected)
{
    const sqi_schema schema = {4, fields};
    sqi_bound *e = NULL;
    sqi_prog *prog = NULL, *split = NULL;
    sqi_vec one, other;
    sqi_chunk chunk = {.n = N, .ncol = 4, .rows = {NULL, N}, .col = d->col};
    ck_assert_msg(expr_bench_bind(x, text, &schema, &e, NULL) == STREAMQ_OK, "%s does not bind", text);
    ck_assert_int_eq(sqi_prog_new(&prog, &e, 1, &x->eval, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_prog_new(&split, &e, 1, &x->eval, NULL), STREAMQ_OK);
    for (int time = 0; time < 2; time++) {
        chunk.rows.sel = NULL;
        ck_assert_msg(sqi_prog_run(prog, &x->eval, &chunk, &one, NULL) == expected, "%s", text);
        chunk.rows.sel = d->all;
        ck_assert_msg(sqi_prog_run(split, &x->eval, &chunk, &other, NULL) == expected, "%s, split", text);
        if (expected == STREAMQ_OK)
            check_same(text, &one, &other);
    }
    sqi_prog_free(prog);
    sqi_prog_free(split);
}

static void check_all(const char *const *text, size_t n, streamq_status expected)
{
    expr_bench x;
    data d;
    make(&d);
    expr_bench_init(&x);
    for (size_t i = 0; i < n; i++)
        check(&x, &d, text[i], expected);
    expr_bench_fini(&x);
    ck_assert_uint_eq(atomic_load(&x.alloc.used), 0);
}

START_TEST(blended_branches_are_the_split_ones)
{
    static const char *const text[] = {
        "CASE WHEN a < 10 THEN b WHEN a < 40 THEN b - 2 ELSE b + -7 END",
        "CASE WHEN a < 10 THEN 1 WHEN a < 40 THEN a ELSE 3 END",
        "CASE WHEN q < 90000000 THEN 1 WHEN a < 40 THEN a END", /* a null condition, no ELSE */
        "CASE WHEN a < 10 THEN q WHEN NOT (a < 40) THEN b ELSE NULL END",
        "CASE WHEN a < 10 THEN q WHEN a < 40 THEN NULL ELSE b END",
        "CASE WHEN a < 10 THEN x WHEN a < 40 THEN x * 2 ELSE -1D END",
        "CASE WHEN a < 10 THEN a ELSE b END",
        "CASE WHEN a < -50 THEN q WHEN a < -40 THEN b END", /* all rows are null */
        "CASE WHEN CAST(NULL AS BOOLEAN) THEN b WHEN a = 3 THEN q ELSE 5L END",
        "CASE WHEN a < 1 THEN 1 WHEN a < 2 THEN 2 WHEN a < 3 THEN 3 WHEN a < 4 THEN 4 ELSE 5 END",
        "CASE WHEN a < 1 THEN 1 WHEN a < 2 THEN 2 WHEN a < 3 THEN 3 WHEN a < 4 THEN 4 WHEN a < 5 THEN 5 END",
        "if(a < 10, b, q)",
        "nvl2(q, a, 7)",
        "nullif(a, 3)",
    };
    check_all(text, sizeof text / sizeof *text, STREAMQ_OK);
}
END_TEST

/* INT64_MAX stands in the last row only. */
START_TEST(a_branch_fails_only_for_rows_that_take_it)
{
    static const char *const fine[] = {
        "CASE WHEN b < 9223372036854775807 THEN b * 2 ELSE b END",
        "CASE WHEN b = 9223372036854775807 THEN 0 WHEN b + 1 < 5000 THEN b ELSE b + 1 END",
        "if(b = 9223372036854775807, q, q + 1)",
    };
    static const char *const bad[] = {
        "CASE WHEN b < 9223372036854775807 THEN b ELSE b * 2 END",
        "CASE WHEN b + 1 < 5000 THEN b ELSE 1 END",
    };
    check_all(fine, sizeof fine / sizeof *fine, STREAMQ_OK);
    check_all(bad, sizeof bad / sizeof *bad, STREAMQ_ERR_DATA);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {blended_branches_are_the_split_ones, a_branch_fails_only_for_rows_that_take_it};
    return sqi_test_main("func_blend", tests, sizeof tests / sizeof *tests);
}
