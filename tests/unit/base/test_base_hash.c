/* Hashes: known answers, seeds, spread. */
#include "base_hash.h"

#include "test_main.h"

START_TEST(bytes_hash_as_xxhash3)
{
    ck_assert_uint_eq(sqi_hash_bytes("", 0, 0), UINT64_C(0x2d06800538d394c2)); /* published test vector */
    ck_assert_uint_eq(sqi_hash_bytes("word", 4, 1), sqi_hash_bytes("word", 4, 1));
    ck_assert_uint_ne(sqi_hash_bytes("word", 4, 1), sqi_hash_bytes("word", 4, 2));
    ck_assert_uint_ne(sqi_hash_bytes("word", 4, 1), sqi_hash_bytes("worf", 4, 1));
}
END_TEST

START_TEST(small_integers_spread_over_the_low_and_high_bits)
{
    unsigned low[64] = {0}, high[64] = {0};
    for (uint64_t i = 0; i < 64000; i++) {
        uint64_t h = sqi_hash_u64(i);
        low[h % 64]++;
        high[h >> 58]++;
    }
    for (int i = 0; i < 64; i++) {
        ck_assert_uint_gt(low[i], 800);
        ck_assert_uint_lt(low[i], 1200);
        ck_assert_uint_gt(high[i], 800);
        ck_assert_uint_lt(high[i], 1200);
    }
}
END_TEST

START_TEST(mixing_depends_on_the_order)
{
    ck_assert_uint_ne(sqi_hash_mix(1, 2), sqi_hash_mix(2, 1));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {bytes_hash_as_xxhash3, small_integers_spread_over_the_low_and_high_bits,
                                  mixing_depends_on_the_order};
    return sqi_test_main("base_hash", tests, sizeof tests / sizeof *tests);
}
