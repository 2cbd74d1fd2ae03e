#include "data_cut.h"
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

static void add_filter(const char *condition)
{
    uint32_t n;
    sqi_op_filter_params p = {sqi_rig_exprs(&rig, condition, &n)[0]};
    sqi_rig_add(&rig, &sqi_op_filter, &p, 1);
}

START_TEST(a_flush_goes_on_when_every_input_has_ended)
{
    open("v INT");
    sqi_rig_add_group(&rig, "", "count(*)");
    sqi_op *all = sqi_rig_add(&rig, &sqi_op_union, NULL, 2);
    streamq_error *err = NULL;
    sqi_batch *b;
    sqi_rig_chunks(&rig, "1\n2", &b);
    ck_assert_int_eq(sqi_op_push(all, 0, &b->chunk[0], &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_op_flush(all, &err), STREAMQ_OK);
    ck_assert_uint_eq(rig.chunks_out, 0);
    ck_assert_int_eq(sqi_op_push(all, 1, &b->chunk[0], &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_op_flush(all, &err), STREAMQ_OK);
    ck_assert_uint_eq(rig.chunks_out, 1);
    ck_assert_uint_eq(rig.out.len, 2);
    ck_assert_int_eq(rig.out.ptr[0], '4');
    ck_assert_uint_eq(all->rows_out, 4);
    sqi_batch_unref(b);
    close_all();
}
END_TEST

START_TEST(the_stop_flag_ends_a_batch_between_chunks)
{
    static _Atomic bool stop;
    atomic_store(&stop, false);
    open("v INT");
    rig.env.stop = &stop;
    add_filter("v > 0");
    streamq_error *err = NULL;
    ck_assert_int_eq(sqi_rig_try_push(&rig, "1", &err), STREAMQ_OK);
    atomic_store(&stop, true);
    ck_assert_int_eq(sqi_rig_try_push(&rig, "1", &err), STREAMQ_ERR_CANCELED);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_QUERY_STOPPED);
    sqi_error_free(err);
    close_all();
}
END_TEST

/* A steady state takes no memory: what the first chunks took serves the later ones. */
START_TEST(chunks_of_a_steady_state_take_nothing_from_the_heap)
{
    open("k STRING, v INT");
    sqi_rig_add_group(&rig, "k", "count(*), sum(v), max(v)");
    add_filter("v > 0");
    sqi_batch *b;
    streamq_error *err = NULL;
    sqi_rig_chunks(&rig, "'a', 1\n'b', 2\n'c', 0\n'a key that does not stand inside', 3", &b);
    for (int i = 0; i < 3; ++i)
        ck_assert_int_eq(sqi_op_push(rig.first, 0, &b->chunk[0], &err), STREAMQ_OK);
    size_t before = heap.requests;
    for (int i = 0; i < 50; ++i)
        ck_assert_int_eq(sqi_op_push(rig.first, 0, &b->chunk[0], &err), STREAMQ_OK);
    ck_assert_uint_eq(heap.requests, before);
    sqi_batch_unref(b);
    close_all();
}
END_TEST

START_TEST(an_operator_that_does_not_take_lines_gets_their_values)
{
    open("value STRING");
    add_filter("value <> 'two'");
    streamq_error *err = NULL;
    sqi_vec column;
    sqi_chunk lines = sqi_lines_chunk(&column, SQI_SPAN("one\ntwo\n\na line of more than twelve bytes\n"), 4);
    ck_assert_int_eq(sqi_op_push(rig.first, 0, &lines, &err), STREAMQ_OK);
    ck_assert_str_eq(sqi_rig_batch(&rig, "", true), "one\n\na line of more than twelve bytes\n");
    ck_assert_ptr_null(column.data);
    close_all();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_flush_goes_on_when_every_input_has_ended, the_stop_flag_ends_a_batch_between_chunks,
                                  chunks_of_a_steady_state_take_nothing_from_the_heap,
                                  an_operator_that_does_not_take_lines_gets_their_values};
    return sqi_test_main("op_chain", tests, sizeof tests / sizeof *tests);
}
