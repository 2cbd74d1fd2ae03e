/*
 * func_array: what array functions share, and the array side of functions that take texts too (concat, reverse).
 *
 * Nearly every array function gives elements that its arguments already have, in another choice or order. So a kernel
 * only writes the positions of the elements it wants (sqi_picks) and the vector is made by one gather at the end:
 * strings are shared, nested lists too, and no kernel knows about element types.
 */
#ifndef SQI_FUNC_ARRAY_H
#define SQI_FUNC_ARRAY_H

#include "func.h"

/* Positions of elements, growing in the arena; SQI_PICK_NULL is a null element. */
typedef struct sqi_picks {
    uint32_t *at;
    size_t n, cap;
    sqi_arena *arena;
} sqi_picks;

#define SQI_PICK_NULL UINT32_MAX

static inline void sqi_picks_init(sqi_picks *p, sqi_arena *arena)
{
    *p = (sqi_picks){NULL, 0, 0, arena};
}
bool sqi_picks_grow(sqi_picks *p, size_t more);
static inline bool sqi_picks_put(sqi_picks *p, uint32_t at)
{
    if (p->n == p->cap && !sqi_picks_grow(p, 1))
        return false;
    p->at[p->n++] = at;
    return true;
}
/* length positions from `first` on */
bool sqi_picks_run(sqi_picks *p, uint32_t first, uint32_t length);
/* The list that holds what was picked since `begin`. */
static inline sqi_list sqi_picks_list(const sqi_picks *p, size_t begin)
{
    return (sqi_list){(uint32_t)begin, (uint32_t)(p->n - begin)};
}
/* Make child c of `out` the picked positions of `from`. */
streamq_status sqi_picks_finish(sqi_picks *p, sqi_vec *out, uint32_t c, const sqi_vec *from, streamq_error **err);

/* Lists of all arguments joined row by row: child c of `out` is made of child c of each (1: a map's values). */
streamq_status sqi_array_join(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, uint32_t c,
                              streamq_error **err);
/* Resolve (array, value): both of one type, which the array and argument number `value` are cast to;
   DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES. A bare NULL for the array is the error null_array, or one of type. */
streamq_status sqi_array_resolve_value(sqi_binder *b, sqi_bound *node, uint32_t value, sqi_cond null_array,
                                       streamq_error **err);
/* concat of arrays. */
streamq_status sqi_array_resolve_concat(sqi_binder *b, sqi_bound *node, streamq_error **err);
streamq_status sqi_array_concat(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err);
/* reverse of an array. */
streamq_status sqi_array_reverse(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err);

#endif
