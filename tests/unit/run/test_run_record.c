/* The body of a record: what is written is read again; what is malformed is found. */
#include "run_record.h"
#include "test_main.h"

static sqi_alloc alloc;
static sqi_buf buf;
static size_t flags_at;

static const sqi_offset somewhere = {.known = true, .number = {-7, INT64_MAX}, .nbytes = 3, .bytes = "abc"};
static const sqi_offset nowhere = {.known = false};

static void write_one(void)
{
    size_t at;
    sqi_record_head head = {.timestamp_micros = -5, .watermark_ms = INT64_MIN, .flags = 0x80};
    sqi_alloc_init(&alloc);
    sqi_buf_init(&buf, &alloc, 0);
    ck_assert(sqi_record_put_head(&buf, &head, &flags_at));
    ck_assert(sqi_record_put_range(&buf, 3, &nowhere, &somewhere));
    ck_assert(sqi_record_begin(&buf, SQI_RECORD_OPERATOR_CHANGES, 300, &at));
    ck_assert(sqi_buf_text(&buf, "rows"));
    ck_assert(sqi_record_end(&buf, at));
}

START_TEST(what_is_written_is_read)
{
    write_one();
    sqi_record_flag(&buf, flags_at, SQI_RECORD_PASS_BEGINS);
    sqi_record_flag(&buf, flags_at, SQI_RECORD_PASS_ENDS);
    sqi_bytes from = sqi_bytes_of(sqi_buf_view(&buf));
    sqi_record_head head;
    sqi_record_item item;
    ck_assert(sqi_record_get_head(&from, &head));
    ck_assert(head.timestamp_micros == -5 && head.watermark_ms == INT64_MIN && head.flags == 3);
    ck_assert(sqi_record_next(&from, &item));
    ck_assert(item.kind == SQI_RECORD_RANGE && item.index == 3);
    sqi_offset start, end;
    ck_assert(sqi_record_get_range(item.block, &start, &end));
    ck_assert(sqi_offset_equal(&start, &nowhere) && sqi_offset_equal(&end, &somewhere));
    ck_assert(sqi_record_next(&from, &item));
    ck_assert(item.kind == SQI_RECORD_OPERATOR_CHANGES && item.index == 300);
    ck_assert(sqi_span_equal(item.block, SQI_SPAN("rows")));
    ck_assert(!sqi_record_next(&from, &item) && !from.bad);
    sqi_buf_fini(&buf);
}
END_TEST

START_TEST(a_body_cut_anywhere_is_malformed_or_shorter)
{
    write_one();
    for (size_t cut = 0; cut < buf.len; ++cut) {
        sqi_bytes from = sqi_bytes_of((sqi_span){buf.ptr, cut});
        sqi_record_head head;
        sqi_record_item item;
        size_t items = 0;
        if (!sqi_record_get_head(&from, &head))
            continue;
        while (sqi_record_next(&from, &item))
            ++items;
        ck_assert_msg(from.bad || items < 2, "cut at %zu", cut);
    }
    sqi_buf_fini(&buf);
}
END_TEST

START_TEST(unknown_items_are_refused_below_128_and_passed_over_above)
{
    static const struct {
        char kind;
        bool fine;
    } row[] = {{0, false}, {SQI_RECORD_KINDS_, false}, {127, false}, {(char)128, true}, {(char)255, true}};
    for (size_t i = 0; i < sizeof row / sizeof *row; ++i) {
        const char bytes[] = {row[i].kind, 0, 0, 0, 0, 0};
        sqi_bytes from = sqi_bytes_of((sqi_span){bytes, sizeof bytes});
        sqi_record_item item;
        ck_assert_int_eq(sqi_record_next(&from, &item), row[i].fine);
        ck_assert_int_eq(from.bad, !row[i].fine);
    }
}
END_TEST

START_TEST(an_offset_has_at_most_256_bytes)
{
    sqi_offset start, end;
    char bytes[600] = {0, 1, 0, 0, (char)0x81, 2}; /* unknown; known, 0, 0, a span of 257 bytes */
    ck_assert(!sqi_record_get_range((sqi_span){bytes, 6 + 257}, &start, &end));
    bytes[4] = (char)0x80;
    ck_assert(sqi_record_get_range((sqi_span){bytes, 6 + 256}, &start, &end));
    ck_assert(!sqi_record_get_range((sqi_span){bytes, 6 + 257}, &start, &end)); /* a byte is left over */
    bytes[1] = 2;
    ck_assert(!sqi_record_get_range((sqi_span){bytes, 6 + 256}, &start, &end));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_is_written_is_read, a_body_cut_anywhere_is_malformed_or_shorter,
                                  unknown_items_are_refused_below_128_and_passed_over_above,
                                  an_offset_has_at_most_256_bytes};
    return sqi_test_main("run_record", tests, sizeof tests / sizeof *tests);
}
