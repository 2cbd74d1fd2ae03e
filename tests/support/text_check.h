/*
 * text_check: an expression over two columns of random texts, t and u, that must be true in every row: the fast way
 * against a slow one. Texts are of all lengths around the widths of loads; each long one stands in memory of exactly its
 * size, or all stand side by side in one block, so that a sanitizer sees a byte too far.
 */
#ifndef SQI_TEXT_CHECK_H
#define SQI_TEXT_CHECK_H

#include <stdlib.h>

#include "expr_bench.h"
#include "test_main.h"

enum { TEXT_ROWS = 600 };

typedef struct text_check {
    expr_bench x;
    sqi_vec col[2];
    sqi_field field[2];
    char *block;
    uint32_t random;
} text_check;

static inline uint32_t text_random(text_check *c, uint32_t below)
{
    c->random = c->random * 1664525u + 1013904223u;
    return (c->random >> 8) % below;
}

/* Up to `most` of the characters, each a piece of up to four bytes ended by a NUL; runs of one are likely. */
static inline uint32_t text_make(text_check *c, const char *const *pieces, uint32_t n, uint32_t most, char *to)
{
    uint32_t len = 0, count = text_random(c, most + 1);
    const char *piece = pieces[0];
    for (uint32_t k = 0; k < count; k++) {
        if (k == 0 || text_random(c, 3))
            piece = pieces[text_random(c, n)];
        uint32_t some = (uint32_t)strlen(piece);
        memcpy(to + len, piece, some);
        len += some;
    }
    return len;
}

/* Columns t and u; `joined`: in one block, one byte apart. */
static inline void text_columns(text_check *c, const char *const *pieces, uint32_t n, bool joined)
{
    static const char *const name[] = {"t", "u"};
    c->block = joined ? malloc(2 * TEXT_ROWS * 600) : NULL;
    char *next = c->block;
    for (int k = 0; k < 2; k++) {
        sqi_str *to = calloc(TEXT_ROWS, sizeof *to);
        for (uint32_t i = 0; i < TEXT_ROWS; i++) {
            char text[800];
            uint32_t most = i % 10 == 0 ? 140 : i % 3 ? 16 : 70, len = text_make(c, pieces, n, most, text);
            char *own = joined ? next : malloc(len ? len : 1);
            memcpy(own, text, len);
            next = joined ? next + len : NULL;
            if (joined)
                *next++ = '\n';
            to[i] = sqi_str_view(own, len);
            if (!joined && len <= SQI_STR_INLINE)
                free(own);
        }
        c->col[k] = (sqi_vec){.type = &sqi_type_string, .data = to, .mask = UINT32_MAX};
        c->field[k] = (sqi_field){sqi_span_of(name[k]), &sqi_type_string, true};
    }
}

static inline void text_columns_free(text_check *c, bool joined)
{
    for (int k = 0; k < 2; k++) {
        sqi_str *s = c->col[k].data;
        for (uint32_t i = 0; !joined && i < TEXT_ROWS; i++)
            if (s[i].len > SQI_STR_INLINE)
                free((char *)(uintptr_t)sqi_str_ptr(&s[i]));
        free(s);
    }
    free(c->block);
}

static inline void text_holds(text_check *c, const char *expression, sqi_rows rows)
{
    sqi_schema schema = {2, c->field};
    sqi_chunk chunk = {.n = TEXT_ROWS, .ncol = 2, .rows = rows, .col = c->col};
    sqi_bound *e = NULL;
    sqi_vec out;
    streamq_error *err = NULL;
    streamq_status status = expr_bench_bind(&c->x, expression, &schema, &e, &err);
    if (status == STREAMQ_OK)
        status = expr_bench_run(&c->x, e, &chunk, &out, &err);
    ck_assert_msg(status == STREAMQ_OK, "%s: %s", expression, err ? sqi_error_message(err) : "?");
    for (SQI_EACH(rows, k, i)) {
        sqi_span t = sqi_str_span(&((sqi_str *)c->col[0].data)[i]), u = sqi_str_span(&((sqi_str *)c->col[1].data)[i]);
        ck_assert_msg(sqi_vec_valid(&out, i) && SQI_AT(&out, uint8_t, i), "%s is not true for t '%.*s' (%zu), u '%.*s'",
                      expression, (int)t.len, t.ptr, t.len, (int)u.len, u.ptr);
    }
}

/* All expressions, over all rows and over some. */
static inline void text_check_all(const char *const *pieces, uint32_t npiece, const char *const *expressions, size_t n)
{
    static uint32_t some[TEXT_ROWS];
    uint32_t nsome = 0;
    for (uint32_t i = 1; i < TEXT_ROWS; i += 1 + i % 3)
        some[nsome++] = i;
    for (int joined = 0; joined < 2; joined++)
        for (uint32_t round = 0; round < 4; round++) {
            text_check c = {.random = 7 + round};
            expr_bench_init(&c.x);
            text_columns(&c, pieces, npiece, joined);
            for (size_t k = 0; k < n; k++) {
                text_holds(&c, expressions[k], (sqi_rows){NULL, TEXT_ROWS});
                text_holds(&c, expressions[k], (sqi_rows){some, nsome});
            }
            text_columns_free(&c, joined);
            expr_bench_fini(&c.x);
        }
}

#define TEXT_COUNT(list) (sizeof(list) / sizeof *(list))
#define TEXT_CHECK_ALL(pieces, expressions) \
    text_check_all(pieces, TEXT_COUNT(pieces), expressions, TEXT_COUNT(expressions))

#endif
