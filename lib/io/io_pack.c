/*
 * io_pack: see the header. zlib takes its memory from the session; zstd's public interface knows no allocator, so that of
 * its compressor (a few hundred KiB) is the C library's.
 */
#include "io_pack.h"

#ifdef SQI_WITH_ZLIB
#define ZLIB_CONST
#include <zlib.h>
#endif
#ifdef SQI_WITH_ZSTD
#include <zstd.h>
#include <zstd_errors.h>
#endif

enum { ROOM = 64 * 1024 };

struct sqi_pack {
    sqi_alloc *alloc;
    sqi_pack_kind kind;
    bool open; /* a member */
#ifdef SQI_WITH_ZLIB
    bool zlib_ready;
    z_stream zlib;
#endif
#ifdef SQI_WITH_ZSTD
    ZSTD_CCtx *zstd;
#endif
};

static const char *codecs(void)
{
    return "none"
#ifdef SQI_WITH_ZLIB
           ", gzip"
#endif
#ifdef SQI_WITH_ZSTD
           ", zstd"
#endif
        ;
}

static streamq_status unavailable(sqi_span name, const char *hint, streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_CODEC_NOT_AVAILABLE, "the codec '%.*s' is not available; there are %s%s",
                         (int)(name.len < 100 ? name.len : 100), name.ptr, codecs(), hint);
}

streamq_status sqi_pack_find(sqi_span name, sqi_pack_kind *kind, streamq_error **err)
{
    *kind = SQI_PACK_NONE;
    if (sqi_span_equal_nocase(name, SQI_SPAN("none")) || sqi_span_equal_nocase(name, SQI_SPAN("uncompressed")))
        return STREAMQ_OK;
    if (sqi_span_equal_nocase(name, SQI_SPAN("gzip"))) {
#ifdef SQI_WITH_ZLIB
        *kind = SQI_PACK_GZIP;
        return STREAMQ_OK;
#else
        return unavailable(name, ": this library was built without zlib", err);
#endif
    }
    if (sqi_span_equal_nocase(name, SQI_SPAN("zstd"))) {
#ifdef SQI_WITH_ZSTD
        *kind = SQI_PACK_ZSTD;
        return STREAMQ_OK;
#else
        return unavailable(name, ": this library was built without libzstd", err);
#endif
    }
    return unavailable(name, "", err);
}

const char *sqi_pack_extension(sqi_pack_kind kind)
{
    return kind == SQI_PACK_GZIP ? ".gz" : kind == SQI_PACK_ZSTD ? ".zst" : "";
}

/* ---------------------------------------------------------------------------------------- gzip */

#ifdef SQI_WITH_ZLIB
/* zlib gives no sizes back: each block begins with its own. */
static void *zlib_get(void *alloc, unsigned items, unsigned size)
{
    size_t bytes;
    if (!sqi_size_mul(items, size, &bytes) || bytes > SIZE_MAX - 16)
        return NULL;
    size_t *block = sqi_alloc_get(alloc, bytes + 16);
    if (!block)
        return NULL;
    *block = bytes + 16;
    return (char *)block + 16;
}

static void zlib_free(void *alloc, void *bytes)
{
    size_t *block = (size_t *)((char *)bytes - 16);
    sqi_alloc_free(alloc, block, *block);
}

static streamq_status zlib_open(sqi_pack *p, streamq_error **err)
{
    enum { GZIP_FRAME = 16, WINDOW = 15, MEMORY = 8 };
    p->zlib = (z_stream){.zalloc = zlib_get, .zfree = zlib_free, .opaque = p->alloc};
    if (deflateInit2(&p->zlib, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW + GZIP_FRAME, MEMORY, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        return sqi_error_nomem(err);
    p->zlib_ready = true;
    return STREAMQ_OK;
}

static streamq_status zlib_run(sqi_pack *p, sqi_span bytes, bool end, sqi_buf *to, streamq_error **err)
{
    enum { PIECE = 1 << 30 };
    do {
        size_t n = bytes.len < PIECE ? bytes.len : PIECE;
        bool last = end && n == bytes.len;
        p->zlib.next_in = (const Bytef *)bytes.ptr;
        p->zlib.avail_in = (uInt)n;
        do {
            if (!sqi_buf_reserve(to, ROOM))
                return sqi_error_nomem(err);
            p->zlib.next_out = (Bytef *)to->ptr + to->len;
            p->zlib.avail_out = ROOM;
            if (deflate(&p->zlib, last ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR)
                return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "zlib lost its place");
            to->len += ROOM - p->zlib.avail_out;
        } while (p->zlib.avail_out == 0);
        bytes.ptr += n;
        bytes.len -= n;
    } while (bytes.len);
    return STREAMQ_OK;
}
#endif

/* ---------------------------------------------------------------------------------------- zstd */

#ifdef SQI_WITH_ZSTD
static streamq_status zstd_run(sqi_pack *p, sqi_span bytes, bool end, sqi_buf *to, streamq_error **err)
{
    ZSTD_inBuffer in = {bytes.ptr, bytes.len, 0};
    size_t left;
    do {
        if (!sqi_buf_reserve(to, ROOM))
            return sqi_error_nomem(err);
        ZSTD_outBuffer out = {to->ptr + to->len, ROOM, 0};
        left = ZSTD_compressStream2(p->zstd, &out, &in, end ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left))
            return ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation
                       ? sqi_error_nomem(err)
                       : sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "zstd: %s", ZSTD_getErrorName(left));
        to->len += out.pos;
    } while (in.pos < in.size || (end && left > 0));
    return STREAMQ_OK;
}
#endif

/* ---------------------------------------------------------------------------------------- either */

streamq_status sqi_pack_new(sqi_pack **out, sqi_alloc *alloc, sqi_pack_kind kind, streamq_error **err)
{
    sqi_pack *p = sqi_alloc_zero(alloc, sizeof *p);
    *out = p;
    if (!p)
        return sqi_error_nomem(err);
    p->alloc = alloc;
    p->kind = kind;
    streamq_status status = STREAMQ_OK;
#ifdef SQI_WITH_ZLIB
    if (kind == SQI_PACK_GZIP)
        status = zlib_open(p, err);
#endif
#ifdef SQI_WITH_ZSTD
    if (kind == SQI_PACK_ZSTD && !(p->zstd = ZSTD_createCCtx()))
        status = sqi_error_nomem(err);
#endif
    if (status != STREAMQ_OK) {
        sqi_pack_free(p);
        *out = NULL;
    }
    return status;
}

void sqi_pack_free(sqi_pack *p)
{
    if (!p)
        return;
#ifdef SQI_WITH_ZLIB
    if (p->zlib_ready)
        deflateEnd(&p->zlib);
#endif
#ifdef SQI_WITH_ZSTD
    ZSTD_freeCCtx(p->zstd);
#endif
    sqi_alloc_free(p->alloc, p, sizeof *p);
}

static streamq_status run(sqi_pack *p, sqi_span bytes, bool end, sqi_buf *to, streamq_error **err)
{
#ifdef SQI_WITH_ZLIB
    if (p->kind == SQI_PACK_GZIP)
        return zlib_run(p, bytes, end, to, err);
#endif
#ifdef SQI_WITH_ZSTD
    if (p->kind == SQI_PACK_ZSTD)
        return zstd_run(p, bytes, end, to, err);
#endif
    (void)p;
    (void)end;
    return sqi_buf_span(to, bytes) ? STREAMQ_OK : sqi_error_nomem(err);
}

void sqi_pack_begin(sqi_pack *p)
{
    p->open = true;
}

streamq_status sqi_pack_put(sqi_pack *p, sqi_span bytes, sqi_buf *to, streamq_error **err)
{
    if (!bytes.len)
        return STREAMQ_OK;
    p->open = true;
    return run(p, bytes, false, to, err);
}

void sqi_pack_drop(sqi_pack *p)
{
#ifdef SQI_WITH_ZLIB
    if (p->open && p->zlib_ready)
        deflateReset(&p->zlib);
#endif
#ifdef SQI_WITH_ZSTD
    if (p->open && p->zstd)
        ZSTD_CCtx_reset(p->zstd, ZSTD_reset_session_only);
#endif
    p->open = false;
}

streamq_status sqi_pack_end(sqi_pack *p, sqi_buf *to, streamq_error **err)
{
    if (!p->open)
        return STREAMQ_OK;
    streamq_status status = run(p, (sqi_span){"", 0}, true, to, err);
    sqi_pack_drop(p);
    return status;
}
