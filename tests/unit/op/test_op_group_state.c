/* A grouping that is saved, loaded and goes on answers as one that never stopped: any aggregate, any number of lanes. */
#include <stdio.h>
#include <stdlib.h>

#include "state_rig.h"
#include "test_main.h"

/* ---- tests ------------------------------------------------------------------------------------------------------ */

static const char schema[] = "k STRING, d DOUBLE, v INT, n DECIMAL(20,2), s STRING, a ARRAY<INT>";
static const char *const keys[] = {"k", "v % 3", "d", "k, d", "", "n", "a", "struct(k, v % 2), s"};
static const char *const batches[] = {
    ("'a', 1.5D, 1, 1.25, 'x', array(1)\n'b', 0.1D, 2, NULL, 'text that is longer than a view', NULL\n"
     "'a', 0.2D, 3, -7, NULL, array(1, NULL)\nNULL, DOUBLE('NaN'), 4, 0, 'y', array()\n"
     "'', -0.0D, 5, 12345678901234567.89, '', array(2)\n'b', 0.0D, NULL, 3, 'x', array(3, 4)"),
    "",
    "'d', 3D, 1, 1.5, 'x', array(1)\n'a', 0.3D, 2, 2, 'y', array(2)\n'c', -1e300D, -3, 3, 'z', NULL",
    ("'a key, one that does not stand inside', NULL, 7, 5, 'x', array(7)\n'c', 1e300D, 8, 1, 'x', array(8)\n"
     "'d', -1e-5D, 9, 99999, 'another text that is longer than a view', array(9)"),
    "'c', 2D, 6, 8, 'x', array(8)\n'e', 0D, 5, 5, 'w', array(NULL)\n'', -0.0D, 5, 1, 'u', array(2)",
};
enum { BATCHES = sizeof batches / sizeof *batches, KEYS = sizeof keys / sizeof *keys };

static const char *const aggregates[] = {
    "count(*)",
    "count(*), sum(v), avg(v), min(v), max(v)", /* one state */
    "sum(d), avg(d), sum(n), avg(n), count(v), count_if(v > 2), min(v), try_sum(v)",
    "min(s), max(n), max(a), first(s), last(v), first(v, true), any_value(k), min_by(s, v), max_by(a, d), min_by(v, s)",
    "collect_list(v), collect_list(s), collect_set(a), collect_set(s), mode(s), mode(v, true), listagg(s, ', ')",
    "listagg(s) WITHIN GROUP (ORDER BY v DESC), min_by(s, v, 2), max_by(v, d, 3)",
    "bool_and(v > 2), some(v > 2), bit_and(v), bit_or(v), bit_xor(v), variance(d), kurtosis(v), skewness(v)",
    "corr(d, v), covar_samp(v, d), regr_slope(v, d), regr_count(v, d), regr_avgx(v, d), regr_sxx(v, d)",
    "percentile(v, 0.5), median(d), percentile_cont(0.3) WITHIN GROUP (ORDER BY v), percentile_approx(v, 0.5, 3)",
    "approx_count_distinct(s), approx_count_distinct(v, 0.2), histogram_numeric(v, 2)",
    "count(v) FILTER (WHERE d > 0.1), sum(v) FILTER (WHERE v > 2), sum(v)",
};
enum { AGGREGATES = sizeof aggregates / sizeof *aggregates };

/* One query runs through; another is stopped after each batch, and made again from blocks with other lanes and seed. */
static void stop_and_go(const char *key, const char *aggregate, streamq_output_mode mode, uint32_t before,
                        uint32_t after, bool whole)
{
    sqi_state_rig one, other;
    sqi_saved saved;
    uint32_t lanes[2] = {before, after};
    sqi_saved_open(&saved);
    sqi_state_rig_open(&one, schema, key, aggregate, 1, mode, 7);
    sqi_state_rig_open(&other, schema, key, aggregate, *key ? before : 1, mode, 8);
    for (uint32_t b = 0; b < BATCHES; ++b) {
        const char *want = sqi_state_rig_batch(&one, batches[b]), *got = sqi_state_rig_batch(&other, batches[b]);
        sqi_same_rows(want, got, aggregate);
        ck_assert_str_eq(sqi_rig_state(&one.rig, one.op), sqi_rig_state(&other.rig, other.op));
        if (whole) {
            sqi_saved_clear(&saved);
            sqi_state_rig_whole(&other, &saved, b % 2 ? 1 << 20 : 1);
        } else {
            sqi_state_rig_changes(&other, &saved);
        }
        sqi_state_rig_close(&other);
        sqi_state_rig_open(&other, schema, key, aggregate, *key ? lanes[b % 2 == 0] : 1, mode, 9 + b);
        sqi_state_rig_load(&other, &saved);
        char total[64];
        sprintf(total, "%d 0 0", atoi(sqi_rig_state(&one.rig, one.op)));
        ck_assert_str_eq(sqi_rig_state(&other.rig, other.op), total);
    }
    sqi_state_rig_close(&one);
    sqi_state_rig_close(&other);
    sqi_saved_clear(&saved);
}

START_TEST(a_grouping_goes_on_from_its_changes)
{
    for (uint32_t a = 0; a < AGGREGATES; ++a)
        for (uint32_t k = 0; k < KEYS; ++k)
            stop_and_go(keys[k], aggregates[a], STREAMQ_COMPLETE, 1 + (a + k) % 3, 1 + k % 2, false);
}
END_TEST

START_TEST(a_grouping_goes_on_from_its_whole_state)
{
    for (uint32_t a = 0; a < AGGREGATES; ++a)
        for (uint32_t k = 0; k < KEYS; ++k)
            stop_and_go(keys[k], aggregates[a], k % 2 ? STREAMQ_UPDATE : STREAMQ_COMPLETE, 1 + k % 2, 1 + (a + k) % 3,
                        true);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_grouping_goes_on_from_its_changes, a_grouping_goes_on_from_its_whole_state};
    return sqi_test_main("op_group_state", tests, sizeof tests / sizeof *tests);
}
