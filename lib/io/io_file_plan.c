/*
 * io_file_plan: see the header.
 */
#include "io_file_plan.h"

#include "io_file_list.h"
#include "io_partition_read.h"
#include "io_unpack.h"

enum { BLOCK = 256 * 1024 };

static const sqi_field text_field = {{"value", 5}, &sqi_type_string, true};

typedef struct planning {
    sqi_file_options options;
    const sqi_io_env *env;
    bool infer;
    sqi_partition_types types;
    sqi_arena scratch;
    sqi_span seen; /* the folders of the last file, in scratch */
    sqi_file_list files;
    streamq_status status;
    streamq_error *error;
} planning;

/* -------------------------------------------------------------- what lies there */

static bool on_name(void *user, const sqi_found *f)
{
    planning *p = user;
    sqi_span folders = {f->path.ptr + f->base, f->name > f->base ? f->name - f->base : 0};
    if (p->status != STREAMQ_OK)
        return false;
    if (!p->options.listing.recursive && !sqi_span_equal(folders, p->seen)) {
        p->seen = (sqi_span){sqi_arena_text(&p->scratch, folders.ptr, folders.len), folders.len};
        p->status = p->seen.ptr
                        ? sqi_partition_types_add(&p->types, (sqi_span){f->path.ptr, f->base}, folders, &p->error)
                        : sqi_error_nomem(&p->error);
    }
    return p->infer;
}

static streamq_status on_file(void *user, const sqi_found *f, streamq_error **err)
{
    planning *p = user;
    return sqi_file_list_found(&p->files, f, err);
}

static streamq_status look(planning *p, bool streaming, streamq_error **err)
{
    sqi_listing_result result;
    sqi_listing l = p->options.listing;
    bool log;
    l.user = p;
    l.wanted = on_name;
    l.file = on_file;
    SQI_TRY(sqi_file_list_run(&l, &result, &log, err));
    if (p->status != STREAMQ_OK) {
        streamq_error *error = p->error;
        p->error = NULL;
        return sqi_error_pass(err, error);
    }
    if (!result.roots && !streaming)
        return sqi_error_set(err, SQI_COND_PATH_NOT_FOUND, "Path does not exist: %.*s",
                             (int)(l.path.len < 2000 ? l.path.len : 2000), l.path.ptr);
    if (log && p->options.clean != SQI_CLEAN_OFF)
        return sqi_error_set(
            err, SQI_COND_INVALID_OPTION_VALUE,
            "'cleanSource' does not go with the output folder of a file sink: its log names the files");
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- inferring */

static streamq_status infer_file(planning *p, sqi_inference *f, const sqi_file *file, streamq_error **err)
{
    sqi_unpack *u;
    sqi_format_feed feed;
    sqi_span path = {file->path, file->len};
    sqi_format_feed_init(&feed, p->env->alloc);
    f->file = path;
    SQI_TRY(sqi_unpack_open(&u, path, file->size, p->env, err));
    streamq_status status = f->type->infer_begin(f, err);
    for (bool last = false; status == STREAMQ_OK && !last && !f->done;) {
        char *to;
        size_t got = 0, most = feed.len > BLOCK ? feed.len : BLOCK;
        status = sqi_format_feed_room(&feed, most, &to, err);
        if (status == STREAMQ_OK)
            status = sqi_unpack_read(u, to, most, &got, err);
        last = got == 0;
        if (status == STREAMQ_OK)
            status = sqi_format_feed_infer(&feed, got, last, f, err);
    }
    sqi_format_feed_fini(&feed);
    sqi_unpack_close(u);
    return status;
}

/* Files that cannot be read count for nothing if the program said so. */
static bool passed_over(const planning *p, streamq_error *error)
{
    sqi_cond cond = sqi_error_cond(error);
    return (cond == SQI_COND_FAILED_READ_FILE && p->options.ignore_corrupt) ||
           (cond == SQI_COND_FAILED_READ_FILE__FILE_NOT_EXIST && p->options.ignore_missing);
}

static streamq_status infer_data(planning *p, const sqi_format_type *format, const sqi_options *options,
                                 sqi_schema *data, sqi_arena *arena, streamq_error **err)
{
    sqi_inference *f;
    SQI_TRY(sqi_file_list_sort(&p->files, SQI_FILE_BY_PATH, err));
    if (!p->options.listing.recursive)
        sqi_file_list_keep_partitioned(&p->files);
    if (!p->files.n || !format->inference_size)
        return sqi_error_set(err, SQI_COND_UNABLE_TO_INFER_SCHEMA,
                             "Unable to infer schema for %s: there is no file with bytes in it. It must be specified "
                             "manually",
                             format->name);
    SQI_TRY(sqi_inference_new(&f, format, p->env, options, err));
    streamq_status status = STREAMQ_OK;
    for (size_t i = 0; i < p->files.n && status == STREAMQ_OK && !f->done; i++) {
        streamq_error *error = NULL;
        status = infer_file(p, f, &p->files.file[i], &error);
        if (status != STREAMQ_OK && passed_over(p, error)) {
            sqi_error_free(error);
            status = STREAMQ_OK;
        } else {
            status = error ? sqi_error_pass(err, error) : status;
        }
    }
    if (status == STREAMQ_OK)
        status = format->infer_schema(f, arena, data, err);
    sqi_inference_free(f);
    return status;
}

/* -------------------------------------------------------------- columns */

/* The type with nulls allowed everywhere: a file may leave anything out. NULL: no memory. */
static const sqi_type *nullable(const sqi_type *t, sqi_type_pool *pool, sqi_arena *arena)
{
    if (!sqi_type_is_nested(t))
        return t;
    if (t->id != SQI_STRUCT) {
        const sqi_type *first = nullable(t->field[0].type, pool, arena);
        if (t->id == SQI_ARRAY || !first)
            return first ? sqi_type_array(pool, first, true) : NULL;
        const sqi_type *value = nullable(t->field[1].type, pool, arena);
        return value ? sqi_type_map(pool, first, value, true) : NULL;
    }
    sqi_field *field = sqi_arena_array(arena, t->nfield + 1, sizeof *field);
    for (uint32_t i = 0; field && i < t->nfield; i++) {
        field[i] = (sqi_field){t->field[i].name, nullable(t->field[i].type, pool, arena), true};
        if (!field[i].type)
            return NULL;
    }
    return field ? sqi_type_struct(pool, field, t->nfield) : NULL;
}

static streamq_status all_nullable(sqi_schema *s, const planning *p, sqi_arena *arena, streamq_error **err)
{
    for (uint32_t i = 0; i < s->n; i++) {
        s->field[i].nullable = true;
        s->field[i].type = nullable(s->field[i].type, p->env->pool, arena);
        if (!s->field[i].type)
            return sqi_error_nomem(err);
    }
    return STREAMQ_OK;
}

static uint32_t find(const sqi_field *field, uint32_t n, sqi_span name)
{
    uint32_t i = 0;
    while (i < n && !sqi_name_equal(field[i].name, name))
        i++;
    return i;
}

/* What was given less the partition columns, or what the files say. */
static streamq_status data_columns(planning *p, sqi_file_plan *plan, const sqi_options *options,
                                   const sqi_schema *given, sqi_arena *arena, streamq_error **err)
{
    sqi_schema kept = {0, NULL};
    if (!given && plan->format->fixed_schema)
        return sqi_schema_copy(&plan->data, &(sqi_schema){1, (sqi_field *)(uintptr_t)&text_field}, arena, err);
    if (!given)
        return infer_data(p, plan->format, options, &plan->data, arena, err);
    kept.field = sqi_arena_array(arena, given->n + 1, sizeof *kept.field);
    if (!kept.field)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < given->n; i++)
        if (find(p->types.field, p->types.n, given->field[i].name) == p->types.n)
            kept.field[kept.n++] = given->field[i];
    return sqi_schema_copy(&plan->data, &kept, arena, err);
}

/* Data columns, a partition column in the place of one of its name, and the other partition columns behind. */
static streamq_status put_together(planning *p, sqi_file_plan *plan, sqi_schema *schema, sqi_arena *arena,
                                   streamq_error **err)
{
    uint32_t most = plan->data.n + p->types.n;
    sqi_field *field = sqi_arena_array(arena, most + 1, sizeof *field);
    uint32_t *from = sqi_arena_array(arena, most + 1, sizeof *from);
    bool taken[SQI_PARTITION_MOST] = {false};
    uint32_t n = 0;
    if (!field || !from)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < plan->data.n; i++) {
        uint32_t k = find(p->types.field, p->types.n, plan->data.field[i].name);
        bool folder = k < p->types.n;
        if (folder)
            taken[k] = true;
        from[n] = folder ? SQI_FILE_NO_DATA : i;
        field[n++] = folder ? p->types.field[k] : plan->data.field[i];
    }
    for (uint32_t k = 0; k < p->types.n; k++)
        if (!taken[k]) {
            from[n] = SQI_FILE_NO_DATA;
            field[n++] = p->types.field[k];
        }
    plan->from = from;
    plan->folders = p->types.n > 0;
    return sqi_schema_copy(schema, &(sqi_schema){n, field}, arena, err);
}

static streamq_status decide(planning *p, sqi_file_plan *plan, sqi_schema *schema, const sqi_options *options,
                             const sqi_schema *given, sqi_arena *arena, streamq_error **err)
{
    const sqi_format_type *format = plan->format;
    SQI_TRY(sqi_file_options_read(&p->options, format, options, plan->streaming, p->env, arena, err));
    if (plan->streaming && !given && !format->fixed_schema && !p->env->stream_inference) {
        streamq_status status = sqi_error_set(
            err, SQI_COND_INVALID_ARGUMENT,
            "Schema must be specified when creating a streaming source: a stream of '%s' files has none by itself",
            format->name);
        if (err)
            sqi_error_hint(*err, "give one with streamq_reader_schema, or set spark.sql.streaming.schemaInference to "
                                 "true to have it inferred from the files that are there now");
        return status;
    }
    p->infer = !given && !format->fixed_schema;
    p->types.given = given;
    SQI_TRY(look(p, plan->streaming, err));
    SQI_TRY(data_columns(p, plan, options, given, arena, err));
    SQI_TRY(all_nullable(&plan->data, p, arena, err));
    SQI_TRY(put_together(p, plan, schema, arena, err));
    /* With nothing left of what was given, a text's lines are counted all the same. */
    if (format->fixed_schema && !plan->data.n)
        SQI_TRY(sqi_schema_copy(&plan->data, &(sqi_schema){1, (sqi_field *)(uintptr_t)&text_field}, arena, err));
    return format->check ? format->check(options, given || format->fixed_schema ? &plan->data : NULL, err) : STREAMQ_OK;
}

streamq_status sqi_file_plan_make(sqi_file_plan **out, sqi_schema *schema, const sqi_format_type *format,
                                  bool streaming, const sqi_options *options, const sqi_schema *given,
                                  const sqi_io_env *env, sqi_arena *arena, streamq_error **err)
{
    planning *p = sqi_arena_zero(arena, sizeof *p);
    *out = sqi_arena_zero(arena, sizeof **out);
    if (!p || !*out)
        return sqi_error_nomem(err);
    **out = (sqi_file_plan){.format = format, .streaming = streaming};
    p->env = env;
    p->types = (sqi_partition_types){.env = env, .arena = arena, .text = env->partition_text};
    sqi_arena_init(&p->scratch, env->alloc);
    sqi_file_list_init(&p->files, env->alloc);
    streamq_status status = decide(p, *out, schema, options, given, arena, err);
    sqi_error_free(p->error);
    sqi_file_list_fini(&p->files);
    sqi_arena_fini(&p->scratch);
    return status;
}
