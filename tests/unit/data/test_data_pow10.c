/* Powers of ten against exact arithmetic, for every exponent of the table. */
#include "data_pow10.h"
#include "test_main.h"

#include <stdbool.h>
#include <string.h>

/* Natural numbers of 32-bit digits, enough for 10^361 times 2^128. */
typedef struct natural {
    uint32_t w[64];
} natural;

static void times(natural *x, uint32_t factor)
{
    uint64_t carry = 0;
    for (int i = 0; i < 64; i++) {
        carry += (uint64_t)x->w[i] * factor;
        x->w[i] = (uint32_t)carry;
        carry >>= 32;
    }
    ck_assert_uint_eq(carry, 0);
}

static void times_pow10(natural *x, int e)
{
    while (e-- > 0)
        times(x, 10);
}

static void times_pow2(natural *x, int e)
{
    while (e-- > 0)
        times(x, 2);
}

static int order(const natural *a, const natural *b)
{
    for (int i = 63; i >= 0; i--)
        if (a->w[i] != b->w[i])
            return a->w[i] < b->w[i] ? -1 : 1;
    return 0;
}

static natural from128(sqi_pow10 g, bool next)
{
    natural n;
    unsigned __int128 x = (unsigned __int128)g.hi << 64 | g.lo;
    memset(&n, 0, sizeof n);
    x += next;
    if (next && !x) {
        n.w[4] = 1;
        return n;
    }
    for (int i = 0; i < 4; i++)
        n.w[i] = (uint32_t)(x >> (32 * i));
    return n;
}

/* g * 2^s <= 10^e < (g + 1) * 2^s with s = log2 - 127, all brought to whole numbers. */
static void assert_power(int e)
{
    sqi_pow10 g = sqi_pow10_bits(e);
    int s = sqi_pow10_log2(e) - 127;
    natural power = {{1}}, low = from128(g, false), high = from128(g, true);
    ck_assert_msg(g.hi >> 63, "1e%d is not normal", e);
    times_pow10(e < 0 ? &low : &power, e < 0 ? -e : e);
    if (e < 0)
        times_pow10(&high, -e);
    if (s < 0) {
        times_pow2(&power, -s);
    } else {
        times_pow2(&low, s);
        times_pow2(&high, s);
    }
    ck_assert_msg(order(&low, &power) <= 0, "1e%d is too large", e);
    ck_assert_msg(order(&power, &high) < 0, "1e%d is too small", e);
}

START_TEST(every_power_has_its_first_128_bits)
{
    for (int e = SQI_POW10_MIN; e <= SQI_POW10_MAX; e++)
        assert_power(e);
}
END_TEST

START_TEST(small_powers_are_exact)
{
    sqi_pow10 one = sqi_pow10_bits(0), ten = sqi_pow10_bits(1);
    ck_assert_uint_eq(one.hi, UINT64_C(1) << 63);
    ck_assert_uint_eq(one.lo, 0);
    ck_assert_uint_eq(ten.hi, UINT64_C(10) << 60);
    ck_assert_int_eq(sqi_pow10_log2(0), 0);
    ck_assert_int_eq(sqi_pow10_log2(1), 3);
    ck_assert_int_eq(sqi_pow10_log2(-1), -4);
    ck_assert_int_eq(sqi_pow10_log2(10), 33);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_power_has_its_first_128_bits, small_powers_are_exact};
    return sqi_test_main("data_pow10", tests, sizeof tests / sizeof *tests);
}
