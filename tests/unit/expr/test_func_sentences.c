/* Sentences and words of texts over columns. */
#include "func_bench.h"
#include "test_main.h"

START_TEST(sentences_end_before_capitals_and_words_keep_what_joins_them)
{
    func_bench b;
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    func_bench_texts(&b, "s", 6,
                     (const char *[]){"Don't pay 1,000.50 e.g. today. Really? yes (\"No!\") Ok", NULL, "", "...",
                                      "$5 and \xC3\xA9t\xC3\xA9 3a", "a.\xFF"});
    ck_assert_str_eq(func_bench_all(&b, "sentences(s)"),
                     "[[Don't, pay, 1,000.50, e.g, today], [Really], [yes, No], [Ok]];NULL;[];[[]];"
                     "[[and, \xC3\xA9t\xC3\xA9, 3a]];[[a]]");
    ck_assert_str_eq(func_bench_all(&b, "size(sentences(s, NULL, 'DE')[0])"), "INVALID_ARRAY_INDEX");
    func_bench_fini(&b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {sentences_end_before_capitals_and_words_keep_what_joins_them};
    return sqi_test_main("func_sentences", tests, sizeof tests / sizeof *tests);
}
