/*
 * func_blend: branches laid over each other. See the header.
 */
#include "func_blend.h"

#include "data_bits.h"
#include "func_loop.h"

SQI_LOOPS_VECTORIZE

enum { UNKNOWN, YES, NO };
enum { MOST_ARGS = 9, MOST_CALLS = 12 }; /* beyond, rows that take another branch cost more than splitting them off */

/* ---- which calls ---------------------------------------------------------------------------------------------- */

static bool is_word(const sqi_type *t)
{
    uint32_t width = sqi_type_width(t);
    return (width == 4 || width == 8) && t->id != SQI_ARRAY && t->id != SQI_MAP;
}

static bool is_cheap_call(const sqi_bound *e)
{
    const sqi_func *f = e->func;
    const char *name = f->name;
    if (f->form || !f->kernel || f->nulls != SQI_NULL_STRICT || (f->flags & SQI_FUNC_RANDOM))
        return false;
    return f->flags & SQI_FUNC_TOTAL || (name[1] == 0 && strchr("+-*", name[0])) ||
           (strcmp(name, "cast") == 0 && e->type->id == SQI_BIGINT && e->arg[0]->type->id == SQI_INT);
}

static bool is_cheap(const sqi_bound *e, uint32_t *calls)
{
    if (e->type->id != SQI_BOOLEAN && !is_word(e->type))
        return false;
    if (e->kind == SQI_BOUND_CONST || e->kind == SQI_BOUND_COLUMN)
        return true;
    if (e->kind != SQI_BOUND_CALL || !is_cheap_call(e) || ++*calls > MOST_CALLS)
        return false;
    for (uint32_t i = 0; i < e->narg; i++)
        if (!is_cheap(e->arg[i], calls))
            return false;
    return true;
}

static bool may_blend(const sqi_bound *e)
{
    uint32_t calls = 0;
    if (e->narg > MOST_ARGS || !is_word(e->type))
        return false;
    for (uint32_t i = 0; i < e->narg; i++)
        if (!is_cheap(e->arg[i], &calls))
            return false;
    return true;
}

/* ---- loops ---------------------------------------------------------------------------------------------------- */

#if defined(__GNUC__) && !defined(__clang__)
#define SAME_PLACE_ONLY _Pragma("GCC ivdep") /* `from` may be `to`, which keeps no row from its neighbours */
#else
#define SAME_PLACE_ONLY
#endif

#define LAY(T)                                           \
    do {                                                 \
        const T *x = value, *y = from;                   \
        T *z = to;                                       \
        SAME_PLACE_ONLY for (uint32_t i = 0; i < n; i++) \
        {                                                \
            const T a = x[i], b = y[i];                  \
            z[i] = yes[i] ? a : b;                       \
        }                                                \
    } while (0)
#define LAY_WIDTH      \
    if (width == 4)    \
        LAY(uint32_t); \
    else               \
        LAY(uint64_t)

typedef void lay(const uint8_t *yes, const void *value, const void *from, void *to, uint32_t n, uint32_t width);

static void lay_plain(const uint8_t *yes, const void *value, const void *from, void *to, uint32_t n, uint32_t width)
{
    LAY_WIDTH;
}

#if !defined(SQI_PORTABLE) && defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("avx2"))) static void lay_avx2(const uint8_t *yes, const void *value, const void *from, void *to,
                                                     uint32_t n, uint32_t width)
{
    LAY_WIDTH;
}

static lay *best(void)
{
    return __builtin_cpu_supports("avx2") ? lay_avx2 : lay_plain;
}
#else
static lay *best(void)
{
    return lay_plain;
}
#endif

/* n copies of one value, twice as many with every step. */
static void fill(void *to, const void *value, size_t n, size_t width)
{
    size_t all = n * width;
    memcpy(to, value, width);
    for (size_t have = width; have < all; have *= 2)
        memcpy((char *)to + have, to, have < all - have ? have : all - have);
}

/* Bits of the w-th 64 positions. */
static uint64_t bits_of(const uint8_t *yes, uint32_t w, uint32_t n)
{
    uint64_t bits = 0;
    for (uint32_t i = w * 64, k = 0; i < n && k < 64; i++, k++)
        bits |= (uint64_t)yes[i] << k;
    return bits;
}

static uint64_t valid_of(const sqi_vec *x, uint32_t w)
{
    return x->mask == 0 ? 0 - (uint64_t)sqi_vec_valid(x, 0) : x->valid ? x->valid[w] : UINT64_MAX;
}

/* ---- running -------------------------------------------------------------------------------------------------- */

/* A condition as a byte a row that is 1 where it is true and not null. */
static streamq_status as_bytes(sqi_call *call, const sqi_vec *condition, uint32_t n, const uint8_t **out,
                               streamq_error **err)
{
    *out = condition->data;
    if (condition->mask && !condition->valid)
        return STREAMQ_OK;
    uint8_t *to = sqi_arena_get(call->eval->arena, (size_t)n + 1);
    if (!to)
        return sqi_error_nomem(err);
    if (condition->mask == 0)
        memset(to, sqi_vec_valid(condition, 0) && SQI_AT(condition, uint8_t, 0), n);
    else
        for (uint32_t i = 0; i < n; i++)
            to[i] = (uint8_t)(SQI_AT(condition, uint8_t, i) & sqi_bits_get(condition->valid, i));
    *out = to;
    return STREAMQ_OK;
}

static void lay_valid(const uint8_t *const *yes, const sqi_vec *const *arg, uint32_t pairs, const sqi_vec *otherwise,
                      uint32_t n, uint64_t *to)
{
    for (uint32_t w = 0; w * 64 < n; w++) {
        uint64_t bits = valid_of(otherwise, w);
        for (uint32_t k = pairs; k-- > 0;) {
            uint64_t here = bits_of(yes[k], w, n);
            bits = (bits & ~here) | (valid_of(arg[2 * k + 1], w) & here);
        }
        to[w] = bits;
    }
}

/* The values of a vector side by side, also of a constant. */
static streamq_status as_values(sqi_call *call, const sqi_vec *v, uint32_t n, const void **out, streamq_error **err)
{
    *out = v->data;
    if (v->mask)
        return STREAMQ_OK;
    const size_t width = sqi_type_width(v->type);
    void *to = sqi_arena_array(call->eval->arena, n, width);
    if (!to)
        return sqi_error_nomem(err);
    fill(to, v->data, n, width);
    *out = to;
    return STREAMQ_OK;
}

static streamq_status lay_values(sqi_call *call, const uint8_t *const *yes, const sqi_vec *const *arg,
                                 const sqi_vec *otherwise, uint32_t n, sqi_vec *out, streamq_error **err)
{
    lay *const over = best();
    const void *value, *from;
    SQI_TRY(as_values(call, otherwise, n, &from, err));
    for (uint32_t k = call->node->narg / 2; k-- > 0; from = out->data) {
        SQI_TRY(as_values(call, arg[2 * k + 1], n, &value, err));
        over(yes[k], value, from, out->data, n, sqi_type_width(out->type));
    }
    return STREAMQ_OK;
}

static streamq_status blend(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const uint32_t narg = call->node->narg, pairs = narg / 2, n = rows.n;
    const sqi_vec *arg[MOST_ARGS], *otherwise;
    const uint8_t *yes[MOST_ARGS / 2];
    sqi_vec null;
    bool nulls = narg % 2 == 0;
    for (uint32_t k = 0; k < narg; k++) {
        SQI_TRY(sqi_form_arg(form, k, rows, &arg[k], err));
        if (k % 2 == 0 && k / 2 < pairs)
            SQI_TRY(as_bytes(call, arg[k], n, &yes[k / 2], err));
        else
            nulls |= arg[k]->valid != NULL;
    }
    if (nulls)
        SQI_TRY(sqi_vec_null(&null, call->node->type, call->eval->arena, err));
    otherwise = narg % 2 ? arg[narg - 1] : &null;
    if (nulls) {
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
        lay_valid(yes, arg, pairs, otherwise, n, out->valid);
    }
    return lay_values(call, yes, arg, otherwise, n, out, err);
}

streamq_status sqi_blend_case(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, bool *done,
                              streamq_error **err)
{
    sqi_blend *state = call->state;
    streamq_error *failed = NULL;
    *done = false;
    if (state->verdict == UNKNOWN)
        state->verdict = may_blend(call->node) ? YES : NO;
    if (state->verdict == NO || rows.sel || rows.n == 0)
        return STREAMQ_OK;
    streamq_status status = blend(form, call, rows, out, &failed);
    *done = status == STREAMQ_OK;
    if (*done)
        return STREAMQ_OK;
    if (status != STREAMQ_ERR_DATA)
        return sqi_error_pass(err, failed);
    sqi_error_free(failed);
    state->verdict = NO;
    return STREAMQ_OK;
}
