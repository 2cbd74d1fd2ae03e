/*
 * agg: the list of aggregate functions. The families (agg_count.c, agg_sum.c, ...) export arrays of rows that end with
 * a row without a name; aliases are rows of their own.
 */
#include "agg.h"

static const sqi_agg *const families[] = {
    sqi_agg_count,    sqi_agg_sum,     sqi_agg_minmax,  sqi_agg_first,    sqi_agg_bool,
    sqi_agg_bit,      sqi_agg_collect, sqi_agg_stats,   sqi_agg_corr,     sqi_agg_percentile,
    sqi_agg_quantile, sqi_agg_mode,    sqi_agg_listagg, sqi_agg_distinct, sqi_agg_histogram,
};

const sqi_agg *sqi_agg_at(size_t i)
{
    for (size_t f = 0; f < sizeof families / sizeof *families; ++f)
        for (const sqi_agg *a = families[f]; a->name; ++a)
            if (i-- == 0)
                return a;
    return NULL;
}

const sqi_agg *sqi_agg_find(sqi_span name)
{
    for (size_t f = 0; f < sizeof families / sizeof *families; ++f)
        for (const sqi_agg *a = families[f]; a->name; ++a)
            if (sqi_span_equal_nocase(sqi_span_of(a->name), name))
                return a;
    return NULL;
}

static bool is_same(const sqi_agg *a, const sqi_agg *b)
{
    return a->resolve == b->resolve && a->step == b->step && a->merge == b->merge && a->emit == b->emit &&
           a->form == b->form && a->flags == b->flags && a->min_args == b->min_args && a->max_args == b->max_args;
}

const char *sqi_agg_first_name(const sqi_agg *a)
{
    for (size_t f = 0; f < sizeof families / sizeof *families; ++f)
        for (const sqi_agg *b = families[f]; b->name; ++b)
            if (is_same(a, b))
                return b->name;
    return a->name;
}
