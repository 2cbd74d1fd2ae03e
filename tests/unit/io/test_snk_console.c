/* The console sink, to the byte, as Spark 4.3 prints it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io_rig.h"
#include "test_main.h"

#define RULE "-------------------------------------------\n"

static rig r;
static sqi_buf printed;
static bool refuses;

static bool take(void *user, const char *text, size_t len)
{
    return !refuses && sqi_buf_put(user, text, len);
}

static sqi_console console = {&printed, take};

static void begin(void)
{
    rig_begin(&r);
    refuses = false;
    sqi_buf_init(&printed, &r.heap.alloc, 0);
    rig_columns(&r, (const char *[]){"word", "count"}, (const sqi_type *const[]){&sqi_type_string, &sqi_type_bigint},
                2);
}

static void end(void)
{
    sqi_buf_fini(&printed);
    rig_end(&r);
}

static sqi_chunk words(void)
{
    return rig_beside(&r, rig_strings(&r, (const char *[]){"apache", "spark", "a word of more than twenty letters"}, 3),
                      rig_numbers(&r, (int64_t[]){2, 1, 1}, 3));
}

static void assert_printed(const char *text)
{
    ck_assert(sqi_buf_byte(&printed, '\0'));
    ck_assert_str_eq(printed.ptr, text);
    sqi_buf_clear(&printed);
}

START_TEST(each_batch_is_a_rule_a_table_and_a_blank_line)
{
    begin();
    sqi_chunk chunk = words();
    rig_sink(&r, &sqi_snk_console, STREAMQ_COMPLETE, &console);
    rig_write(&r, 0, NULL);
    assert_printed(RULE "Batch: 0\n" RULE "+----+-----+\n|word|count|\n+----+-----+\n+----+-----+\n\n");
    rig_write(&r, 1, &chunk);
    assert_printed(RULE "Batch: 1\n" RULE "+--------------------+-----+\n"
                        "|                word|count|\n"
                        "+--------------------+-----+\n"
                        "|              apache|    2|\n"
                        "|               spark|    1|\n"
                        "|a word of more th...|    1|\n"
                        "+--------------------+-----+\n\n");
    rig_write(&r, 2, NULL);
    assert_printed(RULE "Batch: 2\n" RULE "+----+-----+\n|word|count|\n+----+-----+\n+----+-----+\n\n");
    end();
}
END_TEST

START_TEST(the_footer_takes_the_place_of_the_blank_line)
{
    begin();
    rig_option(&r, "numRows", "1");
    rig_option(&r, "truncate", "FALSE");
    sqi_chunk chunk = words();
    rig_sink(&r, &sqi_snk_console, STREAMQ_APPEND, &console);
    rig_write(&r, 7, &chunk);
    assert_printed(RULE "Batch: 7\n" RULE
                        "+------+-----+\n|word  |count|\n+------+-----+\n|apache|2    |\n+------+-----+\n"
                        "only showing top 1 row\n");
    end();
}
END_TEST

START_TEST(truncate_may_be_a_number)
{
    begin();
    rig_option(&r, "truncate", "6");
    sqi_chunk chunk = words();
    rig_sink(&r, &sqi_snk_console, STREAMQ_APPEND, &console);
    rig_write(&r, 0, &chunk);
    assert_printed(RULE "Batch: 0\n" RULE
                        "+------+-----+\n|  word|count|\n+------+-----+\n|apache|    2|\n| spark|    1|\n"
                        "|a w...|    1|\n+------+-----+\n\n");
    end();
}
END_TEST

START_TEST(nothing_is_printed_before_commit_or_after_abort)
{
    begin();
    sqi_chunk chunk = words();
    sqi_sink *k = rig_sink(&r, &sqi_snk_console, STREAMQ_APPEND, &console);
    ck_assert_int_eq(k->type->begin(k, 0, &r.err), STREAMQ_OK);
    ck_assert_int_eq(k->type->write(k, &chunk, &r.err), STREAMQ_OK);
    assert_printed("");
    k->type->abort(k);
    rig_write(&r, 0, NULL);
    assert_printed(RULE "Batch: 0\n" RULE "+----+-----+\n|word|count|\n+----+-----+\n+----+-----+\n\n");
    end();
}
END_TEST

START_TEST(a_write_that_is_refused_fails_the_batch)
{
    begin();
    sqi_sink *k = rig_sink(&r, &sqi_snk_console, STREAMQ_APPEND, &console);
    refuses = true;
    ck_assert_int_eq(k->type->begin(k, 3, &r.err), STREAMQ_OK);
    rig_refused(&r, k->type->commit(k, 3, &r.err), SQI_COND_IO_ERROR, "batch 3");
    end();
}
END_TEST

START_TEST(without_a_function_it_writes_to_the_standard_output)
{
    int ends[2], out = dup(STDOUT_FILENO);
    char text[200] = {0};
    begin();
    ck_assert_int_eq(pipe(ends), 0);
    fflush(stdout);
    ck_assert_int_ge(dup2(ends[1], STDOUT_FILENO), 0);
    rig_sink(&r, &sqi_snk_console, STREAMQ_APPEND, NULL);
    rig_write(&r, 0, NULL);
    ck_assert_int_ge(dup2(out, STDOUT_FILENO), 0);
    close(ends[1]);
    close(out);
    ck_assert_int_gt(read(ends[0], text, sizeof text - 1), 0);
    close(ends[0]);
    ck_assert_str_eq(text, RULE "Batch: 0\n" RULE "+----+-----+\n|word|count|\n+----+-----+\n+----+-----+\n\n");
    end();
}
END_TEST

START_TEST(options_are_checked)
{
    static const struct {
        const char *name, *value;
    } bad[] = {{"truncate", "yes"},         {"truncate", ""}, {"truncate", "-1"},
               {"truncate", "12345678901"}, {"numRows", "x"}, {"numRows", "3000000000"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        begin();
        rig_option(&r, bad[i].name, bad[i].value);
        rig_refused(&r, rig_try_sink(&r, &sqi_snk_console, STREAMQ_APPEND, &console), SQI_COND_INVALID_OPTION_VALUE,
                    bad[i].name);
        end();
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_batch_is_a_rule_a_table_and_a_blank_line,
                                  the_footer_takes_the_place_of_the_blank_line,
                                  truncate_may_be_a_number,
                                  nothing_is_printed_before_commit_or_after_abort,
                                  a_write_that_is_refused_fails_the_batch,
                                  without_a_function_it_writes_to_the_standard_output,
                                  options_are_checked};
    return sqi_test_main("snk_console", tests, sizeof tests / sizeof *tests);
}
