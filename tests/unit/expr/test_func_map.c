/* Maps and structs over columns: keys, nulls, selections, sharing, fields. */
#include "func_bench.h"
#include "test_main.h"

static func_bench b;

static void setup(void)
{
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    func_bench_texts(&b, "k", 3, (const char *[]){"a", "b", "a key longer than twelve bytes"});
    func_bench_texts(&b, "v", 3, (const char *[]){"x", NULL, "z"});
    func_bench_ints(&b, "n", 3, (const int32_t[]){1, 2, 3});
}
static void teardown(void)
{
    func_bench_fini(&b);
}

#define GIVES(text, want) ck_assert_str_eq(func_bench_all(&b, text), want)
#define ONE(text, want) ck_assert_str_eq(func_bench_one(&b, text), want)

START_TEST(maps_are_made_and_read_row_by_row)
{
    setup();
    func_bench_made(&b, "m", "map(k, v, 'n', CAST(n AS STRING))");
    GIVES("m", "{a -> x, n -> 1};{b -> null, n -> 2};{a key longer than twelve bytes -> z, n -> 3}");
    GIVES("m[k]", "x;NULL;z");
    GIVES("m['n']", "1;2;3");
    GIVES("m['none']", "NULL;NULL;NULL");
    GIVES("element_at(m, k)", "x;NULL;z");
    GIVES("map_contains_key(m, 'b')", "false;true;false");
    GIVES("map_keys(m)", "[a, n];[b, n];[a key longer than twelve bytes, n]");
    GIVES("map_values(m)", "[x, 1];[null, 2];[z, 3]");
    GIVES("map_entries(m)[0]", "{a, x};{b, null};{a key longer than twelve bytes, z}");
    GIVES("map_from_entries(map_entries(m)) = m IS NULL", "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE");
    GIVES("map_concat(m, map('q', 'r'))['q']", "r;r;r");
    GIVES("map_from_arrays(array(k, 'c'), array(n, 0))",
          "{a -> 1, c -> 0};{b -> 2, c -> 0};{a key longer than twelve bytes -> 3, c -> 0}");
    GIVES("cardinality(m)", "2;2;2");
    teardown();
}
END_TEST

START_TEST(keys_are_unique_and_never_null)
{
    setup();
    GIVES("map(k, 1, 'b', 2)", "DUPLICATED_MAP_KEY");
    GIVES("map(v, 1)", "NULL_MAP_KEY");
    static const uint32_t some[] = {0, 2};
    b.rows = (sqi_rows){some, 2};
    GIVES("map(v, 1)", "{x -> 1};{z -> 1}");
    GIVES("map(k, 1, 'b', 2)", "{a -> 1, b -> 2};{a key longer than twelve bytes -> 1, b -> 2}");
    ONE("map_from_arrays(transform(sequence(1, 100), x -> x % 99), sequence(1, 100))", "DUPLICATED_MAP_KEY");
    ONE("size(map_from_arrays(sequence(1, 100), sequence(1, 100)))", "100");
    ONE("map_keys(map(-0.0D, 1))", "[0.0]");
    ONE("map(-0.0D, 1)[0.0D]", "1");
    ONE("map(map(1, 2), 3)", "DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE");
    ONE("map(array(struct(map(1, 2))), 3)", "DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE");
    teardown();
}
END_TEST

START_TEST(structs_are_their_arguments_and_fields_come_back)
{
    setup();
    func_bench_made(&b, "s", "if(n = 2, NULL, named_struct('key', k, 'more', struct(n, array(v))))");
    GIVES("s", "{a, {1, [x]}};NULL;{a key longer than twelve bytes, {3, [z]}}");
    GIVES("s.key", "a;NULL;a key longer than twelve bytes");
    GIVES("s.MORE.n", "1;NULL;3");
    GIVES("s['key']", "a;NULL;a key longer than twelve bytes");
    GIVES("array(s, s).more.n", "[1, 1];[null, null];[3, 3]");
    GIVES("array(s)['key'][0]", "a;NULL;a key longer than twelve bytes");
    GIVES("s.nothing", "FIELD_NOT_FOUND");
    GIVES("s[k]", "INVALID_EXTRACT_FIELD_TYPE");
    GIVES("n.x", "INVALID_EXTRACT_BASE_FIELD_TYPE");
    GIVES("struct(*).k", "a;b;a key longer than twelve bytes");
    ONE("struct(1, 'x') = struct(1, 'x')", "true");
    ONE("named_struct('a', 1, 'b')", "WRONG_NUM_ARGS.WITHOUT_SUGGESTION");
    teardown();
}
END_TEST

START_TEST(elements_outside_are_errors_or_null_by_the_function)
{
    setup();
    func_bench_made(&b, "a", "array(k, v)");
    GIVES("a[n - 1]", "INVALID_ARRAY_INDEX");
    GIVES("get(a, n - 1)", "a;NULL;NULL");
    GIVES("get(a, -1)", "NULL;NULL;NULL");
    GIVES("element_at(a, n)", "INVALID_ARRAY_INDEX_IN_ELEMENT_AT");
    GIVES("try_element_at(a, n)", "a;NULL;NULL");
    GIVES("try_element_at(a, n - 1)", "INVALID_INDEX_OF_ZERO");
    GIVES("element_at(a, -2)", "a;b;a key longer than twelve bytes");
    b.eval.ansi = false;
    GIVES("a[n - 1]", "a;NULL;NULL");
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {maps_are_made_and_read_row_by_row, keys_are_unique_and_never_null,
                                  structs_are_their_arguments_and_fields_come_back,
                                  elements_outside_are_errors_or_null_by_the_function};
    return sqi_test_main("func_map", tests, sizeof tests / sizeof *tests);
}
