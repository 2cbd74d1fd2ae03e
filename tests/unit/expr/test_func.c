/* The function table: every row can be found, is described, and says how it is evaluated. */
#include "expr_check.h"

START_TEST(every_row_is_found_by_its_name_in_any_case)
{
    size_t n = 0;
    const sqi_func *f;
    for (; (f = sqi_func_at(n)); n++) {
        char upper[64];
        size_t len = strlen(f->name);
        ck_assert_uint_lt(len, sizeof upper);
        for (size_t i = 0; i <= len; i++)
            upper[i] = (char)(f->name[i] >= 'a' && f->name[i] <= 'z' ? f->name[i] - 32 : f->name[i]);
        ck_assert_msg(sqi_func_find(sqi_span_of(f->name)) == f, "%s stands twice in the table", f->name);
        ck_assert_ptr_eq(sqi_func_find(sqi_span_of(upper)), f);
    }
    ck_assert_uint_gt(n, 200);
    ck_assert_ptr_null(sqi_func_at(n + 1));
}
END_TEST

START_TEST(what_is_no_name_is_not_found)
{
    ck_assert_ptr_null(sqi_func_find(SQI_SPAN("")));
    ck_assert_ptr_null(sqi_func_find(SQI_SPAN("uppe")));
    ck_assert_ptr_null(sqi_func_find(SQI_SPAN("upperr")));
    ck_assert_ptr_null(sqi_func_find(SQI_SPAN("upper\0x")));
}
END_TEST

START_TEST(every_row_has_a_manual_line_lower_case_and_an_evaluator)
{
    const sqi_func *f;
    for (size_t n = 0; (f = sqi_func_at(n)); n++) {
        ck_assert_msg(f->text && *f->text, "%s", f->name);
        for (const char *p = f->name; *p; p++)
            ck_assert_msg(*p < 'A' || *p > 'Z', "%s", f->name);
        ck_assert_msg(f->types || f->resolve || (f->flags & SQI_FUNC_INTERNAL), "%s has no type", f->name);
        ck_assert_msg(f->kernel || f->form || f->resolve, "%s cannot be evaluated", f->name);
        ck_assert_msg(!(f->kernel && f->form), "%s is evaluated in two ways", f->name);
        ck_assert_msg(f->max_args < 0 || f->min_args <= f->max_args, "%s", f->name);
        ck_assert_msg(!(f->flags & SQI_FUNC_HIGHER) || f->form, "%s takes lambdas but is no form", f->name);
        if (f->types) {
            const char *arrow = strchr(f->types, '>');
            size_t letters = arrow ? (size_t)(arrow - f->types) : strlen(f->types);
            ck_assert_msg(f->max_args < 0 ? strchr(f->types, '*') != NULL : letters >= (size_t)f->max_args,
                          "the signature of %s is too short", f->name);
        }
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_row_is_found_by_its_name_in_any_case, what_is_no_name_is_not_found,
                                  every_row_has_a_manual_line_lower_case_and_an_evaluator};
    return sqi_test_main("func", tests, sizeof tests / sizeof *tests);
}
