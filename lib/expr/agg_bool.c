/*
 * agg_bool: bool_and and bool_or with their other names. The state counts the trues and falses seen, so that rows can
 * be taken back.
 */
#include "agg.h"

typedef struct tally {
    int64_t count[2]; /* falses, trues */
} tally;

static streamq_status step(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                           streamq_error **err)
{
    (void)err;
    SQI_AGG_EACH(run, group, rows, tally, s, i)
    s->count[SQI_AT(arg, uint8_t, i) != 0]++;
    return STREAMQ_OK;
}

static streamq_status retract(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                              streamq_error **err)
{
    (void)err;
    SQI_AGG_EACH(run, group, rows, tally, s, i)
    s->count[SQI_AT(arg, uint8_t, i) != 0]--;
    return STREAMQ_OK;
}

static streamq_status merge(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    (void)run;
    (void)err;
    tally *a = into, *b = from;
    a->count[0] += b->count[0];
    a->count[1] += b->count[1];
    *b = (tally){{0, 0}};
    return STREAMQ_OK;
}

/* The result is `decisive` as soon as one such value was seen. */
static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, uint8_t decisive,
                           streamq_error **err)
{
    SQI_TRY(sqi_vec_bitmap(out, n, true, run->eval->arena, err));
    for (uint32_t k = 0; k < n; ++k) {
        const tally *s = sqi_states_at(&run->states, list[k]);
        SQI_OUT(out, uint8_t)[k] = s->count[decisive] ? decisive : !decisive;
        if (!s->count[0] && !s->count[1])
            sqi_vec_set_null(out, k);
    }
    return STREAMQ_OK;
}

static streamq_status emit_and(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    return emit(run, list, n, out, 0, err);
}

static streamq_status emit_or(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    return emit(run, list, n, out, 1, err);
}

enum { FLAGS = SQI_AGG_MERGES | SQI_AGG_RETRACTS };

static const sqi_agg_field number[] = {
    {SQI_AGG_COUNT, offsetof(tally, count[0])}, {SQI_AGG_COUNT, offsetof(tally, count[1])}, {SQI_AGG_END, 0}};
static const sqi_agg_form form = {.version = 1, .field = number};

#define ROW(name, emit, text)                                                                        \
    {                                                                                                \
        name, 1, 1, FLAGS, "b>b", NULL, sizeof(tally), step, retract, merge, emit, NULL, text, &form \
    }

const sqi_agg sqi_agg_bool[] = {
    ROW("bool_and", emit_and, "True if the argument is true for every row."),
    ROW("every", emit_and, "True if the argument is true for every row."),
    ROW("bool_or", emit_or, "True if the argument is true for at least one row."),
    ROW("some", emit_or, "True if the argument is true for at least one row."),
    ROW("any", emit_or, "True if the argument is true for at least one row."),
    {.name = NULL},
};
