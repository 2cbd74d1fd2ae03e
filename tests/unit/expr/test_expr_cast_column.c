/*
 * Casts over columns: every value is cast among others, with nulls beside it and with half of the
 * rows left out, by CAST and by try_cast. Answers are recorded from Spark.
 */
#include "expr_cast.h"

#include <stdio.h>

#include "data_builder.h"
#include "expr_check.h"

enum { MOST = 64 };

typedef struct column {
    expr_bench x;
    sqi_arena arena;
    sqi_field field;
    sqi_schema schema;
    sqi_vec v;
    sqi_chunk chunk;
} column;

static void begin(column *c, const sqi_type *type, sqi_builder **b)
{
    expr_bench_init(&c->x);
    sqi_arena_init(&c->arena, &c->x.alloc);
    c->field = (sqi_field){{"v", 1}, type, true};
    c->schema = (sqi_schema){1, &c->field};
    *b = sqi_builder_new(type, &c->arena);
}

static void built(column *c, sqi_builder *b, uint32_t n)
{
    ck_assert_int_eq(sqi_builder_finish(b, &c->v, NULL), STREAMQ_OK);
    c->chunk = (sqi_chunk){.n = n, .ncol = 1, .rows = {NULL, n}, .col = &c->v};
}

static void end(column *c)
{
    sqi_arena_fini(&c->arena);
    expr_bench_fini(&c->x);
    ck_assert_uint_eq(atomic_load(&c->x.alloc.used), 0);
}

/* The answer, or the condition's name, over these rows. */
static const char *run(column *c, const char *text, sqi_rows rows, sqi_vec *out)
{
    sqi_bound *e = NULL;
    streamq_error *err = NULL;
    sqi_chunk chunk = c->chunk;
    chunk.rows = rows;
    expr_bench_reset(&c->x);
    streamq_status status = expr_bench_bind(&c->x, text, &c->schema, &e, &err);
    if (status == STREAMQ_OK)
        status = expr_bench_run(&c->x, e, &chunk, out, &err);
    const char *failed = status == STREAMQ_OK ? NULL : sqi_cond_name(sqi_error_cond(err));
    sqi_error_free(err);
    return failed;
}

typedef struct pair {
    const char *from, *to; /* to NULL: no value */
} pair;

/*
 * A column of the texts with a null after each. try_cast gives all of `to` at once, dense and over every other text;
 * CAST gives it where there is a value, and fails with `cond` at each text that has none.
 */
static void from_text(const char *type, const pair *p, uint32_t n, const char *cond)
{
    column c;
    sqi_builder *b;
    char text[128];
    sqi_vec out;
    uint32_t sel[2 * MOST], picked = 0;
    ck_assert_uint_le(n, MOST);
    begin(&c, &sqi_type_string, &b);
    for (uint32_t i = 0; i < n; i++) {
        sqi_builder_bytes(b, sqi_span_of(p[i].from));
        sqi_builder_null(b);
    }
    built(&c, b, 2 * n);
    snprintf(text, sizeof text, "try_cast(v AS %s)", type);
    ck_assert_ptr_null(run(&c, text, (sqi_rows){NULL, 2 * n}, &out));
    for (uint32_t i = 0; i < n; i++) {
        const char *want = p[i].to ? p[i].to : "NULL", *got = expr_bench_text(&c.x, &out, 2 * i);
        ck_assert_msg(strcmp(got, want) == 0, "'%s' as %s gives %s, not %s", p[i].from, type, got, want);
        ck_assert_str_eq(expr_bench_text(&c.x, &out, 2 * i + 1), "NULL");
    }
    for (uint32_t i = 1; i < 2 * n; i += 4) {
        sel[picked++] = i - 1;
        sel[picked++] = i;
    }
    ck_assert_ptr_null(run(&c, text, (sqi_rows){sel, picked}, &out));
    for (uint32_t k = 0; k < picked; k++)
        ck_assert_str_eq(expr_bench_text(&c.x, &out, sel[k]),
                         sel[k] % 2 || !p[sel[k] / 2].to ? "NULL" : p[sel[k] / 2].to);
    snprintf(text, sizeof text, "CAST(v AS %s)", type);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t both[2] = {2 * i, 2 * i + 1};
        const char *failed = run(&c, text, (sqi_rows){both, 2}, &out);
        if (!p[i].to)
            ck_assert_msg(failed && strcmp(failed, cond) == 0, "'%s' as %s: %s", p[i].from, type,
                          failed ? failed : "a value");
        else
            ck_assert_msg(!failed && strcmp(expr_bench_text(&c.x, &out, 2 * i), p[i].to) == 0, "'%s' as %s: %s",
                          p[i].from, type, failed ? failed : expr_bench_text(&c.x, &out, 2 * i));
    }
    end(&c);
}

#define FROM_TEXT(type, pairs) from_text(type, pairs, sizeof(pairs) / sizeof *(pairs), "CAST_INVALID_INPUT")

START_TEST(text_becomes_integers_only_when_it_is_one_whole)
{
    static const pair ints[] = {{"5", "5"},
                                {" 5 ", "5"},
                                {"\t5\n", "5"},
                                {"+5", "5"},
                                {"-5", "-5"},
                                {"--5", NULL},
                                {"- 5", NULL},
                                {"007", "7"},
                                {"5.0", NULL},
                                {"5.", NULL},
                                {".5", NULL},
                                {"1e2", NULL},
                                {"1_000", NULL},
                                {"0x1F", NULL},
                                {"", NULL},
                                {" ", NULL},
                                {"+", NULL},
                                {"NULL", NULL},
                                {"true", NULL},
                                {"\xD9\xA3", NULL},
                                {"2147483647", "2147483647"},
                                {"2147483648", NULL},
                                {"-2147483648", "-2147483648"},
                                {"-2147483649", NULL},
                                {"5 6", NULL},
                                {"\xC2\xA0"
                                 "5",
                                 NULL}};
    static const pair tiny[] = {{"128", NULL}, {"-128", "-128"}, {"127", "127"}, {"-129", NULL}};
    static const pair small[] = {{"40000", NULL}, {"32767", "32767"}, {"-32768", "-32768"}, {"-32769", NULL}};
    static const pair big[] = {{"9223372036854775807", "9223372036854775807"},
                               {"9223372036854775808", NULL},
                               {"-9223372036854775808", "-9223372036854775808"},
                               {"0000000000000000000000000000005", "5"},
                               {"5L", NULL},
                               {"99999999999999999999999999999999999999999999", NULL}};
    FROM_TEXT("INT", ints);
    FROM_TEXT("TINYINT", tiny);
    FROM_TEXT("SMALLINT", small);
    FROM_TEXT("BIGINT", big);
}
END_TEST

START_TEST(text_becomes_real_numbers_as_java_reads_them)
{
    static const pair doubles[] = {{"1.5", "1.5"},
                                   {" 1.5 ", "1.5"},
                                   {"1e3", "1000.0"},
                                   {"1E-3", "0.001"},
                                   {"1e400", "Infinity"},
                                   {"-1e400", "-Infinity"},
                                   {"1e-400", "0.0"},
                                   {".5", "0.5"},
                                   {"5.", "5.0"},
                                   {".", NULL},
                                   {"e5", NULL},
                                   {"1e", NULL},
                                   {"-0", "-0.0"},
                                   {"1.5d", "1.5"},
                                   {"1.5f", "1.5"},
                                   {"1.5x", NULL},
                                   {"0x1p3", "8.0"},
                                   {"nan", "NaN"},
                                   {"-NaN", "NaN"},
                                   {"inf", "Infinity"},
                                   {"-inf", "-Infinity"},
                                   {"+Infinity", "Infinity"},
                                   {"infinit", NULL},
                                   {"", NULL},
                                   {"1,5", NULL},
                                   {"9007199254740993", "9.007199254740992E15"},
                                   {"0.1000000000000000055511151231257827", "0.1"}};
    static const pair floats[] = {{"0.1", "0.1"}, {"3.4028236e38", "Infinity"}, {"1.5D", "1.5"}, {"1.5x", NULL}};
    FROM_TEXT("DOUBLE", doubles);
    FROM_TEXT("FLOAT", floats);
}
END_TEST

START_TEST(text_becomes_booleans_by_a_short_list_of_words)
{
    static const pair words[] = {
        {"true", "true"},   {"TRUE", "true"},   {"tRuE", "true"}, {"t", "true"},   {"yes", "true"}, {"Y", "true"},
        {"1", "true"},      {"false", "false"}, {"F", "false"},   {"no", "false"}, {"n", "false"},  {"0", "false"},
        {" true ", "true"}, {"on", NULL},       {"2", NULL},      {"", NULL},      {"tru", NULL},   {"maybe", NULL}};
    FROM_TEXT("BOOLEAN", words);
}
END_TEST

START_TEST(text_becomes_dates_and_timestamps)
{
    static const pair dates[] = {{"2024-02-29", "2024-02-29"},
                                 {"2024-2-9", "2024-02-09"},
                                 {"2024-2", "2024-02-01"},
                                 {"2024", "2024-01-01"},
                                 {"24", NULL},
                                 {" 2024-02-29 ", "2024-02-29"},
                                 {"2024-02-29T12:34:56", "2024-02-29"},
                                 {"2024-02-29 anything", "2024-02-29"},
                                 {"2024-02-29x", NULL},
                                 {"2024-02-30", NULL},
                                 {"2023-02-29", NULL},
                                 {"2024-13-01", NULL},
                                 {"2024-012-01", NULL},
                                 {"20240229", NULL},
                                 {"-0001-01-01", "-0001-01-01"},
                                 {"1234567-01-01", "+1234567-01-01"},
                                 {"12345678-01-01", NULL},
                                 {"", NULL}};
    static const pair times[] = {{"2024-02-29T12:34:56", "2024-02-29 12:34:56"},
                                 {"2024-02-29 12:34:56.1234567", "2024-02-29 12:34:56.123456"},
                                 {"2024-02-29 12:34:56.", "2024-02-29 12:34:56"},
                                 {"2024-02-29 12", "2024-02-29 12:00:00"},
                                 {"2024-02-29T", NULL},
                                 {"2024-2-9 1:2:3", "2024-02-09 01:02:03"},
                                 {"2024", "2024-01-01 00:00:00"},
                                 {"2024-02-29  12:34:56", NULL},
                                 {"2024-02-29 24:00:00", NULL},
                                 {"2024-02-29 12:34:60", NULL},
                                 {"2024-02-29 12:34:56z", NULL},
                                 {"2024-02-29 12:34:56-1:00", "2024-02-29 13:34:56"},
                                 {"2024-02-29 12:34:56+01:02:03", "2024-02-29 11:32:53"},
                                 {"2024-02-29 12:34:56+19:00", NULL},
                                 {"2024-02-29 12:34:56 UTC+2", "2024-02-29 10:34:56"},
                                 {"2024-02-29 12:34:56Europe/Berlin", "2024-02-29 11:34:56"},
                                 {"2024-02-29 12:34:56 PST", "2024-02-29 20:34:56"},
                                 {"2024-02-29 12:34:56 Nowhere", NULL},
                                 {"294247-01-10 04:00:54.775807", "+294247-01-10 04:00:54.775807"},
                                 {"294247-01-10 04:00:54.775808", NULL},
                                 {"1700000000", NULL}};
    static const pair local[] = {{"2024-02-29 12:34:56+01:00", "2024-02-29 12:34:56"},
                                 {"2024-02-29", "2024-02-29 00:00:00"},
                                 {"12:34:56", NULL},
                                 {"x", NULL}};
    FROM_TEXT("DATE", dates);
    FROM_TEXT("TIMESTAMP", times);
    FROM_TEXT("TIMESTAMP_NTZ", local);
}
END_TEST

START_TEST(numbers_of_a_column_narrow_or_say_that_they_cannot)
{
    static const int64_t given[] = {0, -5, 127, 128, -129, 40000, INT64_C(2147483648), INT64_MIN};
    static const char *const type[] = {"TINYINT", "SMALLINT", "INT", "DOUBLE", "BOOLEAN", "STRING", "DECIMAL(5,1)"};
    static const char *const want[][8] = {
        {"0", "-5", "127", NULL, NULL, NULL, NULL, NULL},
        {"0", "-5", "127", "128", "-129", NULL, NULL, NULL},
        {"0", "-5", "127", "128", "-129", "40000", NULL, NULL},
        {"0.0", "-5.0", "127.0", "128.0", "-129.0", "40000.0", "2.147483648E9", "-9.223372036854776E18"},
        {"false", "true", "true", "true", "true", "true", "true", "true"},
        {"0", "-5", "127", "128", "-129", "40000", "2147483648", "-9223372036854775808"},
        {"0.0", "-5.0", "127.0", "128.0", "-129.0", NULL, NULL, NULL},
    };
    column c;
    sqi_builder *b;
    char text[64];
    sqi_vec out;
    begin(&c, &sqi_type_bigint, &b);
    for (int i = 0; i < 8; i++) {
        sqi_builder_int(b, given[i]);
        sqi_builder_null(b);
    }
    built(&c, b, 16);
    for (size_t t = 0; t < sizeof type / sizeof *type; t++) {
        snprintf(text, sizeof text, "try_cast(v AS %s)", type[t]);
        ck_assert_ptr_null(run(&c, text, (sqi_rows){NULL, 16}, &out));
        for (uint32_t i = 0; i < 16; i++) {
            const char *expected = i % 2 || !want[t][i / 2] ? "NULL" : want[t][i / 2];
            ck_assert_msg(strcmp(expr_bench_text(&c.x, &out, i), expected) == 0, "row %u as %s: %s", (unsigned)i,
                          type[t], expr_bench_text(&c.x, &out, i));
        }
        snprintf(text, sizeof text, "CAST(v AS %s)", type[t]);
        for (uint32_t i = 0; i < 8; i++) {
            const char *failed = run(&c, text, (sqi_rows){(uint32_t[]){2 * i, 2 * i + 1}, 2}, &out);
            if (want[t][i])
                ck_assert_ptr_null(failed);
            else
                ck_assert_str_eq(failed, t == 6 ? "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION" : "CAST_OVERFLOW");
        }
    }
    end(&c);
}
END_TEST

START_TEST(decimals_are_rounded_half_up_or_do_not_fit)
{
    static const pair texts[] = {{"12.345", "12.35"}, {" -1e1 ", "-10.00"}, {"0.005", "0.01"}, {"", NULL},
                                 {"1.5x", NULL},      {"NaN", NULL},        {".", NULL},       {"99.99", "99.99"}};
    static const pair large[] = {{"1000", NULL}, {"99.995", NULL}, {"-1e37", NULL}};
    FROM_TEXT("DECIMAL(4,2)", texts);
    from_text("DECIMAL(4,2)", large, 3, "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION");
}
END_TEST

START_TEST(what_has_no_cast_says_what_to_do_instead)
{
    sqi_cond cond = 0;
    const char *function = NULL;
    ck_assert(!sqi_cast_legal(&sqi_type_date, &sqi_type_int, false, &cond, &function));
    ck_assert_int_eq(cond, SQI_COND_DATATYPE_MISMATCH__CAST_WITH_FUNC_SUGGESTION);
    ck_assert_ptr_nonnull(strstr(function, "UNIX_DATE"));
    ck_assert(!sqi_cast_legal(&sqi_type_binary, &sqi_type_int, false, &cond, &function));
    ck_assert_int_eq(cond, SQI_COND_DATATYPE_MISMATCH__CAST_WITHOUT_SUGGESTION);
    ck_assert_str_eq(function, "");
    ck_assert(sqi_cast_legal(&sqi_type_string, &sqi_type_int, true, &cond, &function));
}
END_TEST

START_TEST(only_casts_that_can_fail_make_nulls_of_values)
{
    ck_assert(!sqi_cast_gives_null(&sqi_type_int, &sqi_type_bigint, true));
    ck_assert(!sqi_cast_gives_null(&sqi_type_int, &sqi_type_string, true));
    ck_assert(!sqi_cast_gives_null(&sqi_type_string, &sqi_type_int, false));
    ck_assert(sqi_cast_gives_null(&sqi_type_string, &sqi_type_int, true));
    ck_assert(sqi_cast_gives_null(&sqi_type_double, &sqi_type_int, true));
}
END_TEST

START_TEST(a_constant_is_cast_once_and_stays_one)
{
    column c;
    sqi_builder *b;
    sqi_vec out;
    begin(&c, &sqi_type_string, &b);
    sqi_builder_bytes(b, SQI_SPAN(" 42 "));
    built(&c, b, 1);
    c.v.mask = 0;
    c.chunk.n = 1000;
    ck_assert_ptr_null(run(&c, "CAST(v AS INT)", (sqi_rows){NULL, 1000}, &out));
    ck_assert_str_eq(expr_bench_text(&c.x, &out, 0), "42");
    ck_assert_str_eq(expr_bench_text(&c.x, &out, 999), "42");
    ck_assert_uint_eq(out.mask, 0);
    end(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        text_becomes_integers_only_when_it_is_one_whole,
        text_becomes_real_numbers_as_java_reads_them,
        text_becomes_booleans_by_a_short_list_of_words,
        text_becomes_dates_and_timestamps,
        numbers_of_a_column_narrow_or_say_that_they_cannot,
        decimals_are_rounded_half_up_or_do_not_fit,
        what_has_no_cast_says_what_to_do_instead,
        only_casts_that_can_fail_make_nulls_of_values,
        a_constant_is_cast_once_and_stays_one,
    };
    return sqi_test_main("expr_cast_column", tests, sizeof tests / sizeof *tests);
}
