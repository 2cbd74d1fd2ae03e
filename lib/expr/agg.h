/*
 * agg: aggregate functions. Rows are first mapped to groups (the keyed table), then each aggregate runs one loop:
 * state[group[i]] += value[i]. A state is `state_size` bytes, aligned to 8 (not to 16: decimals go
 * through memcpy), zeroed for a new group (zero must be the empty state);
 * what does not fit (lists, strings) hangs off it and is released by `clear`.
 *
 * states: base address of each row's state is states(row) = sqi_states_at(s, row). emit may be called any number of
 * times and does not change the state.
 */
#ifndef SQI_AGG_H
#define SQI_AGG_H

#include "base_bytes.h"
#include "expr_bind.h"

/* Where the states of one aggregate stand: fixed segments, so that growing never moves them. */
typedef struct sqi_states {
    char *const *segment; /* segment[row >> shift] + (row & mask) * stride + offset */
    uint32_t shift, mask;
    uint32_t stride, offset;
} sqi_states;

static inline void *sqi_states_at(const sqi_states *s, uint32_t row)
{
    return s->segment[row >> s->shift] + (size_t)(row & s->mask) * s->stride + s->offset;
}

typedef struct sqi_agg_run {
    sqi_eval *eval;        /* arena: scratch of this chunk; alloc: what states keep */
    const sqi_bound *node; /* AGG: argument types, result type, data, flags */
    sqi_states states;
} sqi_agg_run;

enum {
    SQI_AGG_MERGES = 1,      /* partial states can be merged */
    SQI_AGG_RETRACTS = 2,    /* can take rows back */
    SQI_AGG_ORDERED = 4,     /* depends on the order of rows (first, collect_list) */
    SQI_AGG_WANTS_NULLS = 8, /* step sees rows whose arguments are null; otherwise such rows are left out */
    /* A stream collects each micro-batch in a state of its own and merges that at the end: for sums whose last digits,
       or whose overflow, depend on the order of the additions. */
    SQI_AGG_PARTIAL = 16,
    SQI_AGG_STEPPER = 32, /* a program's own: runs on the thread that steps the query, and no other */
    SQI_AGG_ADDS_ONE = 64 /* the state is an int64_t, to which every row adds one */
};

/* States as bytes and back, for a checkpoint: columns of what they hold (data_pack), which do not say where it stands in
   memory. `version` changes whenever the bytes do. */
typedef enum sqi_agg_number {
    SQI_AGG_END,
    SQI_AGG_COUNT, /* int64_t from 0 to SQI_AGG_COUNT_MOST */
    SQI_AGG_INT,   /* int64_t */
    SQI_AGG_REAL,  /* double */
    SQI_AGG_FLAG   /* bool */
} sqi_agg_number;

#define SQI_AGG_COUNT_MOST (INT64_C(1) << 60) /* what may be added to it is never too much */

typedef struct sqi_agg_field {
    sqi_agg_number kind;
    uint32_t offset;
} sqi_agg_field;

typedef struct sqi_agg_form {
    uint32_t version;
    uint32_t bytes; /* of a program's own aggregate: the bytes of a state; 0 for all others */
    /* The state is these numbers (END behind the last) and nothing else: no save, no load. */
    const sqi_agg_field *field;
    bool is_result; /* the only number, a BIGINT, is also what emit gives */
    /* The states of n rows, which are not changed. Scratch stands in run->eval->arena, under the caller's mark. */
    streamq_status (*save)(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err);
    /* The states of n rows, in place of what they were; a row may come twice. The bytes may be anything. */
    streamq_status (*load)(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from, streamq_error **err);
} sqi_agg_form;

typedef struct sqi_agg {
    const char *name; /* lower case */
    int8_t min_args, max_args;
    uint8_t flags;
    const char *types;   /* signature as in func.h, or NULL */
    sqi_resolve resolve; /* sets type, nullable, data, casts arguments */
    uint32_t state_size;
    /* group[i] is the table row of position i, for the positions in rows. arg: the arguments, then the values of the
       WITHIN GROUP items (only nulls of the former leave a row out). */
    streamq_status (*step)(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                           streamq_error **err);
    /* The inverse of step; NULL: cannot. */
    streamq_status (*retract)(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                              streamq_error **err);
    /* into <- into + from, both states of this aggregate; `from` is left cleared. NULL: cannot. */
    streamq_status (*merge)(sqi_agg_run *run, void *into, void *from, streamq_error **err);
    /* out[k] = result of row list[k]; out was made for n positions without a bitmap. */
    streamq_status (*emit)(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err);
    void (*clear)(sqi_eval *eval, void *state); /* release what hangs off a state; NULL: nothing does */
    const char *text;
    const sqi_agg_form *form; /* NULL: states cannot be saved */
} sqi_agg;

/* For the loop of a step: `state` is row i's, for each of rows. */
#define SQI_AGG_EACH(run, group, rows, ctype, state, i)                                                         \
    for (uint32_t agg_k_ = 0, i = 0; agg_k_ < (rows).n && (i = (rows).sel ? (rows).sel[agg_k_] : agg_k_, true); \
         ++agg_k_)                                                                                              \
        for (ctype *state = sqi_states_at(&(run)->states, (group)[i]); state; state = NULL)

const sqi_agg *sqi_agg_find(sqi_span name);
const sqi_agg *sqi_agg_at(size_t i); /* NULL at the end */
/* The first of the names under which the same aggregate is known; the name itself for a program's own. */
const char *sqi_agg_first_name(const sqi_agg *a);

/* Generators: explode, posexplode, inline, stack, ... : one row in, any number out. */
typedef struct sqi_generator {
    const char *name;
    int8_t min_args, max_args;
    bool outer;          /* the _outer form */
    sqi_resolve resolve; /* node->type: a struct of the output columns with their default names */
    /* For the rows, in order: appends for each its output rows: parent position and a value for each column. The result
       vectors (dense, *n positions) and parent[*n] live in the arena. With outer a row without elements gives one of
       nulls. parent NULL: not asked for, which spares a generator that can share its argument the work. */
    streamq_status (*run)(sqi_call *call, const sqi_vec *arg, sqi_rows rows, bool outer, sqi_vec *out,
                          uint32_t **parent, uint32_t *n, streamq_error **err);
    const char *text;
    bool elements; /* a row for each element of the one argument, in order, and no other column */
} sqi_generator;

const sqi_generator *sqi_generator_find(sqi_span name);
const sqi_generator *sqi_generator_at(size_t i);

/* The families of both. Each array ends with a row whose name is NULL. */
extern const sqi_agg sqi_agg_count[], sqi_agg_sum[], sqi_agg_minmax[], sqi_agg_first[], sqi_agg_bool[], sqi_agg_bit[],
    sqi_agg_collect[], sqi_agg_stats[], sqi_agg_corr[], sqi_agg_percentile[], sqi_agg_quantile[], sqi_agg_mode[],
    sqi_agg_listagg[], sqi_agg_distinct[], sqi_agg_histogram[];
extern const sqi_generator sqi_gen_explode[], sqi_gen_inline[], sqi_gen_stack[];

#endif
