/* Integers and decimals from text, and the parts of a numeral. */
#include "data_number.h"
#include "data_numeral.h"
#include "test_main.h"

#include <string.h>

static bool read_int(const char *text, int64_t min, int64_t max, int64_t *v)
{
    bool overflow;
    return sqi_number_read_int(sqi_span_of(text), min, max, v, &overflow);
}

START_TEST(integers_are_read_with_sign_zeros_and_blanks)
{
    static const struct {
        const char *text;
        int64_t value;
    } rows[] = {
        {"5", 5},
        {" 5 ", 5},
        {"\t5\n", 5},
        {"+5", 5},
        {"-5", -5},
        {"007", 7},
        {"0000000000000000000000000000005", 5},
        {"-0", 0},
        {"\x7f"
         "5",
         5},
        {"2147483647", 2147483647},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
    };
    int64_t v;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_msg(read_int(rows[i].text, INT64_MIN, INT64_MAX, &v), "'%s'", rows[i].text);
        ck_assert_int_eq(v, rows[i].value);
    }
}
END_TEST

START_TEST(what_is_no_integer_is_refused)
{
    static const char *const texts[] = {"",    " ",     "+",     "-",    "--5", "- 5",  "5.0", "5.",        ".5",
                                        "1e2", "1_000", "1,000", "0x1F", "5L",  "NULL", "5 6", "\302\2405", "\xD9\xA3"};
    int64_t v;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(!read_int(texts[i], INT64_MIN, INT64_MAX, &v), "'%s'", texts[i]);
    ck_assert(!sqi_number_read_int((sqi_span){NULL, 0}, 0, 1, &v, &(bool){false}));
}
END_TEST

START_TEST(integers_out_of_range_say_so)
{
    int64_t v;
    bool overflow;
    ck_assert(!sqi_number_read_int(SQI_SPAN("128"), INT8_MIN, INT8_MAX, &v, &overflow) && overflow);
    ck_assert(sqi_number_read_int(SQI_SPAN("-128"), INT8_MIN, INT8_MAX, &v, &overflow) && !overflow && v == -128);
    ck_assert(!sqi_number_read_int(SQI_SPAN("9223372036854775808"), INT64_MIN, INT64_MAX, &v, &overflow) && overflow);
    ck_assert(!sqi_number_read_int(SQI_SPAN("-9223372036854775809"), INT64_MIN, INT64_MAX, &v, &overflow) && overflow);
    ck_assert(!sqi_number_read_int(SQI_SPAN("99999999999999999999999"), INT64_MIN, INT64_MAX, &v, &overflow) &&
              overflow);
    ck_assert(!sqi_number_read_int(SQI_SPAN("99999999999999999999999x"), INT64_MIN, INT64_MAX, &v, &overflow));
}
END_TEST

START_TEST(decimals_keep_the_scale_they_are_written_with)
{
    static const struct {
        const char *text;
        int64_t unscaled;
        int scale;
    } rows[] = {
        {"1.50", 150, 2}, {"100", 100, 0},  {"1e3", 1, -3},         {"1.5e1", 15, 0}, {".5", 5, 1},   {"5.", 5, 0},
        {"-0.00", 0, 2},  {"00.50", 50, 2}, {"-12.345", -12345, 3}, {"1E-3", 1, 3},   {"0e5", 0, -5},
    };
    sqi_int128 v;
    int scale;
    bool overflow;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_msg(sqi_number_read_decimal(sqi_span_of(rows[i].text), &v, &scale, &overflow), "%s", rows[i].text);
        ck_assert_msg(v == rows[i].unscaled && scale == rows[i].scale, "%s", rows[i].text);
    }
    ck_assert(sqi_number_read_decimal(SQI_SPAN("0.12345678901234567890123456789012345678"), &v, &scale, &overflow));
    ck_assert_int_eq(scale, 38);
    ck_assert(!sqi_number_read_decimal(SQI_SPAN("123456789012345678901234567890123456789"), &v, &scale, &overflow));
    ck_assert(overflow);
    ck_assert(!sqi_number_read_decimal(SQI_SPAN("1.5x"), &v, &scale, &overflow) && !overflow);
}
END_TEST

typedef struct as_row {
    const char *text;
    int precision, scale;
    sqi_decimal_read read;
    int64_t unscaled;
} as_row;

START_TEST(decimals_of_a_type_are_rounded_once_or_refused)
{
    static const as_row rows[] = {
        {"1.25", 3, 1, SQI_DECIMAL_READ_OK, 13},
        {" -1.25 ", 3, 1, SQI_DECIMAL_READ_OK, -13},
        {"1.249999999999999999999999999999999999999999999999", 3, 1, SQI_DECIMAL_READ_OK, 12},
        {"1.25000000000000000000000000000000000000000000000000001", 3, 1, SQI_DECIMAL_READ_OK, 13},
        {"0.04999999999999999999999999999999999999999999999", 2, 1, SQI_DECIMAL_READ_OK, 0},
        {"0.05", 2, 1, SQI_DECIMAL_READ_OK, 1},
        {"1e2", 5, 1, SQI_DECIMAL_READ_OK, 1000},
        {"1.5E-3", 5, 4, SQI_DECIMAL_READ_OK, 15},
        {"+.5", 5, 1, SQI_DECIMAL_READ_OK, 5},
        {"5.", 5, 1, SQI_DECIMAL_READ_OK, 50},
        {"9.95", 2, 1, SQI_DECIMAL_READ_PRECISION, 0},
        {"9.94", 2, 1, SQI_DECIMAL_READ_OK, 99},
        {"12345", 4, 0, SQI_DECIMAL_READ_PRECISION, 0},
        {"1e40", 38, 0, SQI_DECIMAL_READ_RANGE, 0},
        {"1e37", 38, 38, SQI_DECIMAL_READ_PRECISION, 0},
        {"0e40", 38, 0, SQI_DECIMAL_READ_RANGE, 0},
        {"0e30", 38, 0, SQI_DECIMAL_READ_OK, 0},
        {"1e-400", 38, 38, SQI_DECIMAL_READ_OK, 0},
        {"1e-99999999999999999999", 38, 38, SQI_DECIMAL_READ_OK, 0},
        {"1e99999999999999999999", 38, 0, SQI_DECIMAL_READ_RANGE, 0},
        {"", 5, 1, SQI_DECIMAL_READ_MALFORMED, 0},
        {"abc", 5, 1, SQI_DECIMAL_READ_MALFORMED, 0},
        {"1,000", 5, 1, SQI_DECIMAL_READ_MALFORMED, 0},
        {"NaN", 5, 1, SQI_DECIMAL_READ_MALFORMED, 0},
        {"1e", 5, 1, SQI_DECIMAL_READ_MALFORMED, 0},
        {".", 5, 1, SQI_DECIMAL_READ_MALFORMED, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sqi_int128 v;
        const as_row *r = &rows[i];
        ck_assert_msg(sqi_number_read_decimal_as(sqi_span_of(r->text), r->precision, r->scale, &v) == r->read, "'%s'",
                      r->text);
        if (r->read == SQI_DECIMAL_READ_OK)
            ck_assert_msg(v == r->unscaled, "'%s'", r->text);
    }
}
END_TEST

START_TEST(the_parts_of_a_numeral_are_found)
{
    sqi_numeral n;
    sqi_span s = SQI_SPAN("-0012.50e3x");
    ck_assert(sqi_numeral_scan(s, &n));
    ck_assert(n.negative);
    ck_assert(n.digits == s.ptr + 3 && n.digits_end == s.ptr + 8);
    ck_assert_int_eq(n.point, 5);  /* 0.1250 * 10^5 */
    ck_assert_int_eq(n.scale, -1); /* two digits behind the point, three forward */
    ck_assert_ptr_eq(n.end, s.ptr + 10);
    ck_assert(sqi_numeral_scan(SQI_SPAN("0.0004"), &n));
    ck_assert_int_eq(n.point, -3);
    ck_assert(!sqi_numeral_scan(SQI_SPAN("."), &n) && !sqi_numeral_scan(SQI_SPAN("-e3"), &n));
    ck_assert(sqi_span_equal(sqi_numeral_trim(SQI_SPAN(" \t\r\n\x01 a b \x7f")), SQI_SPAN("a b")));
    ck_assert_uint_eq(sqi_numeral_trim(SQI_SPAN("   ")).len, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        integers_are_read_with_sign_zeros_and_blanks,
        what_is_no_integer_is_refused,
        integers_out_of_range_say_so,
        decimals_keep_the_scale_they_are_written_with,
        decimals_of_a_type_are_rounded_once_or_refused,
        the_parts_of_a_numeral_are_found,
    };
    return sqi_test_main("data_numeral", tests, sizeof tests / sizeof *tests);
}
