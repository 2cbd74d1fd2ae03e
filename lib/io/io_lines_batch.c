/*
 * io_lines_batch: see the header. Short texts are counted first, so that their one chunk has its exact size; in long
 * ones only the last chunk has room that stays unused.
 */
#include "io_lines_batch.h"

#include "io_lines.h"

enum { COUNTED_BYTES = 64 * 1024 };

static uint32_t count_lines(sqi_span text)
{
    sqi_io_lines l = {0};
    sqi_span line;
    uint32_t n = 0;
    for (const char *p = text.ptr; sqi_io_lines_next(&l, &p, text.ptr + text.len, true, &line);)
        ++n;
    return n;
}

/* The next lines as one chunk; *rows says how many there were. */
static streamq_status add_chunk(sqi_batch *b, sqi_io_lines *l, const char **p, const char *end, uint32_t most,
                                uint32_t *rows, streamq_error **err)
{
    sqi_vec v;
    sqi_span line;
    uint32_t n = 0;
    SQI_TRY(sqi_vec_make(&v, b->schema.field[0].type, most, &b->arena, err));
    while (n < most) {
        uint32_t some = sqi_io_lines_cut(l, p, end, SQI_OUT(&v, sqi_str) + n, most - n);
        n += some;
        if (some)
            continue;
        if (!sqi_io_lines_next(l, p, end, true, &line))
            break;
        if (line.len > SQI_STR_MAX)
            return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                                 "a line of %zu bytes is longer than a string may be (2 GiB)", line.len);
        SQI_OUT(&v, sqi_str)[n++] = sqi_str_view(line.ptr, (uint32_t)line.len);
    }
    *rows = n;
    sqi_chunk chunk = {.n = n, .ncol = 1, .rows = {NULL, n}, .col = &v};
    return n ? sqi_batch_append_shared(b, &chunk, err) : STREAMQ_OK;
}

static streamq_status fill(sqi_batch *b, sqi_span text, streamq_error **err)
{
    uint32_t most = text.len <= COUNTED_BYTES ? count_lines(text) : SQI_CHUNK_ROWS, rows = most;
    const char *p = text.ptr;
    most = most < SQI_CHUNK_ROWS ? most : SQI_CHUNK_ROWS;
    for (sqi_io_lines l = {0}; rows;)
        SQI_TRY(add_chunk(b, &l, &p, text.ptr + text.len, most, &rows, err));
    return STREAMQ_OK;
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
    return fill(b, text, err);
}
