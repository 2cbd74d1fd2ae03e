/*
 * A block of text at a time: first the ends of all its words (64 bytes a step, asked into the cache a page ahead, where
 * the processor's own reading ahead ends), then the words' keys and hashes, with their slots asked into the cache, then
 * the counts. A key of up to 15 bytes is the word itself padded with zeros, with its length + 1 in the last byte, in the
 * slot beside the count: one 16-byte comparison, no pointer followed. Longer words have their hash and length for a key,
 * and are compared where they are kept.
 */
#include "limit_word_count.h"

#include "bench_kit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { BLOCK = 2048, AHEAD = 4096, FIRST_SLOTS = 1 << 16, SHORT = 15, LONG_TAG = 255 };

typedef struct key {
    uint64_t low, high;
} key;

typedef struct slot {
    key key; /* high 0: free */
    uint64_t count;
    const char *word; /* of a long one */
} slot;

struct limit_words {
    slot *slots;
    size_t mask, used;
    uint32_t (*ends)(const char *text, uint32_t *end); /* of BLOCK bytes */
    key key[BLOCK];
    uint32_t at[BLOCK], end[BLOCK + 64];
};

/* ------------------------------------------------------------------------------------------------ ends of the words */

static inline uint32_t put_bits(uint64_t bits, uint32_t base, uint32_t *end, uint32_t n)
{
    uint32_t found = (uint32_t)__builtin_popcountll(bits);
    for (uint32_t done = 0; done < found; done += 8)
        for (uint32_t i = 0; i < 8; i++) { /* too many are overwritten by the next step: fewer branches to miss */
            end[n + done + i] = base + (uint32_t)__builtin_ctzll(bits | UINT64_C(1) << 63);
            bits &= bits - 1;
        }
    return n + found;
}

#if defined(__x86_64__)
static uint32_t ends_sse2(const char *text, uint32_t *end)
{
    uint32_t n = 0;
    const __m128i space = _mm_set1_epi8(' '), feed = _mm_set1_epi8('\n');
    for (uint32_t at = 0; at < BLOCK; at += 64) {
        uint64_t bits = 0;
        __builtin_prefetch(text + at + AHEAD, 0, 2);
        for (uint32_t i = 0; i < 64; i += 16) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(text + at + i));
            __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, space), _mm_cmpeq_epi8(v, feed));
            bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << i;
        }
        n = put_bits(bits, at, end, n);
    }
    return n;
}

__attribute__((target("avx2,bmi,bmi2,popcnt"))) static uint32_t ends_avx2(const char *text, uint32_t *end)
{
    uint32_t n = 0;
    const __m256i space = _mm256_set1_epi8(' '), feed = _mm256_set1_epi8('\n');
    for (uint32_t at = 0; at < BLOCK; at += 64) {
        uint64_t bits = 0;
        __builtin_prefetch(text + at + AHEAD, 0, 2);
        for (uint32_t i = 0; i < 64; i += 32) {
            __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(text + at + i));
            __m256i hit = _mm256_or_si256(_mm256_cmpeq_epi8(v, space), _mm256_cmpeq_epi8(v, feed));
            bits |= (uint64_t)(uint32_t)_mm256_movemask_epi8(hit) << i;
        }
        n = put_bits(bits, at, end, n);
    }
    return n;
}

/* The numbers of the bytes that hit are moved together in one instruction, sixteen of them stored without a branch. */
__attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt"))) static uint32_t ends_avx512(const char *text,
                                                                                           uint32_t *end)
{
    static const uint8_t order[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                      16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                      32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                      48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i number = _mm512_loadu_si512(order), space = _mm512_set1_epi8(' '), feed = _mm512_set1_epi8('\n');
    uint32_t n = 0;
    for (uint32_t at = 0; at < BLOCK; at += 64) {
        __builtin_prefetch(text + at + AHEAD, 0, 2);
        __m512i v = _mm512_loadu_si512(text + at), base = _mm512_set1_epi32((int)at);
        uint64_t bits = _mm512_cmpeq_epi8_mask(v, space) | _mm512_cmpeq_epi8_mask(v, feed);
        uint32_t found = (uint32_t)__builtin_popcountll(bits);
        __m512i packed = _mm512_maskz_compress_epi8(bits, number);
        _mm512_storeu_si512(end + n, _mm512_add_epi32(_mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed)), base));
        if (__builtin_expect(found > 16, 0)) {
            uint8_t all[64];
            _mm512_storeu_si512(all, packed);
            for (uint32_t i = 16; i < found; i++)
                end[n + i] = at + all[i];
        }
        n += found;
    }
    return n;
}
#else
static uint32_t ends_plain(const char *text, uint32_t *end)
{
    uint32_t n = 0;
    for (uint32_t at = 0; at < BLOCK; at += 64) {
        uint64_t bits = 0;
        for (uint32_t i = 0; i < 64; i++)
            bits |= (uint64_t)(text[at + i] == ' ' || text[at + i] == '\n') << i;
        n = put_bits(bits, at, end, n);
    }
    return n;
}
#endif

static const struct path {
    const char *name;
    uint32_t (*ends)(const char *text, uint32_t *end);
} * best_path(void)
{
#if defined(__x86_64__)
    static const struct path paths[] = {{"AVX-512", ends_avx512}, {"AVX2", ends_avx2}, {"SSE2", ends_sse2}};
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2"))
        return &paths[0];
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") ? &paths[1] : &paths[2];
#else
    static const struct path plain = {"plain C", ends_plain};
    return &plain;
#endif
}

const char *limit_words_path(void)
{
    return best_path()->name;
}

/* ----------------------------------------------------------------------------------------------------- keys, counts */

static inline uint64_t hash_of(key k)
{
    unsigned __int128 m = (unsigned __int128)(k.low ^ 0x9e3779b97f4a7c15u) * (k.high ^ 0xd6e8feb86659fd93u);
    return (uint64_t)m ^ (uint64_t)(m >> 64);
}

static key key_of_long(const char *word, uint32_t len)
{
    uint64_t h = len;
    for (uint32_t i = 0; i < len; i++)
        h = (h ^ (uint8_t)word[i]) * 0x100000001b3u;
    return (key){h, (uint64_t)LONG_TAG << 56 | len};
}

static const uint64_t low_mask[SHORT + 1] = {
    0,          0xff,       0xffff,     0xffffff,   0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff,
    UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX,   UINT64_MAX,     UINT64_MAX};

static inline key key_of(const char *word, uint32_t len)
{
    if (__builtin_expect(len > SHORT, 0))
        return key_of_long(word, len);
    key k;
    memcpy(&k, word, sizeof k);
    k.low &= low_mask[len];
    k.high &= low_mask[len > 8 ? len - 8 : 0];
    k.high |= (uint64_t)(len + 1) << 56;
    return k;
}

static inline bool same(const slot *s, key k)
{
    return ((s->key.low ^ k.low) | (s->key.high ^ k.high)) == 0;
}

static bool same_long(const slot *s, key k, const char *word)
{
    return k.high >> 56 != LONG_TAG || memcmp(s->word, word, (uint32_t)k.high) == 0;
}

static void grow(limit_words *w)
{
    size_t old = w->slots ? w->mask + 1 : 0, size = old ? 2 * old : FIRST_SLOTS;
    slot *slots = bench_pages(size * sizeof *slots);
    for (size_t i = 0; i < old; i++)
        if (w->slots[i].key.high) {
            size_t at = hash_of(w->slots[i].key) & (size - 1);
            while (slots[at].key.high)
                at = (at + 1) & (size - 1);
            slots[at] = w->slots[i];
        }
    free(w->slots);
    w->slots = slots;
    w->mask = size - 1;
}

/* The slot is another word's, or nobody's yet. */
static void count_elsewhere(limit_words *w, key k, size_t at, const char *word)
{
    for (;; at = (at + 1) & w->mask) {
        slot *s = &w->slots[at];
        if (s->key.high == 0)
            break;
        if (same(s, k) && same_long(s, k, word)) {
            s->count++;
            return;
        }
    }
    slot *s = &w->slots[at];
    *s = (slot){k, 1, NULL};
    if (k.high >> 56 == LONG_TAG)
        s->word = memcpy(bench_must(malloc((uint32_t)k.high)), word, (uint32_t)k.high);
    w->used++;
}

static void count_block(limit_words *w, const char *text, uint32_t n, const char *begin)
{
    if ((w->used + n) * 4 > (w->mask + 1) * 3)
        grow(w);
    const size_t mask = w->mask;
    const char *word = begin;
    for (uint32_t i = 0; i < n; i++) {
        const char *end = text + w->end[i];
        key k = key_of(word, (uint32_t)(end - word));
        size_t at = hash_of(k) & mask;
        __builtin_prefetch(&w->slots[at], 1);
        w->key[i] = k;
        w->at[i] = (uint32_t)at;
        word = end + 1;
    }
    word = begin;
    for (uint32_t i = 0; i < n; i++) {
        slot *s = &w->slots[w->at[i]];
        key k = w->key[i];
        if (__builtin_expect(same(s, k) && k.high >> 56 != LONG_TAG, 1))
            s->count++;
        else
            count_elsewhere(w, k, w->at[i], i ? text + w->end[i - 1] + 1 : begin);
    }
}

size_t limit_words_add(limit_words *w, const char *text, size_t len)
{
    const char *begin = text;
    size_t at = 0;
    for (; at + BLOCK <= len; at += BLOCK) {
        uint32_t n = w->ends(text + at, w->end);
        count_block(w, text + at, n, begin);
        begin = n ? text + at + w->end[n - 1] + 1 : begin;
    }
    char rest[BLOCK] = {0};
    memcpy(rest, text + at, len - at);
    uint32_t n = w->ends(rest, w->end);
    count_block(w, text + at, n, begin);
    begin = n ? text + at + w->end[n - 1] + 1 : begin;
    return (size_t)(text + len - begin);
}

/* ------------------------------------------------------------------------------------------------------- the result */

/* Least significant byte first, each pass stable; counts descend because their complements ascend. */
static void sort_words(limit_word *list, size_t n, uint64_t most)
{
    limit_word *from = list, *to = bench_must(malloc((n + 1) * sizeof *to)), *spare = to;
    for (unsigned shift = 0; shift < 64 && most >> shift; shift += 11) {
        size_t start[2049] = {0};
        for (size_t i = 0; i < n; i++)
            start[(~from[i].count >> shift & 2047) + 1]++;
        for (size_t i = 1; i < 2048; i++)
            start[i] += start[i - 1];
        for (size_t i = 0; i < n; i++)
            to[start[~from[i].count >> shift & 2047]++] = from[i];
        limit_word *swap = from;
        from = to;
        to = swap;
    }
    if (from != list)
        memcpy(list, from, n * sizeof *list);
    free(spare);
}

limit_word *limit_words_sorted(const limit_words *w, size_t *n)
{
    limit_word *list = bench_must(malloc((w->used + 1) * sizeof *list));
    uint64_t most = 0;
    *n = 0;
    for (size_t i = 0; i <= w->mask; i++) {
        const slot *s = &w->slots[i];
        if (s->key.high == 0)
            continue;
        bool is_long = s->key.high >> 56 == LONG_TAG;
        list[(*n)++] = (limit_word){is_long ? s->word : (const char *)&s->key,
                                    is_long ? (uint32_t)s->key.high : (uint32_t)(s->key.high >> 56) - 1, s->count};
        most = s->count > most ? s->count : most;
    }
    sort_words(list, *n, most);
    return list;
}

limit_words *limit_words_new(void)
{
    limit_words *w = bench_must(calloc(1, sizeof *w));
    w->ends = best_path()->ends;
    grow(w);
    return w;
}

void limit_words_free(limit_words *w)
{
    if (!w)
        return;
    for (size_t i = 0; i <= w->mask; i++)
        if (w->slots[i].key.high >> 56 == LONG_TAG)
            free((char *)(uintptr_t)w->slots[i].word);
    free(w->slots);
    free(w);
}
