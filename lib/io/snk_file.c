/*
 * snk_file: rows as files in a folder, exactly once: the sinks "text", "csv" and "json".
 *
 * The files of a batch are written in place under names that are new. commit syncs them and adds the batch's entry to
 * the log of files (io_manifest), which is what makes them results, all at once. A batch that the log knows already is
 * dropped. Files that no entry names come from attempts that were broken off; readers that go by the log never see them.
 */
#include "snk_file.h"

#include "io_manifest.h"
#include "io_uri.h"

static const sqi_option_row options[] = {
    {"path", SQI_OPTION_TEXT, NULL, 0, 0, true, "the folder that the files go to; it is made"},
    {"compression", SQI_OPTION_TEXT, "none", 0, 0, false, "of the files: none, gzip, zstd"},
    {"maxRecordsPerFile", SQI_OPTION_INT, "0", INT64_MIN, INT64_MAX, false,
     "rows of a file, beyond which another is begun; 0 or less: any number"},
    {"retention", SQI_OPTION_DURATION, NULL, 0, INT64_MAX, false,
     "entries of older files are dropped from the log, the files stay (none: all are kept); streams only"},
};
enum { NOPTION = sizeof options / sizeof *options, NBATCH = NOPTION - 1 };

size_t sqi_snk_file_options(const sqi_format_type *format, bool streaming, sqi_option_row to[SQI_FILE_OPTIONS])
{
    size_t n = streaming ? NOPTION : NBATCH;
    memcpy(to, options, n * sizeof *to);
    for (size_t i = 0; i < format->nwrite_option && n < SQI_FILE_OPTIONS; i++)
        to[n++] = format->write_option[i];
    return n;
}

streamq_status sqi_snk_file_folder(const sqi_options *o, sqi_arena *arena, sqi_span *folder, streamq_error **err)
{
    char absolute[SQI_OS_PATH_ROOM], text[128];
    sqi_span path = {"", 0};
    sqi_options_get(o, "path", &path);
    sqi_span plain = sqi_uri_plain(path);
    if (!plain.len || memchr(plain.ptr, '\0', plain.len))
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE,
                             "option 'path' is '%.*s'; it takes a folder of this machine, such as /var/lib/counts",
                             path.len < 200 ? (int)path.len : 200, path.ptr);
    int code = sqi_os_absolute(plain.ptr, absolute);
    if (code)
        return sqi_error_set(err, SQI_COND_IO_ERROR, "option 'path' cannot be used: %s",
                             sqi_os_message(code, text, sizeof text));
    size_t len = strlen(absolute);
    while (len > 1 && absolute[len - 1] == '/')
        len--;
    *folder = (sqi_span){sqi_arena_text(arena, absolute, len), len};
    return folder->ptr ? STREAMQ_OK : sqi_error_nomem(err);
}

streamq_status sqi_snk_file_settings(const sqi_options *o, sqi_output_spec *spec, streamq_error **err)
{
    spec->most_rows = sqi_options_int(o, options, NOPTION, "maxRecordsPerFile");
    return sqi_pack_find(sqi_options_text(o, options, NOPTION, "compression"), &spec->pack, err);
}

/* -------------------------------------------------------------------------------------------------- the sink */

typedef struct file_state {
    sqi_arena arena;
    sqi_span folder;
    sqi_partition partition;
    sqi_manifest manifest;
    sqi_output *output;
    bool skip; /* the batch at hand was committed before */
} file_state;

static streamq_status make_folder(const sqi_sink *k, sqi_span path, streamq_error **err)
{
    char text[128];
    int code = sqi_os_mkdirs(sqi_os_files_of(k->env->os), path.ptr);
    return code ? sqi_error_set(err, SQI_COND_IO_ERROR, "cannot make the folder '%.1000s': %s", path.ptr,
                                sqi_os_message(code, text, sizeof text))
                : STREAMQ_OK;
}

static streamq_status open_manifest(sqi_sink *k, streamq_error **err)
{
    file_state *t = k->state;
    sqi_manifest_settings settings = sqi_manifest_defaults();
    char *log = sqi_arena_printf(&t->arena, "%.*s/" SQI_MANIFEST_FOLDER, (int)t->folder.len, t->folder.ptr);
    sqi_span given;
    if (!log)
        return sqi_error_nomem(err);
    if (sqi_options_get(k->options, "retention", &given))
        settings.retention_millis = sqi_options_int(k->options, options, NOPTION, "retention") / 1000;
    SQI_TRY(make_folder(k, sqi_span_of(log), err));
    return sqi_manifest_open(&t->manifest, k->env, sqi_span_of(log), &settings, err);
}

static streamq_status file_open(sqi_sink *k, streamq_error **err)
{
    file_state *t = k->state;
    const sqi_file_target *target = k->declared;
    sqi_output_spec spec = {.env = k->env, .options = k->options, .partition = &t->partition};
    sqi_arena_init(&t->arena, k->env->alloc);
    spec.format = sqi_format_find(sqi_span_of(k->type->name));
    if (!spec.format)
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_FEATURE, "this version writes no files of the format '%s'",
                             k->type->name);
    SQI_TRY(sqi_snk_file_folder(k->options, &t->arena, &t->folder, err));
    SQI_TRY(sqi_snk_file_settings(k->options, &spec, err));
    SQI_TRY(sqi_partition_make(&t->partition, k->schema, target ? target->partition : NULL,
                               target ? target->npartition : 0, &t->arena, err));
    spec.folder = t->folder;
    SQI_TRY(sqi_output_new(&t->output, &spec, err));
    return open_manifest(k, err);
}

static streamq_status file_begin(sqi_sink *k, int64_t batch_id, streamq_error **err)
{
    file_state *t = k->state;
    sqi_output_abort(t->output);
    t->skip = batch_id <= t->manifest.latest;
    if (!t->skip)
        return sqi_output_begin(t->output, err);
    sqi_log_write(&k->env->log, SQI_LOG_INFO, "Skipping already committed batch %lld", (long long)batch_id);
    return STREAMQ_OK;
}

static streamq_status file_write(sqi_sink *k, const sqi_chunk *chunk, streamq_error **err)
{
    file_state *t = k->state;
    return t->skip ? STREAMQ_OK : sqi_output_write(t->output, chunk, err);
}

static streamq_status list_entries(file_state *t, sqi_manifest_entry **out, streamq_error **err)
{
    enum { REPLICAS = 1, BLOCK = 32 << 20 }; /* what Hadoop says of a local file */
    size_t n = sqi_output_count(t->output);
    sqi_manifest_entry *entry = sqi_arena_array(&t->arena, n + 1, sizeof *entry);
    if (!entry)
        return sqi_error_nomem(err);
    for (size_t i = 0; i < n; i++) {
        sqi_output_file file = sqi_output_at(t->output, i);
        char *path = sqi_arena_printf(&t->arena, "%.*s/%.*s", (int)t->folder.len, t->folder.ptr, (int)file.name.len,
                                      file.name.ptr);
        if (!path)
            return sqi_error_nomem(err);
        entry[i] = (sqi_manifest_entry){sqi_span_of(path), file.size, false, file.modified_millis, REPLICAS, BLOCK};
    }
    *out = entry;
    return STREAMQ_OK;
}

static streamq_status add_entry(sqi_sink *k, int64_t batch_id, streamq_error **err)
{
    file_state *t = k->state;
    sqi_manifest_entry *entry = NULL;
    sqi_manifest_added added;
    SQI_TRY(list_entries(t, &entry, err));
    streamq_status status = sqi_manifest_add(&t->manifest, batch_id, entry, sqi_output_count(t->output), &added, err);
    if (added != SQI_MANIFEST_REFUSED)
        sqi_output_forget(t->output); /* the log names them, or may: they must stay */
    else if (status == STREAMQ_OK)
        return sqi_error_set(err, SQI_COND_CONCURRENT_STREAM_LOG_UPDATE,
                             "batch %lld was added to the log of files in '%.*s' by another query at the same time",
                             (long long)batch_id, (int)t->folder.len, t->folder.ptr);
    return status;
}

static streamq_status file_commit(sqi_sink *k, int64_t batch_id, streamq_error **err)
{
    file_state *t = k->state;
    if (t->skip)
        return STREAMQ_OK;
    SQI_TRY(sqi_output_finish(t->output, err));
    sqi_arena_mark mark = sqi_arena_mark_get(&t->arena);
    streamq_status status = add_entry(k, batch_id, err);
    sqi_arena_release(&t->arena, mark);
    return status;
}

static void file_abort(sqi_sink *k)
{
    file_state *t = k->state;
    sqi_output_abort(t->output);
}

static streamq_status file_latest(sqi_sink *k, int64_t *batch_id, streamq_error **err)
{
    file_state *t = k->state;
    (void)err;
    *batch_id = t->manifest.latest;
    return STREAMQ_OK;
}

static bool file_describe(const sqi_sink *k, sqi_buf *to)
{
    sqi_span path = {"", 0};
    sqi_options_get(k->options, "path", &path);
    return sqi_buf_text(to, "FileSink[") && sqi_buf_span(to, path) && sqi_buf_byte(to, ']');
}

static void file_close(sqi_sink *k)
{
    file_state *t = k->state;
    sqi_output_free(t->output);
    sqi_manifest_close(&t->manifest);
    sqi_arena_fini(&t->arena);
}

#define FILE_SINK(format)                                                                                          \
    {                                                                                                              \
        .name = format, .state_size = sizeof(file_state), .option = options, .noption = NOPTION, .files = true,    \
        .idempotent = true, .needs_checkpoint = true, .append_only = true, .open = file_open, .begin = file_begin, \
        .write = file_write, .commit = file_commit, .abort = file_abort, .latest = file_latest,                    \
        .describe = file_describe, .close = file_close,                                                            \
    }

const sqi_sink_type sqi_snk_csv = FILE_SINK("csv");
const sqi_sink_type sqi_snk_json = FILE_SINK("json");
const sqi_sink_type sqi_snk_text = FILE_SINK("text");
