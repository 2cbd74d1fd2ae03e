/*
 * func_like: LIKE and ILIKE. A pattern is compiled once into pieces of plain text between its '%'; '_' in a piece is
 * any one character, newlines included. Patterns without '_' and with one piece are a comparison, a prefix, a suffix
 * or a search; others match piece by piece, each at the first place it fits, which is right because '%' takes all.
 *
 * ILIKE compares both sides in lower case.
 */
#include "expr_bind.h"
#include "func_case.h"
#include "func_view.h"

typedef struct piece {
    uint32_t begin, len; /* in `text` */
    bool any;            /* holds a '_' */
} piece;

typedef struct like_state {
    sqi_alloc *alloc;
    sqi_buf source;   /* pattern and escape that are compiled */
    char *text, *one; /* the pieces' bytes; one[k] != 0: text[k] stands for any character */
    piece *pieces;
    size_t cap, npiece;
    bool ready;
} like_state;

static void state_fini(void *state)
{
    like_state *s = state;
    if (!s->alloc)
        return;
    sqi_buf_fini(&s->source);
    sqi_alloc_free(s->alloc, s->text, s->cap);
    sqi_alloc_free(s->alloc, s->one, s->cap);
    sqi_alloc_free(s->alloc, s->pieces, s->cap * sizeof *s->pieces);
    memset(s, 0, sizeof *s);
}

static bool make_room(like_state *s, sqi_alloc *alloc, size_t n)
{
    if (!s->alloc) {
        s->alloc = alloc;
        sqi_buf_init(&s->source, alloc, 0);
    }
    if (n <= s->cap && s->cap)
        return true;
    sqi_alloc_free(alloc, s->text, s->cap);
    sqi_alloc_free(alloc, s->one, s->cap);
    sqi_alloc_free(alloc, s->pieces, s->cap * sizeof *s->pieces);
    s->cap = 0;
    s->text = sqi_alloc_get(alloc, n);
    s->one = s->text ? sqi_alloc_get(alloc, n) : NULL;
    s->pieces = s->one ? sqi_alloc_array(alloc, n, sizeof *s->pieces) : NULL;
    if (!s->pieces) {
        sqi_alloc_free(alloc, s->text, n);
        sqi_alloc_free(alloc, s->one, n);
        s->text = s->one = NULL;
        return false;
    }
    s->cap = n;
    return true;
}

static streamq_status bad_escape(sqi_cond cond, sqi_span pattern, const char *why, streamq_error **err)
{
    int shown = pattern.len > 200 ? 200 : (int)pattern.len;
    return sqi_error_set(err, cond, "the LIKE pattern '%.*s' %s", shown, pattern.ptr, why);
}

/* Bytes of the escape if the pattern goes on with it, else 0. */
static size_t escaped(sqi_span pattern, size_t i, sqi_span escape)
{
    if (escape.len == 0 || escape.len > pattern.len - i)
        return 0;
    return memcmp(pattern.ptr + i, escape.ptr, escape.len) == 0 ? escape.len : 0;
}

static void put(like_state *s, size_t *n, const char *bytes, size_t len)
{
    memcpy(s->text + *n, bytes, len);
    memset(s->one + *n, 0, len);
    *n += len;
}

/* The character behind an escape that ends at *i: it stands for itself. */
static streamq_status take_escaped(like_state *s, sqi_span pattern, sqi_span escape, size_t *i, size_t *n,
                                   streamq_error **err)
{
    if (*i >= pattern.len)
        return bad_escape(SQI_COND_INVALID_FORMAT__ESC_AT_THE_END, pattern, "ends in its escape", err);
    size_t len = escaped(pattern, *i, escape);
    if (!len && pattern.ptr[*i] != '_' && pattern.ptr[*i] != '%')
        return bad_escape(SQI_COND_INVALID_FORMAT__ESC_IN_THE_MIDDLE, pattern,
                          "escapes a character that is neither _ nor % nor the escape", err);
    len = len ? len : 1;
    put(s, n, pattern.ptr + *i, len);
    *i += len;
    return STREAMQ_OK;
}

static streamq_status compile(like_state *s, sqi_span pattern, sqi_span escape, streamq_error **err)
{
    size_t n = 0, i = 0;
    s->npiece = 1;
    s->pieces[0] = (piece){0};
    while (i < pattern.len) {
        piece *last = &s->pieces[s->npiece - 1];
        size_t skip = escaped(pattern, i, escape);
        char c = pattern.ptr[i];
        if (skip) {
            i += skip;
            SQI_TRY(take_escaped(s, pattern, escape, &i, &n, err));
            continue;
        }
        if (c == '%') {
            last->len = (uint32_t)n - last->begin;
            if (last->len || s->npiece == 1)
                s->pieces[s->npiece++] = (piece){.begin = (uint32_t)n};
        } else {
            put(s, &n, &c, 1);
            if (c == '_')
                s->one[n - 1] = last->any = true;
        }
        i++;
    }
    piece *last = &s->pieces[s->npiece - 1];
    last->len = (uint32_t)n - last->begin;
    return STREAMQ_OK;
}

static streamq_status use(like_state *s, sqi_alloc *alloc, sqi_span pattern, sqi_span escape, streamq_error **err)
{
    if (s->ready && s->source.len == pattern.len + escape.len && memcmp(s->source.ptr, pattern.ptr, pattern.len) == 0 &&
        memcmp(s->source.ptr + pattern.len, escape.ptr, escape.len) == 0)
        return STREAMQ_OK;
    s->ready = false;
    if (!make_room(s, alloc, pattern.len + 2))
        return sqi_error_nomem(err);
    sqi_buf_clear(&s->source);
    if (!sqi_buf_span(&s->source, pattern) || !sqi_buf_span(&s->source, escape))
        return sqi_error_nomem(err);
    SQI_TRY(compile(s, pattern, escape, err));
    s->ready = true;
    return STREAMQ_OK;
}

/* The piece at the start of v: bytes of v it takes, SIZE_MAX if it does not fit. */
static size_t fit(const like_state *s, const piece *p, sqi_span v)
{
    size_t at = 0;
    if (!p->any)
        return v.len >= p->len && memcmp(v.ptr, s->text + p->begin, p->len) == 0 ? p->len : SIZE_MAX;
    for (uint32_t k = p->begin; k < p->begin + p->len; k++) {
        if (at >= v.len || (!s->one[k] && v.ptr[at] != s->text[k]))
            return SIZE_MAX;
        at += s->one[k] ? sqi_utf8_char_bytes((unsigned char)v.ptr[at]) : 1;
    }
    return at <= v.len ? at : SIZE_MAX;
}

/* The first place of the piece at or behind `from`: where it ends. */
static size_t search(const like_state *s, const piece *p, sqi_span v, size_t from)
{
    if (!p->any) {
        size_t at = sqi_span_find(v, (sqi_span){s->text + p->begin, p->len}, from);
        return at == SIZE_MAX ? SIZE_MAX : at + p->len;
    }
    while (from <= v.len) {
        size_t len = fit(s, p, (sqi_span){v.ptr + from, v.len - from});
        if (len != SIZE_MAX)
            return from + len;
        from += from < v.len ? sqi_utf8_char_bytes((unsigned char)v.ptr[from]) : 1;
    }
    return SIZE_MAX;
}

/* The piece at the very end, not before `from`. */
static bool fits_end(const like_state *s, const piece *p, sqi_span v, size_t from)
{
    if (!p->any)
        return v.len - from >= p->len && memcmp(v.ptr + v.len - p->len, s->text + p->begin, p->len) == 0;
    for (; from <= v.len; from += from < v.len ? sqi_utf8_char_bytes((unsigned char)v.ptr[from]) : 1)
        if (fit(s, p, (sqi_span){v.ptr + from, v.len - from}) == v.len - from)
            return true;
    return false;
}

static bool matches(const like_state *s, sqi_span v)
{
    size_t from = fit(s, &s->pieces[0], v);
    if (s->npiece == 1)
        return from == v.len;
    if (from == SIZE_MAX)
        return false;
    size_t last = s->npiece - 1;
    for (size_t k = 1; k < last; k++)
        if ((from = search(s, &s->pieces[k], v, from)) == SIZE_MAX)
            return false;
    return fits_end(s, &s->pieces[last], v, from);
}

/* One pattern for all rows, without '_' and with one piece: what it asks of a text. */
typedef enum shape { SHAPE_ANY, SHAPE_EXACT, SHAPE_PREFIX, SHAPE_SUFFIX, SHAPE_CONTAINS } shape;

static shape shape_of(const like_state *s, sqi_span *text)
{
    const piece *p = s->pieces;
    for (size_t k = 0; k < s->npiece; k++)
        if (p[k].any)
            return SHAPE_ANY;
    *text = (sqi_span){s->text + p[0].begin, p[0].len};
    if (s->npiece == 1)
        return SHAPE_EXACT;
    if (s->npiece == 2 && p[1].len == 0)
        return SHAPE_PREFIX;
    *text = (sqi_span){s->text + p[1].begin, p[1].len};
    if (s->npiece == 2 && p[0].len == 0)
        return SHAPE_SUFFIX;
    return s->npiece == 3 && p[0].len == 0 && p[2].len == 0 ? SHAPE_CONTAINS : SHAPE_ANY;
}

#ifdef SQI_VIEW_FAST
/* A prefix of 1 to 4 bytes is seen in the view's first word: the length, then the first four bytes. */
static void short_prefix(const sqi_vec *v, sqi_span what, sqi_rows rows, uint8_t *to)
{
    const sqi_str *in = v->data;
    const uint32_t mask = v->mask;
    uint64_t want = 0, keep = UINT64_MAX << 32 & UINT64_MAX >> (32 - 8 * what.len), len = what.len;
    memcpy((char *)&want + 4, what.ptr, what.len);
    for (uint32_t k = 0; k < rows.n; k++) {
        uint32_t i = rows.sel ? rows.sel[k] : k;
        uint64_t word = sqi_load64((const char *)&in[i & mask]);
        to[i] = (uint8_t)(((word & keep) == want) & ((uint32_t)word >= len));
    }
}
#endif

static bool has_shape(shape how, sqi_span v, sqi_span what)
{
    switch (how) {
    case SHAPE_EXACT:
        return sqi_span_equal(v, what);
    case SHAPE_PREFIX:
        return v.len >= what.len && memcmp(v.ptr, what.ptr, what.len) == 0;
    case SHAPE_SUFFIX:
        return v.len >= what.len && memcmp(v.ptr + v.len - what.len, what.ptr, what.len) == 0;
    default:
        return sqi_span_find(v, what, 0) != SIZE_MAX;
    }
}

/* False: the pattern is of no such shape. */
static bool match_shape(const like_state *s, const sqi_vec *text, sqi_rows rows, uint8_t *to)
{
    sqi_span what;
    shape how = shape_of(s, &what);
    if (how == SHAPE_ANY)
        return false;
#ifdef SQI_VIEW_FAST
    if (how == SHAPE_PREFIX && what.len >= 1 && what.len <= 4) {
        short_prefix(text, what, rows, to);
        return true;
    }
#endif
    for (SQI_EACH(rows, k, i)) {
        const sqi_str *v = SQI_STR_AT(text, i);
        to[i] = has_shape(how, (sqi_span){sqi_view_ptr(v), v->len}, what);
    }
    return true;
}

static streamq_status lowered(sqi_eval *eval, sqi_span *text, streamq_error **err)
{
    char *room = sqi_arena_get(eval->arena, SQI_CASE_ROOM(text->len) + 1);
    if (!room)
        return sqi_error_nomem(err);
    *text = (sqi_span){room, sqi_case_map(*text, SQI_CASE_LOWER, room)};
    return STREAMQ_OK;
}

static streamq_status wrong_escape(const sqi_bound *node, streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_INVALID_ESCAPE_CHAR, "the escape of %s must be one character", node->func->name);
}

static streamq_status prepare(sqi_call *call, const sqi_vec *arg, uint32_t i, bool fold, streamq_error **err)
{
    sqi_span pattern = SQI_SPAN_AT(&arg[1], i);
    sqi_span escape = call->node->narg == 3 ? SQI_SPAN_AT(&arg[2], i) : SQI_SPAN("\\");
    if (sqi_utf8_count(escape) != 1)
        return wrong_escape(call->node, err);
    if (fold) {
        SQI_TRY(lowered(call->eval, &pattern, err));
        SQI_TRY(lowered(call->eval, &escape, err));
    }
    return use(call->state, call->eval->alloc, pattern, escape, err);
}

static streamq_status match_rows(sqi_call *call, const sqi_vec *arg, sqi_rows rows, bool fold, sqi_vec *out,
                                 streamq_error **err)
{
    sqi_heap heap; /* its room is used again for each row, nothing is committed */
    sqi_heap_init(&heap, call->eval->arena);
    bool fixed = arg[1].mask == 0 && (call->node->narg == 2 || arg[2].mask == 0);
    if (fixed && !fold && rows.n) {
        SQI_TRY(prepare(call, arg, 0, false, err));
        if (match_shape(call->state, &arg[0], rows, SQI_OUT(out, uint8_t)))
            return STREAMQ_OK;
    }
    for (SQI_EACH(rows, k, i)) {
        sqi_span v = SQI_SPAN_AT(&arg[0], i);
        if (k == 0 || !fixed)
            SQI_TRY(prepare(call, arg, i, fold, err));
        if (fold) {
            char *room = sqi_heap_reserve(&heap, SQI_CASE_ROOM(v.len));
            if (!room)
                return sqi_error_nomem(err);
            v = (sqi_span){room, sqi_case_map(v, SQI_CASE_LOWER, room)};
        }
        SQI_OUT(out, uint8_t)[i] = matches(call->state, v);
    }
    return STREAMQ_OK;
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_vec *escape = NULL;
    if (node->narg < 3)
        return STREAMQ_OK;
    SQI_TRY(sqi_bind_constant(b, node->arg[2], &escape, err));
    if (escape && sqi_vec_valid(escape, 0) && sqi_utf8_count(SQI_SPAN_AT(escape, 0)) != 1)
        return wrong_escape(node, err);
    return STREAMQ_OK;
}

static streamq_status like(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return match_rows(call, arg, rows, false, out, err);
}

static streamq_status ilike(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return match_rows(call, arg, rows, true, out, err);
}

#define LIKE_ROW(n, k, t)                                                                                            \
    {                                                                                                                \
        .name = n, .min_args = 2, .max_args = 3, .flags = SQI_FUNC_NEVER_NULL, .types = "sss>b", .resolve = resolve, \
        .kernel = k, .state_size = sizeof(like_state), .state_fini = state_fini,                                     \
        .text = n "(str, pattern[, escape]): does str match pattern, where % is any text and _ any character" t "?"  \
    }

const sqi_func sqi_func_like[] = {LIKE_ROW("like", like, ""), LIKE_ROW("ilike", ilike, ", in any case"), {0}};
