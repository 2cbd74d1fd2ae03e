/*
 * expr_bind_star: `*`, `t.*` and `s.*` (the fields of a struct column), with EXCEPT. Hidden columns stay out.
 */
#include "expr_bind_parts.h"

typedef struct star_list {
    sqi_bound **expr;
    sqi_span *name;
    uint32_t n;
} star_list;

/* Every name after EXCEPT must leave something out. */
static streamq_status check_except(const sqi_ast *star, const bool *used, streamq_error **err)
{
    for (uint32_t i = 0; i < star->narg; i++)
        if (!used[i]) {
            const sqi_ast *name = star->arg[i];
            sqi_span last = name->part[name->npart - 1];
            return sqi_bind_place(sqi_error_set(err, SQI_COND_UNRESOLVED_COLUMN__WITH_SUGGESTION,
                                                "EXCEPT names %.*s, which is not among the columns", (int)last.len,
                                                last.ptr),
                                  name, err);
        }
    return STREAMQ_OK;
}

static bool excepted(const sqi_ast *star, sqi_span qualifier, sqi_span name, bool *used)
{
    bool out = false;
    for (uint32_t i = 0; i < star->narg; i++) {
        const sqi_ast *x = star->arg[i];
        if (!sqi_name_equal(x->part[x->npart - 1], name))
            continue;
        if (x->npart > 1 && !sqi_name_equal(x->part[x->npart - 2], qualifier))
            continue;
        used[i] = out = true;
    }
    return out;
}

/* EXCEPT (s.a, t.s.b): how many parts of the name lead to this column, if there are more; else 0. */
static uint32_t leads_into(const sqi_ast *name, const sqi_attribute *a)
{
    if (a->type->id != SQI_STRUCT)
        return 0;
    if (name->npart > 1 && sqi_name_equal(name->part[0], a->name))
        return 1;
    bool qualified =
        name->npart > 2 && sqi_name_equal(name->part[0], a->qualifier) && sqi_name_equal(name->part[1], a->name);
    return qualified ? 2 : 0;
}

static sqi_bound *field_name(sqi_binder *b, sqi_span name, streamq_error **err)
{
    sqi_vec *v = sqi_arena_zero(b->arena, sizeof *v);
    if (!v || sqi_vec_make(v, &sqi_type_string, 1, b->arena, err) != STREAMQ_OK ||
        !sqi_str_copy(b->arena, name, SQI_OUT(v, sqi_str)))
        return NULL;
    v->mask = 0;
    return sqi_bound_const(b->arena, v);
}

/* The struct without the fields that EXCEPT names: built anew from the others. lead[i]: parts of name i that lead
   here, 0 if it leads elsewhere. */
static streamq_status without_fields(sqi_binder *b, sqi_bound *base, const sqi_ast *star, const uint32_t *lead,
                                     bool *used, sqi_bound **out, streamq_error **err)
{
    const sqi_type *t = base->type;
    sqi_bound **arg = sqi_arena_array(b->arena, 2 * (size_t)t->nfield, sizeof *arg);
    uint32_t *deeper = sqi_arena_array(b->arena, star->narg, sizeof *deeper), n = 0;
    if (!arg || !deeper)
        return sqi_error_nomem(err);
    for (uint32_t f = 0; f < t->nfield; f++) {
        bool gone = false, inside = false;
        for (uint32_t i = 0; i < star->narg; i++) {
            const sqi_ast *x = star->arg[i];
            bool here = lead[i] && lead[i] < x->npart && sqi_name_equal(x->part[lead[i]], t->field[f].name);
            bool last = here && lead[i] + 1 == x->npart;
            deeper[i] = here && !last ? lead[i] + 1 : 0;
            used[i] |= last;
            gone |= last;
            inside |= deeper[i] > 0;
        }
        if (gone)
            continue;
        if (!(arg[n] = field_name(b, t->field[f].name, err)))
            return sqi_error_nomem(err);
        SQI_TRY(sqi_bind_extract(b, base, t->field[f].name, base->ast, &arg[n + 1], err));
        if (inside && t->field[f].type->id == SQI_STRUCT)
            SQI_TRY(without_fields(b, arg[n + 1], star, deeper, used, &arg[n + 1], err));
        n += 2;
    }
    return sqi_bind_call(b, "named_struct", arg, n, base->ast, out, err);
}

static streamq_status without_some(sqi_binder *b, const sqi_ast *star, const sqi_attribute *a, bool *used,
                                   sqi_bound **node, streamq_error **err)
{
    uint32_t *lead = sqi_arena_array(b->arena, star->narg, sizeof *lead);
    bool any = false;
    if (!lead)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < star->narg; i++) {
        lead[i] = leads_into(star->arg[i], a);
        any |= lead[i] > 0;
    }
    return any ? without_fields(b, *node, star, lead, used, node, err) : STREAMQ_OK;
}

static const sqi_ast *name_node(sqi_binder *b, const sqi_ast *star, sqi_span name)
{
    sqi_ast *e = sqi_ast_name(b->arena, name);
    if (!e)
        return NULL;
    e->text = star->text;
    e->begin = star->begin;
    e->end = star->end;
    return e;
}

static streamq_status expand_columns(sqi_binder *b, const sqi_ast *star, bool *used, star_list *l, bool *found,
                                     streamq_error **err)
{
    for (uint32_t i = 0; b->scope && i < b->scope->n; i++) {
        const sqi_attribute *a = &b->scope->attr[i];
        if (a->hidden || (star->npart && !sqi_name_equal(a->qualifier, star->part[star->npart - 1])))
            continue;
        *found = true;
        if (excepted(star, a->qualifier, a->name, used))
            continue;
        sqi_bound *node = sqi_bound_column(b->arena, i, a->type, a->nullable);
        if (!node || !(node->ast = name_node(b, star, a->name)))
            return sqi_error_nomem(err);
        if (star->narg)
            SQI_TRY(without_some(b, star, a, used, &node, err));
        l->expr[l->n] = node;
        l->name[l->n++] = a->name;
    }
    return STREAMQ_OK;
}

static streamq_status expand_struct(sqi_binder *b, const sqi_ast *star, bool *used, sqi_bound ***expr, sqi_span **names,
                                    uint32_t *n, streamq_error **err)
{
    sqi_ast *name = sqi_ast_new(b->arena, SQI_AST_NAME);
    if (!name)
        return sqi_error_nomem(err);
    name->part = star->part;
    name->npart = star->npart;
    name->text = star->text;
    name->begin = star->begin;
    name->end = star->end;
    sqi_bound *base;
    SQI_TRY(sqi_bind_name_node(b, name, &base, err));
    const sqi_type *t = base->type;
    char label[128];
    if (t->id != SQI_STRUCT)
        return sqi_error_set(err, SQI_COND_INVALID_USAGE_OF_STAR_OR_REGEX, "%s.* needs a struct, but it is %s",
                             sqi_bind_text(b, base), sqi_type_label(t, label));
    star_list l = {sqi_arena_array(b->arena, t->nfield + 1, sizeof *l.expr),
                   sqi_arena_array(b->arena, t->nfield + 1, sizeof *l.name), 0};
    if (!l.expr || !l.name)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < t->nfield; i++) {
        if (excepted(star, (sqi_span){NULL, 0}, t->field[i].name, used))
            continue;
        const sqi_ast *ast = name_node(b, star, t->field[i].name);
        if (!ast)
            return sqi_error_nomem(err);
        SQI_TRY(sqi_bind_extract(b, base, t->field[i].name, ast, &l.expr[l.n], err));
        l.name[l.n++] = t->field[i].name;
    }
    *expr = l.expr;
    *names = l.name;
    *n = l.n;
    return STREAMQ_OK;
}

streamq_status sqi_bind_star(sqi_binder *b, const sqi_ast *star, sqi_bound ***out, sqi_span **names, uint32_t *n,
                             streamq_error **err)
{
    uint32_t ncol = b->scope ? b->scope->n : 0;
    star_list l = {sqi_arena_array(b->arena, ncol + 1, sizeof *l.expr),
                   sqi_arena_array(b->arena, ncol + 1, sizeof *l.name), 0};
    bool *used = sqi_arena_array(b->arena, star->narg + 1, sizeof *used);
    if (!l.expr || !l.name || !used)
        return sqi_error_nomem(err);
    bool found = false;
    SQI_TRY(expand_columns(b, star, used, &l, &found, err));
    *out = l.expr;
    *names = l.name;
    *n = l.n;
    if (!found && star->npart)
        SQI_TRY(sqi_bind_place(expand_struct(b, star, used, out, names, n, err), star, err));
    return check_except(star, used, err);
}
