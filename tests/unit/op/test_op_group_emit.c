/* Results of several lanes leave in the order of one, in chunks of the size asked for, made by any number of workers. */
#include <stdio.h>
#include <stdlib.h>

#include "fail_alloc.h"
#include "lane_rig.h"
#include "os_pool.h"
#include "test_main.h"

enum { GROUPS = 500 };

static const char schema[] = "k INT, s STRING";
static const char aggregates[] = "count(*), first(s), max(k), collect_list(s)";

static char *make_rows(int from, int to, int step)
{
    char *rows = malloc((size_t)(to - from) * 40 + 1);
    size_t len = 0;
    *rows = '\0';
    for (int i = from; i < to; ++i)
        len += (size_t)sprintf(rows + len, "%d, 'text of row %d'\n", i * step % 7919, i);
    return rows;
}

typedef struct bench {
    sqi_fail_alloc heap;
    sqi_rig one, several;
    sqi_lane_rig lanes;
    sqi_os_pool *pool;
    uint32_t nlane;
} bench;

static void open_bench(bench *b, streamq_output_mode mode, uint32_t nlane, uint32_t chunk_rows, bool pool)
{
    *b = (bench){.nlane = nlane};
    sqi_fail_alloc_init(&b->heap);
    sqi_rig_open(&b->one, &b->heap.alloc, schema);
    sqi_rig_open(&b->several, &b->heap.alloc, schema);
    if (pool) {
        b->pool = calloc(1, sqi_os_pool_size(nlane));
        ck_assert_int_eq(sqi_os_pool_open(b->pool, nlane), 0);
    }
    b->one.env.mode = b->several.env.mode = mode;
    b->several.env.chunk_rows = chunk_rows;
    b->several.env.pool = b->pool; /* help_rows is 0: from the first row on */
    sqi_rig_add_group(&b->one, "k", aggregates);
    sqi_lane_rig_open(&b->lanes, &b->several, "k", aggregates, nlane);
}

static void close_bench(bench *b)
{
    sqi_lane_rig_close(&b->lanes);
    sqi_rig_close(&b->several);
    sqi_rig_close(&b->one);
    if (b->pool)
        sqi_os_pool_close(b->pool);
    free(b->pool);
    sqi_fail_alloc_assert_clean(&b->heap);
}

static void batch(bench *b, int from, int to, int step)
{
    char *rows = make_rows(from, to, step);
    const char *want = sqi_rig_batch(&b->one, rows, true), *got = sqi_lane_rig_batch(&b->lanes, rows);
    ck_assert_msg(strcmp(want, got) == 0, "%u lanes, chunks of %u: differs", b->nlane, b->several.env.chunk_rows);
    free(rows);
}

/* which: with a pool or without, and one of four sizes of a chunk. */
static void compare(streamq_output_mode mode, int which)
{
    static const uint32_t chunk_rows[] = {2048, 100, 7, 1};
    uint32_t chunk = chunk_rows[which / 2];
    for (uint32_t nlane = 2; nlane <= 4; ++nlane) {
        bench b;
        int groups = chunk > 7 ? GROUPS : GROUPS / 4;
        open_bench(&b, mode, nlane, chunk, which % 2);
        batch(&b, 0, groups, 1);
        batch(&b, groups / 2, groups, 5);
        batch(&b, 0, 3, 1);
        batch(&b, 0, 0, 1);
        ck_assert_uint_le(b.several.largest_out, chunk < nlane ? nlane : chunk);
        close_bench(&b);
    }
}

START_TEST(update_mode_in_lanes)
{
    compare(STREAMQ_UPDATE, _i);
}
END_TEST

START_TEST(complete_mode_in_lanes)
{
    compare(STREAMQ_COMPLETE, _i);
}
END_TEST

/* All groups of one lane come before those of the others: chunks stay small all the same. */
START_TEST(a_lopsided_input_gives_no_larger_chunks)
{
    bench b;
    sqi_batch *all;
    streamq_error *err = NULL;
    char *rows = make_rows(0, 600, 1);
    open_bench(&b, STREAMQ_UPDATE, 3, 50, true);
    b.several.env.chunk_rows = 600;
    sqi_rig_chunks(&b.several, rows, &all);
    b.several.env.chunk_rows = 50;
    sqi_group_item item = {NULL, &item.first, 0};
    sqi_feed_item(b.lanes.feed, &item, &b.lanes.item);
    b.lanes.eval.arena = &b.lanes.item;
    ck_assert_int_eq(sqi_op_push(b.lanes.feed, 0, all->chunk, &err), STREAMQ_OK);
    sqi_group_part part = *item.first; /* the same chunk three times, each time for one lane alone */
    b.lanes.eval.arena = &b.lanes.scratch;
    for (uint32_t k = 0; k < 3; ++k)
        for (uint32_t lane = 0; lane < 3; ++lane) {
            sqi_rows kept = part.rows[lane];
            sqi_group_item one = {&part, NULL, 0};
            part.rows[lane].n = lane == k ? kept.n : 0;
            ck_assert_int_eq(sqi_group_take_in(b.lanes.group, lane, &one, &b.lanes.env, &err), STREAMQ_OK);
            part.rows[lane] = kept;
        }
    const char *text = sqi_rig_batch(&b.several, "", true);
    uint32_t lines = 0;
    for (const char *p = text; *p; ++p)
        lines += *p == '\n';
    ck_assert_uint_eq(lines, 600);
    ck_assert_uint_le(b.several.largest_out, 50);
    sqi_batch_unref(all);
    close_bench(&b);
    free(rows);
}
END_TEST

/* -------------------------------------------------------------- failures behind the grouping */

static uint32_t taken, fails_at;

static streamq_status refuse(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)op, (void)input, (void)chunk;
    return taken++ == fails_at ? sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "chunk %u", fails_at) : STREAMQ_OK;
}

static const sqi_op_type refusing = {.name = "Refuse", .push = refuse};

START_TEST(the_chunk_that_fails_is_the_last_one_handed_on)
{
    static const uint32_t at[] = {UINT32_MAX, 0, 1, 9, 40}; /* the first run: how many there are */
    char *rows = make_rows(0, 1000, 1);
    for (size_t k = 0; k < sizeof at / sizeof *at; ++k) {
        fails_at = at[k];
        bench b;
        sqi_op end = {.type = &refusing, .ninput = 1};
        sqi_batch *all;
        streamq_error *err = NULL;
        open_bench(&b, STREAMQ_COMPLETE, 3, 20, true);
        end.env = &b.several.env;
        sqi_op *collects = b.lanes.group->next;
        b.lanes.group->next = &end;
        sqi_rig_chunks(&b.several, rows, &all);
        ck_assert_int_eq(sqi_lane_rig_take(&b.lanes, all, &err), STREAMQ_OK);
        taken = 0;
        ck_assert_int_eq(sqi_rig_try_flush(&b.several, &err), k ? STREAMQ_ERR_INVALID : STREAMQ_OK);
        ck_assert(k ? strstr(sqi_error_message(err), "chunk") != NULL : !err);
        if (k)
            ck_assert_uint_eq(taken, fails_at + 1);
        else
            ck_assert(taken >= 50 && taken <= 100);
        sqi_error_free(err);
        sqi_batch_unref(all);
        b.lanes.group->next = collects;
        close_bench(&b);
    }
    free(rows);
}
END_TEST

/* In update mode rows are merged as they leave: a sum that is too large in the last of them is the error all the same. */
START_TEST(a_failing_merge_comes_before_what_fails_behind_the_grouping)
{
    for (uint32_t nlane = 1; nlane <= 3; ++nlane) {
        sqi_alloc alloc;
        sqi_rig r;
        sqi_lane_rig l;
        sqi_batch *all;
        streamq_error *err = NULL;
        char ones[400], last[400];
        size_t len = 0, n = 0;
        for (int i = 0; i < 40; ++i) {
            len += (size_t)sprintf(ones + len, "%d, 1\n", i);
            n += (size_t)sprintf(last + n, "%d, %s\n", i, i < 39 ? "2" : "9223372036854775807");
        }
        sqi_alloc_init(&alloc);
        sqi_rig_open(&r, &alloc, "k INT, v BIGINT");
        r.env.mode = STREAMQ_UPDATE;
        r.env.chunk_rows = 5;
        sqi_lane_rig_open(&l, &r, "k", "sum(v), avg(v), min(v)", nlane);
        sqi_op end = {.type = &refusing, .ninput = 1, .env = &r.env}, *collects = l.group->next;
        if (nlane > 1) {
            sqi_lane_rig_batch(&l, ones);
            sqi_rig_chunks(&r, last, &all);
            l.group->type->commit(l.group);
            r.flushed = false;
            ck_assert_int_eq(sqi_lane_rig_take(&l, all, &err), STREAMQ_OK);
            sqi_batch_unref(all);
        } else {
            sqi_rig_batch(&r, ones, true);
            l.group->type->commit(l.group);
            r.flushed = false;
            ck_assert_int_eq(sqi_rig_try_push(&r, last, &err), STREAMQ_OK);
        }
        taken = fails_at = 0;
        l.group->next = &end;
        ck_assert_int_eq(sqi_rig_try_flush(&r, &err), STREAMQ_ERR_DATA);
        ck_assert_msg(strstr(sqi_error_message(err), "ARITHMETIC_OVERFLOW") != NULL, "%s", sqi_error_message(err));
        ck_assert_uint_eq(taken, 1);
        sqi_error_free(err);
        l.group->next = collects;
        sqi_lane_rig_close(&l);
        sqi_rig_close(&r);
    }
}
END_TEST

/* -------------------------------------------------------------- memory */

typedef struct life {
    streamq_output_mode mode;
    uint32_t workers;
} life;

static streamq_status whole_life(sqi_alloc *alloc, void *context, streamq_error **err)
{
    const life *with = context;
    sqi_alloc plain;
    sqi_rig r;
    sqi_lane_rig l;
    sqi_batch *all;
    sqi_arena scratch;
    char *rows = make_rows(0, 40, 1);
    sqi_os_pool *pool = calloc(1, sqi_os_pool_size(with->workers));
    ck_assert_int_eq(sqi_os_pool_open(pool, with->workers), 0);
    sqi_alloc_init(&plain);
    sqi_rig_open(&r, &plain, schema);
    sqi_rig_chunks(&r, rows, &all);
    sqi_arena_init(&scratch, alloc);
    r.eval.alloc = r.env.alloc = alloc;
    r.eval.arena = &scratch;
    r.env.mode = with->mode;
    r.env.pool = pool;
    r.env.chunk_rows = 6;
    streamq_status status = sqi_lane_rig_try_open(&l, &r, "k", aggregates, 3, err);
    if (status == STREAMQ_OK)
        status = sqi_lane_rig_take(&l, all, err);
    if (status == STREAMQ_OK)
        status = sqi_rig_try_flush(&r, err);
    sqi_lane_rig_close(&l);
    if (l.group) {
        r.first = l.group->next;
        sqi_op_free(l.group);
    }
    sqi_arena_fini(&scratch);
    sqi_batch_unref(all);
    sqi_os_pool_close(pool);
    free(pool);
    free(rows);
    r.eval.alloc = r.env.alloc = &plain;
    r.eval.arena = &r.scratch;
    sqi_rig_close(&r);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    life with = {_i % 2 ? STREAMQ_COMPLETE : STREAMQ_UPDATE, (uint32_t)_i / 2};
    ck_assert_uint_gt(sqi_test_every_allocation(whole_life, &with), 30);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_lopsided_input_gives_no_larger_chunks,
                                  the_chunk_that_fails_is_the_last_one_handed_on,
                                  a_failing_merge_comes_before_what_fails_behind_the_grouping};
    const TTest *const each[] = {update_mode_in_lanes, complete_mode_in_lanes, every_allocation_may_fail};
    return sqi_test_main_each("op_group_emit", tests, sizeof tests / sizeof *tests, each, 3, 8);
}
