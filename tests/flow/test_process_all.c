/*
 * process_all_available of a query with its own thread: who waits takes the steps, one thread at a time, and everything
 * else stays as it is. A gate holds the query's thread in its sleep, so that it is certain who does the work.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api_rig.h"
#include "api_state.h"
#include "os_sim.h"
#include "test_main.h"

enum { LONG_MS = 20000 }; /* what a test waits for before it fails */

typedef struct gate {
    sqi_os os;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool closed;
    unsigned asleep; /* threads at the gate or behind it */
} gate;

static bool gated_wait_fd(void *context, int fd, int64_t deadline_micros)
{
    gate *g = context;
    pthread_mutex_lock(&g->lock);
    g->asleep++;
    pthread_cond_broadcast(&g->changed);
    while (g->closed)
        pthread_cond_wait(&g->changed, &g->lock);
    pthread_mutex_unlock(&g->lock);
    bool readable = sqi_os_wait_fd(sqi_os_posix(), fd, deadline_micros);
    pthread_mutex_lock(&g->lock);
    g->asleep--;
    pthread_mutex_unlock(&g->lock);
    return readable;
}

static void set_gate(gate *g, bool closed)
{
    pthread_mutex_lock(&g->lock);
    g->closed = closed;
    pthread_cond_broadcast(&g->changed);
    pthread_mutex_unlock(&g->lock);
}

/* The query's thread sleeps, and stays asleep until the gate is opened. */
static void close_gate_on(gate *g)
{
    pthread_mutex_lock(&g->lock);
    g->closed = true;
    while (!g->asleep)
        pthread_cond_wait(&g->changed, &g->lock);
    pthread_mutex_unlock(&g->lock);
}

typedef struct rig {
    api_rig api;
    gate gate;
} rig;

static void begin(rig *r)
{
    streamq_config *c = streamq_config_new();
    r->gate = (gate){.os = *sqi_os_posix(), .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    r->gate.os.context = &r->gate;
    r->gate.os.wait_fd = gated_wait_fd;
    c->os = &r->gate.os;
    api_rig_begin(&r->api, c);
    streamq_config_free(c);
}

static void end(rig *r, streamq_query *q)
{
    set_gate(&r->gate, false);
    streamq_query_free(q);
    api_rig_end(&r->api);
}

/* Started, and its thread is behind the closed gate. */
static streamq_query *start_gated(rig *r, streamq_writer *w)
{
    set_gate(&r->gate, true);
    streamq_query *q = streamq_writer_start(w, &r->api.error);
    api_rig_ok(&r->api);
    close_gate_on(&r->gate);
    return q;
}

static streamq_writer *counts_to(rig *r, const char *sink)
{
    streamq_writer *w = streamq_write_stream(api_rig_counts(&r->api), sink);
    streamq_writer_output_mode(w, STREAMQ_UPDATE);
    return w;
}

static void process_all(rig *r, streamq_query *q)
{
    ck_assert_int_eq(streamq_query_process_all_available(q, -1, &r->api.error), STREAMQ_OK);
}

static void nap(long micros)
{
    nanosleep(&(struct timespec){0, micros * 1000}, NULL);
}

/* The next result, which the query's thread may still be at. */
static void assert_next(streamq_query *q, int64_t id, const char *rows)
{
    int64_t batch_id = -1;
    streamq_batch *b = streamq_query_next_batch(q, &batch_id);
    for (int i = 0; !b && i < LONG_MS; i++) {
        nap(1000);
        b = streamq_query_next_batch(q, &batch_id);
    }
    ck_assert_ptr_nonnull(b);
    ck_assert_int_eq(batch_id, id);
    ck_assert_str_eq(api_rig_rows(b), rows);
    streamq_batch_free(b);
}

START_TEST(who_waits_does_the_work_while_the_thread_sleeps)
{
    rig r;
    begin(&r);
    streamq_query *q = start_gated(&r, counts_to(&r, "pull"));
    for (int i = 1; i <= 3; ++i) {
        char want[64];
        api_rig_push(&r.api, "x y x");
        process_all(&r, q);
        snprintf(want, sizeof want, "x|%d\ny|%d", 2 * i, i);
        assert_next(q, i - 1, want);
        ck_assert_ptr_null(streamq_query_next_batch(q, NULL));
    }
    process_all(&r, q); /* with nothing to do */
    api_rig_push(&r.api, "y");
    set_gate(&r.gate, false); /* and the thread goes on from there */
    assert_next(q, 3, "y|4");
    end(&r, q);
}
END_TEST

START_TEST(with_a_time_limit_the_caller_only_waits)
{
    rig r;
    begin(&r);
    streamq_query *q = start_gated(&r, counts_to(&r, "pull"));
    api_rig_push(&r.api, "a");
    ck_assert_int_eq(streamq_query_process_all_available(q, 20, &r.api.error), STREAMQ_ERR_TIMEOUT);
    api_rig_refused(&r.api, "TIMED_OUT", "20 ms");
    ck_assert_ptr_null(streamq_query_next_batch(q, NULL));
    set_gate(&r.gate, false);
    ck_assert_int_eq(streamq_query_process_all_available(q, LONG_MS, &r.api.error), STREAMQ_OK);
    assert_next(q, 0, "a|1");
    end(&r, q);
}
END_TEST

/* A step that another thread is in, as long as the test wants. */
typedef struct held {
    streamq_query *query;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool inside, go;
    int batches;
    pthread_t where;
    streamq_status status; /* of process_all_available */
    streamq_error *error;
} held;

static int32_t hold(void *user, int64_t id, streamq_batch *batch)
{
    held *h = user;
    (void)id;
    (void)batch;
    pthread_mutex_lock(&h->lock);
    h->batches++;
    h->where = pthread_self();
    h->inside = true;
    pthread_cond_broadcast(&h->changed);
    while (!h->go)
        pthread_cond_wait(&h->changed, &h->lock);
    pthread_mutex_unlock(&h->lock);
    return 0;
}

static void *wait_for(void *argument)
{
    held *h = argument;
    h->status = streamq_query_process_all_available(h->query, -1, &h->error);
    return NULL;
}

static void await_inside(held *h)
{
    pthread_mutex_lock(&h->lock);
    while (!h->inside)
        pthread_cond_wait(&h->changed, &h->lock);
    pthread_mutex_unlock(&h->lock);
}

static void let_go(held *h)
{
    pthread_mutex_lock(&h->lock);
    h->go = true;
    pthread_cond_broadcast(&h->changed);
    pthread_mutex_unlock(&h->lock);
}

/* A query over single lines whose helper is in the callback of its first batch when this returns. */
static void begin_held(rig *r, held *h, pthread_t *helper)
{
    begin(r);
    *h = (held){.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    streamq_writer *w = streamq_write_stream(r->api.lines, "foreachBatch");
    streamq_writer_foreach_batch(w, hold, h);
    h->query = start_gated(r, w);
    api_rig_push(&r->api, "a");
    ck_assert_int_eq(pthread_create(helper, NULL, wait_for, h), 0);
    await_inside(h);
    ck_assert(pthread_equal(h->where, *helper));
}

START_TEST(a_stop_reaches_a_helper_in_a_batch)
{
    rig r;
    held h;
    pthread_t helper;
    begin_held(&r, &h, &helper);
    ck_assert_int_eq(streamq_query_stop(h.query, 10, &r.api.error), STREAMQ_ERR_TIMEOUT);
    api_rig_refused(&r.api, "TIMED_OUT", "10 ms");
    api_rig_push(&r.api, "b");
    let_go(&h);
    ck_assert_int_eq(streamq_query_stop(h.query, -1, &r.api.error), STREAMQ_OK);
    ck_assert_int_eq(pthread_join(helper, NULL), 0);
    ck_assert_int_eq(h.status, STREAMQ_OK);
    ck_assert_int_eq(h.batches, 1);
    ck_assert_int_eq(streamq_query_is_active(h.query), 0);
    end(&r, h.query);
}
END_TEST

START_TEST(others_wait_while_a_helper_is_in_a_batch)
{
    rig r;
    held h, other = {0};
    pthread_t helper, second;
    begin_held(&r, &h, &helper);
    set_gate(&r.gate, false); /* the query's thread comes, too */
    ck_assert_int_eq(streamq_query_process_all_available(h.query, 20, &r.api.error), STREAMQ_ERR_TIMEOUT);
    api_rig_refused(&r.api, "TIMED_OUT", "");
    ck_assert_int_eq(streamq_query_await_termination(h.query, 5, &r.api.error), STREAMQ_ERR_TIMEOUT);
    api_rig_refused(&r.api, "TIMED_OUT", "");
    other.query = h.query;
    ck_assert_int_eq(pthread_create(&second, NULL, wait_for, &other), 0);
    nap(5000);
    ck_assert_int_eq(h.batches, 1);
    let_go(&h);
    ck_assert_int_eq(pthread_join(helper, NULL), 0);
    ck_assert_int_eq(pthread_join(second, NULL), 0);
    ck_assert_int_eq(h.status, STREAMQ_OK);
    ck_assert_int_eq(other.status, STREAMQ_OK);
    ck_assert_int_eq(h.batches, 1);
    end(&r, h.query);
}
END_TEST

START_TEST(a_thread_that_waits_for_a_helper_uses_no_processor)
{
    rig r;
    held h;
    pthread_t helper;
    begin_held(&r, &h, &helper);
    set_gate(&r.gate, false);
    streamq_query_request_stop(h.query); /* its descriptor stays readable until the helper has left */
    clock_t before = clock();
    nap(200000);
    ck_assert_int_lt((clock() - before) * 1000 / CLOCKS_PER_SEC, 100);
    let_go(&h);
    ck_assert_int_eq(pthread_join(helper, NULL), 0);
    ck_assert_int_eq(streamq_query_await_termination(h.query, LONG_MS, &r.api.error), STREAMQ_OK);
    end(&r, h.query);
}
END_TEST

START_TEST(a_batch_that_fails_under_a_helper_fails_the_query)
{
    rig r;
    begin(&r);
    streamq_query *q =
        start_gated(&r, streamq_write_stream(streamq_select(r.api.lines, "CAST(value AS INT) + 1 AS n"), "noop"));
    api_rig_push(&r.api, "1");
    process_all(&r, q);
    api_rig_push(&r.api, "one");
    ck_assert_int_eq(streamq_query_process_all_available(q, -1, &r.api.error), STREAMQ_ERR_DATA);
    api_rig_refused(&r.api, "CAST_INVALID_INPUT", "batch 1");
    streamq_error *why = streamq_query_exception(q);
    ck_assert_str_eq(streamq_error_condition(why), "CAST_INVALID_INPUT");
    streamq_error_free(why);
    ck_assert_int_eq(streamq_query_await_termination(q, -1, &r.api.error), STREAMQ_ERR_DATA);
    api_rig_refused(&r.api, "CAST_INVALID_INPUT", "'one'");
    ck_assert_int_eq(streamq_query_process_all_available(q, -1, &r.api.error), STREAMQ_ERR_DATA);
    api_rig_refused(&r.api, "CAST_INVALID_INPUT", "'one'");
    end(&r, q);
}
END_TEST

static int32_t ask_inside(void *user, int64_t id, streamq_batch *batch)
{
    held *h = user;
    streamq_error *error = NULL;
    (void)id;
    (void)batch;
    h->batches++;
    h->where = pthread_self();
    ck_assert_int_eq(streamq_query_process_all_available(h->query, -1, &error), STREAMQ_ERR_STATE);
    streamq_error_free(error);
    error = NULL;
    ck_assert_int_eq(streamq_query_await_termination(h->query, -1, &error), STREAMQ_ERR_STATE);
    streamq_error_free(error);
    ck_assert_int_eq(streamq_query_stop(h->query, -1, NULL), STREAMQ_OK); /* asks, and returns at once */
    return 0;
}

START_TEST(a_callback_on_the_callers_thread_is_inside_the_step_all_the_same)
{
    rig r;
    held h = {0};
    begin(&r);
    streamq_writer *w = streamq_write_stream(r.api.lines, "foreachBatch");
    streamq_writer_foreach_batch(w, ask_inside, &h);
    h.query = start_gated(&r, w);
    api_rig_push(&r.api, "a");
    process_all(&r, h.query);
    ck_assert_int_eq(h.batches, 1);
    ck_assert(pthread_equal(h.where, pthread_self()));
    ck_assert_int_eq(streamq_query_is_active(h.query), 0);
    end(&r, h.query);
}
END_TEST

START_TEST(results_that_wait_to_be_taken_hold_a_helper_back)
{
    rig r;
    held h = {0};
    pthread_t helper;
    begin(&r);
    streamq_writer *w = counts_to(&r, "pull");
    streamq_writer_option(w, "capacity", "1");
    h.query = start_gated(&r, w);
    api_rig_push(&r.api, "a");
    ck_assert_int_eq(pthread_create(&helper, NULL, wait_for, &h), 0);
    for (char *seen = NULL; !seen; streamq_string_free(seen))
        seen = streamq_query_last_progress(h.query);
    nap(5000); /* the queue is full now: whether there is more is not known before somebody takes */
    api_rig_push(&r.api, "b");
    set_gate(&r.gate, false); /* what the helper had to leave is the thread's */
    nap(5000);
    assert_next(h.query, 0, "a|1");
    assert_next(h.query, 1, "b|1");
    ck_assert_int_eq(pthread_join(helper, NULL), 0);
    ck_assert_int_eq(h.status, STREAMQ_OK);
    end(&r, h.query);
}
END_TEST

START_TEST(a_thread_that_slept_on_a_full_queue_looks_at_its_sources_again)
{
    rig r;
    begin(&r);
    streamq_writer *w = counts_to(&r, "pull");
    streamq_writer_option(w, "capacity", "1");
    api_rig_push(&r.api, "a");
    streamq_query *q = start_gated(&r, w); /* waits for who takes "a", and for nothing else */
    assert_next(q, 0, "a|1");
    process_all(&r, q); /* hears of that in its place */
    set_gate(&r.gate, false);
    nap(5000);
    api_rig_push(&r.api, "b");
    assert_next(q, 1, "b|1");
    end(&r, q);
}
END_TEST

START_TEST(once_and_available_now_end_under_a_helper)
{
    for (int once = 0; once < 2; ++once) {
        rig r;
        begin(&r);
        api_rig_push(&r.api, "a");
        streamq_writer *w = counts_to(&r, "pull");
        if (once)
            streamq_writer_trigger_once(w);
        else
            streamq_writer_trigger_available_now(w);
        streamq_query *q = streamq_writer_start(w, &r.api.error); /* whoever comes first */
        api_rig_ok(&r.api);
        process_all(&r, q);
        ck_assert_int_eq(streamq_query_await_termination(q, LONG_MS, &r.api.error), STREAMQ_OK);
        assert_next(q, 0, "a|1");
        ck_assert_ptr_null(streamq_query_next_batch(q, NULL));
        end(&r, q);
    }
}
END_TEST

typedef struct nested {
    streamq_query *inner;
    streamq_status status;
} nested;

static int32_t wait_for_inner(void *user, int64_t id, streamq_batch *batch)
{
    nested *n = user;
    (void)id;
    (void)batch;
    n->status = streamq_query_process_all_available(n->inner, -1, NULL);
    return 0;
}

START_TEST(a_callback_may_wait_for_another_query)
{
    rig r;
    nested n = {NULL, STREAMQ_ERR_INTERNAL};
    begin(&r);
    n.inner = streamq_writer_start(counts_to(&r, "pull"), &r.api.error);
    api_rig_ok(&r.api);
    streamq_writer *w = streamq_write_stream(r.api.lines, "foreachBatch");
    streamq_writer_foreach_batch(w, wait_for_inner, &n);
    streamq_query *outer = streamq_writer_start(w, &r.api.error);
    api_rig_ok(&r.api);
    api_rig_push(&r.api, "a");
    process_all(&r, outer);
    ck_assert_int_eq(n.status, STREAMQ_OK);
    assert_next(n.inner, 0, "a|1");
    streamq_query_free(outer);
    end(&r, n.inner);
}
END_TEST

/* ---- several waiters, several pushers ------------------------------------------------------------------------- */

enum { WAITERS = 4, PUSHERS = 2, ROUNDS = 300 };

typedef struct crowd {
    streamq_query *query;
    streamq_feed *feed;
    _Atomic int inside, clashes, wrong_ids, failures, early;
    _Atomic size_t rows, pushed;
    int64_t next_id; /* of the thread inside */
} crowd;

static int32_t count_rows(void *user, int64_t id, streamq_batch *batch)
{
    crowd *c = user;
    c->clashes += atomic_fetch_add(&c->inside, 1) != 0;
    c->wrong_ids += id != c->next_id;
    c->next_id++;
    c->rows += streamq_batch_rows(batch);
    atomic_fetch_sub(&c->inside, 1);
    return 0;
}

static void *wait_often(void *argument)
{
    crowd *c = argument;
    for (int i = 0; i < ROUNDS; i++) {
        size_t pushed = atomic_load(&c->pushed);
        c->failures += streamq_query_process_all_available(c->query, i % 3 ? -1 : LONG_MS, NULL) != STREAMQ_OK;
        c->early += atomic_load(&c->rows) < pushed;
    }
    return NULL;
}

static void *push_only(void *argument)
{
    crowd *c = argument;
    for (int i = 0; i < ROUNDS; i++) {
        c->failures += streamq_feed_push_lines(c->feed, "a\nb", -1, NULL) != STREAMQ_OK;
        c->pushed += 2;
        if (i % 16 == 0)
            nap(100);
    }
    return NULL;
}

START_TEST(many_who_wait_and_many_who_push_lose_nothing)
{
    rig r;
    crowd c = {0};
    pthread_t thread[WAITERS + PUSHERS];
    begin(&r);
    streamq_writer *w = streamq_write_stream(r.api.lines, "foreachBatch");
    streamq_writer_foreach_batch(w, count_rows, &c);
    c.feed = r.api.feed;
    c.query = streamq_writer_start(w, &r.api.error);
    api_rig_ok(&r.api);
    for (int i = 0; i < WAITERS + PUSHERS; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, i < WAITERS ? wait_often : push_only, &c), 0);
    for (int i = 0; i < WAITERS + PUSHERS; i++)
        ck_assert_int_eq(pthread_join(thread[i], NULL), 0);
    process_all(&r, c.query);
    ck_assert_int_eq(c.failures, 0);
    ck_assert_int_eq(c.clashes, 0);
    ck_assert_int_eq(c.wrong_ids, 0);
    ck_assert_int_eq(c.early, 0);
    ck_assert_uint_eq(c.rows, 2 * PUSHERS * ROUNDS);
    end(&r, c.query);
}
END_TEST

START_TEST(who_takes_turns_with_the_querys_thread_sees_every_result)
{
    rig r;
    begin(&r);
    streamq_query *q = streamq_writer_start(counts_to(&r, "pull"), &r.api.error);
    api_rig_ok(&r.api);
    for (int i = 1; i <= 2000; i++) { /* now and then the thread is first */
        char want[32];
        api_rig_push(&r.api, "x");
        if (i % 64 == 0)
            nap(200);
        if (i % 7)
            process_all(&r, q);
        snprintf(want, sizeof want, "x|%d", i);
        assert_next(q, i - 1, want);
    }
    end(&r, q);
}
END_TEST

/* ---- the clock ------------------------------------------------------------------------------------------------- */

#define SECOND INT64_C(1000000)

static bool anything_within(streamq_query *q, int milliseconds)
{
    for (int i = 0; i < milliseconds; i++) {
        streamq_batch *b = streamq_query_next_batch(q, NULL);
        streamq_batch_free(b);
        if (b)
            return true;
        nap(1000);
    }
    return false;
}

static void begin_simulated(rig *r, sqi_os_sim *sim)
{
    streamq_config *config = streamq_config_new();
    sqi_os_sim_init(sim, 1700000003 * SECOND, 7); /* 3 s after a slot of 10 s */
    config->os = &sim->os;
    api_rig_begin(&r->api, config);
    streamq_config_free(config);
}

static void end_simulated(rig *r, sqi_os_sim *sim, streamq_query *q)
{
    streamq_query_free(q);
    api_rig_end(&r->api);
    sqi_os_sim_fini(sim);
}

static void count_idle(void *user, int32_t event, const char *json, size_t length)
{
    _Atomic int *idle = user;
    (void)json;
    (void)length;
    *idle += event == STREAMQ_EVENT_IDLE;
}

START_TEST(a_helper_that_finds_an_earlier_time_wakes_the_thread)
{
    rig r;
    sqi_os_sim sim;
    _Atomic int idle = 0;
    begin_simulated(&r, &sim);
    streamq_query *q = streamq_writer_start(counts_to(&r, "pull"), &r.api.error);
    api_rig_ok(&r.api);
    api_rig_push(&r.api, "a");
    process_all(&r, q);
    sqi_os_sim_await_waiters(&sim, 1); /* for ever: nobody listens */
    ck_assert_int_gt(streamq_session_add_listener(r.api.session, count_idle, (void *)&idle), 0);
    process_all(&r, q);
    sqi_os_sim_advance(&sim, 11 * SECOND);
    for (int i = 0; i < LONG_MS && !idle; i++)
        nap(1000);
    ck_assert_int_eq(idle, 1);
    end_simulated(&r, &sim, q);
}
END_TEST

START_TEST(an_interval_query_keeps_its_slots_with_helpers)
{
    rig r;
    sqi_os_sim sim;
    begin_simulated(&r, &sim);
    streamq_writer *w = counts_to(&r, "pull");
    streamq_writer_trigger_interval(w, "10 seconds");
    streamq_query *q = streamq_writer_start(w, &r.api.error);
    api_rig_ok(&r.api);
    sqi_os_sim_await_waiters(&sim, 1); /* the first trigger found nothing */
    api_rig_push(&r.api, "a");
    ck_assert(!anything_within(q, 20));
    process_all(&r, q); /* as ever, who asks does not wait for the slot */
    assert_next(q, 0, "a|1");
    api_rig_push(&r.api, "b");
    ck_assert(!anything_within(q, 20)); /* who pushes does */
    sqi_os_sim_advance(&sim, 7 * SECOND);
    assert_next(q, 1, "b|1");
    api_rig_push(&r.api, "c");
    ck_assert(!anything_within(q, 20));
    sqi_os_sim_advance(&sim, 10 * SECOND);
    assert_next(q, 2, "c|1");
    end_simulated(&r, &sim, q);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {who_waits_does_the_work_while_the_thread_sleeps,
                                  with_a_time_limit_the_caller_only_waits,
                                  a_stop_reaches_a_helper_in_a_batch,
                                  others_wait_while_a_helper_is_in_a_batch,
                                  a_thread_that_waits_for_a_helper_uses_no_processor,
                                  a_batch_that_fails_under_a_helper_fails_the_query,
                                  a_callback_on_the_callers_thread_is_inside_the_step_all_the_same,
                                  results_that_wait_to_be_taken_hold_a_helper_back,
                                  a_thread_that_slept_on_a_full_queue_looks_at_its_sources_again,
                                  once_and_available_now_end_under_a_helper,
                                  a_callback_may_wait_for_another_query,
                                  many_who_wait_and_many_who_push_lose_nothing,
                                  who_takes_turns_with_the_querys_thread_sees_every_result,
                                  a_helper_that_finds_an_earlier_time_wakes_the_thread,
                                  an_interval_query_keeps_its_slots_with_helpers};
    return sqi_test_main("process_all", tests, sizeof tests / sizeof *tests);
}
