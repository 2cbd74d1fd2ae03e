/*
 * agg_fused: see the header. Every loop is one inline function, compiled for each width of argument and each set of
 * words. Least and greatest are kept as unsigned numbers for which 0 is the neutral element, so that a new state needs
 * no test.
 */
#include "agg_fused.h"

#include "agg_form.h"
#include "agg_sum.h"
#include "agg_value.h"

enum { COUNT = 0, LEAST = 1, GREATEST = 2, AHEAD = 16, TRIAL = 256 };

#define SIGN (UINT64_C(1) << 63)
#define LOST (INT64_C(1) << 62) /* a bit of the count: a sum has been beyond the range */
#define NEAR (UINT64_C(1) << 52)
#define FAR SIGN /* FAR + place: the partial sum is in the list */

/* ---- which aggregates ----------------------------------------------------------------------------------------- */

/* Types that are integers up to 64 bits wide in a vector. */
static bool is_word(const sqi_type *t)
{
    return sqi_type_is_integral(t) || t->id == SQI_DATE || t->id == SQI_TIMESTAMP || t->id == SQI_TIMESTAMP_NTZ ||
           t->id == SQI_INTERVAL_YM || t->id == SQI_INTERVAL_DT;
}

/* Not an aggregate of the program's that has the same name. */
static bool is_called(const sqi_bound *node, const char *name)
{
    return node->agg == sqi_agg_find(sqi_span_of(name));
}

sqi_fused_kind sqi_fused_kind_of(const sqi_bound *node)
{
    if (node->filter || node->distinct || node->nsort || node->narg != 1)
        return SQI_FUSED_NONE;
    const sqi_sum_plan *plan = sqi_sum_plan_of(node);
    if (plan)
        return !sqi_type_is_integral(node->arg[0]->type) ? SQI_FUSED_NONE
               : plan->average                           ? SQI_FUSED_AVG
                                                         : SQI_FUSED_SUM;
    if (is_called(node, "count"))
        return SQI_FUSED_COUNT;
    if (!is_word(node->arg[0]->type))
        return SQI_FUSED_NONE;
    return is_called(node, "min") ? SQI_FUSED_MIN : is_called(node, "max") ? SQI_FUSED_MAX : SQI_FUSED_NONE;
}

bool sqi_fused_join(sqi_fused *f, const sqi_bound *node)
{
    sqi_fused_kind kind = sqi_fused_kind_of(node);
    if (kind == SQI_FUSED_NONE)
        return false;
    const sqi_bound *arg = node->arg[0];
    bool rows = kind == SQI_FUSED_COUNT && f->arg && !f->arg->nullable && !arg->nullable;
    if (!f->arg) {
        if (!is_word(arg->type) || !sqi_bound_deterministic(arg))
            return false;
        f->arg = arg;
    } else if (!rows && !sqi_bound_equal(f->arg, arg)) {
        return false;
    }
    f->top = f->top || kind == SQI_FUSED_MIN || kind == SQI_FUSED_MAX;
    f->sum = f->sum || kind == SQI_FUSED_SUM;
    f->avg = f->avg || kind == SQI_FUSED_AVG;
    if (kind == SQI_FUSED_SUM && !f->strict && sqi_sum_plan_of(node)->rule == SQI_SUM_FAIL)
        f->strict = node;
    return true;
}

bool sqi_fused_pays(const sqi_fused *f)
{
    return f->top || f->sum || f->avg;
}

static uint32_t partial_at(bool top)
{
    return top ? GREATEST + 1 : COUNT + 1;
}

uint32_t sqi_fused_size(const sqi_fused *f)
{
    uint32_t words = partial_at(f->top) + (f->sum || f->avg) + f->sum + f->avg;
    return words * (uint32_t)sizeof(int64_t);
}

void sqi_fused_fini(sqi_fused *f)
{
    sqi_alloc_free(f->alloc, f->far, f->far_cap * sizeof *f->far);
    f->far = NULL;
    f->far_cap = 0;
}

/* ---- a chunk -------------------------------------------------------------------------------------------------- */

static inline bool is_far(uint64_t partial)
{
    return (partial + NEAR) >> 53 != 0;
}

/* The sum was or would be outside the range of the word. */
static __attribute__((noinline)) streamq_status add_far(sqi_fused *f, int64_t *state, int64_t v, streamq_error **err)
{
    int64_t *partial = &state[partial_at(f->top)];
    if (!is_far((uint64_t)*partial)) {
        void *items = f->far;
        bool fine = sqi_alloc_grow(f->alloc, &items, &f->far_cap, (size_t)f->nfar + 1, sizeof *f->far);
        f->far = items;
        if (!fine)
            return sqi_error_nomem(err);
        f->far[f->nfar] = (sqi_fused_far){*partial, (double)*partial};
        *partial = (int64_t)(FAR + f->nfar++);
    }
    sqi_fused_far *far = &f->far[(uint64_t)*partial - FAR];
    far->real += (double)v;
    if (!__builtin_add_overflow(far->sum, v, &far->sum))
        return STREAMQ_OK;
    state[COUNT] |= LOST;
    return f->strict ? sqi_sum_overflow(f->strict, err) : STREAMQ_OK;
}

static inline __attribute__((always_inline)) int64_t value_at(const void *data, uint32_t width, uint32_t i)
{
    return width == 1   ? ((const int8_t *)data)[i]
           : width == 2 ? ((const int16_t *)data)[i]
           : width == 4 ? ((const int32_t *)data)[i]
                        : ((const int64_t *)data)[i];
}

static inline uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

typedef struct input {
    const uint32_t *group;
    const sqi_vec *arg;
    sqi_rows rows;
    uint32_t begin, end; /* of the rows */
    uint32_t news;       /* how many of them changed a least or a greatest; counted by the loops with tests */
} input;

/* Where a new least or greatest is rare, a test costs less than taking the larger and writing it back. */
static inline __attribute__((always_inline)) void take_top(int64_t *s, uint64_t x, bool rare, uint32_t *news)
{
    if (!rare) {
        s[LEAST] = (int64_t)larger((uint64_t)s[LEAST], ~x);
        s[GREATEST] = (int64_t)larger((uint64_t)s[GREATEST], x);
        return;
    }
    if (__builtin_expect(~x > (uint64_t)s[LEAST], 0)) {
        s[LEAST] = (int64_t)~x;
        ++*news;
    }
    if (__builtin_expect(x > (uint64_t)s[GREATEST], 0)) {
        s[GREATEST] = (int64_t)x;
        ++*news;
    }
}

static inline __attribute__((always_inline)) streamq_status take_in(sqi_fused *f, const sqi_states *states, input *in,
                                                                    uint32_t width, bool top, bool adds, bool dense,
                                                                    bool rare, streamq_error **err)
{
    const sqi_states at = *states;
    const uint32_t *sel = in->rows.sel, *group = in->group, mask = in->arg->mask, end = in->end;
    const void *data = in->arg->data;
    uint32_t news = 0;
    for (uint32_t k = in->begin; k < end; ++k) {
        uint32_t i = dense ? k : sel ? sel[k] : k;
        int64_t *s = sqi_states_at(&at, group[i]), v = value_at(data, width, dense ? i : i & mask);
        s[COUNT]++;
        if (top)
            take_top(s, (uint64_t)v ^ SIGN, rare, &news);
        if (adds) {
            uint64_t was = (uint64_t)s[partial_at(top)], sum = was + (uint64_t)v;
            if (__builtin_expect(((was + NEAR) | (sum + NEAR)) >> 53 != 0, 0))
                SQI_TRY(add_far(f, s, v, err));
            else
                s[partial_at(top)] = (int64_t)sum;
        }
    }
    in->news = news;
    return STREAMQ_OK;
}

/* All five of a column as it stands: the first rows tell whether a new least or greatest is rare. */
static inline __attribute__((always_inline)) streamq_status take_dense(sqi_fused *f, const sqi_states *states,
                                                                       input *in, uint32_t width, streamq_error **err)
{
    in->end = in->rows.n < TRIAL ? 0 : TRIAL;
    SQI_TRY(take_in(f, states, in, width, true, true, true, true, err));
    in->begin = in->end;
    in->end = in->rows.n;
    return in->begin && in->news < TRIAL / 16 ? take_in(f, states, in, width, true, true, true, true, err)
                                              : take_in(f, states, in, width, true, true, true, false, err);
}

static inline __attribute__((always_inline)) streamq_status take_width(sqi_fused *f, const sqi_states *states,
                                                                       input *in, uint32_t width, streamq_error **err)
{
    bool dense = !in->rows.sel && in->arg->mask;
    if (!f->sum && !f->avg)
        return take_in(f, states, in, width, true, false, false, false, err);
    if (!f->top)
        return take_in(f, states, in, width, false, true, false, false, err);
    return dense ? take_dense(f, states, in, width, err) : take_in(f, states, in, width, true, true, false, false, err);
}

streamq_status sqi_fused_step(sqi_fused *f, const sqi_states *states, const uint32_t *group, const sqi_vec *arg,
                              sqi_rows rows, streamq_error **err)
{
    input in = {group, arg, rows, 0, rows.n, 0};
    switch (sqi_type_width(arg->type)) {
    case 1:
        return take_width(f, states, &in, 1, err);
    case 2:
        return take_width(f, states, &in, 2, err);
    case 4:
        return take_width(f, states, &in, 4, err);
    default:
        return take_width(f, states, &in, 8, err);
    }
}

/* ---- the end of a micro-batch --------------------------------------------------------------------------------- */

static inline void add_real(int64_t *word, double v)
{
    double sum;
    memcpy(&sum, word, sizeof sum);
    sum += v;
    memcpy(word, &sum, sizeof sum);
}

static inline __attribute__((always_inline)) streamq_status merge(const sqi_fused *f, const sqi_states *states,
                                                                  const uint32_t *rows, uint32_t n, bool sum, bool avg,
                                                                  streamq_error **err)
{
    const sqi_states at = *states;
    const uint32_t partial = partial_at(f->top);
    for (uint32_t k = 0; k < n; ++k) {
        if (k + AHEAD < n)
            __builtin_prefetch(sqi_states_at(&at, rows[k + AHEAD]), 1);
        int64_t *s = sqi_states_at(&at, rows[k]);
        sqi_fused_far add = {s[partial], (double)s[partial]};
        if (__builtin_expect(is_far((uint64_t)s[partial]), 0))
            add = f->far[(uint64_t)s[partial] - FAR];
        int64_t total = 0;
        if (sum && __builtin_expect(__builtin_add_overflow(s[partial + 1], add.sum, &total), 0)) {
            if (f->strict)
                return sqi_sum_overflow(f->strict, err);
            s[COUNT] |= LOST;
        }
        if (sum)
            s[partial + 1] = total;
        s[partial] = 0;
        if (avg)
            add_real(&s[partial + 1 + sum], add.real);
    }
    return STREAMQ_OK;
}

streamq_status sqi_fused_merge(const sqi_fused *f, const sqi_states *states, const uint32_t *rows, uint32_t n,
                               streamq_error **err)
{
    if (!f->sum && !f->avg)
        return STREAMQ_OK;
    return f->sum && f->avg ? merge(f, states, rows, n, true, true, err)
           : f->sum         ? merge(f, states, rows, n, true, false, err)
                            : merge(f, states, rows, n, false, true, err);
}

void sqi_fused_merged(sqi_fused *f)
{
    f->nfar = 0;
}

/* ---- results -------------------------------------------------------------------------------------------------- */

static inline int64_t count_of(const int64_t *state)
{
    return state[COUNT] & ~LOST;
}

static void emit_counts(const int64_t *const *state, uint32_t n, int64_t *to)
{
    for (uint32_t k = 0; k < n; ++k)
        to[k] = count_of(state[k]);
}

static void emit_sums(const int64_t *const *state, uint32_t n, uint32_t word, int64_t *to)
{
    for (uint32_t k = 0; k < n; ++k)
        to[k] = state[k][word];
}

static void emit_averages(const int64_t *const *state, uint32_t n, uint32_t word, double *to)
{
    for (uint32_t k = 0; k < n; ++k) {
        double sum;
        int64_t count = count_of(state[k]);
        memcpy(&sum, &state[k][word], sizeof sum);
        to[k] = sum / (double)(count ? count : 1);
    }
}

/* A state without values gives the neutral element's number; it is null anyway. */
#define TOP(ctype)                                                        \
    for (uint32_t k = 0; k < n; ++k)                                      \
        ((ctype *)to)[at + k] = (ctype)((uint64_t)state[k][word] ^ turn); \
    break

static void emit_top(const int64_t *const *state, uint32_t n, bool least, uint32_t width, uint32_t at, void *to)
{
    const uint64_t turn = least ? ~SIGN : SIGN;
    const uint32_t word = least ? LEAST : GREATEST;
    switch (width) {
    case 1:
        TOP(uint8_t);
    case 2:
        TOP(uint16_t);
    case 4:
        TOP(uint32_t);
    default:
        TOP(uint64_t);
    }
}

/* Whether all results are there: for `gone` those that have a bit of it in their count are not. */
static bool all_there(const int64_t *const *state, uint32_t n, int64_t gone)
{
    bool all = true;
    for (uint32_t k = 0; k < n; ++k)
        all &= state[k][COUNT] != 0 && !(state[k][COUNT] & gone);
    return all;
}

bool sqi_fused_emit(const sqi_fused *f, const sqi_bound *node, sqi_fused_kind kind, const int64_t *const *state,
                    uint32_t at, uint32_t n, sqi_vec *out)
{
    uint32_t partial = partial_at(f->top);
    switch (kind) {
    case SQI_FUSED_SUM:
        emit_sums(state, n, partial + 1, SQI_OUT(out, int64_t) + at);
        break;
    case SQI_FUSED_AVG:
        emit_averages(state, n, partial + 1 + f->sum, SQI_OUT(out, double) + at);
        break;
    case SQI_FUSED_MIN:
    case SQI_FUSED_MAX:
        emit_top(state, n, kind == SQI_FUSED_MIN, sqi_type_width(out->type), at, out->data);
        break;
    default:
        emit_counts(state, n, SQI_OUT(out, int64_t) + at);
        return true;
    }
    int64_t gone = kind == SQI_FUSED_SUM && sqi_sum_plan_of(node)->rule == SQI_SUM_NULL ? LOST : 0;
    if (__builtin_expect(all_there(state, n, gone), 1))
        return true;
    for (uint32_t k = 0; k < n && out->valid; ++k)
        if (!state[k][COUNT] || state[k][COUNT] & gone)
            sqi_vec_set_null(out, at + k);
    return out->valid != NULL;
}

/* ---- checkpoints ---------------------------------------------------------------------------------------------- */

/* Least or greatest: whether there is one, then the values (agg_value.c). */
static streamq_status save_top(const sqi_fused *f, sqi_fused_kind kind, sqi_agg_run *run, const uint32_t *list,
                               uint32_t n, int64_t *held, sqi_buf *to, streamq_error **err)
{
    sqi_vec value;
    const int64_t *state;
    SQI_TRY(sqi_vec_make(&value, run->node->type, n, run->eval->arena, err));
    SQI_TRY(sqi_vec_bitmap(&value, n, true, run->eval->arena, err));
    for (uint32_t k = 0; k < n; ++k) {
        state = sqi_states_at(&run->states, list[k]);
        held[k] = state[COUNT] ? SQI_AGG_VALUE : SQI_AGG_NOTHING;
        sqi_fused_emit(f, run->node, kind, &state, k, 1, &value);
    }
    sqi_pack_ints(to, held, n);
    sqi_pack_column(to, &value, (sqi_rows){NULL, n}, run->eval->arena);
    return STREAMQ_OK;
}

streamq_status sqi_fused_save(const sqi_fused *f, sqi_fused_kind kind, sqi_agg_run *run, const uint32_t *list,
                              uint32_t n, sqi_buf *to, streamq_error **err)
{
    const uint32_t word = partial_at(f->top) + 1 + (kind == SQI_FUSED_AVG ? f->sum : 0);
    const bool may_go = kind == SQI_FUSED_SUM && sqi_sum_plan_of(run->node)->rule == SQI_SUM_NULL;
    int64_t *count = sqi_agg_form_room(run, n, err), *sum = sqi_agg_form_room(run, n, err);
    if (!count || !sum)
        return STREAMQ_ERR_NOMEM;
    if (kind == SQI_FUSED_MIN || kind == SQI_FUSED_MAX)
        return save_top(f, kind, run, list, n, count, to, err);
    for (uint32_t k = 0; k < n; ++k) {
        const int64_t *state = sqi_states_at(&run->states, list[k]);
        bool gone = may_go && state[COUNT] & LOST;
        count[k] = gone ? SQI_SUM_GONE : count_of(state);
        sum[k] = gone || kind == SQI_FUSED_COUNT ? 0 : state[word];
    }
    sqi_pack_ints(to, count, n);
    if (kind == SQI_FUSED_SUM)
        sqi_pack_ints(to, sum, n);
    else if (kind == SQI_FUSED_AVG)
        sqi_pack_reals(to, (const void *)sum, n);
    return STREAMQ_OK;
}

void sqi_fused_clear(const sqi_fused *f, const sqi_states *states, const uint32_t *list, uint32_t n)
{
    for (uint32_t k = 0; k < n; ++k)
        memset(sqi_states_at(states, list[k]), 0, sqi_fused_size(f));
}

static streamq_status load_top(sqi_fused_kind kind, sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from,
                               streamq_error **err)
{
    int64_t *held;
    sqi_vec value;
    SQI_TRY(sqi_agg_form_ints(run, from, n, SQI_AGG_NOTHING, SQI_AGG_VALUE, &held, err));
    SQI_TRY(sqi_unpack_column(from, run->node->type, n, &value, run->eval->arena, err));
    for (uint32_t k = 0; k < n; ++k) {
        int64_t *state = sqi_states_at(&run->states, list[k]);
        if (held[k] != SQI_AGG_VALUE || !sqi_vec_valid(&value, k))
            continue;
        uint64_t x = (uint64_t)value_at(value.data, sqi_type_width(value.type), k) ^ SIGN;
        state[kind == SQI_FUSED_MIN ? LEAST : GREATEST] = (int64_t)(kind == SQI_FUSED_MIN ? ~x : x);
        state[COUNT] |= state[COUNT] == 0; /* where nobody counts, the count only says that there are values */
    }
    return STREAMQ_OK;
}

streamq_status sqi_fused_load(const sqi_fused *f, sqi_fused_kind kind, sqi_agg_run *run, const uint32_t *list,
                              uint32_t n, sqi_bytes *from, streamq_error **err)
{
    const uint32_t word = partial_at(f->top) + 1 + (kind == SQI_FUSED_AVG ? f->sum : 0);
    int64_t *count, *sum = NULL;
    double *real = NULL;
    if (kind == SQI_FUSED_MIN || kind == SQI_FUSED_MAX)
        return load_top(kind, run, list, n, from, err);
    int64_t least = kind == SQI_FUSED_COUNT ? 0 : SQI_SUM_GONE;
    SQI_TRY(sqi_agg_form_ints(run, from, n, least, SQI_AGG_COUNT_MOST, &count, err));
    if (kind == SQI_FUSED_SUM)
        SQI_TRY(sqi_agg_form_ints(run, from, n, INT64_MIN, INT64_MAX, &sum, err));
    else if (kind == SQI_FUSED_AVG)
        SQI_TRY(sqi_agg_form_reals(run, from, n, &real, err));
    for (uint32_t k = 0; k < n; ++k) {
        int64_t *state = sqi_states_at(&run->states, list[k]);
        bool gone = count[k] == SQI_SUM_GONE;
        state[COUNT] = gone ? state[COUNT] | LOST : (state[COUNT] & LOST) | count[k];
        if (sum && !gone)
            state[word] = sum[k];
        if (real)
            memcpy(&state[word], &real[k], sizeof real[k]);
    }
    return STREAMQ_OK;
}
