/*
 * test_base_bytes: what is written is read again, on any byte order; what is cut short or malformed is found, and nothing
 * is read past the end.
 */
#include "base_bytes.h"
#include "test_main.h"

static sqi_buf buf;

/* Every test is a process of its own. */
static void begin(void)
{
    static sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_buf_init(&buf, &alloc, 0);
}

START_TEST(numbers_come_back)
{
    begin();
    const uint64_t v[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX - 1, UINT64_MAX};
    for (size_t i = 0; i < sizeof v / sizeof *v; ++i) {
        ck_assert(sqi_bytes_put_varint(&buf, v[i]));
        ck_assert(sqi_bytes_put64(&buf, v[i]));
        ck_assert(sqi_bytes_put32(&buf, (uint32_t)v[i]));
    }
    sqi_bytes r = sqi_bytes_of(sqi_buf_view(&buf));
    for (size_t i = 0; i < sizeof v / sizeof *v; ++i) {
        ck_assert_uint_eq(sqi_bytes_get_varint(&r), v[i]);
        ck_assert_uint_eq(sqi_bytes_get64(&r), v[i]);
        ck_assert_uint_eq(sqi_bytes_get32(&r), (uint32_t)v[i]);
    }
    ck_assert(!r.bad && !sqi_bytes_left(&r));
    ck_assert_uint_eq(sqi_bytes_get8(&r), 0);
    ck_assert(r.bad);
    sqi_buf_fini(&buf);
}
END_TEST

START_TEST(the_lowest_byte_comes_first)
{
    begin();
    ck_assert(sqi_bytes_put32(&buf, 0x01020304));
    ck_assert_mem_eq(buf.ptr, "\4\3\2\1", 4);
    ck_assert(sqi_bytes_put64(&buf, UINT64_C(0x0102030405060708)));
    ck_assert_mem_eq(buf.ptr + 4, "\10\7\6\5\4\3\2\1", 8);
    sqi_buf_fini(&buf);
}
END_TEST

START_TEST(a_varint_is_the_shortest_and_of_64_bits)
{
    static const char *const wrong[] = {"\x80", "\x80\x00", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
                                        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"};
    static const size_t len[] = {1, 2, 10, 11};
    for (size_t i = 0; i < 4; ++i) {
        sqi_bytes r = sqi_bytes_of((sqi_span){wrong[i], len[i]});
        ck_assert_uint_eq(sqi_bytes_get_varint(&r), 0);
        ck_assert(r.bad);
    }
}
END_TEST

START_TEST(spans_and_blocks_end_where_they_say)
{
    begin();
    size_t at;
    ck_assert(sqi_bytes_put_span(&buf, SQI_SPAN("words")));
    ck_assert(sqi_bytes_begin(&buf, &at));
    ck_assert(sqi_bytes_put_span(&buf, SQI_SPAN("inside")));
    ck_assert(sqi_bytes_end(&buf, at));
    sqi_bytes r = sqi_bytes_of(sqi_buf_view(&buf));
    sqi_span s = sqi_bytes_get_span(&r);
    ck_assert(sqi_span_equal(s, SQI_SPAN("words")));
    sqi_bytes inside = sqi_bytes_of(sqi_bytes_get_block(&r));
    ck_assert(sqi_span_equal(sqi_bytes_get_span(&inside), SQI_SPAN("inside")));
    ck_assert(!r.bad && !sqi_bytes_left(&r) && !sqi_bytes_left(&inside));
    for (size_t cut = 0; cut < buf.len; ++cut) {
        r = sqi_bytes_of((sqi_span){buf.ptr, cut});
        (void)sqi_bytes_get_span(&r);
        (void)sqi_bytes_get_block(&r);
        ck_assert_msg(r.bad, "cut at %zu", cut);
    }
    sqi_buf_fini(&buf);
}
END_TEST

START_TEST(signed_numbers_near_zero_are_small)
{
    const int64_t v[] = {0, -1, 1, -2, INT64_MAX, INT64_MIN};
    for (uint64_t i = 0; i < 6; ++i) {
        ck_assert_int_eq(sqi_unzigzag(sqi_zigzag(v[i])), v[i]);
        if (i < 4)
            ck_assert_uint_eq(sqi_zigzag(v[i]), i);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {numbers_come_back, the_lowest_byte_comes_first,
                                  a_varint_is_the_shortest_and_of_64_bits, spans_and_blocks_end_where_they_say,
                                  signed_numbers_near_zero_are_small};
    return sqi_test_main("base_bytes", tests, sizeof tests / sizeof *tests);
}
