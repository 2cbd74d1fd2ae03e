/*
 * io_source: the face of a source inside the library. (Programs write theirs against streamq_ext.h; src_custom wraps
 * it.)
 *
 * All functions of one source are called by one thread at a time: the one that steps the query. No function blocks
 * (connecting may, within its time limit): a source that waits for the outside has a descriptor (fd) or a time
 * (next_micros) that tells when to ask again. Nothing is opened before the first `latest`.
 *
 * The range (start, end] of a micro-batch is fixed before it is read, and reading it again gives the same rows until
 * commit(end) allows the source to forget them.
 */
#ifndef SQI_IO_SOURCE_H
#define SQI_IO_SOURCE_H

#include "io_common.h"

#define SQI_OFFSET_BYTES 256

typedef struct sqi_offset {
    bool known;        /* false: before everything */
    int64_t number[2]; /* what counting sources use */
    uint32_t nbytes;   /* custom sources: their own bytes */
    unsigned char bytes[SQI_OFFSET_BYTES];
} sqi_offset;

bool sqi_offset_equal(const sqi_offset *a, const sqi_offset *b);

typedef struct sqi_source sqi_source;

/* Takes a chunk during read; valid only within the call. */
typedef streamq_status (*sqi_source_emit)(void *context, const sqi_chunk *chunk, streamq_error **err);

typedef struct sqi_source_type {
    const char *name; /* the format: "socket" */
    size_t state_size;
    const sqi_option_row *option;
    size_t noption;
    bool endless; /* no bounded read: streamq_read refuses */
    /* Values that a chunk points to stay until commit, of a fleeting one what its views point to. */
    bool stable;
    bool always_new; /* an equal offset still means a batch (never idle), as rate-micro-batch */
    /* At plan time: the schema, from the options and what the program gave (NULL: nothing). In `arena`. */
    streamq_status (*schema)(const sqi_options *options, const sqi_schema *given, const sqi_io_env *env,
                             sqi_arena *arena, sqi_schema *out, streamq_error **err);
    /* Instead of `schema`, for sources of files (`format` not NULL): checks the options too, and gives what the reader
       carries for `open` (declared). */
    const struct sqi_format_type *format;
    streamq_status (*plan)(const struct sqi_source_type *type, bool streaming, const sqi_options *options,
                           const sqi_schema *given, const sqi_io_env *env, sqi_arena *arena, sqi_schema *out,
                           void **declared, streamq_error **err);
    /* At start. Options were checked against the table. */
    streamq_status (*open)(sqi_source *s, streamq_error **err);
    /* The end that a batch starting at *start may have now; *start again (or unknown) if there is nothing new. */
    streamq_status (*latest)(sqi_source *s, const sqi_offset *start, sqi_offset *end, streamq_error **err);
    /* Rows of (start, end]. */
    streamq_status (*read)(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_source_emit emit,
                           void *context, streamq_error **err);
    void (*commit)(sqi_source *s, const sqi_offset *end); /* may forget rows up to here; NULL: nothing to forget */
    bool (*offset_json)(const sqi_source *s, const sqi_offset *o,
                        sqi_buf *to); /* as Spark writes it; works without state */
    bool (*describe)(const sqi_source *s,
                     sqi_buf *to);  /* "TextSocketV2[host: localhost, port: 9999]"; the same. NULL: the name */
    int (*fd)(const sqi_source *s); /* readable: ask again; -1 or NULL: none now */
    int64_t (*next_micros)(const sqi_source *s); /* monotonic time to ask again; INT64_MAX or NULL: never */
    /* Is more known to wait beyond `end` (status isDataAvailable, and no sleep before the next batch)? May be NULL. */
    bool (*more)(const sqi_source *s, const sqi_offset *end);
    /* Checkpoint: what a restarted source has to know beyond offsets, as blocks of bytes of its own making; all NULL: nothing.
       save_changes: what (start, end] added to it, for the log record of that micro-batch; called after `latest` gave the
       range and before it is read. save_some: a part of the whole as it is now, about `most` bytes from *cursor on (0:
       the beginning), which is moved, to 0 behind the last. load: a block of either kind, in the order they were made,
       into a source that was just opened; a later one overrides. Blocks are untrusted. */
    streamq_status (*save_changes)(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_buf *to,
                                   streamq_error **err);
    streamq_status (*save_some)(sqi_source *s, uint64_t *cursor, size_t most, sqi_buf *to, streamq_error **err);
    streamq_status (*load)(sqi_source *s, sqi_span block, streamq_error **err);
    /* `commit` takes away what outlives the process (files): it is told only when the log says on disk that the
       micro-batch was delivered, which is with the next one. */
    bool destroys;
    void (*close)(sqi_source *s); /* valid after an open that failed, on a zeroed state */
} sqi_source_type;

struct sqi_source {
    const sqi_source_type *type;
    const sqi_io_env *env;
    const sqi_options *options;
    const sqi_schema *schema;
    void *declared;     /* what the reader carries for its type: a feed, a custom source's table and user data */
    bool available_now; /* the end is fixed at the first `latest` */
    bool no_limits;     /* one range is all there is: a bounded read, or a trigger that runs once */
    void *state;
};

/* io_lead.c. Open allocates the state and calls the type's open. `end` closes (sockets, files) but leaves the lead, for
   which offset_json and describe still work without a state; `close` ends and frees. */
streamq_status sqi_source_open(sqi_source **out, const sqi_source_type *type, const sqi_io_env *env,
                               const sqi_options *options, const sqi_schema *schema, void *declared,
                               streamq_error **err);
void sqi_source_end(sqi_source *s);   /* NULL is fine; twice is fine */
void sqi_source_close(sqi_source *s); /* NULL is fine */

extern const sqi_source_type sqi_src_socket, sqi_src_rate, sqi_src_rate_batch, sqi_src_memory, sqi_src_custom,
    sqi_src_text, sqi_src_csv, sqi_src_json;
const sqi_source_type *sqi_source_find(sqi_span format); /* io_list.c; case-insensitive; NULL */
const sqi_source_type *sqi_source_at(size_t i);          /* for candidates and the manual; NULL at the end */

#endif
