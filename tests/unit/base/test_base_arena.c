/* Arenas: alignment, reuse, marks, failures. */
#include <string.h>

#include "base_arena.h"
#include "fail_alloc.h"
#include "test_main.h"

START_TEST(memory_is_aligned_and_does_not_overlap)
{
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    sqi_arena a;
    sqi_arena_init(&a, &f.alloc);
    unsigned char *blocks[200];
    for (size_t i = 0; i < 200; i++) {
        blocks[i] = sqi_arena_get(&a, i * 7);
        ck_assert_ptr_nonnull(blocks[i]);
        ck_assert_uint_eq((uintptr_t)blocks[i] % 16, 0);
        memset(blocks[i], (int)i, i * 7);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t j = 0; j < i * 7; j++)
            ck_assert_uint_eq(blocks[i][j], (unsigned char)i);
    sqi_arena_fini(&a);
    sqi_fail_alloc_assert_clean(&f);
}
END_TEST

START_TEST(a_steady_state_takes_no_memory)
{
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    sqi_arena a;
    sqi_arena_init(&a, &f.alloc);
    size_t requests = 0, bytes = 0;
    for (int round = 0; round < 10; round++) {
        for (size_t i = 0; i < 100; i++)
            ck_assert_ptr_nonnull(sqi_arena_get(&a, 1 + i * i));
        if (round == 2) {
            requests = f.requests;
            bytes = sqi_arena_bytes(&a);
        }
        sqi_arena_reset(&a);
    }
    ck_assert_uint_gt(requests, 0);
    ck_assert_uint_eq(f.requests, requests);
    ck_assert_uint_eq(sqi_arena_bytes(&a), bytes);
    ck_assert_uint_eq(bytes, f.live_bytes);
    sqi_arena_fini(&a);
    sqi_fail_alloc_assert_clean(&f);
}
END_TEST

START_TEST(a_mark_gives_back_what_came_after_it)
{
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    sqi_arena a;
    sqi_arena_init(&a, &f.alloc);
    sqi_arena_mark empty = sqi_arena_mark_get(&a);
    char *kept = sqi_arena_text(&a, "kept", 4);
    sqi_arena_mark m = sqi_arena_mark_get(&a);
    char *next = sqi_arena_get(&a, 16);
    for (int i = 0; i < 100; i++)
        sqi_arena_get(&a, 1000);
    sqi_arena_release(&a, m);
    ck_assert_ptr_eq(sqi_arena_get(&a, 16), next);
    ck_assert_str_eq(kept, "kept");
    sqi_arena_release(&a, empty);
    ck_assert_ptr_eq(sqi_arena_get(&a, 16), (void *)kept);
    sqi_arena_fini(&a);
    sqi_fail_alloc_assert_clean(&f);
}
END_TEST

START_TEST(sizes_that_overflow_are_refused)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_arena a;
    sqi_arena_init(&a, &alloc);
    ck_assert_ptr_null(sqi_arena_get(&a, SIZE_MAX));
    ck_assert_ptr_null(sqi_arena_get(&a, SIZE_MAX - 20));
    ck_assert_ptr_null(sqi_arena_array(&a, SIZE_MAX / 4, 16));
    ck_assert_ptr_null(sqi_arena_text(&a, "", SIZE_MAX));
    ck_assert_uint_eq(sqi_arena_bytes(&a), 0);
    sqi_arena_fini(&a);
}
END_TEST

START_TEST(text_and_printf_are_copies_with_a_nul)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_arena a;
    sqi_arena_init(&a, &alloc);
    char source[] = {'a', '\0', 'b', 'x'};
    char *copy = sqi_arena_text(&a, source, 3);
    source[0] = 'z';
    ck_assert_mem_eq(copy, "a\0b\0", 4);
    ck_assert_str_eq(sqi_arena_text(&a, NULL, 0), "");
    ck_assert_str_eq(sqi_arena_printf(&a, "%s-%d", "n", 42), "n-42");
    char *wide = sqi_arena_printf(&a, "%5000d", 1);
    ck_assert_uint_eq(strlen(wide), 5000);
    int *zeroed = sqi_arena_array(&a, 3, sizeof *zeroed);
    ck_assert(zeroed[0] == 0 && zeroed[1] == 0 && zeroed[2] == 0);
    sqi_arena_fini(&a);
}
END_TEST

START_TEST(fini_is_valid_on_a_zeroed_arena)
{
    sqi_arena a = {0};
    sqi_arena_fini(&a);
    ck_assert_ptr_null(a.first);
}
END_TEST

START_TEST(a_held_arena_gives_nothing_back_before_reset)
{
    sqi_alloc alloc;
    sqi_arena a;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&a, &alloc);
    a.held = true;
    sqi_arena_mark begin = sqi_arena_mark_get(&a);
    char *first = sqi_arena_text(&a, "first", 5);
    sqi_arena_mark later = sqi_arena_mark_get(&a);
    char *large = sqi_arena_get(&a, 100000);
    memset(large, 'x', 100000);
    sqi_arena_release(&a, later);
    sqi_arena_release(&a, begin);
    char *second = sqi_arena_text(&a, "second", 6);
    ck_assert_str_eq(first, "first");
    ck_assert_str_eq(second, "second");
    ck_assert(large[0] == 'x' && large[99999] == 'x');
    size_t bytes = sqi_arena_bytes(&a);
    for (int k = 0; k < 3; ++k) { /* the same again takes no memory */
        sqi_arena_reset(&a);
        ck_assert_ptr_nonnull(sqi_arena_get(&a, 6));
        ck_assert_ptr_nonnull(sqi_arena_get(&a, 100000));
        ck_assert_uint_eq(sqi_arena_bytes(&a), bytes);
    }
    sqi_arena_fini(&a);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

static streamq_status fill(sqi_alloc *alloc, void *context, streamq_error **err)
{
    (void)context;
    sqi_arena a;
    sqi_arena_init(&a, alloc);
    streamq_status status = STREAMQ_OK;
    for (size_t size = 1; size < 100000 && status == STREAMQ_OK; size *= 3)
        if (!sqi_arena_zero(&a, size) || !sqi_arena_printf(&a, "%zu", size))
            status = sqi_error_nomem(err);
    sqi_arena_fini(&a);
    return status;
}

START_TEST(an_array_grows_keeps_its_items_and_is_zero_behind_them)
{
    sqi_alloc alloc;
    sqi_arena arena;
    int64_t *item = NULL;
    uint32_t cap = 0;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    for (uint32_t n = 0; n < 1000; n++) {
        ck_assert(sqi_arena_room(&arena, (void **)&item, n, &cap, sizeof *item));
        ck_assert_uint_gt(cap, n);
        ck_assert_int_eq(item[n], 0);
        item[n] = n;
    }
    for (uint32_t n = 0; n < 1000; n++)
        ck_assert_int_eq(item[n], n);
    cap = UINT32_MAX / 2 + 1;
    int64_t *kept = item;
    ck_assert(!sqi_arena_room(&arena, (void **)&item, cap, &cap, sizeof *item));
    ck_assert_ptr_eq(item, kept);
    sqi_arena_fini(&arena);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    ck_assert_uint_gt(sqi_test_every_allocation(fill, NULL), 3);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {memory_is_aligned_and_does_not_overlap,
                                  a_steady_state_takes_no_memory,
                                  a_mark_gives_back_what_came_after_it,
                                  sizes_that_overflow_are_refused,
                                  text_and_printf_are_copies_with_a_nul,
                                  fini_is_valid_on_a_zeroed_arena,
                                  a_held_arena_gives_nothing_back_before_reset,
                                  an_array_grows_keeps_its_items_and_is_zero_behind_them,
                                  every_allocation_may_fail};
    return sqi_test_main("base_arena", tests, sizeof tests / sizeof *tests);
}
