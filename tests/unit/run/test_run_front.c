/* The front: chunks of a source cut into items, prepared by several workers and taken in by lanes; failures, stops. */
#include <stdio.h>
#include <stdlib.h>

#include "fail_alloc.h"
#include "op_rig.h"
#include "run_front.h"
#include "test_main.h"

enum { ROWS = 500 };

static const char schema[] = "k STRING, v INT, a ARRAY<INT>";
static const char keys[] = "k, v % 3", aggregates[] = "count(*), sum(v), first(v), collect_list(a), max(k)";

/* A query's middle: filter, grouping. With threads of 0 the same without a front. */
typedef struct bench {
    sqi_rig rig;
    sqi_os_pool *pool;
    uint32_t workers;
    sqi_op_group_params params;
    sqi_op *group, *op[16];
    uint32_t nop;
    sqi_front *front;
    sqi_batch *rows;
} bench;

static streamq_status add(bench *b, const sqi_op_type *type, const void *params, sqi_op_env *env, sqi_op *next,
                          sqi_op **out, streamq_error **err)
{
    SQI_TRY(sqi_op_new(out, type, params, 1, env, next, 0, err));
    b->op[b->nop++] = *out;
    return STREAMQ_OK;
}

static streamq_status try_build(bench *b, const char *condition, const char *key, const char *agg, uint32_t threads,
                                streamq_error **err)
{
    uint32_t n;
    const sqi_op_filter_params filter = {*sqi_rig_exprs(&b->rig, condition, &n)};
    b->params = (sqi_op_group_params){.nlane = threads ? threads : 1};
    b->params.key = sqi_rig_exprs(&b->rig, key, &b->params.nkey);
    b->params.agg = sqi_rig_exprs(&b->rig, agg, &b->params.nagg);
    SQI_TRY(add(b, &sqi_op_group, &b->params, &b->rig.env, b->rig.end, &b->group, err));
    if (!threads)
        return add(b, &sqi_op_filter, &filter, &b->rig.env, b->group, &b->rig.first, err);
    SQI_TRY(sqi_front_new(&b->front, &b->rig.env, threads, err));
    b->front->group = b->group;
    b->front->stable = true;
    for (uint32_t k = 0; k < threads; ++k) {
        const sqi_op_feed_params feed = {b->group, &b->params, k};
        sqi_front_worker *w = &b->front->worker[k];
        SQI_TRY(add(b, &sqi_op_feed, &feed, &w->env, NULL, &w->feed, err));
        SQI_TRY(add(b, &sqi_op_filter, &filter, &w->env, w->feed, &w->entry, err));
    }
    return STREAMQ_OK;
}

static void open_rig(bench *b, sqi_alloc *alloc, uint32_t workers)
{
    *b = (bench){.workers = workers};
    sqi_rig_open(&b->rig, alloc, schema);
    b->pool = calloc(1, sqi_os_pool_size(workers));
    ck_assert_int_eq(sqi_os_pool_open(b->pool, workers), 0);
    b->rig.env.pool = b->pool;
}

/* rows: how many stand in a chunk. `bad`: the text of this row's key is no number. */
static void make_rows(bench *b, uint32_t rows, int n, const int *bad, int nbad)
{
    char *text = malloc((size_t)n * 64 + 1);
    size_t len = 0;
    *text = '\0';
    for (int i = 0; i < n; ++i) {
        bool is_bad = false;
        for (int k = 0; k < nbad; ++k)
            is_bad |= bad[k] == i;
        len += (size_t)sprintf(text + len, i % 11 ? "'%s%d', %d, array(%d, NULL)\n" : "NULL, NULL, NULL\n",
                               is_bad  ? "x"
                               : i % 3 ? ""
                                       : "0000000000000000",
                               is_bad ? i : i * 7 % 250, i, i);
    }
    b->rig.env.chunk_rows = rows;
    sqi_rig_chunks(&b->rig, text, &b->rows);
    b->rig.env.chunk_rows = SQI_CHUNK_ROWS;
    free(text);
}

static void free_ops(bench *b)
{
    if (b->front)
        sqi_front_give_up(b->front);
    while (b->nop)
        sqi_op_free(b->op[--b->nop]);
    sqi_front_free(b->front); /* whose environments the operators used */
    b->front = NULL;
}

static void close_rig(bench *b)
{
    free_ops(b);
    sqi_batch_unref(b->rows);
    b->rig.first = b->rig.end;
    sqi_rig_close(&b->rig);
    sqi_os_pool_close(b->pool);
    free(b->pool);
}

/* Of an unstable source a chunk's vectors are overwritten as soon as the push has returned. */
static streamq_status push_unstable(bench *b, const sqi_chunk *chunk, streamq_error **err)
{
    sqi_arena *arena = &b->rig.scratch;
    sqi_arena_mark mark = sqi_arena_mark_get(arena);
    sqi_chunk copy = *chunk;
    copy.col = sqi_arena_array(arena, chunk->ncol, sizeof *copy.col);
    for (uint32_t c = 0; c < chunk->ncol; ++c)
        ck_assert_int_eq(sqi_vec_copy(&copy.col[c], &chunk->col[c], chunk->rows, arena, err), STREAMQ_OK);
    streamq_status status = sqi_front_push(b->front, &copy, err);
    memset(copy.col[1].data, 0x7f, chunk->n * sizeof(int32_t));
    sqi_arena_release(arena, mark);
    return status;
}

static streamq_status run_batch(bench *b, streamq_error **err)
{
    for (size_t i = 0; i < b->rows->nchunk; ++i)
        if (!b->front)
            SQI_TRY(sqi_op_push(b->rig.first, 0, &b->rows->chunk[i], err));
        else if (!b->front->stable)
            SQI_TRY(push_unstable(b, &b->rows->chunk[i], err));
        else
            SQI_TRY(sqi_front_push(b->front, &b->rows->chunk[i], err));
    if (b->front)
        SQI_TRY(sqi_front_finish(b->front, err));
    return sqi_op_flush(b->group, err);
}

typedef struct question {
    const char *keys, *aggregates;
    int rows;
} question;

/* Two micro-batches as text. */
static char *answer(const question *q, uint32_t threads, uint32_t workers, uint32_t chunk, bool stable)
{
    bench b;
    sqi_fail_alloc heap;
    streamq_error *err = NULL;
    sqi_fail_alloc_init(&heap);
    open_rig(&b, &heap.alloc, workers);
    make_rows(&b, chunk, q->rows, NULL, 0);
    ck_assert_int_eq(try_build(&b, "v % 5 > 0", q->keys, q->aggregates, threads, &err), STREAMQ_OK);
    if (b.front)
        b.front->stable = stable;
    for (int k = 0; k < 2; ++k) {
        streamq_status status = run_batch(&b, &err);
        ck_assert_msg(status == STREAMQ_OK, "%s", err ? sqi_error_message(err) : "");
        b.group->type->commit(b.group);
    }
    ck_assert(!b.front || !b.front->open);
    char *text = strndup(b.rig.out.ptr, b.rig.out.len);
    close_rig(&b);
    sqi_fail_alloc_assert_clean(&heap);
    return text;
}

static void compare(const question *q)
{
    static const uint32_t chunk[] = {2048, 64, 5};
    char *want = answer(q, 0, 0, 5, true);
    for (size_t c = 0; c < 3; ++c)
        for (uint32_t threads = 2; threads <= 4; ++threads)
            for (uint32_t workers = 0; workers <= threads; workers += 2) { /* nobody, too few, too many */
                char *got = answer(q, threads, workers, chunk[c], workers != 2);
                ck_assert_msg(strcmp(want, got) == 0, "%u threads, %u workers, chunks of %u", threads, workers,
                              chunk[c]);
                free(got);
            }
    free(want);
}

START_TEST(a_front_answers_as_a_chain_does)
{
    compare(&(question){keys, aggregates, ROWS});
    compare(&(question){"CAST(hash(k) AS STRING)", "count(*), count(1)", 6000}); /* which tallies count */
}
END_TEST

/* The first of several failing rows is reported, whether preparing or taking in fails, and nothing runs any more. */
START_TEST(the_first_failure_is_reported)
{
    static const int bad[][3] = {{1, 200, 430}, {230, 232, 460}, {499, 499, 499}};
    static const char *const where[][3] = {{"CAST(k AS INT) > -1", "v % 3", "count(*)"},
                                           {"true", "CAST(k AS INT)", "count(*)"},
                                           {"true", "v % 3", "sum(v) FILTER (WHERE CAST(k AS INT) > 5)"}};
    for (size_t i = 0; i < 9; ++i)
        for (uint32_t threads = 2; threads <= 4; ++threads) {
            bench b;
            sqi_fail_alloc heap;
            streamq_error *err = NULL;
            char name[16];
            const char *const *text = where[i / 3];
            /* Lanes fail each on its own: which of an item's rows is first is the lanes' order. */
            snprintf(name, sizeof name, "'x%d'", bad[i % 3][0]);
            sqi_fail_alloc_init(&heap);
            open_rig(&b, &heap.alloc, threads - 1);
            make_rows(&b, 1, ROWS, bad[i % 3], 3);
            ck_assert_int_eq(try_build(&b, text[0], text[1], text[2], threads, &err), STREAMQ_OK);
            ck_assert_int_eq(run_batch(&b, &err), STREAMQ_ERR_DATA);
            ck_assert_msg(strstr(sqi_error_message(err), name) != NULL, "%s is not in %s", name,
                          sqi_error_message(err));
            sqi_error_free(err);
            ck_assert(!b.front->open);
            ck_assert_uint_eq(b.rig.out.len, 0);
            close_rig(&b);
            sqi_fail_alloc_assert_clean(&heap);
        }
}
END_TEST

START_TEST(a_micro_batch_may_be_given_up_anywhere)
{
    for (size_t pushed = 0; pushed < 25; pushed += 3) {
        bench b;
        sqi_fail_alloc heap;
        streamq_error *err = NULL;
        sqi_fail_alloc_init(&heap);
        open_rig(&b, &heap.alloc, 2);
        make_rows(&b, 20, ROWS, NULL, 0);
        ck_assert_int_eq(try_build(&b, "true", keys, aggregates, 3, &err), STREAMQ_OK);
        for (size_t i = 0; i < pushed; ++i)
            ck_assert_int_eq(sqi_front_push(b.front, &b.rows->chunk[i], &err), STREAMQ_OK);
        if (pushed % 2)
            sqi_front_give_up(b.front); /* twice is fine */
        else
            ck_assert(b.front->open == (pushed > 0));
        sqi_front_give_up(b.front);
        close_rig(&b);
        sqi_fail_alloc_assert_clean(&heap);
    }
}
END_TEST

START_TEST(a_stop_is_seen_by_the_workers)
{
    bench b;
    sqi_fail_alloc heap;
    _Atomic bool stop = false;
    streamq_error *err = NULL;
    sqi_fail_alloc_init(&heap);
    open_rig(&b, &heap.alloc, 2);
    make_rows(&b, 20, ROWS, NULL, 0);
    b.rig.env.stop = &stop;
    ck_assert_int_eq(try_build(&b, "true", keys, aggregates, 3, &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_front_push(b.front, &b.rows->chunk[0], &err), STREAMQ_OK);
    atomic_store(&stop, true);
    ck_assert_int_eq(run_batch(&b, &err), STREAMQ_ERR_CANCELED);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_QUERY_STOPPED);
    sqi_error_free(err);
    close_rig(&b);
    sqi_fail_alloc_assert_clean(&heap);
}
END_TEST

static streamq_status whole_life(sqi_alloc *alloc, void *context, streamq_error **err)
{
    const bench *with = context;
    sqi_alloc plain;
    sqi_arena scratch;
    bench b;
    sqi_alloc_init(&plain);
    open_rig(&b, &plain, with->workers);
    make_rows(&b, 10, 60, NULL, 0);
    sqi_arena_init(&scratch, alloc);
    b.rig.eval.alloc = b.rig.env.alloc = alloc;
    b.rig.eval.arena = &scratch;
    streamq_status status = try_build(&b, "v % 5 > 0", keys, aggregates, 3, err);
    if (b.front)
        b.front->stable = with->nop;
    if (status == STREAMQ_OK)
        status = run_batch(&b, err);
    free_ops(&b);
    sqi_arena_fini(&scratch);
    b.rig.eval.alloc = b.rig.env.alloc = &plain;
    b.rig.eval.arena = &b.rig.scratch;
    close_rig(&b);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    bench with = {.workers = 0, .nop = 1};
    ck_assert_uint_gt(sqi_test_every_allocation(whole_life, &with), 60);
    with = (bench){.workers = 2, .nop = 0};
    ck_assert_uint_gt(sqi_test_every_allocation(whole_life, &with), 60);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_front_answers_as_a_chain_does, the_first_failure_is_reported,
                                  a_micro_batch_may_be_given_up_anywhere, a_stop_is_seen_by_the_workers,
                                  every_allocation_may_fail};
    return sqi_test_main("run_front", tests, sizeof tests / sizeof *tests);
}
