/* Feeds and lanes: a grouping in any number of lanes answers as one in one lane. */
#include <stdio.h>
#include <stdlib.h>

#include "fail_alloc.h"
#include "lane_rig.h"
#include "test_main.h"

static const char schema[] = "k STRING, d DOUBLE, v INT";
static const char *const keys[] = {"k", "v % 3", "d", "k, d", "v, k, d", "upper(k), array(v)", "struct(k, v % 2)"};
static const char aggregates[] = "count(*), sum(d), first(v), last(k), collect_list(v), min_by(v, d), "
                                 "count(v) FILTER (WHERE d > 1), max(k), avg(v)";
static const char *const batches[] = {
    ("'a', 1.5D, 1\n'b', 0.1D, 2\n'a', 0.2D, 3\nNULL, DOUBLE('NaN'), 4\n'', -0.0D, 5\n'b', 0.0D, NULL\n"
     "'a key, one that does not stand inside', NULL, 7\n'c', 1e300D, 8\n'd', -1e-5D, 9"),
    "",
    "'d', 3D, 1\n'e', 0.3D, 2\n'c', -1e300D, 3\nNULL, -DOUBLE('NaN'), 4\n'b', 0.7D, 5\n'f', 0D, 5\n'g', -0.0D, 5",
    "'g', -0.0D, 5\n'a key, one that does not stand inside', NULL, 7\n'a key, one that does not stand outside', 1D, 7",
};
enum { BATCHES = sizeof batches / sizeof *batches, KEYS = sizeof keys / sizeof *keys };

static void compare_lanes(streamq_output_mode mode, uint32_t chunk_rows)
{
    for (size_t k = 0; k < KEYS; ++k)
        for (uint32_t nlane = 2; nlane <= 5; ++nlane) {
            sqi_fail_alloc heap;
            sqi_rig one, several;
            sqi_lane_rig lanes;
            sqi_fail_alloc_init(&heap);
            sqi_rig_open(&one, &heap.alloc, schema);
            sqi_rig_open(&several, &heap.alloc, schema);
            one.env.mode = several.env.mode = mode;
            several.env.chunk_rows = chunk_rows;
            sqi_op *group = sqi_rig_add_group(&one, keys[k], aggregates);
            sqi_lane_rig_open(&lanes, &several, keys[k], aggregates, nlane);
            for (size_t b = 0; b < BATCHES; ++b) {
                const char *want = sqi_rig_batch(&one, batches[b], true);
                const char *got = sqi_lane_rig_batch(&lanes, batches[b]);
                ck_assert_msg(strcmp(want, got) == 0, "%s in %u lanes, batch %zu:\n%sinstead of\n%s", keys[k], nlane, b,
                              got, want);
                ck_assert_str_eq(sqi_rig_state(&several, lanes.group), sqi_rig_state(&one, group));
            }
            ck_assert_uint_le(several.largest_out, chunk_rows < nlane ? nlane : chunk_rows);
            sqi_lane_rig_close(&lanes);
            sqi_rig_close(&several);
            sqi_rig_close(&one);
            sqi_fail_alloc_assert_clean(&heap);
        }
}

START_TEST(lanes_answer_as_one_in_update_mode)
{
    compare_lanes(STREAMQ_UPDATE, 2048);
    compare_lanes(STREAMQ_UPDATE, 2);
    compare_lanes(STREAMQ_UPDATE, 1);
}
END_TEST

START_TEST(lanes_answer_as_one_in_complete_mode)
{
    compare_lanes(STREAMQ_COMPLETE, 2048);
    compare_lanes(STREAMQ_COMPLETE, 3);
}
END_TEST

/* Every row of an item goes to exactly one lane, in order, and equal keys to the same. */
START_TEST(a_feed_sorts_rows_by_lane)
{
    for (uint32_t nlane = 1; nlane <= 5; ++nlane) {
        sqi_fail_alloc heap;
        sqi_rig rig;
        sqi_lane_rig l;
        sqi_batch *batch;
        streamq_error *err = NULL;
        char rows[6000] = "";
        for (int i = 0; i < 200; ++i)
            sprintf(rows + strlen(rows), "'key %d', 0D, %d\n", i * 7 % 40, i);
        sqi_fail_alloc_init(&heap);
        sqi_rig_open(&rig, &heap.alloc, schema);
        rig.env.chunk_rows = 64;
        sqi_rig_chunks(&rig, rows, &batch);
        sqi_lane_rig_open(&l, &rig, "k", "max(v)", nlane);
        ck_assert(!sqi_feed_only_counts(l.feed));
        sqi_group_item item = {NULL, &item.first, 0};
        sqi_feed_item(l.feed, &item, &l.item);
        l.eval.arena = &l.item;
        for (size_t c = 0; c < batch->nchunk; ++c) { /* every second row of a chunk */
            sqi_chunk chunk = batch->chunk[c];
            uint32_t sel[64];
            chunk.rows.n = 0;
            chunk.rows.sel = sel;
            for (uint32_t i = 0; i < chunk.n; i += 2)
                sel[chunk.rows.n++] = i;
            ck_assert_int_eq(sqi_op_push(l.feed, 0, &chunk, &err), STREAMQ_OK);
        }
        ck_assert_uint_eq(item.rows, 100);
        uint32_t lane_of[40], parts = 0;
        memset(lane_of, 0xff, sizeof lane_of);
        for (const sqi_group_part *p = item.first; p; p = p->next, ++parts) {
            uint32_t total = 0;
            for (uint32_t lane = 0; lane < nlane; ++lane) {
                total += p->rows[lane].n;
                for (uint32_t j = 0; j < p->rows[lane].n; ++j) {
                    uint32_t i = p->rows[lane].sel[j];
                    uint32_t key = (parts * 64 + i) * 7 % 40;
                    ck_assert_uint_eq(i % 2, 0);
                    ck_assert(j == 0 || p->rows[lane].sel[j - 1] < i);
                    ck_assert(lane_of[key] == UINT32_MAX || lane_of[key] == lane);
                    lane_of[key] = lane;
                }
            }
            ck_assert_uint_eq(total, (p->chunk.n + 1) / 2);
        }
        ck_assert_uint_eq(parts, 4);
        sqi_batch_unref(batch);
        sqi_lane_rig_close(&l);
        sqi_rig_close(&rig);
        sqi_fail_alloc_assert_clean(&heap);
    }
}
END_TEST

/* Short keys are counted before they reach a lane; what does reach one stands in the item's memory alone. */
START_TEST(a_feed_that_only_counts)
{
    enum { N = 600, MANY = 40 };
    sqi_fail_alloc heap;
    sqi_rig rig;
    sqi_lane_rig l;
    sqi_batch *batch;
    streamq_error *err = NULL;
    static char rows[N * 60];
    char *to = rows;
    for (int i = 0; i < N; ++i)
        to += sprintf(to, "'%s %d', 0D, %d\n", i % 3 ? "key" : "a key longer than a view", i % MANY, i);
    sqi_fail_alloc_init(&heap);
    sqi_rig_open(&rig, &heap.alloc, schema);
    rig.env.chunk_rows = 300;
    sqi_rig_chunks(&rig, rows, &batch);
    sqi_lane_rig_open(&l, &rig, "k", "count(*)", 2);
    ck_assert(sqi_feed_only_counts(l.feed));
    ck_assert(!sqi_feed_has_rest(l.feed));
    sqi_group_item item = {NULL, &item.first, 0};
    l.eval.arena = &l.scratch; /* given back after each chunk */
    sqi_feed_item(l.feed, &item, &l.item);
    for (size_t c = 0; c < batch->nchunk; ++c) {
        sqi_arena_mark mark = sqi_arena_mark_get(&l.scratch);
        ck_assert_int_eq(sqi_op_push(l.feed, 0, &batch->chunk[c], &err), STREAMQ_OK);
        sqi_arena_release(&l.scratch, mark);
    }
    ck_assert_uint_eq(item.rows, N);
    ck_assert(sqi_feed_has_rest(l.feed));
    uint32_t left = item.first->chunk.n + item.first->next->chunk.n, times = 0;
    ck_assert(!item.first->next->next && !item.first->times);
    ck_assert_uint_lt(left, N - 150); /* the second chunk's short keys are known */
    sqi_group_part **rest = item.last;
    ck_assert_int_eq(sqi_feed_rest(l.feed, &err), STREAMQ_OK);
    ck_assert(!sqi_feed_has_rest(l.feed));
    for (const sqi_group_part *p = *rest; p; p = p->next)
        for (uint32_t i = 0; i < p->chunk.n; ++i)
            times += p->times[i];
    ck_assert_uint_eq(left + times, N);
    sqi_batch_unref(batch);
    sqi_lane_rig_close(&l);
    sqi_rig_close(&rig);
    sqi_fail_alloc_assert_clean(&heap);
}
END_TEST

/* A row that fails: its error, from the feed or from a lane; what follows is not looked at. */
START_TEST(a_failing_row_is_told)
{
    static const char *const bad[][2] = {{"CAST(k AS INT)", "count(*)"},
                                         {"k", "sum(CAST(k AS INT))"},
                                         {"v", "count(*) FILTER (WHERE CAST(k AS INT) > 0)"}};
    for (size_t n = 0; n < 3; ++n) {
        sqi_fail_alloc heap;
        sqi_rig rig;
        sqi_lane_rig l;
        sqi_batch *batch;
        streamq_error *err = NULL;
        sqi_fail_alloc_init(&heap);
        sqi_rig_open(&rig, &heap.alloc, schema);
        sqi_rig_chunks(&rig, "'1', 0D, 1\n'2', 0D, 2\n'x', 0D, 3\n'4', 0D, 4\n'y', 0D, 3", &batch);
        sqi_lane_rig_open(&l, &rig, bad[n][0], bad[n][1], 3);
        ck_assert_int_eq(sqi_lane_rig_take(&l, batch, &err), STREAMQ_ERR_DATA);
        ck_assert_ptr_nonnull(strstr(sqi_error_message(err), "'x'"));
        sqi_error_free(err);
        sqi_batch_unref(batch);
        sqi_lane_rig_close(&l);
        sqi_rig_close(&rig);
        sqi_fail_alloc_assert_clean(&heap);
    }
}
END_TEST

START_TEST(rows_without_a_front_are_refused)
{
    sqi_fail_alloc heap;
    sqi_rig rig;
    sqi_lane_rig l;
    streamq_error *err = NULL;
    sqi_fail_alloc_init(&heap);
    sqi_rig_open(&rig, &heap.alloc, schema);
    sqi_lane_rig_open(&l, &rig, "k", "count(*)", 2);
    ck_assert_int_eq(sqi_rig_try_push(&rig, "'a', 0D, 1", &err), STREAMQ_ERR_INTERNAL);
    sqi_error_free(err);
    sqi_lane_rig_close(&l);
    sqi_rig_close(&rig);
    sqi_fail_alloc_assert_clean(&heap);
}
END_TEST

static streamq_status whole_life(sqi_alloc *alloc, void *context, streamq_error **err)
{
    (void)context;
    sqi_alloc plain;
    sqi_rig r;
    sqi_lane_rig l;
    sqi_batch *batch;
    sqi_arena scratch;
    sqi_alloc_init(&plain);
    sqi_rig_open(&r, &plain, schema);
    sqi_rig_chunks(&r, batches[0], &batch);
    sqi_arena_init(&scratch, alloc);
    r.eval.alloc = r.env.alloc = alloc;
    r.eval.arena = &scratch;
    streamq_status status = sqi_lane_rig_try_open(&l, &r, "k, v % 4", "count(*), collect_list(k), sum(v)", 3, err);
    if (status == STREAMQ_OK)
        status = sqi_lane_rig_take(&l, batch, err);
    if (status == STREAMQ_OK)
        status = sqi_rig_try_flush(&r, err);
    sqi_lane_rig_close(&l);
    if (l.group) {
        r.first = l.group->next;
        sqi_op_free(l.group);
    }
    sqi_arena_fini(&scratch);
    sqi_batch_unref(batch);
    r.eval.alloc = r.env.alloc = &plain;
    r.eval.arena = &r.scratch;
    sqi_rig_close(&r);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    ck_assert_uint_gt(sqi_test_every_allocation(whole_life, NULL), 30);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lanes_answer_as_one_in_update_mode,
                                  lanes_answer_as_one_in_complete_mode,
                                  a_feed_sorts_rows_by_lane,
                                  a_feed_that_only_counts,
                                  a_failing_row_is_told,
                                  rows_without_a_front_are_refused,
                                  every_allocation_may_fail};
    return sqi_test_main("op_group_feed", tests, sizeof tests / sizeof *tests);
}
