/* The socket source against a real server on the loopback. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io_rig.h"
#include "loopback.h"
#include "test_main.h"

static rig r;
static sqi_loopback server;
static const sqi_offset unknown = {0};

static void begin(void)
{
    rig_begin(&r);
    sqi_loopback_open(&server);
    rig_option(&r, "host", "localhost");
    rig_option(&r, "port", server.port);
}

/* Connects; gives the first end, before any line. */
static sqi_offset connected(void)
{
    rig_source(&r, &sqi_src_socket, NULL);
    sqi_offset end = rig_latest(&r, &unknown);
    sqi_loopback_accept(&server);
    return end;
}

static void end(void)
{
    rig_end(&r);
    sqi_loopback_close(&server);
}

/* Waits on the descriptor, as a query does, until the source has line `last`. */
static sqi_offset arrived(const sqi_offset *start, int64_t last)
{
    sqi_offset o = rig_latest(&r, start);
    for (int i = 0; i < 1000 && o.number[0] < last; i++) {
        struct pollfd one = {.fd = r.source->type->fd(r.source), .events = POLLIN};
        ck_assert_int_ge(one.fd, 0);
        ck_assert_int_eq(poll(&one, 1, 5000), 1);
        o = rig_latest(&r, start);
    }
    ck_assert_int_eq(o.number[0], last);
    return o;
}

static void await_close(const sqi_offset *start)
{
    for (int i = 0; i < 1000 && r.source->type->fd(r.source) >= 0; i++) {
        poll(NULL, 0, 1);
        rig_latest(&r, start);
    }
    ck_assert_int_eq(r.source->type->fd(r.source), -1);
}

START_TEST(it_connects_at_the_first_latest_and_starts_before_line_zero)
{
    begin();
    rig_source(&r, &sqi_src_socket, NULL);
    ck_assert_int_eq(r.source->type->fd(r.source), -1);
    sqi_offset first = rig_latest(&r, &unknown);
    ck_assert(first.known);
    ck_assert_int_eq(first.number[0], -1);
    ck_assert_str_eq(rig_json(&r, &first), "-1");
    ck_assert_str_eq(rig_json(&r, &unknown), "null");
    ck_assert_str_eq(rig_read(&r, &unknown, &first), "");
    ck_assert_ptr_nonnull(strstr(r.log.ptr, "2 the socket source is for trying things out"));
    sqi_loopback_accept(&server);
    end();
}
END_TEST

START_TEST(lines_arrive_with_every_kind_of_end)
{
    begin();
    sqi_offset a = connected();
    sqi_loopback_send(&server, "apache spark\nb \r\n\rlast but one, longer than a short view\npart");
    sqi_offset b = arrived(&a, 3);
    ck_assert_str_eq(rig_read(&r, &a, &b), "apache spark\nb \n\nlast but one, longer than a short view\n");
    ck_assert_str_eq(rig_json(&r, &b), "3");
    sqi_loopback_send(&server, "ial\n");
    sqi_offset c = arrived(&b, 4);
    ck_assert_str_eq(rig_read(&r, &b, &c), "partial\n");
    ck_assert_str_eq(rig_read(&r, &a, &c), "apache spark\nb \n\nlast but one, longer than a short view\npartial\n");
    end();
}
END_TEST

START_TEST(a_range_reads_the_same_until_it_is_committed)
{
    begin();
    sqi_offset a = connected();
    sqi_loopback_send(&server, "one\ntwo\nthree\n");
    sqi_offset c = arrived(&a, 2), b = {.known = true, .number = {0}};
    ck_assert_str_eq(rig_read(&r, &a, &b), "one\n");
    ck_assert_str_eq(rig_read(&r, &a, &b), "one\n");
    r.source->type->commit(r.source, &b);
    ck_assert_str_eq(rig_read(&r, &b, &c), "two\nthree\n");
    rig_refused(&r, r.source->type->read(r.source, &a, &b, NULL, NULL, &r.err), SQI_COND_IO_ERROR, "lines 0 to 0");
    r.source->type->commit(r.source, &a); /* of long ago: nothing to do */
    r.source->type->commit(r.source, &c);
    sqi_loopback_send(&server, "four\n");
    sqi_offset d = arrived(&c, 3);
    ck_assert_str_eq(rig_read(&r, &c, &d), "four\n");
    end();
}
END_TEST

START_TEST(an_orderly_close_delivers_the_unfinished_line_and_idles)
{
    begin();
    sqi_offset a = connected();
    sqi_loopback_send(&server, "one\nlast without newline");
    sqi_loopback_hang_up(&server);
    sqi_offset b = arrived(&a, 1);
    ck_assert_str_eq(rig_read(&r, &a, &b), "one\nlast without newline\n");
    await_close(&b);
    ck_assert(sqi_offset_equal(&b, &(sqi_offset){.known = true, .number = {1}}));
    for (int i = 0; i < 3; i++) {
        sqi_offset again = rig_latest(&r, &b);
        ck_assert(sqi_offset_equal(&again, &b));
    }
    ck_assert_ptr_nonnull(strstr(r.log.ptr, "Stream closed by"));
    ck_assert(!r.source->type->more(r.source, &b));
    end();
}
END_TEST

START_TEST(a_broken_connection_is_an_error_after_its_lines)
{
    begin();
    sqi_offset a = connected();
    sqi_loopback_send(&server, "one\nunfinished");
    sqi_offset b = arrived(&a, 0);
    sqi_loopback_reset(&server);
    sqi_offset o;
    streamq_status status = STREAMQ_OK;
    for (int i = 0; i < 1000 && status == STREAMQ_OK; i++) {
        poll(NULL, 0, 1);
        ck_assert_int_eq(r.source->type->latest(r.source, &a, &o, &r.err), STREAMQ_OK); /* line 0 is new still */
        status = r.source->type->latest(r.source, &b, &o, &r.err);
    }
    rig_refused(&r, status, SQI_COND_CONNECTION_LOST, "after line 0");
    ck_assert_str_eq(rig_read(&r, &a, &b), "one\n");
    end();
}
END_TEST

START_TEST(nobody_listening_fails_with_the_address)
{
    begin();
    sqi_loopback_close(&server);
    rig_source(&r, &sqi_src_socket, NULL);
    sqi_offset o;
    rig_refused(&r, r.source->type->latest(r.source, &unknown, &o, &r.err), SQI_COND_CONNECTION_FAILED,
                "cannot connect to localhost:");
    end();
}
END_TEST

START_TEST(a_timestamp_is_the_time_of_arrival_in_milliseconds)
{
    begin();
    rig_option(&r, "includeTimestamp", "true");
    sqi_offset a = connected();
    ck_assert_uint_eq(r.schema.n, 2);
    sqi_os_sim_set_wall(&r.sim, INT64_C(1000123456));
    sqi_loopback_send(&server, "x\n");
    sqi_offset b = arrived(&a, 0);
    sqi_os_sim_set_wall(&r.sim, INT64_C(2000000000));
    sqi_loopback_send(&server, "y\n");
    sqi_offset c = arrived(&b, 1);
    ck_assert_str_eq(rig_read(&r, &a, &c), "x|1970-01-01 00:16:40.123\ny|1970-01-01 00:33:20\n");
    r.source->type->commit(r.source, &b);
    ck_assert_str_eq(rig_read(&r, &b, &c), "y|1970-01-01 00:33:20\n");
    end();
}
END_TEST

static streamq_status count_lines(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    (void)err;
    *(uint32_t *)context += chunk->lines.len ? chunk->n : 0;
    return STREAMQ_OK;
}

START_TEST(lines_that_end_in_lf_leave_as_text_and_the_others_in_their_places)
{
    begin();
    r.env.chunk_rows = 2;
    sqi_offset a = connected();
    sqi_loopback_send(&server, "0\n1\n2\n3\r\n4\n5\xff\n6\n7, \xc3\xa4\n8\n9\n");
    sqi_offset b = arrived(&a, 9), x = a, y = a;
    static const char *const line[] = {"0\n", "1\n",           "2\n", "3\n", "4\n", "5\xef\xbf\xbd\n",
                                       "6\n", "7, \xc3\xa4\n", "8\n", "9\n"};
    for (int from = 0; from < 10; from++) /* every part of the range */
        for (int to = from; to < 10; to++) {
            char want[128] = "";
            for (int i = from; i <= to; i++)
                strcat(want, line[i]);
            x.number[0] = from - 1;
            y.number[0] = to;
            ck_assert_str_eq(rig_read(&r, &x, &y), want);
            ck_assert_uint_le(r.most_rows, 2);
        }
    uint32_t lines = 0;
    ck_assert_int_eq(r.source->type->read(r.source, &a, &b, count_lines, &lines, &r.err), STREAMQ_OK);
    ck_assert_uint_ge(lines, 3); /* more, if the bytes did not come together */
    end();
}
END_TEST

START_TEST(malformed_utf8_becomes_what_java_reads)
{
    begin();
    sqi_offset a = connected();
    sqi_loopback_send(&server, "a\xff"
                               "b\nplain, and longer than twelve\n\xe2\x82 and longer than twelve\n");
    sqi_offset b = arrived(&a, 2);
    ck_assert_str_eq(rig_read(&r, &a, &b), "a\xef\xbf\xbd"
                                           "b\nplain, and longer than twelve\n\xef\xbf\xbd and longer than twelve\n");
    r.source->type->commit(r.source, &b);
    end();
}
END_TEST

START_TEST(long_lines_and_many_lines_survive_their_blocks)
{
    enum { LONG = 300000, MANY = 20000 };
    begin();
    r.env.chunk_rows = 1000;
    sqi_offset a = connected(), b = a;
    char *text = malloc(LONG + 2), line[40];
    memset(text, 'x', LONG);
    memcpy(text + LONG, "\n", 2);
    size_t sent = 0;
    for (int i = 0; i < MANY; i++) { /* several megabytes: the reader must take turns with the sender */
        snprintf(line, sizeof line, "line number %d of many\n", i);
        sqi_loopback_send(&server, line);
        sent++;
        if (i % 5000 == 2500) {
            for (int half = 0; half < 2; half++) {
                char keep = text[LONG / 2];
                text[LONG / 2] = half ? keep : '\0';
                if (half)
                    sqi_loopback_send(&server, text + LONG / 2);
                else
                    sqi_loopback_send(&server, text);
                text[LONG / 2] = keep;
                b = rig_latest(&r, &b);
            }
            sent++;
        }
    }
    b = arrived(&b, (int64_t)sent - 1);
    const char *rows = rig_read(&r, &a, &b);
    ck_assert_uint_eq(r.most_rows, 1000);
    int lines = 0;
    size_t longs = 0;
    for (const char *p = rows; *p; p = strchr(p, '\n') + 1) {
        if (*p == 'x') {
            ck_assert_uint_eq(strspn(p, "x"), LONG);
            longs++;
        } else {
            snprintf(line, sizeof line, "line number %d of many\n", lines++);
            ck_assert_int_eq(strncmp(p, line, strlen(line)), 0);
        }
    }
    ck_assert_int_eq(lines, MANY);
    ck_assert_uint_eq(longs, 4);
    size_t held = r.heap.live_bytes;
    r.source->type->commit(r.source, &b);
    ck_assert_uint_lt(r.heap.live_bytes, held - 4 * LONG); /* committed lines are let go of */
    free(text);
    end();
}
END_TEST

START_TEST(after_a_restart_numbers_go_on_and_old_lines_are_refused)
{
    begin();
    rig_source(&r, &sqi_src_socket, NULL);
    sqi_offset a = {.known = true, .number = {41}}, b = rig_latest(&r, &a);
    ck_assert(sqi_offset_equal(&a, &b));
    sqi_loopback_accept(&server);
    sqi_loopback_send(&server, "new\n");
    b = arrived(&a, 42);
    ck_assert_str_eq(rig_read(&r, &a, &b), "new\n");
    rig_refused(&r,
                r.source->type->read(r.source, &(sqi_offset){.known = true, .number = {39}}, &a, NULL, NULL, &r.err),
                SQI_COND_IO_ERROR, "lines 40 to 41");
    end();
}
END_TEST

START_TEST(offsets_that_cannot_be_are_refused)
{
    begin();
    rig_source(&r, &sqi_src_socket, NULL);
    const int64_t bad[] = {-2, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < 3; i++) {
        sqi_offset o = {.known = true, .number = {bad[i]}}, e;
        rig_refused(&r, r.source->type->latest(r.source, &o, &e, &r.err), SQI_COND_IO_ERROR, "cannot go on at line");
        rig_refused(&r, r.source->type->read(r.source, &unknown, &o, NULL, NULL, &r.err), SQI_COND_IO_ERROR,
                    "cannot go on");
    }
    end();
}
END_TEST

START_TEST(available_now_fixes_the_end)
{
    begin();
    rig_source(&r, &sqi_src_socket, NULL);
    r.source->available_now = true;
    sqi_offset a = rig_latest(&r, &unknown);
    sqi_loopback_accept(&server);
    sqi_loopback_send(&server, "late\n");
    poll(NULL, 0, 5);
    sqi_offset b = rig_latest(&r, &a);
    ck_assert(sqi_offset_equal(&a, &b));
    ck_assert(!r.source->type->more(r.source, &b));
    end();
}
END_TEST

START_TEST(options_are_checked)
{
    rig_begin(&r);
    rig_refused(&r, rig_try_source(&r, &sqi_src_socket, NULL), SQI_COND_MISSING_OPTION, "host");
    rig_option(&r, "host", "localhost");
    rig_refused(&r, rig_try_source(&r, &sqi_src_socket, NULL), SQI_COND_MISSING_OPTION, "port");
    rig_option(&r, "port", "70000");
    rig_refused(&r, rig_try_source(&r, &sqi_src_socket, NULL), SQI_COND_INVALID_OPTION_VALUE, "port");
    rig_option(&r, "port", "9999");
    rig_option(&r, "includeTimestamp", "yes");
    rig_refused(&r, rig_try_source(&r, &sqi_src_socket, NULL), SQI_COND_INVALID_OPTION_VALUE, "true or false");
    rig_option(&r, "includeTimestamp", "false");
    rig_columns(&r, (const char *[]){"a"}, (const sqi_type *const[]){&sqi_type_int}, 1);
    rig_refused(&r, rig_try_source(&r, &sqi_src_socket, NULL), SQI_COND_INVALID_ARGUMENT, "takes no schema");
    rig_end(&r);
}
END_TEST

START_TEST(it_describes_itself_as_spark_does)
{
    sqi_buf b;
    rig_begin(&r);
    rig_option(&r, "host", "localhost");
    rig_option(&r, "port", "9999");
    rig_source(&r, &sqi_src_socket, NULL);
    sqi_source_end(r.source); /* works on a source that has ended */
    sqi_buf_init(&b, &r.heap.alloc, 0);
    ck_assert(r.source->type->describe(r.source, &b));
    ck_assert(sqi_span_equal(sqi_buf_view(&b), SQI_SPAN("TextSocketV2[host: localhost, port: 9999]")));
    sqi_buf_fini(&b);
    rig_end(&r);
}
END_TEST

START_TEST(reconnect_goes_on_with_the_next_number)
{
    begin();
    rig_option(&r, "reconnect", "true");
    rig_option(&r, "reconnectInterval", "2 seconds");
    sqi_offset a = connected();
    sqi_loopback_send(&server, "one\n");
    sqi_offset b = arrived(&a, 0);
    sqi_loopback_reset(&server);
    await_close(&b);
    int64_t due = r.source->type->next_micros(r.source);
    ck_assert_int_eq(due, r.sim.monotonic + 2000000);
    sqi_offset c = rig_latest(&r, &b); /* too early: nothing is tried */
    ck_assert(sqi_offset_equal(&b, &c));
    ck_assert_int_eq(r.source->type->fd(r.source), -1);
    sqi_os_sim_advance(&r.sim, 2000000);
    rig_latest(&r, &b);
    ck_assert_int_ge(r.source->type->fd(r.source), 0);
    ck_assert_int_eq(r.source->type->next_micros(r.source), INT64_MAX);
    sqi_loopback_accept(&server);
    sqi_loopback_send(&server, "two\n");
    c = arrived(&b, 1);
    ck_assert_str_eq(rig_read(&r, &b, &c), "two\n");
    end();
}
END_TEST

START_TEST(a_line_over_the_limit_fails_before_memory_grows)
{
    begin();
    rig_option(&r, "maxLineBytes", "100k");
    sqi_offset a = connected(), end_offset;
    char *text = malloc(64001);
    memset(text, 'x', 64000);
    text[64000] = '\0';
    streamq_status status = STREAMQ_OK;
    for (int i = 0; i < 100 && status == STREAMQ_OK; i++) { /* no line end ever */
        sqi_loopback_send(&server, text);
        end_offset = a;
        status = r.source->type->latest(r.source, &a, &end_offset, &r.err);
    }
    free(text);
    ck_assert_uint_lt(r.heap.alloc.peak, 1 << 20);
    rig_refused(&r, status, SQI_COND_LIMIT_EXCEEDED, "maxLineBytes");
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_connects_at_the_first_latest_and_starts_before_line_zero,
                                  lines_arrive_with_every_kind_of_end,
                                  a_range_reads_the_same_until_it_is_committed,
                                  an_orderly_close_delivers_the_unfinished_line_and_idles,
                                  a_broken_connection_is_an_error_after_its_lines,
                                  nobody_listening_fails_with_the_address,
                                  a_timestamp_is_the_time_of_arrival_in_milliseconds,
                                  lines_that_end_in_lf_leave_as_text_and_the_others_in_their_places,
                                  malformed_utf8_becomes_what_java_reads,
                                  long_lines_and_many_lines_survive_their_blocks,
                                  after_a_restart_numbers_go_on_and_old_lines_are_refused,
                                  offsets_that_cannot_be_are_refused,
                                  available_now_fixes_the_end,
                                  options_are_checked,
                                  reconnect_goes_on_with_the_next_number,
                                  a_line_over_the_limit_fails_before_memory_grows,
                                  it_describes_itself_as_spark_does};
    return sqi_test_main("src_socket", tests, sizeof tests / sizeof *tests);
}
