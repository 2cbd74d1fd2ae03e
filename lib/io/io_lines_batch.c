/*
 * io_lines_batch: see the header. The line ends of short texts are counted first, so that their one chunk has about its
 * size; in long ones only the last chunk has room that stays unused.
 */
#include "io_lines_batch.h"

#include "base_scan.h"
#include "io_lines.h"

enum { COUNTED_BYTES = 64 * 1024 };

/* At least the lines of a text: LF and CR count, CR LF twice. */
static uint32_t most_lines(sqi_span text)
{
    enum { WIDE = 16, CUT_AT_ONCE = 64 };
    sqi_scan_byte lf = sqi_scan_byte_of('\n'), cr = sqi_scan_byte_of('\r');
    const char *p = text.ptr, *end = text.ptr + text.len;
    uint32_t n = 1;
    for (; end - p >= WIDE; p += WIDE)
        n += (uint32_t)__builtin_popcount(sqi_scan_hits16(p, lf) | sqi_scan_hits16(p, cr));
    for (; p < end; ++p)
        n += *p == '\n' || *p == '\r';
    return n < CUT_AT_ONCE / 4 ? n : n + CUT_AT_ONCE; /* the fast cut wants that much room to the end */
}

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

/* The next lines as one chunk; *rows says how many there were. */
static streamq_status add_chunk(sqi_batch *b, sqi_io_lines *l, const char **p, const char *end, uint32_t most,
                                uint32_t *rows, streamq_error **err)
{
    sqi_vec v;
    SQI_TRY(sqi_vec_make(&v, b->schema.field[0].type, most, &b->arena, err));
    SQI_TRY(sqi_lines_read(l, p, end, SQI_OUT(&v, sqi_str), most, rows, err));
    sqi_chunk chunk = {.n = *rows, .ncol = 1, .rows = {NULL, *rows}, .col = &v};
    return *rows ? sqi_batch_append_shared(b, &chunk, err) : STREAMQ_OK;
}

static streamq_status fill(sqi_batch *b, sqi_span text, streamq_error **err)
{
    uint32_t most = text.len <= COUNTED_BYTES ? most_lines(text) : SQI_CHUNK_ROWS, rows = most;
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
    if (text.len <= COUNTED_BYTES)
        return fill(b, text, err);
    b->text = text;
    return STREAMQ_OK;
}
