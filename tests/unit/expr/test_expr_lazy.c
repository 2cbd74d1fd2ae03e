/* Running again lazily: what stands behind a null is not looked at; what is looked at still fails, at its own place. */
#include <stdio.h>

#include "data_builder.h"
#include "expr_check.h"
#include "fail_alloc.h"

enum { N = 130 };

typedef struct fixture {
    expr_bench x;
    sqi_arena columns;
    sqi_vec col[2];
    sqi_chunk chunk;
} fixture;

static sqi_field fields[] = {{{"n", 1}, &sqi_type_int, true}, {{"t", 1}, &sqi_type_string, true}};
static const sqi_schema schema = {2, fields};

/* n: 0, NULL, 2, NULL, ...; t: "7", "x", "7", "x", ... */
static void setup(fixture *f)
{
    expr_bench_init(&f->x);
    sqi_arena_init(&f->columns, &f->x.alloc);
    sqi_builder *n = sqi_builder_new(fields[0].type, &f->columns), *t = sqi_builder_new(fields[1].type, &f->columns);
    for (int i = 0; i < N; i++) {
        if (i % 2)
            sqi_builder_null(n);
        else
            sqi_builder_int(n, i);
        sqi_builder_bytes(t, sqi_span_of(i % 2 ? "x" : "7"));
    }
    ck_assert_int_eq(sqi_builder_finish(n, &f->col[0], NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_builder_finish(t, &f->col[1], NULL), STREAMQ_OK);
    f->chunk = (sqi_chunk){.n = N, .ncol = 2, .rows = {NULL, N}, .col = f->col};
}

static void teardown(fixture *f)
{
    sqi_arena_fini(&f->columns);
    expr_bench_fini(&f->x);
}

static streamq_status run(fixture *f, const char *text, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_bound *e = NULL;
    sqi_chunk chunk = f->chunk;
    chunk.rows = rows;
    expr_bench_reset(&f->x);
    ck_assert_int_eq(expr_bench_bind(&f->x, text, &schema, &e, NULL), STREAMQ_OK);
    return expr_bench_run(&f->x, e, &chunk, out, err);
}

/* `even` in row 4, `odd` in the rows where n is null. */
static void check(fixture *f, const char *text, const char *even, const char *odd)
{
    static const uint32_t sel[] = {1, 3, 4, 5, 64, 65, 127, 129};
    const sqi_rows ways[] = {{NULL, N}, {sel, 8}};
    for (int w = 0; w < 2; w++) {
        sqi_vec v;
        streamq_error *err = NULL;
        streamq_status status = run(f, text, ways[w], &v, &err);
        ck_assert_msg(status == STREAMQ_OK, "%s: %s", text, sqi_error_message(err));
        ck_assert_str_eq(expr_bench_text(&f->x, &v, 4), even);
        ck_assert_str_eq(expr_bench_text(&f->x, &v, 1), odd);
        ck_assert_str_eq(expr_bench_text(&f->x, &v, 65), odd);
        ck_assert_str_eq(expr_bench_text(&f->x, &v, 129), odd);
    }
}

START_TEST(what_stands_behind_a_null_is_not_looked_at)
{
    fixture f;
    setup(&f);
    check(&f, "n + CAST(t AS INT)", "11", "NULL");
    check(&f, "n + 1 + (2 * CAST(t AS INT) + n)", "23", "NULL");
    check(&f, "CAST(t AS INT) / (n + 1)", "1.4", "NULL"); /* the divisor comes first */
    check(&f, "substring('abcdefgh', n, CAST(t AS INT))", "defgh", "NULL");
    check(&f, "n + CAST(t AS INT) + CAST('7' AS INT)", "18", "NULL");
    teardown(&f);
}
END_TEST

START_TEST(forms_ask_for_what_they_need)
{
    fixture f;
    setup(&f);
    check(&f, "coalesce(n + CAST(t AS INT), -1)", "11", "-1");
    check(&f, "CASE WHEN n > CAST(t AS INT) THEN 'more' WHEN n IS NULL THEN 'null' ELSE 'less' END", "less", "null");
    check(&f, "n IS NULL OR CAST(t AS INT) = 7", "true", "true");
    check(&f, "concat_ws(',', n + CAST(t AS INT), 'z')", "11,z", "z");
    check(&f, "transform(array(t, '1'), x -> n + CAST(x AS INT))", "[11, 5]", "[null, null]");
    check(&f, "transform(array(1, 2), x -> x + if(n > CAST(t AS INT), 1, n))", "[5, 6]", "[null, null]");
    check(&f, "aggregate(array(t), 0, (s, x) -> s + n + CAST(x AS INT))", "11", "NULL");
    teardown(&f);
}
END_TEST

/* One use after a null-check, another without: the rows of both are run, once each. */
START_TEST(a_shared_step_runs_over_the_rows_of_all_its_uses)
{
    fixture f;
    setup(&f);
    check(&f, "coalesce(n + length(t), length(t) * 10) + coalesce(n + CAST(t AS INT), length(t))", "16", "11");
    check(&f, "coalesce(n + CAST(t AS INT), 0) * coalesce(n + CAST(t AS INT), 1)", "121", "0");
    teardown(&f);
}
END_TEST

START_TEST(what_is_looked_at_still_fails_at_its_place)
{
    static const expr_row rows[] = {{"CAST(t AS INT) + n", "CAST(t AS INT)"},
                                    {"n / CAST(t AS INT)", "CAST(t AS INT)"},
                                    {"n <=> CAST(t AS INT)", "CAST(t AS INT)"},
                                    {"coalesce(n, 0) + CAST(t AS INT)", "CAST(t AS INT)"},
                                    {"n + (5 / (n - 4))", "5 / (n - 4)"}};
    fixture f;
    setup(&f);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sqi_vec v;
        streamq_error *err = NULL;
        ck_assert_int_eq(run(&f, rows[i].text, (sqi_rows){NULL, N}, &v, &err), STREAMQ_ERR_DATA);
        size_t begin = (size_t)(strstr(rows[i].text, rows[i].expected) - rows[i].text);
        char place[40];
        snprintf(place, sizeof place, "pos %zu", begin);
        ck_assert_msg(strstr(sqi_error_message(err), place) != NULL, "%s: %s", rows[i].text, sqi_error_message(err));
        sqi_error_free(err);
    }
    teardown(&f);
}
END_TEST

static streamq_status filter(fixture *f, const char *text, uint32_t *kept, streamq_error **err)
{
    sqi_bound *e = NULL;
    sqi_prog *p = NULL;
    sqi_rows rows = {NULL, 0};
    expr_bench_reset(&f->x);
    ck_assert_int_eq(expr_bench_bind(&f->x, text, &schema, &e, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_prog_new(&p, &e, 1, &f->x.eval, NULL), STREAMQ_OK);
    streamq_status status = sqi_prog_filter(p, &f->x.eval, &f->chunk, &rows, err);
    *kept = rows.n;
    sqi_prog_free(p);
    return status;
}

/* What the first part ran for some rows only, the second must run for its own. */
START_TEST(the_parts_of_a_filter_do_not_share_what_ran_lazily)
{
    fixture f;
    uint32_t kept;
    streamq_error *err = NULL;
    setup(&f);
    ck_assert_int_eq(filter(&f, "n > CAST(t AS INT) AND CAST(t AS INT) + n > 20", &kept, &err), STREAMQ_OK);
    ck_assert_uint_eq(kept, N / 2 - 7); /* 14, 16, ... */
    ck_assert_int_eq(filter(&f, "coalesce(n < CAST(t AS INT), true) AND CAST(t AS INT) + 1 > 0", &kept, &err),
                     STREAMQ_ERR_DATA);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_CAST_INVALID_INPUT);
    sqi_error_free(err);
    err = NULL;
    ck_assert_int_eq(filter(&f, "coalesce(n < CAST(t AS INT), true) AND n + CAST(t AS INT) > 8", &kept, &err),
                     STREAMQ_OK);
    ck_assert_uint_eq(kept, 3); /* 2, 4, 6 */
    teardown(&f);
}
END_TEST

/* One request refused: for want of memory, or, where that was for the text of an error nobody sees, with the answer. */
static void run_refused(fixture *f, sqi_fail_alloc *memory)
{
    sqi_bound *e = NULL;
    sqi_arena scratch;
    streamq_error *err = NULL;
    expr_bench_reset(&f->x);
    ck_assert_int_eq(
        expr_bench_bind(&f->x, "coalesce(n + CAST(t AS INT), length(t)) + CAST('7' AS INT)", &schema, &e, NULL),
        STREAMQ_OK);
    sqi_arena_init(&scratch, &memory->alloc);
    sqi_eval eval = f->x.eval;
    eval.alloc = &memory->alloc;
    eval.arena = &scratch;
    sqi_prog *p = NULL;
    sqi_vec out;
    streamq_status status = sqi_prog_new(&p, &e, 1, &eval, &err);
    if (status == STREAMQ_OK)
        status = sqi_prog_run(p, &eval, &f->chunk, &out, &err);
    if (status == STREAMQ_OK) {
        ck_assert_str_eq(expr_bench_text(&f->x, &out, 4), "18");
        ck_assert_str_eq(expr_bench_text(&f->x, &out, 5), "8");
    } else {
        ck_assert_int_eq(status, STREAMQ_ERR_NOMEM);
    }
    sqi_error_free(err);
    sqi_prog_free(p);
    sqi_arena_fini(&scratch);
    sqi_fail_alloc_assert_clean(memory);
}

START_TEST(every_allocation_may_fail)
{
    fixture f;
    setup(&f);
    bool refused = true;
    size_t at = 0;
    while (refused) {
        at++;
        for (int beyond = 0; beyond < 2; beyond++) {
            sqi_fail_alloc memory;
            sqi_fail_alloc_init(&memory);
            memory.fail_at = at;
            memory.fail_beyond = beyond;
            run_refused(&f, &memory);
            refused = atomic_load(&memory.refused) != 0;
        }
    }
    ck_assert_uint_gt(at, 10);
    teardown(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_stands_behind_a_null_is_not_looked_at,         forms_ask_for_what_they_need,
        a_shared_step_runs_over_the_rows_of_all_its_uses,   what_is_looked_at_still_fails_at_its_place,
        the_parts_of_a_filter_do_not_share_what_ran_lazily, every_allocation_may_fail};
    return sqi_test_main("expr_lazy", tests, sizeof tests / sizeof *tests);
}
