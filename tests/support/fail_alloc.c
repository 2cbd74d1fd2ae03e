/*
 * fail_alloc: every block has a header that remembers its size; a size that does not match on the way back is a
 * failure of the test, at the place where it happens.
 */
#include "fail_alloc.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 16, MOST_REQUESTS = 1000000 };

static size_t header_get(const char *block)
{
    size_t size;
    memcpy(&size, block, sizeof size);
    return size;
}

static bool refuses(sqi_fail_alloc *f)
{
    size_t number = atomic_fetch_add(&f->requests, 1) + 1;
    if (f->fail_at == 0 || number < f->fail_at || (number > f->fail_at && !f->fail_beyond))
        return false;
    atomic_fetch_add(&f->refused, 1);
    return true;
}

/* Always moves: code that keeps an old pointer is caught by the sanitizer. */
static void *resize(void *user, void *ptr, size_t old_size, size_t new_size)
{
    sqi_fail_alloc *f = user;
    char *old = ptr ? (char *)ptr - HEADER : NULL;
    if (old)
        ck_assert_msg(header_get(old) == old_size, "resized a block of %zu bytes as one of %zu", header_get(old),
                      old_size);
    if (refuses(f) || new_size > SIZE_MAX - HEADER)
        return NULL;
    char *block = malloc(HEADER + new_size);
    if (!block)
        return NULL;
    memcpy(block, &new_size, sizeof new_size);
    memset(block + HEADER, 0xA5, new_size);
    if (old) {
        memcpy(block + HEADER, ptr, old_size < new_size ? old_size : new_size);
        free(old);
        atomic_fetch_sub(&f->live_bytes, old_size);
    } else {
        atomic_fetch_add(&f->live_blocks, 1);
    }
    atomic_fetch_add(&f->live_bytes, new_size);
    return block + HEADER;
}

static void release(void *user, void *ptr, size_t size)
{
    sqi_fail_alloc *f = user;
    char *block = (char *)ptr - HEADER;
    ck_assert_msg(header_get(block) == size, "freed a block of %zu bytes as one of %zu", header_get(block), size);
    atomic_fetch_sub(&f->live_bytes, size);
    atomic_fetch_sub(&f->live_blocks, 1);
    free(block);
}

void sqi_fail_alloc_init(sqi_fail_alloc *f)
{
    memset(f, 0, sizeof *f);
    sqi_alloc_init(&f->alloc);
    f->alloc.resize = resize;
    f->alloc.release = release;
    f->alloc.user = f;
}

void sqi_fail_alloc_assert_clean(const sqi_fail_alloc *f)
{
    size_t blocks = atomic_load(&f->live_blocks), bytes = atomic_load(&f->live_bytes);
    ck_assert_msg(blocks == 0 && bytes == 0, "%zu blocks of %zu bytes leaked", blocks, bytes);
    ck_assert_uint_eq(atomic_load(&f->alloc.used), 0);
}

/* One run. True when nothing was refused. */
static bool run(sqi_test_fn fn, void *context, size_t fail_at, bool fail_beyond, size_t *requests)
{
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    f.fail_at = fail_at;
    f.fail_beyond = fail_beyond;
    streamq_error *err = NULL;
    streamq_status status = fn(&f.alloc, context, &err);
    bool refused = atomic_load(&f.refused) != 0;
    streamq_status wanted = refused ? STREAMQ_ERR_NOMEM : STREAMQ_OK;
    ck_assert_msg(status == wanted, "request %zu refused%s: status %d instead of %d (%s)", fail_at,
                  fail_beyond ? " and all after it" : "", (int)status, (int)wanted, sqi_error_message(err));
    if (err)
        ck_assert_int_eq(sqi_error_status(err), status);
    sqi_error_free(err);
    sqi_fail_alloc_assert_clean(&f);
    *requests = atomic_load(&f.requests);
    return !refused;
}

size_t sqi_test_every_allocation(sqi_test_fn fn, void *context)
{
    size_t requests;
    for (size_t n = 1; n < MOST_REQUESTS; n++) {
        if (run(fn, context, n, false, &requests))
            return requests;
        run(fn, context, n, true, &requests);
    }
    ck_abort_msg("no end to the allocations");
    return 0;
}
