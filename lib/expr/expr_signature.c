/*
 * expr_signature: what the rows of the function table ask for: signatures ("ss>b") applied to arguments, common types,
 * constants, and the errors for what does not fit. Called by the binder and by resolve functions of rows.
 */
#include <stdarg.h>
#include <stdio.h>

#include "expr_bind_parts.h"
#include "expr_coerce.h"

#define TEXT_MAX 200u

const char *sqi_bind_text(sqi_binder *b, const sqi_bound *e)
{
    sqi_buf text;
    sqi_buf_init(&text, b->eval->alloc, 1u << 16);
    bool printed = e->ast ? sqi_ast_print(&text, e->ast) : sqi_bound_print(&text, e, NULL);
    size_t len = text.len < TEXT_MAX ? text.len : TEXT_MAX;
    const char *copy = printed ? sqi_arena_text(b->arena, text.ptr, len) : NULL;
    sqi_buf_fini(&text);
    return copy ? copy : "the expression";
}

static const char *called(const sqi_bound *node)
{
    if (node->kind == SQI_BOUND_AGG)
        return node->agg->name;
    if (node->kind == SQI_BOUND_GENERATOR)
        return node->generator->name;
    return node->func->name;
}

streamq_status sqi_bind_type_error(sqi_binder *b, const sqi_bound *node, sqi_cond cond, streamq_error **err,
                                   const char *format, ...)
{
    char line[1024];
    va_list list;
    va_start(list, format);
    int n = vsnprintf(line, sizeof line, format, list);
    va_end(list);
    if (n < 0)
        line[0] = '\0';
    return sqi_bind_place(sqi_error_set(err, cond, "%s does not fit: %s", sqi_bind_text(b, node), line), node->ast,
                          err);
}

streamq_status sqi_bind_arg_type_error(sqi_binder *b, const sqi_bound *node, uint32_t arg, const char *wanted,
                                       streamq_error **err)
{
    char label[128];
    const sqi_bound *e = node->arg[arg];
    return sqi_bind_place(sqi_error_set(err, SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE,
                                        "argument %u of %s must be %s, but %s is %s", (unsigned)arg + 1, called(node),
                                        wanted, sqi_bind_text(b, e), sqi_type_label(e->type, label)),
                          e->ast ? e->ast : node->ast, err);
}

/* What Spark casts to one type before it looks whether an operator takes that: equal types, text beside anything it is
   read as, a decimal beside a double. */
static bool sides_meet(sqi_type_pool *pool, const sqi_type *x, const sqi_type *y)
{
    if (sqi_type_same(x, y))
        return true;
    if (x->id == SQI_STRING || y->id == SQI_STRING)
        return sqi_coerce_common(pool, x, y) != NULL;
    return (x->id == SQI_DECIMAL && y->id == SQI_DOUBLE) || (x->id == SQI_DOUBLE && y->id == SQI_DECIMAL);
}

streamq_status sqi_bind_sides_error(sqi_binder *b, const sqi_bound *node, const char *takes, streamq_error **err)
{
    char one[128], other[128];
    const sqi_type *x = node->arg[0]->type, *y = node->arg[1]->type;
    return sqi_bind_type_error(b, node,
                               sides_meet(b->eval->pool, x, y) ? SQI_COND_DATATYPE_MISMATCH__BINARY_OP_WRONG_TYPE
                                                               : SQI_COND_DATATYPE_MISMATCH__BINARY_OP_DIFF_TYPES,
                               err, "both sides must be %s, not %s and %s", takes, sqi_type_label(x, one),
                               sqi_type_label(y, other));
}

streamq_status sqi_bind_constant(sqi_binder *b, const sqi_bound *e, const sqi_vec **out, streamq_error **err)
{
    *out = NULL;
    if (!sqi_bound_foldable(e))
        return STREAMQ_OK;
    if (e->kind == SQI_BOUND_CONST) {
        *out = e->value;
        return STREAMQ_OK;
    }
    return sqi_eval_constant(b->eval, e, b->arena, out, err);
}

typedef struct letter_row {
    char letter;
    const sqi_type *type; /* one type; NULL: a class of types, see class_type */
    const char *label;
} letter_row;

static const letter_row letters[] = {
    {'b', &sqi_type_boolean, "BOOLEAN"},
    {'t', &sqi_type_tinyint, "TINYINT"},
    {'h', &sqi_type_smallint, "SMALLINT"},
    {'i', &sqi_type_int, "INT"},
    {'l', &sqi_type_bigint, "BIGINT"},
    {'f', &sqi_type_float, "FLOAT"},
    {'d', &sqi_type_double, "DOUBLE"},
    {'s', &sqi_type_string, "STRING"},
    {'S', NULL, "STRING"}, /* as it is: nothing is cast to it */
    {'x', &sqi_type_binary, "BINARY"},
    {'D', &sqi_type_date, "DATE"},
    {'T', &sqi_type_timestamp, "TIMESTAMP"},
    {'E', NULL, "DATE"}, /* as it is, too */
    {'N', &sqi_type_timestamp_ntz, "TIMESTAMP_NTZ"},
    {'n', NULL, "NUMERIC"},
    {'I', NULL, "INTEGRAL"},
    {'y', NULL, "STRING or BINARY"},
    {'a', NULL, "ARRAY"},
    {'m', NULL, "MAP"},
    {'r', NULL, "STRUCT"},
    {'_', NULL, "ANY"},
};

static const letter_row *find_letter(char c)
{
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].letter == c)
            return &letters[i];
    return NULL;
}

/* The type an argument gets where a class of types is wanted; NULL: it does not fit. */
static const sqi_type *class_type(sqi_type_pool *pool, char letter, const sqi_type *from)
{
    bool bare_null = from->id == SQI_VOID;
    switch (letter) {
    case '_':
        return from;
    case 'S':
        return bare_null || from->id == SQI_STRING ? &sqi_type_string : NULL;
    case 'E':
        return bare_null || from->id == SQI_DATE ? &sqi_type_date : NULL;
    case 'n':
        if (sqi_type_is_numeric(from))
            return from;
        return bare_null || from->id == SQI_STRING ? &sqi_type_double : NULL;
    case 'I':
        if (sqi_type_is_integral(from))
            return from;
        return bare_null ? &sqi_type_int : NULL;
    case 'y':
        if (from->id == SQI_STRING || from->id == SQI_BINARY)
            return from;
        return sqi_coerce_implicit(from, &sqi_type_string) ? &sqi_type_string : NULL;
    case 'a':
        if (from->id == SQI_ARRAY)
            return from;
        return bare_null ? sqi_type_array(pool, &sqi_type_void, true) : NULL;
    case 'm':
        if (from->id == SQI_MAP)
            return from;
        return bare_null ? sqi_type_map(pool, &sqi_type_void, &sqi_type_void, true) : NULL;
    case 'r':
        if (from->id == SQI_STRUCT)
            return from;
        return bare_null ? sqi_type_struct(pool, NULL, 0) : NULL;
    default:
        return NULL;
    }
}

static streamq_status fit(sqi_binder *b, sqi_bound *node, uint32_t i, char letter, streamq_error **err)
{
    const letter_row *row = find_letter(letter);
    if (!row)
        return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "the signature of %s has the letter %c", called(node),
                             letter);
    const sqi_type *from = node->arg[i]->type, *to = row->type;
    if (!to)
        to = class_type(b->eval->pool, letter, from);
    else if (!sqi_coerce_implicit(from, to))
        to = NULL;
    if (!to)
        return sqi_bind_arg_type_error(b, node, i, row->label, err);
    return sqi_bind_cast(b, &node->arg[i], to, err);
}

streamq_status sqi_bind_signature(sqi_binder *b, sqi_bound *node, const char *types, streamq_error **err)
{
    const char *at = types;
    for (uint32_t i = 0; i < node->narg; i++) {
        if (*at == '>' || *at == '\0')
            return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "the signature of %s is too short", called(node));
        SQI_TRY(fit(b, node, i, *at, err));
        if (at[1] != '*')
            at++;
    }
    at = strchr(types, '>');
    if (!at)
        return STREAMQ_OK; /* arguments only: resolve sets the result */
    char result = at[1];
    if (result == 'y')
        result = '1';
    if (result >= '1' && result <= '3') {
        uint32_t k = (uint32_t)(result - '1');
        if (k < node->narg)
            node->type = node->arg[k]->type;
    } else {
        const letter_row *row = find_letter(result);
        node->type = row ? row->type : NULL;
    }
    if (!node->type)
        return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "the signature of %s gives no type", called(node));
    return STREAMQ_OK;
}

streamq_status sqi_bind_common(sqi_binder *b, sqi_bound *node, uint32_t from, uint32_t step, bool strict,
                               const sqi_type **out, streamq_error **err)
{
    const sqi_type *common = &sqi_type_void;
    for (uint32_t i = from; i < node->narg; i += step) {
        const sqi_type *t = node->arg[i]->type;
        const sqi_type *met =
            strict ? sqi_coerce_tightest(b->eval->pool, common, t) : sqi_coerce_common(b->eval->pool, common, t);
        if (!met) {
            char one[128], other[128];
            return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__DATA_DIFF_TYPES, err,
                                       "%s and %s have no common type", sqi_type_label(common, one),
                                       sqi_type_label(t, other));
        }
        common = met;
    }
    for (uint32_t i = from; i < node->narg; i += step)
        SQI_TRY(sqi_bind_cast(b, &node->arg[i], common, err));
    *out = common;
    return STREAMQ_OK;
}
