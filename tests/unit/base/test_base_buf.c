/* Growable bytes: failures stick, the ceiling holds, JSON strings are always valid. */
#include "base_buf.h"

#include <string.h>

#include "fail_alloc.h"
#include "test_main.h"

static sqi_fail_alloc heap;
static sqi_buf b;

static void begin(size_t ceiling)
{
    sqi_fail_alloc_init(&heap);
    sqi_buf_init(&b, &heap.alloc, ceiling);
}

static void end(void)
{
    sqi_buf_fini(&b);
    sqi_fail_alloc_assert_clean(&heap);
}

static void assert_holds(const char *text, size_t len)
{
    ck_assert_uint_eq(b.len, len);
    if (len)
        ck_assert_mem_eq(b.ptr, text, len);
}

START_TEST(appends_of_every_kind_add_up)
{
    begin(0);
    sqi_buf_put(&b, "a\0b", 3);
    sqi_buf_byte(&b, '-');
    sqi_buf_span(&b, SQI_SPAN("span"));
    sqi_buf_span(&b, (sqi_span){NULL, 0});
    sqi_buf_text(&b, " text ");
    sqi_buf_repeat(&b, '=', 3);
    sqi_buf_repeat(&b, '=', 0);
    ck_assert(sqi_buf_printf(&b, "%03d|%s", 7, "x"));
    assert_holds("a\0b-span text ===007|x", 22);
    ck_assert(!b.failed);
    end();
}
END_TEST

START_TEST(the_ceiling_holds_and_the_failure_sticks)
{
    begin(10);
    ck_assert(sqi_buf_text(&b, "12345678"));
    ck_assert(!sqi_buf_text(&b, "abc"));
    ck_assert(b.failed);
    ck_assert(!sqi_buf_byte(&b, 'd'));
    assert_holds("12345678", 8);
    size_t len, cap;
    ck_assert_ptr_null(sqi_buf_take(&b, &len, &cap));
    sqi_buf_clear(&b);
    ck_assert(sqi_buf_printf(&b, "%d", 1234567890));
    ck_assert(!sqi_buf_printf(&b, "%d", 1));
    assert_holds("1234567890", 10);
    end();
}
END_TEST

START_TEST(huge_requests_fail_without_overflow)
{
    begin(SIZE_MAX);
    sqi_buf_byte(&b, 'x');
    ck_assert(!sqi_buf_reserve(&b, SIZE_MAX));
    sqi_buf_clear(&b);
    ck_assert(!sqi_buf_reserve(&b, SIZE_MAX - 1));
    sqi_buf_clear(&b);
    ck_assert(sqi_buf_byte(&b, 'y'));
    assert_holds("y", 1);
    end();
}
END_TEST

START_TEST(take_hands_the_bytes_over_with_a_nul)
{
    begin(0);
    size_t len, cap;
    for (int i = 0; i < 64; i++) /* exactly the first capacity */
        sqi_buf_byte(&b, 'x');
    char *text = sqi_buf_take(&b, &len, &cap);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(len, 64);
    ck_assert_uint_eq(strlen(text), 64);
    ck_assert_uint_eq(b.len, 0);
    sqi_alloc_free(&heap.alloc, text, cap);
    text = sqi_buf_take(&b, &len, &cap);
    ck_assert_str_eq(text, "");
    sqi_alloc_free(&heap.alloc, text, cap);
    end();
}
END_TEST

START_TEST(json_escapes_what_json_must)
{
    begin(0);
    ck_assert(sqi_buf_json(&b, SQI_SPAN("a\"b\\c\n\t\r\b\f\x01\x1f/\x7f\xc3\xa9")));
    const char *expected = "\"a\\\"b\\\\c\\n\\t\\r\\b\\f\\u0001\\u001f/\x7f\xc3\xa9\"";
    assert_holds(expected, strlen(expected));
    end();
}
END_TEST

START_TEST(json_replaces_malformed_utf8)
{
    begin(0);
    ck_assert(sqi_buf_json(&b, SQI_SPAN("a\xff\xe2\x82z\xed\xa0\x80")));
    const char *expected = "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"";
    assert_holds(expected, strlen(expected));
    sqi_buf_clear(&b);
    ck_assert(sqi_buf_json(&b, (sqi_span){NULL, 0}));
    assert_holds("\"\"", 2);
    end();
}
END_TEST

START_TEST(json_that_does_not_fit_leaves_nothing_behind)
{
    begin(8);
    sqi_buf_byte(&b, ':');
    ck_assert(!sqi_buf_json(&b, SQI_SPAN("abcdefg")));
    ck_assert(b.failed);
    assert_holds(":", 1);
    end();
}
END_TEST

START_TEST(fini_is_valid_on_a_zeroed_buffer)
{
    sqi_buf zero = {0};
    sqi_buf_fini(&zero);
    ck_assert_ptr_null(zero.ptr);
}
END_TEST

static streamq_status fill(sqi_alloc *alloc, void *context, streamq_error **err)
{
    (void)context;
    sqi_buf buf;
    sqi_buf_init(&buf, alloc, 0);
    for (int i = 0; i < 50; i++) {
        sqi_buf_printf(&buf, "%d,", i);
        sqi_buf_json(&buf, SQI_SPAN("\"quoted\""));
        sqi_buf_repeat(&buf, ' ', 20);
    }
    size_t len, cap;
    char *text = sqi_buf_take(&buf, &len, &cap);
    sqi_buf_fini(&buf);
    if (!text)
        return sqi_error_nomem(err);
    sqi_alloc_free(alloc, text, cap);
    return STREAMQ_OK;
}

START_TEST(every_allocation_may_fail)
{
    ck_assert_uint_gt(sqi_test_every_allocation(fill, NULL), 3);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {appends_of_every_kind_add_up,
                                  the_ceiling_holds_and_the_failure_sticks,
                                  huge_requests_fail_without_overflow,
                                  take_hands_the_bytes_over_with_a_nul,
                                  json_escapes_what_json_must,
                                  json_replaces_malformed_utf8,
                                  json_that_does_not_fit_leaves_nothing_behind,
                                  fini_is_valid_on_a_zeroed_buffer,
                                  every_allocation_may_fail};
    return sqi_test_main("base_buf", tests, sizeof tests / sizeof *tests);
}
