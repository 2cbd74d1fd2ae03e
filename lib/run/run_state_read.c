/*
 * run_state_read: see the header. A look is one opening of the checkpoint; when it fails in a way that a running query
 * may be the reason of (a file that is gone, a log that was cut), another is taken, a few times. What was emitted by then
 * stays: state is loaded whole before the first row leaves, and changes go on with the batch that is next.
 */
#include "run_state_read.h"

#include "op_state_read.h"

#include <stdio.h>

enum { LOOKS = 5 };

typedef struct look {
    const sqi_state_place *place;
    sqi_checkpoint checkpoint;
    sqi_state_reader *reader;
    uint32_t number;
    const sqi_schema *schema; /* of the rows */
    sqi_source_emit emit;
    void *context;
    sqi_arena arena;           /* of the chunk at hand */
    int64_t first, next, last; /* batches to emit */
    bool emitting;             /* what fails is not the checkpoint's fault */
} look;

/* -------------------------------------------------------------- the checkpoint */

streamq_status sqi_state_read_meta(const sqi_state_place *p, sqi_meta *m, streamq_error **err)
{
    bool found;
    SQI_TRY(sqi_meta_read(m, sqi_os_files_of(p->os), p->dir, &found, err));
    return found ? STREAMQ_OK
                 : sqi_error_set(err, SQI_COND_STDS_COMMITTED_BATCH_UNAVAILABLE,
                                 "there is no checkpoint in %s: no query has been started with this checkpointLocation",
                                 p->dir);
}

static streamq_status open_checkpoint(look *l, streamq_error **err)
{
    sqi_checkpoint_spec spec = {.alloc = l->place->alloc,
                                .os = l->place->os,
                                .log = l->place->log,
                                .dir = l->place->dir,
                                .retain = 1,
                                .read_only = true};
    return sqi_checkpoint_open(&l->checkpoint, &spec, err);
}

/* The batch asked for, or the last, as a number. */
static streamq_status resolve(const look *l, int64_t asked, int64_t *batch, streamq_error **err)
{
    int64_t committed = sqi_checkpoint_committed(&l->checkpoint);
    *batch = asked < 0 ? committed : asked;
    if (committed < 0)
        return sqi_error_set(err, SQI_COND_STDS_COMMITTED_BATCH_UNAVAILABLE,
                             "the checkpoint %s has no delivered batch yet; let the query run first", l->place->dir);
    if (asked <= committed)
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_STDS_COMMITTED_BATCH_UNAVAILABLE,
                         "the checkpoint %s has no delivered batch %lld; the last one is %lld", l->place->dir,
                         (long long)asked, (long long)committed);
}

static void end_look(look *l)
{
    sqi_state_reader_free(l->reader);
    l->reader = NULL;
    sqi_checkpoint_close(&l->checkpoint, false);
}

/* Runs `work` on an open checkpoint, which stays open when that is well. */
static streamq_status take_looks(look *l, streamq_status (*work)(look *l, streamq_error **err), streamq_error **err)
{
    for (int n = 1;; ++n) {
        streamq_error *why = NULL;
        streamq_status status = open_checkpoint(l, &why);
        if (status == STREAMQ_OK)
            status = work(l, &why);
        if (status == STREAMQ_OK)
            return STREAMQ_OK;
        sqi_cond cond = sqi_error_cond(why);
        end_look(l);
        if (l->emitting || n == LOOKS || (cond != SQI_COND_CHECKPOINT_CORRUPT && cond != SQI_COND_IO_ERROR))
            return sqi_error_pass(err, why);
        sqi_error_free(why);
    }
}

/* -------------------------------------------------------------- an operator's columns */

static streamq_status new_reader(const sqi_state_place *p, sqi_span shape, uint32_t number, sqi_state_reader **out,
                                 streamq_error **err)
{
    sqi_meta_part part;
    uint32_t n = 0;
    bool found = false;
    *out = NULL;
    while (!found && sqi_meta_next(&shape, &part))
        found = !part.source && n++ == number;
    if (!found)
        return sqi_error_set(err, SQI_COND_STDS_FAILED_TO_READ_STATE_SCHEMA,
                             "the checkpoint %s has no stateful operator %u; it has %u, numbered from 0", p->dir,
                             number, n);
    sqi_eval eval = *p->eval;
    uint64_t seed = 0;
    (void)p->os->random(p->os->context, &seed, sizeof seed); /* without it keys made to collide are slow, no more */
    sqi_op_env env = {.alloc = p->alloc, .eval = &eval, .chunk_rows = p->chunk_rows, .hash_seed = seed};
    streamq_status status = sqi_state_reader_new(out, part.text, &env, p->registry, err);
    if (status != STREAMQ_OK) {
        sqi_state_reader_free(*out);
        *out = NULL;
    }
    return status;
}

/* An aggregate is called as Spark calls what it keeps, its function's name; if there are two of them, as in the query. */
static sqi_span value_name(const sqi_state_reader *r, const sqi_schema *s, uint32_t nkey, uint32_t column)
{
    sqi_span name = sqi_state_reader_function(r, column);
    for (uint32_t i = nkey; i < s->n; ++i)
        if (i != column && sqi_span_equal_nocase(sqi_state_reader_function(r, i), name))
            return s->field[column].name;
    return name;
}

static streamq_status make_struct(const sqi_state_place *p, const sqi_field *fields, uint32_t n, const sqi_type **out,
                                  streamq_error **err)
{
    *out = sqi_type_struct(p->eval->pool, fields, n);
    return *out ? STREAMQ_OK : sqi_error_nomem(err);
}

static const sqi_field no_value = {{"__dummy__", 9}, &sqi_type_void, true}, no_key = {{"key", 3}, &sqi_type_void, true},
                       one_value = {{"value", 5}, &sqi_type_bigint, true};

/* Key and value as Spark has them: deduplication keeps a dummy, a limit has no key. */
static streamq_status make_types(const sqi_state_place *p, const sqi_state_reader *r, sqi_arena *arena,
                                 const sqi_type **key, const sqi_type **value, streamq_error **err)
{
    uint32_t nkey;
    const sqi_schema *s = sqi_state_reader_schema(r, &nkey);
    const char *kind = sqi_state_reader_operator(r);
    sqi_field *field = sqi_arena_array(arena, s->n + 1, sizeof *field);
    if (!field)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < s->n; ++i) {
        field[i] = s->field[i];
        field[i].nullable = true;
        if (i >= nkey)
            field[i].name = value_name(r, s, nkey, i);
    }
    if (!strcmp(kind, "globalLimit")) {
        SQI_TRY(make_struct(p, &no_key, 1, key, err));
        return make_struct(p, &one_value, 1, value, err);
    }
    SQI_TRY(make_struct(p, field, nkey, key, err));
    return !strcmp(kind, "dedupe") ? make_struct(p, &no_value, 1, value, err)
                                   : make_struct(p, field + nkey, s->n - nkey, value, err);
}

streamq_status sqi_state_read_schema(const sqi_state_place *p, uint32_t number, bool changes, sqi_arena *arena,
                                     sqi_schema *out, streamq_error **err)
{
    const sqi_type *key = NULL, *value = NULL;
    sqi_state_reader *r = NULL;
    sqi_meta meta;
    sqi_meta_init(&meta, p->alloc);
    streamq_status status = sqi_state_read_meta(p, &meta, err);
    if (status == STREAMQ_OK)
        status = new_reader(p, sqi_buf_view(&meta.shape), number, &r, err);
    if (status == STREAMQ_OK)
        status = make_types(p, r, arena, &key, &value, err);
    sqi_state_reader_free(r);
    sqi_meta_fini(&meta);
    SQI_TRY(status);
    sqi_field fields[] = {{SQI_SPAN("batch_id"), &sqi_type_bigint, true},
                          {SQI_SPAN("change_type"), &sqi_type_string, true},
                          {SQI_SPAN("key"), key, true},
                          {SQI_SPAN("value"), value, true},
                          {SQI_SPAN("partition_id"), &sqi_type_int, true}};
    uint32_t skip = changes ? 0 : 2;
    return sqi_schema_copy(out, &(sqi_schema){5 - skip, fields + skip}, arena, err);
}

/* -------------------------------------------------------------- rows */

/* A struct over columns; where there are none of the type's own, of nulls. */
static streamq_status put_struct(look *l, sqi_vec *out, const sqi_type *type, sqi_vec *col, uint32_t ncol,
                                 streamq_error **err)
{
    *out = (sqi_vec){.type = type, .mask = UINT32_MAX, .child = col};
    if (ncol == type->nfield)
        return STREAMQ_OK;
    out->child = sqi_arena_array(&l->arena, type->nfield, sizeof *out->child);
    if (!out->child)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < type->nfield; ++i)
        SQI_TRY(sqi_vec_null(&out->child[i], type->field[i].type, &l->arena, err));
    return STREAMQ_OK;
}

static sqi_vec constant(const sqi_type *type, void *value)
{
    return (sqi_vec){.type = type, .data = value, .mask = 0};
}

/* Rows of the reader, or removed keys alone, as they leave. type: NULL for state, else the kind of change. */
static streamq_status emit_rows(look *l, const sqi_chunk *in, const char *type, int64_t batch, bool removed,
                                streamq_error **err)
{
    int32_t partition = 0;
    sqi_str kind = sqi_str_view(type, type ? (uint32_t)strlen(type) : 0);
    sqi_vec col[5] = {constant(&sqi_type_bigint, &batch), constant(&sqi_type_string, &kind)};
    uint32_t n = 0, nkey;
    sqi_state_reader_schema(l->reader, &nkey);
    sqi_vec *first = type ? col : col + 2;
    const sqi_field *field = l->schema->field + (type ? 2 : 0);
    n = type ? 5 : 3;
    sqi_arena_reset(&l->arena);
    SQI_TRY(put_struct(l, &col[2], field[0].type, in->col, nkey, err));
    if (removed)
        SQI_TRY(sqi_vec_null(&col[3], field[1].type, &l->arena, err));
    else
        SQI_TRY(put_struct(l, &col[3], field[1].type, in->col + nkey, in->ncol - nkey, err));
    col[4] = constant(&sqi_type_int, &partition);
    const sqi_chunk out = {.n = in->n, .ncol = n, .rows = in->rows, .col = first};
    l->emitting = true;
    streamq_status status = l->emit(l->context, &out, err);
    l->emitting = status != STREAMQ_OK;
    return status;
}

static streamq_status emit_all(look *l, const char *type, int64_t batch, streamq_error **err)
{
    sqi_chunk chunk;
    for (;;) {
        SQI_TRY(sqi_state_reader_next(l->reader, &chunk, err));
        if (!chunk.rows.n)
            return STREAMQ_OK;
        SQI_TRY(emit_rows(l, &chunk, type, batch, false, err));
    }
}

static streamq_status load_block(void *context, const sqi_record_item *item, streamq_error **err)
{
    look *l = context;
    if ((item->kind != SQI_RECORD_OPERATOR_CHANGES && item->kind != SQI_RECORD_OPERATOR_PART) ||
        item->index != l->number)
        return STREAMQ_OK;
    return sqi_state_reader_load(l->reader, item->block, err);
}

static streamq_status load_state(look *l, streamq_error **err)
{
    int64_t batch;
    SQI_TRY(new_reader(l->place, sqi_buf_view(&l->checkpoint.meta.shape), l->number, &l->reader, err));
    SQI_TRY(resolve(l, l->last, &batch, err));
    return sqi_checkpoint_replay(&l->checkpoint, batch, load_block, l, err);
}

/* The schema was made by an earlier look at the directory; another checkpoint may stand there by now. */
static streamq_status check_schema(look *l, const sqi_schema *schema, streamq_error **err)
{
    const sqi_type *key, *value;
    const sqi_field *field = schema->field + (schema->n == 5 ? 2 : 0);
    sqi_arena_reset(&l->arena);
    SQI_TRY(make_types(l->place, l->reader, &l->arena, &key, &value, err));
    if (sqi_type_same(key, field[0].type) && sqi_type_same(value, field[1].type))
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_CHECKPOINT_MISMATCH,
                         "the checkpoint in %s is another one than when the plan was made; make the plan again",
                         l->place->dir);
}

static look look_of(const sqi_state_place *p, uint32_t number, const sqi_schema *schema, sqi_source_emit emit,
                    void *context)
{
    look l = {.place = p, .number = number, .schema = schema, .emit = emit, .context = context};
    sqi_arena_init(&l.arena, p->alloc);
    return l;
}

streamq_status sqi_state_read_rows(const sqi_state_place *p, uint32_t number, int64_t batch, const sqi_schema *schema,
                                   sqi_source_emit emit, void *context, streamq_error **err)
{
    look l = look_of(p, number, schema, emit, context);
    l.last = batch;
    streamq_status status = take_looks(&l, load_state, err);
    if (status == STREAMQ_OK)
        status = check_schema(&l, schema, err);
    if (status == STREAMQ_OK)
        status = emit_all(&l, NULL, 0, err);
    end_look(&l);
    sqi_arena_fini(&l.arena);
    return status;
}

/* -------------------------------------------------------------- changes */

static streamq_status emit_removed(void *context, const sqi_chunk *keys, streamq_error **err)
{
    look *l = context;
    return emit_rows(l, keys, "delete", l->next, true, err);
}

/* One block, both ways read before anything leaves. */
static streamq_status emit_changes(look *l, sqi_span block, streamq_error **err)
{
    sqi_state_reader_free(l->reader);
    SQI_TRY(new_reader(l->place, sqi_buf_view(&l->checkpoint.meta.shape), l->number, &l->reader, err));
    SQI_TRY(sqi_state_reader_load(l->reader, block, err));
    SQI_TRY(check_schema(l, l->schema, err));
    SQI_TRY(sqi_state_reader_removed(l->reader, block, emit_removed, l, err));
    return emit_all(l, "update", l->next, err);
}

static streamq_status take_record(void *context, const sqi_checkpoint_record *record, streamq_error **err)
{
    look *l = context;
    sqi_bytes items = record->items;
    sqi_record_item item;
    if (record->batch < l->next)
        return STREAMQ_OK;
    l->next = record->batch;
    while (sqi_record_next(&items, &item))
        if (item.kind == SQI_RECORD_OPERATOR_CHANGES && item.index == l->number)
            SQI_TRY(emit_changes(l, item.block, err));
    if (items.bad)
        return sqi_error_set(err, SQI_COND_CHECKPOINT_CORRUPT, "the record of batch %lld in %s is malformed",
                             (long long)record->batch, l->place->dir);
    l->next = record->batch + 1;
    return STREAMQ_OK;
}

static streamq_status read_changes(look *l, streamq_error **err)
{
    int64_t last;
    SQI_TRY(resolve(l, l->last, &last, err));
    l->last = last; /* of the first look */
    if (l->next > last && l->next > l->first)
        return STREAMQ_OK; /* an earlier look had come to the end */
    if (l->next > last)
        return sqi_error_set(err, SQI_COND_STDS_INVALID_OPTION_VALUE__WITH_MESSAGE,
                             "the option 'changeStartBatchId' is %lld, after the last batch, %lld", (long long)l->next,
                             (long long)last);
    return sqi_checkpoint_records(&l->checkpoint, l->next, last, take_record, l, err);
}

streamq_status sqi_state_read_changes(const sqi_state_place *p, uint32_t number, int64_t first, int64_t last,
                                      const sqi_schema *schema, sqi_source_emit emit, void *context,
                                      streamq_error **err)
{
    look l = look_of(p, number, schema, emit, context);
    l.first = l.next = first;
    l.last = last;
    streamq_status status = take_looks(&l, read_changes, err);
    end_look(&l);
    sqi_arena_fini(&l.arena);
    return status;
}

/* -------------------------------------------------------------- batches */

static streamq_status find_oldest(look *l, streamq_error **err)
{
    l->last = sqi_checkpoint_committed(&l->checkpoint);
    return sqi_checkpoint_oldest(&l->checkpoint, &l->next, err);
}

streamq_status sqi_state_read_batches(const sqi_state_place *p, int64_t *oldest, int64_t *newest, streamq_error **err)
{
    look l = look_of(p, 0, NULL, NULL, NULL);
    streamq_status status = take_looks(&l, find_oldest, err);
    *oldest = l.next;
    *newest = l.last;
    end_look(&l);
    return status;
}
