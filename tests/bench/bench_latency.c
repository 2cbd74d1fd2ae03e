/*
 * bench_latency: rows 5, 6 and 7 of the table: what a small batch costs from the push of its lines to the result in the
 * program's hand: stepped by the caller, waited for with process_all_available while the query has a thread of its own,
 * and handed over by that thread (foreachBatch); what it asks of the allocator; what an idle query costs.
 *
 *     bench_latency [BATCHES]
 */
#include "bench_kit.h"
#include "limit_word_count.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <streamq.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { KEYS = 1000, WORDS = 4, MOST_LINES = 1000, WARM = 2000, PUSHES = 64 };

typedef struct counter {
    _Atomic size_t calls; /* blocks asked for, made larger or given back */
} counter;

/* What the query's thread says to the one that pushes. */
typedef struct hand_over {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t rows; /* of the result that was not taken yet */
} hand_over;

typedef struct words {
    hand_over hand;
    streamq_session *session;
    streamq_plan *plan;
    streamq_feed *feed;
    streamq_query *query;
    counter heap;
    char *text[PUSHES]; /* lines of one push */
    size_t length[PUSHES];
} words;

static void *counted_resize(void *user, void *ptr, size_t old_size, size_t new_size)
{
    counter *c = user;
    (void)old_size;
    atomic_fetch_add_explicit(&c->calls, 1, memory_order_relaxed);
    return realloc(ptr, new_size);
}

static void counted_release(void *user, void *ptr, size_t size)
{
    counter *c = user;
    (void)size;
    atomic_fetch_add_explicit(&c->calls, 1, memory_order_relaxed);
    free(ptr);
}

static void must(const streamq_error *error)
{
    if (error) {
        fprintf(stderr, "%s\n", streamq_error_message(error));
        exit(1);
    }
}

static void make_texts(words *w, size_t lines)
{
    for (size_t p = 0; p < PUSHES; p++) {
        char *to = w->text[p] = bench_must(malloc(lines * WORDS * 8 + 1));
        for (size_t i = 0; i < lines * WORDS; i++)
            to += sprintf(to, "word%03u%c", (unsigned)(bench_random() % KEYS), (i + 1) % WORDS ? ' ' : '\n');
        w->length[p] = (size_t)(to - w->text[p]);
    }
}

static void push(words *w, const char *text, size_t length)
{
    streamq_error *error = NULL;
    streamq_feed_push_lines(w->feed, text, (int64_t)length, &error);
    must(error);
}

static void take(words *w)
{
    streamq_batch *b = streamq_query_next_batch(w->query, NULL);
    if (!b || streamq_batch_rows(b) == 0) {
        fprintf(stderr, "no result\n");
        exit(1);
    }
    streamq_batch_free(b);
}

static void step(words *w)
{
    streamq_error *error = NULL;
    streamq_query_step(w->query, NULL, &error);
    must(error);
}

static void process_all(words *w)
{
    streamq_error *error = NULL;
    streamq_query_process_all_available(w->query, -1, &error);
    must(error);
}

static int32_t hand(void *user, int64_t batch_id, streamq_batch *batch)
{
    hand_over *h = user;
    (void)batch_id;
    pthread_mutex_lock(&h->lock);
    h->rows += streamq_batch_rows(batch);
    pthread_mutex_unlock(&h->lock);
    pthread_cond_signal(&h->changed);
    return 0;
}

static void await_hand(words *w)
{
    pthread_mutex_lock(&w->hand.lock);
    while (!w->hand.rows)
        pthread_cond_wait(&w->hand.changed, &w->hand.lock);
    w->hand.rows = 0;
    pthread_mutex_unlock(&w->hand.lock);
}

/* How a result comes to the program. */
typedef enum way { STEPPED, WAITED_FOR, HANDED } way;

/* Threads that share a processor wake each other ten times as fast as threads that do not, and the system puts them now
   here and now there. Row 6 is measured apart: a thread made while its maker is on one processor stays there. */
static cpu_set_t allowed;

static void move_to(int number) /* of the processors that the program may use; -1: all of them */
{
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int cpu = 0, seen = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &allowed) && seen++ == number)
            CPU_SET(cpu, &one);
    if (CPU_COUNT(&allowed) > 1 && sched_setaffinity(0, sizeof one, number < 0 ? &allowed : &one) != 0)
        exit(1);
}

/* The query with 1,000 keys in its state. */
static void open_query(words *w, size_t lines, way how)
{
    *w = (words){.hand = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0}};
    make_texts(w, lines);
    streamq_config *config = bench_must(streamq_config_new());
    streamq_allocator heap = {sizeof heap, &w->heap, counted_resize, counted_release};
    streamq_error *error = NULL;
    streamq_config_allocator(config, &heap, &error);
    must(error);
    w->session = bench_must(streamq_session_new(config));
    streamq_config_free(config);
    w->plan = bench_must(streamq_plan_new(w->session));
    w->feed = streamq_feed_new(w->session, "value STRING", &error);
    must(error);
    streamq_reader *reader = streamq_read_stream(w->plan, "memory");
    streamq_reader_feed(reader, w->feed);
    streamq_stream *word = streamq_select(streamq_reader_load(reader), "explode(split(value, ' ')) AS word");
    streamq_writer *writer =
        streamq_write_stream(streamq_count(streamq_group_by(word, "word")), how == HANDED ? "foreachBatch" : "pull");
    if (how == HANDED)
        streamq_writer_foreach_batch(writer, hand, &w->hand);
    streamq_writer_output_mode(writer, STREAMQ_UPDATE);
    if (how != STEPPED)
        move_to(1);
    w->query = how == STEPPED ? streamq_writer_open(writer, &error) : streamq_writer_start(writer, &error);
    move_to(how == STEPPED ? -1 : 0);
    must(error);
    char *all = bench_must(malloc(KEYS * 8 + 1)), *to = all;
    for (unsigned k = 0; k < KEYS; k++)
        to += sprintf(to, "word%03u\n", k);
    push(w, all, (size_t)(to - all));
    free(all);
    process_all(w);
    if (how == HANDED)
        await_hand(w);
    else
        take(w);
}

static void close_query(words *w)
{
    streamq_query_free(w->query);
    streamq_feed_free(w->feed);
    streamq_plan_free(w->plan);
    streamq_session_free(w->session);
    for (size_t p = 0; p < PUSHES; p++)
        free(w->text[p]);
}

static void step_and_take(words *w)
{
    step(w);
    take(w);
}

static void process_and_take(words *w)
{
    process_all(w);
    take(w);
}

static void rest(long micros)
{
    if (micros)
        nanosleep(&(struct timespec){0, micros * 1000}, NULL);
}

/* Microseconds of n batches, `pause` microseconds apart. Returns the calls of the allocator that they made. */
static size_t run(words *w, void (*get)(words *w), long pause, double *micros, size_t n)
{
    for (size_t i = 0; i < WARM; i++) {
        push(w, w->text[i % PUSHES], w->length[i % PUSHES]);
        get(w);
    }
    size_t before = w->heap.calls;
    for (size_t i = 0; i < n; i++) {
        rest(pause);
        double begin = bench_seconds();
        push(w, w->text[i % PUSHES], w->length[i % PUSHES]);
        get(w);
        micros[i] = (bench_seconds() - begin) * 1e6;
    }
    return w->heap.calls - before;
}

static void report(const char *row, const char *what, double *micros, size_t n, const char *middle, const char *high)
{
    char text[128];
    snprintf(text, sizeof text, "%s, p50", what);
    bench_figure(row, text, "us", bench_percentile(micros, n, 0.5), middle);
    snprintf(text, sizeof text, "%s, p99", what);
    bench_figure(row, text, "us", bench_percentile(micros, n, 0.99), high);
}

static void stepped(const char *row, const char *what, size_t lines, double *micros, size_t n, const char *middle,
                    const char *high)
{
    words w;
    char text[128];
    open_query(&w, lines, STEPPED);
    size_t calls = run(&w, step_and_take, 0, micros, n);
    report(row, what, micros, n, middle, high);
    snprintf(text, sizeof text, "%s, calls of the allocator", what);
    bench_figure(row, text, "calls", (double)calls, "0");
    close_query(&w);
}

/* What the machine takes to wake another thread and to be woken by it, with nothing done in between: a batch that the
   query's thread runs and hands over is two such wake-ups and the work. */
typedef struct pair {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int fd, answered, end;
} pair;

static void *answer(void *context)
{
    pair *p = context;
    for (int end = 0; !end;) {
        struct pollfd one = {.fd = p->fd, .events = POLLIN};
        uint64_t count;
        if (poll(&one, 1, -1) != 1 || read(p->fd, &count, sizeof count) != sizeof count)
            continue;
        pthread_mutex_lock(&p->lock);
        p->answered = 1;
        end = p->end;
        pthread_mutex_unlock(&p->lock);
        pthread_cond_signal(&p->changed);
    }
    return NULL;
}

static void ask(pair *p, int end)
{
    const uint64_t one = 1;
    pthread_mutex_lock(&p->lock);
    p->answered = 0;
    p->end = end;
    pthread_mutex_unlock(&p->lock);
    if (write(p->fd, &one, sizeof one) != sizeof one)
        exit(1);
    pthread_mutex_lock(&p->lock);
    while (!p->answered)
        pthread_cond_wait(&p->changed, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

static void bare_wake_ups(double *micros, size_t n)
{
    pair p = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .fd = eventfd(0, EFD_NONBLOCK)};
    pthread_t thread;
    move_to(1);
    if (p.fd < 0 || pthread_create(&thread, NULL, answer, &p) != 0)
        exit(1);
    move_to(0);
    for (size_t i = 0; i < n; i++) {
        double begin = bench_seconds();
        ask(&p, 0);
        micros[i] = (bench_seconds() - begin) * 1e6;
    }
    ask(&p, 1);
    pthread_join(thread, NULL);
    close(p.fd);
}

/* A query with a thread of its own. Who waits for a result with process_all_available takes the step itself, so nobody
   has to be woken on the way; with a pause between the batches the query's thread sleeps when the push wakes it. */
static void waited_for(double *micros, size_t n)
{
    words w;
    open_query(&w, 1, WAITED_FOR);
    run(&w, process_and_take, 0, micros, n);
    report("6", "one-row batch, process_all_available", micros, n, "<= 25", "<= 100");
    run(&w, process_and_take, 1000, micros, n / 20);
    report("6", "one-row batch, process_all_available, 1 ms apart", micros, n / 20, "<= 25", "<= 100");
    double cpu = bench_cpu_seconds();
    nanosleep(&(struct timespec){1, 0}, NULL);
    bench_figure("6", "idle query, processor time in a second", "us", (bench_cpu_seconds() - cpu) * 1e6, "< 1000");
    close_query(&w);
}

/* The other way: the query's thread runs the batch and hands it over, which is two wake-ups. */
static void handed_over(double *micros, size_t n)
{
    const char *peer = "eventfd and condition variable alone";
    bare_wake_ups(micros, n);
    double middle = bench_percentile(micros, n, 0.5), high = bench_percentile(micros, n, 0.99);
    words w;
    open_query(&w, 1, HANDED);
    run(&w, await_hand, 0, micros, n);
    bench_beside("6", "one-row batch, handed over by the query's thread, p50", "us", bench_percentile(micros, n, 0.5),
                 peer, middle, "");
    bench_beside("6", "one-row batch, handed over by the query's thread, p99", "us", bench_percentile(micros, n, 0.99),
                 peer, high, "<= 100");
    close_query(&w);
}

/* Batches of 1,000 rows, and the hand-written loop over the same bytes, in turn: it shows what the machine takes, and how
   much that varies. It only counts; no batch, no result. */
static void many_rows(double *ours, double *theirs, size_t n)
{
    const char *what[2] = {"1,000-row batch, stepped, p50", "1,000-row batch, stepped, p99"};
    const char *peer = "hand-written C, counting alone";
    words w;
    open_query(&w, MOST_LINES, STEPPED);
    limit_words *counts = limit_words_new();
    size_t calls = 0;
    for (size_t done = 0, some; done < n; done += some) {
        some = n - done < n / 4 ? n - done : n / 4;
        calls += run(&w, step_and_take, 0, ours + done, some);
        for (size_t i = 0; i < some; i++) {
            double begin = bench_seconds();
            limit_words_add(counts, w.text[i % PUSHES], w.length[i % PUSHES]);
            theirs[done + i] = (bench_seconds() - begin) * 1e6;
        }
    }
    for (int high = 0; high < 2; high++)
        bench_beside("7", what[high], "us", bench_percentile(ours, n, high ? 0.99 : 0.5), peer,
                     bench_percentile(theirs, n, high ? 0.99 : 0.5), high ? "<= 40" : "");
    bench_figure("7", "1,000-row batch, stepped, calls of the allocator", "calls", (double)calls, "0");
    limit_words_free(counts);
    close_query(&w);
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? (size_t)atol(argv[1]) : 50000;
    if (n < 100)
        n = 100;
    double *micros = bench_must(malloc(2 * n * sizeof *micros));
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return 1;
    stepped("5", "one-row batch, stepped", 1, micros, n, "<= 3", "<= 15");
    waited_for(micros, n);
    handed_over(micros, n);
    move_to(-1);
    many_rows(micros, micros + n, n / 10);
    free(micros);
    return 0;
}
