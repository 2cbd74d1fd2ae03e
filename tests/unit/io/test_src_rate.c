/* The rate source on a simulated clock. */
#include <string.h>

#include "io_rig.h"
#include "test_main.h"

enum { SECOND = 1000000 };

static rig r;
static const sqi_offset unknown = {0};

/* 2023-11-14 22:13:20 and a bit */
static void begin(const char *per_second, const char *ramp_up)
{
    rig_begin(&r);
    if (per_second)
        rig_option(&r, "rowsPerSecond", per_second);
    if (ramp_up)
        rig_option(&r, "rampUpTime", ramp_up);
    sqi_os_sim_set_wall(&r.sim, INT64_C(1700000000123456));
}

static sqi_offset at_second(int64_t second)
{
    return (sqi_offset){.known = true, .number = {second, INT64_C(1700000000123)}};
}

static size_t lines(const char *text)
{
    size_t n = 0;
    for (; (text = strchr(text, '\n')); text++)
        n++;
    return n;
}

START_TEST(the_first_batch_is_empty_and_whole_seconds_follow)
{
    begin("2", NULL);
    rig_source(&r, &sqi_src_rate, NULL);
    sqi_offset a = rig_latest(&r, &unknown);
    ck_assert_str_eq(rig_json(&r, &a), "0");
    ck_assert_str_eq(rig_read(&r, &unknown, &a), "");
    sqi_os_sim_advance(&r.sim, SECOND - 500); /* the series began on a millisecond, 456 us before the clock */
    sqi_offset b = rig_latest(&r, &a);
    ck_assert(sqi_offset_equal(&a, &b));
    sqi_os_sim_advance(&r.sim, 2 * SECOND);
    b = rig_latest(&r, &a);
    ck_assert_str_eq(rig_json(&r, &b), "2");
    ck_assert_str_eq(rig_read(&r, &a, &b), "2023-11-14 22:13:20.123|0\n2023-11-14 22:13:20.623|1\n"
                                           "2023-11-14 22:13:21.123|2\n2023-11-14 22:13:21.623|3\n");
    rig_end(&r);
}
END_TEST

START_TEST(the_ramp_grows_second_by_second)
{
    /* Spark's own example: values at seconds 0..6 are 0 2 6 12 20 30 40 */
    const size_t wanted[] = {0, 2, 6, 12, 20, 30, 40};
    begin("10", "4s");
    rig_source(&r, &sqi_src_rate, NULL);
    for (int64_t second = 0; second <= 6; second++) {
        sqi_offset end = at_second(second);
        ck_assert_uint_eq(lines(rig_read(&r, &unknown, &end)), wanted[second]);
    }
    sqi_offset a = at_second(2), b = at_second(3);
    ck_assert_str_eq(rig_read(&r, &a, &b),
                     "2023-11-14 22:13:22.123|6\n2023-11-14 22:13:22.29|7\n2023-11-14 22:13:22.456|8\n"
                     "2023-11-14 22:13:22.623|9\n2023-11-14 22:13:22.79|10\n2023-11-14 22:13:22.956|11\n");
    rig_end(&r);
}
END_TEST

START_TEST(the_ramp_is_read_in_whole_seconds_and_a_bare_number_is_seconds)
{
    static const struct {
        const char *text, *shown;
    } ramps[] = {{"3", "rampUpTimeSeconds=3,"},
                 {"1500ms", "rampUpTimeSeconds=1,"},
                 {"1m", "rampUpTimeSeconds=60,"},
                 {" 2 s ", "rampUpTimeSeconds=2,"}};
    for (size_t i = 0; i < sizeof ramps / sizeof *ramps; i++) {
        sqi_buf b;
        begin("5", ramps[i].text);
        rig_source(&r, &sqi_src_rate, NULL);
        sqi_buf_init(&b, &r.heap.alloc, 0);
        ck_assert(r.source->type->describe(r.source, &b) && sqi_buf_byte(&b, '\0'));
        ck_assert_ptr_nonnull(strstr(b.ptr, "RateStreamV2[rowsPerSecond=5, "));
        ck_assert_ptr_nonnull(strstr(b.ptr, ramps[i].shown));
        ck_assert_ptr_nonnull(strstr(b.ptr, "numPartitions=default]"));
        sqi_buf_fini(&b);
        rig_end(&r);
    }
}
END_TEST

START_TEST(a_restart_continues_the_series)
{
    begin("1", NULL);
    rig_source(&r, &sqi_src_rate, NULL);
    sqi_offset a = at_second(100), b;
    sqi_os_sim_advance(&r.sim, 103 * SECOND);
    b = rig_latest(&r, &a);
    ck_assert(sqi_offset_equal(&b, &(sqi_offset){.known = true, .number = {103, INT64_C(1700000000123)}}));
    ck_assert_str_eq(rig_read(&r, &a, &b),
                     "2023-11-14 22:15:00.123|100\n2023-11-14 22:15:01.123|101\n2023-11-14 22:15:02.123|102\n");
    rig_end(&r);
}
END_TEST

START_TEST(a_clock_that_is_set_back_makes_nothing)
{
    begin("1", NULL);
    rig_source(&r, &sqi_src_rate, NULL);
    sqi_offset a = rig_latest(&r, &unknown);
    sqi_os_sim_advance(&r.sim, 5 * SECOND);
    a = rig_latest(&r, &a);
    ck_assert_int_eq(a.number[0], 5);
    sqi_os_sim_set_wall(&r.sim, 0);
    sqi_offset b = rig_latest(&r, &a);
    ck_assert(sqi_offset_equal(&a, &b));
    rig_end(&r);
    begin("1", NULL); /* over a restart too */
    rig_source(&r, &sqi_src_rate, NULL);
    a = at_second(50);
    b = rig_latest(&r, &a);
    ck_assert(sqi_offset_equal(&a, &b));
    rig_end(&r);
}
END_TEST

START_TEST(it_says_when_to_ask_again)
{
    begin("1", NULL);
    rig_source(&r, &sqi_src_rate, NULL);
    ck_assert_int_eq(r.source->type->next_micros(r.source), 0); /* now */
    rig_latest(&r, &unknown);
    ck_assert_int_eq(r.source->type->next_micros(r.source), SECOND - 456);
    sqi_os_sim_advance(&r.sim, 400000);
    ck_assert_int_eq(r.source->type->next_micros(r.source), SECOND - 456);
    sqi_os_sim_advance(&r.sim, 700000);
    ck_assert_int_eq(r.source->type->next_micros(r.source), 1100000); /* overdue: now */
    rig_end(&r);
}
END_TEST

START_TEST(large_ranges_come_in_chunks)
{
    begin("100000", NULL);
    rig_source(&r, &sqi_src_rate, NULL);
    sqi_offset a = at_second(1), b = at_second(2);
    const char *rows = rig_read(&r, &a, &b);
    ck_assert_uint_eq(lines(rows), 100000);
    ck_assert_uint_eq(r.chunks, 49);
    ck_assert_uint_eq(r.most_rows, SQI_CHUNK_ROWS);
    ck_assert_ptr_nonnull(strstr(rows, "|199999\n"));
    rig_end(&r);
}
END_TEST

START_TEST(counting_beyond_64_bits_is_an_error)
{
    sqi_offset far = at_second(2), o;
    begin("9223372036854775807", NULL);
    rig_source(&r, &sqi_src_rate, NULL);
    rig_refused(&r, r.source->type->read(r.source, &unknown, &far, NULL, NULL, &r.err), SQI_COND_ARITHMETIC_OVERFLOW,
                "64 bits");
    rig_latest(&r, &unknown);
    sqi_os_sim_advance(&r.sim, 2 * SECOND);
    rig_refused(&r, r.source->type->latest(r.source, &unknown, &o, &r.err), SQI_COND_ARITHMETIC_OVERFLOW,
                "after 2 seconds");
    rig_end(&r);
    begin("9223372036854775807", "10s");
    rig_refused(&r, rig_try_source(&r, &sqi_src_rate, NULL), SQI_COND_INVALID_OPTION_VALUE, "before its 'rampUpTime'");
    rig_end(&r);
}
END_TEST

START_TEST(offsets_that_cannot_be_are_refused)
{
    const sqi_offset bad[] = {{.known = true, .number = {-1, 0}},
                              {.known = true, .number = {INT64_MAX, 0}},
                              {.known = true, .number = {0, INT64_MIN}},
                              {.known = true, .number = {0, INT64_MAX}}};
    begin("1", NULL);
    rig_source(&r, &sqi_src_rate, NULL);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sqi_offset o;
        rig_refused(&r, r.source->type->latest(r.source, &bad[i], &o, &r.err), SQI_COND_ARITHMETIC_OVERFLOW,
                    "cannot continue");
        rig_refused(&r, r.source->type->read(r.source, &unknown, &bad[i], NULL, NULL, &r.err),
                    SQI_COND_ARITHMETIC_OVERFLOW, "cannot continue");
    }
    rig_end(&r);
}
END_TEST

START_TEST(options_are_checked)
{
    static const struct {
        const char *name, *value;
    } bad[] = {{"rowsPerSecond", "0"}, {"rowsPerSecond", "x"}, {"rampUpTime", "-1"},
               {"rampUpTime", "x"},    {"rampUpTime", ""},     {"rampUpTime", "9223372036854775807"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        begin(NULL, NULL);
        rig_option(&r, bad[i].name, bad[i].value);
        rig_refused(&r, rig_try_source(&r, &sqi_src_rate, NULL), SQI_COND_INVALID_OPTION_VALUE, bad[i].name);
        rig_end(&r);
    }
}
END_TEST

START_TEST(available_now_fixes_the_end)
{
    begin("1", NULL);
    rig_source(&r, &sqi_src_rate, NULL);
    r.source->available_now = true;
    sqi_offset a = rig_latest(&r, &unknown);
    sqi_os_sim_advance(&r.sim, 9 * SECOND);
    sqi_offset b = rig_latest(&r, &a);
    ck_assert(sqi_offset_equal(&a, &b));
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_first_batch_is_empty_and_whole_seconds_follow,
                                  the_ramp_grows_second_by_second,
                                  the_ramp_is_read_in_whole_seconds_and_a_bare_number_is_seconds,
                                  a_restart_continues_the_series,
                                  a_clock_that_is_set_back_makes_nothing,
                                  it_says_when_to_ask_again,
                                  large_ranges_come_in_chunks,
                                  counting_beyond_64_bits_is_an_error,
                                  offsets_that_cannot_be_are_refused,
                                  options_are_checked,
                                  available_now_fixes_the_end};
    return sqi_test_main("src_rate", tests, sizeof tests / sizeof *tests);
}
