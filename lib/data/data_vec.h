/*
 * data_vec: a vector, the unit that every loop runs over, and the chunk, a set of vectors of one length.
 *
 * A vector does not own memory. Its bytes belong to an arena (scratch of the operator that made it: valid until that
 * operator's push returns) or to a batch (valid as long as the batch). Whoever keeps rows copies them into a batch.
 *
 * Values stand by POSITION, and a selection says which positions are rows: a filter only makes a new selection, and an
 * expression under a selection writes its result at the same positions. Positions outside the selection hold anything.
 *
 *   boolean            uint8_t 0 or 1          float, double   float, double
 *   tinyint .. bigint  int8_t .. int64_t       date            int32_t days
 *   decimal            __int128 unscaled       timestamp(_ntz) int64_t microseconds
 *   string, binary     sqi_str                 interval ym/dt  int32_t months / int64_t microseconds
 *   interval           sqi_interval            array, map      sqi_list into child[0] (and child[1])
 *   struct             no data; child[i] by the same position      void   no data, always null
 *
 * A constant vector (mask 0) has one value at position 0 that stands for every row, its struct children too.
 *
 * What stands where a value is null is anything: bytes, a list's offset, and a struct's children at that position. So
 * a null is seen before its slot, and a struct's children are asked only where the struct is not null.
 */
#ifndef SQI_DATA_VEC_H
#define SQI_DATA_VEC_H

#include "base_arena.h"
#include "data_type.h"

#define SQI_CHUNK_ROWS 2048u      /* default rows of a chunk */
#define SQI_CHUNK_ROWS_MAX 65536u /* the largest a session may ask for; operators may make no larger chunks */

typedef __int128 sqi_int128;

/* A string view: 12 bytes or less stand inside, longer ones keep their first 4 bytes and a pointer. */
typedef struct sqi_str {
    uint32_t len;
    union {
        char inlined[12];
        struct {
            char prefix[4];
            char pointer[8]; /* a const char *, kept as bytes so that the view is 16 bytes without padding */
        } out;
    } u;
} sqi_str;

#define SQI_STR_INLINE 12u
#define SQI_STR_MAX 0x7fffffffu /* bytes in one string */

static inline const char *sqi_str_ptr(const sqi_str *s) /* valid while *s stands: short strings live inside it */
{
    if (s->len <= SQI_STR_INLINE)
        return s->u.inlined;
    const char *p;
    memcpy(&p, s->u.out.pointer, sizeof p);
    return p;
}

static inline sqi_span sqi_str_span(const sqi_str *s)
{
    return (sqi_span){sqi_str_ptr(s), s->len};
}

/* A view of bytes that outlive it. Unused inline bytes are zero, so short views compare as two 64-bit words. */
static inline sqi_str sqi_str_view(const char *ptr, uint32_t len)
{
    sqi_str s;
    memset(&s, 0, sizeof s);
    s.len = len;
    if (len <= SQI_STR_INLINE) {
        if (len)
            memcpy(s.u.inlined, ptr, len);
    } else {
        memcpy(s.u.out.prefix, ptr, 4);
        memcpy(s.u.out.pointer, &ptr, sizeof ptr);
    }
    return s;
}

bool sqi_str_equal(const sqi_str *a, const sqi_str *b);
int sqi_str_compare(const sqi_str *a, const sqi_str *b); /* unsigned bytes, as Spark orders strings */
/* A view of a copy in the arena. False: no memory. */
bool sqi_str_copy(sqi_arena *arena, sqi_span from, sqi_str *to);

typedef struct sqi_list {
    uint32_t offset, length;
} sqi_list;

typedef struct sqi_interval {
    int32_t months, days;
    int64_t micros;
} sqi_interval;

typedef struct sqi_vec {
    const sqi_type *type;
    uint64_t *valid; /* bit by position, 1: a value. NULL: no nulls */
    void *data;
    uint32_t mask;   /* UINT32_MAX: by position; 0: constant. Index with `position & mask` */
    uint32_t nchild; /* positions used in each child of an array or map */
    struct sqi_vec *child;
} sqi_vec;

/* The rows to work on: n positions in sel, ascending, or 0..n-1 if sel is NULL. */
typedef struct sqi_rows {
    const uint32_t *sel;
    uint32_t n;
} sqi_rows;

/* for (SQI_EACH(rows, k, i)): i is the position of the k-th row. Hot loops write two loops instead. */
#define SQI_EACH(rows, k, i)                                             \
    uint32_t k = 0, i = (rows).n ? ((rows).sel ? (rows).sel[0] : 0) : 0; \
    k < (rows).n;                                                        \
    ++k, i = k < (rows).n ? ((rows).sel ? (rows).sel[k] : k) : 0

static inline bool sqi_vec_valid(const sqi_vec *v, uint32_t i)
{
    i &= v->mask;
    return !v->valid || (v->valid[i >> 6] >> (i & 63) & 1);
}

#define SQI_AT(vec, ctype, i) (((const ctype *)(vec)->data)[(i) & (vec)->mask])
#define SQI_OUT(vec, ctype) ((ctype *)(vec)->data)

/* A value that is one whole number: tinyint to bigint, date, timestamps, intervals ym and dt. Loops that must be fast are
   written once for each width instead. */
static inline int64_t sqi_vec_int(const sqi_vec *v, uint32_t i)
{
    sqi_type_id id = v->type->id;
    if (id == SQI_INT)
        return SQI_AT(v, int32_t, i);
    if (id == SQI_BIGINT)
        return SQI_AT(v, int64_t, i);
    if (id == SQI_TINYINT)
        return SQI_AT(v, int8_t, i);
    if (id == SQI_SMALLINT)
        return SQI_AT(v, int16_t, i);
    return id == SQI_DATE || id == SQI_INTERVAL_YM ? SQI_AT(v, int32_t, i) : SQI_AT(v, int64_t, i);
}

/* The same way back; what does not fit is cut. */
static inline void sqi_vec_put_int(sqi_vec *v, uint32_t i, int64_t x)
{
    sqi_type_id id = v->type->id;
    if (id == SQI_BIGINT)
        SQI_OUT(v, int64_t)[i] = x;
    else if (id == SQI_INT || id == SQI_DATE || id == SQI_INTERVAL_YM)
        SQI_OUT(v, int32_t)[i] = (int32_t)x;
    else if (id == SQI_SMALLINT)
        SQI_OUT(v, int16_t)[i] = (int16_t)x;
    else if (id == SQI_TINYINT)
        SQI_OUT(v, int8_t)[i] = (int8_t)x;
    else
        SQI_OUT(v, int64_t)[i] = x;
}

typedef struct sqi_chunk {
    uint32_t n; /* positions in every column */
    uint32_t ncol;
    sqi_rows rows; /* which of them are rows */
    sqi_vec *col;
    const int64_t *weight; /* by position: +1 insert, -1 retract; NULL: all +1 */
    bool fleeting;         /* of a source whose values stay: the columns are written over, what views point to stays */
    sqi_span lines;        /* not empty: the rows are its lines, and the one column has no values yet (data_cut.h) */
} sqi_chunk;

/* Memory for n positions of a type (children of lists stay empty, struct children are made), no nulls. */
streamq_status sqi_vec_make(sqi_vec *v, const sqi_type *type, uint32_t n, sqi_arena *arena, streamq_error **err);
/* Give it a bitmap of n positions, all valid (or all null), if it has none. */
streamq_status sqi_vec_bitmap(sqi_vec *v, uint32_t n, bool valid, sqi_arena *arena, streamq_error **err);
/* Mark position i null; the bitmap must be there. */
static inline void sqi_vec_set_null(sqi_vec *v, uint32_t i)
{
    v->valid[i >> 6] &= ~(UINT64_C(1) << (i & 63));
}
static inline void sqi_vec_set_valid(sqi_vec *v, uint32_t i)
{
    v->valid[i >> 6] |= UINT64_C(1) << (i & 63);
}
/* Constant of a type: null, or made by sqi_vec_make(v, type, 1) and mask = 0. */
streamq_status sqi_vec_null(sqi_vec *v, const sqi_type *type, sqi_arena *arena, streamq_error **err);
/* Turn a vector of one position into a constant, its struct children too. */
void sqi_vec_set_constant(sqi_vec *v);

/* New vector: out[k] = in[index[k]]; UINT32_MAX gives null. Strings and list children are shared, not copied. */
streamq_status sqi_vec_gather(sqi_vec *out, const sqi_vec *in, const uint32_t *index, uint32_t n, sqi_arena *arena,
                              streamq_error **err);
/* Deep copy of the rows, dense, strings too, into the arena: what a batch keeps. */
streamq_status sqi_vec_copy(sqi_vec *out, const sqi_vec *in, sqi_rows rows, sqi_arena *arena, streamq_error **err);
/* Write in[from position p] to out[position q] for the rows (p = q): joins the branches of a CASE. Children of lists
   are appended. `out` was made by sqi_vec_make for n positions. */
streamq_status sqi_vec_merge(sqi_vec *out, uint32_t n, const sqi_vec *in, sqi_rows rows, sqi_arena *arena,
                             streamq_error **err);
/* Rows of one child list appended after those of another and so on: concatenate vectors of one type, dense. */
streamq_status sqi_vec_concat(sqi_vec *out, const sqi_vec *const *in, const uint32_t *n, uint32_t count,
                              sqi_arena *arena, streamq_error **err);
/* A constant as n equal positions (shares strings). No-op on a flat vector. */
streamq_status sqi_vec_flatten(sqi_vec *out, const sqi_vec *in, uint32_t n, sqi_arena *arena, streamq_error **err);

#endif
