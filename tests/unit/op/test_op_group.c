#include <stdio.h>
#include <stdlib.h>

#include "fail_alloc.h"
#include "op_rig.h"
#include "test_main.h"

static sqi_fail_alloc heap;
static sqi_rig rig;

static void open(const char *schema, streamq_output_mode mode)
{
    sqi_fail_alloc_init(&heap);
    sqi_rig_open(&rig, &heap.alloc, schema);
    rig.env.mode = mode;
}

static void close_all(void)
{
    sqi_rig_close(&rig);
    sqi_fail_alloc_assert_clean(&heap);
}

START_TEST(update_mode_emits_the_groups_touched_in_order_of_first_touch)
{
    open("v INT", STREAMQ_UPDATE);
    sqi_op *op = sqi_rig_add_group(&rig, "v", "count(*)");
    ck_assert_str_eq(sqi_rig_batch(&rig, "3", true), "3 | 1\n");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "1 1 0");
    ck_assert_str_eq(sqi_rig_batch(&rig, "2\n3\n2", true), "2 | 2\n3 | 2\n");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "2 2 0");
    ck_assert_str_eq(sqi_rig_batch(&rig, "4\n4\n4\n4", true), "4 | 4\n");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "3 1 0");
    ck_assert_str_eq(sqi_rig_batch(&rig, "", true), "");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "3 0 0");
    close_all();
}
END_TEST

START_TEST(complete_mode_emits_every_group)
{
    open("v INT", STREAMQ_COMPLETE);
    sqi_op *op = sqi_rig_add_group(&rig, "v", "count(*)");
    ck_assert_str_eq(sqi_rig_batch(&rig, "3", false), "3 | 1\n");
    ck_assert_str_eq(sqi_rig_batch(&rig, "2", false), "2 | 1\n3 | 1\n");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "2 1 0");
    ck_assert_str_eq(sqi_rig_batch(&rig, "", false), "2 | 1\n3 | 1\n");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "2 0 0");
    close_all();
}
END_TEST

START_TEST(a_grouping_without_keys_has_its_one_row_in_every_batch)
{
    open("v INT", STREAMQ_UPDATE);
    sqi_op *op = sqi_rig_add_group(&rig, "", "count(*), sum(v)");
    ck_assert_str_eq(sqi_rig_batch(&rig, "", true), "0 | NULL\n");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "1 1 0");
    ck_assert_str_eq(sqi_rig_batch(&rig, "4\n5", true), "2 | 9\n");
    ck_assert_str_eq(sqi_rig_batch(&rig, "", true), "2 | 9\n");
    ck_assert_str_eq(sqi_rig_state(&rig, op), "1 1 0");
    close_all();
}
END_TEST

START_TEST(nulls_nans_and_zeros_are_keys)
{
    open("k DOUBLE, t STRING", STREAMQ_UPDATE);
    sqi_rig_add_group(&rig, "k, t", "count(*)");
    ck_assert_str_eq(
        sqi_rig_batch(&rig, "-0.0D, 'a'\n0.0D, 'a'\nDOUBLE('NaN'), NULL\n-DOUBLE('NaN'), NULL\nNULL, NULL\nNULL, ''",
                      true),
        "0.0 | a | 2\nNaN | NULL | 2\nNULL | NULL | 1\nNULL |  | 1\n");
    close_all();
}
END_TEST

START_TEST(keys_and_arguments_may_be_expressions_and_nested_values)
{
    open("k STRING, a ARRAY<INT>, v INT", STREAMQ_UPDATE);
    sqi_rig_add_group(&rig, "upper(k), a", "sum(v * 2), max(struct(v, k))");
    ck_assert_str_eq(sqi_rig_batch(&rig, "'x', array(1), 1\n'X', array(1), 5\n'x', array(2), 7\n'x', NULL, 1", true),
                     "X | [1] | 12 | {5, X}\nX | [2] | 14 | {7, x}\nX | NULL | 2 | {1, x}\n");
    close_all();
}
END_TEST

START_TEST(a_filter_keeps_its_aggregate_from_evaluating_other_rows)
{
    open("k STRING, v INT", STREAMQ_UPDATE);
    sqi_rig_add_group(&rig, "k", "sum(10 / v) FILTER (WHERE v <> 0), count(*) FILTER (WHERE v > 1), count(*)");
    ck_assert_str_eq(sqi_rig_batch(&rig, "'a', 0\n'a', 5\n'b', 0\n'a', NULL", true),
                     "a | 2.0 | 1 | 3\nb | NULL | 0 | 1\n");
    close_all();
}
END_TEST

START_TEST(a_failing_row_names_its_condition)
{
    open("v BIGINT", STREAMQ_UPDATE);
    sqi_rig_add_group(&rig, "", "sum(v)");
    streamq_error *err = NULL;
    streamq_status status = sqi_rig_try_push(&rig, "9223372036854775807\n1", &err);
    ck_assert_int_eq(status, STREAMQ_ERR_DATA);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_ARITHMETIC_OVERFLOW);
    ck_assert_ptr_nonnull(strstr(sqi_error_message(err), "sum(v)"));
    sqi_error_free(err);
    close_all();
}
END_TEST

/* The sums of a batch meet the state only at its end, so a batch may pass the range on its way. */
START_TEST(a_micro_batch_is_added_up_before_it_meets_the_state)
{
    open("v BIGINT", STREAMQ_UPDATE);
    sqi_rig_add_group(&rig, "", "sum(v)");
    ck_assert_str_eq(sqi_rig_batch(&rig, "9223372036854775807", true), "9223372036854775807\n");
    ck_assert_str_eq(sqi_rig_batch(&rig, "1\n-2", true), "9223372036854775806\n");
    close_all();
}
END_TEST

START_TEST(distinct_counts_each_value_once_in_each_group)
{
    open("k INT, v STRING", STREAMQ_UPDATE);
    rig.env.streaming = false;
    sqi_rig_add_group(&rig, "k", "count(DISTINCT v), collect_list(DISTINCT v), count(v)");
    ck_assert_str_eq(sqi_rig_batch(&rig, "1, 'a'\n1, 'b'\n1, 'a'\n1, NULL\n2, 'a'", true),
                     "1 | 2 | [a, b] | 3\n2 | 1 | [a] | 1\n");
    close_all();
}
END_TEST

START_TEST(output_comes_in_chunks_of_the_size_asked_for)
{
    open("v INT", STREAMQ_COMPLETE);
    rig.env.chunk_rows = 3;
    sqi_rig_add_group(&rig, "v", "count(*)");
    sqi_rig_batch(&rig, "1\n2\n3\n4\n5\n6\n7", false);
    ck_assert_uint_eq(rig.chunks_out, 3);
    ck_assert_uint_eq(rig.largest_out, 3);
    close_all();
}
END_TEST

/* ---- against a naive reference -------------------------------------------------------------------------------- */

enum { ROWS = 300, KEYS = 5 };

typedef struct model {
    int n, c, min, max;
    long sum;
    char list[ROWS * 8];
} model;

static const char *const key_name[KEYS] = {"NULL", "'a'", "'a key that does not stand inside'", "''", "'b'"};
static const char *const key_shown[KEYS] = {"NULL", "a", "a key that does not stand inside", "", "b"};

static void take(model *m, bool null, int v)
{
    m->n++;
    if (null)
        return;
    m->min = !m->c || v < m->min ? v : m->min;
    m->max = !m->c || v > m->max ? v : m->max;
    m->sum += v;
    sprintf(m->list + strlen(m->list), m->c++ ? ", %d" : "%d", v);
}

static int compare_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void show(const model *m, char *to)
{
    char *line[KEYS];
    int n = 0;
    for (int k = 0; k < KEYS; ++k) {
        if (!m[k].n)
            continue;
        line[n] = malloc(ROWS * 8 + 200);
        int at = sprintf(line[n], "%s | %d | %d | ", key_shown[k], m[k].n, m[k].c);
        if (m[k].c)
            at += sprintf(line[n] + at, "%ld | %d | %d", m[k].sum, m[k].min, m[k].max);
        else
            at += sprintf(line[n] + at, "NULL | NULL | NULL");
        sprintf(line[n++] + at, " | [%s]\n", m[k].list);
    }
    qsort(line, (size_t)n, sizeof *line, compare_text);
    *to = '\0';
    for (int i = 0; i < n; ++i) {
        strcat(to, line[i]);
        free(line[i]);
    }
}

/* Complete mode over random rows, chunks and micro-batches gives after each batch what one pass over all rows gives. */
START_TEST(any_split_of_the_input_gives_the_same_groups)
{
    static char rows[ROWS * 64], want[KEYS * (ROWS * 8 + 200)];
    for (unsigned seed = 1; seed <= 25; ++seed) {
        static model m[KEYS];
        memset(m, 0, sizeof m);
        srand(seed);
        open("k STRING, v INT", STREAMQ_COMPLETE);
        rig.env.chunk_rows = (uint32_t)(1 + rand() % 40);
        sqi_rig_add_group(&rig, "k", "count(*), count(v), sum(v), min(v), max(v), collect_list(v)");
        for (int done = 0; done < ROWS;) {
            int some = 1 + rand() % (ROWS - done);
            char *at = rows;
            *at = '\0';
            for (int i = 0; i < some; ++i, ++done) {
                int k = rand() % KEYS, v = rand() % 200 - 100;
                bool null = rand() % 4 == 0;
                at += null ? sprintf(at, "%s, NULL\n", key_name[k]) : sprintf(at, "%s, %d\n", key_name[k], v);
                take(&m[k], null, v);
            }
            const char *got = sqi_rig_batch(&rig, rows, false);
            show(m, want);
            ck_assert_str_eq(got, want);
        }
        close_all();
    }
}
END_TEST

static streamq_status whole_life(sqi_alloc *alloc, void *context, streamq_error **err)
{
    /* Only the operator under test takes from the failing heap; the rig around it does not. */
    (void)context;
    static sqi_alloc plain;
    sqi_rig r;
    sqi_alloc_init(&plain);
    sqi_rig_open(&r, &plain, "k STRING, v INT");
    sqi_op_group_params p = {.nlane = 1};
    p.key = sqi_rig_exprs(&r, "k", &p.nkey);
    p.agg = sqi_rig_exprs(&r, "count(*), sum(v), max(k), collect_set(v), stddev(v) FILTER (WHERE v > 1)", &p.nagg);
    sqi_batch *batch;
    sqi_rig_chunks(&r, "'a', 1\n'a long key, one that does not stand inside', 2\n'a', 3\nNULL, 4", &batch);
    sqi_arena scratch;
    sqi_arena_init(&scratch, alloc);
    r.eval.alloc = alloc;
    r.eval.arena = &scratch;
    r.env.alloc = alloc;
    sqi_op *op = NULL;
    streamq_status status = sqi_op_new(&op, &sqi_op_group, &p, 1, &r.env, r.end, 0, err);
    if (status == STREAMQ_OK)
        status = sqi_op_push(op, 0, &batch->chunk[0], err);
    if (status == STREAMQ_OK)
        status = sqi_op_flush(op, err);
    sqi_op_free(op);
    sqi_arena_fini(&scratch);
    sqi_batch_unref(batch);
    r.eval.alloc = r.env.alloc = &plain;
    r.eval.arena = &r.scratch;
    sqi_rig_close(&r);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    ck_assert_uint_gt(sqi_test_every_allocation(whole_life, NULL), 20);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        update_mode_emits_the_groups_touched_in_order_of_first_touch,
        complete_mode_emits_every_group,
        a_grouping_without_keys_has_its_one_row_in_every_batch,
        nulls_nans_and_zeros_are_keys,
        keys_and_arguments_may_be_expressions_and_nested_values,
        a_filter_keeps_its_aggregate_from_evaluating_other_rows,
        a_failing_row_names_its_condition,
        a_micro_batch_is_added_up_before_it_meets_the_state,
        distinct_counts_each_value_once_in_each_group,
        output_comes_in_chunks_of_the_size_asked_for,
        any_split_of_the_input_gives_the_same_groups,
        every_allocation_may_fail,
    };
    return sqi_test_main("op_group", tests, sizeof tests / sizeof *tests);
}
