/*
 * expr_hash: Murmur3 and xxHash (XXH64) over Spark's image of each type: integers up to 32 bits and booleans as four
 * bytes, longer ones as eight, decimals of more than 18 digits as Java's BigInteger bytes, nested values by their parts
 * in order. Little-endian bytes, whatever the machine. Spark's Murmur3 differs from the published one in the last bytes
 * of a text, each mixed as if it were a word of its own.
 */
#include "expr_hash.h"

#define XXH_INLINE_ALL
#define XXH_NO_STREAM
#include <xxhash.h>

typedef uint64_t hasher(const void *bytes, size_t n, uint64_t seed);

static uint32_t mix_word(uint32_t hash, uint32_t word)
{
    word *= 0xcc9e2d51u;
    word = word << 15 | word >> 17;
    hash ^= word * 0x1b873593u;
    hash = hash << 13 | hash >> 19;
    return hash * 5 + 0xe6546b64u;
}

static uint32_t mix_end(uint32_t hash, uint32_t len)
{
    hash ^= len;
    hash ^= hash >> 16;
    hash *= 0x85ebca6bu;
    hash ^= hash >> 13;
    hash *= 0xc2b2ae35u;
    return hash ^ hash >> 16;
}

static uint64_t murmur_bytes(const void *ptr, size_t len, uint64_t seed)
{
    const unsigned char *p = ptr;
    uint32_t hash = (uint32_t)seed;
    size_t i = 0;
    for (; i + 4 <= len; i += 4)
        hash = mix_word(hash,
                        (uint32_t)p[i] | (uint32_t)p[i + 1] << 8 | (uint32_t)p[i + 2] << 16 | (uint32_t)p[i + 3] << 24);
    for (; i < len; i++)
        hash = mix_word(hash, (uint32_t)(int32_t)(int8_t)p[i]);
    return mix_end(hash, (uint32_t)len);
}

static uint64_t xx_bytes(const void *ptr, size_t len, uint64_t seed)
{
    return XXH64(ptr, len, seed);
}

static uint64_t of_int(hasher *h, uint32_t v, uint64_t seed)
{
    unsigned char bytes[4];
    for (int i = 0; i < 4; ++i)
        bytes[i] = (unsigned char)(v >> 8 * i);
    return h(bytes, sizeof bytes, seed);
}

static uint64_t of_long(hasher *h, uint64_t v, uint64_t seed)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; ++i)
        bytes[i] = (unsigned char)(v >> 8 * i);
    return h(bytes, sizeof bytes, seed);
}

static uint64_t of_float(hasher *h, float v, uint64_t seed)
{
    uint32_t bits = 0x7fc00000u;
    v = v == 0 ? 0.0f : v;
    if (v == v)
        memcpy(&bits, &v, sizeof bits);
    return of_int(h, bits, seed);
}

static uint64_t of_double(hasher *h, double v, uint64_t seed)
{
    uint64_t bits = UINT64_C(0x7ff8000000000000);
    v = v == 0 ? 0.0 : v;
    if (v == v)
        memcpy(&bits, &v, sizeof bits);
    return of_long(h, bits, seed);
}

/* Big-endian two's complement without redundant bytes in front. */
static uint64_t of_decimal(hasher *h, sqi_int128 v, int precision, uint64_t seed)
{
    if (precision <= 18)
        return of_long(h, (uint64_t)v, seed);
    unsigned char bytes[16];
    for (int i = 0; i < 16; ++i)
        bytes[15 - i] = (unsigned char)((unsigned __int128)v >> 8 * i);
    int skip = 0;
    while (skip < 15 &&
           ((bytes[skip] == 0 && bytes[skip + 1] < 0x80) || (bytes[skip] == 0xff && bytes[skip + 1] >= 0x80)))
        ++skip;
    return h(bytes + skip, (size_t)(16 - skip), seed);
}

static uint64_t of_value(hasher *h, const sqi_vec *v, uint32_t i, uint64_t seed);

static uint64_t of_parts(hasher *h, const sqi_vec *v, uint32_t i, uint64_t seed)
{
    if (v->type->id == SQI_STRUCT) {
        for (uint32_t c = 0; c < v->type->nfield; ++c)
            seed = of_value(h, &v->child[c], i & v->mask, seed);
        return seed;
    }
    sqi_list list = SQI_AT(v, sqi_list, i);
    for (uint32_t e = 0; e < list.length; ++e)
        for (uint32_t c = 0; c < v->type->nfield; ++c)
            seed = of_value(h, &v->child[c], list.offset + e, seed);
    return seed;
}

static uint64_t of_value(hasher *h, const sqi_vec *v, uint32_t i, uint64_t seed)
{
    if (v->type->id == SQI_VOID || !sqi_vec_valid(v, i))
        return seed;
    switch (v->type->id) {
    case SQI_BOOLEAN:
        return of_int(h, SQI_AT(v, uint8_t, i) != 0, seed);
    case SQI_TINYINT:
        return of_int(h, (uint32_t)SQI_AT(v, int8_t, i), seed);
    case SQI_SMALLINT:
        return of_int(h, (uint32_t)SQI_AT(v, int16_t, i), seed);
    case SQI_INT:
    case SQI_DATE:
    case SQI_INTERVAL_YM:
        return of_int(h, SQI_AT(v, uint32_t, i), seed);
    case SQI_FLOAT:
        return of_float(h, SQI_AT(v, float, i), seed);
    case SQI_DOUBLE:
        return of_double(h, SQI_AT(v, double, i), seed);
    case SQI_DECIMAL:
        return of_decimal(h, SQI_AT(v, sqi_int128, i), v->type->precision, seed);
    case SQI_STRING:
    case SQI_BINARY: {
        sqi_span s = sqi_str_span(&SQI_AT(v, sqi_str, i));
        return h(s.ptr, s.len, seed);
    }
    case SQI_INTERVAL: {
        const sqi_interval *x = &SQI_AT(v, sqi_interval, i);
        return of_int(h, (uint32_t)x->months, of_int(h, (uint32_t)x->days, of_long(h, (uint64_t)x->micros, seed)));
    }
    case SQI_ARRAY:
    case SQI_MAP:
    case SQI_STRUCT:
        return of_parts(h, v, i, seed);
    default:
        return of_long(h, SQI_AT(v, uint64_t, i), seed);
    }
}

uint32_t sqi_expr_hash_murmur(const sqi_vec *v, uint32_t i, uint32_t seed)
{
    return (uint32_t)of_value(murmur_bytes, v, i, seed);
}

uint64_t sqi_expr_hash_xx(const sqi_vec *v, uint32_t i, uint64_t seed)
{
    return of_value(xx_bytes, v, i, seed);
}
