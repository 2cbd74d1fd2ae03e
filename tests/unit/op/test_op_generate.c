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

static const char *run(const char *schema, const char *generator, bool keep, const char *rows)
{
    static char copy[4096];
    open(schema);
    add_generate(generator, first, keep);
    const char *out = sqi_rig_batch(&rig, rows, true);
    ck_assert_uint_lt(strlen(out), sizeof copy);
    strcpy(copy, out);
    close_all();
    return copy;
}

START_TEST(explode_gives_a_row_for_each_element_and_none_for_nothing)
{
    const char *rows = "1, array('x', NULL, 'y')\n2, array()\n3, NULL\n4, array('')";
    ck_assert_str_eq(run("id INT, a ARRAY<STRING>", "explode(a)", true, rows), "1 | x\n1 | NULL\n1 | y\n4 | \n");
    ck_assert_str_eq(run("id INT, a ARRAY<STRING>", "explode(a)", false, rows), "x\nNULL\ny\n\n");
}
END_TEST

START_TEST(explode_outer_gives_a_row_of_null_for_nothing)
{
    const char *rows = "1, array('x', NULL)\n2, array()\n3, NULL";
    ck_assert_str_eq(run("id INT, a ARRAY<STRING>", "explode_outer(a)", true, rows), "1 | x\n1 | NULL\n2 | NULL\n3 | NULL\n");
}
END_TEST

START_TEST(positions_count_from_0_in_each_row)
{
    ck_assert_str_eq(run("id INT, a ARRAY<STRING>", "posexplode(a)", true, "1, array('x', NULL, 'z')\n2, array('q')"),
                     "1 | 0 | x\n1 | 1 | NULL\n1 | 2 | z\n2 | 0 | q\n");
    ck_assert_str_eq(run("id INT, a ARRAY<STRING>", "posexplode_outer(a)", true, "1, array('x')\n2, array()\n3, NULL"),
                     "1 | 0 | x\n2 | NULL | NULL\n3 | NULL | NULL\n");
}
END_TEST

START_TEST(maps_give_keys_and_values)
{
    const char *rows = "1, map('a', 1, 'b', NULL)\n2, map()\n3, NULL";
    ck_assert_str_eq(run("id INT, m MAP<STRING, INT>", "explode(m)", true, rows), "1 | a | 1\n1 | b | NULL\n");
    ck_assert_str_eq(run("id INT, m MAP<STRING, INT>", "explode_outer(m)", true, rows),
                     "1 | a | 1\n1 | b | NULL\n2 | NULL | NULL\n3 | NULL | NULL\n");
    ck_assert_str_eq(run("id INT, m MAP<STRING, INT>", "posexplode(m)", true, rows), "1 | 0 | a | 1\n1 | 1 | b | NULL\n");
}
END_TEST

START_TEST(inline_spreads_structs_and_a_null_struct_is_a_row_of_nulls)
{
    const char *rows = "1, array(named_struct('n', 1, 't', 'a'), NULL)\n2, array()\n3, NULL";
    const char *schema = "id INT, a ARRAY<STRUCT<n: INT, t: STRING>>";
    ck_assert_str_eq(run(schema, "inline(a)", true, rows), "1 | 1 | a\n1 | NULL | NULL\n");
    ck_assert_str_eq(run(schema, "inline_outer(a)", true, rows),
                     "1 | 1 | a\n1 | NULL | NULL\n2 | NULL | NULL\n3 | NULL | NULL\n");
}
END_TEST

START_TEST(stack_lays_values_out_in_rows_and_pads_the_last)
{
    ck_assert_str_eq(run("a INT, b INT, c INT", "stack(2, 'b', b, 'c', c)", true, "1, 2, 3\n4, NULL, 6"),
                     "1 | b | 2\n1 | c | 3\n4 | b | NULL\n4 | c | 6\n");
    ck_assert_str_eq(run("a INT, b INT, c INT", "stack(2, a, b, c)", false, "1, 2, 3"), "1 | 2\n3 | NULL\n");
    ck_assert_str_eq(run("a INT, b INT, c INT", "stack(3, a, b)", false, "1, 2, 3"), "1\n2\nNULL\n");
}
END_TEST

START_TEST(a_constant_list_serves_every_row)
{
    ck_assert_str_eq(run("id INT", "explode(array(7, 8))", true, "1\n2"), "1 | 7\n1 | 8\n2 | 7\n2 | 8\n");
    ck_assert_str_eq(run("id INT", "explode(array(7, 8))", false, "1\n2"), "7\n8\n7\n8\n");
}
END_TEST

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

static void refused(const char *schema, const char *generator, sqi_cond cond)
{
    open(schema);
    sqi_bound **out;
    uint32_t n;
    streamq_error *err = NULL;
    ck_assert_int_ne(sqi_rig_try_exprs(&rig, generator, &out, &n, &err), STREAMQ_OK);
    ck_assert_msg(sqi_error_cond(err) == cond, "%s", sqi_error_message(err));
    sqi_error_free(err);
    close_all();
}

START_TEST(arguments_that_do_not_fit_are_refused_with_sparks_conditions)
{
    refused("v STRING", "explode(v)", SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE);
    refused("a ARRAY<INT>", "inline(a)", SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE);
    refused("a INT, b STRING", "stack(2, a, b)", SQI_COND_DATATYPE_MISMATCH__STACK_COLUMN_DIFF_TYPES);
    refused("a INT", "stack(a, 1, 2)", SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT);
    refused("a INT", "stack(0, a)", SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        explode_gives_a_row_for_each_element_and_none_for_nothing,
        explode_outer_gives_a_row_of_null_for_nothing,
        positions_count_from_0_in_each_row,
        maps_give_keys_and_values,
        inline_spreads_structs_and_a_null_struct_is_a_row_of_nulls,
        stack_lays_values_out_in_rows_and_pads_the_last,
        a_constant_list_serves_every_row,
        rows_that_a_filter_left_out_give_nothing,
        output_leaves_in_chunks_of_the_size_asked_for,
        weights_follow_their_rows,
        arguments_that_do_not_fit_are_refused_with_sparks_conditions,
    };
    return sqi_test_main("op_generate", tests, sizeof tests / sizeof *tests);
}
