/* Callbacks by row and by batch. */
#include "io_rig.h"
#include "test_main.h"

typedef struct seen {
    int64_t id[10], value[10];
    uint64_t rows[10];
    size_t n;
    streamq_status says; /* what the callback returns for its second call */
    bool explains;
    sqi_batch *kept;
} seen;

static rig r;
static seen s;

static streamq_status answer(streamq_error **err)
{
    if (s.n < 2 || s.says == STREAMQ_OK)
        return STREAMQ_OK;
    return s.explains ? sqi_error_set(err, SQI_COND_USER_CALLBACK_FAILED, "because") : s.says;
}

static streamq_status on_row(void *user, int64_t batch_id, const sqi_schema *schema, const sqi_chunk *chunk,
                             uint32_t position, streamq_error **err)
{
    ck_assert_ptr_eq(user, &s);
    ck_assert_ptr_eq(schema, &r.schema);
    s.id[s.n] = batch_id;
    s.value[s.n++] = SQI_AT(&chunk->col[0], int64_t, position);
    return answer(err);
}

static streamq_status on_batch(void *user, int64_t batch_id, sqi_batch *batch, streamq_error **err)
{
    ck_assert_ptr_eq(user, &s);
    s.id[s.n] = batch_id;
    s.rows[s.n++] = batch->rows;
    if (!s.kept)
        s.kept = sqi_batch_ref(batch);
    return answer(err);
}

static sqi_foreach callbacks = {&s, on_row, on_batch};

static void begin(const sqi_sink_type *type)
{
    rig_begin(&r);
    s = (seen){0};
    rig_columns(&r, (const char *[]){"n"}, (const sqi_type *const[]){&sqi_type_bigint}, 1);
    rig_sink(&r, type, STREAMQ_APPEND, &callbacks);
}

static sqi_chunk three(void)
{
    sqi_chunk c = rig_numbers(&r, (int64_t[]){10, 11, 12}, 3);
    c.rows = (sqi_rows){(uint32_t[]){0, 2}, 2}; /* a filter took the middle one */
    uint32_t *sel = sqi_arena_array(&r.arena, 2, sizeof *sel);
    sel[1] = 2;
    c.rows.sel = sel;
    return c;
}

START_TEST(every_row_is_handed_out_in_order_with_its_batch)
{
    begin(&sqi_snk_foreach);
    sqi_chunk c = three();
    rig_write(&r, 0, &c);
    rig_write(&r, 1, NULL);
    rig_write(&r, 2, &c);
    ck_assert_uint_eq(s.n, 4);
    ck_assert(s.value[0] == 10 && s.value[1] == 12 && s.value[2] == 10 && s.value[3] == 12);
    ck_assert(s.id[0] == 0 && s.id[1] == 0 && s.id[2] == 2 && s.id[3] == 2);
    rig_end(&r);
}
END_TEST

START_TEST(every_batch_is_handed_out_empty_ones_too_and_may_be_kept)
{
    begin(&sqi_snk_foreach_batch);
    sqi_chunk c = three();
    rig_write(&r, 0, &c);
    rig_write(&r, 1, NULL);
    ck_assert_uint_eq(s.n, 2);
    ck_assert(s.rows[0] == 2 && s.rows[1] == 0 && s.id[1] == 1);
    ck_assert_int_eq(SQI_AT(&s.kept->chunk[0].col[0], int64_t, 1), 12);
    sqi_batch_unref(s.kept);
    rig_end(&r);
}
END_TEST

START_TEST(nothing_is_handed_out_before_commit_or_after_abort)
{
    begin(&sqi_snk_foreach);
    sqi_chunk c = three();
    ck_assert_int_eq(r.sink->type->begin(r.sink, 0, &r.err), STREAMQ_OK);
    ck_assert_int_eq(r.sink->type->write(r.sink, &c, &r.err), STREAMQ_OK);
    ck_assert_uint_eq(s.n, 0);
    r.sink->type->abort(r.sink);
    rig_write(&r, 0, NULL);
    ck_assert_uint_eq(s.n, 0);
    rig_end(&r);
}
END_TEST

START_TEST(a_callback_that_says_no_ends_the_batch)
{
    const sqi_sink_type *types[] = {&sqi_snk_foreach, &sqi_snk_foreach_batch};
    for (int i = 0; i < 4; i++) {
        begin(types[i % 2]);
        s.says = STREAMQ_ERR_USER;
        s.explains = i / 2;
        sqi_chunk c = three();
        streamq_status status = STREAMQ_OK;
        for (int64_t id = 0; id < 2 && status == STREAMQ_OK; id++) {
            ck_assert_int_eq(r.sink->type->begin(r.sink, id, &r.err), STREAMQ_OK);
            ck_assert_int_eq(r.sink->type->write(r.sink, &c, &r.err), STREAMQ_OK);
            status = r.sink->type->commit(r.sink, id, &r.err);
        }
        rig_refused(&r, status, SQI_COND_USER_CALLBACK_FAILED, s.explains ? "because" : "refused batch");
        ck_assert_uint_eq(s.n, 2);
        sqi_batch_unref(s.kept);
        rig_end(&r);
    }
}
END_TEST

START_TEST(without_a_callback_it_is_refused)
{
    sqi_foreach none = {0};
    rig_begin(&r);
    rig_refused(&r, rig_try_sink(&r, &sqi_snk_foreach, STREAMQ_APPEND, NULL), SQI_COND_INVALID_ARGUMENT,
                "streamq_writer_foreach");
    rig_refused(&r, rig_try_sink(&r, &sqi_snk_foreach_batch, STREAMQ_APPEND, &none), SQI_COND_INVALID_ARGUMENT,
                "streamq_writer_foreach_batch");
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_row_is_handed_out_in_order_with_its_batch,
                                  every_batch_is_handed_out_empty_ones_too_and_may_be_kept,
                                  nothing_is_handed_out_before_commit_or_after_abort,
                                  a_callback_that_says_no_ends_the_batch, without_a_callback_it_is_refused};
    return sqi_test_main("snk_foreach", tests, sizeof tests / sizeof *tests);
}
