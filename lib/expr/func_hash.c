/*
 * func_hash: hash and xxhash64 (over expr_hash), and the digest functions md5, sha1, sha2, crc32, hmac.
 */
#include "expr_bind.h"
#include "expr_hash.h"
#include "func_digest.h"
#include "func_str.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err

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
        uint32_t seed = SQI_EXPR_HASH_SEED;
        for (uint32_t a = 0; a < call->node->narg; a++)
            seed = sqi_expr_hash_murmur(&arg[a], i, seed);
        SQI_OUT(out, int32_t)[i] = (int32_t)seed;
    }
    return STREAMQ_OK;
}

static streamq_status xxhash64(KERNEL_ARGS)
{
    (void)err;
    for (SQI_EACH(rows, k, i)) {
        uint64_t seed = SQI_EXPR_HASH_SEED;
        for (uint32_t a = 0; a < call->node->narg; a++)
            seed = sqi_expr_hash_xx(&arg[a], i, seed);
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
