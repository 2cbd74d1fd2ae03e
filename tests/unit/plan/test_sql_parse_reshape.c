/* TABLESAMPLE, PIVOT, UNPIVOT. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(samples_keep_their_place)
{
    static const sql_rig_row rows[] = {
        {"SELECT * FROM s TABLESAMPLE (10 PERCENT) t", "SELECT * FROM s SAMPLE AS t"},
        {"SELECT * FROM s TABLESAMPLE (-1.5 PERCENT)", "SELECT * FROM s SAMPLE"},
        {"SELECT * FROM s TABLESAMPLE (5 ROWS) REPEATABLE (3)", "SELECT * FROM s SAMPLE"},
        {"SELECT * FROM s TABLESAMPLE (BUCKET 1 OUT OF 10 ON a)", "SELECT * FROM s SAMPLE"},
        {"SELECT * FROM s TABLESAMPLE (100B)", "SELECT * FROM s SAMPLE"},
        {"SELECT * FROM s TABLESAMPLE (a PERCENT)", "!PARSE_SYNTAX_ERROR 31-38"},
        {"SELECT * FROM s TABLESAMPLE (5 5 ROWS)", "!PARSE_SYNTAX_ERROR 31-32"},
        {"SELECT * FROM s tablesample", "SELECT * FROM s AS tablesample"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(pivots_keep_their_place)
{
    static const sql_rig_row rows[] = {
        {"SELECT * FROM s PIVOT (sum(a) FOR b IN (1, 2))", "SELECT * FROM s PIVOT"},
        {"SELECT * FROM s PIVOT (sum(a) AS x, avg(b) FOR c IN ('u' AS y, 'v' z))", "SELECT * FROM s PIVOT"},
        {"SELECT * FROM s t PIVOT (sum(a) FOR (c, d) IN ((1, 2) AS p, (3, 4)))", "SELECT * FROM {FROM s AS t} PIVOT"},
        {"SELECT * FROM s PIVOT (sum(a) FOR b)", "!PARSE_SYNTAX_ERROR 34-35"},
        {"SELECT * FROM s PIVOT (sum(a) FOR b IN ())", "!PARSE_SYNTAX_ERROR 40-41"},
        {"SELECT * FROM s pivot", "SELECT * FROM s AS pivot"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(unpivots_are_kept)
{
    static const sql_rig_row rows[] = {
        {"SELECT * FROM s UNPIVOT (v FOR n IN (a, b AS bee, c sea)) AS u",
         "SELECT * FROM s UNPIVOT (v FOR n IN (a), (b) AS bee, (c) AS sea) AS u"},
        {"SELECT * FROM s UNPIVOT INCLUDE NULLS (v FOR n IN (a))", "SELECT * FROM s UNPIVOT NULLS (v FOR n IN (a))"},
        {"SELECT * FROM s UNPIVOT EXCLUDE NULLS (v FOR n IN (t.a))", "SELECT * FROM s UNPIVOT (v FOR n IN (t.a))"},
        {"SELECT * FROM s UNPIVOT ((v, w) FOR n IN ((a, b) AS x, (c, d)))",
         "SELECT * FROM s UNPIVOT (v, w FOR n IN (a, b) AS x, (c, d))"},
        {"SELECT * FROM s t UNPIVOT (v FOR n IN (a)) UNPIVOT (w FOR m IN (b))",
         "SELECT * FROM {FROM {FROM s AS t} UNPIVOT (v FOR n IN (a))} UNPIVOT (w FOR m IN (b))"},
        {"SELECT * FROM s JOIN t UNPIVOT (v FOR n IN (a))",
         "SELECT * FROM {FROM (s INNER t)} UNPIVOT (v FOR n IN (a))"},
        {"SELECT * FROM s UNPIVOT (v FOR n IN ())", "!PARSE_SYNTAX_ERROR 37-38"},
        {"SELECT * FROM s UNPIVOT (v FOR n IN (a, ))", "!PARSE_SYNTAX_ERROR 40-41"},
        {"SELECT * FROM s UNPIVOT (v IN n FOR (a))", "!PARSE_SYNTAX_ERROR 27-29"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        samples_keep_their_place,
        pivots_keep_their_place,
        unpivots_are_kept,
    };
    return sqi_test_main("sql_parse_reshape", tests, sizeof tests / sizeof *tests);
}
