/*
 * agg_list_form: lists and sets of packed values for a checkpoint: how many each state has, then the values of all of them
 * as one column.
 */
#include "agg_form.h"
#include "agg_list.h"

static void *list_at(const sqi_agg_run *run, uint32_t row, uint32_t offset)
{
    return (char *)sqi_states_at(&run->states, row) + offset;
}

streamq_status sqi_agg_list_save(sqi_agg_run *run, const uint32_t *rows, uint32_t n, uint32_t offset,
                                 const sqi_type *type, sqi_buf *to, streamq_error **err)
{
    sqi_vec value;
    uint32_t total = 0;
    int64_t *length = sqi_agg_form_room(run, n, err);
    const sqi_agg_list **list = sqi_agg_form_items(run, n, sizeof *list, err);
    if (!length || !list)
        return STREAMQ_ERR_NOMEM;
    for (uint32_t k = 0; k < n; ++k) {
        list[k] = list_at(run, rows[k], offset);
        length[k] = list[k]->n;
    }
    SQI_TRY(sqi_agg_list_values(run->eval, list, n, type, &value, err));
    for (uint32_t k = 0; k < n; ++k)
        total += list[k]->n; /* no overflow: the call before has seen to it */
    sqi_pack_ints(to, length, n);
    sqi_pack_column(to, &value, (sqi_rows){NULL, total}, run->eval->arena);
    return STREAMQ_OK;
}

/* The lengths, and the values, of which none is null. */
static streamq_status get_values(sqi_agg_run *run, uint32_t n, const sqi_type *type, sqi_bytes *from, int64_t **length,
                                 sqi_vec *value, streamq_error **err)
{
    uint32_t total;
    SQI_TRY(sqi_agg_form_lengths(run, from, n, UINT32_MAX - 1, length, &total, err));
    SQI_TRY(sqi_unpack_column(from, type, total, value, run->eval->arena, err));
    return total && value->valid ? sqi_agg_form_damaged(from, err) : STREAMQ_OK;
}

streamq_status sqi_agg_list_load(sqi_agg_run *run, const uint32_t *rows, uint32_t n, uint32_t offset,
                                 const sqi_type *type, sqi_bytes *from, streamq_error **err)
{
    int64_t *length;
    sqi_vec value;
    uint32_t at = 0;
    SQI_TRY(get_values(run, n, type, from, &length, &value, err));
    for (uint32_t k = 0; k < n; ++k) {
        sqi_agg_list *list = list_at(run, rows[k], offset);
        sqi_agg_list_clear(run->eval, list);
        SQI_TRY(sqi_agg_list_append(run->eval, list, &value, at, (uint32_t)length[k], err));
        at += (uint32_t)length[k];
    }
    return STREAMQ_OK;
}

streamq_status sqi_agg_set_load(sqi_agg_run *run, const uint32_t *rows, uint32_t n, uint32_t offset,
                                const sqi_type *type, sqi_bytes *from, streamq_error **err)
{
    int64_t *length;
    sqi_vec value;
    uint32_t at = 0, index;
    SQI_TRY(get_values(run, n, type, from, &length, &value, err));
    for (uint32_t k = 0; k < n; ++k) {
        sqi_agg_set *set = list_at(run, rows[k], offset);
        bool fresh = true;
        sqi_agg_set_clear(run->eval, set);
        for (uint32_t i = 0; i < (uint32_t)length[k] && fresh; ++i)
            SQI_TRY(sqi_agg_set_add(run->eval, set, &value, at++, &index, &fresh, err));
        if (!fresh)
            return sqi_agg_form_damaged(from, err);
    }
    return STREAMQ_OK;
}
