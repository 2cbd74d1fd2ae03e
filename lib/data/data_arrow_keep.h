/*
 * data_arrow_keep: the memory behind exported Arrow structs: one arena, counted, because a consumer may move a child
 * out of its parent and release it later, on another thread.
 *
 * Exported structs may outlive the session, so the arena has an allocator object of its own with the same functions as
 * the one given: what it takes is not counted there.
 */
#ifndef SQI_DATA_ARROW_KEEP_H
#define SQI_DATA_ARROW_KEEP_H

#include "base_arena.h"
#include "streamq_arrow.h"

typedef struct sqi_arrow_keep {
    _Atomic uint32_t refs; /* one for each struct that has not been released */
    sqi_alloc alloc;
    sqi_arena arena;
} sqi_arrow_keep;

sqi_arrow_keep *sqi_arrow_keep_new(const sqi_alloc *alloc); /* NULL: no memory */
/* Free all of it, whatever the count: for an export that failed half way. */
void sqi_arrow_keep_drop(sqi_arrow_keep *keep);
/* Make a struct releasable: it counts from now on. */
void sqi_arrow_keep_array(sqi_arrow_keep *keep, struct ArrowArray *array);
void sqi_arrow_keep_schema(sqi_arrow_keep *keep, struct ArrowSchema *schema);

#endif
