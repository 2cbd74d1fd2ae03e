/* Equality, order and hash: what each type does, and that the three agree. */
#include "data_bench.h"
#include "data_order.h"
#include "fail_alloc.h"
#include "random_vec.h"

#include <math.h>
#include <stdio.h>

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

/* Every pair of n values: antisymmetric order that is 0 exactly for equal values, and equal values hash alike. */
static void agree(const sqi_vec *v, uint32_t n, uint32_t *equal_pairs)
{
    uint64_t *hash = sqi_arena_array(&arena, n, sizeof *hash);
    sqi_order_hash(v, (sqi_rows){NULL, n}, 42, false, hash);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++) {
            int order = sign(sqi_order_compare(v, i, v, j));
            bool equal = sqi_order_equal(v, i, v, j);
            ck_assert_int_eq(order, -sign(sqi_order_compare(v, j, v, i)));
            ck_assert_msg(equal == (order == 0), "type %d: equal %d, order %d", (int)v->type->id, equal, order);
            if (equal)
                ck_assert_uint_eq(hash[i], hash[j]);
            *equal_pairs += equal && i != j;
        }
}

static void order_is_transitive(const sqi_vec *v, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++)
            for (uint32_t k = 0; k < n && sqi_order_compare(v, i, v, j) <= 0; k++)
                if (sqi_order_compare(v, j, v, k) <= 0)
                    ck_assert_int_le(sqi_order_compare(v, i, v, k), 0);
}

START_TEST(hash_equality_and_order_agree_on_every_type)
{
    setup();
    sqi_random r = {1};
    uint32_t equal = 0, types = 0;
    const sqi_type *type;
    for (unsigned i = 0; (type = sqi_every_type(pool, i)) != NULL; i++, types++) {
        sqi_vec v, normal;
        sqi_random_vec(&r, &v, type, 120, true, &arena);
        ck_assert_int_eq(sqi_order_normalize(&normal, &v, (sqi_rows){NULL, 120}, &arena, NULL), STREAMQ_OK);
        agree(&normal, 120, &equal);
        order_is_transitive(&normal, 40);
    }
    ck_assert_uint_ge(types, 26);
    ck_assert_uint_gt(equal, 1000);
    teardown();
}
END_TEST

START_TEST(hash_equality_and_order_agree_on_random_nested_types)
{
    setup();
    sqi_random r = {2};
    uint32_t equal = 0;
    for (unsigned round = 0; round < 300; round++) {
        sqi_vec v;
        sqi_random_vec(&r, &v, sqi_random_type(&r, pool, 3, false), 30, true, &arena);
        agree(&v, 30, &equal);
        sqi_arena_reset(&arena);
    }
    ck_assert_uint_gt(equal, 5000);
    teardown();
}
END_TEST

START_TEST(hashes_under_a_selection_and_of_a_constant_are_the_dense_ones)
{
    setup();
    sqi_random r = {3};
    for (unsigned round = 0; round < 200; round++) {
        sqi_vec v, constant;
        uint64_t dense[300], out[300];
        uint32_t n = 300;
        sqi_random_vec(&r, &v, sqi_random_type(&r, pool, 2, true), n, true, &arena);
        sqi_rows rows = sqi_random_rows(&r, n, &arena);
        sqi_order_hash(&v, (sqi_rows){NULL, n}, round, false, dense);
        for (int mix = 0; mix < 2; mix++) {
            uint64_t mixed[300];
            memset(mixed, 0, sizeof mixed);
            memset(out, 0, sizeof out);
            sqi_order_hash(&v, (sqi_rows){NULL, n}, round, mix, mixed);
            sqi_order_hash(&v, rows, round, mix, out);
            for (uint32_t k = 0; k < rows.n; k++) {
                ck_assert_uint_eq(out[rows.sel[k]], mixed[rows.sel[k]]);
                if (!mix)
                    ck_assert_uint_eq(out[rows.sel[k]], dense[rows.sel[k]]);
            }
        }
        constant = v;
        sqi_vec_set_constant(&constant);
        sqi_order_hash(&constant, rows, round, false, out);
        for (uint32_t k = 0; k < rows.n; k++)
            ck_assert_uint_eq(out[rows.sel[k]], dense[0]);
        sqi_arena_reset(&arena);
    }
    teardown();
}
END_TEST

START_TEST(hash_depends_on_seed_and_on_the_order_of_columns)
{
    setup();
    sqi_builder *b = sqi_builder_new(&sqi_type_string, &arena);
    sqi_builder_bytes(b, SQI_SPAN("ab"));
    sqi_builder_bytes(b, SQI_SPAN("a string that is long"));
    sqi_vec v;
    ck_assert_int_eq(sqi_builder_finish(b, &v, NULL), STREAMQ_OK);
    uint64_t a[2], c[2], d[2];
    sqi_order_hash(&v, (sqi_rows){NULL, 2}, 1, false, a);
    sqi_order_hash(&v, (sqi_rows){NULL, 2}, 2, false, c);
    ck_assert_uint_ne(a[0], c[0]);
    ck_assert_uint_ne(a[1], c[1]);
    sqi_vec first = v, second = v;
    second.data = (sqi_str *)v.data + 1;
    sqi_order_hash(&first, (sqi_rows){NULL, 1}, 1, false, c);
    sqi_order_hash(&second, (sqi_rows){NULL, 1}, 1, true, c);
    sqi_order_hash(&second, (sqi_rows){NULL, 1}, 1, false, d);
    sqi_order_hash(&first, (sqi_rows){NULL, 1}, 1, true, d);
    ck_assert_uint_ne(c[0], d[0]);
    teardown();
}
END_TEST

START_TEST(hashes_of_small_integers_and_short_strings_do_not_collide)
{
    setup();
    enum { N = 20000 };
    static int64_t number[N];
    static sqi_str text[N];
    static uint64_t hash[N];
    static uint8_t seen[2][1 << 16];
    for (uint32_t i = 0; i < N; i++) {
        char word[12];
        int len = snprintf(word, sizeof word, "w%u", i);
        number[i] = i;
        text[i] = sqi_str_view(word, (uint32_t)len);
    }
    sqi_vec v[2] = {{.type = &sqi_type_bigint, .data = number, .mask = UINT32_MAX},
                    {.type = &sqi_type_string, .data = text, .mask = UINT32_MAX}};
    for (int which = 0; which < 2; which++) {
        memset(seen, 0, sizeof seen);
        sqi_order_hash(&v[which], (sqi_rows){NULL, N}, 7, false, hash);
        uint32_t low = 0, high = 0;
        for (uint32_t i = 0; i < N; i++) {
            low += !seen[0][hash[i] & 0xffff]++;
            high += !seen[1][hash[i] >> 48]++;
        }
        /* 65536 * (1 - exp(-20000 / 65536)) = 17236 distinct of a random function, deviation about 47 */
        ck_assert_uint_ge(low, 17000);
        ck_assert_uint_ge(high, 17000);
    }
    teardown();
}
END_TEST

START_TEST(zeros_are_equal_and_nan_is_above_infinity)
{
    setup();
    double x[] = {-INFINITY, -1, -0.0, 0.0, 1, INFINITY, NAN, -NAN};
    float y[] = {-INFINITY, -1, -0.0f, 0.0f, 1, INFINITY, NAN, -NAN};
    sqi_vec v[2] = {{.type = &sqi_type_double, .data = x, .mask = UINT32_MAX},
                    {.type = &sqi_type_float, .data = y, .mask = UINT32_MAX}};
    for (int w = 0; w < 2; w++) {
        ck_assert_int_eq(sqi_order_compare(&v[w], 2, &v[w], 3), 0);
        ck_assert_int_eq(sqi_order_compare(&v[w], 6, &v[w], 7), 0);
        ck_assert_int_lt(sqi_order_compare(&v[w], 5, &v[w], 6), 0);
        ck_assert_int_gt(sqi_order_compare(&v[w], 7, &v[w], 0), 0);
        for (uint32_t i = 0; i + 1 < 8; i++)
            ck_assert_int_le(sqi_order_compare(&v[w], i, &v[w], i + 1), 0);
    }
    teardown();
}
END_TEST

START_TEST(nulls_are_equal_and_lowest_at_any_depth)
{
    setup();
    const sqi_type *type = sqi_type_array(pool, &sqi_type_int, true);
    sqi_builder *b = sqi_builder_new(type, &arena), *e = sqi_builder_child(b, 0);
    sqi_builder_null(b);
    sqi_builder_begin(b); /* [] */
    sqi_builder_end(b);
    sqi_builder_begin(b); /* [null] */
    sqi_builder_null(e);
    sqi_builder_end(b);
    sqi_builder_begin(b); /* [null, 1] */
    sqi_builder_null(e);
    sqi_builder_int(e, 1);
    sqi_builder_end(b);
    sqi_builder_begin(b); /* [-5] */
    sqi_builder_int(e, -5);
    sqi_builder_end(b);
    sqi_vec v;
    ck_assert_int_eq(sqi_builder_finish(b, &v, NULL), STREAMQ_OK);
    for (uint32_t i = 0; i < 5; i++)
        for (uint32_t j = 0; j < 5; j++)
            ck_assert_int_eq(sign(sqi_order_compare(&v, i, &v, j)), (i > j) - (i < j));
    teardown();
}
END_TEST

START_TEST(strings_order_by_unsigned_bytes_and_prefixes_come_first)
{
    setup();
    static const sqi_span sorted[] = {
        SQI_SPAN(""),
        SQI_SPAN("\0"),
        SQI_SPAN("\0\0"),
        SQI_SPAN("A"),
        SQI_SPAN("a"),
        SQI_SPAN("a\0"),
        SQI_SPAN("aaaaaaaaaaaa"),
        SQI_SPAN("aaaaaaaaaaaaa"),
        SQI_SPAN("aaaaaaaaaaaab"),
        SQI_SPAN("aaab"),
        SQI_SPAN("b"),
        SQI_SPAN("\x7f"),
        SQI_SPAN("\x80"),
        SQI_SPAN("\xff\xff\xff\xff"),
        SQI_SPAN("\xff\xff\xff\xff\x01 and quite a bit more"),
    };
    uint32_t n = sizeof sorted / sizeof *sorted;
    sqi_builder *b = sqi_builder_new(&sqi_type_binary, &arena);
    for (uint32_t i = 0; i < n; i++)
        sqi_builder_bytes(b, sorted[i]);
    sqi_vec v;
    ck_assert_int_eq(sqi_builder_finish(b, &v, NULL), STREAMQ_OK);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++)
            ck_assert_msg(sign(sqi_order_compare(&v, i, &v, j)) == (i > j) - (i < j), "%u and %u", i, j);
    teardown();
}
END_TEST

static void append_entry(sqi_builder *b, const char *key, int value)
{
    sqi_builder_bytes(sqi_builder_child(b, 0), sqi_span_of(key));
    if (value < 0)
        sqi_builder_null(sqi_builder_child(b, 1));
    else
        sqi_builder_real(sqi_builder_child(b, 1), value);
}

START_TEST(maps_are_equal_whatever_the_order_of_their_entries)
{
    setup();
    const sqi_type *type = sqi_type_map(pool, &sqi_type_string, &sqi_type_double, true);
    sqi_builder *b = sqi_builder_new(type, &arena);
    static const struct {
        const char *key[3];
        int value[3];
    } maps[] = {
        {{"x", "y", "z"}, {1, 2, -1}}, {{"z", "x", "y"}, {-1, 1, 2}}, /* equal */
        {{"x", "y", "z"}, {1, 2, 3}},                                 /* another value */
        {{"x", "x", "y"}, {1, 1, 2}},  {{"x", "y", "x"}, {1, 2, 1}},  /* equal as bags */
        {{"x", "y", "y"}, {1, 2, 2}},                                 /* the same keys, another bag */
    };
    uint32_t n = sizeof maps / sizeof *maps;
    for (uint32_t i = 0; i < n; i++) {
        sqi_builder_begin(b);
        for (int e = 0; e < 3; e++)
            append_entry(b, maps[i].key[e], maps[i].value[e]);
        sqi_builder_end(b);
    }
    sqi_vec v, normal;
    uint64_t hash[8];
    ck_assert_int_eq(sqi_builder_finish(b, &v, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_order_normalize(&normal, &v, (sqi_rows){NULL, n}, &arena, NULL), STREAMQ_OK);
    sqi_order_hash(&v, (sqi_rows){NULL, n}, 9, false, hash);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++) {
            bool equal = i == j || (i < 2 && j < 2) || ((i == 3 || i == 4) && (j == 3 || j == 4));
            ck_assert_int_eq(sqi_order_equal(&v, i, &v, j), equal);
            ck_assert_int_eq(sqi_order_compare(&normal, i, &normal, j) == 0, equal);
            ck_assert(!equal || hash[i] == hash[j]);
        }
    teardown();
}
END_TEST

START_TEST(normal_form_changes_zeros_and_nans_at_any_depth_and_nothing_else)
{
    setup();
    sqi_random r = {4};
    uint32_t untouched = 0;
    for (unsigned round = 0; round < 300; round++) {
        sqi_vec v, normal, again;
        const sqi_type *type = sqi_random_type(&r, pool, 3, true);
        sqi_random_vec(&r, &v, type, 40, true, &arena);
        sqi_rows rows = round % 2 ? sqi_random_rows(&r, 40, &arena) : (sqi_rows){NULL, 40};
        ck_assert_int_eq(sqi_order_normalize(&normal, &v, rows, &arena, NULL), STREAMQ_OK);
        for (SQI_EACH(rows, k, i))
            ck_assert(sqi_order_equal(&v, i, &normal, i));
        ck_assert_int_eq(sqi_order_normalize(&again, &normal, rows, &arena, NULL), STREAMQ_OK);
        untouched += again.data == normal.data;
        sqi_arena_reset(&arena);
    }
    ck_assert_uint_eq(untouched, 300);
    double x[] = {-0.0, 1, -NAN};
    sqi_vec v = {.type = &sqi_type_double, .data = x, .mask = UINT32_MAX}, out;
    ck_assert_int_eq(sqi_order_normalize(&out, &v, (sqi_rows){NULL, 3}, &arena, NULL), STREAMQ_OK);
    uint64_t bits[3];
    memcpy(bits, out.data, sizeof bits);
    ck_assert_uint_eq(bits[0], 0);
    ck_assert_uint_eq(bits[1], UINT64_C(0x3ff0000000000000));
    ck_assert_uint_eq(bits[2], UINT64_C(0x7ff8000000000000));
    ck_assert(signbit(x[0]));
    teardown();
}
END_TEST

static streamq_status normalize_maps(sqi_alloc *a, void *context, streamq_error **err)
{
    (void)context;
    sqi_arena scratch;
    sqi_arena_init(&scratch, a);
    sqi_vec v, out;
    sqi_random r = {5};
    sqi_random_vec(&r, &v, sqi_every_type(pool, 22), 50, true, &arena);
    streamq_status status = sqi_order_normalize(&out, &v, (sqi_rows){NULL, 50}, &scratch, err);
    sqi_arena_fini(&scratch);
    return status;
}

START_TEST(normalize_survives_the_failure_of_any_allocation)
{
    setup();
    ck_assert_uint_gt(sqi_test_every_allocation(normalize_maps, NULL), 0);
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        hash_equality_and_order_agree_on_every_type,
        hash_equality_and_order_agree_on_random_nested_types,
        hashes_under_a_selection_and_of_a_constant_are_the_dense_ones,
        hash_depends_on_seed_and_on_the_order_of_columns,
        hashes_of_small_integers_and_short_strings_do_not_collide,
        zeros_are_equal_and_nan_is_above_infinity,
        nulls_are_equal_and_lowest_at_any_depth,
        strings_order_by_unsigned_bytes_and_prefixes_come_first,
        maps_are_equal_whatever_the_order_of_their_entries,
        normal_form_changes_zeros_and_nans_at_any_depth_and_nothing_else,
        normalize_survives_the_failure_of_any_allocation,
    };
    return sqi_test_main("data_order", tests, sizeof tests / sizeof *tests);
}
