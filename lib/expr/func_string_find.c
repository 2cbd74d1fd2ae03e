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

static streamq_status instr(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(&arg[0], i);
        size_t at = sqi_span_find(s, SQI_SPAN_AT(&arg[1], i), 0);
        SQI_OUT(out, int32_t)[i] = at == SIZE_MAX ? 0 : chars_before(s, at) + 1;
    }
    return STREAMQ_OK;
}

static int32_t locate_from(sqi_span what, sqi_span s, int32_t pos)
{
    if (pos < 1)
        return 0;
    if (what.len == 0)
        return 1;
    size_t from = 0;
    for (int32_t n = 1; n < pos && from < s.len; n++)
        from += sqi_utf8_char_bytes((unsigned char)s.ptr[from]);
    size_t at = sqi_span_find(s, what, from);
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
    FIND_ROW("instr", "ss>i", instr, "instr(str, substr): position of the first substr in str, 0 if there is none"),
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
