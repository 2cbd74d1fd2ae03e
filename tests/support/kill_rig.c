/* kill_rig: see the header. */
#include "kill_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api_state.h"
#include "ext_numbers.h"
#include "kill_files.h"

enum { RATE_STEPS = 4 };

/* -------------------------------------------------------------- options of a life */

typedef struct options {
    const char *threads, *chunk, *trigger, *clean, *growth;
    unsigned retain, step;
    bool
        at_once; /* files: all of them are there at first, so that the disk syncs one batch while the next is computed */
} options;

static uint64_t scrambled(uint64_t z) /* splitmix64 */
{
    z += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static options options_of(const kill_life *life)
{
    static const char *const threads[] = {"1", "2", "3"}, *const chunk[] = {"1", "3", "2048"},
                             *const trigger[] = {"", "", "once", "available now", "1 hour"},
                             *const clean[] = {"off", "archive", "delete"}, *const growth[] = {"0", "3000", "3670016"};
    options o = {"1", "2048", "", "off", "3670016", 1, 5, false};
    if (life->seed) {
        uint64_t r = scrambled(life->seed);
        o = (options){threads[r % 3],        chunk[(r >> 8) % 3], trigger[(r >> 16) % 5], clean[(r >> 48) % 3],
                      growth[(r >> 56) % 3], 1 + (r >> 24) % 100, 1 + (r >> 40) % 9,      r >> 63};
    }
    return o;
}

void kill_life_text(const kill_life *life, char *to, size_t size)
{
    options o = options_of(life);
    snprintf(to, size, "threads %s, chunks of %s rows, trigger '%s', retain %u, growth %s, %u rows a batch", o.threads,
             o.chunk, o.trigger, o.retain, o.growth, o.step);
}

const char *kill_source_name(kill_source source)
{
    static const char *const names[KILL_SOURCES] = {"custom source", "files", "rate-micro-batch"};
    return names[source];
}

const char *kill_sink_name(kill_sink sink)
{
    static const char *const names[KILL_SINKS] = {"custom sink", "foreachBatch", "memory",
                                                  "file",        "foreach",      "console"};
    return names[sink];
}

/* -------------------------------------------------------------- inside the process */

typedef struct living {
    ext_numbers numbers; /* first: the source's functions take it for theirs */
    kill_story *story;
    const kill_life *life;
    options options;
    sqi_disk_kill *k;
    int32_t (*read)(void *instance, const streamq_offset *start, const streamq_offset *end,
                    struct ArrowArrayStream *out, streamq_ext_error *error);
    int64_t staging; /* batch id */
    kill_rows staged;
} living;

static int64_t number_of(const streamq_offset *o)
{
    int64_t v = 0;
    if (o->length)
        memcpy(&v, o->bytes, sizeof v);
    return v;
}

static int32_t source_read(void *instance, const streamq_offset *start, const streamq_offset *end,
                           struct ArrowArrayStream *out, streamq_ext_error *error)
{
    living *l = instance;
    sqi_disk_kill_mark(l->k);
    if (number_of(start) < l->story->world.forgotten)
        kill_world_wrong(&l->story->world, "numbers from %lld are read; the source was told to forget up to %lld",
                         (long long)number_of(start), (long long)l->story->world.forgotten);
    return l->read(instance, start, end, out, error);
}

static void source_forget(void *instance, const streamq_offset *end)
{
    living *l = instance;
    sqi_disk_kill_mark(l->k);
    kill_world_forget(&l->story->world, number_of(end));
    sqi_disk_kill_mark(l->k);
}

static int32_t sink_open(void *user, const char *const *names, const char *const *values, size_t n,
                         const struct ArrowSchema *columns, streamq_output_mode mode, void **instance,
                         streamq_ext_error *error)
{
    (void)names, (void)values, (void)n, (void)columns, (void)mode, (void)error;
    *instance = user;
    return 0;
}

static int32_t sink_begin(void *instance, int64_t batch_id, streamq_ext_error *error)
{
    living *l = instance;
    (void)error;
    l->staging = batch_id;
    l->staged = (kill_rows){.count = {0}};
    return 0;
}

static int64_t number_at(const struct ArrowArray *rows, int column, int64_t row)
{
    const struct ArrowArray *a = rows->children[column];
    return ((const int64_t *)a->buffers[1])[a->offset + rows->offset + row];
}

static int32_t sink_write(void *instance, struct ArrowArray *rows, streamq_ext_error *error)
{
    living *l = instance;
    (void)error;
    for (int64_t i = 0; i < rows->length; i++)
        if (!kill_rows_add(&l->staged, number_at(rows, 0, i), number_at(rows, 1, i), number_at(rows, 2, i)))
            kill_world_wrong(&l->story->world, "batch %lld has a key that cannot be, or twice", (long long)l->staging);
    rows->release(rows);
    return 0;
}

static int32_t sink_commit(void *instance, int64_t batch_id, streamq_ext_error *error)
{
    living *l = instance;
    (void)error;
    sqi_disk_kill_mark(l->k);
    kill_world_batch(&l->story->world, batch_id, &l->staged);
    sqi_disk_kill_mark(l->k);
    return 0;
}

static void sink_close(void *instance)
{
    (void)instance;
}

static int32_t on_batch(void *user, int64_t id, streamq_batch *b)
{
    living *l = user;
    l->staging = id;
    l->staged = (kill_rows){.count = {0}};
    for (size_t i = 0; i < streamq_batch_rows(b); i++)
        if (!kill_rows_add(&l->staged, streamq_batch_get_int64(b, i, 0), streamq_batch_get_int64(b, i, 1),
                           streamq_batch_get_int64(b, i, 2)))
            kill_world_wrong(&l->story->world, "batch %lld has a key that cannot be, or twice", (long long)id);
    return sink_commit(l, id, NULL);
}

static int32_t on_row(void *user, int64_t id, streamq_batch *b, size_t row)
{
    living *l = user;
    sqi_disk_kill_mark(l->k);
    kill_world_row(&l->story->world, id, streamq_batch_get_int64(b, row, 0), streamq_batch_get_int64(b, row, 1),
                   streamq_batch_get_int64(b, row, 2));
    sqi_disk_kill_mark(l->k);
    return 0;
}

static int32_t on_text(void *user, const char *text, size_t len)
{
    living *l = user;
    long long id = -1, v[3];
    sqi_disk_kill_mark(l->k);
    for (const char *p = text; p < text + len; p += strcspn(p, "\n") + 1)
        if (sscanf(p, "Batch: %lld", &id) != 1 && sscanf(p, "|%lld|%lld|%lld|", &v[0], &v[1], &v[2]) == 3)
            kill_world_row(&l->story->world, id, v[0], v[1], v[2]);
    sqi_disk_kill_mark(l->k);
    return 0;
}

/* -------------------------------------------------------------- the query */

static void read_files(streamq_plan *plan, const living *l)
{
    char text[128];
    streamq_reader *reader = streamq_read_stream(plan, "text");
    snprintf(text, sizeof text, "%s/in", l->story->root);
    streamq_reader_option(reader, "path", text);
    snprintf(text, sizeof text, "%u", l->options.step);
    streamq_reader_option(reader, "maxFilesPerTrigger", text);
    streamq_reader_option(reader, "cleanSource", l->options.clean);
    snprintf(text, sizeof text, "%s/archive", l->story->root);
    if (strcmp(l->options.clean, "archive") == 0)
        streamq_reader_option(reader, "sourceArchiveDir", text);
    (void)streamq_stream_alias(streamq_reader_load(reader), "f");
    (void)streamq_stream_alias(streamq_sql(plan, "SELECT CAST(value AS BIGINT) AS n FROM f"), "t");
}

static streamq_status read_from(streamq_session *s, streamq_plan *plan, living *l, streamq_error **err)
{
    char number[24];
    streamq_reader *reader;
    if (l->story->source == KILL_FILES) {
        read_files(plan, l);
        return STREAMQ_OK;
    }
    if (l->story->source == KILL_RATE) {
        reader = streamq_read_stream(plan, "rate-micro-batch");
        snprintf(number, sizeof number, "%u", l->options.step);
        streamq_reader_option(reader, "rowsPerBatch", number);
        (void)streamq_stream_alias(streamq_reader_load(reader), "r");
        (void)streamq_stream_alias(streamq_sql(plan, "SELECT value + 1 AS n FROM r"), "t");
        return STREAMQ_OK;
    }
    streamq_source source = ext_numbers_source(&l->numbers);
    l->read = source.read;
    source.read = source_read;
    source.commit = source_forget;
    if (streamq_session_register_source(s, "numbers", &source, err) != STREAMQ_OK)
        return STREAMQ_ERR_INVALID;
    reader = streamq_read_stream(plan, "numbers");
    (void)streamq_stream_alias(streamq_reader_load(reader), "t");
    return STREAMQ_OK;
}

static streamq_stream *query_of(streamq_plan *plan, const kill_story *s)
{
    char sql[400];
    if (s->sink == KILL_FILE)
        return streamq_select(
            streamq_drop_duplicates(streamq_sql(plan, "SELECT explode(array(n, n - 7)) AS n FROM t"), "n"),
            "CAST(n AS STRING) AS value");
    snprintf(sql, sizeof sql,
             "SELECT CAST(right(k, 1) AS BIGINT) AS g, count(*) AS c, sum(n) AS s FROM (SELECT concat(repeat('x', %d), "
             "CAST(n %% %d AS STRING)) AS k, n FROM t) GROUP BY k",
             s->key_bytes, KILL_KEYS);
    return streamq_sql(plan, sql);
}

static streamq_writer *writer_of(streamq_session *session, streamq_plan *plan, living *l, streamq_error **err)
{
    static const char *const formats[KILL_SINKS] = {"kept", "foreachBatch", "memory", "text", "foreach", "console"};
    const kill_story *s = l->story;
    char path[128];
    streamq_sink sink = {.struct_size = sizeof sink,
                         .user = l,
                         .open = sink_open,
                         .begin = sink_begin,
                         .write = sink_write,
                         .commit = sink_commit,
                         .close = sink_close};
    if (streamq_session_register_sink(session, "kept", &sink, err) != STREAMQ_OK)
        return NULL;
    streamq_writer *w = streamq_write_stream(query_of(plan, s), formats[s->sink]);
    streamq_writer_output_mode(w, s->sink == KILL_FILE     ? STREAMQ_APPEND
                                  : s->sink == KILL_MEMORY ? STREAMQ_COMPLETE
                                                           : STREAMQ_UPDATE);
    if (s->sink == KILL_FOREACH_BATCH)
        streamq_writer_foreach_batch(w, on_batch, l);
    else if (s->sink == KILL_FOREACH)
        streamq_writer_foreach(w, on_row, l);
    else if (s->sink == KILL_CONSOLE)
        streamq_writer_console(w, on_text, l);
    else if (s->sink == KILL_MEMORY)
        streamq_writer_query_name(w, "held");
    snprintf(path, sizeof path, "%s/out", s->root);
    if (s->sink == KILL_FILE)
        streamq_writer_option(w, "path", path);
    snprintf(path, sizeof path, "%s/ckpt", s->root);
    streamq_writer_option(w, "checkpointLocation", path);
    const char *trigger = l->options.trigger;
    if (strcmp(trigger, "once") == 0)
        streamq_writer_trigger_once(w);
    else if (strcmp(trigger, "available now") == 0 && s->source != KILL_RATE)
        streamq_writer_trigger_available_now(w);
    else if (strcmp(trigger, "1 hour") == 0)
        streamq_writer_trigger_interval(w, trigger);
    return w;
}

static void drop_files(const living *l, int most)
{
    if (l->story->source != KILL_FILES)
        return;
    sqi_disk_kill_mark(l->k);
    kill_files_drop(l->story, l->life->until, most);
    sqi_disk_kill_mark(l->k);
}

static void run_query(streamq_query *q, const living *l, streamq_error **err)
{
    int32_t what = l->options.at_once && l->story->source == KILL_FILES ? STREAMQ_STEP_IDLE : STREAMQ_STEP_WORKED;
    for (int i = 0; what == STREAMQ_STEP_WORKED && !*err && (l->story->source != KILL_RATE || i < RATE_STEPS); i++) {
        (void)streamq_query_step(q, &what, err);
        drop_files(l, 1 + i % 4);
    }
    drop_files(l, (int)l->life->until);
    if (l->story->source != KILL_RATE && !*err && what != STREAMQ_STEP_FINISHED)
        (void)streamq_query_process_all_available(q, -1, err);
}

/* What the memory sink has now. */
static void tell_table(streamq_session *session, kill_story *s, streamq_error **err)
{
    kill_rows rows = {.count = {0}};
    streamq_plan *plan = streamq_plan_new(session);
    streamq_batch *b = streamq_collect(streamq_sql(plan, "SELECT * FROM held"), err);
    for (size_t i = 0; b && i < streamq_batch_rows(b); i++)
        if (!kill_rows_add(&rows, streamq_batch_get_int64(b, i, 0), streamq_batch_get_int64(b, i, 1),
                           streamq_batch_get_int64(b, i, 2)))
            kill_world_wrong(&s->world, "the table has a key that cannot be, or twice");
    if (b && streamq_batch_rows(b))
        kill_world_table(&s->world, &rows);
    streamq_batch_free(b);
    streamq_plan_free(plan);
}

static streamq_session *session_of(const living *l, const sqi_os *os)
{
    char number[24];
    streamq_config *config = streamq_config_new();
    config->os = os;
    snprintf(number, sizeof number, "%u", l->options.retain);
    bool set = streamq_config_set(config, "streamq.threads", l->options.threads, NULL) == STREAMQ_OK &&
               streamq_config_set(config, "streamq.parallelRows", "1", NULL) == STREAMQ_OK &&
               streamq_config_set(config, "streamq.chunkRows", l->options.chunk, NULL) == STREAMQ_OK &&
               streamq_config_set(config, "streamq.checkpointGrowth", l->options.growth, NULL) == STREAMQ_OK &&
               streamq_config_set(config, "spark.sql.streaming.minBatchesToRetain", number, NULL) == STREAMQ_OK;
    streamq_session *session = set ? streamq_session_new(config) : NULL;
    streamq_config_free(config);
    if (!session)
        abort();
    return session;
}

typedef struct task {
    kill_story *story;
    const kill_life *life;
} task;

static int run_life(const sqi_os_files *files, sqi_disk_kill *k, void *context)
{
    const task *t = context;
    sqi_os os = *sqi_os_posix();
    living l = {.story = t->story, .life = t->life, .options = options_of(t->life), .k = k};
    l.numbers = (ext_numbers){.until = t->life->until, .step = l.options.step, .take = malloc, .give = free};
    os.files = files;
    streamq_error *err = NULL;
    streamq_session *session = session_of(&l, &os);
    streamq_plan *plan = streamq_plan_new(session);
    drop_files(&l, 2);
    streamq_writer *w = read_from(session, plan, &l, &err) == STREAMQ_OK ? writer_of(session, plan, &l, &err) : NULL;
    streamq_query *q = w ? streamq_writer_open(w, &err) : NULL;
    if (q)
        run_query(q, &l, &err);
    if (!err && t->story->sink == KILL_MEMORY)
        tell_table(session, t->story, &err);
    if (err)
        kill_world_wrong(&t->story->world, "%s", streamq_error_message(err));
    streamq_error_free(err);
    streamq_query_free(q);
    streamq_plan_free(plan);
    streamq_session_free(session);
    return 0;
}

/* -------------------------------------------------------------- from outside */

void kill_story_begin(kill_story *s)
{
    char path[96];
    struct stat st;
    snprintf(s->root, sizeof s->root, "%s/streamq-kill-XXXXXX", stat("/dev/shm", &st) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(s->root))
        abort();
    snprintf(path, sizeof path, "%s/world", s->root);
    kill_world_init(&s->world, path);
    s->killed = 0;
}

int kill_story_live(kill_story *s, const kill_life *life, const sqi_disk_kill_point *point, size_t *calls)
{
    task t = {s, life};
    kill_world before = s->world;
    int end = sqi_disk_kill_run(point, run_life, &t, calls);
    kill_world_read(&s->world);
    s->killed += end == SQI_KILLED;
    if (end != 0 && end != SQI_KILLED)
        kill_world_wrong(&s->world, "the process died in a way of its own");
    if (kill_rows_numbers(&s->world.now) < kill_rows_numbers(&before.now) || s->world.last < before.last)
        kill_world_wrong(&s->world, "what had been seen is gone");
    return end;
}

/* Each batch as it came has what the first numbers give, however many they are. */
static void check_batches(kill_story *s)
{
    kill_rows now = {.count = {0}};
    size_t repeats = 0;
    for (int64_t id = 0; id <= s->world.last; id++) {
        const kill_rows *b = &s->world.batch[id];
        for (int k = 0; k < KILL_KEYS; k++)
            if (b->count[k]) {
                now.count[k] = b->count[k];
                now.sum[k] = b->sum[k];
            }
        kill_rows want = kill_rows_up_to(kill_rows_numbers(&now));
        if (memcmp(&want, &now, sizeof want) != 0)
            kill_world_wrong(&s->world, "batch %lld: %lld numbers, but not the first ones", (long long)id,
                             (long long)kill_rows_numbers(&now));
        repeats += s->world.repeats[id] != 0;
    }
    if (repeats > s->killed)
        kill_world_wrong(&s->world, "%zu batches came again after %zu kills", repeats, s->killed);
}

kill_verdict kill_story_end(kill_story *s, int64_t until)
{
    char command[160];
    kill_world_read(&s->world);
    if (s->sink == KILL_FILE)
        kill_files_read(s);
    else if (s->sink != KILL_MEMORY)
        check_batches(s);
    const kill_rows *have = s->sink == KILL_MEMORY ? &s->world.table : &s->world.now;
    if (s->source == KILL_RATE && kill_rows_numbers(have) > until)
        until = kill_rows_numbers(have); /* there is no end to them: each one up to the last is there */
    kill_verdict v = kill_world_judge(&s->world, until, s->sink == KILL_MEMORY);
    snprintf(command, sizeof command, "rm -rf %s", s->root);
    if (v.lost + v.duplicated + v.wrong == 0 && system(command) != 0)
        abort();
    return v;
}
