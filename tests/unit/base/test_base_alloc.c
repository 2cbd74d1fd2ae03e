/* Counting, limits and overflow of base_alloc. */
#include <pthread.h>
#include <string.h>

#include "base_alloc.h"
#include "fail_alloc.h"
#include "test_main.h"

START_TEST(counters_follow_every_block)
{
    sqi_alloc a;
    sqi_alloc_init(&a);
    char *p = sqi_alloc_get(&a, 100);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq(a.used, 100);
    memset(p, 7, 100);
    p = sqi_alloc_resize(&a, p, 100, 300);
    ck_assert_ptr_nonnull(p);
    ck_assert_int_eq(p[99], 7);
    ck_assert_uint_eq(a.used, 300);
    p = sqi_alloc_resize(&a, p, 300, 50);
    ck_assert_uint_eq(a.used, 50);
    ck_assert_uint_eq(a.peak, 300);
    ck_assert_uint_eq(a.calls, 3);
    sqi_alloc_free(&a, p, 50);
    sqi_alloc_free(&a, NULL, 77);
    ck_assert_uint_eq(a.used, 0);
    ck_assert_uint_eq(a.peak, 300);
}
END_TEST

START_TEST(zeroed_memory_is_zero)
{
    sqi_fail_alloc f; /* fills new blocks with junk */
    sqi_fail_alloc_init(&f);
    char *p = sqi_alloc_zero(&f.alloc, 64);
    int *q = sqi_alloc_array(&f.alloc, 4, sizeof *q);
    for (int i = 0; i < 64; i++)
        ck_assert_int_eq(p[i], 0);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(q[i], 0);
    sqi_alloc_free(&f.alloc, p, 64);
    sqi_alloc_free(&f.alloc, q, 4 * sizeof *q);
    sqi_fail_alloc_assert_clean(&f);
}
END_TEST

START_TEST(the_limit_refuses_and_leaves_the_block_alone)
{
    sqi_alloc a;
    sqi_alloc_init(&a);
    a.limit = 1000;
    char *p = sqi_alloc_get(&a, 900);
    ck_assert_ptr_nonnull(p);
    p[899] = 'x';
    ck_assert_ptr_null(sqi_alloc_get(&a, 101));
    ck_assert_ptr_null(sqi_alloc_resize(&a, p, 900, 1001));
    ck_assert_int_eq(p[899], 'x');
    ck_assert_uint_eq(a.used, 900);
    ck_assert_uint_eq(a.peak, 900);
    p = sqi_alloc_resize(&a, p, 900, 1000);
    ck_assert_ptr_nonnull(p);
    sqi_alloc_free(&a, p, 1000);
    ck_assert_uint_eq(a.used, 0);
}
END_TEST

START_TEST(sizes_that_overflow_are_refused)
{
    sqi_alloc a;
    sqi_alloc_init(&a);
    size_t n;
    ck_assert_ptr_null(sqi_alloc_array(&a, SIZE_MAX / 2, 3));
    ck_assert_ptr_null(sqi_alloc_get(&a, 0));
    ck_assert(!sqi_size_mul(SIZE_MAX, 2, &n));
    ck_assert(sqi_size_mul(SIZE_MAX, 1, &n));
    ck_assert_uint_eq(n, SIZE_MAX);
    void *items = NULL;
    size_t cap = 0;
    ck_assert(!sqi_alloc_grow(&a, &items, &cap, SIZE_MAX / 4, 8));
    ck_assert_ptr_null(items);
    ck_assert_uint_eq(cap, 0);
    ck_assert_uint_eq(a.used, 0);
}
END_TEST

START_TEST(grow_doubles_and_keeps_the_items)
{
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    int *v = NULL;
    size_t cap = 0;
    for (size_t i = 0; i < 1000; i++) {
        void *items = v;
        ck_assert(sqi_alloc_grow(&f.alloc, &items, &cap, i + 1, sizeof *v));
        v = items;
        v[i] = (int)i;
    }
    ck_assert_uint_eq(cap, 1024);
    ck_assert_uint_eq(f.requests, 8); /* 8, 16, ... 1024 */
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(v[i], i);
    f.fail_at = f.requests + 1;
    void *items = v;
    ck_assert(!sqi_alloc_grow(&f.alloc, &items, &cap, 1025, sizeof *v));
    ck_assert_ptr_eq(items, v);
    ck_assert_uint_eq(cap, 1024);
    sqi_alloc_free(&f.alloc, v, cap * sizeof *v);
    sqi_fail_alloc_assert_clean(&f);
}
END_TEST

static void *take_and_give(void *argument)
{
    sqi_alloc *a = argument;
    for (int i = 0; i < 5000; i++) {
        void *p = sqi_alloc_get(a, 64);
        if (p)
            sqi_alloc_free(a, p, 64);
    }
    return NULL;
}

START_TEST(threads_never_pass_the_limit_together)
{
    sqi_alloc a;
    sqi_alloc_init(&a);
    a.limit = 100; /* room for one block at a time */
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, take_and_give, &a), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    ck_assert_uint_eq(a.used, 0);
    ck_assert_uint_eq(a.peak, 64);
}
END_TEST

START_TEST(a_large_block_begins_at_a_large_page_and_is_counted)
{
    sqi_alloc a;
    sqi_alloc_init(&a);
    const size_t size = 2 * SQI_LARGE_PAGE;
    char *p = sqi_alloc_large(&a, size);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq((uintptr_t)p % SQI_LARGE_PAGE, 0);
    memset(p, 3, size);
    ck_assert_uint_eq(a.used, size);
    ck_assert_uint_eq(a.peak, size);
    ck_assert_uint_eq(a.calls, 1);
    atomic_store(&a.limit, 2 * size - 1);
    ck_assert_ptr_null(sqi_alloc_large(&a, size));
    sqi_alloc_large_free(&a, p, size, size);
    sqi_alloc_large_free(&a, NULL, size, 0);
    ck_assert_uint_eq(a.used, 0);
    ck_assert_ptr_null(sqi_alloc_large(&a, SIZE_MAX / SQI_LARGE_PAGE * SQI_LARGE_PAGE));
    ck_assert_uint_eq(a.used, 0);
}
END_TEST

START_TEST(of_a_gradual_block_only_what_is_claimed_is_counted)
{
    sqi_alloc a;
    sqi_alloc_init(&a);
    char *p = sqi_alloc_gradual(&a, SQI_LARGE_PAGE);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq((uintptr_t)p % SQI_LARGE_PAGE, 0);
    ck_assert_uint_eq(a.used, 0);
    ck_assert(sqi_alloc_claim(&a, 5000));
    memset(p, 7, 5000);
    ck_assert_uint_eq(a.used, 5000);
    ck_assert_uint_eq(a.peak, 5000);
    atomic_store(&a.limit, 9999);
    ck_assert(!sqi_alloc_claim(&a, 5000));
    ck_assert_uint_eq(a.used, 5000);
    sqi_alloc_claimed_all(&a, p, SQI_LARGE_PAGE);
    ck_assert_int_eq(p[4999], 7);
    sqi_alloc_large_free(&a, p, SQI_LARGE_PAGE, 5000);
    ck_assert_uint_eq(a.used, 0);
}
END_TEST

START_TEST(functions_of_the_users_see_large_blocks_too)
{
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    ck_assert_ptr_null(sqi_alloc_gradual(&f.alloc, SQI_LARGE_PAGE));
    char *p = sqi_alloc_large(&f.alloc, SQI_LARGE_PAGE);
    ck_assert_ptr_nonnull(p);
    memset(p, 1, SQI_LARGE_PAGE);
    ck_assert_uint_eq(atomic_load(&f.live_bytes), SQI_LARGE_PAGE);
    sqi_alloc_large_free(&f.alloc, p, SQI_LARGE_PAGE, SQI_LARGE_PAGE);
    sqi_fail_alloc_assert_clean(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {counters_follow_every_block,
                                  zeroed_memory_is_zero,
                                  the_limit_refuses_and_leaves_the_block_alone,
                                  sizes_that_overflow_are_refused,
                                  grow_doubles_and_keeps_the_items,
                                  threads_never_pass_the_limit_together,
                                  a_large_block_begins_at_a_large_page_and_is_counted,
                                  of_a_gradual_block_only_what_is_claimed_is_counted,
                                  functions_of_the_users_see_large_blocks_too};
    return sqi_test_main("base_alloc", tests, sizeof tests / sizeof *tests);
}
