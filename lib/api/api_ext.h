/*
 * api_ext: what a program registered in its session: lists that only grow, so that plans and queries may keep pointers.
 */
#ifndef SQI_API_EXT_H
#define SQI_API_EXT_H

#include "api_state.h"
#include "io_custom.h"

typedef struct sqi_custom_func { /* api_ext_func.c */
    sqi_func row;                /* first: node->func leads here */
    streamq_function table;
    sqi_schema argument; /* wanted types */
    const sqi_type *result;
    struct sqi_custom_func *next;
} sqi_custom_func;

typedef struct sqi_custom_agg { /* api_ext_agg.c */
    sqi_agg row;
    sqi_agg_form form;
    streamq_aggregate table;
    sqi_schema argument;
    const sqi_type *result;
    struct sqi_custom_agg *next;
} sqi_custom_agg;

typedef struct sqi_source_entry {
    sqi_custom_source source;
    struct sqi_source_entry *next;
} sqi_source_entry;

typedef struct sqi_sink_entry {
    sqi_custom_sink sink;
    struct sqi_sink_entry *next;
} sqi_sink_entry;

struct sqi_registered {
    sqi_registry registry; /* first: the binder's view leads here */
    sqi_alloc *alloc;
    sqi_arena arena;
    pthread_mutex_t mutex;
    sqi_source_entry *source;
    sqi_sink_entry *sink;
    sqi_custom_func *func;
    sqi_custom_agg *agg;
};

/* The session's lists, made at first use. NULL: no memory. */
sqi_registered *sqi_api_registered(streamq_session *s);
/* Lower-case copy of a name, checked: letters, digits, underscore. */
streamq_status sqi_api_ext_name(sqi_registered *r, const char *name, const char *what, char **out, streamq_error **err);
/* "STRING, BIGINT" as a list of types; "" for none. And one type. */
streamq_status sqi_api_ext_types(streamq_session *s, sqi_registered *r, const char *text, sqi_schema *out,
                                 streamq_error **err);
streamq_status sqi_api_ext_type(streamq_session *s, sqi_registered *r, const char *text, const sqi_type **out,
                                streamq_error **err);
/* An array of one column of `type` as a dense vector of n values in `arena`; the array is released. */
streamq_status sqi_api_ext_import(sqi_eval *eval, const sqi_type *type, struct ArrowArray *array, uint32_t n,
                                  sqi_vec *out, sqi_batch **keep, streamq_error **err);
/* A resolve function's work: cast the arguments to the wanted types. */
streamq_status sqi_api_ext_cast(sqi_binder *b, sqi_bound *node, const sqi_schema *want, const sqi_type *result,
                                streamq_error **err);

#endif
