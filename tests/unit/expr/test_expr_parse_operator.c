/* Operators: precedence, predicates, chains, and where they stop. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(arithmetic_groups_by_precedence_and_from_the_left)
{
    static const sql_rig_row rows[] = {
        {"a + b * c - d", "(- (+ a (* b c)) d)"},
        {"a - b - c", "(- (- a b) c)"},
        {"(a + b) * c", "(* (+ a b) c)"},
        {"a || b + c || d", "(|| (+ (|| a b) c) d)"},
        {"a * b / c % d DIV e", "(div (% (/ (* a b) c) d) e)"},
        {"1 << 2 + 3", "(<< 1 (+ 2 3))"},
        {"a & b | c ^ d & e", "(| (& a b) (^ c (& d e)))"},
        {"a < b = c", "(= (< a b) c)"},
        {"a == b", "(= a b)"},
        {"a <> b", "(!= a b)"},
        {"a !> b", "(<= a b)"},
        {"a !< b", "(>= a b)"},
        {"a <=> b", "(<=> a b)"},
        {"a >> 1 >>> 2", "(>>> (>> a 1) 2)"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(signs_bind_tighter_and_fold_into_numbers)
{
    static const sql_rig_row rows[] = {
        {"- a * b", "(* (negative a) b)"},
        {"- - a", "(negative (negative a))"},
        {"a -1", "(- a 1)"},
        {"a - -1", "(- a -1)"},
        {"+a", "(positive a)"},
        {"~a + 1", "(+ (~ a) 1)"},
        {"-a[0]", "(negative (getitem a 0))"},
        {"-'1'::INT", "(negative cast('1' AS int))"},
        {"a DIV b", "(div a b)"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(not_and_or_bind_in_that_order_and_chains_are_balanced)
{
    static const sql_rig_row rows[] = {
        {"NOT a AND b", "(and (not a) b)"},
        {"NOT a = b", "(not (= a b))"},
        {"NOT NOT a", "(not (not a))"},
        {"!a OR b", "(or (not a) b)"},
        {"a OR b AND c", "(or a (and b c))"},
        {"a AND b AND c", "(and (and a b) c)"},
        {"a AND b AND c AND d AND e", "(and (and (and a b) c) (and d e))"},
        {"a OR b OR (c OR d)", "(or (or a b) (or c d))"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(is_tests_and_ends_its_operand)
{
    static const sql_rig_row rows[] = {
        {"a IS NULL", "(isnull a)"},
        {"a IS NOT NULL", "(isnotnull a)"},
        {"a IS TRUE", "(istrue a)"},
        {"a IS NOT TRUE", "(not (istrue a))"},
        {"a IS NOT FALSE", "(not (isfalse a))"},
        {"a IS UNKNOWN", "(isunknown a)"},
        {"a IS NOT UNKNOWN", "(not (isunknown a))"},
        {"a IS DISTINCT FROM b", "(not (<=> a b))"},
        {"a IS NOT DISTINCT FROM b + 1", "(<=> a (+ b 1))"},
        {"a IS ! NULL", "!SYNTAX_DISCONTINUED.BANG_EQUALS_NOT 5-6"},
        {"a IS NULL = b", "!PARSE_SYNTAX_ERROR 10-11"},
        {"a IS NULL IS NULL", "!PARSE_SYNTAX_ERROR 13-17"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(in_lists_and_ranges)
{
    static const sql_rig_row rows[] = {
        {"a IN (1, 2)", "(in a 1 2)"},
        {"a NOT IN (1)", "(not (in a 1))"},
        {"a IN ()", "!INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE 5-7"},
        {"a ! IN (1)", "!SYNTAX_DISCONTINUED.BANG_EQUALS_NOT 2-3"},
        {"(a, b) IN ((1, 2))", "(in (struct a b) (struct 1 2))"},
        {"a BETWEEN 1 AND 2 AND b", "(and (between a 1 2) b)"},
        {"a NOT BETWEEN b + 1 AND c", "(not (between a (+ b 1) c))"},
        {"NOT a BETWEEN 1 AND 2", "(not (between a 1 2))"},
        {"a BETWEEN 1 AND 2 BETWEEN 3 AND 4", "!PARSE_SYNTAX_ERROR 26-27"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(patterns_and_their_quantifiers)
{
    static const sql_rig_row rows[] = {
        {"a LIKE 'x%'", "(like a 'x%')"},
        {"a NOT LIKE 'x' || b", "(not (like a (|| 'x' b)))"},
        {"a LIKE 'x' ESCAPE '!'", "(like a 'x' '!')"},
        {"a LIKE 'x' ESCAPE '!!'", "!INVALID_ESC 18-22"},
        {"a ILIKE 'x'", "(ilike a 'x')"},
        {"a RLIKE 'x'", "(rlike a 'x')"},
        {"a REGEXP 'x'", "(rlike a 'x')"},
        {"a NOT RLIKE 'x'", "(not (rlike a 'x'))"},
        {"a LIKE b LIKE c", "!PARSE_SYNTAX_ERROR 14-15"},
        {"a LIKE ANY ('x', 'y')", "(or (like a 'x') (like a 'y'))"},
        {"a LIKE SOME ('x')", "(like a 'x')"},
        {"a LIKE ALL ('x', b)", "(and (like a 'x') (like a b))"},
        {"a NOT LIKE ALL ('x', 'y')", "(and (not (like a 'x')) (not (like a 'y')))"},
        {"a ILIKE ANY ('x', 'y')", "(or (ilike a 'x') (ilike a 'y'))"},
        {"a LIKE ANY ()", "!INVALID_SQL_SYNTAX.EMPTY_QUANTIFIED_PATTERN 11-13"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(what_is_no_operator_ends_the_expression)
{
    static const sql_rig_row rows[] = {
        {"1 && 2", "!PARSE_SYNTAX_ERROR 3-4"},
        {"a = NOT b", "(= a NOT) AS b"},
        {"a AND", "a AS AND"},
        {"a +", "!PARSE_SYNTAX_ERROR 3-3"},
        {"1 +* 2", "!PARSE_SYNTAX_ERROR 5-6"},
        {"a ! b", "!PARSE_SYNTAX_ERROR 2-3"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        arithmetic_groups_by_precedence_and_from_the_left,
        signs_bind_tighter_and_fold_into_numbers,
        not_and_or_bind_in_that_order_and_chains_are_balanced,
        is_tests_and_ends_its_operand,
        in_lists_and_ranges,
        patterns_and_their_quantifiers,
        what_is_no_operator_ends_the_expression,
    };
    return sqi_test_main("expr_parse_operator", tests, sizeof tests / sizeof *tests);
}
