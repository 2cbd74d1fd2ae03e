/*
 * src_file_log: what a checkpoint keeps of a source of files, in blocks of three kinds. All numbers are varints, signed
 * ones as zigzag (base_bytes.h); a path is told by how many bytes it shares with the one before it, and the rest.
 *
 *     batches    1, then for each: number + 1, number of files, for each: shared, rest, base, name, size, modified;
 *                0 at the end
 *     state      2, current + 1, latest, oldest, then as batches: those that were not committed
 *     names      3, number of names, for each: shared, rest, modified: what was seen
 *
 * save_changes gives one block of batches; save_some a state, then names until all are told. Nothing of it is believed:
 * counts are bounded by the bytes that are there, and paths are looked at again before a file is opened or cleaned away.
 */
#include "src_file.h"

#include "base_bytes.h"

enum { BLOCK_BATCHES = 1, BLOCK_STATE = 2, BLOCK_NAMES = 3, PATH_MOST = 1 << 14 };

/* -------------------------------------------------------------- writing */

static bool put_signed(sqi_buf *to, int64_t v)
{
    return sqi_bytes_put_varint(to, sqi_zigzag(v));
}

static bool put_path(sqi_buf *to, sqi_span *before, sqi_span path)
{
    size_t shared = 0;
    while (shared < path.len && shared < before->len && path.ptr[shared] == before->ptr[shared])
        shared++;
    *before = path;
    return sqi_bytes_put_varint(to, shared) && sqi_bytes_put_span(to, (sqi_span){path.ptr + shared, path.len - shared});
}

static bool put_batch(sqi_buf *to, const sqi_file_batch *b)
{
    sqi_span before = {"", 0};
    sqi_bytes_put_varint(to, (uint64_t)b->number + 1);
    sqi_bytes_put_varint(to, b->files.n);
    for (size_t i = 0; i < b->files.n && !to->failed; i++) {
        const sqi_file *f = &b->files.file[i];
        put_path(to, &before, (sqi_span){f->path, f->len});
        sqi_bytes_put_varint(to, f->base);
        sqi_bytes_put_varint(to, f->name);
        put_signed(to, f->size);
        put_signed(to, f->modified);
    }
    return !to->failed;
}

streamq_status sqi_src_file_save_changes(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_buf *to,
                                         streamq_error **err)
{
    const sqi_src_file *t = s->state;
    int64_t from = start->known ? start->number[0] : -1, last = end->known ? end->number[0] : -1;
    sqi_buf_byte(to, BLOCK_BATCHES);
    for (size_t i = 0; i < t->nbatch; i++)
        if (t->batch[i].number > from && t->batch[i].number <= last)
            put_batch(to, &t->batch[i]);
    return sqi_bytes_put_varint(to, 0) ? STREAMQ_OK : sqi_error_nomem(err);
}

streamq_status sqi_src_file_save_some(sqi_source *s, uint64_t *cursor, size_t most, sqi_buf *to, streamq_error **err)
{
    sqi_src_file *t = s->state;
    if (*cursor == 0) {
        t->saved[0] = 0;
        t->saved[1] = t->seen.n;
        sqi_buf_byte(to, BLOCK_STATE);
        sqi_bytes_put_varint(to, (uint64_t)t->current + 1);
        put_signed(to, t->seen.latest);
        put_signed(to, t->seen.oldest);
        for (size_t i = 0; i < t->nbatch; i++)
            put_batch(to, &t->batch[i]);
        sqi_bytes_put_varint(to, 0);
    } else {
        size_t n = 0, first = (size_t)t->saved[0];
        sqi_span before = {"", 0};
        for (size_t bytes = 0; first + n < t->saved[1] && bytes < most;
             n++) /* at most: shared bytes are not known yet */
            bytes += sqi_seen_name(&t->seen, &t->seen.entry[first + n]).len + 12;
        sqi_buf_byte(to, BLOCK_NAMES);
        sqi_bytes_put_varint(to, n);
        for (size_t i = 0; i < n && !to->failed; i++) {
            const sqi_seen_entry *e = &t->seen.entry[first + i];
            put_path(to, &before, sqi_seen_name(&t->seen, e));
            put_signed(to, e->modified);
        }
        t->saved[0] += n;
    }
    if (to->failed)
        return sqi_error_nomem(err);
    *cursor = t->saved[0] < t->saved[1] ? t->saved[0] + 1 : 0;
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- reading */

typedef struct loading {
    sqi_bytes from;
    sqi_buf path; /* the last one read, NUL behind but not counted */
} loading;

static bool get_path(loading *l)
{
    uint64_t shared = sqi_bytes_get_varint(&l->from);
    sqi_span rest = sqi_bytes_get_span(&l->from);
    if (l->from.bad || shared > l->path.len || shared + rest.len > PATH_MOST || shared + rest.len == 0 ||
        (rest.len && memchr(rest.ptr, '\0', rest.len))) {
        l->from.bad = true;
        return true;
    }
    l->path.len = (size_t)shared;
    if (!sqi_buf_span(&l->path, rest) || !sqi_buf_byte(&l->path, '\0'))
        return false;
    l->path.len--;
    return true;
}

/* False: no memory. What is wrong with the bytes is in from.bad. */
static bool get_file(loading *l, sqi_file *f)
{
    if (!get_path(l))
        return false;
    uint64_t base = sqi_bytes_get_varint(&l->from), name = sqi_bytes_get_varint(&l->from);
    *f = (sqi_file){.path = l->path.ptr,
                    .len = (uint32_t)l->path.len,
                    .size = sqi_unzigzag(sqi_bytes_get_varint(&l->from)),
                    .modified = sqi_unzigzag(sqi_bytes_get_varint(&l->from))};
    if (l->from.bad || f->path[0] != '/' || !name || base > f->len || name > f->len || f->path[name - 1] != '/' ||
        f->size < 0)
        l->from.bad = true;
    f->base = (uint32_t)base;
    f->name = (uint32_t)name;
    return true;
}

static streamq_status load_batches(sqi_source *s, loading *l, streamq_error **err)
{
    sqi_src_file *t = s->state;
    for (uint64_t number; (number = sqi_bytes_get_varint(&l->from)) != 0 && !l->from.bad;) {
        sqi_file_batch *b;
        uint64_t n = sqi_bytes_get_varint(&l->from);
        if (number > INT64_MAX || n > sqi_bytes_left(&l->from)) {
            l->from.bad = true;
            return STREAMQ_OK;
        }
        SQI_TRY(sqi_src_file_batch(s, (int64_t)number - 1, &b, err));
        for (l->path.len = 0; n && !l->from.bad; n--) {
            sqi_file f;
            if (!get_file(l, &f))
                return sqi_error_nomem(err);
            if (l->from.bad)
                return STREAMQ_OK;
            SQI_TRY(sqi_file_list_add(&b->files, &f, err));
            SQI_TRY(sqi_seen_add(&t->seen, sqi_src_file_key(t, &f), f.modified, err));
        }
        t->current = t->current > (int64_t)number - 1 ? t->current : (int64_t)number - 1;
    }
    sqi_seen_purge(&t->seen);
    return STREAMQ_OK;
}

static streamq_status load_state(sqi_source *s, loading *l, streamq_error **err)
{
    sqi_src_file *t = s->state;
    uint64_t current = sqi_bytes_get_varint(&l->from);
    int64_t latest = sqi_unzigzag(sqi_bytes_get_varint(&l->from));
    int64_t oldest = sqi_unzigzag(sqi_bytes_get_varint(&l->from));
    l->from.bad |= current > INT64_MAX || oldest > latest;
    if (l->from.bad)
        return STREAMQ_OK;
    t->current = t->current > (int64_t)current - 1 ? t->current : (int64_t)current - 1;
    t->seen.latest = latest;
    t->seen.oldest = oldest;
    return load_batches(s, l, err);
}

static streamq_status load_names(sqi_source *s, loading *l, streamq_error **err)
{
    sqi_src_file *t = s->state;
    uint64_t n = sqi_bytes_get_varint(&l->from);
    l->from.bad |= n > sqi_bytes_left(&l->from);
    for (; n && !l->from.bad; n--) {
        if (!get_path(l))
            return sqi_error_nomem(err);
        int64_t modified = sqi_unzigzag(sqi_bytes_get_varint(&l->from));
        if (!l->from.bad)
            SQI_TRY(sqi_seen_add(&t->seen, sqi_buf_view(&l->path), modified, err));
    }
    return STREAMQ_OK;
}

static streamq_status load_block(sqi_source *s, loading *l, streamq_error **err)
{
    switch (sqi_bytes_get8(&l->from)) {
    case BLOCK_BATCHES:
        return load_batches(s, l, err);
    case BLOCK_STATE:
        return load_state(s, l, err);
    case BLOCK_NAMES:
        return load_names(s, l, err);
    default:
        l->from.bad = true;
        return STREAMQ_OK;
    }
}

streamq_status sqi_src_file_load(sqi_source *s, sqi_span block, streamq_error **err)
{
    loading l = {.from = sqi_bytes_of(block)};
    sqi_buf_init(&l.path, s->env->alloc, 0);
    streamq_status status = load_block(s, &l, err);
    if (status == STREAMQ_OK && (l.from.bad || sqi_bytes_left(&l.from)))
        status = sqi_error_set(err, SQI_COND_CHECKPOINT_CORRUPT,
                               "the checkpoint's list of files of source '%s' is damaged (a block of %zu bytes)",
                               s->type->name, block.len);
    sqi_buf_fini(&l.path);
    return status;
}
