/*
 * run_checkpoint: the directory, and writing the log. See the header; run_restore.c reads it.
 */
#include "run_checkpoint_impl.h"

#include <errno.h>
#include <stdio.h>

/* A pass begins when the log has grown by `growth` and half of the state. Each of its parts is a multiple of what the
   micro-batch changed, and at least the first number; with a growth below that, as much as the growth, and at least the
   second. So the directory stays below three times the state and a few megabytes. Behind by much, as after many restarts
   in a row, a part is large. */
enum {
    PART_LEAST = 64 << 10,
    PART_SMALL = 128,
    PART_TIMES = 4,
    PART_LARGE = 32 << 20,
    BEHIND = 16 << 20,
    RETAINED_TIMES = 4
};
enum { PATH_MOST = 4096, LOCK_TRIES = 3, LOCK_PAUSE = 10000 /* microseconds */ };

/* -------------------------------------------------------------- the directory */

static streamq_status io_failed(const char *what, const char *path, int code, streamq_error **err)
{
    char text[128];
    return sqi_error_set(err, SQI_COND_IO_ERROR, "cannot %s %s: %s", what, path,
                         sqi_os_message(code, text, sizeof text));
}

/* Who only asks whether a query runs (streamq-checkpoint) holds the lock for a moment: not a reason to give up. */
static int wait_for_lock(const sqi_checkpoint *c)
{
    const sqi_os *os = c->spec.os;
    for (int left = LOCK_TRIES;;) {
        int code = c->files->lock(c->files->context, c->lock);
        if (code != EWOULDBLOCK || --left == 0)
            return code;
        (void)sqi_os_wait_fd(os, -1, os->monotonic_micros(os->context) + LOCK_PAUSE);
    }
}

static streamq_status take_lock(sqi_checkpoint *c, streamq_error **err)
{
    char path[PATH_MOST];
    snprintf(path, sizeof path, "%s/lock", c->spec.dir);
    int code = c->files->open(c->files->context, path, SQI_OS_WRITE | SQI_OS_CREATE | SQI_OS_NO_LINK, &c->lock);
    if (code)
        return io_failed("open", path, code, err);
    code = wait_for_lock(c);
    if (!code)
        return STREAMQ_OK;
    if (code != EWOULDBLOCK)
        return io_failed("lock", path, code, err);
    return sqi_error_set(err, SQI_COND_CONCURRENT_QUERY,
                         "the checkpoint %s is in use by another query, of this program or of another one; stop it "
                         "first, or give this query a checkpointLocation of its own",
                         c->spec.dir);
}

static streamq_status read_meta(sqi_checkpoint *c, streamq_error **err)
{
    bool found;
    SQI_TRY(sqi_meta_read(&c->meta, c->files, c->spec.dir, &found, err));
    c->is_new = !found;
    if (found && !c->spec.read_only) {
        /* Who wrote it may have been killed before its name was certain; a log without it would be of no use. */
        int code = c->files->sync_dir(c->files->context, c->spec.dir);
        return code ? io_failed("sync", c->spec.dir, code, err) : STREAMQ_OK;
    }
    if (found)
        return STREAMQ_OK;
    if (c->spec.read_only)
        return STREAMQ_OK;
    c->meta.created_ms = c->spec.os->wall_micros(c->spec.os->context) / 1000;
    return sqi_meta_uuid(c->spec.os, c->meta.id)
               ? STREAMQ_OK
               : sqi_error_set(err, SQI_COND_IO_ERROR, "the system gave no random bytes for the query's id");
}

static streamq_status open_directory(sqi_checkpoint *c, streamq_error **err)
{
    unsigned char id[SQI_WAL_ID];
    if (strlen(c->spec.dir) + 64 > PATH_MOST)
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE, "checkpointLocation is longer than %d bytes",
                             PATH_MOST - 64);
    if (!c->spec.read_only) {
        int code = sqi_os_mkdirs(c->files, c->spec.dir);
        if (code)
            return io_failed("make the checkpoint's directory", c->spec.dir, code, err);
        SQI_TRY(take_lock(c, err));
    }
    SQI_TRY(read_meta(c, err));
    sqi_meta_id_bytes(&c->meta, id);
    SQI_TRY(sqi_wal_open(&c->wal, c->alloc, c->files, c->spec.dir, id, err));
    if (c->is_new && c->wal.nsegment)
        return sqi_error_set(
            err, SQI_COND_CHECKPOINT_CORRUPT,
            "%s has a log, but its file `metadata` is missing; restore it from a copy, or start with a "
            "new directory",
            c->spec.dir);
    if (c->is_new && c->spec.read_only)
        return sqi_error_set(err, SQI_COND_CHECKPOINT_CORRUPT, "%s is no checkpoint: it has no file `metadata`",
                             c->spec.dir);
    return sqi_checkpoint_survey(c, err);
}

streamq_status sqi_checkpoint_open(sqi_checkpoint *c, const sqi_checkpoint_spec *spec, streamq_error **err)
{
    *c = (sqi_checkpoint){.spec = *spec,
                          .alloc = spec->alloc,
                          .files = sqi_os_files_of(spec->os),
                          .lock = -1,
                          .last = -1,
                          .delivered = true};
    sqi_meta_init(&c->meta, spec->alloc);
    sqi_buf_init(&c->record, spec->alloc, SQI_WAL_BODY_MOST);
    streamq_status status = open_directory(c, err);
    if (status != STREAMQ_OK)
        sqi_checkpoint_close(c, false);
    return status;
}

void sqi_checkpoint_close(sqi_checkpoint *c, bool clean)
{
    if (!c->alloc)
        return;
    if (clean && c->wal.file >= 0 && sqi_wal_sync(&c->wal, NULL) != STREAMQ_OK)
        sqi_log_write(c->spec.log, SQI_LOG_WARN,
                      "checkpoint %s: its end could not be synced; the last batch may run again", c->spec.dir);
    sqi_wal_close(&c->wal);
    if (clean && c->spec.temporary && sqi_os_remove_tree(c->files, c->spec.dir) != 0)
        sqi_log_write(c->spec.log, SQI_LOG_WARN, "the temporary checkpoint %s could not be removed", c->spec.dir);
    if (c->lock >= 0)
        c->files->close(c->files->context, c->lock);
    sqi_meta_fini(&c->meta);
    sqi_buf_fini(&c->record);
    sqi_alloc_free(c->alloc, c->entry, c->entry_cap * sizeof *c->entry);
    sqi_alloc_free(c->alloc, c->pass, c->pass_cap * sizeof *c->pass);
    *c = (sqi_checkpoint){.lock = -1};
}

streamq_status sqi_checkpoint_match(sqi_checkpoint *c, sqi_span shape, streamq_error **err)
{
    bool renamed;
    if (!c->is_new) {
        SQI_TRY(sqi_meta_compare(sqi_buf_view(&c->meta.shape), shape, c->spec.dir, &renamed, err));
        if (renamed)
            sqi_log_write(
                c->spec.log, SQI_LOG_WARN,
                "checkpoint %s: columns or expressions of the query have changed since it was made; types have "
                "not, so it goes on with the state as it is",
                c->spec.dir);
        return STREAMQ_OK;
    }
    if (!sqi_buf_span(&c->meta.shape, shape))
        return sqi_error_nomem(err);
    SQI_TRY(sqi_meta_write(&c->meta, c->files, c->spec.dir, err));
    c->is_new = false;
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- passes */

streamq_status sqi_checkpoint_add_pass(sqi_checkpoint *c, int64_t begin, int64_t end, streamq_error **err)
{
    void *items = c->pass;
    bool grown = sqi_alloc_grow(c->alloc, &items, &c->pass_cap, c->npass + 1, sizeof *c->pass);
    c->pass = items;
    if (!grown)
        return sqi_error_nomem(err);
    c->pass[c->npass++] = (sqi_checkpoint_pass){begin, end};
    return STREAMQ_OK;
}

static uint64_t grown(const sqi_checkpoint *c)
{
    return c->log_bytes > c->state_bytes ? c->log_bytes - c->state_bytes : 0;
}

static bool pass_is_due(const sqi_checkpoint *c)
{
    /* Passes that come often make nothing smaller of what retention keeps anyway. */
    const uint64_t least = c->spec.growth + c->state_bytes / 2, most = RETAINED_TIMES * c->spec.growth;
    uint64_t retained = c->record.len * (uint64_t)(c->spec.retain / RETAINED_TIMES);
    if (retained > most)
        retained = most;
    return grown(c) > (retained > least ? retained : least);
}

static void begin_pass(sqi_checkpoint *c, int64_t batch, size_t flags_at)
{
    c->passing = true;
    c->pass_begin = batch;
    c->pass_part = 0;
    c->pass_cursor = c->pass_bytes = c->pass_log = 0;
    sqi_record_flag(&c->record, flags_at, SQI_RECORD_PASS_BEGINS);
    if (c->wal.nsegment && c->wal.segment[c->wal.nsegment - 1].first < batch)
        sqi_wal_roll(&c->wal);
}

/* One part of a source or an operator into the record. */
static streamq_status put_part(sqi_checkpoint *c, const sqi_checkpoint_parts *parts, size_t most, streamq_error **err)
{
    size_t at, i = c->pass_part;
    streamq_status status = STREAMQ_OK;
    if (i < parts->nop) {
        sqi_record_begin(&c->record, SQI_RECORD_OPERATOR_PART, i, &at);
        status = parts->op[i]->type->save_some(parts->op[i], &c->pass_cursor, most, &c->record, err);
    } else {
        sqi_source *s = parts->source[i - parts->nop].source;
        sqi_record_begin(&c->record, SQI_RECORD_SOURCE_PART, i - parts->nop, &at);
        if (s->type->save_some)
            status = s->type->save_some(s, &c->pass_cursor, most, &c->record, err);
        else
            c->pass_cursor = 0;
    }
    sqi_record_end(&c->record, at);
    c->pass_part += c->pass_cursor == 0;
    return status;
}

static streamq_status put_parts(sqi_checkpoint *c, const sqi_checkpoint_parts *parts, size_t changes, size_t flags_at,
                                streamq_error **err)
{
    uint64_t growth = c->spec.growth;
    size_t least = growth < PART_LEAST ? growth < PART_SMALL ? PART_SMALL : (size_t)growth : PART_LEAST;
    size_t budget = changes > least / PART_TIMES ? changes * PART_TIMES : least, begin = c->record.len;
    if (grown(c) > 2 * c->state_bytes + BEHIND && budget < PART_LARGE)
        budget = PART_LARGE;
    while (c->pass_part < parts->nop + parts->nsource && c->record.len - begin < budget) {
        SQI_TRY(put_part(c, parts, budget - (c->record.len - begin), err));
        if (c->record.failed)
            return sqi_error_nomem(err);
    }
    c->pass_bytes += c->record.len - begin;
    if (c->pass_part == parts->nop + parts->nsource)
        sqi_record_flag(&c->record, flags_at, SQI_RECORD_PASS_ENDS);
    return STREAMQ_OK;
}

static streamq_status end_pass(sqi_checkpoint *c, int64_t batch, streamq_error **err)
{
    c->passing = false;
    c->state_bytes = c->pass_bytes;
    c->log_bytes = c->pass_log;
    return sqi_checkpoint_add_pass(c, c->pass_begin, batch, err);
}

/* Segments before the newest pass that was whole `retain` micro-batches ago are of no more use. */
static void drop_old(sqi_checkpoint *c, int64_t batch)
{
    size_t keep = 0, n = 0;
    char text[128];
    while (keep + 1 < c->npass && c->pass[keep + 1].end <= batch - c->spec.retain)
        ++keep;
    if (!keep)
        return;
    while (n + 1 < c->wal.nsegment && c->wal.segment[n + 1].first <= c->pass[keep].begin)
        ++n;
    int code = sqi_wal_drop(&c->wal, n);
    if (code) /* they cost room, nothing else; the next pass tries again */
        sqi_log_write(c->spec.log, SQI_LOG_WARN, "checkpoint %s: an old file could not be removed: %s", c->spec.dir,
                      sqi_os_message(code, text, sizeof text));
    memmove(c->pass, c->pass + keep, (c->npass - keep) * sizeof *c->pass);
    c->npass -= keep;
}

/* -------------------------------------------------------------- writing */

static streamq_status put_sources(sqi_checkpoint *c, const sqi_checkpoint_parts *parts, streamq_error **err)
{
    for (size_t i = 0; i < parts->nsource; ++i) {
        const sqi_checkpoint_source *in = &parts->source[i];
        size_t at;
        sqi_record_put_range(&c->record, i, &in->start, &in->end);
        if (!in->source->type->save_changes)
            continue;
        sqi_record_begin(&c->record, SQI_RECORD_SOURCE_CHANGES, i, &at);
        SQI_TRY(in->source->type->save_changes(in->source, &in->start, &in->end, &c->record, err));
        sqi_record_end(&c->record, at);
    }
    return STREAMQ_OK;
}

static streamq_status put_operators(sqi_checkpoint *c, const sqi_checkpoint_parts *parts, streamq_error **err)
{
    for (size_t i = 0; i < parts->nop; ++i) {
        size_t at;
        sqi_record_begin(&c->record, SQI_RECORD_OPERATOR_CHANGES, i, &at);
        SQI_TRY(parts->op[i]->type->save_changes(parts->op[i], &c->record, err));
        sqi_record_end(&c->record, at);
    }
    return STREAMQ_OK;
}

static streamq_status make_record(sqi_checkpoint *c, int64_t batch, const sqi_record_head *head,
                                  const sqi_checkpoint_parts *parts, streamq_error **err)
{
    size_t flags_at = 0;
    bool first =
        !c->npass && !c->passing; /* before this micro-batch there was no state: the changes are all there is */
    sqi_wal_begin(&c->record);
    sqi_record_put_head(&c->record, head, &flags_at);
    SQI_TRY(put_sources(c, parts, err));
    SQI_TRY(put_operators(c, parts, err));
    if (c->record.failed)
        return sqi_error_nomem(err);
    if (first || (!c->passing && pass_is_due(c)))
        begin_pass(c, batch, flags_at);
    if (first) {
        c->pass_part = parts->nop + parts->nsource;
        sqi_record_flag(&c->record, flags_at, SQI_RECORD_PASS_ENDS);
        return STREAMQ_OK;
    }
    return c->passing ? put_parts(c, parts, c->record.len, flags_at, err) : STREAMQ_OK;
}

streamq_status sqi_checkpoint_log(sqi_checkpoint *c, int64_t batch, const sqi_record_head *head,
                                  const sqi_checkpoint_parts *parts, bool behind, streamq_error **err)
{
    SQI_TRY(make_record(c, batch, head, parts, err));
    SQI_TRY((behind ? sqi_wal_append_behind : sqi_wal_append)(&c->wal, SQI_WAL_BATCH, batch, &c->record, err));
    c->log_bytes += c->record.len;
    c->pass_log += c->record.len;
    c->last = batch;
    c->delivered = false;
    if (c->passing && c->pass_part == parts->nop + parts->nsource)
        SQI_TRY(end_pass(c, batch, err));
    return STREAMQ_OK;
}

streamq_status sqi_checkpoint_sync(sqi_checkpoint *c, streamq_error **err)
{
    SQI_TRY(sqi_wal_sync(&c->wal, err));
    drop_old(c, c->last);
    return STREAMQ_OK;
}

streamq_status sqi_checkpoint_delivered(sqi_checkpoint *c, int64_t batch, streamq_error **err)
{
    sqi_wal_begin(&c->record);
    SQI_TRY(sqi_wal_append(&c->wal, SQI_WAL_DELIVERED, batch, &c->record, err));
    c->delivered = true;
    c->log_bytes += SQI_WAL_RECORD_HEAD;
    c->pass_log += SQI_WAL_RECORD_HEAD;
    return STREAMQ_OK;
}
