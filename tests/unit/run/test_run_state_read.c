/* State read from a checkpoint: removed rows in the changes, files that go while they are read, records made to do harm,
   no memory. (With queries: tests/api/test_api_state_store.c.) */
#include "data_text.h"
#include "fail_alloc.h"
#include "op_keys_state.h"
#include "run_state_read.h"
#include "temp_dir.h"
#include "test_main.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[64];
static sqi_fail_alloc heap;
static sqi_log quiet;

/* -------------------------------------------------------------- a checkpoint of a deduplication */

typedef struct world {
    sqi_checkpoint c;
    sqi_arena arena;
    sqi_eval eval;
    sqi_op_env env;
    sqi_table *table;
    uint64_t harm; /* the seed of what is done to each block; 0: nothing */
    sqi_op op, *ops[1];
    sqi_checkpoint_parts parts;
} world;

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static void do_harm(world *w, sqi_buf *to, size_t from)
{
    for (int n = 0; w->harm && n < 4 && to->len > from; ++n) {
        size_t at = from + draw(&w->harm) % (to->len - from);
        if (draw(&w->harm) % 4 == 0)
            to->len = at;
        else
            to->ptr[at] ^= (char)(1u << draw(&w->harm) % 8);
    }
}

static streamq_status save_changes(sqi_op *op, sqi_buf *to, streamq_error **err)
{
    world *w = op->state;
    size_t from = to->len;
    SQI_TRY(sqi_keys_state_changes(w->table, &w->env, to, err));
    do_harm(w, to, from);
    return STREAMQ_OK;
}

static streamq_status save_some(sqi_op *op, uint64_t *cursor, size_t most, sqi_buf *to, streamq_error **err)
{
    world *w = op->state;
    return sqi_keys_state_some(w->table, &w->env, cursor, most, to, err);
}

static const sqi_op_type keys_type = {.name = "keys", .save_changes = save_changes, .save_some = save_some};

static void begin_world(world *w)
{
    static const sqi_type *const types[] = {&sqi_type_string};
    sqi_checkpoint_spec spec = {
        .alloc = &heap.alloc, .os = sqi_os_posix(), .log = &quiet, .dir = dir, .retain = 100, .growth = 5 << 19};
    sqi_record_head head;
    bool again;
    *w = (world){.harm = 0};
    sqi_arena_init(&w->arena, &heap.alloc);
    w->eval = (sqi_eval){.alloc = &heap.alloc, .arena = &w->arena};
    w->env = (sqi_op_env){.alloc = &heap.alloc, .eval = &w->eval, .durable = true};
    w->table = sqi_table_new(&heap.alloc, types, 1, 0, 1, 7, NULL);
    w->op = (sqi_op){.type = &keys_type, .state = w};
    w->ops[0] = &w->op;
    w->parts = (sqi_checkpoint_parts){.op = w->ops, .nop = 1};
    ck_assert_int_eq(sqi_checkpoint_open(&w->c, &spec, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_checkpoint_match(&w->c, SQI_SPAN("operator\tdedupe\tx\nkey\tSTRING\tk\n"), NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_checkpoint_restore(&w->c, &w->parts, &head, &again, NULL), STREAMQ_OK);
}

/* Keys that come, and one that goes. */
static void batch(world *w, int64_t id, const char *const *keys, uint32_t n, const char *gone, bool deliver)
{
    sqi_vec v;
    uint32_t row[8];
    sqi_arena_mark mark = sqi_arena_mark_get(&w->arena);
    const sqi_record_head head = {.timestamp_micros = id};
    ck_assert_int_eq(sqi_vec_make(&v, &sqi_type_string, n + 1, &w->arena, NULL), STREAMQ_OK);
    for (uint32_t i = 0; i < n; ++i)
        SQI_OUT(&v, sqi_str)[i] = sqi_str_view(keys[i], (uint32_t)strlen(keys[i]));
    if (gone) {
        sqi_vec one = v;
        SQI_OUT(&v, sqi_str)[n] = sqi_str_view(gone, (uint32_t)strlen(gone));
        one.data = (sqi_str *)v.data + n;
        ck_assert_int_eq(sqi_table_lookup(w->table, &one, (sqi_rows){NULL, 1}, SQI_TABLE_FIND, row, NULL, NULL, NULL),
                         STREAMQ_OK);
        ck_assert_int_eq(sqi_table_remove(w->table, row, 1, NULL), STREAMQ_OK);
    }
    ck_assert_int_eq(sqi_table_lookup(w->table, &v, (sqi_rows){NULL, n}, SQI_TABLE_INSERT, row, NULL, NULL, NULL),
                     STREAMQ_OK);
    ck_assert_int_eq(sqi_checkpoint_log(&w->c, id, &head, &w->parts, false, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_checkpoint_sync(&w->c, NULL), STREAMQ_OK);
    if (deliver)
        ck_assert_int_eq(sqi_checkpoint_delivered(&w->c, id, NULL), STREAMQ_OK);
    sqi_table_clean(w->table);
    sqi_arena_release(&w->arena, mark);
}

static void end_world(world *w)
{
    sqi_checkpoint_close(&w->c, true);
    sqi_table_free(w->table);
    sqi_arena_fini(&w->arena);
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

/* a, b; c instead of a; d, which is not delivered. */
static void make(void)
{
    world w;
    begin_world(&w);
    batch(&w, 0, (const char *const[]){"a", "b"}, 2, NULL, true);
    batch(&w, 1, (const char *const[]){"c"}, 1, "a", true);
    batch(&w, 2, (const char *const[]){"d"}, 1, NULL, false);
    end_world(&w);
}

/* -------------------------------------------------------------- looking */

typedef struct view {
    sqi_arena arena;
    sqi_eval eval;
    sqi_state_place place;
    sqi_schema schema;
    sqi_buf text;
} view;

static void view_begin(view *v, sqi_alloc *alloc, const sqi_os *os)
{
    *v = (view){.text = {.alloc = alloc}};
    sqi_arena_init(&v->arena, alloc);
    sqi_buf_init(&v->text, alloc, 0);
    v->eval = (sqi_eval){.alloc = alloc,
                         .arena = &v->arena,
                         .pool = sqi_type_pool_new(alloc),
                         .zones = sqi_zones_new(alloc),
                         .zone = sqi_zone_utc(),
                         .ansi = true};
    v->place =
        (sqi_state_place){.alloc = alloc, .os = os, .log = &quiet, .eval = &v->eval, .chunk_rows = 1, .dir = dir};
}

static void view_end(view *v)
{
    sqi_buf_fini(&v->text);
    sqi_arena_fini(&v->arena);
    sqi_zones_free(v->eval.zones);
    sqi_type_pool_free(v->eval.pool);
}

static streamq_status take(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    view *v = context;
    for (uint32_t i = 0; i < chunk->rows.n; ++i) {
        for (uint32_t k = 0; k < chunk->ncol; ++k) {
            sqi_buf_text(&v->text, k ? "|" : "");
            sqi_text_value(&v->text, &chunk->col[k], i, sqi_zone_utc(), SQI_TEXT_SHOW);
        }
        sqi_buf_byte(&v->text, '\n');
    }
    return v->text.failed ? sqi_error_nomem(err) : STREAMQ_OK;
}

static streamq_status rows(view *v, int64_t at, streamq_error **err)
{
    SQI_TRY(sqi_state_read_schema(&v->place, 0, false, &v->arena, &v->schema, err));
    return sqi_state_read_rows(&v->place, 0, at, &v->schema, take, v, err);
}

static streamq_status changes(view *v, int64_t first, int64_t last, streamq_error **err)
{
    SQI_TRY(sqi_state_read_schema(&v->place, 0, true, &v->arena, &v->schema, err));
    return sqi_state_read_changes(&v->place, 0, first, last, &v->schema, take, v, err);
}

static const char *text_of(view *v)
{
    sqi_buf_byte(&v->text, '\0');
    const char *text = v->text.ptr;
    v->text.len = 0;
    return text;
}

START_TEST(removed_rows_are_gone_and_are_told_as_deleted)
{
    view v;
    int64_t oldest, newest;
    begin();
    make();
    view_begin(&v, &heap.alloc, sqi_os_posix());
    ck_assert_int_eq(rows(&v, 0, NULL), STREAMQ_OK);
    ck_assert_str_eq(text_of(&v), "{a}|{NULL}|0\n{b}|{NULL}|0\n");
    ck_assert_int_eq(rows(&v, -1, NULL), STREAMQ_OK); /* what is not delivered is not there */
    ck_assert_str_eq(text_of(&v), "{c}|{NULL}|0\n{b}|{NULL}|0\n");
    ck_assert_int_eq(changes(&v, 0, -1, NULL), STREAMQ_OK);
    ck_assert_str_eq(text_of(&v), "0|update|{a}|{NULL}|0\n0|update|{b}|{NULL}|0\n"
                                  "1|delete|{a}|NULL|0\n1|update|{c}|{NULL}|0\n");
    ck_assert_int_eq(sqi_state_read_batches(&v.place, &oldest, &newest, NULL), STREAMQ_OK);
    ck_assert_int_eq(oldest, 0);
    ck_assert_int_eq(newest, 1);
    view_end(&v);
    end();
}
END_TEST

/* -------------------------------------------------------------- files that go */

static int refusals, refused_with;

static int refuse_open(void *context, const char *path, int how, int *file)
{
    if (strstr(path, "/wal-") && refusals > 0) {
        --refusals;
        return refused_with;
    }
    return sqi_os_files_posix()->open(context, path, how, file);
}

START_TEST(a_file_that_goes_while_it_is_read_is_looked_for_again)
{
    sqi_os os = *sqi_os_posix();
    sqi_os_files files = *sqi_os_files_posix();
    view v;
    streamq_error *err = NULL;
    begin();
    make();
    files.open = refuse_open;
    os.files = &files;
    view_begin(&v, &heap.alloc, &os);
    refused_with = ENOENT;
    for (int n = 0; n < 5; ++n) {
        refusals = n;
        ck_assert_int_eq(rows(&v, -1, NULL), STREAMQ_OK);
        ck_assert_str_eq(text_of(&v), "{c}|{NULL}|0\n{b}|{NULL}|0\n");
        refusals = n;
        ck_assert_int_eq(changes(&v, 1, 1, NULL), STREAMQ_OK);
        ck_assert_str_eq(text_of(&v), "1|delete|{a}|NULL|0\n1|update|{c}|{NULL}|0\n");
    }
    refusals = 1000;
    refused_with = EIO;
    ck_assert_int_eq(rows(&v, -1, &err), STREAMQ_ERR_IO);
    ck_assert_ptr_nonnull(strstr(sqi_error_text(err), "/wal-0000000000000000000: "));
    ck_assert_int_gt(refusals, 900); /* it gave up soon */
    sqi_error_free(err);
    view_end(&v);
    end();
}
END_TEST

static streamq_status take_no_more(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    (void)chunk;
    ++*(int *)context;
    return sqi_error_set(err, SQI_COND_IO_ERROR, "enough");
}

START_TEST(who_takes_the_rows_may_stop_it)
{
    view v;
    int taken = 0;
    begin();
    make();
    view_begin(&v, &heap.alloc, sqi_os_posix());
    ck_assert_int_eq(changes(&v, 0, 0, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_state_read_changes(&v.place, 0, 0, -1, &v.schema, take_no_more, &taken, NULL), STREAMQ_ERR_IO);
    ck_assert_int_eq(taken, 1); /* and is not asked again */
    view_end(&v);
    end();
}
END_TEST

START_TEST(another_checkpoint_in_its_place_is_noticed)
{
    view v;
    streamq_error *err = NULL;
    begin();
    make();
    view_begin(&v, &heap.alloc, sqi_os_posix());
    ck_assert_int_eq(rows(&v, 0, NULL), STREAMQ_OK);
    sqi_field field = {SQI_SPAN("k"), &sqi_type_int, true};
    v.schema.field[0].type = sqi_type_struct(v.eval.pool, &field, 1);
    ck_assert_int_ne(sqi_state_read_rows(&v.place, 0, 0, &v.schema, take, &v, &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_CHECKPOINT_MISMATCH);
    sqi_error_free(err);
    view_end(&v);
    end();
}
END_TEST

/* Whole records, with checksums that are right, of bytes that are not. */
START_TEST(blocks_made_to_do_harm_are_an_error_or_rows)
{
    for (uint64_t seed = 1; seed <= 300; ++seed) {
        world w;
        view v;
        streamq_error *err = NULL;
        begin();
        begin_world(&w);
        w.harm = seed;
        batch(&w, 0, (const char *const[]){"a", "bbbbbbbbbbbbbbbbbbbbbbbb", ""}, 3, NULL, true);
        batch(&w, 1, (const char *const[]){"c"}, 1, "a", true);
        end_world(&w);
        view_begin(&v, &heap.alloc, sqi_os_posix());
        if (rows(&v, -1, &err) != STREAMQ_OK)
            ck_assert_ptr_nonnull(err);
        sqi_error_free(err);
        err = NULL;
        if (changes(&v, 0, -1, &err) != STREAMQ_OK)
            ck_assert_ptr_nonnull(err);
        sqi_error_free(err);
        view_end(&v);
        end();
    }
}
END_TEST

/* -------------------------------------------------------------- no memory */

static streamq_status read_all(sqi_alloc *alloc, void *context, streamq_error **err)
{
    view v;
    int64_t oldest, newest;
    (void)context;
    view_begin(&v, alloc, sqi_os_posix());
    streamq_status status = v.eval.pool && v.eval.zones ? rows(&v, -1, err) : sqi_error_nomem(err);
    if (status == STREAMQ_OK)
        status = changes(&v, 0, -1, err);
    if (status == STREAMQ_OK)
        status = sqi_state_read_batches(&v.place, &oldest, &newest, err);
    view_end(&v);
    return status;
}

START_TEST(no_memory_is_an_error)
{
    begin();
    make();
    ck_assert_uint_gt(sqi_test_every_allocation(read_all, NULL), 10);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {removed_rows_are_gone_and_are_told_as_deleted,
                                  a_file_that_goes_while_it_is_read_is_looked_for_again,
                                  who_takes_the_rows_may_stop_it,
                                  another_checkpoint_in_its_place_is_noticed,
                                  blocks_made_to_do_harm_are_an_error_or_rows,
                                  no_memory_is_an_error};
    return sqi_test_main("run_state_read", tests, sizeof tests / sizeof *tests);
}
