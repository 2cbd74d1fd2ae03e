/*
 * io_manifest_file: see the header. The reader keeps one block and the part of a line that the block before ended with.
 */
#include "io_manifest_file.h"

#include "base_json.h"
#include "io_uri.h"

#include <errno.h>

enum { BLOCK = 256 * 1024 };

bool sqi_manifest_file_begin(sqi_buf *to)
{
    return sqi_buf_printf(to, "v%d", SQI_MANIFEST_VERSION);
}

bool sqi_manifest_file_entry(sqi_buf *to, const sqi_manifest_entry *entry)
{
    sqi_buf uri;
    sqi_buf_init(&uri, to->alloc, 0);
    bool made = sqi_uri_put(&uri, entry->path);
    sqi_buf_text(to, "\n{\"path\":");
    sqi_buf_json(to, sqi_buf_view(&uri));
    sqi_buf_printf(to,
                   ",\"size\":%lld,\"isDir\":%s,\"modificationTime\":%lld,\"blockReplication\":%lld,"
                   "\"blockSize\":%lld,\"action\":\"add\"}",
                   (long long)entry->size, entry->is_dir ? "true" : "false", (long long)entry->modified_millis,
                   (long long)entry->replication, (long long)entry->block_size);
    sqi_buf_fini(&uri);
    if (!made)
        to->failed = true;
    return !to->failed;
}

static int shown(sqi_span text)
{
    return text.len > 100 ? 100 : (int)text.len;
}

streamq_status sqi_manifest_file_version(sqi_span line, int64_t most, const char *file, int64_t *version,
                                         streamq_error **err)
{
    int64_t v = 0;
    bool good = line.len >= 2 && line.ptr[0] == 'v';
    for (size_t i = 1; good && i < line.len; i++)
        good = line.ptr[i] >= '0' && line.ptr[i] <= '9' && (v = v * 10 + (line.ptr[i] - '0')) <= INT32_MAX;
    if (!good || v == 0)
        return sqi_error_set(err, SQI_COND_MALFORMED_LOG_FILE,
                             "the log file '%s' begins with '%.*s' instead of its version, such as v1", file,
                             shown(line), line.ptr);
    if (v > most)
        return sqi_error_set(err, SQI_COND_INVALID_LOG_VERSION__MAX_SUPPORTED_VERSION,
                             "the log file '%s' has version v%lld; this version of streamq reads up to v%lld", file,
                             (long long)v, (long long)most);
    *version = v;
    return STREAMQ_OK;
}

/* -------------------------------------------------------------------------------------------------- one entry */

enum { HAS_PATH = 1, HAS_SIZE = 2, HAS_TIME = 4, HAS_ALL = 7 };

static const char *take_int(sqi_json *j, int64_t *to)
{
    if (sqi_json_next(j) != SQI_JSON_NUMBER || !sqi_json_int(j, to))
        return "a number that is none";
    return NULL;
}

static const char *take_bool(sqi_json *j, bool *to)
{
    sqi_json_token t = sqi_json_next(j);
    *to = t == SQI_JSON_TRUE;
    return t == SQI_JSON_TRUE || t == SQI_JSON_FALSE ? NULL : "isDir is neither true nor false";
}

static const char *take_path(sqi_json *j, sqi_buf *uri, sqi_buf *path)
{
    sqi_buf_clear(uri);
    sqi_buf_clear(path);
    if (sqi_json_next(j) != SQI_JSON_STRING)
        return "path is no text";
    sqi_span text = j->text;
    if (memchr(text.ptr, '\\', text.len)) {
        if (!sqi_json_unescape(text, uri))
            return "";
        text = sqi_buf_view(uri);
    }
    switch (sqi_uri_path(text, path)) {
    case SQI_URI_OK:
        return NULL;
    case SQI_URI_NOMEM:
        return "";
    case SQI_URI_ELSEWHERE:
        return "the path leads to another file system than this machine's";
    default:
        return "the path is not absolute, or escaped wrongly";
    }
}

static const char *take_action(sqi_json *j)
{
    return sqi_json_next(j) == SQI_JSON_STRING && sqi_json_is(j, "add") ? NULL : "the action is not \"add\"";
}

static const char *take_field(sqi_json *j, sqi_manifest_entry *e, unsigned *has, sqi_buf *uri, sqi_buf *path)
{
    if (sqi_json_is(j, "path")) {
        *has |= HAS_PATH;
        return take_path(j, uri, path);
    }
    if (sqi_json_is(j, "size")) {
        *has |= HAS_SIZE;
        return take_int(j, &e->size);
    }
    if (sqi_json_is(j, "modificationTime")) {
        *has |= HAS_TIME;
        return take_int(j, &e->modified_millis);
    }
    if (sqi_json_is(j, "isDir"))
        return take_bool(j, &e->is_dir);
    if (sqi_json_is(j, "blockReplication"))
        return take_int(j, &e->replication);
    if (sqi_json_is(j, "blockSize"))
        return take_int(j, &e->block_size);
    if (sqi_json_is(j, "action"))
        return take_action(j);
    return sqi_json_skip(j) ? NULL : j->why;
}

/* NULL; "": no memory; or what is wrong. Fields that are not known are passed over. */
static const char *parse(sqi_span line, sqi_manifest_entry *e, sqi_buf *uri, sqi_buf *path)
{
    sqi_json j;
    unsigned has = 0;
    *e = (sqi_manifest_entry){.replication = 1};
    sqi_json_open(&j, line);
    if (sqi_json_next(&j) != SQI_JSON_OBJECT)
        return j.token == SQI_JSON_BAD ? j.why : "it is no JSON object";
    while (sqi_json_next(&j) == SQI_JSON_NAME) {
        const char *why = take_field(&j, e, &has, uri, path);
        if (why)
            return j.token == SQI_JSON_BAD ? j.why : why;
    }
    if (j.token != SQI_JSON_OBJECT_END || sqi_json_next(&j) != SQI_JSON_DONE)
        return j.why ? j.why : "something follows the object";
    if (has != HAS_ALL)
        return "path, size or modificationTime is missing";
    if (e->size < 0)
        return "the size is negative";
    e->path = sqi_buf_view(path);
    return NULL;
}

/* -------------------------------------------------------------------------------------------------- the file */

typedef struct reader {
    const sqi_io_env *env;
    const char *name;
    sqi_manifest_each each;
    void *context;
    char *block;
    size_t cap, len; /* bytes in the block; it begins with the part of a line that was left */
    int64_t line;    /* number of the one at hand, from 1 */
    sqi_buf uri, path;
} reader;

static streamq_status malformed(const reader *r, const char *why, streamq_error **err)
{
    if (!why[0])
        return sqi_error_nomem(err);
    return sqi_error_set(err, SQI_COND_MALFORMED_LOG_FILE, "line %lld of the log file '%s' is damaged: %s",
                         (long long)r->line, r->name, why);
}

static streamq_status take_line(reader *r, sqi_span line, streamq_error **err)
{
    sqi_manifest_entry entry;
    int64_t version;
    r->line++;
    if (r->line == 1)
        return sqi_manifest_file_version(line, SQI_MANIFEST_VERSION, r->name, &version, err);
    const char *why = parse(line, &entry, &r->uri, &r->path);
    return why ? malformed(r, why, err) : r->each(r->context, &entry, line, err);
}

/* Whole lines of the block; what is left moves to its front. */
static streamq_status take_block(reader *r, bool last, streamq_error **err)
{
    size_t at = 0;
    for (const char *end; at < r->len && (end = memchr(r->block + at, '\n', r->len - at)) != NULL;) {
        sqi_span line = {r->block + at, (size_t)(end - r->block) - at};
        SQI_TRY(take_line(r, line, err));
        at += line.len + 1;
    }
    if (last && (at < r->len || r->line == 0)) {
        SQI_TRY(take_line(r, (sqi_span){r->block + at, r->len - at}, err));
        at = r->len;
    }
    memmove(r->block, r->block + at, r->len - at);
    r->len -= at;
    return STREAMQ_OK;
}

static streamq_status read_lines(reader *r, const sqi_os_files *files, int file, streamq_error **err)
{
    size_t got;
    for (int64_t at = 0;; at += (int64_t)got) {
        if (r->len > SQI_MANIFEST_LINE)
            return malformed(r, "a line is longer than this version reads", err);
        void *block = r->block;
        bool grown = sqi_alloc_grow(r->env->alloc, &block, &r->cap, r->len + BLOCK, 1);
        r->block = block;
        if (!grown)
            return sqi_error_nomem(err);
        int code = sqi_os_read_all(files, file, at, r->block + r->len, BLOCK, &got);
        if (code) {
            char text[128];
            return sqi_error_set(err, SQI_COND_IO_ERROR, "cannot read the log file '%s': %s", r->name,
                                 sqi_os_message(code, text, sizeof text));
        }
        r->len += got;
        SQI_TRY(take_block(r, got < BLOCK, err));
        if (got < BLOCK)
            return STREAMQ_OK;
    }
}

streamq_status sqi_manifest_file_read(const sqi_io_env *env, const char *path, sqi_manifest_each each, void *context,
                                      bool *missing, streamq_error **err)
{
    const sqi_os_files *files = sqi_os_files_of(env->os);
    reader r = {.env = env, .name = path, .each = each, .context = context};
    int file, code = files->open(files->context, path, SQI_OS_READ, &file);
    *missing = code == ENOENT;
    if (code == ENOENT)
        return STREAMQ_OK;
    if (code) {
        char text[128];
        return sqi_error_set(err, SQI_COND_IO_ERROR, "cannot open the log file '%s': %s", path,
                             sqi_os_message(code, text, sizeof text));
    }
    sqi_buf_init(&r.uri, env->alloc, 0);
    sqi_buf_init(&r.path, env->alloc, 0);
    streamq_status status = read_lines(&r, files, file, err);
    files->close(files->context, file);
    sqi_buf_fini(&r.uri);
    sqi_buf_fini(&r.path);
    sqi_alloc_free(env->alloc, r.block, r.cap);
    return status;
}
