/*
 * csv_scan: blocks of a CSV file cut into records and their values.
 *
 * Records are lines that were cut first, as Spark does without multiLine, or ends are found by their quotes. A window of
 * the block is searched for separators, quotes and line ends at once; records of plain values, with quotes or without,
 * are then cut at those places and point into the block. Every other record goes through csv_token.
 */
#ifndef SQI_CSV_SCAN_H
#define SQI_CSV_SCAN_H

#include "base_scan.h"
#include "csv_token.h"

/* Records: of each the first ncol values (null where it has fewer), how many it has, and its bytes. */
typedef struct sqi_csv_rows {
    uint32_t ncol, most, n;
    sqi_span *token; /* most * ncol, row by row; ptr NULL: null */
    uint32_t *count; /* 0: no record at all */
    sqi_span *raw;   /* without the line end in the sets that hold ASCII, else with it */
} sqi_csv_rows;

enum { SQI_CSV_PLACES = (16 << 10) + 8 }; /* of a window, and some that are written beyond the last */

typedef struct sqi_csv_scan {
    const sqi_csv_options *o;
    sqi_alloc *alloc;
    sqi_arena *arena; /* values that do not stand in the block; its owner empties it when the rows are done with */
    sqi_csv_tokenizer slow;

    /* The rest is csv_scan.c's. */
    bool fast, started; /* plain records can be cut here; the file's begin was seen */
    char sep, quote, end1, end2;
    sqi_scan_byte byte[4];
    uint32_t *place; /* of the window: separators, quotes, line ends */
    const char *window;
    uint32_t len, nplace, at;
    char line_sep[16]; /* of lines, in the file's character set */
    size_t nline_sep;
    size_t stuck; /* bytes that did not hold a whole record */
} sqi_csv_scan;

/* Nothing in it but white space and control characters. */
static inline bool sqi_csv_blank(sqi_span line)
{
    for (size_t i = 0; i < line.len; i++)
        if ((unsigned char)line.ptr[i] > ' ')
            return false;
    return true;
}

/* Zeroed before; fini is valid then. */
streamq_status sqi_csv_scan_init(sqi_csv_scan *s, const sqi_csv_options *o, sqi_alloc *alloc, sqi_arena *arena,
                                 streamq_error **err);
void sqi_csv_scan_fini(sqi_csv_scan *s);
void sqi_csv_scan_begin(sqi_csv_scan *s); /* a file begins */

/* The next record alone: *values (those of `slow`) and *n, of which 0 means no record. Moves *at behind it; *found false:
   none is whole. */
streamq_status sqi_csv_scan_one(sqi_csv_scan *s, sqi_span block, bool last, size_t *at, bool *found, sqi_span *raw,
                                streamq_error **err);
/* Records from *at on, until `to` is full or no more are whole. When it fails, those in front of the failure are in `to`. */
streamq_status sqi_csv_scan_rows(sqi_csv_scan *s, sqi_span block, bool last, size_t *at, sqi_csv_rows *to,
                                 streamq_error **err);
/* Empties the arena, unless values of records that are still to be handed out stand in it. */
void sqi_csv_scan_forget(sqi_csv_scan *s);
/* A record's bytes as text, appended. */
bool sqi_csv_scan_text(const sqi_csv_scan *s, sqi_span raw, sqi_buf *to);

/* csv_plain.c, where `fast`: rows from *at on. True: the next record is not plain; false: `to` is full, or the next record
   is not whole. */
bool sqi_csv_plain_rows(sqi_csv_scan *s, sqi_span block, bool last, size_t *at, sqi_csv_rows *to);

streamq_status sqi_csv_rows_init(sqi_csv_rows *r, uint32_t ncol, uint32_t most, sqi_alloc *alloc, streamq_error **err);
void sqi_csv_rows_fini(sqi_csv_rows *r, sqi_alloc *alloc); /* valid on a zeroed one */

#endif
