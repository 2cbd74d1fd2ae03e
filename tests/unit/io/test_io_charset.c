/* Character sets as Java reads and writes them. */
#include "io_charset.h"

#include "base_alloc.h"
#include "test_main.h"

static sqi_alloc alloc;

static const char *text_of(sqi_charset charset, const char *bytes, size_t len)
{
    static char text[64];
    sqi_buf b;
    sqi_alloc_init(&alloc);
    sqi_buf_init(&b, &alloc, 0);
    ck_assert(sqi_io_charset_text(charset, (sqi_span){bytes, len}, &b));
    ck_assert_uint_lt(b.len, sizeof text);
    if (b.len)
        memcpy(text, b.ptr, b.len);
    text[b.len] = '\0';
    sqi_buf_fini(&b);
    return text;
}

START_TEST(what_is_malformed_becomes_one_replacement_for_each_piece)
{
    ck_assert_str_eq(text_of(SQI_CHARSET_UTF8, "a\xff\xc3", 3), "a\xef\xbf\xbd\xef\xbf\xbd");
    ck_assert_str_eq(text_of(SQI_CHARSET_ASCII, "a\xe9", 2), "a\xef\xbf\xbd");
    ck_assert_str_eq(text_of(SQI_CHARSET_LATIN1, "a\xe9", 2), "a\xc3\xa9");
    ck_assert_str_eq(text_of(SQI_CHARSET_UTF16BE, "\xd8\x3d\xde\x00\x00", 5), "\xf0\x9f\x98\x80\xef\xbf\xbd");
    ck_assert_str_eq(text_of(SQI_CHARSET_UTF16BE, "\xdc\x00\x00q", 4), "\xef\xbf\xbdq");
    ck_assert_str_eq(text_of(SQI_CHARSET_UTF16LE, "\x3d\xd8q\x00", 4), "\xef\xbf\xbdq");
    ck_assert_str_eq(text_of(SQI_CHARSET_UTF32, "\x00\x11\x00\x00", 4), "\xef\xbf\xbd");
}
END_TEST

START_TEST(byte_order_marks_say_how_utf16_and_utf32_are_written)
{
    ck_assert_str_eq(text_of(SQI_CHARSET_UTF16, "\xff\xfeq\x00", 4), "q");
    ck_assert_str_eq(text_of(SQI_CHARSET_UTF16, "\xfe\xff\x00q", 4), "q");
    ck_assert_str_eq(text_of(SQI_CHARSET_UTF16, "\x00q", 2), "q");
    ck_assert_str_eq(text_of(SQI_CHARSET_UTF16BE, "\xfe\xff\x00q", 4), "\xef\xbb\xbfq");
    ck_assert_str_eq(text_of(SQI_CHARSET_UTF32, "\xff\xfe\x00\x00q\x00\x00\x00", 8), "q");
}
END_TEST

START_TEST(a_character_that_may_go_on_is_waited_for)
{
    static const char face[] = "\xf0\x9f\x98\x80";
    for (size_t n = 1; n <= 4; n++) {
        sqi_io_charset c = {.charset = SQI_CHARSET_UTF8};
        const char *p = face;
        uint32_t code = 0;
        ck_assert_int_eq(sqi_io_charset_next(&c, &p, face + n, false, &code), n == 4);
        ck_assert_ptr_eq(p, n == 4 ? face + 4 : face);
        ck_assert(n < 4 || code == 0x1F600);
    }
    sqi_io_charset c = {.charset = SQI_CHARSET_UTF16BE};
    const char *p = "\xd8\x3d\xde";
    uint32_t code;
    ck_assert(!sqi_io_charset_next(&c, &p, p + 2, false, &code));
    ck_assert(!sqi_io_charset_next(&c, &p, p + 3, false, &code));
    ck_assert(!sqi_io_charset_next(&c, &p, p, true, &code));
}
END_TEST

static const char *bytes_of(sqi_charset charset, const char *text, size_t *len)
{
    static char bytes[64];
    sqi_buf b;
    sqi_alloc_init(&alloc);
    sqi_buf_init(&b, &alloc, 0);
    ck_assert(sqi_io_charset_begin(charset, &b) && sqi_io_charset_put(charset, sqi_span_of(text), &b));
    *len = b.len;
    memcpy(bytes, b.ptr, b.len);
    sqi_buf_fini(&b);
    return bytes;
}

START_TEST(what_a_set_does_not_have_is_written_as_a_question_mark)
{
    size_t n;
    ck_assert_mem_eq(bytes_of(SQI_CHARSET_LATIN1, "\xc3\xa9\xe6\x97\xa5", &n), "\xe9?", 2);
    ck_assert_uint_eq(n, 2);
    ck_assert_mem_eq(bytes_of(SQI_CHARSET_ASCII, "a\xc3\xa9", &n), "a?", 2);
    ck_assert_mem_eq(bytes_of(SQI_CHARSET_UTF16, "a", &n),
                     "\xfe\xff\x00"
                     "a",
                     4);
    ck_assert_uint_eq(n, 4);
    ck_assert_mem_eq(bytes_of(SQI_CHARSET_UTF16LE, "\xf0\x9f\x98\x80", &n), "\x3d\xd8\x00\xde", 4);
    ck_assert_uint_eq(n, 4);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_is_malformed_becomes_one_replacement_for_each_piece, byte_order_marks_say_how_utf16_and_utf32_are_written,
        a_character_that_may_go_on_is_waited_for, what_a_set_does_not_have_is_written_as_a_question_mark};
    return sqi_test_main("io_charset", tests, sizeof tests / sizeof *tests);
}
