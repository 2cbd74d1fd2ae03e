/*
 * func_array_join: arrays put together with text or with each other: array_join, arrays_zip.
 */
#include "expr_bind.h"
#include "expr_coerce.h"
#include "func_array.h"
#include "func_str.h"
#include "func_struct.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err

static streamq_status resolve_join(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *array = sqi_type_array(b->eval->pool, &sqi_type_string, true);
    if (!array)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_bind_signature(b, node, "aSS>s", err));
    if (node->arg[0]->type->field[0].type->id == SQI_STRING)
        return STREAMQ_OK;
    if (!sqi_coerce_implicit(node->arg[0]->type, array))
        return sqi_bind_arg_type_error(b, node, 0, "ARRAY<STRING>", err);
    return sqi_bind_cast(b, &node->arg[0], array, err);
}

/* Elements with the delimiter between them; nulls are left out, or replaced if there is a text for them. */
static bool join_row(sqi_buf *to, const sqi_vec *arg, uint32_t narg, uint32_t i)
{
    sqi_list list = SQI_AT(&arg[0], sqi_list, i);
    const sqi_vec *element = &arg[0].child[0];
    bool first = true, ok = true;
    for (uint32_t e = list.offset; e < list.offset + list.length && ok; e++) {
        bool there = sqi_vec_valid(element, e);
        if (!there && narg < 3)
            continue;
        ok = (first || sqi_buf_span(to, SQI_SPAN_AT(&arg[1], i))) &&
             sqi_buf_span(to, there ? SQI_SPAN_AT(element, e) : SQI_SPAN_AT(&arg[2], i));
        first = false;
    }
    return ok;
}

static streamq_status join(KERNEL_ARGS)
{
    sqi_heap heap;
    sqi_buf text;
    streamq_status st = STREAMQ_OK;
    sqi_heap_init(&heap, call->eval->arena);
    sqi_buf_init(&text, call->eval->alloc, SQI_STR_MAX);
    for (SQI_EACH(rows, k, i)) {
        sqi_buf_clear(&text);
        if (join_row(&text, arg, call->node->narg, i) &&
            sqi_heap_copy(&heap, sqi_buf_view(&text), &SQI_OUT(out, sqi_str)[i]))
            continue;
        st = sqi_error_nomem(err);
        break;
    }
    sqi_buf_fini(&text);
    return st;
}

/* Fields are called like the columns, or by their number from 0. */
static streamq_status resolve_zip(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    sqi_span *names = sqi_arena_array(b->arena, node->narg + 1, sizeof *names);
    sqi_field *field = sqi_arena_array(b->arena, node->narg + 1, sizeof *field);
    if (!names || !field)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_struct_names(b, node, names, err));
    for (uint32_t i = 0; i < node->narg; i++) {
        if (node->arg[i]->type->id != SQI_ARRAY)
            return sqi_bind_arg_type_error(b, node, i, "ARRAY", err);
        field[i] = (sqi_field){names[i], node->arg[i]->type->field[0].type, true};
        if (!names[i].ptr) {
            char *number = sqi_arena_printf(b->arena, "%u", (unsigned)i);
            if (!number)
                return sqi_error_nomem(err);
            field[i].name = sqi_span_of(number);
        }
    }
    const sqi_type *element = sqi_type_struct(b->eval->pool, field, node->narg);
    node->type = element ? sqi_type_array(b->eval->pool, element, false) : NULL;
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status zip(KERNEL_ARGS)
{
    sqi_arena *arena = call->eval->arena;
    uint32_t narg = call->node->narg;
    uint64_t total = 0;
    for (SQI_EACH(rows, k, i)) {
        uint32_t longest = 0;
        for (uint32_t a = 0; a < narg; a++) {
            uint32_t n = SQI_AT(&arg[a], sqi_list, i).length;
            longest = n > longest ? n : longest;
        }
        SQI_OUT(out, sqi_list)[i] = (sqi_list){(uint32_t)total, longest};
        total += longest;
        if (total >= UINT32_MAX)
            return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "arrays_zip makes too many elements in one chunk");
    }
    sqi_vec *element = &out->child[0];
    out->nchild = (uint32_t)total;
    for (uint32_t a = 0; a < narg; a++) {
        sqi_picks picks;
        sqi_picks_init(&picks, arena);
        for (SQI_EACH(rows, k, i)) {
            sqi_list list = SQI_AT(&arg[a], sqi_list, i);
            bool ok = sqi_picks_run(&picks, list.offset, list.length);
            for (uint32_t e = list.length; ok && e < SQI_OUT(out, sqi_list)[i].length; e++)
                ok = sqi_picks_put(&picks, SQI_PICK_NULL);
            if (!ok)
                return sqi_error_nomem(err);
        }
        SQI_TRY(sqi_vec_gather(&element->child[a], &arg[a].child[0], picks.at, (uint32_t)picks.n, arena, err));
    }
    return STREAMQ_OK;
}

const sqi_func sqi_func_array_join[] = {
    {.name = "array_join",
     .min_args = 2,
     .max_args = 3,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve_join,
     .kernel = join,
     .text = "array_join(array, delimiter[, null]): the elements as one text; nulls are left out or shown as null"},
    {.name = "arrays_zip",
     .min_args = 0,
     .max_args = -1,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve_zip,
     .kernel = zip,
     .text = "arrays_zip(array, ...): structs of the first elements, the second elements, ..."},
    {0},
};
