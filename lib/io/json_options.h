/*
 * json_options: the options of the format json, as tables and as what they say.
 */
#ifndef SQI_JSON_OPTIONS_H
#define SQI_JSON_OPTIONS_H

#include "data_pattern.h"
#include "io_charset.h"
#include "io_common.h"

typedef enum sqi_json_mode { SQI_JSON_PERMISSIVE, SQI_JSON_DROP, SQI_JSON_FAIL } sqi_json_mode;

typedef struct sqi_json_settings {
    sqi_arena arena; /* of what is below */
    uint32_t allow;  /* SQI_JSON_ALLOW_ */
    sqi_json_mode mode;
    sqi_span corrupt; /* the name of the column */
    bool whole_file;  /* multiLine */
    bool has_charset;
    sqi_charset charset;
    sqi_span line_end; /* in that character set; empty: LF, CR or both */
    const sqi_zone *zone;
    sqi_zones *zones;
    const sqi_pattern *date, *timestamp, *local; /* NULL: as CAST reads and prints */
    bool lenient_date, lenient_timestamp;        /* the other ways after the pattern */
    /* of inference */
    bool all_strings, prefers_decimal, drop_null, find_timestamps;
    double sampling;
    /* of writing */
    bool keep_null, pretty, ascii, sort_names;
} sqi_json_settings;

enum { SQI_JSON_READ_OPTIONS = 24, SQI_JSON_WRITE_OPTIONS = 12 };
extern const sqi_option_row sqi_json_read_option[SQI_JSON_READ_OPTIONS], sqi_json_write_option[SQI_JSON_WRITE_OPTIONS];

/* Options that were checked against their table. env may be NULL: only whether they fit together is looked at. */
streamq_status sqi_json_settings_read(sqi_json_settings *s, const sqi_options *o, const sqi_io_env *env,
                                      streamq_error **err);
streamq_status sqi_json_settings_write(sqi_json_settings *s, const sqi_options *o, const sqi_io_env *env,
                                       streamq_error **err);
void sqi_json_settings_fini(sqi_json_settings *s); /* valid on a zeroed one */

#endif
