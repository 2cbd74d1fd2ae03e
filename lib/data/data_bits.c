/*
 * data_bits: runs of bits, 64 at a time.
 */
#include "data_bits.h"

static void store(uint64_t *to, uint32_t at, uint64_t value, uint32_t n)
{
    uint32_t shift = at & 63;
    uint64_t ones = n < 64 ? (UINT64_C(1) << n) - 1 : ~UINT64_C(0);
    uint64_t *word = to + (at >> 6);
    word[0] = (word[0] & ~(ones << shift)) | (value & ones) << shift;
    if (shift && shift + n > 64)
        word[1] = (word[1] & ~(ones >> (64 - shift))) | (value & ones) >> (64 - shift);
}

void sqi_bits_fill(uint64_t *to, uint32_t at, uint32_t n, bool bit)
{
    uint64_t value = bit ? ~UINT64_C(0) : 0;
    for (uint32_t done = 0, some; done < n; done += some) {
        some = 64 - ((at + done) & 63);
        some = some < n - done ? some : n - done;
        store(to, at + done, value, some);
    }
}

void sqi_bits_copy(uint64_t *to, uint32_t to_at, const uint64_t *from, uint32_t from_at, uint32_t n)
{
    for (uint32_t done = 0, some; done < n; done += some) {
        some = 64 - ((to_at + done) & 63);
        some = some < n - done ? some : n - done;
        store(to, to_at + done, sqi_bits_load(from, from_at + done, some), some);
    }
}

uint32_t sqi_bits_count(const uint64_t *bits, uint32_t n)
{
    uint32_t count = 0;
    for (uint32_t done = 0, some; done < n; done += some) {
        some = n - done < 64 ? n - done : 64;
        count += (uint32_t)__builtin_popcountll(sqi_bits_load(bits, done, some));
    }
    return count;
}
