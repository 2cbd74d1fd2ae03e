/* The list of conditions: complete, sorted, well-formed. */
#include "base_cond.h"

#include <ctype.h>
#include <string.h>

#include "test_main.h"

START_TEST(rows_are_sorted_by_name_and_unique)
{
    for (int c = 2; c < SQI_COND_COUNT_; c++)
        ck_assert_msg(strcmp(sqi_cond_name((sqi_cond)(c - 1)), sqi_cond_name((sqi_cond)c)) < 0, "%s before %s",
                      sqi_cond_name((sqi_cond)(c - 1)), sqi_cond_name((sqi_cond)c));
}
END_TEST

START_TEST(every_row_has_a_state_a_status_and_a_meaning)
{
    for (int c = 1; c < SQI_COND_COUNT_; c++) {
        const char *name = sqi_cond_name((sqi_cond)c), *state = sqi_cond_sqlstate((sqi_cond)c);
        const char *text = sqi_cond_text((sqi_cond)c);
        ck_assert_msg(strlen(state) == 5, "%s", name);
        for (int i = 0; i < 5; i++)
            ck_assert_msg(isdigit((unsigned char)state[i]) || isupper((unsigned char)state[i]), "%s", name);
        ck_assert_msg(sqi_cond_status((sqi_cond)c) != STREAMQ_OK, "%s", name);
        ck_assert_msg(strlen(text) > 20 && text[strlen(text) - 1] == '.', "%s: '%s'", name, text);
        ck_assert_msg(!strchr(text, '\n'), "%s", name);
    }
}
END_TEST

START_TEST(spark_conditions_have_their_names_and_states)
{
    ck_assert_str_eq(sqi_cond_name(SQI_COND_DIVIDE_BY_ZERO), "DIVIDE_BY_ZERO");
    ck_assert_str_eq(sqi_cond_sqlstate(SQI_COND_DIVIDE_BY_ZERO), "22012");
    ck_assert_int_eq(sqi_cond_status(SQI_COND_DIVIDE_BY_ZERO), STREAMQ_ERR_DATA);
    ck_assert_str_eq(sqi_cond_name(SQI_COND_UNRESOLVED_COLUMN__WITH_SUGGESTION), "UNRESOLVED_COLUMN.WITH_SUGGESTION");
}
END_TEST

START_TEST(numbers_outside_the_list_read_as_no_error)
{
    ck_assert_str_eq(sqi_cond_name(SQI_COND_NONE), "");
    ck_assert_int_eq(sqi_cond_status(SQI_COND_NONE), STREAMQ_OK);
    ck_assert_str_eq(sqi_cond_name(SQI_COND_COUNT_), "");
    ck_assert_str_eq(sqi_cond_text((sqi_cond)-1), "");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {rows_are_sorted_by_name_and_unique, every_row_has_a_state_a_status_and_a_meaning,
                                  spark_conditions_have_their_names_and_states,
                                  numbers_outside_the_list_read_as_no_error};
    return sqi_test_main("base_cond", tests, sizeof tests / sizeof *tests);
}
