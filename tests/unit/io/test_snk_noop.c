/* The sink that keeps nothing. */
#include "io_rig.h"
#include "test_main.h"

START_TEST(it_takes_everything_and_holds_nothing)
{
    rig r;
    rig_begin(&r);
    rig_columns(&r, (const char *[]){"n"}, (const sqi_type *const[]){&sqi_type_bigint}, 1);
    sqi_chunk chunk = rig_numbers(&r, (int64_t[]){1, 2, 3}, 3);
    rig_sink(&r, &sqi_snk_noop, STREAMQ_COMPLETE, NULL);
    size_t held = r.heap.live_bytes;
    for (int64_t id = 0; id < 100; id++)
        rig_write(&r, id, &chunk);
    r.sink->type->abort(r.sink);
    ck_assert_uint_eq(r.heap.live_bytes, held);
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_takes_everything_and_holds_nothing};
    return sqi_test_main("snk_noop", tests, sizeof tests / sizeof *tests);
}
