/*
 * agg_quantile: percentile_approx (approx_percentile): quantiles within an error of 1 / accuracy, in memory that does
 * not grow with the rows.
 *
 * The summary is Greenwald and Khanna's, in the variant that Spark uses: new values wait in a buffer, are sorted into
 * the samples when it is full or an answer is due, and neighbours are joined while the error bound allows it. Each
 * sample has g, the ranks it stands for, and delta, how far its rank may be off. Summaries of two parts merge by
 * interleaving, with the other part's uncertainty added to delta. As long as there are fewer values than the accuracy,
 * answers are exact.
 */
#include <math.h>
#include <stdlib.h>

#include "agg_form.h"
#include "agg_share.h"

enum { HEAD_MAX = 50000, COMPRESS_AT = 10000, DEFAULT_ACCURACY = 10000 };

typedef struct sample {
    double value;
    int64_t g, delta;
} sample;

typedef struct summary {
    sample *item;
    double *head; /* values not sorted in yet */
    size_t cap, head_cap;
    uint32_t n, nhead;
    int64_t count; /* values the samples stand for */
} summary;

typedef struct plan { /* a node's data */
    sqi_agg_percentages at;
    double error; /* 1 / accuracy */
} plan;

/* ---- binding -------------------------------------------------------------------------------------------------- */

static bool has_quantiles(const sqi_type *t)
{
    switch (t->id) {
    case SQI_DATE:
    case SQI_TIMESTAMP:
    case SQI_TIMESTAMP_NTZ:
    case SQI_INTERVAL_YM:
    case SQI_INTERVAL_DT:
        return true;
    default:
        return sqi_type_is_numeric(t);
    }
}

static streamq_status bind_accuracy(sqi_binder *b, sqi_bound *node, plan *p, streamq_error **err)
{
    const sqi_vec *v;
    p->error = 1.0 / DEFAULT_ACCURACY;
    if (node->narg < 3)
        return STREAMQ_OK;
    if (!sqi_type_is_integral(node->arg[2]->type))
        return sqi_bind_arg_type_error(b, node, 2, "\"INTEGRAL\"", err);
    SQI_TRY(sqi_bind_cast(b, &node->arg[2], &sqi_type_bigint, err));
    SQI_TRY(sqi_bind_constant(b, node->arg[2], &v, err));
    if (!v)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                   "the accuracy must be a constant");
    if (!sqi_vec_valid(v, 0))
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_NULL, err,
                                   "the accuracy must not be null");
    int64_t accuracy = SQI_AT(v, int64_t, 0);
    if (accuracy < 1 || accuracy > INT32_MAX)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE, err,
                                   "the accuracy must be from 1 to %d", INT32_MAX);
    p->error = 1.0 / (double)accuracy;
    return STREAMQ_OK;
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    plan *p = sqi_arena_zero(b->arena, sizeof *p);
    if (!p)
        return sqi_error_nomem(err);
    if (node->arg[0]->type->id == SQI_STRING || node->arg[0]->type->id == SQI_VOID)
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], &sqi_type_double, err));
    const sqi_type *t = node->arg[0]->type;
    if (!has_quantiles(t))
        return sqi_bind_arg_type_error(b, node, 0, "(\"NUMERIC\", \"DATE\", \"TIMESTAMP\" or \"ANSI INTERVAL\")", err);
    SQI_TRY(sqi_agg_bind_percentages(b, node, 1, &p->at, err));
    SQI_TRY(bind_accuracy(b, node, p, err));
    node->data = p;
    node->nullable = true;
    node->type = p->at.array ? sqi_type_array(b->eval->pool, t, false) : t;
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

/* ---- the summary ---------------------------------------------------------------------------------------------- */

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    if (x != x || y != y)
        return (x != x) - (y != y);
    return (x > y) - (x < y);
}

static streamq_status grow(sqi_eval *eval, summary *s, size_t need, streamq_error **err)
{
    void *items = s->item;
    bool grown = need < UINT32_MAX && sqi_alloc_grow(eval->alloc, &items, &s->cap, need, sizeof *s->item);
    s->item = items;
    return grown ? STREAMQ_OK : sqi_error_nomem(err);
}

/* Sort the waiting values in among the samples, from the back so that it happens in place. */
static streamq_status take_head(sqi_eval *eval, summary *s, double error, streamq_error **err)
{
    if (!s->nhead)
        return STREAMQ_OK;
    SQI_TRY(grow(eval, s, (size_t)s->n + s->nhead, err));
    qsort(s->head, s->nhead, sizeof *s->head, compare_doubles);
    uint32_t old = s->n, to = s->n + s->nhead;
    for (uint32_t h = s->nhead; h-- > 0;) {
        while (old && compare_doubles(&s->item[old - 1].value, &s->head[h]) > 0)
            s->item[--to] = s->item[--old];
        bool last = old == s->n && h == s->nhead - 1, first = !old && !h;
        int64_t count = s->count + (int64_t)h + 1;
        int64_t delta = last || first ? 0 : (int64_t)floor(2 * error * (double)count);
        s->item[--to] = (sample){s->head[h], 1, delta};
    }
    s->n += s->nhead;
    s->count += s->nhead;
    s->nhead = 0;
    return STREAMQ_OK;
}

/* Join neighbours whose common uncertainty stays below the bound. The first and the last sample stay. */
static void compress(summary *s, double bound)
{
    if (s->n < 2)
        return;
    uint32_t to = s->n; /* what is kept gathers at the end, then moves to the front */
    sample head = s->item[s->n - 1], first = s->item[0];
    for (uint32_t i = s->n - 1; i-- > 1;) {
        sample one = s->item[i];
        if ((double)(one.g + head.g + head.delta) < bound) {
            head.g += one.g;
        } else {
            s->item[--to] = head;
            head = one;
        }
    }
    s->item[--to] = head;
    if (compare_doubles(&first.value, &head.value) <= 0)
        s->item[--to] = first;
    memmove(s->item, s->item + to, (s->n - to) * sizeof *s->item);
    s->n -= to;
}

static streamq_status settle(sqi_eval *eval, summary *s, double error, streamq_error **err)
{
    if (!s->nhead)
        return STREAMQ_OK;
    SQI_TRY(take_head(eval, s, error, err));
    compress(s, 2 * error * (double)s->count);
    return STREAMQ_OK;
}

static streamq_status add(sqi_eval *eval, summary *s, double value, double error, streamq_error **err)
{
    void *items = s->head;
    bool grown = sqi_alloc_grow(eval->alloc, &items, &s->head_cap, (size_t)s->nhead + 1, sizeof *s->head);
    s->head = items;
    if (!grown)
        return sqi_error_nomem(err);
    s->head[s->nhead++] = value;
    if (s->nhead < HEAD_MAX)
        return STREAMQ_OK;
    SQI_TRY(take_head(eval, s, error, err));
    if (s->n >= COMPRESS_AT)
        compress(s, 2 * error * (double)s->count);
    return STREAMQ_OK;
}

static void release(sqi_eval *eval, summary *s)
{
    sqi_alloc_free(eval->alloc, s->item, s->cap * sizeof *s->item);
    sqi_alloc_free(eval->alloc, s->head, s->head_cap * sizeof *s->head);
    *s = (summary){.n = 0};
}

/* a <- a and b, both settled; `b` is released. */
static streamq_status join(sqi_eval *eval, summary *a, summary *b, double error, streamq_error **err)
{
    summary out = {.count = a->count + b->count};
    SQI_TRY(grow(eval, &out, (size_t)a->n + b->n, err));
    int64_t more_a = (int64_t)floor(2 * error * (double)b->count),
            more_b = (int64_t)floor(2 * error * (double)a->count);
    uint32_t i = 0, j = 0;
    while (i < a->n && j < b->n) {
        sample next;
        if (compare_doubles(&a->item[i].value, &b->item[j].value) < 0) {
            next = a->item[i++];
            next.delta += j ? more_a : 0;
        } else {
            next = b->item[j++];
            next.delta += i ? more_b : 0;
        }
        out.item[out.n++] = next;
    }
    while (i < a->n)
        out.item[out.n++] = a->item[i++];
    while (j < b->n)
        out.item[out.n++] = b->item[j++];
    compress(&out, 2 * error * (double)out.count);
    release(eval, a);
    release(eval, b);
    *a = out;
    return STREAMQ_OK;
}

/* The value of the rank nearest to `at`; the summary is settled and not empty. */
static double query(const summary *s, double at, double error)
{
    if (at <= error || s->n == 1)
        return s->item[0].value;
    if (at >= 1 - error)
        return s->item[s->n - 1].value;
    int64_t target = INT64_MIN;
    for (uint32_t i = 0; i < s->n; ++i)
        if (s->item[i].delta + s->item[i].g > target)
            target = s->item[i].delta + s->item[i].g;
    target /= 2;
    int64_t rank = (int64_t)ceil(at * (double)s->count), least = s->item[0].g;
    for (uint32_t i = 0; i + 1 < s->n; least += s->item[++i].g)
        if (least + s->item[i].delta - target <= rank && rank <= least + target)
            return s->item[i].value;
    return s->item[s->n - 1].value;
}

/* ---- the aggregate -------------------------------------------------------------------------------------------- */

static double error_of(const sqi_agg_run *run)
{
    return ((const plan *)run->node->data)->error;
}

static streamq_status step(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                           streamq_error **err)
{
    SQI_AGG_EACH(run, group, rows, summary, s, i)
    SQI_TRY(add(run->eval, s, sqi_agg_as_double(arg, i), error_of(run), err));
    return STREAMQ_OK;
}

static streamq_status merge(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    summary *a = into, *b = from;
    SQI_TRY(settle(run->eval, b, error_of(run), err));
    SQI_TRY(settle(run->eval, a, error_of(run), err));
    if (!b->count)
        return STREAMQ_OK;
    if (a->count)
        return join(run->eval, a, b, error_of(run), err);
    release(run->eval, a);
    *a = *b;
    *b = (summary){.n = 0};
    return STREAMQ_OK;
}

static void clear(sqi_eval *eval, void *state)
{
    release(eval, state);
}

static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    const plan *p = run->node->data;
    sqi_agg_answers answers;
    SQI_TRY(sqi_agg_answers_begin(&answers, run->eval, &p->at, out, n, err));
    for (uint32_t k = 0; k < n; ++k) {
        summary *s = sqi_states_at(&run->states, list[k]);
        SQI_TRY(settle(run->eval, s, p->error, err));
        if (!s->count || !p->at.n)
            sqi_agg_answers_null(&answers);
        for (uint32_t a = 0; s->count && a < p->at.n; ++a)
            sqi_agg_answers_add(&answers, query(s, p->at.value[a], p->error));
    }
    return STREAMQ_OK;
}

/* ---- checkpoints: how many samples and values; then the samples, settled ----------------------------------------- */

typedef struct columns {
    double *value;
    int64_t *g, *delta;
} columns;

static streamq_status make_columns(sqi_agg_run *run, uint64_t n, columns *out, streamq_error **err)
{
    out->value = sqi_agg_form_items(run, n, sizeof *out->value, err);
    out->g = sqi_agg_form_items(run, n, sizeof *out->g, err);
    out->delta = sqi_agg_form_items(run, n, sizeof *out->delta, err);
    return out->value && out->g && out->delta ? STREAMQ_OK : STREAMQ_ERR_NOMEM;
}

static streamq_status save(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err)
{
    uint64_t total = 0, at = 0;
    columns all;
    int64_t *length = sqi_agg_form_room(run, n, err), *count = sqi_agg_form_room(run, n, err);
    if (!length || !count)
        return STREAMQ_ERR_NOMEM;
    for (uint32_t k = 0; k < n; ++k) {
        summary *s = sqi_states_at(&run->states, list[k]);
        SQI_TRY(settle(run->eval, s, error_of(run), err));
        length[k] = s->n;
        count[k] = s->count;
        total += s->n;
    }
    SQI_TRY(make_columns(run, total, &all, err));
    for (uint32_t k = 0; k < n; ++k) {
        const summary *s = sqi_states_at(&run->states, list[k]);
        for (uint32_t i = 0; i < s->n; ++i, ++at) {
            all.value[at] = s->item[i].value;
            all.g[at] = s->item[i].g;
            all.delta[at] = s->item[i].delta;
        }
    }
    to->failed |= total >= UINT32_MAX;
    sqi_pack_ints(to, length, n);
    sqi_pack_ints(to, count, n);
    sqi_pack_reals(to, all.value, (uint32_t)total);
    sqi_pack_ints(to, all.g, (uint32_t)total);
    sqi_pack_ints(to, all.delta, (uint32_t)total);
    return STREAMQ_OK;
}

/* Ranks that add up beyond what can have been counted would overflow later. */
static streamq_status load_one(sqi_eval *eval, summary *s, const columns *all, uint32_t at, uint32_t n, int64_t count,
                               bool *fine, streamq_error **err)
{
    int64_t ranks = 0;
    release(eval, s);
    SQI_TRY(n ? grow(eval, s, n, err) : STREAMQ_OK);
    for (uint32_t i = 0; i < n; ++i) {
        s->item[i] = (sample){all->value[at + i], all->g[at + i], all->delta[at + i]};
        ranks += all->g[at + i];
        *fine = *fine && ranks <= SQI_AGG_COUNT_MOST;
        ranks = *fine ? ranks : 0;
    }
    s->n = n;
    s->count = count;
    *fine = *fine && (n != 0) == (count != 0);
    return STREAMQ_OK;
}

static streamq_status load(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from, streamq_error **err)
{
    int64_t *length, *count;
    columns all;
    uint32_t total, at = 0;
    bool fine = true;
    SQI_TRY(sqi_agg_form_lengths(run, from, n, UINT32_MAX - 1, &length, &total, err));
    SQI_TRY(sqi_agg_form_ints(run, from, n, 0, SQI_AGG_COUNT_MOST, &count, err));
    SQI_TRY(sqi_agg_form_reals(run, from, total, &all.value, err));
    SQI_TRY(sqi_agg_form_ints(run, from, total, 0, SQI_AGG_COUNT_MOST, &all.g, err));
    SQI_TRY(sqi_agg_form_ints(run, from, total, 0, SQI_AGG_COUNT_MOST, &all.delta, err));
    for (uint32_t k = 0; k < n && fine; ++k) {
        SQI_TRY(load_one(run->eval, sqi_states_at(&run->states, list[k]), &all, at, (uint32_t)length[k], count[k],
                         &fine, err));
        at += (uint32_t)length[k];
    }
    return fine ? STREAMQ_OK : sqi_agg_form_damaged(from, err);
}

static const sqi_agg_form form = {.version = 1, .save = save, .load = load};

#define ROW(name)                                                                                                     \
    {                                                                                                                 \
        name, 2, 3, SQI_AGG_MERGES | SQI_AGG_PARTIAL, NULL, resolve, sizeof(summary), step, NULL, merge, emit, clear, \
            "percentile_approx(x, p[, accuracy]): a value of x near the percentile p, or one for each of an array.",  \
            &form                                                                                                     \
    }

const sqi_agg sqi_agg_quantile[] = {
    ROW("percentile_approx"),
    ROW("approx_percentile"),
    {.name = NULL},
};
