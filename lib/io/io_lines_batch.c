/*
 * io_lines_batch: see the header. Lines that end in CR are cut into views on the stack, a chunk of them at a time, so
 * that every chunk takes the memory it needs without counting first.
 */
#include "io_lines_batch.h"

#include "data_cut.h"

enum { CUT_AT_ONCE_BYTES = 64 * 1024 }; /* lines of longer lent texts are counted when they are read */

static streamq_status read_views(sqi_io_lines *l, const char **p, const char *end, sqi_str *to, uint32_t most,
                                 uint32_t *n, streamq_error **err)
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

streamq_status sqi_lines_chunk_next(sqi_io_lines *l, const char **p, const char *end, sqi_str *view, uint32_t most,
                                    sqi_vec *column, sqi_chunk *out, streamq_error **err)
{
    uint32_t n = 0;
    sqi_span lines = {*p, 0};
    if (!l->after_cr)
        lines = sqi_lines_first((sqi_span){*p, (size_t)(end - *p)}, most, &n);
    *p += lines.len;
    *out = sqi_lines_chunk(column, lines, n);
    if (n)
        return STREAMQ_OK;
    SQI_TRY(read_views(l, p, end, view, most, &n, err));
    column->data = view;
    *out = (sqi_chunk){.n = n, .ncol = 1, .rows = {NULL, n}, .col = column, .fleeting = true};
    return STREAMQ_OK;
}

static streamq_status fill(sqi_batch *b, sqi_span text, streamq_error **err)
{
    sqi_str view[SQI_CHUNK_ROWS];
    const char *p = text.ptr;
    for (sqi_io_lines l = {0};;) {
        sqi_vec v;
        sqi_chunk chunk;
        SQI_TRY(sqi_lines_chunk_next(&l, &p, text.ptr + text.len, view, SQI_CHUNK_ROWS, &v, &chunk, err));
        if (!chunk.n)
            return STREAMQ_OK;
        if (chunk.fleeting) {
            SQI_TRY(sqi_vec_make(&v, v.type, chunk.n, &b->arena, err));
            memcpy(v.data, view, chunk.n * sizeof *view);
            chunk.fleeting = false;
        }
        SQI_TRY(sqi_batch_append_shared(b, &chunk, err));
    }
}

streamq_status sqi_lines_batch(sqi_batch *b, sqi_span text, streamq_error **err)
{
    char *copy = sqi_arena_get(&b->arena, text.len + 1);
    if (!copy)
        return sqi_error_nomem(err);
    if (!text.len)
        return STREAMQ_OK;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\n'; /* ends the last line, if nothing else does */
    return fill(b, (sqi_span){copy, text.len + (copy[text.len - 1] != '\n')}, err);
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
