/*
 * api_writer: writers: a sink, its options, mode and trigger, callbacks; then start or open, which checks the plan,
 * optimises it and makes the query.
 */
#include "api_state.h"
#include "plan_check.h"
#include "plan_optimize.h"

#include <stdio.h>

streamq_writer *streamq_write_stream(streamq_stream *stream, const char *format)
{
    if (!SQI_IS(stream, STREAM))
        return NULL;
    streamq_plan *plan = stream->plan;
    streamq_error *error = NULL;
    streamq_writer *w = sqi_arena_zero(&plan->arena, sizeof *w);
    char *copy = format ? sqi_arena_text(&plan->arena, format, strlen(format)) : NULL;
    if (!w || (format && !copy))
        (void)sqi_error_nomem(&error);
    else if (!format)
        (void)sqi_error_set(&error, SQI_COND_INVALID_ARGUMENT, "a writer needs a format, such as \"console\"");
    if (error)
        (void)sqi_api_failed(plan, error);
    if (!w)
        return &plan->failed_writer;
    *w = (streamq_writer){.magic = SQI_MAGIC_WRITER,
                          .plan = plan,
                          .node = stream->node,
                          .format = sqi_span_of(copy),
                          .options = {&plan->arena, NULL}};
    return w;
}

static void fail(streamq_writer *w, streamq_error *error)
{
    if (error)
        (void)sqi_api_failed(w->plan, error);
}

void streamq_writer_option(streamq_writer *writer, const char *name, const char *value)
{
    if (!SQI_IS(writer, WRITER))
        return;
    streamq_error *error = NULL;
    if (!name || !value)
        (void)sqi_error_set(&error, SQI_COND_INVALID_ARGUMENT, "streamq_writer_option: the name or the value is NULL");
    else if (sqi_span_equal_nocase(sqi_span_of(name), SQI_SPAN("queryName")))
        streamq_writer_query_name(writer, value);
    else if (sqi_span_equal_nocase(sqi_span_of(name), SQI_SPAN("checkpointLocation")))
        error = sqi_api_checkpoint_set(writer, value);
    else
        (void)sqi_options_set(&writer->options, sqi_span_of(name), sqi_span_of(value), &error);
    fail(writer, error);
}

void streamq_writer_output_mode(streamq_writer *writer, streamq_output_mode mode)
{
    if (!SQI_IS(writer, WRITER))
        return;
    streamq_error *error = NULL;
    if (mode < STREAMQ_APPEND || mode > STREAMQ_COMPLETE)
        (void)sqi_error_set(&error, SQI_COND_INVALID_ARGUMENT,
                            "output mode %d: give STREAMQ_APPEND, STREAMQ_UPDATE or STREAMQ_COMPLETE", (int)mode);
    writer->mode = error ? STREAMQ_APPEND : mode;
    fail(writer, error);
}

void streamq_writer_query_name(streamq_writer *writer, const char *name)
{
    if (!SQI_IS(writer, WRITER))
        return;
    streamq_error *error = NULL;
    char *copy = name ? sqi_arena_text(&writer->plan->arena, name, strlen(name)) : NULL;
    if (name && !copy)
        (void)sqi_error_nomem(&error);
    writer->name = sqi_span_of(copy);
    fail(writer, error);
}

void streamq_writer_trigger_interval(streamq_writer *writer, const char *interval)
{
    if (!SQI_IS(writer, WRITER))
        return;
    int64_t micros = 0;
    streamq_error *error = NULL;
    if (!interval || !sqi_duration_parse(sqi_span_of(interval), &micros) || micros < 0)
        (void)sqi_error_set(
            &error, SQI_COND_INVALID_OPTION_VALUE,
            "the trigger interval '%.100s' is no duration; write it as \"10 seconds\" or \"500 milliseconds\"",
            interval ? interval : "NULL");
    writer->trigger = micros > 0 ? (sqi_trigger){SQI_TRIGGER_INTERVAL, micros} : (sqi_trigger){SQI_TRIGGER_DEFAULT, 0};
    fail(writer, error);
}

void streamq_writer_trigger_once(streamq_writer *writer)
{
    if (SQI_IS(writer, WRITER))
        writer->trigger = (sqi_trigger){SQI_TRIGGER_ONCE, 0};
}

void streamq_writer_trigger_available_now(streamq_writer *writer)
{
    if (SQI_IS(writer, WRITER))
        writer->trigger = (sqi_trigger){SQI_TRIGGER_AVAILABLE_NOW, 0};
}

void streamq_writer_foreach_batch(streamq_writer *writer, streamq_foreach_batch callback, void *user)
{
    if (SQI_IS(writer, WRITER)) {
        writer->on_batch = callback;
        writer->user = user;
    }
}

void streamq_writer_foreach(streamq_writer *writer, streamq_foreach_row callback, void *user)
{
    if (SQI_IS(writer, WRITER)) {
        writer->on_row = callback;
        writer->user = user;
    }
}

void streamq_writer_console(streamq_writer *writer, streamq_text_callback callback, void *user)
{
    if (SQI_IS(writer, WRITER)) {
        writer->on_text = callback;
        writer->text_user = user;
    }
}

/* -------------------------------------------------------------- what the sink is handed */

static streamq_status call_failed(const char *what, int32_t code, int64_t batch_id, streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_USER_CALLBACK_FAILED, "the %s callback returned %d for batch %lld", what,
                         (int)code, (long long)batch_id);
}

static streamq_status give_batch(void *user, int64_t batch_id, sqi_batch *batch, streamq_error **err)
{
    sqi_target *t = user;
    streamq_batch *b = sqi_api_batch(sqi_batch_ref(batch), t->zone);
    if (!b)
        return sqi_error_nomem(err);
    int32_t code = 0;
    if (t->on_batch)
        code = t->on_batch(t->user, batch_id, b);
    size_t rows = t->on_row && !code ? streamq_batch_rows(b) : 0;
    for (size_t i = 0; i < rows && !code; ++i)
        code = t->on_row(t->user, batch_id, b, i);
    streamq_batch_free(b);
    return code ? call_failed(t->on_row ? "foreach" : "foreachBatch", code, batch_id, err) : STREAMQ_OK;
}

static bool give_text(void *user, const char *text, size_t len)
{
    sqi_target *t = user;
    return t->on_text(t->text_user, text, len) == 0;
}

static streamq_status make_table(streamq_writer *w, sqi_target *t, const sqi_schema *schema, streamq_error **err)
{
    streamq_session *s = w->plan->session;
    sqi_table_entry *entry = sqi_alloc_zero(&s->alloc, sizeof *entry);
    if (!entry)
        return sqi_error_nomem(err);
    t->table = sqi_memory_table_new(&s->alloc, w->name, schema, err);
    if (!t->table) {
        sqi_alloc_free(&s->alloc, entry, sizeof *entry);
        return err && *err ? sqi_error_status(*err) : STREAMQ_ERR_NOMEM;
    }
    entry->table = sqi_memory_table_ref(t->table);
    pthread_mutex_lock(&s->mutex);
    sqi_table_entry **old = &s->table; /* a new query of that name replaces the table, as Spark's view */
    while (*old && !sqi_name_equal(sqi_memory_table_name((*old)->table), w->name))
        old = &(*old)->next;
    sqi_table_entry *gone = *old;
    entry->next = gone ? gone->next : NULL;
    *old = entry;
    pthread_mutex_unlock(&s->mutex);
    if (gone) {
        sqi_memory_table_unref(gone->table);
        sqi_alloc_free(&s->alloc, gone, sizeof *gone);
    }
    return STREAMQ_OK;
}

typedef struct kept { /* what a query keeps: released when it is freed */
    streamq_plan *plan;
    sqi_target target;
} kept;

static void release_kept(void *thing)
{
    kept *k = thing;
    streamq_plan *plan = k->plan;
    sqi_pull_unref(k->target.pull);
    sqi_memory_table_unref(k->target.table);
    sqi_alloc_free(&plan->session->alloc, k, sizeof *k);
    sqi_api_plan_unref(plan);
}

static streamq_status fill_target(streamq_writer *w, const sqi_sink_type *type, sqi_target *t, const sqi_schema *schema,
                                  void **declared, streamq_error **err)
{
    streamq_plan *plan = w->plan;
    *t = (sqi_target){.alloc = &plan->session->alloc,
                      .on_batch = w->on_batch,
                      .on_row = w->on_row,
                      .on_text = w->on_text,
                      .user = w->user,
                      .text_user = w->text_user,
                      .zone = plan->io.zone};
    t->foreach = (sqi_foreach){.user = t, .batch = give_batch};
    t->console = (sqi_console){.user = t, .write = w->on_text ? give_text : NULL};
    if (type == &sqi_snk_console)
        *declared = &t->console;
    if (type->files) {
        t->files = (sqi_file_target){w->partition, w->npartition};
        *declared = &t->files;
    }
    if (type == &sqi_snk_foreach_batch) {
        if (!w->on_batch && !w->on_row)
            return sqi_error_set(
                err, SQI_COND_MISSING_OPTION,
                "the sink '%s' needs its callback: streamq_writer_foreach or streamq_writer_foreach_batch", type->name);
        *declared = &t->foreach;
    }
    if (type == &sqi_snk_pull) {
        sqi_span capacity = {NULL, 0};
        int64_t n = 0;
        if (sqi_options_get(&w->options, "capacity", &capacity))
            n = sqi_options_int(&w->options, type->option, type->noption, "capacity");
        t->pull = sqi_pull_new(t->alloc, (size_t)n, err);
        *declared = t->pull;
        if (!t->pull)
            return sqi_error_nomem(err);
    }
    if (type->needs_name && !w->name.len)
        return sqi_error_set(err, SQI_COND_MISSING_OPTION,
                             "the sink '%s' needs a query name: streamq_writer_query_name", type->name);
    if (type == &sqi_snk_memory) {
        SQI_TRY(make_table(w, t, schema, err));
        *declared = t->table;
    }
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- start */

static streamq_status find_sink(streamq_writer *w, const sqi_sink_type **type, void **declared, streamq_error **err)
{
    *type = sqi_span_equal_nocase(w->format, SQI_SPAN("foreach")) ? &sqi_snk_foreach_batch : sqi_sink_find(w->format);
    if (!*type)
        *type = sqi_api_find_sink(w->plan->session->registered, w->format, declared);
    if (!*type) {
        sqi_span names[16];
        size_t n = 0;
        for (const sqi_sink_type *t; n < 16 && (t = sqi_sink_at(n)) != NULL; ++n)
            names[n] = sqi_span_of(t->name);
        streamq_status status = sqi_error_set(err, SQI_COND_UNKNOWN_SINK, "there is no sink '%.*s'",
                                              (int)(w->format.len < 200 ? w->format.len : 200), w->format.ptr);
        if (err)
            sqi_error_candidates(*err, names, n);
        return status;
    }
    char what[80];
    snprintf(what, sizeof what, "sink '%.60s'", (*type)->name);
    SQI_TRY(sqi_api_save_check_stream(w, *type, err));
    return *declared ? STREAMQ_OK : sqi_sink_check(*type, &w->options, what, err);
}

static streamq_status check_name(streamq_writer *w, streamq_error **err)
{
    if (w->name.len && streamq_session_find_query(w->plan->session, w->name.ptr))
        return sqi_error_set(err, SQI_COND_CONCURRENT_QUERY,
                             "a query with the name '%.100s' is active in this session; stop it or choose another name",
                             w->name.ptr);
    return STREAMQ_OK;
}

/* The session's workers, made once. Under the session's mutex. */
static streamq_status need_workers(streamq_session *s, uint32_t threads, streamq_error **err)
{
    char text[128];
    if (threads < 2 || s->workers)
        return STREAMQ_OK;
    sqi_os_pool *pool = sqi_alloc_zero(&s->alloc, sqi_os_pool_size(threads - 1));
    if (!pool)
        return sqi_error_nomem(err);
    int code = sqi_os_pool_open(pool, threads - 1);
    if (code) {
        sqi_alloc_free(&s->alloc, pool, sqi_os_pool_size(threads - 1));
        return sqi_error_set(err, SQI_COND_IO_ERROR, "cannot make the session's workers: %s",
                             sqi_os_message(code, text, sizeof text));
    }
    s->workers = pool;
    s->nworker = threads - 1;
    return STREAMQ_OK;
}

static streamq_status fill_spec(streamq_writer *w, sqi_query_spec *spec, const sqi_node *plan_node, streamq_error **err)
{
    streamq_session *s = w->plan->session;
    *spec = (sqi_query_spec){.alloc = &s->alloc,
                             .io = &w->plan->io,
                             .eval = &w->plan->eval,
                             .plan = plan_node,
                             .sink_options = &w->options,
                             .mode = w->mode,
                             .trigger = w->trigger,
                             .name = w->name,
                             .chunk_rows = w->plan->io.chunk_rows};
    spec->events = (sqi_query_events){s, sqi_api_session_wanted, sqi_api_session_event, sqi_api_session_ended};
    pthread_mutex_lock(&s->mutex);
    spec->recent = (size_t)sqi_settings_int(&s->settings, SQI_SETTING_RECENT);
    spec->idle_event_micros = sqi_settings_int(&s->settings, SQI_SETTING_IDLE_EVENT);
    spec->threads = (uint32_t)sqi_settings_int(&s->settings, SQI_SETTING_THREADS);
    spec->help_rows = (uint64_t)sqi_settings_int(&s->settings, SQI_SETTING_PARALLEL_ROWS);
    streamq_status status = need_workers(s, spec->threads, err);
    spec->workers = s->workers;
    if (s->workers && spec->threads > s->nworker + 1)
        spec->threads = s->nworker + 1; /* the number of the session's first such query stays */
    pthread_mutex_unlock(&s->mutex);
    SQI_TRY(status);
    return sqi_plan_schema(&w->plan->context, plan_node, &spec->schema, err);
}

static streamq_status build(streamq_writer *w, sqi_query **out, streamq_error **err)
{
    streamq_plan *plan = w->plan;
    const sqi_node *optimized;
    sqi_query_spec spec;
    void *declared = NULL;
    if (plan->error || !w->node)
        return sqi_error_pass(err, sqi_error_copy(plan->error));
    SQI_TRY(sqi_plan_check_stream(w->node, w->mode, err));
    SQI_TRY(check_name(w, err));
    SQI_TRY(sqi_plan_optimize(&plan->context, w->node, &optimized, err));
    SQI_TRY(fill_spec(w, &spec, optimized, err));
    SQI_TRY(find_sink(w, &spec.sink, &declared, err));
    SQI_TRY(sqi_api_checkpoint_place(w, &spec, err));
    kept *k = sqi_alloc_zero(&plan->session->alloc, sizeof *k);
    if (!k)
        return sqi_error_nomem(err);
    k->plan = sqi_api_plan_ref(plan);
    streamq_status status = fill_target(w, spec.sink, &k->target, &spec.schema, &declared, err);
    if (status != STREAMQ_OK) {
        release_kept(k);
        return status;
    }
    spec.sink_declared = declared;
    spec.pull = k->target.pull;
    spec.keep = k;
    spec.release = release_kept;
    status = sqi_query_new(out, &spec, err);
    sqi_arena_reset(&plan->scratch);
    return status;
}

static void announce(streamq_query *q)
{
    streamq_session *s = q->session;
    pthread_mutex_lock(&s->mutex);
    q->next = s->query;
    s->query = q;
    pthread_mutex_unlock(&s->mutex);
    if (sqi_api_session_wanted(s)) {
        sqi_buf json;
        sqi_buf_init(&json, &s->alloc, 0);
        if (sqi_query_event_json(q->query, &json))
            sqi_api_session_event(s, STREAMQ_EVENT_STARTED, sqi_buf_view(&json));
        else
            sqi_log_write(&s->log, SQI_LOG_WARN, "the start of a query was not told to the listeners: no memory");
        sqi_buf_fini(&json);
    }
}

static streamq_query *open_query(streamq_writer *writer, const char *function, streamq_error **error)
{
    streamq_error *e = NULL;
    if (!SQI_IS(writer, WRITER)) {
        (void)sqi_api_bad_handle(error, function, "writer");
        return NULL;
    }
    streamq_session *s = writer->plan->session;
    streamq_query *q = sqi_alloc_zero(&s->alloc, sizeof *q);
    if (q && writer->name.len && !(q->name = sqi_alloc_get(&s->alloc, writer->name.len + 1))) {
        sqi_alloc_free(&s->alloc, q, sizeof *q);
        q = NULL;
    }
    if (!q) {
        (void)sqi_error_nomem(error);
        return NULL;
    }
    if (q->name)
        memcpy(q->name, writer->name.ptr, writer->name.len + 1);
    q->session = s;
    q->magic = SQI_MAGIC_QUERY;
    if (build(writer, &q->query, &e) != STREAMQ_OK) {
        (void)sqi_error_pass(error, e);
        if (q->name)
            sqi_alloc_free(&s->alloc, q->name, writer->name.len + 1);
        sqi_alloc_free(&s->alloc, q, sizeof *q);
        return NULL;
    }
    announce(q);
    return q;
}

streamq_query *streamq_writer_open(streamq_writer *writer, streamq_error **error)
{
    return open_query(writer, "streamq_writer_open", error);
}

streamq_query *streamq_writer_start(streamq_writer *writer, streamq_error **error)
{
    streamq_query *q = open_query(writer, "streamq_writer_start", error);
    if (!q)
        return NULL;
    if (sqi_sched_start(&q->sched, q->query, error) != STREAMQ_OK) {
        streamq_query_free(q);
        return NULL;
    }
    q->threaded = true;
    return q;
}
