/*
 * oom_rig: the allocator that refuses, the wrapped heap, and the loop over all requests.
 *
 * The program is linked with --wrap=malloc, calloc, realloc and free; blocks are counted between arm and disarm. Check
 * asserts only outside of that, so that its own memory does not take part.
 */
#include "oom_rig.h"

#include <check.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 16, POINTS = 200, MOST = 1000000, FRAMES = 24 };

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *ptr, size_t size);
void __real_free(void *ptr);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *ptr, size_t size);
void __wrap_free(void *ptr);

static struct {
    _Atomic bool armed; /* the heap takes part */
    size_t at;          /* refuse this request */
    bool beyond;        /* and all later ones */
    _Atomic size_t requests, refused, wrong_size;
    _Atomic long live; /* blocks of whichever source is tried */
    bool trace;        /* show where the refused request comes from */
    void *frames[FRAMES];
} gate;

static bool refuses(void)
{
    size_t number = atomic_fetch_add(&gate.requests, 1) + 1;
    if (!gate.at || number < gate.at || (number > gate.at && !gate.beyond))
        return false;
    if (atomic_fetch_add(&gate.refused, 1) == 0 && gate.trace)
        backtrace_symbols_fd(gate.frames, backtrace(gate.frames, FRAMES), 2);
    return true;
}

/* -------------------------------------------------------------- the C library's heap */

static void *counted(void *block)
{
    if (block && gate.armed)
        atomic_fetch_add(&gate.live, 1);
    return block;
}

void *__wrap_malloc(size_t size)
{
    return gate.armed && refuses() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return gate.armed && refuses() ? NULL : counted(__real_calloc(n, size));
}

/* Always moves: who keeps the old pointer is caught by a sanitizer. */
void *__wrap_realloc(void *ptr, size_t size)
{
    if (gate.armed && refuses())
        return NULL;
    return ptr ? __real_realloc(ptr, size) : counted(__real_malloc(size));
}

void __wrap_free(void *ptr)
{
    if (ptr && gate.armed)
        atomic_fetch_sub(&gate.live, 1);
    __real_free(ptr);
}

void *oom_own(size_t size)
{
    void *block = __real_calloc(1, size);
    if (!block)
        abort();
    return block;
}

void oom_own_free(void *block)
{
    __real_free(block);
}

/* -------------------------------------------------------------- the session's allocator */

static void check_size(const char *block, size_t size)
{
    size_t stands;
    memcpy(&stands, block, sizeof stands);
    if (stands != size)
        atomic_fetch_add(&gate.wrong_size, 1);
}

static void *resize(void *user, void *ptr, size_t old_size, size_t new_size)
{
    (void)user;
    char *old = ptr ? (char *)ptr - HEADER : NULL;
    if (old)
        check_size(old, old_size);
    if (refuses())
        return NULL;
    char *block = __real_malloc(HEADER + new_size);
    if (!block)
        return NULL;
    memcpy(block, &new_size, sizeof new_size);
    memset(block + HEADER, 0xA5, new_size);
    if (old) {
        memcpy(block + HEADER, ptr, old_size < new_size ? old_size : new_size);
        __real_free(old);
    } else {
        atomic_fetch_add(&gate.live, 1);
    }
    return block + HEADER;
}

static void release(void *user, void *ptr, size_t size)
{
    (void)user;
    check_size((char *)ptr - HEADER, size);
    atomic_fetch_sub(&gate.live, 1);
    __real_free((char *)ptr - HEADER);
}

/* -------------------------------------------------------------- what flows are made of */

bool oom_good(const oom_rig *r)
{
    return !r->error && !r->refused && !r->wrong;
}

bool oom_have(oom_rig *r, const void *pointer)
{
    if (!pointer)
        r->refused = true;
    return pointer != NULL;
}

void oom_expect(oom_rig *r, bool right, const char *what)
{
    if (!right && oom_good(r))
        r->wrong = what;
}

void oom_text(oom_rig *r, char *text, const char *part)
{
    if (!r->error && oom_have(r, text) && part)
        oom_expect(r, strstr(text, part) != NULL, part);
    streamq_string_free(text);
}

bool oom_feed(oom_rig *r, const char *schema)
{
    if (!oom_good(r))
        return false;
    r->feed = streamq_feed_new(r->session, schema ? schema : "value STRING", &r->error);
    if (!r->feed)
        return false;
    streamq_reader *reader = streamq_read_stream(r->plan, "memory");
    streamq_reader_feed(reader, r->feed);
    r->lines = streamq_reader_load(reader);
    return oom_good(r);
}

bool oom_open(oom_rig *r, streamq_writer *writer)
{
    if (oom_good(r))
        r->query = streamq_writer_open(writer, &r->error);
    return oom_good(r);
}

bool oom_settle(oom_rig *r)
{
    if (oom_good(r))
        (void)streamq_query_process_all_available(r->query, -1, &r->error);
    return oom_good(r);
}

void oom_collect(oom_rig *r, streamq_stream *stream, size_t rows)
{
    if (!oom_good(r))
        return;
    streamq_batch *b = streamq_collect(stream, &r->error);
    if (b)
        oom_expect(r, streamq_batch_rows(b) == rows, "number of rows");
    streamq_batch_free(b);
}

/* -------------------------------------------------------------- the loop */

static void through(oom_rig *r, oom_flow flow, bool heap)
{
    const streamq_allocator allocator = {sizeof allocator, NULL, resize, release};
    streamq_config *config = streamq_config_new();
    if (!oom_have(r, config))
        return;
    (void)streamq_config_set(config, "streamq.chunkRows", "4", &r->error);
    if (!heap && !r->error)
        (void)streamq_config_allocator(config, &allocator, &r->error);
    if (!r->error && oom_have(r, r->session = streamq_session_new(config)) &&
        oom_have(r, r->plan = streamq_plan_new(r->session)))
        flow(r);
    streamq_query_free(r->query);
    streamq_feed_free(r->feed);
    streamq_plan_free(r->plan);
    streamq_session_free(r->session);
    streamq_config_free(config);
}

typedef struct outcome {
    oom_rig rig;
    char text[400];
    streamq_status status;
} outcome;

/* True when nothing was refused. */
static bool once(const char *name, oom_flow flow, bool heap, size_t at, bool beyond)
{
    outcome o = {0};
    gate.at = at;
    gate.beyond = beyond;
    gate.requests = gate.refused = gate.wrong_size = 0;
    gate.live = 0;
    gate.armed = heap;
    through(&o.rig, flow, heap);
    o.status = streamq_error_status(o.rig.error);
    strncpy(o.text, streamq_error_message(o.rig.error), sizeof o.text - 1);
    streamq_error_free(o.rig.error);
    gate.armed = false;
    char place[160];
    snprintf(place, sizeof place, "%s: request %zu of the %s refused%s", name, at,
             heap ? "heap" : "session's allocator", beyond ? " and all later ones" : "");
    ck_assert_msg(!gate.wrong_size, "%s: %zu blocks came back with a wrong size", place, (size_t)gate.wrong_size);
    ck_assert_msg(gate.live == 0, "%s: %ld blocks leaked", place, (long)gate.live);
    bool excused = o.rig.lenient && gate.refused;
    ck_assert_msg(!o.rig.wrong || excused, "%s: wrong: %s", place, o.rig.wrong);
    ck_assert_msg(!o.status || o.status == STREAMQ_ERR_NOMEM, "%s: %s", place, o.text);
    bool failed = o.status || o.rig.refused;
    ck_assert_msg(failed == (gate.refused != 0) || excused, "%s: %s", place,
                  failed ? "fails though nothing was refused" : "nobody says that memory was missing");
    return gate.refused == 0;
}

static void every(const char *name, oom_flow flow, bool heap)
{
    const char *full = getenv("OOM_FULL"), *only = getenv("OOM_AT");
    ck_assert(once(name, flow, heap, 0, false));
    size_t total = gate.requests, stride = 1;
    if (!(full && *full == '1') && total > POINTS)
        stride = total / POINTS;
    if (only) { /* one request, to look at a failure: where it stands goes to standard error */
        gate.trace = true;
        once(name, flow, heap, strtoull(only, NULL, 10), false);
        once(name, flow, heap, strtoull(only, NULL, 10), true);
        return;
    }
    for (size_t n = 1; n < MOST; n += stride) {
        if (once(name, flow, heap, n, false))
            break;
        once(name, flow, heap, n, true);
    }
    printf("%s: %zu requests of the %s\n", name, total, heap ? "heap" : "session's allocator");
}

void oom_every_allocation(const char *name, oom_flow flow)
{
    const char *flow_only = getenv("OOM_FLOW");
    if (flow_only && *flow_only && strcmp(flow_only, name) != 0)
        return;
    every(name, flow, false);
    every(name, flow, true);
}
