/* Numbers in other bases: answers of Spark. */
#include "expr_check.h"

START_TEST(bases)
{
    static const expr_row rows[] = {
        {"conv('9223372036854775808',10,-10)", "string | -9223372036854775808"},
        {"conv('-9223372036854775809',10,-10)", "string | -9223372036854775807"},
        {"conv('-9223372036854775809',10,16)", "string | FFFFFFFFFFFFFFFF"},
        {"conv('7',8,10)", "string | 7"},
        {"conv('8',8,10)", "string | 0"},
        {"conv('ZZ',16,10)", "string | 0"},
        {"conv('+5',10,10)", "string | 0"},
        {"conv('1.9',10,2)", "string | 1"},
        {"conv('10',-2,10)", "string | NULL"},
        {"conv('10',2,-2)", "string | 10"},
        {"conv('--1',10,10)", "string | 0"},
        {"conv('-18446744073709551615',10,16)", "string | FFFFFFFFFFFFFFFF"},
        {"conv('-18446744073709551616',10,16)", "ARITHMETIC_OVERFLOW"},
        {"bin('13')", "string | 1101"},
        {"hex(1.9)", "string | 1"},
        {"hex(true)", "string | 74727565"},
        {"hex(DATE '2024-01-01')", "string | 323032342D30312D3031"},
        {"unhex('1')", "binary | \x01"},
        {"unhex(' 1')", "binary | NULL"},
        {"bin(true)", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"hex(9223372036854775808)", "CAST_OVERFLOW"},
        {"hex('5' + 0)", "string | 5"},
        {"conv(10.5D,10,16)", "string | A"},
        {"bin(13)", "string | 1101"},
        {"bin(-13)", "string | 1111111111111111111111111111111111111111111111111111111111110011"},
        {"bin(0)", "string | 0"},
        {"bin(NULL)", "string | NULL"},
        {"bin(13.9)", "string | 1101"},
        {"hex(17)", "string | 11"},
        {"hex(-1)", "string | FFFFFFFFFFFFFFFF"},
        {"hex(0)", "string | 0"},
        {"hex('Spark SQL')", "string | 537061726B2053514C"},
        {"hex(X'00FF')", "string | 00FF"},
        {"hex('')", "string | "},
        {"hex(NULL)", "string | NULL"},
        {"hex(1.5D)", "string | 1"},
        {"hex('\xC3\xA9')", "string | C3A9"},
        {"unhex('537061726B')", "binary | Spark"},
        {"hex(unhex('F'))", "string | 0F"},
        {"hex(unhex('abc'))", "string | 0ABC"},
        {"unhex('GG')", "binary | NULL"},
        {"hex(unhex(''))", "string | "},
        {"unhex(NULL)", "binary | NULL"},
        {"conv('100', 2, 10)", "string | 4"},
        {"conv(-10, 16, -10)", "string | -16"},
        {"conv('ff', 16, 10)", "string | 255"},
        {"conv('FF', 16, 2)", "string | 11111111"},
        {"conv('zz', 36, 10)", "string | 1295"},
        {"conv('12x4', 10, 16)", "string | C"},
        {"conv('x', 10, 16)", "string | 0"},
        {"conv('', 10, 16)", "string | NULL"},
        {"conv('-1', 10, 16)", "string | FFFFFFFFFFFFFFFF"},
        {"conv('-1', 10, -16)", "string | -1"},
        {"conv('18446744073709551615', 10, 16)", "string | FFFFFFFFFFFFFFFF"},
        {"conv('18446744073709551616', 10, 16)", "ARITHMETIC_OVERFLOW"},
        {"conv('10', 1, 10)", "string | NULL"},
        {"conv('10', 10, 37)", "string | NULL"},
        {"conv(NULL, 10, 2)", "string | NULL"},
        {"conv('10', NULL, 2)", "string | NULL"},
        {"conv(' 15', 10, 16)", "string | F"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {bases};
    return sqi_test_main("func_number_text", tests, sizeof tests / sizeof *tests);
}
