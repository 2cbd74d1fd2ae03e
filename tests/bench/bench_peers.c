/*
 * bench_peers: row 3 of the table: the word count of a text file against DuckDB with one thread and a warm PySpark with
 * two. Both run in processes of their own that stay (tests/bench/peer_*.py, in the Python under BUILD/peers): a line to
 * one is a run, a line back its seconds. Ours maps the same file within its time.
 *
 *     bench_peers [ROUNDS]
 */
#include "bench_kit.h"
#include "query_kit.h"
#include "zipf_text.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct peer {
    pid_t pid;
    FILE *to, *from;
    char name[128];
} peer;

typedef struct race {
    zipf_text text;
    int threads;
    size_t distinct;
    peer peer;
} race;

static double run_ours(void *context)
{
    race *r = context;
    streamq_error *error = NULL;
    query_kit q = query_kit_open(r->threads, query_kit_words, "value STRING", "pull", STREAMQ_COMPLETE);
    double begin = bench_seconds();
    int file = open(r->text.path, O_RDONLY | O_CLOEXEC);
    char *bytes = mmap(NULL, r->text.len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (file < 0 || bytes == MAP_FAILED)
        bench_must(NULL);
    streamq_feed_lend_lines(q.feed, bytes, (int64_t)r->text.len, NULL, NULL, &error);
    streamq_query_step(q.query, NULL, &error);
    streamq_batch *counts = streamq_query_next_batch(q.query, NULL);
    double took = bench_seconds() - begin;
    query_kit_check(error);
    r->distinct = streamq_batch_rows(bench_must(counts));
    streamq_batch_free(counts);
    query_kit_close(&q);
    munmap(bytes, r->text.len);
    close(file);
    return took;
}

static double run_peer(void *context)
{
    race *r = context;
    double seconds = 0;
    size_t distinct = 0, total = 0;
    fputs("run\n", r->peer.to);
    fflush(r->peer.to);
    if (fscanf(r->peer.from, "%lf %zu %zu", &seconds, &distinct, &total) != 3 || distinct != r->distinct ||
        total != r->text.words) {
        fprintf(stderr, "bench_peers: %s counted %zu words, %zu distinct\n", r->peer.name, total, distinct);
        exit(1);
    }
    return seconds;
}

static const char *python(void)
{
    static char path[512];
    const char *build = getenv("BENCH_BUILD");
    snprintf(path, sizeof path, "%s/peers/bin/python", build ? build : "build");
    return path;
}

/* What a peer says beside its answers stands in a file. */
static void quiet(void)
{
    const char *dir = getenv("BENCH_DIR");
    char path[600];
    snprintf(path, sizeof path, "%s/peers.log", dir ? dir : "build/bench");
    if (!freopen(path, "a", stderr))
        _exit(127);
}

/* Started, and told its name once it is ready. */
static bool start(peer *p, const char *script, const char *more, const char *text, int threads)
{
    int in[2], out[2];
    char count[16], line[128];
    snprintf(count, sizeof count, "%d", threads);
    if (access(python(), X_OK) != 0 || pipe(in) != 0 || pipe(out) != 0 || (p->pid = fork()) < 0)
        return false;
    if (p->pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        quiet();
        close(in[1]);
        close(out[0]);
        execl(python(), python(), script, text, count, more, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    p->to = bench_must(fdopen(in[1], "w"));
    p->from = bench_must(fdopen(out[0], "r"));
    while (fgets(line, sizeof line, p->from))
        if (strncmp(line, "ready ", 6) == 0) {
            line[strcspn(line, "\n")] = 0;
            snprintf(p->name, sizeof p->name, "%s", line + 6);
            return true;
        }
    return false;
}

static void stop(peer *p)
{
    if (p->to)
        fclose(p->to);
    if (p->from)
        fclose(p->from);
    if (p->pid > 0)
        waitpid(p->pid, NULL, 0);
    *p = (peer){0};
}

static void against(race *r, const char *what, const char *script, const char *more, const char *goal, int rounds)
{
    if (start(&r->peer, script, more, r->text.path, r->threads)) {
        bench_goal(goal);
        bench_compare("3", what, "M words/s", (double)r->text.words / 1e6, run_ours, r->peer.name, run_peer, r, rounds);
    } else {
        bench_missing("3", what, "peer is not installed: make bench PEERS=1", goal);
    }
    stop(&r->peer);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 5;
    if (!bench_wanted("3")) /* the peers take long to start */
        return 0;
    race r = {.text = zipf_text_open(ZIPF_TEXT_MB)};
    zipf_text_close(&r.text); /* its file is what counts here */
    r.threads = 1;
    against(&r, "word count of a 200 MB file, 1 thread", "tests/bench/peer_duckdb.py", NULL, ">= 3", rounds);
    r.threads = 2;
    against(&r, "word count of a 200 MB file, 2 threads", "tests/bench/peer_spark.py", NULL, ">= 12", rounds);
    against(&r, "word count of a 200 MB file, 2 threads", "tests/bench/peer_spark.py", "2", "", rounds);
    return 0;
}
