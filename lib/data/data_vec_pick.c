/*
 * data_vec_pick: values of one vector at chosen positions, as a new dense vector: gather, deep copy, flatten.
 *
 * All three are one recursion over the type. `picks` names the positions: an index, or a run. Shallow picks share the
 * bytes of strings and the children of lists; deep ones copy both, so that nothing of the old vector's memory is
 * referenced, and clear the slots of nulls. A hole (UINT32_MAX) in the index is a null, at every depth below it; that
 * is also how a null struct keeps its children's slots from being read.
 */
#include "data_bits.h"
#include "data_vec.h"

#define HOLE UINT32_MAX

typedef struct picks {
    const uint32_t *index; /* NULL: base, base + 1, ... */
    uint32_t base, n;
    bool holes, deep;
    sqi_arena *arena;
    streamq_error **err;
} picks;

/* The loops move bits, not numbers: these may alias any type of that width. */
typedef uint16_t __attribute__((may_alias)) bits16;
typedef uint32_t __attribute__((may_alias)) bits32;
typedef uint64_t __attribute__((may_alias)) bits64;
typedef struct {
    uint64_t low, high;
} __attribute__((may_alias)) bits128;

#define MOVERS(name, ctype)                                          \
    static void name(void *out, const void *in, const picks *p)      \
    {                                                                \
        ctype *to = out;                                             \
        const ctype *from = in;                                      \
        const uint32_t *index = p->index;                            \
        if (p->holes) {                                              \
            static const ctype nothing;                              \
            for (uint32_t k = 0; k < p->n; k++)                      \
                to[k] = index[k] == HOLE ? nothing : from[index[k]]; \
        } else {                                                     \
            for (uint32_t k = 0; k < p->n; k++)                      \
                to[k] = from[index[k]];                              \
        }                                                            \
    }                                                                \
    static void name##_fill(void *out, const void *in, uint32_t n)   \
    {                                                                \
        ctype *to = out, value = *(const ctype *)in;                 \
        for (uint32_t k = 0; k < n; k++)                             \
            to[k] = value;                                           \
    }
MOVERS(move8, uint8_t)
MOVERS(move16, bits16)
MOVERS(move32, bits32)
MOVERS(move64, bits64)
MOVERS(move128, bits128)
#undef MOVERS

static void move(sqi_vec *out, const sqi_vec *in, const picks *p, uint32_t width)
{
    static void (*const by_index[5])(void *, const void *, const picks *) = {move8, move16, move32, move64, move128};
    static void (*const fill[5])(void *, const void *, uint32_t) = {move8_fill, move16_fill, move32_fill, move64_fill,
                                                                    move128_fill};
    int log = __builtin_ctz(width);
    if (!in->mask)
        fill[log](out->data, in->data, p->n);
    else if (p->index)
        by_index[log](out->data, in->data, p);
    else if (p->n)
        memcpy(out->data, (const char *)in->data + (size_t)p->base * width, (size_t)p->n * width);
}

static streamq_status move_valid(sqi_vec *out, const sqi_vec *in, const picks *p)
{
    bool constant = !in->mask, all = !in->valid || (constant && sqi_bits_get(in->valid, 0));
    if (all && !p->holes)
        return STREAMQ_OK;
    SQI_TRY(sqi_vec_bitmap(out, p->n, constant && all, p->arena, p->err));
    if (!p->index) {
        if (!constant)
            sqi_bits_copy(out->valid, 0, in->valid, p->base, p->n);
        return STREAMQ_OK;
    }
    if (constant && !all)
        return STREAMQ_OK;
    for (uint32_t k = 0; k < p->n; k += 64) {
        uint32_t some = p->n - k < 64 ? p->n - k : 64;
        uint64_t word = 0;
        for (uint32_t b = 0; b < some; b++) {
            uint32_t i = p->index[k + b];
            uint64_t bit = i != HOLE && (all || sqi_bits_get(in->valid, i));
            word |= bit << b;
        }
        out->valid[k >> 6] = word;
    }
    return STREAMQ_OK;
}

static void clear_nulls(sqi_vec *out, uint32_t n, uint32_t width)
{
    if (!out->valid)
        return;
    for (uint32_t k = 0; k < n; k += 64) {
        uint32_t some = n - k < 64 ? n - k : 64;
        uint64_t null = ~out->valid[k >> 6];
        if (some < 64)
            null &= (UINT64_C(1) << some) - 1;
        for (; null; null &= null - 1)
            memset((char *)out->data + ((size_t)k + (size_t)__builtin_ctzll(null)) * width, 0, width);
    }
}

/* Strings that stand elsewhere move into one block. Nulls are cleared already and so are short. */
static streamq_status own_strings(sqi_vec *out, const picks *p)
{
    sqi_str *s = out->data;
    size_t bytes = 0;
    for (uint32_t k = 0; k < p->n; k++)
        bytes += s[k].len > SQI_STR_INLINE ? s[k].len : 0;
    if (!bytes)
        return STREAMQ_OK;
    char *room = sqi_arena_get(p->arena, bytes);
    if (!room)
        return sqi_error_nomem(p->err);
    for (uint32_t k = 0; k < p->n; k++) {
        if (s[k].len <= SQI_STR_INLINE)
            continue;
        memcpy(room, sqi_str_ptr(&s[k]), s[k].len);
        memcpy(s[k].u.out.pointer, &room, sizeof room);
        room += s[k].len;
    }
    return STREAMQ_OK;
}

static streamq_status pick(sqi_vec *out, const sqi_vec *in, const picks *p);

static streamq_status pick_children(sqi_vec *out, const sqi_vec *in, const picks *p)
{
    bool constant = in->type->id == SQI_STRUCT && !in->mask;
    for (uint32_t c = 0; c < in->type->nfield; c++) {
        sqi_vec child = in->child[c];
        if (constant)
            child.mask = 0;
        SQI_TRY(pick(&out->child[c], &child, p));
    }
    if (in->type->id != SQI_STRUCT)
        out->nchild = p->n;
    return STREAMQ_OK;
}

/* The elements of the picked lists, one list after the other. Lists that already stand so are copied as a run. */
static streamq_status own_lists(sqi_vec *out, const sqi_vec *in, const picks *p)
{
    sqi_list *list = out->data;
    uint64_t total = 0;
    uint32_t begin = 0;
    bool run = true;
    for (uint32_t k = 0; k < p->n; k++) {
        if (!list[k].length) {
            list[k].offset = 0;
            continue;
        }
        begin = total ? begin : list[k].offset;
        run &= list[k].offset == begin + total;
        total += list[k].length;
    }
    if (total >= HOLE)
        return sqi_error_set(p->err, SQI_COND_LIMIT_EXCEEDED,
                             "the arrays of one chunk have %llu elements together, the limit is %u",
                             (unsigned long long)total, HOLE - 1);
    picks below = {.base = begin, .n = (uint32_t)total, .deep = true, .arena = p->arena, .err = p->err};
    uint32_t *index = NULL;
    if (!run) {
        index = sqi_alloc_array(p->arena->alloc, total, sizeof *index);
        if (!index)
            return sqi_error_nomem(p->err);
        below.index = index;
    }
    uint32_t at = 0;
    for (uint32_t k = 0; k < p->n; k++) {
        for (uint32_t e = 0; index && e < list[k].length; e++)
            index[at + e] = list[k].offset + e;
        list[k].offset = list[k].length ? at : 0;
        at += list[k].length;
    }
    streamq_status status = pick_children(out, in, &below);
    sqi_alloc_free(p->arena->alloc, index, total * sizeof *index);
    return status;
}

/* Children of a struct by the struct's own index, with a hole wherever the struct is null. */
static streamq_status pick_struct(sqi_vec *out, const sqi_vec *in, const picks *p)
{
    if (!out->valid || p->n == 0)
        return pick_children(out, in, p);
    picks below = *p;
    uint32_t *index = sqi_alloc_array(p->arena->alloc, p->n, sizeof *index);
    if (!index)
        return sqi_error_nomem(p->err);
    for (uint32_t k = 0; k < p->n; k++)
        index[k] = !sqi_bits_get(out->valid, k) ? HOLE : p->index ? p->index[k] : p->base + k;
    below.index = index;
    below.holes = true;
    streamq_status status = pick_children(out, in, &below);
    sqi_alloc_free(p->arena->alloc, index, p->n * sizeof *index);
    return status;
}

/*
 * A constant is picked once and the result repeated, so that its lists and strings are copied once. If nothing but
 * holes is asked for, it may stand inside a null struct and hold anything: then it is not looked at.
 */
static streamq_status pick_constant_deep(sqi_vec *out, const sqi_vec *in, const picks *p)
{
    uint32_t at = p->holes ? HOLE : 0;
    for (uint32_t k = 0; k < p->n && at == HOLE; k++)
        at = p->index[k] == HOLE ? HOLE : 0;
    sqi_vec one, flat = *in;
    picks first = {.index = &at, .n = 1, .holes = at == HOLE, .deep = true, .arena = p->arena, .err = p->err};
    picks rest = *p;
    flat.mask = UINT32_MAX;
    SQI_TRY(pick(&one, &flat, &first));
    sqi_vec_set_constant(&one);
    rest.deep = false;
    return pick(out, &one, &rest);
}

static streamq_status pick(sqi_vec *out, const sqi_vec *in, const picks *p)
{
    if (p->deep && !in->mask)
        return pick_constant_deep(out, in, p);
    const sqi_type *type = in->type;
    uint32_t width = sqi_type_width(type);
    *out = (sqi_vec){.type = type, .mask = UINT32_MAX};
    SQI_TRY(move_valid(out, in, p));
    if (width) {
        out->data = sqi_arena_get(p->arena, p->n ? (size_t)p->n * width : 1);
        if (!out->data)
            return sqi_error_nomem(p->err);
        move(out, in, p, width);
        if (p->deep)
            clear_nulls(out, p->n, width);
    }
    if (!type->nfield)
        return p->deep && (type->id == SQI_STRING || type->id == SQI_BINARY) ? own_strings(out, p) : STREAMQ_OK;
    if (type->id != SQI_STRUCT && !p->deep) {
        out->child = in->child;
        out->nchild = in->nchild;
        return STREAMQ_OK;
    }
    out->child = sqi_arena_array(p->arena, type->nfield, sizeof *out->child);
    if (!out->child)
        return sqi_error_nomem(p->err);
    return type->id == SQI_STRUCT ? pick_struct(out, in, p) : own_lists(out, in, p);
}

streamq_status sqi_vec_gather(sqi_vec *out, const sqi_vec *in, const uint32_t *index, uint32_t n, sqi_arena *arena,
                              streamq_error **err)
{
    uint32_t highest = 0;
    for (uint32_t k = 0; k < n; k++)
        highest = index[k] > highest ? index[k] : highest;
    return pick(out, in, &(picks){.index = index, .n = n, .holes = highest == HOLE, .arena = arena, .err = err});
}

streamq_status sqi_vec_copy(sqi_vec *out, const sqi_vec *in, sqi_rows rows, sqi_arena *arena, streamq_error **err)
{
    return pick(out, in, &(picks){.index = rows.sel, .n = rows.n, .deep = true, .arena = arena, .err = err});
}

streamq_status sqi_vec_flatten(sqi_vec *out, const sqi_vec *in, uint32_t n, sqi_arena *arena, streamq_error **err)
{
    if (in->mask) {
        *out = *in;
        return STREAMQ_OK;
    }
    return pick(out, in, &(picks){.n = n, .arena = arena, .err = err});
}
