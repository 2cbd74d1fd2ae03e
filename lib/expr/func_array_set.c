/*
 * func_array_set: arrays as sets: array_distinct, array_union, array_intersect, array_except, arrays_overlap.
 *
 * A set holds positions of elements that differ (data_order); short ones are searched from end to end, longer ones
 * through a hash table. The first of equal elements stays, so the order of the arguments does too. Null is an element
 * like any other, except to arrays_overlap, where it means "perhaps".
 */
#include "data_order.h"
#include "expr_bind.h"
#include "expr_coerce.h"
#include "func_array.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err
#define FEW 12u

/* The elements of all arguments in one vector, with their hashes if some row has many. */
typedef struct elements {
    sqi_vec all;
    uint32_t start[2]; /* of each argument's */
    uint64_t *hash;    /* by position; only those of the rows' lists are set */
} elements;

static sqi_list list_of(const elements *e, const sqi_vec *arg, uint32_t a, uint32_t i)
{
    sqi_list list = SQI_AT(&arg[a], sqi_list, i);
    list.offset += e->start[a];
    return list;
}

static streamq_status hash_elements(elements *e, sqi_call *call, const sqi_vec *arg, sqi_rows rows, streamq_error **err)
{
    sqi_picks listed;
    sqi_picks_init(&listed, call->eval->arena);
    size_t n = 0;
    for (uint32_t a = 0; a < call->node->narg; a++) {
        n += arg[a].nchild;
        for (SQI_EACH(rows, k, i)) {
            sqi_list list = list_of(e, arg, a, i);
            if (!sqi_picks_run(&listed, list.offset, list.length))
                return sqi_error_nomem(err);
        }
    }
    e->hash = sqi_arena_get(call->eval->arena, (n + 1) * sizeof *e->hash);
    if (!e->hash)
        return sqi_error_nomem(err);
    sqi_order_hash(&e->all, (sqi_rows){listed.at, (uint32_t)listed.n}, call->eval->random_seed, false, e->hash);
    return STREAMQ_OK;
}

static streamq_status elements_init(elements *e, sqi_call *call, const sqi_vec *arg, sqi_rows rows, streamq_error **err)
{
    uint32_t narg = call->node->narg, count[2] = {arg[0].nchild, narg == 2 ? arg[1].nchild : 0};
    const sqi_vec *part[2] = {&arg[0].child[0], narg == 2 ? &arg[1].child[0] : NULL};
    bool many = false;
    *e = (elements){.start = {0, count[0]}};
    if (narg == 2)
        SQI_TRY(sqi_vec_concat(&e->all, part, count, 2, call->eval->arena, err));
    else
        e->all = *part[0];
    for (SQI_EACH(rows, k, i)) {
        uint32_t n = SQI_AT(&arg[0], sqi_list, i).length;
        many |= n > FEW || (narg == 2 && SQI_AT(&arg[1], sqi_list, i).length > FEW - n);
    }
    return many ? hash_elements(e, call, arg, rows, err) : STREAMQ_OK;
}

typedef struct set {
    const elements *of;
    uint32_t *member, *slot; /* positions; hash table of positions, UINT32_MAX: free */
    size_t n, cap, nslot;    /* nslot 0: searched from end to end */
    sqi_arena *arena;
} set;

static void set_init(set *s, const elements *of, sqi_arena *arena)
{
    *s = (set){.of = of, .arena = arena};
}

/* Empty it, with room for `most` members. */
static bool set_begin(set *s, size_t most)
{
    s->n = s->nslot = 0;
    if (most > s->cap) {
        size_t cap = 64;
        while (cap < most)
            cap *= 2;
        s->member = sqi_arena_get(s->arena, cap * sizeof *s->member);
        s->slot = sqi_arena_get(s->arena, cap * 2 * sizeof *s->slot);
        if (!s->member || !s->slot)
            return false;
        s->cap = cap;
    }
    if (most <= FEW)
        return true;
    s->nslot = 2;
    while (s->nslot < most * 2)
        s->nslot *= 2;
    memset(s->slot, 0xff, s->nslot * sizeof *s->slot);
    return true;
}

/* Is an element like that there? If not, *free is where it belongs in the table. */
static bool set_find(const set *s, uint32_t at, size_t *free)
{
    const sqi_vec *all = &s->of->all;
    if (!s->nslot) {
        for (size_t k = 0; k < s->n; k++)
            if (sqi_order_equal(all, s->member[k], all, at))
                return true;
        return false;
    }
    const uint64_t *hash = s->of->hash;
    size_t k = hash[at] & (s->nslot - 1);
    for (; s->slot[k] != UINT32_MAX; k = (k + 1) & (s->nslot - 1))
        if (hash[s->slot[k]] == hash[at] && sqi_order_equal(all, s->slot[k], all, at))
            return true;
    *free = k;
    return false;
}

static bool set_has(const set *s, uint32_t at)
{
    size_t free;
    return set_find(s, at, &free);
}

/* False: it was there. */
static bool set_add(set *s, uint32_t at)
{
    size_t free = 0;
    if (set_find(s, at, &free))
        return false;
    if (s->nslot)
        s->slot[free] = at;
    s->member[s->n++] = at;
    return true;
}

static void set_add_list(set *s, sqi_list list)
{
    for (uint32_t e = list.offset; e < list.offset + list.length; e++)
        set_add(s, e);
}

/* ---- functions ------------------------------------------------------------------------------------------------ */

/* array_distinct, array_union: the members of one set. */
static streamq_status members(KERNEL_ARGS)
{
    elements all;
    set seen;
    sqi_picks picks;
    SQI_TRY(elements_init(&all, call, arg, rows, err));
    set_init(&seen, &all, call->eval->arena);
    sqi_picks_init(&picks, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        size_t begin = picks.n, most = 0;
        for (uint32_t a = 0; a < call->node->narg; a++)
            most += list_of(&all, arg, a, i).length;
        if (!set_begin(&seen, most))
            return sqi_error_nomem(err);
        for (uint32_t a = 0; a < call->node->narg; a++)
            set_add_list(&seen, list_of(&all, arg, a, i));
        for (size_t m = 0; m < seen.n; m++)
            if (!sqi_picks_put(&picks, seen.member[m]))
                return sqi_error_nomem(err);
        SQI_OUT(out, sqi_list)[i] = sqi_picks_list(&picks, begin);
    }
    return sqi_picks_finish(&picks, out, 0, &all.all, err);
}

/* Different elements of the first array that are (or are not) in the second. */
static streamq_status compare_sets(KERNEL_ARGS, bool wanted)
{
    elements all;
    set seen, other;
    sqi_picks picks;
    SQI_TRY(elements_init(&all, call, arg, rows, err));
    set_init(&seen, &all, call->eval->arena);
    set_init(&other, &all, call->eval->arena);
    sqi_picks_init(&picks, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_list left = list_of(&all, arg, 0, i), right = list_of(&all, arg, 1, i);
        size_t begin = picks.n;
        if (!set_begin(&seen, left.length) || !set_begin(&other, right.length))
            return sqi_error_nomem(err);
        set_add_list(&other, right);
        for (uint32_t e = left.offset; e < left.offset + left.length; e++)
            if (set_has(&other, e) == wanted && set_add(&seen, e) && !sqi_picks_put(&picks, e))
                return sqi_error_nomem(err);
        SQI_OUT(out, sqi_list)[i] = sqi_picks_list(&picks, begin);
    }
    return sqi_picks_finish(&picks, out, 0, &all.all, err);
}

static streamq_status intersect(KERNEL_ARGS)
{
    return compare_sets(call, arg, rows, out, err, true);
}
static streamq_status except(KERNEL_ARGS)
{
    return compare_sets(call, arg, rows, out, err, false);
}

static bool any_null(const sqi_vec *all, sqi_list list)
{
    for (uint32_t e = list.offset; all->valid && e < list.offset + list.length; e++)
        if (!sqi_vec_valid(all, e))
            return true;
    return false;
}

static streamq_status overlap(KERNEL_ARGS)
{
    elements all;
    set seen;
    SQI_TRY(elements_init(&all, call, arg, rows, err));
    if (all.all.valid)
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    set_init(&seen, &all, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_list left = list_of(&all, arg, 0, i), right = list_of(&all, arg, 1, i);
        bool found = false;
        if (!set_begin(&seen, left.length))
            return sqi_error_nomem(err);
        set_add_list(&seen, left);
        for (uint32_t e = right.offset; e < right.offset + right.length && !found; e++)
            found = sqi_vec_valid(&all.all, e) && set_has(&seen, e);
        SQI_OUT(out, uint8_t)[i] = found;
        if (!found && left.length && right.length && (any_null(&all.all, left) || any_null(&all.all, right)))
            sqi_vec_set_null(out, i);
    }
    return STREAMQ_OK;
}

/* ---- types ---------------------------------------------------------------------------------------------------- */

/* Two arrays become arrays of one element type. */
static streamq_status resolve_two(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    char one[128], other[128];
    const sqi_type *left = node->arg[0]->type, *right = node->arg[1]->type, *element = NULL;
    if (left->id == SQI_ARRAY && right->id == SQI_ARRAY)
        element = sqi_coerce_tightest(b->eval->pool, left->field[0].type, right->field[0].type);
    if (!element)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__BINARY_ARRAY_DIFF_TYPES, err,
                                   "%s wants two arrays of one type, not %s and %s", node->func->name,
                                   sqi_type_label(left, one), sqi_type_label(right, other));
    for (uint32_t a = 0; a < 2; a++) {
        const sqi_field *own = &node->arg[a]->type->field[0];
        const sqi_type *to = sqi_type_array(b->eval->pool, element, own->nullable);
        if (!to)
            return sqi_error_nomem(err);
        if (!sqi_type_same(own->type, element))
            SQI_TRY(sqi_bind_cast(b, &node->arg[a], to, err));
    }
    bool nulls[2] = {left->field[0].nullable, right->field[0].nullable};
    switch (node->func->name[6]) { /* array_Union, array_Intersect, array_Except */
    case 'u':
        node->type = sqi_type_array(b->eval->pool, element, nulls[0] || nulls[1]);
        break;
    case 'i':
        node->type = sqi_type_array(b->eval->pool, element, nulls[0] && nulls[1]);
        break;
    default:
        node->type = sqi_type_array(b->eval->pool, element, nulls[0]);
    }
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status resolve_overlap(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(resolve_two(b, node, err));
    node->type = &sqi_type_boolean;
    node->nullable = true;
    return STREAMQ_OK;
}

#define SET_ROW(n, count, sig, res, k, t)                                                                            \
    {                                                                                                                \
        .name = n, .min_args = count, .max_args = count, .flags = SQI_FUNC_NEVER_NULL, .types = sig, .resolve = res, \
        .kernel = k, .text = t                                                                                       \
    }

const sqi_func sqi_func_array_set[] = {
    SET_ROW("array_distinct", 1, "a>1", NULL, members, "array_distinct(array): each element once"),
    SET_ROW("array_union", 2, NULL, resolve_two, members, "array_union(array, array): the elements of both, each once"),
    SET_ROW("array_intersect", 2, NULL, resolve_two, intersect,
            "array_intersect(array, array): the elements that both have, each once"),
    SET_ROW("array_except", 2, NULL, resolve_two, except,
            "array_except(array, array): the elements that only the first has, each once"),
    SET_ROW("arrays_overlap", 2, NULL, resolve_overlap, overlap,
            "arrays_overlap(array, array): do they have an element in common?"),
    {0},
};
