/*
 * io_glob: patterns of paths as Hadoop reads them: * and ? stand for characters other than '/', [a-c] and [^x] or [!x]
 * for one of a class, {a,b} for either, and \ takes the next character as it is.
 *
 * Braces are written out first (so they may hold whole paths), what is left is matched name by name. A pattern is the
 * program's, the names may be anybody's: matching is bounded by the product of their lengths.
 */
#ifndef SQI_IO_GLOB_H
#define SQI_IO_GLOB_H

#include "base_arena.h"
#include "base_error.h"

enum { SQI_GLOB_MOST = 1024 }; /* alternatives of one pattern */

typedef struct sqi_glob { /* in the arena it was made in */
    uint32_t n;
    sqi_span *alternative; /* without braces, each NUL-terminated */
} sqi_glob;

/* Has it a character that means more than itself? (Else it is a name.) */
bool sqi_glob_special(sqi_span pattern);
/* INVALID_OPTION_VALUE, naming `option`, for classes and braces that do not end, and backwards ranges. */
streamq_status sqi_glob_make(sqi_glob *g, sqi_span pattern, const char *option, sqi_arena *arena, streamq_error **err);
/* Does one alternative match the whole name? Both without '/'. */
bool sqi_glob_match(sqi_span alternative, sqi_span name);
bool sqi_glob_match_any(const sqi_glob *g, sqi_span name);
/* The name that an alternative without wildcards stands for: backslashes taken away. False: it has wildcards. `to` has
   room for name.len bytes. */
bool sqi_glob_plain(sqi_span alternative, char *to, size_t *len);

#endif
