/* Java's patterns on PCRE2: what they match, where the two differ, what is refused, what is given back. */
#include "expr_regex.h"

#include <stdio.h>

#include "fail_alloc.h"
#include "test_main.h"

typedef struct bench {
    sqi_fail_alloc memory;
    sqi_arena arena;
    sqi_eval eval;
    sqi_regex re;
} bench;

static void begin(bench *b)
{
    memset(b, 0, sizeof *b);
    sqi_fail_alloc_init(&b->memory);
    sqi_arena_init(&b->arena, &b->memory.alloc);
    b->eval.alloc = &b->memory.alloc;
    b->eval.arena = &b->arena;
}

static void end(bench *b)
{
    sqi_regex_fini(&b->re);
    sqi_arena_fini(&b->arena);
    sqi_fail_alloc_assert_clean(&b->memory);
}

/* All matches as "from-to from-to ..."; "!" and the condition for an error. */
static const char *all(const char *pattern, const char *text)
{
    static char found[512];
    bench b;
    streamq_error *err = NULL;
    size_t from = 0, n = 0;
    sqi_span subject = {text, strlen(text)};
    bool hit;
    found[0] = '\0';
    begin(&b);
    streamq_status st = sqi_regex_use(&b.re, &b.eval, sqi_span_of(pattern), "test", &err);
    while (st == STREAMQ_OK && from != SQI_REGEX_NONE && n < sizeof found - 32) {
        st = sqi_regex_find(&b.re, subject, from, &hit, &err);
        if (st != STREAMQ_OK || !hit)
            break;
        n += (size_t)snprintf(found + n, sizeof found - n, n ? " %zu-%zu" : "%zu-%zu", b.re.at[0], b.re.at[1]);
        from = sqi_regex_next(&b.re, subject);
    }
    if (err)
        snprintf(found, sizeof found, "!%s", sqi_cond_name(sqi_error_cond(err)));
    sqi_error_free(err);
    end(&b);
    return found;
}

#define MATCHES(pattern, text)                                                                                      \
    ck_assert_msg(all(pattern, text)[0] != '\0' && all(pattern, text)[0] != '!', "'%s' on '%s': %s", pattern, text, \
                  all(pattern, text))
#define MISSES(pattern, text) ck_assert_str_eq(all(pattern, text), "")
#define FINDS(pattern, text, where) ck_assert_str_eq(all(pattern, text), where)
#define REFUSES(pattern) ck_assert_str_eq(all(pattern, "a"), "!INVALID_PARAMETER_VALUE.PATTERN")

START_TEST(finds_go_on_behind_a_match_and_one_character_behind_an_empty_one)
{
    FINDS("a*", "baac", "0-0 1-3 3-3 4-4");
    FINDS("", "h\xC3\xA9", "0-0 1-1 3-3");
    FINDS("aa", "aaaa", "0-2 2-4");
    FINDS("x", "abc", "");
}
END_TEST

START_TEST(word_characters_are_ascii_but_word_boundaries_see_every_letter)
{
    MISSES("\\w", "\xC3\xA9");
    MATCHES("(?U)\\w", "\xC3\xA9");
    MISSES("\\d", "\xD9\xA3");
    MATCHES("(?U)\\d", "\xD9\xA3");
    MISSES("\\s", "\xC2\xA0");
    MATCHES("(?U)\\s", "\xC2\xA0");
    MATCHES("\\s", "\v");
    FINDS("\\b\\w",
          "\xC3\xA9"
          "a b",
          "4-5");
    FINDS("\\Ba",
          "\xC3\xA9"
          "a",
          "2-3");
    FINDS("\\bcat\\b", "concat cat", "7-10");
    MISSES("\\bx", "e\xCC\x81x");
    MATCHES("\\bx", " \xCC\x81x");
    MATCHES("e\xCC\x81\\b", "e\xCC\x81 ");
    MISSES("e\\b", "e\xCC\x81");
    MATCHES("e\\B\xCC\x81\\B\xCC\x81\\b", "e\xCC\x81\xCC\x81");
}
END_TEST

START_TEST(case_is_ignored_for_ascii_letters_unless_unicode_is_asked_for)
{
    MATCHES("(?i)SPARK", "sPark");
    MISSES("(?i)\xC3\xA9", "\xC3\x89");
    MATCHES("(?iu)\xC3\xA9", "\xC3\x89");
    MATCHES("(?i)[a-c]", "B");
    MATCHES("(?i)[^a-c]", "d");
    MISSES("(?i)[^a-c]", "B");
    MATCHES("(?i:a)b", "Ab");
    MISSES("(?i:a)b", "AB");
    MATCHES("(?i)(a)\\1", "aA");
    MATCHES("(?i)\\p{Lower}", "A");
    MATCHES("(?i)\\p{Lu}", "a");
    MISSES("a(?i)b(?-i)c", "aBC");
    FINDS("(?i)k", "\xE2\x84\xAA", "");
}
END_TEST

START_TEST(lines_end_with_any_of_javas_terminators)
{
    MISSES("a.b", "a\nb");
    MISSES("a.b", "a\rb");
    MISSES("a.b", "a\xC2\x85"
                  "b");
    MISSES("a.b", "a\xE2\x80\xA8"
                  "b");
    MATCHES("a.b", "a\vb");
    MATCHES("(?d)a.b", "a\rb");
    MATCHES("(?s)a.b", "a\nb");
    FINDS("$", "a\n", "1-1 2-2");
    FINDS("$", "a\r\n", "1-1 3-3");
    FINDS("a$", "a\xE2\x80\xA9", "0-1");
    FINDS("(?m)$", "a\r\nb", "1-1 4-4");
    FINDS("(?m)^", "a\nb\n", "0-0 2-2");
    FINDS("(?m)^", "a\r\nb", "0-0 3-3");
    FINDS("(?m)^", "", "");
    FINDS("^", "a\nb", "0-0");
    MISSES("a\\z", "a\n");
    MATCHES("a\\Z", "a\n");
    MATCHES("a\\Rb", "a\r\nb");
}
END_TEST

START_TEST(classes_nest_intersect_and_negate)
{
    FINDS("[a-c&&[^b]]", "abc", "0-1 2-3");
    FINDS("[a-c[x-y]]", "abz x", "0-1 1-2 4-5");
    FINDS("[^a-c&&[^x]]", "abcxd", "3-4 4-5");
    FINDS("[a-z&&[^m-p]&&[^x]]", "amxb", "0-1 3-4");
    FINDS("[\\W&&[^ ]]", "a -", "2-3");
    FINDS("[]]", "]", "0-1");
    FINDS("[a-]", "-", "0-1");
    FINDS("[\\^]", "^", "0-1");
    FINDS("[^]a]", "]ab", "2-3");
    FINDS("[\\d\\-x]", "7-xy", "0-1 1-2 2-3");
    FINDS("[\\Q^]\\E]", "a^]", "1-2 2-3");
    FINDS("[[a-b]&&[b-c]]", "abc", "1-2");
    FINDS("[\\x61\\u0062\\t]", "ab\t", "0-1 1-2 2-3");
}
END_TEST

START_TEST(properties_go_by_javas_names)
{
    MATCHES("\\p{IsHan}", "\xE6\x97\xA5");
    MATCHES("\\p{IsCyrillic}", "\xD0\xB6");
    MATCHES("\\p{script=Greek}", "\xCE\xB1");
    MATCHES("\\p{InGreek}", "\xCE\xB1");
    MATCHES("\\p{IsAlphabetic}", "\xC3\xA9");
    MISSES("\\p{Alpha}", "\xC3\xA9");
    MATCHES("\\p{L}", "\xC3\xA9");
    MATCHES("\\pL", "\xC3\xA9");
    MISSES("\\P{L}", "a");
    MATCHES("\\p{general_category=Lu}", "A");
    MATCHES("\\p{javaLetterOrDigit}", "7");
    MATCHES("\\p{Punct}", "]");
    MATCHES("\\h", " ");
    MISSES("\\H", " ");
    REFUSES("\\p{NoSuch}");
    REFUSES("\\p{IsNoSuchScript}");
    REFUSES("\\p{L");
}
END_TEST

START_TEST(groups_look_around_and_refer_back)
{
    MATCHES("^(ab)\\1$", "abab");
    MATCHES("^(?<p>ab)\\k<p>$", "abab");
    MISSES("(a)\\2", "aa");
    MATCHES("(a)\\11", "aa1");
    MATCHES("foo(?=bar)", "foobar");
    MISSES("foo(?!bar)", "foobar");
    FINDS("(?<=a{1,3})b", "aab", "2-3");
    FINDS("(?<=x|yz)b", "xbyzb", "1-2 4-5");
    FINDS("(?<=(?:x|yz)-?)b", "xbyz-b", "1-2 5-6");
    FINDS("(?<!a+)b", "abb", "2-3");
    MISSES("(?<=a+)b", "b");
    FINDS("(?<=a+)b", "aab", "2-3");
    MISSES("a++a", "aaa");
    MISSES("(?>a+)a", "aaa");
    FINDS("a{2}", "aaaaa", "0-2 2-4");
    FINDS("a+?", "aa", "0-1 1-2");
}
END_TEST

START_TEST(comments_and_quotes_are_left_out)
{
    MATCHES("(?x)a b # all of it", "ab");
    MATCHES("(?x)a\\ b", "a b");
    MATCHES("(?x)[a b]c", "bc");
    MATCHES("\\Qa.b\\E", "a.b");
    MISSES("\\Qa.b\\E", "axb");
    FINDS("\\Qab\\E*", "abbb", "0-4");
    MATCHES("\\Q(", "(");
    MATCHES("a\\Q\\Eb", "ab");
}
END_TEST

START_TEST(what_java_refuses_is_refused)
{
    static const char *const bad[] = {"(",
                                      ")",
                                      "[",
                                      "*",
                                      "+a",
                                      "a{2",
                                      "{",
                                      "a{,3}",
                                      "a{3,2}",
                                      "\\",
                                      "\\q",
                                      "a**",
                                      "(?<n>a)(?<n>b)",
                                      "(?z)",
                                      "[b-a]",
                                      "[a",
                                      "[&&]",
                                      "(?<n",
                                      "\\k<no>",
                                      "\\x{110000}",
                                      "\\u12",
                                      "(?<=ba+)c",
                                      "[a-\\d]",
                                      "\\C",
                                      "\\N{DIGIT ONE}",
                                      "a{70000}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(strcmp(all(bad[i], "a"), "!INVALID_PARAMETER_VALUE.PATTERN") == 0, "'%s': %s", bad[i],
                      all(bad[i], "a"));
    MATCHES("a]}", "a]}");
    MATCHES("\\}\\]", "}]");
}
END_TEST

START_TEST(deep_patterns_are_refused_and_costly_ones_stopped)
{
    char deep[2001];
    memset(deep, '(', 1000);
    memset(deep + 1000, ')', 1000);
    deep[2000] = '\0';
    REFUSES(deep);
    memset(deep, '[', 2000);
    REFUSES(deep);
    ck_assert_str_eq(all("(a|aa|a?)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"),
                     "!LIMIT_EXCEEDED");
}
END_TEST

START_TEST(characters_beyond_the_first_plane_are_one)
{
    FINDS("^.$", "\xF0\x9F\x98\x80", "0-4");
    MATCHES("^\\X$", "e\xCC\x81");
    FINDS("\\uD83D\\uDE00", "\xF0\x9F\x98\x80", "0-4");
    MISSES("\\uD83D", "\xF0\x9F\x98\x80");
    FINDS("[\\x{10000}-\\x{10ffff}]", "a\xF0\x9F\x98\x80", "1-5");
    FINDS("[\\ud800-\\udfff]", "a", "");
    FINDS("[^\\ud800]", "a", "0-1");
}
END_TEST

START_TEST(malformed_text_is_matched_with_replacement_characters)
{
    bench b;
    sqi_span subject;
    bool hit;
    begin(&b);
    ck_assert_int_eq(sqi_regex_use(&b.re, &b.eval, SQI_SPAN("a.b"), "test", NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_regex_subject(&b.eval,
                                       SQI_SPAN("xa\xFF"
                                                "b"),
                                       &subject, NULL),
                     STREAMQ_OK);
    ck_assert_uint_eq(subject.len, 6);
    ck_assert_int_eq(sqi_regex_find(&b.re, subject, 0, &hit, NULL), STREAMQ_OK);
    ck_assert(hit);
    ck_assert_uint_eq(b.re.at[0], 1);
    ck_assert_uint_eq(b.re.at[1], 6);
    end(&b);
}
END_TEST

START_TEST(a_pattern_is_compiled_again_only_when_it_changes)
{
    bench b;
    begin(&b);
    ck_assert_int_eq(sqi_regex_use(&b.re, &b.eval, SQI_SPAN("(?<x>a)(b)"), "test", NULL), STREAMQ_OK);
    size_t requests = b.memory.requests;
    ck_assert_int_eq(sqi_regex_use(&b.re, &b.eval, SQI_SPAN("(?<x>a)(b)"), "test", NULL), STREAMQ_OK);
    ck_assert_uint_eq(b.memory.requests, requests);
    ck_assert_uint_eq(b.re.groups, 2);
    ck_assert_uint_eq(sqi_regex_group(&b.re, SQI_SPAN("x")), 1);
    ck_assert_uint_eq(sqi_regex_group(&b.re, SQI_SPAN("y")), 0);
    ck_assert_int_ne(sqi_regex_use(&b.re, &b.eval, SQI_SPAN("("), "test", NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_regex_use(&b.re, &b.eval, SQI_SPAN("b"), "test", NULL), STREAMQ_OK);
    ck_assert_uint_eq(b.re.groups, 0);
    end(&b);
}
END_TEST

static streamq_status use_and_search(sqi_alloc *alloc, void *context, streamq_error **err)
{
    (void)context;
    sqi_arena arena;
    sqi_arena_init(&arena, alloc);
    sqi_eval eval = {.alloc = alloc, .arena = &arena};
    sqi_regex re = {0};
    bool hit = false;
    streamq_status st = sqi_regex_use(&re, &eval, SQI_SPAN("(?<word>[a-z&&[^b]]+)(?<=x|yz)"), "test", err);
    for (int k = 0; k < 3 && st == STREAMQ_OK; k++)
        st = sqi_regex_find(&re, SQI_SPAN("bcyzb"), 0, &hit, err);
    if (st == STREAMQ_OK)
        ck_assert(hit);
    sqi_regex_fini(&re);
    sqi_arena_fini(&arena);
    return st;
}

START_TEST(every_refused_allocation_is_reported_and_leaks_nothing)
{
    ck_assert_uint_gt(sqi_test_every_allocation(use_and_search, NULL), 3);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        finds_go_on_behind_a_match_and_one_character_behind_an_empty_one,
        word_characters_are_ascii_but_word_boundaries_see_every_letter,
        case_is_ignored_for_ascii_letters_unless_unicode_is_asked_for,
        lines_end_with_any_of_javas_terminators,
        classes_nest_intersect_and_negate,
        properties_go_by_javas_names,
        groups_look_around_and_refer_back,
        comments_and_quotes_are_left_out,
        what_java_refuses_is_refused,
        deep_patterns_are_refused_and_costly_ones_stopped,
        characters_beyond_the_first_plane_are_one,
        malformed_text_is_matched_with_replacement_characters,
        a_pattern_is_compiled_again_only_when_it_changes,
        every_refused_allocation_is_reported_and_leaks_nothing,
    };
    return sqi_test_main("expr_regex", tests, sizeof tests / sizeof *tests);
}
