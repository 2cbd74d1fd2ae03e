/* Runs of bytes: distinct, aligned, reused, all given back. */
#include "fail_alloc.h"
#include "keyed_slab.h"
#include "random_vec.h"
#include "test_main.h"

enum { RUNS = 600 };

START_TEST(runs_never_overlap_and_keep_their_bytes)
{
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    sqi_slab s;
    sqi_slab_init(&s, &f.alloc);
    sqi_random r = {1};
    static unsigned char *run[RUNS];
    static size_t size[RUNS];
    for (uint32_t step = 0; step < 20000; step++) {
        uint32_t i = sqi_random_below(&r, RUNS);
        if (run[i]) {
            bool whole = true;
            for (size_t b = 0; b < size[i]; b++)
                whole &= run[i][b] == (unsigned char)i;
            ck_assert(whole);
            sqi_slab_put(&s, run[i], size[i]);
            run[i] = NULL;
            continue;
        }
        size[i] = 1 + sqi_random_below(&r, 1u << (1 + sqi_random_below(&r, 13)));
        run[i] = sqi_slab_get(&s, size[i]);
        ck_assert_ptr_nonnull(run[i]);
        ck_assert_uint_eq((uintptr_t)run[i] % 8, 0);
        memset(run[i], (int)i, size[i]);
    }
    ck_assert_uint_eq(s.bytes, atomic_load(&f.alloc.used));
    sqi_slab_fini(&s);
    sqi_fail_alloc_assert_clean(&f);
}
END_TEST

START_TEST(freed_runs_are_used_again)
{
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    sqi_slab s;
    sqi_slab_init(&s, &f.alloc);
    static const size_t sizes[] = {1, 16, 17, 256, 257, 320, 321, 1000, 4095, 4096, 4097, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        void *ptr = sqi_slab_get(&s, sizes[i]);
        ck_assert_ptr_nonnull(ptr);
        size_t held = s.bytes;
        for (int again = 0; again < 100; again++) {
            sqi_slab_put(&s, ptr, sizes[i]);
            ptr = sqi_slab_get(&s, sizes[i]);
            ck_assert_ptr_nonnull(ptr);
            memset(ptr, 1, sizes[i]);
        }
        ck_assert_uint_eq(s.bytes, held);
    }
    sqi_slab_fini(&s);
    sqi_fail_alloc_assert_clean(&f);
}
END_TEST

START_TEST(without_memory_there_is_no_run_and_the_slab_goes_on)
{
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    sqi_slab s;
    sqi_slab_init(&s, &f.alloc);
    f.fail_at = 1;
    ck_assert_ptr_null(sqi_slab_get(&s, 20));
    f.fail_at = 3;
    ck_assert_ptr_nonnull(sqi_slab_get(&s, 20));
    ck_assert_ptr_null(sqi_slab_get(&s, 5000));
    ck_assert_ptr_null(sqi_slab_get(&s, SIZE_MAX));
    ck_assert_ptr_nonnull(sqi_slab_get(&s, 5000));
    sqi_slab_fini(&s);
    sqi_fail_alloc_assert_clean(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {runs_never_overlap_and_keep_their_bytes, freed_runs_are_used_again,
                                  without_memory_there_is_no_run_and_the_slab_goes_on};
    return sqi_test_main("keyed_slab", tests, sizeof tests / sizeof *tests);
}
