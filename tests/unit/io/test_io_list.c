/* The list of formats. */
#include "io_sink.h"
#include "io_source.h"
#include "test_main.h"

START_TEST(formats_are_found_by_name_in_any_case)
{
    ck_assert_ptr_eq(sqi_source_find(SQI_SPAN("socket")), &sqi_src_socket);
    ck_assert_ptr_eq(sqi_source_find(SQI_SPAN("Rate-Micro-Batch")), &sqi_src_rate_batch);
    ck_assert_ptr_eq(sqi_sink_find(SQI_SPAN("CONSOLE")), &sqi_snk_console);
    ck_assert_ptr_eq(sqi_sink_find(SQI_SPAN("foreachbatch")), &sqi_snk_foreach_batch);
    ck_assert_ptr_null(sqi_source_find(SQI_SPAN("kafka?")));
    ck_assert_ptr_null(sqi_sink_find(SQI_SPAN("")));
}
END_TEST

START_TEST(every_format_is_complete_and_sorted_by_name)
{
    size_t n = 0;
    for (const sqi_source_type *t; (t = sqi_source_at(n)); n++) {
        ck_assert(t->name && (t->schema || t->plan) && t->open && t->latest && t->read && t->offset_json && t->close);
        ck_assert_ptr_eq(sqi_source_find(sqi_span_of(t->name)), t);
        for (size_t i = 0; i < t->noption; i++)
            ck_assert_msg(t->option[i].name && t->option[i].text && *t->option[i].text, "%s", t->name);
        if (n)
            ck_assert_int_lt(strcmp(sqi_source_at(n - 1)->name, t->name), 0);
    }
    ck_assert_uint_ge(n, 4);
    n = 0;
    for (const sqi_sink_type *t; (t = sqi_sink_at(n)); n++) {
        ck_assert(t->name && t->open && t->begin && t->write && t->commit && t->abort && t->close);
        ck_assert_ptr_eq(sqi_sink_find(sqi_span_of(t->name)), t);
        for (size_t i = 0; i < t->noption; i++)
            ck_assert_msg(t->option[i].name && t->option[i].text && *t->option[i].text, "%s", t->name);
        if (n)
            ck_assert_int_lt(strcmp(sqi_sink_at(n - 1)->name, t->name), 0);
    }
    ck_assert_uint_ge(n, 6);
}
END_TEST

START_TEST(every_default_fits_its_own_row)
{
    sqi_alloc heap;
    sqi_arena arena;
    sqi_alloc_init(&heap);
    sqi_arena_init(&arena, &heap);
    for (size_t f = 0; sqi_source_at(f) || sqi_sink_at(f); f++) {
        const sqi_option_row *rows[] = {sqi_source_at(f) ? sqi_source_at(f)->option : NULL,
                                        sqi_sink_at(f) ? sqi_sink_at(f)->option : NULL};
        size_t n[] = {rows[0] ? sqi_source_at(f)->noption : 0, rows[1] ? sqi_sink_at(f)->noption : 0};
        for (int side = 0; side < 2; side++)
            for (size_t i = 0; i < n[side]; i++) {
                sqi_options o = {.arena = &arena};
                streamq_error *err = NULL;
                if (!rows[side][i].fallback)
                    continue;
                ck_assert_int_eq(
                    sqi_options_set(&o, sqi_span_of(rows[side][i].name), sqi_span_of(rows[side][i].fallback), &err),
                    STREAMQ_OK);
                ck_assert_msg(sqi_options_check(&o, &rows[side][i], 1, "it", &err) == STREAMQ_OK, "%s",
                              sqi_error_message(err));
            }
    }
    sqi_arena_fini(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {formats_are_found_by_name_in_any_case, every_format_is_complete_and_sorted_by_name,
                                  every_default_fits_its_own_row};
    return sqi_test_main("io_list", tests, sizeof tests / sizeof *tests);
}
