/*
 * func_scan_rows: cutting many lines at once.
 *
 * Lines of one text stand one after the other, so behind nearly every line there are bytes that may be read: those of
 * the next ones. There the scan takes 64 bytes at a time however short the line is, notes where pieces begin and end
 * without asking how many there are, and makes the views of a few hundred pieces in one plain loop. The last line of
 * such a run goes the careful way (sqi_scan_split).
 */
#include "base_scan.h"
#include "func_scan.h"
#include "func_scan_view.h"

enum { LINES = 256, CUTS = 512, AT_ONCE = 8, WIDE = 64 };

typedef struct cuts {
    sqi_strs *to;
    sqi_arena *arena;
    uint32_t n;
    const char *begin[CUTS + WIDE + AT_ONCE + 2], *end[CUTS + WIDE + AT_ONCE + 2];
} cuts;

static bool make_views(cuts *c)
{
    sqi_strs *s = c->to;
    if (s->cap - s->n < c->n && !sqi_strs_grow(s, s->n + c->n, c->arena))
        return false;
    sqi_str *to = s->at + s->n;
    for (uint32_t k = 0; k < c->n; k++)
        sqi_scan_view(c->begin[k], (size_t)(c->end[k] - c->begin[k]), &to[k]);
    s->n += c->n;
    c->n = 0;
    return true;
}

/* Baseline x86-64 has no instruction for it, and the compiler's helper is a call. */
static inline uint32_t count_bits(uint64_t x)
{
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (uint32_t)(x * UINT64_C(0x0101010101010101) >> 56);
}

/* The ends among the next 64 bytes. Eight are noted always, as a branch on their number would often be guessed wrong;
   what is noted beyond the number is written over. */
static inline uint32_t note_hits(cuts *c, uint32_t n, const char *p, uint64_t hits)
{
    uint32_t found = count_bits(hits);
    for (uint32_t k = 0; k < AT_ONCE; k++, hits &= hits - 1) {
        const char *stop = p + __builtin_ctzll(hits | UINT64_C(1) << 63);
        c->end[n + k] = stop;
        c->begin[n + k + 1] = stop + 1;
    }
    for (uint32_t k = AT_ONCE; hits; k++, hits &= hits - 1) {
        const char *stop = p + __builtin_ctzll(hits);
        c->end[n + k] = stop;
        c->begin[n + k + 1] = stop + 1;
    }
    return n + found;
}

/* A line behind which 64 bytes may be read. */
static bool cut_line(cuts *c, const char *p, const char *end, sqi_scan_byte byte)
{
    uint32_t n = c->n;
    c->begin[n] = p;
    for (; p < end; p += WIDE) {
        uint64_t hits = sqi_scan_hits64(p, byte);
        if (end - p < WIDE)
            hits &= (UINT64_C(1) << (end - p)) - 1;
        n = note_hits(c, n, p, hits);
        if (n < CUTS)
            continue;
        const char *open = c->begin[n]; /* of the piece whose end is not known yet */
        c->n = n;
        if (!make_views(c))
            return false;
        n = 0;
        c->begin[0] = open;
    }
    c->end[n] = end;
    c->n = n + 1;
    return c->n < CUTS || make_views(c);
}

static bool cut_line_carefully(cuts *c, sqi_span line, char byte)
{
    sqi_strs *s = c->to;
    if (!make_views(c) || (s->cap - s->n <= line.len && !sqi_strs_grow(s, s->n + line.len + 1, c->arena)))
        return false;
    s->n += sqi_scan_split(line.ptr, line.len, byte, s->at + s->n);
    return true;
}

/* room[k]: the end of the bytes that may be read from line k on. Lines that a separator or two part stand in one text. */
static void find_room(const sqi_vec *text, uint32_t positions, const uint32_t *at, uint32_t n, const char **room)
{
    const sqi_str *data = text->data;
    const char *next = NULL, *next_room = NULL;
    for (uint32_t k = n; k-- > 0;) {
        const sqi_str *s = &data[at[k] & text->mask];
        const char *p = sqi_str_ptr(s), *end = p + s->len;
        bool inlined = s->len <= SQI_STR_INLINE, joined = next && next >= end && next - end <= 2;
        room[k] = inlined ? (const char *)(data + positions) : joined ? next_room : end;
        next = inlined ? NULL : p;
        next_room = room[k];
    }
}

bool sqi_scan_split_rows(const sqi_vec *text, uint32_t positions, sqi_rows rows, char byte, sqi_list *list,
                         sqi_strs *pieces, sqi_arena *arena)
{
    cuts c;
    c.to = pieces;
    c.arena = arena;
    c.n = 0;
    sqi_scan_byte wanted = sqi_scan_byte_of(byte);
    for (uint32_t begin = 0; begin < rows.n; begin += LINES) {
        uint32_t n = rows.n - begin < LINES ? rows.n - begin : LINES, at[LINES];
        const char *room[LINES];
        for (uint32_t k = 0; k < n; k++)
            at[k] = rows.sel ? rows.sel[begin + k] : begin + k;
        find_room(text, text->mask ? positions : 1, at, n, room);
        for (uint32_t k = 0; k < n; k++) {
            sqi_span line = sqi_str_span(&((const sqi_str *)text->data)[at[k] & text->mask]);
            size_t first = pieces->n + c.n;
            bool wide = (size_t)(room[k] - (line.ptr + line.len)) >= WIDE;
            if (!(wide ? cut_line(&c, line.ptr, line.ptr + line.len, wanted) : cut_line_carefully(&c, line, byte)))
                return false;
            list[at[k]] = (sqi_list){(uint32_t)first, (uint32_t)(pieces->n + c.n - first)};
        }
    }
    return make_views(&c);
}
