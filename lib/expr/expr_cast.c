/*
 * expr_cast: which casts there are, and the way through nested types down to the kernels of two scalar types
 * (expr_cast_number.c, expr_cast_decimal.c, expr_cast_time.c, expr_cast_interval.c, expr_cast_string.c).
 *
 * Kernels see rows without nulls. So a vector with nulls is given to them under a narrower selection, except for casts
 * that cannot fail: those run over everything, nulls included, in one dense loop.
 */
#include "expr_cast_kernel.h"

#include "data_text.h"
#include "func_loop.h"

static bool is_interval(const sqi_type *t)
{
    return t->id == SQI_INTERVAL_YM || t->id == SQI_INTERVAL_DT;
}

static bool is_exact(const sqi_type *t)
{
    return sqi_type_is_integral(t) || t->id == SQI_DECIMAL;
}

static bool is_time(const sqi_type *t)
{
    return t->id == SQI_DATE || t->id == SQI_TIMESTAMP || t->id == SQI_TIMESTAMP_NTZ;
}

/* Casts of two scalar types in ANSI mode. */
static bool legal_scalar(const sqi_type *from, const sqi_type *to)
{
    if (to->id == SQI_STRING)
        return true;
    if (sqi_type_is_numeric(to))
        return sqi_type_is_numeric(from) || from->id == SQI_STRING || from->id == SQI_BOOLEAN ||
               from->id == SQI_TIMESTAMP || (is_interval(from) && is_exact(to));
    switch (to->id) {
    case SQI_BOOLEAN:
        return from->id == SQI_STRING || sqi_type_is_numeric(from);
    case SQI_BINARY:
    case SQI_INTERVAL:
        return from->id == SQI_STRING;
    case SQI_DATE:
    case SQI_TIMESTAMP_NTZ:
        return from->id == SQI_STRING || is_time(from);
    case SQI_TIMESTAMP:
        return from->id == SQI_STRING || is_time(from) || sqi_type_is_numeric(from);
    case SQI_INTERVAL_YM:
    case SQI_INTERVAL_DT:
        return from->id == SQI_STRING || from->id == to->id || is_exact(from);
    default:
        return false;
    }
}

/* Casts that exist outside ANSI mode only. */
static bool legal_legacy(const sqi_type *from, const sqi_type *to)
{
    switch (to->id) {
    case SQI_BOOLEAN:
        return from->id == SQI_DATE || from->id == SQI_TIMESTAMP;
    case SQI_BINARY:
        return sqi_type_is_integral(from);
    case SQI_TIMESTAMP:
        return from->id == SQI_BOOLEAN;
    default:
        return from->id == SQI_DATE && sqi_type_is_numeric(to);
    }
}

/* *legacy: what keeps the cast from being legal is ANSI mode alone. Keys of maps are never null, so with try_cast their
   cast must not make nulls. */
static bool legal(const sqi_type *from, const sqi_type *to, bool try_cast, bool *legacy)
{
    if (from == to || from->id == SQI_VOID)
        return true;
    if (to->id == SQI_STRING)
        return true;
    if (sqi_type_is_nested(from) && from->id == to->id && from->nfield == to->nfield) {
        bool all = true;
        for (uint32_t i = 0; i < from->nfield; i++) {
            const sqi_type *part = from->field[i].type, *target = to->field[i].type;
            bool one = legal(part, target, try_cast, legacy);
            if (!one && !*legacy)
                return false;
            all &= one;
            bool gains_null =
                from->id == SQI_MAP && i == 0 && part->id != SQI_VOID && sqi_cast_gives_null(part, target, try_cast);
            if (gains_null || (from->field[i].nullable && !to->field[i].nullable && part->id != SQI_VOID)) {
                *legacy = false;
                return false;
            }
        }
        return all;
    }
    if (sqi_type_is_nested(from) || sqi_type_is_nested(to)) {
        *legacy = false;
        return false;
    }
    if (from->id == to->id && !is_interval(from) && from->id != SQI_DECIMAL)
        return true;
    if (legal_scalar(from, to))
        return true;
    *legacy = legal_legacy(from, to);
    return false;
}

bool sqi_cast_legal(const sqi_type *from, const sqi_type *to, bool try_cast, sqi_cond *condition, const char **function)
{
    bool legacy = false;
    *condition = SQI_COND_NONE;
    *function = "";
    if (legal(from, to, try_cast, &legacy))
        return true;
    if (from->id == SQI_DATE && sqi_type_is_numeric(to))
        *function = "UNIX_DATE";
    else if (to->id == SQI_DATE && sqi_type_is_numeric(from))
        *function = "DATE_FROM_UNIX_DATE";
    else if (from->id == SQI_ARRAY && legacy)
        *function = "TRANSFORM";
    if (**function)
        *condition = SQI_COND_DATATYPE_MISMATCH__CAST_WITH_FUNC_SUGGESTION;
    else if (legacy && !try_cast)
        *condition = SQI_COND_DATATYPE_MISMATCH__CAST_WITH_CONF_SUGGESTION;
    else
        *condition = SQI_COND_DATATYPE_MISMATCH__CAST_WITHOUT_SUGGESTION;
    return false;
}

bool sqi_cast_gives_null(const sqi_type *from, const sqi_type *to, bool try_cast)
{
    if (from->id == SQI_VOID)
        return true;
    if (sqi_type_is_nested(from) || from == to)
        return false; /* nulls arise inside */
    if (from->id == SQI_STRING && to->id == SQI_INTERVAL)
        return true;
    if ((from->id == SQI_FLOAT || from->id == SQI_DOUBLE) && to->id == SQI_DECIMAL)
        return true;
    return try_cast && !sqi_cast_total(from, to) && to->id != SQI_STRING;
}

streamq_status sqi_cast_null(sqi_caster *c, uint32_t i)
{
    SQI_TRY(sqi_vec_bitmap(c->out, c->n, true, c->eval->arena, c->err));
    sqi_vec_set_null(c->out, i);
    return STREAMQ_OK;
}

/* The value as it stands in a message: cut, and texts in quotes. In the arena; "?" without memory. */
static const char *shown(sqi_caster *c, uint32_t i)
{
    enum { MOST = 60 };
    sqi_buf b;
    sqi_buf_init(&b, c->eval->alloc, 0);
    bool quoted = c->from->id == SQI_STRING;
    bool ok = sqi_text_value(&b, c->in, i, c->eval->zone, SQI_TEXT_CAST);
    size_t len = b.len > MOST ? MOST : b.len;
    while (len < b.len && len > MOST - 3 && (b.ptr[len] & 0xc0) == 0x80)
        len--;
    const char *text = ok ? sqi_arena_printf(c->eval->arena, quoted ? "'%.*s%s'" : "%.*s%s", (int)len,
                                             b.ptr ? b.ptr : "", len < b.len ? "..." : "")
                          : NULL;
    sqi_buf_fini(&b);
    return text ? text : "?";
}

static streamq_status refuse(sqi_caster *c, uint32_t i, sqi_cond condition, const char *why)
{
    char from[128], to[128];
    if (c->try_cast)
        return sqi_cast_null(c, i);
    return sqi_error_set(c->err, condition, "cannot cast %s of type %s to %s: %s; use try_cast to get NULL instead",
                         shown(c, i), sqi_type_label(c->from, from), sqi_type_label(c->to, to), why);
}

streamq_status sqi_cast_malformed(sqi_caster *c, uint32_t i)
{
    return refuse(c, i, SQI_COND_CAST_INVALID_INPUT, "it is malformed");
}

streamq_status sqi_cast_overflow(sqi_caster *c, uint32_t i)
{
    return refuse(c, i, SQI_COND_CAST_OVERFLOW, "it is out of range");
}

streamq_status sqi_cast_out_of_range(sqi_caster *c, uint32_t i)
{
    return refuse(c, i, SQI_COND_NUMERIC_VALUE_OUT_OF_RANGE__WITH_SUGGESTION,
                  "it has too many digits before the point");
}

streamq_status sqi_cast_unsupported(sqi_caster *c, uint32_t i)
{
    return refuse(c, i, SQI_COND_NUMERIC_OUT_OF_SUPPORTED_RANGE, "no decimal has so many digits");
}

streamq_status sqi_cast_bad_interval(sqi_caster *c, uint32_t i, sqi_cond condition)
{
    return refuse(c, i, condition, "it is not written as the type wants it");
}

/* string to binary and back: the same views under another type */
static streamq_status share(sqi_caster *c)
{
    const sqi_type *type = c->out->type;
    uint64_t *valid = c->out->valid;
    *c->out = *c->in;
    c->out->type = type;
    c->out->valid = valid;
    return STREAMQ_OK;
}

static sqi_cast_kernel kernel_for(const sqi_type *from, const sqi_type *to)
{
    switch (to->id) {
    case SQI_STRING:
        return from->id == SQI_BINARY ? share : sqi_cast_to_string;
    case SQI_BINARY:
        return share;
    case SQI_DECIMAL:
        return sqi_cast_to_decimal(from);
    case SQI_DATE:
    case SQI_TIMESTAMP:
    case SQI_TIMESTAMP_NTZ:
        return sqi_cast_to_time(from, to);
    case SQI_INTERVAL_YM:
    case SQI_INTERVAL_DT:
    case SQI_INTERVAL:
        return sqi_cast_to_interval(from, to);
    default:
        return sqi_cast_to_number(from, to);
    }
}

static streamq_status cast_struct(sqi_caster *c)
{
    for (uint32_t k = 0; k < c->from->nfield; k++)
        SQI_TRY(sqi_cast(c->eval, &c->in->child[k], c->n, c->rows, c->to->field[k].type, c->try_cast, &c->out->child[k],
                         c->err));
    return STREAMQ_OK;
}

/* The positions of the child that the rows' lists hold: lists may share elements and leave gaps. */
static streamq_status child_rows(sqi_caster *c, sqi_rows *out)
{
    uint32_t n = c->in->nchild, next = 0, found = 0;
    bool dense = true;
    for (SQI_EACH(c->rows, k, i)) {
        sqi_list l = SQI_AT(c->in, sqi_list, i);
        dense &= l.length == 0 || l.offset == next;
        next += l.length;
    }
    *out = (sqi_rows){NULL, n};
    if (dense && next == n)
        return STREAMQ_OK;
    uint8_t *used = sqi_arena_zero(c->eval->arena, n ? n : 1);
    uint32_t *sel = sqi_arena_array(c->eval->arena, n ? n : 1, sizeof *sel);
    if (!used || !sel)
        return sqi_error_nomem(c->err);
    for (SQI_EACH(c->rows, k, i)) {
        sqi_list l = SQI_AT(c->in, sqi_list, i);
        memset(used + l.offset, 1, l.length);
    }
    for (uint32_t i = 0; i < n; i++)
        if (used[i])
            sel[found++] = i;
    *out = (sqi_rows){sel, found};
    return STREAMQ_OK;
}

static streamq_status cast_list(sqi_caster *c)
{
    sqi_rows rows;
    SQI_TRY(child_rows(c, &rows));
    for (uint32_t k = 0; k < c->from->nfield; k++) {
        const sqi_type *type = c->to->field[k].type;
        SQI_TRY(sqi_vec_make(&c->out->child[k], type, c->in->nchild, c->eval->arena, c->err));
        SQI_TRY(sqi_cast(c->eval, &c->in->child[k], c->in->nchild, rows, type, c->try_cast, &c->out->child[k], c->err));
    }
    SQI_CAST_EACH(c, i, SQI_OUT(c->out, sqi_list)[i] = SQI_AT(c->in, sqi_list, i));
    c->out->nchild = c->in->nchild;
    return STREAMQ_OK;
}

/* out is null where in is; *rows becomes those that are not. */
static streamq_status take_nulls(sqi_caster *c, bool narrow)
{
    uint32_t *sel = NULL, found = 0;
    bool constant = !c->in->mask;
    if (!c->in->valid)
        return STREAMQ_OK;
    SQI_TRY(sqi_vec_bitmap(c->out, c->n, true, c->eval->arena, c->err));
    if (!c->rows.sel && !constant && c->rows.n == c->n)
        memcpy(c->out->valid, c->in->valid, ((size_t)c->n + 63) / 64 * 8);
    else
        SQI_CAST_EACH(c, i, if (!sqi_vec_valid(c->in, i)) sqi_vec_set_null(c->out, i));
    if (!narrow)
        return STREAMQ_OK;
    sel = sqi_arena_array(c->eval->arena, c->rows.n ? c->rows.n : 1, sizeof *sel);
    if (!sel)
        return sqi_error_nomem(c->err);
    SQI_CAST_EACH(c, i, if (sqi_vec_valid(c->in, i)) sel[found++] = i);
    if (found < c->rows.n)
        c->rows = (sqi_rows){sel, found};
    return STREAMQ_OK;
}

static streamq_status convert(sqi_caster *c)
{
    bool total = sqi_cast_total(c->from, c->to);
    SQI_TRY(take_nulls(c, !total));
    if (!c->rows.n)
        return STREAMQ_OK;
    if (total)
        c->rows = sqi_loop_widen(c->rows, c->n);
    if (c->to->id == SQI_STRING && sqi_type_is_nested(c->from))
        return sqi_cast_to_string(c);
    if (c->from->id == SQI_STRUCT)
        return cast_struct(c);
    if (sqi_type_is_nested(c->from))
        return cast_list(c);
    sqi_cast_kernel kernel = kernel_for(c->from, c->to);
    if (!kernel)
        return sqi_error_set(c->err, SQI_COND_DATATYPE_MISMATCH__CAST_WITHOUT_SUGGESTION, "there is no such cast");
    return kernel(c);
}

/* The same values under a type that differs in names and nullability only, children included. */
static streamq_status rename_type(sqi_vec *out, const sqi_vec *in, const sqi_type *to, sqi_arena *arena,
                                  streamq_error **err)
{
    *out = *in;
    out->type = to;
    if (in->type == to || !to->nfield)
        return STREAMQ_OK;
    out->child = sqi_arena_array(arena, to->nfield, sizeof *out->child);
    if (!out->child)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < to->nfield; k++)
        SQI_TRY(rename_type(&out->child[k], &in->child[k], to->field[k].type, arena, err));
    return STREAMQ_OK;
}

streamq_status sqi_cast(sqi_eval *eval, const sqi_vec *in, uint32_t n, sqi_rows rows, const sqi_type *to, bool try_cast,
                        sqi_vec *out, streamq_error **err)
{
    const sqi_type *from = in->type;
    if (from->id == SQI_VOID && to->id != SQI_VOID)
        return in->mask ? sqi_vec_bitmap(out, n, false, eval->arena, err) : sqi_vec_null(out, to, eval->arena, err);
    if (sqi_type_same_shape(from, to))
        return rename_type(out, in, to, eval->arena, err);
    sqi_caster c = {eval, in, out, n, rows, from, to, try_cast, err};
    if (in->mask || !rows.n)
        return convert(&c);
    c.n = 1;
    c.rows = (sqi_rows){NULL, 1};
    SQI_TRY(sqi_vec_make(out, to, 1, eval->arena, err));
    SQI_TRY(convert(&c));
    if (out->mask)
        sqi_vec_set_constant(out);
    return STREAMQ_OK;
}
