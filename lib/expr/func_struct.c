/*
 * func_struct: structs: struct(...), named_struct(...), and taking a field out of a struct or of every struct in an
 * array. No values are copied: fields are the argument vectors, a field taken out is a child with the struct's nulls.
 *
 * "getfield" and "getfields" are made by the binder for a.b; the field's number is in node->flags.
 */
#include "func_struct.h"
#include "data_bits.h"
#include "expr_bind.h"

/* ---- names ---------------------------------------------------------------------------------------------------- */

/* The name an argument gives its field: an alias, a column, a field; empty: none. */
static sqi_span name_of(const sqi_ast *e)
{
    if ((e->kind == SQI_AST_ALIAS || e->kind == SQI_AST_NAME || e->kind == SQI_AST_FIELD) && e->npart)
        return e->part[e->npart - 1];
    return (sqi_span){NULL, 0};
}

streamq_status sqi_struct_names(sqi_binder *b, const sqi_bound *node, sqi_span *names, streamq_error **err)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < node->narg; i++)
        names[i] = (sqi_span){NULL, 0};
    for (uint32_t i = 0; node->ast && i < node->ast->narg && at < node->narg; i++) {
        const sqi_ast *e = node->ast->arg[i];
        if (e->kind != SQI_AST_STAR) {
            names[at++] = name_of(e);
            continue;
        }
        sqi_bound **many;
        sqi_span *more;
        uint32_t n;
        SQI_TRY(sqi_bind_star(b, e, &many, &more, &n, err));
        for (uint32_t k = 0; k < n && at < node->narg; k++)
            names[at++] = more[k];
    }
    return STREAMQ_OK;
}

static streamq_status make_type(sqi_binder *b, sqi_bound *node, const sqi_span *names, streamq_error **err)
{
    sqi_field *field = sqi_arena_array(b->arena, node->narg + 1, sizeof *field);
    if (!field)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < node->narg; i++) {
        field[i] = (sqi_field){names[i], node->arg[i]->type, node->arg[i]->nullable};
        if (!names[i].ptr) {
            char *made = sqi_arena_printf(b->arena, "col%u", (unsigned)i + 1);
            if (!made)
                return sqi_error_nomem(err);
            field[i].name = sqi_span_of(made);
        }
    }
    node->type = sqi_type_struct(b->eval->pool, field, node->narg);
    node->nullable = false;
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status resolve_struct(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    sqi_span *names = sqi_arena_array(b->arena, node->narg + 1, sizeof *names);
    if (!names)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_struct_names(b, node, names, err));
    return make_type(b, node, names, err);
}

/* named_struct(name, value, ...) becomes struct(value, ...) with those names. */
static streamq_status resolve_named(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    if (node->narg % 2)
        return sqi_error_set(err, SQI_COND_WRONG_NUM_ARGS__WITHOUT_SUGGESTION,
                             "named_struct takes pairs of a name and a value, but %u arguments were given",
                             (unsigned)node->narg);
    uint32_t n = node->narg / 2;
    sqi_span *names = sqi_arena_array(b->arena, n + 1, sizeof *names);
    sqi_bound **values = sqi_arena_array(b->arena, n + 1, sizeof *values);
    if (!names || !values)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < n; i++) {
        const sqi_bound *name = node->arg[2 * i];
        const sqi_vec *v = NULL;
        if (name->type->id == SQI_STRING)
            SQI_TRY(sqi_bind_constant(b, name, &v, err));
        if (!v || !sqi_vec_valid(v, 0))
            return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING,
                                       err, "argument %u names a field, so it must be a constant text",
                                       (unsigned)(2 * i + 1));
        names[i] = sqi_str_span(&SQI_AT(v, sqi_str, 0));
        values[i] = node->arg[2 * i + 1];
    }
    node->func = sqi_func_find(SQI_SPAN("struct"));
    node->arg = values;
    node->narg = n;
    return make_type(b, node, names, err);
}

static streamq_status make_struct(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)rows;
    for (uint32_t i = 0; i < call->node->narg; i++)
        SQI_TRY(sqi_vec_flatten(&out->child[i], &arg[i], call->n, call->eval->arena, err));
    return STREAMQ_OK;
}

/* ---- fields --------------------------------------------------------------------------------------------------- */

/* `field` with its own nulls and those of the structs it stands in, n positions. */
static streamq_status with_nulls(sqi_vec *out, const sqi_vec *field, const sqi_vec *of, uint32_t n, sqi_arena *arena,
                                 streamq_error **err)
{
    if (of->mask)
        SQI_TRY(sqi_vec_flatten(out, field, n, arena, err));
    else
        *out = *field;
    if (!of->valid)
        return STREAMQ_OK;
    if (!out->valid) {
        out->valid = of->valid;
        return STREAMQ_OK;
    }
    size_t words = sqi_bits_words(n);
    uint64_t *bits = sqi_arena_get(arena, (words + 1) * sizeof *bits);
    if (!bits)
        return sqi_error_nomem(err);
    for (size_t w = 0; w < words; w++)
        bits[w] = out->valid[w] & of->valid[w];
    out->valid = bits;
    return STREAMQ_OK;
}

static streamq_status field_of_struct(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                      streamq_error **err)
{
    (void)rows;
    uint32_t n = arg->mask ? call->n : 1;
    SQI_TRY(with_nulls(out, &arg->child[call->node->flags], arg, n, call->eval->arena, err));
    out->mask &= arg->mask;
    return STREAMQ_OK;
}

/* The arrays stay as they are, only their elements change. */
static streamq_status field_of_array(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                     streamq_error **err)
{
    (void)rows;
    const sqi_vec *element = &arg->child[0];
    sqi_vec *field = sqi_arena_get(call->eval->arena, sizeof *field);
    if (!field)
        return sqi_error_nomem(err);
    SQI_TRY(with_nulls(field, &element->child[call->node->flags], element, arg->nchild, call->eval->arena, err));
    *out = *arg;
    out->type = call->node->type;
    out->child = field;
    return STREAMQ_OK;
}

const sqi_func sqi_func_struct[] = {
    {.name = "struct",
     .min_args = 0,
     .max_args = -1,
     .nulls = SQI_NULL_OWN,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve_struct,
     .kernel = make_struct,
     .text = "struct(expr, ...): a struct of the values"},
    {.name = "named_struct",
     .min_args = 0,
     .max_args = -1,
     .nulls = SQI_NULL_OWN,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve_named,
     .kernel = make_struct,
     .text = "named_struct(name, expr, ...): a struct of the values with these names"},
    {.name = "getfield",
     .min_args = 1,
     .max_args = 1,
     .nulls = SQI_NULL_OWN,
     .flags = SQI_FUNC_INTERNAL,
     .kernel = field_of_struct,
     .text = "struct.field: a field of a struct"},
    {.name = "getfields",
     .min_args = 1,
     .max_args = 1,
     .nulls = SQI_NULL_OWN,
     .flags = SQI_FUNC_INTERNAL,
     .kernel = field_of_array,
     .text = "array.field: a field of every struct in an array"},
    {0},
};
