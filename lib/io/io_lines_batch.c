/*
 * io_lines_batch: see the header. Lines are cut into views on the stack, a chunk of them at a time, so that every chunk
 * takes the memory it needs without counting first.
 */
#include "io_lines_batch.h"

enum { CUT_AT_ONCE_BYTES = 64 * 1024 }; /* lent texts beyond are cut when they are read */

streamq_status sqi_lines_read(sqi_io_lines *l, const char **p, const char *end, sqi_str *to, uint32_t most, uint32_t *n,
                              streamq_error **err)
{
    sqi_span line;
    for (*n = 0; *n < most;) {
        uint32_t some = sqi_io_lines_cut(l, p, end, to + *n, most - *n);
        *n += some;
        if (some)
            continue;
        if (!sqi_io_lines_next(l, p, end, true, &line))
            break;
        if (line.len > SQI_STR_MAX)
            return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                                 "a line of %zu bytes is longer than a string may be (2 GiB)", line.len);
        to[(*n)++] = sqi_str_view(line.ptr, (uint32_t)line.len);
    }
    return STREAMQ_OK;
}

static streamq_status fill(sqi_batch *b, sqi_span text, streamq_error **err)
{
    sqi_str view[SQI_CHUNK_ROWS];
    const char *p = text.ptr;
    uint32_t n;
    for (sqi_io_lines l = {0};;) {
        sqi_vec v;
        SQI_TRY(sqi_lines_read(&l, &p, text.ptr + text.len, view, SQI_CHUNK_ROWS, &n, err));
        if (!n)
            return STREAMQ_OK;
        SQI_TRY(sqi_vec_make(&v, b->schema.field[0].type, n, &b->arena, err));
        memcpy(v.data, view, n * sizeof *view);
        sqi_chunk chunk = {.n = n, .ncol = 1, .rows = {NULL, n}, .col = &v};
        SQI_TRY(sqi_batch_append_shared(b, &chunk, err));
    }
}

streamq_status sqi_lines_batch(sqi_batch *b, sqi_span text, streamq_error **err)
{
    const char *copy = sqi_arena_text(&b->arena, text.ptr, text.len);
    return copy ? fill(b, (sqi_span){copy, text.len}, err) : sqi_error_nomem(err);
}

streamq_status sqi_lines_batch_lent(sqi_batch *b, sqi_span text, void (*release)(void *context), void *context,
                                    streamq_error **err)
{
    SQI_TRY(sqi_batch_keep(b, release, context, err));
    b->shared_bytes += text.len;
    if (text.len <= CUT_AT_ONCE_BYTES)
        return fill(b, text, err);
    b->text = text;
    return STREAMQ_OK;
}
