/*
 * agg_percentile: exact percentiles: percentile, median, percentile_cont and percentile_disc.
 *
 * The state is every value with its frequency, as doubles (Spark computes them so, intervals included). Before it grows
 * it is sorted and equal values are joined, so columns of few values stay small. Percentages are constants, checked
 * when the call is bound.
 */
#include <math.h>
#include <stdlib.h>

#include "agg_form.h"
#include "agg_share.h"

typedef struct sample {
    double value;
    int64_t count;
} sample;

typedef struct samples {
    sample *item;
    size_t cap;
    uint32_t n;
    bool sorted;
} samples;

typedef struct plan { /* a node's data */
    sqi_agg_percentages at;
    uint32_t value, frequency; /* which vectors of the step; frequency 0: none */
    bool discrete, descending;
} plan;

/* ---- binding -------------------------------------------------------------------------------------------------- */

static streamq_status bind_value(sqi_binder *b, sqi_bound *node, sqi_bound **e, streamq_error **err)
{
    if ((*e)->type->id == SQI_STRING || (*e)->type->id == SQI_VOID)
        SQI_TRY(sqi_bind_cast(b, e, &sqi_type_double, err));
    const sqi_type *t = (*e)->type;
    if (sqi_type_is_numeric(t) || t->id == SQI_INTERVAL_YM || t->id == SQI_INTERVAL_DT)
        return STREAMQ_OK;
    if (e == &node->arg[0])
        return sqi_bind_arg_type_error(b, node, 0, "(\"NUMERIC\" or \"ANSI INTERVAL\")", err);
    return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE, err,
                               "%s orders by a number or an interval", node->agg->name);
}

static const sqi_type *result_type(sqi_type_pool *pool, const sqi_type *of, bool array)
{
    const sqi_type *t = sqi_type_is_numeric(of) ? &sqi_type_double : of;
    return array ? sqi_type_array(pool, t, false) : t;
}

static streamq_status finish(sqi_binder *b, sqi_bound *node, plan *p, const sqi_type *of, streamq_error **err)
{
    node->data = p;
    node->nullable = true;
    node->type = result_type(b->eval->pool, of, p->at.array);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status resolve_percentile(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    plan *p = sqi_arena_zero(b->arena, sizeof *p);
    if (!p)
        return sqi_error_nomem(err);
    SQI_TRY(bind_value(b, node, &node->arg[0], err));
    SQI_TRY(sqi_agg_bind_percentages(b, node, 1, &p->at, err));
    if (node->narg == 3) {
        if (!sqi_type_is_integral(node->arg[2]->type))
            return sqi_bind_arg_type_error(b, node, 2, "\"INTEGRAL\"", err);
        SQI_TRY(sqi_bind_cast(b, &node->arg[2], &sqi_type_bigint, err));
        p->frequency = 2;
    }
    return finish(b, node, p, node->arg[0]->type, err);
}

static streamq_status resolve_median(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    static const double half = 0.5;
    plan *p = sqi_arena_zero(b->arena, sizeof *p);
    if (!p)
        return sqi_error_nomem(err);
    SQI_TRY(bind_value(b, node, &node->arg[0], err));
    p->at = (sqi_agg_percentages){.value = &half, .n = 1};
    return finish(b, node, p, node->arg[0]->type, err);
}

static streamq_status resolve_within(sqi_binder *b, sqi_bound *node, bool discrete, streamq_error **err)
{
    plan *p = sqi_arena_zero(b->arena, sizeof *p);
    if (!p)
        return sqi_error_nomem(err);
    if (node->nsort != 1)
        return sqi_bind_type_error(b, node,
                                   node->nsort ? SQI_COND_INVALID_WITHIN_GROUP_EXPRESSION__WRONG_NUM_ORDERINGS
                                               : SQI_COND_INVALID_WITHIN_GROUP_EXPRESSION__WITHIN_GROUP_MISSING,
                                   err, "%s takes WITHIN GROUP (ORDER BY ..) with one item, here there are %u",
                                   node->agg->name, (unsigned)node->nsort);
    SQI_TRY(bind_value(b, node, &node->sort[0], err));
    SQI_TRY(sqi_agg_bind_percentages(b, node, 0, &p->at, err));
    p->value = node->narg;
    p->discrete = discrete;
    p->descending = node->sort_flags[0] & 1;
    return finish(b, node, p, node->sort[0]->type, err);
}

static streamq_status resolve_cont(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_within(b, node, false, err);
}

static streamq_status resolve_disc(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_within(b, node, true, err);
}

/* ---- collecting ----------------------------------------------------------------------------------------------- */

static int compare_samples(const void *a, const void *b)
{
    double x = ((const sample *)a)->value, y = ((const sample *)b)->value;
    if (x != x || y != y)
        return (x != x) - (y != y);
    return (x > y) - (x < y);
}

static void sort_and_join(samples *s)
{
    if (s->sorted || !s->n)
        return;
    qsort(s->item, s->n, sizeof *s->item, compare_samples);
    uint32_t last = 0;
    for (uint32_t i = 1; i < s->n; ++i) {
        if (compare_samples(&s->item[i], &s->item[last]) == 0)
            s->item[last].count += s->item[i].count;
        else
            s->item[++last] = s->item[i];
    }
    s->n = last + 1;
    s->sorted = true;
}

static streamq_status add(sqi_eval *eval, samples *s, double value, int64_t count, streamq_error **err)
{
    if (s->n == s->cap) {
        sort_and_join(s);
        void *items = s->item;
        bool room = s->n < s->cap / 2 || (s->cap < UINT32_MAX / 2 &&
                                          sqi_alloc_grow(eval->alloc, &items, &s->cap, s->cap + 1, sizeof *s->item));
        s->item = items;
        if (!room)
            return sqi_error_nomem(err);
    }
    s->item[s->n++] = (sample){value, count};
    s->sorted = false;
    return STREAMQ_OK;
}

static streamq_status step(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                           streamq_error **err)
{
    const plan *p = run->node->data;
    const sqi_vec *value = &arg[p->value];
    SQI_AGG_EACH(run, group, rows, samples, s, i)
    {
        int64_t count = p->frequency ? SQI_AT(&arg[p->frequency], int64_t, i) : 1;
        if (count < 0)
            return sqi_error_set(err, SQI_COND_NEGATIVE_VALUES_IN_FREQUENCY_EXPRESSION,
                                 "the third argument of %s, how often a value counts, is %lld; it may not be negative",
                                 run->node->agg->name, (long long)count);
        if (count && sqi_vec_valid(value, i))
            SQI_TRY(add(run->eval, s, sqi_agg_as_double(value, i), count, err));
    }
    return STREAMQ_OK;
}

static void clear(sqi_eval *eval, void *state)
{
    samples *s = state;
    sqi_alloc_free(eval->alloc, s->item, s->cap * sizeof *s->item);
    *s = (samples){.n = 0};
}

static streamq_status merge(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    samples *b = from;
    for (uint32_t i = 0; i < b->n; ++i)
        SQI_TRY(add(run->eval, into, b->item[i].value, b->item[i].count, err));
    clear(run->eval, b);
    return STREAMQ_OK;
}

/* ---- results -------------------------------------------------------------------------------------------------- */

/* The value that the k-th row (from 0) has in the order asked for; `total` rows in all. */
static double value_at(const samples *s, bool descending, int64_t total, int64_t k)
{
    if (descending)
        k = total - 1 - k;
    uint32_t i = 0;
    for (; i + 1 < s->n && k >= s->item[i].count; ++i)
        k -= s->item[i].count;
    return s->item[i].value;
}

static double percentile(const samples *s, const plan *p, double at, int64_t total)
{
    if (p->discrete) {
        int64_t k = (int64_t)ceil((double)total * at);
        return value_at(s, p->descending, total, k > 0 ? k - 1 : 0);
    }
    double position = (double)(total - 1) * at;
    double below = floor(position), above = ceil(position);
    double low = value_at(s, p->descending, total, (int64_t)below);
    if (above == below)
        return low;
    double high = value_at(s, p->descending, total, (int64_t)above);
    return low == high ? low : (above - position) * low + (position - below) * high;
}

static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    const plan *p = run->node->data;
    sqi_agg_answers answers;
    SQI_TRY(sqi_agg_answers_begin(&answers, run->eval, &p->at, out, n, err));
    for (uint32_t k = 0; k < n; ++k) {
        samples *s = sqi_states_at(&run->states, list[k]);
        int64_t total = 0;
        sort_and_join(s);
        for (uint32_t i = 0; i < s->n; ++i)
            total += s->item[i].count;
        if (!total || !p->at.n)
            sqi_agg_answers_null(&answers);
        for (uint32_t a = 0; total && a < p->at.n; ++a)
            sqi_agg_answers_add(&answers, percentile(s, p, p->at.value[a], total));
    }
    return STREAMQ_OK;
}

/* ---- checkpoints: how many samples, whether they are sorted; then values and counts ----------------------------- */

static streamq_status save(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err)
{
    uint64_t total = 0, at = 0;
    int64_t *length = sqi_agg_form_room(run, n, err), *sorted = sqi_agg_form_room(run, n, err);
    if (!length || !sorted)
        return STREAMQ_ERR_NOMEM;
    for (uint32_t k = 0; k < n; ++k) {
        const samples *s = sqi_states_at(&run->states, list[k]);
        length[k] = s->n;
        sorted[k] = s->sorted;
        total += s->n;
    }
    double *value = sqi_agg_form_items(run, total, sizeof *value, err);
    int64_t *count = sqi_agg_form_items(run, total, sizeof *count, err);
    if (!value || !count)
        return STREAMQ_ERR_NOMEM;
    for (uint32_t k = 0; k < n; ++k) {
        const samples *s = sqi_states_at(&run->states, list[k]);
        for (uint32_t i = 0; i < s->n; ++i, ++at) {
            value[at] = s->item[i].value;
            count[at] = s->item[i].count;
        }
    }
    to->failed |= total >= UINT32_MAX;
    sqi_pack_ints(to, length, n);
    sqi_pack_ints(to, sorted, n);
    sqi_pack_reals(to, value, (uint32_t)total);
    sqi_pack_ints(to, count, (uint32_t)total);
    return STREAMQ_OK;
}

static streamq_status load(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from, streamq_error **err)
{
    int64_t *length, *sorted, *count;
    double *value;
    uint32_t total, at = 0;
    SQI_TRY(sqi_agg_form_lengths(run, from, n, UINT32_MAX - 1, &length, &total, err));
    SQI_TRY(sqi_agg_form_ints(run, from, n, 0, 1, &sorted, err));
    SQI_TRY(sqi_agg_form_reals(run, from, total, &value, err));
    SQI_TRY(sqi_agg_form_ints(run, from, total, 0, SQI_AGG_COUNT_MOST, &count, err));
    for (uint32_t k = 0; k < n; ++k) {
        samples *s = sqi_states_at(&run->states, list[k]);
        int64_t sum = 0;
        clear(run->eval, s);
        for (uint32_t i = 0; i < (uint32_t)length[k]; ++i, ++at) {
            SQI_TRY(add(run->eval, s, value[at], count[at], err));
            sum += count[at];
            if (sum > SQI_AGG_COUNT_MOST)
                return sqi_agg_form_damaged(from, err);
        }
        s->sorted = sorted[k];
    }
    return STREAMQ_OK;
}

static const sqi_agg_form form = {.version = 1, .save = save, .load = load};

#define ROW(name, least, most, resolve, text)                                                                          \
    {                                                                                                                  \
        name, least, most, SQI_AGG_MERGES, NULL, resolve, sizeof(samples), step, NULL, merge, emit, clear, text, &form \
    }

const sqi_agg sqi_agg_percentile[] = {
    ROW("percentile", 2, 3, resolve_percentile,
        "percentile(x, p): the exact percentile of numbers or intervals at p from 0 to 1, or at each of an array; a "
        "third "
        "argument says how often each row counts."),
    ROW("median", 1, 1, resolve_median, "The value in the middle."),
    ROW("percentile_cont", 1, 1, resolve_cont,
        "percentile_cont(p) WITHIN GROUP (ORDER BY x): the interpolated percentile."),
    ROW("percentile_disc", 1, 1, resolve_disc,
        "percentile_disc(p) WITHIN GROUP (ORDER BY x): the first value at or beyond p."),
    {.name = NULL},
};
