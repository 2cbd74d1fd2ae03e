/*
 * A real process with a durable query is killed at each of its calls to the disk and at each delivery, before, after and
 * within; the next one goes on as if nothing had happened. KILL_ROUNDS: how many times a query is killed at random calls
 * again and again until it comes to its end (10); KILL_SEED: of those.
 */
#include "disk_kill.h"
#include "durable_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "os.h"
#include "test_main.h"

typedef struct lives {
    char dir[64];
    durable_world *world; /* shared with the processes that die */
    durable_life life;
    char *why; /* so is this */
} lives;

static void begin(lives *l)
{
    /* A killed process leaves what it wrote: no disk is needed to show that, and memory is faster. */
    strcpy(l->dir, access("/dev/shm", W_OK) == 0 ? "/dev/shm/sqi_kill_XXXXXX" : "/tmp/sqi_kill_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(l->dir));
    void *shared =
        mmap(NULL, sizeof *l->world + DURABLE_TEXT, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert(shared != MAP_FAILED);
    l->world = shared;
    l->why = (char *)(l->world + 1);
    *l->world = durable_world_new();
}

static void end(lives *l)
{
    ck_assert_int_eq(sqi_os_remove_tree(sqi_os_files_posix(), l->dir), 0);
    munmap(l->world, sizeof *l->world + DURABLE_TEXT);
}

static size_t mark(void *context, const char *text)
{
    (void)text;
    sqi_disk_kill_mark(context);
    return 0;
}

static int live(const sqi_os_files *files, sqi_disk_kill *k, void *context)
{
    lives *l = context;
    durable_place place = {.files = files, .dir = l->dir, .context = k, .mark = mark};
    return (int)durable_live_at(&place, &l->life, l->world, l->why);
}

/* To its end, or to the point. */
static int next_life(lives *l, durable_life life, const sqi_disk_kill_point *point, size_t *calls)
{
    l->life = life;
    int result = sqi_disk_kill_run(point, live, l, calls);
    ck_assert_msg(result == DURABLE_DONE || result == SQI_KILLED, "%d: call %zu, %d: %s", result, point ? point->at : 0,
                  point ? (int)point->when : 0, l->why);
    return result;
}

/* Every point of the life that follows `before`; then a last one without a kill. */
static void kill_everywhere(const durable_life *before, durable_life killed, durable_life last)
{
    for (int when = SQI_KILL_BEFORE; when <= SQI_KILL_WITHIN; when++)
        for (size_t at = 1;; at++) {
            lives l;
            begin(&l);
            if (before)
                next_life(&l, *before, NULL, NULL);
            sqi_disk_kill_point p = {.calls = SQI_DISK_ANY, .at = at, .when = (sqi_kill_when)when};
            int result = next_life(&l, killed, &p, NULL);
            if (result == SQI_KILLED)
                next_life(&l, last, NULL, NULL);
            end(&l);
            if (result == DURABLE_DONE) {
                ck_assert_uint_gt(at, 30);
                break;
            }
        }
}

START_TEST(a_first_process_can_be_killed_anywhere)
{
    kill_everywhere(NULL, (durable_life){.until = 12, .step = 4, .seed = 1},
                    (durable_life){.until = 15, .step = 5, .seed = 2});
}
END_TEST

START_TEST(a_second_process_can_be_killed_anywhere)
{
    durable_life first = {.until = 8, .step = 4, .seed = 1};
    kill_everywhere(&first, (durable_life){.until = 16, .step = 4, .seed = 2},
                    (durable_life){.until = 20, .step = 5, .seed = 3});
}
END_TEST

/* Each life comes some tens of calls far; with large keys, where the log rolls meanwhile, it must be some hundreds: a start
   may have much to write again, and a life that never comes further makes no progress. */
START_TEST(a_query_that_is_killed_all_the_time_comes_to_its_end)
{
    const char *rounds = getenv("KILL_ROUNDS"), *seed_text = getenv("KILL_SEED");
    uint64_t seed = seed_text ? strtoull(seed_text, NULL, 10) : 1;
    long n = rounds ? strtol(rounds, NULL, 10) : 10;
    for (long round = 0; round < n; round++) {
        lives l;
        begin(&l);
        durable_life life = {.until = 60, .step = 3, .key_bytes = round % 4 == 0 ? 80000 : 5};
        for (int result = SQI_KILLED; result == SQI_KILLED;) {
            life.seed = seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
            sqi_disk_kill_point p = {.calls = SQI_DISK_ANY,
                                     .at = 15 + (seed >> 33) % (life.key_bytes > 1000 ? 400 : 40),
                                     .when = (sqi_kill_when)((seed >> 20) % 3)};
            result = next_life(&l, life, &p, NULL);
        }
        end(&l);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_first_process_can_be_killed_anywhere, a_second_process_can_be_killed_anywhere,
                                  a_query_that_is_killed_all_the_time_comes_to_its_end};
    return sqi_test_main("kill_points", tests, sizeof tests / sizeof *tests);
}
