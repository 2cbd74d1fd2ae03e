/* golden_files: see the header. */
#include "golden_files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void add(golden_set *to, const char *name, const void *bytes, size_t len)
{
    if (to->n == GOLDEN_FILES_MOST || strlen(name) >= sizeof to->file[0].name)
        abort();
    size_t at = to->n++;
    for (; at && strcmp(to->file[at - 1].name, name) > 0; at--)
        to->file[at] = to->file[at - 1];
    golden_file *f = &to->file[at];
    *f = (golden_file){.bytes = malloc(len + 1), .len = len};
    if (!f->bytes)
        abort();
    memcpy(f->bytes, bytes, len);
    strcpy(f->name, name);
}

typedef struct taking {
    golden_set *to;
    sqi_disk_sim *disk;
} taking;

static bool take_one(void *user, const char *name, sqi_os_kind kind)
{
    taking *t = user;
    char path[96];
    size_t len;
    snprintf(path, sizeof path, "/ckpt/%.60s", name);
    const void *bytes = sqi_disk_sim_get(t->disk, path, &len);
    if (kind == SQI_OS_FILE && bytes && strcmp(name, "lock") != 0)
        add(t->to, name, bytes, len);
    return true;
}

void golden_set_take(golden_set *to, sqi_disk_sim *disk)
{
    const sqi_os_files *f = sqi_disk_sim_files(disk);
    taking t = {to, disk};
    *to = (golden_set){.n = 0};
    (void)f->list(f->context, "/ckpt", take_one, &t);
}

bool golden_set_read(golden_set *to, const char *dir)
{
    char path[512];
    DIR *d = opendir(dir);
    *to = (golden_set){.n = 0};
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        snprintf(path, sizeof path, "%s/%.200s", dir, e->d_name);
        FILE *f = e->d_name[0] == '.' ? NULL : fopen(path, "rbe");
        if (!f)
            continue;
        fseek(f, 0, SEEK_END);
        long len = ftell(f);
        rewind(f);
        unsigned char *bytes = malloc((size_t)len + 1);
        if (!bytes || fread(bytes, 1, (size_t)len, f) != (size_t)len)
            abort();
        fclose(f);
        add(to, e->d_name, bytes, (size_t)len);
        free(bytes);
    }
    if (d)
        closedir(d);
    return d != NULL;
}

void golden_set_clear(golden_set *set)
{
    for (size_t i = 0; i < set->n; i++)
        free(set->file[i].bytes);
    set->n = 0;
}

void golden_set_put(const golden_set *set, sqi_disk_sim *disk)
{
    char path[96];
    const sqi_os_files *f = sqi_disk_sim_files(disk);
    if (f->mkdir(f->context, "/ckpt") != 0)
        abort();
    sqi_disk_sim_settle(disk);
    for (size_t i = 0; i < set->n; i++) {
        snprintf(path, sizeof path, "/ckpt/%s", set->file[i].name);
        sqi_disk_sim_put(disk, path, set->file[i].bytes, set->file[i].len);
    }
}

/* -------------------------------------------------------------- lives */

sqi_disk_sim *golden_disk(void)
{
    sqi_disk_sim *disk = sqi_disk_sim_new(1);
    const sqi_os_files *f = sqi_disk_sim_files(disk);
    if (f->mkdir(f->context, "/in") != 0)
        abort();
    sqi_disk_sim_settle(disk);
    return disk;
}

sqi_disk_sim *golden_make(const golden *g, const char *retain)
{
    golden_out out;
    sqi_disk_sim *disk = golden_disk();
    if (!golden_live(disk, g, &(golden_life){.until = golden_batches(g), .retain = retain}, &out) ||
        out.next != golden_batches(g)) {
        fprintf(stderr, "%s: %lld micro-batches; %s\n", g->name, (long long)out.next, out.why);
        abort();
    }
    golden_out_clear(&out);
    return disk;
}

char *golden_text(const golden_out *out)
{
    size_t size = sizeof out->why + 64;
    for (int64_t i = out->first; i >= 0 && i < out->next; i++)
        size += strlen(out->rows[i]) + 32;
    char *text = calloc(1, size), *end = text;
    if (!text)
        abort();
    for (int64_t i = out->first; i >= 0 && i < out->next; i++)
        end += sprintf(end, "batch %lld\n%s%s", (long long)i, out->rows[i], *out->rows[i] ? "\n" : "");
    sprintf(end, "%s", out->why);
    return text;
}

char *golden_continue(const golden_set *set, const golden *g, const char *threads, const char *chunk)
{
    golden_out out;
    sqi_disk_sim *disk = golden_disk();
    golden_set_put(set, disk);
    (void)golden_live(
        disk, g, &(golden_life){.until = golden_batches(g) + GOLDEN_MORE, .threads = threads, .chunk = chunk}, &out);
    char *text = golden_text(&out);
    golden_out_clear(&out);
    sqi_disk_sim_free(disk);
    return text;
}

static void write_file(const char *path, const void *bytes, size_t len)
{
    FILE *f = fopen(path, "wbe");
    if (!f || fwrite(bytes, 1, len, f) != len || fclose(f) != 0) {
        fprintf(stderr, "%s cannot be written\n", path);
        abort();
    }
}

void golden_files_write(const char *dir, const golden *g)
{
    char path[512];
    golden_set set;
    sqi_disk_sim *disk = golden_make(g, NULL);
    golden_set_take(&set, disk);
    sqi_disk_sim_free(disk);
    snprintf(path, sizeof path, "%s/%s", dir, g->name);
    (void)mkdir(path, 0755);
    for (size_t i = 0; i < set.n; i++) {
        snprintf(path, sizeof path, "%s/%s/%s", dir, g->name, set.file[i].name);
        write_file(path, set.file[i].bytes, set.file[i].len);
    }
    char *text = golden_continue(&set, g, NULL, NULL);
    snprintf(path, sizeof path, "%s/%s.txt", dir, g->name);
    write_file(path, text, strlen(text));
    free(text);
    golden_set_clear(&set);
}
