/*
 * api_session: the session: memory, settings, tables, listeners, and the queries that are its affair until they are
 * freed.
 *
 * Locking: `mutex` guards the lists. No callback of the program and no step of a query runs while it is held.
 */
#include "api_state.h"

static bool init_parts(streamq_session *s, const streamq_config *config)
{
    s->pool = sqi_type_pool_new(&s->alloc);
    s->zones = sqi_zones_new(&s->alloc);
    s->settings.alloc = &s->alloc;
    if (!s->pool || !s->zones || !sqi_os_cond_init(&s->changed))
        return false;
    if (pthread_mutex_init(&s->mutex, NULL) != 0) {
        pthread_cond_destroy(&s->changed);
        return false;
    }
    s->magic = SQI_MAGIC_SESSION; /* from here on streamq_session_free undoes everything */
    if (config && sqi_settings_copy(&s->settings, &config->settings, NULL) != STREAMQ_OK)
        return false;
    s->alloc.limit = (size_t)sqi_settings_int(&s->settings, SQI_SETTING_MEMORY_LIMIT);
    return true;
}

streamq_session *streamq_session_new(const streamq_config *config)
{
    if (config && config->magic != SQI_MAGIC_CONFIG)
        return NULL;
    streamq_session *s = sqi_heap_get(sizeof *s);
    if (!s)
        return NULL;
    sqi_alloc_init(&s->alloc);
    s->os = config ? config->os : sqi_os_posix();
    if (config) {
        s->log = config->log;
        if (config->has_allocator) {
            s->alloc.resize = config->allocator.resize;
            s->alloc.release = config->allocator.release;
            s->alloc.user = config->allocator.user;
        }
    }
    if (init_parts(s, config))
        return s;
    if (s->magic) {
        streamq_session_free(s);
        return NULL;
    }
    sqi_zones_free(s->zones);
    sqi_type_pool_free(s->pool);
    sqi_heap_free(s);
    return NULL;
}

static void free_lists(streamq_session *s)
{
    for (sqi_table_entry *e = s->table, *next; e; e = next) {
        next = e->next;
        sqi_memory_table_unref(e->table);
        sqi_alloc_free(&s->alloc, e, sizeof *e);
    }
    for (sqi_listening *l = s->listening, *next; l; l = next) {
        next = l->next;
        sqi_alloc_free(&s->alloc, l, sizeof *l);
    }
}

void streamq_session_free(streamq_session *session)
{
    if (!SQI_IS(session, SESSION))
        return;
    for (streamq_query *q = session->query; q; q = q->next)
        sqi_query_request_stop(q->query); /* all at once, then one by one */
    while (session->query) {
        streamq_query *q = session->query;
        session->query = q->next;
        sqi_api_query_release(q);
    }
    session->magic = 0;
    free_lists(session);
    sqi_api_registered_free(session->registered);
    sqi_settings_fini(&session->settings);
    sqi_error_free(session->first_failure);
    if (session->workers) {
        sqi_os_pool_close(session->workers);
        sqi_alloc_free(&session->alloc, session->workers, sqi_os_pool_size(session->nworker));
    }
    sqi_zones_free(session->zones);
    sqi_type_pool_free(session->pool);
    pthread_mutex_destroy(&session->mutex);
    pthread_cond_destroy(&session->changed);
    sqi_heap_free(session);
}

streamq_status streamq_session_set(streamq_session *session, const char *name, const char *value, streamq_error **error)
{
    if (!SQI_IS(session, SESSION))
        return sqi_api_bad_handle(error, "streamq_session_set", "session");
    const sqi_zone *zone;
    sqi_setting which;
    if (name && value && sqi_settings_find(name, &which) && which == SQI_SETTING_TIME_ZONE)
        SQI_TRY(sqi_zones_get(session->zones, sqi_span_of(value), &zone, error));
    pthread_mutex_lock(&session->mutex);
    streamq_status status = sqi_settings_set(&session->settings, name, value, error);
    if (status == STREAMQ_OK)
        session->alloc.limit = (size_t)sqi_settings_int(&session->settings, SQI_SETTING_MEMORY_LIMIT);
    pthread_mutex_unlock(&session->mutex);
    return status;
}

char *streamq_session_get(streamq_session *session, const char *name)
{
    sqi_setting which;
    if (!SQI_IS(session, SESSION) || !name || !sqi_settings_find(name, &which))
        return NULL;
    pthread_mutex_lock(&session->mutex);
    char *copy = sqi_api_text(sqi_span_of(sqi_settings_get(&session->settings, which)));
    pthread_mutex_unlock(&session->mutex);
    return copy;
}

size_t streamq_session_memory(const streamq_session *session, size_t *peak)
{
    bool ok = SQI_IS(session, SESSION);
    if (peak)
        *peak = ok ? atomic_load(&session->alloc.peak) : 0;
    return ok ? atomic_load(&session->alloc.used) : 0;
}

sqi_memory_table *sqi_api_session_table(streamq_session *s, sqi_span name)
{
    sqi_memory_table *found = NULL;
    pthread_mutex_lock(&s->mutex);
    for (sqi_table_entry *e = s->table; e && !found; e = e->next)
        if (sqi_name_equal(sqi_memory_table_name(e->table), name))
            found = sqi_memory_table_ref(e->table);
    pthread_mutex_unlock(&s->mutex);
    return found;
}

int64_t sqi_api_deadline(const streamq_session *s, int64_t timeout_ms)
{
    int64_t now = s->os->monotonic_micros(s->os->context);
    if (timeout_ms < 0 || timeout_ms > (INT64_MAX - now) / 1000)
        return INT64_MAX;
    return now + timeout_ms * 1000;
}
