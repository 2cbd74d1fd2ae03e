/*
 * func_format: format_string and printf: java.util.Formatter's patterns over SQL values. Dates and timestamps are the
 * numbers that they are stored as; a conversion that does not take the argument's type is an error.
 */
#include "func_format.h"

#include "data_text.h"
#include "expr_bind.h"
#include "func_str.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err
#define WIDTH_MAX (1 << 24)

static streamq_status bad_format(const char *why, streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_INVALID_FUNCTION_ARGUMENT, "the format of printf is not valid: %s", why);
}

/* The arguments of a row and which of them is next. */
typedef struct source {
    const sqi_vec *arg;
    uint32_t n, next, last, row;
    const sqi_zone *zone;
} source;

static streamq_status read_number(sqi_span f, size_t *at, int32_t *n, streamq_error **err)
{
    *n = 0;
    while (*at < f.len && f.ptr[*at] >= '0' && f.ptr[*at] <= '9') {
        *n = *n * 10 + (f.ptr[(*at)++] - '0');
        if (*n > WIDTH_MAX)
            return bad_format("a width, precision or index is too large", err);
    }
    return STREAMQ_OK;
}

static bool read_flag(sqi_format_spec *spec, char c)
{
    switch (c) {
    case '-':
        return spec->left = true;
    case '#':
        return spec->alternate = true;
    case '+':
        return spec->plus = true;
    case ' ':
        return spec->space = true;
    case '0':
        return spec->zero = true;
    case ',':
        return spec->group = true;
    case '(':
        return spec->parens = true;
    default:
        return false;
    }
}

/* What stands behind a '%': *index is 0 without one, -1 for '<'. */
static streamq_status read_spec(sqi_span f, size_t *at, sqi_format_spec *spec, int32_t *index, streamq_error **err)
{
    size_t begin = *at;
    *spec = (sqi_format_spec){.width = -1, .precision = -1};
    *index = 0;
    SQI_TRY(read_number(f, at, index, err));
    if (*at > begin && *at < f.len && f.ptr[*at] == '$') {
        (*at)++;
        if (*index == 0)
            return sqi_error_set(err, SQI_COND_INVALID_PARAMETER_VALUE__ZERO_INDEX,
                                 "printf counts its arguments from 1; %%0$ names none");
    } else {
        *at = begin;
        *index = 0;
    }
    for (; *at < f.len; (*at)++) {
        if (f.ptr[*at] == '<')
            *index = -1;
        else if (!read_flag(spec, f.ptr[*at]))
            break;
    }
    begin = *at;
    SQI_TRY(read_number(f, at, &spec->width, err));
    if (*at == begin)
        spec->width = -1;
    if (*at < f.len && f.ptr[*at] == '.') {
        begin = ++*at;
        SQI_TRY(read_number(f, at, &spec->precision, err));
        if (*at == begin)
            return bad_format("a point without a precision", err);
    }
    if (*at == f.len)
        return bad_format("it ends within a conversion", err);
    char c = f.ptr[(*at)++];
    spec->upper = c >= 'A' && c <= 'Z';
    spec->conversion = spec->upper ? (char)(c | 0x20) : c;
    if (spec->upper && !strchr("ABCEGSXH", c))
        return bad_format("unknown conversion", err);
    if ((spec->left && spec->zero) || (spec->plus && spec->space) || ((spec->left || spec->zero) && spec->width < 0))
        return bad_format("flags that contradict each other, or lack a width", err);
    return STREAMQ_OK;
}

static bool integer_of(const sqi_vec *v, uint32_t i, int64_t *out, int *bits)
{
    uint32_t width = sqi_type_width(v->type);
    switch (v->type->id) {
    case SQI_TINYINT:
    case SQI_SMALLINT:
    case SQI_INT:
    case SQI_BIGINT:
    case SQI_DATE:
    case SQI_TIMESTAMP:
    case SQI_TIMESTAMP_NTZ:
    case SQI_INTERVAL_YM:
    case SQI_INTERVAL_DT:
        *out = sqi_vec_int(v, i);
        break;
    default:
        return false;
    }
    *bits = (int)width * 8;
    return true;
}

static streamq_status put_text(sqi_buf *to, const sqi_format_spec *spec, const source *s, const sqi_vec *v,
                               streamq_error **err)
{
    sqi_buf text;
    int64_t number;
    int bits;
    bool ok;
    if (v->type->id == SQI_STRING || v->type->id == SQI_BINARY)
        return sqi_format_string(to, spec, SQI_SPAN_AT(v, s->row)) ? STREAMQ_OK : sqi_error_nomem(err);
    sqi_buf_init(&text, to->alloc, SQI_STR_MAX);
    if (integer_of(v, s->row, &number, &bits))
        ok = sqi_buf_printf(&text, "%lld", (long long)number);
    else
        ok = sqi_text_value(&text, v, s->row & v->mask, s->zone, SQI_TEXT_CAST);
    ok = ok && sqi_format_string(to, spec, sqi_buf_view(&text));
    sqi_buf_fini(&text);
    return ok ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status put_char(sqi_buf *to, const sqi_format_spec *spec, int64_t code, streamq_error **err)
{
    char text[4];
    if (code < 0 || code > 0x10FFFF)
        return bad_format("%c wants a code point", err);
    size_t n = sqi_utf8_put((uint32_t)code, text);
    return sqi_format_string(to, spec, (sqi_span){text, n}) ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status put_value(sqi_buf *to, const sqi_format_spec *spec, const source *s, const sqi_vec *v,
                                streamq_error **err)
{
    int64_t number;
    int bits;
    sqi_type_id id = v->type->id;
    bool integer = integer_of(v, s->row, &number, &bits), ok;
    switch (spec->conversion) {
    case 'd':
    case 'o':
    case 'x':
        if (!integer || spec->precision >= 0)
            return bad_format("%d, %o and %x take integers and no precision", err);
        ok = sqi_format_int(to, spec, number, bits);
        break;
    case 'a':
        if (spec->precision >= 0)
            return bad_format("%a takes no precision here", err);
        /* fall through */
    case 'e':
    case 'f':
    case 'g':
        if (id != SQI_DOUBLE && id != SQI_FLOAT)
            return bad_format("%a, %e, %f and %g take FLOAT and DOUBLE", err);
        ok = sqi_format_real(to, spec, id == SQI_DOUBLE ? SQI_AT(v, double, s->row) : (double)SQI_AT(v, float, s->row));
        break;
    case 'c':
        if (!integer || bits > 32)
            return bad_format("%c takes a code point of type INT", err);
        return put_char(to, spec, number, err);
    case 'b':
        ok = sqi_format_string(to, spec,
                               sqi_span_of(id == SQI_BOOLEAN && !SQI_AT(v, uint8_t, s->row) ? "false" : "true"));
        break;
    case 's':
        return put_text(to, spec, s, v, err);
    default:
        return bad_format("unknown conversion", err);
    }
    return ok ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status put_one(sqi_buf *to, sqi_span f, size_t *at, source *s, streamq_error **err)
{
    sqi_format_spec spec;
    int32_t index;
    SQI_TRY(read_spec(f, at, &spec, &index, err));
    if (spec.conversion == '%')
        return sqi_format_string(to, &spec, SQI_SPAN("%")) ? STREAMQ_OK : sqi_error_nomem(err);
    if (spec.conversion == 'n')
        return sqi_buf_byte(to, '\n') ? STREAMQ_OK : sqi_error_nomem(err);
    uint32_t n = index > 0 ? (uint32_t)index : index < 0 ? s->last : ++s->next;
    if (n == 0 || n > s->n)
        return bad_format("it asks for more arguments than there are", err);
    s->last = n;
    const sqi_vec *v = &s->arg[n - 1];
    if (sqi_vec_valid(v, s->row))
        return put_value(to, &spec, s, v, err);
    return sqi_format_string(to, &spec, sqi_span_of(spec.conversion == 'b' ? "false" : "null")) ? STREAMQ_OK
                                                                                                : sqi_error_nomem(err);
}

static streamq_status put_row(sqi_buf *to, sqi_span f, source *s, streamq_error **err)
{
    for (size_t at = 0; at < f.len;) {
        const char *percent = memchr(f.ptr + at, '%', f.len - at);
        size_t end = percent ? (size_t)(percent - f.ptr) : f.len;
        if (!sqi_buf_put(to, f.ptr + at, end - at))
            return sqi_error_nomem(err);
        at = end;
        if (percent) {
            at++;
            SQI_TRY(put_one(to, f, &at, s, err));
        }
    }
    return STREAMQ_OK;
}

static streamq_status format_rows(KERNEL_ARGS, sqi_buf *text)
{
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    if (arg[0].valid)
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        source s = {.arg = arg + 1, .n = call->node->narg - 1, .row = i, .zone = call->eval->zone};
        if (!sqi_vec_valid(&arg[0], i)) {
            sqi_vec_set_null(out, i);
            continue;
        }
        sqi_buf_clear(text);
        SQI_TRY(put_row(text, SQI_SPAN_AT(&arg[0], i), &s, err));
        if (!sqi_heap_copy(&heap, sqi_buf_view(text), &SQI_OUT(out, sqi_str)[i]))
            return sqi_error_nomem(err);
    }
    return STREAMQ_OK;
}

static streamq_status format(KERNEL_ARGS)
{
    sqi_buf text;
    sqi_buf_init(&text, call->eval->alloc, SQI_STR_MAX);
    streamq_status st = format_rows(call, arg, rows, out, err, &text);
    sqi_buf_fini(&text);
    return st;
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_signature(b, node, "s_*>s", err));
    node->nullable = node->arg[0]->nullable;
    return STREAMQ_OK;
}

const sqi_func sqi_func_format[] = {
    {.name = "format_string",
     .min_args = 1,
     .max_args = -1,
     .nulls = SQI_NULL_OWN,
     .resolve = resolve,
     .kernel = format,
     .text = "format_string(format, expr, ...): the values under a printf-style format"},
    {.name = "printf",
     .min_args = 1,
     .max_args = -1,
     .nulls = SQI_NULL_OWN,
     .resolve = resolve,
     .kernel = format,
     .text = "printf(format, expr, ...): the values under a printf-style format"},
    {0},
};
