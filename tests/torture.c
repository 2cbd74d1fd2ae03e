/*
 * torture [kills [seed]]: kills of a durable query's process at random calls to the disk and deliveries, with other
 * options in each life (threads, rows a chunk, trigger, minBatchesToRetain, rows a micro-batch) and all pairs of sources
 * and sinks. The same seed kills in the same places. Ends with a line of figures; 1 if any but the first is not 0.
 */
#include "kill_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static uint64_t state;

static uint64_t below(uint64_t n) /* splitmix64 */
{
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (z ^ z >> 31) % n;
}

typedef struct figures {
    size_t stories, kills, lives, lost, duplicated, wrong;
} figures;

/* Lives of one story, most of them killed. What a life does not reach its successor does; the last two are not killed. */
static void run_story(uint64_t seed, size_t most, figures *f)
{
    state = seed;
    kill_story s = {.source = (kill_source)below(KILL_SOURCES), .sink = (kill_sink)below(KILL_SINKS)};
    s.key_bytes = below(8) == 0 ? 50000 : 0;
    kill_story_begin(&s);
    int64_t until = 0;
    int lives = 2 + (int)below(9);
    for (int i = 0; i < lives && s.killed < most; i++) {
        until += 1 + (int64_t)below(12);
        kill_life life = {.until = until, .seed = 1 + below(UINT64_C(1) << 60)};
        sqi_disk_kill_point p = {SQI_DISK_ANY, 1 + below(1 + below(120)), (sqi_kill_when)below(3)};
        kill_story_live(&s, &life, &p, NULL);
        f->lives++;
    }
    kill_story_live(&s, &(kill_life){.until = until += 3, .seed = 1 + below(1000)}, NULL, NULL);
    kill_story_live(&s, &(kill_life){.until = until += 3}, NULL, NULL);
    kill_verdict v = kill_story_end(&s, s.source == KILL_RATE ? 1 : until);
    f->lives += 2;
    f->stories++;
    f->kills += s.killed;
    f->lost += v.lost;
    f->duplicated += v.duplicated;
    f->wrong += v.wrong;
    if (v.lost + v.duplicated + v.wrong)
        printf("story %llu (%s, %s): %zu lost, %zu duplicated, %zu wrong: %s; see %s\n", (unsigned long long)seed,
               kill_source_name(s.source), kill_sink_name(s.sink), v.lost, v.duplicated, v.wrong, s.world.wrong,
               s.root);
}

int main(int argc, char **argv)
{
    size_t kills = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL) * 1000;
    figures f = {0};
    printf("seed %llu\n", (unsigned long long)seed);
    fflush(stdout);
    while (f.kills < kills && f.stories < kills * 4 + 10)
        run_story(seed + f.stories, kills - f.kills, &f);
    printf("%zu kills in %zu lives of %zu queries: %zu lost, %zu duplicated, %zu wrong\n", f.kills, f.lives, f.stories,
           f.lost, f.duplicated, f.wrong);
    return f.kills < kills || f.lost + f.duplicated + f.wrong ? 1 : 0;
}
