#include "agg.h"
#include "test_main.h"

START_TEST(every_row_is_found_by_its_name_in_any_case)
{
    const sqi_agg *a;
    size_t n = 0;
    for (; (a = sqi_agg_at(n)); ++n) {
        char upper[64];
        size_t len = strlen(a->name);
        ck_assert_uint_lt(len, sizeof upper);
        for (size_t i = 0; i < len; ++i)
            upper[i] = a->name[i] >= 'a' && a->name[i] <= 'z' ? (char)(a->name[i] - 32) : a->name[i];
        ck_assert_ptr_eq(sqi_agg_find(sqi_span_of(a->name)), a);
        ck_assert_ptr_eq(sqi_agg_find((sqi_span){upper, len}), a);
    }
    ck_assert_uint_gt(n, 50);
    ck_assert_ptr_null(sqi_agg_find(SQI_SPAN("summ")));
    ck_assert_ptr_null(sqi_agg_find(SQI_SPAN("")));
}
END_TEST

START_TEST(every_row_is_complete)
{
    const sqi_agg *a;
    for (size_t i = 0; (a = sqi_agg_at(i)); ++i) {
        ck_assert_msg(a->step && a->emit && a->state_size, "%s", a->name);
        ck_assert_msg(a->types || a->resolve, "%s has no types", a->name);
        ck_assert_msg(a->text && *a->text, "%s has no line for the manual", a->name);
        ck_assert_msg(!(a->flags & SQI_AGG_MERGES) == !a->merge, "%s: flag and function of merge disagree", a->name);
        ck_assert_msg(!(a->flags & SQI_AGG_RETRACTS) == !a->retract, "%s: flag and function of retract disagree",
                      a->name);
        ck_assert_msg(!(a->flags & SQI_AGG_PARTIAL) || a->merge, "%s: partial states cannot be merged", a->name);
    }
}
END_TEST

START_TEST(every_state_can_be_saved)
{
    const sqi_agg *a;
    for (size_t i = 0; (a = sqi_agg_at(i)); ++i) {
        ck_assert_msg(a->form && a->form->version, "%s", a->name);
        ck_assert_msg(!a->form->field == (a->form->save && a->form->load), "%s: one way of two", a->name);
        ck_assert_msg(!a->form->field || !a->clear, "%s: something hangs off its numbers", a->name);
    }
}
END_TEST

START_TEST(names_of_one_aggregate_are_one_in_a_checkpoint)
{
    static const char *const name[][2] = {{"mean", "avg"},
                                          {"avg", "avg"},
                                          {"sum", "sum"},
                                          {"std", "stddev"},
                                          {"stddev_samp", "stddev"},
                                          {"stddev_pop", "stddev_pop"},
                                          {"var_samp", "variance"},
                                          {"every", "bool_and"},
                                          {"any", "bool_or"},
                                          {"array_agg", "collect_list"},
                                          {"string_agg", "listagg"},
                                          {"approx_percentile", "percentile_approx"},
                                          {"last_value", "last"},
                                          {"any_value", "first"},
                                          {"min", "min"},
                                          {"max", "max"},
                                          {"min_by", "min_by"},
                                          {"max_by", "max_by"},
                                          {"median", "median"},
                                          {"try_avg", "try_avg"}};
    for (size_t i = 0; i < sizeof name / sizeof *name; ++i)
        ck_assert_str_eq(sqi_agg_first_name(sqi_agg_find(sqi_span_of(name[i][0]))), name[i][1]);
    const sqi_agg own = {.name = "mine"};
    ck_assert_str_eq(sqi_agg_first_name(&own), "mine");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_row_is_found_by_its_name_in_any_case,
        every_row_is_complete,
        every_state_can_be_saved,
        names_of_one_aggregate_are_one_in_a_checkpoint,
    };
    return sqi_test_main("agg", tests, sizeof tests / sizeof *tests);
}
