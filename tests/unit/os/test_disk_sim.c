/* The simulated disk: behaves as the real one does, fails where it is told, writes down what was called. */
#include "disk_sim.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "test_main.h"

static sqi_disk_sim *disk;
static const sqi_os_files *f;

static void begin(void)
{
    disk = sqi_disk_sim_new(42);
    f = sqi_disk_sim_files(disk);
}

static void end(void)
{
    ck_assert_uint_eq(sqi_disk_sim_open_files(disk), 0);
    ck_assert_uint_eq(sqi_disk_sim_misuse(disk), 0);
    sqi_disk_sim_free(disk);
}

static int open_as(const char *path, int how)
{
    int file;
    ck_assert_int_eq(f->open(f->context, path, how, &file), 0);
    return file;
}

static void holds(const char *path, const char *text)
{
    size_t len;
    const void *bytes = sqi_disk_sim_get(disk, path, &len);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(len, strlen(text));
    ck_assert_mem_eq(bytes, text, len);
}

/* ------------------------------------------------------------------------------------- the same as the real disk is */

static uint64_t chance;

static uint64_t any(uint64_t below)
{
    chance = chance * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (chance >> 33) % below;
}

enum { SIDES = 2 };
static const sqi_os_files *side[SIDES];
static char root[SIDES][64];

static const char *path_on(int s, const char *name)
{
    static char path[4][256];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s%s", root[s], name);
    return path[turn];
}

static bool sum_names(void *user, const char *name, sqi_os_kind kind)
{
    uint64_t h = (uint64_t)kind + 1;
    for (; *name; name++)
        h = h * 131 + (unsigned char)*name;
    *(uint64_t *)user += h;
    return true;
}

static const char *const any_name[] = {"/a", "/b", "/d", "/d/a", "/d/e", "/d/e/a", "/a/b", "/d/../b", "/./d//a/"};

static int any_name_call(int s, int what, const char *x, const char *y, uint64_t *seen)
{
    const sqi_os_files *t = side[s];
    sqi_os_stat about;
    int code, file;
    *seen = 0;
    switch (what) {
    case 0:
        return t->mkdir(t->context, path_on(s, x));
    case 1:
        return t->rename(t->context, path_on(s, x), path_on(s, y));
    case 2:
        return t->link(t->context, path_on(s, x), path_on(s, y));
    case 3:
        return t->unlink(t->context, path_on(s, x));
    case 4:
        return t->rmdir(t->context, path_on(s, x));
    case 5:
        return t->list(t->context, path_on(s, x), sum_names, seen);
    case 6:
        return t->sync_dir(t->context, path_on(s, x));
    case 7:
        code = t->stat(t->context, path_on(s, x), &about);
        *seen = code ? 0 : about.kind == SQI_OS_DIRECTORY ? 1000000 : (uint64_t)about.size;
        return code;
    default:
        code = t->open(t->context, path_on(s, x), what - 8, &file);
        if (code == 0)
            t->close(t->context, file);
        return code;
    }
}

static void any_file_call(int file[SIDES])
{
    char bytes[64], got[SIDES][100];
    int64_t n[SIDES], at = (int64_t)any(200);
    size_t len = any(sizeof bytes);
    int what = (int)any(4);
    memset(bytes, 'a' + (int)any(26), sizeof bytes);
    for (int s = 0; s < SIDES; s++) {
        const sqi_os_files *t = side[s];
        sqi_os_stat about = {.size = 0};
        memset(got[s], 0, sizeof got[s]);
        n[s] = what == 0   ? t->write(t->context, file[s], at, bytes, len)
               : what == 1 ? t->read(t->context, file[s], at, got[s], sizeof got[s])
               : what == 2 ? -t->truncate(t->context, file[s], at)
                           : -t->sync(t->context, file[s], at % 2 == 0);
        ck_assert_int_eq(t->stat_file(t->context, file[s], &about), 0);
        n[s] = n[s] * 1000 + about.size;
    }
    ck_assert_int_eq(n[0], n[1]);
    ck_assert_mem_eq(got[0], got[1], sizeof got[0]);
}

START_TEST(it_does_what_the_real_disk_does)
{
    enum { OPENED = 3, HOWS = 32 };
    int file[OPENED][SIDES];
    bool opened[OPENED] = {false};
    begin();
    side[0] = sqi_os_files_posix();
    side[1] = f;
    strcpy(root[0], "/tmp/sqi_disk_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root[0]));
    strcpy(root[1], "/disk");
    ck_assert_int_eq(f->mkdir(f->context, root[1]), 0);
    for (int i = 0; i < 3000; i++) {
        size_t o = any(OPENED);
        const char *x = any_name[any(9)], *y = any_name[any(8)];
        int codes[SIDES], what = (int)any(8 + HOWS);
        uint64_t seen[SIDES];
        if (opened[o] && any(3) > 0) {
            any_file_call(file[o]);
            continue;
        }
        if (x[1] == '.' && what != 7 && what != 5)
            continue; /* a slash behind a file's name: systems differ in what they say */
        if (what >= 8 && (what - 8) & SQI_OS_EXCLUSIVE && !((what - 8) & SQI_OS_CREATE))
            continue; /* means nothing */
        for (int s = 0; s < SIDES; s++) {
            if (opened[o])
                side[s]->close(side[s]->context, file[o][s]);
            codes[s] = any_name_call(s, what, x, y, &seen[s]);
        }
        opened[o] = false;
        ck_assert_msg(codes[0] == codes[1] && seen[0] == seen[1], "%d %s %s: %d %d", what, x, y, codes[0], codes[1]);
        for (int s = 0; s < SIDES; s++)
            codes[s] =
                side[s]->open(side[s]->context, path_on(s, y), SQI_OS_WRITE | (i % 2 ? SQI_OS_CREATE : 0), &file[o][s]);
        ck_assert_msg(codes[0] == codes[1], "open %s: %d %d", y, codes[0], codes[1]);
        opened[o] = codes[0] == 0;
    }
    for (size_t o = 0; o < OPENED; o++)
        for (int s = 0; s < SIDES && opened[o]; s++)
            side[s]->close(side[s]->context, file[o][s]);
    for (int s = 0; s < SIDES; s++)
        ck_assert_int_eq(sqi_os_remove_tree(side[s], root[s]), 0);
    end();
}
END_TEST

START_TEST(the_helpers_work_on_it)
{
    begin();
    ck_assert_int_eq(sqi_os_mkdirs(f, "/x/y/z"), 0);
    ck_assert_int_eq(sqi_os_mkdirs(f, "relative/z"), 0);
    ck_assert_int_eq(sqi_os_write_file(f, "/x/y/a", "first", 5, true), 0);
    ck_assert_int_eq(sqi_os_write_file(f, "/x/y/a", "second", 6, true), EEXIST);
    ck_assert_int_eq(sqi_os_write_file(f, "/x/y/a", "third", 5, false), 0);
    holds("/x/y/a", "third");
    ck_assert_int_eq(sqi_os_remove_tree(f, "/x"), 0);
    ck_assert_int_eq(sqi_os_remove_tree(f, "/x"), ENOENT);
    end();
}
END_TEST

START_TEST(a_lock_is_of_one_open_file_there_too)
{
    begin();
    int a = open_as("/l", SQI_OS_WRITE | SQI_OS_CREATE), b = open_as("/l", SQI_OS_READ);
    ck_assert_int_eq(f->lock(f->context, a), 0);
    ck_assert_int_eq(f->lock(f->context, a), 0);
    ck_assert_int_eq(f->lock(f->context, b), EWOULDBLOCK);
    f->close(f->context, a);
    ck_assert_int_eq(f->lock(f->context, b), 0);
    f->close(f->context, b);
    end();
}
END_TEST

START_TEST(the_call_that_is_to_fail_fails)
{
    begin();
    int file = open_as("/a", SQI_OS_WRITE | SQI_OS_CREATE);
    sqi_disk_sim_fail(disk, (sqi_disk_fault){.calls = SQI_DISK_BIT(SQI_DISK_WRITE), .at = 2, .code = ENOSPC});
    ck_assert_int_eq(f->write(f->context, file, 0, "ab", 2), 2);
    ck_assert_int_eq(f->write(f->context, file, 2, "cd", 2), -ENOSPC);
    ck_assert_int_eq(f->write(f->context, file, 2, "ef", 2), 2);
    holds("/a", "abef");
    ck_assert_uint_eq(sqi_disk_sim_failed(disk), 1);
    sqi_disk_sim_fail(disk, (sqi_disk_fault){.calls = SQI_DISK_ANY, .at = 2, .beyond = true, .code = EMFILE});
    ck_assert_int_eq(f->unlink(f->context, "/none"), ENOENT);
    int other;
    ck_assert_int_eq(f->open(f->context, "/b", SQI_OS_WRITE | SQI_OS_CREATE, &other), EMFILE);
    ck_assert_int_eq(f->rename(f->context, "/a", "/c"), EMFILE);
    ck_assert_int_eq(f->lock(f->context, file), EMFILE);
    sqi_disk_sim_fail(disk, (sqi_disk_fault){.calls = SQI_DISK_ANY, .at = 1, .code = EIO, .after = true});
    ck_assert_int_eq(f->rename(f->context, "/a", "/c"), EIO); /* and yet it was done */
    holds("/c", "abef");
    sqi_disk_sim_fail(disk, (sqi_disk_fault){.calls = SQI_DISK_ANY, .at = 1});
    ck_assert_int_eq(f->write(f->context, file, 4, "0123", 4), 2);
    holds("/c", "abef01");
    f->close(f->context, file);
    ck_assert_str_eq(sqi_disk_sim_text(disk, 3), "write /a at 2 len 2 = ENOSPC");
    ck_assert_int_eq(sqi_disk_sim_kind(disk, 3), SQI_DISK_WRITE);
    ck_assert_uint_eq(sqi_disk_sim_mark(disk, "seen"), sqi_disk_sim_calls(disk));
    ck_assert_str_eq(sqi_disk_sim_text(disk, sqi_disk_sim_calls(disk)), "mark seen");
    end();
}
END_TEST

START_TEST(a_full_disk_takes_what_fits)
{
    begin();
    int file = open_as("/a", SQI_OS_WRITE | SQI_OS_CREATE);
    sqi_disk_sim_capacity(disk, 10);
    ck_assert_int_eq(f->write(f->context, file, 0, "0123456", 7), 7);
    ck_assert_int_eq(f->write(f->context, file, 7, "789abc", 6), 3);
    ck_assert_int_eq(f->write(f->context, file, 10, "abc", 3), -ENOSPC);
    ck_assert_int_eq(f->write(f->context, file, 0, "xyz", 3), 3);
    ck_assert_int_eq(f->truncate(f->context, file, 0), 0);
    ck_assert_int_eq(sqi_os_write_all(f, file, 0, "0123456789abc", 13), ENOSPC);
    holds("/a", "0123456789");
    f->close(f->context, file);
    end();
}
END_TEST

START_TEST(short_calls_come_to_the_same_end)
{
    begin();
    char bytes[1000], got[1000];
    size_t len;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7);
    sqi_disk_sim_shorten(disk, true);
    int file = open_as("/a", SQI_OS_WRITE | SQI_OS_CREATE);
    ck_assert_int_eq(sqi_os_write_all(f, file, 0, bytes, sizeof bytes), 0);
    ck_assert_int_eq(sqi_os_read_all(f, file, 0, got, sizeof got, &len), 0);
    ck_assert_uint_eq(len, sizeof bytes);
    ck_assert_mem_eq(bytes, got, sizeof bytes);
    ck_assert_uint_gt(sqi_disk_sim_calls(disk), 4);
    f->close(f->context, file);
    end();
}
END_TEST

START_TEST(a_file_that_is_not_open_is_misused)
{
    begin();
    char byte;
    int file = open_as("/a", SQI_OS_WRITE | SQI_OS_CREATE);
    f->close(f->context, file);
    ck_assert_int_eq(f->read(f->context, file, 0, &byte, 1), -EBADF);
    ck_assert_int_eq(f->sync(f->context, 3, true), EBADF);
    f->close(f->context, file);
    ck_assert_uint_eq(sqi_disk_sim_misuse(disk), 3);
    file = open_as("/a", SQI_OS_READ);
    ck_assert_uint_eq(sqi_disk_sim_open_files(disk), 1);
    f->close(f->context, file);
    sqi_disk_sim_free(disk);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_does_what_the_real_disk_does,      the_helpers_work_on_it,
                                  a_lock_is_of_one_open_file_there_too, the_call_that_is_to_fail_fails,
                                  a_full_disk_takes_what_fits,          short_calls_come_to_the_same_end,
                                  a_file_that_is_not_open_is_misused};
    return sqi_test_main("disk_sim", tests, sizeof tests / sizeof *tests);
}
