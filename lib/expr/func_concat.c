/*
 * func_concat: joining the texts of several columns. Each byte is copied once, into room shared by many rows; nothing
 * in the loop over rows depends on how long texts are, as long as they are small.
 */
#include "func_concat.h"

#include "func_array.h"
#include "func_view.h"

#define BLOCK 32768u /* bytes of room taken at once */

typedef struct joiner {
    sqi_call *call;
    const sqi_str *at[3]; /* the columns, a text that is the same in all rows only once if its place is in `fixed` */
    sqi_rows rows;
    char *to, *end;
    sqi_str *out;
    uint32_t *rest;
    streamq_error **err;
} joiner;

/* Room for a row of `need` bytes and what its copies write too much. */
static streamq_status more_room(joiner *j, size_t need)
{
    size_t most = (size_t)j->rows.n * need, size = most < BLOCK ? most : need > BLOCK ? need : BLOCK;
    j->to = sqi_arena_get(j->call->eval->arena, size + SQI_VIEW_ROOM);
    if (!j->to)
        return sqi_error_nomem(j->err);
    j->end = j->to + size;
    return STREAMQ_OK;
}

/* Any row. */
static streamq_status join_row(joiner *j, const sqi_vec *arg, uint32_t n, uint32_t i)
{
    size_t len = 0;
    for (uint32_t a = 0; a < n; a++)
        len += SQI_STR_AT(&arg[a], i)->len;
    if (len > SQI_STR_MAX)
        return sqi_str_too_long(j->err);
    if (!j->to || len > (size_t)(j->end - j->to))
        SQI_TRY(more_room(j, len));
    char *begin = j->to;
    for (uint32_t a = 0; a < n; a++) {
        sqi_span s = SQI_SPAN_AT(&arg[a], i);
        if (s.len)
            memcpy(j->to, s.ptr, s.len);
        j->to += s.len;
    }
    j->out[i] = sqi_str_view(begin, (uint32_t)len);
    return STREAMQ_OK;
}

#ifdef SQI_VIEW_FAST
/* What of a copy is too long is written over by the next. Most results are long and begin with four bytes of the first
   text: their views are ready at once. The others are made at the end, when their bytes have long been written.
   Bit a of `fixed`: text a is short and the same in all rows. */
static inline __attribute__((always_inline)) streamq_status join_small(joiner *j, const sqi_vec *arg, const uint32_t n,
                                                                       const uint32_t fixed)
{
    const sqi_str *const at[3] = {j->at[0], j->at[1], n > 2 ? j->at[2] : NULL};
    const sqi_str same[3] = {*at[0], *at[1], n > 2 ? *at[2] : *at[0]};
    const uint32_t *sel = j->rows.sel;
    uint32_t nrest = 0;
    char *to = j->to, *end = j->end;
    for (uint32_t k = 0; k < j->rows.n; k++) {
        uint32_t i = sel ? sel[k] : k;
        size_t len = 0;
#pragma GCC unroll 3
        for (uint32_t a = 0; a < n; a++)
            len += (fixed >> a & 1 ? same[a] : at[a][i]).len;
        if (__builtin_expect(len > (size_t)(end - to), 0)) {
            j->to = to, j->end = end;
            SQI_TRY(join_row(j, arg, n, i));
            to = j->to, end = j->end;
            continue;
        }
        const sqi_str *first = fixed & 1 ? &same[0] : &at[0][i];
        uint64_t view[2] = {len | sqi_load64(sqi_view_ptr(first)) << 32, (uint64_t)(uintptr_t)to};
#pragma GCC unroll 3
        for (uint32_t a = 0; a < n; a++) {
            if (fixed >> a & 1) {
                memcpy(to, same[a].u.inlined, SQI_STR_INLINE);
                to += same[a].len;
            } else {
                to = sqi_view_put(to, &at[a][i]);
            }
        }
        memcpy(&j->out[i], view, sizeof view);
        j->rest[nrest] = i;
        nrest += (uint32_t)(((int64_t)first->len - 4) >> 63 | ((int64_t)len - (SQI_STR_INLINE + 1)) >> 63) & 1;
    }
    for (uint32_t k = 0; k < nrest; k++) {
        sqi_str *s = &j->out[j->rest[k]];
        const char *begin;
        memcpy(&begin, s->u.out.pointer, sizeof begin);
        *s = sqi_view_of(begin, s->len);
    }
    return STREAMQ_OK;
}

/* Which of the texts are short and the same in all rows. The usual ways to put them have loops of their own; in the
   others they are spread out over the rows. */
static streamq_status join_columns(joiner *j, const sqi_vec *arg, uint32_t n)
{
    sqi_arena *arena = j->call->eval->arena;
    uint32_t fixed = 0;
    if (!(j->rest = sqi_arena_get(arena, ((size_t)j->rows.n + 1) * sizeof *j->rest)))
        return sqi_error_nomem(j->err);
    for (uint32_t a = 0; a < n; a++) {
        j->at[a] = arg[a].data;
        if (!arg[a].mask && j->at[a]->len <= SQI_STR_INLINE)
            fixed |= 1u << a;
    }
    switch (n << 3 | fixed) {
    case 2 << 3 | 1:
        return join_small(j, arg, 2, 1);
    case 2 << 3 | 2:
        return join_small(j, arg, 2, 2);
    case 3 << 3 | 2:
        return join_small(j, arg, 3, 2);
    default:
        break;
    }
    for (uint32_t a = 0; a < n; a++) {
        sqi_vec flat;
        SQI_TRY(sqi_vec_flatten(&flat, &arg[a], j->call->n, arena, j->err));
        j->at[a] = flat.data;
    }
    return n == 2 ? join_small(j, arg, 2, 0) : join_small(j, arg, 3, 0);
}
#endif

streamq_status sqi_concat(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    if (call->node->type->id == SQI_ARRAY)
        return sqi_array_concat(call, arg, rows, out, err);
    uint32_t n = call->node->narg;
    joiner j = {.call = call, .rows = rows, .out = out->data, .err = err};
#ifdef SQI_VIEW_FAST
    if (n == 2 || n == 3)
        return join_columns(&j, arg, n);
#endif
    for (SQI_EACH(rows, k, i))
        SQI_TRY(join_row(&j, arg, n, i));
    return STREAMQ_OK;
}
