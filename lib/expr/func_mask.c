/*
 * func_mask: characters replaced one by one: translate by a list of pairs, mask by their kind.
 */
#include <utf8proc.h>

#include "expr_bind.h"
#include "func_str.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err

/* ---- translate ------------------------------------------------------------------------------------------------ */

/* What each character of `from` becomes; the first of equal ones counts, empty: it is left out. */
typedef struct pairs {
    sqi_span *from, *to;
    uint32_t n, longest; /* bytes of the longest replacement */
    int32_t ascii[128];  /* index of the pair, -1: none */
} pairs;

static sqi_span next_char(sqi_span s, size_t *at)
{
    size_t n = sqi_utf8_char_bytes((unsigned char)s.ptr[*at]);
    n = n < s.len - *at ? n : s.len - *at;
    sqi_span c = {s.ptr + *at, n};
    *at += n;
    return c;
}

static bool pairs_make(pairs *p, sqi_span from, sqi_span to, sqi_arena *arena)
{
    size_t room = sqi_utf8_count(from) + 1, f = 0, t = 0;
    *p = (pairs){.from = sqi_arena_array(arena, room, sizeof *p->from),
                 .to = sqi_arena_array(arena, room, sizeof *p->to)};
    if (!p->from || !p->to)
        return false;
    memset(p->ascii, 0xff, sizeof p->ascii);
    while (f < from.len) {
        sqi_span key = next_char(from, &f);
        sqi_span value = t < to.len ? next_char(to, &t) : (sqi_span){"", 0};
        unsigned char c = (unsigned char)key.ptr[0];
        if (c < 128 && p->ascii[c] < 0)
            p->ascii[c] = (int32_t)p->n;
        p->longest = value.len > p->longest ? (uint32_t)value.len : p->longest;
        p->from[p->n] = key;
        p->to[p->n++] = value;
    }
    return true;
}

static sqi_span pairs_find(const pairs *p, sqi_span c)
{
    unsigned char first = (unsigned char)c.ptr[0];
    if (first < 128)
        return p->ascii[first] < 0 ? c : p->to[p->ascii[first]];
    for (uint32_t k = 0; k < p->n; k++)
        if (sqi_span_equal(p->from[k], c))
            return p->to[k];
    return c;
}

static streamq_status translate(KERNEL_ARGS)
{
    pairs p;
    sqi_heap heap;
    bool fixed = arg[1].mask == 0 && arg[2].mask == 0;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        if ((k == 0 || !fixed) && !pairs_make(&p, SQI_SPAN_AT(&arg[1], i), SQI_SPAN_AT(&arg[2], i), call->eval->arena))
            return sqi_error_nomem(err);
        sqi_span s = SQI_SPAN_AT(&arg[0], i);
        size_t n = 0, grows = p.longest > 1 ? p.longest : 1;
        char *to = sqi_heap_reserve(&heap, s.len * grows);
        if (!to)
            return sqi_error_nomem(err);
        for (size_t at = 0; at < s.len;) {
            sqi_span c = pairs_find(&p, next_char(s, &at));
            memcpy(to + n, c.ptr, c.len);
            n += c.len;
        }
        if (n > SQI_STR_MAX)
            return sqi_str_too_long(err);
        SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, n);
    }
    return STREAMQ_OK;
}

/* ---- mask ----------------------------------------------------------------------------------------------------- */

enum { UPPER, LOWER, DIGIT, OTHER, KINDS };

static int kind_of(uint32_t c)
{
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_LU:
        return UPPER;
    case UTF8PROC_CATEGORY_LL:
        return LOWER;
    case UTF8PROC_CATEGORY_ND:
        return DIGIT;
    default:
        return OTHER;
    }
}

static streamq_status resolve_mask(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    for (uint32_t i = 1; i < node->narg; i++) {
        const sqi_vec *v;
        SQI_TRY(sqi_bind_constant(b, node->arg[i], &v, err));
        if (!v)
            return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                       "argument %u must be a constant", (unsigned)i + 1);
        if (sqi_vec_valid(v, 0) && sqi_utf8_count(SQI_SPAN_AT(v, 0)) != 1)
            return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__INPUT_SIZE_NOT_ONE, err,
                                       "argument %u must be one character", (unsigned)i + 1);
    }
    node->nullable = node->arg[0]->nullable;
    return STREAMQ_OK;
}

static size_t mask_row(sqi_span s, const sqi_span with[KINDS], char *to)
{
    size_t n = 0;
    for (size_t at = 0; at < s.len;) {
        sqi_span c = next_char(s, &at);
        const char *p = c.ptr;
        sqi_span put = with[kind_of(sqi_utf8_next(&p, c.ptr + c.len))];
        if (!put.ptr)
            put = c;
        memcpy(to + n, put.ptr, put.len);
        n += put.len;
    }
    return n;
}

/* A null replacement keeps the character. */
static streamq_status mask(KERNEL_ARGS)
{
    static const char *const usual[KINDS] = {"X", "x", "n", NULL};
    sqi_span with[KINDS];
    sqi_heap heap;
    if (arg[0].valid)
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (uint32_t a = 0; a < KINDS; a++) {
        with[a] = sqi_span_of(usual[a]);
        if (a + 1 < call->node->narg)
            with[a] = sqi_vec_valid(&arg[a + 1], 0) ? SQI_SPAN_AT(&arg[a + 1], 0) : (sqi_span){NULL, 0};
    }
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        if (!sqi_vec_valid(&arg[0], i)) {
            sqi_vec_set_null(out, i);
            continue;
        }
        sqi_span s = SQI_SPAN_AT(&arg[0], i);
        char *to = sqi_heap_reserve(&heap, s.len * 4);
        if (!to)
            return sqi_error_nomem(err);
        size_t n = mask_row(s, with, to);
        if (n > SQI_STR_MAX)
            return sqi_str_too_long(err);
        SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, n);
    }
    return STREAMQ_OK;
}

static const sqi_parameter_row mask_named[] = {{"str", NULL},      {"upperChar", "X"},  {"lowerChar", "x"},
                                               {"digitChar", "n"}, {"otherChar", NULL}, {NULL, NULL}};

const sqi_func sqi_func_mask[] = {
    {.name = "translate",
     .min_args = 3,
     .max_args = 3,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "sss>s",
     .kernel = translate,
     .text = "translate(str, from, to): str with each character of from replaced by that of to at its place"},
    {.name = "mask",
     .min_args = 1,
     .max_args = 5,
     .nulls = SQI_NULL_OWN,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "SSSSS>s",
     .resolve = resolve_mask,
     .kernel = mask,
     .named = mask_named,
     .text =
         "mask(str[, upper[, lower[, digit[, other]]]]): letters and digits replaced by one character for each kind"},
    {0},
};
