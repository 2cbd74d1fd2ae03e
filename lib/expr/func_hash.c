/*
 * func_hash: hash and xxhash64 with Spark's answers (they are used as keys outside, so the bits matter), and the digest
 * functions md5, sha1, sha2, crc32, hmac.
 *
 * A value changes the seed it is given, a null leaves it; the columns of a call and the elements of a value follow one
 * another. The 32-bit hash is Murmur3 but for the last bytes of a text, each mixed as if it were a word of its own.
 */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "expr_bind.h"
#include "func_digest.h"
#include "func_str.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err
#define SEED 42

/* ---- the two algorithms --------------------------------------------------------------------------------------- */

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

static uint64_t xxhash_bytes(const void *ptr, size_t len, uint64_t seed)
{
    return XXH64(ptr, len, seed);
}

typedef uint64_t (*hasher)(const void *ptr, size_t len, uint64_t seed);

static uint64_t hash_int(hasher h, int32_t v, uint64_t seed)
{
    unsigned char b[4];
    for (int i = 0; i < 4; i++)
        b[i] = (unsigned char)((uint32_t)v >> (8 * i));
    return h(b, sizeof b, seed);
}

static uint64_t hash_long(hasher h, int64_t v, uint64_t seed)
{
    unsigned char b[8];
    for (int i = 0; i < 8; i++)
        b[i] = (unsigned char)((uint64_t)v >> (8 * i));
    return h(b, sizeof b, seed);
}

/* ---- values --------------------------------------------------------------------------------------------------- */

static uint64_t hash_float(hasher h, float v, uint64_t seed)
{
    int32_t bits = 0x7fc00000;
    if (v == 0)
        bits = 0;
    else if (v == v)
        memcpy(&bits, &v, sizeof bits);
    return hash_int(h, bits, seed);
}

static uint64_t hash_double(hasher h, double v, uint64_t seed)
{
    int64_t bits = INT64_C(0x7ff8000000000000);
    if (v == 0)
        bits = 0;
    else if (v == v)
        memcpy(&bits, &v, sizeof bits);
    return hash_long(h, bits, seed);
}

/* Up to 18 digits as a long, more as the shortest big-endian two's complement. */
static uint64_t hash_decimal(hasher h, sqi_int128 v, int precision, uint64_t seed)
{
    unsigned char b[16];
    size_t first = 0;
    if (precision <= 18)
        return hash_long(h, (int64_t)v, seed);
    for (int i = 0; i < 16; i++)
        b[i] = (unsigned char)(v >> (120 - 8 * i));
    while (first < 15 && ((b[first] == 0 && !(b[first + 1] & 0x80)) || (b[first] == 0xff && (b[first + 1] & 0x80))))
        first++;
    return h(b + first, 16 - first, seed);
}

static uint64_t hash_value(hasher h, const sqi_vec *v, uint32_t i, uint64_t seed);

static uint64_t hash_nested(hasher h, const sqi_vec *v, uint32_t i, uint64_t seed)
{
    if (v->type->id == SQI_STRUCT) {
        for (uint32_t c = 0; c < v->type->nfield; c++)
            seed = hash_value(h, &v->child[c], i, seed);
        return seed;
    }
    sqi_list list = SQI_AT(v, sqi_list, i);
    for (uint32_t e = list.offset; e < list.offset + list.length; e++)
        seed = hash_value(h, &v->child[0], e, seed);
    return seed;
}

static uint64_t hash_value(hasher h, const sqi_vec *v, uint32_t i, uint64_t seed)
{
    if (!sqi_vec_valid(v, i))
        return seed;
    switch (v->type->id) {
    case SQI_BOOLEAN:
        return hash_int(h, SQI_AT(v, uint8_t, i), seed);
    case SQI_TINYINT:
        return hash_int(h, SQI_AT(v, int8_t, i), seed);
    case SQI_SMALLINT:
        return hash_int(h, SQI_AT(v, int16_t, i), seed);
    case SQI_INT:
    case SQI_DATE:
    case SQI_INTERVAL_YM:
        return hash_int(h, SQI_AT(v, int32_t, i), seed);
    case SQI_BIGINT:
    case SQI_TIMESTAMP:
    case SQI_TIMESTAMP_NTZ:
    case SQI_INTERVAL_DT:
        return hash_long(h, SQI_AT(v, int64_t, i), seed);
    case SQI_FLOAT:
        return hash_float(h, SQI_AT(v, float, i), seed);
    case SQI_DOUBLE:
        return hash_double(h, SQI_AT(v, double, i), seed);
    case SQI_DECIMAL:
        return hash_decimal(h, SQI_AT(v, sqi_int128, i), v->type->precision, seed);
    case SQI_STRING:
    case SQI_BINARY: {
        sqi_span s = SQI_SPAN_AT(v, i);
        return h(s.ptr, s.len, seed);
    }
    case SQI_INTERVAL: {
        const sqi_interval *x = &SQI_AT(v, sqi_interval, i);
        return hash_int(h, x->months, hash_int(h, x->days, hash_long(h, x->micros, seed)));
    }
    default:
        return hash_nested(h, v, i, seed);
    }
}

static bool holds_map(const sqi_type *t)
{
    bool found = t->id == SQI_MAP;
    for (uint32_t i = 0; i < t->nfield && !found; i++)
        found = holds_map(t->field[i].type);
    return found;
}

static streamq_status resolve_hash(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    for (uint32_t i = 0; i < node->narg; i++)
        if (holds_map(node->arg[i]->type))
            return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__HASH_MAP_TYPE, err,
                                       "a map has no hash, because its entries have no order");
    node->type = node->func->name[0] == 'h' ? &sqi_type_int : &sqi_type_bigint;
    return STREAMQ_OK;
}

static streamq_status hash(KERNEL_ARGS)
{
    (void)err;
    for (SQI_EACH(rows, k, i)) {
        uint64_t seed = SEED;
        for (uint32_t a = 0; a < call->node->narg; a++)
            seed = hash_value(murmur_bytes, &arg[a], i, seed);
        SQI_OUT(out, int32_t)[i] = (int32_t)(uint32_t)seed;
    }
    return STREAMQ_OK;
}

static streamq_status xxhash64(KERNEL_ARGS)
{
    (void)err;
    for (SQI_EACH(rows, k, i)) {
        uint64_t seed = SEED;
        for (uint32_t a = 0; a < call->node->narg; a++)
            seed = hash_value(xxhash_bytes, &arg[a], i, seed);
        SQI_OUT(out, int64_t)[i] = (int64_t)seed;
    }
    return STREAMQ_OK;
}

/* ---- digests -------------------------------------------------------------------------------------------------- */

/* Bytes as lower-case digits. */
static streamq_status put_hex(sqi_heap *heap, const unsigned char *bytes, size_t n, sqi_str *out, streamq_error **err)
{
    static const char hex[] = "0123456789abcdef";
    char *to = sqi_heap_reserve(heap, 2 * n);
    if (!to)
        return sqi_error_nomem(err);
    for (size_t i = 0; i < n; i++) {
        to[2 * i] = hex[bytes[i] >> 4];
        to[2 * i + 1] = hex[bytes[i] & 15];
    }
    *out = sqi_heap_commit(heap, to, 2 * n);
    return STREAMQ_OK;
}

static streamq_status digest_rows(KERNEL_ARGS, sqi_digest kind)
{
    unsigned char bytes[SQI_DIGEST_MAX];
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(arg, i);
        size_t n = sqi_digest_parts(kind, &s, 1, bytes);
        SQI_TRY(put_hex(&heap, bytes, n, &SQI_OUT(out, sqi_str)[i], err));
    }
    return STREAMQ_OK;
}

static streamq_status md5(KERNEL_ARGS)
{
    return digest_rows(call, arg, rows, out, err, SQI_DIGEST_MD5);
}
static streamq_status sha1(KERNEL_ARGS)
{
    return digest_rows(call, arg, rows, out, err, SQI_DIGEST_SHA1);
}

static bool sha2_kind(int32_t bits, sqi_digest *kind)
{
    switch (bits) {
    case 224:
        return *kind = SQI_DIGEST_SHA224, true;
    case 0:
    case 256:
        return *kind = SQI_DIGEST_SHA256, true;
    case 384:
        return *kind = SQI_DIGEST_SHA384, true;
    case 512:
        return *kind = SQI_DIGEST_SHA512, true;
    default:
        return false;
    }
}

/* An unknown number of bits gives null. */
static streamq_status sha2(KERNEL_ARGS)
{
    unsigned char bytes[SQI_DIGEST_MAX];
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(&arg[0], i);
        sqi_digest kind;
        if (!sha2_kind(SQI_AT(&arg[1], int32_t, i), &kind)) {
            sqi_vec_set_null(out, i);
            continue;
        }
        size_t n = sqi_digest_parts(kind, &s, 1, bytes);
        SQI_TRY(put_hex(&heap, bytes, n, &SQI_OUT(out, sqi_str)[i], err));
    }
    return STREAMQ_OK;
}

static streamq_status crc32(KERNEL_ARGS)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int64_t)[i] = sqi_digest_crc32(SQI_SPAN_AT(arg, i));
    return STREAMQ_OK;
}

static bool hmac_kind(sqi_span name, sqi_digest *kind)
{
    static const char *const names[] = {"MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"};
    for (int k = 0; k < 6; k++)
        if (sqi_span_equal_nocase(name, sqi_span_of(names[k])))
            return *kind = (sqi_digest)k, true;
    return false;
}

static streamq_status hmac(KERNEL_ARGS)
{
    unsigned char bytes[SQI_DIGEST_MAX];
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_digest kind = SQI_DIGEST_SHA256;
        if (call->node->narg == 3 && !hmac_kind(SQI_SPAN_AT(&arg[2], i), &kind))
            return sqi_error_set(err, SQI_COND_INVALID_PARAMETER_VALUE__HMAC_ALGORITHM,
                                 "hmac knows MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512");
        size_t n = sqi_digest_hmac(kind, SQI_SPAN_AT(&arg[0], i), SQI_SPAN_AT(&arg[1], i), bytes);
        if (!sqi_heap_copy(&heap, (sqi_span){(const char *)bytes, n}, &SQI_OUT(out, sqi_str)[i]))
            return sqi_error_nomem(err);
    }
    return STREAMQ_OK;
}

/* Digests take texts and bytes, nothing else is turned into them. */
static streamq_status resolve_bytes(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    for (uint32_t i = 0; i < node->narg && (i == 0 || node->func->name[0] == 'h'); i++) {
        sqi_type_id id = node->arg[i]->type->id;
        if (id != SQI_BINARY && id != SQI_STRING && id != SQI_VOID)
            return sqi_bind_arg_type_error(b, node, i, "BINARY", err);
    }
    switch (node->func->name[0]) {
    case 'c':
        return sqi_bind_signature(b, node, "x>l", err);
    case 'h':
        return sqi_bind_signature(b, node, "xxs>x", err);
    default:
        return sqi_bind_signature(b, node, node->narg == 2 ? "xi>s" : "x>s", err);
    }
}

#define DIGEST_ROW(n, least, most, f, k, t)                                                                          \
    {                                                                                                                \
        .name = n, .min_args = least, .max_args = most, .flags = f, .resolve = resolve_bytes, .kernel = k, .text = t \
    }

const sqi_func sqi_func_hash[] = {
    {.name = "hash",
     .min_args = 1,
     .max_args = -1,
     .nulls = SQI_NULL_OWN,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve_hash,
     .kernel = hash,
     .text = "hash(expr, ...): a 32-bit hash of the values"},
    {.name = "xxhash64",
     .min_args = 1,
     .max_args = -1,
     .nulls = SQI_NULL_OWN,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve_hash,
     .kernel = xxhash64,
     .text = "xxhash64(expr, ...): a 64-bit hash of the values"},
    DIGEST_ROW("md5", 1, 1, SQI_FUNC_NEVER_NULL, md5, "md5(expr): the MD5 digest as hex digits"),
    DIGEST_ROW("sha", 1, 1, SQI_FUNC_NEVER_NULL, sha1, "sha(expr): the SHA-1 digest as hex digits"),
    DIGEST_ROW("sha1", 1, 1, SQI_FUNC_NEVER_NULL, sha1, "sha1(expr): the SHA-1 digest as hex digits"),
    DIGEST_ROW("sha2", 2, 2, 0, sha2, "sha2(expr, bits): the SHA-2 digest of 224, 256, 384 or 512 bits as hex digits"),
    DIGEST_ROW("crc32", 1, 1, SQI_FUNC_NEVER_NULL, crc32, "crc32(expr): the CRC-32 checksum"),
    DIGEST_ROW("hmac", 2, 3, SQI_FUNC_NEVER_NULL, hmac,
               "hmac(key, message[, algorithm]): the keyed digest, by default with SHA-256"),
    {0},
};
