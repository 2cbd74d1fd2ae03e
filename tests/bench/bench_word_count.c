/*
 * bench_word_count: words a second of the word count (memory source, explode of split, count) against a loop written by
 * hand for these bytes, in turn in one run; and the latency of one-row batches. Prints a table; the figures that
 * README quotes come from here.
 *
 *     bench_word_count [MEGABYTES [ROUNDS]]
 *
 * The text: lines of 4 to 12 words, 200,000 distinct words of 2 to 12 letters, their frequencies by Zipf's law, seeded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <streamq.h>
#include <string.h>
#include <time.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { DISTINCT = 200000, WORD_MAX = 12 };

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint64_t seed = 88172645463325252u;

static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static void *must(void *p)
{
    if (!p)
        abort();
    return p;
}

/* -------------------------------------------------------------- the text */

typedef struct text {
    char *ptr;
    size_t len, words;
} text;

static text make_text(size_t bytes)
{
    char(*word)[WORD_MAX + 1] = must(calloc(DISTINCT, sizeof *word));
    double *upto = must(malloc(DISTINCT * sizeof *upto)), sum = 0;
    for (int i = 0; i < DISTINCT; ++i) {
        int letters = 2 + (int)(next_random() % (WORD_MAX - 1));
        for (int k = 0; k < letters; ++k)
            word[i][k] = (char)('a' + next_random() % 26);
        upto[i] = sum += 1.0 / (i + 1);
    }
    text t = {must(calloc(1, bytes + 512)), 0, 0};
    while (t.len < bytes) {
        int words = 4 + (int)(next_random() % 9);
        for (int k = 0; k < words; ++k) {
            double u = (double)(next_random() >> 11) / 9007199254740992.0 * sum;
            size_t low = 0, high = DISTINCT - 1;
            while (low < high) {
                size_t middle = (low + high) / 2;
                if (upto[middle] < u)
                    low = middle + 1;
                else
                    high = middle;
            }
            size_t n = strlen(word[low]);
            memcpy(t.ptr + t.len, word[low], n);
            t.len += n;
            t.ptr[t.len++] = k + 1 < words ? ' ' : '\n';
        }
        t.words += (size_t)words;
    }
    free(word);
    free(upto);
    return t;
}

/* -------------------------------------------------------------- by hand */

typedef struct slot {
    const char *ptr;
    uint32_t len, hash;
    uint64_t count;
} slot;

enum { SLOTS = 1 << 19, BLOCK = 64 };

typedef struct found {
    const char *ptr;
    uint32_t len, hash;
} found;

static void count_block(slot *table, const found *block, int n)
{
    for (int i = 0; i < n; ++i) {
        uint32_t at = block[i].hash & (SLOTS - 1);
        while (table[at].ptr && !(table[at].hash == block[i].hash && table[at].len == block[i].len &&
                                  memcmp(table[at].ptr, block[i].ptr, block[i].len) == 0))
            at = (at + 1) & (SLOTS - 1);
        table[at].ptr = block[i].ptr;
        table[at].len = block[i].len;
        table[at].hash = block[i].hash;
        ++table[at].count;
    }
}

/* Hash of a word by whole machine words; bytes may be read beyond its end (the text has room behind it). */
static uint32_t hash_word(const char *p, size_t len)
{
    uint64_t h = len * 0x9e3779b97f4a7c15u, part;
    for (; len > 8; p += 8, len -= 8) {
        memcpy(&part, p, 8);
        h = (h ^ part) * 0xd6e8feb86659fd93u;
        h ^= h >> 32;
    }
    memcpy(&part, p, 8);
    part &= len == 8 ? UINT64_MAX : (UINT64_C(1) << (len * 8)) - 1;
    h = (h ^ part) * 0xd6e8feb86659fd93u;
    return (uint32_t)(h ^ (h >> 32));
}

/* Bits of the separators among the next 64 bytes. */
static uint64_t separators(const char *p)
{
    uint64_t bits = 0;
#ifdef __SSE2__
    for (int i = 0; i < 4; ++i) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\n')));
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << (16 * i);
    }
#else
    for (int i = 0; i < 64; ++i)
        bits |= (uint64_t)(p[i] == ' ' || p[i] == '\n') << i;
#endif
    return bits;
}

/* One pass: cut words 64 bytes at a time, hash them, prefetch their slots, count a block of them. */
static size_t by_hand(const text *t, uint64_t *total)
{
    slot *table = must(calloc(SLOTS, sizeof *table));
    found block[BLOCK + 64];
    int n = 0;
    const char *begin = t->ptr, *end = t->ptr + t->len;
    for (const char *p = t->ptr; p < end; p += 64) {
        for (uint64_t bits = separators(p); bits; bits &= bits - 1) {
            const char *stop = p + __builtin_ctzll(bits);
            if (stop >= end)
                break;
            size_t len = (size_t)(stop - begin);
            uint32_t h = hash_word(begin, len);
            block[n++] = (found){begin, (uint32_t)len, h};
            __builtin_prefetch(&table[h & (SLOTS - 1)]);
            begin = stop + 1;
        }
        if (n >= BLOCK) {
            count_block(table, block, n);
            n = 0;
        }
    }
    count_block(table, block, n);
    size_t distinct = 0;
    *total = 0;
    for (size_t i = 0; i < SLOTS; ++i) {
        distinct += table[i].ptr != NULL;
        *total += table[i].count;
    }
    free(table);
    return distinct;
}

/* -------------------------------------------------------------- streamq */

typedef struct engine {
    streamq_session *session;
    streamq_plan *plan;
    streamq_feed *feed;
    streamq_query *query;
} engine;

static void check(const streamq_error *error)
{
    if (error) {
        fprintf(stderr, "%s\n", streamq_error_message(error));
        exit(1);
    }
}

static engine start(streamq_output_mode mode)
{
    engine e = {.session = must(streamq_session_new(NULL))};
    streamq_error *error = NULL;
    e.plan = streamq_plan_new(e.session);
    e.feed = streamq_feed_new(e.session, "value STRING", &error);
    streamq_feed_capacity(e.feed, UINT64_C(1) << 31, UINT64_C(1) << 34);
    streamq_reader *reader = streamq_read_stream(e.plan, "memory");
    streamq_reader_feed(reader, e.feed);
    streamq_stream *words = streamq_select(streamq_reader_load(reader), "explode(split(value, ' ')) AS word");
    streamq_writer *writer = streamq_write_stream(streamq_count(streamq_group_by(words, "word")), "pull");
    streamq_writer_output_mode(writer, mode);
    e.query = streamq_writer_open(writer, &error);
    check(error);
    return e;
}

static void stop(engine *e)
{
    streamq_query_free(e->query);
    streamq_feed_free(e->feed);
    streamq_plan_free(e->plan);
    streamq_session_free(e->session);
}

/* Seconds from bytes in the feed to counts in hand; the push (which cuts lines and copies the text once) is counted. */
static double by_streamq(const text *t, size_t *distinct, uint64_t *total)
{
    engine e = start(STREAMQ_COMPLETE);
    streamq_error *error = NULL;
    double begin = now_seconds();
    streamq_feed_lend_lines(e.feed, t->ptr, (int64_t)t->len, NULL, NULL, &error);
    streamq_query_step(e.query, NULL, &error);
    streamq_batch *b = streamq_query_next_batch(e.query, NULL);
    double seconds = now_seconds() - begin;
    check(error);
    *distinct = streamq_batch_rows(b);
    *total = 0;
    for (size_t i = 0; i < *distinct; ++i)
        *total += (uint64_t)streamq_batch_get_int64(b, i, 1);
    streamq_batch_free(b);
    stop(&e);
    return seconds;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void one_row_batches(int n)
{
    engine e = start(STREAMQ_UPDATE);
    streamq_error *error = NULL;
    double *took = must(malloc((size_t)n * sizeof *took));
    for (int i = -1000; i < n; ++i) { /* the first thousand fill the state */
        char line[64];
        snprintf(line, sizeof line, "w%d w%d w%d w%d", (int)(next_random() % 1000), (int)(next_random() % 1000),
                 (int)(next_random() % 1000), (int)(next_random() % 1000));
        double begin = now_seconds();
        streamq_feed_push_lines(e.feed, line, -1, &error);
        streamq_query_step(e.query, NULL, &error);
        streamq_batch *b = streamq_query_next_batch(e.query, NULL);
        if (i >= 0)
            took[i] = (now_seconds() - begin) * 1e6;
        check(error);
        streamq_batch_free(must(b));
    }
    qsort(took, (size_t)n, sizeof *took, by_value);
    printf("one-row batch (4 words, 1,000 keys, update, pulled): p50 %.1f us, p99 %.1f us\n", took[n / 2],
           took[(size_t)n * 99 / 100]);
    free(took);
    stop(&e);
}

int main(int argc, char **argv)
{
    size_t megabytes = argc > 1 ? (size_t)atol(argv[1]) : 100;
    int rounds = argc > 2 ? atoi(argv[2]) : 5;
    if (megabytes < 1 || rounds < 1 || rounds > 100) {
        fprintf(stderr, "usage: bench_word_count [MEGABYTES [ROUNDS]]\n");
        return 2;
    }
    text t = make_text(megabytes << 20);
    double hand[100], ours[100], ratio[100];
    printf("%zu MB, %.1f M words, seeded Zipf text\n", megabytes, (double)t.words / 1e6);
    for (int i = 0; i < rounds; ++i) {
        uint64_t total, total2;
        size_t distinct2;
        double begin = now_seconds();
        size_t distinct = by_hand(&t, &total);
        hand[i] = now_seconds() - begin;
        ours[i] = by_streamq(&t, &distinct2, &total2);
        ratio[i] = hand[i] / ours[i];
        if (distinct != distinct2 || total != total2 || total != t.words) {
            fprintf(stderr, "the counts differ: %zu/%zu words, %llu/%llu in all\n", distinct, distinct2,
                    (unsigned long long)total, (unsigned long long)total2);
            return 1;
        }
    }
    qsort(hand, (size_t)rounds, sizeof *hand, by_value);
    qsort(ours, (size_t)rounds, sizeof *ours, by_value);
    qsort(ratio, (size_t)rounds, sizeof *ratio, by_value);
    printf("%-28s %8.1f M words/s\n", "by hand, one thread", (double)t.words / hand[rounds / 2] / 1e6);
    printf("%-28s %8.1f M words/s\n", "streamq, one thread", (double)t.words / ours[rounds / 2] / 1e6);
    printf("ratio %.2f (median of %d; %.2f to %.2f)\n", ratio[rounds / 2], rounds, ratio[0], ratio[rounds - 1]);
    one_row_batches(20000);
    free(t.ptr);
    return 0;
}
