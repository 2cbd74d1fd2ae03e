/* golden: see the header. */
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "api_state.h"
#include "ext_numbers.h"
#include "os_sim.h"

typedef struct living {
    ext_numbers numbers; /* first: the source's functions take it for theirs */
    const golden *g;
    golden_out *out;
    streamq_feed *feed;
    int64_t until;
    bool blind;
    int32_t (*read)(void *instance, const streamq_offset *start, const streamq_offset *end,
                    struct ArrowArrayStream *out, streamq_ext_error *error);
} living;

static void failed(golden_out *out, const char *why)
{
    if (!out->why[0])
        snprintf(out->why, sizeof out->why, "%s", why);
}

static int32_t on_batch(void *user, int64_t id, streamq_batch *b)
{
    living *l = user;
    golden_out *out = l->out;
    if (out->first < 0)
        out->first = out->next = id;
    if (id != out->next || id < 0 || id >= GOLDEN_BATCHES) {
        failed(out, "batch ids are out of order");
        return 1;
    }
    for (size_t i = 0; l->blind && i < streamq_batch_rows(b); i++)
        for (size_t k = 0; k < streamq_batch_columns(b); k++)
            streamq_string_free(streamq_batch_get_text(b, i, k));
    out->rows[out->next++] = strdup(l->blind ? "" : api_rig_rows(b));
    return 0;
}

/* -------------------------------------------------------------- sources */

static void number(int64_t n, char to[24])
{
    snprintf(to, 24, "%lld", (long long)n);
}

static void read_rate(streamq_plan *plan, const char *alias)
{
    char text[24];
    streamq_reader *r = streamq_read_stream(plan, "rate-micro-batch");
    number(GOLDEN_STEP, text);
    streamq_reader_option(r, "rowsPerBatch", text);
    (void)streamq_stream_alias(streamq_reader_load(r), alias);
}

static void read_files(living *l, sqi_disk_sim *disk, streamq_plan *plan)
{
    char path[32], text[24];
    streamq_reader *r = streamq_read_stream(plan, "text");
    for (int64_t n = 1; n <= l->until * GOLDEN_STEP; n++) {
        size_t len;
        snprintf(path, sizeof path, "/in/%04lld", (long long)n);
        number(n, text);
        if (!sqi_disk_sim_get(disk, path, &len))
            sqi_disk_sim_put(disk, path, text, strlen(text));
    }
    number(GOLDEN_STEP, text);
    streamq_reader_option(r, "path", "/in");
    streamq_reader_option(r, "maxFilesPerTrigger", text);
    (void)streamq_stream_alias(streamq_reader_load(r), "f");
    (void)streamq_stream_alias(streamq_sql(plan, "SELECT CAST(value AS BIGINT) AS n FROM f"), "t");
}

/* A program looks at what it is asked for: offsets come from a file. */
static int32_t read_numbers(void *instance, const streamq_offset *start, const streamq_offset *end,
                            struct ArrowArrayStream *out, streamq_ext_error *error)
{
    living *l = instance;
    int64_t from = 0, to = 0;
    if (start->length == sizeof from)
        memcpy(&from, start->bytes, sizeof from);
    if (end->length == sizeof to)
        memcpy(&to, end->bytes, sizeof to);
    if (from < 0 || to < from || to > l->numbers.until) {
        streamq_ext_fail(error, "there are no such numbers");
        return 1;
    }
    return l->read(instance, start, end, out, error);
}

static void read_input(living *l, sqi_disk_sim *disk, streamq_session *s, streamq_plan *plan, streamq_error **err)
{
    streamq_source source = ext_numbers_source(&l->numbers);
    streamq_reader *r;
    l->read = source.read;
    source.read = read_numbers;
    read_rate(plan, "r");
    switch (l->g->source) {
    case GOLDEN_RATE:
        (void)streamq_stream_alias(streamq_sql(plan, "SELECT value + 1 AS n FROM r"), "t");
        return;
    case GOLDEN_FEED:
        l->feed = streamq_feed_new(s, "n BIGINT", err);
        r = streamq_read_stream(plan, "memory");
        streamq_reader_feed(r, l->feed);
        break;
    case GOLDEN_FILES:
        read_files(l, disk, plan);
        return;
    default:
        if (streamq_session_register_source(s, "numbers", &source, err) != STREAMQ_OK)
            return;
        r = streamq_read_stream(plan, "numbers");
    }
    (void)streamq_stream_alias(streamq_reader_load(r), "t");
}

static void push(living *l, int64_t batch, streamq_error **err)
{
    char sql[GOLDEN_STEP * 24] = "";
    for (int i = 1; i <= GOLDEN_STEP; i++)
        snprintf(sql + strlen(sql), 24, "%s(%lld)", i > 1 ? "," : "", (long long)(batch * GOLDEN_STEP + i));
    (void)streamq_feed_push_sql(l->feed, sql, err);
}

/* -------------------------------------------------------------- the query */

static streamq_query *open_query(living *l, streamq_plan *plan, const char *dir, streamq_error **err)
{
    streamq_stream *stream = streamq_sql(plan, l->g->sql);
    if (l->g->dedup)
        stream = streamq_drop_duplicates(stream, l->g->dedup);
    streamq_writer *w = streamq_write_stream(stream, "foreachBatch");
    streamq_writer_output_mode(w, l->g->mode);
    streamq_writer_foreach_batch(w, on_batch, l);
    streamq_writer_option(w, "checkpointLocation", dir ? dir : "/ckpt");
    return streamq_writer_open(w, err);
}

static void run(living *l, streamq_query *q, streamq_error **err)
{
    int32_t what = STREAMQ_STEP_WORKED;
    int64_t fed = l->until - GOLDEN_MORE; /* of a feed what is given after a restart is what comes next */
    for (int i = 0; !*err && what == STREAMQ_STEP_WORKED && l->out->next < l->until && i < GOLDEN_BATCHES; i++) {
        if (l->feed)
            push(l, l->until == golden_batches(l->g) ? i : fed++, err);
        if (!*err)
            (void)streamq_query_step(q, &what, err);
    }
}

static streamq_session *session_of(const golden_life *life, const sqi_os *os)
{
    streamq_config *config = streamq_config_new();
    config->os = os;
    bool set =
        streamq_config_set(config, "streamq.threads", life->threads ? life->threads : "1", NULL) == STREAMQ_OK &&
        streamq_config_set(config, "streamq.parallelRows", "1", NULL) == STREAMQ_OK &&
        streamq_config_set(config, "streamq.checkpointGrowth", "2621440", NULL) == STREAMQ_OK &&
        streamq_config_set(config, "streamq.chunkRows", life->chunk ? life->chunk : "2048", NULL) == STREAMQ_OK &&
        streamq_config_set(config, "spark.sql.streaming.minBatchesToRetain", life->retain ? life->retain : "1", NULL) ==
            STREAMQ_OK;
    streamq_session *session = set ? streamq_session_new(config) : NULL;
    streamq_config_free(config);
    if (!session)
        abort();
    return session;
}

bool golden_live(sqi_disk_sim *disk, const golden *g, const golden_life *life, golden_out *out)
{
    living l = {.g = g, .out = out, .until = life->until, .blind = life->blind};
    sqi_os_sim machine;
    streamq_error *err = NULL;
    *out = (golden_out){.first = -1};
    l.numbers = (ext_numbers){.until = life->until * GOLDEN_STEP, .step = GOLDEN_STEP, .take = malloc, .give = free};
    sqi_os_sim_init(&machine, INT64_C(1700000000000000), 42);
    machine.os.files = life->files ? life->files : sqi_disk_sim_files(disk);
    streamq_session *s = session_of(life, &machine.os);
    streamq_plan *plan = streamq_plan_new(s);
    read_input(&l, disk, s, plan, &err);
    streamq_query *q = err ? NULL : open_query(&l, plan, life->dir, &err);
    (void)streamq_session_memory(s, &out->memory);
    if (q)
        run(&l, q, &err);
    if (err) {
        failed(out, streamq_error_message(err));
        snprintf(out->condition, sizeof out->condition, "%s", streamq_error_condition(err));
    }
    streamq_error_free(err);
    streamq_query_free(q);
    streamq_feed_free(l.feed);
    streamq_plan_free(plan);
    streamq_session_free(s);
    sqi_os_sim_fini(&machine);
    if (sqi_disk_sim_open_files(disk) > 0)
        failed(out, "files stay open");
    return !out->why[0];
}

void golden_out_clear(golden_out *out)
{
    for (size_t i = 0; i < GOLDEN_BATCHES; i++)
        free(out->rows[i]);
    *out = (golden_out){.first = -1};
}
