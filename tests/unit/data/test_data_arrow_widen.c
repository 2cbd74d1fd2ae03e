/* Steps between types that lose nothing, and the refusal of all others. */
#include "data_arrow_layout.h"
#include "data_bench.h"
#include "data_order.h"
#include "random_vec.h"

START_TEST(only_steps_without_loss_are_taken)
{
    setup();
    const sqi_type *d52 = sqi_type_decimal(pool, 5, 2), *d63 = sqi_type_decimal(pool, 6, 3);
    const struct {
        const sqi_type *from, *to;
        bool can;
    } rows[] = {
        {&sqi_type_tinyint, &sqi_type_bigint, true},
        {&sqi_type_bigint, &sqi_type_int, false},
        {&sqi_type_smallint, &sqi_type_float, true},
        {&sqi_type_int, &sqi_type_float, false},
        {&sqi_type_int, &sqi_type_double, true},
        {&sqi_type_bigint, &sqi_type_double, false},
        {&sqi_type_float, &sqi_type_double, true},
        {&sqi_type_double, &sqi_type_float, false},
        {&sqi_type_tinyint, d52, true},
        {&sqi_type_smallint, d52, false},
        {&sqi_type_bigint, sqi_type_decimal(pool, 38, 19), true},
        {&sqi_type_bigint, sqi_type_decimal(pool, 38, 20), false},
        {d52, d63, true},
        {d63, d52, false},
        {d52, sqi_type_decimal(pool, 6, 4), false},
        {&sqi_type_string, &sqi_type_binary, true},
        {&sqi_type_binary, &sqi_type_string, false},
        {&sqi_type_void, sqi_every_type(pool, 24), true},
        {&sqi_type_date, &sqi_type_timestamp, false},
        {&sqi_type_int, &sqi_type_date, false},
        {&sqi_type_timestamp, &sqi_type_timestamp_ntz, false},
        {sqi_type_interval_ym(SQI_YEAR, SQI_MONTH), sqi_type_interval_ym(SQI_YEAR, SQI_YEAR), true},
        {sqi_type_array(pool, &sqi_type_int, true), sqi_type_array(pool, &sqi_type_bigint, false), true},
        {sqi_type_array(pool, &sqi_type_bigint, true), sqi_type_array(pool, &sqi_type_int, true), false},
        {sqi_every_type(pool, 18), sqi_every_type(pool, 20), false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_msg(sqi_arrow_widen_can(rows[i].from, rows[i].to) == rows[i].can, "row %zu", i);
    teardown();
}
END_TEST

static sqi_vec numbers(const sqi_type *type, const sqi_type *to)
{
    sqi_builder *b = sqi_builder_new(type, &arena);
    sqi_vec v;
    sqi_builder_int(b, -7);
    sqi_builder_null(b);
    sqi_builder_int(b, 100);
    ck_assert_int_eq(sqi_builder_finish(b, &v, NULL), STREAMQ_OK);
    ck_assert(sqi_arrow_widen_can(type, to));
    ck_assert_int_eq(sqi_arrow_widen(&v, 3, to, &arena, NULL), STREAMQ_OK);
    ck_assert_ptr_eq(v.type, to);
    ck_assert(sqi_vec_valid(&v, 0) && !sqi_vec_valid(&v, 1) && sqi_vec_valid(&v, 2));
    return v;
}

START_TEST(numbers_keep_their_value)
{
    setup();
    static const sqi_type *const whole[] = {&sqi_type_tinyint, &sqi_type_smallint, &sqi_type_int, &sqi_type_bigint};
    const sqi_type *decimal = sqi_type_decimal(pool, 38, 3);
    for (int i = 0; i < 4; i++) {
        sqi_vec v = numbers(whole[i], &sqi_type_bigint);
        ck_assert_int_eq(SQI_AT(&v, int64_t, 0), -7);
        ck_assert_int_eq(SQI_AT(&v, int64_t, 2), 100);
        v = numbers(whole[i], decimal);
        ck_assert(SQI_AT(&v, sqi_int128, 0) == -7000);
        ck_assert(SQI_AT(&v, sqi_int128, 2) == 100000);
        if (i == 3)
            break;
        v = numbers(whole[i], &sqi_type_double);
        ck_assert_double_eq(SQI_AT(&v, double, 0), -7);
        ck_assert_double_eq(SQI_AT(&v, double, 2), 100);
    }
    sqi_vec v = numbers(&sqi_type_tinyint, &sqi_type_smallint);
    ck_assert_int_eq(SQI_AT(&v, int16_t, 0), -7);
    v = numbers(&sqi_type_smallint, &sqi_type_int);
    ck_assert_int_eq(SQI_AT(&v, int32_t, 2), 100);
    v = numbers(&sqi_type_smallint, &sqi_type_float);
    ck_assert_float_eq(SQI_AT(&v, float, 2), 100);
    float half = 0.5f;
    v = (sqi_vec){.type = &sqi_type_float, .data = &half, .mask = UINT32_MAX};
    ck_assert_int_eq(sqi_arrow_widen(&v, 1, &sqi_type_double, &arena, NULL), STREAMQ_OK);
    ck_assert_double_eq(SQI_AT(&v, double, 0), 0.5);
    sqi_int128 d = -150;
    v = (sqi_vec){.type = sqi_type_decimal(pool, 5, 2), .data = &d, .mask = UINT32_MAX};
    ck_assert_int_eq(sqi_arrow_widen(&v, 1, decimal, &arena, NULL), STREAMQ_OK);
    ck_assert(SQI_AT(&v, sqi_int128, 0) == -1500);
    teardown();
}
END_TEST

START_TEST(nested_values_are_widened_inside)
{
    setup();
    const sqi_type *from = sqi_type_map(pool, &sqi_type_string, sqi_type_array(pool, &sqi_type_tinyint, true), true);
    const sqi_type *to = sqi_type_map(pool, &sqi_type_binary, sqi_type_array(pool, &sqi_type_double, true), true);
    sqi_random r = {8};
    sqi_vec v;
    sqi_random_vec(&r, &v, from, 50, true, &arena);
    sqi_vec had = v, child[2] = {v.child[0], v.child[1]}, element = v.child[1].child[0];
    ck_assert(sqi_arrow_widen_can(from, to));
    ck_assert_int_eq(sqi_arrow_widen(&v, 50, to, &arena, NULL), STREAMQ_OK);
    ck_assert_ptr_eq(v.type, to);
    ck_assert_ptr_eq(v.child[0].type, &sqi_type_binary);
    ck_assert_ptr_eq(v.data, had.data);
    ck_assert_ptr_eq(v.child[0].data, child[0].data);
    for (uint32_t i = 0; i < v.child[1].nchild; i++)
        if (sqi_vec_valid(&element, i))
            ck_assert_double_eq(SQI_AT(&v.child[1].child[0], double, i), SQI_AT(&element, int8_t, i));
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {only_steps_without_loss_are_taken, numbers_keep_their_value,
                                  nested_values_are_widened_inside};
    return sqi_test_main("data_arrow_widen", tests, sizeof tests / sizeof *tests);
}
