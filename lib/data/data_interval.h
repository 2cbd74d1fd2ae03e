/*
 * data_interval: what printing and reading of intervals share.
 */
#ifndef SQI_DATA_INTERVAL_H
#define SQI_DATA_INTERVAL_H

#include "data_time.h"

extern const char *const sqi_interval_field[6]; /* "YEAR" .. "SECOND", by SQI_YEAR .. SQI_SECOND */
extern const uint64_t sqi_interval_micros[6];   /* of DAY .. SECOND; 0 for YEAR and MONTH */

#endif
