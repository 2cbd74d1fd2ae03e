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

/* The bits that the values, or what negative ones are the complement of, have. Values of one sign need no look at each
   one's: what they have in common tells. */
SQI_VECTORIZE static uint64_t magnitude64(const int64_t *v, uint32_t n)
{
    int64_t any = 0, common = -1;
    uint64_t all = 0;
    for (uint32_t i = 0; i < n; i++) {
        any |= v[i];
        common &= v[i];
    }
    if (any >= 0 || common < 0)
        return any >= 0 ? (uint64_t)any : (uint64_t)~common;
    for (uint32_t i = 0; i < n; i++)
        all |= (uint64_t)(v[i] < 0 ? ~v[i] : v[i]);
    return all;
}

#define MAGNITUDE(ctype)                   \
    for (uint32_t i = 0; i < n; i++) {     \
        ctype x = ((const ctype *)v)[i];   \
        all |= (uint64_t)(x < 0 ? ~x : x); \
    }                                      \
    break

uint32_t sqi_pack_width(const void *v, uint32_t width, uint32_t n)
{
    uint64_t all = 0, beyond = 0;
    switch (width) {
    case 2:
        MAGNITUDE(int16_t);
    case 4:
        MAGNITUDE(int32_t);
    case 8:
        all = n ? magnitude64(v, n) : 0;
        break;
    default:
        for (uint32_t i = 0; i < n; i++) {
            int128_t x = ((const int128_t *)v)[i];
            uint128_t magnitude = (uint128_t)(x ^ (x < 0 ? -1 : 0));
            all |= (uint64_t)magnitude;
            beyond |= (uint64_t)(magnitude >> 64);
        }
    }
    if (beyond || (width == 16 && all >> 63))
        return 16;
    return all >> 7 == 0 ? 1 : all >> 15 == 0 ? 2 : all >> 31 == 0 ? 4 : 8;
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

/* The usual case: counts, sums, keys and times in half of the room or less. */
SQI_VECTORIZE static void store64(char *restrict at, const int64_t *v, uint32_t n, uint32_t stored)
{
    STORE_EACH(int64_t)
}

bool sqi_pack_words(sqi_buf *to, const void *v, uint32_t width, uint32_t n, uint32_t stored)
{
    if (!sqi_buf_reserve(to, (size_t)n * stored))
        return false;
    char *restrict at = to->ptr + to->len;
    to->len += (size_t)n * stored;
    switch (width) {
    case 2:
        STORE_EACH(int16_t)
        break;
    case 4:
        STORE_EACH(int32_t)
        break;
    case 8:
        store64(at, v, n, stored);
        break;
    default:
        STORE_EACH(int128_t)
    }
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
    uint32_t stored = sqi_pack_width(v, width, n);
    return !n || (sqi_buf_byte(to, (char)stored) && sqi_pack_words(to, v, width, n, stored));
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
