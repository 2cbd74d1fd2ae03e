/*
 * agg_list: lists and sets of packed values. Blocks double, so adding costs no heap call in the long run; a value is at
 * most SQI_STR_MAX bytes, a list at most UINT32_MAX - 1 values.
 */
#include "agg_list.h"

#include "agg_pack.h"
#include "base_hash.h"

enum { FIRST_SLOTS = 16 };

static uint32_t fixed_width(const sqi_type *t)
{
    bool fixed = t->id != SQI_STRING && t->id != SQI_BINARY && !sqi_type_is_nested(t);
    return fixed ? sqi_type_width(t) : 0;
}

static bool grow_ends(sqi_alloc *alloc, sqi_agg_list *list, size_t need)
{
    void *items = list->end;
    bool grown = sqi_alloc_grow(alloc, &items, &list->end_cap, need, sizeof *list->end);
    list->end = items;
    return grown;
}

static bool grow_bytes(sqi_alloc *alloc, sqi_agg_list *list, size_t need)
{
    void *items = list->bytes;
    bool grown = sqi_alloc_grow(alloc, &items, &list->cap, need, 1);
    list->bytes = items;
    return grown;
}

static streamq_status check_room(const sqi_agg_list *list, uint64_t more, streamq_error **err)
{
    if ((uint64_t)list->n + more < UINT32_MAX)
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                         "an aggregate collected %u values in one group; that is the limit", (unsigned)list->n);
}

streamq_status sqi_agg_list_add(sqi_eval *eval, sqi_agg_list *to, const sqi_vec *v, uint32_t i, streamq_error **err)
{
    SQI_TRY(check_room(to, 1, err));
    uint32_t width = fixed_width(v->type);
    if (width) {
        if (!grow_bytes(eval->alloc, to, to->len + width))
            return sqi_error_nomem(err);
        memcpy(to->bytes + to->len, (const char *)v->data + (size_t)(i & v->mask) * width, width);
        to->len += width;
        to->width = width;
        to->n++;
        return STREAMQ_OK;
    }
    if (!grow_ends(eval->alloc, to, (size_t)to->n + 1))
        return sqi_error_nomem(err);
    sqi_buf buf;
    sqi_buf_init(&buf, eval->alloc, SIZE_MAX / 2);
    buf.ptr = to->bytes;
    buf.len = to->len;
    buf.cap = to->cap;
    bool packed = sqi_agg_pack(&buf, v, i);
    to->bytes = buf.ptr;
    to->cap = buf.cap;
    if (!packed)
        return sqi_error_nomem(err);
    to->len = buf.len;
    to->end[to->n++] = to->len;
    return STREAMQ_OK;
}

streamq_status sqi_agg_list_append(sqi_eval *eval, sqi_agg_list *to, const sqi_vec *v, uint32_t from, uint32_t n,
                                   streamq_error **err)
{
    const size_t width = fixed_width(v->type), more = n * width;
    for (uint32_t i = 0; !width && i < n; ++i)
        SQI_TRY(sqi_agg_list_add(eval, to, v, from + i, err));
    if (!more)
        return STREAMQ_OK;
    SQI_TRY(check_room(to, n, err));
    if (!grow_bytes(eval->alloc, to, to->len + more))
        return sqi_error_nomem(err);
    memcpy(to->bytes + to->len, (const char *)v->data + from * width, more);
    to->len += more;
    to->width = (uint32_t)width;
    to->n += n;
    return STREAMQ_OK;
}

streamq_status sqi_agg_list_join(sqi_eval *eval, sqi_agg_list *to, sqi_agg_list *from, streamq_error **err)
{
    if (!to->n) {
        sqi_agg_list_clear(eval, to);
        *to = *from;
        *from = (sqi_agg_list){.n = 0};
        return STREAMQ_OK;
    }
    SQI_TRY(check_room(to, from->n, err));
    if (from->n && !grow_bytes(eval->alloc, to, to->len + from->len))
        return sqi_error_nomem(err);
    if (from->end && !grow_ends(eval->alloc, to, (size_t)to->n + from->n))
        return sqi_error_nomem(err);
    for (uint32_t k = 0; from->end && k < from->n; ++k)
        to->end[to->n + k] = to->len + from->end[k];
    if (from->len)
        memcpy(to->bytes + to->len, from->bytes, from->len);
    to->len += from->len;
    to->n += from->n;
    sqi_agg_list_clear(eval, from);
    return STREAMQ_OK;
}

void sqi_agg_list_clear(sqi_eval *eval, sqi_agg_list *list)
{
    sqi_alloc_free(eval->alloc, list->bytes, list->cap);
    sqi_alloc_free(eval->alloc, list->end, list->end_cap * sizeof *list->end);
    *list = (sqi_agg_list){.n = 0};
}

/* The packed bytes of value k. */
static sqi_span at_position(const sqi_agg_list *list, uint32_t k)
{
    if (!list->end)
        return (sqi_span){list->bytes + (size_t)k * list->width, list->width};
    uint64_t begin = k ? list->end[k - 1] : 0;
    return (sqi_span){list->bytes + begin, list->end[k] - begin};
}

static streamq_status nested_values(sqi_eval *eval, const sqi_agg_list *const *list, uint32_t n, const sqi_type *type,
                                    sqi_vec *out, streamq_error **err)
{
    sqi_builder *b = sqi_builder_new(type, eval->arena);
    if (!b)
        return sqi_error_nomem(err);
    for (uint32_t l = 0; l < n; ++l)
        for (uint32_t k = 0; k < list[l]->n; ++k)
            sqi_agg_unpack(b, type, at_position(list[l], k), true);
    return sqi_builder_finish(b, out, err);
}

streamq_status sqi_agg_list_values(sqi_eval *eval, const sqi_agg_list *const *list, uint32_t n, const sqi_type *type,
                                   sqi_vec *out, streamq_error **err)
{
    uint64_t total = 0;
    for (uint32_t l = 0; l < n; ++l)
        total += list[l]->n;
    if (total >= UINT32_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                             "the collected arrays of one chunk have %llu elements together, the limit is %u",
                             (unsigned long long)total, UINT32_MAX - 1);
    if (sqi_type_is_nested(type))
        return nested_values(eval, list, n, type, out, err);
    SQI_TRY(sqi_vec_make(out, type, (uint32_t)total, eval->arena, err));
    uint32_t width = fixed_width(type);
    uint32_t at = 0;
    for (uint32_t l = 0; l < n; ++l) {
        if (width && list[l]->n)
            memcpy((char *)out->data + (size_t)at * width, list[l]->bytes, list[l]->len);
        for (uint32_t k = 0; !width && k < list[l]->n; ++k) {
            sqi_span s = at_position(list[l], k);
            SQI_OUT(out, sqi_str)[at + k] = sqi_str_view(s.ptr, (uint32_t)s.len);
        }
        at += list[l]->n;
    }
    return STREAMQ_OK;
}

streamq_status sqi_agg_list_emit(sqi_agg_run *run, const uint32_t *rows, uint32_t n, uint32_t offset, sqi_vec *out,
                                 streamq_error **err)
{
    sqi_arena *arena = run->eval->arena;
    const sqi_agg_list **list = sqi_arena_array(arena, n ? n : 1, sizeof *list);
    if (!list)
        return sqi_error_nomem(err);
    uint32_t at = 0;
    for (uint32_t k = 0; k < n; ++k)
        list[k] = (const void *)((const char *)sqi_states_at(&run->states, rows[k]) + offset);
    SQI_TRY(sqi_agg_list_values(run->eval, list, n, out->type->field[0].type, &out->child[0], err));
    for (uint32_t k = 0; k < n; ++k) {
        SQI_OUT(out, sqi_list)[k] = (sqi_list){at, list[k]->n};
        at += list[k]->n;
    }
    out->nchild = at;
    return STREAMQ_OK;
}

/* ---- sets ----------------------------------------------------------------------------------------------------- */

static uint64_t hash_of(sqi_span s)
{
    return sqi_hash_bytes(s.ptr, s.len, 0);
}

/* The slot of a value that stands at the end of the list, or of an equal one before it. */
static uint32_t *find_slot(const sqi_agg_set *set, sqi_span value)
{
    uint32_t mask = set->nslot - 1;
    for (uint32_t at = (uint32_t)hash_of(value) & mask;; at = (at + 1) & mask) {
        uint32_t *slot = &set->slot[at];
        if (!*slot || sqi_span_equal(at_position(&set->list, *slot - 1), value))
            return slot;
    }
}

static streamq_status grow_slots(sqi_eval *eval, sqi_agg_set *set, streamq_error **err)
{
    if ((uint64_t)set->list.n * 2 <= set->nslot)
        return STREAMQ_OK;
    uint32_t n = set->nslot ? set->nslot * 2 : FIRST_SLOTS;
    uint32_t *slot = n ? sqi_alloc_array(eval->alloc, n, sizeof *slot) : NULL;
    if (!slot)
        return sqi_error_nomem(err);
    sqi_alloc_free(eval->alloc, set->slot, set->nslot * sizeof *slot);
    set->slot = slot;
    set->nslot = n;
    for (uint32_t k = 0; k + 1 < set->list.n; ++k)
        *find_slot(set, at_position(&set->list, k)) = k + 1;
    return STREAMQ_OK;
}

/* Take the last value off again. */
static void drop_last(sqi_agg_list *list)
{
    list->len -= at_position(list, list->n - 1).len;
    list->n--;
}

/*
 * The value is appended first and compared in place, packed as it is; a repeat is taken off again. The bytes that cost
 * are those of one value.
 */
streamq_status sqi_agg_set_add(sqi_eval *eval, sqi_agg_set *to, const sqi_vec *v, uint32_t i, uint32_t *index,
                               bool *fresh, streamq_error **err)
{
    SQI_TRY(sqi_agg_list_add(eval, &to->list, v, i, err));
    streamq_status status = grow_slots(eval, to, err);
    if (status != STREAMQ_OK) {
        drop_last(&to->list);
        return status;
    }
    uint32_t *slot = find_slot(to, at_position(&to->list, to->list.n - 1));
    *fresh = !*slot;
    if (*slot)
        drop_last(&to->list);
    else
        *slot = to->list.n;
    *index = *slot - 1;
    return STREAMQ_OK;
}

void sqi_agg_set_clear(sqi_eval *eval, sqi_agg_set *set)
{
    sqi_agg_list_clear(eval, &set->list);
    sqi_alloc_free(eval->alloc, set->slot, set->nslot * sizeof *set->slot);
    *set = (sqi_agg_set){.nslot = 0};
}
