/* Malformed UTF-8 as Java's decoder replaces it. Expected texts were taken from a Java 17 String(bytes, UTF_8). */
#include "io_utf8.h"

#include "test_main.h"

#define R "\xef\xbf\xbd"

static void assert_repairs(const char *bytes, size_t len, const char *expected)
{
    char to[200];
    size_t n = sqi_io_utf8_repair((sqi_span){bytes, len}, to);
    ck_assert_uint_eq(n, strlen(expected));
    ck_assert_mem_eq(to, expected, n);
    ck_assert(sqi_utf8_valid((sqi_span){to, n}));
    ck_assert(!sqi_io_utf8_clean((sqi_span){bytes, len}));
}

START_TEST(one_replacement_stands_for_what_java_says)
{
    assert_repairs("\xff"
                   "A",
                   2, R "A");
    assert_repairs("\x80\x80", 2, R R);
    assert_repairs("\xc0\x80", 2, R R);
    assert_repairs("\xc3", 1, R);
    assert_repairs("\xc3(", 2, R "(");
    assert_repairs("\xe2\x82", 2, R); /* cut short at the end */
    assert_repairs("\xe2\x82"
                   "A",
                   3, R "A"); /* and before something else */
    assert_repairs("\xe2"
                   "AB",
                   3, R "AB");
    assert_repairs("\xe0\x80\x80", 3, R R R);
    assert_repairs("\xed\xa0\x80", 3, R); /* a surrogate */
    assert_repairs("\xf0\x9f\x98", 3, R);
    assert_repairs("\xf0\x9f"
                   "A",
                   3, R "A");
    assert_repairs("\xf0\x9f\x98"
                   "A",
                   4, R "A");
    assert_repairs("\xf0\x80\x80\x80", 4, R R R R);
    assert_repairs("\xf4\x90\x80\x80", 4, R R R R);
    assert_repairs("\xf5\x80\x80\x80", 4, R R R R);
}
END_TEST

START_TEST(well_formed_text_is_clean_and_unchanged)
{
    const char *texts[] = {
        "", "plain", "eight888", "nine 9999 and more", "\xc3\xa9", "eightabc\xe2\x82\xac and \xf0\x9f\x98\x80", R};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char to[200];
        sqi_span s = sqi_span_of(texts[i]);
        ck_assert(sqi_io_utf8_clean(s));
        ck_assert_uint_eq(sqi_io_utf8_repair(s, to), s.len);
        ck_assert_mem_eq(to, s.ptr, s.len);
    }
    ck_assert(!sqi_io_utf8_clean(SQI_SPAN("12345678"
                                          "1234567\xff")));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {one_replacement_stands_for_what_java_says, well_formed_text_is_clean_and_unchanged};
    return sqi_test_main("io_utf8", tests, sizeof tests / sizeof *tests);
}
