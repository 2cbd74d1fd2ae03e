/*
 * data_pack: columns as bytes. Values stand dense and by position first; what a null hides is made zero, so that equal
 * columns are equal bytes and nothing is read that was never set.
 */
#include "data_pack.h"

#include "data_bits.h"

enum { SLACK = 16 }; /* short texts are copied whole */

static bool refuse(sqi_buf *to)
{
    to->failed = true;
    return false;
}

/* ---- validity ------------------------------------------------------------------------------------------------- */

static bool put_head(sqi_buf *to, unsigned head, const uint64_t *valid, uint32_t n)
{
    if (!sqi_buf_byte(to, (char)(head | (valid ? SQI_PACK_VALIDITY : 0))) || !valid)
        return !to->failed;
    size_t bytes = ((size_t)n + 7) / 8;
    if (!sqi_buf_reserve(to, bytes + sizeof(uint64_t)))
        return false;
    for (size_t w = 0; w < sqi_bits_words(n); w++) {
        uint64_t word = valid[w];
        if (n - w * 64 < 64)
            word &= (UINT64_C(1) << n % 64) - 1;
        sqi_le64_store(to->ptr + to->len + w * 8, word);
    }
    to->len += bytes;
    return true;
}

/* The values' validity, that of what they stand in included: NULL for no nulls. */
static bool find_nulls(const sqi_vec *v, const uint64_t *outer, uint32_t n, const uint64_t **out, sqi_arena *scratch)
{
    const uint64_t *valid = v->type->id == SQI_VOID ? NULL : v->valid;
    *out = valid ? valid : outer;
    if ((valid && outer) || v->type->id == SQI_VOID) {
        uint64_t *both = sqi_arena_zero(scratch, sqi_bits_words(n) * sizeof *both);
        if (!both)
            return false;
        for (size_t w = 0; valid && w < sqi_bits_words(n); w++)
            both[w] = valid[w] & outer[w];
        *out = both;
    }
    if (*out && sqi_bits_count(*out, n) == n)
        *out = NULL;
    return true;
}

/* The values, those that are null as zeros. */
static const void *clean(const void *data, uint32_t width, const uint64_t *valid, uint32_t n, sqi_arena *scratch)
{
    if (!valid)
        return data;
    char *out = sqi_arena_get(scratch, (size_t)n * width);
    for (size_t i = 0; out && i < n; i++) {
        if (sqi_bits_get(valid, (uint32_t)i))
            memcpy(out + i * width, (const char *)data + i * width, width);
        else
            memset(out + i * width, 0, width);
    }
    return out;
}

/* ---- values --------------------------------------------------------------------------------------------------- */

static size_t varint_bytes(uint32_t v)
{
    return 1 + (size_t)(v >> 7 != 0) + (v >> 14 != 0) + (v >> 21 != 0) + (v >> 28 != 0);
}

static bool put_texts(sqi_buf *to, const sqi_str *s, uint32_t n)
{
    size_t total = SLACK;
    for (uint32_t i = 0; i < n; i++)
        total += s[i].len + varint_bytes(s[i].len);
    if (!sqi_buf_reserve(to, total))
        return false;
    char *at = to->ptr + to->len;
    for (uint32_t i = 0; i < n; i++) {
        if (s[i].len < 128)
            *at++ = (char)s[i].len;
        else
            at += sqi_varint_store((unsigned char *)at, s[i].len);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (s[i].len <= SQI_STR_INLINE)
            memcpy(at, s[i].u.inlined, SQI_STR_INLINE);
        else
            memcpy(at, sqi_str_ptr(&s[i]), s[i].len);
        at += s[i].len;
    }
    to->len = (size_t)(at - to->ptr);
    return true;
}

static bool put(sqi_buf *to, const sqi_vec *v, const uint64_t *outer, uint32_t n, sqi_arena *scratch);

/* Whether the lists are the elements from the first one on, one after the other. */
static bool is_dense(const sqi_list *list, uint32_t n)
{
    uint64_t at = 0;
    bool dense = true;
    for (uint32_t i = 0; i < n; i++) {
        dense &= list[i].length == 0 || list[i].offset == at;
        at += list[i].length;
    }
    return dense;
}

static bool put_elements(sqi_buf *to, const sqi_vec *child, const sqi_list *list, uint32_t n, uint32_t total,
                         sqi_arena *scratch)
{
    if (is_dense(list, n))
        return put(to, child, NULL, total, scratch);
    uint32_t *index = sqi_arena_get(scratch, ((size_t)total + 1) * sizeof *index), at = 0;
    sqi_vec moved;
    if (!index)
        return refuse(to);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < list[i].length; k++)
            index[at++] = list[i].offset + k;
    if (sqi_vec_gather(&moved, child, index, total, scratch, NULL) != STREAMQ_OK)
        return refuse(to);
    return put(to, &moved, NULL, total, scratch);
}

static bool put_lists(sqi_buf *to, const sqi_vec *v, const sqi_list *list, uint32_t n, sqi_arena *scratch)
{
    uint64_t total = 0;
    if (!sqi_buf_reserve(to, (size_t)n * 5))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        total += list[i].length;
        to->len += sqi_varint_store((unsigned char *)to->ptr + to->len, list[i].length);
    }
    if (total >= UINT32_MAX)
        return refuse(to);
    for (uint32_t c = 0; c < v->type->nfield; c++)
        if (!put_elements(to, &v->child[c], list, n, (uint32_t)total, scratch))
            return false;
    return true;
}

static bool put_intervals(sqi_buf *to, const sqi_interval *v, uint32_t n)
{
    if (!sqi_buf_reserve(to, (size_t)n * 16))
        return false;
    for (uint32_t i = 0; i < n; i++, to->len += 16) {
        char *at = to->ptr + to->len;
        sqi_le32_store(at, (uint32_t)v[i].months);
        sqi_le32_store(at + 4, (uint32_t)v[i].days);
        sqi_le64_store(at + 8, (uint64_t)v[i].micros);
    }
    return true;
}

static bool put_struct(sqi_buf *to, const sqi_vec *v, const uint64_t *valid, uint32_t n, sqi_arena *scratch)
{
    uint64_t *all = NULL;
    if (!v->type->nfield && !valid) { /* bytes that stand for the number of values */
        all = sqi_arena_get(scratch, sqi_bits_words(n) * sizeof *all);
        if (!all)
            return refuse(to);
        memset(all, 0xff, sqi_bits_words(n) * sizeof *all);
    }
    if (!put_head(to, 0, all ? all : valid, n))
        return false;
    for (uint32_t c = 0; c < v->type->nfield; c++)
        if (!put(to, &v->child[c], valid, n, scratch))
            return false;
    return true;
}

static bool put_values(sqi_buf *to, const sqi_vec *v, const uint64_t *valid, uint32_t n, sqi_arena *scratch)
{
    uint32_t width = sqi_type_width(v->type);
    size_t head = to->len;
    const void *data = clean(v->data, width, valid, n, scratch);
    if (!data)
        return refuse(to);
    switch (v->type->id) {
    case SQI_BOOLEAN:
    case SQI_TINYINT:
    case SQI_FLOAT:
    case SQI_DOUBLE:
        return put_head(to, width, valid, n) && sqi_pack_raw(to, data, width, n);
    case SQI_INTERVAL:
        return put_head(to, 0, valid, n) && put_intervals(to, data, n);
    case SQI_STRING:
    case SQI_BINARY:
        return put_head(to, 0, valid, n) && put_texts(to, data, n);
    case SQI_ARRAY:
    case SQI_MAP:
        return put_head(to, 0, valid, n) && put_lists(to, v, data, n, scratch);
    default:
        return put_head(to, 0, valid, n) && sqi_pack_words(to, head, data, width, n);
    }
}

/* `outer`: where the values stand inside of something that is not null; NULL: everywhere. */
static bool put(sqi_buf *to, const sqi_vec *v, const uint64_t *outer, uint32_t n, sqi_arena *scratch)
{
    const uint64_t *valid;
    sqi_vec flat;
    if (!n)
        return true;
    if (!v->mask) {
        if (sqi_vec_flatten(&flat, v, n, scratch, NULL) != STREAMQ_OK)
            return refuse(to);
        v = &flat;
    }
    if (!find_nulls(v, outer, n, &valid, scratch))
        return refuse(to);
    if (v->type->id == SQI_VOID)
        return put_head(to, 0, valid, n);
    if (v->type->id == SQI_STRUCT)
        return put_struct(to, v, valid, n, scratch);
    return put_values(to, v, valid, n, scratch);
}

bool sqi_pack_column(sqi_buf *to, const sqi_vec *v, sqi_rows rows, sqi_arena *scratch)
{
    sqi_vec dense;
    if (!rows.sel || !rows.n)
        return put(to, v, NULL, rows.n, scratch);
    if (sqi_vec_gather(&dense, v, rows.sel, rows.n, scratch, NULL) != STREAMQ_OK)
        return refuse(to);
    return put(to, &dense, NULL, rows.n, scratch);
}
