/*
 * io_lines: see the header. Bytes are searched in windows, so that one search for LF never runs over many lines that
 * end in CR, and never twice over the same bytes of an unfinished line.
 */
#include "io_lines.h"

#include "base_scan.h"

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
    enum { WIDE = 64 };
    sqi_scan_byte lf = sqi_scan_byte_of('\n'), cr = sqi_scan_byte_of('\r');
    const char *begin = *p, *at = begin + l->searched;
    uint32_t n = 0;
    if (l->after_cr)
        return 0;
    for (; end - at >= WIDE && most - n >= WIDE; at += WIDE) {
        uint64_t hits = sqi_scan_hits64(at, lf);
        if (sqi_scan_hits64(at, cr))
            break;
        for (; hits; hits &= hits - 1) {
            const char *stop = at + __builtin_ctzll(hits);
            if (stop - begin > (ptrdiff_t)SQI_STR_MAX)
                return n;
            to[n++] = sqi_str_view(begin, (uint32_t)(stop - begin));
            *p = begin = stop + 1;
            l->searched = 0;
        }
        l->searched = (size_t)(at + WIDE - begin);
    }
    return n;
}
