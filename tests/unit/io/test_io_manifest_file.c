/* One file of a log of files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "folder_rig.h"
#include "io_manifest_file.h"
#include "io_rig.h"
#include "test_main.h"

static rig r;
static folder f;
static sqi_buf seen;

static streamq_status see(void *context, const sqi_manifest_entry *e, sqi_span line, streamq_error **err)
{
    (void)context;
    (void)line;
    (void)err;
    sqi_buf_printf(&seen, "%.*s %lld %d %lld\n", (int)e->path.len, e->path.ptr, (long long)e->size, e->is_dir,
                   (long long)e->modified_millis);
    return STREAMQ_OK;
}

static void begin(void)
{
    rig_begin(&r);
    folder_begin(&f);
    r.sim.os.files = &f.files;
    sqi_buf_init(&seen, &r.heap.alloc, 0);
}

static void end(void)
{
    sqi_buf_fini(&seen);
    folder_end(&f);
    rig_end(&r);
}

static streamq_status read_text(const char *text)
{
    bool missing;
    char path[128];
    folder_put(&f, "0", text);
    strcpy(path, folder_name(&f, "0"));
    sqi_buf_clear(&seen);
    return sqi_manifest_file_read(&r.env, path, see, NULL, &missing, &r.err);
}

#define ENTRY(path, rest)                                                                                 \
    "{\"path\":\"" path "\",\"size\":4,\"isDir\":false,\"modificationTime\":1700,\"blockReplication\":1," \
    "\"blockSize\":33554432,\"action\":\"add\"" rest "}"

START_TEST(a_file_that_spark_wrote_is_read)
{
    begin();
    ck_assert_int_eq(read_text("v1\n" ENTRY("file:///o/k=x%200/a.csv", "") "\n" ENTRY("file:///o/b.csv", "")),
                     STREAMQ_OK);
    ck_assert(sqi_buf_byte(&seen, '\0'));
    ck_assert_str_eq(seen.ptr, "/o/k=x 0/a.csv 4 0 1700\n/o/b.csv 4 0 1700\n");
    ck_assert_int_eq(read_text("v1\n" ENTRY("file:\\/\\/\\/o\\/\\u0061%62", "")), STREAMQ_OK);
    ck_assert(sqi_buf_byte(&seen, '\0'));
    ck_assert_str_eq(seen.ptr, "/o/ab 4 0 1700\n");
    ck_assert_int_eq(read_text("v1"), STREAMQ_OK);
    ck_assert_uint_eq(seen.len, 0);
    end();
}
END_TEST

START_TEST(what_is_written_is_what_spark_writes)
{
    begin();
    sqi_manifest_entry e = {SQI_SPAN("/o/k=x 0/\"a\".csv"), 4, false, 1700, 1, 33554432};
    ck_assert(sqi_manifest_file_begin(&seen) && sqi_manifest_file_entry(&seen, &e) && sqi_buf_byte(&seen, '\0'));
    ck_assert_str_eq(seen.ptr, "v1\n" ENTRY("file:///o/k=x%200/%22a%22.csv", ""));
    end();
}
END_TEST

START_TEST(fields_that_are_not_known_are_passed_over)
{
    begin();
    ck_assert_int_eq(read_text("v1\n" ENTRY("file:///a", ",\"more\":{\"x\":[1,2]}")), STREAMQ_OK);
    ck_assert_int_eq(read_text("v1\n{\"modificationTime\":1,\"path\":\"/a\",\"size\":0}"), STREAMQ_OK);
    end();
}
END_TEST

START_TEST(a_file_that_is_not_there_is_no_error)
{
    bool missing;
    begin();
    ck_assert_int_eq(sqi_manifest_file_read(&r.env, "/nowhere/0", see, NULL, &missing, &r.err), STREAMQ_OK);
    ck_assert(missing);
    end();
}
END_TEST

/* Spark's HDFSMetadataLog: "verify version". */
START_TEST(a_version_that_is_none_is_malformed_and_a_later_one_is_refused)
{
    static const char *const bad[] = {
        "", "xyz", "v10.x", "10", "v0", "v-10", "v", "v+1", "v1 ", "V1", "v99999999999999999999"};
    int64_t version;
    begin();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        rig_refused(&r, sqi_manifest_file_version(sqi_span_of(bad[i]), 100, "/log/0", &version, &r.err),
                    SQI_COND_MALFORMED_LOG_FILE, "/log/0");
    ck_assert_int_eq(sqi_manifest_file_version(SQI_SPAN("v10"), 10, "f", &version, &r.err), STREAMQ_OK);
    ck_assert_int_eq(sqi_manifest_file_version(SQI_SPAN("v10"), 100, "f", &version, &r.err), STREAMQ_OK);
    ck_assert_int_eq(version, 10);
    rig_refused(&r, sqi_manifest_file_version(SQI_SPAN("v200"), 100, "f", &version, &r.err),
                SQI_COND_INVALID_LOG_VERSION__MAX_SUPPORTED_VERSION, "v200");
    rig_refused(&r, read_text("v2\n" ENTRY("file:///a", "")), SQI_COND_INVALID_LOG_VERSION__MAX_SUPPORTED_VERSION,
                "v2");
    rig_refused(&r, read_text(""), SQI_COND_MALFORMED_LOG_FILE, "v1");
    end();
}
END_TEST

START_TEST(what_is_damaged_is_named_with_file_and_line)
{
    static const struct {
        const char *line, *why;
    } bad[] = {{"", "line 3"},
               {"{", "damaged"},
               {"[]", "no JSON object"},
               {"{}", "missing"},
               {"{\"path\":1}", "path is no text"},
               {"{\"path\":\"a\",\"size\":1,\"modificationTime\":1}", "not absolute"},
               {"{\"path\":\"hdfs://h/a\",\"size\":1,\"modificationTime\":1}", "another file system"},
               {"{\"path\":\"/a\",\"size\":-1,\"modificationTime\":1}", "negative"},
               {"{\"path\":\"/a\",\"size\":1.5,\"modificationTime\":1}", "number"},
               {"{\"path\":\"/a\",\"size\":99999999999999999999,\"modificationTime\":1}", "number"},
               {"{\"path\":\"/a\",\"size\":\"1\",\"modificationTime\":1}", "number"},
               {"{\"path\":\"/a\",\"size\":1,\"modificationTime\":1,\"isDir\":0}", "isDir"},
               {"{\"path\":\"/a\",\"size\":1,\"modificationTime\":1,\"action\":\"delete\"}", "action"},
               {"{\"path\":\"/a\",\"size\":1,\"modificationTime\":1}}", "line 3"},
               {"{\"path\":\"/a%00\",\"size\":1,\"modificationTime\":1}", "escaped wrongly"}};
    char text[1024];
    begin();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text, "v1\n%s\n%s\n", ENTRY("file:///a", ""), bad[i].line);
        streamq_status status = read_text(text);
        ck_assert_msg(status == STREAMQ_ERR_IO, "%s", bad[i].line);
        ck_assert(strstr(sqi_error_message(r.err), "/0'"));
        rig_refused(&r, status, SQI_COND_MALFORMED_LOG_FILE, bad[i].why);
    }
    end();
}
END_TEST

/* Cut anywhere and with any byte changed: an error or fewer fields, never more than an error. */
START_TEST(any_damage_ends_in_an_answer)
{
    const char *good = "v1\n" ENTRY("file:///o/k=x%200/a.csv", "") "\n" ENTRY("file:///o/b.csv", "");
    char text[1024];
    begin();
    for (size_t cut = 0; cut < strlen(good); cut++) {
        memcpy(text, good, cut);
        text[cut] = '\0';
        streamq_status status = read_text(text);
        ck_assert(status == STREAMQ_OK || status == STREAMQ_ERR_IO);
        sqi_error_free(r.err);
        r.err = NULL;
    }
    for (size_t at = 0; at < strlen(good); at++) {
        strcpy(text, good);
        text[at] ^= 0x15;
        streamq_status status = read_text(text);
        ck_assert(status == STREAMQ_OK || status == STREAMQ_ERR_IO || status == STREAMQ_ERR_UNSUPPORTED);
        sqi_error_free(r.err);
        r.err = NULL;
    }
    end();
}
END_TEST

START_TEST(a_line_without_end_is_refused_and_not_kept)
{
    begin();
    char *text = malloc(4 << 20);
    memset(text, 'x', (4 << 20) - 1);
    memcpy(text, "v1\n", 3);
    text[(4 << 20) - 1] = '\0';
    streamq_status status = read_text(text);
    free(text);
    rig_refused(&r, status, SQI_COND_MALFORMED_LOG_FILE, "longer");
    ck_assert_uint_lt(r.heap.alloc.peak, 4 << 20);
    end();
}
END_TEST

static streamq_status read_again(sqi_alloc *alloc, void *context, streamq_error **err)
{
    bool missing;
    sqi_io_env env = r.env;
    env.alloc = alloc;
    (void)context;
    return sqi_manifest_file_read(&env, folder_name(&f, "0"), see, NULL, &missing, err);
}

START_TEST(every_allocation_may_fail)
{
    begin();
    ck_assert_int_eq(read_text("v1\n" ENTRY("file:///o/\\u0061.csv", "")), STREAMQ_OK);
    ck_assert_uint_ge(sqi_test_every_allocation(read_again, NULL), 3);
    end();
}
END_TEST

START_TEST(every_call_to_the_disk_may_fail)
{
    begin();
    ck_assert_int_eq(read_text("v1\n" ENTRY("file:///o/a.csv", "")), STREAMQ_OK);
    size_t calls = f.calls;
    for (size_t i = 1; i <= calls; i++) {
        f.calls = 0;
        f.fail_at = i;
        f.code = 5; /* EIO */
        rig_refused(&r, read_text("v1\n" ENTRY("file:///o/a.csv", "")), SQI_COND_IO_ERROR, "/0'");
    }
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_file_that_spark_wrote_is_read,
                                  what_is_written_is_what_spark_writes,
                                  fields_that_are_not_known_are_passed_over,
                                  a_file_that_is_not_there_is_no_error,
                                  a_version_that_is_none_is_malformed_and_a_later_one_is_refused,
                                  what_is_damaged_is_named_with_file_and_line,
                                  any_damage_ends_in_an_answer,
                                  a_line_without_end_is_refused_and_not_kept,
                                  every_allocation_may_fail,
                                  every_call_to_the_disk_may_fail};
    return sqi_test_main("io_manifest_file", tests, sizeof tests / sizeof *tests);
}
