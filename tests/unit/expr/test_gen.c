#include "agg.h"
#include "test_main.h"

START_TEST(generators_are_found_by_their_names)
{
    const sqi_generator *g;
    size_t n = 0;
    for (; (g = sqi_generator_at(n)); ++n)
        ck_assert_ptr_eq(sqi_generator_find(sqi_span_of(g->name)), g);
    ck_assert_uint_ge(n, 7);
    ck_assert(sqi_generator_find(SQI_SPAN("EXPLODE_OUTER"))->outer);
    ck_assert_ptr_null(sqi_generator_find(SQI_SPAN("implode")));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {generators_are_found_by_their_names};
    return sqi_test_main("gen", tests, sizeof tests / sizeof *tests);
}
