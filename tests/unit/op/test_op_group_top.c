/* The first n of an order over groups that change: always the same rows as a sort of all of them gives. */
#include "op_group_top.h"

#include <stdlib.h>

#include "data_bits.h"
#include "fail_alloc.h"
#include "op_rig.h"
#include "op_sort_key.h"
#include "random_vec.h"
#include "test_main.h"

/* A group's results: v goes up and down and may be null, s is one of few texts. */
typedef struct value {
    int64_t v;
    bool null;
    uint8_t s;
} value;

static sqi_fail_alloc heap;
static sqi_rig rig;
static sqi_table *table;
static sqi_group_top *top;
static sqi_op_group_top_params params;
static uint8_t *flags;

static streamq_status columns(void *context, const uint32_t *rows, uint32_t n, const bool *wanted, sqi_vec *col,
                              streamq_error **err)
{
    static const char *const text[] = {"", "a", "b", "a text of more than twelve bytes"};
    sqi_arena *arena = rig.env.eval->arena;
    (void)context;
    if (wanted[0])
        SQI_TRY(sqi_table_keys(table, rows, n, &col[0], arena, err));
    SQI_TRY(sqi_vec_make(&col[1], &sqi_type_bigint, n, arena, err));
    SQI_TRY(sqi_vec_bitmap(&col[1], n, true, arena, err));
    SQI_TRY(sqi_vec_make(&col[2], &sqi_type_string, n, arena, err));
    for (uint32_t i = 0; i < n; i++) {
        const value *v = sqi_table_value(table, rows[i]);
        SQI_OUT(&col[1], int64_t)[i] = v->v;
        sqi_bits_put(col[1].valid, i, !v->null);
        SQI_OUT(&col[2], sqi_str)[i] = sqi_str_view(text[v->s], (uint32_t)strlen(text[v->s]));
    }
    return STREAMQ_OK;
}

static streamq_status open_top(sqi_alloc *alloc, uint32_t limit, streamq_error **err)
{
    const sqi_type *key = &sqi_type_bigint;
    rig.env.alloc = alloc;
    params.limit = limit;
    table = sqi_table_new(alloc, &key, 1, sizeof(value), 8, 7, err);
    return table ? sqi_group_top_new(&top, &params, 3, columns, NULL, &rig.env, err) : STREAMQ_ERR_NOMEM;
}

static void begin(const char *order)
{
    sqi_fail_alloc_init(&heap);
    sqi_rig_open(&rig, &heap.alloc, "k BIGINT, v BIGINT, s STRING");
    params.expr = sqi_rig_sort(&rig, order, &flags, &params.n);
    params.flags = flags;
}

static void close_top(void)
{
    sqi_group_top_free(top);
    sqi_table_free(table);
    top = NULL;
    table = NULL;
}

static void end(void)
{
    close_top();
    sqi_rig_close(&rig);
    sqi_fail_alloc_assert_clean(&heap);
}

/* The row of a key, touched. */
static streamq_status touch(int64_t key, uint32_t *row, streamq_error **err)
{
    sqi_vec v = {.type = &sqi_type_bigint, .data = &key};
    return sqi_table_lookup(table, &v, (sqi_rows){NULL, 1}, SQI_TABLE_TOUCH, row, NULL, NULL, err);
}

static value *put(int64_t key)
{
    uint32_t row;
    ck_assert_int_eq(touch(key, &row, NULL), STREAMQ_OK);
    return sqi_table_value(table, row);
}

static void update(void)
{
    ck_assert_int_eq(sqi_group_top_update(top, table, NULL), STREAMQ_OK);
    sqi_table_clean(table);
}

static uint32_t scan_top(uint32_t last, uint32_t *rows, uint32_t most)
{
    return sqi_group_top_scan(top, table, last, rows, most);
}

static uint32_t scan_all(uint32_t last, uint32_t *rows, uint32_t most)
{
    return sqi_table_scan(table, last, rows, most);
}

/* The first rows of a stable sort of what a scan gives; returns how many the scan gave. */
static uint32_t first_rows(uint32_t (*scan)(uint32_t, uint32_t *, uint32_t), uint32_t *first, uint32_t piece)
{
    sqi_arena *arena = rig.env.eval->arena;
    sqi_arena_mark mark = sqi_arena_mark_get(arena);
    uint32_t total = sqi_table_counts_get(table).total, n = 0, some;
    uint32_t *rows = sqi_arena_array(arena, total + 1, sizeof *rows), *index = sqi_arena_array(arena, total + 1, 4);
    while ((some = scan(n ? rows[n - 1] : SQI_TABLE_NONE, rows + n, piece < total - n ? piece : total - n)))
        n += some;
    sqi_vec col[3] = {0}, key[8];
    sqi_prog *prog;
    ck_assert_int_eq(columns(NULL, rows, n, (bool[]){true, true, true}, col, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_prog_new(&prog, params.expr, params.n, rig.env.eval, NULL), STREAMQ_OK);
    sqi_chunk chunk = {.n = n, .ncol = 3, .rows = {NULL, n}, .col = col};
    ck_assert_int_eq(sqi_prog_run(prog, rig.env.eval, &chunk, key, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_sort_key_order(key, params.flags, params.n, n, index, arena, NULL), STREAMQ_OK);
    for (uint32_t k = 0; k < params.limit; k++)
        first[k] = k < n ? rows[index[k]] : SQI_TABLE_NONE;
    sqi_prog_free(prog);
    sqi_arena_release(arena, mark);
    return n;
}

static void same_first_rows(void)
{
    uint32_t *ours = malloc(params.limit * sizeof *ours), *right = malloc(params.limit * sizeof *right);
    uint32_t n = first_rows(scan_top, ours, 100);
    first_rows(scan_all, right, 1000);
    ck_assert_int_eq(memcmp(ours, right, params.limit * sizeof *ours), 0);
    ck_assert_uint_eq(n, sqi_group_top_count(top, table));
    ck_assert_uint_le(n, 4 * params.limit + 2048);
    free(ours);
    free(right);
}

static const char *const orders[] = {"v DESC",   "v",     "v DESC NULLS FIRST, s", "s, v NULLS LAST, k DESC",
                                     "v % 3, k", "s DESC"};

/* Values that grow, that shrink, and that jump; keys that come and keys that are there. */
START_TEST(random_changes)
{
    sqi_random r = {(uint64_t)_i + 1};
    begin(orders[_i % 6]);
    ck_assert_int_eq(open_top(&heap.alloc, (uint32_t[]){1, 10, 300}[_i % 3], NULL), STREAMQ_OK);
    for (int batch = 0; batch < 60; batch++) {
        uint32_t keys = 1 + (uint32_t)sqi_random_below(&r, batch % 7 ? 200 : 4000);
        for (uint32_t i = 0; i < keys; i++) {
            value *v = put((int64_t)sqi_random_below(&r, 6000));
            int64_t by = (int64_t)sqi_random_below(&r, 50);
            v->v = _i % 3 == 0 ? v->v + by : _i % 3 == 1 ? v->v - by : (int64_t)sqi_random_below(&r, 1000);
            v->null = sqi_random_below(&r, 10) == 0;
            v->s = (uint8_t)sqi_random_below(&r, 4);
        }
        update();
        same_first_rows();
    }
    end();
}
END_TEST

START_TEST(ties_leave_in_the_order_they_came)
{
    begin("v DESC");
    ck_assert_int_eq(open_top(&heap.alloc, 5, NULL), STREAMQ_OK);
    for (int64_t k = 0; k < 20000; k++)
        put(k)->v = 1;
    update();
    same_first_rows();
    for (int64_t k = 0; k < 20000; k += 7) {
        put(k)->v = 0;
        if (k % 1000 < 7)
            update(), same_first_rows();
    }
    update();
    same_first_rows();
    end();
}
END_TEST

/* The members run out again and again: each time all rows are looked at. */
START_TEST(everything_before_the_edge_falls_behind_it)
{
    begin("v DESC");
    ck_assert_int_eq(open_top(&heap.alloc, 10, NULL), STREAMQ_OK);
    for (int64_t k = 0; k < 30000; k++)
        put(k)->v = 30000 - k;
    update();
    for (int64_t k = 0; k < 30000; k += 900) {
        for (int64_t i = k; i < k + 900 && i < 30000; i++)
            put(i)->v = -i;
        update();
        same_first_rows();
    }
    end();
}
END_TEST

START_TEST(after_a_removal_all_rows_leave)
{
    begin("v DESC");
    ck_assert_int_eq(open_top(&heap.alloc, 3, NULL), STREAMQ_OK);
    for (int64_t k = 0; k < 10000; k++)
        put(k)->v = k;
    update();
    ck_assert_uint_lt(sqi_group_top_count(top, table), 5000);
    uint32_t row;
    ck_assert_int_eq(touch(9999, &row, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_table_remove(table, &row, 1, NULL), STREAMQ_OK);
    update();
    ck_assert_uint_eq(sqi_group_top_count(top, table), 9999);
    put(20000)->v = 5; /* it may get the number of the row that went */
    update();
    uint32_t ours[3], right[3];
    ck_assert_uint_eq(first_rows(scan_top, ours, 100), 10000);
    first_rows(scan_all, right, 1000);
    ck_assert_int_eq(memcmp(ours, right, sizeof ours), 0);
    end();
}
END_TEST

static streamq_status run_with(sqi_alloc *alloc, void *context, streamq_error **err)
{
    (void)context;
    streamq_status status = open_top(alloc, 2, err);
    for (int64_t round = 0; round < 3 && status == STREAMQ_OK; round++) {
        for (int64_t k = 0; k < 3000 && status == STREAMQ_OK; k++) {
            uint32_t row;
            status = touch(k, &row, err);
            if (status == STREAMQ_OK)
                ((value *)sqi_table_value(table, row))->v = round ? -k : k;
        }
        if (status == STREAMQ_OK)
            status = sqi_group_top_update(top, table, err);
        sqi_table_clean(table);
    }
    close_top();
    return status;
}

START_TEST(every_allocation_may_fail)
{
    begin("v DESC, s");
    ck_assert_uint_gt(sqi_test_every_allocation(run_with, NULL), 10);
    rig.env.alloc = &heap.alloc;
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {ties_leave_in_the_order_they_came, everything_before_the_edge_falls_behind_it,
                                  after_a_removal_all_rows_leave, every_allocation_may_fail};
    const TTest *const each[] = {random_changes};
    return sqi_test_main_each("op_group_top", tests, sizeof tests / sizeof *tests, each, sizeof each / sizeof *each,
                              18);
}
