/*
 * expr_prog: bound expressions -> steps. See expr_prog.h for the shape of a program.
 *
 * Common subexpressions are found by value numbering: a node's arguments are compiled first, so two calls are the same
 * if the row of the function table, the type, the flags and the argument slots are. Forms, whose arguments run lazily,
 * are compared as trees. The table of steps in sight shrinks again when a block ends.
 */
#include "expr_prog.h"

#include "base_hash.h"

#define BUCKETS 256u

typedef struct compiler {
    sqi_prog *p;
    sqi_alloc *alloc;
    sqi_step *step;
    uint64_t *hash;  /* of each step */
    uint32_t *chain; /* the next older step of its bucket */
    size_t step_cap, hash_cap, chain_cap;
    sqi_block *block;
    size_t block_cap;
    uint32_t bucket[BUCKETS];
    streamq_error **err;
} compiler;

static streamq_status compile(compiler *c, uint32_t block, const sqi_bound *e, uint32_t *slot);

/* Reads nothing that differs between rows. A lambda's own variables do not count. */
static bool is_fixed(const sqi_bound *e, uint32_t first_inner)
{
    if (e->kind == SQI_BOUND_CONST)
        return true;
    if (e->kind == SQI_BOUND_VARIABLE)
        return e->column >= first_inner;
    if (e->kind == SQI_BOUND_CALL && (e->func->flags & SQI_FUNC_RANDOM))
        return false;
    if (e->kind != SQI_BOUND_CALL && e->kind != SQI_BOUND_LAMBDA)
        return false;
    if (e->kind == SQI_BOUND_LAMBDA && e->nvar && e->column < first_inner)
        first_inner = e->column;
    for (uint32_t i = 0; i < e->narg; i++)
        if (!is_fixed(e->arg[i], first_inner))
            return false;
    return true;
}

static bool is_plain(const sqi_type *t)
{
    return !sqi_type_is_nested(t) && t->id != SQI_STRING && t->id != SQI_BINARY;
}

static bool is_plain_call(const sqi_bound *e)
{
    bool plain = is_plain(e->type);
    for (uint32_t i = 0; plain && i < e->narg; i++)
        plain = is_plain(e->arg[i]->type);
    return plain;
}

static uint64_t hash_type(const sqi_type *t)
{
    return (uint64_t)t->id << 16 | (uint64_t)t->precision << 8 | t->scale;
}

static uint64_t hash_tree(const sqi_bound *e)
{
    uint64_t h = sqi_hash_mix((uint64_t)e->kind, hash_type(e->type));
    h = sqi_hash_mix(h, e->kind == SQI_BOUND_CONST ? 0 : e->column);
    h = sqi_hash_mix(h, (uint64_t)(uintptr_t)e->func);
    for (uint32_t i = 0; i < e->narg; i++)
        h = sqi_hash_mix(h, hash_tree(e->arg[i]));
    return h;
}

static uint64_t hash_call(const sqi_bound *e, const uint32_t *arg)
{
    uint64_t h = sqi_hash_mix((uint64_t)(uintptr_t)e->func, hash_type(e->type) ^ e->flags << 32);
    for (uint32_t i = 0; i < e->narg; i++)
        h = sqi_hash_mix(h, arg[i]);
    return h;
}

/* ---- steps ---------------------------------------------------------------------------------------------------- */

static streamq_status add_step(compiler *c, uint32_t block, sqi_step_kind kind, const sqi_bound *e, uint32_t *arg,
                               uint64_t hash, uint32_t *slot)
{
    uint32_t at = c->p->nstep;
    if (!sqi_alloc_grow(c->alloc, (void **)&c->step, &c->step_cap, (size_t)at + 1, sizeof *c->step) ||
        !sqi_alloc_grow(c->alloc, (void **)&c->hash, &c->hash_cap, (size_t)at + 1, sizeof *c->hash) ||
        !sqi_alloc_grow(c->alloc, (void **)&c->chain, &c->chain_cap, (size_t)at + 1, sizeof *c->chain))
        return sqi_error_nomem(c->err);
    sqi_step *s = &c->step[at];
    *s = (sqi_step){.kind = kind, .node = e, .arg = arg, .next = SQI_PROG_NONE};
    if (e->kind == SQI_BOUND_CALL) {
        const sqi_func *f = e->func;
        s->constant = is_fixed(e, UINT32_MAX);
        s->total = (f->flags & SQI_FUNC_TOTAL) && is_plain_call(e);
        s->over_nulls = s->total || ((f->flags & SQI_FUNC_OVER_NULLS) && is_plain_call(e));
        if (kind == SQI_STEP_KERNEL && e->narg && !(s->argv = sqi_arena_array(&c->p->arena, e->narg, sizeof *s->argv)))
            return sqi_error_nomem(c->err);
        if (f->state_size && !(s->state = sqi_arena_zero(&c->p->arena, f->state_size)))
            return sqi_error_nomem(c->err);
    }
    sqi_block *b = &c->block[block];
    if (b->last == SQI_PROG_NONE)
        b->first = at;
    else
        c->step[b->last].next = at;
    b->last = at;
    c->hash[at] = hash;
    c->chain[at] = c->bucket[hash % BUCKETS];
    c->bucket[hash % BUCKETS] = at;
    c->p->nstep++;
    *slot = at;
    return STREAMQ_OK;
}

static bool same_step(const sqi_step *s, sqi_step_kind kind, const sqi_bound *e, const uint32_t *arg)
{
    if (s->kind != kind)
        return false;
    if (kind != SQI_STEP_KERNEL)
        return sqi_bound_equal(s->node, e);
    const sqi_bound *n = s->node;
    return n->func == e->func && n->narg == e->narg && n->flags == e->flags && sqi_type_same(n->type, e->type) &&
           (!e->narg || memcmp(s->arg, arg, e->narg * sizeof *arg) == 0);
}

/* A step in sight that computes the same; random functions answer anew each time. */
static bool find_step(const compiler *c, sqi_step_kind kind, const sqi_bound *e, const uint32_t *arg, uint64_t hash,
                      uint32_t *slot)
{
    if (e->kind == SQI_BOUND_CALL && !sqi_bound_deterministic(e))
        return false;
    for (uint32_t at = c->bucket[hash % BUCKETS]; at != SQI_PROG_NONE; at = c->chain[at])
        if (c->hash[at] == hash && same_step(&c->step[at], kind, e, arg)) {
            *slot = at;
            return true;
        }
    return false;
}

static streamq_status find_or_add(compiler *c, uint32_t block, sqi_step_kind kind, const sqi_bound *e, uint32_t *arg,
                                  uint64_t hash, uint32_t *slot)
{
    if (find_step(c, kind, e, arg, hash, slot))
        return STREAMQ_OK;
    return add_step(c, block, kind, e, arg, hash, slot);
}

/* ---- blocks --------------------------------------------------------------------------------------------------- */

static streamq_status add_block(compiler *c, uint32_t *block)
{
    uint32_t at = c->p->nblock;
    if (!sqi_alloc_grow(c->alloc, (void **)&c->block, &c->block_cap, (size_t)at + 1, sizeof *c->block))
        return sqi_error_nomem(c->err);
    c->block[at] = (sqi_block){SQI_PROG_NONE, SQI_PROG_NONE, SQI_PROG_NONE};
    c->p->nblock++;
    *block = at;
    return STREAMQ_OK;
}

/* Steps from `mark` on go out of sight. The newest stands first in its bucket, so they are popped in reverse. */
static void forget(compiler *c, uint32_t mark)
{
    for (uint32_t at = c->p->nstep; at-- > mark;)
        c->bucket[c->hash[at] % BUCKETS] = c->chain[at];
}

static streamq_status compile_block(compiler *c, const sqi_bound *e, uint32_t *block)
{
    uint32_t mark = c->p->nstep, slot;
    SQI_TRY(add_block(c, block));
    SQI_TRY(compile(c, *block, e, &slot));
    c->block[*block].result = slot;
    forget(c, mark);
    return STREAMQ_OK;
}

static streamq_status compile_lambda(compiler *c, const sqi_bound *lambda, uint32_t *block)
{
    uint32_t *saved = sqi_arena_get(&c->p->arena, sizeof c->bucket);
    if (!saved)
        return sqi_error_nomem(c->err);
    memcpy(saved, c->bucket, sizeof c->bucket);
    memset(c->bucket, 0xff, sizeof c->bucket);
    streamq_status status = compile_block(c, lambda->arg[0], block);
    memcpy(c->bucket, saved, sizeof c->bucket);
    return status;
}

/* ---- nodes ---------------------------------------------------------------------------------------------------- */

static streamq_status compile_form(compiler *c, uint32_t block, const sqi_bound *e, uint32_t *slot)
{
    uint64_t hash = hash_tree(e);
    if (find_step(c, SQI_STEP_FORM, e, NULL, hash, slot))
        return STREAMQ_OK;
    uint32_t *arg = sqi_arena_array(&c->p->arena, (size_t)e->narg + 1, sizeof *arg);
    if (!arg)
        return sqi_error_nomem(c->err);
    for (uint32_t i = 0; i < e->narg; i++) {
        const sqi_bound *a = e->arg[i];
        if (a->kind == SQI_BOUND_LAMBDA)
            SQI_TRY(compile_lambda(c, a, &arg[i]));
        else if (i == 0 && !(e->func->flags & SQI_FUNC_LAZY))
            SQI_TRY(compile(c, block, a, &arg[i]));
        else
            SQI_TRY(compile_block(c, a, &arg[i]));
    }
    return add_step(c, block, SQI_STEP_FORM, e, arg, hash, slot);
}

/* A text joined from texts, not an array: "||" and concat are one kernel. */
static bool joins_text(const sqi_bound *e, const sqi_type *type)
{
    return e->kind == SQI_BOUND_CALL && e->type == type && (type->id == SQI_STRING || type->id == SQI_BINARY) &&
           (strcmp(e->func->name, "||") == 0 || strcmp(e->func->name, "concat") == 0);
}

static uint32_t count_joined(const sqi_bound *e, const sqi_type *type)
{
    uint32_t n = 0;
    if (!joins_text(e, type))
        return 1;
    for (uint32_t i = 0; i < e->narg; i++)
        n += count_joined(e->arg[i], type);
    return n;
}

static void put_joined(sqi_bound *const *arg, uint32_t narg, const sqi_type *type, sqi_bound ***to)
{
    for (uint32_t i = 0; i < narg; i++) {
        if (joins_text(arg[i], type))
            put_joined(arg[i]->arg, arg[i]->narg, type, to);
        else
            *(*to)++ = arg[i];
    }
}

/* a || b || c as one call: the bytes are copied once. */
static streamq_status flatten(compiler *c, const sqi_bound **e)
{
    uint32_t n = joins_text(*e, (*e)->type) ? count_joined(*e, (*e)->type) : (*e)->narg;
    if (n == (*e)->narg)
        return STREAMQ_OK;
    sqi_bound *flat = sqi_arena_get(&c->p->arena, sizeof *flat), **to = NULL;
    if (!flat || !(to = sqi_arena_array(&c->p->arena, (size_t)n + 1, sizeof *to)))
        return sqi_error_nomem(c->err);
    *flat = **e;
    flat->arg = to;
    flat->narg = n;
    put_joined((*e)->arg, (*e)->narg, (*e)->type, &to);
    *e = flat;
    return STREAMQ_OK;
}

static streamq_status compile_call(compiler *c, uint32_t block, const sqi_bound *e, uint32_t *slot)
{
    if (e->func->form)
        return compile_form(c, block, e, slot);
    SQI_TRY(flatten(c, &e));
    if (!e->func->kernel)
        return sqi_error_set(c->err, SQI_COND_INTERNAL_ERROR, "the function %s has no kernel", e->func->name);
    uint32_t *arg = e->narg ? sqi_arena_array(&c->p->arena, e->narg, sizeof *arg) : NULL;
    if (e->narg && !arg)
        return sqi_error_nomem(c->err);
    for (uint32_t i = 0; i < e->narg; i++)
        SQI_TRY(compile(c, block, e->arg[i], &arg[i]));
    return find_or_add(c, block, SQI_STEP_KERNEL, e, arg, hash_call(e, arg), slot);
}

static streamq_status compile(compiler *c, uint32_t block, const sqi_bound *e, uint32_t *slot)
{
    switch (e->kind) {
    case SQI_BOUND_CONST:
        return find_or_add(c, block, SQI_STEP_CONST, e, NULL, hash_tree(e), slot);
    case SQI_BOUND_COLUMN:
        if (e->column >= c->p->ncolumn)
            c->p->ncolumn = e->column + 1;
        return find_or_add(c, block, SQI_STEP_COLUMN, e, NULL, hash_tree(e), slot);
    case SQI_BOUND_VARIABLE:
        return find_or_add(c, block, SQI_STEP_VARIABLE, e, NULL, hash_tree(e), slot);
    case SQI_BOUND_CALL:
        return compile_call(c, block, e, slot);
    default:
        return sqi_error_set(c->err, SQI_COND_INTERNAL_ERROR, "an aggregate or generator stands in a row expression");
    }
}

static bool is_and(const sqi_bound *e)
{
    return e->kind == SQI_BOUND_CALL && e->narg == 2 && strcmp(e->func->name, "and") == 0;
}

static uint32_t count_conjuncts(const sqi_bound *e)
{
    return is_and(e) ? count_conjuncts(e->arg[0]) + count_conjuncts(e->arg[1]) : 1;
}

/* Each conjunct sees what the ones before it computed: it runs over fewer rows. */
static streamq_status compile_conjuncts(compiler *c, const sqi_bound *e)
{
    if (is_and(e)) {
        SQI_TRY(compile_conjuncts(c, e->arg[0]));
        return compile_conjuncts(c, e->arg[1]);
    }
    uint32_t block, slot;
    SQI_TRY(add_block(c, &block));
    SQI_TRY(compile(c, block, e, &slot));
    c->block[block].result = slot;
    c->p->conjunct[c->p->nconjunct++] = block;
    return STREAMQ_OK;
}

static streamq_status compile_all(compiler *c, sqi_bound *const *exprs, uint32_t n)
{
    sqi_prog *p = c->p;
    uint32_t top;
    SQI_TRY(add_block(c, &top));
    for (uint32_t i = 0; i < n; i++) {
        p->type[i] = exprs[i]->type;
        SQI_TRY(compile(c, top, exprs[i], &p->result[i]));
    }
    if (n != 1 || !is_and(exprs[0]))
        return STREAMQ_OK;
    memset(c->bucket, 0xff, sizeof c->bucket); /* a filter runs these blocks instead of the top */
    p->conjunct = sqi_arena_array(&p->arena, count_conjuncts(exprs[0]), sizeof *p->conjunct);
    return p->conjunct ? compile_conjuncts(c, exprs[0]) : sqi_error_nomem(c->err);
}

/* The arrays that grew on the heap become one copy in the program's arena. */
static streamq_status settle(compiler *c)
{
    sqi_prog *p = c->p;
    p->step = sqi_arena_array(&p->arena, (size_t)p->nstep + 1, sizeof *p->step);
    p->block = sqi_arena_array(&p->arena, (size_t)p->nblock + 1, sizeof *p->block);
    p->slot = sqi_arena_array(&p->arena, (size_t)p->nstep + 1, sizeof *p->slot);
    if (!p->step || !p->block || !p->slot)
        return sqi_error_nomem(c->err);
    if (p->nstep)
        memcpy(p->step, c->step, p->nstep * sizeof *p->step);
    memcpy(p->block, c->block, p->nblock * sizeof *p->block);
    return STREAMQ_OK;
}

streamq_status sqi_prog_new(sqi_prog **out, sqi_bound *const *exprs, uint32_t n, sqi_eval *eval, streamq_error **err)
{
    sqi_prog *p = sqi_alloc_zero(eval->alloc, sizeof *p);
    if (!p)
        return sqi_error_nomem(err);
    p->alloc = eval->alloc;
    sqi_arena_init(&p->arena, eval->alloc);
    p->n = n;
    compiler c = {.p = p, .alloc = eval->alloc, .err = err};
    memset(c.bucket, 0xff, sizeof c.bucket);
    p->type = sqi_arena_array(&p->arena, (size_t)n + 1, sizeof *p->type);
    p->result = sqi_arena_array(&p->arena, (size_t)n + 1, sizeof *p->result);
    streamq_status status = p->type && p->result ? compile_all(&c, exprs, n) : sqi_error_nomem(err);
    if (status == STREAMQ_OK)
        status = settle(&c);
    sqi_alloc_free(c.alloc, c.step, c.step_cap * sizeof *c.step);
    sqi_alloc_free(c.alloc, c.hash, c.hash_cap * sizeof *c.hash);
    sqi_alloc_free(c.alloc, c.chain, c.chain_cap * sizeof *c.chain);
    sqi_alloc_free(c.alloc, c.block, c.block_cap * sizeof *c.block);
    if (status != STREAMQ_OK) {
        p->step = NULL; /* nothing has run, so no state needs its fini */
        sqi_prog_free(p);
        return status;
    }
    *out = p;
    return STREAMQ_OK;
}

void sqi_prog_free(sqi_prog *p)
{
    if (!p)
        return;
    for (uint32_t i = 0; p->step && i < p->nstep; i++)
        if (p->step[i].state && p->step[i].node->func->state_fini)
            p->step[i].node->func->state_fini(p->step[i].state);
    sqi_alloc *alloc = p->alloc;
    sqi_arena_fini(&p->arena);
    sqi_alloc_free(alloc, p, sizeof *p);
}
