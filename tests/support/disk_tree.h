/*
 * disk_tree: the insides that disk_sim and disk_image share: files and directories in memory, and the changes to them.
 * A change is what a call did to one file's bytes or one directory's names, or a sync that made earlier ones durable.
 */
#ifndef SQI_DISK_TREE_H
#define SQI_DISK_TREE_H

#include "disk_sim.h"

#include <pthread.h>

typedef struct sqi_disk_name {
    char *name;
    size_t node;
} sqi_disk_name;

typedef struct sqi_disk_node { /* a file or a directory; never freed before its tree, as an inode without names */
    bool directory;
    char *bytes;
    size_t len, cap;
    sqi_disk_name *names;
    size_t nnames;
    int64_t modified;
} sqi_disk_node;

typedef struct sqi_disk_tree {
    sqi_disk_node *nodes; /* 0: the root */
    size_t n;
} sqi_disk_tree;

typedef enum sqi_disk_change_kind {
    SQI_CHANGE_WRITE,
    SQI_CHANGE_SIZE,
    SQI_CHANGE_SET,    /* name := other */
    SQI_CHANGE_DROP,   /* name is gone */
    SQI_CHANGE_RENAME, /* name is gone, to := other, at once */
    SQI_CHANGE_SYNC    /* of a file or a directory; failed: nothing before it becomes durable any more */
} sqi_disk_change_kind;

typedef struct sqi_disk_change {
    sqi_disk_change_kind kind;
    size_t call, node, other;
    bool failed;
    bool moved; /* a DROP whose name was SET in another directory by the change before */
    int64_t at; /* WRITE: where; SIZE: the size */
    char *bytes, *name, *to;
    size_t len;
} sqi_disk_change;

typedef struct sqi_disk_record {
    sqi_disk_call kind;
    char *text;
} sqi_disk_record;

typedef struct sqi_disk_handle {
    bool used, writes, locks;
    size_t node;
    char *path;
} sqi_disk_handle;

struct sqi_disk_sim {
    sqi_os_files files;
    pthread_mutex_t lock;
    uint64_t seed;
    sqi_disk_tree now, base; /* base: at the beginning of the record, all durable */
    sqi_disk_change *changes;
    size_t nchanges;
    sqi_disk_record *records;
    size_t nrecords;
    sqi_disk_handle *handles;
    size_t nhandles, misuse;
    int64_t capacity;
    bool shorten, journal;
    sqi_disk_fault fault;
    size_t met, struck; /* calls that the fault could have been about; those that it was about */
};

void *sqi_disk_need(void *p);                      /* p; no memory ends the test */
char *sqi_disk_copy(const void *from, size_t len); /* with a NUL behind it */
uint64_t sqi_disk_random(uint64_t *seed);

size_t sqi_disk_tree_add(sqi_disk_tree *t, bool directory);
void sqi_disk_tree_copy(const sqi_disk_tree *from, sqi_disk_tree *to);
void sqi_disk_tree_free(sqi_disk_tree *t);
void sqi_disk_node_write(sqi_disk_node *n, int64_t at, const void *from, size_t len);
void sqi_disk_node_size(sqi_disk_node *n, int64_t size);
sqi_disk_name *sqi_disk_node_find(const sqi_disk_node *n, const char *name);
void sqi_disk_node_set(sqi_disk_node *n, const char *name, size_t other);
void sqi_disk_node_drop(sqi_disk_node *n, const char *name);

#endif
