/*
 * expr_eval: running a program over a chunk, block by block. Slots hold headers only; what they point to lives in
 * eval->arena until the caller resets it.
 *
 * Null handling of STRICT kernels is here: the result's bitmap is the AND of the arguments', and the kernel sees the
 * rows that are left, or all of them if it does not mind (SQI_FUNC_TOTAL, SQI_FUNC_OVER_NULLS).
 */
#include "data_bits.h"
#include "data_select.h"
#include "expr_run.h"
#include "func_loop.h"

typedef struct gathered gathered;
struct gathered { /* a column or variable of an outer frame, by this frame's positions */
    bool variable;
    uint32_t number;
    sqi_vec value;
    struct gathered *next;
};

struct sqi_form {
    sqi_prog *prog;
    sqi_eval *eval;
    sqi_frame *frame;
    const sqi_step *step;
};

static streamq_status run_block(sqi_prog *p, sqi_eval *eval, uint32_t block, sqi_frame *f, sqi_rows rows,
                                streamq_error **err);

/* ---- columns and variables ------------------------------------------------------------------------------------ */

static streamq_status fetch(sqi_eval *eval, const sqi_frame *f, bool variable, uint32_t number, sqi_vec *out,
                            streamq_error **err)
{
    if (variable && number >= f->first && number < f->first + f->nvar) {
        *out = *f->var[number - f->first];
        return STREAMQ_OK;
    }
    if (!f->outer) {
        if (variable || !f->chunk || number >= f->chunk->ncol)
            return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "an expression reads %s %u, which is not there",
                                 variable ? "variable" : "column", (unsigned)number);
        *out = f->chunk->col[number];
        return STREAMQ_OK;
    }
    for (const gathered *g = f->gathered; g; g = g->next)
        if (g->variable == variable && g->number == number) {
            *out = g->value;
            return STREAMQ_OK;
        }
    gathered *g = sqi_arena_zero(eval->arena, sizeof *g);
    if (!g)
        return sqi_error_nomem(err);
    sqi_vec in;
    SQI_TRY(fetch(eval, f->outer, variable, number, &in, err));
    if (in.mask == 0)
        g->value = in;
    else
        SQI_TRY(sqi_vec_gather(&g->value, &in, f->parent, f->n, eval->arena, err));
    g->variable = variable;
    g->number = number;
    g->next = f->gathered;
    ((sqi_frame *)f)->gathered = g; /* a cache: the frame's meaning does not change */
    *out = g->value;
    return STREAMQ_OK;
}

/* ---- kernels -------------------------------------------------------------------------------------------------- */

static streamq_status make_null(sqi_eval *eval, const sqi_type *type, sqi_vec *out, streamq_error **err)
{
    return sqi_vec_null(out, type, eval->arena, err);
}

/* The AND of the arguments' bitmaps, in memory of its own (the kernel may clear more bits); NULL: no argument has one.
 */
static streamq_status and_bitmaps(sqi_eval *eval, const sqi_vec *arg, uint32_t narg, uint32_t n, uint64_t **out,
                                  streamq_error **err)
{
    uint64_t *bits = NULL;
    size_t words = sqi_bits_words(n);
    for (uint32_t k = 0; k < narg; k++) {
        const uint64_t *in = arg[k].valid;
        if (!in || arg[k].mask == 0)
            continue;
        if (!bits) {
            if (!(bits = sqi_arena_get(eval->arena, words * sizeof *bits)))
                return sqi_error_nomem(err);
            memcpy(bits, in, words * sizeof *bits);
            continue;
        }
        for (size_t w = 0; w < words; w++)
            bits[w] &= in[w];
    }
    *out = bits;
    return STREAMQ_OK;
}

streamq_status sqi_run_pick(sqi_eval *eval, const uint64_t *bits, sqi_rows rows, sqi_rows *out, streamq_error **err)
{
    if (!rows.sel && sqi_bits_count(bits, rows.n) == rows.n) {
        *out = rows;
        return STREAMQ_OK;
    }
    uint32_t *sel = sqi_arena_get(eval->arena, ((size_t)rows.n + 1) * sizeof *sel), m = 0;
    if (!sel)
        return sqi_error_nomem(err);
    if (rows.sel) {
        for (uint32_t k = 0; k < rows.n; k++) { /* no branch: the next row overwrites one that is not there */
            uint32_t i = rows.sel[k];
            sel[m] = i;
            m += sqi_bits_get(bits, i);
        }
    } else {
        for (uint32_t w = 0; w * 64 < rows.n; w++) {
            uint64_t word = bits[w];
            if (rows.n - w * 64 < 64)
                word &= (UINT64_C(1) << (rows.n - w * 64)) - 1;
            for (; word; word &= word - 1)
                sel[m++] = w * 64 + (uint32_t)__builtin_ctzll(word);
        }
    }
    *out = (sqi_rows){sel, m};
    return STREAMQ_OK;
}

static bool any_constant_null(const sqi_vec *arg, uint32_t narg)
{
    for (uint32_t k = 0; k < narg; k++)
        if (arg[k].mask == 0 && !sqi_vec_valid(&arg[k], 0))
            return true;
    return false;
}

/* A kernel without a care for single rows runs fastest over all positions, if enough of them are wanted anyway. */
static sqi_rows widen(const sqi_step *s, sqi_rows rows, uint32_t n)
{
    return s->total ? sqi_loop_widen(rows, n) : rows;
}

static streamq_status run_strict(const sqi_step *s, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const sqi_bound *e = s->node;
    sqi_eval *eval = call->eval;
    if (any_constant_null(s->argv, e->narg))
        return make_null(eval, e->type, out, err);
    uint64_t *bits = NULL;
    SQI_TRY(and_bitmaps(eval, s->argv, e->narg, call->n, &bits, err));
    if (bits && !s->total && !(s->over_nulls && !rows.sel))
        SQI_TRY(sqi_run_pick(eval, bits, rows, &rows, err));
    else
        rows = widen(s, rows, call->n);
    if (rows.n == 0)
        return make_null(eval, e->type, out, err);
    SQI_TRY(sqi_vec_make(out, e->type, call->n, eval->arena, err));
    if (bits)
        out->valid = bits;
    return e->func->kernel(call, s->argv, rows, out, err);
}

streamq_status sqi_run_kernel(sqi_eval *eval, const sqi_step *s, const sqi_frame *f, sqi_rows rows, sqi_vec *out,
                              streamq_error **err)
{
    const sqi_bound *e = s->node;
    const sqi_func *row = e->func;
    bool constant = s->constant || (e->narg && !(row->flags & SQI_FUNC_RANDOM));
    for (uint32_t k = 0; k < e->narg; k++)
        constant = constant && s->argv[k].mask == 0;
    sqi_call call = {eval, e, s->state, constant ? 1 : f->n};
    if (constant)
        rows = (sqi_rows){NULL, 1};
    streamq_status status;
    if (row->nulls == SQI_NULL_STRICT) {
        status = run_strict(s, &call, rows, out, err);
    } else {
        status = sqi_vec_make(out, e->type, call.n, eval->arena, err);
        if (status == STREAMQ_OK)
            status = row->kernel(&call, s->argv, widen(s, rows, call.n), out, err);
    }
    if (status == STREAMQ_OK && constant)
        sqi_vec_set_constant(out);
    return status;
}

/* ---- forms ---------------------------------------------------------------------------------------------------- */

static streamq_status run_form(sqi_prog *p, sqi_eval *eval, const sqi_step *s, sqi_frame *f, sqi_rows rows,
                               sqi_vec *out, streamq_error **err)
{
    const sqi_bound *e = s->node;
    sqi_frame one = {.n = 1}; /* nothing below reads a column */
    if (s->constant) {
        f = &one;
        rows = (sqi_rows){NULL, 1};
    }
    sqi_form form = {p, eval, f, s};
    sqi_call call = {eval, e, s->state, f->n};
    SQI_TRY(sqi_vec_make(out, e->type, f->n, eval->arena, err));
    SQI_TRY(e->func->form(&form, &call, rows, out, err));
    if (s->constant)
        sqi_vec_set_constant(out);
    return STREAMQ_OK;
}

/* A header that stays as it is when the block runs again over other rows. */
static streamq_status keep(sqi_eval *eval, const sqi_vec *v, const sqi_vec **out, streamq_error **err)
{
    sqi_vec *copy = sqi_arena_get(eval->arena, sizeof *copy);
    if (!copy)
        return sqi_error_nomem(err);
    *copy = *v;
    *out = copy;
    return STREAMQ_OK;
}

streamq_status sqi_form_arg(sqi_form *form, uint32_t k, sqi_rows rows, const sqi_vec **out, streamq_error **err)
{
    const sqi_bound *e = form->step->node;
    sqi_prog *p = form->prog;
    if (rows.n == 0) {
        sqi_vec *null = sqi_arena_get(form->eval->arena, sizeof *null);
        if (!null)
            return sqi_error_nomem(err);
        *out = null;
        return make_null(form->eval, e->arg[k]->type, null, err);
    }
    if (k == 0 && !(e->func->flags & SQI_FUNC_LAZY)) {
        *out = &p->slot[form->step->arg[0]];
        return STREAMQ_OK;
    }
    uint32_t block = form->step->arg[k];
    SQI_TRY(run_block(p, form->eval, block, form->frame, rows, err));
    return keep(form->eval, &p->slot[p->block[block].result], out, err);
}

/* Positions that are no rows get some parent that exists: they are gathered too, and looked at by nobody. */
static streamq_status fill_parent(sqi_eval *eval, const uint32_t *parent, uint32_t n, sqi_rows rows,
                                  const uint32_t **out, streamq_error **err)
{
    *out = parent;
    if (!rows.sel && rows.n == n)
        return STREAMQ_OK;
    uint32_t *all = sqi_arena_get(eval->arena, ((size_t)n + 1) * sizeof *all);
    if (!all)
        return sqi_error_nomem(err);
    uint32_t any = parent[rows.sel ? rows.sel[0] : 0];
    for (uint32_t i = 0; i < n; i++)
        all[i] = any;
    for (SQI_EACH(rows, k, i))
        all[i] = parent[i];
    *out = all;
    return STREAMQ_OK;
}

streamq_status sqi_form_lambda(sqi_form *form, uint32_t k, const sqi_vec *const *var, uint32_t n,
                               const uint32_t *parent, sqi_rows rows, const sqi_vec **out, streamq_error **err)
{
    const sqi_bound *lambda = form->step->node->arg[k];
    sqi_prog *p = form->prog;
    if (rows.n == 0) {
        sqi_vec *null = sqi_arena_get(form->eval->arena, sizeof *null);
        if (!null)
            return sqi_error_nomem(err);
        *out = null;
        return make_null(form->eval, lambda->type, null, err);
    }
    sqi_frame inner = {.n = n, .outer = form->frame, .first = lambda->column, .nvar = lambda->nvar, .var = var};
    SQI_TRY(fill_parent(form->eval, parent, n, rows, &inner.parent, err));
    uint32_t block = form->step->arg[k];
    SQI_TRY(run_block(p, form->eval, block, &inner, rows, err));
    return keep(form->eval, &p->slot[p->block[block].result], out, err);
}

/* ---- steps and programs --------------------------------------------------------------------------------------- */

streamq_status sqi_run_step(sqi_prog *p, sqi_eval *eval, const sqi_step *s, sqi_frame *f, sqi_rows rows, sqi_vec *out,
                            streamq_error **err)
{
    switch (s->kind) {
    case SQI_STEP_CONST:
        *out = *s->node->value;
        return STREAMQ_OK;
    case SQI_STEP_COLUMN:
        return fetch(eval, f, false, s->node->column, out, err);
    case SQI_STEP_VARIABLE:
        return fetch(eval, f, true, s->node->column, out, err);
    case SQI_STEP_KERNEL:
        for (uint32_t k = 0; k < s->node->narg; k++)
            s->argv[k] = p->slot[s->arg[k]];
        return sqi_run_kernel(eval, s, f, rows, out, err);
    case SQI_STEP_FORM:
        return run_form(p, eval, s, f, rows, out, err);
    }
    return STREAMQ_OK;
}

void sqi_run_place(const sqi_step *s, streamq_error *err)
{
    const sqi_ast *ast = s->node->ast;
    if (err && ast && ast->text.len)
        sqi_error_place(err, ast->text, ast->begin, ast->end);
}

static streamq_status run_block(sqi_prog *p, sqi_eval *eval, uint32_t block, sqi_frame *f, sqi_rows rows,
                                streamq_error **err)
{
    if (p->lazy)
        return sqi_lazy_slot(p, eval, p->block[block].result, f, rows, err);
    for (uint32_t at = p->block[block].first; at != SQI_PROG_NONE; at = p->step[at].next) {
        const sqi_step *s = &p->step[at];
        streamq_status status = sqi_run_step(p, eval, s, f, rows, &p->slot[at], err);
        if (status == STREAMQ_OK)
            continue;
        sqi_run_place(s, err ? *err : NULL);
        return status;
    }
    return STREAMQ_OK;
}

/* A block over rows of the chunk. If a value fails, it may be one that Spark would not have looked at. From then on all
   blocks of the chunk run lazily (*lazy), for what they share has been run for some rows only. */
static streamq_status run_chunk(sqi_prog *p, sqi_eval *eval, uint32_t block, const uint32_t *result, uint32_t n,
                                sqi_frame *f, sqi_rows rows, bool *lazy, streamq_error **err)
{
    streamq_error *why = NULL;
    streamq_status status = STREAMQ_OK;
    if (!*lazy)
        status = run_block(p, eval, block, f, rows, &why);
    *lazy = *lazy || status == STREAMQ_ERR_DATA;
    if (*lazy) {
        sqi_error_free(why);
        why = NULL;
        status = sqi_lazy_run(p, eval, result, n, f, rows, &why);
    }
    return status == STREAMQ_OK ? STREAMQ_OK : sqi_error_pass(err, why);
}

streamq_status sqi_prog_run(sqi_prog *p, sqi_eval *eval, const sqi_chunk *chunk, sqi_vec *out, streamq_error **err)
{
    if (chunk->rows.n == 0) {
        for (uint32_t i = 0; i < p->n; i++)
            SQI_TRY(make_null(eval, p->type[i], &out[i], err));
        return STREAMQ_OK;
    }
    sqi_frame f = {.chunk = chunk, .n = chunk->n};
    bool lazy = false;
    SQI_TRY(run_chunk(p, eval, 0, p->result, p->n, &f, chunk->rows, &lazy, err));
    for (uint32_t i = 0; i < p->n; i++)
        out[i] = p->slot[p->result[i]];
    return STREAMQ_OK;
}

/* The rows where a condition is true. */
static streamq_status narrow(sqi_eval *eval, const sqi_vec *condition, sqi_rows *rows, streamq_error **err)
{
    const uint8_t *yes = condition->data;
    const uint64_t *valid = condition->valid;
    if (condition->mask == 0) {
        if (!sqi_vec_valid(condition, 0) || !yes[0])
            rows->n = 0;
        return STREAMQ_OK;
    }
    uint32_t *sel = sqi_arena_get(eval->arena, ((size_t)rows->n + SQI_SELECT_ROOM) * sizeof *sel), m = 0, n = rows->n;
    if (!sel)
        return sqi_error_nomem(err);
    if (rows->sel && valid) {
        for (uint32_t k = 0; k < n; k++) {
            uint32_t i = rows->sel[k];
            sel[m] = i;
            m += yes[i] & sqi_bits_get(valid, i);
        }
    } else if (rows->sel) {
        for (uint32_t k = 0; k < n; k++) {
            uint32_t i = rows->sel[k];
            sel[m] = i;
            m += yes[i];
        }
    } else {
        m = sqi_select(yes, valid, n, sel, NULL);
    }
    if (m < n)
        *rows = (sqi_rows){sel, m};
    return STREAMQ_OK;
}

/* Whether a block may as well run over rows that the conjunct before it drops: its steps are cheap and cannot fail. */
static bool is_sure(const sqi_prog *p, uint32_t block)
{
    for (uint32_t at = p->block[block].first; at != SQI_PROG_NONE; at = p->step[at].next) {
        const sqi_step *s = &p->step[at];
        if (s->kind != SQI_STEP_CONST && s->kind != SQI_STEP_COLUMN && !(s->kind == SQI_STEP_KERNEL && s->total))
            return false;
    }
    return true;
}

/* Two conditions over the first n positions as one: ANDing bytes is quicker than choosing rows twice. */
static streamq_status both(sqi_eval *eval, const sqi_vec *one, const sqi_vec *other, uint32_t n, sqi_vec *out,
                           streamq_error **err)
{
    const sqi_vec pair[2] = {*one, *other};
    const uint8_t *x = one->data, *y = other->data;
    uint8_t *to = sqi_arena_get(eval->arena, (size_t)n + 1);
    if (!to)
        return sqi_error_nomem(err);
    *out = *one;
    out->data = to;
    uint32_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t a, b;
        memcpy(&a, x + i, 8);
        memcpy(&b, y + i, 8);
        a &= b;
        memcpy(to + i, &a, 8);
    }
    for (; i < n; i++)
        to[i] = x[i] & y[i];
    return and_bitmaps(eval, pair, 2, n, &out->valid, err);
}

streamq_status sqi_prog_filter(sqi_prog *p, sqi_eval *eval, const sqi_chunk *chunk, sqi_rows *out, streamq_error **err)
{
    sqi_frame f = {.chunk = chunk, .n = chunk->n};
    sqi_rows rows = chunk->rows;
    bool lazy = false;
    for (uint32_t k = 0; k < p->nconjunct && rows.n; k++) {
        uint32_t block = p->conjunct[k];
        SQI_TRY(run_chunk(p, eval, block, &p->block[block].result, 1, &f, rows, &lazy, err));
        sqi_vec yes = p->slot[p->block[block].result];
        if (k + 1 < p->nconjunct && !lazy && !rows.sel && yes.mask && is_sure(p, p->conjunct[k + 1])) {
            block = p->conjunct[++k];
            SQI_TRY(run_chunk(p, eval, block, &p->block[block].result, 1, &f, rows, &lazy, err));
            sqi_vec first = yes, second = p->slot[p->block[block].result];
            if (second.mask)
                SQI_TRY(both(eval, &first, &second, rows.n, &yes, err));
            else
                SQI_TRY(narrow(eval, &second, &rows, err));
        }
        SQI_TRY(narrow(eval, &yes, &rows, err));
    }
    if (!p->nconjunct && rows.n) {
        SQI_TRY(run_chunk(p, eval, 0, p->result, 1, &f, rows, &lazy, err));
        SQI_TRY(narrow(eval, &p->slot[p->result[0]], &rows, err));
    }
    *out = rows;
    return STREAMQ_OK;
}

streamq_status sqi_eval_constant(sqi_eval *eval, const sqi_bound *e, sqi_arena *arena, const sqi_vec **out,
                                 streamq_error **err)
{
    sqi_arena scratch; /* the answer is copied, so the scratch of the evaluation can go at once */
    sqi_arena_init(&scratch, eval->alloc);
    sqi_eval own = *eval;
    own.arena = &scratch;
    sqi_bound *list[1] = {(sqi_bound *)e};
    sqi_prog *prog = NULL;
    sqi_chunk chunk = {.n = 1, .rows = {NULL, 1}};
    sqi_vec value, *copy = NULL;
    streamq_status status = sqi_prog_new(&prog, list, 1, &own, err);
    if (status == STREAMQ_OK)
        status = sqi_prog_run(prog, &own, &chunk, &value, err);
    if (status == STREAMQ_OK && !(copy = sqi_arena_get(arena, sizeof *copy)))
        status = sqi_error_nomem(err);
    if (status == STREAMQ_OK)
        status = sqi_vec_copy(copy, &value, chunk.rows, arena, err);
    if (status == STREAMQ_OK) {
        sqi_vec_set_constant(copy);
        *out = copy;
    }
    sqi_prog_free(prog);
    sqi_arena_fini(&scratch);
    return status;
}
