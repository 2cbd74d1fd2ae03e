/*
 * op_sort_key: comparing rows under ORDER BY items.
 *
 * For a large sort each key column first gets a column of 64-bit prefixes whose unsigned order is the column's order,
 * direction included: whole for numbers up to 64 bits, the first eight bytes of text, the upper half of wide decimals.
 * Most comparisons end there; only equal prefixes of text and decimals, and types without a prefix, go on to
 * data_order. Many rows by one whole prefix without nulls are sorted digit by digit, without a comparison.
 */
#include "op_sort_key.h"

#include "base_sort.h"
#include "data_order.h"

enum { MANY = 1024 };

typedef struct column {
    const sqi_vec *vec;
    uint64_t *prefix; /* NULL: the type has none */
    bool whole;       /* equal prefixes are equal values */
    uint8_t flags;
} column;

typedef struct columns {
    column *col;
    uint32_t n;
} columns;

static int compare_nulls(bool a, bool b, uint8_t flags)
{
    if (a == b)
        return 0;
    bool first = flags & SQI_SORT_NULLS_FIRST;
    return a == first ? 1 : -1;
}

int sqi_sort_key_compare(const sqi_vec *a, uint32_t i, const sqi_vec *b, uint32_t j, const uint8_t *flags, uint32_t n)
{
    for (uint32_t k = 0; k < n; ++k) {
        bool va = sqi_vec_valid(&a[k], i), vb = sqi_vec_valid(&b[k], j);
        if (!va || !vb) {
            if (va == vb)
                continue;
            return compare_nulls(va, vb, flags[k]);
        }
        int c = sqi_order_compare(&a[k], i, &b[k], j);
        if (c)
            return flags[k] & SQI_SORT_DESCENDING ? -c : c;
    }
    return 0;
}

static int compare_rows(void *context, uint32_t a, uint32_t b)
{
    const columns *o = context;
    for (const column *c = o->col, *end = c + o->n; c < end; ++c) {
        if (c->vec->valid) {
            bool va = sqi_vec_valid(c->vec, a), vb = sqi_vec_valid(c->vec, b);
            if (va != vb)
                return compare_nulls(va, vb, c->flags);
            if (!va)
                continue;
        }
        if (c->prefix) {
            if (c->prefix[a] != c->prefix[b])
                return c->prefix[a] < c->prefix[b] ? -1 : 1;
            if (c->whole)
                continue;
        }
        int found = sqi_order_compare(c->vec, a, c->vec, b);
        if (found)
            return c->flags & SQI_SORT_DESCENDING ? -found : found;
    }
    return 0;
}

static uint64_t of_int(int64_t v)
{
    return (uint64_t)v ^ UINT64_C(1) << 63;
}

/* Bits of a double in their order: negative ones turned over, NaN above all, both zeros one. */
static uint64_t of_double(double v)
{
    if (v != v)
        return UINT64_MAX;
    v = v == 0 ? 0.0 : v;
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static uint64_t of_text(const sqi_str *s)
{
    uint64_t bytes = 0;
    if (s->len <= SQI_STR_INLINE)
        memcpy(&bytes, s->u.inlined, sizeof bytes); /* unused bytes are zero */
    else
        memcpy(&bytes, sqi_str_ptr(s), sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

static uint64_t prefix_at(const sqi_vec *v, uint32_t i)
{
    switch (v->type->id) {
    case SQI_BOOLEAN:
        return SQI_AT(v, uint8_t, i);
    case SQI_TINYINT:
        return of_int(SQI_AT(v, int8_t, i));
    case SQI_SMALLINT:
        return of_int(SQI_AT(v, int16_t, i));
    case SQI_INT:
    case SQI_DATE:
    case SQI_INTERVAL_YM:
        return of_int(SQI_AT(v, int32_t, i));
    case SQI_BIGINT:
    case SQI_TIMESTAMP:
    case SQI_TIMESTAMP_NTZ:
    case SQI_INTERVAL_DT:
        return of_int(SQI_AT(v, int64_t, i));
    case SQI_FLOAT:
        return of_double(SQI_AT(v, float, i));
    case SQI_DOUBLE:
        return of_double(SQI_AT(v, double, i));
    case SQI_DECIMAL:
        return of_int((int64_t)(SQI_AT(v, sqi_int128, i) >> (v->type->precision > 18 ? 64 : 0)));
    default:
        return of_text(&SQI_AT(v, sqi_str, i));
    }
}

static bool has_prefix(const sqi_type *t)
{
    return (t->id >= SQI_BOOLEAN && t->id <= SQI_BINARY) || (t->id >= SQI_DATE && t->id <= SQI_INTERVAL_DT);
}

static bool prefix_is_whole(const sqi_type *t)
{
    return t->id != SQI_STRING && t->id != SQI_BINARY && !(t->id == SQI_DECIMAL && t->precision > 18);
}

static streamq_status make_column(column *c, const sqi_vec *key, uint8_t flags, uint32_t rows, sqi_arena *arena,
                                  streamq_error **err)
{
    *c = (column){.vec = key, .whole = prefix_is_whole(key->type), .flags = flags};
    if (!has_prefix(key->type))
        return STREAMQ_OK;
    if (!(c->prefix = sqi_arena_get(arena, (size_t)rows * sizeof *c->prefix)))
        return sqi_error_nomem(err);
    uint64_t turn = flags & SQI_SORT_DESCENDING ? UINT64_MAX : 0;
    for (uint32_t i = 0; i < rows; ++i)
        c->prefix[i] = sqi_vec_valid(key, i) ? prefix_at(key, i) ^ turn : 0;
    return STREAMQ_OK;
}

/* One column whose prefixes say everything. */
static streamq_status order_by_keys(const uint64_t *key, uint32_t rows, uint32_t *index, sqi_arena *arena,
                                    streamq_error **err)
{
    sqi_sort_item *item = sqi_arena_get(arena, (size_t)rows * sizeof *item);
    sqi_sort_item *scratch = sqi_arena_get(arena, (size_t)rows * sizeof *scratch);
    if (!item || !scratch)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < rows; ++i)
        item[i] = (sqi_sort_item){key[i], i};
    sqi_sort_items(item, scratch, rows);
    for (uint32_t i = 0; i < rows; ++i)
        index[i] = item[i].row;
    return STREAMQ_OK;
}

streamq_status sqi_sort_key_order(const sqi_vec *key, const uint8_t *flags, uint32_t n, uint32_t rows, uint32_t *index,
                                  sqi_arena *arena, streamq_error **err)
{
    column *col = sqi_arena_array(arena, n ? n : 1, sizeof *col);
    uint32_t *scratch = sqi_arena_get(arena, (size_t)rows * sizeof *scratch);
    if (!col || !scratch)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < n; ++k)
        SQI_TRY(make_column(&col[k], &key[k], flags[k], rows, arena, err));
    if (n == 1 && col->prefix && col->whole && !key->valid && rows >= MANY)
        return order_by_keys(col->prefix, rows, index, arena, err);
    for (uint32_t i = 0; i < rows; ++i)
        index[i] = i;
    columns o = {col, n};
    if (n)
        sqi_sort_index(index, scratch, rows, compare_rows, &o);
    return STREAMQ_OK;
}
