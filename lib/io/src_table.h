/*
 * src_table: the memory tables of a session as bounded sources: a read gives what the table holds when it begins.
 */
#ifndef SQI_SRC_TABLE_H
#define SQI_SRC_TABLE_H

#include "io_source.h"
#include "snk_memory.h"

extern const sqi_source_type sqi_src_table; /* declared: a sqi_memory_table */
void sqi_src_table_release(void *table);    /* sqi_memory_table_unref for lists of things to release */

#endif
