/*
 * agg_first: first and last with their other names: the value of the row that came first or last, null included unless
 * the caller said to ignore nulls (IGNORE NULLS, or true as the second argument).
 */
#include "agg_value.h"

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    if (node->narg == 2) {
        const sqi_vec *ignore;
        if (node->arg[1]->type->id != SQI_BOOLEAN)
            return sqi_bind_arg_type_error(b, node, 1, "\"BOOLEAN\"", err);
        SQI_TRY(sqi_bind_constant(b, node->arg[1], &ignore, err));
        if (!ignore)
            return sqi_bind_type_error(
                b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                "the second argument of %s, which says whether nulls are ignored, must be a constant", node->agg->name);
        node->ignore_nulls |= sqi_vec_valid(ignore, 0) && SQI_AT(ignore, uint8_t, 0);
        node->narg = 1;
    }
    node->type = node->arg[0]->type;
    node->nullable = true;
    return STREAMQ_OK;
}

static streamq_status step_first(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                                 streamq_error **err)
{
    bool ignore = run->node->ignore_nulls;
    SQI_AGG_EACH(run, group, rows, sqi_agg_value, s, i)
    if (!s->held && (!ignore || sqi_vec_valid(arg, i)))
        SQI_TRY(sqi_agg_value_set(run->eval, s, arg, i, err));
    return STREAMQ_OK;
}

static streamq_status step_last(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                                streamq_error **err)
{
    bool ignore = run->node->ignore_nulls;
    SQI_AGG_EACH(run, group, rows, sqi_agg_value, s, i)
    if (!ignore || sqi_vec_valid(arg, i))
        SQI_TRY(sqi_agg_value_set(run->eval, s, arg, i, err));
    return STREAMQ_OK;
}

static streamq_status merge_first(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    (void)err;
    sqi_agg_value *a = into;
    if (a->held)
        sqi_agg_value_clear(run->eval, from);
    else
        sqi_agg_value_move(run->eval, into, from);
    return STREAMQ_OK;
}

static streamq_status merge_last(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    (void)err;
    sqi_agg_value *b = from;
    if (b->held)
        sqi_agg_value_move(run->eval, into, from);
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
    return sqi_agg_value_load(run, list, n, 0, run->node->type, true, from, err);
}

static const sqi_agg_form form = {.version = 1, .save = save, .load = load};

enum { FLAGS = SQI_AGG_MERGES | SQI_AGG_ORDERED | SQI_AGG_WANTS_NULLS };

#define ROW(name, step, merge, text)                                                                         \
    {                                                                                                        \
        name, 1, 2, FLAGS, NULL, resolve, sizeof(sqi_agg_value), step, NULL, merge, emit, clear, text, &form \
    }

const sqi_agg sqi_agg_first[] = {
    ROW("first", step_first, merge_first,
        "The value of the first row; with true as second argument the first that is not null."),
    ROW("first_value", step_first, merge_first, "The value of the first row; see first."),
    ROW("any_value", step_first, merge_first, "A value of some row: here the first."),
    ROW("last", step_last, merge_last,
        "The value of the last row; with true as second argument the last that is not null."),
    ROW("last_value", step_last, merge_last, "The value of the last row; see last."),
    {.name = NULL},
};
