/*
 * io_output: data files of one attempt to write: rows come in chunks, go into the folder of their partition, and are
 * encoded and compressed. The files stand in place under names that nobody has seen ("part-00000-<uuid>-c000.csv"); who
 * drives this says which of them count (a manifest, or moving them), or that they shall go.
 *
 *     begin, write..., finish     every file is whole, closed and synced, and so are the folders
 *     abort                       every file is removed
 *     forget                      the files are somebody else's now
 *
 * Few descriptors are open at a time, however many partitions there are, and what waits to be written is bounded. A
 * descriptor is closed only after its data was synced: an error of writing must not be lost between two opens.
 */
#ifndef SQI_IO_OUTPUT_H
#define SQI_IO_OUTPUT_H

#include "io_format.h"
#include "io_pack.h"
#include "io_partition.h"

typedef struct sqi_output_file {
    sqi_span name; /* below the folder, with those of partitions */
    int64_t size, rows, modified_millis;
} sqi_output_file;

typedef struct sqi_output_spec {
    const sqi_io_env *env;
    const sqi_format_type *format;
    const sqi_options *options; /* checked */
    sqi_span folder;            /* absolute; it is there */
    const sqi_partition *partition;
    sqi_pack_kind pack;
    int64_t most_rows; /* of a file; 0: any number */
    bool one_name;     /* all files of an attempt share the random part of their names (a batch write) */
    bool always;       /* a file also where there are no rows, if the output is not partitioned (a batch write) */
} sqi_output_spec;

typedef struct sqi_output sqi_output;

/* The spec's pointers are borrowed. Types that the format cannot write are refused here. */
streamq_status sqi_output_new(sqi_output **out, const sqi_output_spec *spec, streamq_error **err);
void sqi_output_free(sqi_output *o); /* aborts what is open; NULL is fine */

streamq_status sqi_output_begin(sqi_output *o, streamq_error **err); /* aborts what was begun before */
streamq_status sqi_output_write(sqi_output *o, const sqi_chunk *chunk, streamq_error **err);
streamq_status sqi_output_finish(sqi_output *o, streamq_error **err);
size_t sqi_output_count(const sqi_output *o);
sqi_output_file sqi_output_at(const sqi_output *o, size_t i);
void sqi_output_abort(sqi_output *o);
void sqi_output_forget(sqi_output *o);

#endif
