/*
 * io_format: formats of files (text, csv, json): bytes to rows and rows to bytes. A format knows no files, folders,
 * compression or offsets: those are the business of who drives it (src_file, snk_file, the functions of a bounded read).
 *
 * Reading: a decoder is opened once for a schema, then told of each file (begin) and given its bytes in blocks of any
 * size. Of each block it takes whole records and says how many bytes that were; the rest comes again in front of the
 * next block (io_format_feed does that, and bounds how long a record may grow). A format whose record is the whole file
 * takes nothing until `last`.
 *
 * The rows are emitted in chunks of at most env->chunk_rows; what they point to is valid within the call alone.
 */
#ifndef SQI_IO_FORMAT_H
#define SQI_IO_FORMAT_H

#include "io_common.h"
#include "io_source.h"

enum { SQI_RECORD_MOST = 1 << 30 }; /* bytes of one record */

typedef struct sqi_format_type sqi_format_type;

typedef struct sqi_decoder {
    const sqi_format_type *type;
    const sqi_io_env *env;
    const sqi_options *options; /* checked against the type's table */
    const sqi_schema *schema;   /* of the rows: what was given, or inferred; a column of corrupt records included */
    sqi_span file;              /* the one at hand, for messages */
    void *state;
} sqi_decoder;

typedef struct sqi_encoder {
    const sqi_format_type *type;
    const sqi_io_env *env;
    const sqi_options *options;
    const sqi_schema *schema;
    void *state;
} sqi_encoder;

typedef struct sqi_inference { /* the schema of files that come without one */
    const sqi_format_type *type;
    const sqi_io_env *env;
    const sqi_options *options;
    sqi_span file;
    bool done; /* set by the type: nothing that follows changes the schema, and need not be given */
    void *state;
} sqi_inference;

struct sqi_format_type {
    const char *name;             /* "csv" */
    const char *extension;        /* of files written: ".csv" */
    const sqi_option_row *option; /* of reading, the format's own */
    size_t noption;
    const sqi_option_row *write_option;
    size_t nwrite_option;
    bool fixed_schema; /* one column `value STRING`, given or not (text) */

    /* Whether options, and a schema given, fit together; names what does not. Called where a reader is loaded. */
    streamq_status (*check)(const sqi_options *options, const sqi_schema *given, streamq_error **err);

    size_t decoder_size;
    streamq_status (*open)(sqi_decoder *d, streamq_error **err);  /* the state is zeroed */
    streamq_status (*begin)(sqi_decoder *d, streamq_error **err); /* a file begins: header line, byte order mark */
    streamq_status (*take)(sqi_decoder *d, const char *bytes, size_t len, bool last, size_t *used, sqi_source_emit emit,
                           void *context, streamq_error **err);
    void (*close)(sqi_decoder *d); /* valid on a zeroed state */

    size_t inference_size; /* 0: a schema has to be given */
    streamq_status (*infer_open)(sqi_inference *f, streamq_error **err);
    streamq_status (*infer_begin)(sqi_inference *f, streamq_error **err);
    streamq_status (*infer_take)(sqi_inference *f, const char *bytes, size_t len, bool last, size_t *used,
                                 streamq_error **err);
    streamq_status (*infer_schema)(sqi_inference *f, sqi_arena *arena, sqi_schema *out, streamq_error **err);
    void (*infer_close)(sqi_inference *f);

    /* One encoder may write several files in turns: what it keeps is the same for all of them. */
    size_t encoder_size;
    /* Types the format cannot write are refused here, by name of the column. */
    streamq_status (*encoder_open)(sqi_encoder *e, streamq_error **err);
    streamq_status (*encoder_begin)(sqi_encoder *e, sqi_buf *to, streamq_error **err); /* of a file: a header line */
    streamq_status (*encode)(sqi_encoder *e, const sqi_chunk *chunk, sqi_buf *to, streamq_error **err); /* appended */
    streamq_status (*encoder_end)(sqi_encoder *e, sqi_buf *to, streamq_error **err);                    /* of a file */
    void (*encoder_close)(sqi_encoder *e);
};

extern const sqi_format_type sqi_format_text, sqi_format_csv, sqi_format_json;
const sqi_format_type *sqi_format_find(sqi_span name); /* case-insensitive; NULL */
const sqi_format_type *sqi_format_at(size_t i);        /* NULL at the end */

/* Allocate the state and open; close and free (NULL is fine). */
streamq_status sqi_decoder_new(sqi_decoder **out, const sqi_format_type *type, const sqi_io_env *env,
                               const sqi_options *options, const sqi_schema *schema, streamq_error **err);
void sqi_decoder_free(sqi_decoder *d);
streamq_status sqi_encoder_new(sqi_encoder **out, const sqi_format_type *type, const sqi_io_env *env,
                               const sqi_options *options, const sqi_schema *schema, streamq_error **err);
void sqi_encoder_free(sqi_encoder *e);
streamq_status sqi_inference_new(sqi_inference **out, const sqi_format_type *type, const sqi_io_env *env,
                                 const sqi_options *options, streamq_error **err);
void sqi_inference_free(sqi_inference *f);

/* Blocks in, whole records on: keeps what `take` leaves in front of the next block. */
typedef struct sqi_format_feed {
    sqi_alloc *alloc;
    char *rest;
    size_t len, cap;
} sqi_format_feed;

void sqi_format_feed_init(sqi_format_feed *f, sqi_alloc *alloc);
void sqi_format_feed_fini(sqi_format_feed *f); /* valid on a zeroed one */
/* Room for `most` bytes more at *to: read the next block of the file there; then say how many came. */
streamq_status sqi_format_feed_room(sqi_format_feed *f, size_t most, char **to, streamq_error **err);
streamq_status sqi_format_feed_decode(sqi_format_feed *f, size_t came, bool last, sqi_decoder *d, sqi_source_emit emit,
                                      void *context, streamq_error **err);
streamq_status sqi_format_feed_infer(sqi_format_feed *f, size_t came, bool last, sqi_inference *i, streamq_error **err);

#endif
