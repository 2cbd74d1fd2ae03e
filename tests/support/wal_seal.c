/* wal_seal: see the header. */
#include "wal_seal.h"

#include "base_hash.h"
#include "run_meta.h"

#include <stdio.h>
#include <string.h>

void wal_seal_head(unsigned char *bytes, size_t len)
{
    if (len >= SQI_WAL_HEAD)
        sqi_le64_store(bytes + 56, sqi_hash_bytes(bytes, 56, 0));
}

static size_t seal_record(unsigned char *p, size_t left, uint64_t *before)
{
    memcpy(p, "sqR1", 4);
    if (sqi_le32_load(p + 4) != SQI_WAL_DELIVERED)
        sqi_le32_store(p + 4, SQI_WAL_BATCH);
    if (sqi_le32_load(p + 8) > left - SQI_WAL_RECORD_HEAD)
        sqi_le32_store(p + 8, (uint32_t)(left - SQI_WAL_RECORD_HEAD));
    size_t len = SQI_WAL_RECORD_HEAD + sqi_le32_load(p + 8);
    sqi_le32_store(p + 12, 0);
    sqi_le64_store(p + 32, *before);
    sqi_le64_store(p + 40, 0);
    *before = sqi_hash_bytes(p, len, 0);
    sqi_le64_store(p + 40, *before);
    return len;
}

void wal_seal(unsigned char *bytes, size_t len, const unsigned char id[SQI_WAL_ID], int64_t first)
{
    uint64_t before = 0;
    if (len < SQI_WAL_HEAD)
        return;
    memcpy(bytes, "streamqW", 8);
    sqi_le32_store(bytes + 8, SQI_WAL_VERSION);
    sqi_le32_store(bytes + 12, SQI_WAL_HEAD);
    memcpy(bytes + 16, id, SQI_WAL_ID);
    sqi_le64_store(bytes + 32, (uint64_t)first);
    sqi_le64_store(bytes + 40, UINT64_MAX);
    sqi_le64_store(bytes + 48, 0);
    wal_seal_head(bytes, len);
    for (size_t at = SQI_WAL_HEAD; len - at >= SQI_WAL_RECORD_HEAD;)
        at += seal_record(bytes + at, len - at, &before);
}

void wal_id(const unsigned char *metadata, size_t len, unsigned char id[SQI_WAL_ID])
{
    static const char key[] = "\"id\"";
    sqi_meta meta = {.created_ms = 0};
    memset(id, 0, SQI_WAL_ID);
    for (size_t i = 0; i + sizeof key + 40 < len; i++)
        if (memcmp(metadata + i, key, sizeof key - 1) == 0) {
            const unsigned char *quote = memchr(metadata + i + sizeof key - 1, '"', 8);
            if (!quote)
                return;
            snprintf(meta.id, sizeof meta.id, "%.36s", (const char *)quote + 1);
            sqi_meta_id_bytes(&meta, id);
            return;
        }
}
