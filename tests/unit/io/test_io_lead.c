/* The lead of sources and sinks: state, failed opens, ends; the log; equality of offsets. */
#include "io_rig.h"
#include "test_main.h"

static rig r;
static int opened, closed;
static bool fails;

typedef struct state {
    char bytes[100];
} state;

static streamq_status open_source(sqi_source *s, streamq_error **err)
{
    const state *t = s->state;
    for (size_t i = 0; i < s->type->state_size; i++)
        ck_assert_int_eq(t->bytes[i], 0);
    opened++;
    return fails ? sqi_error_set(err, SQI_COND_IO_ERROR, "no") : STREAMQ_OK;
}

static void close_source(sqi_source *s)
{
    ck_assert_ptr_nonnull(s->state);
    closed++;
}

static streamq_status open_sink(sqi_sink *k, streamq_error **err)
{
    (void)k;
    opened++;
    return fails ? sqi_error_set(err, SQI_COND_IO_ERROR, "no") : STREAMQ_OK;
}

static void close_sink(sqi_sink *k)
{
    ck_assert_ptr_nonnull(k->state);
    closed++;
}

static const sqi_source_type source_type = {
    .name = "s", .state_size = sizeof(state), .open = open_source, .close = close_source};
static const sqi_source_type small_type = {.name = "s", .state_size = 0, .open = open_source, .close = close_source};
static const sqi_sink_type sink_type = {.name = "k", .open = open_sink, .close = close_sink};

static streamq_status open_both(sqi_source **s, sqi_sink **k, streamq_error **err)
{
    *k = NULL;
    SQI_TRY(sqi_source_open(s, &source_type, &r.env, &r.options, &r.schema, &r, err));
    return sqi_sink_open(k, &sink_type, &r.env, &r.options, &r.schema, STREAMQ_UPDATE, SQI_SPAN("q"), &r, err);
}

static void begin(bool failing)
{
    rig_begin(&r);
    opened = closed = 0;
    fails = failing;
}

START_TEST(an_end_closes_once_and_leaves_the_lead)
{
    sqi_source *s;
    sqi_sink *k;
    begin(false);
    ck_assert_int_eq(open_both(&s, &k, &r.err), STREAMQ_OK);
    ck_assert_ptr_eq(s->declared, &r);
    ck_assert_int_eq(k->mode, STREAMQ_UPDATE);
    for (int i = 0; i < 2; i++) {
        sqi_source_end(s);
        sqi_sink_end(k);
    }
    ck_assert_int_eq(closed, 2);
    ck_assert_ptr_null(s->state);
    ck_assert_ptr_eq(s->type, &source_type);
    sqi_source_close(s);
    sqi_sink_close(k);
    ck_assert_int_eq(closed, 2);
    sqi_source_close(NULL);
    sqi_sink_close(NULL);
    sqi_source_end(NULL);
    sqi_sink_end(NULL);
    rig_end(&r);
}
END_TEST

START_TEST(a_failed_open_is_closed_and_gives_nothing)
{
    sqi_source *s;
    sqi_sink *k;
    begin(true);
    rig_refused(&r, sqi_source_open(&s, &small_type, &r.env, &r.options, &r.schema, NULL, &r.err), SQI_COND_IO_ERROR,
                "no");
    ck_assert_ptr_null(s);
    rig_refused(
        &r, sqi_sink_open(&k, &sink_type, &r.env, &r.options, &r.schema, STREAMQ_APPEND, SQI_SPAN(""), NULL, &r.err),
        SQI_COND_IO_ERROR, "no");
    ck_assert_ptr_null(k);
    ck_assert_int_eq(opened, 2);
    ck_assert_int_eq(closed, 2);
    rig_end(&r);
}
END_TEST

START_TEST(offsets_are_equal_by_what_they_hold)
{
    sqi_offset a = {0}, b = {.known = true}, c = {.known = true, .number = {0, 1}}, d = {.known = true, .nbytes = 2};
    ck_assert(sqi_offset_equal(&a, &a));
    ck_assert(!sqi_offset_equal(&a, &b));
    ck_assert(sqi_offset_equal(&b, &b));
    ck_assert(!sqi_offset_equal(&b, &c));
    ck_assert(!sqi_offset_equal(&b, &d));
    sqi_offset e = d;
    ck_assert(sqi_offset_equal(&d, &e));
    e.bytes[5] = 1; /* beyond what counts */
    ck_assert(sqi_offset_equal(&d, &e));
    e.bytes[1] = 1;
    ck_assert(!sqi_offset_equal(&d, &e));
    a.number[0] = 5; /* of an unknown one nothing counts */
    ck_assert(sqi_offset_equal(&a, &(sqi_offset){0}));
}
END_TEST

START_TEST(the_log_is_bounded_and_may_have_no_listener)
{
    begin(false);
    sqi_log_write(&(sqi_log){0}, SQI_LOG_ERROR, "nobody hears %d", 1);
    sqi_log_write(&r.env.log, SQI_LOG_INFO, "%05000d", 7);
    ck_assert_uint_eq(r.log.len, 2 + 1023 + 1);
    ck_assert_mem_eq(r.log.ptr, "1 000", 5);
    rig_end(&r);
}
END_TEST

static streamq_status live(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_io_env before = r.env;
    sqi_source *s = NULL;
    sqi_sink *k = NULL;
    (void)context;
    r.env.alloc = alloc;
    streamq_status status = open_both(&s, &k, err);
    sqi_source_close(s);
    sqi_sink_close(k);
    r.env = before;
    return status;
}

START_TEST(every_allocation_may_fail)
{
    begin(false);
    ck_assert_uint_eq(sqi_test_every_allocation(live, NULL), 4);
    ck_assert_int_eq(opened, closed);
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_end_closes_once_and_leaves_the_lead, a_failed_open_is_closed_and_gives_nothing,
                                  offsets_are_equal_by_what_they_hold, the_log_is_bounded_and_may_have_no_listener,
                                  every_allocation_may_fail};
    return sqi_test_main("io_lead", tests, sizeof tests / sizeof *tests);
}
