/* durable_rig: see the header. */
#include "durable_rig.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_state.h"
#include "ext_numbers.h"
#include "os_sim.h"

typedef struct living {
    ext_numbers numbers; /* first: the source's functions take it for theirs */
    const durable_place *place;
    durable_world *world;
    char *why;
    bool wrong;
    int32_t (*read)(void *instance, const streamq_offset *start, const streamq_offset *end,
                    struct ArrowArrayStream *out, streamq_ext_error *error);
} living;

static void wrong(living *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void wrong(living *l, const char *format, ...)
{
    va_list args;
    if (l->wrong)
        return;
    l->wrong = true;
    va_start(args, format);
    vsnprintf(l->why, DURABLE_TEXT, format, args);
    va_end(args);
}

durable_world durable_world_new(void)
{
    return (durable_world){.last = -1};
}

static void take_rows(durable_rows *now, const durable_rows *rows)
{
    for (int k = 0; k < DURABLE_KEYS; k++)
        if (rows->count[k]) {
            now->count[k] = rows->count[k];
            now->sum[k] = rows->sum[k];
        }
}

durable_world durable_world_at(const durable_world *w, size_t call)
{
    durable_world at = durable_world_new();
    for (int64_t id = 0; id <= w->last && w->seen_at[id] <= call; id++) {
        at.last = id;
        at.batch[id] = w->batch[id];
        take_rows(&at.now, &w->batch[id]);
    }
    for (size_t i = 0; i < w->nforgotten && w->forgotten_at[i] <= call; i++)
        at.forgotten[at.nforgotten++] = w->forgotten[i];
    return at;
}

/* ------------------------------------------------------------------------------------------------- the world outside */

/* What a world that has seen the numbers up to n, and no others, must have. */
static durable_rows rows_up_to(int64_t n)
{
    durable_rows r = {.count = {0}};
    for (int64_t i = 1; i <= n; i++) {
        r.count[i % DURABLE_KEYS]++;
        r.sum[i % DURABLE_KEYS] += i;
    }
    return r;
}

static int64_t numbers_in(const durable_rows *r)
{
    int64_t n = 0;
    for (int k = 0; k < DURABLE_KEYS; k++)
        n += r->count[k];
    return n;
}

static void deliver(living *l, int64_t id, const durable_rows *rows)
{
    durable_world *w = l->world;
    if (id < 0 || id > w->last + 1 || id >= DURABLE_BATCHES) {
        wrong(l, "batch %lld follows batch %lld", (long long)id, (long long)w->last);
        return;
    }
    if (id <= w->last) {
        if (memcmp(rows, &w->batch[id], sizeof *rows) != 0)
            wrong(l, "batch %lld came again with other rows", (long long)id);
        return;
    }
    char text[32];
    take_rows(&w->now, rows);
    durable_rows want = rows_up_to(numbers_in(&w->now));
    if (memcmp(&want, &w->now, sizeof want) != 0)
        wrong(l, "batch %lld: %lld numbers, but not the first ones", (long long)id, (long long)numbers_in(&w->now));
    w->last = id;
    w->batch[id] = *rows;
    snprintf(text, sizeof text, "batch %lld", (long long)id);
    w->seen_at[id] = l->place->mark(l->place->context, text);
}

static int32_t on_batch(void *user, int64_t id, streamq_batch *batch)
{
    living *l = user;
    durable_rows rows = {.count = {0}};
    for (size_t i = 0; i < streamq_batch_rows(batch); i++) {
        size_t len;
        const char *key = streamq_batch_get_string(batch, i, 0, &len);
        int k = len > 0 ? key[len - 1] - '0' : -1;
        if (k < 0 || k >= DURABLE_KEYS || rows.count[k]) {
            wrong(l, "batch %lld has a key that cannot be, or twice", (long long)id);
            return 1;
        }
        rows.count[k] = streamq_batch_get_int64(batch, i, 1);
        rows.sum[k] = streamq_batch_get_int64(batch, i, 2);
    }
    deliver(l, id, &rows);
    return l->wrong;
}

static int64_t number_of(const streamq_offset *o)
{
    int64_t v = 0;
    if (o->length)
        memcpy(&v, o->bytes, sizeof v);
    return v;
}

static int32_t read_remembered(void *instance, const streamq_offset *start, const streamq_offset *end,
                               struct ArrowArrayStream *out, streamq_ext_error *error)
{
    living *l = instance;
    const durable_world *w = l->world;
    for (size_t i = 0; i < w->nforgotten; i++)
        if (number_of(start) < w->forgotten[i])
            wrong(l, "numbers from %lld are read; the source was told to forget up to %lld",
                  (long long)number_of(start), (long long)w->forgotten[i]);
    return l->read(instance, start, end, out, error);
}

static void forget(void *instance, const streamq_offset *end)
{
    living *l = instance;
    durable_world *w = l->world;
    char text[48];
    if (w->nforgotten == DURABLE_BATCHES)
        return;
    snprintf(text, sizeof text, "forget %lld", (long long)number_of(end));
    w->forgotten[w->nforgotten] = number_of(end);
    w->forgotten_at[w->nforgotten++] = l->place->mark(l->place->context, text);
}

/* -------------------------------------------------------------------------------------------------------- the query */

/* With short keys the state is written as a whole all the time, or every few micro-batches. */
static const char *growth_of(const durable_life *life)
{
    return life->key_bytes ? "2621440" : life->seed % 2 ? "0" : "2000";
}

static streamq_query *open_query(streamq_session *s, streamq_plan **plan, const durable_life *life, living *l,
                                 streamq_error **err)
{
    streamq_source source = ext_numbers_source(&l->numbers);
    char key[80];
    l->read = source.read;
    source.read = read_remembered;
    source.commit = forget;
    if (streamq_session_register_source(s, "numbers", &source, err) != STREAMQ_OK ||
        streamq_session_set(s, "spark.sql.streaming.minBatchesToRetain", "1", err) != STREAMQ_OK ||
        streamq_session_set(s, "streamq.checkpointGrowth", growth_of(life), err) != STREAMQ_OK)
        return NULL;
    *plan = streamq_plan_new(s);
    snprintf(key, sizeof key, "concat(repeat('x', %d), CAST(n %% %d AS STRING)) AS k", life->key_bytes, DURABLE_KEYS);
    streamq_stream *n = streamq_reader_load(streamq_read_stream(*plan, "numbers"));
    streamq_writer *w = streamq_write_stream(streamq_agg(streamq_group_by(n, key), "count(*), sum(n)"), "foreachBatch");
    streamq_writer_output_mode(w, STREAMQ_UPDATE);
    streamq_writer_foreach_batch(w, on_batch, l);
    streamq_writer_option(w, "checkpointLocation", l->place->dir);
    return streamq_writer_open(w, err);
}

static durable_end judge(living *l, const durable_life *life, streamq_error *error)
{
    if (l->wrong)
        return DURABLE_WRONG;
    if (error) {
        snprintf(l->why, DURABLE_TEXT, "%s: %s", streamq_error_condition(error), streamq_error_message(error));
        return DURABLE_ERROR;
    }
    durable_rows want = rows_up_to(life->until);
    if (memcmp(&want, &l->world->now, sizeof want) != 0)
        wrong(l, "the query is at its end, the world has %lld of %lld numbers", (long long)numbers_in(&l->world->now),
              (long long)life->until);
    return l->wrong ? DURABLE_WRONG : DURABLE_DONE;
}

durable_end durable_live_at(const durable_place *place, const durable_life *life, durable_world *w,
                            char why[DURABLE_TEXT])
{
    living l = {.numbers = {.until = life->until, .step = life->step, .take = malloc, .give = free},
                .place = place,
                .world = w,
                .why = why};
    sqi_os_sim machine;
    streamq_error *error = NULL;
    streamq_plan *plan = NULL;
    why[0] = '\0';
    sqi_os_sim_init(&machine, INT64_C(1700000000000000), life->seed);
    machine.os.files = place->files;
    streamq_config *config = streamq_config_new();
    config->os = &machine.os;
    streamq_session *session = streamq_session_new(config);
    streamq_config_free(config);
    streamq_query *q = open_query(session, &plan, life, &l, &error);
    int32_t what = STREAMQ_STEP_WORKED;
    while (q && !error && what == STREAMQ_STEP_WORKED)
        (void)streamq_query_step(q, &what, &error);
    streamq_query_free(q);
    streamq_plan_free(plan);
    streamq_session_free(session);
    sqi_os_sim_fini(&machine);
    durable_end end = judge(&l, life, error);
    streamq_error_free(error);
    return end;
}

static size_t mark_on_sim(void *context, const char *text)
{
    return sqi_disk_sim_mark(context, text);
}

durable_end durable_live(sqi_disk_sim *disk, const durable_life *life, durable_world *w, char why[DURABLE_TEXT])
{
    durable_place place = {.files = sqi_disk_sim_files(disk), .dir = "/ckpt", .context = disk, .mark = mark_on_sim};
    durable_end end = durable_live_at(&place, life, w, why);
    if (end == DURABLE_WRONG || (sqi_disk_sim_open_files(disk) == 0 && sqi_disk_sim_misuse(disk) == 0))
        return end;
    snprintf(why, DURABLE_TEXT, "%zu files stay open, %zu calls are about files that are not",
             sqi_disk_sim_open_files(disk), sqi_disk_sim_misuse(disk));
    return DURABLE_WRONG;
}
