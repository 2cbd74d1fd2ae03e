/* Set operations, WITH, subqueries, what stands after a query. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(set_operations_group_from_the_left_and_intersect_binds_tighter)
{
    static const sql_rig_row rows[] = {
        {"SELECT 1 UNION SELECT 2", "(SELECT 1 UNION SELECT 2)"},
        {"SELECT 1 UNION ALL SELECT 2 UNION DISTINCT SELECT 3", "((SELECT 1 UNION ALL SELECT 2) UNION SELECT 3)"},
        {"SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT SELECT 4",
         "((SELECT 1 UNION (SELECT 2 INTERSECT SELECT 3)) EXCEPT SELECT 4)"},
        {"SELECT 1 INTERSECT ALL SELECT 2 INTERSECT SELECT 3",
         "((SELECT 1 INTERSECT ALL SELECT 2) INTERSECT SELECT 3)"},
        {"SELECT 1 MINUS ALL SELECT 2", "(SELECT 1 EXCEPT ALL SELECT 2)"},
        {"SELECT 1 EXCEPT (SELECT 2 UNION SELECT 3)", "(SELECT 1 EXCEPT (SELECT 2 UNION SELECT 3))"},
        {"SELECT a FROM s UNION TABLE t UNION VALUES (1) UNION FROM u",
         "(((SELECT a FROM s UNION FROM t) UNION FROM VALUES (1)) UNION FROM u)"},
        {"SELECT 1 UNION", "SELECT 1 AS UNION"},
        {"SELECT 1 UNION ALL", "!PARSE_SYNTAX_ERROR 18-18"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(what_follows_belongs_to_the_whole)
{
    static const sql_rig_row rows[] = {
        {"SELECT 1 UNION SELECT 2 ORDER BY 1 LIMIT 3", "(SELECT 1 UNION SELECT 2) ORDER 1 asc first LIMIT 3"},
        {"SELECT 1 ORDER BY 1 UNION SELECT 2", "!PARSE_SYNTAX_ERROR 20-25"},
        {"(SELECT 1 ORDER BY 1) UNION SELECT 2", "(FROM {SELECT 1 ORDER 1 asc first} UNION SELECT 2)"},
        {"(SELECT 1 ORDER BY 1 LIMIT 2) ORDER BY 1", "FROM {SELECT 1 ORDER 1 asc first LIMIT 2} ORDER 1 asc first"},
        {"((SELECT 1) UNION ALL (SELECT 2)) LIMIT 3", "(SELECT 1 UNION ALL SELECT 2) LIMIT 3"},
        {"(SELECT 1) LIMIT 1", "SELECT 1 LIMIT 1"},
        {"((SELECT 1))", "SELECT 1"},
        {"(SELECT 1", "!PARSE_SYNTAX_ERROR 9-9"},
        {"VALUES (1, 2) ORDER BY 1", "FROM VALUES (1, 2) ORDER 1 asc first"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(from_may_come_first)
{
    static const sql_rig_row rows[] = {
        {"FROM s", "FROM s"},
        {"FROM s SELECT a WHERE a > 1 GROUP BY a", "SELECT a FROM s WHERE (> a 1) GROUP (a)"},
        {"FROM s SELECT a SELECT b", "(SELECT a FROM s UNION ALL SELECT b FROM s)"},
        {"FROM s SELECT a LIMIT 1 LIMIT 2", "FROM {SELECT a FROM s LIMIT 1} LIMIT 2"},
        {"FROM s, t SELECT *", "SELECT * FROM (s CROSS t)"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(common_table_expressions)
{
    static const sql_rig_row rows[] = {
        {"WITH x AS (SELECT 1) SELECT * FROM x", "WITH x {SELECT 1} SELECT * FROM x"},
        {"WITH x(a, b) AS (SELECT 1, 2), y (SELECT 3) SELECT * FROM x",
         "WITH x(a, b) {SELECT 1, 2}, y {SELECT 3} SELECT * FROM x"},
        {"WITH RECURSIVE x(n) MAX RECURSION LEVEL 5 AS (SELECT 1) SELECT * FROM x",
         "WITH RECURSIVE x(n) {SELECT 1} SELECT * FROM x"},
        {"WITH x AS (WITH y AS (SELECT 1) SELECT * FROM y) FROM x",
         "WITH x {WITH y {SELECT 1} SELECT * FROM y} FROM x"},
        {"WITH x AS (SELECT 1) (WITH y AS (SELECT 2) SELECT * FROM y)",
         "WITH x {SELECT 1} FROM {WITH y {SELECT 2} SELECT * FROM y}"},
        {"WITH x AS (SELECT 1), X AS (SELECT 2) SELECT * FROM x", "!DUPLICATED_CTE_NAMES 22-23"},
        {"WITH x AS SELECT 1 SELECT 2", "!PARSE_SYNTAX_ERROR 10-16"},
        {"WITH recursive AS (SELECT 1) SELECT 2", "WITH recursive {SELECT 1} SELECT 2"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(subqueries_stand_in_expressions)
{
    static const sql_rig_row rows[] = {
        {"SELECT (SELECT 1) + 1", "SELECT (+ {SELECT 1} 1)"},
        {"SELECT ((SELECT 1))", "SELECT {SELECT 1}"},
        {"SELECT ((SELECT 1) UNION (SELECT 2))", "SELECT {(SELECT 1 UNION SELECT 2)}"},
        {"SELECT ((SELECT 1) + 1) * 2", "SELECT (* (+ {SELECT 1} 1) 2)"},
        {"SELECT EXISTS (SELECT 1), NOT EXISTS ((SELECT 2))", "SELECT exists{SELECT 1}, (not exists{SELECT 2})"},
        {"SELECT a IN (SELECT b FROM t), a NOT IN (SELECT 1 UNION SELECT 2)",
         "SELECT in{a in SELECT b FROM t}, (not in{a in (SELECT 1 UNION SELECT 2)})"},
        {"SELECT a IN ((SELECT 1), 2)", "SELECT (in a {SELECT 1} 2)"},
        {"SELECT (FROM s |> SELECT a), (VALUES (1)), (TABLE t), (WITH x AS (SELECT 1) FROM x)",
         "SELECT {FROM s |> SELECT SELECT a}, {FROM VALUES (1)}, {FROM t}, {WITH x {SELECT 1} FROM x}"},
        {"SELECT (SELECT 1 FROM s WHERE a = (SELECT max(b) FROM t))",
         "SELECT {SELECT 1 FROM s WHERE (= a {SELECT max(b) FROM t})}"},
        {"SELECT (SELECT 1 2)", "!PARSE_SYNTAX_ERROR 17-18"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        set_operations_group_from_the_left_and_intersect_binds_tighter,
        what_follows_belongs_to_the_whole,
        from_may_come_first,
        common_table_expressions,
        subqueries_stand_in_expressions,
    };
    return sqi_test_main("sql_parse", tests, sizeof tests / sizeof *tests);
}
