/*
 * format_json: the format json as drivers of files see it. Reading is in json_rows, finding a schema in json_infer,
 * writing in json_write.
 */
#include "io_format.h"
#include "json_infer.h"
#include "json_options.h"
#include "json_rows.h"
#include "json_write.h"

const sqi_format_type sqi_format_json = {.name = "json",
                                         .extension = ".json",
                                         .option = sqi_json_read_option,
                                         .noption = SQI_JSON_READ_OPTIONS,
                                         .write_option = sqi_json_write_option,
                                         .nwrite_option = SQI_JSON_WRITE_OPTIONS,
                                         .check = sqi_json_rows_check,
                                         .decoder_size = sizeof(sqi_json_rows),
                                         .open = sqi_json_rows_open,
                                         .begin = sqi_json_rows_begin,
                                         .take = sqi_json_rows_take,
                                         .close = sqi_json_rows_close,
                                         .inference_size = sizeof(sqi_json_infer),
                                         .infer_open = sqi_json_infer_open,
                                         .infer_begin = sqi_json_infer_begin,
                                         .infer_take = sqi_json_infer_take,
                                         .infer_schema = sqi_json_infer_schema,
                                         .infer_close = sqi_json_infer_close,
                                         .encoder_size = sizeof(sqi_json_writer),
                                         .encoder_open = sqi_json_write_open,
                                         .encoder_begin = sqi_json_write_begin,
                                         .encode = sqi_json_write_rows,
                                         .encoder_end = sqi_json_write_end,
                                         .encoder_close = sqi_json_write_close};
