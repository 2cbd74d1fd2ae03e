/*
 * op_group_agg_state: the states of a grouping's aggregates as bytes and back, one after the other, each in the form of
 * its row (agg_form): who shares a state with others (agg_fused) writes what it would write alone.
 */
#include "op_group_agg.h"

#include "agg_form.h"

static sqi_agg_run run_of(const sqi_group_agg *list, uint32_t a, sqi_op_env *env, sqi_table_values at)
{
    uint32_t place = a;
    while (list[a].fused && (list[place].fused != list[a].fused || !list[place].leads))
        --place; /* the leader is the first */
    return (sqi_agg_run){
        .eval = env->eval,
        .node = list[a].node,
        .states = {at.segment, at.shift, at.mask, at.stride, at.offset + list[place].offset},
    };
}

streamq_status sqi_group_aggs_check_form(const sqi_group_agg *list, uint32_t nagg, streamq_error **err)
{
    for (uint32_t a = 0; a < nagg; ++a)
        if (!list[a].node->agg->form || list[a].seen)
            return sqi_error_set(err, SQI_COND_UNSUPPORTED_FEATURE__CHECKPOINT,
                                 list[a].seen
                                     ? "%s(DISTINCT ..) cannot be kept in a checkpoint"
                                     : "the aggregate %s keeps more than plain memory (it has a `clear`), and cannot "
                                       "be kept in a checkpoint; register it without, or run the query without a "
                                       "checkpoint",
                                 list[a].node->agg->name);
    return STREAMQ_OK;
}

streamq_status sqi_group_aggs_save(const sqi_group_agg *list, uint32_t nagg, sqi_op_env *env, sqi_table_values at,
                                   const uint32_t *rows, uint32_t n, const sqi_vec *result, sqi_buf *to,
                                   streamq_error **err)
{
    for (uint32_t a = 0; a < nagg; ++a) {
        if (result && !list[a].fused && list[a].node->agg->form->is_result) {
            sqi_pack_ints(to, result[a].data, n);
            continue;
        }
        sqi_agg_run run = run_of(list, a, env, at);
        SQI_TRY(list[a].fused ? sqi_fused_save(list[a].fused, list[a].kind, &run, rows, n, to, err)
                              : sqi_agg_form_save(&run, rows, n, to, err));
    }
    return STREAMQ_OK;
}

streamq_status sqi_group_aggs_load(const sqi_group_agg *list, uint32_t nagg, sqi_op_env *env, sqi_table_values at,
                                   const uint32_t *rows, uint32_t n, sqi_bytes *from, streamq_error **err)
{
    for (uint32_t a = 0; a < nagg; ++a) {
        sqi_agg_run run = run_of(list, a, env, at);
        if (list[a].leads)
            sqi_fused_clear(list[a].fused, &run.states, rows, n);
        SQI_TRY(list[a].fused ? sqi_fused_load(list[a].fused, list[a].kind, &run, rows, n, from, err)
                              : sqi_agg_form_load(&run, rows, n, from, err));
    }
    return STREAMQ_OK;
}
