/*
 * func: the function table. One row a function: name, arguments, result, null rule, the kernel, one line of manual.
 * Each family file (func_string.c, func_math.c, ...) exports one array of rows; func.c lists the arrays. Operators are
 * rows too ("+", "and", "like").
 *
 * A kernel is one loop over a vector. It never sees nulls it did not ask for:
 *   SQI_NULL_STRICT  any null argument gives null; the framework sets the result's nulls and calls the kernel only
 *                    with the rows where every argument is there. A kernel may still set further nulls.
 *   SQI_NULL_OWN     the kernel sees all rows and looks at the nulls itself (its result has no bitmap yet).
 * A row with a `form` instead of a kernel evaluates its arguments itself, row sets of its choice (if, case, coalesce,
 * and, or, higher-order functions).
 */
#ifndef SQI_FUNC_H
#define SQI_FUNC_H

#include "expr_bound.h"
#include "expr_eval.h"

typedef struct sqi_call {  /* one run of one kernel */
    sqi_eval *eval;        /* arena for strings and lists, zone, ansi */
    const sqi_bound *node; /* type, data, flags, argument types */
    void *state;           /* row->state_size bytes, zeroed at first use, lives with the program */
    uint32_t n;            /* positions in every vector: the size `out` was made for */
} sqi_call;

typedef streamq_status (*sqi_kernel)(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                     streamq_error **err);

/* A form evaluates argument k at some of its rows with sqi_form_arg (result valid until the chunk is done). Argument 0
   is evaluated over all rows before the form runs, unless the row is SQI_FUNC_LAZY: a form whose first argument is
   always needed then shares it with the expressions around it. Over no rows the answer is a null constant. */
typedef struct sqi_form sqi_form; /* the evaluator's frame */
typedef streamq_status (*sqi_form_kernel)(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out,
                                          streamq_error **err);
streamq_status sqi_form_arg(sqi_form *form, uint32_t k, sqi_rows rows, const sqi_vec **out, streamq_error **err);
/* Evaluate the body of the lambda that is argument k, with its variables bound to `var` (each of n positions), over
   `rows` of them; parent[position] is the outer row each inner position belongs to (outer columns are gathered). */
streamq_status sqi_form_lambda(sqi_form *form, uint32_t k, const sqi_vec *const *var, uint32_t n,
                               const uint32_t *parent, sqi_rows rows, const sqi_vec **out, streamq_error **err);

/* Binding of one call. resolve may replace arguments (adding casts) and sets type, nullable, data, flags; it reports
   type errors with Spark's conditions. The functions of expr_bind.h cover nearly all rows. */
typedef struct sqi_binder sqi_binder; /* expr_bind.h */
typedef streamq_status (*sqi_resolve)(sqi_binder *b, sqi_bound *node, streamq_error **err);

enum { SQI_NULL_STRICT = 0, SQI_NULL_OWN = 1 };

/* Flags of a row. */
enum {
    SQI_FUNC_RANDOM = 1,      /* not deterministic: never folded, never shared */
    SQI_FUNC_PER_BATCH = 2,   /* the same within a micro-batch (current_timestamp): not folded into the plan */
    SQI_FUNC_TOTAL = 4,       /* cannot fail and is cheap: may run over rows that hold nulls or are not selected */
    SQI_FUNC_NEVER_NULL = 8,  /* result is never null (given STRICT and non-null arguments otherwise) */
    SQI_FUNC_OVER_NULLS = 16, /* STRICT: may run over rows that hold nulls (never over rows not selected); it reports
                                 errors only for rows that out->valid says are there */
    SQI_FUNC_LAZY = 32,       /* form: even argument 0 is evaluated only on demand (see sqi_form_arg) */
    SQI_FUNC_HIGHER = 64,     /* takes lambdas: resolve binds them with sqi_bind_lambda */
    SQI_FUNC_INTERNAL = 128,  /* made by code only: no name in SQL text finds it, no manual page */
    SQI_FUNC_DIVISOR_FIRST = 256, /* looks at its last argument before the others */
    SQI_FUNC_STEPPER = 512        /* a program's own: runs on the thread that steps the query, and no other */
};

/* Flags of a node of the row "cast". The caller sets its type before resolve. */
enum { SQI_CAST_TRY = 1 };

/* A parameter that a call may give by name (f(x, lowerChar => 'q')), and what it is when left out. */
typedef struct sqi_parameter_row {
    const char *name;     /* NULL ends the list */
    const char *fallback; /* a string; NULL: the null */
} sqi_parameter_row;

typedef struct sqi_func {
    const char *name;          /* lower case; aliases are rows of their own with the same kernel */
    int8_t min_args, max_args; /* max -1: any number */
    uint8_t nulls;             /* SQI_NULL_... */
    uint16_t flags;
    const char *types;   /* simple signature, see expr_signature; NULL: resolve decides */
    sqi_resolve resolve; /* NULL: the signature decides */
    sqi_kernel kernel;
    sqi_form_kernel form;
    uint32_t state_size;
    void (*state_fini)(void *state);
    const char *text;               /* one line for the manual */
    const sqi_parameter_row *named; /* NULL: arguments have no names */
} sqi_func;

/*
 * Signatures: one letter an argument, then '>' and the result; '*' repeats the last argument.
 *   b boolean  t tinyint h smallint i int l bigint f float d double  n any numeric  I any integral
 *   s string   x binary  y string or binary (result y: that of the first argument)  S string, E date: nothing is cast
 *   D date  T timestamp  N timestamp_ntz  a any array  m any map  r any struct  _ any type
 *   result only: 1 2 3: the type of that argument
 * "ss>b" takes two strings and gives a boolean. Arguments are cast implicitly by Spark's ANSI rules (a number where a
 * string is wanted, a string where a number is wanted, int where bigint is wanted, NULL anywhere); what cannot be gives
 * DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE.
 */

/* Row by name (case-insensitive), NULL if there is none. */
const sqi_func *sqi_func_find(sqi_span name);
/* All rows, for the manual, FFI and candidates: i from 0, NULL at the end. */
const sqi_func *sqi_func_at(size_t i);

/* The families. Each array ends with a row whose name is NULL. */
extern const sqi_func sqi_func_operators[], sqi_func_compare[], sqi_func_conditional[], sqi_func_logic[],
    sqi_func_cast[], sqi_func_math[], sqi_func_math_round[], sqi_func_bits[], sqi_func_decimal[], sqi_func_string[],
    sqi_func_string_edit[], sqi_func_regex[], sqi_func_number_text[], sqi_func_number_format[],
    sqi_func_number_pattern[], sqi_func_collection[], sqi_func_struct[], sqi_func_lambda[], sqi_func_lambda_map[],
    sqi_func_time[], sqi_func_time_parts[], sqi_func_time_trunc[], sqi_func_time_make[], sqi_func_time_now[],
    sqi_func_time_zone[], sqi_func_time_format[], sqi_func_interval[], sqi_func_misc[], sqi_func_hash[],
    sqi_func_split[], sqi_func_string_part[], sqi_func_string_find[], sqi_func_like[], sqi_func_array[],
    sqi_func_array_set[], sqi_func_array_find[], sqi_func_array_join[], sqi_func_sequence[], sqi_func_map[],
    sqi_func_mask[], sqi_func_str_map[], sqi_func_encode[], sqi_func_url[], sqi_func_format[], sqi_func_distance[],
    sqi_func_utf8[], sqi_func_array_sort[], sqi_func_sentences[];

#endif
