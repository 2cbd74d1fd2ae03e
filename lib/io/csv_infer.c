/*
 * csv_infer: the schema of CSV files that come without one: names from the first line, types from what stands in the
 * columns, each as narrow as Spark would have it: whole numbers, decimals without a fraction, doubles, dates, timestamps,
 * booleans, and strings for everything else.
 */
#include "csv_format.h"
#include "csv_scan.h"
#include "csv_value.h"

#include <stdio.h>

typedef enum kind { NOTHING, INT, LONG, DECIMAL, DOUBLE, DATE, TIMESTAMP, BOOLEAN, STRING } kind;

typedef struct guess {
    kind kind;
    int precision; /* of a decimal, whose scale is 0 */
} guess;

typedef struct infer {
    sqi_csv_options options;
    sqi_csv_values values;
    const sqi_pattern *date;
    bool date_is_timestamp; /* what the pattern takes is a timestamp too */
    sqi_csv_scan scan;
    sqi_csv_rows rows;
    sqi_arena kept, texts;
    sqi_span *name;
    guess *column;
    uint32_t n;
    sqi_span first;     /* the first line's bytes: lines like it are headers */
    bool known, header; /* the columns are known; this file's header is still to come */
    uint64_t record;
} infer;

_Static_assert(sizeof(infer) <= SQI_CSV_STATE, "the table in format_csv.c says how much there is");

static bool reads_as_timestamp(const sqi_csv_options *o)
{
    static const char *const patterns[] = {"yyyy-MM-dd", "yyyy-M-d", "yyyy-M-dd", "yyyy-MM-d",
                                           "yyyy-MM",    "yyyy-M",   "yyyy"};
    if (o->timestamp_format.ptr)
        return false;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (!o->date_format.ptr || sqi_span_equal(o->date_format, sqi_span_of(patterns[i])))
            return true;
    return false;
}

streamq_status sqi_csv_infer_open(sqi_inference *f, streamq_error **err)
{
    infer *r = f->state;
    sqi_arena_init(&r->kept, f->env->alloc);
    sqi_arena_init(&r->texts, f->env->alloc);
    SQI_TRY(sqi_csv_options_read(&r->options, f->options, false, f->env->zone, f->env->zones, err));
    SQI_TRY(sqi_csv_values_init(&r->values, &r->options, f->env->zones, &r->kept, err));
    sqi_span date = r->options.date_format.ptr ? r->options.date_format : SQI_SPAN("yyyy-MM-dd");
    SQI_TRY(sqi_pattern_compile(date, true, &r->kept, &r->date, err));
    r->date_is_timestamp = reads_as_timestamp(&r->options);
    return sqi_csv_scan_init(&r->scan, &r->options, f->env->alloc, &r->texts, err);
}

void sqi_csv_infer_close(sqi_inference *f)
{
    infer *r = f->state;
    sqi_csv_scan_fini(&r->scan);
    sqi_csv_rows_fini(&r->rows, f->env->alloc);
    sqi_arena_fini(&r->kept);
    sqi_arena_fini(&r->texts);
}

streamq_status sqi_csv_infer_begin(sqi_inference *f, streamq_error **err)
{
    infer *r = f->state;
    (void)err;
    sqi_csv_scan_begin(&r->scan);
    r->header = r->options.header && r->options.multi_line;
    r->values.now = f->env->os ? f->env->os->wall_micros(f->env->os->context) : 0;
    return STREAMQ_OK;
}

/* ---------------------------------------------------------------------------------------------------------- the names */

static bool no_name(const infer *r, sqi_span name)
{
    return !name.ptr || !name.len || sqi_span_equal(name, r->options.null_value);
}

static bool is_repeated(const sqi_span *name, uint32_t n, uint32_t i)
{
    for (uint32_t k = 0; k < n; k++)
        if (k != i && name[k].ptr && sqi_name_equal(name[k], name[i]))
            return true;
    return false;
}

static streamq_status set_names(infer *r, const sqi_span *token, uint32_t n, sqi_span raw, streamq_error **err)
{
    r->name = sqi_arena_array(&r->kept, n ? n : 1, sizeof *r->name);
    r->column = sqi_arena_array(&r->kept, n ? n : 1, sizeof *r->column);
    r->first = (sqi_span){sqi_arena_text(&r->kept, raw.len ? raw.ptr : "", raw.len), raw.len};
    if (!r->name || !r->column || !r->first.ptr)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < n; i++) {
        const char *text;
        if (!r->options.header || no_name(r, token[i]))
            text = sqi_arena_printf(&r->kept, "_c%u", i);
        else if (is_repeated(token, n, i))
            text = sqi_arena_printf(&r->kept, "%.*s%u", (int)token[i].len, token[i].ptr, i);
        else
            text = sqi_arena_text(&r->kept, token[i].ptr, token[i].len);
        if (!text)
            return sqi_error_nomem(err);
        r->name[i] = sqi_span_of(text);
    }
    r->n = n;
    r->known = true;
    return sqi_csv_rows_init(&r->rows, n, SQI_CHUNK_ROWS, r->scan.alloc, err);
}

/* ---------------------------------------------------------------------------------------------------------- the types */

static guess guess_timestamp(infer *r, sqi_span t)
{
    int64_t micros;
    bool is = r->values.timestamp
                  ? sqi_pattern_read(r->values.timestamp, t, r->options.zone, r->values.zones, false, &micros)
                  : sqi_time_timestamp_read(t, r->options.zone, r->values.zones, r->values.now, &micros);
    bool truth;
    return (guess){is ? TIMESTAMP : sqi_csv_value_boolean(t, &truth) ? BOOLEAN : STRING, 0};
}

static guess guess_date(infer *r, sqi_span t)
{
    int64_t micros;
    if (sqi_pattern_read(r->date, t, sqi_zone_utc(), r->values.zones, true, &micros))
        return (guess){DATE, 0};
    return guess_timestamp(r, t);
}

static guess guess_double(infer *r, sqi_span t)
{
    double d;
    if (sqi_csv_value_double(&r->options, t, &d))
        return (guess){DOUBLE, 0};
    return r->options.prefer_date ? guess_date(r, t) : guess_timestamp(r, t);
}

static guess guess_decimal(infer *r, sqi_span t)
{
    int64_t precision, scale;
    if (sqi_csv_value_decimal(t, &precision, &scale) && scale == 0 && precision <= 38)
        return (guess){DECIMAL, (int)precision};
    return guess_double(r, t);
}

static guess guess_from(infer *r, kind so_far, sqi_span t)
{
    int64_t x;
    bool truth;
    switch (so_far) {
    case NOTHING:
    case INT:
        if (sqi_csv_value_int(t, INT32_MIN, INT32_MAX, &x))
            return (guess){INT, 0};
        /* fallthrough */
    case LONG:
        if (sqi_csv_value_int(t, INT64_MIN, INT64_MAX, &x))
            return (guess){LONG, 0};
        /* fallthrough */
    case DECIMAL:
        return guess_decimal(r, t);
    case DOUBLE:
        return guess_double(r, t);
    case DATE:
        return guess_date(r, t);
    case TIMESTAMP:
        return guess_timestamp(r, t);
    case BOOLEAN:
        return (guess){sqi_csv_value_boolean(t, &truth) ? BOOLEAN : STRING, 0};
    default:
        return (guess){STRING, 0};
    }
}

static bool is_number(kind k)
{
    return k >= INT && k <= DOUBLE;
}

static int digits(guess g)
{
    return g.kind == INT ? 10 : g.kind == LONG ? 20 : g.precision;
}

/* The type that both are of. */
static guess join(const infer *r, guess a, guess b)
{
    if (a.kind == NOTHING || b.kind == NOTHING)
        return a.kind == NOTHING ? b : a;
    if ((a.kind == DATE && b.kind == TIMESTAMP) || (a.kind == TIMESTAMP && b.kind == DATE))
        return (guess){r->date_is_timestamp ? TIMESTAMP : STRING, 0};
    if (is_number(a.kind) && is_number(b.kind)) {
        if (a.kind == DOUBLE || b.kind == DOUBLE)
            return (guess){DOUBLE, 0};
        if (a.kind != DECIMAL && b.kind != DECIMAL)
            return a.kind > b.kind ? a : b;
        int da = digits(a), db = digits(b);
        return (guess){DECIMAL, da > db ? da : db};
    }
    return a.kind == b.kind ? a : (guess){STRING, 0};
}

static void look_at(infer *r, const sqi_span *token, uint32_t n)
{
    for (uint32_t i = 0; i < n && i < r->n; i++) {
        guess *g = &r->column[i];
        if (g->kind != STRING && token[i].len && !sqi_csv_null(&r->options, token[i]))
            *g = join(r, *g, guess_from(r, g->kind, token[i]));
    }
}

/* Samples are spread evenly, and the same each time. */
static bool sampled(infer *r)
{
    double place = (double)((r->record++ * UINT64_C(0x9E3779B97F4A7C15)) >> 11) / 0x1p53;
    return r->options.sampling >= 1 || place < r->options.sampling;
}

/* ------------------------------------------------------------------------------------------------------------ the input */

/* The file's first record: names, where they are not known yet; a row, where it is no header. *found as that of the scan. */
static streamq_status take_first(infer *r, sqi_span block, bool last, size_t *used, bool *found, streamq_error **err)
{
    sqi_span raw;
    sqi_csv_scan_forget(&r->scan);
    SQI_TRY(sqi_csv_scan_one(&r->scan, block, last, used, found, &raw, err));
    if (!*found)
        return STREAMQ_OK;
    if (!r->known)
        SQI_TRY(set_names(r, r->scan.slow.token, r->scan.slow.n, raw, err));
    if (!r->options.header && sampled(r))
        look_at(r, r->scan.slow.token, r->scan.slow.n);
    r->header = false;
    return STREAMQ_OK;
}

static void look_at_rows(infer *r)
{
    for (uint32_t i = 0; i < r->rows.n; i++) {
        bool header = r->options.header && !r->options.multi_line && sqi_span_equal(r->rows.raw[i], r->first);
        uint32_t n = r->rows.count[i] < r->n ? r->rows.count[i] : r->n;
        if (!header && sampled(r))
            look_at(r, r->rows.token + (size_t)i * r->rows.ncol, n);
    }
}

streamq_status sqi_csv_infer_take(sqi_inference *f, const char *bytes, size_t len, bool last, size_t *used,
                                  streamq_error **err)
{
    infer *r = f->state;
    sqi_span block = {bytes, len};
    bool found = true;
    *used = 0;
    if (!r->known || r->header)
        SQI_TRY(take_first(r, block, last, used, &found, err));
    while (found && r->options.infer) {
        sqi_csv_scan_forget(&r->scan);
        SQI_TRY(sqi_csv_scan_rows(&r->scan, block, last, used, &r->rows, err));
        look_at_rows(r);
        found = r->rows.n == r->rows.most;
    }
    f->done = r->known && !r->options.infer; /* names are all there is to know */
    if (last || f->done)
        *used = len;
    return STREAMQ_OK;
}

static const sqi_type *type_of(const infer *r, guess g, sqi_type_pool *pool)
{
    static const sqi_type *const plain[] = {
        [NOTHING] = &sqi_type_string,  [INT] = &sqi_type_int,       [LONG] = &sqi_type_bigint,
        [DOUBLE] = &sqi_type_double,   [DATE] = &sqi_type_date,     [TIMESTAMP] = &sqi_type_timestamp,
        [BOOLEAN] = &sqi_type_boolean, [STRING] = &sqi_type_string,
    };
    if (!r->options.infer)
        return &sqi_type_string;
    return g.kind == DECIMAL ? sqi_type_decimal(pool, g.precision, 0) : plain[g.kind];
}

streamq_status sqi_csv_infer_schema(sqi_inference *f, sqi_arena *arena, sqi_schema *out, streamq_error **err)
{
    infer *r = f->state;
    sqi_schema found = {.n = r->n, .field = sqi_arena_array(&r->kept, r->n ? r->n : 1, sizeof *found.field)};
    if (!found.field)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < r->n; i++) {
        const sqi_type *type = type_of(r, r->column[i], f->env->pool);
        if (!type)
            return sqi_error_nomem(err);
        found.field[i] = (sqi_field){r->name[i], type, true};
    }
    return sqi_schema_copy(out, &found, arena, err);
}
