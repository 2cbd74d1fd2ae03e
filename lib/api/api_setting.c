/*
 * api_setting: the settings of a session: one table, Spark's names where Spark has the setting. Values are kept as text;
 * readers convert (they were checked when set). docs/options.md is written from this table.
 */
#include "api_state.h"

static const sqi_option_row rows[SQI_SETTINGS_] = {
    [SQI_SETTING_TIME_ZONE] = {"spark.sql.session.timeZone", SQI_OPTION_TEXT, "UTC", 0, 0, false,
                               "Zone in which timestamps are read and shown: a zone name, or an offset such as +02:00"},
    [SQI_SETTING_ANSI] = {"spark.sql.ansi.enabled", SQI_OPTION_BOOL, "true", 0, 0, false,
                          "Overflow, bad casts and bad indices are errors. false reaches aggregates, array indices and "
                          "URL functions; casts and "
                          "arithmetic stay ANSI in this version"},
    [SQI_SETTING_RECENT] = {"spark.sql.streaming.numRecentProgressUpdates", SQI_OPTION_INT, "100", 1, 100000, false,
                            "Progress updates that a query keeps"},
    [SQI_SETTING_IDLE_EVENT] = {"spark.sql.streaming.noDataProgressEventInterval", SQI_OPTION_DURATION, "10s", 1000,
                                INT64_MAX, false, "How often an idle query reports progress"},
    [SQI_SETTING_MEMORY_LIMIT] = {"streamq.memory.limit", SQI_OPTION_SIZE, "0", 0, INT64_MAX, false,
                                  "Most bytes the session may hold; 0: no limit"},
    [SQI_SETTING_CHUNK_ROWS] = {"streamq.chunkRows", SQI_OPTION_INT, "2048", 1, SQI_CHUNK_ROWS_MAX, false,
                                "Rows that run through the operators at a time"},
    [SQI_SETTING_THREADS] =
        {"streamq.threads", SQI_OPTION_INT, "1", 1, 64, false,
         "Threads that work on one large micro-batch of an aggregation; answers do not depend on it. The first query "
         "of a session that asks for more than one fixes the most that later ones get"},
    [SQI_SETTING_PARALLEL_ROWS] = {"streamq.parallelRows", SQI_OPTION_INT, "2048", 0, INT32_MAX, false,
                                   "Rows of a micro-batch from which the other threads of streamq.threads join in; "
                                   "smaller ones stay on the thread that steps the query"},
    [SQI_SETTING_STOP_TIMEOUT] =
        {"spark.sql.streaming.stopTimeout", SQI_OPTION_DURATION, "0", 0, INT64_MAX, false,
         "Accepted for programs written for Spark; streamq_query_stop takes its own time limit"},
    [SQI_SETTING_SHUFFLE_PARTITIONS] = {"spark.sql.shuffle.partitions", SQI_OPTION_INT, "200", 1, INT32_MAX, false,
                                        "Accepted for programs written for Spark; has no effect"},
    [SQI_SETTING_NO_DATA_BATCHES] = {"spark.sql.streaming.noDataMicroBatches.enabled", SQI_OPTION_BOOL, "true", 0, 0,
                                     false, "Accepted; no operator of this version asks for a batch without data"},
    [SQI_SETTING_CHECKPOINT] = {"spark.sql.streaming.checkpointLocation", SQI_OPTION_TEXT, "", 0, 0, false,
                                "Directory below which queries without the option checkpointLocation keep theirs, "
                                "each under its name; empty: none"},
    [SQI_SETTING_RETAIN] = {"spark.sql.streaming.minBatchesToRetain", SQI_OPTION_INT, "100", 1, INT32_MAX, false,
                            "Micro-batches in a checkpoint whose state can still be read"},
    [SQI_SETTING_GROWTH] = {"streamq.checkpointGrowth", SQI_OPTION_SIZE, "3670016", 0, INT64_MAX / 4, false,
                            "Bytes that a checkpoint's log grows by, and half the state's size more, before the state "
                            "is written as a whole once more and older files go"},
    [SQI_SETTING_TEMPORARY] =
        {"streamq.temporaryCheckpoints", SQI_OPTION_BOOL, "false", 0, 0, false,
         "Give queries for which no checkpoint is named one below the directory for temporary files, as Spark does; it "
         "is removed when the query stops, and stays when it fails"},
    [SQI_SETTING_SCHEMA_INFERENCE] = {"spark.sql.streaming.schemaInference", SQI_OPTION_BOOL, "false", 0, 0, false,
                                      "A stream of files for which no schema is given has the one of the files that "
                                      "are there when it is declared"},
    [SQI_SETTING_PARTITION_TYPES] =
        {"spark.sql.sources.partitionColumnTypeInference.enabled", SQI_OPTION_BOOL, "true", 0, 0, false,
         "Columns that folders called key=value make have the types of their values; false: "
         "all are strings"},
};

const sqi_option_row *sqi_settings_rows(size_t *n)
{
    *n = SQI_SETTINGS_;
    return rows;
}

bool sqi_settings_find(const char *name, sqi_setting *which)
{
    for (int i = 0; i < SQI_SETTINGS_; ++i)
        if (sqi_span_equal_nocase(sqi_span_of(name), sqi_span_of(rows[i].name))) {
            *which = (sqi_setting)i;
            return true;
        }
    return false;
}

streamq_status sqi_settings_set(sqi_settings *s, const char *name, const char *value, streamq_error **err)
{
    if (!name || !value)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "a setting needs a name and a value; NULL was given");
    sqi_arena scratch; /* the options code checks name and value, and names the candidates */
    sqi_arena_init(&scratch, s->alloc);
    sqi_options one = {&scratch, NULL};
    streamq_status status = sqi_options_set(&one, sqi_span_of(name), sqi_span_of(value), err);
    if (status == STREAMQ_OK)
        status = sqi_options_check(&one, rows, SQI_SETTINGS_, "a session", err);
    sqi_arena_fini(&scratch);
    SQI_TRY(status);
    sqi_setting which;
    if (!sqi_settings_find(name, &which))
        return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "setting %s has no row", name);
    char *copy = sqi_alloc_get(s->alloc, strlen(value) + 1);
    if (!copy)
        return sqi_error_nomem(err);
    memcpy(copy, value, strlen(value) + 1);
    char *old = s->value[which];
    s->value[which] = copy;
    if (old)
        sqi_alloc_free(s->alloc, old, strlen(old) + 1);
    return STREAMQ_OK;
}

const char *sqi_settings_get(const sqi_settings *s, sqi_setting which)
{
    return s->value[which] ? s->value[which] : rows[which].fallback;
}

int64_t sqi_settings_int(const sqi_settings *s, sqi_setting which)
{
    sqi_option one = {sqi_span_of(rows[which].name), sqi_span_of(sqi_settings_get(s, which)), NULL};
    sqi_options set = {NULL, &one};
    return rows[which].kind == SQI_OPTION_BOOL ? sqi_options_bool(&set, rows, SQI_SETTINGS_, rows[which].name)
                                               : sqi_options_int(&set, rows, SQI_SETTINGS_, rows[which].name);
}

streamq_status sqi_settings_copy(sqi_settings *to, const sqi_settings *from, streamq_error **err)
{
    for (int i = 0; i < SQI_SETTINGS_; ++i)
        if (from->value[i])
            SQI_TRY(sqi_settings_set(to, rows[i].name, from->value[i], err));
    return STREAMQ_OK;
}

void sqi_settings_fini(sqi_settings *s)
{
    for (int i = 0; i < SQI_SETTINGS_; ++i) {
        if (s->value[i])
            sqi_alloc_free(s->alloc, s->value[i], strlen(s->value[i]) + 1);
        s->value[i] = NULL;
    }
}
