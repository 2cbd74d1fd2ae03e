/*
 * api_expr: the typed door: expressions built call by call. The nodes are those that the parser makes.
 */
#include "api_state.h"

static streamq_expr *failed(streamq_plan *plan, streamq_error *error)
{
    (void)sqi_api_failed(plan, error);
    return &plan->failed_expr;
}

static streamq_expr *wrap(streamq_plan *plan, sqi_ast *ast)
{
    streamq_expr *e = ast ? sqi_arena_get(&plan->arena, sizeof *e) : NULL;
    if (!e) {
        streamq_error *error = NULL;
        (void)sqi_error_nomem(&error);
        return failed(plan, error);
    }
    *e = (streamq_expr){SQI_MAGIC_EXPR, plan, ast};
    return e;
}

streamq_expr *streamq_expr_text(streamq_plan *plan, const char *text)
{
    if (!SQI_IS(plan, PLAN))
        return NULL;
    sqi_parser p;
    sqi_ast *ast = NULL;
    streamq_error *error = NULL;
    streamq_status status = sqi_api_parser(plan, &p, text, "streamq_expr_text", &error);
    if (status == STREAMQ_OK)
        status = sqi_parse_expression(&p, &ast, &error);
    return status == STREAMQ_OK ? wrap(plan, ast) : failed(plan, error);
}

/* A column's name is read as SQL reads it, so "t.a", "`odd name`" and "*" mean what they mean there. */
streamq_expr *streamq_col(streamq_plan *plan, const char *name)
{
    streamq_expr *e = name && strcmp(name, "*") == 0 && SQI_IS(plan, PLAN)
                          ? wrap(plan, sqi_ast_new(&plan->arena, SQI_AST_STAR))
                          : streamq_expr_text(plan, name);
    if (e && e->ast && e->ast->kind != SQI_AST_NAME && e->ast->kind != SQI_AST_STAR && e->ast->kind != SQI_AST_FIELD) {
        streamq_error *error = NULL;
        (void)sqi_error_set(&error, SQI_COND_INVALID_ARGUMENT,
                            "streamq_col: '%.200s' is not a column's name; put odd names in backticks, or use "
                            "streamq_expr_text for an expression",
                            name);
        return failed(plan, error);
    }
    return e;
}

/* -------------------------------------------------------------- literals */

static streamq_expr *literal(streamq_plan *plan, const sqi_type *type, const void *value)
{
    streamq_error *error = NULL;
    sqi_vec *v = sqi_arena_zero(&plan->arena, sizeof *v);
    streamq_status status = v ? STREAMQ_OK : sqi_error_nomem(&error);
    if (status == STREAMQ_OK)
        status = value ? sqi_vec_make(v, type, 1, &plan->arena, &error) : sqi_vec_null(v, type, &plan->arena, &error);
    if (status != STREAMQ_OK)
        return failed(plan, error);
    if (value)
        memcpy(v->data, value, sqi_type_width(type));
    v->mask = 0;
    return wrap(plan, sqi_ast_literal(&plan->arena, v));
}

streamq_expr *streamq_lit_null(streamq_plan *plan)
{
    return SQI_IS(plan, PLAN) ? literal(plan, &sqi_type_void, NULL) : NULL;
}

streamq_expr *streamq_lit_bool(streamq_plan *plan, int32_t value)
{
    uint8_t b = value != 0;
    return SQI_IS(plan, PLAN) ? literal(plan, &sqi_type_boolean, &b) : NULL;
}

streamq_expr *streamq_lit_int32(streamq_plan *plan, int32_t value)
{
    return SQI_IS(plan, PLAN) ? literal(plan, &sqi_type_int, &value) : NULL;
}

streamq_expr *streamq_lit_int64(streamq_plan *plan, int64_t value)
{
    return SQI_IS(plan, PLAN) ? literal(plan, &sqi_type_bigint, &value) : NULL;
}

streamq_expr *streamq_lit_double(streamq_plan *plan, double value)
{
    return SQI_IS(plan, PLAN) ? literal(plan, &sqi_type_double, &value) : NULL;
}

streamq_expr *streamq_lit_string(streamq_plan *plan, const char *value, int64_t length)
{
    if (!SQI_IS(plan, PLAN))
        return NULL;
    streamq_error *error = NULL;
    if (!value)
        return literal(plan, &sqi_type_string, NULL);
    sqi_span text = {value, length < 0 ? strlen(value) : (size_t)length};
    sqi_str s;
    if (length < -1 || text.len > SQI_STR_MAX) {
        (void)sqi_error_set(&error, SQI_COND_INVALID_ARGUMENT, "streamq_lit_string: the length %lld is out of range",
                            (long long)length);
        return failed(plan, error);
    }
    if (!sqi_str_copy(&plan->arena, text, &s)) {
        (void)sqi_error_nomem(&error);
        return failed(plan, error);
    }
    return literal(plan, &sqi_type_string, &s);
}

/* -------------------------------------------------------------- calls and wrappers */

streamq_expr *streamq_call(streamq_plan *plan, const char *name, streamq_expr *const *args, size_t count)
{
    streamq_error *error = NULL;
    if (!SQI_IS(plan, PLAN))
        return NULL;
    if (!name || (count && !args) || count > 1u << 20) {
        (void)sqi_error_set(&error, SQI_COND_INVALID_ARGUMENT, "streamq_call: the name or the arguments are missing");
        return failed(plan, error);
    }
    sqi_ast **list = sqi_arena_array(&plan->arena, count + 1, sizeof *list);
    char *copy = sqi_arena_text(&plan->arena, name, strlen(name));
    if (!list || !copy) {
        (void)sqi_error_nomem(&error);
        return failed(plan, error);
    }
    for (size_t i = 0; i < count; ++i) {
        if (!SQI_IS(args[i], EXPR) || args[i]->plan != plan) {
            (void)sqi_error_set(&error, SQI_COND_INVALID_HANDLE,
                                "streamq_call('%.100s'): argument %zu is NULL or an expression of another plan", name,
                                i + 1);
            return failed(plan, error);
        }
        if (!args[i]->ast)
            return &plan->failed_expr;
        list[i] = args[i]->ast;
    }
    return wrap(plan, sqi_ast_call(&plan->arena, copy, list, (uint32_t)count));
}

static streamq_expr *around(streamq_expr *expr, sqi_ast_kind kind, void (*fill)(sqi_ast *ast, void *context),
                            void *context)
{
    if (!SQI_IS(expr, EXPR))
        return NULL;
    if (!expr->ast)
        return expr;
    sqi_arena *arena = &expr->plan->arena;
    sqi_ast *ast = sqi_ast_new(arena, kind);
    if (ast) {
        ast->arg = sqi_arena_array(arena, 1, sizeof *ast->arg);
        ast->narg = 1;
    }
    if (!ast || !ast->arg)
        return wrap(expr->plan, NULL);
    ast->arg[0] = expr->ast;
    fill(ast, context);
    return wrap(expr->plan, ast);
}

static void fill_type(sqi_ast *ast, void *type)
{
    ast->type = type;
}

streamq_expr *streamq_cast(streamq_expr *expr, const char *type)
{
    if (!SQI_IS(expr, EXPR) || !expr->ast)
        return SQI_IS(expr, EXPR) ? expr : NULL;
    sqi_parser p;
    const sqi_type *to;
    streamq_error *error = NULL;
    streamq_status status = sqi_api_parser(expr->plan, &p, type, "streamq_cast", &error);
    if (status == STREAMQ_OK)
        status = sqi_parse_type(&p, &to, &error);
    return status == STREAMQ_OK ? around(expr, SQI_AST_CAST, fill_type, (void *)to) : failed(expr->plan, error);
}

streamq_expr *streamq_as(streamq_expr *expr, const char *name)
{
    if (!SQI_IS(expr, EXPR) || !expr->ast)
        return SQI_IS(expr, EXPR) ? expr : NULL;
    streamq_error *error = NULL;
    if (!name) {
        (void)sqi_error_set(&error, SQI_COND_INVALID_ARGUMENT, "streamq_as: the name is NULL");
        return failed(expr->plan, error);
    }
    char *copy = sqi_arena_text(&expr->plan->arena, name, strlen(name));
    return wrap(expr->plan, copy ? sqi_ast_alias(&expr->plan->arena, expr->ast, sqi_span_of(copy)) : NULL);
}

static void fill_sort(sqi_ast *ast, void *descending)
{
    ast->descending = descending != NULL;
    ast->nulls_first = !descending;
}

streamq_expr *streamq_asc(streamq_expr *expr)
{
    return around(expr, SQI_AST_SORT, fill_sort, NULL);
}
streamq_expr *streamq_desc(streamq_expr *expr)
{
    return around(expr, SQI_AST_SORT, fill_sort, expr);
}

streamq_expr *streamq_explode(streamq_expr *expr)
{
    return SQI_IS(expr, EXPR) ? streamq_call(expr->plan, "explode", &expr, 1) : NULL;
}

streamq_expr *streamq_split(streamq_expr *expr, const char *pattern)
{
    if (!SQI_IS(expr, EXPR))
        return NULL;
    streamq_expr *args[2] = {expr, streamq_lit_string(expr->plan, pattern, -1)};
    return streamq_call(expr->plan, "split", args, 2);
}
