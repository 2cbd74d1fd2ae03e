/*
 * func_bench: expressions over columns made by hand, on an allocator that can be told to fail.
 *
 *     func_bench b;
 *     func_bench_init(&b, alloc);                               NULL: a heap of its own that is checked for leaks
 *     func_bench_texts(&b, "s", 3, (const char *[]){"a b", NULL, "c"});
 *     ck_assert_str_eq(func_bench_all(&b, "split(s, ' ')"), "[a, b];NULL;[c]");
 *     func_bench_fini(&b);
 *
 * Columns are called as they are named, all of one length. Results are joined with ';'; an error is its condition.
 */
#ifndef FUNC_BENCH_H
#define FUNC_BENCH_H

#include "data_builder.h"
#include "expr_bind.h"
#include "fail_alloc.h"

#define FUNC_BENCH_COLUMNS 8

typedef struct func_bench {
    sqi_fail_alloc own;
    sqi_alloc *alloc;
    sqi_arena plan, data, scratch;
    sqi_type_pool *pool;
    sqi_zones *zones;
    sqi_eval eval;
    sqi_field field[FUNC_BENCH_COLUMNS];
    sqi_vec col[FUNC_BENCH_COLUMNS];
    uint32_t ncol, n;
    sqi_rows rows; /* which rows to look at; all of them by default */
    sqi_vec out;   /* the last result and the type it was bound to */
    const sqi_type *type;
    char *text;
    size_t text_size;
} func_bench;

streamq_status func_bench_init(func_bench *b, sqi_alloc *alloc);
void func_bench_fini(func_bench *b);
void func_bench_drop(func_bench *b); /* forget the columns */

/* Columns; they fail only where the allocator does, which func_bench_run reports. */
void func_bench_texts(func_bench *b, const char *name, uint32_t n, const char *const *values);
void func_bench_bytes(func_bench *b, const char *name, uint32_t n, const sqi_span *values);
void func_bench_ints(func_bench *b, const char *name, uint32_t n, const int32_t *values);
/* From an expression over the columns there are: "array(s, 'x')". */
void func_bench_made(func_bench *b, const char *name, const char *text);

streamq_status func_bench_run(func_bench *b, const char *text, streamq_error **err);
/* Every row that is looked at; in memory of the bench, until the next call. */
const char *func_bench_all(func_bench *b, const char *text);
/* One expression without columns: its text, or its condition. */
const char *func_bench_one(func_bench *b, const char *text);

#endif
