/* The scan primitive against a loop: every byte, every place. */
#include "base_scan.h"
#include "test_main.h"

static uint64_t by_hand(const char *ptr, char byte, unsigned n)
{
    uint64_t bits = 0;
    for (unsigned k = 0; k < n; k++)
        bits |= (uint64_t)(ptr[k] == byte) << k;
    return bits;
}

START_TEST(hits_are_those_of_a_plain_loop)
{
    char bytes[64 + 3];
    uint32_t random = 7;
    for (int round = 0; round < 20000; round++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            random = random * 1664525u + 1013904223u;
            bytes[i] = (char)(round % 2 ? random >> 24 : (random >> 24) % 3 + 127); /* around the sign, too */
        }
        char byte = bytes[random % sizeof bytes];
        for (size_t at = 0; at < 3; at++) {
            ck_assert_uint_eq(sqi_scan_hits16(bytes + at, sqi_scan_byte_of(byte)), by_hand(bytes + at, byte, 16));
            ck_assert_uint_eq(sqi_scan_hits64(bytes + at, sqi_scan_byte_of(byte)), by_hand(bytes + at, byte, 64));
        }
    }
}
END_TEST

START_TEST(one_hit_at_every_place)
{
    for (int byte = 0; byte < 256; byte++)
        for (unsigned at = 0; at < 64; at++) {
            char bytes[64];
            memset(bytes, byte ^ 1, sizeof bytes);
            bytes[at] = (char)byte;
            ck_assert_uint_eq(sqi_scan_hits64(bytes, sqi_scan_byte_of((char)byte)), UINT64_C(1) << at);
        }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {hits_are_those_of_a_plain_loop, one_hit_at_every_place};
    return sqi_test_main("base_scan", tests, sizeof tests / sizeof *tests);
}
