/* Spans, names and UTF-8, well-formed and not. */
#include "base_str.h"

#include "test_main.h"

START_TEST(spans_compare_by_bytes)
{
    ck_assert(sqi_span_equal(SQI_SPAN("a\0b"), SQI_SPAN("a\0b")));
    ck_assert(!sqi_span_equal(SQI_SPAN("a\0b"), SQI_SPAN("a\0c")));
    ck_assert(sqi_span_equal((sqi_span){NULL, 0}, SQI_SPAN("")));
    ck_assert(sqi_span_equal_nocase(SQI_SPAN("SELECT"), SQI_SPAN("select")));
    ck_assert(!sqi_span_equal_nocase(SQI_SPAN("\xc3\x84"), SQI_SPAN("\xc3\xa4"))); /* ASCII only */
    ck_assert(!sqi_span_equal_nocase(SQI_SPAN("@"), SQI_SPAN("`")));
    ck_assert(sqi_span_starts(SQI_SPAN("interval 1"), SQI_SPAN("interval")));
    ck_assert(sqi_span_starts(SQI_SPAN("x"), SQI_SPAN("")));
    ck_assert(!sqi_span_starts(SQI_SPAN("x"), SQI_SPAN("xy")));
    ck_assert_uint_eq(sqi_span_of(NULL).len, 0);
}
END_TEST

START_TEST(trim_takes_space_and_control_characters)
{
    sqi_span s = sqi_span_trim(SQI_SPAN("\t\n \x01 a b \x1f\r"));
    ck_assert(sqi_span_equal(s, SQI_SPAN("a b")));
    ck_assert_uint_eq(sqi_span_trim(SQI_SPAN(" \t ")).len, 0);
    ck_assert(sqi_span_equal(sqi_span_trim(SQI_SPAN("\xc2\xa0x")), SQI_SPAN("\xc2\xa0x"))); /* no-break space stays */
}
END_TEST

START_TEST(names_ignore_case_in_every_script)
{
    ck_assert(sqi_name_equal(SQI_SPAN("Count"), SQI_SPAN("cOUNT")));
    ck_assert(sqi_name_equal(SQI_SPAN("Stra\xc3\x9f"
                                      "e\xc3\x84"),
                             SQI_SPAN("stRA\xc3\x9f"
                                      "E\xc3\xa4")));
    ck_assert(sqi_name_equal(SQI_SPAN("\xce\xa9\xce\xa3"), SQI_SPAN("\xcf\x89\xcf\x82"))); /* final sigma is a sigma */
    ck_assert(sqi_name_equal(SQI_SPAN("K"), SQI_SPAN("\xe2\x84\xaa")));                    /* the Kelvin sign is a k */
    ck_assert(!sqi_name_equal(SQI_SPAN("stra\xc3\x9f"
                                       "e"),
                              SQI_SPAN("strasse")));
    ck_assert(!sqi_name_equal(SQI_SPAN("a"), SQI_SPAN("ab")));
    ck_assert(!sqi_name_equal(SQI_SPAN("\xc3\xa9"), SQI_SPAN("e")));
    ck_assert(sqi_name_equal(SQI_SPAN(""), SQI_SPAN("")));
}
END_TEST

START_TEST(malformed_names_equal_only_themselves)
{
    ck_assert(sqi_name_equal(SQI_SPAN("a\xff"), SQI_SPAN("A\xff")));
    ck_assert(!sqi_name_equal(SQI_SPAN("a\xff"), SQI_SPAN("a\xfe")));
    ck_assert(!sqi_name_equal(SQI_SPAN("a\xff"), SQI_SPAN("a\xef\xbf\xbd")));
}
END_TEST

static uint32_t decode(const char *text, size_t len, size_t *advance)
{
    const char *p = text;
    uint32_t c = sqi_utf8_next(&p, text + len);
    *advance = (size_t)(p - text);
    return c;
}

START_TEST(every_code_point_survives_a_round_trip)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 97) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        char bytes[4];
        size_t len = sqi_utf8_put(c, bytes), advance;
        ck_assert_uint_eq(decode(bytes, len, &advance), c);
        ck_assert_uint_eq(advance, len);
        ck_assert_uint_eq(sqi_utf8_char_bytes((unsigned char)bytes[0]), len);
        ck_assert(sqi_utf8_valid((sqi_span){bytes, len}));
        if (len > 1)
            ck_assert(!sqi_utf8_valid((sqi_span){bytes, len - 1}));
    }
}
END_TEST

START_TEST(malformed_bytes_decode_one_at_a_time)
{
    static const struct {
        const char *bytes;
        size_t len;
    } bad[] = {{"\x80", 1},
               {"\xc0\x80", 2},
               {"\xc1\xbf", 2},
               {"\xe0\x80\x80", 3},
               {"\xed\xa0\x80", 3},
               {"\xf0\x80\x80\x80", 4},
               {"\xf4\x90\x80\x80", 4},
               {"\xf5\x80\x80\x80", 4},
               {"\xe2\x82", 2},
               {"\xe2\x41\x41", 3},
               {"\xff", 1}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t advance;
        ck_assert_uint_eq(decode(bad[i].bytes, bad[i].len, &advance), 0xFFFD);
        ck_assert_uint_eq(advance, 1);
        ck_assert(!sqi_utf8_valid((sqi_span){bad[i].bytes, bad[i].len}));
    }
    ck_assert(sqi_utf8_valid(SQI_SPAN("\xef\xbf\xbd"))); /* U+FFFD itself is fine */
    char bytes[4];
    ck_assert_uint_eq(sqi_utf8_put(0xD800, bytes), 3); /* no code point: the replacement */
    ck_assert_mem_eq(bytes, "\xef\xbf\xbd", 3);
}
END_TEST

START_TEST(counting_looks_at_first_bytes_only)
{
    ck_assert_uint_eq(sqi_utf8_count(SQI_SPAN("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")), 4);
    ck_assert_uint_eq(sqi_utf8_count(SQI_SPAN("\xe2\x82")), 1); /* cut short */
    ck_assert_uint_eq(sqi_utf8_count(SQI_SPAN("\xe2"
                                              "abc")),
                      2);                                           /* swallows what follows */
    ck_assert_uint_eq(sqi_utf8_count(SQI_SPAN("\x80\x80\xff")), 3); /* each is one */
    ck_assert_uint_eq(sqi_utf8_count(SQI_SPAN("")), 0);
}
END_TEST

START_TEST(distance_counts_edits_without_case)
{
    ck_assert_uint_eq(sqi_name_distance(SQI_SPAN("word"), SQI_SPAN("wrod")), 2);
    ck_assert_uint_eq(sqi_name_distance(SQI_SPAN("word"), SQI_SPAN("WORDS")), 1);
    ck_assert_uint_eq(sqi_name_distance(SQI_SPAN(""), SQI_SPAN("abc")), 3);
    ck_assert_uint_eq(sqi_name_distance(SQI_SPAN("kitten"), SQI_SPAN("sitting")), 3);
    char long_name[1000];
    memset(long_name, 'a', sizeof long_name);
    ck_assert_uint_eq(sqi_name_distance((sqi_span){long_name, 1000}, (sqi_span){long_name, 900}), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {spans_compare_by_bytes,
                                  trim_takes_space_and_control_characters,
                                  names_ignore_case_in_every_script,
                                  malformed_names_equal_only_themselves,
                                  every_code_point_survives_a_round_trip,
                                  malformed_bytes_decode_one_at_a_time,
                                  counting_looks_at_first_bytes_only,
                                  distance_counts_edits_without_case};
    return sqi_test_main("base_str", tests, sizeof tests / sizeof *tests);
}
