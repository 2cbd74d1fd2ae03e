/*
 * api_state: what stands behind the public handles, shared by the files of the api room. Each begins with a magic
 * number, so that a handle of the wrong kind (easy to pass through an FFI) is an error and not a crash.
 *
 * Lifetimes: a session owns its queries' handles, tables and settings. A plan is counted: the program holds one
 * reference, every query made from it another. Readers, streams, grouped streams, expressions and writers are plain data
 * in the plan's arena.
 */
#ifndef SQI_API_STATE_H
#define SQI_API_STATE_H

#include "data_builder.h"
#include "expr_parse.h"
#include "io_save.h"
#include "os_pool.h"
#include "plan_build.h"
#include "run_sched.h"
#include "snk_memory.h"
#include "src_memory.h"
#include "streamq.h"
#include "streamq_ext.h"

enum {
    SQI_MAGIC_CONFIG = 0x73710001,
    SQI_MAGIC_SESSION,
    SQI_MAGIC_PLAN,
    SQI_MAGIC_READER,
    SQI_MAGIC_STREAM,
    SQI_MAGIC_GROUPED,
    SQI_MAGIC_EXPR,
    SQI_MAGIC_WRITER,
    SQI_MAGIC_QUERY,
    SQI_MAGIC_BATCH,
    SQI_MAGIC_FEED
};

/* True if p is a handle of that kind. */
#define SQI_IS(p, kind) ((p) && (p)->magic == SQI_MAGIC_##kind)

/* api_setting.c: the settings of a session by number, each a row of one table. */
typedef enum sqi_setting {
    SQI_SETTING_TIME_ZONE,
    SQI_SETTING_ANSI,
    SQI_SETTING_RECENT,
    SQI_SETTING_IDLE_EVENT,
    SQI_SETTING_MEMORY_LIMIT,
    SQI_SETTING_CHUNK_ROWS,
    SQI_SETTING_THREADS,
    SQI_SETTING_PARALLEL_ROWS,
    SQI_SETTING_STOP_TIMEOUT,
    SQI_SETTING_SHUFFLE_PARTITIONS,
    SQI_SETTING_NO_DATA_BATCHES,
    SQI_SETTING_CHECKPOINT,
    SQI_SETTING_RETAIN,
    SQI_SETTING_GROWTH,
    SQI_SETTING_TEMPORARY,
    SQI_SETTING_SCHEMA_INFERENCE,
    SQI_SETTING_PARTITION_TYPES,
    SQI_SETTINGS_
} sqi_setting;

typedef struct sqi_settings {
    sqi_alloc *alloc;
    char *value[SQI_SETTINGS_]; /* NULL: the default */
} sqi_settings;

streamq_status sqi_settings_set(sqi_settings *s, const char *name, const char *value, streamq_error **err);
const char *sqi_settings_get(const sqi_settings *s, sqi_setting which); /* as text, the default if unset */
int64_t sqi_settings_int(const sqi_settings *s, sqi_setting which);
bool sqi_settings_find(const char *name, sqi_setting *which);
streamq_status sqi_settings_copy(sqi_settings *to, const sqi_settings *from, streamq_error **err);
void sqi_settings_fini(sqi_settings *s);
const sqi_option_row *sqi_settings_rows(size_t *n); /* for the manual */

struct streamq_config {
    uint32_t magic;
    sqi_alloc heap; /* of the config itself */
    sqi_settings settings;
    streamq_allocator allocator;
    bool has_allocator;
    sqi_log log;
    const sqi_os *os; /* tests: a simulated machine */
};

typedef struct sqi_listening {
    int64_t number;
    streamq_listener call;
    void *user;
    bool busy, removed; /* being called by `caller`; removed from inside that call */
    pthread_t caller;
    struct sqi_listening *next;
} sqi_listening;

typedef struct sqi_table_entry {
    sqi_memory_table *table;
    struct sqi_table_entry *next;
} sqi_table_entry;

typedef struct sqi_registered sqi_registered; /* api_ext.c: functions, aggregates, sources, sinks of the program */

struct streamq_session {
    uint32_t magic;
    sqi_alloc alloc;
    sqi_log log;
    const sqi_os *os;
    sqi_type_pool *pool;
    sqi_zones *zones;
    sqi_settings settings;
    sqi_registered *registered;
    pthread_mutex_t mutex; /* below, and settings */
    sqi_os_pool *workers;  /* made for the first query that may use some */
    uint32_t nworker;
    pthread_cond_t changed;
    streamq_query *query; /* every handle that was not freed */
    sqi_table_entry *table;
    sqi_listening *listening;
    int64_t next_listener;
    _Atomic int listeners;
    uint64_t terminated;          /* queries that have ended since the last reset */
    streamq_error *first_failure; /* of one of them */
};

/* Stream names for SQL, newest first. */
typedef struct sqi_named {
    sqi_span name;
    const sqi_node *node;
    struct sqi_named *next;
} sqi_named;

/* Things released with the plan: feeds, tables. */
typedef struct sqi_plan_keep {
    void (*release)(void *thing);
    void *thing;
    struct sqi_plan_keep *next;
} sqi_plan_keep;

typedef struct sqi_parameter {
    sqi_span name;
    const sqi_vec *value;
} sqi_parameter;

struct streamq_stream {
    uint32_t magic;
    streamq_plan *plan;
    const sqi_node *node; /* NULL: the plan's error stream */
};

struct streamq_grouped {
    uint32_t magic;
    streamq_plan *plan;
    const sqi_node *node; /* the input; NULL: error */
    sqi_ast **key;
    uint32_t nkey;
};

struct streamq_expr {
    uint32_t magic;
    streamq_plan *plan;
    sqi_ast *ast; /* NULL: error */
};

struct streamq_reader {
    uint32_t magic;
    streamq_plan *plan;
    sqi_span format;
    bool streaming;
    sqi_options options;
    sqi_schema schema;
    bool has_schema;
    streamq_feed *feed;
    bool failed;
};

struct streamq_writer {
    uint32_t magic;
    streamq_plan *plan;
    const sqi_node *node;
    sqi_span format;
    sqi_options options;
    streamq_output_mode mode;
    sqi_span name, checkpoint;
    sqi_trigger trigger;
    streamq_foreach_batch on_batch;
    streamq_foreach_row on_row;
    streamq_text_callback on_text;
    void *user, *text_user;
    const sqi_span *partition; /* columns */
    uint32_t npartition;
    bool batch; /* of streamq_write */
    sqi_save_mode save_mode;
};

struct streamq_plan {
    uint32_t magic;
    _Atomic uint32_t refs;
    streamq_session *session;
    sqi_arena arena, scratch;
    sqi_eval eval;
    sqi_io_env io;
    sqi_plan_context context;
    streamq_error *error;
    sqi_named *named;
    sqi_plan_keep *keep;
    sqi_span *param_name;
    const sqi_vec **param_value;
    size_t nparam, name_cap, value_cap;
    uint32_t nsource;
    streamq_stream failed; /* what builders return after an error */
    streamq_grouped failed_group;
    streamq_expr failed_expr;
    streamq_reader failed_reader; /* where there was no memory for one */
    streamq_writer failed_writer;
};

struct streamq_feed {
    uint32_t magic;
    streamq_session *session;
    sqi_alloc *alloc;
    sqi_feed *feed;
    pthread_mutex_t mutex; /* of the row being built */
    sqi_arena arena;
    sqi_builder **cell;
    uint32_t column; /* next cell of the current row */
    uint64_t rows;
    streamq_error *failed; /* first cell that did not fit */
};

struct streamq_batch {
    uint32_t magic;
    _Atomic uint32_t refs;
    sqi_alloc *alloc;
    sqi_batch *batch;
    const sqi_zone *zone;
    const uint64_t *first;   /* first row number of each chunk, and of the one that would follow */
    const char *const *type; /* column texts */
};

/* What one query's writer hands to its sink. */
typedef struct sqi_target {
    sqi_alloc *alloc;
    sqi_foreach foreach;
    sqi_console console;
    streamq_foreach_batch on_batch;
    streamq_foreach_row on_row;
    streamq_text_callback on_text;
    void *user, *text_user;
    const sqi_zone *zone;
    sqi_pull *pull;
    sqi_memory_table *table;
    sqi_file_target files;
} sqi_target;

struct streamq_query {
    uint32_t magic;
    streamq_session *session;
    sqi_query *query;
    sqi_sched sched;
    bool threaded, counted; /* counted: its end has been told to the session */
    char *name;             /* NUL-terminated, or NULL */
    streamq_query *next;
};

/* api_plan.c */
streamq_stream *sqi_api_failed(streamq_plan *plan, streamq_error *error); /* takes the error; keeps the first */
streamq_stream *sqi_api_stream(streamq_plan *plan, const sqi_node *node, streamq_status status, streamq_error *error);
streamq_plan *sqi_api_plan_ref(streamq_plan *plan);
void sqi_api_plan_unref(void *plan);
streamq_status sqi_api_plan_keep(streamq_plan *plan, void (*release)(void *), void *thing, streamq_error **err);
streamq_status sqi_api_parser(streamq_plan *plan, sqi_parser *p, const char *text, const char *what,
                              streamq_error **err);

/* api_session.c */
void sqi_api_session_ended(void *session, sqi_query *q);
bool sqi_api_session_wanted(void *session);
void sqi_api_session_event(void *session, int32_t kind, sqi_span json);
sqi_memory_table *sqi_api_session_table(streamq_session *s, sqi_span name); /* a reference, or NULL */
int64_t sqi_api_deadline(const streamq_session *s, int64_t timeout_ms);     /* monotonic */

/* api_checkpoint.c: the writer's own place for its checkpoint: NULL, or the error; and the place that a query gets. */
streamq_error *sqi_api_checkpoint_set(streamq_writer *w, const char *path);
streamq_status sqi_api_checkpoint_place(streamq_writer *w, sqi_query_spec *spec, streamq_error **err);

/* api_save.c: what the sink cannot do with this writer: partitions, output modes; a batch writer. */
streamq_status sqi_api_save_check_stream(const streamq_writer *w, const sqi_sink_type *type, streamq_error **err);

/* api_stream.c: a list of columns' names, "a, `odd name`", in the plan's arena. */
streamq_status sqi_api_stream_names(streamq_plan *plan, const char *text, const char *function, sqi_span **out,
                                    uint32_t *n, streamq_error **err);

/* api_batch.c */
/* Takes the batch, which nobody else may be changing or making a handle of just now. NULL: no memory. */
streamq_batch *sqi_api_batch(sqi_batch *batch, const sqi_zone *zone);

/* api_query.c */
void sqi_api_query_release(streamq_query *q); /* stop, join, free; not in the session's list any more */

/* api_ext.c */
const sqi_registry *sqi_api_registry(sqi_registered *r); /* NULL is fine */
const sqi_source_type *sqi_api_find_source(sqi_registered *r, sqi_span format, void **declared);
const sqi_sink_type *sqi_api_find_sink(sqi_registered *r, sqi_span format, void **declared);
void sqi_api_registered_free(sqi_registered *r);
/* The schema that a program's own source has for these options. */
streamq_status sqi_api_custom_schema(streamq_plan *plan, const sqi_source_spec *spec, const sqi_schema *given,
                                     sqi_schema *out, streamq_error **err);

/* A copy for streamq_string_free; NULL: no memory. */
char *sqi_api_text(sqi_span s);
streamq_status sqi_api_bad_handle(streamq_error **err, const char *function, const char *argument);

#endif
