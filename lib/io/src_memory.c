/*
 * src_memory: feeds and the source that reads them, as Spark's MemoryStream.
 *
 * A feed numbers its batches; an offset is the number of the last batch, and there is no offset before the first. Each
 * source on a feed is a reader with a mark of what it has committed; a batch goes when every reader has passed it, and
 * stays as long as there is no reader at all. A reader sleeps on a signal of its own that each push raises.
 *
 * A feed lives in memory, so after a restart of the program it is empty. The first reader that comes with an offset
 * from a checkpoint makes the numbers go on from there: what was pushed before it counts as what follows that offset.
 *
 * One mutex guards all of a feed. Batches do not change, so they are read outside of it.
 */
#include "src_memory.h"

#include "data_batch_pool.h"
#include "io_columns.h"
#include "io_lines_batch.h"

#define DEFAULT_ROWS (UINT64_C(16) << 20)
#define DEFAULT_BYTES (UINT64_C(1) << 30)

typedef struct feed_reader {
    struct feed_reader *next;
    int64_t committed; /* number of the last batch it needs no more */
    sqi_os_signal signal;
} feed_reader;

struct sqi_feed {
    sqi_alloc *alloc;
    sqi_arena arena; /* the schema */
    sqi_schema schema;
    _Atomic uint32_t refs;
    pthread_mutex_t lock;
    pthread_cond_t room;
    bool lock_ready, room_ready;
    sqi_batch_pool *pool; /* for pushes */
    uint64_t max_rows, max_bytes, rows, bytes;
    sqi_batch **batch; /* [head, n) wait; batch[head] has the number `first` */
    size_t head, n, cap;
    int64_t first;
    bool numbered; /* a reader has seen numbers: they stay */
    bool closed;
    feed_reader *readers;
};

static uint64_t bytes_of(const sqi_batch *b)
{
    return sqi_arena_bytes(&b->arena) + b->chunk_cap * sizeof *b->chunk + sizeof *b + b->shared_bytes;
}

sqi_feed *sqi_feed_new(sqi_alloc *alloc, const sqi_schema *schema, uint64_t max_rows, uint64_t max_bytes,
                       streamq_error **err)
{
    sqi_feed *f = sqi_alloc_zero(alloc, sizeof *f);
    if (!f) {
        sqi_error_nomem(err);
        return NULL;
    }
    f->alloc = alloc;
    atomic_init(&f->refs, 1);
    sqi_arena_init(&f->arena, alloc);
    f->max_rows = max_rows ? max_rows : DEFAULT_ROWS;
    f->max_bytes = max_bytes ? max_bytes : DEFAULT_BYTES;
    f->lock_ready = pthread_mutex_init(&f->lock, NULL) == 0;
    f->room_ready = sqi_os_cond_init(&f->room);
    if (!f->lock_ready || !f->room_ready)
        sqi_error_set(err, SQI_COND_IO_ERROR, "the system gave no lock for a feed");
    else if (sqi_schema_copy(&f->schema, schema, &f->arena, err) == STREAMQ_OK &&
             (f->pool = sqi_batch_pool_new(alloc, &f->schema, err)))
        return f;
    sqi_feed_unref(f);
    return NULL;
}

sqi_feed *sqi_feed_ref(sqi_feed *f)
{
    atomic_fetch_add_explicit(&f->refs, 1, memory_order_relaxed);
    return f;
}

void sqi_feed_unref(sqi_feed *f)
{
    if (!f || atomic_fetch_sub_explicit(&f->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = f->head; i < f->n; i++)
        sqi_batch_unref(f->batch[i]);
    sqi_alloc_free(f->alloc, f->batch, f->cap * sizeof *f->batch);
    sqi_batch_pool_close(f->pool);
    if (f->lock_ready)
        pthread_mutex_destroy(&f->lock);
    if (f->room_ready)
        pthread_cond_destroy(&f->room);
    sqi_arena_fini(&f->arena);
    sqi_alloc_free(f->alloc, f, sizeof *f);
}

sqi_batch *sqi_feed_batch(sqi_feed *f, streamq_error **err)
{
    return sqi_batch_pool_get(f->pool, err);
}

const sqi_schema *sqi_feed_schema(const sqi_feed *f)
{
    return &f->schema;
}

void sqi_feed_limit(sqi_feed *f, uint64_t max_rows, uint64_t max_bytes)
{
    pthread_mutex_lock(&f->lock);
    f->max_rows = max_rows ? max_rows : DEFAULT_ROWS;
    f->max_bytes = max_bytes ? max_bytes : DEFAULT_BYTES;
    pthread_cond_broadcast(&f->room);
    pthread_mutex_unlock(&f->lock);
}

static bool fits(const sqi_feed *f, uint64_t rows, uint64_t bytes)
{
    return f->rows <= f->max_rows && rows <= f->max_rows - f->rows && f->bytes <= f->max_bytes &&
           bytes <= f->max_bytes - f->bytes;
}

static streamq_status check_batch(const sqi_feed *f, const sqi_batch *batch, streamq_error **err)
{
    bool same = batch->schema.n == f->schema.n;
    for (uint32_t c = 0; same && c < f->schema.n; c++)
        same = sqi_type_same_shape(batch->schema.field[c].type, f->schema.field[c].type);
    return same ? STREAMQ_OK
                : sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "the batch does not have the columns of the feed");
}

/* Under the lock. */
static streamq_status append(sqi_feed *f, sqi_batch *batch, streamq_error **err)
{
    uint64_t bytes = bytes_of(batch);
    void *items = f->batch;
    if (f->closed)
        return sqi_error_set(err, SQI_COND_CALL_OUT_OF_ORDER, "the feed was closed; it takes no more rows");
    if (!fits(f, batch->rows, bytes))
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                             "the feed holds %llu rows and %llu bytes; %llu rows and %llu bytes more do not fit its "
                             "capacity of %llu rows and %llu bytes. Wait until a query has taken some",
                             (unsigned long long)f->rows, (unsigned long long)f->bytes, (unsigned long long)batch->rows,
                             (unsigned long long)bytes, (unsigned long long)f->max_rows,
                             (unsigned long long)f->max_bytes);
    bool grown = sqi_alloc_grow(f->alloc, &items, &f->cap, f->n + 1, sizeof *f->batch);
    f->batch = items;
    if (!grown)
        return sqi_error_nomem(err);
    f->batch[f->n++] = batch;
    f->rows += batch->rows;
    f->bytes += bytes;
    for (feed_reader *r = f->readers; r; r = r->next)
        sqi_os_signal_raise(&r->signal);
    return STREAMQ_OK;
}

streamq_status sqi_feed_push(sqi_feed *f, sqi_batch *batch, streamq_error **err)
{
    SQI_TRY(check_batch(f, batch, err));
    pthread_mutex_lock(&f->lock);
    streamq_status status = append(f, batch, err);
    pthread_mutex_unlock(&f->lock);
    return status;
}

streamq_status sqi_feed_wait(sqi_feed *f, const sqi_os *os, uint64_t rows, uint64_t bytes, int64_t deadline,
                             streamq_error **err)
{
    bool waited = true;
    pthread_mutex_lock(&f->lock);
    while (!fits(f, rows, bytes) && !f->closed && waited)
        waited = os->wait(os->context, &f->room, &f->lock, deadline);
    bool room = fits(f, rows, bytes), closed = f->closed;
    pthread_mutex_unlock(&f->lock);
    if (closed)
        return sqi_error_set(err, SQI_COND_CALL_OUT_OF_ORDER, "the feed was closed; it takes no more rows");
    if (!room)
        return sqi_error_set(err, SQI_COND_TIMED_OUT, "no query made room in the feed in time");
    return STREAMQ_OK;
}

void sqi_feed_close(sqi_feed *f)
{
    pthread_mutex_lock(&f->lock);
    f->closed = true;
    pthread_cond_broadcast(&f->room);
    for (feed_reader *r = f->readers; r; r = r->next)
        sqi_os_signal_raise(&r->signal);
    pthread_mutex_unlock(&f->lock);
}

uint64_t sqi_feed_rows(sqi_feed *f)
{
    pthread_mutex_lock(&f->lock);
    uint64_t rows = f->rows;
    pthread_mutex_unlock(&f->lock);
    return rows;
}

/* Under the lock: let go of what every reader has passed. */
static void trim(sqi_feed *f)
{
    if (!f->readers)
        return;
    int64_t passed = INT64_MAX;
    for (const feed_reader *r = f->readers; r; r = r->next)
        passed = r->committed < passed ? r->committed : passed;
    while (f->head < f->n && f->first <= passed) {
        sqi_batch *b = f->batch[f->head++];
        f->first++;
        f->rows -= b->rows;
        f->bytes -= bytes_of(b);
        sqi_batch_unref(b);
    }
    if (f->n - f->head <= f->head) { /* moves no more than was let go of */
        if (f->n > f->head)
            memmove(f->batch, f->batch + f->head, (f->n - f->head) * sizeof *f->batch);
        f->n -= f->head;
        f->head = 0;
    }
    pthread_cond_broadcast(&f->room);
}

/* ---------------------------------------------------------------------------------------------------- the source */

typedef struct memory_state {
    sqi_feed *feed;
    feed_reader reader;
    sqi_arena arena; /* headers of slices */
    bool frozen;
    sqi_offset frozen_end;
} memory_state;

static streamq_status memory_schema(const sqi_options *o, const sqi_schema *given, const sqi_io_env *env,
                                    sqi_arena *arena, sqi_schema *out, streamq_error **err)
{
    (void)o;
    (void)env;
    if (!given)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT,
                             "source 'memory' reads a feed; give the reader one with streamq_reader_feed");
    return sqi_schema_copy(out, given, arena, err);
}

static streamq_status memory_open(sqi_source *s, streamq_error **err)
{
    memory_state *t = s->state;
    t->reader.signal = (sqi_os_signal){-1, -1, 0};
    if (!s->declared)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT,
                             "source 'memory' reads a feed; give the reader one with streamq_reader_feed");
    sqi_arena_init(&t->arena, s->env->alloc);
    int code = sqi_os_signal_open(&t->reader.signal);
    if (code) {
        char text[128];
        return sqi_error_set(err, SQI_COND_IO_ERROR, "source 'memory' cannot make a signal: %s",
                             sqi_os_message(code, text, sizeof text));
    }
    sqi_feed *f = t->feed = sqi_feed_ref(s->declared);
    pthread_mutex_lock(&f->lock);
    t->reader.committed = f->first - 1;
    t->reader.next = f->readers;
    f->readers = &t->reader;
    pthread_mutex_unlock(&f->lock);
    return STREAMQ_OK;
}

/* Under the lock. The first offset that a reader brings along decides how an empty-handed feed counts. */
static void number_from(sqi_feed *f, feed_reader *r, const sqi_offset *start)
{
    if (!f->numbered && start->known && start->number[0] >= 0 && start->number[0] < INT64_MAX / 2) {
        int64_t shift = start->number[0] + 1 - f->first;
        f->first += shift;
        r->committed += shift;
    }
    f->numbered = true;
}

/* The number of the feed's last batch. */
static int64_t last_number(memory_state *t, const sqi_offset *start)
{
    sqi_feed *f = t->feed;
    pthread_mutex_lock(&f->lock);
    number_from(f, &t->reader, start);
    int64_t last = f->first + (int64_t)(f->n - f->head) - 1;
    pthread_mutex_unlock(&f->lock);
    return last;
}

static bool is_after(int64_t last, const sqi_offset *start)
{
    return last >= 0 && (!start->known || last > start->number[0]);
}

/* While there is something to read the signal stays raised: pushes and looks cost no system call then. */
static streamq_status memory_latest(sqi_source *s, const sqi_offset *start, sqi_offset *end, streamq_error **err)
{
    memory_state *t = s->state;
    int64_t last = last_number(t, start);
    (void)err;
    if (!is_after(last, start)) {
        sqi_os_signal_drain(&t->reader.signal); /* before looking again, so that no push is missed */
        last = last_number(t, start);
    }
    *end = *start;
    if (is_after(last, start))
        *end = (sqi_offset){.known = true, .number = {last}};
    if (t->frozen)
        *end = t->frozen_end;
    t->frozen_end = *end;
    t->frozen = s->available_now;
    return STREAMQ_OK;
}

/* The batch of this number with a reference, or NULL if it is not here. */
static sqi_batch *take(sqi_feed *f, int64_t number)
{
    pthread_mutex_lock(&f->lock);
    bool here = number >= f->first && number - f->first < (int64_t)(f->n - f->head);
    sqi_batch *b = here ? sqi_batch_ref(f->batch[f->head + (size_t)(number - f->first)]) : NULL;
    pthread_mutex_unlock(&f->lock);
    return b;
}

/* Lines are counted a chunk at a time, so that their bytes are still in the cache when the first operator reads them. */
static streamq_status emit_text(sqi_source *s, sqi_span text, sqi_source_emit emit, void *context, streamq_error **err)
{
    memory_state *t = s->state;
    uint32_t most = sqi_io_columns_rows(s->env);
    const char *p = text.ptr, *end = p + text.len;
    sqi_io_lines lines = {0};
    sqi_arena_reset(&t->arena);
    sqi_str *view = sqi_arena_get(&t->arena, (size_t)most * sizeof *view);
    if (!view)
        return sqi_error_nomem(err);
    for (;;) {
        sqi_vec column;
        sqi_chunk chunk;
        SQI_TRY(sqi_lines_chunk_next(&lines, &p, end, view, most, &column, &chunk, err));
        if (!chunk.n)
            return STREAMQ_OK;
        SQI_TRY(emit(context, &chunk, err));
    }
}

static streamq_status emit_chunk(sqi_source *s, const sqi_chunk *whole, sqi_source_emit emit, void *context,
                                 streamq_error **err)
{
    memory_state *t = s->state;
    uint32_t most = sqi_io_columns_rows(s->env);
    if (whole->lines.len && whole->n > most)
        return emit_text(s, whole->lines, emit, context, err);
    for (uint32_t at = 0; at < whole->rows.n; at += most) {
        uint32_t n = whole->rows.n - at < most ? whole->rows.n - at : most;
        sqi_chunk part;
        sqi_arena_reset(&t->arena);
        SQI_TRY(sqi_chunk_slice(&part, whole, at, n, &t->arena, err));
        SQI_TRY(emit(context, &part, err));
    }
    return STREAMQ_OK;
}

static streamq_status emit_batch(sqi_source *s, const sqi_batch *b, sqi_source_emit emit, void *context,
                                 streamq_error **err)
{
    for (size_t i = 0; i < b->nchunk; i++)
        SQI_TRY(emit_chunk(s, &b->chunk[i], emit, context, err));
    return b->text.len ? emit_text(s, b->text, emit, context, err) : STREAMQ_OK;
}

static streamq_status memory_read(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_source_emit emit,
                                  void *context, streamq_error **err)
{
    memory_state *t = s->state;
    sqi_feed *f = t->feed;
    pthread_mutex_lock(&f->lock);
    number_from(f, &t->reader, start);
    int64_t from = f->first;
    pthread_mutex_unlock(&f->lock);
    if (start->known)
        from = start->number[0] < INT64_MAX ? start->number[0] + 1 : INT64_MAX;
    for (int64_t number = from; number <= end->number[0]; number++) {
        sqi_batch *b = take(f, number);
        if (!b)
            return sqi_error_set(err, SQI_COND_IO_ERROR,
                                 "batch %lld of the feed is asked for and is not there: a feed keeps nothing when the "
                                 "program ends. Push batches %lld to %lld again before the query starts",
                                 (long long)number, (long long)number, (long long)end->number[0]);
        streamq_status status = emit_batch(s, b, emit, context, err);
        sqi_batch_unref(b);
        SQI_TRY(status);
        if (number == INT64_MAX)
            break;
    }
    return STREAMQ_OK;
}

static void memory_commit(sqi_source *s, const sqi_offset *end)
{
    memory_state *t = s->state;
    if (!end->known)
        return;
    pthread_mutex_lock(&t->feed->lock);
    if (end->number[0] > t->reader.committed)
        t->reader.committed = end->number[0];
    trim(t->feed);
    pthread_mutex_unlock(&t->feed->lock);
}

static bool memory_offset_json(const sqi_source *s, const sqi_offset *o, sqi_buf *to)
{
    (void)s;
    return o->known ? sqi_buf_printf(to, "%lld", (long long)o->number[0]) : sqi_buf_text(to, "null");
}

static bool memory_describe(const sqi_source *s, sqi_buf *to)
{
    bool ok = sqi_buf_text(to, "MemoryStream[");
    for (uint32_t c = 0; ok && c < s->schema->n; c++)
        ok = (c == 0 || sqi_buf_byte(to, ',')) && sqi_buf_span(to, s->schema->field[c].name);
    return ok && sqi_buf_byte(to, ']');
}

static int memory_fd(const sqi_source *s)
{
    const memory_state *t = s->state;
    return t->reader.signal.read_fd;
}

static bool memory_more(const sqi_source *s, const sqi_offset *end)
{
    const memory_state *t = s->state;
    sqi_feed *f = t->feed;
    if (t->frozen)
        return false;
    pthread_mutex_lock(&f->lock);
    int64_t last = f->first + (int64_t)(f->n - f->head) - 1;
    bool more = f->n > f->head && (!end->known || last > end->number[0]);
    pthread_mutex_unlock(&f->lock);
    return more;
}

static void memory_close(sqi_source *s)
{
    memory_state *t = s->state;
    sqi_feed *f = t->feed;
    if (f) {
        pthread_mutex_lock(&f->lock);
        feed_reader **link = &f->readers;
        while (*link != &t->reader)
            link = &(*link)->next;
        *link = t->reader.next;
        trim(f);
        pthread_mutex_unlock(&f->lock);
        sqi_os_signal_close(&t->reader.signal);
    }
    sqi_feed_unref(f);
    sqi_arena_fini(&t->arena);
}

const sqi_source_type sqi_src_memory = {
    .name = "memory",
    .stable = true,
    .state_size = sizeof(memory_state),
    .schema = memory_schema,
    .open = memory_open,
    .latest = memory_latest,
    .read = memory_read,
    .commit = memory_commit,
    .offset_json = memory_offset_json,
    .describe = memory_describe,
    .fd = memory_fd,
    .more = memory_more,
    .close = memory_close,
};
