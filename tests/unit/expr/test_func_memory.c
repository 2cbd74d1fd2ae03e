/* Functions over columns with every allocation refused in turn: an error or the answer, and nothing is lost. */
#include "func_bench.h"
#include "test_main.h"

static const char *const texts[] = {
    "split(s, ' ')",
    "split(s, '[ x]')",
    "split(s, p)",
    "split(s, '')",
    "str_to_map(s, ' ', ':')",
    "lower(s)",
    "upper(s)",
    "initcap(s)",
    "concat(s, p, s)",
    "s || p",
    "concat_ws(p, s, array(s, p))",
    "lpad(s, 50, p)",
    "rpad(s, 50)",
    "repeat(s, 5)",
    "reverse(s)",
    "replace(s, 'a', p)",
    "overlay(s, p, 3)",
    "translate(s, 'ab', p)",
    "mask(s)",
    "s LIKE '%a_b%'",
    "s ILIKE concat('%', p)",
    "s RLIKE '[ab]+'",
    "regexp_extract(s, '(a)(b)?', 1)",
    "regexp_extract_all(s, '.', 0)",
    "regexp_replace(s, '(a)', '<$1>')",
    "regexp_count(s, p)",
    "regexp_substr(s, 'a+')",
    "base64(s)",
    "encode(s, 'UTF-16')",
    "decode(CAST(s AS BINARY), 'ISO-8859-1')",
    "to_binary(s, 'utf-8')",
    "url_encode(s)",
    "try_url_decode(s)",
    "try_parse_url(s, 'PATH')",
    "md5(s)",
    "sha2(s, 512)",
    "hex(hmac(s, p))",
    "levenshtein(s, p)",
    "jaro_winkler_similarity(s, p)",
    "make_valid_utf8(s)",
    "quote(s)",
    "to_base32(s)",
    "printf('%s %10d', s, n)",
    "array(s, p)",
    "array_append(array(s), p)",
    "array_insert(array(s), 3, p)",
    "array_compact(array(s, p))",
    "array_remove(array(s, p), p)",
    "slice(array(s, p), 1, 1)",
    "flatten(array(array(s), array(p)))",
    "array_repeat(s, 3)",
    "array_distinct(split(s, ''))",
    "array_union(split(s, ''), split(p, ''))",
    "array_except(split(s, ''), split(p, ''))",
    "arrays_overlap(split(s, ''), split(p, ''))",
    "array_max(array(s, p))",
    "sort_array(split(s, ''))",
    "array_sort(split(s, ''))",
    "array_sort(split(s, ''), (x, y) -> ascii(y) - ascii(x))",
    "array_join(array(s, p), '-')",
    "arrays_zip(array(s), array(p, s))",
    "sequence(1, 20)",
    "sequence(n, n + 5)",
    "map(p, s)",
    "map_concat(map(p, 1), map('other', 2))",
    "map_from_arrays(array(p, 'x'), array(1, 2))",
    "map_from_entries(array(struct(p, s)))",
    "map_entries(map(p, s))[0].key",
    "map(p, s)[p]",
    "struct(s, p).s",
    "array(named_struct('f', s)).f",
    "element_at(array(s, p), -1)",
    "concat(array(s), array(p))",
    "hash(s, array(p))",
};

static streamq_status run(sqi_alloc *alloc, const char *text)
{
    func_bench b;
    streamq_error *err = NULL;
    streamq_status status = func_bench_init(&b, alloc);
    if (status == STREAMQ_OK) {
        func_bench_texts(&b, "s", 3,
                         (const char *[]){"abc def \xC3\xA9 xyz:1", NULL, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"});
        func_bench_texts(&b, "p", 3, (const char *[]){"a", " ", "b"});
        func_bench_ints(&b, "n", 3, (const int32_t[]){1, 2, 3});
        status = func_bench_run(&b, text, &err);
    }
    ck_assert_msg(status == STREAMQ_OK || status == STREAMQ_ERR_NOMEM, "%s: %s", text, sqi_error_message(err));
    sqi_error_free(err);
    func_bench_fini(&b);
    return status;
}

/* Some refusals are survived (a pattern without machine code, a constant not computed beforehand); none may leak, and
   without one the answer must come. */
static void refuse_each(const char *text)
{
    for (size_t at = 1;; at++)
        for (int beyond = 0; beyond < 2; beyond++) {
            sqi_fail_alloc f;
            sqi_fail_alloc_init(&f);
            f.fail_at = at;
            f.fail_beyond = beyond;
            streamq_status status = run(&f.alloc, text);
            sqi_fail_alloc_assert_clean(&f);
            if (f.refused)
                continue;
            ck_assert_int_eq(status, STREAMQ_OK);
            ck_assert_uint_gt(at, 1);
            return;
        }
}

/* A part of the list in each test: they run side by side, and none takes long. */
static void part(size_t k)
{
    for (size_t i = k; i < sizeof texts / sizeof *texts; i += 4)
        refuse_each(texts[i]);
}

START_TEST(a_refused_allocation_loses_nothing_in_the_first_functions)
{
    part(0);
}
END_TEST
START_TEST(a_refused_allocation_loses_nothing_in_the_second_functions)
{
    part(1);
}
END_TEST
START_TEST(a_refused_allocation_loses_nothing_in_the_third_functions)
{
    part(2);
}
END_TEST
START_TEST(a_refused_allocation_loses_nothing_in_the_fourth_functions)
{
    part(3);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_refused_allocation_loses_nothing_in_the_first_functions,
                                  a_refused_allocation_loses_nothing_in_the_second_functions,
                                  a_refused_allocation_loses_nothing_in_the_third_functions,
                                  a_refused_allocation_loses_nothing_in_the_fourth_functions};
    return sqi_test_main("func_memory", tests, sizeof tests / sizeof *tests);
}
