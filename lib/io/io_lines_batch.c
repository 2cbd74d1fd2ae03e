/*
 * io_lines_batch: see the header. Lines are counted first, so that every chunk has its exact size.
 */
#include "io_lines_batch.h"

#include "io_lines.h"

static uint64_t count_lines(sqi_span text)
{
    sqi_io_lines l = {0};
    sqi_span line;
    uint64_t n = 0;
    for (const char *p = text.ptr; sqi_io_lines_next(&l, &p, text.ptr + text.len, true, &line);)
        ++n;
    return n;
}

static streamq_status add_chunk(sqi_batch *b, sqi_io_lines *l, const char **p, const char *end, uint32_t rows,
                                streamq_error **err)
{
    sqi_vec v;
    SQI_TRY(sqi_vec_make(&v, b->schema.field[0].type, rows, &b->arena, err));
    for (uint32_t i = 0; i < rows; ++i) {
        sqi_span line = {NULL, 0};
        (void)sqi_io_lines_next(l, p, end, true, &line);
        if (line.len > SQI_STR_MAX)
            return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                                 "a line of %zu bytes is longer than a string may be (2 GiB)", line.len);
        SQI_OUT(&v, sqi_str)[i] = sqi_str_view(line.ptr, (uint32_t)line.len);
    }
    sqi_chunk chunk = {.n = rows, .ncol = 1, .rows = {NULL, rows}, .col = &v};
    return sqi_batch_append_shared(b, &chunk, err);
}

static streamq_status fill(sqi_batch *b, sqi_span text, streamq_error **err)
{
    uint64_t left = count_lines(text);
    char *copy = sqi_arena_text(&b->arena, text.ptr, text.len);
    if (!copy)
        return sqi_error_nomem(err);
    const char *p = copy;
    for (sqi_io_lines l = {0}; left;) {
        uint32_t rows = left > SQI_CHUNK_ROWS ? SQI_CHUNK_ROWS : (uint32_t)left;
        SQI_TRY(add_chunk(b, &l, &p, copy + text.len, rows, err));
        left -= rows;
    }
    return STREAMQ_OK;
}

streamq_status sqi_lines_batch(sqi_alloc *alloc, const sqi_schema *schema, sqi_span text, sqi_batch **out,
                               streamq_error **err)
{
    *out = NULL;
    sqi_batch *b = sqi_batch_new(alloc, schema, err);
    if (!b)
        return STREAMQ_ERR_NOMEM;
    streamq_status status = fill(b, text, err);
    if (status == STREAMQ_OK)
        *out = b;
    else
        sqi_batch_unref(b);
    return status;
}
