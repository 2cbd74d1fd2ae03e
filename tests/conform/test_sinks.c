/*
 * The contract of io_sink.h, held against every sink there is. A sink that is added to io_list without a row in `cases`
 * fails the first test. `visible` says how many batches the world outside has seen.
 */
#include <string.h>

#include "folder_rig.h"
#include "io_manifest.h"
#include "io_rig.h"
#include "snk_file.h"
#include "snk_memory.h"
#include "snk_pull.h"
#include "test_main.h"

static rig r;
static size_t seen;

typedef struct sink_case {
    const sqi_sink_type *type;
    void *(*prepare)(sqi_alloc *alloc, streamq_error **err); /* gives `declared`; NULL: no memory */
    size_t (*visible)(void *declared);
    void (*cleanup)(void *declared);
} sink_case;

static size_t count_seen(void *declared)
{
    (void)declared;
    return seen;
}

static void nothing(void *declared)
{
    (void)declared;
}

static bool take_text(void *user, const char *text, size_t len)
{
    (void)user;
    (void)text;
    seen += len > 0;
    return true;
}

static void *prepare_console(sqi_alloc *alloc, streamq_error **err)
{
    static sqi_console console = {NULL, take_text};
    (void)alloc;
    (void)err;
    return &console;
}

static streamq_status take_row(void *user, int64_t batch_id, const sqi_schema *schema, const sqi_chunk *chunk,
                               uint32_t position, streamq_error **err)
{
    static int64_t last = -1;
    (void)user;
    (void)schema;
    (void)chunk;
    (void)err;
    if (position == 0 || batch_id != last)
        seen++;
    last = position == chunk->n - 1 ? -1 : batch_id;
    return STREAMQ_OK;
}

static streamq_status take_batch(void *user, int64_t batch_id, sqi_batch *batch, streamq_error **err)
{
    (void)user;
    (void)batch_id;
    (void)batch;
    (void)err;
    seen++;
    return STREAMQ_OK;
}

static void *prepare_foreach(sqi_alloc *alloc, streamq_error **err)
{
    static sqi_foreach callbacks = {NULL, take_row, take_batch};
    (void)alloc;
    (void)err;
    return &callbacks;
}

static void *prepare_memory(sqi_alloc *alloc, streamq_error **err)
{
    return sqi_memory_table_new(alloc, SQI_SPAN("t"), &r.schema, err);
}

static size_t count_memory(void *declared)
{
    sqi_batch **batches;
    size_t n;
    ck_assert_int_eq(sqi_memory_table_snapshot(declared, &batches, &n, NULL), STREAMQ_OK);
    for (size_t i = 0; i < n; i++)
        sqi_batch_unref(batches[i]);
    sqi_alloc_free(&r.heap.alloc, batches, n * sizeof *batches);
    return n;
}

static void cleanup_memory(void *declared)
{
    sqi_memory_table_unref(declared);
}

static void *prepare_noop(sqi_alloc *alloc, streamq_error **err)
{
    (void)alloc;
    (void)err;
    return &seen; /* something that is not NULL */
}

static void *prepare_pull(sqi_alloc *alloc, streamq_error **err)
{
    return sqi_pull_new(alloc, 4, err);
}

static size_t count_pull(void *declared)
{
    return sqi_pull_count(declared);
}

static void cleanup_pull(void *declared)
{
    sqi_pull_unref(declared);
}

static folder home;
static bool homed;

/* Partitioned by the number, so that a format of one column takes the rest. */
static void *prepare_files(sqi_alloc *alloc, streamq_error **err)
{
    static const sqi_span number = {"n", 1};
    static sqi_file_target target = {&number, 1};
    (void)alloc;
    (void)err;
    if (!homed) {
        folder_begin(&home);
        rig_option(&r, "path", folder_name(&home, "out"));
    }
    homed = true;
    return &target;
}

/* A batch that readers see is an entry of the log. */
static size_t count_files(void *declared)
{
    size_t n = 0;
    (void)declared;
    const char *names = folder_list(&home, "out/" SQI_MANIFEST_FOLDER);
    for (const char *p = names; *p; p++)
        n += *p == ' ';
    return n + (*names != '\0');
}

static const sink_case cases[] = {
    {&sqi_snk_csv, prepare_files, count_files, nothing},
    {&sqi_snk_json, prepare_files, count_files, nothing},
    {&sqi_snk_text, prepare_files, count_files, nothing},
    {&sqi_snk_console, prepare_console, count_seen, nothing},
    {&sqi_snk_foreach, prepare_foreach, count_seen, nothing},
    {&sqi_snk_foreach_batch, prepare_foreach, count_seen, nothing},
    {&sqi_snk_memory, prepare_memory, count_memory, cleanup_memory},
    {&sqi_snk_noop, prepare_noop, NULL, nothing},
    {&sqi_snk_pull, prepare_pull, count_pull, cleanup_pull},
};
enum { N = sizeof cases / sizeof *cases };

static const sink_case *c;
static void *declared;
static sqi_chunk chunk;

static bool begin(int i)
{
    c = &cases[i];
    seen = 0;
    if (c->type->files && !sqi_format_find(sqi_span_of(c->type->name)))
        return false;
    rig_begin(&r);
    rig_columns(&r, (const char *[]){"word", "n"}, (const sqi_type *const[]){&sqi_type_string, &sqi_type_bigint}, 2);
    chunk = rig_beside(&r, rig_strings(&r, (const char *[]){"a", NULL, "longer than a short view"}, 3),
                       rig_numbers(&r, (int64_t[]){1, 2, 3}, 3));
    declared = c->prepare(&r.heap.alloc, NULL);
    ck_assert_ptr_nonnull(declared);
    rig_sink(&r, c->type, STREAMQ_APPEND, declared);
    return true;
}

static void end(void)
{
    sqi_sink_close(r.sink);
    r.sink = NULL;
    c->cleanup(declared);
    if (homed)
        folder_end(&home);
    homed = false;
    rig_end(&r);
}

static void assert_visible(size_t n)
{
    if (c->visible)
        ck_assert_msg(c->visible(declared) == n, "%s: %zu batches are visible, not %zu", c->type->name,
                      c->visible(declared), n);
}

START_TEST(every_sink_has_a_case)
{
    for (size_t i = 0; sqi_sink_at(i); i++) {
        bool found = false;
        for (int k = 0; k < N; k++)
            found |= cases[k].type == sqi_sink_at(i);
        ck_assert_msg(found, "sink '%s' is not tried here", sqi_sink_at(i)->name);
    }
}
END_TEST

START_TEST(rows_are_visible_at_commit_and_not_before)
{
    if (!begin(_i))
        return;
    for (int64_t id = 0; id < 5; id++) {
        ck_assert_int_eq(c->type->begin(r.sink, id, &r.err), STREAMQ_OK);
        ck_assert_int_eq(c->type->write(r.sink, &chunk, &r.err), STREAMQ_OK);
        assert_visible((size_t)id);
        ck_assert_int_eq(c->type->commit(r.sink, id, &r.err), STREAMQ_OK);
        assert_visible((size_t)id + 1);
    }
    end();
}
END_TEST

START_TEST(an_aborted_batch_leaves_nothing)
{
    if (!begin(_i))
        return;
    c->type->abort(r.sink); /* none was begun */
    ck_assert_int_eq(c->type->begin(r.sink, 0, &r.err), STREAMQ_OK);
    ck_assert_int_eq(c->type->write(r.sink, &chunk, &r.err), STREAMQ_OK);
    c->type->abort(r.sink);
    c->type->abort(r.sink);
    assert_visible(0);
    rig_write(&r, 0, &chunk);
    assert_visible(1);
    end();
}
END_TEST

START_TEST(a_begin_drops_what_an_earlier_one_staged)
{
    if (!begin(_i))
        return;
    ck_assert_int_eq(c->type->begin(r.sink, 0, &r.err), STREAMQ_OK);
    ck_assert_int_eq(c->type->write(r.sink, &chunk, &r.err), STREAMQ_OK);
    rig_write(&r, 0, &chunk);
    assert_visible(1);
    end();
}
END_TEST

START_TEST(an_idempotent_sink_drops_a_repeat)
{
    if (!begin(_i))
        return;
    rig_write(&r, 3, &chunk);
    rig_write(&r, 3, &chunk);
    assert_visible(c->type->idempotent ? 1 : 2);
    end();
}
END_TEST

START_TEST(after_a_restart_a_sink_knows_what_it_remembers)
{
    int64_t latest = -1;
    if (!begin(_i))
        return;
    rig_write(&r, 3, &chunk);
    sqi_sink_close(r.sink);
    rig_sink(&r, c->type, STREAMQ_APPEND, declared);
    if (c->type->latest) {
        ck_assert_int_eq(c->type->latest(r.sink, &latest, &r.err), STREAMQ_OK);
        ck_assert_int_eq(latest, 3);
    }
    rig_write(&r, 3, &chunk); /* the batch that was not known to be delivered runs again */
    assert_visible(c->type->idempotent ? 1 : 2);
    rig_write(&r, 4, &chunk);
    assert_visible(c->type->idempotent ? 2 : 3);
    end();
}
END_TEST

START_TEST(a_dropped_repeat_may_be_aborted)
{
    if (!begin(_i))
        return;
    if (c->type->idempotent) {
        rig_write(&r, 3, &chunk);
        ck_assert_int_eq(c->type->begin(r.sink, 3, &r.err), STREAMQ_OK);
        ck_assert_int_eq(c->type->write(r.sink, &chunk, &r.err), STREAMQ_OK);
        c->type->abort(r.sink);
        assert_visible(1);
    }
    end();
}
END_TEST

START_TEST(only_sinks_that_remember_outside_of_the_process_need_a_checkpoint)
{
    for (int i = 0; i < N; i++)
        ck_assert(!cases[i].type->needs_checkpoint || (cases[i].type->idempotent && cases[i].type->latest));
}
END_TEST

START_TEST(a_batch_may_be_empty_or_have_no_selected_rows)
{
    if (!begin(_i))
        return;
    sqi_chunk none = chunk;
    none.rows.n = 0;
    rig_write(&r, 0, NULL);
    rig_write(&r, 1, &none);
    rig_write(&r, 2, &chunk);
    end();
}
END_TEST

START_TEST(what_was_written_may_change_after_write)
{
    if (!begin(_i))
        return;
    ck_assert_int_eq(c->type->begin(r.sink, 0, &r.err), STREAMQ_OK);
    sqi_arena mine;
    sqi_arena_init(&mine, &r.heap.alloc);
    sqi_vec copy[2];
    for (int k = 0; k < 2; k++)
        ck_assert_int_eq(sqi_vec_copy(&copy[k], &chunk.col[k], chunk.rows, &mine, NULL), STREAMQ_OK);
    sqi_chunk passing = chunk;
    passing.col = copy;
    ck_assert_int_eq(c->type->write(r.sink, &passing, &r.err), STREAMQ_OK);
    sqi_arena_fini(&mine); /* the sanitizer watches whether anybody looks there again */
    ck_assert_int_eq(c->type->commit(r.sink, 0, &r.err), STREAMQ_OK);
    assert_visible(1);
    end();
}
END_TEST

START_TEST(a_batch_that_is_open_is_let_go_of_at_the_end)
{
    if (!begin(_i))
        return;
    ck_assert_int_eq(c->type->begin(r.sink, 0, &r.err), STREAMQ_OK);
    ck_assert_int_eq(c->type->write(r.sink, &chunk, &r.err), STREAMQ_OK);
    sqi_sink_end(r.sink);
    sqi_sink_end(r.sink);
    sqi_buf d;
    sqi_buf_init(&d, &r.heap.alloc, 0);
    ck_assert(!c->type->describe || (c->type->describe(r.sink, &d) && d.len > 0));
    sqi_buf_fini(&d);
    end();
}
END_TEST

static streamq_status live(sqi_alloc *alloc, void *context, streamq_error **err)
{
    (void)context;
    sqi_io_env env = r.env;
    env.alloc = alloc;
    sqi_sink *k = NULL;
    void *mine = c->prepare(alloc, err);
    if (!mine)
        return STREAMQ_ERR_NOMEM;
    streamq_status status =
        sqi_sink_open(&k, c->type, &env, &r.options, &r.schema, STREAMQ_APPEND, SQI_SPAN("q"), mine, err);
    for (int64_t id = 0; id < 12 && status == STREAMQ_OK; id++) {
        status = c->type->begin(k, id, err);
        if (status == STREAMQ_OK)
            status = c->type->write(k, &chunk, err);
        if (status == STREAMQ_OK)
            status = c->type->commit(k, id, err);
    }
    sqi_sink_close(k);
    c->cleanup(mine);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    if (!begin(_i))
        return;
    ck_assert_uint_ge(sqi_test_every_allocation(live, NULL), 2);
    end();
}
END_TEST

int main(void)
{
    const TTest *const each[] = {rows_are_visible_at_commit_and_not_before,
                                 an_aborted_batch_leaves_nothing,
                                 a_begin_drops_what_an_earlier_one_staged,
                                 an_idempotent_sink_drops_a_repeat,
                                 a_batch_may_be_empty_or_have_no_selected_rows,
                                 what_was_written_may_change_after_write,
                                 a_batch_that_is_open_is_let_go_of_at_the_end,
                                 after_a_restart_a_sink_knows_what_it_remembers,
                                 a_dropped_repeat_may_be_aborted,
                                 every_allocation_may_fail};
    const TTest *const once[] = {every_sink_has_a_case,
                                 only_sinks_that_remember_outside_of_the_process_need_a_checkpoint};
    return sqi_test_main_each("conform sinks", once, 2, each, sizeof each / sizeof *each, N);
}
