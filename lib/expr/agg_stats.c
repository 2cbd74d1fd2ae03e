/*
 * agg_stats: moments of one column: variance, standard deviation, skewness, kurtosis and regr_sxx, regr_syy.
 *
 * States are count, mean and central moments (Welford); partial ones merge by Chan's formulas. The last digits agree
 * with Spark because the same merges happen in the same order: a partial state always meets an empty one first, the
 * stored state does too when it is read, then they meet; and a result is asked for after one more meeting with nothing.
 */
#include <math.h>

#include "agg.h"

typedef struct moments {
    double n, mean, m2, m3, m4;
} moments;

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    (void)b;
    (void)err;
    node->type = &sqi_type_double;
    node->nullable = true;
    return STREAMQ_OK;
}

static void add(moments *s, double x, int order)
{
    double n = s->n + 1.0;
    double delta = x - s->mean, delta_n = delta / n;
    s->mean += delta_n;
    s->m2 += delta * (delta - delta_n);
    if (order >= 3) {
        double delta2 = delta * delta, delta_n2 = delta_n * delta_n;
        s->m3 = s->m3 - 3.0 * delta_n * s->m2 + delta * (delta2 - delta_n2);
        if (order >= 4)
            s->m4 =
                s->m4 - 4.0 * delta_n * s->m3 - 6.0 * delta_n2 * s->m2 + delta * (delta * delta2 - delta_n * delta_n2);
    }
    s->n = n;
}

static moments join(const moments *a, const moments *b)
{
    double na = a->n, nb = b->n, n = na + nb;
    double delta = b->mean - a->mean, delta_n = n == 0 ? 0.0 : delta / n;
    moments out = {.n = n, .mean = a->mean + delta_n * nb};
    out.m2 = a->m2 + b->m2 + delta * delta_n * na * nb;
    out.m3 =
        a->m3 + b->m3 + delta_n * delta_n * delta * na * nb * (na - nb) + 3.0 * delta_n * (na * b->m2 - nb * a->m2);
    out.m4 = a->m4 + b->m4 + delta_n * delta_n * delta_n * delta * na * nb * (na * na - na * nb + nb * nb) +
             6.0 * delta_n * delta_n * (na * na * b->m2 + nb * nb * a->m2) + 4.0 * delta_n * (na * b->m3 - nb * a->m3);
    return out;
}

static moments join_empty(const moments *s)
{
    static const moments empty;
    return join(&empty, s);
}

static void step(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows, int order)
{
    SQI_AGG_EACH(run, group, rows, moments, s, i)
    add(s, SQI_AT(arg, double, i), order);
}

#define STEP(order)                                                                                                \
    static streamq_status step_##order(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows, \
                                       streamq_error **err)                                                        \
    {                                                                                                              \
        (void)err;                                                                                                 \
        step(run, group, arg, rows, order);                                                                        \
        return STREAMQ_OK;                                                                                         \
    }
STEP(2)
STEP(3)
STEP(4)
#undef STEP

/* regr_syy and regr_sxx: the first, or the second, of a pair; pairs with a null are left out by the framework. */
static streamq_status step_second(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                                  streamq_error **err)
{
    (void)err;
    step(run, group, &arg[1], rows, 2);
    return STREAMQ_OK;
}

static streamq_status merge(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    (void)run;
    (void)err;
    moments stored = join_empty(into), fresh = join_empty(from);
    if (stored.n == 0)
        stored = join_empty(&fresh);
    else
        stored = join(&stored, &fresh);
    *(moments *)into = stored;
    *(moments *)from = (moments){0};
    return STREAMQ_OK;
}

/* Null below the number of values that a result needs. */
static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, double need,
                           double (*result)(const moments *s), streamq_error **err)
{
    SQI_TRY(sqi_vec_bitmap(out, n, true, run->eval->arena, err));
    for (uint32_t k = 0; k < n; ++k) {
        moments s = join_empty(sqi_states_at(&run->states, list[k]));
        bool null = s.n < need;
        double *to = &SQI_OUT(out, double)[k];
        *to = null ? 0 : result(&s);
        if (null)
            sqi_vec_set_null(out, k);
    }
    return STREAMQ_OK;
}

static double var_pop(const moments *s)
{
    return s->m2 / s->n;
}

static double var_samp(const moments *s)
{
    return s->m2 / (s->n - 1.0);
}

static double stddev_pop(const moments *s)
{
    return sqrt(s->m2 / s->n);
}

static double stddev_samp(const moments *s)
{
    return sqrt(s->m2 / (s->n - 1.0));
}

static double sum_of_squares(const moments *s)
{
    return s->m2;
}

#define EMIT(name, need)                                                                                \
    static streamq_status emit_##name(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, \
                                      streamq_error **err)                                              \
    {                                                                                                   \
        return emit(run, list, n, out, need, name, err);                                                \
    }
EMIT(var_pop, 1)
EMIT(var_samp, 2)
EMIT(stddev_pop, 1)
EMIT(stddev_samp, 2)
EMIT(sum_of_squares, 1)
#undef EMIT

/* The third and the fourth standardised moment as fractions: what is above and below the line. */
static double skewness(const moments *s, double *below)
{
    *below = sqrt(s->m2 * s->m2 * s->m2);
    return sqrt(s->n) * s->m3;
}

static double kurtosis(const moments *s, double *below)
{
    *below = s->m2 * s->m2;
    return s->n * s->m4;
}

/* Values that are all equal have no shape. A spread so small that its powers vanish is a division by zero. */
static streamq_status emit_shape(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out,
                                 double (*fraction)(const moments *s, double *below), double less, streamq_error **err)
{
    SQI_TRY(sqi_vec_bitmap(out, n, true, run->eval->arena, err));
    for (uint32_t k = 0; k < n; ++k) {
        moments s = join_empty(sqi_states_at(&run->states, list[k]));
        double below = 0, above = 0;
        if (s.n != 0 && s.m2 != 0)
            above = fraction(&s, &below);
        if (below == 0 && s.n != 0 && s.m2 != 0 && run->eval->ansi)
            return sqi_error_set(err, SQI_COND_DIVIDE_BY_ZERO,
                                 "%s: the values are too close to each other to divide by "
                                 "their spread",
                                 run->node->agg->name);
        SQI_OUT(out, double)[k] = below == 0 ? 0 : above / below - less;
        if (below == 0)
            sqi_vec_set_null(out, k);
    }
    return STREAMQ_OK;
}

static streamq_status emit_skewness(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out,
                                    streamq_error **err)
{
    return emit_shape(run, list, n, out, skewness, 0.0, err);
}

static streamq_status emit_kurtosis(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out,
                                    streamq_error **err)
{
    return emit_shape(run, list, n, out, kurtosis, 3.0, err);
}

enum { FLAGS = SQI_AGG_MERGES | SQI_AGG_PARTIAL };

static const sqi_agg_field number[] = {{SQI_AGG_REAL, offsetof(moments, n)},  {SQI_AGG_REAL, offsetof(moments, mean)},
                                       {SQI_AGG_REAL, offsetof(moments, m2)}, {SQI_AGG_REAL, offsetof(moments, m3)},
                                       {SQI_AGG_REAL, offsetof(moments, m4)}, {SQI_AGG_END, 0}};
static const sqi_agg_form form = {.version = 1, .field = number};

#define ROW(name, step, emit, text)                                                                    \
    {                                                                                                  \
        name, 1, 1, FLAGS, "d>d", resolve, sizeof(moments), step, NULL, merge, emit, NULL, text, &form \
    }
#define PAIR(name, step, emit, text)                                                                    \
    {                                                                                                   \
        name, 2, 2, FLAGS, "dd>d", resolve, sizeof(moments), step, NULL, merge, emit, NULL, text, &form \
    }

const sqi_agg sqi_agg_stats[] = {
    ROW("stddev", step_2, emit_stddev_samp, "The standard deviation of a sample."),
    ROW("std", step_2, emit_stddev_samp, "The standard deviation of a sample."),
    ROW("stddev_samp", step_2, emit_stddev_samp, "The standard deviation of a sample."),
    ROW("stddev_pop", step_2, emit_stddev_pop, "The standard deviation of a population."),
    ROW("variance", step_2, emit_var_samp, "The variance of a sample."),
    ROW("var_samp", step_2, emit_var_samp, "The variance of a sample."),
    ROW("var_pop", step_2, emit_var_pop, "The variance of a population."),
    ROW("skewness", step_3, emit_skewness, "How lopsided the values are: the third standardised moment."),
    ROW("kurtosis", step_4, emit_kurtosis, "How heavy the tails are: the fourth standardised moment less 3."),
    PAIR("regr_sxx", step_second, emit_sum_of_squares, "regr_sxx(y, x): squared deviations of x, added up."),
    PAIR("regr_syy", step_2, emit_sum_of_squares, "regr_syy(y, x): squared deviations of y, added up."),
    {.name = NULL},
};
