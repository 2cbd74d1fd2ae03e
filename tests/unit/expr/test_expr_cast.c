/* Which casts there are, and nested values: answers of Spark. */
#include "expr_cast.h"
#include "expr_check.h"

START_TEST(casts_of_nested_values)
{
    static const expr_row rows[] = {
        {"CAST(CAST(NULL AS ARRAY<INT>) AS STRING)", "string | NULL"},
        {"CAST(array(1, 2) AS ARRAY<STRING>)", "array<string> | [1, 2]"},
        {"CAST(array('1', '2') AS ARRAY<INT>)", "array<int> | [1, 2]"},
        {"CAST(array('1', 'x') AS ARRAY<INT>)", "CAST_INVALID_INPUT"},
        {"try_cast(array('1', 'x') AS ARRAY<INT>)", "array<int> | [1, null]"},
        {"CAST(array(300) AS ARRAY<TINYINT>)", "CAST_OVERFLOW"},
        {"CAST(array(NULL) AS ARRAY<INT>)", "array<int> | [null]"},
        {"CAST(map('1', '2') AS MAP<INT, DOUBLE>)", "map<int,double> | {1 -> 2.0}"},
        {"CAST(map('x', '2') AS MAP<INT, DOUBLE>)", "CAST_INVALID_INPUT"},
        {"try_cast(map('a', 'x') AS MAP<STRING, INT>)", "map<string,int> | {a -> null}"},
        {"CAST(map('1', 1, '01', 2) AS MAP<INT, INT>)", "map<int,int> | {1 -> 1, 1 -> 2}"},
        {"CAST(struct(1, '2') AS STRUCT<a: STRING, b: INT>)", "struct<a:string,b:int> | {1, 2}"},
        {"CAST(struct(1, '2') AS STRUCT<a: STRING>)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(struct('x') AS STRUCT<a: INT>)", "CAST_INVALID_INPUT"},
        {"try_cast(struct('x', 1) AS STRUCT<a: INT, b: INT>)", "struct<a:int,b:int> | {null, 1}"},
        {"CAST(array(1) AS MAP<INT, INT>)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(1 AS ARRAY<INT>)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST('[1]' AS ARRAY<INT>)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(array(array('1')) AS ARRAY<ARRAY<BIGINT>>)", "array<array<bigint>> | [[1]]"},
        {"CAST(array(DATE '2024-01-01') AS ARRAY<TIMESTAMP>)", "array<timestamp> | [2024-01-01 00:00:00]"},
        {"array('1')::ARRAY<INT>", "array<int> | [1]"},
        {"try_cast(map('x','2') AS MAP<INT, DOUBLE>)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"try_cast(map('1','x') AS MAP<INT, DOUBLE>)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(NULL AS ARRAY<INT>)", "array<int> | NULL"},
        {"CAST(struct(1) AS STRUCT<a: INT NOT NULL>)", "struct<a:int> | {1}"},
        {"CAST(array(DATE '2024-01-01') AS ARRAY<INT>)", "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"},
        {"CAST(array(DATE '2024-01-01') AS ARRAY<BOOLEAN>)", "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"},
        {"CAST(array(1) AS ARRAY<BINARY>)", "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(casts_that_do_not_exist)
{
    static const expr_row rows[] = {
        {"CAST(DATE '2024-01-01' AS BOOLEAN)", "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION"},
        {"CAST(TIMESTAMP '1970-01-01 00:00:00' AS BOOLEAN)", "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION"},
        {"CAST(TIMESTAMP '2024-01-01 00:00:00' AS BOOLEAN)", "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION"},
        {"CAST(X'01' AS BOOLEAN)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(TIMESTAMP_NTZ '1970-01-01 00:01:00' AS BIGINT)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(DATE '1970-01-02' AS INT)", "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"},
        {"CAST(X'0102' AS INT)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(array(1) AS INT)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(DATE '2024-01-01' AS DOUBLE)", "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"},
        {"CAST(INTERVAL '1' DAY AS FLOAT)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"hex(CAST(1 AS BINARY))", "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION"},
        {"hex(CAST(1Y AS BINARY))", "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION"},
        {"hex(CAST(258S AS BINARY))", "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION"},
        {"hex(CAST(-1L AS BINARY))", "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION"},
        {"CAST(1.5D AS BINARY)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(true AS BINARY)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(DATE '2024-01-01' AS BINARY)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(true AS TIMESTAMP)", "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION"},
        {"CAST(1 AS TIMESTAMP_NTZ)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(0 AS DATE)", "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"},
        {"CAST(1L AS DATE)", "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"},
        {"CAST(1.5D AS DATE)", "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"},
        {"CAST(true AS DATE)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(X'01' AS TIMESTAMP)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(struct(1, '2') AS STRUCT<a: STRING>)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(array(1) AS MAP<INT, INT>)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(1 AS ARRAY<INT>)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST('[1]' AS ARRAY<INT>)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(array(DATE '2024-01-01') AS ARRAY<INT>)", "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"},
        {"CAST(array(DATE '2024-01-01') AS ARRAY<BOOLEAN>)", "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"},
        {"CAST(array(1) AS ARRAY<BINARY>)", "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"},
        {"CAST(1 AS VOID)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(1.5D AS INTERVAL DAY)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(make_interval(1) AS INTERVAL YEAR)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(DATE '2024-01-01' AS INTERVAL DAY)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(try_cast_gives_null)
{
    static const expr_row rows[] = {
        {"try_cast(array('1', 'x') AS ARRAY<INT>)", "array<int> | [1, null]"},
        {"try_cast(map('a', 'x') AS MAP<STRING, INT>)", "map<string,int> | {a -> null}"},
        {"try_cast(struct('x', 1) AS STRUCT<a: INT, b: INT>)", "struct<a:int,b:int> | {null, 1}"},
        {"try_cast(300 AS TINYINT)", "tinyint | NULL"},
        {"try_cast('x' AS INT)", "int | NULL"},
        {"try_cast('5' AS INT)", "int | 5"},
        {"try_cast(1e40D AS BIGINT)", "bigint | NULL"},
        {"try_cast(NULL AS INT)", "int | NULL"},
        {"try_cast(DATE '2024-01-01' AS INT)", "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"},
        {"try_cast(1 AS DATE)", "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"},
        {"try_cast('2024-02-30' AS DATE)", "date | NULL"},
        {"try_cast('maybe' AS BOOLEAN)", "boolean | NULL"},
        {"try_cast('2024-02-30 00:00:00' AS TIMESTAMP)", "timestamp | NULL"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

/* A hundred rows through one cast: nulls stay, only selected rows are looked at. */
START_TEST(rows_outside_the_selection_cannot_fail)
{
    expr_bench x;
    expr_bench_init(&x);
    enum { N = 100 };
    sqi_vec in, out;
    uint32_t sel[N], n = 0;
    ck_assert_int_eq(sqi_vec_make(&in, &sqi_type_string, N, &x.scratch, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_vec_bitmap(&in, N, true, &x.scratch, NULL), STREAMQ_OK);
    for (uint32_t i = 0; i < N; i++) {
        SQI_OUT(&in, sqi_str)[i] = i % 3 == 1 ? sqi_str_view("no number", 9) : sqi_str_view("42", 2);
        if (i % 3 == 2)
            sqi_vec_set_null(&in, i);
        else if (i % 3 == 0)
            sel[n++] = i;
    }
    ck_assert_int_eq(sqi_vec_make(&out, &sqi_type_int, N, &x.scratch, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_cast(&x.eval, &in, N, (sqi_rows){sel, n}, &sqi_type_int, false, &out, NULL), STREAMQ_OK);
    for (uint32_t k = 0; k < n; k++)
        ck_assert(sqi_vec_valid(&out, sel[k]) && SQI_AT(&out, int32_t, sel[k]) == 42);
    streamq_error *err = NULL;
    ck_assert_int_eq(sqi_vec_make(&out, &sqi_type_int, N, &x.scratch, NULL), STREAMQ_OK);
    ck_assert_int_ne(sqi_cast(&x.eval, &in, N, (sqi_rows){NULL, N}, &sqi_type_int, false, &out, &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_CAST_INVALID_INPUT);
    ck_assert_ptr_nonnull(strstr(sqi_error_text(err), "'no number'"));
    sqi_error_free(err);
    ck_assert_int_eq(sqi_vec_make(&out, &sqi_type_int, N, &x.scratch, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_cast(&x.eval, &in, N, (sqi_rows){NULL, N}, &sqi_type_int, true, &out, NULL), STREAMQ_OK);
    for (uint32_t i = 0; i < N; i++)
        ck_assert_int_eq(sqi_vec_valid(&out, i), i % 3 == 0);
    expr_bench_fini(&x);
}
END_TEST

START_TEST(elements_that_no_row_holds_cannot_fail)
{
    expr_bench x;
    expr_bench_init(&x);
    const sqi_type *from = sqi_type_array(x.pool, &sqi_type_string, true),
                   *to = sqi_type_array(x.pool, &sqi_type_int, true);
    sqi_vec in, out;
    ck_assert_int_eq(sqi_vec_make(&in, from, 2, &x.scratch, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_vec_make(&in.child[0], &sqi_type_string, 3, &x.scratch, NULL), STREAMQ_OK);
    SQI_OUT(&in.child[0], sqi_str)[0] = sqi_str_view("7", 1);
    SQI_OUT(&in.child[0], sqi_str)[1] = sqi_str_view("x", 1);
    SQI_OUT(&in.child[0], sqi_str)[2] = sqi_str_view("8", 1);
    in.nchild = 3;
    SQI_OUT(&in, sqi_list)[0] = (sqi_list){2, 1};
    SQI_OUT(&in, sqi_list)[1] = (sqi_list){0, 1};
    ck_assert_int_eq(sqi_vec_make(&out, to, 2, &x.scratch, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_cast(&x.eval, &in, 2, (sqi_rows){NULL, 2}, to, false, &out, NULL), STREAMQ_OK);
    ck_assert_str_eq(expr_bench_text(&x, &out, 0), "[8]");
    ck_assert_str_eq(expr_bench_text(&x, &out, 1), "[7]");
    expr_bench_fini(&x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {casts_of_nested_values, casts_that_do_not_exist, try_cast_gives_null,
                                  rows_outside_the_selection_cannot_fail, elements_that_no_row_holds_cannot_fail};
    return sqi_test_main("expr_cast", tests, sizeof tests / sizeof *tests);
}
