/* Columns value by value. */
#include "data_bench.h"
#include "data_builder.h"
#include "data_order.h"
#include "fail_alloc.h"
#include "random_vec.h"

START_TEST(values_stand_where_they_were_appended)
{
    setup();
    sqi_builder *b = sqi_builder_new(&sqi_type_smallint, &arena);
    for (int i = 0; i < 1000; i++)
        if (i % 10 == 3)
            sqi_builder_null(b);
        else
            sqi_builder_int(b, i - 500);
    ck_assert_uint_eq(sqi_builder_count(b), 1000);
    sqi_vec v;
    ck_assert_int_eq(sqi_builder_finish(b, &v, NULL), STREAMQ_OK);
    for (uint32_t i = 0; i < 1000; i++) {
        ck_assert_int_eq(sqi_vec_valid(&v, i), i % 10 != 3);
        if (i % 10 != 3)
            ck_assert_int_eq(SQI_AT(&v, int16_t, i), (int)i - 500);
    }
    teardown();
}
END_TEST

START_TEST(a_column_without_nulls_has_no_bitmap_and_a_finished_builder_is_empty)
{
    setup();
    sqi_vec first, second;
    sqi_builder *b = sqi_builder_new(&sqi_type_string, &arena);
    char text[] = "bytes that are copied";
    sqi_builder_bytes(b, sqi_span_of(text));
    text[0] = 'X';
    sqi_builder_bytes_shared(b, sqi_span_of(text));
    ck_assert_int_eq(sqi_builder_finish(b, &first, NULL), STREAMQ_OK);
    ck_assert_ptr_null(first.valid);
    ck_assert_uint_eq(sqi_builder_count(b), 0);
    sqi_builder_null(b);
    ck_assert_int_eq(sqi_builder_finish(b, &second, NULL), STREAMQ_OK);
    ck_assert(!sqi_vec_valid(&second, 0));
    ck_assert(sqi_span_equal(sqi_str_span(&SQI_AT(&first, sqi_str, 0)), SQI_SPAN("bytes that are copied")));
    ck_assert_ptr_eq(sqi_str_ptr(&SQI_AT(&first, sqi_str, 1)), text);
    teardown();
}
END_TEST

START_TEST(nested_values_are_built_between_begin_and_end)
{
    setup();
    const sqi_type *type = sqi_type_map(pool, &sqi_type_int, sqi_type_array(pool, &sqi_type_double, true), true);
    sqi_builder *b = sqi_builder_new(type, &arena), *array = sqi_builder_child(b, 1);
    for (int i = 0; i < 3; i++) { /* {} ; {0: [0.5]} ; {0: [0.5], 1: [0.5, 0.5]} */
        sqi_builder_begin(b);
        for (int e = 0; e < i; e++) {
            sqi_builder_int(sqi_builder_child(b, 0), e);
            sqi_builder_begin(array);
            for (int k = 0; k <= e; k++)
                sqi_builder_real(sqi_builder_child(array, 0), 0.5);
            sqi_builder_end(array);
        }
        sqi_builder_end(b);
    }
    sqi_vec v;
    ck_assert_int_eq(sqi_builder_finish(b, &v, NULL), STREAMQ_OK);
    ck_assert_uint_eq(v.nchild, 3);
    ck_assert_uint_eq(v.child[1].nchild, 4);
    sqi_list last = SQI_AT(&v, sqi_list, 2);
    ck_assert_uint_eq(last.offset, 1);
    ck_assert_uint_eq(last.length, 2);
    ck_assert_int_eq(SQI_AT(&v.child[0], int32_t, 2), 1);
    ck_assert_uint_eq(SQI_AT(&v.child[1], sqi_list, 2).length, 2);
    ck_assert_double_eq(SQI_AT(&v.child[1].child[0], double, 3), 0.5);
    teardown();
}
END_TEST

START_TEST(values_taken_from_vectors_are_equal_to_them)
{
    setup();
    sqi_random r = {1};
    for (unsigned round = 0; round < 120; round++) {
        const sqi_type *type = round < 26 ? sqi_every_type(pool, round) : sqi_random_type(&r, pool, 3, true);
        sqi_arena source;
        sqi_arena_init(&source, &alloc);
        sqi_random replay = r;
        sqi_vec v, same, out;
        sqi_random_vec(&r, &v, type, 80, true, &source);
        sqi_random_vec(&replay, &same, type, 80, true, &arena);
        sqi_builder *b = sqi_builder_new(type, &arena);
        for (uint32_t i = 0; i < 80; i++)
            sqi_builder_from(b, &v, 79 - i);
        ck_assert_int_eq(sqi_builder_finish(b, &out, NULL), STREAMQ_OK);
        sqi_arena_fini(&source);
        for (uint32_t i = 0; i < 80; i++)
            ck_assert(sqi_order_equal(&out, i, &same, 79 - i));
        sqi_arena_reset(&arena);
    }
    teardown();
}
END_TEST

static void refuses(sqi_builder *b)
{
    sqi_vec v;
    streamq_error *err = NULL;
    ck_assert_int_eq(sqi_builder_finish(b, &v, &err), STREAMQ_ERR_INTERNAL);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_INTERNAL_ERROR);
    sqi_error_free(err);
}

START_TEST(misuse_is_reported_by_finish)
{
    setup();
    const sqi_type *array = sqi_type_array(pool, &sqi_type_int, true);
    sqi_builder *b = sqi_builder_new(&sqi_type_int, &arena);
    sqi_builder_bytes(b, SQI_SPAN("x"));
    refuses(b);
    b = sqi_builder_new(&sqi_type_int, &arena);
    sqi_builder_begin(b);
    refuses(b);
    b = sqi_builder_new(array, &arena);
    sqi_builder_end(b);
    refuses(b);
    b = sqi_builder_new(array, &arena);
    sqi_builder_begin(b);
    refuses(b);
    b = sqi_builder_new(sqi_type_map(pool, &sqi_type_int, &sqi_type_int, true), &arena);
    sqi_builder_begin(b);
    sqi_builder_int(sqi_builder_child(b, 0), 1); /* a key without a value */
    sqi_builder_end(b);
    refuses(b);
    b = sqi_builder_new(sqi_every_type(pool, 18), &arena);
    sqi_builder_begin(b);
    sqi_builder_null(sqi_builder_child(b, 0)); /* one field of two */
    sqi_builder_end(b);
    refuses(b);
    b = sqi_builder_new(&sqi_type_string, &arena);
    sqi_vec v;
    sqi_builder_bytes_shared(b, (sqi_span){"", (size_t)SQI_STR_MAX + 1});
    ck_assert_int_eq(sqi_builder_finish(b, &v, NULL), STREAMQ_ERR_LIMIT);
    teardown();
}
END_TEST

static streamq_status build(sqi_alloc *a, void *context, streamq_error **err)
{
    const sqi_vec *v = context;
    sqi_arena scratch;
    sqi_vec out;
    sqi_arena_init(&scratch, a);
    sqi_builder *b = sqi_builder_new(v->type, &scratch);
    for (uint32_t i = 0; i < 80 && b; i++)
        sqi_builder_from(b, v, i);
    streamq_status status = b ? sqi_builder_finish(b, &out, err) : sqi_error_nomem(err);
    sqi_arena_fini(&scratch);
    return status;
}

START_TEST(building_survives_the_failure_of_any_allocation)
{
    setup();
    sqi_random r = {2};
    sqi_vec v;
    sqi_random_vec(&r, &v, sqi_every_type(pool, 24), 80, true, &arena);
    ck_assert_uint_gt(sqi_test_every_allocation(build, &v), 0);
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {values_stand_where_they_were_appended,
                                  a_column_without_nulls_has_no_bitmap_and_a_finished_builder_is_empty,
                                  nested_values_are_built_between_begin_and_end,
                                  values_taken_from_vectors_are_equal_to_them,
                                  misuse_is_reported_by_finish,
                                  building_survives_the_failure_of_any_allocation};
    return sqi_test_main("data_builder", tests, sizeof tests / sizeof *tests);
}
