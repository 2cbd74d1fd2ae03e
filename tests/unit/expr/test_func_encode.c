/* Encodings there and back for all lengths, masks and translations over columns, URLs of every kind of damage. */
#include "func_encode.h"

#include <stdio.h>

#include "func_bench.h"
#include "test_main.h"

#define GIVES(text, want) ck_assert_str_eq(func_bench_all(&b, text), want)

static func_bench b;

START_TEST(every_length_comes_back_from_its_encoding)
{
    enum { N = 200 };
    static char text[N][N + 1];
    sqi_span value[N];
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    for (uint32_t i = 0; i < N; i++) {
        for (uint32_t k = 0; k < i; k++)
            text[i][k] = (char)(k * 37 + i);
        value[i] = (sqi_span){text[i], i};
    }
    func_bench_bytes(&b, "s", N, value);
    static const char *const loops[] = {
        "unbase64(base64(s)) = CAST(s AS BINARY)",
        "from_base32(to_base32(s)) = CAST(s AS BINARY)",
        "reverse(reverse(CAST(s AS BINARY))) = CAST(s AS BINARY)",
        "to_binary(hex(s)) = CAST(s AS BINARY)",
        "decode(CAST(s AS BINARY), 'ISO-8859-1') IS NOT NULL",
        "encode(decode(CAST(s AS BINARY), 'ISO-8859-1'), 'ISO-8859-1') = CAST(s AS BINARY)",
        "decode(encode(make_valid_utf8(s), 'UTF-16'), 'UTF-16') = make_valid_utf8(s)",
        "decode(encode(make_valid_utf8(s), 'UTF-16LE'), 'UTF-16LE') = make_valid_utf8(s)",
        "decode(encode(make_valid_utf8(s), 'UTF-32'), 'UTF-32') = make_valid_utf8(s)",
        "url_decode(url_encode(make_valid_utf8(s))) = make_valid_utf8(s)",
        "is_valid_utf8(make_valid_utf8(s))"};
    for (size_t k = 0; k < sizeof loops / sizeof *loops; k++) {
        streamq_error *err = NULL;
        ck_assert_msg(func_bench_run(&b, loops[k], &err) == STREAMQ_OK, "%s: %s", loops[k], sqi_error_message(err));
        for (uint32_t i = 0; i < N; i++)
            ck_assert_msg(sqi_vec_valid(&b.out, i) && SQI_AT(&b.out, uint8_t, i), "%s, %u bytes", loops[k],
                          (unsigned)i);
    }
    func_bench_fini(&b);
}
END_TEST

START_TEST(charsets_go_by_seven_names_in_any_case)
{
    sqi_charset c;
    ck_assert(sqi_encode_charset(SQI_SPAN("utf-16le"), &c));
    ck_assert_int_eq(c, SQI_CHARSET_UTF16LE);
    ck_assert(!sqi_encode_charset(SQI_SPAN("UTF16"), &c));
    ck_assert(!sqi_encode_charset(SQI_SPAN(""), &c));
}
END_TEST

START_TEST(characters_are_replaced_one_by_one)
{
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    func_bench_texts(&b, "s", 3, (const char *[]){"Ab1-\xC3\xA9", NULL, ""});
    func_bench_texts(&b, "f", 3,
                     (const char *[]){"b\xC3\xA9"
                                      "A",
                                      "x", "y"});
    func_bench_texts(&b, "t", 3, (const char *[]){"\xE6\x97\xA5!", "", ""});
    GIVES("translate(s, f, t)", "\xE6\x97\xA5"
                                "1-!;NULL;");
    GIVES("translate(s, 'b', '')", "A1-\xC3\xA9;NULL;");
    GIVES("mask(s)", "Xxn-x;NULL;");
    GIVES("mask(s, '\xE6\x97\xA5', NULL, '#', '+')", "\xE6\x97\xA5"
                                                     "b#+\xC3\xA9;NULL;");
    func_bench_fini(&b);
}
END_TEST

START_TEST(a_damaged_url_is_refused_or_taken_apart_but_never_overrun)
{
    static const char url[] = "http://us%20er:pw@[1::2]:80/p;a/\xC3\xA9?k=v&x#frag";
    enum { N = sizeof url };
    sqi_span cut[N], bent[N];
    static char copy[N][N];
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    for (size_t i = 0; i < N; i++) {
        memcpy(copy[i], url, N);
        copy[i][i] = "%:/ @[]?#\x80"[i % 10];
        cut[i] = (sqi_span){url, i};
        bent[i] = (sqi_span){copy[i], N - 1};
    }
    func_bench_bytes(&b, "u", N, cut);
    func_bench_bytes(&b, "v", N, bent);
    static const char *const parts[] = {"HOST", "PATH", "QUERY", "REF", "PROTOCOL", "FILE", "AUTHORITY", "USERINFO"};
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        char text[128];
        snprintf(text, sizeof text, "concat_ws('|', try_parse_url(u, '%s'), try_parse_url(v, '%s'))", parts[k],
                 parts[k]);
        ck_assert_int_eq(func_bench_run(&b, text, NULL), STREAMQ_OK);
    }
    ck_assert_int_eq(func_bench_run(&b, "concat_ws('|', try_url_decode(u), try_url_decode(v))", NULL), STREAMQ_OK);
    func_bench_drop(&b);
    GIVES("parse_url('http://us%20er:pw@[1::2]:80/p;a/\xC3\xA9?k=v&x#frag', 'HOST')", "[1::2]");
    GIVES("parse_url('http://us%20er:pw@[1::2]:80/p;a/\xC3\xA9?k=v&x#frag', 'USERINFO')", "us%20er:pw");
    GIVES("parse_url('http://us%20er:pw@[1::2]:80/p;a/\xC3\xA9?k=v&x#frag', 'FILE')", "/p;a/\xC3\xA9?k=v&x");
    func_bench_fini(&b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_length_comes_back_from_its_encoding, charsets_go_by_seven_names_in_any_case,
                                  characters_are_replaced_one_by_one,
                                  a_damaged_url_is_refused_or_taken_apart_but_never_overrun};
    return sqi_test_main("func_encode", tests, sizeof tests / sizeof *tests);
}
