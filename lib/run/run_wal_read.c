/*
 * run_wal_read: reading the log, and what its heads look like.
 *
 * The one question of interest is what to make of bytes that are no whole record. The last segment may end in what was
 * written and not synced when the machine went down: any part of it may be missing or torn. Whatever was synced before
 * must be there. How far that goes each record says of the time when it was written, so the records that can still be
 * read behind the damage are asked: if one of them says that the damaged place had been synced, the log is corrupt.
 */
#include "run_wal_impl.h"

#include <errno.h>

static const char segment_magic[8] = {'s', 't', 'r', 'e', 'a', 'm', 'q', 'W'};
static const char record_magic[4] = {'s', 'q', 'R', '1'};

enum { WINDOW = 1 << 20 }; /* bytes read at a time */

/* -------------------------------------------------------------- heads */

typedef struct segment_head {
    int64_t first, before; /* this segment's first micro-batch, and that of the segment before; -1: none */
    uint64_t check;        /* of the last record before */
} segment_head;

void sqi_wal_head_write(unsigned char to[SQI_WAL_HEAD], const unsigned char id[SQI_WAL_ID], int64_t first,
                        int64_t before, uint64_t check)
{
    memset(to, 0, SQI_WAL_HEAD);
    memcpy(to, segment_magic, 8);
    sqi_le32_store(to + 8, SQI_WAL_VERSION);
    sqi_le32_store(to + 12, SQI_WAL_HEAD);
    memcpy(to + 16, id, SQI_WAL_ID);
    sqi_le64_store(to + 32, (uint64_t)first);
    sqi_le64_store(to + 40, (uint64_t)before);
    sqi_le64_store(to + 48, check);
    sqi_le64_store(to + 56, sqi_hash_bytes(to, 56, 0));
}

typedef struct record_head {
    sqi_wal_kind kind;
    uint32_t len;
    int64_t batch, synced;
    uint64_t before, check;
} record_head;

void sqi_wal_record_head(sqi_buf *record, sqi_wal_kind kind, int64_t batch, int64_t synced, uint64_t before)
{
    unsigned char *p = (unsigned char *)record->ptr;
    memcpy(p, record_magic, 4);
    sqi_le32_store(p + 4, kind);
    sqi_le32_store(p + 8, (uint32_t)(record->len - SQI_WAL_RECORD_HEAD));
    sqi_le32_store(p + 12, 0);
    sqi_le64_store(p + 16, (uint64_t)batch);
    sqi_le64_store(p + 24, (uint64_t)synced);
    sqi_le64_store(p + 32, before);
    memset(p + 40, 0, 8);
}

void sqi_wal_record_seal(void *record, size_t len)
{
    sqi_le64_store((unsigned char *)record + 40, sqi_hash_bytes(record, len, 0));
}

uint64_t sqi_wal_record_check(const void *record)
{
    return sqi_le64_load((const unsigned char *)record + 40);
}

/* False: no such head. Says nothing about the body. */
static bool head_read(const char *at, record_head *h)
{
    const unsigned char *p = (const unsigned char *)at;
    if (memcmp(p, record_magic, 4) != 0 || sqi_le32_load(p + 12) != 0)
        return false;
    uint32_t kind = sqi_le32_load(p + 4);
    *h = (record_head){.kind = kind == SQI_WAL_BATCH ? SQI_WAL_BATCH : SQI_WAL_DELIVERED,
                       .len = sqi_le32_load(p + 8),
                       .batch = (int64_t)sqi_le64_load(p + 16),
                       .synced = (int64_t)sqi_le64_load(p + 24),
                       .before = sqi_le64_load(p + 32),
                       .check = sqi_le64_load(p + 40)};
    return (kind == SQI_WAL_BATCH || kind == SQI_WAL_DELIVERED) && h->len <= SQI_WAL_BODY_MOST && h->batch >= 0;
}

/* -------------------------------------------------------------- a window over a file */

typedef struct window {
    const sqi_wal *w;
    int file;
    int64_t first; /* the segment's name */
    int64_t size;  /* of the file */
    int64_t at;    /* where the bytes begin */
    char *bytes;
    size_t len, cap;
} window;

static streamq_status window_open(window *v, const sqi_wal *w, size_t segment, streamq_error **err)
{
    char path[SQI_WAL_PATH_MOST];
    sqi_os_stat st;
    *v = (window){.w = w, .file = -1, .first = w->segment[segment].first};
    sqi_wal_path(w, v->first, path, sizeof path);
    int code = w->files->open(w->files->context, path, SQI_OS_READ | SQI_OS_NO_LINK, &v->file);
    if (code)
        return sqi_wal_failed(w, v->first, "open", code, err);
    code = w->files->stat_file(w->files->context, v->file, &st);
    if (code)
        return sqi_wal_failed(w, v->first, "look at", code, err);
    if (st.kind != SQI_OS_FILE)
        return sqi_wal_failed(w, v->first, "use, which is no file,", EINVAL, err);
    v->size = st.size;
    return STREAMQ_OK;
}

static void window_close(window *v)
{
    if (v->file >= 0)
        v->w->files->close(v->w->files->context, v->file);
    sqi_alloc_free(v->w->alloc, v->bytes, v->cap);
}

/* The bytes from `at` on, `need` of them at least, or all that there are. */
static streamq_status window_move(window *v, int64_t at, size_t need, sqi_span *out, streamq_error **err)
{
    int64_t left = v->size > at ? v->size - at : 0;
    if ((int64_t)need > left)
        need = (size_t)left;
    bool inside = at >= v->at && at - v->at <= (int64_t)v->len;
    size_t skip = inside ? (size_t)(at - v->at) : 0, have = inside ? v->len - skip : 0;
    if (have < need) {
        size_t want = need < WINDOW ? WINDOW : need;
        if ((int64_t)want > left)
            want = (size_t)left;
        if (have)
            memmove(v->bytes, v->bytes + skip, have);
        v->at = at;
        v->len = have;
        void *bytes = v->bytes;
        bool grown = sqi_alloc_grow(v->w->alloc, &bytes, &v->cap, want, 1);
        v->bytes = bytes;
        if (!grown)
            return sqi_error_nomem(err);
        size_t got = 0;
        int code = sqi_os_read_all(v->w->files, v->file, at + (int64_t)have, v->bytes + have, want - have, &got);
        if (code)
            return sqi_wal_failed(v->w, v->first, "read", code, err);
        v->len += got;
        if (got < want - have) /* it was cut while it was read */
            v->size = v->at + (int64_t)v->len;
        skip = 0;
        have = v->len;
    }
    *out = (sqi_span){v->bytes ? v->bytes + skip : "", have};
    return STREAMQ_OK;
}

/* The record at this place, whole and right: *found. Its bytes in *out, head included. */
static streamq_status record_at(window *v, int64_t at, record_head *h, sqi_span *out, bool *found, streamq_error **err)
{
    unsigned char zero[8] = {0}, head[SQI_WAL_RECORD_HEAD];
    *found = false;
    SQI_TRY(window_move(v, at, SQI_WAL_RECORD_HEAD, out, err));
    if (out->len < SQI_WAL_RECORD_HEAD || !head_read(out->ptr, h) ||
        v->size - at < (int64_t)h->len + SQI_WAL_RECORD_HEAD)
        return STREAMQ_OK;
    size_t need = (size_t)h->len + SQI_WAL_RECORD_HEAD;
    SQI_TRY(window_move(v, at, need, out, err));
    if (out->len < need)
        return STREAMQ_OK;
    out->len = need;
    memcpy(head, out->ptr + 40, 8);
    memcpy((char *)(uintptr_t)out->ptr + 40, zero, 8); /* the window is ours; the checksum counts as zeros */
    uint64_t check = sqi_hash_bytes(out->ptr, need, 0);
    memcpy((char *)(uintptr_t)out->ptr + 40, head, 8);
    *found = check == h->check;
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- scanning */

static streamq_status corrupt(const window *v, int64_t at, const char *why, streamq_error **err)
{
    streamq_status status =
        sqi_error_set(err, SQI_COND_CHECKPOINT_CORRUPT, "%s/" SQI_WAL_NAME "%019lld is damaged at byte %lld: %s",
                      v->w->dir, (long long)v->first, (long long)at, why);
    if (err)
        sqi_error_hint(*err, "restore the directory from a copy, or start with a new one; nothing was changed");
    return status;
}

/* Whether a record behind a bad place says that the place had been synced. Hashing is bounded, for files made to be slow. */
static streamq_status proven_behind(window *v, int64_t bad, bool *proven, streamq_error **err)
{
    int64_t budget = 4 * v->size + (1 << 20);
    *proven = false;
    for (int64_t at = bad + 1; at + SQI_WAL_RECORD_HEAD <= v->size && !*proven;) {
        sqi_span bytes;
        SQI_TRY(window_move(v, at, SQI_WAL_RECORD_HEAD, &bytes, err));
        const char *hit = bytes.len >= 4 ? memmem(bytes.ptr, bytes.len, record_magic, 4) : NULL;
        if (!hit) {
            at += bytes.len > 3 ? (int64_t)bytes.len - 3 : 1;
            continue;
        }
        record_head h;
        bool found;
        at += hit - bytes.ptr;
        SQI_TRY(record_at(v, at, &h, &bytes, &found, err));
        budget -= found || bytes.len > SQI_WAL_RECORD_HEAD ? (int64_t)bytes.len : SQI_WAL_RECORD_HEAD;
        *proven = (found && h.synced > bad) || budget < 0;
        ++at;
    }
    return STREAMQ_OK;
}

static streamq_status read_head(window *v, segment_head *h, bool *whole, streamq_error **err)
{
    sqi_span s;
    *whole = false;
    SQI_TRY(window_move(v, 0, SQI_WAL_HEAD, &s, err));
    const unsigned char *p = (const unsigned char *)s.ptr;
    if (s.len < SQI_WAL_HEAD || memcmp(p, segment_magic, 8) != 0 || sqi_hash_bytes(p, 56, 0) != sqi_le64_load(p + 56))
        return STREAMQ_OK;
    if (sqi_le32_load(p + 8) != SQI_WAL_VERSION || sqi_le32_load(p + 12) != SQI_WAL_HEAD)
        return sqi_error_set(err, SQI_COND_CHECKPOINT_VERSION,
                             "%s/" SQI_WAL_NAME "%019lld has format version %u; this release reads version %d",
                             v->w->dir, (long long)v->first, sqi_le32_load(p + 8), SQI_WAL_VERSION);
    *h = (segment_head){(int64_t)sqi_le64_load(p + 32), (int64_t)sqi_le64_load(p + 40), sqi_le64_load(p + 48)};
    if (memcmp(p + 16, v->w->id, SQI_WAL_ID) != 0)
        return corrupt(v, 16, "it belongs to another checkpoint", err);
    if (h->first != v->first)
        return corrupt(v, 32, "its name is not the one it was made with", err);
    *whole = true;
    return STREAMQ_OK;
}

typedef struct scan {
    window v;
    size_t segment;
    bool last;
    int64_t at, proven, before;
    uint64_t check_before, check;
    sqi_wal_take take;
    void *context;
} scan;

static streamq_status scan_records(scan *s, streamq_error **err)
{
    for (;;) {
        record_head h;
        sqi_span bytes;
        bool found;
        SQI_TRY(record_at(&s->v, s->at, &h, &bytes, &found, err));
        if (!found)
            return STREAMQ_OK;
        if (h.before != s->check)
            return corrupt(&s->v, s->at, "the record does not follow the one before it", err);
        if (h.synced > s->at)
            return corrupt(&s->v, s->at, "the record claims what comes after it", err);
        sqi_wal_record r = {h.kind, h.batch, s->segment, s->at, bytes.len, h.check};
        if (s->take)
            SQI_TRY(s->take(s->context, &r,
                            (sqi_span){bytes.ptr + SQI_WAL_RECORD_HEAD, bytes.len - SQI_WAL_RECORD_HEAD}, err));
        s->at += (int64_t)bytes.len;
        s->check = h.check;
        if (h.synced > s->proven)
            s->proven = h.synced;
    }
}

/* Bytes that are no record stand at s->at (or the file ends there): the end of the log, or damage? */
static streamq_status judge_end(scan *s, streamq_error **err)
{
    bool proven = false;
    if (s->at == s->v.size)
        return STREAMQ_OK;
    if (!s->last)
        return corrupt(&s->v, s->at, "no whole record stands there, and the log goes on in a later file", err);
    SQI_TRY(proven_behind(&s->v, s->at, &proven, err));
    return proven ? corrupt(&s->v, s->at, "no whole record stands there, though it had been synced", err) : STREAMQ_OK;
}

static streamq_status scan_segment(sqi_wal *w, scan *s, bool *none, streamq_error **err)
{
    segment_head head = {0};
    bool whole;
    SQI_TRY(window_open(&s->v, w, s->segment, err));
    SQI_TRY(read_head(&s->v, &head, &whole, err));
    if (whole) {
        s->at = SQI_WAL_HEAD;
        s->check = s->check_before = head.check;
        s->before = head.before;
        SQI_TRY(scan_records(s, err));
    }
    SQI_TRY(judge_end(s, err));
    *none = s->at <= SQI_WAL_HEAD; /* made, but its first record was never there */
    if (*none && !s->last)
        return corrupt(&s->v, s->at, "it has no record", err);
    return STREAMQ_OK;
}

bool sqi_wal_follows(const sqi_wal *w, size_t segment)
{
    const sqi_wal_segment *g = &w->segment[segment];
    return segment + 1 == w->nsegment || !g[1].scanned || g[1].before == g->first;
}

streamq_status sqi_wal_scan(sqi_wal *w, size_t segment, sqi_wal_take take, void *context, bool *none,
                            streamq_error **err)
{
    scan s = {.segment = segment, .last = segment + 1 == w->nsegment, .take = take, .context = context};
    bool empty = false;
    streamq_status status = scan_segment(w, &s, &empty, err);
    if (status == STREAMQ_OK && !sqi_wal_follows(w, segment))
        status = corrupt(&s.v, s.at, "the file after it is missing", err);
    window_close(&s.v);
    *none = false;
    SQI_TRY(status);
    sqi_wal_segment *g = &w->segment[segment];
    if (empty) {
        *none = true;
        w->unborn = g->first;
        w->nsegment--;
        return STREAMQ_OK;
    }
    g->size = s.at;
    g->scanned = true;
    g->before = s.before;
    g->check_before = s.check_before;
    g->check_last = s.check;
    if (s.last) {
        w->end = s.at;
        w->synced = s.proven;
        w->check = s.check;
        return STREAMQ_OK;
    }
    return g[1].scanned && g[1].check_before != s.check
               ? corrupt(&s.v, s.at, "the file after it does not follow its last record", err)
               : STREAMQ_OK;
}

streamq_status sqi_wal_read(sqi_wal *w, size_t segment, int64_t from, sqi_wal_take take, void *context,
                            streamq_error **err)
{
    window v;
    streamq_status status = window_open(&v, w, segment, err);
    int64_t end = w->segment[segment].size;
    for (int64_t at = from < SQI_WAL_HEAD ? SQI_WAL_HEAD : from; status == STREAMQ_OK && at < end;) {
        record_head h;
        sqi_span bytes;
        status = window_move(&v, at, SQI_WAL_RECORD_HEAD, &bytes, err);
        if (status == STREAMQ_OK && (bytes.len < SQI_WAL_RECORD_HEAD || !head_read(bytes.ptr, &h)))
            status = corrupt(&v, at, "it changed while it was read", err);
        if (status == STREAMQ_OK)
            status = window_move(&v, at, (size_t)h.len + SQI_WAL_RECORD_HEAD, &bytes, err);
        if (status == STREAMQ_OK && bytes.len < (size_t)h.len + SQI_WAL_RECORD_HEAD)
            status = corrupt(&v, at, "it changed while it was read", err);
        if (status != STREAMQ_OK)
            break;
        sqi_wal_record r = {h.kind, h.batch, segment, at, (uint64_t)h.len + SQI_WAL_RECORD_HEAD, h.check};
        status = take(context, &r, (sqi_span){bytes.ptr + SQI_WAL_RECORD_HEAD, h.len}, err);
        at += (int64_t)r.bytes;
    }
    window_close(&v);
    return status;
}
