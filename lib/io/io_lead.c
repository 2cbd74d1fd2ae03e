/*
 * io_lead: the lead of sources and sinks: allocate the state a type asks for, open it, end it, free it. Every type's
 * close is valid on a zeroed state, so a failed open is undone the same way as a good one.
 */
#include "io_sink.h"
#include "io_source.h"

#include <stdarg.h>
#include <stdio.h>

void sqi_log_write(const sqi_log *log, int32_t level, const char *format, ...)
{
    char text[1024];
    if (!log->call)
        return;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n >= 0)
        log->call(log->user, level, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

bool sqi_offset_equal(const sqi_offset *a, const sqi_offset *b)
{
    if (!a->known || !b->known)
        return a->known == b->known;
    return a->number[0] == b->number[0] && a->number[1] == b->number[1] && a->nbytes == b->nbytes &&
           (a->nbytes == 0 || memcmp(a->bytes, b->bytes, a->nbytes) == 0);
}

streamq_status sqi_source_open(sqi_source **out, const sqi_source_type *type, const sqi_io_env *env,
                               const sqi_options *options, const sqi_schema *schema, void *declared,
                               streamq_error **err)
{
    *out = NULL;
    sqi_source *s = sqi_alloc_zero(env->alloc, sizeof *s);
    if (!s)
        return sqi_error_nomem(err);
    *s = (sqi_source){.type = type, .env = env, .options = options, .schema = schema, .declared = declared};
    s->state = sqi_alloc_zero(env->alloc, type->state_size ? type->state_size : 1);
    streamq_status status = s->state ? type->open(s, err) : sqi_error_nomem(err);
    if (status != STREAMQ_OK)
        sqi_source_close(s);
    else
        *out = s;
    return status;
}

void sqi_source_end(sqi_source *s)
{
    if (!s || !s->state)
        return;
    s->type->close(s);
    sqi_alloc_free(s->env->alloc, s->state, s->type->state_size ? s->type->state_size : 1);
    s->state = NULL;
}

void sqi_source_close(sqi_source *s)
{
    sqi_source_end(s);
    if (s)
        sqi_alloc_free(s->env->alloc, s, sizeof *s);
}

streamq_status sqi_sink_open(sqi_sink **out, const sqi_sink_type *type, const sqi_io_env *env,
                             const sqi_options *options, const sqi_schema *schema, streamq_output_mode mode,
                             sqi_span query_name, void *declared, streamq_error **err)
{
    *out = NULL;
    sqi_sink *k = sqi_alloc_zero(env->alloc, sizeof *k);
    if (!k)
        return sqi_error_nomem(err);
    *k = (sqi_sink){.type = type,
                    .env = env,
                    .options = options,
                    .schema = schema,
                    .mode = mode,
                    .query_name = query_name,
                    .declared = declared};
    k->state = sqi_alloc_zero(env->alloc, type->state_size ? type->state_size : 1);
    streamq_status status = k->state ? type->open(k, err) : sqi_error_nomem(err);
    if (status != STREAMQ_OK)
        sqi_sink_close(k);
    else
        *out = k;
    return status;
}

void sqi_sink_end(sqi_sink *k)
{
    if (!k || !k->state)
        return;
    k->type->close(k);
    sqi_alloc_free(k->env->alloc, k->state, k->type->state_size ? k->type->state_size : 1);
    k->state = NULL;
}

void sqi_sink_close(sqi_sink *k)
{
    sqi_sink_end(k);
    if (k)
        sqi_alloc_free(k->env->alloc, k, sizeof *k);
}
