/* Deduplication and limits go on from what they saved; a limit that was lowered since lets nothing through. */
#include "op_limit.h"
#include "state_rig.h"
#include "test_main.h"

static const char schema[] = "k STRING, v INT";
static const uint32_t columns[] = {1, 0};
static const char *const batches[] = {"'a', 1\n'b', 1\n'a', 1\nNULL, 2\n'a longer text than a view', NULL", "",
                                      "'a', 2\n'b', 1\nNULL, 2\n'c', 3", "'a', 1\n'd', 1\n'c', 3\nNULL, NULL"};
enum { BATCHES = sizeof batches / sizeof *batches };

static void add_dedup(sqi_state_rig *q, uint64_t seed)
{
    sqi_state_rig_begin(q, schema, STREAMQ_APPEND, seed);
    const sqi_op_dedup_params p = {columns, 2, &q->rig.schema};
    q->op = sqi_rig_add(&q->rig, &sqi_op_dedup, &p, 1);
}

static void add_limit(sqi_state_rig *q, int64_t limit, int64_t offset)
{
    sqi_state_rig_begin(q, schema, STREAMQ_APPEND, 1);
    const sqi_op_limit_params p = {limit, offset, true};
    q->op = sqi_rig_add(&q->rig, &sqi_op_limit, &p, 1);
}

static void stop_and_go(bool dedup, bool whole)
{
    sqi_state_rig one, other;
    sqi_saved saved;
    sqi_saved_open(&saved);
    if (dedup)
        add_dedup(&one, 1);
    else
        add_limit(&one, 5, 2);
    for (uint32_t b = 0; b < BATCHES; ++b) {
        if (dedup)
            add_dedup(&other, 2 + b);
        else
            add_limit(&other, 5, 2);
        sqi_state_rig_load(&other, &saved);
        ck_assert_str_eq(sqi_state_rig_batch(&one, batches[b]), sqi_state_rig_batch(&other, batches[b]));
        ck_assert_str_eq(sqi_rig_state(&one.rig, one.op), sqi_rig_state(&other.rig, other.op));
        if (whole)
            sqi_saved_clear(&saved);
        (whole ? sqi_state_rig_whole(&other, &saved, 1) : sqi_state_rig_changes(&other, &saved));
        sqi_state_rig_close(&other);
    }
    sqi_state_rig_close(&one);
    sqi_saved_clear(&saved);
}

START_TEST(a_deduplication_goes_on)
{
    stop_and_go(true, false);
    stop_and_go(true, true);
}
END_TEST

START_TEST(a_limit_goes_on)
{
    stop_and_go(false, false);
    stop_and_go(false, true);
}
END_TEST

START_TEST(a_limit_that_is_lower_now)
{
    sqi_state_rig q;
    sqi_saved saved;
    sqi_saved_open(&saved);
    add_limit(&q, 4, 0);
    sqi_state_rig_batch(&q, batches[0]);
    sqi_state_rig_changes(&q, &saved);
    sqi_state_rig_close(&q);
    add_limit(&q, 2, 0);
    sqi_state_rig_load(&q, &saved);
    ck_assert_str_eq(sqi_state_rig_batch(&q, batches[0]), "");
    sqi_state_rig_close(&q);
    add_limit(&q, 5, 0);
    sqi_state_rig_load(&q, &saved);
    ck_assert_str_eq(sqi_state_rig_batch(&q, batches[0]), "a | 1\n");
    sqi_state_rig_close(&q);
    sqi_saved_clear(&saved);
}
END_TEST

START_TEST(a_limit_of_one_batch_keeps_nothing)
{
    sqi_state_rig q;
    sqi_buf shape;
    sqi_state_rig_begin(&q, schema, STREAMQ_COMPLETE, 1);
    const sqi_op_limit_params p = {3, 0, false};
    q.op = sqi_rig_add(&q.rig, &sqi_op_limit, &p, 1);
    sqi_buf_init(&shape, q.rig.alloc, 0);
    ck_assert(q.op->type->shape(q.op, &shape));
    ck_assert_uint_eq(shape.len, 0);
    sqi_state_rig_close(&q);
}
END_TEST

START_TEST(bytes_that_are_no_limit_are_refused)
{
    static const sqi_span bad[] = {{"", 0}, {"\1", 1}, {"\2\1", 2}, {"\1\1\1", 3}, {"\1\x80", 2}, {"\1\x80\0", 3}};
    uint64_t seen;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i)
        ck_assert_int_eq(sqi_limit_read(bad[i], &seen, NULL), STREAMQ_ERR_IO);
    ck_assert_int_eq(sqi_limit_read((sqi_span){"\1\x80\1", 3}, &seen, NULL), STREAMQ_OK);
    ck_assert_uint_eq(seen, 128);
}
END_TEST

START_TEST(keys_with_something_behind_them_are_refused)
{
    sqi_state_rig q;
    sqi_saved saved;
    sqi_saved_open(&saved);
    sqi_state_rig_open(&q, schema, "v, k", "count(*)", 1, STREAMQ_COMPLETE, 1);
    sqi_state_rig_batch(&q, batches[0]);
    sqi_state_rig_changes(&q, &saved);
    sqi_state_rig_close(&q);
    add_dedup(&q, 1);
    ck_assert_int_eq(q.op->type->load(q.op, sqi_buf_view(&saved.block[0]), NULL), STREAMQ_ERR_IO);
    sqi_state_rig_close(&q);
    sqi_saved_clear(&saved);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_deduplication_goes_on,
                                  a_limit_goes_on,
                                  a_limit_that_is_lower_now,
                                  a_limit_of_one_batch_keeps_nothing,
                                  bytes_that_are_no_limit_are_refused,
                                  keys_with_something_behind_them_are_refused};
    return sqi_test_main("op_keys_state", tests, sizeof tests / sizeof *tests);
}
