#include <stdio.h>
#include <stdlib.h>

#include "agg_rig.h"
#include "test_main.h"

START_TEST(few_values_have_exact_quantiles_of_their_own_type)
{
    const char *list =
        "approx_percentile(v, 0.5), percentile_approx(v, array(0.0, 0.3, 1.0)), approx_percentile(v, 0.5, 100)";
    ck_assert_str_eq(sqi_agg_once("v INT", list, "5\n1\nNULL"), "1 | [1, 1, 5] | 1\n");
    ck_assert_str_eq(sqi_agg_split("v INT", list, "5\n1\nNULL--\n9\n2"), "2 | [1, 2, 9] | 2\n");
    ck_assert_str_eq(sqi_agg_once("v INT", list, "NULL"), "NULL | NULL | NULL\n");
    ck_assert_str_eq(
        sqi_agg_once("d DATE, c DECIMAL(5,2), t TIMESTAMP",
                     "approx_percentile(d, 0.5), approx_percentile(c, 0.9), approx_percentile(t, 0.0)",
                     "DATE '2024-01-01', 1.25, TIMESTAMP '2024-01-01 00:00:00'\n"
                     "DATE '2024-01-03', 7.50, TIMESTAMP '2024-01-02 00:00:00'\nDATE '2024-01-02', NULL, NULL"),
        "2024-01-02 | 7.50 | 2024-01-01 00:00:00\n");
}
END_TEST

/* With an accuracy of a hundred the answer's rank may be off by one percent. */
START_TEST(many_values_stay_within_the_error_asked_for)
{
    char *rows = malloc(8 * 20000), *at = rows;
    ck_assert_ptr_nonnull(rows);
    for (int i = 0; i < 20000; ++i)
        at += sprintf(at, "%d\n", i * 7919 % 20000);
    const char *out = sqi_agg_once("v INT", "approx_percentile(v, array(0.1, 0.5, 0.9), 100)", rows);
    int low, middle, high;
    ck_assert_int_eq(sscanf(out, "[%d, %d, %d]", &low, &middle, &high), 3);
    ck_assert_int_le(abs(low - 2000), 200);
    ck_assert_int_le(abs(middle - 10000), 200);
    ck_assert_int_le(abs(high - 18000), 200);
    free(rows);
}
END_TEST

START_TEST(the_accuracy_is_a_positive_constant)
{
    sqi_agg_refused("v INT", "percentile_approx(v, 0.5, 0)", SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE);
    sqi_agg_refused("v INT", "percentile_approx(v, 0.5, v)", SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT);
    sqi_agg_refused("v BOOLEAN", "percentile_approx(v, 0.5)", SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        few_values_have_exact_quantiles_of_their_own_type,
        many_values_stay_within_the_error_asked_for,
        the_accuracy_is_a_positive_constant,
    };
    return sqi_test_main("agg_quantile", tests, sizeof tests / sizeof *tests);
}
