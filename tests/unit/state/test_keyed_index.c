/* The index as a multimap of tag and row: growth, splits, runs that wrap, erasure. */
#include "fail_alloc.h"
#include "keyed_index.h"
#include "random_vec.h"
#include "test_main.h"

static bool has(const sqi_index *ix, uint32_t tag, uint32_t row)
{
    sqi_index_walk w = sqi_index_begin(ix, tag);
    for (uint32_t found = sqi_index_next(&w); found != UINT32_MAX; found = sqi_index_next(&w))
        if (found == row)
            return true;
    return false;
}

static void put(sqi_index *ix, uint32_t tag, uint32_t row)
{
    ck_assert_int_eq(sqi_index_reserve(ix, tag, NULL), STREAMQ_OK);
    sqi_index_put(ix, tag, row);
}

static uint32_t tag_of(uint32_t row)
{
    return (uint32_t)sqi_random_next(&(sqi_random){row});
}

START_TEST(every_pair_is_found_while_pages_double_and_split)
{
    enum { N = 100000 };
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    sqi_index ix;
    ck_assert_int_eq(sqi_index_init(&ix, &f.alloc, NULL), STREAMQ_OK);
    for (uint32_t row = 0; row < N; row++) {
        put(&ix, tag_of(row), row);
        ck_assert(has(&ix, tag_of(row / 2), row / 2));
    }
    ck_assert_uint_gt(ix.depth, 3);
    for (uint32_t row = 0; row < N; row++) {
        ck_assert(has(&ix, tag_of(row), row));
        ck_assert(!has(&ix, tag_of(row), row + 1));
    }
    ck_assert_uint_eq(sqi_index_bytes(&ix), atomic_load(&f.alloc.used));
    sqi_index_fini(&ix);
    sqi_fail_alloc_assert_clean(&f);
}
END_TEST

START_TEST(erasing_leaves_all_others_reachable_also_in_runs_that_wrap)
{
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    sqi_index ix;
    ck_assert_int_eq(sqi_index_init(&ix, &f.alloc, NULL), STREAMQ_OK);
    sqi_random r = {3};
    bool there[40] = {false};
    uint32_t tag[40];
    for (uint32_t i = 0; i < 40; i++)
        tag[i] = 58 + i % 9; /* crowded around the end of a page of 64 */
    for (uint32_t step = 0; step < 20000; step++) {
        uint32_t i = sqi_random_below(&r, 40);
        if (there[i])
            sqi_index_erase(&ix, tag[i], i);
        else
            put(&ix, tag[i], i);
        there[i] = !there[i];
        for (uint32_t k = 0; k < 40; k++)
            ck_assert_int_eq(has(&ix, tag[k], k), there[k]);
    }
    sqi_index_fini(&ix);
    sqi_fail_alloc_assert_clean(&f);
}
END_TEST

START_TEST(tags_that_never_differ_end_in_an_error)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_index ix;
    streamq_error *err = NULL;
    ck_assert_int_eq(sqi_index_init(&ix, &alloc, NULL), STREAMQ_OK);
    uint32_t row = 0;
    while (sqi_index_reserve(&ix, 77, &err) == STREAMQ_OK)
        sqi_index_put(&ix, 77, row++);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_LIMIT_EXCEEDED);
    ck_assert_uint_eq(row, 3276);
    ck_assert(has(&ix, 77, row - 1));
    sqi_error_free(err);
    sqi_index_fini(&ix);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

static streamq_status fill(sqi_alloc *alloc, void *context, streamq_error **err)
{
    (void)context;
    sqi_index ix;
    streamq_status status = sqi_index_init(&ix, alloc, err);
    uint32_t n = 0;
    for (; n < 20000 && status == STREAMQ_OK; n++) {
        status = sqi_index_reserve(&ix, tag_of(n), err);
        if (status == STREAMQ_OK)
            sqi_index_put(&ix, tag_of(n), n);
    }
    for (uint32_t row = 0; row + 1 < n; row += 97)
        ck_assert(has(&ix, tag_of(row), row));
    sqi_index_fini(&ix);
    return status;
}

START_TEST(a_failed_growth_loses_nothing)
{
    ck_assert_uint_gt(sqi_test_every_allocation(fill, NULL), 15);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_pair_is_found_while_pages_double_and_split,
                                  erasing_leaves_all_others_reachable_also_in_runs_that_wrap,
                                  tags_that_never_differ_end_in_an_error, a_failed_growth_loses_nothing};
    return sqi_test_main("keyed_index", tests, sizeof tests / sizeof *tests);
}
