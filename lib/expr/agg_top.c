/*
 * agg_top: the k least or greatest rows of a group.
 *
 * Rows are appended to a list of packed (by, value) structs; when it holds several times k they are ordered and cut
 * back to the first k. The order is stable, so the earlier of equal rows stay.
 */
#include "agg_top.h"

#include "agg_list.h"
#include "base_sort.h"
#include "data_order.h"

enum { K_MAX = 100000, ROOM = 64 };

typedef struct plan { /* a node's data */
    const sqi_type *row;
    uint32_t k;
    int sign;
} plan;

static streamq_status bind_k(sqi_binder *b, sqi_bound *node, uint32_t *k, streamq_error **err)
{
    const sqi_vec *v;
    SQI_TRY(sqi_bind_signature(b, node, "__i", err));
    SQI_TRY(sqi_bind_constant(b, node->arg[2], &v, err));
    if (!v)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                   "the number of values asked for must be a constant");
    int32_t wanted = sqi_vec_valid(v, 0) ? SQI_AT(v, int32_t, 0) : 0;
    if (wanted < 1 || wanted > K_MAX)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE, err,
                                   "the number of values asked for must be from 1 to %d", K_MAX);
    *k = (uint32_t)wanted;
    return STREAMQ_OK;
}

/* The row numbers 0 .. n - 1 of a struct vector (by, value) in order. */
typedef struct order {
    const sqi_vec *by;
    int sign;
} order;

static int compare(void *context, uint32_t a, uint32_t b)
{
    const order *o = context;
    return -o->sign * sqi_order_compare(o->by, a, o->by, b);
}

static streamq_status ordered(sqi_eval *eval, const plan *p, const sqi_agg_list *list, sqi_vec *row, uint32_t **index,
                              streamq_error **err)
{
    SQI_TRY(sqi_agg_list_values(eval, &list, 1, p->row, row, err));
    *index = sqi_arena_array(eval->arena, list->n + 1, sizeof **index);
    uint32_t *scratch = sqi_arena_array(eval->arena, list->n + 1, sizeof *scratch);
    if (!*index || !scratch)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < list->n; ++i)
        (*index)[i] = i;
    sqi_sort_index(*index, scratch, list->n, compare, &(order){&row->child[0], p->sign});
    return STREAMQ_OK;
}

static streamq_status cut_back(sqi_eval *eval, const plan *p, sqi_agg_list *list, streamq_error **err)
{
    sqi_arena_mark mark = sqi_arena_mark_get(eval->arena);
    sqi_agg_list kept = {.n = 0};
    sqi_vec row;
    uint32_t *index;
    streamq_status status = ordered(eval, p, list, &row, &index, err);
    for (uint32_t i = 0; status == STREAMQ_OK && i < p->k && i < list->n; ++i)
        status = sqi_agg_list_add(eval, &kept, &row, index[i], err);
    sqi_arena_release(eval->arena, mark);
    if (status != STREAMQ_OK) {
        sqi_agg_list_clear(eval, &kept);
        return status;
    }
    sqi_agg_list_clear(eval, list);
    *list = kept;
    return STREAMQ_OK;
}

static streamq_status step(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                           streamq_error **err)
{
    const plan *p = run->node->data;
    sqi_vec child[2] = {arg[1], arg[0]};
    sqi_vec row = {.type = p->row, .mask = UINT32_MAX, .child = child};
    if (arg[1].type->id == SQI_VOID)
        return STREAMQ_OK;
    SQI_AGG_EACH(run, group, rows, sqi_agg_list, s, i)
    {
        if (!sqi_vec_valid(&arg[1], i))
            continue;
        SQI_TRY(sqi_agg_list_add(run->eval, s, &row, i, err));
        if (s->n >= 2 * p->k + ROOM)
            SQI_TRY(cut_back(run->eval, p, s, err));
    }
    return STREAMQ_OK;
}

static streamq_status merge(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    SQI_TRY(sqi_agg_list_join(run->eval, into, from, err));
    return cut_back(run->eval, run->node->data, into, err);
}

static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    const plan *p = run->node->data;
    sqi_arena *arena = run->eval->arena;
    const sqi_vec **part = sqi_arena_array(arena, n + 1, sizeof *part);
    sqi_vec *value = sqi_arena_array(arena, n + 1, sizeof *value);
    uint32_t *size = sqi_arena_array(arena, n + 1, sizeof *size), at = 0, used = 0;
    if (!part || !value || !size)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_vec_bitmap(out, n, true, arena, err));
    for (uint32_t k = 0; k < n; ++k) {
        const sqi_agg_list *s = sqi_states_at(&run->states, list[k]);
        uint32_t some = s->n < p->k ? s->n : p->k, *index;
        SQI_OUT(out, sqi_list)[k] = (sqi_list){at, some};
        at += some;
        if (!some) {
            sqi_vec_set_null(out, k);
            continue;
        }
        sqi_vec row;
        SQI_TRY(ordered(run->eval, p, s, &row, &index, err));
        SQI_TRY(sqi_vec_gather(&value[used], &row.child[1], index, some, arena, err));
        part[used] = &value[used];
        size[used++] = some;
    }
    out->nchild = at;
    return used ? sqi_vec_concat(&out->child[0], part, size, used, arena, err) : STREAMQ_OK;
}

static void clear(sqi_eval *eval, void *state)
{
    sqi_agg_list_clear(eval, state);
}

static streamq_status save(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err)
{
    return sqi_agg_list_save(run, list, n, 0, ((const plan *)run->node->data)->row, to, err);
}

static streamq_status load(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from, streamq_error **err)
{
    return sqi_agg_list_load(run, list, n, 0, ((const plan *)run->node->data)->row, from, err);
}

static const sqi_agg_form form = {.version = 1, .save = save, .load = load};

enum { FLAGS = SQI_AGG_MERGES | SQI_AGG_ORDERED | SQI_AGG_WANTS_NULLS };

/* Not in the list of functions: min_by and max_by there become these. */
static const sqi_agg top[] = {
    {"min_by", 3, 3, FLAGS, NULL, NULL, sizeof(sqi_agg_list), step, NULL, merge, emit, clear, "", &form},
    {"max_by", 3, 3, FLAGS, NULL, NULL, sizeof(sqi_agg_list), step, NULL, merge, emit, clear, "", &form},
};

streamq_status sqi_agg_top_resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    char label[128];
    plan *p = sqi_arena_zero(b->arena, sizeof *p);
    if (!p)
        return sqi_error_nomem(err);
    if (!sqi_type_is_orderable(node->arg[1]->type))
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__INVALID_ORDERING_TYPE, err,
                                   "%s needs values that have an order, and %s has none", node->agg->name,
                                   sqi_type_label(node->arg[1]->type, label));
    SQI_TRY(bind_k(b, node, &p->k, err));
    bool greatest = !strcmp(node->agg->name, "max_by");
    sqi_field field[2] = {{SQI_SPAN("by"), node->arg[1]->type, false}, {SQI_SPAN("value"), node->arg[0]->type, true}};
    p->row = sqi_type_struct(b->eval->pool, field, 2);
    p->sign = greatest ? 1 : -1;
    node->agg = &top[greatest];
    node->data = p;
    node->type = sqi_type_array(b->eval->pool, node->arg[0]->type, true);
    node->nullable = true;
    return p->row && node->type ? STREAMQ_OK : sqi_error_nomem(err);
}
