/*
 * data_pack_read: columns from bytes, which may be anything. Memory is taken for a column only after the bytes that it
 * takes at least are known to be there.
 */
#include "data_bits.h"
#include "data_decimal.h"
#include "data_pack.h"

typedef struct reader {
    sqi_bytes *from;
    sqi_arena *arena;
    streamq_error **err;
} reader;

streamq_status sqi_unpack_damaged(sqi_bytes *from, const char *what, streamq_error **err)
{
    from->bad = true;
    return sqi_error_set(err, SQI_COND_CHECKPOINT_CORRUPT, "the saved %s cannot be read", what);
}

static streamq_status damaged(reader *r, const sqi_type *type)
{
    char label[128];
    r->from->bad = true;
    return sqi_error_set(r->err, SQI_COND_CHECKPOINT_CORRUPT, "saved values of type %s cannot be read",
                         sqi_type_label(type, label));
}

static streamq_status get(reader *r, const sqi_type *type, uint32_t n, sqi_vec *out);

static streamq_status get_validity(reader *r, uint32_t n, sqi_vec *out)
{
    size_t words = sqi_bits_words(n);
    sqi_span s = sqi_bytes_get(r->from, ((uint64_t)n + 7) / 8);
    if (r->from->bad)
        return damaged(r, out->type);
    uint64_t *valid = sqi_arena_get(r->arena, words * sizeof *valid);
    if (!valid)
        return sqi_error_nomem(r->err);
    for (size_t w = 0; w + 1 < words; w++)
        valid[w] = sqi_le64_load(s.ptr + w * 8);
    unsigned char last[8] = {0};
    memcpy(last, s.ptr + (words - 1) * 8, s.len - (words - 1) * 8);
    valid[words - 1] = sqi_le64_load(last);
    out->valid = valid;
    return STREAMQ_OK;
}

/* A varint that is a length. */
static inline uint32_t get_length(sqi_bytes *from)
{
    if (from->at < from->end && *from->at < 128)
        return *from->at++;
    uint64_t v = sqi_bytes_get_varint(from);
    from->bad |= v > SQI_STR_MAX;
    return (uint32_t)v;
}

/* ---- texts ---------------------------------------------------------------------------------------------------- */

/* Twelve bytes from p on are there; the view has `len` of them, the others are zero. */
static inline void short_view(sqi_str *s, const char *p, uint32_t len)
{
    static const unsigned char ones[2 * SQI_STR_INLINE] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    uint64_t first, mask;
    uint32_t rest, mask_rest;
    memcpy(&first, p, sizeof first);
    memcpy(&rest, p + sizeof first, sizeof rest);
    memcpy(&mask, ones + SQI_STR_INLINE - len, sizeof mask);
    memcpy(&mask_rest, ones + SQI_STR_INLINE - len + sizeof mask, sizeof mask_rest);
    first &= mask;
    rest &= mask_rest;
    memcpy(s->u.inlined, &first, sizeof first);
    memcpy(s->u.inlined + sizeof first, &rest, sizeof rest);
}

static streamq_status get_texts(reader *r, uint32_t n, sqi_vec *out)
{
    sqi_bytes *from = r->from;
    uint64_t total = 0;
    if (n > sqi_bytes_left(from))
        return damaged(r, out->type);
    sqi_str *s = out->data = sqi_arena_get(r->arena, (size_t)n * sizeof *s);
    if (!s)
        return sqi_error_nomem(r->err);
    for (uint32_t i = 0; i < n; i++)
        total += s[i].len = get_length(from);
    sqi_span bytes = sqi_bytes_get(from, total);
    if (from->bad)
        return damaged(r, out->type);
    const char *at = bytes.ptr, *near = (const char *)from->end - SQI_STR_INLINE;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t len = s[i].len;
        if (len <= SQI_STR_INLINE && at <= near)
            short_view(&s[i], at, len);
        else
            s[i] = sqi_str_view(at, len);
        at += len;
    }
    return STREAMQ_OK;
}

/* ---- lists and structs ---------------------------------------------------------------------------------------- */

static streamq_status get_lists(reader *r, uint32_t n, sqi_vec *out)
{
    const sqi_type *t = out->type;
    uint64_t total = 0;
    if (n > sqi_bytes_left(r->from))
        return damaged(r, t);
    sqi_list *list = out->data = sqi_arena_get(r->arena, (size_t)n * sizeof *list);
    out->child = sqi_arena_array(r->arena, t->nfield, sizeof *out->child);
    if (!list || !out->child)
        return sqi_error_nomem(r->err);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t length = get_length(r->from);
        list[i] = (sqi_list){(uint32_t)total, length};
        total += length;
        r->from->bad |= total >= UINT32_MAX;
    }
    if (r->from->bad)
        return damaged(r, t);
    out->nchild = (uint32_t)total;
    for (uint32_t c = 0; c < t->nfield; c++)
        SQI_TRY(get(r, t->field[c].type, (uint32_t)total, &out->child[c]));
    return t->id == SQI_MAP && out->child[0].valid ? damaged(r, t) : STREAMQ_OK; /* a key is never null */
}

static streamq_status get_struct(reader *r, uint32_t n, sqi_vec *out)
{
    const sqi_type *t = out->type;
    if (!t->nfield && !out->valid)
        return damaged(r, t);
    out->child = sqi_arena_array(r->arena, t->nfield + !t->nfield, sizeof *out->child);
    if (!out->child)
        return sqi_error_nomem(r->err);
    for (uint32_t c = 0; c < t->nfield; c++)
        SQI_TRY(get(r, t->field[c].type, n, &out->child[c]));
    return STREAMQ_OK;
}

/* ---- numbers -------------------------------------------------------------------------------------------------- */

static bool get_intervals(sqi_bytes *from, uint32_t n, sqi_interval *v)
{
    sqi_span s = sqi_bytes_get(from, (uint64_t)n * 16);
    for (uint32_t i = 0; !from->bad && i < n; i++) {
        const char *at = s.ptr + (size_t)i * 16;
        v[i] =
            (sqi_interval){(int32_t)sqi_le32_load(at), (int32_t)sqi_le32_load(at + 4), (int64_t)sqi_le64_load(at + 8)};
    }
    return !from->bad;
}

/* Whether all are values of the type. */
static bool in_range(const sqi_vec *v, uint32_t n)
{
    bool bad = false;
    if (v->type->id == SQI_BOOLEAN)
        for (uint32_t i = 0; i < n; i++)
            bad |= SQI_AT(v, uint8_t, i) > 1;
    if (v->type->id != SQI_DECIMAL)
        return !bad;
    const sqi_int128 most = sqi_decimal_pow10(v->type->precision);
    for (uint32_t i = 0; i < n; i++)
        bad |= SQI_AT(v, sqi_int128, i) >= most || SQI_AT(v, sqi_int128, i) <= -most;
    return !bad;
}

static streamq_status get_numbers(reader *r, uint32_t stored, uint32_t n, sqi_vec *out)
{
    uint32_t width = sqi_type_width(out->type);
    bool plain = out->type->id == SQI_BOOLEAN || out->type->id == SQI_TINYINT || out->type->id == SQI_FLOAT ||
                 out->type->id == SQI_DOUBLE;
    bool interval = out->type->id == SQI_INTERVAL;
    uint32_t each = interval ? 16 : stored;
    if ((plain && stored != width) || (interval && stored) || !each || (uint64_t)n * each > sqi_bytes_left(r->from))
        return damaged(r, out->type);
    out->data = sqi_arena_get(r->arena, (size_t)n * width);
    if (!out->data)
        return sqi_error_nomem(r->err);
    bool fine = plain      ? sqi_unpack_raw(r->from, out->data, width, n)
                : interval ? get_intervals(r->from, n, out->data)
                           : sqi_unpack_words(r->from, out->data, width, n, stored);
    return fine && in_range(out, n) ? STREAMQ_OK : damaged(r, out->type);
}

static streamq_status get(reader *r, const sqi_type *type, uint32_t n, sqi_vec *out)
{
    if (!n)
        return sqi_vec_make(out, type, 0, r->arena, r->err);
    *out = (sqi_vec){.type = type, .mask = UINT32_MAX};
    unsigned head = sqi_bytes_get8(r->from), stored = head & (SQI_PACK_VALIDITY - 1);
    bool counted = stored != 0; /* says how wide numbers are */
    if (head >= 2 * SQI_PACK_VALIDITY || n / 8 > sqi_bytes_left(r->from))
        return damaged(r, type);
    if (head & SQI_PACK_VALIDITY)
        SQI_TRY(get_validity(r, n, out));
    switch (type->id) {
    case SQI_VOID:
        return counted || !out->valid || sqi_bits_count(out->valid, n) ? damaged(r, type) : STREAMQ_OK;
    case SQI_STRING:
    case SQI_BINARY:
        return counted ? damaged(r, type) : get_texts(r, n, out);
    case SQI_ARRAY:
    case SQI_MAP:
        return counted ? damaged(r, type) : get_lists(r, n, out);
    case SQI_STRUCT:
        return counted ? damaged(r, type) : get_struct(r, n, out);
    default:
        return get_numbers(r, stored, n, out);
    }
}

streamq_status sqi_unpack_column(sqi_bytes *from, const sqi_type *type, uint32_t n, sqi_vec *out, sqi_arena *arena,
                                 streamq_error **err)
{
    reader r = {from, arena, err};
    return get(&r, type, n, out);
}
