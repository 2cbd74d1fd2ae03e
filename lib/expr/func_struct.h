/*
 * func_struct: names that arguments give to fields, as struct(...) and arrays_zip(...) need them.
 */
#ifndef SQI_FUNC_STRUCT_H
#define SQI_FUNC_STRUCT_H

#include "func.h"

/* names[i] for every argument of a call (ptr NULL: it has none); stars count as what they were expanded to. */
streamq_status sqi_struct_names(sqi_binder *b, const sqi_bound *node, sqi_span *names, streamq_error **err);

#endif
