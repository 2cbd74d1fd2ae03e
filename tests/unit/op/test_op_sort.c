#include <stdio.h>
#include <stdlib.h>

#include "fail_alloc.h"
#include "op_rig.h"
#include "test_main.h"

static sqi_fail_alloc heap;
static sqi_rig rig;

static void open(const char *schema)
{
    sqi_fail_alloc_init(&heap);
    sqi_rig_open(&rig, &heap.alloc, schema);
}

static void close_all(void)
{
    sqi_rig_close(&rig);
    sqi_fail_alloc_assert_clean(&heap);
}

static void add_sort(const char *items, int64_t limit)
{
    sqi_op_sort_params p = {.schema = &rig.schema, .limit = limit};
    uint8_t *flags;
    p.expr = sqi_rig_sort(&rig, items, &flags, &p.n);
    p.flags = flags;
    sqi_rig_add(&rig, &sqi_op_sort, &p, 1);
}

START_TEST(ascending_puts_nulls_first_and_descending_last)
{
    open("v INT");
    add_sort("v", -1);
    ck_assert_str_eq(sqi_rig_batch(&rig, "3\nNULL\n-1\n2", true), "NULL\n-1\n2\n3\n");
    sqi_rig_close(&rig);
    open("v INT");
    add_sort("v DESC", -1);
    ck_assert_str_eq(sqi_rig_batch(&rig, "3\nNULL\n-1\n2", true), "3\n2\n-1\nNULL\n");
    close_all();
}
END_TEST

START_TEST(nulls_go_where_they_are_asked_to)
{
    open("v STRING");
    add_sort("v NULLS LAST", -1);
    ck_assert_str_eq(sqi_rig_batch(&rig, "'b'\nNULL\n'a'", true), "a\nb\nNULL\n");
    close_all();
    open("v STRING");
    add_sort("v DESC NULLS FIRST", -1);
    ck_assert_str_eq(sqi_rig_batch(&rig, "'b'\nNULL\n'a'", true), "NULL\nb\na\n");
    close_all();
}
END_TEST

START_TEST(equal_rows_keep_their_order_and_later_items_decide)
{
    open("k STRING, n INT, at INT");
    add_sort("n DESC, k", -1);
    ck_assert_str_eq(sqi_rig_batch(&rig, "'b', 1, 0\n'a', 2, 1\n'b', 2, 2\n'a', 2, 3\n'a', 1, 4", true),
                     "a | 2 | 1\na | 2 | 3\nb | 2 | 2\na | 1 | 4\nb | 1 | 0\n");
    close_all();
}
END_TEST

START_TEST(texts_with_one_beginning_are_told_apart)
{
    open("t STRING");
    add_sort("t", -1);
    ck_assert_str_eq(
        sqi_rig_batch(&rig, "'abcdefgh'\n'abcdefgha text beyond twelve bytes'\n'abcdefghB'\n'abcdefg'\n'é'\n''\n'z'",
                      true),
        "\nabcdefg\nabcdefgh\nabcdefghB\nabcdefgha text beyond twelve bytes\nz\né\n");
    close_all();
}
END_TEST

START_TEST(every_type_with_an_order_sorts)
{
    open("d DOUBLE, c DECIMAL(38,2), s STRUCT<x: INT, y: STRING>, a ARRAY<INT>, b BOOLEAN");
    const char *rows = "DOUBLE('NaN'), 1.50, named_struct('x', 1, 'y', 'b'), array(1, 2), true\n"
                       "-0.0D, 123456789012345678901234567890.12, named_struct('x', 1, 'y', 'a'), array(1), false\n"
                       "DOUBLE('-Infinity'), -123456789012345678901234567890.12, NULL, array(NULL), NULL";
    static const char *const item[] = {"d", "c DESC", "s", "a DESC", "b"};
    static const char *const first[] = {"-Infinity", "-0.0", "-Infinity", "NaN", "-Infinity"};
    for (int i = 0; i < 5; ++i) {
        close_all();
        open("d DOUBLE, c DECIMAL(38,2), s STRUCT<x: INT, y: STRING>, a ARRAY<INT>, b BOOLEAN");
        add_sort(item[i], -1);
        const char *out = sqi_rig_batch(&rig, rows, true);
        ck_assert_msg(!strncmp(out, first[i], strlen(first[i])), "%s gives %s", item[i], out);
    }
    close_all();
}
END_TEST

START_TEST(each_micro_batch_is_sorted_on_its_own)
{
    open("v INT");
    rig.env.chunk_rows = 2;
    add_sort("v", -1);
    ck_assert_str_eq(sqi_rig_batch(&rig, "3\n1\n2\n5\n4", true), "1\n2\n3\n4\n5\n");
    ck_assert_uint_eq(rig.largest_out, 2);
    ck_assert_str_eq(sqi_rig_batch(&rig, "2\n1", true), "1\n2\n");
    ck_assert_str_eq(sqi_rig_batch(&rig, "", true), "");
    close_all();
}
END_TEST

START_TEST(a_limit_keeps_the_first_rows)
{
    open("v INT");
    add_sort("v DESC", 2);
    ck_assert_str_eq(sqi_rig_batch(&rig, "3\n1\n2\n5\n4", true), "5\n4\n");
    ck_assert_str_eq(sqi_rig_batch(&rig, "1", true), "1\n");
    close_all();
    open("v INT");
    add_sort("v", 0);
    ck_assert_str_eq(sqi_rig_batch(&rig, "3\n1", true), "");
    close_all();
}
END_TEST

/* Many more rows than the limit: what is cut back on the way changes nothing, ties included. */
START_TEST(a_top_n_of_many_rows_is_the_beginning_of_the_whole_sort)
{
    for (unsigned seed = 1; seed <= 20; ++seed) {
        char *out[2];
        for (int top = 0; top < 2; ++top) {
            open("v INT, at INT");
            rig.env.chunk_rows = 8;
            add_sort("v", top ? (int64_t)(seed % 7 + 1) : -1);
            char *rows = sqi_arena_get(&rig.plan, 16 * 400), *at = rows;
            srand(seed);
            for (int i = 0; i < 400; ++i)
                at += sprintf(at, "%d, %d\n", rand() % 50, i);
            out[top] = strdup(sqi_rig_batch(&rig, rows, true));
            close_all();
        }
        size_t lines = 0;
        for (const char *c = out[1]; *c; ++c)
            lines += *c == '\n';
        ck_assert_uint_eq(lines, seed % 7 + 1);
        ck_assert_int_eq(strncmp(out[0], out[1], strlen(out[1])), 0);
        free(out[0]);
        free(out[1]);
    }
}
END_TEST

static streamq_status whole_life(sqi_alloc *alloc, void *context, streamq_error **err)
{
    (void)context;
    static sqi_alloc plain;
    sqi_rig r;
    sqi_alloc_init(&plain);
    sqi_rig_open(&r, &plain, "k STRING, v INT");
    sqi_op_sort_params p = {.schema = &r.schema, .limit = 2};
    uint8_t *flags;
    p.expr = sqi_rig_sort(&r, "k, v", &flags, &p.n);
    p.flags = flags;
    sqi_batch *batch;
    sqi_rig_chunks(&r, "'a', 1\n'a long key, one that does not stand inside', 2\n'a', 3\nNULL, 4", &batch);
    sqi_arena scratch;
    sqi_arena_init(&scratch, alloc);
    r.eval.alloc = r.env.alloc = alloc;
    r.eval.arena = &scratch;
    r.env.chunk_rows = 1;
    sqi_op *op = NULL;
    streamq_status status = sqi_op_new(&op, &sqi_op_sort, &p, 1, &r.env, r.end, 0, err);
    for (int i = 0; i < 3 && status == STREAMQ_OK; ++i)
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
    ck_assert_uint_gt(sqi_test_every_allocation(whole_life, NULL), 10);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        ascending_puts_nulls_first_and_descending_last,
        nulls_go_where_they_are_asked_to,
        equal_rows_keep_their_order_and_later_items_decide,
        texts_with_one_beginning_are_told_apart,
        every_type_with_an_order_sorts,
        each_micro_batch_is_sorted_on_its_own,
        a_limit_keeps_the_first_rows,
        a_top_n_of_many_rows_is_the_beginning_of_the_whole_sort,
        every_allocation_may_fail,
    };
    return sqi_test_main("op_sort", tests, sizeof tests / sizeof *tests);
}
