/* Numbers under conversions, against the C library where it agrees with Java, and formats that lie. */
#include "func_format.h"

#include <stdio.h>

#include "func_bench.h"
#include "test_main.h"

static const char *real(char conversion, int precision, double v)
{
    static char out[512];
    sqi_alloc alloc;
    sqi_buf text;
    sqi_alloc_init(&alloc);
    sqi_buf_init(&text, &alloc, 0);
    sqi_format_spec spec = {.width = -1, .precision = precision, .conversion = conversion};
    ck_assert(sqi_format_real(&text, &spec, v));
    ck_assert_uint_lt(text.len, sizeof out);
    memcpy(out, text.ptr, text.len);
    out[text.len] = '\0';
    sqi_buf_fini(&text);
    return out;
}

/* Values of few digits are exact in both worlds, unless the cut falls on a 5, where C rounds to even. */
START_TEST(digits_are_those_of_the_c_library_away_from_ties)
{
    char want[512];
    static const double scale[] = {1e-7, 1e-3, 1, 1e4, 1e12};
    for (int k = -400; k < 400; k++)
        for (size_t s = 0; s < sizeof scale / sizeof *scale; s++) {
            double v = (k * 3 + 1) * scale[s];
            for (int precision = 0; precision < 5; precision++) {
                snprintf(want, sizeof want, "%.*e", precision + 4, v);
                if (precision + 4 >= 4)
                    ck_assert_str_eq(real('e', precision + 4, v), want);
            }
            snprintf(want, sizeof want, "%.9f", v);
            ck_assert_str_eq(real('f', 9, v), want);
        }
}
END_TEST

START_TEST(ties_go_up_and_carries_move_the_point)
{
    ck_assert_str_eq(real('f', 0, 0.5), "1");
    ck_assert_str_eq(real('f', 0, 2.5), "3");
    ck_assert_str_eq(real('f', 2, 9.995), "10.00");
    ck_assert_str_eq(real('f', 2, 0.005), "0.01");
    ck_assert_str_eq(real('f', 2, 0.0049), "0.00");
    ck_assert_str_eq(real('f', 1, 99.95), "100.0");
    ck_assert_str_eq(real('e', 1, 9.96), "1.0e+01");
    ck_assert_str_eq(real('g', 3, 999.5), "1.00e+03");
    ck_assert_str_eq(real('f', 3, -0.0004), "-0.000");
    ck_assert_str_eq(real('e', 3, 4.9e-324), "4.900e-324");
    ck_assert_str_eq(real('a', -1, 1), "0x1.0p0");
    ck_assert_str_eq(real('a', -1, -0.1), "-0x1.999999999999ap-4");
    ck_assert_str_eq(real('a', -1, 0), "0x0.0p0");
    ck_assert_str_eq(real('a', -1, 4.9e-324), "0x0.0000000000001p-1022");
    ck_assert_str_eq(real('f', 1, 1e300) + 295, "000000.0");
}
END_TEST

START_TEST(formats_that_lie_are_errors)
{
    static const char *const bad[] = {"%",     "%5",   "%.",    "%.f", "%1$", "%99999999999d", "%-d",
                                      "%-05d", "%+ d", "%d %d", "%z",  "%D",  "%3$d",          "%<d"};
    func_bench b;
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[64];
        snprintf(text, sizeof text, "printf('%s', 1)", bad[i]);
        ck_assert_msg(strcmp(func_bench_one(&b, text), "INVALID_FUNCTION_ARGUMENT") == 0, "'%s': %s", bad[i],
                      func_bench_one(&b, text));
    }
    func_bench_fini(&b);
}
END_TEST

START_TEST(formats_and_values_may_be_columns)
{
    func_bench b;
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    func_bench_texts(&b, "f", 4, (const char *[]){"%s=%d", "%2$05d:%1$-4s|", NULL, "100%%"});
    func_bench_texts(&b, "s", 4, (const char *[]){"a", NULL, "b", "\xC3\xA9"});
    func_bench_ints(&b, "n", 4, (const int32_t[]){1, -22, 3, 4});
    ck_assert_str_eq(func_bench_all(&b, "printf(f, s, n)"), "a=1;-0022:null|;NULL;100%");
    ck_assert_str_eq(func_bench_all(&b, "printf('%3s|%-3s|%S', s, s, s)"),
                     "  a|a  |A;null|null|NULL;  b|b  |B;  \xC3\xA9|\xC3\xA9  |\xC3\x89");
    func_bench_fini(&b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {digits_are_those_of_the_c_library_away_from_ties,
                                  ties_go_up_and_carries_move_the_point, formats_that_lie_are_errors,
                                  formats_and_values_may_be_columns};
    return sqi_test_main("func_format", tests, sizeof tests / sizeof *tests);
}
