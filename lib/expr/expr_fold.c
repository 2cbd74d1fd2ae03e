/*
 * expr_fold: constant parts of a bound tree, evaluated once. What fails to evaluate stays as it is: the error belongs
 * to the rows that reach it at run time, and a branch that is never taken never fails. What is large stays too: a
 * constant may need more memory than all the rows that ask for it. Whether a tree folds depends on the tree alone, for
 * trees are compared (a grouping key with what is selected); so a lack of memory below that size is an error.
 *
 * A strict function of a null literal is null whatever its other arguments are, as in Spark's NullPropagation: also
 * where one of them would fail.
 */
#include "expr_bind_parts.h"

enum { LARGE_BYTES = 1 << 20 };

typedef struct small_memory {
    sqi_alloc alloc;
    sqi_alloc *from;
    size_t held;
    bool too_small;
} small_memory;

static void *resize(void *user, void *ptr, size_t old_size, size_t new_size)
{
    small_memory *m = user;
    if (new_size > LARGE_BYTES || m->held - old_size > LARGE_BYTES - new_size) {
        m->too_small = true;
        return NULL;
    }
    void *block = sqi_alloc_resize(m->from, ptr, old_size, new_size);
    if (block)
        m->held += new_size - old_size;
    return block;
}

static void release(void *user, void *ptr, size_t size)
{
    small_memory *m = user;
    m->held -= size;
    sqi_alloc_free(m->from, ptr, size);
}

static sqi_bound *fold_constant(sqi_binder *b, const sqi_bound *e, streamq_error **err)
{
    small_memory memory = {.from = b->eval->alloc};
    sqi_alloc_init(&memory.alloc);
    memory.alloc.resize = resize;
    memory.alloc.release = release;
    memory.alloc.user = &memory;
    sqi_eval eval = *b->eval;
    eval.alloc = &memory.alloc;
    const sqi_vec *value = NULL;
    streamq_error *why = NULL;
    streamq_status status = sqi_eval_constant(&eval, e, b->arena, &value, &why);
    sqi_error_free(why);
    if (status == STREAMQ_ERR_NOMEM && !memory.too_small)
        sqi_error_nomem(err);
    if (status != STREAMQ_OK)
        return NULL;
    sqi_bound *out = sqi_bound_const(b->arena, value);
    if (!out) {
        sqi_error_nomem(err);
        return NULL;
    }
    out->type = e->type;
    out->ast = e->ast;
    return out;
}

static sqi_bound *null_of(sqi_binder *b, const sqi_bound *e, streamq_error **err)
{
    sqi_bound *out = sqi_bound_null(b->arena, e->type);
    if (!out)
        sqi_error_nomem(err);
    else
        out->ast = e->ast;
    return out;
}

static sqi_bound *map(void *context, const sqi_bound *e, streamq_error **err)
{
    sqi_binder *b = context;
    if (e->kind == SQI_BOUND_CONST || e->kind == SQI_BOUND_COLUMN)
        return (sqi_bound *)e;
    if (e->kind != SQI_BOUND_CALL)
        return NULL; /* look further below */
    if (sqi_bound_surely_null(e))
        return null_of(b, e, err);
    if (!sqi_bound_foldable(e))
        return NULL;
    return fold_constant(b, e, err);
}

sqi_bound *sqi_fold(sqi_binder *b, sqi_bound *e)
{
    streamq_error *why = NULL; /* a lack of memory, which is what NULL says */
    sqi_bound *out = sqi_bound_rewrite(e, map, b, b->arena, &why);
    sqi_error_free(why);
    return out;
}
