/*
 * run_meta: see the header.
 */
#include "run_meta.h"

#include "base_json.h"
#include "base_uuid.h"

#include <errno.h>
#include <stdio.h>

enum { PATH_MOST = 4096, LISTED_MOST = 8 /* differences in an error */ };

void sqi_meta_init(sqi_meta *m, sqi_alloc *alloc)
{
    *m = (sqi_meta){.created_ms = 0};
    sqi_buf_init(&m->shape, alloc, SQI_META_MOST);
}

void sqi_meta_fini(sqi_meta *m)
{
    sqi_buf_fini(&m->shape);
}

const char *sqi_meta_path(const char *path)
{
    if (strncmp(path, "file:", 5) != 0)
        return path;
    path += 5;
    return strncmp(path, "//", 2) == 0 ? path + 2 : path;
}

bool sqi_meta_uuid(const sqi_os *os, char to[40])
{
    unsigned char random[SQI_UUID_BYTES];
    if (!os->random(os->context, random, sizeof random))
        return false;
    sqi_uuid_write(random, to);
    to[SQI_UUID_TEXT] = '\0';
    return true;
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void sqi_meta_id_bytes(const sqi_meta *m, unsigned char to[16])
{
    int n = 0;
    memset(to, 0, 16);
    for (const char *p = m->id; *p && n < 32; ++p)
        if (hex_value(*p) >= 0) {
            to[n / 2] = (unsigned char)(to[n / 2] << 4 | hex_value(*p));
            ++n;
        }
}

/* -------------------------------------------------------------- writing */

/* One string a line, so that a person sees what the query keeps. */
static bool put_shape(sqi_buf *to, sqi_span shape)
{
    bool ok = true;
    const char *end = shape.len ? shape.ptr + shape.len : shape.ptr;
    for (const char *p = shape.ptr; ok && p < end;) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        size_t n = (size_t)((eol ? eol : end) - p);
        ok = sqi_buf_text(to, p == shape.ptr ? "\n    " : ",\n    ") && sqi_buf_json(to, (sqi_span){p, n});
        p += n + 1;
    }
    return ok;
}

streamq_status sqi_meta_write(const sqi_meta *m, const sqi_os_files *files, const char *dir, streamq_error **err)
{
    char path[PATH_MOST], text[128];
    sqi_buf json;
    snprintf(path, sizeof path, "%s/metadata", dir);
    sqi_buf_init(&json, m->shape.alloc, SQI_META_MOST);
    bool ok = sqi_buf_printf(&json, "{\n  \"id\": \"%s\",\n  \"version\": %d,\n  \"created\": %lld,\n  \"shape\": [",
                             m->id, SQI_META_VERSION, (long long)m->created_ms) &&
              put_shape(&json, sqi_buf_view(&m->shape)) && sqi_buf_text(&json, "\n  ]\n}\n");
    int code = ok ? sqi_os_write_file(files, path, json.ptr, json.len, true) : 0;
    sqi_buf_fini(&json);
    if (!ok)
        return sqi_error_nomem(err);
    return code ? sqi_error_set(err, SQI_COND_IO_ERROR, "cannot write %s: %s", path,
                                sqi_os_message(code, text, sizeof text))
                : STREAMQ_OK;
}

/* -------------------------------------------------------------- reading */

static streamq_status corrupt(const char *path, const char *why, streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_CHECKPOINT_CORRUPT, "%s is damaged: %s", path, why);
}

static bool read_id(sqi_json *j, sqi_meta *m)
{
    if (sqi_json_next(j) != SQI_JSON_STRING || j->text.len != SQI_UUID_TEXT)
        return false;
    for (size_t i = 0; i < SQI_UUID_TEXT; ++i)
        if (i == 8 || i == 13 || i == 18 || i == 23 ? j->text.ptr[i] != '-' : hex_value(j->text.ptr[i]) < 0)
            return false;
    memcpy(m->id, j->text.ptr, SQI_UUID_TEXT);
    m->id[SQI_UUID_TEXT] = '\0';
    return true;
}

static bool read_shape(sqi_json *j, sqi_meta *m)
{
    if (sqi_json_next(j) != SQI_JSON_ARRAY)
        return false;
    while (sqi_json_next(j) == SQI_JSON_STRING)
        if (!sqi_json_unescape(j->text, &m->shape) || !sqi_buf_byte(&m->shape, '\n'))
            return false;
    return j->token == SQI_JSON_ARRAY_END;
}

static streamq_status parse(sqi_meta *m, sqi_span text, const char *path, streamq_error **err)
{
    sqi_json j;
    int64_t version = -1;
    bool fine = true, shaped = false;
    sqi_json_open(&j, text);
    if (sqi_json_next(&j) != SQI_JSON_OBJECT)
        return corrupt(path, "it is no JSON object", err);
    while (fine && sqi_json_next(&j) == SQI_JSON_NAME) {
        if (sqi_json_is(&j, "id"))
            fine = read_id(&j, m);
        else if (sqi_json_is(&j, "version"))
            fine = sqi_json_next(&j) == SQI_JSON_NUMBER && sqi_json_int(&j, &version);
        else if (sqi_json_is(&j, "created"))
            fine = sqi_json_next(&j) == SQI_JSON_NUMBER && sqi_json_int(&j, &m->created_ms);
        else if (sqi_json_is(&j, "shape"))
            fine = !shaped && (shaped = read_shape(&j, m));
        else
            fine = sqi_json_skip(&j);
        if (version > SQI_META_VERSION)
            return sqi_error_set(err, SQI_COND_CHECKPOINT_VERSION,
                                 "%s has format version %lld; this release reads versions up to %d", path,
                                 (long long)version, SQI_META_VERSION);
    }
    if (m->shape.failed)
        return sqi_error_nomem(err);
    if (fine && version == -1 && m->id[0])
        return sqi_error_set(
            err, SQI_COND_CHECKPOINT_VERSION,
            "%s has no format version: this is a checkpoint of Spark, whose state cannot be taken over; "
            "give the query a directory of its own",
            path);
    fine = fine && j.token == SQI_JSON_OBJECT_END && sqi_json_next(&j) == SQI_JSON_DONE;
    return fine && version == SQI_META_VERSION && m->id[0] && shaped
               ? STREAMQ_OK
               : corrupt(path, fine ? "a field is missing" : "it cannot be read", err);
}

streamq_status sqi_meta_read(sqi_meta *m, const sqi_os_files *files, const char *dir, bool *found, streamq_error **err)
{
    char path[PATH_MOST], text[128];
    sqi_os_stat st;
    int file = -1;
    size_t got = 0;
    snprintf(path, sizeof path, "%s/metadata", dir);
    *found = false;
    int code = files->open(files->context, path, SQI_OS_READ | SQI_OS_NO_LINK, &file);
    if (code == ENOENT)
        return STREAMQ_OK;
    if (!code)
        code = files->stat_file(files->context, file, &st);
    if (!code && (st.kind != SQI_OS_FILE || st.size > SQI_META_MOST))
        code = EFBIG;
    size_t size = code ? 0 : (size_t)st.size;
    char *bytes = code ? NULL : sqi_alloc_get(m->shape.alloc, size + 1);
    if (bytes)
        code = sqi_os_read_all(files, file, 0, bytes, size, &got);
    if (file >= 0)
        files->close(files->context, file);
    streamq_status status = code     ? sqi_error_set(err, SQI_COND_IO_ERROR, "cannot read %s: %s", path,
                                                     sqi_os_message(code, text, sizeof text))
                            : !bytes ? sqi_error_nomem(err)
                                     : parse(m, (sqi_span){bytes, got}, path, err);
    if (bytes)
        sqi_alloc_free(m->shape.alloc, bytes, size + 1);
    *found = status == STREAMQ_OK;
    return status;
}

/* -------------------------------------------------------------- comparing */

typedef struct lines {
    const char *at, *end;
} lines;

static bool next_line(lines *l, sqi_span *line)
{
    if (l->at >= l->end)
        return false;
    const char *eol = memchr(l->at, '\n', (size_t)(l->end - l->at));
    *line = (sqi_span){l->at, (size_t)((eol ? eol : l->end) - l->at)};
    l->at += line->len + 1;
    return true;
}

/* The two fields that bind. */
static sqi_span binding(sqi_span line)
{
    int tabs = 0;
    for (size_t i = 0; i < line.len; ++i)
        if (line.ptr[i] == '\t' && ++tabs == 2)
            return (sqi_span){line.ptr, i};
    return line;
}

static void put_line(sqi_buf *to, const char *what, sqi_span line)
{
    sqi_buf_printf(to, "\n  %s: ", what);
    for (size_t i = 0; i < line.len; ++i)
        sqi_buf_byte(to, line.ptr[i] == '\t' ? ' ' : line.ptr[i]);
}

streamq_status sqi_meta_compare(sqi_span kept, sqi_span now, const char *dir, bool *renamed, streamq_error **err)
{
    lines a = {kept.ptr, kept.len ? kept.ptr + kept.len : kept.ptr},
          b = {now.ptr, now.len ? now.ptr + now.len : now.ptr};
    sqi_buf list;
    sqi_alloc alloc;
    int n = 0;
    *renamed = false;
    sqi_alloc_init(&alloc);
    sqi_buf_init(&list, &alloc, 65536);
    for (;;) {
        sqi_span x = {NULL, 0}, y = {NULL, 0};
        bool more_x = next_line(&a, &x), more_y = next_line(&b, &y);
        if (!more_x && !more_y)
            break;
        if (more_x && more_y && sqi_span_equal(binding(x), binding(y))) {
            *renamed |= !sqi_span_equal(x, y);
            continue;
        }
        if (++n > LISTED_MOST)
            continue;
        if (more_x)
            put_line(&list, "checkpoint", x);
        if (more_y)
            put_line(&list, more_x ? "query     " : "query adds", y);
    }
    streamq_status status = STREAMQ_OK;
    if (n)
        status = sqi_error_set(err, SQI_COND_CHECKPOINT_MISMATCH,
                               "the query does not fit the checkpoint in %s; %d thing%s differ%s:%.*s%s", dir, n,
                               n == 1 ? "" : "s", n == 1 ? "s" : "", (int)list.len, list.ptr ? list.ptr : "",
                               n > LISTED_MOST ? "\n  ..." : "");
    sqi_buf_fini(&list);
    return status;
}

/* -------------------------------------------------------------- parts */

/* The fields of a line; what is missing is empty. */
static void cut_line(sqi_span line, sqi_span field[3])
{
    for (int i = 0; i < 3; ++i) {
        const char *tab = i < 2 && line.len ? memchr(line.ptr, '\t', line.len) : NULL;
        field[i] = (sqi_span){line.ptr, tab ? (size_t)(tab - line.ptr) : line.len};
        size_t used = field[i].len + (tab != NULL);
        line = (sqi_span){line.ptr ? line.ptr + used : NULL, line.len - used};
    }
}

bool sqi_meta_next(sqi_span *shape, sqi_meta_part *out)
{
    lines l = {shape->ptr, shape->len ? shape->ptr + shape->len : shape->ptr};
    const char *end = l.end;
    sqi_span line, field[3];
    bool found = false;
    while ((!found || !out->source) && next_line(&l, &line)) {
        cut_line(line, field);
        bool source = sqi_span_equal(field[0], SQI_SPAN("source"));
        bool begins = source || sqi_span_equal(field[0], SQI_SPAN("operator"));
        if (found && begins) { /* of the next part */
            l.at = line.ptr;
            break;
        }
        if (begins)
            *out = (sqi_meta_part){source, field[1], source ? field[2] : line};
        found |= begins;
    }
    if (l.at > end)
        l.at = end;
    if (found && !out->source)
        out->text.len = (size_t)(l.at - out->text.ptr);
    *shape = (sqi_span){l.at, (size_t)(end - l.at)};
    return found;
}
