/*
 * fuzz_codes: keys of types and values that the bytes draw, written as the keyed table's codes and read back: the same
 * keys, every byte of the code used.
 */
#include "data_order.h"
#include "keyed_code.h"
#include "random_vec.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS = 20, COLUMNS = 4 };

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "codes: %s\n", what);
    abort();
}

static void round_trip(sqi_code *code, const sqi_vec *keys, const sqi_type *const *type, uint32_t n, sqi_arena *arena)
{
    sqi_vec back[COLUMNS];
    const char *at[ROWS];
    must(sqi_code_write(code, keys, n, (sqi_rows){NULL, ROWS}, NULL) == STREAMQ_OK, "not written");
    for (uint32_t k = 0; k < ROWS; k++)
        at[k] = code->bytes + (k ? code->end[k - 1] : 0);
    must(sqi_code_read(at, ROWS, type, n, back, arena, NULL) == STREAMQ_OK, "not read");
    for (uint32_t k = 0; k < ROWS; k++) {
        must(at[k] == code->bytes + code->end[k], "bytes are left over");
        for (uint32_t c = 0; c < n; c++)
            must(sqi_order_equal(&back[c], k, &keys[c], k), "another key came back");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_code code;
    sqi_random r = {1};
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    sqi_code_init(&code, &alloc);
    sqi_type_pool *pool = sqi_type_pool_new(&alloc);
    const sqi_type *type[COLUMNS];
    sqi_vec keys[COLUMNS];
    uint32_t n = size ? 1 + data[0] % COLUMNS : 1;
    for (uint32_t c = 0; c < n; c++) {
        for (size_t i = c; i < size; i += n)
            r.state = r.state * 1099511628211u + data[i];
        sqi_vec raw;
        type[c] = sqi_random_type(&r, pool, 3, true);
        sqi_random_vec(&r, &raw, type[c], ROWS, true, &arena);
        must(sqi_order_normalize(&keys[c], &raw, (sqi_rows){NULL, ROWS}, &arena, NULL) == STREAMQ_OK, "not normalised");
    }
    round_trip(&code, keys, type, n, &arena);
    sqi_code_fini(&code);
    sqi_type_pool_free(pool);
    sqi_arena_fini(&arena);
    must(atomic_load(&alloc.used) == 0, "bytes were not given back");
    return 0;
}
