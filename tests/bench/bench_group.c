/*
 * bench_group: the streaming word count without source and sink: lines in memory -> split -> explode -> count, against
 * a loop written by hand over the same bytes, on one thread. Prints millions of words a second of both and their ratio;
 * the counts must agree. Usage: bench_group [words in millions] [vocabulary]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "op_rig.h"

enum { LINE_WORDS = 10, PASSES = 5 };

static uint64_t rng = 88172645463325252u;
static double uniform(void)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (double)(rng >> 11) / 9007199254740992.0;
}

/* Ranks by Zipf's law with exponent 1 through the inverse of the continuous distribution. */
static uint32_t zipf(uint32_t n)
{
    return (uint32_t)(exp(uniform() * log((double)n + 1)) - 1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Frequent words are short, rare ones up to fourteen letters. */
static size_t spell(uint32_t rank, char *to)
{
    size_t len = 2 + (size_t)(log2((double)rank + 1) * 0.7), at = 0;
    uint64_t bits = rank * UINT64_C(0x9E3779B97F4A7C15) ^ rank;
    for (; at < len; ++at, bits = bits / 26 + rank * UINT64_C(0x2545F4914F6CDD1D) % 1000003)
        to[at] = (char)('a' + bits % 26);
    return at;
}

typedef struct text {
    char *bytes;
    size_t len;
    sqi_str *line;
    uint32_t nline;
} text;

static text make_text(uint32_t words, uint32_t vocabulary)
{
    text t = {.bytes = malloc((size_t)words * 20), .line = malloc((words / LINE_WORDS + 1) * sizeof(sqi_str))};
    for (uint32_t done = 0; done < words;) {
        size_t begin = t.len;
        for (int w = 0; w < LINE_WORDS && done < words; ++w, ++done) {
            if (w)
                t.bytes[t.len++] = ' ';
            t.len += spell(zipf(vocabulary), t.bytes + t.len);
        }
        t.line[t.nline++] = sqi_str_view(t.bytes + begin, (uint32_t)(t.len - begin));
        t.bytes[t.len++] = '\n';
    }
    return t;
}

/* ---- by hand -------------------------------------------------------------------------------------------------- */

typedef struct entry {
    const char *word;
    uint32_t len, hash;
    int64_t count;
} entry;

typedef struct table {
    entry *slot;
    uint32_t mask, used;
} table;

static void grow(table *t)
{
    entry *old = t->slot;
    uint32_t n = old ? t->mask + 1 : 0;
    t->mask = n ? n * 2 - 1 : 1023;
    t->slot = calloc(t->mask + 1, sizeof *t->slot);
    for (uint32_t i = 0; i < n; ++i) {
        if (!old[i].word)
            continue;
        uint32_t at = old[i].hash & t->mask;
        while (t->slot[at].word)
            at = (at + 1) & t->mask;
        t->slot[at] = old[i];
    }
    free(old);
}

/* Eight bytes a step. */
static uint32_t hash_word(const char *word, uint32_t len)
{
    uint64_t h = len * UINT64_C(0x9E3779B97F4A7C15), part = 0;
    for (; len >= 8; len -= 8, word += 8) {
        memcpy(&part, word, 8);
        h = (h ^ part) * UINT64_C(0x9FB21C651E98DF25);
        h ^= h >> 32;
    }
    part = 0;
    memcpy(&part, word, len);
    h = (h ^ part) * UINT64_C(0x9FB21C651E98DF25);
    return (uint32_t)(h ^ h >> 32);
}

static void add(table *t, const char *word, uint32_t len)
{
    uint32_t hash = hash_word(word, len), at = hash & t->mask;
    for (; t->slot[at].word; at = (at + 1) & t->mask)
        if (t->slot[at].hash == hash && t->slot[at].len == len && !memcmp(t->slot[at].word, word, len)) {
            t->slot[at].count++;
            return;
        }
    t->slot[at] = (entry){word, len, hash, 1};
    if (++t->used * 2 > t->mask)
        grow(t);
}

static double by_hand(const text *x, uint32_t *groups, int64_t *most)
{
    double begin = now();
    table t = {0};
    grow(&t);
    const char *word = x->bytes;
    for (const char *at = x->bytes, *end = at + x->len; at < end; ++at)
        if (*at == ' ' || *at == '\n') {
            add(&t, word, (uint32_t)(at - word));
            word = at + 1;
        }
    double seconds = now() - begin;
    *groups = t.used;
    *most = 0;
    for (uint32_t i = 0; i <= t.mask; ++i)
        *most = t.slot[i].count > *most ? t.slot[i].count : *most;
    free(t.slot);
    return seconds;
}

/* ---- by the operators ----------------------------------------------------------------------------------------- */

typedef struct seen {
    uint64_t groups;
    int64_t most;
} seen;

static streamq_status look(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)input;
    (void)err;
    seen *s = op->state;
    s->groups += chunk->rows.n;
    for (uint32_t i = 0; i < chunk->rows.n; ++i)
        s->most = SQI_AT(&chunk->col[1], int64_t, i) > s->most ? SQI_AT(&chunk->col[1], int64_t, i) : s->most;
    return STREAMQ_OK;
}

static const sqi_op_type watcher = {.name = "Watch", .state_size = sizeof(seen), .push = look};

static double by_operators(const text *x, uint32_t *groups, int64_t *most)
{
    sqi_alloc alloc;
    sqi_rig r;
    streamq_error *err = NULL;
    uint32_t n;
    sqi_alloc_init(&alloc);
    sqi_rig_open(&r, &alloc, "value STRING");
    r.env.mode = STREAMQ_COMPLETE;
    sqi_op *end = sqi_rig_add(&r, &watcher, NULL, 1);
    sqi_rig_add_group(&r, "value", "count(*)");
    sqi_bound **g = sqi_rig_exprs(&r, "explode(split(value, ' '))", &n);
    sqi_op_generate_params p = {g[0], NULL, 0, 1};
    sqi_rig_add(&r, &sqi_op_generate, &p, 1);
    double begin = now();
    for (uint32_t at = 0; at < x->nline && !err; at += SQI_CHUNK_ROWS) {
        uint32_t rows = x->nline - at < SQI_CHUNK_ROWS ? x->nline - at : SQI_CHUNK_ROWS;
        sqi_vec col = {.type = &sqi_type_string, .data = x->line + at, .mask = UINT32_MAX};
        sqi_op_push(r.first, 0, &(sqi_chunk){.n = rows, .ncol = 1, .rows = {NULL, rows}, .col = &col}, &err);
    }
    if (!err)
        sqi_op_flush(r.first, &err);
    double seconds = now() - begin;
    if (err)
        printf("%s\n", sqi_error_message(err));
    seen *s = end->state;
    *groups = (uint32_t)s->groups;
    *most = s->most;
    sqi_rig_close(&r);
    return seconds;
}

int main(int argc, char **argv)
{
    double millions = argc > 1 ? atof(argv[1]) : 5;
    uint32_t vocabulary = argc > 2 ? (uint32_t)atoi(argv[2]) : 100000;
    uint32_t words = (uint32_t)(millions * 1e6);
    text x = make_text(words, vocabulary);
    double hand = 1e9, ops = 1e9;
    uint32_t g1 = 0, g2 = 0;
    int64_t m1 = 0, m2 = 0;
    for (int i = 0; i < PASSES; ++i) {
        double s = by_hand(&x, &g1, &m1);
        hand = s < hand ? s : hand;
        s = by_operators(&x, &g2, &m2);
        ops = s < ops ? s : ops;
    }
    printf("word count, %.1f million words (%.0f MB), %u different: by hand %.1f M/s, operators %.1f M/s, ratio %.2f\n",
           millions, (double)x.len / 1e6, (unsigned)g1, millions / hand, millions / ops, hand / ops);
    if (g1 != g2 || m1 != m2)
        printf("the counts differ: %u and %u groups, %lld and %lld\n", (unsigned)g1, (unsigned)g2, (long long)m1,
               (long long)m2);
    free(x.bytes);
    free(x.line);
    return g1 != g2 || m1 != m2;
}
