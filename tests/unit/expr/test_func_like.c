/* LIKE against a matcher that tries everything, over all short texts and patterns of a small alphabet. */
#include <stdio.h>

#include "func_bench.h"
#include "test_main.h"

static bool matches(const char *s, const char *p)
{
    if (*p == '%')
        return matches(s, p + 1) || (*s && matches(s + 1, p));
    if (!*s || !*p)
        return *s == *p;
    return (*p == '_' || *p == *s) && matches(s + 1, p + 1);
}

/* Number k in base `radix` as a text of that alphabet, shortest first. */
static void spell(uint32_t k, const char *alphabet, char *to)
{
    uint32_t radix = (uint32_t)strlen(alphabet), n = 0;
    for (; k > 0; k = (k - 1) / radix)
        to[n++] = alphabet[(k - 1) % radix];
    to[n] = '\0';
}

START_TEST(every_short_pattern_matches_what_it_should)
{
    enum { TEXTS = 63, PATTERNS = 341 * 4 };
    static char text[TEXTS][8], pattern[PATTERNS][8];
    const char *texts[TEXTS];
    func_bench b;
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    for (uint32_t i = 0; i < TEXTS; i++) {
        spell(i, "ab", text[i]);
        texts[i] = text[i];
    }
    func_bench_texts(&b, "s", TEXTS, texts);
    for (uint32_t k = 0; k < PATTERNS; k++) {
        char query[64];
        spell(k, "ab_%", pattern[k]);
        snprintf(query, sizeof query, "s LIKE '%.7s'", pattern[k]);
        ck_assert_int_eq(func_bench_run(&b, query, NULL), STREAMQ_OK);
        for (uint32_t i = 0; i < TEXTS; i++)
            ck_assert_msg(SQI_AT(&b.out, uint8_t, i) == matches(text[i], pattern[k]), "'%s' LIKE '%s'", text[i],
                          pattern[k]);
        sqi_arena_reset(&b.plan);
    }
    func_bench_fini(&b);
}
END_TEST

START_TEST(patterns_may_come_from_a_column_and_case_may_be_ignored)
{
    func_bench b;
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    func_bench_texts(&b, "s", 5, (const char *[]){"Spark", "50%", "\xC3\x89t\xC3\xA9", NULL, ""});
    func_bench_texts(&b, "p", 5, (const char *[]){"s_A%", "%\\%", "\xC3\xA9_\xC3\x89", "%", "%%"});
    ck_assert_str_eq(func_bench_all(&b, "s LIKE p"), "false;true;false;NULL;true");
    ck_assert_str_eq(func_bench_all(&b, "s ILIKE p"), "true;true;true;NULL;true");
    ck_assert_str_eq(func_bench_all(&b, "like(s, '50|%', '|')"), "false;true;false;NULL;false");
    ck_assert_str_eq(func_bench_all(&b, "ilike(s, 'SPARKS%S', 'S')"), "INVALID_FORMAT.ESC_IN_THE_MIDDLE");
    ck_assert_str_eq(func_bench_all(&b, "like(s, 'a', 'xy')"), "INVALID_ESCAPE_CHAR");
    ck_assert_str_eq(func_bench_all(&b, "s LIKE '_____' OR s LIKE '___'"), "true;true;true;NULL;false");
    func_bench_fini(&b);
}
END_TEST

START_TEST(a_long_text_against_many_wildcards_ends_quickly)
{
    static char text[20001], pattern[64] = "%a%a%a%a%a%a%a%a%a%a%a%a%b";
    func_bench b;
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    memset(text, 'a', 20000);
    func_bench_texts(&b, "s", 1, (const char *[]){text});
    func_bench_texts(&b, "p", 1, (const char *[]){pattern});
    ck_assert_str_eq(func_bench_all(&b, "s LIKE p"), "false");
    ck_assert_str_eq(func_bench_all(&b, "s LIKE '%a_a%_a'"), "true");
    func_bench_fini(&b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_short_pattern_matches_what_it_should,
                                  patterns_may_come_from_a_column_and_case_may_be_ignored,
                                  a_long_text_against_many_wildcards_ends_quickly};
    return sqi_test_main("func_like", tests, sizeof tests / sizeof *tests);
}
