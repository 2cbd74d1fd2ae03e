/* Columns as bytes: every type comes back, equal columns are equal bytes. */
#include "data_bench.h"
#include "data_order.h"
#include "data_pack.h"
#include "fail_alloc.h"
#include "random_vec.h"

enum { N = 300 };

static void unpack(const sqi_type *type, uint32_t n, sqi_vec *out)
{
    streamq_error *err = NULL;
    sqi_bytes from = sqi_bytes_of(sqi_buf_view(&buf));
    streamq_status status = sqi_unpack_column(&from, type, n, out, &arena, &err);
    ck_assert_msg(status == STREAMQ_OK, "%s", err ? sqi_error_message(err) : "");
    ck_assert_uint_eq(sqi_bytes_left(&from), 0);
    ck_assert(!from.bad);
}

static bool same_bits(const sqi_vec *a, uint32_t i, const sqi_vec *b, uint32_t j)
{
    if (a->type->id == SQI_DOUBLE && sqi_vec_valid(a, i))
        return !memcmp(&SQI_AT(a, uint64_t, i), &SQI_AT(b, uint64_t, j), 8);
    return sqi_order_equal(a, i, b, j);
}

START_TEST(every_type_comes_back)
{
    setup();
    sqi_random r = {3};
    for (unsigned round = 0; round < 300; ++round) {
        const sqi_type *type = round < 26 ? sqi_every_type(pool, round) : sqi_random_type(&r, pool, 3, true);
        uint32_t n = round % 7 ? sqi_random_below(&r, N) : round % 3;
        sqi_vec v, back;
        sqi_random_vec(&r, &v, type, n ? n : 1, round % 2, &arena);
        sqi_rows rows = round % 5 == 1 ? sqi_random_rows(&r, n, &arena) : (sqi_rows){NULL, n};
        sqi_buf_clear(&buf);
        ck_assert(sqi_pack_column(&buf, &v, rows, &arena));
        unpack(type, rows.n, &back);
        for (SQI_EACH(rows, k, i)) {
            ck_assert_uint_eq(sqi_vec_valid(&v, i) && type->id != SQI_VOID,
                              sqi_vec_valid(&back, k) && type->id != SQI_VOID);
            ck_assert(same_bits(&v, i, &back, k));
        }
        sqi_buf again; /* texts of `back` point into the first */
        sqi_buf_init(&again, &alloc, 0);
        ck_assert(sqi_pack_column(&again, &back, (sqi_rows){NULL, rows.n}, &arena));
        ck_assert_uint_eq(again.len, buf.len);
        if (buf.len)
            ck_assert_mem_eq(buf.ptr, again.ptr, buf.len);
        sqi_buf_fini(&again);
    }
    teardown();
}
END_TEST

START_TEST(a_constant_is_packed_as_its_rows)
{
    setup();
    sqi_random r = {5};
    for (unsigned round = 0; round < 100; ++round) {
        const sqi_type *type = sqi_random_type(&r, pool, 2, true);
        sqi_vec v, back;
        sqi_random_vec(&r, &v, type, 1, round % 2, &arena);
        sqi_vec_set_constant(&v);
        sqi_buf_clear(&buf);
        ck_assert(sqi_pack_column(&buf, &v, (sqi_rows){NULL, 9}, &arena));
        unpack(type, 9, &back);
        for (uint32_t k = 0; k < 9; ++k)
            ck_assert(sqi_order_equal(&v, 0, &back, k));
    }
    teardown();
}
END_TEST

START_TEST(numbers_take_as_few_bytes_as_they_need)
{
    static const struct {
        int64_t value;
        size_t bytes;
    } each[] = {{0, 1},
                {127, 1},
                {-128, 1},
                {128, 2},
                {-129, 2},
                {32767, 2},
                {-32768, 2},
                {32768, 4},
                {INT32_MAX, 4},
                {INT32_MIN, 4},
                {INT64_C(1) << 31, 8},
                {INT64_MIN, 8},
                {INT64_MAX, 8}};
    setup();
    for (size_t i = 0; i < sizeof each / sizeof *each; ++i) {
        int64_t v[3] = {1, each[i].value, -1}, back[3];
        sqi_int128 wide[3] = {1, each[i].value, -1}, wide_back[3];
        sqi_buf_clear(&buf);
        ck_assert(sqi_pack_ints(&buf, v, 3));
        ck_assert_uint_eq(buf.len, 1 + 3 * each[i].bytes);
        ck_assert(sqi_pack_wides(&buf, wide, 3));
        ck_assert_uint_eq(buf.len, 2 * (1 + 3 * each[i].bytes));
        sqi_bytes from = sqi_bytes_of(sqi_buf_view(&buf));
        ck_assert(sqi_unpack_ints(&from, back, 3) && sqi_unpack_wides(&from, wide_back, 3));
        ck_assert_mem_eq(v, back, sizeof v);
        ck_assert_mem_eq(wide, wide_back, sizeof wide);
        /* All of one sign, or not, and so far behind that the first ones do not tell. */
        for (int64_t other = -1; other <= 1; ++other) {
            int64_t many[50], many_back[50];
            for (uint32_t k = 0; k < 50; ++k)
                many[k] = k == 40 || !other ? each[i].value : other;
            sqi_buf_clear(&buf);
            ck_assert(sqi_pack_ints(&buf, many, 50));
            ck_assert_uint_eq(buf.len, 1 + 50 * each[i].bytes);
            from = sqi_bytes_of(sqi_buf_view(&buf));
            ck_assert(sqi_unpack_ints(&from, many_back, 50) && from.at == from.end);
            ck_assert_mem_eq(many, many_back, sizeof many);
        }
    }
    sqi_int128 far[2] = {((sqi_int128)1 << 64) + 5, -((sqi_int128)1 << 100)}, back[2];
    double real[2] = {-0.0, 1.5}, real_back[2];
    sqi_buf_clear(&buf);
    ck_assert(sqi_pack_wides(&buf, far, 2) && buf.len == 33);
    ck_assert(sqi_pack_reals(&buf, real, 2) && buf.len == 33 + 17);
    sqi_bytes from = sqi_bytes_of(sqi_buf_view(&buf));
    ck_assert(sqi_unpack_wides(&from, back, 2) && sqi_unpack_reals(&from, real_back, 2));
    ck_assert_mem_eq(far, back, sizeof far);
    ck_assert_mem_eq(real, real_back, sizeof real);
    teardown();
}
END_TEST

/* The bytes are the same on every machine: some are written down here. */
START_TEST(the_bytes_of_a_column)
{
    setup();
    sqi_builder *b = sqi_builder_new(sqi_type_array(pool, &sqi_type_int, true), &arena);
    sqi_vec v;
    sqi_builder_begin(b);
    sqi_builder_int(sqi_builder_child(b, 0), 1);
    sqi_builder_int(sqi_builder_child(b, 0), -2);
    sqi_builder_end(b);
    sqi_builder_null(b);
    sqi_builder_begin(b);
    sqi_builder_int(sqi_builder_child(b, 0), 300);
    sqi_builder_end(b);
    ck_assert_int_eq(sqi_builder_finish(b, &v, NULL), STREAMQ_OK);
    ck_assert(sqi_pack_column(&buf, &v, (sqi_rows){NULL, 3}, &arena));
    static const unsigned char lists[] = {32, 5, 2, 0, 1, 2, 1, 0, 0xfe, 0xff, 0x2c, 1};
    ck_assert_uint_eq(buf.len, sizeof lists);
    ck_assert_mem_eq(buf.ptr, lists, sizeof lists);
    sqi_buf_clear(&buf);
    sqi_str text[2] = {sqi_str_view("ab", 2), sqi_str_view("a text of more than 12", 22)};
    v = (sqi_vec){.type = &sqi_type_string, .data = text, .mask = UINT32_MAX};
    ck_assert(sqi_pack_column(&buf, &v, (sqi_rows){NULL, 2}, &arena));
    ck_assert_uint_eq(buf.len, 27);
    ck_assert_mem_eq(buf.ptr, "\0\2\26aba text of more than 12", 27);
    teardown();
}
END_TEST

static streamq_status whole_life(sqi_alloc *heap, void *context, streamq_error **err)
{
    const sqi_vec *v = context;
    sqi_arena scratch;
    sqi_buf to;
    sqi_vec back;
    sqi_arena_init(&scratch, heap);
    sqi_buf_init(&to, heap, 0);
    streamq_status status = sqi_pack_column(&to, v, (sqi_rows){NULL, N}, &scratch) ? STREAMQ_OK : sqi_error_nomem(err);
    sqi_bytes from = sqi_bytes_of(sqi_buf_view(&to));
    if (status == STREAMQ_OK)
        status = sqi_unpack_column(&from, v->type, N, &back, &scratch, err);
    sqi_buf_fini(&to);
    sqi_arena_fini(&scratch);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    setup();
    sqi_random r = {11};
    for (unsigned round = 0; round < 20; ++round) {
        sqi_vec v;
        sqi_random_vec(&r, &v, sqi_random_type(&r, pool, 3, true), N, true, &arena);
        ck_assert_uint_ge(sqi_test_every_allocation(whole_life, &v), 2);
    }
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_type_comes_back, a_constant_is_packed_as_its_rows,
                                  numbers_take_as_few_bytes_as_they_need, the_bytes_of_a_column,
                                  every_allocation_may_fail};
    return sqi_test_main("data_pack", tests, sizeof tests / sizeof *tests);
}
