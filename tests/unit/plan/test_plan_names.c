/* plan_names: names in several scopes, default names, what a tree is. */
#include "plan_names.h"

#include "plan_expect.h"
#include "plan_make.h"
#include "test_main.h"

static sqi_alloc alloc;
static sqi_plan_rig r;

static void open_rig(void)
{
    sqi_alloc_init(&alloc);
    sqi_plan_expect_open(&r, &alloc);
}

static const sqi_ast *parse(const char *text)
{
    sqi_ast **items;
    uint32_t n;
    ck_assert_int_eq(sqi_plan_rig_list(&r, text, false, &items, &n, NULL), STREAMQ_OK);
    return items[0];
}

/* Outer scope: x INT, k STRING; inner: the stream s. */
static sqi_names two_levels(const sqi_attribute *outer)
{
    sqi_names names = {
        .level = {{{2, outer}, SQI_COLUMN_ITEM, NULL}, {.scope = sqi_make_scope(r.c.find(&r, SQI_SPAN("s")))}}, .n = 2};
    return names;
}

static const sqi_attribute outer_columns[] = {{.name = {"x", 1}, .type = &sqi_type_int},
                                              {.name = {"k", 1}, .type = &sqi_type_int}};

static sqi_bound *bind(sqi_names *names, const char *text, streamq_error **e)
{
    sqi_bound *out = NULL;
    sqi_names_levels(names, &r.c, "HAVING", SQI_BIND_AGGREGATES);
    sqi_bind(&names->binder, parse(text), &out, e);
    return out;
}

START_TEST(the_first_scope_wins_and_carries_its_tag)
{
    open_rig();
    sqi_names names = two_levels(outer_columns);
    ck_assert_uint_eq(bind(&names, "k", NULL)->column, SQI_COLUMN_ITEM | 1);
    ck_assert_uint_eq(bind(&names, "s.k", NULL)->column, 0);
    ck_assert_uint_eq(bind(&names, "v", NULL)->column, 1);
    const sqi_bound *field = bind(&names, "st.f", NULL);
    ck_assert_int_eq(field->kind, SQI_BOUND_CALL);
    ck_assert_uint_eq(field->arg[0]->column, 4);
    sqi_plan_rig_close(&r);
}
END_TEST

START_TEST(inside_aggregates_the_last_scope_wins)
{
    open_rig();
    sqi_names names = two_levels(outer_columns);
    const sqi_bound *e = bind(&names, "max(k)", NULL);
    ck_assert_uint_eq(e->arg[0]->column, 0);
    e = bind(&names, "max(x)", NULL);
    ck_assert_uint_eq(e->arg[0]->column, SQI_COLUMN_ITEM);
    ck_assert(sqi_names_uses_tag(e, SQI_COLUMN_ITEM));
    ck_assert(!sqi_names_uses_input(e));
    sqi_plan_rig_close(&r);
}
END_TEST

START_TEST(a_name_in_no_scope_is_refused_with_the_first_ones_columns)
{
    open_rig();
    streamq_error *e = NULL;
    sqi_names names = two_levels(outer_columns);
    ck_assert_ptr_null(bind(&names, "xx", &e));
    ck_assert_ptr_nonnull(strstr(sqi_error_message(e), "Did you mean one of: `x`, `k`?"));
    sqi_plan_expect_error(sqi_error_status(e), e, "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_rig_close(&r);
}
END_TEST

START_TEST(functions_without_parentheses_are_still_found)
{
    open_rig();
    sqi_names names = two_levels(outer_columns);
    const sqi_bound *e = bind(&names, "current_date", NULL);
    ck_assert_ptr_nonnull(e);
    ck_assert_int_eq(e->type->id, SQI_DATE);
    sqi_plan_rig_close(&r);
}
END_TEST

START_TEST(default_names_leave_the_alias_out)
{
    open_rig();
    sqi_span name;
    ck_assert_int_eq(sqi_names_default(&r.c, parse("v + 1 AS x"), &name, NULL), STREAMQ_OK);
    ck_assert(sqi_span_equal(name, SQI_SPAN("(v + 1)")));
    ck_assert_int_eq(sqi_names_unalias(parse("v AS x"))->kind, SQI_AST_NAME);
    sqi_plan_rig_close(&r);
}
END_TEST

START_TEST(ordinals_are_int_literals_only)
{
    open_rig();
    int64_t value = 0;
    ck_assert(sqi_names_ordinal(parse("7"), &value));
    ck_assert_int_eq(value, 7);
    ck_assert(!sqi_names_ordinal(parse("7L"), &value));
    ck_assert(!sqi_names_ordinal(parse("3 + 4"), &value));
    ck_assert(!sqi_names_ordinal(parse("NULL"), &value));
    ck_assert(!sqi_names_ordinal(parse("'7'"), &value));
    sqi_plan_rig_close(&r);
}
END_TEST

START_TEST(words_are_unquoted_names_of_one_part)
{
    open_rig();
    ck_assert(sqi_names_is_word(parse("aLL"), "all"));
    ck_assert(!sqi_names_is_word(parse("`all`"), "all"));
    ck_assert(!sqi_names_is_word(parse("x.all"), "all"));
    ck_assert(!sqi_names_is_word(parse("1"), "all"));
    sqi_plan_rig_close(&r);
}
END_TEST

START_TEST(the_nearest_names_are_offered_first)
{
    open_rig();
    sqi_attribute columns[] = {{.name = SQI_SPAN("timestamp")}, {.name = SQI_SPAN("wort")}, {.name = SQI_SPAN("words")},
                               {.name = SQI_SPAN("a")},         {.name = SQI_SPAN("b")},    {.name = SQI_SPAN("word")},
                               {.name = SQI_SPAN("c")}};
    sqi_scope scope = {sizeof columns / sizeof *columns, columns};
    streamq_error *e = NULL;
    streamq_status st = sqi_names_unresolved(parse("wrd"), SQI_SPAN("wrd"), &scope, &e);
    ck_assert_ptr_nonnull(strstr(sqi_error_message(e), "Did you mean one of: `word`, `wort`, `words`, "));
    ck_assert_ptr_nonnull(strstr(sqi_error_message(e), "(line 1, pos 0)"));
    sqi_plan_expect_error(st, e, "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    scope.n = 0;
    e = NULL;
    st = sqi_names_unresolved(NULL, SQI_SPAN("wrd"), &scope, &e);
    sqi_plan_expect_error(st, e, "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION");
    sqi_plan_rig_close(&r);
}
END_TEST

START_TEST(depth_counts_the_longest_way_down)
{
    open_rig();
    sqi_names names = two_levels(outer_columns);
    ck_assert_uint_eq(sqi_names_depth(bind(&names, "v", NULL)), 1);
    ck_assert_uint_eq(sqi_names_depth(bind(&names, "v + (v + (v + v))", NULL)), 4);
    sqi_plan_rig_close(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_first_scope_wins_and_carries_its_tag,
                                  inside_aggregates_the_last_scope_wins,
                                  a_name_in_no_scope_is_refused_with_the_first_ones_columns,
                                  functions_without_parentheses_are_still_found,
                                  default_names_leave_the_alias_out,
                                  ordinals_are_int_literals_only,
                                  words_are_unquoted_names_of_one_part,
                                  the_nearest_names_are_offered_first,
                                  depth_counts_the_longest_way_down};
    return sqi_test_main("plan_names", tests, sizeof tests / sizeof *tests);
}
