/* Reading a stream of somebody else's: to its end, and through its failures. */
#include "data_arrow.h"
#include "data_bench.h"
#include "data_order.h"
#include "fail_alloc.h"
#include "random_vec.h"

#include <errno.h>

enum { N = 50, CHUNKS = 3 };

static sqi_vec column;

static struct ArrowSchema made_by_stream; /* of the test's producer */

static struct ArrowArrayStream stream_of(sqi_alloc *a, sqi_schema *schema)
{
    static sqi_field field;
    sqi_random r = {1};
    sqi_random_vec(&r, &column, sqi_every_type(pool, 24), N, true, &arena);
    field = (sqi_field){SQI_SPAN("x"), column.type, true};
    *schema = (sqi_schema){1, &field};
    sqi_chunk chunk = {.n = N, .ncol = 1, .rows = {NULL, N}, .col = &column};
    sqi_batch *b = sqi_batch_new(a, schema, NULL);
    for (int i = 0; i < CHUNKS; i++)
        ck_assert_int_eq(sqi_batch_append(b, &chunk, NULL), STREAMQ_OK);
    struct ArrowArrayStream stream;
    ck_assert_int_eq(sqi_arrow_export_stream(b, &stream, NULL), STREAMQ_OK);
    sqi_batch_unref(b);
    return stream;
}

START_TEST(every_array_of_a_stream_is_read_to_its_end)
{
    setup();
    sqi_schema want, told;
    sqi_arrow_reader reader;
    sqi_batch *b;
    struct ArrowArrayStream stream = stream_of(&alloc, &want);
    ck_assert_int_eq(sqi_arrow_reader_open(&reader, &stream, NULL), STREAMQ_OK);
    ck_assert_ptr_null(stream.release);
    ck_assert_int_eq(sqi_arrow_import_schema(&reader.schema, pool, &arena, &told, NULL), STREAMQ_OK);
    ck_assert_ptr_eq(told.field[0].type, column.type);
    for (int i = 0; i < CHUNKS; i++) {
        ck_assert_int_eq(sqi_arrow_reader_next(&reader, &alloc, pool, &want, &b, NULL), STREAMQ_OK);
        for (uint32_t k = 0; k < N; k++)
            ck_assert(sqi_order_equal(&b->chunk[0].col[0], k, &column, k));
        sqi_batch_unref(b);
    }
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(sqi_arrow_reader_next(&reader, &alloc, pool, &want, &b, NULL), STREAMQ_OK);
        ck_assert_ptr_null(b);
    }
    sqi_arrow_reader_close(&reader);
    sqi_arrow_reader_close(&reader);
    teardown();
}
END_TEST

static int released;
static void let_go(struct ArrowArrayStream *stream)
{
    released++;
    stream->release = NULL;
}
static int no_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    (void)stream;
    memset(out, 0xee, sizeof *out); /* rubbish that must not be released */
    return EIO;
}
static int no_array(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    (void)stream;
    memset(out, 0xee, sizeof *out);
    return EINVAL;
}
static const char *words(struct ArrowArrayStream *stream)
{
    (void)stream;
    return "the cable is out";
}
static int released_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    (void)stream;
    *out = made_by_stream;
    return 0;
}

static void fails(struct ArrowArrayStream stream, sqi_cond cond, const char *text)
{
    sqi_arrow_reader reader;
    streamq_error *err = NULL;
    released = 0;
    bool open = stream.release != NULL;
    ck_assert_int_ne(sqi_arrow_reader_open(&reader, &stream, &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_error_cond(err), cond);
    ck_assert_ptr_nonnull(strstr(sqi_error_text(err), text));
    ck_assert_ptr_null(stream.release);
    ck_assert_int_eq(released, open);
    sqi_error_free(err);
}

START_TEST(a_stream_that_fails_to_open_is_released)
{
    struct ArrowArrayStream stream = {no_schema, no_array, words, let_go, NULL};
    fails(stream, SQI_COND_USER_CALLBACK_FAILED, "get_schema of the Arrow stream gave error 5: the cable is out");
    stream.get_last_error = NULL;
    fails(stream, SQI_COND_USER_CALLBACK_FAILED, "no text");
    stream.get_schema = released_schema;
    fails(stream, SQI_COND_INVALID_ARGUMENT, "released schema");
    stream.get_next = NULL;
    fails(stream, SQI_COND_INVALID_ARGUMENT, "lacks a callback");
    stream.release = NULL;
    fails(stream, SQI_COND_INVALID_ARGUMENT, "has been released");
}
END_TEST

START_TEST(a_failed_array_is_reported_and_left_alone)
{
    setup();
    sqi_schema want;
    sqi_arrow_reader reader;
    sqi_batch *b;
    streamq_error *err = NULL;
    struct ArrowArrayStream stream = stream_of(&alloc, &want);
    ck_assert_int_eq(sqi_arrow_reader_open(&reader, &stream, NULL), STREAMQ_OK);
    reader.stream.get_next = no_array;
    reader.stream.get_last_error = words;
    ck_assert_int_eq(sqi_arrow_reader_next(&reader, &alloc, pool, &want, &b, &err), STREAMQ_ERR_USER);
    ck_assert_ptr_nonnull(strstr(sqi_error_text(err), "get_next of the Arrow stream gave error 22: the cable is out"));
    ck_assert_ptr_null(b);
    sqi_error_free(err);
    sqi_arrow_reader_close(&reader);
    teardown();
}
END_TEST

START_TEST(an_array_that_does_not_fit_is_released)
{
    setup();
    sqi_schema want;
    sqi_arrow_reader reader;
    sqi_batch *b;
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    struct ArrowArrayStream stream = stream_of(&f.alloc, &want);
    sqi_field other = {SQI_SPAN("x"), &sqi_type_date, true};
    ck_assert_int_eq(sqi_arrow_reader_open(&reader, &stream, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_arrow_reader_next(&reader, &alloc, pool, &(sqi_schema){1, &other}, &b, NULL),
                     STREAMQ_ERR_ANALYSIS);
    sqi_arrow_reader_close(&reader);
    sqi_fail_alloc_assert_clean(&f);
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_array_of_a_stream_is_read_to_its_end, a_stream_that_fails_to_open_is_released,
                                  a_failed_array_is_reported_and_left_alone, an_array_that_does_not_fit_is_released};
    return sqi_test_main("data_arrow_reader", tests, sizeof tests / sizeof *tests);
}
