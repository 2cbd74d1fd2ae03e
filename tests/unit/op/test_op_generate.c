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

static void add_generate(const char *generator, const uint32_t *kept, uint32_t nkept)
{
    uint32_t n;
    sqi_bound **g = sqi_rig_exprs(&rig, generator, &n);
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(g[0]->kind, SQI_BOUND_GENERATOR);
    sqi_op_generate_params p = {g[0], kept, nkept, nkept + g[0]->type->nfield};
    sqi_rig_add(&rig, &sqi_op_generate, &p, 1);
}

static const uint32_t first[] = {0};

START_TEST(rows_that_a_filter_left_out_give_nothing)
{
    open("id INT, a ARRAY<INT>");
    add_generate("explode(a)", first, 0);
    sqi_batch *b;
    streamq_error *err = NULL;
    sqi_rig_chunks(&rig, "1, array(1, 2)\n2, array(3)\n3, array(4, 5)", &b);
    sqi_chunk some = b->chunk[0];
    some.rows = (sqi_rows){(const uint32_t[]){0, 2}, 2};
    ck_assert_int_eq(sqi_op_push(rig.first, 0, &some, &err), STREAMQ_OK);
    some.rows = (sqi_rows){(const uint32_t[]){1, 2}, 2};
    ck_assert_int_eq(sqi_op_push(rig.first, 0, &some, &err), STREAMQ_OK);
    ck_assert_str_eq(sqi_rig_batch(&rig, "", true), "1\n2\n4\n5\n3\n4\n5\n");
    sqi_batch_unref(b);
    close_all();
}
END_TEST

START_TEST(output_leaves_in_chunks_of_the_size_asked_for)
{
    open("id INT, a ARRAY<INT>");
    rig.env.chunk_rows = 4;
    add_generate("explode(a)", first, 1);
    ck_assert_str_eq(sqi_rig_batch(&rig, "1, array(1, 2, NULL, 4, 5, 6)\n2, array(7, 8, 9)", true),
                     "1 | 1\n1 | 2\n1 | NULL\n1 | 4\n1 | 5\n1 | 6\n2 | 7\n2 | 8\n2 | 9\n");
    ck_assert_uint_eq(rig.largest_out, 4);
    ck_assert_uint_eq(rig.chunks_out, 3);
    close_all();
}
END_TEST

START_TEST(weights_follow_their_rows)
{
    open("id INT, a ARRAY<INT>");
    add_generate("explode(a)", first, 0);
    sqi_batch *b;
    streamq_error *err = NULL;
    sqi_rig_chunks(&rig, "1, array(1, 2)\n2, array(3)", &b);
    sqi_chunk some = b->chunk[0];
    some.weight = (const int64_t[]){-1, 1};
    ck_assert_int_eq(sqi_op_push(rig.first, 0, &some, &err), STREAMQ_OK);
    ck_assert_str_eq(sqi_rig_batch(&rig, "", true), "1 x-1\n2 x-1\n3 x1\n");
    sqi_batch_unref(b);
    close_all();
}
END_TEST

START_TEST(kept_columns_are_repeated_and_may_be_left_out)
{
    open("id INT, a ARRAY<INT>, t STRING");
    static const uint32_t kept[] = {2, 0};
    add_generate("posexplode(a)", kept, 2);
    ck_assert_str_eq(sqi_rig_batch(&rig, "1, array(7, 8), 'x'\n2, array(), 'y'\n3, array(9), NULL", true),
                     "x | 1 | 0 | 7\nx | 1 | 1 | 8\nNULL | 3 | 0 | 9\n");
    close_all();
    open("id INT, a ARRAY<INT>");
    add_generate("explode(a)", NULL, 0);
    ck_assert_str_eq(sqi_rig_batch(&rig, "1, array(7, 8)\n2, NULL\n3, array(9)", true), "7\n8\n9\n");
    close_all();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        kept_columns_are_repeated_and_may_be_left_out,
        rows_that_a_filter_left_out_give_nothing,
        output_leaves_in_chunks_of_the_size_asked_for,
        weights_follow_their_rows,
    };
    return sqi_test_main("op_generate", tests, sizeof tests / sizeof *tests);
}
