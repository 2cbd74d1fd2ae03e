#include "agg_rig.h"
#include "test_main.h"

START_TEST(bits_are_joined_in_the_type_of_the_argument)
{
    ck_assert_str_eq(sqi_agg_split("v INT, t TINYINT, l BIGINT",
                                   "bit_and(v), bit_or(v), bit_xor(v), bit_and(t), bit_or(l)",
                                   "12, -1, 1\n10, 127, 4611686018427387904--\nNULL, NULL, NULL\n8, 1, 2"),
                     "8 | 14 | 14 | 1 | 4611686018427387907\n");
    ck_assert_str_eq(sqi_agg_once("v SMALLINT", "bit_and(v), bit_or(v), bit_xor(v)", "NULL"), "NULL | NULL | NULL\n");
}
END_TEST

START_TEST(only_integers_have_bits)
{
    sqi_agg_refused("v DOUBLE", "bit_xor(v)", SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE);
    sqi_agg_refused("v STRING", "bit_and(v)", SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        bits_are_joined_in_the_type_of_the_argument,
        only_integers_have_bits,
    };
    return sqi_test_main("agg_bit", tests, sizeof tests / sizeof *tests);
}
