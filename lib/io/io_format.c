/*
 * io_format: the formats there are, making and freeing what reads, writes and infers, and the feed that hands a format
 * whole records out of blocks. The feed owns one buffer: what a format leaves stands at its front, the next block
 * behind it.
 */
#include "io_format.h"

#include <string.h>

static const sqi_format_type *const formats[] = {&sqi_format_csv, &sqi_format_json, &sqi_format_text};

const sqi_format_type *sqi_format_at(size_t i)
{
    return i < sizeof formats / sizeof *formats ? formats[i] : NULL;
}

const sqi_format_type *sqi_format_find(sqi_span name)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (sqi_span_equal_nocase(name, sqi_span_of(formats[i]->name)))
            return formats[i];
    return NULL;
}

/* -------------------------------------------------------------- one object and its state */

static size_t state_bytes(size_t size)
{
    return size ? size : 1;
}

streamq_status sqi_decoder_new(sqi_decoder **out, const sqi_format_type *type, const sqi_io_env *env,
                               const sqi_options *options, const sqi_schema *schema, streamq_error **err)
{
    *out = NULL;
    sqi_decoder *d = sqi_alloc_zero(env->alloc, sizeof *d);
    if (!d)
        return sqi_error_nomem(err);
    *d = (sqi_decoder){.type = type, .env = env, .options = options, .schema = schema};
    d->state = sqi_alloc_zero(env->alloc, state_bytes(type->decoder_size));
    streamq_status status = d->state ? type->open(d, err) : sqi_error_nomem(err);
    if (status != STREAMQ_OK)
        sqi_decoder_free(d);
    else
        *out = d;
    return status;
}

void sqi_decoder_free(sqi_decoder *d)
{
    if (!d)
        return;
    if (d->state) {
        d->type->close(d);
        sqi_alloc_free(d->env->alloc, d->state, state_bytes(d->type->decoder_size));
    }
    sqi_alloc_free(d->env->alloc, d, sizeof *d);
}

streamq_status sqi_encoder_new(sqi_encoder **out, const sqi_format_type *type, const sqi_io_env *env,
                               const sqi_options *options, const sqi_schema *schema, streamq_error **err)
{
    *out = NULL;
    sqi_encoder *e = sqi_alloc_zero(env->alloc, sizeof *e);
    if (!e)
        return sqi_error_nomem(err);
    *e = (sqi_encoder){.type = type, .env = env, .options = options, .schema = schema};
    e->state = sqi_alloc_zero(env->alloc, state_bytes(type->encoder_size));
    streamq_status status = e->state ? type->encoder_open(e, err) : sqi_error_nomem(err);
    if (status != STREAMQ_OK)
        sqi_encoder_free(e);
    else
        *out = e;
    return status;
}

void sqi_encoder_free(sqi_encoder *e)
{
    if (!e)
        return;
    if (e->state) {
        e->type->encoder_close(e);
        sqi_alloc_free(e->env->alloc, e->state, state_bytes(e->type->encoder_size));
    }
    sqi_alloc_free(e->env->alloc, e, sizeof *e);
}

streamq_status sqi_inference_new(sqi_inference **out, const sqi_format_type *type, const sqi_io_env *env,
                                 const sqi_options *options, streamq_error **err)
{
    *out = NULL;
    sqi_inference *f = sqi_alloc_zero(env->alloc, sizeof *f);
    if (!f)
        return sqi_error_nomem(err);
    *f = (sqi_inference){.type = type, .env = env, .options = options};
    f->state = sqi_alloc_zero(env->alloc, state_bytes(type->inference_size));
    streamq_status status = f->state ? type->infer_open(f, err) : sqi_error_nomem(err);
    if (status != STREAMQ_OK)
        sqi_inference_free(f);
    else
        *out = f;
    return status;
}

void sqi_inference_free(sqi_inference *f)
{
    if (!f)
        return;
    if (f->state) {
        f->type->infer_close(f);
        sqi_alloc_free(f->env->alloc, f->state, state_bytes(f->type->inference_size));
    }
    sqi_alloc_free(f->env->alloc, f, sizeof *f);
}

/* -------------------------------------------------------------- the feed */

void sqi_format_feed_init(sqi_format_feed *f, sqi_alloc *alloc)
{
    *f = (sqi_format_feed){.alloc = alloc};
}

void sqi_format_feed_fini(sqi_format_feed *f)
{
    if (f->rest)
        sqi_alloc_free(f->alloc, f->rest, f->cap);
    *f = (sqi_format_feed){.alloc = f->alloc};
}

static streamq_status too_long(sqi_span file, streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                         "a record of file '%.*s' is longer than 1 GiB: is it of the format that was named?",
                         file.len > 4096 ? 4096 : (int)file.len, file.ptr);
}

streamq_status sqi_format_feed_room(sqi_format_feed *f, size_t most, char **to, streamq_error **err)
{
    size_t need;
    if (__builtin_add_overflow(f->len, most, &need))
        return sqi_error_nomem(err);
    if (need > f->cap) {
        /* A record that grows is looked at again from its beginning with every block: the room doubles with it. */
        size_t cap = f->cap < SIZE_MAX / 2 && f->cap * 2 > need ? f->cap * 2 : need;
        void *moved = sqi_alloc_resize(f->alloc, f->rest, f->cap, cap);
        if (!moved)
            return sqi_error_nomem(err);
        f->rest = moved;
        f->cap = cap;
    }
    *to = f->rest ? f->rest + f->len : NULL;
    return STREAMQ_OK;
}

/* What `used` bytes of all that is there leave over. */
static streamq_status keep_rest(sqi_format_feed *f, size_t used, bool last, sqi_span file, streamq_error **err)
{
    if (used > f->len || (last && used < f->len))
        return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "a format took %zu bytes of %zu", used, f->len);
    f->len -= used;
    if (used && f->len)
        memmove(f->rest, f->rest + used, f->len);
    return f->len > SQI_RECORD_MOST ? too_long(file, err) : STREAMQ_OK;
}

streamq_status sqi_format_feed_decode(sqi_format_feed *f, size_t came, bool last, sqi_decoder *d, sqi_source_emit emit,
                                      void *context, streamq_error **err)
{
    size_t used = 0;
    f->len += came;
    SQI_TRY(d->type->take(d, f->rest ? f->rest : "", f->len, last, &used, emit, context, err));
    return keep_rest(f, used, last, d->file, err);
}

streamq_status sqi_format_feed_infer(sqi_format_feed *f, size_t came, bool last, sqi_inference *i, streamq_error **err)
{
    size_t used = 0;
    f->len += came;
    SQI_TRY(i->type->infer_take(i, f->rest ? f->rest : "", f->len, last, &used, err));
    return keep_rest(f, used, last, i->file, err);
}
