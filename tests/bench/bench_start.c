/*
 * bench_start: row 13 of the table: the size of the stripped shared library; what the idle socket word count holds in
 * memory; and the time from fork to the first line of its first table, with a line of text waiting for it.
 *
 *     bench_start [BUILD]
 */
#include "bench_kit.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STARTS = 41 };

static int listener, port;
static char example[512];

static void listen_here(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&a, len) != 0 || listen(listener, 8) != 0 ||
        getsockname(listener, (struct sockaddr *)&a, &len) != 0)
        bench_must(NULL);
    port = ntohs(a.sin_port);
}

/* Starts the example with its output in a pipe. */
static pid_t start(int *output)
{
    int ends[2];
    char text[16];
    snprintf(text, sizeof text, "%d", port);
    if (pipe(ends) != 0)
        bench_must(NULL);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGINT, SIG_DFL); /* a shell starts its background jobs with it ignored, and it may come before the
                                    program's handler */
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        execl(example, example, "127.0.0.1", text, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    *output = ends[0];
    return child;
}

static void end(pid_t child, int output, int connection)
{
    close(connection);
    kill(child, SIGINT);
    waitpid(child, NULL, 0);
    close(output);
}

static double first_result_ms(void)
{
    int output;
    char got[4096];
    size_t n = 0;
    double begin = bench_seconds();
    pid_t child = start(&output);
    int connection = accept(listener, NULL, NULL);
    if (send(connection, "to be or not to be\n", 19, MSG_NOSIGNAL) != 19)
        bench_must(NULL);
    for (ssize_t r; n + 1 < sizeof got && (r = read(output, got + n, sizeof got - 1 - n)) > 0;) {
        got[n += (size_t)r] = 0;
        if (strstr(got, "to|")) /* the row of the most frequent word */
            break;
    }
    double took = (bench_seconds() - begin) * 1e3;
    end(child, output, connection);
    if (!strstr(got, "to|"))
        bench_must(NULL);
    return took;
}

/* Connected, the empty first batch behind it, nothing to do. */
static double idle_mb(void)
{
    int output;
    pid_t child = start(&output);
    int connection = accept(listener, NULL, NULL);
    usleep(300000);
    char path[64], line[256];
    double mb = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)child);
    FILE *f = bench_must(fopen(path, "r"));
    while (fgets(line, sizeof line, f))
        if (strncmp(line, "VmRSS:", 6) == 0)
            mb = strtod(line + 6, NULL) / 1024;
    fclose(f);
    end(child, output, connection);
    return mb;
}

static double library_mb(const char *build)
{
    char command[1200], stripped[512];
    struct stat s;
    snprintf(stripped, sizeof stripped, "%s/bench/libstreamq.stripped.so", build);
    snprintf(command, sizeof command, "strip -o '%s' '%s/libstreamq.so'", stripped, build);
    return system(command) == 0 && stat(stripped, &s) == 0 ? (double)s.st_size / (1 << 20) : 0;
}

int main(int argc, char **argv)
{
    const char *build = argc > 1 ? argv[1] : getenv("BENCH_BUILD");
    build = build ? build : "build";
    double took[STARTS];
    snprintf(example, sizeof example, "%s/examples/socket_word_count", build);
    if (access(example, X_OK) != 0) {
        bench_missing("13", "size and start", "the example is not built", "");
        return 0;
    }
    listen_here();
    bench_figure("13", "stripped shared library", "MB", library_mb(build), "<= 1");
    bench_figure("13", "resident memory of the idle socket word count (VmRSS)", "MB", idle_mb(), "<= 4");
    for (int i = 0; i < STARTS; i++)
        took[i] = first_result_ms();
    bench_figure("13", "start of the socket word count to its first table printed", "ms",
                 bench_percentile(took, STARTS, 0.5), "<= 5");
    return 0;
}
