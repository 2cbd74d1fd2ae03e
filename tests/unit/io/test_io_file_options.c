/* The options that formats of files share. */
#include "io_file_options.h"

#include <string.h>

#include "file_rig.h"
#include "test_main.h"

static file_rig f;
static sqi_file_options o;

static void read_for(const sqi_format_type *format, bool streaming)
{
    ck_assert_msg(sqi_file_options_read(&o, format, &f.r.options, streaming, &f.r.env, &f.r.arena, &f.r.err) ==
                      STREAMQ_OK,
                  "%s", sqi_error_message(f.r.err));
}

START_TEST(defaults_are_sparks)
{
    file_begin(&f);
    file_path(&f, "");
    read_for(&sqi_format_text, true);
    ck_assert_int_eq(o.max_files, 0);
    ck_assert_int_eq(o.max_bytes, 0);
    ck_assert_int_eq(o.max_age, INT64_C(7) * 24 * 3600 * 1000000);
    ck_assert_int_eq(o.max_cached, 10000);
    ck_assert_double_eq(o.discard, 0.2);
    ck_assert(!o.latest_first && !o.name_only && !o.ignore_missing && !o.ignore_corrupt && !o.listing.recursive);
    ck_assert_int_eq(o.clean, SQI_CLEAN_OFF);
    ck_assert_int_eq(o.listing.before, INT64_MAX);
    file_end(&f);
}
END_TEST

START_TEST(values_are_read)
{
    file_begin(&f);
    file_path(&f, "*.txt");
    rig_option(&f.r, "MAXBYTESPERTRIGGER", "2k");
    rig_option(&f.r, "maxFileAge", "1500s");
    rig_option(&f.r, "discardCachedInputRatio", "0.5");
    rig_option(&f.r, "cleanSource", "Archive");
    rig_option(&f.r, "sourceArchiveDir", "/archive//here/");
    rig_option(&f.r, "basePath", "file:/base");
    rig_option(&f.r, "pathGlobFilter", "a*");
    read_for(&sqi_format_text, true);
    ck_assert_int_eq(o.max_bytes, 2048);
    ck_assert_int_eq(o.max_age, INT64_C(1500000000));
    ck_assert_double_eq(o.discard, 0.5);
    ck_assert_int_eq(o.clean, SQI_CLEAN_ARCHIVE);
    ck_assert(sqi_span_equal(o.archive, SQI_SPAN("/archive/here")));
    ck_assert(sqi_span_equal(o.listing.base, SQI_SPAN("/base")));
    ck_assert(o.listing.pattern && o.listing.filtered);
    file_end(&f);
}
END_TEST

START_TEST(with_the_newest_first_and_a_limit_no_file_is_too_old)
{
    file_begin(&f);
    file_path(&f, "");
    rig_option(&f.r, "latestFirst", "true");
    read_for(&sqi_format_text, true);
    ck_assert_int_ne(o.max_age, INT64_MAX);
    rig_option(&f.r, "maxFilesPerTrigger", "1");
    read_for(&sqi_format_text, true);
    ck_assert_int_eq(o.max_age, INT64_MAX);
    file_end(&f);
}
END_TEST

START_TEST(times_are_of_the_zone)
{
    file_begin(&f);
    file_path(&f, "");
    rig_option(&f.r, "modifiedBefore", "1970-01-01T00:33:20");
    rig_option(&f.r, "modifiedAfter", "1970-01-01");
    read_for(&sqi_format_csv, false);
    ck_assert_int_eq(o.listing.before, INT64_C(2000000000));
    ck_assert_int_eq(o.listing.after, 0);
    rig_option(&f.r, "timeZone", "+02:00");
    read_for(&sqi_format_csv, false);
    ck_assert_int_eq(o.listing.after, INT64_C(-7200000000));
    rig_option(&f.r, "modifiedAfter", "soon");
    rig_refused(&f.r, sqi_file_options_read(&o, &sqi_format_csv, &f.r.options, false, &f.r.env, &f.r.arena, &f.r.err),
                SQI_COND_INVALID_OPTION_VALUE, "modifiedAfter");
    file_end(&f);
}
END_TEST

START_TEST(two_limits_do_not_go_together)
{
    file_begin(&f);
    file_path(&f, "");
    rig_option(&f.r, "maxFilesPerTrigger", "1");
    rig_option(&f.r, "maxBytesPerTrigger", "1");
    rig_refused(&f.r, sqi_file_options_read(&o, &sqi_format_text, &f.r.options, true, &f.r.env, &f.r.arena, &f.r.err),
                SQI_COND_INVALID_OPTION_VALUE, "can't both be set");
    file_end(&f);
}
END_TEST

START_TEST(every_format_has_its_own_options_and_those_of_files_once)
{
    for (size_t i = 0; sqi_format_at(i); i++) {
        sqi_option_row rows[SQI_FILE_OPTIONS_MOST];
        size_t n = sqi_file_options_rows(sqi_format_at(i), rows), paths = 0;
        ck_assert_uint_lt(n, SQI_FILE_OPTIONS_MOST);
        ck_assert_uint_gt(n, sqi_format_at(i)->noption);
        for (size_t k = 0; k < n; k++) {
            paths += strcmp(rows[k].name, "path") == 0;
            for (size_t m = 0; m < k; m++)
                ck_assert_msg(!sqi_span_equal_nocase(sqi_span_of(rows[k].name), sqi_span_of(rows[m].name)), "%s twice",
                              rows[k].name);
        }
        ck_assert_uint_eq(paths, 1);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {defaults_are_sparks,
                                  values_are_read,
                                  with_the_newest_first_and_a_limit_no_file_is_too_old,
                                  times_are_of_the_zone,
                                  two_limits_do_not_go_together,
                                  every_format_has_its_own_options_and_those_of_files_once};
    return sqi_test_main("io_file_options", tests, sizeof tests / sizeof *tests);
}
