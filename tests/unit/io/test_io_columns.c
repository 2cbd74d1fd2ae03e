/* What sources with fixed columns share. */
#include "io_columns.h"

#include "io_rig.h"
#include "test_main.h"

static const sqi_field fields[] = {{{"time", 4}, &sqi_type_timestamp, true}, {{"n", 1}, &sqi_type_bigint, false}};

START_TEST(fixed_columns_are_copied_and_no_others_are_taken)
{
    rig r;
    sqi_schema out;
    rig_begin(&r);
    ck_assert_int_eq(sqi_io_columns_fixed(&out, fields, 2, "it", NULL, &r.arena, &r.err), STREAMQ_OK);
    ck_assert_uint_eq(out.n, 2);
    ck_assert_ptr_ne(out.field, fields);
    ck_assert(sqi_span_equal(out.field[1].name, SQI_SPAN("n")));
    ck_assert_ptr_eq(out.field[0].type, &sqi_type_timestamp);
    ck_assert(out.field[0].nullable && !out.field[1].nullable);
    rig_refused(&r, sqi_io_columns_fixed(&out, fields, 2, "it", &out, &r.arena, &r.err), SQI_COND_INVALID_ARGUMENT,
                "source 'it'");
    rig_end(&r);
}
END_TEST

START_TEST(a_view_is_a_flat_vector_without_nulls)
{
    const int64_t values[] = {7, 8};
    sqi_vec v = sqi_io_columns_view(&sqi_type_bigint, values);
    ck_assert_int_eq(SQI_AT(&v, int64_t, 1), 8);
    ck_assert(sqi_vec_valid(&v, 1));
    ck_assert_ptr_null(v.valid);
}
END_TEST

START_TEST(the_chunk_size_is_kept_within_bounds)
{
    sqi_io_env env = {0};
    ck_assert_uint_eq(sqi_io_columns_rows(&env), SQI_CHUNK_ROWS);
    env.chunk_rows = 1;
    ck_assert_uint_eq(sqi_io_columns_rows(&env), 1);
    env.chunk_rows = UINT32_MAX;
    ck_assert_uint_eq(sqi_io_columns_rows(&env), SQI_CHUNK_ROWS_MAX);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {fixed_columns_are_copied_and_no_others_are_taken,
                                  a_view_is_a_flat_vector_without_nulls, the_chunk_size_is_kept_within_bounds};
    return sqi_test_main("io_columns", tests, sizeof tests / sizeof *tests);
}
