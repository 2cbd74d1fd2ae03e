/*
 * expr_ast: building of unresolved expression nodes and their equality as text. Printing is expr_ast_print, parsing is
 * expr_parse.
 *
 * Nodes are zeroed arena memory; a node is immutable once it hangs below another one. Recursion over trees is safe
 * because `height` of everything the two doors build is limited.
 */
#include "expr_ast.h"

#include "data_order.h"

sqi_ast *sqi_ast_new(sqi_arena *arena, sqi_ast_kind kind)
{
    sqi_ast *e = sqi_arena_zero(arena, sizeof *e);
    if (e) {
        e->kind = kind;
        e->height = 1;
    }
    return e;
}

static uint32_t taller(uint32_t height, const sqi_ast *e)
{
    return e && e->height > height ? e->height : height;
}

static uint32_t tallest(uint32_t height, sqi_ast *const *list, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        height = taller(height, list[i]);
    return height;
}

uint32_t sqi_ast_measure(sqi_ast *e)
{
    uint32_t below = tallest(0, e->arg, e->narg);
    below = taller(taller(taller(below, e->operand), e->otherwise), e->filter);
    below = tallest(below, e->within, e->nwithin);
    if (e->over) {
        below = tallest(below, e->over->partition, e->over->npartition);
        below = tallest(below, e->over->order, e->over->norder);
    }
    return e->height = below + 1;
}

static bool copy_part(sqi_arena *arena, sqi_ast *e, sqi_span name)
{
    char *text = sqi_arena_text(arena, name.ptr, name.len);
    sqi_span *part = sqi_arena_array(arena, 1, sizeof *part);
    if (!text || !part)
        return false;
    *part = (sqi_span){text, name.len};
    e->part = part;
    e->npart = 1;
    return true;
}

static bool copy_args(sqi_arena *arena, sqi_ast *e, sqi_ast *const *args, uint32_t n)
{
    e->narg = n;
    if (n) {
        e->arg = sqi_arena_array(arena, n, sizeof *e->arg);
        if (!e->arg)
            return false;
        memcpy(e->arg, args, n * sizeof *args);
    }
    sqi_ast_measure(e);
    return true;
}

sqi_ast *sqi_ast_name(sqi_arena *arena, sqi_span name)
{
    sqi_ast *e = sqi_ast_new(arena, SQI_AST_NAME);
    return e && copy_part(arena, e, name) ? e : NULL;
}

sqi_ast *sqi_ast_call(sqi_arena *arena, const char *name, sqi_ast *const *args, uint32_t n)
{
    sqi_ast *e = sqi_ast_new(arena, SQI_AST_CALL);
    size_t len = strlen(name);
    char *text = sqi_arena_text(arena, name, len);
    if (!e || !text)
        return NULL;
    e->name = (sqi_span){text, len};
    return copy_args(arena, e, args, n) ? e : NULL;
}

sqi_ast *sqi_ast_alias(sqi_arena *arena, sqi_ast *child, sqi_span name)
{
    sqi_ast *e = sqi_ast_new(arena, SQI_AST_ALIAS);
    if (!e || !copy_part(arena, e, name) || !copy_args(arena, e, &child, 1))
        return NULL;
    e->begin = child->begin;
    e->end = child->end;
    e->text = child->text;
    return e;
}

sqi_ast *sqi_ast_literal(sqi_arena *arena, const sqi_vec *constant)
{
    sqi_ast *e = sqi_ast_new(arena, SQI_AST_LITERAL);
    if (e)
        e->value = constant;
    return e;
}

/* ---------------------------------------------------------------- equality */

static bool same_list(sqi_ast *const *a, uint32_t na, sqi_ast *const *b, uint32_t nb)
{
    if (na != nb)
        return false;
    for (uint32_t i = 0; i < na; i++)
        if (!sqi_ast_equal(a[i], b[i]))
            return false;
    return true;
}

static bool same_parts(const sqi_ast *a, const sqi_ast *b)
{
    if (a->npart != b->npart)
        return false;
    for (uint32_t i = 0; i < a->npart; i++)
        if (!sqi_name_equal(a->part[i], b->part[i]))
            return false;
    return true;
}

static bool same_literal(const sqi_ast *a, const sqi_ast *b)
{
    if (!sqi_type_same(a->value->type, b->value->type))
        return false;
    return sqi_order_equal(a->value, 0, b->value, 0);
}

static bool same_window(const sqi_ast_window *a, const sqi_ast_window *b)
{
    if (!a || !b)
        return a == b;
    return a->has_frame == b->has_frame && same_list(a->partition, a->npartition, b->partition, b->npartition) &&
           same_list(a->order, a->norder, b->order, b->norder);
}

bool sqi_ast_equal(const sqi_ast *a, const sqi_ast *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->kind != b->kind || a->height != b->height)
        return false;
    if (a->kind == SQI_AST_LITERAL)
        return same_literal(a, b);
    /* Subqueries are equal only if they are one: comparing whole queries is not this room's affair. */
    return a->query == b->query && a->type == b->type && a->distinct == b->distinct &&
           a->ignore_nulls == b->ignore_nulls && a->try_cast == b->try_cast && a->descending == b->descending &&
           a->nulls_first == b->nulls_first && sqi_name_equal(a->name, b->name) && same_parts(a, b) &&
           same_list(a->arg, a->narg, b->arg, b->narg) && same_list(a->within, a->nwithin, b->within, b->nwithin) &&
           sqi_ast_equal(a->operand, b->operand) && sqi_ast_equal(a->otherwise, b->otherwise) &&
           sqi_ast_equal(a->filter, b->filter) && same_window(a->over, b->over);
}
