/*
 * func_number_text: numbers in other bases: hex, unhex, bin, conv. Numbers by pattern are in func_number_format.c
 * (format_number) and func_number_pattern.c (to_char, to_number).
 */
#include "base_hex.h"
#include "expr_bind.h"
#include "func_str.h"

/* ---- hex, unhex, bin ------------------------------------------------------------------------------------------ */

static const char hex_digits[] = "0123456789ABCDEF";

/* Text and binary by bytes; any number becomes a BIGINT, what else is not nested a text. */
static streamq_status resolve_hex(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    node->type = &sqi_type_string;
    if (t->id == SQI_STRING || t->id == SQI_BINARY)
        return STREAMQ_OK;
    if (!sqi_type_is_numeric(t) && t->id != SQI_VOID && !sqi_type_is_nested(t))
        return sqi_bind_cast(b, &node->arg[0], &sqi_type_string, err);
    if (sqi_type_is_nested(t))
        return sqi_bind_arg_type_error(b, node, 0, "(\"BIGINT\" or \"BINARY\" or \"STRING\")", err);
    return sqi_bind_cast(b, &node->arg[0], &sqi_type_bigint, err);
}

/* Digits of v in base 2, 8 or 16 (as shifts), no leading zeros. */
static size_t put_bits(uint64_t v, unsigned shift, char to[64])
{
    size_t n = v ? (63 - (size_t)__builtin_clzll(v)) / shift + 1 : 1;
    for (size_t i = n; i-- > 0; v >>= shift)
        to[i] = hex_digits[v & ((1u << shift) - 1)];
    return n;
}

static streamq_status int_text(sqi_call *call, const sqi_vec *arg, sqi_rows rows, unsigned shift, sqi_vec *out,
                               streamq_error **err)
{
    sqi_heap heap;
    char text[64];
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        size_t n = put_bits((uint64_t)SQI_AT(arg, int64_t, i), shift, text);
        if (!sqi_heap_copy(&heap, (sqi_span){text, n}, &SQI_OUT(out, sqi_str)[i]))
            return sqi_error_nomem(err);
    }
    return STREAMQ_OK;
}

static streamq_status hex(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_heap heap;
    if (arg->type->id == SQI_BIGINT)
        return int_text(call, arg, rows, 4, out, err);
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(arg, i);
        if (s.len > SQI_STR_MAX / 2)
            return sqi_str_too_long(err);
        char *to = sqi_heap_reserve(&heap, s.len * 2);
        if (!to)
            return sqi_error_nomem(err);
        for (size_t at = 0; at < s.len; at++) {
            unsigned char byte = (unsigned char)s.ptr[at];
            to[2 * at] = hex_digits[byte >> 4];
            to[2 * at + 1] = hex_digits[byte & 15];
        }
        SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, s.len * 2);
    }
    return STREAMQ_OK;
}

static streamq_status bin(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return int_text(call, arg, rows, 1, out, err);
}

static streamq_status unhex(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(arg, i);
        char *to = sqi_heap_reserve(&heap, (s.len + 1) / 2);
        if (!to)
            return sqi_error_nomem(err);
        if (sqi_hex_read(s, to)) {
            SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, (s.len + 1) / 2);
            continue;
        }
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
        sqi_vec_set_null(out, i);
    }
    return STREAMQ_OK;
}

/* ---- conv ----------------------------------------------------------------------------------------------------- */

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 99;
}

typedef enum converted { CONVERTED, CONVERTED_NULL, CONVERTED_OVERFLOW } converted;

/*
 * Digits up to the first that is none of the base, as 64 bits without sign. A negative target base means a result with
 * sign; without one, a negative number is its two's complement.
 */
static converted convert_base(sqi_span s, int32_t from, int32_t to, char text[66], size_t *len)
{
    if (from < 2 || from > 36 || to == INT32_MIN || (to < 0 ? -to : to) < 2 || (to < 0 ? -to : to) > 36)
        return CONVERTED_NULL;
    s = sqi_span_trim(s);
    if (!s.len)
        return CONVERTED_NULL;
    bool negative = s.ptr[0] == '-';
    uint64_t v = 0;
    for (size_t i = negative; i < s.len; i++) {
        int d = digit_of(s.ptr[i]);
        if (d >= from)
            break;
        if (__builtin_mul_overflow(v, (uint64_t)from, &v) || __builtin_add_overflow(v, (uint64_t)d, &v))
            return CONVERTED_OVERFLOW;
    }
    if (negative && to > 0)
        v = (int64_t)v < 0 ? UINT64_MAX : UINT64_C(0) - v;
    if (to < 0 && (int64_t)v < 0) {
        v = UINT64_C(0) - v;
        negative = true;
    }
    unsigned base = (unsigned)(to < 0 ? -to : to);
    char *p = text + 66;
    do {
        *--p = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[v % base];
        v /= base;
    } while (v);
    if (negative && to < 0)
        *--p = '-';
    *len = (size_t)(text + 66 - p);
    memmove(text, p, *len);
    return CONVERTED;
}

static streamq_status conv(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_heap heap;
    char text[66];
    size_t n = 0;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(&arg[0], i);
        switch (convert_base(s, SQI_AT(&arg[1], int32_t, i), SQI_AT(&arg[2], int32_t, i), text, &n)) {
        case CONVERTED:
            if (!sqi_heap_copy(&heap, (sqi_span){text, n}, &SQI_OUT(out, sqi_str)[i]))
                return sqi_error_nomem(err);
            break;
        case CONVERTED_NULL:
            SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
            sqi_vec_set_null(out, i);
            break;
        case CONVERTED_OVERFLOW:
            return sqi_error_set(err, SQI_COND_ARITHMETIC_OVERFLOW, "conv: '%.*s' does not fit 64 bits",
                                 s.len > 80 ? 80 : (int)s.len, s.ptr);
        }
    }
    return STREAMQ_OK;
}

const sqi_func sqi_func_number_text[] = {
    {.name = "hex",
     .min_args = 1,
     .max_args = 1,
     .resolve = resolve_hex,
     .kernel = hex,
     .text = "A whole number in base 16, or the bytes of a text or binary."},
    {.name = "unhex",
     .min_args = 1,
     .max_args = 1,
     .types = "s>x",
     .kernel = unhex,
     .text = "The bytes that hexadecimal digits stand for, NULL if there is another character."},
    {.name = "bin", .min_args = 1, .max_args = 1, .types = "l>s", .kernel = bin, .text = "A whole number in base 2."},
    {.name = "conv",
     .min_args = 3,
     .max_args = 3,
     .types = "sii>s",
     .kernel = conv,
     .text = "A whole number from one base to another: conv('ff', 16, 10)."},
    {0}};
