/* Formats by name, and blocks in, whole records out. */
#include <string.h>

#include "io_format.h"
#include "io_rig.h"
#include "test_main.h"

static rig r;

START_TEST(formats_are_found_by_name_in_any_case)
{
    ck_assert_ptr_eq(sqi_format_find(SQI_SPAN("TEXT")), &sqi_format_text);
    ck_assert_ptr_null(sqi_format_find(SQI_SPAN("parquet")));
    for (size_t i = 0; sqi_format_at(i); i++)
        ck_assert_ptr_eq(sqi_format_find(sqi_span_of(sqi_format_at(i)->name)), sqi_format_at(i));
}
END_TEST

/* A format whose records are three bytes; `used` lies on request. */
static size_t lie;
static sqi_buf seen;

static streamq_status threes(const char *bytes, size_t len, bool last, size_t *used)
{
    *used = last ? len : len / 3 * 3;
    sqi_buf_put(&seen, bytes, *used);
    sqi_buf_byte(&seen, '|');
    *used += lie;
    return STREAMQ_OK;
}

static streamq_status open_it(sqi_decoder *d, streamq_error **err)
{
    return *(char *)d->state ? sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "state is not zeroed") : STREAMQ_OK;
}

static streamq_status take(sqi_decoder *d, const char *bytes, size_t len, bool last, size_t *used, sqi_source_emit emit,
                           void *context, streamq_error **err)
{
    (void)d;
    (void)emit;
    (void)context;
    (void)err;
    return threes(bytes, len, last, used);
}

static void close_it(sqi_decoder *d)
{
    (void)d;
}

static streamq_status infer_open(sqi_inference *f, streamq_error **err)
{
    (void)f;
    (void)err;
    return STREAMQ_OK;
}

static streamq_status infer_take(sqi_inference *f, const char *bytes, size_t len, bool last, size_t *used,
                                 streamq_error **err)
{
    (void)f;
    (void)err;
    return threes(bytes, len, last, used);
}

static void infer_close(sqi_inference *f)
{
    (void)f;
}

static const sqi_format_type three = {.name = "three",
                                      .decoder_size = 8,
                                      .open = open_it,
                                      .take = take,
                                      .close = close_it,
                                      .inference_size = 1,
                                      .infer_open = infer_open,
                                      .infer_take = infer_take,
                                      .infer_close = infer_close};

static streamq_status feed_all(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_io_env env = r.env;
    env.alloc = alloc;
    sqi_format_feed f;
    sqi_decoder *d;
    (void)context;
    sqi_buf_clear(&seen);
    SQI_TRY(sqi_decoder_new(&d, &three, &env, &r.options, &r.schema, err));
    sqi_format_feed_init(&f, alloc);
    streamq_status status = STREAMQ_OK;
    const char *blocks[] = {"a", "bcd", "", "efgh", "i"};
    for (size_t i = 0; i < 5 && status == STREAMQ_OK; i++) {
        char *to;
        status = sqi_format_feed_room(&f, strlen(blocks[i]), &to, err);
        if (status == STREAMQ_OK) {
            memcpy(to, blocks[i], strlen(blocks[i]));
            status = sqi_format_feed_decode(&f, strlen(blocks[i]), i == 4, d, NULL, NULL, err);
        }
    }
    sqi_format_feed_fini(&f);
    sqi_decoder_free(d);
    return status;
}

START_TEST(what_is_left_of_a_block_comes_again_before_the_next)
{
    rig_begin(&r);
    sqi_buf_init(&seen, &r.heap.alloc, 0);
    ck_assert_int_eq(feed_all(&r.heap.alloc, NULL, &r.err), STREAMQ_OK);
    ck_assert(sqi_span_equal(sqi_buf_view(&seen), SQI_SPAN("|abc||def|ghi|")));
    sqi_buf_fini(&seen);
    rig_end(&r);
}
END_TEST

START_TEST(inference_is_fed_the_same_way)
{
    rig_begin(&r);
    sqi_buf_init(&seen, &r.heap.alloc, 0);
    sqi_format_feed f;
    sqi_inference *i;
    char *to;
    ck_assert_int_eq(sqi_inference_new(&i, &three, &r.env, &r.options, &r.err), STREAMQ_OK);
    sqi_format_feed_init(&f, &r.heap.alloc);
    for (int k = 0; k < 2; k++) {
        ck_assert_int_eq(sqi_format_feed_room(&f, 4, &to, &r.err), STREAMQ_OK);
        memcpy(to, k ? "efgh" : "abcd", 4);
        ck_assert_int_eq(sqi_format_feed_infer(&f, 4, k, i, &r.err), STREAMQ_OK);
    }
    ck_assert(sqi_span_equal(sqi_buf_view(&seen), SQI_SPAN("abc|defgh|")));
    sqi_format_feed_fini(&f);
    sqi_inference_free(i);
    sqi_buf_fini(&seen);
    rig_end(&r);
}
END_TEST

START_TEST(a_format_that_takes_more_than_there_is_is_an_error)
{
    rig_begin(&r);
    sqi_buf_init(&seen, &r.heap.alloc, 0);
    lie = 1;
    rig_refused(&r, feed_all(&r.heap.alloc, NULL, &r.err), SQI_COND_INTERNAL_ERROR, "took 4 bytes of 3");
    lie = 0;
    sqi_buf_fini(&seen);
    rig_end(&r);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    sqi_alloc heap;
    rig_begin(&r);
    sqi_alloc_init(&heap);
    sqi_buf_init(&seen, &heap, 0);
    ck_assert_uint_ge(sqi_test_every_allocation(feed_all, NULL), 3);
    sqi_buf_fini(&seen);
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {formats_are_found_by_name_in_any_case,
                                  what_is_left_of_a_block_comes_again_before_the_next, inference_is_fed_the_same_way,
                                  a_format_that_takes_more_than_there_is_is_an_error, every_allocation_may_fail};
    return sqi_test_main("io_format", tests, sizeof tests / sizeof *tests);
}
