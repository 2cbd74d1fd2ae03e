/* A batch that is let go of comes back empty, with its memory; batches may outlive the pool's owner. */
#include "data_batch_pool.h"

#include <pthread.h>

#include "fail_alloc.h"
#include "test_main.h"

static sqi_field field = {{"n", 1}, &sqi_type_bigint, true};
static const sqi_schema schema = {1, &field};

static streamq_status fill(sqi_batch *b, int64_t value, uint32_t n, streamq_error **err)
{
    sqi_vec v = {.type = &sqi_type_bigint, .data = &value};
    sqi_chunk chunk = {.n = n, .ncol = 1, .rows = {NULL, n}, .col = &v};
    return sqi_batch_append(b, &chunk, err);
}

START_TEST(what_comes_back_is_empty_and_costs_nothing)
{
    sqi_fail_alloc heap;
    sqi_fail_alloc_init(&heap);
    sqi_batch_pool *p = sqi_batch_pool_new(&heap.alloc, &schema, NULL);
    size_t requests = 0;
    for (int64_t round = 0; round < 20; round++) {
        sqi_batch *one = sqi_batch_pool_get(p, NULL), *two = sqi_batch_pool_get(p, NULL);
        ck_assert(one != two);
        ck_assert_uint_eq(one->rows + one->nchunk, 0);
        ck_assert(sqi_span_equal(one->schema.field[0].name, SQI_SPAN("n")));
        ck_assert_int_eq(fill(one, round, 300, NULL), STREAMQ_OK);
        ck_assert_int_eq(fill(two, -round, 5, NULL), STREAMQ_OK);
        ck_assert_int_eq(SQI_AT(&one->chunk[0].col[0], int64_t, 299), round);
        ck_assert_int_eq(SQI_AT(&two->chunk[0].col[0], int64_t, 4), -round);
        sqi_batch_unref(sqi_batch_ref(one));
        sqi_batch_unref(round % 2 ? one : two);
        sqi_batch_unref(round % 2 ? two : one);
        if (round == 2) /* both have been large by then */
            requests = heap.requests;
    }
    ck_assert_uint_eq(heap.requests, requests);
    sqi_batch *late = sqi_batch_pool_get(p, NULL);
    sqi_batch_pool_close(p);
    ck_assert_int_eq(fill(late, 7, 1, NULL), STREAMQ_OK);
    sqi_batch_unref(late);
    sqi_batch_pool_close(NULL);
    sqi_fail_alloc_assert_clean(&heap);
}
END_TEST

START_TEST(large_batches_and_more_than_a_few_go_to_the_heap)
{
    sqi_fail_alloc heap;
    sqi_fail_alloc_init(&heap);
    sqi_batch_pool *p = sqi_batch_pool_new(&heap.alloc, &schema, NULL);
    size_t before = heap.live_bytes;
    sqi_batch *large = sqi_batch_pool_get(p, NULL);
    ck_assert_int_eq(fill(large, 1, 200000, NULL), STREAMQ_OK);
    sqi_batch_unref(large);
    ck_assert_uint_eq(heap.live_bytes, before);
    sqi_batch *many[50];
    for (int i = 0; i < 50; i++)
        many[i] = sqi_batch_pool_get(p, NULL);
    size_t most = heap.live_blocks;
    for (int i = 0; i < 50; i++)
        sqi_batch_unref(many[i]);
    ck_assert_uint_lt(heap.live_blocks, most / 2);
    sqi_batch_pool_close(p);
    sqi_fail_alloc_assert_clean(&heap);
}
END_TEST

static void *take_and_give(void *pool)
{
    for (int64_t i = 0; i < 2000; i++) {
        sqi_batch *b = sqi_batch_pool_get(pool, NULL);
        ck_assert_int_eq(fill(b, i, 3, NULL), STREAMQ_OK);
        ck_assert_int_eq(SQI_AT(&b->chunk[0].col[0], int64_t, 2), i);
        sqi_batch_unref(b);
    }
    return NULL;
}

START_TEST(threads_share_a_pool)
{
    sqi_fail_alloc heap;
    sqi_fail_alloc_init(&heap);
    sqi_batch_pool *p = sqi_batch_pool_new(&heap.alloc, &schema, NULL);
    pthread_t thread[3];
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, take_and_give, p), 0);
    for (int i = 0; i < 3; i++)
        pthread_join(thread[i], NULL);
    sqi_batch_pool_close(p);
    sqi_fail_alloc_assert_clean(&heap);
}
END_TEST

static streamq_status use(sqi_alloc *alloc, void *context, streamq_error **err)
{
    (void)context;
    sqi_batch_pool *p = sqi_batch_pool_new(alloc, &schema, err);
    streamq_status status = p ? STREAMQ_OK : STREAMQ_ERR_NOMEM;
    for (uint32_t i = 0; i < 3 && status == STREAMQ_OK; i++) {
        sqi_batch *b = sqi_batch_pool_get(p, err);
        status = b ? fill(b, i, 100 * (i + 1), err) : STREAMQ_ERR_NOMEM;
        sqi_batch_unref(b);
    }
    sqi_batch_pool_close(p);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    ck_assert_uint_gt(sqi_test_every_allocation(use, NULL), 3);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_comes_back_is_empty_and_costs_nothing,
                                  large_batches_and_more_than_a_few_go_to_the_heap, threads_share_a_pool,
                                  every_allocation_may_fail};
    return sqi_test_main("data_batch_pool", tests, sizeof tests / sizeof *tests);
}
