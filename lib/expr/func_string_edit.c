/*
 * func_string_edit: texts made longer or changed: pad, repeat, space, reverse, replace, translate, overlay, split_part,
 * elt. Lengths and positions count characters; of a binary they count bytes.
 */
#include "expr_bind.h"
#include "func_array.h"
#include "func_str.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err

/* Byte offset behind `count` characters. */
static size_t skip(sqi_span s, size_t count, bool bytes)
{
    size_t i = 0;
    if (bytes)
        return count < s.len ? count : s.len;
    for (; i < s.len && count > 0; count--)
        i += sqi_utf8_char_bytes((unsigned char)s.ptr[i]);
    return i < s.len ? i : s.len;
}

static size_t chars(sqi_span s, bool bytes)
{
    return bytes ? s.len : sqi_utf8_count(s);
}

static bool put_span(char **to, sqi_span s)
{
    if (s.len)
        memcpy(*to, s.ptr, s.len);
    *to += s.len;
    return true;
}

/* ---- pad ------------------------------------------------------------------------------------------------------ */

static streamq_status pad_row(sqi_heap *heap, sqi_span s, int32_t wanted, sqi_span with, bool front, bool bytes,
                              sqi_str *out, streamq_error **err)
{
    size_t have = chars(s, bytes), target = wanted > 0 ? (size_t)wanted : 0, unit = chars(with, bytes);
    if (have >= target) {
        *out = sqi_str_view(s.ptr, (uint32_t)skip(s, target, bytes));
        return STREAMQ_OK;
    }
    if (unit == 0) {
        *out = sqi_str_view(s.ptr, (uint32_t)s.len);
        return STREAMQ_OK;
    }
    size_t whole = (target - have) / unit, rest = skip(with, (target - have) % unit, bytes);
    size_t len = s.len + whole * with.len + rest;
    if (len > SQI_STR_MAX)
        return sqi_str_too_long(err);
    char *begin = sqi_heap_reserve(heap, len), *to = begin;
    if (!begin)
        return sqi_error_nomem(err);
    if (!front)
        put_span(&to, s);
    for (; whole > 0; whole--)
        put_span(&to, with);
    put_span(&to, (sqi_span){with.ptr, rest});
    if (front)
        put_span(&to, s);
    *out = sqi_heap_commit(heap, begin, len);
    return STREAMQ_OK;
}

/* Two arguments: a text is filled with spaces, a binary with zeros. */
static streamq_status pad(KERNEL_ARGS, bool front)
{
    sqi_heap heap;
    bool bytes = call->node->type->id == SQI_BINARY;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span with = call->node->narg == 3 ? SQI_SPAN_AT(&arg[2], i) : (sqi_span){bytes ? "\0" : " ", 1};
        SQI_TRY(pad_row(&heap, SQI_SPAN_AT(&arg[0], i), SQI_AT(&arg[1], int32_t, i), with, front, bytes,
                        &SQI_OUT(out, sqi_str)[i], err));
    }
    return STREAMQ_OK;
}

static streamq_status lpad(KERNEL_ARGS)
{
    return pad(call, arg, rows, out, err, true);
}
static streamq_status rpad(KERNEL_ARGS)
{
    return pad(call, arg, rows, out, err, false);
}

/* ---- repeat, space, reverse ----------------------------------------------------------------------------------- */

static streamq_status repeat_row(sqi_heap *heap, sqi_span s, int32_t times, sqi_str *out, streamq_error **err)
{
    size_t n = times > 0 ? (size_t)times : 0, len;
    if (!sqi_size_mul(n, s.len, &len) || len > SQI_STR_MAX)
        return sqi_str_too_long(err);
    char *begin = sqi_heap_reserve(heap, len), *to = begin;
    if (!begin)
        return sqi_error_nomem(err);
    if (s.len == 1)
        memset(begin, s.ptr[0], len);
    else
        for (; n > 0 && s.len; n--)
            put_span(&to, s);
    *out = sqi_heap_commit(heap, begin, len);
    return STREAMQ_OK;
}

static streamq_status repeat(KERNEL_ARGS)
{
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i))
        SQI_TRY(
            repeat_row(&heap, SQI_SPAN_AT(&arg[0], i), SQI_AT(&arg[1], int32_t, i), &SQI_OUT(out, sqi_str)[i], err));
    return STREAMQ_OK;
}

static streamq_status space(KERNEL_ARGS)
{
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i))
        SQI_TRY(repeat_row(&heap, SQI_SPAN(" "), SQI_AT(arg, int32_t, i), &SQI_OUT(out, sqi_str)[i], err));
    return STREAMQ_OK;
}

static streamq_status resolve_reverse(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    if (node->arg[0]->type->id != SQI_ARRAY)
        return sqi_bind_signature(b, node, "y>y", err);
    node->type = node->arg[0]->type;
    return STREAMQ_OK;
}

static streamq_status reverse(KERNEL_ARGS)
{
    if (arg->type->id == SQI_ARRAY)
        return sqi_array_reverse(call, arg, rows, out, err);
    sqi_heap heap;
    bool bytes = arg->type->id == SQI_BINARY;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(arg, i);
        char *to = sqi_heap_reserve(&heap, s.len);
        if (!to)
            return sqi_error_nomem(err);
        for (size_t at = 0, left = s.len; left > 0;) {
            size_t n = bytes ? 1 : sqi_utf8_char_bytes((unsigned char)s.ptr[at]);
            n = n < left ? n : left;
            left -= n;
            memcpy(to + left, s.ptr + at, n);
            at += n;
        }
        SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, s.len);
    }
    return STREAMQ_OK;
}

/* ---- replace, overlay, split_part ----------------------------------------------------------------------------- */

static bool replace_row(sqi_buf *to, sqi_span s, sqi_span what, sqi_span with)
{
    size_t from = 0, at;
    while ((at = sqi_span_find(s, what, from)) != SIZE_MAX) {
        if (!sqi_buf_put(to, s.ptr + from, at - from) || !sqi_buf_span(to, with))
            return false;
        from = at + what.len;
    }
    return sqi_buf_put(to, s.ptr + from, s.len - from);
}

static streamq_status replace(KERNEL_ARGS)
{
    sqi_heap heap;
    sqi_buf text;
    streamq_status st = STREAMQ_OK;
    sqi_heap_init(&heap, call->eval->arena);
    sqi_buf_init(&text, call->eval->alloc, SQI_STR_MAX);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(&arg[0], i), what = SQI_SPAN_AT(&arg[1], i);
        sqi_span with = call->node->narg == 3 ? SQI_SPAN_AT(&arg[2], i) : SQI_SPAN("");
        sqi_str *to = &SQI_OUT(out, sqi_str)[i];
        *to = sqi_str_view(s.ptr, (uint32_t)s.len);
        if (what.len == 0 || sqi_span_find(s, what, 0) == SIZE_MAX)
            continue;
        sqi_buf_clear(&text);
        if (replace_row(&text, s, what, with) && sqi_heap_copy(&heap, sqi_buf_view(&text), to))
            continue;
        st = sqi_error_nomem(err);
        break;
    }
    sqi_buf_fini(&text);
    return st;
}

/* Offset of a position as substring counts it: from 1, or from the end if negative. */
static size_t offset_of(sqi_span s, int64_t pos, bool bytes)
{
    int64_t at = pos > 0 ? pos - 1 : pos < 0 ? (int64_t)chars(s, bytes) + pos : 0;
    return skip(s, at > 0 ? (size_t)at : 0, bytes);
}

static streamq_status overlay_row(sqi_heap *heap, sqi_span s, sqi_span with, int64_t pos, int64_t len, bool bytes,
                                  sqi_str *out, streamq_error **err)
{
    size_t head = skip(s, pos > 1 ? (size_t)(pos - 1) : 0, bytes), tail = offset_of(s, pos + len, bytes);
    size_t n = head + with.len + (s.len - tail);
    if (n > SQI_STR_MAX)
        return sqi_str_too_long(err);
    char *begin = sqi_heap_reserve(heap, n), *to = begin;
    if (!begin)
        return sqi_error_nomem(err);
    put_span(&to, (sqi_span){s.ptr, head});
    put_span(&to, with);
    put_span(&to, (sqi_span){s.ptr + tail, s.len - tail});
    *out = sqi_heap_commit(heap, begin, n);
    return STREAMQ_OK;
}

static streamq_status overlay(KERNEL_ARGS)
{
    sqi_heap heap;
    bool bytes = call->node->type->id == SQI_BINARY;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span with = SQI_SPAN_AT(&arg[1], i);
        int64_t len = call->node->narg == 4 ? SQI_AT(&arg[3], int32_t, i) : -1;
        if (len < 0)
            len = (int64_t)chars(with, bytes);
        SQI_TRY(overlay_row(&heap, SQI_SPAN_AT(&arg[0], i), with, SQI_AT(&arg[2], int32_t, i), len, bytes,
                            &SQI_OUT(out, sqi_str)[i], err));
    }
    return STREAMQ_OK;
}

/* Piece number n from 1, or from -1 at the end; an empty delimiter cuts nothing. */
static sqi_span part_of(sqi_span s, sqi_span delimiter, int64_t n)
{
    int64_t pieces = 1;
    size_t from = 0, at;
    if (delimiter.len == 0)
        return n == 1 || n == -1 ? s : (sqi_span){s.ptr, 0};
    if (n < 0) {
        for (at = 0; (at = sqi_span_find(s, delimiter, at)) != SIZE_MAX; at += delimiter.len)
            pieces++;
        n += pieces + 1;
    }
    if (n < 1)
        return (sqi_span){s.ptr, 0};
    for (;; from = at + delimiter.len) {
        at = sqi_span_find(s, delimiter, from);
        if (--n == 0)
            return (sqi_span){s.ptr + from, (at == SIZE_MAX ? s.len : at) - from};
        if (at == SIZE_MAX)
            return (sqi_span){s.ptr, 0};
    }
}

static streamq_status split_part(KERNEL_ARGS)
{
    (void)call;
    for (SQI_EACH(rows, k, i)) {
        int32_t n = SQI_AT(&arg[2], int32_t, i);
        if (n == 0)
            return sqi_error_set(err, SQI_COND_INVALID_INDEX_OF_ZERO,
                                 "split_part counts parts from 1, or from -1 at the end");
        sqi_span part = part_of(SQI_SPAN_AT(&arg[0], i), SQI_SPAN_AT(&arg[1], i), n);
        SQI_OUT(out, sqi_str)[i] = sqi_str_view(part.ptr, (uint32_t)part.len);
    }
    return STREAMQ_OK;
}

/* ---- elt ------------------------------------------------------------------------------------------------------ */

static streamq_status resolve_elt(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    bool binary = true;
    for (uint32_t i = 1; i < node->narg; i++)
        binary &= node->arg[i]->type->id == SQI_BINARY;
    node->nullable = true;
    return sqi_bind_signature(b, node, binary ? "ix*>x" : "is*>s", err);
}

static streamq_status elt(KERNEL_ARGS)
{
    SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        int32_t n = sqi_vec_valid(&arg[0], i) ? SQI_AT(&arg[0], int32_t, i) : 0;
        bool there = n >= 1 && (uint32_t)n < call->node->narg;
        if (sqi_vec_valid(&arg[0], i) && !there && call->eval->ansi)
            return sqi_error_set(err, SQI_COND_INVALID_ARRAY_INDEX, "elt was given %u values, but asked for number %d",
                                 (unsigned)call->node->narg - 1, (int)n);
        if (there && sqi_vec_valid(&arg[n], i))
            SQI_OUT(out, sqi_str)[i] = *SQI_STR_AT(&arg[n], i);
        else
            sqi_vec_set_null(out, i);
    }
    return STREAMQ_OK;
}

#define EDIT_ROW(n, least, most, sig, k, t)                                                         \
    {                                                                                               \
        .name = n, .min_args = least, .max_args = most, .flags = SQI_FUNC_NEVER_NULL, .types = sig, \
        .resolve = sqi_str_resolve, .kernel = k, .text = t                                          \
    }

const sqi_func sqi_func_string_edit[] = {
    EDIT_ROW("lpad", 2, 3, "yiy>y", lpad, "lpad(str, len[, pad]): str filled at its start, or cut, to len characters"),
    EDIT_ROW("rpad", 2, 3, "yiy>y", rpad, "rpad(str, len[, pad]): str filled at its end, or cut, to len characters"),
    EDIT_ROW("repeat", 2, 2, "si>s", repeat, "repeat(str, n): str n times"),
    EDIT_ROW("space", 1, 1, "i>s", space, "space(n): n spaces"),
    {.name = "reverse",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve_reverse,
     .kernel = reverse,
     .text = "reverse(expr): the characters of a text or the elements of an array from the end"},
    EDIT_ROW("replace", 2, 3, "sss>s", replace, "replace(str, search[, with]): str with every search replaced"),
    EDIT_ROW("overlay", 3, 4, "yyii>y", overlay,
             "overlay(str, with, pos[, len]): str with len characters from pos on replaced"),
    EDIT_ROW("split_part", 3, 3, "ssi>s", split_part,
             "split_part(str, delimiter, n): the n-th piece between delimiters, from the end if negative"),
    {.name = "elt",
     .min_args = 2,
     .max_args = -1,
     .nulls = SQI_NULL_OWN,
     .resolve = resolve_elt,
     .kernel = elt,
     .text = "elt(n, str, ...): the n-th of the texts"},
    {0},
};
