/* The vector scan against a loop by hand: every length around the widths of its loads, every place of the hits. */
#include "func_scan.h"

#include <stdlib.h>

#include "test_main.h"

static size_t by_hand(const char *ptr, size_t len, char byte, sqi_str *to)
{
    size_t from = 0, n = 0;
    for (size_t i = 0; i < len; i++)
        if (ptr[i] == byte) {
            to[n++] = sqi_str_view(ptr + from, (uint32_t)(i - from));
            from = i + 1;
        }
    to[n++] = sqi_str_view(ptr + from, (uint32_t)(len - from));
    return n;
}

/* The line stands in memory of exactly its size, so that a sanitizer sees a byte too far. */
static void compare(const char *line, size_t len, char byte)
{
    char *copy = calloc(1, len ? len : 1);
    sqi_str *got = calloc(len + 1, sizeof *got), *want = calloc(len + 1, sizeof *want);
    if (len)
        memcpy(copy, line, len);
    size_t n = sqi_scan_split(copy, len, byte, got), m = by_hand(copy, len, byte, want);
    ck_assert_uint_eq(n, m);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(memcmp(&got[i], &want[i], sizeof *got) == 0, "piece %zu of %zu, line of %zu bytes", i, n, len);
    free(copy);
    free(got);
    free(want);
}

START_TEST(pieces_are_those_of_a_plain_loop)
{
    char line[300];
    uint32_t random = 1;
    for (int round = 0; round < 40; round++)
        for (size_t len = 0; len < 150; len++) {
            for (size_t i = 0; i < len; i++) {
                random = random * 1664525u + 1013904223u;
                line[i] = (random >> 24) % (2u + (uint32_t)round) == 0 ? ' ' : (char)('a' + (random >> 16) % 26);
            }
            compare(line, len, ' ');
        }
}
END_TEST

START_TEST(one_hit_at_every_place_of_every_length)
{
    char line[140];
    for (size_t len = 1; len < sizeof line; len++)
        for (size_t at = 0; at < len; at++) {
            memset(line, 'x', len);
            line[at] = ',';
            compare(line, len, ',');
        }
}
END_TEST

START_TEST(nul_and_high_bytes_are_bytes_like_any_other)
{
    compare("a\0b\0\0c", 6, '\0');
    compare("\xFF\xFE\xFF", 3, '\xFF');
    compare("", 0, '\0');
    char line[40] = {0};
    compare(line, sizeof line, '\0');
    compare(line, sizeof line, ' ');
}
END_TEST

START_TEST(long_pieces_point_into_the_line_and_short_ones_do_not)
{
    static const char line[] = "exactly12byt thirteenbytes x";
    sqi_str piece[sizeof line];
    ck_assert_uint_eq(sqi_scan_split(line, sizeof line - 1, ' ', piece), 3);
    ck_assert_ptr_eq(sqi_str_ptr(&piece[0]), piece[0].u.inlined);
    ck_assert_ptr_eq(sqi_str_ptr(&piece[1]), line + 13);
}
END_TEST

START_TEST(a_text_is_found_where_the_c_library_finds_it)
{
    uint32_t random = 3;
    for (size_t len = 1; len < 90; len++)
        for (size_t needle = 1; needle <= len && needle < 40; needle++) {
            char *text = malloc(len), *what = malloc(needle);
            for (size_t i = 0; i < len; i++)
                text[i] = (char)('a' + ((random = random * 1664525u + 1013904223u) >> 28 > 3));
            memcpy(what, text + (random >> 8) % (len - needle + 1), needle);
            what[needle - 1] = (char)(what[needle - 1] ^ (random >> 5 & 1)); /* often not there */
            for (size_t from = 0; from <= len; from += 1 + len / 7) {
                const char *want = memmem(text + from, len - from, what, needle);
                size_t got = sqi_scan_find((sqi_span){text, len}, (sqi_span){what, needle}, from);
                ck_assert_uint_eq(got, want ? (size_t)(want - text) : SIZE_MAX);
            }
            free(text);
            free(what);
        }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {pieces_are_those_of_a_plain_loop, one_hit_at_every_place_of_every_length,
                                  nul_and_high_bytes_are_bytes_like_any_other,
                                  long_pieces_point_into_the_line_and_short_ones_do_not,
                                  a_text_is_found_where_the_c_library_finds_it};
    return sqi_test_main("func_scan", tests, sizeof tests / sizeof *tests);
}
