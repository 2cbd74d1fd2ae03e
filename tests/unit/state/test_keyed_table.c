/* The keyed table against a model: a plain list of keys that is searched from end to end. */
#include "data_order.h"
#include "fail_alloc.h"
#include "keyed_table.h"
#include "keyed_table_impl.h"
#include "random_vec.h"
#include "test_main.h"

enum { MOST = 4000, CHUNK = 60 };

/* What the table should hold: keys as positions of one vector per column, in order of insertion. */
typedef struct model {
    sqi_type_pool *pool;
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_table *table;
    const sqi_type *type[3];
    uint32_t nkey;
    sqi_builder *all[3]; /* every key ever looked up */
    sqi_vec seen[3];
    struct {
        uint32_t at, row; /* position in seen; the table's row */
        int64_t value;
        bool live, dirty;
    } entry[MOST];
    uint32_t n;
} model;

static void model_init(model *m, const sqi_type *const *type, uint32_t nkey)
{
    memset(m, 0, sizeof *m);
    sqi_alloc_init(&m->alloc);
    sqi_arena_init(&m->arena, &m->alloc);
    m->nkey = nkey;
    for (uint32_t c = 0; c < nkey; c++)
        m->type[c] = type[c];
    m->table = sqi_table_new(&m->alloc, m->type, nkey, 8, 8, 5, NULL);
    ck_assert_ptr_nonnull(m->table);
}

static void model_fini(model *m)
{
    sqi_table_free(m->table);
    sqi_arena_fini(&m->arena);
    ck_assert_uint_eq(atomic_load(&m->alloc.used), 0);
}

static bool same_key(const model *m, const sqi_vec *a, uint32_t i, const sqi_vec *b, uint32_t j)
{
    for (uint32_t c = 0; c < m->nkey; c++)
        if (!sqi_order_equal(&a[c], i, &b[c], j))
            return false;
    return true;
}

/* The live entry of a key, or n. The keys of entries stand in `chunk[at / CHUNK]`. */
static sqi_vec *chunk_keys[MOST / CHUNK + 1];

static uint32_t model_find(const model *m, const sqi_vec *keys, uint32_t i)
{
    for (uint32_t e = 0; e < m->n; e++)
        if (m->entry[e].live && same_key(m, chunk_keys[m->entry[e].at / CHUNK], m->entry[e].at % CHUNK, keys, i))
            return e;
    return m->n;
}

static void lookup(model *m, sqi_random *r, uint32_t chunk, sqi_table_mode mode)
{
    sqi_vec *keys = sqi_arena_array(&m->arena, 3, sizeof *keys);
    uint32_t row[CHUNK], fresh[CHUNK], nfresh, made = 0;
    for (uint32_t c = 0; c < m->nkey; c++) {
        sqi_vec raw;
        sqi_random_vec(r, &raw, m->type[c], CHUNK, true, &m->arena);
        ck_assert_int_eq(sqi_order_normalize(&keys[c], &raw, (sqi_rows){NULL, CHUNK}, &m->arena, NULL), STREAMQ_OK);
    }
    chunk_keys[chunk] = keys;
    sqi_rows rows = chunk % 2 ? sqi_random_rows(r, CHUNK, &m->arena) : (sqi_rows){NULL, CHUNK};
    ck_assert_int_eq(sqi_table_lookup(m->table, keys, rows, mode, row, fresh, &nfresh, NULL), STREAMQ_OK);
    for (SQI_EACH(rows, k, i)) {
        uint32_t e = model_find(m, keys, i);
        if (e == m->n && mode == SQI_TABLE_FIND) {
            ck_assert_uint_eq(row[i], SQI_TABLE_NONE);
            continue;
        }
        int64_t *value = sqi_table_value(m->table, row[i]);
        if (e == m->n) {
            ck_assert_uint_lt(made, nfresh);
            ck_assert_uint_eq(fresh[made++], i);
            ck_assert_int_eq(*value, 0);
            m->entry[m->n].at = chunk * CHUNK + i;
            m->entry[m->n].row = row[i];
            m->entry[m->n].value = *value = (int64_t)sqi_random_next(r) | 1;
            m->entry[m->n].live = m->entry[m->n].dirty = true;
            ck_assert_uint_lt(++m->n, MOST);
        }
        ck_assert_uint_eq(row[i], m->entry[e].row);
        ck_assert_int_eq(*value, m->entry[e].value);
        m->entry[e].dirty |= mode == SQI_TABLE_TOUCH;
    }
    ck_assert_uint_eq(made, nfresh);
}

static void remove_some(model *m, sqi_random *r)
{
    uint32_t rows[MOST] = {0}, n = 0;
    for (uint32_t e = 0; e < m->n; e++) {
        if (!m->entry[e].live || sqi_random_below(r, 3))
            continue;
        m->entry[e].live = m->entry[e].dirty = false;
        rows[n++] = m->entry[e].row;
    }
    ck_assert_int_eq(sqi_table_remove(m->table, rows, n, NULL), STREAMQ_OK);
    const uint32_t *removed;
    uint32_t nremoved;
    sqi_table_removed(m->table, &removed, &nremoved);
    ck_assert_uint_ge(nremoved, n);
    ck_assert(n == 0 || memcmp(removed + nremoved - n, rows, n * sizeof *rows) == 0);
}

/* Order, values, keys, dirty rows and counts are the model's. */
static void compare(model *m)
{
    static uint32_t scanned[MOST];
    uint32_t n = 0, some, last = SQI_TABLE_NONE, at = 0, ndirty, dirty_live = 0;
    while ((some = sqi_table_scan(m->table, last, scanned + n, 7)) != 0) {
        n += some;
        last = scanned[n - 1];
    }
    sqi_vec keys[3];
    ck_assert_int_eq(sqi_table_keys(m->table, scanned, n, keys, &m->arena, NULL), STREAMQ_OK);
    for (uint32_t e = 0; e < m->n; e++) {
        if (!m->entry[e].live)
            continue;
        ck_assert_uint_lt(at, n);
        ck_assert_uint_eq(scanned[at], m->entry[e].row);
        ck_assert(same_key(m, keys, at, chunk_keys[m->entry[e].at / CHUNK], m->entry[e].at % CHUNK));
        ck_assert_int_eq(*(int64_t *)sqi_table_value(m->table, scanned[at]), m->entry[e].value);
        dirty_live += m->entry[e].dirty;
        at++;
    }
    ck_assert_uint_eq(at, n);
    const uint32_t *dirty;
    sqi_table_dirty(m->table, &dirty, &ndirty);
    ck_assert_uint_eq(ndirty, dirty_live);
    sqi_table_counts counts = sqi_table_counts_get(m->table);
    ck_assert_uint_eq(counts.total, n);
    ck_assert_uint_eq(counts.updated, dirty_live);
}

static void clean(model *m)
{
    const uint32_t *rows;
    uint32_t n;
    sqi_table_clean(m->table);
    for (uint32_t e = 0; e < m->n; e++)
        m->entry[e].dirty = false;
    sqi_table_dirty(m->table, &rows, &n);
    ck_assert_uint_eq(n, 0);
    sqi_table_removed(m->table, &rows, &n);
    ck_assert_uint_eq(n, 0);
}

static void run_model(sqi_random *r, const sqi_type *const *type, uint32_t nkey, uint32_t chunks)
{
    static model m;
    model_init(&m, type, nkey);
    for (uint32_t chunk = 0; chunk < chunks; chunk++) {
        lookup(&m, r, chunk, (sqi_table_mode)sqi_random_below(r, 3));
        if (chunk > chunks / 3 && sqi_random_below(r, 3) == 0)
            remove_some(&m, r);
        compare(&m);
        if (sqi_random_below(r, 2))
            clean(&m);
    }
    model_fini(&m);
}

START_TEST(one_key_of_every_type_behaves_as_a_list_of_keys)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_type_pool *pool = sqi_type_pool_new(&alloc);
    sqi_random r = {11};
    const sqi_type *type;
    for (unsigned i = 0; (type = sqi_every_type(pool, i)) != NULL; i++)
        run_model(&r, &type, 1, 12);
    sqi_type_pool_free(pool);
}
END_TEST

START_TEST(keys_of_several_columns_behave_as_a_list_of_keys)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_type_pool *pool = sqi_type_pool_new(&alloc);
    sqi_random r = {12};
    for (unsigned round = 0; round < 25; round++) {
        const sqi_type *type[3];
        uint32_t n = 2 + sqi_random_below(&r, 2);
        for (uint32_t c = 0; c < n; c++)
            type[c] = sqi_random_type(&r, pool, round % 3, true);
        run_model(&r, type, n, 8);
    }
    sqi_type_pool_free(pool);
}
END_TEST

static sqi_vec bigints(int64_t *at, uint32_t n, int64_t first)
{
    for (uint32_t i = 0; i < n; i++)
        at[i] = first + i;
    return (sqi_vec){.type = &sqi_type_bigint, .data = at, .mask = UINT32_MAX};
}

START_TEST(a_large_table_keeps_every_row_and_address)
{
    enum { N = 300000, STEP = 2000 };
    static int64_t key[STEP];
    static uint32_t row[STEP];
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_table *t = sqi_table_new(&alloc, (const sqi_type *[]){&sqi_type_bigint}, 1, 8, 8, 1, NULL);
    void *first = NULL;
    for (int pass = 0; pass < 2; pass++)
        for (int64_t begin = 0; begin < N; begin += STEP) {
            sqi_vec v = bigints(key, STEP, begin);
            uint32_t fresh;
            ck_assert_int_eq(sqi_table_lookup(t, &v, (sqi_rows){NULL, STEP}, SQI_TABLE_TOUCH, row, NULL, &fresh, NULL),
                             STREAMQ_OK);
            ck_assert_uint_eq(fresh, pass ? 0 : STEP);
            for (uint32_t i = 0; i < STEP; i++) {
                int64_t *value = sqi_table_value(t, row[i]);
                ck_assert_int_eq(*value, pass ? begin + i : 0);
                *value = begin + i;
            }
            first = first ? first : sqi_table_value(t, 0);
        }
    ck_assert_ptr_eq(first, sqi_table_value(t, 0));
    ck_assert_uint_eq(sqi_table_counts_get(t).total, N);
    ck_assert_uint_eq(sqi_table_counts_get(t).updated, N);
    ck_assert_uint_eq(sqi_table_counts_get(t).bytes, atomic_load(&alloc.used));
    sqi_table_free(t);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

START_TEST(a_sliding_set_of_long_keys_takes_no_more_memory_with_time)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_table *t = sqi_table_new(&alloc, (const sqi_type *[]){&sqi_type_string}, 1, 16, 16, 1, NULL);
    uint64_t after_warm_up = 0;
    sqi_arena arena;
    sqi_arena_init(&arena, &alloc);
    for (int batch = 0; batch < 60; batch++) {
        sqi_vec v;
        uint32_t row[500];
        sqi_builder *b = sqi_builder_new(&sqi_type_string, &arena);
        for (int i = 0; i < 500; i++) {
            char text[80];
            memset(text, 'a' + i % 26, sizeof text);
            memcpy(text, &(int){batch * 500 + i}, sizeof(int));
            sqi_builder_bytes(b, (sqi_span){text, 20 + (size_t)(i * 7 % 60)});
        }
        ck_assert_int_eq(sqi_builder_finish(b, &v, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_table_lookup(t, &v, (sqi_rows){NULL, 500}, SQI_TABLE_TOUCH, row, NULL, NULL, NULL),
                         STREAMQ_OK);
        for (int i = 0; i < 500; i++)
            ck_assert_uint_eq((uintptr_t)sqi_table_value(t, row[i]) % 16, 0);
        uint32_t old[500], n = 0;
        if (batch >= 2)
            n = sqi_table_scan(t, SQI_TABLE_NONE, old, 500);
        ck_assert_int_eq(sqi_table_remove(t, old, n, NULL), STREAMQ_OK);
        sqi_table_clean(t);
        ck_assert_uint_eq(sqi_table_counts_get(t).total, batch >= 2 ? 1000 : 500 * (batch + 1));
        if (batch == 10)
            after_warm_up = sqi_table_counts_get(t).bytes;
        sqi_arena_reset(&arena);
    }
    /* The index may split a page once more; everything else is reused. */
    ck_assert_uint_le(sqi_table_counts_get(t).bytes, after_warm_up + 65536);
    sqi_arena_fini(&arena);
    sqi_table_free(t);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

START_TEST(removed_rows_stay_readable_until_the_batch_is_over)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_arena arena;
    sqi_arena_init(&arena, &alloc);
    sqi_table *t = sqi_table_new(&alloc, (const sqi_type *[]){&sqi_type_string}, 1, 4, 4, 1, NULL);
    sqi_builder *b = sqi_builder_new(&sqi_type_string, &arena);
    sqi_builder_null(b);
    sqi_builder_bytes(b, SQI_SPAN("a key of more than twelve bytes"));
    sqi_vec v, keys;
    ck_assert_int_eq(sqi_builder_finish(b, &v, NULL), STREAMQ_OK);
    uint32_t row[2], again[2];
    sqi_rows both = {NULL, 2};
    ck_assert_int_eq(sqi_table_lookup(t, &v, both, SQI_TABLE_INSERT, row, NULL, NULL, NULL), STREAMQ_OK);
    sqi_table_clean(t);
    ck_assert_int_eq(sqi_table_remove(t, row, 2, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_table_remove(t, row, 2, NULL), STREAMQ_OK); /* the second time is nothing */
    ck_assert_uint_eq(sqi_table_counts_get(t).removed, 2);
    ck_assert_int_eq(sqi_table_lookup(t, &v, both, SQI_TABLE_FIND, again, NULL, NULL, NULL), STREAMQ_OK);
    ck_assert_uint_eq(again[0], SQI_TABLE_NONE);
    ck_assert_uint_eq(again[1], SQI_TABLE_NONE);
    ck_assert_int_eq(sqi_table_lookup(t, &v, both, SQI_TABLE_INSERT, again, NULL, NULL, NULL), STREAMQ_OK);
    ck_assert_uint_ne(again[0], row[0]);
    ck_assert_uint_ne(again[1], row[1]);
    ck_assert_int_eq(sqi_table_keys(t, row, 2, &keys, &arena, NULL), STREAMQ_OK);
    ck_assert(!sqi_vec_valid(&keys, 0));
    ck_assert(sqi_order_equal(&keys, 1, &v, 1));
    uint32_t live[4];
    ck_assert_uint_eq(sqi_table_scan(t, row[1], live, 4), 2); /* goes on behind a removed row */
    sqi_table_clean(t);
    ck_assert_uint_eq(sqi_table_scan(t, SQI_TABLE_NONE, live, 4), 2);
    ck_assert_uint_eq(live[0], again[0]);
    ck_assert_uint_eq(live[1], again[1]);
    sqi_table_free(t);
    sqi_arena_fini(&arena);
}
END_TEST

START_TEST(no_key_column_means_one_row)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_table *t = sqi_table_new(&alloc, NULL, 0, 8, 8, 1, NULL);
    uint32_t row[10], fresh[10], n;
    ck_assert_int_eq(sqi_table_lookup(t, NULL, (sqi_rows){NULL, 10}, SQI_TABLE_FIND, row, NULL, NULL, NULL),
                     STREAMQ_OK);
    ck_assert_uint_eq(row[9], SQI_TABLE_NONE);
    ck_assert_int_eq(sqi_table_lookup(t, NULL, (sqi_rows){NULL, 10}, SQI_TABLE_TOUCH, row, fresh, &n, NULL),
                     STREAMQ_OK);
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_eq(fresh[0], 0);
    for (int i = 0; i < 10; i++)
        ck_assert_uint_eq(row[i], 0);
    ck_assert_uint_eq(sqi_table_counts_get(t).total, 1);
    ck_assert_uint_eq(sqi_table_counts_get(t).updated, 1);
    ck_assert_uint_lt(sqi_table_counts_get(t).bytes, 4096);
    sqi_table_free(t);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

START_TEST(touched_rows_are_listed_once_in_order_of_first_touch)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_table *t = sqi_table_new(&alloc, (const sqi_type *[]){&sqi_type_bigint}, 1, 8, 8, 1, NULL);
    int64_t key[4];
    sqi_vec v = bigints(key, 4, 0);
    uint32_t row[4], n;
    const uint32_t *dirty;
    ck_assert_int_eq(sqi_table_lookup(t, &v, (sqi_rows){NULL, 4}, SQI_TABLE_INSERT, row, NULL, NULL, NULL), STREAMQ_OK);
    sqi_table_clean(t);
    static const int order[] = {2, 0, 2, 3, 0};
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(sqi_table_touch(t, row[order[i]], NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_table_lookup(t, &v, (sqi_rows){NULL, 4}, SQI_TABLE_INSERT, row, NULL, NULL, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_table_remove(t, &row[0], 1, NULL), STREAMQ_OK);
    sqi_table_dirty(t, &dirty, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(dirty[0], row[2]);
    ck_assert_uint_eq(dirty[1], row[3]);
    sqi_table_free(t);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

START_TEST(marks_survive_the_wrap_of_the_batch_counter)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_table *t = sqi_table_new(&alloc, (const sqi_type *[]){&sqi_type_bigint}, 1, 8, 8, 1, NULL);
    int64_t key[4];
    sqi_vec v = bigints(key, 4, 0);
    uint32_t row[4], n;
    const uint32_t *dirty;
    sqi_rows all = {NULL, 4};
    t->epoch = LAST_EPOCH - 1;
    ck_assert_int_eq(sqi_table_lookup(t, &v, all, SQI_TABLE_INSERT, row, NULL, NULL, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_table_remove(t, &row[1], 1, NULL), STREAMQ_OK);
    sqi_table_clean(t);
    ck_assert_int_eq(sqi_table_touch(t, row[3], NULL), STREAMQ_OK);
    sqi_table_clean(t);
    ck_assert_uint_eq(t->epoch, FIRST_EPOCH);
    sqi_table_dirty(t, &dirty, &n);
    ck_assert_uint_eq(n, 0);
    ck_assert_uint_eq(sqi_table_scan(t, SQI_TABLE_NONE, row, 4), 3);
    ck_assert_int_eq(sqi_table_lookup(t, &v, all, SQI_TABLE_TOUCH, row, NULL, &n, NULL), STREAMQ_OK);
    ck_assert_uint_eq(n, 1);
    sqi_table_dirty(t, &dirty, &n);
    ck_assert_uint_eq(n, 4);
    sqi_table_free(t);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

/* A row that has the null's tag, and rubbish under the null that equals its key: one in four billion, made by hand. */
START_TEST(a_null_is_never_taken_for_a_row_with_its_tag)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    int64_t key[2] = {7, 7};
    uint64_t valid = 1, hash[2];
    sqi_vec v = {.type = &sqi_type_bigint, .data = key, .valid = &valid, .mask = UINT32_MAX};
    sqi_table *t = sqi_table_new(&alloc, &v.type, 1, 8, 8, 1, NULL);
    uint32_t row[2], again[2], n;
    ck_assert_int_eq(sqi_table_lookup(t, &v, (sqi_rows){NULL, 1}, SQI_TABLE_INSERT, row, NULL, NULL, NULL), STREAMQ_OK);
    sqi_order_hash(&v, (sqi_rows){NULL, 2}, t->seed, false, hash);
    sqi_index_put(&t->index, (uint32_t)(hash[1] >> 32), row[0]);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(sqi_table_lookup(t, &v, (sqi_rows){NULL, 2}, SQI_TABLE_INSERT, again, NULL, &n, NULL),
                         STREAMQ_OK);
        ck_assert_uint_eq(n, i == 0);
        ck_assert_uint_eq(again[0], row[0]);
        ck_assert_uint_ne(again[1], row[0]);
    }
    sqi_table_free(t);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

START_TEST(a_constant_key_is_one_row)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    int32_t seven = 7;
    sqi_vec v = {.type = &sqi_type_int, .data = &seven, .mask = 0};
    sqi_table *t = sqi_table_new(&alloc, &v.type, 1, 8, 8, 1, NULL);
    uint32_t row[100], n;
    ck_assert_int_eq(sqi_table_lookup(t, &v, (sqi_rows){NULL, 100}, SQI_TABLE_TOUCH, row, NULL, &n, NULL), STREAMQ_OK);
    ck_assert_uint_eq(n, 1);
    for (int i = 1; i < 100; i++)
        ck_assert_uint_eq(row[i], row[0]);
    sqi_table_free(t);
}
END_TEST

/* Insert, remove, insert again; after a failure the table must still answer for what it has and take the rest. */
static streamq_status busy(sqi_alloc *alloc, void *context, streamq_error **err)
{
    const model *m = context;
    sqi_table *t = sqi_table_new(alloc, m->type, m->nkey, 24, 16, 9, err);
    if (!t)
        return STREAMQ_ERR_NOMEM;
    uint32_t row[CHUNK], again[CHUNK], rows[CHUNK * 6], n;
    streamq_status status = STREAMQ_OK;
    for (uint32_t chunk = 0; chunk < 6 && status == STREAMQ_OK; chunk++) {
        for (int i = 0; i < CHUNK; i++)
            row[i] = SQI_TABLE_NONE;
        status = sqi_table_lookup(t, chunk_keys[chunk], (sqi_rows){NULL, CHUNK}, SQI_TABLE_TOUCH, row, NULL, NULL, err);
        for (uint32_t i = 0; i < CHUNK; i++)
            for (uint32_t j = 0; j < i && row[i] != SQI_TABLE_NONE; j++)
                ck_assert_int_eq(row[i] == row[j], same_key(m, chunk_keys[chunk], i, chunk_keys[chunk], j));
        if (chunk % 2 && status == STREAMQ_OK) {
            n = sqi_table_scan(t, SQI_TABLE_NONE, rows, CHUNK / 2);
            status = sqi_table_remove(t, rows, n, err);
            if (status == STREAMQ_OK)
                sqi_table_clean(t);
        }
    }
    n = sqi_table_scan(t, SQI_TABLE_NONE, rows, CHUNK * 6);
    ck_assert_uint_eq(n, sqi_table_counts_get(t).total);
    ck_assert_uint_eq(sqi_table_counts_get(t).bytes, atomic_load(&alloc->used));
    if (status != STREAMQ_OK) {
        ((sqi_fail_alloc *)(void *)alloc)->fail_at = 0;
        sqi_rows all = {NULL, CHUNK};
        ck_assert_int_eq(sqi_table_lookup(t, chunk_keys[0], all, SQI_TABLE_INSERT, row, NULL, NULL, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_table_lookup(t, chunk_keys[0], all, SQI_TABLE_FIND, again, NULL, NULL, NULL), STREAMQ_OK);
        ck_assert_mem_eq(row, again, sizeof row);
    }
    sqi_table_free(t);
    return status;
}

/* -------------------------------------------------------------- stamps */

/* Rows are those of a plain table; a row's stamps are its first place at all and its first place in this batch. */
static void compare_stamped(sqi_random *r, const sqi_type *const *type, uint32_t nkey, bool hashed)
{
    sqi_alloc alloc;
    sqi_arena arena;
    uint64_t born[MOST], touched[MOST], place = 1000, hash[CHUNK];
    uint32_t row[CHUNK], want[CHUNK], ndirty, batch_begin = 0, total = 0;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    sqi_table *t = sqi_table_new_stamped(&alloc, type, nkey, 8, 8, 5, NULL);
    sqi_table *plain = sqi_table_new(&alloc, type, nkey, 8, 8, 5, NULL);
    for (uint32_t chunk = 0; chunk < 20; chunk++) {
        sqi_vec keys[3];
        for (uint32_t c = 0; c < nkey; c++) {
            sqi_vec raw;
            sqi_random_vec(r, &raw, type[c], CHUNK, true, &arena);
            ck_assert_int_eq(sqi_order_normalize(&keys[c], &raw, (sqi_rows){NULL, CHUNK}, &arena, NULL), STREAMQ_OK);
            sqi_order_hash(&keys[c], (sqi_rows){NULL, CHUNK}, 5, c > 0, hash);
        }
        sqi_rows rows = chunk % 3 ? sqi_random_rows(r, CHUNK, &arena) : (sqi_rows){NULL, CHUNK};
        const uint64_t *given = hashed && sqi_table_takes_hashes(t) ? hash : NULL;
        ck_assert_int_eq(sqi_table_lookup_stamped(t, keys, given, rows, place, row, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_table_lookup(plain, keys, rows, SQI_TABLE_TOUCH, want, NULL, NULL, NULL), STREAMQ_OK);
        for (SQI_EACH(rows, k, i)) {
            ck_assert_uint_eq(row[i], want[i]);
            if (row[i] == total) { /* a new one: numbers count up */
                born[total++] = place + i;
                touched[row[i]] = 0;
            }
            if (touched[row[i]] < 1000 + batch_begin * (uint64_t)CHUNK)
                touched[row[i]] = place + i;
        }
        place += CHUNK;
        if (chunk % 4 != 3)
            continue;
        const uint32_t *dirty;
        sqi_table_dirty(t, &dirty, &ndirty);
        const uint64_t *stamp = sqi_table_dirty_stamps(t);
        for (uint32_t k = 0; k < ndirty; k++) {
            ck_assert(k == 0 || stamp[k - 1] < stamp[k]);
            ck_assert_uint_eq(stamp[k], touched[dirty[k]]);
        }
        for (uint32_t k = 0; k < total; k++)
            ck_assert_uint_eq(sqi_table_born(t, k), born[k]);
        ck_assert_uint_eq(sqi_table_counts_get(plain).updated, ndirty);
        sqi_table_clean(t);
        sqi_table_clean(plain);
        batch_begin = chunk + 1;
    }
    ck_assert_uint_eq(sqi_table_counts_get(t).total, total);
    sqi_table_free(plain);
    sqi_table_free(t);
    sqi_arena_fini(&arena);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}

START_TEST(stamps_say_where_a_row_was_first_met)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_type_pool *pool = sqi_type_pool_new(&alloc);
    const sqi_type *shapes[][2] = {{&sqi_type_string, NULL},
                                   {&sqi_type_bigint, NULL},
                                   {&sqi_type_int, NULL},
                                   {&sqi_type_double, &sqi_type_string},
                                   {sqi_every_type(pool, 18), sqi_every_type(pool, 20)}};
    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
        sqi_random r = {17};
        compare_stamped(&r, shapes[k], shapes[k][1] ? 2 : 1, false);
        compare_stamped(&r, shapes[k], shapes[k][1] ? 2 : 1, true);
    }
    sqi_type_pool_free(pool);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

/* Rows taken out of a batch take their stamps with them. */
START_TEST(stamps_follow_the_rows_that_stay)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_table *t = sqi_table_new_stamped(&alloc, (const sqi_type *[]){&sqi_type_bigint}, 1, 0, 8, 1, NULL);
    int64_t key[6];
    sqi_vec v = bigints(key, 6, 0);
    uint32_t row[6], n;
    const uint32_t *dirty;
    ck_assert_int_eq(sqi_table_lookup_stamped(t, &v, NULL, (sqi_rows){NULL, 6}, 50, row, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_table_remove(t, (const uint32_t[]){row[0], row[3]}, 2, NULL), STREAMQ_OK);
    sqi_table_dirty(t, &dirty, &n);
    static const uint64_t stays[] = {51, 52, 54, 55};
    ck_assert_uint_eq(n, 4);
    ck_assert_mem_eq(sqi_table_dirty_stamps(t), stays, sizeof stays);
    for (uint32_t k = 0; k < 4; k++)
        ck_assert_uint_eq(dirty[k], row[stays[k] - 50]);
    sqi_table_free(t);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

static streamq_status busy_stamped(sqi_alloc *alloc, void *context, streamq_error **err)
{
    (void)context;
    sqi_table *t = sqi_table_new_stamped(alloc, (const sqi_type *[]){&sqi_type_bigint}, 1, 8, 8, 9, err);
    if (!t)
        return STREAMQ_ERR_NOMEM;
    int64_t key[CHUNK];
    uint32_t row[CHUNK];
    streamq_status status = STREAMQ_OK;
    for (int chunk = 0; chunk < 8 && status == STREAMQ_OK; chunk++) {
        sqi_vec v = bigints(key, CHUNK, chunk * CHUNK / 2);
        status = sqi_table_lookup_stamped(t, &v, NULL, (sqi_rows){NULL, CHUNK}, (uint64_t)chunk * CHUNK, row, err);
    }
    ck_assert_uint_eq(sqi_table_counts_get(t).bytes, atomic_load(&alloc->used));
    sqi_table_free(t);
    return status;
}

START_TEST(every_allocation_of_a_stamped_table_may_fail)
{
    ck_assert_uint_gt(sqi_test_every_allocation(busy_stamped, NULL), 3);
}
END_TEST

START_TEST(every_allocation_may_fail_and_the_table_stays_whole)
{
    static model m;
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_type_pool *pool = sqi_type_pool_new(&alloc);
    const sqi_type *record = sqi_every_type(pool, 18), *list = sqi_every_type(pool, 20);
    const sqi_type *shapes[][2] = {
        {&sqi_type_string, NULL}, {&sqi_type_bigint, NULL}, {record, list}, {&sqi_type_timestamp, &sqi_type_int}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        sqi_random r = {13};
        model_init(&m, shapes[s], shapes[s][1] ? 2 : 1);
        for (uint32_t chunk = 0; chunk < 6; chunk++)
            lookup(&m, &r, chunk, SQI_TABLE_INSERT);
        ck_assert_uint_gt(sqi_test_every_allocation(busy, &m), 3);
        model_fini(&m);
    }
    sqi_type_pool_free(pool);
}
END_TEST

START_TEST(touched_rows_may_be_counted_without_a_list)
{
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    const sqi_type *type = &sqi_type_bigint;
    sqi_table *t = sqi_table_new(&alloc, &type, 1, 8, 8, 1, NULL);
    sqi_table_count_only(t);
    int64_t key[100];
    uint32_t row[100], n;
    const uint32_t *list;
    for (int i = 0; i < 100; i++)
        key[i] = i / 2;
    sqi_vec v = {.type = type, .data = key, .mask = UINT32_MAX};
    ck_assert_int_eq(sqi_table_lookup(t, &v, (sqi_rows){NULL, 100}, SQI_TABLE_TOUCH, row, NULL, NULL, NULL),
                     STREAMQ_OK);
    ck_assert_uint_eq(sqi_table_counts_get(t).updated, 50);
    sqi_table_dirty(t, &list, &n);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(sqi_table_remove(t, row, 4, NULL), STREAMQ_OK); /* two keys, each named twice */
    ck_assert_uint_eq(sqi_table_counts_get(t).updated, 48);
    sqi_table_clean(t);
    ck_assert_uint_eq(sqi_table_counts_get(t).updated, 0);
    ck_assert_int_eq(sqi_table_lookup(t, &v, (sqi_rows){NULL, 10}, SQI_TABLE_TOUCH, row, NULL, NULL, NULL), STREAMQ_OK);
    ck_assert_uint_eq(sqi_table_counts_get(t).updated, 5);
    ck_assert_uint_eq(sqi_table_counts_get(t).total, 50);
    sqi_table_free(t);
    sqi_arena_fini(&arena);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {one_key_of_every_type_behaves_as_a_list_of_keys,
                                  keys_of_several_columns_behave_as_a_list_of_keys,
                                  a_large_table_keeps_every_row_and_address,
                                  a_sliding_set_of_long_keys_takes_no_more_memory_with_time,
                                  removed_rows_stay_readable_until_the_batch_is_over,
                                  no_key_column_means_one_row,
                                  touched_rows_are_listed_once_in_order_of_first_touch,
                                  marks_survive_the_wrap_of_the_batch_counter,
                                  a_null_is_never_taken_for_a_row_with_its_tag,
                                  a_constant_key_is_one_row,
                                  stamps_say_where_a_row_was_first_met,
                                  stamps_follow_the_rows_that_stay,
                                  every_allocation_of_a_stamped_table_may_fail,
                                  every_allocation_may_fail_and_the_table_stays_whole,
                                  touched_rows_may_be_counted_without_a_list};
    return sqi_test_main("keyed_table", tests, sizeof tests / sizeof *tests);
}
