/* Calls of functions with their clauses. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(arguments)
{
    static const sql_rig_row rows[] = {
        {"f()", "f()"},
        {"f(a, b + 1)", "f(a, (+ b 1))"},
        {"UPPER (a)", "UPPER(a)"},
        {"f(*)", "f(*)"},
        {"count(t.*, a)", "count(t.*, a)"},
        {"f(distinct)", "f(distinct)"},
        {"f(DISTINCT a, b)", "f(DISTINCT a, b)"},
        {"f(ALL a)", "f(a)"},
        {"f(a => 1, b => x + 1)", "f(a => 1, b => (+ x 1))"},
        {"f(1, b => 2)", "f(1, b => 2)"},
        {"f(a =>)", "!PARSE_SYNTAX_ERROR 6-7"},
        {"f(a,)", "!PARSE_SYNTAX_ERROR 4-5"},
        {"f(,a)", "!PARSE_SYNTAX_ERROR 2-3"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(what_no_call_looks_like)
{
    static const sql_rig_row rows[] = {
        {"f(a", "!PARSE_SYNTAX_ERROR 3-3"},
        {"f(a b)", "!PARSE_SYNTAX_ERROR 4-5"},
        {"f()()", "!PARSE_SYNTAX_ERROR 4-5"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(qualified_and_quoted_names)
{
    static const sql_rig_row rows[] = {
        {"a.f(1)", "a.f(1)"},
        {"a.b.f(1).c", "field(a.b.f(1), c)"},
        {"`f g`(1)", "f g(1)"},
        {"struct(a b, c AS d, e)", "struct(a AS b, c AS d, e)"},
        {"f(x -> x + 1, (y, z) -> y)", "f([x -> (+ x 1)], [y, z -> y])"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(clauses_after_the_arguments)
{
    static const sql_rig_row rows[] = {
        {"first(a IGNORE NULLS)", "first(a) IGNORE NULLS"},
        {"last(a) IGNORE NULLS", "last(a) IGNORE NULLS"},
        {"f(a) RESPECT NULLS", "f(a)"},
        {"f(a) IGNORE", "f(a) AS IGNORE"},
        {"f(a) FILTER (WHERE b > 1)", "f(a) FILTER (> b 1)"},
        {"f(a) FILTER (b > 1)", "!PARSE_SYNTAX_ERROR 13-14"},
        {"f(a) FILTER", "f(a) AS FILTER"},
        {"f(0.5) WITHIN GROUP (ORDER BY a DESC, b) FILTER (WHERE c)",
         "f([decimal(1,1) 0.5]) WITHIN (a desc last, b asc first) FILTER c"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(windows)
{
    static const sql_rig_row rows[] = {
        {"f() OVER w", "f() OVER ()"},
        {"f() OVER (w)", "f() OVER ()"},
        {"f() OVER ()", "f() OVER ()"},
        {"f() OVER (PARTITION BY a, b ORDER BY c DESC NULLS LAST ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
         "f() OVER (PARTITION a, b ORDER c desc last FRAME)"},
        {"f() OVER (ORDER BY a RANGE UNBOUNDED PRECEDING)", "f() OVER (ORDER a asc first FRAME)"},
        {"f() OVER (DISTRIBUTE BY a SORT BY b)", "f() OVER (PARTITION a ORDER b asc first)"},
        {"f() OVER (CLUSTER BY a)", "f() OVER (PARTITION a)"},
        {"f() OVER (ROWS BETWEEN 1 AND 2)", "!PARSE_SYNTAX_ERROR 30-31"},
        {"f(DISTINCT a) FILTER (WHERE b) OVER (PARTITION BY c)", "f(DISTINCT a) FILTER b OVER (PARTITION c)"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(units_of_time_are_words)
{
    static const sql_rig_row rows[] = {
        {"timestampadd(day, 1, a)", "timestampadd('DAY', 1, a)"},
        {"DateAdd(MONTH, 1, a)", "timestampadd('MONTH', 1, a)"},
        {"date_add(a, 1)", "date_add(a, 1)"},
        {"date_add(day, 1)", "date_add(day, 1)"},
        {"datediff(hour, a, b)", "timestampdiff('HOUR', a, b)"},
        {"datediff(a, b)", "datediff(a, b)"},
        {"timestampadd('day', 1, a)", "!INVALID_PARAMETER_VALUE.DATETIME_UNIT 13-18"},
        {"dateadd(foo, 1, a)", "dateadd(foo, 1, a)"},
        {"timestampdiff(`day`, a, b)", "timestampdiff(day, a, b)"},
        {"timestampadd(FORTNIGHT, 1, a)", "!UNRESOLVED_ROUTINE 13-22"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        arguments, what_no_call_looks_like, qualified_and_quoted_names, clauses_after_the_arguments,
        windows,   units_of_time_are_words,
    };
    return sqi_test_main("expr_parse_call", tests, sizeof tests / sizeof *tests);
}
