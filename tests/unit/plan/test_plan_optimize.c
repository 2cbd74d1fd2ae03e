/* plan_optimize: the rewrites together, over plans of any size and without memory. */
#include "plan_optimize.h"

#include <stdio.h>

#include "plan_check.h"
#include "plan_expect.h"
#include "test_main.h"

START_TEST(the_word_count_is_left_with_what_it_needs)
{
    sqi_plan_expect_optimized("SELECT word, count(*) AS n FROM (SELECT explode(split(value, ' ')) AS word FROM lines) "
                              "WHERE word <> '' GROUP BY word ORDER BY n DESC LIMIT 3",
                              "Project [word#2, count(1)#3 AS n#4]\n"
                              "+- GlobalLimit 3\n"
                              "   +- LocalLimit 3\n"
                              "      +- Sort [count(1)#3 DESC NULLS LAST], true\n"
                              "         +- Aggregate [col#1], [col#1 AS word#2, count(1) AS count(1)#3]\n"
                              "            +- Filter (col#1 != )\n"
                              "               +- Generate explode(split(value#0,  )), false, [col#1]\n"
                              "                  +- StreamingRelation memory, [value#0]\n");
}
END_TEST

START_TEST(optimising_twice_changes_nothing)
{
    sqi_alloc alloc;
    sqi_plan_rig r;
    const sqi_node *once, *twice;
    char first[4096];
    sqi_alloc_init(&alloc);
    sqi_plan_expect_open(&r, &alloc);
    ck_assert_int_eq(sqi_plan_rig_sql(&r,
                                      "SELECT k, b FROM (SELECT k, v + 1 AS a, a * 2 AS b FROM s WHERE v > 1) x "
                                      "WHERE k > 'a' AND b > 3 UNION ALL SELECT k, v FROM r",
                                      &once, NULL),
                     STREAMQ_OK);
    ck_assert_int_eq(sqi_plan_optimize(&r.c, once, &once, NULL), STREAMQ_OK);
    snprintf(first, sizeof first, "%s", sqi_plan_rig_explain(&r, once));
    ck_assert_int_eq(sqi_plan_optimize(&r.c, once, &twice, NULL), STREAMQ_OK);
    ck_assert_str_eq(sqi_plan_rig_explain(&r, twice), first);
    sqi_plan_rig_close(&r);
}
END_TEST

/* Every projection reads the one below twice: written out, the last would have 2^300 columns in it. */
START_TEST(projections_that_double_do_not_explode)
{
    sqi_alloc alloc;
    sqi_plan_rig r;
    streamq_error *e = NULL;
    sqi_ast **item;
    uint32_t n;
    sqi_alloc_init(&alloc);
    sqi_plan_expect_open(&r, &alloc);
    const sqi_node *node = r.c.find(&r, SQI_SPAN("r"));
    ck_assert_int_eq(sqi_plan_rig_list(&r, "v + v AS v", false, &item, &n, &e), STREAMQ_OK);
    for (int i = 0; i < 300; i++)
        ck_assert_int_eq(sqi_plan_select(&r.c, node, item, n, &node, &e), STREAMQ_OK);
    ck_assert_int_eq(sqi_plan_optimize(&r.c, node, &node, &e), STREAMQ_OK);
    ck_assert_uint_gt(node->depth, 0);
    ck_assert_uint_lt(atomic_load(&alloc.used), 64u << 20);
    sqi_plan_rig_close(&r);
}
END_TEST

START_TEST(projections_in_a_long_row_merge_in_portions)
{
    sqi_alloc alloc;
    sqi_plan_rig r;
    streamq_error *e = NULL;
    sqi_ast **item;
    uint32_t n;
    sqi_alloc_init(&alloc);
    sqi_plan_expect_open(&r, &alloc);
    const sqi_node *node = r.c.find(&r, SQI_SPAN("r"));
    ck_assert_int_eq(sqi_plan_rig_list(&r, "v + 1 AS v", false, &item, &n, &e), STREAMQ_OK);
    for (int i = 0; i < 900; i++)
        ck_assert_int_eq(sqi_plan_select(&r.c, node, item, n, &node, &e), STREAMQ_OK);
    ck_assert_int_eq(sqi_plan_optimize(&r.c, node, &node, &e), STREAMQ_OK);
    uint32_t projections = 0;
    for (const sqi_node *x = node; x->ninput; x = x->input[0])
        projections += x->kind == SQI_NODE_PROJECT;
    ck_assert_uint_lt(projections, 20);
    sqi_plan_rig_close(&r);
}
END_TEST

static streamq_status run(sqi_alloc *alloc, const void *sql, streamq_error **err)
{
    sqi_plan_rig r;
    const sqi_node *n;
    streamq_status st = sqi_plan_rig_open(&r, alloc, err);
    if (st == STREAMQ_OK)
        st = sqi_plan_rig_add(&r, "s", "k STRING, v INT, ar ARRAY<INT>", true, err);
    if (st == STREAMQ_OK)
        st = sqi_plan_rig_sql(&r, sql, &n, err);
    if (st == STREAMQ_OK)
        st = sqi_plan_check_stream(n, STREAMQ_COMPLETE, err);
    if (st == STREAMQ_OK)
        st = sqi_plan_optimize(&r.c, n, &n, err);
    if (st == STREAMQ_OK && !sqi_plan_rig_explain(&r, n))
        st = sqi_error_nomem(err);
    sqi_plan_rig_close(&r);
    return st;
}

START_TEST(no_memory_anywhere_between_text_and_optimised_plan_is_survived)
{
    static const char *const sql[] = {
        "WITH x AS (SELECT k, v + 1 AS a, a * 2 AS b, explode(ar) AS e FROM s) SELECT k, sum(b) AS n, max(e) FROM x "
        "WHERE e > 1 AND k > 'a' GROUP BY k HAVING n > 1 AND count(*) > 2 ORDER BY n DESC, min(b) LIMIT 3",
        "SELECT k, v % 2 AS odd, grouping(k) AS g, count(*) AS n FROM s GROUP BY CUBE(k, odd) ORDER BY ALL",
        "FROM s |> EXTEND v + 1 AS w, w * 2 AS z |> SET k = upper(k) |> DROP ar |> AGGREGATE sum(z) AS t GROUP BY k "
        "|> WHERE k > 'A' |> ORDER BY t |> LIMIT 2",
        "SELECT k, v FROM s UNION SELECT k, e + 0.5 FROM s LATERAL VIEW explode(ar) AS e",
        "SELECT a.k, x.id, y.col1 FROM s a, LATERAL explode(ar) AS x(id) UNION ALL SELECT z FROM nowhere",
        "SELECT * FROM VALUES (1, 'a'), (2.5, NULL) AS x(a, b) WHERE a > (SELECT 1)",
        "SELECT k, v FROM s GROUP BY k",
        "SELECT zz FROM s"};
    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++)
        sqi_plan_expect_survival(run, sql[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_word_count_is_left_with_what_it_needs, optimising_twice_changes_nothing,
                                  projections_that_double_do_not_explode, projections_in_a_long_row_merge_in_portions,
                                  no_memory_anywhere_between_text_and_optimised_plan_is_survived};
    return sqi_test_main("plan_optimize", tests, sizeof tests / sizeof *tests);
}
