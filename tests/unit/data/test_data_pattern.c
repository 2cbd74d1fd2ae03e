/* Patterns that are none: the conditions that Spark gives for each letter too many. */
#include "data_pattern.h"
#include "fail_alloc.h"
#include "test_main.h"

#include <string.h>

static void assert_refused(sqi_arena *arena, const char *pattern, bool reading, const char *condition)
{
    const sqi_pattern *p;
    streamq_error *err = NULL;
    ck_assert_msg(sqi_pattern_compile(sqi_span_of(pattern), reading, arena, &p, &err) != STREAMQ_OK, "%s", pattern);
    ck_assert_msg(strcmp(sqi_cond_name(sqi_error_cond(err)), condition) == 0, "%s is %s", pattern,
                  sqi_cond_name(sqi_error_cond(err)));
    sqi_error_free(err);
}

START_TEST(letters_are_refused_as_spark_refuses_them)
{
    static const struct {
        bool reading;
        const char *pattern, *condition;
    } rows[] = {
        {true, "iiiiiii", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "J", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "ppp", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {false, "bbbbbbb", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "FFFFFF", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "kkkkkkk", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "c", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN"},
        {true, "kkk", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "TTTTTTT", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "AAAAAA", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {false, "BBBBBBB", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {false, "ii", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "cccccc", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN"},
        {false, "WW", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "YY", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "uuu", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "jjjj", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "j", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "eeeeeee", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN"},
        {true, "EEE", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "pppp", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {true, "hhh", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "uuuu", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "XXXXXX", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "w", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "QQQQQQQ", "INVALID_DATETIME_PATTERN.LENGTH"},
        {false, "KKKKKK", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "www", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "IIII", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "KKKKKKK", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "GGGGGGG", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "NNNNN", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {true, "hhhhhh", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "ZZZZZZZ", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "VVV", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "u", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "NN", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {false, "o", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "NNNN", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {false, "U", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "nnnnn", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {true, "LLLLLL", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "nn", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {false, "oo", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "iiiiii", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "V", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "J", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "WWWWWWW", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "RR", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "GGGGGGG", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "wwwwww", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "TTT", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "t", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "BBBB", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {true, "HHHHHHH", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "OOOOOO", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "iiii", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "fff", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "llllll", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "JJ", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "ZZZZZZZ", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "ffffff", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "BBB", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {true, "wwwww", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "nnnnnn", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {true, "RRRRRR", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "kkkk", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "OOO", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "GGGGG", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "zzzzz", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "KKKK", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "n", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {false, "FFF", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "HHHH", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "OOOOO", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "rrrrr", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "BBBBBB", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {true, "T", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "TTTTTTT", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "TTTTTT", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "UU", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "PPPPPPP", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "jjjjj", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "nnnn", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {true, "aaaaaaa", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "llllll", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "uuu", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "LLLLLLL", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "qqqq", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {false, "Y", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "i", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "YYYYY", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "WWWWWWW", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "kkkkkk", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "VVVVVVV", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "VVV", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "JJJJJJJ", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "OOOOOOO", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "fffff", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "rrrrrrr", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "UUUUUUU", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "RR", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "HHH", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "YYYY", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "jj", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "ttttttt", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "BB", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {false, "NNNNN", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {true, "N", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {false, "EEEEE", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "AAA", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {false, "bb", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "uuuu", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "I", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "YYY", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "OOOOO", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "rr", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "KKKK", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "IIII", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "bbbbbb", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "PPPPP", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "YYYYYY", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "kkkkk", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "EE", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "HHHHHHH", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "KKK", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "FFFF", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "ccccc", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN"},
        {true, "RRRR", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "lll", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "kkkkkk", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "iiiii", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "NNNNNNN", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {false, "llll", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "ffff", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "UUU", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "CCCCCC", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "HHH", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {true, "NNNNNN", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {false, "bbbb", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "PPPP", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "hhhhhhh", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "RRRRRRR", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "nnnnnn", "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER"},
        {true, "iii", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {false, "sss", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "dddddd", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "III", "INVALID_DATETIME_PATTERN.WITH_SUGGESTION"},
        {true, "dddd", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"},
        {false, "eeeeee", "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN"},
    };
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_refused(&arena, rows[i].pattern, rows[i].reading, rows[i].condition);
    sqi_arena_fini(&arena);
}
END_TEST

START_TEST(quotes_and_sections_must_fit)
{
    sqi_alloc alloc;
    sqi_arena arena;
    const sqi_pattern *p;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    assert_refused(&arena, "yyyy'MM", false, "INVALID_DATETIME_PATTERN.WITH_SUGGESTION");
    assert_refused(&arena, "yyyy{", false, "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION");
    assert_refused(&arena, "yyyy]", false, "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION");
    assert_refused(&arena, "foo", false, "INVALID_DATETIME_PATTERN.WITH_SUGGESTION");
    ck_assert_int_eq(sqi_pattern_compile(SQI_SPAN("[yyyy[MM"), false, &arena, &p, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_pattern_compile(SQI_SPAN("'nonsense in quotes: YYYY'"), true, &arena, &p, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_pattern_compile(SQI_SPAN(""), true, &arena, &p, NULL), STREAMQ_OK);
    sqi_arena_fini(&arena);
}
END_TEST

START_TEST(patterns_of_any_bytes_do_no_harm)
{
    sqi_alloc alloc;
    sqi_arena arena;
    uint32_t state = 1;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    for (int round = 0; round < 20000; round++) {
        char text[24], input[16];
        const sqi_pattern *p;
        int64_t micros;
        for (size_t i = 0; i < sizeof text; i++) {
            state = state * 1664525 + 1013904223;
            text[i] = "yMdHmsSzVXxZOaGDEhkK[]'' -:T"[(state >> 16) % 28];
        }
        for (size_t i = 0; i < sizeof input; i++) {
            state = state * 1664525 + 1013904223;
            input[i] = "0123456789+-: TZ"[(state >> 16) % 16];
        }
        size_t n = (state >> 8) % sizeof text;
        if (sqi_pattern_compile((sqi_span){text, n}, true, &arena, &p, NULL) == STREAMQ_OK)
            (void)sqi_pattern_read(p, (sqi_span){input, sizeof input}, sqi_zone_utc(), NULL, false, &micros);
        sqi_arena_reset(&arena);
    }
    sqi_arena_fini(&arena);
}
END_TEST

static streamq_status compile(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_arena arena;
    const sqi_pattern *p;
    sqi_arena_init(&arena, alloc);
    streamq_status st = sqi_pattern_compile(SQI_SPAN("yyyy-MM-dd[ HH:mm]"), true, &arena, &p, err);
    (void)context;
    sqi_arena_fini(&arena);
    return st;
}

START_TEST(every_allocation_may_fail)
{
    ck_assert_uint_ge(sqi_test_every_allocation(compile, NULL), 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {letters_are_refused_as_spark_refuses_them, quotes_and_sections_must_fit,
                                  patterns_of_any_bytes_do_no_harm, every_allocation_may_fail};
    return sqi_test_main("data_pattern", tests, sizeof tests / sizeof *tests);
}
