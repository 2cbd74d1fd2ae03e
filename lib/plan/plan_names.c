/*
 * plan_names: binding expressions inside a plan.
 *
 * The binder of the expr room knows one scope. Where a name may mean an alias as well as a column of the input, its
 * scope stays empty and the lookup hook decides, by binding the bare name over one scope after the other.
 */
#include "plan_names.h"

#include "plan_grouping_set.h"

#include <stdarg.h>
#include <stdio.h>

enum { NEAREST = 5 /* columns offered when a name is not found */ };

static const sqi_scope no_columns;

void sqi_names_binder(sqi_binder *b, sqi_plan_context *c, const sqi_scope *scope, const char *clause, unsigned allow)
{
    *b = (sqi_binder){.arena = c->arena,
                      .eval = c->eval,
                      .scope = scope ? scope : &no_columns,
                      .params = &c->params,
                      .registry = allow & SQI_BIND_AGGREGATES ? sqi_grouping_set_functions(c) : c->registry,
                      .clause = clause,
                      .allow = allow};
}

typedef struct retag {
    sqi_arena *arena;
    const sqi_names_level *level;
} retag;

static sqi_bound *put_tag(void *context, const sqi_bound *e, streamq_error **err)
{
    const retag *r = context;
    if (e->kind != SQI_BOUND_COLUMN)
        return NULL;
    uint32_t number = r->level->number ? r->level->number[e->column] : e->column;
    sqi_bound *column = sqi_bound_column(r->arena, number | r->level->tag, e->type, e->nullable);
    if (!column)
        sqi_error_nomem(err);
    else
        column->ast = e->ast;
    return column;
}

static bool is_unresolved(const streamq_error *e)
{
    sqi_cond cond = sqi_error_cond(e);
    return cond == SQI_COND_UNRESOLVED_COLUMN__WITH_SUGGESTION ||
           cond == SQI_COND_UNRESOLVED_COLUMN__WITHOUT_SUGGESTION;
}

/* As sqi_names_lookup, but a name that is not there is an error too. */
static sqi_bound *lookup(sqi_binder *b, const sqi_names_level *level, const sqi_ast *name, streamq_error **err)
{
    sqi_binder one = *b;
    one.scope = &level->scope;
    one.lookup = NULL;
    sqi_bound *found = NULL;
    if (sqi_bind(&one, name, &found, err) != STREAMQ_OK)
        return NULL;
    if (!level->tag && !level->number)
        return found;
    retag r = {b->arena, level};
    sqi_bound *tagged = sqi_bound_rewrite(found, put_tag, &r, b->arena, err);
    if (!tagged)
        sqi_error_nomem(err);
    return tagged;
}

/* Could the name mean a column of this scope at all? Spares the error of a search in vain. */
static bool may_hold(const sqi_scope *scope, const sqi_ast *name)
{
    return sqi_names_find(scope, name->part[0]) < scope->n ||
           (name->npart > 1 && sqi_names_find(scope, name->part[1]) < scope->n);
}

sqi_bound *sqi_names_lookup(sqi_binder *b, const sqi_names_level *level, const sqi_ast *name, streamq_error **err)
{
    streamq_error *why = NULL;
    if (!may_hold(&level->scope, name))
        return NULL;
    sqi_bound *found = lookup(b, level, name, &why);
    if (!found && is_unresolved(why))
        sqi_error_free(why);
    else if (!found)
        sqi_error_pass(err, why);
    return found;
}

static sqi_bound *by_level(void *context, const sqi_ast *name, streamq_error **err)
{
    sqi_names *names = context;
    for (uint32_t k = 0; k < names->n; k++) {
        uint32_t at = names->binder.in_aggregate ? names->n - 1 - k : k;
        sqi_bound *found = sqi_names_lookup(&names->binder, &names->level[at], name, err);
        if (found || *err)
            return found;
    }
    /* Nowhere: the error names the columns a reader would expect, unless it is a function without parentheses. */
    return lookup(&names->binder, &names->level[0], name, err);
}

void sqi_names_levels(sqi_names *names, sqi_plan_context *c, const char *clause, unsigned allow)
{
    names->c = c;
    sqi_names_binder(&names->binder, c, NULL, clause, allow);
    names->binder.lookup = by_level;
    names->binder.context = names;
}

streamq_status sqi_names_default(sqi_plan_context *c, const sqi_ast *e, sqi_span *out, streamq_error **err)
{
    sqi_buf text;
    sqi_buf_init(&text, c->alloc, 0);
    char *name = NULL;
    if (sqi_ast_print(&text, sqi_names_unalias(e)))
        name = sqi_arena_text(c->arena, text.ptr, text.len);
    *out = (sqi_span){name, text.len};
    sqi_buf_fini(&text);
    return name ? STREAMQ_OK : sqi_error_nomem(err);
}

const sqi_ast *sqi_names_unalias(const sqi_ast *e)
{
    return e->kind == SQI_AST_ALIAS ? e->arg[0] : e;
}

bool sqi_names_ordinal(const sqi_ast *e, int64_t *value)
{
    if (e->kind != SQI_AST_LITERAL || e->value->type->id != SQI_INT || !sqi_vec_valid(e->value, 0))
        return false;
    *value = SQI_AT(e->value, int32_t, 0);
    return true;
}

bool sqi_names_is_word(const sqi_ast *e, const char *word)
{
    return e->kind == SQI_AST_NAME && e->npart == 1 && !e->quoted &&
           sqi_span_equal_nocase(e->part[0], sqi_span_of(word));
}

uint32_t sqi_names_find(const sqi_scope *scope, sqi_span name)
{
    uint32_t i = 0;
    while (i < scope->n && !sqi_name_equal(scope->attr[i].name, name))
        i++;
    return i;
}

streamq_status sqi_names_error(const sqi_ast *at, streamq_error **err, sqi_cond cond, const char *format, ...)
{
    if (err && !*err) {
        char text[512];
        va_list args;
        va_start(args, format);
        vsnprintf(text, sizeof text, format, args);
        va_end(args);
        sqi_error_set(err, cond, "%s", text);
        if (at && at->text.ptr)
            sqi_error_place(*err, at->text, at->begin, at->end);
    }
    return sqi_cond_status(cond);
}

streamq_status sqi_names_unresolved(const sqi_ast *at, sqi_span name, const sqi_scope *scope, streamq_error **err)
{
    sqi_cond cond =
        scope->n ? SQI_COND_UNRESOLVED_COLUMN__WITH_SUGGESTION : SQI_COND_UNRESOLVED_COLUMN__WITHOUT_SUGGESTION;
    sqi_names_error(at, err, cond, "there is no column `%.*s` here", (int)name.len, name.ptr);
    if (!err)
        return sqi_cond_status(cond);
    sqi_span near[NEAREST];
    uint32_t n = 0;
    for (uint32_t i = 0; i < scope->n; i++) {
        unsigned far = sqi_name_distance(name, scope->attr[i].name);
        uint32_t k = n < NEAREST ? n++ : NEAREST;
        while (k > 0 && sqi_name_distance(name, near[k - 1]) > far) {
            if (k < NEAREST)
                near[k] = near[k - 1];
            k--;
        }
        if (k < NEAREST)
            near[k] = scope->attr[i].name;
    }
    sqi_error_candidates(*err, near, n);
    return sqi_cond_status(cond);
}

uint32_t sqi_names_depth(const sqi_bound *e)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < e->narg; i++) {
        uint32_t d = sqi_names_depth(e->arg[i]);
        most = d > most ? d : most;
    }
    for (uint32_t i = 0; i < e->nsort; i++) {
        uint32_t d = sqi_names_depth(e->sort[i]);
        most = d > most ? d : most;
    }
    uint32_t d = e->filter ? sqi_names_depth(e->filter) : 0;
    return 1 + (d > most ? d : most);
}

static bool without_tag(void *context, const sqi_bound *e)
{
    return e->kind != SQI_BOUND_COLUMN || !(e->column & *(const uint32_t *)context);
}

static bool without_input(void *context, const sqi_bound *e)
{
    (void)context;
    return e->kind != SQI_BOUND_COLUMN || e->column & (SQI_COLUMN_ITEM | SQI_COLUMN_GENERATED);
}

bool sqi_names_uses_tag(const sqi_bound *e, uint32_t tag)
{
    return !sqi_bound_visit(e, without_tag, &tag);
}

bool sqi_names_uses_input(const sqi_bound *e)
{
    return !sqi_bound_visit(e, without_input, NULL);
}
