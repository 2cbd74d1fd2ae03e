/*
 * io_columns: see the header.
 */
#include "io_columns.h"

streamq_status sqi_io_columns_fixed(sqi_schema *out, const sqi_field *fields, uint32_t n, const char *source,
                                    const sqi_schema *given, sqi_arena *arena, streamq_error **err)
{
    if (given)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT,
                             "source '%s' has columns of its own and takes no schema; leave the schema out and cast "
                             "in a select",
                             source);
    return sqi_schema_copy(out, &(sqi_schema){.n = n, .field = (sqi_field *)(uintptr_t)fields}, arena, err);
}

sqi_vec sqi_io_columns_view(const sqi_type *type, const void *values)
{
    return (sqi_vec){.type = type, .data = (void *)(uintptr_t)values, .mask = UINT32_MAX};
}

uint32_t sqi_io_columns_rows(const sqi_io_env *env)
{
    if (env->chunk_rows == 0)
        return SQI_CHUNK_ROWS;
    return env->chunk_rows < SQI_CHUNK_ROWS_MAX ? env->chunk_rows : SQI_CHUNK_ROWS_MAX;
}
