/* What custom sources and sinks share: options as callbacks take them, and the error that names a callback. */
#include "io_custom.h"

#include "fail_alloc.h"
#include "test_main.h"

static streamq_status made(sqi_alloc *alloc, void *context, streamq_error **err)
{
    static const char *const name[] = {"path", "Mode", "note"}, *const value[] = {"/tmp/a b", "", "x=y"};
    sqi_arena given, arena;
    sqi_options options = {.arena = &given};
    sqi_custom_options out;
    streamq_status status = STREAMQ_OK;
    size_t n = *(size_t *)context;
    sqi_arena_init(&given, alloc);
    sqi_arena_init(&arena, alloc);
    for (size_t i = 0; i < n && status == STREAMQ_OK; i++)
        status = sqi_options_set(&options, sqi_span_of(name[i]), sqi_span_of(value[i]), err);
    if (status == STREAMQ_OK)
        status = sqi_custom_options_make(&options, &arena, &out, err);
    sqi_arena_fini(&given); /* the texts are copies */
    if (status == STREAMQ_OK) {
        ck_assert_uint_eq(out.n, n);
        ck_assert_ptr_nonnull(out.name);
        ck_assert_ptr_nonnull(out.value);
        for (size_t i = 0; i < n; i++) {
            size_t k = 0;
            while (k < n && strcasecmp(out.name[k], name[i]) != 0)
                k++;
            ck_assert_uint_lt(k, n);
            ck_assert_str_eq(out.value[k], value[i]);
        }
    }
    sqi_arena_fini(&arena);
    return status;
}

START_TEST(options_become_parallel_arrays_of_texts)
{
    sqi_fail_alloc heap;
    for (size_t n = 0; n <= 3; n++) {
        sqi_fail_alloc_init(&heap);
        ck_assert_int_eq(made(&heap.alloc, &n, NULL), STREAMQ_OK);
        sqi_fail_alloc_assert_clean(&heap);
    }
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    size_t n = 3;
    ck_assert_uint_ge(sqi_test_every_allocation(made, &n), 2);
}
END_TEST

static void refused(const char *reason, const char *expected)
{
    struct streamq_ext_error why = {{0}};
    streamq_error *err = NULL;
    streamq_ext_fail(&why, reason);
    ck_assert_int_eq(sqi_custom_failed("source", "lines", "read", -7, &why, &err),
                     sqi_cond_status(SQI_COND_USER_CALLBACK_FAILED));
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_USER_CALLBACK_FAILED);
    ck_assert_msg(strstr(sqi_error_message(err), expected) != NULL, "'%s' is not in: %s", expected,
                  sqi_error_message(err));
    if (!reason)
        ck_assert_ptr_null(strstr(sqi_error_message(err), "returned -7: "));
    sqi_error_free(err);
}

START_TEST(a_failure_names_the_callback_its_code_and_its_reason)
{
    refused("the disk is gone", "source 'lines': read returned -7: the disk is gone");
    refused("100%s %n", "returned -7: 100%s %n"); /* a reason is no format */
    refused(NULL, "source 'lines': read returned -7");
}
END_TEST

START_TEST(a_long_reason_is_cut_to_its_room)
{
    char text[2000];
    struct streamq_ext_error why = {{0}};
    memset(text, 'r', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    streamq_ext_fail(&why, text);
    ck_assert_uint_eq(strlen(why.text), sizeof why.text - 1);
    streamq_ext_fail(&why, "short");
    ck_assert_str_eq(why.text, "short");
    streamq_ext_fail(&why, NULL); /* says nothing new */
    ck_assert_str_eq(why.text, "short");
    streamq_ext_fail(NULL, text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        options_become_parallel_arrays_of_texts,
        every_allocation_may_fail,
        a_failure_names_the_callback_its_code_and_its_reason,
        a_long_reason_is_cut_to_its_room,
    };
    return sqi_test_main("io_custom", tests, sizeof tests / sizeof *tests);
}
