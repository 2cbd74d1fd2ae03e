/* Comparisons: the typed loops agree with data_order for every type, and nulls and truth tests. */
#include "data_order.h"
#include "expr_check.h"
#include "random_vec.h"

enum { N = 130 };

static void check_columns(expr_bench *x, const sqi_type *type, const sqi_vec *col, sqi_rows rows)
{
    static const char *const signs[] = {"a = b", "a != b", "a < b", "a <= b", "a > b", "a >= b", "a <=> b"};
    sqi_field fields[] = {{{"a", 1}, type, true}, {{"b", 1}, type, true}};
    const sqi_schema schema = {2, fields};
    const sqi_chunk chunk = {.n = N, .ncol = 2, .rows = rows, .col = (sqi_vec *)col};
    for (int op = 0; op < 7; op++) {
        sqi_bound *e = NULL;
        sqi_vec out;
        expr_bench_reset(x);
        ck_assert_int_eq(expr_bench_bind(x, signs[op], &schema, &e, NULL), STREAMQ_OK);
        ck_assert_int_eq(expr_bench_run(x, e, &chunk, &out, NULL), STREAMQ_OK);
        for (SQI_EACH(chunk.rows, k, i)) {
            bool p = sqi_vec_valid(&col[0], i), q = sqi_vec_valid(&col[1], i);
            int order = p && q ? sqi_order_compare(&col[0], i, &col[1], i) : 0;
            const bool want[] = {order == 0, order != 0, order<0, order <= 0, order> 0, order >= 0,
                                 p == q && order == 0};
            if (op < 6 && (!p || !q))
                ck_assert(!sqi_vec_valid(&out, i));
            else
                ck_assert(sqi_vec_valid(&out, i) && SQI_AT(&out, uint8_t, i) == want[op]);
        }
    }
}

/* Two columns, a column and a constant, a constant and a column; over all rows and some. */
static void check_type(expr_bench *x, const sqi_type *type, uint64_t seed, bool nulls)
{
    sqi_random r = {seed};
    sqi_arena columns;
    sqi_arena_init(&columns, &x->alloc);
    for (int constant = 2; constant >= 0; constant--) {
        sqi_vec col[2];
        sqi_random_vec(&r, &col[0], type, N, nulls, &columns);
        sqi_random_vec(&r, &col[1], type, N, nulls, &columns);
        if (constant < 2)
            sqi_vec_set_constant(&col[constant]);
        check_columns(x, type, col, (sqi_rows){NULL, N});
        check_columns(x, type, col, sqi_random_rows(&r, N, &columns));
    }
    sqi_arena_fini(&columns);
}

/* Beside a constant at the end of the range nothing is larger, or smaller. */
START_TEST(the_ends_of_bigint_are_compared)
{
    static const int64_t edge[] = {INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1, -1, 0, 1};
    enum { EDGES = sizeof edge / sizeof *edge };
    int64_t a[N], b;
    expr_bench x;
    expr_bench_init(&x);
    for (int i = 0; i < N; i++)
        a[i] = edge[i % EDGES];
    for (int k = 0; k < EDGES; k++) {
        b = edge[k];
        sqi_vec col[2] = {{.type = &sqi_type_bigint, .data = a, .mask = UINT32_MAX},
                          {.type = &sqi_type_bigint, .data = &b, .mask = 0}};
        sqi_vec turned[2] = {col[1], col[0]};
        check_columns(&x, &sqi_type_bigint, col, (sqi_rows){NULL, N});
        check_columns(&x, &sqi_type_bigint, turned, (sqi_rows){NULL, N});
    }
    expr_bench_fini(&x);
}
END_TEST

START_TEST(loops_agree_with_the_order_of_values)
{
    expr_bench x;
    const sqi_type *type;
    expr_bench_init(&x);
    for (unsigned i = 0; (type = sqi_every_type(x.pool, i)); i++)
        if (sqi_type_is_orderable(type) && type->id != SQI_VOID)
            for (uint64_t seed = 1; seed < 4; seed++)
                check_type(&x, type, seed, seed % 2);
    expr_bench_fini(&x);
}
END_TEST

START_TEST(types_meet_before_they_are_compared)
{
    static const expr_row rows[] = {
        {"1 = '1'", "boolean | true"},
        {"1.5 = '1.50'", "boolean | true"},
        {"10 < '9'", "boolean | false"},
        {"1 = '1.0'", "CAST_INVALID_INPUT"},
        {"true = 'yes'", "boolean | true"},
        {"true = 1", "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"},
        {"DATE '2024-01-02' = '2024-01-02'", "boolean | true"},
        {"struct(1) = struct('1')", "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"},
        {"named_struct('a', 1) = named_struct('b', 1L)", "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"},
        {"map(1, 2) <=> map(1, 2)", "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"},
        {"NULL = NULL", "boolean | NULL"},
        {"NULL <=> NULL", "boolean | true"},
        {"9007199254740993L = 9007199254740992D", "boolean | true"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(truth_tests_never_give_null)
{
    static const expr_row rows[] = {
        {"CAST(NULL AS BOOLEAN) IS TRUE", "boolean | false"},
        {"CAST(NULL AS BOOLEAN) IS NOT TRUE", "boolean | true"},
        {"CAST(NULL AS BOOLEAN) IS FALSE", "boolean | false"},
        {"(1 = NULL) IS UNKNOWN", "boolean | true"},
        {"1 IS TRUE", "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"},
        {"array(NULL) IS NULL", "boolean | false"},
        {"5 BETWEEN NULL AND 3", "boolean | false"},
        {"2 BETWEEN NULL AND 3", "boolean | NULL"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {loops_agree_with_the_order_of_values, types_meet_before_they_are_compared,
                                  truth_tests_never_give_null, the_ends_of_bigint_are_compared};
    return sqi_test_main("func_compare", tests, sizeof tests / sizeof *tests);
}
