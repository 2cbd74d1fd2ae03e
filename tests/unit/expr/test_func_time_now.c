/* The current time does not move within a batch. */
#include "expr_check.h"

START_TEST(now)
{
    static const expr_row rows[] = {
        {"current_timestamp() = now()", "boolean | true"},
        {"current_date() = curdate()", "boolean | true"},
        {"current_timezone()", "string | UTC"},
        {"typeof(localtimestamp())", "string | timestamp_ntz"},
        {"current_timezone()", "string | UTC"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(the_clock_is_the_batch_s)
{
    expr_bench x;
    expr_bench_init(&x);
    x.eval.now_micros = INT64_C(1709251199123456); /* 2024-02-29 23:59:59.123456 UTC */
    expr_check(&x, "now()", "timestamp | 2024-02-29 23:59:59.123456");
    expr_check(&x, "current_date()", "date | 2024-02-29");
    expr_check(&x, "localtimestamp()", "timestamp_ntz | 2024-02-29 23:59:59.123456");
    expr_check(&x, "unix_timestamp()", "bigint | 1709251199");
    ck_assert_int_eq(sqi_zones_get(x.zones, SQI_SPAN("Asia/Tokyo"), &x.eval.zone, NULL), STREAMQ_OK);
    expr_check(&x, "current_date()", "date | 2024-03-01");
    expr_check(&x, "hour('12:00') + day(current_timestamp())", "int | 13");
    expr_check(&x, "current_timezone()", "string | Asia/Tokyo");
    expr_check(&x, "now(1)", "WRONG_NUM_ARGS.WITHOUT_SUGGESTION");
    expr_bench_fini(&x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {now, the_clock_is_the_batch_s};
    return sqi_test_main("func_time_now", tests, sizeof tests / sizeof *tests);
}
