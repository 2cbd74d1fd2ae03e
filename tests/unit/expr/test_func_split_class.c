/* Splitting by a set of characters against the regular expression that says the same in other words. */
#include "func_split_class.h"

#include "text_check.h"

static const char *const words[] = {"a", "bc", "word", " ", " ", "\t", "\n", "\r", ",", ";", "7", "-", "_", "Z"};
static const char *const foreign[] = {"a",    " ",    "\t",           "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                                      "\x80", "\xc3", "\xed\xa0\x80", ","};

static const char *const same[] = {
    "split(t, r'\\s+') <=> split(t, r'(?:\\s+)')",       "split(t, r'\\s') <=> split(t, r'(?:\\s)')",
    "split(t, '[,;]+') <=> split(t, '(?:[,;]+)')",       "split(t, r'[\\s,;-]+') <=> split(t, r'(?:[\\s,;-]+)')",
    "split(t, '[a-z]') <=> split(t, '(?:[a-z])')",       "split(t, '[a-zA-Z0-9_]+') <=> split(t, '(?:[a-zA-Z0-9_]+)')",
    "split(t, r'\\d+') <=> split(t, r'(?:\\d+)')",       "split(t, ' +') <=> split(t, '(?: +)')",
    "split(t, r'[\\t-]') <=> split(t, r'(?:[\\t-])')",   "split(t, r'\\s+', -1) <=> split(t, r'(?:\\s+)', -1)",
    "split(t, r'\\s+', 3) <=> split(t, r'(?:\\s+)', 3)",
};

START_TEST(a_set_cuts_as_a_regular_expression_does)
{
    TEXT_CHECK_ALL(words, same);
}
END_TEST

START_TEST(malformed_text_is_cut_as_the_regular_expression_sees_it)
{
    TEXT_CHECK_ALL(foreign, same);
}
END_TEST

START_TEST(only_what_is_surely_a_set_is_read_as_one)
{
    static const char *const sets[] = {"\\s+", "\\s",  "\\d",  "[ ]", "[a-c]+", "[\\s,]+",
                                       "\\-+", "[-a]", "[a-]", ",",   "[.]",    "\\."};
    static const char *const others[] = {"",         "\\",         "\\w",     "\\S+",    "[^a]",  "[a",    "[]",
                                         "[]a]",     "[a&&b]",     "[[a]b]",  "\\s*",    "\\s+?", "\\s++", "\\s{2}",
                                         "a|b",      "ab",         ".",       "^",       "$",     "(a)",   "\\s+b",
                                         "[a-\\d]",  "[\\d-z]",    "[z-a]",   "[abcde]", "\\Q",   "[\\w]", "[\\b]",
                                         "\xc3\xa9", "[\xc3\xa9]", "[a-c-e]", "+"};
    sqi_split_class c;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        ck_assert_msg(sqi_split_class_read(&c, sqi_span_of(sets[i])), "%s", sets[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_msg(!sqi_split_class_read(&c, sqi_span_of(others[i])), "%s", others[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_set_cuts_as_a_regular_expression_does,
                                  malformed_text_is_cut_as_the_regular_expression_sees_it,
                                  only_what_is_surely_a_set_is_read_as_one};
    return sqi_test_main("func_split_class", tests, sizeof tests / sizeof *tests);
}
