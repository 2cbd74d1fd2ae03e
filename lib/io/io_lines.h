/*
 * io_lines: text cut at LF, CR and CR LF, as it arrives piece by piece.
 *
 *     while (sqi_io_lines_next(&lines, &p, end, last, &line))
 *         ...
 *
 * What is left between p and end is the beginning of a line: call again with p where it then stands in memory, and
 * more bytes behind it. A line is complete at its CR; an LF that follows, even in the next piece, belongs to it.
 */
#ifndef SQI_IO_LINES_H
#define SQI_IO_LINES_H

#include "data_vec.h"

typedef struct sqi_io_lines {
    size_t searched; /* bytes of the unfinished line that hold no end */
    bool after_cr;
} sqi_io_lines;

/* The next line without its end, into the text. `last`: nothing follows `end`, so what is left is a line too. */
bool sqi_io_lines_next(sqi_io_lines *l, const char **p, const char *end, bool last, sqi_span *line);

/* The same for many lines at once, as views, as long as they end in LF: their number, at most `most`. What it leaves
   over (a line that was begun before, a CR, a very long line, the last bytes) is for sqi_io_lines_next. */
uint32_t sqi_io_lines_cut(const sqi_io_lines *l, const char **p, const char *end, sqi_str *to, uint32_t most);

#endif
