/*
 * func_number_pattern: to_char, to_number and try_to_number with Spark's number formats:
 *
 *     [ MI | S ] [ $ ] [ 0 | 9 | G | , ]... [ . | D ] [ 0 | 9 ]... [ PR | MI | S ]
 *
 * A format is read once, when the call is bound, into tokens. Printing and reading walk over them. A number that does
 * not fit its format prints as the format with '#' for every digit. to_char of a date or timestamp is date_format.
 */
#include "data_decimal.h"
#include "data_number.h"
#include "expr_bind.h"
#include "func_str.h"

typedef enum token_kind {
    TOKEN_DIGITS, /* n of them; exact: as many must be there when read, and zeros fill in when printed */
    TOKEN_COMMA,
    TOKEN_POINT,
    TOKEN_DOLLAR,
    TOKEN_SIGN,  /* S */
    TOKEN_MINUS, /* MI */
    TOKEN_OPEN,  /* the two halves of PR */
    TOKEN_CLOSE,
    TOKEN_UNKNOWN,
    TOKEN_KINDS
} token_kind;

typedef struct token {
    token_kind kind;
    bool exact;
    uint32_t n;
} token;

typedef struct format {
    token *token;
    uint32_t n;
    uint32_t whole, frac; /* digits before and after the point */
    bool lenient;         /* try_to_number */
} format;

/* ---- reading a format ----------------------------------------------------------------------------------------- */

/* At most one token a character, and one more for the bracket in front. */
static void scan(sqi_span s, format *f)
{
    bool point = false;
    for (size_t i = 0; i < s.len;) {
        char c = s.ptr[i], next = i + 1 < s.len ? s.ptr[i + 1] : '\0';
        token t = {.kind = TOKEN_UNKNOWN, .n = 1};
        if (c == '0' || c == '9') {
            size_t from = i;
            while (i < s.len && (s.ptr[i] == '0' || s.ptr[i] == '9'))
                i++;
            t = (token){TOKEN_DIGITS, c == '0' && !point, (uint32_t)(i - from)};
            *(point ? &f->frac : &f->whole) += t.n;
            f->token[f->n++] = t;
            continue;
        }
        if (c == '.' || c == 'D')
            t.kind = TOKEN_POINT;
        else if (c == ',' || c == 'G')
            t.kind = TOKEN_COMMA;
        else if (c == '$')
            t.kind = TOKEN_DOLLAR;
        else if (c == 'S')
            t.kind = TOKEN_SIGN;
        else if ((c == 'M' && next == 'I') || (c == 'P' && next == 'R'))
            t.kind = c == 'M' ? TOKEN_MINUS : TOKEN_CLOSE;
        point |= t.kind == TOKEN_POINT;
        i += t.kind == TOKEN_MINUS || t.kind == TOKEN_CLOSE ? 2 : 1;
        if (t.kind == TOKEN_CLOSE) {
            memmove(f->token + 1, f->token, f->n * sizeof *f->token);
            f->token[0] = (token){TOKEN_OPEN, false, 1};
            f->n++;
        }
        f->token[f->n++] = t;
    }
}

static int64_t first_of(const format *f, token_kind kind)
{
    for (uint32_t i = 0; i < f->n; i++)
        if (f->token[i].kind == kind)
            return i;
    return -1;
}

/* Every separator between digits, and none after the point. */
static sqi_cond check_commas(const format *f)
{
    bool point = false;
    sqi_cond worst = SQI_COND_NONE;
    for (uint32_t i = 0; i < f->n; i++) {
        point |= f->token[i].kind == TOKEN_POINT;
        if (f->token[i].kind != TOKEN_COMMA)
            continue;
        if (point)
            worst = worst ? worst : SQI_COND_INVALID_FORMAT__THOUSANDS_SEPS_MUST_BEFORE_DEC;
        else if (i == 0 || i + 1 == f->n || f->token[i - 1].kind != TOKEN_DIGITS ||
                 f->token[i + 1].kind != TOKEN_DIGITS)
            return SQI_COND_INVALID_FORMAT__CONT_THOUSANDS_SEPS;
    }
    return worst;
}

/* The order of the grammar above; each step may be missing. */
static sqi_cond check_order(const format *f)
{
    static const token_kind order[] = {TOKEN_OPEN,   TOKEN_MINUS,  TOKEN_SIGN,  TOKEN_DOLLAR, TOKEN_DIGITS, TOKEN_POINT,
                                       TOKEN_DIGITS, TOKEN_DOLLAR, TOKEN_MINUS, TOKEN_SIGN,   TOKEN_CLOSE};
    uint32_t count[TOKEN_KINDS] = {0};
    for (uint32_t i = 0; i < f->n; i++)
        count[f->token[i].kind]++;
    if (count[TOKEN_POINT] > 1 || count[TOKEN_DOLLAR] > 1 || count[TOKEN_SIGN] > 1 || count[TOKEN_MINUS] > 1 ||
        count[TOKEN_CLOSE] > 1)
        return SQI_COND_INVALID_FORMAT__WRONG_NUM_TOKEN;
    size_t step = 0;
    for (uint32_t i = 0; i < f->n; i++) {
        token_kind kind = f->token[i].kind;
        if (kind == TOKEN_COMMA || (i && kind == TOKEN_DIGITS && f->token[i - 1].kind == TOKEN_COMMA))
            continue;
        while (step < sizeof order / sizeof *order && order[step] != kind)
            step++;
        if (step == sizeof order / sizeof *order)
            return SQI_COND_INVALID_FORMAT__UNEXPECTED_TOKEN;
        step++;
    }
    return SQI_COND_NONE;
}

static sqi_cond check(const format *f)
{
    int64_t digits = first_of(f, TOKEN_DIGITS), dollar = first_of(f, TOKEN_DOLLAR), point = first_of(f, TOKEN_POINT);
    if (!f->n)
        return SQI_COND_INVALID_FORMAT__EMPTY;
    if (digits < 0)
        return SQI_COND_INVALID_FORMAT__WRONG_NUM_DIGIT;
    if (dollar >= 0 && digits < dollar)
        return SQI_COND_INVALID_FORMAT__CUR_MUST_BEFORE_DIGIT;
    if (dollar >= 0 && point >= 0 && point < dollar)
        return SQI_COND_INVALID_FORMAT__CUR_MUST_BEFORE_DEC;
    sqi_cond commas = check_commas(f);
    return commas ? commas : check_order(f);
}

/* The format in argument 1, a constant, as the node's data; *null: it is NULL. */
static streamq_status resolve_format(sqi_binder *b, sqi_bound *node, bool lenient, bool *null, streamq_error **err)
{
    const sqi_vec *value = NULL;
    SQI_TRY(sqi_bind_signature(b, node, "_s", err));
    SQI_TRY(sqi_bind_constant(b, node->arg[1], &value, err));
    if (!value)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                   "the format must be a constant text");
    *null = !sqi_vec_valid(value, 0);
    if (*null)
        return STREAMQ_OK;
    sqi_span s = SQI_SPAN_AT(value, 0);
    format *f = sqi_arena_zero(b->arena, sizeof *f);
    if (!f || !(f->token = sqi_arena_array(b->arena, 2 * s.len + 2, sizeof *f->token)))
        return sqi_error_nomem(err);
    f->lenient = lenient;
    scan(s, f);
    node->data = f;
    sqi_cond cond = check(f);
    if (cond)
        return sqi_error_set(err, cond, "'%.*s' is no number format: %s", s.len > 80 ? 80 : (int)s.len, s.ptr,
                             sqi_cond_text(cond));
    return STREAMQ_OK;
}

/* ---- to_char -------------------------------------------------------------------------------------------------- */

/* Binary in a form that argument 1 names. */
static streamq_status binary_to_char(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    static const struct {
        const char *format, *row;
    } forms[] = {{"base64", "base64"}, {"hex", "hex"}, {"utf-8", NULL}};
    const sqi_vec *value = NULL;
    sqi_bound *out = node->arg[0];
    SQI_TRY(sqi_bind_constant(b, node->arg[1], &value, err));
    sqi_span name = value && sqi_vec_valid(value, 0) ? SQI_SPAN_AT(value, 0) : SQI_SPAN("NULL");
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!sqi_span_equal_nocase(name, sqi_span_of(forms[i].format)))
            continue;
        if (forms[i].row)
            SQI_TRY(sqi_bind_call(b, forms[i].row, node->arg, 1, node->ast, &out, err));
        else
            SQI_TRY(sqi_bind_cast(b, &out, &sqi_type_string, err));
        const sqi_ast *ast = node->ast;
        *node = *out;
        node->ast = ast;
        return STREAMQ_OK;
    }
    return sqi_error_set(err, SQI_COND_INVALID_PARAMETER_VALUE__BINARY_FORMAT,
                         "binary is written as 'base64', 'hex' or 'utf-8', not as '%.*s'", (int)name.len, name.ptr);
}

/* What decimal a number becomes when it must be one. */
static const sqi_type *decimal_for(sqi_type_pool *pool, const sqi_type *t)
{
    switch (t->id) {
    case SQI_TINYINT:
        return sqi_type_decimal(pool, 3, 0);
    case SQI_SMALLINT:
        return sqi_type_decimal(pool, 5, 0);
    case SQI_INT:
    case SQI_VOID:
        return sqi_type_decimal(pool, 10, 0);
    case SQI_BIGINT:
        return sqi_type_decimal(pool, 20, 0);
    case SQI_FLOAT:
        return sqi_type_decimal(pool, 14, 7);
    case SQI_DOUBLE:
        return sqi_type_decimal(pool, 30, 15);
    default:
        return sqi_type_decimal(pool, 38, 18);
    }
}

static streamq_status resolve_to_char(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    bool null;
    if (t->id == SQI_DATE || t->id == SQI_TIMESTAMP || t->id == SQI_TIMESTAMP_NTZ) {
        sqi_bound *out;
        SQI_TRY(sqi_bind_call(b, "date_format", node->arg, 2, node->ast, &out, err));
        *node = *out;
        return STREAMQ_OK;
    }
    if (t->id == SQI_BINARY)
        return binary_to_char(b, node, err);
    if (!sqi_type_is_numeric(t) && t->id != SQI_STRING && t->id != SQI_VOID)
        return sqi_bind_arg_type_error(b, node, 0, "\"DECIMAL\"", err);
    if (t->id != SQI_DECIMAL) {
        const sqi_type *decimal = decimal_for(b->eval->pool, t);
        if (!decimal)
            return sqi_error_nomem(err);
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], decimal, err));
    }
    node->type = &sqi_type_string;
    return resolve_format(b, node, false, &null, err);
}

/* The text that grows. Signs go in front of trailing blanks, and blanks in front of a sign that stands alone. */
typedef struct writer {
    char *text;
    size_t len;
} writer;

static void append(writer *w, char c)
{
    w->text[w->len++] = c;
}

static void append_sign(writer *w, char c)
{
    size_t at = w->len;
    while (at && w->text[at - 1] == ' ')
        at--;
    memmove(w->text + at + 1, w->text + at, w->len - at);
    w->text[at] = c;
    w->len++;
}

static void append_blank(writer *w)
{
    char last = w->len ? w->text[w->len - 1] : '\0';
    append(w, ' ');
    if (last == '+' || last == '-' || last == '<') {
        w->text[w->len - 2] = ' ';
        w->text[w->len - 1] = last;
    }
}

static void drop_lone_point(writer *w)
{
    if (w->len && w->text[w->len - 1] == '.')
        w->text[w->len - 1] = ' ';
}

/* The digits of a number spread over those of a format: blanks in front, zeros behind. */
typedef struct digits {
    char whole[64], frac[64]; /* of the number, no zeros in front of the one or behind the other */
    uint32_t nwhole, nfrac;
    bool overflow;
} digits;

static void spread(sqi_int128 v, int scale, const format *f, digits *d)
{
    char t[SQI_NUMBER_TEXT];
    size_t n = sqi_number_decimal(v < 0 ? -v : v, scale, t), point = 0;
    while (point < n && t[point] != '.')
        point++;
    size_t from = 0, to = n;
    while (from < point && t[from] == '0')
        from++;
    while (to > point + 1 && t[to - 1] == '0')
        to--;
    d->nwhole = (uint32_t)(point - from);
    d->nfrac = to > point + 1 ? (uint32_t)(to - point - 1) : 0;
    memcpy(d->whole, t + from, d->nwhole);
    if (d->nfrac)
        memcpy(d->frac, t + point + 1, d->nfrac);
    d->overflow = d->nwhole > f->whole || d->nfrac > f->frac;
}

static void write_digits(writer *w, const format *f, const token *t, const digits *d, bool after, uint32_t *at)
{
    for (uint32_t k = 0; k < t->n; k++, (*at)++) {
        if (d->overflow)
            append(w, '#');
        else if (after)
            append(w, *at < d->nfrac ? d->frac[*at] : '0');
        else if (*at >= f->whole - d->nwhole)
            append(w, d->whole[*at - (f->whole - d->nwhole)]);
        else if (t->exact)
            append(w, '0');
        else
            append_blank(w);
    }
}

static void write_token(writer *w, const format *f, const token *t, const digits *d, bool negative, bool *after,
                        uint32_t *at)
{
    switch (t->kind) {
    case TOKEN_DIGITS:
        write_digits(w, f, t, d, *after, at);
        break;
    case TOKEN_COMMA:
        if (w->len && w->text[w->len - 1] >= '0' && w->text[w->len - 1] <= '9')
            append(w, ',');
        else
            append_blank(w);
        break;
    case TOKEN_POINT:
        if (w->len && w->text[w->len - 1] == ' ')
            w->text[w->len - 1] = '0';
        append(w, '.');
        *after = true;
        *at = 0;
        break;
    case TOKEN_DOLLAR:
        append(w, '$');
        break;
    case TOKEN_SIGN:
        drop_lone_point(w);
        append_sign(w, negative ? '-' : '+');
        break;
    case TOKEN_MINUS:
        drop_lone_point(w);
        if (negative)
            append_sign(w, '-');
        else
            append(w, ' ');
        break;
    case TOKEN_OPEN:
        if (negative)
            append(w, '<');
        break;
    default:
        drop_lone_point(w);
        if (negative) {
            append_sign(w, '>');
        } else {
            append(w, ' ');
            append(w, ' ');
        }
        break;
    }
}

static streamq_status to_char(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const format *f = call->node->data;
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_int128 v = SQI_AT(&arg[0], sqi_int128, i);
        digits d;
        writer w = {sqi_heap_reserve(&heap, (size_t)f->whole + f->frac + 2 * (size_t)f->n + 4), 0};
        if (!w.text)
            return sqi_error_nomem(err);
        bool after = false;
        uint32_t at = 0;
        spread(v, arg[0].type->scale, f, &d);
        for (uint32_t t = 0; t < f->n; t++)
            write_token(&w, f, &f->token[t], &d, v < 0, &after, &at);
        drop_lone_point(&w);
        SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, w.text, w.len);
    }
    return STREAMQ_OK;
}

/* ---- to_number ------------------------------------------------------------------------------------------------ */

static streamq_status resolve_number(sqi_binder *b, sqi_bound *node, bool lenient, streamq_error **err)
{
    bool null;
    SQI_TRY(sqi_bind_signature(b, node, "s_", err));
    SQI_TRY(resolve_format(b, node, lenient, &null, err));
    const format *f = node->data;
    int precision = null ? 38 : (int)(f->whole + f->frac), scale = null ? 18 : (int)f->frac;
    if (precision > 38)
        return sqi_error_set(err, SQI_COND_DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION,
                             "the format has %d digits, and a DECIMAL at most 38", precision);
    node->type = sqi_type_decimal(b->eval->pool, precision, scale);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status resolve_to_number(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_number(b, node, false, err);
}

static streamq_status resolve_try_to_number(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_number(b, node, true, err);
}

typedef struct reader {
    const char *p, *end;
    sqi_int128 v; /* digits so far, at most 38 */
    uint32_t digits;
    bool negative, open, after;
} reader;

static bool accept(reader *r, char c)
{
    if (r->p == r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

static uint32_t read_run(reader *r, uint32_t most)
{
    uint32_t n = 0;
    for (; r->p < r->end && *r->p >= '0' && *r->p <= '9' && n <= most; n++, r->p++) {
        r->v = r->v * 10 + (*r->p - '0');
        r->digits++;
    }
    return n;
}

static bool fits(const token *t, uint32_t n)
{
    return t->exact ? n == t->n : n <= t->n;
}

/* Groups of digits from tokens[i] on, which the text may have fewer of: they are matched from the right. */
static bool read_groups(reader *r, const format *f, uint32_t *i)
{
    uint32_t last = *i, groups = 1, given = 1;
    while (last + 2 < f->n && f->token[last + 1].kind == TOKEN_COMMA) {
        last += 2;
        groups++;
    }
    for (const char *p = r->p; p < r->end && (*p == ',' || (*p >= '0' && *p <= '9')); p++)
        given += *p == ',';
    if (given > groups)
        return false;
    for (uint32_t k = *i; k < last - 2 * (given - 1); k += 2)
        if (f->token[k].exact)
            return false;
    for (uint32_t k = last - 2 * (given - 1);; k += 2) {
        uint32_t n = read_run(r, 38);
        if (!fits(&f->token[k], n) || (given > 1 && !n))
            return false;
        if (k == last)
            break;
        if (!accept(r, ','))
            return false;
    }
    *i = last;
    return r->digits <= 38;
}

static bool read_token(reader *r, const format *f, uint32_t *i)
{
    switch (f->token[*i].kind) {
    case TOKEN_DIGITS:
        if (!r->after)
            return read_groups(r, f, i);
        return read_run(r, 38) <= f->token[*i].n;
    case TOKEN_POINT:
        r->after = accept(r, '.');
        return true;
    case TOKEN_DOLLAR:
        return accept(r, '$');
    case TOKEN_SIGN:
        if (accept(r, '-'))
            r->negative = !r->negative;
        else
            (void)accept(r, '+');
        return true;
    case TOKEN_MINUS:
        if (accept(r, '-'))
            r->negative = !r->negative;
        return true;
    case TOKEN_OPEN:
        r->open = accept(r, '<');
        return true;
    default:
        r->negative ^= r->open;
        return accept(r, '>') == r->open;
    }
}

/* The number with the format's scale; false: another shape. */
static bool read_number(sqi_span s, const format *f, sqi_int128 *v, bool *overflow)
{
    reader r = {.p = s.ptr, .end = s.ptr + s.len};
    uint32_t frac = 0;
    *overflow = false;
    while (r.p < r.end && *r.p == ' ')
        r.p++;
    while (r.end > r.p && r.end[-1] == ' ')
        r.end--;
    for (uint32_t i = 0; i < f->n; i++) {
        uint32_t before = r.digits;
        if (!read_token(&r, f, &i))
            return false;
        frac += r.after ? r.digits - before : 0;
    }
    if (r.p != r.end || !r.digits)
        return false;
    *overflow = !sqi_decimal_rescale(r.negative ? -r.v : r.v, (int)frac, (int)f->frac, (int)(f->whole + f->frac), v);
    return true;
}

static streamq_status to_number(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const format *f = call->node->data;
    for (SQI_EACH(rows, k, i)) {
        bool overflow;
        sqi_span s = SQI_SPAN_AT(&arg[0], i);
        if (read_number(s, f, &SQI_OUT(out, sqi_int128)[i], &overflow)) {
            if (overflow)
                return sqi_error_set(err, SQI_COND_NUMERIC_VALUE_OUT_OF_RANGE__WITH_SUGGESTION,
                                     "'%.*s' has more digits before the point than the format", (int)s.len, s.ptr);
            continue;
        }
        if (!f->lenient)
            return sqi_error_set(err, SQI_COND_INVALID_FORMAT__MISMATCH_INPUT,
                                 "'%.*s' does not have the shape of the number format; use try_to_number to get NULL",
                                 s.len > 80 ? 80 : (int)s.len, s.ptr);
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
        sqi_vec_set_null(out, i);
    }
    return STREAMQ_OK;
}

#define ROW(row, res, kern, line)                                                               \
    {                                                                                           \
        .name = row, .min_args = 2, .max_args = 2, .resolve = res, .kernel = kern, .text = line \
    }

const sqi_func sqi_func_number_pattern[] = {
    ROW("to_char", resolve_to_char, to_char,
        "A number by a format such as '99,999.99', a date by a pattern, binary as 'hex'."),
    ROW("to_varchar", resolve_to_char, to_char,
        "A number by a format such as '99,999.99', a date by a pattern, binary as 'hex'."),
    ROW("to_number", resolve_to_number, to_number, "The number that a text holds in a format such as '$99,999.99'."),
    ROW("try_to_number", resolve_try_to_number, to_number, "to_number, NULL if the text has another shape."),
    {0}};
