/*
 * run_record: what the log says of one micro-batch: its time, the ranges that its sources were read from, and what it
 * changed in sources and operators; beside that, parts of the whole state (a pass: see run_checkpoint.h). The body is a
 * head and items, each with its kind and length, so that a reader can pass over what it has no use for.
 */
#ifndef SQI_RUN_RECORD_H
#define SQI_RUN_RECORD_H

#include "base_bytes.h"
#include "io_source.h"

enum {
    SQI_RECORD_PASS_BEGINS = 1, /* the parts of state in this record are the first of a pass */
    SQI_RECORD_PASS_ENDS = 2,   /* the last */
};

typedef struct sqi_record_head {
    int64_t timestamp_micros; /* of the micro-batch */
    int64_t watermark_ms;
    uint8_t flags;
} sqi_record_head;

typedef enum sqi_record_kind {
    SQI_RECORD_RANGE = 1,        /* of source `index`: its two offsets */
    SQI_RECORD_SOURCE_CHANGES,   /* a block of io_source's save_changes */
    SQI_RECORD_OPERATOR_CHANGES, /* of op's */
    SQI_RECORD_SOURCE_PART,      /* of save_some */
    SQI_RECORD_OPERATOR_PART,
    SQI_RECORD_KINDS_ /* from 128 on kinds may be passed over by readers that do not know them */
} sqi_record_kind;

typedef struct sqi_record_item {
    uint32_t kind, index;
    sqi_span block;
} sqi_record_item;

/* Writing appends to the buffer, which remembers a failure. flags: false and no change if there is no record. */
bool sqi_record_put_head(sqi_buf *to, const sqi_record_head *h, size_t *flags_at);
void sqi_record_flag(sqi_buf *to, size_t flags_at, uint8_t flag);
/* An item: begin, append the block, end. */
bool sqi_record_begin(sqi_buf *to, sqi_record_kind kind, size_t index, size_t *at);
bool sqi_record_end(sqi_buf *to, size_t at);
bool sqi_record_put_range(sqi_buf *to, size_t index, const sqi_offset *start, const sqi_offset *end);

/* Reading. False: malformed. next: false at the end, or malformed (from->bad). */
bool sqi_record_get_head(sqi_bytes *from, sqi_record_head *h);
bool sqi_record_next(sqi_bytes *from, sqi_record_item *item);
bool sqi_record_get_range(sqi_span block, sqi_offset *start, sqi_offset *end);

#endif
