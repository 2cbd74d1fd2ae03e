/* Tokens, seen through the parser: comments, quotes, escapes, symbols. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(comments_nest_and_end_at_the_line)
{
    static const sql_rig_row rows[] = {
        {"a -- b", "a"},
        {"-- x", "!PARSE_EMPTY_STATEMENT 4-4"},
        {"a /* b */ + /* c /* d */ e */ f", "(+ a f)"},
        {"/**/a", "a"},
        {"a /* b", "!UNCLOSED_BRACKETED_COMMENT 2-4"},
        {"a /* b /* c */", "!UNCLOSED_BRACKETED_COMMENT 2-4"},
        {"a */ b", "!PARSE_SYNTAX_ERROR 2-4"},
        {"/*+ x */ a", "!PARSE_SYNTAX_ERROR 0-3"},
        {"a　+ b", "(+ a b)"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(quotes_and_escapes)
{
    static const sql_rig_row rows[] = {
        {"'it''s'", "'it\\'s'"},     {"\"say \"\"hi\"\"\"", "'say \"hi\"'"},
        {"'it\\'s'", "'it\\'s'"},    {"'\\u0041\\U0001F600\\101\\n\\t\\%\\_\\q\\\\'", "'A😀A\n\t\\\\%\\\\_q\\\\'"},
        {"'\\ud83d\\ude00'", "'😀'"}, {"'\\ud83dx'", "'?x'"},
        {"'\\ude00'", "'?'"},        {"'\\u00'", "'u00'"},
        {"'\\u004g'", "'u004g'"},    {"'\\U0011FFFF'", "'?'"},
        {"'\\777'", "'777'"},        {"'\\12'", "'12'"},
        {"r'a\\nb'", "'a\\\\nb'"},   {"R\"a\\'b\"", "'a\\\\\\'b'"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(an_unclosed_quote_is_the_error)
{
    static const sql_rig_row rows[] = {
        {"'a", "!PARSE_SYNTAX_ERROR 0-1"},
        {"\"a", "!PARSE_SYNTAX_ERROR 0-1"},
        {"`a", "!PARSE_SYNTAX_ERROR 0-1"},
        {"r'a", "!PARSE_SYNTAX_ERROR 1-2"},
        {"''", "''"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(the_longest_symbol_wins)
{
    static const sql_rig_row rows[] = {
        {"a <=> b", "(<=> a b)"},
        {"a<b>c", "(> (< a b) c)"},
        {"a|>b", "!PARSE_SYNTAX_ERROR 1-3"},
        {"a $ b", "!PARSE_SYNTAX_ERROR 2-3"},
        {"a @ b", "!PARSE_SYNTAX_ERROR 2-3"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

static void check_token(const sqi_token *t, sqi_token_kind kind, uint32_t begin, uint32_t end, const char *value)
{
    ck_assert_int_eq(t->kind, kind);
    ck_assert_uint_eq(t->begin, begin);
    ck_assert_uint_eq(t->end, end);
    ck_assert(sqi_span_equal(t->value, sqi_span_of(value)));
}

static void check_tokens(const char *text, const sqi_token *want, size_t n)
{
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_lexer l;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    ck_assert_int_eq(sqi_lex_init(&l, sqi_span_of(text), &arena, NULL), STREAMQ_OK);
    for (size_t i = 0; i < n; i++) {
        char value[64] = {0};
        memcpy(value, want[i].value.ptr, want[i].value.len);
        check_token(&l.current, want[i].kind, want[i].begin, want[i].end, value);
        ck_assert_int_eq(sqi_lex_next(&l, NULL), STREAMQ_OK);
        ck_assert_uint_eq(l.last_end, want[i].end);
    }
    ck_assert_int_eq(l.current.kind, SQI_TOKEN_END);
    sqi_arena_fini(&arena);
}

#define TOKEN(k, from, to, text)                                                 \
    {                                                                            \
        .kind = SQI_TOKEN_##k, .begin = from, .end = to, .value = SQI_SPAN(text) \
    }

START_TEST(a_number_beats_a_word_of_the_same_length)
{
    static const sqi_token rows[] = {
        TOKEN(INTEGER, 0, 2, "12"),       TOKEN(DECIMAL, 3, 6, "1.5"),    TOKEN(DECIMAL, 7, 9, ".5"),
        TOKEN(DECIMAL, 10, 12, "5."),     TOKEN(EXPONENT, 13, 16, "1e3"), TOKEN(SUFFIXED, 17, 19, "1L"),
        TOKEN(SUFFIXED, 20, 25, "1.5BD"), TOKEN(IDENT, 26, 30, "1e3x"),   TOKEN(IDENT, 31, 33, "1e"),
    };
    check_tokens("12 1.5 .5 5. 1e3 1L 1.5BD 1e3x 1e", rows, sizeof rows / sizeof *rows);
}
END_TEST

START_TEST(a_point_before_a_letter_is_no_part_of_a_number)
{
    static const sqi_token rows[] = {
        TOKEN(INTEGER, 0, 1, "1"),       TOKEN(SYMBOL, 1, 2, "."),   TOKEN(IDENT, 2, 3, "a"),
        TOKEN(INTEGER, 4, 5, "2"),       TOKEN(SYMBOL, 5, 6, "."),   TOKEN(IDENT, 6, 8, "3_"),
        TOKEN(EXPONENT, 9, 14, "34.E2"), TOKEN(SYMBOL, 14, 15, "+"),
    };
    check_tokens("1.a 2.3_ 34.E2+", rows, sizeof rows / sizeof *rows);
}
END_TEST

START_TEST(the_values_of_quoted_tokens_have_no_quotes)
{
    static const sqi_token rows[] = {
        TOKEN(QUOTED_IDENT, 0, 6, "a`b"), TOKEN(STRING, 7, 14, "it's"), TOKEN(STRING, 15, 21, "x\"y"),
        TOKEN(STRING, 22, 28, "a\\n"),    TOKEN(STRING, 29, 34, "a\n"), TOKEN(IDENT, 35, 36, "r"),
    };
    check_tokens("`a``b` 'it''s' \"x\"\"y\" r'a\\n' 'a\\n' r", rows, sizeof rows / sizeof *rows);
}
END_TEST

START_TEST(looking_ahead_does_not_move)
{
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_lexer l;
    const sqi_token *t;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    ck_assert_int_eq(sqi_lex_init(&l, SQI_SPAN("a b c d"), &arena, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_lex_peek(&l, 3, &t, NULL), STREAMQ_OK);
    check_token(t, SQI_TOKEN_IDENT, 6, 7, "d");
    check_token(&l.current, SQI_TOKEN_IDENT, 0, 1, "a");
    ck_assert_int_eq(sqi_lex_next(&l, NULL), STREAMQ_OK);
    check_token(&l.current, SQI_TOKEN_IDENT, 2, 3, "b");
    check_token(sqi_lex_ahead(&l, 1), SQI_TOKEN_IDENT, 4, 5, "c");
    check_token(sqi_lex_ahead(&l, 4), SQI_TOKEN_END, 7, 7, "");
    sqi_arena_fini(&arena);
}
END_TEST

START_TEST(keywords_compare_without_case_and_never_quoted)
{
    const sqi_token word = TOKEN(IDENT, 0, 4, "From"), quoted = TOKEN(QUOTED_IDENT, 0, 6, "From");
    ck_assert(sqi_token_is(&word, "FROM"));
    ck_assert(!sqi_token_is(&word, "FRO"));
    ck_assert(!sqi_token_is(&word, "FROMS"));
    ck_assert(!sqi_token_is(&quoted, "FROM"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        comments_nest_and_end_at_the_line,
        quotes_and_escapes,
        an_unclosed_quote_is_the_error,
        the_longest_symbol_wins,
        a_number_beats_a_word_of_the_same_length,
        a_point_before_a_letter_is_no_part_of_a_number,
        the_values_of_quoted_tokens_have_no_quotes,
        looking_ahead_does_not_move,
        keywords_compare_without_case_and_never_quoted,
    };
    return sqi_test_main("expr_lex", tests, sizeof tests / sizeof *tests);
}
