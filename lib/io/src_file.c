/*
 * src_file: folders of files as a source (text, csv, json): which files are new, in batches, and their rows.
 *
 * A listing asks the file system; between two listings a watch on every folder concerned says whether anything can have
 * come, so that an idle folder of any size costs nothing. Where a watch cannot be had the folder is listed again now and
 * then: a tenth of a second apart, and never more than a fifth of the time.
 *
 * A file is read up to the size that it had when it was listed, so that a batch that is read again is the same. Who
 * writes into a watched folder writes elsewhere and renames.
 */
#include "src_file.h"

#include "io_file_clean.h"

enum { POLL_MICROS = 100 * 1000, SLOW_MICROS = 2000 * 1000, LOOK_AGAIN_MICROS = 60 * 1000 * 1000 };

/* -------------------------------------------------------------- batches of files */

sqi_span sqi_src_file_key(const sqi_src_file *t, const sqi_file *f)
{
    size_t from = t->options.name_only ? f->name : 0;
    return (sqi_span){f->path + from, f->len - from};
}

/* NULL: it is not there. */
static sqi_file_batch *find_batch(sqi_src_file *t, int64_t number)
{
    for (size_t i = 0; i < t->nbatch; i++)
        if (t->batch[i].number == number)
            return &t->batch[i];
    return NULL;
}

streamq_status sqi_src_file_batch(sqi_source *s, int64_t number, sqi_file_batch **out, streamq_error **err)
{
    sqi_src_file *t = s->state;
    size_t at = t->nbatch;
    *out = find_batch(t, number);
    if (*out) {
        sqi_file_list_clear(&(*out)->files);
        return STREAMQ_OK;
    }
    void *batches = t->batch;
    bool room = sqi_alloc_grow(s->env->alloc, &batches, &t->batch_cap, t->nbatch + 1, sizeof *t->batch);
    t->batch = batches;
    if (!room)
        return sqi_error_nomem(err);
    while (at && t->batch[at - 1].number > number)
        at--;
    memmove(t->batch + at + 1, t->batch + at, (t->nbatch - at) * sizeof *t->batch);
    t->nbatch++;
    *out = &t->batch[at];
    (*out)->number = number;
    sqi_file_list_init(&(*out)->files, s->env->alloc);
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- what is new */

static bool wants(void *user, const sqi_found *f)
{
    const sqi_src_file *t = ((sqi_source *)user)->state;
    size_t from = t->options.name_only ? f->name : 0;
    return !sqi_seen_has(&t->seen, (sqi_span){f->path.ptr + from, f->path.len - from});
}

static streamq_status on_file(void *user, const sqi_found *f, streamq_error **err)
{
    sqi_src_file *t = ((sqi_source *)user)->state;
    return f->modified >= t->seen.oldest ? sqi_file_list_found(&t->found, f, err) : STREAMQ_OK;
}

/* Before the folder is read: what comes after that is told. */
static void on_folder(void *user, const char *path)
{
    sqi_src_file *t = ((sqi_source *)user)->state;
    int code = t->watched ? sqi_os_watch_add(&t->watch, path) : 0;
    if (code) {
        t->watched = false;
        t->watch_code = code;
    }
}

static bool is_news(const char *name)
{
    return !sqi_listing_hidden(sqi_span_of(name));
}

static int64_t now_micros(const sqi_source *s)
{
    return s->env->os->monotonic_micros(s->env->os->context);
}

static bool follows(const sqi_source *s)
{
    const sqi_src_file *t = s->state;
    return t->plan->streaming && !s->no_limits && !s->available_now;
}

static void begin_watching(sqi_source *s)
{
    sqi_src_file *t = s->state;
    if (t->watch.fd < 0 && !t->listed)
        t->watch_code = sqi_os_watch_open(&t->watch);
    t->watched = t->watch.fd >= 0;
}

static void plan_next_listing(sqi_source *s, int64_t began, const sqi_listing_result *result, int old_code)
{
    sqi_src_file *t = s->state;
    int64_t ended = now_micros(s), took = ended - began;
    char text[128];
    t->watched = t->watched && result->certain;
    if (t->watched) /* a link that leads elsewhere now, a file system that keeps its news to itself */
        t->next_listing = ended + (took < LOOK_AGAIN_MICROS / 100 ? LOOK_AGAIN_MICROS : took * 100);
    else
        t->next_listing = ended + (took < POLL_MICROS / 4 ? POLL_MICROS : took * 4);
    if (t->watch_code && t->watch_code != old_code)
        sqi_log_write(&s->env->log, SQI_LOG_INFO,
                      "'%.1000s' cannot be watched (%s): it is listed again and again instead",
                      t->options.listing.path.ptr, sqi_os_message(t->watch_code, text, sizeof text));
    if (took > SLOW_MICROS)
        sqi_log_write(&s->env->log, SQI_LOG_WARN, "listing '%.1000s' took %lld ms; %zu new files",
                      t->options.listing.path.ptr, (long long)(took / 1000), t->found.n);
}

static streamq_status list(sqi_source *s, streamq_error **err)
{
    sqi_src_file *t = s->state;
    sqi_listing l = t->options.listing;
    sqi_listing_result result;
    int64_t began = now_micros(s);
    int old_code = t->watch_code;
    l.user = s;
    l.wanted = wants;
    l.file = on_file;
    if (follows(s)) {
        begin_watching(s);
        l.folder = on_folder;
    }
    sqi_file_list_clear(&t->found);
    t->next = 0;
    SQI_TRY(sqi_file_list_run(&l, &result, &t->log, err));
    if (t->log && t->options.clean != SQI_CLEAN_OFF)
        return sqi_error_set(
            err, SQI_COND_INVALID_OPTION_VALUE,
            "'cleanSource' does not go with the output folder of a file sink: its log names the files");
    SQI_TRY(sqi_file_list_sort(&t->found,
                               !t->plan->streaming       ? SQI_FILE_BY_PATH
                               : t->options.latest_first ? SQI_FILE_NEWEST_FIRST
                                                         : SQI_FILE_OLDEST_FIRST,
                               err));
    if (!t->plan->streaming && !t->options.listing.recursive)
        sqi_file_list_keep_partitioned(&t->found);
    t->listed = true;
    t->left = false;
    plan_next_listing(s, began, &result, old_code);
    return STREAMQ_OK;
}

/* Is it worth asking? Where nobody watches there is always hope: who asks wants to know. */
static bool may_be_new(sqi_source *s)
{
    sqi_src_file *t = s->state;
    bool news = sqi_os_watch_drain(&t->watch, is_news);
    return !t->watched || t->left || news || now_micros(s) >= t->next_listing;
}

/* How many of the files found come next. */
static size_t choose(sqi_source *s)
{
    const sqi_src_file *t = s->state;
    size_t n = t->found.n - t->next;
    if (!n)
        return 0;
    const sqi_file *f = t->found.file + t->next;
    if (s->no_limits)
        return n;
    if (t->options.max_files && n > (uint64_t)t->options.max_files)
        return (size_t)t->options.max_files;
    int64_t bytes = 0;
    for (size_t i = 0; t->options.max_bytes && i < n; i++)
        if (__builtin_add_overflow(bytes, f[i].size, &bytes) || (i && bytes > t->options.max_bytes))
            return i;
    return n;
}

/* What is left waits for later batches, if it is worth it. */
static void keep_waiting(sqi_source *s)
{
    sqi_src_file *t = s->state;
    size_t n = t->found.n - t->next;
    if (!n || t->frozen) {
        if (!n)
            sqi_file_list_clear(&t->found);
        t->next = n ? t->next : 0;
        return;
    }
    double size = 0, limit = (double)(t->options.max_files ? t->options.max_files : t->options.max_bytes);
    for (size_t i = t->next; i < t->found.n; i++)
        size += t->options.max_files ? 1 : (double)t->found.file[i].size;
    size_t keep = n > (uint64_t)t->options.max_cached ? (size_t)t->options.max_cached : n;
    if (t->options.latest_first || size < limit * t->options.discard)
        keep = 0;
    t->left = keep < n;
    t->found.n = t->next + keep;
    if (!keep) {
        sqi_file_list_clear(&t->found);
        t->next = 0;
    }
}

/* The files chosen become a batch. */
static streamq_status take(sqi_source *s, size_t n, streamq_error **err)
{
    sqi_src_file *t = s->state;
    sqi_file_batch *b;
    SQI_TRY(sqi_src_file_batch(s, t->current + 1, &b, err));
    for (size_t i = 0; i < n; i++) {
        const sqi_file *f = &t->found.file[t->next + i];
        sqi_span key = sqi_src_file_key(t, f);
        if (t->options.name_only && sqi_seen_has(&t->seen, key))
            continue; /* two of one name in this listing */
        SQI_TRY(sqi_file_list_add(&b->files, f, err));
        if (t->plan->streaming)
            SQI_TRY(sqi_seen_add(&t->seen, key, f->modified, err));
    }
    t->current++;
    t->next += n;
    sqi_seen_purge(&t->seen);
    sqi_seen_shrink(&t->seen, t->saved);
    keep_waiting(s);
    return STREAMQ_OK;
}

static sqi_offset offset_of(int64_t number)
{
    return (sqi_offset){.known = number >= 0, .number = {number >= 0 ? number : 0, 0}};
}

static streamq_status file_latest(sqi_source *s, const sqi_offset *start, sqi_offset *end, streamq_error **err)
{
    sqi_src_file *t = s->state;
    int64_t from = start->known ? start->number[0] : -1;
    if (from < -1 || from == INT64_MAX)
        return sqi_error_set(err, SQI_COND_ARITHMETIC_OVERFLOW, "source '%s' cannot go on at batch of files %lld",
                             s->type->name, (long long)from);
    *end = *start;
    if (from > t->current)
        t->current = from; /* a checkpoint that knows the number and not the files */
    if (from < t->current) {
        *end = offset_of(t->current);
        return STREAMQ_OK;
    }
    if (t->next == t->found.n && !t->frozen && may_be_new(s))
        SQI_TRY(list(s, err));
    t->frozen = t->frozen || s->available_now;
    size_t n = choose(s);
    if (n)
        SQI_TRY(take(s, n, err));
    *end = offset_of(t->current);
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- the source */

static streamq_status file_plan(const sqi_source_type *type, bool streaming, const sqi_options *options,
                                const sqi_schema *given, const sqi_io_env *env, sqi_arena *arena, sqi_schema *out,
                                void **declared, streamq_error **err)
{
    sqi_file_plan *plan;
    SQI_TRY(sqi_file_plan_make(&plan, out, type->format, streaming, options, given, env, arena, err));
    *declared = plan;
    return STREAMQ_OK;
}

static streamq_status file_open(sqi_source *s, streamq_error **err)
{
    sqi_src_file *t = s->state;
    t->watch = (sqi_os_watch){-1, 0, 0};
    t->current = -1;
    t->plan = s->declared;
    sqi_arena_init(&t->arena, s->env->alloc);
    sqi_file_list_init(&t->found, s->env->alloc);
    SQI_TRY(
        sqi_file_options_read(&t->options, s->type->format, s->options, t->plan->streaming, s->env, &t->arena, err));
    sqi_seen_init(&t->seen, s->env->alloc, t->options.max_age);
    return t->plan->streaming ? sqi_file_clean_check(&t->options, err) : STREAMQ_OK;
}

static streamq_status unknown_batch(const sqi_source *s, int64_t number, streamq_error **err)
{
    return sqi_error_set(
        err, SQI_COND_IO_ERROR,
        "source '%s' does not know which files batch %lld of '%.*s' had: its checkpoint does not tell, "
        "or the rows were committed",
        s->type->name, (long long)number, 1000, ((const sqi_src_file *)s->state)->options.listing.path.ptr);
}

static streamq_status read_batch(sqi_source *s, const sqi_file_batch *b, sqi_source_emit emit, void *context,
                                 streamq_error **err)
{
    sqi_src_file *t = s->state;
    for (size_t i = 0; i < b->files.n; i++) {
        const sqi_file *f = &b->files.file[i];
        if (!sqi_file_clean_inside(&t->options, (sqi_span){f->path, f->len}))
            return sqi_error_set(err, SQI_COND_FAILED_READ_FILE,
                                 "the checkpoint names the file '%.2000s', which is not at the source's path '%.1000s'",
                                 f->path, t->options.listing.path.ptr);
        SQI_TRY(sqi_file_reader_run(t->reader, f, emit, context, err));
    }
    return STREAMQ_OK;
}

static streamq_status file_read(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_source_emit emit,
                                void *context, streamq_error **err)
{
    sqi_src_file *t = s->state;
    int64_t from = start->known ? start->number[0] : -1, to = end->known ? end->number[0] : -1;
    if (!t->reader)
        SQI_TRY(sqi_file_reader_new(&t->reader, t->plan, &t->options, s->options, s->schema, s->env, err));
    for (int64_t k = from; k < to;) {
        const sqi_file_batch *b = find_batch(t, ++k);
        SQI_TRY(b ? read_batch(s, b, emit, context, err) : unknown_batch(s, k, err));
    }
    return STREAMQ_OK;
}

static void file_commit(sqi_source *s, const sqi_offset *end)
{
    sqi_src_file *t = s->state;
    size_t n = 0;
    while (n < t->nbatch && end->known && t->batch[n].number <= end->number[0]) {
        sqi_file_list *files = &t->batch[n++].files;
        for (size_t i = 0; t->options.clean != SQI_CLEAN_OFF && t->plan->streaming && i < files->n; i++)
            sqi_file_clean_run(&t->options, files->file[i].path);
        sqi_file_list_fini(files);
    }
    t->nbatch -= n;
    if (n)
        memmove(t->batch, t->batch + n, t->nbatch * sizeof *t->batch);
}

static bool file_offset_json(const sqi_source *s, const sqi_offset *o, sqi_buf *to)
{
    (void)s;
    return o->known ? sqi_buf_printf(to, "{\"logOffset\":%lld}", (long long)o->number[0]) : sqi_buf_text(to, "null");
}

static bool file_describe(const sqi_source *s, sqi_buf *to)
{
    sqi_span path, given;
    sqi_arena arena;
    sqi_arena_init(&arena, s->env->alloc);
    bool ok = sqi_options_get(s->options, "path", &given) &&
              sqi_listing_path(&path, given, "path", &arena, NULL) == STREAMQ_OK &&
              sqi_buf_text(to, "FileStreamSource[file:") && sqi_buf_span(to, path) && sqi_buf_byte(to, ']');
    sqi_arena_fini(&arena);
    return ok;
}

static int file_fd(const sqi_source *s)
{
    const sqi_src_file *t = s->state;
    return t->watch.fd;
}

static bool file_more(const sqi_source *s, const sqi_offset *end)
{
    const sqi_src_file *t = s->state;
    (void)end;
    return t->next < t->found.n || t->left;
}

static int64_t file_next_micros(const sqi_source *s)
{
    const sqi_src_file *t = s->state;
    if (t->frozen)
        return INT64_MAX;
    return t->listed ? t->next_listing : now_micros(s);
}

static void file_close(sqi_source *s)
{
    sqi_src_file *t = s->state;
    sqi_file_reader_free(t->reader);
    for (size_t i = 0; i < t->nbatch; i++)
        sqi_file_list_fini(&t->batch[i].files);
    sqi_alloc_free(s->env->alloc, t->batch, t->batch_cap * sizeof *t->batch);
    sqi_file_list_fini(&t->found);
    sqi_seen_fini(&t->seen);
    sqi_os_watch_close(&t->watch);
    sqi_arena_fini(&t->arena);
}

#define FILE_SOURCE(kind)                          \
    const sqi_source_type sqi_src_##kind = {       \
        .name = #kind,                             \
        .state_size = sizeof(sqi_src_file),        \
        .format = &sqi_format_##kind,              \
        .plan = file_plan,                         \
        .open = file_open,                         \
        .latest = file_latest,                     \
        .read = file_read,                         \
        .commit = file_commit,                     \
        .offset_json = file_offset_json,           \
        .describe = file_describe,                 \
        .fd = file_fd,                             \
        .next_micros = file_next_micros,           \
        .more = file_more,                         \
        .save_changes = sqi_src_file_save_changes, \
        .save_some = sqi_src_file_save_some,       \
        .load = sqi_src_file_load,                 \
        .destroys = true,                          \
        .close = file_close,                       \
    }

FILE_SOURCE(csv);
FILE_SOURCE(json);
FILE_SOURCE(text);
