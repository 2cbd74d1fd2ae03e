/*
 * agg_fused: sum, avg, min, max and count of one integer argument as one state: one loop takes a chunk in, one pass ends
 * the micro-batch, one pass makes all result columns. The results are those of the aggregates one by one (agg_sum.c,
 * agg_minmax.c, agg_count.c), to the last digit and error.
 *
 * A state is a few words, all zeros for nothing; which of them there are depends on what is asked for:
 *
 *     count | least | greatest | partial | sum | average's sum
 *
 * A stream adds each micro-batch up on its own first, then to what lasts, and the average adds doubles. Within +-2^52
 * the integer sum of the running micro-batch is exactly the double sum too, so one word, `partial`, serves both. A sum
 * that leaves that range moves to a list beside the table, with a double of its own, and the word holds its place there.
 */
#ifndef SQI_AGG_FUSED_H
#define SQI_AGG_FUSED_H

#include "agg.h"

typedef enum sqi_fused_kind {
    SQI_FUSED_NONE, /* the aggregate cannot be one of a fused state */
    SQI_FUSED_COUNT,
    SQI_FUSED_MIN,
    SQI_FUSED_MAX,
    SQI_FUSED_SUM,
    SQI_FUSED_AVG
} sqi_fused_kind;

/* A partial sum outside the range of the word. */
typedef struct sqi_fused_far {
    int64_t sum;
    double real;
} sqi_fused_far;

typedef struct sqi_fused {
    const sqi_bound *arg;    /* integers or times */
    const sqi_bound *strict; /* the first sum whose overflow is an error, or NULL */
    bool top, sum, avg;      /* which words there are */
    sqi_alloc *alloc;
    sqi_fused_far *far;
    size_t far_cap;
    uint32_t nfar;
} sqi_fused;

/* The kind of an aggregate without FILTER and DISTINCT. */
sqi_fused_kind sqi_fused_kind_of(const sqi_bound *node);
/* Zeroed memory and `alloc`, then every aggregate in order. False: this one is not of the same argument, and nothing
   has changed. A count of something else is, if neither it nor the argument can be null. */
bool sqi_fused_join(sqi_fused *f, const sqi_bound *node);
/* Whether it is better than the aggregates one by one: counts alone are not. */
bool sqi_fused_pays(const sqi_fused *f);
uint32_t sqi_fused_size(const sqi_fused *f);
void sqi_fused_fini(sqi_fused *f);

/* arg: not null in any of the rows. An error is the one of f->strict, unless memory ran out. */
streamq_status sqi_fused_step(sqi_fused *f, const sqi_states *states, const uint32_t *group, const sqi_vec *arg,
                              sqi_rows rows, streamq_error **err);
/* The micro-batch is whole; rows: some that had values in it (and are still there), each of them in one call, several
   calls at a time. One that fails changes nothing of the row: the call gives its error again. */
streamq_status sqi_fused_merge(const sqi_fused *f, const sqi_states *states, const uint32_t *rows, uint32_t n,
                               streamq_error **err);
void sqi_fused_merged(sqi_fused *f); /* all of them */
/* One result column: out[k] is the result of state[k], k < n, for positions from `at` on. False: some are null, and
   `out` has no bitmap to tell: it has to be made (valid at first) and the call repeated. */
bool sqi_fused_emit(const sqi_fused *f, const sqi_bound *node, sqi_fused_kind kind, const int64_t *const *state,
                    uint32_t at, uint32_t n, sqi_vec *out);

/* For a checkpoint: what one of the aggregates would write and read on its own (its row's form). run: of this aggregate,
   with the states that are shared; there is no running micro-batch. A load begins with sqi_fused_clear, then comes each
   aggregate of the state. */
streamq_status sqi_fused_save(const sqi_fused *f, sqi_fused_kind kind, sqi_agg_run *run, const uint32_t *list,
                              uint32_t n, sqi_buf *to, streamq_error **err);
void sqi_fused_clear(const sqi_fused *f, const sqi_states *states, const uint32_t *list, uint32_t n);
streamq_status sqi_fused_load(const sqi_fused *f, sqi_fused_kind kind, sqi_agg_run *run, const uint32_t *list,
                              uint32_t n, sqi_bytes *from, streamq_error **err);

#endif
