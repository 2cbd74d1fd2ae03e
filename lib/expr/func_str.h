/*
 * func_str: what the text kernels share: reading views, and writing results into a heap of bytes.
 *
 * A heap hands out room in the arena piece by piece: reserve an upper bound, write, commit what was used. Twelve bytes
 * or less end inside the view and give their room back, so short results cost no memory at all.
 *
 *     char *to = sqi_heap_reserve(&heap, 3 * len);
 *     if (!to)
 *         return sqi_error_nomem(err);
 *     ... write n bytes ...
 *     SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, n);
 */
#ifndef SQI_FUNC_STR_H
#define SQI_FUNC_STR_H

#include "data_vec.h"
#include "func.h"

#define SQI_STR_AT(vec, i) (&SQI_AT(vec, sqi_str, i))
#define SQI_SPAN_AT(vec, i) sqi_str_span(SQI_STR_AT(vec, i))

typedef struct sqi_heap {
    sqi_arena *arena;
    char *next, *end;
} sqi_heap;

static inline void sqi_heap_init(sqi_heap *h, sqi_arena *arena)
{
    *h = (sqi_heap){arena, NULL, NULL};
}
/* A reserve of up to so many bytes comes out of a block, and next may be moved within it by hand. */
#define SQI_HEAP_SHARED 1024u
char *sqi_heap_more(sqi_heap *h, size_t size);

/* Room for `size` bytes, or NULL without memory. Valid until the next reserve unless it is committed. */
static inline char *sqi_heap_reserve(sqi_heap *h, size_t size)
{
    return size <= (size_t)(h->end - h->next) && h->next ? h->next : sqi_heap_more(h, size);
}

/* The first len bytes of what was reserved as a view. */
static inline sqi_str sqi_heap_commit(sqi_heap *h, const char *to, size_t len)
{
    if (len > SQI_STR_INLINE && to == h->next)
        h->next += len;
    return sqi_str_view(to, (uint32_t)len);
}

/* A copy of a span; false: no memory or longer than a string may be. */
bool sqi_heap_copy(sqi_heap *h, sqi_span from, sqi_str *to);

/* The error for a result beyond SQI_STR_MAX bytes. */
streamq_status sqi_str_too_long(streamq_error **err);

#define SQI_HIGH_BITS UINT64_C(0x8080808080808080)

static inline bool sqi_span_is_ascii(sqi_span s)
{
    uint64_t word, any = 0;
    size_t i = 0;
    for (; i + 8 <= s.len; i += 8) {
        memcpy(&word, s.ptr + i, 8);
        any |= word;
    }
    if (i < s.len && s.len >= 8) { /* the last eight again */
        memcpy(&word, s.ptr + s.len - 8, 8);
        any |= word;
        i = s.len;
    }
    for (; i < s.len; i++)
        any |= (unsigned char)s.ptr[i];
    return !(any & SQI_HIGH_BITS);
}

/* The same for a view: a short one is looked at as two words, its length being no more than 12. */
static inline bool sqi_str_is_ascii(const sqi_str *s)
{
    uint64_t word[2];
    if (s->len > SQI_STR_INLINE)
        return sqi_span_is_ascii(sqi_str_span(s));
    memcpy(word, s, sizeof word);
    return !((word[0] | word[1]) & SQI_HIGH_BITS);
}

/* The offset of `what` in `in` at or after `from`; SIZE_MAX: not there. An empty needle is found at `from`. */
size_t sqi_span_find(sqi_span in, sqi_span what, size_t from);

/* A growing array of views in an arena: the elements of the lists that a kernel makes. */
typedef struct sqi_strs {
    sqi_str *at;
    size_t n, cap;
} sqi_strs;

bool sqi_strs_grow(sqi_strs *s, size_t need, sqi_arena *arena);
static inline bool sqi_strs_put(sqi_strs *s, sqi_str v, sqi_arena *arena)
{
    if (s->n == s->cap && !sqi_strs_grow(s, s->n + 1, arena))
        return false;
    s->at[s->n++] = v;
    return true;
}
/* Make the views the child of a list vector of strings. */
streamq_status sqi_strs_finish(const sqi_strs *s, sqi_vec *list, streamq_error **err);

/* Resolve of most text rows, by their `types`: letters beyond the arguments given are optional ones, and all the 'y'
   are binary if every argument there is, else text. */
streamq_status sqi_str_resolve(sqi_binder *b, sqi_bound *node, streamq_error **err);
/* Apply a signature whose result stands for the element of array<string> without nulls. */
streamq_status sqi_str_resolve_array(sqi_binder *b, sqi_bound *node, const char *types, streamq_error **err);

#endif
