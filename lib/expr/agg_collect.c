/*
 * agg_collect: collect_list (array_agg) and collect_set. Nulls are left out. Lists keep the order of arrival over all
 * batches; sets keep the order of first arrival, and their values are in normal form (0.0 for -0.0, one NaN).
 */
#include "agg_list.h"
#include "data_order.h"

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    node->type = sqi_type_array(b->eval->pool, node->arg[0]->type, false);
    node->nullable = false;
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static bool holds_map(const sqi_type *t)
{
    bool found = t->id == SQI_MAP;
    for (uint32_t c = 0; !found && c < t->nfield; ++c)
        found = holds_map(t->field[c].type);
    return found;
}

static streamq_status resolve_set(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    if (holds_map(node->arg[0]->type))
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__UNSUPPORTED_INPUT_TYPE, err,
                                   "collect_set cannot hold maps; collect_list can");
    return resolve(b, node, err);
}

static streamq_status step_list(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                                streamq_error **err)
{
    SQI_AGG_EACH(run, group, rows, sqi_agg_list, s, i)
    SQI_TRY(sqi_agg_list_add(run->eval, s, arg, i, err));
    return STREAMQ_OK;
}

static streamq_status merge_list(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    return sqi_agg_list_join(run->eval, into, from, err);
}

static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    return sqi_agg_list_emit(run, list, n, 0, out, err);
}

static void clear_list(sqi_eval *eval, void *state)
{
    sqi_agg_list_clear(eval, state);
}

static streamq_status step_set(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                               streamq_error **err)
{
    sqi_vec normal;
    SQI_TRY(sqi_order_normalize(&normal, arg, rows, run->eval->arena, err));
    SQI_AGG_EACH(run, group, rows, sqi_agg_set, s, i)
    {
        uint32_t index;
        bool fresh;
        SQI_TRY(sqi_agg_set_add(run->eval, s, &normal, i, &index, &fresh, err));
    }
    return STREAMQ_OK;
}

static void clear_set(sqi_eval *eval, void *state)
{
    sqi_agg_set_clear(eval, state);
}

static streamq_status save(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err)
{
    return sqi_agg_list_save(run, list, n, 0, run->node->arg[0]->type, to, err);
}

static streamq_status load_list(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from,
                                streamq_error **err)
{
    return sqi_agg_list_load(run, list, n, 0, run->node->arg[0]->type, from, err);
}

static streamq_status load_set(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from, streamq_error **err)
{
    return sqi_agg_set_load(run, list, n, 0, run->node->arg[0]->type, from, err);
}

/* The list of a set is the first that stands in it. */
static const sqi_agg_form list_form = {.version = 1, .save = save, .load = load_list};
static const sqi_agg_form set_form = {.version = 1, .save = save, .load = load_set};

enum { LIST_FLAGS = SQI_AGG_MERGES | SQI_AGG_ORDERED };

const sqi_agg sqi_agg_collect[] = {
    {"collect_list", 1, 1, LIST_FLAGS, NULL, resolve, sizeof(sqi_agg_list), step_list, NULL, merge_list, emit,
     clear_list, "All values that are not null, in order of arrival.", &list_form},
    {"array_agg", 1, 1, LIST_FLAGS, NULL, resolve, sizeof(sqi_agg_list), step_list, NULL, merge_list, emit, clear_list,
     "All values that are not null, in order of arrival.", &list_form},
    {"collect_set", 1, 1, SQI_AGG_ORDERED, NULL, resolve_set, sizeof(sqi_agg_set), step_set, NULL, NULL, emit,
     clear_set, "The different values that are not null.", &set_form},
    {.name = NULL},
};
