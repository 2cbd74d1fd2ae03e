/*
 * agg_corr: statistics of pairs: covariance, correlation and linear regression. A pair with a null on either side is
 * left out. States are counts, means and sums of products of deviations; they merge as agg_stats.c says.
 *
 * The regr_ functions take (y, x): the dependent value first.
 */
#include <math.h>

#include "agg.h"

typedef struct pairs {
    double n, x_mean, y_mean;
    double xy, xx, yy; /* sums of products of deviations */
} pairs;

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    (void)b;
    (void)err;
    node->type = &sqi_type_double;
    node->nullable = true;
    return STREAMQ_OK;
}

static void add(pairs *s, double x, double y)
{
    double n = s->n + 1.0;
    double dx = x - s->x_mean, dy = y - s->y_mean;
    double dx_n = dx / n, dy_n = dy / n;
    s->x_mean += dx_n;
    s->y_mean += dy_n;
    s->xy += dx * (y - s->y_mean);
    /* the square of one column as agg_stats adds it up, which differs from dx * (x - mean) in the last digit */
    s->xx += dx * (dx - dx_n);
    s->yy += dy * (dy - dy_n);
    s->n = n;
}

/* The squares of a correlation are added up the other way. */
static void add_corr(pairs *s, double x, double y)
{
    double n = s->n + 1.0;
    double dx = x - s->x_mean, dy = y - s->y_mean;
    s->x_mean += dx / n;
    s->y_mean += dy / n;
    s->xy += dx * (y - s->y_mean);
    s->xx += dx * (x - s->x_mean);
    s->yy += dy * (y - s->y_mean);
    s->n = n;
}

static pairs join(const pairs *a, const pairs *b)
{
    double n = a->n + b->n;
    double dx = b->x_mean - a->x_mean, dy = b->y_mean - a->y_mean;
    double dx_n = n == 0 ? 0.0 : dx / n, dy_n = n == 0 ? 0.0 : dy / n;
    return (pairs){.n = n,
                   .x_mean = a->x_mean + dx_n * b->n,
                   .y_mean = a->y_mean + dy_n * b->n,
                   .xy = a->xy + b->xy + dx * dy_n * a->n * b->n,
                   .xx = a->xx + b->xx + dx * dx_n * a->n * b->n,
                   .yy = a->yy + b->yy + dy * dy_n * a->n * b->n};
}

static pairs join_empty(const pairs *s)
{
    static const pairs empty;
    return join(&empty, s);
}

static streamq_status step_xy(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                              streamq_error **err)
{
    (void)err;
    SQI_AGG_EACH(run, group, rows, pairs, s, i)
    add(s, SQI_AT(&arg[0], double, i), SQI_AT(&arg[1], double, i));
    return STREAMQ_OK;
}

static streamq_status step_yx(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                              streamq_error **err)
{
    (void)err;
    SQI_AGG_EACH(run, group, rows, pairs, s, i)
    add(s, SQI_AT(&arg[1], double, i), SQI_AT(&arg[0], double, i));
    return STREAMQ_OK;
}

static streamq_status step_corr(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                                streamq_error **err)
{
    (void)err;
    SQI_AGG_EACH(run, group, rows, pairs, s, i)
    add_corr(s, SQI_AT(&arg[0], double, i), SQI_AT(&arg[1], double, i));
    return STREAMQ_OK;
}

static streamq_status merge(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    (void)run;
    (void)err;
    pairs stored = join_empty(into), fresh = join_empty(from);
    if (stored.n == 0)
        stored = join_empty(&fresh);
    else
        stored = join(&stored, &fresh);
    *(pairs *)into = stored;
    *(pairs *)from = (pairs){0};
    return STREAMQ_OK;
}

/* A result, or false: null. */
typedef bool (*result)(const pairs *s, double *out);

static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, result of,
                           streamq_error **err)
{
    SQI_TRY(sqi_vec_bitmap(out, n, true, run->eval->arena, err));
    for (uint32_t k = 0; k < n; ++k) {
        pairs s = join_empty(sqi_states_at(&run->states, list[k]));
        double *to = &SQI_OUT(out, double)[k];
        if (s.n == 0 || !of(&s, to)) {
            *to = 0;
            sqi_vec_set_null(out, k);
        }
    }
    return STREAMQ_OK;
}

static bool covar_pop(const pairs *s, double *out)
{
    *out = s->xy / s->n;
    return true;
}

static bool covar_samp(const pairs *s, double *out)
{
    *out = s->xy / (s->n - 1.0);
    return s->n != 1;
}

static bool corr(const pairs *s, double *out)
{
    double spread = sqrt(s->xx * s->yy);
    *out = s->xy / spread;
    return s->n != 1 && spread != 0;
}

static bool regr_sxy(const pairs *s, double *out)
{
    *out = s->xy;
    return true;
}

static bool regr_slope(const pairs *s, double *out)
{
    *out = s->xy / s->xx;
    return s->xx != 0;
}

static bool regr_intercept(const pairs *s, double *out)
{
    *out = s->y_mean - s->xy / s->xx * s->x_mean;
    return s->xx != 0;
}

/* The arguments are (y, x), added up as x and y. */
static bool regr_r2(const pairs *s, double *out)
{
    double r = s->xy / sqrt(s->xx * s->yy);
    *out = s->xx == 0 ? 1.0 : r * r;
    return s->yy != 0;
}

#define EMIT(name)                                                                                      \
    static streamq_status emit_##name(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, \
                                      streamq_error **err)                                              \
    {                                                                                                   \
        return emit(run, list, n, out, name, err);                                                      \
    }
EMIT(covar_pop)
EMIT(covar_samp)
EMIT(corr)
EMIT(regr_sxy)
EMIT(regr_slope)
EMIT(regr_intercept)
EMIT(regr_r2)
#undef EMIT

/* ---- counts and averages of pairs ----------------------------------------------------------------------------- */

typedef struct mean {
    double sum;
    int64_t n;
} mean;

static streamq_status resolve_count(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    (void)b;
    (void)err;
    node->type = &sqi_type_bigint;
    node->nullable = false;
    return STREAMQ_OK;
}

static streamq_status step_mean(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows)
{
    SQI_AGG_EACH(run, group, rows, mean, s, i)
    {
        s->sum += SQI_AT(arg, double, i);
        s->n++;
    }
    return STREAMQ_OK;
}

static streamq_status step_mean_y(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                                  streamq_error **err)
{
    (void)err;
    return step_mean(run, group, &arg[0], rows);
}

static streamq_status step_mean_x(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                                  streamq_error **err)
{
    (void)err;
    return step_mean(run, group, &arg[1], rows);
}

static streamq_status merge_mean(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    (void)run;
    (void)err;
    mean *a = into, *b = from;
    a->sum += b->sum;
    a->n += b->n;
    *b = (mean){0, 0};
    return STREAMQ_OK;
}

static streamq_status emit_mean(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    SQI_TRY(sqi_vec_bitmap(out, n, true, run->eval->arena, err));
    for (uint32_t k = 0; k < n; ++k) {
        const mean *s = sqi_states_at(&run->states, list[k]);
        SQI_OUT(out, double)[k] = s->n ? s->sum / (double)s->n : 0;
        if (!s->n)
            sqi_vec_set_null(out, k);
    }
    return STREAMQ_OK;
}

static streamq_status emit_count(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    (void)err;
    for (uint32_t k = 0; k < n; ++k)
        SQI_OUT(out, int64_t)[k] = ((const mean *)sqi_states_at(&run->states, list[k]))->n;
    return STREAMQ_OK;
}

enum { FLAGS = SQI_AGG_MERGES | SQI_AGG_PARTIAL };

static const sqi_agg_field pairs_number[] = {{SQI_AGG_REAL, offsetof(pairs, n)},
                                             {SQI_AGG_REAL, offsetof(pairs, x_mean)},
                                             {SQI_AGG_REAL, offsetof(pairs, y_mean)},
                                             {SQI_AGG_REAL, offsetof(pairs, xy)},
                                             {SQI_AGG_REAL, offsetof(pairs, xx)},
                                             {SQI_AGG_REAL, offsetof(pairs, yy)},
                                             {SQI_AGG_END, 0}};
static const sqi_agg_form pairs_form = {.version = 1, .field = pairs_number};

static const sqi_agg_field mean_number[] = {
    {SQI_AGG_REAL, offsetof(mean, sum)}, {SQI_AGG_COUNT, offsetof(mean, n)}, {SQI_AGG_END, 0}};
static const sqi_agg_form mean_form = {.version = 1, .field = mean_number};

#define ROW(name, step, emit, text)                                                                         \
    {                                                                                                       \
        name, 2, 2, FLAGS, "dd>d", resolve, sizeof(pairs), step, NULL, merge, emit, NULL, text, &pairs_form \
    }
#define MEAN(name, resolve, step, emit, text)                                                                  \
    {                                                                                                          \
        name, 2, 2, FLAGS, "dd>d", resolve, sizeof(mean), step, NULL, merge_mean, emit, NULL, text, &mean_form \
    }

const sqi_agg sqi_agg_corr[] = {
    ROW("covar_pop", step_xy, emit_covar_pop, "The covariance of a population of pairs."),
    ROW("covar_samp", step_xy, emit_covar_samp, "The covariance of a sample of pairs."),
    ROW("corr", step_corr, emit_corr, "Pearson's correlation of pairs."),
    ROW("regr_sxy", step_xy, emit_regr_sxy, "regr_sxy(y, x): products of the deviations of y and x, added up."),
    ROW("regr_slope", step_yx, emit_regr_slope, "regr_slope(y, x): the slope of the least-squares line."),
    ROW("regr_intercept", step_yx, emit_regr_intercept,
        "regr_intercept(y, x): where the least-squares line meets x = 0."),
    ROW("regr_r2", step_corr, emit_regr_r2, "regr_r2(y, x): the share of y's variance that the line explains."),
    MEAN("regr_count", resolve_count, step_mean_y, emit_count, "regr_count(y, x): the pairs without a null."),
    MEAN("regr_avgx", resolve, step_mean_x, emit_mean, "regr_avgx(y, x): the average of x over pairs without a null."),
    MEAN("regr_avgy", resolve, step_mean_y, emit_mean, "regr_avgy(y, x): the average of y over pairs without a null."),
    {.name = NULL},
};
