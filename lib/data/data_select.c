/*
 * data_select: four booleans at a time are a number from 0 to 15, and a table says which positions they stand for. All
 * four are stored; those that do not count are written over by the next.
 */
#include "data_select.h"

#include <string.h>

typedef uint32_t four __attribute__((vector_size(16)));

static const four places[16] = {{0, 0, 0, 0}, {0, 0, 0, 0}, {1, 0, 0, 0}, {0, 1, 0, 0}, {2, 0, 0, 0}, {0, 2, 0, 0},
                                {1, 2, 0, 0}, {0, 1, 2, 0}, {3, 0, 0, 0}, {0, 3, 0, 0}, {1, 3, 0, 0}, {0, 1, 3, 0},
                                {2, 3, 0, 0}, {0, 2, 3, 0}, {1, 2, 3, 0}, {0, 1, 2, 3}};
static const uint8_t counts[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};

static inline uint32_t put(uint32_t *to, uint32_t m, uint32_t bits, uint32_t at)
{
    four at_all = places[bits] + at;
    memcpy(to + m, &at_all, sizeof at_all);
    return m + counts[bits];
}

/* Eight bits as bytes of 0 and 1. */
static inline uint64_t spread(uint32_t bits)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    return (((bits & 255) * each & UINT64_C(0x8040201008040201)) + 127 * each) >> 7 & each;
}

/* Eight booleans as eight bits. */
static inline uint32_t gather(const uint8_t *yes, uint64_t wanted)
{
    uint64_t x = 0;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(&x, yes, sizeof x);
#else
    for (int k = 0; k < 8; k++)
        x |= (uint64_t)yes[k] << 8 * k;
#endif
    return (uint32_t)((x & wanted) * UINT64_C(0x0102040810204080) >> 56);
}

static inline __attribute__((always_inline)) uint32_t run(const uint8_t *yes, const uint64_t *valid, uint32_t n,
                                                          uint32_t *to, uint32_t *no)
{
    uint32_t m = 0, k = 0, i = 0;
    for (; i + 8 <= n; i += 8) {
        /* What a null hides may be anything, and would be carried over to its neighbours. */
        uint32_t bits = gather(yes + i, valid ? spread((uint32_t)(valid[i >> 6] >> (i & 63))) : UINT64_MAX);
        uint32_t rest = ~bits;
        m = put(to, m, bits & 15, i);
        m = put(to, m, bits >> 4, i + 4);
        if (no) {
            k = put(no, k, rest & 15, i);
            k = put(no, k, rest >> 4 & 15, i + 4);
        }
    }
    for (; i < n; i++) {
        uint32_t bit = yes[i] & (valid ? (uint32_t)(valid[i >> 6] >> (i & 63)) & 1 : 1);
        to[m] = i;
        m += bit;
        if (no) {
            no[k] = i;
            k += 1 - bit;
        }
    }
    return m;
}

uint32_t sqi_select(const uint8_t *yes, const uint64_t *valid, uint32_t n, uint32_t *to, uint32_t *no)
{
    if (no)
        return run(yes, valid, n, to, no);
    return valid ? run(yes, valid, n, to, NULL) : run(yes, NULL, n, to, NULL);
}
