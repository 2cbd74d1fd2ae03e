/*
 * keyed_table_keys: keys of rows back as vectors.
 */
#include "data_bits.h"
#include "keyed_table_impl.h"

enum { AHEAD = 16 }; /* rows may be anywhere: their records are asked for that many before */

static inline const char *record_ahead(const sqi_table *t, const uint32_t *rows, uint32_t k, uint32_t n)
{
    if (k + AHEAD < n)
        __builtin_prefetch(table_record(t, rows[k + AHEAD]));
    return table_record(t, rows[k]);
}

static inline bool is_null(const sqi_table *t, const char *record)
{
    return ((const row_meta *)(const void *)(record + t->meta_at))->null;
}

/* `nulls` gets to know whether one of the keys is null. */
#define WORDS(ctype)                                      \
    for (uint32_t k = 0; k < n; k++) {                    \
        uint64_t word;                                    \
        const char *record = record_ahead(t, rows, k, n); \
        memcpy(&word, record, sizeof word);               \
        ((ctype *)out->data)[k] = (ctype)word;            \
        nulls |= is_null(t, record);                      \
    }

static bool words(const sqi_table *table, const uint32_t *rows, uint32_t n, sqi_vec *out)
{
    const sqi_table copy = *table, *t = &copy; /* the stores do not change it */
    bool nulls = false;
    switch (sqi_type_width(t->key[0])) {
    case 1:
        WORDS(uint8_t)
        break;
    case 2:
        WORDS(uint16_t)
        break;
    case 4:
        WORDS(uint32_t)
        break;
    default:
        WORDS(uint64_t)
    }
    return nulls;
}

static bool views(const sqi_table *t, const uint32_t *rows, uint32_t n, sqi_str *out)
{
    bool nulls = false;
    for (uint32_t k = 0; k < n; k++) {
        const char *record = record_ahead(t, rows, k, n);
        memcpy(out + k, record, sizeof *out);
        nulls |= is_null(t, record);
    }
    return nulls;
}

static streamq_status single(const sqi_table *t, const uint32_t *rows, uint32_t n, sqi_vec *out, sqi_arena *arena,
                             streamq_error **err)
{
    SQI_TRY(sqi_vec_make(out, t->key[0], n, arena, err));
    if (!(t->form == FORM_WORD ? words(t, rows, n, out) : views(t, rows, n, out->data)))
        return STREAMQ_OK;
    SQI_TRY(sqi_vec_bitmap(out, n, true, arena, err));
    for (uint32_t k = 0; k < n; k++)
        if (is_null(t, table_record(t, rows[k])))
            sqi_vec_set_null(out, k);
    return STREAMQ_OK;
}

streamq_status sqi_table_keys(const sqi_table *t, const uint32_t *rows, uint32_t n, sqi_vec *out, sqi_arena *arena,
                              streamq_error **err)
{
    if (t->form == FORM_NONE)
        return STREAMQ_OK;
    if (t->form == FORM_WORD || t->form == FORM_STRING)
        return single(t, rows, n, out, arena, err);
    const char **at = sqi_alloc_array(t->alloc, n ? n : 1, sizeof *at);
    if (!at)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < n; k++) {
        at[k] = table_record(t, rows[k]);
        if (t->form == FORM_BYTES)
            at[k] = sqi_str_ptr((const sqi_str *)at[k]);
    }
    streamq_status status = sqi_code_read(at, n, t->key, t->nkey, out, arena, err);
    sqi_alloc_free(t->alloc, at, (n ? n : 1) * sizeof *at);
    return status;
}

/* Each record a segment of one row. */
streamq_status sqi_table_keys_of(const sqi_table *t, char *const *record, const uint32_t *rows, uint32_t n,
                                 sqi_vec *out, sqi_arena *arena, streamq_error **err)
{
    sqi_table view = *t;
    view.segment = (char **)(uintptr_t)record;
    view.shift = view.mask = view.stride = 0;
    return sqi_table_keys(&view, rows, n, out, arena, err);
}
