/*
 * api_batch: results in the program's hand: counted, read by row and column, shown, exported. Rows are numbered over all
 * chunks; `first` finds the chunk of a row.
 */
#include "api_state.h"
#include "data_arrow.h"
#include "data_decimal.h"
#include "data_text.h"
#include "io_table.h"

/* The handle lives in the batch: nobody else has hold of the batch yet, so nothing else changes its arena. */
streamq_batch *sqi_api_batch(sqi_batch *batch, const sqi_zone *zone)
{
    sqi_arena *arena = &batch->arena;
    const sqi_schema *s = &batch->schema;
    streamq_batch *b = sqi_arena_get(arena, sizeof *b);
    uint64_t *first = sqi_arena_array(arena, batch->nchunk + 1, sizeof *first);
    const char **type = sqi_arena_array(arena, s->n + 1, sizeof *type);
    bool ok = b && first && type;
    for (uint32_t i = 0; ok && i < s->n; ++i)
        ok = (type[i] = sqi_type_text(s->field[i].type, arena)) != NULL;
    if (!ok) {
        sqi_batch_unref(batch);
        return NULL;
    }
    for (size_t i = 0; i < batch->nchunk; ++i)
        first[i + 1] = first[i] + batch->chunk[i].rows.n;
    *b = (streamq_batch){.magic = SQI_MAGIC_BATCH,
                         .refs = 1,
                         .alloc = batch->alloc,
                         .batch = batch,
                         .zone = zone,
                         .first = first,
                         .type = type};
    return b;
}

streamq_batch *streamq_batch_ref(streamq_batch *batch)
{
    if (!SQI_IS(batch, BATCH))
        return NULL;
    atomic_fetch_add(&batch->refs, 1);
    return batch;
}

void streamq_batch_free(streamq_batch *batch)
{
    if (!SQI_IS(batch, BATCH) || atomic_fetch_sub(&batch->refs, 1) != 1)
        return;
    batch->magic = 0;
    sqi_batch_unref(batch->batch);
}

size_t streamq_batch_rows(const streamq_batch *batch)
{
    return SQI_IS(batch, BATCH) ? (size_t)batch->batch->rows : 0;
}
size_t streamq_batch_columns(const streamq_batch *batch)
{
    return SQI_IS(batch, BATCH) ? batch->batch->schema.n : 0;
}

const char *streamq_batch_column_name(const streamq_batch *batch, size_t column)
{
    return column < streamq_batch_columns(batch) ? batch->batch->schema.field[column].name.ptr : NULL;
}

const char *streamq_batch_column_type(const streamq_batch *batch, size_t column)
{
    return column < streamq_batch_columns(batch) ? batch->type[column] : NULL;
}

/* The vector and position of a cell, or NULL: out of range or null. */
static const sqi_vec *cell(const streamq_batch *b, size_t row, size_t column, uint32_t *position)
{
    if (!SQI_IS(b, BATCH) || row >= b->batch->rows || column >= b->batch->schema.n)
        return NULL;
    size_t low = 0, high = b->batch->nchunk; /* first[low] <= row < first[high] */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (b->first[middle] <= row)
            low = middle;
        else
            high = middle;
    }
    const sqi_chunk *chunk = &b->batch->chunk[low];
    uint32_t k = (uint32_t)(row - b->first[low]);
    *position = chunk->rows.sel ? chunk->rows.sel[k] : k;
    const sqi_vec *v = &chunk->col[column];
    return v->type->id != SQI_VOID && sqi_vec_valid(v, *position) ? v : NULL;
}

int32_t streamq_batch_is_null(const streamq_batch *batch, size_t row, size_t column)
{
    uint32_t i;
    return cell(batch, row, column, &i) == NULL;
}

int64_t streamq_batch_get_int64(const streamq_batch *batch, size_t row, size_t column)
{
    uint32_t i;
    int64_t whole = 0;
    const sqi_vec *v = cell(batch, row, column, &i);
    if (!v)
        return 0;
    switch (v->type->id) {
    case SQI_BOOLEAN:
        return SQI_AT(v, uint8_t, i);
    case SQI_TINYINT:
    case SQI_SMALLINT:
    case SQI_INT:
    case SQI_BIGINT:
    case SQI_DATE:
    case SQI_TIMESTAMP:
    case SQI_TIMESTAMP_NTZ:
    case SQI_INTERVAL_YM:
    case SQI_INTERVAL_DT:
        return sqi_vec_int(v, i);
    case SQI_DECIMAL:
        return sqi_decimal_to_int64(SQI_AT(v, sqi_int128, i), v->type->scale, &whole) ? whole : 0;
    case SQI_FLOAT:
    case SQI_DOUBLE: {
        double d = streamq_batch_get_double(batch, row, column);
        return d >= -9.2e18 && d <= 9.2e18 ? (int64_t)d : 0;
    }
    default:
        return 0;
    }
}

double streamq_batch_get_double(const streamq_batch *batch, size_t row, size_t column)
{
    uint32_t i;
    const sqi_vec *v = cell(batch, row, column, &i);
    if (!v)
        return 0;
    if (v->type->id == SQI_DOUBLE)
        return SQI_AT(v, double, i);
    if (v->type->id == SQI_FLOAT)
        return (double)SQI_AT(v, float, i);
    if (v->type->id == SQI_DECIMAL)
        return sqi_decimal_to_double(SQI_AT(v, sqi_int128, i), v->type->scale);
    return (double)streamq_batch_get_int64(batch, row, column);
}

const char *streamq_batch_get_string(const streamq_batch *batch, size_t row, size_t column, size_t *length)
{
    uint32_t i;
    const sqi_vec *v = cell(batch, row, column, &i);
    if (length)
        *length = 0;
    if (!v || (v->type->id != SQI_STRING && v->type->id != SQI_BINARY))
        return NULL;
    const sqi_str *s = &((const sqi_str *)v->data)[i & v->mask];
    if (length)
        *length = s->len;
    return sqi_str_ptr(s);
}

char *streamq_batch_get_text(const streamq_batch *batch, size_t row, size_t column)
{
    uint32_t i;
    const sqi_vec *v = cell(batch, row, column, &i);
    if (!v)
        return NULL;
    sqi_buf text;
    sqi_buf_init(&text, batch->alloc, 0);
    char *copy = sqi_text_value(&text, v, i, batch->zone, SQI_TEXT_CAST) ? sqi_api_text(sqi_buf_view(&text)) : NULL;
    sqi_buf_fini(&text);
    return copy;
}

char *streamq_batch_show(const streamq_batch *batch, int64_t rows, int32_t truncate)
{
    if (!SQI_IS(batch, BATCH))
        return NULL;
    sqi_buf text;
    sqi_io_table table;
    sqi_buf_init(&text, batch->alloc, 0);
    sqi_io_table_init(&table, batch->alloc, &batch->batch->schema, batch->zone, rows,
                      truncate < 0 ? 0 : (uint32_t)truncate);
    bool ok = true;
    for (size_t i = 0; ok && i < batch->batch->nchunk; ++i)
        ok = sqi_io_table_add(&table, &batch->batch->chunk[i], NULL) == STREAMQ_OK;
    char *copy = ok && sqi_io_table_print(&table, &text, NULL) == STREAMQ_OK ? sqi_api_text(sqi_buf_view(&text)) : NULL;
    sqi_io_table_fini(&table);
    sqi_buf_fini(&text);
    return copy;
}

streamq_status streamq_batch_export(streamq_batch *batch, struct ArrowArray *array, struct ArrowSchema *schema,
                                    streamq_error **error)
{
    if (!SQI_IS(batch, BATCH))
        return sqi_api_bad_handle(error, "streamq_batch_export", "batch");
    if (!array || !schema)
        return sqi_error_set(error, SQI_COND_INVALID_ARGUMENT,
                             "streamq_batch_export: array and schema must not be NULL");
    return sqi_arrow_export_batch(batch->batch, array, schema, error);
}
