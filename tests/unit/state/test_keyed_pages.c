/* Runs of one size: apart, aligned, used again, given back. */
#include "keyed_pages.h"

#include <string.h>

#include "fail_alloc.h"
#include "test_main.h"

START_TEST(runs_are_aligned_and_apart_whatever_their_number)
{
    enum { RUN = 8000, N = 4000 }; /* beyond what a small table holds */
    static char *run[N];
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    sqi_pages p;
    sqi_pages_init(&p, &f.alloc, RUN);
    for (int i = 0; i < N; i++) {
        run[i] = sqi_pages_get(&p);
        ck_assert_uint_eq((uintptr_t)run[i] % 64, 0);
        memset(run[i], i & 127, RUN);
    }
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(run[i][0] + run[i][RUN - 1], 2 * (i & 127));
    ck_assert_uint_eq(p.bytes, atomic_load(&f.alloc.used));
    sqi_pages_fini(&p);
    sqi_fail_alloc_assert_clean(&f);
}
END_TEST

START_TEST(what_is_given_back_is_used_first)
{
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    sqi_pages p;
    sqi_pages_init(&p, &f.alloc, 100);
    void *a = sqi_pages_get(&p), *b = sqi_pages_get(&p);
    sqi_pages_put(&p, a);
    sqi_pages_put(&p, NULL);
    sqi_pages_put(&p, b);
    size_t bytes = p.bytes;
    ck_assert_ptr_eq(sqi_pages_get(&p), b);
    ck_assert_ptr_eq(sqi_pages_get(&p), a);
    ck_assert_uint_eq(p.bytes, bytes);
    sqi_pages_fini(&p);
    sqi_fail_alloc_assert_clean(&f);
}
END_TEST

START_TEST(what_is_held_is_a_little_more_than_what_is_used)
{
    enum { RUN = 16384, N = 2500 }; /* one run at a time, claimed ones, large ones */
    static char *run[N];
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_pages p;
    sqi_pages_init(&p, &alloc, RUN);
    for (size_t i = 0; i < N; i++) {
        run[i] = sqi_pages_get(&p);
        ck_assert_ptr_nonnull(run[i]);
        ck_assert_uint_eq((uintptr_t)run[i] % 64, 0);
        memset(run[i], (int)(i & 127), RUN);
        size_t used = (i + 1) * RUN, slack = i < 500 ? used / 64 + 512 : used / 2;
        ck_assert_uint_eq(p.bytes, atomic_load(&alloc.used));
        ck_assert_msg(p.bytes >= used && p.bytes <= used + slack, "%zu bytes held for %zu", p.bytes, used);
    }
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(run[i][0] + run[i][RUN - 1], 2 * (i & 127));
    sqi_pages_fini(&p);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

START_TEST(the_limit_stops_claims_too)
{
    enum { RUN = 16384 };
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    atomic_store(&alloc.limit, 3 << 20);
    sqi_pages p;
    size_t n = 0;
    sqi_pages_init(&p, &alloc, RUN);
    while (sqi_pages_get(&p))
        n++;
    ck_assert_uint_gt(n, 180);
    ck_assert_uint_lt(n, 192);
    ck_assert_uint_eq(p.bytes, atomic_load(&alloc.used));
    sqi_pages_fini(&p);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

static streamq_status take(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_pages p;
    (void)context;
    sqi_pages_init(&p, alloc, 5000);
    bool fine = sqi_pages_get(&p) && sqi_pages_get(&p);
    sqi_pages_fini(&p);
    return fine ? STREAMQ_OK : sqi_error_nomem(err);
}

START_TEST(every_allocation_may_fail)
{
    ck_assert_uint_gt(sqi_test_every_allocation(take, NULL), 1);
    sqi_pages_fini(&(sqi_pages){0});
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {runs_are_aligned_and_apart_whatever_their_number, what_is_given_back_is_used_first,
                                  what_is_held_is_a_little_more_than_what_is_used, the_limit_stops_claims_too,
                                  every_allocation_may_fail};
    return sqi_test_main("keyed_pages", tests, sizeof tests / sizeof *tests);
}
