/* Pipe operators. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(every_operator)
{
    static const sql_rig_row rows[] = {
        {"FROM s |> SELECT DISTINCT a, b + 1 AS c", "FROM s |> SELECT SELECT DISTINCT a, (+ b 1) AS c"},
        {"FROM s |> EXTEND a + 1 AS b, c", "FROM s |> EXTEND (+ a 1) AS b, c"},
        {"FROM s |> SET a = a + 1, b = 2", "FROM s |> SET (+ a 1) AS a, 2 AS b"},
        {"FROM s |> DROP a, t.b", "FROM s |> DROP a, t.b"},
        {"FROM s |> AS t", "FROM s |> AS t"},
        {"FROM s |> WHERE a > 1 AND b", "FROM s |> WHERE (and (> a 1) b)"},
        {"FROM s |> AGGREGATE sum(v) AS t, count(*) GROUP BY k, upper(x) AS u",
         "FROM s |> AGGREGATE sum(v) AS t, count(*) GROUP (k, upper(x) AS u)"},
        {"FROM s |> AGGREGATE GROUP BY k", "FROM s |> AGGREGATE GROUP (k)"},
        {"FROM s |> AGGREGATE sum(v)", "FROM s |> AGGREGATE sum(v)"},
        {"FROM s |> ORDER BY a DESC |> LIMIT 2 |> OFFSET 1", "FROM s |> ORDER a desc last |> LIMIT 2 |> OFFSET 1"},
        {"FROM s |> SORT BY a |> DISTRIBUTE BY b |> CLUSTER BY c",
         "FROM s |> SORT a asc first |> DISTRIBUTE |> DISTRIBUTE |> SORT c asc first"},
        {"FROM s |> JOIN t ON a = b |> LEFT JOIN u USING (c) |> CROSS JOIN v",
         "FROM s |> JOIN (INNER t ON (= a b)) |> JOIN (LEFT u USING c) |> JOIN (CROSS v)"},
        {"FROM s |> JOIN LATERAL explode(a) AS t(x)", "FROM s |> JOIN (INNER LATERAL explode(a) AS t(x))"},
        {"FROM s |> UNION ALL TABLE b |> EXCEPT (SELECT 1) |> INTERSECT DISTINCT SELECT 2",
         "FROM s |> UNION ALL FROM b |> EXCEPT SELECT 1 |> INTERSECT SELECT 2"},
        {"FROM s |> TABLESAMPLE (5 ROWS) |> PIVOT (sum(a) FOR b IN (1))", "FROM s |> OTHER |> OTHER"},
        {"FROM s |> UNPIVOT (v FOR n IN (a, b))", "FROM s |> OTHER UNPIVOT (v FOR n IN (a), (b))"},
        {"FROM s |> SELECT k, count(*) GROUP BY k", "FROM s |> SELECT SELECT k, count(*) GROUP (k)"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(pipes_follow_any_query)
{
    static const sql_rig_row rows[] = {
        {"SELECT a FROM s |> WHERE a > 1", "SELECT a FROM s |> WHERE (> a 1)"},
        {"TABLE s |> SELECT b", "FROM s |> SELECT SELECT b"},
        {"VALUES (1) |> SELECT col1", "FROM VALUES (1) |> SELECT SELECT col1"},
        {"(SELECT 1 AS a) |> WHERE a = 1", "SELECT 1 AS a |> WHERE (= a 1)"},
        {"SELECT 1 UNION SELECT 2 |> LIMIT 1", "(SELECT 1 UNION SELECT 2) |> LIMIT 1"},
        {"FROM s |> WHERE a UNION ALL SELECT 1", "(FROM s |> WHERE a UNION ALL SELECT 1)"},
        {"WITH t AS (FROM s |> EXTEND 1 AS w) FROM t |> SELECT w",
         "WITH t {FROM s |> EXTEND 1 AS w} FROM t |> SELECT SELECT w"},
        {"FROM s SELECT a ORDER BY a |> LIMIT 1", "SELECT a FROM s ORDER a asc first |> LIMIT 1"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(clauses_after_the_last_pipe_are_pipes)
{
    static const sql_rig_row rows[] = {
        {"FROM s |> WHERE a > 1 ORDER BY a LIMIT 5", "FROM s |> WHERE (> a 1) |> ORDER a asc first |> LIMIT 5"},
        {"FROM s |> WHERE a LIMIT 5 OFFSET 2", "FROM s |> WHERE a |> OFFSET 2 |> LIMIT 5"},
        {"FROM s |> WHERE a LIMIT ALL", "FROM s |> WHERE a |> LIMIT"},
        {"FROM s |> LIMIT 1 OFFSET 2", "FROM s |> OFFSET 2 |> LIMIT 1"},
        {"FROM s |>", "FROM s"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(what_is_no_operator_is_refused)
{
    static const sql_rig_row rows[] = {
        {"FROM s |> FILTER a > 1", "!PARSE_SYNTAX_ERROR 10-16"},
        {"FROM s |> DISTINCT", "!PARSE_SYNTAX_ERROR 10-18"},
        {"FROM s |> LATERAL VIEW explode(a) t AS x", "!PARSE_SYNTAX_ERROR 10-17"},
        {"FROM s |> SELECT a FROM t", "!PARSE_SYNTAX_ERROR 19-23"},
        {"FROM s |> SELECT a WHERE b", "!PARSE_SYNTAX_ERROR 19-24"},
        {"FROM s |> SET s.a = 1", "!PARSE_SYNTAX_ERROR 15-16"},
        {"FROM s |> SET a", "!PARSE_SYNTAX_ERROR 15-15"},
        {"FROM s |> AGGREGATE", "!PARSE_SYNTAX_ERROR 19-19"},
        {"FROM s |> AGGREGATE sum(a) GROUP BY ROLLUP(a)",
         "!UNSUPPORTED_FEATURE.PIPE_OPERATOR_AGGREGATE_UNSUPPORTED_CASE 27-45"},
        {"FROM s |> ORDER BY a LIMIT 1", "!MULTIPLE_QUERY_RESULT_CLAUSES_WITH_PIPE_OPERATORS 10-28"},
        {"FROM s |> WINDOW w AS (PARTITION BY a)", "!UNSUPPORTED_FEATURE.CLAUSE_WITH_PIPE_OPERATORS 10-38"},
        {"SELECT a FROM s ORDER BY a |> LIMIT 1", "!PARSE_SYNTAX_ERROR 27-29"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_operator,
        pipes_follow_any_query,
        clauses_after_the_last_pipe_are_pipes,
        what_is_no_operator_is_refused,
    };
    return sqi_test_main("sql_parse_pipe", tests, sizeof tests / sizeof *tests);
}
