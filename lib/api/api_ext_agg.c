/*
 * api_ext_agg: aggregate functions of the program. The engine keeps the states; a step hands over the rows of a chunk
 * with the state of each row's group.
 *
 *     | the aggregate | the program's state_size bytes, zeroed |
 *
 * The pointer in front says whose state it is when a group goes; a state that no step has seen has none.
 */
#include "agg_form.h"
#include "api_ext.h"
#include "data_arrow.h"

enum { STATE_BYTES_MAX = 4096, HEAD_BYTES = 16 };

static void *body(void *state)
{
    return (char *)state + HEAD_BYTES;
}

static const sqi_custom_agg *custom_of(const sqi_agg_run *run)
{
    return (const sqi_custom_agg *)run->node->agg;
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_custom_agg *a = (const sqi_custom_agg *)node->agg;
    return sqi_api_ext_cast(b, node, &a->argument, a->result, err);
}

static streamq_status step(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                           streamq_error **err)
{
    const sqi_custom_agg *a = custom_of(run);
    struct ArrowArray in = {0};
    struct streamq_ext_error why = {{0}};
    uint32_t n = rows.n ? (rows.sel ? rows.sel[rows.n - 1] + 1 : rows.n) : 0;
    void **state = sqi_arena_array(run->eval->arena, rows.n + 1, sizeof *state);
    if (!state)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < rows.n; ++k) {
        void *head = sqi_states_at(&run->states, group[rows.sel ? rows.sel[k] : k]);
        memcpy(head, &a, sizeof a);
        state[k] = body(head);
    }
    sqi_chunk chunk = {.n = n, .ncol = a->argument.n, .rows = rows, .col = (sqi_vec *)arg};
    SQI_TRY(sqi_arrow_export_chunk(run->eval->alloc, &a->argument, &chunk, &in, err));
    int32_t code = a->table.step(a->table.user, state, &in, &why);
    if (in.release)
        in.release(&in);
    return code ? sqi_custom_failed("aggregate", a->row.name, "step", code, &why, err) : STREAMQ_OK;
}

static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    const sqi_custom_agg *a = custom_of(run);
    struct ArrowArray answer = {0};
    struct streamq_ext_error why = {{0}};
    const void **state = sqi_arena_array(run->eval->arena, n + 1, sizeof *state);
    if (!state)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < n; ++k)
        state[k] = body(sqi_states_at(&run->states, list[k]));
    int32_t code = a->table.emit(a->table.user, state, n, &answer, &why);
    if (code) {
        if (answer.release)
            answer.release(&answer);
        return sqi_custom_failed("aggregate", a->row.name, "emit", code, &why, err);
    }
    sqi_vec dense;
    sqi_batch *keep = NULL;
    streamq_status status = sqi_api_ext_import(run->eval, a->result, &answer, n, &dense, &keep, err);
    if (status == STREAMQ_OK && n)
        status = sqi_vec_copy(out, &dense, (sqi_rows){NULL, n}, run->eval->arena, err);
    sqi_batch_unref(keep);
    return status;
}

static void clear(sqi_eval *eval, void *state)
{
    const sqi_custom_agg *a;
    (void)eval;
    memcpy(&a, state, sizeof a);
    if (a && a->table.clear)
        a->table.clear(a->table.user, body(state));
}

/* For a checkpoint: the program's bytes as they are, which is right where the state is plain memory: without a `clear`. */
static streamq_status save(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err)
{
    size_t size = custom_of(run)->table.state_size;
    (void)err;
    for (uint32_t k = 0; k < n; ++k)
        sqi_buf_put(to, body(sqi_states_at(&run->states, list[k])), size);
    return STREAMQ_OK;
}

static streamq_status load(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from, streamq_error **err)
{
    const sqi_custom_agg *a = custom_of(run);
    size_t size = a->table.state_size;
    sqi_span all = sqi_bytes_get(from, (uint64_t)n * size);
    if (from->bad)
        return sqi_agg_form_damaged(from, err);
    for (uint32_t k = 0; k < n; ++k) {
        void *head = sqi_states_at(&run->states, list[k]);
        memcpy(head, &a, sizeof a);
        memcpy(body(head), all.ptr + k * size, size);
    }
    return STREAMQ_OK;
}

static streamq_status add(streamq_session *s, const streamq_aggregate *aggregate, streamq_error **err)
{
    if (!aggregate->step || !aggregate->emit || !aggregate->state_size || aggregate->state_size > STATE_BYTES_MAX)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT,
                             "an aggregate needs step, emit and a state_size of 1 to %d bytes", STATE_BYTES_MAX);
    sqi_registered *r = sqi_api_registered(s);
    char *name;
    if (!r)
        return sqi_error_nomem(err);
    pthread_mutex_lock(&r->mutex);
    sqi_custom_agg *a = sqi_arena_zero(&r->arena, sizeof *a);
    streamq_status status = a ? sqi_api_ext_name(r, aggregate->name, "an aggregate", &name, err) : sqi_error_nomem(err);
    if (status == STREAMQ_OK && (sqi_func_find(sqi_span_of(name)) || sqi_agg_find(sqi_span_of(name)) ||
                                 r->registry.find_func(&r->registry, sqi_span_of(name)) ||
                                 r->registry.find_agg(&r->registry, sqi_span_of(name))))
        status = sqi_error_set(err, SQI_COND_CALL_OUT_OF_ORDER, "there is a function '%s' already", name);
    if (status == STREAMQ_OK)
        status = sqi_api_ext_types(s, r, aggregate->arguments, &a->argument, err);
    if (status == STREAMQ_OK)
        status = sqi_api_ext_type(s, r, aggregate->result, &a->result, err);
    if (status == STREAMQ_OK) {
        a->table = *aggregate;
        a->row =
            (sqi_agg){.name = name,
                      .min_args = (int8_t)a->argument.n,
                      .max_args = (int8_t)a->argument.n,
                      .flags = (uint8_t)(SQI_AGG_ORDERED | SQI_AGG_STEPPER |
                                         (aggregate->flags & STREAMQ_FUNCTION_SEES_NULLS ? SQI_AGG_WANTS_NULLS : 0)),
                      .resolve = resolve,
                      .state_size = HEAD_BYTES + (uint32_t)(aggregate->state_size + 15) / 16 * 16,
                      .step = step,
                      .emit = emit,
                      .clear = aggregate->clear ? clear : NULL,
                      .text = "registered by the program",
                      .form = aggregate->clear ? NULL : &a->form};
        a->form = (sqi_agg_form){.version = 1, .bytes = (uint32_t)aggregate->state_size, .save = save, .load = load};
        a->next = r->agg;
        r->agg = a;
    }
    pthread_mutex_unlock(&r->mutex);
    return status;
}

streamq_status streamq_session_register_aggregate(streamq_session *session, const streamq_aggregate *aggregate,
                                                  streamq_error **error)
{
    if (!aggregate || aggregate->struct_size != sizeof *aggregate)
        return sqi_error_set(error, SQI_COND_INVALID_ARGUMENT,
                             "streamq_session_register_aggregate: struct_size must be sizeof(streamq_aggregate)");
    streamq_status status = SQI_IS(session, SESSION)
                                ? add(session, aggregate, error)
                                : sqi_api_bad_handle(error, "streamq_session_register_aggregate", "session");
    if (status != STREAMQ_OK && aggregate->destroy)
        aggregate->destroy(aggregate->user);
    return status;
}
