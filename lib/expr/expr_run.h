/*
 * expr_run: what the two ways of running a program share: expr_eval.c runs whole blocks, expr_lazy.c one argument after
 * the other.
 *
 * A frame is one space of positions: the rows of the chunk, or, inside a lambda, the elements it is called with; then
 * the columns and variables of the frames around it are gathered through `parent`, once per frame.
 */
#ifndef SQI_EXPR_RUN_H
#define SQI_EXPR_RUN_H

#include "expr_prog.h"

typedef struct sqi_frame {
    const sqi_chunk *chunk; /* the outermost frame's columns */
    uint32_t n;             /* positions */
    const struct sqi_frame *outer;
    const uint32_t *parent; /* for each position the one in `outer` */
    uint32_t first, nvar;   /* a lambda's variables */
    const sqi_vec *const *var;
    struct gathered *gathered;
    uint64_t lazy_number; /* expr_lazy.c's, 0: none yet */
} sqi_frame;

/* One step into `out`; a kernel reads its arguments' slots. */
streamq_status sqi_run_step(sqi_prog *p, sqi_eval *eval, const sqi_step *s, sqi_frame *f, sqi_rows rows, sqi_vec *out,
                            streamq_error **err);
/* A kernel whose arguments stand in s->argv. */
streamq_status sqi_run_kernel(sqi_eval *eval, const sqi_step *s, const sqi_frame *f, sqi_rows rows, sqi_vec *out,
                              streamq_error **err);
/* The rows whose bit is set; `rows` itself if that is every one of them. */
streamq_status sqi_run_pick(sqi_eval *eval, const uint64_t *bits, sqi_rows rows, sqi_rows *out, streamq_error **err);
/* Where in the SQL text a step failed. */
void sqi_run_place(const sqi_step *s, streamq_error *err);

/* Slots `result` over these rows, lazily. */
streamq_status sqi_lazy_run(sqi_prog *p, sqi_eval *eval, const uint32_t *result, uint32_t n, sqi_frame *f,
                            sqi_rows rows, streamq_error **err);
/* One slot, with what it reads. Only while p->lazy is set. */
streamq_status sqi_lazy_slot(sqi_prog *p, sqi_eval *eval, uint32_t at, sqi_frame *f, sqi_rows rows,
                             streamq_error **err);

#endif
