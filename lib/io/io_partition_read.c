/*
 * io_partition_read: see the header. A value is tried as an integer, a whole decimal, a double, a date, a timestamp, and
 * is else a string; a column's type is one that holds all of its values. Bigints and decimals beside doubles are strings,
 * since a double would lose digits.
 */
#include "io_partition_read.h"

#include "base_hex.h"
#include "data_number.h"
#include "io_partition.h"

/* -------------------------------------------------------------- reading a path */

/* %41 is the character 0x41; what is no escape stays. */
static bool unescape(sqi_span text, sqi_span *out, sqi_arena *arena)
{
    *out = text;
    if (!memchr(text.ptr, '%', text.len))
        return true;
    char *to = sqi_arena_get(arena, text.len + 1);
    size_t n = 0;
    for (size_t i = 0; to && i < text.len; i++) {
        int high = i + 2 < text.len ? sqi_hex_digit(text.ptr[i + 1]) : -1;
        int low = high >= 0 ? sqi_hex_digit(text.ptr[i + 2]) : -1;
        if (text.ptr[i] != '%' || low < 0) {
            to[n++] = text.ptr[i];
            continue;
        }
        n += sqi_utf8_put((uint32_t)(high * 16 + low), to + n); /* two bytes at most, for three */
        i += 2;
    }
    *out = (sqi_span){to, n};
    return to != NULL;
}

static streamq_status empty_part(sqi_span part, bool name, streamq_error **err)
{
    int shown = (int)(part.len < 500 ? part.len : 500);
    return name ? sqi_error_set(err, SQI_COND_EMPTY_PARTITION_COLUMN_NAME,
                                "Found an empty partition column name in the path segment '%.*s'.", shown, part.ptr)
                : sqi_error_set(err, SQI_COND_EMPTY_PARTITION_COLUMN_VALUE,
                                "Found an empty partition column value in the path segment '%.*s'.", shown, part.ptr);
}

streamq_status sqi_partition_keys(sqi_span folders, sqi_partition_key to[SQI_PARTITION_MOST], uint32_t *n,
                                  size_t *first, sqi_arena *arena, streamq_error **err)
{
    bool group = false;
    *n = 0;
    *first = 0;
    for (size_t at = 0; at < folders.len;) {
        const char *slash = memchr(folders.ptr + at, '/', folders.len - at);
        sqi_span part = {folders.ptr + at, slash ? (size_t)(slash - folders.ptr) - at : folders.len - at};
        const char *equal = memchr(part.ptr, '=', part.len);
        if (equal) {
            if (!group) {
                *n = 0;
                *first = at;
            }
            if (equal == part.ptr || equal + 1 == part.ptr + part.len)
                return empty_part(part, equal == part.ptr, err);
            if (*n == SQI_PARTITION_MOST)
                return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                                     "there are more than %d folders of the kind key=value in '%.*s'",
                                     SQI_PARTITION_MOST, (int)(folders.len < 2000 ? folders.len : 2000), folders.ptr);
            sqi_partition_key *key = &to[(*n)++];
            if (!unescape((sqi_span){part.ptr, (size_t)(equal - part.ptr)}, &key->name, arena))
                return sqi_error_nomem(err);
            key->raw = (sqi_span){equal + 1, part.len - (size_t)(equal - part.ptr) - 1};
        }
        group = equal != NULL;
        at += part.len + 1;
    }
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- values */

static bool is_null(sqi_span raw)
{
    return sqi_span_equal(raw, SQI_SPAN(SQI_PARTITION_NULL));
}

static bool read_int(sqi_span text, int64_t min, int64_t max, int64_t *v)
{
    bool overflow;
    return text.len && (unsigned char)text.ptr[0] > ' ' && (unsigned char)text.ptr[text.len - 1] > ' ' &&
           sqi_number_read_int(text, min, max, v, &overflow);
}

/* As Java's parseDouble: no "inf", no "nan". */
static bool read_double(sqi_span text, double *v)
{
    sqi_span bare = sqi_span_trim(text);
    if (bare.len && (bare.ptr[0] == '+' || bare.ptr[0] == '-'))
        bare = (sqi_span){bare.ptr + 1, bare.len - 1};
    bool digits = bare.len && ((bare.ptr[0] >= '0' && bare.ptr[0] <= '9') || bare.ptr[0] == '.');
    return (digits || sqi_span_equal(bare, SQI_SPAN("NaN")) || sqi_span_equal(bare, SQI_SPAN("Infinity"))) &&
           sqi_number_read_double(text, v);
}

/* 38 digits at most, none behind the point; "1e5" is one. */
static bool read_whole_decimal(sqi_span text, int *precision)
{
    sqi_int128 v;
    int scale;
    bool overflow = false;
    if (!text.len || (unsigned char)text.ptr[0] <= ' ' || (unsigned char)text.ptr[text.len - 1] <= ' ' ||
        !sqi_number_read_decimal(text, &v, &scale, &overflow) || overflow || scale > 0)
        return false;
    int digits = v == 0;
    for (sqi_int128 left = v < 0 ? -v : v; left; left /= 10)
        digits++;
    *precision = digits - scale;
    return *precision <= 38;
}

/* Digits where the pattern has '0', else the pattern's own characters. */
static bool shaped(sqi_span text, const char *pattern)
{
    size_t n = strlen(pattern);
    if (text.len != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (pattern[i] == '0' ? text.ptr[i] < '0' || text.ptr[i] > '9' : text.ptr[i] != pattern[i])
            return false;
    return true;
}

static bool read_date(sqi_span text, int32_t *days)
{
    return shaped(text, "0000-00-00") && sqi_time_date_read(text, days);
}

static bool read_timestamp(sqi_span text, const sqi_io_env *env, int64_t *micros)
{
    return (shaped(text, "0000-00-00 00:00:00") || shaped(text, "0000-00-00 00:00:00.0")) &&
           sqi_time_timestamp_read(text, env->zone, env->zones, 0, micros);
}

/* NULL: no memory. */
static const sqi_type *type_of(sqi_span raw, const sqi_io_env *env, sqi_arena *arena)
{
    int64_t i;
    double d;
    int32_t days;
    int precision;
    sqi_span text;
    if (is_null(raw))
        return &sqi_type_void;
    if (read_int(raw, INT32_MIN, INT32_MAX, &i))
        return &sqi_type_int;
    if (read_int(raw, INT64_MIN, INT64_MAX, &i))
        return &sqi_type_bigint;
    if (read_whole_decimal(raw, &precision))
        return sqi_type_decimal(env->pool, precision, 0);
    if (read_double(raw, &d))
        return &sqi_type_double;
    if (!unescape(raw, &text, arena))
        return NULL;
    if (read_date(text, &days))
        return &sqi_type_date;
    return read_timestamp(text, env, &i) ? &sqi_type_timestamp : &sqi_type_string;
}

static int whole_digits(const sqi_type *t)
{
    return t->id == SQI_INT ? 10 : t->id == SQI_BIGINT ? 20 : t->id == SQI_DECIMAL ? t->precision : 0;
}

static const sqi_type *wider(const sqi_type *a, const sqi_type *b, sqi_type_pool *pool)
{
    if (a == b || b->id == SQI_VOID)
        return a;
    if (a->id == SQI_VOID)
        return b;
    int x = whole_digits(a), y = whole_digits(b);
    if (x && y && a->id != SQI_DECIMAL && b->id != SQI_DECIMAL)
        return &sqi_type_bigint;
    if (x && y)
        return sqi_type_decimal(pool, x > y ? x : y, 0);
    if ((a->id == SQI_INT && b->id == SQI_DOUBLE) || (a->id == SQI_DOUBLE && b->id == SQI_INT))
        return &sqi_type_double;
    if ((a->id == SQI_DATE && b->id == SQI_TIMESTAMP) || (a->id == SQI_TIMESTAMP && b->id == SQI_DATE))
        return &sqi_type_timestamp;
    return &sqi_type_string;
}

/* -------------------------------------------------------------- types of many */

static const sqi_field *given_field(const sqi_schema *given, sqi_span name)
{
    for (uint32_t i = 0; given && i < given->n; i++)
        if (sqi_name_equal(given->field[i].name, name))
            return &given->field[i];
    return NULL;
}

static int cut(sqi_span s)
{
    return (int)(s.len < 1000 ? s.len : 1000);
}

static bool keep_text(sqi_arena *arena, sqi_span *s)
{
    s->ptr = sqi_arena_text(arena, s->ptr, s->len);
    return s->ptr != NULL;
}

/* The first folders fix names and places; the program's own spelling of a name wins. */
static streamq_status begin_types(sqi_partition_types *t, const sqi_partition_key *key, uint32_t n, sqi_span above,
                                  sqi_span folders, streamq_error **err)
{
    t->any = true;
    t->n = n;
    t->above = above;
    t->folders = folders;
    if (!keep_text(t->arena, &t->above) || !keep_text(t->arena, &t->folders))
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < n; i++) {
        const sqi_field *given = given_field(t->given, key[i].name);
        t->field[i] = (sqi_field){given ? given->name : key[i].name, given ? given->type : &sqi_type_void, true};
        if (!given && !keep_text(t->arena, &t->field[i].name))
            return sqi_error_nomem(err);
        for (uint32_t k = 0; k < i; k++)
            if (sqi_name_equal(t->field[k].name, t->field[i].name))
                return sqi_error_set(err, SQI_COND_COLUMN_ALREADY_EXISTS,
                                     "The column `%.*s` already exists: it stands twice in '%.*s'",
                                     cut(t->field[i].name), t->field[i].name.ptr, cut(folders), folders.ptr);
    }
    return STREAMQ_OK;
}

static streamq_status conflict(const sqi_partition_types *t, sqi_span base, sqi_span folders, bool names,
                               streamq_error **err)
{
    streamq_status status = sqi_error_set(
        err, names ? SQI_COND_CONFLICTING_PARTITION_COLUMN_NAMES : SQI_COND_CONFLICTING_DIRECTORY_STRUCTURES,
        "%s: below '%.*s' there are files in '%.*s' and in '%.*s'",
        names ? "Conflicting partition column names detected" : "Conflicting directory structures detected", cut(base),
        base.ptr, cut(t->folders), t->folders.ptr, cut(folders), folders.ptr);
    if (err)
        sqi_error_hint(*err, "read each layout by itself, or set recursiveFileLookup to true to do without columns");
    return status;
}

streamq_status sqi_partition_types_add(sqi_partition_types *t, sqi_span base, sqi_span folders, streamq_error **err)
{
    sqi_partition_key key[SQI_PARTITION_MOST];
    uint32_t n;
    size_t first;
    SQI_TRY(sqi_partition_keys(folders, key, &n, &first, t->arena, err));
    if (!n)
        return STREAMQ_OK;
    sqi_span above = {folders.ptr, first}; /* has to be the same for all files */
    if (!t->any)
        SQI_TRY(begin_types(t, key, n, above, folders, err));
    if (!sqi_span_equal(above, t->above))
        return conflict(t, base, folders, false, err);
    if (n != t->n)
        return conflict(t, base, folders, true, err);
    for (uint32_t i = 0; i < n; i++) {
        if (!sqi_name_equal(key[i].name, t->field[i].name))
            return conflict(t, base, folders, true, err);
        if (given_field(t->given, key[i].name))
            continue;
        const sqi_type *type = type_of(key[i].raw, t->env, t->arena);
        if (type && t->text && type->id != SQI_VOID)
            type = &sqi_type_string;
        if (!type || !(t->field[i].type = wider(t->field[i].type, type, t->env->pool)))
            return sqi_error_nomem(err);
    }
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- one value as its type */

/* Times and booleans; false: it is none. */
static bool read_other(sqi_vec *v, sqi_span text, const sqi_io_env *env)
{
    switch (v->type->id) {
    case SQI_BOOLEAN:
        *SQI_OUT(v, uint8_t) = sqi_span_equal_nocase(text, SQI_SPAN("true"));
        return *SQI_OUT(v, uint8_t) || sqi_span_equal_nocase(text, SQI_SPAN("false"));
    case SQI_DATE:
        return sqi_time_date_read(text, SQI_OUT(v, int32_t));
    case SQI_TIMESTAMP:
        return sqi_time_timestamp_read(text, env->zone, env->zones, 0, SQI_OUT(v, int64_t));
    case SQI_TIMESTAMP_NTZ:
        return sqi_time_timestamp_ntz_read(text, true, env->zones, SQI_OUT(v, int64_t));
    default:
        return false;
    }
}

static bool read_number(sqi_vec *v, sqi_span text)
{
    int64_t i;
    switch (v->type->id) {
    case SQI_TINYINT:
        return read_int(text, INT8_MIN, INT8_MAX, &i) && (*SQI_OUT(v, int8_t) = (int8_t)i, true);
    case SQI_SMALLINT:
        return read_int(text, INT16_MIN, INT16_MAX, &i) && (*SQI_OUT(v, int16_t) = (int16_t)i, true);
    case SQI_INT:
        return read_int(text, INT32_MIN, INT32_MAX, &i) && (*SQI_OUT(v, int32_t) = (int32_t)i, true);
    case SQI_BIGINT:
        return read_int(text, INT64_MIN, INT64_MAX, SQI_OUT(v, int64_t));
    case SQI_DOUBLE:
        return read_double(text, SQI_OUT(v, double));
    case SQI_FLOAT: {
        double d;
        return read_double(text, &d) && (*SQI_OUT(v, float) = (float)d, true);
    }
    case SQI_DECIMAL:
        return sqi_number_read_decimal_as(text, v->type->precision, v->type->scale, SQI_OUT(v, sqi_int128)) ==
               SQI_DECIMAL_READ_OK;
    default:
        return false;
    }
}

streamq_status sqi_partition_value(sqi_vec *out, sqi_partition_key key, const sqi_type *type, const sqi_io_env *env,
                                   sqi_arena *arena, streamq_error **err)
{
    sqi_span text;
    char label[128];
    if (is_null(key.raw) || type->id == SQI_VOID)
        return sqi_vec_null(out, type, arena, err);
    SQI_TRY(sqi_vec_make(out, type, 1, arena, err));
    if (!unescape(key.raw, &text, arena))
        return sqi_error_nomem(err);
    sqi_vec_set_constant(out);
    if (type->id == SQI_STRING || type->id == SQI_BINARY)
        return sqi_str_copy(arena, text, SQI_OUT(out, sqi_str)) ? STREAMQ_OK : sqi_error_nomem(err);
    if (read_number(out, key.raw) || read_other(out, text, env))
        return STREAMQ_OK;
    if (sqi_zones_refused(env->zones))
        return sqi_error_nomem(err);
    return sqi_error_set(err, SQI_COND_INVALID_PARTITION_VALUE,
                         "Failed to cast value '%.*s' to data type %s for partition column `%.*s`.", cut(text),
                         text.ptr, sqi_type_label(type, label), cut(key.name), key.name.ptr);
}
