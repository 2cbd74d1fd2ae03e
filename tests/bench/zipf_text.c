#include "zipf_text.h"

#include "bench_kit.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DISTINCT = 200000, WORD_MAX = 12 };

typedef struct lexicon {
    char word[DISTINCT][WORD_MAX + 1];
    uint8_t len[DISTINCT];
    double upto[DISTINCT]; /* sums of the weights 1/rank */
} lexicon;

static void lexicon_make(lexicon *x)
{
    double sum = 0;
    for (int i = 0; i < DISTINCT; i++) {
        x->len[i] = (uint8_t)(2 + bench_random() % (WORD_MAX - 1));
        for (int k = 0; k < x->len[i]; k++)
            x->word[i][k] = (char)('a' + bench_random() % 26);
        x->upto[i] = sum += 1.0 / (i + 1);
    }
}

static size_t lexicon_draw(const lexicon *x)
{
    double u = (double)(bench_random() >> 11) / 9007199254740992.0 * x->upto[DISTINCT - 1];
    size_t low = 0, high = DISTINCT - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (x->upto[middle] < u)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t line_of(const lexicon *x, char *to)
{
    size_t n = 0;
    int words = 4 + (int)(bench_random() % 9);
    for (int k = 0; k < words; k++) {
        size_t w = lexicon_draw(x);
        memcpy(to + n, x->word[w], x->len[w]);
        n += x->len[w];
        to[n++] = k + 1 < words ? ' ' : '\n';
    }
    return n;
}

/* Written beside its place and renamed: a run that was broken off leaves no half text. */
static void make(const char *path, size_t bytes)
{
    char part[600], line[WORD_MAX * 16];
    lexicon *x = bench_must(calloc(1, sizeof *x));
    snprintf(part, sizeof part, "%s.part", path);
    FILE *f = bench_must(fopen(part, "wb"));
    bench_random_seed(0);
    lexicon_make(x);
    for (size_t done = 0; done < bytes;) {
        size_t n = line_of(x, line);
        if (fwrite(line, 1, n, f) != n)
            bench_must(NULL);
        done += n;
    }
    if (fclose(f) != 0 || rename(part, path) != 0)
        bench_must(NULL);
    free(x);
}

zipf_text zipf_text_open(size_t megabytes)
{
    zipf_text t = {0};
    const char *dir = getenv("BENCH_DIR");
    dir = dir && *dir ? dir : "build/bench";
    mkdir(dir, 0777);
    snprintf(t.path, sizeof t.path, "%s/zipf-%zu.txt", dir, megabytes);
    struct stat s;
    if (stat(t.path, &s) != 0)
        make(t.path, megabytes << 20);
    if (stat(t.path, &s) != 0)
        bench_must(NULL);
    t.len = (size_t)s.st_size;
    t.ptr = bench_pages(t.len + ZIPF_TEXT_ROOM);
    FILE *f = bench_must(fopen(t.path, "rb"));
    if (fread(t.ptr, 1, t.len, f) != t.len)
        bench_must(NULL);
    fclose(f);
    for (size_t i = 0; i < t.len; i++) {
        t.lines += t.ptr[i] == '\n';
        t.words += t.ptr[i] == '\n' || t.ptr[i] == ' ';
    }
    return t;
}

void zipf_text_close(zipf_text *text)
{
    free(text->ptr);
    text->ptr = NULL;
}
