/*
 * gen: the list of generators. The families (gen_explode.c, gen_inline.c, gen_stack.c) export arrays of rows that end
 * with a row without a name. The list is short, so a search reads it from the front.
 */
#include "agg.h"

static const sqi_generator *const families[] = {sqi_gen_explode, sqi_gen_inline, sqi_gen_stack};

const sqi_generator *sqi_generator_at(size_t i)
{
    for (size_t f = 0; f < sizeof families / sizeof *families; ++f)
        for (const sqi_generator *g = families[f]; g->name; ++g)
            if (i-- == 0)
                return g;
    return NULL;
}

const sqi_generator *sqi_generator_find(sqi_span name)
{
    const sqi_generator *g;
    for (size_t i = 0; (g = sqi_generator_at(i)); ++i)
        if (sqi_span_equal_nocase(sqi_span_of(g->name), name))
            return g;
    return NULL;
}
