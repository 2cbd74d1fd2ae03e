/*
 * io_lines: see the header. Bytes are searched in windows, so that one search for LF never runs over many lines that
 * end in CR, and never twice over the same bytes of an unfinished line.
 */
#include "io_lines.h"

#include "data_cut.h"

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

uint32_t sqi_io_lines_cut(const sqi_io_lines *l, const char **p, const char *end, sqi_str *to, uint32_t most)
{
    sqi_cut cut;
    uint32_t n;
    if (l->after_cr || l->searched)
        return 0;
    sqi_span lines = sqi_lines_first((sqi_span){*p, (size_t)(end - *p)}, most, &n);
    sqi_cut_begin(&cut, lines, '\n', '\n');
    *p += lines.len;
    return sqi_cut_next(&cut, to, n);
}
