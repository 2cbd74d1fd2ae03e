/*
 * io_seen: see the header. Names stand in blocks that never move; an open-addressed table of 32-bit numbers finds them by
 * a hash whose other half stands in the entry, so that a miss reads no name.
 */
#include "io_seen.h"

#include "base_hash.h"

enum { BLOCK = 1 << 16, SLOTS_LEAST = 64, NAME_MOST = 1 << 14 };

void sqi_seen_init(sqi_seen *s, sqi_alloc *alloc, int64_t age)
{
    *s = (sqi_seen){.alloc = alloc, .age = age, .latest = INT64_MIN, .oldest = INT64_MIN};
}

static void free_blocks(sqi_seen *s)
{
    for (size_t i = 0; i < s->nblock; i++)
        sqi_alloc_free(s->alloc, s->block[i], BLOCK);
    sqi_alloc_free(s->alloc, s->block, s->block_cap * sizeof *s->block);
}

void sqi_seen_fini(sqi_seen *s)
{
    if (!s->alloc)
        return;
    free_blocks(s);
    sqi_alloc_free(s->alloc, s->entry, s->cap * sizeof *s->entry);
    sqi_alloc_free(s->alloc, s->slot, s->nslot * sizeof *s->slot);
    *s = (sqi_seen){.alloc = s->alloc};
}

sqi_span sqi_seen_name(const sqi_seen *s, const sqi_seen_entry *e)
{
    return (sqi_span){s->block[e->at / BLOCK] + e->at % BLOCK, e->len};
}

static uint64_t hash_of(sqi_span name)
{
    return sqi_hash_bytes(name.ptr, name.len, 0x5eed);
}

/* Where the name stands, or would. */
static size_t find(const sqi_seen *s, sqi_span name, uint64_t hash)
{
    size_t i = (size_t)(hash >> 32) & (s->nslot - 1);
    for (; s->slot[i]; i = (i + 1) & (s->nslot - 1)) {
        const sqi_seen_entry *e = &s->entry[s->slot[i] - 1];
        if (e->hash == (uint32_t)hash && e->len == name.len && memcmp(sqi_seen_name(s, e).ptr, name.ptr, name.len) == 0)
            break;
    }
    return i;
}

static const sqi_seen_entry *entry_of(const sqi_seen *s, sqi_span name)
{
    if (!s->n)
        return NULL;
    size_t i = find(s, name, hash_of(name));
    return s->slot[i] ? &s->entry[s->slot[i] - 1] : NULL;
}

bool sqi_seen_has(const sqi_seen *s, sqi_span name)
{
    const sqi_seen_entry *e = entry_of(s, name);
    return e && e->modified >= s->oldest;
}

bool sqi_seen_is_new(const sqi_seen *s, sqi_span name, int64_t modified)
{
    return modified >= s->oldest && !sqi_seen_has(s, name);
}

/* The slots of all entries anew. */
static void fill_slots(sqi_seen *s)
{
    memset(s->slot, 0, s->nslot * sizeof *s->slot);
    for (size_t k = 0; k < s->n; k++) {
        size_t i = (size_t)(hash_of(sqi_seen_name(s, &s->entry[k])) >> 32) & (s->nslot - 1);
        while (s->slot[i])
            i = (i + 1) & (s->nslot - 1);
        s->slot[i] = (uint32_t)k + 1;
    }
}

static bool grow_slots(sqi_seen *s)
{
    if (s->nslot && (s->n + 1) * 4 <= s->nslot * 3)
        return true;
    size_t n = s->nslot ? s->nslot * 2 : SLOTS_LEAST;
    uint32_t *slot = sqi_alloc_array(s->alloc, n, sizeof *slot);
    if (!slot)
        return false;
    sqi_alloc_free(s->alloc, s->slot, s->nslot * sizeof *s->slot);
    s->slot = slot;
    s->nslot = n;
    fill_slots(s);
    return true;
}

/* A copy of the name; its place into *at. */
static bool keep_name(sqi_seen *s, sqi_span name, uint64_t *at)
{
    if (!s->nblock || s->used + name.len > BLOCK) {
        void *list = s->block;
        if (!sqi_alloc_grow(s->alloc, &list, &s->block_cap, s->nblock + 1, sizeof *s->block))
            return false;
        s->block = list;
        char *block = sqi_alloc_get(s->alloc, BLOCK);
        if (!block)
            return false;
        s->block[s->nblock++] = block;
        s->used = 0;
    }
    *at = (uint64_t)(s->nblock - 1) * BLOCK + s->used;
    memcpy(s->block[s->nblock - 1] + s->used, name.ptr, name.len);
    s->used += name.len;
    s->bytes += name.len;
    return true;
}

streamq_status sqi_seen_add(sqi_seen *s, sqi_span name, int64_t modified, streamq_error **err)
{
    if (name.len > NAME_MOST || s->n >= UINT32_MAX - 1)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "a path of %zu bytes, or more than 4 billion files",
                             name.len);
    void *entries = s->entry;
    bool room = sqi_alloc_grow(s->alloc, &entries, &s->cap, s->n + 1, sizeof *s->entry);
    s->entry = entries;
    if (!room || !grow_slots(s))
        return sqi_error_nomem(err);
    uint64_t hash = hash_of(name), at;
    size_t i = find(s, name, hash);
    if (s->slot[i]) {
        s->entry[s->slot[i] - 1].modified = modified;
    } else {
        if (!keep_name(s, name, &at))
            return sqi_error_nomem(err);
        s->entry[s->n++] = (sqi_seen_entry){modified, at, (uint32_t)name.len, (uint32_t)hash};
        s->slot[i] = (uint32_t)s->n;
    }
    s->latest = modified > s->latest ? modified : s->latest;
    return STREAMQ_OK;
}

void sqi_seen_purge(sqi_seen *s)
{
    int64_t oldest;
    if (s->latest == INT64_MIN || __builtin_sub_overflow(s->latest, s->age, &oldest))
        return;
    if (oldest > s->oldest)
        s->oldest = oldest;
}

size_t sqi_seen_count(const sqi_seen *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += s->entry[i].modified >= s->oldest;
    return n;
}

size_t sqi_seen_bytes(const sqi_seen *s)
{
    return s->cap * sizeof *s->entry + s->nslot * sizeof *s->slot + s->nblock * BLOCK + s->block_cap * sizeof *s->block;
}

void sqi_seen_shrink(sqi_seen *s, uint64_t place[2])
{
    /* Counting looks at all entries: once for every eighth of them that is added. */
    if (s->n < s->old + s->n / 8)
        return;
    size_t live = sqi_seen_count(s);
    s->old = s->n;
    if (live == s->n || s->n - live < s->n / 4)
        return;
    sqi_seen to;
    uint64_t moved[2] = {0, 0};
    sqi_seen_init(&to, s->alloc, s->age);
    for (size_t i = 0; i < s->n; i++) {
        const sqi_seen_entry *e = &s->entry[i];
        if (e->modified < s->oldest)
            continue;
        moved[0] += i < place[0];
        moved[1] += i < place[1];
        if (sqi_seen_add(&to, sqi_seen_name(s, e), e->modified, NULL) != STREAMQ_OK) {
            sqi_seen_fini(&to);
            return;
        }
    }
    to.latest = s->latest;
    to.oldest = s->oldest;
    to.old = to.n;
    memcpy(place, moved, sizeof moved);
    sqi_seen_fini(s);
    *s = to;
}
