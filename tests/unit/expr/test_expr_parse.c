/* The parser's frame: limits, places and words of errors, lack of memory. */
#include "sql_rig.h"
#include "test_main.h"

#include <stdlib.h>

/* begin, then `n` times part, then end, malloc'ed */
static char *repeat(const char *begin, const char *part, size_t n, const char *end, size_t times_end)
{
    size_t one = strlen(part), last = strlen(end), at = strlen(begin);
    char *text = malloc(at + one * n + last * times_end + 1);
    memcpy(text, begin, at);
    for (size_t i = 0; i < n; i++, at += one)
        memcpy(text + at, part, one);
    for (size_t i = 0; i < times_end; i++, at += last)
        memcpy(text + at, end, last);
    text[at] = '\0';
    return text;
}

static sqi_cond outcome(char *text, bool query)
{
    sql_rig r;
    streamq_error *error = NULL;
    sql_rig_init(&r);
    if (query)
        sql_rig_parse_query(&r, sqi_span_of(text), &error);
    else
        sql_rig_parse(&r, sqi_span_of(text), &error);
    sqi_cond cond = sqi_error_cond(error);
    sqi_error_free(error);
    sql_rig_fini(&r);
    free(text);
    return cond;
}

#define TOO_COMPLEX SQI_COND_FAILED_TO_PARSE_TOO_COMPLEX

START_TEST(nesting_has_a_limit)
{
    static const struct {
        const char *open, *middle, *close;
    } rows[] = {
        {"(", "a", ")"},
        {"f(", "a", ")"},
        {"NOT ", "a", ""},
        {"- ", "a", ""},
        {"a[", "1", "]"},
        {"x -> ", "x", ""},
        {"CASE WHEN ", "a", " THEN 1 END"},
        {"CAST(", "a", " AS INT)"},
        {"a IN (", "1", ")"},
        {"1 + (", "a", ")"},
        {"(a, ", "b", ")"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *begin = repeat("", rows[i].open, 100, "", 0), *deep = repeat("", rows[i].open, 20000, "", 0);
        char *fine = repeat(begin, rows[i].middle, 1, rows[i].close, 100);
        char *refused = repeat(deep, rows[i].middle, 1, rows[i].close, 20000);
        ck_assert_msg(outcome(fine, false) == SQI_COND_NONE, "%s", rows[i].open);
        ck_assert_msg(outcome(refused, false) == TOO_COMPLEX, "%s", rows[i].open);
        ck_assert_msg(outcome(deep, false) == TOO_COMPLEX, "%s", rows[i].open);
        free(begin);
    }
}
END_TEST

START_TEST(chains_of_and_and_or_have_none)
{
    ck_assert_int_eq(outcome(repeat("a", " AND a", 100000, "", 0), false), SQI_COND_NONE);
    ck_assert_int_eq(outcome(repeat("a", " OR a", 100000, "", 0), false), SQI_COND_NONE);
}
END_TEST

START_TEST(lists_have_none_either)
{
    ck_assert_int_eq(outcome(repeat("a IN (1", ", 2", 20000, ")", 1), false), SQI_COND_NONE);
    ck_assert_int_eq(outcome(repeat("f(1", ", 2", 20000, ")", 1), false), SQI_COND_NONE);
    ck_assert_int_eq(outcome(repeat("a", ".a", 20000, "", 0), false), SQI_COND_NONE);
    ck_assert_int_eq(outcome(repeat("CASE", " WHEN a THEN 1", 20000, " END", 1), false), SQI_COND_NONE);
    ck_assert_int_eq(outcome(repeat("'a'", " 'a'", 20000, "", 0), false), SQI_COND_NONE);
    ck_assert_int_eq(outcome(repeat("SELECT a", ", a", 20000, " FROM s", 1), true), SQI_COND_NONE);
}
END_TEST

START_TEST(chains_of_other_operators_end_where_the_tree_is_too_high)
{
    static const char *const parts[] = {" + a", " || a", " * a", "[0]", "::int", " = a"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        ck_assert_msg(outcome(repeat("a", parts[i], 900, "", 0), false) == SQI_COND_NONE, "%s", parts[i]);
        ck_assert_msg(outcome(repeat("a", parts[i], 20000, "", 0), false) == TOO_COMPLEX, "%s", parts[i]);
    }
    ck_assert_int_eq(outcome(repeat("f()", ".a", 20000, "", 0), false), TOO_COMPLEX);
    char *head = repeat("", "(", 200, "a", 1), *chains = repeat(head, "", 0, " + a + a + a + a + a)", 200);
    ck_assert_int_eq(outcome(chains, false), TOO_COMPLEX);
    free(head);
}
END_TEST

START_TEST(queries_have_the_same_limits)
{
    ck_assert_int_eq(outcome(repeat("SELECT a FROM ", "(SELECT a FROM ", 100, "s)", 1), true),
                     SQI_COND_PARSE_SYNTAX_ERROR);
    char *open = repeat("SELECT a FROM ", "(SELECT a FROM ", 100, "s", 1);
    ck_assert_int_eq(outcome(repeat(open, "", 0, ")", 100), true), SQI_COND_NONE);
    free(open);
    ck_assert_int_eq(outcome(repeat("SELECT a FROM ", "(SELECT a FROM ", 20000, "s", 1), true), TOO_COMPLEX);
    ck_assert_int_eq(outcome(repeat("", "(", 20000, "SELECT 1", 1), true), TOO_COMPLEX);
    ck_assert_int_eq(outcome(repeat("SELECT a FROM ", "(", 20000, "s", 1), true), TOO_COMPLEX);
    ck_assert_int_eq(outcome(repeat("SELECT ", "(SELECT ", 20000, "1", 1), true), TOO_COMPLEX);
    ck_assert_int_eq(outcome(repeat("", "WITH x AS (", 20000, "SELECT 1", 1), true), TOO_COMPLEX);
    ck_assert_int_eq(outcome(repeat("SELECT 1", " UNION ALL SELECT 1", 500, "", 0), true), SQI_COND_NONE);
    ck_assert_int_eq(outcome(repeat("SELECT 1", " UNION ALL SELECT 1", 20000, "", 0), true), TOO_COMPLEX);
    ck_assert_int_eq(outcome(repeat("SELECT * FROM s", " JOIN t ON a", 20000, "", 0), true), TOO_COMPLEX);
    ck_assert_int_eq(outcome(repeat("SELECT * FROM s", ", t", 20000, "", 0), true), TOO_COMPLEX);
    ck_assert_int_eq(outcome(repeat("FROM s", " |> WHERE a", 20000, "", 0), true), TOO_COMPLEX);
    ck_assert_int_eq(outcome(repeat("SELECT 1 FROM s", " LATERAL VIEW f(a) t", 20000, "", 0), true), TOO_COMPLEX);
    ck_assert_int_eq(outcome(repeat("SELECT 1 FROM s GROUP BY ", "GROUPING SETS (", 20000, "", 0), true), TOO_COMPLEX);
}
END_TEST

START_TEST(the_length_of_a_text_has_a_limit)
{
    sql_rig r;
    streamq_error *error = NULL;
    size_t len = (size_t)SQI_PARSE_MAX + 1;
    char *text = malloc(len);
    sql_rig_init(&r);
    memset(text, ' ', len);
    ck_assert_ptr_null(sql_rig_parse(&r, (sqi_span){text, len}, &error));
    ck_assert_int_eq(sqi_error_cond(error), TOO_COMPLEX);
    sqi_error_free(error);
    sql_rig_fini(&r);
    free(text);
}
END_TEST

START_TEST(bytes_that_are_no_text_are_refused_in_place)
{
    static const struct {
        const char *text;
        size_t len, begin;
    } rows[] = {{"a \0 b", 5, 2}, {"\377", 1, 0}, {"a + \300\200", 6, 4}, {"a + '\0' \200", 9, 8}};
    sql_rig r;
    sql_rig_init(&r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        streamq_error *error = NULL;
        size_t begin = 0, end = 0;
        ck_assert_ptr_null(sql_rig_parse(&r, (sqi_span){rows[i].text, rows[i].len}, &error));
        ck_assert_int_eq(sqi_error_cond(error), SQI_COND_PARSE_SYNTAX_ERROR);
        ck_assert(sqi_error_where(error, &begin, &end));
        ck_assert_uint_eq(begin, rows[i].begin);
        sqi_error_free(error);
    }
    sql_rig_fini(&r);
}
END_TEST

START_TEST(messages_name_what_stands_there)
{
    static const struct {
        const char *text, *message, *hint;
    } rows[] = {
        {"a + ) b", "syntax error at or near ')'", ""},
        {"a +", "syntax error: the text ends where more was expected", ""},
        {"a + 'x", "syntax error at or near '", "this quote is never closed"},
        {"", "there is nothing to parse", ""},
        {"gr\303\266\303\237e", "'gr\303\266\303\237e' is no name as it stands",
         "unquoted names have letters of ASCII, digits and _ only; put it between backticks"},
        {"DATE '2024-13-01'", "'2024-13-01' is no DATE", "write it as DATE 'yyyy-MM-dd'"},
        {"300Y", "300 is out of the range of TINYINT", "leave the suffix out, or write a larger type's"},
        {"CAST(a AS FOO(3))", "there is no type FOO(3)", ""},
    };
    sql_rig r;
    sql_rig_init(&r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        streamq_error *error = NULL;
        ck_assert_ptr_null(sql_rig_parse(&r, sqi_span_of(rows[i].text), &error));
        ck_assert_str_eq(sqi_error_text(error), rows[i].message);
        ck_assert_str_eq(sqi_error_hint_text(error), rows[i].hint);
        sqi_error_free(error);
    }
    sql_rig_fini(&r);
}
END_TEST

/* ---------------------------------------------------------------- every allocation */

static const char long_query[] =
    "WITH x(a, b) AS (SELECT 1, 'it''s' 'two') SELECT DISTINCT s.*, CASE WHEN a > 1.5 THEN upper(b) END AS `c d`, "
    "transform(l, (x, i) -> x + i), CAST(m AS MAP<STRING, ARRAY<STRUCT<p: DECIMAL(5, 2)>>>), INTERVAL 1 DAY 2 HOURS "
    "FROM s WATERMARK ts DELAY OF INTERVAL '10' SECONDS AS s JOIN (SELECT * FROM VALUES (1, 2), (3, 4)) v USING (k) "
    "LATERAL VIEW explode(l) e AS q WHERE a IN (1, 2) AND b LIKE ANY ('x', '\\u0041') OR EXISTS (SELECT 1) "
    "GROUP BY a, ROLLUP(b, c) HAVING count(*) FILTER (WHERE a) > 1 UNION ALL FROM t |> EXTEND a.b[0] AS z "
    "|> AGGREGATE sum(z) GROUP BY k |> UNPIVOT (v FOR n IN (a, b)) ORDER BY 1 LIMIT 3";

static streamq_status parse_long(sqi_alloc *alloc, void *context, streamq_error **err)
{
    (void)context;
    sqi_arena arena;
    sqi_parser p;
    sqi_sql_query *q = NULL;
    sqi_type_pool *pool = sqi_type_pool_new(alloc);
    if (!pool)
        return sqi_error_nomem(err);
    sqi_arena_init(&arena, alloc);
    streamq_status status = sqi_parser_init(&p, SQI_SPAN(long_query), &arena, pool, NULL, sqi_zone_utc(), err);
    if (status == STREAMQ_OK)
        status = sqi_sql_parse(&p, &q, err);
    sqi_arena_fini(&arena);
    sqi_type_pool_free(pool);
    return status;
}

START_TEST(any_allocation_may_fail)
{
    ck_assert_uint_gt(sqi_test_every_allocation(parse_long, NULL), 3);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        nesting_has_a_limit,
        chains_of_and_and_or_have_none,
        lists_have_none_either,
        chains_of_other_operators_end_where_the_tree_is_too_high,
        queries_have_the_same_limits,
        the_length_of_a_text_has_a_limit,
        bytes_that_are_no_text_are_refused_in_place,
        messages_name_what_stands_there,
        any_allocation_may_fail,
    };
    return sqi_test_main("expr_parse", tests, sizeof tests / sizeof *tests);
}
