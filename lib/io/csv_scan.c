/*
 * csv_scan: see the header.
 */
#include "csv_scan.h"

#include "base_scan_ends.h"
#include "io_utf8.h"

enum { WINDOW = 16 << 10, STEP = 8, DETECT_MOST = 1 << 20 };

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
        s->place = sqi_alloc_array(alloc, WINDOW + STEP, sizeof *s->place);
    }
    return done && (s->place || !s->fast) ? STREAMQ_OK : sqi_error_nomem(err);
}

void sqi_csv_scan_fini(sqi_csv_scan *s)
{
    if (!s->alloc)
        return;
    sqi_csv_tokenizer_fini(&s->slow);
    sqi_alloc_free(s->alloc, s->place, s->place ? (WINDOW + STEP) * sizeof *s->place : 0);
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

static bool is_blank(sqi_span line)
{
    for (size_t i = 0; i < line.len; i++)
        if ((unsigned char)line.ptr[i] > ' ')
            return false;
    return true;
}

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
        if (is_blank(line))
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

/* ------------------------------------------------------------------------------------------------------ plain records */

/* The places of bits as numbers; some more are written behind them, as their number is hard to predict. */
static inline uint32_t list(uint64_t mask, uint32_t from, uint32_t *to)
{
    uint32_t n = sqi_scan_count(mask);
    for (uint32_t *end = to + n; to < end;)
        for (int k = 0; k < STEP; k++) {
            *to++ = from + (uint32_t)__builtin_ctzll(mask | UINT64_C(1) << 63);
            mask &= mask - 1;
        }
    return n;
}

/* The places of marks in the bytes at p, as a window of at most WINDOW bytes. */
static void look(sqi_csv_scan *s, const char *p, const char *end)
{
    size_t left = (size_t)(end - p), i = 0;
    uint32_t len = left < WINDOW ? (uint32_t)left : WINDOW, n = 0;
    char padded[SQI_SCAN_WIDE];
    s->window = p;
    s->len = len;
    for (; i < len; i += SQI_SCAN_WIDE) {
        const char *from = p + i;
        uint64_t keep = UINT64_MAX;
        if (len - i < SQI_SCAN_WIDE) {
            keep = (UINT64_C(1) << (len - i)) - 1;
            if (left - i < SQI_SCAN_WIDE) {
                memcpy(padded, from, len - i);
                memset(padded + (len - i), 0, sizeof padded - (len - i));
                from = padded;
            }
        }
        n += list(sqi_scan_four64(from, s->byte) & keep, (uint32_t)i, s->place + n);
    }
    s->nplace = n;
    s->at = 0;
}

typedef enum outcome { ROW, NOTHING, MORE, SLOW } outcome;

typedef struct cutter {
    sqi_csv_scan *s;
    const char *p;    /* the record's begin */
    bool whole;       /* the window ends where the input does */
    uint32_t at, end; /* place in place[]; where the record ends in the window, behind its line end */
    uint32_t stop;    /* before it */
    sqi_span *to;
    uint32_t room, n;
} cutter;

static inline void put(cutter *c, const char *ptr, size_t len)
{
    if (c->n < c->room)
        c->to[c->n] = (sqi_span){ptr, len};
    c->n++;
}

/* A line end at place c->at: where the record ends. */
static outcome end_line(cutter *c, uint32_t q)
{
    const sqi_csv_scan *s = c->s;
    const sqi_csv_options *o = s->o;
    char byte = s->window[q];
    bool lf_next = q + 1 < s->len && s->window[q + 1] == '\n';
    c->stop = q;
    c->end = q + 1;
    c->at++;
    if (o->nline_sep)
        return ROW;
    if (byte == '\r' && q + 1 == s->len && !c->whole)
        return MORE;
    if (o->multi_line && s->end1 != s->end2) { /* lines end in CR LF, or in CR */
        if (s->slow.line2 ? byte == '\n' || !lf_next : byte == '\n')
            return SLOW;
        if (!s->slow.line2)
            return ROW;
    }
    if (byte == '\r' && lf_next) {
        c->end++;
        c->at++;
    }
    return ROW;
}

static bool has_escape(const sqi_csv_scan *s, const char *p, size_t len)
{
    const sqi_csv_options *o = s->o;
    if (o->escape > 0x7F || o->escape_escape > 0x7F)
        return true;
    return (o->escape != o->quote && memchr(p, (char)o->escape, len)) ||
           (o->escape_escape != o->escape && memchr(p, (char)o->escape_escape, len));
}

/* A value between quotes, the first of which is at place c->at. ROW: cut, and c->at is the place of what ends it. */
static outcome cut_quoted(cutter *c, uint32_t from)
{
    const sqi_csv_scan *s = c->s;
    uint32_t k = c->at + 1, close;
    char ends = s->o->multi_line && s->end1 == s->end2 ? s->quote : s->end1;
    for (;; k++) {
        if (k == s->nplace)
            return c->whole ? SLOW : MORE;
        char byte = s->window[s->place[k]];
        if (byte == s->quote)
            break;
        if (ends != s->quote && (byte == s->end1 || byte == s->end2))
            return SLOW;
    }
    close = s->place[k++];
    size_t len = close - from - 1;
    if (len && has_escape(s, s->window + from + 1, len))
        return SLOW;
    if (s->o->max_chars >= 0 && len > (size_t)s->o->max_chars)
        return SLOW;
    if (close + 1 == s->len) {
        if (!c->whole)
            return MORE;
    } else if (k == s->nplace || s->place[k] != close + 1 || s->window[close + 1] == s->quote) {
        return SLOW;
    }
    c->at = k;
    if (len)
        put(c, s->window + from + 1, len);
    else
        put(c, s->o->empty_value.ptr, s->o->empty_value.len);
    return ROW;
}

/* The record at c->p, which stands at `from` in the window. */
static outcome cut(cutter *c, uint32_t from)
{
    const sqi_csv_scan *s = c->s;
    const char *window = s->window;
    const uint32_t *place = s->place, nplace = s->nplace;
    const char sep = s->sep, quote = s->quote;
    const size_t longest = s->o->max_chars < 0 ? SIZE_MAX : (size_t)s->o->max_chars;
    for (uint32_t k = c->at;;) {
        while (k < nplace && window[place[k]] == quote) {
            if (place[k] != from) { /* inside a value without quotes it is a character like others */
                k++;
                continue;
            }
            c->at = k;
            outcome o = cut_quoted(c, from);
            if (o != ROW)
                return o;
            k = c->at;
            goto ended;
        }
        if (k == nplace && !c->whole)
            return MORE;
        uint32_t stop = k < nplace ? place[k] : s->len;
        if (stop - from > longest)
            return SLOW;
        put(c, stop == from ? NULL : window + from, stop - from);
    ended:
        c->at = k;
        if (k == nplace) { /* the input ends here */
            c->stop = c->end = s->len;
            return ROW;
        }
        if (window[place[k]] != sep)
            return end_line(c, place[k]);
        from = place[k++] + 1;
    }
}

/* Is it a record at all? */
static outcome judge(const cutter *c)
{
    const sqi_csv_scan *s = c->s;
    sqi_span line = {c->p, c->stop - (size_t)(c->p - s->window)};
    if (!line.len)
        return NOTHING;
    if (s->o->multi_line)
        return ROW;
    return (unsigned char)line.ptr[0] <= ' ' && is_blank(line) ? NOTHING : ROW;
}

static outcome cut_one(sqi_csv_scan *s, cutter *c, const char *end, bool last)
{
    for (;;) {
        if (!s->window || c->p < s->window || c->p >= s->window + s->len)
            look(s, c->p, end);
        uint32_t from = (uint32_t)(c->p - s->window);
        c->whole = last && s->window + s->len == end;
        c->at = s->at;
        while (c->at < s->nplace && s->place[c->at] < from)
            c->at++;
        c->n = 0;
        outcome o = s->o->comments && s->o->comment < 0x80 && *c->p == (char)s->o->comment ? SLOW : cut(c, from);
        if (o == ROW && c->n > (uint64_t)s->o->max_columns)
            o = SLOW;
        if (o == ROW) {
            s->at = c->at;
            return judge(c);
        }
        if (o == SLOW || s->window + s->len == end)
            return o;
        if (from == 0)
            return SLOW; /* longer than a window */
        look(s, c->p, end);
    }
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

static void keep_fast(const cutter *c, sqi_csv_rows *to)
{
    for (uint32_t i = c->n; i < to->ncol; i++)
        c->to[i] = (sqi_span){NULL, 0};
    to->count[to->n] = c->n;
    to->raw[to->n++] = (sqi_span){c->p, c->stop - (size_t)(c->p - c->s->window)};
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

/* Rows of values without quotes whose lines end in LF or CR LF: most of most files, so they are cut in one loop. It
   stops at anything else, and at the window's end. */
static void cut_plain(sqi_csv_scan *s, const char **p, sqi_csv_rows *to)
{
    const char *window = s->window;
    const uint32_t *place = s->place, nplace = s->nplace, ncol = to->ncol;
    const char sep = s->sep;
    uint32_t from = (uint32_t)(*p - window), k = s->at, n = to->n;
    while (k < nplace && place[k] < from)
        k++;
    while (n < to->most) {
        sqi_span *token = to->token + (size_t)n * ncol;
        uint32_t begin = from, count = 0, stop = 0, at = k;
        for (; at < nplace; at++) {
            stop = place[at];
            if (count < ncol)
                token[count] = (sqi_span){stop == from ? NULL : window + from, stop - from};
            count++;
            if (window[stop] != sep)
                break;
            from = stop + 1;
        }
        bool crlf = at + 1 < nplace && window[stop] == '\r' && place[at + 1] == stop + 1 && window[stop + 1] == '\n';
        if (at == nplace || (window[stop] != '\n' && !crlf) || (unsigned char)window[begin] <= ' ')
            break;
        for (uint32_t i = count; i < ncol; i++)
            token[i] = (sqi_span){NULL, 0};
        to->count[n] = count;
        to->raw[n++] = (sqi_span){window + begin, stop - begin};
        from = stop + 1 + crlf;
        k = at + 1 + crlf;
        *p = window + from;
    }
    s->at = k;
    to->n = n;
}

static streamq_status fill(sqi_csv_scan *s, sqi_span block, bool last, size_t *at, sqi_csv_rows *to,
                           streamq_error **err)
{
    const char *end = block.ptr + block.len;
    const sqi_csv_options *o = s->o;
    bool loop = s->fast && (!o->multi_line || s->end1 == s->end2) && !o->nline_sep && !o->comments &&
                o->max_chars < 0 && o->max_columns > WINDOW;
    while (to->n < to->most) {
        const char *p = block.ptr + *at;
        if (loop && s->window && p >= s->window && p < s->window + s->len) {
            cut_plain(s, &p, to);
            *at = (size_t)(p - block.ptr);
            if (to->n == to->most)
                return STREAMQ_OK;
        }
        cutter c = {.s = s, .p = block.ptr + *at, .to = to->token + (size_t)to->n * to->ncol, .room = to->ncol};
        bool plain = s->fast && c.p < end && (o->multi_line || !s->slow.fresh);
        outcome is = plain ? cut_one(s, &c, end, last) : SLOW;
        if (is == SLOW) {
            bool found = false;
            sqi_span raw;
            SQI_TRY(one(s, block, last, at, &found, &raw, err));
            if (!found)
                return STREAMQ_OK;
            keep_slow(s, raw, to);
            continue;
        }
        if (is == MORE)
            return STREAMQ_OK;
        if (is == ROW)
            keep_fast(&c, to);
        *at = (size_t)(s->window - block.ptr) + c.end;
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
