/*
 * csv_write: the encoder of CSV. When a value is put between quotes, what is escaped and which white space goes is what
 * Spark's writer (univocity 2.9.1) does, byte by byte. A row is put together as UTF-8; other character sets are made of
 * it at the end.
 */
#include "csv_format.h"
#include "csv_options.h"
#include "data_decimal.h"
#include "data_number.h"
#include "data_pattern.h"
#include "data_text.h"

#include <stdio.h>

typedef struct mark { /* a character, as UTF-8 */
    char text[4];
    uint8_t len;
} mark;

typedef struct writer {
    sqi_csv_options options;
    sqi_arena kept;
    const sqi_pattern *date, *timestamp, *ntz; /* date NULL: as it is shown elsewhere */
    mark quote, escape, escape_escape, comment;
    sqi_span line_end;
    bool stops[256];   /* bytes that begin a mark, or are a line end */
    bool begun;        /* something of the file was written */
    sqi_buf row, text; /* scratch: the row, one value */
    size_t blanks;     /* bytes at the end of the field at hand that are not to be written */
} writer;

_Static_assert(sizeof(writer) <= SQI_CSV_STATE, "the table in format_csv.c says how much there is");

static mark mark_of(uint32_t c)
{
    mark m = {.len = 0};
    m.len = (uint8_t)sqi_utf8_put(c, m.text);
    return m;
}

static bool stands(sqi_span s, size_t i, const mark *m)
{
    return s.len - i >= m->len && memcmp(s.ptr + i, m->text, m->len) == 0;
}

static bool at_sep(const writer *w, sqi_span s, size_t i)
{
    sqi_span sep = w->options.sep_text;
    return s.len - i >= sep.len && memcmp(s.ptr + i, sep.ptr, sep.len) == 0;
}

static bool at_line_end(const writer *w, sqi_span s, size_t i)
{
    mark end;
    if (s.ptr[i] == '\n' || s.ptr[i] == '\r')
        return true;
    for (uint32_t k = 0; k < w->options.nline_sep; k++) {
        end = mark_of(w->options.line_sep[k]);
        if (stands(s, i, &end))
            return true;
    }
    return false;
}

/* Does the character at i ask for quotes? */
static bool triggers(const writer *w, sqi_span s, size_t i)
{
    return at_sep(w, s, i) || at_line_end(w, s, i) || (w->options.escape_quotes && stands(s, i, &w->quote));
}

static streamq_status compile(sqi_span text, const char *fallback, const sqi_pattern **to, sqi_arena *arena,
                              streamq_error **err)
{
    return sqi_pattern_compile(text.ptr ? text : sqi_span_of(fallback), false, arena, to, err);
}

streamq_status sqi_csv_write_open(sqi_encoder *e, streamq_error **err)
{
    writer *w = e->state;
    const sqi_csv_options *o = &w->options;
    sqi_arena_init(&w->kept, e->env->alloc);
    sqi_buf_init(&w->row, e->env->alloc, 0);
    sqi_buf_init(&w->text, e->env->alloc, 0);
    SQI_TRY(sqi_csv_options_read(&w->options, e->options, true, e->env->zone, e->env->zones, err));
    SQI_TRY(sqi_csv_check_types(e->schema, err));
    if (o->date_format.ptr)
        SQI_TRY(sqi_pattern_compile(o->date_format, false, &w->kept, &w->date, err));
    SQI_TRY(compile(o->timestamp_format, "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXXXX]", &w->timestamp, &w->kept, err));
    SQI_TRY(compile(o->ntz_format, "yyyy-MM-dd'T'HH:mm:ss[.SSS]", &w->ntz, &w->kept, err));
    w->quote = mark_of(o->quote);
    w->escape = mark_of(o->escape);
    w->escape_escape = mark_of(o->escape_escape);
    w->comment = mark_of(o->comment);
    w->line_end = o->nline_sep ? o->line_sep_text : SQI_SPAN("\n");
    w->stops['\n'] = w->stops['\r'] = true;
    w->stops[(unsigned char)w->quote.text[0]] = w->stops[(unsigned char)w->escape.text[0]] = true;
    w->stops[(unsigned char)o->sep_text.ptr[0]] = true;
    for (uint32_t k = 0; k < o->nline_sep; k++)
        w->stops[(unsigned char)mark_of(o->line_sep[k]).text[0]] = true;
    return STREAMQ_OK;
}

void sqi_csv_write_close(sqi_encoder *e)
{
    writer *w = e->state;
    sqi_buf_fini(&w->row);
    sqi_buf_fini(&w->text);
    sqi_arena_fini(&w->kept);
}

/* --------------------------------------------------------------------------------------------------------- one value */

static bool blank(char c)
{
    return (unsigned char)c <= ' ';
}

/* White space at the end of what was put since `from` will go. */
static void trim_end(writer *w, size_t from)
{
    const sqi_buf *b = &w->row;
    w->blanks = 0;
    while (b->len - w->blanks > from && blank(b->ptr[b->len - 1 - w->blanks]))
        w->blanks++;
}

/* The value from `start` on, as it stands between quotes. `from`: where it began in the row. */
static void put_quoted(writer *w, sqi_span s, size_t start, size_t from)
{
    const sqi_csv_options *o = &w->options;
    sqi_buf *b = &w->row;
    size_t done = start;
    for (size_t i = start; i < s.len; i++) {
        if (!w->stops[(unsigned char)s.ptr[i]])
            continue;
        bool quote = stands(s, i, &w->quote), escape = !quote && stands(s, i, &w->escape),
             line = o->nline_sep == 2 && s.ptr[i] == '\n';
        if (!quote && !escape && !line)
            continue;
        sqi_buf_put(b, s.ptr + done, i - done);
        done = i;
        if (quote)
            sqi_buf_put(b, w->escape.text, w->escape.len);
        else if (escape && o->escape_escape)
            sqi_buf_put(b, w->escape_escape.text, w->escape_escape.len);
        else if (line) {
            sqi_buf_span(b, w->line_end);
            done = i + 1;
        }
    }
    sqi_buf_put(b, s.ptr + done, s.len - done);
    if (o->trim_trailing && s.len > start && blank(s.ptr[s.len - 1]))
        trim_end(w, from);
}

/* What follows an escape or a quote that does not stand first. True: it has to stand between quotes. */
static bool put_after_escape(writer *w, sqi_span s, size_t i, size_t from)
{
    for (size_t k = i; k < s.len; k++)
        if (w->stops[(unsigned char)s.ptr[k]] && triggers(w, s, k)) {
            put_quoted(w, s, i, from);
            return true;
        }
    sqi_buf_put(&w->row, s.ptr + i, s.len - i);
    if (w->options.trim_trailing && blank(s.ptr[s.len - 1]))
        trim_end(w, from);
    return false;
}

/* Puts the value; true: it has to stand between quotes. `replaced`: it stands for a null or an empty text. */
static bool put_value(writer *w, uint32_t column, bool quoted, bool replaced, sqi_span s, size_t from)
{
    const sqi_csv_options *o = &w->options;
    size_t start = 0;
    while (o->trim_leading && start < s.len && blank(s.ptr[start]))
        start++;
    if (start < s.len && (stands(s, start, &w->quote) || (column == 0 && stands(s, 0, &w->comment))))
        quoted = true;
    if (quoted) {
        bool already = replaced && s.len >= 2 && stands(s, 0, &w->quote) && stands(s, s.len - w->quote.len, &w->quote);
        if (already)
            sqi_buf_span(&w->row, s);
        else
            put_quoted(w, s, start, from);
        return !already;
    }
    for (size_t i = start; i < s.len; i++) {
        if (!w->stops[(unsigned char)s.ptr[i]])
            continue;
        if (stands(s, i, &w->quote) || stands(s, i, &w->escape)) {
            sqi_buf_put(&w->row, s.ptr + start, i - start);
            return put_after_escape(w, s, i, from);
        }
        if (at_sep(w, s, i) || triggers(w, s, i)) {
            sqi_buf_put(&w->row, s.ptr + start, i - start);
            put_quoted(w, s, i, from);
            return true;
        }
    }
    sqi_buf_put(&w->row, s.ptr + start, s.len - start);
    if (o->trim_trailing && s.len && blank(s.ptr[s.len - 1]))
        trim_end(w, from);
    return false;
}

static bool all_blank(sqi_span s)
{
    size_t i = 0;
    while (i < s.len && blank(s.ptr[i]))
        i++;
    return i == s.len;
}

/* Quotes around what stands in the row from `from` on. */
static void enclose(writer *w, size_t from)
{
    sqi_buf *b = &w->row;
    size_t len = b->len - from, q = w->quote.len;
    if (!sqi_buf_reserve(b, 2 * q)) {
        b->failed = true;
        return;
    }
    memmove(b->ptr + from + q, b->ptr + from, len);
    memcpy(b->ptr + from, w->quote.text, q);
    memcpy(b->ptr + from + q + len, w->quote.text, q);
    b->len += 2 * q;
}

/* A field of the row; no pointer: null. */
static void put_field(writer *w, uint32_t column, sqi_span text)
{
    const sqi_csv_options *o = &w->options;
    bool empty = text.ptr && (!text.len || (o->trim_leading && all_blank(text))), replaced = !text.ptr || empty;
    sqi_span s = !text.ptr ? o->null_value : empty ? o->empty_value : text;
    if (column)
        sqi_buf_span(&w->row, o->sep_text);
    size_t from = w->row.len;
    w->blanks = 0;
    bool quoted = put_value(w, column, o->quote_all, replaced, s, from);
    if (w->row.len - w->blanks == from &&
        !replaced) /* what stands behind the blanks then makes room for them: so in Spark */
        put_value(w, column, quoted, false, o->empty_value, from);
    w->row.len -= w->blanks;
    if (quoted)
        enclose(w, from);
}

/* The row, if there is anything in it. */
static bool end_row(writer *w, sqi_buf *to)
{
    if (w->row.failed)
        return false;
    if (!w->row.len)
        return true;
    if (!sqi_buf_span(&w->row, w->line_end))
        return false;
    bool done = (w->begun || sqi_io_charset_begin(w->options.charset, to)) &&
                sqi_io_charset_put(w->options.charset, sqi_buf_view(&w->row), to);
    w->begun = true;
    return done;
}

streamq_status sqi_csv_write_begin(sqi_encoder *e, sqi_buf *to, streamq_error **err)
{
    writer *w = e->state;
    w->begun = false;
    if (!w->options.header)
        return STREAMQ_OK;
    sqi_buf_clear(&w->row);
    for (uint32_t i = 0; i < e->schema->n; i++)
        put_field(w, i, e->schema->field[i].name.len ? e->schema->field[i].name : SQI_SPAN(""));
    return end_row(w, to) ? STREAMQ_OK : sqi_error_nomem(err);
}

streamq_status sqi_csv_write_end(sqi_encoder *e, sqi_buf *to, streamq_error **err)
{
    (void)e;
    (void)to;
    (void)err;
    return STREAMQ_OK;
}

/* ------------------------------------------------------------------------------------------------------- values as text */

static bool print_time(writer *w, const sqi_vec *v, uint32_t i)
{
    char day[SQI_TIME_TEXT];
    int64_t micros;
    if (v->type->id == SQI_DATE) {
        int32_t days = SQI_AT(v, int32_t, i);
        bool far = __builtin_mul_overflow((int64_t)days, SQI_MICROS_PER_DAY, &micros); /* no pattern reaches there */
        return far || !w->date ? sqi_buf_put(&w->text, day, sqi_time_date_text(days, day))
                               : sqi_pattern_print(w->date, micros, sqi_zone_utc(), &w->text);
    }
    if (v->type->id == SQI_TIMESTAMP)
        return sqi_pattern_print(w->timestamp, SQI_AT(v, int64_t, i), w->options.zone, &w->text);
    return sqi_pattern_print(w->ntz, SQI_AT(v, int64_t, i), sqi_zone_utc(), &w->text);
}

/* As java.math.BigDecimal prints: small numbers with an exponent. */
static size_t decimal_text(sqi_int128 v, int scale, char room[SQI_TIME_TEXT])
{
    int digits = sqi_decimal_digits(v), exponent = digits - 1 - scale;
    if (scale == 0 || exponent >= -6)
        return sqi_number_decimal(v, scale, room);
    size_t n = sqi_number_decimal(v, digits - 1, room);
    return n + (size_t)snprintf(room + n, SQI_TIME_TEXT - n, "E%d", exponent);
}

/* The text of a value, which is not null; it stands in the vector, in w->text or in `room`. */
static sqi_span text_of(writer *w, const sqi_vec *v, uint32_t i, char room[SQI_TIME_TEXT])
{
    size_t len = 0;
    switch (v->type->id) {
    case SQI_BOOLEAN:
        return SQI_AT(v, uint8_t, i) ? SQI_SPAN("true") : SQI_SPAN("false");
    case SQI_TINYINT:
        len = sqi_number_int(SQI_AT(v, int8_t, i), room);
        break;
    case SQI_SMALLINT:
        len = sqi_number_int(SQI_AT(v, int16_t, i), room);
        break;
    case SQI_INT:
        len = sqi_number_int(SQI_AT(v, int32_t, i), room);
        break;
    case SQI_BIGINT:
        len = sqi_number_int(SQI_AT(v, int64_t, i), room);
        break;
    case SQI_FLOAT:
        len = sqi_number_float(SQI_AT(v, float, i), room);
        break;
    case SQI_DOUBLE:
        len = sqi_number_double(SQI_AT(v, double, i), room);
        break;
    case SQI_DECIMAL:
        len = decimal_text(SQI_AT(v, sqi_int128, i), v->type->scale, room);
        break;
    case SQI_STRING: {
        const sqi_str *s = &SQI_AT(v, sqi_str, i);
        return sqi_str_span(s);
    }
    case SQI_BINARY:
        sqi_buf_clear(&w->text);
        w->row.failed |= !sqi_text_value(&w->text, v, i, w->options.zone, SQI_TEXT_SHOW);
        return sqi_buf_view(&w->text);
    case SQI_INTERVAL_YM:
        len = sqi_time_interval_text(v->type, &SQI_AT(v, int32_t, i), room);
        break;
    case SQI_INTERVAL_DT:
        len = sqi_time_interval_text(v->type, &SQI_AT(v, int64_t, i), room);
        break;
    default:
        sqi_buf_clear(&w->text);
        w->row.failed |= !print_time(w, v, i);
        return sqi_buf_view(&w->text);
    }
    return (sqi_span){room, len};
}

static void put_column(writer *w, uint32_t column, const sqi_vec *v, uint32_t i)
{
    char room[SQI_TIME_TEXT];
    if (!sqi_vec_valid(v, i)) {
        put_field(w, column, (sqi_span){NULL, 0});
        return;
    }
    sqi_span text = text_of(w, v, i, room);
    put_field(w, column, text.len ? text : SQI_SPAN(""));
}

streamq_status sqi_csv_write_rows_of(sqi_encoder *e, const sqi_chunk *chunk, sqi_buf *to, streamq_error **err)
{
    writer *w = e->state;
    for (SQI_EACH(chunk->rows, k, i)) {
        sqi_buf_clear(&w->row);
        for (uint32_t c = 0; c < chunk->ncol; c++)
            put_column(w, c, &chunk->col[c], i);
        if (!end_row(w, to))
            return sqi_error_nomem(err);
    }
    return STREAMQ_OK;
}
