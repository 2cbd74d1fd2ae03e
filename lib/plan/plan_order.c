/*
 * plan_order: ORDER BY and HAVING over output columns and the input below.
 */
#include "plan_order.h"

#include "plan_make.h"
#include "plan_screen.h"

static void names_init(sqi_names *names, const sqi_order_scope *s, const char *clause)
{
    *names = (sqi_names){.level = {{.scope = s->output, .tag = SQI_COLUMN_ITEM}}, .n = 1};
    if (s->input)
        names->level[names->n++] = (sqi_names_level){.scope = sqi_make_scope(s->input)};
    sqi_names_levels(names, s->c, clause, SQI_BIND_AGGREGATES);
}

static sqi_bound *output_column(const sqi_order_scope *s, uint32_t i, const sqi_ast *ast)
{
    sqi_bound *e =
        sqi_bound_column(s->c->arena, SQI_COLUMN_ITEM | i, s->output.attr[i].type, s->output.attr[i].nullable);
    if (e)
        e->ast = ast;
    return e;
}

/* ORDER BY ALL: every output column in turn, all in the direction written. */
static streamq_status order_all(const sqi_order_scope *s, const sqi_ast *item, sqi_order *out, streamq_error **err)
{
    uint8_t flags = (uint8_t)(item->kind != SQI_AST_SORT ? 2 : item->descending | item->nulls_first << 1);
    out->n = s->output.n;
    out->e = sqi_arena_array(s->c->arena, out->n, sizeof *out->e);
    out->flags = sqi_arena_array(s->c->arena, out->n, sizeof *out->flags);
    if (!out->e || !out->flags)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < out->n; i++) {
        if (!(out->e[i] = output_column(s, i, NULL)))
            return sqi_error_nomem(err);
        out->flags[i] = flags;
    }
    return STREAMQ_OK;
}

static streamq_status ordinal(const sqi_order_scope *s, const sqi_ast *e, int64_t position, sqi_bound **out,
                              streamq_error **err)
{
    if (position < 1 || position > s->output.n)
        return sqi_names_error(e, err, SQI_COND_ORDER_BY_POS_OUT_OF_RANGE,
                               "ORDER BY %lld: the select list has positions 1 to %u", (long long)position,
                               s->output.n);
    *out = output_column(s, (uint32_t)position - 1, e);
    return *out ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status term(const sqi_order_scope *s, sqi_names *names, const sqi_ast *e, sqi_bound **out,
                           streamq_error **err)
{
    int64_t position;
    if (sqi_names_ordinal(e, &position))
        return ordinal(s, e, position, out, err);
    SQI_TRY(sqi_screen_expression(s->c, e, s->streaming, err));
    SQI_TRY(sqi_bind(&names->binder, e, out, err));
    if (!s->aggregates && sqi_bound_has(*out, SQI_BOUND_AGG))
        return sqi_names_error(e, err, SQI_COND_UNSUPPORTED_EXPR_FOR_OPERATOR,
                               "an aggregate function cannot stand in this ORDER BY; the rows are not grouped");
    return STREAMQ_OK;
}

streamq_status sqi_order_terms(const sqi_order_scope *s, sqi_ast *const *item, uint32_t n, sqi_order *out,
                               streamq_error **err)
{
    *out = (sqi_order){0};
    if (!n)
        return STREAMQ_OK;
    if (n == 1 && sqi_names_is_word(item[0]->kind == SQI_AST_SORT ? item[0]->arg[0] : item[0], "all") &&
        sqi_names_find(&s->output, SQI_SPAN("all")) == s->output.n)
        return order_all(s, item[0], out, err);
    sqi_names names;
    names_init(&names, s, "ORDER BY");
    out->e = sqi_arena_array(s->c->arena, n, sizeof *out->e);
    out->flags = sqi_arena_array(s->c->arena, n, sizeof *out->flags);
    if (!out->e || !out->flags)
        return sqi_error_nomem(err);
    out->n = n;
    for (uint32_t i = 0; i < n; i++) {
        bool sort = item[i]->kind == SQI_AST_SORT;
        out->flags[i] = (uint8_t)(sort ? item[i]->descending | item[i]->nulls_first << 1 : 2);
        SQI_TRY(term(s, &names, sort ? item[i]->arg[0] : item[i], &out->e[i], err));
    }
    return STREAMQ_OK;
}

streamq_status sqi_order_check(const sqi_order *order, streamq_error **err)
{
    char label[128];
    for (uint32_t i = 0; i < order->n; i++)
        if (!sqi_type_is_orderable(order->e[i]->type))
            return sqi_names_error(order->e[i]->ast, err, SQI_COND_DATATYPE_MISMATCH__INVALID_ORDERING_TYPE,
                                   "rows cannot be ordered by a value of type %s",
                                   sqi_type_label(order->e[i]->type, label));
    return STREAMQ_OK;
}

streamq_status sqi_order_having(const sqi_order_scope *s, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    sqi_names names;
    names_init(&names, s, "HAVING");
    SQI_TRY(sqi_screen_expression(s->c, e, s->streaming, err));
    return sqi_bind_condition(&names.binder, e, out, err);
}
