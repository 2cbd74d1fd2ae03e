/* Blocks: the keys of any type come back, what is damaged is refused. */
#include "data_bench.h"
#include "data_order.h"
#include "fail_alloc.h"
#include "keyed_block.h"
#include "random_vec.h"

#include <stdlib.h>

enum { N = 200 };

/* A table of random keys; row[i] is key i's. */
static sqi_table *fill(sqi_random *r, const sqi_type *const *type, uint32_t nkey, sqi_vec *key, uint32_t *row)
{
    for (uint32_t c = 0; c < nkey; ++c) {
        sqi_vec raw;
        sqi_random_vec(r, &raw, type[c], N, true, &arena);
        ck_assert_int_eq(sqi_order_normalize(&key[c], &raw, (sqi_rows){NULL, N}, &arena, NULL), STREAMQ_OK);
    }
    sqi_table *t = sqi_table_new(&alloc, type, nkey, 8, 8, 5, NULL);
    ck_assert_ptr_nonnull(t);
    ck_assert_int_eq(sqi_table_lookup(t, key, (sqi_rows){NULL, N}, SQI_TABLE_INSERT, row, NULL, NULL, NULL),
                     STREAMQ_OK);
    return t;
}

static void put(const sqi_table *t, sqi_block_kind kind, const uint32_t *rows, uint32_t n)
{
    size_t at;
    ck_assert_int_eq(sqi_block_put(t, kind, rows, n, &at, &buf, &arena, NULL), STREAMQ_OK);
    if (kind == SQI_BLOCK_ROWS)
        ck_assert(sqi_bytes_put_varint(&buf, n)); /* an operator's column */
    ck_assert(sqi_block_end(&buf, at));
}

START_TEST(keys_of_every_type_come_back)
{
    setup();
    sqi_random r = {4};
    for (unsigned round = 0; round < 80; ++round) {
        const sqi_type *type[2] = {round < 26 ? sqi_every_type(pool, round) : sqi_random_type(&r, pool, 3, true),
                                   sqi_random_type(&r, pool, 1, true)};
        uint32_t nkey = 1 + round % 2, row[N], back[N], all[N], next = 0;
        sqi_vec key[2];
        sqi_table *t = fill(&r, type, nkey, key, row), *other = sqi_table_new(&alloc, type, nkey, 8, 8, 99, NULL);
        uint32_t n = sqi_table_walk(t, &next, all, N);
        ck_assert_uint_eq(n, sqi_table_live(t));
        sqi_buf_clear(&buf);
        ck_assert(sqi_block_begin(&buf, n));
        put(t, SQI_BLOCK_REMOVED, all, 1);
        put(t, SQI_BLOCK_ROWS, all, n / 2 + 1);
        if (n / 2 + 1 < n)
            put(t, SQI_BLOCK_ROWS, all + n / 2 + 1, n - n / 2 - 1);
        sqi_block b;
        sqi_block_piece piece;
        ck_assert_int_eq(sqi_block_open(&b, sqi_buf_view(&buf), NULL), STREAMQ_OK);
        ck_assert_uint_eq(b.total, n);
        ck_assert_int_eq(sqi_block_next(&b, type, nkey, &piece, &arena, NULL), STREAMQ_OK);
        ck_assert(piece.kind == SQI_BLOCK_REMOVED && piece.n == 1);
        ck_assert_int_eq(sqi_block_used(&piece, NULL), STREAMQ_OK);
        for (;;) {
            ck_assert_int_eq(sqi_block_next(&b, type, nkey, &piece, &arena, NULL), STREAMQ_OK);
            if (!piece.n)
                break;
            ck_assert_int_eq(sqi_block_used(&piece, NULL), STREAMQ_ERR_IO); /* the operator's column is left */
            ck_assert_uint_eq(sqi_bytes_get_varint(&piece.values), piece.n);
            ck_assert_int_eq(sqi_block_used(&piece, NULL), STREAMQ_OK);
            ck_assert_int_eq(
                sqi_table_lookup(other, piece.key, (sqi_rows){NULL, piece.n}, SQI_TABLE_INSERT, back, NULL, NULL, NULL),
                STREAMQ_OK);
        }
        ck_assert_uint_eq(sqi_table_live(other), n);
        ck_assert_int_eq(sqi_table_lookup(other, key, (sqi_rows){NULL, N}, SQI_TABLE_FIND, back, NULL, NULL, NULL),
                         STREAMQ_OK);
        for (uint32_t i = 0; i < N; ++i)
            ck_assert_uint_eq(back[i], row[i]); /* in the same order, too */
        sqi_table_free(t);
        sqi_table_free(other);
    }
    teardown();
}
END_TEST

START_TEST(walks_go_on_while_rows_come_and_go)
{
    setup();
    const sqi_type *type[1] = {&sqi_type_bigint};
    sqi_table *t = sqi_table_new(&alloc, type, 1, 0, 1, 5, NULL);
    uint32_t row[N], some[10], next = 0, n, met[4 * N] = {0};
    int64_t word[N];
    sqi_vec key = {.type = &sqi_type_bigint, .data = word, .mask = UINT32_MAX};
    for (uint32_t batch = 0; batch < 4; ++batch) {
        for (uint32_t i = 0; i < N; ++i)
            word[i] = batch * N + i;
        ck_assert_int_eq(sqi_table_lookup(t, &key, (sqi_rows){NULL, N}, SQI_TABLE_INSERT, row, NULL, NULL, NULL),
                         STREAMQ_OK);
        for (uint32_t k = 0; k < 6; ++k) {
            n = sqi_table_walk(t, &next, some, 10);
            for (uint32_t i = 0; i < n; ++i)
                met[some[i]]++;
        }
        ck_assert_int_eq(sqi_table_remove(t, row, batch == 3 ? 0 : N / 2, NULL), STREAMQ_OK);
        sqi_table_clean(t);
    }
    while ((n = sqi_table_walk(t, &next, some, 10)))
        for (uint32_t i = 0; i < n; ++i)
            met[some[i]]++;
    next = 0;
    for (uint32_t i = 0; i < 4 * N; ++i)
        ck_assert_uint_le(met[i], 1);
    ck_assert_uint_eq(met[N - 1], 1); /* there all the time */
    ck_assert(sqi_table_reused(t));
    sqi_table_free(t);
    teardown();
}
END_TEST

START_TEST(a_damaged_block_is_refused)
{
    setup();
    sqi_random r = {4};
    const sqi_type *type[2] = {&sqi_type_string, sqi_type_array(pool, &sqi_type_int, true)};
    uint32_t row[N];
    sqi_vec key[2];
    sqi_table *t = fill(&r, type, 2, key, row);
    ck_assert(sqi_block_begin(&buf, 7));
    put(t, SQI_BLOCK_REMOVED, row, 1);
    put(t, SQI_BLOCK_ROWS, row, 20);
    for (size_t i = 0; i < buf.len; ++i)
        for (uint32_t way = 0; way < 9; ++way) {
            sqi_arena_mark mark = sqi_arena_mark_get(&arena);
            sqi_block b;
            sqi_block_piece piece = {.n = 1};
            size_t len = way == 8 ? i : buf.len;
            char *copy = malloc(len + 1);
            memcpy(copy, buf.ptr, len);
            if (way < 8)
                copy[i] = (char)(copy[i] ^ 1 << way);
            streamq_status status = sqi_block_open(&b, (sqi_span){copy, len}, NULL);
            while (status == STREAMQ_OK && piece.n)
                status = sqi_block_next(&b, type, 2, &piece, &arena, NULL);
            ck_assert(status == STREAMQ_OK || status == STREAMQ_ERR_IO || (i == 0 && way < 8));
            free(copy);
            sqi_arena_release(&arena, mark);
        }
    streamq_error *err = NULL;
    sqi_block b;
    buf.ptr[0] = 2;
    ck_assert_int_eq(sqi_block_open(&b, sqi_buf_view(&buf), &err), STREAMQ_ERR_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(sqi_error_text(err), "version 2"));
    sqi_error_free(err);
    sqi_table_free(t);
    teardown();
}
END_TEST

START_TEST(a_block_that_is_too_long_is_an_error)
{
    setup();
    sqi_random r = {4};
    const sqi_type *type[1] = {&sqi_type_string};
    uint32_t row[N];
    sqi_vec key[1];
    sqi_buf small;
    size_t at;
    sqi_table *t = fill(&r, type, 1, key, row);
    sqi_buf_init(&small, &alloc, 100);
    ck_assert(sqi_block_begin(&small, N));
    ck_assert_int_eq(sqi_block_put(t, SQI_BLOCK_ROWS, row, N, &at, &small, &arena, NULL), STREAMQ_ERR_LIMIT);
    sqi_buf_fini(&small);
    sqi_table_free(t);
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {keys_of_every_type_come_back, walks_go_on_while_rows_come_and_go,
                                  a_damaged_block_is_refused, a_block_that_is_too_long_is_an_error};
    return sqi_test_main("keyed_block", tests, sizeof tests / sizeof *tests);
}
