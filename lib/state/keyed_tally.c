/*
 * keyed_tally: see the header. The loop over the words has no branch on whether a word is known: with natural text
 * three of ten are not, which no processor can guess.
 *
 * An entry is free or belongs to the first key that came for it, until the next drain. Long strings are never learned:
 * their views hold a pointer. Keys chosen to collide only make the tally useless, not the table.
 */
#include "keyed_tally.h"

#if defined(__x86_64__) && !defined(SQI_PORTABLE)
#define TALLY_CRC 1
#define CRC __attribute__((target("avx,sse4.2")))
#include <immintrin.h>
#else
#define TALLY_CRC 0
#endif

enum { FIRST_BITS = 10, CALL_MIN = 256, BLOCK = 256, WINDOW = 1 << 14, REST = 64, SKIP_MOST = 64 };

typedef struct sqi_tally_entry {
    uint64_t key[2]; /* a view */
    uint32_t count;
    uint32_t row; /* until it is told, the position of the key that came first */
} sqi_tally_entry;

/* No view is that long. */
static const sqi_tally_entry free_entry = {{UINT32_MAX, 0}, 0, 0};

static size_t entries_bytes(uint32_t bits)
{
    return sizeof(sqi_tally_entry) << bits;
}

static size_t used_bytes(uint32_t bits)
{
    return sizeof(uint32_t) << bits;
}

void sqi_tally_fini(sqi_tally *t, sqi_alloc *alloc)
{
    sqi_alloc_free(alloc, t->entry, entries_bytes(t->bits));
    sqi_alloc_free(alloc, t->used, used_bytes(t->bits));
    *t = (sqi_tally){0};
}

size_t sqi_tally_bytes(const sqi_tally *t)
{
    return t->entry ? entries_bytes(t->bits) + used_bytes(t->bits) : 0;
}

/* Two ways to a place and to a comparison, one of them for each processor. Entries that are apart in a tally stay so in a larger one: a place
   there has one more bit of the same number. */
static inline uint32_t place_plain(const uint64_t *key, uint32_t bits)
{
    uint64_t mixed = (key[0] ^ key[1] * UINT64_C(0xd6e8feb86659fd93)) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(mixed >> (64 - bits));
}

static inline uint32_t same_plain(const uint64_t *key, const sqi_str *other)
{
    uint64_t want[2];
    memcpy(want, other, sizeof want);
    return ((key[0] ^ want[0]) | (key[1] ^ want[1])) == 0;
}

#if TALLY_CRC
CRC static inline uint32_t same_sse(const uint64_t *key, const sqi_str *other)
{
    __m128i difference = _mm_xor_si128(_mm_loadu_si128((const __m128i *)(const void *)key),
                                       _mm_loadu_si128((const __m128i *)(const void *)other));
    return (uint32_t)_mm_testz_si128(difference, difference);
}

CRC static inline uint32_t place_crc(const uint64_t *key, uint32_t bits)
{
    return (uint32_t)_mm_crc32_u64(_mm_crc32_u64(0, key[0]), key[1]) & ((UINT32_C(1) << bits) - 1);
}

static bool uses_crc(const sqi_tally *t)
{
    return !t->plain && __builtin_cpu_supports("avx") && __builtin_cpu_supports("sse4.2");
}

CRC static uint32_t place_by_crc(const uint64_t *key, uint32_t bits)
{
    return place_crc(key, bits);
}

static uint32_t place_of(const sqi_tally *t, const uint64_t *key, uint32_t bits)
{
    return uses_crc(t) ? place_by_crc(key, bits) : place_plain(key, bits);
}
#else
static uint32_t place_of(const sqi_tally *t, const uint64_t *key, uint32_t bits)
{
    (void)t;
    return place_plain(key, bits);
}
#endif

/* What was used moves over. Without memory the tally stays as it is. */
static void resize(sqi_tally *t, sqi_alloc *alloc, uint32_t bits)
{
    sqi_tally_entry *entry = sqi_alloc_get(alloc, entries_bytes(bits));
    uint32_t *used = sqi_alloc_get(alloc, used_bytes(bits));
    if (!entry || !used) {
        sqi_alloc_free(alloc, entry, entries_bytes(bits));
        sqi_alloc_free(alloc, used, used_bytes(bits));
        return;
    }
    for (uint32_t i = 0; i < UINT32_C(1) << bits; i++)
        entry[i] = free_entry;
    for (uint32_t k = 0; k < t->nused; k++) {
        const sqi_tally_entry *e = &t->entry[t->used[k]];
        used[k] = place_of(t, e->key, bits);
        entry[used[k]] = *e;
    }
    sqi_alloc_free(alloc, t->entry, entries_bytes(t->bits));
    sqi_alloc_free(alloc, t->used, used_bytes(t->bits));
    t->entry = entry;
    t->used = used;
    t->bits = bits;
    t->skip = t->pause = 0;
}

static bool wanted(sqi_tally *t, uint32_t n)
{
    if (n < CALL_MIN || t->passed < t->warm || t->counted + n > UINT32_MAX)
        return false;
    if (!t->rest)
        return true;
    t->rest -= t->rest < n ? t->rest : n;
    return false;
}

bool sqi_tally_begin(sqi_tally *t, sqi_alloc *alloc, uint32_t n)
{
    if (!wanted(t, n)) {
        t->passed += n;
        return false;
    }
    if (!t->entry)
        resize(t, alloc, FIRST_BITS);
    else if (t->bits < t->most_bits && t->nused > UINT32_C(1) << (t->bits - 1))
        resize(t, alloc, t->bits + 2);
    return t->entry != NULL;
}

/* Positions of a chunk, in the order of `sel`, or side by side. */
typedef struct span {
    const uint32_t *sel;
    uint32_t begin, end;
} span;

/* What misses goes to `rest`, and to `place` (may be NULL) where its entry would be. */
#define COUNT(name, target, place_by, same_by)                                                                   \
    target static inline __attribute__((always_inline)) uint32_t name##_rows(                                    \
        const sqi_tally *t, const sqi_str *key, span s, uint32_t *restrict rest, uint32_t *restrict place)       \
    {                                                                                                            \
        sqi_tally_entry *const entry = t->entry;                                                                 \
        const uint32_t bits = t->bits;                                                                           \
        uint32_t n = 0;                                                                                          \
        for (uint32_t k = s.begin; k < s.end; k++) {                                                             \
            uint32_t i = s.sel ? s.sel[k] : k;                                                                   \
            uint64_t want[2];                                                                                    \
            memcpy(want, &key[i], sizeof want);                                                                  \
            uint32_t at = place_by(want, bits);                                                                  \
            sqi_tally_entry *e = &entry[at];                                                                     \
            uint32_t hit = same_by(e->key, &key[i]);                                                             \
            e->count += hit;                                                                                     \
            rest[n] = i;                                                                                         \
            if (place)                                                                                           \
                place[n] = at;                                                                                   \
            n += 1 - hit;                                                                                        \
        }                                                                                                        \
        return n;                                                                                                \
    }                                                                                                            \
    /* A loop for each case. */                                                                                  \
    target static uint32_t name(const sqi_tally *t, const sqi_str *key, span s, uint32_t *rest, uint32_t *place) \
    {                                                                                                            \
        return s.sel   ? name##_rows(t, key, s, rest, place)                                                     \
               : place ? name##_rows(t, key, (span){NULL, s.begin, s.end}, rest, place)                          \
                       : name##_rows(t, key, (span){NULL, s.begin, s.end}, rest, NULL);                          \
    }

COUNT(count_plain, , place_plain, same_plain)
#if TALLY_CRC
COUNT(count_crc, CRC, place_crc, same_sse) /* fewer instructions, which is what this loop's time is */
#endif
#undef COUNT

static uint32_t count_block(const sqi_tally *t, const sqi_str *key, span s, uint32_t *rest, uint32_t *place)
{
#if TALLY_CRC
    if (uses_crc(t))
        return count_crc(t, key, s, rest, place);
#endif
    return count_plain(t, key, s, rest, place);
}

/* Free entries go to whom they have missed. */
static void take_entries(sqi_tally *t, const sqi_str *key, const uint32_t *missed, const uint32_t *place, uint32_t n)
{
    uint32_t before = t->nused;
    for (uint32_t k = 0; k < n; k++) {
        sqi_tally_entry *e = &t->entry[place[k]];
        const sqi_str *s = &key[missed[k]];
        if (__builtin_expect(e->key[0] != free_entry.key[0], 1) || s->len > SQI_STR_INLINE)
            continue;
        memcpy(e->key, s, sizeof e->key);
        e->row = missed[k];
        t->used[t->nused++] = place[k];
    }
    t->pause = t->nused != before ? 0 : t->pause < SKIP_MOST ? 2 * t->pause + 1 : SKIP_MOST;
    t->skip = t->pause;
}

uint32_t sqi_tally_count(sqi_tally *t, const sqi_str *key, sqi_rows rows, uint32_t *rest)
{
    uint32_t place[BLOCK], n = 0;
    for (uint32_t at = 0; at < rows.n; at += BLOCK) { /* short, so that a new key is soon known */
        span s = {rows.sel, at, rows.n - at < BLOCK ? rows.n : at + BLOCK};
        bool take = t->skip == 0;
        uint32_t missed = count_block(t, key, s, rest + n, take ? place : NULL);
        if (take)
            take_entries(t, key, rest + n, place, missed);
        else
            t->skip--;
        n += missed;
    }
    t->counted += rows.n;
    t->asked += rows.n;
    t->missed += n;
    if (t->asked >= WINDOW) { /* it looks again after many times what it has looked at */
        t->rest = t->missed > t->asked / 8 * 5 ? t->asked * REST : 0;
        t->asked = t->missed = 0;
    }
    return n;
}

void sqi_tally_learn(sqi_tally *t, const uint32_t *row)
{
    for (; t->told < t->nused; t->told++) {
        sqi_tally_entry *e = &t->entry[t->used[t->told]];
        e->row = row[e->row];
    }
}

bool sqi_tally_drain(sqi_tally *t, sqi_tally_block *out)
{
    out->n = 0;
    while (t->nused && out->n < SQI_TALLY_BLOCK) {
        sqi_tally_entry *e = &t->entry[t->used[--t->nused]];
        memcpy(&out->key[out->n], e->key, sizeof e->key);
        out->row[out->n] = e->row;
        out->times[out->n] = e->count;
        out->n += e->count != 0;
        *e = free_entry;
    }
    if (!t->nused)
        t->counted = t->passed = t->told = t->pause = t->skip = 0;
    return out->n != 0;
}
