/* Hexadecimal digits: every byte as a digit, bytes of even and odd numbers of digits. */
#include "base_hex.h"

#include "test_main.h"

START_TEST(only_the_twenty_two_digits_are_digits)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    for (int c = -128; c < 128; c++) {
        const char *at = c ? strchr(digits, c) : NULL;
        int value = !at ? -1 : at - digits < 16 ? (int)(at - digits) : (int)(at - digits) - 6;
        ck_assert_int_eq(sqi_hex_digit((char)c), value);
    }
}
END_TEST

START_TEST(digits_are_bytes_with_a_zero_before_an_odd_number)
{
    char to[6] = "!!!!!";
    ck_assert(sqi_hex_read(SQI_SPAN("00fFA5"), to));
    ck_assert_mem_eq(to, "\x00\xff\xa5!!", 5);
    ck_assert(sqi_hex_read(SQI_SPAN("1f0"), to));
    ck_assert_mem_eq(to, "\x01\xf0\xa5!!", 5);
    ck_assert(sqi_hex_read(SQI_SPAN("7"), to));
    ck_assert_mem_eq(to, "\x07\xf0\xa5!!", 5);
    ck_assert(sqi_hex_read((sqi_span){NULL, 0}, to));
}
END_TEST

START_TEST(anything_else_is_refused)
{
    char to[4];
    ck_assert(!sqi_hex_read(SQI_SPAN("g0"), to));
    ck_assert(!sqi_hex_read(SQI_SPAN("0g"), to));
    ck_assert(!sqi_hex_read(SQI_SPAN("0x1"), to));
    ck_assert(!sqi_hex_read(SQI_SPAN(" 1"), to));
    ck_assert(!sqi_hex_read(SQI_SPAN("-1"), to));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {only_the_twenty_two_digits_are_digits,
                                  digits_are_bytes_with_a_zero_before_an_odd_number, anything_else_is_refused};
    return sqi_test_main("base_hex", tests, sizeof tests / sizeof *tests);
}
