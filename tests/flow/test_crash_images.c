/*
 * Crashes of a durable query at each call of its life, with each legal loss, tear and reordering of what was not synced:
 * a restart must neither fail nor answer wrongly. CRASH_IMAGES: how many images a call at most (40).
 */
#include "disk_image.h"
#include "durable_rig.h"

#include <stdlib.h>
#include <string.h>

#include "test_main.h"

static size_t images_a_call(size_t usual)
{
    const char *text = getenv("CRASH_IMAGES");
    return text ? strtoul(text, NULL, 10) : usual;
}

/* Restarts on every image of the record in `disk` from a call on. Each nth of them is recorded in turn, and crashed, `deeper` times. */
static size_t crash_everywhere(const sqi_disk_sim *disk, const durable_world *w, const durable_life *next, size_t from,
                               size_t most, size_t nth, int deeper)
{
    size_t n = 0;
    char why[DURABLE_TEXT];
    for (size_t call = from; call <= sqi_disk_sim_calls(disk); call++) {
        if (!sqi_disk_images_differ(disk, call))
            continue;
        sqi_disk_images it = sqi_disk_images_begin(disk, call, most, 11);
        for (sqi_disk_sim *crashed; (crashed = sqi_disk_images_next(&it)); sqi_disk_sim_free(crashed)) {
            durable_world after = durable_world_at(w, call);
            durable_end end = durable_live(crashed, next, &after, why);
            ck_assert_msg(end == DURABLE_DONE, "%s\n%s", why, sqi_disk_images_text(&it));
            if (++n % nth == 0 && deeper > 0)
                n += crash_everywhere(crashed, &after, next, 0, most / 4, nth, deeper - 1);
        }
        sqi_disk_images_end(&it);
    }
    return n;
}

static void live_well(sqi_disk_sim *disk, const durable_life *life, durable_world *w)
{
    char why[DURABLE_TEXT];
    ck_assert_msg(durable_live(disk, life, w, why) == DURABLE_DONE, "%s", why);
}

START_TEST(a_first_life_can_end_at_any_call)
{
    sqi_disk_sim *disk = sqi_disk_sim_new(1);
    durable_world w = durable_world_new();
    live_well(disk, &(durable_life){.until = 20, .step = 5, .seed = 1}, &w);
    size_t n =
        crash_everywhere(disk, &w, &(durable_life){.until = 27, .step = 7, .seed = 2}, 0, images_a_call(40), 0 - 1u, 0);
    ck_assert_uint_gt(n, 200);
    sqi_disk_sim_free(disk);
}
END_TEST

START_TEST(a_second_life_can_end_at_any_call)
{
    sqi_disk_sim *disk = sqi_disk_sim_new(1);
    durable_world w = durable_world_new();
    live_well(disk, &(durable_life){.until = 10, .step = 5, .seed = 1}, &w);
    live_well(disk, &(durable_life){.until = 20, .step = 4, .seed = 2}, &w);
    crash_everywhere(disk, &w, &(durable_life){.until = 30, .step = 10, .seed = 3}, 0, images_a_call(20), 0 - 1u, 0);
    sqi_disk_sim_free(disk);
}
END_TEST

START_TEST(a_life_after_a_crash_can_end_at_any_call_too)
{
    sqi_disk_sim *disk = sqi_disk_sim_new(1);
    durable_world w = durable_world_new();
    live_well(disk, &(durable_life){.until = 6, .step = 3, .seed = 1}, &w);
    crash_everywhere(disk, &w, &(durable_life){.until = 9, .step = 3, .seed = 2}, 0, images_a_call(20), 9, 1);
    sqi_disk_sim_free(disk);
}
END_TEST

START_TEST(a_log_that_rolls_and_is_cut_survives_as_well)
{
    sqi_disk_sim *disk = sqi_disk_sim_new(1);
    durable_world w = durable_world_new();
    durable_life life = {.until = 54, .step = 3, .key_bytes = 80000, .seed = 1};
    live_well(disk, &life, &w);
    size_t calls = sqi_disk_sim_calls(disk), rolled = 0, removed = 0;
    for (size_t call = 1; call <= calls; call++) {
        const char *text = sqi_disk_sim_text(disk, call);
        removed += sqi_disk_sim_kind(disk, call) == SQI_DISK_UNLINK && strstr(text, "wal-");
        if (!rolled && strncmp(text, "open /ckpt/wal-", 15) == 0 && !strstr(text, "wal-0000000000000000000"))
            rolled = call;
    }
    ck_assert(rolled > 0 && removed > 0); /* or the test shows nothing */
    life.until = 60;
    crash_everywhere(disk, &w, &life, rolled - 5, images_a_call(40) / 8, 0 - 1u, 0);
    sqi_disk_sim_free(disk);
}
END_TEST

START_TEST(short_reads_and_writes_change_nothing)
{
    for (uint64_t seed = 1; seed <= 5; seed++) {
        sqi_disk_sim *disk = sqi_disk_sim_new(seed);
        durable_world w = durable_world_new();
        sqi_disk_sim_shorten(disk, true);
        live_well(disk, &(durable_life){.until = 10, .step = 5, .seed = 1}, &w);
        live_well(disk, &(durable_life){.until = 20, .step = 5, .seed = 2}, &w);
        crash_everywhere(disk, &w, &(durable_life){.until = 24, .step = 4, .seed = 3}, 0, 6, 0 - 1u, 0);
        sqi_disk_sim_free(disk);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_first_life_can_end_at_any_call, a_second_life_can_end_at_any_call,
                                  a_life_after_a_crash_can_end_at_any_call_too,
                                  a_log_that_rolls_and_is_cut_survives_as_well, short_reads_and_writes_change_nothing};
    return sqi_test_main("crash_images", tests, sizeof tests / sizeof *tests);
}
