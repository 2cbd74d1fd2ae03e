/*
 * run_wal: writing the log. See the header; run_wal_read.c reads it.
 */
#include "run_wal_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME_MOST = 32 }; /* bytes of "/wal-..." */

void sqi_wal_path(const sqi_wal *w, int64_t first, char *to, size_t cap)
{
    snprintf(to, cap, "%s/" SQI_WAL_NAME "%019lld", w->dir, (long long)first);
}

streamq_status sqi_wal_failed(const sqi_wal *w, int64_t first, const char *what, int code, streamq_error **err)
{
    char text[128];
    return sqi_error_set(err, SQI_COND_IO_ERROR, "cannot %s %s/" SQI_WAL_NAME "%019lld: %s", what, w->dir,
                         (long long)first, sqi_os_message(code, text, sizeof text));
}

/* -------------------------------------------------------------- opening */

typedef struct listing {
    sqi_wal *w;
    bool nomem;
} listing;

static bool take_name(void *user, const char *name, sqi_os_kind kind)
{
    listing *l = user;
    sqi_wal *w = l->w;
    size_t prefix = sizeof SQI_WAL_NAME - 1;
    (void)kind;
    if (strncmp(name, SQI_WAL_NAME, prefix) != 0 || strlen(name) != prefix + 19 ||
        strspn(name + prefix, "0123456789") != 19)
        return true;
    uint64_t first = 0;
    for (const char *p = name + prefix; *p; ++p)
        first = first * 10 + (uint64_t)(*p - '0');
    if (first > INT64_MAX)
        return true;
    void *items = w->segment;
    l->nomem = !sqi_alloc_grow(w->alloc, &items, &w->cap, w->nsegment + 1, sizeof *w->segment);
    w->segment = items;
    if (!l->nomem)
        w->segment[w->nsegment++] = (sqi_wal_segment){.first = (int64_t)first};
    return !l->nomem;
}

static int by_first(const void *a, const void *b)
{
    const sqi_wal_segment *x = a, *y = b;
    return x->first < y->first ? -1 : x->first > y->first;
}

static streamq_status find_sizes(sqi_wal *w, streamq_error **err)
{
    char path[SQI_WAL_PATH_MOST];
    for (size_t i = 0; i < w->nsegment; ++i) {
        sqi_os_stat st;
        sqi_wal_path(w, w->segment[i].first, path, sizeof path);
        int code = w->files->stat(w->files->context, path, &st);
        if (code)
            return sqi_wal_failed(w, w->segment[i].first, "look at", code, err);
        w->segment[i].size = st.size;
    }
    return STREAMQ_OK;
}

streamq_status sqi_wal_open(sqi_wal *w, sqi_alloc *alloc, const sqi_os_files *files, const char *dir,
                            const unsigned char id[SQI_WAL_ID], streamq_error **err)
{
    char text[128];
    *w = (sqi_wal){.alloc = alloc, .files = files, .file = -1, .unborn = -1};
    memcpy(w->id, id, SQI_WAL_ID);
    w->dir_size = strlen(dir) + 1;
    if (w->dir_size + NAME_MOST > SQI_WAL_PATH_MOST)
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE, "the checkpoint's path has %zu bytes; at most %d",
                             w->dir_size - 1, SQI_WAL_PATH_MOST - NAME_MOST - 1);
    w->dir = sqi_alloc_get(alloc, w->dir_size);
    if (!w->dir)
        return sqi_error_nomem(err);
    memcpy(w->dir, dir, w->dir_size);
    listing l = {w, false};
    int code = files->list(files->context, dir, take_name, &l);
    if (l.nomem)
        return sqi_error_nomem(err);
    if (code)
        return sqi_error_set(err, SQI_COND_IO_ERROR, "cannot list %s: %s", dir,
                             sqi_os_message(code, text, sizeof text));
    if (w->nsegment)
        qsort(w->segment, w->nsegment, sizeof *w->segment, by_first);
    return find_sizes(w, err);
}

/* The first n segments are not on the list any more. */
static void forget(sqi_wal *w, size_t n)
{
    if (n)
        memmove(w->segment, w->segment + n, (w->nsegment - n) * sizeof *w->segment);
    w->nsegment -= n;
    w->ndrop -= n;
}

static int drop_now(sqi_wal *w)
{
    char path[SQI_WAL_PATH_MOST];
    size_t gone = 0;
    int code = 0;
    for (; gone < w->ndrop; ++gone) {
        sqi_wal_path(w, w->segment[gone].first, path, sizeof path);
        code = w->files->unlink(w->files->context, path);
        if (code && code != ENOENT)
            break;
        code = 0;
    }
    forget(w, gone);
    w->ndrop = 0;
    return code;
}

/* The name of a segment that the next job is to remove, NULL: none. Freeing what the disk's cache has of a large file
   takes a millisecond. */
static const char *drop_later(sqi_wal *w)
{
    const size_t room = w->dir_size + NAME_MOST;
    if (!w->ndrop || sqi_syncer_removes(&w->syncer) || (!w->old && !(w->old = sqi_alloc_get(w->alloc, room))))
        return NULL;
    sqi_wal_path(w, w->segment->first, w->old, room);
    forget(w, 1);
    return w->old;
}

void sqi_wal_close(sqi_wal *w)
{
    if (!w->alloc)
        return;
    sqi_syncer_stop(&w->syncer);
    w->syncing = false;
    (void)drop_now(w);
    if (w->file >= 0)
        w->files->close(w->files->context, w->file);
    w->file = -1;
    sqi_alloc_free(w->alloc, w->old, w->dir_size + NAME_MOST);
    sqi_alloc_free(w->alloc, w->segment, w->cap * sizeof *w->segment);
    sqi_alloc_free(w->alloc, w->dir, w->dir_size);
    w->segment = NULL;
    w->dir = w->old = NULL;
    w->nsegment = w->cap = w->dir_size = 0;
}

/* -------------------------------------------------------------- writing */

static sqi_wal_segment *last_segment(sqi_wal *w)
{
    return &w->segment[w->nsegment - 1];
}

static streamq_status broken(sqi_wal *w, const char *what, int code, streamq_error **err)
{
    w->failure = code;
    return sqi_wal_failed(w, last_segment(w)->first, what, code, err);
}

/* After a failure nothing that is written can be relied upon, so nothing is. */
static streamq_status check_whole(const sqi_wal *w, streamq_error **err)
{
    return w->failure ? sqi_wal_failed(w, w->segment[w->nsegment - 1].first, "go on writing, after an earlier failure,",
                                       w->failure, err)
                      : STREAMQ_OK;
}

bool sqi_wal_begin(sqi_buf *record)
{
    sqi_buf_clear(record);
    return sqi_buf_repeat(record, '\0', SQI_WAL_RECORD_HEAD);
}

/* The segment's file, with its head written. */
static streamq_status make_segment(sqi_wal *w, int64_t first, streamq_error **err)
{
    char path[SQI_WAL_PATH_MOST];
    unsigned char head[SQI_WAL_HEAD];
    if (w->nsegment)
        SQI_TRY(sqi_wal_sync(w, err));
    void *items = w->segment;
    bool fine = sqi_alloc_grow(w->alloc, &items, &w->cap, w->nsegment + 1, sizeof *w->segment);
    w->segment = items;
    if (!fine)
        return sqi_error_nomem(err);
    sqi_wal_head_write(head, w->id, first, w->nsegment ? last_segment(w)->first : -1, w->check);
    if (w->file >= 0)
        w->files->close(w->files->context, w->file);
    w->file = -1;
    w->segment[w->nsegment++] = (sqi_wal_segment){.first = first, .scanned = true, .check_before = w->check};
    sqi_wal_path(w, first, path, sizeof path);
    int code = w->files->open(w->files->context, path, SQI_OS_WRITE | SQI_OS_CREATE | SQI_OS_EXCLUSIVE, &w->file);
    if (code)
        return broken(w, "make", code, err);
    w->end = w->synced = 0;
    w->fresh = true;
    w->rolling = false;
    code = sqi_os_write_all(w->files, w->file, 0, head, sizeof head);
    if (code)
        return broken(w, "write to", code, err);
    w->end = last_segment(w)->size = SQI_WAL_HEAD;
    return STREAMQ_OK;
}

/* The record with its head and, if need be, the segment that it goes to. */
static streamq_status prepare(sqi_wal *w, sqi_wal_kind kind, int64_t batch, sqi_buf *record, streamq_error **err)
{
    if (record->failed || record->len < SQI_WAL_RECORD_HEAD || record->len - SQI_WAL_RECORD_HEAD > SQI_WAL_BODY_MOST)
        return record->failed ? sqi_error_nomem(err)
                              : sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                                              "the checkpoint's record of batch %lld has %zu bytes; at most %u",
                                              (long long)batch, record->len, SQI_WAL_BODY_MOST);
    SQI_TRY(check_whole(w, err));
    if (!w->nsegment || w->rolling)
        SQI_TRY(make_segment(w, batch, err));
    sqi_wal_record_head(record, kind, batch, w->synced, w->check);
    return STREAMQ_OK;
}

static void note_check(sqi_wal *w, const void *record)
{
    w->check = last_segment(w)->check_last = sqi_wal_record_check(record);
}

static void grow(sqi_wal *w, const sqi_buf *record)
{
    w->end += (int64_t)record->len;
    last_segment(w)->size = w->end;
}

static streamq_status write_now(sqi_wal *w, sqi_buf *record, streamq_error **err)
{
    sqi_wal_record_seal(record->ptr, record->len);
    int code = sqi_os_write_all(w->files, w->file, w->end, record->ptr, record->len);
    if (code)
        return broken(w, "write to", code, err);
    note_check(w, record->ptr);
    grow(w, record);
    return STREAMQ_OK;
}

/* What is to be brought to the disk; record NULL: it is written already. */
static sqi_syncer_job job_of(const sqi_wal *w, sqi_buf *record)
{
    return (sqi_syncer_job){.files = w->files,
                            .file = w->file,
                            .at = w->end,
                            .bytes = record ? record->ptr : NULL,
                            .len = record ? record->len : 0,
                            .seal = record ? sqi_wal_record_seal : NULL,
                            .dir = w->fresh ? w->dir : NULL};
}

streamq_status sqi_wal_append(sqi_wal *w, sqi_wal_kind kind, int64_t batch, sqi_buf *record, streamq_error **err)
{
    SQI_TRY(prepare(w, kind, batch, record, err));
    SQI_TRY(write_now(w, record, err));
    if (kind == SQI_WAL_BATCH) {
        w->behind = false;
        (void)drop_now(w); /* what cannot be removed stays on the list: the next drop tries it again, and tells */
    }
    return STREAMQ_OK;
}

streamq_status sqi_wal_append_behind(sqi_wal *w, sqi_wal_kind kind, int64_t batch, sqi_buf *record, streamq_error **err)
{
    SQI_TRY(prepare(w, kind, batch, record, err));
    sqi_syncer_job job = job_of(w, record);
    job.old = drop_later(w);
    w->behind = w->syncing = sqi_syncer_begin(&w->syncer, &job);
    if (!w->syncing)
        return write_now(w, record, err);
    grow(w, record);
    return STREAMQ_OK;
}

streamq_status sqi_wal_sync(sqi_wal *w, streamq_error **err)
{
    static const char *const what[] = {"write to", "sync", "sync the directory of"};
    sqi_syncer_step step;
    SQI_TRY(check_whole(w, err));
    if (!w->nsegment || (w->synced == w->end && !w->fresh))
        return STREAMQ_OK;
    sqi_syncer_job job = job_of(w, NULL);
    int code = w->syncing ? sqi_syncer_end(&w->syncer, &step) : sqi_syncer_do(&job, &step);
    if (w->syncing)
        note_check(w, w->syncer.job.bytes);
    w->syncing = false;
    if (code)
        return broken(w, what[step], code, err);
    w->fresh = false;
    w->synced = w->end;
    return STREAMQ_OK;
}

void sqi_wal_roll(sqi_wal *w)
{
    w->rolling = w->nsegment && w->end > SQI_WAL_HEAD;
}

int sqi_wal_drop(sqi_wal *w, size_t n)
{
    w->ndrop = n < w->nsegment ? n : w->nsegment - (w->nsegment > 0);
    int late = sqi_syncer_removed(&w->syncer), code = w->behind ? 0 : drop_now(w);
    return code ? code : late;
}

/* -------------------------------------------------------------- going on after a restart */

/* Bytes that were read may stand in memory alone, of a sync that failed in a life before: written again they are synced. */
static int rewrite(const sqi_wal *w, int file, int64_t from, int64_t to)
{
    char block[16384];
    for (int64_t at = from; at < to;) {
        size_t want = to - at < (int64_t)sizeof block ? (size_t)(to - at) : sizeof block, got = 0;
        int code = sqi_os_read_all(w->files, file, at, block, want, &got);
        if (!code && got < want)
            code = EIO;
        if (!code)
            code = sqi_os_write_all(w->files, file, at, block, want);
        if (code)
            return code;
        at += (int64_t)want;
    }
    return 0;
}

void sqi_wal_cut_behind(sqi_wal *w, int64_t end, uint64_t check)
{
    w->end = last_segment(w)->size = end;
    w->check = last_segment(w)->check_last = check;
    if (w->synced > end)
        w->synced = end;
}

/* A file in which no record ever was takes the name of one that will be. */
static streamq_status remove_unborn(sqi_wal *w, streamq_error **err)
{
    char path[SQI_WAL_PATH_MOST];
    if (w->unborn < 0)
        return STREAMQ_OK;
    sqi_wal_path(w, w->unborn, path, sizeof path);
    int code = w->files->unlink(w->files->context, path);
    if (!code || code == ENOENT)
        code = w->files->sync_dir(w->files->context, w->dir);
    if (code)
        return sqi_wal_failed(w, w->unborn, "remove the unfinished", code, err);
    w->unborn = -1;
    return STREAMQ_OK;
}

streamq_status sqi_wal_continue(sqi_wal *w, streamq_error **err)
{
    char path[SQI_WAL_PATH_MOST];
    SQI_TRY(remove_unborn(w, err));
    if (!w->nsegment || w->file >= 0)
        return STREAMQ_OK;
    sqi_wal_path(w, last_segment(w)->first, path, sizeof path);
    int code = w->files->open(w->files->context, path, SQI_OS_WRITE | SQI_OS_NO_LINK, &w->file);
    if (code)
        return sqi_wal_failed(w, last_segment(w)->first, "open", code, err);
    code = w->files->truncate(w->files->context, w->file, w->end);
    if (code)
        return broken(w, "cut", code, err);
    code = rewrite(w, w->file, w->synced, w->end);
    if (code)
        return broken(w, "write again", code, err);
    w->fresh = true; /* the name may not be synced either */
    w->synced = 0;
    return sqi_wal_sync(w, err);
}
