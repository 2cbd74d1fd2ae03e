/*
 * func_map: what functions that make or search maps share: the rules for keys.
 */
#ifndef SQI_FUNC_MAP_H
#define SQI_FUNC_MAP_H

#include "func.h"

/* A key type must hold no map: DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE. */
streamq_status sqi_map_check_key_type(sqi_binder *b, const sqi_bound *node, const sqi_type *key, streamq_error **err);
/* Resolve (map, key): both keys of one type, DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES; sets the result's type. */
streamq_status sqi_map_resolve_key(sqi_binder *b, sqi_bound *node, const sqi_type *result, streamq_error **err);
/* Finish a vector of maps whose lists and children are set: keys are normalised (-0.0 becomes 0.0), then checked for
   the rows that are not null: NULL_MAP_KEY, DUPLICATED_MAP_KEY. */
streamq_status sqi_map_finish(sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err);

#endif
