/*
 * func_time_format: times as text by patterns and back: date_format, to_timestamp, to_date and their kin, and the Unix
 * time functions that take a pattern. Patterns are in data_pattern; a program keeps the last one compiled, so a
 * constant one is compiled once.
 *
 * Without a pattern to_timestamp and to_date are casts and are bound as such.
 */
#include "data_pattern.h"
#include "expr_bind.h"
#include "expr_coerce.h"
#include "func_str.h"
#include "func_time.h"

enum { FORMAT_TRY = 1 }; /* flag of a node: null instead of an error */

static const sqi_span default_pattern = {"yyyy-MM-dd HH:mm:ss", 19};

/* ---- compiled patterns ---------------------------------------------------------------------------------------- */

typedef struct format_state {
    sqi_arena arena;
    sqi_span text; /* what `pattern` was made of */
    const sqi_pattern *pattern;
} format_state;

static void state_fini(void *state)
{
    sqi_arena_fini(&((format_state *)state)->arena);
}

static streamq_status get_pattern(sqi_call *call, sqi_span text, bool reading, const sqi_pattern **out,
                                  streamq_error **err)
{
    format_state *s = call->state;
    if (!s->arena.alloc)
        sqi_arena_init(&s->arena, call->eval->alloc);
    if (!s->pattern || !sqi_span_equal(s->text, text)) {
        s->pattern = NULL;
        sqi_arena_reset(&s->arena);
        SQI_TRY(sqi_pattern_compile(text, reading, &s->arena, &s->pattern, err));
        s->text = (sqi_span){sqi_arena_text(&s->arena, text.ptr, text.len), text.len};
        if (!s->text.ptr) {
            s->pattern = NULL;
            return sqi_error_nomem(err);
        }
    }
    *out = s->pattern;
    return STREAMQ_OK;
}

/* The pattern in argument k of row i; the default if there is no such argument. */
static sqi_span pattern_at(const sqi_call *call, const sqi_vec *arg, uint32_t k, uint32_t i)
{
    return k < call->node->narg ? SQI_SPAN_AT(&arg[k], i) : default_pattern;
}

static streamq_status need_text(sqi_binder *b, sqi_bound *node, uint32_t k, streamq_error **err)
{
    const sqi_type *t = node->arg[k]->type;
    if (t->id != SQI_VOID && !sqi_coerce_implicit(t, &sqi_type_string))
        return sqi_bind_arg_type_error(b, node, k, "\"STRING\"", err);
    return sqi_bind_cast(b, &node->arg[k], &sqi_type_string, err);
}

/* ---- printing ------------------------------------------------------------------------------------------------- */

static streamq_status resolve_date_format(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_time_resolve_stamp(b, node, 0, err));
    node->type = &sqi_type_string;
    return need_text(b, node, 1, err);
}

/* out[i] = the text of at(i), which is microseconds of `scale` of argument 0 */
static streamq_status print_rows(sqi_call *call, const sqi_vec *arg, sqi_rows rows, int64_t scale, sqi_buf *text,
                                 sqi_vec *out, streamq_error **err)
{
    const sqi_zone *zone = arg[0].type->id == SQI_TIMESTAMP_NTZ ? sqi_zone_utc() : call->eval->zone;
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        const sqi_pattern *p;
        int64_t micros;
        SQI_TRY(get_pattern(call, pattern_at(call, arg, 1, i), false, &p, err));
        if (__builtin_mul_overflow(SQI_AT(&arg[0], int64_t, i), scale, &micros))
            return sqi_error_set(err, SQI_COND_DATETIME_OVERFLOW, "the number lies outside the range of timestamps");
        sqi_buf_clear(text);
        if (!sqi_pattern_print(p, micros, zone, text) ||
            !sqi_heap_copy(&heap, sqi_buf_view(text), &SQI_OUT(out, sqi_str)[i]))
            return sqi_error_nomem(err);
    }
    return STREAMQ_OK;
}

static streamq_status print_scaled(sqi_call *call, const sqi_vec *arg, sqi_rows rows, int64_t scale, sqi_vec *out,
                                   streamq_error **err)
{
    sqi_buf text;
    sqi_buf_init(&text, call->eval->alloc, SQI_STR_MAX);
    streamq_status st = print_rows(call, arg, rows, scale, &text, out, err);
    sqi_buf_fini(&text);
    return st;
}

static streamq_status date_format(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return print_scaled(call, arg, rows, 1, out, err);
}

static streamq_status resolve_from_unixtime(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return sqi_bind_signature(b, node, node->narg == 2 ? "ls>s" : "l>s", err);
}

static streamq_status from_unixtime(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                    streamq_error **err)
{
    return print_scaled(call, arg, rows, SQI_MICROS_PER_SECOND, out, err);
}

/* ---- reading -------------------------------------------------------------------------------------------------- */

/* The node becomes CAST(arg 0 AS type). */
static streamq_status become_cast(sqi_binder *b, sqi_bound *node, const sqi_type *type, streamq_error **err)
{
    node->flags = node->flags & FORMAT_TRY ? SQI_CAST_TRY : 0;
    node->func = sqi_func_find(SQI_SPAN("cast"));
    node->type = type;
    node->narg = 1;
    return node->func->resolve(b, node, err);
}

static bool is_stamp(const sqi_type *t)
{
    return t->id == SQI_DATE || t->id == SQI_TIMESTAMP || t->id == SQI_TIMESTAMP_NTZ;
}

/* to_timestamp and its kin: a cast, or the internal row that reads by a pattern. */
static streamq_status resolve_to(sqi_binder *b, sqi_bound *node, const sqi_type *type, bool lenient,
                                 streamq_error **err)
{
    const sqi_type *from = node->arg[0]->type;
    bool numbers = type->id == SQI_TIMESTAMP && sqi_type_is_numeric(from) && node->narg == 1;
    node->flags = lenient ? FORMAT_TRY : 0;
    if (sqi_type_is_nested(from))
        return sqi_bind_arg_type_error(b, node, 0, "(\"STRING\" or \"DATE\" or \"TIMESTAMP\")", err);
    if (!is_stamp(from) && !numbers && from->id != SQI_STRING)
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], &sqi_type_string, err));
    if (node->narg == 2)
        SQI_TRY(need_text(b, node, 1, err));
    if (node->narg == 1 || is_stamp(from))
        return become_cast(b, node, type, err);
    node->type = type;
    return STREAMQ_OK;
}

static streamq_status resolve_to_timestamp(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_to(b, node, &sqi_type_timestamp, false, err);
}

static streamq_status resolve_try_to_timestamp(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_to(b, node, &sqi_type_timestamp, true, err);
}

static streamq_status resolve_to_timestamp_ntz(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_to(b, node, &sqi_type_timestamp_ntz, false, err);
}

static streamq_status resolve_to_date(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_to(b, node, &sqi_type_date, false, err);
}

static streamq_status resolve_try_to_date(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_to(b, node, &sqi_type_date, true, err);
}

static streamq_status cannot_parse(sqi_call *call, sqi_span text, sqi_span pattern, uint32_t i, sqi_vec *out,
                                   streamq_error **err)
{
    if (call->node->flags & FORMAT_TRY)
        return sqi_time_null(call, out, i, err);
    return sqi_error_set(err, SQI_COND_CANNOT_PARSE_TIMESTAMP,
                         "'%.*s' does not match the pattern '%.*s'; use try_to_timestamp to get NULL",
                         text.len > 60 ? 60 : (int)text.len, text.ptr, pattern.len > 60 ? 60 : (int)pattern.len,
                         pattern.ptr);
}

/* Microseconds of the text of row i, local ones for TIMESTAMP_NTZ. *null: it does not match, and that is no error. */
static streamq_status read_row(sqi_call *call, const sqi_vec *arg, uint32_t i, bool local, int64_t *micros, bool *null,
                               sqi_vec *out, streamq_error **err)
{
    const sqi_pattern *p;
    sqi_span text = SQI_SPAN_AT(&arg[0], i), pattern = pattern_at(call, arg, 1, i);
    SQI_TRY(get_pattern(call, pattern, true, &p, err));
    *null = !sqi_pattern_read(p, text, call->eval->zone, call->eval->zones, local, micros);
    return *null ? cannot_parse(call, text, pattern, i, out, err) : STREAMQ_OK;
}

static streamq_status to_time(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_type_id id = call->node->type->id;
    for (SQI_EACH(rows, k, i)) {
        int64_t micros;
        bool null;
        SQI_TRY(read_row(call, arg, i, id == SQI_TIMESTAMP_NTZ, &micros, &null, out, err));
        if (null)
            continue;
        if (id == SQI_DATE)
            SQI_OUT(out, int32_t)
        [i] = (int32_t)sqi_time_floor_div(sqi_zone_to_local(call->eval->zone, micros), SQI_MICROS_PER_DAY);
        else SQI_OUT(out, int64_t)[i] = micros;
    }
    return STREAMQ_OK;
}

/* ---- unix_timestamp ------------------------------------------------------------------------------------------- */

static streamq_status resolve_unix_timestamp(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    node->type = &sqi_type_bigint;
    if (!node->narg)
        return STREAMQ_OK;
    const sqi_type *from = node->arg[0]->type;
    if (from->id != SQI_STRING && from->id != SQI_VOID && !is_stamp(from))
        return sqi_bind_arg_type_error(b, node, 0, "(\"STRING\" or \"DATE\" or \"TIMESTAMP\")", err);
    if (node->narg == 2)
        SQI_TRY(sqi_bind_signature(b, node, "_S", err));
    return is_stamp(from) ? sqi_time_resolve_stamp(b, node, 0, err)
                          : sqi_bind_cast(b, &node->arg[0], &sqi_type_string, err);
}

/* Cut towards 1970, unlike unix_seconds. */
static streamq_status unix_timestamp(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                     streamq_error **err)
{
    bool none = !call->node->narg;
    for (SQI_EACH(rows, k, i)) {
        int64_t micros = call->eval->now_micros;
        bool null = false;
        if (!none && arg[0].type->id == SQI_STRING)
            SQI_TRY(read_row(call, arg, i, false, &micros, &null, out, err));
        else if (!none)
            micros = SQI_AT(&arg[0], int64_t, i);
        if (!null)
            SQI_OUT(out, int64_t)[i] = micros / SQI_MICROS_PER_SECOND;
    }
    return STREAMQ_OK;
}

#define ROW(row, low, high, flag, res, kern, line)                                                     \
    {                                                                                                  \
        .name = row, .min_args = low, .max_args = high, .flags = flag, .resolve = res, .kernel = kern, \
        .state_size = sizeof(format_state), .state_fini = state_fini, .text = line                     \
    }

const sqi_func sqi_func_time_format[] = {
    ROW("date_format", 2, 2, 0, resolve_date_format, date_format, "The time as text: date_format(t, 'yyyy-MM-dd')."),
    ROW("from_unixtime", 1, 2, 0, resolve_from_unixtime, from_unixtime,
        "Seconds since 1970 as text of the local time, perhaps by a pattern."),
    ROW("to_timestamp", 1, 2, 0, resolve_to_timestamp, to_time,
        "The timestamp that a text means, perhaps by a pattern."),
    ROW("to_timestamp_ltz", 1, 2, 0, resolve_to_timestamp, to_time,
        "The timestamp that a text means, perhaps by a pattern."),
    ROW("to_timestamp_ntz", 1, 2, 0, resolve_to_timestamp_ntz, to_time,
        "The timestamp without zone that a text means, perhaps by a pattern."),
    ROW("try_to_timestamp", 1, 2, 0, resolve_try_to_timestamp, to_time, "to_timestamp, NULL if the text means none."),
    ROW("to_date", 1, 2, 0, resolve_to_date, to_time, "The date that a text means, perhaps by a pattern."),
    ROW("try_to_date", 1, 2, 0, resolve_try_to_date, to_time, "to_date, NULL if the text means none."),
    ROW("unix_timestamp", 0, 2, SQI_FUNC_PER_BATCH, resolve_unix_timestamp, unix_timestamp,
        "Seconds since 1970 of a time or of a text by a pattern; without arguments of now."),
    ROW("to_unix_timestamp", 1, 2, 0, resolve_unix_timestamp, unix_timestamp,
        "Seconds since 1970 of a time or of a text by a pattern."),
    {0}};
