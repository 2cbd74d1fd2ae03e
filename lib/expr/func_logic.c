/*
 * func_logic: and, or, not in three-valued logic, and IN. The right side of `and` is evaluated only for rows that the
 * left side has not decided; IN stops a row at its first hit. A long list of constants becomes a hash table, made when
 * the program first runs.
 */
#include "data_bits.h"
#include "data_order.h"
#include "expr_bind.h"
#include "func_compare.h"
#include "func_loop.h"

SQI_LOOPS_VECTORIZE

/* ---- and, or, not --------------------------------------------------------------------------------------------- */

/* Text is read as BOOLEAN beside a BOOLEAN, a null anywhere. */
static streamq_status resolve_logic(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    sqi_type_id x = node->arg[0]->type->id, y = node->arg[1]->type->id;
    bool left = x == SQI_BOOLEAN || x == SQI_VOID, right = y == SQI_BOOLEAN || y == SQI_VOID;
    bool text = (x == SQI_STRING && y == SQI_BOOLEAN) || (x == SQI_BOOLEAN && y == SQI_STRING);
    if (!(left && right) && !text)
        return sqi_bind_sides_error(b, node, "BOOLEAN", err);
    node->type = &sqi_type_boolean;
    node->nullable = x == SQI_VOID || y == SQI_VOID || node->arg[0]->nullable || node->arg[1]->nullable;
    SQI_TRY(sqi_bind_cast(b, &node->arg[0], &sqi_type_boolean, err));
    return sqi_bind_cast(b, &node->arg[1], &sqi_type_boolean, err);
}

static streamq_status resolve_not(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    sqi_type_id id = node->arg[0]->type->id;
    if (id != SQI_BOOLEAN && id != SQI_VOID && id != SQI_STRING)
        return sqi_bind_arg_type_error(b, node, 0, "BOOLEAN", err);
    node->type = &sqi_type_boolean;
    return sqi_bind_cast(b, &node->arg[0], &sqi_type_boolean, err);
}

/* The rows that the left side leaves open: it is null, or it is not the value that decides. */
static streamq_status open_rows(sqi_call *call, const sqi_vec *left, uint8_t decides, sqi_rows rows, sqi_rows *open,
                                streamq_error **err)
{
    uint32_t *sel = sqi_arena_get(call->eval->arena, ((size_t)rows.n + 1) * sizeof *sel), m = 0;
    if (!sel)
        return sqi_error_nomem(err);
    const uint8_t *bit = left->data;
    for (uint32_t k = 0; k < rows.n; k++) {
        uint32_t i = rows.sel ? rows.sel[k] : k;
        sel[m] = i;
        m += bit[i] != decides || (left->valid && !sqi_bits_get(left->valid, i));
    }
    *open = m == rows.n ? rows : (sqi_rows){sel, m};
    return STREAMQ_OK;
}

static streamq_status combine(sqi_call *call, const sqi_vec *left, const sqi_vec *right, uint8_t decides, sqi_rows rows,
                              sqi_rows open, sqi_vec *out, streamq_error **err)
{
    uint8_t *to = SQI_OUT(out, uint8_t);
    for (SQI_EACH(rows, k, i))
        to[i] = decides;
    if (!left->valid && !right->valid) {
        for (SQI_EACH(open, k, i))
            to[i] = SQI_AT(right, uint8_t, i);
        return STREAMQ_OK;
    }
    SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(open, k, i)) {
        bool there = sqi_vec_valid(right, i);
        uint8_t r = there ? SQI_AT(right, uint8_t, i) : !decides;
        to[i] = r;
        if (r != decides && (!there || !sqi_vec_valid(left, i)))
            sqi_vec_set_null(out, i);
    }
    return STREAMQ_OK;
}

static streamq_status run_logic(sqi_form *form, sqi_call *call, sqi_rows rows, uint8_t decides, sqi_vec *out,
                                streamq_error **err)
{
    const sqi_vec *left, *right;
    sqi_rows open = rows;
    SQI_TRY(sqi_form_arg(form, 0, rows, &left, err));
    bool fixed = left->mask == 0 && sqi_vec_valid(left, 0);
    if (fixed && SQI_AT(left, uint8_t, 0) == decides) {
        *out = *left;
        return STREAMQ_OK;
    }
    if (left->mask)
        SQI_TRY(open_rows(call, left, decides, rows, &open, err));
    if (open.n == 0) {
        *out = *left;
        return STREAMQ_OK;
    }
    SQI_TRY(sqi_form_arg(form, 1, open, &right, err));
    if (fixed) {
        *out = *right;
        return STREAMQ_OK;
    }
    return combine(call, left, right, decides, rows, open, out, err);
}

static streamq_status run_and(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return run_logic(form, call, rows, 0, out, err);
}

static streamq_status run_or(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return run_logic(form, call, rows, 1, out, err);
}

static streamq_status run_not(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    SQI_LOOP1(uint8_t, uint8_t, r = x ^ 1);
    return STREAMQ_OK;
}

/* ---- in ------------------------------------------------------------------------------------------------------- */

#define HASH_FROM 12u /* shorter lists are compared one by one, each by a vector loop */

typedef struct in_state {
    bool tried; /* whether a table pays has been found out */
    bool holds_null;
    sqi_alloc *alloc;
    uint32_t *slot; /* argument numbers; 0: empty */
    uint32_t mask;
} in_state;

static void in_fini(void *state)
{
    in_state *s = state;
    if (s->slot)
        sqi_alloc_free(s->alloc, s->slot, ((size_t)s->mask + 1) * sizeof *s->slot);
}

/* (a, b) IN ((1, 'x'), ...): structs meet by place, whatever their fields are called: all take the first one's names. */
static streamq_status rename_structs(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *first = node->arg[0]->type;
    for (uint32_t k = 1; first->id == SQI_STRUCT && k < node->narg; k++)
        if (node->arg[k]->type != first && sqi_type_same_shape(node->arg[k]->type, first))
            SQI_TRY(sqi_bind_cast(b, &node->arg[k], first, err));
    return STREAMQ_OK;
}

static streamq_status resolve_in(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *common;
    SQI_TRY(rename_structs(b, node, err));
    SQI_TRY(sqi_bind_common(b, node, 0, 1, false, &common, err));
    SQI_TRY(sqi_compare_orderable(b, node, common, err));
    node->type = &sqi_type_boolean;
    node->nullable = false;
    for (uint32_t i = 0; i < node->narg; i++)
        node->nullable |= node->arg[i]->nullable;
    return STREAMQ_OK;
}

static bool is_constant_list(const sqi_bound *node)
{
    for (uint32_t k = 1; k < node->narg; k++)
        if (node->arg[k]->kind != SQI_BOUND_CONST)
            return false;
    return true;
}

static streamq_status build_table(sqi_call *call, in_state *s, streamq_error **err)
{
    const sqi_bound *node = call->node;
    s->tried = true;
    if (node->narg <= HASH_FROM || !is_constant_list(node))
        return STREAMQ_OK;
    uint32_t size = 16;
    while (size < node->narg * 2)
        size *= 2;
    s->alloc = call->eval->alloc;
    if (!(s->slot = sqi_alloc_array(s->alloc, size, sizeof *s->slot)))
        return sqi_error_nomem(err);
    s->mask = size - 1;
    for (uint32_t k = 1; k < node->narg; k++) {
        const sqi_vec *v = node->arg[k]->value;
        if (!sqi_vec_valid(v, 0)) {
            s->holds_null = true;
            continue;
        }
        uint64_t hash;
        sqi_order_hash(v, (sqi_rows){NULL, 1}, 0, false, &hash);
        uint32_t at = (uint32_t)hash & s->mask;
        while (s->slot[at] && !sqi_order_equal(v, 0, node->arg[s->slot[at]]->value, 0))
            at = (at + 1) & s->mask;
        s->slot[at] = k; /* of equal values one stands: a list that says one thing often is as quick as any */
    }
    return STREAMQ_OK;
}

static streamq_status look_up(sqi_call *call, const in_state *s, const sqi_vec *v, sqi_rows rows, sqi_vec *out,
                              streamq_error **err)
{
    uint64_t *hash = sqi_arena_get(call->eval->arena, ((size_t)call->n + 1) * sizeof *hash);
    if (!hash)
        return sqi_error_nomem(err);
    sqi_order_hash(v, rows, 0, false, hash);
    if (s->holds_null)
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, r, i)) {
        bool hit = false;
        for (uint32_t at = (uint32_t)hash[i] & s->mask; s->slot[at] && !hit; at = (at + 1) & s->mask)
            hit = sqi_order_equal(v, i, call->node->arg[s->slot[at]]->value, 0);
        SQI_OUT(out, uint8_t)[i] = hit;
        if (!hit && s->holds_null)
            sqi_vec_set_null(out, i);
    }
    return STREAMQ_OK;
}

/* Rows not hit yet. */
static sqi_rows still_open(const uint8_t *hit, sqi_rows rows, uint32_t *sel)
{
    uint32_t m = 0;
    for (uint32_t k = 0; k < rows.n; k++) { /* sel may be rows.sel: it is written behind where it is read */
        uint32_t i = rows.sel ? rows.sel[k] : k;
        sel[m] = i;
        m += !hit[i];
    }
    return (sqi_rows){sel, m};
}

typedef struct matching {
    sqi_call *call;
    const sqi_vec *v;
    uint8_t *hit, *same;
    uint8_t *undecided; /* rows that met a null; made with the first of them */
} matching;

static streamq_status meet_null(matching *m, sqi_rows rows, const sqi_vec *element, streamq_error **err)
{
    if (!m->undecided && !(m->undecided = sqi_arena_zero(m->call->eval->arena, (size_t)m->call->n + 1)))
        return sqi_error_nomem(err);
    for (SQI_EACH(rows, k, i))
        m->undecided[i] |= !sqi_vec_valid(element, i);
    return STREAMQ_OK;
}

/* One element of the list against all open rows. A null there leaves a row that is not hit undecided. */
static streamq_status match(matching *m, const sqi_vec *element, sqi_rows rows, streamq_error **err)
{
    if (element->valid)
        SQI_TRY(meet_null(m, rows, element, err));
    if (element->mask == 0 && !sqi_vec_valid(element, 0))
        return STREAMQ_OK;
    if (element->valid && element->mask) {
        for (SQI_EACH(rows, k, i))
            m->hit[i] |= sqi_vec_valid(element, i) && sqi_order_equal(m->v, i, element, i);
        return STREAMQ_OK;
    }
    sqi_compare_equal(m->v, element, rows, m->same);
    if (!rows.sel) {
        for (uint32_t i = 0; i < rows.n; i++)
            m->hit[i] |= m->same[i];
    } else {
        for (uint32_t k = 0; k < rows.n; k++)
            m->hit[rows.sel[k]] |= m->same[rows.sel[k]];
    }
    return STREAMQ_OK;
}

static streamq_status walk(sqi_form *form, matching *m, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const sqi_bound *node = m->call->node;
    sqi_arena *arena = m->call->eval->arena;
    uint32_t *sel = sqi_arena_get(arena, ((size_t)rows.n + 1) * sizeof *sel);
    m->same = sqi_arena_get(arena, (size_t)m->call->n + 1);
    if (!m->same || !sel)
        return sqi_error_nomem(err);
    sqi_rows open = rows;
    for (SQI_EACH(rows, k, i))
        m->hit[i] = 0;
    for (uint32_t k = 1; k < node->narg && open.n; k++) {
        const sqi_vec *element;
        if (node->arg[k]->kind != SQI_BOUND_CONST) /* what is computed must not fail for rows that are decided */
            open = still_open(m->hit, open, sel);
        if (open.n == 0)
            break;
        SQI_TRY(sqi_form_arg(form, k, open, &element, err));
        SQI_TRY(match(m, element, open, err));
    }
    if (!m->undecided)
        return STREAMQ_OK;
    SQI_TRY(sqi_vec_bitmap(out, m->call->n, true, arena, err));
    for (SQI_EACH(rows, k, i))
        if (m->undecided[i] && !m->hit[i])
            sqi_vec_set_null(out, i);
    return STREAMQ_OK;
}

static streamq_status run_in(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const sqi_vec *v;
    in_state *s = call->state;
    SQI_TRY(sqi_form_arg(form, 0, rows, &v, err));
    if (v->mask == 0 && !sqi_vec_valid(v, 0))
        return sqi_vec_null(out, &sqi_type_boolean, call->eval->arena, err);
    if (!s->tried)
        SQI_TRY(build_table(call, s, err));
    if (v->valid && v->mask) {
        uint32_t *sel = sqi_arena_get(call->eval->arena, ((size_t)rows.n + 1) * sizeof *sel), m = 0;
        if (!sel)
            return sqi_error_nomem(err);
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
        for (SQI_EACH(rows, k, i)) {
            bool there = sqi_vec_valid(v, i);
            sel[m] = i;
            m += there;
            if (!there)
                sqi_vec_set_null(out, i);
        }
        rows = (sqi_rows){sel, m};
    }
    if (s->slot)
        return look_up(call, s, v, rows, out, err);
    matching m = {.call = call, .v = v, .hit = SQI_OUT(out, uint8_t)};
    return walk(form, &m, rows, out, err);
}

#define LOGIC(n, k, t)                                                                          \
    {                                                                                           \
        .name = n, .min_args = 2, .max_args = 2, .resolve = resolve_logic, .form = k, .text = t \
    }
#define NOT(n)                                                                                  \
    {                                                                                           \
        .name = n, .min_args = 1, .max_args = 1, .flags = SQI_FUNC_TOTAL | SQI_FUNC_NEVER_NULL, \
        .resolve = resolve_not, .kernel = run_not, .text = "NOT a: whether a is false"          \
    }

const sqi_func sqi_func_logic[] = {
    LOGIC("and", run_and, "a AND b: whether both are true"),
    LOGIC("or", run_or, "a OR b: whether one is true"),
    NOT("not"),
    NOT("!"),
    {.name = "in",
     .min_args = 2,
     .max_args = -1,
     .resolve = resolve_in,
     .form = run_in,
     .state_size = sizeof(in_state),
     .state_fini = in_fini,
     .text = "a IN (b, ...): whether a equals one of the list"},
    {0},
};
