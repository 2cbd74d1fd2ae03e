/* Values as text: casts, the console, literals; nested ones, and what happens without memory. */
#include "data_builder.h"
#include "data_text.h"
#include "fail_alloc.h"
#include "test_main.h"

#include <string.h>

typedef struct bench {
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_type_pool *pool;
} bench;

static void setup(bench *x)
{
    sqi_alloc_init(&x->alloc);
    sqi_arena_init(&x->arena, &x->alloc);
    x->pool = sqi_type_pool_new(&x->alloc);
}

static void teardown(bench *x)
{
    sqi_type_pool_free(x->pool);
    sqi_arena_fini(&x->arena);
    ck_assert_uint_eq(x->alloc.used, 0);
}

static sqi_vec finish(sqi_builder *b)
{
    sqi_vec v;
    ck_assert_int_eq(sqi_builder_finish(b, &v, NULL), STREAMQ_OK);
    return v;
}

typedef enum form { CAST, SHOW, PRETTY, LITERAL } form;

static void assert_form(bench *x, const sqi_vec *v, uint32_t i, form f, const char *expected)
{
    sqi_buf b;
    sqi_buf_init(&b, &x->alloc, 0);
    bool ok = f == CAST   ? sqi_text_value(&b, v, i, sqi_zone_utc(), SQI_TEXT_CAST)
              : f == SHOW ? sqi_text_value(&b, v, i, sqi_zone_utc(), SQI_TEXT_SHOW)
                          : sqi_text_literal(&b, v, i, f == PRETTY);
    ck_assert(ok);
    ck_assert_msg(b.len == strlen(expected) && (!b.len || memcmp(b.ptr, expected, b.len) == 0), "%.*s is not %s",
                  (int)b.len, b.ptr, expected);
    sqi_buf_fini(&b);
}

/* One scalar in all four forms. */
static void assert_forms(bench *x, const sqi_vec *v, uint32_t i, const char *cast, const char *show, const char *pretty,
                         const char *literal)
{
    assert_form(x, v, i, CAST, cast);
    assert_form(x, v, i, SHOW, show);
    assert_form(x, v, i, PRETTY, pretty);
    assert_form(x, v, i, LITERAL, literal);
}

static sqi_vec number(bench *x, const sqi_type *type, int64_t value)
{
    sqi_builder *b = sqi_builder_new(type, &x->arena);
    if (type->id == SQI_BOOLEAN)
        sqi_builder_bool(b, value);
    else if (type->id == SQI_FLOAT || type->id == SQI_DOUBLE)
        sqi_builder_real(b, (double)value / 2);
    else if (type->id == SQI_DECIMAL)
        sqi_builder_decimal(b, value);
    else if (type->id == SQI_INTERVAL)
        sqi_builder_interval(b, (sqi_interval){(int32_t)value, 0, 0});
    else
        sqi_builder_int(b, value);
    sqi_builder_null(b);
    return finish(b);
}

START_TEST(scalars_have_their_forms)
{
    bench x;
    setup(&x);
    const struct {
        const sqi_type *type;
        int64_t value;
        const char *cast, *pretty, *literal;
    } rows[] = {
        {&sqi_type_boolean, 1, "true", "true", "true"},
        {&sqi_type_boolean, 0, "false", "false", "false"},
        {&sqi_type_tinyint, -128, "-128", "-128", "-128Y"},
        {&sqi_type_smallint, 300, "300", "300", "300S"},
        {&sqi_type_int, -5, "-5", "-5", "-5"},
        {&sqi_type_bigint, INT64_MIN, "-9223372036854775808", "-9223372036854775808", "-9223372036854775808L"},
        {&sqi_type_float, 3, "1.5", "1.5", "CAST(1.5 AS FLOAT)"},
        {&sqi_type_double, 3, "1.5", "1.5", "1.5D"},
        {sqi_type_decimal(x.pool, 10, 2), 12345, "123.45", "123.45", "123.45BD"},
        {&sqi_type_date, 19782, "2024-02-29", "DATE '2024-02-29'", "DATE '2024-02-29'"},
        {&sqi_type_timestamp, 500000, "1970-01-01 00:00:00.5", "TIMESTAMP '1970-01-01 00:00:00.5'",
         "TIMESTAMP '1970-01-01 00:00:00.5'"},
        {&sqi_type_timestamp_ntz, 0, "1970-01-01 00:00:00", "TIMESTAMP_NTZ '1970-01-01 00:00:00'",
         "TIMESTAMP_NTZ '1970-01-01 00:00:00'"},
        {sqi_type_interval_ym(SQI_YEAR, SQI_MONTH), 14, "INTERVAL '1-2' YEAR TO MONTH", "INTERVAL '1-2' YEAR TO MONTH",
         "INTERVAL '1-2' YEAR TO MONTH"},
        {sqi_type_interval_dt(SQI_DAY, SQI_DAY), SQI_MICROS_PER_DAY, "INTERVAL '1' DAY", "INTERVAL '1' DAY",
         "INTERVAL '1' DAY"},
        {&sqi_type_interval, 3, "3 months", "INTERVAL '3 months'", "INTERVAL '3 months'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sqi_vec v = number(&x, rows[i].type, rows[i].value);
        assert_forms(&x, &v, 0, rows[i].cast, rows[i].cast, rows[i].pretty, rows[i].literal);
        assert_forms(&x, &v, 1, "", "NULL", "NULL", "NULL");
    }
    teardown(&x);
}
END_TEST

START_TEST(reals_without_a_number_have_literals)
{
    bench x;
    setup(&x);
    sqi_builder *b = sqi_builder_new(&sqi_type_double, &x.arena);
    sqi_builder_real(b, 0.0 / 0.0);
    sqi_builder_real(b, -1e300 * 1e300);
    sqi_vec v = finish(b);
    assert_forms(&x, &v, 0, "NaN", "NaN", "NaN", "CAST('NaN' AS DOUBLE)");
    assert_forms(&x, &v, 1, "-Infinity", "-Infinity", "-Infinity", "CAST('-Infinity' AS DOUBLE)");
    teardown(&x);
}
END_TEST

START_TEST(bytes_stay_as_they_are)
{
    bench x;
    setup(&x);
    sqi_builder *s = sqi_builder_new(&sqi_type_string, &x.arena), *b = sqi_builder_new(&sqi_type_binary, &x.arena);
    const sqi_span texts[] = {SQI_SPAN("it's \\ a\nlong text"), SQI_SPAN(""), SQI_SPAN("\xff\xc3")};
    for (int i = 0; i < 3; i++) {
        sqi_builder_bytes(s, texts[i]);
        sqi_builder_bytes(b, texts[i]);
    }
    sqi_vec text = finish(s), bytes = finish(b);
    assert_forms(&x, &text, 0, "it's \\ a\nlong text", "it's \\ a\nlong text", "it's \\ a\nlong text",
                 "'it\\'s \\\\ a\nlong text'");
    assert_forms(&x, &text, 1, "", "", "", "''");
    assert_forms(&x, &text, 2, "\xff\xc3", "\xff\xc3", "\xff\xc3", "'\xff\xc3'");
    assert_forms(&x, &bytes, 1, "", "[]", "X''", "X''");
    assert_forms(&x, &bytes, 2, "\xff\xc3", "[FF C3]", "X'FFC3'", "X'FFC3'");
    teardown(&x);
}
END_TEST

/* array<struct<k: string, m: map<int, binary>>>: [{k, {1 -> x, 2 -> null}}, null, {null, {}}] */
static sqi_vec nested(bench *x)
{
    const sqi_type *map = sqi_type_map(x->pool, &sqi_type_int, &sqi_type_binary, true);
    const sqi_field fields[] = {{SQI_SPAN("k"), &sqi_type_string, true}, {SQI_SPAN("m"), map, true}};
    const sqi_type *row = sqi_type_struct(x->pool, fields, 2);
    sqi_builder *b = sqi_builder_new(sqi_type_array(x->pool, row, true), &x->arena);
    sqi_builder *s = sqi_builder_child(b, 0), *m = sqi_builder_child(s, 1);
    sqi_builder_begin(b);
    sqi_builder_begin(s);
    sqi_builder_bytes(sqi_builder_child(s, 0), SQI_SPAN("k"));
    sqi_builder_begin(m);
    sqi_builder_int(sqi_builder_child(m, 0), 1);
    sqi_builder_bytes(sqi_builder_child(m, 1), SQI_SPAN("x"));
    sqi_builder_int(sqi_builder_child(m, 0), 2);
    sqi_builder_null(sqi_builder_child(m, 1));
    sqi_builder_end(m);
    sqi_builder_end(s);
    sqi_builder_null(s);
    sqi_builder_begin(s);
    sqi_builder_null(sqi_builder_child(s, 0));
    sqi_builder_begin(m);
    sqi_builder_end(m);
    sqi_builder_end(s);
    sqi_builder_end(b);
    sqi_builder_begin(b);
    sqi_builder_end(b);
    sqi_builder_null(b);
    return finish(b);
}

START_TEST(nested_values_differ_in_nulls_and_binary)
{
    bench x;
    setup(&x);
    sqi_vec v = nested(&x);
    assert_form(&x, &v, 0, CAST, "[{k, {1 -> x, 2 -> null}}, null, {null, {}}]");
    assert_form(&x, &v, 0, SHOW, "[{k, {1 -> [78], 2 -> NULL}}, NULL, {NULL, {}}]");
    assert_form(
        &x, &v, 0, LITERAL,
        "ARRAY(NAMED_STRUCT('k', 'k', 'm', MAP(1, X'78', 2, NULL)), NULL, NAMED_STRUCT('k', NULL, 'm', MAP()))");
    assert_form(&x, &v, 1, CAST, "[]");
    assert_form(&x, &v, 2, SHOW, "NULL");
    teardown(&x);
}
END_TEST

static streamq_status print(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_buf b;
    sqi_buf_init(&b, alloc, 0);
    bool ok = sqi_text_value(&b, context, 0, sqi_zone_utc(), SQI_TEXT_SHOW);
    sqi_buf_fini(&b);
    return ok ? STREAMQ_OK : sqi_error_nomem(err);
}

START_TEST(without_memory_the_answer_is_false)
{
    bench x;
    setup(&x);
    sqi_vec v = nested(&x);
    ck_assert_uint_ge(sqi_test_every_allocation(print, &v), 1);
    teardown(&x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        scalars_have_their_forms,
        reals_without_a_number_have_literals,
        bytes_stay_as_they_are,
        nested_values_differ_in_nulls_and_binary,
        without_memory_the_answer_is_false,
    };
    return sqi_test_main("data_text", tests, sizeof tests / sizeof *tests);
}
