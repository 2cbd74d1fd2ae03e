/*
 * fuzz_checkpoint: any bytes as a checkpoint's log, or its metadata, under the query that it belongs to. The first byte
 * chooses the query (tests/support/golden_list.c); with its top bit the rest is the file `metadata`, otherwise a segment of
 * the log, over which checksums that fit are put, so that what lies behind them is reached.
 *
 * What must hold: no crash, no hang, memory in proportion to the bytes, output or an error with a condition.
 */
#include "tamper_rig.h"
#include "wal_seal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The checkpoint as the query leaves it; made once. */
static const golden_set *set_of(size_t kind)
{
    static golden_set sets[64];
    if (!sets[kind].n) {
        sqi_disk_sim *disk = golden_make(&goldens[kind], NULL);
        golden_set_take(&sets[kind], disk);
        sqi_disk_sim_free(disk);
    }
    return &sets[kind];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    size_t kind = (data[0] & 0x7F) % golden_count;
    golden_set set = *set_of(kind); /* in the order of their names: metadata, then the log */
    unsigned char id[SQI_WAL_ID], *bytes = malloc(size);
    if (!bytes || set.n != 2)
        abort();
    memcpy(bytes, data + 1, size - 1);
    golden_file *f = &set.file[data[0] & 0x80 ? 0 : 1];
    wal_id(set.file[0].bytes, set.file[0].len, id);
    f->bytes = bytes;
    f->len = size - 1;
    if (f == &set.file[1])
        wal_seal(bytes, f->len, id, atoll(f->name + 4));
    tamper_sealed(&goldens[kind], &set);
    free(bytes);
    return 0;
}
