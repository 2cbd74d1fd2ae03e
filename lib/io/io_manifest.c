/*
 * io_manifest: see the header. Adding and compacting; the files themselves are io_manifest_file's.
 *
 * Which files count is worked out from names alone: the last compact file and every number behind it up to the highest.
 * A number that is missing there is an error, never passed over: it would be a batch lost in silence.
 */
#include "io_manifest.h"

#include <errno.h>
#include <stdio.h>

sqi_manifest_settings sqi_manifest_defaults(void)
{
    return (sqi_manifest_settings){10, 100, INT64_C(600) * 1000000, INT64_MAX};
}

/* -------------------------------------------------------------------------------------------------- numbers */

bool sqi_manifest_compacts(int64_t id, int64_t interval)
{
    return id % interval == interval - 1;
}

int64_t sqi_manifest_derive(int64_t wanted, int64_t latest)
{
    enum { STEPS = 1 << 20 }; /* beyond that any divisor will do: no log has so many batches */
    int64_t n = latest + 1, best = n;
    if (n <= wanted)
        return n;
    for (int64_t i = 1; i <= n / i && i <= STEPS; i++) {
        if (n % i != 0)
            continue;
        if (i >= wanted)
            return i < best ? i : best;
        if (n / i >= wanted && n / i < best)
            best = n / i;
    }
    return best;
}

/* Files of the log below this are not needed after batch `id`; 0 or less: all are. */
static int64_t expired_below(int64_t id, int64_t interval, int64_t keep)
{
    int64_t first = id + 1 - keep; /* the first batch that has to be told apart from those before */
    return interval > first ? 0 : first - first % interval - 1;
}

bool sqi_manifest_name(const char *name, int64_t *id, bool *compact)
{
    int64_t v = 0;
    size_t n = 0;
    for (; name[n] >= '0' && name[n] <= '9'; n++)
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, name[n] - '0', &v))
            return false;
    *id = v;
    *compact = strcmp(name + n, ".compact") == 0;
    return n > 0 && (n == 1 || name[0] != '0') && v < INT64_MAX && (*compact || name[n] == '\0');
}

/* -------------------------------------------------------------------------------------------------- the folder */

typedef struct look {
    int64_t latest, compact, before; /* highest id, highest and second highest of a compact file */
} look;

static bool see(void *user, const char *name, sqi_os_kind kind)
{
    look *l = user;
    int64_t id;
    bool compact;
    if (kind == SQI_OS_DIRECTORY || !sqi_manifest_name(name, &id, &compact))
        return true;
    if (id > l->latest)
        l->latest = id;
    if (compact && id > l->compact) {
        l->before = l->compact;
        l->compact = id;
    } else if (compact && id > l->before && id != l->compact) {
        l->before = id;
    }
    return true;
}

static streamq_status failed(const char *what, const char *path, int code, streamq_error **err)
{
    char text[128];
    return sqi_error_set(err, SQI_COND_IO_ERROR, "cannot %s '%s': %s", what, path,
                         sqi_os_message(code, text, sizeof text));
}

static streamq_status look_again(sqi_manifest *m, streamq_error **err)
{
    look l = {-1, -1, -1};
    int code = m->files->list(m->files->context, m->folder, see, &l);
    if (code && code != ENOENT)
        return failed("list the log of files in", m->folder, code, err);
    m->latest = l.latest;
    m->compact = l.compact;
    m->interval = l.before >= 0    ? l.compact - l.before
                  : l.compact >= 0 ? sqi_manifest_derive(m->settings.interval, l.compact)
                                   : m->settings.interval;
    if (l.compact >= 0 && !sqi_manifest_compacts(l.compact, m->interval))
        m->interval = sqi_manifest_derive(m->settings.interval, l.compact); /* a compact file between was lost */
    return STREAMQ_OK;
}

streamq_status sqi_manifest_open(sqi_manifest *m, const sqi_io_env *env, sqi_span folder,
                                 const sqi_manifest_settings *settings, streamq_error **err)
{
    *m = (sqi_manifest){.env = env, .files = sqi_os_files_of(env->os), .settings = *settings, .left = true};
    if (folder.len + 64 > SQI_OS_PATH_ROOM)
        return failed("use the log of files in", "(a path that is too long)", ENAMETOOLONG, err);
    m->folder = sqi_alloc_zero(env->alloc, folder.len + 1);
    if (!m->folder)
        return sqi_error_nomem(err);
    memcpy(m->folder, folder.ptr, folder.len);
    return look_again(m, err);
}

void sqi_manifest_close(sqi_manifest *m)
{
    if (m->folder)
        sqi_alloc_free(m->env->alloc, m->folder, strlen(m->folder) + 1);
    m->folder = NULL;
}

static void path_of(const sqi_manifest *m, int64_t id, bool compact, char to[SQI_OS_PATH_ROOM])
{
    snprintf(to, SQI_OS_PATH_ROOM, "%s/%lld%s", m->folder, (long long)id, compact ? ".compact" : "");
}

static streamq_status lost(const sqi_manifest *m, int64_t id, streamq_error **err)
{
    return sqi_error_set(
        err, SQI_COND_BATCH_METADATA_NOT_FOUND,
        "the log of files '%s' has no entry %lld, but an entry %lld: a file of the log was removed; put "
        "it back, or start with a new folder and a new checkpoint",
        m->folder, (long long)id, (long long)m->latest);
}

/* Every line of the entries first .. last; the one at m->compact is a compact file. */
static streamq_status read_range(sqi_manifest *m, int64_t first, int64_t last, sqi_manifest_each each, void *context,
                                 int64_t *gone, streamq_error **err)
{
    char path[SQI_OS_PATH_ROOM];
    *gone = -1;
    for (int64_t id = first; id <= last; id++) {
        bool missing;
        path_of(m, id, id == m->compact, path);
        SQI_TRY(sqi_manifest_file_read(m->env, path, each, context, &missing, err));
        if (missing) {
            *gone = id;
            return STREAMQ_OK;
        }
    }
    return STREAMQ_OK;
}

static int64_t oldest_kept(const sqi_manifest *m)
{
    if (m->settings.retention_millis == INT64_MAX)
        return INT64_MIN;
    int64_t oldest, now = m->env->os->wall_micros(m->env->os->context) / 1000;
    return __builtin_sub_overflow(now, m->settings.retention_millis, &oldest) ? INT64_MIN : oldest;
}

typedef struct reading {
    sqi_manifest_each each;
    void *context;
    int64_t oldest;
    bool any;
} reading;

static streamq_status read_entry(void *context, const sqi_manifest_entry *entry, sqi_span line, streamq_error **err)
{
    reading *r = context;
    if (entry->modified_millis < r->oldest)
        return STREAMQ_OK;
    r->any = true;
    return r->each(r->context, entry, line, err);
}

streamq_status sqi_manifest_read(sqi_manifest *m, int64_t after, int64_t *latest, sqi_manifest_each each, void *context,
                                 streamq_error **err)
{
    enum { TRIES = 5 };
    int64_t gone = -1;
    for (int i = 0; i < TRIES; i++) {
        reading r = {each, context, oldest_kept(m), false};
        SQI_TRY(look_again(m, err));
        int64_t first = m->compact >= 0 ? m->compact : 0;
        if (after >= first && after < m->latest)
            first = after + 1;
        *latest = m->latest;
        if (after >= 0 && after == m->latest)
            return STREAMQ_OK;
        SQI_TRY(read_range(m, first, m->latest, read_entry, &r, &gone, err));
        if (gone < 0)
            return STREAMQ_OK;
        if (r.any) /* from the start again would give entries twice */
            break;
    }
    return lost(m, gone, err);
}

/* -------------------------------------------------------------------------------------------------- compaction */

typedef struct compaction {
    sqi_manifest *m;
    sqi_buf out;
    int file, code;
    int64_t at, oldest;
} compaction;

enum { PIECE = 256 * 1024 };

static streamq_status write_piece(compaction *c, streamq_error **err)
{
    c->code = sqi_os_write_all(c->m->files, c->file, c->at, c->out.ptr, c->out.len);
    if (c->code)
        return failed("write a compact file of the log in", c->m->folder, c->code, err);
    c->at += (int64_t)c->out.len;
    sqi_buf_clear(&c->out);
    return STREAMQ_OK;
}

static streamq_status keep_line(void *context, const sqi_manifest_entry *entry, sqi_span line, streamq_error **err)
{
    compaction *c = context;
    if (entry->modified_millis < c->oldest)
        return STREAMQ_OK;
    if (!sqi_buf_byte(&c->out, '\n') || !sqi_buf_span(&c->out, line))
        return sqi_error_nomem(err);
    return c->out.len >= PIECE ? write_piece(c, err) : STREAMQ_OK;
}

static streamq_status write_all_lines(compaction *c, int64_t id, const sqi_manifest_entry *entries, size_t n,
                                      streamq_error **err)
{
    int64_t gone;
    if (!sqi_manifest_file_begin(&c->out))
        return sqi_error_nomem(err);
    SQI_TRY(read_range(c->m, c->m->compact >= 0 ? c->m->compact : 0, id - 1, keep_line, c, &gone, err));
    if (gone >= 0)
        return lost(c->m, gone, err);
    for (size_t i = 0; i < n; i++) {
        if (entries[i].modified_millis < c->oldest)
            continue;
        if (!sqi_manifest_file_entry(&c->out, &entries[i]))
            return sqi_error_nomem(err);
        if (c->out.len >= PIECE)
            SQI_TRY(write_piece(c, err));
    }
    return write_piece(c, err);
}

static streamq_status compact(sqi_manifest *m, int64_t id, const sqi_manifest_entry *entries, size_t n,
                              const char *path, int *code, streamq_error **err)
{
    compaction c = {.m = m, .oldest = oldest_kept(m)};
    char temporary[SQI_OS_PATH_ROOM];
    *code = sqi_os_write_begin(m->files, path, temporary, &c.file);
    if (*code)
        return STREAMQ_OK;
    sqi_buf_init(&c.out, m->env->alloc, 0);
    streamq_status status = write_all_lines(&c, id, entries, n, err);
    sqi_buf_fini(&c.out);
    *code = sqi_os_write_end(m->files, path, temporary, c.file, status == STREAMQ_OK ? 0 : EIO, true);
    return status;
}

/* -------------------------------------------------------------------------------------------------- old files */

typedef struct sweep {
    sqi_manifest *m;
    int64_t below, before; /* ids below, of files modified before */
    bool left, removed;
} sweep;

static void remove_one(sweep *s, const char *name)
{
    char path[SQI_OS_PATH_ROOM];
    int n = snprintf(path, sizeof path, "%s/.%s.crc", s->m->folder, name);
    if (n < 0 || (size_t)n >= sizeof path)
        return;
    s->m->files->unlink(s->m->files->context, path); /* Hadoop's checksum beside it, if Spark wrote it */
    snprintf(path, sizeof path, "%s/%s", s->m->folder, name);
    int code = s->m->files->unlink(s->m->files->context, path);
    s->left |= code != 0 && code != ENOENT;
}

static bool temporary_name(const char *name)
{
    size_t len = strlen(name);
    return len > 5 && name[0] == '.' && strcmp(name + len - 4, ".tmp") == 0;
}

static bool sweep_one(void *user, const char *name, sqi_os_kind kind)
{
    sweep *s = user;
    int64_t id;
    bool compact_file;
    sqi_os_stat about;
    char path[SQI_OS_PATH_ROOM];
    bool old = sqi_manifest_name(name, &id, &compact_file) ? id < s->below : temporary_name(name);
    if (!old || kind == SQI_OS_DIRECTORY || strlen(s->m->folder) + strlen(name) + 8 > sizeof path)
        return true;
    snprintf(path, sizeof path, "%s/%s", s->m->folder, name);
    if (s->m->files->stat(s->m->files->context, path, &about) != 0)
        return true;
    if (about.modified_micros <= s->before)
        remove_one(s, name);
    else
        s->left |= !temporary_name(name);
    return true;
}

/* What is not needed any more goes, as far as it can: nothing depends on it. The folder is looked through when there may
   be something new to remove, not with every batch. */
static void remove_old(sqi_manifest *m, int64_t id)
{
    int64_t below = expired_below(id, m->interval, m->settings.keep);
    bool due = below > m->swept || (m->left && sqi_manifest_compacts(id, m->interval));
    if (!due)
        return;
    int64_t now = m->env->os->wall_micros(m->env->os->context);
    sweep s = {.m = m, .below = below, .before = now - m->settings.delay_micros};
    int code = m->files->list(m->files->context, m->folder, sweep_one, &s);
    if (code)
        sqi_log_write(&m->env->log, SQI_LOG_WARN, "old files of the log '%s' could not be looked for", m->folder);
    m->swept = below;
    m->left = s.left || code != 0;
}

/* -------------------------------------------------------------------------------------------------- adding */

static int write_entry(sqi_manifest *m, const char *path, const sqi_manifest_entry *entries, size_t n, bool *nomem)
{
    sqi_buf out;
    sqi_buf_init(&out, m->env->alloc, 0);
    sqi_manifest_file_begin(&out);
    for (size_t i = 0; i < n; i++)
        sqi_manifest_file_entry(&out, &entries[i]);
    *nomem = out.failed;
    int code = out.failed ? 0 : sqi_os_write_file(m->files, path, out.ptr, out.len, true);
    sqi_buf_fini(&out);
    return code;
}

streamq_status sqi_manifest_add(sqi_manifest *m, int64_t id, const sqi_manifest_entry *entries, size_t n,
                                sqi_manifest_added *added, streamq_error **err)
{
    char path[SQI_OS_PATH_ROOM];
    sqi_os_stat about;
    bool compacting = sqi_manifest_compacts(id, m->interval), nomem = false;
    int code;
    *added = SQI_MANIFEST_REFUSED;
    if (id <= m->latest)
        return STREAMQ_OK;
    path_of(m, id, compacting, path);
    if (compacting)
        SQI_TRY(compact(m, id, entries, n, path, &code, err));
    else
        code = write_entry(m, path, entries, n, &nomem);
    if (nomem)
        return sqi_error_nomem(err);
    if (code == EEXIST) {
        m->latest = id;
        return STREAMQ_OK;
    }
    if (code) {
        if (m->files->stat(m->files->context, path, &about) != ENOENT)
            *added = SQI_MANIFEST_PERHAPS;
        return failed("write", path, code, err);
    }
    *added = SQI_MANIFEST_ADDED;
    m->latest = id;
    if (compacting)
        m->compact = id;
    remove_old(m, id);
    return STREAMQ_OK;
}
