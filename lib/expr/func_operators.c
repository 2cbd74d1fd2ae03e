/*
 * func_operators: + - * / % div and their kin: which types meet in which, and the rows. The loops are in func_arith.c
 * and func_decimal.c, bits in func_bits.c.
 *
 * The order of decisions is Spark's: times and intervals first (handed to the rows of the time family), then text
 * beside a number becomes a number, then bare nulls take the other side's type, then numbers meet. An integer literal
 * beside a decimal has just the digits it is written with.
 */
#include "data_decimal.h"
#include "expr_bind.h"
#include "expr_coerce.h"
#include "func_arith.h"

typedef enum operation { OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_MOD, OP_PMOD, OP_IDIV } operation;

static bool is_time(const sqi_type *t)
{
    return t->id == SQI_DATE || t->id == SQI_TIMESTAMP || t->id == SQI_TIMESTAMP_NTZ;
}

static bool is_interval(const sqi_type *t)
{
    return t->id == SQI_INTERVAL_YM || t->id == SQI_INTERVAL_DT || t->id == SQI_INTERVAL;
}

static bool is_real(const sqi_type *t)
{
    return t->id == SQI_FLOAT || t->id == SQI_DOUBLE;
}

static bool any_null(const sqi_bound *node)
{
    return node->arg[0]->nullable || (node->narg > 1 && node->arg[1]->nullable);
}

/* The node turns into another one, at its own place in the text. */
static void become(sqi_bound *node, const sqi_bound *other)
{
    const sqi_ast *ast = node->ast;
    *node = *other;
    node->ast = ast;
}

static streamq_status replace(sqi_binder *b, sqi_bound *node, const char *row, sqi_bound *x, sqi_bound *y,
                              streamq_error **err)
{
    sqi_bound *pair[2] = {x, y}, *out;
    SQI_TRY(sqi_bind_call(b, row, pair, 2, node->ast, &out, err));
    become(node, out);
    return STREAMQ_OK;
}

static streamq_status mismatch(sqi_binder *b, const sqi_bound *node, streamq_error **err)
{
    return sqi_bind_sides_error(b, node, strcmp(node->func->name, "div") == 0 ? "whole or decimal numbers" : "numbers",
                                err);
}

/* ---- times and intervals -------------------------------------------------------------------------------------- */

/* A bare null beside an interval is an interval, and so is one added to a time. Subtracted from a date it is a date. */
static streamq_status type_null(sqi_binder *b, sqi_bound *node, bool minus, streamq_error **err)
{
    for (int k = 0; k < 2; k++) {
        const sqi_type *other = node->arg[!k]->type;
        if (node->arg[k]->type->id != SQI_VOID)
            continue;
        if (is_interval(other) || (minus && other->id == SQI_DATE))
            return sqi_bind_cast(b, &node->arg[k], other, err);
        if (!minus && is_time(other))
            return sqi_bind_cast(b, &node->arg[k], sqi_type_interval_dt(SQI_DAY, SQI_SECOND), err);
    }
    return STREAMQ_OK;
}

static bool takes_interval(const sqi_type *time, const sqi_type *interval)
{
    return is_time(time) || (time->id == SQI_STRING && interval->id != SQI_INTERVAL_YM);
}

static streamq_status add_interval(sqi_binder *b, sqi_bound *node, int time, bool minus, streamq_error **err)
{
    sqi_bound *interval = node->arg[!time];
    const sqi_type *t = node->arg[time]->type;
    if (!takes_interval(t, interval->type))
        return t->id == SQI_STRING || (interval->type->id == SQI_INTERVAL_YM && (minus || !is_interval(t)))
                   ? mismatch(b, node, err)
                   : sqi_bind_arg_type_error(b, node, (uint32_t)time, "a date or timestamp", err);
    if (minus)
        SQI_TRY(sqi_bind_call(b, "negative", &interval, 1, node->ast, &interval, err));
    return replace(b, node, "add_interval", node->arg[time], interval, err);
}

/* Intervals of one kind, by the fields of both. True: the node is resolved. */
static bool intervals_alone(sqi_binder *b, sqi_bound *node)
{
    const sqi_type *x = node->arg[0]->type, *y = node->arg[1]->type;
    if (!is_interval(x) || x->id != y->id)
        return false;
    node->type = sqi_coerce_common(b->eval->pool, x, y);
    node->nullable = any_null(node);
    return true;
}

static streamq_status add_times(sqi_binder *b, sqi_bound *node, bool *done, streamq_error **err)
{
    SQI_TRY(type_null(b, node, false, err));
    if ((*done = intervals_alone(b, node)))
        return STREAMQ_OK;
    const sqi_type *x = node->arg[0]->type, *y = node->arg[1]->type;
    *done = true;
    if (is_interval(y))
        return add_interval(b, node, 0, false, err);
    if (is_interval(x))
        return add_interval(b, node, 1, false, err);
    if (x->id == SQI_DATE && y->id != SQI_STRING)
        return replace(b, node, "date_add", node->arg[0], node->arg[1], err);
    if (y->id == SQI_DATE && x->id != SQI_STRING)
        return replace(b, node, "date_add", node->arg[1], node->arg[0], err);
    if (x->id == SQI_DATE || y->id == SQI_DATE) /* the text would be a date, and dates cannot be added */
        return sqi_bind_arg_type_error(b, node, x->id == SQI_DATE, "an integer", err);
    *done = false;
    return STREAMQ_OK;
}

static streamq_status subtract_times(sqi_binder *b, sqi_bound *node, bool *done, streamq_error **err)
{
    SQI_TRY(type_null(b, node, true, err));
    if ((*done = intervals_alone(b, node)))
        return STREAMQ_OK;
    const sqi_type *x = node->arg[0]->type, *y = node->arg[1]->type;
    bool stamp = (is_time(x) && x->id != SQI_DATE) || (is_time(y) && y->id != SQI_DATE);
    *done = true;
    if (is_interval(y))
        return add_interval(b, node, 0, true, err);
    if (stamp)
        return replace(b, node, "subtract_timestamps", node->arg[0], node->arg[1], err);
    if (y->id == SQI_DATE || (x->id == SQI_DATE && y->id == SQI_STRING))
        return replace(b, node, "subtract_dates", node->arg[0], node->arg[1], err);
    if (x->id == SQI_DATE)
        return replace(b, node, "date_sub", node->arg[0], node->arg[1], err);
    *done = false;
    return STREAMQ_OK;
}

static streamq_status scale_intervals(sqi_binder *b, sqi_bound *node, operation op, bool *done, streamq_error **err)
{
    bool left = is_interval(node->arg[0]->type), right = is_interval(node->arg[1]->type);
    *done = left || (right && op == OP_MUL);
    if (!*done)
        return STREAMQ_OK;
    return replace(b, node, op == OP_MUL ? "interval_multiply" : "interval_divide", node->arg[!left], node->arg[left],
                   err);
}

static bool is_dividable(const sqi_type *t)
{
    return t->id == SQI_INTERVAL_YM || t->id == SQI_INTERVAL_DT;
}

static streamq_status whole_intervals(sqi_binder *b, sqi_bound *node, bool *done, streamq_error **err)
{
    for (int k = 0; k < 2; k++)
        if (node->arg[k]->type->id == SQI_VOID && is_dividable(node->arg[!k]->type))
            SQI_TRY(sqi_bind_cast(b, &node->arg[k], node->arg[!k]->type, err));
    const sqi_type *x = node->arg[0]->type, *y = node->arg[1]->type;
    *done = x->id == y->id && is_dividable(x);
    node->type = &sqi_type_bigint;
    node->nullable = any_null(node);
    return STREAMQ_OK;
}

static streamq_status try_times(sqi_binder *b, sqi_bound *node, operation op, bool *done, streamq_error **err)
{
    switch (op) {
    case OP_ADD:
        return add_times(b, node, done, err);
    case OP_SUB:
        return subtract_times(b, node, done, err);
    case OP_MUL:
    case OP_DIV:
        return scale_intervals(b, node, op, done, err);
    case OP_IDIV:
        return whole_intervals(b, node, done, err);
    default:
        return STREAMQ_OK;
    }
}

/* ---- numbers -------------------------------------------------------------------------------------------------- */

/* Text beside something else: both become what the text is compared as. */
static streamq_status promote_text(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    for (int k = 0; k < 2; k++) {
        const sqi_type *other = node->arg[!k]->type;
        if (node->arg[k]->type->id != SQI_STRING || other->id == SQI_STRING)
            continue;
        const sqi_type *t = sqi_coerce_common(b->eval->pool, node->arg[k]->type, other);
        if (!t)
            return STREAMQ_OK;
        SQI_TRY(sqi_bind_cast(b, &node->arg[k], t, err));
        return sqi_bind_cast(b, &node->arg[!k], t, err);
    }
    return STREAMQ_OK;
}

/* A null beside a number is one; a quotient without dividend is DOUBLE, whatever the divisor. */
static streamq_status promote_null(sqi_binder *b, sqi_bound *node, operation op, streamq_error **err)
{
    bool left = node->arg[0]->type->id == SQI_VOID, right = node->arg[1]->type->id == SQI_VOID;
    const sqi_type *fallback = op == OP_IDIV ? &sqi_type_bigint : &sqi_type_double;
    for (int k = 0; k < 2; k++) {
        const sqi_type *t = node->arg[k]->type;
        if (t->id != SQI_VOID && (!sqi_type_is_numeric(t) || (op == OP_IDIV && is_real(t))))
            return STREAMQ_OK;
    }
    if (left)
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], right || op == OP_DIV ? fallback : node->arg[1]->type, err));
    if (right)
        SQI_TRY(sqi_bind_cast(b, &node->arg[1], node->arg[0]->type, err));
    return STREAMQ_OK;
}

/* The decimal type of an integer beside a decimal: a literal needs only its own digits. */
static const sqi_type *decimal_of(sqi_binder *b, const sqi_bound *e)
{
    const sqi_type *t = e->type;
    bool literal =
        e->kind == SQI_BOUND_CONST && e->ast && e->ast->kind == SQI_AST_LITERAL && sqi_vec_valid(e->value, 0);
    if (literal && t->id == SQI_INT)
        return sqi_type_decimal(b->eval->pool, sqi_decimal_digits(SQI_AT(e->value, int32_t, 0)), 0);
    if (literal && t->id == SQI_BIGINT)
        return sqi_type_decimal(b->eval->pool, sqi_decimal_digits(SQI_AT(e->value, int64_t, 0)), 0);
    if (literal && t->id == SQI_SMALLINT)
        return sqi_type_decimal(b->eval->pool, sqi_decimal_digits(SQI_AT(e->value, int16_t, 0)), 0);
    return sqi_coerce_decimal_of(b->eval->pool, t);
}

static streamq_status cast_both(sqi_binder *b, sqi_bound *node, const sqi_type *to, streamq_error **err)
{
    SQI_TRY(sqi_bind_cast(b, &node->arg[0], to, err));
    return sqi_bind_cast(b, &node->arg[1], to, err);
}

static streamq_status meet_decimals(sqi_binder *b, sqi_bound *node, operation op, streamq_error **err)
{
    static const sqi_decimal_op ops[] = {SQI_DECIMAL_ADD, SQI_DECIMAL_SUB,  SQI_DECIMAL_MUL, SQI_DECIMAL_DIV,
                                         SQI_DECIMAL_MOD, SQI_DECIMAL_PMOD, SQI_DECIMAL_IDIV};
    for (int k = 0; k < 2; k++) {
        const sqi_type *t = decimal_of(b, node->arg[k]);
        if (!t)
            return sqi_error_nomem(err);
        SQI_TRY(sqi_bind_cast(b, &node->arg[k], t, err));
    }
    node->type = sqi_arith_decimal_type(ops[op], b->eval->pool, node->arg[0]->type, node->arg[1]->type);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status meet_numbers(sqi_binder *b, sqi_bound *node, operation op, streamq_error **err)
{
    const sqi_type *x = node->arg[0]->type, *y = node->arg[1]->type;
    if (!sqi_type_is_numeric(x) || !sqi_type_is_numeric(y))
        return mismatch(b, node, err);
    bool decimal = x->id == SQI_DECIMAL || y->id == SQI_DECIMAL;
    if (decimal && !is_real(x) && !is_real(y))
        return meet_decimals(b, node, op, err);
    const sqi_type *common = sqi_coerce_common(b->eval->pool, x, y);
    if (op == OP_DIV)
        common = &sqi_type_double;
    if (op == OP_IDIV) {
        if (is_real(common))
            return mismatch(b, node, err);
        common = &sqi_type_bigint;
    }
    node->type = common;
    return cast_both(b, node, common, err);
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, operation op, streamq_error **err)
{
    bool done = false;
    SQI_TRY(try_times(b, node, op, &done, err));
    if (done)
        return STREAMQ_OK;
    SQI_TRY(promote_text(b, node, err));
    SQI_TRY(promote_null(b, node, op, err));
    SQI_TRY(meet_numbers(b, node, op, err));
    bool may_fail = node->type->id == SQI_DECIMAL; /* Spark calls decimal results nullable whatever goes in */
    node->nullable = may_fail || any_null(node);
    return STREAMQ_OK;
}

#define RESOLVE(name, op)                                                           \
    static streamq_status name(sqi_binder *b, sqi_bound *node, streamq_error **err) \
    {                                                                               \
        return resolve(b, node, op, err);                                           \
    }
RESOLVE(resolve_add, OP_ADD)
RESOLVE(resolve_sub, OP_SUB)
RESOLVE(resolve_mul, OP_MUL)
RESOLVE(resolve_div, OP_DIV)
RESOLVE(resolve_mod, OP_MOD)
RESOLVE(resolve_pmod, OP_PMOD)
RESOLVE(resolve_idiv, OP_IDIV)

/* ---- one operand ---------------------------------------------------------------------------------------------- */

static streamq_status resolve_unary(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    if (t->id == SQI_STRING || t->id == SQI_VOID)
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], &sqi_type_double, err));
    else if (!sqi_type_is_numeric(t) && !is_interval(t))
        return sqi_bind_arg_type_error(b, node, 0, "NUMERIC or an interval", err);
    node->type = node->arg[0]->type;
    node->nullable = node->arg[0]->nullable;
    return STREAMQ_OK;
}

static streamq_status resolve_abs(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    if (node->arg[0]->type->id == SQI_INTERVAL)
        return sqi_bind_arg_type_error(b, node, 0, "NUMERIC or an interval of months or of days", err);
    return resolve_unary(b, node, err);
}

static streamq_status resolve_positive(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(resolve_unary(b, node, err));
    become(node, node->arg[0]);
    return STREAMQ_OK;
}

/* ---- the try_ functions --------------------------------------------------------------------------------------- */

/* Over numbers the operator itself gives null; over anything else (text, times) its casts are tried too. */
static streamq_status resolve_try(sqi_binder *b, sqi_bound *node, const char *row, streamq_error **err)
{
    bool numbers = sqi_type_is_numeric(node->arg[0]->type) && sqi_type_is_numeric(node->arg[1]->type);
    sqi_bound *out;
    SQI_TRY(sqi_bind_call(b, row, node->arg, 2, node->ast, &out, err));
    if (numbers)
        out->flags |= SQI_ARITH_TRY;
    else
        SQI_TRY(sqi_bind_call(b, "try_eval", &out, 1, node->ast, &out, err));
    become(node, out);
    node->nullable = true;
    return STREAMQ_OK;
}

#define RESOLVE_TRY(name, row)                                                      \
    static streamq_status name(sqi_binder *b, sqi_bound *node, streamq_error **err) \
    {                                                                               \
        return resolve_try(b, node, row, err);                                      \
    }
RESOLVE_TRY(resolve_try_add, "+")
RESOLVE_TRY(resolve_try_subtract, "-")
RESOLVE_TRY(resolve_try_multiply, "*")
RESOLVE_TRY(resolve_try_divide, "/")
RESOLVE_TRY(resolve_try_mod, "%")

#define BINARY(n, r, k, f, t)                                                                              \
    {                                                                                                      \
        .name = n, .min_args = 2, .max_args = 2, .flags = SQI_FUNC_OVER_NULLS | SQI_FUNC_NEVER_NULL | (f), \
        .resolve = r, .kernel = k, .text = t                                                               \
    }
#define UNARY(n, r, k, t)                                                                                          \
    {                                                                                                              \
        .name = n, .min_args = 1, .max_args = 1, .flags = SQI_FUNC_OVER_NULLS | SQI_FUNC_NEVER_NULL, .resolve = r, \
        .kernel = k, .text = t                                                                                     \
    }
#define TRY(n, r, t)                                                     \
    {                                                                    \
        .name = n, .min_args = 2, .max_args = 2, .resolve = r, .text = t \
    }

const sqi_func sqi_func_operators[] = {
    BINARY("+", resolve_add, sqi_arith_add, 0, "a + b: the sum; days or an interval after a date or timestamp"),
    BINARY("-", resolve_sub, sqi_arith_sub, 0, "a - b: the difference; between times an interval"),
    BINARY("*", resolve_mul, sqi_arith_mul, 0, "a * b: the product"),
    BINARY("/", resolve_div, sqi_arith_div, SQI_FUNC_DIVISOR_FIRST, "a / b: the quotient, DOUBLE or DECIMAL"),
    BINARY("%", resolve_mod, sqi_arith_mod, SQI_FUNC_DIVISOR_FIRST, "a % b: the remainder, with the sign of a"),
    BINARY("mod", resolve_mod, sqi_arith_mod, SQI_FUNC_DIVISOR_FIRST, "mod(a, b): the remainder, with the sign of a"),
    BINARY("pmod", resolve_pmod, sqi_arith_pmod, SQI_FUNC_DIVISOR_FIRST,
           "pmod(a, b): the remainder, with the sign of b"),
    BINARY("div", resolve_idiv, sqi_arith_idiv, SQI_FUNC_DIVISOR_FIRST,
           "a div b: the whole part of the quotient, BIGINT"),
    UNARY("negative", resolve_unary, sqi_arith_negate, "negative(a) or -a: a with the other sign"),
    UNARY("positive", resolve_positive, NULL, "positive(a) or +a: a as a number"),
    UNARY("abs", resolve_abs, sqi_arith_abs, "abs(a): a without its sign"),
    TRY("try_add", resolve_try_add, "try_add(a, b): a + b, or NULL where that fails"),
    TRY("try_subtract", resolve_try_subtract, "try_subtract(a, b): a - b, or NULL where that fails"),
    TRY("try_multiply", resolve_try_multiply, "try_multiply(a, b): a * b, or NULL where that fails"),
    TRY("try_divide", resolve_try_divide, "try_divide(a, b): a / b, or NULL where that fails"),
    TRY("try_mod", resolve_try_mod, "try_mod(a, b): a % b, or NULL where that fails"),
    {0},
};
