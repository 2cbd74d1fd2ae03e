/* The error object: message, place, bounds, ownership. */
#include "base_error.h"

#include <stdlib.h>

#include "test_main.h"

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

static streamq_error *error_new(const char *text)
{
    streamq_error *e = NULL;
    sqi_error_set(&e, SQI_COND_PARSE_SYNTAX_ERROR, "%s", text);
    ck_assert_ptr_nonnull(e);
    return e;
}

START_TEST(the_first_error_wins)
{
    streamq_error *e = NULL;
    ck_assert_int_eq(sqi_error_set(&e, SQI_COND_DIVIDE_BY_ZERO, "first"), STREAMQ_ERR_DATA);
    ck_assert_int_eq(sqi_error_set(&e, SQI_COND_IO_ERROR, "second"), STREAMQ_ERR_IO);
    ck_assert_int_eq(sqi_error_nomem(&e), STREAMQ_ERR_NOMEM);
    ck_assert_str_eq(sqi_error_message(e), "[DIVIDE_BY_ZERO] first SQLSTATE: 22012");
    ck_assert_int_eq(sqi_error_status(e), STREAMQ_ERR_DATA);
    sqi_error_free(e);
}
END_TEST

START_TEST(a_caller_without_an_error_gets_the_status)
{
    ck_assert_int_eq(sqi_error_set(NULL, SQI_COND_DIVIDE_BY_ZERO, "x"), STREAMQ_ERR_DATA);
    ck_assert_int_eq(sqi_error_nomem(NULL), STREAMQ_ERR_NOMEM);
    sqi_error_place(NULL, SQI_SPAN("x"), 0, 1);
    sqi_error_hint(NULL, "x");
    sqi_error_context(NULL, "x");
    sqi_error_candidates(NULL, NULL, 0);
    sqi_error_free(NULL);
    ck_assert_ptr_null(sqi_error_copy(NULL));
    ck_assert_int_eq(sqi_error_cond(NULL), SQI_COND_NONE);
    ck_assert_str_eq(sqi_error_message(NULL), "");
}
END_TEST

START_TEST(out_of_memory_is_a_static_object)
{
    streamq_error *e = NULL;
    ck_assert_int_eq(sqi_error_nomem(&e), STREAMQ_ERR_NOMEM);
    sqi_error_hint(e, "dropped");
    sqi_error_place(e, SQI_SPAN("x"), 0, 1);
    size_t begin, end;
    ck_assert(!sqi_error_where(e, &begin, &end));
    ck_assert_int_eq(sqi_error_status(e), STREAMQ_ERR_NOMEM);
    ck_assert_ptr_nonnull(strstr(sqi_error_message(e), "[OUT_OF_MEMORY] "));
    ck_assert_ptr_nonnull(strstr(sqi_error_message(e), " SQLSTATE: 53200"));
    ck_assert_ptr_eq(sqi_error_copy(e), e);
    sqi_error_free(e);
    sqi_error_free(e);
}
END_TEST

START_TEST(the_first_place_stays)
{
    streamq_error *e = error_new("bad");
    sqi_error_place(e, SQI_SPAN("abc"), 1, 2);
    sqi_error_place(e, SQI_SPAN("other text"), 5, 9);
    ck_assert_str_eq(sqi_error_message(e), "[PARSE_SYNTAX_ERROR] bad SQLSTATE: 42601 (line 1, pos 1)\n\n"
                                           "== SQL ==\nabc\n ^\n");
    sqi_error_free(e);
}
END_TEST

START_TEST(a_place_at_the_end_or_beyond_has_one_caret)
{
    streamq_error *e = error_new("unexpected end");
    sqi_error_place(e, SQI_SPAN("SELECT"), 6, 6);
    ck_assert_ptr_nonnull(strstr(sqi_error_message(e), "(line 1, pos 6)\n\n== SQL ==\nSELECT\n      ^\n"));
    sqi_error_free(e);
    e = error_new("far outside");
    sqi_error_place(e, SQI_SPAN("a\r\nbc\r\n"), 999, 5);
    ck_assert_ptr_nonnull(strstr(sqi_error_message(e), "(line 3, pos 0)\n\n== SQL ==\n\n^\n"));
    sqi_error_free(e);
}
END_TEST

START_TEST(the_caret_stands_under_wide_characters)
{
    streamq_error *e = error_new("x");
    /* two ideographs (two columns each), a tab (shown as a space), then the place: one accented letter */
    sqi_error_place(e, SQI_SPAN("\xe8\xaf\x8d\xe8\xaf\x8d\t\xc3\xa9 = 1"), 7, 9);
    ck_assert_ptr_nonnull(strstr(sqi_error_message(e), "(line 1, pos 3)"));
    ck_assert_ptr_nonnull(strstr(sqi_error_message(e), "\n\xe8\xaf\x8d\xe8\xaf\x8d \xc3\xa9 = 1\n     ^\n"));
    sqi_error_free(e);
}
END_TEST

START_TEST(a_huge_line_is_cut_around_the_place)
{
    size_t len = 1 << 20;
    char *sql = malloc(len);
    memset(sql, 'a', len);
    sql[500000] = 'Z';
    streamq_error *e = error_new("x");
    sqi_error_place(e, (sqi_span){sql, len}, 500000, 900000);
    const char *message = sqi_error_message(e);
    ck_assert_uint_lt(strlen(message), 600);
    const char *line = strstr(message, "\n...a"), *caret = strchr(message, '^');
    ck_assert_ptr_nonnull(line);
    ck_assert_ptr_nonnull(caret);
    const char *z = strchr(line, 'Z'), *caret_line = strchr(line + 1, '\n') + 1;
    ck_assert_int_eq(z - (line + 1), caret - caret_line);
    sqi_error_free(e);
    free(sql);
}
END_TEST

START_TEST(malformed_sql_is_quoted_as_valid_text)
{
    const char bytes[] = "a\0b\x1b[31m\xff\xc3(\x80\x80\x80\x80\x80";
    for (size_t i = 0; i < sizeof bytes; i++) {
        streamq_error *e = error_new("x");
        sqi_error_place(e, (sqi_span){bytes, sizeof bytes - 1}, i, i + 1);
        const char *message = sqi_error_message(e);
        ck_assert(sqi_utf8_valid(sqi_span_of(message)));
        ck_assert_ptr_null(strchr(message, 0x1b));
        ck_assert_ptr_nonnull(strchr(message, '^'));
        sqi_error_free(e);
    }
}
END_TEST

START_TEST(a_message_is_valid_utf8_whatever_it_quotes)
{
    streamq_error *e = error_new("value '\xff\xe2\x82' does not fit");
    sqi_error_hint(e, "cut: %.3s", "ab\xc3\xa9");
    sqi_error_context(e, "in query '%s'", "\x80");
    sqi_error_candidates(e, &SQI_SPAN("n\xfe`\0"), 1);
    ck_assert(sqi_utf8_valid(sqi_span_of(sqi_error_message(e))));
    ck_assert_str_eq(sqi_error_text(e), "value '\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd' does not fit");
    ck_assert_ptr_nonnull(strstr(sqi_error_message(e), "`n\xef\xbf\xbd`` `?"));
    sqi_error_free(e);
}
END_TEST

START_TEST(huge_texts_are_bounded)
{
    size_t len = 1 << 20;
    char *text = malloc(len + 1);
    for (size_t i = 0; i < len; i++)
        text[i] = i % 2 ? '\xa9' : '\xc3'; /* two-byte characters */
    text[len] = '\0';
    streamq_error *e = error_new(text);
    for (int i = 0; i < 100; i++) {
        sqi_error_hint(e, "%s", text);
        sqi_error_context(e, "%s", text);
        sqi_error_candidates(e, (sqi_span[]){{text, len}, {text, len}}, 2);
    }
    ck_assert_uint_lt(strlen(sqi_error_message(e)), 5 * 4096);
    ck_assert(sqi_utf8_valid(sqi_span_of(sqi_error_message(e))));
    ck_assert_ptr_nonnull(strstr(sqi_error_text(e), "..."));
    sqi_error_free(e);
    free(text);
}
END_TEST

START_TEST(candidates_are_quoted_and_few)
{
    streamq_error *e = error_new("x");
    sqi_span names[] = {SQI_SPAN("a`b"), SQI_SPAN("c"), SQI_SPAN("d"), SQI_SPAN("e"), SQI_SPAN("f"), SQI_SPAN("g")};
    sqi_error_candidates(e, names, 6);
    ck_assert_ptr_nonnull(strstr(sqi_error_message(e), "\nDid you mean one of: `a``b`, `c`, `d`, `e`, `f`?"));
    sqi_error_free(e);
}
END_TEST

START_TEST(a_copy_is_equal_and_independent)
{
    streamq_error *e = error_new("x");
    sqi_error_place(e, SQI_SPAN("abc"), 1, 2);
    sqi_error_hint(e, "hint");
    streamq_error *c = sqi_error_copy(e);
    ck_assert_str_eq(sqi_error_message(c), sqi_error_message(e));
    sqi_error_free(e);
    sqi_error_context(c, "in query 'q'");
    ck_assert_str_eq(sqi_error_message(c), "[PARSE_SYNTAX_ERROR] x SQLSTATE: 42601 (line 1, pos 1)\n\n"
                                           "== SQL ==\nabc\n ^\nHint: hint\nin query 'q'");
    sqi_error_free(c);
}
END_TEST

START_TEST(passing_on_keeps_the_first)
{
    streamq_error *to = NULL;
    ck_assert_int_eq(sqi_error_pass(&to, error_new("one")), STREAMQ_ERR_PARSE);
    ck_assert_int_eq(sqi_error_pass(&to, error_new("two")), STREAMQ_ERR_PARSE);
    ck_assert_str_eq(sqi_error_text(to), "one");
    ck_assert_int_eq(sqi_error_pass(NULL, error_new("three")), STREAMQ_ERR_PARSE);
    ck_assert_int_eq(sqi_error_pass(&to, NULL), STREAMQ_OK);
    sqi_error_free(to);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {message_has_condition_text_sqlstate_and_caret,
                                  the_first_error_wins,
                                  a_caller_without_an_error_gets_the_status,
                                  out_of_memory_is_a_static_object,
                                  the_first_place_stays,
                                  a_place_at_the_end_or_beyond_has_one_caret,
                                  the_caret_stands_under_wide_characters,
                                  a_huge_line_is_cut_around_the_place,
                                  malformed_sql_is_quoted_as_valid_text,
                                  a_message_is_valid_utf8_whatever_it_quotes,
                                  huge_texts_are_bounded,
                                  candidates_are_quoted_and_few,
                                  a_copy_is_equal_and_independent,
                                  passing_on_keeps_the_first};
    return sqi_test_main("base_error", tests, sizeof tests / sizeof *tests);
}
