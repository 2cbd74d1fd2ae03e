/*
 * src_rate_batch: a fixed number of rows in each micro-batch, as Spark's "rate-micro-batch" source.
 *
 * An offset is {rows so far, time of the next batch in milliseconds}; all rows of a batch carry the time of its start.
 * A range depends on nothing but its offsets and the options, so it can be read again at any time.
 */
#include "io_columns.h"
#include "io_source.h"

typedef struct batch_state {
    sqi_arena arena; /* one chunk's columns */
    bool frozen;
    sqi_offset frozen_end;
} batch_state;

static const sqi_option_row options[] = {
    {"rowsPerBatch", SQI_OPTION_INT, NULL, 1, INT64_MAX, true, "rows in each micro-batch"},
    {"startTimestamp", SQI_OPTION_INT, "0", 0, INT64_MAX / 1000, false,
     "time of the first batch, milliseconds since 1970"},
    {"advanceMillisPerBatch", SQI_OPTION_INT, "1000", 0, INT64_MAX / 1000, false, "time between batches"},
    {"numPartitions", SQI_OPTION_INT, "1", 1, INT32_MAX, false, "taken for Spark's sake, without effect"},
};
enum { NOPTION = sizeof options / sizeof *options };

static const sqi_field fields[] = {
    {{"timestamp", 9}, &sqi_type_timestamp, true},
    {{"value", 5}, &sqi_type_bigint, true},
};

static int64_t number(const sqi_source *s, const char *name)
{
    return sqi_options_int(s->options, options, NOPTION, name);
}

static streamq_status batch_schema(const sqi_options *o, const sqi_schema *given, const sqi_io_env *env,
                                   sqi_arena *arena, sqi_schema *out, streamq_error **err)
{
    (void)o;
    (void)env;
    return sqi_io_columns_fixed(out, fields, 2, "rate-micro-batch", given, arena, err);
}

static streamq_status batch_open(sqi_source *s, streamq_error **err)
{
    batch_state *t = s->state;
    (void)err;
    sqi_arena_init(&t->arena, s->env->alloc);
    return STREAMQ_OK;
}

static sqi_offset begin_of(const sqi_source *s, const sqi_offset *start)
{
    return start->known ? *start : (sqi_offset){.known = true, .number = {0, number(s, "startTimestamp")}};
}

/* Offsets may come from a checkpoint, which may hold anything. */
static streamq_status check_offset(const sqi_offset *o, streamq_error **err)
{
    if (o->number[0] >= 0 && o->number[1] >= 0 && o->number[1] <= INT64_MAX / 1000)
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_ARITHMETIC_OVERFLOW,
                         "source 'rate-micro-batch' cannot go on at row %lld and millisecond %lld",
                         (long long)o->number[0], (long long)o->number[1]);
}

static streamq_status batch_latest(sqi_source *s, const sqi_offset *start, sqi_offset *end, streamq_error **err)
{
    batch_state *t = s->state;
    if (t->frozen) {
        *end = t->frozen_end;
        return STREAMQ_OK;
    }
    *end = begin_of(s, start);
    SQI_TRY(check_offset(end, err));
    if (__builtin_add_overflow(end->number[0], number(s, "rowsPerBatch"), &end->number[0]) ||
        __builtin_add_overflow(end->number[1], number(s, "advanceMillisPerBatch"), &end->number[1]))
        return sqi_error_set(err, SQI_COND_ARITHMETIC_OVERFLOW, "source 'rate-micro-batch' has counted beyond 64 bits");
    SQI_TRY(check_offset(end, err));
    t->frozen = s->available_now;
    t->frozen_end = *end;
    return STREAMQ_OK;
}

static streamq_status batch_read(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_source_emit emit,
                                 void *context, streamq_error **err)
{
    batch_state *t = s->state;
    sqi_offset begin = begin_of(s, start);
    SQI_TRY(check_offset(&begin, err));
    SQI_TRY(check_offset(end, err));
    uint32_t most = sqi_io_columns_rows(s->env);
    for (int64_t at = begin.number[0], to = end->number[0]; at < to;) {
        uint32_t n = to - at < most ? (uint32_t)(to - at) : most;
        sqi_arena_reset(&t->arena);
        int64_t *time = sqi_arena_get(&t->arena, sizeof *time), *values = sqi_arena_get(&t->arena, n * sizeof *values);
        if (!time || !values)
            return sqi_error_nomem(err);
        *time = begin.number[1] * 1000;
        for (uint32_t i = 0; i < n; i++)
            values[i] = at + i;
        sqi_vec column[2] = {sqi_io_columns_view(&sqi_type_timestamp, time),
                             sqi_io_columns_view(&sqi_type_bigint, values)};
        column[0].mask = 0; /* one time for all rows */
        sqi_chunk chunk = {.n = n, .ncol = 2, .rows = {NULL, n}, .col = column};
        SQI_TRY(emit(context, &chunk, err));
        at += n;
    }
    return STREAMQ_OK;
}

/* There always is a next batch. */
static bool batch_more(const sqi_source *s, const sqi_offset *end)
{
    const batch_state *t = s->state;
    (void)end;
    return !t->frozen;
}

static bool batch_offset_json(const sqi_source *s, const sqi_offset *o, sqi_buf *to)
{
    (void)s;
    if (!o->known)
        return sqi_buf_text(to, "null");
    return sqi_buf_printf(to, "{\"offset\":%lld,\"timestamp\":%lld}", (long long)o->number[0], (long long)o->number[1]);
}

static bool batch_describe(const sqi_source *s, sqi_buf *to)
{
    return sqi_buf_printf(to,
                          "RatePerMicroBatchStream[rowsPerBatch=%lld, numPartitions=%lld, startTimestamp=%lld, "
                          "advanceMsPerBatch=%lld]",
                          (long long)number(s, "rowsPerBatch"), (long long)number(s, "numPartitions"),
                          (long long)number(s, "startTimestamp"), (long long)number(s, "advanceMillisPerBatch"));
}

static void batch_close(sqi_source *s)
{
    batch_state *t = s->state;
    sqi_arena_fini(&t->arena);
}

const sqi_source_type sqi_src_rate_batch = {
    .name = "rate-micro-batch",
    .state_size = sizeof(batch_state),
    .option = options,
    .noption = NOPTION,
    .endless = true,
    .schema = batch_schema,
    .open = batch_open,
    .latest = batch_latest,
    .read = batch_read,
    .more = batch_more,
    .offset_json = batch_offset_json,
    .describe = batch_describe,
    .close = batch_close,
};
