/*
 * api_feed: feeds: rows from the program as lines, SQL, Arrow, or cell by cell. Each push makes one batch and hands it
 * to the io room's feed, which counts, keeps and gives back-pressure.
 */
#include "api_state.h"
#include "data_arrow.h"
#include "io_lines_batch.h"
#include "run_collect.h"

enum { DEFAULT_ROWS = 16 << 20 };
static const uint64_t DEFAULT_BYTES = UINT64_C(1) << 30;

/* -------------------------------------------------------------- life */

static streamq_status parse_columns(streamq_session *s, const char *text, sqi_arena *arena, sqi_schema *out,
                                    streamq_error **err)
{
    sqi_parser p;
    if (!text)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT,
                             "streamq_feed_new: the schema is NULL; write \"value STRING\"");
    SQI_TRY(sqi_parser_init(&p, sqi_span_of(text), arena, s->pool, s->zones, sqi_zone_utc(), err));
    SQI_TRY(sqi_parse_schema(&p, out, err));
    if (!out->n)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "streamq_feed_new: a feed needs at least one column");
    return STREAMQ_OK;
}

streamq_feed *streamq_feed_new(streamq_session *session, const char *schema, streamq_error **error)
{
    if (!SQI_IS(session, SESSION)) {
        (void)sqi_api_bad_handle(error, "streamq_feed_new", "session");
        return NULL;
    }
    streamq_feed *f = sqi_alloc_zero(&session->alloc, sizeof *f);
    if (!f || pthread_mutex_init(&f->mutex, NULL) != 0) {
        sqi_alloc_free(&session->alloc, f, sizeof *f);
        (void)sqi_error_nomem(error);
        return NULL;
    }
    f->session = session;
    f->alloc = &session->alloc;
    f->magic = SQI_MAGIC_FEED;
    sqi_arena_init(&f->arena, f->alloc);
    sqi_schema columns = {0, NULL};
    if (parse_columns(session, schema, &f->arena, &columns, error) == STREAMQ_OK)
        f->feed = sqi_feed_new(f->alloc, &columns, DEFAULT_ROWS, DEFAULT_BYTES, error);
    sqi_arena_reset(&f->arena);
    if (f->feed)
        return f;
    streamq_feed_free(f);
    return NULL;
}

void streamq_feed_free(streamq_feed *feed)
{
    if (!SQI_IS(feed, FEED))
        return;
    feed->magic = 0;
    sqi_feed_unref(feed->feed);
    sqi_arena_fini(&feed->arena);
    sqi_error_free(feed->failed);
    pthread_mutex_destroy(&feed->mutex);
    sqi_alloc_free(feed->alloc, feed, sizeof *feed);
}

void streamq_feed_capacity(streamq_feed *feed, uint64_t rows, uint64_t bytes)
{
    if (SQI_IS(feed, FEED))
        sqi_feed_limit(feed->feed, rows ? rows : DEFAULT_ROWS, bytes ? bytes : DEFAULT_BYTES);
}

void streamq_feed_close(streamq_feed *feed)
{
    if (SQI_IS(feed, FEED))
        sqi_feed_close(feed->feed);
}

streamq_status streamq_feed_wait(streamq_feed *feed, uint64_t rows, int64_t timeout_ms, streamq_error **error)
{
    if (!SQI_IS(feed, FEED))
        return sqi_api_bad_handle(error, "streamq_feed_wait", "feed");
    return sqi_feed_wait(feed->feed, feed->session->os, rows, 0, sqi_api_deadline(feed->session, timeout_ms), error);
}

/* Hands the batch over; it is let go in any case. */
static streamq_status push(streamq_feed *f, sqi_batch *b, streamq_error **err)
{
    streamq_status status = sqi_feed_push(f->feed, b, err);
    if (status != STREAMQ_OK)
        sqi_batch_unref(b);
    return status;
}

/* -------------------------------------------------------------- whole texts and arrays */

static streamq_status check_lines(const streamq_feed *feed, const char *function, const char *text, int64_t length,
                                  streamq_error **err)
{
    if (!SQI_IS(feed, FEED))
        return sqi_api_bad_handle(err, function, "feed");
    if (!text || length < -1)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "%s: the text is NULL or its length is negative",
                             function);
    const sqi_schema *schema = sqi_feed_schema(feed->feed);
    if (schema->n == 1 && schema->field[0].type->id == SQI_STRING)
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT,
                         "%s: lines are for a feed of one STRING column; use another push for this feed", function);
}

static streamq_status push_filled(streamq_feed *f, sqi_batch *b, streamq_status filled, streamq_error **err)
{
    if (filled == STREAMQ_OK)
        return push(f, b, err);
    sqi_batch_unref(b);
    return filled;
}

static sqi_span text_of(const char *text, int64_t length)
{
    return (sqi_span){text, length < 0 ? strlen(text) : (size_t)length};
}

streamq_status streamq_feed_push_lines(streamq_feed *feed, const char *text, int64_t length, streamq_error **error)
{
    SQI_TRY(check_lines(feed, "streamq_feed_push_lines", text, length, error));
    sqi_batch *b = sqi_feed_batch(feed->feed, error);
    return b ? push_filled(feed, b, sqi_lines_batch(b, text_of(text, length), error), error) : STREAMQ_ERR_NOMEM;
}

static void keep_nothing(void *context)
{
    (void)context;
}

streamq_status streamq_feed_lend_lines(streamq_feed *feed, const char *text, int64_t length,
                                       void (*release)(void *context), void *context, streamq_error **error)
{
    streamq_status status = check_lines(feed, "streamq_feed_lend_lines", text, length, error);
    sqi_batch *b = status == STREAMQ_OK ? sqi_feed_batch(feed->feed, error) : NULL;
    if (!release)
        release = keep_nothing;
    if (!b) {
        release(context);
        return status == STREAMQ_OK ? STREAMQ_ERR_NOMEM : status;
    }
    return push_filled(feed, b, sqi_lines_batch_lent(b, text_of(text, length), release, context, error), error);
}

streamq_status streamq_feed_push_arrow(streamq_feed *feed, struct ArrowArray *array, struct ArrowSchema *schema,
                                       streamq_error **error)
{
    sqi_batch *b = NULL;
    streamq_status status;
    if (!SQI_IS(feed, FEED) || !array || !schema)
        status = sqi_api_bad_handle(error, "streamq_feed_push_arrow", !array || !schema ? "array or schema" : "feed");
    else
        status = sqi_arrow_import_batch(feed->alloc, feed->session->pool, sqi_feed_schema(feed->feed), array, schema,
                                        &b, error);
    if (array && array->release)
        array->release(array);
    if (schema && schema->release)
        schema->release(schema);
    return status == STREAMQ_OK ? push(feed, b, error) : status;
}

/* "(1, 'a')" -> SELECT CAST(col1 AS INT), ... FROM VALUES (1, 'a') */
static bool values_query(sqi_buf *to, const sqi_schema *s, const char *rows)
{
    bool ok = sqi_buf_text(to, "SELECT ");
    for (uint32_t i = 0; i < s->n; ++i)
        ok = ok && sqi_buf_printf(to, "%sCAST(col%u AS ", i ? ", " : "", i + 1) &&
             sqi_type_print_sql(to, s->field[i].type) && sqi_buf_byte(to, ')');
    return ok && sqi_buf_text(to, " FROM VALUES ") && sqi_buf_text(to, rows) && sqi_buf_byte(to, '\0');
}

static streamq_status push_values(streamq_feed *f, const char *rows, streamq_error **err)
{
    sqi_buf text;
    sqi_buf_init(&text, f->alloc, 0);
    streamq_plan *plan = streamq_plan_new(f->session);
    streamq_status status =
        plan && values_query(&text, sqi_feed_schema(f->feed), rows) ? STREAMQ_OK : sqi_error_nomem(err);
    streamq_batch *result = NULL;
    if (status == STREAMQ_OK) {
        streamq_error *e = NULL;
        result = streamq_collect(streamq_sql(plan, text.ptr), &e);
        status = result ? STREAMQ_OK : sqi_error_pass(err, e);
    }
    if (result) {
        sqi_batch *b = sqi_feed_batch(f->feed, err);
        status = b ? STREAMQ_OK : STREAMQ_ERR_NOMEM;
        for (size_t i = 0; status == STREAMQ_OK && i < result->batch->nchunk; ++i)
            status = sqi_batch_append(b, &result->batch->chunk[i], err);
        if (status == STREAMQ_OK)
            status = push(f, b, err);
        else
            sqi_batch_unref(b);
    }
    streamq_batch_free(result);
    streamq_plan_free(plan);
    sqi_buf_fini(&text);
    return status;
}

streamq_status streamq_feed_push_sql(streamq_feed *feed, const char *rows, streamq_error **error)
{
    if (!SQI_IS(feed, FEED))
        return sqi_api_bad_handle(error, "streamq_feed_push_sql", "feed");
    if (!rows)
        return sqi_error_set(error, SQI_COND_INVALID_ARGUMENT,
                             "streamq_feed_push_sql: the text is NULL; \"\" pushes a batch without rows");
    if (sqi_span_trim(sqi_span_of(rows)).len)
        return push_values(feed, rows, error);
    sqi_batch *b = sqi_feed_batch(feed->feed, error);
    return b ? push(feed, b, error) : STREAMQ_ERR_NOMEM;
}
