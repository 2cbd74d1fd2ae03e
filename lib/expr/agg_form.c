/*
 * agg_form: states that are plain numbers, one column for each; others know their own way.
 */
#include "agg_form.h"

int64_t *sqi_agg_form_room(sqi_agg_run *run, uint32_t n, streamq_error **err)
{
    int64_t *room = sqi_arena_get(run->eval->arena, ((size_t)n + 1) * sizeof *room);
    if (!room)
        sqi_error_nomem(err);
    return room;
}

streamq_status sqi_agg_form_damaged(sqi_bytes *from, streamq_error **err)
{
    return sqi_unpack_damaged(from, "state of an aggregate", err);
}

streamq_status sqi_agg_form_ints(sqi_agg_run *run, sqi_bytes *from, uint32_t n, int64_t least, int64_t most,
                                 int64_t **out, streamq_error **err)
{
    bool bad = n > sqi_bytes_left(from);
    int64_t *v = *out = bad ? NULL : sqi_agg_form_room(run, n, err);
    if (bad)
        return sqi_agg_form_damaged(from, err);
    if (!v)
        return STREAMQ_ERR_NOMEM;
    if (!sqi_unpack_ints(from, v, n))
        return sqi_agg_form_damaged(from, err);
    for (uint32_t k = 0; k < n; ++k)
        bad |= v[k] < least || v[k] > most;
    return bad ? sqi_agg_form_damaged(from, err) : STREAMQ_OK;
}

streamq_status sqi_agg_form_reals(sqi_agg_run *run, sqi_bytes *from, uint32_t n, double **out, streamq_error **err)
{
    if ((uint64_t)n * sizeof **out > sqi_bytes_left(from))
        return sqi_agg_form_damaged(from, err);
    *out = sqi_arena_get(run->eval->arena, ((size_t)n + 1) * sizeof **out);
    if (!*out)
        return sqi_error_nomem(err);
    return sqi_unpack_reals(from, *out, n) ? STREAMQ_OK : sqi_agg_form_damaged(from, err);
}

streamq_status sqi_agg_form_lengths(sqi_agg_run *run, sqi_bytes *from, uint32_t n, uint32_t most, int64_t **out,
                                    uint32_t *total, streamq_error **err)
{
    uint64_t sum = 0;
    SQI_TRY(sqi_agg_form_ints(run, from, n, 0, most, out, err));
    for (uint32_t k = 0; k < n; ++k)
        sum += (uint64_t)(*out)[k];
    *total = (uint32_t)sum;
    return sum < UINT32_MAX ? STREAMQ_OK : sqi_agg_form_damaged(from, err);
}

void *sqi_agg_form_items(sqi_agg_run *run, uint64_t n, size_t size, streamq_error **err)
{
    void *room = n < SIZE_MAX / size ? sqi_arena_get(run->eval->arena, (size_t)(n + 1) * size) : NULL;
    if (!room)
        sqi_error_nomem(err);
    return room;
}

/* ---- plain numbers -------------------------------------------------------------------------------------------- */

/* Integers and reals are 8 bytes wide: they are moved as such. */
static void gather_words(const sqi_states *states, uint32_t offset, const uint32_t *list, uint32_t n, void *to)
{
    sqi_states at = *states;
    at.offset += offset;
    for (uint32_t k = 0; k < n; ++k)
        memcpy((char *)to + k * sizeof(int64_t), sqi_states_at(&at, list[k]), sizeof(int64_t));
}

static void scatter_words(const sqi_states *states, uint32_t offset, const uint32_t *list, uint32_t n, const void *from)
{
    sqi_states at = *states;
    at.offset += offset;
    for (uint32_t k = 0; k < n; ++k)
        memcpy(sqi_states_at(&at, list[k]), (const char *)from + k * sizeof(int64_t), sizeof(int64_t));
}

static bool save_field(sqi_agg_run *run, const sqi_agg_field *f, const uint32_t *list, uint32_t n, int64_t *room,
                       sqi_buf *to)
{
    if (f->kind == SQI_AGG_FLAG) {
        for (uint32_t k = 0; k < n; ++k)
            room[k] = *((const bool *)sqi_states_at(&run->states, list[k]) + f->offset);
        return sqi_pack_ints(to, room, n);
    }
    gather_words(&run->states, f->offset, list, n, room);
    if (f->kind != SQI_AGG_REAL)
        return sqi_pack_ints(to, room, n);
    return sqi_buf_byte(to, sizeof *room) && sqi_pack_raw(to, room, sizeof *room, n);
}

static streamq_status load_field(sqi_agg_run *run, const sqi_agg_field *f, const uint32_t *list, uint32_t n,
                                 sqi_bytes *from, streamq_error **err)
{
    int64_t *v = NULL;
    double *real = NULL;
    if (f->kind == SQI_AGG_REAL)
        SQI_TRY(sqi_agg_form_reals(run, from, n, &real, err));
    else if (f->kind == SQI_AGG_INT)
        SQI_TRY(sqi_agg_form_ints(run, from, n, INT64_MIN, INT64_MAX, &v, err));
    else
        SQI_TRY(sqi_agg_form_ints(run, from, n, 0, f->kind == SQI_AGG_FLAG ? 1 : SQI_AGG_COUNT_MOST, &v, err));
    if (f->kind != SQI_AGG_FLAG) {
        scatter_words(&run->states, f->offset, list, n, real ? (const void *)real : v);
        return STREAMQ_OK;
    }
    for (uint32_t k = 0; k < n; ++k)
        *((bool *)sqi_states_at(&run->states, list[k]) + f->offset) = v[k] != 0;
    return STREAMQ_OK;
}

streamq_status sqi_agg_form_save(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err)
{
    const sqi_agg_form *form = run->node->agg->form;
    if (!form->field)
        return form->save(run, list, n, to, err);
    int64_t *room = sqi_agg_form_room(run, n, err);
    if (!room)
        return STREAMQ_ERR_NOMEM;
    for (const sqi_agg_field *f = form->field; f->kind; ++f)
        save_field(run, f, list, n, room, to);
    return STREAMQ_OK;
}

streamq_status sqi_agg_form_load(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from,
                                 streamq_error **err)
{
    const sqi_agg_form *form = run->node->agg->form;
    if (!form->field)
        return form->load(run, list, n, from, err);
    for (const sqi_agg_field *f = form->field; f->kind; ++f)
        SQI_TRY(load_field(run, f, list, n, from, err));
    return STREAMQ_OK;
}
