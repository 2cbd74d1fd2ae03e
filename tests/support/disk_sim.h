/*
 * disk_sim: a disk for tests, in memory, behind sqi_os_files. It keeps apart what was written and what would be there
 * after a crash, records every call, and fails the calls that a test chooses. disk_image.h makes the disks that a crash
 * may leave out of the record.
 *
 *     sqi_disk_sim *disk = sqi_disk_sim_new(42);
 *     sim.os.files = sqi_disk_sim_files(disk);
 *     ... run ...
 *     sqi_disk_sim_free(disk);
 *
 * What is durable is the weakest that a file system may promise: a file's bytes and size after its sync, a directory's
 * names after its sync_dir, nothing of either by the other's. A rename within a directory is one change: there or not.
 * Between directories the new name may be there while the old one still is. A failed sync drops what it should have
 * written: some of it may be on the disk, reads still show it, and no later sync writes it (the error is told once).
 *
 * There are no symbolic links and no permissions. Listings come in an order of the seed's choosing. Thread-safe; a run of
 * one thread is the same each time. Paths start at the root, with or without a slash.
 */
#ifndef SQI_DISK_SIM_H
#define SQI_DISK_SIM_H

#include "os_file.h"

typedef enum sqi_disk_call {
    SQI_DISK_OPEN,
    SQI_DISK_READ,
    SQI_DISK_WRITE,
    SQI_DISK_SYNC,
    SQI_DISK_TRUNCATE,
    SQI_DISK_STAT_FILE,
    SQI_DISK_LOCK,
    SQI_DISK_CLOSE,
    SQI_DISK_STAT,
    SQI_DISK_RENAME,
    SQI_DISK_LINK,
    SQI_DISK_UNLINK,
    SQI_DISK_MKDIR,
    SQI_DISK_RMDIR,
    SQI_DISK_LIST,
    SQI_DISK_SYNC_DIR,
    SQI_DISK_MARK, /* something happened outside of the disk: sqi_disk_sim_mark */
    SQI_DISK_CALLS
} sqi_disk_call;

/* Sets of calls: bits. */
#define SQI_DISK_BIT(call) (1u << (call))
#define SQI_DISK_ANY (SQI_DISK_BIT(SQI_DISK_CALLS) - 1)
const char *sqi_disk_call_name(sqi_disk_call call); /* "open", ...; shared with disk_kill */

const char *sqi_disk_errno_name(int code); /* "EIO" */

typedef struct sqi_disk_fault {
    uint32_t calls; /* which kinds; 0: no fault. Closing and marking never fail */
    size_t at;      /* the how manieth of those from now on, from 1 */
    bool beyond;    /* and all later ones */
    int code;       /* errno; 0: a read or write that moves half of its bytes */
    bool after;     /* it is done, and said to have failed */
} sqi_disk_fault;

typedef struct sqi_disk_sim sqi_disk_sim;

sqi_disk_sim *sqi_disk_sim_new(uint64_t seed); /* an empty root */
void sqi_disk_sim_free(sqi_disk_sim *d);       /* NULL is fine */
const sqi_os_files *sqi_disk_sim_files(sqi_disk_sim *d);

/* All that is there is durable, and the record begins anew. */
void sqi_disk_sim_settle(sqi_disk_sim *d);
/* Bytes that fit into all files together: beyond them writes are short, then ENOSPC. */
void sqi_disk_sim_capacity(sqi_disk_sim *d, int64_t bytes);
/* From now on every read and write of more than a byte may be short, as the seed says. */
void sqi_disk_sim_shorten(sqi_disk_sim *d, bool on);
/* Names that a failed sync_dir left are written by the next one, as where there is a journal. Otherwise only making them
   again helps, and a program cannot know that of a life before. */
void sqi_disk_sim_journal(sqi_disk_sim *d, bool on);
void sqi_disk_sim_fail(sqi_disk_sim *d, sqi_disk_fault fault); /* takes the place of the one before */
size_t sqi_disk_sim_failed(const sqi_disk_sim *d);             /* faults that have struck */

/* The record: calls are numbered from 1; what stands behind a number happened before what stands behind the next. */
size_t sqi_disk_sim_calls(const sqi_disk_sim *d);
sqi_disk_call sqi_disk_sim_kind(const sqi_disk_sim *d, size_t call);
const char *sqi_disk_sim_text(const sqi_disk_sim *d, size_t call); /* "rename /a /b", with " = EIO" after a failure */
/* What the world outside has seen, a delivered result, gets a number too: it is returned. */
size_t sqi_disk_sim_mark(sqi_disk_sim *d, const char *text);

/* What the program sees now; NULL: there is no such file. The bytes live until the file changes. */
const void *sqi_disk_sim_get(const sqi_disk_sim *d, const char *path, size_t *len);
void sqi_disk_sim_put(sqi_disk_sim *d, const char *path, const void *bytes, size_t len); /* not recorded: durable */
size_t sqi_disk_sim_open_files(const sqi_disk_sim *d);
size_t sqi_disk_sim_misuse(const sqi_disk_sim *d); /* calls with a file that is not open */

#endif
