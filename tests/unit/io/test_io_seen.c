/* Files that were taken, and which are too old to be new. */
#include "io_seen.h"

#include <stdio.h>

#include "fail_alloc.h"
#include "test_main.h"

static sqi_fail_alloc heap;
static sqi_seen s;

static void begin(int64_t age)
{
    sqi_fail_alloc_init(&heap);
    sqi_seen_init(&s, &heap.alloc, age);
}

static void end(void)
{
    sqi_seen_fini(&s);
    sqi_fail_alloc_assert_clean(&heap);
}

static void add(const char *name, int64_t time)
{
    ck_assert_int_eq(sqi_seen_add(&s, sqi_span_of(name), time, NULL), STREAMQ_OK);
}

static bool is_new(const char *name, int64_t time)
{
    return sqi_seen_is_new(&s, sqi_span_of(name), time);
}

/* Row K7 of Spark's suites. */
START_TEST(a_file_is_new_if_it_was_not_seen_and_is_not_too_old)
{
    begin(10);
    add("a", 5);
    sqi_seen_purge(&s);
    ck_assert_uint_eq(sqi_seen_count(&s), 1);
    add("b", 15);
    sqi_seen_purge(&s);
    ck_assert_uint_eq(sqi_seen_count(&s), 2);
    add("c", 16);
    ck_assert_uint_eq(sqi_seen_count(&s), 3);
    sqi_seen_purge(&s);
    ck_assert_uint_eq(sqi_seen_count(&s), 2); /* a is gone */
    add("c", 16);
    ck_assert_uint_eq(sqi_seen_count(&s), 2);
    ck_assert(!is_new("c", 20)); /* known, whatever its time */
    ck_assert(!is_new("d", 5));
    ck_assert(is_new("e", 20));
    ck_assert(!is_new("a", 5));
    ck_assert(is_new("a", 7)); /* forgotten, and written again since */
    end();
}
END_TEST

START_TEST(old_is_judged_by_the_last_purge_not_by_the_newest_file)
{
    begin(10);
    add("a", 100);
    ck_assert(is_new("old", 5));
    sqi_seen_purge(&s);
    ck_assert(!is_new("old", 5));
    ck_assert(is_new("old", 90));
    end();
}
END_TEST

START_TEST(without_an_age_nothing_is_too_old)
{
    begin(INT64_MAX);
    add("a", INT64_C(1700000000000000));
    sqi_seen_purge(&s);
    ck_assert(is_new("b", 0));
    end();
}
END_TEST

START_TEST(what_is_too_old_gives_its_memory_back)
{
    char name[64];
    uint64_t cursor[2] = {900, 1000};
    begin(100);
    for (int i = 0; i < 20000; i++) {
        snprintf(name, sizeof name, "/folder/of/files/part-%06d.csv", i);
        add(name, i);
        sqi_seen_purge(&s);
        sqi_seen_shrink(&s, cursor);
    }
    ck_assert_uint_eq(sqi_seen_count(&s), 101);
    ck_assert_uint_lt(s.n, 1000);
    ck_assert_uint_lt(sqi_seen_bytes(&s), 300000);
    ck_assert(!is_new("/folder/of/files/part-019950.csv", 19950));
    ck_assert(is_new("/folder/of/files/part-0.csv", 19950));
    end();
}
END_TEST

START_TEST(a_cursor_stays_where_it_was_when_entries_go)
{
    char name[64];
    begin(100);
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "%d", i);
        add(name, i < 800 ? 1 : 1000);
    }
    sqi_seen_purge(&s);
    uint64_t cursor[2] = {900, 1000};
    sqi_seen_shrink(&s, cursor);
    ck_assert_uint_eq(s.n, 200);
    ck_assert_uint_eq(cursor[0], 100);
    ck_assert_uint_eq(cursor[1], 200);
    ck_assert(sqi_span_equal(sqi_seen_name(&s, &s.entry[100]), SQI_SPAN("900")));
    end();
}
END_TEST

START_TEST(a_hundred_thousand_take_less_than_a_hundred_bytes_each_beside_their_names)
{
    enum { N = 100000 };
    char name[64];
    begin(INT64_MAX);
    for (int i = 0; i < N; i++) {
        snprintf(name, sizeof name, "/a/folder/part-%06d.csv", i);
        add(name, i);
    }
    ck_assert_uint_le(sqi_seen_bytes(&s), s.bytes + (size_t)N * 100);
    for (int i = 0; i < N; i += 977) {
        snprintf(name, sizeof name, "/a/folder/part-%06d.csv", i);
        ck_assert(!is_new(name, i));
    }
    ck_assert(is_new("/a/folder/part-100000.csv", 0));
    end();
}
END_TEST

static streamq_status some(sqi_alloc *alloc, void *context, streamq_error **err)
{
    char name[64];
    uint64_t cursor[2] = {0, 0};
    (void)context;
    sqi_seen_init(&s, alloc, 10);
    streamq_status status = STREAMQ_OK;
    for (int i = 0; i < 200 && status == STREAMQ_OK; i++) {
        snprintf(name, sizeof name, "name %d", i);
        status = sqi_seen_add(&s, sqi_span_of(name), i < 150 ? 0 : 1000, err);
    }
    sqi_seen_purge(&s);
    sqi_seen_shrink(&s, cursor); /* does without */
    if (status == STREAMQ_OK && !(s.n == 50 || s.n == 200))
        status = sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "%zu entries", s.n);
    if (status == STREAMQ_OK && s.n == 200)
        status = sqi_error_nomem(err);
    sqi_seen_fini(&s);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    ck_assert_uint_ge(sqi_test_every_allocation(some, NULL), 5);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_file_is_new_if_it_was_not_seen_and_is_not_too_old,
                                  old_is_judged_by_the_last_purge_not_by_the_newest_file,
                                  without_an_age_nothing_is_too_old,
                                  what_is_too_old_gives_its_memory_back,
                                  a_cursor_stays_where_it_was_when_entries_go,
                                  a_hundred_thousand_take_less_than_a_hundred_bytes_each_beside_their_names,
                                  every_allocation_may_fail};
    return sqi_test_main("io_seen", tests, sizeof tests / sizeof *tests);
}
