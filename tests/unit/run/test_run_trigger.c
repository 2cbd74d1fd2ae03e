/* The trigger rules, walked through on a clock that is a number. */
#include "run_trigger.h"

#include "test_main.h"

#define SECOND INT64_C(1000000)

static sqi_trigger_verdict decide(const sqi_trigger *t, const sqi_trigger_state *s, int64_t now, int64_t *until)
{
    return sqi_trigger_decide(t, s, now, until);
}

START_TEST(the_default_trigger_starts_whenever_it_is_asked)
{
    sqi_trigger t = {SQI_TRIGGER_DEFAULT, 0};
    sqi_trigger_state s = {0};
    int64_t until;
    for (int64_t now = 0; now < 5; ++now) {
        ck_assert_int_eq(decide(&t, &s, now, &until), SQI_TRIGGER_START);
        sqi_trigger_begin(&t, &s, now);
        ck_assert_int_eq(sqi_trigger_end(&t, &s, now % 2, now), 0);
    }
}
END_TEST

START_TEST(an_interval_starts_at_once_and_then_at_multiples_of_itself)
{
    sqi_trigger t = {SQI_TRIGGER_INTERVAL, 10 * SECOND};
    sqi_trigger_state s = {0};
    int64_t until, now = 13 * SECOND;
    ck_assert_int_eq(decide(&t, &s, now, &until), SQI_TRIGGER_START);
    sqi_trigger_begin(&t, &s, now);
    ck_assert_int_eq(sqi_trigger_end(&t, &s, true, now + SECOND), 0);
    ck_assert_int_eq(decide(&t, &s, now + SECOND, &until), SQI_TRIGGER_WAIT);
    ck_assert_int_eq(until, 20 * SECOND);
    ck_assert_int_eq(decide(&t, &s, 20 * SECOND - 1, &until), SQI_TRIGGER_WAIT);
    ck_assert_int_eq(decide(&t, &s, 20 * SECOND, &until), SQI_TRIGGER_START);
}
END_TEST

START_TEST(an_overrun_starts_immediately_and_missed_slots_are_not_made_up)
{
    sqi_trigger t = {SQI_TRIGGER_INTERVAL, 10 * SECOND};
    sqi_trigger_state s = {0};
    int64_t until;
    sqi_trigger_begin(&t, &s, 20 * SECOND);
    ck_assert_int_eq(sqi_trigger_end(&t, &s, true, 47 * SECOND), 17 * SECOND); /* the slot at 30 was missed by 17 s */
    ck_assert_int_eq(decide(&t, &s, 47 * SECOND, &until), SQI_TRIGGER_START);
    sqi_trigger_begin(&t, &s, 47 * SECOND);
    sqi_trigger_end(&t, &s, true, 48 * SECOND);
    ck_assert_int_eq(decide(&t, &s, 48 * SECOND, &until), SQI_TRIGGER_WAIT);
    ck_assert_int_eq(until, 50 * SECOND);
}
END_TEST

START_TEST(slots_before_1970_are_multiples_too)
{
    sqi_trigger t = {SQI_TRIGGER_INTERVAL, 10 * SECOND};
    sqi_trigger_state s = {0};
    int64_t until;
    sqi_trigger_begin(&t, &s, -13 * SECOND);
    ck_assert_int_eq(decide(&t, &s, -12 * SECOND, &until), SQI_TRIGGER_WAIT);
    ck_assert_int_eq(until, -10 * SECOND);
}
END_TEST

START_TEST(once_starts_once_whether_it_finds_data_or_not)
{
    for (int found = 0; found < 2; ++found) {
        sqi_trigger t = {SQI_TRIGGER_ONCE, 0};
        sqi_trigger_state s = {0};
        int64_t until;
        ck_assert_int_eq(decide(&t, &s, 0, &until), SQI_TRIGGER_START);
        sqi_trigger_begin(&t, &s, 0);
        sqi_trigger_end(&t, &s, found, 1);
        ck_assert_int_eq(decide(&t, &s, 1, &until), SQI_TRIGGER_STOP);
    }
}
END_TEST

START_TEST(available_now_goes_on_until_a_trigger_finds_nothing)
{
    sqi_trigger t = {SQI_TRIGGER_AVAILABLE_NOW, 0};
    sqi_trigger_state s = {0};
    int64_t until;
    for (int i = 0; i < 3; ++i) {
        ck_assert_int_eq(decide(&t, &s, i, &until), SQI_TRIGGER_START);
        sqi_trigger_begin(&t, &s, i);
        sqi_trigger_end(&t, &s, true, i);
    }
    sqi_trigger_begin(&t, &s, 3);
    sqi_trigger_end(&t, &s, false, 3);
    ck_assert_int_eq(decide(&t, &s, 3, &until), SQI_TRIGGER_STOP);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_default_trigger_starts_whenever_it_is_asked,
                                  an_interval_starts_at_once_and_then_at_multiples_of_itself,
                                  an_overrun_starts_immediately_and_missed_slots_are_not_made_up,
                                  slots_before_1970_are_multiples_too,
                                  once_starts_once_whether_it_finds_data_or_not,
                                  available_now_goes_on_until_a_trigger_finds_nothing};
    return sqi_test_main("run_trigger", tests, sizeof tests / sizeof *tests);
}
