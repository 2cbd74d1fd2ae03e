/*
 * data_bench: what a test of values works with: memory, an arena, a pool of types, a buffer. The test makes them at its
 * begin; at its end every byte must have come back.
 */
#ifndef SQI_DATA_BENCH_H
#define SQI_DATA_BENCH_H

#include "base_buf.h"
#include "data_type.h"
#include "test_main.h"

static sqi_alloc alloc;
static sqi_arena arena;
static sqi_type_pool *pool;
static sqi_buf buf;

static inline void setup(void)
{
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    sqi_buf_init(&buf, &alloc, 0);
    pool = sqi_type_pool_new(&alloc);
    ck_assert_ptr_nonnull(pool);
}

static inline void teardown(void)
{
    sqi_type_pool_free(pool);
    sqi_buf_fini(&buf);
    sqi_arena_fini(&arena);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}

#endif
