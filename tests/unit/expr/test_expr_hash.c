#include "expr_hash.h"

#include "test_main.h"

static int64_t of(const sqi_type *type, const void *value)
{
    sqi_vec v = {.type = type, .data = (void *)(uintptr_t)value};
    return (int64_t)sqi_expr_hash_xx(&v, 0, 42);
}

/* Recorded from Spark's xxhash64. */
START_TEST(hashes_are_those_of_spark)
{
    sqi_str s = sqi_str_view("Spark", 5);
    int32_t i = 1, date = 19723;
    int64_t l = 1, time = INT64_C(1704067200000000);
    int8_t t = -1;
    uint8_t yes = 1;
    double d = 1.5, zero = -0.0, nan = __builtin_nan("1");
    float f = 1.5f;
    ck_assert_int_eq(of(&sqi_type_string, &s), INT64_C(-4294468057691064905));
    ck_assert_int_eq(of(&sqi_type_int, &i), INT64_C(-6698625589789238999));
    ck_assert_int_eq(of(&sqi_type_bigint, &l), INT64_C(-7001672635703045582));
    ck_assert_int_eq(of(&sqi_type_tinyint, &t), INT64_C(2017008487422258757));
    ck_assert_int_eq(of(&sqi_type_boolean, &yes), INT64_C(-6698625589789238999));
    ck_assert_int_eq(of(&sqi_type_double, &d), INT64_C(7738255526519901366));
    ck_assert_int_eq(of(&sqi_type_double, &zero), INT64_C(-5252525462095825812));
    ck_assert_int_eq(of(&sqi_type_double, &nan), INT64_C(-3127944061524951246));
    ck_assert_int_eq(of(&sqi_type_float, &f), INT64_C(6163473420726370430));
    ck_assert_int_eq(of(&sqi_type_date, &date), INT64_C(3242891694566951137));
    ck_assert_int_eq(of(&sqi_type_timestamp, &time), INT64_C(3859582417520161651));
}
END_TEST

START_TEST(nulls_leave_the_seed_and_parts_are_hashed_in_turn)
{
    int32_t item[3] = {1, 0, 2};
    uint64_t valid[1] = {5};
    sqi_list list = {0, 3};
    sqi_vec child = {.type = &sqi_type_int, .data = item, .valid = valid, .mask = UINT32_MAX};
    sqi_field field = {{"element", 7}, &sqi_type_int, true};
    sqi_type type = {.id = SQI_ARRAY, .nfield = 1, .field = &field};
    sqi_vec array = {.type = &type, .data = &list, .child = &child, .nchild = 3};
    ck_assert_uint_eq(sqi_expr_hash_xx(&child, 1, 42), 42);
    ck_assert_uint_eq(sqi_expr_hash_xx(&array, 0, 42), sqi_expr_hash_xx(&child, 2, sqi_expr_hash_xx(&child, 0, 42)));
}
END_TEST

/* SELECT hash('Spark', array(123), 2) of Spark's manual, step by step. */
START_TEST(murmur_is_that_of_spark)
{
    sqi_str text = sqi_str_view("Spark", 5);
    int32_t number[2] = {123, 2};
    sqi_vec t = {.type = &sqi_type_string, .data = &text},
            n = {.type = &sqi_type_int, .data = number, .mask = UINT32_MAX};
    uint32_t hash = sqi_expr_hash_murmur(&t, 0, SQI_EXPR_HASH_SEED);
    hash = sqi_expr_hash_murmur(&n, 0, hash);
    ck_assert_int_eq((int32_t)sqi_expr_hash_murmur(&n, 1, hash), -1321691492);
}
END_TEST

/* The fields of a constant struct stand at position 0 too, whichever row asks. */
START_TEST(a_constant_struct_is_hashed_at_its_own_position)
{
    int32_t one[2] = {1, 2};
    sqi_vec field = {.type = &sqi_type_int, .data = one, .mask = UINT32_MAX};
    sqi_field name = {{"x", 1}, &sqi_type_int, true};
    sqi_type type = {.id = SQI_STRUCT, .nfield = 1, .field = &name};
    sqi_vec constant = {.type = &type, .child = &field, .nchild = 1, .mask = 0};
    ck_assert_uint_eq(sqi_expr_hash_murmur(&constant, 1, 42), sqi_expr_hash_murmur(&field, 0, 42));
    ck_assert_uint_eq(sqi_expr_hash_xx(&constant, 1, 42), sqi_expr_hash_xx(&field, 0, 42));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        hashes_are_those_of_spark,
        nulls_leave_the_seed_and_parts_are_hashed_in_turn,
        murmur_is_that_of_spark,
        a_constant_struct_is_hashed_at_its_own_position,
    };
    return sqi_test_main("expr_hash", tests, sizeof tests / sizeof *tests);
}
