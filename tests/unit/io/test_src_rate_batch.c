/* The rate-micro-batch source: counted batches on a time of their own. */
#include <string.h>

#include "io_rig.h"
#include "test_main.h"

static rig r;
static const sqi_offset unknown = {0};

static void begin(const char *rows)
{
    rig_begin(&r);
    rig_option(&r, "rowsPerBatch", rows);
}

START_TEST(every_batch_has_its_rows_and_the_time_of_its_start)
{
    begin("3");
    rig_source(&r, &sqi_src_rate_batch, NULL);
    sqi_offset a = rig_latest(&r, &unknown), b = rig_latest(&r, &a);
    ck_assert_str_eq(rig_json(&r, &unknown), "null");
    ck_assert_str_eq(rig_json(&r, &a), "{\"offset\":3,\"timestamp\":1000}");
    ck_assert_str_eq(rig_json(&r, &b), "{\"offset\":6,\"timestamp\":2000}");
    ck_assert_str_eq(rig_read(&r, &unknown, &a),
                     "1970-01-01 00:00:00|0\n1970-01-01 00:00:00|1\n1970-01-01 00:00:00|2\n");
    ck_assert_str_eq(rig_read(&r, &a, &b), "1970-01-01 00:00:01|3\n1970-01-01 00:00:01|4\n1970-01-01 00:00:01|5\n");
    rig_end(&r);
}
END_TEST

START_TEST(start_and_step_are_options)
{
    begin("1");
    rig_option(&r, "startTimestamp", "5000");
    rig_option(&r, "advanceMillisPerBatch", "50");
    rig_option(&r, "numPartitions", "2");
    rig_source(&r, &sqi_src_rate_batch, NULL);
    sqi_offset a = rig_latest(&r, &unknown), b = rig_latest(&r, &a);
    ck_assert_str_eq(rig_json(&r, &b), "{\"offset\":2,\"timestamp\":5100}");
    ck_assert_str_eq(rig_read(&r, &a, &b), "1970-01-01 00:00:05.05|1\n");
    sqi_buf d;
    sqi_buf_init(&d, &r.heap.alloc, 0);
    ck_assert(r.source->type->describe(r.source, &d));
    ck_assert(sqi_span_equal(sqi_buf_view(&d), SQI_SPAN("RatePerMicroBatchStream[rowsPerBatch=1, numPartitions=2, "
                                                        "startTimestamp=5000, advanceMsPerBatch=50]")));
    sqi_buf_fini(&d);
    rig_end(&r);
}
END_TEST

START_TEST(available_now_is_one_batch)
{
    begin("2");
    rig_source(&r, &sqi_src_rate_batch, NULL);
    r.source->available_now = true;
    sqi_offset a = rig_latest(&r, &unknown), b = rig_latest(&r, &a);
    ck_assert(sqi_offset_equal(&a, &b));
    rig_end(&r);
}
END_TEST

START_TEST(large_batches_come_in_chunks)
{
    begin("5000");
    r.env.chunk_rows = 1000;
    rig_source(&r, &sqi_src_rate_batch, NULL);
    sqi_offset a = rig_latest(&r, &unknown);
    ck_assert_ptr_nonnull(strstr(rig_read(&r, &unknown, &a), "|4999\n"));
    ck_assert_uint_eq(r.chunks, 5);
    rig_end(&r);
}
END_TEST

START_TEST(counting_beyond_64_bits_is_an_error)
{
    begin("9223372036854775807");
    rig_source(&r, &sqi_src_rate_batch, NULL);
    sqi_offset a = rig_latest(&r, &unknown), b;
    rig_refused(&r, r.source->type->latest(r.source, &a, &b, &r.err), SQI_COND_ARITHMETIC_OVERFLOW, "64 bits");
    rig_end(&r);
    begin("1");
    rig_option(&r, "advanceMillisPerBatch", "9223372036854775");
    rig_source(&r, &sqi_src_rate_batch, NULL);
    a = rig_latest(&r, &unknown);
    rig_refused(&r, r.source->type->latest(r.source, &a, &b, &r.err), SQI_COND_ARITHMETIC_OVERFLOW, "millisecond");
    rig_end(&r);
}
END_TEST

START_TEST(offsets_that_cannot_be_are_refused)
{
    const sqi_offset bad[] = {{.known = true, .number = {-1, 0}},
                              {.known = true, .number = {INT64_MIN, 0}},
                              {.known = true, .number = {0, -1}},
                              {.known = true, .number = {0, INT64_MAX}}};
    begin("1");
    rig_source(&r, &sqi_src_rate_batch, NULL);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sqi_offset o;
        rig_refused(&r, r.source->type->latest(r.source, &bad[i], &o, &r.err), SQI_COND_ARITHMETIC_OVERFLOW,
                    "cannot go on");
        rig_refused(&r, r.source->type->read(r.source, &bad[i], &bad[i], NULL, NULL, &r.err),
                    SQI_COND_ARITHMETIC_OVERFLOW, "cannot go on");
    }
    rig_end(&r);
}
END_TEST

START_TEST(options_are_checked)
{
    rig_begin(&r);
    rig_refused(&r, rig_try_source(&r, &sqi_src_rate_batch, NULL), SQI_COND_MISSING_OPTION, "rowsPerBatch");
    rig_option(&r, "rowsPerBatch", "0");
    rig_refused(&r, rig_try_source(&r, &sqi_src_rate_batch, NULL), SQI_COND_INVALID_OPTION_VALUE, "rowsPerBatch");
    rig_option(&r, "rowsPerBatch", "1");
    rig_option(&r, "startTimestamp", "-1");
    rig_refused(&r, rig_try_source(&r, &sqi_src_rate_batch, NULL), SQI_COND_INVALID_OPTION_VALUE, "startTimestamp");
    rig_option(&r, "startTimestamp", "0");
    rig_option(&r, "advanceMillisPerBatch", "-5");
    rig_refused(&r, rig_try_source(&r, &sqi_src_rate_batch, NULL), SQI_COND_INVALID_OPTION_VALUE,
                "advanceMillisPerBatch");
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_batch_has_its_rows_and_the_time_of_its_start,
                                  start_and_step_are_options,
                                  available_now_is_one_batch,
                                  large_batches_come_in_chunks,
                                  counting_beyond_64_bits_is_an_error,
                                  offsets_that_cannot_be_are_refused,
                                  options_are_checked};
    return sqi_test_main("src_rate_batch", tests, sizeof tests / sizeof *tests);
}
