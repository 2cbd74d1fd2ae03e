/*
 * agg_mode: the most frequent value. Among equally frequent ones mode(x) takes the one that came first; mode(x, true)
 * and WITHIN GROUP (ORDER BY x) the least, ORDER BY x DESC the greatest. Nulls do not count.
 */
#include "agg_form.h"
#include "agg_list.h"
#include "data_order.h"

typedef struct counts {
    sqi_agg_set values;
    int64_t *count; /* by position in the set's list */
    size_t cap;
} counts;

typedef struct plan { /* a node's data */
    int8_t sign;      /* of ties: -1 the least, 1 the greatest, 0 the first */
} plan;

static const plan plans[] = {{-1}, {0}, {1}};

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    int sign = 0;
    if (node->nsort + (node->narg ? 1 : 0) != 1)
        return sqi_bind_type_error(b, node,
                                   node->nsort ? SQI_COND_INVALID_WITHIN_GROUP_EXPRESSION__WRONG_NUM_ORDERINGS
                                               : SQI_COND_INVALID_WITHIN_GROUP_EXPRESSION__WITHIN_GROUP_MISSING,
                                   err, "mode takes an argument, or WITHIN GROUP (ORDER BY ..) with one item");
    if (node->nsort) {
        sign = node->sort_flags[0] & 1 ? 1 : -1;
    } else if (node->narg == 2) {
        const sqi_vec *v;
        if (node->arg[1]->type->id != SQI_BOOLEAN)
            return sqi_bind_arg_type_error(b, node, 1, "\"BOOLEAN\"", err);
        SQI_TRY(sqi_bind_constant(b, node->arg[1], &v, err));
        if (!v)
            return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                       "the second argument of mode must be a constant");
        sign = sqi_vec_valid(v, 0) && SQI_AT(v, uint8_t, 0) ? -1 : 0;
    }
    node->type = node->nsort ? node->sort[0]->type : node->arg[0]->type;
    node->nullable = true;
    node->data = &plans[sign + 1];
    return STREAMQ_OK;
}

static streamq_status step(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                           streamq_error **err)
{
    sqi_vec normal;
    if (arg->type->id == SQI_VOID)
        return STREAMQ_OK;
    SQI_TRY(sqi_order_normalize(&normal, arg, rows, run->eval->arena, err));
    SQI_AGG_EACH(run, group, rows, counts, s, i)
    {
        uint32_t index;
        bool fresh;
        if (!sqi_vec_valid(arg, i))
            continue;
        void *items = s->count;
        bool grown = sqi_alloc_grow(run->eval->alloc, &items, &s->cap, (size_t)s->values.list.n + 1, sizeof *s->count);
        s->count = items;
        if (!grown)
            return sqi_error_nomem(err);
        SQI_TRY(sqi_agg_set_add(run->eval, &s->values, &normal, i, &index, &fresh, err));
        s->count[index] = fresh ? 1 : s->count[index] + 1;
    }
    return STREAMQ_OK;
}

static uint32_t winner(const counts *s, const sqi_vec *value, uint32_t first, int sign)
{
    uint32_t best = 0;
    for (uint32_t k = 1; k < s->values.list.n; ++k) {
        bool better = s->count[k] > s->count[best];
        if (s->count[k] == s->count[best] && sign)
            better = sign * sqi_order_compare(value, first + k, value, first + best) > 0;
        best = better ? k : best;
    }
    return first + best;
}

static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    sqi_arena *arena = run->eval->arena;
    const plan *p = run->node->data;
    const sqi_agg_list **lists = sqi_arena_array(arena, n ? n : 1, sizeof *lists);
    uint32_t *index = sqi_arena_array(arena, n ? n : 1, sizeof *index), at = 0;
    if (!lists || !index)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < n; ++k)
        lists[k] = &((const counts *)sqi_states_at(&run->states, list[k]))->values.list;
    sqi_vec value;
    SQI_TRY(sqi_agg_list_values(run->eval, lists, n, out->type, &value, err));
    for (uint32_t k = 0; k < n; ++k) {
        const counts *s = sqi_states_at(&run->states, list[k]);
        index[k] = s->values.list.n ? winner(s, &value, at, p->sign) : UINT32_MAX;
        at += s->values.list.n;
    }
    return sqi_vec_gather(out, &value, index, n, arena, err);
}

static void clear(sqi_eval *eval, void *state)
{
    counts *s = state;
    sqi_agg_set_clear(eval, &s->values);
    sqi_alloc_free(eval->alloc, s->count, s->cap * sizeof *s->count);
    s->count = NULL;
    s->cap = 0;
}

static streamq_status save(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err)
{
    uint64_t total = 0, at = 0;
    SQI_TRY(sqi_agg_list_save(run, list, n, offsetof(counts, values.list), run->node->type, to, err));
    for (uint32_t k = 0; k < n; ++k)
        total += ((const counts *)sqi_states_at(&run->states, list[k]))->values.list.n;
    int64_t *count = sqi_agg_form_items(run, total, sizeof *count, err);
    if (!count)
        return STREAMQ_ERR_NOMEM;
    for (uint32_t k = 0; k < n; ++k) {
        const counts *s = sqi_states_at(&run->states, list[k]);
        for (uint32_t i = 0; i < s->values.list.n; ++i)
            count[at++] = s->count[i];
    }
    sqi_pack_ints(to, count, (uint32_t)total);
    return STREAMQ_OK;
}

/* Values that were loaded have counts of nothing until those are: no state is left without. */
static streamq_status load_counts(sqi_agg_run *run, const uint32_t *list, uint32_t n, uint64_t *total,
                                  streamq_error **err)
{
    for (uint32_t k = 0; k < n; ++k) {
        counts *s = sqi_states_at(&run->states, list[k]);
        void *items = s->count;
        bool grown = sqi_alloc_grow(run->eval->alloc, &items, &s->cap, s->values.list.n, sizeof *s->count);
        s->count = items;
        if (!grown)
            return sqi_error_nomem(err);
        if (s->values.list.n)
            memset(s->count, 0, s->values.list.n * sizeof *s->count);
        *total += s->values.list.n;
    }
    return STREAMQ_OK;
}

static streamq_status load(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from, streamq_error **err)
{
    uint64_t total = 0, at = 0;
    int64_t *count;
    streamq_status status = sqi_agg_set_load(run, list, n, offsetof(counts, values), run->node->type, from, err);
    if (status == STREAMQ_OK)
        status = load_counts(run, list, n, &total, err);
    if (status == STREAMQ_OK && total >= UINT32_MAX)
        status = sqi_agg_form_damaged(from, err);
    if (status == STREAMQ_OK)
        status = sqi_agg_form_ints(run, from, (uint32_t)total, 0, SQI_AGG_COUNT_MOST, &count, err);
    for (uint32_t k = 0; status == STREAMQ_OK && k < n; ++k) {
        counts *s = sqi_states_at(&run->states, list[k]);
        for (uint32_t i = 0; i < s->values.list.n; ++i)
            s->count[i] = count[at++];
    }
    return status;
}

static const sqi_agg_form form = {.version = 1, .save = save, .load = load};

const sqi_agg sqi_agg_mode[] = {
    {"mode", 0, 2, 0, NULL, resolve, sizeof(counts), step, NULL, NULL, emit, clear,
     "The most frequent value; with true as second argument the least of them.", &form},
    {.name = NULL},
};
