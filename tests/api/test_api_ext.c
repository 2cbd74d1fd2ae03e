/* Functions and aggregates of the program, called from SQL: values, nulls, failures, and what registration refuses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <streamq_ext.h>

#include "api_rig.h"
#include "temp_dir.h"
#include "test_main.h"

typedef enum fault { NONE, FAIL, NO_ARRAY, TOO_SHORT } fault;

typedef struct program {
    fault fault;
    int calls, destroyed, cleared, states;
    int64_t rows, most_nulls;
} program;

/* -------------------------------------------------------------- Arrow by hand */

static void release_numbers(struct ArrowArray *a)
{
    free((void *)a->buffers[0]);
    free((void *)a->buffers[1]);
    free(a->buffers);
    a->release = NULL;
}

/* n BIGINTs, all null. */
static int64_t *make_numbers(struct ArrowArray *out, int64_t n)
{
    *out = (struct ArrowArray){.length = n, .null_count = -1, .n_buffers = 2, .release = release_numbers};
    out->buffers = calloc(2, sizeof *out->buffers);
    out->buffers[0] = calloc(1, (size_t)n / 8 + 1);
    out->buffers[1] = calloc((size_t)n + 1, sizeof(int64_t));
    return (int64_t *)out->buffers[1];
}

static void set_number(struct ArrowArray *a, int64_t i, int64_t v)
{
    ((uint8_t *)a->buffers[0])[i / 8] |= (uint8_t)(1u << i % 8);
    ((int64_t *)a->buffers[1])[i] = v;
}

static int is_there(const struct ArrowArray *a, int64_t i)
{
    const uint8_t *bits = a->buffers[0];
    i += a->offset;
    return !bits || (bits[i / 8] >> i % 8 & 1);
}

static int64_t number_at(const struct ArrowArray *a, int64_t i)
{
    return ((const int64_t *)a->buffers[1])[i + a->offset];
}

static int64_t length_at(const struct ArrowArray *a, int64_t i)
{
    const int32_t *at = (const int32_t *)a->buffers[1] + a->offset;
    return at[i + 1] - at[i];
}

static int32_t wrong(const program *p, struct ArrowArray *out, streamq_ext_error *error)
{
    if (p->fault == FAIL) {
        streamq_ext_fail(error, "out of sorts");
        return 42;
    }
    if (p->fault == TOO_SHORT)
        make_numbers(out, 0);
    return 0;
}

/* -------------------------------------------------------------- far(text, n): bytes + n, null from 100 on */

static int32_t far(void *user, const struct ArrowArray *arguments, struct ArrowArray *out, streamq_ext_error *error)
{
    program *p = user;
    const struct ArrowArray *text = arguments->children[0], *n = arguments->children[1];
    int64_t nulls = 0;
    p->calls++;
    p->rows += arguments->length;
    if (p->fault)
        return wrong(p, out, error);
    make_numbers(out, arguments->length);
    for (int64_t i = 0; i < arguments->length; i++) {
        int there = is_there(text, i) && is_there(n, i);
        nulls += !there;
        if (!there)
            set_number(out, i, -1);
        else if (number_at(n, i) < 100)
            set_number(out, i, length_at(text, i) + number_at(n, i));
    }
    p->most_nulls = nulls > p->most_nulls ? nulls : p->most_nulls;
    return 0;
}

static void destroy(void *user)
{
    ((program *)user)->destroyed++;
}

static streamq_function function_of(program *p, uint32_t flags)
{
    return (streamq_function){.struct_size = sizeof(streamq_function),
                              .user = p,
                              .destroy = destroy,
                              .name = "far",
                              .arguments = "STRING, BIGINT",
                              .result = "BIGINT",
                              .flags = flags,
                              .call = far};
}

/* -------------------------------------------------------------- product(n): keeps its product on the heap */

typedef struct product_state {
    int64_t *value;
} product_state;

static int32_t step(void *user, void *const *states, const struct ArrowArray *arguments, streamq_ext_error *error)
{
    program *p = user;
    const struct ArrowArray *n = arguments->children[0];
    p->calls++;
    for (int64_t i = 0; i < arguments->length; i++) {
        product_state *s = states[i];
        if (!s->value) {
            s->value = malloc(sizeof *s->value);
            *s->value = 1;
            p->states++;
        }
        ck_assert(is_there(n, i));
        *s->value *= number_at(n, i);
    }
    if (p->fault != FAIL)
        return 0;
    streamq_ext_fail(error, "out of sorts");
    return 42;
}

static int32_t emit(void *user, const void *const *states, size_t count, struct ArrowArray *out,
                    streamq_ext_error *error)
{
    program *p = user;
    if (p->fault)
        return wrong(p, out, error);
    make_numbers(out, (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        const product_state *s = states[i];
        if (s->value)
            set_number(out, (int64_t)i, *s->value);
    }
    return 0;
}

static void clear(void *user, void *state)
{
    ((program *)user)->cleared++;
    free(((product_state *)state)->value);
}

static streamq_aggregate aggregate_of(program *p)
{
    return (streamq_aggregate){.struct_size = sizeof(streamq_aggregate),
                               .user = p,
                               .destroy = destroy,
                               .name = "product",
                               .arguments = "BIGINT",
                               .result = "BIGINT",
                               .state_size = sizeof(product_state),
                               .step = step,
                               .emit = emit,
                               .clear = clear};
}

/* -------------------------------------------------------------- the frame */

/* A plan sees what was registered before it was made: the rig's own plan came too early. */
static void gives(api_rig *r, const char *sql, const char *want)
{
    streamq_plan *plan = streamq_plan_new(r->session);
    streamq_batch *b = streamq_collect(streamq_sql(plan, sql), &r->error);
    api_rig_ok(r);
    ck_assert_str_eq(api_rig_rows(b), want);
    streamq_batch_free(b);
    streamq_plan_free(plan);
}

static void fails(api_rig *r, const char *sql, const char *condition, const char *text)
{
    streamq_plan *plan = streamq_plan_new(r->session);
    ck_assert_ptr_null(streamq_collect(streamq_sql(plan, sql), &r->error));
    api_rig_refused(r, condition, text);
    streamq_plan_free(plan);
}

static void with_function(api_rig *r, program *p, uint32_t flags)
{
    streamq_function f = function_of(p, flags);
    api_rig_begin(r, NULL);
    streamq_session_register_function(r->session, &f, &r->error);
    api_rig_ok(r);
}

static void with_aggregate(api_rig *r, program *p)
{
    streamq_aggregate a = aggregate_of(p);
    api_rig_begin(r, NULL);
    streamq_session_register_aggregate(r->session, &a, &r->error);
    api_rig_ok(r);
}

START_TEST(a_function_is_called_with_its_arguments_cast_and_without_null_rows)
{
    api_rig r;
    program p = {0};
    with_function(&r, &p, 0);
    gives(&r, "SELECT k, FAR(w, k) FROM VALUES (1, 'x y'), (2, NULL), (NULL, 'z'), (3, ''), (200, 'q') AS t(k, w)",
          "1|4\n200|NULL\n2|NULL\n3|3\nNULL|NULL");
    ck_assert_int_eq(p.most_nulls, 0);
    ck_assert_int_eq(p.rows, 3);
    gives(&r, "SELECT far(k, '7') FROM VALUES (12345) AS t(k)", "12"); /* both are cast */
    gives(&r, "SELECT k FROM VALUES (1, 'abc'), (2, 'a') AS t(k, w) WHERE far(w, 0) > 2", "1");
    api_rig_end(&r);
    ck_assert_int_eq(p.destroyed, 1);
}
END_TEST

START_TEST(a_function_that_sees_nulls_answers_for_them)
{
    api_rig r;
    program p = {0};
    with_function(&r, &p, STREAMQ_FUNCTION_SEES_NULLS);
    gives(&r, "SELECT far(w, k) FROM VALUES (1, 'x y'), (2, NULL), (NULL, 'z') AS t(k, w)", "-1\n-1\n4");
    ck_assert_int_eq(p.most_nulls, 2);
    api_rig_end(&r);
}
END_TEST

START_TEST(a_function_runs_only_for_the_rows_of_its_branch)
{
    api_rig r;
    program p = {0};
    with_function(&r, &p, 0);
    gives(&r,
          "SELECT CASE WHEN k > 2 THEN far(w, k) ELSE -k END FROM VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'dd') AS "
          "t(k, w)",
          "-1\n-2\n4\n6");
    ck_assert_int_eq(p.rows, 2);
    api_rig_end(&r);
}
END_TEST

START_TEST(a_function_that_fails_or_lies_ends_the_query_with_its_name)
{
    const char *sql = "SELECT far(w, k) FROM VALUES (1, 'a'), (2, 'b') AS t(k, w)";
    api_rig r;
    program p = {.fault = FAIL};
    with_function(&r, &p, 0);
    fails(&r, sql, "USER_CALLBACK_FAILED", "function 'far': call returned 42: out of sorts");
    p.fault = NO_ARRAY;
    fails(&r, sql, "USER_CALLBACK_FAILED", "gave no array");
    p.fault = TOO_SHORT;
    fails(&r, sql, "USER_CALLBACK_FAILED", "gave 0 values for 2 rows");
    fails(&r, "SELECT far('a')", "WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "far");
    fails(&r, "SELECT far('a', array(1))", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", "");
    api_rig_end(&r);
}
END_TEST

START_TEST(an_aggregate_keeps_a_state_for_each_group_and_clears_each_once)
{
    api_rig r;
    program p = {0};
    with_aggregate(&r, &p);
    gives(
        &r,
        "SELECT g, product(n) FROM VALUES ('a', 2), ('b', 5), ('a', 3), ('a', NULL), ('c', NULL) AS t(g, n) GROUP BY g",
        "a|6\nb|5\nc|NULL");
    gives(&r, "SELECT product(n) + 1, count(*) FROM VALUES (2), (3), (4) AS t(n)", "25|3");
    gives(&r, "SELECT product(n) FROM VALUES (1), (2) AS t(n) WHERE n > 5", "NULL");
    api_rig_end(&r);
    ck_assert_int_eq(p.states, 3);
    ck_assert_int_ge(p.cleared, 3);
    ck_assert_int_eq(p.destroyed, 1);
}
END_TEST

START_TEST(an_aggregate_that_fails_or_lies_ends_the_query_with_its_name)
{
    const char *sql = "SELECT product(n) FROM VALUES (2), (3) AS t(n)";
    api_rig r;
    program p = {.fault = FAIL};
    with_aggregate(&r, &p);
    fails(&r, sql, "USER_CALLBACK_FAILED", "aggregate 'product': step returned 42: out of sorts");
    p.fault = NO_ARRAY;
    fails(&r, sql, "USER_CALLBACK_FAILED", "gave no array");
    p.fault = TOO_SHORT;
    fails(&r, sql, "USER_CALLBACK_FAILED", "gave 0 values for 1 rows");
    api_rig_end(&r);
    ck_assert_int_eq(p.cleared, p.states);
}
END_TEST

static void refused_function(api_rig *r, const streamq_function *f, const char *condition, const char *text)
{
    program *p = f->user;
    int before = p->destroyed;
    ck_assert_int_ne(streamq_session_register_function(r->session, f, &r->error), STREAMQ_OK);
    api_rig_refused(r, condition, text);
    ck_assert_int_eq(p->destroyed, before + 1); /* at once */
}

START_TEST(registration_refuses_what_cannot_work_and_destroys_it_at_once)
{
    api_rig r;
    program first = {0}, p = {0};
    with_function(&r, &first, 0);
    streamq_function f = function_of(&p, 0);
    refused_function(&r, &f, "CALL_OUT_OF_ORDER", "there is a function 'far' already");
    f.name = "UPPER";
    refused_function(&r, &f, "CALL_OUT_OF_ORDER", "upper");
    f.name = "no spaces";
    refused_function(&r, &f, "INVALID_ARGUMENT", "may hold letters");
    f.name = NULL;
    refused_function(&r, &f, "INVALID_ARGUMENT", "needs a name");
    f.name = "near";
    f.call = NULL;
    refused_function(&r, &f, "INVALID_ARGUMENT", "needs its call");
    f = function_of(&p, 0);
    f.name = "near";
    f.arguments = "STRING,";
    refused_function(&r, &f, "PARSE_SYNTAX_ERROR", "");
    f.arguments = "STRING";
    f.result = NULL;
    refused_function(&r, &f, "INVALID_ARGUMENT", "result type");
    streamq_aggregate a = aggregate_of(&p);
    a.state_size = 4097;
    ck_assert_int_ne(streamq_session_register_aggregate(r.session, &a, &r.error), STREAMQ_OK);
    api_rig_refused(&r, "INVALID_ARGUMENT", "1 to 4096 bytes");
    a.struct_size--; /* of another version: nothing in it is believed, its destroy neither */
    ck_assert_int_ne(streamq_session_register_aggregate(r.session, &a, &r.error), STREAMQ_OK);
    api_rig_refused(&r, "INVALID_ARGUMENT", "struct_size");
    api_rig_end(&r);
    ck_assert_int_eq(first.destroyed, 1);
    ck_assert_int_eq(p.destroyed, 8);
}
END_TEST

/* -------------------------------------------------------------- with a checkpoint */

/* The same as product, but the value stands in the state itself. */
static int32_t step_plain(void *user, void *const *states, const struct ArrowArray *arguments, streamq_ext_error *error)
{
    const struct ArrowArray *n = arguments->children[0];
    (void)user;
    (void)error;
    for (int64_t i = 0; i < arguments->length; i++) {
        int64_t *s = states[i];
        *s = (*s ? *s : 1) * number_at(n, i);
    }
    return 0;
}

static int32_t emit_plain(void *user, const void *const *states, size_t count, struct ArrowArray *out,
                          streamq_ext_error *error)
{
    (void)user;
    (void)error;
    make_numbers(out, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        set_number(out, (int64_t)i, *(const int64_t *)states[i]);
    return 0;
}

/* One life of a query over `lines`: what it gives, NULL if it does not start. */
static const char *durable_life(program *p, const char *dir, int plain, const char *lines, const char *refused)
{
    static char rows[200];
    api_rig r;
    streamq_aggregate a = aggregate_of(p);
    if (plain) {
        a.step = step_plain;
        a.emit = emit_plain;
        a.clear = NULL;
    }
    api_rig_begin(&r, NULL);
    streamq_session_register_aggregate(r.session, &a, &r.error);
    api_rig_ok(&r);
    streamq_plan_free(r.plan); /* a plan sees what was registered before it was made */
    r.plan = streamq_plan_new(r.session);
    streamq_reader *reader = streamq_read_stream(r.plan, "memory");
    streamq_reader_feed(reader, r.feed);
    streamq_stream *s = streamq_agg(streamq_group_by(streamq_reader_load(reader), "length(value)"), "product(value)");
    streamq_writer *w = streamq_write_stream(s, "pull");
    streamq_writer_output_mode(w, STREAMQ_UPDATE);
    streamq_writer_option(w, "checkpointLocation", dir);
    streamq_query *q = streamq_writer_open(w, &r.error);
    rows[0] = '\0';
    if (refused) {
        ck_assert_ptr_null(q);
        api_rig_refused(&r, "UNSUPPORTED_FEATURE.CHECKPOINT", refused);
    } else {
        api_rig_ok(&r);
        api_rig_push(&r, lines);
        ck_assert_int_eq(streamq_query_process_all_available(q, 10000, &r.error), STREAMQ_OK);
        streamq_batch *b = streamq_query_next_batch(q, NULL);
        ck_assert_ptr_nonnull(b);
        strcpy(rows, api_rig_rows(b));
        streamq_batch_free(b);
        streamq_query_free(q);
    }
    api_rig_end(&r);
    return rows;
}

START_TEST(an_aggregate_with_plain_states_goes_on_from_a_checkpoint_and_one_that_clears_is_refused)
{
    program p = {0};
    char dir[64];
    temp_dir_begin(dir);
    ck_assert_str_eq(durable_life(&p, dir, 1, "2\n3\n10", NULL), "1|6\n2|10");
    ck_assert_str_eq(durable_life(&p, dir, 1, "4\n100", NULL), "1|24\n3|100");
    ck_assert_str_eq(durable_life(&p, dir, 1, "11", NULL), "2|110");
    temp_dir_end(dir);
    durable_life(&p, dir, 0, "2", "product");
    ck_assert_int_eq(p.cleared, 0);
    temp_dir_end(dir);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_function_is_called_with_its_arguments_cast_and_without_null_rows,
        a_function_that_sees_nulls_answers_for_them,
        a_function_runs_only_for_the_rows_of_its_branch,
        a_function_that_fails_or_lies_ends_the_query_with_its_name,
        an_aggregate_keeps_a_state_for_each_group_and_clears_each_once,
        an_aggregate_that_fails_or_lies_ends_the_query_with_its_name,
        an_aggregate_with_plain_states_goes_on_from_a_checkpoint_and_one_that_clears_is_refused,
        registration_refuses_what_cannot_work_and_destroys_it_at_once,
    };
    return sqi_test_main("api_ext", tests, sizeof tests / sizeof *tests);
}
