/* plan_build: the DataFrame door, each operator by hand. */
#include <check.h>

#include "data_builder.h"
#include "plan_check.h"
#include "plan_expect.h"
#include "plan_optimize.h"
#include "test_main.h"

/* A plan that each call builds on. */
typedef struct door {
    sqi_alloc alloc;
    sqi_plan_rig r;
    const sqi_node *n;
    streamq_error *e;
} door;

static void open_door(door *d, const char *name)
{
    *d = (door){0};
    sqi_alloc_init(&d->alloc);
    sqi_plan_expect_open(&d->r, &d->alloc);
    d->n = d->r.c.find(&d->r, sqi_span_of(name));
}

static void close_door(door *d)
{
    ck_assert_msg(!d->e, "%s", sqi_error_message(d->e));
    sqi_plan_rig_close(&d->r);
    ck_assert_uint_eq(atomic_load(&d->alloc.used), 0);
}

static sqi_ast **list(door *d, const char *text, bool sort, uint32_t *n)
{
    sqi_ast **items = NULL;
    sqi_plan_rig_list(&d->r, text, sort, &items, n, &d->e);
    ck_assert_msg(!d->e, "%s", sqi_error_message(d->e));
    return items;
}

static streamq_status do_select(door *d, const char *items)
{
    uint32_t n;
    sqi_ast **list_of = list(d, items, false, &n);
    return sqi_plan_select(&d->r.c, d->n, list_of, n, &d->n, &d->e);
}

static streamq_status do_where(door *d, const char *condition)
{
    uint32_t n;
    sqi_ast **e = list(d, condition, false, &n);
    return sqi_plan_where(&d->r.c, d->n, e[0], &d->n, &d->e);
}

static streamq_status do_sort(door *d, const char *items)
{
    uint32_t n;
    sqi_ast **e = list(d, items, true, &n);
    return sqi_plan_sort(&d->r.c, d->n, e, n, &d->n, &d->e);
}

static streamq_status do_group(door *d, const char *keys, const char *items)
{
    uint32_t nkey = 0, n;
    sqi_ast **key = *keys ? list(d, keys, false, &nkey) : NULL, **item = list(d, items, false, &n);
    return sqi_plan_aggregate(&d->r.c, d->n, key, nkey, item, n, &d->n, &d->e);
}

static streamq_status do_column(door *d, const char *name, const char *text)
{
    uint32_t n;
    sqi_ast **e = list(d, text, false, &n);
    return sqi_plan_with_column(&d->r.c, d->n, sqi_span_of(name), e[0], &d->n, &d->e);
}

static void expect_refused(door *d, streamq_status st, const char *condition)
{
    streamq_error *e = d->e;
    d->e = NULL;
    sqi_plan_expect_error(st, e, condition);
}

START_TEST(the_word_count_builds)
{
    door d;
    open_door(&d, "lines");
    ck_assert_int_eq(do_select(&d, "explode(split(value, ' ')) AS word"), STREAMQ_OK);
    ck_assert_int_eq(do_group(&d, "word", "count(*) AS count"), STREAMQ_OK);
    ck_assert_int_eq(do_sort(&d, "count DESC"), STREAMQ_OK);
    sqi_plan_expect_node(&d.r, d.n,
                         "Sort [count#4 DESC NULLS LAST], true\n"
                         "+- Project [word#2, count(1)#3 AS count#4]\n"
                         "   +- Aggregate [word#2], [word#2, count(1) AS count(1)#3]\n"
                         "      +- Project [col#1 AS word#2]\n"
                         "         +- Generate explode(split(value#0,  )), false, [col#1]\n"
                         "            +- SubqueryAlias lines\n"
                         "               +- StreamingRelation memory, [value#0]\n");
    ck_assert_str_eq(sqi_plan_rig_schema(&d.r, d.n), "word STRING NOT NULL, count BIGINT NOT NULL");
    ck_assert_int_eq(sqi_plan_check_stream(d.n, STREAMQ_COMPLETE, &d.e), STREAMQ_OK);
    close_door(&d);
}
END_TEST

START_TEST(where_and_sort_see_columns_that_the_select_dropped)
{
    door d;
    open_door(&d, "s");
    do_select(&d, "k AS a");
    do_where(&d, "v > 1 AND a > 'x'");
    sqi_plan_expect_node(&d.r, d.n,
                         "Project [a#5]\n"
                         "+- Filter ((v#1 > 1) AND (a#5 > x))\n"
                         "   +- Project [k#0 AS a#5, v#1]\n"
                         "      +- SubqueryAlias s\n"
                         "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    close_door(&d);
    open_door(&d, "s");
    do_select(&d, "k AS a");
    do_where(&d, "a > 'x'");
    sqi_plan_expect_node(&d.r, d.n,
                         "Filter (a#5 > x)\n"
                         "+- Project [k#0 AS a#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    close_door(&d);
    open_door(&d, "s");
    do_select(&d, "k AS a");
    do_sort(&d, "v DESC, a");
    sqi_plan_expect_node(&d.r, d.n,
                         "Project [a#5]\n"
                         "+- Sort [v#1 DESC NULLS LAST, a#5 ASC NULLS FIRST], true\n"
                         "   +- Project [k#0 AS a#5, v#1]\n"
                         "      +- SubqueryAlias s\n"
                         "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    expect_refused(&d, do_sort(&d, "zz"), "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    expect_refused(&d, do_where(&d, "a"), "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN");
    close_door(&d);
}
END_TEST

START_TEST(groups_put_keys_first_and_no_keys_make_one_group)
{
    door d;
    open_door(&d, "s");
    do_group(&d, "v % 2 AS odd, k", "sum(v) AS total, max(v)");
    ck_assert_str_eq(sqi_plan_rig_schema(&d.r, d.n), "odd INT, k STRING, total BIGINT, `max(v)` INT");
    close_door(&d);
    open_door(&d, "s");
    do_group(&d, "", "count(*)");
    sqi_plan_expect_node(&d.r, d.n,
                         "Project [count(1)#5]\n"
                         "+- Aggregate [], [count(1) AS count(1)#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    close_door(&d);
}
END_TEST

START_TEST(an_integer_is_no_position_in_group_by_of_this_door)
{
    door d;
    open_door(&d, "t");
    do_group(&d, "1 AS one", "count(*) AS n");
    ck_assert_str_eq(sqi_plan_rig_schema(&d.r, d.n), "one INT NOT NULL, n BIGINT NOT NULL");
    close_door(&d);
}
END_TEST

START_TEST(with_column_replaces_or_appends)
{
    door d;
    open_door(&d, "t");
    do_column(&d, "W", "w + 1");
    do_column(&d, "x", "length(k)");
    ck_assert_str_eq(sqi_plan_rig_schema(&d.r, d.n), "k STRING, W INT, x INT");
    expect_refused(&d, do_column(&d, "y", "count(*)"), "MISSING_GROUP_BY");
    close_door(&d);
    open_door(&d, "s");
    do_column(&d, "ar", "explode(ar)");
    sqi_plan_expect_node(&d.r, d.n,
                         "Project [k#0, v#1, col#5 AS ar#6, m#3, st#4]\n"
                         "+- Generate explode(ar#2), false, [col#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    expect_refused(&d, do_column(&d, "y", "explode(m)"), "UDTF_ALIAS_NUMBER_MISMATCH");
    close_door(&d);
}
END_TEST

START_TEST(drop_rename_alias_and_limit)
{
    door d;
    open_door(&d, "t");
    const sqi_span gone[] = {SQI_SPAN("W"), SQI_SPAN("nowhere")};
    sqi_plan_rename(&d.r.c, d.n, SQI_SPAN("K"), SQI_SPAN("key"), &d.n, &d.e);
    sqi_plan_rename(&d.r.c, d.n, SQI_SPAN("nowhere"), SQI_SPAN("x"), &d.n, &d.e);
    sqi_plan_drop(&d.r.c, d.n, gone, 2, &d.n, &d.e);
    sqi_plan_alias(&d.r.c, d.n, SQI_SPAN("x"), &d.n, &d.e);
    sqi_plan_limit(&d.r.c, d.n, 3, 0, &d.n, &d.e);
    do_select(&d, "x.key, KEY AS again");
    sqi_plan_expect_node(&d.r, d.n,
                         "Project [key#2, key#2 AS again#3]\n"
                         "+- GlobalLimit 3\n"
                         "   +- LocalLimit 3\n"
                         "      +- SubqueryAlias x\n"
                         "         +- Project [key#2]\n"
                         "            +- Project [key#2, w#1]\n"
                         "               +- Project [k#0 AS key#2, w#1]\n"
                         "                  +- SubqueryAlias t\n"
                         "                     +- Relation memory, [k#0, w#1]\n");
    close_door(&d);
}
END_TEST

START_TEST(dedup_takes_named_columns_or_all)
{
    door d;
    open_door(&d, "t");
    const sqi_span k = SQI_SPAN("K"), nowhere = SQI_SPAN("nowhere");
    sqi_plan_dedup(&d.r.c, d.n, &k, 1, &d.n, &d.e);
    sqi_plan_dedup(&d.r.c, d.n, NULL, 0, &d.n, &d.e);
    sqi_plan_expect_node(&d.r, d.n,
                         "Deduplicate [k#0, w#1]\n"
                         "+- Deduplicate [k#0]\n"
                         "   +- SubqueryAlias t\n"
                         "      +- Relation memory, [k#0, w#1]\n");
    expect_refused(&d, sqi_plan_dedup(&d.r.c, d.n, &nowhere, 1, &d.n, &d.e), "UNRESOLVED_COLUMN_AMONG_FIELD_NAMES");
    close_door(&d);
}
END_TEST

START_TEST(dedup_stays_between_filters)
{
    door d;
    const sqi_span k = SQI_SPAN("k");
    open_door(&d, "s");
    sqi_plan_dedup(&d.r.c, d.n, &k, 1, &d.n, &d.e);
    do_where(&d, "k > 'a'");
    do_select(&d, "v");
    ck_assert_int_eq(sqi_plan_optimize(&d.r.c, d.n, &d.n, &d.e), STREAMQ_OK);
    sqi_plan_expect_node(&d.r, d.n,
                         "Project [v#1]\n"
                         "+- Filter (k#0 > a)\n"
                         "   +- Deduplicate [k#0]\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    close_door(&d);
}
END_TEST

START_TEST(values_are_a_relation_without_a_stream)
{
    door d;
    open_door(&d, "t");
    sqi_field field = {SQI_SPAN("a"), &sqi_type_int, false};
    sqi_schema schema = {1, &field};
    sqi_builder *b = sqi_builder_new(&sqi_type_int, &d.r.plan);
    sqi_vec column;
    sqi_builder_int(b, 7);
    ck_assert_int_eq(sqi_builder_finish(b, &column, &d.e), STREAMQ_OK);
    sqi_chunk rows = {.n = 1, .ncol = 1, .rows = {NULL, 1}, .col = &column};
    sqi_plan_values(&d.r.c, &schema, &rows, &d.n, &d.e);
    sqi_plan_distinct(&d.r.c, d.n, &d.n, &d.e);
    ck_assert(!d.n->streaming);
    ck_assert_str_eq(sqi_plan_rig_schema(&d.r, d.n), "a INT NOT NULL");
    ck_assert_int_eq(sqi_plan_check_batch(d.n, &d.e), STREAMQ_OK);
    expect_refused(&d, sqi_plan_check_stream(d.n, STREAMQ_UPDATE, &d.e), "WRITE_STREAM_NOT_ALLOWED");
    close_door(&d);
}
END_TEST

START_TEST(a_stream_is_no_batch)
{
    door d;
    open_door(&d, "s");
    expect_refused(&d, sqi_plan_check_batch(d.n, &d.e), "CALL_ON_STREAMING_DATASET_UNSUPPORTED");
    close_door(&d);
}
END_TEST

START_TEST(a_plan_of_endless_operators_is_refused)
{
    door d;
    open_door(&d, "t");
    streamq_status st = STREAMQ_OK;
    for (int i = 0; i < 5000 && st == STREAMQ_OK; i++)
        st = do_where(&d, "w > 1");
    expect_refused(&d, st, "LIMIT_EXCEEDED");
    ck_assert_ptr_nonnull(sqi_plan_rig_explain(&d.r, d.n)); /* the last one that was made */
    close_door(&d);
}
END_TEST

START_TEST(a_plan_that_doubles_is_refused)
{
    door d;
    open_door(&d, "s");
    streamq_status st = STREAMQ_OK;
    for (int i = 0; i < 64 && st == STREAMQ_OK; i++) {
        st = sqi_plan_union(&d.r.c, d.n, d.n, &d.n, &d.e);
        if (st == STREAMQ_OK)
            st = sqi_plan_alias(&d.r.c, d.n, SQI_SPAN("x"), &d.n, &d.e);
    }
    expect_refused(&d, st, "LIMIT_EXCEEDED");
    close_door(&d);
}
END_TEST

/* One plan through every builder, then checked, optimised and printed. */
static streamq_status everything(sqi_alloc *alloc, const void *context, streamq_error **err)
{
    sqi_plan_rig r;
    const sqi_node *n, *second;
    sqi_ast **a, **b;
    uint32_t na, nb;
    const sqi_span k = SQI_SPAN("k");
    (void)context;
    streamq_status st = sqi_plan_rig_open(&r, alloc, err);
#define STEP(call)        \
    if (st == STREAMQ_OK) \
    st = (call)
    STEP(sqi_plan_rig_add(&r, "s", "k STRING, v INT, ar ARRAY<INT>", true, err));
    if (st == STREAMQ_OK)
        n = r.named[0].node;
    STEP(sqi_plan_rig_list(&r, "k, v + 1 AS a, a * 2 AS b, explode(ar) AS e", false, &a, &na, err));
    STEP(sqi_plan_select(&r.c, n, a, na, &n, err));
    STEP(sqi_plan_rig_list(&r, "b > 1 AND e > v", false, &a, &na, err));
    STEP(sqi_plan_where(&r.c, n, a[0], &n, err));
    STEP(sqi_plan_rig_list(&r, "b > 1 AND e > a", false, &a, &na, err));
    STEP(sqi_plan_with_column(&r.c, n, SQI_SPAN("c"), a[0], &n, err));
    STEP(sqi_plan_rename(&r.c, n, SQI_SPAN("c"), SQI_SPAN("d"), &n, err));
    STEP(sqi_plan_drop(&r.c, n, &k, 1, &second, err));
    STEP(sqi_plan_dedup(&r.c, n, &k, 1, &n, err));
    STEP(sqi_plan_union(&r.c, n, n, &n, err));
    STEP(sqi_plan_alias(&r.c, n, SQI_SPAN("x"), &n, err));
    STEP(sqi_plan_rig_list(&r, "x.k, b % 2 AS odd", false, &a, &na, err));
    STEP(sqi_plan_rig_list(&r, "count(*) AS n, sum(b) + count(*) AS m", false, &b, &nb, err));
    STEP(sqi_plan_aggregate(&r.c, n, a, na, b, nb, &n, err));
    STEP(sqi_plan_rig_list(&r, "k > 'a' AND n > 1", false, &a, &na, err));
    STEP(sqi_plan_where(&r.c, n, a[0], &n, err));
    STEP(sqi_plan_rig_list(&r, "n DESC, k", true, &a, &na, err));
    STEP(sqi_plan_sort(&r.c, n, a, na, &n, err));
    STEP(sqi_plan_limit(&r.c, n, 3, 0, &n, err));
    STEP(sqi_plan_check_stream(n, STREAMQ_COMPLETE, err));
    STEP(sqi_plan_optimize(&r.c, n, &n, err));
    STEP(sqi_plan_distinct(&r.c, n, &n, err));
#undef STEP
    if (st == STREAMQ_OK && (!sqi_plan_rig_explain(&r, n) || !sqi_plan_rig_schema(&r, n)))
        st = sqi_error_nomem(err);
    sqi_plan_rig_close(&r);
    return st;
}

START_TEST(no_memory_is_reported_everywhere_and_nothing_leaks)
{
    sqi_plan_expect_survival(everything, NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_word_count_builds,
                                  where_and_sort_see_columns_that_the_select_dropped,
                                  groups_put_keys_first_and_no_keys_make_one_group,
                                  an_integer_is_no_position_in_group_by_of_this_door,
                                  with_column_replaces_or_appends,
                                  drop_rename_alias_and_limit,
                                  dedup_takes_named_columns_or_all,
                                  dedup_stays_between_filters,
                                  values_are_a_relation_without_a_stream,
                                  a_stream_is_no_batch,
                                  a_plan_of_endless_operators_is_refused,
                                  a_plan_that_doubles_is_refused,
                                  no_memory_is_reported_everywhere_and_nothing_leaks};
    return sqi_test_main("plan_build", tests, sizeof tests / sizeof *tests);
}
