/*
 * csv_token: one record of CSV cut into its values, character by character, by Spark's rules (those of the parser
 * univocity 2.9.1) to the last corner: quotes, escapes, quotes without escapes, white space, separators of several
 * characters, limits, ends in the middle of things. csv_scan takes the plain records itself and brings the others here.
 *
 * A null value has no pointer. Values live in the arena, the array of them until the next record.
 */
#ifndef SQI_CSV_TOKEN_H
#define SQI_CSV_TOKEN_H

#include "base_arena.h"
#include "csv_options.h"

typedef struct sqi_csv_row { /* values of a record that waits its turn */
    sqi_span *token;
    uint32_t n;
    struct sqi_csv_row *next;
} sqi_csv_row;

typedef struct sqi_csv_tokenizer {
    const sqi_csv_options *o;
    sqi_arena *arena; /* of the values; who owns it says when they go */
    sqi_span *token;  /* the record's values */
    uint32_t n;
    bool fresh; /* nothing of the file was tokenized */

    /* The rest is csv_token.c's. */
    sqi_span *made; /* values so far */
    uint32_t nmade, cap;
    sqi_buf value, white;        /* the value at hand; white space behind a quote */
    size_t units, blanks;        /* its UTF-16 units; bytes at its end that do not count */
    const char *start, *p, *end; /* input: the record's begin, here, the end of what is there */
    bool last;                   /* nothing follows */
    sqi_io_charset in;
    uint32_t line1, line2; /* what ends a line; line2 0: one character */
    bool normalize;        /* line ends are read as LF */
    uint64_t lines;
    uint32_t delimiter, ch, prev; /* delimiter 0: several characters */
    uint32_t match;
    bool unescaped, trim, starved, stopped, skipped; /* skipped: the value at hand is null */
    sqi_csv_row *pending, **pending_end;
    streamq_status status;
    streamq_error **err;
} sqi_csv_tokenizer;

void sqi_csv_tokenizer_init(sqi_csv_tokenizer *t, const sqi_csv_options *o, sqi_alloc *alloc, sqi_arena *arena);
void sqi_csv_tokenizer_fini(sqi_csv_tokenizer *t); /* valid on a zeroed one */

/* A line without its end, which is not empty. n == 0: it is no record. A byte order mark in front of the file's first
   (`fresh`) is taken away from it. */
streamq_status sqi_csv_tokenize_line(sqi_csv_tokenizer *t, sqi_span *line, streamq_error **err);

/* The next record at *p, which is moved behind it; blank lines and comments in front of it are passed over. *found false:
   the end, or (not `last`) too few bytes; then *p stands where to begin again. *raw is its bytes, line end included. */
void sqi_csv_tokenizer_begin(sqi_csv_tokenizer *t, uint32_t line1, uint32_t line2, sqi_io_charset in);
streamq_status sqi_csv_tokenize_next(sqi_csv_tokenizer *t, const char **p, const char *end, bool last, bool *found,
                                     sqi_span *raw, streamq_error **err);

#endif
