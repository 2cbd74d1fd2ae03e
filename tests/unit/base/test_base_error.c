/* The error object: message, place, bounds, ownership. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base_error.h"

START_TEST(message_has_condition_text_sqlstate_and_caret)
{
    streamq_error *e = NULL;
    const char *sql = "SELECT 1,\n  wrod FROM t";
    ck_assert_int_eq(sqi_error_set(&e, SQI_COND_UNRESOLVED_COLUMN__WITH_SUGGESTION, "no column `%s`", "wrod"),
                     STREAMQ_ERR_ANALYSIS);
    sqi_error_place(e, sqi_span_of(sql), 12, 16);
    sqi_error_candidates(e, (sqi_span[]){SQI_SPAN("word"), SQI_SPAN("world")}, 2);
    sqi_error_hint(e, "columns come from t");
    sqi_error_context(e, "in query '%s'", "q");
    ck_assert_str_eq(sqi_error_message(e),
                     "[UNRESOLVED_COLUMN.WITH_SUGGESTION] no column `wrod` SQLSTATE: 42703 (line 2, pos 2)\n"
                     "\n"
                     "== SQL ==\n"
                     "  wrod FROM t\n"
                     "  ^^^^\n"
                     "Did you mean one of: `word`, `world`?\n"
                     "Hint: columns come from t\n"
                     "in query 'q'");
    ck_assert_str_eq(sqi_error_text(e), "no column `wrod`");
    ck_assert_str_eq(sqi_error_hint_text(e), "columns come from t");
    size_t begin, end;
    ck_assert(sqi_error_where(e, &begin, &end));
    ck_assert_uint_eq(begin, 12);
    ck_assert_uint_eq(end, 16);
    sqi_error_free(e);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("base_error");
    TCase *t = tcase_create("all");
    tcase_add_test(t, message_has_condition_text_sqlstate_and_caret);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
