/*
 * expr_bind: the binder's doors and the walk over the parsed tree. Names are resolved in expr_bind_name.c, stars in
 * expr_bind_star.c, calls in expr_bind_call.c, type errors and coercion of arguments in expr_signature.c.
 *
 * Every node made here lives in the binder's arena and remembers the place in the text that it came from.
 */
#include "expr_bind.h"

#include "expr_bind_parts.h"

sqi_bound *sqi_bind_new(sqi_binder *b, sqi_bound_kind kind, uint32_t narg, const sqi_ast *ast)
{
    sqi_bound *e = sqi_arena_zero(b->arena, sizeof *e);
    if (!e)
        return NULL;
    if (narg && !(e->arg = sqi_arena_array(b->arena, narg, sizeof *e->arg)))
        return NULL;
    e->kind = kind;
    e->narg = narg;
    e->ast = ast;
    return e;
}

streamq_status sqi_bind_place(streamq_status status, const sqi_ast *ast, streamq_error **err)
{
    if (status != STREAMQ_OK && err && *err && ast && ast->text.len)
        sqi_error_place(*err, ast->text, ast->begin, ast->end);
    return status;
}

streamq_status sqi_bind_cast_node(sqi_binder *b, sqi_bound *e, const sqi_type *to, bool try_cast, const sqi_ast *ast,
                                  sqi_bound **out, streamq_error **err)
{
    const sqi_func *row = sqi_func_find(SQI_SPAN("cast"));
    if (!row)
        return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "the function table has no cast");
    sqi_bound *node = sqi_bind_new(b, SQI_BOUND_CALL, 1, ast);
    if (!node)
        return sqi_error_nomem(err);
    node->func = row;
    node->arg[0] = e;
    node->type = to;
    node->flags = try_cast ? SQI_CAST_TRY : 0;
    node->nullable = true;
    SQI_TRY(sqi_bind_place(row->resolve ? row->resolve(b, node, err) : STREAMQ_OK, ast, err));
    *out = node;
    return STREAMQ_OK;
}

/* Types that differ only in what may be null, or in names of fields, are the same bytes: no step is needed. */
streamq_status sqi_bind_cast(sqi_binder *b, sqi_bound **e, const sqi_type *to, streamq_error **err)
{
    const sqi_bound *from = *e;
    if (from->type == to || sqi_type_same(from->type, to))
        return STREAMQ_OK;
    if (from->kind != SQI_BOUND_CONST || from->type->id != SQI_VOID)
        return sqi_bind_cast_node(b, *e, to, false, from->ast, e, err);
    sqi_vec *null = sqi_arena_get(b->arena, sizeof *null);
    sqi_bound *node = null ? sqi_bind_new(b, SQI_BOUND_CONST, 0, from->ast) : NULL;
    if (!node)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_vec_null(null, to, b->arena, err));
    node->type = to;
    node->nullable = true;
    node->value = null;
    *e = node;
    return STREAMQ_OK;
}

static streamq_status bind_const(sqi_binder *b, const sqi_ast *e, const sqi_vec *value, sqi_bound **out,
                                 streamq_error **err)
{
    sqi_bound *node = sqi_bound_const(b->arena, value);
    if (!node)
        return sqi_error_nomem(err);
    node->ast = e;
    *out = node;
    return STREAMQ_OK;
}

static streamq_status bind_param(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    for (uint32_t i = 0; b->params && i < b->params->n; i++)
        if (sqi_span_equal(b->params->name[i], e->part[0]))
            return bind_const(b, e, b->params->value[i], out, err);
    return sqi_error_set(err, SQI_COND_UNBOUND_SQL_PARAMETER, "parameter :%.*s has no value; set it on the plan",
                         (int)e->part[0].len, e->part[0].ptr);
}

/* CASE x WHEN v becomes CASE WHEN x = v: every comparison shares the one node of x. */
static streamq_status bind_case(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    uint32_t n = e->narg + (e->otherwise != NULL);
    sqi_bound *operand = NULL;
    sqi_bound **arg = sqi_arena_array(b->arena, n, sizeof *arg);
    if (!arg)
        return sqi_error_nomem(err);
    if (e->operand)
        SQI_TRY(sqi_bind_node(b, e->operand, &operand, err));
    for (uint32_t i = 0; i < e->narg; i++) {
        SQI_TRY(sqi_bind_node(b, e->arg[i], &arg[i], err));
        if (operand && i % 2 == 0) {
            sqi_bound *pair[2] = {operand, arg[i]};
            SQI_TRY(sqi_bind_call(b, "=", pair, 2, e->arg[i], &arg[i], err));
        }
    }
    if (e->otherwise)
        SQI_TRY(sqi_bind_node(b, e->otherwise, &arg[n - 1], err));
    return sqi_bind_call(b, "case", arg, n, e, out, err);
}

/* The expression itself under another name: struct(x AS a) asks its argument for it. */
static streamq_status bind_alias(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    sqi_bound *inner;
    SQI_TRY(sqi_bind_node(b, e->arg[0], &inner, err));
    sqi_bound *named = sqi_arena_get(b->arena, sizeof *named);
    if (!named)
        return sqi_error_nomem(err);
    *named = *inner;
    named->ast = e;
    *out = named;
    return STREAMQ_OK;
}

/* INTERVAL x UNIT, x no literal: so many times the interval of one unit. */
static streamq_status bind_interval(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    static const struct {
        const char *name;
        int field; /* SQI_YEAR .. SQI_SECOND */
        int64_t one;
    } unit[] = {{"year", SQI_YEAR, 12},
                {"month", SQI_MONTH, 1},
                {"week", SQI_DAY, 7 * SQI_MICROS_PER_DAY},
                {"day", SQI_DAY, SQI_MICROS_PER_DAY},
                {"hour", SQI_HOUR, 3600 * SQI_MICROS_PER_SECOND},
                {"minute", SQI_MINUTE, 60 * SQI_MICROS_PER_SECOND},
                {"second", SQI_SECOND, SQI_MICROS_PER_SECOND},
                {"millisecond", SQI_SECOND, 1000},
                {"microsecond", SQI_SECOND, 1}};
    sqi_span name = e->name;
    if (name.len > 1 && (name.ptr[name.len - 1] == 's' || name.ptr[name.len - 1] == 'S'))
        name.len--; /* DAYS */
    size_t k = 0;
    while (k < sizeof unit / sizeof *unit && !sqi_span_equal_nocase(name, sqi_span_of(unit[k].name)))
        k++;
    if (k == sizeof unit / sizeof *unit)
        return sqi_error_set(err, SQI_COND_PARSE_SYNTAX_ERROR, "%.*s is no interval unit", (int)e->name.len,
                             e->name.ptr);
    bool months = unit[k].field <= SQI_MONTH;
    sqi_vec *value = sqi_arena_zero(b->arena, sizeof *value);
    if (!value)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_vec_make(value,
                         months ? sqi_type_interval_ym(unit[k].field, unit[k].field)
                                : sqi_type_interval_dt(unit[k].field, unit[k].field),
                         1, b->arena, err));
    value->mask = 0;
    if (months)
        SQI_OUT(value, int32_t)[0] = (int32_t)unit[k].one;
    else
        SQI_OUT(value, int64_t)[0] = unit[k].one;
    sqi_bound *pair[2];
    SQI_TRY(bind_const(b, e, value, &pair[0], err));
    SQI_TRY(sqi_bind_node(b, e->arg[0], &pair[1], err));
    return sqi_bind_call(b, "*", pair, 2, e, out, err);
}

static streamq_status bind_subquery(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    if (b->lambda)
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY__HIGHER_ORDER_FUNCTION,
                             "a lambda function cannot hold a subquery; join the two inputs instead");
    if (b->subquery) {
        streamq_error *local = NULL;
        sqi_bound *found = b->subquery(b->context, e, &local);
        if (local)
            return sqi_error_pass(err, local);
        if (found) {
            *out = found;
            return STREAMQ_OK;
        }
    }
    return sqi_error_set(err, SQI_COND_UNSUPPORTED_FEATURE__SUBQUERY,
                         "a subquery cannot stand in an expression here; join the two inputs instead");
}

static streamq_status bind_field(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    sqi_bound *base;
    SQI_TRY(sqi_bind_node(b, e->arg[0], &base, err));
    return sqi_bind_extract(b, base, e->part[0], e, out, err);
}

static streamq_status bind_cast(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    sqi_bound *inner;
    SQI_TRY(sqi_bind_node(b, e->arg[0], &inner, err));
    return sqi_bind_cast_node(b, inner, e->type, e->try_cast, e, out, err);
}

static streamq_status bind_kind(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    switch (e->kind) {
    case SQI_AST_LITERAL:
        return bind_const(b, e, e->value, out, err);
    case SQI_AST_NAME:
        return sqi_bind_name_node(b, e, out, err);
    case SQI_AST_CALL:
        return sqi_bind_call_node(b, e, out, err);
    case SQI_AST_CAST:
        return bind_cast(b, e, out, err);
    case SQI_AST_CASE:
        return bind_case(b, e, out, err);
    case SQI_AST_ALIAS:
        return bind_alias(b, e, out, err);
    case SQI_AST_FIELD:
        return bind_field(b, e, out, err);
    case SQI_AST_PARAM:
        return bind_param(b, e, out, err);
    case SQI_AST_SUBQUERY:
        return bind_subquery(b, e, out, err);
    case SQI_AST_INTERVAL:
        return bind_interval(b, e, out, err);
    case SQI_AST_STAR:
        return sqi_error_set(err, SQI_COND_INVALID_USAGE_OF_STAR_OR_REGEX, "* cannot stand inside an expression");
    case SQI_AST_LAMBDA:
        return sqi_error_set(err, SQI_COND_INVALID_LAMBDA_FUNCTION_CALL__NON_HIGHER_ORDER_FUNCTION,
                             "a lambda function can only be an argument of a higher-order function");
    case SQI_AST_NAMED:
        return sqi_error_set(err, SQI_COND_UNRECOGNIZED_PARAMETER_NAME, "%.*s => ... cannot be given by name here",
                             (int)e->name.len, e->name.ptr);
    case SQI_AST_SORT:
        break;
    }
    return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "an expression of kind %d cannot be bound", (int)e->kind);
}

streamq_status sqi_bind_node(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    if (b->depth >= SQI_BIND_DEPTH)
        return sqi_error_set(err, SQI_COND_FAILED_TO_PARSE_TOO_COMPLEX,
                             "the expression is nested more than %d levels deep", SQI_BIND_DEPTH);
    b->depth++;
    streamq_status status = bind_kind(b, e, out, err);
    b->depth--;
    return sqi_bind_place(status, e, err);
}

streamq_status sqi_bind(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    while (e->kind == SQI_AST_ALIAS)
        e = e->arg[0];
    unsigned depth = b->depth;
    b->depth = 0; /* the top again: a generator may stand here */
    sqi_bound *tree = NULL;
    streamq_status status = sqi_bind_node(b, e, &tree, err);
    b->depth = depth;
    if (status != STREAMQ_OK)
        return status;
    *out = b->allow & SQI_BIND_UNFOLDED ? tree : sqi_fold(b, tree);
    return *out ? STREAMQ_OK : sqi_error_nomem(err);
}

streamq_status sqi_bind_condition(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    SQI_TRY(sqi_bind(b, e, out, err));
    const sqi_type *type = (*out)->type;
    if (type->id == SQI_VOID)
        return sqi_bind_cast(b, out, &sqi_type_boolean, err);
    if (type->id == SQI_BOOLEAN)
        return STREAMQ_OK;
    char label[128];
    return sqi_bind_place(sqi_error_set(err, SQI_COND_DATATYPE_MISMATCH__FILTER_NOT_BOOLEAN,
                                        "the condition of %s must be BOOLEAN, but %s is %s",
                                        b->clause ? b->clause : "a filter", sqi_bind_text(b, *out),
                                        sqi_type_label(type, label)),
                          e, err);
}
