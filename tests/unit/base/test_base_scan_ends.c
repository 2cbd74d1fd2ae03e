/* Ends of pieces and of lines as numbers, against loops: every density, whichever instructions the processor has. */
#include "base_scan_ends.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "test_main.h"

enum { STEPS = 9, BYTES = STEPS * SQI_SCAN_WIDE };

static uint32_t next(uint32_t *random)
{
    *random = *random * 1664525u + 1013904223u;
    return *random >> 8;
}

START_TEST(ends_are_those_of_a_plain_loop)
{
    uint32_t random = 1;
    for (int round = 0; round < 3000; round++) {
        char *text = malloc(BYTES); /* exactly what may be read */
        uint64_t mask[STEPS] = {0}, want_mask[STEPS] = {0};
        uint32_t before[STEPS], end[BYTES + SQI_SCAN_ENDS_SLACK], n = 0, steps = 1 + next(&random) % STEPS;
        uint32_t sparse = 1 + next(&random) % (round % 100 + 1), last = next(&random) % SQI_SCAN_WIDE;
        uint64_t last_mask = UINT64_MAX >> (SQI_SCAN_WIDE - 1 - last);
        for (uint32_t i = 0; i < BYTES; i++) {
            text[i] = next(&random) % sparse ? 'x' : ';';
            if (next(&random) % 50 == 0)
                mask[i / 64] |= UINT64_C(1) << i % 64;
        }
        for (uint32_t i = 0; i < steps * SQI_SCAN_WIDE; i++) {
            bool hit =
                (text[i] == ';' || mask[i / 64] >> i % 64 & 1) && (i / 64 + 1 < steps || last_mask >> i % 64 & 1);
            want_mask[i / 64] |= (uint64_t)hit << i % 64;
        }
        uint32_t found = sqi_scan_ends(text, steps, ';', last_mask, mask, before, end);
        for (uint32_t i = 0; i < steps * SQI_SCAN_WIDE; i++) {
            if (i % 64 == 0)
                ck_assert_uint_eq(before[i / 64], n);
            if (want_mask[i / 64] >> i % 64 & 1)
                ck_assert_uint_eq(end[n++], i);
        }
        ck_assert_uint_eq(found, n);
        ck_assert(memcmp(mask, want_mask, steps * sizeof *mask) == 0);
        free(text);
    }
}
END_TEST

START_TEST(ends_of_two_bytes_are_those_of_a_plain_loop)
{
    uint32_t random = 4;
    for (int round = 0; round < 3000; round++) {
        char *text = malloc(BYTES), second = round % 2 ? '\n' : ';';
        uint32_t end[BYTES + SQI_SCAN_ENDS_SLACK], n = 0, steps = 1 + next(&random) % STEPS;
        uint32_t sparse = 1 + next(&random) % (round % 100 + 1);
        for (uint32_t i = 0; i < BYTES; i++)
            text[i] = next(&random) % sparse ? 'x' : next(&random) % 2 ? ';' : '\n';
        uint32_t found = sqi_scan_ends_two(text, steps, ';', second, end);
        for (uint32_t i = 0; i < steps * SQI_SCAN_WIDE; i++)
            if (text[i] == ';' || text[i] == second)
                ck_assert_uint_eq(end[n++], i);
        ck_assert_uint_eq(found, n);
        free(text);
    }
}
END_TEST

START_TEST(lines_are_counted_up_to_the_first_with_a_cr)
{
    uint32_t random = 2;
    for (int round = 0; round < 6000; round++) {
        uint32_t len = next(&random) % (BYTES + 1), sparse = 1 + next(&random) % (round % 100 + 1), n = 0;
        uint32_t cr = round % 3 ? BYTES : next(&random) % BYTES, most = round % 2 ? UINT32_MAX : next(&random) % 20;
        char *text = malloc(len ? len : 1);
        size_t bytes = 1, want = 0;
        for (uint32_t i = 0; i < len; i++)
            text[i] = i == cr ? '\r' : next(&random) % sparse ? 'x' : '\n';
        for (uint32_t i = 0; i < len && i < cr && n < most; i++)
            if (text[i] == '\n') {
                n++;
                want = i + 1;
            }
        ck_assert_uint_eq(sqi_scan_lines(text, len, most, &bytes), n);
        ck_assert_uint_eq(bytes, want);
        free(text);
    }
}
END_TEST

START_TEST(bits_are_counted)
{
    uint32_t random = 3;
    for (int round = 0; round < 1000; round++) {
        uint64_t x = (uint64_t)next(&random) << 40 ^ (uint64_t)next(&random) << 17 ^ next(&random);
        ck_assert_uint_eq(sqi_scan_count(x), (uint32_t)__builtin_popcountll(x));
    }
    ck_assert_uint_eq(sqi_scan_count(UINT64_MAX), 64);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {ends_are_those_of_a_plain_loop, ends_of_two_bytes_are_those_of_a_plain_loop,
                                  lines_are_counted_up_to_the_first_with_a_cr, bits_are_counted};
    return sqi_test_main("base_scan_ends", tests, sizeof tests / sizeof *tests);
}
