/* Positions of what is true against a plain loop: every length, every share of trues, with and without nulls, behind which
   anything may stand. */
#include "data_select.h"

#include <stdbool.h>
#include <stdlib.h>

#include "test_main.h"

static void compare(uint32_t n, uint32_t share, bool nulls, uint32_t *random)
{
    uint8_t *yes = calloc(n + 1, 1);
    uint64_t valid[8];
    uint32_t *to = calloc(n + SQI_SELECT_ROOM, sizeof *to), *no = calloc(n + SQI_SELECT_ROOM, sizeof *no);
    for (uint32_t w = 0; w < 8; w++)
        for (uint32_t b = 0; b < 64; b++) {
            *random = *random * 1664525u + 1013904223u;
            valid[w] = valid[w] << 1 | (*random >> 24 & 1);
        }
    for (uint32_t i = 0; i < n; i++) {
        *random = *random * 1664525u + 1013904223u;
        yes[i] = nulls && !(valid[i / 64] >> (i % 64) & 1) ? (uint8_t)(*random >> 16) : *random >> 24 < share;
    }
    for (int both = 0; both < 2; both++) {
        uint32_t m = sqi_select(yes, nulls ? valid : NULL, n, to, both ? no : NULL), got = 0, other = 0;
        for (uint32_t i = 0; i < n; i++) {
            bool is = yes[i] && (!nulls || (valid[i / 64] >> (i % 64) & 1));
            if (is)
                ck_assert_uint_eq(to[got++], i);
            else if (both)
                ck_assert_uint_eq(no[other++], i);
        }
        ck_assert_uint_eq(m, got);
    }
    free(yes);
    free(to);
    free(no);
}

START_TEST(positions_are_those_of_a_plain_loop)
{
    uint32_t random = 1;
    for (uint32_t n = 0; n < 300; n++)
        for (uint32_t share = 0; share <= 256; share += 64) {
            compare(n, share, false, &random);
            compare(n, share, true, &random);
        }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {positions_are_those_of_a_plain_loop};
    return sqi_test_main("data_select", tests, sizeof tests / sizeof *tests);
}
