/* Tables as Spark 4.3 shows them; expected texts were taken from showString. */
#include "io_table.h"

#include <stdlib.h>

#include "io_rig.h"
#include "test_main.h"

static rig r;

static void columns(const char *a, const char *b)
{
    rig_columns(&r, (const char *[]){a, b}, (const sqi_type *const[]){&sqi_type_string, &sqi_type_bigint}, b ? 2 : 1);
}

/* The table of these chunks, in the rig's arena. */
static const char *show_chunks(const sqi_chunk *chunks, size_t n, int64_t rows, uint32_t truncate)
{
    sqi_io_table t;
    sqi_buf out;
    sqi_io_table_init(&t, &r.heap.alloc, &r.schema, r.env.zone, rows, truncate);
    sqi_buf_init(&out, &r.heap.alloc, 0);
    for (size_t i = 0; i < n; i++)
        ck_assert_int_eq(sqi_io_table_add(&t, &chunks[i], NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_io_table_print(&t, &out, NULL), STREAMQ_OK);
    const char *text = sqi_arena_text(&r.arena, out.ptr, out.len);
    sqi_buf_fini(&out);
    sqi_io_table_fini(&t);
    return text;
}

static const char *show(const char *const *values, uint32_t n, int64_t rows, uint32_t truncate)
{
    sqi_chunk chunk = rig_strings(&r, values, n);
    return show_chunks(&chunk, 1, rows, truncate);
}

static const char *show_one(const char *value, uint32_t truncate)
{
    return show(&value, 1, 20, truncate);
}

START_TEST(cells_are_right_aligned_when_cut_and_left_aligned_when_whole)
{
    rig_begin(&r);
    columns("word", "count");
    sqi_chunk chunk = rig_beside(&r, rig_strings(&r, (const char *[]){"", "#averyveryverylongword", NULL}, 3),
                                 rig_numbers(&r, (int64_t[]){1, 3, 2}, 3));
    ck_assert_str_eq(show_chunks(&chunk, 1, 20, 20), "+--------------------+-----+\n"
                                                     "|                word|count|\n"
                                                     "+--------------------+-----+\n"
                                                     "|                    |    1|\n"
                                                     "|#averyveryverylon...|    3|\n"
                                                     "|                NULL|    2|\n"
                                                     "+--------------------+-----+\n");
    ck_assert_str_eq(show_chunks(&chunk, 1, 20, 0), "+----------------------+-----+\n"
                                                    "|word                  |count|\n"
                                                    "+----------------------+-----+\n"
                                                    "|                      |1    |\n"
                                                    "|#averyveryverylongword|3    |\n"
                                                    "|NULL                  |2    |\n"
                                                    "+----------------------+-----+\n");
    rig_end(&r);
}
END_TEST

START_TEST(no_rows_print_a_header)
{
    rig_begin(&r);
    columns("a", NULL);
    ck_assert_str_eq(show(NULL, 0, 20, 20), "+---+\n|  a|\n+---+\n+---+\n");
    rig_end(&r);
}
END_TEST

START_TEST(no_columns_print_bars)
{
    rig_begin(&r);
    rig_columns(&r, NULL, NULL, 0);
    sqi_chunk chunk = {.n = 3, .rows = {NULL, 3}};
    ck_assert_str_eq(show_chunks(&chunk, 1, 20, 20), "++\n||\n++\n||\n||\n||\n++\n");
    rig_end(&r);
}
END_TEST

START_TEST(more_rows_than_shown_are_mentioned)
{
    const char *values[] = {"abcdef", "b", "c"};
    rig_begin(&r);
    columns("t", NULL);
    ck_assert_str_eq(show(values, 3, 1, 20),
                     "+------+\n|     t|\n+------+\n|abcdef|\n+------+\nonly showing top 1 row");
    ck_assert_str_eq(show(values + 1, 2, 0, 0), "+---+\n|t  |\n+---+\n+---+\nonly showing top 0 rows");
    ck_assert_str_eq(show(values + 1, 2, -7, 0), "+---+\n|t  |\n+---+\n+---+\nonly showing top 0 rows");
    ck_assert_str_eq(show(values + 1, 2, 2, 20), "+---+\n|  t|\n+---+\n|  b|\n|  c|\n+---+\n");
    rig_end(&r);
}
END_TEST

START_TEST(the_bound_holds_over_chunks_and_selections)
{
    rig_begin(&r);
    columns("t", NULL);
    sqi_chunk a = rig_strings(&r, (const char *[]){"a", "b", "c", "d"}, 4);
    a.rows = (sqi_rows){(uint32_t[]){1, 3}, 2};
    sqi_chunk chunks[] = {a, a, a};
    ck_assert_str_eq(show_chunks(chunks, 3, 3, 20), "+---+\n|  t|\n+---+\n|  b|\n|  d|\n|  b|\n+---+\n"
                                                    "only showing top 3 rows");
    rig_end(&r);
}
END_TEST

START_TEST(control_characters_are_escaped_in_cells_and_names)
{
    rig_begin(&r);
    columns("a\nb\xe6\x9d\xb1", NULL);
    ck_assert_str_eq(show_one("\b|\f|\x0b|\x07|\x1b|\x7f|\t|\r|\n|\\n", 0),
                     "+---------------------------+\n"
                     "|a\\nb\xe6\x9d\xb1                     |\n"
                     "+---------------------------+\n"
                     "|\\b|\\f|\\v|\\a|\x1b|\x7f|\\t|\\r|\\n|\\n|\n"
                     "+---------------------------+\n");
    rig_end(&r);
}
END_TEST

START_TEST(cells_are_cut_by_utf16_units_after_escapes)
{
    rig_begin(&r);
    columns("t", NULL);
    ck_assert_ptr_nonnull(strstr(show_one("aaaaaaaaaaaaaaaaa\n\n\n", 20), "|aaaaaaaaaaaaaaaaa...|"));
    ck_assert_ptr_nonnull(strstr(show_one("aaaaaaaaaaaaaaa\n\n\n\n", 20), "|aaaaaaaaaaaaaaa\\n...|"));
    ck_assert_ptr_nonnull(strstr(show_one("aaaaaaaaaaaaaaaa\n\n\n\n", 20), "|aaaaaaaaaaaaaaaa\\...|"));
    ck_assert_ptr_nonnull(strstr(show_one("abcdefghijklmnopq\xf0\x9f\x98\x80rs", 20), "|abcdefghijklmnopq...|"));
    /* half of a pair is what Java makes of it */
    ck_assert_ptr_nonnull(strstr(show_one("abcdefghijklmnop\xf0\x9f\x98\x80rstuv", 20), "|abcdefghijklmnop?...|"));
    ck_assert_ptr_nonnull(
        strstr(show_one("abcdefghijklmno\xf0\x9f\x98\x80rstuv", 20), "|abcdefghijklmno\xf0\x9f\x98\x80...|"));
    ck_assert_ptr_nonnull(strstr(show_one("abcdef", 3), "|abc|"));
    ck_assert_ptr_nonnull(strstr(show_one("abcdef", 2), "\n| ab|\n"));
    ck_assert_ptr_nonnull(strstr(show_one("abcdef", 4), "|a...|"));
    ck_assert_ptr_nonnull(strstr(show_one("abcd", 4), "|abcd|"));
    rig_end(&r);
}
END_TEST

START_TEST(wide_characters_take_two_columns)
{
    rig_begin(&r);
    columns("t", NULL);
    /* U+1100 115F 1160 2E7F 2E80 A4CF A4D0 AC00 D7A3 D7A4 F900 FAFF FB00: eight of them wide */
    ck_assert_str_eq(
        show_one("\xe1\x84\x80\xe1\x85\x9f\xe1\x85\xa0\xe2\xb9\xbf\xe2\xba\x80\xea\x93\x8f\xea\x93\x90\xea\xb0\x80"
                 "\xed\x9e\xa3\xed\x9e\xa4\xef\xa4\x80\xef\xab\xbf\xef\xac\x80",
                 20),
        "+---------------------+\n"
        "|                    t|\n"
        "+---------------------+\n"
        "|\xe1\x84\x80\xe1\x85\x9f\xe1\x85\xa0\xe2\xb9\xbf\xe2\xba\x80\xea\x93\x8f\xea\x93\x90\xea\xb0\x80"
        "\xed\x9e\xa3\xed\x9e\xa4\xef\xa4\x80\xef\xab\xbf\xef\xac\x80|\n"
        "+---------------------+\n");
    /* an accent of its own is one wide, a character beyond the basic plane two */
    ck_assert_str_eq(show((const char *[]){"e\xcc\x81x", "\xf0\x9f\x98\x80", "\xc3\xa4"}, 3, 20, 20),
                     "+---+\n|  t|\n+---+\n|e\xcc\x81x|\n| \xf0\x9f\x98\x80|\n|  \xc3\xa4|\n+---+\n");
    rig_end(&r);
}
END_TEST

START_TEST(malformed_text_prints_as_java_reads_it)
{
    rig_begin(&r);
    columns("t", NULL);
    ck_assert_str_eq(show_one("\xff"
                              "A\xe2\x82",
                              20),
                     "+---+\n|  t|\n+---+\n|\xef\xbf\xbd"
                     "A\xef\xbf\xbd|\n+---+\n");
    rig_end(&r);
}
END_TEST

START_TEST(printing_twice_gives_the_same_and_clear_starts_again)
{
    rig_begin(&r);
    columns("t", NULL);
    sqi_io_table t;
    sqi_buf out;
    sqi_chunk chunk = rig_strings(&r, (const char *[]){"abcdef"}, 1);
    sqi_io_table_init(&t, &r.heap.alloc, &r.schema, r.env.zone, 20, 20);
    sqi_buf_init(&out, &r.heap.alloc, 0);
    for (int i = 0; i < 2; i++) {
        sqi_buf_clear(&out);
        if (i == 0)
            ck_assert_int_eq(sqi_io_table_add(&t, &chunk, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_io_table_print(&t, &out, NULL), STREAMQ_OK);
        ck_assert(sqi_span_equal(sqi_buf_view(&out), SQI_SPAN("+------+\n|     t|\n+------+\n|abcdef|\n+------+\n")));
    }
    sqi_io_table_clear(&t);
    sqi_buf_clear(&out);
    ck_assert_int_eq(sqi_io_table_print(&t, &out, NULL), STREAMQ_OK);
    ck_assert(sqi_span_equal(sqi_buf_view(&out), SQI_SPAN("+---+\n|  t|\n+---+\n+---+\n")));
    sqi_buf_fini(&out);
    sqi_io_table_fini(&t);
    sqi_io_table_fini(&t);
    rig_end(&r);
}
END_TEST

static streamq_status print(sqi_alloc *alloc, void *context, streamq_error **err)
{
    const sqi_chunk *chunk = context;
    sqi_io_table t;
    sqi_buf out;
    sqi_io_table_init(&t, alloc, &r.schema, r.env.zone, 20, 20);
    sqi_buf_init(&out, alloc, 0);
    streamq_status status = sqi_io_table_add(&t, chunk, err);
    for (int i = 0; i < 10 && status == STREAMQ_OK; i++)
        status = sqi_io_table_add(&t, chunk, err);
    if (status == STREAMQ_OK)
        status = sqi_io_table_print(&t, &out, err);
    sqi_buf_fini(&out);
    sqi_io_table_fini(&t);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    rig_begin(&r);
    columns("t", NULL);
    sqi_chunk chunk = rig_strings(&r, (const char *[]){"abcdef", "a cell that is cut since it is too long", NULL}, 3);
    ck_assert_uint_gt(sqi_test_every_allocation(print, &chunk), 5);
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {cells_are_right_aligned_when_cut_and_left_aligned_when_whole,
                                  no_rows_print_a_header,
                                  no_columns_print_bars,
                                  more_rows_than_shown_are_mentioned,
                                  the_bound_holds_over_chunks_and_selections,
                                  control_characters_are_escaped_in_cells_and_names,
                                  cells_are_cut_by_utf16_units_after_escapes,
                                  wide_characters_take_two_columns,
                                  malformed_text_prints_as_java_reads_it,
                                  printing_twice_gives_the_same_and_clear_starts_again,
                                  every_allocation_may_fail};
    return sqi_test_main("io_table", tests, sizeof tests / sizeof *tests);
}
