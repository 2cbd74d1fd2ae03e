/*
 * format_text: lines of text as rows of one string column, as Spark's "text" format reads and writes them.
 *
 * A line ends at LF, CR or CR LF, or at `lineSep` alone; with `wholetext` a file is one row. The bytes stay what they
 * are: nothing is decoded, so a value may hold malformed UTF-8. A byte order mark of UTF-8 before the first line is
 * left out. Lines that end in LF leave as the text that stands there (sqi_chunk.lines), the others as views; an empty
 * file has no row, not even with `wholetext`.
 */
#include "io_columns.h"
#include "io_format.h"
#include "io_lines_batch.h"

#include <string.h>

static const sqi_option_row read_options[] = {
    {"lineSep", SQI_OPTION_TEXT, NULL, 0, 0, false, "what ends a line; unset: LF, CR and CR LF all do"},
    {"wholetext", SQI_OPTION_BOOL, "false", 0, 0, false, "a file is one row"},
    {"encoding", SQI_OPTION_TEXT, "UTF-8", 0, 0, false,
     "how `lineSep` is encoded in the files: UTF-8, US-ASCII, ISO-8859-1, UTF-16LE or UTF-16BE; values stay as they "
     "are"},
};
static const sqi_option_row write_options[] = {
    {"lineSep", SQI_OPTION_TEXT, "\n", 0, 0, false, "what ends a line"},
};
enum { NREAD = sizeof read_options / sizeof *read_options, NWRITE = sizeof write_options / sizeof *write_options };

/* -------------------------------------------------------------- options and schema */

enum { SEP_MOST = 256 }; /* bytes of a separator as the files have it */

typedef enum charset { CHARSET_UTF8, CHARSET_LATIN1, CHARSET_UTF16LE, CHARSET_UTF16BE, CHARSETS } charset;

static charset charset_of(sqi_span name)
{
    static const struct {
        const char *name;
        charset is;
    } known[] = {{"UTF-8", CHARSET_UTF8},       {"UTF8", CHARSET_UTF8},         {"US-ASCII", CHARSET_UTF8},
                 {"ASCII", CHARSET_UTF8},       {"ISO-8859-1", CHARSET_LATIN1}, {"LATIN1", CHARSET_LATIN1},
                 {"UTF-16LE", CHARSET_UTF16LE}, {"UTF-16BE", CHARSET_UTF16BE}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (sqi_span_equal_nocase(name, sqi_span_of(known[i].name)))
            return known[i].is;
    return CHARSETS;
}

static size_t put_unit(unsigned unit, charset as, char *to)
{
    if (as == CHARSET_LATIN1) {
        to[0] = unit < 256 ? (char)unit : '?';
        return 1;
    }
    to[as == CHARSET_UTF16BE] = (char)(unit & 255);
    to[as == CHARSET_UTF16LE] = (char)(unit >> 8);
    return 2;
}

/* The separator's bytes in the files into `to` (SEP_MOST). */
static size_t encode_separator(sqi_span sep, charset as, char *to)
{
    size_t n = 0;
    if (as == CHARSET_UTF8) {
        memcpy(to, sep.ptr, sep.len);
        return sep.len;
    }
    for (const char *p = sep.ptr, *end = p + sep.len; p < end;) {
        uint32_t code = sqi_utf8_next(&p, end);
        if (code >= 0x10000 && as != CHARSET_LATIN1) {
            n += put_unit(0xd800 + ((code - 0x10000) >> 10), as, to + n);
            code = 0xdc00 + ((code - 0x10000) & 0x3ff);
        }
        n += put_unit(code, as, to + n);
    }
    return n;
}

static streamq_status check_separator(const sqi_options *options, streamq_error **err)
{
    sqi_span sep;
    if (!sqi_options_get(options, "lineSep", &sep))
        return STREAMQ_OK;
    if (!sep.len || sep.len > SEP_MOST / 4)
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE,
                             "option 'lineSep' of format 'text' is %s; it takes 1 to %d bytes",
                             sep.len ? "too long" : "empty", SEP_MOST / 4);
    return STREAMQ_OK;
}

/* One column of strings. */
static streamq_status check_columns(const sqi_schema *schema, streamq_error **err)
{
    char label[128];
    if (schema->n != 1)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT,
                             "Text data source supports only a single column, and you have %u columns.",
                             (unsigned)schema->n);
    if (schema->field[0].type->id == SQI_STRING)
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE,
                         "The Text datasource doesn't support the column `%.*s` of the type %s.",
                         (int)(schema->field[0].name.len < 200 ? schema->field[0].name.len : 200),
                         schema->field[0].name.ptr, sqi_type_label(schema->field[0].type, label));
}

static streamq_status text_check(const sqi_options *options, const sqi_schema *given, streamq_error **err)
{
    sqi_span name = sqi_options_text(options, read_options, NREAD, "encoding");
    if (charset_of(name) == CHARSETS)
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE,
                             "option 'encoding' of format 'text' is '%.*s'; it takes UTF-8, US-ASCII, ISO-8859-1, "
                             "UTF-16LE or UTF-16BE",
                             name.len > 100 ? 100 : (int)name.len, name.ptr);
    SQI_TRY(check_separator(options, err));
    return given ? check_columns(given, err) : STREAMQ_OK;
}

/* -------------------------------------------------------------- reading */

typedef struct text_decoder {
    sqi_io_lines lines;
    sqi_str *view; /* values of a chunk */
    uint32_t most;
    bool whole, begun;
    size_t sep_len; /* 0: the usual ends of lines */
    char sep[SEP_MOST];
} text_decoder;

static streamq_status text_open(sqi_decoder *d, streamq_error **err)
{
    text_decoder *t = d->state;
    sqi_span sep;
    SQI_TRY(text_check(d->options, d->schema, err));
    t->whole = sqi_options_bool(d->options, read_options, NREAD, "wholetext");
    if (sqi_options_get(d->options, "lineSep", &sep))
        t->sep_len =
            encode_separator(sep, charset_of(sqi_options_text(d->options, read_options, NREAD, "encoding")), t->sep);
    t->most = sqi_io_columns_rows(d->env);
    t->view = sqi_alloc_array(d->env->alloc, t->most, sizeof *t->view);
    return t->view ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status text_begin(sqi_decoder *d, streamq_error **err)
{
    text_decoder *t = d->state;
    (void)err;
    t->lines = (sqi_io_lines){0};
    t->begun = false;
    return STREAMQ_OK;
}

static streamq_status emit_views(const text_decoder *t, uint32_t n, sqi_source_emit emit, void *context,
                                 streamq_error **err)
{
    sqi_vec column = sqi_io_columns_view(&sqi_type_string, t->view);
    sqi_chunk chunk = {.n = n, .ncol = 1, .rows = {NULL, n}, .col = &column};
    return n ? emit(context, &chunk, err) : STREAMQ_OK;
}

/* The text up to an LF: all of it is lines. */
static streamq_status take_whole_lines(text_decoder *t, const char **p, const char *end, sqi_source_emit emit,
                                       void *context, streamq_error **err)
{
    sqi_vec column;
    sqi_chunk chunk;
    for (t->lines.searched = 0;;) {
        SQI_TRY(sqi_lines_chunk_next(&t->lines, p, end, t->view, t->most, &column, &chunk, err));
        if (!chunk.n)
            return STREAMQ_OK;
        chunk.fleeting = false;
        SQI_TRY(emit(context, &chunk, err));
    }
}

static streamq_status take_lines(text_decoder *t, const char **p, const char *end, bool last, sqi_source_emit emit,
                                 void *context, streamq_error **err)
{
    const char *lf = memrchr(*p, '\n', (size_t)(end - *p));
    sqi_span line;
    uint32_t n = 0;
    if (lf)
        SQI_TRY(take_whole_lines(t, p, lf + 1, emit, context, err));
    t->lines.searched = 0;
    while (sqi_io_lines_next(&t->lines, p, end, last, &line)) {
        t->view[n++] = sqi_str_view(line.ptr, (uint32_t)line.len);
        if (n == t->most) {
            SQI_TRY(emit_views(t, n, emit, context, err));
            n = 0;
        }
    }
    return emit_views(t, n, emit, context, err);
}

static streamq_status take_separated(text_decoder *t, const char **p, const char *end, bool last, sqi_source_emit emit,
                                     void *context, streamq_error **err)
{
    uint32_t n = 0;
    while (*p < end) {
        const char *stop = memmem(*p, (size_t)(end - *p), t->sep, t->sep_len);
        if (!stop && !last)
            break;
        t->view[n++] = sqi_str_view(*p, (uint32_t)((stop ? stop : end) - *p));
        *p = stop ? stop + t->sep_len : end;
        if (n == t->most) {
            SQI_TRY(emit_views(t, n, emit, context, err));
            n = 0;
        }
    }
    return emit_views(t, n, emit, context, err);
}

/* False: too little is there to tell. */
static bool skip_mark(const char **p, const char *end, bool last)
{
    static const char mark[3] = {'\xef', '\xbb', '\xbf'};
    size_t n = (size_t)(end - *p) < sizeof mark ? (size_t)(end - *p) : sizeof mark;
    if (memcmp(*p, mark, n) != 0)
        return true;
    if (n == sizeof mark)
        *p += n;
    return n == sizeof mark || last;
}

static streamq_status text_take(sqi_decoder *d, const char *bytes, size_t len, bool last, size_t *used,
                                sqi_source_emit emit, void *context, streamq_error **err)
{
    text_decoder *t = d->state;
    const char *p = bytes, *end = bytes + len;
    *used = 0;
    if (len > SQI_STR_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "%zu bytes at once are longer than a string may be (2 GiB)",
                             len);
    if (t->whole) {
        if (!last)
            return STREAMQ_OK;
        *used = len;
        t->view[0] = sqi_str_view(bytes, (uint32_t)len);
        return emit_views(t, len > 0, emit, context, err);
    }
    if (!t->begun && !skip_mark(&p, end, last))
        return STREAMQ_OK;
    t->begun = true;
    streamq_status status = t->sep_len ? take_separated(t, &p, end, last, emit, context, err)
                                       : take_lines(t, &p, end, last, emit, context, err);
    *used = (size_t)(p - bytes);
    return status;
}

static void text_close(sqi_decoder *d)
{
    text_decoder *t = d->state;
    sqi_alloc_free(d->env->alloc, t->view, t->most * sizeof *t->view);
}

/* -------------------------------------------------------------- writing */

static streamq_status encoder_open(sqi_encoder *e, streamq_error **err)
{
    SQI_TRY(check_separator(e->options, err));
    return check_columns(e->schema, err);
}

static streamq_status encoder_nothing(sqi_encoder *e, sqi_buf *to, streamq_error **err)
{
    (void)e;
    (void)to;
    (void)err;
    return STREAMQ_OK;
}

/* A null is an empty line. */
static streamq_status encode(sqi_encoder *e, const sqi_chunk *chunk, sqi_buf *to, streamq_error **err)
{
    sqi_span sep = sqi_options_text(e->options, write_options, NWRITE, "lineSep");
    const sqi_vec *v = &chunk->col[0];
    for (SQI_EACH(chunk->rows, k, i)) {
        if (sqi_vec_valid(v, i))
            sqi_buf_span(to, sqi_str_span(&SQI_AT(v, sqi_str, i)));
        sqi_buf_span(to, sep);
    }
    return to->failed ? sqi_error_nomem(err) : STREAMQ_OK;
}

static void encoder_close(sqi_encoder *e)
{
    (void)e;
}

const sqi_format_type sqi_format_text = {
    .name = "text",
    .extension = ".txt",
    .option = read_options,
    .noption = NREAD,
    .write_option = write_options,
    .nwrite_option = NWRITE,
    .fixed_schema = true,
    .check = text_check,
    .decoder_size = sizeof(text_decoder),
    .open = text_open,
    .begin = text_begin,
    .take = text_take,
    .close = text_close,
    .encoder_open = encoder_open,
    .encoder_begin = encoder_nothing,
    .encode = encode,
    .encoder_end = encoder_nothing,
    .encoder_close = encoder_close,
};
