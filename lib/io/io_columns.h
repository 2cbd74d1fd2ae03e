/*
 * io_columns: what sources with fixed columns share.
 */
#ifndef SQI_IO_COLUMNS_H
#define SQI_IO_COLUMNS_H

#include "io_common.h"

/* `out` = these columns; an error if the program gave columns of its own. The names must outlive the plan. */
streamq_status sqi_io_columns_fixed(sqi_schema *out, const sqi_field *fields, uint32_t n, const char *source,
                                    const sqi_schema *given, sqi_arena *arena, streamq_error **err);
/* A column without nulls over values that stand elsewhere. */
sqi_vec sqi_io_columns_view(const sqi_type *type, const void *values);
/* The chunk size asked for, within bounds. */
uint32_t sqi_io_columns_rows(const sqi_io_env *env);

#endif
