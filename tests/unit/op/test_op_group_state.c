/* A grouping that is saved, loaded and goes on answers as one that never stopped: any aggregate, any number of lanes. */
#include <stdio.h>
#include <stdlib.h>

#include "op_group_impl.h"
#include "random_vec.h"
#include "state_rig.h"
#include "test_main.h"

/* ---- tests ------------------------------------------------------------------------------------------------------ */

static const char schema[] = "k STRING, d DOUBLE, v INT, n DECIMAL(20,2), s STRING, a ARRAY<INT>";
static const char *const keys[] = {"k", "v % 3", "d", "k, d", "", "n", "a", "struct(k, v % 2), s"};
static const char *const batches[] = {
    ("'a', 1.5D, 1, 1.25, 'x', array(1)\n'b', 0.1D, 2, NULL, 'text that is longer than a view', NULL\n"
     "'a', 0.2D, 3, -7, NULL, array(1, NULL)\nNULL, DOUBLE('NaN'), 4, 0, 'y', array()\n"
     "'', -0.0D, 5, 12345678901234567.89, '', array(2)\n'b', 0.0D, NULL, 3, 'x', array(3, 4)"),
    "",
    "'d', 3D, 1, 1.5, 'x', array(1)\n'a', 0.3D, 2, 2, 'y', array(2)\n'c', -1e300D, -3, 3, 'z', NULL",
    ("'a key, one that does not stand inside', NULL, 7, 5, 'x', array(7)\n'c', 1e300D, 8, 1, 'x', array(8)\n"
     "'d', -1e-5D, 9, 99999, 'another text that is longer than a view', array(9)"),
    "'c', 2D, 6, 8, 'x', array(8)\n'e', 0D, 5, 5, 'w', array(NULL)\n'', -0.0D, 5, 1, 'u', array(2)",
};
enum { BATCHES = sizeof batches / sizeof *batches, KEYS = sizeof keys / sizeof *keys };

static const char *const aggregates[] = {
    "count(*)",
    "count(*), sum(v), avg(v), min(v), max(v)", /* one state */
    "sum(d), avg(d), sum(n), avg(n), count(v), count_if(v > 2), min(v), try_sum(v)",
    "min(s), max(n), max(a), first(s), last(v), first(v, true), any_value(k), min_by(s, v), max_by(a, d), min_by(v, s)",
    "collect_list(v), collect_list(s), collect_set(a), collect_set(s), mode(s), mode(v, true), listagg(s, ', ')",
    "listagg(s) WITHIN GROUP (ORDER BY v DESC), min_by(s, v, 2), max_by(v, d, 3)",
    "bool_and(v > 2), some(v > 2), bit_and(v), bit_or(v), bit_xor(v), variance(d), kurtosis(v), skewness(v)",
    "corr(d, v), covar_samp(v, d), regr_slope(v, d), regr_count(v, d), regr_avgx(v, d), regr_sxx(v, d)",
    "percentile(v, 0.5), median(d), percentile_cont(0.3) WITHIN GROUP (ORDER BY v), percentile_approx(v, 0.5, 3)",
    "approx_count_distinct(s), approx_count_distinct(v, 0.2), histogram_numeric(v, 2)",
    "count(v) FILTER (WHERE d > 0.1), sum(v) FILTER (WHERE v > 2), sum(v)",
};
enum { AGGREGATES = sizeof aggregates / sizeof *aggregates };

/* One query runs through; another is stopped after each batch, and made again from blocks with other lanes and seed. */
static void stop_and_go(const char *key, const char *aggregate, streamq_output_mode mode, uint32_t before,
                        uint32_t after, bool whole)
{
    sqi_state_rig one, other;
    sqi_saved saved;
    uint32_t lanes[2] = {before, after};
    sqi_saved_open(&saved);
    sqi_state_rig_open(&one, schema, key, aggregate, 1, mode, 7);
    sqi_state_rig_open(&other, schema, key, aggregate, *key ? before : 1, mode, 8);
    for (uint32_t b = 0; b < BATCHES; ++b) {
        const char *want = sqi_state_rig_batch(&one, batches[b]), *got = sqi_state_rig_batch(&other, batches[b]);
        sqi_same_rows(want, got, aggregate);
        ck_assert_str_eq(sqi_rig_state(&one.rig, one.op), sqi_rig_state(&other.rig, other.op));
        if (whole) {
            sqi_saved_clear(&saved);
            sqi_state_rig_whole(&other, &saved, b % 2 ? 1 << 20 : 1);
        } else {
            sqi_state_rig_changes(&other, &saved);
        }
        sqi_state_rig_close(&other);
        sqi_state_rig_open(&other, schema, key, aggregate, *key ? lanes[b % 2 == 0] : 1, mode, 9 + b);
        sqi_state_rig_load(&other, &saved);
        char total[64];
        sprintf(total, "%d 0 0", atoi(sqi_rig_state(&one.rig, one.op)));
        ck_assert_str_eq(sqi_rig_state(&other.rig, other.op), total);
    }
    sqi_state_rig_close(&one);
    sqi_state_rig_close(&other);
    sqi_saved_clear(&saved);
}

START_TEST(a_grouping_goes_on_from_its_changes)
{
    for (uint32_t a = 0; a < AGGREGATES; ++a)
        for (uint32_t k = 0; k < KEYS; ++k)
            stop_and_go(keys[k], aggregates[a], STREAMQ_COMPLETE, 1 + (a + k) % 3, 1 + k % 2, false);
}
END_TEST

START_TEST(a_grouping_goes_on_from_its_whole_state)
{
    for (uint32_t a = 0; a < AGGREGATES; ++a)
        for (uint32_t k = 0; k < KEYS; ++k)
            stop_and_go(keys[k], aggregates[a], k % 2 ? STREAMQ_UPDATE : STREAMQ_COMPLETE, 1 + k % 2, 1 + (a + k) % 3,
                        true);
}
END_TEST

/* ---- random queries --------------------------------------------------------------------------------------------- */

static const char *random_rows(sqi_random *r, char *to)
{
    static const char *const text[] = {
        "NULL", "''", "'a'", "'b'", "'twelve bytes'", "'a text of more than twelve bytes'"};
    static const char *const real[] = {"NULL", "0D", "-0.0D", "1.5D", "-2e300D", "DOUBLE('NaN')", "0.1D"};
    static const char *const list[] = {"NULL", "array()", "array(1)", "array(NULL, 2)", "array(2, 1, 3)"};
    const char *begin = to;
    *to = '\0';
    for (uint32_t n = sqi_random_below(r, 30); n; --n) {
        const char *k = text[sqi_random_below(r, 6)], *d = real[sqi_random_below(r, 7)];
        const char *s = text[sqi_random_below(r, 6)], *a = list[sqi_random_below(r, 5)];
        to += sprintf(to, "%s, %s, %d, %s%u.25, %s, %s\n", k, d, (int)sqi_random_below(r, 9) - 4, n % 3 ? "-" : "",
                      sqi_random_below(r, 100000), s, a);
    }
    return begin;
}

/* Stops come at random, with the changes since the last whole state before them; a grouping has 1 to 3 lanes. */
static void random_life(uint64_t seed)
{
    static char rows[1 << 14];
    sqi_random r = {seed};
    const char *key = keys[sqi_random_below(&r, KEYS)], *aggregate = aggregates[sqi_random_below(&r, AGGREGATES)];
    streamq_output_mode mode = sqi_random_below(&r, 2) ? STREAMQ_UPDATE : STREAMQ_COMPLETE;
    sqi_state_rig one, other;
    sqi_saved saved;
    sqi_saved_open(&saved);
    sqi_state_rig_open(&one, schema, key, aggregate, 1, mode, seed);
    sqi_state_rig_open(&other, schema, key, aggregate, *key ? 1 + sqi_random_below(&r, 3) : 1, mode, seed + 1);
    for (uint32_t b = 0; b < 8; ++b) {
        random_rows(&r, rows);
        sqi_same_rows(sqi_state_rig_batch(&one, rows), sqi_state_rig_batch(&other, rows), aggregate);
        if (sqi_random_below(&r, 4) == 0) {
            sqi_saved_clear(&saved);
            sqi_state_rig_whole(&other, &saved, sqi_random_below(&r, 500));
        } else {
            sqi_state_rig_changes(&other, &saved);
        }
        if (sqi_random_below(&r, 2))
            continue;
        sqi_state_rig_close(&other);
        sqi_state_rig_open(&other, schema, key, aggregate, *key ? 1 + sqi_random_below(&r, 3) : 1, mode, seed + b);
        sqi_state_rig_load(&other, &saved);
    }
    sqi_state_rig_close(&one);
    sqi_state_rig_close(&other);
    sqi_saved_clear(&saved);
}

START_TEST(random_queries_go_on_from_random_stops)
{
    for (uint64_t seed = 1; seed <= 150; ++seed)
        random_life(seed * 1000);
}
END_TEST

/* ---- several batches between two stops, removed rows ------------------------------------------------------------ */

/* What later operators will do: take groups out. The rows of a lane that are even. */
static void remove_some(sqi_op *op)
{
    const group *s = op->state;
    for (uint32_t k = 0; k < s->nlane; ++k) {
        uint32_t rows[64], n = sqi_table_scan(s->lane[k].table, SQI_TABLE_NONE, rows, 64), some = 0;
        for (uint32_t i = 0; i < n; i += 2)
            rows[some++] = rows[i];
        ck_assert_int_eq(sqi_table_remove(s->lane[k].table, rows, some, NULL), STREAMQ_OK);
    }
}

/* The key column of all groups, saved and read: which are there. */
static void compare_states(sqi_state_rig *a, sqi_state_rig *b, const char *what)
{
    const char *want = sqi_state_rig_batch(a, ""), *got = sqi_state_rig_batch(b, "");
    sqi_same_rows(want, got, what);
    ck_assert_str_eq(sqi_rig_state(&a->rig, a->op), sqi_rig_state(&b->rig, b->op));
}

START_TEST(removed_groups_stay_away)
{
    for (uint32_t a = 0; a < AGGREGATES; ++a)
        for (uint32_t nlane = 1; nlane <= 3; ++nlane) {
            sqi_state_rig q, loaded;
            sqi_saved saved;
            sqi_saved_open(&saved);
            sqi_state_rig_open(&q, schema, "k", aggregates[a], nlane, STREAMQ_COMPLETE, 4);
            sqi_state_rig_whole(&q, &saved, 1);
            for (uint32_t b = 0; b < BATCHES; ++b) {
                sqi_state_rig_batch(&q, batches[b]);
                if (b != 1)
                    remove_some(q.op);
                sqi_state_rig_changes(&q, &saved);
                if (b == 2)
                    sqi_state_rig_whole(&q, &saved, 100); /* before the commit: rows that are going are not in it */
            }
            sqi_state_rig_open(&loaded, schema, "k", aggregates[a], 1 + (nlane + a) % 3, STREAMQ_COMPLETE, 5);
            sqi_state_rig_load(&loaded, &saved);
            compare_states(&q, &loaded, aggregates[a]);
            sqi_state_rig_close(&loaded);
            sqi_state_rig_close(&q);
            sqi_saved_clear(&saved);
        }
}
END_TEST

/* Parts are saved while micro-batches go on: parts and changes in the order in which they were made. */
START_TEST(a_part_now_and_a_part_later)
{
    enum { KEYS_A_BATCH = 3000 };
    for (uint32_t nlane = 1; nlane <= 2; ++nlane) {
        sqi_state_rig q, loaded;
        sqi_saved saved;
        uint64_t cursor = 0;
        char *rows = malloc(KEYS_A_BATCH * 64);
        sqi_saved_open(&saved);
        sqi_state_rig_open(&q, "k STRING, v INT", "k", "count(*), sum(v)", nlane, STREAMQ_COMPLETE, 4);
        for (uint32_t b = 0; b < 5; ++b) {
            char *to = rows;
            for (uint32_t i = 0; i < KEYS_A_BATCH; ++i)
                to += sprintf(to, "'key %u', %u\n", b * 1000 + i, i);
            sqi_state_rig_batch(&q, rows);
            if (b % 2)
                remove_some(q.op);
            if (b)
                sqi_state_rig_changes(&q, &saved);
            if (b == 0 || cursor)
                ck_assert_int_eq(q.op->type->save_some(q.op, &cursor, 20000, sqi_saved_next(&saved), NULL), STREAMQ_OK);
        }
        while (cursor)
            ck_assert_int_eq(q.op->type->save_some(q.op, &cursor, 20000, sqi_saved_next(&saved), NULL), STREAMQ_OK);
        sqi_state_rig_open(&loaded, "k STRING, v INT", "k", "count(*), sum(v)", 3 - nlane, STREAMQ_COMPLETE, 9);
        sqi_state_rig_load(&loaded, &saved);
        compare_states(&q, &loaded, "parts");
        sqi_state_rig_close(&loaded);
        sqi_state_rig_close(&q);
        sqi_saved_clear(&saved);
        free(rows);
    }
}
END_TEST

/* Counts that a tally kept beside the table are in the block: it is empty between micro-batches. */
START_TEST(tallied_counts_are_saved)
{
    enum { ROWS = 20000, WORDS = 50 };
    char *rows = malloc(ROWS * 24), *to = rows;
    for (uint32_t i = 0; i < ROWS; ++i)
        to += sprintf(to, "'word %u', 1\n", i * 31 % WORDS);
    for (uint32_t nlane = 1; nlane <= 2; ++nlane) {
        sqi_state_rig q, loaded;
        sqi_saved saved;
        sqi_saved_open(&saved);
        sqi_state_rig_open(&q, "k STRING, v INT", "k", "count(*)", nlane, STREAMQ_COMPLETE, 4);
        sqi_state_rig_batch(&q, rows);
        sqi_state_rig_changes(&q, &saved);
        sqi_state_rig_batch(&q, "'word 1', 1");
        sqi_state_rig_changes(&q, &saved);
        sqi_state_rig_open(&loaded, "k STRING, v INT", "k", "count(*)", 1, STREAMQ_COMPLETE, 5);
        sqi_state_rig_load(&loaded, &saved);
        const char *got = sqi_state_rig_batch(&loaded, "");
        sqi_same_rows(sqi_state_rig_batch(&q, ""), got, "tally");
        ck_assert_ptr_nonnull(strstr(got, "word 1 | 401\n"));
        sqi_state_rig_close(&loaded);
        sqi_state_rig_close(&q);
        sqi_saved_clear(&saved);
    }
    free(rows);
}
END_TEST

/* One lane, nothing removed: the groups leave in the order in which they came first. */
START_TEST(the_order_of_groups_survives)
{
    sqi_state_rig q, loaded;
    sqi_saved saved;
    sqi_saved_open(&saved);
    sqi_state_rig_open(&q, schema, "k", "count(*)", 1, STREAMQ_COMPLETE, 4);
    sqi_state_rig_open(&loaded, schema, "k", "count(*)", 1, STREAMQ_COMPLETE, 5);
    for (uint32_t b = 0; b < BATCHES; ++b) {
        sqi_state_rig_batch(&q, batches[b]);
        sqi_state_rig_changes(&q, &saved);
    }
    sqi_state_rig_load(&loaded, &saved);
    ck_assert_str_eq(sqi_state_rig_batch(&q, ""), sqi_state_rig_batch(&loaded, ""));
    sqi_state_rig_close(&loaded);
    sqi_state_rig_close(&q);
    sqi_saved_clear(&saved);
}
END_TEST

/* ---- ORDER BY .. LIMIT above ------------------------------------------------------------------------------------ */

static sqi_op *add_top(sqi_state_rig *q, uint32_t limit)
{
    static sqi_op_group_top_params top;
    static uint8_t flags[] = {1};
    static sqi_bound *item[1];
    sqi_op_group_params p = {.nlane = 1, .top = &top};
    p.key = sqi_rig_exprs(&q->rig, "k", &p.nkey);
    p.agg = sqi_rig_exprs(&q->rig, "sum(v)", &p.nagg);
    item[0] = sqi_bound_column(&q->rig.plan, 1, &sqi_type_bigint, true);
    top = (sqi_op_group_top_params){item, flags, 1, limit};
    return q->op = sqi_rig_add(&q->rig, &sqi_op_group, &p, 1);
}

START_TEST(the_first_groups_of_an_order_are_found_after_a_load)
{
    enum { MANY = 9000 };
    char *rows = malloc(MANY * 64), *to = rows;
    sqi_state_rig q;
    sqi_saved saved;
    sqi_saved_open(&saved);
    for (uint32_t i = 0; i < MANY; ++i)
        to += sprintf(to, "'key %u', %u\n", i, i * 7919 % MANY);
    sqi_state_rig_begin(&q, "k STRING, v INT", STREAMQ_COMPLETE, 4);
    add_top(&q, 10);
    sqi_state_rig_batch(&q, rows);
    sqi_state_rig_changes(&q, &saved);
    sqi_state_rig_close(&q);
    sqi_state_rig_begin(&q, "k STRING, v INT", STREAMQ_COMPLETE, 4);
    add_top(&q, 10);
    sqi_state_rig_load(&q, &saved);
    /* more rows than the limit change, and none of them is among the first */
    to = rows;
    for (uint32_t i = 0; i < 100; ++i)
        to += sprintf(to, "'low %u', 0\n", i);
    const char *got = sqi_state_rig_batch(&q, rows);
    for (uint32_t i = 0; i < MANY; ++i)
        if (i * 7919 % MANY >= MANY - 10) {
            char line[64];
            sprintf(line, "key %u | %u\n", i, i * 7919 % MANY);
            ck_assert_msg(strstr(got, line) != NULL, "%s", line);
        }
    sqi_state_rig_close(&q);
    sqi_saved_clear(&saved);
    free(rows);
}
END_TEST

/* ---- bytes that are anything, memory that is not there ------------------------------------------------------------ */

/* A grouping is made, is given the block, and whatever comes of it goes on: an error is fine, a crash is not. */
static streamq_status load_any(sqi_state_rig *q, const sqi_op_group_params *p, sqi_batch *batch, sqi_span bytes,
                               streamq_error **err)
{
    sqi_op *op;
    char *copy = malloc(bytes.len ? bytes.len : 1);
    memcpy(copy, bytes.ptr, bytes.len);
    streamq_status status = sqi_op_new(&op, &sqi_op_group, p, 1, &q->rig.env, q->rig.end, 0, err);
    if (status == STREAMQ_OK)
        status = op->type->load(op, (sqi_span){copy, bytes.len}, err);
    free(copy);
    if (status == STREAMQ_OK)
        status = op->type->loaded(op, err);
    for (size_t i = 0; status == STREAMQ_OK && i < batch->nchunk; ++i)
        status = sqi_op_push(op, 0, &batch->chunk[i], err);
    if (status == STREAMQ_OK)
        status = sqi_op_flush(op, err);
    sqi_buf again;
    sqi_buf_init(&again, q->rig.env.alloc, 0);
    if (status == STREAMQ_OK)
        status = op->type->save_changes(op, &again, err);
    sqi_buf_fini(&again);
    sqi_buf_clear(&q->rig.out);
    sqi_op_free(op);
    return status;
}

static void attack(const char *key, const char *aggregate)
{
    sqi_state_rig q;
    sqi_saved saved;
    sqi_batch *batch;
    sqi_op_group_params p = {.nlane = 1};
    sqi_saved_open(&saved);
    sqi_state_rig_open(&q, schema, key, aggregate, 1, STREAMQ_COMPLETE, 4);
    sqi_state_rig_batch(&q, batches[0]);
    if (*key)
        remove_some(q.op);
    sqi_state_rig_changes(&q, &saved);
    sqi_rig_chunks(&q.rig, batches[4], &batch);
    p.key = sqi_rig_exprs(&q.rig, key, &p.nkey);
    p.agg = sqi_rig_exprs(&q.rig, aggregate, &p.nagg);
    const sqi_buf *block = &saved.block[0];
    ck_assert_int_eq(load_any(&q, &p, batch, sqi_buf_view(block), NULL), STREAMQ_OK);
    for (size_t i = 0; i < block->len; ++i) {
        ck_assert_int_ne(load_any(&q, &p, batch, (sqi_span){block->ptr, i ? i : 1}, NULL), STREAMQ_ERR_INTERNAL);
        for (uint32_t way = 0; way < 4; ++way) {
            static const unsigned char change[] = {0xff, 1, 0x80, 6};
            streamq_error *err = NULL;
            block->ptr[i] = (char)((unsigned char)block->ptr[i] ^ change[way]);
            streamq_status status = load_any(&q, &p, batch, sqi_buf_view(block), &err);
            ck_assert_int_ne(status, STREAMQ_ERR_INTERNAL);
            ck_assert(status == STREAMQ_OK || err);
            sqi_error_free(err);
            block->ptr[i] = (char)((unsigned char)block->ptr[i] ^ change[way]);
        }
    }
    sqi_batch_unref(batch);
    sqi_state_rig_close(&q);
    sqi_saved_clear(&saved);
}

START_TEST(a_changed_or_cut_block_is_an_error_or_another_state)
{
    for (uint32_t a = 0; a < AGGREGATES; ++a)
        attack(keys[a % KEYS], aggregates[a]);
}
END_TEST

typedef struct life {
    sqi_alloc plain;
    sqi_rig rig;
    sqi_op_group_params params;
    sqi_batch *batch;
    uint32_t nlane;
} life;

static streamq_status whole_life(sqi_alloc *heap, void *context, streamq_error **err)
{
    life *l = context;
    sqi_rig *r = &l->rig;
    sqi_op *op[2] = {NULL, NULL};
    sqi_arena scratch;
    sqi_buf block, shape;
    sqi_arena_init(&scratch, heap);
    sqi_buf_init(&block, heap, 0);
    sqi_buf_init(&shape, heap, 0);
    r->eval.alloc = r->env.alloc = heap;
    r->eval.arena = &scratch;
    streamq_status status = sqi_op_new(&op[0], &sqi_op_group, &l->params, 1, &r->env, r->end, 0, err);
    if (status == STREAMQ_OK)
        status = sqi_op_push(op[0], 0, &l->batch->chunk[0], err);
    if (status == STREAMQ_OK)
        status = sqi_op_flush(op[0], err);
    if (status == STREAMQ_OK)
        status = op[0]->type->save_changes(op[0], &block, err);
    if (status == STREAMQ_OK && !op[0]->type->shape(op[0], &shape))
        status = sqi_error_nomem(err);
    l->params.nlane = l->nlane;
    if (status == STREAMQ_OK)
        status = sqi_op_new(&op[1], &sqi_op_group, &l->params, 1, &r->env, r->end, 0, err);
    l->params.nlane = 1;
    if (status == STREAMQ_OK)
        status = op[1]->type->load(op[1], sqi_buf_view(&block), err);
    if (status == STREAMQ_OK)
        status = op[1]->type->loaded(op[1], err);
    sqi_op_free(op[1]);
    sqi_op_free(op[0]);
    sqi_buf_fini(&block);
    sqi_buf_fini(&shape);
    sqi_arena_fini(&scratch);
    r->eval.alloc = r->env.alloc = &l->plain;
    r->eval.arena = &r->scratch;
    sqi_buf_clear(&r->out);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    for (uint32_t a = 0; a < AGGREGATES; ++a) {
        life l = {.nlane = 1 + a % 2, .params = {.nlane = 1}};
        sqi_alloc_init(&l.plain);
        sqi_rig_open(&l.rig, &l.plain, schema);
        l.rig.env.durable = true;
        sqi_rig_chunks(&l.rig, batches[0], &l.batch);
        l.params.key = sqi_rig_exprs(&l.rig, "k, a", &l.params.nkey);
        l.params.agg = sqi_rig_exprs(&l.rig, aggregates[a], &l.params.nagg);
        ck_assert_uint_ge(sqi_test_every_allocation(whole_life, &l), 20);
        sqi_batch_unref(l.batch);
        sqi_rig_close(&l.rig);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_grouping_goes_on_from_its_changes,
                                  a_grouping_goes_on_from_its_whole_state,
                                  random_queries_go_on_from_random_stops,
                                  removed_groups_stay_away,
                                  a_part_now_and_a_part_later,
                                  tallied_counts_are_saved,
                                  the_order_of_groups_survives,
                                  the_first_groups_of_an_order_are_found_after_a_load,
                                  a_changed_or_cut_block_is_an_error_or_another_state,
                                  every_allocation_may_fail};
    return sqi_test_main("op_group_state", tests, sizeof tests / sizeof *tests);
}
