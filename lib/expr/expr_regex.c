/*
 * expr_regex: compiling, caching and running patterns through PCRE2.
 *
 * Everything is taken from the evaluation's allocator, sizes kept in front of each block because PCRE2 does not give
 * them back. JIT code is made after a few searches: a pattern that changes with every row would pay more for it than
 * it gains. Subjects are checked here, so PCRE2 never checks them again.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "expr_regex.h"

#include <pcre2.h>

#include "expr_regex_java.h"
#include "func_str.h"
#include "func_utf8.h"

#define JIT_AFTER 8u
#define JIT_STACK_MIN (32u * 1024)
#define JIT_STACK_MAX (1024u * 1024)
#define MATCH_LIMIT 5000000u
#define HEAP_LIMIT_KIB (64u * 1024)
#define BLOCK_HEAD 16u /* keeps what follows aligned */

static void *block_get(size_t size, void *user)
{
    if (size > SIZE_MAX - BLOCK_HEAD)
        return NULL;
    char *p = sqi_alloc_get(user, size + BLOCK_HEAD);
    if (!p)
        return NULL;
    size += BLOCK_HEAD;
    memcpy(p, &size, sizeof size);
    return p + BLOCK_HEAD;
}

static void block_free(void *ptr, void *user)
{
    if (!ptr)
        return;
    char *p = (char *)ptr - BLOCK_HEAD;
    size_t size;
    memcpy(&size, p, sizeof size);
    sqi_alloc_free(user, p, size);
}

/* Forget the pattern, keep the contexts. */
static void drop_pattern(sqi_regex *re)
{
    pcre2_match_data_free(re->match);
    pcre2_code_free(re->code);
    if (re->pattern)
        sqi_alloc_free(re->alloc, re->pattern, re->pattern_len + 1);
    if (re->names)
        sqi_alloc_free(re->alloc, re->names, re->nname * sizeof *re->names);
    re->match = re->code = NULL;
    re->pattern = NULL;
    re->names = NULL;
    re->nname = re->groups = re->uses = 0;
    re->at = NULL;
    re->jit = false;
}

void sqi_regex_fini(sqi_regex *re)
{
    if (!re->alloc)
        return;
    drop_pattern(re);
    pcre2_jit_stack_free(re->stack);
    pcre2_match_context_free(re->limits);
    pcre2_general_context_free(re->general);
    memset(re, 0, sizeof *re);
}

static bool contexts(sqi_regex *re, sqi_eval *eval)
{
    if (re->limits)
        return true;
    re->alloc = eval->alloc;
    if (!re->general)
        re->general = pcre2_general_context_create(block_get, block_free, re->alloc);
    if (re->general)
        re->limits = pcre2_match_context_create(re->general);
    if (!re->limits)
        return false;
    pcre2_set_match_limit(re->limits, MATCH_LIMIT);
    pcre2_set_heap_limit(re->limits, HEAP_LIMIT_KIB);
    return true;
}

static streamq_status bad_pattern(sqi_span pattern, const char *what, const char *why, size_t at, streamq_error **err)
{
    int shown = pattern.len > 200 ? 200 : (int)pattern.len;
    return sqi_error_set(err, SQI_COND_INVALID_PARAMETER_VALUE__PATTERN,
                         "%s: '%.*s' is no regular expression: %s at byte %zu", what, shown, pattern.ptr, why, at);
}

static streamq_status compile(sqi_regex *re, sqi_span java, const char *what, sqi_arena *arena, streamq_error **err)
{
    sqi_regex_java read;
    sqi_buf text;
    sqi_buf_init(&text, re->alloc, 16u << 20);
    if (!sqi_regex_java_read(&read, &text, java, arena)) {
        sqi_buf_fini(&text);
        return read.problem ? bad_pattern(java, what, read.problem, read.at, err) : sqi_error_nomem(err);
    }
    int code = 0;
    PCRE2_SIZE at = 0;
    pcre2_compile_context *how = pcre2_compile_context_create(re->general);
    if (how) {
        pcre2_set_bsr(how, PCRE2_BSR_UNICODE);
        pcre2_set_newline(how, PCRE2_NEWLINE_LF);
        PCRE2_SPTR pattern = (PCRE2_SPTR)(text.len ? text.ptr : "");
        re->code = pcre2_compile(pattern, text.len, PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &at, how);
        pcre2_compile_context_free(how);
    }
    sqi_buf_fini(&text);
    if (!re->code) {
        char why[128];
        if (!how || code == PCRE2_ERROR_HEAP_FAILED)
            return sqi_error_nomem(err);
        pcre2_get_error_message(code, (PCRE2_UCHAR *)why, sizeof why);
        return bad_pattern(java, what, why, java.len, err);
    }
    re->match = pcre2_match_data_create_from_pattern(re->code, re->general);
    re->groups = read.groups;
    if (read.nname) {
        re->names = sqi_alloc_get(re->alloc, read.nname * sizeof *re->names);
        if (!re->names)
            return sqi_error_nomem(err);
        re->nname = read.nname;
        memcpy(re->names, read.name, read.nname * sizeof *re->names);
    }
    return re->match ? STREAMQ_OK : sqi_error_nomem(err);
}

streamq_status sqi_regex_use(sqi_regex *re, sqi_eval *eval, sqi_span pattern, const char *what, streamq_error **err)
{
    if (re->pattern && re->pattern_len == pattern.len && memcmp(re->pattern, pattern.ptr, pattern.len) == 0)
        return STREAMQ_OK;
    if (!contexts(re, eval)) {
        re->alloc = eval->alloc;
        return sqi_error_nomem(err);
    }
    drop_pattern(re);
    re->pattern = sqi_alloc_get(re->alloc, pattern.len + 1);
    if (!re->pattern)
        return sqi_error_nomem(err);
    re->pattern_len = pattern.len;
    if (pattern.len)
        memcpy(re->pattern, pattern.ptr, pattern.len);
    re->pattern[pattern.len] = 0;
    sqi_arena_mark mark = sqi_arena_mark_get(eval->arena);
    streamq_status st = compile(re, (sqi_span){re->pattern, pattern.len}, what, eval->arena, err);
    sqi_arena_release(eval->arena, mark);
    if (st != STREAMQ_OK)
        drop_pattern(re);
    return st;
}

streamq_status sqi_regex_subject(sqi_eval *eval, sqi_span text, sqi_span *subject, streamq_error **err)
{
    *subject = text;
    if (sqi_span_is_ascii(text) || sqi_utf8_valid(text))
        return STREAMQ_OK;
    char *to = sqi_arena_get(eval->arena, text.len * 3); /* a broken byte becomes the three of U+FFFD */
    if (!to)
        return sqi_error_nomem(err);
    *subject = (sqi_span){to, sqi_utf8_repair(text, to)};
    return STREAMQ_OK;
}

/* JIT code and its stack; without either the interpreter goes on. */
static void make_fast(sqi_regex *re)
{
    re->jit = pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE) == 0;
    if (re->jit && !re->stack) {
        re->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, re->general);
        if (re->stack)
            pcre2_jit_stack_assign(re->limits, NULL, re->stack);
    }
}

static streamq_status search_error(const sqi_regex *re, int code, streamq_error **err)
{
    switch (code) {
    case PCRE2_ERROR_NOMEMORY:
        return sqi_error_nomem(err);
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
    case PCRE2_ERROR_JIT_STACKLIMIT:
        return sqi_error_set(
            err, SQI_COND_LIMIT_EXCEEDED,
            "the regular expression '%.200s' takes too many steps on this text; make it less ambiguous, "
            "for example with possessive quantifiers",
            re->pattern);
    default: {
        char why[128];
        pcre2_get_error_message(code, (PCRE2_UCHAR *)why, sizeof why);
        return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "regular expression '%.200s': %s", re->pattern, why);
    }
    }
}

streamq_status sqi_regex_find(sqi_regex *re, sqi_span subject, size_t from, bool *found, streamq_error **err)
{
    if (re->uses < JIT_AFTER && ++re->uses == JIT_AFTER)
        make_fast(re);
    PCRE2_SPTR text = (PCRE2_SPTR)(subject.ptr ? subject.ptr : "");
    int rc = pcre2_match(re->code, text, subject.len, from, PCRE2_NO_UTF_CHECK, re->match, re->limits);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
        rc = pcre2_match(re->code, text, subject.len, from, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, re->match, re->limits);
    *found = rc >= 0;
    if (rc < 0 && rc != PCRE2_ERROR_NOMATCH)
        return search_error(re, rc, err);
    re->at = pcre2_get_ovector_pointer(re->match);
    return STREAMQ_OK;
}

size_t sqi_regex_next(const sqi_regex *re, sqi_span subject)
{
    size_t end = re->at[1];
    if (end > re->at[0])
        return end;
    if (end >= subject.len)
        return SQI_REGEX_NONE;
    end += sqi_utf8_char_bytes((unsigned char)subject.ptr[end]);
    return end <= subject.len ? end : SQI_REGEX_NONE;
}

uint32_t sqi_regex_group(const sqi_regex *re, sqi_span name)
{
    for (uint32_t i = 0; i < re->nname; i++)
        if (sqi_span_equal(re->names[i].name, name))
            return re->names[i].group;
    return 0;
}

bool sqi_regex_plain(sqi_span pattern, char *to, size_t *len)
{
    *len = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];
        if (c == '\\') {
            if (++i == pattern.len)
                return false;
            c = pattern.ptr[i];
            bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (c == 't')
                c = '\t';
            else if (c == 'n')
                c = '\n';
            else if (c == 'r')
                c = '\r';
            else if (letter || (unsigned char)c >= 0x80)
                return false;
        } else if (strchr(".$|()[{^?*+", c) || c == 0) {
            return false;
        }
        to[(*len)++] = c;
    }
    return *len > 0;
}
