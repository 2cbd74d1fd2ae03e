/*
 * io_lines: see the header. Bytes are searched in windows, so that one search for LF never runs over many lines that
 * end in CR, and never twice over the same bytes of an unfinished line.
 */
#include "io_lines.h"

#include "base_scan_ends.h"

static const char *find_end(const char *p, const char *end)
{
    enum { WINDOW = 256 };
    while (p < end) {
        size_t n = end - p < WINDOW ? (size_t)(end - p) : WINDOW;
        const char *lf = memchr(p, '\n', n);
        const char *cr = memchr(p, '\r', lf ? (size_t)(lf - p) : n);
        if (cr || lf)
            return cr ? cr : lf;
        p += n;
    }
    return NULL;
}

bool sqi_io_lines_next(sqi_io_lines *l, const char **p, const char *end, bool last, sqi_span *line)
{
    if (l->after_cr && *p < end) {
        *p += **p == '\n';
        l->after_cr = false;
    }
    const char *stop = *p < end ? find_end(*p + l->searched, end) : NULL;
    if (!stop && !(last && *p < end)) {
        l->searched = (size_t)(end - *p);
        return false;
    }
    *line = (sqi_span){*p, (size_t)((stop ? stop : end) - *p)};
    l->after_cr = stop && *stop == '\r';
    l->searched = 0;
    *p = stop ? stop + 1 : end;
    return true;
}

uint32_t sqi_io_lines_cut(sqi_io_lines *l, const char **p, const char *end, sqi_str *to, uint32_t most)
{
    enum { STEPS = 32 };
    uint32_t stop[STEPS * SQI_SCAN_WIDE + SQI_SCAN_ENDS_SLACK], n = 0;
    const char *begin = *p, *at = begin + l->searched;
    if (l->after_cr)
        return 0;
    for (;;) {
        size_t left = (size_t)(end - at) / SQI_SCAN_WIDE, fit = (most - n) / SQI_SCAN_WIDE;
        uint32_t wanted = (uint32_t)(left < fit ? left : fit), steps = wanted < STEPS ? wanted : STEPS, asked = steps;
        uint32_t found = steps ? sqi_scan_lines(at, &steps, stop) : 0;
        for (uint32_t k = 0; k < found; k++) {
            const char *line_end = at + stop[k];
            if (line_end - begin > (ptrdiff_t)SQI_STR_MAX)
                return n;
            to[n++] = sqi_str_view(begin, (uint32_t)(line_end - begin));
            *p = begin = line_end + 1;
            l->searched = 0;
        }
        at += (size_t)steps * SQI_SCAN_WIDE;
        if (steps)
            l->searched = (size_t)(at - begin);
        if (!steps || steps < asked)
            return n;
    }
}
