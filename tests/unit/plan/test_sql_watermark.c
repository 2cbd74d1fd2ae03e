/* sql_watermark: the event time, where it goes with its column, what is refused. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(a_column_is_marked_or_an_expression_comes_first)
{
    sqi_plan_expect_tree(
        "SELECT * FROM (SELECT k, v, timestamp_seconds(v) AS ts FROM s) WATERMARK ts DELAY OF INTERVAL 10 SECONDS",
        "Project [k#0, v#1, ts#5]\n"
        "+- EventTimeWatermark ts#5, 10000000 microseconds\n"
        "   +- SubqueryAlias __auto_generated_subquery_name\n"
        "      +- Project [k#0, v#1, timestamp_seconds(cast(v#1 as bigint)) AS ts#5]\n"
        "         +- SubqueryAlias s\n"
        "            +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT ts, x.* FROM r WATERMARK timestamp_seconds(v) AS ts DELAY OF INTERVAL 1 MONTH x",
                         "Project [ts#2, k#0, v#1]\n"
                         "+- EventTimeWatermark ts#2, 2678400000000 microseconds\n"
                         "   +- Project [timestamp_seconds(v#1) AS ts#2, k#0, v#1]\n"
                         "      +- SubqueryAlias x\n"
                         "         +- SubqueryAlias r\n"
                         "            +- StreamingRelation memory, [k#0, v#1]\n");
    sqi_plan_expect_schema("SELECT * FROM (SELECT named_struct('t', timestamp_seconds(v)) AS e FROM s) WATERMARK e.t "
                           "DELAY OF INTERVAL 1 SECOND",
                           "t TIMESTAMP, e STRUCT<t: TIMESTAMP> NOT NULL");
}
END_TEST

START_TEST(over_a_table_it_means_nothing)
{
    sqi_plan_expect_tree("SELECT * FROM t WATERMARK timestamp_seconds(w) AS ts DELAY OF INTERVAL 1 SECOND",
                         "Project [ts#2, k#0, w#1]\n"
                         "+- Project [timestamp_seconds(cast(w#1 as bigint)) AS ts#2, k#0, w#1]\n"
                         "   +- SubqueryAlias t\n"
                         "      +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(append_mode_wants_the_event_time_among_the_keys)
{
    sqi_plan_expect_check("SELECT k, count(*) FROM (SELECT k, v, timestamp_seconds(v) AS ts FROM s) WATERMARK ts DELAY "
                          "OF INTERVAL 1 SECOND GROUP BY k",
                          STREAMQ_APPEND, "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
    sqi_plan_expect_check("SELECT ts, count(*) FROM (SELECT k, v, timestamp_seconds(v) AS ts FROM s) WATERMARK ts "
                          "DELAY OF INTERVAL 1 SECOND GROUP BY ts",
                          STREAMQ_APPEND, "UNSUPPORTED_FEATURE.WATERMARK");
    sqi_plan_expect_check("SELECT date_trunc('MINUTE', ts), count(*) FROM (SELECT k, v, timestamp_seconds(v) AS ts "
                          "FROM s) WATERMARK ts DELAY OF INTERVAL 1 SECOND GROUP BY date_trunc('MINUTE', ts)",
                          STREAMQ_APPEND, "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
    sqi_plan_expect_check("SELECT b, count(*) FROM (SELECT ts AS a, a AS b FROM (SELECT k, v, timestamp_seconds(v) AS "
                          "ts FROM s) WATERMARK ts DELAY OF INTERVAL 1 SECOND) GROUP BY b",
                          STREAMQ_APPEND, "UNSUPPORTED_FEATURE.WATERMARK");
    sqi_plan_expect_check("SELECT DISTINCT ts FROM (SELECT k, v, timestamp_seconds(v) AS ts FROM s) WATERMARK ts DELAY "
                          "OF INTERVAL 1 SECOND",
                          STREAMQ_APPEND, "UNSUPPORTED_FEATURE.WATERMARK");
    sqi_plan_expect_check(
        "SELECT ts, count(*) FROM (SELECT ts FROM (SELECT k, v, timestamp_seconds(v) AS ts FROM s) WATERMARK ts DELAY "
        "OF INTERVAL 1 SECOND UNION ALL SELECT ts FROM (SELECT k, v, timestamp_seconds(v) AS ts FROM s)) GROUP BY ts",
        STREAMQ_APPEND, "UNSUPPORTED_FEATURE.WATERMARK");
    sqi_plan_expect_check(
        "SELECT ts, count(*) FROM (SELECT ts FROM (SELECT k, v, timestamp_seconds(v) AS ts FROM s) UNION ALL SELECT ts "
        "FROM (SELECT k, v, timestamp_seconds(v) AS ts FROM s) WATERMARK ts DELAY OF INTERVAL 1 SECOND) GROUP BY ts",
        STREAMQ_APPEND, "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
}
END_TEST

START_TEST(filters_on_other_columns_go_below)
{
    sqi_plan_expect_optimized("SELECT k FROM (SELECT k, v, timestamp_seconds(v) AS ts FROM s) WATERMARK ts DELAY OF "
                              "INTERVAL 0 SECONDS WHERE k > 'a' AND ts > TIMESTAMP '1970-01-01 00:00:01'",
                              "Project [k#0]\n"
                              "+- Filter (ts#5 > TIMESTAMP '1970-01-01 00:00:01')\n"
                              "   +- EventTimeWatermark ts#5, 0 microseconds\n"
                              "      +- Project [k#0, timestamp_seconds(cast(v#1 as bigint)) AS ts#5]\n"
                              "         +- Filter (k#0 > a)\n"
                              "            +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(bad_clauses_are_refused)
{
    sqi_plan_expect_refused("SELECT x.ts FROM r WATERMARK timestamp_seconds(v) AS ts DELAY OF INTERVAL 1 MONTH x",
                            "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_expect_refused("SELECT * FROM s WATERMARK zz DELAY OF INTERVAL 1 SECOND",
                            "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_expect_refused("SELECT * FROM s WATERMARK v DELAY OF INTERVAL 1 SECOND",
                            "EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE");
    sqi_plan_expect_refused("SELECT * FROM s WATERMARK timestamp_seconds(v) DELAY OF INTERVAL 1 SECOND",
                            "REQUIRES_EXPLICIT_NAME_IN_WATERMARK_CLAUSE");
    sqi_plan_expect_refused(
        "SELECT * FROM (SELECT k, v, timestamp_seconds(v) AS ts FROM s) WATERMARK ts DELAY OF INTERVAL -10 SECONDS",
        "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE");
    sqi_plan_expect_refused("SELECT * FROM (SELECT k, v, timestamp_seconds(v) AS ts FROM s) WATERMARK ts DELAY OF "
                            "INTERVAL 1 YEAR -13 MONTHS",
                            "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_column_is_marked_or_an_expression_comes_first, over_a_table_it_means_nothing,
                                  append_mode_wants_the_event_time_among_the_keys, filters_on_other_columns_go_below,
                                  bad_clauses_are_refused};
    return sqi_test_main("sql_watermark", tests, sizeof tests / sizeof *tests);
}
