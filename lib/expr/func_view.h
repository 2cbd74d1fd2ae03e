/*
 * func_view: string views made and read without a branch on their length, for loops over many short texts: lengths
 * differ from row to row, so a branch on 12 bytes is guessed wrong half of the time.
 *
 * Only bytes that belong to the text, to its view, or to room that the caller vouches for are read. The fast forms
 * need little-endian order; elsewhere the plain ones of data_vec.h do the work.
 */
#ifndef SQI_FUNC_VIEW_H
#define SQI_FUNC_VIEW_H

#include "data_view.h"
#include "func_str.h"

#define SQI_VIEW_ROOM 16u /* bytes that sqi_view_put may write, and sqi_view_of may read, beyond the end */

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SQI_VIEW_FAST 1

static inline uint64_t sqi_load64(const char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* All ones for a short text, else 0: a mask where compilers would jump. */
static inline uint64_t sqi_view_is_short(uint32_t len)
{
    return (uint64_t)(((int64_t)len - (SQI_STR_INLINE + 1)) >> 63);
}

/* Where the bytes stand, as sqi_str_ptr. */
static inline const char *sqi_view_ptr(const sqi_str *s)
{
    uint64_t out = sqi_load64(s->u.out.pointer), in = (uint64_t)(uintptr_t)s->u.inlined;
    return (const char *)(uintptr_t)(out ^ ((out ^ in) & sqi_view_is_short(s->len)));
}

static inline uint32_t sqi_load32(const char *p)
{
    uint32_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* The view of a text at p whose first 4 bytes and the 8 behind them are given, as far as there are any. */
static inline sqi_str sqi_view_pack(uint32_t first, uint64_t next, const char *p, uint32_t len)
{
    const char *keep = (const char *)sqi_view_keep[len <= SQI_STR_INLINE ? len : SQI_STR_INLINE + 1];
    uint64_t is_long = (uint64_t)((SQI_STR_INLINE - (int64_t)len) >> 63);
    uint64_t word[2] = {len | (uint64_t)(first & sqi_load32(keep)) << 32,
                        (next & sqi_load64(keep + 4)) | ((uint64_t)(uintptr_t)p & is_long)};
    sqi_str view;
    memcpy(&view, word, sizeof view);
    return view;
}

/* sqi_str_view of a text with SQI_VIEW_ROOM bytes behind it. */
static inline sqi_str sqi_view_of(const char *ptr, size_t len)
{
    return sqi_view_pack(sqi_load32(ptr), sqi_load64(ptr + 4), ptr, (uint32_t)len);
}

/* A part of a text of which `room` bytes (12 or more) may be read at ptr: from + len <= room. */
static inline sqi_str sqi_view_in(const char *ptr, size_t room, size_t from, size_t len, const char *stays)
{
    size_t first = from < room - 4 ? from : room - 4, next = from + 4 < room - 8 ? from + 4 : room - 8;
    uint32_t shift =
        8 * (uint32_t)(from + 4 - next); /* 64 or more if the part is that short that it has no such bytes */
    return sqi_view_pack(sqi_load32(ptr + first) >> (8 * (from - first) & 31), sqi_load64(ptr + next) >> (shift & 63),
                         stays + from, (uint32_t)len);
}

/* A part of a text as a view: at + len <= s->len. */
static inline sqi_str sqi_view_part(const sqi_str *s, size_t at, size_t len)
{
    const char *p = sqi_view_ptr(s);
    return sqi_view_in(p, s->len > SQI_STR_INLINE ? s->len : SQI_STR_INLINE, at, len, p);
}

/* Copies a text; there is room for SQI_VIEW_ROOM bytes more. */
static inline char *sqi_view_put(char *to, const sqi_str *s)
{
    const char *p = sqi_view_ptr(s);
    uint32_t len = s->len, tail = 4 + ((len - SQI_STR_INLINE) & ~(uint32_t)sqi_view_is_short(len));
    uint64_t first = sqi_load64(p), next = sqi_load64(p + 4), last = sqi_load64(p + tail);
    memcpy(to, &first, 8);
    memcpy(to + 4, &next, 8);
    if (__builtin_expect(len > 20, 0)) {
        if (len > 64) {
            memcpy(to, p, len);
            return to + len;
        }
        for (uint32_t i = 12; i < tail; i += 8) {
            uint64_t w = sqi_load64(p + i);
            memcpy(to + i, &w, 8);
        }
    }
    memcpy(to + tail, &last, 8);
    return to + len;
}
#else
static inline uint64_t sqi_view_is_short(uint32_t len)
{
    return len <= SQI_STR_INLINE ? UINT64_MAX : 0;
}

static inline const char *sqi_view_ptr(const sqi_str *s)
{
    return sqi_str_ptr(s);
}

static inline sqi_str sqi_view_of(const char *ptr, size_t len)
{
    return sqi_str_view(ptr, (uint32_t)len);
}

static inline sqi_str sqi_view_part(const sqi_str *s, size_t at, size_t len)
{
    return sqi_str_view(sqi_str_ptr(s) + at, (uint32_t)len);
}

static inline char *sqi_view_put(char *to, const sqi_str *s)
{
    if (s->len)
        memcpy(to, sqi_str_ptr(s), s->len);
    return to + s->len;
}
#endif

#endif
