/* The tally: what it leaves and what is drained make up all rows; what it leaves has the first of every key, in order. */
#include "fail_alloc.h"
#include "keyed_tally.h"
#include "random_vec.h"
#include "test_main.h"

#include <stdio.h>

enum { N = 2000, KEYS = 900, LONG = 50, TEXT = 24 };

static sqi_str key[N];
static char text[KEYS][TEXT];
static uint32_t of[N], sel[N], left[N], rows_of_key[KEYS];

static void make_texts(void)
{
    for (uint32_t x = 0; x < KEYS; x++)
        snprintf(text[x], TEXT, x < LONG ? "a long key, number %u" : "k%u", x);
    memset(text[LONG], 0, TEXT); /* the empty one */
}

/* Half of the rows have one of few keys. */
static void draw(sqi_random *r)
{
    for (uint32_t i = 0; i < N; i++) {
        of[i] = sqi_random_below(r, 2) ? sqi_random_below(r, KEYS) : LONG + sqi_random_below(r, 20);
        key[i] = sqi_str_view(text[of[i]], (uint32_t)strlen(text[of[i]]));
        rows_of_key[of[i]] = of[i] * 3; /* as a table would number them */
    }
}

static uint32_t key_of(const sqi_str *s)
{
    uint32_t x = 0;
    while (x < KEYS && !(strlen(text[x]) == s->len && memcmp(text[x], sqi_str_ptr(s), s->len) == 0))
        x++;
    ck_assert_uint_lt(x, KEYS);
    return x;
}

typedef struct model {
    uint64_t came[KEYS], told[KEYS]; /* rows of a key; what it left and what was drained */
    bool met[KEYS];
} model;

static void count_rows(sqi_tally *t, model *m, sqi_rows rows)
{
    uint32_t row[N];
    uint32_t n = sqi_tally_count(t, key, rows, left);
    for (uint32_t k = 1; k < n; k++)
        ck_assert_uint_lt(left[k - 1], left[k]);
    uint32_t at = 0;
    for (SQI_EACH(rows, k, i)) {
        bool rest = at < n && left[at] == i;
        ck_assert(rest || m->met[of[i]]);
        ck_assert(rest || of[i] >= LONG);
        m->met[of[i]] = true;
        m->came[of[i]]++;
        m->told[of[i]] += rest;
        row[i] = rows_of_key[of[i]];
        at += rest;
    }
    ck_assert_uint_eq(at, n);
    sqi_tally_learn(t, row);
}

static uint64_t drain(sqi_tally *t, model *m)
{
    static sqi_tally_block block;
    uint64_t drained = 0;
    while (sqi_tally_drain(t, &block))
        for (uint32_t k = 0; k < block.n; k++) {
            uint32_t x = key_of(&block.key[k]);
            ck_assert_uint_eq(block.row[k], rows_of_key[x]);
            ck_assert_uint_gt(block.times[k], 0);
            m->told[x] += block.times[k];
            drained += block.times[k];
        }
    ck_assert_uint_eq(t->nused, 0);
    memset(m->met, 0, sizeof m->met);
    return drained;
}

static void lose_nothing(bool plain)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_tally t = {.most_bits = 14, .plain = plain};
    static model m;
    memset(&m, 0, sizeof m);
    sqi_random r = {11};
    uint64_t drained = 0;
    make_texts();
    ck_assert(!sqi_tally_begin(&t, &alloc, 10));
    ck_assert_uint_eq(sqi_tally_bytes(&t), 0);
    for (uint32_t batch = 0; batch < 20; batch++) {
        for (uint32_t chunk = 0; chunk < 5; chunk++) {
            uint32_t n = 0;
            draw(&r);
            for (uint32_t i = 0; i < N; i++)
                if (sqi_random_below(&r, 3))
                    sel[n++] = i;
            ck_assert(sqi_tally_begin(&t, &alloc, N)); /* grows on the way */
            count_rows(&t, &m, chunk % 2 ? (sqi_rows){sel, n} : (sqi_rows){NULL, N});
            ck_assert_uint_eq(sqi_tally_bytes(&t), atomic_load(&alloc.used));
        }
        drained += drain(&t, &m);
        ck_assert(memcmp(m.came, m.told, sizeof m.came) == 0);
    }
    ck_assert_uint_gt(drained, 20 * 5 * N / 3); /* it is worth something */
    sqi_tally_fini(&t, &alloc);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}

START_TEST(nothing_is_lost_and_the_first_is_left)
{
    lose_nothing(false);
    lose_nothing(true);
}
END_TEST

START_TEST(it_rests_where_keys_do_not_come_again)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_tally t = {.most_bits = 14};
    uint32_t used = 0, next = 0, calls = 1000;
    char word[TEXT];
    for (uint32_t k = 0; k < calls; k++) {
        for (uint32_t i = 0; i < N; i++) {
            int n = snprintf(word, sizeof word, "%u", next++);
            key[i] = sqi_str_view(word, (uint32_t)n);
        }
        if (!sqi_tally_begin(&t, &alloc, N))
            continue;
        sqi_tally_count(&t, key, (sqi_rows){NULL, N}, left);
        used++;
    }
    ck_assert_uint_gt(used, 0);
    ck_assert_uint_lt(used, calls / 10);
    sqi_tally_fini(&t, &alloc);
}
END_TEST

START_TEST(no_count_runs_over)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_tally t = {.most_bits = 14};
    ck_assert(sqi_tally_begin(&t, &alloc, N));
    t.counted = UINT32_MAX - N;
    ck_assert(sqi_tally_begin(&t, &alloc, N));
    ck_assert(!sqi_tally_begin(&t, &alloc, N + 1));
    sqi_tally_fini(&t, &alloc);
}
END_TEST

START_TEST(it_waits_until_a_batch_is_large)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_tally t = {.most_bits = 10, .warm = 2 * N};
    static model m;
    sqi_random r = {3};
    make_texts();
    draw(&r);
    for (uint32_t batch = 0; batch < 3; batch++) {
        ck_assert(!sqi_tally_begin(&t, &alloc, N));
        ck_assert(!sqi_tally_begin(&t, &alloc, N));
        ck_assert(sqi_tally_begin(&t, &alloc, N));
        count_rows(&t, &m, (sqi_rows){NULL, N});
        drain(&t, &m);
    }
    sqi_tally_fini(&t, &alloc);
}
END_TEST

START_TEST(without_memory_it_stays_as_it_is)
{
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    static model m;
    sqi_random r = {5};
    make_texts();
    for (size_t at = 1; at <= 8; at++) {
        sqi_tally t = {.most_bits = 14};
        memset(&m, 0, sizeof m);
        f.fail_at = atomic_load(&f.requests) + at;
        f.fail_beyond = at % 2;
        for (uint32_t chunk = 0; chunk < 6; chunk++) {
            draw(&r);
            if (sqi_tally_begin(&t, &f.alloc, N))
                count_rows(&t, &m, (sqi_rows){NULL, N});
        }
        drain(&t, &m);
        ck_assert(memcmp(m.came, m.told, sizeof m.came) == 0);
        sqi_tally_fini(&t, &f.alloc);
        sqi_fail_alloc_assert_clean(&f);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nothing_is_lost_and_the_first_is_left, it_rests_where_keys_do_not_come_again,
                                  no_count_runs_over, it_waits_until_a_batch_is_large,
                                  without_memory_it_stays_as_it_is};
    return sqi_test_main("keyed_tally", tests, sizeof tests / sizeof *tests);
}
