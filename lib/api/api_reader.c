/*
 * api_reader: readers: a format, its options, a schema, then load.
 */
#include "api_state.h"
#include "run_state_source.h"

#include <stdio.h>

static streamq_reader *make(streamq_plan *plan, const char *format, bool streaming)
{
    if (!SQI_IS(plan, PLAN))
        return NULL;
    streamq_error *error = NULL;
    streamq_reader *r = sqi_arena_zero(&plan->arena, sizeof *r);
    if (!r) {
        (void)sqi_error_nomem(&error);
        (void)sqi_api_failed(plan, error);
        return &plan->failed_reader;
    }
    *r = (streamq_reader){
        .magic = SQI_MAGIC_READER, .plan = plan, .streaming = streaming, .options = {&plan->arena, NULL}};
    char *copy = format ? sqi_arena_text(&plan->arena, format, strlen(format)) : NULL;
    if (!copy) {
        (void)(format
                   ? sqi_error_nomem(&error)
                   : sqi_error_set(&error, SQI_COND_INVALID_ARGUMENT, "a reader needs a format, such as \"socket\""));
        (void)sqi_api_failed(plan, error);
        r->failed = true;
    }
    r->format = sqi_span_of(copy);
    return r;
}

streamq_reader *streamq_read_stream(streamq_plan *plan, const char *format)
{
    return make(plan, format, true);
}
streamq_reader *streamq_read(streamq_plan *plan, const char *format)
{
    return make(plan, format, false);
}

static void fail(streamq_reader *r, streamq_error *error)
{
    (void)sqi_api_failed(r->plan, error);
    r->failed = true;
}

void streamq_reader_option(streamq_reader *reader, const char *name, const char *value)
{
    streamq_error *error = NULL;
    if (!SQI_IS(reader, READER))
        return;
    if (!name || !value)
        (void)sqi_error_set(&error, SQI_COND_INVALID_ARGUMENT, "streamq_reader_option: the name or the value is NULL");
    else
        (void)sqi_options_set(&reader->options, sqi_span_of(name), sqi_span_of(value), &error);
    if (error)
        fail(reader, error);
}

void streamq_reader_schema(streamq_reader *reader, const char *schema)
{
    if (!SQI_IS(reader, READER))
        return;
    sqi_parser p;
    streamq_error *error = NULL;
    streamq_status status = sqi_api_parser(reader->plan, &p, schema, "streamq_reader_schema", &error);
    if (status == STREAMQ_OK)
        status = sqi_parse_schema(&p, &reader->schema, &error);
    if (status != STREAMQ_OK)
        fail(reader, error);
    reader->has_schema = status == STREAMQ_OK;
}

void streamq_reader_feed(streamq_reader *reader, streamq_feed *feed)
{
    if (!SQI_IS(reader, READER))
        return;
    streamq_error *error = NULL;
    if (SQI_IS(feed, FEED) && feed->session == reader->plan->session)
        reader->feed = feed;
    else {
        (void)sqi_error_set(&error, SQI_COND_INVALID_HANDLE,
                            "streamq_reader_feed: the feed is NULL or of another session");
        fail(reader, error);
    }
}

/* -------------------------------------------------------------- load */

static streamq_status unknown_format(streamq_reader *r, streamq_error **err)
{
    sqi_span names[16];
    size_t n = 0;
    const sqi_source_type *t;
    for (size_t i = 0; n < 16 && (t = sqi_source_at(i)) != NULL; ++i)
        names[n++] = sqi_span_of(t->name);
    for (size_t i = 0; n < 16 && (t = sqi_state_source_at(i)) != NULL; ++i)
        names[n++] = sqi_span_of(t->name);
    streamq_status status = sqi_error_set(err, SQI_COND_UNKNOWN_SOURCE, "there is no source '%.*s'",
                                          (int)(r->format.len < 200 ? r->format.len : 200), r->format.ptr);
    if (err)
        sqi_error_candidates(*err, names, n);
    return status;
}

static void release_feed(void *feed)
{
    sqi_feed_unref(feed);
}

static streamq_status take_feed(streamq_reader *r, const sqi_source_type *type, sqi_source_spec *spec,
                                sqi_plan_source *source, streamq_error **err)
{
    if (type != &sqi_src_memory) {
        if (r->feed)
            return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT,
                                 "streamq_reader_feed: only the format \"memory\" reads a feed, not '%s'", type->name);
        return STREAMQ_OK;
    }
    if (!r->feed)
        return sqi_error_set(err, SQI_COND_MISSING_OPTION,
                             "the format \"memory\" reads a feed: give it with streamq_reader_feed");
    spec->declared = sqi_feed_ref(r->feed->feed);
    source->schema = *sqi_feed_schema(r->feed->feed);
    return sqi_api_plan_keep(r->plan, release_feed, spec->declared, err);
}

/* A state source: what it has to know of the plan. */
static streamq_status find_state(streamq_reader *r, const sqi_source_type **type, sqi_state_source **out,
                                 streamq_error **err)
{
    *out = NULL;
    *type = sqi_state_source_find(r->format);
    if (!*type)
        return STREAMQ_OK;
    if (r->streaming)
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_FEATURE,
                             "the source '%s' cannot be read as a stream: use streamq_read", (*type)->name);
    *out = sqi_arena_get(&r->plan->arena, sizeof **out);
    if (!*out)
        return sqi_error_nomem(err);
    **out = (sqi_state_source){r->plan->eval, r->plan->context.registry};
    return STREAMQ_OK;
}

static streamq_status load(streamq_reader *r, const sqi_node **out, streamq_error **err)
{
    streamq_plan *plan = r->plan;
    void *declared = NULL;
    sqi_state_source *state;
    const sqi_source_type *type;
    SQI_TRY(find_state(r, &type, &state, err));
    if (!type)
        type = sqi_source_find(r->format);
    if (!type)
        type = sqi_api_find_source(plan->session->registered, r->format, &declared);
    if (!type)
        return unknown_format(r, err);
    if (!r->streaming && type->endless)
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_FEATURE, "the source '%s' has no end: use streamq_read_stream",
                             type->name);
    char what[80];
    snprintf(what, sizeof what, "source '%.60s'", type->name);
    if (type->option || !(declared || type->plan)) /* others check their own options */
        SQI_TRY(sqi_options_check(&r->options, type->option, type->noption, what, err));
    sqi_source_spec *spec = sqi_arena_zero(&plan->arena, sizeof *spec);
    sqi_plan_source *source = sqi_arena_zero(&plan->arena, sizeof *source);
    if (!spec || !source)
        return sqi_error_nomem(err);
    *spec = (sqi_source_spec){type, &r->options, state ? state : declared};
    *source =
        (sqi_plan_source){.id = plan->nsource++, .format = r->format, .streaming = r->streaming, .declared = spec};
    SQI_TRY(take_feed(r, type, spec, source, err));
    const sqi_schema *given = r->has_schema ? &r->schema : NULL;
    if (state)
        SQI_TRY(
            sqi_state_source_schema(type, state, &r->options, given, &plan->io, &plan->arena, &source->schema, err));
    else if (declared)
        SQI_TRY(sqi_api_custom_schema(plan, spec, given, &source->schema, err));
    else if (type->plan)
        SQI_TRY(type->plan(type, r->streaming, &r->options, given, &plan->io, &plan->arena, &source->schema,
                           &spec->declared, err));
    else if (type != &sqi_src_memory)
        SQI_TRY(type->schema(&r->options, given, &plan->io, &plan->arena, &source->schema, err));
    return sqi_plan_source_node(&plan->context, source, out, err);
}

streamq_stream *streamq_reader_load(streamq_reader *reader)
{
    if (!SQI_IS(reader, READER))
        return NULL;
    if (reader->failed)
        return &reader->plan->failed;
    const sqi_node *node = NULL;
    streamq_error *error = NULL;
    streamq_status status = load(reader, &node, &error);
    return sqi_api_stream(reader->plan, node, status, error);
}
