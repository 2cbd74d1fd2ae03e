/*
 * api_feed_rows: a feed's rows built cell by cell. The first cell that does not fit its column is remembered and
 * reported by flush, which then drops all rows since the last one: nothing half goes in.
 */
#include "api_state.h"
#include "data_decimal.h"

static bool ready(streamq_feed *f)
{
    if (f->failed)
        return false;
    if (f->cell)
        return true;
    const sqi_schema *s = sqi_feed_schema(f->feed);
    f->cell = sqi_arena_array(&f->arena, s->n, sizeof *f->cell);
    for (uint32_t i = 0; f->cell && i < s->n; ++i)
        if (!(f->cell[i] = sqi_builder_new(s->field[i].type, &f->arena)))
            f->cell = NULL;
    if (!f->cell)
        (void)sqi_error_nomem(&f->failed);
    return f->cell != NULL;
}

static void next_cell(streamq_feed *f)
{
    if (++f->column < sqi_feed_schema(f->feed)->n)
        return;
    f->column = 0;
    ++f->rows;
}

static const sqi_field *column_of(streamq_feed *f)
{
    return &sqi_feed_schema(f->feed)->field[f->column];
}

static void misfit(streamq_feed *f, const char *what)
{
    char label[128];
    const sqi_field *c = column_of(f);
    (void)sqi_error_set(&f->failed, SQI_COND_INVALID_ARGUMENT, "row %llu: %s does not fit the column `%.*s` of type %s",
                        (unsigned long long)f->rows + 1, what, (int)(c->name.len < 100 ? c->name.len : 100),
                        c->name.ptr, sqi_type_label(c->type, label));
}

#define CELL(feed)                      \
    if (!SQI_IS(feed, FEED))            \
        return;                         \
    pthread_mutex_lock(&(feed)->mutex); \
    if (ready(feed))
#define CELL_END(feed) pthread_mutex_unlock(&(feed)->mutex);

static void add_null(streamq_feed *f)
{
    if (!column_of(f)->nullable)
        misfit(f, "NULL");
    else {
        sqi_builder_null(f->cell[f->column]);
        next_cell(f);
    }
}

void streamq_feed_add_null(streamq_feed *feed)
{
    CELL(feed)
    add_null(feed);
    CELL_END(feed)
}

static void add_bool(streamq_feed *f, int32_t value)
{
    if (column_of(f)->type->id != SQI_BOOLEAN)
        misfit(f, "a boolean");
    else {
        sqi_builder_bool(f->cell[f->column], value != 0);
        next_cell(f);
    }
}

void streamq_feed_add_bool(streamq_feed *feed, int32_t value)
{
    CELL(feed)
    add_bool(feed, value);
    CELL_END(feed)
}

static bool integer_range(sqi_type_id id, int64_t *min, int64_t *max)
{
    switch (id) {
    case SQI_TINYINT:
        *min = INT8_MIN, *max = INT8_MAX;
        return true;
    case SQI_SMALLINT:
        *min = INT16_MIN, *max = INT16_MAX;
        return true;
    case SQI_INT:
    case SQI_DATE:
    case SQI_INTERVAL_YM:
        *min = INT32_MIN, *max = INT32_MAX;
        return true;
    case SQI_BIGINT:
    case SQI_TIMESTAMP:
    case SQI_TIMESTAMP_NTZ:
    case SQI_INTERVAL_DT:
        *min = INT64_MIN, *max = INT64_MAX;
        return true;
    default:
        return false;
    }
}

static void add_int64(streamq_feed *f, int64_t value)
{
    int64_t min, max;
    const sqi_type *t = column_of(f)->type;
    sqi_int128 unscaled;
    if (integer_range(t->id, &min, &max) && value >= min && value <= max)
        sqi_builder_int(f->cell[f->column], value);
    else if (t->id == SQI_FLOAT || t->id == SQI_DOUBLE)
        sqi_builder_real(f->cell[f->column], (double)value);
    else if (t->id == SQI_DECIMAL && sqi_decimal_rescale(value, 0, t->scale, t->precision, &unscaled))
        sqi_builder_decimal(f->cell[f->column], unscaled);
    else {
        misfit(f, "the integer");
        return;
    }
    next_cell(f);
}

void streamq_feed_add_int64(streamq_feed *feed, int64_t value)
{
    CELL(feed)
    add_int64(feed, value);
    CELL_END(feed)
}

static void add_double(streamq_feed *f, double value)
{
    const sqi_type *t = column_of(f)->type;
    sqi_int128 unscaled;
    if (t->id == SQI_FLOAT || t->id == SQI_DOUBLE)
        sqi_builder_real(f->cell[f->column], value);
    else if (t->id == SQI_DECIMAL && sqi_decimal_from_double(value, t->precision, t->scale, &unscaled))
        sqi_builder_decimal(f->cell[f->column], unscaled);
    else {
        misfit(f, "the number");
        return;
    }
    next_cell(f);
}

void streamq_feed_add_double(streamq_feed *feed, double value)
{
    CELL(feed)
    add_double(feed, value);
    CELL_END(feed)
}

static void add_string(streamq_feed *f, const char *value, int64_t length)
{
    sqi_type_id id = column_of(f)->type->id;
    if (!value) {
        add_null(f);
        return;
    }
    sqi_span text = {value, length < 0 ? strlen(value) : (size_t)length};
    if ((id != SQI_STRING && id != SQI_BINARY) || length < -1 || text.len > SQI_STR_MAX) {
        misfit(f, "the string");
        return;
    }
    sqi_builder_bytes(f->cell[f->column], text);
    next_cell(f);
}

void streamq_feed_add_string(streamq_feed *feed, const char *value, int64_t length)
{
    CELL(feed)
    add_string(feed, value, length);
    CELL_END(feed)
}

static streamq_status build(streamq_feed *f, sqi_batch **out, streamq_error **err)
{
    const sqi_schema *s = sqi_feed_schema(f->feed);
    if (f->failed) {
        streamq_error *first = f->failed;
        f->failed = NULL;
        return sqi_error_pass(err, first);
    }
    if (f->column)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "streamq_feed_flush: the last row has %u of %u cells",
                             f->column, s->n);
    if (f->rows > UINT32_MAX / 2)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                             "streamq_feed_flush: too many rows in one push; flush more often");
    sqi_chunk chunk = {.n = (uint32_t)f->rows, .ncol = s->n, .rows = {NULL, (uint32_t)f->rows}};
    chunk.col = sqi_arena_array(&f->arena, s->n, sizeof *chunk.col);
    if (!chunk.col)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < s->n; ++i)
        SQI_TRY(sqi_builder_finish(f->cell[i], &chunk.col[i], err));
    sqi_batch *b = sqi_feed_batch(f->feed, err);
    if (!b)
        return STREAMQ_ERR_NOMEM;
    streamq_status status = sqi_batch_append(b, &chunk, err);
    if (status == STREAMQ_OK)
        *out = b;
    else
        sqi_batch_unref(b);
    return status;
}

streamq_status streamq_feed_flush(streamq_feed *feed, streamq_error **error)
{
    sqi_batch *b = NULL;
    if (!SQI_IS(feed, FEED))
        return sqi_api_bad_handle(error, "streamq_feed_flush", "feed");
    pthread_mutex_lock(&feed->mutex);
    streamq_status status = STREAMQ_OK;
    if (feed->cell || feed->failed)
        status = build(feed, &b, error);
    sqi_arena_reset(&feed->arena);
    feed->cell = NULL;
    feed->column = 0;
    feed->rows = 0;
    pthread_mutex_unlock(&feed->mutex);
    if (status == STREAMQ_OK && b && (status = sqi_feed_push(feed->feed, b, error)) != STREAMQ_OK)
        sqi_batch_unref(b);
    return status;
}
