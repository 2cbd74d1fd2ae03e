/* Vectors of every type: gather, copy, flatten, merge, concat, each against the values themselves. */
#include "data_bench.h"
#include "data_bits.h"
#include "data_order.h"
#include "data_vec.h"
#include "fail_alloc.h"
#include "random_vec.h"

enum { N = 150 };

static const sqi_type *draw_type(sqi_random *r, unsigned round)
{
    return round < 26 ? sqi_every_type(pool, round) : sqi_random_type(r, pool, 3, true);
}

START_TEST(gather_takes_what_the_index_names_and_null_for_holes)
{
    setup();
    sqi_random r = {1};
    for (unsigned round = 0; round < 150; round++) {
        sqi_vec v, out;
        uint32_t index[2 * N];
        sqi_random_vec(&r, &v, draw_type(&r, round), N, round % 2, &arena);
        if (round % 5 == 4)
            sqi_vec_set_constant(&v);
        for (uint32_t k = 0; k < 2 * N; k++)
            index[k] = round % 3 && sqi_random_below(&r, 4) == 0 ? UINT32_MAX : sqi_random_below(&r, N);
        ck_assert_int_eq(sqi_vec_gather(&out, &v, index, 2 * N, &arena, NULL), STREAMQ_OK);
        for (uint32_t k = 0; k < 2 * N; k++) {
            ck_assert_int_eq(sqi_vec_valid(&out, k), index[k] != UINT32_MAX && sqi_vec_valid(&v, index[k]));
            if (index[k] != UINT32_MAX)
                ck_assert(sqi_order_equal(&out, k, &v, index[k]));
        }
        sqi_arena_reset(&arena);
    }
    teardown();
}
END_TEST

START_TEST(gather_of_nothing_but_holes_reads_nothing)
{
    setup();
    const sqi_type *type;
    uint32_t index[3] = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
    for (unsigned i = 0; (type = sqi_every_type(pool, i)) != NULL; i++) {
        sqi_vec empty, out;
        ck_assert_int_eq(sqi_vec_make(&empty, type, 0, &arena, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_vec_gather(&out, &empty, index, 3, &arena, NULL), STREAMQ_OK);
        for (uint32_t k = 0; k < 3; k++)
            ck_assert(!sqi_vec_valid(&out, k));
        ck_assert_int_eq(sqi_vec_gather(&out, &empty, index, 0, &arena, NULL), STREAMQ_OK);
    }
    teardown();
}
END_TEST

START_TEST(copies_need_nothing_of_what_they_were_made_from)
{
    setup();
    sqi_random r = {2};
    for (unsigned round = 0; round < 150; round++) {
        sqi_arena source;
        sqi_arena_init(&source, &alloc);
        sqi_random replay = r;
        const sqi_type *type = draw_type(&r, round);
        (void)draw_type(&replay, round);
        sqi_vec v, out, same;
        sqi_random_vec(&r, &v, type, N, round % 2, &source);
        sqi_random_vec(&replay, &same, type, N, round % 2, &arena);
        if (round % 5 == 4) {
            sqi_vec_set_constant(&v);
            sqi_vec_set_constant(&same);
        }
        sqi_rows rows = round % 3 ? sqi_random_rows(&r, N, &arena) : (sqi_rows){NULL, N};
        ck_assert_int_eq(sqi_vec_copy(&out, &v, rows, &arena, NULL), STREAMQ_OK);
        sqi_arena_fini(&source);
        ck_assert_uint_eq(out.mask, UINT32_MAX);
        for (SQI_EACH(rows, k, i))
            ck_assert(sqi_order_equal(&out, k, &same, i));
        sqi_arena_reset(&arena);
    }
    teardown();
}
END_TEST

START_TEST(flattened_constants_repeat_their_value)
{
    setup();
    sqi_random r = {3};
    for (unsigned round = 0; round < 60; round++) {
        sqi_vec v, out, null;
        const sqi_type *type = draw_type(&r, round);
        sqi_random_vec(&r, &v, type, 1, round % 2, &arena);
        ck_assert_int_eq(sqi_vec_flatten(&out, &v, 1, &arena, NULL), STREAMQ_OK);
        ck_assert_ptr_eq(out.data, v.data);
        sqi_vec_set_constant(&v);
        ck_assert_int_eq(sqi_vec_flatten(&out, &v, N, &arena, NULL), STREAMQ_OK);
        for (uint32_t k = 0; k < N; k++)
            ck_assert(sqi_order_equal(&out, k, &v, k));
        ck_assert_uint_eq(out.mask, UINT32_MAX);
        ck_assert_int_eq(sqi_vec_null(&null, type, &arena, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_vec_flatten(&out, &null, N, &arena, NULL), STREAMQ_OK);
        for (uint32_t k = 0; k < N; k++)
            ck_assert(!sqi_vec_valid(&out, k) && !sqi_vec_valid(&null, k));
    }
    teardown();
}
END_TEST

/* Rows dealt to three branches, one of them a constant: each keeps its branch's value. */
START_TEST(merged_branches_keep_their_values)
{
    setup();
    sqi_random r = {4};
    for (unsigned round = 0; round < 150; round++) {
        const sqi_type *type = draw_type(&r, round);
        sqi_vec branch[3], out;
        uint32_t sel[3][N], n[3] = {0}, of[N];
        for (int b = 0; b < 3; b++)
            sqi_random_vec(&r, &branch[b], type, N, sqi_random_below(&r, 2), &arena);
        if (round % 2)
            sqi_vec_set_constant(&branch[1]);
        for (uint32_t i = 0; i < N; i++) {
            of[i] = sqi_random_below(&r, 3);
            sel[of[i]][n[of[i]]++] = i;
        }
        ck_assert_int_eq(sqi_vec_make(&out, type, N, &arena, NULL), STREAMQ_OK);
        for (int b = 0; b < 3; b++)
            ck_assert_int_eq(sqi_vec_merge(&out, N, &branch[b], (sqi_rows){sel[b], n[b]}, &arena, NULL), STREAMQ_OK);
        for (uint32_t i = 0; i < N; i++)
            ck_assert(sqi_order_equal(&out, i, &branch[of[i]], i));
        ck_assert_int_eq(sqi_vec_merge(&out, N, &branch[1], (sqi_rows){NULL, N}, &arena, NULL), STREAMQ_OK);
        for (uint32_t i = 0; i < N; i++)
            ck_assert(sqi_order_equal(&out, i, &branch[1], i));
        sqi_arena_reset(&arena);
    }
    teardown();
}
END_TEST

START_TEST(concatenated_parts_follow_each_other)
{
    setup();
    sqi_random r = {5};
    for (unsigned round = 0; round < 150; round++) {
        const sqi_type *type = draw_type(&r, round);
        sqi_vec part[4], out;
        const sqi_vec *in[4] = {&part[0], &part[1], &part[2], &part[3]};
        uint32_t n[4] = {sqi_random_below(&r, N), 0, 1 + sqi_random_below(&r, N), sqi_random_below(&r, 70)}, at = 0;
        for (int p = 0; p < 4; p++)
            sqi_random_vec(&r, &part[p], type, n[p], sqi_random_below(&r, 2), &arena);
        if (round % 2)
            sqi_vec_set_constant(&part[2]);
        ck_assert_int_eq(sqi_vec_concat(&out, in, n, 4, &arena, NULL), STREAMQ_OK);
        for (int p = 0; p < 4; p++)
            for (uint32_t i = 0; i < n[p]; i++)
                ck_assert(sqi_order_equal(&out, at++, &part[p], i));
        sqi_arena_reset(&arena);
    }
    teardown();
}
END_TEST

START_TEST(copies_of_lists_hold_only_the_elements_that_are_used)
{
    setup();
    const sqi_type *type = sqi_type_array(pool, &sqi_type_int, true);
    int32_t element[1000] = {0};
    sqi_list list[4] = {{990, 10}, {0, 5}, {0, 5}, {500, 0}};
    element[990] = 7;
    element[4] = 8;
    sqi_vec child = {.type = &sqi_type_int, .data = element, .mask = UINT32_MAX}, out;
    sqi_vec v = {.type = type, .data = list, .mask = UINT32_MAX, .nchild = 1000, .child = &child};
    ck_assert_int_eq(sqi_vec_copy(&out, &v, (sqi_rows){NULL, 4}, &arena, NULL), STREAMQ_OK);
    ck_assert_uint_eq(out.nchild, 20);
    for (uint32_t i = 0; i < 4; i++)
        ck_assert(sqi_order_equal(&out, i, &v, i));
    sqi_vec_set_constant(&v);
    ck_assert_int_eq(sqi_vec_copy(&out, &v, (sqi_rows){NULL, 4}, &arena, NULL), STREAMQ_OK);
    ck_assert_uint_eq(out.nchild, 10);
    ck_assert(sqi_order_equal(&out, 3, &v, 0));
    teardown();
}
END_TEST

START_TEST(more_elements_than_a_chunk_may_have_are_an_error)
{
    setup();
    streamq_error *err = NULL;
    const sqi_type *type = sqi_type_array(pool, &sqi_type_void, true);
    sqi_list list[3] = {{0, 0x60000000}, {0, 0x60000000}, {0, 0x60000000}};
    sqi_vec child = {.type = &sqi_type_void, .mask = 0, .valid = &(uint64_t){0}}, out;
    sqi_vec v = {.type = type, .data = list, .mask = UINT32_MAX, .nchild = 0x60000000, .child = &child};
    ck_assert_int_eq(sqi_vec_copy(&out, &v, (sqi_rows){NULL, 3}, &arena, &err), STREAMQ_ERR_LIMIT);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_LIMIT_EXCEEDED);
    sqi_error_free(err);
    err = NULL;
    const sqi_vec *parts[3] = {&v, &v, &v};
    ck_assert_int_eq(sqi_vec_concat(&out, parts, (uint32_t[]){1, 1, 1}, 3, &arena, &err), STREAMQ_ERR_LIMIT);
    sqi_error_free(err);
    teardown();
}
END_TEST

START_TEST(string_views_keep_short_text_inside_and_compare_by_bytes)
{
    setup();
    ck_assert_uint_eq(sizeof(sqi_str), 16);
    static const char text[] = "thirteen byte";
    for (uint32_t len = 0; len <= 13; len++) {
        sqi_str s = sqi_str_view(text, len), own;
        ck_assert_uint_eq(s.len, len);
        ck_assert_int_eq(sqi_str_ptr(&s) == text, len > SQI_STR_INLINE);
        ck_assert(sqi_span_equal(sqi_str_span(&s), (sqi_span){text, len}));
        ck_assert(sqi_str_copy(&arena, (sqi_span){text, len}, &own));
        ck_assert(sqi_str_equal(&s, &own));
        ck_assert_int_eq(sqi_str_compare(&s, &own), 0);
        ck_assert_ptr_ne(sqi_str_ptr(&own), text);
    }
    teardown();
}
END_TEST

typedef struct material {
    sqi_vec v, w;
    uint32_t index[N];
    sqi_rows rows;
} material;

static streamq_status all_moves(sqi_alloc *a, void *context, streamq_error **err)
{
    material *m = context;
    sqi_arena scratch;
    sqi_arena_init(&scratch, a);
    sqi_vec out, constant = m->w;
    const sqi_vec *both[2] = {&m->v, &m->w};
    sqi_vec_set_constant(&constant);
    streamq_status status = sqi_vec_gather(&out, &m->v, m->index, N, &scratch, err);
    if (status == STREAMQ_OK)
        status = sqi_vec_copy(&out, &m->v, m->rows, &scratch, err);
    if (status == STREAMQ_OK)
        status = sqi_vec_copy(&out, &constant, m->rows, &scratch, err);
    if (status == STREAMQ_OK)
        status = sqi_vec_concat(&out, both, (uint32_t[]){N, N}, 2, &scratch, err);
    if (status == STREAMQ_OK)
        status = sqi_vec_make(&out, m->v.type, N, &scratch, err);
    for (int i = 0; i < 2 && status == STREAMQ_OK; i++)
        status = sqi_vec_merge(&out, N, both[i], m->rows, &scratch, err);
    sqi_arena_fini(&scratch);
    return status;
}

START_TEST(every_move_survives_the_failure_of_any_allocation)
{
    setup();
    sqi_random r = {6};
    for (unsigned i = 18; i < 26; i++) {
        material m;
        sqi_random_vec(&r, &m.v, sqi_every_type(pool, i), N, true, &arena);
        sqi_random_vec(&r, &m.w, sqi_every_type(pool, i), N, true, &arena);
        m.rows = sqi_random_rows(&r, N, &arena);
        for (uint32_t k = 0; k < N; k++)
            m.index[k] = k % 7 ? sqi_random_below(&r, N) : UINT32_MAX;
        ck_assert_uint_gt(sqi_test_every_allocation(all_moves, &m), 1);
    }
    teardown();
}
END_TEST

START_TEST(whole_numbers_of_every_width_are_read_and_written_alike)
{
    setup();
    const sqi_type *const type[] = {&sqi_type_tinyint,
                                    &sqi_type_smallint,
                                    &sqi_type_int,
                                    &sqi_type_bigint,
                                    &sqi_type_date,
                                    &sqi_type_timestamp,
                                    &sqi_type_timestamp_ntz,
                                    sqi_type_interval_ym(SQI_YEAR, SQI_MONTH),
                                    sqi_type_interval_dt(SQI_DAY, SQI_SECOND)};
    for (size_t t = 0; t < sizeof type / sizeof *type; t++) {
        sqi_vec v;
        ck_assert_int_eq(sqi_vec_make(&v, type[t], 3, &arena, NULL), STREAMQ_OK);
        int64_t most = INT64_MAX >> (64 - 8 * sqi_type_width(type[t])), value[] = {-most - 1, most, -1};
        for (uint32_t i = 3; i-- > 0;)
            sqi_vec_put_int(&v, i, value[i]);
        for (uint32_t i = 0; i < 3; i++)
            ck_assert_int_eq(sqi_vec_int(&v, i), value[i]);
        if (sqi_type_width(type[t]) < 8) {
            sqi_vec_put_int(&v, 1, most + 1);
            ck_assert_int_eq(sqi_vec_int(&v, 1), -most - 1);
        }
        sqi_vec_set_constant(&v);
        ck_assert_int_eq(sqi_vec_int(&v, 2), value[0]);
    }
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        gather_takes_what_the_index_names_and_null_for_holes,
        gather_of_nothing_but_holes_reads_nothing,
        copies_need_nothing_of_what_they_were_made_from,
        flattened_constants_repeat_their_value,
        merged_branches_keep_their_values,
        concatenated_parts_follow_each_other,
        copies_of_lists_hold_only_the_elements_that_are_used,
        more_elements_than_a_chunk_may_have_are_an_error,
        string_views_keep_short_text_inside_and_compare_by_bytes,
        whole_numbers_of_every_width_are_read_and_written_alike,
        every_move_survives_the_failure_of_any_allocation,
    };
    return sqi_test_main("data_vec", tests, sizeof tests / sizeof *tests);
}
