/*
 * data_pack_number: numbers as little-endian bytes, each in as few of them as all need, and back. On little-endian
 * machines the loops are copies or conversions that compilers make vectors of.
 */
#include "data_pack.h"

#include "base_loops.h"

#define IS_LITTLE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

static inline uint8_t order8(uint8_t v)
{
    return v;
}
static inline uint16_t order16(uint16_t v)
{
    return IS_LITTLE ? v : __builtin_bswap16(v);
}
static inline uint32_t order32(uint32_t v)
{
    return IS_LITTLE ? v : __builtin_bswap32(v);
}
static inline uint64_t order64(uint64_t v)
{
    return IS_LITTLE ? v : __builtin_bswap64(v);
}
static inline unsigned __int128 order128(unsigned __int128 v)
{
    uint64_t low = (uint64_t)v, high = (uint64_t)(v >> 64);
    return IS_LITTLE ? v : (unsigned __int128)__builtin_bswap64(low) << 64 | __builtin_bswap64(high);
}

typedef unsigned __int128 uint128_t;
typedef __int128 int128_t;

/* ---- as they are ---------------------------------------------------------------------------------------------- */

static void swap_all(char *at, uint32_t width, uint32_t n)
{
    for (size_t i = 0; i < n; i++, at += width)
        for (uint32_t k = 0; k < width / 2; k++) {
            char c = at[k];
            at[k] = at[width - 1 - k];
            at[width - 1 - k] = c;
        }
}

bool sqi_pack_raw(sqi_buf *to, const void *v, uint32_t width, uint32_t n)
{
    size_t at = to->len;
    if (!sqi_buf_put(to, v, (size_t)n * width))
        return false;
    if (!IS_LITTLE)
        swap_all(to->ptr + at, width, n);
    return true;
}

bool sqi_unpack_raw(sqi_bytes *from, void *v, uint32_t width, uint32_t n)
{
    sqi_span s = sqi_bytes_get(from, (uint64_t)n * width);
    if (from->bad)
        return false;
    if (s.len)
        memcpy(v, s.ptr, s.len);
    if (!IS_LITTLE)
        swap_all(v, width, n);
    return true;
}

/* ---- integers in fewer bytes ---------------------------------------------------------------------------------- */

/* What all values have in common. */
typedef struct seen {
    int64_t any, common; /* bits set in one of them, in all of them */
} seen;

static uint32_t width_of(uint64_t magnitude)
{
    return magnitude >> 7 == 0 ? 1 : magnitude >> 15 == 0 ? 2 : magnitude >> 31 == 0 ? 4 : 8;
}

#define MAGNITUDE(ctype)                   \
    for (uint32_t i = 0; i < n; i++) {     \
        ctype x = ((const ctype *)v)[i];   \
        all |= (uint64_t)(x < 0 ? ~x : x); \
    }                                      \
    break

/* The bytes that each of them needs: by the bits that they, or what negative ones are the complement of, have. */
static uint32_t width_needed(const void *v, uint32_t width, uint32_t n)
{
    uint64_t all = 0, beyond = 0;
    switch (width) {
    case 2:
        MAGNITUDE(int16_t);
    case 4:
        MAGNITUDE(int32_t);
    case 8:
        MAGNITUDE(int64_t);
    default:
        for (uint32_t i = 0; i < n; i++) {
            int128_t x = ((const int128_t *)v)[i];
            uint128_t magnitude = (uint128_t)(x ^ (x < 0 ? -1 : 0));
            all |= (uint64_t)magnitude;
            beyond |= (uint64_t)(magnitude >> 64);
        }
    }
    return beyond || (width == 16 && all >> 63) ? 16 : width_of(all);
}

#define STORE(ctype, bits)                                        \
    for (size_t i = 0; i < n; i++) {                              \
        uint##bits##_t x = (uint##bits##_t)((const ctype *)v)[i]; \
        x = order##bits(x);                                       \
        memcpy(at + i * sizeof x, &x, sizeof x);                  \
    }                                                             \
    break
#define STORE_EACH(ctype)  \
    switch (stored) {      \
    case 1:                \
        STORE(ctype, 8);   \
    case 2:                \
        STORE(ctype, 16);  \
    case 4:                \
        STORE(ctype, 32);  \
    case 8:                \
        STORE(ctype, 64);  \
    default:               \
        STORE(ctype, 128); \
    }

static void store(char *restrict at, const void *v, uint32_t width, uint32_t n, uint32_t stored)
{
    switch (width) {
    case 2:
        STORE_EACH(int16_t)
        break;
    case 4:
        STORE_EACH(int32_t)
        break;
    default:
        STORE_EACH(int128_t)
    }
}

#define STORE64(bits)                            \
    for (size_t i = 0; i < n; i++) {             \
        uint##bits##_t x = (uint##bits##_t)v[i]; \
        s.any |= v[i];                           \
        s.common &= v[i];                        \
        x = order##bits(x);                      \
        memcpy(at + i * sizeof x, &x, sizeof x); \
    }                                            \
    break

/* The usual case: counts, sums, keys and times in half of the room or less. One loop stores them and tells their width. */
SQI_VECTORIZE static seen store64(char *restrict at, const int64_t *v, uint32_t n, uint32_t stored)
{
    seen s = {0, -1};
    switch (stored) {
    case 1:
        STORE64(8);
    case 2:
        STORE64(16);
    case 4:
        STORE64(32);
    default:
        STORE64(64);
    }
    return s;
}

/* The width is guessed by a few of the values; it is too small for others if the guess was wrong. */
static bool pack64(sqi_buf *to, const int64_t *v, uint32_t n, uint32_t *stored)
{
    enum { FEW = 16 };
    *stored = width_needed(v, sizeof *v, n < FEW ? n : FEW);
    if (!sqi_buf_reserve(to, (size_t)n * *stored))
        return false;
    seen s = store64(to->ptr + to->len, v, n, *stored);
    uint32_t needed = s.any >= 0     ? width_of((uint64_t)s.any)
                      : s.common < 0 ? width_of((uint64_t)~s.common)
                                     : width_needed(v, sizeof *v, n);
    if (needed == *stored)
        return true;
    *stored = needed;
    if (!sqi_buf_reserve(to, (size_t)n * needed))
        return false;
    store64(to->ptr + to->len, v, n, needed);
    return true;
}

bool sqi_pack_words(sqi_buf *to, size_t head, const void *v, uint32_t width, uint32_t n)
{
    uint32_t stored;
    if (width == 8) {
        if (!pack64(to, v, n, &stored))
            return false;
    } else {
        stored = width_needed(v, width, n);
        if (!sqi_buf_reserve(to, (size_t)n * stored))
            return false;
        store(to->ptr + to->len, v, width, n, stored);
    }
    to->len += (size_t)n * stored;
    to->ptr[head] = (char)(to->ptr[head] | (int)stored);
    return true;
}

#define LOAD(ctype, bits)                                       \
    for (size_t i = 0; i < n; i++) {                            \
        uint##bits##_t x;                                       \
        memcpy(&x, at + i * sizeof x, sizeof x);                \
        ((ctype *)v)[i] = (ctype)(int##bits##_t)order##bits(x); \
    }                                                           \
    break
#define LOAD_EACH(ctype)  \
    switch (stored) {     \
    case 1:               \
        LOAD(ctype, 8);   \
    case 2:               \
        LOAD(ctype, 16);  \
    case 4:               \
        LOAD(ctype, 32);  \
    case 8:               \
        LOAD(ctype, 64);  \
    default:              \
        LOAD(ctype, 128); \
    }                     \
    break

bool sqi_unpack_words(sqi_bytes *from, void *v, uint32_t width, uint32_t n, uint32_t stored)
{
    if (stored > width || stored == 0 || (stored & (stored - 1)))
        from->bad = true;
    sqi_span s = sqi_bytes_get(from, (uint64_t)n * stored);
    const char *restrict at = s.ptr;
    if (from->bad)
        return false;
    switch (width) {
    case 2:
        LOAD_EACH(int16_t);
    case 4:
        LOAD_EACH(int32_t);
    case 8:
        LOAD_EACH(int64_t);
    default:
        LOAD_EACH(int128_t);
    }
    return true;
}

/* ---- with their head ------------------------------------------------------------------------------------------ */

static bool put(sqi_buf *to, const void *v, uint32_t width, uint32_t n)
{
    size_t head = to->len;
    return !n || (sqi_buf_byte(to, 0) && sqi_pack_words(to, head, v, width, n));
}

bool sqi_pack_ints(sqi_buf *to, const int64_t *v, uint32_t n)
{
    return put(to, v, sizeof *v, n);
}

bool sqi_unpack_ints(sqi_bytes *from, int64_t *v, uint32_t n)
{
    return !n || sqi_unpack_words(from, v, sizeof *v, n, sqi_bytes_get8(from));
}

bool sqi_pack_wides(sqi_buf *to, const sqi_int128 *v, uint32_t n)
{
    return put(to, v, sizeof *v, n);
}

bool sqi_unpack_wides(sqi_bytes *from, sqi_int128 *v, uint32_t n)
{
    return !n || sqi_unpack_words(from, v, sizeof *v, n, sqi_bytes_get8(from));
}

bool sqi_pack_reals(sqi_buf *to, const double *v, uint32_t n)
{
    return !n || (sqi_buf_byte(to, sizeof *v) && sqi_pack_raw(to, v, sizeof *v, n));
}

bool sqi_unpack_reals(sqi_bytes *from, double *v, uint32_t n)
{
    if (n && sqi_bytes_get8(from) != sizeof *v)
        from->bad = true;
    return !n || sqi_unpack_raw(from, v, sizeof *v, n);
}
