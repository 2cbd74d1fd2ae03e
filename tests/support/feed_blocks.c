/* feed_blocks: see the header. */
#include "feed_blocks.h"

#include <string.h>

typedef struct reader { /* one of the two */
    sqi_decoder *d;
    sqi_inference *f;
    sqi_source_emit emit;
    void *context;
} reader;

static streamq_status feed_all(const reader *r, sqi_alloc *alloc, sqi_span file, size_t block, streamq_error **err)
{
    sqi_format_feed feed;
    streamq_status status = r->d ? r->d->type->begin(r->d, err) : r->f->type->infer_begin(r->f, err);
    bool last = false;
    block = block ? block : file.len + 1;
    sqi_format_feed_init(&feed, alloc);
    for (size_t at = 0; !last && status == STREAMQ_OK; at += block) {
        size_t n = file.len - at < block ? file.len - at : block;
        char *to;
        status = sqi_format_feed_room(&feed, n, &to, err);
        if (status != STREAMQ_OK)
            break;
        if (n)
            memcpy(to, file.ptr + at, n);
        last = at + n == file.len;
        status = r->d ? sqi_format_feed_decode(&feed, n, last, r->d, r->emit, r->context, err)
                      : sqi_format_feed_infer(&feed, n, last, r->f, err);
    }
    sqi_format_feed_fini(&feed);
    return status;
}

streamq_status feed_decode(sqi_decoder *d, sqi_span file, size_t block, sqi_source_emit emit, void *context,
                           streamq_error **err)
{
    return feed_all(&(reader){.d = d, .emit = emit, .context = context}, d->env->alloc, file, block, err);
}

streamq_status feed_infer(sqi_inference *f, sqi_span file, size_t block, streamq_error **err)
{
    return feed_all(&(reader){.f = f}, f->env->alloc, file, block, err);
}
