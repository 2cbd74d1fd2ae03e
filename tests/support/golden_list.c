/* golden_list: the queries of golden.h. A kind that has been released is not changed any more: new ones are added. */
#include "golden.h"

const golden goldens[] = {
    {"word_count", STREAMQ_COMPLETE,
     "SELECT word, count(*) AS count FROM (SELECT explode(split(concat_ws(' ', 'the', concat('w', CAST(n % 5 AS "
     "STRING)), 'a word longer than a view', 'the'), ' ')) AS word FROM t) GROUP BY word",
     NULL, GOLDEN_NUMBERS, 0},
    {"global", STREAMQ_UPDATE, "SELECT count(*), sum(n), avg(n), min(n), max(n) FROM t", NULL, GOLDEN_NUMBERS, 0},
    {"sums", STREAMQ_UPDATE,
     "SELECT n % 3 AS k, count(*), count(n), count_if(n > 4), sum(n), sum(CAST(n AS DOUBLE) / 3), "
     "sum(CAST(n AS DECIMAL(12, 3))), try_sum(n), avg(n), try_avg(n), avg(CAST(n AS DECIMAL(9, 2))), "
     "sum(make_dt_interval(n)), count(*) FILTER (WHERE n > 3) FROM t GROUP BY n % 3",
     NULL, GOLDEN_NUMBERS, 0},
    {"chosen", STREAMQ_UPDATE,
     "SELECT n % 3 AS k, min(n), max(CAST(n AS STRING)), min(CAST(n AS DECIMAL(9, 2))), min_by(n, -n), "
     "max_by(CAST(n AS STRING), n), max_by(n, n, 2), first(n), last(n), any_value(n), first(IF(n < 6, NULL, n), true), "
     "last(IF(n > 6, NULL, CAST(n AS STRING)), true), max(array(n, 1)), min(struct(n, 'a')) FROM t GROUP BY n % 3",
     NULL, GOLDEN_NUMBERS, 0},
    {"bits", STREAMQ_UPDATE,
     "SELECT n % 3 AS k, bool_and(n > 1), bool_or(n > 7), bit_and(n), bit_or(n), bit_xor(n) FROM t GROUP BY n % 3",
     NULL, GOLDEN_NUMBERS, 0},
    {"collected", STREAMQ_UPDATE,
     "SELECT n % 2 AS k, collect_list(n), sort_array(collect_set(n % 4)), collect_list(CAST(n AS STRING)), "
     "listagg(CAST(n AS STRING), ','), mode(n % 3), collect_list(struct(n, array('x', NULL))) FROM t GROUP BY n % 2",
     NULL, GOLDEN_NUMBERS, 0},
    {"statistics", STREAMQ_UPDATE,
     "SELECT n % 2 AS k, stddev(n), stddev_pop(n), variance(n), var_pop(n), skewness(n), kurtosis(n), "
     "covar_pop(n, n * n), covar_samp(n, n * n), corr(n, n * n), regr_slope(n, n * n), regr_intercept(n, n * n), "
     "regr_r2(n, n * n), regr_count(n, n), regr_avgx(n, n), regr_avgy(n, n), regr_sxx(n, n), regr_syy(n, n), "
     "regr_sxy(n, n * n) FROM t GROUP BY n % 2",
     NULL, GOLDEN_NUMBERS, 0},
    {"quantiles", STREAMQ_UPDATE,
     "SELECT n % 2 AS k, percentile(n, 0.3), median(n), percentile_cont(0.25) WITHIN GROUP (ORDER BY n), "
     "percentile_disc(0.5) WITHIN GROUP (ORDER BY n), percentile_approx(n, 0.5), approx_count_distinct(n), "
     "histogram_numeric(n, 3) FROM t GROUP BY n % 2",
     NULL, GOLDEN_NUMBERS, 0},
    {"keys", STREAMQ_COMPLETE,
     "SELECT CAST(n % 2 AS STRING) AS s, n % 2 = 0 AS b, CAST(n % 2 AS DECIMAL(20, 2)) AS m, CAST(n % 2 AS DOUBLE) AS "
     "d, "
     "date_add(DATE'2024-01-01', CAST(n % 2 AS INT)) AS day, timestamp_seconds(n % 2) AS at, array(n % 2, NULL) AS a, "
     "struct(n % 2, 'x') AS r, X'00FF' AS bin, IF(n % 2 = 0, NULL, n % 2) AS z, count(*) FROM t "
     "GROUP BY ALL",
     NULL, GOLDEN_NUMBERS, 0},
    {"rollup", STREAMQ_COMPLETE, "SELECT n % 2 AS a, n % 3 AS b, count(*), grouping_id() FROM t GROUP BY ROLLUP (a, b)",
     NULL, GOLDEN_NUMBERS, 0},
    {"sorted", STREAMQ_COMPLETE, "SELECT n % 4 AS k, count(*) AS c FROM t GROUP BY n % 4 ORDER BY c DESC, k LIMIT 3",
     NULL, GOLDEN_NUMBERS, 0},
    {"dedup", STREAMQ_APPEND, "SELECT explode(array(n, n - 3, n % 4)) AS n, 'x' AS x FROM t", "n", GOLDEN_NUMBERS, 0},
    {"limit", STREAMQ_APPEND, "SELECT n * 2 AS d FROM t WHERE n % 2 = 1 LIMIT 14", NULL, GOLDEN_NUMBERS, 0},
    {"stateless", STREAMQ_APPEND, "SELECT n, n + 1 AS m FROM t WHERE n % 3 > 0", NULL, GOLDEN_NUMBERS, 0},
    {"union", STREAMQ_UPDATE,
     "SELECT k, count(*), sum(n) FROM (SELECT CAST(n % 3 AS STRING) AS k, n FROM t UNION ALL SELECT 'rate' || "
     "CAST(value % 2 AS "
     "STRING), "
     "value FROM r) GROUP BY k",
     NULL, GOLDEN_NUMBERS, 0},
    {"rate", STREAMQ_UPDATE, "SELECT n % 3 AS k, count(*), sum(n) FROM t GROUP BY n % 3", NULL, GOLDEN_RATE, 0},
    {"feed", STREAMQ_UPDATE, "SELECT n % 3 AS k, count(*), sum(n) FROM t GROUP BY n % 3", NULL, GOLDEN_FEED, 0},
    {"files", STREAMQ_UPDATE, "SELECT n % 3 AS k, count(*), sum(n) FROM t GROUP BY n % 3", NULL, GOLDEN_FILES, 0},
    /* Values are large until the log has grown so much that a pass has begun, and small when it writes its parts. */
    {"passed", STREAMQ_UPDATE,
     "SELECT n % 2 AS k, count(*), length(last(repeat('x', IF(n <= 132, 40000, 2)))) FROM t GROUP BY n % 2", NULL,
     GOLDEN_NUMBERS, 45},
};

const size_t golden_count = sizeof goldens / sizeof *goldens;

int golden_batches(const golden *g)
{
    return g->batches ? g->batches : 5;
}
