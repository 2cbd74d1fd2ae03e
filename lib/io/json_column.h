/*
 * json_column: columns that are filled by position, in any order and more than once: what was not set is null. They keep
 * their memory from chunk to chunk.
 *
 * Positions of a struct's children are those of the struct; a list takes positions of its child at the end of it. What is
 * overwritten or given up leaves positions that nothing refers to, until the columns are reset.
 */
#ifndef SQI_JSON_COLUMN_H
#define SQI_JSON_COLUMN_H

#include "data_vec.h"

enum { SQI_JSON_GUESS_BYTES = 39, SQI_JSON_GUESSES = 64 };

/* What name stood at this place of the object before: most objects have the same ones in the same order. */
typedef struct sqi_json_guess {
    uint8_t len; /* of the name and the quote behind it; 0: nothing known */
    char bytes[SQI_JSON_GUESS_BYTES];
    int32_t field; /* -1: none of ours */
} sqi_json_guess;

typedef struct sqi_json_column {
    const sqi_type *type;
    sqi_alloc *alloc;
    uint32_t cap;  /* positions there is room for, a multiple of 64 */
    uint32_t used; /* positions taken */
    uint32_t data_cap;
    void *data;
    uint64_t *valid;
    uint32_t nchild;
    struct sqi_json_column *child;
    sqi_vec *vec; /* of the children, to emit */
    /* of a struct: fields by name */
    int32_t *slot;
    uint32_t nslot;
    sqi_json_guess *guess;
} sqi_json_column;

streamq_status sqi_json_column_init(sqi_json_column *c, const sqi_type *type, sqi_alloc *alloc, streamq_error **err);
void sqi_json_column_fini(sqi_json_column *c); /* valid on a zeroed one */
bool sqi_json_column_room(sqi_json_column *c, uint32_t positions);
void sqi_json_column_reset(sqi_json_column *c);              /* all null, nothing used */
void sqi_json_column_clear(sqi_json_column *c, uint32_t at); /* this position null, and those of a struct's fields */
void sqi_json_column_vec(const sqi_json_column *c, sqi_vec *out);       /* used positions */
int32_t sqi_json_column_field(const sqi_json_column *c, sqi_span name); /* of a struct; -1: none */

static inline bool sqi_json_column_valid(const sqi_json_column *c, uint32_t at)
{
    return c->valid[at >> 6] >> (at & 63) & 1;
}
static inline void sqi_json_column_set(sqi_json_column *c, uint32_t at)
{
    c->valid[at >> 6] |= UINT64_C(1) << (at & 63);
}
static inline void sqi_json_column_null(sqi_json_column *c, uint32_t at)
{
    c->valid[at >> 6] &= ~(UINT64_C(1) << (at & 63));
}
/* The next position of a list's child. False: no memory. */
static inline bool sqi_json_column_next(sqi_json_column *c, uint32_t *at)
{
    if (c->used == c->cap && !sqi_json_column_room(c, c->used + 1))
        return false;
    *at = c->used++;
    return true;
}

#endif
