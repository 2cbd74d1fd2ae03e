/* Rounding, logarithms, bits: edges that the recorded cases leave out. */
#include "expr_check.h"

START_TEST(rounding_goes_by_the_type)
{
    static const expr_row rows[] = {
        {"round(2.5D)", "double | 3.0"},
        {"round(-2.5D)", "double | -3.0"},
        {"bround(2.5D)", "double | 2.0"},
        {"round(1.005D, 2)", "double | 1.01"},
        {"round(1.005F, 2)", "float | 1.0"},
        {"round(0.285D, 2)", "double | 0.29"},
        {"round(1e-320D, 5)", "double | 0.0"},
        {"round(1.7976931348623157E308D, -300)", "double | 1.79769313E308"},
        {"round(5e-324D, 400)", "double | 4.9E-324"},
        {"round(123456789.987654321D, -400)", "double | 0.0"},
        {"round(15, -1)", "int | 20"},
        {"bround(15, -1)", "int | 20"},
        {"bround(25, -1)", "int | 20"},
        {"round(-9223372036854775807L, -30)", "bigint | 0"},
        {"round(12.3456, 2)", "decimal(5,2) | 12.35"},
        {"round(-0.005, 2)", "decimal(3,2) | -0.01"},
        {"bround(0.125, 2)", "decimal(3,2) | 0.12"},
        {"ceil(-0.5)", "decimal(1,0) | 0"},
        {"floor(-9.5, 0)", "decimal(2,0) | -10"},
        {"ceil(9223372036854775807.0D)", "ARITHMETIC_OVERFLOW"},
        {"floor(-9223372036854775808.0D)", "bigint | -9223372036854775808"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(a_scale_must_be_a_constant)
{
    expr_bench x;
    sqi_bound *e;
    streamq_error *err = NULL;
    static sqi_field fields[] = {{{"a", 1}, &sqi_type_int, true}};
    const sqi_schema schema = {1, fields};
    expr_bench_init(&x);
    ck_assert_int_ne(expr_bench_bind(&x, "round(1.5, a)", &schema, &e, &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT);
    sqi_error_free(err);
    expr_bench_fini(&x);
}
END_TEST

START_TEST(domains_are_kept)
{
    static const expr_row rows[] = {
        {"ln(0)", "double | NULL"},
        {"ln(double('NaN'))", "double | NaN"},
        {"log(2, 0)", "double | NULL"},
        {"log1p(-1)", "double | NULL"},
        {"sqrt(-1)", "double | NaN"},
        {"pow(1, double('Infinity'))", "double | NaN"},
        {"pow(double('NaN'), 0)", "double | 1.0"},
        {"factorial(20)", "bigint | 2432902008176640000"},
        {"factorial(21)", "bigint | NULL"},
        {"width_bucket(10, 0, 10, 5)", "bigint | 6"},
        {"width_bucket(10, 10, 0, 5)", "bigint | 1"},
        {"width_bucket(1, 0, 10, 9223372036854775807L)", "bigint | NULL"},
        {"signum(-0.0D)", "double | -0.0"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(bits_shift_modulo_the_width)
{
    static const expr_row rows[] = {
        {"1 << 33", "int | 2"},
        {"1L << 65", "bigint | 2"},
        {"-1 >>> 31", "int | 1"},
        {"-8 >> 1", "int | -4"},
        {"1Y << 10", "int | 1024"},
        {"7Y ^ 2S", "smallint | 5"},
        {"'6' & 3", "bigint | 2"},
        {"bit_count(-1Y)", "int | 64"},
        {"bit_get(-1, 31)", "tinyint | 1"},
        {"bit_get(1, 32)", "INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE"},
        {"1.5 | 2", "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {rounding_goes_by_the_type, a_scale_must_be_a_constant, domains_are_kept,
                                  bits_shift_modulo_the_width};
    return sqi_test_main("func_math", tests, sizeof tests / sizeof *tests);
}
