/* Higher-order functions: elements of many rows at once, short cuts, accumulators, outer columns. */
#include "expr_check.h"

START_TEST(lambdas_over_arrays_give_sparks_answers)
{
    static const expr_row rows[] = {
        {"transform(array(3, NULL, 1), (x, i) -> coalesce(x, 0) * 10 + i)", "array<int> | [30, 1, 12]"},
        {"transform(array(array(1, 2), NULL, array()), x -> transform(x, y -> y + 1))",
         "array<array<int>> | [[2, 3], null, []]"},
        {"filter(array(1, 2, 3, 4), (x, i) -> i % 2 = 0)", "array<int> | [1, 3]"},
        {"exists(array(NULL, 2), x -> x = 1)", "boolean | NULL"},
        {"forall(array(NULL, 2), x -> x = 1)", "boolean | false"},
        {"exists(array(1, 0), x -> 1 / x = 1)", "boolean | true"},
        {"exists(array(0, 1), x -> 1 / x = 1)", "DIVIDE_BY_ZERO"},
        {"forall(array(2, 0), x -> 1 / x > 1)", "boolean | false"},
        {"aggregate(array(1, 2, 3), array(0), (s, x) -> array(x + s[0]))", "array<int> | [6]"},
        {"aggregate(array(1, 2, 3), '', (s, x) -> concat(s, x), s -> length(s))", "int | 3"},
        {"aggregate(array(1, 2), 0, (s, x) -> s + x * 1.5D)", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"zip_with(array(1, 2, 3), array(10), (a, b) -> a + coalesce(b, 0))", "array<int> | [11, 2, 3]"},
        {"zip_with(array(), array('x'), (a, b) -> b)", "array<string> | [x]"},
        {"filter('abc', x -> true)", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"filter(array(1), x -> x)", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(lambdas_over_maps_give_sparks_answers)
{
    static const expr_row rows[] = {
        {"map_filter(map(1, 'a', 2, 'b'), (k, v) -> k > 1 AND v = 'b')", "map<int,string> | {2 -> b}"},
        {"transform_keys(map(1, 'a', 2, 'b'), (k, v) -> concat(v, k))", "map<string,string> | {a1 -> a, b2 -> b}"},
        {"transform_keys(map(1, 'a', 2, 'a'), (k, v) -> v)", "DUPLICATED_MAP_KEY"},
        {"transform_keys(map(1, 'a'), (k, v) -> NULL)", "NULL_MAP_KEY"},
        {"transform_keys(map(0.5D, 1), (k, v) -> -0.0D)", "map<double,int> | {0.0 -> 1}"},
        {"transform_values(map(1, NULL), (k, v) -> v IS NULL)", "map<int,boolean> | {1 -> true}"},
        {"map_zip_with(map('a', 1, 'b', 2), map('b', 3, 'c', 4), (k, v, w) -> array(v, w))",
         "map<string,array<int>> | {a -> [1, null], b -> [2, 3], c -> [null, 4]}"},
        {"map_zip_with(map('a', 1), map(1, 2), (k, v, w) -> k)", "DATATYPE_MISMATCH.MAP_ZIP_WITH_DIFF_TYPES"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

/* A lambda in a lambda sees the columns, its own elements and the outer ones. */
START_TEST(every_level_sees_the_levels_around_it)
{
    expr_bench x;
    sqi_bound *e = NULL;
    sqi_vec out;
    static sqi_field fields[] = {{{"a", 1}, &sqi_type_int, true}};
    const sqi_schema schema = {1, fields};
    int32_t a[4] = {1, 2, 3, 4};
    uint32_t sel[2] = {1, 3};
    sqi_vec col = {.type = &sqi_type_int, .data = a, .mask = UINT32_MAX};
    sqi_chunk chunk = {.n = 4, .ncol = 1, .rows = {sel, 2}, .col = &col};
    expr_bench_init(&x);
    ck_assert_int_eq(expr_bench_bind(&x,
                                     "transform(sequence(1, a), p -> aggregate(sequence(1, p), 0, (s, q) -> "
                                     "s + a * 100 + p * 10 + q))",
                                     &schema, &e, NULL),
                     STREAMQ_OK);
    ck_assert_int_eq(expr_bench_run(&x, e, &chunk, &out, NULL), STREAMQ_OK);
    ck_assert_str_eq(expr_bench_text(&x, &out, 1), "[211, 443]");
    ck_assert_str_eq(expr_bench_text(&x, &out, 3), "[411, 843, 1296, 1770]");
    expr_bench_fini(&x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lambdas_over_arrays_give_sparks_answers, lambdas_over_maps_give_sparks_answers,
                                  every_level_sees_the_levels_around_it};
    return sqi_test_main("func_lambda", tests, sizeof tests / sizeof *tests);
}
