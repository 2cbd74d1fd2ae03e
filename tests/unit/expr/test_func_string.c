/* Lengths, case, joining, parts and positions of texts over columns: what the case files leave out. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "func_bench.h"
#include "test_main.h"

static func_bench b;

static void setup(void)
{
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
}
static void teardown(void)
{
    func_bench_fini(&b);
}

#define GIVES(text, want) ck_assert_str_eq(func_bench_all(&b, text), want)
#define ONE(text, want) ck_assert_str_eq(func_bench_one(&b, text), want)

START_TEST(case_maps_every_row_by_its_own_characters)
{
    setup();
    func_bench_texts(&b, "s", 5,
                     (const char *[]){"AbC", NULL,
                                      "stra\xC3\x9F"
                                      "e",
                                      "\xCE\x91\xCE\xA3 \xCE\xA3", "\xEF\xAC\x81x"});
    GIVES("upper(s)", "ABC;NULL;STRASSE;\xCE\x91\xCE\xA3 \xCE\xA3;FIX");
    GIVES("lower(s)", "abc;NULL;stra\xC3\x9F"
                      "e;\xCE\xB1\xCF\x82 \xCF\x83;\xEF\xAC\x81x");
    GIVES("initcap(s)", "Abc;NULL;Stra\xC3\x9F"
                        "e;\xCE\x91\xCF\x82 \xCE\xA3;Fix");
    ONE("lower('\xCE\x91\xCE\xA3.')", "\xCE\xB1\xCF\x82.");
    ONE("lower('\xCE\x91\xCE\xA3.\xCE\x92')", "\xCE\xB1\xCF\x83.\xCE\xB2");
    ONE("initcap('\xC7\x86"
        "a')",
        "\xC7\x85"
        "a");
    teardown();
}
END_TEST

START_TEST(every_ascii_character_has_its_case_at_every_place)
{
    enum { N = 127 * 3 };
    static char text[N][160];
    const char *values[N];
    setup();
    for (int i = 0; i < N; i++) {
        int len = 1 + i % 150;
        for (int k = 0; k < len; k++)
            text[i][k] = (char)(1 + (i * 7 + k * 11) % 127);
        values[i] = text[i];
    }
    func_bench_texts(&b, "s", N, values);
    for (int up = 0; up < 2; up++) {
        ck_assert_int_eq(func_bench_run(&b, up ? "upper(s)" : "lower(s)", NULL), STREAMQ_OK);
        for (uint32_t i = 0; i < N; i++) {
            sqi_span got = sqi_str_span(&SQI_AT(&b.out, sqi_str, i));
            ck_assert_uint_eq(got.len, strlen(text[i]));
            for (size_t k = 0; k < got.len; k++) {
                char c = text[i][k];
                if (up && c >= 'a' && c <= 'z')
                    c = (char)(c - 32);
                if (!up && c >= 'A' && c <= 'Z')
                    c = (char)(c + 32);
                ck_assert_int_eq(got.ptr[k], c);
            }
        }
    }
    teardown();
}
END_TEST

START_TEST(malformed_text_has_lengths_and_becomes_replacement_characters_in_case)
{
    static const sqi_span bad[] = {{"a\xFF", 2}, {"\xE6\x97", 2}, {"\xC3", 1}, {"\0b", 2}};
    setup();
    func_bench_bytes(&b, "s", 4, bad);
    GIVES("length(s)", "2;1;1;2");
    GIVES("octet_length(s)", "2;2;1;2");
    GIVES("upper(s)", "A\xEF\xBF\xBD;\xEF\xBF\xBD;\xEF\xBF\xBD;" /* then a NUL */);
    GIVES("hex(substring(s, 1, 1))", "61;E697;C3;00");
    GIVES("hex(substring(s, -1))", "FF;E697;C3;62");
    GIVES("hex(reverse(s))", "FF61;E697;C3;6200");
    GIVES("hex(trim(s, s))", ";;;");
    GIVES("hex(lpad(s, 3, 'x'))", "7861FF;7878E697;7878C3;780062");
    teardown();
}
END_TEST

START_TEST(concatenations_of_any_length_keep_their_bytes)
{
    setup();
    func_bench_texts(&b, "s", 3, (const char *[]){"", "twelve bytes", "a text that is longer than a view can hold"});
    GIVES("concat(s, '|', s)", "|;twelve bytes|twelve bytes;a text that is longer than a view can hold|a text that is "
                               "longer than a view can hold");
    GIVES("length(concat(s, s, s, s))", "0;48;168");
    GIVES("concat_ws(', ', s, NULL, 'x')", ", x;twelve bytes, x;a text that is longer than a view can hold, x");
    GIVES("concat_ws(nullif(s, ''), 'a', 'b')", "NULL;atwelve bytesb;aa text that is longer than a view can holdb");
    GIVES("typeof(concat(CAST(s AS BINARY), X'00'))", "binary;binary;binary");
    teardown();
}
END_TEST

START_TEST(parts_are_counted_in_characters_from_either_end)
{
    setup();
    func_bench_texts(&b, "s", 3, (const char *[]){"h\xC3\xA9llo", "", "\xF0\x9F\x98\x80x"});
    func_bench_ints(&b, "n", 3, (const int32_t[]){2, 1, -1});
    GIVES("substring(s, n)", "\xC3\xA9llo;;x");
    GIVES("substring(s, n, 1)", "\xC3\xA9;;x");
    GIVES("substring(s, 0 - n, 2)", "lo;;\xF0\x9F\x98\x80x");
    GIVES("left(s, n)", "h\xC3\xA9;;");
    GIVES("right(s, n)", "lo;;");
    GIVES("hex(substring(CAST(s AS BINARY), n, 2))", "C3A9;;78");
    GIVES("substring_index(s, 'l', n)", "h\xC3\xA9l;;\xF0\x9F\x98\x80x");
    GIVES("trim(s, 'ho')", ";ho;ho");
    GIVES("trim('ho', s)", "\xC3\xA9ll;;\xF0\x9F\x98\x80x");
    GIVES("btrim(s, '\xF0\x9F\x98\x80h')", "\xC3\xA9llo;;x");
    teardown();
}
END_TEST

START_TEST(positions_are_characters_and_zero_is_nowhere)
{
    setup();
    func_bench_texts(&b, "s", 4,
                     (const char *[]){"\xC3\xA9"
                                      "a\xC3\xA9"
                                      "a",
                                      "aaa", "", NULL});
    GIVES("instr(s, 'a')", "2;1;0;NULL");
    GIVES("locate('a', s, 3)", "4;3;0;NULL");
    GIVES("locate('a', s, 2147483647)", "0;0;0;NULL");
    GIVES("contains(s, 'a\xC3\xA9')", "true;false;false;NULL");
    GIVES("startswith(s, 'aa')", "false;true;false;NULL");
    GIVES("endswith(s, '\xC3\xA9"
          "a')",
          "true;false;false;NULL");
    GIVES("find_in_set('a', concat('b,', s, ',a'))", "3;3;3;NULL");
    teardown();
}
END_TEST

/* Up to nine spaces on either side of words of every length, which begin and end with bytes like a space. */
START_TEST(spaces_go_from_the_ends_of_texts_of_any_length)
{
    enum { SIDE = 10, TEXTS = SIDE * SIDE, LONGEST = 72 };
    static char text[TEXTS][LONGEST + 2 * SIDE];
    static const char word[] = "!a  b\xC3\xA0 0123 56789  \x1F"
                               "c\"\tdefghijklmn `!0123 56789\x1F abcdefghijklmnopqrstu";
    _Static_assert(LONGEST <= sizeof word, "a word is cut from it");
    const char *whole[TEXTS], *left[TEXTS], *right[TEXTS], *both[TEXTS];
    static char cut[TEXTS][LONGEST + SIDE], middle[LONGEST + 1];
    for (int len = 0; len <= LONGEST; len++) {
        memset(middle, 0, sizeof middle);
        if (len)
            memcpy(middle, word, (size_t)len - 1);
        if (len)
            middle[len - 1] = '!';
        for (int i = 0; i < TEXTS; i++) {
            snprintf(text[i], sizeof text[i], "%*s%s%*s", i / SIDE, "", middle, i % SIDE, "");
            snprintf(cut[i], sizeof cut[i], "%*s%s", i / SIDE, "", middle);
            whole[i] = text[i];
            left[i] = len ? text[i] + i / SIDE : "";
            right[i] = len ? cut[i] : "";
            both[i] = middle;
        }
        setup();
        func_bench_texts(&b, "s", TEXTS, whole);
        func_bench_texts(&b, "l", TEXTS, left);
        func_bench_texts(&b, "r", TEXTS, right);
        func_bench_texts(&b, "t", TEXTS, both);
        const char *wrong = func_bench_all(&b, "if(ltrim(s) = l AND rtrim(s) = r AND trim(s) = t, 0, 1)");
        ck_assert_msg(strlen(wrong) == 2 * TEXTS - 1 && strspn(wrong, "0;") == strlen(wrong), "%d: %s", len, wrong);
        teardown();
    }
}
END_TEST

/* A text that ends where its page does, and the next one may not be read; one that begins with its page. */
START_TEST(texts_are_read_up_to_their_ends_and_no_further)
{
    enum { N = 140 };
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *all = mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *open = all + page;
    ck_assert_ptr_ne(all, MAP_FAILED);
    ck_assert_int_eq(mprotect(open, page, PROT_READ | PROT_WRITE), 0);
    static char want[2][N][N + 1];
    const char *names[N];
    for (int at_end = 0; at_end < 2; at_end++) {
        setup();
        for (int i = 0; i < N; i++)
            names[i] = "";
        func_bench_texts(&b, "s", N, names);
        char *first = at_end ? open + page - N : open; /* letters by their place in the page */
        for (int k = 0; k < N; k++)
            first[k] = (char)("aA"[k % 2] + k % 26);
        for (int i = 0; i < N; i++)
            for (int k = 0; k < i; k++)
                for (int up = 0; up < 2; up++)
                    want[up][i][k] = (char)("aA"[up] + (at_end ? N - i + k : k) % 26);
        sqi_str *view = b.col[0].data;
        for (uint32_t i = 0; i < N; i++)
            view[i] = sqi_str_view(at_end ? open + page - i : open, i);
        for (int up = 0; up < 2; up++) {
            ck_assert_int_eq(func_bench_run(&b, up ? "upper(trim(s))" : "lower(ltrim(rtrim(s)))", NULL), STREAMQ_OK);
            for (uint32_t i = 0; i < N; i++) {
                sqi_span got = sqi_str_span(&SQI_AT(&b.out, sqi_str, i));
                ck_assert_uint_eq(got.len, i);
                ck_assert_mem_eq(got.ptr, want[up][i], i);
            }
        }
        teardown();
    }
    ck_assert_int_eq(munmap(all, 3 * page), 0);
}
END_TEST

/* Rows that another way has to be taken for, at every place among those that it need not. */
START_TEST(long_and_foreign_rows_stand_between_short_ones)
{
    enum { N = 200 };
    static char text[N][300], lower[N][300];
    static uint32_t some[N];
    const char *values[N], *wanted[N];
    for (int i = 0; i < N; i++) {
        int odd = i * i % 7, len = odd == 1 ? 65 + i : i % 30;
        for (int k = 0; k < len; k++) {
            text[i][k] = (char)((k % 3 ? 'A' : 'a') + (i + k) % 26);
            lower[i][k] = (char)('a' + (i + k) % 26);
        }
        if (odd == 2) {
            memcpy(text[i] + len, "\xC3\x84", 2); /* capital A with dots */
            memcpy(lower[i] + len, "\xC3\xA4", 2);
        }
        values[i] = text[i];
        wanted[i] = lower[i];
    }
    setup();
    func_bench_texts(&b, "s", N, values);
    func_bench_texts(&b, "t", N, wanted);
    for (int step = 1; step < 20; step++) {
        uint32_t n = 0;
        for (uint32_t i = 0; i < N; i += (uint32_t)step)
            some[n++] = i;
        if (step > 1)
            b.rows = (sqi_rows){some, n};
        const char *wrong = func_bench_all(&b, "if(lower(s) = t AND lower(upper(s)) = t, 0, 1)");
        ck_assert_msg(strlen(wrong) == 2 * n - 1 && strspn(wrong, "0;") == strlen(wrong), "%d: %s", step, wrong);
    }
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {case_maps_every_row_by_its_own_characters,
                                  every_ascii_character_has_its_case_at_every_place,
                                  malformed_text_has_lengths_and_becomes_replacement_characters_in_case,
                                  concatenations_of_any_length_keep_their_bytes,
                                  parts_are_counted_in_characters_from_either_end,
                                  positions_are_characters_and_zero_is_nowhere,
                                  spaces_go_from_the_ends_of_texts_of_any_length,
                                  texts_are_read_up_to_their_ends_and_no_further,
                                  long_and_foreign_rows_stand_between_short_ones};
    return sqi_test_main("func_string", tests, sizeof tests / sizeof *tests);
}
