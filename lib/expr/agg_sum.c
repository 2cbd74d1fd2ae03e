/*
 * agg_sum: sum, avg and their try_ forms over numbers and intervals.
 *
 * Integers add up in 64 bits, float and double in double, decimals in 128 bits within ten more digits than the argument
 * has. avg keeps the sum of numbers as a double, of decimals and intervals exactly. What happens beyond the range is
 * Spark's: ANSI mode fails (decimals when the result is asked for, integers at once), try_ forms stay NULL for good,
 * without ANSI integers wrap. Overflow and last digits depend on the order of additions, so streams add each
 * micro-batch up on its own first (SQI_AGG_PARTIAL).
 */
#include "agg_sum.h"

#include "agg_form.h"
#include "data_decimal.h"

typedef __int128 wide __attribute__((aligned(8)));

typedef struct total {
    union {
        int64_t i;
        double d;
        wide m;
    } sum;
    int64_t count; /* values added; LOST: beyond the range */
} total;

#define LOST INT64_MIN

static const sqi_sum_plan plans[2][3] = {{{SQI_SUM_FAIL, false}, {SQI_SUM_WRAP, false}, {SQI_SUM_NULL, false}},
                                         {{SQI_SUM_FAIL, true}, {SQI_SUM_WRAP, true}, {SQI_SUM_NULL, true}}};

static const sqi_sum_plan *plan_of(const sqi_agg_run *run)
{
    return run->node->data;
}

static bool is_interval(const sqi_type *t)
{
    return t->id == SQI_INTERVAL_YM || t->id == SQI_INTERVAL_DT;
}

/* ---- binding -------------------------------------------------------------------------------------------------- */

static int at_most(int n, int most)
{
    return n < most ? n : most;
}

static const sqi_type *sum_type(sqi_type_pool *pool, const sqi_type *t)
{
    if (t->id == SQI_DECIMAL)
        return sqi_type_decimal(pool, at_most(t->precision + 10, 38), t->scale);
    if (is_interval(t))
        return t;
    return sqi_type_is_integral(t) ? &sqi_type_bigint : &sqi_type_double;
}

static const sqi_type *avg_type(sqi_type_pool *pool, const sqi_type *t)
{
    if (t->id == SQI_DECIMAL)
        return sqi_type_decimal(pool, at_most(t->precision + 4, 38), at_most(t->scale + 4, 38));
    if (t->id == SQI_INTERVAL_YM)
        return sqi_type_interval_ym(SQI_YEAR, SQI_MONTH);
    if (t->id == SQI_INTERVAL_DT)
        return sqi_type_interval_dt(SQI_DAY, SQI_SECOND);
    return &sqi_type_double;
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, bool average, bool try_form, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    if (t->id == SQI_VOID || t->id == SQI_STRING || t->id == SQI_TIMESTAMP) {
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], &sqi_type_double, err));
        t = &sqi_type_double;
    }
    if (!sqi_type_is_numeric(t) && !is_interval(t))
        return sqi_bind_arg_type_error(b, node, 0, "(\"NUMERIC\" or \"ANSI INTERVAL\")", err);
    node->type = average ? avg_type(b->eval->pool, t) : sum_type(b->eval->pool, t);
    node->nullable = true;
    node->data = &plans[average][try_form ? SQI_SUM_NULL : b->eval->ansi ? SQI_SUM_FAIL : SQI_SUM_WRAP];
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status resolve_sum(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve(b, node, false, false, err);
}

static streamq_status resolve_try_sum(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve(b, node, false, true, err);
}

static streamq_status resolve_avg(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve(b, node, true, false, err);
}

static streamq_status resolve_try_avg(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve(b, node, true, true, err);
}

/* ---- adding --------------------------------------------------------------------------------------------------- */

streamq_status sqi_sum_overflow(const sqi_bound *node, streamq_error **err)
{
    const char *name = node->agg->name, *other = ((const sqi_sum_plan *)node->data)->average ? "try_avg" : "try_sum";
    if (is_interval(node->type))
        return sqi_error_set(err, SQI_COND_INTERVAL_ARITHMETIC_OVERFLOW__WITH_SUGGESTION,
                             "%s: the sum is beyond the range of intervals; use %s to get NULL instead", name, other);
    return sqi_error_set(err, SQI_COND_ARITHMETIC_OVERFLOW,
                         "%s: the sum is beyond the range of its type; use %s to get NULL instead", name, other);
}

static streamq_status add_int(const sqi_agg_run *run, total *s, int64_t v, streamq_error **err)
{
    int64_t sum;
    bool beyond = __builtin_add_overflow(s->sum.i, v, &sum);
    if (run->node->type->id == SQI_INTERVAL_YM)
        beyond = beyond || sum != (int32_t)sum;
    if (beyond &&
        (plan_of(run)->rule == SQI_SUM_FAIL || (plan_of(run)->rule == SQI_SUM_WRAP && is_interval(run->node->type))))
        return sqi_sum_overflow(run->node, err);
    if (beyond && plan_of(run)->rule == SQI_SUM_NULL)
        s->count = LOST;
    s->sum.i = sum;
    return STREAMQ_OK;
}

static void add_decimal(const sqi_agg_run *run, total *s, sqi_int128 v)
{
    sqi_int128 sum;
    const sqi_type *t = run->node->arg[0]->type;
    if (__builtin_add_overflow((sqi_int128)s->sum.m, v, &sum) || !sqi_decimal_fits(sum, at_most(t->precision + 10, 38)))
        s->count = LOST;
    s->sum.m = sum;
}

/* The usual case, an error on overflow and the whole range of 64 bits, is a loop of its own. */
#define INTS(ctype)                                                                 \
    if (direct) {                                                                   \
        SQI_AGG_EACH(run, group, rows, total, s, i)                                 \
        {                                                                           \
            s->count++;                                                             \
            if (__builtin_add_overflow(s->sum.i, SQI_AT(arg, ctype, i), &s->sum.i)) \
                return sqi_sum_overflow(run->node, err);                            \
        }                                                                           \
        break;                                                                      \
    }                                                                               \
    SQI_AGG_EACH(run, group, rows, total, s, i)                                     \
    {                                                                               \
        if (s->count == LOST)                                                       \
            continue;                                                               \
        s->count++;                                                                 \
        SQI_TRY(add_int(run, s, SQI_AT(arg, ctype, i), err));                       \
    }                                                                               \
    break

static streamq_status step_ints(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                                streamq_error **err)
{
    bool direct = plan_of(run)->rule == SQI_SUM_FAIL && run->node->type->id != SQI_INTERVAL_YM;
    switch (sqi_type_width(arg->type)) {
    case 1:
        INTS(int8_t);
    case 2:
        INTS(int16_t);
    case 4:
        INTS(int32_t);
    default:
        INTS(int64_t);
    }
    return STREAMQ_OK;
}

#define REALS(ctype)                               \
    SQI_AGG_EACH(run, group, rows, total, s, i)    \
    {                                              \
        s->count++;                                \
        s->sum.d += (double)SQI_AT(arg, ctype, i); \
    }                                              \
    break

static void step_reals(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows)
{
    switch (arg->type->id) {
    case SQI_TINYINT:
        REALS(int8_t);
    case SQI_SMALLINT:
        REALS(int16_t);
    case SQI_INT:
        REALS(int32_t);
    case SQI_BIGINT:
        REALS(int64_t);
    case SQI_FLOAT:
        REALS(float);
    default:
        REALS(double);
    }
}

/* What the state's sum is: exact integers, or a double; decimals stand apart. */
static bool sums_ints(const sqi_agg_run *run)
{
    const sqi_type *t = run->node->arg[0]->type;
    return is_interval(t) || (sqi_type_is_integral(t) && !plan_of(run)->average);
}

static streamq_status step(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                           streamq_error **err)
{
    if (sums_ints(run))
        return step_ints(run, group, arg, rows, err);
    if (arg->type->id != SQI_DECIMAL) {
        step_reals(run, group, arg, rows);
        return STREAMQ_OK;
    }
    SQI_AGG_EACH(run, group, rows, total, s, i)
    {
        if (s->count == LOST)
            continue;
        s->count++;
        add_decimal(run, s, SQI_AT(arg, sqi_int128, i));
    }
    return STREAMQ_OK;
}

static streamq_status merge(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    total *a = into, b = *(total *)from;
    *(total *)from = (total){.count = 0};
    if (!b.count || a->count == LOST)
        return STREAMQ_OK;
    if (b.count == LOST) {
        a->count = LOST;
        return STREAMQ_OK;
    }
    a->count += b.count;
    if (sums_ints(run))
        return add_int(run, a, b.sum.i, err);
    if (run->node->arg[0]->type->id == SQI_DECIMAL)
        add_decimal(run, a, b.sum.m);
    else
        a->sum.d += b.sum.d;
    return STREAMQ_OK;
}

/* ---- results -------------------------------------------------------------------------------------------------- */

static int64_t divide_half_up(int64_t sum, int64_t n)
{
    int64_t q = sum / n, r = sum % n;
    uint64_t rest = r < 0 ? -(uint64_t)r : (uint64_t)r;
    if (rest >= (uint64_t)n - rest)
        q += sum < 0 ? -1 : 1;
    return q;
}

static streamq_status emit_decimal(sqi_agg_run *run, const total *s, sqi_vec *out, uint32_t k, streamq_error **err)
{
    const sqi_type *t = out->type, *from = run->node->arg[0]->type;
    sqi_int128 *to = &SQI_OUT(out, sqi_int128)[k];
    if (!plan_of(run)->average)
        *to = s->sum.m;
    else if (!sqi_decimal_div(s->sum.m, from->scale, s->count, 0, t->precision, t->scale, to)) {
        if (plan_of(run)->rule == SQI_SUM_FAIL)
            return sqi_error_set(err, SQI_COND_NUMERIC_VALUE_OUT_OF_RANGE__WITH_SUGGESTION,
                                 "avg: the average does not fit decimal(%d,%d), the type of the result; use try_avg to "
                                 "get NULL instead",
                                 t->precision, t->scale);
        sqi_vec_set_null(out, k);
    }
    return STREAMQ_OK;
}

static streamq_status emit_one(sqi_agg_run *run, const total *s, sqi_vec *out, uint32_t k, streamq_error **err)
{
    if (s->count == LOST && plan_of(run)->rule == SQI_SUM_FAIL)
        return sqi_sum_overflow(run->node, err);
    if (!s->count || s->count == LOST) {
        sqi_vec_set_null(out, k);
        return STREAMQ_OK;
    }
    int64_t sum = s->sum.i;
    switch (out->type->id) {
    case SQI_DECIMAL:
        return emit_decimal(run, s, out, k, err);
    case SQI_DOUBLE:
        SQI_OUT(out, double)[k] = plan_of(run)->average ? s->sum.d / (double)s->count : s->sum.d;
        break;
    case SQI_INTERVAL_YM:
        SQI_OUT(out, int32_t)[k] = (int32_t)(plan_of(run)->average ? divide_half_up(sum, s->count) : sum);
        break;
    default:
        SQI_OUT(out, int64_t)[k] = plan_of(run)->average ? divide_half_up(sum, s->count) : sum;
    }
    return STREAMQ_OK;
}

static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    SQI_TRY(sqi_vec_bitmap(out, n, true, run->eval->arena, err));
    for (uint32_t k = 0; k < n; ++k)
        SQI_TRY(emit_one(run, sqi_states_at(&run->states, list[k]), out, k, err));
    return STREAMQ_OK;
}

/* ---- checkpoints ---------------------------------------------------------------------------------------------- */

/* Counts, SQI_SUM_GONE for a sum beyond the range; then the sums. A fused state writes the same (agg_fused.c). */
static streamq_status save(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err)
{
    bool wide_sums = run->node->arg[0]->type->id == SQI_DECIMAL;
    int64_t *count = sqi_agg_form_room(run, n, err);
    sqi_int128 *sum = count ? sqi_arena_get(run->eval->arena, ((size_t)n + 1) * sizeof *sum) : NULL;
    int64_t *word = (int64_t *)(void *)sum;
    if (!sum)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < n; ++k) {
        const total *s = sqi_states_at(&run->states, list[k]);
        bool lost = s->count == LOST;
        count[k] = lost ? SQI_SUM_GONE : s->count;
        if (wide_sums)
            sum[k] = lost ? 0 : s->sum.m;
        else
            word[k] = lost ? 0 : s->sum.i;
    }
    sqi_pack_ints(to, count, n);
    if (wide_sums)
        sqi_pack_wides(to, sum, n);
    else if (sums_ints(run))
        sqi_pack_ints(to, word, n);
    else
        sqi_pack_reals(to, (const void *)word, n);
    return STREAMQ_OK;
}

static streamq_status load_decimals(sqi_agg_run *run, const uint32_t *list, uint32_t n, const int64_t *count,
                                    sqi_bytes *from, streamq_error **err)
{
    int digits = at_most(run->node->arg[0]->type->precision + 10, 38);
    sqi_int128 *sum = n > sqi_bytes_left(from) ? NULL : sqi_arena_get(run->eval->arena, (size_t)n * sizeof *sum);
    if (!sum)
        return n > sqi_bytes_left(from) ? sqi_agg_form_damaged(from, err) : sqi_error_nomem(err);
    bool fine = sqi_unpack_wides(from, sum, n);
    for (uint32_t k = 0; fine && k < n; ++k) {
        total *s = sqi_states_at(&run->states, list[k]);
        fine = sqi_decimal_fits(sum[k], digits);
        s->count = count[k] == SQI_SUM_GONE ? LOST : count[k];
        s->sum.m = sum[k];
    }
    return fine ? STREAMQ_OK : sqi_agg_form_damaged(from, err);
}

static streamq_status load(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from, streamq_error **err)
{
    int64_t *count, *sum = NULL;
    double *real = NULL;
    SQI_TRY(sqi_agg_form_ints(run, from, n, SQI_SUM_GONE, SQI_AGG_COUNT_MOST, &count, err));
    if (run->node->arg[0]->type->id == SQI_DECIMAL)
        return load_decimals(run, list, n, count, from, err);
    if (sums_ints(run))
        SQI_TRY(sqi_agg_form_ints(run, from, n, INT64_MIN, INT64_MAX, &sum, err));
    else
        SQI_TRY(sqi_agg_form_reals(run, from, n, &real, err));
    for (uint32_t k = 0; k < n; ++k) {
        total *s = sqi_states_at(&run->states, list[k]);
        s->count = count[k] == SQI_SUM_GONE ? LOST : count[k];
        s->sum.m = 0;
        if (real)
            s->sum.d = real[k];
        else
            s->sum.i = sum[k];
    }
    return STREAMQ_OK;
}

static const sqi_agg_form form = {.version = 1, .save = save, .load = load};

#define ROW(name, resolve, text)                                                                                   \
    {                                                                                                              \
        name, 1, 1, SQI_AGG_MERGES | SQI_AGG_PARTIAL, NULL, resolve, sizeof(total), step, NULL, merge, emit, NULL, \
            text, &form                                                                                            \
    }

const sqi_agg sqi_agg_sum[] = {
    ROW("sum", resolve_sum, "The sum of numbers or intervals; integers give a bigint, an overflow is an error."),
    ROW("try_sum", resolve_try_sum, "Like sum; an overflow gives NULL."),
    ROW("avg", resolve_avg, "The average of numbers or intervals."),
    ROW("mean", resolve_avg, "The average of numbers or intervals."),
    ROW("try_avg", resolve_try_avg, "Like avg; an overflow gives NULL."),
    {.name = NULL},
};

const sqi_sum_plan *sqi_sum_plan_of(const sqi_bound *node)
{
    return node->agg && node->agg->emit == emit ? node->data : NULL;
}
