/* plan_check: which plans may run as a stream, in which mode. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(a_plan_without_aggregation_runs_in_append_and_update)
{
    sqi_plan_expect_check("SELECT k, v + 1 FROM s WHERE v > 1", STREAMQ_APPEND, NULL);
    sqi_plan_expect_check("SELECT k, v + 1 FROM s WHERE v > 1", STREAMQ_UPDATE, NULL);
    sqi_plan_expect_check("SELECT k, v + 1 FROM s WHERE v > 1", STREAMQ_COMPLETE,
                          "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
}
END_TEST

START_TEST(an_aggregation_runs_in_update_and_complete)
{
    sqi_plan_expect_check("SELECT k, count(*) FROM s GROUP BY k", STREAMQ_APPEND,
                          "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
    sqi_plan_expect_check("SELECT k, count(*) FROM s GROUP BY k", STREAMQ_UPDATE, NULL);
    sqi_plan_expect_check("SELECT k, count(*) FROM s GROUP BY k", STREAMQ_COMPLETE, NULL);
    sqi_plan_expect_check("SELECT count(*) FROM s", STREAMQ_APPEND, "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
    sqi_plan_expect_check("SELECT count(*) FROM s", STREAMQ_UPDATE, NULL);
    sqi_plan_expect_check("SELECT count(*) FROM s", STREAMQ_COMPLETE, NULL);
    sqi_plan_expect_check("SELECT DISTINCT k FROM s", STREAMQ_APPEND, "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
    sqi_plan_expect_check("SELECT DISTINCT k FROM s", STREAMQ_UPDATE, NULL);
    sqi_plan_expect_check("SELECT DISTINCT k FROM s", STREAMQ_COMPLETE, NULL);
    sqi_plan_expect_check("SELECT k FROM s UNION SELECT k FROM r", STREAMQ_APPEND,
                          "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
    sqi_plan_expect_check("SELECT k FROM s UNION SELECT k FROM r", STREAMQ_UPDATE, NULL);
    sqi_plan_expect_check("SELECT k FROM s UNION SELECT k FROM r", STREAMQ_COMPLETE, NULL);
    sqi_plan_expect_check("SELECT k, count(*) FROM s GROUP BY ROLLUP(k)", STREAMQ_APPEND,
                          "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
    sqi_plan_expect_check("SELECT k, count(*) FROM s GROUP BY ROLLUP(k)", STREAMQ_UPDATE, NULL);
    sqi_plan_expect_check("SELECT k, count(*) FROM s GROUP BY ROLLUP(k)", STREAMQ_COMPLETE, NULL);
}
END_TEST

START_TEST(a_plan_without_a_stream_is_no_streaming_plan)
{
    sqi_plan_expect_check("SELECT k FROM t", STREAMQ_APPEND, "WRITE_STREAM_NOT_ALLOWED");
    sqi_plan_expect_check("SELECT 1", STREAMQ_APPEND, "WRITE_STREAM_NOT_ALLOWED");
}
END_TEST

START_TEST(an_aggregation_over_an_aggregation_is_refused)
{
    sqi_plan_expect_check("SELECT max(n) FROM (SELECT k, count(*) AS n FROM s GROUP BY k)", STREAMQ_UPDATE,
                          "UNSUPPORTED_STREAMING_OPERATION.MULTIPLE_AGGREGATIONS");
    sqi_plan_expect_check("SELECT max(n) FROM (SELECT k, count(*) AS n FROM s GROUP BY k)", STREAMQ_COMPLETE,
                          "UNSUPPORTED_STREAMING_OPERATION.MULTIPLE_AGGREGATIONS");
    sqi_plan_expect_check("SELECT DISTINCT n FROM (SELECT count(*) AS n FROM s GROUP BY k)", STREAMQ_COMPLETE,
                          "UNSUPPORTED_STREAMING_OPERATION.MULTIPLE_AGGREGATIONS");
    sqi_plan_expect_check("SELECT s.k, x.n FROM s, LATERAL explode(ar) AS x(n)", STREAMQ_APPEND, NULL);
}
END_TEST

START_TEST(distinct_aggregates_are_refused)
{
    sqi_plan_expect_check("SELECT count(DISTINCT v) FROM s", STREAMQ_COMPLETE,
                          "UNSUPPORTED_STREAMING_OPERATION.DISTINCT_AGGREGATE");
}
END_TEST

START_TEST(a_sort_needs_a_written_aggregation_and_complete_mode)
{
    sqi_plan_expect_check("SELECT k, count(*) FROM s GROUP BY k ORDER BY 2", STREAMQ_COMPLETE, NULL);
    sqi_plan_expect_check("SELECT k, count(*) FROM s GROUP BY k ORDER BY 2", STREAMQ_UPDATE,
                          "UNSUPPORTED_STREAMING_OPERATION.SORT");
    sqi_plan_expect_check("SELECT k FROM s ORDER BY k", STREAMQ_APPEND, "UNSUPPORTED_STREAMING_OPERATION.SORT");
    sqi_plan_expect_check("SELECT v FROM s SORT BY v", STREAMQ_APPEND, "UNSUPPORTED_STREAMING_OPERATION.SORT");
    sqi_plan_expect_check("SELECT DISTINCT k FROM s ORDER BY k", STREAMQ_COMPLETE,
                          "UNSUPPORTED_STREAMING_OPERATION.SORT");
    sqi_plan_expect_check("SELECT k, first(v) FROM (SELECT * FROM s ORDER BY v) GROUP BY k ORDER BY k",
                          STREAMQ_COMPLETE, "UNSUPPORTED_STREAMING_OPERATION.SORT");
}
END_TEST

START_TEST(a_limit_runs_in_append_and_complete_an_offset_nowhere)
{
    sqi_plan_expect_check("SELECT v FROM s LIMIT 1", STREAMQ_APPEND, NULL);
    sqi_plan_expect_check("SELECT v FROM s LIMIT 1", STREAMQ_UPDATE, "UNSUPPORTED_STREAMING_OPERATION.LIMIT");
    sqi_plan_expect_check("SELECT k, count(*) FROM s GROUP BY k LIMIT 1", STREAMQ_COMPLETE, NULL);
    sqi_plan_expect_check("SELECT k, count(*) FROM s GROUP BY k LIMIT 1", STREAMQ_UPDATE,
                          "UNSUPPORTED_STREAMING_OPERATION.LIMIT");
    sqi_plan_expect_check("SELECT v FROM s OFFSET 1", STREAMQ_APPEND, "UNSUPPORTED_STREAMING_OPERATION.OFFSET");
    sqi_plan_expect_check("SELECT k, count(*) FROM s GROUP BY k ORDER BY k LIMIT 2 OFFSET 1", STREAMQ_COMPLETE,
                          "UNSUPPORTED_STREAMING_OPERATION.OFFSET");
}
END_TEST

START_TEST(streams_and_tables_do_not_unite)
{
    sqi_plan_expect_check("SELECT v FROM r UNION ALL SELECT w FROM t", STREAMQ_APPEND,
                          "UNSUPPORTED_STREAMING_OPERATION.UNION_OF_STREAM_AND_TABLE");
    sqi_plan_expect_check("SELECT v FROM s UNION ALL SELECT 1", STREAMQ_APPEND,
                          "UNSUPPORTED_STREAMING_OPERATION.UNION_OF_STREAM_AND_TABLE");
    sqi_plan_expect_check("SELECT v FROM s UNION ALL SELECT v FROM r UNION ALL SELECT v FROM s", STREAMQ_APPEND, NULL);
}
END_TEST

START_TEST(set_operations_are_refused_as_spark_does_first)
{
    sqi_plan_expect_check("SELECT v FROM s EXCEPT SELECT v FROM r", STREAMQ_APPEND,
                          "UNSUPPORTED_STREAMING_OPERATION.SET_OPERATION");
    sqi_plan_expect_check("SELECT v FROM s EXCEPT SELECT w FROM t", STREAMQ_UPDATE,
                          "UNSUPPORTED_FEATURE.SET_OPERATION");
    sqi_plan_expect_check("SELECT v FROM s INTERSECT SELECT w FROM t", STREAMQ_UPDATE,
                          "UNSUPPORTED_STREAMING_OPERATION.SET_OPERATION");
    sqi_plan_expect_check("SELECT v FROM s INTERSECT SELECT w FROM t", STREAMQ_COMPLETE,
                          "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
}
END_TEST

START_TEST(a_part_that_reads_no_stream_is_not_judged)
{
    sqi_plan_expect_check("SELECT v, count(*) AS n FROM s GROUP BY v UNION ALL SELECT v, 0L FROM s", STREAMQ_COMPLETE,
                          NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_plan_without_aggregation_runs_in_append_and_update,
                                  an_aggregation_runs_in_update_and_complete,
                                  a_plan_without_a_stream_is_no_streaming_plan,
                                  an_aggregation_over_an_aggregation_is_refused,
                                  distinct_aggregates_are_refused,
                                  a_sort_needs_a_written_aggregation_and_complete_mode,
                                  a_limit_runs_in_append_and_complete_an_offset_nowhere,
                                  streams_and_tables_do_not_unite,
                                  set_operations_are_refused_as_spark_does_first,
                                  a_part_that_reads_no_stream_is_not_judged};
    return sqi_test_main("plan_check", tests, sizeof tests / sizeof *tests);
}
