/*
 * expr_cast_kernel: what the files of expr_cast share. A kernel converts the rows of one vector; those rows hold no
 * null. What cannot be converted goes through one of the refusals: an error, or a null for try_cast.
 */
#ifndef SQI_EXPR_CAST_KERNEL_H
#define SQI_EXPR_CAST_KERNEL_H

#include "data_decimal.h"
#include "data_number.h"
#include "expr_cast.h"
#include "func_str.h"

typedef struct sqi_caster {
    sqi_eval *eval;
    const sqi_vec *in;
    sqi_vec *out;
    uint32_t n;    /* positions of out */
    sqi_rows rows; /* none of them null */
    const sqi_type *from, *to;
    bool try_cast;
    streamq_error **err;
} sqi_caster;

typedef streamq_status (*sqi_cast_kernel)(sqi_caster *c);

/* The kernel for two types that are not nested and not the same; NULL: no such cast. By what the result is. */
sqi_cast_kernel sqi_cast_to_number(const sqi_type *from, const sqi_type *to); /* boolean, integers, float, double */
sqi_cast_kernel sqi_cast_to_decimal(const sqi_type *from);
sqi_cast_kernel sqi_cast_to_time(const sqi_type *from, const sqi_type *to);     /* date, timestamps */
sqi_cast_kernel sqi_cast_to_interval(const sqi_type *from, const sqi_type *to); /* all intervals */
streamq_status sqi_cast_to_string(sqi_caster *c);                               /* from anything, nested too */

/* Integers that widen and the like: cannot fail, so they may run over nulls and need no selection. */
bool sqi_cast_total(const sqi_type *from, const sqi_type *to);

streamq_status sqi_cast_null(sqi_caster *c, uint32_t i); /* out[i] is null */
/* Refusals of value i: null for try_cast, else the error. */
streamq_status sqi_cast_malformed(sqi_caster *c, uint32_t i);    /* CAST_INVALID_INPUT */
streamq_status sqi_cast_overflow(sqi_caster *c, uint32_t i);     /* CAST_OVERFLOW */
streamq_status sqi_cast_out_of_range(sqi_caster *c, uint32_t i); /* NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION */
streamq_status sqi_cast_unsupported(sqi_caster *c, uint32_t i);  /* NUMERIC_OUT_OF_SUPPORTED_RANGE */
streamq_status sqi_cast_bad_interval(sqi_caster *c, uint32_t i, sqi_cond condition);

/* Loops: `body` sees position i. Without a selection the loop is one the compiler can vectorise. */
#define SQI_CAST_EACH(c, i, body)                           \
    do {                                                    \
        if ((c)->rows.sel) {                                \
            for (uint32_t k_ = 0; k_ < (c)->rows.n; k_++) { \
                uint32_t i = (c)->rows.sel[k_];             \
                body;                                       \
            }                                               \
        } else {                                            \
            for (uint32_t i = 0; i < (c)->rows.n; i++) {    \
                body;                                       \
            }                                               \
        }                                                   \
    } while (0)

#endif
