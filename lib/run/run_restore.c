/*
 * run_restore: a checkpoint's log read back. First a survey, from the end of the log backwards until a whole pass is found:
 * every byte that will be used is checked then. Later the same records are read forwards and applied.
 *
 * A record is superseded if the next one is about the same micro-batch: its run was never known to be delivered, and was
 * repeated.
 */
#include "run_checkpoint_impl.h"

#include <stdio.h>
#include <stdlib.h>

/* -------------------------------------------------------------- survey */

static streamq_status damaged(const sqi_checkpoint *c, int64_t first, int64_t at, const char *why, streamq_error **err)
{
    char path[4096];
    sqi_wal_path(&c->wal, first, path, sizeof path);
    return sqi_error_set(err, SQI_COND_CHECKPOINT_CORRUPT, "%s is damaged at byte %lld: %s", path, (long long)at, why);
}

static streamq_status note_record(void *context, const sqi_wal_record *r, sqi_span body, streamq_error **err)
{
    sqi_checkpoint *c = context;
    int64_t first = c->wal.segment[r->segment].first;
    if (r->kind == SQI_WAL_DELIVERED) {
        sqi_checkpoint_entry *e = c->nentry ? &c->entry[c->nentry - 1] : NULL;
        if (!e || e->first != first || e->batch != r->batch)
            return damaged(c, first, r->at, "a micro-batch is delivered that does not stand before it", err);
        e->delivered = true;
        return STREAMQ_OK;
    }
    sqi_record_head head;
    sqi_bytes from = sqi_bytes_of(body);
    if (!sqi_record_get_head(&from, &head))
        return damaged(c, first, r->at, "the record of a micro-batch has no head", err);
    void *items = c->entry;
    bool grown = sqi_alloc_grow(c->alloc, &items, &c->entry_cap, c->nentry + 1, sizeof *c->entry);
    c->entry = items;
    if (!grown)
        return sqi_error_nomem(err);
    c->entry[c->nentry++] = (sqi_checkpoint_entry){
        .batch = r->batch, .at = r->at, .first = first, .bytes = r->bytes, .check = r->check, .flags = head.flags};
    return STREAMQ_OK;
}

static int by_place(const void *a, const void *b)
{
    const sqi_checkpoint_entry *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* In order; and each follows the one before it. */
static streamq_status link_entries(sqi_checkpoint *c, streamq_error **err)
{
    qsort(c->entry, c->nentry, sizeof *c->entry, by_place);
    for (size_t i = 0; i + 1 < c->nentry; ++i) {
        sqi_checkpoint_entry *e = &c->entry[i], *next = e + 1;
        e->superseded = next->batch == e->batch;
        e->delivered |= next->batch == e->batch + 1;
        if (!e->superseded && next->batch != e->batch + 1)
            return damaged(c, next->first, next->at, "a micro-batch is missing before it", err);
        if (e->superseded && e->delivered)
            return damaged(c, next->first, next->at, "a micro-batch is logged again that was delivered", err);
    }
    return STREAMQ_OK;
}

/* The micro-batch up to which state has to be put back. */
int64_t sqi_checkpoint_committed(const sqi_checkpoint *c)
{
    return c->delivered ? c->last : c->last - 1;
}

/* The last pass that was whole by the micro-batch `target`, or the first, as indices of entries. */
static bool look_for_pass(const sqi_checkpoint *c, int64_t target, bool first, size_t *begin, size_t *end)
{
    bool found = false, open = false;
    size_t from = 0;
    for (size_t i = 0; i < c->nentry && c->entry[i].batch <= target && !(first && found); ++i) {
        const sqi_checkpoint_entry *e = &c->entry[i];
        if (e->superseded) {
            open = false; /* the process that ran the pass is gone */
            continue;
        }
        if (e->flags & SQI_RECORD_PASS_BEGINS) {
            open = true;
            from = i;
        }
        if (open && e->flags & SQI_RECORD_PASS_ENDS) {
            *begin = from;
            *end = i;
            found = true;
            open = false;
        }
    }
    return found;
}

static bool find_pass(const sqi_checkpoint *c, int64_t target, size_t *begin, size_t *end)
{
    return look_for_pass(c, target, false, begin, end);
}

streamq_status sqi_checkpoint_survey(sqi_checkpoint *c, streamq_error **err)
{
    size_t begin, end;
    for (size_t k = c->wal.nsegment; k-- > 0;) {
        bool none;
        SQI_TRY(sqi_wal_scan(&c->wal, k, note_record, c, &none, err));
        if (none)
            continue;
        SQI_TRY(link_entries(c, err));
        if (!c->nentry)
            continue;
        c->last = c->entry[c->nentry - 1].batch;
        c->delivered = c->entry[c->nentry - 1].delivered;
        if (sqi_checkpoint_committed(c) < 0 || find_pass(c, sqi_checkpoint_committed(c), &begin, &end))
            return STREAMQ_OK;
    }
    if (c->wal.nsegment == 0)
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_CHECKPOINT_CORRUPT,
                         "the log in %s does not go back far enough: a file of it is missing", c->spec.dir);
}

/* -------------------------------------------------------------- applying */

typedef struct applying {
    sqi_checkpoint *c;
    size_t entry, stop;       /* the next one, and the one behind the last */
    int64_t target;           /* state up to here */
    sqi_checkpoint_load load; /* of items; or of whole records: */
    sqi_checkpoint_take take;
    void *context;
    sqi_record_head *head;
} applying;

static bool is_state(const sqi_record_item *item)
{
    return item->kind == SQI_RECORD_OPERATOR_CHANGES || item->kind == SQI_RECORD_OPERATOR_PART;
}

static streamq_status apply_record(void *context, const sqi_wal_record *r, sqi_span body, streamq_error **err)
{
    applying *a = context;
    sqi_checkpoint *c = a->c;
    if (r->kind != SQI_WAL_BATCH || a->entry >= a->stop)
        return STREAMQ_OK;
    const sqi_checkpoint_entry *e = &c->entry[a->entry];
    if (e->at != r->at || e->first != c->wal.segment[r->segment].first)
        return STREAMQ_OK; /* before the first */
    ++a->entry;
    if (e->superseded)
        return STREAMQ_OK;
    sqi_bytes from = sqi_bytes_of(body);
    sqi_record_item item;
    sqi_record_head head;
    if (!sqi_record_get_head(&from, &head))
        return damaged(c, e->first, e->at, "it changed while it was read", err);
    if (a->head)
        *a->head = head;
    if (a->take)
        return a->take(a->context, &(sqi_checkpoint_record){r->batch, &head, from, r->bytes, e->first, e->delivered},
                       err);
    while (sqi_record_next(&from, &item)) {
        if (is_state(&item) && r->batch > a->target)
            continue;
        streamq_status status = a->load(a->context, &item, err);
        if (status != STREAMQ_OK && err)
            sqi_error_context(*err, "restoring batch %lld of the checkpoint %s", (long long)r->batch, c->spec.dir);
        SQI_TRY(status);
    }
    return from.bad ? damaged(c, e->first, e->at, "an item of the record is malformed", err) : STREAMQ_OK;
}

static streamq_status apply(applying *a, streamq_error **err)
{
    sqi_checkpoint *c = a->c;
    for (size_t k = 0; k < c->wal.nsegment && a->entry < a->stop; ++k) {
        const sqi_checkpoint_entry *e = &c->entry[a->entry];
        if (c->wal.segment[k].first == e->first)
            SQI_TRY(sqi_wal_read(&c->wal, k, e->at, apply_record, a, err));
    }
    if (a->entry < a->stop)
        return damaged(c, c->entry[a->entry].first, c->entry[a->entry].at, "the record was not found again", err);
    return STREAMQ_OK;
}

typedef struct restoring {
    sqi_checkpoint *c;
    sqi_checkpoint_parts *parts;
    uint64_t part_bytes;
} restoring;

static streamq_status wrong_index(const restoring *r, const sqi_record_item *item, streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_CHECKPOINT_CORRUPT, "the log in %s names %s %u, which the query does not have",
                         r->c->spec.dir, is_state(item) ? "stateful operator" : "source", item->index);
}

static streamq_status load_item(void *context, const sqi_record_item *item, streamq_error **err)
{
    restoring *r = context;
    sqi_checkpoint_parts *p = r->parts;
    if (item->kind >= SQI_RECORD_KINDS_)
        return STREAMQ_OK;
    if (item->index >= (is_state(item) ? p->nop : p->nsource))
        return wrong_index(r, item, err);
    if (item->kind == SQI_RECORD_OPERATOR_PART || item->kind == SQI_RECORD_SOURCE_PART)
        r->part_bytes += item->block.len;
    if (is_state(item))
        return p->op[item->index]->type->load(p->op[item->index], item->block, err);
    sqi_checkpoint_source *in = &p->source[item->index];
    if (item->kind == SQI_RECORD_RANGE)
        return sqi_record_get_range(item->block, &in->start, &in->end)
                   ? STREAMQ_OK
                   : sqi_error_set(err, SQI_COND_CHECKPOINT_CORRUPT,
                                   "the range of source %u in the log of %s is malformed", item->index, r->c->spec.dir);
    return in->source->type->load ? in->source->type->load(in->source, item->block, err) : STREAMQ_OK;
}

static streamq_status note_passes(sqi_checkpoint *c, size_t begin, size_t end, uint64_t part_bytes, streamq_error **err)
{
    SQI_TRY(sqi_checkpoint_add_pass(c, c->entry[begin].batch, c->entry[end].batch, err));
    c->state_bytes = part_bytes;
    c->log_bytes = 0;
    for (size_t i = begin; i < c->nentry; ++i)
        c->log_bytes += c->entry[i].bytes + SQI_WAL_RECORD_HEAD;
    return STREAMQ_OK;
}

/* A micro-batch that cannot be delivered is logged again at every start. Of such copies the first one of the segment says
   all that has to be known (its ranges); the one to come takes the place of the others, so that the log does not grow. */
static void cut_copies(sqi_checkpoint *c)
{
    const sqi_checkpoint_entry *first = &c->entry[c->nentry - 1], *last = first;
    while (first > c->entry && first[-1].batch == last->batch && first[-1].first == last->first)
        --first;
    if (first != last)
        sqi_wal_cut_behind(&c->wal, first->at + (int64_t)first->bytes, first->check);
}

streamq_status sqi_checkpoint_restore(sqi_checkpoint *c, sqi_checkpoint_parts *parts, sqi_record_head *head,
                                      bool *again, streamq_error **err)
{
    size_t begin = 0, end = 0;
    restoring r = {c, parts, 0};
    *again = false;
    if (c->last < 0)
        return sqi_wal_continue(&c->wal, err);
    bool whole = find_pass(c, sqi_checkpoint_committed(c), &begin, &end);
    if (!whole) /* the very first micro-batch, not delivered: no state came before it */
        begin = c->nentry - 1;
    applying a = {.c = c,
                  .entry = begin,
                  .stop = c->nentry,
                  .target = sqi_checkpoint_committed(c),
                  .load = load_item,
                  .context = &r,
                  .head = head};
    SQI_TRY(apply(&a, err));
    for (size_t i = 0; i < parts->nop; ++i)
        if (parts->op[i]->type->loaded)
            SQI_TRY(parts->op[i]->type->loaded(parts->op[i], err));
    *again = !c->delivered;
    if (*again)
        cut_copies(c);
    for (size_t i = 0; !*again && i < parts->nsource; ++i)
        parts->source[i].start = parts->source[i].end;
    if (whole)
        SQI_TRY(note_passes(c, begin, end, r.part_bytes, err));
    return sqi_wal_continue(&c->wal, err);
}

/* -------------------------------------------------------------- looks from outside */

/* One segment more, further back than a restart goes. False: there is none. */
static bool look_back(sqi_checkpoint *c, streamq_status *status, streamq_error **err)
{
    size_t k = c->wal.nsegment;
    bool none;
    while (k > 0 && c->wal.segment[k - 1].scanned)
        --k;
    if (k == 0 || !sqi_wal_follows(&c->wal, k - 1))
        return false;
    *status = sqi_wal_scan(&c->wal, k - 1, note_record, c, &none, err);
    if (*status == STREAMQ_OK)
        *status = link_entries(c, err);
    return *status == STREAMQ_OK;
}

streamq_status sqi_checkpoint_oldest(sqi_checkpoint *c, int64_t *batch, streamq_error **err)
{
    streamq_status status = STREAMQ_OK;
    size_t begin, end;
    while (look_back(c, &status, err)) {
    }
    SQI_TRY(status);
    bool found = look_for_pass(c, sqi_checkpoint_committed(c), true, &begin, &end);
    *batch = found ? c->entry[end].batch : -1;
    return STREAMQ_OK;
}

streamq_status sqi_checkpoint_replay(sqi_checkpoint *c, int64_t batch, sqi_checkpoint_load load, void *context,
                                     streamq_error **err)
{
    size_t begin, end;
    streamq_status status = STREAMQ_OK;
    bool found = find_pass(c, batch, &begin, &end);
    while (!found && look_back(c, &status, err))
        found = find_pass(c, batch, &begin, &end);
    SQI_TRY(status);
    if (!found)
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE,
                             "the checkpoint %s does not have the state of batch %lld any more; it goes up to batch "
                             "%lld, and back as far as minBatchesToRetain says",
                             c->spec.dir, (long long)batch, (long long)c->last);
    size_t stop = begin;
    while (stop < c->nentry && c->entry[stop].batch <= batch)
        ++stop;
    applying a = {.c = c, .entry = begin, .stop = stop, .target = batch, .load = load, .context = context};
    return apply(&a, err);
}

streamq_status sqi_checkpoint_records(sqi_checkpoint *c, int64_t first, int64_t last, sqi_checkpoint_take take,
                                      void *context, streamq_error **err)
{
    streamq_status status = STREAMQ_OK;
    size_t begin = 0, stop;
    while ((!c->nentry || c->entry[0].batch > first) && look_back(c, &status, err)) {
    }
    SQI_TRY(status);
    int64_t oldest = c->nentry ? c->entry[0].batch : 0;
    if (first < 0)
        first = oldest;
    if (last < 0)
        last = c->last;
    if (oldest > first || last > c->last)
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE,
                             "the checkpoint %s keeps what batches %lld to %lld changed; asked for are %lld to %lld",
                             c->spec.dir, (long long)oldest, (long long)c->last, (long long)first, (long long)last);
    while (begin < c->nentry && c->entry[begin].batch < first)
        ++begin;
    for (stop = begin; stop < c->nentry && c->entry[stop].batch <= last;)
        ++stop;
    applying a = {.c = c, .entry = begin, .stop = stop, .target = last, .take = take, .context = context};
    return apply(&a, err);
}
