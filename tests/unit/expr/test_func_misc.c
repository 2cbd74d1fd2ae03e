/* Raised errors, random numbers. */
#include "expr_check.h"

START_TEST(random_numbers_with_a_seed_are_sparks)
{
    static const expr_row rows[] = {
        {"rand(0)", "double | 0.7604953758285915"},
        {"random(0)", "double | 0.7604953758285915"},
        {"randn(0)", "double | 1.6034991609278433"},
        {"rand('x')", "CAST_INVALID_INPUT"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

static void run_over(expr_bench *x, const char *text, uint32_t n, sqi_vec *out)
{
    sqi_bound *e = NULL;
    sqi_chunk chunk = {.n = n, .rows = {NULL, n}};
    ck_assert_int_eq(expr_bench_bind(x, text, NULL, &e, NULL), STREAMQ_OK);
    ck_assert_int_eq(expr_bench_run(x, e, &chunk, out, NULL), STREAMQ_OK);
}

START_TEST(every_row_gets_a_number_of_its_own)
{
    expr_bench x;
    sqi_vec v;
    double sum = 0, square = 0;
    expr_bench_init(&x);
    run_over(&x, "rand()", 2000, &v);
    for (uint32_t i = 0; i < 2000; i++) {
        double r = SQI_AT(&v, double, i);
        ck_assert(r >= 0 && r < 1);
        sum += r;
    }
    ck_assert(sum > 900 && sum < 1100);
    run_over(&x, "randn()", 2000, &v);
    for (uint32_t i = 0; i < 2000; i++)
        square += SQI_AT(&v, double, i) * SQI_AT(&v, double, i);
    ck_assert(square > 1700 && square < 2300);
    run_over(&x, "monotonically_increasing_id()", 10, &v);
    ck_assert_int_eq(SQI_AT(&v, int64_t, 0), 0);
    ck_assert_int_eq(SQI_AT(&v, int64_t, 9), 9);
    expr_bench_fini(&x);
}
END_TEST

START_TEST(a_uuid_is_of_version_4_and_new_each_time)
{
    expr_bench x;
    sqi_vec v;
    expr_bench_init(&x);
    run_over(&x, "uuid()", 50, &v);
    for (uint32_t i = 0; i < 50; i++) {
        sqi_span s = sqi_str_span(&SQI_AT(&v, sqi_str, i));
        ck_assert_uint_eq(s.len, 36);
        ck_assert(s.ptr[8] == '-' && s.ptr[13] == '-' && s.ptr[14] == '4' && strchr("89ab", s.ptr[19]));
        for (uint32_t k = 0; k < i; k++)
            ck_assert(!sqi_str_equal(&SQI_AT(&v, sqi_str, i), &SQI_AT(&v, sqi_str, k)));
    }
    expr_bench_fini(&x);
}
END_TEST

START_TEST(errors_are_raised_with_their_message)
{
    expr_bench x;
    sqi_bound *e = NULL;
    sqi_vec v;
    streamq_error *err = NULL;
    sqi_chunk chunk = {.n = 1, .rows = {NULL, 1}};
    expr_bench_init(&x);
    ck_assert_int_eq(expr_bench_bind(&x, "assert_true(1 > 2, concat('no', ' way'))", NULL, &e, NULL), STREAMQ_OK);
    ck_assert_int_ne(expr_bench_run(&x, e, &chunk, &v, &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_USER_RAISED_EXCEPTION);
    ck_assert_str_eq(sqi_error_text(err), "no way");
    sqi_error_free(err);
    expr_check(&x, "assert_true(true)", "void | NULL");
    expr_check(&x, "raise_error(NULL)", "USER_RAISED_EXCEPTION");
    expr_bench_fini(&x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {random_numbers_with_a_seed_are_sparks, every_row_gets_a_number_of_its_own,
                                  a_uuid_is_of_version_4_and_new_each_time, errors_are_raised_with_their_message};
    return sqi_test_main("func_misc", tests, sizeof tests / sizeof *tests);
}
