/* The typed door: expressions built call by call give what the same text gives. */
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "test_main.h"

static streamq_stream *rows(api_rig *r)
{
    return streamq_sql(r->plan, "SELECT * FROM VALUES (1, 'x y'), (2, 'y'), (3, NULL) AS t(k, w)");
}

static void assert_rows(api_rig *r, streamq_stream *s, const char *want)
{
    streamq_batch *b = streamq_collect(s, &r->error);
    api_rig_ok(r);
    ck_assert_str_eq(api_rig_rows(b), want);
    streamq_batch_free(b);
}

START_TEST(both_doors_build_the_word_count)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_expr *word = streamq_as(streamq_explode(streamq_split(streamq_col(r.plan, "w"), " ")), "word");
    streamq_stream *words = streamq_select_exprs(rows(&r), &word, 1);
    streamq_expr *key = streamq_col(r.plan, "word");
    streamq_expr *count =
        streamq_as(streamq_call(r.plan, "count", (streamq_expr *[]){streamq_lit_int32(r.plan, 1)}, 1), "n");
    streamq_stream *counts = streamq_agg_exprs(streamq_group_by_exprs(words, &key, 1), &count, 1);
    streamq_expr *order[] = {streamq_desc(streamq_col(r.plan, "n")), streamq_col(r.plan, "word")};
    assert_rows(&r, streamq_limit(streamq_sort_exprs(counts, order, 2), 1), "y|2");
    assert_rows(&r, counts, "x|1\ny|2");
    api_rig_end(&r);
}
END_TEST

START_TEST(literals_have_their_types)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_expr *list[] = {streamq_lit_null(r.plan),
                            streamq_lit_bool(r.plan, 7),
                            streamq_lit_int32(r.plan, -5),
                            streamq_lit_int64(r.plan, INT64_MIN),
                            streamq_lit_double(r.plan, 0.1),
                            streamq_lit_string(r.plan, "a\0b", 3),
                            streamq_lit_string(r.plan, "it's", -1),
                            streamq_cast(streamq_lit_string(r.plan, "12", -1), "DECIMAL(5,1)")};
    streamq_batch *b = streamq_collect(streamq_select_exprs(streamq_sql(r.plan, "SELECT 1"), list, 8), &r.error);
    api_rig_ok(&r);
    const char *const type[] = {"void", "boolean", "int", "bigint", "double", "string", "string", "decimal(5,1)"};
    for (size_t i = 0; i < 8; ++i)
        ck_assert_str_eq(streamq_batch_column_type(b, i), type[i]);
    ck_assert_int_eq(streamq_batch_is_null(b, 0, 0), 1);
    ck_assert_int_eq(streamq_batch_get_int64(b, 0, 1), 1);
    ck_assert_int_eq(streamq_batch_get_int64(b, 0, 3), INT64_MIN);
    size_t len;
    ck_assert_int_eq(memcmp(streamq_batch_get_string(b, 0, 5, &len), "a\0b", 3), 0);
    ck_assert_uint_eq(len, 3);
    streamq_batch_free(b);
    api_rig_end(&r);
}
END_TEST

START_TEST(operators_conditions_and_columns_by_expression)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_expr *two[] = {streamq_col(r.plan, "k"), streamq_lit_int32(r.plan, 2)};
    streamq_stream *some = streamq_where_expr(rows(&r), streamq_call(r.plan, ">=", two, 2));
    assert_rows(&r, streamq_with_column_expr(some, "k", streamq_call(r.plan, "*", two, 2)), "4|y\n6|NULL");
    streamq_expr *star[] = {streamq_col(r.plan, "*"), streamq_expr_text(r.plan, "k % 2 = 0 AS even")};
    assert_rows(&r, streamq_select_exprs(rows(&r), star, 2), "1|x y|false\n2|y|true\n3|NULL|false");
    api_rig_end(&r);
}
END_TEST

START_TEST(mistakes_are_told_with_the_argument)
{
    const struct {
        const char *condition, *text;
    } want[] = {{"UNRESOLVED_ROUTINE", "uper"},
                {"INVALID_ARGUMENT", "not a column's name"},
                {"INVALID_HANDLE", "argument 1"},
                {"UNSUPPORTED_DATATYPE", ""},
                {"INVALID_HANDLE", "another plan"}};
    for (int i = 0; i < 5; ++i) {
        api_rig r;
        api_rig_begin(&r, NULL);
        streamq_plan *other = streamq_plan_new(r.session);
        streamq_expr *e = streamq_col(r.plan, "value"), *none = NULL;
        if (i == 0)
            e = streamq_call(r.plan, "uper", &e, 1);
        else if (i == 1)
            e = streamq_col(r.plan, "a + b");
        else if (i == 2)
            e = streamq_call(r.plan, "upper", &none, 1);
        else if (i == 3)
            e = streamq_cast(e, "NUMBERS");
        else
            e = streamq_col(other, "value");
        (void)streamq_select_exprs(r.lines, &e, 1);
        const streamq_error *error = streamq_plan_error(r.plan);
        ck_assert_str_eq(streamq_error_condition(error), want[i].condition);
        ck_assert_ptr_nonnull(strstr(streamq_error_message(error), want[i].text));
        streamq_plan_free(other);
        api_rig_end(&r);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {both_doors_build_the_word_count, literals_have_their_types,
                                  operators_conditions_and_columns_by_expression, mistakes_are_told_with_the_argument};
    return sqi_test_main("api_expr", tests, sizeof tests / sizeof *tests);
}
