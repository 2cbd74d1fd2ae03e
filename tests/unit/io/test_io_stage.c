/* Rows kept until commit. */
#include "io_stage.h"

#include "io_rig.h"
#include "test_main.h"

static rig r;
static sqi_stage stage;

static void begin(void)
{
    rig_begin(&r);
    stage = (sqi_stage){0};
    rig_columns(&r, (const char *[]){"n"}, (const sqi_type *const[]){&sqi_type_bigint}, 1);
    rig_sink(&r, &sqi_snk_noop, STREAMQ_APPEND, NULL);
}

START_TEST(rows_are_copied_and_taken_as_one_batch)
{
    begin();
    int64_t values[] = {1, 2, 3};
    sqi_chunk chunk = {.n = 3, .ncol = 1, .rows = {(uint32_t[]){1, 2}, 2}};
    sqi_vec column = {.type = &sqi_type_bigint, .data = values, .mask = UINT32_MAX};
    chunk.col = &column;
    ck_assert_int_eq(sqi_stage_begin(&stage, r.sink, &r.err), STREAMQ_OK);
    ck_assert_int_eq(sqi_stage_write(&stage, &chunk, &r.err), STREAMQ_OK);
    ck_assert_int_eq(sqi_stage_write(&stage, &chunk, &r.err), STREAMQ_OK);
    values[1] = 99;
    sqi_batch *b = sqi_stage_take(&stage);
    ck_assert_ptr_null(stage.batch);
    ck_assert_uint_eq(b->rows, 4);
    ck_assert_int_eq(SQI_AT(&b->chunk[1].col[0], int64_t, 0), 2);
    sqi_batch_unref(b);
    sqi_stage_fini(&stage);
    rig_end(&r);
}
END_TEST

START_TEST(begin_and_drop_let_go_of_what_was_staged)
{
    begin();
    size_t held = r.heap.live_bytes;
    sqi_chunk chunk = rig_numbers(&r, (int64_t[]){1}, 1);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(sqi_stage_begin(&stage, r.sink, &r.err), STREAMQ_OK);
        ck_assert_int_eq(sqi_stage_write(&stage, &chunk, &r.err), STREAMQ_OK);
    }
    sqi_stage_drop(&stage);
    sqi_stage_drop(&stage);
    ck_assert_ptr_null(sqi_stage_take(&stage));
    sqi_stage_fini(&stage);
    sqi_stage_fini(&stage);
    ck_assert_uint_le(r.heap.live_bytes, held + 2048); /* the test's own chunk */
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {rows_are_copied_and_taken_as_one_batch, begin_and_drop_let_go_of_what_was_staged};
    return sqi_test_main("io_stage", tests, sizeof tests / sizeof *tests);
}
