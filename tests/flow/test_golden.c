/*
 * Checkpoints of every release go on as they did when they were made: each kind of query that tests/golden holds is
 * restored, and its next micro-batches give what was written down then. tests/golden/make_golden makes those of a new kind.
 */
#include "golden_files.h"
#include "test_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const releases[] = {GOLDEN_RELEASE};
enum { RELEASES = sizeof releases / sizeof *releases };

static char *read_text(const char *path)
{
    char *text = calloc(1, 1 << 16);
    FILE *f = fopen(path, "re");
    if (!text || (f && fread(text, 1, (1 << 16) - 1, f) == 0))
        abort();
    if (f)
        fclose(f);
    return text;
}

static void goes_on(const char *release, const golden *g, const char *threads, const char *chunk)
{
    char path[256];
    golden_set set;
    snprintf(path, sizeof path, "%s/%s", release, g->name);
    if (!golden_set_read(&set, path) && strcmp(release, GOLDEN_RELEASE) != 0)
        return; /* the kind is younger than the release */
    ck_assert_msg(set.n >= 2, "%s is missing: tests run where the tree begins; make_golden writes it", path);
    strcat(path, ".txt");
    char *want = read_text(path), *got = golden_continue(&set, g, threads, chunk);
    ck_assert_msg(strcmp(want, got) == 0, "%s, %s threads, chunks of %s rows\nwas:\n%s\nis:\n%s", path, threads, chunk,
                  want, got);
    free(want);
    free(got);
    golden_set_clear(&set);
}

START_TEST(checkpoints_of_every_release_go_on)
{
    for (size_t r = 0; r < RELEASES; r++)
        for (size_t i = 0; i < golden_count; i++)
            goes_on(releases[r], &goldens[i], "1", "2048");
}
END_TEST

START_TEST(they_go_on_with_other_threads_and_chunks)
{
    for (size_t r = 0; r < RELEASES; r++)
        for (size_t i = 0; i < golden_count; i++) {
            goes_on(releases[r], &goldens[i], "2", "1");
            goes_on(releases[r], &goldens[i], "3", "7");
        }
}
END_TEST

/* While this release's format is what the library writes; a new format begins a new directory. */
START_TEST(this_release_writes_the_same_bytes_again)
{
    for (size_t i = 0; i < golden_count; i++) {
        char path[256];
        golden_set kept, made;
        snprintf(path, sizeof path, "%s/%s", GOLDEN_RELEASE, goldens[i].name);
        ck_assert_msg(golden_set_read(&kept, path), "%s is missing", path);
        sqi_disk_sim *disk = golden_make(&goldens[i], NULL);
        golden_set_take(&made, disk);
        ck_assert_uint_eq(kept.n, made.n);
        for (size_t k = 0; k < made.n; k++) {
            const golden_file *a = &kept.file[k], *b = &made.file[k];
            ck_assert_str_eq(a->name, b->name);
            ck_assert_msg(a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0, "%s/%s differs", path, a->name);
        }
        golden_set_clear(&kept);
        golden_set_clear(&made);
        sqi_disk_sim_free(disk);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {checkpoints_of_every_release_go_on, they_go_on_with_other_threads_and_chunks,
                                  this_release_writes_the_same_bytes_again};
    return sqi_test_main("golden", tests, sizeof tests / sizeof *tests);
}
