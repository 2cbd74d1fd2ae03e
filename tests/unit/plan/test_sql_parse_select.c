/* SELECT and its clauses, and the order of errors. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(select_has_its_clauses_in_order)
{
    static const sql_rig_row rows[] = {
        {"SELECT 1", "SELECT 1"},
        {"SELECT DISTINCT a, b + 1 AS c FROM s WHERE a > 1 GROUP BY a HAVING count(*) > 1 ORDER BY a DESC LIMIT 3 "
         "OFFSET 2",
         "SELECT DISTINCT a, (+ b 1) AS c FROM s WHERE (> a 1) GROUP (a) HAVING (> count(*) 1) ORDER a desc last LIMIT "
         "3 OFFSET 2"},
        {"SELECT ALL a FROM s", "SELECT a FROM s"},
        {"SELECT * FROM s LIMIT ALL", "SELECT * FROM s LIMIT ALL"},
        {"SELECT a FROM s OFFSET 2", "SELECT a FROM s OFFSET 2"},
        {"SELECT a FROM s OFFSET 2 LIMIT 1", "!PARSE_SYNTAX_ERROR 25-30"},
        {"SELECT a FROM s HAVING a > 1", "SELECT a FROM s HAVING (> a 1)"},
        {"SELECT a WHERE a > 1", "SELECT a WHERE (> a 1)"},
        {"SELECT a FROM s LIMIT 1 + 1;", "SELECT a FROM s LIMIT (+ 1 1)"},
        {"SELECT a FROM s;;", "SELECT a FROM s"},
        {"SELECT sum(a) OVER w FROM s WINDOW w AS (PARTITION BY b), v AS (w)", "SELECT sum(a) OVER () FROM s WINDOW"},
        {"SELECT a FROM s QUALIFY a > 1", "!UNSUPPORTED_FEATURE.SQL_CLAUSE 16-29"},
        {"SELECT /*+ BROADCAST(s), REPARTITION(3) */ a FROM s", "SELECT a FROM s"},
        {"SELECT /*+ A */ /*+ B */ DISTINCT a FROM s", "SELECT DISTINCT a FROM s"},
        {"SELECT /*+ open a FROM s", "!PARSE_SYNTAX_ERROR 24-24"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(sort_distribute_and_cluster_exclude_each_other)
{
    static const sql_rig_row rows[] = {
        {"SELECT a FROM s SORT BY a", "SELECT a FROM s SORT a asc first"},
        {"SELECT a FROM s DISTRIBUTE BY a, b", "SELECT a FROM s DISTRIBUTE"},
        {"SELECT a FROM s DISTRIBUTE BY a SORT BY b DESC", "SELECT a FROM s DISTRIBUTE SORT b desc last"},
        {"SELECT a FROM s CLUSTER BY a", "SELECT a FROM s DISTRIBUTE SORT a asc first"},
        {"SELECT a FROM s ORDER BY a SORT BY b", "!UNSUPPORTED_FEATURE.COMBINATION_QUERY_RESULT_CLAUSES 16-36"},
        {"SELECT a FROM s CLUSTER BY a SORT BY b", "!UNSUPPORTED_FEATURE.COMBINATION_QUERY_RESULT_CLAUSES 16-38"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(words_of_clauses_are_names_where_no_clause_follows)
{
    static const sql_rig_row rows[] = {
        {"SELECT a FROM", "SELECT a AS FROM"},
        {"SELECT FROM s", "SELECT FROM AS s"},
        {"SELECT a FROM FROM s", "SELECT a AS FROM FROM s"},
        {"SELECT a AS FROM s", "SELECT a AS AS FROM s"},
        {"SELECT a FROM where WHERE where = 1", "SELECT a FROM where WHERE (= where 1)"},
        {"SELECT a LIMIT FROM s LIMIT 1", "SELECT a AS LIMIT FROM s LIMIT 1"},
        {"SELECT limit, order FROM s ORDER BY order LIMIT 1",
         "SELECT limit, order FROM s ORDER order asc first LIMIT 1"},
        {"SELECT group, by FROM s GROUP BY group, by", "SELECT group, by FROM s GROUP (group, by)"},
        {"SELECT union FROM s UNION SELECT union", "(SELECT union FROM s UNION SELECT union)"},
        {"SELECT a UNION", "SELECT a AS UNION"},
        {"SELECT * FROM s limit", "SELECT * FROM s AS limit"},
        {"SELECT * FROM s watermark", "SELECT * FROM s AS watermark"},
        {"SELECT * FROM s WHERE", "SELECT * FROM s AS WHERE"},
        {"SELECT distinct FROM s", "SELECT distinct FROM s"},
        {"SELECT a FROM s AS WHERE a > 1", "SELECT a FROM s AS AS WHERE (> a 1)"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(a_comma_before_from_is_named)
{
    static const sql_rig_row rows[] = {
        {"SELECT a, FROM s", "!TRAILING_COMMA_IN_SELECT 8-9"},
        {"SELECT a, b , FROM s WHERE a > 1", "!TRAILING_COMMA_IN_SELECT 12-13"},
        {"SELECT a, `from` s", "SELECT a, from AS s"},
        {"SELECT a, FROM FROM s", "SELECT a, FROM FROM s"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

START_TEST(faults_come_after_syntax_errors)
{
    static const sql_rig_row rows[] = {
        {"SELECT 300Y, DATE 'x' FROM s", "!INVALID_NUMERIC_LITERAL_RANGE 7-11"},
        {"SELECT 300Y FROM s WHERE a >", "!PARSE_SYNTAX_ERROR 28-28"},
        {"SELECT 300Y FROM s /* open", "!UNCLOSED_BRACKETED_COMMENT 19-21"},
        {"SELECT 'abc FROM s", "!PARSE_SYNTAX_ERROR 7-8"},
        {"SELECT (a + 1 FROM s", "!PARSE_SYNTAX_ERROR 14-18"},
        {"SELECT a FROM s WHERE a > 1 a b c", "!PARSE_SYNTAX_ERROR 28-29"},
        {"SELCT a FROM s", "!PARSE_SYNTAX_ERROR 0-5"},
        {"SELECT a FROM s WHERE a > 1 && a < 3", "!PARSE_SYNTAX_ERROR 29-30"},
        {"", "!PARSE_EMPTY_STATEMENT 0-0"},
        {"SELECT", "!PARSE_SYNTAX_ERROR 6-6"},
        {"SELECT a FROM s; SELECT b", "!PARSE_SYNTAX_ERROR 17-23"},
    };
    CHECK(sql_rig_query, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        select_has_its_clauses_in_order,
        sort_distribute_and_cluster_exclude_each_other,
        words_of_clauses_are_names_where_no_clause_follows,
        a_comma_before_from_is_named,
        faults_come_after_syntax_errors,
    };
    return sqi_test_main("sql_parse_select", tests, sizeof tests / sizeof *tests);
}
