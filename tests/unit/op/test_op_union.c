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

START_TEST(chunks_of_every_input_go_on_as_they_come)
{
    open("v INT");
    sqi_op *all = sqi_rig_add(&rig, &sqi_op_union, NULL, 3);
    streamq_error *err = NULL;
    sqi_batch *b;
    sqi_rig_chunks(&rig, "1\n2", &b);
    for (uint32_t input = 3; input-- > 0;)
        ck_assert_int_eq(sqi_op_push(all, input, &b->chunk[0], &err), STREAMQ_OK);
    ck_assert_uint_eq(rig.chunks_out, 3);
    ck_assert_uint_eq(all->rows_out, 6);
    sqi_batch_unref(b);
    close_all();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        chunks_of_every_input_go_on_as_they_come,
    };
    return sqi_test_main("op_union", tests, sizeof tests / sizeof *tests);
}
