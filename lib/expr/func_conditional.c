/*
 * func_conditional: if, case, coalesce and what is made of them; greatest and least. A branch is evaluated only for the
 * rows that take it, so what stands in it cannot fail for others. Logic (and, or, not) and IN are in func_logic.c.
 */
#include "expr_bind.h"
#include "func_blend.h"
#include "func_branch.h"
#include "func_compare.h"

#include <math.h>

#include "data_order.h"

/* ---- binding -------------------------------------------------------------------------------------------------- */

static void become(sqi_bound *node, const sqi_bound *other)
{
    const sqi_ast *ast = node->ast;
    *node = *other;
    node->ast = ast;
}

static streamq_status need_condition(sqi_binder *b, sqi_bound *node, uint32_t k, streamq_error **err)
{
    if (node->arg[k]->type->id != SQI_BOOLEAN)
        return sqi_bind_arg_type_error(b, node, k, "BOOLEAN", err);
    return STREAMQ_OK;
}

static streamq_status resolve_if(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    if (node->arg[0]->type->id == SQI_VOID) /* a bare NULL is a condition here, though not in CASE */
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], &sqi_type_boolean, err));
    SQI_TRY(need_condition(b, node, 0, err));
    SQI_TRY(sqi_bind_common(b, node, 1, 1, false, &node->type, err));
    node->nullable = node->arg[1]->nullable || node->arg[2]->nullable;
    return STREAMQ_OK;
}

/* Values stand at 1, 3, 5, ... and, when their number is odd, at the end: ELSE. */
static streamq_status case_common(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    uint32_t n = 0;
    sqi_bound values = *node;
    values.arg = sqi_arena_array(b->arena, node->narg, sizeof *values.arg);
    if (!values.arg)
        return sqi_error_nomem(err);
    for (uint32_t i = 1; i < node->narg; i += 2)
        values.arg[n++] = node->arg[i];
    if (node->narg % 2)
        values.arg[n++] = node->arg[node->narg - 1];
    values.narg = n;
    SQI_TRY(sqi_bind_common(b, &values, 0, 1, false, &node->type, err));
    n = 0;
    for (uint32_t i = 1; i < node->narg; i += 2)
        node->arg[i] = values.arg[n++];
    if (node->narg % 2)
        node->arg[node->narg - 1] = values.arg[n];
    return STREAMQ_OK;
}

static streamq_status resolve_case(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    for (uint32_t i = 0; i + 1 < node->narg; i += 2)
        SQI_TRY(need_condition(b, node, i, err));
    SQI_TRY(case_common(b, node, err));
    node->nullable = node->narg % 2 == 0; /* no ELSE */
    for (uint32_t i = 1; i < node->narg; i += 2)
        node->nullable |= node->arg[i]->nullable;
    if (node->narg % 2)
        node->nullable |= node->arg[node->narg - 1]->nullable;
    return STREAMQ_OK;
}

static streamq_status resolve_coalesce(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_common(b, node, 0, 1, false, &node->type, err));
    node->nullable = true;
    for (uint32_t i = 0; i < node->narg; i++)
        if (!node->arg[i]->nullable)
            node->nullable = false;
    return STREAMQ_OK;
}

static streamq_status make_if(sqi_binder *b, sqi_bound *node, sqi_bound *condition, sqi_bound *yes, sqi_bound *no,
                              streamq_error **err)
{
    sqi_bound *arg[3] = {condition, yes, no}, *out;
    SQI_TRY(sqi_bind_call(b, "if", arg, 3, node->ast, &out, err));
    become(node, out);
    return STREAMQ_OK;
}

static streamq_status resolve_nvl2(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    sqi_bound *there;
    SQI_TRY(sqi_bind_call(b, "isnotnull", node->arg, 1, node->ast, &there, err));
    return make_if(b, node, there, node->arg[1], node->arg[2], err);
}

static streamq_status null_of(sqi_binder *b, const sqi_type *type, sqi_bound **out, streamq_error **err)
{
    sqi_vec *null = sqi_arena_get(b->arena, sizeof *null);
    if (!null)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_vec_null(null, type, b->arena, err));
    *out = sqi_bound_const(b->arena, null);
    return *out ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status int_of(sqi_binder *b, int32_t value, sqi_bound **out, streamq_error **err)
{
    sqi_vec *v = sqi_arena_get(b->arena, sizeof *v);
    if (!v)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_vec_make(v, &sqi_type_int, 1, b->arena, err));
    SQI_OUT(v, int32_t)[0] = value;
    v->mask = 0;
    *out = sqi_bound_const(b->arena, v);
    return *out ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status null_if_equal(sqi_binder *b, sqi_bound *node, sqi_bound *other, streamq_error **err)
{
    sqi_bound *pair[2] = {node->arg[0], other}, *same, *null;
    SQI_TRY(sqi_bind_call(b, "=", pair, 2, node->ast, &same, err));
    SQI_TRY(null_of(b, node->arg[0]->type, &null, err));
    return make_if(b, node, same, null, node->arg[0], err);
}

static streamq_status resolve_nullif(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return null_if_equal(b, node, node->arg[1], err);
}

static streamq_status resolve_nullifzero(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    sqi_bound *zero;
    SQI_TRY(int_of(b, 0, &zero, err));
    return null_if_equal(b, node, zero, err);
}

static streamq_status resolve_zeroifnull(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    sqi_bound *pair[2] = {node->arg[0], NULL}, *out;
    SQI_TRY(int_of(b, 0, &pair[1], err));
    SQI_TRY(sqi_bind_call(b, "coalesce", pair, 2, node->ast, &out, err));
    become(node, out);
    return STREAMQ_OK;
}

/* decode(x, search, result, ..., default): CASE with a null-safe comparison. Without a default the missing one is a
   null text, which takes part in finding the type. With two arguments it reads bytes in a character set. */
static streamq_status resolve_decode(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    sqi_bound *out;
    if (node->narg == 2) {
        SQI_TRY(sqi_bind_call(b, "decode_charset", node->arg, 2, node->ast, &out, err));
        become(node, out);
        return STREAMQ_OK;
    }
    uint32_t pairs = (node->narg - 1) / 2;
    sqi_bound **arg = sqi_arena_array(b->arena, 2 * (size_t)pairs + 1, sizeof *arg);
    if (!arg)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < pairs; i++) {
        sqi_bound *same[2] = {node->arg[0], node->arg[1 + 2 * i]};
        SQI_TRY(sqi_bind_call(b, "<=>", same, 2, node->ast, &arg[2 * i], err));
        arg[2 * i + 1] = node->arg[2 + 2 * i];
    }
    if (node->narg % 2 == 0)
        arg[2 * pairs] = node->arg[node->narg - 1];
    else
        SQI_TRY(null_of(b, &sqi_type_string, &arg[2 * pairs], err));
    SQI_TRY(sqi_bind_call(b, "case", arg, 2 * pairs + 1, node->ast, &out, err));
    become(node, out);
    return STREAMQ_OK;
}

/* FLOAT stays, everything else is read as DOUBLE; the two meet in DOUBLE. */
static streamq_status real_arg(sqi_binder *b, sqi_bound *node, uint32_t k, streamq_error **err)
{
    const sqi_type *t = node->arg[k]->type;
    if (t->id == SQI_FLOAT)
        return STREAMQ_OK;
    if (!sqi_type_is_numeric(t) && t->id != SQI_STRING && t->id != SQI_VOID)
        return sqi_bind_arg_type_error(b, node, k, "DOUBLE or FLOAT", err);
    return sqi_bind_cast(b, &node->arg[k], &sqi_type_double, err);
}

static streamq_status resolve_isnan(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    node->type = &sqi_type_boolean;
    return real_arg(b, node, 0, err);
}

static streamq_status resolve_nanvl(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(real_arg(b, node, 0, err));
    if (node->arg[1]->type->id == SQI_VOID)
        SQI_TRY(sqi_bind_cast(b, &node->arg[1], node->arg[0]->type, err));
    SQI_TRY(real_arg(b, node, 1, err));
    SQI_TRY(sqi_bind_common(b, node, 0, 1, false, &node->type, err));
    node->nullable = node->arg[0]->nullable || node->arg[1]->nullable;
    return STREAMQ_OK;
}

static streamq_status resolve_extreme(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_common(b, node, 0, 1, true, &node->type, err));
    node->nullable = true;
    for (uint32_t i = 0; i < node->narg; i++)
        if (!node->arg[i]->nullable)
            node->nullable = false;
    return sqi_compare_orderable(b, node, node->type, err);
}

/* ---- running -------------------------------------------------------------------------------------------------- */

static streamq_status run_case(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_branches to;
    uint32_t narg = call->node->narg, k = 0;
    bool done;
    SQI_TRY(sqi_blend_case(form, call, rows, out, &done, err));
    if (done)
        return STREAMQ_OK;
    sqi_branches_init(&to, call, rows, out);
    for (; k + 1 < narg && rows.n; k += 2) {
        const sqi_vec *condition;
        sqi_rows yes;
        SQI_TRY(sqi_form_arg(form, k, rows, &condition, err));
        SQI_TRY(sqi_branch_split(call, condition, rows, &yes, &rows, err));
        SQI_TRY(sqi_branches_take(&to, form, k + 1, yes, err));
    }
    if (narg % 2)
        SQI_TRY(sqi_branches_take(&to, form, narg - 1, rows, err));
    else
        SQI_TRY(sqi_branches_null(&to, rows, err));
    return sqi_branches_finish(&to, err);
}

static streamq_status run_coalesce(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_branches to;
    sqi_branches_init(&to, call, rows, out);
    for (uint32_t k = 0; k < call->node->narg && rows.n; k++) {
        const sqi_vec *v;
        sqi_rows there;
        SQI_TRY(sqi_form_arg(form, k, rows, &v, err));
        SQI_TRY(sqi_branch_valid(call, v, rows, &there, &rows, err));
        SQI_TRY(sqi_branches_put(&to, v, there, err));
    }
    SQI_TRY(sqi_branches_null(&to, rows, err));
    return sqi_branches_finish(&to, err);
}

static bool is_nan(const sqi_vec *v, uint32_t i)
{
    return v->type->id == SQI_FLOAT ? isnan(SQI_AT(v, float, i)) : isnan(SQI_AT(v, double, i));
}

static streamq_status run_nanvl(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const sqi_vec *v;
    sqi_branches to;
    uint32_t *nan = sqi_arena_get(call->eval->arena, ((size_t)rows.n * 2 + 1) * sizeof *nan), m = 0, rest = 0;
    if (!nan)
        return sqi_error_nomem(err);
    uint32_t *number = nan + rows.n;
    SQI_TRY(sqi_form_arg(form, 0, rows, &v, err));
    for (SQI_EACH(rows, k, i)) {
        if (sqi_vec_valid(v, i) && is_nan(v, i))
            nan[m++] = i;
        else
            number[rest++] = i;
    }
    sqi_branches_init(&to, call, rows, out);
    SQI_TRY(sqi_branches_put(&to, v, (sqi_rows){number, rest}, err));
    SQI_TRY(sqi_branches_take(&to, form, 1, (sqi_rows){nan, m}, err));
    return sqi_branches_finish(&to, err);
}

static streamq_status run_isnan(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, uint8_t)[i] = sqi_vec_valid(arg, i) && is_nan(arg, i);
    return STREAMQ_OK;
}

/* Which argument wins in each row; of equals the first. Nulls never win. */
static streamq_status extreme(sqi_call *call, const sqi_vec *arg, sqi_rows rows, int sign, sqi_vec *out,
                              streamq_error **err)
{
    uint32_t narg = call->node->narg;
    uint32_t *best = sqi_arena_get(call->eval->arena, ((size_t)call->n + rows.n + 1) * sizeof *best);
    if (!best)
        return sqi_error_nomem(err);
    uint32_t *sel = best + call->n;
    for (SQI_EACH(rows, k, i)) {
        uint32_t winner = UINT32_MAX;
        for (uint32_t a = 0; a < narg; a++)
            if (sqi_vec_valid(&arg[a], i) &&
                (winner == UINT32_MAX || sign * sqi_order_compare(&arg[a], i, &arg[winner], i) > 0))
                winner = a;
        best[i] = winner;
    }
    sqi_branches to;
    sqi_branches_init(&to, call, rows, out);
    for (uint32_t a = 0; a <= narg; a++) {
        uint32_t m = 0, wanted = a < narg ? a : UINT32_MAX;
        for (SQI_EACH(rows, k, i)) {
            sel[m] = i;
            m += best[i] == wanted;
        }
        sqi_rows won = {sel, m};
        SQI_TRY(a < narg ? sqi_branches_put(&to, &arg[a], won, err) : sqi_branches_null(&to, won, err));
    }
    return sqi_branches_finish(&to, err);
}

static streamq_status run_greatest(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return extreme(call, arg, rows, 1, out, err);
}

static streamq_status run_least(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return extreme(call, arg, rows, -1, out, err);
}

/* Rows where the argument fails are null: halves of the rows are tried until the failing ones stand alone. */
static streamq_status try_rows(sqi_form *form, sqi_branches *to, sqi_rows rows, streamq_error **err)
{
    streamq_error *failed = NULL;
    const sqi_vec *v;
    streamq_status status = sqi_form_arg(form, 0, rows, &v, &failed);
    if (status == STREAMQ_OK)
        return sqi_branches_put(to, v, rows, err);
    if (status != STREAMQ_ERR_DATA)
        return sqi_error_pass(err, failed);
    sqi_error_free(failed);
    if (rows.n == 1)
        return sqi_branches_null(to, rows, err);
    uint32_t half = rows.n / 2;
    SQI_TRY(try_rows(form, to, (sqi_rows){rows.sel, half}, err));
    return try_rows(form, to, (sqi_rows){rows.sel + half, rows.n - half}, err);
}

static streamq_status run_try(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_branches to;
    sqi_branches_init(&to, call, rows, out);
    if (!rows.sel) { /* halves need positions */
        uint32_t *all = sqi_arena_get(call->eval->arena, ((size_t)rows.n + 1) * sizeof *all);
        if (!all)
            return sqi_error_nomem(err);
        for (uint32_t i = 0; i < rows.n; i++)
            all[i] = i;
        rows.sel = all;
    }
    SQI_TRY(try_rows(form, &to, rows, err));
    return sqi_branches_finish(&to, err);
}

static streamq_status resolve_eval(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    (void)b, (void)err;
    node->type = node->arg[0]->type;
    node->nullable = true;
    return STREAMQ_OK;
}

#define REWRITTEN(n, min, max, r, t)                                         \
    {                                                                        \
        .name = n, .min_args = min, .max_args = max, .resolve = r, .text = t \
    }
#define COALESCE(n, min, max, t)                                                                                  \
    {                                                                                                             \
        .name = n, .min_args = min, .max_args = max, .resolve = resolve_coalesce, .form = run_coalesce, .text = t \
    }

const sqi_func sqi_func_conditional[] = {
    {.name = "if",
     .min_args = 3,
     .max_args = 3,
     .resolve = resolve_if,
     .form = run_case,
     .state_size = sizeof(sqi_blend),
     .text = "if(condition, a, b): a where the condition is true, else b"},
    {.name = "case",
     .min_args = 2,
     .max_args = -1,
     .flags = SQI_FUNC_INTERNAL,
     .resolve = resolve_case,
     .form = run_case,
     .state_size = sizeof(sqi_blend),
     .text = "CASE WHEN condition THEN a ... ELSE b END: the value of the first true condition"},
    {.name = "when",
     .min_args = 2,
     .max_args = -1,
     .resolve = resolve_case,
     .form = run_case,
     .state_size = sizeof(sqi_blend),
     .text = "when(condition, a, ..., b): the value of the first true condition"},
    COALESCE("coalesce", 1, -1, "coalesce(a, ...): the first argument that is not null"),
    COALESCE("nvl", 2, 2, "nvl(a, b): a, or b where a is null"),
    COALESCE("ifnull", 2, 2, "ifnull(a, b): a, or b where a is null"),
    REWRITTEN("nvl2", 3, 3, resolve_nvl2, "nvl2(a, b, c): b where a is not null, else c"),
    REWRITTEN("nullif", 2, 2, resolve_nullif, "nullif(a, b): null where a equals b, else a"),
    REWRITTEN("nullifzero", 1, 1, resolve_nullifzero, "nullifzero(a): null where a is 0, else a"),
    REWRITTEN("zeroifnull", 1, 1, resolve_zeroifnull, "zeroifnull(a): 0 where a is null, else a"),
    REWRITTEN(
        "decode", 2, -1, resolve_decode,
        "decode(a, search, result, ..., default): the result whose search equals a; decode(bytes, charset): text"),
    {.name = "isnan",
     .min_args = 1,
     .max_args = 1,
     .nulls = SQI_NULL_OWN,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve_isnan,
     .kernel = run_isnan,
     .text = "isnan(a): whether a is not a number"},
    {.name = "nanvl",
     .min_args = 2,
     .max_args = 2,
     .resolve = resolve_nanvl,
     .form = run_nanvl,
     .text = "nanvl(a, b): b where a is not a number, else a"},
    {.name = "greatest",
     .min_args = 2,
     .max_args = -1,
     .nulls = SQI_NULL_OWN,
     .resolve = resolve_extreme,
     .kernel = run_greatest,
     .text = "greatest(a, b, ...): the largest, nulls left out"},
    {.name = "least",
     .min_args = 2,
     .max_args = -1,
     .nulls = SQI_NULL_OWN,
     .resolve = resolve_extreme,
     .kernel = run_least,
     .text = "least(a, b, ...): the smallest, nulls left out"},
    {.name = "try_eval",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_LAZY | SQI_FUNC_INTERNAL,
     .resolve = resolve_eval,
     .form = run_try,
     .text = "the argument, or null where it fails"},
    {0},
};
