/*
 * csv_read: the decoder of CSV: records to chunks. The scan gives the values of some thousand records, which are then read
 * column by column; records that do not fit the schema are told apart at the end, by a bit each.
 */
#include "csv_format.h"
#include "csv_scan.h"
#include "csv_value.h"
#include "data_bits.h"
#include "io_columns.h"

#include <inttypes.h>
#include <stdio.h>

typedef struct reader {
    sqi_csv_options options;
    sqi_csv_values values;
    sqi_csv_scan scan;
    sqi_csv_rows rows;
    sqi_arena kept, texts; /* as long as the decoder; of one chunk */
    sqi_vec *col;
    uint64_t **valid; /* of each column: its vector has it only where there are nulls */
    uint64_t *bad;
    uint32_t *sel;
    uint32_t corrupt; /* column for the text of records that do not fit; schema->n: none */
    uint32_t ntoken;  /* values of a record that fits */
    bool header;      /* is still to come */
    uint64_t records; /* of the file, for messages */
} reader;

_Static_assert(sizeof(reader) <= SQI_CSV_STATE, "the table in format_csv.c says how much there is");

enum { SHOWN = 200 };

static int shown(size_t len, size_t most)
{
    return (int)(len < most ? len : most);
}

streamq_status sqi_csv_check_types(const sqi_schema *schema, streamq_error **err)
{
    char label[128];
    for (uint32_t i = 0; i < schema->n; i++) {
        const sqi_field *f = &schema->field[i];
        if (!sqi_csv_value_type(f->type))
            return sqi_error_set(err, SQI_COND_UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE,
                                 "format 'csv' has no way to hold column `%.*s`, which is of type %s; cast it to a "
                                 "string, or use format 'json'",
                                 shown(f->name.len, SHOWN), f->name.ptr, sqi_type_label(f->type, label));
    }
    return STREAMQ_OK;
}

streamq_status sqi_csv_read_corrupt(const sqi_schema *schema, sqi_span name, uint32_t *index, streamq_error **err)
{
    char label[128];
    *index = schema->n;
    for (uint32_t i = 0; i < schema->n && *index == schema->n; i++)
        if (sqi_span_equal(schema->field[i].name, name))
            *index = i;
    if (*index == schema->n)
        return STREAMQ_OK;
    const sqi_type *type = schema->field[*index].type;
    if (type->id != SQI_STRING)
        return sqi_error_set(err, SQI_COND_INVALID_CORRUPT_RECORD_TYPE,
                             "column `%.*s` is for records that do not fit, so it must be a STRING, not %s",
                             shown(name.len, SHOWN), name.ptr, sqi_type_label(type, label));
    if (schema->n == 1)
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_FEATURE__QUERY_ONLY_CORRUPT_RECORD_COLUMN,
                             "the only column of the schema, `%.*s`, is for records that do not fit; add those of the "
                             "records that do",
                             shown(name.len, SHOWN), name.ptr);
    return STREAMQ_OK;
}

static streamq_status make_columns(reader *r, const sqi_schema *schema, uint32_t most, streamq_error **err)
{
    r->col = sqi_arena_array(&r->kept, schema->n ? schema->n : 1, sizeof *r->col);
    r->valid = sqi_arena_array(&r->kept, schema->n ? schema->n : 1, sizeof(uint64_t *));
    r->bad = sqi_arena_array(&r->kept, sqi_bits_words(most), sizeof *r->bad);
    r->sel = sqi_arena_array(&r->kept, most, sizeof *r->sel);
    if (!r->col || !r->valid || !r->bad || !r->sel)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < schema->n; i++) {
        SQI_TRY(sqi_vec_make(&r->col[i], schema->field[i].type, most, &r->kept, err));
        SQI_TRY(sqi_vec_bitmap(&r->col[i], most, true, &r->kept, err));
        r->valid[i] = r->col[i].valid;
    }
    return STREAMQ_OK;
}

streamq_status sqi_csv_read_open(sqi_decoder *d, streamq_error **err)
{
    reader *r = d->state;
    uint32_t most = sqi_io_columns_rows(d->env);
    sqi_arena_init(&r->kept, d->env->alloc);
    sqi_arena_init(&r->texts, d->env->alloc);
    SQI_TRY(sqi_csv_options_read(&r->options, d->options, false, d->env->zone, d->env->zones, err));
    SQI_TRY(sqi_csv_check_types(d->schema, err));
    SQI_TRY(sqi_csv_read_corrupt(d->schema, r->options.corrupt, &r->corrupt, err));
    r->ntoken = d->schema->n - (r->corrupt < d->schema->n);
    SQI_TRY(sqi_csv_values_init(&r->values, &r->options, d->env->zones, &r->kept, err));
    SQI_TRY(make_columns(r, d->schema, most, err));
    SQI_TRY(sqi_csv_rows_init(&r->rows, r->ntoken, most, d->env->alloc, err));
    return sqi_csv_scan_init(&r->scan, &r->options, d->env->alloc, &r->texts, err);
}

void sqi_csv_read_close(sqi_decoder *d)
{
    reader *r = d->state;
    sqi_csv_scan_fini(&r->scan);
    sqi_csv_rows_fini(&r->rows, d->env->alloc);
    sqi_arena_fini(&r->kept);
    sqi_arena_fini(&r->texts);
}

streamq_status sqi_csv_read_begin(sqi_decoder *d, streamq_error **err)
{
    reader *r = d->state;
    (void)err;
    sqi_csv_scan_begin(&r->scan);
    r->header = r->options.header;
    r->records = 0;
    r->values.now = d->env->os ? d->env->os->wall_micros(d->env->os->context) : 0;
    return STREAMQ_OK;
}

/* ---------------------------------------------------------------------------------------------------------- the header */

/* The schema's field for value i of a record. */
static const sqi_field *field_of(const reader *r, const sqi_schema *schema, uint32_t i)
{
    return &schema->field[i + (i >= r->corrupt)];
}

static streamq_status header_differs(sqi_decoder *d, const char *text, streamq_error **err)
{
    const reader *r = d->state;
    if (!r->options.enforce)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT,
                             "the header of file '%.*s' does not fit the schema: %s; correct the schema, or set option "
                             "'enforceSchema' to true to take columns by their place",
                             shown(d->file.len, 4096), d->file.ptr, text);
    sqi_log_write(&d->env->log, SQI_LOG_WARN, "the header of file '%.*s' does not fit the schema: %s",
                  shown(d->file.len, 4096), d->file.ptr, text);
    return STREAMQ_OK;
}

static streamq_status check_header(sqi_decoder *d, const sqi_span *name, uint32_t n, streamq_error **err)
{
    const reader *r = d->state;
    char text[3 * SHOWN];
    if (n == 0)
        return STREAMQ_OK;
    if (n != r->ntoken) {
        snprintf(text, sizeof text, "it has %" PRIu32 " columns, the schema %" PRIu32, n, r->ntoken);
        return header_differs(d, text, err);
    }
    for (uint32_t i = 0; i < n; i++) {
        sqi_span want = field_of(r, d->schema, i)->name, got = name[i].ptr ? name[i] : SQI_SPAN("");
        if (sqi_name_equal(want, got))
            continue;
        snprintf(text, sizeof text, "column %" PRIu32 " is called '%.*s', in the schema '%.*s'", i + 1,
                 shown(got.len, SHOWN), got.ptr, shown(want.len, SHOWN), want.ptr);
        return header_differs(d, text, err);
    }
    return STREAMQ_OK;
}

/* ------------------------------------------------------------------------------------------------------------- a chunk */

static void mark_counts(reader *r)
{
    for (uint32_t i = 0; i < r->rows.n; i++)
        if (r->rows.count[i] != r->ntoken)
            r->bad[i >> 6] |= UINT64_C(1) << (i & 63);
}

static void read_columns(sqi_decoder *d)
{
    reader *r = d->state;
    uint32_t n = r->rows.n, token = 0;
    memset(r->bad, 0, sqi_bits_words(n) * sizeof *r->bad);
    for (uint32_t i = 0; i < d->schema->n; i++) {
        sqi_vec *v = &r->col[i];
        v->valid = r->valid[i];
        memset(v->valid, i == r->corrupt ? 0 : 0xFF, sqi_bits_words(n) * sizeof *v->valid);
        if (i == r->corrupt)
            continue;
        sqi_csv_value_column(&r->values, r->rows.token + token++, r->rows.ncol, n, v, r->bad);
        if (sqi_bits_count(v->valid, n) == n)
            v->valid = NULL;
    }
    mark_counts(r);
}

static streamq_status keep_corrupt(reader *r, uint32_t row, sqi_alloc *alloc, streamq_error **err)
{
    sqi_vec *v = &r->col[r->corrupt];
    sqi_buf text;
    sqi_buf_init(&text, alloc, 0);
    bool done = sqi_csv_scan_text(&r->scan, r->rows.raw[row], &text) &&
                sqi_str_copy(&r->texts, sqi_buf_view(&text), &SQI_OUT(v, sqi_str)[row]);
    sqi_buf_fini(&text);
    if (!done)
        return sqi_error_nomem(err);
    sqi_vec_set_valid(v, row);
    return STREAMQ_OK;
}

static streamq_status fail_fast(const sqi_decoder *d, uint32_t row, streamq_error **err)
{
    const reader *r = d->state;
    sqi_span raw = r->rows.raw[row];
    return sqi_error_set(err, SQI_COND_MALFORMED_RECORD_IN_PARSING__WITHOUT_SUGGESTION,
                         "record %" PRIu64 " of file '%.*s' does not fit the schema, and the mode is FAILFAST: %.*s%s; "
                         "set option 'mode' to PERMISSIVE to get NULL for what cannot be read",
                         r->records + row + 1, shown(d->file.len, 4096), d->file.ptr, shown(raw.len, SHOWN), raw.ptr,
                         raw.len > SHOWN ? " ..." : "");
}

/* Records that do not fit, as the mode wants it; *rows: those that remain. */
static streamq_status judge(sqi_decoder *d, sqi_rows *rows, streamq_error **err)
{
    reader *r = d->state;
    uint32_t n = r->rows.n, kept = 0, nbad = sqi_bits_count(r->bad, n);
    *rows = (sqi_rows){NULL, n};
    if (!nbad || (r->options.mode == SQI_CSV_PERMISSIVE && r->corrupt == d->schema->n))
        return STREAMQ_OK;
    for (uint32_t i = 0; i < n; i++) {
        if (!sqi_bits_get(r->bad, i))
            r->sel[kept++] = i;
        else if (r->options.mode == SQI_CSV_FAILFAST)
            return fail_fast(d, i, err);
        else if (r->options.mode == SQI_CSV_PERMISSIVE)
            SQI_TRY(keep_corrupt(r, i, d->env->alloc, err));
    }
    if (r->options.mode == SQI_CSV_DROPMALFORMED)
        *rows = (sqi_rows){r->sel, kept};
    return STREAMQ_OK;
}

static streamq_status emit_rows(sqi_decoder *d, sqi_source_emit emit, void *context, streamq_error **err)
{
    reader *r = d->state;
    sqi_chunk chunk = {.n = r->rows.n, .ncol = d->schema->n, .col = r->col};
    read_columns(d);
    SQI_TRY(judge(d, &chunk.rows, err));
    r->records += r->rows.n;
    return chunk.rows.n ? emit(context, &chunk, err) : STREAMQ_OK;
}

static streamq_status named(const sqi_decoder *d, streamq_status st, streamq_error **err)
{
    if (st != STREAMQ_OK && err && d->file.len)
        sqi_error_context(*err, "in file '%.*s'", shown(d->file.len, 4096), d->file.ptr);
    return st;
}

/* Records in front of one that fails are judged before it. */
static streamq_status take_rows(sqi_decoder *d, sqi_span block, bool last, size_t *used, sqi_source_emit emit,
                                void *context, streamq_error **err)
{
    reader *r = d->state;
    streamq_error *later = NULL;
    sqi_csv_scan_forget(&r->scan);
    streamq_status scanned = named(d, sqi_csv_scan_rows(&r->scan, block, last, used, &r->rows, &later), &later);
    streamq_status st = r->rows.n ? emit_rows(d, emit, context, err) : STREAMQ_OK;
    if (st == STREAMQ_OK && scanned != STREAMQ_OK)
        return sqi_error_pass(err, later);
    sqi_error_free(later);
    return st;
}

streamq_status sqi_csv_read_take(sqi_decoder *d, const char *bytes, size_t len, bool last, size_t *used,
                                 sqi_source_emit emit, void *context, streamq_error **err)
{
    reader *r = d->state;
    sqi_span block = {bytes, len}, raw;
    *used = 0;
    r->values.block = block;
    if (r->header) {
        bool found;
        sqi_csv_scan_forget(&r->scan);
        SQI_TRY(named(d, sqi_csv_scan_one(&r->scan, block, last, used, &found, &raw, err), err));
        if (found)
            SQI_TRY(check_header(d, r->scan.slow.token, r->scan.slow.n, err));
        r->header = !found;
    }
    while (!r->header) {
        SQI_TRY(take_rows(d, block, last, used, emit, context, err));
        if (r->rows.n < r->rows.most)
            break;
    }
    if (last)
        *used = len;
    return STREAMQ_OK;
}
