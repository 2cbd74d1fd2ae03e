/*
 * json_rows: see the header.
 *
 * Records are read by json_fast; what it leaves goes through json_lines and json_value, which know all of Spark's rules.
 * Rows point into the block and into arenas, so no chunk outlives the call that made it.
 *
 * A record that is an array is as many rows, and an error at its end takes all of them back. If they do not fit into the
 * chunk it is read once without keeping rows, to learn how it ends, and then again.
 */
#include "json_rows.h"

#include "json_fast.h"
#include "json_lines.h"

enum { TEXT_MOST = 8 << 20 }; /* bytes of text of its own after which a chunk goes out */

typedef enum verdict { NO_ROW, ROWS, PARTIAL, CORRUPT, TOO_MANY, FAILED } verdict;

typedef sqi_json_rows rows;

/* ------------------------------------------------------------------------------------------------------- checks */

streamq_status sqi_json_rows_check_names(const sqi_field *field, uint32_t n, streamq_error **err)
{
    for (uint32_t i = 0; i < n; ++i) {
        const sqi_type *t = field[i].type;
        for (uint32_t k = 0; k < i; ++k)
            if (sqi_name_equal(field[i].name, field[k].name))
                return sqi_error_set(err, SQI_COND_COLUMN_ALREADY_EXISTS, "the column `%.*s` is there twice",
                                     (int)(field[i].name.len < 64 ? field[i].name.len : 64), field[i].name.ptr);
        if (t->id == SQI_STRUCT)
            SQI_TRY(sqi_json_rows_check_names(t->field, t->nfield, err));
    }
    return STREAMQ_OK;
}

static streamq_status check_type(sqi_span column, const sqi_type *t, streamq_error **err)
{
    int n = (int)(column.len < 64 ? column.len : 64);
    char label[128];
    if (t->id == SQI_INTERVAL)
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE,
                             "the format json has no type %s, which the column `%.*s` has", sqi_type_label(t, label), n,
                             column.ptr);
    if (t->id == SQI_MAP && t->field[0].type->id != SQI_STRING)
        return sqi_error_set(err, SQI_COND_INVALID_JSON_SCHEMA_MAP_TYPE,
                             "keys of JSON objects are strings, those of the column `%.*s` are %s", n, column.ptr,
                             sqi_type_label(t->field[0].type, label));
    for (uint32_t i = 0; i < t->nfield; ++i)
        SQI_TRY(check_type(column, t->field[i].type, err));
    return STREAMQ_OK;
}

static streamq_status check_schema(const sqi_schema *given, sqi_span corrupt, streamq_error **err)
{
    bool only = given->n == 1;
    SQI_TRY(sqi_json_rows_check_names(given->field, given->n, err));
    for (uint32_t i = 0; i < given->n; ++i) {
        const sqi_field *f = &given->field[i];
        bool is = sqi_span_equal(f->name, corrupt);
        if (is && f->type->id != SQI_STRING)
            return sqi_error_set(err, SQI_COND_INVALID_CORRUPT_RECORD_TYPE,
                                 "the column `%.*s` for corrupt records has to be a STRING", (int)f->name.len,
                                 f->name.ptr);
        if (is && only)
            return sqi_error_set(
                err, SQI_COND_UNSUPPORTED_FEATURE__QUERY_ONLY_CORRUPT_RECORD_COLUMN,
                "there is no column but `%.*s`, so no record can be corrupt; give the columns that are "
                "meant, or read the format text",
                (int)f->name.len, f->name.ptr);
        SQI_TRY(check_type(f->name, f->type, err));
    }
    return STREAMQ_OK;
}

streamq_status sqi_json_rows_check(const sqi_options *options, const sqi_schema *given, streamq_error **err)
{
    sqi_json_settings s;
    streamq_status status = sqi_json_settings_read(&s, options, NULL, err);
    if (status == STREAMQ_OK && given)
        status = check_schema(given, s.corrupt, err);
    sqi_json_settings_fini(&s);
    return status;
}

/* --------------------------------------------------------------------------------------------------- open, close */

static streamq_status open_columns(rows *t, const sqi_schema *schema, sqi_alloc *alloc, streamq_error **err)
{
    sqi_field *field = sqi_arena_array(&t->set.arena, schema->n + 1, sizeof *field);
    if (!field)
        return sqi_error_nomem(err);
    uint32_t n = 0;
    t->place = schema->n;
    for (uint32_t i = 0; i < schema->n; ++i)
        if (t->place == schema->n && sqi_span_equal(schema->field[i].name, t->set.corrupt))
            t->place = i;
        else
            field[n++] = schema->field[i];
    t->row = (sqi_type){.id = SQI_STRUCT, .nfield = n, .field = field};
    SQI_TRY(sqi_json_column_init(&t->columns, &t->row, alloc, err));
    SQI_TRY(sqi_json_column_init(&t->corrupt, &sqi_type_string, alloc, err));
    t->vec = sqi_alloc_array(alloc, schema->n + 1, sizeof *t->vec);
    if (!t->vec)
        return sqi_error_nomem(err);
    t->nvec = schema->n;
    if (!sqi_json_column_room(&t->columns, t->most) || !sqi_json_column_room(&t->corrupt, t->most))
        return sqi_error_nomem(err);
    return STREAMQ_OK;
}

streamq_status sqi_json_rows_open(sqi_decoder *d, streamq_error **err)
{
    rows *t = d->state;
    t->most = d->env->chunk_rows ? d->env->chunk_rows : SQI_CHUNK_ROWS;
    SQI_TRY(sqi_json_settings_read(&t->set, d->options, d->env, err));
    sqi_arena_init(&t->text, d->env->alloc);
    sqi_arena_init(&t->decoded, d->env->alloc);
    sqi_buf_init(&t->scratch, d->env->alloc, 0);
    SQI_TRY(check_schema(d->schema, t->set.corrupt, err));
    SQI_TRY(open_columns(t, d->schema, d->env->alloc, err));
    t->scalar = (sqi_json_scalar){&t->set, NULL, d->env->os->wall_micros(d->env->os->context)};
    if (t->set.local)
        SQI_TRY(sqi_zones_get(d->env->zones, SQI_SPAN("+01:00"), &t->scalar.east, err));
    t->values = (sqi_json_values){&t->reader, &t->scalar, SQI_JSON_RAW_BYTES, &t->scratch};
    sqi_span end = t->set.line_end;
    t->fast = !t->set.whole_file && !t->set.has_charset && (!end.len || (end.len == 1 && *end.ptr == '\n'));
    return STREAMQ_OK;
}

void sqi_json_rows_close(sqi_decoder *d)
{
    rows *t = d->state;
    if (t->vec)
        sqi_alloc_free(d->env->alloc, t->vec, (t->nvec + 1) * sizeof *t->vec);
    sqi_json_column_fini(&t->columns);
    sqi_json_column_fini(&t->corrupt);
    sqi_arena_fini(&t->text);
    sqi_arena_fini(&t->decoded);
    sqi_buf_fini(&t->scratch);
    sqi_json_settings_fini(&t->set);
}

streamq_status sqi_json_rows_begin(sqi_decoder *d, streamq_error **err)
{
    rows *t = d->state;
    (void)err;
    t->first = true;
    t->scalar.now = d->env->os->wall_micros(d->env->os->context);
    return STREAMQ_OK;
}

/* --------------------------------------------------------------------------------------------------------- chunks */

static void empty(sqi_arena *a)
{
    sqi_alloc *alloc = a->alloc;
    if (sqi_arena_bytes(a) <= TEXT_MOST) {
        sqi_arena_reset(a);
        return;
    }
    sqi_arena_fini(a);
    sqi_arena_init(a, alloc);
}

static void forget(rows *t, bool decoded)
{
    sqi_json_column_reset(&t->columns);
    sqi_json_column_reset(&t->corrupt);
    empty(&t->text);
    if (decoded)
        empty(&t->decoded);
}

/* `inside` a record: its own text stays. */
static streamq_status flush(rows *t, bool inside, streamq_error **err)
{
    uint32_t n = t->columns.used, k = 0;
    streamq_status status = STREAMQ_OK;
    if (n) {
        sqi_vec row;
        sqi_json_column_vec(&t->columns, &row);
        t->corrupt.used = n;
        for (uint32_t i = 0; i < t->nvec; ++i)
            if (i == t->place)
                sqi_json_column_vec(&t->corrupt, &t->vec[i]);
            else
                t->vec[i] = row.child[k++];
        sqi_chunk chunk = {.n = n, .ncol = t->nvec, .rows = {NULL, n}, .col = t->vec};
        status = t->emit(t->context, &chunk, err);
    }
    forget(t, !inside);
    return status;
}

/* Room for a row. */
static streamq_status make_room(rows *t, streamq_error **err)
{
    bool much = sqi_arena_bytes(&t->text) > TEXT_MOST || sqi_arena_bytes(&t->decoded) > TEXT_MOST;
    return t->columns.used == t->most || much ? flush(t, false, err) : STREAMQ_OK;
}

static void drop_rows(rows *t, uint32_t from)
{
    for (uint32_t i = from; i < t->columns.used; ++i) {
        sqi_json_column_clear(&t->columns, i);
        sqi_json_column_null(&t->corrupt, i);
    }
    t->columns.used = from;
}

static void mark_corrupt(rows *t, uint32_t from, sqi_span record)
{
    for (uint32_t i = from; i < t->columns.used; ++i) {
        ((sqi_str *)t->corrupt.data)[i] = sqi_str_view(record.ptr, (uint32_t)record.len);
        sqi_json_column_set(&t->corrupt, i);
    }
}

static streamq_status refuse(const rows *t, const sqi_decoder *d, sqi_span record, streamq_error **err)
{
    enum { SHOWN = 200 };
    streamq_status status = sqi_error_set(err, SQI_COND_MALFORMED_RECORD_IN_PARSING__WITHOUT_SUGGESTION,
                                          "%.*s: a record cannot be read: %s; it begins %.*s. Parse mode: FAILFAST",
                                          (int)d->file.len, d->file.len ? d->file.ptr : "",
                                          t->why ? t->why : "a value that does not fit the type of its column",
                                          (int)(record.len < SHOWN ? record.len : SHOWN), record.len ? record.ptr : "");
    if (err && *err)
        sqi_error_hint(*err, "correct the record, or set the option mode to PERMISSIVE or DROPMALFORMED");
    return status;
}

/* -------------------------------------------------------------------------------------------------------- records */

/* The elements of the array at hand, each a row. `keep`: rows that fill a chunk are emitted (`partial`: with the record's
   text), else TOO_MANY, or with `count_only` forgotten. */
typedef enum pass { TRY, CHECK, EMIT } pass;

static verdict array_rows(rows *t, pass how, sqi_span record, bool partial, streamq_error **err)
{
    bool some = false;
    for (;;) {
        sqi_json_token k = sqi_json_read_next(&t->reader);
        if (k == SQI_JSON_BAD)
            return CORRUPT;
        if (k == SQI_JSON_ARRAY_END || k == SQI_JSON_DONE)
            return some ? PARTIAL : ROWS;
        if (t->columns.used == t->most) {
            if (how == TRY)
                return TOO_MANY;
            if (how == EMIT && partial)
                mark_corrupt(t, 0, record);
            if (how == EMIT && flush(t, true, err) != STREAMQ_OK)
                return FAILED;
            forget(t, false);
        }
        switch (sqi_json_value_read(&t->values, &t->columns, t->columns.used++)) {
        case SQI_JSON_VALUE:
            break;
        case SQI_JSON_PARTIAL:
            some = true;
            break;
        default:
            return CORRUPT;
        }
    }
}

static verdict root(rows *t, sqi_span utf8, pass how, sqi_span record, bool partial, streamq_error **err)
{
    uint32_t halves = t->values.raw == SQI_JSON_RAW_BYTES ? 0 : SQI_JSON_ALLOW_HALF_NAMES;
    sqi_json_read_open(&t->reader, utf8, t->set.allow | halves, &t->text);
    switch (sqi_json_read_next(&t->reader)) {
    case SQI_JSON_DONE:
        return NO_ROW;
    case SQI_JSON_OBJECT:
        switch (sqi_json_value_read(&t->values, &t->columns, t->columns.used++)) {
        case SQI_JSON_VALUE:
            return ROWS;
        case SQI_JSON_PARTIAL:
            return PARTIAL;
        default:
            return CORRUPT;
        }
    case SQI_JSON_ARRAY:
        return array_rows(t, how, record, partial, err);
    default:
        return CORRUPT;
    }
}

/* The rows from `from` on stand as the record left them. */
static streamq_status judge(rows *t, const sqi_decoder *d, verdict v, uint32_t from, sqi_span record,
                            streamq_error **err)
{
    if (v == FAILED)
        return err && *err ? sqi_error_status(*err) : STREAMQ_ERR_NOMEM;
    if (t->reader.nomem)
        return sqi_error_nomem(err);
    if (v == NO_ROW || v == ROWS)
        return STREAMQ_OK;
    t->why = t->reader.why;
    if (t->set.mode == SQI_JSON_FAIL)
        return refuse(t, d, record, err);
    if (v == CORRUPT || t->set.mode == SQI_JSON_DROP)
        drop_rows(t, from);
    if (t->set.mode == SQI_JSON_DROP)
        return STREAMQ_OK;
    t->columns.used += v == CORRUPT;
    mark_corrupt(t, from, record);
    return STREAMQ_OK;
}

static streamq_status large_array(rows *t, const sqi_decoder *d, sqi_span utf8, sqi_span record, streamq_error **err)
{
    drop_rows(t, 0);
    forget(t, false);
    verdict v = root(t, utf8, CHECK, record, false, err);
    forget(t, false);
    if (t->reader.nomem || v == CORRUPT || v == FAILED || (v == PARTIAL && t->set.mode != SQI_JSON_PERMISSIVE))
        return judge(t, d, v, 0, record, err);
    bool partial = v == PARTIAL;
    v = root(t, utf8, EMIT, record, partial, err);
    if (v == FAILED || t->reader.nomem)
        return judge(t, d, v, 0, record, err);
    if (partial)
        mark_corrupt(t, 0, record);
    return STREAMQ_OK;
}

static streamq_status one_record(rows *t, const sqi_decoder *d, sqi_span record, streamq_error **err)
{
    sqi_json_text text;
    SQI_TRY(make_room(t, err));
    if (!sqi_json_lines_text(&t->set, t->first, &t->decoded, &record, &text))
        return sqi_error_nomem(err);
    t->first = false;
    t->values.raw = text.raw;
    t->reader.why = NULL;
    t->reader.nomem = false;
    if (text.malformed) {
        t->reader.why = "bytes that the encoding does not have";
        return judge(t, d, CORRUPT, t->columns.used, record, err);
    }
    uint32_t from = t->columns.used;
    verdict v = root(t, text.utf8, TRY, record, false, err);
    if (v != TOO_MANY)
        return judge(t, d, v, from, record, err);
    drop_rows(t, from);
    SQI_TRY(flush(t, true, err));
    return large_array(t, d, text.utf8, record, err);
}

/* ------------------------------------------------------------------------------------------------------- the block */

/* Behind the last end of a line. */
static const char *whole_lines(const char *bytes, size_t len, bool cr)
{
    const char *lf = memrchr(bytes, '\n', len), *from = lf ? lf + 1 : bytes;
    const char *other = cr ? memrchr(from, '\r', (size_t)(bytes + len - from)) : NULL;
    return other ? other + 1 : from;
}

/* Records that json_fast understands, and empty lines; *p is left at the first other thing. */
static streamq_status quick(rows *t, const char **p, const char *stop, const char *readable, streamq_error **err)
{
    sqi_json_fast f = {stop, readable, &t->reader, &t->scalar};
    bool cr = !t->set.line_end.len;
    t->reader.allow = t->set.allow;
    t->reader.arena = &t->text;
    t->reader.nomem = false;
    while (*p < stop) {
        const char *q = *p;
        if (*q == '\n' || (cr && *q == '\r')) {
            ++*p;
            continue;
        }
        if (*q != '{')
            return STREAMQ_OK;
        SQI_TRY(make_room(t, err));
        uint32_t at = t->columns.used++;
        ++q;
        if (!sqi_json_fast_object(&f, &t->columns, at, &q)) {
            drop_rows(t, at);
            return t->reader.nomem ? sqi_error_nomem(err) : STREAMQ_OK;
        }
        while (*q != '\n' && !(cr && *q == '\r')) /* what follows a record in its line counts for nothing */
            ++q;
        *p = q + 1;
    }
    return STREAMQ_OK;
}

static streamq_status take_records(rows *t, sqi_decoder *d, const char **p, const char *end, bool last,
                                   streamq_error **err)
{
    sqi_span record;
    const char *stop = t->fast ? whole_lines(*p, (size_t)(end - *p), !t->set.line_end.len) : *p;
    for (;;) {
        const char *from = *p;
        if (from < stop)
            SQI_TRY(quick(t, p, stop, end, err));
        t->first = t->first && *p == from;
        if (!sqi_json_lines_next(&t->set, p, end, last, &record))
            return STREAMQ_OK;
        SQI_TRY(one_record(t, d, record, err));
    }
}

streamq_status sqi_json_rows_take(sqi_decoder *d, const char *bytes, size_t len, bool last, size_t *used,
                                  sqi_source_emit emit, void *context, streamq_error **err)
{
    rows *t = d->state;
    const char *p = len ? bytes : "", *begin = p;
    t->emit = emit;
    t->context = context;
    *used = 0;
    if (t->set.whole_file && !last)
        return STREAMQ_OK;
    streamq_status status = take_records(t, d, &p, p + len, last, err);
    if (status == STREAMQ_OK)
        status = flush(t, false, err);
    else
        forget(t, true);
    *used = (size_t)(p - begin);
    return status;
}
