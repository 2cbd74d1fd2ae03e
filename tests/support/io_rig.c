/* io_rig: see the header. */
#include "io_rig.h"

#include <check.h>
#include <string.h>

#include "data_builder.h"
#include "data_cut.h"
#include "data_text.h"

static void keep_log(void *user, int32_t level, const char *text, size_t len)
{
    rig *r = user;
    sqi_buf_printf(&r->log, "%d ", (int)level);
    sqi_buf_put(&r->log, text, len);
    sqi_buf_byte(&r->log, '\n');
}

void rig_begin(rig *r)
{
    *r = (rig){0};
    sqi_fail_alloc_init(&r->heap);
    sqi_os_sim_init(&r->sim, INT64_C(1700000000000000), 1);
    sqi_arena_init(&r->arena, &r->heap.alloc);
    r->options.arena = &r->arena;
    sqi_buf_init(&r->rows, &r->heap.alloc, 0);
    sqi_buf_init(&r->log, &r->heap.alloc, 0);
    r->env = (sqi_io_env){.alloc = &r->heap.alloc,
                          .os = &r->sim.os,
                          .log = {keep_log, r},
                          .zone = sqi_zone_utc(),
                          .chunk_rows = SQI_CHUNK_ROWS};
}

void rig_end(rig *r)
{
    sqi_source_close(r->source);
    sqi_sink_close(r->sink);
    ck_assert_msg(r->err == NULL, "an error was left: %s", sqi_error_message(r->err));
    sqi_arena_fini(&r->arena);
    sqi_buf_fini(&r->rows);
    sqi_buf_fini(&r->log);
    sqi_os_sim_fini(&r->sim);
    sqi_fail_alloc_assert_clean(&r->heap);
}

void rig_option(rig *r, const char *name, const char *value)
{
    ck_assert_int_eq(sqi_options_set(&r->options, sqi_span_of(name), sqi_span_of(value), NULL), STREAMQ_OK);
}

void rig_columns(rig *r, const char *const *names, const sqi_type *const *types, uint32_t n)
{
    r->schema.n = n;
    r->schema.field = sqi_arena_array(&r->arena, n + 1, sizeof *r->schema.field);
    for (uint32_t i = 0; i < n; i++)
        r->schema.field[i] = (sqi_field){sqi_span_of(names[i]), types[i], true};
}

static void no_failure(rig *r, streamq_status status)
{
    ck_assert_msg(status == STREAMQ_OK, "%s", sqi_error_message(r->err));
}

streamq_status rig_try_source(rig *r, const sqi_source_type *type, void *declared)
{
    const sqi_schema *given = r->schema.field ? &r->schema : NULL;
    sqi_schema columns;
    if (type->plan) {
        SQI_TRY(type->plan(type, !r->bounded, &r->options, given, &r->env, &r->arena, &columns, &declared, &r->err));
        r->schema = columns;
        return sqi_source_open(&r->source, type, &r->env, &r->options, &r->schema, declared, &r->err);
    }
    SQI_TRY(sqi_options_check(&r->options, type->option, type->noption, type->name, &r->err));
    SQI_TRY(type->schema(&r->options, given, &r->env, &r->arena, &columns, &r->err));
    r->schema = columns;
    return sqi_source_open(&r->source, type, &r->env, &r->options, &r->schema, declared, &r->err);
}

sqi_source *rig_source(rig *r, const sqi_source_type *type, void *declared)
{
    no_failure(r, rig_try_source(r, type, declared));
    return r->source;
}

sqi_offset rig_latest(rig *r, const sqi_offset *start)
{
    sqi_offset end = *start;
    no_failure(r, r->source->type->latest(r->source, start, &end, &r->err));
    return end;
}

static streamq_status collect(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    rig *r = context;
    (void)err;
    sqi_chunk cut;
    sqi_vec column;
    if (chunk->lines.len) {
        SQI_TRY(sqi_lines_cut(&cut, &column, chunk, &r->arena, err));
        chunk = &cut;
    }
    r->chunks++;
    if (chunk->rows.n > r->most_rows)
        r->most_rows = chunk->rows.n;
    for (SQI_EACH(chunk->rows, k, i)) {
        for (uint32_t c = 0; c < chunk->ncol; c++) {
            if (c)
                sqi_buf_byte(&r->rows, '|');
            sqi_text_value(&r->rows, &chunk->col[c], i, r->env.zone,
                           sqi_vec_valid(&chunk->col[c], i) ? SQI_TEXT_CAST : SQI_TEXT_SHOW);
        }
        sqi_buf_byte(&r->rows, '\n');
    }
    return STREAMQ_OK;
}

static const char *text_of(sqi_buf *b)
{
    ck_assert(sqi_buf_byte(b, '\0'));
    return b->ptr;
}

const char *rig_read(rig *r, const sqi_offset *start, const sqi_offset *end)
{
    sqi_buf_clear(&r->rows);
    r->chunks = 0;
    no_failure(r, r->source->type->read(r->source, start, end, collect, r, &r->err));
    return text_of(&r->rows);
}

const char *rig_json(rig *r, const sqi_offset *o)
{
    sqi_buf b;
    sqi_buf_init(&b, &r->heap.alloc, 0);
    ck_assert(r->source->type->offset_json(r->source, o, &b));
    const char *text = sqi_arena_text(&r->arena, b.ptr, b.len);
    sqi_buf_fini(&b);
    return text;
}

streamq_status rig_try_sink(rig *r, const sqi_sink_type *type, streamq_output_mode mode, void *declared)
{
    SQI_TRY(sqi_sink_check(type, &r->options, type->name, &r->err));
    return sqi_sink_open(&r->sink, type, &r->env, &r->options, &r->schema, mode, SQI_SPAN("q"), declared, &r->err);
}

sqi_sink *rig_sink(rig *r, const sqi_sink_type *type, streamq_output_mode mode, void *declared)
{
    no_failure(r, rig_try_sink(r, type, mode, declared));
    return r->sink;
}

void rig_write(rig *r, int64_t batch_id, const sqi_chunk *chunk)
{
    const sqi_sink_type *t = r->sink->type;
    no_failure(r, t->begin(r->sink, batch_id, &r->err));
    if (chunk)
        no_failure(r, t->write(r->sink, chunk, &r->err));
    no_failure(r, t->commit(r->sink, batch_id, &r->err));
}

void rig_refused(rig *r, streamq_status status, sqi_cond cond, const char *text)
{
    ck_assert_int_eq(status, sqi_cond_status(cond));
    ck_assert_str_eq(sqi_cond_name(sqi_error_cond(r->err)), sqi_cond_name(cond));
    ck_assert_msg(strstr(sqi_error_message(r->err), text) != NULL, "'%s' is not in: %s", text,
                  sqi_error_message(r->err));
    sqi_error_free(r->err);
    r->err = NULL;
}

static sqi_chunk one_column(rig *r, sqi_builder *b, uint32_t n)
{
    sqi_vec *v = sqi_arena_zero(&r->arena, sizeof *v);
    ck_assert_int_eq(sqi_builder_finish(b, v, NULL), STREAMQ_OK);
    return (sqi_chunk){.n = n, .ncol = 1, .rows = {NULL, n}, .col = v};
}

sqi_chunk rig_strings(rig *r, const char *const *values, uint32_t n)
{
    sqi_builder *b = sqi_builder_new(&sqi_type_string, &r->arena);
    for (uint32_t i = 0; i < n; i++) {
        if (values[i])
            sqi_builder_bytes(b, sqi_span_of(values[i]));
        else
            sqi_builder_null(b);
    }
    return one_column(r, b, n);
}

sqi_chunk rig_numbers(rig *r, const int64_t *values, uint32_t n)
{
    sqi_builder *b = sqi_builder_new(&sqi_type_bigint, &r->arena);
    for (uint32_t i = 0; i < n; i++)
        sqi_builder_int(b, values[i]);
    return one_column(r, b, n);
}

sqi_chunk rig_beside(rig *r, sqi_chunk a, sqi_chunk b)
{
    sqi_vec *col = sqi_arena_array(&r->arena, a.ncol + b.ncol, sizeof *col);
    memcpy(col, a.col, a.ncol * sizeof *col);
    memcpy(col + a.ncol, b.col, b.ncol * sizeof *col);
    a.col = col;
    a.ncol += b.ncol;
    return a;
}

sqi_batch *rig_batch(rig *r, const sqi_schema *schema, const sqi_chunk *chunk)
{
    sqi_batch *b = sqi_batch_new(&r->heap.alloc, schema, NULL);
    ck_assert_ptr_nonnull(b);
    if (chunk)
        ck_assert_int_eq(sqi_batch_append(b, chunk, NULL), STREAMQ_OK);
    return b;
}
