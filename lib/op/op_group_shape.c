/*
 * op_group_shape: what a grouping keeps, for the checkpoint: its keys' types and what its aggregates' states are.
 */
#include "agg_form.h"
#include "op_group_impl.h"
#include "op_shape.h"

static bool put_key(sqi_buf *to, const sqi_bound *key)
{
    size_t at;
    return sqi_shape_begin(to, "key", &at) && sqi_type_print_sql(to, key->type) && sqi_shape_next(to, &at) &&
           sqi_shape_name(to, key) && sqi_shape_end(to, &at);
}

static bool put_value(sqi_buf *to, const sqi_bound *agg)
{
    size_t at;
    return sqi_shape_begin(to, "value", &at) && sqi_agg_form_print(to, agg) && sqi_shape_next(to, &at) &&
           sqi_shape_name(to, agg) && sqi_shape_end(to, &at);
}

bool sqi_group_shape(const sqi_op *op, sqi_buf *to)
{
    const group *s = op->state;
    if (!sqi_shape_operator(to, "stateStoreSave", op->type->name))
        return false;
    for (uint32_t k = 0; k < s->nkey; ++k)
        if (!put_key(to, s->keys[k]))
            return false;
    for (uint32_t a = 0; a < s->nagg; ++a)
        if (!put_value(to, s->lane->agg[a].node))
            return false;
    return true;
}
