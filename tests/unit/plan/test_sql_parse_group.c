/* GROUP BY. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(expressions_ordinals_and_all)
{
    static const sql_rig_row rows[] = {
        {"SELECT a FROM s GROUP BY a, b + 1", "SELECT a FROM s GROUP (a, (+ b 1))"},
        {"SELECT a FROM s GROUP BY 1, 2", "SELECT a FROM s GROUP (1, 2)"},
        {"SELECT a FROM s GROUP BY ALL", "SELECT a FROM s GROUP ALL(ALL)"},
        {"SELECT a FROM s GROUP BY `all`", "SELECT a FROM s GROUP (all)"},
        {"SELECT a FROM s GROUP BY ALL, b", "SELECT a FROM s GROUP (ALL, b)"},
        {"SELECT a FROM s GROUP BY (a, b)", "SELECT a FROM s GROUP ((struct a b))"},
        {"SELECT a FROM s GROUP BY ()", "!PARSE_SYNTAX_ERROR 26-27"},
        {"SELECT a FROM s GROUP BY a AS x", "!PARSE_SYNTAX_ERROR 27-29"},
        {"SELECT a FROM s GROUP BY", "!PARSE_SYNTAX_ERROR 24-24"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(rollup_cube_and_sets)
{
    static const sql_rig_row rows[] = {
        {"SELECT a FROM s GROUP BY ROLLUP(a, b)", "SELECT a FROM s GROUP ROLLUP(a, b)"},
        {"SELECT a FROM s GROUP BY CUBE(a, (b, c), ())", "SELECT a FROM s GROUP CUBE(a, (struct b c), (struct ))"},
        {"SELECT a FROM s GROUP BY GROUPING SETS ((a, b), a, ())", "SELECT a FROM s GROUP SETS((a, b) (a) ())"},
        {"SELECT a FROM s GROUP BY a, ROLLUP(b, c), CUBE(d), e", "SELECT a FROM s GROUP (a) ROLLUP(b, c) CUBE(d) (e)"},
        {"SELECT a FROM s GROUP BY ROLLUP(a), GROUPING SETS ((b), ())", "SELECT a FROM s GROUP ROLLUP(a) SETS((b) ())"},
        {"SELECT a FROM s GROUP BY rollup", "SELECT a FROM s GROUP (rollup)"},
        {"SELECT a FROM s GROUP BY grouping", "SELECT a FROM s GROUP (grouping)"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(analytics_after_the_expressions)
{
    static const sql_rig_row rows[] = {
        {"SELECT a FROM s GROUP BY a, b WITH ROLLUP", "SELECT a FROM s GROUP ROLLUP(a, b)"},
        {"SELECT a FROM s GROUP BY a, b WITH CUBE", "SELECT a FROM s GROUP CUBE(a, b)"},
        {"SELECT a FROM s GROUP BY a, b GROUPING SETS ((a), (b), (a, b))",
         "SELECT a FROM s GROUP SETS(a, b (a) (b) (a, b))"},
        {"SELECT a FROM s GROUP BY a WITH TIES", "!PARSE_SYNTAX_ERROR 27-31"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(nested_sets_are_written_out)
{
    static const sql_rig_row rows[] = {
        {"SELECT a FROM s GROUP BY GROUPING SETS (ROLLUP(a, b), c)", "SELECT a FROM s GROUP SETS((a, b) (a) () (c))"},
        {"SELECT a FROM s GROUP BY GROUPING SETS (CUBE(a, b), (c, d))",
         "SELECT a FROM s GROUP SETS((a, b) (b) (a) () (c, d))"},
        {"SELECT a FROM s GROUP BY GROUPING SETS (GROUPING SETS ((a), (b)), GROUPING SETS (()))",
         "SELECT a FROM s GROUP SETS((a) (b) ())"},
        {"SELECT a FROM s GROUP BY GROUPING SETS (CUBE(a, b, c, d, e, f, g, h, i, j, k, l, m))",
         "!FAILED_TO_PARSE_TOO_COMPLEX 40-83"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        expressions_ordinals_and_all,
        rollup_cube_and_sets,
        analytics_after_the_expressions,
        nested_sets_are_written_out,
    };
    return sqi_test_main("sql_parse_group", tests, sizeof tests / sizeof *tests);
}
