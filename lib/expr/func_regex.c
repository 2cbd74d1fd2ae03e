/*
 * func_regex: rlike and the regexp_ functions, all on expr_regex.
 *
 * One regex stands in the state of each call and is compiled again only when the pattern changes. Results are views
 * into the subject, or into its repaired copy if it was malformed. A pattern that is plain text needs no regex in
 * rlike.
 */
#include "expr_bind.h"
#include "expr_regex.h"
#include "func_str.h"

#define SEARCH_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err

static void state_fini(void *state)
{
    sqi_regex_fini(state);
}

/* The regex for row i and the text to search. */
static streamq_status prepare(sqi_call *call, const sqi_vec *arg, uint32_t i, sqi_span *subject, streamq_error **err)
{
    SQI_TRY(sqi_regex_use(call->state, call->eval, SQI_SPAN_AT(&arg[1], i), call->node->func->name, err));
    return sqi_regex_subject(call->eval, SQI_SPAN_AT(&arg[0], i), subject, err);
}

static streamq_status rlike(SEARCH_ARGS)
{
    sqi_regex *re = call->state;
    char text[256];
    size_t len;
    sqi_span pattern = SQI_SPAN_AT(&arg[1], 0), s;
    if (arg[1].mask == 0 && pattern.len <= sizeof text && sqi_regex_plain(pattern, text, &len)) {
        for (SQI_EACH(rows, k, i))
            SQI_OUT(out, uint8_t)[i] = sqi_span_find(SQI_SPAN_AT(&arg[0], i), (sqi_span){text, len}, 0) != SIZE_MAX;
        return STREAMQ_OK;
    }
    for (SQI_EACH(rows, k, i)) {
        bool found;
        SQI_TRY(prepare(call, arg, i, &s, err));
        SQI_TRY(sqi_regex_find(re, s, 0, &found, err));
        SQI_OUT(out, uint8_t)[i] = found;
    }
    return STREAMQ_OK;
}

static streamq_status check_group(const sqi_call *call, const sqi_regex *re, int32_t group, streamq_error **err)
{
    if (group >= 0 && (uint32_t)group <= re->groups)
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_INVALID_PARAMETER_VALUE__REGEX_GROUP_INDEX,
                         "%s: the pattern has groups 0 to %u, not %d", call->node->func->name, (unsigned)re->groups,
                         (int)group);
}

/* A group of the last match; one that took no part is empty. */
static sqi_str group_text(const sqi_regex *re, sqi_span s, int32_t group)
{
    size_t from = re->at[2 * group], to = re->at[2 * group + 1];
    if (from == SQI_REGEX_NONE)
        return sqi_str_view("", 0);
    return sqi_str_view(s.ptr + from, (uint32_t)(to - from));
}

static int32_t group_wanted(const sqi_call *call, const sqi_vec *arg, uint32_t i)
{
    return call->node->narg == 3 ? SQI_AT(&arg[2], int32_t, i) : 1;
}

static streamq_status extract(SEARCH_ARGS)
{
    sqi_regex *re = call->state;
    for (SQI_EACH(rows, k, i)) {
        sqi_span s;
        bool found;
        int32_t group = group_wanted(call, arg, i);
        SQI_TRY(prepare(call, arg, i, &s, err));
        SQI_TRY(sqi_regex_find(re, s, 0, &found, err));
        if (found)
            SQI_TRY(check_group(call, re, group, err));
        SQI_OUT(out, sqi_str)[i] = found ? group_text(re, s, group) : sqi_str_view("", 0);
    }
    return STREAMQ_OK;
}

static streamq_status resolve_extract_all(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return sqi_str_resolve_array(b, node, "ssi>s", err);
}

static streamq_status extract_all(SEARCH_ARGS)
{
    sqi_regex *re = call->state;
    sqi_strs found = {0};
    for (SQI_EACH(rows, k, i)) {
        sqi_span s;
        size_t begin = found.n, from = 0;
        int32_t group = group_wanted(call, arg, i);
        SQI_TRY(prepare(call, arg, i, &s, err));
        while (from != SQI_REGEX_NONE) {
            bool hit;
            SQI_TRY(sqi_regex_find(re, s, from, &hit, err));
            if (!hit)
                break;
            SQI_TRY(check_group(call, re, group, err));
            if (!sqi_strs_put(&found, group_text(re, s, group), call->eval->arena))
                return sqi_error_nomem(err);
            from = sqi_regex_next(re, s);
        }
        SQI_OUT(out, sqi_list)[i] = (sqi_list){(uint32_t)begin, (uint32_t)(found.n - begin)};
    }
    return sqi_strs_finish(&found, out, err);
}

static streamq_status count(SEARCH_ARGS)
{
    sqi_regex *re = call->state;
    for (SQI_EACH(rows, k, i)) {
        sqi_span s;
        size_t from = 0;
        int32_t n = 0;
        SQI_TRY(prepare(call, arg, i, &s, err));
        for (; from != SQI_REGEX_NONE; n++) {
            bool hit;
            SQI_TRY(sqi_regex_find(re, s, from, &hit, err));
            if (!hit)
                break;
            from = sqi_regex_next(re, s);
        }
        SQI_OUT(out, int32_t)[i] = n;
    }
    return STREAMQ_OK;
}

static streamq_status instr(SEARCH_ARGS)
{
    sqi_regex *re = call->state;
    for (SQI_EACH(rows, k, i)) {
        sqi_span s;
        bool found;
        SQI_TRY(prepare(call, arg, i, &s, err));
        SQI_TRY(sqi_regex_find(re, s, 0, &found, err));
        SQI_OUT(out, int32_t)[i] = found ? (int32_t)sqi_utf8_count((sqi_span){s.ptr, re->at[0]}) + 1 : 0;
    }
    return STREAMQ_OK;
}

/* An empty match answers null, as no match does. */
static streamq_status substr(SEARCH_ARGS)
{
    sqi_regex *re = call->state;
    SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        sqi_span s;
        bool found;
        SQI_TRY(prepare(call, arg, i, &s, err));
        SQI_TRY(sqi_regex_find(re, s, 0, &found, err));
        if (found && re->at[1] > re->at[0])
            SQI_OUT(out, sqi_str)[i] = group_text(re, s, 0);
        else
            sqi_vec_set_null(out, i);
    }
    return STREAMQ_OK;
}

/* ---- regexp_replace ------------------------------------------------------------------------------------------- */

static streamq_status bad_replacement(sqi_span with, const char *why, streamq_error **err)
{
    int shown = with.len > 200 ? 200 : (int)with.len;
    return sqi_error_set(err, SQI_COND_INVALID_REGEXP_REPLACE,
                         "regexp_replace: the replacement '%.*s' is not valid: %s", shown, with.ptr, why);
}

static bool put_group(sqi_buf *to, const sqi_regex *re, sqi_span s, uint32_t group)
{
    size_t from = re->at[2 * group], end = re->at[2 * group + 1];
    return from == SQI_REGEX_NONE || sqi_buf_put(to, s.ptr + from, end - from);
}

/* What stands behind a '$' at *at: a number, as many digits as still name a group, or {name}. */
static streamq_status read_group(const sqi_regex *re, sqi_span with, size_t *at, uint32_t *group, streamq_error **err)
{
    const char *p = with.ptr;
    if (*at < with.len && p[*at] == '{') {
        const char *end = memchr(p + *at, '}', with.len - *at);
        sqi_span name = {p + *at + 1, end ? (size_t)(end - p) - *at - 1 : 0};
        *group = end ? sqi_regex_group(re, name) : 0;
        if (!*group)
            return bad_replacement(with, "${...} names no group", err);
        *at = (size_t)(end - p) + 1;
        return STREAMQ_OK;
    }
    if (*at >= with.len || p[*at] < '0' || p[*at] > '9')
        return bad_replacement(
            with, "a dollar sign is followed by neither a number nor {name}; write \\$ to mean itself", err);
    *group = (uint32_t)(p[(*at)++] - '0');
    while (*at < with.len && p[*at] >= '0' && p[*at] <= '9') {
        uint32_t longer = *group * 10 + (uint32_t)(p[*at] - '0');
        if (longer > re->groups)
            break;
        *group = longer;
        (*at)++;
    }
    return *group <= re->groups ? STREAMQ_OK : bad_replacement(with, "the pattern has no group of that number", err);
}

static streamq_status put_replacement(sqi_buf *to, const sqi_regex *re, sqi_span s, sqi_span with, streamq_error **err)
{
    for (size_t at = 0; at < with.len;) {
        char c = with.ptr[at++];
        if (c == '$') {
            uint32_t group = 0;
            SQI_TRY(read_group(re, with, &at, &group, err));
            if (!put_group(to, re, s, group))
                return sqi_error_nomem(err);
            continue;
        }
        if (c == '\\') {
            if (at == with.len)
                return bad_replacement(with, "a backslash ends it", err);
            c = with.ptr[at++];
        }
        if (!sqi_buf_byte(to, c))
            return sqi_error_nomem(err);
    }
    return STREAMQ_OK;
}

/* `s` with every match replaced, appended to `to`. */
static streamq_status replace_all(sqi_buf *to, sqi_regex *re, sqi_span s, sqi_span with, streamq_error **err)
{
    size_t from = 0, done = 0;
    while (from != SQI_REGEX_NONE) {
        bool hit;
        SQI_TRY(sqi_regex_find(re, s, from, &hit, err));
        if (!hit)
            break;
        if (!sqi_buf_put(to, s.ptr + done, re->at[0] - done))
            return sqi_error_nomem(err);
        SQI_TRY(put_replacement(to, re, s, with, err));
        done = re->at[1];
        from = sqi_regex_next(re, s);
    }
    return sqi_buf_put(to, s.ptr + done, s.len - done) ? STREAMQ_OK : sqi_error_nomem(err);
}

/* Byte offset of the position that the search starts at; false: it is behind the text, which then stays as it is. */
static bool start_of(sqi_span s, int32_t position, size_t *from)
{
    *from = 0;
    for (int32_t n = 1; n < position; n++) {
        if (*from >= s.len)
            return false;
        *from += sqi_utf8_char_bytes((unsigned char)s.ptr[*from]);
    }
    return position == 1 || *from < s.len;
}

static streamq_status replace_rows(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_buf *text, sqi_vec *out,
                                   streamq_error **err)
{
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s;
        size_t from;
        sqi_str *to = &SQI_OUT(out, sqi_str)[i];
        SQI_TRY(prepare(call, arg, i, &s, err));
        if (!start_of(s, call->node->narg == 4 ? SQI_AT(&arg[3], int32_t, i) : 1, &from)) {
            *to = sqi_str_view(s.ptr, (uint32_t)s.len);
            continue;
        }
        sqi_buf_clear(text);
        if (!sqi_buf_put(text, s.ptr, from))
            return sqi_error_nomem(err);
        SQI_TRY(replace_all(text, call->state, (sqi_span){s.ptr + from, s.len - from}, SQI_SPAN_AT(&arg[2], i), err));
        if (!sqi_heap_copy(&heap, sqi_buf_view(text), to))
            return sqi_error_nomem(err);
    }
    return STREAMQ_OK;
}

static streamq_status replace(SEARCH_ARGS)
{
    sqi_buf text;
    sqi_buf_init(&text, call->eval->alloc, SQI_STR_MAX);
    streamq_status st = replace_rows(call, arg, rows, &text, out, err);
    sqi_buf_fini(&text);
    return st;
}

static streamq_status resolve_replace(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_vec *position = NULL;
    if (node->narg < 4)
        return STREAMQ_OK;
    SQI_TRY(sqi_bind_constant(b, node->arg[3], &position, err));
    if (!position)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                   "the position must be a constant");
    if (sqi_vec_valid(position, 0) && SQI_AT(position, int32_t, 0) < 1)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE, err,
                                   "the position must be 1 or more, not %d", (int)SQI_AT(position, int32_t, 0));
    return STREAMQ_OK;
}

#define REGEX_ROW(n, least, most, sig, res, k, t)                                                                   \
    {                                                                                                               \
        .name = n, .min_args = least, .max_args = most, .flags = SQI_FUNC_NEVER_NULL, .types = sig, .resolve = res, \
        .kernel = k, .state_size = sizeof(sqi_regex), .state_fini = state_fini, .text = t                           \
    }
#define LIKE_TEXT(n) n "(str, regex): does a part of str match regex?"

const sqi_func sqi_func_regex[] = {
    REGEX_ROW("rlike", 2, 2, "ss>b", NULL, rlike, LIKE_TEXT("rlike")),
    REGEX_ROW("regexp", 2, 2, "ss>b", NULL, rlike, LIKE_TEXT("regexp")),
    REGEX_ROW("regexp_like", 2, 2, "ss>b", NULL, rlike, LIKE_TEXT("regexp_like")),
    REGEX_ROW("regexp_extract", 2, 3, "ssi>s", NULL, extract,
              "regexp_extract(str, regex[, group]): group (by default 1) of the first match, empty if there is none"),
    REGEX_ROW("regexp_extract_all", 2, 3, NULL, resolve_extract_all, extract_all,
              "regexp_extract_all(str, regex[, group]): group (by default 1) of every match"),
    REGEX_ROW(
        "regexp_replace", 3, 4, "sssi>s", resolve_replace, replace,
        "regexp_replace(str, regex, with[, pos]): str with every match from pos on replaced; $1 in with is group 1"),
    REGEX_ROW("regexp_count", 2, 2, "ss>i", NULL, count, "regexp_count(str, regex): the number of matches"),
    REGEX_ROW("regexp_instr", 2, 3, "ssi>i", NULL, instr,
              "regexp_instr(str, regex): position of the first match, 0 if there is none"),
    {.name = "regexp_substr",
     .min_args = 2,
     .max_args = 2,
     .types = "ss>s",
     .kernel = substr,
     .state_size = sizeof(sqi_regex),
     .state_fini = state_fini,
     .text = "regexp_substr(str, regex): the first match, null if there is none or it is empty"},
    {0},
};
