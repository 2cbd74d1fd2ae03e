/*
 * streamq.h: Spark Structured Streaming's model as an embeddable C library.
 *
 * A program declares a query over unbounded input (a source, operators, a sink) with Spark's names and Spark's SQL, and
 * this library runs it in the program's own process, micro-batch by micro-batch: no server, no JVM, no cluster.
 *
 * What is not in this header (or in streamq_ext.h, for authors of sources, sinks and functions) is not API. This header
 * is the specification: the reference manual is made from it.
 *
 *   1  Version            5  Streams: operators        9  Queries: running, watching, stopping
 *   2  Errors             6  Expressions (typed door) 10  Batches: reading results
 *   3  Session            7  Bounded reads            11  Feeds: rows from the program
 *   4  Plans and readers  8  Writers: sinks, files, triggers
 *
 * The word count:
 *
 *     streamq_session *session = streamq_session_new(NULL);
 *     streamq_plan    *plan    = streamq_plan_new(session);
 *     streamq_reader  *reader  = streamq_read_stream(plan, "socket");
 *     streamq_reader_option(reader, "host", "localhost");
 *     streamq_reader_option(reader, "port", "9999");
 *     streamq_stream  *lines   = streamq_reader_load(reader);
 *     streamq_stream  *words   = streamq_select(lines, "explode(split(value, ' ')) AS word");
 *     streamq_stream  *counts  = streamq_count(streamq_group_by(words, "word"));
 *     streamq_writer  *writer  = streamq_write_stream(streamq_sort(counts, "count DESC"), "console");
 *     streamq_writer_output_mode(writer, STREAMQ_COMPLETE);
 *     streamq_error   *error   = NULL;
 *     streamq_query   *query   = streamq_writer_start(writer, &error);
 *     if (query)
 *         streamq_query_await_termination(query, -1, &error);
 *
 * OWNERSHIP, the whole of it:
 *   - Readers, streams, grouped streams, expressions and writers belong to their plan and go with it. A started query
 *     keeps what it needs: the plan may be freed then.
 *   - What a `_new`, `_start`, `_open` or `_take` function returns is yours: free it with the `_free` of its type. A
 *     `char *` (not const) is yours too: streamq_string_free.
 *   - A `const` result is borrowed from the object it was asked of, valid until that object changes or is freed.
 *   - Everything else you pass in is borrowed until the call returns; text is copied.
 *   - Every free takes NULL. Freeing a session stops its queries; objects of it that you still hold become invalid,
 *     errors and strings excepted.
 *
 * ERRORS: a function that can fail takes `streamq_error **error` last. It may be NULL. If it is not, *error must be
 * NULL before the call and is set exactly when the call fails. Builders (streams, expressions, readers, writers) need
 * no checks: the first failure stays with the plan, builders applied to a failed stream do nothing and return it, and
 * streamq_writer_start (or streamq_plan_error) reports it with the text, a caret under the place and a hint.
 *
 * THREADS: a session, its queries, feeds and batches may be used from any thread. A plan, and everything that belongs
 * to it, by one thread at a time. Callbacks run on the thread named in their comment. A query is stepped by one thread at a
 * time: by the program (streamq_query_step), or by its own thread (streamq_writer_start), in whose place a caller of
 * streamq_query_process_all_available may take some steps. The setting streamq.threads (1) lets workers of the session
 * join in on large micro-batches of an aggregation; answers, their order included, are the same with any number. Workers
 * call nothing of the program but the allocator. A callback returns: no exception and no longjmp may leave it.
 *
 * TEXT is UTF-8. Where a length is asked for, text may hold NUL bytes; -1 means NUL-terminated.
 */
#ifndef STREAMQ_H
#define STREAMQ_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__) && !defined(_WIN32)
#define STREAMQ_API __attribute__((visibility("default")))
#else
#define STREAMQ_API
#endif

struct ArrowArray;
struct ArrowSchema;
struct ArrowArrayStream;

typedef struct streamq_error streamq_error;
typedef struct streamq_config streamq_config;
typedef struct streamq_session streamq_session;
typedef struct streamq_plan streamq_plan;
typedef struct streamq_reader streamq_reader;
typedef struct streamq_stream streamq_stream;
typedef struct streamq_grouped streamq_grouped;
typedef struct streamq_expr streamq_expr;
typedef struct streamq_writer streamq_writer;
typedef struct streamq_query streamq_query;
typedef struct streamq_batch streamq_batch;
typedef struct streamq_feed streamq_feed;

/* ---------------------------------------------------------------------------------------------------- 1 Version */

#define STREAMQ_VERSION_MAJOR 0
#define STREAMQ_VERSION_MINOR 1
#define STREAMQ_VERSION_PATCH 0
#define STREAMQ_VERSION "0.1.0"

/* The version of the library that runs, "0.1.0". Static. Since 0.1. */
STREAMQ_API const char *streamq_version(void);
/* The optional parts that are built in, one a line with the library behind it ("pcre2 10.42"). Static. Since 0.1. */
STREAMQ_API const char *streamq_features(void);

/* ----------------------------------------------------------------------------------------------------- 2 Errors */

/* Result of a call: 0 is success. Values are pinned; new ones may be added in their family. Since 0.1. */
typedef int32_t streamq_status;
enum {
    STREAMQ_OK = 0,
    STREAMQ_ERR_NOMEM = 1,       /* no memory; nothing was changed */
    STREAMQ_ERR_INVALID = 2,     /* an argument, an option, a handle */
    STREAMQ_ERR_STATE = 3,       /* a call out of order */
    STREAMQ_ERR_UNSUPPORTED = 4, /* Spark has it, this version does not */
    STREAMQ_ERR_CANCELED = 5,    /* the query was stopped meanwhile */
    STREAMQ_ERR_LIMIT = 6,       /* a limit that is there to protect the program */
    STREAMQ_ERR_INTERNAL = 7,    /* a defect of this library */
    STREAMQ_ERR_TIMEOUT = 8,     /* the time given has passed */
    STREAMQ_ERR_PARSE = 20,      /* SQL text that is not in the grammar */
    STREAMQ_ERR_ANALYSIS = 21,   /* names, types or clauses that do not fit together */
    STREAMQ_ERR_DATA = 40,       /* a value that an expression cannot take (ANSI mode) */
    STREAMQ_ERR_IO = 60,         /* a socket, a file, the system */
    STREAMQ_ERR_USER = 80        /* a callback of the program said no */
};

/* Accessors take NULL (no error): status 0, empty texts. Texts live as long as the error. Since 0.1. */
STREAMQ_API streamq_status streamq_error_status(const streamq_error *error);
/* Spark's error condition, "DIVIDE_BY_ZERO", "UNRESOLVED_COLUMN.WITH_SUGGESTION": docs/errors.md lists them all. */
STREAMQ_API const char *streamq_error_condition(const streamq_error *error);
STREAMQ_API const char *streamq_error_sqlstate(const streamq_error *error); /* "22012" */
/* The whole story: condition, what, where (line and caret), candidates, hint. Several lines. */
STREAMQ_API const char *streamq_error_message(const streamq_error *error);
STREAMQ_API const char *streamq_error_text(const streamq_error *error); /* the first sentence alone */
STREAMQ_API const char *streamq_error_hint(const streamq_error *error); /* what to do; "" if there is no advice */
/* Byte range in the SQL text the error is about. Returns 1 and sets both, or 0. Either pointer may be NULL. */
STREAMQ_API int32_t streamq_error_position(const streamq_error *error, size_t *begin, size_t *end);
/* 1 if the same call may succeed later without a change of the program (time-outs, lost connections). */
STREAMQ_API int32_t streamq_error_is_retriable(const streamq_error *error);
STREAMQ_API void streamq_error_free(streamq_error *error);

/* Free a `char *` that a function of this library returned. Since 0.1. */
STREAMQ_API void streamq_string_free(char *text);

/* ---------------------------------------------------------------------------------------------------- 3 Session */

/*
 * A session holds what queries share: memory, settings, named tables, registered functions, the active queries.
 * Settings have Spark's names where Spark has the setting; docs/options.md lists all with defaults:
 *   spark.sql.session.timeZone (UTC), spark.sql.ansi.enabled (true), spark.sql.streaming.numRecentProgressUpdates (100),
 *   spark.sql.streaming.noDataProgressEventInterval (10s), streamq.memory.limit (0: none), streamq.chunkRows (2048),
 *   streamq.threads (1), ...
 */

/* An allocator of the program. Sizes are given back. Called from any thread that uses the session. Since 0.1. */
typedef struct streamq_allocator {
    size_t struct_size; /* sizeof(streamq_allocator) */
    void *user;
    /* As realloc; ptr NULL: a new block of new_size bytes, aligned for any type. NULL: no memory, ptr stays valid. */
    void *(*resize)(void *user, void *ptr, size_t old_size, size_t new_size);
    void (*release)(void *user, void *ptr, size_t size);
} streamq_allocator;

enum { STREAMQ_LOG_DEBUG = 0, STREAMQ_LOG_INFO = 1, STREAMQ_LOG_WARN = 2, STREAMQ_LOG_ERROR = 3 };
/* Notices (a peer closed its connection, a batch falls behind its trigger): never the only report of an error. Called on
   the thread where it happens; must not call back into the query that it is about. `text` is NUL-terminated. Since 0.1. */
typedef void (*streamq_log_callback)(void *user, int32_t level, const char *text, size_t length);

/* What a session is made with. NULL where memory fails. Since 0.1. */
STREAMQ_API streamq_config *streamq_config_new(void);
/* A setting by name; text as Spark takes it. INVALID: unknown name (with candidates) or value. */
STREAMQ_API streamq_status streamq_config_set(streamq_config *config, const char *name, const char *value,
                                              streamq_error **error);
/* Copies the struct; what `user` points to must outlive the session. */
STREAMQ_API streamq_status streamq_config_allocator(streamq_config *config, const streamq_allocator *allocator,
                                                    streamq_error **error);
STREAMQ_API void streamq_config_log(streamq_config *config, streamq_log_callback callback, void *user);
STREAMQ_API void streamq_config_free(streamq_config *config);

/* A session with these settings (NULL: the defaults). The config stays the caller's. NULL: no memory. Since 0.1. */
STREAMQ_API streamq_session *streamq_session_new(const streamq_config *config);
/* Stops every query of the session, waits for them, frees everything. Not from a callback of one of its queries. */
STREAMQ_API void streamq_session_free(streamq_session *session);
/* Change or read a setting; plans made before keep the old value. get: NULL for an unknown name. Since 0.1. */
STREAMQ_API streamq_status streamq_session_set(streamq_session *session, const char *name, const char *value,
                                               streamq_error **error);
STREAMQ_API char *streamq_session_get(streamq_session *session, const char *name);
/* Bytes of memory that the session holds now, and the most it ever held. Since 0.1. */
STREAMQ_API size_t streamq_session_memory(const streamq_session *session, size_t *peak);

/* Active queries: Spark's StreamingQueryManager. Since 0.1. */
STREAMQ_API size_t streamq_session_query_count(streamq_session *session);
/* The active query of that name, or NULL. Borrowed: valid until the program frees it. */
STREAMQ_API streamq_query *streamq_session_find_query(streamq_session *session, const char *name);
/* Wait until any query has ended since the last reset_terminated: OK, or the failure of the one that failed. timeout_ms
   < 0: no limit; TIMEOUT otherwise. */
STREAMQ_API streamq_status streamq_session_await_any(streamq_session *session, int64_t timeout_ms,
                                                     streamq_error **error);
STREAMQ_API void streamq_session_reset_terminated(streamq_session *session);

/* Query events, Spark's StreamingQueryListener: kind, and the event as JSON with Spark's fields. STARTED arrives before
   streamq_writer_start returns, on its thread; the others on the thread that steps the query. Since 0.1. */
enum { STREAMQ_EVENT_STARTED = 0, STREAMQ_EVENT_PROGRESS = 1, STREAMQ_EVENT_IDLE = 2, STREAMQ_EVENT_TERMINATED = 3 };
typedef void (*streamq_listener)(void *user, int32_t event, const char *json, size_t length);
/* Returns a number for remove (> 0), or 0 without memory. A listener that was removed is not called any more when remove
   returns, unless remove is called from inside it. */
STREAMQ_API int64_t streamq_session_add_listener(streamq_session *session, streamq_listener listener, void *user);
STREAMQ_API void streamq_session_remove_listener(streamq_session *session, int64_t number);

/* -------------------------------------------------------------------------------------------- 4 Plans and readers */

/* A plan: where streams are declared. NULL: no memory, or session NULL. Since 0.1. */
STREAMQ_API streamq_plan *streamq_plan_new(streamq_session *session);
STREAMQ_API void streamq_plan_free(streamq_plan *plan);
/* The first error of any builder of this plan, or NULL. Borrowed from the plan. Since 0.1. */
STREAMQ_API const streamq_error *streamq_plan_error(const streamq_plan *plan);
/* Values for :name in SQL text, bound when the text is parsed: set them before. Setting again replaces. Since 0.1. */
STREAMQ_API streamq_status streamq_plan_set_null(streamq_plan *plan, const char *name, streamq_error **error);
STREAMQ_API streamq_status streamq_plan_set_bool(streamq_plan *plan, const char *name, int32_t value,
                                                 streamq_error **error);
STREAMQ_API streamq_status streamq_plan_set_int64(streamq_plan *plan, const char *name, int64_t value,
                                                  streamq_error **error);
STREAMQ_API streamq_status streamq_plan_set_double(streamq_plan *plan, const char *name, double value,
                                                   streamq_error **error);
STREAMQ_API streamq_status streamq_plan_set_string(streamq_plan *plan, const char *name, const char *value,
                                                   int64_t length, streamq_error **error);
/* How a stream would run, as text in the shape of Spark's explain. mode: "simple" (the physical plan: one line for each
   operator, from the result to the sources), "extended" (the analyzed and the optimized logical plan before it), or
   NULL: simple. Yours: streamq_string_free. NULL with *error set if the plan is in error. Since 0.1. */
STREAMQ_API char *streamq_plan_explain(streamq_stream *stream, const char *mode, streamq_error **error);

/* Spark's readStream.format(format): "socket", "rate", "rate-micro-batch", "memory", "text", "csv", "json" (folders of
   files: the option path), or one registered with streamq_ext.h. A folder is read as it is found: write a file elsewhere
   and rename it into the folder. Formats, options: docs/options.md. Since 0.1. */
STREAMQ_API streamq_reader *streamq_read_stream(streamq_plan *plan, const char *format);
/* Spark's read.format(format): what the source holds now, once. The schema of csv and json files that is not given is
   found when the reader is loaded. Beside the formats above "statestore" and "state-metadata": the state in a query's
   checkpoint (option path) as rows, and the operators that keep some, while the query runs, in this or another process,
   or does not. Since 0.1. */
STREAMQ_API streamq_reader *streamq_read(streamq_plan *plan, const char *format);
/* An option as text; names are case-insensitive. A name or value that the format does not know is an error of load. */
STREAMQ_API void streamq_reader_option(streamq_reader *reader, const char *name, const char *value);
/* Columns as text: "ts TIMESTAMP, word STRING NOT NULL". */
STREAMQ_API void streamq_reader_schema(streamq_reader *reader, const char *schema);
/* Rows come from this feed (format "memory"). The plan keeps a reference. */
STREAMQ_API void streamq_reader_feed(streamq_reader *reader, streamq_feed *feed);
STREAMQ_API streamq_stream *streamq_reader_load(streamq_reader *reader);

/* A whole query in Spark's SQL, SELECT or pipe form, over streams named with streamq_stream_alias, memory tables of the
   session, and VALUES. Since 0.1. */
STREAMQ_API streamq_stream *streamq_sql(streamq_plan *plan, const char *text);

/* --------------------------------------------------------------------------------------------- 5 Streams: operators */

/* Each gives a new stream and leaves its input as it was; lists and conditions are text in Spark's SQL. Since 0.1. */
/* A list of expressions: "explode(split(value, ' ')) AS word". */
STREAMQ_API streamq_stream *streamq_select(streamq_stream *stream, const char *list);
STREAMQ_API streamq_stream *streamq_where(streamq_stream *stream, const char *condition);
STREAMQ_API streamq_stream *streamq_with_column(streamq_stream *stream, const char *name, const char *expression);
/* "count DESC, word": above an aggregation, in complete mode. */
STREAMQ_API streamq_stream *streamq_sort(streamq_stream *stream, const char *list);
STREAMQ_API streamq_stream *streamq_limit(streamq_stream *stream, int64_t rows);
STREAMQ_API streamq_stream *streamq_distinct(streamq_stream *stream);
/* Spark's dropDuplicates: the first row of each key; columns NULL or "": all. */
STREAMQ_API streamq_stream *streamq_drop_duplicates(streamq_stream *stream, const char *columns);
STREAMQ_API streamq_stream *streamq_union(streamq_stream *stream, streamq_stream *other); /* by position, all rows */
/* Names that are not there are fine. */
STREAMQ_API streamq_stream *streamq_drop(streamq_stream *stream, const char *columns);
STREAMQ_API streamq_stream *streamq_rename(streamq_stream *stream, const char *from, const char *to);
/* Name the stream for streamq_sql and for qualified names (name.column). Returns the named stream. */
STREAMQ_API streamq_stream *streamq_stream_alias(streamq_stream *stream, const char *name);

/* Names or expressions; "" or NULL: one group of all rows. */
STREAMQ_API streamq_grouped *streamq_group_by(streamq_stream *stream, const char *list);
STREAMQ_API streamq_stream *streamq_count(streamq_grouped *grouped);                    /* column `count` BIGINT */
STREAMQ_API streamq_stream *streamq_agg(streamq_grouped *grouped, const char *list);    /* "sum(v) AS total, max(v)" */
STREAMQ_API streamq_stream *streamq_sum(streamq_grouped *grouped, const char *columns); /* sum(a), sum(b) of "a, b" */
STREAMQ_API streamq_stream *streamq_avg(streamq_grouped *grouped, const char *columns);
STREAMQ_API streamq_stream *streamq_min(streamq_grouped *grouped, const char *columns);
STREAMQ_API streamq_stream *streamq_max(streamq_grouped *grouped, const char *columns);

/* Spark's printSchema tree, and the schema as text that reads back. NULL with *error if the plan is in error. */
STREAMQ_API char *streamq_stream_schema(streamq_stream *stream, streamq_error **error);
STREAMQ_API char *streamq_stream_schema_ddl(streamq_stream *stream, streamq_error **error);

/* ------------------------------------------------------------------------------------ 6 Expressions (the typed door) */

/* For programs that build plans: both doors make the same nodes. Expressions belong to the plan. Since 0.1. */
STREAMQ_API streamq_expr *streamq_col(streamq_plan *plan, const char *name);       /* "a", "t.a", "*" */
STREAMQ_API streamq_expr *streamq_expr_text(streamq_plan *plan, const char *text); /* any expression as SQL text */
STREAMQ_API streamq_expr *streamq_lit_null(streamq_plan *plan);
STREAMQ_API streamq_expr *streamq_lit_bool(streamq_plan *plan, int32_t value);
STREAMQ_API streamq_expr *streamq_lit_int32(streamq_plan *plan, int32_t value);
STREAMQ_API streamq_expr *streamq_lit_int64(streamq_plan *plan, int64_t value);
STREAMQ_API streamq_expr *streamq_lit_double(streamq_plan *plan, double value);
STREAMQ_API streamq_expr *streamq_lit_string(streamq_plan *plan, const char *value, int64_t length);
/* Any function, operator ("+", "and", "=") or aggregate by name. */
STREAMQ_API streamq_expr *streamq_call(streamq_plan *plan, const char *name, streamq_expr *const *args, size_t count);
STREAMQ_API streamq_expr *streamq_cast(streamq_expr *expr, const char *type); /* "BIGINT", "ARRAY<INT>" */
STREAMQ_API streamq_expr *streamq_as(streamq_expr *expr, const char *name);
STREAMQ_API streamq_expr *streamq_asc(streamq_expr *expr);  /* for sort: nulls first */
STREAMQ_API streamq_expr *streamq_desc(streamq_expr *expr); /* for sort: nulls last */
STREAMQ_API streamq_expr *streamq_explode(streamq_expr *expr);
/* Java's regular expressions, as Spark. */
STREAMQ_API streamq_expr *streamq_split(streamq_expr *expr, const char *pattern);
/* The array twins of the text operators. */
STREAMQ_API streamq_stream *streamq_select_exprs(streamq_stream *stream, streamq_expr *const *exprs, size_t count);
STREAMQ_API streamq_stream *streamq_where_expr(streamq_stream *stream, streamq_expr *condition);
STREAMQ_API streamq_stream *streamq_with_column_expr(streamq_stream *stream, const char *name, streamq_expr *expr);
STREAMQ_API streamq_grouped *streamq_group_by_exprs(streamq_stream *stream, streamq_expr *const *exprs, size_t count);
STREAMQ_API streamq_stream *streamq_agg_exprs(streamq_grouped *grouped, streamq_expr *const *exprs, size_t count);
STREAMQ_API streamq_stream *streamq_sort_exprs(streamq_stream *stream, streamq_expr *const *exprs, size_t count);

/* ------------------------------------------------------------------------------------------------ 7 Bounded reads */

/* Run a plan without streams to its end and take all rows. NULL with *error. Since 0.1. */
STREAMQ_API streamq_batch *streamq_collect(streamq_stream *stream, streamq_error **error);
/* The same through Arrow's C stream interface; `out` is the caller's struct, filled on success. Since 0.1. */
STREAMQ_API streamq_status streamq_collect_arrow(streamq_stream *stream, struct ArrowArrayStream *out,
                                                 streamq_error **error);

/* --------------------------------------------------------------------------------- 8 Writers: sinks, modes, triggers */

/* Spark's outputMode. Since 0.1. */
typedef int32_t streamq_output_mode;
enum { STREAMQ_APPEND = 0, STREAMQ_UPDATE = 1, STREAMQ_COMPLETE = 2 };

/* Spark's writeStream.format(format): "console", "memory", "noop", "foreach", "foreachBatch", "pull", or one registered
   with streamq_ext.h, or files: "text", "csv", "json" (exactly once, with the option path and a checkpoint, append only;
   readers that go by the log in its _spark_metadata, as this library and Spark do, see whole batches). Default mode append, default trigger: a batch as soon as there is data. Options: docs/options.md. Since 0.1. */
STREAMQ_API streamq_writer *streamq_write_stream(streamq_stream *stream, const char *format);
/* Names as Spark's, any case. Beside the sink's own, for every query: "queryName", and "checkpointLocation", a directory
   that is made if it is not there. With it a query that was killed goes on where it was, state and ranges exactly once. Output
   is exactly once for sinks that remember batch ids: files, memory in complete mode, a sink of yours that drops an id it has
   committed. It is at least once for console, foreach, foreachBatch and pull: the last batch may come again, with the same id
   and rows. Starting fails with CONCURRENT_QUERY while another query, of any process, holds the directory, with
   CHECKPOINT_MISMATCH if the query has changed (sources, keys, aggregates), with CHECKPOINT_CORRUPT if a file is damaged.
   Since 0.1. */
STREAMQ_API void streamq_writer_option(streamq_writer *writer, const char *name, const char *value);
STREAMQ_API void streamq_writer_output_mode(streamq_writer *writer, streamq_output_mode mode);
/* Unique among active queries. */
STREAMQ_API void streamq_writer_query_name(streamq_writer *writer, const char *name);
/* Spark's processingTime: "10 seconds"; epoch-aligned, the first batch at once, an overrun starts immediately. */
STREAMQ_API void streamq_writer_trigger_interval(streamq_writer *writer, const char *interval);
/* One batch with what is there, then the end. */
STREAMQ_API void streamq_writer_trigger_once(streamq_writer *writer);
/* What is there at start, then the end. */
STREAMQ_API void streamq_writer_trigger_available_now(streamq_writer *writer);
/* foreachBatch: the rows of each micro-batch with its id, on the thread that steps the query. A non-zero return fails the
   query with USER_CALLBACK_FAILED. The batch is borrowed; streamq_batch_ref to keep it. */
typedef int32_t (*streamq_foreach_batch)(void *user, int64_t batch_id, streamq_batch *batch);
STREAMQ_API void streamq_writer_foreach_batch(streamq_writer *writer, streamq_foreach_batch callback, void *user);
/* foreach: row by row; `batch` and `row` as for the streamq_batch_get functions. */
typedef int32_t (*streamq_foreach_row)(void *user, int64_t batch_id, streamq_batch *batch, size_t row);
STREAMQ_API void streamq_writer_foreach(streamq_writer *writer, streamq_foreach_row callback, void *user);
/* console: send the text here instead of to the standard output. Non-zero return fails the query. */
typedef int32_t (*streamq_text_callback)(void *user, const char *text, size_t length);
STREAMQ_API void streamq_writer_console(streamq_writer *writer, streamq_text_callback callback, void *user);

/* Files in a folder for each value of these columns, "day=2024-01-02/word=a", as Spark: "day, word". The columns are not in
   the files then. For the sinks of files, and for streamq_write. Since 0.1. */
STREAMQ_API void streamq_writer_partition_by(streamq_writer *writer, const char *columns);

/* Spark's write.format(format), for plans without streams: "text", "csv" or "json" files in the folder of the option path.
   A writer with streamq_writer_option, _partition_by and _save_mode, run by streamq_writer_save. Since 0.1. */
STREAMQ_API streamq_writer *streamq_write(streamq_stream *stream, const char *format);
/* What to do if the path is there: "error" (or "errorifexists", "default"), "append", "overwrite", "ignore". Since 0.1. */
STREAMQ_API void streamq_writer_save_mode(streamq_writer *writer, const char *mode);
/* Run the plan on the caller's thread and write its rows. The files are moved into their places when all of them are whole
   and on the disk, then the empty file _SUCCESS is made. An error leaves everything as it was, the old files of overwrite
   included: these are deleted last. Only a crash while files are moved may leave some of them, never with a _SUCCESS;
   the old ones are then in _temporary. Since 0.1. */
STREAMQ_API streamq_status streamq_writer_save(streamq_writer *writer, streamq_error **error);

/* Check the plan, make the query and start a thread that runs it. NULL with *error. The query is the caller's. Since 0.1. */
STREAMQ_API streamq_query *streamq_writer_start(streamq_writer *writer, streamq_error **error);
/* The same without a thread: the caller runs it with streamq_query_step. Since 0.1. */
STREAMQ_API streamq_query *streamq_writer_open(streamq_writer *writer, streamq_error **error);

/* -------------------------------------------------------------------------------------------------------- 9 Queries */

/* What a step did. Since 0.1. */
enum {
    STREAMQ_STEP_IDLE = 0,     /* nothing to do now: poll streamq_query_fd */
    STREAMQ_STEP_WORKED = 1,   /* one micro-batch ran; there may be more */
    STREAMQ_STEP_FINISHED = 2, /* the query has ended (trigger once or available-now, or stop) */
    STREAMQ_STEP_FULL = 3      /* results wait to be taken (streamq_query_next_batch) before more can run */
};
/* Run at most one trigger on the caller's thread, for queries made with streamq_writer_open. *what (may be NULL) is one of
   the above. A failure ends the query: the same error is returned from then on. Since 0.1. */
STREAMQ_API streamq_status streamq_query_step(streamq_query *query, int32_t *what, streamq_error **error);
/* A descriptor that is readable when a step may have something to do: for poll, select, epoll. Never read from it. It
   stays the same for the life of the query. Since 0.1. */
STREAMQ_API int streamq_query_fd(streamq_query *query);
/* The oldest result of a query with the "pull" sink, or NULL if none waits. Yours: streamq_batch_free. *batch_id may be
   NULL. Since 0.1. */
STREAMQ_API streamq_batch *streamq_query_next_batch(streamq_query *query, int64_t *batch_id);

/* Ask the query to end and wait until it has: a running micro-batch is broken off between chunks and leaves nothing
   behind. timeout_ms < 0: no limit; TIMEOUT: it is still ending. From a callback of the query itself: asks only and
   returns at once. Stopping an ended query is fine. Since 0.1. */
STREAMQ_API streamq_status streamq_query_stop(streamq_query *query, int64_t timeout_ms, streamq_error **error);
/* Ask only, without waiting. Safe in a signal handler. Since 0.1. */
STREAMQ_API void streamq_query_request_stop(streamq_query *query);
/* Wait until the query has ended: OK after stop or the last batch, its failure if it failed, TIMEOUT if timeout_ms (>= 0)
   passed first. STATE from a callback of the query, and for a query without a thread that has not ended. Since 0.1. */
STREAMQ_API streamq_status streamq_query_await_termination(streamq_query *query, int64_t timeout_ms,
                                                           streamq_error **error);
/* Wait until all data that the sources hold now has been processed: OK, also after an end; the failure of a query that
   failed; TIMEOUT if timeout_ms (>= 0) passed first. STATE from a callback of the query. Without a time limit
   (timeout_ms < 0) the caller itself takes the steps of a query with a thread, callbacks included, while nobody else is at
   them: a result is there without waiting for another thread to wake up. With a limit the query's thread does the work.
   A query without a thread is stepped by the caller in any case, and the limit is looked at between steps. A trigger with
   an interval does not wait for its time. Since 0.1. */
STREAMQ_API streamq_status streamq_query_process_all_available(streamq_query *query, int64_t timeout_ms,
                                                               streamq_error **error);

STREAMQ_API int32_t streamq_query_is_active(streamq_query *query);        /* 0 or 1 */
STREAMQ_API const char *streamq_query_id(const streamq_query *query);     /* UUID text */
STREAMQ_API const char *streamq_query_run_id(const streamq_query *query); /* UUID text, new at every start */
STREAMQ_API const char *streamq_query_name(const streamq_query *query);   /* NULL if it has none */
/* The failure that ended the query, or NULL. Yours: streamq_error_free. Since 0.1. */
STREAMQ_API streamq_error *streamq_query_exception(streamq_query *query);
/* {"message": .., "isDataAvailable": .., "isTriggerActive": ..} as Spark. NULL: no memory. Since 0.1. */
STREAMQ_API char *streamq_query_status(streamq_query *query);
/* Progress of the last micro-batch, and of the last ones (a JSON array), with Spark's fields. NULL: none yet, or no
   memory. Since 0.1. */
STREAMQ_API char *streamq_query_last_progress(streamq_query *query);
STREAMQ_API char *streamq_query_recent_progress(streamq_query *query);
/* As streamq_plan_explain, of the query's own operators. NULL: no memory. Since 0.1. */
STREAMQ_API char *streamq_query_explain(streamq_query *query, const char *mode);
/* Stops the query (waiting for its end) and lets go of the handle. From a callback of the query: STATE is logged and
   nothing is freed; the session frees it. Since 0.1. */
STREAMQ_API void streamq_query_free(streamq_query *query);

/* -------------------------------------------------------------------------------------------------------- 10 Batches */

/* Rows that do not change any more. Counted: ref to keep, free to let go. Any thread. Row and column numbers out of range
   read as null. Since 0.1. */
STREAMQ_API streamq_batch *streamq_batch_ref(streamq_batch *batch);
STREAMQ_API void streamq_batch_free(streamq_batch *batch);
STREAMQ_API size_t streamq_batch_rows(const streamq_batch *batch);
STREAMQ_API size_t streamq_batch_columns(const streamq_batch *batch);
STREAMQ_API const char *streamq_batch_column_name(const streamq_batch *batch, size_t column);
STREAMQ_API const char *streamq_batch_column_type(const streamq_batch *batch, size_t column); /* "array<int>" */
STREAMQ_API int32_t streamq_batch_is_null(const streamq_batch *batch, size_t row, size_t column);
/* Numbers, booleans, dates (days) and timestamps (microseconds) as int64; numbers as double; 0 for nulls, other types. */
STREAMQ_API int64_t streamq_batch_get_int64(const streamq_batch *batch, size_t row, size_t column);
STREAMQ_API double streamq_batch_get_double(const streamq_batch *batch, size_t row, size_t column);
/* Bytes of a string or binary value, not NUL-terminated; NULL for nulls and other types. Borrowed from the batch. */
STREAMQ_API const char *streamq_batch_get_string(const streamq_batch *batch, size_t row, size_t column, size_t *length);
/* Any value as CAST(value AS STRING) gives it; NULL for a null. */
STREAMQ_API char *streamq_batch_get_text(const streamq_batch *batch, size_t row, size_t column);
/* Spark's show(): at most `rows` rows; cells cut to `truncate` characters, 0: whole and left-aligned. */
STREAMQ_API char *streamq_batch_show(const streamq_batch *batch, int64_t rows, int32_t truncate);
/* Arrow C data interface: a struct array and its schema, both the caller's to release. Since 0.1. */
STREAMQ_API streamq_status streamq_batch_export(streamq_batch *batch, struct ArrowArray *array,
                                                struct ArrowSchema *schema, streamq_error **error);

/* ---------------------------------------------------------------------------------------------------------- 11 Feeds */

/*
 * A feed is a source in the program's hand: Spark's MemoryStream. Every push is atomic; what is pushed before a trigger
 * comes in its batch. Rows are kept until every query that reads the feed has committed them, so pushing to a feed that
 * nobody reads fills it up to its capacity. Any thread may push.
 */
/* Columns as text: "value STRING". NULL with *error. Since 0.1. */
STREAMQ_API streamq_feed *streamq_feed_new(streamq_session *session, const char *schema, streamq_error **error);
/* Lets go of the handle; queries that read the feed keep it. */
STREAMQ_API void streamq_feed_free(streamq_feed *feed);
/* Most rows and bytes that wait in the feed (defaults 16 Mi rows, 1 GiB; 0: default). A push beyond is LIMIT. */
STREAMQ_API void streamq_feed_capacity(streamq_feed *feed, uint64_t rows, uint64_t bytes);
/* Text cut at LF, CR and CR LF, one row a line (an unterminated last line is a row): for a feed of one STRING column. */
STREAMQ_API streamq_status streamq_feed_push_lines(streamq_feed *feed, const char *text, int64_t length,
                                                   streamq_error **error);
/* The same without a copy of the text, which must stay as it is until release(context) is called: when the last query
   has committed these rows, on whichever thread lets go of them last, and also when this call fails. It must not call
   the feed or the query again. release may be NULL for a text that stays for good. Lines of a text over 64 KiB are cut
   when a query reads them; toward the capacity only its bytes count. Since 0.1. */
STREAMQ_API streamq_status streamq_feed_lend_lines(streamq_feed *feed, const char *text, int64_t length,
                                                   void (*release)(void *context), void *context,
                                                   streamq_error **error);
/* Rows as SQL: "(1, 'a'), (2, NULL)"; values are cast to the columns as INSERT would. "" pushes an empty batch. */
STREAMQ_API streamq_status streamq_feed_push_sql(streamq_feed *feed, const char *rows, streamq_error **error);
/* A struct array (or a single column). Takes both structs, also when it fails: they are released in any case. */
STREAMQ_API streamq_status streamq_feed_push_arrow(streamq_feed *feed, struct ArrowArray *array,
                                                   struct ArrowSchema *schema, streamq_error **error);
/* Row by row: cells from left to right, then the next row; flush pushes whole rows as one batch. A cell that does not fit
   its column fails flush. These are for one thread at a time. */
STREAMQ_API void streamq_feed_add_null(streamq_feed *feed);
STREAMQ_API void streamq_feed_add_bool(streamq_feed *feed, int32_t value);
STREAMQ_API void streamq_feed_add_int64(streamq_feed *feed, int64_t value);
STREAMQ_API void streamq_feed_add_double(streamq_feed *feed, double value);
STREAMQ_API void streamq_feed_add_string(streamq_feed *feed, const char *value, int64_t length);
STREAMQ_API streamq_status streamq_feed_flush(streamq_feed *feed, streamq_error **error);
/* Wait until `rows` rows would fit. TIMEOUT. Since 0.1. */
STREAMQ_API streamq_status streamq_feed_wait(streamq_feed *feed, uint64_t rows, int64_t timeout_ms,
                                             streamq_error **error);
/* No more rows will come: available-now reads end, pushes fail. */
STREAMQ_API void streamq_feed_close(streamq_feed *feed);

#ifdef __cplusplus
}
#endif
#endif
