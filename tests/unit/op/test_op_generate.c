#include "data_cut.h"

#include <stdlib.h>
#include <string.h>

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

/* Words of lines, pushed as lines and pushed as values, in chunks of a few. */
static const char *words_of(const char *generator, const uint32_t *kept, uint32_t nkept, bool as_lines)
{
    static char out[2048];
    static const sqi_span text = SQI_SPAN("to be or\n\n not  to be \nand a word that is longer than any view\n \n");
    streamq_error *err = NULL;
    sqi_vec none, column;
    sqi_chunk lines = sqi_lines_chunk(&none, text, 5), chunk;
    open("value STRING");
    rig.env.chunk_rows = 4;
    add_generate(generator, kept, nkept);
    ck_assert_int_eq(sqi_lines_cut(&chunk, &column, &lines, &rig.scratch, &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_op_push(rig.first, 0, as_lines ? &lines : &chunk, &err), STREAMQ_OK);
    ck_assert_uint_le(rig.largest_out, 4);
    strcpy(out, sqi_rig_batch(&rig, "", true));
    close_all();
    return out;
}

START_TEST(words_of_lines_are_those_of_their_values)
{
    static const char *const generators[] = {"explode(split(value, ' '))",
                                             "explode_outer(split(value, ' '))",
                                             "explode(split(value, ' ', 2))",
                                             "explode(split(value, '\\\\s'))",
                                             "posexplode(split(value, ' '))",
                                             "explode(split(upper(value), ' '))",
                                             "explode(split(value, ''))",
                                             "explode(split(value, '[ b]'))",
                                             "explode(split('a b', ' '))",
                                             "explode(split(value, '\n'))",
                                             "explode(split(value, CAST(NULL AS STRING)))"};
    for (size_t i = 0; i < sizeof generators / sizeof *generators; i++)
        for (uint32_t kept = 0; kept < 2; kept++) {
            char *want = strdup(words_of(generators[i], first, kept, false));
            ck_assert_str_eq(words_of(generators[i], first, kept, true), want);
            free(want);
        }
    ck_assert_str_eq(words_of("explode(split(value, ' '))", first, 0, true),
                     "to\nbe\nor\n\n\nnot\n\nto\nbe\n\nand\na\nword\nthat\nis\nlonger\nthan\nany\nview\n\n\n");
}
END_TEST

START_TEST(only_words_by_one_byte_are_cut_from_lines)
{
    static const struct {
        const char *generator;
        uint32_t nkept;
        bool takes;
    } all[] = {{"explode(split(value, ' '))", 0, true},     {"explode(split(value, '\\\\.'))", 0, true},
               {"explode(split(value, ' '))", 1, false},    {"posexplode(split(value, ' '))", 0, false},
               {"explode(split(value, ' ', 2))", 0, false}, {"explode(split(value, '\\\\s+'))", 0, false}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        open("value STRING");
        add_generate(all[i].generator, first, all[i].nkept);
        ck_assert_int_eq(rig.first->takes_lines, all[i].takes);
        close_all();
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        kept_columns_are_repeated_and_may_be_left_out, rows_that_a_filter_left_out_give_nothing,
        output_leaves_in_chunks_of_the_size_asked_for, weights_follow_their_rows,
        words_of_lines_are_those_of_their_values,      only_words_by_one_byte_are_cut_from_lines};
    return sqi_test_main("op_generate", tests, sizeof tests / sizeof *tests);
}
