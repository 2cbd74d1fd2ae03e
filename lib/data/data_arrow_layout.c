/*
 * data_arrow_layout: format strings to layouts and types. The producer is not trusted: depth, child counts and numbers
 * in formats are bounded, names must be UTF-8.
 */
#include "data_arrow_layout.h"

enum { DEPTH_MAX = 64, NODES_MAX = 100000 }; /* children may be one pointer many times over: all nodes count */

typedef struct reader {
    sqi_type_pool *pool;
    sqi_arena *arena;
    streamq_error **err;
    uint32_t *nodes; /* read so far */
} reader;

static streamq_status refuse(const reader *r, const struct ArrowSchema *s, const char *why)
{
    return sqi_error_set(r->err, SQI_COND_UNSUPPORTED_ARROWTYPE, "column '%s' has Arrow format '%.40s', %s",
                         s->name ? s->name : "", s->format ? s->format : "(null)", why);
}

static streamq_status malformed(const reader *r, const struct ArrowSchema *s, const char *why)
{
    return sqi_error_set(r->err, SQI_COND_INVALID_ARGUMENT, "Arrow schema of column '%s' is malformed: %s",
                         s->name ? s->name : "", why);
}

/* Formats without parameters. */
typedef struct row {
    const char *format;
    sqi_arrow_kind kind;
    const sqi_type *type; /* NULL: made below */
    int8_t width;
    int64_t factor;
} row;

static const row rows[] = {
    {"n", SQI_ARROW_NULL, &sqi_type_void, 0, 0},
    {"b", SQI_ARROW_BITS, &sqi_type_boolean, 0, 0},
    {"c", SQI_ARROW_SAME, &sqi_type_tinyint, 1, 0},
    {"s", SQI_ARROW_SAME, &sqi_type_smallint, 2, 0},
    {"i", SQI_ARROW_SAME, &sqi_type_int, 4, 0},
    {"l", SQI_ARROW_SAME, &sqi_type_bigint, 8, 0},
    {"C", SQI_ARROW_UINT, &sqi_type_smallint, 1, 0},
    {"S", SQI_ARROW_UINT, &sqi_type_int, 2, 0},
    {"I", SQI_ARROW_UINT, &sqi_type_bigint, 4, 0},
    {"L", SQI_ARROW_UINT, NULL, 8, 0},
    {"e", SQI_ARROW_HALF, &sqi_type_float, 2, 0},
    {"f", SQI_ARROW_SAME, &sqi_type_float, 4, 0},
    {"g", SQI_ARROW_SAME, &sqi_type_double, 8, 0},
    {"u", SQI_ARROW_BYTES, &sqi_type_string, 4, 0},
    {"U", SQI_ARROW_BYTES, &sqi_type_string, 8, 0},
    {"vu", SQI_ARROW_BYTES_VIEW, &sqi_type_string, 0, 0},
    {"z", SQI_ARROW_BYTES, &sqi_type_binary, 4, 0},
    {"Z", SQI_ARROW_BYTES, &sqi_type_binary, 8, 0},
    {"vz", SQI_ARROW_BYTES_VIEW, &sqi_type_binary, 0, 0},
    {"tdD", SQI_ARROW_SAME, &sqi_type_date, 4, 0},
    {"tdm", SQI_ARROW_DATE_MS, &sqi_type_date, 8, 0},
    {"tDs", SQI_ARROW_SCALED, NULL, 8, 1000000},
    {"tDm", SQI_ARROW_SCALED, NULL, 8, 1000},
    {"tDu", SQI_ARROW_SAME, NULL, 8, 0},
    {"tDn", SQI_ARROW_SCALED, NULL, 8, -1000},
    {"tiM", SQI_ARROW_SAME, NULL, 4, 0},
    {"tiD", SQI_ARROW_DAY_TIME, &sqi_type_interval, 8, 0},
    {"tin", SQI_ARROW_MONTH_DAY_NANO, &sqi_type_interval, 16, 0},
    {"+l", SQI_ARROW_LIST, NULL, 4, 0},
    {"+L", SQI_ARROW_LIST, NULL, 8, 0},
    {"+vl", SQI_ARROW_LIST_VIEW, NULL, 4, 0},
    {"+vL", SQI_ARROW_LIST_VIEW, NULL, 8, 0},
    {"+m", SQI_ARROW_LIST, NULL, 4, 0},
    {"+s", SQI_ARROW_STRUCT, NULL, 0, 0},
};

/* A decimal number of at most nine digits at *p, which moves behind it. */
static bool number(const char **p, int64_t *out)
{
    const char *begin = *p;
    *out = 0;
    for (; **p >= '0' && **p <= '9' && *p - begin < 9; ++*p)
        *out = *out * 10 + (**p - '0');
    return *p > begin;
}

static streamq_status read_decimal(const reader *r, const struct ArrowSchema *s, sqi_arrow_layout *out)
{
    const char *p = s->format + 2;
    int64_t precision, scale, bits = 128;
    if (!number(&p, &precision) || *p++ != ',')
        return malformed(r, s, "a decimal's format is d:precision,scale");
    if (*p == '-')
        return refuse(r, s, "and a negative scale has no type here");
    if (!number(&p, &scale) || (*p == ',' && (++p, !number(&p, &bits))) || *p)
        return malformed(r, s, "a decimal's format is d:precision,scale,bits");
    if (precision < 1 || precision > 38 || scale > precision)
        return refuse(r, s, "and a decimal has at most 38 digits and no more decimals than digits");
    if (bits != 32 && bits != 64 && bits != 128 && bits != 256)
        return refuse(r, s, "and decimals have 32, 64, 128 or 256 bits");
    out->kind = SQI_ARROW_DECIMAL;
    out->width = (int32_t)bits / 8;
    out->type = sqi_type_decimal(r->pool, (int)precision, (int)scale);
    return out->type ? STREAMQ_OK : sqi_error_nomem(r->err);
}

static streamq_status read_timestamp(const reader *r, const struct ArrowSchema *s, sqi_arrow_layout *out)
{
    static const char unit[] = "smun";
    static const int64_t factor[] = {1000000, 1000, 0, -1000};
    const char *hit = s->format[2] ? strchr(unit, s->format[2]) : NULL;
    if (!hit || s->format[3] != ':')
        return malformed(r, s, "a timestamp's format is ts, a unit and a colon");
    out->factor = factor[hit - unit];
    out->kind = out->factor ? SQI_ARROW_SCALED : SQI_ARROW_SAME;
    out->width = 8;
    out->type = s->format[4] ? &sqi_type_timestamp : &sqi_type_timestamp_ntz;
    return STREAMQ_OK;
}

/* "w:12" and "+w:3". */
static streamq_status read_fixed(const reader *r, const struct ArrowSchema *s, const char *p, sqi_arrow_layout *out)
{
    if (!number(&p, &out->count) || *p)
        return malformed(r, s, "a fixed size must be a number below a billion");
    return STREAMQ_OK;
}

static streamq_status read_node(const reader *r, const struct ArrowSchema *s, unsigned depth, sqi_arrow_layout *out);

static streamq_status read_children(const reader *r, const struct ArrowSchema *s, unsigned depth, sqi_arrow_layout *out)
{
    if (s->n_children < 0 || s->n_children > NODES_MAX || (s->n_children && !s->children))
        return malformed(r, s, "it says how many children it has, but not which, or too many");
    out->nchild = (uint32_t)s->n_children;
    if (!out->nchild)
        return STREAMQ_OK;
    out->child = sqi_arena_array(r->arena, out->nchild, sizeof *out->child);
    if (!out->child)
        return sqi_error_nomem(r->err);
    for (uint32_t i = 0; i < out->nchild; i++) {
        if (!s->children[i])
            return malformed(r, s, "a child is missing");
        SQI_TRY(read_node(r, s->children[i], depth + 1, &out->child[i]));
    }
    return STREAMQ_OK;
}

static streamq_status struct_type(const reader *r, sqi_arrow_layout *out)
{
    sqi_field *field = sqi_arena_array(r->arena, out->nchild ? out->nchild : 1, sizeof *field);
    if (!field)
        return sqi_error_nomem(r->err);
    for (uint32_t i = 0; i < out->nchild; i++)
        field[i] = (sqi_field){out->child[i].name, out->child[i].type, out->child[i].nullable};
    out->type = sqi_type_struct(r->pool, field, out->nchild);
    return out->type ? STREAMQ_OK : sqi_error_nomem(r->err);
}

/* Types that are made of the children's. */
static streamq_status nested_type(const reader *r, const struct ArrowSchema *s, sqi_arrow_layout *out)
{
    if (out->kind == SQI_ARROW_STRUCT)
        return struct_type(r, out);
    if (out->nchild != 1)
        return malformed(r, s, "a list or map has exactly one child");
    const sqi_arrow_layout *child = out->child;
    if (strcmp(s->format, "+m") != 0) {
        out->type = sqi_type_array(r->pool, child->type, child->nullable);
    } else {
        if (child->kind != SQI_ARROW_STRUCT || child->nchild != 2)
            return malformed(r, s, "a map's child is a struct of key and value");
        out->type = sqi_type_map(r->pool, child->child[0].type, child->child[1].type, child->child[1].nullable);
    }
    return out->type ? STREAMQ_OK : sqi_error_nomem(r->err);
}

static streamq_status read_simple(const reader *r, const struct ArrowSchema *s, sqi_arrow_layout *out)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].format, s->format) != 0)
            continue;
        out->kind = rows[i].kind;
        out->width = rows[i].width;
        out->factor = rows[i].factor;
        out->type = rows[i].type;
        if (out->type || s->format[0] == '+')
            return STREAMQ_OK;
        if (s->format[0] == 'L')
            out->type = sqi_type_decimal(r->pool, 20, 0);
        else
            out->type = s->format[1] == 'i' ? sqi_type_interval_ym(SQI_YEAR, SQI_MONTH)
                                            : sqi_type_interval_dt(SQI_DAY, SQI_SECOND);
        return out->type ? STREAMQ_OK : sqi_error_nomem(r->err);
    }
    return refuse(r, s, "which has no type here");
}

static streamq_status read_format(const reader *r, const struct ArrowSchema *s, unsigned depth, sqi_arrow_layout *out)
{
    const char *f = s->format;
    if (!strncmp(f, "d:", 2))
        return read_decimal(r, s, out);
    if (!strncmp(f, "ts", 2))
        return read_timestamp(r, s, out);
    if (!strncmp(f, "w:", 2)) {
        out->kind = SQI_ARROW_BYTES_FIXED;
        out->type = &sqi_type_binary;
        return read_fixed(r, s, f + 2, out);
    }
    if (!strncmp(f, "+w:", 3)) {
        out->kind = SQI_ARROW_LIST_FIXED;
        SQI_TRY(read_fixed(r, s, f + 3, out));
    } else {
        SQI_TRY(read_simple(r, s, out));
    }
    if (f[0] != '+')
        return STREAMQ_OK;
    SQI_TRY(read_children(r, s, depth, out));
    return nested_type(r, s, out);
}

/* An index of integers and the values it points to. */
static streamq_status read_dictionary(const reader *r, const struct ArrowSchema *s, unsigned depth,
                                      sqi_arrow_layout *out)
{
    static const char index[] = "cCsSiIlL";
    const char *hit = s->format[0] && !s->format[1] ? strchr(index, s->format[0]) : NULL;
    if (!hit)
        return malformed(r, s, "the index of a dictionary must be integers");
    out->kind = SQI_ARROW_DICTIONARY;
    out->width = 1 << (hit - index) / 2;
    if ((hit - index) % 2)
        out->width = -out->width;
    out->nchild = 1;
    out->child = sqi_arena_array(r->arena, 1, sizeof *out->child);
    if (!out->child)
        return sqi_error_nomem(r->err);
    SQI_TRY(read_node(r, s->dictionary, depth + 1, out->child));
    out->type = out->child->type;
    return STREAMQ_OK;
}

static streamq_status read_node(const reader *r, const struct ArrowSchema *s, unsigned depth, sqi_arrow_layout *out)
{
    *out = (sqi_arrow_layout){.name = sqi_span_of(s->name ? s->name : ""),
                              .nullable = (s->flags & ARROW_FLAG_NULLABLE) != 0};
    if (!s->release)
        return malformed(r, &(struct ArrowSchema){0}, "it has been released");
    if (!sqi_utf8_valid(out->name))
        return malformed(r, &(struct ArrowSchema){0}, "its name is not UTF-8");
    if (!s->format)
        return malformed(r, s, "it has no format");
    if (depth > DEPTH_MAX || ++*r->nodes > NODES_MAX)
        return refuse(r, s, "in a schema nested deeper than 64 levels or of more than 100000 fields");
    out->name.ptr = sqi_arena_text(r->arena, out->name.ptr, out->name.len);
    if (!out->name.ptr)
        return sqi_error_nomem(r->err);
    return s->dictionary ? read_dictionary(r, s, depth, out) : read_format(r, s, depth, out);
}

streamq_status sqi_arrow_layout_read(const struct ArrowSchema *schema, sqi_type_pool *pool, sqi_arena *arena,
                                     sqi_arrow_layout *out, streamq_error **err)
{
    uint32_t nodes = 0;
    return read_node(&(reader){pool, arena, err, &nodes}, schema, 0, out);
}
