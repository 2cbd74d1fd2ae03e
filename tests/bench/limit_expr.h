/*
 * limit_expr: what the expressions of bench_expr_rows cost when the loop is written by hand for that expression: the
 * limit that the table of docs/benchmarks.md compares with. Each loop reads a batch in Arrow's layout, writes its whole
 * result for blocks of rows into memory that stays in cache, as the engine does, and answers a sum over the result
 * that both sides must agree on.
 *
 * The loops know what the engine cannot: types, patterns and constants at compile time, no nulls, room behind the
 * bytes. They keep what the result depends on: overflow checks, malformed numbers, letters beyond ASCII.
 */
#ifndef LIMIT_EXPR_H
#define LIMIT_EXPR_H

#include <stddef.h>
#include <stdint.h>

#define LIMIT_BLOCK 2048 /* rows; divides the rows of a batch */
#define LIMIT_SLACK 64   /* bytes that may be read before and behind the bytes of a column */

typedef struct limit_text {
    const int32_t *offset; /* rows + 1 */
    const char *bytes;
} limit_text;

typedef struct limit_numbers { /* a INT, b BIGINT, x DOUBLE, y DOUBLE */
    const int32_t *a;
    const int64_t *b;
    const double *x, *y;
} limit_numbers;

/* SELECT a + b * 2, x - y WHERE a < 500 AND b > 100: rows kept. */
uint64_t limit_filter_project(const limit_numbers *in, size_t rows);
/* split(value, '\\s+'): pieces. */
uint64_t limit_split(const limit_text *in, size_t rows);
/* lower(trim(value)): bytes of the result. */
uint64_t limit_lower_trim(const limit_text *in, size_t rows);
/* value LIKE '#%': rows that do. */
uint64_t limit_like_prefix(const limit_text *in, size_t rows);
/* value LIKE '%error%': rows that do. */
uint64_t limit_like_contains(const limit_text *in, size_t rows);
/* regexp_extract(value, 'status=([0-9]+)', 1) with PCRE2's JIT: bytes of the result. */
uint64_t limit_regexp_extract(const limit_text *in, size_t rows);
/* CASE WHEN a < 250 THEN 'low' WHEN a < 500 THEN 'middle' ELSE 'high' END: bytes of the result. */
uint64_t limit_case_text(const limit_numbers *in, size_t rows);
/* CASE WHEN a < 250 THEN b WHEN a < 500 THEN b * 2 ELSE b + 7 END: sum of the result. */
uint64_t limit_case_number(const limit_numbers *in, size_t rows);
/* CAST(value AS INT): sum of the result. */
uint64_t limit_cast_int(const limit_text *in, size_t rows);
/* value || ':' || value2: bytes of the result. */
uint64_t limit_concat(const limit_text *one, const limit_text *two, size_t rows);

#endif
