/* States of aggregates as bytes do not tell which of them share memory; what cannot be saved is refused. */
#include "state_rig.h"
#include "test_main.h"

static const char schema[] = "k STRING, v INT, w SMALLINT, t TIMESTAMP";
static const char rows[] = "'a', 1, 2, TIMESTAMP'2024-01-01 10:00:00'\n'b', NULL, -7, NULL\n'a', -5, 32767, NULL\n"
                           "'c', 2147483647, NULL, TIMESTAMP'1900-01-01 00:00:00'\nNULL, -2147483648, 0, NULL";

static void save_both(const char *shared, const char *alone)
{
    sqi_state_rig a, b, c;
    sqi_saved saved;
    sqi_saved_open(&saved);
    sqi_state_rig_open(&a, schema, "k", shared, 1, STREAMQ_COMPLETE, 3);
    sqi_state_rig_open(&b, schema, "k", alone, 1, STREAMQ_COMPLETE, 3);
    ck_assert_str_eq(sqi_state_rig_batch(&a, rows), sqi_state_rig_batch(&b, rows));
    sqi_state_rig_changes(&a, &saved);
    sqi_state_rig_changes(&b, &saved);
    ck_assert_uint_eq(saved.block[0].len, saved.block[1].len);
    ck_assert_mem_eq(saved.block[0].ptr, saved.block[1].ptr, saved.block[0].len);
    for (uint32_t way = 0; way < 2; ++way) { /* and each reads the other's */
        sqi_state_rig_open(&c, schema, "k", way ? shared : alone, 1, STREAMQ_COMPLETE, 3);
        ck_assert_int_eq(c.op->type->load(c.op, sqi_buf_view(&saved.block[0]), NULL), STREAMQ_OK);
        sqi_same_rows(sqi_state_rig_batch(&a, rows), sqi_state_rig_batch(&c, rows), way ? shared : alone);
        sqi_state_rig_batch(&b, rows);
        sqi_state_rig_close(&c);
        sqi_saved_clear(&saved);
        sqi_state_rig_changes(&a, &saved);
    }
    sqi_state_rig_close(&a);
    sqi_state_rig_close(&b);
    sqi_saved_clear(&saved);
}

#define ALONE(call) call " FILTER (WHERE v IS NULL OR v IS NOT NULL)"

START_TEST(a_shared_state_writes_what_each_would_write_alone)
{
    save_both("count(*), sum(v), avg(v), min(v), max(v), count(v)",
              "count(*), " ALONE("sum(v)") ", " ALONE("avg(v)") ", " ALONE("min(v)") ", " ALONE("max(v)") ", " ALONE(
                  "count(v)"));
    save_both("min(w), max(w)", ALONE("min(w)") ", " ALONE("max(w)"));
    save_both("max(w), try_sum(w), sum(w)", ALONE("max(w)") ", " ALONE("try_sum(w)") ", " ALONE("sum(w)"));
    save_both("avg(w), count(w)", ALONE("avg(w)") ", " ALONE("count(w)"));
    save_both("min(t), max(t), count(t)", ALONE("min(t)") ", " ALONE("max(t)") ", " ALONE("count(t)"));
}
END_TEST

/* A sum beyond the range stays so, whoever shares its state. */
START_TEST(a_sum_that_is_lost_stays_lost)
{
    static const char far[] = "'a', 9223372036854775807\n'a', 1", near[] = "'a', 5";
    static const char *const lists[] = {"try_sum(v)", "try_sum(v), count(*), min(v), avg(v)",
                                        ALONE("try_sum(v)") ", max(v)"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; ++i) {
        sqi_state_rig a, b;
        sqi_saved saved;
        sqi_saved_open(&saved);
        sqi_state_rig_open(&a, "k STRING, v BIGINT", "k", lists[i], 1, STREAMQ_COMPLETE, 3);
        sqi_state_rig_open(&b, "k STRING, v BIGINT", "k", lists[i], 1, STREAMQ_COMPLETE, 3);
        sqi_state_rig_batch(&a, far);
        sqi_state_rig_changes(&a, &saved);
        sqi_state_rig_load(&b, &saved);
        const char *got = sqi_state_rig_batch(&b, near);
        ck_assert_str_eq(sqi_state_rig_batch(&a, near), got);
        ck_assert_ptr_nonnull(strstr(got, "a | NULL"));
        sqi_state_rig_close(&a);
        sqi_state_rig_close(&b);
        sqi_saved_clear(&saved);
    }
}
END_TEST

START_TEST(what_cannot_be_saved_is_refused_with_a_checkpoint_only)
{
    sqi_state_rig q;
    sqi_op_group_params p = {.nlane = 1};
    streamq_error *err = NULL;
    sqi_op *op;
    sqi_state_rig_begin(&q, schema, STREAMQ_COMPLETE, 1);
    p.agg = sqi_rig_exprs(&q.rig, "sum(v)", &p.nagg);
    sqi_bound node = *p.agg[0], *list[1] = {&node};
    sqi_agg own = *node.agg;
    own.form = NULL;
    own.name = "mine";
    node.agg = &own;
    p.agg = list;
    ck_assert_int_eq(sqi_op_new(&op, &sqi_op_group, &p, 1, &q.rig.env, NULL, 0, &err), STREAMQ_ERR_UNSUPPORTED);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_UNSUPPORTED_FEATURE__CHECKPOINT);
    ck_assert_ptr_nonnull(strstr(sqi_error_text(err), "mine"));
    sqi_error_free(err);
    q.rig.env.durable = false;
    ck_assert_int_eq(sqi_op_new(&op, &sqi_op_group, &p, 1, &q.rig.env, NULL, 0, NULL), STREAMQ_OK);
    sqi_op_free(op);
    sqi_state_rig_close(&q);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_shared_state_writes_what_each_would_write_alone, a_sum_that_is_lost_stays_lost,
                                  what_cannot_be_saved_is_refused_with_a_checkpoint_only};
    return sqi_test_main("op_group_agg_state", tests, sizeof tests / sizeof *tests);
}
