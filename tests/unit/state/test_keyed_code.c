/* Codes: equal keys and only they have equal bytes, and the bytes give the key back. */
#include "data_bench.h"
#include "data_order.h"
#include "fail_alloc.h"
#include "keyed_code.h"
#include "random_vec.h"

enum { N = 150 };

static void draw(sqi_random *r, const sqi_type *const *type, uint32_t n, sqi_vec *keys)
{
    for (uint32_t c = 0; c < n; c++) {
        sqi_vec raw;
        sqi_random_vec(r, &raw, type[c], N, true, &arena);
        ck_assert_int_eq(sqi_order_normalize(&keys[c], &raw, (sqi_rows){NULL, N}, &arena, NULL), STREAMQ_OK);
    }
}

static sqi_span code_at(const sqi_code *c, uint32_t k)
{
    size_t begin = k ? c->end[k - 1] : 0;
    return (sqi_span){c->bytes + begin, c->end[k] - begin};
}

START_TEST(codes_are_equal_exactly_for_equal_keys_and_read_back)
{
    setup();
    sqi_random r = {21};
    sqi_code code;
    sqi_code_init(&code, &alloc);
    for (unsigned round = 0; round < 60; round++) {
        const sqi_type *type[2] = {round < 26 ? sqi_every_type(pool, round) : sqi_random_type(&r, pool, 3, true),
                                   sqi_random_type(&r, pool, 1, true)};
        sqi_vec keys[2], back[2];
        const char *at[N];
        draw(&r, type, 2, keys);
        sqi_rows rows = round % 2 ? sqi_random_rows(&r, N, &arena) : (sqi_rows){NULL, N};
        ck_assert_int_eq(sqi_code_write(&code, keys, 2, rows, NULL), STREAMQ_OK);
        uint32_t width = sqi_code_width(type, 2);
        for (SQI_EACH(rows, k, i)) {
            sqi_span a = code_at(&code, k);
            at[k] = a.ptr;
            ck_assert(width == 0 || a.len == width);
            for (uint32_t m = 0; m < k; m++) {
                uint32_t j = rows.sel ? rows.sel[m] : m;
                bool equal = sqi_order_equal(&keys[0], i, &keys[0], j) && sqi_order_equal(&keys[1], i, &keys[1], j);
                ck_assert_int_eq(sqi_span_equal(a, code_at(&code, m)), equal);
            }
        }
        ck_assert_int_eq(sqi_code_read(at, rows.n, type, 2, back, &arena, NULL), STREAMQ_OK);
        for (SQI_EACH(rows, k, i)) {
            ck_assert_ptr_eq(at[k], code_at(&code, k).ptr + code_at(&code, k).len);
            for (int c = 0; c < 2; c++)
                ck_assert(sqi_order_equal(&back[c], k, &keys[c], i));
        }
        sqi_arena_reset(&arena);
    }
    sqi_code_fini(&code);
    teardown();
}
END_TEST

START_TEST(columns_of_fixed_width_have_codes_of_fixed_width)
{
    setup();
    sqi_field window[2] = {{SQI_SPAN("start"), &sqi_type_timestamp, true},
                           {SQI_SPAN("end"), &sqi_type_timestamp, true}};
    const sqi_type *type[3] = {sqi_type_struct(pool, window, 2), &sqi_type_int, sqi_type_decimal(pool, 38, 2)};
    ck_assert_uint_eq(sqi_code_width(type, 1), 1 + 9 + 9);
    ck_assert_uint_eq(sqi_code_width(type, 3), 19 + 5 + 17);
    type[1] = &sqi_type_string;
    ck_assert_uint_eq(sqi_code_width(type, 3), 0);
    type[1] = &sqi_type_void;
    ck_assert_uint_eq(sqi_code_width(type, 2), 20);
    teardown();
}
END_TEST

START_TEST(constants_are_written_for_every_row)
{
    setup();
    sqi_random r = {22};
    sqi_code code;
    sqi_code_init(&code, &alloc);
    const sqi_type *type[2] = {sqi_every_type(pool, 18), &sqi_type_int};
    sqi_vec keys[2];
    draw(&r, type, 2, keys);
    sqi_vec_set_constant(&keys[0]);
    ck_assert_int_eq(sqi_code_write(&code, keys, 2, (sqi_rows){NULL, N}, NULL), STREAMQ_OK);
    const char *at[N];
    for (uint32_t k = 0; k < N; k++)
        at[k] = code_at(&code, k).ptr;
    sqi_vec back[2];
    ck_assert_int_eq(sqi_code_read(at, N, type, 2, back, &arena, NULL), STREAMQ_OK);
    for (uint32_t k = 0; k < N; k++) {
        ck_assert(sqi_order_equal(&back[0], k, &keys[0], 0));
        ck_assert(sqi_order_equal(&back[1], k, &keys[1], k));
    }
    sqi_code_fini(&code);
    teardown();
}
END_TEST

static streamq_status there_and_back(sqi_alloc *a, void *context, streamq_error **err)
{
    const sqi_vec *keys = context;
    const sqi_type *type[2] = {keys[0].type, keys[1].type};
    sqi_arena scratch;
    sqi_arena_init(&scratch, a);
    sqi_code code;
    sqi_code_init(&code, a);
    sqi_vec back[2];
    const char *at[N];
    streamq_status status = sqi_code_write(&code, keys, 2, (sqi_rows){NULL, N}, err);
    for (uint32_t k = 0; k < N && status == STREAMQ_OK; k++)
        at[k] = code_at(&code, k).ptr;
    if (status == STREAMQ_OK)
        status = sqi_code_read(at, N, type, 2, back, &scratch, err);
    sqi_code_fini(&code);
    sqi_arena_fini(&scratch);
    return status;
}

START_TEST(codes_survive_the_failure_of_any_allocation)
{
    setup();
    sqi_random r = {23};
    const sqi_type *type[2] = {sqi_every_type(pool, 24), sqi_every_type(pool, 25)};
    sqi_vec keys[2];
    draw(&r, type, 2, keys);
    ck_assert_uint_gt(sqi_test_every_allocation(there_and_back, keys), 2);
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {codes_are_equal_exactly_for_equal_keys_and_read_back,
                                  columns_of_fixed_width_have_codes_of_fixed_width, constants_are_written_for_every_row,
                                  codes_survive_the_failure_of_any_allocation};
    return sqi_test_main("keyed_code", tests, sizeof tests / sizeof *tests);
}
