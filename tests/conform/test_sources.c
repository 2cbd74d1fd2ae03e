/*
 * The contract of io_source.h, held against every source there is. What a source must be given, and how the world
 * outside moves it on, is in a row of `cases`; the tests know nothing else of it. A source that is added to io_list
 * without a row here fails the first test.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "file_rig.h"
#include "loopback.h"
#include "src_memory.h"
#include "test_main.h"

static file_rig files;
#define r (files.r)
static sqi_loopback server;
static sqi_feed *feed;
static const sqi_offset unknown = {0};

typedef struct source_case {
    const sqi_source_type *type;
    void *(*prepare)(void);  /* options, what stands outside; gives `declared` */
    void (*connected)(void); /* after the first latest */
    void (*move)(int64_t n); /* more rows become available; n counts the moves */
    void (*cleanup)(void);
    bool forgets; /* rows are gone after commit; else a range can be read for ever */
} source_case;

static void nothing(void) {}

static void *prepare_memory(void)
{
    rig_columns(&r, (const char *[]){"value"}, (const sqi_type *const[]){&sqi_type_string}, 1);
    feed = sqi_feed_new(&r.heap.alloc, &r.schema, 0, 0, NULL);
    return feed;
}

static void move_memory(int64_t n)
{
    const char *values[] = {"first", n % 2 ? NULL : "second, and longer than a short view"};
    sqi_chunk chunk = rig_strings(&r, values, 2);
    ck_assert_int_eq(sqi_feed_push(feed, rig_batch(&r, &r.schema, &chunk), NULL), STREAMQ_OK);
}

static void cleanup_memory(void)
{
    sqi_feed_unref(feed);
}

static void *prepare_rate(void)
{
    rig_option(&r, "rowsPerSecond", "3");
    return NULL;
}

static void move_rate(int64_t n)
{
    (void)n;
    sqi_os_sim_advance(&r.sim, 1000000);
}

static void *prepare_rate_batch(void)
{
    rig_option(&r, "rowsPerBatch", "3");
    return NULL;
}

static void move_rate_batch(int64_t n)
{
    (void)n;
}

static void *prepare_socket(void)
{
    sqi_loopback_open(&server);
    rig_option(&r, "host", "127.0.0.1");
    rig_option(&r, "port", server.port);
    return NULL;
}

static void connected_socket(void)
{
    struct pollfd one = {.fd = server.listen_fd, .events = POLLIN};
    do /* the last is ours: connections of runs that failed may wait before it */
        sqi_loopback_accept(&server);
    while (poll(&one, 1, 0) == 1);
}

static void move_socket(int64_t n)
{
    char text[100];
    struct pollfd one = {.fd = r.source->type->fd(r.source), .events = POLLIN};
    snprintf(text, sizeof text, "line %lld\nand one that is longer than a short view\n", (long long)n);
    sqi_loopback_send(&server, text);
    ck_assert_int_eq(poll(&one, 1, 5000), 1);
}

static void cleanup_socket(void)
{
    sqi_loopback_close(&server);
}

/* Numbers that only grow, so that whoever sorts by name or time finds the same order. */
static void put_file(int64_t n, const char *ending, const char *text)
{
    char name[40];
    snprintf(name, sizeof name, "%06lld%s", (long long)n, ending);
    file_put(&files, name, text, 1000000 + n);
}

static void *prepare_text(void)
{
    file_path(&files, "");
    return NULL;
}

static void move_text(int64_t n)
{
    put_file(n, ".txt", "a line\nand one that is longer than a short view\n");
}

static void *prepare_columns(void)
{
    rig_columns(&r, (const char *[]){"n", "s"}, (const sqi_type *const[]){&sqi_type_int, &sqi_type_string}, 2);
    file_path(&files, "");
    return NULL;
}

static void move_csv(int64_t n)
{
    put_file(n, ".csv", "1,a\n2,and one that is longer than a short view\n");
}

static void move_json(int64_t n)
{
    put_file(n, ".json", "{\"n\":1}\n{\"s\":\"and one that is longer than a short view\"}\n");
}

static const source_case cases[] = {
    {&sqi_src_csv, prepare_columns, nothing, move_csv, nothing, true},
    {&sqi_src_json, prepare_columns, nothing, move_json, nothing, true},
    {&sqi_src_memory, prepare_memory, nothing, move_memory, cleanup_memory, true},
    {&sqi_src_rate, prepare_rate, nothing, move_rate, nothing, false},
    {&sqi_src_rate_batch, prepare_rate_batch, nothing, move_rate_batch, nothing, false},
    {&sqi_src_socket, prepare_socket, connected_socket, move_socket, cleanup_socket, true},
    {&sqi_src_text, prepare_text, nothing, move_text, nothing, true},
};
enum { N = sizeof cases / sizeof *cases };

static const source_case *c;

static sqi_offset begin(int i)
{
    c = &cases[i];
    file_begin(&files);
    rig_source(&r, c->type, c->prepare());
    sqi_offset first = rig_latest(&r, &unknown);
    c->connected();
    return first;
}

static void end(void)
{
    c->cleanup();
    file_end(&files);
}

static sqi_offset moved(const sqi_offset *start)
{
    static int64_t moves;
    c->move(moves++);
    sqi_offset o = rig_latest(&r, start);
    ck_assert_msg(o.known && !sqi_offset_equal(&o, start), "%s: rows came, the end did not move", c->type->name);
    return o;
}

static char *copy(const char *text)
{
    return sqi_arena_text(&r.arena, text, strlen(text));
}

START_TEST(every_source_has_a_case)
{
    for (size_t i = 0; sqi_source_at(i); i++) {
        bool found = false;
        for (int k = 0; k < N; k++)
            found |= cases[k].type == sqi_source_at(i);
        ck_assert_msg(found, "source '%s' is not tried here", sqi_source_at(i)->name);
    }
}
END_TEST

START_TEST(a_range_reads_the_same_again)
{
    sqi_offset a = begin(_i), b = moved(&a);
    char *once = copy(rig_read(&r, &a, &b));
    ck_assert_str_ne(once, "");
    ck_assert_str_eq(rig_read(&r, &a, &b), once);
    moved(&b);
    ck_assert_str_eq(rig_read(&r, &a, &b), once); /* later rows do not change it */
    end();
}
END_TEST

START_TEST(ranges_join_without_gap_or_overlap)
{
    sqi_offset a = begin(_i), b = moved(&a), d = moved(&b);
    char *left = copy(rig_read(&r, &a, &b)), *right = copy(rig_read(&r, &b, &d));
    char *whole = sqi_arena_printf(&r.arena, "%s%s", left, right);
    if (c->type != &sqi_src_rate_batch && c->type != &sqi_src_rate) /* their times depend on where a range begins */
        ck_assert_str_eq(rig_read(&r, &a, &d), whole);
    ck_assert_str_eq(rig_read(&r, &b, &b), "");
    end();
}
END_TEST

START_TEST(commit_keeps_what_comes_after)
{
    sqi_offset a = begin(_i), b = moved(&a), d = moved(&b);
    char *later = copy(rig_read(&r, &b, &d));
    if (c->type->commit) {
        c->type->commit(r.source, &unknown);
        c->type->commit(r.source, &b);
        c->type->commit(r.source, &b);
    }
    ck_assert_str_eq(rig_read(&r, &b, &d), later);
    if (c->forgets && a.known) {
        streamq_status status = c->type->read(r.source, &a, &b, NULL, NULL, &r.err);
        ck_assert_int_ne(status, STREAMQ_OK);
        sqi_error_free(r.err);
        r.err = NULL;
    }
    end();
}
END_TEST

START_TEST(nothing_new_gives_the_start_again)
{
    sqi_offset a = begin(_i), b = moved(&a);
    if (c->type != &sqi_src_rate_batch) /* this one always has a next batch */
        for (int i = 0; i < 3; i++) {
            sqi_offset again = rig_latest(&r, &b);
            ck_assert(sqi_offset_equal(&again, &b));
        }
    end();
}
END_TEST

START_TEST(available_now_fixes_the_end_at_the_first_latest)
{
    c = &cases[_i];
    file_begin(&files);
    rig_source(&r, c->type, c->prepare());
    r.source->available_now = true;
    sqi_offset a = rig_latest(&r, &unknown);
    c->connected();
    c->move(0);
    sqi_offset b = rig_latest(&r, &a);
    ck_assert(sqi_offset_equal(&a, &b));
    end();
}
END_TEST

static streamq_status stop_here(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    (void)chunk;
    ++*(int *)context;
    return sqi_error_set(err, SQI_COND_QUERY_STOPPED, "stopped");
}

START_TEST(an_emit_that_fails_ends_the_read_and_spoils_nothing)
{
    int calls = 0;
    sqi_offset a = begin(_i), b = moved(&a);
    char *rows = copy(rig_read(&r, &a, &b));
    rig_refused(&r, c->type->read(r.source, &a, &b, stop_here, &calls, &r.err), SQI_COND_QUERY_STOPPED, "stopped");
    ck_assert_int_eq(calls, 1);
    ck_assert_str_eq(rig_read(&r, &a, &b), rows);
    end();
}
END_TEST

START_TEST(chunks_are_no_larger_than_asked_for)
{
    sqi_offset a = begin(_i), b = moved(&a);
    r.env.chunk_rows = 1; /* before the first read, which may make room for chunks */
    char *rows = copy(rig_read(&r, &a, &b));
    ck_assert_uint_eq(r.most_rows, 1);
    r.env.chunk_rows = SQI_CHUNK_ROWS;
    ck_assert_str_eq(rig_read(&r, &a, &b), rows);
    end();
}
END_TEST

START_TEST(columns_are_those_of_the_schema)
{
    sqi_offset a = begin(_i), b = moved(&a);
    size_t bars = 0, lines = 0;
    for (const char *p = rig_read(&r, &a, &b); *p; p++) {
        bars += *p == '|';
        lines += *p == '\n';
    }
    ck_assert_uint_eq(bars, lines * (r.schema.n - 1));
    end();
}
END_TEST

START_TEST(offsets_and_description_need_no_state)
{
    sqi_offset a = begin(_i), b = moved(&a);
    char *before = copy(rig_json(&r, &b));
    sqi_buf d;
    sqi_source_end(r.source);
    sqi_source_end(r.source);
    ck_assert_str_eq(rig_json(&r, &b), before);
    ck_assert_str_eq(rig_json(&r, &unknown), "null");
    sqi_buf_init(&d, &r.heap.alloc, 0);
    ck_assert(!c->type->describe || (c->type->describe(r.source, &d) && d.len > 0));
    sqi_buf_fini(&d);
    end();
}
END_TEST

/* A life of two batches on an allocator that may refuse. */
static streamq_status live(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_io_env env = r.env;
    sqi_offset at = {0};
    env.alloc = alloc;
    streamq_status status = sqi_source_open(&r.source, c->type, &env, &r.options, &r.schema, context, err);
    for (int i = 0; i < 2 && status == STREAMQ_OK; i++) {
        sqi_offset next = at;
        status = c->type->latest(r.source, &at, &next, err);
        if (i == 0 && status == STREAMQ_OK) {
            c->connected();
            c->move(i);
        }
        at = next;
    }
    sqi_source_close(r.source);
    r.source = NULL;
    return status;
}

START_TEST(every_allocation_may_fail)
{
    c = &cases[_i];
    file_begin(&files);
    void *declared = c->prepare();
    declared = rig_source(&r, c->type, declared)->declared;
    sqi_source_close(r.source);
    r.source = NULL;
    ck_assert_uint_ge(sqi_test_every_allocation(live, declared), 2);
    end();
}
END_TEST

int main(void)
{
    const TTest *const each[] = {a_range_reads_the_same_again,
                                 ranges_join_without_gap_or_overlap,
                                 commit_keeps_what_comes_after,
                                 nothing_new_gives_the_start_again,
                                 available_now_fixes_the_end_at_the_first_latest,
                                 an_emit_that_fails_ends_the_read_and_spoils_nothing,
                                 chunks_are_no_larger_than_asked_for,
                                 columns_are_those_of_the_schema,
                                 offsets_and_description_need_no_state,
                                 every_allocation_may_fail};
    const TTest *const once[] = {every_source_has_a_case};
    return sqi_test_main_each("conform sources", once, 1, each, sizeof each / sizeof *each, N);
}
