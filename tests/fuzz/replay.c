/*
 * replay: runs a fuzz target over files without a fuzzing engine: over every file of the directories given, or the
 * files themselves. Each input also runs cut short at every length up to 512 bytes: a cheap way to many broken texts.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t inputs;

static void run_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    rewind(f);
    uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
    size_t n = fread(data, 1, size > 0 ? (size_t)size : 0, f);
    fclose(f);
    LLVMFuzzerTestOneInput(data, n);
    for (size_t cut = 0; cut < n && cut < 512; cut++) {
        uint8_t *part = malloc(cut ? cut : 1); /* its own block: reading past the end is seen */
        memcpy(part, data, cut);
        LLVMFuzzerTestOneInput(part, cut);
        free(part);
    }
    free(data);
    inputs++;
}

static void run_path(const char *path)
{
    DIR *d = opendir(path);
    if (!d) {
        run_file(path);
        return;
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        char *name = malloc(strlen(path) + strlen(e->d_name) + 2);
        sprintf(name, "%s/%s", path, e->d_name);
        if (e->d_name[0] != '.')
            run_file(name);
        free(name);
    }
    closedir(d);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        run_path(argv[i]);
    printf("%zu inputs\n", inputs);
    return inputs ? 0 : 1;
}
