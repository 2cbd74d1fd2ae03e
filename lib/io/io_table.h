/*
 * io_table: rows as the table that Spark's show() prints.
 *
 *     +------+-----+
 *     |  word|count|
 *     +------+-----+
 *     |apache|    2|
 *     +------+-----+
 *
 * Cells are cut to `truncate` UTF-16 units, the last three of them dots, and right-aligned; with truncate 0 they are
 * whole and left-aligned. A column is at least three wide; East Asian wide characters take two columns.
 */
#ifndef SQI_IO_TABLE_H
#define SQI_IO_TABLE_H

#include "base_buf.h"
#include "data_schema.h"
#include "data_time.h"

typedef struct sqi_io_table_cell {
    size_t begin, len, width;
} sqi_io_table_cell;

typedef struct sqi_io_table {
    sqi_alloc *alloc;
    const sqi_schema *schema; /* the caller's */
    const sqi_zone *zone;
    int64_t row_max;   /* rows shown; below 0 as 0 */
    uint32_t truncate; /* UTF-16 units; 0: whole cells */
    uint64_t rows;     /* added, shown or not */
    sqi_buf text, raw; /* of all cells; of one before escapes */
    sqi_io_table_cell *cell;
    size_t ncell, cell_cap;
} sqi_io_table;

void sqi_io_table_init(sqi_io_table *t, sqi_alloc *alloc, const sqi_schema *schema, const sqi_zone *zone,
                       int64_t row_max, uint32_t truncate);
void sqi_io_table_fini(sqi_io_table *t);  /* valid on a zeroed one */
void sqi_io_table_clear(sqi_io_table *t); /* no rows; keeps the memory */
streamq_status sqi_io_table_add(sqi_io_table *t, const sqi_chunk *chunk, streamq_error **err);
/* As show() returns it: a line end after the table, none after "only showing top 20 rows". */
streamq_status sqi_io_table_print(sqi_io_table *t, sqi_buf *to, streamq_error **err);

#endif
