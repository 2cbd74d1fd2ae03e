/*
 * checkpoint_look: see the header.
 */
#include "checkpoint_look.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { LOOKS = 5, PAUSE = 10000 /* microseconds */ };

/* -------------------------------------------------------------- text */

void say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
}

/* Nothing that a terminal would take for a command: C0, DEL, and C1 as UTF-8 writes it. */
static void put_text(FILE *to, sqi_span text)
{
    const char *p = text.ptr, *end = p + text.len;
    while (p < end) {
        const char *begin = p;
        uint32_t code = sqi_utf8_next(&p, end);
        if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xfffd)
            while (begin < p)
                fprintf(to, "\\x%02x", (unsigned char)*begin++);
        else
            fwrite(begin, 1, (size_t)(p - begin), to);
    }
}

static void put_lines(FILE *to, sqi_span text)
{
    for (const char *eol; text.len && (eol = memchr(text.ptr, '\n', text.len)) != NULL;) {
        size_t n = (size_t)(eol - text.ptr);
        put_text(to, (sqi_span){text.ptr, n});
        fputc('\n', to);
        text = (sqi_span){eol + 1, text.len - n - 1};
    }
    put_text(to, text);
}

void say_text(sqi_span text)
{
    put_text(stdout, text);
}

void say_lines(sqi_span text)
{
    put_lines(stdout, text);
}

void say_error(streamq_error *error)
{
    put_lines(stdout, sqi_span_of(sqi_error_text(error)));
    sqi_error_free(error);
}

void complain(streamq_error *error)
{
    fputs("streamq-checkpoint: ", stderr);
    put_lines(stderr, sqi_span_of(sqi_error_text(error)));
    fputc('\n', stderr);
    sqi_error_free(error);
}

const char *time_text(int64_t micros, char to[SQI_TIME_TEXT])
{
    size_t n = sqi_time_timestamp_text(micros, to);
    to[n < SQI_TIME_TEXT ? n : SQI_TIME_TEXT - 1] = '\0';
    return to;
}

/* -------------------------------------------------------------- the directory */

static void pause_a_little(const look *l)
{
    (void)sqi_os_wait_fd(l->os, -1, l->os->monotonic_micros(l->os->context) + PAUSE);
}

/* Whether somebody holds the lock: taken for a moment, which a query that starts waits out. Another look does the same,
   so it is asked again. */
static bool is_running(const look *l)
{
    char path[4096];
    int file, code = EWOULDBLOCK;
    if (snprintf(path, sizeof path, "%s/lock", l->dir) >= (int)sizeof path)
        return false;
    for (int n = 0; n < LOOKS && code == EWOULDBLOCK; ++n) {
        if (n)
            pause_a_little(l);
        if (l->files->open(l->files->context, path, SQI_OS_READ | SQI_OS_NO_LINK, &file) != 0)
            return false;
        code = l->files->lock(l->files->context, file);
        l->files->close(l->files->context, file);
    }
    return code == EWOULDBLOCK;
}

bool look_begin(look *l, const char *dir)
{
    *l = (look){.dir = dir, .os = sqi_os_posix()};
    sqi_alloc_init(&l->alloc);
    sqi_arena_init(&l->arena, &l->alloc);
    l->files = sqi_os_files_of(l->os);
    l->pool = sqi_type_pool_new(&l->alloc);
    l->zones = sqi_zones_new(&l->alloc);
    l->eval = (sqi_eval){.alloc = &l->alloc,
                         .arena = &l->arena,
                         .pool = l->pool,
                         .zones = l->zones,
                         .zone = sqi_zone_utc(),
                         .ansi = true};
    l->running = is_running(l);
    return l->pool && l->zones;
}

void look_end(look *l)
{
    sqi_arena_fini(&l->arena);
    sqi_zones_free(l->zones);
    sqi_type_pool_free(l->pool);
}

sqi_state_place look_place(look *l)
{
    return (sqi_state_place){
        .alloc = &l->alloc, .os = l->os, .log = &l->log, .eval = &l->eval, .chunk_rows = SQI_CHUNK_ROWS, .dir = l->dir};
}

streamq_status look_open(look *l, sqi_checkpoint *c, streamq_error **err)
{
    sqi_checkpoint_spec spec = {
        .alloc = &l->alloc, .os = l->os, .log = &l->log, .dir = l->dir, .retain = 1, .read_only = true};
    for (int n = 1;; ++n) {
        streamq_error *why = NULL;
        streamq_status status = sqi_checkpoint_open(c, &spec, &why);
        if (status == STREAMQ_OK)
            return status;
        if (!l->running || n == LOOKS)
            return sqi_error_pass(err, why);
        sqi_error_free(why);
        pause_a_little(l);
    }
}

streamq_status look_meta(look *l, sqi_meta *m, bool *found, streamq_error **err)
{
    sqi_meta_init(m, &l->alloc);
    return sqi_meta_read(m, l->files, l->dir, found, err);
}

bool look_has_log(look *l)
{
    sqi_wal w;
    unsigned char id[SQI_WAL_ID] = {0};
    bool has = sqi_wal_open(&w, &l->alloc, l->files, l->dir, id, NULL) == STREAMQ_OK && w.nsegment > 0;
    sqi_wal_close(&w);
    return has;
}
