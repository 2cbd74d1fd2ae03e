/*
 * data_zone_file: a time zone from the bytes of a TZif file (RFC 8536), version 2 or later: the 64-bit block and the
 * rule in the footer. The file is untrusted: every count is checked against the bytes that are there and against a
 * ceiling, times must ascend, offsets must be less than 26 hours.
 *
 * The rule is written out into the table up to the year 2100, so that all common instants are one binary search;
 * beyond, data_zone.c works with the rule itself.
 */
#include "data_zone.h"

#define MAX_TIMES 8192
#define MAX_OFFSET (26 * 3600 - 1)
#define LAST_YEAR 2100
#define RULE_TIMES (2 * (LAST_YEAR - 1900 + 1))

typedef struct header {
    uint32_t isut, isstd, leap, time, type, chars;
} header;

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t be64(const uint8_t *p)
{
    return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

static bool read_header(const uint8_t *p, size_t len, header *h)
{
    if (len < 44 || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
        return false;
    *h = (header){be32(p + 20), be32(p + 24), be32(p + 28), be32(p + 32), be32(p + 36), be32(p + 40)};
    return h->isut <= 256 && h->isstd <= 256 && h->leap <= 1000 && h->time <= MAX_TIMES && h->type >= 1 &&
           h->type <= 256 && h->chars <= 4096;
}

static size_t block_size(const header *h, size_t width)
{
    return h->time * (width + 1) + (size_t)h->type * 6 + h->chars + h->leap * (width + 4) + h->isstd + h->isut;
}

typedef struct table {
    uint32_t n;
    int32_t first;
    int64_t *utc;
    int64_t *local;
    int32_t *offset;
    char (*abbreviation)[SQI_ZONE_ABBREVIATION];
} table;

/* Transitions that change neither the offset nor the name are left out. */
static void put(table *t, int64_t utc, int32_t after, const char *name)
{
    int32_t before = t->n ? t->offset[t->n - 1] : t->first;
    if (before == after && strcmp(t->abbreviation[t->n], name) == 0)
        return;
    t->utc[t->n] = utc;
    t->local[t->n] = utc + (before > after ? before : after);
    t->offset[t->n] = after;
    t->n++;
    memcpy(t->abbreviation[t->n], name, SQI_ZONE_ABBREVIATION);
}

/* The abbreviation of a type, which the file keeps as a position among its characters. */
static void name_of(const uint8_t *type, const uint8_t *chars, uint32_t n, char to[SQI_ZONE_ABBREVIATION])
{
    memset(to, 0, SQI_ZONE_ABBREVIATION);
    for (uint32_t i = 0; i < SQI_ZONE_ABBREVIATION - 1 && type[5] + i < n && chars[type[5] + i]; i++)
        to[i] = (char)chars[type[5] + i];
}

static bool read_times(const uint8_t *p, const header *h, table *t)
{
    const uint8_t *index = p + (size_t)h->time * 8, *type = index + h->time, *chars = type + (size_t)h->type * 6;
    for (uint32_t i = 0; i < h->type; i++) {
        int32_t offset = (int32_t)be32(type + (size_t)i * 6);
        if (offset < -MAX_OFFSET || offset > MAX_OFFSET)
            return false;
    }
    t->first = (int32_t)be32(type);
    name_of(type, chars, h->chars, t->abbreviation[0]);
    int64_t last = INT64_MIN;
    for (uint32_t i = 0; i < h->time; i++) {
        int64_t at = be64(p + (size_t)i * 8);
        if (index[i] >= h->type || (i && at <= last))
            return false;
        last = at;
        /* "For ever" entries of some compilers lie beyond any timestamp; adding an offset to them must not overflow. */
        if (at < -(INT64_C(1) << 58) || at > INT64_C(1) << 58)
            continue;
        const uint8_t *entry = type + (size_t)index[i] * 6;
        char name[SQI_ZONE_ABBREVIATION];
        name_of(entry, chars, h->chars, name);
        put(t, at, (int32_t)be32(entry), name);
    }
    return true;
}

static void write_rule(const sqi_zone_rule *rule, table *t)
{
    int64_t last = t->n ? t->utc[t->n - 1] : INT64_MIN;
    if (!rule->daylight)
        return;
    for (int year = 1900; year <= LAST_YEAR; year++) {
        sqi_zone_year y;
        sqi_zone_rule_year(rule, year, &y);
        for (int i = 0; i < 2; i++) {
            if (y.utc[i] > last) {
                put(t, y.utc[i], y.after[i], y.after[i] == rule->summer ? rule->summer_name : rule->standard_name);
                last = y.utc[i];
            }
        }
    }
}

static sqi_zone *make(sqi_alloc *alloc, sqi_span name, uint32_t times, table *t)
{
    size_t entry = 2 * sizeof(int64_t) + sizeof(int32_t) + SQI_ZONE_ABBREVIATION;
    size_t size = sizeof(sqi_zone) + (size_t)times * entry + SQI_ZONE_ABBREVIATION + name.len;
    sqi_zone *z = sqi_alloc_zero(alloc, size);
    if (!z)
        return NULL;
    z->size = size;
    t->utc = (int64_t *)(z + 1);
    t->local = t->utc + times;
    t->offset = (int32_t *)(t->local + times);
    t->abbreviation = (char(*)[SQI_ZONE_ABBREVIATION])(t->offset + times);
    char *text = (char *)(t->abbreviation + times + 1);
    memcpy(text, name.ptr, name.len);
    z->name = (sqi_span){text, name.len};
    z->utc = t->utc;
    z->local = t->local;
    z->offset = t->offset;
    z->abbreviation = (const char(*)[SQI_ZONE_ABBREVIATION])t->abbreviation;
    return z;
}

sqi_zone *sqi_zone_file_parse(sqi_alloc *alloc, sqi_span name, const uint8_t *bytes, size_t len, bool *nomem)
{
    header h;
    *nomem = false;
    if (!read_header(bytes, len, &h) || len - 44 < block_size(&h, 4))
        return NULL;
    size_t skip = 44 + block_size(&h, 4);
    bytes += skip;
    len -= skip;
    if (!read_header(bytes, len, &h) || len - 44 < block_size(&h, 8) || h.leap)
        return NULL;
    const uint8_t *data = bytes + 44;
    skip = 44 + block_size(&h, 8);
    bytes += skip;
    len -= skip;

    sqi_zone_rule rule;
    bool has_rule = false;
    if (len < 2 || bytes[0] != '\n')
        return NULL;
    const uint8_t *stop = memchr(bytes + 1, '\n', len - 1);
    if (!stop)
        return NULL;
    if (stop > bytes + 1) {
        if (!sqi_zone_rule_parse((sqi_span){(const char *)bytes + 1, (size_t)(stop - bytes - 1)}, &rule))
            return NULL;
        has_rule = true;
    }

    table t = {0};
    sqi_zone *z = make(alloc, name, h.time + (has_rule && rule.daylight ? RULE_TIMES : 0), &t);
    if (!z) {
        *nomem = true;
        return NULL;
    }
    if (!read_times(data, &h, &t)) {
        sqi_alloc_free(alloc, z, z->size);
        return NULL;
    }
    if (has_rule)
        write_rule(&rule, &t);
    z->first = t.first;
    z->n = t.n;
    z->has_rule = has_rule && rule.daylight;
    if (z->has_rule)
        z->rule = rule;
    return z;
}
