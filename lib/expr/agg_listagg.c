/*
 * agg_listagg: listagg and string_agg: texts (or binaries) joined with a delimiter, in order of arrival or in the order
 * of WITHIN GROUP. Nulls are left out; of nothing the result is null.
 *
 * Each value is kept together with the items it is ordered by, as one packed struct; they are ordered when the result
 * is asked for.
 */
#include "agg_list.h"
#include "base_sort.h"
#include "data_order.h"
#include "expr_coerce.h"

typedef struct plan {    /* a node's data */
    const sqi_type *row; /* struct of the value and the items */
    sqi_span delimiter;
} plan;

static streamq_status bind_text(sqi_binder *b, sqi_bound *node, uint32_t arg, streamq_error **err)
{
    const sqi_type *t = node->arg[arg]->type;
    if (t->id == SQI_BINARY)
        return STREAMQ_OK;
    if (t->id != SQI_VOID && !sqi_coerce_implicit(t, &sqi_type_string))
        return sqi_bind_arg_type_error(b, node, arg, "(\"STRING\" or \"BINARY\")", err);
    return sqi_bind_cast(b, &node->arg[arg], &sqi_type_string, err);
}

static streamq_status bind_delimiter(sqi_binder *b, sqi_bound *node, plan *p, streamq_error **err)
{
    const sqi_vec *v;
    if (node->narg < 2)
        return STREAMQ_OK;
    if (node->arg[1]->type->id == SQI_VOID)
        SQI_TRY(sqi_bind_cast(b, &node->arg[1], node->arg[0]->type, err));
    SQI_TRY(bind_text(b, node, 1, err));
    if (node->arg[1]->type->id != node->arg[0]->type->id)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__DATA_DIFF_TYPES, err,
                                   "the values and the delimiter must both be text or both binary");
    SQI_TRY(sqi_bind_constant(b, node->arg[1], &v, err));
    if (!v)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                   "the delimiter must be a constant");
    if (sqi_vec_valid(v, 0))
        p->delimiter = sqi_str_span(&SQI_AT(v, sqi_str, 0));
    return STREAMQ_OK;
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    plan *p = sqi_arena_zero(b->arena, sizeof *p);
    sqi_field *field = sqi_arena_array(b->arena, node->nsort + 1, sizeof *field);
    if (!p || !field)
        return sqi_error_nomem(err);
    SQI_TRY(bind_text(b, node, 0, err));
    SQI_TRY(bind_delimiter(b, node, p, err));
    field[0] = (sqi_field){SQI_SPAN("value"), node->arg[0]->type, false};
    for (uint32_t k = 0; k < node->nsort; ++k) {
        char label[128];
        if (!sqi_type_is_orderable(node->sort[k]->type))
            return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__INVALID_ORDERING_TYPE, err,
                                       "WITHIN GROUP cannot order by %s", sqi_type_label(node->sort[k]->type, label));
        field[k + 1] = (sqi_field){SQI_SPAN("item"), node->sort[k]->type, true};
    }
    p->row = sqi_type_struct(b->eval->pool, field, node->nsort + 1);
    node->type = node->arg[0]->type;
    node->nullable = true;
    node->data = p;
    return p->row ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status step(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                           streamq_error **err)
{
    const plan *p = run->node->data;
    uint32_t nsort = run->node->nsort;
    sqi_vec row = {.type = p->row, .mask = UINT32_MAX};
    row.child = sqi_arena_array(run->eval->arena, nsort + 1, sizeof *row.child);
    if (!row.child)
        return sqi_error_nomem(err);
    row.child[0] = arg[0];
    for (uint32_t k = 0; k < nsort; ++k)
        row.child[k + 1] = arg[run->node->narg + k];
    SQI_AGG_EACH(run, group, rows, sqi_agg_list, s, i)
    if (sqi_vec_valid(&arg[0], i))
        SQI_TRY(sqi_agg_list_add(run->eval, s, nsort ? &row : &arg[0], i, err));
    return STREAMQ_OK;
}

static streamq_status merge(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    return sqi_agg_list_join(run->eval, into, from, err);
}

typedef struct order {
    const sqi_vec *item;
    const uint8_t *flags;
    uint32_t n;
} order;

static int compare(void *context, uint32_t a, uint32_t b)
{
    const order *o = context;
    for (uint32_t k = 0; k < o->n; ++k) {
        bool va = sqi_vec_valid(&o->item[k], a), vb = sqi_vec_valid(&o->item[k], b);
        if (va != vb)
            return va == (o->flags[k] >> 1 & 1) ? 1 : -1;
        int c = va ? sqi_order_compare(&o->item[k], a, &o->item[k], b) : 0;
        if (c)
            return o->flags[k] & 1 ? -c : c;
    }
    return 0;
}

static streamq_status join_texts(sqi_arena *arena, const sqi_vec *text, const uint32_t *index, uint32_t n,
                                 sqi_span delimiter, sqi_str *out, streamq_error **err)
{
    uint64_t len = (uint64_t)delimiter.len * (n - 1);
    for (uint32_t k = 0; k < n; ++k)
        len += SQI_AT(text, sqi_str, index[k]).len;
    if (len > SQI_STR_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "listagg made %llu bytes, the longest text has %u",
                             (unsigned long long)len, SQI_STR_MAX);
    char *to = sqi_arena_get(arena, (size_t)len + 1), *at = to;
    if (!to)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < n; ++k) {
        sqi_span s = sqi_str_span(&SQI_AT(text, sqi_str, index[k]));
        if (k && delimiter.len) {
            memcpy(at, delimiter.ptr, delimiter.len);
            at += delimiter.len;
        }
        if (s.len)
            memcpy(at, s.ptr, s.len);
        at += s.len;
    }
    *out = sqi_str_view(to, (uint32_t)len);
    return STREAMQ_OK;
}

static streamq_status emit_one(sqi_agg_run *run, const sqi_agg_list *list, sqi_str *out, streamq_error **err)
{
    const plan *p = run->node->data;
    sqi_arena *arena = run->eval->arena;
    uint32_t nsort = run->node->nsort;
    sqi_vec value;
    SQI_TRY(sqi_agg_list_values(run->eval, &list, 1, nsort ? p->row : run->node->type, &value, err));
    uint32_t *index = sqi_arena_array(arena, list->n, sizeof *index);
    uint32_t *scratch = sqi_arena_array(arena, list->n, sizeof *scratch);
    if (!index || !scratch)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < list->n; ++k)
        index[k] = k;
    if (nsort)
        sqi_sort_index(index, scratch, list->n, compare, &(order){value.child + 1, run->node->sort_flags, nsort});
    return join_texts(arena, nsort ? &value.child[0] : &value, index, list->n, p->delimiter, out, err);
}

static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    SQI_TRY(sqi_vec_bitmap(out, n, true, run->eval->arena, err));
    for (uint32_t k = 0; k < n; ++k) {
        const sqi_agg_list *s = sqi_states_at(&run->states, list[k]);
        sqi_str *to = &SQI_OUT(out, sqi_str)[k];
        *to = sqi_str_view("", 0);
        if (s->n)
            SQI_TRY(emit_one(run, s, to, err));
        else
            sqi_vec_set_null(out, k);
    }
    return STREAMQ_OK;
}

static void clear(sqi_eval *eval, void *state)
{
    sqi_agg_list_clear(eval, state);
}

static const sqi_type *value_type(const sqi_agg_run *run)
{
    return run->node->nsort ? ((const plan *)run->node->data)->row : run->node->type;
}

static streamq_status save(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err)
{
    return sqi_agg_list_save(run, list, n, 0, value_type(run), to, err);
}

static streamq_status load(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from, streamq_error **err)
{
    return sqi_agg_list_load(run, list, n, 0, value_type(run), from, err);
}

static const sqi_agg_form form = {.version = 1, .save = save, .load = load};

/* A null delimiter is a constant like others: it must not leave rows out. */
enum { FLAGS = SQI_AGG_MERGES | SQI_AGG_ORDERED | SQI_AGG_WANTS_NULLS };

#define ROW(name)                                                                               \
    {                                                                                           \
        name, 1, 2, FLAGS, NULL, resolve, sizeof(sqi_agg_list), step, NULL, merge, emit, clear, \
            "listagg(text[, delimiter]) [WITHIN GROUP (ORDER BY ..)]: the texts joined.", &form \
    }

const sqi_agg sqi_agg_listagg[] = {
    ROW("listagg"),
    ROW("string_agg"),
    {.name = NULL},
};
