/* Operands with a grammar of their own. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(case_searches_or_compares)
{
    static const sql_rig_row rows[] = {
        {"CASE WHEN a THEN b END", "case(a -> b)"},
        {"CASE WHEN a THEN b WHEN c THEN d ELSE e END", "case(a -> b, c -> d, else e)"},
        {"CASE a WHEN 1 THEN 2 END", "case(a: 1 -> 2)"},
        {"CASE a + 1 WHEN 1 THEN 2 ELSE 3 END", "case((+ a 1): 1 -> 2, else 3)"},
        {"CASE 'a' WHEN 'a' THEN 'b' END", "case('a': 'a' -> 'b')"},
        {"CASE CASE WHEN a THEN b END WHEN 1 THEN 2 END", "case(case(a -> b): 1 -> 2)"},
        {"CASE a END", "!PARSE_SYNTAX_ERROR 7-10"},
        {"CASE WHEN a THEN b", "!PARSE_SYNTAX_ERROR 18-18"},
        {"CASE WHEN a b END", "!PARSE_SYNTAX_ERROR 12-13"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(casts)
{
    static const sql_rig_row rows[] = {
        {"cast(a AS INT)", "cast(a AS int)"},
        {"CAST(a + 1 AS DECIMAL(5,2))", "cast((+ a 1) AS decimal(5,2))"},
        {"TRY_CAST(a AS array<int>)", "try_cast(a AS array<int>)"},
        {"cast(a INT)", "!PARSE_SYNTAX_ERROR 7-10"},
        {"cast(a AS)", "!PARSE_SYNTAX_ERROR 9-10"},
        {"cast(a)", "cast(a)"},
        {"cast(a, b)", "cast(a, b)"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(exists_without_a_query_is_a_function)
{
    static const sql_rig_row rows[] = {
        {"EXISTS (a)", "EXISTS(a)"},
        {"exists(a, x -> x > 1)", "exists(a, [x -> (> x 1)])"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(extract)
{
    static const sql_rig_row rows[] = {
        {"EXTRACT(YEAR FROM a)", "extract('YEAR', a)"},
        {"extract('year' FROM a)", "!PARSE_SYNTAX_ERROR 8-14"},
        {"extract(year, a)", "extract(year, a)"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(trim)
{
    static const sql_rig_row rows[] = {
        {"trim(a)", "trim(a)"},
        {"trim(a, b)", "trim(a, b)"},
        {"TRIM(BOTH a FROM b)", "trim(a, b)"},
        {"TRIM(BOTH FROM b)", "trim(b)"},
        {"TRIM(LEADING FROM b)", "ltrim(b)"},
        {"TRIM(TRAILING 'x' FROM b)", "rtrim('x', b)"},
        {"TRIM('x' FROM b)", "trim('x', b)"},
        {"trim(a FROM b FROM c)", "!PARSE_SYNTAX_ERROR 14-18"},
        {"trim()", "trim()"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(position_substring_and_overlay)
{
    static const sql_rig_row rows[] = {
        {"POSITION('x' IN a)", "locate('x', a)"},
        {"position('x', a)", "position('x', a)"},
        {"position('x', a, 2)", "position('x', a, 2)"},
        {"SUBSTRING(a FROM 2)", "substring(a, 2)"},
        {"SUBSTRING(a FROM 2 FOR 3)", "substring(a, 2, 3)"},
        {"substring(a, 2, 3)", "substring(a, 2, 3)"},
        {"substr(a, 2)", "substr(a, 2)"},
        {"substring(a FOR 2)", "!PARSE_SYNTAX_ERROR 12-15"},
        {"substring(a, 1 FOR 2)", "substring(a, 1, 2)"},
        {"OVERLAY(a PLACING b FROM 1)", "overlay(a, b, 1)"},
        {"OVERLAY(a PLACING b FROM 1 FOR 2)", "overlay(a, b, 1, 2)"},
        {"overlay(a, b, 1)", "overlay(a, b, 1)"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        case_searches_or_compares,      casts, exists_without_a_query_is_a_function, extract, trim,
        position_substring_and_overlay,
    };
    return sqi_test_main("expr_parse_special", tests, sizeof tests / sizeof *tests);
}
