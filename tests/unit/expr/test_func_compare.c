/* Comparisons: the typed loops agree with data_order for every type, and nulls and truth tests. */
#include "data_order.h"
#include "expr_check.h"
#include "random_vec.h"

enum { N = 130 };

static void check_type(expr_bench *x, const sqi_type *type, uint64_t seed, bool nulls)
{
    static const char *const signs[] = {"a = b", "a != b", "a < b", "a <= b", "a > b", "a >= b", "a <=> b"};
    sqi_field fields[] = {{{"a", 1}, type, true}, {{"b", 1}, type, true}};
    const sqi_schema schema = {2, fields};
    sqi_random r = {seed};
    sqi_arena columns;
    sqi_arena_init(&columns, &x->alloc);
    sqi_vec col[2];
    sqi_random_vec(&r, &col[0], type, N, nulls, &columns);
    sqi_random_vec(&r, &col[1], type, N, nulls, &columns);
    sqi_chunk chunk = {.n = N, .ncol = 2, .rows = {NULL, N}, .col = col};
    for (int way = 0; way < 2; way++, chunk.rows = sqi_random_rows(&r, N, &columns)) {
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
    sqi_arena_fini(&columns);
}

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
                                  truth_tests_never_give_null};
    return sqi_test_main("func_compare", tests, sizeof tests / sizeof *tests);
}
