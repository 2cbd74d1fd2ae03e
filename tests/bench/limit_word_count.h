/*
 * limit_word_count: the word count written by hand for one thread, as fast as we know how: what streamq is held against.
 * Words end at a space or a line feed; an empty word counts, as in split(value, ' ').
 */
#ifndef LIMIT_WORD_COUNT_H
#define LIMIT_WORD_COUNT_H

#include <stddef.h>
#include <stdint.h>

typedef struct limit_word {
    const char *ptr;
    uint32_t len;
    uint64_t count;
} limit_word;

typedef struct limit_words limit_words;

enum { LIMIT_ROOM = 64 }; /* bytes that may be read behind a text */

limit_words *limit_words_new(void);
void limit_words_free(limit_words *w);
/* Counts the words that end in these bytes; returns the bytes that are left behind the last end: the start of a word. */
size_t limit_words_add(limit_words *w, const char *text, size_t len);
/* All words by count, most frequent first; *n of them. They live as long as w does; the list is freed by the caller. */
limit_word *limit_words_sorted(const limit_words *w, size_t *n);
/* Which of the ways to find the ends of words this machine takes. */
const char *limit_words_path(void);

#endif
