/*
 * func_utf8: is a text well-formed UTF-8, and making it so; quote; base 32.
 */
#include "func_utf8.h"
#include "func_str.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err

/* A malformed sequence ends where it could not have become a character any more. */
size_t sqi_utf8_skip(const char *ptr, const char *end)
{
    const unsigned char *p = (const unsigned char *)ptr;
    size_t left = (size_t)(end - ptr);
    unsigned char c = p[0];
    size_t want = c >= 0xF0 && c <= 0xF4 ? 4 : c >= 0xE0 && c <= 0xEF ? 3 : c >= 0xC2 && c <= 0xDF ? 2 : 1, n = 1;
    unsigned char low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80, high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    while (n < want && n < left && p[n] >= low && p[n] <= high) {
        n++;
        low = 0x80;
        high = 0xBF;
    }
    return n;
}

size_t sqi_utf8_repair(sqi_span s, char *to)
{
    size_t n = 0;
    const char *p = s.ptr, *end = s.ptr + s.len;
    while (p < end) {
        const char *at = p;
        n += sqi_utf8_put(sqi_utf8_next(&p, end), to + n);
        p = at + sqi_utf8_skip(at, end);
    }
    return n;
}

static streamq_status is_valid(KERNEL_ARGS)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, uint8_t)[i] = sqi_utf8_valid(SQI_SPAN_AT(arg, i));
    return STREAMQ_OK;
}

static streamq_status make_valid(KERNEL_ARGS)
{
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(arg, i);
        if (sqi_utf8_valid(s)) {
            SQI_OUT(out, sqi_str)[i] = *SQI_STR_AT(arg, i);
            continue;
        }
        char *to = sqi_heap_reserve(&heap, s.len * 3);
        if (!to)
            return sqi_error_nomem(err);
        size_t n = sqi_utf8_repair(s, to);
        if (n > SQI_STR_MAX)
            return sqi_str_too_long(err);
        SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, n);
    }
    return STREAMQ_OK;
}

static streamq_status validate(KERNEL_ARGS)
{
    bool strict = call->node->func->name[0] == 'v';
    if (!strict)
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        if (sqi_utf8_valid(SQI_SPAN_AT(arg, i)))
            SQI_OUT(out, sqi_str)[i] = *SQI_STR_AT(arg, i);
        else if (strict)
            return sqi_error_set(
                err, SQI_COND_INVALID_UTF8_STRING,
                "a text is not well-formed UTF-8; make_valid_utf8 repairs it, try_validate_utf8 gives NULL");
        else
            sqi_vec_set_null(out, i);
    }
    return STREAMQ_OK;
}

/* In single quotes, with a backslash before those inside. */
static streamq_status quote(KERNEL_ARGS)
{
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(arg, i);
        char *to = sqi_heap_reserve(&heap, s.len * 2 + 2);
        size_t n = 0;
        if (!to)
            return sqi_error_nomem(err);
        to[n++] = '\'';
        for (size_t at = 0; at < s.len; at++) {
            if (s.ptr[at] == '\'')
                to[n++] = '\\';
            to[n++] = s.ptr[at];
        }
        to[n++] = '\'';
        if (n > SQI_STR_MAX)
            return sqi_str_too_long(err);
        SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, n);
    }
    return STREAMQ_OK;
}

/* ---- base 32 -------------------------------------------------------------------------------------------------- */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static streamq_status to_base32(KERNEL_ARGS)
{
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(arg, i);
        size_t room = (s.len + 4) / 5 * 8, n = 0;
        char *to = room > SQI_STR_MAX ? NULL : sqi_heap_reserve(&heap, room);
        uint32_t bits = 0;
        int have = 0;
        if (room > SQI_STR_MAX)
            return sqi_str_too_long(err);
        if (!to)
            return sqi_error_nomem(err);
        for (size_t at = 0; at < s.len; at++) {
            bits = bits << 8 | (unsigned char)s.ptr[at];
            for (have += 8; have >= 5; have -= 5)
                to[n++] = digits[bits >> (have - 5) & 31];
        }
        if (have)
            to[n++] = digits[bits << (5 - have) & 31];
        while (n < room)
            to[n++] = '=';
        SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, n);
    }
    return STREAMQ_OK;
}

/* In any case; other characters are skipped, padding ends the text, bits that make no byte are dropped, but a single
   digit at the end is a byte of its upper bits. */
static size_t base32_read(sqi_span s, char *to)
{
    uint32_t bits = 0;
    size_t n = 0, count = 0;
    int have = 0;
    for (size_t i = 0; i < s.len && s.ptr[i] != '='; i++) {
        char c = s.ptr[i] >= 'a' && s.ptr[i] <= 'z' ? (char)(s.ptr[i] - 32) : s.ptr[i];
        const char *p = c ? strchr(digits, c) : NULL;
        if (!p)
            continue;
        bits = bits << 5 | (uint32_t)(p - digits);
        have += 5;
        count++;
        if (have >= 8) {
            have -= 8;
            to[n++] = (char)(bits >> have);
        }
    }
    if (count % 8 == 1)
        to[n++] = (char)((bits & 31) >> 2);
    return n;
}

static streamq_status from_base32(KERNEL_ARGS)
{
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(arg, i);
        char *to = sqi_heap_reserve(&heap, s.len);
        if (!to)
            return sqi_error_nomem(err);
        SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, base32_read(s, to));
    }
    return STREAMQ_OK;
}

#define UTF8_ROW(n, sig, f, k, t)                                                                 \
    {                                                                                             \
        .name = n, .min_args = 1, .max_args = 1, .flags = f, .types = sig, .kernel = k, .text = t \
    }

const sqi_func sqi_func_utf8[] = {
    UTF8_ROW("is_valid_utf8", "s>b", SQI_FUNC_NEVER_NULL, is_valid, "is_valid_utf8(str): is it well-formed UTF-8?"),
    UTF8_ROW("make_valid_utf8", "s>s", SQI_FUNC_NEVER_NULL, make_valid,
             "make_valid_utf8(str): str with U+FFFD for what is malformed"),
    UTF8_ROW("validate_utf8", "s>s", SQI_FUNC_NEVER_NULL, validate,
             "validate_utf8(str): str, or an error if it is malformed"),
    UTF8_ROW("try_validate_utf8", "s>s", 0, validate, "try_validate_utf8(str): str, or null if it is malformed"),
    UTF8_ROW("quote", "s>s", SQI_FUNC_NEVER_NULL, quote, "quote(str): str in single quotes"),
    UTF8_ROW("to_base32", "x>s", SQI_FUNC_NEVER_NULL, to_base32, "to_base32(bytes): bytes as base 32 text"),
    UTF8_ROW("from_base32", "s>x", SQI_FUNC_NEVER_NULL, from_base32, "from_base32(str): the bytes of a base 32 text"),
    {0},
};
