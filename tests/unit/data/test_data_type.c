/* Types: interning, equality, what is what, and their text. */
#include "data_bench.h"
#include "data_type.h"
#include "fail_alloc.h"

#include <pthread.h>

static const sqi_type *pair(sqi_type_pool *p, const char *name, const sqi_type *first, bool nullable)
{
    char own[20] = {0}; /* the pool copies names */
    memcpy(own, name, strlen(name));
    sqi_field field[2] = {{sqi_span_of(own), first, nullable}, {SQI_SPAN("b"), &sqi_type_string, true}};
    const sqi_type *t = sqi_type_struct(p, field, 2);
    memset(own, '#', sizeof own);
    return t;
}

START_TEST(types_of_one_structure_are_one_pointer)
{
    setup();
    ck_assert_ptr_eq(sqi_type_decimal(pool, 10, 2), sqi_type_decimal(pool, 10, 2));
    ck_assert_ptr_ne(sqi_type_decimal(pool, 10, 2), sqi_type_decimal(pool, 10, 3));
    const sqi_type *a = sqi_type_array(pool, pair(pool, "a", &sqi_type_int, true), true);
    ck_assert_ptr_eq(a, sqi_type_array(pool, pair(pool, "a", &sqi_type_int, true), true));
    ck_assert_ptr_ne(a, sqi_type_array(pool, pair(pool, "a", &sqi_type_int, true), false));
    ck_assert_ptr_ne(a, sqi_type_array(pool, pair(pool, "a", &sqi_type_int, false), true));
    ck_assert_ptr_ne(a, sqi_type_array(pool, pair(pool, "A", &sqi_type_int, true), true));
    ck_assert_ptr_eq(sqi_type_interval_dt(SQI_DAY, SQI_HOUR), sqi_type_interval_dt(SQI_DAY, SQI_HOUR));
    const sqi_type *m = sqi_type_map(pool, &sqi_type_string, a, true);
    for (int p = 1; p <= 38; p++)
        for (int s = 0; s <= p; s++)
            ck_assert_ptr_eq(sqi_type_decimal(pool, p, s), sqi_type_decimal(pool, p, s));
    ck_assert_ptr_eq(m, sqi_type_map(pool, &sqi_type_string, a, true));
    teardown();
}
END_TEST

START_TEST(sameness_ignores_nullability_and_on_request_names)
{
    setup();
    sqi_type_pool *other = sqi_type_pool_new(&alloc);
    const sqi_type *a = pair(pool, "a", &sqi_type_int, true), *b = pair(other, "a", &sqi_type_int, false);
    const sqi_type *c = pair(pool, "x", &sqi_type_int, true), *d = pair(pool, "a", &sqi_type_bigint, true);
    ck_assert(sqi_type_same(a, b));
    ck_assert(!sqi_type_same(a, c));
    ck_assert(sqi_type_same_shape(a, c));
    ck_assert(!sqi_type_same_shape(a, d));
    ck_assert(sqi_type_same(sqi_type_array(pool, a, true), sqi_type_array(other, b, false)));
    ck_assert(!sqi_type_same(sqi_type_decimal(pool, 5, 2), sqi_type_decimal(other, 5, 1)));
    ck_assert(!sqi_type_same(sqi_type_interval_ym(SQI_YEAR, SQI_YEAR), sqi_type_interval_ym(SQI_YEAR, SQI_MONTH)));
    sqi_type_pool_free(other);
    teardown();
}
END_TEST

START_TEST(kinds_and_widths)
{
    setup();
    const sqi_type *map = sqi_type_map(pool, &sqi_type_string, &sqi_type_int, true);
    ck_assert(sqi_type_is_integral(&sqi_type_bigint) && !sqi_type_is_integral(&sqi_type_float));
    ck_assert(sqi_type_is_numeric(sqi_type_decimal(pool, 3, 1)) && !sqi_type_is_numeric(&sqi_type_boolean));
    ck_assert(!sqi_type_is_numeric(&sqi_type_string) && sqi_type_is_nested(map));
    ck_assert(sqi_type_is_orderable(pair(pool, "a", &sqi_type_date, true)));
    ck_assert(!sqi_type_is_orderable(map));
    ck_assert(!sqi_type_is_orderable(sqi_type_array(pool, pair(pool, "a", map, true), true)));
    ck_assert(!sqi_type_is_orderable(&sqi_type_interval));
    ck_assert(sqi_type_is_orderable(sqi_type_interval_ym(SQI_YEAR, SQI_MONTH)));
    ck_assert_uint_eq(sqi_type_width(&sqi_type_void), 0);
    ck_assert_uint_eq(sqi_type_width(pair(pool, "a", map, true)), 0);
    ck_assert_uint_eq(sqi_type_width(map), 8);
    ck_assert_uint_eq(sqi_type_width(&sqi_type_string), 16);
    ck_assert_uint_eq(sqi_type_width(sqi_type_decimal(pool, 3, 1)), 16);
    ck_assert_uint_eq(sqi_type_width(&sqi_type_date), 4);
    teardown();
}
END_TEST

static void prints(const sqi_type *t, const char *simple, const char *sql)
{
    sqi_buf b;
    sqi_buf_init(&b, &alloc, 0);
    ck_assert(sqi_type_print(&b, t));
    sqi_buf_byte(&b, '\0');
    ck_assert_str_eq(b.ptr, simple);
    sqi_buf_clear(&b);
    ck_assert(sqi_type_print_sql(&b, t));
    sqi_buf_byte(&b, '\0');
    ck_assert_str_eq(b.ptr, sql);
    sqi_buf_fini(&b);
}

START_TEST(names_are_sparks)
{
    setup();
    prints(&sqi_type_void, "void", "VOID");
    prints(&sqi_type_timestamp_ntz, "timestamp_ntz", "TIMESTAMP_NTZ");
    prints(sqi_type_decimal(pool, 38, 0), "decimal(38,0)", "DECIMAL(38,0)");
    prints(&sqi_type_interval, "interval", "INTERVAL");
    prints(sqi_type_interval_ym(SQI_YEAR, SQI_MONTH), "interval year to month", "INTERVAL YEAR TO MONTH");
    prints(sqi_type_interval_ym(SQI_MONTH, SQI_MONTH), "interval month", "INTERVAL MONTH");
    prints(sqi_type_interval_dt(SQI_DAY, SQI_SECOND), "interval day to second", "INTERVAL DAY TO SECOND");
    prints(sqi_type_interval_dt(SQI_HOUR, SQI_MINUTE), "interval hour to minute", "INTERVAL HOUR TO MINUTE");
    prints(sqi_type_array(pool, &sqi_type_int, true), "array<int>", "ARRAY<INT>");
    prints(sqi_type_map(pool, &sqi_type_string, sqi_type_array(pool, &sqi_type_double, true), true),
           "map<string,array<double>>", "MAP<STRING, ARRAY<DOUBLE>>");
    prints(pair(pool, "a", &sqi_type_int, false), "struct<a:int,b:string>", "STRUCT<a: INT NOT NULL, b: STRING>");
    prints(pair(pool, "a b`c", &sqi_type_int, true), "struct<a b`c:int,b:string>", "STRUCT<`a b``c`: INT, b: STRING>");
    prints(pair(pool, "12", &sqi_type_int, true), "struct<12:int,b:string>", "STRUCT<`12`: INT, b: STRING>");
    teardown();
}
END_TEST

START_TEST(labels_are_quoted_and_cut_to_their_room)
{
    setup();
    char label[128];
    ck_assert_str_eq(sqi_type_label(&sqi_type_bigint, label), "\"BIGINT\"");
    ck_assert_str_eq(sqi_type_label(sqi_type_decimal(pool, 10, 2), label), "\"DECIMAL(10,2)\"");
    const sqi_type *t = pair(pool, "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", &sqi_type_int, true);
    for (int depth = 0; depth < 12; depth++) {
        t = pair(pool, depth % 2 ? "\xc3\xa9" : "\xe2\x82\xac", t, true);
        size_t len = strlen(sqi_type_label(t, label));
        ck_assert_uint_lt(len, 128);
        ck_assert_int_eq(label[len - 1], '"');
        ck_assert(sqi_utf8_valid((sqi_span){label, len}));
        if (len > 120)
            ck_assert_str_eq(label + len - 4, "...\"");
    }
    teardown();
}
END_TEST

static void *ask(void *result)
{
    const sqi_type **out = result;
    for (int i = 0; i < 2000; i++)
        *out = pair(pool, i % 2 ? "x" : "y", sqi_type_decimal(pool, 1 + i % 38, 0), i % 3);
    return NULL;
}

START_TEST(threads_get_the_same_types)
{
    setup();
    pthread_t thread[4];
    const sqi_type *last[4];
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, ask, &last[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(thread[i], NULL);
    for (int i = 1; i < 4; i++)
        ck_assert_ptr_eq(last[i], last[0]);
    teardown();
}
END_TEST

static streamq_status make_many(sqi_alloc *a, void *context, streamq_error **err)
{
    (void)context;
    sqi_type_pool *p = sqi_type_pool_new(a);
    bool fine = p != NULL;
    for (int i = 1; i <= 38 && fine; i++) {
        const sqi_type *t = sqi_type_decimal(p, i, 0);
        t = t ? pair(p, "a rather long name", t, true) : NULL;
        fine = t && sqi_type_map(p, &sqi_type_int, t, true);
    }
    sqi_type_pool_free(p);
    return fine ? STREAMQ_OK : sqi_error_nomem(err);
}

START_TEST(a_pool_survives_the_failure_of_any_allocation)
{
    ck_assert_uint_gt(sqi_test_every_allocation(make_many, NULL), 3);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {types_of_one_structure_are_one_pointer,
                                  sameness_ignores_nullability_and_on_request_names,
                                  kinds_and_widths,
                                  names_are_sparks,
                                  labels_are_quoted_and_cut_to_their_room,
                                  threads_get_the_same_types,
                                  a_pool_survives_the_failure_of_any_allocation};
    return sqi_test_main("data_type", tests, sizeof tests / sizeof *tests);
}
