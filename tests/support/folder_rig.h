/*
 * folder_rig: a folder of the real disk for one test, gone at its end, and a table of file functions in which any one
 * call can be made to fail.
 *
 *     folder f;
 *     folder_begin(&f);
 *     folder_put(&f, "out/a.csv", "1\n");
 *     ck_assert_str_eq(folder_list(&f, "out"), "a.csv");
 *     folder_end(&f);
 */
#ifndef SQI_FOLDER_RIG_H
#define SQI_FOLDER_RIG_H

#include "base_str.h"
#include "os.h"

typedef struct folder {
    char path[64];
    sqi_os_files files; /* hand this table to the code under test: calls are counted */
    size_t calls, fail_at;
    bool fail_beyond;
    int code;           /* what the call says that fails */
    char text[1 << 16]; /* what list, read and name gave last */
} folder;

void folder_begin(folder *f);
void folder_end(folder *f);
const char *folder_name(folder *f, const char *name);           /* its whole path */
void folder_put(folder *f, const char *name, const char *text); /* with the folders that lead there */
const char *folder_read(folder *f, const char *name);           /* the test fails if it is not there */
bool folder_has(folder *f, const char *name);
const char *folder_list(folder *f, const char *name);                  /* names sorted, with a space between */
const char *folder_tree(folder *f, const char *name);                  /* files below it, by path */
void folder_age(folder *f, const char *name, int64_t modified_micros); /* sets its time */

#endif
