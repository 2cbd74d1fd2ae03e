/* FROM: names, subqueries, functions, joins, views, watermarks. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(names_aliases_and_column_names)
{
    static const sql_rig_row rows[] = {
        {"SELECT * FROM s", "SELECT * FROM s"},
        {"SELECT * FROM a.b.`c d`", "SELECT * FROM a.b.c d"},
        {"SELECT * FROM s t", "SELECT * FROM s AS t"},
        {"SELECT * FROM s AS t(x, y)", "SELECT * FROM s AS t(x, y)"},
        {"SELECT * FROM s (x, y)", "SELECT * FROM s(x, y)"},
        {"SELECT * FROM s AS left", "!PARSE_SYNTAX_ERROR 19-23"},
        {"SELECT * FROM s left", "!PARSE_SYNTAX_ERROR 20-20"},
        {"SELECT * FROM my-table", "!INVALID_IDENTIFIER 14-22"},
        {"SELECT * FROM STREAM s", "SELECT * FROM s"},
        {"SELECT * FROM stream", "SELECT * FROM stream"},
        {"SELECT * FROM IDENTIFIER('a.b')", "SELECT * FROM a.b"},
        {"SELECT * FROM 's'", "!PARSE_SYNTAX_ERROR 14-17"},
        {"TABLE s", "FROM s"},
        {"TABLE s t", "!PARSE_SYNTAX_ERROR 8-9"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(subqueries_and_parentheses)
{
    static const sql_rig_row rows[] = {
        {"SELECT * FROM (SELECT 1) t", "SELECT * FROM {SELECT 1} AS t"},
        {"SELECT * FROM ((SELECT 1 AS a) UNION (SELECT 2)) t(x)",
         "SELECT * FROM {(SELECT 1 AS a UNION SELECT 2)} AS t(x)"},
        {"SELECT * FROM ((SELECT 1) t)", "SELECT * FROM {SELECT 1} AS t"},
        {"SELECT * FROM (s)", "SELECT * FROM s"},
        {"SELECT * FROM (s t) u", "SELECT * FROM {FROM s AS t} AS u"},
        {"SELECT * FROM (s JOIN t ON a = b) u", "SELECT * FROM (s INNER t ON (= a b)) AS u"},
        {"SELECT * FROM (s JOIN t ON a = b)", "SELECT * FROM (s INNER t ON (= a b))"},
        {"SELECT * FROM ((s))", "SELECT * FROM s"},
        {"SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(x, y)",
         "SELECT * FROM {FROM VALUES (1, 'a') (2, 'b')} AS t(x, y)"},
        {"SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t", "SELECT * FROM VALUES (1, 'a') (2, 'b') AS t"},
        {"SELECT * FROM VALUES 1, (2, 3), struct(4, 5), (6 AS x, 7)", "SELECT * FROM VALUES (1) (2, 3) (4, 5) (6, 7)"},
        {"SELECT * FROM values", "SELECT * FROM values"},
        {"SELECT * FROM (FROM s |> WHERE a)", "SELECT * FROM {FROM s |> WHERE a}"},
        {"SELECT * FROM (SELECT 1", "!PARSE_SYNTAX_ERROR 23-23"},
        {"SELECT * FROM ()", "!PARSE_SYNTAX_ERROR 15-16"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(table_functions)
{
    static const sql_rig_row rows[] = {
        {"SELECT * FROM range(3)", "SELECT * FROM range(3)"},
        {"SELECT * FROM range(1, 10, 2) AS r(i)", "SELECT * FROM range(1, 10, 2) AS r(i)"},
        {"SELECT * FROM f(a => 1) t", "SELECT * FROM f(a => 1) AS t"},
        {"SELECT * FROM f(TABLE s)", "!PARSE_SYNTAX_ERROR 22-23"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(joins)
{
    static const sql_rig_row rows[] = {
        {"SELECT * FROM s, t, u", "SELECT * FROM ((s CROSS t) CROSS u)"},
        {"SELECT * FROM s JOIN t ON s.a = t.a", "SELECT * FROM (s INNER t ON (= s.a t.a))"},
        {"SELECT * FROM s INNER JOIN t USING (a, b)", "SELECT * FROM (s INNER t USING a, b)"},
        {"SELECT * FROM s CROSS JOIN t", "SELECT * FROM (s CROSS t)"},
        {"SELECT * FROM s LEFT JOIN t ON true RIGHT OUTER JOIN u ON false",
         "SELECT * FROM ((s LEFT t ON true) RIGHT u ON false)"},
        {"SELECT * FROM s FULL OUTER JOIN t", "SELECT * FROM (s FULL t)"},
        {"SELECT * FROM s LEFT SEMI JOIN t ON a SEMI JOIN u ON b", "SELECT * FROM ((s SEMI t ON a) SEMI u ON b)"},
        {"SELECT * FROM s LEFT ANTI JOIN t ON a ANTI JOIN u ON b", "SELECT * FROM ((s ANTI t ON a) ANTI u ON b)"},
        {"SELECT * FROM s NATURAL LEFT JOIN t", "SELECT * FROM (s NATURAL LEFT t)"},
        {"SELECT * FROM s NATURAL JOIN t USING (a)", "!PARSE_SYNTAX_ERROR 31-36"},
        {"SELECT * FROM s, t JOIN u ON a, v", "SELECT * FROM ((s CROSS (t INNER u ON a)) CROSS v)"},
        {"SELECT * FROM s JOIN (t JOIN u ON b) ON a", "SELECT * FROM (s INNER (t INNER u ON b) ON a)"},
        {"SELECT * FROM s JOIN t JOIN u ON a ON b", "!PARSE_SYNTAX_ERROR 35-37"},
        {"SELECT * FROM s JOIN", "!PARSE_SYNTAX_ERROR 20-20"},
        {"SELECT * FROM s LEFT t", "!PARSE_SYNTAX_ERROR 21-22"},
        {"SELECT * FROM s, LATERAL (SELECT s.a) t", "SELECT * FROM (s CROSS LATERAL {SELECT s.a} AS t)"},
        {"SELECT * FROM s JOIN LATERAL explode(s.a) AS t(x) ON true",
         "SELECT * FROM (s INNER LATERAL explode(s.a) AS t(x) ON true)"},
        {"SELECT * FROM s JOIN LATERAL t", "!INVALID_SQL_SYNTAX.LATERAL_WITHOUT_SUBQUERY_OR_TABLE_VALUED_FUNC 29-30"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(lateral_views)
{
    static const sql_rig_row rows[] = {
        {"SELECT * FROM s LATERAL VIEW explode(a) t AS x", "SELECT * FROM s VIEW explode(a) t(x)"},
        {"SELECT * FROM s LATERAL VIEW OUTER explode(a) t AS x LATERAL VIEW explode(b) u AS y, z WHERE x > 1",
         "SELECT * FROM s VIEW OUTER explode(a) t(x) VIEW explode(b) u(y, z) WHERE (> x 1)"},
        {"SELECT * FROM s LATERAL VIEW explode(a) t x", "SELECT * FROM s VIEW explode(a) t(x)"},
        {"SELECT * FROM s LATERAL VIEW explode(a) t", "SELECT * FROM s VIEW explode(a) t()"},
        {"SELECT * LATERAL VIEW explode(array(1)) t AS x", "SELECT * FROM ONE ROW VIEW explode(array(1)) t(x)"},
        {"FROM s LATERAL VIEW explode(a) t AS x SELECT x", "SELECT x FROM s VIEW explode(a) t(x)"},
        {"SELECT * FROM s LATERAL VIEW a t AS x", "!PARSE_SYNTAX_ERROR 31-32"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(watermarks)
{
    static const sql_rig_row rows[] = {
        {"SELECT * FROM s WATERMARK ts DELAY OF INTERVAL 10 SECONDS",
         "SELECT * FROM s WATERMARK ts DELAY INTERVAL '10' SECOND"},
        {"SELECT * FROM s WATERMARK to_timestamp(x) AS ts DELAY OF INTERVAL '1' MINUTE AS t",
         "SELECT * FROM s WATERMARK to_timestamp(x) AS ts DELAY INTERVAL '01' MINUTE AS t"},
        {"SELECT * FROM (SELECT 1) WATERMARK ts DELAY OF INTERVAL '0 00:01' DAY TO MINUTE t JOIN u WATERMARK v DELAY "
         "OF INTERVAL 1 DAY ON a",
         "SELECT * FROM ({SELECT 1} WATERMARK ts DELAY INTERVAL '0 00:01' DAY TO MINUTE AS t INNER u WATERMARK v DELAY "
         "INTERVAL '1' DAY ON a)"},
        {"SELECT * FROM s AS t WATERMARK ts DELAY OF INTERVAL 10 SECONDS", "!PARSE_SYNTAX_ERROR 21-30"},
        {"SELECT * FROM s WATERMARK ts DELAY OF '10 seconds'", "!PARSE_SYNTAX_ERROR 38-50"},
        {"SELECT * FROM s WATERMARK ts DELAY OF INTERVAL 5", "!PARSE_SYNTAX_ERROR 47-48"},
        {"SELECT * FROM s WATERMARK ts DELAY OF INTERVAL -1 MONTH",
         "SELECT * FROM s WATERMARK ts DELAY INTERVAL '-1' MONTH"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        names_aliases_and_column_names, subqueries_and_parentheses, table_functions, joins, lateral_views, watermarks,
    };
    return sqi_test_main("sql_parse_relation", tests, sizeof tests / sizeof *tests);
}
