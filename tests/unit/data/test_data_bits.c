/* Runs of bits against one bit at a time, at every alignment. */
#include "data_bits.h"
#include "random_vec.h"
#include "test_main.h"

enum { WORDS = 5, BITS = WORDS * 64 };

static void noise(sqi_random *r, uint64_t *bits)
{
    for (int i = 0; i < WORDS; i++)
        bits[i] = sqi_random_next(r);
}

START_TEST(copies_move_the_run_and_nothing_else)
{
    sqi_random r = {1};
    for (int round = 0; round < 20000; round++) {
        uint64_t from[WORDS], to[WORDS], want[WORDS];
        noise(&r, from);
        noise(&r, to);
        memcpy(want, to, sizeof to);
        uint32_t n = sqi_random_below(&r, BITS + 1);
        uint32_t a = sqi_random_below(&r, BITS - n + 1), b = sqi_random_below(&r, BITS - n + 1);
        for (uint32_t i = 0; i < n; i++)
            sqi_bits_put(want, b + i, sqi_bits_get(from, a + i));
        sqi_bits_copy(to, b, from, a, n);
        ck_assert_mem_eq(to, want, sizeof to);
    }
}
END_TEST

START_TEST(fills_set_the_run_and_nothing_else)
{
    sqi_random r = {2};
    for (int round = 0; round < 20000; round++) {
        uint64_t to[WORDS], want[WORDS];
        noise(&r, to);
        memcpy(want, to, sizeof to);
        uint32_t n = sqi_random_below(&r, BITS + 1), at = sqi_random_below(&r, BITS - n + 1);
        for (uint32_t i = 0; i < n; i++)
            sqi_bits_put(want, at + i, round % 2);
        sqi_bits_fill(to, at, n, round % 2);
        ck_assert_mem_eq(to, want, sizeof to);
    }
}
END_TEST

START_TEST(counts_and_loads_look_at_the_bits_asked_for)
{
    sqi_random r = {3};
    for (int round = 0; round < 5000; round++) {
        uint64_t bits[WORDS], load = 0;
        noise(&r, bits);
        uint32_t n = sqi_random_below(&r, BITS + 1), count = 0;
        for (uint32_t i = 0; i < n; i++)
            count += sqi_bits_get(bits, i);
        ck_assert_uint_eq(sqi_bits_count(bits, n), count);
        uint32_t some = 1 + sqi_random_below(&r, 64), at = sqi_random_below(&r, BITS - some + 1);
        for (uint32_t i = 0; i < some; i++)
            load |= (uint64_t)sqi_bits_get(bits, at + i) << i;
        ck_assert_uint_eq(sqi_bits_load(bits, at, some), load);
    }
    ck_assert_uint_eq(sqi_bits_words(0), 0);
    ck_assert_uint_eq(sqi_bits_words(64), 1);
    ck_assert_uint_eq(sqi_bits_words(65), 2);
    ck_assert_uint_eq(sqi_bits_words(UINT32_MAX), 1u << 26);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {copies_move_the_run_and_nothing_else, fills_set_the_run_and_nothing_else,
                                  counts_and_loads_look_at_the_bits_asked_for};
    return sqi_test_main("data_bits", tests, sizeof tests / sizeof *tests);
}
