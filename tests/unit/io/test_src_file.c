/* Folders of files as a source; the rules are Spark's, and what is expected was asked of Spark 4.3. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_rig.h"
#include "test_main.h"

static file_rig f;
static const sqi_offset unknown = {0};

static sqi_offset at(int64_t n)
{
    return (sqi_offset){.known = true, .number = {n, 0}};
}

static void begin(void)
{
    file_begin(&f);
}

static sqi_source *text(void)
{
    file_path(&f, "");
    return rig_source(&f.r, &sqi_src_text, NULL);
}

static void end(void)
{
    file_end(&f);
}

/* The rows of the next batch; "" if there is none. */
static sqi_offset last;

static const char *next(void)
{
    sqi_offset start = last;
    last = rig_latest(&f.r, &start);
    return sqi_offset_equal(&start, &last) ? "" : rig_read(&f.r, &start, &last);
}

START_TEST(new_files_are_read_once)
{
    begin();
    last = unknown;
    file_put(&f, "a", "a\n", 0);
    text();
    ck_assert_str_eq(next(), "a\n");
    ck_assert_str_eq(rig_json(&f.r, &last), "{\"logOffset\":0}");
    ck_assert_str_eq(next(), "");
    file_put(&f, "b with a space", "b\n", 0);
    ck_assert_str_eq(next(), "b\n");
    file_put(&f, "a", "changed\n", 0);
    file_put(&f, "_hidden", "h\n", 0);
    file_put(&f, ".hidden", "h\n", 0);
    file_put(&f, "sub/x", "x\n", 0);
    ck_assert_str_eq(next(), "");
    ck_assert_str_eq(rig_json(&f.r, &last), "{\"logOffset\":1}");
    end();
}
END_TEST

START_TEST(batches_are_the_oldest_files_first_up_to_a_number)
{
    begin();
    last = unknown;
    file_put(&f, "c", "1\n", 1000);
    file_put(&f, "b", "2\n", 2000);
    file_put(&f, "a", "3\n", 3000);
    rig_option(&f.r, "maxFilesPerTrigger", "2");
    text();
    ck_assert_str_eq(next(), "1\n2\n");
    ck_assert(f.r.source->type->more(f.r.source, &last));
    ck_assert_str_eq(next(), "3\n");
    ck_assert_str_eq(next(), "");
    sqi_offset two = at(1);
    ck_assert_str_eq(rig_read(&f.r, &unknown, &two), "1\n2\n3\n");
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {new_files_are_read_once, batches_are_the_oldest_files_first_up_to_a_number};
    return sqi_test_main("src_file", tests, sizeof tests / sizeof *tests);
}
