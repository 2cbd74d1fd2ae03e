/* Lines of a shape: anything may stand in a name. */
#include "op_shape.h"
#include "test_main.h"

static void check_name(sqi_span name)
{
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_buf buf;
    sqi_shape_line line;
    streamq_error *err = NULL;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    sqi_buf_init(&buf, &alloc, 0);
    ck_assert(sqi_shape_operator(&buf, "dedupe", "Deduplicate"));
    ck_assert(sqi_shape_key(&buf, &sqi_type_int, name));
    ck_assert(sqi_shape_key(&buf, &sqi_type_date, SQI_SPAN("d")));
    sqi_span text = sqi_buf_view(&buf);
    ck_assert(sqi_shape_read(&text, &line, &arena, &err));
    ck_assert(sqi_span_equal(line.word, SQI_SPAN("operator")) && sqi_span_equal(line.same, SQI_SPAN("dedupe")));
    ck_assert(sqi_shape_read(&text, &line, &arena, &err));
    ck_assert(sqi_span_equal(line.word, SQI_SPAN("key")) && sqi_span_equal(line.same, SQI_SPAN("INT")));
    ck_assert(sqi_span_equal(line.name, name));
    ck_assert(sqi_shape_read(&text, &line, &arena, &err));
    ck_assert(sqi_span_equal(line.name, SQI_SPAN("d")));
    ck_assert(!sqi_shape_read(&text, &line, &arena, &err) && !err);
    for (size_t len = 1; len < buf.len; ++len) {
        text = (sqi_span){buf.ptr, len};
        while (sqi_shape_read(&text, &line, &arena, &err))
            ;
        ck_assert(text.len == 0 || sqi_error_cond(err) == SQI_COND_CHECKPOINT_CORRUPT);
        sqi_error_free(err);
        err = NULL;
    }
    sqi_buf_fini(&buf);
    sqi_arena_fini(&arena);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}

START_TEST(names_come_back)
{
    check_name(SQI_SPAN("plain"));
    check_name(SQI_SPAN(""));
    check_name(SQI_SPAN("a\tb\nc\\d\\t\\"));
    check_name(SQI_SPAN("\t\t\n\n\\\\"));
    check_name(SQI_SPAN("a\0b"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {names_come_back};
    return sqi_test_main("op_shape", tests, sizeof tests / sizeof *tests);
}
