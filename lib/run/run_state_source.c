/*
 * run_state_source: see the header.
 */
#include "run_state_source.h"

#include "io_columns.h"

static const sqi_option_row store_options[] = {
    {"path", SQI_OPTION_TEXT, NULL, 0, 0, false, "the checkpoint's directory; has to be given"},
    {"operatorId", SQI_OPTION_INT, "0", 0, 0, false, "the stateful operator, as state-metadata numbers them"},
    {"batchId", SQI_OPTION_INT, NULL, 0, 0, false,
     "the state as it was after this batch; the last delivered one if unset"},
    {"storeName", SQI_OPTION_TEXT, "default", 0, 0, false, "no operator has another store than 'default'"},
    {"joinSide", SQI_OPTION_TEXT, "none", 0, 0, false, "'none': joins keep no state yet"},
    {"readChangeFeed", SQI_OPTION_BOOL, "false", 0, 0, false, "what batches changed, not what there is"},
    {"changeStartBatchId", SQI_OPTION_INT, NULL, 0, 0, false, "the first of them; has to be given"},
    {"changeEndBatchId", SQI_OPTION_INT, NULL, 0, 0, false, "the last of them; the last delivered one if unset"},
    {"snapshotStartBatchId", SQI_OPTION_INT, NULL, 0, 0, false, "refused: there are no snapshot files"},
    {"snapshotPartitionId", SQI_OPTION_INT, NULL, 0, 0, false, "refused: there are no snapshot files"},
};
static const sqi_option_row metadata_options[] = {
    {"path", SQI_OPTION_TEXT, NULL, 0, 0, false, "the checkpoint's directory; has to be given"},
};
enum {
    NSTORE = sizeof store_options / sizeof *store_options,
    NMETADATA = sizeof metadata_options / sizeof *metadata_options
};

static const sqi_field metadata_fields[] = {
    {{"operatorId", 10}, &sqi_type_bigint, true},         {{"operatorName", 12}, &sqi_type_string, true},
    {{"stateStoreName", 14}, &sqi_type_string, true},     {{"numPartitions", 13}, &sqi_type_int, true},
    {{"minBatchId", 10}, &sqi_type_bigint, true},         {{"maxBatchId", 10}, &sqi_type_bigint, true},
    {{"operatorProperties", 18}, &sqi_type_string, true},
};
enum { METADATA = sizeof metadata_fields / sizeof *metadata_fields };

/* -------------------------------------------------------------- options */

typedef struct wanted {
    const char *path;
    uint32_t number;
    int64_t batch; /* -1: the last */
    bool changes;
    int64_t first, last;
} wanted;

static streamq_status wrong(const char *name, streamq_error **err, const char *why)
{
    return sqi_error_set(err, SQI_COND_STDS_INVALID_OPTION_VALUE__WITH_MESSAGE, "the option '%s': %s", name, why);
}

/* An id that may be left out: `unset` then. */
static streamq_status get_id(const sqi_options *o, const char *name, int64_t unset, int64_t *out, streamq_error **err)
{
    sqi_span text;
    *out = unset;
    if (!sqi_options_get(o, name, &text))
        return STREAMQ_OK;
    *out = sqi_options_int(o, store_options, NSTORE, name);
    return *out >= 0 ? STREAMQ_OK
                     : sqi_error_set(err, SQI_COND_STDS_INVALID_OPTION_VALUE__IS_NEGATIVE,
                                     "the option '%s' is %lld; it cannot be negative", name, (long long)*out);
}

static streamq_status get_path(const sqi_options *o, sqi_arena *arena, const char **out, streamq_error **err)
{
    sqi_span text;
    if (!sqi_options_get(o, "path", &text))
        return sqi_error_set(err, SQI_COND_STDS_REQUIRED_OPTION_UNSPECIFIED,
                             "the option 'path' must be specified: the directory of the checkpoint");
    char *copy = sqi_arena_text(arena, text.ptr, text.len);
    if (!copy)
        return sqi_error_nomem(err);
    *out = sqi_meta_path(copy);
    return **out ? STREAMQ_OK
                 : sqi_error_set(err, SQI_COND_STDS_INVALID_OPTION_VALUE__IS_EMPTY,
                                 "the option 'path' is empty; it is the directory of the checkpoint");
}

static streamq_status check_store(const sqi_options *o, streamq_error **err)
{
    sqi_span name = sqi_options_text(o, store_options, NSTORE, "storeName");
    sqi_span side = sqi_options_text(o, store_options, NSTORE, "joinSide"), ignored;
    if (!name.len)
        return sqi_error_set(err, SQI_COND_STDS_INVALID_OPTION_VALUE__IS_EMPTY, "the option 'storeName' is empty");
    if (!sqi_span_equal_nocase(name, SQI_SPAN("default")))
        return wrong("storeName", err, "no operator has another store than 'default'");
    if (sqi_span_equal_nocase(side, SQI_SPAN("left")) || sqi_span_equal_nocase(side, SQI_SPAN("right")))
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_FEATURE,
                             "the option 'joinSide': joins of streams keep no state yet; leave the option out");
    if (!sqi_span_equal_nocase(side, SQI_SPAN("none")))
        return wrong("joinSide", err, "valid values are left, right, none");
    if (sqi_options_get(o, "snapshotStartBatchId", &ignored) || sqi_options_get(o, "snapshotPartitionId", &ignored))
        return sqi_error_set(
            err, SQI_COND_UNSUPPORTED_FEATURE,
            "the options 'snapshotStartBatchId' and 'snapshotPartitionId': a checkpoint of streamq has "
            "no snapshot files and no partitions; use 'batchId'");
    return STREAMQ_OK;
}

static streamq_status check_changes(const sqi_options *o, const wanted *w, streamq_error **err)
{
    sqi_span ignored;
    const char *only = "only specify this option when readChangeFeed is true";
    if (!w->changes)
        return w->first >= 0  ? wrong("changeStartBatchId", err, only)
               : w->last >= 0 ? wrong("changeEndBatchId", err, only)
                              : STREAMQ_OK;
    if (sqi_options_get(o, "batchId", &ignored))
        return sqi_error_set(err, SQI_COND_STDS_CONFLICT_OPTIONS,
                             "the options 'batchId' and 'readChangeFeed' cannot be specified together");
    if (w->first < 0)
        return sqi_error_set(err, SQI_COND_STDS_REQUIRED_OPTION_UNSPECIFIED,
                             "the option 'changeStartBatchId' must be specified when readChangeFeed is true");
    return w->last >= 0 && w->last < w->first
               ? wrong("changeEndBatchId", err, "it cannot be smaller than changeStartBatchId")
               : STREAMQ_OK;
}

static streamq_status get_wanted(const sqi_options *o, sqi_arena *arena, wanted *w, streamq_error **err)
{
    int64_t number;
    SQI_TRY(get_path(o, arena, &w->path, err));
    SQI_TRY(get_id(o, "operatorId", 0, &number, err));
    SQI_TRY(get_id(o, "batchId", -1, &w->batch, err));
    SQI_TRY(get_id(o, "changeStartBatchId", -1, &w->first, err));
    SQI_TRY(get_id(o, "changeEndBatchId", -1, &w->last, err));
    w->number = number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
    w->changes = sqi_options_bool(o, store_options, NSTORE, "readChangeFeed");
    SQI_TRY(check_store(o, err));
    return check_changes(o, w, err);
}

static sqi_state_place place_of(const sqi_state_source *s, const sqi_io_env *env, const char *path)
{
    return (sqi_state_place){.alloc = env->alloc,
                             .os = env->os,
                             .log = &env->log,
                             .eval = &s->eval,
                             .registry = s->registry,
                             .chunk_rows = sqi_io_columns_rows(env),
                             .dir = path};
}

streamq_status sqi_state_source_schema(const sqi_source_type *type, const sqi_state_source *s,
                                       const sqi_options *options, const sqi_schema *given, const sqi_io_env *env,
                                       sqi_arena *arena, sqi_schema *out, streamq_error **err)
{
    wanted w;
    SQI_TRY(sqi_io_columns_fixed(out, metadata_fields, METADATA, type->name, given, arena, err));
    if (type->option == metadata_options)
        return get_path(options, arena, &w.path, err);
    SQI_TRY(get_wanted(options, arena, &w, err));
    const sqi_state_place place = place_of(s, env, w.path);
    return sqi_state_read_schema(&place, w.number, w.changes, arena, out, err);
}

/* -------------------------------------------------------------- reading */

static streamq_status open_state(sqi_source *s, streamq_error **err)
{
    (void)s;
    (void)err;
    return STREAMQ_OK;
}

static streamq_status latest(sqi_source *s, const sqi_offset *start, sqi_offset *end, streamq_error **err)
{
    (void)s;
    (void)start;
    (void)err;
    *end = (sqi_offset){.known = true, .number = {1, 0}};
    return STREAMQ_OK;
}

static bool offset_json(const sqi_source *s, const sqi_offset *o, sqi_buf *to)
{
    (void)s;
    return sqi_buf_printf(to, "%lld", (long long)o->number[0]);
}

static void close_state(sqi_source *s)
{
    (void)s;
}

static streamq_status read_wanted(sqi_source *s, sqi_arena *arena, sqi_source_emit emit, void *context,
                                  streamq_error **err)
{
    wanted w;
    SQI_TRY(get_wanted(s->options, arena, &w, err));
    const sqi_state_place place = place_of(s->declared, s->env, w.path);
    return w.changes ? sqi_state_read_changes(&place, w.number, w.first, w.last, s->schema, emit, context, err)
                     : sqi_state_read_rows(&place, w.number, w.batch, s->schema, emit, context, err);
}

static streamq_status read_store(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_source_emit emit,
                                 void *context, streamq_error **err)
{
    sqi_arena arena;
    (void)start;
    (void)end;
    sqi_arena_init(&arena, s->env->alloc);
    streamq_status status = read_wanted(s, &arena, emit, context, err);
    sqi_arena_fini(&arena);
    return status;
}

static sqi_vec constant(const sqi_type *type, const void *value)
{
    sqi_vec v = sqi_io_columns_view(type, value);
    v.mask = 0;
    return v;
}

/* A row for each stateful operator. */
static streamq_status emit_operators(sqi_span shape, int64_t oldest, int64_t newest, sqi_source_emit emit,
                                     void *context, streamq_error **err)
{
    const sqi_str store = sqi_str_view("default", 7);
    const int32_t partitions = 1;
    const uint64_t null = 0;
    sqi_str name;
    int64_t id = 0;
    sqi_vec col[METADATA] = {constant(&sqi_type_bigint, &id),     constant(&sqi_type_string, &name),
                             constant(&sqi_type_string, &store),  constant(&sqi_type_int, &partitions),
                             constant(&sqi_type_bigint, &oldest), constant(&sqi_type_bigint, &newest),
                             constant(&sqi_type_string, &store)};
    const sqi_chunk row = {.n = 1, .ncol = METADATA, .rows = {NULL, 1}, .col = col};
    col[METADATA - 1].valid = (uint64_t *)(uintptr_t)&null;
    for (sqi_meta_part part; sqi_meta_next(&shape, &part);) {
        if (part.source)
            continue;
        name = sqi_str_view(part.name.ptr, (uint32_t)part.name.len);
        SQI_TRY(emit(context, &row, err));
        ++id;
    }
    return STREAMQ_OK;
}

static streamq_status read_operators(sqi_source *s, sqi_arena *arena, sqi_meta *meta, sqi_source_emit emit,
                                     void *context, streamq_error **err)
{
    const char *path;
    int64_t oldest, newest;
    SQI_TRY(get_path(s->options, arena, &path, err));
    const sqi_state_place place = place_of(s->declared, s->env, path);
    SQI_TRY(sqi_state_read_meta(&place, meta, err));
    SQI_TRY(sqi_state_read_batches(&place, &oldest, &newest, err));
    return emit_operators(sqi_buf_view(&meta->shape), oldest, newest, emit, context, err);
}

static streamq_status read_metadata(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_source_emit emit,
                                    void *context, streamq_error **err)
{
    sqi_arena arena;
    sqi_meta meta;
    (void)start;
    (void)end;
    sqi_arena_init(&arena, s->env->alloc);
    sqi_meta_init(&meta, s->env->alloc);
    streamq_status status = read_operators(s, &arena, &meta, emit, context, err);
    sqi_meta_fini(&meta);
    sqi_arena_fini(&arena);
    return status;
}

static const sqi_source_type types[] = {
    {.name = "statestore",
     .option = store_options,
     .noption = NSTORE,
     .open = open_state,
     .latest = latest,
     .read = read_store,
     .offset_json = offset_json,
     .close = close_state},
    {.name = "state-metadata",
     .option = metadata_options,
     .noption = NMETADATA,
     .open = open_state,
     .latest = latest,
     .read = read_metadata,
     .offset_json = offset_json,
     .close = close_state},
};

const sqi_source_type *sqi_state_source_at(size_t i)
{
    return i < sizeof types / sizeof *types ? &types[i] : NULL;
}

const sqi_source_type *sqi_state_source_find(sqi_span format)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; ++i)
        if (sqi_span_equal_nocase(format, sqi_span_of(types[i].name)))
            return &types[i];
    return NULL;
}
