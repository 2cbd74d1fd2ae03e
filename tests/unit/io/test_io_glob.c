/* Patterns of paths; what is expected was asked of Spark 4.3, whose patterns are Hadoop's. */
#include "io_glob.h"

#include "fail_alloc.h"
#include "test_main.h"

static const char *const names[] = {"a.txt",  "b.txt",        "c1.csv", "c2.csv", "{x}.txt", "a[1].txt",
                                    "k*.txt", "\xc3\xa9.txt", "ab.txt", "-.txt",  "^.txt",   "\xff.txt"};
enum { N = sizeof names / sizeof *names };

/* Which of the names match, one letter each in their order. */
static const char *matched(const char *pattern)
{
    static char text[N + 1];
    sqi_alloc heap;
    sqi_arena arena;
    sqi_glob g;
    size_t n = 0;
    sqi_alloc_init(&heap);
    sqi_arena_init(&arena, &heap);
    ck_assert_int_eq(sqi_glob_make(&g, sqi_span_of(pattern), "path", &arena, NULL), STREAMQ_OK);
    for (size_t i = 0; i < N; i++)
        if (sqi_glob_match_any(&g, sqi_span_of(names[i])))
            text[n++] = "abcdefghijkl"[i];
    text[n] = '\0';
    sqi_arena_fini(&arena);
    return text;
}

START_TEST(stars_and_question_marks)
{
    ck_assert_str_eq(matched("*.txt"), "abefghijkl");
    ck_assert_str_eq(matched("?.txt"), "abhjkl");
    ck_assert_str_eq(matched("*"), "abcdefghijkl");
    ck_assert_str_eq(matched("a*"), "afi");
    ck_assert_str_eq(matched("**a*t**"), "afi");
    ck_assert_str_eq(matched("nope*"), "");
    ck_assert_str_eq(matched(""), "");
}
END_TEST

START_TEST(classes)
{
    ck_assert_str_eq(matched("[a-b].txt"), "ab");
    ck_assert_str_eq(matched("[^a].txt"), "bhjkl");
    ck_assert_str_eq(matched("[!a].txt"), "bhjkl");
    ck_assert_str_eq(matched("c[12].csv"), "cd");
    ck_assert_str_eq(matched("[\xc3\xa9].txt"), "h");
    ck_assert_str_eq(matched("[-a].txt"), "aj");
    ck_assert_str_eq(matched("[\\^a].txt"), "ak");
    ck_assert_str_eq(matched("[a^].txt"), "ak");
    ck_assert_str_eq(matched("[]a].txt"), "a");
}
END_TEST

START_TEST(braces)
{
    ck_assert_str_eq(matched("{a,b}.txt"), "ab");
    ck_assert_str_eq(matched("{a,c1}.*"), "ac");
    ck_assert_str_eq(matched("{a,{b,c1}}*"), "abcfi");
    ck_assert_str_eq(matched("a{,b}.txt"), "ai");
    ck_assert_str_eq(matched("a.txt,b.txt"), "");
    ck_assert_str_eq(matched("c[{1}].csv"), "c");
}
END_TEST

START_TEST(backslashes)
{
    ck_assert_str_eq(matched("\\{x\\}.txt"), "e");
    ck_assert_str_eq(matched("a\\[1\\].txt"), "f");
    ck_assert_str_eq(matched("k\\*.txt"), "g");
    ck_assert_str_eq(matched("{x}.txt"), "");
    ck_assert_str_eq(matched("a[1].txt"), "");
    char to[20];
    size_t len;
    ck_assert(sqi_glob_plain(SQI_SPAN("k\\*.txt"), to, &len));
    ck_assert(sqi_span_equal((sqi_span){to, len}, SQI_SPAN("k*.txt")));
    ck_assert(!sqi_glob_plain(SQI_SPAN("k*.txt"), to, &len));
    ck_assert(sqi_glob_special(SQI_SPAN("a}")) && !sqi_glob_special(SQI_SPAN("a (1).txt,b")));
}
END_TEST

static void refused(const char *pattern, const char *why)
{
    sqi_alloc heap;
    sqi_arena arena;
    sqi_glob g;
    streamq_error *err = NULL;
    sqi_alloc_init(&heap);
    sqi_arena_init(&arena, &heap);
    ck_assert_int_ne(sqi_glob_make(&g, sqi_span_of(pattern), "pathGlobFilter", &arena, &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_INVALID_OPTION_VALUE);
    ck_assert_ptr_nonnull(strstr(sqi_error_text(err), why));
    ck_assert_ptr_nonnull(strstr(sqi_error_text(err), "pathGlobFilter"));
    sqi_error_free(err);
    sqi_arena_fini(&arena);
}

START_TEST(what_is_no_pattern_is_refused)
{
    refused("[b-a].txt", "backwards");
    refused("[.txt", "'['");
    refused("{a.txt", "'{'");
    refused("[ab", "'['");
    refused("a\\", "backslash");
    refused("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "1024");
}
END_TEST

START_TEST(many_stars_against_a_long_name_take_no_time)
{
    static char pattern[2000], name[4000];
    for (size_t i = 0; i < sizeof pattern; i += 2)
        memcpy(pattern + i, "*a", 2);
    memset(name, 'a', sizeof name);
    name[sizeof name - 1] = 'b';
    ck_assert(!sqi_glob_match((sqi_span){pattern, sizeof pattern}, (sqi_span){name, sizeof name}));
}
END_TEST

static streamq_status make(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_arena arena;
    sqi_glob g;
    sqi_arena_init(&arena, alloc);
    streamq_status status = sqi_glob_make(&g, SQI_SPAN("{a,b,c}/{d,e,{f,g}}"), context, &arena, err);
    sqi_arena_fini(&arena);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    ck_assert_uint_ge(sqi_test_every_allocation(make, "path"), 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {stars_and_question_marks,
                                  classes,
                                  braces,
                                  backslashes,
                                  what_is_no_pattern_is_refused,
                                  many_stars_against_a_long_name_take_no_time,
                                  every_allocation_may_fail};
    return sqi_test_main("io_glob", tests, sizeof tests / sizeof *tests);
}
