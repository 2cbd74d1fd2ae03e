#include "agg_pack.h"

#include "data_order.h"
#include "random_vec.h"
#include "test_main.h"

static sqi_alloc heap;
static sqi_arena arena;

START_TEST(every_value_comes_back_as_it_was)
{
    sqi_alloc_init(&heap);
    sqi_arena_init(&arena, &heap);
    sqi_type_pool *pool = sqi_type_pool_new(&heap);
    sqi_random r = {7};
    sqi_buf bytes;
    sqi_buf_init(&bytes, &heap, 0);
    for (int round = 0; round < 200; ++round) {
        const sqi_type *type = sqi_random_type(&r, pool, 3, true);
        sqi_vec v, back;
        streamq_error *err = NULL;
        sqi_random_vec(&r, &v, type, 20, true, &arena);
        for (uint32_t i = 0; i < 20 && type->id != SQI_VOID; ++i) {
            if (!sqi_vec_valid(&v, i))
                continue;
            sqi_buf_clear(&bytes);
            ck_assert(sqi_agg_pack(&bytes, &v, i));
            sqi_builder *b = sqi_builder_new(type, &arena);
            sqi_agg_unpack(b, type, sqi_buf_view(&bytes), i & 1);
            ck_assert_int_eq(sqi_builder_finish(b, &back, &err), STREAMQ_OK);
            ck_assert(sqi_order_equal(&v, i, &back, 0));
        }
        sqi_arena_reset(&arena);
    }
    sqi_buf_fini(&bytes);
    sqi_type_pool_free(pool);
    sqi_arena_fini(&arena);
}
END_TEST

/* What sets rest on. */
START_TEST(normal_values_are_equal_exactly_if_their_bytes_are)
{
    sqi_alloc_init(&heap);
    sqi_arena_init(&arena, &heap);
    sqi_type_pool *pool = sqi_type_pool_new(&heap);
    sqi_random r = {11};
    for (int round = 0; round < 100; ++round) {
        const sqi_type *type = sqi_random_type(&r, pool, 2, false);
        sqi_vec v, normal;
        streamq_error *err = NULL;
        enum { N = 12 };
        sqi_buf bytes[N];
        sqi_random_vec(&r, &v, type, N, false, &arena);
        if (type->id == SQI_VOID)
            continue;
        ck_assert_int_eq(sqi_order_normalize(&normal, &v, (sqi_rows){NULL, N}, &arena, &err), STREAMQ_OK);
        for (uint32_t i = 0; i < N; ++i) {
            sqi_buf_init(&bytes[i], &heap, 0);
            ck_assert(sqi_agg_pack(&bytes[i], &normal, i));
        }
        for (uint32_t i = 0; i < N; ++i)
            for (uint32_t j = 0; j < N; ++j)
                ck_assert_int_eq(sqi_order_equal(&v, i, &v, j),
                                 sqi_span_equal(sqi_buf_view(&bytes[i]), sqi_buf_view(&bytes[j])));
        for (uint32_t i = 0; i < N; ++i)
            sqi_buf_fini(&bytes[i]);
        sqi_arena_reset(&arena);
    }
    sqi_type_pool_free(pool);
    sqi_arena_fini(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_value_comes_back_as_it_was,
        normal_values_are_equal_exactly_if_their_bytes_are,
    };
    return sqi_test_main("agg_pack", tests, sizeof tests / sizeof *tests);
}
