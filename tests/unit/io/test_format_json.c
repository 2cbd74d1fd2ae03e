/*
 * test_format_json: what Spark answers for the cases in tests/cases/json, and the same answers however the bytes come.
 */
#include "json_case.h"
#include "test_main.h"

#include <stdio.h>

static void all_answers(json_case_way way)
{
    static const char *const files[] = {"shapes", "types", "options", "infer", "write"};
    int bad = 0, count = 0, n;
    for (size_t i = 0; i < sizeof files / sizeof *files; ++i) {
        char path[64];
        snprintf(path, sizeof path, "tests/cases/json/%s.txt", files[i]);
        bad += json_case_run(path, way, &n);
        count += n;
    }
    ck_assert_int_gt(count, 0);
    ck_assert_int_eq(bad, 0);
}

START_TEST(answers_are_spark_s)
{
    all_answers((json_case_way){0, 0});
}
END_TEST

START_TEST(a_block_of_one_byte_gives_the_same_rows)
{
    all_answers((json_case_way){1, 0});
}
END_TEST

START_TEST(blocks_of_any_size_give_the_same_rows)
{
    for (size_t block = 2; block < 48; block += 5)
        all_answers((json_case_way){block, 0});
}
END_TEST

START_TEST(chunks_of_any_size_hold_the_same_rows)
{
    all_answers((json_case_way){0, 1});
    all_answers((json_case_way){0, 2});
    all_answers((json_case_way){7, 3});
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {answers_are_spark_s, a_block_of_one_byte_gives_the_same_rows,
                                  blocks_of_any_size_give_the_same_rows, chunks_of_any_size_hold_the_same_rows};
    return sqi_test_main("format_json", tests, sizeof tests / sizeof *tests);
}
