/* The memo: it says what it was told, until it is told to forget; a table with it behaves as one without. */
#include "fail_alloc.h"
#include "keyed_memo.h"
#include "keyed_table.h"
#include "random_vec.h"
#include "test_main.h"

enum { N = 3000, KEYS = 700 };

START_TEST(what_was_learnt_is_known_until_forgotten)
{
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    sqi_memo m = {0};
    static uint64_t word[SQI_MEMO_BLOCK];
    uint32_t row[SQI_MEMO_BLOCK], miss[SQI_MEMO_BLOCK];
    const sqi_rows all = {NULL, SQI_MEMO_BLOCK};
    const sqi_memo_words words = {word, 8};
    for (uint32_t i = 0; i < SQI_MEMO_BLOCK; i++)
        word[i] = i; /* the word 0 among them */
    ck_assert(!sqi_memo_begin(&m, &f.alloc, 1));
    ck_assert_uint_eq(sqi_memo_bytes(&m), 0);
    ck_assert(sqi_memo_begin(&m, &f.alloc, SQI_MEMO_BLOCK));
    ck_assert_uint_eq(sqi_memo_bytes(&m), atomic_load(&f.alloc.used));
    ck_assert_uint_eq(sqi_memo_find(&m, words, all, 0, all.n, row, miss), all.n);
    for (uint32_t i = 0; i < all.n; i++) {
        ck_assert_uint_eq(miss[i], i);
        row[i] = i + 7;
    }
    sqi_memo_learn(&m, words, miss, all.n, row);
    memset(row, 0, sizeof row);
    ck_assert_uint_eq(sqi_memo_find(&m, words, all, 0, all.n, row, miss), 0); /* neighbours do not collide */
    for (uint32_t i = 0; i < all.n; i++)
        ck_assert_uint_eq(row[i], i + 7);
    m.stamp = UINT32_MAX - 1;
    for (uint32_t k = 0; k < 3; k++) {
        sqi_memo_forget(&m);
        ck_assert_uint_eq(sqi_memo_find(&m, words, all, 0, all.n, row, miss), all.n);
    }
    sqi_memo_fini(&m, &f.alloc);
    sqi_fail_alloc_assert_clean(&f);
}
END_TEST

START_TEST(it_rests_where_most_words_are_new)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_memo m = {0};
    uint32_t used = 0, calls = 1000;
    for (uint32_t k = 0; k < calls; k++)
        if (sqi_memo_begin(&m, &alloc, N)) {
            sqi_memo_end(&m, N, N);
            used++;
        }
    ck_assert_uint_gt(used, 0);
    ck_assert_uint_lt(used, calls / 10);
    sqi_memo_fini(&m, &alloc);
    m = (sqi_memo){0};
    for (uint32_t k = 0; k < calls; k++) {
        ck_assert(sqi_memo_begin(&m, &alloc, N));
        sqi_memo_end(&m, N, N / 5);
    }
    sqi_memo_fini(&m, &alloc);
}
END_TEST

/* Keys of a chunk looked up, with and without a selection; what the table should say is kept in plain arrays. */
START_TEST(a_table_answers_as_without_it)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    const sqi_type *type = &sqi_type_int;
    sqi_table *t = sqi_table_new(&alloc, &type, 1, 8, 8, 5, NULL);
    static int32_t key[N];
    static uint32_t row[N], sel[N], of[KEYS], order[KEYS];
    static bool touched[KEYS];
    memset(of, 0xff, sizeof of);
    sqi_random r = {3};
    sqi_vec v = {.type = type, .data = key, .mask = UINT32_MAX};
    for (uint32_t round = 0; round < 20; round++) {
        uint32_t ntouched = 0, nsel = 0;
        memset(touched, 0, sizeof touched);
        for (uint32_t again = 0; again < 3; again++) {
            sqi_rows rows = {NULL, N};
            nsel = 0;
            for (uint32_t i = 0; i < N; i++) {
                key[i] = (int32_t)sqi_random_below(&r, KEYS) - KEYS / 2;
                if (sqi_random_below(&r, 3))
                    sel[nsel++] = i;
            }
            if (again == 1)
                rows = (sqi_rows){sel, nsel};
            ck_assert_int_eq(sqi_table_lookup(t, &v, rows, SQI_TABLE_TOUCH, row, NULL, NULL, NULL), STREAMQ_OK);
            for (SQI_EACH(rows, k, i)) {
                uint32_t x = (uint32_t)(key[i] + KEYS / 2);
                if (of[x] == SQI_TABLE_NONE)
                    of[x] = row[i];
                ck_assert_uint_eq(row[i], of[x]);
                if (!touched[x])
                    order[ntouched++] = of[x];
                touched[x] = true;
            }
            if (again == 1) /* some keys go in the middle of a batch */
                for (uint32_t x = round % 7; x < KEYS; x += 7)
                    if (of[x] != SQI_TABLE_NONE) {
                        ck_assert_int_eq(sqi_table_remove(t, &of[x], 1, NULL), STREAMQ_OK);
                        uint32_t kept = 0;
                        for (uint32_t k = 0; k < ntouched; k++) {
                            order[kept] = order[k];
                            kept += order[k] != of[x];
                        }
                        ntouched = kept;
                        of[x] = SQI_TABLE_NONE;
                        touched[x] = false;
                    }
        }
        const uint32_t *dirty;
        uint32_t n;
        sqi_table_dirty(t, &dirty, &n);
        ck_assert_uint_eq(n, ntouched);
        ck_assert(memcmp(dirty, order, n * sizeof *order) == 0);
        ck_assert_uint_eq(sqi_table_counts_get(t).bytes, atomic_load(&alloc.used));
        sqi_table_clean(t);
    }
    sqi_table_free(t);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_was_learnt_is_known_until_forgotten, it_rests_where_most_words_are_new,
                                  a_table_answers_as_without_it};
    return sqi_test_main("keyed_memo", tests, sizeof tests / sizeof *tests);
}
