/* A text cut at two bytes against a plain loop, and chunks of lines. */
#include "data_cut.h"

#include <stdlib.h>

#include "fail_alloc.h"
#include "test_main.h"

enum { LONGEST = 12000 };

static uint32_t next(uint32_t *random)
{
    *random = *random * 1664525u + 1013904223u;
    return *random >> 8;
}

static void same_view(const sqi_str *have, const char *ptr, size_t len)
{
    sqi_str want = sqi_str_view(ptr, (uint32_t)len);
    ck_assert(memcmp(have, &want, sizeof want) == 0);
}

/* Pieces of every length, in texts of every length that end where no byte more may be read, asked for in any number. */
START_TEST(pieces_are_those_of_a_plain_loop)
{
    uint32_t random = 1;
    static const char pairs[][2] = {{'\n', ' '}, {'\n', '\n'}, {'\0', '\n'}, {(char)0xff, ';'}};
    for (int round = 0; round < 800; round++) {
        const char *pair = pairs[round % 4];
        uint32_t len = next(&random) % (round % 10 ? 300 : LONGEST), sparse = 1 + next(&random) % (round % 60 + 1);
        uint32_t most = round % 3 ? 1 + next(&random) % 7 : LONGEST, n, found = 0;
        char *text = malloc(len ? len : 1), *begin = text;
        sqi_str *piece = malloc((size_t)LONGEST * sizeof *piece);
        for (uint32_t i = 0; i < len; i++)
            text[i] = next(&random) % sparse == 0 ? pair[next(&random) % 2] : (char)('a' + next(&random) % 26);
        sqi_cut cut;
        sqi_cut_begin(&cut, (sqi_span){text, len}, pair[0], pair[1]);
        while ((n = sqi_cut_next(&cut, piece + found, most)) == most)
            found += n;
        found += n;
        ck_assert_uint_eq(sqi_cut_next(&cut, piece + found, most), 0);
        uint32_t k = 0;
        for (char *p = text; p < text + len; p++)
            if (*p == pair[0] || *p == pair[1]) {
                ck_assert_uint_lt(k, found);
                same_view(&piece[k++], begin, (size_t)(p - begin));
                begin = p + 1;
            }
        ck_assert_uint_eq(found, k);
        free(piece);
        free(text);
    }
}
END_TEST

START_TEST(lines_for_a_chunk_end_in_lf_and_are_no_more_than_asked_for)
{
    uint32_t n;
    sqi_span all = SQI_SPAN("one\n\nthree\nfour\r\nfive\n"), some = sqi_lines_first(all, 100, &n);
    ck_assert_uint_eq(n, 3);
    ck_assert(sqi_span_equal(some, SQI_SPAN("one\n\nthree\n")));
    some = sqi_lines_first(all, 2, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert(sqi_span_equal(some, SQI_SPAN("one\n\n")));
    some = sqi_lines_first(SQI_SPAN("no end"), 100, &n);
    ck_assert_uint_eq(n, 0);
    ck_assert_uint_eq(some.len, 0);
}
END_TEST

START_TEST(a_line_that_is_too_long_for_a_count_is_none_of_a_chunk)
{
    uint32_t n;
    char *text = malloc(SQI_LINES_MOST + 3);
    memset(text, 'x', SQI_LINES_MOST + 3);
    text[0] = text[SQI_LINES_MOST - 1] = text[SQI_LINES_MOST + 2] = '\n';
    ck_assert_uint_eq(sqi_lines_first((sqi_span){text, SQI_LINES_MOST + 3}, 100, &n).len, SQI_LINES_MOST);
    ck_assert_uint_eq(n, 2);
    text[SQI_LINES_MOST - 1] = 'x';
    ck_assert_uint_eq(sqi_lines_first((sqi_span){text + 1, SQI_LINES_MOST + 2}, 100, &n).len, 0);
    ck_assert_uint_eq(n, 0);
    free(text);
}
END_TEST

static streamq_status cut_chunk(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_arena arena;
    sqi_vec none, column;
    sqi_chunk lines = sqi_lines_chunk(&none, SQI_SPAN("a line of more than twelve bytes\n\nshort\n"), 3), chunk;
    (void)context;
    sqi_arena_init(&arena, alloc);
    streamq_status status = sqi_lines_cut(&chunk, &column, &lines, &arena, err);
    if (status == STREAMQ_OK) {
        const sqi_str *line = chunk.col[0].data;
        ck_assert_uint_eq(chunk.lines.len, 0);
        ck_assert_uint_eq(chunk.n, 3);
        ck_assert_uint_eq(chunk.rows.n, 3);
        same_view(&line[0], lines.lines.ptr, 32);
        same_view(&line[1], "", 0);
        same_view(&line[2], "short", 5);
    }
    sqi_arena_fini(&arena);
    return status;
}

START_TEST(a_chunk_of_lines_gets_its_values_when_somebody_asks)
{
    ck_assert_uint_gt(sqi_test_every_allocation(cut_chunk, NULL), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        pieces_are_those_of_a_plain_loop, lines_for_a_chunk_end_in_lf_and_are_no_more_than_asked_for,
        a_line_that_is_too_long_for_a_count_is_none_of_a_chunk, a_chunk_of_lines_gets_its_values_when_somebody_asks};
    return sqi_test_main("data_cut", tests, sizeof tests / sizeof *tests);
}
