/*
 * op_generate: a generator (explode and its kin) makes any number of rows from each input row; the kept columns of the
 * input are repeated beside what it makes.
 *
 * The generator answers for a whole chunk with dense vectors and the parent position of each row. Those leave in slices
 * of chunk_rows, the kept columns gathered slice by slice. Where nothing is kept nobody asks for the parents, and a
 * generator whose values stand in order (the words that split made) hands out its list's own child: nothing is copied.
 * And where the input is lines of a text that split by one byte would cut, the words are the pieces of the text between
 * that byte and LF: neither lines nor lists are made.
 */
#include "data_cut.h"
#include "func_split.h"
#include "op.h"

typedef struct generate {
    const sqi_bound *node;
    sqi_prog *prog;
    sqi_vec *arg; /* node->narg, then the generator's own columns, then the output's: one block */
    sqi_vec *made, *col;
    uint32_t *kept;
    uint32_t nkept, ngen, nvec;
    uint32_t at_once; /* input rows of a run: so many that what they make is about a chunk */
    char separator;   /* of the words of a chunk of lines */
} generate;

static streamq_status init(sqi_op *op, const void *params, streamq_error **err)
{
    const sqi_op_generate_params *p = params;
    generate *s = op->state;
    sqi_alloc *alloc = op->env->alloc;
    s->node = p->generator;
    s->at_once = op->env->chunk_rows;
    s->ngen = p->generator->type->nfield;
    uint32_t nvec = p->generator->narg + s->ngen + p->nkept + s->ngen;
    if (!(s->arg = sqi_alloc_array(alloc, nvec + 1, sizeof *s->arg)))
        return sqi_error_nomem(err);
    s->nvec = nvec + 1;
    s->made = s->arg + p->generator->narg;
    s->col = s->made + s->ngen;
    if (p->nkept) {
        if (!(s->kept = sqi_alloc_array(alloc, p->nkept, sizeof *s->kept)))
            return sqi_error_nomem(err);
        memcpy(s->kept, p->kept, p->nkept * sizeof *s->kept);
        s->nkept = p->nkept;
    }
    op->takes_lines =
        !s->nkept && p->generator->generator->elements && sqi_split_is_by_byte(p->generator->arg[0], &s->separator);
    return sqi_prog_new(&s->prog, p->generator->arg, p->generator->narg, op->env->eval, err);
}

/* Emit rows at .. at + n of what was made, with the kept columns of their parents. */
static streamq_status emit_slice(sqi_op *op, const sqi_chunk *in, const sqi_chunk *made, const uint32_t *parent,
                                 uint32_t at, uint32_t n, streamq_error **err)
{
    generate *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    sqi_chunk part;
    SQI_TRY(sqi_chunk_slice(&part, made, at, n, arena, err));
    for (uint32_t c = 0; c < s->nkept; ++c)
        SQI_TRY(sqi_vec_gather(&s->col[c], &in->col[s->kept[c]], parent + at, n, arena, err));
    if (s->ngen)
        memcpy(s->col + s->nkept, part.col, s->ngen * sizeof *s->col);
    part.col = s->col;
    part.ncol = s->nkept + s->ngen;
    if (in->weight) {
        int64_t *weight = sqi_arena_array(arena, n, sizeof *weight);
        if (!weight)
            return sqi_error_nomem(err);
        for (uint32_t k = 0; k < n; ++k)
            weight[k] = in->weight[parent[at + k]];
        part.weight = weight;
    }
    return sqi_op_emit(op, &part, err);
}

static streamq_status run(sqi_op *op, const sqi_chunk *chunk, streamq_error **err)
{
    generate *s = op->state;
    sqi_eval *eval = op->env->eval;
    SQI_TRY(sqi_prog_run(s->prog, eval, chunk, s->arg, err));
    sqi_call call = {.eval = eval, .node = s->node, .n = chunk->n};
    uint32_t *parent = NULL, n = 0, most = op->env->chunk_rows;
    bool want_parent = s->nkept || chunk->weight;
    SQI_TRY(s->node->generator->run(&call, s->arg, chunk->rows, s->node->outer || s->node->generator->outer, s->made,
                                    want_parent ? &parent : NULL, &n, err));
    sqi_chunk made = {.n = n, .ncol = s->ngen, .rows = {NULL, n}, .col = s->made};
    for (uint32_t at = 0; at < n;) {
        uint32_t part = n - at < most ? n - at : most;
        sqi_arena_mark mark = sqi_arena_mark_get(eval->arena);
        streamq_status status = emit_slice(op, chunk, &made, parent, at, part, err);
        sqi_arena_release(eval->arena, mark);
        SQI_TRY(status);
        at += part;
    }
    uint64_t fit = n ? (uint64_t)chunk->rows.n * (most - most / 8) / n : most; /* rarely more than one chunk */
    s->at_once = fit < 1 ? 1 : fit > most ? most : (uint32_t)fit;
    return STREAMQ_OK;
}

static streamq_status emit_words(sqi_op *op, sqi_cut *cut, uint32_t *n, streamq_error **err)
{
    uint32_t most = op->env->chunk_rows;
    sqi_str *word = sqi_arena_get(op->env->eval->arena, (size_t)most * sizeof *word);
    if (!word)
        return sqi_error_nomem(err);
    *n = sqi_cut_next(cut, word, most);
    sqi_vec column = {.type = &sqi_type_string, .data = word, .mask = UINT32_MAX};
    sqi_chunk words = {.n = *n, .ncol = 1, .rows = {NULL, *n}, .col = &column};
    return sqi_op_emit(op, &words, err);
}

/* The words of lines. An empty line has one, which is empty, as split says. Each chunk has memory of its own: what
   stands in it may be asked for until the whole push is done (run_front). */
static streamq_status cut_words(sqi_op *op, sqi_span lines, streamq_error **err)
{
    const generate *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    sqi_cut cut;
    sqi_cut_begin(&cut, lines, '\n', s->separator);
    for (uint32_t n = 1; n;) {
        sqi_arena_mark mark = sqi_arena_mark_get(arena);
        streamq_status status = emit_words(op, &cut, &n, err);
        sqi_arena_release(arena, mark);
        SQI_TRY(status);
    }
    return STREAMQ_OK;
}

/* Input rows go in slices, so that what a few of them make stays in the cache until it has been used. */
static streamq_status push(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)input;
    generate *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    if (chunk->lines.len)
        return cut_words(op, chunk->lines, err);
    for (uint32_t at = 0; at < chunk->rows.n;) {
        uint32_t left = chunk->rows.n - at, n = left < s->at_once ? left : s->at_once;
        sqi_arena_mark mark = sqi_arena_mark_get(arena);
        sqi_chunk part;
        streamq_status status = sqi_chunk_slice(&part, chunk, at, n, arena, err);
        if (status == STREAMQ_OK)
            status = run(op, &part, err);
        sqi_arena_release(arena, mark);
        SQI_TRY(status);
        at += n;
    }
    return STREAMQ_OK;
}

static void fini(sqi_op *op)
{
    generate *s = op->state;
    sqi_alloc *alloc = op->env->alloc;
    sqi_prog_free(s->prog);
    sqi_alloc_free(alloc, s->arg, s->nvec * sizeof *s->arg);
    sqi_alloc_free(alloc, s->kept, s->nkept * sizeof *s->kept);
}

const sqi_op_type sqi_op_generate = {
    .name = "Generate", .state_size = sizeof(generate), .init = init, .push = push, .fini = fini};
