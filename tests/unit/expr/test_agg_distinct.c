#include <stdio.h>

#include "agg_rig.h"
#include "test_main.h"

START_TEST(a_handful_of_values_is_counted_exactly)
{
    sqi_agg_open("k INT, v STRING", "k", "approx_count_distinct(v)");
    ck_assert_str_eq(sqi_agg_batch("1, 'a'\n1, 'b'\n1, 'a'\n1, NULL\n2, NULL"), "1 | 2\n2 | 0\n");
    ck_assert_str_eq(sqi_agg_batch("1, 'c'\n1, 'a'"), "1 | 3\n");
    sqi_agg_close();
    ck_assert_str_eq(sqi_agg_once("v DOUBLE", "approx_count_distinct(v)", "0.0D\n-0.0D\nDOUBLE('NaN')"), "2\n");
}
END_TEST

static const char *of_numbers(int n, const char *type, const char *call)
{
    static char rows[8 * 5001];
    char *at = rows;
    for (int i = 0; i < n; ++i)
        at += sprintf(at, "%d\n", i);
    return sqi_agg_once(type, call, rows);
}

/* Recorded from Spark over range(n). */
START_TEST(estimates_are_those_of_spark)
{
    const char *list = "approx_count_distinct(v), approx_count_distinct(v, 0.1), approx_count_distinct(v, 0.02), "
                       "approx_count_distinct(v, 0.2), approx_count_distinct(CAST(v AS STRING)), "
                       "approx_count_distinct(CAST(v AS INT)), approx_count_distinct(CAST(v AS DOUBLE)), "
                       "approx_count_distinct(CAST(v AS DECIMAL(20,2)))";
    ck_assert_str_eq(of_numbers(300, "v BIGINT", list), "296 | 274 | 300 | 314 | 296 | 295 | 298 | 313\n");
    ck_assert_str_eq(of_numbers(600, "v BIGINT", "approx_count_distinct(v), approx_count_distinct(CAST(v AS DOUBLE))"),
                     "612 | 629\n");
    ck_assert_str_eq(of_numbers(5000, "v BIGINT", "approx_count_distinct(v), approx_count_distinct(v, 0.02)"),
                     "4671 | 4908\n");
}
END_TEST

START_TEST(the_error_allowed_has_bounds)
{
    sqi_agg_refused("v INT", "approx_count_distinct(v, 0.5)", SQI_COND_FAILED_FUNCTION_CALL);
    sqi_agg_refused("v INT", "approx_count_distinct(v, 0.0)", SQI_COND_FAILED_FUNCTION_CALL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_handful_of_values_is_counted_exactly,
        estimates_are_those_of_spark,
        the_error_allowed_has_bounds,
    };
    return sqi_test_main("agg_distinct", tests, sizeof tests / sizeof *tests);
}
