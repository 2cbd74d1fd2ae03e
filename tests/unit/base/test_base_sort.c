/* The merge sort: sorted, stable, a permutation, few comparisons on sorted input. */
#include "base_sort.h"

#include <stdlib.h>

#include "base_hash.h"
#include "test_main.h"

enum { MOST = 3000 };

typedef struct keys {
    unsigned key[MOST];
    size_t compared;
} keys;

static int by_key(void *context, uint32_t a, uint32_t b)
{
    keys *k = context;
    k->compared++;
    return k->key[a] < k->key[b] ? -1 : k->key[a] > k->key[b];
}

static void assert_sorts(keys *k, size_t n)
{
    uint32_t index[MOST], scratch[MOST];
    for (uint32_t i = 0; i < n; i++)
        index[i] = i;
    k->compared = 0;
    sqi_sort_index(index, scratch, n, by_key, k);
    char seen[MOST] = {0};
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_lt(index[i], n);
        ck_assert_int_eq(seen[index[i]]++, 0);
        if (i > 0) {
            ck_assert_uint_le(k->key[index[i - 1]], k->key[index[i]]);
            if (k->key[index[i - 1]] == k->key[index[i]])
                ck_assert_uint_lt(index[i - 1], index[i]);
        }
    }
}

START_TEST(every_length_up_to_300_is_sorted_and_stable)
{
    keys *k = calloc(1, sizeof *k);
    for (size_t n = 0; n <= 300; n++) {
        for (size_t i = 0; i < n; i++)
            k->key[i] = (unsigned)(sqi_hash_u64(i * 1000 + n) % (n / 3 + 1)); /* many ties */
        assert_sorts(k, n);
    }
    free(k);
}
END_TEST

START_TEST(large_input_is_sorted)
{
    keys *k = calloc(1, sizeof *k);
    for (size_t i = 0; i < MOST; i++)
        k->key[i] = (unsigned)sqi_hash_u64(i);
    assert_sorts(k, MOST);
    for (size_t i = 0; i < MOST; i++)
        k->key[i] = (unsigned)(MOST - i);
    assert_sorts(k, MOST);
    free(k);
}
END_TEST

START_TEST(sorted_input_costs_one_pass)
{
    keys *k = calloc(1, sizeof *k);
    for (size_t i = 0; i < MOST; i++)
        k->key[i] = (unsigned)i;
    assert_sorts(k, MOST);
    ck_assert_uint_lt(k->compared, 2 * MOST);
    free(k);
}
END_TEST

START_TEST(items_are_sorted_by_all_digits_and_keep_the_order_of_equals)
{
    enum { N = 5000 };
    static sqi_sort_item item[N], scratch[N];
    static const uint64_t masks[] = {0, 1, 0x7ff, 0xfff, UINT64_C(0xffff000000000000), 0xffffffff, UINT64_MAX};
    uint64_t x = 88172645463325252u;
    for (size_t m = 0; m < sizeof masks / sizeof *masks; m++)
        for (size_t n = 0; n <= N; n += n < 4 ? 1 : 2498) {
            for (size_t i = 0; i < n; i++) {
                x ^= x << 13, x ^= x >> 7, x ^= x << 17;
                item[i] = (sqi_sort_item){(x & masks[m]) | UINT64_C(1) << 40, (uint32_t)i};
            }
            sqi_sort_items(item, scratch, n);
            for (size_t i = 1; i < n; i++)
                ck_assert(item[i - 1].key < item[i].key ||
                          (item[i - 1].key == item[i].key && item[i - 1].row < item[i].row));
        }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_length_up_to_300_is_sorted_and_stable, large_input_is_sorted,
                                  sorted_input_costs_one_pass,
                                  items_are_sorted_by_all_digits_and_keep_the_order_of_equals};
    return sqi_test_main("base_sort", tests, sizeof tests / sizeof *tests);
}
