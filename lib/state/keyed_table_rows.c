/*
 * keyed_table_rows: records and their numbers: taking, touching, removing, the end of a batch, and the order of
 * insertion.
 */
#include "keyed_table_impl.h"

streamq_status sqi_table_rows_reserve(sqi_table *t, uint32_t n, streamq_error **err)
{
    void *items = t->dirty;
    size_t need = t->dirty_mask ? (size_t)t->ndirty + n : 1;
    bool fine = sqi_alloc_grow(t->alloc, &items, &t->dirty_cap, need, sizeof *t->dirty);
    t->dirty = items;
    if (fine && t->stamped) {
        items = t->dirty_stamp;
        fine = sqi_alloc_grow(t->alloc, &items, &t->dirty_stamp_cap, need, sizeof *t->dirty_stamp);
        t->dirty_stamp = items;
    }
    return fine ? STREAMQ_OK : sqi_error_nomem(err);
}

static size_t links_bytes(const sqi_table *t)
{
    return ((size_t)t->mask + 1) * sizeof(row_link);
}

size_t sqi_table_segment_bytes(const sqi_table *t)
{
    return ((size_t)t->mask + 1) * (t->stride + (t->stamped ? sizeof(uint64_t) : 0));
}

/* One more segment, with links if the table has them. */
static streamq_status add_segment(sqi_table *t, streamq_error **err)
{
    void *segments = t->segment, *links = t->links;
    bool fine = sqi_alloc_grow(t->alloc, &segments, &t->segment_cap, t->nsegment + 1, sizeof *t->segment);
    t->segment = segments;
    fine = fine && sqi_alloc_grow(t->alloc, &links, &t->links_cap, t->nsegment + 1, sizeof *t->links);
    t->links = links;
    if (!fine)
        return sqi_error_nomem(err);
    char *segment = sqi_pages_get(&t->pages);
    row_link *link = t->linked ? sqi_alloc_get(t->alloc, links_bytes(t)) : NULL;
    if (!segment || (t->linked && !link)) {
        sqi_pages_put(&t->pages, segment);
        sqi_alloc_free(t->alloc, link, links_bytes(t));
        return sqi_error_nomem(err);
    }
    t->segment[t->nsegment] = segment;
    t->links[t->nsegment++] = link;
    return STREAMQ_OK;
}

streamq_status sqi_table_rows_take(sqi_table *t, uint32_t i, uint32_t *row, streamq_error **err)
{
    uint32_t taken = t->free;
    if (taken != SQI_TABLE_NONE) {
        t->free = table_link(t, taken)->next;
    } else {
        if (t->end == SQI_TABLE_ROWS_MAX)
            return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "a state table has %u rows, which is its limit", t->end);
        if (t->end >> t->shift == t->nsegment)
            SQI_TRY(add_segment(t, err));
        taken = t->end++;
    }
    if (t->linked) {
        *table_link(t, taken) = (row_link){t->last, SQI_TABLE_NONE};
        if (t->last != SQI_TABLE_NONE)
            table_link(t, t->last)->next = taken;
        else
            t->first = taken;
        t->last = taken;
    }
    char *record = table_record(t, taken);
    memset(record, 0, t->stride);
    if (t->stamped)
        memcpy(table_born(t, taken), &(uint64_t){t->stamp + i}, sizeof(uint64_t));
    table_mark(t, table_meta(t, record), taken, i);
    t->live++;
    *row = taken;
    return STREAMQ_OK;
}

streamq_status sqi_table_touch(sqi_table *t, uint32_t row, streamq_error **err)
{
    SQI_TRY(sqi_table_rows_reserve(t, 1, err));
    table_mark(t, table_meta(t, table_record(t, row)), row, 0);
    return STREAMQ_OK;
}

/* Until now numbers were the order; from now on links are. What a failure leaves is used by the next attempt. */
static streamq_status make_links(sqi_table *t, streamq_error **err)
{
    for (size_t i = 0; i < t->nsegment; i++) {
        if (!t->links[i])
            t->links[i] = sqi_alloc_get(t->alloc, links_bytes(t));
        if (!t->links[i])
            return sqi_error_nomem(err);
    }
    for (uint32_t row = 0; row < t->end; row++)
        *table_link(t, row) = (row_link){row ? row - 1 : SQI_TABLE_NONE, row + 1 < t->end ? row + 1 : SQI_TABLE_NONE};
    t->first = t->end ? 0 : SQI_TABLE_NONE;
    t->last = t->end ? t->end - 1 : SQI_TABLE_NONE;
    t->linked = true;
    return STREAMQ_OK;
}

streamq_status sqi_table_remove(sqi_table *t, const uint32_t *rows, uint32_t n, streamq_error **err)
{
    if (!t->linked && n)
        SQI_TRY(make_links(t, err));
    sqi_memo_forget(&t->memo);
    void *items = t->removed;
    bool fine = sqi_alloc_grow(t->alloc, &items, &t->removed_cap, (size_t)t->nremoved + n, sizeof *t->removed);
    t->removed = items;
    if (!fine)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < n; k++) {
        row_meta *meta = table_meta(t, table_record(t, rows[k]));
        if (meta->mark == MARK_GONE)
            continue;
        if (rows[k] == t->null_row)
            t->null_row = SQI_TABLE_NONE;
        else
            sqi_index_erase(&t->index, meta->tag, rows[k]);
        if (t->dirty_mask)
            t->dirty_holes |= meta->mark == t->epoch;
        else
            t->ndirty -= meta->mark == t->epoch;
        meta->mark = MARK_GONE;
        t->removed[t->nremoved++] = rows[k];
        t->live--;
    }
    return STREAMQ_OK;
}

void sqi_table_dirty(sqi_table *t, const uint32_t **rows, uint32_t *n)
{
    if (t->dirty_holes) {
        uint32_t kept = 0;
        for (uint32_t k = 0; k < t->ndirty; k++)
            if (table_meta(t, table_record(t, t->dirty[k]))->mark != MARK_GONE) {
                if (t->stamped)
                    t->dirty_stamp[kept] = t->dirty_stamp[k];
                t->dirty[kept++] = t->dirty[k];
            }
        t->ndirty = kept;
        t->dirty_holes = false;
    }
    *rows = t->dirty;
    *n = t->dirty_mask ? t->ndirty : 0;
}

const uint64_t *sqi_table_dirty_stamps(const sqi_table *t)
{
    return t->dirty_stamp;
}

uint64_t sqi_table_born(const sqi_table *t, uint32_t row)
{
    uint64_t stamp;
    memcpy(&stamp, table_born(t, row), sizeof stamp);
    return stamp;
}

void sqi_table_removed(const sqi_table *t, const uint32_t **rows, uint32_t *n)
{
    *rows = t->removed;
    *n = t->nremoved;
}

static void free_row(sqi_table *t, uint32_t row)
{
    row_link *link = table_link(t, row);
    if (link->prev != SQI_TABLE_NONE)
        table_link(t, link->prev)->next = link->next;
    else
        t->first = link->next;
    if (link->next != SQI_TABLE_NONE)
        table_link(t, link->next)->prev = link->prev;
    else
        t->last = link->prev;
    link->next = t->free;
    t->free = row;
    const sqi_str *key = (const sqi_str *)table_record(t, row);
    if ((t->form == FORM_STRING || t->form == FORM_BYTES) && key->len > SQI_STR_INLINE)
        sqi_slab_put(&t->slab, (void *)(uintptr_t)sqi_str_ptr(key), key->len);
}

void sqi_table_clean(sqi_table *t)
{
    for (uint32_t k = 0; k < t->nremoved; k++)
        free_row(t, t->removed[k]);
    t->nremoved = t->ndirty = 0;
    t->dirty_holes = false;
    sqi_memo_forget(&t->memo);
    if (t->epoch++ != LAST_EPOCH)
        return;
    for (uint32_t row = 0; row < t->end; row++) {
        row_meta *meta = table_meta(t, table_record(t, row));
        meta->mark = meta->mark == MARK_GONE ? MARK_GONE : MARK_OLD;
    }
    t->epoch = FIRST_EPOCH;
}

uint32_t sqi_table_scan(const sqi_table *t, uint32_t last, uint32_t *rows, uint32_t most)
{
    uint32_t n = 0;
    if (!t->linked) {
        for (uint32_t row = last + 1; row < t->end && n < most; row++) /* NONE + 1 is 0 */
            rows[n++] = row;
        return n;
    }
    for (uint32_t row = last == SQI_TABLE_NONE ? t->first : table_link(t, last)->next;
         row != SQI_TABLE_NONE && n < most; row = table_link(t, row)->next)
        if (table_meta(t, table_record(t, row))->mark != MARK_GONE)
            rows[n++] = row;
    return n;
}

uint32_t sqi_table_walk(const sqi_table *t, uint32_t *next, uint32_t *rows, uint32_t most)
{
    uint32_t n = 0, row = *next;
    for (; row < t->end && n < most; row++) {
        rows[n] = row;
        n += !t->linked || table_meta(t, table_record(t, row))->mark != MARK_GONE;
    }
    *next = row;
    return n;
}

uint32_t sqi_table_live(const sqi_table *t)
{
    return t->live;
}

bool sqi_table_reused(const sqi_table *t)
{
    return t->linked;
}

void *sqi_table_value(const sqi_table *t, uint32_t row)
{
    return table_record(t, row) + t->value_at;
}

sqi_table_values sqi_table_values_get(const sqi_table *t)
{
    return (sqi_table_values){t->segment, t->shift, t->mask, t->stride, t->value_at};
}

void sqi_table_records(const sqi_table *t, const uint32_t *rows, uint32_t n, char **record)
{
    const sqi_table_values at = {t->segment, t->shift, t->mask, t->stride, 0};
    for (uint32_t k = 0; k < n; k++)
        record[k] = sqi_table_values_at(&at, rows[k]);
}

sqi_table_values sqi_table_values_of(const sqi_table *t, char *const *record)
{
    return (sqi_table_values){record, 0, 0, 0, t->value_at};
}

sqi_table_counts sqi_table_counts_get(sqi_table *t)
{
    const uint32_t *rows;
    sqi_table_counts c = {.total = t->live, .removed = t->nremoved};
    sqi_table_dirty(t, &rows, &c.updated);
    if (!t->dirty_mask)
        c.updated = t->ndirty;
    size_t links = 0;
    for (size_t i = 0; i < t->nsegment; i++)
        links += t->links[i] ? links_bytes(t) : 0;
    c.bytes = sizeof *t + t->nkey * sizeof *t->key + t->pages.bytes + links + t->segment_cap * sizeof *t->segment +
              t->links_cap * sizeof *t->links + sqi_index_bytes(&t->index) + t->slab.bytes +
              t->dirty_cap * sizeof *t->dirty + t->dirty_stamp_cap * sizeof *t->dirty_stamp +
              t->removed_cap * sizeof *t->removed + t->code.bytes_cap + t->code.end_cap * sizeof *t->code.end +
              (t->hash_cap + t->word_cap) * sizeof *t->hash + sqi_memo_bytes(&t->memo);
    return c;
}
