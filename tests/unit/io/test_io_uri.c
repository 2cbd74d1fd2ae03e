/* Paths as URIs and back; what Java's URI gives was asked of Java. */
#include "fail_alloc.h"
#include "io_uri.h"
#include "test_main.h"

static sqi_alloc heap;
static sqi_buf out;

static const char *put(const char *path)
{
    if (!out.alloc)
        sqi_alloc_init(&heap);
    sqi_buf_fini(&out);
    sqi_buf_init(&out, &heap, 0);
    ck_assert(sqi_uri_put(&out, sqi_span_of(path)) && sqi_buf_byte(&out, '\0'));
    return out.ptr;
}

static sqi_uri_fault get(const char *uri, size_t len)
{
    if (!out.alloc)
        sqi_alloc_init(&heap);
    sqi_buf_fini(&out);
    sqi_buf_init(&out, &heap, 0);
    sqi_uri_fault fault = sqi_uri_path((sqi_span){uri, len}, &out);
    sqi_buf_byte(&out, '\0');
    return fault;
}

START_TEST(a_path_is_escaped_as_java_does)
{
    ck_assert_str_eq(put("/tmp/out/part-0.csv"), "file:///tmp/out/part-0.csv");
    ck_assert_str_eq(put("/k=x 0/a"), "file:///k=x%200/a");
    ck_assert_str_eq(put("/k=x%2Fy/a"), "file:///k=x%252Fy/a");
    ck_assert_str_eq(put("/a\"#<>?[]\\^`{|}\x7f/\x01"), "file:///a%22%23%3C%3E%3F%5B%5D%5C%5E%60%7B%7C%7D%7F/%01");
    ck_assert_str_eq(put("/_-!.~'()*:@&=+$,;"), "file:///_-!.~'()*:@&=+$,;");
    ck_assert_str_eq(put("/é😀"), "file:///é😀");
    ck_assert_str_eq(put("/a\xc2\xa0 b\xe2\x80\x83"), "file:///a%C2%A0%20b%E2%80%83");
    ck_assert_str_eq(put("/\xff"), "file:///%FF");
}
END_TEST

START_TEST(every_path_comes_back)
{
    char path[1026] = "/", before[1026];
    for (int c = 1, n = 1; c < 256; c++)
        path[n++] = (char)c;
    strcat(path, "/é😀\xe2\x80\xa8");
    strcpy(before, path);
    const char *uri = put(path);
    char kept[4096];
    strcpy(kept, uri);
    ck_assert_int_eq(get(kept, strlen(kept)), SQI_URI_OK);
    ck_assert_str_eq(out.ptr, before);
}
END_TEST

START_TEST(what_spark_and_hadoop_write_is_read)
{
    static const struct {
        const char *uri, *path;
    } good[] = {{"file:///tmp/a%20b", "/tmp/a b"},
                {"file:/tmp/a", "/tmp/a"},
                {"FILE:///a", "/a"},
                {"file://localhost/a", "/a"},
                {"/bare/a%2Fb", "/bare/a/b"},
                {"file:///a:b/c", "/a:b/c"},
                {"/a%e9", "/a\xe9"}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_int_eq(get(good[i].uri, strlen(good[i].uri)), SQI_URI_OK);
        ck_assert_str_eq(out.ptr, good[i].path);
    }
}
END_TEST

START_TEST(what_leads_elsewhere_or_nowhere_is_told_apart)
{
    static const struct {
        const char *uri;
        sqi_uri_fault fault;
    } bad[] = {{"hdfs://host/a", SQI_URI_ELSEWHERE},
               {"s3a://bucket/a", SQI_URI_ELSEWHERE},
               {"file://other/a", SQI_URI_ELSEWHERE},
               {"", SQI_URI_MALFORMED},
               {"a/b", SQI_URI_MALFORMED},
               {"file:a", SQI_URI_MALFORMED},
               {"file://", SQI_URI_MALFORMED},
               {"/a%", SQI_URI_MALFORMED},
               {"/a%4", SQI_URI_MALFORMED},
               {"/a%4g", SQI_URI_MALFORMED},
               {"/a%00b", SQI_URI_MALFORMED}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(get(bad[i].uri, strlen(bad[i].uri)) == bad[i].fault, "%s", bad[i].uri);
    ck_assert_int_eq(get("/a%41", 5), SQI_URI_OK);
    ck_assert_int_eq(get("/a%41", 4), SQI_URI_MALFORMED);
    ck_assert_int_eq(get("/a\0b", 4), SQI_URI_MALFORMED);
}
END_TEST

static streamq_status both(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_buf uri, path;
    (void)context;
    sqi_buf_init(&uri, alloc, 0);
    sqi_buf_init(&path, alloc, 0);
    bool made = sqi_uri_put(&uri, SQI_SPAN("/tmp/a b")) && sqi_uri_path(sqi_buf_view(&uri), &path) == SQI_URI_OK;
    sqi_buf_fini(&uri);
    sqi_buf_fini(&path);
    return made ? STREAMQ_OK : sqi_error_nomem(err);
}

START_TEST(every_allocation_may_fail)
{
    ck_assert_uint_ge(sqi_test_every_allocation(both, NULL), 2);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_path_is_escaped_as_java_does, every_path_comes_back,
                                  what_spark_and_hadoop_write_is_read, what_leads_elsewhere_or_nowhere_is_told_apart,
                                  every_allocation_may_fail};
    return sqi_test_main("io_uri", tests, sizeof tests / sizeof *tests);
}
