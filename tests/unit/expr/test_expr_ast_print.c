/* Default names of columns: operators, names, literals, casts. The answers are those of Spark 4.3 over a table with
 * such columns. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(a_name_gives_its_last_part)
{
    static const sql_rig_row rows[] = {
        {"a", "a"},      {"t.a", "a"}, {"st.f", "f"},  {"st.g.h", "h"},
        {"t.st.f", "f"}, {"m.k", "k"}, {"ast.p", "p"}, {"true", "true"},
    };
    CHECK(sql_rig_name, rows);
}
END_TEST

START_TEST(literals_stand_without_quotes)
{
    static const sql_rig_row rows[] = {
        {"-a", "(- a)"},
        {"- iv", "(- iv)"},
        {"1", "1"},
        {"'lit'", "lit"},
        {"1.5", "1.5"},
        {"1e3", "1000.0"},
        {"1L", "1"},
        {"NULL", "NULL"},
        {"DATE '2024-01-01'", "DATE '2024-01-01'"},
        {"TIMESTAMP '2024-01-01 00:00:00'", "TIMESTAMP '2024-01-01 00:00:00'"},
        {"TIMESTAMP_NTZ '2024-01-01 00:00:00'", "TIMESTAMP_NTZ '2024-01-01 00:00:00'"},
        {"INTERVAL 1 DAY", "INTERVAL '1' DAY"},
        {"X'1f'", "X'1F'"},
        {"0.0000001", "1E-7"},
        {"-1", "-1"},
        {"- 1.5", "-1.5"},
    };
    CHECK(sql_rig_name, rows);
}
END_TEST

START_TEST(conditions_are_parenthesised)
{
    static const sql_rig_row rows[] = {
        {"a = 1 AND b = 'x'", "((a = 1) AND (b = x))"},
        {"a = 1 AND b = 'x' AND i = 2", "(((a = 1) AND (b = x)) AND (i = 2))"},
        {"a = 1 AND b = 'x' AND i = 2 AND x > 1", "(((a = 1) AND (b = x)) AND ((i = 2) AND (x > 1)))"},
        {"a = 1 OR b = 'x' OR i = 2 OR x > 1 OR bl", "((((a = 1) OR (b = x)) OR (i = 2)) OR ((x > 1) OR bl))"},
        {"NOT bl", "(NOT bl)"},
        {"a <> 1", "(NOT (a = 1))"},
        {"a != 1", "(NOT (a = 1))"},
        {"a == 1", "(a = 1)"},
        {"a <=> 1", "(a <=> 1)"},
        {"a IS DISTINCT FROM 1", "(NOT (a <=> 1))"},
        {"a IS NOT DISTINCT FROM 1", "(a <=> 1)"},
        {"a IN (1, 2)", "(a IN (1, 2))"},
        {"a NOT IN (1, 2)", "(NOT (a IN (1, 2)))"},
        {"a BETWEEN 1 AND 2", "between(a, 1, 2)"},
        {"a NOT BETWEEN 1 AND 2", "(NOT between(a, 1, 2))"},
        {"b LIKE 'x%'", "b LIKE x%"},
        {"b NOT LIKE 'x%'", "(NOT b LIKE x%)"},
        {"b LIKE 'x%' ESCAPE '!'", "b LIKE x% ESCAPE '!'"},
        {"b ILIKE 'x%'", "ilike(b, x%)"},
        {"b RLIKE 'x'", "RLIKE(b, x)"},
        {"b NOT RLIKE 'x'", "(NOT RLIKE(b, x))"},
        {"b REGEXP 'x'", "RLIKE(b, x)"},
        {"b LIKE ANY ('a', 'b')", "likeany(b)"},
        {"b LIKE ANY ('a', b)", "(b LIKE a OR b LIKE b)"},
        {"b NOT LIKE ALL ('a', 'b')", "notlikeall(b)"},
        {"b NOT LIKE ANY ('a', b)", "((NOT b LIKE a) OR (NOT b LIKE b))"},
        {"a IS NULL", "(a IS NULL)"},
        {"a IS NOT NULL", "(a IS NOT NULL)"},
        {"bl IS TRUE", "(bl <=> true)"},
        {"bl IS NOT TRUE", "(NOT (bl <=> true))"},
        {"bl IS FALSE", "(bl <=> false)"},
        {"bl IS NOT FALSE", "(NOT (bl <=> false))"},
        {"bl IS UNKNOWN", "(bl IS NULL)"},
        {"bl IS NOT UNKNOWN", "(bl IS NOT NULL)"},
    };
    CHECK(sql_rig_name, rows);
}
END_TEST

START_TEST(casts_and_cases)
{
    static const sql_rig_row rows[] = {
        {"CAST(a AS STRING)", "a"},
        {"CAST(a + 1 AS STRING)", "CAST((a + 1) AS STRING)"},
        {"CAST(a AS STRING) || 'x'", "concat(CAST(a AS STRING), x)"},
        {"a::STRING", "a"},
        {"(a + 1)::STRING", "CAST((a + 1) AS STRING)"},
        {"TRY_CAST(b AS INT)", "b"},
        {"TRY_CAST(b AS INT) + 1", "(TRY_CAST(b AS INT) + 1)"},
        {"CAST(arr[0] AS STRING)", "CAST(arr[0] AS STRING)"},
        {"CAST(upper(b) AS STRING)", "CAST(upper(b) AS STRING)"},
        {"CAST(CAST(a AS STRING) AS INT)", "CAST(CAST(a AS STRING) AS INT)"},
        {"CASE WHEN a = 1 THEN 'x' END", "CASE WHEN (a = 1) THEN x END"},
        {"CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE 'z' END",
         "CASE WHEN (a = 1) THEN x WHEN (a = 2) THEN y ELSE z END"},
        {"b COLLATE UTF8_LCASE", "collate(b, UTF8_LCASE)"},
        {"a :: decimal(10, 2)", "a"},
        {"CAST(a AS decimal(10,2)) * 2", "(CAST(a AS DECIMAL(10,2)) * 2)"},
    };
    CHECK(sql_rig_name, rows);
}
END_TEST

START_TEST(operators_and_the_rest)
{
    static const sql_rig_row rows[] = {
        {"arr[0]", "arr[0]"},
        {"m['k']", "m[k]"},
        {"ast[0].p", "ast[0].p"},
        {"a + 1", "(a + 1)"},
        {"a - 1 - 2", "((a - 1) - 2)"},
        {"- a * 2", "((- a) * 2)"},
        {"+a", "(+ a)"},
        {"~a", "~a"},
        {"a || b", "concat(a, b)"},
        {"a || b || 'z'", "concat(concat(a, b), z)"},
        {"int(b) + 1", "(b + 1)"},
        {"(a, b)", "named_struct(a, a, b, b)"},
        {"(a + 1, b)", "named_struct(col1, (a + 1), b, b)"},
        {"ts + INTERVAL 1 DAY", "ts + INTERVAL '1' DAY"},
        {"ts - INTERVAL 1 DAY", "ts - INTERVAL '1' DAY"},
        {"iv + iv", "(iv + iv)"},
        {"iv * 2", "(iv * 2)"},
        {"iv / 2", "(iv / 2)"},
        {"d - d", "(d - d)"},
        {"ts - ts", "(ts - ts)"},
        {"sum(a) + 1", "(sum(a) + 1)"},
        {"window(ts, '5 seconds').start", "window.start"},
        {"transform(arr, (x, i) -> x + i + a)",
         "transform(arr, lambdafunction(((namedlambdavariable() + namedlambdavariable()) + a), namedlambdavariable"
         "(), namedlambdavariable()))"},
        {"aggregate(arr, 0, (acc, x) -> acc + x)",
         "aggregate(arr, 0, lambdafunction((namedlambdavariable() + namedlambdavariable()), namedlambdavariable(),"
         " namedlambdavariable()), lambdafunction(namedlambdavariable(), namedlambdavariable()))"},
        {"a DIV 2", "(a div 2)"},
        {"a % 2", "(a % 2)"},
        {"a & 1", "(a & 1)"},
        {"a | 1", "(a | 1)"},
        {"a ^ 1", "(a ^ 1)"},
        {"a << 1", "(a << 1)"},
        {"a >> 1", "(a >> 1)"},
        {"a >>> 1", "(a >>> 1)"},
        {"a / 2", "(a / 2)"},
        {"now() - ts", "(now() - ts)"},
    };
    CHECK(sql_rig_name, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_name_gives_its_last_part, literals_stand_without_quotes,
                                  conditions_are_parenthesised, casts_and_cases, operators_and_the_rest};
    return sqi_test_main("expr_ast_print", tests, sizeof tests / sizeof *tests);
}
