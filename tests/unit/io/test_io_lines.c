/* Line ends, whole and in pieces. */
#include "io_lines.h"

#include <stdlib.h>

#include "test_main.h"

/* Cuts `text` fed in pieces of `piece` bytes, as a source does; lines joined by '|'. */
static void cut(const char *text, size_t piece, bool last, char *out)
{
    char memory[400];
    size_t len = strlen(text), begin = 0, used = 0;
    sqi_io_lines l = {0};
    out[0] = '\0';
    for (size_t at = 0; at < len || at == 0; at += piece) {
        size_t n = len - at < piece ? len - at : piece;
        memcpy(memory + used, text + at, n);
        used += n;
        const char *p = memory + begin;
        sqi_span line;
        while (sqi_io_lines_next(&l, &p, memory + used, last && at + n == len, &line)) {
            strncat(out, line.ptr, line.len);
            strcat(out, "|");
        }
        begin = (size_t)(p - memory);
    }
}

static void assert_cuts(const char *text, bool last, const char *expected)
{
    for (size_t piece = 1; piece <= 7; piece++) {
        char out[400];
        cut(text, piece, last, out);
        ck_assert_msg(strcmp(out, expected) == 0, "pieces of %zu: '%s' instead of '%s'", piece, out, expected);
    }
}

START_TEST(every_kind_of_end_ends_a_line)
{
    assert_cuts("a\nb\rc\r\nd\n", false, "a|b|c|d|");
    assert_cuts("\n\r\r\n\n", false, "||||");
    assert_cuts("a\n\rb\n", false, "a||b|");
    assert_cuts("a  b \r\n", false, "a  b |");
}
END_TEST

START_TEST(an_unfinished_line_counts_at_the_end_only)
{
    assert_cuts("a\nlast", false, "a|");
    assert_cuts("a\nlast", true, "a|last|");
    assert_cuts("a\n", true, "a|");
    assert_cuts("a\r", true, "a|");
    assert_cuts("", true, "");
}
END_TEST

START_TEST(a_line_is_there_at_its_cr)
{
    sqi_io_lines l = {0};
    const char *text = "a\r\nb\r", *p = text;
    sqi_span line;
    ck_assert(sqi_io_lines_next(&l, &p, text + 2, false, &line));
    ck_assert(sqi_span_equal(line, SQI_SPAN("a")));
    ck_assert(sqi_io_lines_next(&l, &p, text + 5, false, &line)); /* the LF belongs to the line before */
    ck_assert(sqi_span_equal(line, SQI_SPAN("b")));
}
END_TEST

START_TEST(long_lines_in_small_pieces_are_searched_once)
{
    enum { LEN = 4 << 20, PIECE = 64 };
    char *text = malloc(LEN);
    memset(text, 'x', LEN);
    text[LEN - 1] = '\n';
    sqi_io_lines l = {0};
    const char *p = text;
    sqi_span line = {NULL, 0};
    bool found = false;
    for (size_t at = 0; at < LEN; at += PIECE) { /* 65536 pieces: would be minutes if each began at the front */
        ck_assert(!found);
        found = sqi_io_lines_next(&l, &p, text + at + PIECE, false, &line);
    }
    ck_assert(found);
    ck_assert_uint_eq(line.len, LEN - 1);
    free(text);
}
END_TEST

START_TEST(many_lines_with_cr_only_are_not_slow)
{
    enum { LEN = 4 << 20 };
    char *text = malloc(LEN);
    memset(text, '\r', LEN);
    sqi_io_lines l = {0};
    const char *p = text;
    sqi_span line;
    size_t count = 0;
    while (sqi_io_lines_next(&l, &p, text + LEN, false, &line))
        count++;
    ck_assert_uint_eq(count, LEN);
    free(text);
}
END_TEST

/* Lines through the bulk cut wherever it goes, and through the plain one alone. */
static size_t cut_all(const char *text, size_t len, bool bulk, sqi_str *to)
{
    sqi_io_lines l = {0};
    const char *p = text;
    sqi_span line;
    size_t n = 0;
    for (;;) {
        uint32_t some = bulk ? sqi_io_lines_cut(&l, &p, text + len, to + n, 100) : 0;
        n += some;
        if (some)
            continue;
        if (!sqi_io_lines_next(&l, &p, text + len, true, &line))
            return n;
        to[n++] = sqi_str_view(line.ptr, (uint32_t)line.len);
    }
}

START_TEST(many_lines_at_once_are_the_same_lines)
{
    enum { LEN = 3000 };
    static sqi_str want[LEN + 1], got[LEN + 1];
    uint32_t random = 5;
    for (uint32_t ends = 1; ends < 200; ends += ends)
        for (uint32_t returns = 0; returns < 3; returns++) {
            char *text = malloc(LEN);
            for (size_t i = 0; i < LEN; i++) {
                random = random * 1664525u + 1013904223u;
                text[i] = (random >> 16) % ends ? 'x' : (random >> 8) % 50 < returns ? '\r' : '\n';
            }
            size_t n = cut_all(text, LEN, false, want), m = cut_all(text, LEN, true, got);
            ck_assert_uint_eq(n, m);
            ck_assert(memcmp(want, got, n * sizeof *want) == 0);
            free(text);
        }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_kind_of_end_ends_a_line,
                                  an_unfinished_line_counts_at_the_end_only,
                                  a_line_is_there_at_its_cr,
                                  long_lines_in_small_pieces_are_searched_once,
                                  many_lines_with_cr_only_are_not_slow,
                                  many_lines_at_once_are_the_same_lines};
    return sqi_test_main("io_lines", tests, sizeof tests / sizeof *tests);
}
