/*
 * The log: what was synced is read again; a torn end is the end; everything else that is wrong is damage with a name.
 */
#include "base_hash.h"
#include "os.h"
#include "run_wal.h"
#include "temp_dir.h"
#include "test_main.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const unsigned char id[SQI_WAL_ID] = "0123456789abcde";
static char dir[64];
static sqi_alloc alloc;
static sqi_buf record;

static void begin(void)
{
    temp_dir_begin(dir);
    sqi_alloc_init(&alloc);
    sqi_buf_init(&record, &alloc, 0);
}

static void end(void)
{
    sqi_buf_fini(&record);
    temp_dir_end(dir);
    ck_assert_uint_eq(alloc.used, 0);
}

static bool behind; /* records are written in the background */

static streamq_status add(sqi_wal *w, sqi_wal_kind kind, int64_t batch, const char *body, streamq_error **err)
{
    ck_assert(sqi_wal_begin(&record) && sqi_buf_text(&record, body));
    return (behind && kind == SQI_WAL_BATCH ? sqi_wal_append_behind : sqi_wal_append)(w, kind, batch, &record, err);
}

static void ok(streamq_status status, streamq_error *err)
{
    ck_assert_msg(status == STREAMQ_OK, "%s", err ? sqi_error_text(err) : "failed");
}

/* batch 0 .. n - 1, delivered, each synced; a new segment before each batch of `roll`. */
static void write_log(int64_t n, int64_t roll)
{
    sqi_wal w;
    streamq_error *err = NULL;
    ok(sqi_wal_open(&w, &alloc, sqi_os_files_posix(), dir, id, &err), err);
    for (int64_t b = 0; b < n; ++b) {
        char body[32];
        snprintf(body, sizeof body, "batch %lld", (long long)b);
        if (roll && b && b % roll == 0)
            sqi_wal_roll(&w);
        ok(add(&w, SQI_WAL_BATCH, b, body, &err), err);
        ok(sqi_wal_sync(&w, &err), err);
        ok(add(&w, SQI_WAL_DELIVERED, b, "", &err), err);
    }
    sqi_wal_close(&w);
}

typedef struct seen {
    char text[4096];
} seen;

static streamq_status see(void *context, const sqi_wal_record *r, sqi_span body, streamq_error **err)
{
    seen *s = context;
    size_t at = strlen(s->text);
    (void)err;
    if (r->kind == SQI_WAL_BATCH)
        snprintf(s->text + at, sizeof s->text - at, "%lld:%.*s;", (long long)r->batch, (int)body.len, body.ptr);
    else
        snprintf(s->text + at, sizeof s->text - at, "%lld!;", (long long)r->batch);
    return STREAMQ_OK;
}

/* All segments scanned, last first; the text is in order. */
static sqi_cond scan_all(sqi_wal *w, seen *s, bool *none)
{
    streamq_error *err = NULL;
    streamq_status status = sqi_wal_open(w, &alloc, sqi_os_files_posix(), dir, id, &err);
    s->text[0] = '\0';
    *none = false;
    for (size_t k = w->nsegment; status == STREAMQ_OK && k-- > 0;) {
        bool empty;
        seen one = {{0}}, after = *s;
        status = sqi_wal_scan(w, k, see, &one, &empty, &err);
        *none |= empty;
        snprintf(s->text, sizeof s->text, "%.2000s%.2000s", one.text, after.text);
    }
    sqi_cond cond = sqi_error_cond(err);
    ck_assert(!err || strstr(sqi_error_text(err), dir));
    sqi_error_free(err);
    return cond;
}

static void path_of(int64_t first, char *path, size_t cap)
{
    snprintf(path, cap, "%s/wal-%019lld", dir, (long long)first);
}

static void poke(int64_t first, long at, const void *bytes, size_t n)
{
    char path[128];
    path_of(first, path, sizeof path);
    int fd = open(path, O_WRONLY);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pwrite(fd, bytes, n, at), (ssize_t)n);
    close(fd);
}

static long size_of(int64_t first)
{
    char path[128];
    struct stat st;
    path_of(first, path, sizeof path);
    ck_assert_int_eq(stat(path, &st), 0);
    return (long)st.st_size;
}

START_TEST(what_is_written_is_read_over_segments)
{
    sqi_wal w;
    seen s;
    bool none;
    begin();
    write_log(5, 2);
    ck_assert_int_eq(scan_all(&w, &s, &none), SQI_COND_NONE);
    ck_assert_uint_eq(w.nsegment, 3);
    ck_assert_str_eq(s.text, "0:batch 0;0!;1:batch 1;1!;2:batch 2;2!;3:batch 3;3!;4:batch 4;4!;");
    ck_assert_int_eq(sqi_wal_continue(&w, NULL), STREAMQ_OK); /* and it goes on where it ended */
    ck_assert_int_eq(add(&w, SQI_WAL_BATCH, 5, "more", NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_wal_sync(&w, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_wal_drop(&w, 9), 0); /* never the last */
    ck_assert_uint_eq(w.nsegment, 1);
    sqi_wal_close(&w);
    ck_assert_int_eq(scan_all(&w, &s, &none), SQI_COND_NONE);
    ck_assert_str_eq(s.text, "4:batch 4;4!;5:more;");
    seen again = {{0}};
    ck_assert_int_eq(sqi_wal_read(&w, 0, 0, see, &again, NULL), STREAMQ_OK);
    ck_assert_str_eq(again.text, s.text);
    sqi_wal_close(&w);
    end();
}
END_TEST

/* Of a file cut anywhere, what is whole is read; the rest is an end, not damage. */
START_TEST(a_log_cut_anywhere_ends_there)
{
    char path[128];
    static const char whole[] = "0:batch 0;0!;1:batch 1;1!;2:batch 2;2!;";
    begin();
    write_log(3, 0);
    path_of(0, path, sizeof path);
    for (long size = size_of(0) - 1; size >= 0; --size) {
        sqi_wal w;
        seen s;
        bool none;
        ck_assert_int_eq(truncate(path, size), 0);
        ck_assert_int_eq(scan_all(&w, &s, &none), SQI_COND_NONE);
        ck_assert_msg(strncmp(s.text, whole, strlen(s.text)) == 0, "cut to %ld: %s", size, s.text);
        ck_assert_int_eq(none, s.text[0] == '\0');
        sqi_wal_close(&w);
    }
    end();
}
END_TEST

/* One byte changed anywhere is found, unless it can be a write that never reached the disk: then the log is shorter. */
START_TEST(every_byte_flipped_is_damage_or_an_earlier_end)
{
    static const char whole[] = "0:batch 0;0!;1:batch 1;1!;2:batch 2;2!;";
    int damage = 0, shorter = 0;
    begin();
    write_log(3, 2);
    for (int64_t first = 0; first <= 2; first += 2)
        for (long at = 0; at < size_of(first); ++at) {
            sqi_wal w;
            seen s;
            bool none;
            char path[128];
            unsigned char was, now;
            path_of(first, path, sizeof path);
            int fd = open(path, O_RDONLY);
            ck_assert_int_eq(pread(fd, &was, 1, at), 1);
            close(fd);
            now = was ^ 0x40;
            poke(first, at, &now, 1);
            sqi_cond cond = scan_all(&w, &s, &none);
            sqi_wal_close(&w);
            poke(first, at, &was, 1);
            ck_assert_msg(cond != SQI_COND_NONE || (first == 2 && strlen(s.text) < strlen(whole)),
                          "byte %ld of segment %lld: %s", at, (long long)first, s.text);
            ck_assert(strncmp(s.text, whole, strlen(s.text)) == 0 || cond != SQI_COND_NONE);
            cond == SQI_COND_NONE ? ++shorter : ++damage;
        }
    ck_assert_int_gt(damage, 300);
    ck_assert_int_gt(shorter, 20); /* the last mark was never synced */
    end();
}
END_TEST

START_TEST(files_missing_swapped_or_renamed_are_damage)
{
    sqi_wal w;
    seen s;
    bool none;
    char a[128], b[128], c[128];
    begin();
    write_log(6, 2);
    path_of(0, a, sizeof a);
    path_of(2, b, sizeof b);
    snprintf(c, sizeof c, "%s/aside", dir);
    ck_assert_int_eq(rename(b, c), 0); /* one in the middle is missing */
    ck_assert_int_eq(scan_all(&w, &s, &none), SQI_COND_CHECKPOINT_CORRUPT);
    sqi_wal_close(&w);
    ck_assert_int_eq(rename(a, b), 0); /* two have changed places */
    ck_assert_int_eq(rename(c, a), 0);
    ck_assert_int_eq(scan_all(&w, &s, &none), SQI_COND_CHECKPOINT_CORRUPT);
    sqi_wal_close(&w);
    ck_assert_int_eq(unlink(b), 0); /* a link in its place */
    ck_assert_int_eq(symlink(a, b), 0);
    ck_assert_int_eq(scan_all(&w, &s, &none), SQI_COND_IO_ERROR);
    sqi_wal_close(&w);
    end();
}
END_TEST

START_TEST(a_removal_that_the_disk_forgot_is_no_damage_until_the_file_is_asked_for)
{
    sqi_wal w;
    char path[128];
    bool none;
    begin();
    write_log(6, 2);
    path_of(2, path, sizeof path); /* 0 was removed before it, and is there again */
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(sqi_wal_open(&w, &alloc, sqi_os_files_posix(), dir, id, NULL), STREAMQ_OK);
    ck_assert_uint_eq(w.nsegment, 2);
    ck_assert_int_eq(sqi_wal_scan(&w, 1, NULL, NULL, &none, NULL), STREAMQ_OK);
    ck_assert(!sqi_wal_follows(&w, 0));
    ck_assert_int_eq(sqi_wal_continue(&w, NULL), STREAMQ_OK);
    ck_assert_int_eq(add(&w, SQI_WAL_BATCH, 6, "more", NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_wal_sync(&w, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_wal_scan(&w, 0, NULL, NULL, &none, NULL), STREAMQ_ERR_IO);
    ck_assert_int_eq(sqi_wal_drop(&w, 1), 0);
    ck_assert_uint_eq(w.nsegment, 1);
    sqi_wal_close(&w);
    end();
}
END_TEST

START_TEST(another_checkpoints_segment_is_refused)
{
    sqi_wal w;
    streamq_error *err = NULL;
    bool none;
    begin();
    write_log(1, 0);
    ck_assert_int_eq(
        sqi_wal_open(&w, &alloc, sqi_os_files_posix(), dir, (const unsigned char *)"another checkpoi", &err),
        STREAMQ_OK);
    ck_assert_int_ne(sqi_wal_scan(&w, 0, NULL, NULL, &none, &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_CHECKPOINT_CORRUPT);
    sqi_error_free(err);
    sqi_wal_close(&w);
    end();
}
END_TEST

START_TEST(a_segment_without_a_record_never_was)
{
    sqi_wal w;
    seen s;
    bool none;
    char path[128];
    begin();
    write_log(4, 2);
    path_of(2, path, sizeof path);
    ck_assert_int_eq(truncate(path, SQI_WAL_HEAD + 20), 0);
    ck_assert_int_eq(scan_all(&w, &s, &none), SQI_COND_NONE);
    ck_assert(none);
    ck_assert_str_eq(s.text, "0:batch 0;0!;1:batch 1;1!;");
    ck_assert_int_eq(sqi_wal_continue(&w, NULL), STREAMQ_OK);
    sqi_wal_roll(&w); /* its name is free for the record that will begin it */
    ck_assert_int_eq(add(&w, SQI_WAL_BATCH, 2, "batch 2", NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_wal_sync(&w, NULL), STREAMQ_OK);
    sqi_wal_close(&w);
    ck_assert_int_eq(scan_all(&w, &s, &none), SQI_COND_NONE);
    ck_assert_str_eq(s.text, "0:batch 0;0!;1:batch 1;1!;2:batch 2;");
    sqi_wal_close(&w);
    end();
}
END_TEST

START_TEST(a_later_version_is_refused)
{
    sqi_wal w;
    seen s;
    bool none;
    begin();
    write_log(2, 0);
    unsigned char head[SQI_WAL_HEAD];
    char path[128];
    path_of(0, path, sizeof path);
    int fd = open(path, O_RDONLY);
    ck_assert_int_eq(read(fd, head, sizeof head), SQI_WAL_HEAD);
    close(fd);
    sqi_le32_store(head + 8, 2);
    sqi_le64_store(head + 56, sqi_hash_bytes(head, 56, 0));
    poke(0, 0, head, sizeof head);
    ck_assert_int_eq(scan_all(&w, &s, &none), SQI_COND_CHECKPOINT_VERSION);
    sqi_wal_close(&w);
    end();
}
END_TEST

/* -------------------------------------------------------------- failures of the disk */

typedef struct faulty {
    sqi_os_files files;
    const sqi_os_files *real;
    int syncs_left, writes_left;
} faulty;

static int faulty_sync(void *context, int file, bool data_only)
{
    faulty *f = context;
    return f->syncs_left-- > 0 ? f->real->sync(f->real->context, file, data_only) : EIO;
}

static int64_t faulty_write(void *context, int file, int64_t at, const void *from, size_t len)
{
    faulty *f = context;
    return f->writes_left-- > 0 ? f->real->write(f->real->context, file, at, from, len) : -ENOSPC;
}

START_TEST(what_is_written_behind_is_the_same_log)
{
    enum { BATCHES = 9 };
    static char bytes[2][4096];
    size_t len[2];
    for (int k = 0; k < 2; ++k) {
        char path[128];
        begin();
        behind = k;
        write_log(BATCHES, 0);
        behind = false;
        snprintf(path, sizeof path, "%s/wal-0000000000000000000", dir);
        FILE *file = fopen(path, "rb");
        ck_assert_ptr_nonnull(file);
        len[k] = fread(bytes[k], 1, sizeof bytes[k], file);
        fclose(file);
        end();
    }
    ck_assert_uint_gt(len[0], BATCHES * 8);
    ck_assert_uint_eq(len[0], len[1]);
    ck_assert_mem_eq(bytes[0], bytes[1], len[0]);
}
END_TEST

static bool is_there(int64_t first)
{
    char path[128];
    path_of(first, path, sizeof path);
    return access(path, F_OK) == 0;
}

static int refuse_to_remove(void *context, const char *path)
{
    (void)context, (void)path;
    return EACCES;
}

START_TEST(a_segment_that_cannot_be_dropped_is_told_of_whoever_tried)
{
    for (int turn = 0; turn < 2; ++turn) { /* the thread; the caller, after a thread had been there */
        sqi_wal w;
        bool none;
        begin();
        write_log(3, 1);
        sqi_os_files files = *sqi_os_files_posix();
        files.unlink = refuse_to_remove;
        behind = true;
        ck_assert_int_eq(sqi_wal_open(&w, &alloc, &files, dir, id, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_wal_scan(&w, 2, NULL, NULL, &none, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_wal_continue(&w, NULL), STREAMQ_OK);
        for (int64_t batch = 3; batch < 5; ++batch) {
            ck_assert_int_eq(add(&w, SQI_WAL_BATCH, batch, "more", NULL), STREAMQ_OK);
            ck_assert_int_eq(sqi_wal_sync(&w, NULL), STREAMQ_OK);
            if (batch == 3 && !turn)
                ck_assert_int_eq(sqi_wal_drop(&w, 1), 0); /* asked for, not tried yet */
            behind = !turn;
        }
        while (sqi_syncer_removes(&w.syncer))
            usleep(100);
        ck_assert_int_eq(sqi_wal_drop(&w, 1), EACCES);
        sqi_wal_close(&w);
        behind = false;
        end();
    }
}
END_TEST

/* One with each record that is written in the background; all that are left with the next that is not, or at the end. */
START_TEST(segments_are_dropped_in_the_background_where_records_are_written_there)
{
    for (int last = 0; last < 2; ++last) {
        sqi_wal w;
        begin();
        write_log(6, 1);
        behind = true;
        ck_assert_int_eq(sqi_wal_open(&w, &alloc, sqi_os_files_posix(), dir, id, NULL), STREAMQ_OK);
        bool none;
        ck_assert_int_eq(sqi_wal_scan(&w, 5, NULL, NULL, &none, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_wal_continue(&w, NULL), STREAMQ_OK);
        ck_assert_int_eq(add(&w, SQI_WAL_BATCH, 6, "more", NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_wal_sync(&w, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_wal_drop(&w, 4), 0);
        ck_assert(is_there(0) && w.nsegment == 6);
        ck_assert_int_eq(add(&w, SQI_WAL_BATCH, 7, "more", NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_wal_sync(&w, NULL), STREAMQ_OK);
        while (sqi_syncer_removes(&w.syncer))
            usleep(100);
        ck_assert(!is_there(0) && is_there(1) && w.nsegment == 5);
        behind = last == 1;
        if (behind)
            sqi_wal_roll(&w);
        ck_assert_int_eq(add(&w, SQI_WAL_BATCH, 8, "more", NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_wal_sync(&w, NULL), STREAMQ_OK);
        ck_assert(last || (!is_there(1) && !is_there(2) && !is_there(3) && w.nsegment == 2));
        sqi_wal_close(&w);
        ck_assert(!is_there(1) && !is_there(2) && !is_there(3) && is_there(4) && is_there(5) && is_there(8) == last);
        behind = false;
        end();
    }
}
END_TEST

START_TEST(after_a_failed_sync_or_write_nothing_is_written)
{
    for (int turn = 0; turn < 4; ++turn) {
        const int kind = turn % 2;
        behind = turn / 2;
        faulty f = {.files = *sqi_os_files_posix(), .real = sqi_os_files_posix(), .syncs_left = 9, .writes_left = 99};
        streamq_error *err = NULL;
        sqi_wal w;
        begin();
        f.files.context = &f;
        f.files.sync = faulty_sync;
        f.files.write = faulty_write;
        ok(sqi_wal_open(&w, &alloc, &f.files, dir, id, &err), err);
        ok(add(&w, SQI_WAL_BATCH, 0, "x", &err), err);
        ok(sqi_wal_sync(&w, &err), err); /* the thread is idle: what it reads can be changed */
        *(kind ? &f.writes_left : &f.syncs_left) = 0;
        streamq_status status = add(&w, SQI_WAL_BATCH, 1, "y", &err);
        if (status == STREAMQ_OK)
            status = sqi_wal_sync(&w, &err);
        ck_assert_int_eq(status, STREAMQ_ERR_IO);
        ck_assert_ptr_nonnull(strstr(sqi_error_text(err), "wal-0000000000000000000"));
        ck_assert_ptr_nonnull(strstr(sqi_error_text(err), kind ? "No space left" : "Input/output error"));
        sqi_error_free(err);
        f.syncs_left = f.writes_left = 99; /* the disk is well again; the log does not believe it */
        ck_assert_int_eq(sqi_wal_sync(&w, NULL), STREAMQ_ERR_IO);
        ck_assert_int_eq(add(&w, SQI_WAL_BATCH, 2, "z", NULL), STREAMQ_ERR_IO);
        sqi_wal_close(&w);
        behind = false;
        end();
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_is_written_is_read_over_segments,
                                  a_log_cut_anywhere_ends_there,
                                  every_byte_flipped_is_damage_or_an_earlier_end,
                                  files_missing_swapped_or_renamed_are_damage,
                                  a_removal_that_the_disk_forgot_is_no_damage_until_the_file_is_asked_for,
                                  another_checkpoints_segment_is_refused,
                                  a_segment_without_a_record_never_was,
                                  a_later_version_is_refused,
                                  what_is_written_behind_is_the_same_log,
                                  a_segment_that_cannot_be_dropped_is_told_of_whoever_tried,
                                  segments_are_dropped_in_the_background_where_records_are_written_there,
                                  after_a_failed_sync_or_write_nothing_is_written};
    return sqi_test_main("run_wal", tests, sizeof tests / sizeof *tests);
}
