/* Lists with aliases, sort orders. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(lists_have_aliases)
{
    static const sql_rig_row rows[] = {
        {"a, b AS c, d e", "a; b AS c; d AS e"},
        {"a + 1, *, t.*", "(+ a 1); *; t.*"},
        {"explode(m) AS (k, v), 'x'", "explode(m) AS (k, v); 'x'"},
        {"a,", "!PARSE_SYNTAX_ERROR 2-2"},
        {",a", "!PARSE_SYNTAX_ERROR 0-1"},
        {"a b c", "!PARSE_SYNTAX_ERROR 4-5"},
        {"a, , b", "!PARSE_SYNTAX_ERROR 3-4"},
        {"a AS (), b", "!PARSE_SYNTAX_ERROR 6-7"},
        {"a AS", "a AS AS"},
        {"a AS (b, )", "!PARSE_SYNTAX_ERROR 9-10"},
        {"a as as, b", "a AS as; b"},
    };
    CHECK(sql_rig_items, rows);
}
END_TEST

START_TEST(sort_orders_have_spark_s_defaults)
{
    static const sql_rig_row rows[] = {
        {"a", "a asc first"},
        {"a DESC, b ASC, c NULLS LAST, d DESC NULLS FIRST", "a desc last; b asc first; c asc last; d desc first"},
        {"a + 1 desc nulls last", "(+ a 1) desc last"},
        {"a NULLS", "!PARSE_SYNTAX_ERROR 7-7"},
        {"a ASC DESC", "!PARSE_SYNTAX_ERROR 6-10"},
        {"nulls", "nulls asc first"},
        {"desc desc", "desc desc last"},
        {"a AS b", "!PARSE_SYNTAX_ERROR 2-4"},
        {"a,", "!PARSE_SYNTAX_ERROR 2-2"},
    };
    CHECK(sql_rig_sort, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        lists_have_aliases,
        sort_orders_have_spark_s_defaults,
    };
    return sqi_test_main("expr_parse_item", tests, sizeof tests / sizeof *tests);
}
