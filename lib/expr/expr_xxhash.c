/*
 * expr_xxhash: xxHash (XXH64) over Spark's image of each type: integers up to 32 bits and booleans as four bytes,
 * longer ones as eight, decimals of more than 18 digits as Java's BigInteger bytes, nested values by their parts in
 * order. Little-endian bytes, whatever the machine.
 */
#include "expr_xxhash.h"

#define XXH_INLINE_ALL
#define XXH_NO_STREAM
#include <xxhash.h>

static uint64_t of_int(uint32_t v, uint64_t seed)
{
    unsigned char bytes[4];
    for (int i = 0; i < 4; ++i)
        bytes[i] = (unsigned char)(v >> 8 * i);
    return XXH64(bytes, sizeof bytes, seed);
}

static uint64_t of_long(uint64_t v, uint64_t seed)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; ++i)
        bytes[i] = (unsigned char)(v >> 8 * i);
    return XXH64(bytes, sizeof bytes, seed);
}

static uint64_t of_float(float v, uint64_t seed)
{
    uint32_t bits = 0x7fc00000u;
    v = v == 0 ? 0.0f : v;
    if (v == v)
        memcpy(&bits, &v, sizeof bits);
    return of_int(bits, seed);
}

static uint64_t of_double(double v, uint64_t seed)
{
    uint64_t bits = UINT64_C(0x7ff8000000000000);
    v = v == 0 ? 0.0 : v;
    if (v == v)
        memcpy(&bits, &v, sizeof bits);
    return of_long(bits, seed);
}

/* Big-endian two's complement without redundant bytes in front. */
static uint64_t of_decimal(sqi_int128 v, int precision, uint64_t seed)
{
    if (precision <= 18)
        return of_long((uint64_t)v, seed);
    unsigned char bytes[16];
    for (int i = 0; i < 16; ++i)
        bytes[15 - i] = (unsigned char)((unsigned __int128)v >> 8 * i);
    int skip = 0;
    while (skip < 15 &&
           ((bytes[skip] == 0 && bytes[skip + 1] < 0x80) || (bytes[skip] == 0xff && bytes[skip + 1] >= 0x80)))
        ++skip;
    return XXH64(bytes + skip, (size_t)(16 - skip), seed);
}

static uint64_t of_parts(const sqi_vec *v, uint32_t i, uint64_t seed)
{
    if (v->type->id == SQI_STRUCT) {
        for (uint32_t c = 0; c < v->type->nfield; ++c)
            seed = sqi_expr_xxhash(&v->child[c], i & v->mask, seed);
        return seed;
    }
    sqi_list list = SQI_AT(v, sqi_list, i);
    for (uint32_t e = 0; e < list.length; ++e)
        for (uint32_t c = 0; c < v->type->nfield; ++c)
            seed = sqi_expr_xxhash(&v->child[c], list.offset + e, seed);
    return seed;
}

uint64_t sqi_expr_xxhash(const sqi_vec *v, uint32_t i, uint64_t seed)
{
    if (v->type->id == SQI_VOID || !sqi_vec_valid(v, i))
        return seed;
    switch (v->type->id) {
    case SQI_BOOLEAN:
        return of_int(SQI_AT(v, uint8_t, i) != 0, seed);
    case SQI_TINYINT:
        return of_int((uint32_t)SQI_AT(v, int8_t, i), seed);
    case SQI_SMALLINT:
        return of_int((uint32_t)SQI_AT(v, int16_t, i), seed);
    case SQI_INT:
    case SQI_DATE:
    case SQI_INTERVAL_YM:
        return of_int(SQI_AT(v, uint32_t, i), seed);
    case SQI_FLOAT:
        return of_float(SQI_AT(v, float, i), seed);
    case SQI_DOUBLE:
        return of_double(SQI_AT(v, double, i), seed);
    case SQI_DECIMAL:
        return of_decimal(SQI_AT(v, sqi_int128, i), v->type->precision, seed);
    case SQI_STRING:
    case SQI_BINARY: {
        sqi_span s = sqi_str_span(&SQI_AT(v, sqi_str, i));
        return XXH64(s.ptr, s.len, seed);
    }
    case SQI_INTERVAL: {
        const sqi_interval *x = &SQI_AT(v, sqi_interval, i);
        return of_int((uint32_t)x->months, of_int((uint32_t)x->days, of_long((uint64_t)x->micros, seed)));
    }
    case SQI_ARRAY:
    case SQI_MAP:
    case SQI_STRUCT:
        return of_parts(v, i, seed);
    default:
        return of_long(SQI_AT(v, uint64_t, i), seed);
    }
}
