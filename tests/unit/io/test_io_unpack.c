/* Compressed files, whole and broken. What is built in is asked of the build; the bytes were made by gzip, pigz -z and zstd. */
#include "io_unpack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file_rig.h"
#include "test_main.h"

#ifdef SQI_WITH_ZLIB
#define ZLIB_CONST
#include <zlib.h>
#endif
#ifdef SQI_WITH_ZSTD
#include <zstd.h>
#endif

static file_rig f;

/* All of a file, read in pieces of `most`; the status of what went wrong, and the error in the rig. */
static streamq_status unpack(const char *name, int64_t size, size_t most, sqi_buf *to)
{
    sqi_unpack *u;
    char *piece = malloc(most);
    sqi_span path = sqi_span_of(file_name(&f, name));
    sqi_os_stat st = {.size = size};
    if (size < 0)
        ck_assert_int_eq(sqi_os_files_posix()->stat(NULL, path.ptr, &st), 0);
    streamq_status status = sqi_unpack_open(&u, path, st.size, &f.r.env, &f.r.err);
    for (size_t got = 1; status == STREAMQ_OK && got;) {
        status = sqi_unpack_read(u, piece, most, &got, &f.r.err);
        ck_assert_uint_le(got, most);
        if (status == STREAMQ_OK)
            sqi_buf_put(to, piece, got);
    }
    if (status == STREAMQ_OK || u)
        sqi_unpack_close(u);
    free(piece);
    return status;
}

static void is(const char *name, sqi_span text)
{
    for (size_t most = 1; most < 100000; most = most * 7 + 1) {
        sqi_buf_clear(&f.r.rows);
        ck_assert_msg(unpack(name, -1, most, &f.r.rows) == STREAMQ_OK, "%s", sqi_error_message(f.r.err));
        ck_assert(sqi_span_equal(sqi_buf_view(&f.r.rows), text));
    }
}

static void refused(const char *name, int64_t size, sqi_cond cond, const char *text)
{
    sqi_buf_clear(&f.r.rows);
    rig_refused(&f.r, unpack(name, size, 1000, &f.r.rows), cond, text);
}

START_TEST(other_files_are_read_as_they_are)
{
    file_begin(&f);
    file_put(&f, "a.txt", "text", 0);
    file_put(&f, "b.xz", "not unpacked", 0);
    is("a.txt", SQI_SPAN("text"));
    is("b.xz", SQI_SPAN("not unpacked"));
    file_end(&f);
}
END_TEST

START_TEST(a_file_is_read_up_to_the_size_it_had)
{
    file_begin(&f);
    file_put(&f, "a.txt", "text and what was written later", 0);
    ck_assert_int_eq(unpack("a.txt", 4, 3, &f.r.rows), STREAMQ_OK);
    ck_assert(sqi_span_equal(sqi_buf_view(&f.r.rows), SQI_SPAN("text")));
    refused("a.txt", 1000, SQI_COND_FAILED_READ_FILE, "shorter");
    file_end(&f);
}
END_TEST

START_TEST(files_that_cannot_be_read_are_named_with_the_cause)
{
    file_begin(&f);
    refused("gone.txt", 5, SQI_COND_FAILED_READ_FILE__FILE_NOT_EXIST, "gone.txt");
    file_folder(&f, "folder");
    refused("folder", 5, SQI_COND_FAILED_READ_FILE, "folder");
    file_put(&f, "secret", "text", 0);
    f.fail = (file_failure){"open", "secret", EACCES};
    refused("secret", 5, SQI_COND_FAILED_READ_FILE, "denied");
    f.fail = (file_failure){"read", "secret", EIO};
    refused("secret", 4, SQI_COND_FAILED_READ_FILE, "Input/output");
    f.fail = (file_failure){"open", "secret", EMFILE};
    refused("secret", 4, SQI_COND_FAILED_READ_FILE, "oo many open files");
    file_end(&f);
}
END_TEST

START_TEST(what_is_not_built_in_is_said_with_the_package)
{
    file_begin(&f);
    file_put(&f, "a.bz2", "text", 0);
    file_put(&f, "a.LZ4", "text", 0);
    file_put(&f, "a.snappy", "text", 0);
    refused("a.bz2", -1, SQI_COND_CODEC_NOT_AVAILABLE, "bzip2");
    refused("a.LZ4", -1, SQI_COND_CODEC_NOT_AVAILABLE, "lz4");
    refused("a.snappy", -1, SQI_COND_CODEC_NOT_AVAILABLE, "snappy");
#ifndef SQI_WITH_ZLIB
    file_put(&f, "a.gz", "text", 0);
    refused("a.gz", -1, SQI_COND_CODEC_NOT_AVAILABLE, "zlib1g-dev");
#endif
#ifndef SQI_WITH_ZSTD
    file_put(&f, "a.zst", "text", 0);
    refused("a.zst", -1, SQI_COND_CODEC_NOT_AVAILABLE, "libzstd-dev");
#endif
    file_end(&f);
}
END_TEST

static char *large;
enum { LARGE = 700000 };

static void make_large(void)
{
    large = malloc(LARGE);
    for (size_t i = 0; i < LARGE; i++)
        large[i] = (char)('a' + (i * 7 + i / 1000) % 26);
}

#ifdef SQI_WITH_ZLIB
static size_t pack(sqi_span text, int window, char *to, size_t cap)
{
    z_stream z = {0};
    ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (const Bytef *)text.ptr;
    z.avail_in = (uInt)text.len;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)cap;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t n = cap - z.avail_out;
    deflateEnd(&z);
    return n;
}

START_TEST(gzip_and_deflate)
{
    static char to[LARGE];
    file_begin(&f);
    make_large();
    size_t n = pack(SQI_SPAN("first\n"), 31, to, sizeof to);
    n += pack(SQI_SPAN("second member\n"), 31, to + n, sizeof to - n);
    file_put_bytes(&f, "a.gz", to, n, 0);
    is("a.gz", SQI_SPAN("first\nsecond member\n"));
    file_put_bytes(&f, "cut.gz", to, n - 4, 0);
    refused("cut.gz", -1, SQI_COND_FAILED_READ_FILE, "cut.gz");
    memcpy(to + n, "junk", 4);
    file_put_bytes(&f, "junk.GZ", to, n + 4, 0);
    refused("junk.GZ", -1, SQI_COND_FAILED_READ_FILE, "not a whole gzip");
    file_put(&f, "plain.gz", "plain", 0);
    refused("plain.gz", -1, SQI_COND_FAILED_READ_FILE, "not a whole gzip");
    n = pack((sqi_span){large, LARGE}, 31, to, sizeof to);
    file_put_bytes(&f, "large.gz", to, n, 0);
    is("large.gz", (sqi_span){large, LARGE});
    n = pack((sqi_span){large, LARGE}, 15, to, sizeof to);
    file_put_bytes(&f, "large.deflate", to, n, 0);
    is("large.deflate", (sqi_span){large, LARGE});
    free(large);
    file_end(&f);
}
END_TEST

START_TEST(a_bomb_comes_in_pieces)
{
    static char zero[LARGE], to[LARGE];
    file_begin(&f);
    sqi_unpack *u;
    size_t n = pack((sqi_span){zero, LARGE}, 31, to, sizeof to), got, all = 0;
    ck_assert_uint_lt(n, 2000);
    file_put_bytes(&f, "bomb.gz", to, n, 0);
    sqi_span path = sqi_span_of(file_name(&f, "bomb.gz"));
    size_t before = f.r.heap.live_bytes;
    ck_assert_int_eq(sqi_unpack_open(&u, path, (int64_t)n, &f.r.env, &f.r.err), STREAMQ_OK);
    do {
        ck_assert_int_eq(sqi_unpack_read(u, zero, 1000, &got, &f.r.err), STREAMQ_OK);
        ck_assert_uint_lt(f.r.heap.live_bytes - before, 200000);
        all += got;
    } while (got);
    ck_assert_uint_eq(all, LARGE);
    sqi_unpack_close(u);
    file_end(&f);
}
END_TEST

static int64_t packed;

static streamq_status open_and_read(sqi_alloc *alloc, void *path, streamq_error **err)
{
    sqi_io_env env = f.r.env;
    sqi_unpack *u;
    char to[100];
    size_t got;
    env.alloc = alloc;
    SQI_TRY(sqi_unpack_open(&u, sqi_span_of(path), packed, &env, err));
    streamq_status status = sqi_unpack_read(u, to, sizeof to, &got, err);
    sqi_unpack_close(u);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    static char to[1000];
    file_begin(&f);
    packed = (int64_t)pack(SQI_SPAN("text\n"), 31, to, sizeof to);
    file_put_bytes(&f, "a.gz", to, (size_t)packed, 0);
    char *path = sqi_arena_text(&f.r.arena, file_name(&f, "a.gz"), strlen(file_name(&f, "a.gz")));
    ck_assert_uint_ge(sqi_test_every_allocation(open_and_read, path), 3);
    file_end(&f);
}
END_TEST
#endif

#ifdef SQI_WITH_ZSTD
START_TEST(zstd)
{
    static char to[LARGE + 1000];
    file_begin(&f);
    make_large();
    size_t n = ZSTD_compress(to, sizeof to, "first\n", 6, 3);
    n += ZSTD_compress(to + n, sizeof to - n, "second frame\n", 13, 3);
    file_put_bytes(&f, "a.zst", to, n, 0);
    is("a.zst", SQI_SPAN("first\nsecond frame\n"));
    file_put_bytes(&f, "cut.zst", to, n - 2, 0);
    refused("cut.zst", -1, SQI_COND_FAILED_READ_FILE, "middle");
    memcpy(to + n, "junk", 4);
    file_put_bytes(&f, "junk.zst", to, n + 4, 0);
    refused("junk.zst", -1, SQI_COND_FAILED_READ_FILE, "junk.zst");
    file_put(&f, "plain.zst", "plain text", 0);
    refused("plain.zst", -1, SQI_COND_FAILED_READ_FILE, "not a whole zstd");
    n = ZSTD_compress(to, sizeof to, large, LARGE, 3);
    file_put_bytes(&f, "large.zst", to, n, 0);
    is("large.zst", (sqi_span){large, LARGE});
    free(large);
    file_end(&f);
}
END_TEST
#endif

int main(void)
{
    const TTest *const tests[] = {other_files_are_read_as_they_are,
                                  a_file_is_read_up_to_the_size_it_had,
                                  files_that_cannot_be_read_are_named_with_the_cause,
#ifdef SQI_WITH_ZLIB
                                  gzip_and_deflate,
                                  a_bomb_comes_in_pieces,
                                  every_allocation_may_fail,
#endif
#ifdef SQI_WITH_ZSTD
                                  zstd,
#endif
                                  what_is_not_built_in_is_said_with_the_package};
    return sqi_test_main("io_unpack", tests, sizeof tests / sizeof *tests);
}
