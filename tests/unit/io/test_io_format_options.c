/* Options that several formats have, and the errors that name the format. */
#include "io_format_options.h"

#include "io_rig.h"
#include "test_main.h"

static const sqi_option_row row[] = {{"locale", SQI_OPTION_TEXT, "en-US", 0, 0, false, "one"},
                                     {"samplingRatio", SQI_OPTION_TEXT, "1.0", 0, 0, false, "two"},
                                     {"timeZone", SQI_OPTION_TEXT, NULL, 0, 0, false, "three"},
                                     {"header", SQI_OPTION_BOOL, "true", 0, 0, false, "four"},
                                     {"maxColumns", SQI_OPTION_INT, "20", 1, 100, false, "five"}};

static rig r;
static sqi_format_options o;

static void begin(void)
{
    rig_begin(&r);
    o = (sqi_format_options){"abc", &r.options, row, sizeof row / sizeof *row};
}

START_TEST(defaults_stand_where_nothing_is_set)
{
    begin();
    double ratio = 0;
    const sqi_zone *zone = sqi_zone_utc();
    ck_assert(sqi_format_options_flag(&o, "header"));
    ck_assert_int_eq(sqi_format_options_int(&o, "maxColumns"), 20);
    ck_assert(sqi_span_equal(sqi_format_options_text(&o, "locale"), SQI_SPAN("en-US")));
    ck_assert_int_eq(sqi_format_options_locale(&o, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_format_options_sampling(&o, &ratio, NULL), STREAMQ_OK);
    ck_assert_double_eq(ratio, 1);
    ck_assert_int_eq(sqi_format_options_zone(&o, r.env.zones, &zone, NULL), STREAMQ_OK);
    ck_assert_ptr_eq(zone, sqi_zone_utc());
    rig_end(&r);
}
END_TEST

START_TEST(what_is_set_counts)
{
    begin();
    double ratio = 0;
    const sqi_zone *zone = NULL;
    sqi_zones *zones = sqi_zones_new(&r.heap.alloc);
    rig_option(&r, "header", "false");
    rig_option(&r, "maxColumns", "7");
    rig_option(&r, "LOCALE", "EN-us");
    rig_option(&r, "samplingRatio", "0.25");
    rig_option(&r, "timeZone", "+02:00");
    ck_assert(!sqi_format_options_flag(&o, "header"));
    ck_assert_int_eq(sqi_format_options_int(&o, "maxColumns"), 7);
    ck_assert_int_eq(sqi_format_options_locale(&o, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_format_options_sampling(&o, &ratio, NULL), STREAMQ_OK);
    ck_assert_double_eq(ratio, 0.25);
    ck_assert_int_eq(sqi_format_options_zone(&o, NULL, &zone, NULL), STREAMQ_OK);
    ck_assert_ptr_null(zone);
    ck_assert_int_eq(sqi_format_options_zone(&o, zones, &zone, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_zone_to_local(zone, 0), INT64_C(7200000000));
    sqi_zones_free(zones);
    rig_end(&r);
}
END_TEST

START_TEST(errors_name_the_format_and_what_the_option_takes)
{
    begin();
    double ratio;
    rig_option(&r, "locale", "de-DE");
    rig_refused(&r, sqi_format_options_locale(&o, &r.err), SQI_COND_INVALID_OPTION_VALUE,
                "option 'locale' of format 'abc' is 'de-DE'; it takes en-US alone");
    static const char *const wrong[] = {"0", "-1", "nan", "many", ""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        rig_option(&r, "samplingRatio", wrong[i]);
        rig_refused(&r, sqi_format_options_sampling(&o, &ratio, &r.err), SQI_COND_INVALID_OPTION_VALUE,
                    "it takes a number above 0");
    }
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {defaults_stand_where_nothing_is_set, what_is_set_counts,
                                  errors_name_the_format_and_what_the_option_takes};
    return sqi_test_main("io_format_options", tests, sizeof tests / sizeof *tests);
}
