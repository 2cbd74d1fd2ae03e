/* Array functions over columns: nulls and selections, elements of every kind of type, long arrays against loops. */
#include <stdio.h>

#include "func_bench.h"
#include "test_main.h"

static func_bench b;

static void setup(void)
{
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    func_bench_texts(&b, "s", 4, (const char *[]){"c b a b", NULL, "", "a word longer than twelve bytes"});
    func_bench_ints(&b, "n", 4, (const int32_t[]){2, 1, -1, 3});
    func_bench_made(&b, "a", "split(s, ' ')");
}
static void teardown(void)
{
    func_bench_fini(&b);
}

#define GIVES(text, want) ck_assert_str_eq(func_bench_all(&b, text), want)
#define ONE(text, want) ck_assert_str_eq(func_bench_one(&b, text), want)

START_TEST(elements_are_chosen_row_by_row)
{
    setup();
    GIVES("reverse(a)", "[b, a, b, c];NULL;[];[bytes, twelve, than, longer, word, a]");
    GIVES("array_distinct(a)", "[c, b, a];NULL;[];[a, word, longer, than, twelve, bytes]");
    GIVES("slice(a, n, 2)", "[b, a];NULL;[];[longer, than]");
    GIVES("array_append(a, s)",
          "[c, b, a, b, c b a b];NULL;[, ];[a, word, longer, than, twelve, bytes, a word longer than twelve bytes]");
    GIVES("array_insert(a, n, 'new')", "[c, new, b, a, b];NULL;[, new];[a, word, new, longer, than, twelve, bytes]");
    GIVES("array_remove(a, 'b')", "[c, a];NULL;[];[a, word, longer, than, twelve, bytes]");
    GIVES("array_position(a, 'b')", "2;NULL;0;0");
    GIVES("sort_array(a, n > 0)", "[a, b, b, c];NULL;[];[a, bytes, longer, than, twelve, word]");
    GIVES("array_repeat(s, n)", "[c b a b, c b a b];[null];[];[a word longer than twelve bytes, a word longer than "
                                "twelve bytes, a word longer than twelve bytes]");
    GIVES("array_max(a)", "c;NULL;;word");
    teardown();
}
END_TEST

START_TEST(only_selected_rows_are_looked_at)
{
    static const uint32_t some[] = {0, 3};
    setup();
    b.rows = (sqi_rows){some, 2};
    GIVES("a[n]", "a;than");
    GIVES("element_at(a, n)", "b;longer");
    GIVES("array_union(a, array('z'))", "[c, b, a, z];[a, word, longer, than, twelve, bytes, z]");
    GIVES("arrays_zip(a, array(n))[0]", "{c, 2};{a, 3}");
    GIVES("concat(a, array(s, 'x'))[4]", "c b a b;twelve");
    teardown();
}
END_TEST

START_TEST(elements_may_be_of_any_type)
{
    setup();
    GIVES("array(a, array('x'))",
          "[[c, b, a, b], [x]];[null, [x]];[[], [x]];[[a, word, longer, than, twelve, bytes], [x]]");
    GIVES("flatten(array(a, array('x')))", "[c, b, a, b, x];NULL;[, x];[a, word, longer, than, twelve, bytes, x]");
    GIVES("array_distinct(array(struct(n, s), struct(n, s), struct(n - n AS n, s)))",
          "[{2, c b a b}, {0, c b a b}];[{1, null}, {0, null}];[{-1, }, {0, }];[{3, a word longer than twelve bytes}, "
          "{0, a word longer than twelve bytes}]");
    GIVES("array_contains(array(a, NULL), array(''))", "NULL;NULL;true;NULL");
    GIVES("array(struct(n AS k, a AS v)).v[0]", "[c, b, a, b];NULL;[];[a, word, longer, than, twelve, bytes]");
    ONE("array_distinct(array(map('a', 1), map('a', 1), map('b', 1)))", "[{a -> 1}, {b -> 1}]");
    ONE("array_max(array(1.5, 2.25, NULL))", "2.25");
    ONE("array_min(array(DATE '2024-02-01', DATE '2024-01-31'))", "2024-01-31");
    teardown();
}
END_TEST

START_TEST(long_arrays_are_sets_too)
{
    setup();
    func_bench_drop(&b);
    ONE("size(array_distinct(transform(sequence(1, 1000), x -> x % 37)))", "37");
    ONE("array_distinct(transform(sequence(1, 1000), x -> x % 3))", "[1, 2, 0]");
    ONE("size(array_union(sequence(1, 100), sequence(51, 150)))", "150");
    ONE("size(array_intersect(sequence(1, 100), sequence(51, 150)))", "50");
    ONE("array_except(sequence(1, 100), sequence(3, 150))", "[1, 2]");
    ONE("arrays_overlap(sequence(1, 100), sequence(100, 200))", "true");
    ONE("arrays_overlap(sequence(1, 100), array_append(sequence(101, 200), NULL))", "NULL");
    ONE("size(array_distinct(transform(sequence(1, 500), x -> cast(x % 20 AS STRING))))", "20");
    teardown();
}
END_TEST

START_TEST(a_comparison_sorts_every_array_stably)
{
    setup();
    GIVES("array_sort(a, (x, y) -> CASE WHEN x < y THEN 1 WHEN x > y THEN -1 ELSE 0 END)",
          "[c, b, b, a];NULL;[];[word, twelve, than, longer, bytes, a]");
    GIVES("array_sort(a, (x, y) -> length(x) - length(y))",
          "[c, b, a, b];NULL;[];[a, word, than, bytes, longer, twelve]");
    GIVES("array_sort(a, (x, y) -> CAST(NULL AS INT))", "COMPARATOR_RETURNS_NULL");
    ONE("array_sort(sequence(1, 9), (x, y) -> y - x)", "[9, 8, 7, 6, 5, 4, 3, 2, 1]");
    ONE("array_sort(transform(sequence(1, 200), x -> x * 7919 % 211)) = array_sort(transform(sequence(1, 200), x -> x "
        "* 7919 % 211), (x, y) -> x - y)",
        "true");
    teardown();
}
END_TEST

START_TEST(what_would_be_too_long_is_an_error)
{
    setup();
    ONE("array_repeat(1, 2147483647)", "LIMIT_EXCEEDED");
    ONE("sequence(1, 2147483647)", "LIMIT_EXCEEDED");
    ONE("sequence(-9223372036854775807, 9223372036854775807)", "LIMIT_EXCEEDED");
    ONE("array_insert(array(1), 2147483647, 1)", "LIMIT_EXCEEDED");
    ONE("repeat('abc', 2147483647)", "LIMIT_EXCEEDED");
    ONE("lpad('abc', 2147483647, 'xyz\xC3\xA9')", "LIMIT_EXCEEDED");
    ONE("sequence(9223372036854775806, 9223372036854775807)", "[9223372036854775806, 9223372036854775807]");
    ONE("sequence(-9223372036854775808, 9223372036854775807, 9223372036854775807)",
        "[-9223372036854775808, -1, 9223372036854775806]");
    teardown();
}
END_TEST

START_TEST(sequences_of_times_step_by_calendar)
{
    setup();
    ONE("sequence(DATE '2024-01-31', DATE '2023-11-30', INTERVAL '-1' MONTH)", "[2024-01-31, 2023-12-31, 2023-11-30]");
    ONE("sequence(DATE '2024-01-01', DATE '2024-01-05', INTERVAL 2 DAYS)", "[2024-01-01, 2024-01-03, 2024-01-05]");
    ONE("sequence(DATE '2024-01-01', TIMESTAMP '2024-01-01 12:00:00', INTERVAL '6' HOUR)",
        "[2024-01-01 00:00:00, 2024-01-01 06:00:00, 2024-01-01 12:00:00]");
    ONE("sequence(DATE '2024-01-02', DATE '2024-01-01', INTERVAL 1 DAY)", "INVALID_FUNCTION_ARGUMENT");
    ONE("sequence(DATE '2024-01-01', DATE '2024-01-01', INTERVAL 0 DAYS)", "INVALID_FUNCTION_ARGUMENT");
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {elements_are_chosen_row_by_row,        only_selected_rows_are_looked_at,
                                  elements_may_be_of_any_type,           long_arrays_are_sets_too,
                                  a_comparison_sorts_every_array_stably, what_would_be_too_long_is_an_error,
                                  sequences_of_times_step_by_calendar};
    return sqi_test_main("func_array", tests, sizeof tests / sizeof *tests);
}
