/* Columns from bytes that are anything: an error, never more memory than the bytes are worth. */
#include "data_bench.h"
#include "data_order.h"
#include "data_pack.h"
#include "random_vec.h"

#include <stdlib.h>

enum { N = 40 };

/* Reads a copy that ends where it ends, and looks at every value that comes. */
static void read_any(const char *bytes, size_t len, const sqi_type *type, uint32_t n)
{
    sqi_alloc heap;
    sqi_arena scratch;
    sqi_vec v;
    streamq_error *err = NULL;
    char *copy = malloc(len ? len : 1);
    memcpy(copy, bytes, len);
    sqi_alloc_init(&heap);
    sqi_arena_init(&scratch, &heap);
    sqi_bytes from = sqi_bytes_of((sqi_span){copy, len});
    streamq_status status = sqi_unpack_column(&from, type, n, &v, &scratch, &err);
    if (status == STREAMQ_OK) {
        uint64_t hash[N];
        if (n <= N)
            sqi_order_hash(&v, (sqi_rows){NULL, n}, 1, false, hash);
    } else {
        ck_assert(from.bad);
        ck_assert_int_eq(sqi_error_cond(err), SQI_COND_CHECKPOINT_CORRUPT);
    }
    ck_assert_uint_le(atomic_load(&heap.peak), 100000 + 100 * len);
    sqi_error_free(err);
    sqi_arena_fini(&scratch);
    free(copy);
}

START_TEST(bytes_that_were_changed_or_cut)
{
    setup();
    sqi_random r = {17};
    for (unsigned round = 0; round < 60; ++round) {
        const sqi_type *type = round < 26 ? sqi_every_type(pool, round) : sqi_random_type(&r, pool, 3, true);
        sqi_vec v;
        sqi_random_vec(&r, &v, type, N, round % 2, &arena);
        sqi_buf_clear(&buf);
        ck_assert(sqi_pack_column(&buf, &v, (sqi_rows){NULL, N}, &arena));
        for (size_t i = 0; i < buf.len && i < 400; ++i) {
            read_any(buf.ptr, i, type, N);
            for (unsigned bit = 0; bit < 8; ++bit) {
                buf.ptr[i] = (char)(buf.ptr[i] ^ 1 << bit);
                read_any(buf.ptr, buf.len, type, N);
                buf.ptr[i] = (char)(buf.ptr[i] ^ 1 << bit);
            }
        }
        for (uint32_t n = 0; n < 10; ++n)
            read_any(buf.ptr, buf.len, type, n < 5 ? n : UINT32_MAX - n);
    }
    teardown();
}
END_TEST

START_TEST(a_number_of_values_that_the_bytes_cannot_hold)
{
    setup();
    static const char zeros[64];
    for (unsigned i = 0; sqi_every_type(pool, i); ++i)
        for (uint32_t n = 1000; n < UINT32_MAX / 8; n *= 8)
            read_any(zeros, sizeof zeros, sqi_every_type(pool, i), n);
    teardown();
}
END_TEST

static bool refused(const sqi_type *type, const void *bytes, size_t len, uint32_t n)
{
    sqi_vec v;
    sqi_bytes from = sqi_bytes_of((sqi_span){bytes, len});
    return sqi_unpack_column(&from, type, n, &v, &arena, NULL) == STREAMQ_ERR_IO && from.bad;
}

START_TEST(values_that_are_none_of_the_type)
{
    setup();
    const sqi_type *map = sqi_type_map(pool, &sqi_type_tinyint, &sqi_type_tinyint, true);
    ck_assert(!refused(&sqi_type_boolean, "\1\0\1", 3, 2));
    ck_assert(refused(&sqi_type_boolean, "\1\0\2", 3, 2));
    ck_assert(refused(&sqi_type_boolean, "\2\0\0\0\0", 5, 2));
    ck_assert(!refused(sqi_type_decimal(pool, 2, 0), "\1\143", 2, 1));
    ck_assert(refused(sqi_type_decimal(pool, 2, 0), "\1\144", 2, 1));
    ck_assert(refused(&sqi_type_int, "\10\0\0\0\0\0\0\0\0", 9, 1));
    ck_assert(refused(&sqi_type_int, "\3\0\0\0", 4, 1));
    ck_assert(refused(&sqi_type_int, "\101\0", 2, 1));
    ck_assert(refused(&sqi_type_int, "\0\0", 2, 1));
    ck_assert(refused(&sqi_type_string, "\1\1a", 3, 1));
    ck_assert(refused(&sqi_type_string,
                      "\0\xff\xff\xff\xff\x0f"
                      "a",
                      7, 1));
    ck_assert(refused(&sqi_type_void, "\0", 1, 1));
    ck_assert(refused(&sqi_type_void, "\40\1", 2, 1));
    ck_assert(!refused(map, "\0\1\1\5\1\7", 6, 1));
    ck_assert(refused(map, "\0\1\41\0\5\1\7", 7, 1)); /* a key is null */
    ck_assert(refused(sqi_type_struct(pool, NULL, 0), "\0", 1, 1));
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {bytes_that_were_changed_or_cut, a_number_of_values_that_the_bytes_cannot_hold,
                                  values_that_are_none_of_the_type};
    return sqi_test_main("data_pack_read", tests, sizeof tests / sizeof *tests);
}
