/* Time zone files built by hand, cut short at every byte, and spoilt at random. */
#include "data_zone.h"
#include "test_main.h"

#include <string.h>

typedef struct file {
    uint8_t bytes[1024];
    size_t len;
} file;

static void put(file *f, uint64_t v, size_t width)
{
    for (size_t i = width; i-- > 0;)
        f->bytes[f->len++] = (uint8_t)(v >> (8 * i));
}

static void put_text(file *f, const char *text, size_t n)
{
    memcpy(f->bytes + f->len, text, n);
    f->len += n;
}

static void put_header(file *f, char version, uint32_t times, uint32_t types, uint32_t chars)
{
    put_text(f, "TZif", 4);
    put(f, (uint64_t)version, 1);
    for (int i = 0; i < 15; i++)
        put(f, 0, 1);
    put(f, 0, 4); /* isut, isstd, leap */
    put(f, 0, 4);
    put(f, 0, 4);
    put(f, times, 4);
    put(f, types, 4);
    put(f, chars, 4);
}

static void put_type(file *f, int32_t offset, uint8_t summer, uint8_t name)
{
    put(f, (uint32_t)offset, 4);
    put(f, summer, 1);
    put(f, name, 1);
}

/* LMT +00:10 up to 1900, then +01:00 with a summer time of the year 2000 and a footer. */
static file build(const char *footer)
{
    file f = {.len = 0};
    put_header(&f, '2', 0, 1, 1);
    put_type(&f, 0, 0, 0);
    put(&f, 0, 1);
    put_header(&f, '2', 3, 3, 13);
    put(&f, (uint64_t)INT64_C(-2208988800), 8);
    put(&f, 954637200, 8);
    put(&f, 972781200, 8);
    put_text(&f, "\1\2\1", 3);
    put_type(&f, 600, 0, 0);
    put_type(&f, 3600, 0, 4);
    put_type(&f, 7200, 1, 8);
    put_text(&f, "LMT\0CET\0CEST\0", 13);
    put_text(&f, "\n", 1);
    put_text(&f, footer, strlen(footer));
    put_text(&f, "\n", 1);
    return f;
}

static sqi_zone *parse(sqi_alloc *alloc, const file *f)
{
    bool nomem;
    sqi_zone *z = sqi_zone_file_parse(alloc, SQI_SPAN("Test/Zone"), f->bytes, f->len, &nomem);
    ck_assert(!nomem);
    return z;
}

START_TEST(a_file_becomes_a_zone)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    file f = build("CET-1");
    sqi_zone *z = parse(&alloc, &f);
    ck_assert_ptr_nonnull(z);
    ck_assert(sqi_span_equal(sqi_zone_name(z), SQI_SPAN("Test/Zone")));
    ck_assert_uint_eq(z->n, 3);
    int64_t m = 1000000;
    ck_assert_int_eq(sqi_zone_to_local(z, INT64_C(-2208988801) * m), INT64_C(-2208988201) * m);
    ck_assert_int_eq(sqi_zone_to_local(z, INT64_C(-2208988800) * m), INT64_C(-2208985200) * m);
    ck_assert_int_eq(sqi_zone_to_local(z, 954637199 * m), 954640799 * m);
    ck_assert_int_eq(sqi_zone_to_local(z, 954637200 * m), 954644400 * m);
    ck_assert_int_eq(sqi_zone_to_local(z, 972781200 * m), 972784800 * m);
    ck_assert_int_eq(sqi_zone_to_local(z, INT64_C(9999999999) * m), INT64_C(10000003599) * m);
    ck_assert(sqi_span_equal(sqi_zone_abbreviation(z, INT64_C(-3000000000)), SQI_SPAN("LMT")));
    ck_assert(sqi_span_equal(sqi_zone_abbreviation(z, 954637200), SQI_SPAN("CEST")));
    ck_assert(sqi_span_equal(sqi_zone_abbreviation(z, INT64_C(9999999999)), SQI_SPAN("CET")));
    sqi_alloc_free(&alloc, z, z->size);
    ck_assert_uint_eq(alloc.used, 0);
}
END_TEST

START_TEST(the_footer_rules_after_the_table)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    file f = build("CET-1CEST,M3.5.0,M10.5.0/3");
    sqi_zone *z = parse(&alloc, &f);
    ck_assert_ptr_nonnull(z);
    ck_assert(z->has_rule);
    for (int year = 2001; year < 2400; year += 7) { /* written out to 2100, then by the rule itself */
        int64_t july = INT64_C(86400) * sqi_time_days(year, 7, 1), january = INT64_C(86400) * sqi_time_days(year, 1, 1);
        ck_assert_int_eq(sqi_zone_to_local(z, july * 1000000), (july + 7200) * 1000000);
        ck_assert_int_eq(sqi_zone_to_local(z, january * 1000000), (january + 3600) * 1000000);
        ck_assert_int_eq(sqi_zone_to_utc(z, (july + 7200) * 1000000), july * 1000000);
        ck_assert(sqi_span_equal(sqi_zone_abbreviation(z, july), SQI_SPAN("CEST")));
        ck_assert(sqi_span_equal(sqi_zone_abbreviation(z, january), SQI_SPAN("CET")));
    }
    sqi_alloc_free(&alloc, z, z->size);
}
END_TEST

START_TEST(a_file_cut_short_anywhere_is_refused)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    file whole = build("CET-1CEST,M3.5.0,M10.5.0/3");
    for (size_t n = 0; n < whole.len; n++) {
        file f = whole;
        f.len = n;
        ck_assert_msg(!parse(&alloc, &f), "%zu of %zu bytes", n, whole.len);
    }
    ck_assert_uint_eq(alloc.used, 0);
}
END_TEST

START_TEST(what_a_file_must_not_say_is_refused)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    file good = build("CET-1"), f = good;
    size_t second = 44 + 6 + 1, data = second + 44; /* the 64-bit block */
    f.bytes[0] = 'X';
    ck_assert_ptr_null(parse(&alloc, &f));
    f = good;
    f.bytes[4] = '\0'; /* version 1 has no 64-bit block */
    ck_assert_ptr_null(parse(&alloc, &f));
    f = good;
    memset(f.bytes + second + 32, 0xff, 4); /* times */
    ck_assert_ptr_null(parse(&alloc, &f));
    f = good;
    memset(f.bytes + second + 36, 0, 4); /* no types */
    ck_assert_ptr_null(parse(&alloc, &f));
    f = good;
    f.bytes[data + 24] = 3; /* a type that is not there */
    ck_assert_ptr_null(parse(&alloc, &f));
    f = good;
    f.bytes[data] = 0x7f; /* times that do not ascend */
    ck_assert_ptr_null(parse(&alloc, &f));
    f = good;
    f.bytes[data + 27] = 0x40; /* an offset of years */
    ck_assert_ptr_null(parse(&alloc, &f));
    f = build("CET");
    ck_assert_ptr_null(parse(&alloc, &f));
    ck_assert_uint_eq(alloc.used, 0);
}
END_TEST

START_TEST(spoilt_files_do_no_harm)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    uint32_t state = 1;
    for (int round = 0; round < 20000; round++) {
        file f = build("CET-1CEST,M3.5.0,M10.5.0/3");
        for (int k = 0; k < 3; k++) {
            state = state * 1664525 + 1013904223;
            f.bytes[(state >> 8) % f.len] = (uint8_t)(state >> 24);
        }
        bool nomem;
        sqi_zone *z = sqi_zone_file_parse(&alloc, SQI_SPAN("Test/Zone"), f.bytes, f.len, &nomem);
        if (!z)
            continue;
        for (int64_t at = INT64_MIN / 2; at < INT64_MAX / 2; at += INT64_MAX / 16) {
            (void)sqi_zone_to_local(z, at);
            (void)sqi_zone_to_utc(z, at);
            (void)sqi_zone_abbreviation(z, at / 1000000);
        }
        sqi_alloc_free(&alloc, z, z->size);
    }
    ck_assert_uint_eq(alloc.used, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_file_becomes_a_zone,
        the_footer_rules_after_the_table,
        a_file_cut_short_anywhere_is_refused,
        what_a_file_must_not_say_is_refused,
        spoilt_files_do_no_harm,
    };
    return sqi_test_main("data_zone_file", tests, sizeof tests / sizeof *tests);
}
