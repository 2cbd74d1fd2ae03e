/* Whether a word is a keyword or a name, and what identifiers look like. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(operator_words_without_an_operand_are_names)
{
    static const sql_rig_row rows[] = {
        {"a div", "a AS div"},
        {"a and", "a AS and"},
        {"a in", "a AS in"},
        {"a is", "a AS is"},
        {"a like", "a AS like"},
        {"a between", "a AS between"},
        {"a not", "a AS not"},
        {"and and and", "(and and and)"},
        {"not", "not"},
        {"not x", "(not x)"},
        {"between + 1", "(+ between 1)"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(clause_words_are_names_where_no_clause_follows)
{
    static const sql_rig_row rows[] = {
        {"from", "from"},
        {"select", "select"},
        {"a from", "a AS from"},
        {"a as from", "a AS from"},
        {"a from b", "!PARSE_SYNTAX_ERROR 2-6"},
        {"a limit 5", "!PARSE_SYNTAX_ERROR 2-7"},
        {"a order by b", "!PARSE_SYNTAX_ERROR 2-7"},
        {"as as as", "as AS as"},
        {"case", "case"},
        {"case = 1", "(= case 1)"},
        {"interval", "interval"},
        {"interval - 1", "(- interval 1)"},
        {"date", "date"},
        {"timestamp + 1", "(+ timestamp 1)"},
        {"current_date", "current_date"},
        {"user", "user"},
        {"exists", "exists"},
        {"cast + 1", "(+ cast 1)"},
        {"left", "left"},
        {"left(a, 1)", "left(a, 1)"},
        {"right(a, 1) = left", "(= right(a, 1) left)"},
        {"filter", "filter"},
        {"distinct", "distinct"},
        {"values", "values"},
        {"(values)", "values"},
        {"(select)", "select"},
        {"(select + 1)", "(+ select 1)"},
        {"(from, to)", "(struct from to)"},
        {"CASE WHEN when THEN then ELSE else END", "case(when -> then, else else)"},
        {"first", "first"},
        {"nulls", "nulls"},
        {"join.on", "join.on"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(identifiers_are_words_of_ascii_or_quoted)
{
    static const sql_rig_row rows[] = {
        {"1a", "1a"},
        {"_a1", "_a1"},
        {"a$b", "!PARSE_SYNTAX_ERROR 1-2"},
        {"größe", "!INVALID_IDENTIFIER 0-7"},
        {"a.größe", "!INVALID_IDENTIFIER 2-9"},
        {"`größe`", "größe"},
        {"``", ""},
        {"s3://x/y", "!PARSE_SYNTAX_ERROR 2-3"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(hyphens_need_backticks)
{
    static const sql_rig_row rows[] = {
        {"a AS b-c", "!INVALID_IDENTIFIER 5-8"},
        {"a b-c", "!INVALID_IDENTIFIER 2-5"},
        {"a AS `b-c`", "a AS b-c"},
        {"a AS 'b'", "!PARSE_SYNTAX_ERROR 5-8"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        operator_words_without_an_operand_are_names,
        clause_words_are_names_where_no_clause_follows,
        identifiers_are_words_of_ascii_or_quoted,
        hyphens_need_backticks,
    };
    return sqi_test_main("expr_parse_word", tests, sizeof tests / sizeof *tests);
}
