/*
 * io_format_options: a format's options together with the table that has their defaults, and the options that several
 * formats have: locale, samplingRatio, timeZone.
 */
#ifndef SQI_IO_FORMAT_OPTIONS_H
#define SQI_IO_FORMAT_OPTIONS_H

#include "base_option.h"
#include "data_zone.h"

typedef struct sqi_format_options {
    const char *format; /* its name, for errors */
    const sqi_options *set;
    const sqi_option_row *row;
    size_t n;
} sqi_format_options;

sqi_span sqi_format_options_text(const sqi_format_options *o, const char *name);
bool sqi_format_options_flag(const sqi_format_options *o, const char *name);
int64_t sqi_format_options_int(const sqi_format_options *o, const char *name);

/* Always INVALID_OPTION_VALUE. `takes`: what the option takes. */
streamq_status sqi_format_options_refuse(const sqi_format_options *o, const char *name, sqi_span value,
                                         const char *takes, streamq_error **err);

/* Names of days and months are English, and Spark reads decimals in strings by the locale: only en-US. */
streamq_status sqi_format_options_locale(const sqi_format_options *o, streamq_error **err);
streamq_status sqi_format_options_sampling(const sqi_format_options *o, double *ratio, streamq_error **err);
/* *zone stays where the option is not set, or there are no zones to look in. */
streamq_status sqi_format_options_zone(const sqi_format_options *o, sqi_zones *zones, const sqi_zone **zone,
                                       streamq_error **err);

#endif
