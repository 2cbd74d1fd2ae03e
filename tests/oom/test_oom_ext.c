/* Functions, aggregates, sources and sinks of the program with every request for memory refused in turn. */
#include <stdint.h>
#include <string.h>

#include <streamq_ext.h>

#include "ext_numbers.h"
#include "oom_rig.h"
#include "test_main.h"

/* Every registration is destroyed exactly once, every state that was made is cleared. */
static int registered, destroyed, made, cleared;

static void destroy(void *user)
{
    (void)user;
    destroyed++;
}

typedef struct numbers { /* the test's memory: it is never refused */
    const void *buffers[2];
    int64_t value[8]; /* more than a chunk of the rig has rows */
} numbers;

static void release_numbers(struct ArrowArray *a)
{
    oom_own_free(a->private_data);
    a->release = NULL;
}

static int64_t *make_numbers(struct ArrowArray *out,
                             int64_t n) /* asserts nothing: Check uses the heap that is counted */
{
    numbers *own = oom_own(sizeof *own);
    *out = (struct ArrowArray){
        .length = n, .n_buffers = 2, .buffers = own->buffers, .release = release_numbers, .private_data = own};
    own->buffers[0] = NULL;
    own->buffers[1] = own->value;
    return own->value;
}

static int32_t twice(void *user, const struct ArrowArray *arguments, struct ArrowArray *out, streamq_ext_error *error)
{
    const struct ArrowArray *n = arguments->children[0];
    int64_t *to = make_numbers(out, arguments->length);
    (void)user, (void)error;
    for (int64_t i = 0; i < arguments->length; i++)
        to[i] = 2 * ((const int64_t *)n->buffers[1])[i + n->offset];
    return 0;
}

typedef struct total {
    int64_t *value;
} total;

static int32_t step(void *user, void *const *states, const struct ArrowArray *arguments, streamq_ext_error *error)
{
    const struct ArrowArray *n = arguments->children[0];
    (void)user, (void)error;
    for (int64_t i = 0; i < arguments->length; i++) {
        total *t = states[i];
        if (!t->value) {
            t->value = oom_own(sizeof *t->value);
            *t->value = 0;
            made++;
        }
        *t->value += ((const int64_t *)n->buffers[1])[i + n->offset];
    }
    return 0;
}

static int32_t emit(void *user, const void *const *states, size_t count, struct ArrowArray *out,
                    streamq_ext_error *error)
{
    int64_t *to = make_numbers(out, (int64_t)count);
    (void)user, (void)error;
    for (size_t i = 0; i < count; i++)
        to[i] = *((const total *)states[i])->value;
    return 0;
}

static void clear(void *user, void *state)
{
    total *t = state;
    (void)user;
    cleared += t->value != NULL;
    oom_own_free(t->value);
}

static const streamq_function function = {.struct_size = sizeof function,
                                          .destroy = destroy,
                                          .name = "twice",
                                          .arguments = "BIGINT",
                                          .result = "BIGINT",
                                          .call = twice};
static const streamq_aggregate aggregate = {.struct_size = sizeof aggregate,
                                            .destroy = destroy,
                                            .name = "total",
                                            .arguments = "BIGINT",
                                            .result = "BIGINT",
                                            .state_size = sizeof(total),
                                            .step = step,
                                            .emit = emit,
                                            .clear = clear};

static void call_both(oom_rig *r)
{
    registered++;
    if (streamq_session_register_function(r->session, &function, &r->error) != STREAMQ_OK)
        return;
    registered++;
    if (streamq_session_register_aggregate(r->session, &aggregate, &r->error) != STREAMQ_OK)
        return;
    streamq_plan *plan = streamq_plan_new(r->session); /* the rig's was made before */
    if (!oom_have(r, plan))
        return;
    streamq_stream *s = streamq_sql(plan, "SELECT g, total(twice(n)) AS t FROM VALUES ('a', 1), ('b', 2), ('a', 3), "
                                          "('b', NULL) AS v(g, n) GROUP BY g ORDER BY g");
    streamq_batch *b = streamq_collect(s, &r->error);
    if (b) {
        oom_expect(r, streamq_batch_rows(b) == 2, "two groups");
        oom_expect(r, streamq_batch_get_int64(b, 0, 1) == 8 && streamq_batch_get_int64(b, 1, 1) == 4, "totals");
        streamq_batch_free(b);
    }
    streamq_plan_free(plan);
}

START_TEST(functions_and_aggregates_of_the_program_survive_every_refusal)
{
    oom_every_allocation("functions of the program", call_both);
    ck_assert_int_gt(registered, 2);
    ck_assert_int_eq(destroyed, registered);
    ck_assert_int_gt(made, 2);
    ck_assert_int_eq(cleared, made);
}
END_TEST

/* A query between a source and a sink of the program, whose own memory is never refused. */
static ext_numbers counted = {.until = 5, .step = 3, .take = oom_own, .give = oom_own_free};

static void numbers_to_numbers(oom_rig *r)
{
    streamq_source source = ext_numbers_source(&counted);
    streamq_sink sink = ext_numbers_sink(&counted);
    counted.sum = 0;
    counted.made++;
    if (streamq_session_register_source(r->session, "counted", &source, &r->error) != STREAMQ_OK)
        return;
    counted.made++;
    if (streamq_session_register_sink(r->session, "counted", &sink, &r->error) != STREAMQ_OK)
        return;
    streamq_plan *plan = streamq_plan_new(r->session); /* the rig's was made before */
    if (!oom_have(r, plan))
        return;
    streamq_reader *reader = streamq_read_stream(plan, "counted");
    streamq_reader_option(reader, "color", "blue");
    streamq_stream *s = streamq_where(streamq_reader_load(reader), "n <> 2");
    if (oom_open(r, streamq_write_stream(s, "counted")) && oom_settle(r))
        oom_expect(r, counted.sum == 1 + 3 + 4 + 5, "sum");
    streamq_plan_free(plan);
}

START_TEST(a_source_and_a_sink_of_the_program_survive_every_refusal)
{
    oom_every_allocation("source and sink of the program", numbers_to_numbers);
    ck_assert_int_gt(counted.made, 4);
    ck_assert_int_eq(counted.destroyed, counted.made);
    ck_assert_int_gt(counted.opened, 4);
    ck_assert_int_eq(counted.closed, counted.opened);
    ck_assert_int_gt(counted.handed_out, 4);
    ck_assert_int_eq(counted.let_go, counted.handed_out);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {functions_and_aggregates_of_the_program_survive_every_refusal,
                                  a_source_and_a_sink_of_the_program_survive_every_refusal};
    return sqi_test_main("oom_ext", tests, sizeof tests / sizeof *tests);
}
