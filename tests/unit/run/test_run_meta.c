/* metadata: written once, read strictly, compared line by line. */
#include "run_meta.h"
#include "temp_dir.h"
#include "test_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[64];
static sqi_alloc alloc;
static sqi_meta meta;

static void begin(void)
{
    temp_dir_begin(dir);
    sqi_alloc_init(&alloc);
    sqi_meta_init(&meta, &alloc);
}

static void end(void)
{
    sqi_meta_fini(&meta);
    temp_dir_end(dir);
    ck_assert_uint_eq(alloc.used, 0);
}

static void put(const char *text)
{
    char path[100];
    snprintf(path, sizeof path, "%s/metadata", dir);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static sqi_cond read_it(bool *found)
{
    streamq_error *err = NULL;
    sqi_meta_fini(&meta);
    sqi_meta_init(&meta, &alloc);
    (void)sqi_meta_read(&meta, sqi_os_files_posix(), dir, found, &err);
    sqi_cond cond = sqi_error_cond(err);
    sqi_error_free(err);
    return cond;
}

START_TEST(what_is_written_is_read)
{
    bool found;
    begin();
    ck_assert_int_eq(read_it(&found), SQI_COND_NONE);
    ck_assert(!found);
    ck_assert(sqi_meta_uuid(sqi_os_posix(), meta.id));
    char id[40];
    memcpy(id, meta.id, sizeof id);
    meta.created_ms = 12345;
    ck_assert(sqi_buf_text(&meta.shape, "source\ttext\ta \"b\"\nkey\tint\tk\n"));
    ck_assert_int_eq(sqi_meta_write(&meta, sqi_os_files_posix(), dir, NULL), STREAMQ_OK);
    ck_assert_int_eq(read_it(&found), SQI_COND_NONE);
    ck_assert(found);
    ck_assert_str_eq(meta.id, id);
    ck_assert_int_eq(meta.created_ms, 12345);
    ck_assert(sqi_span_equal(sqi_buf_view(&meta.shape), SQI_SPAN("source\ttext\ta \"b\"\nkey\tint\tk\n")));
    streamq_error *err = NULL; /* it is written once */
    ck_assert_int_eq(sqi_meta_write(&meta, sqi_os_files_posix(), dir, &err), STREAMQ_ERR_IO);
    sqi_error_free(err);
    end();
}
END_TEST

#define ID "\"id\":\"00000000-0000-4000-8000-000000000000\""

START_TEST(what_is_no_metadata_is_refused_by_name)
{
    static const struct {
        const char *text;
        sqi_cond cond;
    } row[] = {
        {"", SQI_COND_CHECKPOINT_CORRUPT},
        {"[]", SQI_COND_CHECKPOINT_CORRUPT},
        {"{" ID ",\"version\":1,\"shape\":[]}", SQI_COND_NONE},
        {"{" ID ",\"version\":1,\"shape\":[],\"more\":{\"x\":[1]}}", SQI_COND_NONE},
        {"{" ID ",\"version\":1,\"shape\":[]", SQI_COND_CHECKPOINT_CORRUPT},
        {"{" ID ",\"version\":1,\"shape\":[]} x", SQI_COND_CHECKPOINT_CORRUPT},
        {"{" ID ",\"version\":1,\"shape\":[1]}", SQI_COND_CHECKPOINT_CORRUPT},
        {"{" ID ",\"version\":1,\"shape\":[],\"shape\":[]}", SQI_COND_CHECKPOINT_CORRUPT},
        {"{" ID ",\"version\":1}", SQI_COND_CHECKPOINT_CORRUPT},
        {"{\"version\":1,\"shape\":[]}", SQI_COND_CHECKPOINT_CORRUPT},
        {"{\"id\":\"../../etc/passwd\",\"version\":1,\"shape\":[]}", SQI_COND_CHECKPOINT_CORRUPT},
        {"{" ID ",\"version\":0,\"shape\":[]}", SQI_COND_CHECKPOINT_CORRUPT},
        {"{" ID ",\"version\":\"1\",\"shape\":[]}", SQI_COND_CHECKPOINT_CORRUPT},
        {"{" ID ",\"version\":2,\"shape\":[]}", SQI_COND_CHECKPOINT_VERSION},
        {"{" ID ",\"version\":9223372036854775807,\"new\":1}", SQI_COND_CHECKPOINT_VERSION},
        {"{" ID "}", SQI_COND_CHECKPOINT_VERSION}, /* Spark's */
    };
    begin();
    for (size_t i = 0; i < sizeof row / sizeof *row; ++i) {
        bool found;
        put(row[i].text);
        sqi_cond cond = read_it(&found);
        ck_assert_msg(cond == row[i].cond, "%s: %s", row[i].text, sqi_cond_name(cond));
        ck_assert_int_eq(found, cond == SQI_COND_NONE);
    }
    end();
}
END_TEST

START_TEST(a_link_in_its_place_is_not_followed)
{
    char path[100];
    bool found;
    begin();
    snprintf(path, sizeof path, "%s/metadata", dir);
    ck_assert_int_eq(symlink("/etc/passwd", path), 0);
    ck_assert_int_eq(read_it(&found), SQI_COND_IO_ERROR);
    end();
}
END_TEST

static const char *compare(const char *kept, const char *now, bool *renamed)
{
    static char text[4096];
    streamq_error *err = NULL;
    (void)sqi_meta_compare(sqi_span_of(kept), sqi_span_of(now), "dir", renamed, &err);
    snprintf(text, sizeof text, "%s", err ? sqi_error_text(err) : "");
    ck_assert(!err || sqi_error_cond(err) == SQI_COND_CHECKPOINT_MISMATCH);
    sqi_error_free(err);
    return text;
}

START_TEST(differences_are_listed_and_names_may_change)
{
    bool renamed;
    ck_assert_str_eq(compare("", "", &renamed), "");
    ck_assert_str_eq(compare("key\tint\ta\n", "key\tint\ta\n", &renamed), "");
    ck_assert(!renamed);
    ck_assert_str_eq(compare("key\tint\ta\n", "key\tint\tb\n", &renamed), "");
    ck_assert(renamed);
    ck_assert_str_eq(compare("key\tint\ta\nvalue\tsum\ts\n", "key\tbigint\ta\n", &renamed),
                     "the query does not fit the checkpoint in dir; 2 things differ:\n"
                     "  checkpoint: key int a\n  query     : key bigint a\n  checkpoint: value sum s");
    ck_assert_str_eq(compare("", "key\tint\ta\n", &renamed),
                     "the query does not fit the checkpoint in dir; 1 thing differs:\n  query adds: key int a");
}
END_TEST

START_TEST(the_id_as_bytes)
{
    unsigned char b[16];
    begin();
    snprintf(meta.id, sizeof meta.id, "00112233-4455-4677-8899-aabbccddeeff");
    sqi_meta_id_bytes(&meta, b);
    ck_assert_mem_eq(b, "\x00\x11\x22\x33\x44\x55\x46\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff", 16);
    end();
}
END_TEST

START_TEST(the_parts_of_a_shape)
{
    sqi_span shape = SQI_SPAN("source\ttext\ta file\nsource\trate\nother\tx\ty\noperator\tdedupe\td\nkey\tINT\tk\n"
                              "key\tINT\tl\noperator\tlast");
    sqi_meta_part p;
    static const struct {
        bool source;
        const char *name, *text;
    } want[] = {{true, "text", "a file"},
                {true, "rate", ""},
                {false, "dedupe", "operator\tdedupe\td\nkey\tINT\tk\nkey\tINT\tl\n"},
                {false, "last", "operator\tlast"}};
    for (int i = 0; i < 4; ++i) {
        ck_assert(sqi_meta_next(&shape, &p));
        ck_assert_int_eq(p.source, want[i].source);
        ck_assert(sqi_span_equal(p.name, sqi_span_of(want[i].name)));
        ck_assert_msg(sqi_span_equal(p.text, sqi_span_of(want[i].text)), "%.*s", (int)p.text.len, p.text.ptr);
    }
    ck_assert(!sqi_meta_next(&shape, &p));
    ck_assert(!sqi_meta_next(&(sqi_span){NULL, 0}, &p));
    ck_assert(!sqi_meta_next(&SQI_SPAN("\n\t\n"), &p));
}
END_TEST

START_TEST(paths_may_be_written_as_uris)
{
    ck_assert_str_eq(sqi_meta_path("/a/b"), "/a/b");
    ck_assert_str_eq(sqi_meta_path("file:///a/b"), "/a/b");
    ck_assert_str_eq(sqi_meta_path("file:/a/b"), "/a/b");
    ck_assert_str_eq(sqi_meta_path("file"), "file");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_is_written_is_read,
                                  what_is_no_metadata_is_refused_by_name,
                                  a_link_in_its_place_is_not_followed,
                                  differences_are_listed_and_names_may_change,
                                  the_id_as_bytes,
                                  the_parts_of_a_shape,
                                  paths_may_be_written_as_uris};
    return sqi_test_main("run_meta", tests, sizeof tests / sizeof *tests);
}
