/*
 * agg_count: count and count_if. The framework leaves out rows with a null argument, so counting is adding one;
 * count(*) arrives as count(1).
 */
#include "agg.h"

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    if (!node->narg)
        return sqi_bind_type_error(b, node, SQI_COND_WRONG_NUM_ARGS__WITH_SUGGESTION, err,
                                   "count needs an argument; count(*) counts rows");
    node->type = &sqi_type_bigint;
    node->nullable = false;
    return STREAMQ_OK;
}

static streamq_status step_count(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                                 streamq_error **err)
{
    (void)arg;
    (void)err;
    const sqi_states states = run->states;
    if (rows.sel) {
        for (uint32_t k = 0; k < rows.n; ++k)
            ++*(int64_t *)sqi_states_at(&states, group[rows.sel[k]]);
    } else {
        for (uint32_t i = 0; i < rows.n; ++i)
            ++*(int64_t *)sqi_states_at(&states, group[i]);
    }
    return STREAMQ_OK;
}

static streamq_status retract_count(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                                    streamq_error **err)
{
    (void)arg;
    (void)err;
    SQI_AGG_EACH(run, group, rows, int64_t, n, i)
    --*n;
    return STREAMQ_OK;
}

static streamq_status step_count_if(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                                    streamq_error **err)
{
    (void)err;
    SQI_AGG_EACH(run, group, rows, int64_t, n, i)
    *n += SQI_AT(arg, uint8_t, i);
    return STREAMQ_OK;
}

static streamq_status retract_count_if(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                                       streamq_error **err)
{
    (void)err;
    SQI_AGG_EACH(run, group, rows, int64_t, n, i)
    *n -= SQI_AT(arg, uint8_t, i);
    return STREAMQ_OK;
}

static streamq_status merge(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    (void)run;
    (void)err;
    *(int64_t *)into += *(int64_t *)from;
    *(int64_t *)from = 0;
    return STREAMQ_OK;
}

static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    (void)err;
    for (uint32_t k = 0; k < n; ++k)
        SQI_OUT(out, int64_t)[k] = *(int64_t *)sqi_states_at(&run->states, list[k]);
    return STREAMQ_OK;
}

enum { FLAGS = SQI_AGG_MERGES | SQI_AGG_RETRACTS };

static const sqi_agg_field number[] = {{SQI_AGG_COUNT, 0}, {SQI_AGG_END, 0}};
static const sqi_agg_form form = {.version = 1, .field = number, .is_result = true};

const sqi_agg sqi_agg_count[] = {
    {"count", 0, -1, FLAGS | SQI_AGG_ADDS_ONE, NULL, resolve, sizeof(int64_t), step_count, retract_count, merge, emit,
     NULL, "The number of rows, or of rows where no argument is null.", &form},
    {"count_if", 1, 1, FLAGS, "b>l", resolve, sizeof(int64_t), step_count_if, retract_count_if, merge, emit, NULL,
     "The number of rows for which the condition is true.", &form},
    {.name = NULL},
};
