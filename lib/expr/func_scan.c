/*
 * func_scan: the vector scan for one byte and the fast writing of string views.
 *
 * Loads are 16 bytes wide. The one that would leave the line is moved back and its result shifted; a line of less than
 * 16 bytes is copied first. A view of a short piece is made from such a load and a mask, without a call to memcpy,
 * which needs little-endian order; elsewhere sqi_str_view does it.
 */
#include "func_scan.h"

#include "base_scan.h"
#include "data_view.h"

#define WIDE 16u

typedef struct line {
    const char *ptr;
    size_t len;
    const char *loads; /* where to load from: ptr, or the copy */
    size_t room;       /* bytes that may be read there */
    char padded[2 * WIDE];
} line;

static inline void line_begin(line *l, const char *ptr, size_t len)
{
    l->ptr = l->loads = ptr;
    l->len = l->room = len;
    if (len < WIDE) {
        memset(l->padded, 0, sizeof l->padded);
        for (size_t i = 0; i < len; i++)
            l->padded[i] = ptr[i];
        l->loads = l->padded;
        l->room = sizeof l->padded;
    }
}

/* Bit k is set where byte at + k of the line is the byte, for up to 64 bytes. */
static inline uint64_t hits64(const line *l, size_t at, sqi_scan_byte byte)
{
    uint64_t bits = 0;
    for (uint32_t k = 0; k < 64 && at < l->len; k += WIDE, at += WIDE) {
        size_t from = at + WIDE <= l->room ? at : l->room - WIDE;
        uint64_t some = sqi_scan_hits16(l->loads + from, byte) >> (at - from);
        size_t left = l->len - at;
        if (left < WIDE)
            some &= (1u << left) - 1;
        bits |= some << k;
    }
    return bits;
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* The 16 bytes at an offset; those beyond the end have any value. */
static inline void load16(const line *l, size_t at, uint64_t to[2])
{
    if (at + WIDE <= l->room) {
        memcpy(to, l->loads + at, WIDE);
        return;
    }
    unsigned __int128 x;
    memcpy(&x, l->loads + l->room - WIDE, WIDE);
    x = at < l->len ? x >> (8 * (at + WIDE - l->room)) : 0;
    memcpy(to, &x, WIDE);
}

static inline void cut(const line *l, size_t from, size_t end, sqi_str *to)
{
    uint64_t word[2];
    load16(l, from, word);
    sqi_view_cut_of(word[0], word[1], l->ptr + from, end - from, to);
}
#else
static inline void cut(const line *l, size_t from, size_t end, sqi_str *to)
{
    *to = sqi_str_view(l->ptr + from, (uint32_t)(end - from));
}
#endif

size_t sqi_scan_split(const char *ptr, size_t len, char byte, sqi_str *to)
{
    line l;
    size_t from = 0, n = 0;
    sqi_scan_byte wanted = sqi_scan_byte_of(byte);
    line_begin(&l, ptr, len);
    for (size_t at = 0; at < len; at += 64)
        for (uint64_t hits = hits64(&l, at, wanted); hits; hits &= hits - 1) {
            size_t end = at + (size_t)__builtin_ctzll(hits);
            cut(&l, from, end, &to[n++]);
            from = end + 1;
        }
    cut(&l, from, len, &to[n++]);
    return n;
}

/* ---- a text in a text ----------------------------------------------------------------------------------------- */

#define NEEDLE_MAX 32u /* longer ones go to the C library, which never compares a byte twice too often */

static size_t find_long(sqi_span in, sqi_span what, size_t from)
{
    const char *p = memmem(in.ptr + from, in.len - from, what.ptr, what.len);
    return p ? (size_t)(p - in.ptr) : SIZE_MAX;
}

/* Places where the first and the last byte of `what` stand at their distance, 16 at a time; few are no hit. The last
   load is moved back, so that it does not leave the text. */
size_t sqi_scan_find(sqi_span in, sqi_span what, size_t from)
{
    if (from > in.len || what.len > in.len - from)
        return SIZE_MAX;
    size_t places = in.len - what.len + 1, last = what.len - 1;
    sqi_scan_byte front = sqi_scan_byte_of(what.ptr[0]), back = sqi_scan_byte_of(what.ptr[last]);
    if (what.len > NEEDLE_MAX)
        return find_long(in, what, from);
    for (; places < WIDE && from < places; from++)
        if (in.ptr[from] == what.ptr[0] && memcmp(in.ptr + from, what.ptr, what.len) == 0)
            return from;
    while (from < places) {
        size_t at = from + WIDE <= places ? from : places - WIDE;
        uint32_t hits = sqi_scan_hits16(in.ptr + at, front) & sqi_scan_hits16(in.ptr + at + last, back);
        hits &= UINT32_MAX << (from - at);
        for (; hits; hits &= hits - 1) {
            size_t k = at + (size_t)__builtin_ctz(hits);
            if (what.len <= 2 || memcmp(in.ptr + k + 1, what.ptr + 1, what.len - 2) == 0)
                return k;
        }
        from = at + WIDE;
    }
    return SIZE_MAX;
}
