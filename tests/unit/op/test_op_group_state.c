/* A grouping that is saved, loaded and goes on answers as one that never stopped: any aggregate, any number of lanes. */
#include <stdio.h>
#include <stdlib.h>

#include "fail_alloc.h"
#include "keyed_block.h"
#include "lane_rig.h"
#include "op_group_impl.h"
#include "random_vec.h"
#include "test_main.h"

/* ---- a query: one grouping, in some lanes ---------------------------------------------------------------------- */

typedef struct query {
    sqi_fail_alloc heap;
    sqi_rig rig;
    sqi_lane_rig lanes;
    sqi_op *group;
    uint32_t nlane;
} query;

static void open_query(query *q, const char *schema, const char *keys, const char *aggregates, uint32_t nlane,
                       streamq_output_mode mode, uint64_t seed)
{
    sqi_fail_alloc_init(&q->heap);
    sqi_rig_open(&q->rig, &q->heap.alloc, schema);
    q->rig.env.mode = mode;
    q->rig.env.durable = true;
    q->rig.env.hash_seed = seed;
    q->nlane = nlane;
    if (nlane > 1)
        sqi_lane_rig_open(&q->lanes, &q->rig, keys, aggregates, nlane);
    q->group = nlane > 1 ? q->lanes.group : sqi_rig_add_group(&q->rig, keys, aggregates);
}

static void close_query(query *q)
{
    if (q->nlane > 1)
        sqi_lane_rig_close(&q->lanes);
    sqi_rig_close(&q->rig);
    sqi_fail_alloc_assert_clean(&q->heap);
}

static const char *run_batch(query *q, const char *rows)
{
    return q->nlane > 1 ? sqi_lane_rig_batch(&q->lanes, rows) : sqi_rig_batch(&q->rig, rows, true);
}

#define check(call)                                                                    \
    do {                                                                               \
        streamq_error *err = NULL;                                                     \
        streamq_status status_ = (call);                                               \
        ck_assert_msg(status_ == STREAMQ_OK, "%s", err ? sqi_error_message(err) : ""); \
    } while (0)

/* ---- blocks that were saved ------------------------------------------------------------------------------------- */

enum { BLOCKS = 64 };

typedef struct blocks {
    sqi_alloc alloc;
    sqi_buf block[BLOCKS];
    uint32_t n;
} blocks;

static void open_blocks(blocks *b)
{
    *b = (blocks){.n = 0};
    sqi_alloc_init(&b->alloc);
}

static void clear_blocks(blocks *b)
{
    while (b->n)
        sqi_buf_fini(&b->block[--b->n]);
}

static sqi_buf *next_block(blocks *b)
{
    ck_assert_uint_lt(b->n, BLOCKS);
    sqi_buf_init(&b->block[b->n], &b->alloc, 0);
    return &b->block[b->n++];
}

static void save_changes(query *q, blocks *b)
{
    check(q->group->type->save_changes(q->group, next_block(b), &err));
}

static void save_whole(query *q, blocks *b, size_t most)
{
    uint64_t cursor = 0;
    do
        check(q->group->type->save_some(q->group, &cursor, most, next_block(b), &err));
    while (cursor);
}

static void load(query *q, const blocks *b)
{
    for (uint32_t i = 0; i < b->n; ++i)
        check(q->group->type->load(q->group, sqi_buf_view(&b->block[i]), &err));
    check(q->group->type->loaded(q->group, &err));
}

/* ---- tests ------------------------------------------------------------------------------------------------------ */

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_lines(char *text)
{
    size_t n = 0, len = strlen(text);
    char *line[1 << 12], *copy = malloc(len + 1), *at = copy, *to = text;
    memcpy(copy, text, len + 1);
    for (char *end; (end = strchr(at, '\n')); at = end + 1) {
        *end = '\0';
        ck_assert_uint_lt(n, sizeof line / sizeof *line);
        line[n++] = at;
    }
    qsort(line, n, sizeof *line, compare_lines);
    for (size_t i = 0; i < n; ++i)
        to += sprintf(to, "%s\n", line[i]);
    free(copy);
}

/* Rows leave in any order after a load. */
static void same_rows(const char *want, const char *got, const char *what)
{
    char *a = strdup(want), *b = strdup(got);
    sort_lines(a);
    sort_lines(b);
    ck_assert_msg(strcmp(a, b) == 0, "%s: instead of\n%sthere is\n%s", what, a, b);
    free(a);
    free(b);
}

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
    query one, other;
    blocks saved;
    uint32_t lanes[2] = {before, after};
    open_blocks(&saved);
    open_query(&one, schema, key, aggregate, 1, mode, 7);
    open_query(&other, schema, key, aggregate, *key ? before : 1, mode, 8);
    for (uint32_t b = 0; b < BATCHES; ++b) {
        const char *want = run_batch(&one, batches[b]), *got = run_batch(&other, batches[b]);
        same_rows(want, got, aggregate);
        ck_assert_str_eq(sqi_rig_state(&one.rig, one.group), sqi_rig_state(&other.rig, other.group));
        if (whole) {
            clear_blocks(&saved);
            save_whole(&other, &saved, b % 2 ? 1 << 20 : 1);
        } else {
            save_changes(&other, &saved);
        }
        close_query(&other);
        open_query(&other, schema, key, aggregate, *key ? lanes[b % 2 == 0] : 1, mode, 9 + b);
        load(&other, &saved);
        char total[64];
        sprintf(total, "%d 0 0", atoi(sqi_rig_state(&one.rig, one.group)));
        ck_assert_str_eq(sqi_rig_state(&other.rig, other.group), total);
    }
    close_query(&one);
    close_query(&other);
    clear_blocks(&saved);
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
