/*
 * func_string: lengths, case, and joining texts: concat, "||", concat_ws.
 *
 * Characters are counted by first bytes (sqi_utf8_char_bytes), as Spark does, so malformed text has a length too.
 * concat also joins arrays (func_array.h): which of the two it is, the result type tells.
 */
#include "expr_bind.h"
#include "expr_coerce.h"
#include "func_array.h"
#include "func_case.h"
#include "func_concat.h"
#include "func_str.h"

static streamq_status length(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    bool bytes = arg->type->id == SQI_BINARY;
    int32_t *to = SQI_OUT(out, int32_t);
    for (SQI_EACH(rows, k, i)) {
        const sqi_str *s = SQI_STR_AT(arg, i);
        to[i] = (int32_t)(bytes || sqi_str_is_ascii(s) ? s->len : sqi_utf8_count(sqi_str_span(s)));
    }
    return STREAMQ_OK;
}

static streamq_status octet_length(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int32_t)[i] = (int32_t)SQI_STR_AT(arg, i)->len;
    return STREAMQ_OK;
}

static streamq_status bit_length(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int32_t)[i] = (int32_t)(SQI_STR_AT(arg, i)->len * 8);
    return STREAMQ_OK;
}

static streamq_status lower(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return sqi_case_map_rows(arg, rows, SQI_CASE_LOWER, call->eval->arena, out, err);
}

static streamq_status upper(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return sqi_case_map_rows(arg, rows, SQI_CASE_UPPER, call->eval->arena, out, err);
}

static streamq_status initcap(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return sqi_case_map_rows(arg, rows, SQI_CASE_WORDS, call->eval->arena, out, err);
}

/* concat: arrays of one type if there is an array, else binary if all are, else text. */
static streamq_status resolve_concat(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    bool array = false, binary = node->narg > 0;
    for (uint32_t i = 0; i < node->narg; i++) {
        array |= node->arg[i]->type->id == SQI_ARRAY;
        binary &= node->arg[i]->type->id == SQI_BINARY;
    }
    if (array)
        return sqi_array_resolve_concat(b, node, err);
    const sqi_type *type = binary ? &sqi_type_binary : &sqi_type_string;
    for (uint32_t i = 0; i < node->narg; i++) {
        if (!sqi_coerce_implicit(node->arg[i]->type, type))
            return sqi_bind_arg_type_error(b, node, i, "(\"STRING\" or \"BINARY\" or \"ARRAY\")", err);
        SQI_TRY(sqi_bind_cast(b, &node->arg[i], type, err));
    }
    node->type = type;
    return STREAMQ_OK;
}

/* concat_ws(separator, text or array<text> ...): nulls are left out. */
static streamq_status resolve_concat_ws(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *array = sqi_type_array(b->eval->pool, &sqi_type_string, true);
    if (!array)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < node->narg; i++) {
        const sqi_type *to = i && node->arg[i]->type->id == SQI_ARRAY ? array : &sqi_type_string;
        if (!sqi_coerce_implicit(node->arg[i]->type, to))
            return sqi_bind_arg_type_error(b, node, i, i ? "(\"ARRAY<STRING>\" or \"STRING\")" : "\"STRING\"", err);
        SQI_TRY(sqi_bind_cast(b, &node->arg[i], to, err));
    }
    node->type = &sqi_type_string;
    node->nullable = node->arg[0]->nullable;
    return STREAMQ_OK;
}

static bool put_part(sqi_buf *to, sqi_span separator, sqi_span part, bool *first)
{
    bool ok = (*first || sqi_buf_span(to, separator)) && sqi_buf_span(to, part);
    *first = false;
    return ok;
}

static bool join_row(sqi_buf *to, sqi_span separator, const sqi_vec *arg, uint32_t n, uint32_t i)
{
    bool first = true, ok = true;
    for (uint32_t a = 1; a < n && ok; a++) {
        if (!sqi_vec_valid(&arg[a], i))
            continue;
        if (arg[a].type->id != SQI_ARRAY) {
            ok = put_part(to, separator, SQI_SPAN_AT(&arg[a], i), &first);
            continue;
        }
        sqi_list list = SQI_AT(&arg[a], sqi_list, i);
        for (uint32_t e = list.offset; e < list.offset + list.length && ok; e++)
            if (sqi_vec_valid(&arg[a].child[0], e))
                ok = put_part(to, separator, SQI_SPAN_AT(&arg[a].child[0], e), &first);
    }
    return ok;
}

static streamq_status concat_ws(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_heap heap;
    sqi_buf text;
    sqi_heap_init(&heap, call->eval->arena);
    sqi_buf_init(&text, call->eval->alloc, SQI_STR_MAX);
    streamq_status st = STREAMQ_OK;
    for (SQI_EACH(rows, k, i)) {
        if (!sqi_vec_valid(&arg[0], i)) {
            st = sqi_vec_bitmap(out, call->n, true, call->eval->arena, err);
            if (st != STREAMQ_OK)
                break;
            sqi_vec_set_null(out, i);
            continue;
        }
        sqi_buf_clear(&text);
        if (!join_row(&text, SQI_SPAN_AT(&arg[0], i), arg, call->node->narg, i) ||
            !sqi_heap_copy(&heap, sqi_buf_view(&text), &SQI_OUT(out, sqi_str)[i])) {
            st = sqi_error_nomem(err);
            break;
        }
    }
    sqi_buf_fini(&text);
    return st;
}

#define LENGTH_ROW(n)                                                                                            \
    {                                                                                                            \
        .name = n, .min_args = 1, .max_args = 1, .flags = SQI_FUNC_NEVER_NULL, .types = "y>i", .kernel = length, \
        .text = n "(expr): the number of characters of a text, or of bytes of a binary"                          \
    }
#define CASE_ROW(n, k, t)                                                                                   \
    {                                                                                                       \
        .name = n, .min_args = 1, .max_args = 1, .flags = SQI_FUNC_NEVER_NULL, .types = "s>s", .kernel = k, \
        .text = n "(str): " t                                                                               \
    }

const sqi_func sqi_func_string[] = {
    LENGTH_ROW("length"),
    LENGTH_ROW("len"),
    LENGTH_ROW("char_length"),
    LENGTH_ROW("character_length"),
    {.name = "octet_length",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "y>i",
     .kernel = octet_length,
     .text = "octet_length(expr): the number of bytes"},
    {.name = "bit_length",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "y>i",
     .kernel = bit_length,
     .text = "bit_length(expr): the number of bits"},
    CASE_ROW("lower", lower, "str in lower case"),
    CASE_ROW("lcase", lower, "str in lower case"),
    CASE_ROW("upper", upper, "str in upper case"),
    CASE_ROW("ucase", upper, "str in upper case"),
    CASE_ROW("initcap", initcap, "str with the first letter of each word in upper case; spaces part words"),
    {.name = "concat",
     .min_args = 0,
     .max_args = -1,
     .resolve = resolve_concat,
     .kernel = sqi_concat,
     .text = "concat(expr, ...): texts, binaries or arrays one after the other; null if one is null"},
    {.name = "||",
     .min_args = 2,
     .max_args = 2,
     .resolve = resolve_concat,
     .kernel = sqi_concat,
     .text = "expr || expr: texts, binaries or arrays one after the other; null if one is null"},
    {.name = "concat_ws",
     .min_args = 1,
     .max_args = -1,
     .nulls = SQI_NULL_OWN,
     .resolve = resolve_concat_ws,
     .kernel = concat_ws,
     .text = "concat_ws(sep, expr, ...): texts and elements of arrays joined by sep; nulls are left out"},
    {0},
};
