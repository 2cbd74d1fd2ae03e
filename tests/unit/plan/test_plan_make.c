/* plan_make: nodes from resolved parts. */
#include "plan_make.h"

#include "plan_expect.h"
#include "test_main.h"

static sqi_alloc alloc;
static sqi_plan_rig r;

static const sqi_node *open_table(void)
{
    sqi_alloc_init(&alloc);
    sqi_plan_expect_open(&r, &alloc);
    return r.c.find(&r, SQI_SPAN("t"));
}

START_TEST(a_node_over_another_hands_on_its_columns)
{
    const sqi_node *t = open_table();
    sqi_node *n = sqi_make_over(&r.c, SQI_NODE_LIMIT, t);
    ck_assert_ptr_eq(n->input[0], t);
    ck_assert_ptr_eq(n->col, t->col);
    ck_assert_uint_eq(n->depth, t->depth + 1);
    ck_assert_uint_eq(n->weight, t->weight + 1);
    ck_assert(!n->streaming);
    ck_assert(sqi_make_over(&r.c, SQI_NODE_LIMIT, r.c.find(&r, SQI_SPAN("s")))->streaming);
    sqi_plan_rig_close(&r);
}
END_TEST

START_TEST(picked_columns_keep_their_names_and_types)
{
    const sqi_node *t = open_table();
    const uint32_t columns[] = {1, 0, 1};
    const sqi_node *n = sqi_make_pick(&r.c, t, columns, 3);
    ck_assert_str_eq(sqi_plan_rig_schema(&r, n), "w INT, k STRING, w INT");
    ck_assert_uint_eq(n->expr[0]->column, 1);
    sqi_plan_rig_close(&r);
}
END_TEST

START_TEST(distinct_makes_every_column_a_key)
{
    const sqi_node *n = sqi_make_distinct(&r.c, open_table());
    ck_assert(n->from_distinct);
    ck_assert_uint_eq(n->nkey, 2);
    ck_assert_uint_eq(n->nexpr, 2);
    sqi_plan_expect_node(&r, n,
                         "Distinct\n"
                         "+- SubqueryAlias t\n"
                         "   +- Relation memory, [k#0, w#1]\n");
    sqi_plan_rig_close(&r);
}
END_TEST

START_TEST(a_node_that_could_not_be_made_is_out_of_memory)
{
    streamq_error *e = NULL;
    const sqi_node *n = NULL;
    streamq_status st = sqi_make_done(NULL, &n, &e);
    sqi_plan_expect_error(st, e, "OUT_OF_MEMORY");
    ck_assert_ptr_null(n);
}
END_TEST

START_TEST(trees_that_are_too_deep_or_too_large_are_refused)
{
    streamq_error *e = NULL;
    const sqi_node *out;
    sqi_node *n = sqi_make_over(&r.c, SQI_NODE_LIMIT, open_table());
    n->depth = SQI_PLAN_DEPTH;
    n->weight = SQI_PLAN_WEIGHT;
    ck_assert_int_eq(sqi_make_done(n, &out, NULL), STREAMQ_OK);
    n->depth++;
    streamq_status st = sqi_make_done(n, &out, &e);
    sqi_plan_expect_error(st, e, "LIMIT_EXCEEDED");
    n->depth--;
    n->weight++;
    ck_assert_int_eq(sqi_make_done(n, &out, NULL), STREAMQ_ERR_LIMIT);
    sqi_plan_rig_close(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_node_over_another_hands_on_its_columns, picked_columns_keep_their_names_and_types,
                                  distinct_makes_every_column_a_key, a_node_that_could_not_be_made_is_out_of_memory,
                                  trees_that_are_too_deep_or_too_large_are_refused};
    return sqi_test_main("plan_make", tests, sizeof tests / sizeof *tests);
}
