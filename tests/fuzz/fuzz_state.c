/*
 * fuzz_state: saved state from a file: the shape of an operator, a zero byte, and blocks, each behind its length. A reader
 * is made of the shape and loads the blocks; then every row is looked at. What it took is a small multiple of the file.
 */
#include "base_bytes.h"
#include "data_order.h"
#include "op_state_read.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "state: %s\n", what);
    abort();
}

static void look_at(const sqi_chunk *chunk)
{
    uint64_t *hash = malloc((chunk->n + 1) * sizeof *hash);
    must(hash != NULL, "no memory");
    for (uint32_t c = 0; c < chunk->ncol; c++)
        sqi_order_hash(&chunk->col[c], chunk->rows, 1, c > 0, hash);
    free(hash);
}

static streamq_status read_all(sqi_state_reader *r, sqi_bytes blocks, streamq_error **err)
{
    sqi_chunk chunk = {.n = 1, .rows = {NULL, 1}};
    while (sqi_bytes_left(&blocks)) {
        sqi_span block = sqi_bytes_get_block(&blocks);
        if (blocks.bad)
            break;
        SQI_TRY(sqi_state_reader_load(r, block, err));
    }
    while (chunk.rows.n) {
        SQI_TRY(sqi_state_reader_next(r, &chunk, err));
        look_at(&chunk);
    }
    return STREAMQ_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    atomic_store(&alloc.limit, (size_t)256 << 20);
    sqi_type_pool *pool = sqi_type_pool_new(&alloc);
    sqi_zones *zones = sqi_zones_new(&alloc);
    sqi_eval eval = {.alloc = &alloc, .pool = pool, .zones = zones, .zone = sqi_zone_utc(), .ansi = true};
    const sqi_op_env env = {.alloc = &alloc, .eval = &eval, .chunk_rows = 100, .hash_seed = 3};
    const uint8_t *end = size ? memchr(data, 0, size) : NULL;
    size_t len = end ? (size_t)(end - data) : size;
    sqi_state_reader *r;
    streamq_error *err = NULL;
    must(pool && zones, "no memory");
    streamq_status status = sqi_state_reader_new(&r, (sqi_span){(const char *)data, len}, &env, NULL, &err);
    if (status == STREAMQ_OK && end)
        status = read_all(r, sqi_bytes_of((sqi_span){(const char *)end + 1, size - len - 1}), &err);
    must(status == STREAMQ_OK || err, "a failure without an error");
    must(status != STREAMQ_ERR_INTERNAL, "an internal error");
    sqi_error_free(err);
    sqi_state_reader_free(r);
    sqi_zones_free(zones);
    sqi_type_pool_free(pool);
    must(atomic_load(&alloc.used) == 0, "bytes were not given back");
    return 0;
}
