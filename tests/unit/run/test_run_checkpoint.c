/*
 * A checkpoint without a query: an operator of the test's own (numbers by index) and a source that remembers what it has
 * read, through thousands of micro-batches with restarts at any point of the protocol. What is restored is compared with
 * a model; the directory stays small.
 */
#include "fail_alloc.h"
#include "os.h"
#include "run_checkpoint.h"
#include "temp_dir.h"
#include "test_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CELLS = 3000, GROWTH = 5 << 19 };

/* -------------------------------------------------------------- something with state */

typedef struct cells {
    int64_t value[CELLS]; /* -1: removed */
    uint32_t changed[CELLS], nchanged;
    int loads;
} cells;

static bool put_cell(sqi_buf *to, const cells *s, uint32_t i)
{
    return sqi_bytes_put_varint(to, i) && sqi_bytes_put_varint(to, sqi_zigzag(s->value[i]));
}

static streamq_status cells_changes(sqi_op *op, sqi_buf *to, streamq_error **err)
{
    const cells *s = op->state;
    (void)err;
    for (uint32_t k = 0; k < s->nchanged; ++k)
        put_cell(to, s, s->changed[k]);
    return STREAMQ_OK;
}

static streamq_status cells_some(sqi_op *op, uint64_t *cursor, size_t most, sqi_buf *to, streamq_error **err)
{
    const cells *s = op->state;
    size_t begin = to->len;
    (void)err;
    while (*cursor < CELLS && to->len - begin < most)
        put_cell(to, s, (uint32_t)(*cursor)++);
    if (*cursor == CELLS)
        *cursor = 0;
    return STREAMQ_OK;
}

static streamq_status cells_load(sqi_op *op, sqi_span block, streamq_error **err)
{
    cells *s = op->state;
    sqi_bytes from = sqi_bytes_of(block);
    ++s->loads;
    while (sqi_bytes_left(&from) && !from.bad) {
        uint64_t i = sqi_bytes_get_varint(&from);
        int64_t v = sqi_unzigzag(sqi_bytes_get_varint(&from));
        if (i >= CELLS)
            return sqi_error_set(err, SQI_COND_CHECKPOINT_CORRUPT, "no such cell");
        s->value[i] = v;
    }
    return STREAMQ_OK;
}

static const sqi_op_type cells_type = {
    .name = "cells", .save_changes = cells_changes, .save_some = cells_some, .load = cells_load};

typedef struct reader { /* the source: a sum of what it was asked to remember */
    int64_t sum;
} reader;

static streamq_status reader_changes(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_buf *to,
                                     streamq_error **err)
{
    (void)s;
    (void)err;
    sqi_bytes_put_varint(to, (uint64_t)((end->number[0] - start->number[0]) * 2));
    return STREAMQ_OK;
}

static streamq_status reader_some(sqi_source *s, uint64_t *cursor, size_t most, sqi_buf *to, streamq_error **err)
{
    (void)most;
    (void)err;
    *cursor = 0;
    sqi_bytes_put_varint(to, (uint64_t)(((const reader *)s->state)->sum * 2 + 1));
    return STREAMQ_OK;
}

static streamq_status reader_load(sqi_source *s, sqi_span block, streamq_error **err)
{
    reader *r = s->state;
    sqi_bytes from = sqi_bytes_of(block);
    uint64_t v = sqi_bytes_get_varint(&from);
    (void)err;
    r->sum = v & 1 ? (int64_t)(v >> 1) : r->sum + (int64_t)(v >> 1);
    return STREAMQ_OK;
}

static const sqi_source_type reader_type = {
    .name = "reader", .save_changes = reader_changes, .save_some = reader_some, .load = reader_load};

/* -------------------------------------------------------------- a life */

typedef struct life {
    sqi_checkpoint c;
    cells cells;
    reader reader;
    sqi_op op, *ops[1];
    sqi_source source;
    sqi_checkpoint_source in[1];
    sqi_checkpoint_parts parts;
    sqi_record_head head;
    bool again;
    int64_t next; /* micro-batch */
} life;

static char dir[64];
static sqi_log quiet;
static sqi_fail_alloc heap;
static uint64_t growth = GROWTH; /* from one pass to the next */

/* Nothing here ends by the power going off, so nothing needs to wait for the disk. */
static int no_sync(void *context, int file, bool data_only)
{
    (void)context;
    (void)file;
    (void)data_only;
    return 0;
}

static const sqi_os *quick(void)
{
    static sqi_os_files files;
    static sqi_os os;
    files = *sqi_os_files_posix();
    files.sync = no_sync;
    os = *sqi_os_posix();
    os.files = &files;
    return &os;
}

static streamq_status live(life *l, int64_t retain, streamq_error **err)
{
    memset(l, 0, sizeof *l);
    l->op = (sqi_op){.type = &cells_type, .state = &l->cells};
    l->ops[0] = &l->op;
    l->source = (sqi_source){.type = &reader_type, .state = &l->reader};
    l->in[0].source = &l->source;
    l->parts = (sqi_checkpoint_parts){l->in, 1, l->ops, 1};
    sqi_checkpoint_spec spec = {
        .alloc = &heap.alloc, .os = quick(), .log = &quiet, .dir = dir, .retain = retain, .growth = growth};
    SQI_TRY(sqi_checkpoint_open(&l->c, &spec, err));
    streamq_status status = sqi_checkpoint_match(&l->c, SQI_SPAN("operator\tcells\t\n"), err);
    if (status == STREAMQ_OK)
        status = sqi_checkpoint_restore(&l->c, &l->parts, &l->head, &l->again, err);
    if (status != STREAMQ_OK)
        sqi_checkpoint_close(&l->c, false);
    l->next = l->c.last + !l->again;
    return status;
}

static void live_well(life *l, int64_t retain)
{
    streamq_error *err = NULL;
    ck_assert_msg(live(l, retain, &err) == STREAMQ_OK, "%s", err ? sqi_error_text(err) : "");
}

/* What micro-batch b does to the cells: the same whenever it runs. */
static void run_batch(cells *s, int64_t b, uint32_t rows)
{
    uint64_t x = (uint64_t)b * 0x9e3779b97f4a7c15u + 1;
    s->nchanged = 0;
    for (uint32_t k = 0; k < rows; ++k) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        uint32_t i = (uint32_t)(x >> 40) % CELLS;
        s->value[i] = (x >> 33) % 7 == 0 ? -1 : s->value[i] + (int64_t)((x >> 20) & 1023);
        s->changed[s->nchanged++] = i;
    }
}

enum { BEFORE_LOG, BEFORE_MARK, AFTER_MARK };

/* One micro-batch, up to a point. */
static void step(life *l, uint32_t rows, int until)
{
    run_batch(&l->cells, l->next, rows);
    if (until == BEFORE_LOG)
        return;
    if (!l->again) {
        l->in[0].end = (sqi_offset){.known = true, .number = {l->in[0].start.number[0] + 1 + l->next % 3}};
        l->head.timestamp_micros = 1000 + l->next;
        l->reader.sum += l->in[0].end.number[0] - l->in[0].start.number[0];
    }
    ck_assert_int_eq(sqi_checkpoint_log(&l->c, l->next, &l->head, &l->parts, false, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_checkpoint_sync(&l->c, NULL), STREAMQ_OK);
    if (until == BEFORE_MARK)
        return;
    ck_assert_int_eq(sqi_checkpoint_delivered(&l->c, l->next, NULL), STREAMQ_OK);
    l->in[0].start = l->in[0].end;
    l->again = false;
    ++l->next;
}

static void begin(void)
{
    temp_dir_begin(dir);
    sqi_fail_alloc_init(&heap);
}

static void end(void)
{
    temp_dir_end(dir);
    ck_assert_uint_eq(heap.alloc.used, 0);
}

static uint64_t files_bytes(void)
{
    char command[100], text[64] = "";
    snprintf(command, sizeof command, "cat %s/* | wc -c", dir);
    FILE *p = popen(command, "r");
    ck_assert_ptr_nonnull(fgets(text, sizeof text, p));
    pclose(p);
    return strtoull(text, NULL, 10);
}

/* -------------------------------------------------------------- tests */

/* Thousands of micro-batches, ended at any point of the protocol at any time; state, offsets, time as in the model. */
static void walk(uint32_t rows, int lives, int64_t retain, unsigned seed)
{
    static const uint64_t from_pass_to_pass[] = {GROWTH, 0, 5000, 100000};
    static cells model;
    static life l;
    int64_t done = 0, offset = 0;
    begin();
    memset(&model, 0, sizeof model);
    srand(seed);
    for (int turn = 0; turn < lives; ++turn) {
        growth = from_pass_to_pass[rand() % 4];
        live_well(&l, retain);
        ck_assert_int_eq(l.next, done);
        ck_assert_mem_eq(l.cells.value, model.value, sizeof model.value);
        ck_assert_int_eq(l.in[0].start.number[0], offset);
        ck_assert_int_eq(l.reader.sum, l.again ? l.in[0].end.number[0] : offset);
        ck_assert(!l.again || l.head.timestamp_micros == 1000 + done);
        int batches = rand() % 40, until = rand() % 3;
        for (int b = 0; b <= batches; ++b) {
            int how = b < batches ? AFTER_MARK : until;
            step(&l, rows, how);
            if (how != AFTER_MARK)
                break;
            run_batch(&model, done++, rows);
            offset = l.in[0].start.number[0];
        }
        sqi_checkpoint_close(&l.c, rand() % 2 && until == AFTER_MARK);
    }
    growth = GROWTH;
    end();
}

START_TEST(whatever_ends_a_life_the_next_goes_on)
{
    walk(3, 150, 1, 1);
    walk(3, 150, 100, 2);
    walk(2000, 100, 1, 3);
    walk(2000, 100, 10, 4);
}
END_TEST

START_TEST(the_directory_stays_small)
{
    static life l;
    begin();
    live_well(&l, 100);
    for (int i = 0; i < 30000; ++i)
        step(&l, 1, AFTER_MARK);
    uint64_t bytes = files_bytes(), state = CELLS * 4;
    ck_assert_msg(bytes < 3 * state + (4 << 20), "%llu bytes", (unsigned long long)bytes);
    ck_assert_uint_gt(l.c.npass, 0);
    sqi_checkpoint_close(&l.c, true);
    static life m;
    live_well(&m, 100);
    ck_assert_int_eq(m.next, 30000);
    ck_assert_mem_eq(m.cells.value, l.cells.value, sizeof l.cells.value);
    sqi_checkpoint_close(&m.c, true);
    end();
}
END_TEST

START_TEST(a_batch_that_is_never_delivered_does_not_fill_the_disk)
{
    static life l;
    uint64_t once = 0;
    begin();
    live_well(&l, 1);
    step(&l, 2000, AFTER_MARK);
    for (int i = 0; i < 50; ++i) {
        step(&l, 2000, BEFORE_MARK);
        sqi_checkpoint_close(&l.c, false);
        if (i == 1)
            once = files_bytes();
        live_well(&l, 1);
        ck_assert(l.again && l.next == 1 && l.head.timestamp_micros == 1001);
    }
    ck_assert_uint_le(files_bytes(), once);
    step(&l, 2000, AFTER_MARK);
    sqi_checkpoint_close(&l.c, true);
    live_well(&l, 1);
    ck_assert(!l.again && l.next == 2);
    sqi_checkpoint_close(&l.c, true);
    end();
}
END_TEST

/* The state after any of the last `retain` micro-batches. */
static streamq_status look(void *context, const sqi_record_item *item, streamq_error **err)
{
    cells *s = context;
    sqi_op op = {.type = &cells_type, .state = s};
    return item->kind == SQI_RECORD_OPERATOR_CHANGES || item->kind == SQI_RECORD_OPERATOR_PART
               ? cells_load(&op, item->block, err)
               : STREAMQ_OK;
}

START_TEST(old_states_can_be_read_while_the_query_runs)
{
    enum { BATCHES = 500, RETAIN = 20 };
    static life l;
    static cells history[BATCHES];
    begin();
    live_well(&l, RETAIN);
    for (int i = 0; i < BATCHES; ++i) {
        step(&l, 3000, AFTER_MARK);
        history[i] = l.cells;
    }
    ck_assert_uint_lt(l.c.wal.segment[0].first + 1, BATCHES - RETAIN); /* and something was let go of */
    ck_assert_int_gt(l.c.wal.segment[0].first, 0);
    for (int i = BATCHES - RETAIN; i < BATCHES; ++i) {
        static cells s;
        sqi_checkpoint c;
        sqi_checkpoint_spec spec = {
            .alloc = &heap.alloc, .os = quick(), .log = &quiet, .dir = dir, .retain = 1, .read_only = true};
        memset(&s, 0, sizeof s);
        ck_assert_int_eq(sqi_checkpoint_open(&c, &spec, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_checkpoint_replay(&c, i, look, &s, NULL), STREAMQ_OK);
        ck_assert_mem_eq(s.value, history[i].value, sizeof s.value);
        if (i == BATCHES - 1) {
            streamq_error *err = NULL;
            ck_assert_int_ne(sqi_checkpoint_replay(&c, 0, look, &s, &err), STREAMQ_OK);
            ck_assert_ptr_nonnull(strstr(sqi_error_text(err), "does not have the state of batch 0"));
            sqi_error_free(err);
        }
        sqi_checkpoint_close(&c, false);
    }
    sqi_checkpoint_close(&l.c, true);
    end();
}
END_TEST

static streamq_status note(void *context, const sqi_checkpoint_record *r, streamq_error **err)
{
    int64_t *next = context;
    sqi_bytes items = r->items;
    sqi_record_item item;
    (void)err;
    ck_assert_int_eq(r->batch, *next);
    ck_assert_int_eq(r->head->timestamp_micros, 1000 + r->batch);
    ck_assert_int_le(r->segment, r->batch);
    ck_assert(sqi_record_next(&items, &item));
    ++*next;
    return STREAMQ_OK;
}

START_TEST(records_can_be_listed_and_the_oldest_state_is_known)
{
    static life l;
    int64_t oldest, next;
    streamq_error *err = NULL;
    begin();
    live_well(&l, 20);
    for (int i = 0; i < 500; ++i)
        step(&l, 3000, AFTER_MARK);
    sqi_checkpoint c;
    sqi_checkpoint_spec spec = {
        .alloc = &heap.alloc, .os = quick(), .log = &quiet, .dir = dir, .retain = 1, .read_only = true};
    ck_assert_int_eq(sqi_checkpoint_open(&c, &spec, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_checkpoint_committed(&c), 499);
    next = 490;
    ck_assert_int_eq(sqi_checkpoint_records(&c, 490, 495, note, &next, NULL), STREAMQ_OK);
    ck_assert_int_eq(next, 496);
    next = l.c.wal.segment[0].first;
    ck_assert_int_gt(next, 0);
    ck_assert_int_eq(sqi_checkpoint_records(&c, -1, -1, note, &next, NULL), STREAMQ_OK);
    ck_assert_int_eq(next, 500);
    ck_assert_int_ne(sqi_checkpoint_records(&c, 0, 495, note, &next, &err), STREAMQ_OK);
    ck_assert_ptr_nonnull(strstr(sqi_error_text(err), "asked for are 0 to 495"));
    sqi_error_free(err);
    ck_assert_int_eq(sqi_checkpoint_oldest(&c, &oldest, NULL), STREAMQ_OK);
    ck_assert_int_le(oldest, 480);
    static cells s;
    ck_assert_int_eq(sqi_checkpoint_replay(&c, oldest, look, &s, NULL), STREAMQ_OK);
    ck_assert_int_ne(sqi_checkpoint_replay(&c, oldest - 1, look, &s, NULL), STREAMQ_OK);
    sqi_checkpoint_close(&c, false);
    sqi_checkpoint_close(&l.c, true);
    end();
}
END_TEST

static void *hold_for_a_moment(void *held)
{
    usleep(5000);
    close(*(int *)held);
    return NULL;
}

START_TEST(who_only_asks_whether_a_query_runs_does_not_stop_one)
{
    static life l;
    char path[100];
    int held;
    pthread_t asking;
    begin();
    live_well(&l, 1);
    sqi_checkpoint_close(&l.c, true);
    snprintf(path, sizeof path, "%s/lock", dir);
    const sqi_os_files *f = sqi_os_files_posix();
    ck_assert_int_eq(f->open(f->context, path, SQI_OS_READ, &held), 0);
    ck_assert_int_eq(f->lock(f->context, held), 0);
    ck_assert_int_eq(pthread_create(&asking, NULL, hold_for_a_moment, &held), 0);
    live_well(&l, 1);
    pthread_join(asking, NULL);
    sqi_checkpoint_close(&l.c, true);
    end();
}
END_TEST

START_TEST(one_query_at_a_time)
{
    static life a, b;
    streamq_error *err = NULL;
    begin();
    live_well(&a, 1);
    ck_assert_int_ne(live(&b, 1, &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_CONCURRENT_QUERY);
    sqi_error_free(err);
    sqi_checkpoint_close(&a.c, false); /* a lock of the dead does not count */
    live_well(&b, 1);
    sqi_checkpoint_close(&b.c, true);
    end();
}
END_TEST

START_TEST(a_changed_query_is_refused)
{
    static life l;
    streamq_error *err = NULL;
    begin();
    live_well(&l, 1);
    ck_assert_int_ne(sqi_checkpoint_match(&l.c, SQI_SPAN("operator\tother\t\n"), &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_CHECKPOINT_MISMATCH);
    sqi_error_free(err);
    ck_assert_int_eq(sqi_checkpoint_match(&l.c, SQI_SPAN("operator\tcells\tname\n"), NULL), STREAMQ_OK);
    sqi_checkpoint_close(&l.c, true);
    end();
}
END_TEST

START_TEST(a_log_without_metadata_is_refused_and_a_temporary_one_goes)
{
    static life l;
    char path[100];
    streamq_error *err = NULL;
    begin();
    live_well(&l, 1);
    step(&l, 1, AFTER_MARK);
    sqi_checkpoint_close(&l.c, true);
    snprintf(path, sizeof path, "%s/metadata", dir);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_ne(live(&l, 1, &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_CHECKPOINT_CORRUPT);
    sqi_error_free(err);
    ck_assert_int_eq(sqi_os_remove_tree(sqi_os_files_posix(), dir), 0);
    live_well(&l, 1);
    l.c.spec.temporary = true;
    sqi_checkpoint_close(&l.c, false); /* after an error it stays */
    ck_assert_int_eq(access(dir, F_OK), 0);
    live_well(&l, 1);
    l.c.spec.temporary = true;
    sqi_checkpoint_close(&l.c, true);
    ck_assert_int_ne(access(dir, F_OK), 0);
    ck_assert_int_eq(mkdir(dir, 0700), 0);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {whatever_ends_a_life_the_next_goes_on,
                                  the_directory_stays_small,
                                  a_batch_that_is_never_delivered_does_not_fill_the_disk,
                                  old_states_can_be_read_while_the_query_runs,
                                  records_can_be_listed_and_the_oldest_state_is_known,
                                  who_only_asks_whether_a_query_runs_does_not_stop_one,
                                  one_query_at_a_time,
                                  a_changed_query_is_refused,
                                  a_log_without_metadata_is_refused_and_a_temporary_one_goes};
    return sqi_test_main("run_checkpoint", tests, sizeof tests / sizeof *tests);
}
