/*
 * expr_coerce: Spark's ANSI type coercion as pure functions of types.
 *
 * Three relations: the tightest common type (numbers among numbers, dates among dates, nested by parts), the common
 * type (the same, and text gives way to what stands beside it), and the implicit cast of an argument. The decimal rule
 * for values that must become one keeps all integral digits and gives up fraction digits when 38 are not enough.
 */
#include "expr_coerce.h"

typedef const sqi_type *(*meet)(sqi_type_pool *pool, const sqi_type *a, const sqi_type *b);

static int max_of(int a, int b)
{
    return a > b ? a : b;
}

const sqi_type *sqi_coerce_decimal_of(sqi_type_pool *pool, const sqi_type *t)
{
    switch (t->id) {
    case SQI_TINYINT:
        return sqi_type_decimal(pool, 3, 0);
    case SQI_SMALLINT:
        return sqi_type_decimal(pool, 5, 0);
    case SQI_INT:
        return sqi_type_decimal(pool, 10, 0);
    case SQI_BIGINT:
        return sqi_type_decimal(pool, 20, 0);
    case SQI_DECIMAL:
        return t;
    default:
        return NULL;
    }
}

static const sqi_type *wider_decimal(sqi_type_pool *pool, const sqi_type *a, const sqi_type *b)
{
    int scale = max_of(a->scale, b->scale);
    int whole = max_of(a->precision - a->scale, b->precision - b->scale);
    int precision = whole + scale;
    if (precision > 38) {
        scale = max_of(0, scale - (precision - 38));
        precision = 38;
    }
    return sqi_type_decimal(pool, precision, scale);
}

static const sqi_type *meet_numbers(sqi_type_pool *pool, const sqi_type *a, const sqi_type *b)
{
    bool real_a = a->id == SQI_FLOAT || a->id == SQI_DOUBLE, real_b = b->id == SQI_FLOAT || b->id == SQI_DOUBLE;
    if (real_a || real_b) /* a float beside anything but a float would lose digits: double */
        return a->id == SQI_FLOAT && b->id == SQI_FLOAT ? a : &sqi_type_double;
    if (a->id != SQI_DECIMAL && b->id != SQI_DECIMAL)
        return a->id > b->id ? a : b;
    const sqi_type *da = sqi_coerce_decimal_of(pool, a), *db = sqi_coerce_decimal_of(pool, b);
    return da && db ? wider_decimal(pool, da, db) : NULL;
}

static bool is_datetime(const sqi_type *t)
{
    return t->id == SQI_DATE || t->id == SQI_TIMESTAMP || t->id == SQI_TIMESTAMP_NTZ;
}

static const sqi_type *meet_times(const sqi_type *a, const sqi_type *b)
{
    if (a->id == SQI_DATE)
        return b;
    if (b->id == SQI_DATE)
        return a;
    return &sqi_type_timestamp; /* one with a zone and one without */
}

static const sqi_type *meet_structs(sqi_type_pool *pool, const sqi_type *a, const sqi_type *b, meet rule)
{
    if (a->nfield != b->nfield)
        return NULL;
    if (!a->nfield)
        return a;
    sqi_alloc *alloc = sqi_type_pool_alloc(pool);
    sqi_field *field = sqi_alloc_array(alloc, a->nfield, sizeof *field);
    bool alike = field;
    if (!field)
        sqi_type_pool_refuse(pool);
    for (uint32_t i = 0; alike && i < a->nfield; i++) {
        field[i].name = a->field[i].name;
        field[i].nullable = a->field[i].nullable || b->field[i].nullable;
        alike = sqi_name_equal(a->field[i].name, b->field[i].name) &&
                (field[i].type = rule(pool, a->field[i].type, b->field[i].type));
    }
    const sqi_type *out = alike ? sqi_type_struct(pool, field, a->nfield) : NULL;
    sqi_alloc_free(alloc, field, a->nfield * sizeof *field);
    return out;
}

/* Keys must not become null, as text can that is read as something else. */
static bool keeps_keys(const sqi_type *key, const sqi_type *met)
{
    return key->id != SQI_STRING || met->id == SQI_STRING || met->id == SQI_BINARY;
}

static const sqi_type *meet_nested(sqi_type_pool *pool, const sqi_type *a, const sqi_type *b, meet rule)
{
    if (a->id != b->id)
        return NULL;
    if (a->id == SQI_STRUCT)
        return meet_structs(pool, a, b, rule);
    const sqi_type *first = rule(pool, a->field[0].type, b->field[0].type);
    if (!first)
        return NULL;
    if (a->id == SQI_ARRAY)
        return sqi_type_array(pool, first, a->field[0].nullable || b->field[0].nullable);
    if (!keeps_keys(a->field[0].type, first) || !keeps_keys(b->field[0].type, first))
        return NULL;
    const sqi_type *value = rule(pool, a->field[1].type, b->field[1].type);
    return value ? sqi_type_map(pool, first, value, a->field[1].nullable || b->field[1].nullable) : NULL;
}

static int min_of(int a, int b)
{
    return a < b ? a : b;
}

/* What all rules share; nested types are met part by part with `rule`. */
static const sqi_type *meet_alike(sqi_type_pool *pool, const sqi_type *a, const sqi_type *b, meet rule)
{
    if (a == b)
        return a;
    if (a->id == SQI_VOID)
        return b;
    if (b->id == SQI_VOID)
        return a;
    if (sqi_type_is_numeric(a) && sqi_type_is_numeric(b))
        return meet_numbers(pool, a, b);
    if (is_datetime(a) && is_datetime(b))
        return meet_times(a, b);
    if (a->id == b->id && a->id == SQI_INTERVAL_YM)
        return sqi_type_interval_ym(min_of(a->precision, b->precision), max_of(a->scale, b->scale));
    if (a->id == b->id && a->id == SQI_INTERVAL_DT)
        return sqi_type_interval_dt(min_of(a->precision, b->precision), max_of(a->scale, b->scale));
    if (sqi_type_is_nested(a) && sqi_type_is_nested(b))
        return meet_nested(pool, a, b, rule);
    return a->id == b->id ? a : NULL;
}

const sqi_type *sqi_coerce_tightest(sqi_type_pool *pool, const sqi_type *a, const sqi_type *b)
{
    return meet_alike(pool, a, b, sqi_coerce_tightest);
}

/* Text beside something else: the number it is compared with decides how it is read. */
static const sqi_type *promote_text(const sqi_type *other)
{
    if (sqi_type_is_integral(other))
        return &sqi_type_bigint;
    if (sqi_type_is_numeric(other))
        return &sqi_type_double;
    switch (other->id) {
    case SQI_BOOLEAN:
    case SQI_BINARY:
    case SQI_DATE:
    case SQI_TIMESTAMP:
    case SQI_TIMESTAMP_NTZ:
        return other;
    default: /* an interval could be of many kinds; nested types do not read text */
        return NULL;
    }
}

const sqi_type *sqi_coerce_common(sqi_type_pool *pool, const sqi_type *a, const sqi_type *b)
{
    const sqi_type *t = meet_alike(pool, a, b, sqi_coerce_common);
    if (t || a->id == b->id)
        return t;
    if (a->id == SQI_STRING)
        return promote_text(b);
    return b->id == SQI_STRING ? promote_text(a) : NULL;
}

bool sqi_coerce_implicit(const sqi_type *from, const sqi_type *to)
{
    if (from == to || from->id == SQI_VOID)
        return true;
    if (sqi_type_is_nested(from) || sqi_type_is_nested(to)) {
        if (from->id != to->id || from->nfield != to->nfield)
            return false;
        for (uint32_t i = 0; i < from->nfield; i++)
            if (!sqi_coerce_implicit(from->field[i].type, to->field[i].type))
                return false;
        return true;
    }
    if (to->id == SQI_STRING)
        return true;
    if (from->id == SQI_STRING)
        return to->id != SQI_INTERVAL && to->id != SQI_VOID;
    if (sqi_type_is_numeric(from) && sqi_type_is_numeric(to))
        return true;
    if (is_datetime(from) && is_datetime(to))
        return true;
    return from->id == to->id; /* interval fields */
}
