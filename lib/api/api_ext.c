/*
 * api_ext: registration: checks, copies, and the lookups that readers, writers and the binder make.
 *
 * destroy(user) is called exactly once: with the session, or at once if registration fails.
 */
#include "api_ext.h"
#include "data_arrow.h"
#include "run_state_source.h"

/* -------------------------------------------------------------- the lists */

static const sqi_func *find_func(const sqi_registry *registry, sqi_span name)
{
    const sqi_registered *r = (const sqi_registered *)registry;
    for (const sqi_custom_func *f = r->func; f; f = f->next)
        if (sqi_span_equal_nocase(sqi_span_of(f->row.name), name))
            return &f->row;
    return NULL;
}

static const sqi_agg *find_agg(const sqi_registry *registry, sqi_span name)
{
    const sqi_registered *r = (const sqi_registered *)registry;
    for (const sqi_custom_agg *a = r->agg; a; a = a->next)
        if (sqi_span_equal_nocase(sqi_span_of(a->row.name), name))
            return &a->row;
    return NULL;
}

sqi_registered *sqi_api_registered(streamq_session *s)
{
    pthread_mutex_lock(&s->mutex);
    sqi_registered *r = s->registered;
    if (!r && (r = sqi_alloc_zero(&s->alloc, sizeof *r)) != NULL) {
        r->registry = (sqi_registry){find_func, find_agg};
        r->alloc = &s->alloc;
        sqi_arena_init(&r->arena, &s->alloc);
        if (pthread_mutex_init(&r->mutex, NULL) == 0)
            s->registered = r;
        else {
            sqi_alloc_free(&s->alloc, r, sizeof *r);
            r = NULL;
        }
    }
    pthread_mutex_unlock(&s->mutex);
    return r;
}

const sqi_registry *sqi_api_registry(sqi_registered *r)
{
    return r ? &r->registry : NULL;
}

#define DESTROY(entry)   \
    if ((entry).destroy) \
    (entry).destroy((entry).user)

void sqi_api_registered_free(sqi_registered *r)
{
    if (!r)
        return;
    for (sqi_source_entry *e = r->source; e; e = e->next)
        DESTROY(e->source.table);
    for (sqi_sink_entry *e = r->sink; e; e = e->next)
        DESTROY(e->sink.table);
    for (sqi_custom_func *f = r->func; f; f = f->next)
        DESTROY(f->table);
    for (sqi_custom_agg *a = r->agg; a; a = a->next)
        DESTROY(a->table);
    sqi_arena_fini(&r->arena);
    pthread_mutex_destroy(&r->mutex);
    sqi_alloc_free(r->alloc, r, sizeof *r);
}

const sqi_source_type *sqi_api_find_source(sqi_registered *r, sqi_span format, void **declared)
{
    for (sqi_source_entry *e = r ? r->source : NULL; e; e = e->next)
        if (sqi_span_equal_nocase(sqi_span_of(e->source.type.name), format)) {
            *declared = &e->source;
            return &e->source.type;
        }
    return NULL;
}

const sqi_sink_type *sqi_api_find_sink(sqi_registered *r, sqi_span format, void **declared)
{
    for (sqi_sink_entry *e = r ? r->sink : NULL; e; e = e->next)
        if (sqi_span_equal_nocase(sqi_span_of(e->sink.type.name), format)) {
            *declared = &e->sink;
            return &e->sink.type;
        }
    return NULL;
}

/* -------------------------------------------------------------- pieces of registration */

streamq_status sqi_api_ext_name(sqi_registered *r, const char *name, const char *what, char **out, streamq_error **err)
{
    size_t len = name ? strlen(name) : 0;
    if (!len || len > 100)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "%s needs a name of 1 to 100 bytes", what);
    char *copy = sqi_arena_text(&r->arena, name, len);
    if (!copy)
        return sqi_error_nomem(err);
    for (char *p = copy; *p; ++p) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + ('a' - 'A'));
        if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '_' || *p == '-'))
            return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT,
                                 "%s: the name '%s' may hold letters, digits and _ only", what, name);
    }
    *out = copy;
    return STREAMQ_OK;
}

streamq_status sqi_api_ext_type(streamq_session *s, sqi_registered *r, const char *text, const sqi_type **out,
                                streamq_error **err)
{
    sqi_parser p;
    if (!text)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT,
                             "a registered function needs its result type, such as \"BIGINT\"");
    SQI_TRY(sqi_parser_init(&p, sqi_span_of(text), &r->arena, s->pool, s->zones, sqi_zone_utc(), err));
    return sqi_parse_type(&p, out, err);
}

/* The list is read as a schema: "a0 STRING, a1 BIGINT" is made of "STRING, BIGINT" by the type reader, one after another. */
streamq_status sqi_api_ext_types(streamq_session *s, sqi_registered *r, const char *text, sqi_schema *out,
                                 streamq_error **err)
{
    sqi_parser p;
    *out = (sqi_schema){0, NULL};
    if (!text || !sqi_span_trim(sqi_span_of(text)).len)
        return STREAMQ_OK;
    SQI_TRY(sqi_parser_init(&p, sqi_span_of(text), &r->arena, s->pool, s->zones, sqi_zone_utc(), err));
    out->field = sqi_arena_array(&r->arena, 64, sizeof *out->field);
    if (!out->field)
        return sqi_error_nomem(err);
    for (;;) {
        if (out->n == 64)
            return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "a registered function takes at most 64 arguments");
        sqi_field *f = &out->field[out->n++];
        f->nullable = true;
        f->name = SQI_SPAN("argument");
        SQI_TRY(sqi_parse_type_piece(&p, &f->type, err));
        if (p.lex.current.kind == SQI_TOKEN_END)
            return STREAMQ_OK;
        if (!sqi_token_is(&p.lex.current, ","))
            return sqi_parse_unexpected(&p, err);
        SQI_TRY(sqi_lex_next(&p.lex, err));
    }
}

streamq_status sqi_api_ext_cast(sqi_binder *b, sqi_bound *node, const sqi_schema *want, const sqi_type *result,
                                streamq_error **err)
{
    for (uint32_t i = 0; i < want->n; ++i)
        SQI_TRY(sqi_bind_cast(b, &node->arg[i], want->field[i].type, err));
    node->type = result;
    node->nullable = true;
    return STREAMQ_OK;
}

streamq_status sqi_api_ext_import(sqi_eval *eval, const sqi_type *type, struct ArrowArray *array, uint32_t n,
                                  sqi_vec *out, sqi_batch **keep, streamq_error **err)
{
    struct ArrowSchema schema = {0};
    sqi_field field = {SQI_SPAN("result"), type, true};
    sqi_schema want = {1, &field};
    *keep = NULL;
    streamq_status status = STREAMQ_OK;
    if (!array->release)
        status = sqi_error_set(err, SQI_COND_USER_CALLBACK_FAILED, "the callback returned 0 but gave no array");
    else if (array->length != (int64_t)n)
        status = sqi_error_set(err, SQI_COND_USER_CALLBACK_FAILED, "the callback gave %lld values for %u rows",
                               (long long)array->length, n);
    if (status == STREAMQ_OK)
        status = sqi_arrow_export_schema(&want, &schema, err);
    if (status == STREAMQ_OK)
        status = sqi_arrow_import_batch(eval->alloc, eval->pool, &want, array, schema.children[0], keep, err);
    if (schema.release)
        schema.release(&schema);
    if (array->release)
        array->release(array);
    if (status != STREAMQ_OK || !n)
        return status;
    const sqi_vec **part = sqi_arena_array(eval->arena, (*keep)->nchunk, sizeof *part);
    uint32_t *count = sqi_arena_array(eval->arena, (*keep)->nchunk, sizeof *count);
    if (!part || !count)
        return sqi_error_nomem(err);
    for (size_t i = 0; i < (*keep)->nchunk; ++i) {
        part[i] = (*keep)->chunk[i].col;
        count[i] = (*keep)->chunk[i].rows.n;
    }
    return sqi_vec_concat(out, part, count, (uint32_t)(*keep)->nchunk, eval->arena, err);
}

/* -------------------------------------------------------------- sources and sinks */

void streamq_ext_fail(streamq_ext_error *error, const char *text)
{
    if (!error || !text)
        return;
    size_t n = strlen(text);
    n = n < sizeof error->text - 1 ? n : sizeof error->text - 1;
    memcpy(error->text, text, n);
    error->text[n] = '\0';
}

/* A format's name, lower-case, that no source (or sink) has yet. The lists are locked by the caller. */
static streamq_status claim(sqi_registered *r, const char *format, bool source, char **name, streamq_error **err)
{
    const char *what = source ? "source" : "sink";
    void *ignored;
    SQI_TRY(sqi_api_ext_name(r, format, what, name, err));
    sqi_span n = sqi_span_of(*name);
    bool taken = source ? sqi_source_find(n) || sqi_state_source_find(n) || sqi_api_find_source(r, n, &ignored)
                        : sqi_sink_find(n) || sqi_api_find_sink(r, n, &ignored);
    if (taken)
        return sqi_error_set(err, SQI_COND_CALL_OUT_OF_ORDER, "there is a %s '%s' already", what, *name);
    return STREAMQ_OK;
}

static streamq_status enlist_source(sqi_registered *r, const char *format, const streamq_source *source,
                                    streamq_error **err)
{
    char *name;
    SQI_TRY(claim(r, format, true, &name, err));
    sqi_source_entry *e = sqi_arena_zero(&r->arena, sizeof *e);
    if (!e)
        return sqi_error_nomem(err);
    e->source = (sqi_custom_source){sqi_src_custom, *source};
    e->source.type.name = name;
    e->next = r->source;
    r->source = e;
    return STREAMQ_OK;
}

static streamq_status add_source(streamq_session *s, const char *format, const streamq_source *source,
                                 streamq_error **err)
{
    if (!source->schema || !source->open || !source->latest || !source->read)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "a source needs schema, open, latest and read");
    sqi_registered *r = sqi_api_registered(s);
    if (!r)
        return sqi_error_nomem(err);
    pthread_mutex_lock(&r->mutex);
    streamq_status status = enlist_source(r, format, source, err);
    pthread_mutex_unlock(&r->mutex);
    return status;
}

streamq_status streamq_session_register_source(streamq_session *session, const char *format,
                                               const streamq_source *source, streamq_error **error)
{
    if (!source || source->struct_size != sizeof *source)
        return sqi_error_set(error, SQI_COND_INVALID_ARGUMENT,
                             "streamq_session_register_source: struct_size must be sizeof(streamq_source)");
    streamq_status status = SQI_IS(session, SESSION)
                                ? add_source(session, format, source, error)
                                : sqi_api_bad_handle(error, "streamq_session_register_source", "session");
    if (status != STREAMQ_OK)
        DESTROY(*source);
    return status;
}

static streamq_status enlist_sink(sqi_registered *r, const char *format, const streamq_sink *sink, streamq_error **err)
{
    char *name;
    SQI_TRY(claim(r, format, false, &name, err));
    sqi_sink_entry *e = sqi_arena_zero(&r->arena, sizeof *e);
    if (!e)
        return sqi_error_nomem(err);
    e->sink = (sqi_custom_sink){sqi_snk_custom, *sink};
    e->sink.type.name = name;
    e->next = r->sink;
    r->sink = e;
    return STREAMQ_OK;
}

static streamq_status add_sink(streamq_session *s, const char *format, const streamq_sink *sink, streamq_error **err)
{
    if (!sink->open || !sink->write || !sink->commit)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "a sink needs open, write and commit");
    sqi_registered *r = sqi_api_registered(s);
    if (!r)
        return sqi_error_nomem(err);
    pthread_mutex_lock(&r->mutex);
    streamq_status status = enlist_sink(r, format, sink, err);
    pthread_mutex_unlock(&r->mutex);
    return status;
}

streamq_status streamq_session_register_sink(streamq_session *session, const char *format, const streamq_sink *sink,
                                             streamq_error **error)
{
    if (!sink || sink->struct_size != sizeof *sink)
        return sqi_error_set(error, SQI_COND_INVALID_ARGUMENT,
                             "streamq_session_register_sink: struct_size must be sizeof(streamq_sink)");
    streamq_status status = SQI_IS(session, SESSION)
                                ? add_sink(session, format, sink, error)
                                : sqi_api_bad_handle(error, "streamq_session_register_sink", "session");
    if (status != STREAMQ_OK)
        DESTROY(*sink);
    return status;
}

streamq_status sqi_api_custom_schema(streamq_plan *plan, const sqi_source_spec *spec, const sqi_schema *given,
                                     sqi_schema *out, streamq_error **err)
{
    const sqi_custom_source *c = spec->declared;
    sqi_custom_options options;
    struct streamq_ext_error why = {{0}};
    enum { SCHEMA_BYTES = 1 << 16 };
    if (given)
        return sqi_schema_copy(out, given, &plan->arena, err);
    char *text = sqi_arena_zero(&plan->scratch, SCHEMA_BYTES);
    if (!text)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_custom_options_make(spec->options, &plan->scratch, &options, err));
    int32_t code = c->table.schema(c->table.user, options.name, options.value, options.n, text, SCHEMA_BYTES, &why);
    if (code)
        return sqi_custom_failed("source", c->type.name, "schema", code, &why, err);
    text[SCHEMA_BYTES - 1] = '\0';
    sqi_parser p;
    SQI_TRY(sqi_api_parser(plan, &p, text, "the schema of a source", err));
    return sqi_parse_schema(&p, out, err);
}
