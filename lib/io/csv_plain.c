/*
 * csv_plain: plain records of CSV, cut at the places of separators, quotes and line ends in a window of the block. What is
 * not plain (an escape, a quote inside a value, a line end that is none) is for csv_token, which knows all the rules.
 */
#include "base_scan_ends.h"
#include "csv_scan.h"

enum { WINDOW = SQI_CSV_PLACES - 8, STEP = 8 };

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
    return (unsigned char)line.ptr[0] <= ' ' && sqi_csv_blank(line) ? NOTHING : ROW;
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

static void keep_fast(const cutter *c, sqi_csv_rows *to)
{
    for (uint32_t i = c->n; i < to->ncol; i++)
        c->to[i] = (sqi_span){NULL, 0};
    to->count[to->n] = c->n;
    to->raw[to->n++] = (sqi_span){c->p, c->stop - (size_t)(c->p - c->s->window)};
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

bool sqi_csv_plain_rows(sqi_csv_scan *s, sqi_span block, bool last, size_t *at, sqi_csv_rows *to)
{
    const char *end = block.ptr + block.len;
    const sqi_csv_options *o = s->o;
    bool loop = (!o->multi_line || s->end1 == s->end2) && !o->nline_sep && !o->comments && o->max_chars < 0 &&
                o->max_columns > WINDOW;
    while (to->n < to->most && *at < block.len) {
        const char *p = block.ptr + *at;
        if (loop && s->window && p >= s->window && p < s->window + s->len) {
            cut_plain(s, &p, to);
            *at = (size_t)(p - block.ptr);
            if (to->n == to->most || p == end)
                return false;
        }
        cutter c = {.s = s, .p = p, .to = to->token + (size_t)to->n * to->ncol, .room = to->ncol};
        outcome is = cut_one(s, &c, end, last);
        if (is == SLOW || is == MORE)
            return is == SLOW;
        if (is == ROW)
            keep_fast(&c, to);
        *at = (size_t)(s->window - block.ptr) + c.end;
    }
    return false;
}
