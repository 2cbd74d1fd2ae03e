/* Constants: numbers, texts, typed literals. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(integers_take_the_smallest_type_from_int_on)
{
    static const sql_rig_row rows[] = {
        {"0", "0"},
        {"007", "7"},
        {"2147483647", "2147483647"},
        {"2147483648", "[bigint 2147483648]"},
        {"-2147483648", "-2147483648"},
        {"-2147483649", "[bigint -2147483649]"},
        {"9223372036854775808", "[decimal(19,0) 9223372036854775808]"},
        {"-9223372036854775808", "[bigint -9223372036854775808]"},
        {"99999999999999999999999999999999999999", "[decimal(38,0) 99999999999999999999999999999999999999]"},
        {"999999999999999999999999999999999999999", "!DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION 0-39"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(suffixes_name_the_type)
{
    static const sql_rig_row rows[] = {
        {"127y", "[tinyint 127]"},
        {"128Y", "!INVALID_NUMERIC_LITERAL_RANGE 0-4"},
        {"-128Y", "[tinyint -128]"},
        {"-129Y", "!INVALID_NUMERIC_LITERAL_RANGE 0-5"},
        {"32767S", "[smallint 32767]"},
        {"32768S", "!INVALID_NUMERIC_LITERAL_RANGE 0-6"},
        {"9223372036854775807L", "[bigint 9223372036854775807]"},
        {"9223372036854775808L", "!INVALID_NUMERIC_LITERAL_RANGE 0-20"},
        {"-9223372036854775808L", "[bigint -9223372036854775808]"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(points_make_decimals_exponents_make_doubles)
{
    static const sql_rig_row rows[] = {
        {"1.5", "[decimal(2,1) 1.5]"},
        {".5", "[decimal(1,1) 0.5]"},
        {"5.", "[decimal(1,0) 5]"},
        {"0.00", "[decimal(2,2) 0.00]"},
        {"1.50", "[decimal(3,2) 1.50]"},
        {"1e3", "[double 1000.0]"},
        {"1.5E-3", "[double 0.0015]"},
        {"1e400", "!INVALID_NUMERIC_LITERAL_RANGE 0-5"},
        {"-1e400", "!INVALID_NUMERIC_LITERAL_RANGE 0-6"},
        {"1e-400", "[double 0.0]"},
        {"1.1f", "[float 1.1]"},
        {"3.5e38F", "!INVALID_NUMERIC_LITERAL_RANGE 0-7"},
        {"1e3D", "[double 1000.0]"},
        {"1.50BD", "[decimal(3,2) 1.50]"},
        {"1e2BD", "[decimal(3,0) 100]"},
        {"1e-39BD", "!DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION 0-7"},
        {"1e40BD", "!DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION 0-6"},
        {"12345678901234567890123456789012345678.9", "!DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION 0-40"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(what_is_no_number)
{
    static const sql_rig_row rows[] = {
        {"1.5L", "!PARSE_SYNTAX_ERROR 2-4"},
        {"1.5.5", "!PARSE_SYNTAX_ERROR 3-5"},
        {"1e", "1e"},
        {"0x1F", "0x1F"},
        {"1_000", "1_000"},
        {"- 5", "-5"},
        {"-  1.5", "[decimal(2,1) -1.5]"},
        {"1 2", "!PARSE_SYNTAX_ERROR 2-3"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(constants_by_name)
{
    static const sql_rig_row rows[] = {
        {"NULL", "NULL"},
        {"TRUE", "true"},
        {"false", "false"},
        {"null(1)", "null(1)"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(neighbouring_texts_are_one)
{
    static const sql_rig_row rows[] = {
        {"'a' 'b' \"c\"", "'abc'"},
        {"'a' r'\\b'", "'a\\\\b'"},
        {"a 'b'", "!UNSUPPORTED_TYPED_LITERAL 0-5"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(typed_literals)
{
    static const sql_rig_row rows[] = {
        {"DATE '2024-02-29'", "DATE '2024-02-29'"},
        {"date'2024'", "DATE '2024-01-01'"},
        {"DATE '2024-13-01'", "!INVALID_TYPED_LITERAL 0-17"},
        {"DATE 'epoch'", "DATE '1970-01-01'"},
        {"DATE ' Today '", "DATE '1970-01-01'"}, /* the rig's clock stands at 0 */
        {"DATE 'now'", "DATE '1970-01-01'"},
        {"DATE 'tomorrow'", "DATE '1970-01-02'"},
        {"DATE 'yesterday UTC'", "DATE '1969-12-31'"},
        {"DATE 'today Nowhere/No'", "!INVALID_TYPED_LITERAL 0-23"},
        {"DATE 'now UTC'", "!INVALID_TYPED_LITERAL 0-14"},
        {"DATE 'todayish'", "!INVALID_TYPED_LITERAL 0-15"},
        {"TIMESTAMP 'NOW'", "TIMESTAMP '1970-01-01 00:00:00'"},
        {"TIMESTAMP 'tomorrow'", "TIMESTAMP '1970-01-02 00:00:00'"},
        {"TIMESTAMP 'epoch UTC'", "TIMESTAMP '1970-01-01 00:00:00'"},
        {"TIMESTAMP 'T10:20'", "TIMESTAMP '1970-01-01 10:20:00'"},
        {"TIMESTAMP '10:20:30.5'", "TIMESTAMP '1970-01-01 10:20:30.5'"},
        {"TIMESTAMP_NTZ 'yesterday'", "TIMESTAMP_NTZ '1969-12-31 00:00:00'"},
        {"TIMESTAMP_NTZ '10:20'", "!INVALID_TYPED_LITERAL 0-21"},
        {"TIMESTAMP '2024-01-01 10:20:30.5'", "TIMESTAMP '2024-01-01 10:20:30.5'"},
        {"TIMESTAMP '2024-01-01 10:20:30+02:00'", "TIMESTAMP '2024-01-01 08:20:30'"},
        {"TIMESTAMP 'x'", "!INVALID_TYPED_LITERAL 0-13"},
        {"TIMESTAMP_LTZ '2024-01-01'", "TIMESTAMP '2024-01-01 00:00:00'"},
        {"TIMESTAMP_NTZ '2024-01-01 00:00:00'", "TIMESTAMP_NTZ '2024-01-01 00:00:00'"},
        {"TIME '12:00'", "!UNSUPPORTED_TIME_TYPE 0-12"},
        {"X'1F'", "X'1F'"},
        {"x'1f2'", "X'01F2'"},
        {"X''", "X''"},
        {"X'zz'", "!INVALID_TYPED_LITERAL 0-5"},
        {"FOO 'x'", "!UNSUPPORTED_TYPED_LITERAL 0-7"},
        {"DATE '2024-01-01' 'x'", "!PARSE_SYNTAX_ERROR 18-21"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(a_syntax_error_comes_before_a_wrong_value)
{
    static const sql_rig_row rows[] = {
        {"DATE '2024-13-01' +", "!PARSE_SYNTAX_ERROR 19-19"},
        {"300Y + größe", "!INVALID_IDENTIFIER 7-14"},
        {"DATE 'x' + TIMESTAMP 'y'", "!INVALID_TYPED_LITERAL 0-8"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        integers_take_the_smallest_type_from_int_on,
        suffixes_name_the_type,
        points_make_decimals_exponents_make_doubles,
        what_is_no_number,
        constants_by_name,
        neighbouring_texts_are_one,
        typed_literals,
        a_syntax_error_comes_before_a_wrong_value,
    };
    return sqi_test_main("expr_parse_literal", tests, sizeof tests / sizeof *tests);
}
