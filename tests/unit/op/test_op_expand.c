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

START_TEST(an_expansion_gives_every_row_once_per_projection)
{
    open("a STRING, b INT");
    uint32_t n;
    sqi_bound *const *list[3] = {sqi_rig_exprs(&rig, "a, b, 0", &n), sqi_rig_exprs(&rig, "a, CAST(NULL AS INT), 1", &n),
                                 sqi_rig_exprs(&rig, "CAST(NULL AS STRING), CAST(NULL AS INT), 3", &n)};
    sqi_op_expand_params p = {list, 3, 3};
    sqi_rig_add(&rig, &sqi_op_expand, &p, 1);
    ck_assert_str_eq(sqi_rig_batch(&rig, "'x', 1\n'y', 2", false),
                     "NULL | NULL | 3\nNULL | NULL | 3\nx | 1 | 0\nx | NULL | 1\ny | 2 | 0\ny | NULL | 1\n");
    close_all();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        an_expansion_gives_every_row_once_per_projection,
    };
    return sqi_test_main("op_expand", tests, sizeof tests / sizeof *tests);
}
