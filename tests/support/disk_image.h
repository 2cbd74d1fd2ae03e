/*
 * disk_image: the disks that a crash may leave, made out of a record of disk_sim. What was synced is there. Of what was
 * not, each change may be there, be lost or be torn, whatever came before or after it: a part of a write, some of its
 * sectors, or only the size that it gave the file, with zeros or garbage where its bytes should stand. Names of one
 * directory that depend on each other keep their order.
 *
 *     for (size_t call = 0; call <= sqi_disk_sim_calls(disk); call++) {
 *         if (!sqi_disk_images_differ(disk, call))
 *             continue;
 *         sqi_disk_images it = sqi_disk_images_begin(disk, call, 100, seed);
 *         for (sqi_disk_sim *crashed; (crashed = sqi_disk_images_next(&it)); sqi_disk_sim_free(crashed))
 *             ... restart on it; say sqi_disk_images_text(&it) if that fails ...
 *         sqi_disk_images_end(&it);
 *     }
 *
 * All of them where they are few, else a choice by the seed, the likely suspects always among them. No two are alike.
 */
#ifndef SQI_DISK_IMAGE_H
#define SQI_DISK_IMAGE_H

#include "disk_sim.h"

typedef struct sqi_disk_choice {
    uint8_t how;
    uint64_t param;
} sqi_disk_choice;

typedef struct sqi_disk_images {
    const sqi_disk_sim *from;
    size_t call, most, given, turn, repeats;
    uint64_t seed, first_seed;
    bool *durable;            /* a change each */
    size_t *pending;          /* changes that are not */
    sqi_disk_choice *choices; /* for each of those */
    size_t npending;
    uint64_t *seen; /* hashes of the images given */
    char text[1600];
} sqi_disk_images;

/* Whether a crash after this call may leave what one after the call before cannot, or the world outside has seen more. */
bool sqi_disk_images_differ(const sqi_disk_sim *from, size_t call);

/* Of a crash after `call` calls (0: before the first); the record must not change meanwhile. At most so many images. */
sqi_disk_images sqi_disk_images_begin(const sqi_disk_sim *from, size_t call, size_t most, uint64_t seed);
sqi_disk_sim *sqi_disk_images_next(sqi_disk_images *it);     /* a disk of its own, settled, no locks; NULL: no more */
const char *sqi_disk_images_text(const sqi_disk_images *it); /* what was lost and torn in the last one */
void sqi_disk_images_end(sqi_disk_images *it);

#endif
