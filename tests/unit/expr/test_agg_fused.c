/*
 * The shared state against the aggregates one by one: a FILTER that lets everything pass keeps an aggregate apart.
 */
#include "agg_fused.h"
#include "agg_rig.h"
#include "fail_alloc.h"
#include "test_main.h"

#include <stdlib.h>

enum { KEYS = 5, BATCHES = 12, ROWS = 60, CELLS = 8 };

#define LIST(filter)                                                                                                \
    "sum(v)" filter ", avg(v)" filter ", min(v)" filter ", max(v)" filter ", count(v)" filter ", try_sum(v)" filter \
    ", try_avg(v)" filter ", mean(v)" filter

static uint64_t random_state;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

/* Small numbers, and some around every border: 2^52, 2^53, half the range, the ends of it. */
static int64_t next_value(bool huge)
{
    static const int64_t border[] = {INT64_C(1) << 52, -(INT64_C(1) << 52), INT64_C(1) << 53, -(INT64_C(1) << 53),
                                     INT64_C(1) << 51, -(INT64_C(1) << 51), INT64_C(1) << 62, -(INT64_C(1) << 62),
                                     INT64_MAX - 3,    INT64_MIN + 3};
    int64_t small = (int64_t)(next_random() % 7) - 3;
    uint64_t pick = next_random() % 16;
    if (pick >= (huge ? 10 : 6))
        return small;
    return (int64_t)((uint64_t)border[pick] + (uint64_t)small);
}

static void make_rows(sqi_buf *rows, bool huge)
{
    sqi_buf_clear(rows);
    for (int i = 0; i < ROWS; i++) {
        int64_t v = next_value(huge);
        sqi_buf_printf(rows, "%s%d, ", i ? "\n" : "", (int)(next_random() % KEYS));
        if (next_random() % 8 == 0)
            sqi_buf_printf(rows, "NULL, true");
        else if (v == INT64_MIN)
            sqi_buf_printf(rows, "-9223372036854775807 - 1, true");
        else
            sqi_buf_printf(rows, "%lld, true", (long long)v);
    }
    ck_assert(sqi_buf_byte(rows, '\0'));
}

/* A line is a key, the cells of the shared state, then those of the others. */
static void check_line(char *line)
{
    char *cell[1 + 2 * CELLS];
    size_t n = 0;
    for (char *at = line; at && n < 1 + 2 * CELLS; n++) {
        cell[n] = at;
        at = strstr(at, " | ");
        if (at) {
            *at = '\0';
            at += 3;
        }
    }
    ck_assert_uint_eq(n, 1 + 2 * CELLS);
    for (size_t i = 1; i <= CELLS; i++)
        ck_assert_str_eq(cell[i], cell[i + CELLS]);
}

static void run_random(bool ansi, bool streaming, bool huge)
{
    sqi_fail_alloc heap;
    sqi_rig r;
    sqi_buf rows;
    sqi_fail_alloc_init(&heap);
    sqi_rig_open(&r, &heap.alloc, "k INT, v BIGINT, ok BOOLEAN");
    r.eval.ansi = ansi;
    r.env.streaming = streaming;
    sqi_rig_add_group(&r, "k", LIST("") ", " LIST(" FILTER (WHERE ok)"));
    sqi_buf_init(&rows, &heap.alloc, 1 << 20);
    for (int b = 0; b < (streaming ? BATCHES : 1); b++) {
        make_rows(&rows, huge);
        char *out = strdup(sqi_rig_batch(&r, rows.ptr, true));
        ck_assert(out && *out);
        for (char *line = out, *end; *line; line = end + 1) {
            end = strchr(line, '\n');
            *end = '\0';
            check_line(line);
        }
        free(out);
    }
    sqi_buf_fini(&rows);
    sqi_rig_close(&r);
    sqi_fail_alloc_assert_clean(&heap);
}

START_TEST(random_rows_give_what_each_aggregate_gives)
{
    for (uint64_t round = 1; round <= 4; round++) {
        random_state = round * 88172645463325252u;
        run_random(false, true, true);  /* sums wrap, try_sum is lost */
        run_random(true, true, false);  /* beyond 2^53 and back, but no overflow */
        run_random(false, false, true); /* a bounded query */
    }
}
END_TEST

/* Long chunks without nulls take another way where a new least or greatest is rare, which their first rows tell. */
START_TEST(chunks_without_nulls_are_taken_whole)
{
    enum { LONG = 1500, WORDS = 6 };
    static int64_t value[LONG], state[KEYS][WORDS];
    static uint32_t group[LONG];
    static const uint32_t lengths[] = {1, 255, 256, 257, LONG};
    char *segment = (char *)state;
    const sqi_states at = {.segment = &segment, .shift = 31, .mask = INT32_MAX, .stride = sizeof state[0]};
    const sqi_vec arg = {.type = &sqi_type_bigint, .data = value, .mask = UINT32_MAX};
    random_state = 88172645463325252u;
    for (int climbs = 0; climbs < 2; climbs++)
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
            uint32_t n = lengths[l];
            sqi_fused f = {.top = true, .sum = true, .avg = true};
            int64_t least[KEYS], greatest[KEYS], sum[KEYS] = {0}, count[KEYS] = {0};
            memset(state, 0, sizeof state);
            for (uint32_t i = 0; i < n; i++) {
                uint32_t g = group[i] = (uint32_t)(next_random() % KEYS);
                int64_t v = value[i] = climbs ? (int64_t)i * 3 : (int64_t)(next_random() % 100000) - 50000;
                least[g] = !count[g] || v < least[g] ? v : least[g];
                greatest[g] = !count[g] || v > greatest[g] ? v : greatest[g];
                sum[g] += v;
                count[g]++;
            }
            ck_assert_int_eq(sqi_fused_step(&f, &at, group, &arg, (sqi_rows){NULL, n}, NULL), STREAMQ_OK);
            for (uint32_t g = 0; g < KEYS; g++) {
                ck_assert_int_eq(state[g][0], count[g]);
                if (!count[g])
                    continue;
                ck_assert(state[g][1] == (least[g] ^ INT64_MAX));
                ck_assert(state[g][2] == (greatest[g] ^ INT64_MIN));
                ck_assert_int_eq(state[g][3], sum[g]);
            }
        }
}
END_TEST

START_TEST(narrow_integers_are_widened)
{
    ck_assert_str_eq(sqi_agg_split("b TINYINT, h SMALLINT, i INT",
                                   "sum(b), min(b), max(b), avg(h), min(h), max(h), sum(i), min(i), max(i), count(i)",
                                   "127, 32767, 2147483647\n-128, -32768, -2147483648--\n0, 0, 0\nNULL, NULL, NULL"),
                     "-1 | -128 | 127 | -0.3333333333333333 | -32768 | 32767 | -1 | -2147483648 | 2147483647 | 3\n");
}
END_TEST

START_TEST(times_have_a_least_and_a_greatest)
{
    ck_assert_str_eq(sqi_agg_split("d DATE, t TIMESTAMP", "min(d), max(d), count(d), min(t), max(t)",
                                   "DATE'2020-01-02', TIMESTAMP'2020-01-02 00:00:00'\n"
                                   "DATE'1960-01-02', TIMESTAMP'1960-01-02 00:00:00'--\nNULL, NULL"),
                     "1960-01-02 | 2020-01-02 | 2 | 1960-01-02 00:00:00 | 2020-01-02 00:00:00\n");
}
END_TEST

START_TEST(of_nulls_alone_there_is_nothing_but_the_count)
{
    ck_assert_str_eq(
        sqi_agg_split("v BIGINT", "sum(v), avg(v), min(v), max(v), count(v), try_sum(v), count(*)", "NULL--\nNULL"),
        "NULL | NULL | NULL | NULL | 0 | NULL | 2\n");
}
END_TEST

START_TEST(sums_reach_the_borders_and_fail_beyond)
{
    static const char list[] = "sum(v), avg(v), min(v), max(v)";
    ck_assert_str_eq(sqi_agg_split("v BIGINT", list, "9223372036854775806\n1"),
                     "9223372036854775807 | 4.611686018427388E18 | 1 | 9223372036854775806\n");
    sqi_agg_fails("v BIGINT", list, "9223372036854775807\n1\n-5", SQI_COND_ARITHMETIC_OVERFLOW);
    sqi_agg_fails("v BIGINT", list, "-9223372036854775807\n-2", SQI_COND_ARITHMETIC_OVERFLOW);
    /* each micro-batch is within, and so are all of them together at the end of each */
    ck_assert_str_eq(sqi_agg_split("v BIGINT", "sum(v), count(v)", "9223372036854775807--\n5\n-5--\n-7"),
                     "9223372036854775800 | 4\n");
    ck_assert_str_eq(sqi_agg_split("v BIGINT", "try_sum(v), count(v)", "9223372036854775807--\n1--\n-7"), "NULL | 3\n");
}
END_TEST

START_TEST(a_micro_batch_beyond_the_range_of_what_lasts_fails_at_its_end)
{
    sqi_fail_alloc heap;
    sqi_rig r;
    streamq_error *error = NULL;
    sqi_fail_alloc_init(&heap);
    sqi_rig_open(&r, &heap.alloc, "v BIGINT");
    sqi_rig_add_group(&r, "", "avg(v), sum(v)");
    sqi_rig_batch(&r, "9223372036854775807", true);
    r.first->type->commit(r.first);
    r.flushed = false;
    ck_assert_int_eq(sqi_rig_try_push(&r, "1", &error), STREAMQ_OK);
    ck_assert_int_ne(sqi_rig_try_flush(&r, &error), STREAMQ_OK);
    ck_assert_int_eq((int)sqi_error_cond(error), SQI_COND_ARITHMETIC_OVERFLOW);
    streamq_error_free(error);
    sqi_rig_close(&r);
    sqi_fail_alloc_assert_clean(&heap);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        random_rows_give_what_each_aggregate_gives,
        chunks_without_nulls_are_taken_whole,
        narrow_integers_are_widened,
        times_have_a_least_and_a_greatest,
        of_nulls_alone_there_is_nothing_but_the_count,
        sums_reach_the_borders_and_fail_beyond,
        a_micro_batch_beyond_the_range_of_what_lasts_fails_at_its_end,
    };
    return sqi_test_main("agg_fused", tests, sizeof tests / sizeof *tests);
}
