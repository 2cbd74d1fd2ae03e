/*
 * golden_files: the files of a checkpoint in memory, to and from the simulated disk and the real one; and what a golden
 * query gives in the micro-batches that follow, as text.
 */
#ifndef SQI_GOLDEN_FILES_H
#define SQI_GOLDEN_FILES_H

#include "golden.h"

enum { GOLDEN_FILES_MOST = 16 };

typedef struct golden_file {
    char name[48];
    unsigned char *bytes; /* malloc */
    size_t len;
} golden_file;

typedef struct golden_set { /* by name; without the lock */
    golden_file file[GOLDEN_FILES_MOST];
    size_t n;
} golden_set;

void golden_set_take(golden_set *to, sqi_disk_sim *disk);
bool golden_set_read(golden_set *to, const char *dir); /* false: there is no such directory */
void golden_set_clear(golden_set *set);
void golden_set_put(const golden_set *set, sqi_disk_sim *disk); /* the disk has no checkpoint yet */

/* The checkpoint after its first micro-batches, on a new disk. retain: minBatchesToRetain; NULL: 1. */
sqi_disk_sim *golden_disk(void); /* with an empty folder /in */
sqi_disk_sim *golden_make(const golden *g, const char *retain);
/* "batch 5\n<rows>\n" of each micro-batch; malloc. */
char *golden_text(const golden_out *out);
char *golden_continue(const golden_set *set, const golden *g, const char *threads,
                      const char *chunk); /* or what failed */

void golden_files_write(const char *dir, const golden *g); /* DIR/<name>/ and DIR/<name>.txt */

#endif
