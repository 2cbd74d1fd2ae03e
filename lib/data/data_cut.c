/*
 * data_cut: see the header. Places are noted for a stretch of the text, then views are made of them; nothing is read
 * beyond the text, so the last few views are made the careful way.
 */
#include "data_cut.h"

#include "data_view.h"

void sqi_cut_begin(sqi_cut *c, sqi_span text, char first, char second)
{
    c->begin = c->from = c->at = text.ptr;
    c->end = text.ptr + text.len;
    c->first = first;
    c->second = second;
    c->next = c->n = 0;
}

/* False: nothing is left. */
static bool scan(sqi_cut *c)
{
    size_t left = (size_t)(c->end - c->at), steps = left / SQI_SCAN_WIDE;
    c->from = c->at;
    c->next = 0;
    if (steps) {
        steps = steps < SQI_CUT_STEPS ? steps : SQI_CUT_STEPS;
        c->n = sqi_scan_ends_two(c->at, (uint32_t)steps, c->first, c->second, c->stop);
        c->at += steps * SQI_SCAN_WIDE;
        return true;
    }
    char last[SQI_SCAN_WIDE] = {0};
    memcpy(last, c->at, left);
    c->n = left ? sqi_scan_ends_two(last, 1, c->first, c->second, c->stop) : 0;
    while (c->n && c->stop[c->n - 1] >= left) /* zeros may be one of the bytes */
        c->n--;
    c->at = c->end;
    return left != 0;
}

/* n pieces; they begin before c->at. */
static void make(sqi_cut *c, sqi_str *to, uint32_t n)
{
    const char *begin = c->begin, *from = c->from;
    const uint32_t *stop = c->stop + c->next;
    bool wide = c->end - c->at >= SQI_VIEW_READS;
    for (uint32_t k = 0; wide && k < n; k++) {
        const char *end = from + stop[k];
        sqi_view_cut(begin, (size_t)(end - begin), &to[k]);
        begin = end + 1;
    }
    for (uint32_t k = 0; !wide && k < n; k++) {
        const char *end = from + stop[k];
        if (c->end - begin >= SQI_VIEW_READS)
            sqi_view_cut(begin, (size_t)(end - begin), &to[k]);
        else
            to[k] = sqi_str_view(begin, (uint32_t)(end - begin));
        begin = end + 1;
    }
    c->begin = begin;
    c->next += n;
}

uint32_t sqi_cut_next(sqi_cut *c, sqi_str *to, uint32_t most)
{
    uint32_t n = 0;
    while (n < most) {
        uint32_t here = c->n - c->next, some = here < most - n ? here : most - n;
        if (!here && !scan(c))
            break;
        make(c, to + n, some);
        n += some;
    }
    return n;
}

sqi_span sqi_lines_first(sqi_span text, uint32_t most, uint32_t *n)
{
    size_t bytes;
    *n = sqi_scan_lines(text.ptr, text.len < SQI_LINES_MOST ? text.len : SQI_LINES_MOST, most, &bytes);
    return (sqi_span){text.ptr, bytes};
}

sqi_chunk sqi_lines_chunk(sqi_vec *column, sqi_span lines, uint32_t n)
{
    *column = (sqi_vec){.type = &sqi_type_string, .mask = UINT32_MAX};
    return (sqi_chunk){.n = n, .ncol = 1, .rows = {NULL, n}, .col = column, .lines = lines};
}

streamq_status sqi_lines_cut(sqi_chunk *out, sqi_vec *column, const sqi_chunk *in, sqi_arena *arena,
                             streamq_error **err)
{
    sqi_cut cut;
    *out = *in;
    *column = in->col[0];
    out->col = column;
    out->lines = (sqi_span){NULL, 0};
    if (!(column->data = sqi_arena_get(arena, (size_t)in->n * sizeof(sqi_str))))
        return sqi_error_nomem(err);
    sqi_cut_begin(&cut, in->lines, '\n', '\n');
    sqi_cut_next(&cut, column->data, in->n);
    return STREAMQ_OK;
}
