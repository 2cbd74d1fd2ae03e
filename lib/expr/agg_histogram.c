/*
 * agg_histogram: histogram_numeric(x, n): at most n bins (centre, count) that follow the data, after Ben-Haim and
 * Tom-Tov: a new value is a bin of its own, and when there are too many the two nearest become one. Among equally near
 * pairs a pseudo-random number decides, Java's generator from a fixed seed, so that the bins are Spark's.
 */
#include "agg_form.h"
#include "agg_share.h"

enum { SEED = 31183 };

typedef struct bin {
    double x, y;
} bin;

typedef struct histogram {
    bin *item;
    size_t cap;
    uint32_t n;
    bool seeded;
    uint64_t random;
} histogram;

typedef struct plan { /* a node's data */
    uint32_t bins;
} plan;

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_vec *v;
    plan *p = sqi_arena_zero(b->arena, sizeof *p);
    if (!p)
        return sqi_error_nomem(err);
    if (node->arg[0]->type->id == SQI_STRING || node->arg[0]->type->id == SQI_VOID)
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], &sqi_type_double, err));
    const sqi_type *t = node->arg[0]->type;
    bool time = t->id == SQI_DATE || t->id == SQI_TIMESTAMP || t->id == SQI_TIMESTAMP_NTZ;
    if (!sqi_type_is_numeric(t) && !time && t->id != SQI_INTERVAL_YM && t->id != SQI_INTERVAL_DT)
        return sqi_bind_arg_type_error(b, node, 0, "(\"NUMERIC\", \"DATE\", \"TIMESTAMP\" or \"ANSI INTERVAL\")", err);
    if (node->arg[1]->type->id != SQI_INT)
        return sqi_bind_arg_type_error(b, node, 1, "\"INT\"", err);
    SQI_TRY(sqi_bind_constant(b, node->arg[1], &v, err));
    if (!v)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                   "the number of bins must be a constant");
    if (!sqi_vec_valid(v, 0))
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_NULL, err,
                                   "the number of bins must not be null");
    if (SQI_AT(v, int32_t, 0) < 2)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE, err,
                                   "the number of bins must be 2 or more");
    p->bins = (uint32_t)SQI_AT(v, int32_t, 0);
    sqi_field field[2] = {{SQI_SPAN("x"), t, true}, {SQI_SPAN("y"), &sqi_type_double, true}};
    const sqi_type *row = sqi_type_struct(b->eval->pool, field, 2);
    node->type = row ? sqi_type_array(b->eval->pool, row, true) : NULL;
    node->nullable = true;
    node->data = p;
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

/* java.util.Random: nextDouble. */
static double next_random(histogram *h)
{
    const uint64_t multiplier = UINT64_C(0x5DEECE66D), mask = (UINT64_C(1) << 48) - 1;
    if (!h->seeded) {
        h->random = (SEED ^ multiplier) & mask;
        h->seeded = true;
    }
    h->random = (h->random * multiplier + 0xB) & mask;
    uint64_t high = h->random >> 22;
    h->random = (h->random * multiplier + 0xB) & mask;
    return (double)((high << 27) + (h->random >> 21)) * 0x1p-53;
}

/* Make one bin of the two nearest ones, until there are no more than asked for. */
static void trim(histogram *h, uint32_t bins)
{
    while (h->n > bins) {
        bin *b = h->item;
        double least = b[1].x - b[0].x;
        uint32_t at = 0, equal = 1;
        for (uint32_t i = 1; i + 1 < h->n; ++i) {
            double gap = b[i + 1].x - b[i].x;
            if (gap < least) {
                least = gap;
                at = i;
                equal = 1;
            } else if (gap == least && next_random(h) <= 1.0 / ++equal) {
                at = i;
            }
        }
        double y = b[at].y + b[at + 1].y;
        b[at].x *= b[at].y / y;
        b[at].x += b[at + 1].x / y * b[at + 1].y;
        b[at].y = y;
        memmove(&b[at + 1], &b[at + 2], (h->n - at - 2) * sizeof *b);
        h->n--;
    }
}

static streamq_status insert(sqi_eval *eval, histogram *h, uint32_t at, bin value, streamq_error **err)
{
    void *items = h->item;
    bool grown = sqi_alloc_grow(eval->alloc, &items, &h->cap, (size_t)h->n + 1, sizeof *h->item);
    h->item = items;
    if (!grown)
        return sqi_error_nomem(err);
    memmove(&h->item[at + 1], &h->item[at], (h->n - at) * sizeof *h->item);
    h->item[at] = value;
    h->n++;
    return STREAMQ_OK;
}

/* The first bin whose centre is not below x. */
static uint32_t find(const histogram *h, double x)
{
    uint32_t low = 0, high = h->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (h->item[middle].x < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static streamq_status step(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                           streamq_error **err)
{
    const plan *p = run->node->data;
    SQI_AGG_EACH(run, group, rows, histogram, h, i)
    {
        double x = sqi_agg_as_double(arg, i);
        uint32_t at = find(h, x);
        if (at < h->n && h->item[at].x == x) {
            h->item[at].y++;
            continue;
        }
        SQI_TRY(insert(run->eval, h, at, (bin){x, 1}, err));
        trim(h, p->bins);
    }
    return STREAMQ_OK;
}

static void clear(sqi_eval *eval, void *state)
{
    histogram *h = state;
    sqi_alloc_free(eval->alloc, h->item, h->cap * sizeof *h->item);
    *h = (histogram){.n = 0};
}

static streamq_status merge(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    const plan *p = run->node->data;
    histogram *a = into, *b = from;
    a->seeded = false;
    for (uint32_t i = 0; i < b->n; ++i) {
        uint32_t at = find(a, b->item[i].x);
        while (at < a->n && a->item[at].x == b->item[i].x)
            at++;
        SQI_TRY(insert(run->eval, a, at, b->item[i], err));
    }
    trim(a, p->bins);
    clear(run->eval, b);
    return STREAMQ_OK;
}

static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    sqi_arena *arena = run->eval->arena;
    uint64_t total = 0;
    for (uint32_t k = 0; k < n; ++k)
        total += ((const histogram *)sqi_states_at(&run->states, list[k]))->n;
    if (total >= UINT32_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "%llu histogram bins in one chunk, the limit is %u",
                             (unsigned long long)total, UINT32_MAX - 1);
    SQI_TRY(sqi_vec_bitmap(out, n, true, arena, err));
    SQI_TRY(sqi_vec_make(&out->child[0], out->type->field[0].type, (uint32_t)total, arena, err));
    sqi_vec *field = out->child[0].child;
    uint32_t at = 0;
    for (uint32_t k = 0; k < n; ++k) {
        const histogram *h = sqi_states_at(&run->states, list[k]);
        SQI_OUT(out, sqi_list)[k] = (sqi_list){at, h->n};
        if (!h->n)
            sqi_vec_set_null(out, k);
        for (uint32_t i = 0; i < h->n; ++i, ++at) {
            sqi_agg_put_double(&field[0], at, h->item[i].x);
            SQI_OUT(&field[1], double)[at] = h->item[i].y;
        }
    }
    out->nchild = at;
    return STREAMQ_OK;
}

/* For a checkpoint: how many bins, then centres and counts. The generator starts anew with every merge. */
static streamq_status save(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err)
{
    uint64_t total = 0, at = 0;
    int64_t *length = sqi_agg_form_room(run, n, err);
    if (!length)
        return STREAMQ_ERR_NOMEM;
    for (uint32_t k = 0; k < n; ++k)
        total += (uint64_t)(length[k] = ((const histogram *)sqi_states_at(&run->states, list[k]))->n);
    double *x = sqi_agg_form_items(run, total, sizeof *x, err), *y = sqi_agg_form_items(run, total, sizeof *y, err);
    if (!x || !y)
        return STREAMQ_ERR_NOMEM;
    for (uint32_t k = 0; k < n; ++k) {
        const histogram *h = sqi_states_at(&run->states, list[k]);
        for (uint32_t i = 0; i < h->n; ++i, ++at) {
            x[at] = h->item[i].x;
            y[at] = h->item[i].y;
        }
    }
    to->failed |= total >= UINT32_MAX;
    sqi_pack_ints(to, length, n);
    sqi_pack_reals(to, x, (uint32_t)total);
    sqi_pack_reals(to, y, (uint32_t)total);
    return STREAMQ_OK;
}

static streamq_status load(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from, streamq_error **err)
{
    int64_t *length;
    double *x, *y;
    uint32_t total, at = 0;
    SQI_TRY(sqi_agg_form_lengths(run, from, n, ((const plan *)run->node->data)->bins, &length, &total, err));
    SQI_TRY(sqi_agg_form_reals(run, from, total, &x, err));
    SQI_TRY(sqi_agg_form_reals(run, from, total, &y, err));
    for (uint32_t k = 0; k < n; ++k) {
        histogram *h = sqi_states_at(&run->states, list[k]);
        clear(run->eval, h);
        for (uint32_t i = 0; i < (uint32_t)length[k]; ++i, ++at)
            SQI_TRY(insert(run->eval, h, i, (bin){x[at], y[at]}, err));
    }
    return STREAMQ_OK;
}

static const sqi_agg_form form = {.version = 1, .save = save, .load = load};

const sqi_agg sqi_agg_histogram[] = {
    {"histogram_numeric", 2, 2, SQI_AGG_MERGES | SQI_AGG_PARTIAL, NULL, resolve, sizeof(histogram), step, NULL, merge,
     emit, clear, "histogram_numeric(x, n): at most n bins (x, y), centres and counts, that follow the values.", &form},
    {.name = NULL},
};
