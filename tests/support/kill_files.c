/* kill_files: see the header. */
#include "kill_files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { NUMBERS = 4096, SHIFT = 7 }; /* the query gives every number, and every number less SHIFT, once */

static void read_numbers(kill_story *s, const char *path, unsigned char seen[NUMBERS])
{
    char line[64];
    FILE *f = fopen(path, "re");
    if (!f)
        kill_world_wrong(&s->world, "the log names %s, which is not there", path);
    while (f && fgets(line, sizeof line, f)) {
        char *end;
        long long n = strtoll(line, &end, 10) + SHIFT;
        if (end == line || *end != '\n' || n < 1 || n >= NUMBERS || seen[n])
            kill_world_wrong(&s->world, "%s has the row '%.20s', which cannot be, or twice", path, line);
        else
            seen[n] = 1;
    }
    if (f)
        fclose(f);
}

/* The entries of one file of the log: {"path":"file:///...", */
static void read_log(kill_story *s, const char *path, unsigned char seen[NUMBERS])
{
    char line[1024];
    static const char key[] = "\"path\":\"file://";
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f)) {
        char *p = strstr(line, key);
        if (!p)
            continue;
        p += sizeof key - 1;
        p[strcspn(p, "\"")] = '\0';
        read_numbers(s, p, seen);
    }
    if (f)
        fclose(f);
}

void kill_files_read(kill_story *s)
{
    unsigned char seen[NUMBERS] = {0};
    char folder[128], path[512];
    int64_t from = 0, id;
    snprintf(folder, sizeof folder, "%s/out/_spark_metadata", s->root);
    for (int pass = 0; pass < 2; pass++) {
        DIR *d = opendir(folder);
        for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
            char *end;
            id = strtoll(e->d_name, &end, 10);
            bool whole = strcmp(end, ".compact") == 0;
            if (end == e->d_name || (*end && !whole))
                continue;
            if (pass == 0 && whole && id > from)
                from = id;
            snprintf(path, sizeof path, "%s/%.200s", folder, e->d_name);
            if (pass == 1 && (id > from || (id == from && (whole || from == 0))))
                read_log(s, path, seen);
        }
        if (d)
            closedir(d);
    }
    int64_t last = NUMBERS - 1;
    while (last > SHIFT && !seen[last])
        last--;
    for (int64_t n = 1; n <= last; n++)
        if (!seen[n])
            kill_world_wrong(&s->world, "the number %lld is missing", (long long)n - SHIFT);
    for (int64_t n = 1; n <= last - SHIFT; n++) {
        s->world.now.count[n % KILL_KEYS] += seen[n + SHIFT];
        s->world.now.sum[n % KILL_KEYS] += seen[n + SHIFT] ? n : 0;
    }
}

void kill_files_drop(kill_story *s, int64_t until, int most)
{
    char from[128], to[128];
    snprintf(to, sizeof to, "%s/in", s->root);
    (void)mkdir(to, 0755);
    for (int i = 0; i < most && s->world.dropped < until; i++) {
        long long n = s->world.dropped + 1;
        snprintf(from, sizeof from, "%s/new", s->root);
        snprintf(to, sizeof to, "%s/in/%04lld.txt", s->root, n);
        FILE *f = fopen(from, "we");
        if (!f || fprintf(f, "%lld\n", n) < 0 || fclose(f) != 0 || rename(from, to) != 0)
            abort();
        kill_world_dropped(&s->world, n);
    }
}
