/*
 * format_csv: the format "csv": its options and the functions behind it. Reading is csv_read.c, csv_scan.c, csv_token.c
 * and csv_value.c, the schema of files without one csv_infer.c, writing csv_write.c.
 */
#include "csv_format.h"
#include "csv_options.h"

static streamq_status check(const sqi_options *options, const sqi_schema *given, streamq_error **err)
{
    sqi_csv_options read;
    uint32_t corrupt;
    SQI_TRY(sqi_csv_options_read(&read, options, false, sqi_zone_utc(), NULL, err));
    if (!given)
        return STREAMQ_OK;
    SQI_TRY(sqi_csv_check_types(given, err));
    return sqi_csv_read_corrupt(given, read.corrupt, &corrupt, err);
}

const sqi_format_type sqi_format_csv = {
    .name = "csv",
    .extension = ".csv",
    .option = sqi_csv_read_row,
    .noption = SQI_CSV_READ_ROWS,
    .write_option = sqi_csv_write_row,
    .nwrite_option = SQI_CSV_WRITE_ROWS,
    .check = check,
    .decoder_size = SQI_CSV_STATE,
    .open = sqi_csv_read_open,
    .begin = sqi_csv_read_begin,
    .take = sqi_csv_read_take,
    .close = sqi_csv_read_close,
    .inference_size = SQI_CSV_STATE,
    .infer_open = sqi_csv_infer_open,
    .infer_begin = sqi_csv_infer_begin,
    .infer_take = sqi_csv_infer_take,
    .infer_schema = sqi_csv_infer_schema,
    .infer_close = sqi_csv_infer_close,
    .encoder_size = SQI_CSV_STATE,
    .encoder_open = sqi_csv_write_open,
    .encoder_begin = sqi_csv_write_begin,
    .encode = sqi_csv_write_rows_of,
    .encoder_end = sqi_csv_write_end,
    .encoder_close = sqi_csv_write_close,
};
