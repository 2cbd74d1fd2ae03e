/*
 * data_arrow_import: arrays to vectors, by layout. Values that stand as ours are not copied: numbers, times and the
 * bytes of strings stay in the producer's buffers, which the batch keeps. Bitmaps, booleans, offsets and other units of
 * time are converted into the batch's arena.
 *
 * The interface does not carry buffer sizes, so a producer is believed about its buffers' lengths and nothing else:
 * counts, lengths, offsets, indexes and pointers are checked before they are used. `at` counts from the array's own
 * offset.
 */
#include "data_arrow_layout.h"
#include "data_bits.h"
#include "data_decimal.h"

#define LENGTH_MAX (INT64_MAX / 64) /* of an array, its offset included: no byte position overflows */

typedef struct import {
    sqi_arena *arena;
    sqi_span column;
    streamq_error **err;
} import;

static streamq_status malformed(const import *x, const char *why)
{
    return sqi_error_set(x->err, SQI_COND_INVALID_ARGUMENT, "Arrow array of column '%.*s' is malformed: %s",
                         (int)x->column.len, x->column.ptr, why);
}

static streamq_status out_of_range(const import *x, const sqi_type *t)
{
    char label[128];
    return sqi_error_set(x->err, SQI_COND_CAST_OVERFLOW, "a value of column '%.*s' does not fit type %s",
                         (int)x->column.len, x->column.ptr, sqi_type_label(t, label));
}

static streamq_status too_large(const import *x)
{
    return sqi_error_set(x->err, SQI_COND_LIMIT_EXCEEDED,
                         "column '%.*s' has more than %u elements in one array, or a value of more than %u bytes",
                         (int)x->column.len, x->column.ptr, UINT32_MAX - 1, SQI_STR_MAX);
}

static int64_t load(const void *buffer, int64_t i, int32_t width)
{
    const char *p = (const char *)buffer + i * (width < 0 ? -width : width);
    switch (width) {
    case 1:
        return *(const int8_t *)p;
    case -1:
        return *(const uint8_t *)p;
    case 2:
    case -2: {
        uint16_t v;
        memcpy(&v, p, sizeof v);
        return width < 0 ? v : (int16_t)v;
    }
    case 4:
    case -4: {
        uint32_t v;
        memcpy(&v, p, sizeof v);
        return width < 0 ? (int64_t)v : (int32_t)v;
    }
    default: {
        int64_t v;
        memcpy(&v, p, sizeof v);
        return v;
    }
    }
}

static int64_t buffers_of(const sqi_arrow_layout *l)
{
    switch (l->kind) {
    case SQI_ARROW_NULL:
        return 0;
    case SQI_ARROW_STRUCT:
    case SQI_ARROW_LIST_FIXED:
        return 1;
    case SQI_ARROW_BYTES:
    case SQI_ARROW_LIST_VIEW:
    case SQI_ARROW_BYTES_VIEW: /* at least */
        return 3;
    default:
        return 2;
    }
}

/* What every array must say truly before anything of it is read; n values from `at` on are asked for. */
static streamq_status check(const import *x, const sqi_arrow_layout *l, const struct ArrowArray *a, int64_t at,
                            int64_t n)
{
    if (!a || !a->release)
        return malformed(x, "it is missing or has been released");
    if (a->length < 0 || a->offset < 0 || a->length > LENGTH_MAX || a->offset > LENGTH_MAX - a->length)
        return malformed(x, "its length or offset is negative or too large");
    if (at < 0 || at > a->length || n > a->length - at)
        return malformed(x, "it is shorter than its parent says");
    if (a->null_count < -1 || a->null_count > a->length)
        return malformed(x, "its null count is not between -1 and its length");
    int64_t buffers = buffers_of(l), children = l->kind == SQI_ARROW_DICTIONARY ? 0 : l->nchild;
    if (l->kind == SQI_ARROW_BYTES_VIEW ? a->n_buffers < buffers || a->n_buffers > INT32_MAX : a->n_buffers != buffers)
        return malformed(x, "its number of buffers is not its format's");
    if ((buffers && !a->buffers) || a->n_children != children || (children && !a->children))
        return malformed(x, "its buffers or children are not its format's");
    if ((l->kind == SQI_ARROW_DICTIONARY) != (a->dictionary != NULL))
        return malformed(x, "a dictionary is missing or unexpected");
    if (l->kind != SQI_ARROW_NULL && !a->buffers[0] && a->null_count > 0)
        return malformed(x, "it has nulls and no validity");
    return STREAMQ_OK;
}

/* Bits from any bit position on, read byte by byte: the buffer may end with the last byte that has a bit of ours. */
static void load_bits(uint64_t *to, const void *from, int64_t begin, uint32_t n)
{
    const uint8_t *byte = (const uint8_t *)from + begin / 8;
    uint32_t shift = (uint32_t)(begin % 8), bytes = (shift + n + 7) / 8;
    memset(to, 0, sqi_bits_words(n) * sizeof *to);
    for (uint32_t k = 0; k < (n + 7) / 8; k++) {
        uint32_t both = byte[k] | (k + 1 < bytes ? (uint32_t)byte[k + 1] << 8 : 0);
        to[k / 8] |= (uint64_t)(both >> shift & 0xff) << (k % 8 * 8);
    }
}

/* `above`: where the struct around the value is not null. What a null struct hides is rubbish and becomes null. */
static streamq_status import_valid(const import *x, const struct ArrowArray *a, int64_t at, uint32_t n,
                                   const uint64_t *above, sqi_vec *out)
{
    bool own = a->buffers[0] && a->null_count != 0;
    out->valid = NULL;
    if ((!own && !above) || n == 0)
        return STREAMQ_OK;
    SQI_TRY(sqi_vec_bitmap(out, n, true, x->arena, x->err));
    if (own)
        load_bits(out->valid, a->buffers[0], a->offset + at, n);
    for (size_t w = 0; above && w < sqi_bits_words(n); w++)
        out->valid[w] &= above[w];
    if (sqi_bits_count(out->valid, n) == n)
        out->valid = NULL;
    return STREAMQ_OK;
}

/* Values of our own layout stay where they are if they are aligned. */
static streamq_status import_same(const import *x, const void *buffer, int64_t first, uint32_t n, sqi_vec *out)
{
    uint32_t width = sqi_type_width(out->type), align = width > 8 ? 16 : width;
    const char *from = (const char *)buffer + first * width;
    if ((uintptr_t)from % align == 0) {
        out->data = (void *)(uintptr_t)from;
        return STREAMQ_OK;
    }
    out->data = sqi_arena_get(x->arena, (size_t)n * width);
    if (!out->data)
        return sqi_error_nomem(x->err);
    memcpy(out->data, from, (size_t)n * width);
    return STREAMQ_OK;
}

static float half(uint16_t h)
{
    uint32_t sign = (uint32_t)(h & 0x8000) << 16, exponent = h >> 10 & 31, fraction = h & 1023, bits;
    if (exponent == 31)
        bits = sign | 0x7f800000u | fraction << 13;
    else if (exponent)
        bits = sign | (exponent + 112) << 23 | fraction << 13;
    else {
        float small = (float)fraction / 16777216.0f; /* 2^-24 each: exact */
        return sign ? -small : small;
    }
    float f;
    memcpy(&f, &bits, sizeof f);
    return f;
}

static bool scale(int64_t v, int64_t factor, int64_t *out)
{
    if (factor > 0)
        return !__builtin_mul_overflow(v, factor, out);
    int64_t rest = v % -factor;
    *out = v / -factor - (rest < 0);
    return true;
}

/* A decimal of 4 to 32 bytes. False: more than 128 bits. */
static bool load_decimal(const char *p, int32_t width, sqi_int128 *out)
{
    if (width < 16) {
        *out = load(p, 0, width);
        return true;
    }
    memcpy(out, p, sizeof *out);
    if (width == 16)
        return true;
    sqi_int128 high;
    memcpy(&high, p + 16, sizeof high);
    return high == (*out < 0 ? -1 : 0);
}

/* One value that is not as ours. False: it does not fit. */
static bool convert(const sqi_arrow_layout *l, const void *buffer, int64_t i, sqi_vec *out, uint32_t k)
{
    const char *p = (const char *)buffer + i * (l->width < 0 ? -l->width : l->width);
    int64_t v;
    switch (l->kind) {
    case SQI_ARROW_UINT:
        v = load(buffer, i, -l->width);
        if (l->width == 1)
            SQI_OUT(out, int16_t)[k] = (int16_t)v;
        else if (l->width == 2)
            SQI_OUT(out, int32_t)[k] = (int32_t)v;
        else if (l->width == 4)
            SQI_OUT(out, int64_t)[k] = v;
        else
            SQI_OUT(out, sqi_int128)[k] = (uint64_t)v;
        return true;
    case SQI_ARROW_HALF:
        SQI_OUT(out, float)[k] = half((uint16_t)load(buffer, i, -2));
        return true;
    case SQI_ARROW_SCALED:
        return scale(load(buffer, i, 8), l->factor, &SQI_OUT(out, int64_t)[k]);
    case SQI_ARROW_DATE_MS:
        (void)scale(load(buffer, i, 8), -86400000, &v);
        SQI_OUT(out, int32_t)[k] = (int32_t)v;
        return v >= INT32_MIN && v <= INT32_MAX;
    case SQI_ARROW_DECIMAL:
        return load_decimal(p, l->width, &SQI_OUT(out, sqi_int128)[k]);
    case SQI_ARROW_DAY_TIME:
        SQI_OUT(out, sqi_interval)[k] = (sqi_interval){0, (int32_t)load(p, 0, 4), load(p, 1, 4) * 1000};
        return true;
    default: /* SQI_ARROW_MONTH_DAY_NANO */
        (void)scale(load(p, 1, 8), -1000, &v);
        SQI_OUT(out, sqi_interval)[k] = (sqi_interval){(int32_t)load(p, 0, 4), (int32_t)load(p, 1, 4), v};
        return true;
    }
}

static streamq_status import_converted(const import *x, const sqi_arrow_layout *l, const void *buffer, int64_t first,
                                       uint32_t n, sqi_vec *out)
{
    out->data = sqi_arena_zero(x->arena, (size_t)n * sqi_type_width(out->type));
    if (!out->data)
        return sqi_error_nomem(x->err);
    for (uint32_t k = 0; k < n; k++)
        if (sqi_vec_valid(out, k) && !convert(l, buffer, first + k, out, k))
            return out_of_range(x, out->type);
    return STREAMQ_OK;
}

static streamq_status import_decimal(const import *x, const sqi_arrow_layout *l, const void *buffer, int64_t first,
                                     uint32_t n, sqi_vec *out)
{
    SQI_TRY(l->width == 16 ? import_same(x, buffer, first, n, out) : import_converted(x, l, buffer, first, n, out));
    for (uint32_t k = 0; k < n; k++)
        if (sqi_vec_valid(out, k) && !sqi_decimal_fits(SQI_AT(out, sqi_int128, k), out->type->precision))
            return out_of_range(x, out->type);
    return STREAMQ_OK;
}

static streamq_status import_bits(const import *x, const void *buffer, int64_t first, uint32_t n, sqi_vec *out)
{
    uint8_t *to = sqi_arena_get(x->arena, n);
    if (!to)
        return sqi_error_nomem(x->err);
    for (uint32_t k = 0; k < n; k++)
        to[k] = ((const uint8_t *)buffer)[(first + k) / 8] >> (first + k) % 8 & 1;
    out->data = to;
    return STREAMQ_OK;
}

static streamq_status import_bytes(const import *x, const sqi_arrow_layout *l, const struct ArrowArray *a,
                                   int64_t first, uint32_t n, sqi_str *to)
{
    const void *offsets = a->buffers[1];
    const char *bytes = a->buffers[2];
    int64_t begin = load(offsets, first, l->width);
    if (begin < 0)
        return malformed(x, "an offset is negative");
    for (uint32_t k = 0; k < n; k++) {
        int64_t end = load(offsets, first + k + 1, l->width);
        if (end < begin || (end > begin && !bytes))
            return malformed(x, "its offsets descend, or it has no bytes");
        if (end - begin > SQI_STR_MAX)
            return too_large(x);
        to[k] = sqi_str_view(bytes + begin, (uint32_t)(end - begin));
        begin = end;
    }
    return STREAMQ_OK;
}

static streamq_status import_views(const import *x, const struct ArrowArray *a, int64_t first, uint32_t n,
                                   const sqi_vec *valid, sqi_str *to)
{
    int64_t ndata = a->n_buffers - 3;
    const void *sizes = a->buffers[a->n_buffers - 1];
    if (ndata && !sizes)
        return malformed(x, "the lengths of its buffers are missing");
    for (uint32_t k = 0; k < n; k++) {
        if (!sqi_vec_valid(valid, k))
            continue;
        const char *view = (const char *)a->buffers[1] + (first + k) * 16;
        int64_t len = load(view, 0, 4), index = load(view, 2, 4), offset = load(view, 3, 4);
        if (len < 0)
            return malformed(x, "a view has a negative length");
        if (len <= SQI_STR_INLINE) {
            to[k] = sqi_str_view(view + 4, (uint32_t)len);
            continue;
        }
        if (index < 0 || index >= ndata || offset < 0 || !a->buffers[2 + index] || offset + len > load(sizes, index, 8))
            return malformed(x, "a view points outside its buffers");
        to[k] = sqi_str_view((const char *)a->buffers[2 + index] + offset, (uint32_t)len);
    }
    return STREAMQ_OK;
}

static streamq_status import_strings(const import *x, const sqi_arrow_layout *l, const struct ArrowArray *a,
                                     int64_t first, uint32_t n, sqi_vec *out)
{
    sqi_str *to = sqi_arena_array(x->arena, n, sizeof *to);
    if (!to)
        return sqi_error_nomem(x->err);
    out->data = to;
    if (l->kind == SQI_ARROW_BYTES)
        return import_bytes(x, l, a, first, n, to);
    if (l->kind == SQI_ARROW_BYTES_VIEW)
        return import_views(x, a, first, n, out, to);
    if (l->count && a->offset + a->length > INT64_MAX / l->count)
        return malformed(x, "it is too long for its width");
    for (uint32_t k = 0; k < n; k++)
        to[k] = sqi_str_view((const char *)a->buffers[1] + (first + k) * l->count, (uint32_t)l->count);
    return STREAMQ_OK;
}

static streamq_status import_array(const import *x, const sqi_arrow_layout *l, const struct ArrowArray *a, int64_t at,
                                   uint32_t n, const uint64_t *above, sqi_vec *out);

/* The elements begin .. end - 1 of a list's child become our child; a map's are two, inside a struct. */
static streamq_status import_elements(const import *x, const sqi_arrow_layout *l, const struct ArrowArray *a,
                                      int64_t begin, int64_t end, sqi_vec *out)
{
    const sqi_arrow_layout *child = l->child;
    const struct ArrowArray *elements = a->children[0];
    if (end - begin >= UINT32_MAX)
        return too_large(x);
    uint32_t n = (uint32_t)(end - begin);
    out->nchild = n;
    out->child = sqi_arena_array(x->arena, out->type->nfield, sizeof *out->child);
    if (!out->child)
        return sqi_error_nomem(x->err);
    if (out->type->id == SQI_ARRAY)
        return import_array(x, child, elements, begin, n, NULL, &out->child[0]);
    SQI_TRY(check(x, child, elements, begin, n));
    for (uint32_t c = 0; c < 2; c++)
        SQI_TRY(import_array(x, &child->child[c], elements->children[c], elements->offset + begin, n, NULL,
                             &out->child[c]));
    if (elements->null_count && elements->buffers[0]) {
        sqi_vec entries = {.type = child->type, .mask = UINT32_MAX};
        SQI_TRY(import_valid(x, elements, begin, n, NULL, &entries));
        if (entries.valid)
            return malformed(x, "an entry of a map is null");
    }
    if (out->child[0].valid && sqi_bits_count(out->child[0].valid, n) < n)
        return sqi_error_set(x->err, SQI_COND_NULL_MAP_KEY, "a map of column '%.*s' has a null key", (int)x->column.len,
                             x->column.ptr);
    return STREAMQ_OK;
}

/* Lists by one run of offsets: the child is imported from the first to the last of them. */
static streamq_status import_lists(const import *x, const sqi_arrow_layout *l, const struct ArrowArray *a,
                                   int64_t first, uint32_t n, sqi_vec *out)
{
    sqi_list *to = out->data;
    int64_t begin = load(a->buffers[1], first, l->width), at = begin;
    if (begin < 0)
        return malformed(x, "an offset is negative");
    for (uint32_t k = 0; k < n; k++) {
        int64_t end = load(a->buffers[1], first + k + 1, l->width);
        if (end < at)
            return malformed(x, "its offsets descend");
        if (end - begin >= UINT32_MAX)
            return too_large(x);
        to[k] = (sqi_list){(uint32_t)(at - begin), (uint32_t)(end - at)};
        at = end;
    }
    return import_elements(x, l, a, begin, at, out);
}

/* Lists by offset and size, in any order: the child is imported from the lowest to the highest element used. */
static streamq_status import_list_views(const import *x, const sqi_arrow_layout *l, const struct ArrowArray *a,
                                        int64_t first, uint32_t n, sqi_vec *out)
{
    int64_t low = INT64_MAX, high = 0;
    sqi_list *to = out->data;
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t k = 0; k < n; k++) {
            if (!sqi_vec_valid(out, k))
                continue;
            int64_t begin = load(a->buffers[1], first + k, l->width), size = load(a->buffers[2], first + k, l->width);
            if (begin < 0 || size < 0 || begin > LENGTH_MAX || size > LENGTH_MAX)
                return malformed(x, "an offset or size is negative or too large");
            if (pass && size)
                to[k] = (sqi_list){(uint32_t)(begin - low), (uint32_t)size};
            low = size && begin < low ? begin : low;
            high = size && begin + size > high ? begin + size : high;
        }
        low = low > high ? high : low;
        if (high - low >= UINT32_MAX)
            return too_large(x);
    }
    return import_elements(x, l, a, low, high, out);
}

static streamq_status import_list(const import *x, const sqi_arrow_layout *l, const struct ArrowArray *a, int64_t first,
                                  uint32_t n, sqi_vec *out)
{
    sqi_list *to = sqi_arena_array(x->arena, n, sizeof *to);
    if (!to)
        return sqi_error_nomem(x->err);
    out->data = to;
    if (l->kind == SQI_ARROW_LIST)
        return import_lists(x, l, a, first, n, out);
    if (l->kind == SQI_ARROW_LIST_VIEW)
        return import_list_views(x, l, a, first, n, out);
    if (l->count && (first + n > LENGTH_MAX / l->count || n > (UINT32_MAX - 1) / l->count))
        return too_large(x);
    for (uint32_t k = 0; k < n; k++)
        to[k] = (sqi_list){k * (uint32_t)l->count, (uint32_t)l->count};
    return import_elements(x, l, a, first * l->count, (first + n) * l->count, out);
}

static streamq_status import_struct(const import *x, const sqi_arrow_layout *l, const struct ArrowArray *a,
                                    int64_t first, uint32_t n, sqi_vec *out)
{
    out->child = sqi_arena_array(x->arena, l->nchild ? l->nchild : 1, sizeof *out->child);
    if (!out->child)
        return sqi_error_nomem(x->err);
    for (uint32_t c = 0; c < l->nchild; c++)
        SQI_TRY(import_array(x, &l->child[c], a->children[c], first, n, out->valid, &out->child[c]));
    return STREAMQ_OK;
}

static streamq_status import_dictionary(const import *x, const sqi_arrow_layout *l, const struct ArrowArray *a,
                                        int64_t first, uint32_t n, sqi_vec *out)
{
    const struct ArrowArray *values = a->dictionary;
    sqi_vec dictionary, valid = *out;
    if (values->length >= UINT32_MAX)
        return too_large(x);
    SQI_TRY(import_array(x, l->child, values, 0, values->length < 0 ? 0 : (uint32_t)values->length, NULL, &dictionary));
    uint32_t *index = sqi_arena_array(x->arena, n, sizeof *index);
    if (!index)
        return sqi_error_nomem(x->err);
    for (uint32_t k = 0; k < n; k++) {
        int64_t i = load(a->buffers[1], first + k, l->width);
        bool null = !sqi_vec_valid(&valid, k);
        if (!null && (i < 0 || i >= values->length))
            return malformed(x, "an index points outside its dictionary");
        index[k] = null ? UINT32_MAX : (uint32_t)i;
    }
    return sqi_vec_gather(out, &dictionary, index, n, x->arena, x->err);
}

static streamq_status import_array(const import *x, const sqi_arrow_layout *l, const struct ArrowArray *a, int64_t at,
                                   uint32_t n, const uint64_t *above, sqi_vec *out)
{
    SQI_TRY(check(x, l, a, at, n));
    if (n == 0 || l->kind == SQI_ARROW_NULL)
        return sqi_vec_make(out, l->type, n, x->arena, x->err);
    *out = (sqi_vec){.type = l->type, .mask = UINT32_MAX};
    SQI_TRY(import_valid(x, a, at, n, above, out));
    int64_t first = a->offset + at;
    int64_t needed = l->kind == SQI_ARROW_LIST_VIEW ? 3 : buffers_of(l) > 1 ? 2 : 1;
    if (l->kind == SQI_ARROW_BYTES_FIXED && l->count == 0)
        needed = 1;
    for (int64_t b = 1; b < needed; b++)
        if (!a->buffers[b])
            return malformed(x, "a buffer is missing");
    switch (l->kind) {
    case SQI_ARROW_BITS:
        return import_bits(x, a->buffers[1], first, n, out);
    case SQI_ARROW_SAME:
        return import_same(x, a->buffers[1], first, n, out);
    case SQI_ARROW_DECIMAL:
        return import_decimal(x, l, a->buffers[1], first, n, out);
    case SQI_ARROW_BYTES:
    case SQI_ARROW_BYTES_VIEW:
    case SQI_ARROW_BYTES_FIXED:
        return import_strings(x, l, a, first, n, out);
    case SQI_ARROW_LIST:
    case SQI_ARROW_LIST_VIEW:
    case SQI_ARROW_LIST_FIXED:
        return import_list(x, l, a, first, n, out);
    case SQI_ARROW_STRUCT:
        return import_struct(x, l, a, first, n, out);
    case SQI_ARROW_DICTIONARY:
        return import_dictionary(x, l, a, first, n, out);
    default:
        return import_converted(x, l, a->buffers[1], first, n, out);
    }
}

streamq_status sqi_arrow_import_column(const sqi_arrow_layout *layout, const struct ArrowArray *array, int64_t at,
                                       uint32_t n, sqi_arena *arena, sqi_vec *out, streamq_error **err)
{
    return import_array(&(import){arena, layout->name, err}, layout, array, at, n, NULL, out);
}
