/*
 * io_file_clean: see the header.
 */
#include "io_file_clean.h"

#include <errno.h>

/* The part of a path at *at, which is moved behind it. */
static sqi_span next_part(sqi_span path, size_t *at)
{
    while (*at < path.len && path.ptr[*at] == '/')
        ++*at;
    size_t begin = *at;
    while (*at < path.len && path.ptr[*at] != '/')
        ++*at;
    return (sqi_span){path.ptr + begin, *at - begin};
}

static bool part_fits(const sqi_file_options *o, sqi_span pattern, sqi_span name)
{
    return o->listing.pattern ? sqi_glob_match(pattern, name) : sqi_span_equal(pattern, name);
}

/* Do both agree as deep as the shorter one goes? */
static bool meets(const sqi_file_options *o, sqi_span pattern, sqi_span path)
{
    for (size_t i = 0, k = 0;;) {
        sqi_span a = next_part(pattern, &i), b = next_part(path, &k);
        if (!a.len || !b.len)
            return true;
        if (!part_fits(o, a, b))
            return false;
    }
}

static bool is_below(const sqi_file_options *o, sqi_span pattern, sqi_span path)
{
    for (size_t i = 0, k = 0;;) {
        sqi_span a = next_part(pattern, &i), b = next_part(path, &k);
        if (!a.len)
            return true;
        if (!b.len || !part_fits(o, a, b))
            return false;
    }
}

bool sqi_file_clean_inside(const sqi_file_options *o, sqi_span path)
{
    for (size_t at = 0; at < path.len;) {
        sqi_span part = next_part(path, &at);
        if (sqi_span_equal(part, SQI_SPAN("..")))
            return false;
    }
    if (!o->listing.pattern)
        return is_below(o, o->listing.path, path);
    for (uint32_t i = 0; i < o->listing.glob.n; i++)
        if (is_below(o, o->listing.glob.alternative[i], path))
            return true;
    return false;
}

static bool reached(const sqi_file_options *o)
{
    if (!o->listing.pattern)
        return meets(o, o->listing.path, o->archive);
    for (uint32_t i = 0; i < o->listing.glob.n; i++)
        if (meets(o, o->listing.glob.alternative[i], o->archive))
            return true;
    return false;
}

/* The file system of a path, or of the nearest folder above it that is there. */
static bool device_of(const sqi_os_files *files, sqi_span path, uint64_t *device)
{
    char text[SQI_OS_PATH_ROOM];
    sqi_os_stat st;
    if (path.len >= sizeof text)
        return false;
    memcpy(text, path.ptr, path.len);
    for (size_t n = path.len; n; n--) {
        if (n < path.len && path.ptr[n] != '/')
            continue;
        text[n] = '\0';
        if (files->stat(files->context, text, &st) == 0) {
            *device = st.device;
            return true;
        }
    }
    return false;
}

streamq_status sqi_file_clean_check(const sqi_file_options *o, streamq_error **err)
{
    const sqi_os_files *files = sqi_os_files_of(o->listing.env->os);
    uint64_t from, to;
    if (o->clean != SQI_CLEAN_ARCHIVE)
        return STREAMQ_OK;
    if (reached(o))
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE,
                             "'sourceArchiveDir' is '%.*s', which the source's path '%.*s' can reach: archived files "
                             "would be read again",
                             (int)(o->archive.len < 2000 ? o->archive.len : 2000), o->archive.ptr,
                             (int)(o->listing.path.len < 2000 ? o->listing.path.len : 2000), o->listing.path.ptr);
    if (device_of(files, o->listing.path, &from) && device_of(files, o->archive, &to) && from != to)
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE,
                             "'sourceArchiveDir' is '%.*s', which is on another file system than the source files",
                             (int)(o->archive.len < 2000 ? o->archive.len : 2000), o->archive.ptr);
    return STREAMQ_OK;
}

/* A move that takes nobody's place. */
static int move(const sqi_os_files *files, const char *from, const char *to)
{
    sqi_os_stat st;
    int code = files->link(files->context, from, to);
    if (!code)
        return files->unlink(files->context, from);
    if (code == EEXIST || code == ENOENT || code == EXDEV)
        return code;
    code = files->stat(files->context, to, &st); /* no hard links here */
    return code == ENOENT ? files->rename(files->context, from, to) : code ? code : EEXIST;
}

static int archive(const sqi_file_options *o, const sqi_os_files *files, const char *path)
{
    char to[SQI_OS_PATH_ROOM];
    size_t n = o->archive.len, len = strlen(path);
    if (n + len + 1 > sizeof to)
        return ENAMETOOLONG;
    memcpy(to, o->archive.ptr, n);
    memcpy(to + n, path, len + 1);
    char *slash = strrchr(to + n, '/');
    if (!slash)
        return EINVAL;
    *slash = '\0';
    int code = sqi_os_mkdirs(files, to);
    *slash = '/';
    return code ? code : move(files, path, to);
}

void sqi_file_clean_run(const sqi_file_options *o, const char *path)
{
    const sqi_os_files *files = sqi_os_files_of(o->listing.env->os);
    char text[128];
    if (!sqi_file_clean_inside(o, sqi_span_of(path)))
        return;
    bool delete = o->clean == SQI_CLEAN_DELETE;
    int code = delete ? files->unlink(files->context, path) : archive(o, files, path);
    if (code && code != ENOENT)
        sqi_log_write(&o->listing.env->log, SQI_LOG_WARN, "cannot %s '%s', which was read: %s",
                      delete ? "delete" : "archive", path, sqi_os_message(code, text, sizeof text));
}
