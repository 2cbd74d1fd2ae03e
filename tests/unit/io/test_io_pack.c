/* What is compressed here, the libraries' own readers give back. */
#include <string.h>

#include "fail_alloc.h"
#include "io_pack.h"
#include "test_main.h"

#ifdef SQI_WITH_ZLIB
#include <zlib.h>
#endif
#ifdef SQI_WITH_ZSTD
#include <zstd.h>
#endif

enum { MOST = 1 << 22 };
static char big[MOST], back[MOST + 1];

#ifdef SQI_WITH_ZLIB
/* All members. */
static size_t gunzip(const sqi_buf *from)
{
    z_stream z = {.next_in = (Bytef *)from->ptr, .avail_in = (uInt)from->len};
    size_t n = 0;
    while (z.avail_in) {
        ck_assert_int_eq(inflateInit2(&z, 15 + 16), Z_OK);
        z.next_out = (Bytef *)back + n;
        z.avail_out = (uInt)(MOST - n);
        ck_assert_int_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
        n += z.total_out;
        Bytef *next = z.next_in;
        uInt left = z.avail_in;
        inflateEnd(&z);
        z = (z_stream){.next_in = next, .avail_in = left};
    }
    return n;
}
#endif

#ifdef SQI_WITH_ZSTD
static size_t unzstd(const sqi_buf *from)
{
    size_t n = ZSTD_decompress(back, MOST, from->ptr, from->len);
    ck_assert_msg(!ZSTD_isError(n), "%s", ZSTD_getErrorName(n));
    return n;
}
#endif

static size_t unpack(sqi_pack_kind kind, const sqi_buf *from)
{
    (void)from;
#ifdef SQI_WITH_ZLIB
    if (kind == SQI_PACK_GZIP)
        return gunzip(from);
#endif
#ifdef SQI_WITH_ZSTD
    if (kind == SQI_PACK_ZSTD)
        return unzstd(from);
#endif
    ck_abort_msg("kind %d is not built in", (int)kind);
    return 0;
}

static sqi_pack_kind kind_of(int i, bool *there)
{
    static const char *const name[] = {"gzip", "zstd"};
    sqi_pack_kind kind;
    *there = sqi_pack_find(sqi_span_of(name[i]), &kind, NULL) == STREAMQ_OK;
    return kind;
}

START_TEST(codecs_are_found_by_name)
{
    sqi_pack_kind kind;
    streamq_error *err = NULL;
    ck_assert_int_eq(sqi_pack_find(SQI_SPAN("none"), &kind, NULL), STREAMQ_OK);
    ck_assert_int_eq(kind, SQI_PACK_NONE);
    ck_assert_int_eq(sqi_pack_find(SQI_SPAN("Uncompressed"), &kind, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_pack_find(SQI_SPAN("snappy"), &kind, &err), STREAMQ_ERR_INVALID);
    ck_assert_str_eq(sqi_cond_name(sqi_error_cond(err)), "CODEC_NOT_AVAILABLE");
    ck_assert(strstr(sqi_error_text(err), "none"));
    sqi_error_free(err);
    err = NULL;
    ck_assert_int_eq(sqi_pack_find(SQI_SPAN(""), &kind, NULL), STREAMQ_ERR_INVALID);
#ifdef SQI_WITH_ZLIB
    ck_assert_int_eq(sqi_pack_find(SQI_SPAN("GZIP"), &kind, NULL), STREAMQ_OK);
    ck_assert_str_eq(sqi_pack_extension(kind), ".gz");
#else
    ck_assert_int_eq(sqi_pack_find(SQI_SPAN("gzip"), &kind, &err), STREAMQ_ERR_INVALID);
    ck_assert(strstr(sqi_error_text(err), "zlib"));
#endif
    sqi_error_free(err);
}
END_TEST

START_TEST(what_goes_in_comes_out)
{
    bool there;
    sqi_pack_kind kind = kind_of(_i, &there);
    sqi_alloc heap;
    sqi_buf out;
    sqi_pack *p;
    if (!there)
        return;
    sqi_alloc_init(&heap);
    sqi_buf_init(&out, &heap, 0);
    ck_assert_int_eq(sqi_pack_new(&p, &heap, kind, NULL), STREAMQ_OK);
    uint32_t x = 1;
    for (size_t i = 0; i < MOST; i++) /* half of it noise */
        big[i] = (char)(i & 1024 ? 'a' : (x = x * 1664525 + 1013904223) >> 24);
    for (size_t at = 0, n = 1; at < MOST; at += n, n = at + n * 3 < MOST ? n * 3 : MOST - at)
        ck_assert_int_eq(sqi_pack_put(p, (sqi_span){big + at, n}, &out, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_pack_end(p, &out, NULL), STREAMQ_OK);
    ck_assert_uint_eq(unpack(kind, &out), MOST);
    ck_assert_mem_eq(back, big, MOST);
    sqi_pack_free(p);
    sqi_buf_fini(&out);
    ck_assert_uint_eq(heap.used, 0);
}
END_TEST

START_TEST(members_follow_each_other_and_one_may_be_empty)
{
    bool there;
    sqi_pack_kind kind = kind_of(_i, &there);
    sqi_alloc heap;
    sqi_buf out;
    sqi_pack *p;
    if (!there)
        return;
    sqi_alloc_init(&heap);
    sqi_buf_init(&out, &heap, 0);
    ck_assert_int_eq(sqi_pack_new(&p, &heap, kind, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_pack_end(p, &out, NULL), STREAMQ_OK);
    ck_assert_uint_eq(out.len, 0); /* none was open */
    sqi_pack_begin(p);
    ck_assert_int_eq(sqi_pack_end(p, &out, NULL), STREAMQ_OK);
    ck_assert_uint_gt(out.len, 0);
    ck_assert_uint_eq(unpack(kind, &out), 0);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(sqi_pack_put(p, SQI_SPAN("dropped"), &out, NULL), STREAMQ_OK);
        sqi_pack_drop(p);
        sqi_buf_clear(&out);
    }
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(sqi_pack_put(p, SQI_SPAN("one "), &out, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_pack_put(p, SQI_SPAN(""), &out, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_pack_end(p, &out, NULL), STREAMQ_OK);
    }
    ck_assert_uint_eq(unpack(kind, &out), 12);
    ck_assert_mem_eq(back, "one one one ", 12);
    sqi_pack_free(p);
    sqi_buf_fini(&out);
}
END_TEST

static streamq_status live(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_pack *p = NULL;
    sqi_buf out;
    sqi_buf_init(&out, alloc, 0);
    streamq_status status = sqi_pack_new(&p, alloc, *(sqi_pack_kind *)context, err);
    if (status == STREAMQ_OK)
        status = sqi_pack_put(p, (sqi_span){big, MOST / 8}, &out, err);
    if (status == STREAMQ_OK)
        status = sqi_pack_end(p, &out, err);
    sqi_pack_free(p);
    sqi_buf_fini(&out);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    bool there;
    sqi_pack_kind kind = kind_of(_i, &there);
    if (there)
        ck_assert_uint_ge(sqi_test_every_allocation(live, &kind), 2);
}
END_TEST

int main(void)
{
    const TTest *const once[] = {codecs_are_found_by_name};
    const TTest *const each[] = {what_goes_in_comes_out, members_follow_each_other_and_one_may_be_empty,
                                 every_allocation_may_fail};
    return sqi_test_main_each("io_pack", once, 1, each, 3, 2);
}
