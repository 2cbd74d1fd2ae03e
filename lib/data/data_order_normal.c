/*
 * data_order_normal: the normal form of keys: equal keys become the same bytes. -0.0 becomes 0.0, every NaN the
 * canonical one, and a map's entries stand by key (then value).
 *
 * Most vectors have nothing to change, so each step looks first and gives the vector itself back; only what changes is
 * made anew, by position as it stood. Slots of nulls are not looked at, except that a floating-point slot may be
 * rewritten, which nobody sees.
 */
#include "base_sort.h"
#include "data_bits.h"
#include "data_order.h"

static bool may_change(const sqi_type *t)
{
    if (t->id == SQI_FLOAT || t->id == SQI_DOUBLE || t->id == SQI_MAP)
        return true;
    for (uint32_t i = 0; i < t->nfield; i++)
        if (may_change(t->field[i].type))
            return true;
    return false;
}

/* One past the last position that the rows use. */
static uint32_t end_of(const sqi_vec *v, sqi_rows rows)
{
    if (!rows.n)
        return 0;
    return !v->mask ? 1 : rows.sel ? rows.sel[rows.n - 1] + 1 : rows.n;
}

#define NORMAL_FLOATS(name, ctype, utype, quiet)                                                                     \
    static streamq_status name(sqi_vec *out, const sqi_vec *v, sqi_rows rows, sqi_arena *arena, streamq_error **err) \
    {                                                                                                                \
        const ctype *from = v->data;                                                                                 \
        uint32_t n = end_of(v, rows);                                                                                \
        utype negative_zero = (utype)1 << (sizeof(utype) * 8 - 1), bits;                                             \
        bool change = false;                                                                                         \
        for (uint32_t k = 0; k < rows.n; k++) {                                                                      \
            ctype x = from[(rows.sel ? rows.sel[k] : k) & v->mask];                                                  \
            memcpy(&bits, &x, sizeof bits);                                                                          \
            change |= bits == negative_zero || (x != x && bits != (quiet));                                          \
        }                                                                                                            \
        if (!change)                                                                                                 \
            return STREAMQ_OK;                                                                                       \
        ctype *to = sqi_arena_array(arena, n, sizeof *to);                                                           \
        if (!to)                                                                                                     \
            return sqi_error_nomem(err);                                                                             \
        for (uint32_t k = 0; k < rows.n; k++) {                                                                      \
            uint32_t i = (rows.sel ? rows.sel[k] : k) & v->mask;                                                     \
            bits = (quiet);                                                                                          \
            if (from[i] == from[i])                                                                                  \
                to[i] = from[i] == 0 ? 0 : from[i];                                                                  \
            else                                                                                                     \
                memcpy(&to[i], &bits, sizeof bits);                                                                  \
        }                                                                                                            \
        out->data = to;                                                                                              \
        return STREAMQ_OK;                                                                                           \
    }
NORMAL_FLOATS(normal_float, float, uint32_t, UINT32_C(0x7fc00000))
NORMAL_FLOATS(normal_double, double, uint64_t, UINT64_C(0x7ff8000000000000))
#undef NORMAL_FLOATS

static streamq_status normal(sqi_vec *out, const sqi_vec *v, sqi_rows rows, sqi_arena *arena, streamq_error **err);

static streamq_status new_children(sqi_vec *out, sqi_arena *arena, streamq_error **err)
{
    sqi_vec *child = sqi_arena_array(arena, out->type->nfield, sizeof *child);
    if (!child)
        return sqi_error_nomem(err);
    memcpy(child, out->child, out->type->nfield * sizeof *child);
    out->child = child;
    return STREAMQ_OK;
}

/* Fields are normalised where the struct is not null. */
static streamq_status normal_struct(sqi_vec *out, const sqi_vec *v, sqi_rows rows, sqi_arena *arena,
                                    streamq_error **err)
{
    if (!v->mask)
        rows = (sqi_rows){NULL, rows.n ? 1 : 0};
    if (v->valid) {
        uint32_t *sel = sqi_arena_array(arena, rows.n ? rows.n : 1, sizeof *sel), n = 0;
        if (!sel)
            return sqi_error_nomem(err);
        for (SQI_EACH(rows, k, i))
            if (sqi_bits_get(v->valid, i))
                sel[n++] = i;
        rows = (sqi_rows){sel, n};
    }
    if (!rows.n)
        return STREAMQ_OK;
    SQI_TRY(new_children(out, arena, err));
    for (uint32_t c = 0; c < v->type->nfield; c++) {
        sqi_vec made;
        SQI_TRY(normal(&made, &out->child[c], rows, arena, err));
        out->child[c] = made;
    }
    return STREAMQ_OK;
}

/* The elements of the rows' lists, at their own positions: ascending and each once, as a selection has to be. */
static streamq_status elements_of(sqi_rows *elements, const sqi_vec *v, sqi_rows rows, sqi_arena *arena,
                                  streamq_error **err)
{
    const sqi_list *list = v->data;
    uint64_t *used = sqi_arena_array(arena, sqi_bits_words(v->nchild), sizeof *used);
    if (!used)
        return sqi_error_nomem(err);
    for (SQI_EACH(rows, k, i))
        if (sqi_vec_valid(v, i))
            sqi_bits_fill(used, list[i & v->mask].offset, list[i & v->mask].length, true);
    uint32_t n = sqi_bits_count(used, v->nchild), at = 0;
    elements->n = n;
    elements->sel = NULL;
    if (n == v->nchild)
        return STREAMQ_OK;
    uint32_t *sel = sqi_arena_array(arena, n ? n : 1, sizeof *sel);
    if (!sel)
        return sqi_error_nomem(err);
    for (size_t w = 0; w < sqi_bits_words(v->nchild); w++)
        for (uint64_t bits = used[w]; bits; bits &= bits - 1)
            sel[at++] = (uint32_t)w * 64 + (uint32_t)__builtin_ctzll(bits);
    elements->sel = sel;
    return STREAMQ_OK;
}

static int by_entry(void *context, uint32_t a, uint32_t b)
{
    const sqi_vec *map = context;
    int order = sqi_order_compare(&map->child[0], a, &map->child[0], b);
    return order ? order : sqi_order_compare(&map->child[1], a, &map->child[1], b);
}

static bool is_sorted(sqi_vec *map, sqi_list list)
{
    for (uint32_t e = 1; e < list.length; e++)
        if (by_entry(map, list.offset + e - 1, list.offset + e) > 0)
            return false;
    return true;
}

/* Lay the rows' entries out anew, each row's sorted. Rows may share entries, so they cannot be sorted in place. */
static streamq_status sort_entries(sqi_vec *out, sqi_rows rows, uint64_t total, sqi_arena *arena, streamq_error **err)
{
    const sqi_list *list = out->data;
    uint32_t n = end_of(out, rows), at = 0;
    if (total >= UINT32_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "the maps of one chunk have %llu entries together",
                             (unsigned long long)total);
    sqi_list *moved = sqi_arena_array(arena, n, sizeof *moved);
    uint32_t *index = sqi_arena_array(arena, total, sizeof *index);
    uint32_t *scratch = sqi_arena_array(arena, total, sizeof *scratch);
    if (!moved || !index || !scratch)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < rows.n; k++) {
        uint32_t i = rows.sel ? rows.sel[k] : k;
        if (!sqi_vec_valid(out, i))
            continue;
        for (uint32_t e = 0; e < list[i].length; e++)
            index[at + e] = list[i].offset + e;
        sqi_sort_index(index + at, scratch, list[i].length, by_entry, out);
        moved[i] = (sqi_list){at, list[i].length};
        at += list[i].length;
    }
    SQI_TRY(new_children(out, arena, err));
    for (uint32_t c = 0; c < 2; c++) {
        sqi_vec made;
        SQI_TRY(sqi_vec_gather(&made, &out->child[c], index, at, arena, err));
        out->child[c] = made;
    }
    out->data = moved;
    out->nchild = at;
    return STREAMQ_OK;
}

static streamq_status normal_lists(sqi_vec *out, const sqi_vec *v, sqi_rows rows, sqi_arena *arena, streamq_error **err)
{
    if (!v->mask)
        rows = (sqi_rows){NULL, rows.n ? 1 : 0};
    sqi_rows elements = {0};
    if (!rows.n || !v->nchild)
        return STREAMQ_OK;
    SQI_TRY(elements_of(&elements, v, rows, arena, err));
    if (!elements.n)
        return STREAMQ_OK;
    SQI_TRY(new_children(out, arena, err));
    for (uint32_t c = 0; c < v->type->nfield; c++) {
        sqi_vec made;
        SQI_TRY(normal(&made, &out->child[c], elements, arena, err));
        out->child[c] = made;
    }
    if (v->type->id != SQI_MAP)
        return STREAMQ_OK;
    bool sorted = true;
    uint64_t total = 0;
    for (SQI_EACH(rows, k, i)) {
        if (!sqi_vec_valid(v, i))
            continue;
        sqi_list list = SQI_AT(v, sqi_list, i);
        total += list.length;
        sorted = sorted && is_sorted(out, list);
    }
    return sorted ? STREAMQ_OK : sort_entries(out, rows, total, arena, err);
}

static streamq_status normal(sqi_vec *out, const sqi_vec *v, sqi_rows rows, sqi_arena *arena, streamq_error **err)
{
    *out = *v;
    if (!may_change(v->type))
        return STREAMQ_OK;
    switch (v->type->id) {
    case SQI_FLOAT:
        return normal_float(out, v, rows, arena, err);
    case SQI_DOUBLE:
        return normal_double(out, v, rows, arena, err);
    case SQI_STRUCT:
        return normal_struct(out, v, rows, arena, err);
    default:
        return normal_lists(out, v, rows, arena, err);
    }
}

streamq_status sqi_order_normalize(sqi_vec *out, const sqi_vec *v, sqi_rows rows, sqi_arena *arena, streamq_error **err)
{
    return normal(out, v, rows, arena, err);
}
