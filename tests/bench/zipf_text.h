/*
 * zipf_text: the text of the word count rows: lines of 4 to 12 words, 200,000 distinct words of 2 to 12 letters, their
 * frequencies by Zipf's law, seeded. Made once and kept as a file, so that every program and peer reads the same bytes.
 */
#ifndef ZIPF_TEXT_H
#define ZIPF_TEXT_H

#include <stddef.h>

enum { ZIPF_TEXT_MB = 200, ZIPF_TEXT_ROOM = 256 };

typedef struct zipf_text {
    char *ptr; /* ZIPF_TEXT_ROOM zero bytes follow the text */
    size_t len, words, lines;
    char path[512];
} zipf_text;

/* The text of this size, from $BENCH_DIR (build/bench) where it is made if it is not there yet. */
zipf_text zipf_text_open(size_t megabytes);
void zipf_text_close(zipf_text *text);

#endif
