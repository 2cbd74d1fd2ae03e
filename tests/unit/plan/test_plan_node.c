/* plan_node: a new node. */
#include <check.h>

#include "plan_rig.h"
#include "test_main.h"

START_TEST(a_new_node_is_empty_and_has_an_id_of_its_own)
{
    sqi_alloc alloc;
    sqi_plan_rig r;
    sqi_alloc_init(&alloc);
    ck_assert_int_eq(sqi_plan_rig_open(&r, &alloc, NULL), STREAMQ_OK);
    sqi_node *a = sqi_node_new(&r.c, SQI_NODE_UNION, 3), *b = sqi_node_new(&r.c, SQI_NODE_SOURCE, 0);
    ck_assert_uint_ne(a->id, b->id);
    ck_assert_int_eq(a->kind, SQI_NODE_UNION);
    ck_assert_uint_eq(a->ninput, 3);
    ck_assert_ptr_null(a->input[2]);
    ck_assert_int_eq(a->limit, -1);
    ck_assert_uint_eq(a->depth, 1);
    ck_assert_uint_eq(b->weight, 1);
    ck_assert_ptr_null(b->input);
    ck_assert(!a->streaming && !a->ncol && !a->nexpr);
    sqi_plan_rig_close(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_new_node_is_empty_and_has_an_id_of_its_own};
    return sqi_test_main("plan_node", tests, sizeof tests / sizeof *tests);
}
