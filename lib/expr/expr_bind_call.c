/*
 * expr_bind_call: calls: scalar functions, aggregates, generators, type names used as functions (INT('5')), and what is
 * refused: unknown names, wrong numbers of arguments, aggregates and generators out of place, OVER.
 */
#include "expr_bind_parts.h"

#define SUGGESTIONS 3u

typedef struct call_args {
    sqi_bound **arg;
    uint32_t n;
} call_args;

static sqi_span called(const sqi_ast *e)
{
    return e->name;
}

/* Nearest function names to a misspelt one, best first. */
typedef struct nearest {
    sqi_span name[SUGGESTIONS];
    unsigned distance[SUGGESTIONS];
    size_t n;
} nearest;

static void offer(nearest *list, sqi_span wanted, const char *name)
{
    sqi_span candidate = sqi_span_of(name);
    unsigned d = sqi_name_distance(wanted, candidate);
    if (d > 1 + wanted.len / 3)
        return;
    size_t at = list->n;
    while (at > 0 && list->distance[at - 1] > d)
        at--;
    if (at == SUGGESTIONS)
        return;
    size_t moved = (list->n < SUGGESTIONS ? list->n++ : SUGGESTIONS - 1) - at;
    memmove(&list->name[at + 1], &list->name[at], moved * sizeof *list->name);
    memmove(&list->distance[at + 1], &list->distance[at], moved * sizeof *list->distance);
    list->name[at] = candidate;
    list->distance[at] = d;
}

static streamq_status unknown_routine(sqi_span name, streamq_error **err)
{
    nearest list = {.n = 0};
    const sqi_func *f;
    const sqi_agg *a;
    const sqi_generator *g;
    for (size_t i = 0; (f = sqi_func_at(i)); i++)
        if (!(f->flags & SQI_FUNC_INTERNAL) && f->name[0] >= 'a' && f->name[0] <= 'z')
            offer(&list, name, f->name);
    for (size_t i = 0; (a = sqi_agg_at(i)); i++)
        offer(&list, name, a->name);
    for (size_t i = 0; (g = sqi_generator_at(i)); i++)
        offer(&list, name, g->name);
    streamq_status status =
        sqi_error_set(err, SQI_COND_UNRESOLVED_ROUTINE, "there is no function %.*s", (int)name.len, name.ptr);
    if (err && *err && list.n)
        sqi_error_candidates(*err, list.name, list.n);
    return status;
}

static streamq_status check_count(const char *name, int min, int max, uint32_t n, streamq_error **err)
{
    if ((int64_t)n >= min && (max < 0 || n <= (uint32_t)max))
        return STREAMQ_OK;
    if (max < 0)
        return sqi_error_set(err, SQI_COND_WRONG_NUM_ARGS__WITHOUT_SUGGESTION,
                             "%s takes at least %d argument%s, but %u were given", name, min, min == 1 ? "" : "s",
                             (unsigned)n);
    if (min == max)
        return sqi_error_set(err, SQI_COND_WRONG_NUM_ARGS__WITHOUT_SUGGESTION,
                             "%s takes %d argument%s, but %u were given", name, min, min == 1 ? "" : "s", (unsigned)n);
    return sqi_error_set(err, SQI_COND_WRONG_NUM_ARGS__WITHOUT_SUGGESTION,
                         "%s takes %d to %d arguments, but %u were given", name, min, max, (unsigned)n);
}

/* The default: without NEVER_NULL a function may give null at any time. */
static bool may_be_null(const sqi_bound *node)
{
    if (!(node->func->flags & SQI_FUNC_NEVER_NULL))
        return true;
    if (node->func->nulls == SQI_NULL_OWN || node->func->form)
        return false;
    for (uint32_t i = 0; i < node->narg; i++)
        if (node->arg[i]->nullable)
            return true;
    return false;
}

static streamq_status check_lambdas(const sqi_bound *node, const char *name, bool higher, streamq_error **err)
{
    for (uint32_t i = 0; i < node->narg; i++) {
        if (node->arg[i]->kind != SQI_BOUND_LAMBDA)
            continue;
        if (!higher)
            return sqi_error_set(err, SQI_COND_INVALID_LAMBDA_FUNCTION_CALL__NON_HIGHER_ORDER_FUNCTION,
                                 "%s takes no lambda function", name);
        if (i == 0)
            return sqi_error_set(err, SQI_COND_INVALID_LAMBDA_FUNCTION_CALL__PARAMETER_DOES_NOT_ACCEPT_LAMBDA_FUNCTION,
                                 "the first argument of %s is no function", name);
    }
    return STREAMQ_OK;
}

static streamq_status finish(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_func *f = node->func;
    SQI_TRY(check_count(f->name, f->min_args, f->max_args, node->narg, err));
    SQI_TRY(check_lambdas(node, f->name, f->flags & SQI_FUNC_HIGHER, err));
    if (f->types)
        SQI_TRY(sqi_bind_signature(b, node, f->types, err));
    node->nullable = may_be_null(node);
    return f->resolve ? f->resolve(b, node, err) : STREAMQ_OK;
}

streamq_status sqi_bind_call(sqi_binder *b, const char *name, sqi_bound *const *args, uint32_t n, const sqi_ast *ast,
                             sqi_bound **out, streamq_error **err)
{
    const sqi_func *row = sqi_func_find(sqi_span_of(name));
    if (!row)
        return sqi_bind_place(unknown_routine(sqi_span_of(name), err), ast, err);
    sqi_bound *node = sqi_bind_new(b, SQI_BOUND_CALL, n, ast);
    if (!node)
        return sqi_error_nomem(err);
    if (n)
        memcpy(node->arg, args, n * sizeof *args);
    node->func = row;
    SQI_TRY(sqi_bind_place(finish(b, node, err), ast, err));
    *out = node;
    return STREAMQ_OK;
}

/* ---- arguments ------------------------------------------------------------------------------------------------ */

static bool counts_rows(const sqi_ast *star, const sqi_agg *agg)
{
    return agg && strcmp(agg->name, "count") == 0 && !star->npart && !star->narg;
}

/* count(*) counts rows: a constant that is never null. */
static streamq_status bind_one(sqi_binder *b, const sqi_ast *star, sqi_bound **out, streamq_error **err)
{
    sqi_vec *one = sqi_arena_zero(b->arena, sizeof *one);
    if (!one)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_vec_make(one, &sqi_type_int, 1, b->arena, err));
    SQI_OUT(one, int32_t)[0] = 1;
    one->mask = 0;
    if (!(*out = sqi_bound_const(b->arena, one)))
        return sqi_error_nomem(err);
    (*out)->ast = star;
    return STREAMQ_OK;
}

static streamq_status append(sqi_binder *b, call_args *args, uint32_t *cap, sqi_bound *const *more, uint32_t n,
                             streamq_error **err)
{
    if (args->n + n > *cap) {
        uint32_t room = (args->n + n) * 2;
        sqi_bound **grown = sqi_arena_array(b->arena, room, sizeof *grown);
        if (!grown)
            return sqi_error_nomem(err);
        if (args->n)
            memcpy(grown, args->arg, args->n * sizeof *grown);
        args->arg = grown;
        *cap = room;
    }
    if (n)
        memcpy(args->arg + args->n, more, n * sizeof *more);
    args->n += n;
    return STREAMQ_OK;
}

static streamq_status bind_args(sqi_binder *b, const sqi_ast *e, const sqi_agg *agg, call_args *args,
                                streamq_error **err)
{
    uint32_t cap = e->narg;
    *args = (call_args){cap ? sqi_arena_array(b->arena, cap, sizeof *args->arg) : NULL, 0};
    if (cap && !args->arg)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < e->narg; i++) {
        const sqi_ast *a = e->arg[i];
        sqi_bound *one, **many = &one;
        uint32_t n = 1;
        if (a->kind == SQI_AST_STAR && counts_rows(a, agg)) {
            SQI_TRY(bind_one(b, a, &one, err));
        } else if (a->kind == SQI_AST_STAR && !e->op) {
            sqi_span *names;
            SQI_TRY(sqi_bind_star(b, a, &many, &names, &n, err));
        } else if (a->kind == SQI_AST_LAMBDA) { /* bound by the function, which knows the parameters' types */
            if (!(one = sqi_bind_new(b, SQI_BOUND_LAMBDA, 0, a)))
                return sqi_error_nomem(err);
            one->type = &sqi_type_void;
        } else {
            SQI_TRY(sqi_bind_node(b, a, &one, err));
        }
        SQI_TRY(append(b, args, &cap, many, n, err));
    }
    return STREAMQ_OK;
}

/* ---- scalar functions ----------------------------------------------------------------------------------------- */

static streamq_status no_clauses(const sqi_ast *e, streamq_error **err)
{
    const char *clause = e->distinct       ? "DISTINCT"
                         : e->filter       ? "FILTER"
                         : e->nwithin      ? "WITHIN GROUP"
                         : e->ignore_nulls ? "IGNORE NULLS"
                                           : NULL;
    if (!clause)
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_INVALID_SQL_SYNTAX__FUNCTION_WITH_UNSUPPORTED_SYNTAX,
                         "%.*s is no aggregate function, so it takes no %s", (int)called(e).len, called(e).ptr, clause);
}

static streamq_status bind_scalar(sqi_binder *b, const sqi_ast *e, const sqi_func *row, sqi_bound **out,
                                  streamq_error **err)
{
    call_args args;
    SQI_TRY(no_clauses(e, err));
    if (row->named)
        SQI_TRY(sqi_bind_named(b, e, row->named, &e, err));
    SQI_TRY(bind_args(b, e, NULL, &args, err));
    sqi_bound *node = sqi_bind_new(b, SQI_BOUND_CALL, 0, e);
    if (!node)
        return sqi_error_nomem(err);
    node->arg = args.arg;
    node->narg = args.n;
    node->func = row;
    *out = node;
    return finish(b, node, err);
}

static const sqi_type *type_named(sqi_binder *b, sqi_span name)
{
    static const struct {
        const char *name;
        const sqi_type *type;
    } list[] = {{"boolean", &sqi_type_boolean}, {"tinyint", &sqi_type_tinyint}, {"smallint", &sqi_type_smallint},
                {"int", &sqi_type_int},         {"bigint", &sqi_type_bigint},   {"float", &sqi_type_float},
                {"double", &sqi_type_double},   {"date", &sqi_type_date},       {"timestamp", &sqi_type_timestamp},
                {"binary", &sqi_type_binary},   {"string", &sqi_type_string}};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (sqi_span_equal_nocase(name, sqi_span_of(list[i].name)))
            return list[i].type;
    if (sqi_span_equal_nocase(name, SQI_SPAN("decimal")))
        return sqi_type_decimal(b->eval->pool, 10, 0);
    return NULL;
}

static streamq_status bind_type_call(sqi_binder *b, const sqi_ast *e, const sqi_type *type, sqi_bound **out,
                                     streamq_error **err)
{
    call_args args;
    SQI_TRY(bind_args(b, e, NULL, &args, err));
    if (args.n != 1)
        return sqi_error_set(err, SQI_COND_WRONG_NUM_ARGS__WITHOUT_SUGGESTION,
                             "%.*s takes 1 argument, but %u were given", (int)called(e).len, called(e).ptr,
                             (unsigned)args.n);
    return sqi_bind_cast_node(b, args.arg[0], type, false, e, out, err);
}

/* ---- aggregates ----------------------------------------------------------------------------------------------- */

static streamq_status refuse_aggregate(const sqi_binder *b, const sqi_agg *agg, streamq_error **err)
{
    const char *clause = b->clause ? b->clause : "this clause";
    if (strcmp(clause, "WHERE") == 0)
        return sqi_error_set(err, SQI_COND_INVALID_WHERE_CONDITION,
                             "WHERE looks at single rows, so it cannot hold the aggregate %s; use HAVING", agg->name);
    if (strcmp(clause, "GROUP BY") == 0)
        return sqi_error_set(err, SQI_COND_GROUP_BY_AGGREGATE, "GROUP BY cannot hold the aggregate %s", agg->name);
    if (strncmp(clause, "|>", 2) == 0)
        return sqi_error_set(err, SQI_COND_PIPE_OPERATOR_CONTAINS_AGGREGATE_FUNCTION,
                             "%s cannot hold the aggregate %s; use |> AGGREGATE", clause, agg->name);
    return sqi_error_set(err, SQI_COND_UNSUPPORTED_EXPR_FOR_OPERATOR, "%s cannot hold the aggregate %s", clause,
                         agg->name);
}

static streamq_status bind_within(sqi_binder *b, const sqi_ast *e, sqi_bound *node, streamq_error **err)
{
    node->nsort = e->nwithin;
    node->sort = sqi_arena_array(b->arena, e->nwithin, sizeof *node->sort);
    uint8_t *flags = sqi_arena_get(b->arena, e->nwithin);
    if (!node->sort || !flags)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < e->nwithin; i++) {
        const sqi_ast *item = e->within[i];
        flags[i] = (uint8_t)(item->descending | item->nulls_first << 1);
        SQI_TRY(sqi_bind_node(b, item->arg[0], &node->sort[i], err));
    }
    node->sort_flags = flags;
    return STREAMQ_OK;
}

static streamq_status bind_filter(sqi_binder *b, const sqi_ast *e, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_node(b, e->filter, &node->filter, err));
    char label[128];
    if (node->filter->type->id != SQI_BOOLEAN)
        return sqi_bind_place(sqi_error_set(err, SQI_COND_INVALID_AGGREGATE_FILTER__NOT_BOOLEAN,
                                            "FILTER needs a BOOLEAN condition, but %s is %s",
                                            sqi_bind_text(b, node->filter), sqi_type_label(node->filter->type, label)),
                              e->filter, err);
    if (!sqi_bound_deterministic(node->filter))
        return sqi_bind_place(sqi_error_set(err, SQI_COND_INVALID_AGGREGATE_FILTER__NON_DETERMINISTIC,
                                            "FILTER takes no condition that answers differently each time, such as %s",
                                            sqi_bind_text(b, node->filter)),
                              e->filter, err);
    return STREAMQ_OK;
}

static streamq_status bind_aggregate_parts(sqi_binder *b, const sqi_ast *e, sqi_bound *node, streamq_error **err)
{
    const sqi_agg *agg = node->agg;
    call_args args;
    SQI_TRY(bind_args(b, e, agg, &args, err));
    node->arg = args.arg;
    node->narg = args.n;
    if (e->nwithin)
        SQI_TRY(bind_within(b, e, node, err));
    if (e->filter)
        SQI_TRY(bind_filter(b, e, node, err));
    SQI_TRY(check_count(agg->name, agg->min_args, agg->max_args, args.n, err));
    SQI_TRY(check_lambdas(node, agg->name, false, err));
    if (agg->types)
        SQI_TRY(sqi_bind_signature(b, node, agg->types, err));
    return agg->resolve ? agg->resolve(b, node, err) : STREAMQ_OK;
}

static streamq_status bind_aggregate(sqi_binder *b, const sqi_ast *e, const sqi_agg *agg, sqi_bound **out,
                                     streamq_error **err)
{
    if (b->in_aggregate)
        return sqi_error_set(err, SQI_COND_NESTED_AGGREGATE_FUNCTION,
                             "the aggregate %s stands inside another aggregate; aggregate in a subquery first",
                             agg->name);
    if (!(b->allow & SQI_BIND_AGGREGATES))
        return refuse_aggregate(b, agg, err);
    sqi_bound *node = sqi_bind_new(b, SQI_BOUND_AGG, 0, e);
    if (!node)
        return sqi_error_nomem(err);
    node->agg = agg;
    node->nullable = true;
    node->distinct = e->distinct;
    node->ignore_nulls = e->ignore_nulls;
    b->in_aggregate = true;
    streamq_status status = bind_aggregate_parts(b, e, node, err);
    b->in_aggregate = false;
    *out = node;
    return status;
}

/* ---- generators ----------------------------------------------------------------------------------------------- */

static streamq_status bind_generator(sqi_binder *b, const sqi_ast *e, const sqi_generator *generator, sqi_bound **out,
                                     streamq_error **err)
{
    bool select = b->allow & SQI_BIND_GENERATORS;
    if (!select && b->clause && strcmp(b->clause, "SELECT") != 0)
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_GENERATOR__OUTSIDE_SELECT,
                             "%s makes several rows, so it can only stand in a select list, not in %s", generator->name,
                             b->clause);
    if (!select || b->depth != 1)
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_GENERATOR__NESTED_IN_EXPRESSIONS,
                             "%s makes several rows, so it cannot stand inside another expression", generator->name);
    call_args args;
    SQI_TRY(no_clauses(e, err));
    SQI_TRY(bind_args(b, e, NULL, &args, err));
    SQI_TRY(check_count(generator->name, generator->min_args, generator->max_args, args.n, err));
    sqi_bound *node = sqi_bind_new(b, SQI_BOUND_GENERATOR, 0, e);
    if (!node)
        return sqi_error_nomem(err);
    node->generator = generator;
    node->arg = args.arg;
    node->narg = args.n;
    node->outer = generator->outer;
    node->nullable = true;
    *out = node;
    return generator->resolve ? generator->resolve(b, node, err) : STREAMQ_OK;
}

/* ---- the door ------------------------------------------------------------------------------------------------- */

static bool needs_over(sqi_span name)
{
    static const char *const list[] = {"row_number", "rank", "dense_rank", "percent_rank", "cume_dist",
                                       "ntile",      "lag",  "lead",       "nth_value"};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (sqi_span_equal_nocase(name, sqi_span_of(list[i])))
            return true;
    return false;
}

streamq_status sqi_bind_call_node(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    sqi_span name = called(e);
    if (e->over)
        return sqi_error_set(err, SQI_COND_NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING,
                             "%.*s ... OVER orders all rows of a stream, which never end; group by window(time, "
                             "'duration') instead",
                             (int)name.len, name.ptr);
    const sqi_func *func = sqi_func_find(name);
    if (func && (e->op || !(func->flags & SQI_FUNC_INTERNAL)))
        return bind_scalar(b, e, func, out, err);
    const sqi_agg *agg = sqi_agg_find(name);
    if (!agg && b->registry && b->registry->find_agg)
        agg = b->registry->find_agg(b->registry, name);
    if (agg)
        return bind_aggregate(b, e, agg, out, err);
    const sqi_generator *generator = sqi_generator_find(name);
    if (generator)
        return bind_generator(b, e, generator, out, err);
    if (b->registry && b->registry->find_func && (func = b->registry->find_func(b->registry, name)))
        return bind_scalar(b, e, func, out, err);
    const sqi_type *type = type_named(b, name);
    if (type)
        return bind_type_call(b, e, type, out, err);
    if (needs_over(name))
        return sqi_error_set(err, SQI_COND_WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE, "%.*s needs an OVER clause",
                             (int)name.len, name.ptr);
    return unknown_routine(name, err);
}
