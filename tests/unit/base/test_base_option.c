/* Options: names, kinds, ranges, errors. */
#include "base_option.h"

#include "fail_alloc.h"
#include "test_main.h"

static const sqi_option_row rows[] = {
    {"host", SQI_OPTION_TEXT, NULL, 0, 0, true, "the host to connect to"},
    {"port", SQI_OPTION_INT, NULL, 1, 65535, true, "the port"},
    {"includeTimestamp", SQI_OPTION_BOOL, "false", 0, 0, false, ""},
    {"maxBytes", SQI_OPTION_SIZE, "64k", 1, INT64_MAX, false, ""},
    {"timeout", SQI_OPTION_DURATION, "10 seconds", 0, INT64_C(3600000000), false, ""},
    {"any", SQI_OPTION_INT, "-5", 0, 0, false, ""},
};
enum { N = sizeof rows / sizeof *rows };

static sqi_alloc heap;
static sqi_arena arena;
static sqi_options options;
static streamq_error *err;

static void begin(void)
{
    sqi_alloc_init(&heap);
    sqi_arena_init(&arena, &heap);
    options = (sqi_options){.arena = &arena};
    err = NULL;
}

static void end(void)
{
    sqi_error_free(err);
    sqi_arena_fini(&arena);
    ck_assert_uint_eq(heap.used, 0);
}

static void set(const char *name, const char *value)
{
    ck_assert_int_eq(sqi_options_set(&options, sqi_span_of(name), sqi_span_of(value), NULL), STREAMQ_OK);
}

static void assert_refused(sqi_cond cond, const char *text)
{
    ck_assert_int_eq(sqi_options_check(&options, rows, N, "source 'socket'", &err), sqi_cond_status(cond));
    ck_assert_str_eq(sqi_cond_name(sqi_error_cond(err)), sqi_cond_name(cond));
    ck_assert_str_eq(sqi_error_text(err), text);
}

static void with_required(void)
{
    begin();
    set("host", "localhost");
    set("port", "9999");
}

START_TEST(values_come_back_typed)
{
    with_required();
    set("INCLUDETIMESTAMP", " True ");
    set("maxbytes", "8m");
    set("timeout", "1 minute");
    ck_assert_int_eq(sqi_options_check(&options, rows, N, "x", &err), STREAMQ_OK);
    ck_assert(sqi_span_equal(sqi_options_text(&options, rows, N, "host"), SQI_SPAN("localhost")));
    ck_assert_int_eq(sqi_options_int(&options, rows, N, "port"), 9999);
    ck_assert(sqi_options_bool(&options, rows, N, "includeTimestamp"));
    ck_assert_int_eq(sqi_options_int(&options, rows, N, "maxBytes"), 8 << 20);
    ck_assert_int_eq(sqi_options_int(&options, rows, N, "timeout"), 60000000);
    end();
}
END_TEST

START_TEST(silence_gives_the_default)
{
    with_required();
    ck_assert_int_eq(sqi_options_check(&options, rows, N, "x", &err), STREAMQ_OK);
    ck_assert(!sqi_options_bool(&options, rows, N, "includeTimestamp"));
    ck_assert_int_eq(sqi_options_int(&options, rows, N, "maxBytes"), 65536);
    ck_assert_int_eq(sqi_options_int(&options, rows, N, "timeout"), 10000000);
    ck_assert_int_eq(sqi_options_int(&options, rows, N, "any"), -5);
    ck_assert(sqi_span_equal(sqi_options_text(&options, rows, N, "timeout"), SQI_SPAN("10 seconds")));
    end();
}
END_TEST

START_TEST(setting_again_replaces_whatever_the_case)
{
    begin();
    set("Host", "a");
    set("hOST", "b");
    sqi_span value;
    ck_assert(sqi_options_get(&options, "host", &value));
    ck_assert(sqi_span_equal(value, SQI_SPAN("b")));
    ck_assert_ptr_null(options.first->next);
    ck_assert(!sqi_options_get(&options, "port", &value));
    end();
}
END_TEST

START_TEST(an_unknown_name_lists_the_nearest_first)
{
    with_required();
    set("prot", "1");
    assert_refused(SQI_COND_UNKNOWN_OPTION, "source 'socket' has no option 'prot'");
    ck_assert_ptr_nonnull(strstr(sqi_error_message(err), "Did you mean one of: `port`, "));
    end();
}
END_TEST

START_TEST(a_missing_required_option_is_named)
{
    begin();
    set("port", "1");
    assert_refused(SQI_COND_MISSING_OPTION, "source 'socket' needs the option 'host': the host to connect to");
    end();
}
END_TEST

START_TEST(a_value_of_the_wrong_kind_is_refused)
{
    with_required();
    set("port", "http");
    assert_refused(SQI_COND_INVALID_OPTION_VALUE,
                   "option 'port' of source 'socket' is 'http'; it takes a whole number");
    end();
}
END_TEST

START_TEST(a_value_out_of_range_is_refused)
{
    with_required();
    set("port", "65536");
    assert_refused(SQI_COND_INVALID_OPTION_VALUE,
                   "option 'port' of source 'socket' is '65536'; it must be between 1 and 65535");
    end();
}
END_TEST

START_TEST(numbers_that_do_not_fit_are_refused)
{
    static const struct {
        const char *name, *value;
    } bad[] = {{"any", "9223372036854775808"},
               {"any", ""},
               {"any", "1x"},
               {"any", "-"},
               {"any", "1 2"},
               {"maxBytes", "9223372036854775807k"},
               {"maxBytes", "5q"},
               {"maxBytes", "k"},
               {"includeTimestamp", "yes"},
               {"timeout", "1 month"},
               {"timeout", "2 hours"},
               {"timeout", "-1 s"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        with_required();
        set(bad[i].name, bad[i].value);
        ck_assert_msg(sqi_options_check(&options, rows, N, "x", &err) == STREAMQ_ERR_INVALID, "%s", bad[i].value);
        end();
    }
    with_required();
    set("any", "-9223372036854775808");
    ck_assert_int_eq(sqi_options_check(&options, rows, N, "x", &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_options_int(&options, rows, N, "any"), INT64_MIN);
    end();
}
END_TEST

static streamq_status use(sqi_alloc *alloc, void *context, streamq_error **error)
{
    (void)context;
    sqi_arena a;
    sqi_arena_init(&a, alloc);
    sqi_options o = {.arena = &a};
    streamq_status status = STREAMQ_OK;
    char name[2000];
    memset(name, 'n', sizeof name);
    for (size_t i = 1; i < sizeof name && status == STREAMQ_OK; i += 300)
        status = sqi_options_set(&o, (sqi_span){name, i}, SQI_SPAN("value"), error);
    sqi_arena_fini(&a);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    ck_assert_uint_gt(sqi_test_every_allocation(use, NULL), 2);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {values_come_back_typed,
                                  silence_gives_the_default,
                                  setting_again_replaces_whatever_the_case,
                                  an_unknown_name_lists_the_nearest_first,
                                  a_missing_required_option_is_named,
                                  a_value_of_the_wrong_kind_is_refused,
                                  a_value_out_of_range_is_refused,
                                  numbers_that_do_not_fit_are_refused,
                                  every_allocation_may_fail};
    return sqi_test_main("base_option", tests, sizeof tests / sizeof *tests);
}
