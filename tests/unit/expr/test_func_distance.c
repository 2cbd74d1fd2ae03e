/* Edit distances against the whole table, every limit; checks of form. */
#include <stdio.h>

#include "func_bench.h"
#include "test_main.h"

static int32_t by_table(const char *a, const char *b)
{
    int32_t t[16][16];
    size_t n = strlen(a), m = strlen(b);
    for (size_t i = 0; i <= n; i++)
        for (size_t j = 0; j <= m; j++) {
            int32_t best = i == 0 ? (int32_t)j : j == 0 ? (int32_t)i : t[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (i && j && t[i - 1][j] + 1 < best)
                best = t[i - 1][j] + 1;
            if (i && j && t[i][j - 1] + 1 < best)
                best = t[i][j - 1] + 1;
            t[i][j] = best;
        }
    return t[n][m];
}

START_TEST(distances_with_and_without_a_limit_are_those_of_the_table)
{
    enum { N = 400 };
    static char left[N][12], right[N][12];
    const char *a[N], *b[N];
    uint32_t random = 7;
    func_bench x;
    ck_assert_int_eq(func_bench_init(&x, NULL), STREAMQ_OK);
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < 10; k++) {
            random = random * 1664525u + 1013904223u;
            left[i][k] = (char)('a' + (random >> 20) % 3);
            right[i][k] = (char)('a' + (random >> 24) % 3);
        }
        left[i][(random >> 10) % 11] = '\0';
        right[i][(random >> 14) % 11] = '\0';
        a[i] = left[i];
        b[i] = right[i];
    }
    func_bench_texts(&x, "a", N, a);
    func_bench_texts(&x, "b", N, b);
    ck_assert_int_eq(func_bench_run(&x, "levenshtein(a, b)", NULL), STREAMQ_OK);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(SQI_AT(&x.out, int32_t, (uint32_t)i), by_table(a[i], b[i]));
    for (int limit = 0; limit < 12; limit++) {
        char text[64];
        snprintf(text, sizeof text, "levenshtein(a, b, %d)", limit);
        ck_assert_int_eq(func_bench_run(&x, text, NULL), STREAMQ_OK);
        for (int i = 0; i < N; i++) {
            int32_t want = by_table(a[i], b[i]);
            ck_assert_msg(SQI_AT(&x.out, int32_t, (uint32_t)i) == (want > limit ? -1 : want), "'%s' '%s' within %d",
                          a[i], b[i], limit);
        }
    }
    func_bench_fini(&x);
}
END_TEST

START_TEST(forms_are_checked_row_by_row)
{
    func_bench x;
    ck_assert_int_eq(func_bench_init(&x, NULL), STREAMQ_OK);
    func_bench_texts(&x, "s", 4, (const char *[]){"79927398713", "Robert", NULL, "\xFF"});
    ck_assert_str_eq(func_bench_all(&x, "luhn_check(s)"), "true;false;NULL;false");
    ck_assert_str_eq(func_bench_all(&x, "soundex(s)"), "79927398713;R163;NULL;\xFF");
    ck_assert_str_eq(func_bench_all(&x, "jaro_winkler_similarity(s, s)"), "1.0;1.0;NULL;1.0");
    func_bench_fini(&x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {distances_with_and_without_a_limit_are_those_of_the_table,
                                  forms_are_checked_row_by_row};
    return sqi_test_main("func_distance", tests, sizeof tests / sizeof *tests);
}
