/*
 * data_cut: a text cut into pieces that end at one of two bytes: lines at LF, the words of lines at LF and a separator.
 *
 * A chunk of lines (sqi_chunk.lines) is cut when somebody reads its column: a generator that wants the words of the
 * lines, and not the lines, cuts the text once, at both bytes.
 */
#ifndef SQI_DATA_CUT_H
#define SQI_DATA_CUT_H

#include "base_scan_ends.h"
#include "data_vec.h"

enum { SQI_CUT_STEPS = 64 };

typedef struct sqi_cut {
    const char *begin;           /* of the next piece */
    const char *from, *at, *end; /* what `stop` counts from, what is scanned next, the end of the text */
    char first, second;
    uint32_t next, n;
    uint32_t stop[SQI_CUT_STEPS * SQI_SCAN_WIDE + SQI_SCAN_ENDS_SLACK];
} sqi_cut;

/* The last piece is the one that ends at the last of the bytes; what stands behind is none. No piece may be longer than
   a string. */
void sqi_cut_begin(sqi_cut *c, sqi_span text, char first, char second);
/* Views of the next pieces, into the text: their number, less than `most` only at the end. */
uint32_t sqi_cut_next(sqi_cut *c, sqi_str *to, uint32_t most);

/* The longest beginning of a text that is lines for a chunk: each ends in LF, none has a CR in it, and there are `most`
   at most and SQI_LINES_MOST bytes: what was counted is still in the cache when it is cut. *n: how many. So a line that
   is longer is never one of a chunk's lines. */
enum { SQI_LINES_MOST = 128 * 1024 };
sqi_span sqi_lines_first(sqi_span text, uint32_t most, uint32_t *n);

/* A chunk of lines: `column` is its own, of strings, without values. */
sqi_chunk sqi_lines_chunk(sqi_vec *column, sqi_span lines, uint32_t n);
/* The same chunk with values: `column` is its column. */
streamq_status sqi_lines_cut(sqi_chunk *out, sqi_vec *column, const sqi_chunk *in, sqi_arena *arena,
                             streamq_error **err);

#endif
