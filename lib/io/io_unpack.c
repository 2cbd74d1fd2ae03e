/*
 * io_unpack: see the header. Several members (gzip) or frames (zstd) one behind the other are one text. What stands
 * behind the last and begins none is an error, and so is an end in the middle: half of a file is never taken for all.
 *
 * zlib takes its memory from the session; libzstd's public interface knows no allocator: its window (8 MiB for usual
 * files, 128 MiB at most) is the C library's.
 */
#include "io_unpack.h"

#include <errno.h>

#ifdef SQI_WITH_ZLIB
#define ZLIB_CONST
#include <zlib.h>
#endif
#ifdef SQI_WITH_ZSTD
#include <zstd.h>
#include <zstd_errors.h>
#endif

enum { ROOM = 64 * 1024 };

typedef enum kind { PLAIN, GZIP, DEFLATE, ZSTD } kind;

struct sqi_unpack {
    const sqi_io_env *env;
    const sqi_os_files *files;
    sqi_span path;
    int file;
    kind kind;
    int64_t at, size;
    char *in; /* ROOM, for compressed files */
    size_t next, have;
    bool begun; /* a member or frame is open */
#ifdef SQI_WITH_ZLIB
    bool zlib_ready;
    z_stream zlib;
#endif
#ifdef SQI_WITH_ZSTD
    ZSTD_DCtx *zstd;
#endif
};

static int shown(sqi_span path)
{
    return (int)(path.len < 4096 ? path.len : 4096);
}

static streamq_status corrupt(const sqi_unpack *u, const char *why, streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_FAILED_READ_FILE, "Encountered error while reading file '%.*s': %s",
                         shown(u->path), u->path.ptr, why);
}

static streamq_status failed(const sqi_unpack *u, int code, streamq_error **err)
{
    char text[128];
    if (code == ENOENT || code == ENOTDIR)
        return sqi_error_set(err, SQI_COND_FAILED_READ_FILE__FILE_NOT_EXIST,
                             "the file '%.*s' belongs to the batch and is gone", shown(u->path), u->path.ptr);
    if (code == ENOMEM)
        return sqi_error_nomem(err);
    return corrupt(u, sqi_os_message(code, text, sizeof text), err);
}

/* -------------------------------------------------------------- what a name says */

static const struct ending {
    const char *text;
    kind kind;
    const char *missing; /* NULL: built in */
} endings[] = {
#ifdef SQI_WITH_ZLIB
    {".gz", GZIP, NULL},
    {".deflate", DEFLATE, NULL},
#else
    {".gz", GZIP, "zlib (zlib1g-dev), which this library was built without"},
    {".deflate", DEFLATE, "zlib (zlib1g-dev), which this library was built without"},
#endif
#ifdef SQI_WITH_ZSTD
    {".zst", ZSTD, NULL},
#else
    {".zst", ZSTD, "libzstd (libzstd-dev), which this library was built without"},
#endif
    {".bz2", PLAIN, "bzip2, which this library cannot read; use gzip or zstd"},
    {".lz4", PLAIN, "Hadoop's lz4, which this library cannot read; use gzip or zstd"},
    {".snappy", PLAIN, "Hadoop's snappy, which this library cannot read; use gzip or zstd"},
};

static streamq_status choose(sqi_unpack *u, streamq_error **err)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(endings[i].text);
        sqi_span end = {u->path.ptr + u->path.len - n, n};
        if (u->path.len < n || !sqi_span_equal_nocase(end, sqi_span_of(endings[i].text)))
            continue;
        u->kind = endings[i].kind;
        return endings[i].missing
                   ? sqi_error_set(err, SQI_COND_CODEC_NOT_AVAILABLE, "the file '%.*s' is compressed with %s",
                                   shown(u->path), u->path.ptr, endings[i].missing)
                   : STREAMQ_OK;
    }
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- bytes of the file */

static streamq_status read_some(sqi_unpack *u, char *to, size_t most, size_t *got, streamq_error **err)
{
    int64_t left = u->size - u->at;
    *got = 0;
    if (left <= 0)
        return STREAMQ_OK;
    int64_t n = u->files->read(u->files->context, u->file, u->at, to, (uint64_t)left < most ? (size_t)left : most);
    if (n < 0)
        return failed(u, (int)-n, err);
    if (n == 0)
        return corrupt(u, "it is shorter than when it was listed: files must not be changed in place", err);
    u->at += n;
    *got = (size_t)n;
    return STREAMQ_OK;
}

/* *more: there are bytes to unpack. */
static streamq_status refill(sqi_unpack *u, bool *more, streamq_error **err)
{
    if (u->next == u->have) {
        u->next = 0;
        SQI_TRY(read_some(u, u->in, ROOM, &u->have, err));
    }
    *more = u->have > 0;
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- zlib */

#ifdef SQI_WITH_ZLIB
enum { HEAD = 16 }; /* in front of each block: its size, which sqi_alloc_free wants */

static void *zlib_get(void *alloc, unsigned n, unsigned size)
{
    size_t bytes = (size_t)n * size + HEAD;
    char *p = sqi_alloc_get(alloc, bytes);
    if (!p)
        return NULL;
    memcpy(p, &bytes, sizeof bytes);
    return p + HEAD;
}

static void zlib_free(void *alloc, void *p)
{
    size_t bytes;
    char *block = (char *)p - HEAD;
    memcpy(&bytes, block, sizeof bytes);
    sqi_alloc_free(alloc, block, bytes);
}

static streamq_status zlib_open(sqi_unpack *u, streamq_error **err)
{
    u->zlib = (z_stream){.zalloc = zlib_get, .zfree = zlib_free, .opaque = u->env->alloc};
    if (inflateInit2(&u->zlib, u->kind == GZIP ? 15 + 16 : 15) != Z_OK)
        return sqi_error_nomem(err);
    u->zlib_ready = true;
    return STREAMQ_OK;
}

static streamq_status zlib_step(sqi_unpack *u, char *to, size_t most, size_t *got, streamq_error **err)
{
    if (!u->begun && inflateReset(&u->zlib) != Z_OK)
        return sqi_error_nomem(err);
    u->begun = true;
    u->zlib.next_in = (const Bytef *)u->in + u->next;
    u->zlib.avail_in = (uInt)(u->have - u->next);
    u->zlib.next_out = (Bytef *)to;
    u->zlib.avail_out = (uInt)most;
    int code = inflate(&u->zlib, Z_NO_FLUSH);
    u->next = u->have - u->zlib.avail_in;
    *got = most - u->zlib.avail_out;
    if (code == Z_STREAM_END)
        u->begun = false;
    else if (code == Z_MEM_ERROR)
        return sqi_error_nomem(err);
    else if (code != Z_OK && code != Z_BUF_ERROR)
        return corrupt(u, u->kind == GZIP ? "it is not a whole gzip file" : "it is not a whole deflate file", err);
    return STREAMQ_OK;
}
#endif

/* -------------------------------------------------------------- zstd */

#ifdef SQI_WITH_ZSTD
static streamq_status zstd_open(sqi_unpack *u, streamq_error **err)
{
    u->zstd = ZSTD_createDCtx();
    return u->zstd ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status zstd_step(sqi_unpack *u, char *to, size_t most, size_t *got, streamq_error **err)
{
    ZSTD_inBuffer in = {u->in, u->have, u->next};
    ZSTD_outBuffer out = {to, most, 0};
    size_t left = ZSTD_decompressStream(u->zstd, &out, &in);
    u->next = in.pos;
    *got = out.pos;
    u->begun = left != 0;
    if (!ZSTD_isError(left))
        return STREAMQ_OK;
    switch (ZSTD_getErrorCode(left)) {
    case ZSTD_error_memory_allocation:
        return sqi_error_nomem(err);
    case ZSTD_error_frameParameter_windowTooLarge:
        return corrupt(u, "its window is larger than 128 MiB (zstd --long)", err);
    default:
        return corrupt(u, "it is not a whole zstd file", err);
    }
}
#endif

/* -------------------------------------------------------------- all of them */

static streamq_status open_kind(sqi_unpack *u, streamq_error **err)
{
    if (u->kind == PLAIN)
        return STREAMQ_OK;
    if (!(u->in = sqi_alloc_get(u->env->alloc, ROOM)))
        return sqi_error_nomem(err);
#ifdef SQI_WITH_ZSTD
    if (u->kind == ZSTD)
        return zstd_open(u, err);
#endif
#ifdef SQI_WITH_ZLIB
    if (u->kind != ZSTD)
        return zlib_open(u, err);
#endif
    return STREAMQ_OK;
}

static streamq_status step(sqi_unpack *u, char *to, size_t most, size_t *got, streamq_error **err)
{
    (void)to;
    (void)most;
    *got = 0;
#ifdef SQI_WITH_ZSTD
    if (u->kind == ZSTD)
        return zstd_step(u, to, most, got, err);
#endif
#ifdef SQI_WITH_ZLIB
    if (u->kind != ZSTD)
        return zlib_step(u, to, most, got, err);
#endif
    return corrupt(u, "it cannot be unpacked", err);
}

streamq_status sqi_unpack_read(sqi_unpack *u, char *to, size_t most, size_t *got, streamq_error **err)
{
    if (most > 1 << 30)
        most = 1 << 30; /* zlib counts in 32 bits */
    if (u->kind == PLAIN)
        return read_some(u, to, most, got, err);
    *got = 0;
    while (*got < most) {
        bool more;
        size_t some, before;
        SQI_TRY(refill(u, &more, err));
        before = u->next;
        if (!more && !u->begun)
            return STREAMQ_OK;
        SQI_TRY(step(u, to + *got, most - *got, &some, err));
        *got += some;
        if (!some && u->next == before && u->begun)
            return corrupt(u, "it ends in the middle", err);
    }
    return STREAMQ_OK;
}

streamq_status sqi_unpack_open(sqi_unpack **out, sqi_span path, int64_t size, const sqi_io_env *env,
                               streamq_error **err)
{
    sqi_unpack *u = sqi_alloc_zero(env->alloc, sizeof *u);
    *out = NULL;
    if (!u)
        return sqi_error_nomem(err);
    u->env = env;
    u->files = sqi_os_files_of(env->os);
    u->path = path;
    u->size = size;
    u->file = -1;
    streamq_status status = choose(u, err);
    if (status == STREAMQ_OK) {
        int code = u->files->open(u->files->context, path.ptr, SQI_OS_READ, &u->file);
        status = code ? failed(u, code, err) : open_kind(u, err);
    }
    if (status != STREAMQ_OK)
        sqi_unpack_close(u);
    else
        *out = u;
    return status;
}

void sqi_unpack_close(sqi_unpack *u)
{
    if (!u)
        return;
#ifdef SQI_WITH_ZLIB
    if (u->zlib_ready)
        inflateEnd(&u->zlib);
#endif
#ifdef SQI_WITH_ZSTD
    ZSTD_freeDCtx(u->zstd);
#endif
    sqi_alloc_free(u->env->alloc, u->in, ROOM);
    if (u->file >= 0)
        u->files->close(u->files->context, u->file);
    sqi_alloc_free(u->env->alloc, u, sizeof *u);
}
