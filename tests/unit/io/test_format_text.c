/* Text files as rows and back; what is expected was asked of Spark 4.3. */
#include <string.h>

#include "data_cut.h"
#include "feed_blocks.h"
#include "io_rig.h"
#include "test_main.h"

static rig r;
static size_t as_lines; /* chunks that came as lines */

static streamq_status take(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    sqi_chunk cut = *chunk;
    sqi_vec column;
    (void)context;
    as_lines += chunk->lines.len > 0;
    ck_assert_uint_le(chunk->n, r.env.chunk_rows);
    if (chunk->lines.len)
        SQI_TRY(sqi_lines_cut(&cut, &column, chunk, &r.arena, err));
    for (SQI_EACH(cut.rows, k, i)) {
        sqi_buf_span(&r.rows, sqi_str_span(&SQI_AT(&cut.col[0], sqi_str, i)));
        sqi_buf_byte(&r.rows, '|');
    }
    return STREAMQ_OK;
}

static void begin(void)
{
    rig_begin(&r);
    rig_columns(&r, (const char *[]){"value"}, (const sqi_type *const[]){&sqi_type_string}, 1);
}

/* The rows of a file that comes in blocks, each followed by '|'. */
static sqi_span rows_of(sqi_span file, size_t block)
{
    sqi_decoder *d;
    sqi_buf_clear(&r.rows);
    ck_assert_int_eq(sqi_decoder_new(&d, &sqi_format_text, &r.env, &r.options, &r.schema, &r.err), STREAMQ_OK);
    ck_assert_int_eq(feed_decode(d, file, block, take, NULL, &r.err), STREAMQ_OK);
    sqi_decoder_free(d);
    return sqi_buf_view(&r.rows);
}

/* However the file is cut into blocks. */
static void expect(sqi_span file, sqi_span rows)
{
    for (size_t block = 1; block <= file.len + 1; block++) {
        sqi_span got = rows_of(file, block);
        ck_assert_msg(sqi_span_equal(got, rows), "blocks of %zu: '%.*s'", block, (int)got.len, got.ptr);
    }
}

START_TEST(lines_end_at_lf_cr_and_cr_lf)
{
    begin();
    expect(SQI_SPAN("a\r\nb\rc\n\nd\r"), SQI_SPAN("a|b|c||d|"));
    expect(SQI_SPAN("one\ntwo\nand the last"), SQI_SPAN("one|two|and the last|"));
    expect(SQI_SPAN("\n"), SQI_SPAN("|"));
    expect(SQI_SPAN(""), SQI_SPAN(""));
    rig_end(&r);
}
END_TEST

START_TEST(a_byte_order_mark_is_left_out_once)
{
    begin();
    expect(SQI_SPAN("\xef\xbb\xbf"
                    "a\nb"),
           SQI_SPAN("a|b|"));
    expect(SQI_SPAN("\xef\xbb\xbf\xef\xbb\xbf\n"), SQI_SPAN("\xef\xbb\xbf|"));
    expect(SQI_SPAN("\xef\xbb"), SQI_SPAN("\xef\xbb|"));
    rig_option(&r, "lineSep", ";");
    expect(SQI_SPAN("\xef\xbb\xbf"
                    "a;b"),
           SQI_SPAN("a|b|"));
    rig_end(&r);
}
END_TEST

START_TEST(bytes_stay_what_they_are)
{
    begin();
    expect(SQI_SPAN("a\xff\xfe"
                    "b\n\xe4\xb8\n"),
           SQI_SPAN("a\xff\xfe"
                    "b|\xe4\xb8|"));
    expect(SQI_SPAN("a\0b\n\0"), SQI_SPAN("a\0b|\0|"));
    rig_end(&r);
}
END_TEST

START_TEST(a_separator_of_ones_own_is_the_only_one)
{
    begin();
    rig_option(&r, "lineSep", "||");
    expect(SQI_SPAN("a||b|||c||"), SQI_SPAN("a|b||c|"));
    rig_option(&r, "lineSep", "\r\n");
    expect(SQI_SPAN("a\r\nb\nc\r\n"), SQI_SPAN("a|b\nc|"));
    rig_option(&r, "lineSep", ";");
    expect(SQI_SPAN("a\r\nb;c\n;"), SQI_SPAN("a\r\nb|c\n|"));
    rig_end(&r);
}
END_TEST

START_TEST(a_separator_is_encoded_as_the_file_is)
{
    begin();
    rig_option(&r, "lineSep", "\n");
    rig_option(&r, "encoding", "UTF-16LE");
    expect(SQI_SPAN("a\0\n\0b\0\n\0"), SQI_SPAN("a\0|b\0|"));
    rig_option(&r, "encoding", "utf-16be");
    expect(SQI_SPAN("\0a\0\n\0b"), SQI_SPAN("\0a|\0b|"));
    rig_option(&r, "encoding", "ISO-8859-1");
    rig_option(&r, "lineSep", "\xc3\xa4");
    expect(SQI_SPAN("a\xe4"
                    "b"),
           SQI_SPAN("a|b|"));
    rig_end(&r);
}
END_TEST

START_TEST(a_whole_file_is_one_row_and_an_empty_one_none)
{
    begin();
    rig_option(&r, "wholetext", "true");
    expect(SQI_SPAN("\xef\xbb\xbf"
                    "a\nb"),
           SQI_SPAN("\xef\xbb\xbf"
                    "a\nb|"));
    expect(SQI_SPAN(""), SQI_SPAN(""));
    rig_end(&r);
}
END_TEST

START_TEST(lines_that_end_in_lf_leave_as_they_stand)
{
    begin();
    r.env.chunk_rows = 2;
    as_lines = 0;
    sqi_span got = rows_of(SQI_SPAN("1\n2\n3\n4\n5"), 100);
    ck_assert(sqi_span_equal(got, SQI_SPAN("1|2|3|4|5|")));
    ck_assert_uint_eq(as_lines, 2);
    rig_end(&r);
}
END_TEST

static void refused(sqi_cond cond, const char *text)
{
    sqi_decoder *d;
    rig_refused(&r, sqi_decoder_new(&d, &sqi_format_text, &r.env, &r.options, &r.schema, &r.err), cond, text);
}

START_TEST(what_does_not_fit_is_refused)
{
    begin();
    rig_option(&r, "lineSep", "");
    refused(SQI_COND_INVALID_OPTION_VALUE, "empty");
    rig_option(&r, "lineSep", "0123456789012345678901234567890123456789012345678901234567890123456789");
    refused(SQI_COND_INVALID_OPTION_VALUE, "too long");
    rig_option(&r, "lineSep", "\n");
    rig_option(&r, "encoding", "EBCDIC");
    refused(SQI_COND_INVALID_OPTION_VALUE, "EBCDIC");
    rig_option(&r, "encoding", "UTF-8");
    rig_columns(&r, (const char *[]){"x"}, (const sqi_type *const[]){&sqi_type_int}, 1);
    refused(SQI_COND_UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE, "`x`");
    rig_columns(&r, (const char *[]){"x", "y"}, (const sqi_type *const[]){&sqi_type_string, &sqi_type_string}, 2);
    refused(SQI_COND_INVALID_ARGUMENT, "you have 2 columns");
    rig_end(&r);
}
END_TEST

static const char *written(const sqi_chunk *chunk)
{
    sqi_encoder *e;
    sqi_buf_clear(&r.rows);
    ck_assert_int_eq(sqi_encoder_new(&e, &sqi_format_text, &r.env, &r.options, &r.schema, &r.err), STREAMQ_OK);
    ck_assert_int_eq(e->type->encoder_begin(e, &r.rows, &r.err), STREAMQ_OK);
    ck_assert_int_eq(e->type->encode(e, chunk, &r.rows, &r.err), STREAMQ_OK);
    ck_assert_int_eq(e->type->encoder_end(e, &r.rows, &r.err), STREAMQ_OK);
    sqi_encoder_free(e);
    ck_assert(sqi_buf_byte(&r.rows, '\0'));
    return r.rows.ptr;
}

START_TEST(rows_are_written_as_lines_and_a_null_as_an_empty_one)
{
    begin();
    sqi_chunk chunk = rig_strings(&r, (const char *[]){"first", NULL, "a line of more than twelve bytes"}, 3);
    ck_assert_str_eq(written(&chunk), "first\n\na line of more than twelve bytes\n");
    rig_option(&r, "lineSep", ";");
    ck_assert_str_eq(written(&chunk), "first;;a line of more than twelve bytes;");
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lines_end_at_lf_cr_and_cr_lf,
                                  a_byte_order_mark_is_left_out_once,
                                  bytes_stay_what_they_are,
                                  a_separator_of_ones_own_is_the_only_one,
                                  a_separator_is_encoded_as_the_file_is,
                                  a_whole_file_is_one_row_and_an_empty_one_none,
                                  lines_that_end_in_lf_leave_as_they_stand,
                                  what_does_not_fit_is_refused,
                                  rows_are_written_as_lines_and_a_null_as_an_empty_one};
    return sqi_test_main("format_text", tests, sizeof tests / sizeof *tests);
}
