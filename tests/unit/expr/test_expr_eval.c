/*
 * Evaluation over chunks: nulls, selections, constants, branches that must not run, places of errors. Every expression
 * is run over dense rows, a selection, and row by row, and must give the same.
 */
#include "data_builder.h"
#include "expr_check.h"

enum { N = 203 };

typedef struct fixture {
    expr_bench x;
    sqi_arena columns;
    sqi_vec col[5];
    sqi_chunk chunk;
} fixture;

static sqi_field fields[] = {{{"a", 1}, &sqi_type_int, false},
                             {{"n", 1}, &sqi_type_int, true},
                             {{"d", 1}, &sqi_type_double, true},
                             {{"t", 1}, &sqi_type_string, true},
                             {{"c", 1}, &sqi_type_int, true}};
static const sqi_schema schema = {5, fields};

/* a: 0, 1, 2, ...; n: a % 7, null every fifth row; d: a / 2; t: words; c: the constant 3 */
static void setup(fixture *f)
{
    static const char *const words[] = {"", "one", "a rather long word to stand outside", "two", "x y z"};
    expr_bench_init(&f->x);
    sqi_arena_init(&f->columns, &f->x.alloc);
    sqi_builder *b[5];
    for (int k = 0; k < 5; k++)
        b[k] = sqi_builder_new(fields[k].type, &f->columns);
    for (int i = 0; i < N; i++) {
        sqi_builder_int(b[0], i);
        if (i % 5 == 4)
            sqi_builder_null(b[1]);
        else
            sqi_builder_int(b[1], i % 7);
        if (i % 11 == 3)
            sqi_builder_null(b[2]);
        else
            sqi_builder_real(b[2], i / 2.0);
        if (i % 13 == 0)
            sqi_builder_null(b[3]);
        else
            sqi_builder_bytes(b[3], sqi_span_of(words[i % 5]));
    }
    sqi_builder_int(b[4], 3);
    for (int k = 0; k < 5; k++)
        ck_assert_int_eq(sqi_builder_finish(b[k], &f->col[k], NULL), STREAMQ_OK);
    f->col[4].mask = 0;
    f->chunk = (sqi_chunk){.n = N, .ncol = 5, .rows = {NULL, N}, .col = f->col};
}

static void teardown(fixture *f)
{
    sqi_arena_fini(&f->columns);
    expr_bench_fini(&f->x);
    ck_assert_uint_eq(atomic_load(&f->x.alloc.used), 0);
}

static void run(fixture *f, sqi_bound *e, sqi_rows rows, sqi_vec *out)
{
    streamq_error *err = NULL;
    sqi_chunk chunk = f->chunk;
    chunk.rows = rows;
    streamq_status status = expr_bench_run(&f->x, e, &chunk, out, &err);
    ck_assert_msg(status == STREAMQ_OK, "%s", sqi_error_message(err));
}

/* The value at each row alone is what dense and selected runs give. */
static void check_ways(fixture *f, const char *text)
{
    sqi_bound *e = NULL;
    streamq_error *err = NULL;
    expr_bench_reset(&f->x);
    ck_assert_msg(expr_bench_bind(&f->x, text, &schema, &e, &err) == STREAMQ_OK, "%s: %s", text, sqi_error_text(err));
    const char *alone[N];
    for (uint32_t i = 0; i < N; i++) {
        sqi_vec v;
        run(f, e, (sqi_rows){&i, 1}, &v);
        alone[i] = expr_bench_text(&f->x, &v, i);
    }
    sqi_vec dense;
    run(f, e, (sqi_rows){NULL, N}, &dense);
    for (uint32_t i = 0; i < N; i++)
        ck_assert_str_eq(expr_bench_text(&f->x, &dense, i), alone[i]);
    for (uint32_t step = 2; step < 60; step += 19) {
        uint32_t sel[N], n = 0;
        sqi_vec some;
        for (uint32_t i = step % 3; i < N; i += step)
            sel[n++] = i;
        run(f, e, (sqi_rows){sel, n}, &some);
        for (uint32_t k = 0; k < n; k++)
            ck_assert_msg(strcmp(expr_bench_text(&f->x, &some, sel[k]), alone[sel[k]]) == 0, "%s at row %u of step %u",
                          text, (unsigned)sel[k], (unsigned)step);
    }
}

START_TEST(dense_selected_and_single_rows_agree)
{
    static const char *const texts[] = {"a",
                                        "n",
                                        "c",
                                        "1",
                                        "NULL",
                                        "a + n",
                                        "n + n",
                                        "n * c + a",
                                        "a - 1",
                                        "1 - n",
                                        "-n",
                                        "abs(n - 3)",
                                        "d + 1",
                                        "d / 3",
                                        "a % 5",
                                        "n div 2",
                                        "d % 2",
                                        "pmod(n - 3, 5)",
                                        "CAST(n AS DECIMAL(10,2)) * 1.5",
                                        "n & 5",
                                        "~n",
                                        "a << 2",
                                        "n > 3",
                                        "n = c",
                                        "d < n",
                                        "d >= 10",
                                        "t = 'one'",
                                        "t < 'two'",
                                        "n <=> 3",
                                        "n <=> NULL",
                                        "n IS NULL",
                                        "t IS NOT NULL",
                                        "n > 3 AND d < 50",
                                        "n > 3 OR d < 50",
                                        "NOT n > 3",
                                        "n > 3 AND NULL",
                                        "n > 3 OR NULL",
                                        "(n > 3) IS UNKNOWN",
                                        "n BETWEEN 2 AND c",
                                        "n IN (1, 3, 5)",
                                        "n IN (1, NULL)",
                                        "n IN (a, c)",
                                        "a IN (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377)",
                                        "t IN ('one', 'two', 'x y z')",
                                        "if(n > 3, a, n)",
                                        "if(n > 3, t, 'no')",
                                        "CASE n WHEN 1 THEN 'a' WHEN 2 THEN t END",
                                        "CASE WHEN a < 5 THEN array(a) WHEN n > 2 THEN array(n, a) ELSE NULL END",
                                        "CASE WHEN n > 3 THEN struct(a, t) ELSE struct(n AS a, 'x' AS t) END",
                                        "coalesce(n, a)",
                                        "coalesce(NULL, t, 'z')",
                                        "nullif(n, 3)",
                                        "nanvl(d, a)",
                                        "greatest(n, c, 2)",
                                        "least(t, 'p')",
                                        "decode(n, 1, 'one', NULL, 'null', t)",
                                        "try_divide(a, n)",
                                        "try_add(t, 1)",
                                        "try_cast(t AS INT)",
                                        "upper(t)",
                                        "split(t, ' ')",
                                        "length(t)",
                                        "struct(a, n).n",
                                        "array(a, n, NULL)",
                                        "array(struct(a AS q), struct(n AS q)).q",
                                        "transform(split(t, ' '), w -> concat(w, n))",
                                        "transform(array(n, a), (v, i) -> v * i + a)",
                                        "filter(array(n, a, c), v -> v > 3)",
                                        "exists(array(n, c), v -> v = 3)",
                                        "forall(array(n, c), v -> v < 6)",
                                        "exists(array(1, n, 0), v -> 10 / v = 10)",
                                        "aggregate(array(n, a, c), 0, (s, v) -> s + v)",
                                        "aggregate(sequence(1, n + 1), 1L, (p, v) -> p * v, p -> concat('=', p))",
                                        "zip_with(array(n), split(t, ' '), (v, w) -> concat(w, v))",
                                        "transform(array(array(n, 1), array(a)), r -> transform(r, v -> v + a + n))",
                                        "map_filter(map(1, n, 2, a), (k, v) -> v > 3)",
                                        "transform_values(map('k', n), (k, v) -> concat(k, v, t))",
                                        "round(d, -1)",
                                        "sqrt(a)",
                                        "ln(a)",
                                        "typeof(n)",
                                        "current_date() = current_date()"};
    fixture f;
    setup(&f);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_ways(&f, texts[i]);
    teardown(&f);
}
END_TEST

/* Fails at the rows that say so and nowhere else. */
static void fails_at(fixture *f, const char *text, uint32_t row, sqi_cond cond, const char *place)
{
    sqi_bound *e = NULL;
    streamq_error *err = NULL;
    sqi_vec out;
    size_t begin = 0, end = 0;
    expr_bench_reset(&f->x);
    ck_assert_int_eq(expr_bench_bind(&f->x, text, &schema, &e, NULL), STREAMQ_OK);
    uint32_t others[N], n = 0;
    for (uint32_t i = 0; i < N; i++)
        if (i != row)
            others[n++] = i;
    sqi_chunk chunk = f->chunk;
    chunk.rows = (sqi_rows){others, n};
    ck_assert_msg(expr_bench_run(&f->x, e, &chunk, &out, NULL) == STREAMQ_OK, "%s fails elsewhere", text);
    ck_assert_msg(expr_bench_run(&f->x, e, &f->chunk, &out, &err) != STREAMQ_OK, "%s does not fail", text);
    ck_assert_msg(sqi_error_cond(err) == cond, "%s: %s", text, sqi_cond_name(sqi_error_cond(err)));
    ck_assert(sqi_error_where(err, &begin, &end));
    ck_assert_msg(strncmp(text + begin, place, strlen(place)) == 0 && end - begin == strlen(place), "%s: at '%.*s'",
                  text, (int)(end - begin), text + begin);
    sqi_error_free(err);
}

START_TEST(an_error_comes_from_the_row_that_has_it_and_names_its_place)
{
    fixture f;
    setup(&f);
    fails_at(&f, "1 + 10 / (a - 17)", 17, SQI_COND_DIVIDE_BY_ZERO, "10 / (a - 17)");
    fails_at(&f, "2147483447 + (a - 1)", 202, SQI_COND_ARITHMETIC_OVERFLOW, "2147483447 + (a - 1)");
    fails_at(&f, "a % (a - 3)", 3, SQI_COND_REMAINDER_BY_ZERO, "a % (a - 3)");
    fails_at(&f, "CAST(if(a = 9, 'x', '1') AS INT)", 9, SQI_COND_CAST_INVALID_INPUT,
             "CAST(if(a = 9, 'x', '1') AS INT)");
    fails_at(&f, "transform(array(a), v -> 1 / (v - 30))", 30, SQI_COND_DIVIDE_BY_ZERO, "1 / (v - 30)");
    fails_at(&f, "if(a = 5, raise_error('five'), 1)", 5, SQI_COND_USER_RAISED_EXCEPTION, "raise_error('five')");
    teardown(&f);
}
END_TEST

START_TEST(what_is_not_reached_cannot_fail)
{
    static const char *const texts[] = {"if(a = 0, 0, 10 / a)",
                                        "CASE WHEN a = 0 THEN 0 ELSE 10 / a END",
                                        "a = 0 OR 10 / a > 1",
                                        "a != 0 AND 10 / a > 1",
                                        "coalesce(nullif(a, 0) + 0.0D, 10 / (a + 1))",
                                        "a IN (a, 10 / 0)",
                                        "if(n IS NULL, 1, 10 / (n + 1))",
                                        "10 / nullif(a, 0)",
                                        "exists(array(0, a), v -> v = 0 OR 1 / v > 5)",
                                        "filter(array(a, 1), v -> v != 0 AND 1 / v > 0)"};
    fixture f;
    setup(&f);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_ways(&f, texts[i]);
    teardown(&f);
}
END_TEST

static uint32_t filtered(fixture *f, const char *text, sqi_rows rows, uint32_t *kept)
{
    sqi_bound *e = NULL;
    sqi_prog *prog = NULL;
    streamq_error *err = NULL;
    sqi_rows out = {NULL, 0};
    sqi_chunk chunk = f->chunk;
    chunk.rows = rows;
    expr_bench_reset(&f->x);
    ck_assert_int_eq(expr_bench_bind(&f->x, text, &schema, &e, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_prog_new(&prog, &e, 1, &f->x.eval, NULL), STREAMQ_OK);
    streamq_status status = sqi_prog_filter(prog, &f->x.eval, &chunk, &out, &err);
    ck_assert_msg(status == STREAMQ_OK, "%s", sqi_error_message(err));
    for (uint32_t k = 0; k < out.n; k++)
        kept[k] = out.sel ? out.sel[k] : k;
    sqi_prog_free(prog);
    return out.n;
}

START_TEST(a_filter_keeps_the_rows_where_the_condition_is_true)
{
    fixture f;
    uint32_t kept[N], even[N], n = 0;
    setup(&f);
    for (uint32_t i = 0; i < N; i += 2)
        even[n++] = i;
    ck_assert_uint_eq(filtered(&f, "a < 10", (sqi_rows){NULL, N}, kept), 10);
    ck_assert_uint_eq(kept[9], 9);
    ck_assert_uint_eq(filtered(&f, "a < 10", (sqi_rows){even, n}, kept), 5);
    ck_assert_uint_eq(kept[4], 8);
    ck_assert_uint_eq(filtered(&f, "n = 1 AND a < 20", (sqi_rows){NULL, N}, kept), 3); /* 1, 8, 15; all without nulls */
    ck_assert_uint_eq(kept[1], 8);
    ck_assert_uint_eq(filtered(&f, "n IS NULL AND a < 20", (sqi_rows){NULL, N}, kept), 4);
    ck_assert_uint_eq(filtered(&f, "a != 0 AND 10 / a > 1 AND t IS NOT NULL", (sqi_rows){NULL, N}, kept), 9);
    ck_assert_uint_eq(filtered(&f, "true", (sqi_rows){NULL, N}, kept), N);
    ck_assert_uint_eq(filtered(&f, "true", (sqi_rows){even, n}, kept), n);
    ck_assert_uint_eq(filtered(&f, "a >= 0 AND c = 3", (sqi_rows){NULL, N}, kept), N);
    ck_assert_uint_eq(filtered(&f, "false AND raise_error('x') IS NULL", (sqi_rows){NULL, N}, kept), 0);
    ck_assert_uint_eq(filtered(&f, "CAST(NULL AS BOOLEAN)", (sqi_rows){NULL, N}, kept), 0);
    ck_assert_uint_eq(filtered(&f, "n > 100", (sqi_rows){NULL, N}, kept), 0);
    teardown(&f);
}
END_TEST

/* Conditions that cannot fail are ANDed over all rows; over a list of them they narrow one after the other. */
START_TEST(conjuncts_over_all_rows_keep_what_they_keep_one_by_one)
{
    static const char *const texts[] = {
        "a < 90 AND a > 7",
        "n < 5 AND n > 1",
        "a < 90 AND n > 1",
        "n > 1 AND a < 90",
        "n > 1 AND a < 90 AND d < 40",
        "n > 1 AND a < 90 AND d < 40 AND a > 3",
        "n > 1 AND c = 3 AND a < 90",
        "c = 3 AND n > 1 AND a < 90",
        "n > 1 AND c = 4 AND a < 90",
        "a >= 0 AND a < 1000",
        "n IS NOT NULL AND a > 3 AND t = 'two'",
        "10 / (a + 1) < 5 AND n = 3 AND a > 7",
        "a > 7 AND 10 / (a - 7) < 5 AND n = 3",
    };
    fixture f;
    uint32_t all[N], kept[N], listed[N];
    setup(&f);
    for (uint32_t i = 0; i < N; i++)
        all[i] = i;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint32_t n = filtered(&f, texts[i], (sqi_rows){NULL, N}, kept);
        ck_assert_msg(n == filtered(&f, texts[i], (sqi_rows){all, N}, listed), "%s", texts[i]);
        ck_assert_msg(memcmp(kept, listed, n * sizeof *kept) == 0, "%s", texts[i]);
    }
    teardown(&f);
}
END_TEST

START_TEST(constants_stay_constants)
{
    fixture f;
    sqi_bound *e = NULL;
    sqi_vec v;
    setup(&f);
    f.x.binder.allow = SQI_BIND_UNFOLDED;
    ck_assert_int_eq(expr_bench_bind(&f.x, "1 + 2", &schema, &e, NULL), STREAMQ_OK);
    run(&f, e, (sqi_rows){NULL, N}, &v);
    ck_assert_uint_eq(v.mask, 0);
    ck_assert_int_eq(expr_bench_bind(&f.x, "c + 2", &schema, &e, NULL), STREAMQ_OK); /* the column happens to be one */
    run(&f, e, (sqi_rows){NULL, N}, &v);
    ck_assert_uint_eq(v.mask, 0);
    ck_assert_str_eq(expr_bench_text(&f.x, &v, 100), "5");
    ck_assert_int_eq(expr_bench_bind(&f.x, "rand()", &schema, &e, NULL), STREAMQ_OK);
    run(&f, e, (sqi_rows){NULL, N}, &v);
    ck_assert_uint_eq(v.mask, UINT32_MAX);
    ck_assert(SQI_AT(&v, double, 1) != SQI_AT(&v, double, 2));
    teardown(&f);
}
END_TEST

START_TEST(no_rows_give_no_error)
{
    fixture f;
    sqi_bound *e = NULL;
    sqi_vec v;
    setup(&f);
    f.x.binder.allow = SQI_BIND_UNFOLDED;
    ck_assert_int_eq(expr_bench_bind(&f.x, "1 / 0", &schema, &e, NULL), STREAMQ_OK);
    run(&f, e, (sqi_rows){NULL, 0}, &v);
    ck_assert_int_eq(v.type->id, SQI_DOUBLE);
    teardown(&f);
}
END_TEST

START_TEST(a_steady_state_takes_no_memory)
{
    fixture f;
    sqi_bound *e = NULL;
    sqi_prog *prog = NULL;
    sqi_vec v;
    setup(&f);
    ck_assert_int_eq(expr_bench_bind(&f.x, "CASE WHEN n > 2 THEN upper(t) ELSE concat(t, a) END", &schema, &e, NULL),
                     STREAMQ_OK);
    ck_assert_int_eq(sqi_prog_new(&prog, &e, 1, &f.x.eval, NULL), STREAMQ_OK);
    size_t calls = 0;
    for (int k = 0; k < 10; k++) {
        if (k == 3)
            calls = atomic_load(&f.x.alloc.calls);
        ck_assert_int_eq(sqi_prog_run(prog, &f.x.eval, &f.chunk, &v, NULL), STREAMQ_OK);
        sqi_arena_reset(&f.x.scratch);
    }
    ck_assert_uint_eq(atomic_load(&f.x.alloc.calls), calls);
    sqi_prog_free(prog);
    teardown(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {dense_selected_and_single_rows_agree,
                                  an_error_comes_from_the_row_that_has_it_and_names_its_place,
                                  what_is_not_reached_cannot_fail,
                                  a_filter_keeps_the_rows_where_the_condition_is_true,
                                  conjuncts_over_all_rows_keep_what_they_keep_one_by_one,
                                  constants_stay_constants,
                                  no_rows_give_no_error,
                                  a_steady_state_takes_no_memory};
    return sqi_test_main("expr_eval", tests, sizeof tests / sizeof *tests);
}
