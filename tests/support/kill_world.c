/* kill_world: see the header. */
#include "kill_world.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

kill_rows kill_rows_up_to(int64_t n)
{
    kill_rows r = {.count = {0}};
    for (int64_t i = 1; i <= n; i++) {
        r.count[i % KILL_KEYS]++;
        r.sum[i % KILL_KEYS] += i;
    }
    return r;
}

int64_t kill_rows_numbers(const kill_rows *r)
{
    int64_t n = 0;
    for (int k = 0; k < KILL_KEYS; k++)
        n += r->count[k];
    return n;
}

bool kill_rows_add(kill_rows *to, int64_t key, int64_t count, int64_t sum)
{
    if (key < 0 || key >= KILL_KEYS || count <= 0 || to->count[key])
        return false;
    to->count[key] = count;
    to->sum[key] = sum;
    return true;
}

/* -------------------------------------------------------------- lines */

static void add_line(const kill_world *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_line(const kill_world *w, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line - 1, format, args);
    va_end(args);
    if (n > (int)sizeof line - 2)
        n = sizeof line - 2;
    line[n++] = '\n';
    int fd = open(w->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, line, (size_t)n) != n)
        abort();
    close(fd);
}

static void say_wrong(kill_world *w, const char *text)
{
    if (!w->wrong[0])
        snprintf(w->wrong, sizeof w->wrong, "%.390s", text);
}

void kill_world_wrong(kill_world *w, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (char *p = text; *p; p++)
        if (*p == '\n')
            *p = ' ';
    say_wrong(w, text);
    add_line(w, "W %s", text);
}

static void take_batch(kill_world *w, int64_t id, const kill_rows *rows)
{
    w->last = id;
    w->batch[id] = *rows;
    for (int k = 0; k < KILL_KEYS; k++)
        if (rows->count[k]) {
            w->now.count[k] = rows->count[k];
            w->now.sum[k] = rows->sum[k];
        }
}

static bool known(kill_world *w, int64_t id)
{
    if (id >= 0 && id <= w->last + 1 && id < KILL_BATCHES)
        return true;
    kill_world_wrong(w, "batch %lld follows batch %lld", (long long)id, (long long)w->last);
    return false;
}

void kill_world_batch(kill_world *w, int64_t id, const kill_rows *rows)
{
    if (!known(w, id))
        return;
    if (id <= w->last) {
        if (memcmp(rows, &w->batch[id], sizeof *rows) != 0)
            kill_world_wrong(w, "batch %lld came again with other rows", (long long)id);
        if (id < w->last)
            kill_world_wrong(w, "batch %lld came again after batch %lld", (long long)id, (long long)w->last);
        return;
    }
    add_line(w, "B %lld %lld %lld %lld %lld %lld %lld", (long long)id, (long long)rows->count[0],
             (long long)rows->sum[0], (long long)rows->count[1], (long long)rows->sum[1], (long long)rows->count[2],
             (long long)rows->sum[2]);
    take_batch(w, id, rows);
}

static void take_row(kill_world *w, int64_t id, int64_t key, int64_t count, int64_t sum)
{
    kill_rows *b = &w->batch[id];
    if (id > w->last) {
        w->last = id;
        *b = (kill_rows){.count = {0}};
    }
    w->repeats[id] += b->count[key] != 0;
    b->count[key] = w->now.count[key] = count;
    b->sum[key] = w->now.sum[key] = sum;
}

void kill_world_row(kill_world *w, int64_t id, int64_t key, int64_t count, int64_t sum)
{
    if (!known(w, id))
        return;
    if (key < 0 || key >= KILL_KEYS) {
        kill_world_wrong(w, "batch %lld has the key %lld", (long long)id, (long long)key);
        return;
    }
    const kill_rows *b = &w->batch[id];
    if (id < w->last)
        kill_world_wrong(w, "batch %lld came again after batch %lld", (long long)id, (long long)w->last);
    else if (id == w->last && b->count[key] && (b->count[key] != count || b->sum[key] != sum))
        kill_world_wrong(w, "batch %lld came again with another row of key %lld", (long long)id, (long long)key);
    add_line(w, "R %lld %lld %lld %lld", (long long)id, (long long)key, (long long)count, (long long)sum);
    take_row(w, id, key, count, sum);
}

void kill_world_forget(kill_world *w, int64_t n)
{
    add_line(w, "F %lld", (long long)n);
    w->forgotten = n;
}

void kill_world_dropped(kill_world *w, int64_t nth)
{
    add_line(w, "D %lld", (long long)nth);
    w->dropped = nth;
}

void kill_world_table(kill_world *w, const kill_rows *r)
{
    add_line(w, "T %lld %lld %lld %lld %lld %lld", (long long)r->count[0], (long long)r->sum[0], (long long)r->count[1],
             (long long)r->sum[1], (long long)r->count[2], (long long)r->sum[2]);
    w->has_table = true;
    w->table = *r;
}

/* -------------------------------------------------------------- reading */

static void read_line(kill_world *w, const char *line)
{
    long long v[7] = {0};
    int n = sscanf(line + 1, "%lld %lld %lld %lld %lld %lld %lld", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6]);
    size_t at = line[0] == 'B';
    kill_rows rows = {.count = {v[at], v[at + 2], v[at + 4]}, .sum = {v[at + 1], v[at + 3], v[at + 5]}};
    if (line[0] == 'W')
        say_wrong(w, line + 2);
    else if (line[0] == 'B' && n == 7)
        take_batch(w, v[0], &rows);
    else if (line[0] == 'R' && n == 4)
        take_row(w, v[0], v[1], v[2], v[3]);
    else if (line[0] == 'F' && n == 1)
        w->forgotten = v[0];
    else if (line[0] == 'D' && n == 1)
        w->dropped = v[0];
    else if (line[0] == 'T' && n == 6) {
        w->has_table = true;
        w->table = rows;
    } else
        say_wrong(w, "the file of what was seen is broken");
}

void kill_world_read(kill_world *w)
{
    char line[512], path[sizeof w->path];
    memcpy(path, w->path, sizeof path);
    *w = (kill_world){.last = -1};
    memcpy(w->path, path, sizeof path);
    FILE *f = fopen(w->path, "re");
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        read_line(w, line);
    }
    if (f)
        fclose(f);
}

void kill_world_init(kill_world *w, const char *path)
{
    *w = (kill_world){.last = -1};
    snprintf(w->path, sizeof w->path, "%s", path);
    kill_world_read(w);
}

/* -------------------------------------------------------------- judging */

kill_verdict kill_world_judge(const kill_world *w, int64_t n, bool in_memory)
{
    kill_verdict v = {.wrong = w->wrong[0] != '\0'};
    kill_rows want = kill_rows_up_to(n);
    const kill_rows *have = in_memory ? &w->table : &w->now;
    for (int k = 0; k < KILL_KEYS; k++) {
        v.lost += have->count[k] < want.count[k];
        v.duplicated += have->count[k] > want.count[k];
        v.wrong += have->count[k] == want.count[k] && have->sum[k] != want.sum[k];
    }
    return v;
}
