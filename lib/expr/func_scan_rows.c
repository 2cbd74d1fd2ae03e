/*
 * func_scan_rows: cutting many lines at once.
 *
 * Lines that a source has cut out of one text stand in it one after the other, a byte apart. Such a run is scanned as
 * one text, 64 bytes a step, however short its lines are: the places of the separator are bits, the ends of the lines
 * are more bits among them, and then every bit is the end of a piece that begins behind the bit before. How many pieces
 * a line has is a difference of counts. Lines that stand alone, and the last ones of a run, behind which nothing may be
 * read, go the careful way (sqi_scan_split).
 */
#include "base_scan.h"
#include "base_scan_ends.h"
#include "data_view.h"
#include "func_scan.h"

enum { STRETCH = 4096, STEPS = STRETCH / SQI_SCAN_WIDE, LINES = STRETCH / (SQI_STR_INLINE + 2) };

typedef struct cutter {
    const sqi_str *data;
    uint32_t mask; /* of positions */
    sqi_rows rows;
    char byte;
    sqi_list *list;
    sqi_strs *pieces;
    sqi_arena *arena;
    uint64_t bits[STEPS];
    uint32_t before[STEPS];
    uint32_t line_end[LINES]; /* of the run at hand, from its begin */
    uint32_t end[STRETCH + SQI_SCAN_ENDS_SLACK];
} cutter;

static inline uint32_t position(const cutter *c, uint32_t k)
{
    return c->rows.sel ? c->rows.sel[k] : k;
}

static inline const sqi_str *line_at(const cutter *c, uint32_t k)
{
    return &c->data[position(c, k) & c->mask];
}

static bool room(cutter *c, size_t more)
{
    sqi_strs *s = c->pieces;
    return s->cap - s->n >= more || sqi_strs_grow(s, s->n + more, c->arena);
}

static bool cut_alone(cutter *c, uint32_t k)
{
    const sqi_str *line = line_at(c, k);
    if (!room(c, (size_t)line->len + 1))
        return false;
    size_t n = sqi_scan_split(sqi_str_ptr(line), line->len, c->byte, c->pieces->at + c->pieces->n);
    c->list[position(c, k)] = (sqi_list){(uint32_t)c->pieces->n, (uint32_t)n};
    c->pieces->n += n;
    return true;
}

/* Lines from k on that stand a byte apart within a stretch; their ends are noted. */
static uint32_t find_run(cutter *c, uint32_t k)
{
    const sqi_str *line = line_at(c, k);
    const char *begin = sqi_str_ptr(line), *next = begin;
    uint32_t n = 0;
    for (; k + n < c->rows.n && n < LINES; n++) {
        line = line_at(c, k + n);
        if (line->len <= SQI_STR_INLINE || sqi_str_ptr(line) != next || (size_t)(next - begin) + line->len >= STRETCH)
            break;
        c->line_end[n] = (uint32_t)(next - begin) + line->len;
        next += line->len + 1;
    }
    return n;
}

/* What may be read behind a run of n lines: the lines that follow it in the same text, as far as it matters. */
static size_t readable(const cutter *c, uint32_t k, uint32_t n)
{
    size_t bytes = c->line_end[n - 1];
    const char *begin = sqi_str_ptr(line_at(c, k));
    for (uint32_t i = k + n; i < c->rows.n && bytes < (size_t)c->line_end[n - 1] + SQI_SCAN_WIDE; i++) {
        const sqi_str *line = line_at(c, i);
        if (line->len <= SQI_STR_INLINE || sqi_str_ptr(line) != begin + bytes + 1)
            break;
        bytes += 1 + (size_t)line->len;
    }
    return bytes;
}

static uint32_t steps_of(uint32_t last_end)
{
    return last_end / SQI_SCAN_WIDE + 1;
}

static bool cut_run(cutter *c, uint32_t k, uint32_t n)
{
    const char *text = sqi_str_ptr(line_at(c, k));
    uint32_t last = c->line_end[n - 1], steps = steps_of(last), begin = 0, first = 0;
    memset(c->bits, 0, steps * sizeof *c->bits);
    for (uint32_t i = 0; i < n; i++)
        c->bits[c->line_end[i] / SQI_SCAN_WIDE] |= UINT64_C(1) << c->line_end[i] % SQI_SCAN_WIDE;
    uint64_t last_mask = UINT64_MAX >> (SQI_SCAN_WIDE - 1 - last % SQI_SCAN_WIDE);
    uint32_t found = sqi_scan_ends(text, steps, c->byte, last_mask, c->bits, c->before, c->end);
    if (!room(c, found))
        return false;
    sqi_str *to = c->pieces->at + c->pieces->n;
    for (uint32_t i = 0; i < found; i++) {
        uint32_t end = c->end[i];
        sqi_view_cut(text + begin, end - begin, &to[i]);
        begin = end + 1;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t end = c->line_end[i], step = end / SQI_SCAN_WIDE;
        uint64_t upto = c->bits[step] & (UINT64_MAX >> (SQI_SCAN_WIDE - 1 - end % SQI_SCAN_WIDE));
        uint32_t next = c->before[step] + sqi_scan_count(upto);
        c->list[position(c, k + i)] = (sqi_list){(uint32_t)c->pieces->n + first, next - first};
        first = next;
    }
    c->pieces->n += found;
    return true;
}

bool sqi_scan_split_rows(const sqi_vec *text, sqi_rows rows, char byte, sqi_list *list, sqi_strs *pieces,
                         sqi_arena *arena)
{
    cutter c; /* only its head is set: the rest is written before it is read */
    c.data = text->data;
    c.mask = text->mask;
    c.rows = rows;
    c.byte = byte;
    c.list = list;
    c.pieces = pieces;
    c.arena = arena;
    for (uint32_t k = 0; k < rows.n;) {
        uint32_t n = find_run(&c, k);
        size_t bytes = n ? readable(&c, k, n) : 0;
        while (n && bytes < (size_t)steps_of(c.line_end[n - 1]) * SQI_SCAN_WIDE + SQI_VIEW_READS)
            n--;
        if (n < 2) {
            if (!cut_alone(&c, k++))
                return false;
            continue;
        }
        if (!cut_run(&c, k, n))
            return false;
        k += n;
    }
    return true;
}
