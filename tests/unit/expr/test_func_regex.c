/* The regexp functions over columns: patterns that change, groups, replacements, positions, costly searches. */
#include "func_bench.h"
#include "test_main.h"

static func_bench b;

static void setup(void)
{
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
}
static void teardown(void)
{
    func_bench_fini(&b);
}

#define GIVES(text, want) ck_assert_str_eq(func_bench_all(&b, text), want)
#define ONE(text, want) ck_assert_str_eq(func_bench_one(&b, text), want)

START_TEST(a_column_of_patterns_is_compiled_row_by_row)
{
    setup();
    func_bench_texts(&b, "s", 4, (const char *[]){"a1b22", "x", NULL, "zz9"});
    func_bench_texts(&b, "p", 4, (const char *[]){"(\\d+)", "(x)|(y)", "(a)", "(z)(z)"});
    GIVES("s RLIKE p", "true;true;NULL;true");
    GIVES("regexp_extract(s, p)", "1;x;NULL;z");
    GIVES("regexp_extract(s, p, 2)", "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX");
    GIVES("regexp_extract_all(s, p)", "[1, 22];[x];NULL;[z]");
    GIVES("regexp_count(s, p)", "2;1;NULL;1");
    GIVES("regexp_instr(s, p)", "2;1;NULL;1");
    GIVES("regexp_substr(s, p)", "1;x;NULL;zz");
    GIVES("regexp_replace(s, p, '[$0]')", "a[1]b[22];[x];NULL;[zz]9");
    GIVES("s RLIKE 'z'", "false;false;NULL;true");
    GIVES("s RLIKE r'\\.'", "false;false;NULL;false");
    teardown();
}
END_TEST

START_TEST(replacements_name_groups_by_number_and_by_name)
{
    setup();
    ONE("regexp_replace('john smith', r'(?<first>\\w+) (?<last>\\w+)', concat('$', '{last}, $1'))", "smith, john");
    ONE("regexp_replace('ab', '(a)(b)', '$2$1$0')", "baab");
    ONE("regexp_replace('ab', '(x)?a', '<$1>')", "<>b");
    ONE("regexp_replace('ab', 'a', 'x\\\\')", "INVALID_REGEXP_REPLACE");
    ONE("regexp_replace('ab', 'a', concat('$', '{no}'))", "INVALID_REGEXP_REPLACE");
    ONE("regexp_replace('zz', 'a', '$9')", "zz");
    ONE("regexp_replace('\xC3\xA9\xC3\xA9', '', '-')", "-\xC3\xA9-\xC3\xA9-");
    ONE("regexp_replace('\xC3\xA9"
        "a\xC3\xA9"
        "a', 'a', 'x', 3)",
        "\xC3\xA9"
        "a\xC3\xA9x");
    ONE("regexp_replace('aXb', '^', '>', 2)", "a>Xb");
    teardown();
}
END_TEST

START_TEST(a_costly_search_ends_with_a_limit_and_the_next_row_is_not_reached)
{
    setup();
    func_bench_texts(&b, "s", 1, (const char *[]){"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"});
    GIVES("s RLIKE '(a|aa|a?)+$'", "LIMIT_EXCEEDED");
    GIVES("s RLIKE '(?>a+)b'", "true");
    teardown();
}
END_TEST

START_TEST(long_texts_do_not_exhaust_the_stack)
{
    static char text[200001];
    setup();
    memset(text, 'a', 200000);
    func_bench_texts(&b, "s", 1, (const char *[]){text});
    GIVES("length(regexp_extract(s, '((?:a|b)*)', 1))", "200000");
    GIVES("length(regexp_replace(s, 'a', 'bb'))", "400000");
    GIVES("regexp_count(s, '')", "200001");
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_column_of_patterns_is_compiled_row_by_row, replacements_name_groups_by_number_and_by_name,
        a_costly_search_ends_with_a_limit_and_the_next_row_is_not_reached, long_texts_do_not_exhaust_the_stack};
    return sqi_test_main("func_regex", tests, sizeof tests / sizeof *tests);
}
