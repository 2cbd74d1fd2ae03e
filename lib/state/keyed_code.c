/*
 * keyed_code: writing goes column by column over blocks of rows, first the sizes, then the bytes through one cursor per
 * row; only elements of arrays and maps are written value by value. Reading goes column by column over all codes.
 */
#include "keyed_code.h"
#include "data_bits.h"
#include "data_builder.h"

enum { BLOCK = 128 };
#define HOLE UINT32_MAX /* position of a value inside a null struct */

uint32_t sqi_code_width(const sqi_type *const *type, uint32_t ntype)
{
    uint32_t width = 0;
    for (uint32_t i = 0; i < ntype; i++) {
        const sqi_type *t = type[i];
        uint32_t inner = 0;
        switch (t->id) {
        case SQI_STRING:
        case SQI_BINARY:
        case SQI_ARRAY:
        case SQI_MAP:
            return 0;
        case SQI_STRUCT:
            for (uint32_t f = 0; f < t->nfield; f++) {
                uint32_t one = sqi_code_width(&t->field[f].type, 1);
                if (!one)
                    return 0;
                inner += one;
            }
            break;
        default:
            inner = sqi_type_width(t);
        }
        width += 1 + inner;
    }
    return width;
}

void sqi_code_init(sqi_code *c, sqi_alloc *alloc)
{
    *c = (sqi_code){.alloc = alloc};
}

void sqi_code_fini(sqi_code *c)
{
    if (!c->alloc)
        return;
    sqi_alloc_free(c->alloc, c->bytes, c->bytes_cap);
    sqi_alloc_free(c->alloc, c->end, c->end_cap * sizeof *c->end);
    *c = (sqi_code){0};
}

static bool is_null(const sqi_vec *v, uint32_t i)
{
    return i == HOLE || !sqi_vec_valid(v, i);
}

/* One value, for what stands inside arrays and maps: its size, or its bytes. */
static size_t value_size(const sqi_vec *v, uint32_t i)
{
    const sqi_type *t = v->type;
    bool null = is_null(v, i);
    size_t size = 1;
    i = null ? HOLE : i & v->mask;
    switch (t->id) {
    case SQI_STRING:
    case SQI_BINARY:
        return null ? 1 : 5 + (size_t)SQI_AT(v, sqi_str, i).len;
    case SQI_ARRAY:
    case SQI_MAP:
        if (null)
            return 1;
        sqi_list list = SQI_AT(v, sqi_list, i);
        for (uint32_t c = 0; c < t->nfield; c++)
            for (uint32_t e = 0; e < list.length; e++)
                size += value_size(&v->child[c], list.offset + e);
        return size + 4;
    case SQI_STRUCT:
        for (uint32_t c = 0; c < t->nfield; c++)
            size += value_size(&v->child[c], i);
        return size;
    default:
        return 1 + sqi_type_width(t);
    }
}

static char *put_length(char *to, uint32_t length)
{
    memcpy(to, &length, sizeof length);
    return to + sizeof length;
}

static char *put_string(char *to, const sqi_str *s)
{
    *to = 1;
    to = put_length(to + 1, s->len);
    memcpy(to, sqi_str_ptr(s), s->len);
    return to + s->len;
}

static char *value_put(char *to, const sqi_vec *v, uint32_t i)
{
    const sqi_type *t = v->type;
    uint32_t width = sqi_type_width(t);
    bool null = is_null(v, i);
    i = null ? HOLE : i & v->mask;
    switch (t->id) {
    case SQI_STRING:
    case SQI_BINARY:
        if (!null)
            return put_string(to, &SQI_AT(v, sqi_str, i));
        *to = 0;
        return to + 1;
    case SQI_ARRAY:
    case SQI_MAP:
        *to = !null;
        if (null)
            return to + 1;
        sqi_list list = SQI_AT(v, sqi_list, i);
        to = put_length(to + 1, list.length);
        for (uint32_t c = 0; c < t->nfield; c++)
            for (uint32_t e = 0; e < list.length; e++)
                to = value_put(to, &v->child[c], list.offset + e);
        return to;
    case SQI_STRUCT:
        *to++ = !null;
        for (uint32_t c = 0; c < t->nfield; c++)
            to = value_put(to, &v->child[c], i);
        return to;
    default:
        *to = !null;
        if (null)
            memset(to + 1, 0, width);
        else if (width)
            memcpy(to + 1, (const char *)v->data + (size_t)i * width, width);
        return to + 1 + width;
    }
}

/* A block of rows: positions in the vector at hand, and what is known of each row's code so far. */
typedef struct block {
    uint32_t index[BLOCK], n;
} block;

static void inside(block *b, const sqi_vec *v, const block *outer)
{
    b->n = outer->n;
    for (uint32_t k = 0; k < b->n; k++)
        b->index[k] = is_null(v, outer->index[k]) ? HOLE : outer->index[k] & v->mask;
}

static void column_size(const sqi_vec *v, const block *b, size_t *size)
{
    const sqi_type *t = v->type;
    block fields;
    switch (t->id) {
    case SQI_STRING:
    case SQI_BINARY:
        for (uint32_t k = 0; k < b->n; k++)
            size[k] += is_null(v, b->index[k]) ? 1 : 5 + (size_t)SQI_AT(v, sqi_str, b->index[k]).len;
        break;
    case SQI_ARRAY:
    case SQI_MAP:
        for (uint32_t k = 0; k < b->n; k++)
            size[k] += value_size(v, b->index[k]);
        break;
    case SQI_STRUCT:
        inside(&fields, v, b);
        for (uint32_t c = 0; c < t->nfield; c++)
            column_size(&v->child[c], &fields, size);
        for (uint32_t k = 0; k < b->n; k++)
            size[k]++;
        break;
    default:
        for (uint32_t k = 0; k < b->n; k++)
            size[k] += 1 + sqi_type_width(t);
    }
}

#define PUT_FIXED(width)                                                                         \
    for (uint32_t k = 0; k < b->n; k++) {                                                        \
        uint32_t i = b->index[k];                                                                \
        bool null = is_null(v, i);                                                               \
        *at[k] = !null;                                                                          \
        if (null)                                                                                \
            memset(at[k] + 1, 0, (width));                                                       \
        else                                                                                     \
            memcpy(at[k] + 1, (const char *)v->data + (size_t)(i & v->mask) * (width), (width)); \
        at[k] += 1 + (width);                                                                    \
    }

static void column_put(const sqi_vec *v, const block *b, char **at)
{
    const sqi_type *t = v->type;
    block fields;
    if (t->id == SQI_STRUCT) {
        inside(&fields, v, b);
        for (uint32_t k = 0; k < b->n; k++)
            *at[k]++ = fields.index[k] != HOLE;
        for (uint32_t c = 0; c < t->nfield; c++)
            column_put(&v->child[c], &fields, at);
        return;
    }
    if (t->id == SQI_STRING || t->id == SQI_BINARY) {
        for (uint32_t k = 0; k < b->n; k++) {
            if (is_null(v, b->index[k]))
                *at[k]++ = 0;
            else
                at[k] = put_string(at[k], &SQI_AT(v, sqi_str, b->index[k]));
        }
        return;
    }
    if (t->nfield || t->id == SQI_VOID) {
        for (uint32_t k = 0; k < b->n; k++)
            at[k] = value_put(at[k], v, b->index[k]);
        return;
    }
    switch (sqi_type_width(t)) {
    case 1:
        PUT_FIXED(1)
        break;
    case 2:
        PUT_FIXED(2)
        break;
    case 4:
        PUT_FIXED(4)
        break;
    case 8:
        PUT_FIXED(8)
        break;
    default:
        PUT_FIXED(16)
    }
}

static streamq_status room(sqi_code *c, size_t bytes, streamq_error **err)
{
    void *items = c->bytes;
    bool fine = sqi_alloc_grow(c->alloc, &items, &c->bytes_cap, bytes, 1);
    c->bytes = items;
    return fine ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status write_block(sqi_code *c, const sqi_vec *keys, uint32_t nkey, const block *b, size_t begin,
                                  size_t *end, streamq_error **err)
{
    size_t size[BLOCK] = {0}, total = begin;
    char *at[BLOCK];
    for (uint32_t i = 0; i < nkey; i++)
        column_size(&keys[i], b, size);
    for (uint32_t k = 0; k < b->n; k++) {
        if (size[k] > SQI_STR_MAX)
            return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "a key of %zu bytes, the limit is %u", size[k],
                                 SQI_STR_MAX);
        total += size[k];
        end[k] = total;
    }
    SQI_TRY(room(c, total, err));
    for (uint32_t k = 0; k < b->n; k++)
        at[k] = c->bytes + end[k] - size[k];
    for (uint32_t i = 0; i < nkey; i++)
        column_put(&keys[i], b, at);
    return STREAMQ_OK;
}

streamq_status sqi_code_write(sqi_code *c, const sqi_vec *keys, uint32_t nkey, sqi_rows rows, streamq_error **err)
{
    void *items = c->end;
    bool fine = sqi_alloc_grow(c->alloc, &items, &c->end_cap, rows.n, sizeof *c->end);
    c->end = items;
    if (!fine)
        return sqi_error_nomem(err);
    for (uint32_t at = 0; at < rows.n; at += BLOCK) {
        block b = {.n = rows.n - at < BLOCK ? rows.n - at : BLOCK};
        for (uint32_t k = 0; k < b.n; k++)
            b.index[k] = rows.sel ? rows.sel[at + k] : at + k;
        SQI_TRY(write_block(c, keys, nkey, &b, at ? c->end[at - 1] : 0, c->end + at, err));
    }
    return STREAMQ_OK;
}

static uint32_t get_length(const char **at)
{
    uint32_t length;
    memcpy(&length, *at, sizeof length);
    *at += sizeof length;
    return length;
}

/* Over the code of a null, whatever the type. */
static const char *skip_null(const char *at, const sqi_type *t)
{
    at++;
    if (t->id == SQI_STRUCT)
        for (uint32_t c = 0; c < t->nfield; c++)
            at = skip_null(at, t->field[c].type);
    else if (!t->nfield && t->id != SQI_STRING && t->id != SQI_BINARY)
        at += sqi_type_width(t);
    return at;
}

/* One value through a builder: what stands inside arrays and maps. */
static void value_get(sqi_builder *b, const sqi_type *t, const char **at)
{
    uint32_t width = sqi_type_width(t), length;
    sqi_int128 slot; /* of an alignment that suits every type */
    if (!**at) {
        *at = skip_null(*at, t);
        sqi_builder_null(b);
        return;
    }
    ++*at;
    switch (t->id) {
    case SQI_STRING:
    case SQI_BINARY:
        length = get_length(at);
        sqi_builder_bytes_shared(b, (sqi_span){*at, length});
        *at += length;
        break;
    case SQI_ARRAY:
    case SQI_MAP:
    case SQI_STRUCT:
        length = t->id == SQI_STRUCT ? 1 : get_length(at);
        sqi_builder_begin(b);
        for (uint32_t c = 0; c < t->nfield; c++)
            for (uint32_t e = 0; e < length; e++)
                value_get(sqi_builder_child(b, c), t->field[c].type, at);
        sqi_builder_end(b);
        break;
    default:
        memcpy(&slot, *at, width);
        *at += width;
        sqi_builder_from(b, &(sqi_vec){.type = t, .data = &slot}, 0);
    }
}

static streamq_status lists_get(const char **at, uint32_t n, const sqi_type *t, sqi_vec *out, sqi_arena *arena,
                                streamq_error **err)
{
    sqi_builder *b = sqi_builder_new(t, arena);
    if (!b)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < n; k++)
        value_get(b, t, &at[k]);
    return sqi_builder_finish(b, out, err);
}

static void strings_get(const char **at, uint32_t n, sqi_vec *out)
{
    sqi_str *to = out->data;
    for (uint32_t k = 0; k < n; k++) {
        const char *p = at[k];
        bool null = !*p++;
        uint32_t length = null ? 0 : get_length(&p);
        to[k] = sqi_str_view(p, length);
        if (null)
            sqi_vec_set_null(out, k);
        at[k] = p + length;
    }
}

static void fixed_get(const char **at, uint32_t n, uint32_t width, sqi_vec *out)
{
    for (uint32_t k = 0; k < n; k++) {
        if (!*at[k])
            sqi_vec_set_null(out, k);
        if (width)
            memcpy((char *)out->data + (size_t)k * width, at[k] + 1, width);
        at[k] += 1 + width;
    }
}

streamq_status sqi_code_read(const char **at, uint32_t n, const sqi_type *const *type, uint32_t ntype, sqi_vec *out,
                             sqi_arena *arena, streamq_error **err)
{
    for (uint32_t i = 0; i < ntype; i++) {
        const sqi_type *t = type[i];
        sqi_vec *v = &out[i];
        if (t->id == SQI_ARRAY || t->id == SQI_MAP) {
            SQI_TRY(lists_get(at, n, t, v, arena, err));
            continue;
        }
        SQI_TRY(sqi_vec_make(v, t, n, arena, err));
        SQI_TRY(sqi_vec_bitmap(v, n, true, arena, err));
        if (t->id == SQI_STRING || t->id == SQI_BINARY)
            strings_get(at, n, v);
        else
            fixed_get(at, n, sqi_type_width(t), v);
        if (t->id != SQI_VOID && sqi_bits_count(v->valid, n) == n)
            v->valid = NULL;
        if (t->id == SQI_STRUCT)
            for (uint32_t f = 0; f < t->nfield; f++)
                SQI_TRY(sqi_code_read(at, n, &t->field[f].type, 1, &v->child[f], arena, err));
    }
    return STREAMQ_OK;
}
