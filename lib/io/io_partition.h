/*
 * io_partition: which folder of a partitioned output a row belongs in: "day=2024-01-02/word=a%2Fb". Spark's rules: the
 * value is the text of a CAST, with the characters escaped that Hive escapes; null and "" are
 * __HIVE_DEFAULT_PARTITION__.
 */
#ifndef SQI_IO_PARTITION_H
#define SQI_IO_PARTITION_H

#include "data_order.h"
#include "data_schema.h"
#include "data_time.h"

#define SQI_PARTITION_NULL "__HIVE_DEFAULT_PARTITION__"

typedef struct sqi_partition {
    const sqi_span *name;   /* as the program wrote them */
    const uint32_t *column; /* of the rows */
    const sqi_type *const *type;
    uint32_t n;
    const uint32_t *rest; /* the columns that go into the files */
    uint32_t nrest;
    sqi_schema schema; /* of these */
} sqi_partition;

/* Finds the columns; none: everything goes into the files. Refused: names that are not there or twice, all columns,
   types that make no name. In the arena. */
streamq_status sqi_partition_make(sqi_partition *p, const sqi_schema *schema, const sqi_span *names, uint32_t n,
                                  sqi_arena *arena, streamq_error **err);
/* Append the folder of row i, without a slash at either end. False: no memory. */
bool sqi_partition_path(const sqi_partition *p, const sqi_vec *columns, uint32_t i, const sqi_zone *zone, sqi_buf *to);
/* Append a name or value with what Hive escapes as %41. */
bool sqi_partition_escape(sqi_buf *to, sqi_span text);

#endif
