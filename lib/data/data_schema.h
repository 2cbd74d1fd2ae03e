/*
 * data_schema: named, typed columns. A schema is plain data in somebody's arena; names compare as Spark compares them
 * (case-insensitively), several columns may share a name.
 */
#ifndef SQI_DATA_SCHEMA_H
#define SQI_DATA_SCHEMA_H

#include "base_arena.h"
#include "data_type.h"

typedef struct sqi_schema {
    uint32_t n;
    sqi_field *field;
} sqi_schema;

streamq_status sqi_schema_copy(sqi_schema *to, const sqi_schema *from, sqi_arena *arena, streamq_error **err);
/* Spark's printSchema tree: "root\n |-- word: string (nullable = true)\n". */
bool sqi_schema_print(sqi_buf *to, const sqi_schema *s);
/* "word STRING, count BIGINT NOT NULL": reads back as a schema. */
bool sqi_schema_print_ddl(sqi_buf *to, const sqi_schema *s);

#endif
