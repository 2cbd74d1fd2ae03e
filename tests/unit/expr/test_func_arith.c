/* Arithmetic: result types, edges of every width, decimals, and rows that hold nulls beside rows that overflow. */
#include "data_builder.h"
#include "data_decimal.h"
#include "expr_check.h"

START_TEST(result_types_follow_the_operands)
{
    static const expr_row rows[] = {
        {"1Y + 1S", "smallint | 2"},
        {"1L * 2", "bigint | 2"},
        {"1F + 1F", "float | 2.0"},
        {"1F + 1", "double | 2.0"},
        {"7 / 2", "double | 3.5"},
        {"7Y div 2Y", "bigint | 3"},
        {"1.5 + 1", "decimal(3,1) | 2.5"},
        {"1.5 + CAST(1 AS INT)", "decimal(12,1) | 2.5"}, /* no literal: all ten digits */
        {"1.5 + 1D", "double | 2.5"},
        {"'2' * 3", "bigint | 6"},
        {"NULL + 1Y", "tinyint | NULL"},
        {"NULL div NULL", "bigint | NULL"},
        {"true + true", "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE"},
        {"1D div 2", "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(each_width_overflows_at_its_own_edge)
{
    static const expr_row rows[] = {
        {"-128Y + -1Y", "BINARY_ARITHMETIC_OVERFLOW"},
        {"-128Y * -1Y", "BINARY_ARITHMETIC_OVERFLOW"},
        {"-32768S - 1S", "BINARY_ARITHMETIC_OVERFLOW"},
        {"-2147483648 - 1", "ARITHMETIC_OVERFLOW"},
        {"-2147483648 * -1", "ARITHMETIC_OVERFLOW"},
        {"65536 * 32768", "ARITHMETIC_OVERFLOW"},
        {"46340 * 46340", "int | 2147395600"},
        {"-9223372036854775808L * -1L", "ARITHMETIC_OVERFLOW"},
        {"9223372036854775807L - -1L", "ARITHMETIC_OVERFLOW"},
        {"-(-32768S)", "ARITHMETIC_OVERFLOW"},
        {"abs(-127Y)", "tinyint | 127"},
        {"-2147483648 % -1", "int | 0"},
        {"-9223372036854775808L % -1L", "bigint | 0"},
        {"pmod(-9223372036854775808L, -1L)", "bigint | 0"},
        {"pmod(-2147483647, -2147483648)", "int | 1"},
        {"try_multiply(-128Y, -1Y)", "tinyint | NULL"},
        {"try_subtract(-9223372036854775808L, 1)", "bigint | NULL"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(decimals_keep_digits_by_sparks_rules)
{
    static const expr_row rows[] = {
        {"CAST(1 AS DECIMAL(38,10)) * CAST(1 AS DECIMAL(38,10))", "decimal(38,6) | 1.000000"},
        {"CAST(2 AS DECIMAL(20,0)) / CAST(3 AS DECIMAL(20,0))", "decimal(38,18) | 0.666666666666666667"},
        {"1.0 / 3", "decimal(7,6) | 0.333333"},
        {"-7.5 % 2", "decimal(2,1) | -1.5"},
        {"pmod(-7.5, 2)", "decimal(2,1) | 0.5"},
        {"pmod(-7.5, -2)", "decimal(2,1) | -1.5"},
        {"99.99 * 99.99", "decimal(9,4) | 9998.0001"},
        {"try_divide(1.5, 0)", "decimal(7,6) | NULL"},
        {"CAST('99999999999999999999999999999999999999' AS DECIMAL(38,0)) * 10",
         "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION"},
        {"-CAST('-5.50' AS DECIMAL(5,2))", "decimal(5,2) | 5.50"},
        {"7.9 div -2", "bigint | -3"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

/* a + b over a column where one row overflows. That row is null, not selected, or really there. */
START_TEST(only_a_row_that_is_there_can_overflow)
{
    enum { N = 70 };
    expr_bench x;
    sqi_bound *e = NULL;
    sqi_prog *prog = NULL;
    sqi_vec out;
    streamq_error *err = NULL;
    static sqi_field fields[] = {{{"a", 1}, &sqi_type_int, true}, {{"b", 1}, &sqi_type_int, true}};
    const sqi_schema schema = {2, fields};
    int32_t a[N], b[N];
    uint64_t valid[2] = {~UINT64_C(0), ~UINT64_C(0)};
    uint32_t sel[N], n = 0;
    for (int i = 0; i < N; i++) {
        a[i] = i == 65 ? INT32_MAX : i;
        b[i] = 1;
        if (i != 65)
            sel[n++] = (uint32_t)i;
    }
    sqi_vec col[2] = {{.type = &sqi_type_int, .data = a, .mask = UINT32_MAX},
                      {.type = &sqi_type_int, .data = b, .mask = UINT32_MAX}};
    sqi_chunk chunk = {.n = N, .ncol = 2, .rows = {NULL, N}, .col = col};
    expr_bench_init(&x);
    ck_assert_int_eq(expr_bench_bind(&x, "a + b", &schema, &e, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_prog_new(&prog, &e, 1, &x.eval, NULL), STREAMQ_OK);
    ck_assert_int_ne(sqi_prog_run(prog, &x.eval, &chunk, &out, &err), STREAMQ_OK);
    ck_assert_ptr_nonnull(strstr(sqi_error_text(err), "2147483647 + 1"));
    sqi_error_free(err);
    chunk.rows = (sqi_rows){sel, n};
    ck_assert_int_eq(sqi_prog_run(prog, &x.eval, &chunk, &out, NULL), STREAMQ_OK);
    chunk.rows = (sqi_rows){NULL, N};
    valid[1] &= ~(UINT64_C(1) << 1);
    col[0].valid = valid;
    ck_assert_int_eq(sqi_prog_run(prog, &x.eval, &chunk, &out, NULL), STREAMQ_OK);
    ck_assert(!sqi_vec_valid(&out, 65));
    ck_assert_int_eq(SQI_AT(&out, int32_t, 69), 70);
    sqi_prog_free(prog);
    expr_bench_fini(&x);
}
END_TEST

/* Every pair of edge values against 128-bit arithmetic. */
START_TEST(integers_agree_with_wide_arithmetic)
{
    static const int64_t edge[] = {
        INT64_MIN, INT64_MIN + 1, -4294967296, INT32_MIN, -129,       -128,          -2,       -1, 0, 1,
        2,         127,           128,         INT32_MAX, 4294967296, INT64_MAX - 1, INT64_MAX};
    enum { N = sizeof edge / sizeof *edge };
    static const char *const texts[] = {"try_add(a, b)", "try_subtract(a, b)", "try_multiply(a, b)"};
    static sqi_field fields[] = {{{"a", 1}, &sqi_type_bigint, true}, {{"b", 1}, &sqi_type_bigint, true}};
    const sqi_schema schema = {2, fields};
    int64_t a[N * N], b[N * N];
    for (int i = 0; i < N * N; i++) {
        a[i] = edge[i / N];
        b[i] = edge[i % N];
    }
    sqi_vec col[2] = {{.type = &sqi_type_bigint, .data = a, .mask = UINT32_MAX},
                      {.type = &sqi_type_bigint, .data = b, .mask = UINT32_MAX}};
    sqi_chunk chunk = {.n = N * N, .ncol = 2, .rows = {NULL, N * N}, .col = col};
    expr_bench x;
    expr_bench_init(&x);
    for (int op = 0; op < 3; op++) {
        sqi_bound *e = NULL;
        sqi_vec out;
        ck_assert_int_eq(expr_bench_bind(&x, texts[op], &schema, &e, NULL), STREAMQ_OK);
        ck_assert_int_eq(expr_bench_run(&x, e, &chunk, &out, NULL), STREAMQ_OK);
        for (uint32_t i = 0; i < N * N; i++) {
            sqi_int128 p = a[i], q = b[i], r = op == 0 ? p + q : op == 1 ? p - q : p * q;
            bool fits = r >= INT64_MIN && r <= INT64_MAX;
            ck_assert_msg(sqi_vec_valid(&out, i) == fits, "%s of %lld, %lld", texts[op], (long long)a[i],
                          (long long)b[i]);
            ck_assert(!fits || SQI_AT(&out, int64_t, i) == (int64_t)r);
        }
    }
    expr_bench_fini(&x);
}
END_TEST

/* A column by a constant is looked at as a whole first: each value alone, and all of them together. */
START_TEST(products_by_a_constant_agree_with_wide_arithmetic)
{
    enum { N = 2 * 64 + 2 };
    static sqi_field fields[] = {{{"a", 1}, &sqi_type_bigint, true}, {{"b", 1}, &sqi_type_bigint, true}};
    const sqi_schema schema = {2, fields};
    int64_t a[N], by;
    for (int i = 0; i < 64; i++) {
        a[2 * i] = (int64_t)(UINT64_C(1) << i);
        a[2 * i + 1] = (int64_t)(0 - (UINT64_C(1) << i));
    }
    a[N - 2] = 0;
    a[N - 1] = 3;
    expr_bench x;
    expr_bench_init(&x);
    sqi_bound *e = NULL;
    sqi_vec out;
    ck_assert_int_eq(expr_bench_bind(&x, "try_multiply(a, b)", &schema, &e, NULL), STREAMQ_OK);
    for (int k = 0; k < N * N + N; k++) {
        uint32_t n = k < N * N ? 1 : N, first = k < N * N ? (uint32_t)k / N : 0;
        by = a[k % N];
        sqi_vec col[2] = {{.type = &sqi_type_bigint, .data = a + first, .mask = UINT32_MAX},
                          {.type = &sqi_type_bigint, .data = &by, .mask = 0}};
        sqi_chunk chunk = {.n = n, .ncol = 2, .rows = {NULL, n}, .col = col};
        ck_assert_int_eq(expr_bench_run(&x, e, &chunk, &out, NULL), STREAMQ_OK);
        for (uint32_t i = 0; i < n; i++) {
            sqi_int128 r = (sqi_int128)a[first + i] * by;
            bool fits = r >= INT64_MIN && r <= INT64_MAX;
            ck_assert_msg(sqi_vec_valid(&out, i) == fits, "%lld * %lld", (long long)a[first + i], (long long)by);
            ck_assert(!fits || SQI_AT(&out, int64_t, i) == (int64_t)r);
        }
    }
    expr_bench_fini(&x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        result_types_follow_the_operands,     each_width_overflows_at_its_own_edge,
        decimals_keep_digits_by_sparks_rules, only_a_row_that_is_there_can_overflow,
        integers_agree_with_wide_arithmetic,  products_by_a_constant_agree_with_wide_arithmetic};
    return sqi_test_main("func_arith", tests, sizeof tests / sizeof *tests);
}
