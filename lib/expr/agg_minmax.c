/*
 * agg_minmax: min and max of every type that has an order, and min_by and max_by: the value of the row whose ordering
 * is least or greatest (the latest of equals).
 *
 * A sign turns one loop into both: a value takes the place of what is held if sign * order > 0. Integers up to 64 bits
 * are compared directly, everything else by data_order.
 */
#include "agg_top.h"
#include "agg_value.h"

static streamq_status check_order(sqi_binder *b, const sqi_bound *node, uint32_t arg, streamq_error **err)
{
    char label[128];
    const sqi_type *t = node->arg[arg]->type;
    if (sqi_type_is_orderable(t))
        return STREAMQ_OK;
    return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__INVALID_ORDERING_TYPE, err,
                               "%s needs values that have an order, and %s has none", node->agg->name,
                               sqi_type_label(t, label));
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(check_order(b, node, node->narg - 1, err));
    node->type = node->arg[0]->type;
    node->nullable = true;
    return STREAMQ_OK;
}

/* With a third argument another aggregate stands in: the rows of agg_top.c. */
static streamq_status resolve_by(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    if (node->narg == 3)
        return sqi_agg_top_resolve(b, node, err);
    return resolve(b, node, err);
}

/* ---- min, max ------------------------------------------------------------------------------------------------- */

/* Integers stand at the front of the first word. */
#define INTS(ctype)                                         \
    SQI_AGG_EACH(run, group, rows, sqi_agg_value, s, i)     \
    {                                                       \
        ctype v = SQI_AT(arg, ctype, i), held;              \
        memcpy(&held, s->u.word, sizeof held);              \
        if (!s->held || (sign > 0 ? v > held : v < held)) { \
            memcpy(s->u.word, &v, sizeof v);                \
            s->held = SQI_AGG_VALUE;                        \
        }                                                   \
    }                                                       \
    return STREAMQ_OK

static streamq_status step(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows, int sign,
                           streamq_error **err)
{
    switch (arg->type->id) {
    case SQI_INT:
    case SQI_DATE:
    case SQI_INTERVAL_YM:
        INTS(int32_t);
    case SQI_BIGINT:
    case SQI_TIMESTAMP:
    case SQI_TIMESTAMP_NTZ:
    case SQI_INTERVAL_DT:
        INTS(int64_t);
    default:
        break;
    }
    SQI_AGG_EACH(run, group, rows, sqi_agg_value, s, i)
    {
        int order = sign;
        if (s->held)
            SQI_TRY(sqi_agg_value_compare(run->eval, arg, i, s, &order, err));
        if ((order > 0) - (order < 0) == sign)
            SQI_TRY(sqi_agg_value_set(run->eval, s, arg, i, err));
    }
    return STREAMQ_OK;
}

static streamq_status merge(sqi_agg_run *run, void *into, void *from, int sign, streamq_error **err)
{
    sqi_agg_value *a = into, *b = from;
    int order = sign;
    if (!b->held)
        return STREAMQ_OK;
    if (a->held)
        SQI_TRY(sqi_agg_value_order(run->eval, run->node->type, b, a, &order, err));
    if ((order > 0) - (order < 0) == sign)
        sqi_agg_value_move(run->eval, a, b);
    else
        sqi_agg_value_clear(run->eval, b);
    return STREAMQ_OK;
}

static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    return sqi_agg_value_emit(run, list, n, 0, out, err);
}

static void clear(sqi_eval *eval, void *state)
{
    sqi_agg_value_clear(eval, state);
}

static streamq_status save(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err)
{
    return sqi_agg_value_save(run, list, n, 0, run->node->type, to, err);
}

static streamq_status load(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from, streamq_error **err)
{
    return sqi_agg_value_load(run, list, n, 0, run->node->type, false, from, err);
}

static const sqi_agg_form form = {.version = 1, .save = save, .load = load};

/* ---- min_by, max_by ------------------------------------------------------------------------------------------- */

typedef struct pair {
    sqi_agg_value value, by;
} pair;

static streamq_status step_by(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows, int sign,
                              streamq_error **err)
{
    const sqi_vec *by = &arg[1];
    if (by->type->id == SQI_VOID)
        return STREAMQ_OK;
    SQI_AGG_EACH(run, group, rows, pair, s, i)
    {
        int order = 0;
        if (!sqi_vec_valid(by, i))
            continue;
        if (s->by.held)
            SQI_TRY(sqi_agg_value_compare(run->eval, by, i, &s->by, &order, err));
        if (order && (order > 0) - (order < 0) != sign)
            continue;
        SQI_TRY(sqi_agg_value_set(run->eval, &s->by, by, i, err));
        SQI_TRY(sqi_agg_value_set(run->eval, &s->value, arg, i, err));
    }
    return STREAMQ_OK;
}

static void clear_by(sqi_eval *eval, void *state)
{
    pair *s = state;
    sqi_agg_value_clear(eval, &s->value);
    sqi_agg_value_clear(eval, &s->by);
}

static streamq_status merge_by(sqi_agg_run *run, void *into, void *from, int sign, streamq_error **err)
{
    pair *a = into, *b = from;
    int order = 0;
    if (!b->by.held)
        return STREAMQ_OK;
    if (a->by.held)
        SQI_TRY(sqi_agg_value_order(run->eval, run->node->arg[1]->type, &b->by, &a->by, &order, err));
    if (order && (order > 0) - (order < 0) != sign) {
        clear_by(run->eval, b);
        return STREAMQ_OK;
    }
    sqi_agg_value_move(run->eval, &a->by, &b->by);
    sqi_agg_value_move(run->eval, &a->value, &b->value);
    return STREAMQ_OK;
}

static streamq_status save_by(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err)
{
    sqi_bound *const *arg = run->node->arg;
    SQI_TRY(sqi_agg_value_save(run, list, n, offsetof(pair, value), arg[0]->type, to, err));
    return sqi_agg_value_save(run, list, n, offsetof(pair, by), arg[1]->type, to, err);
}

static streamq_status load_by(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from, streamq_error **err)
{
    sqi_bound *const *arg = run->node->arg;
    SQI_TRY(sqi_agg_value_load(run, list, n, offsetof(pair, value), arg[0]->type, true, from, err));
    return sqi_agg_value_load(run, list, n, offsetof(pair, by), arg[1]->type, false, from, err);
}

static const sqi_agg_form by_form = {.version = 1, .save = save_by, .load = load_by};

/* ---- the rows ------------------------------------------------------------------------------------------------- */

#define FAMILY(name, sign)                                                                                             \
    static streamq_status step_##name(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,      \
                                      streamq_error **err)                                                             \
    {                                                                                                                  \
        return step(run, group, arg, rows, sign, err);                                                                 \
    }                                                                                                                  \
    static streamq_status merge_##name(sqi_agg_run *run, void *into, void *from, streamq_error **err)                  \
    {                                                                                                                  \
        return merge(run, into, from, sign, err);                                                                      \
    }                                                                                                                  \
    static streamq_status step_##name##_by(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows, \
                                           streamq_error **err)                                                        \
    {                                                                                                                  \
        return step_by(run, group, arg, rows, sign, err);                                                              \
    }                                                                                                                  \
    static streamq_status merge_##name##_by(sqi_agg_run *run, void *into, void *from, streamq_error **err)             \
    {                                                                                                                  \
        return merge_by(run, into, from, sign, err);                                                                   \
    }
FAMILY(min, -1)
FAMILY(max, 1)
#undef FAMILY

enum { BY_FLAGS = SQI_AGG_MERGES | SQI_AGG_ORDERED | SQI_AGG_WANTS_NULLS };

const sqi_agg sqi_agg_minmax[] = {
    {"min", 1, 1, SQI_AGG_MERGES, NULL, resolve, sizeof(sqi_agg_value), step_min, NULL, merge_min, emit, clear,
     "The least value.", &form},
    {"max", 1, 1, SQI_AGG_MERGES, NULL, resolve, sizeof(sqi_agg_value), step_max, NULL, merge_max, emit, clear,
     "The greatest value.", &form},
    {"min_by", 2, 3, BY_FLAGS, NULL, resolve_by, sizeof(pair), step_min_by, NULL, merge_min_by, emit, clear_by,
     "The first argument's value where the second is least; a third argument asks for that many, as an array.",
     &by_form},
    {"max_by", 2, 3, BY_FLAGS, NULL, resolve_by, sizeof(pair), step_max_by, NULL, merge_max_by, emit, clear_by,
     "The first argument's value where the second is greatest; a third argument asks for that many, as an array.",
     &by_form},
    {.name = NULL},
};
