/*
 * expr_bind_named: arguments by name, f(x, lowerChar => 'q'): put in place, what is left out filled in. Names compare
 * as all names do; positional arguments come first.
 */
#include "expr_bind_parts.h"

static uint32_t count(const sqi_parameter_row *named)
{
    uint32_t n = 0;
    while (named[n].name)
        ++n;
    return n;
}

static uint32_t find(const sqi_parameter_row *named, sqi_span name)
{
    uint32_t i = 0;
    while (named[i].name && !sqi_name_equal(sqi_span_of(named[i].name), name))
        ++i;
    return i;
}

static streamq_status unknown(const sqi_parameter_row *named, uint32_t n, sqi_span name, streamq_error **err)
{
    sqi_span candidates[16];
    uint32_t shown = n < 16 ? n : 16;
    for (uint32_t i = 0; i < shown; ++i)
        candidates[i] = sqi_span_of(named[i].name);
    streamq_status status = sqi_error_set(err, SQI_COND_UNRECOGNIZED_PARAMETER_NAME, "there is no parameter `%.*s`",
                                          (int)(name.len < 100 ? name.len : 100), name.ptr);
    if (err)
        sqi_error_candidates(*err, candidates, shown);
    return status;
}

/* Where argument k of the call goes. */
static streamq_status place(const sqi_ast *e, uint32_t k, const sqi_parameter_row *named, uint32_t n, bool after_name,
                            uint32_t *at, streamq_error **err)
{
    const sqi_ast *a = e->arg[k];
    if (a->kind == SQI_AST_NAMED) {
        *at = find(named, a->name);
        return *at < n ? STREAMQ_OK : sqi_bind_place(unknown(named, n, a->name, err), a, err);
    }
    *at = k;
    if (after_name)
        return sqi_bind_place(sqi_error_set(err, SQI_COND_UNEXPECTED_POSITIONAL_ARGUMENT,
                                            "an argument without a name stands after one with a name; put it before"),
                              a, err);
    return STREAMQ_OK;
}

static sqi_ast *fallback(sqi_binder *b, const char *text)
{
    sqi_vec *v = sqi_arena_zero(b->arena, sizeof *v);
    if (!v || sqi_vec_null(v, text ? &sqi_type_string : &sqi_type_void, b->arena, NULL) != STREAMQ_OK)
        return NULL;
    if (text) {
        if (sqi_vec_make(v, &sqi_type_string, 1, b->arena, NULL) != STREAMQ_OK)
            return NULL;
        SQI_OUT(v, sqi_str)[0] = sqi_str_view(text, (uint32_t)strlen(text));
        v->mask = 0;
    }
    return sqi_ast_literal(b->arena, v);
}

static streamq_status put_in_place(sqi_binder *b, const sqi_ast *e, const sqi_parameter_row *named, sqi_ast *to,
                                   streamq_error **err)
{
    uint32_t n = count(named), given = 0, at = 0;
    bool after_name = false;
    for (uint32_t k = 0; k < e->narg; ++k) {
        SQI_TRY(place(e, k, named, n, after_name, &at, err));
        if (at < n && to->arg[at])
            return sqi_bind_place(
                sqi_error_set(err, SQI_COND_DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT__DOUBLE_NAMED_ARGUMENT_REFERENCE,
                              "the parameter `%s` is given twice", named[at].name),
                e->arg[k], err);
        after_name |= e->arg[k]->kind == SQI_AST_NAMED;
        to->arg[at] = e->arg[k]->kind == SQI_AST_NAMED ? e->arg[k]->arg[0] : e->arg[k];
        given = at >= given ? at + 1 : given;
    }
    for (uint32_t i = 0; i < given; ++i)
        if (!to->arg[i] && !(to->arg[i] = fallback(b, i < n ? named[i].fallback : NULL)))
            return sqi_error_nomem(err);
    to->narg = given;
    return STREAMQ_OK;
}

streamq_status sqi_bind_named(sqi_binder *b, const sqi_ast *e, const sqi_parameter_row *named, const sqi_ast **out,
                              streamq_error **err)
{
    bool any = false;
    *out = e;
    for (uint32_t i = 0; i < e->narg; ++i)
        any |= e->arg[i]->kind == SQI_AST_NAMED;
    if (!any)
        return STREAMQ_OK;
    sqi_ast *copy = sqi_arena_get(b->arena, sizeof *copy);
    sqi_ast **arg = sqi_arena_array(b->arena, count(named) + e->narg, sizeof *arg);
    if (!copy || !arg)
        return sqi_error_nomem(err);
    *copy = *e;
    copy->arg = arg;
    SQI_TRY(put_in_place(b, e, named, copy, err));
    *out = copy;
    return STREAMQ_OK;
}
