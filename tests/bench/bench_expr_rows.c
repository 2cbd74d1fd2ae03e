/*
 * bench_expr_rows: rows 10 and 14: filter, project and general expressions over typed columns and over text, declared
 * in SQL and run batch by batch (memory source, append mode, noop sink), against loops written by hand for just that
 * expression (limit_expr.c). Batches of 64 Ki rows are pushed outside of the measured time; a step is one batch.
 *
 *     bench_expr_rows [ROUNDS [PART OF A NAME]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <streamq.h>
#include <streamq_arrow.h>

#include "bench_kit.h"
#include "limit_expr.h"

enum { ROWS = 64 * 1024, BATCHES = 4, STEPS = 8 };

/* -------------------------------------------------------------- data */

typedef struct text {
    int32_t *offset;
    char *bytes; /* with room before and behind */
} text;

typedef struct batch {
    text one, two;
    int32_t *a;
    int64_t *b;
    double *x, *y;
} batch;

static char *put(char *to, const char *word)
{
    size_t n = strlen(word);
    memcpy(to, word, n);
    return to + n;
}

static uint32_t below(uint32_t n)
{
    return (uint32_t)(bench_random() >> 33) % n;
}

static char *put_word(char *to, uint32_t least, uint32_t most)
{
    for (uint32_t n = least + below(most - least + 1); n > 0; n--)
        *to++ = (char)((below(4) ? 'a' : 'A') + below(26));
    return to;
}

static char *put_spaces(char *to, uint32_t least, uint32_t most)
{
    for (uint32_t n = least + below(most - least + 1); n > 0; n--)
        *to++ = ' ';
    return to;
}

/* 20 to 60 bytes, words apart by one space, sometimes more, sometimes a tab. */
static char *put_line(char *to)
{
    static const char *const level[] = {"info", "warn", "error", "debug"};
    to += sprintf(to, "%02u:%02u:%02u ", below(24), below(60), below(60));
    to = put(to, level[below(4)]);
    *to++ = below(8) ? ' ' : '\t';
    to = put_spaces(to, 0, below(4) ? 0 : 2);
    to = put_word(to, 2, 9);
    *to++ = ' ';
    if (below(2))
        to += sprintf(to, "status=%u ", 200 + below(300));
    to = put_word(to, 1, 10);
    return to;
}

static char *put_padded(char *to)
{
    to = put_spaces(to, 0, 3);
    to = put_word(to, 2, 12);
    if (below(2)) {
        *to++ = ' ';
        to = put_word(to, 2, 14);
    }
    return put_spaces(to, 0, 3);
}

static char *put_tag(char *to)
{
    if (below(3) == 0)
        *to++ = '#';
    return put_word(to, 3, 18);
}

static char *put_number(char *to)
{
    static const uint32_t powers[] = {10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
    return to + sprintf(to, "%s%u", below(8) ? "" : "-", below(powers[below(9)]));
}

static char *put_short(char *to)
{
    return put_word(to, 3, 20);
}

static text make_text(char *(*make)(char *))
{
    text t = {bench_must(malloc((ROWS + 1) * sizeof *t.offset)), bench_must(calloc(ROWS, 80))};
    char *to = t.bytes + LIMIT_SLACK;
    for (size_t i = 0; i < ROWS; i++) {
        t.offset[i] = (int32_t)(to - t.bytes);
        to = make(to);
    }
    t.offset[ROWS] = (int32_t)(to - t.bytes);
    return t;
}

static batch make_numbers(void)
{
    batch d = {.a = bench_must(malloc(ROWS * sizeof *d.a)),
               .b = bench_must(malloc(ROWS * sizeof *d.b)),
               .x = bench_must(malloc(ROWS * sizeof *d.x)),
               .y = bench_must(malloc(ROWS * sizeof *d.y))};
    for (size_t i = 0; i < ROWS; i++) {
        d.a[i] = (int32_t)below(1000);
        d.b[i] = (int64_t)below(1000);
        d.x[i] = (double)below(100000) / 100;
        d.y[i] = (double)below(100000) / 100;
    }
    return d;
}

static void batch_free(batch *d)
{
    free(d->one.offset);
    free(d->one.bytes);
    free(d->two.offset);
    free(d->two.bytes);
    free(d->a);
    free(d->b);
    free(d->x);
    free(d->y);
}

/* -------------------------------------------------------------- Arrow, borrowing the data */

enum { COLUMNS = 4 };

typedef struct arrow { /* lives until the array and the schema are released */
    int refs;
    struct ArrowArray array, column[COLUMNS], *columns[COLUMNS];
    struct ArrowSchema schema, field[COLUMNS], *fields[COLUMNS];
    const void *buffer[COLUMNS][3], *none[1];
} arrow;

static void let_go(void *private_data)
{
    arrow *t = private_data;
    if (t && --t->refs == 0)
        free(t);
}

static void release_array(struct ArrowArray *a)
{
    for (int64_t i = 0; i < a->n_children; i++)
        if (a->children[i]->release)
            a->children[i]->release(a->children[i]);
    a->release = NULL;
    let_go(a->private_data);
}

static void release_schema(struct ArrowSchema *s)
{
    for (int64_t i = 0; i < s->n_children; i++)
        if (s->children[i]->release)
            s->children[i]->release(s->children[i]);
    s->release = NULL;
    let_go(s->private_data);
}

static void arrow_add(arrow *t, const char *name, const char *format, const void *data, const void *bytes)
{
    int64_t k = t->array.n_children;
    t->buffer[k][1] = data;
    t->buffer[k][2] = bytes;
    t->column[k] = (struct ArrowArray){
        .length = ROWS, .n_buffers = bytes ? 3 : 2, .buffers = t->buffer[k], .release = release_array};
    t->field[k] = (struct ArrowSchema){.format = format, .name = name, .release = release_schema};
    t->columns[k] = &t->column[k];
    t->fields[k] = &t->field[k];
    t->array.n_children = t->schema.n_children = k + 1;
}

static arrow *arrow_new(const batch *d)
{
    arrow *t = bench_must(calloc(1, sizeof *t));
    t->refs = 2;
    t->array = (struct ArrowArray){.length = ROWS,
                                   .n_buffers = 1,
                                   .buffers = t->none,
                                   .children = t->columns,
                                   .release = release_array,
                                   .private_data = t};
    t->schema = (struct ArrowSchema){
        .format = "+s", .name = "", .children = t->fields, .release = release_schema, .private_data = t};
    if (d->one.bytes)
        arrow_add(t, "value", "u", d->one.offset, d->one.bytes);
    if (d->two.bytes)
        arrow_add(t, "value2", "u", d->two.offset, d->two.bytes);
    if (d->a) {
        arrow_add(t, "a", "i", d->a, NULL);
        arrow_add(t, "b", "l", d->b, NULL);
        arrow_add(t, "x", "g", d->x, NULL);
        arrow_add(t, "y", "g", d->y, NULL);
    }
    return t;
}

/* -------------------------------------------------------------- a row of the table */

typedef struct measure {
    const char *row, *name;
    const char *list, *where; /* SQL */
    const char *sum;          /* SQL of what the hand loop answers, over `list`'s columns */
    char *(*one)(char *), *(*two)(char *);
    uint64_t (*hand)(const batch *);
} measure;

typedef struct bench {
    const measure *m;
    streamq_session *session;
    streamq_plan *plan;
    streamq_feed *feed;
    streamq_query *query;
    batch batch[BATCHES];
} bench;

static void check(const streamq_error *error)
{
    if (error) {
        fprintf(stderr, "%s\n", streamq_error_message(error));
        exit(EXIT_FAILURE);
    }
}

static void push(bench *b, int k)
{
    streamq_error *error = NULL;
    arrow *t = arrow_new(&b->batch[k % BATCHES]);
    streamq_feed_push_arrow(b->feed, &t->array, &t->schema, &error);
    check(error);
}

static void start(bench *b, const char *format, const char *sum)
{
    const measure *m = b->m;
    streamq_error *error = NULL;
    const char *schema = m->two   ? "value STRING, value2 STRING"
                         : m->one ? "value STRING"
                                  : "a INT, b BIGINT, x DOUBLE, y DOUBLE";
    b->session = bench_must(streamq_session_new(NULL));
    b->plan = bench_must(streamq_plan_new(b->session));
    b->feed = streamq_feed_new(b->session, schema, &error);
    check(error);
    streamq_reader *reader = streamq_read_stream(b->plan, "memory");
    streamq_reader_feed(reader, b->feed);
    streamq_stream *s = streamq_reader_load(reader);
    if (m->where)
        s = streamq_where(s, m->where);
    s = streamq_select(s, m->list);
    if (sum)
        s = streamq_agg(streamq_group_by(s, ""), sum);
    streamq_writer *writer = streamq_write_stream(s, format);
    streamq_writer_output_mode(writer, sum ? STREAMQ_COMPLETE : STREAMQ_APPEND);
    b->query = streamq_writer_open(writer, &error);
    check(error);
}

static void stop(bench *b)
{
    streamq_query_free(b->query);
    streamq_feed_free(b->feed);
    streamq_plan_free(b->plan);
    streamq_session_free(b->session);
}

/* Both sides answer the same over the first batch. */
static void agree(bench *b)
{
    streamq_error *error = NULL;
    char sum[128];
    snprintf(sum, sizeof sum, "CAST(%s AS BIGINT) AS answer", b->m->sum);
    start(b, "pull", sum);
    push(b, 0);
    streamq_query_step(b->query, NULL, &error);
    check(error);
    streamq_batch *out = bench_must(streamq_query_next_batch(b->query, NULL));
    uint64_t ours = (uint64_t)streamq_batch_get_int64(out, 0, 0), hand = b->m->hand(&b->batch[0]);
    streamq_batch_free(out);
    stop(b);
    if (ours != hand) {
        fprintf(stderr, "%s: %llu by streamq, %llu by hand\n", b->m->name, (unsigned long long)ours,
                (unsigned long long)hand);
        exit(EXIT_FAILURE);
    }
}

/* A push reads all bytes of a text column, so that the step finds them in cache: so does this. */
static void touch(const batch *d)
{
    const text *t[2] = {&d->one, &d->two};
    for (int k = 0; k < 2; k++)
        for (int32_t i = 0; t[k]->bytes && i < t[k]->offset[ROWS]; i += 32)
            __asm__ volatile("" : : "r"(t[k]->bytes[i]));
}

static double ours(void *context)
{
    bench *b = context;
    double seconds = 0;
    for (int k = 0; k < STEPS; k++) {
        streamq_error *error = NULL;
        push(b, k);
        double begin = bench_seconds();
        streamq_query_step(b->query, NULL, &error);
        seconds += bench_seconds() - begin;
        check(error);
    }
    return seconds;
}

static double by_hand(void *context)
{
    bench *b = context;
    double seconds = 0;
    for (int k = 0; k < STEPS; k++) {
        const batch *d = &b->batch[k % BATCHES];
        touch(d);
        double begin = bench_seconds();
        b->m->hand(d);
        seconds += bench_seconds() - begin;
    }
    return seconds;
}

static void run(const measure *m, int rounds)
{
    bench b = {.m = m};
    char what[256];
    for (int k = 0; k < BATCHES; k++) {
        if (m->one)
            b.batch[k].one = make_text(m->one);
        if (m->two)
            b.batch[k].two = make_text(m->two);
        if (!m->one)
            b.batch[k] = make_numbers();
    }
    agree(&b);
    start(&b, "noop", NULL);
    snprintf(what, sizeof what, "%s", m->name);
    bench_goal(m->row[1] == '0' ? ">= 0.5" : ">= 0.4");
    bench_compare(m->row, what, "M rows/s", (double)STEPS * ROWS / 1e6, ours,
                  strstr(m->name, "regexp") ? "PCRE2 with JIT" : "by hand", by_hand, &b, rounds);
    stop(&b);
    for (int k = 0; k < BATCHES; k++)
        batch_free(&b.batch[k]);
}

/* -------------------------------------------------------------- the rows */

static limit_text first(const batch *d)
{
    return (limit_text){d->one.offset, d->one.bytes};
}

static limit_numbers numbers(const batch *d)
{
    return (limit_numbers){d->a, d->b, d->x, d->y};
}

#define HAND_TEXT(name)                         \
    static uint64_t hand_##name(const batch *d) \
    {                                           \
        limit_text t = first(d);                \
        return limit_##name(&t, ROWS);          \
    }
#define HAND_NUMBERS(name)                      \
    static uint64_t hand_##name(const batch *d) \
    {                                           \
        limit_numbers n = numbers(d);           \
        return limit_##name(&n, ROWS);          \
    }
HAND_TEXT(split)
HAND_TEXT(lower_trim)
HAND_TEXT(like_prefix)
HAND_TEXT(like_contains)
HAND_TEXT(regexp_extract)
HAND_TEXT(cast_int)
HAND_NUMBERS(filter_project)
HAND_NUMBERS(case_text)
HAND_NUMBERS(case_number)

static uint64_t hand_concat(const batch *d)
{
    limit_text one = first(d), two = {d->two.offset, d->two.bytes};
    return limit_concat(&one, &two, ROWS);
}

static const measure measures[] = {
    {"10", "filter + project, 64 Ki rows of INT, BIGINT, DOUBLE", "a + b * 2 AS u, x - y AS v", "a < 500 AND b > 100",
     "count(u)", NULL, NULL, hand_filter_project},
    {"14", "split(value, '\\s+')", "split(value, '\\\\s+') AS r", NULL, "sum(size(r))", put_line, NULL, hand_split},
    {"14", "lower(trim(value))", "lower(trim(value)) AS r", NULL, "sum(length(r))", put_padded, NULL, hand_lower_trim},
    {"14", "value LIKE '#%'", "value LIKE '#%' AS r", NULL, "count_if(r)", put_tag, NULL, hand_like_prefix},
    {"14", "value LIKE '%error%'", "value LIKE '%error%' AS r", NULL, "count_if(r)", put_line, NULL,
     hand_like_contains},
    {"14", "regexp_extract(value, 'status=([0-9]+)', 1)", "regexp_extract(value, 'status=([0-9]+)', 1) AS r", NULL,
     "sum(length(r))", put_line, NULL, hand_regexp_extract},
    {"14", "CASE of three texts by an INT",
     "CASE WHEN a < 250 THEN 'low' WHEN a < 500 THEN 'middle' ELSE 'high' END AS r", NULL, "sum(length(r))", NULL, NULL,
     hand_case_text},
    {"14", "CASE of three BIGINT expressions", "CASE WHEN a < 250 THEN b WHEN a < 500 THEN b * 2 ELSE b + 7 END AS r",
     NULL, "sum(r)", NULL, NULL, hand_case_number},
    {"14", "CAST(value AS INT)", "CAST(value AS INT) AS r", NULL, "sum(r)", put_number, NULL, hand_cast_int},
    {"14", "value || ':' || value2", "value || ':' || value2 AS r", NULL, "sum(length(r))", put_short, put_short,
     hand_concat},
};

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 15;
    if (rounds < 1 || rounds > 100) {
        fprintf(stderr, "usage: bench_expr_rows [ROUNDS [PART OF A NAME]]\n");
        return 2;
    }
    bench_random_seed(2024);
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        if (bench_wanted(measures[i].row) && (argc < 3 || strstr(measures[i].name, argv[2])))
            run(&measures[i], rounds);
    return EXIT_SUCCESS;
}
