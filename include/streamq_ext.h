/*
 * streamq_ext.h: sources, sinks, functions and aggregates of a program's own.
 *
 * The structs here are the only public ones besides the allocator and Arrow's. Each begins with its size: fill
 * `struct_size` with sizeof the struct, zero the rest, set what you have. They only ever grow at the end, and a member
 * that is NULL means what its comment says. The struct is copied at registration; what `user` points to must outlive
 * the session, or be released by `destroy`, which is called exactly once, also when registration fails.
 *
 * Data crosses as Arrow arrays: rows as a struct array with one child a column. Who receives an array releases it.
 *
 * A callback reports failure by a non-zero return, and may say why through streamq_ext_fail; the query then ends with
 * USER_CALLBACK_FAILED and that text. Callbacks run on the thread that steps the query; they must not step, stop (other
 * than request_stop) or free it.
 */
#ifndef STREAMQ_EXT_H
#define STREAMQ_EXT_H

#include "streamq.h"
#include "streamq_arrow.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where a callback puts its reason: text is copied. Since 0.1. */
typedef struct streamq_ext_error streamq_ext_error;
STREAMQ_API void streamq_ext_fail(streamq_ext_error *error, const char *text);

/* An offset: how far a source has come. At most 256 bytes that only the source understands. Since 0.1. */
#define STREAMQ_OFFSET_MAX 256
typedef struct streamq_offset {
    uint32_t length; /* 0: before everything */
    unsigned char bytes[STREAMQ_OFFSET_MAX];
} streamq_offset;

/*
 * A source. The range of a micro-batch is fixed before it is read (latest), and reading it again must give the same rows
 * until commit. Registered by format name: streamq_read_stream(plan, format) then uses it. Since 0.1.
 */
typedef struct streamq_source {
    size_t struct_size;
    void *user;
    void (*destroy)(void *user); /* or NULL */
    /* The columns, as text ("value STRING"), for these options; called when a reader is loaded. Write at most `size`
       bytes with the NUL into `schema`. */
    int32_t (*schema)(void *user, const char *const *names, const char *const *values, size_t options, char *schema,
                      size_t size, streamq_ext_error *error);
    /* A query starts: *instance is passed to the rest. Called on the thread that starts it. */
    int32_t (*open)(void *user, const char *const *names, const char *const *values, size_t options, void **instance,
                    streamq_ext_error *error);
    /* The end that a micro-batch starting at *start may have now; leave *end as *start if there is nothing new. Must not
       block. streamq_read asks once: a bounded read is the one range from before everything to here. */
    int32_t (*latest)(void *instance, const streamq_offset *start, streamq_offset *end, streamq_ext_error *error);
    /* The rows of (start, end] as a stream of struct arrays with exactly the columns of the schema. The library releases
       the stream. Called once or more for one range. */
    int32_t (*read)(void *instance, const streamq_offset *start, const streamq_offset *end,
                    struct ArrowArrayStream *out, streamq_ext_error *error);
    /* Rows up to here may be forgotten; or NULL. With a checkpoint it comes one micro-batch later, when its log says on
       disk that they were delivered. */
    void (*commit)(void *instance, const streamq_offset *end);
    /* A descriptor that is readable when latest may have news, or -1; NULL: never. Without one the library asks every
       poll_micros (0: 10 ms). */
    int (*fd)(void *instance);
    int64_t poll_micros;
    void (*close)(void *instance); /* called once for each successful open */
} streamq_source;

/* A sink. write only stages; nothing may be visible before commit. commit(id) may come twice for one id after a restart:
   a sink that remembers ids makes output exactly once. Since 0.1. */
typedef struct streamq_sink {
    size_t struct_size;
    void *user;
    void (*destroy)(void *user);
    int32_t (*open)(void *user, const char *const *names, const char *const *values, size_t options,
                    const struct ArrowSchema *schema, streamq_output_mode mode, void **instance,
                    streamq_ext_error *error);
    int32_t (*begin)(void *instance, int64_t batch_id, streamq_ext_error *error); /* or NULL */
    /* Takes the array: the sink releases it, also when it fails. */
    int32_t (*write)(void *instance, struct ArrowArray *rows, streamq_ext_error *error);
    int32_t (*commit)(void *instance, int64_t batch_id, streamq_ext_error *error);
    void (*abort)(void *instance); /* drop what was staged; or NULL */
    void (*close)(void *instance);
} streamq_sink;

enum {
    STREAMQ_FUNCTION_RANDOM = 1,    /* may answer differently for equal arguments: never folded */
    STREAMQ_FUNCTION_SEES_NULLS = 2 /* called with nulls; otherwise a null argument gives null without a call */
};

/* A scalar function for SQL text and streamq_call. Since 0.1. */
typedef struct streamq_function {
    size_t struct_size;
    void *user;
    void (*destroy)(void *user);
    const char *name;
    const char *arguments; /* types as text: "STRING, BIGINT"; arguments are cast to them */
    const char *result;    /* "BIGINT" */
    uint32_t flags;
    /* rows: `length` of the struct array; fill *out with one array of the result's type and that length. The arguments
       are borrowed. Without SEES_NULLS rows with nulls have been left out. */
    int32_t (*call)(void *user, const struct ArrowArray *arguments, struct ArrowArray *out, streamq_ext_error *error);
} streamq_function;

/* An aggregate function. State is plain memory of the engine, zeroed for a new group. A checkpoint keeps its bytes as they
   are: no pointers in them, and numbers as this machine has them. With `clear` a state may own something, which bytes
   cannot keep: such an aggregate is refused in a query with a checkpoint. Since 0.1. */
typedef struct streamq_aggregate {
    size_t struct_size;
    void *user;
    void (*destroy)(void *user);
    const char *name;
    const char *arguments;
    const char *result;
    uint32_t flags;
    size_t state_size; /* at most 4096 bytes */
    /* states[i] is the state of row i's group. */
    int32_t (*step)(void *user, void *const *states, const struct ArrowArray *arguments, streamq_ext_error *error);
    /* One result a state. */
    int32_t (*emit)(void *user, const void *const *states, size_t count, struct ArrowArray *out,
                    streamq_ext_error *error);
    void (*clear)(void *user, void *state); /* release what hangs off a state; or NULL */
} streamq_aggregate;

/* INVALID: an unknown struct_size, a missing member, a bad name or type; STATE: the name is taken. Registered things live
   as long as the session; a plan sees what was registered before it was made. Since 0.1. */
STREAMQ_API streamq_status streamq_session_register_source(streamq_session *session, const char *format,
                                                           const streamq_source *source, streamq_error **error);
STREAMQ_API streamq_status streamq_session_register_sink(streamq_session *session, const char *format,
                                                         const streamq_sink *sink, streamq_error **error);
STREAMQ_API streamq_status streamq_session_register_function(streamq_session *session, const streamq_function *function,
                                                             streamq_error **error);
STREAMQ_API streamq_status streamq_session_register_aggregate(streamq_session *session,
                                                              const streamq_aggregate *aggregate,
                                                              streamq_error **error);

#ifdef __cplusplus
}
#endif
#endif
