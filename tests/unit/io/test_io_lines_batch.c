/* Whole texts as batches of lines. */
#include "io_lines_batch.h"

#include "data_cut.h"

#include <stdlib.h>

#include "io_rig.h"
#include "test_main.h"

static rig r;

static sqi_batch *lines(sqi_span text)
{
    rig_columns(&r, (const char *[]){"value"}, (const sqi_type *const[]){&sqi_type_string}, 1);
    sqi_batch *b = sqi_batch_new(&r.heap.alloc, &r.schema, &r.err);
    ck_assert_int_eq(sqi_lines_batch(b, text, &r.err), STREAMQ_OK);
    return b;
}

/* The values of a chunk, which may be lines. */
static const sqi_str *values(const sqi_chunk *chunk)
{
    static sqi_vec column;
    sqi_chunk cut = *chunk;
    if (chunk->lines.len)
        ck_assert_int_eq(sqi_lines_cut(&cut, &column, chunk, &r.arena, &r.err), STREAMQ_OK);
    return cut.col[0].data;
}

START_TEST(every_line_is_a_row_the_last_one_too)
{
    rig_begin(&r);
    sqi_batch *b = lines(SQI_SPAN("apache spark\r\n\na line of more than twelve bytes\rlast"));
    const char *wanted[] = {"apache spark", "", "a line of more than twelve bytes", "last"};
    ck_assert_uint_eq(b->rows, 4);
    for (uint32_t i = 0; i < 4; i++)
        ck_assert(sqi_span_equal(sqi_str_span(&values(&b->chunk[0])[i]), sqi_span_of(wanted[i])));
    sqi_batch_unref(b);
    rig_end(&r);
}
END_TEST

START_TEST(lines_that_end_in_lf_are_not_cut_and_the_others_follow_in_their_places)
{
    rig_begin(&r);
    sqi_batch *b = lines(SQI_SPAN("one\ntwo\nthree\r\nfour\rfive\n\nsix"));
    const char *wanted[] = {"one", "two", "three", "four", "five", "", "six"};
    size_t row = 0;
    ck_assert_uint_eq(b->rows, 7);
    ck_assert(sqi_span_equal(b->chunk[0].lines, SQI_SPAN("one\ntwo\n")));
    for (size_t c = 0; c < b->nchunk; c++)
        for (uint32_t i = 0; i < b->chunk[c].n; i++)
            ck_assert(sqi_span_equal(sqi_str_span(&values(&b->chunk[c])[i]), sqi_span_of(wanted[row++])));
    ck_assert_uint_eq(row, 7);
    sqi_batch_unref(b);
    rig_end(&r);
}
END_TEST

START_TEST(no_text_is_no_row)
{
    rig_begin(&r);
    sqi_batch *b = lines((sqi_span){"", 0});
    ck_assert_uint_eq(b->rows, 0);
    sqi_batch_unref(b);
    rig_end(&r);
}
END_TEST

START_TEST(many_lines_make_several_chunks)
{
    enum { MANY = 5000 };
    char *text = malloc(MANY * 2);
    for (size_t i = 0; i < MANY; i++) {
        text[2 * i] = (char)('a' + i % 26);
        text[2 * i + 1] = '\n';
    }
    rig_begin(&r);
    sqi_batch *b = lines((sqi_span){text, MANY * 2});
    free(text); /* the batch has its own copy */
    ck_assert_uint_eq(b->rows, MANY);
    ck_assert_uint_gt(b->nchunk, 1);
    size_t row = 0;
    for (size_t c = 0; c < b->nchunk; c++) {
        const sqi_str *line = values(&b->chunk[c]);
        ck_assert(b->chunk[c].lines.len != 0);
        for (uint32_t i = 0; i < b->chunk[c].n; i++, row++) {
            sqi_span s = sqi_str_span(&line[i]);
            ck_assert_uint_eq(s.len, 1);
            ck_assert_int_eq(s.ptr[0], (char)('a' + row % 26));
        }
    }
    ck_assert_uint_eq(row, MANY);
    sqi_batch_unref(b);
    rig_end(&r);
}
END_TEST

static void count_release(void *context)
{
    ++*(int *)context;
}

START_TEST(a_lent_text_is_not_copied_and_is_let_go_of_once)
{
    static const char text[] = "one\na line of more than twelve bytes\nlast";
    int released = 0;
    rig_begin(&r);
    rig_columns(&r, (const char *[]){"value"}, (const sqi_type *const[]){&sqi_type_string}, 1);
    sqi_batch *b = sqi_batch_new(&r.heap.alloc, &r.schema, &r.err);
    ck_assert_int_eq(sqi_lines_batch_lent(b, (sqi_span){text, sizeof text - 1}, count_release, &released, &r.err),
                     STREAMQ_OK);
    ck_assert_uint_eq(b->rows, 3);
    ck_assert_ptr_eq(sqi_str_ptr(&values(&b->chunk[0])[1]), text + 4);
    ck_assert_uint_eq(b->shared_bytes, sizeof text - 1);
    ck_assert_int_eq(released, 0);
    sqi_batch_unref(b);
    ck_assert_int_eq(released, 1);
    rig_end(&r);
}
END_TEST

static streamq_status lend(sqi_alloc *alloc, void *context, streamq_error **err)
{
    int released = 0;
    (void)context;
    sqi_batch *b = sqi_batch_new(alloc, &r.schema, err);
    if (!b)
        return STREAMQ_ERR_NOMEM;
    streamq_status status = sqi_lines_batch_lent(b, SQI_SPAN("a\nb\nc"), count_release, &released, err);
    sqi_batch_unref(b);
    ck_assert_int_eq(released, 1);
    return status;
}

static streamq_status make(sqi_alloc *alloc, void *context, streamq_error **err)
{
    (void)context;
    sqi_batch *b = sqi_batch_new(alloc, &r.schema, err);
    streamq_status status = b ? sqi_lines_batch(b, SQI_SPAN("a\nb\nc"), err) : STREAMQ_ERR_NOMEM;
    sqi_batch_unref(b);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    rig_begin(&r);
    sqi_batch_unref(lines(SQI_SPAN("x")));
    ck_assert_uint_gt(sqi_test_every_allocation(make, NULL), 2);
    ck_assert_uint_gt(sqi_test_every_allocation(lend, NULL), 2);
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_line_is_a_row_the_last_one_too,
                                  lines_that_end_in_lf_are_not_cut_and_the_others_follow_in_their_places,
                                  no_text_is_no_row,
                                  many_lines_make_several_chunks,
                                  a_lent_text_is_not_copied_and_is_let_go_of_once,
                                  every_allocation_may_fail};
    return sqi_test_main("io_lines_batch", tests, sizeof tests / sizeof *tests);
}
