/*
 * func_compare: = <=> != < <= > >= between, null tests and truth tests. Plain values are compared by typed loops that
 * become vector instructions; text by its views; nested values by data_order, whose rules the loops repeat: NaN equals
 * NaN and stands above everything, -0.0 equals 0.0.
 */
#include "func_compare.h"

#include "data_bits.h"
#include "data_order.h"
#include "expr_coerce.h"
#include "func_loop.h"

SQI_LOOPS_VECTORIZE

typedef enum relation { REL_EQ, REL_NE, REL_LT, REL_LE, REL_GT, REL_GE } relation;

/* ---- binding -------------------------------------------------------------------------------------------------- */

streamq_status sqi_compare_orderable(sqi_binder *b, const sqi_bound *node, const sqi_type *type, streamq_error **err)
{
    char label[128];
    if (sqi_type_is_orderable(type))
        return STREAMQ_OK;
    return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__INVALID_ORDERING_TYPE, err,
                               "values of type %s have no order", sqi_type_label(type, label));
}

/* Text beside another type gives way to it, but not inside nested types. */
static const sqi_type *meeting(sqi_type_pool *pool, const sqi_type *x, const sqi_type *y)
{
    if (x->id == SQI_STRING || y->id == SQI_STRING)
        return sqi_coerce_common(pool, x, y);
    return sqi_coerce_tightest(pool, x, y);
}

static streamq_status resolve_compare(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *x = node->arg[0]->type, *y = node->arg[1]->type;
    if (!sqi_type_same_shape(x, y)) { /* fields of other names compare as they stand */
        const sqi_type *common = meeting(b->eval->pool, x, y);
        char one[128], other[128];
        if (!common)
            return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__BINARY_OP_DIFF_TYPES, err,
                                       "%s and %s cannot be compared", sqi_type_label(x, one),
                                       sqi_type_label(y, other));
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], common, err));
        SQI_TRY(sqi_bind_cast(b, &node->arg[1], common, err));
    }
    node->type = &sqi_type_boolean;
    return sqi_compare_orderable(b, node, node->arg[0]->type, err);
}

static void become(sqi_bound *node, const sqi_bound *other)
{
    const sqi_ast *ast = node->ast;
    *node = *other;
    node->ast = ast;
}

/* a BETWEEN l AND h is a >= l AND a <= h; the two share the node of a. */
static streamq_status resolve_between(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    sqi_bound *low[2] = {node->arg[0], node->arg[1]}, *high[2] = {node->arg[0], node->arg[2]}, *both[2], *out;
    SQI_TRY(sqi_bind_call(b, ">=", low, 2, node->ast, &both[0], err));
    SQI_TRY(sqi_bind_call(b, "<=", high, 2, node->ast, &both[1], err));
    SQI_TRY(sqi_bind_call(b, "and", both, 2, node->ast, &out, err));
    become(node, out);
    return STREAMQ_OK;
}

static streamq_status resolve_truth(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    char label[128];
    if (t->id != SQI_BOOLEAN && t->id != SQI_VOID && t->id != SQI_STRING)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__BINARY_OP_DIFF_TYPES, err,
                                   "%s is compared with BOOLEAN", sqi_type_label(t, label));
    node->type = &sqi_type_boolean;
    return sqi_bind_cast(b, &node->arg[0], &sqi_type_boolean, err);
}

/* Literals and operators over them, which Spark's analyzer leaves as the parser made them. */
static bool is_as_parsed(const sqi_bound *e)
{
    if (e->kind == SQI_BOUND_CONST)
        return true;
    if (e->kind != SQI_BOUND_CALL || strchr("+-*/%&|^~<>=", e->func->name[0]) == NULL)
        return false;
    for (uint32_t i = 0; i < e->narg; i++)
        if (!is_as_parsed(e->arg[i]))
            return false;
    return true;
}

/* Whether it is null, of any type; but Spark's check for BOOLEAN is lost in analysis unless nothing there changes. */
static streamq_status resolve_unknown(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    if (t->id != SQI_BOOLEAN && t->id != SQI_VOID && is_as_parsed(node->arg[0]))
        return sqi_bind_arg_type_error(b, node, 0, "BOOLEAN", err);
    node->type = &sqi_type_boolean;
    return STREAMQ_OK;
}

/* ---- loops ---------------------------------------------------------------------------------------------------- */

/* Two loops a type are enough, and keep the library small: the others are these with sides changed or the answer turned
   round (`no`), which costs a loop nothing that can be measured. */
#define PLAIN_LOOP(LOOP, T)                                \
    if (equal)                                             \
        LOOP(T, T, uint8_t, r = (uint8_t)((x == y) ^ no)); \
    else                                                   \
        LOOP(T, T, uint8_t, r = (uint8_t)((x < y) ^ no));  \
    break

/* The machine's comparison is right unless a NaN takes part; one that does is found on the way, and then the loop runs
   again by the rule that NaN is above all numbers and equal to itself. */
#define SAME(x, y) ((x == y) | ((x != x) & (y != y)))
#define LESS(x, y) ((x < y) | ((x == x) & (y != y)))
#define REAL_RELATION(T, FAST, RIGHT)                                                             \
    do {                                                                                          \
        SQI_LOOP2(T, T, uint8_t, r = (uint8_t)((FAST) ^ no); nan |= __builtin_isunordered(x, y)); \
        if (nan)                                                                                  \
            SQI_RARE_LOOP2(T, T, uint8_t, r = (uint8_t)((RIGHT) ^ no));                           \
    } while (0)
#define REAL_LOOP(T)                          \
    if (equal)                                \
        REAL_RELATION(T, x == y, SAME(x, y)); \
    else                                      \
        REAL_RELATION(T, x < y, LESS(x, y));  \
    break

/* 64-bit order has no instruction in baseline x86-64. Where the machine has one, the common forms use it. */
#if !defined(SQI_PORTABLE) && defined(__x86_64__) && defined(__GNUC__)
#define WITH_AVX2 __attribute__((target("avx2")))
#define RUN64(TEST)                  \
    for (uint32_t i = 0; i < n; i++) \
    to[i] = (uint8_t)((TEST) ^ no)

WITH_AVX2 static void less64(const int64_t *restrict x, const int64_t *restrict y, uint32_t n, uint8_t no,
                             uint8_t *restrict to)
{
    RUN64(x[i] < y[i]);
}

WITH_AVX2 static void less64_than(const int64_t *restrict x, int64_t y, uint32_t n, uint8_t no, uint8_t *restrict to)
{
    RUN64(x[i] < y);
}

WITH_AVX2 static void equal64(const int64_t *restrict x, int64_t y, uint32_t n, uint8_t no, uint8_t *restrict to)
{
    RUN64(x[i] == y);
}

/* False: not done. */
static bool compare64(bool equal, const sqi_vec *arg, sqi_rows rows, uint8_t no, uint8_t *to)
{
    const int64_t *x = arg[0].data, *y = arg[1].data;
    const uint32_t mx = arg[0].mask, my = arg[1].mask;
    if (rows.sel || !(mx | my) || !__builtin_cpu_supports("avx2"))
        return false;
    if (equal && mx && my)
        return false;
    if (equal)
        equal64(mx ? x : y, mx ? y[0] : x[0], rows.n, no, to);
    else if (mx && my)
        less64(x, y, rows.n, no, to);
    else if (mx)
        less64_than(x, y[0], rows.n, no, to);
    else if (x[0] == INT64_MAX) /* above which nothing is */
        memset(to, no, rows.n);
    else
        less64_than(y, x[0] + 1, rows.n, no ^ 1, to);
    return true;
}
#else
static bool compare64(bool equal, const sqi_vec *arg, sqi_rows rows, uint8_t no, uint8_t *to)
{
    (void)equal, (void)arg, (void)rows, (void)no, (void)to;
    return false;
}
#endif

static bool holds(relation rel, int order)
{
    switch (rel) {
    case REL_EQ:
        return order == 0;
    case REL_NE:
        return order != 0;
    case REL_LT:
        return order < 0;
    case REL_LE:
        return order <= 0;
    case REL_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

static void compare_text(relation rel, const sqi_vec *arg, sqi_rows rows, uint8_t *to)
{
    for (SQI_EACH(rows, k, i)) {
        const sqi_str *x = &SQI_AT(&arg[0], sqi_str, i), *y = &SQI_AT(&arg[1], sqi_str, i);
        if (rel <= REL_NE)
            to[i] = sqi_str_equal(x, y) == (rel == REL_EQ);
        else
            to[i] = holds(rel, sqi_str_compare(x, y));
    }
}

static void compare(relation rel, const sqi_vec *side, sqi_rows rows, sqi_vec *out)
{
    const bool equal = rel <= REL_NE, turned = rel == REL_LE || rel == REL_GT;
    const uint8_t no = rel == REL_NE || rel == REL_LE || rel == REL_GE;
    const sqi_vec arg[2] = {side[turned], side[!turned]};
    int nan = 0;
    switch (arg[0].type->id) {
    case SQI_BOOLEAN:
        PLAIN_LOOP(SQI_RARE_LOOP2, uint8_t);
    case SQI_TINYINT:
        PLAIN_LOOP(SQI_RARE_LOOP2, int8_t);
    case SQI_SMALLINT:
        PLAIN_LOOP(SQI_RARE_LOOP2, int16_t);
    case SQI_INT:
    case SQI_DATE:
    case SQI_INTERVAL_YM:
        PLAIN_LOOP(SQI_LOOP2, int32_t);
    case SQI_BIGINT:
    case SQI_TIMESTAMP:
    case SQI_TIMESTAMP_NTZ:
    case SQI_INTERVAL_DT:
        if (compare64(equal, arg, rows, no, SQI_OUT(out, uint8_t)))
            break;
        PLAIN_LOOP(SQI_SCALAR_LOOP2, int64_t);
    case SQI_DECIMAL:
        PLAIN_LOOP(SQI_RARE_LOOP2, sqi_int128);
    case SQI_FLOAT:
        REAL_LOOP(float);
    case SQI_DOUBLE:
        REAL_LOOP(double);
    case SQI_STRING:
    case SQI_BINARY:
        compare_text(rel, side, rows, SQI_OUT(out, uint8_t));
        break;
    default:
        for (SQI_EACH(rows, k, i))
            SQI_OUT(out, uint8_t)[i] = holds(rel, sqi_order_compare(&side[0], i, &side[1], i));
    }
}

void sqi_compare_equal(const sqi_vec *a, const sqi_vec *b, sqi_rows rows, uint8_t *to)
{
    sqi_vec pair[2] = {*a, *b}, out = {.type = &sqi_type_boolean, .data = to, .mask = UINT32_MAX};
    compare(REL_EQ, pair, rows, &out);
}

#define KERNEL(name, rel)                                                                                            \
    static streamq_status name(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err) \
    {                                                                                                                \
        (void)call, (void)err;                                                                                       \
        compare(rel, arg, rows, out);                                                                                \
        return STREAMQ_OK;                                                                                           \
    }
KERNEL(eq, REL_EQ)
KERNEL(ne, REL_NE)
KERNEL(lt, REL_LT)
KERNEL(le, REL_LE)
KERNEL(gt, REL_GT)
KERNEL(ge, REL_GE)

/* ---- nulls ---------------------------------------------------------------------------------------------------- */

static bool may_hold_null(const sqi_vec *v)
{
    return v->valid || v->type->id == SQI_VOID;
}

static streamq_status eq_null_safe(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    uint8_t *to = SQI_OUT(out, uint8_t);
    if (!may_hold_null(&arg[0]) && !may_hold_null(&arg[1]))
        return eq(call, arg, rows, out, err);
    uint32_t *both = sqi_arena_get(call->eval->arena, ((size_t)rows.n + 1) * sizeof *both), m = 0;
    if (!both)
        return sqi_error_nomem(err);
    for (SQI_EACH(rows, k, i)) {
        bool x = sqi_vec_valid(&arg[0], i), y = sqi_vec_valid(&arg[1], i);
        to[i] = x == y;
        both[m] = i;
        m += x & y;
    }
    if (m)
        compare(REL_EQ, arg, (sqi_rows){both, m}, out);
    return STREAMQ_OK;
}

static void null_test(const sqi_vec *arg, sqi_rows rows, bool wanted, uint8_t *to)
{
    if (!arg->valid) {
        bool null = arg->type->id == SQI_VOID;
        for (SQI_EACH(rows, k, i))
            to[i] = null == wanted;
        return;
    }
    if (arg->mask && !rows.sel) {
        for (uint32_t i = 0; i < rows.n; i++)
            to[i] = (uint8_t)(sqi_bits_get(arg->valid, i) ^ wanted);
        return;
    }
    for (SQI_EACH(rows, k, i))
        to[i] = sqi_vec_valid(arg, i) != wanted;
}

static streamq_status is_null(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    null_test(arg, rows, true, SQI_OUT(out, uint8_t));
    return STREAMQ_OK;
}

static streamq_status is_not_null(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    null_test(arg, rows, false, SQI_OUT(out, uint8_t));
    return STREAMQ_OK;
}

static streamq_status is_true(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, uint8_t)[i] = sqi_vec_valid(arg, i) && SQI_AT(arg, uint8_t, i);
    return STREAMQ_OK;
}

static streamq_status is_false(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, uint8_t)[i] = sqi_vec_valid(arg, i) && !SQI_AT(arg, uint8_t, i);
    return STREAMQ_OK;
}

#define COMPARE(n, k, t)                                                                        \
    {                                                                                           \
        .name = n, .min_args = 2, .max_args = 2, .flags = SQI_FUNC_TOTAL | SQI_FUNC_NEVER_NULL, \
        .resolve = resolve_compare, .kernel = k, .text = t                                      \
    }
#define NULL_SAFE(n, t)                                                                               \
    {                                                                                                 \
        .name = n, .min_args = 2, .max_args = 2, .nulls = SQI_NULL_OWN, .flags = SQI_FUNC_NEVER_NULL, \
        .resolve = resolve_compare, .kernel = eq_null_safe, .text = t                                 \
    }
#define NULL_TEST(n, k, t)                                                                                            \
    {                                                                                                                 \
        .name = n, .min_args = 1, .max_args = 1, .nulls = SQI_NULL_OWN, .flags = SQI_FUNC_NEVER_NULL, .types = "_>b", \
        .kernel = k, .text = t                                                                                        \
    }
#define TRUTH_TEST(n, r, k, t)                                                                 \
    {                                                                                          \
        .name = n, .min_args = 1, .max_args = 1, .nulls = SQI_NULL_OWN,                        \
        .flags = SQI_FUNC_NEVER_NULL | SQI_FUNC_INTERNAL, .resolve = r, .kernel = k, .text = t \
    }

const sqi_func sqi_func_compare[] = {
    COMPARE("=", eq, "a = b: whether a equals b"),
    COMPARE("==", eq, "a == b: whether a equals b"),
    COMPARE("!=", ne, "a != b: whether a differs from b"),
    COMPARE("<>", ne, "a <> b: whether a differs from b"),
    COMPARE("<", lt, "a < b: whether a stands before b"),
    COMPARE("<=", le, "a <= b: whether a stands before b or equals it"),
    COMPARE(">", gt, "a > b: whether a stands after b"),
    COMPARE(">=", ge, "a >= b: whether a stands after b or equals it"),
    NULL_SAFE("<=>", "a <=> b: whether a equals b; two nulls are equal"),
    NULL_SAFE("equal_null", "equal_null(a, b): whether a equals b; two nulls are equal"),
    {.name = "between",
     .min_args = 3,
     .max_args = 3,
     .resolve = resolve_between,
     .text = "a BETWEEN low AND high: a >= low AND a <= high"},
    NULL_TEST("isnull", is_null, "isnull(a) or a IS NULL: whether a is null"),
    NULL_TEST("isnotnull", is_not_null, "isnotnull(a) or a IS NOT NULL: whether a is there"),
    TRUTH_TEST("istrue", resolve_truth, is_true, "a IS TRUE: whether a is true; null is not"),
    TRUTH_TEST("isfalse", resolve_truth, is_false, "a IS FALSE: whether a is false; null is not"),
    TRUTH_TEST("isunknown", resolve_unknown, is_null, "a IS UNKNOWN: whether a is null"),
    {0},
};
