/* Many lines cut at once against one line cut by itself: lines of one text, of texts apart, short ones, selections. */
#include "func_scan.h"

#include <stdlib.h>

#include "fail_alloc.h"
#include "test_main.h"

enum { LINES = 700 };

static uint32_t next(uint32_t *random)
{
    *random = *random * 1664525u + 1013904223u;
    return *random >> 8;
}

/* Lines of one text with `gap` bytes between them; the text has exactly its size, so that a sanitizer sees a byte too
   far. Lengths go up to `most`; every `sparse`th byte is a separator. */
static char *make_lines(sqi_str *line, uint32_t n, uint32_t most, uint32_t sparse, uint32_t gap, uint32_t *random)
{
    uint32_t *len = calloc(n, sizeof *len);
    size_t total = 0;
    for (uint32_t i = 0; i < n; i++)
        total += (len[i] = next(random) % (most + 1)) + (i + 1 < n ? gap : 0);
    char *text = malloc(total ? total : 1), *p = text;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < len[i]; k++)
            p[k] = next(random) % sparse == 0 ? ' ' : (char)('a' + next(random) % 26);
        line[i] = sqi_str_view(p, len[i]);
        p += len[i];
        if (i + 1 < n)
            for (uint32_t k = 0; k < gap; k++)
                *p++ = '\n';
    }
    free(len);
    return text;
}

static void compare(const sqi_str *line, uint32_t n, sqi_rows rows)
{
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    sqi_str *own = malloc(n * sizeof *own); /* exactly as many views as there are positions */
    memcpy(own, line, n * sizeof *own);
    sqi_vec text = {.type = &sqi_type_string, .data = own, .mask = UINT32_MAX};
    sqi_list *list = calloc(n, sizeof *list);
    sqi_strs pieces = {0};
    ck_assert(sqi_scan_split_rows(&text, rows, ' ', list, &pieces, &arena));
    size_t at = 0;
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = sqi_str_span(&own[i]);
        sqi_str *want = calloc(s.len + 1, sizeof *want);
        size_t m = sqi_scan_split(s.ptr, s.len, ' ', want);
        ck_assert_uint_eq(list[i].offset, at);
        ck_assert_uint_eq(list[i].length, m);
        ck_assert(memcmp(pieces.at + at, want, m * sizeof *want) == 0);
        at += m;
        free(want);
    }
    ck_assert_uint_eq(pieces.n, at);
    free(own);
    free(list);
    sqi_arena_fini(&arena);
}

START_TEST(pieces_are_those_of_each_line_alone)
{
    static const uint32_t most[] = {0, 5, 13, 40, 90, 300, 2000}, sparse[] = {2, 3, 8, 40, 100000};
    static sqi_str line[LINES];
    uint32_t random = 1;
    for (size_t m = 0; m < sizeof most / sizeof *most; m++)
        for (size_t s = 0; s < sizeof sparse / sizeof *sparse; s++)
            for (uint32_t gap = 0; gap < 4; gap++) {
                char *text = make_lines(line, LINES, most[m], sparse[s], gap, &random);
                compare(line, LINES, (sqi_rows){NULL, LINES});
                compare(line, 1, (sqi_rows){NULL, 1});
                free(text);
            }
}
END_TEST

START_TEST(rows_may_be_selected_and_stand_in_texts_apart)
{
    static sqi_str line[LINES];
    uint32_t random = 2, sel[LINES], n = 0;
    char *text[LINES];
    for (uint32_t i = 0; i < LINES; i++) {
        text[i] = make_lines(&line[i], 1, 100, 6, 0, &random);
        if (next(&random) % 3)
            sel[n++] = i;
    }
    compare(line, LINES, (sqi_rows){sel, n});
    for (uint32_t i = 0; i < LINES; i++)
        free(text[i]);
}
END_TEST

static streamq_status split(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_arena arena;
    sqi_list list[LINES];
    sqi_strs pieces = {0};
    sqi_vec text = {.type = &sqi_type_string, .data = context, .mask = UINT32_MAX};
    sqi_arena_init(&arena, alloc);
    bool fine = sqi_scan_split_rows(&text, (sqi_rows){NULL, LINES}, ' ', list, &pieces, &arena);
    sqi_arena_fini(&arena);
    return fine ? STREAMQ_OK : sqi_error_nomem(err);
}

START_TEST(every_allocation_may_fail)
{
    static sqi_str line[LINES];
    uint32_t random = 3;
    char *text = make_lines(line, LINES, 90, 3, 1, &random);
    ck_assert_uint_gt(sqi_test_every_allocation(split, line), 3);
    free(text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {pieces_are_those_of_each_line_alone, rows_may_be_selected_and_stand_in_texts_apart,
                                  every_allocation_may_fail};
    return sqi_test_main("func_scan_rows", tests, sizeof tests / sizeof *tests);
}
