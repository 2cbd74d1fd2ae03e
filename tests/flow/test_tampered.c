/*
 * Checkpoints that were changed: every byte, every length, files that are missing, exchanged, renumbered, doubled, links
 * or directories, other versions. A start on one gives an error that names it, or goes on from what the query really had.
 * TAMPER_ALL=1: everything; otherwise a sample of bytes and lengths.
 */
#include "tamper_rig.h"
#include "test_main.h"
#include "wal_seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool all(void)
{
    return getenv("TAMPER_ALL") != NULL;
}

static size_t stride(size_t sample)
{
    return all() ? 1 : sample;
}

static uint64_t state;

static uint32_t below(size_t n) /* splitmix64 */
{
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) % n);
}

static golden_file *file_of(golden_set *set, const char *begin)
{
    for (size_t i = 0; i < set->n; i++)
        if (strncmp(set->file[i].name, begin, strlen(begin)) == 0)
            return &set->file[i];
    return NULL;
}

/* -------------------------------------------------------------- bytes and lengths */

START_TEST(any_byte_may_change)
{
    static const unsigned char patterns[] = {0xFF, 0x01, 0x20};
    tamper_rig r;
    tamper_begin(&r, &goldens[_i], NULL);
    for (size_t k = 0; k < r.set.n; k++)
        for (size_t i = (size_t)_i % stride(71), n = 0; i < r.set.file[k].len; i += stride(71), n++)
            for (size_t p = all() ? 0 : n % 3; p < (all() ? 3 : n % 3 + 1); p++) {
                r.set.file[k].bytes[i] ^= patterns[p];
                tamper_start(&r, &r.set, r.set.file[k].name, i);
                r.set.file[k].bytes[i] ^= patterns[p];
            }
    ck_assert_uint_gt(r.refused, r.starts / 4);
    tamper_end(&r);
}
END_TEST

START_TEST(a_file_may_end_anywhere)
{
    tamper_rig r;
    tamper_begin(&r, &goldens[_i], NULL);
    for (size_t k = 0; k < r.set.n; k++) {
        size_t len = r.set.file[k].len;
        for (size_t i = (size_t)_i % stride(97); i < len; i += stride(97)) {
            r.set.file[k].len = i;
            tamper_start(&r, &r.set, r.set.file[k].name, i);
        }
        r.set.file[k].len = len;
    }
    tamper_end(&r);
}
END_TEST

START_TEST(a_file_may_go_on_behind_its_end)
{
    tamper_rig r;
    tamper_begin(&r, &goldens[_i], NULL);
    for (size_t k = 0; k < r.set.n; k++)
        for (int with = 0; with < 3; with++) {
            golden_file kept = r.set.file[k], *f = &r.set.file[k];
            f->bytes = calloc(2, kept.len + 1);
            memcpy(f->bytes, kept.bytes, kept.len);
            if (with)
                memcpy(f->bytes + kept.len, with == 1 ? (const void *)kept.bytes : memset(f->bytes + kept.len, 0xAA, 1),
                       with == 1 ? kept.len : 1);
            f->len = with == 2 ? kept.len + 1 : kept.len * 2;
            tamper_start(&r, &r.set, f->name, (size_t)with);
            free(f->bytes);
            *f = kept;
        }
    tamper_end(&r);
}
END_TEST

/* -------------------------------------------------------------- files */

START_TEST(files_may_be_missing_or_empty)
{
    tamper_rig r;
    tamper_begin(&r, &goldens[_i], NULL);
    for (size_t k = 0; k < r.set.n; k++) {
        golden_set fewer = {.n = 0};
        for (size_t i = 0; i < r.set.n; i++)
            if (i != k)
                fewer.file[fewer.n++] = r.set.file[i];
        if (r.g->source != GOLDEN_FEED || k == 0)
            tamper_start(&r, &fewer, "without file", k);
        size_t len = r.set.file[k].len;
        r.set.file[k].len = 0;
        tamper_start(&r, &r.set, "empty file", k);
        r.set.file[k].len = len;
    }
    tamper_end(&r);
}
END_TEST

START_TEST(files_may_be_those_of_another_checkpoint)
{
    tamper_rig r, other;
    tamper_begin(&r, &goldens[_i], NULL);
    for (size_t o = 0; o < golden_count; o++) {
        if (o == (size_t)_i)
            continue;
        tamper_begin(&other, &goldens[o], NULL);
        for (size_t k = 0; k < r.set.n; k++) { /* their ids are the same: the random bytes of the rig are */
            golden_file kept = r.set.file[k];
            if (strncmp(kept.name, "metadata", 8) != 0)
                continue;
            r.set.file[k] = other.set.file[0];
            tamper_start(&r, &r.set, "another's metadata", o);
            r.set.file[k] = kept;
        }
        tamper_end(&other);
    }
    golden_file swap = r.set.file[0]; /* the names stay, the bytes change places */
    r.set.file[0].bytes = r.set.file[1].bytes;
    r.set.file[0].len = r.set.file[1].len;
    r.set.file[1].bytes = swap.bytes;
    r.set.file[1].len = swap.len;
    tamper_start(&r, &r.set, "files exchanged", 0);
    tamper_end(&r);
}
END_TEST

START_TEST(segments_may_have_other_numbers_or_come_twice)
{
    static const char *const names[] = {"wal-0000000000000000001",
                                        "wal-0000000000000000007",
                                        "wal-9223372036854775807",
                                        "wal-0000000000000000005",
                                        "wal-1",
                                        "wal-000000000000000000x",
                                        "wal-99999999999999999999"};
    tamper_rig r;
    tamper_begin(&r, &goldens[_i], NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        golden_set set = r.set;
        golden_file *f = file_of(&set, "wal-");
        if (strcmp(f->name, names[i]) == 0)
            continue;
        strcpy(f->name, names[i]);
        if (r.g->source != GOLDEN_FEED) /* a name that is no segment's is passed over: the query begins anew */
            tamper_start(&r, &set, names[i], 1);
        set = r.set;
        set.file[set.n] = *file_of(&set, "wal-");
        strcpy(set.file[set.n++].name, names[i]);
        tamper_start(&r, &set, names[i], 2);
    }
    tamper_end(&r);
}
END_TEST

START_TEST(a_newer_version_is_refused_by_name)
{
    static const uint32_t versions[] = {2, 0, 200, 0x7FFFFFFF, 0xFFFFFFFF};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        tamper_rig r;
        golden_out out;
        tamper_begin(&r, &goldens[_i], NULL);
        golden_file *f = file_of(&r.set, "wal-");
        sqi_le32_store(f->bytes + 8, versions[i]);
        wal_seal_head(f->bytes, f->len);
        sqi_disk_sim *disk = golden_disk();
        golden_set_put(&r.set, disk);
        ck_assert(!golden_live(disk, r.g, &(golden_life){.until = golden_batches(r.g) + GOLDEN_MORE}, &out));
        tamper_judge(&r, &out, "version", versions[i]);
        if (versions[i] == 2 || versions[i] == 200) {
            ck_assert_str_eq(out.condition, "CHECKPOINT_VERSION");
            ck_assert_msg(strstr(out.why, versions[i] == 2 ? "2" : "200"), "%s", out.why);
        }
        sqi_disk_sim_free(disk);
        tamper_end(&r);
    }
}
END_TEST

/* -------------------------------------------------------------- several segments */

static const golden large = {
    "large",
    STREAMQ_UPDATE,
    "SELECT n % 2 AS k, count(*), sum(n), length(last(repeat('x', 60000))) FROM t GROUP BY n % 2",
    NULL,
    GOLDEN_NUMBERS,
    56};

START_TEST(logs_of_several_segments_may_be_damaged_anywhere)
{
    tamper_rig r;
    tamper_begin(&r, &large, "100");
    ck_assert_uint_ge(r.set.n, 4); /* metadata and three segments, or the test shows nothing */
    state = 5;
    for (int i = 0; i < (all() ? 3000 : 40); i++) {
        golden_file *f = &r.set.file[1 + below(r.set.n - 1)];
        size_t len = f->len, at = below(4) ? below(len) : below(300);
        unsigned char was = f->bytes[at];
        if (i % 3 == 0)
            f->len = at;
        else
            f->bytes[at] ^= (unsigned char)(1 + below(255));
        tamper_start(&r, &r.set, f->name, at);
        f->len = len;
        f->bytes[at] = was;
    }
    for (size_t a = 1; a < r.set.n; a++)
        for (size_t b = 1; b < r.set.n; b++) { /* a == b: missing; otherwise a has what b has */
            golden_set set = r.set;
            set.file[a].bytes = set.file[b].bytes;
            set.file[a].len = set.file[b].len;
            if (a == b)
                set.file[a] = set.file[--set.n];
            tamper_start(&r, &set, "segments", a * 10 + b);
        }
    tamper_end(&r);
}
END_TEST

/* -------------------------------------------------------------- a real directory: links, directories, pipes */

typedef enum place { LINK_TO_COPY, LINK_TO_NOTHING, LINK_TO_ITSELF, DIRECTORY, PIPE, PLACES } place;

static void put_real(const golden_set *set, const char *dir, size_t which, place what)
{
    char path[160], other[170];
    for (size_t i = 0; i < set->n; i++) {
        snprintf(path, sizeof path, "%s/%s%s", dir, set->file[i].name,
                 i == which && what == LINK_TO_COPY ? ".copy" : "");
        FILE *f = i == which && what != LINK_TO_COPY ? NULL : fopen(path, "wbe");
        if (f)
            ck_assert(fwrite(set->file[i].bytes, 1, set->file[i].len, f) == set->file[i].len && fclose(f) == 0);
    }
    snprintf(path, sizeof path, "%s/%s", dir, set->file[which].name);
    snprintf(other, sizeof other, "%s%s", path,
             what == LINK_TO_COPY      ? ".copy"
             : what == LINK_TO_NOTHING ? ".gone"
                                       : "");
    if (what == DIRECTORY)
        ck_assert_int_eq(mkdir(path, 0755), 0);
    else if (what == PIPE)
        ck_assert_int_eq(mkfifo(path, 0644), 0);
    else
        ck_assert_int_eq(symlink(other, path), 0);
}

START_TEST(files_may_be_links_directories_or_pipes)
{
    tamper_rig r;
    tamper_begin(&r, &goldens[0], NULL);
    for (size_t k = 0; k < r.set.n; k++)
        for (place what = 0; what < PLACES; what++) {
            char dir[] = "/tmp/streamq-ckpt-XXXXXX", command[64];
            golden_out out;
            sqi_disk_sim *disk = golden_disk();
            ck_assert_ptr_nonnull(mkdtemp(dir));
            put_real(&r.set, dir, k, what);
            (void)golden_live(
                disk, r.g,
                &(golden_life){.until = golden_batches(r.g) + GOLDEN_MORE, .files = sqi_os_files_posix(), .dir = dir},
                &out);
            tamper_judge(&r, &out, r.set.file[k].name, (size_t)what);
            ck_assert_msg(out.why[0], "%s goes through a link, a directory or a pipe (%d)", r.set.file[k].name, what);
            golden_out_clear(&out);
            sqi_disk_sim_free(disk);
            snprintf(command, sizeof command, "rm -rf %s", dir);
            ck_assert_int_eq(system(command), 0);
        }
    tamper_end(&r);
}
END_TEST

/* -------------------------------------------------------------- behind the checksums */

static void mutate(golden_file *f)
{
    size_t room = f->len - SQI_WAL_HEAD;
    for (uint32_t n = 1 + below(4); n > 0; n--) {
        size_t at = SQI_WAL_HEAD + below(room), len = 1 + below(8), from = SQI_WAL_HEAD + below(room);
        if (at + len > f->len || from + len > f->len)
            continue;
        static const unsigned char ends[] = {0, 1, 0x7F, 0x80, 0xFF, 0xFE, 2, 0x40};
        switch (below(4)) {
        case 0:
            f->bytes[at] = (unsigned char)below(256);
            break;
        case 1:
            memset(f->bytes + at, ends[below(8)], len);
            break;
        case 2:
            memmove(f->bytes + at, f->bytes + from, len);
            break;
        default:
            f->bytes[at] = (unsigned char)(f->bytes[at] + (below(2) ? 1 : 255));
        }
    }
}

START_TEST(what_valid_checksums_cover_may_be_anything)
{
    tamper_rig r;
    unsigned char id[SQI_WAL_ID];
    tamper_begin(&r, &goldens[_i], NULL);
    golden_file *f = file_of(&r.set, "wal-"), *meta = file_of(&r.set, "metadata");
    unsigned char *kept = malloc(f->len);
    memcpy(kept, f->bytes, f->len);
    wal_id(meta->bytes, meta->len, id);
    state = (uint64_t)_i * 1000;
    for (int i = 0; i < (all() ? 5000 : 60); i++) {
        mutate(f);
        wal_seal(f->bytes, f->len, id, atoll(f->name + 4));
        tamper_sealed(r.g, &r.set);
        memcpy(f->bytes, kept, f->len);
    }
    free(kept);
    tamper_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {logs_of_several_segments_may_be_damaged_anywhere,
                                  files_may_be_links_directories_or_pipes};
    const TTest *const each[] = {any_byte_may_change,
                                 a_file_may_end_anywhere,
                                 a_file_may_go_on_behind_its_end,
                                 files_may_be_missing_or_empty,
                                 files_may_be_those_of_another_checkpoint,
                                 segments_may_have_other_numbers_or_come_twice,
                                 a_newer_version_is_refused_by_name,
                                 what_valid_checksums_cover_may_be_anything};
    return sqi_test_main_each("tampered", tests, sizeof tests / sizeof *tests, each, sizeof each / sizeof *each,
                              (int)golden_count);
}
