/*
 * data_type: interning of types, and the questions asked of them. Their text is in data_type_print.c.
 *
 * A pool is a hash set of types; two types are one if id, precision, scale and fields (name, type pointer,
 * nullability) agree. Field types are interned before the types that hold them, so comparing pointers one level deep
 * is enough. All memory is one arena behind one lock; a lookup that misses copies the fields and their names.
 */
#include "data_type.h"
#include "base_arena.h"
#include "base_hash.h"
#include "data_vec.h"

#include <pthread.h>

#define SCALAR(name, type_id) const sqi_type sqi_type_##name = {.id = (type_id)}
SCALAR(void, SQI_VOID);
SCALAR(boolean, SQI_BOOLEAN);
SCALAR(tinyint, SQI_TINYINT);
SCALAR(smallint, SQI_SMALLINT);
SCALAR(int, SQI_INT);
SCALAR(bigint, SQI_BIGINT);
SCALAR(float, SQI_FLOAT);
SCALAR(double, SQI_DOUBLE);
SCALAR(string, SQI_STRING);
SCALAR(binary, SQI_BINARY);
SCALAR(date, SQI_DATE);
SCALAR(timestamp, SQI_TIMESTAMP);
SCALAR(timestamp_ntz, SQI_TIMESTAMP_NTZ);
SCALAR(interval, SQI_INTERVAL);

struct sqi_type_pool {
    pthread_mutex_t lock;
    sqi_alloc *alloc;
    sqi_arena arena;
    const sqi_type **slot; /* open addressing, power of two; NULL: empty */
    size_t nslot, count;
    bool refused; /* there was no memory for a type */
};

sqi_type_pool *sqi_type_pool_new(sqi_alloc *alloc)
{
    sqi_type_pool *pool = sqi_alloc_zero(alloc, sizeof *pool);
    if (!pool)
        return NULL;
    if (pthread_mutex_init(&pool->lock, NULL)) {
        sqi_alloc_free(alloc, pool, sizeof *pool);
        return NULL;
    }
    pool->alloc = alloc;
    sqi_arena_init(&pool->arena, alloc);
    return pool;
}

void sqi_type_pool_free(sqi_type_pool *pool)
{
    if (!pool)
        return;
    sqi_alloc *alloc = pool->alloc;
    sqi_alloc_free(alloc, pool->slot, pool->nslot * sizeof *pool->slot);
    sqi_arena_fini(&pool->arena);
    pthread_mutex_destroy(&pool->lock);
    sqi_alloc_free(alloc, pool, sizeof *pool);
}

sqi_alloc *sqi_type_pool_alloc(const sqi_type_pool *pool)
{
    return pool->alloc;
}

static uint64_t hash(const sqi_type *t)
{
    uint64_t h = sqi_hash_mix((uint64_t)t->id << 16 | (uint64_t)t->precision << 8 | t->scale, t->nfield);
    for (uint32_t i = 0; i < t->nfield; i++) {
        const sqi_field *f = &t->field[i];
        h = sqi_hash_mix(h, (uint64_t)(uintptr_t)f->type);
        h = sqi_hash_mix(h, sqi_hash_bytes(f->name.ptr, f->name.len, f->nullable));
    }
    return h;
}

static bool identical(const sqi_type *a, const sqi_type *b)
{
    if (a->id != b->id || a->precision != b->precision || a->scale != b->scale || a->nfield != b->nfield)
        return false;
    for (uint32_t i = 0; i < a->nfield; i++) {
        const sqi_field *f = &a->field[i], *g = &b->field[i];
        if (f->type != g->type || f->nullable != g->nullable || !sqi_span_equal(f->name, g->name))
            return false;
    }
    return true;
}

static bool grow(sqi_type_pool *pool)
{
    size_t n = pool->nslot ? pool->nslot * 2 : 64;
    const sqi_type **slot = sqi_alloc_array(pool->alloc, n, sizeof *slot);
    if (!slot)
        return false;
    for (size_t i = 0; i < pool->nslot; i++) {
        if (!pool->slot[i])
            continue;
        size_t at = hash(pool->slot[i]) & (n - 1);
        while (slot[at])
            at = (at + 1) & (n - 1);
        slot[at] = pool->slot[i];
    }
    sqi_alloc_free(pool->alloc, pool->slot, pool->nslot * sizeof *slot);
    pool->slot = slot;
    pool->nslot = n;
    return true;
}

/* A copy with its own fields and names. What a failed copy leaves in the arena stays there until the pool goes. */
static const sqi_type *copy(sqi_type_pool *pool, const sqi_type *t)
{
    sqi_type *made = sqi_arena_get(&pool->arena, sizeof *made);
    if (!made)
        return NULL;
    *made = *t;
    if (!t->nfield)
        return made;
    sqi_field *field = sqi_arena_array(&pool->arena, t->nfield, sizeof *field);
    if (!field)
        return NULL;
    for (uint32_t i = 0; i < t->nfield; i++) {
        field[i] = t->field[i];
        field[i].name.ptr = sqi_arena_text(&pool->arena, t->field[i].name.ptr, t->field[i].name.len);
        if (!field[i].name.ptr)
            return NULL;
    }
    made->field = field;
    return made;
}

static const sqi_type *intern_locked(sqi_type_pool *pool, const sqi_type *t)
{
    if (pool->count * 2 >= pool->nslot && !grow(pool))
        return NULL;
    size_t at = hash(t) & (pool->nslot - 1);
    for (; pool->slot[at]; at = (at + 1) & (pool->nslot - 1))
        if (identical(pool->slot[at], t))
            return pool->slot[at];
    const sqi_type *made = copy(pool, t);
    if (!made)
        return NULL;
    pool->slot[at] = made;
    pool->count++;
    return made;
}

static const sqi_type *intern(sqi_type_pool *pool, const sqi_type *t)
{
    pthread_mutex_lock(&pool->lock);
    const sqi_type *found = intern_locked(pool, t);
    pool->refused = pool->refused || !found;
    pthread_mutex_unlock(&pool->lock);
    return found;
}

void sqi_type_pool_refuse(sqi_type_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->refused = true;
    pthread_mutex_unlock(&pool->lock);
}

bool sqi_type_pool_refused(sqi_type_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    bool refused = pool->refused;
    pool->refused = false;
    pthread_mutex_unlock(&pool->lock);
    return refused;
}

const sqi_type *sqi_type_decimal(sqi_type_pool *pool, int precision, int scale)
{
    return intern(pool, &(sqi_type){.id = SQI_DECIMAL, .precision = (uint8_t)precision, .scale = (uint8_t)scale});
}

#define SPAN(first, last)                                            \
    {                                                                \
        .id = SQI_INTERVAL_YM, .precision = (first), .scale = (last) \
    }
static const sqi_type interval_ym[2][2] = {
    {SPAN(SQI_YEAR, SQI_YEAR), SPAN(SQI_YEAR, SQI_MONTH)},
    {SPAN(SQI_YEAR, SQI_MONTH), SPAN(SQI_MONTH, SQI_MONTH)},
};
#undef SPAN
#define SPAN(first, last)                                            \
    {                                                                \
        .id = SQI_INTERVAL_DT, .precision = (first), .scale = (last) \
    }
#define ROW(first)                                                                                    \
    {                                                                                                 \
        SPAN(first, SQI_DAY), SPAN(first, SQI_HOUR), SPAN(first, SQI_MINUTE), SPAN(first, SQI_SECOND) \
    }
static const sqi_type interval_dt[4][4] = {ROW(SQI_DAY), ROW(SQI_HOUR), ROW(SQI_MINUTE), ROW(SQI_SECOND)};
#undef SPAN
#undef ROW

const sqi_type *sqi_type_interval_ym(int from, int to)
{
    return &interval_ym[from - SQI_YEAR][to - SQI_YEAR];
}

const sqi_type *sqi_type_interval_dt(int from, int to)
{
    return &interval_dt[from - SQI_DAY][to - SQI_DAY];
}

const sqi_type *sqi_type_array(sqi_type_pool *pool, const sqi_type *element, bool contains_null)
{
    sqi_field field = {SQI_SPAN("element"), element, contains_null};
    return intern(pool, &(sqi_type){.id = SQI_ARRAY, .nfield = 1, .field = &field});
}

const sqi_type *sqi_type_map(sqi_type_pool *pool, const sqi_type *key, const sqi_type *value, bool value_null)
{
    sqi_field field[2] = {{SQI_SPAN("key"), key, false}, {SQI_SPAN("value"), value, value_null}};
    return intern(pool, &(sqi_type){.id = SQI_MAP, .nfield = 2, .field = field});
}

const sqi_type *sqi_type_struct(sqi_type_pool *pool, const sqi_field *fields, uint32_t n)
{
    return intern(pool, &(sqi_type){.id = SQI_STRUCT, .nfield = n, .field = fields});
}

static bool same(const sqi_type *a, const sqi_type *b, bool any_names)
{
    if (a == b)
        return true;
    if (a->id != b->id || a->precision != b->precision || a->scale != b->scale || a->nfield != b->nfield)
        return false;
    for (uint32_t i = 0; i < a->nfield; i++) {
        if (!any_names && !sqi_span_equal(a->field[i].name, b->field[i].name))
            return false;
        if (!same(a->field[i].type, b->field[i].type, any_names))
            return false;
    }
    return true;
}

bool sqi_type_same(const sqi_type *a, const sqi_type *b)
{
    return same(a, b, false);
}
bool sqi_type_same_shape(const sqi_type *a, const sqi_type *b)
{
    return same(a, b, true);
}

bool sqi_type_is_integral(const sqi_type *t)
{
    return t->id >= SQI_TINYINT && t->id <= SQI_BIGINT;
}
bool sqi_type_is_numeric(const sqi_type *t)
{
    return t->id >= SQI_TINYINT && t->id <= SQI_DECIMAL;
}
bool sqi_type_is_nested(const sqi_type *t)
{
    return t->id == SQI_ARRAY || t->id == SQI_MAP || t->id == SQI_STRUCT;
}

bool sqi_type_is_orderable(const sqi_type *t)
{
    if (t->id == SQI_MAP || t->id == SQI_INTERVAL)
        return false;
    for (uint32_t i = 0; i < t->nfield; i++)
        if (!sqi_type_is_orderable(t->field[i].type))
            return false;
    return true;
}

uint32_t sqi_type_width(const sqi_type *t)
{
    static const uint8_t width[SQI_TYPE_IDS_] = {
        [SQI_BOOLEAN] = 1,
        [SQI_TINYINT] = 1,
        [SQI_SMALLINT] = 2,
        [SQI_INT] = 4,
        [SQI_BIGINT] = 8,
        [SQI_FLOAT] = 4,
        [SQI_DOUBLE] = 8,
        [SQI_DECIMAL] = sizeof(sqi_int128),
        [SQI_STRING] = sizeof(sqi_str),
        [SQI_BINARY] = sizeof(sqi_str),
        [SQI_DATE] = 4,
        [SQI_TIMESTAMP] = 8,
        [SQI_TIMESTAMP_NTZ] = 8,
        [SQI_INTERVAL_YM] = 4,
        [SQI_INTERVAL_DT] = 8,
        [SQI_INTERVAL] = sizeof(sqi_interval),
        [SQI_ARRAY] = sizeof(sqi_list),
        [SQI_MAP] = sizeof(sqi_list),
    };
    return width[t->id];
}
