/*
 * run_progress: see the header. Field order and rounding are Spark's: rates with one decimal digit, durations in whole
 * milliseconds, state operators from the sink towards the sources.
 */
#include "run_progress.h"

#include "data_number.h"
#include "data_time.h"

static const char *const phase_name[SQI_PHASES_] = {"addBatch",      "commitOffsets",    "getBatch", "latestOffset",
                                                    "queryPlanning", "triggerExecution", "walCommit"};

static int64_t millis(int64_t micros)
{
    return micros / 1000;
}

static bool put_time(sqi_buf *to, int64_t wall_micros)
{
    sqi_civil t;
    sqi_time_civil(wall_micros, &t);
    return sqi_buf_printf(to, "\"%04d-%02d-%02dT%02d:%02d:%02d.%03uZ\"", (int)t.year, t.month, t.day, t.hour, t.minute,
                          t.second, (unsigned)(t.micros / 1000));
}

/* A rate as Spark prints it: rounded to one digit after the point. */
static bool put_rate(sqi_buf *to, const char *name, double rate)
{
    char text[SQI_NUMBER_TEXT];
    double rounded = (double)(int64_t)(rate * 10 + 0.5) / 10;
    size_t n = sqi_number_double(rounded, text);
    return sqi_buf_printf(to, "\"%s\":%.*s,", name, (int)n, text);
}

static bool put_rates(sqi_buf *to, const sqi_progress *p, uint64_t rows)
{
    double input = p->since_micros > 0 ? (double)rows * 1e6 / (double)p->since_micros : 0;
    int64_t took = p->phase[SQI_PHASE_TRIGGER] < 1000 ? 1000 : p->phase[SQI_PHASE_TRIGGER];
    return put_rate(to, "inputRowsPerSecond", input) &&
           put_rate(to, "processedRowsPerSecond", (double)rows * 1e6 / (double)took);
}

static bool put_durations(sqi_buf *to, const sqi_progress *p)
{
    bool ok = sqi_buf_text(to, "\"durationMs\":{"), first = true;
    for (int i = 0; i < SQI_PHASES_; ++i) {
        if (p->idle && i != SQI_PHASE_LATEST_OFFSET && i != SQI_PHASE_TRIGGER)
            continue;
        ok = ok && sqi_buf_printf(to, "%s\"%s\":%lld", first ? "" : ",", phase_name[i], (long long)millis(p->phase[i]));
        first = false;
    }
    return ok && sqi_buf_text(to, "},");
}

static bool put_state(sqi_buf *to, const sqi_op_metrics *m)
{
    return sqi_buf_printf(to,
                          "{\"operatorName\":\"%s\",\"numRowsTotal\":%llu,\"numRowsUpdated\":%llu,"
                          "\"allUpdatesTimeMs\":%lld,\"numRowsRemoved\":%llu,\"allRemovalsTimeMs\":%lld,"
                          "\"commitTimeMs\":%lld,\"memoryUsedBytes\":%llu,\"numRowsDroppedByWatermark\":%llu,"
                          "\"numShufflePartitions\":1,\"numStateStoreInstances\":1,\"customMetrics\":{}}",
                          m->name, (unsigned long long)m->rows_total, (unsigned long long)m->rows_updated,
                          (long long)millis(m->updates_micros), (unsigned long long)m->rows_removed,
                          (long long)millis(m->removals_micros), (long long)millis(m->commit_micros),
                          (unsigned long long)m->memory_bytes, (unsigned long long)m->rows_dropped);
}

static bool put_offset(sqi_buf *to, const char *name, const sqi_source *s, const sqi_offset *o)
{
    bool ok = sqi_buf_printf(to, "\"%s\":", name);
    if (!o->known)
        return ok && sqi_buf_text(to, "null,");
    return ok && s->type->offset_json(s, o, to) && sqi_buf_byte(to, ',');
}

static bool put_described(sqi_buf *to, bool (*describe)(const void *, sqi_buf *), const void *what)
{
    sqi_buf text;
    sqi_buf_init(&text, to->alloc, 1 << 16);
    bool ok = sqi_buf_text(to, "\"description\":") && describe(what, &text) && sqi_buf_json(to, sqi_buf_view(&text)) &&
              sqi_buf_byte(to, ',');
    sqi_buf_fini(&text);
    return ok;
}

static bool describe_source(const void *what, sqi_buf *to)
{
    const sqi_source *s = what;
    return s->type->describe ? s->type->describe(s, to) : sqi_buf_text(to, s->type->name);
}

static bool describe_sink(const void *what, sqi_buf *to)
{
    const sqi_sink *k = what;
    return k->type->describe ? k->type->describe(k, to) : sqi_buf_text(to, k->type->name);
}

static bool put_source(sqi_buf *to, const sqi_progress *p, const sqi_source_progress *s)
{
    bool ok = sqi_buf_byte(to, '{') && put_described(to, describe_source, s->source) &&
              put_offset(to, "startOffset", s->source, &s->start) && put_offset(to, "endOffset", s->source, &s->end) &&
              put_offset(to, "latestOffset", s->source, &s->end) &&
              sqi_buf_printf(to, "\"numInputRows\":%llu,", (unsigned long long)s->rows) && put_rates(to, p, s->rows);
    if (ok)
        --to->len; /* the comma after the last rate */
    return ok && sqi_buf_byte(to, '}');
}

static bool put_head(sqi_buf *to, const sqi_progress *p, uint64_t rows)
{
    bool ok = sqi_buf_printf(to, "{\"id\":\"%s\",\"runId\":\"%s\",\"name\":", p->id, p->run_id);
    ok = ok && (p->name.len ? sqi_buf_json(to, p->name) : sqi_buf_text(to, "null"));
    ok = ok && sqi_buf_text(to, ",\"timestamp\":") && put_time(to, p->wall_micros);
    return ok &&
           sqi_buf_printf(to, ",\"batchId\":%lld,\"batchDuration\":%lld,\"numInputRows\":%llu,", (long long)p->batch_id,
                          (long long)millis(p->phase[SQI_PHASE_TRIGGER]), (unsigned long long)rows);
}

bool sqi_progress_json(sqi_buf *to, const sqi_progress *p)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < p->nsource; ++i)
        rows += p->source[i].rows;
    bool ok = put_head(to, p, rows) && put_rates(to, p, rows) && put_durations(to, p) &&
              sqi_buf_text(to, "\"stateOperators\":[");
    for (size_t i = 0; ok && i < p->nstate; ++i)
        ok = (i == 0 || sqi_buf_byte(to, ',')) && put_state(to, &p->state[i]);
    ok = ok && sqi_buf_text(to, "],\"sources\":[");
    for (size_t i = 0; ok && i < p->nsource; ++i)
        ok = (i == 0 || sqi_buf_byte(to, ',')) && put_source(to, p, &p->source[i]);
    return ok && sqi_buf_text(to, "],\"sink\":{") && put_described(to, describe_sink, p->sink) &&
           sqi_buf_printf(to, "\"numOutputRows\":%llu}}", (unsigned long long)p->output_rows);
}

streamq_status sqi_recent_init(sqi_recent *r, size_t cap, size_t nsource, size_t nstate, sqi_alloc *alloc,
                               streamq_error **err)
{
    *r = (sqi_recent){.alloc = alloc, .cap = cap ? cap : 1, .nsource = nsource, .nstate = nstate};
    r->slot = sqi_alloc_array(alloc, r->cap, sizeof *r->slot);
    r->source = sqi_alloc_array(alloc, r->cap * (nsource + 1), sizeof *r->source);
    r->state = sqi_alloc_array(alloc, r->cap * (nstate + 1), sizeof *r->state);
    return r->slot && r->source && r->state ? STREAMQ_OK : sqi_error_nomem(err);
}

void sqi_recent_fini(sqi_recent *r)
{
    if (!r->alloc)
        return;
    sqi_alloc_free(r->alloc, r->slot, r->cap * sizeof *r->slot);
    sqi_alloc_free(r->alloc, r->source, r->cap * (r->nsource + 1) * sizeof *r->source);
    sqi_alloc_free(r->alloc, r->state, r->cap * (r->nstate + 1) * sizeof *r->state);
    *r = (sqi_recent){0};
}

void sqi_recent_add(sqi_recent *r, const sqi_progress *p)
{
    sqi_progress *slot = &r->slot[r->next];
    sqi_source_progress *source = r->source + r->next * (r->nsource + 1);
    sqi_op_metrics *state = r->state + r->next * (r->nstate + 1);
    *slot = *p;
    if (r->nsource)
        memcpy(source, p->source, r->nsource * sizeof *source);
    if (r->nstate)
        memcpy(state, p->state, r->nstate * sizeof *state);
    slot->source = source;
    slot->state = state;
    r->next = (r->next + 1) % r->cap;
    if (r->count < r->cap)
        ++r->count;
}

const sqi_progress *sqi_recent_last(const sqi_recent *r)
{
    return r->count ? &r->slot[(r->next + r->cap - 1) % r->cap] : NULL;
}

bool sqi_recent_json(const sqi_recent *r, sqi_buf *to)
{
    bool ok = sqi_buf_byte(to, '[');
    for (size_t i = 0; ok && i < r->count; ++i)
        ok = (i == 0 || sqi_buf_byte(to, ',')) &&
             sqi_progress_json(to, &r->slot[(r->next + r->cap - r->count + i) % r->cap]);
    return ok && sqi_buf_byte(to, ']');
}
