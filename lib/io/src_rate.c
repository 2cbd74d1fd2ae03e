/*
 * src_rate: rows at a steady pace, as Spark's "rate" source: a counter and the time that belongs to each value.
 *
 * An offset is whole seconds since the series began; it carries the beginning (in milliseconds) too, so a restart
 * continues the same series, and a range gives the same rows whenever it is read. With `rampUpTime` the pace grows
 * second by second until it reaches `rowsPerSecond`.
 */
#include <math.h>

#include "io_columns.h"
#include "io_source.h"

typedef struct rate_state {
    sqi_arena arena; /* one chunk's columns */
    int64_t per_second, ramp_up;
    bool begun;
    int64_t began_ms, last_ms; /* the clock never runs back */
    bool frozen;
    int64_t frozen_end;
} rate_state;

static const sqi_option_row options[] = {
    {"rowsPerSecond", SQI_OPTION_INT, "1", 1, INT64_MAX, false, "rows made each second"},
    {"rampUpTime", SQI_OPTION_TEXT, "0s", 0, 0, false,
     "reach that pace after this time, in whole seconds; a bare number is seconds"},
    {"numPartitions", SQI_OPTION_INT, NULL, 1, INT32_MAX, false, "taken for Spark's sake, without effect"},
};
enum { NOPTION = sizeof options / sizeof *options };

static const sqi_field fields[] = {
    {{"timestamp", 9}, &sqi_type_timestamp, true},
    {{"value", 5}, &sqi_type_bigint, true},
};

/* Unlike other durations a bare number is seconds: Spark reads this one that way. */
static streamq_status ramp_up_of(const sqi_options *o, int64_t *seconds, streamq_error **err)
{
    sqi_span text = sqi_span_trim(sqi_options_text(o, options, NOPTION, "rampUpTime"));
    int64_t micros;
    bool ok = sqi_duration_parse(text, &micros),
         bare = ok && text.ptr[text.len - 1] >= '0' && text.ptr[text.len - 1] <= '9';
    if (bare)
        ok = !__builtin_mul_overflow(micros, 1000, &micros);
    if (!ok || micros < 0)
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE,
                             "option 'rampUpTime' of source 'rate' is '%.*s'; it takes a time that is not negative, "
                             "such as '30s'",
                             text.len > 100 ? 100 : (int)text.len, text.ptr);
    *seconds = micros / SQI_MICROS_PER_SECOND;
    return STREAMQ_OK;
}

/* How many values the series has had at the end of this second. False: more than can be counted. */
static bool values_at(int64_t per_second, int64_t ramp_up, int64_t second, int64_t *values)
{
    int64_t step = per_second / (ramp_up + 1), ramp = second < ramp_up ? second : ramp_up;
    __int128 n = (__int128)ramp * (ramp + 1) / 2 * step + (__int128)(second - ramp) * per_second;
    *values = (int64_t)n;
    return n <= INT64_MAX;
}

static streamq_status rate_schema(const sqi_options *o, const sqi_schema *given, const sqi_io_env *env,
                                  sqi_arena *arena, sqi_schema *out, streamq_error **err)
{
    int64_t ramp_up, values, per_second = sqi_options_int(o, options, NOPTION, "rowsPerSecond");
    (void)env;
    SQI_TRY(ramp_up_of(o, &ramp_up, err));
    if (!values_at(per_second, ramp_up, ramp_up, &values))
        return sqi_error_set(
            err, SQI_COND_INVALID_OPTION_VALUE,
            "source 'rate' would count beyond 64 bits before its 'rampUpTime' of %lld seconds is over; "
            "make it shorter or 'rowsPerSecond' smaller",
            (long long)ramp_up);
    return sqi_io_columns_fixed(out, fields, 2, "rate", given, arena, err);
}

static streamq_status rate_open(sqi_source *s, streamq_error **err)
{
    rate_state *t = s->state;
    sqi_arena_init(&t->arena, s->env->alloc);
    t->per_second = sqi_options_int(s->options, options, NOPTION, "rowsPerSecond");
    return ramp_up_of(s->options, &t->ramp_up, err);
}

/* Offsets may come from a checkpoint, which may hold anything: what passes here cannot overflow below. */
static streamq_status check_offset(const sqi_offset *o, streamq_error **err)
{
    const int64_t most = INT64_C(1000000000000); /* seconds: 30000 years */
    if (!o->known ||
        (o->number[0] >= 0 && o->number[0] <= most && o->number[1] >= -most * 1000 && o->number[1] <= most * 1000))
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_ARITHMETIC_OVERFLOW, "source 'rate' cannot continue from second %lld",
                         (long long)o->number[0]);
}

static int64_t wall_ms(const sqi_io_env *env)
{
    return sqi_time_floor_div(env->os->wall_micros(env->os->context), 1000);
}

static streamq_status rate_latest(sqi_source *s, const sqi_offset *start, sqi_offset *end, streamq_error **err)
{
    rate_state *t = s->state;
    int64_t now = wall_ms(s->env), values;
    SQI_TRY(check_offset(start, err));
    if (!t->begun) {
        t->began_ms = t->last_ms = start->known ? start->number[1] : now;
        t->begun = true;
    }
    if (now > t->last_ms)
        t->last_ms = now;
    int64_t second = (t->last_ms - t->began_ms) / 1000;
    if (start->known && second < start->number[0])
        second = start->number[0]; /* the clock was set back between two runs */
    if (s->available_now && !t->frozen) {
        t->frozen = true;
        t->frozen_end = second;
    }
    if (t->frozen)
        second = t->frozen_end;
    if (!values_at(t->per_second, t->ramp_up, second, &values))
        return sqi_error_set(err, SQI_COND_ARITHMETIC_OVERFLOW,
                             "source 'rate' has counted beyond 64 bits after %lld seconds", (long long)second);
    *end = (sqi_offset){.known = true, .number = {second, t->began_ms}};
    return STREAMQ_OK;
}

static streamq_status rate_read(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_source_emit emit,
                                void *context, streamq_error **err)
{
    rate_state *t = s->state;
    int64_t from_second = start->known ? start->number[0] : 0, from, to;
    SQI_TRY(check_offset(start, err));
    SQI_TRY(check_offset(end, err));
    if (!values_at(t->per_second, t->ramp_up, from_second, &from) ||
        !values_at(t->per_second, t->ramp_up, end->number[0], &to))
        return sqi_error_set(err, SQI_COND_ARITHMETIC_OVERFLOW, "source 'rate' has counted beyond 64 bits");
    int64_t begin_ms = end->number[1] + from_second * 1000;
    double ms_per_value = to > from ? (double)((end->number[0] - from_second) * 1000) / (double)(to - from) : 0;
    uint32_t most = sqi_io_columns_rows(s->env);
    for (int64_t at = from; at < to;) {
        uint32_t n = to - at < most ? (uint32_t)(to - at) : most;
        sqi_arena_reset(&t->arena);
        int64_t *times = sqi_arena_get(&t->arena, n * sizeof *times),
                *values = sqi_arena_get(&t->arena, n * sizeof *values);
        if (!times || !values)
            return sqi_error_nomem(err);
        for (uint32_t i = 0; i < n; i++) {
            values[i] = at + i;
            times[i] = (begin_ms + (int64_t)floor((double)(at + i - from) * ms_per_value + 0.5)) * 1000;
        }
        sqi_vec column[2] = {sqi_io_columns_view(&sqi_type_timestamp, times),
                             sqi_io_columns_view(&sqi_type_bigint, values)};
        sqi_chunk chunk = {.n = n, .ncol = 2, .rows = {NULL, n}, .col = column};
        SQI_TRY(emit(context, &chunk, err));
        at += n;
    }
    return STREAMQ_OK;
}

static bool rate_offset_json(const sqi_source *s, const sqi_offset *o, sqi_buf *to)
{
    (void)s;
    return o->known ? sqi_buf_printf(to, "%lld", (long long)o->number[0]) : sqi_buf_text(to, "null");
}

static bool rate_describe(const sqi_source *s, sqi_buf *to)
{
    int64_t ramp_up = 0;
    sqi_span partitions;
    if (ramp_up_of(s->options, &ramp_up, NULL) != STREAMQ_OK ||
        !sqi_options_get(s->options, "numPartitions", &partitions))
        partitions = SQI_SPAN("default");
    return sqi_buf_printf(to, "RateStreamV2[rowsPerSecond=%lld, rampUpTimeSeconds=%lld, numPartitions=",
                          (long long)sqi_options_int(s->options, options, NOPTION, "rowsPerSecond"),
                          (long long)ramp_up) &&
           sqi_buf_span(to, partitions) && sqi_buf_byte(to, ']');
}

static int64_t rate_next_micros(const sqi_source *s)
{
    const rate_state *t = s->state;
    const sqi_os *os = s->env->os;
    int64_t now = os->monotonic_micros(os->context);
    if (!t->begun)
        return now;
    if (t->frozen)
        return INT64_MAX;
    int64_t second = (t->last_ms - t->began_ms) / 1000 + 1;
    int64_t left = (t->began_ms + second * 1000) * 1000 - os->wall_micros(os->context);
    return left > 0 ? now + left : now;
}

static void rate_close(sqi_source *s)
{
    rate_state *t = s->state;
    sqi_arena_fini(&t->arena);
}

const sqi_source_type sqi_src_rate = {
    .name = "rate",
    .state_size = sizeof(rate_state),
    .option = options,
    .noption = NOPTION,
    .endless = true,
    .schema = rate_schema,
    .open = rate_open,
    .latest = rate_latest,
    .read = rate_read,
    .offset_json = rate_offset_json,
    .describe = rate_describe,
    .next_micros = rate_next_micros,
    .close = rate_close,
};
