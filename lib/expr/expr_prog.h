/*
 * expr_prog: the compiled form of bound expressions, shared by the compiler (expr_prog.c) and the evaluator
 * (expr_eval.c).
 *
 * A program is one flat array of steps. A step computes one node into its slot (the vector of the same number), always
 * after the slots it reads. Steps that run under the same rows are chained into a block:
 *
 *     block 0        the expressions themselves, over the rows of the chunk
 *     other blocks   one for each argument that a form (if, and, coalesce, ...) evaluates on demand, over rows of the
 *                    form's choice, one for each lambda body, and one for each conjunct of a filter
 *
 * Equal deterministic nodes share a slot if the first of them has run, over at least the same rows, whenever the second
 * is asked for: within a block, and from a block to those nested in it. Lambda bodies share only among themselves:
 * their positions are elements, not rows.
 */
#ifndef SQI_EXPR_PROG_H
#define SQI_EXPR_PROG_H

#include "expr_eval.h"
#include "func.h"

#define SQI_PROG_NONE UINT32_MAX

typedef enum sqi_step_kind {
    SQI_STEP_CONST,
    SQI_STEP_COLUMN,
    SQI_STEP_VARIABLE,
    SQI_STEP_KERNEL,
    SQI_STEP_FORM,
} sqi_step_kind;

typedef struct sqi_step {
    sqi_step_kind kind;
    bool constant;   /* reads no column or variable and is deterministic: evaluated over one row */
    bool total;      /* may run over any position (SQI_FUNC_TOTAL over fixed-width values) */
    bool over_nulls; /* may run over selected rows that hold nulls */
    const sqi_bound *node;
    uint32_t *arg; /* KERNEL: slots. FORM: slot of argument 0 unless lazy, blocks of the others */
    sqi_vec *argv; /* KERNEL: the arguments' headers side by side */
    void *state;
    uint32_t next; /* in the same block */
} sqi_step;

typedef struct sqi_block {
    uint32_t first, last; /* steps; NONE: empty, the result stands in an enclosing block */
    uint32_t result;      /* slot */
} sqi_block;

struct sqi_prog {
    sqi_alloc *alloc;
    sqi_arena arena; /* everything below */
    sqi_step *step;
    uint32_t nstep;
    sqi_block *block;
    uint32_t nblock;
    sqi_vec *slot;
    const sqi_type **type; /* of the expressions */
    uint32_t *result;      /* their slots */
    uint32_t n;
    uint32_t ncolumn;   /* one more than the largest column read */
    uint32_t *conjunct; /* blocks of a filter with several conjuncts */
    uint32_t nconjunct;
    struct sqi_lazy *lazy; /* set while expr_lazy.c runs the program */
};

#endif
