/* random_vec: a splitmix64 stream, and values made through sqi_builder. */
#include "random_vec.h"
#include "data_bits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Not an assertion of Check: fuzz harnesses draw columns too. */
static void must(bool holds)
{
    if (holds)
        return;
    fputs("random_vec: no memory for a column\n", stderr);
    abort();
}

uint64_t sqi_random_next(sqi_random *r)
{
    uint64_t x = r->state += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint32_t sqi_random_below(sqi_random *r, uint32_t n)
{
    return (uint32_t)((sqi_random_next(r) >> 32) * n >> 32);
}

enum { SCALARS = 18 };

static const sqi_type *scalar(sqi_type_pool *pool, unsigned i)
{
    switch (i) {
    case 0:
        return &sqi_type_boolean;
    case 1:
        return &sqi_type_tinyint;
    case 2:
        return &sqi_type_smallint;
    case 3:
        return &sqi_type_int;
    case 4:
        return &sqi_type_bigint;
    case 5:
        return &sqi_type_float;
    case 6:
        return &sqi_type_double;
    case 7:
        return sqi_type_decimal(pool, 7, 2);
    case 8:
        return sqi_type_decimal(pool, 38, 10);
    case 9:
        return &sqi_type_string;
    case 10:
        return &sqi_type_binary;
    case 11:
        return &sqi_type_date;
    case 12:
        return &sqi_type_timestamp;
    case 13:
        return &sqi_type_timestamp_ntz;
    case 14:
        return sqi_type_interval_ym(SQI_YEAR, SQI_MONTH);
    case 15:
        return sqi_type_interval_dt(SQI_DAY, SQI_SECOND);
    case 16:
        return &sqi_type_interval;
    default:
        return &sqi_type_void;
    }
}

const sqi_type *sqi_random_type(sqi_random *r, sqi_type_pool *pool, unsigned depth, bool maps)
{
    uint32_t kind = depth ? sqi_random_below(r, 6) : 0;
    if (kind == 3)
        return sqi_type_array(pool, sqi_random_type(r, pool, depth - 1, maps), true);
    if (kind == 4 && maps) {
        const sqi_type *key = sqi_random_type(r, pool, depth - 1, false);
        if (key->id == SQI_VOID) /* a key is never null */
            key = &sqi_type_string;
        return sqi_type_map(pool, key, sqi_random_type(r, pool, depth - 1, maps), true);
    }
    if (kind == 5) {
        sqi_field field[3] = {{SQI_SPAN("a"), NULL, true}, {SQI_SPAN("b"), NULL, true}, {SQI_SPAN("c"), NULL, true}};
        uint32_t n = 1 + sqi_random_below(r, 3);
        for (uint32_t i = 0; i < n; i++)
            field[i].type = sqi_random_type(r, pool, depth - 1, maps);
        return sqi_type_struct(pool, field, n);
    }
    return scalar(pool, sqi_random_below(r, SCALARS));
}

const sqi_type *sqi_every_type(sqi_type_pool *pool, unsigned i)
{
    if (i < SCALARS)
        return scalar(pool, i);
    sqi_field field[2] = {{SQI_SPAN("name"), &sqi_type_string, true}, {SQI_SPAN("size"), &sqi_type_double, true}};
    const sqi_type *record = sqi_type_struct(pool, field, 2);
    switch (i - SCALARS) {
    case 0:
        return record;
    case 1:
        return sqi_type_array(pool, &sqi_type_int, true);
    case 2:
        return sqi_type_array(pool, &sqi_type_string, true);
    case 3:
        return sqi_type_array(pool, record, true);
    case 4:
        return sqi_type_map(pool, &sqi_type_string, &sqi_type_double, true);
    case 5:
        return sqi_type_array(pool, sqi_type_array(pool, &sqi_type_boolean, true), true);
    case 6:
        return sqi_type_map(pool, &sqi_type_int, sqi_type_array(pool, record, true), true);
    case 7:
        field[0].type = sqi_type_array(pool, &sqi_type_float, true);
        return sqi_type_struct(pool, field, 2);
    default:
        return NULL;
    }
}

static double real(sqi_random *r)
{
    static const double some[] = {0.0, -0.0, 1.5, -1.5, 1e300, INFINITY, -INFINITY, NAN, -NAN, 3.0e-5, 1e10};
    return some[sqi_random_below(r, sizeof some / sizeof *some)];
}

static void append_bytes(sqi_random *r, sqi_builder *b)
{
    static const sqi_span some[] = {
        SQI_SPAN(""),
        SQI_SPAN("a"),
        SQI_SPAN("ab"),
        SQI_SPAN("abcd"),
        SQI_SPAN("abcde"),
        SQI_SPAN("\0"),
        SQI_SPAN("abc\0"),
        SQI_SPAN("zwölf Bytes"),
        SQI_SPAN("twelve bytes"),
        SQI_SPAN("thirteen byte"),
        SQI_SPAN("thirteen bytf"),
        SQI_SPAN("thirteen bytes and more"),
        SQI_SPAN("thirteen bytes and morf"),
        SQI_SPAN("\xc3\xa9t\xc3\xa9"),
    };
    sqi_builder_bytes(b, some[sqi_random_below(r, sizeof some / sizeof *some)]);
}

static void append_int(sqi_random *r, sqi_builder *b, const sqi_type *type)
{
    static const int64_t some[] = {0, 1, -1, 2, 100, -100, 127, -128};
    static const int64_t wide[] = {32767, -32768, 2147483647, INT64_C(-2147483648), INT64_MAX, INT64_MIN};
    uint32_t most = sqi_type_width(type) == 1 ? 0 : sqi_type_width(type) == 2 ? 2 : sqi_type_width(type) == 4 ? 4 : 6;
    uint32_t pick = sqi_random_below(r, 8 + most);
    sqi_builder_int(b, pick < 8 ? some[pick] : wide[pick - 8]);
}

static void append_decimal(sqi_random *r, sqi_builder *b, const sqi_type *type)
{
    sqi_int128 v = (sqi_int128)sqi_random_below(r, 5) - 2;
    if (type->precision > 18 && sqi_random_below(r, 2))
        v = v * INT64_MAX + 1;
    sqi_builder_decimal(b, v);
}

static void append_list(sqi_random *r, sqi_builder *b, const sqi_type *type)
{
    uint32_t n = sqi_random_below(r, 4);
    sqi_builder_begin(b);
    for (uint32_t i = 0; i < n; i++) {
        sqi_random_append(r, sqi_builder_child(b, 0), type->field[0].type, type->id == SQI_ARRAY);
        if (type->id == SQI_MAP)
            sqi_random_append(r, sqi_builder_child(b, 1), type->field[1].type, true);
    }
    sqi_builder_end(b);
}

void sqi_random_append(sqi_random *r, sqi_builder *b, const sqi_type *type, bool null)
{
    if (type->id == SQI_VOID || (null && sqi_random_below(r, 5) == 0)) {
        sqi_builder_null(b);
        return;
    }
    switch (type->id) {
    case SQI_BOOLEAN:
        sqi_builder_bool(b, sqi_random_below(r, 2));
        break;
    case SQI_FLOAT:
    case SQI_DOUBLE:
        sqi_builder_real(b, real(r));
        break;
    case SQI_DECIMAL:
        append_decimal(r, b, type);
        break;
    case SQI_STRING:
    case SQI_BINARY:
        append_bytes(r, b);
        break;
    case SQI_INTERVAL:
        sqi_builder_interval(b, (sqi_interval){(int32_t)sqi_random_below(r, 3) - 1, (int32_t)sqi_random_below(r, 3) - 1,
                                               (int64_t)sqi_random_below(r, 3) - 1});
        break;
    case SQI_ARRAY:
    case SQI_MAP:
        append_list(r, b, type);
        break;
    case SQI_STRUCT:
        sqi_builder_begin(b);
        for (uint32_t i = 0; i < type->nfield; i++)
            sqi_random_append(r, sqi_builder_child(b, i), type->field[i].type, true);
        sqi_builder_end(b);
        break;
    default:
        append_int(r, b, type);
    }
}

/* Put rubbish where nobody may look: the slot of a null, and a null struct's children, which are made to look valid. */
static void poison(sqi_vec *v, uint32_t n, const uint64_t *hidden, sqi_arena *arena)
{
    uint64_t *unseen = sqi_arena_array(arena, sqi_bits_words(n) + 1, sizeof *unseen);
    must(unseen != NULL);
    for (uint32_t i = 0; i < n; i++) {
        bool gone = hidden && sqi_bits_get(hidden, i);
        if (!gone && sqi_vec_valid(v, i))
            continue;
        sqi_bits_put(unseen, i, true);
        if (v->data)
            memset((char *)v->data + (size_t)i * sqi_type_width(v->type), 0xee, sqi_type_width(v->type));
        if (gone && v->valid && v->type->id != SQI_VOID)
            sqi_vec_set_valid(v, i);
    }
    for (uint32_t c = 0; c < v->type->nfield; c++)
        poison(&v->child[c], v->type->id == SQI_STRUCT ? n : v->nchild, v->type->id == SQI_STRUCT ? unseen : NULL,
               arena);
}

void sqi_random_vec(sqi_random *r, sqi_vec *out, const sqi_type *type, uint32_t n, bool null, sqi_arena *arena)
{
    sqi_builder *b = sqi_builder_new(type, arena);
    must(b != NULL);
    for (uint32_t i = 0; i < n; i++)
        sqi_random_append(r, b, type, null);
    must(sqi_builder_finish(b, out, NULL) == STREAMQ_OK);
    poison(out, n, NULL, arena);
}

sqi_rows sqi_random_rows(sqi_random *r, uint32_t n, sqi_arena *arena)
{
    uint32_t *sel = sqi_arena_array(arena, n ? n : 1, sizeof *sel), k = 0;
    must(sel != NULL);
    for (uint32_t i = 0; i < n; i++)
        if (sqi_random_below(r, 2) || (i + 1 == n && !k))
            sel[k++] = i;
    return (sqi_rows){sel, k};
}
