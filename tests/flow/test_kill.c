/*
 * kill -9 of a real process at each of its calls to the disk and each of its deliveries, before, within and after, for
 * every sink: what the world has seen at the end is what it would have seen without the kill. KILL_SEEDS (0): sets of
 * options for each; without it a sample of the calls is tried.
 */
#include "kill_rig.h"
#include "test_main.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIRST = 10, UNTIL = 20, AFTER = 27 };

static int seeds(void)
{
    const char *text = getenv("KILL_SEEDS");
    return text ? atoi(text) : 0;
}

static void judge(kill_story *s, uint64_t seed, const sqi_disk_kill_point *p)
{
    char text[200];
    int64_t until = s->source == KILL_RATE ? 1 : AFTER;
    kill_verdict v = kill_story_end(s, until);
    kill_life_text(&(kill_life){.seed = seed}, text, sizeof text);
    ck_assert_msg(v.lost + v.duplicated + v.wrong == 0,
                  "%s, %s, killed %s call %zu (%s): %zu lost, %zu duplicated, %zu wrong: %s; see %s",
                  kill_source_name(s->source), kill_sink_name(s->sink),
                  p->when == SQI_KILL_BEFORE  ? "before"
                  : p->when == SQI_KILL_AFTER ? "after"
                                              : "within",
                  p->at, text, v.lost, v.duplicated, v.wrong, s->world.wrong, s->root);
}

/* Two lives, the second of which is killed; then two that are not. */
static int kill_at(kill_story s, uint64_t seed, const sqi_disk_kill_point *point, size_t *calls)
{
    kill_story_begin(&s);
    kill_story_live(&s, &(kill_life){.until = FIRST}, NULL, NULL);
    int end = kill_story_live(&s, &(kill_life){.until = UNTIL, .seed = seed}, point, calls);
    kill_story_live(&s, &(kill_life){.until = UNTIL, .seed = seed ? seed + 1000 : 0}, NULL, NULL);
    kill_story_live(&s, &(kill_life){.until = AFTER}, NULL, NULL);
    judge(&s, seed, point);
    return end;
}

static size_t kill_everywhere(kill_story s, uint64_t seed, size_t nth)
{
    size_t kills = 0;
    size_t calls = 0, n = 0;
    sqi_disk_kill_point p = {.calls = SQI_DISK_ANY};
    ck_assert_int_eq(kill_at(s, seed, &p, &calls), 0);
    ck_assert_uint_gt(calls, 20);
    for (p.at = 1; p.at <= calls; p.at++)
        for (p.when = SQI_KILL_BEFORE; p.when <= SQI_KILL_WITHIN; p.when++)
            if (n++ % nth == 0) {
                ck_assert_int_eq(kill_at(s, seed, &p, NULL), SQI_KILLED);
                kills++;
            }
    return kills;
}

START_TEST(a_kill_at_any_call_loses_and_repeats_nothing)
{
    kill_story s = {.source = _i % KILL_SOURCES, .sink = _i / KILL_SOURCES};
    int n = seeds();
    size_t kills = 0;
    for (int seed = 0; seed <= n; seed++)
        kills += kill_everywhere(s, seed ? (uint64_t)(_i * 100 + seed) : 0, n ? 1 : 97);
    if (n)
        printf("%s, %s: %zu kills\n", kill_source_name(s.source), kill_sink_name(s.sink), kills);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_kill_at_any_call_loses_and_repeats_nothing};
    return sqi_test_main_each("kill", NULL, 0, tests, sizeof tests / sizeof *tests, KILL_SOURCES * KILL_SINKS);
}
