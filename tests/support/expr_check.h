/*
 * expr_check: assertions about expressions, one line each. The bench behind them is made by each test and freed with
 * every byte counted.
 */
#ifndef SQI_EXPR_CHECK_H
#define SQI_EXPR_CHECK_H

#include "expr_bench.h"
#include "test_main.h"

/* "type | value", or the name of the condition. */
static inline void expr_check(expr_bench *x, const char *text, const char *expected)
{
    const char *got = expr_bench_answer(x, text);
    ck_assert_msg(strcmp(got, expected) == 0, "%s gives %s, not %s", text, got, expected);
}

typedef struct expr_row {
    const char *text, *expected;
} expr_row;

static inline void expr_check_all(const expr_row *rows, size_t n)
{
    expr_bench x;
    expr_bench_init(&x);
    for (size_t i = 0; i < n; i++)
        expr_check(&x, rows[i].text, rows[i].expected);
    expr_bench_fini(&x);
    ck_assert_uint_eq(atomic_load(&x.alloc.used), 0);
}

#define EXPR_CHECK_ALL(rows) expr_check_all(rows, sizeof(rows) / sizeof *(rows))

#endif
