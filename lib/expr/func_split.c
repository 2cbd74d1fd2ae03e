/*
 * func_split: split(str, regex[, limit]), the first step of every word count.
 *
 * Four ways, chosen by the pattern: one plain byte, or one set of ASCII characters (func_split_class.c), is a vector
 * scan over the line, a plain text is memmem, all else is a regular expression. The first three copy no bytes: a piece
 * of 12 bytes or less stands in its view, a longer one points into the line. A byte and a text also keep malformed
 * UTF-8 as it is; a regular expression, and so a set, sees U+FFFD in its place.
 *
 * Rules (Spark's, on top of Java's String.split): a limit of 0 or less keeps every piece, trailing empty ones too; an
 * empty pattern cuts between characters and gives no empty piece at the end; an empty match at the start cuts nothing.
 */
#include "func_split.h"
#include "expr_bind.h"
#include "expr_regex.h"
#include "func_scan.h"
#include "func_split_class.h"
#include "func_view.h"

enum { BYTES_OF_A_PIECE = 4, ROWS_LOOKED_AT = 16 };

static void state_fini(void *state)
{
    sqi_regex_fini(state);
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return sqi_str_resolve_array(b, node, node->narg == 3 ? "ssi>s" : "ss>s", err);
}

/* Every line by one byte, no limit. Room is guessed from the first rows, and grows if that was too little. */
static streamq_status by_byte(sqi_call *call, const sqi_vec *text, char byte, sqi_rows rows, sqi_vec *out,
                              streamq_error **err)
{
    sqi_arena *arena = call->eval->arena;
    sqi_strs pieces = {0};
    size_t bytes = 0;
    uint32_t looked = rows.n < ROWS_LOOKED_AT ? rows.n : ROWS_LOOKED_AT;
    for (SQI_EACH(((sqi_rows){rows.sel, looked}), k, i))
        bytes += SQI_STR_AT(text, i)->len;
    size_t guess = rows.n + (bytes / looked + 1) * rows.n / BYTES_OF_A_PIECE;
    if (!sqi_strs_grow(&pieces, guess < UINT32_MAX ? guess : UINT32_MAX, arena) ||
        !sqi_scan_split_rows(text, rows, byte, SQI_OUT(out, sqi_list), &pieces, arena))
        return sqi_error_nomem(err);
    return sqi_strs_finish(&pieces, out, err);
}

static bool by_text(sqi_span s, sqi_span what, int32_t limit, sqi_strs *pieces, sqi_arena *arena)
{
    size_t from = 0, at, n = 1;
    while ((limit <= 0 || n < (size_t)limit) && (at = sqi_span_find(s, what, from)) != SIZE_MAX) {
        if (!sqi_strs_put(pieces, sqi_str_view(s.ptr + from, (uint32_t)(at - from)), arena))
            return false;
        from = at + what.len;
        n++;
    }
    return sqi_strs_put(pieces, sqi_str_view(s.ptr + from, (uint32_t)(s.len - from)), arena);
}

/* The empty pattern: characters, the last piece with the rest. */
static bool by_character(sqi_span s, int32_t limit, sqi_strs *pieces, sqi_arena *arena)
{
    size_t n = 1;
    for (size_t i = 0; i < s.len; n++) {
        size_t len = sqi_utf8_char_bytes((unsigned char)s.ptr[i]);
        if (len > s.len - i || (limit > 0 && n >= (size_t)limit))
            len = s.len - i;
        if (!sqi_strs_put(pieces, sqi_str_view(s.ptr + i, (uint32_t)len), arena))
            return false;
        i += len;
    }
    return true;
}

static streamq_status by_regex(sqi_regex *re, sqi_eval *eval, sqi_span text, int32_t limit, sqi_strs *pieces,
                               streamq_error **err)
{
    sqi_arena *arena = eval->arena;
    sqi_span s;
    SQI_TRY(sqi_regex_subject(eval, text, &s, err));
    size_t from = 0, cut = 0, n = 1;
    bool found = true;
    while (from != SQI_REGEX_NONE && (limit <= 0 || n < (size_t)limit)) {
        SQI_TRY(sqi_regex_find(re, s, from, &found, err));
        if (!found)
            break;
        from = sqi_regex_next(re, s);
        if (re->at[1] == 0) /* nothing matched at the very start */
            continue;
        if (!sqi_strs_put(pieces, sqi_str_view(s.ptr + cut, (uint32_t)(re->at[0] - cut)), arena))
            return sqi_error_nomem(err);
        cut = re->at[1];
        n++;
    }
    return sqi_strs_put(pieces, sqi_str_view(s.ptr + cut, (uint32_t)(s.len - cut)), arena) ? STREAMQ_OK
                                                                                           : sqi_error_nomem(err);
}

streamq_status sqi_split_text(sqi_regex *re, sqi_eval *eval, sqi_span s, sqi_span pattern, int32_t limit,
                              const char *what, sqi_strs *pieces, streamq_error **err)
{
    char plain[256];
    size_t len = 0;
    if (pattern.len == 0 && s.len != 0)
        return by_character(s, limit, pieces, eval->arena) ? STREAMQ_OK : sqi_error_nomem(err);
    if (pattern.len <= sizeof plain && sqi_regex_plain(pattern, plain, &len))
        return by_text(s, (sqi_span){plain, len}, limit, pieces, eval->arena) ? STREAMQ_OK : sqi_error_nomem(err);
    SQI_TRY(sqi_regex_use(re, eval, pattern, what, err));
    return by_regex(re, eval, s, limit, pieces, err);
}

/* Which lines have 64 bytes behind them that may be read: those of the lines that follow in the same text, parted by a
   separator or two. Short lines stand in their views, one beside the other. */
static void find_room(const sqi_vec *text, uint32_t positions, sqi_rows rows, uint8_t *wide)
{
    enum { WIDE = 64 };
    const sqi_str *in = text->data;
    const char *next = NULL, *room = NULL;
    for (uint32_t k = rows.n; k-- > 0;) {
        const sqi_str *s = &in[(rows.sel ? rows.sel[k] : k) & text->mask];
        const char *p = sqi_view_ptr(s), *end = p + s->len;
        if (s->len <= SQI_STR_INLINE) {
            wide[k] = (const char *)(in + positions) - end >= WIDE;
            next = NULL;
            continue;
        }
        if (!(next && next >= end && next - end <= 2))
            room = end;
        next = p;
        wide[k] = room - end >= WIDE;
    }
}

/* Every line by a set of characters, no limit. */
static streamq_status by_class(sqi_call *call, const sqi_vec *arg, const sqi_split_class *set, sqi_rows rows,
                               sqi_vec *out, streamq_error **err)
{
    sqi_arena *arena = call->eval->arena;
    sqi_strs pieces = {0};
    uint8_t *wide = sqi_arena_get(arena, (size_t)rows.n + 1);
    size_t bytes = 0;
    for (SQI_EACH(rows, k, i))
        bytes += SQI_STR_AT(&arg[0], i)->len;
    if (!wide || !sqi_strs_grow(&pieces, rows.n + bytes / BYTES_OF_A_PIECE, arena))
        return sqi_error_nomem(err);
    find_room(&arg[0], arg[0].mask ? call->n : 1, rows, wide);
    for (SQI_EACH(rows, k, i)) {
        const sqi_str *text = SQI_STR_AT(&arg[0], i);
        sqi_span s = {sqi_view_ptr(text), text->len};
        size_t first = pieces.n;
        bool ascii;
        if (pieces.cap - first <= s.len && !sqi_strs_grow(&pieces, first + s.len + 1, arena))
            return sqi_error_nomem(err);
        pieces.n += sqi_split_class_cut(set, s, wide[k], pieces.at + first, &ascii);
        if (!ascii && !sqi_utf8_valid(s)) { /* again, with what is broken replaced */
            pieces.n = first;
            SQI_TRY(sqi_regex_use(call->state, call->eval, SQI_SPAN_AT(&arg[1], 0), "split", err));
            SQI_TRY(by_regex(call->state, call->eval, s, -1, &pieces, err));
        }
        SQI_OUT(out, sqi_list)[i] = (sqi_list){(uint32_t)first, (uint32_t)(pieces.n - first)};
    }
    return sqi_strs_finish(&pieces, out, err);
}

static bool is_byte(sqi_span pattern, char *byte)
{
    char plain[2];
    size_t len = 0;
    bool is = pattern.len <= 2 && sqi_regex_plain(pattern, plain, &len) && len == 1;
    if (is)
        *byte = plain[0];
    return is;
}

static streamq_status split(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    char byte;
    bool limited = call->node->narg == 3 && !(arg[2].mask == 0 && SQI_AT(&arg[2], int32_t, 0) <= 0);
    if (rows.n == 0)
        return sqi_strs_finish(&(sqi_strs){0}, out, err);
    if (arg[1].mask == 0 && !limited) {
        sqi_span pattern = SQI_SPAN_AT(&arg[1], 0);
        if (is_byte(pattern, &byte))
            return by_byte(call, &arg[0], byte, rows, out, err);
        sqi_split_class set;
        if (sqi_split_class_read(&set, pattern))
            return by_class(call, arg, &set, rows, out, err);
    }
    sqi_strs pieces = {0};
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(&arg[0], i), pattern = SQI_SPAN_AT(&arg[1], i);
        int32_t limit = call->node->narg == 3 ? SQI_AT(&arg[2], int32_t, i) : -1;
        size_t first = pieces.n;
        SQI_TRY(sqi_split_text(call->state, call->eval, s, pattern, limit, "split", &pieces, err));
        SQI_OUT(out, sqi_list)[i] = (sqi_list){(uint32_t)first, (uint32_t)(pieces.n - first)};
    }
    return sqi_strs_finish(&pieces, out, err);
}

bool sqi_split_is_by_byte(const sqi_bound *e, char *byte)
{
    if (e->kind != SQI_BOUND_CALL || e->func->kernel != split || e->narg != 2)
        return false;
    const sqi_bound *text = e->arg[0], *pattern = e->arg[1];
    return text->kind == SQI_BOUND_COLUMN && text->column == 0 && pattern->kind == SQI_BOUND_CONST &&
           sqi_vec_valid(pattern->value, 0) && is_byte(SQI_SPAN_AT(pattern->value, 0), byte);
}

const sqi_func sqi_func_split[] = {
    {.name = "split",
     .min_args = 2,
     .max_args = 3,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve,
     .kernel = split,
     .state_size = sizeof(sqi_regex),
     .state_fini = state_fini,
     .text = "split(str, regex[, limit]): the pieces of str between matches of regex, at most limit of them if it is "
             "positive"},
    {0},
};
