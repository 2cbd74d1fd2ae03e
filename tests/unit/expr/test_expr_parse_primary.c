/* Operands: names, stars, parentheses, lambdas, parameters, and what may follow an operand. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(names_have_parts)
{
    static const sql_rig_row rows[] = {
        {"a.b.c", "a.b.c"},
        {"a.`b.c`.d", "a.b.c.d"},
        {"`a``b`", "a`b"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(stars_take_a_qualifier_and_exceptions)
{
    static const sql_rig_row rows[] = {
        {"*", "*"},
        {"t.*", "t.*"},
        {"a.b.*", "a.b.*"},
        {"* EXCEPT (a, b.c)", "* EXCEPT (a, b.c)"},
        {"t.* EXCEPT (a)", "t.* EXCEPT (a)"},
        {"* EXCEPT ()", "!PARSE_SYNTAX_ERROR 10-11"},
        {"*.a", "field(*, a)"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(indexes_fields_and_casts_follow_any_operand)
{
    static const sql_rig_row rows[] = {
        {"a[0]", "(getitem a 0)"},
        {"a[b + 1].c[2].d", "field((getitem field((getitem a (+ b 1)), c) 2), d)"},
        {"a[0", "!PARSE_SYNTAX_ERROR 3-3"},
        {"a[]", "!PARSE_SYNTAX_ERROR 2-3"},
        {"a[b OR c]", "!PARSE_SYNTAX_ERROR 4-6"},
        {"f(a).b.c", "field(field(f(a), b), c)"},
        {"f(a)[0]::int.b", "field(cast((getitem f(a) 0) AS int), b)"},
        {"a.1", "!PARSE_SYNTAX_ERROR 1-3"},
        {"a.1b", "a.1b"},
        {"1.a", "field(1, a)"},
        {"a..b", "!PARSE_SYNTAX_ERROR 2-3"},
        {"a.", "!PARSE_SYNTAX_ERROR 2-2"},
        {".a", "!PARSE_SYNTAX_ERROR 0-1"},
        {"a::int::string", "cast(cast(a AS int) AS string)"},
        {"a::decimal(10, 2) + 1", "(+ cast(a AS decimal(10,2)) 1)"},
        {"a::foo", "!UNSUPPORTED_DATATYPE 3-6"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(parentheses_hold_a_value_or_a_struct)
{
    static const sql_rig_row rows[] = {
        {"()", "!PARSE_SYNTAX_ERROR 1-2"},
        {"(a)", "a"},
        {"((a))", "a"},
        {"(a", "!PARSE_SYNTAX_ERROR 2-2"},
        {"(a,)", "!PARSE_SYNTAX_ERROR 3-4"},
        {"(a, b)", "(struct a b)"},
        {"(a AS x, b y, c + 1)", "(struct a AS x b AS y (+ c 1))"},
        {"(a AS x)", "!PARSE_SYNTAX_ERROR 7-8"},
        {"((a, b), c)", "(struct (struct a b) c)"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(lambdas_have_parameters)
{
    static const sql_rig_row rows[] = {
        {"x -> x + 1", "[x -> (+ x 1)]"},
        {"(x, y) -> x + y", "[x, y -> (+ x y)]"},
        {"(x) -> x", "!PARSE_SYNTAX_ERROR 4-6"},
        {"x -> y -> x", "[x -> [y -> x]]"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(parameters_are_named)
{
    static const sql_rig_row rows[] = {
        {":x + :y", "(+ :x :y)"},
        {":1", "!PARSE_SYNTAX_ERROR 1-2"},
        {"?", ":_0"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(identifier_of_a_text_is_the_name)
{
    static const sql_rig_row rows[] = {
        {"IDENTIFIER('a')", "a"},
        {"IDENTIFIER('a.`b c`').d", "field(a.b c, d)"},
        {"IDENTIFIER('f')(1)", "f(1)"},
        {"IDENTIFIER('a b')", "!INVALID_IDENTIFIER 11-16"},
        {"identifier + 1", "(+ identifier 1)"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(collations_and_paths)
{
    static const sql_rig_row rows[] = {
        {"a COLLATE utf8_binary = b", "(= collate(a, 'utf8_binary') b)"},
        {"a COLLATE", "a AS COLLATE"},
        {"a:b", "semi_structured_extract(a, 'b')"},
        {"a:b.c[0]['d'].e", "semi_structured_extract(a, 'b.c[0][\\'d\\'].e')"},
        {"a:b::int", "cast(semi_structured_extract(a, 'b') AS int)"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(without_a_query_parser_a_subquery_is_refused)
{
    static const sql_rig_row rows[] = {
        {"(SELECT 1)", "!PARSE_SYNTAX_ERROR 8-9"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(what_follows_an_expression)
{
    static const sql_rig_row rows[] = {
        {"a b c", "!PARSE_SYNTAX_ERROR 4-5"}, {"a)", "!PARSE_SYNTAX_ERROR 1-2"},
        {"a;", "!PARSE_SYNTAX_ERROR 1-2"},    {"a + b AS c", "(+ a b) AS c"},
        {"a + b c", "(+ a b) AS c"},          {"a + b AS (c, d)", "(+ a b) AS (c, d)"},
        {"a + b (c, d)", "(+ a b(c, d))"},    {"explode(m) AS (k, v)", "explode(m) AS (k, v)"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        names_have_parts,
        stars_take_a_qualifier_and_exceptions,
        indexes_fields_and_casts_follow_any_operand,
        parentheses_hold_a_value_or_a_struct,
        lambdas_have_parameters,
        parameters_are_named,
        identifier_of_a_text_is_the_name,
        collations_and_paths,
        without_a_query_parser_a_subquery_is_refused,
        what_follows_an_expression,
    };
    return sqi_test_main("expr_parse_primary", tests, sizeof tests / sizeof *tests);
}
