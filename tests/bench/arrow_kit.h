/*
 * arrow_kit: batches of flat columns without nulls as Arrow arrays that lend their buffers: pushing one costs no copy
 * on the benchmark's side. The buffers must outlive the feed's use of them.
 */
#ifndef ARROW_KIT_H
#define ARROW_KIT_H

#include <streamq.h>
#include <streamq_arrow.h>

enum { ARROW_KIT_COLUMNS = 4 };

typedef struct arrow_kit_column {
    const char *name, *format; /* "i": int32, "l": int64 */
    const void *values;
} arrow_kit_column;

/* Pushes rows of the columns as one struct array; ends the program if that fails. */
void arrow_kit_push(streamq_feed *feed, const arrow_kit_column *columns, size_t n, int64_t first, int64_t rows);

#endif
