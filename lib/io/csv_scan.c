/*
 * csv_scan: see the header.
 */
#include "csv_scan.h"

#include "io_utf8.h"

enum { DETECT_MOST = 1 << 20 };

static bool ascii(uint32_t c)
{
    return c && c < 0x80;
}

/* Plain records can be cut at bytes: every mark is one, and no two are the same. */
static bool can_be_fast(const sqi_csv_options *o)
{
    bool marks = o->nsep == 1 && ascii(o->sep[0]) && ascii(o->quote) && o->sep[0] != o->quote &&
                 o->sep[0] != o->escape && o->escape;
    bool ends = o->nline_sep == 0 || (o->nline_sep == 1 && ascii(o->line_sep[0]) && !o->multi_line);
    uint32_t end = o->nline_sep ? o->line_sep[0] : '\n';
    bool apart = o->sep[0] != '\n' && o->sep[0] != '\r' && o->quote != '\n' && o->quote != '\r' && o->escape != '\n' &&
                 o->escape != '\r' && end != o->sep[0] && end != o->quote;
    return marks && ends && apart && sqi_io_charset_plain(o->charset) && !o->trim_leading && !o->trim_trailing;
}

static void set_ends(sqi_csv_scan *s, char end1, char end2)
{
    s->end1 = end1;
    s->end2 = end2;
    s->byte[2] = sqi_scan_byte_of(end1);
    s->byte[3] = sqi_scan_byte_of(end2);
}

streamq_status sqi_csv_scan_init(sqi_csv_scan *s, const sqi_csv_options *o, sqi_alloc *alloc, sqi_arena *arena,
                                 streamq_error **err)
{
    sqi_buf sep;
    s->o = o;
    s->alloc = alloc;
    s->arena = arena;
    sqi_csv_tokenizer_init(&s->slow, o, alloc, arena);
    s->fast = can_be_fast(o);
    sqi_buf_init(&sep, alloc, sizeof s->line_sep);
    bool done = !o->nline_sep || ((o->charset != SQI_CHARSET_UTF16 || sqi_io_charset_begin(o->charset, &sep)) &&
                                  sqi_io_charset_put(o->charset, o->line_sep_text, &sep));
    if (done && sep.len) {
        memcpy(s->line_sep, sep.ptr, sep.len);
        s->nline_sep = sep.len;
    }
    sqi_buf_fini(&sep);
    if (done && s->fast) {
        s->sep = (char)o->sep[0];
        s->quote = (char)o->quote;
        s->byte[0] = sqi_scan_byte_of(s->sep);
        s->byte[1] = sqi_scan_byte_of(s->quote);
        set_ends(s, (char)o->newline, o->nline_sep ? (char)o->newline : '\r');
        s->place = sqi_alloc_array(alloc, SQI_CSV_PLACES, sizeof *s->place);
    }
    return done && (s->place || !s->fast) ? STREAMQ_OK : sqi_error_nomem(err);
}

void sqi_csv_scan_fini(sqi_csv_scan *s)
{
    if (!s->alloc)
        return;
    sqi_csv_tokenizer_fini(&s->slow);
    sqi_alloc_free(s->alloc, s->place, s->place ? SQI_CSV_PLACES * sizeof *s->place : 0);
    s->place = NULL;
}

void sqi_csv_scan_begin(sqi_csv_scan *s)
{
    s->started = false;
    s->slow.fresh = true;
    s->stuck = 0;
    s->window = NULL;
}

/* ---------------------------------------------------------------------------------------------- the begin of a file */

/* What ends lines: the first line end there is. False: more bytes are needed to tell. */
static bool detect(sqi_io_charset in, const char *p, const char *end, bool last, uint32_t *line1, uint32_t *line2)
{
    uint32_t c = 0, behind = 0;
    *line1 = '\n';
    *line2 = 0;
    for (size_t n = 0; n < DETECT_MOST; n++) {
        if (!sqi_io_charset_next(&in, &p, end, last, &c))
            return last;
        if (c == '\n')
            return true;
        if (c != '\r')
            continue;
        *line1 = '\r';
        bool more = sqi_io_charset_next(&in, &p, end, last, &behind);
        *line2 = more && behind == '\n' ? '\n' : 0;
        return more || last;
    }
    return true;
}

static bool start_lines(sqi_csv_scan *s, const char *p, size_t len, bool last, size_t *skip)
{
    static const char mark[3] = {'\xef', '\xbb', '\xbf'};
    size_t same = 0;
    while (same < 3 && same < len && p[same] == mark[same])
        same++;
    if (same < 3 && same == len && !last)
        return false;
    *skip = same == 3 ? 3 : 0;
    s->started = true;
    return true;
}

static bool start_stream(sqi_csv_scan *s, const char *p, size_t len, bool last, size_t *skip)
{
    sqi_io_charset in = {.charset = s->o->charset};
    const char *at = p, *end = p + len;
    uint32_t c = 0, line1, line2;
    if (!len)
        return false;
    sqi_io_charset before = in;
    if (!sqi_io_charset_next(&in, &at, end, last, &c) && !last)
        return false;
    if (c != 0xFEFF) {
        at = p;
        in = before;
    }
    if (!detect(in, at, end, last, &line1, &line2))
        return false;
    if (s->o->nline_sep) {
        line1 = s->o->line_sep[0];
        line2 = s->o->nline_sep > 1 ? s->o->line_sep[1] : 0;
    } else if (s->fast) {
        set_ends(s, '\n', line1 == '\n' ? '\n' : '\r');
    }
    sqi_csv_tokenizer_begin(&s->slow, line1, line2, in);
    *skip = (size_t)(at - p);
    s->started = true;
    return true;
}

/* False: nothing can be done with these bytes yet. */
static bool begun(sqi_csv_scan *s, sqi_span block, bool last, size_t *at)
{
    size_t skip = 0, len = block.len - *at;
    if (!last && (len < 2 * s->stuck || (s->o->multi_line && s->o->unescaped == SQI_CSV_BACK_TO_DELIMITER)))
        return false;
    if (s->started)
        return true;
    bool done = s->o->multi_line ? start_stream(s, block.ptr + *at, len, last, &skip)
                                 : start_lines(s, block.ptr + *at, len, last, &skip);
    *at += skip;
    s->stuck = done ? 0 : len;
    return done;
}

/* ------------------------------------------------------------------------------------------------ records one by one */

/* The next line and what is behind its end. False: it has no end yet. */
static bool cut_line(const sqi_csv_scan *s, const char *p, const char *end, bool last, sqi_span *line,
                     const char **next)
{
    const char *stop;
    if (s->nline_sep) {
        stop = memmem(p, (size_t)(end - p), s->line_sep, s->nline_sep);
        *next = stop ? stop + s->nline_sep : end;
    } else {
        const char *lf = memchr(p, '\n', (size_t)(end - p));
        const char *cr = memchr(p, '\r', (size_t)((lf ? lf : end) - p));
        stop = cr ? cr : lf;
        if (cr && cr + 1 == end && !last)
            return false; /* an LF may follow */
        *next = !stop ? end : cr && cr + 1 < end && cr[1] == '\n' ? cr + 2 : stop + 1;
    }
    *line = (sqi_span){p, (size_t)((stop ? stop : end) - p)};
    return stop || last;
}

/* Spark leaves out lines that are blank, or begin with the comment character, before it looks for values. */
static bool passed_over(const sqi_csv_scan *s, sqi_span line)
{
    sqi_io_charset in = {.charset = s->o->charset};
    const char *p = line.ptr, *end = p + line.len;
    uint32_t c;
    if (sqi_io_charset_plain(s->o->charset)) {
        if (sqi_csv_blank(line))
            return true;
        if (!s->o->comments)
            return false;
    }
    bool first = true;
    while (line.len && sqi_io_charset_next(&in, &p, end, true, &c)) {
        if (first && s->o->comments && c == s->o->comment)
            return true;
        if (c > ' ')
            return false;
        first = false;
    }
    return true;
}

static streamq_status one_line(sqi_csv_scan *s, sqi_span block, bool last, size_t *at, bool *found, sqi_span *raw,
                               streamq_error **err)
{
    const char *p = block.ptr + *at, *end = block.ptr + block.len;
    while (p < end && !*found) {
        sqi_span line;
        const char *behind;
        if (!cut_line(s, p, end, last, &line, &behind))
            break;
        p = behind;
        if (passed_over(s, line))
            continue;
        *found = true;
        SQI_TRY(sqi_csv_tokenize_line(&s->slow, &line, err));
        *raw = line;
    }
    *at = (size_t)(p - block.ptr);
    return STREAMQ_OK;
}

/* The tokenizer counts its ends in the block, so it is called at the end too: a record may still wait in it. */
static streamq_status one_record(sqi_csv_scan *s, sqi_span block, bool last, size_t *at, bool *found, sqi_span *raw,
                                 streamq_error **err)
{
    const char *p = block.ptr + *at;
    streamq_status st = sqi_csv_tokenize_next(&s->slow, &p, block.ptr + block.len, last, found, raw, err);
    *at = (size_t)(p - block.ptr);
    if (*found && sqi_io_charset_plain(s->o->charset) && raw->len) {
        bool lf = raw->ptr[raw->len - 1] == '\n';
        raw->len -= lf || raw->ptr[raw->len - 1] == '\r';
        if (lf && raw->len && raw->ptr[raw->len - 1] == '\r')
            raw->len--;
    }
    return st;
}

static streamq_status one(sqi_csv_scan *s, sqi_span block, bool last, size_t *at, bool *found, sqi_span *raw,
                          streamq_error **err)
{
    return s->o->multi_line ? one_record(s, block, last, at, found, raw, err)
                            : one_line(s, block, last, at, found, raw, err);
}

streamq_status sqi_csv_scan_one(sqi_csv_scan *s, sqi_span block, bool last, size_t *at, bool *found, sqi_span *raw,
                                streamq_error **err)
{
    size_t from = *at;
    *found = false;
    if (!begun(s, block, last, at))
        return STREAMQ_OK;
    SQI_TRY(one(s, block, last, at, found, raw, err));
    s->stuck = *at > from ? 0 : block.len - *at;
    return STREAMQ_OK;
}

void sqi_csv_scan_forget(sqi_csv_scan *s)
{
    if (!s->slow.pending && !s->slow.nmade)
        sqi_arena_reset(s->arena);
}

bool sqi_csv_scan_text(const sqi_csv_scan *s, sqi_span raw, sqi_buf *to)
{
    if (!sqi_io_charset_text(s->o->charset, raw, to))
        return false;
    if (sqi_io_charset_plain(s->o->charset) || !to->len)
        return true;
    bool lf = to->ptr[to->len - 1] == '\n';
    to->len -= lf || to->ptr[to->len - 1] == '\r';
    if (lf && to->len && to->ptr[to->len - 1] == '\r')
        to->len--;
    return true;
}

/* --------------------------------------------------------------------------------------------------------------- rows */

static void keep_slow(const sqi_csv_scan *s, sqi_span raw, sqi_csv_rows *to)
{
    uint32_t kept = s->slow.n < to->ncol ? s->slow.n : to->ncol;
    sqi_span *token = to->token + (size_t)to->n * to->ncol;
    if (kept)
        memcpy(token, s->slow.token, kept * sizeof *token);
    for (uint32_t i = kept; i < to->ncol; i++)
        token[i] = (sqi_span){NULL, 0};
    to->count[to->n] = s->slow.n;
    to->raw[to->n++] = raw;
}

/* Values that point into the block are its bytes: other sets, and malformed UTF-8, become UTF-8 here. */
static streamq_status make_text(sqi_csv_scan *s, sqi_span seen, sqi_csv_rows *to, streamq_error **err)
{
    sqi_buf b;
    bool done = true;
    if (!s->fast || !seen.len || sqi_io_utf8_ascii(seen) ||
        (s->o->charset == SQI_CHARSET_UTF8 && sqi_io_utf8_clean(seen)))
        return STREAMQ_OK;
    sqi_buf_init(&b, s->alloc, 0);
    for (size_t i = 0; done && i < (size_t)to->n * to->ncol; i++) {
        sqi_span *t = &to->token[i];
        if (!t->ptr || t->ptr < seen.ptr || t->ptr >= seen.ptr + seen.len || sqi_io_utf8_ascii(*t))
            continue;
        sqi_buf_clear(&b);
        done = sqi_io_charset_text(s->o->charset, *t, &b);
        const char *copy = done ? sqi_arena_text(s->arena, b.ptr, b.len) : NULL;
        done = copy != NULL;
        *t = (sqi_span){copy, b.len};
    }
    sqi_buf_fini(&b);
    return done ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status fill(sqi_csv_scan *s, sqi_span block, bool last, size_t *at, sqi_csv_rows *to,
                           streamq_error **err)
{
    while (to->n < to->most) {
        bool found = s->fast && *at < block.len && (s->o->multi_line || !s->slow.fresh);
        if (found && !sqi_csv_plain_rows(s, block, last, at, to))
            return STREAMQ_OK;
        sqi_span raw;
        found = false;
        SQI_TRY(one(s, block, last, at, &found, &raw, err));
        if (!found)
            return STREAMQ_OK;
        keep_slow(s, raw, to);
    }
    return STREAMQ_OK;
}

streamq_status sqi_csv_scan_rows(sqi_csv_scan *s, sqi_span block, bool last, size_t *at, sqi_csv_rows *to,
                                 streamq_error **err)
{
    size_t from = *at;
    to->n = 0;
    s->window = NULL; /* of another block, or another place of this one */
    if (!begun(s, block, last, at))
        return STREAMQ_OK;
    streamq_status st = fill(s, block, last, at, to, err);
    s->stuck = *at > from ? 0 : block.len - *at;
    streamq_status text = make_text(s, (sqi_span){block.ptr + from, *at - from}, to, err);
    if (text != STREAMQ_OK)
        to->n = 0;
    return st != STREAMQ_OK ? st : text;
}

streamq_status sqi_csv_rows_init(sqi_csv_rows *r, uint32_t ncol, uint32_t most, sqi_alloc *alloc, streamq_error **err)
{
    *r = (sqi_csv_rows){.ncol = ncol, .most = most};
    r->token = sqi_alloc_array(alloc, (size_t)most * (ncol ? ncol : 1), sizeof *r->token);
    r->count = sqi_alloc_array(alloc, most, sizeof *r->count);
    r->raw = sqi_alloc_array(alloc, most, sizeof *r->raw);
    return r->token && r->count && r->raw ? STREAMQ_OK : sqi_error_nomem(err);
}

void sqi_csv_rows_fini(sqi_csv_rows *r, sqi_alloc *alloc)
{
    sqi_alloc_free(alloc, r->token, r->token ? (size_t)r->most * (r->ncol ? r->ncol : 1) * sizeof *r->token : 0);
    sqi_alloc_free(alloc, r->count, r->count ? r->most * sizeof *r->count : 0);
    sqi_alloc_free(alloc, r->raw, r->raw ? r->most * sizeof *r->raw : 0);
    *r = (sqi_csv_rows){0};
}
