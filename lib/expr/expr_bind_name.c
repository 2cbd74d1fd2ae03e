/*
 * expr_bind_name: names to columns: a, t.a, a.field.field, t.a.field, and the parameters of lambda functions, which
 * hide columns. What no column answers to is offered to the caller's lookup (lateral aliases) and then refused with the
 * nearest names.
 */
#include "expr_bind_parts.h"

#define SUGGESTIONS 5u

static bool bind_variable(const sqi_binder *b, sqi_span name, uint32_t *number, const sqi_lambda_param **param)
{
    for (const struct sqi_lambda_scope *s = b->lambda; s; s = s->outer)
        for (uint32_t i = 0; i < s->n; i++)
            if (sqi_name_equal(s->name[i], name)) {
                *number = s->first + i;
                *param = &s->param[i];
                return true;
            }
    return false;
}

/* The column that a name stands for. Of equal names a visible one is preferred to a hidden one. False with *count 0:
   there is none; with *count > 1: several. */
static bool find_column(const sqi_scope *scope, const sqi_span *qualifier, sqi_span name, uint32_t *column,
                        uint32_t *count)
{
    uint32_t hidden = 0, first_hidden = 0;
    *count = 0;
    for (uint32_t i = 0; scope && i < scope->n; i++) {
        const sqi_attribute *a = &scope->attr[i];
        if (!sqi_name_equal(a->name, name))
            continue;
        if (qualifier && !sqi_name_equal(a->qualifier, *qualifier))
            continue;
        if (a->hidden) {
            if (hidden++ == 0)
                first_hidden = i;
        } else if ((*count)++ == 0) {
            *column = i;
        }
    }
    if (*count == 0 && hidden) {
        *count = hidden;
        *column = first_hidden;
    }
    return *count == 1;
}

static streamq_status ambiguous(sqi_binder *b, const sqi_ast *e, sqi_span name, streamq_error **err)
{
    streamq_status status =
        sqi_error_set(err, SQI_COND_AMBIGUOUS_REFERENCE,
                      "more than one column is called %.*s; write the table's name before it", (int)name.len, name.ptr);
    sqi_span list[SUGGESTIONS];
    size_t n = 0;
    for (uint32_t i = 0; i < b->scope->n && n < SUGGESTIONS; i++) {
        const sqi_attribute *a = &b->scope->attr[i];
        if (!sqi_name_equal(a->name, name) || !a->qualifier.len)
            continue;
        const char *text = sqi_arena_printf(b->arena, "%.*s.%.*s", (int)a->qualifier.len, a->qualifier.ptr,
                                            (int)a->name.len, a->name.ptr);
        if (text)
            list[n++] = sqi_span_of(text);
    }
    if (err && *err && n)
        sqi_error_candidates(*err, list, n);
    return sqi_bind_place(status, e, err);
}

static streamq_status unknown(sqi_binder *b, const sqi_ast *e, streamq_error **err)
{
    sqi_span last = e->part[e->npart - 1];
    sqi_span whole = {e->part[0].ptr, 0};
    sqi_buf text;
    sqi_buf_init(&text, b->eval->alloc, 4096);
    for (uint32_t i = 0; i < e->npart; i++) {
        sqi_buf_text(&text, i ? "." : "");
        sqi_buf_span(&text, e->part[i]);
    }
    whole = sqi_buf_view(&text);
    bool none = !b->scope || b->scope->n == 0;
    streamq_status status = sqi_error_set(
        err, none ? SQI_COND_UNRESOLVED_COLUMN__WITHOUT_SUGGESTION : SQI_COND_UNRESOLVED_COLUMN__WITH_SUGGESTION,
        "there is no column %.*s%s", (int)whole.len, whole.ptr,
        none ? ": nothing here has columns" : "; see the names below");
    sqi_buf_fini(&text);
    if (none || !err || !*err)
        return status;
    sqi_span list[SUGGESTIONS];
    unsigned distance[SUGGESTIONS];
    size_t n = 0;
    for (uint32_t i = 0; i < b->scope->n; i++) {
        if (b->scope->attr[i].hidden)
            continue;
        unsigned d = sqi_name_distance(last, b->scope->attr[i].name);
        size_t at = n;
        while (at > 0 && distance[at - 1] > d) /* insertion: the nearest first, equals in the scope's order */
            at--;
        if (at == SUGGESTIONS)
            continue;
        size_t moved = (n < SUGGESTIONS ? n++ : SUGGESTIONS - 1) - at;
        memmove(&list[at + 1], &list[at], moved * sizeof *list);
        memmove(&distance[at + 1], &distance[at], moved * sizeof *distance);
        list[at] = b->scope->attr[i].name;
        distance[at] = d;
    }
    sqi_error_candidates(*err, list, n);
    return status;
}

static streamq_status extract_rest(sqi_binder *b, const sqi_ast *e, uint32_t from, sqi_bound *node, sqi_bound **out,
                                   streamq_error **err)
{
    for (uint32_t i = from; i < e->npart; i++)
        SQI_TRY(sqi_bind_extract(b, node, e->part[i], e, &node, err));
    *out = node;
    return STREAMQ_OK;
}

/* Functions that SQL calls without parentheses; a column of that name comes first. */
static bool is_bare_function(sqi_span name)
{
    static const char *const list[] = {"current_date", "current_timestamp", "localtimestamp", "current_user",
                                       "user",         "session_user",      "current_time"};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (sqi_span_equal_nocase(name, sqi_span_of(list[i])))
            return sqi_func_find(name) != NULL;
    return false;
}

static streamq_status bind_column(sqi_binder *b, const sqi_ast *e, uint32_t column, uint32_t rest, sqi_bound **out,
                                  streamq_error **err)
{
    const sqi_attribute *a = &b->scope->attr[column];
    sqi_bound *node = sqi_bound_column(b->arena, column, a->type, a->nullable);
    if (!node)
        return sqi_error_nomem(err);
    node->ast = e;
    return extract_rest(b, e, rest, node, out, err);
}

streamq_status sqi_bind_name_node(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    uint32_t column = 0, count;
    const sqi_lambda_param *param;
    if (bind_variable(b, e->part[0], &column, &param)) {
        sqi_bound *node = sqi_bound_column(b->arena, column, param->type, param->nullable);
        if (!node)
            return sqi_error_nomem(err);
        node->kind = SQI_BOUND_VARIABLE;
        node->ast = e;
        return extract_rest(b, e, 1, node, out, err);
    }
    if (e->npart > 1) {
        if (find_column(b->scope, &e->part[0], e->part[1], &column, &count))
            return bind_column(b, e, column, 2, out, err);
        if (count)
            return ambiguous(b, e, e->part[1], err);
    }
    if (find_column(b->scope, NULL, e->part[0], &column, &count))
        return bind_column(b, e, column, 1, out, err);
    if (count)
        return ambiguous(b, e, e->part[0], err);
    if (b->lookup) {
        streamq_error *local = NULL;
        sqi_bound *found = b->lookup(b->context, e, &local);
        if (local)
            return sqi_error_pass(err, local);
        if (found) {
            *out = found;
            return STREAMQ_OK;
        }
    }
    if (e->npart == 1 && is_bare_function(e->part[0])) {
        const sqi_func *f = sqi_func_find(e->part[0]);
        return sqi_bind_call(b, f->name, NULL, 0, e, out, err);
    }
    return unknown(b, e, err);
}

static streamq_status no_field(const sqi_type *type, sqi_span name, streamq_error **err)
{
    streamq_status status =
        sqi_error_set(err, SQI_COND_FIELD_NOT_FOUND, "the struct has no field %.*s", (int)name.len, name.ptr);
    sqi_span list[SUGGESTIONS];
    size_t n = 0;
    for (uint32_t i = 0; i < type->nfield && n < SUGGESTIONS; i++)
        list[n++] = type->field[i].name;
    if (err && *err && n)
        sqi_error_candidates(*err, list, n);
    return status;
}

static streamq_status find_field(const sqi_type *type, sqi_span name, uint32_t *field, streamq_error **err)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < type->nfield; i++)
        if (sqi_name_equal(type->field[i].name, name) && found++ == 0)
            *field = i;
    if (found > 1)
        return sqi_error_set(err, SQI_COND_AMBIGUOUS_REFERENCE_TO_FIELDS, "%u fields of the struct are called %.*s",
                             (unsigned)found, (int)name.len, name.ptr);
    return found ? STREAMQ_OK : no_field(type, name, err);
}

/* The field number is part of the node's identity, so it stands in the flags and not in the data. */
static streamq_status make_field(sqi_binder *b, sqi_bound *base, const char *row, uint32_t field, const sqi_type *type,
                                 const sqi_ast *ast, sqi_bound **out, streamq_error **err)
{
    sqi_bound *node = sqi_bind_new(b, SQI_BOUND_CALL, 1, ast);
    if (!node || !type)
        return sqi_error_nomem(err);
    if (!(node->func = sqi_func_find(sqi_span_of(row))))
        return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "the function table has no %s", row);
    node->arg[0] = base;
    node->flags = field;
    node->type = type;
    node->nullable = true;
    *out = node;
    return STREAMQ_OK;
}

static streamq_status map_value(sqi_binder *b, sqi_bound *base, sqi_span name, const sqi_ast *ast, sqi_bound **out,
                                streamq_error **err)
{
    sqi_vec *key = sqi_arena_zero(b->arena, sizeof *key);
    if (!key)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_vec_make(key, &sqi_type_string, 1, b->arena, err));
    if (!sqi_str_copy(b->arena, name, SQI_OUT(key, sqi_str)))
        return sqi_error_nomem(err);
    key->mask = 0;
    sqi_bound *pair[2] = {base, sqi_bound_const(b->arena, key)};
    if (!pair[1])
        return sqi_error_nomem(err);
    return sqi_bind_call(b, "getitem", pair, 2, ast, out, err);
}

streamq_status sqi_bind_extract(sqi_binder *b, sqi_bound *base, sqi_span name, const sqi_ast *ast, sqi_bound **out,
                                streamq_error **err)
{
    const sqi_type *t = base->type;
    uint32_t field = 0;
    if (t->id == SQI_STRUCT) {
        SQI_TRY(find_field(t, name, &field, err));
        SQI_TRY(make_field(b, base, "getfield", field, t->field[field].type, ast, out, err));
        (*out)->nullable = base->nullable || t->field[field].nullable;
        return STREAMQ_OK;
    }
    if (t->id == SQI_ARRAY && t->field[0].type->id == SQI_STRUCT) {
        const sqi_type *element = t->field[0].type;
        SQI_TRY(find_field(element, name, &field, err));
        const sqi_field *f = &element->field[field];
        SQI_TRY(make_field(b, base, "getfields", field,
                           sqi_type_array(b->eval->pool, f->type, f->nullable || t->field[0].nullable), ast, out, err));
        (*out)->nullable = base->nullable;
        return STREAMQ_OK;
    }
    if (t->id == SQI_MAP)
        return map_value(b, base, name, ast, out, err);
    if (t->id == SQI_VOID) { /* nothing can be taken from nothing */
        *out = base;
        return STREAMQ_OK;
    }
    char label[128];
    if (t->id == SQI_ARRAY)
        return sqi_error_set(err, SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE,
                             "%.*s cannot be taken from %s: it is %s, whose elements are no structs", (int)name.len,
                             name.ptr, sqi_bind_text(b, base), sqi_type_label(t, label));
    return sqi_error_set(err, SQI_COND_INVALID_EXTRACT_BASE_FIELD_TYPE,
                         "%.*s cannot be taken from %s: it is %s, not a struct, an array of structs or a map",
                         (int)name.len, name.ptr, sqi_bind_text(b, base), sqi_type_label(t, label));
}
