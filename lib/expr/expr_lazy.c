/*
 * expr_lazy: a program run again in Spark's order, after a value has failed in the run of whole blocks.
 *
 * Spark asks for the arguments of a strict function one after the other and stops at the first null: NULL + CAST('x' AS
 * INT) is NULL, not an error. (A null literal behind is as good: Spark's optimizer sees it first.) Running whole blocks
 * is quicker and gives the same, unless one of the values that nobody had to look at fails. Only then are the arguments
 * run like this, each over the rows where those before it are not null. A slot that is asked for again runs only if
 * there are rows it has not seen, and then over all of them: however often steps are shared, each runs once a row at
 * most.
 *
 * A random function that has given its values in the first run goes on from there.
 */
#include "data_bits.h"
#include "expr_run.h"

typedef struct seen { /* what a slot holds */
    uint64_t frame;   /* its number, 0: nothing */
    uint64_t *bits;   /* the positions */
} seen;

struct sqi_lazy {
    uint64_t frames;
    seen slot[];
};

/* Widens `rows` by what the slot holds already; none if it holds them all. *bits: what it holds after that. */
static streamq_status rows_to_run(sqi_prog *p, sqi_eval *eval, uint32_t at, sqi_frame *f, sqi_rows *rows,
                                  uint64_t **bits, streamq_error **err)
{
    const seen *s = &p->lazy->slot[at];
    size_t words = sqi_bits_words(f->n);
    if (!f->lazy_number)
        f->lazy_number = ++p->lazy->frames;
    if (!(*bits = sqi_arena_zero(eval->arena, words * sizeof **bits)))
        return sqi_error_nomem(err);
    bool more = s->frame != f->lazy_number;
    if (!more)
        memcpy(*bits, s->bits, words * sizeof **bits);
    for (SQI_EACH(*rows, k, i)) {
        more = more || !sqi_bits_get(*bits, i);
        sqi_bits_put(*bits, i, true);
    }
    if (more)
        return sqi_run_pick(eval, *bits, (sqi_rows){NULL, f->n}, rows, err);
    rows->n = 0;
    return STREAMQ_OK;
}

/* The rows where an argument is not null. */
static streamq_status without_nulls(sqi_eval *eval, const sqi_vec *v, sqi_rows *rows, streamq_error **err)
{
    if (v->mask == 0 && !sqi_vec_valid(v, 0))
        rows->n = 0;
    if (!v->valid || v->mask == 0 || !rows->n)
        return STREAMQ_OK;
    return sqi_run_pick(eval, v->valid, *rows, rows, err);
}

/* The arguments into s->argv; narrows `rows` to those where all of them are needed. */
static streamq_status run_arguments(sqi_prog *p, sqi_eval *eval, const sqi_step *s, sqi_frame *f, sqi_rows *rows,
                                    streamq_error **err)
{
    const sqi_bound *e = s->node;
    bool strict = e->func->nulls == SQI_NULL_STRICT, backwards = e->func->flags & SQI_FUNC_DIVISOR_FIRST;
    if (sqi_bound_surely_null(e))
        rows->n = 0;
    sqi_vec *argv = sqi_arena_array(eval->arena, (size_t)e->narg + 1, sizeof *argv);
    if (!argv)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < e->narg; i++) {
        uint32_t k = backwards ? e->narg - 1 - i : i;
        if (!rows->n) {
            SQI_TRY(sqi_vec_null(&argv[k], e->arg[k]->type, eval->arena, err));
            continue;
        }
        SQI_TRY(sqi_lazy_slot(p, eval, s->arg[k], f, *rows, err));
        argv[k] = p->slot[s->arg[k]];
        if (strict)
            SQI_TRY(without_nulls(eval, &argv[k], rows, err));
    }
    if (e->narg)
        memcpy(s->argv, argv, e->narg * sizeof *argv);
    return STREAMQ_OK;
}

static streamq_status run(sqi_prog *p, sqi_eval *eval, uint32_t at, sqi_frame *f, sqi_rows rows, streamq_error **err)
{
    const sqi_step *s = &p->step[at];
    if (s->kind == SQI_STEP_KERNEL) {
        SQI_TRY(run_arguments(p, eval, s, f, &rows, err));
        return sqi_run_kernel(eval, s, f, rows, &p->slot[at], err);
    }
    if (s->kind == SQI_STEP_FORM && s->node->narg && !(s->node->func->flags & SQI_FUNC_LAZY) &&
        s->node->arg[0]->kind != SQI_BOUND_LAMBDA)
        SQI_TRY(sqi_lazy_slot(p, eval, s->arg[0], f, rows, err)); /* the others it asks for itself */
    return sqi_run_step(p, eval, s, f, rows, &p->slot[at], err);
}

streamq_status sqi_lazy_slot(sqi_prog *p, sqi_eval *eval, uint32_t at, sqi_frame *f, sqi_rows rows, streamq_error **err)
{
    const sqi_step *s = &p->step[at];
    if (s->kind != SQI_STEP_KERNEL && s->kind != SQI_STEP_FORM)
        return sqi_run_step(p, eval, s, f, rows, &p->slot[at], err);
    uint64_t *bits;
    SQI_TRY(rows_to_run(p, eval, at, f, &rows, &bits, err));
    if (!rows.n)
        return STREAMQ_OK;
    p->lazy->slot[at].frame = 0; /* a form may catch the error and ask again */
    streamq_status status = run(p, eval, at, f, rows, err);
    if (status == STREAMQ_OK)
        p->lazy->slot[at] = (seen){f->lazy_number, bits};
    else
        sqi_run_place(s, err ? *err : NULL);
    return status;
}

streamq_status sqi_lazy_run(sqi_prog *p, sqi_eval *eval, const uint32_t *result, uint32_t n, sqi_frame *f,
                            sqi_rows rows, streamq_error **err)
{
    struct sqi_lazy *lazy = sqi_arena_zero(eval->arena, sizeof *lazy + ((size_t)p->nstep + 1) * sizeof *lazy->slot);
    if (!lazy)
        return sqi_error_nomem(err);
    p->lazy = lazy;
    f->lazy_number = 0;
    streamq_status status = STREAMQ_OK;
    for (uint32_t i = 0; i < n && status == STREAMQ_OK; i++)
        status = sqi_lazy_slot(p, eval, result[i], f, rows, err);
    p->lazy = NULL;
    return status;
}
