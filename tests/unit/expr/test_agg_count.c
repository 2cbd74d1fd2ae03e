#include "agg_rig.h"
#include "test_main.h"

START_TEST(count_of_a_column_leaves_nulls_out)
{
    ck_assert_str_eq(sqi_agg_once("a INT, b INT", "count(*), count(1), count(a), count(a, b), count(NULL)",
                                  "1, NULL\nNULL, 1\n3, 1\nNULL, NULL"),
                     "4 | 4 | 2 | 1 | 0\n");
}
END_TEST

START_TEST(count_if_counts_what_is_true)
{
    ck_assert_str_eq(sqi_agg_split("v INT", "count_if(v > 1), count_if(v IS NULL)", "1\n2\nNULL--\n3"), "2 | 1\n");
}
END_TEST

START_TEST(counts_go_on_over_batches_and_groups)
{
    sqi_agg_open("k STRING", "k", "count(*)");
    ck_assert_str_eq(sqi_agg_batch("'a'\n'b'\n'a'"), "a | 2\nb | 1\n");
    ck_assert_str_eq(sqi_agg_batch("'c'\n'a'"), "c | 1\na | 3\n");
    sqi_agg_close();
}
END_TEST

START_TEST(what_does_not_fit_is_refused)
{
    sqi_agg_refused("v INT", "count()", SQI_COND_WRONG_NUM_ARGS__WITH_SUGGESTION);
    sqi_agg_refused("v INT", "count_if(v)", SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        count_of_a_column_leaves_nulls_out,
        count_if_counts_what_is_true,
        counts_go_on_over_batches_and_groups,
        what_does_not_fit_is_refused,
    };
    return sqi_test_main("agg_count", tests, sizeof tests / sizeof *tests);
}
