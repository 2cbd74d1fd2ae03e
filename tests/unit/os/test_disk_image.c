/*
 * What a crash may leave. A log of records, written in the right way and in wrong ones, shows that the images are legal
 * (the right way survives them all) and that they are enough (each wrong way is caught by some).
 */
#include "disk_image.h"

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

static int open_as(const char *path, int how)
{
    int file;
    ck_assert_int_eq(f->open(f->context, path, how, &file), 0);
    return file;
}

/* What stands in /a of each image after the last call, as a set of texts; "-": it is not there. */
static char found[64][32];
static size_t nfound;

static void collect(size_t call, const char *path)
{
    nfound = 0;
    sqi_disk_images it = sqi_disk_images_begin(disk, call, 1000, 7);
    for (sqi_disk_sim *image; (image = sqi_disk_images_next(&it)); sqi_disk_sim_free(image)) {
        size_t len, k = 0;
        char text[32] = "-";
        const char *bytes = sqi_disk_sim_get(image, path, &len);
        ck_assert_uint_lt(len, sizeof text);
        for (size_t i = 0; bytes && i <= len; i++) /* zeros as '0', what is not a letter as '?' */
            text[i] = i == len ? '\0' : bytes[i] == 0 ? '0' : bytes[i] >= 'a' && bytes[i] <= 'z' ? bytes[i] : '?';
        while (k < nfound && strcmp(found[k], text) != 0)
            k++;
        if (k == nfound)
            strcpy(found[nfound++], text);
    }
    sqi_disk_images_end(&it);
}

static bool among(const char *text)
{
    for (size_t k = 0; k < nfound; k++)
        if (strcmp(found[k], text) == 0)
            return true;
    return false;
}

static void only(size_t n, const char *const *texts)
{
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(among(texts[i]), "%s is missing", texts[i]);
    ck_assert_uint_eq(nfound, n);
}
#define ONLY(...) only(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), (const char *[]){__VA_ARGS__})

START_TEST(what_was_not_synced_may_be_lost_torn_or_there)
{
    begin();
    sqi_disk_sim_put(disk, "/a", "ab", 2);
    int file = open_as("/a", SQI_OS_WRITE);
    ck_assert_int_eq(f->write(f->context, file, 2, "cdef", 4), 4);
    collect(0, "/a");
    ONLY("ab");
    collect(sqi_disk_sim_calls(disk), "/a");
    ck_assert(among("ab") && among("abcdef") && among("abc") && among("abcd") && among("abcde") && among("ab0000"));
    for (size_t k = 0; k < nfound; k++)
        ck_assert_mem_eq(found[k], "ab", 2); /* what was durable stays */
    ck_assert_int_eq(f->sync(f->context, file, true), 0);
    collect(sqi_disk_sim_calls(disk), "/a");
    ONLY("abcdef");
    ck_assert_int_eq(f->write(f->context, file, 0, "xy", 2), 2);
    collect(sqi_disk_sim_calls(disk), "/a");
    ONLY("abcdef", "xbcdef", "xycdef");
    ck_assert_int_eq(f->truncate(f->context, file, 1), 0);
    collect(sqi_disk_sim_calls(disk), "/a");
    ONLY("abcdef", "xbcdef", "xycdef", "a", "x");
    f->close(f->context, file);
    sqi_disk_sim_free(disk);
}
END_TEST

START_TEST(writes_reach_the_disk_in_any_order)
{
    begin();
    sqi_disk_sim_put(disk, "/a", "ab", 2);
    int file = open_as("/a", SQI_OS_WRITE);
    ck_assert_int_eq(f->write(f->context, file, 0, "x", 1), 1);
    ck_assert_int_eq(f->write(f->context, file, 1, "y", 1), 1);
    collect(sqi_disk_sim_calls(disk), "/a");
    ONLY("ab", "xb", "ay", "xy");
    f->close(f->context, file);
    sqi_disk_sim_free(disk);
}
END_TEST

START_TEST(a_synced_file_without_a_name_is_gone)
{
    begin();
    int file = open_as("/a", SQI_OS_WRITE | SQI_OS_CREATE);
    ck_assert_int_eq(f->write(f->context, file, 0, "ab", 2), 2);
    ck_assert_int_eq(f->sync(f->context, file, false), 0);
    collect(sqi_disk_sim_calls(disk), "/a");
    ONLY("-", "ab");
    ck_assert_int_eq(f->sync_dir(f->context, "/"), 0);
    collect(sqi_disk_sim_calls(disk), "/a");
    ONLY("ab");
    ck_assert_int_eq(f->unlink(f->context, "/a"), 0);
    collect(sqi_disk_sim_calls(disk), "/a");
    ONLY("ab", "-");
    f->close(f->context, file);
    sqi_disk_sim_free(disk);
}
END_TEST

START_TEST(a_rename_may_come_before_what_is_in_the_file)
{
    begin();
    sqi_disk_sim_put(disk, "/a", "old", 3);
    int file = open_as("/t", SQI_OS_WRITE | SQI_OS_CREATE);
    ck_assert_int_eq(f->write(f->context, file, 0, "n", 1), 1);
    ck_assert_int_eq(f->rename(f->context, "/t", "/a"), 0);
    collect(sqi_disk_sim_calls(disk), "/a");
    ck_assert(among("old") && among("") && among("n") && among("0"));
    ck_assert_int_eq(f->sync_dir(f->context, "/"), 0);
    collect(sqi_disk_sim_calls(disk), "/a");
    ck_assert(!among("old") && among("") && among("n") && among("0"));
    collect(sqi_disk_sim_calls(disk), "/t");
    ONLY("-");
    f->close(f->context, file);
    sqi_disk_sim_free(disk);
}
END_TEST

START_TEST(a_move_between_directories_does_not_lose_the_file)
{
    begin();
    ck_assert_int_eq(f->mkdir(f->context, "/d"), 0);
    sqi_disk_sim_settle(disk);
    sqi_disk_sim_put(disk, "/a", "ab", 2);
    ck_assert_int_eq(f->rename(f->context, "/a", "/d/a"), 0);
    for (int synced = 0; synced < 2; synced++) {
        int both = 0;
        sqi_disk_images it = sqi_disk_images_begin(disk, sqi_disk_sim_calls(disk), 100, 7);
        for (sqi_disk_sim *image; (image = sqi_disk_images_next(&it)); sqi_disk_sim_free(image)) {
            size_t len;
            bool here = sqi_disk_sim_get(image, "/a", &len), there = sqi_disk_sim_get(image, "/d/a", &len);
            ck_assert(here || there);
            ck_assert(!synced || (!here && there)); /* whichever of the two directories was synced */
            both += here && there;
        }
        sqi_disk_images_end(&it);
        ck_assert_int_eq(both, !synced);
        ck_assert_int_eq(f->sync_dir(f->context, "/"), 0);
    }
    sqi_disk_sim_free(disk);
}
END_TEST

START_TEST(a_failed_sync_is_never_made_good)
{
    begin();
    sqi_disk_sim_put(disk, "/a", "", 0);
    int file = open_as("/a", SQI_OS_WRITE);
    ck_assert_int_eq(f->write(f->context, file, 0, "a", 1), 1);
    sqi_disk_sim_fail(disk, (sqi_disk_fault){.calls = SQI_DISK_BIT(SQI_DISK_SYNC), .at = 1, .code = EIO});
    ck_assert_int_eq(f->sync(f->context, file, true), EIO);
    char byte;
    ck_assert_int_eq(f->read(f->context, file, 0, &byte, 1), 1); /* it looks as if it were there */
    ck_assert_int_eq(f->sync(f->context, file, true), 0);
    collect(sqi_disk_sim_calls(disk), "/a");
    ck_assert(among("") && among("a") && among("0"));
    ck_assert_int_eq(f->write(f->context, file, 1, "b", 1), 1);
    ck_assert_int_eq(f->sync(f->context, file, true), 0);
    collect(sqi_disk_sim_calls(disk), "/a");
    ck_assert(!among("") && !among("a") && among("0b") && among("ab"));
    ck_assert_int_eq(f->write(f->context, file, 0, "a", 1), 1);
    ck_assert_int_eq(f->sync(f->context, file, true), 0);
    collect(sqi_disk_sim_calls(disk), "/a");
    ONLY("ab");
    f->close(f->context, file);
    sqi_disk_sim_free(disk);
}
END_TEST

START_TEST(images_are_disks_of_their_own)
{
    begin();
    int file = open_as("/a", SQI_OS_WRITE | SQI_OS_CREATE);
    ck_assert_int_eq(f->lock(f->context, file), 0);
    ck_assert_int_eq(f->link(f->context, "/a", "/b"), 0);
    ck_assert_int_eq(f->write(f->context, file, 0, "ab", 2), 2);
    ck_assert_int_eq(f->sync(f->context, file, true), 0);
    ck_assert_int_eq(f->sync_dir(f->context, "/"), 0);
    sqi_disk_images it = sqi_disk_images_begin(disk, sqi_disk_sim_calls(disk), 100, 7);
    sqi_disk_sim *image = sqi_disk_images_next(&it);
    ck_assert_ptr_nonnull(image);
    ck_assert_ptr_null(sqi_disk_images_next(&it)); /* nothing is uncertain: there is one */
    sqi_disk_images_end(&it);
    const sqi_os_files *g = sqi_disk_sim_files(image);
    int other;
    ck_assert_int_eq(g->open(g->context, "/a", SQI_OS_WRITE, &other), 0);
    ck_assert_int_eq(g->lock(g->context, other), 0); /* a crash leaves no lock */
    ck_assert_int_eq(g->write(g->context, other, 0, "x", 1), 1);
    size_t len;
    ck_assert_mem_eq(sqi_disk_sim_get(image, "/b", &len), "xb", 2); /* two names of one file */
    ck_assert_mem_eq(sqi_disk_sim_get(disk, "/b", &len), "ab", 2);
    g->close(g->context, other);
    f->close(f->context, file);
    sqi_disk_sim_free(image);
    sqi_disk_sim_free(disk);
}
END_TEST

START_TEST(the_same_seed_gives_the_same_images)
{
    uint64_t sums[3] = {0};
    for (int round = 0; round < 3; round++) {
        begin();
        int file = open_as("/a", SQI_OS_WRITE | SQI_OS_CREATE);
        char block[1500];
        memset(block, 'b', sizeof block);
        for (int i = 0; i < 20; i++)
            ck_assert_int_gt(f->write(f->context, file, i * 100, block, sizeof block), 0);
        sqi_disk_images it = sqi_disk_images_begin(disk, sqi_disk_sim_calls(disk), 50, round == 2 ? 8 : 7);
        size_t n = 0;
        for (sqi_disk_sim *image; (image = sqi_disk_images_next(&it)); sqi_disk_sim_free(image), n++) {
            size_t len;
            const char *bytes = sqi_disk_sim_get(image, "/a", &len);
            for (size_t i = 0; bytes && i < len; i++)
                sums[round] = sums[round] * 31 + (unsigned char)bytes[i];
        }
        ck_assert_uint_eq(n, 50);
        sqi_disk_images_end(&it);
        f->close(f->context, file);
        sqi_disk_sim_free(disk);
    }
    ck_assert(sums[0] == sums[1] && sums[0] != sums[2]);
}
END_TEST

/* ------------------------------------------------------------------------------- a log, right and wrong in many ways */

typedef enum log_flaw {
    NONE,
    NO_SYNC,       /* acknowledged after the write */
    NO_DIR_SYNC,   /* of the log's first file */
    LATE_DIR_SYNC, /* after the first record is acknowledged */
    NO_CHECKSUM,   /* a record is believed if it has its length */
    RENAME_ONLY,   /* the snapshot is not synced before its rename */
    DROP_EARLY,    /* the log goes before the snapshot that replaces it is certain */
    RETRIED_SYNC,  /* a sync that failed is done again, and then trusted */
    NO_REWRITE,    /* a restart trusts what it reads, though a sync of it failed */
    FLAWS
} log_flaw;

enum { RECORD = 8, BATCHES = 6, SNAPSHOT_EVERY = 3 };

typedef struct log_of {
    const sqi_os_files *files;
    sqi_disk_sim *disk; /* for marks */
    log_flaw flaw;
    int file, next; /* the next record's number */
    int first;      /* of the log's file */
    int64_t end;
} log_of;

static void record_of(int number, unsigned char to[RECORD])
{
    memset(to, 'a' + number, RECORD);
    to[0] = (unsigned char)number;
    unsigned sum = 0;
    for (int i = 0; i < RECORD - 1; i++)
        sum = sum * 31 + to[i];
    to[RECORD - 1] = (unsigned char)(sum | 1);
}

static int begin_file(log_of *l)
{
    char path[32];
    snprintf(path, sizeof path, "/d/log%d", l->first);
    l->end = 0;
    int code = l->files->open(l->files->context, path, SQI_OS_WRITE | SQI_OS_CREATE, &l->file);
    if (code == 0 && l->flaw != NO_DIR_SYNC && l->flaw != LATE_DIR_SYNC)
        code = l->files->sync_dir(l->files->context, "/d");
    return code;
}

static int write_snapshot(log_of *l)
{
    unsigned char number = (unsigned char)l->next;
    if (l->flaw != RENAME_ONLY)
        return sqi_os_write_file(l->files, "/d/snapshot", &number, 1, false);
    int file, code = l->files->open(l->files->context, "/d/t", SQI_OS_WRITE | SQI_OS_CREATE, &file);
    if (code)
        return code;
    code = sqi_os_write_all(l->files, file, 0, &number, 1);
    l->files->close(l->files->context, file);
    code = code ? code : l->files->rename(l->files->context, "/d/t", "/d/snapshot");
    return code ? code : l->files->sync_dir(l->files->context, "/d");
}

static int roll(log_of *l)
{
    char path[32];
    snprintf(path, sizeof path, "/d/log%d", l->first);
    l->files->close(l->files->context, l->file);
    l->file = -1;
    int code = 0;
    if (l->flaw == DROP_EARLY) {
        code = l->files->unlink(l->files->context, path);
        code = code ? code : write_snapshot(l);
    } else {
        code = write_snapshot(l);
        code = code ? code : l->files->unlink(l->files->context, path);
    }
    l->first = l->next;
    return code ? code : begin_file(l);
}

static void acknowledge(const log_of *l)
{
    char text[32];
    snprintf(text, sizeof text, "%d", l->next);
    sqi_disk_sim_mark(l->disk, text);
}

static int append(log_of *l)
{
    unsigned char r[RECORD];
    record_of(l->next, r);
    int code = sqi_os_write_all(l->files, l->file, l->end, r, RECORD);
    l->end += RECORD;
    if (code == 0 && l->flaw != NO_SYNC) {
        code = l->files->sync(l->files->context, l->file, true);
        if (code && l->flaw == RETRIED_SYNC)
            code = l->files->sync(l->files->context, l->file, true);
    }
    if (code)
        return code;
    l->next++;
    acknowledge(l);
    if (l->flaw == LATE_DIR_SYNC)
        code = l->files->sync_dir(l->files->context, "/d");
    return code == 0 && l->next % SNAPSHOT_EVERY == 0 ? roll(l) : code;
}

/* How many records the disk holds: what the snapshot says and what follows it. -1: it makes no sense. */
static int recover(log_of *l)
{
    unsigned char r[RECORD], want[RECORD], number = 0;
    char path[32];
    size_t got = 0;
    int file, code = l->files->open(l->files->context, "/d/snapshot", SQI_OS_READ, &file);
    if (code == 0) {
        code = sqi_os_read_all(l->files, file, 0, &number, 1, &got);
        l->files->close(l->files->context, file);
        if (code || got != 1 || number % SNAPSHOT_EVERY || number == 0)
            return -1;
    } else if (code != ENOENT) {
        return -1;
    }
    l->next = l->first = number;
    snprintf(path, sizeof path, "/d/log%d", number);
    l->end = 0;
    if (l->files->open(l->files->context, path, SQI_OS_WRITE, &l->file) != 0)
        return sqi_os_mkdirs(l->files, "/d") == 0 && begin_file(l) == 0 ? l->next : -1;
    if (l->files->sync_dir(l->files->context, "/d") != 0)
        return -1; /* the name may have been made by one who was killed before it was certain */
    for (;; l->next++, l->end += RECORD) {
        if (sqi_os_read_all(l->files, l->file, l->end, r, RECORD, &got) != 0)
            return -1;
        record_of(l->next, want);
        if (got < RECORD || (l->flaw == NO_CHECKSUM ? false : memcmp(r, want, RECORD) != 0))
            break;
        if (l->flaw == NO_CHECKSUM && memcmp(r, want, RECORD) != 0)
            return -1; /* what it believes is wrong */
        if (l->flaw != NO_REWRITE && sqi_os_write_all(l->files, l->file, l->end, r, RECORD) != 0)
            return -1;
    }
    if (l->flaw != NO_REWRITE && (l->files->truncate(l->files->context, l->file, l->end) != 0 ||
                                  l->files->sync(l->files->context, l->file, true) != 0))
        return -1;
    return l->next;
}

static int acknowledged(const sqi_disk_sim *d, size_t call)
{
    while (call > 0 && sqi_disk_sim_kind(d, call) != SQI_DISK_MARK)
        call--;
    return call > 0 ? atoi(sqi_disk_sim_text(d, call) + strlen("mark ")) : 0;
}

static int run_on(sqi_disk_sim *d, log_flaw flaw, int until)
{
    log_of l = {.files = sqi_disk_sim_files(d), .disk = d, .flaw = flaw, .file = -1};
    int code = recover(&l) < 0 ? EIO : 0;
    if (code == 0)
        acknowledge(&l);
    while (code == 0 && l.next < until)
        code = append(&l);
    if (l.file >= 0)
        l.files->close(l.files->context, l.file);
    return code;
}

/* Images of this record on which a restart loses what was acknowledged (or what was before the record), or finds
   nonsense. */
static size_t bad_images(const sqi_disk_sim *d, log_flaw flaw, int before, size_t *all)
{
    size_t bad = 0;
    for (size_t call = 0; call <= sqi_disk_sim_calls(d); call++) {
        if (!sqi_disk_images_differ(d, call))
            continue;
        sqi_disk_images it = sqi_disk_images_begin(d, call, 60, 7);
        for (sqi_disk_sim *image; (image = sqi_disk_images_next(&it)); sqi_disk_sim_free(image)) {
            log_of l = {.files = sqi_disk_sim_files(image), .disk = image, .flaw = flaw, .file = -1};
            int marked = acknowledged(d, call), least = marked > before ? marked : before;
            int n = recover(&l);
            bool wrong = n < least || n > BATCHES;
            if (wrong && flaw == NONE)
                ck_abort_msg("%d of %d: %s", n, least, sqi_disk_images_text(&it));
            bad += wrong;
            ++*all;
            if (l.file >= 0)
                l.files->close(l.files->context, l.file);
        }
        sqi_disk_images_end(&it);
    }
    return bad;
}

/* Runs in which one sync fails; and, again, runs that go on after a restart of the process, not of the machine. */
static size_t bad_after_failed_sync(log_flaw flaw, bool again, size_t *all)
{
    size_t bad = 0;
    for (size_t at = 1;; at++) {
        sqi_disk_sim *d = sqi_disk_sim_new(42);
        sqi_disk_sim_journal(d, again);
        uint32_t calls = SQI_DISK_BIT(SQI_DISK_SYNC) | SQI_DISK_BIT(SQI_DISK_SYNC_DIR);
        sqi_disk_sim_fail(d, (sqi_disk_fault){.calls = calls, .at = at, .code = EIO});
        int code = run_on(d, flaw, BATCHES);
        bool struck = sqi_disk_sim_failed(d) > 0;
        if (code && again)
            run_on(d, flaw, BATCHES); /* the process starts again, the machine does not */
        bad += bad_images(d, flaw, 0, all);
        sqi_disk_sim_free(d);
        if (!struck)
            return bad;
    }
}

START_TEST(a_log_written_right_survives_every_image_and_a_flaw_does_not)
{
    for (log_flaw flaw = NONE; flaw < FLAWS; flaw++) {
        sqi_disk_sim *d = sqi_disk_sim_new(42);
        size_t all = 0, bad = 0;
        ck_assert_int_eq(run_on(d, flaw, BATCHES), 0);
        ck_assert_int_eq(acknowledged(d, sqi_disk_sim_calls(d)), BATCHES);
        bad = bad_images(d, flaw, 0, &all);
        if (flaw == NONE || flaw == RETRIED_SYNC || flaw == NO_REWRITE) {
            ck_assert_uint_eq(bad, 0); /* these two show after a failure only */
            bad = bad_after_failed_sync(flaw, false, &all) + bad_after_failed_sync(flaw, true, &all);
        }
        ck_assert_msg((bad > 0) == (flaw != NONE), "flaw %d: %zu of %zu images are bad", flaw, bad, all);
        ck_assert_uint_gt(all, 100);
        sqi_disk_sim_free(d);
    }
}
END_TEST

START_TEST(a_crash_while_recovering_from_a_crash_is_survived)
{
    sqi_disk_sim *d = sqi_disk_sim_new(42);
    size_t all = 0;
    ck_assert_int_eq(run_on(d, NONE, BATCHES), 0);
    for (size_t call = 0; call <= sqi_disk_sim_calls(d); call++) {
        if (!sqi_disk_images_differ(d, call))
            continue;
        sqi_disk_images it = sqi_disk_images_begin(d, call, 8, 9);
        for (sqi_disk_sim *image; (image = sqi_disk_images_next(&it)); sqi_disk_sim_free(image)) {
            log_of l = {.files = sqi_disk_sim_files(image), .disk = image, .file = -1};
            int n = recover(&l);
            ck_assert_int_ge(n, 0);
            l.files->close(l.files->context, l.file);
            bad_images(image, NONE, acknowledged(d, call), &all);
        }
        sqi_disk_images_end(&it);
    }
    ck_assert_uint_gt(all, 500);
    sqi_disk_sim_free(d);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_was_not_synced_may_be_lost_torn_or_there,
                                  writes_reach_the_disk_in_any_order,
                                  a_synced_file_without_a_name_is_gone,
                                  a_rename_may_come_before_what_is_in_the_file,
                                  a_move_between_directories_does_not_lose_the_file,
                                  a_failed_sync_is_never_made_good,
                                  images_are_disks_of_their_own,
                                  the_same_seed_gives_the_same_images,
                                  a_log_written_right_survives_every_image_and_a_flaw_does_not,
                                  a_crash_while_recovering_from_a_crash_is_survived};
    return sqi_test_main("disk_image", tests, sizeof tests / sizeof *tests);
}
