/*
 * func_encode: texts and bytes: ascii, char, base64, encode and decode by charset, to_binary.
 *
 * Charsets are the seven that Spark knows. Text that a charset cannot hold, and bytes that are no text in it, are
 * errors (MALFORMED_CHARACTER_CODING), never replaced.
 */
#include "func_encode.h"

#include "base_hex.h"
#include "expr_bind.h"
#include "func_str.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err

static streamq_status ascii(KERNEL_ARGS)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(arg, i);
        const char *p = s.ptr;
        SQI_OUT(out, int32_t)[i] = s.len ? (int32_t)sqi_utf8_next(&p, s.ptr + s.len) : 0;
    }
    return STREAMQ_OK;
}

/* Codes count modulo 256; negative ones give nothing. */
static streamq_status chr(KERNEL_ARGS)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i)) {
        int64_t code = SQI_AT(arg, int64_t, i);
        char to[4];
        size_t n = code < 0 ? 0 : sqi_utf8_put((uint32_t)(code & 0xFF), to);
        SQI_OUT(out, sqi_str)[i] = sqi_str_view(to, (uint32_t)n);
    }
    return STREAMQ_OK;
}

/* ---- base64 --------------------------------------------------------------------------------------------------- */

#define LINE 76u /* characters, then CR LF */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static size_t base64_put(sqi_span s, char *to)
{
    size_t n = 0, column = 0;
    for (size_t i = 0; i < s.len; i += 3, column += 4) {
        const unsigned char *p = (const unsigned char *)s.ptr + i;
        size_t left = s.len - i;
        uint32_t bits = (uint32_t)p[0] << 16 | (left > 1 ? (uint32_t)p[1] << 8 : 0) | (left > 2 ? p[2] : 0);
        if (column == LINE) {
            to[n++] = '\r';
            to[n++] = '\n';
            column = 0;
        }
        to[n++] = digits[bits >> 18];
        to[n++] = digits[bits >> 12 & 63];
        to[n++] = left > 1 ? digits[bits >> 6 & 63] : '=';
        to[n++] = left > 2 ? digits[bits & 63] : '=';
    }
    return n;
}

static streamq_status base64(KERNEL_ARGS)
{
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(arg, i);
        size_t room = (s.len + 2) / 3 * 4;
        room += room / LINE * 2;
        if (room > SQI_STR_MAX)
            return sqi_str_too_long(err);
        char *to = sqi_heap_reserve(&heap, room);
        if (!to)
            return sqi_error_nomem(err);
        SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, base64_put(s, to));
    }
    return STREAMQ_OK;
}

static int digit_of(char c)
{
    const char *p = c ? strchr(digits, c) : NULL;
    return p ? (int)(p - digits) : -1;
}

/* Characters that are no digits are skipped, as in MIME. False: the last group or its padding is not whole. */
static bool base64_read(sqi_span s, char *to, size_t *n)
{
    uint32_t bits = 0;
    int shift = 18;
    size_t i = 0;
    *n = 0;
    for (; i < s.len && s.ptr[i] != '='; i++) {
        int d = digit_of(s.ptr[i]);
        if (d < 0)
            continue;
        bits |= (uint32_t)d << shift;
        shift -= 6;
        if (shift >= 0)
            continue;
        to[(*n)++] = (char)(bits >> 16);
        to[(*n)++] = (char)(bits >> 8);
        to[(*n)++] = (char)bits;
        bits = 0;
        shift = 18;
    }
    if (shift == 12)
        return false; /* six bits make no byte */
    if (i < s.len) {
        i++;
        if (shift == 18 || (shift == 6 && (i == s.len || s.ptr[i++] != '=')))
            return false;
    }
    if (shift < 18)
        to[(*n)++] = (char)(bits >> 16);
    if (shift == 0)
        to[(*n)++] = (char)(bits >> 8);
    for (; i < s.len; i++)
        if (digit_of(s.ptr[i]) >= 0 || s.ptr[i] == '=')
            return false;
    return true;
}

static streamq_status unbase64(KERNEL_ARGS)
{
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(arg, i);
        size_t n;
        char *to = sqi_heap_reserve(&heap, s.len + 3);
        if (!to)
            return sqi_error_nomem(err);
        if (!base64_read(s, to, &n))
            return sqi_error_set(err, SQI_COND_INVALID_FUNCTION_ARGUMENT,
                                 "unbase64 was given a text that does not end with a whole group of digits");
        SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, n);
    }
    return STREAMQ_OK;
}

/* ---- encode, decode ------------------------------------------------------------------------------------------- */

static streamq_status charset_of(const sqi_call *call, sqi_span name, sqi_charset *charset, streamq_error **err)
{
    if (sqi_encode_charset(name, charset))
        return STREAMQ_OK;
    int shown = name.len > 50 ? 50 : (int)name.len;
    return sqi_error_set(err, SQI_COND_INVALID_PARAMETER_VALUE__CHARSET,
                         "%s knows US-ASCII, ISO-8859-1, UTF-8, UTF-16, UTF-16BE, UTF-16LE and UTF-32, not '%.*s'",
                         call->node->func->name[0] == 'e' ? "encode" : "decode", shown, name.ptr);
}

/* encode and decode: the same loop over two ways to turn bytes into bytes. */
static streamq_status convert(KERNEL_ARGS, bool (*how)(sqi_charset, sqi_span, char *, size_t *))
{
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(&arg[0], i), name = SQI_SPAN_AT(&arg[1], i);
        sqi_charset charset;
        size_t n;
        SQI_TRY(charset_of(call, name, &charset, err));
        char *to = sqi_heap_reserve(&heap, s.len * 4 + 4);
        if (!to)
            return sqi_error_nomem(err);
        if (!how(charset, s, to, &n))
            return sqi_error_set(err, SQI_COND_MALFORMED_CHARACTER_CODING,
                                 "%s: the value has a character that %.*s cannot hold, or bytes that are no text in it",
                                 call->node->func->name[0] == 'e' ? "encode" : "decode", (int)name.len, name.ptr);
        if (n > SQI_STR_MAX)
            return sqi_str_too_long(err);
        SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, n);
    }
    return STREAMQ_OK;
}

static streamq_status encode(KERNEL_ARGS)
{
    return convert(call, arg, rows, out, err, sqi_encode_put);
}
static streamq_status decode(KERNEL_ARGS)
{
    return convert(call, arg, rows, out, err, sqi_encode_read);
}

/* ---- to_binary ------------------------------------------------------------------------------------------------ */

enum { HEX, UTF8, BASE64, UNKNOWN };

static int format_of(sqi_span name)
{
    if (sqi_span_equal_nocase(name, SQI_SPAN("hex")))
        return HEX;
    if (sqi_span_equal_nocase(name, SQI_SPAN("utf-8")) || sqi_span_equal_nocase(name, SQI_SPAN("utf8")))
        return UTF8;
    return sqi_span_equal_nocase(name, SQI_SPAN("base64")) ? BASE64 : UNKNOWN;
}

static streamq_status resolve_to_binary(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_vec *format = NULL;
    node->flags = HEX;
    if (node->narg == 1)
        return STREAMQ_OK;
    SQI_TRY(sqi_bind_constant(b, node->arg[1], &format, err));
    if (!format)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                   "the format must be a constant");
    if (sqi_vec_valid(format, 0))
        node->flags = (uint64_t)format_of(SQI_SPAN_AT(format, 0));
    if (node->flags == UNKNOWN && node->func->name[0] == 't' && node->func->name[1] == 'o')
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__INVALID_ARG_VALUE, err,
                                   "the format is one of hex, utf-8 and base64");
    return STREAMQ_OK;
}

/* Digits, then at most two '=' that make the groups whole; white space anywhere. */
static bool is_base64(sqi_span s)
{
    size_t count = 0, padding = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == ' ' || (c >= '\t' && c <= '\r'))
            continue;
        padding += c == '=';
        if (c != '=' && (digit_of(c) < 0 || padding))
            return false;
        count++;
    }
    return padding ? padding <= 2 && count % 4 == 0 : count % 4 != 1;
}

static streamq_status to_binary(KERNEL_ARGS)
{
    sqi_heap heap;
    bool strict = call->node->func->name[1] == 'o';
    sqi_heap_init(&heap, call->eval->arena);
    if (!strict)
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(&arg[0], i);
        size_t n = s.len;
        bool good = call->node->flags == UTF8;
        char *to = sqi_heap_reserve(&heap, s.len + 3);
        if (!to)
            return sqi_error_nomem(err);
        if (good && n)
            memcpy(to, s.ptr, n);
        else if (call->node->flags == HEX && (good = sqi_hex_read(s, to)))
            n = (n + 1) / 2;
        else if (call->node->flags == BASE64)
            good = is_base64(s) && base64_read(s, to, &n);
        if (!good && strict)
            return sqi_error_set(err, SQI_COND_CONVERSION_INVALID_INPUT,
                                 "'%.*s' is no binary in that format; use try_to_binary to get NULL instead",
                                 s.len > 100 ? 100 : (int)s.len, s.ptr);
        if (good)
            SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, n);
        else
            sqi_vec_set_null(out, i);
    }
    return STREAMQ_OK;
}

#define CODE_ROW(n, count, sig, f, k, t)                                                                   \
    {                                                                                                      \
        .name = n, .min_args = count, .max_args = count, .flags = SQI_FUNC_NEVER_NULL | (f), .types = sig, \
        .kernel = k, .text = t                                                                             \
    }

const sqi_func sqi_func_encode[] = {
    CODE_ROW("ascii", 1, "s>i", 0, ascii, "ascii(str): the code point of the first character"),
    CODE_ROW("char", 1, "l>s", 0, chr, "char(code): the character of a code modulo 256"),
    CODE_ROW("chr", 1, "l>s", 0, chr, "chr(code): the character of a code modulo 256"),
    CODE_ROW("base64", 1, "x>s", 0, base64, "base64(bytes): bytes as base 64 text"),
    CODE_ROW("unbase64", 1, "s>x", 0, unbase64, "unbase64(str): the bytes of a base 64 text"),
    CODE_ROW("encode", 2, "ss>x", 0, encode, "encode(str, charset): the bytes of a text in a charset"),
    CODE_ROW("decode_charset", 2, "xs>s", SQI_FUNC_INTERNAL, decode,
             "decode(bytes, charset): the text of bytes in a charset"),
    {.name = "to_binary",
     .min_args = 1,
     .max_args = 2,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "ss>x",
     .resolve = resolve_to_binary,
     .kernel = to_binary,
     .text = "to_binary(str[, format]): the bytes that a text stands for in the format hex, utf-8 or base64"},
    {.name = "try_to_binary",
     .min_args = 1,
     .max_args = 2,
     .types = "ss>x",
     .resolve = resolve_to_binary,
     .kernel = to_binary,
     .text = "try_to_binary(str[, format]): like to_binary, but null for what does not fit"},
    {0},
};
