/*
 * data_order_hash: hashes of values, a block of rows at a time: the type is looked at once per block, the loops under
 * it are plain. Nothing is allocated: nested types recurse over blocks on the stack.
 *
 * What is equal hashes alike: zeros of either sign, all NaNs, strings by their bytes wherever they stand, maps as bags
 * of entries, and any null. Everything is folded with secrets made from the seed, so that who sends the keys cannot
 * choose their slots.
 */
#include "base_hash.h"
#include "data_bits.h"
#include "data_order.h"

enum { TOP_BLOCK = 256, BLOCK = 32 };

typedef struct secret {
    uint64_t seed, a, b, null;
} secret;

static secret secret_of(uint64_t seed)
{
    secret s = {.seed = seed};
    s.a = sqi_hash_u64(seed ^ UINT64_C(0x9e3779b97f4a7c15));
    s.b = sqi_hash_u64(s.a ^ UINT64_C(0xc2b2ae3d27d4eb4f));
    s.null = sqi_hash_u64(s.b ^ UINT64_C(0x165667b19e3779f9));
    return s;
}

/* Full 128-bit product, folded: every input bit reaches the high and the low bits. */
static inline uint64_t fold(uint64_t x, uint64_t y)
{
    unsigned __int128 product = (unsigned __int128)x * y;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t hash64(const secret *s, uint64_t x)
{
    return fold(x ^ s->a, UINT64_C(0x9e3779b97f4a7c15)) ^ s->b;
}
static inline uint64_t hash128(const secret *s, uint64_t x, uint64_t y)
{
    return fold(fold(x ^ s->a, y ^ s->b) ^ s->b, UINT64_C(0x9e3779b97f4a7c15));
}
static inline uint64_t combine(const secret *s, uint64_t so_far, uint64_t hash)
{
    return fold(so_far + s->a, hash ^ s->b);
}

static inline uint64_t float_bits(float f)
{
    uint32_t bits;
    memcpy(&bits, &f, sizeof bits);
    uint32_t size = bits & UINT32_C(0x7fffffff);
    bits = size == 0 ? 0 : bits;
    return size > UINT32_C(0x7f800000) ? UINT32_C(0x7fc00000) : bits;
}

static inline uint64_t double_bits(double d)
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    uint64_t size = bits & UINT64_C(0x7fffffffffffffff);
    bits = size == 0 ? 0 : bits;
    return size > UINT64_C(0x7ff0000000000000) ? UINT64_C(0x7ff8000000000000) : bits;
}

static inline uint64_t hash_str(const secret *s, const sqi_str *str)
{
    if (str->len > SQI_STR_INLINE)
        return sqi_hash_bytes(sqi_str_ptr(str), str->len, s->seed);
    uint64_t word[2]; /* length and bytes, zeros behind them */
    memcpy(word, str, sizeof word);
    return hash128(s, word[0], word[1]);
}

/* Values `index[k]`, or base + k, of a vector into out[k]. */
typedef struct block {
    const uint32_t *index;
    uint32_t base, n;
} block;

static inline uint32_t position(const block *b, uint32_t k)
{
    return b->index ? b->index[k] : b->base + k;
}

static void hash_block(const sqi_vec *v, block b, const secret *s, uint64_t *out);

#define EACH(ctype, hash)                        \
    do {                                         \
        const ctype *data = v->data;             \
        if (b.index) {                           \
            for (uint32_t k = 0; k < b.n; k++) { \
                ctype x = data[b.index[k]];      \
                out[k] = (hash);                 \
            }                                    \
        } else {                                 \
            for (uint32_t k = 0; k < b.n; k++) { \
                ctype x = data[b.base + k];      \
                out[k] = (hash);                 \
            }                                    \
        }                                        \
    } while (0)

/* The slot of a null may hold a stale pointer, so strings look at validity first. */
static void hash_strings(const sqi_vec *v, block b, const secret *s, uint64_t *out)
{
    const sqi_str *data = v->data;
    if (v->valid) {
        for (uint32_t k = 0; k < b.n; k++) {
            uint32_t i = position(&b, k);
            out[k] = sqi_bits_get(v->valid, i) ? hash_str(s, &data[i]) : s->null;
        }
    } else if (b.index) {
        for (uint32_t k = 0; k < b.n; k++)
            out[k] = hash_str(s, &data[b.index[k]]);
    } else {
        for (uint32_t k = 0; k < b.n; k++)
            out[k] = hash_str(s, &data[b.base + k]);
    }
}

static uint64_t hash_array(const sqi_vec *v, sqi_list list, const secret *s)
{
    uint64_t hash = hash64(s, list.length), element[BLOCK];
    for (uint32_t at = 0, some; at < list.length; at += some) {
        some = list.length - at < BLOCK ? list.length - at : BLOCK;
        hash_block(&v->child[0], (block){.base = list.offset + at, .n = some}, s, element);
        for (uint32_t e = 0; e < some; e++)
            hash = combine(s, hash, element[e]);
    }
    return hash;
}

static uint64_t hash_map(const sqi_vec *v, sqi_list list, const secret *s)
{
    uint64_t sum = 0, key[BLOCK], value[BLOCK];
    for (uint32_t at = 0, some; at < list.length; at += some) {
        some = list.length - at < BLOCK ? list.length - at : BLOCK;
        hash_block(&v->child[0], (block){.base = list.offset + at, .n = some}, s, key);
        hash_block(&v->child[1], (block){.base = list.offset + at, .n = some}, s, value);
        for (uint32_t e = 0; e < some; e++)
            sum += combine(s, key[e], value[e]);
    }
    return combine(s, hash64(s, list.length), sum);
}

static void hash_lists(const sqi_vec *v, block b, const secret *s, uint64_t *out)
{
    const sqi_list *data = v->data;
    bool map = v->type->id == SQI_MAP;
    for (uint32_t k = 0; k < b.n; k++) {
        uint32_t i = position(&b, k);
        if (v->valid && !sqi_bits_get(v->valid, i))
            out[k] = s->null;
        else
            out[k] = map ? hash_map(v, data[i], s) : hash_array(v, data[i], s);
    }
}

/* Only the structs that are not null look at their fields: they are gathered, hashed field by field, and put back. */
static void hash_structs(const sqi_vec *v, block b, const secret *s, uint64_t *out)
{
    uint32_t index[BLOCK], row[BLOCK];
    uint64_t hash[BLOCK], field[BLOCK];
    for (uint32_t at = 0; at < b.n; at += BLOCK) {
        uint32_t some = b.n - at < BLOCK ? b.n - at : BLOCK, n = 0;
        for (uint32_t k = at; k < at + some; k++) {
            uint32_t i = position(&b, k);
            out[k] = s->null;
            if (v->valid && !sqi_bits_get(v->valid, i))
                continue;
            index[n] = i;
            hash[n] = s->a;
            row[n++] = k;
        }
        for (uint32_t c = 0; c < v->type->nfield && n; c++) {
            hash_block(&v->child[c], (block){.index = index, .n = n}, s, field);
            for (uint32_t k = 0; k < n; k++)
                hash[k] = combine(s, hash[k], field[k]);
        }
        for (uint32_t k = 0; k < n; k++)
            out[row[k]] = hash[k];
    }
}

static void hash_fixed(const sqi_vec *v, block b, const secret *s, uint64_t *out)
{
    switch (v->type->id) {
    case SQI_BOOLEAN:
    case SQI_TINYINT:
        EACH(int8_t, hash64(s, (uint64_t)x));
        break;
    case SQI_SMALLINT:
        EACH(int16_t, hash64(s, (uint64_t)x));
        break;
    case SQI_INT:
    case SQI_DATE:
    case SQI_INTERVAL_YM:
        EACH(int32_t, hash64(s, (uint64_t)x));
        break;
    case SQI_FLOAT:
        EACH(float, hash64(s, float_bits(x)));
        break;
    case SQI_DOUBLE:
        EACH(double, hash64(s, double_bits(x)));
        break;
    case SQI_DECIMAL:
        EACH(sqi_int128, hash128(s, (uint64_t)x, (uint64_t)(x >> 64)));
        break;
    case SQI_INTERVAL:
        EACH(sqi_interval, hash128(s, (uint64_t)x.months << 32 | (uint32_t)x.days, (uint64_t)x.micros));
        break;
    default:
        EACH(int64_t, hash64(s, (uint64_t)x));
    }
    for (uint32_t k = 0; v->valid && k < b.n; k++)
        out[k] = sqi_bits_get(v->valid, position(&b, k)) ? out[k] : s->null;
}

static void hash_flat(const sqi_vec *v, block b, const secret *s, uint64_t *out)
{
    switch (v->type->id) {
    case SQI_VOID:
        for (uint32_t k = 0; k < b.n; k++)
            out[k] = s->null;
        break;
    case SQI_STRING:
    case SQI_BINARY:
        hash_strings(v, b, s, out);
        break;
    case SQI_ARRAY:
    case SQI_MAP:
        hash_lists(v, b, s, out);
        break;
    case SQI_STRUCT:
        hash_structs(v, b, s, out);
        break;
    default:
        hash_fixed(v, b, s, out);
    }
}

static void hash_block(const sqi_vec *v, block b, const secret *s, uint64_t *out)
{
    if (v->mask) {
        hash_flat(v, b, s, out);
        return;
    }
    if (!b.n)
        return;
    hash_flat(v, (block){.n = 1}, s, out);
    for (uint32_t k = 1; k < b.n; k++)
        out[k] = out[0];
}

void sqi_order_hash(const sqi_vec *v, sqi_rows rows, uint64_t seed, bool mix, uint64_t *out)
{
    secret s = secret_of(seed);
    uint64_t hash[TOP_BLOCK];
    for (uint32_t at = 0; at < rows.n; at += TOP_BLOCK) {
        uint32_t some = rows.n - at < TOP_BLOCK ? rows.n - at : TOP_BLOCK;
        const uint32_t *sel = rows.sel ? rows.sel + at : NULL;
        if (!sel && !mix) {
            hash_block(v, (block){.base = at, .n = some}, &s, out + at);
            continue;
        }
        hash_block(v, (block){.index = sel, .base = at, .n = some}, &s, hash);
        if (!sel)
            for (uint32_t k = 0; k < some; k++)
                out[at + k] = combine(&s, out[at + k], hash[k]);
        else if (mix)
            for (uint32_t k = 0; k < some; k++)
                out[sel[k]] = combine(&s, out[sel[k]], hash[k]);
        else
            for (uint32_t k = 0; k < some; k++)
                out[sel[k]] = hash[k];
    }
}
