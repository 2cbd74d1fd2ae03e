/* Nodes: builders, heights, and which texts are equal. */
#include "sql_rig.h"
#include "test_main.h"

static bool equal(const char *a, const char *b)
{
    sql_rig first, second;
    sql_rig_init(&first);
    sql_rig_init(&second);
    const sqi_ast *x = sql_rig_parse(&first, sqi_span_of(a), NULL), *y = sql_rig_parse(&second, sqi_span_of(b), NULL);
    ck_assert_ptr_nonnull(x);
    ck_assert_ptr_nonnull(y);
    bool same = sqi_ast_equal(x, y);
    ck_assert(same == sqi_ast_equal(y, x));
    sql_rig_fini(&first);
    sql_rig_fini(&second);
    return same;
}

START_TEST(names_compare_without_case_and_texts_with_it)
{
    ck_assert(equal("a + B.c", "A+b.C"));
    ck_assert(equal("upper( t )", "UPPER(T)"));
    ck_assert(equal("`a`", "A"));
    ck_assert(!equal("a.b", "`a.b`"));
    ck_assert(!equal("'a'", "'A'"));
    ck_assert(equal("'a' 'b'", "'ab'"));
    ck_assert(!equal("a", "b"));
    ck_assert(!equal("a", "a + 0"));
}
END_TEST

START_TEST(literals_compare_by_type_and_value)
{
    ck_assert(equal("1.50", "1.50BD"));
    ck_assert(!equal("1.50", "1.5"));
    ck_assert(!equal("1", "1L"));
    ck_assert(equal("DATE '2024-01-01'", "DATE '2024'"));
    ck_assert(equal("INTERVAL 1 DAY", "INTERVAL '1' DAY"));
    ck_assert(equal("NULL", "null"));
    ck_assert(!equal("NULL", "0"));
}
END_TEST

START_TEST(every_clause_counts)
{
    ck_assert(equal("sum(DISTINCT a) FILTER (WHERE b)", "SUM(distinct a) filter (where b)"));
    ck_assert(!equal("sum(a)", "sum(DISTINCT a)"));
    ck_assert(!equal("sum(a)", "sum(a) FILTER (WHERE b)"));
    ck_assert(!equal("first(a)", "first(a) IGNORE NULLS"));
    ck_assert(!equal("f(a)", "f(a, a)"));
    ck_assert(!equal("f() OVER (ORDER BY a)", "f() OVER (ORDER BY a DESC)"));
    ck_assert(equal("f() OVER (PARTITION BY a)", "f() OVER (DISTRIBUTE BY A)"));
    ck_assert(!equal("f() OVER (ORDER BY a)", "f()"));
    ck_assert(!equal("mode() WITHIN GROUP (ORDER BY a)", "mode() WITHIN GROUP (ORDER BY a NULLS LAST)"));
    ck_assert(!equal("CAST(a AS INT)", "TRY_CAST(a AS INT)"));
    ck_assert(!equal("CAST(a AS INT)", "CAST(a AS BIGINT)"));
    ck_assert(!equal("CASE a WHEN 1 THEN 2 END", "CASE WHEN 1 THEN 2 END"));
    ck_assert(!equal("CASE WHEN a THEN 2 END", "CASE WHEN a THEN 2 ELSE 3 END"));
    ck_assert(equal("x -> x + 1", "X -> x+1"));
    ck_assert(!equal("f(a => 1)", "f(b => 1)"));
}
END_TEST

START_TEST(builders_make_what_the_parser_makes)
{
    sql_rig r;
    sql_rig_init(&r);
    const sqi_ast *parsed = sql_rig_parse(&r, SQI_SPAN("upper(a) AS x"), NULL);
    sqi_ast *name = sqi_ast_name(&r.arena, SQI_SPAN("a"));
    sqi_ast *call = sqi_ast_call(&r.arena, "upper", &name, 1), *alias = sqi_ast_alias(&r.arena, call, SQI_SPAN("x"));
    ck_assert(sqi_ast_equal(parsed, alias));
    ck_assert_uint_eq(alias->height, 3);
    ck_assert_uint_eq(parsed->height, 3);
    sql_rig_fini(&r);
}
END_TEST

START_TEST(heights_count_every_kind_of_child)
{
    static const struct {
        const char *text;
        uint32_t height;
    } rows[] = {{"a", 1},
                {"a + 1", 2},
                {"a + 1 + 2", 3},
                {"CASE a WHEN 1 THEN 2 ELSE f(g(h())) END", 4},
                {"f(a) FILTER (WHERE b + 1 > 2)", 4},
                {"f() OVER (ORDER BY a + 1)", 4},
                {"a AND b AND c AND d", 3}};
    sql_rig r;
    sql_rig_init(&r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const sqi_ast *e = sql_rig_parse(&r, sqi_span_of(rows[i].text), NULL);
        ck_assert_msg(e && e->height == rows[i].height, "%s", rows[i].text);
    }
    sql_rig_fini(&r);
}
END_TEST

START_TEST(places_cover_the_text_of_a_node)
{
    sql_rig r;
    sql_rig_init(&r);
    const sqi_ast *e = sql_rig_parse(&r, SQI_SPAN("  upper( a ) || b.c "), NULL);
    ck_assert_uint_eq(e->begin, 2);
    ck_assert_uint_eq(e->end, 19);
    ck_assert_uint_eq(e->arg[0]->begin, 2);
    ck_assert_uint_eq(e->arg[0]->end, 12);
    ck_assert_uint_eq(e->arg[1]->begin, 16);
    ck_assert_uint_eq(e->arg[1]->end, 19);
    ck_assert(sqi_span_equal(e->text, SQI_SPAN("  upper( a ) || b.c ")));
    sql_rig_fini(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        names_compare_without_case_and_texts_with_it,
        literals_compare_by_type_and_value,
        every_clause_counts,
        builders_make_what_the_parser_makes,
        heights_count_every_kind_of_child,
        places_cover_the_text_of_a_node,
    };
    return sqi_test_main("expr_ast", tests, sizeof tests / sizeof *tests);
}
