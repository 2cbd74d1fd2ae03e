/*
 * sql_unpivot: UNPIVOT: every row once for each set of columns, as an EXPAND, then the rows without a value go.
 *
 * The columns that no set names come first, then the column that says which set it is, then the values. The values of
 * one place meet in a type that does not mix text with anything else.
 */
#include "expr_coerce.h"
#include "plan_make.h"
#include "sql_scope.h"

typedef struct unpivot {
    const sqi_sql_scope *s;
    const sqi_sql_unpivot *u;
    const sqi_ast *at;
    const sqi_node *in;
    sqi_bound **value; /* [set * nvalue + place] */
    bool *used;        /* columns of the input that some set names */
    const sqi_type **type;
    streamq_error **err;
} unpivot;

static streamq_status bind_set(unpivot *x, uint32_t set)
{
    const sqi_sql_unpivot_set *from = &x->u->set[set];
    sqi_scope scope = sqi_make_scope(x->in);
    sqi_binder b;
    if (from->ncolumn != x->u->nvalue)
        return sqi_names_error(from->ncolumn ? from->column[0] : x->at, x->err, SQI_COND_UNPIVOT_VALUE_SIZE_MISMATCH,
                               "UNPIVOT has %u value columns, this set names %u", x->u->nvalue, from->ncolumn);
    sqi_names_binder(&b, x->s->c, &scope, "UNPIVOT", 0);
    for (uint32_t i = 0; i < from->ncolumn; i++) {
        sqi_bound **e = &x->value[set * x->u->nvalue + i];
        SQI_TRY(sqi_bind(&b, from->column[i], e, x->err));
        if ((*e)->kind != SQI_BOUND_COLUMN)
            return sqi_names_error(from->column[i], x->err, SQI_COND_UNPIVOT_REQUIRES_ATTRIBUTES,
                                   "UNPIVOT takes columns, no fields and expressions; select them first");
        x->used[(*e)->column] = true;
        const sqi_type *type = (*e)->type;
        if (x->type[i] && x->type[i] != type)
            type = sqi_coerce_tightest(x->s->c->eval->pool, x->type[i], type);
        if (!type)
            return sqi_names_error(from->column[i], x->err, SQI_COND_UNPIVOT_VALUE_DATA_TYPE_MISMATCH,
                                   "the columns that become `%.*s` have types that do not meet; cast them first",
                                   (int)x->u->value[i].len, x->u->value[i].ptr);
        x->type[i] = type;
    }
    return STREAMQ_OK;
}

/* What the name column says for a set. */
static streamq_status set_name(const unpivot *x, uint32_t set, sqi_bound **out)
{
    const sqi_sql_unpivot_set *from = &x->u->set[set];
    sqi_plan_context *c = x->s->c;
    sqi_buf joined;
    sqi_buf_init(&joined, c->alloc, 0);
    for (uint32_t i = 0; i < from->ncolumn && !from->alias.len; i++) {
        sqi_buf_text(&joined, i ? "_" : "");
        sqi_buf_span(&joined, from->column[i]->part[from->column[i]->npart - 1]);
    }
    sqi_vec *v = sqi_arena_zero(c->arena, sizeof *v);
    bool ok = v && !joined.failed && sqi_vec_make(v, &sqi_type_string, 1, c->arena, x->err) == STREAMQ_OK &&
              sqi_str_copy(c->arena, from->alias.len ? from->alias : sqi_buf_view(&joined), SQI_OUT(v, sqi_str));
    sqi_buf_fini(&joined);
    if (!ok)
        return sqi_error_nomem(x->err);
    v->mask = 0;
    *out = sqi_bound_const(c->arena, v);
    return *out ? STREAMQ_OK : sqi_error_nomem(x->err);
}

static streamq_status projection(const unpivot *x, uint32_t set, sqi_bound **expr)
{
    sqi_plan_context *c = x->s->c;
    sqi_binder b;
    uint32_t at = 0;
    sqi_names_binder(&b, c, NULL, "UNPIVOT", 0);
    for (uint32_t i = 0; i < x->in->ncol; i++)
        if (!x->used[i] && !(expr[at++] = sqi_make_column(c, x->in, i)))
            return sqi_error_nomem(x->err);
    SQI_TRY(set_name(x, set, &expr[at++]));
    for (uint32_t i = 0; i < x->u->nvalue; i++, at++) {
        expr[at] = x->value[set * x->u->nvalue + i];
        if (!sqi_type_same(expr[at]->type, x->type[i]))
            SQI_TRY(sqi_bind_cast(&b, &expr[at], x->type[i], x->err));
    }
    return STREAMQ_OK;
}

static streamq_status expand(const unpivot *x, const sqi_node **out)
{
    sqi_arena *arena = x->s->c->arena;
    sqi_node *n = sqi_make_over(x->s->c, SQI_NODE_EXPAND, x->in);
    uint32_t most = x->in->ncol + 1 + x->u->nvalue, at = 0;
    if (!n || !(n->col = sqi_arena_array(arena, most, sizeof *n->col)) ||
        !(n->projection = sqi_arena_array(arena, x->u->nset, sizeof *n->projection)))
        return sqi_error_nomem(x->err);
    for (uint32_t i = 0; i < x->in->ncol; i++)
        if (!x->used[i])
            n->col[at++] = x->in->col[i];
    n->col[at++] = (sqi_attribute){.name = x->u->name, .type = &sqi_type_string};
    for (uint32_t i = 0; i < x->u->nvalue; i++)
        n->col[at++] = (sqi_attribute){.name = x->u->value[i], .type = x->type[i], .nullable = true};
    n->ncol = n->nexpr = at;
    n->nproj = x->u->nset;
    for (uint32_t set = 0; set < n->nproj; set++) {
        if (!(n->projection[set] = sqi_arena_array(arena, at, sizeof **n->projection)))
            return sqi_error_nomem(x->err);
        SQI_TRY(projection(x, set, n->projection[set]));
    }
    return sqi_make_done(n, out, x->err);
}

/* Some value is there. */
static streamq_status drop_empty(const unpivot *x, const sqi_node **n)
{
    sqi_plan_context *c = x->s->c;
    sqi_binder b;
    sqi_bound *any = NULL;
    sqi_names_binder(&b, c, NULL, "UNPIVOT", 0);
    for (uint32_t i = (*n)->ncol - x->u->nvalue; i < (*n)->ncol; i++) {
        sqi_bound *value = sqi_make_column(c, *n, i), *there;
        if (!value)
            return sqi_error_nomem(x->err);
        SQI_TRY(sqi_bind_call(&b, "isnotnull", &value, 1, NULL, &there, x->err));
        sqi_bound *two[] = {any, there};
        if (!any)
            any = there;
        else
            SQI_TRY(sqi_bind_call(&b, "or", two, 2, NULL, &any, x->err));
    }
    return sqi_make_done(sqi_make_filter(c, *n, any), n, x->err);
}

streamq_status sqi_sql_unpivot_node(const sqi_sql_scope *s, const sqi_sql_unpivot *u, const sqi_ast *at,
                                    const sqi_node *in, const sqi_node **out, streamq_error **err)
{
    sqi_arena *arena = s->c->arena;
    unpivot x = {.s = s, .u = u, .at = at, .in = in, .err = err};
    x.value = sqi_arena_array(arena, (size_t)u->nset * u->nvalue, sizeof *x.value);
    x.used = sqi_arena_array(arena, in->ncol, sizeof *x.used);
    x.type = sqi_arena_array(arena, u->nvalue, sizeof *x.type);
    if (!x.value || !x.used || !x.type)
        return sqi_error_nomem(err);
    for (uint32_t set = 0; set < u->nset; set++)
        SQI_TRY(bind_set(&x, set));
    SQI_TRY(expand(&x, out));
    return u->include_nulls ? STREAMQ_OK : drop_empty(&x, out);
}
