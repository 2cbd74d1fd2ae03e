/* split over columns: the three ways to cut, limits, nulls, selections, malformed text; str_to_map on top of it. */
#include "func_bench.h"
#include "test_main.h"

static func_bench b;

static void open_bench(void)
{
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    func_bench_texts(&b, "s", 5, (const char *[]){"a b", NULL, "", " two  spaces ", "averyveryverylongword x"});
}

static void close_bench(void)
{
    func_bench_fini(&b);
}

#define GIVES(text, want) ck_assert_str_eq(func_bench_all(&b, text), want)
#define ONE(text, want) ck_assert_str_eq(func_bench_one(&b, text), want)

START_TEST(one_byte_cuts_every_line)
{
    open_bench();
    GIVES("split(s, ' ')", "[a, b];NULL;[];[, two, , spaces, ];[averyveryverylongword, x]");
    GIVES("size(split(s, ' '))", "2;NULL;1;5;2");
    GIVES("split(s, '\\\\.')", "[a b];NULL;[];[ two  spaces ];[averyveryverylongword x]");
    GIVES("split(s, r'\\t')", "[a b];NULL;[];[ two  spaces ];[averyveryverylongword x]");
    close_bench();
}
END_TEST

START_TEST(only_selected_rows_are_cut)
{
    static const uint32_t some[] = {0, 1, 4};
    open_bench();
    b.rows = (sqi_rows){some, 3};
    GIVES("split(s, ' ')", "[a, b];NULL;[averyveryverylongword, x]");
    GIVES("split(s, ' ')[0]", "a;NULL;averyveryverylongword");
    close_bench();
}
END_TEST

START_TEST(a_long_word_is_a_slice_of_its_line)
{
    open_bench();
    ck_assert_int_eq(func_bench_run(&b, "split(s, ' ')", NULL), STREAMQ_OK);
    const sqi_str *line = &SQI_AT(&b.col[0], sqi_str, 4);
    const sqi_str *word = &SQI_AT(&b.out.child[0], sqi_str, SQI_AT(&b.out, sqi_list, 4).offset);
    ck_assert_uint_eq(word->len, 21);
    ck_assert_ptr_eq(sqi_str_ptr(word), sqi_str_ptr(line));
    close_bench();
}
END_TEST

START_TEST(a_text_cuts_without_being_a_regular_expression)
{
    open_bench();
    GIVES("split(s, 'ver')", "[a b];NULL;[];[ two  spaces ];[a, y, y, ylongword x]");
    ONE("split('a||b||', r'\\|\\|')", "[a, b, ]");
    ONE("split('a,b,c', ',', 2)", "[a, b,c]");
    ONE("split('a::b::c', '::', 2)", "[a, b::c]");
    ONE("split('::', '::', 1)", "[::]");
    close_bench();
}
END_TEST

START_TEST(patterns_and_limits_may_be_columns)
{
    open_bench();
    func_bench_texts(&b, "p", 5, (const char *[]){" ", " ", "x", "", "(?=x)|[ry]+"});
    func_bench_ints(&b, "n", 5, (const int32_t[]){1, 0, -1, 3, 2});
    GIVES("split(s, p)", "[a, b];NULL;[];[ , t, w, o,  ,  , s, p, a, c, e, s,  ];[ave, ve, ve, longwo, d , x]");
    GIVES("split(s, p, n)", "[a b];NULL;[];[ , t, wo  spaces ];[ave, veryverylongword x]");
    close_bench();
}
END_TEST

START_TEST(a_regular_expression_cuts_as_javas_split)
{
    open_bench();
    ONE("split('boo:and:foo', 'o')", "[b, , :and:f, , ]");
    ONE("split('boo:and:foo', '[o]', 2)", "[b, o:and:foo]");
    ONE("split('abc', '(?=b)|$')", "[a, bc, ]");
    ONE("split('abc', '(?<=b)', 1)", "[abc]");
    ONE("split('', '[x]')", "[]");
    ONE("size(split('', '[x]'))", "1");
    ONE("split('a1b', r'\\d', -1)", "[a, b]");
    ONE("split('a', '[')", "INVALID_PARAMETER_VALUE.PATTERN");
    close_bench();
}
END_TEST

START_TEST(malformed_text_is_cut_and_only_a_regular_expression_repairs_it)
{
    static const sqi_span bad[] = {{"a\xFF b\xC3", 5}, {"\xF0\x9F b", 4}};
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    func_bench_bytes(&b, "s", 2, bad);
    GIVES("split(s, ' ')", "[a\xFF, b\xC3];[\xF0\x9F, b]");
    GIVES("split(s, '[ ]')", "[a\xEF\xBF\xBD, b\xEF\xBF\xBD];[\xEF\xBF\xBD, b]");
    GIVES("split(s, '')", "[a, \xFF,  , b, \xC3];[\xF0\x9F b]");
    close_bench();
}
END_TEST

START_TEST(many_short_pieces_outgrow_the_first_guess)
{
    char line[5001];
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    memset(line, ' ', 5000);
    line[5000] = '\0';
    func_bench_texts(&b, "s", 3, (const char *[]){line, "x", line});
    GIVES("size(split(s, ' '))", "5001;1;5001");
    GIVES("size(split(s, '[ ]'))", "5001;1;5001");
    GIVES("split(s, ' ')[5000]", "INVALID_ARRAY_INDEX");
    close_bench();
}
END_TEST

START_TEST(pairs_become_maps)
{
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    func_bench_texts(&b, "s", 4, (const char *[]){"a:1,b:2", NULL, "k", "x:y:z,:"});
    GIVES("str_to_map(s)", "{a -> 1, b -> 2};NULL;{k -> null};{x -> y:z,  -> }");
    GIVES("str_to_map(s, '[,]', '[:]')", "{a -> 1, b -> 2};NULL;{k -> null};{x -> y:z,  -> }");
    GIVES("str_to_map(s)['b']", "2;NULL;NULL;NULL");
    GIVES("str_to_map(concat(s, ',', s))", "DUPLICATED_MAP_KEY");
    close_bench();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {one_byte_cuts_every_line,
                                  only_selected_rows_are_cut,
                                  a_long_word_is_a_slice_of_its_line,
                                  a_text_cuts_without_being_a_regular_expression,
                                  patterns_and_limits_may_be_columns,
                                  a_regular_expression_cuts_as_javas_split,
                                  malformed_text_is_cut_and_only_a_regular_expression_repairs_it,
                                  many_short_pieces_outgrow_the_first_guess,
                                  pairs_become_maps};
    return sqi_test_main("func_split", tests, sizeof tests / sizeof *tests);
}
