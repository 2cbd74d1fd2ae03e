/*
 * func_string_find: where a text stands in another: instr, locate, contains, startswith, endswith, find_in_set.
 * Positions count characters from 1; 0 says that it is not there.
 */
#include "func_str.h"

/* Characters before byte offset `at`. */
static int32_t chars_before(sqi_span s, size_t at)
{
    return (int32_t)sqi_utf8_count((sqi_span){s.ptr, at});
}

/* Byte offset of character `n`, counted from 0; the end if there are not so many. */
static size_t byte_of(sqi_span s, int64_t n)
{
    size_t at = 0;
    for (; n > 0 && at < s.len; n--)
        at += sqi_utf8_char_bytes((unsigned char)s.ptr[at]);
    return at < s.len ? at : s.len;
}

/* The nth place at or after character `pos`; for a pos from -1 down, at or before that character from the end. Places
   may overlap. Text without characters stands at 1. */
static int32_t find_nth(sqi_span s, sqi_span what, int32_t pos, int32_t nth)
{
    if (!what.len)
        return 1;
    int64_t start = pos > 0 ? (int64_t)pos - 1 : (int64_t)sqi_utf8_count(s) + pos;
    if (!pos || start < 0 || what.len > s.len)
        return 0;
    size_t at = byte_of(s, start);
    if (pos > 0) {
        while ((at = sqi_span_find(s, what, at)) != SIZE_MAX && --nth)
            at++;
        return at == SIZE_MAX ? 0 : chars_before(s, at) + 1;
    }
    at = at < s.len - what.len ? at : s.len - what.len;
    for (size_t i = at + 1; i-- > 0;)
        if (memcmp(s.ptr + i, what.ptr, what.len) == 0 && !--nth)
            return chars_before(s, i) + 1;
    return 0;
}

static streamq_status instr(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    uint32_t narg = call->node->narg;
    for (SQI_EACH(rows, k, i)) {
        int32_t pos = narg > 2 ? SQI_AT(&arg[2], int32_t, i) : 1, nth = narg > 3 ? SQI_AT(&arg[3], int32_t, i) : 1;
        if (nth < 1)
            return sqi_error_set(err, SQI_COND_INVALID_PARAMETER_VALUE__OCCURRENCE,
                                 "instr is asked for occurrence %d; the first one is 1", (int)nth);
        SQI_OUT(out, int32_t)[i] = find_nth(SQI_SPAN_AT(&arg[0], i), SQI_SPAN_AT(&arg[1], i), pos, nth);
    }
    return STREAMQ_OK;
}

static int32_t locate_from(sqi_span what, sqi_span s, int32_t pos)
{
    if (pos < 1)
        return 0;
    if (what.len == 0)
        return 1;
    size_t at = sqi_span_find(s, what, byte_of(s, (int64_t)pos - 1));
    return at == SIZE_MAX ? 0 : chars_before(s, at) + 1;
}

/* A null start answers 0, the other nulls null. */
static streamq_status locate(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    if (arg[0].valid || arg[1].valid)
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    bool start = call->node->narg == 3;
    for (SQI_EACH(rows, k, i)) {
        int32_t *to = &SQI_OUT(out, int32_t)[i];
        *to = 0;
        if (start && !sqi_vec_valid(&arg[2], i))
            continue;
        if (!sqi_vec_valid(&arg[0], i) || !sqi_vec_valid(&arg[1], i))
            sqi_vec_set_null(out, i);
        else
            *to =
                locate_from(SQI_SPAN_AT(&arg[0], i), SQI_SPAN_AT(&arg[1], i), start ? SQI_AT(&arg[2], int32_t, i) : 1);
    }
    return STREAMQ_OK;
}

#define TEST_KERNEL(name, test)                                                                                      \
    static streamq_status name(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err) \
    {                                                                                                                \
        (void)call, (void)err;                                                                                       \
        for (SQI_EACH(rows, k, i)) {                                                                                 \
            sqi_span s = SQI_SPAN_AT(&arg[0], i), what = SQI_SPAN_AT(&arg[1], i);                                    \
            SQI_OUT(out, uint8_t)[i] = test;                                                                         \
        }                                                                                                            \
        return STREAMQ_OK;                                                                                           \
    }
TEST_KERNEL(contains, sqi_span_find(s, what, 0) != SIZE_MAX)
TEST_KERNEL(startswith, sqi_span_starts(s, what))
TEST_KERNEL(endswith, s.len >= what.len && sqi_span_equal((sqi_span){s.ptr + s.len - what.len, what.len}, what))

/* Number of the element of a comma-separated list; a needle with a comma is no element. */
static int32_t find_element(sqi_span what, sqi_span list)
{
    if (what.len && memchr(what.ptr, ',', what.len))
        return 0;
    int32_t n = 1;
    for (size_t from = 0;; n++) {
        const char *comma = from < list.len ? memchr(list.ptr + from, ',', list.len - from) : NULL;
        size_t end = comma ? (size_t)(comma - list.ptr) : list.len;
        if (sqi_span_equal((sqi_span){list.ptr + from, end - from}, what))
            return n;
        if (!comma)
            return 0;
        from = end + 1;
    }
}

static streamq_status find_in_set(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int32_t)[i] = find_element(SQI_SPAN_AT(&arg[0], i), SQI_SPAN_AT(&arg[1], i));
    return STREAMQ_OK;
}

#define FIND_ROW(n, sig, k, t)                                                               \
    {                                                                                        \
        .name = n, .min_args = 2, .max_args = 2, .flags = SQI_FUNC_NEVER_NULL, .types = sig, \
        .resolve = sqi_str_resolve, .kernel = k, .text = t                                   \
    }

const sqi_func sqi_func_string_find[] = {
    {.name = "instr",
     .min_args = 2,
     .max_args = 4,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "ssii>i",
     .resolve = sqi_str_resolve,
     .kernel = instr,
     .text = "instr(str, substr[, pos[, n]]): position of the nth substr in str from pos on, 0 if there is none; from "
             "the end for a negative pos"},
    {.name = "locate",
     .min_args = 2,
     .max_args = 3,
     .nulls = SQI_NULL_OWN,
     .types = "ssi>i",
     .resolve = sqi_str_resolve,
     .kernel = locate,
     .text = "locate(substr, str[, pos]): position of the first substr in str at or after pos, 0 if there is none"},
    {.name = "position",
     .min_args = 2,
     .max_args = 3,
     .nulls = SQI_NULL_OWN,
     .types = "ssi>i",
     .resolve = sqi_str_resolve,
     .kernel = locate,
     .text = "position(substr, str[, pos]): position of the first substr in str at or after pos, 0 if there is none"},
    FIND_ROW("contains", "yy>b", contains, "contains(left, right): does right stand in left?"),
    FIND_ROW("startswith", "yy>b", startswith, "startswith(left, right): does left start with right?"),
    FIND_ROW("endswith", "yy>b", endswith, "endswith(left, right): does left end with right?"),
    FIND_ROW("find_in_set", "ss>i", find_in_set,
             "find_in_set(str, list): number of the element str of the comma-separated list, 0 if there is none"),
    {0},
};
