/*
 * keyed_table: making a table, and the lookup of a chunk of keys.
 *
 * A lookup hashes all keys first, then goes through them in blocks, three loops each: prefetch the slots of the index,
 * find the first row with the key's tag and prefetch its record, then compare keys. Rows are never removed in a lookup,
 * so a guess that compares equal is the answer; all others, new keys and nulls among them, take the slow way, which
 * reads the index again. All of it is compiled once for each form of key.
 */
#include "base_hash.h"
#include "data_bits.h"
#include "data_order.h"
#include "keyed_table_impl.h"

enum { BLOCK = 64, FIXED_MAX = 64, SEGMENT_BYTES = 16384 };

static table_form form_of(const sqi_type *const *key, uint32_t nkey, uint32_t *key_bytes)
{
    *key_bytes = 0;
    if (nkey == 0)
        return FORM_NONE;
    const sqi_type *t = key[0];
    *key_bytes = sizeof(sqi_str);
    if (nkey == 1 && (t->id == SQI_STRING || t->id == SQI_BINARY))
        return FORM_STRING;
    uint32_t width = sqi_code_width(key, nkey);
    if (nkey == 1 && !sqi_type_is_nested(t) && sqi_type_width(t) && sqi_type_width(t) <= 8) {
        *key_bytes = 8;
        return FORM_WORD;
    }
    if (width == 0 || width > FIXED_MAX)
        return FORM_BYTES;
    *key_bytes = width;
    return FORM_FIXED;
}

static uint32_t round_up(uint32_t n, uint32_t to)
{
    return (n + to - 1) / to * to;
}

static streamq_status init(sqi_table *t, const sqi_type *const *key, uint32_t value_size, uint32_t value_align,
                           streamq_error **err)
{
    t->form = form_of(key, t->nkey, &t->key_bytes);
    t->meta_at = round_up(t->key_bytes, 8);
    t->value_at = round_up(t->meta_at + sizeof(row_meta), value_align);
    t->stride = round_up(t->value_at + value_size, value_align > 8 ? value_align : 8);
    while (t->form != FORM_NONE && (t->stride << (t->shift + 1)) <= SEGMENT_BYTES)
        t->shift++;
    t->mask = (UINT32_C(1) << t->shift) - 1;
    t->free = t->first = t->last = t->null_row = SQI_TABLE_NONE;
    t->epoch = FIRST_EPOCH;
    t->dirty_mask = UINT32_MAX;
    sqi_slab_init(&t->slab, t->alloc);
    sqi_pages_init(&t->pages, t->alloc, sqi_table_segment_bytes(t));
    sqi_code_init(&t->code, t->alloc);
    t->key = sqi_alloc_array(t->alloc, t->nkey ? t->nkey : 1, sizeof *t->key);
    if (!t->key)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < t->nkey; i++)
        t->key[i] = key[i];
    return sqi_index_init(&t->index, t->alloc, err);
}

static sqi_table *table_new(sqi_alloc *alloc, const sqi_type *const *key, uint32_t nkey, uint32_t value_size,
                            uint32_t value_align, uint64_t seed, bool stamped, streamq_error **err)
{
    sqi_table *t = sqi_alloc_zero(alloc, sizeof *t);
    if (!t) {
        sqi_error_nomem(err);
        return NULL;
    }
    t->alloc = alloc;
    t->seed = seed;
    t->nkey = nkey;
    t->stamped = stamped;
    if (init(t, key, value_size, value_align, err) == STREAMQ_OK)
        return t;
    sqi_table_free(t);
    return NULL;
}

sqi_table *sqi_table_new(sqi_alloc *alloc, const sqi_type *const *key, uint32_t nkey, uint32_t value_size,
                         uint32_t value_align, uint64_t seed, streamq_error **err)
{
    return table_new(alloc, key, nkey, value_size, value_align, seed, false, err);
}

sqi_table *sqi_table_new_stamped(sqi_alloc *alloc, const sqi_type *const *key, uint32_t nkey, uint32_t value_size,
                                 uint32_t value_align, uint64_t seed, streamq_error **err)
{
    return table_new(alloc, key, nkey, value_size, value_align, seed, true, err);
}

void sqi_table_count_only(sqi_table *t)
{
    t->dirty_mask = 0;
}

const sqi_type *const *sqi_table_key_types(const sqi_table *t, uint32_t *nkey)
{
    *nkey = t->nkey;
    return t->key;
}

void sqi_table_free(sqi_table *t)
{
    if (!t)
        return;
    sqi_alloc *alloc = t->alloc;
    for (size_t i = 0; i < t->nsegment; i++) {
        sqi_alloc_free(alloc, t->links[i], ((size_t)t->mask + 1) * sizeof(row_link));
    }
    sqi_alloc_free(alloc, t->segment, t->segment_cap * sizeof *t->segment);
    sqi_alloc_free(alloc, t->links, t->links_cap * sizeof *t->links);
    sqi_alloc_free(alloc, t->dirty, t->dirty_cap * sizeof *t->dirty);
    sqi_alloc_free(alloc, t->dirty_stamp, t->dirty_stamp_cap * sizeof *t->dirty_stamp);
    sqi_alloc_free(alloc, t->removed, t->removed_cap * sizeof *t->removed);
    sqi_alloc_free(alloc, t->hash, t->hash_cap * sizeof *t->hash);
    sqi_alloc_free(alloc, t->word, t->word_cap * sizeof *t->word);
    sqi_alloc_free(alloc, t->key, (t->nkey ? t->nkey : 1) * sizeof *t->key);
    sqi_memo_fini(&t->memo, alloc);
    sqi_code_fini(&t->code);
    sqi_slab_fini(&t->slab);
    sqi_pages_fini(&t->pages);
    sqi_index_fini(&t->index);
    sqi_alloc_free(alloc, t, sizeof *t);
}

/* One lookup. `at` is the number of the row in the chunk, `i` its position. */
typedef struct lookup {
    sqi_table *t;
    const sqi_vec *key;          /* the only key of WORD and STRING */
    const uint64_t *hash, *word; /* by position */
    sqi_rows rows;
    sqi_table_mode mode;
    bool memo; /* ask it first */
    uint32_t *row, *fresh, nfresh;
    streamq_error **err;
} lookup;

/* A key as its form needs it. */
typedef struct probe {
    uint32_t tag;
    bool null;
    uint64_t word;
    sqi_str str;
    const char *bytes;
} probe;

static inline __attribute__((always_inline)) probe probe_of(const lookup *l, table_form form, uint32_t at, uint32_t i)
{
    const sqi_table *t = l->t;
    probe p = {.tag = (uint32_t)(l->hash[i] >> 32)};
    if (form == FORM_WORD) {
        p.null = l->key->valid && !sqi_vec_valid(l->key, i);
        p.word = l->word[i];
    } else if (form == FORM_STRING) {
        p.null = l->key->valid && !sqi_vec_valid(l->key, i);
        if (!p.null)
            p.str = SQI_AT(l->key, sqi_str, i);
    } else {
        size_t begin = at ? t->code.end[at - 1] : 0;
        p.bytes = t->code.bytes + begin;
        if (form == FORM_BYTES)
            p.str = sqi_str_view(p.bytes, (uint32_t)(t->code.end[at] - begin));
    }
    return p;
}

static inline bool same_word(const char *record, uint64_t want)
{
    uint64_t have;
    memcpy(&have, record, sizeof have);
    return have == want;
}

static inline bool same_view(const char *record, const sqi_str *str)
{
    uint64_t have[2], want[2]; /* length and first bytes; the rest */
    memcpy(have, record, sizeof have);
    memcpy(want, str, sizeof want);
    if (have[0] != want[0])
        return false;
    if (have[1] == want[1])
        return true;
    return str->len > SQI_STR_INLINE && memcmp(sqi_str_ptr((const sqi_str *)record), sqi_str_ptr(str), str->len) == 0;
}

/* Whether a record has the key of this row, which is not null. Reads the key where it stands: building a probe here
   costs more than all the rest. */
static inline __attribute__((always_inline)) bool is_key(const lookup *l, table_form form, const char *record,
                                                         uint32_t at, uint32_t i)
{
    const sqi_table *t = l->t;
    if (form == FORM_WORD)
        return same_word(record, l->word[i]);
    if (form == FORM_STRING)
        return same_view(record, &SQI_AT(l->key, sqi_str, i));
    size_t begin = at ? t->code.end[at - 1] : 0;
    if (form == FORM_FIXED)
        return memcmp(record, t->code.bytes + begin, t->key_bytes) == 0;
    const sqi_str *key = (const sqi_str *)record;
    return key->len == t->code.end[at] - begin && memcmp(sqi_str_ptr(key), t->code.bytes + begin, key->len) == 0;
}

/* A new row for a key that is not there. Everything that can fail comes first, so a failure changes nothing. */
static streamq_status insert(lookup *l, const probe *p, uint32_t i, uint32_t *row)
{
    sqi_table *t = l->t;
    bool view = t->form == FORM_STRING || t->form == FORM_BYTES;
    sqi_str own = p->str;
    char *bytes = NULL;
    if (!p->null && t->form != FORM_NONE)
        SQI_TRY(sqi_index_reserve(&t->index, p->tag, l->err));
    if (view && !p->null && own.len > SQI_STR_INLINE) {
        bytes = sqi_slab_get(&t->slab, own.len);
        if (!bytes)
            return sqi_error_nomem(l->err);
        memcpy(bytes, sqi_str_ptr(&p->str), own.len);
        memcpy(own.u.out.pointer, &bytes, sizeof bytes);
    }
    streamq_status status = table_take(t, i, row, l->err);
    if (status != STREAMQ_OK) {
        if (bytes)
            sqi_slab_put(&t->slab, bytes, own.len);
        return status;
    }
    if (l->fresh)
        l->fresh[l->nfresh] = i;
    l->nfresh++;
    char *record = table_record(t, *row);
    row_meta *meta = table_meta(t, record);
    meta->tag = p->tag;
    meta->null = p->null;
    if (p->null || t->form == FORM_NONE) {
        t->null_row = *row;
        return STREAMQ_OK;
    }
    if (t->form == FORM_WORD)
        memcpy(record, &p->word, sizeof p->word);
    else if (t->form == FORM_FIXED)
        memcpy(record, p->bytes, t->key_bytes);
    else
        memcpy(record, &own, sizeof own);
    sqi_index_put(&t->index, p->tag, *row);
    return STREAMQ_OK;
}

/* The row of a key, made if need be: what the fast loop below leaves over. */
static inline __attribute__((always_inline)) streamq_status probe_slow(lookup *l, table_form form, uint32_t at,
                                                                       uint32_t i)
{
    sqi_table *t = l->t;
    probe p = probe_of(l, form, at, i);
    uint32_t row = p.null ? t->null_row : SQI_TABLE_NONE;
    if (!p.null) {
        sqi_index_walk walk = sqi_index_begin(&t->index, p.tag);
        do
            row = sqi_index_next(&walk);
        while (row != SQI_TABLE_NONE && !is_key(l, form, table_record(t, row), at, i));
    }
    if (row == SQI_TABLE_NONE) {
        if (l->mode != SQI_TABLE_FIND)
            SQI_TRY(insert(l, &p, i, &row));
    } else if (l->mode == SQI_TABLE_TOUCH) {
        table_mark(t, table_meta(t, table_record(t, row)), row, i);
    }
    l->row[i] = row;
    return STREAMQ_OK;
}

#define SLOW(form)                                                                                  \
    static __attribute__((noinline)) streamq_status slow_##form(lookup *l, uint32_t at, uint32_t i) \
    {                                                                                               \
        return probe_slow(l, form, at, i);                                                          \
    }
SLOW(FORM_WORD)
SLOW(FORM_STRING)
SLOW(FORM_FIXED)
SLOW(FORM_BYTES)
#undef SLOW

static inline __attribute__((always_inline)) streamq_status slow(lookup *l, table_form form, uint32_t at, uint32_t i)
{
    return form == FORM_WORD     ? slow_FORM_WORD(l, at, i)
           : form == FORM_STRING ? slow_FORM_STRING(l, at, i)
           : form == FORM_FIXED  ? slow_FORM_FIXED(l, at, i)
                                 : slow_FORM_BYTES(l, at, i);
}

/* What a block of keys has found: the first row with the key's tag, which is nearly always the key's. */
typedef struct guesses {
    const char *record[BLOCK]; /* NULL: no row has the tag */
    uint32_t row[BLOCK];
} guesses;

/* Slots of a block of keys, then the rows. */
static inline __attribute__((always_inline)) void guess(const lookup *l, bool dense, uint32_t begin, uint32_t n,
                                                        guesses *restrict g)
{
    const sqi_table *t = l->t;
    sqi_index_bucket *const *directory = t->index.directory;
    const sqi_index_bucket *bucket[BLOCK];
    char *const *segment = t->segment;
    const uint64_t *hash = l->hash + (dense ? begin : 0);
    const uint32_t *sel = dense ? NULL : l->rows.sel + begin;
    const uint32_t page_shift = t->index.shift, page_mask = t->index.mask;
    const uint32_t shift = t->shift, mask = t->mask, stride = t->stride;
    uint32_t tags[BLOCK];
    for (uint32_t k = 0; k < n; k++) {
        uint64_t tag = hash[dense ? k : sel[k]] >> 32;
        tags[k] = (uint32_t)tag;
        bucket[k] = &directory[tag >> page_shift][(uint32_t)tag & page_mask];
        __builtin_prefetch(bucket[k]);
    }
    for (uint32_t k = 0; k < n; k++) {
        uint32_t hits = sqi_index_match(bucket[k], tags[k]), row;
        if (__builtin_expect(hits != 0, 1)) {
            row = bucket[k]->row[__builtin_ctz(hits) / 2] - 1;
        } else {
            sqi_index_walk walk = sqi_index_begin(&t->index, tags[k]);
            row = sqi_index_next(&walk);
            sqi_index_expect(&walk);
        }
        g->row[k] = row;
        g->record[k] = row != SQI_TABLE_NONE ? segment[row >> shift] + (size_t)(row & mask) * stride : NULL;
        __builtin_prefetch(g->record[k]);
    }
}

/* Long keys stand behind their record: one more step of the same kind. */
static inline void guess_bytes(uint32_t n, const guesses *g)
{
    for (uint32_t k = 0; k < n; k++)
        if (g->record[k])
            __builtin_prefetch(sqi_str_ptr((const sqi_str *)g->record[k]));
}

/* Compiled for each form of key, and for rows with and without a selection. `plain`: the key is one column, by position
   and without nulls, so the loop need not look for it anew. */
static inline __attribute__((always_inline)) streamq_status probe_rows(lookup *l, table_form form, bool dense,
                                                                       bool plain)
{
    sqi_table *t = l->t;
    const uint32_t *sel = l->rows.sel;
    const uint64_t *valid = form == FORM_WORD || form == FORM_STRING ? l->key->valid : NULL, *word = l->word;
    const uint32_t meta_at = t->meta_at;
    const bool touch = l->mode == SQI_TABLE_TOUCH;
    table_marker m = table_marker_of(t);
    const bool many_new = t->ndirty < t->live / 4 * 3; /* a guess is often wrong then */
    const sqi_str *str = form == FORM_STRING ? l->key->data : NULL;
    uint32_t *out = l->row;
    guesses g;
    for (uint32_t begin = 0; begin < l->rows.n; begin += BLOCK) {
        uint32_t n = l->rows.n - begin < BLOCK ? l->rows.n - begin : BLOCK;
        guess(l, dense, begin, n, &g);
        if ((form == FORM_BYTES || form == FORM_STRING) && t->slab.bytes)
            guess_bytes(n, &g);
        for (uint32_t k = 0; k < n; k++) {
            uint32_t i = dense ? begin + k : sel[begin + k], row = g.row[k];
            const char *record = g.record[k];
            bool found = record != NULL && (plain || !valid || sqi_vec_valid(l->key, i));
            if (plain)
                found = found && (form == FORM_WORD ? same_word(record, word[i]) : same_view(record, &str[i]));
            else
                found = found && is_key(l, form, record, begin + k, i);
            if (__builtin_expect(!found, 0)) {
                t->ndirty = m.n;
                SQI_TRY(slow(l, form, begin + k, i));
                m.n = t->ndirty;
                continue;
            }
            row_meta *meta = (row_meta *)(uintptr_t)(record + meta_at);
            if (touch && (many_new || meta->mark != m.epoch))
                table_marker_mark(&m, meta, row, i);
            out[i] = row;
        }
    }
    t->ndirty = m.n;
    return STREAMQ_OK;
}

static inline __attribute__((always_inline)) streamq_status probe_all(lookup *l, table_form form)
{
    bool plain = (form == FORM_WORD || form == FORM_STRING) && l->key->mask && !l->key->valid;
    if (!plain)
        return probe_rows(l, form, !l->rows.sel, false);
    return l->rows.sel ? probe_rows(l, form, false, true) : probe_rows(l, form, true, true);
}

static bool scratch(sqi_table *t, uint64_t **items, size_t *cap, uint32_t n)
{
    void *grown = *items;
    bool fine = sqi_alloc_grow(t->alloc, &grown, cap, n, sizeof **items);
    *items = grown;
    return fine;
}

/* A loop of its own for a column without a selection: the compiler makes vectors of it. */
#define LOAD(ctype)                                  \
    if (!l->rows.sel && l->key->mask) {              \
        const ctype *from = l->key->data;            \
        for (uint32_t i = 0; i < l->rows.n; i++)     \
            to[i] = from[i];                         \
    } else {                                         \
        for (SQI_EACH(l->rows, k, i))                \
            to[i] = (ctype)SQI_AT(l->key, ctype, i); \
    }

/* Keys of a fixed width as words, by position; a column of 8 bytes serves as it is. */
static streamq_status load_words(lookup *l, uint32_t positions)
{
    sqi_table *t = l->t;
    uint32_t width = sqi_type_width(l->key->type);
    l->word = l->key->data;
    if (width == 8 && l->key->mask)
        return STREAMQ_OK;
    if (!scratch(t, &t->word, &t->word_cap, positions))
        return sqi_error_nomem(l->err);
    uint64_t *restrict to = t->word;
    l->word = to;
    switch (width) {
    case 1:
        LOAD(uint8_t)
        break;
    case 2:
        LOAD(uint16_t)
        break;
    case 4:
        LOAD(uint32_t)
        break;
    default:
        LOAD(uint64_t)
    }
    return STREAMQ_OK;
}

static bool is_coded(const sqi_table *t)
{
    return t->form == FORM_FIXED || t->form == FORM_BYTES;
}

/* Block by block, what the memo knows first; the index is asked for the rest. Every row that the memo knows is touched
   already, so the others are met in the right order. */
static streamq_status probe_words(lookup *l, uint32_t positions)
{
    sqi_table *t = l->t;
    uint32_t miss[SQI_MEMO_BLOCK], missed = 0;
    const sqi_rows rows = l->rows;
    const bool hashed = l->hash != NULL;
    const sqi_memo_words words = {l->key->data, sqi_type_width(l->key->type)};
    streamq_status status = STREAMQ_OK;
    for (uint32_t at = 0; at < rows.n && status == STREAMQ_OK; at += SQI_MEMO_BLOCK) {
        uint32_t n = rows.n - at < SQI_MEMO_BLOCK ? rows.n - at : SQI_MEMO_BLOCK;
        l->rows = (sqi_rows){miss, sqi_memo_find(&t->memo, words, rows, at, n, l->row, miss)};
        if (!l->rows.n)
            continue;
        SQI_TRY(load_words(l, positions));
        if (!hashed)
            sqi_order_hash(l->key, l->rows, t->seed, false, t->hash);
        l->hash = hashed ? l->hash : t->hash;
        status = probe_rows(l, FORM_WORD, false, true);
        if (status == STREAMQ_OK)
            sqi_memo_learn(&t->memo, words, miss, l->rows.n, l->row);
        missed += l->rows.n;
    }
    sqi_memo_end(&t->memo, rows.n, missed);
    return status;
}

/* The hash of every key, by position, and whatever else the form needs. */
static streamq_status prepare(lookup *l, const sqi_vec *keys, uint32_t positions)
{
    sqi_table *t = l->t;
    if (!l->hash && !scratch(t, &t->hash, &t->hash_cap, positions))
        return sqi_error_nomem(l->err);
    if (is_coded(t)) {
        SQI_TRY(sqi_code_write(&t->code, keys, t->nkey, l->rows, l->err));
        size_t begin = 0;
        for (SQI_EACH(l->rows, k, i)) {
            t->hash[i] = sqi_hash_bytes(t->code.bytes + begin, t->code.end[k] - begin, t->seed);
            begin = t->code.end[k];
        }
        l->hash = t->hash;
        return STREAMQ_OK;
    }
    l->key = keys;
    l->memo = t->form == FORM_WORD && l->mode == SQI_TABLE_TOUCH && keys->mask && !keys->valid &&
              sqi_memo_begin(&t->memo, t->alloc, l->rows.n);
    if (l->memo)
        return STREAMQ_OK;
    if (!l->hash) {
        sqi_order_hash(keys, l->rows, t->seed, false, t->hash);
        l->hash = t->hash;
    }
    return t->form == FORM_WORD ? load_words(l, positions) : STREAMQ_OK;
}

static streamq_status global_row(lookup *l)
{
    uint32_t row = l->t->null_row;
    uint32_t first = l->rows.sel ? l->rows.sel[0] : 0;
    if (row == SQI_TABLE_NONE && l->mode != SQI_TABLE_FIND)
        SQI_TRY(insert(l, &(probe){0}, first, &row));
    else if (row != SQI_TABLE_NONE && l->mode == SQI_TABLE_TOUCH)
        table_mark(l->t, table_meta(l->t, table_record(l->t, row)), row, first);
    for (SQI_EACH(l->rows, k, i))
        l->row[i] = row;
    return STREAMQ_OK;
}

static streamq_status run(lookup *l, const sqi_vec *keys)
{
    uint32_t last = l->rows.n - 1, positions = (l->rows.sel ? l->rows.sel[last] : last) + 1;
    if (l->mode != SQI_TABLE_FIND)
        SQI_TRY(sqi_table_rows_reserve(l->t, l->rows.n, l->err));
    if (l->t->form == FORM_NONE)
        return global_row(l);
    SQI_TRY(prepare(l, keys, positions));
    switch (l->t->form) {
    case FORM_WORD:
        return l->memo ? probe_words(l, positions) : probe_all(l, FORM_WORD);
    case FORM_STRING:
        return probe_all(l, FORM_STRING);
    case FORM_FIXED:
        return probe_all(l, FORM_FIXED);
    default:
        return probe_all(l, FORM_BYTES);
    }
}

streamq_status sqi_table_lookup(sqi_table *t, const sqi_vec *keys, sqi_rows rows, sqi_table_mode mode, uint32_t *row,
                                uint32_t *fresh, uint32_t *nfresh, streamq_error **err)
{
    lookup l = {.t = t, .rows = rows, .mode = mode, .row = row, .fresh = fresh, .err = err};
    streamq_status status = rows.n ? run(&l, keys) : STREAMQ_OK;
    if (nfresh)
        *nfresh = l.nfresh;
    return status;
}

bool sqi_table_takes_hashes(const sqi_table *t)
{
    return !is_coded(t) && t->form != FORM_NONE;
}

streamq_status sqi_table_lookup_stamped(sqi_table *t, const sqi_vec *keys, const uint64_t *hash, sqi_rows rows,
                                        uint64_t stamp, uint32_t *row, streamq_error **err)
{
    lookup l = {.t = t, .rows = rows, .mode = SQI_TABLE_TOUCH, .row = row, .err = err};
    l.hash = is_coded(t) ? NULL : hash;
    t->stamp = stamp;
    return rows.n ? run(&l, keys) : STREAMQ_OK;
}
