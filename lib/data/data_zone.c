/*
 * data_zone: zone ids, the cache of zones, and local time from and to UTC.
 *
 * Ids are those of java.time's ZoneId.of with Spark's additions: "Z", offsets, UTC/GMT/UT with an offset, the old
 * three-letter ids, and region names. A region is a file below one of a few fixed directories; its name may hold only
 * letters, digits, '_', '-', '+' and inner '/', so no name leaves the directory. Zones are immutable once in the cache
 * and live as long as it; the cache's lock is held while a file is read, so a file is read once.
 */
#include "data_zone.h"

#include "os.h"

#include <errno.h>
#include <pthread.h>

#define FILE_MAX (256 * 1024)

struct sqi_zones {
    sqi_alloc *alloc;
    pthread_mutex_t lock;
    sqi_zone *first;
    bool refused; /* there was no memory for a zone */
};

static const sqi_zone utc_zone = {.name = {"UTC", 3}};

const sqi_zone *sqi_zone_utc(void)
{
    return &utc_zone;
}

sqi_span sqi_zone_name(const sqi_zone *z)
{
    return z->name;
}

/* ZoneId.SHORT_IDS */
static const struct {
    const char *id, *name;
} short_ids[] = {
    {"ACT", "Australia/Darwin"},
    {"AET", "Australia/Sydney"},
    {"AGT", "America/Argentina/Buenos_Aires"},
    {"ART", "Africa/Cairo"},
    {"AST", "America/Anchorage"},
    {"BET", "America/Sao_Paulo"},
    {"BST", "Asia/Dhaka"},
    {"CAT", "Africa/Harare"},
    {"CNT", "America/St_Johns"},
    {"CST", "America/Chicago"},
    {"CTT", "Asia/Shanghai"},
    {"EAT", "Africa/Addis_Ababa"},
    {"ECT", "Europe/Paris"},
    {"EST", "-05:00"},
    {"HST", "-10:00"},
    {"IET", "America/Indiana/Indianapolis"},
    {"IST", "Asia/Kolkata"},
    {"JST", "Asia/Tokyo"},
    {"MIT", "Pacific/Apia"},
    {"MST", "-07:00"},
    {"NET", "Asia/Yerevan"},
    {"NST", "Pacific/Auckland"},
    {"PLT", "Asia/Karachi"},
    {"PNT", "America/Phoenix"},
    {"PRT", "America/Puerto_Rico"},
    {"PST", "America/Los_Angeles"},
    {"SST", "Pacific/Guadalcanal"},
    {"VST", "Asia/Ho_Chi_Minh"},
};

static sqi_span resolve_short(sqi_span id)
{
    for (size_t i = 0; id.len == 3 && i < sizeof short_ids / sizeof short_ids[0]; i++)
        if (memcmp(id.ptr, short_ids[i].id, 3) == 0)
            return sqi_span_of(short_ids[i].name);
    return id;
}

/* Two digits at p, or -1. */
static int two(const char *p)
{
    return p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9' ? (p[0] - '0') * 10 + p[1] - '0' : -1;
}

/* +h, +hh, +hhmm, +hhmmss, +hh:mm, +hh:mm:ss, and Spark's +h:mm and +hh:m; at most 18 hours. */
static bool read_offset(sqi_span s, int32_t *seconds)
{
    char text[10];
    size_t n = s.len;
    if (n < 2 || n > 9 || (s.ptr[0] != '+' && s.ptr[0] != '-'))
        return false;
    memcpy(text, s.ptr, n);
    if (n == 2 || (n <= 8 && text[2] == ':')) { /* one digit of hours */
        memmove(text + 2, text + 1, n - 1);
        text[1] = '0';
        n++;
    }
    if (n == 5 && text[3] == ':') { /* one digit of minutes */
        text[5] = text[4];
        text[4] = '0';
        n++;
    }
    bool colons = n >= 6 && text[3] == ':';
    if (colons ? n != 6 && n != 9 : n != 3 && n != 5 && n != 7)
        return false;
    if (colons && n == 9 && text[6] != ':')
        return false;
    size_t step = colons ? 3 : 2;
    int h = two(text + 1), m = n > 3 ? two(text + 1 + step) : 0, sec = n > 6 ? two(text + 1 + 2 * step) : 0;
    if (h < 0 || m < 0 || m > 59 || sec < 0 || sec > 59)
        return false;
    *seconds = (h * 60 + m) * 60 + sec;
    if (*seconds > 18 * 3600)
        return false;
    if (text[0] == '-')
        *seconds = -*seconds;
    return true;
}

bool sqi_zone_id_offset(sqi_span id, int32_t *seconds)
{
    id = resolve_short(id);
    *seconds = 0;
    if (id.len && (id.ptr[0] == '+' || id.ptr[0] == '-'))
        return read_offset(id, seconds);
    if (id.len == 1)
        return id.ptr[0] == 'Z';
    size_t prefix = sqi_span_starts(id, SQI_SPAN("UTC")) || sqi_span_starts(id, SQI_SPAN("GMT")) ? 3 : 2;
    if (prefix == 2 && !sqi_span_starts(id, SQI_SPAN("UT")))
        return false;
    if (id.len == prefix)
        return true;
    return read_offset((sqi_span){id.ptr + prefix, id.len - prefix}, seconds);
}

/* A region's name as it may stand in a path. "posix/" and "right/" are trees of the file system, not regions. */
static bool region_name(sqi_span s)
{
    if (s.len < 2 || s.len > 64 || !((s.ptr[0] >= 'A' && s.ptr[0] <= 'Z') || (s.ptr[0] >= 'a' && s.ptr[0] <= 'z')))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
                     c == '-' || c == '+' || c == '/';
        if (!plain)
            return false;
    }
    return s.ptr[s.len - 1] != '/' && !sqi_span_starts(s, SQI_SPAN("posix")) &&
           !sqi_span_starts(s, SQI_SPAN("right/")) && !sqi_span_equal(s, SQI_SPAN("localtime")) &&
           !sqi_span_equal(s, SQI_SPAN("Factory"));
}

sqi_zones *sqi_zones_new(sqi_alloc *alloc)
{
    sqi_zones *z = sqi_alloc_zero(alloc, sizeof *z);
    if (!z)
        return NULL;
    z->alloc = alloc;
    if (pthread_mutex_init(&z->lock, NULL) != 0) {
        sqi_alloc_free(alloc, z, sizeof *z);
        return NULL;
    }
    return z;
}

void sqi_zones_free(sqi_zones *z)
{
    if (!z)
        return;
    for (sqi_zone *at = z->first, *next; at; at = next) {
        next = at->next;
        sqi_alloc_free(z->alloc, at, at->size);
    }
    pthread_mutex_destroy(&z->lock);
    sqi_alloc_free(z->alloc, z, sizeof *z);
}

typedef struct file_memory {
    sqi_alloc *alloc;
    void *block;
    size_t size;
} file_memory;

static void *file_get(void *context, size_t n)
{
    file_memory *m = context;
    m->size = n ? n : 1;
    m->block = sqi_alloc_get(m->alloc, m->size);
    return m->block;
}

static const char *const directories[] = {"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo",
                                          "/etc/zoneinfo"};

/* The file of a region in the first directory that has it. 0 or errno. */
static int read_region(sqi_span region, file_memory *m, void **bytes, size_t *len)
{
    int code = ENOENT;
    for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++) {
        char path[128];
        size_t n = strlen(directories[i]);
        memcpy(path, directories[i], n);
        path[n++] = '/';
        memcpy(path + n, region.ptr, region.len);
        path[n + region.len] = '\0';
        code = sqi_os_file_read(path, FILE_MAX, file_get, m, bytes, len);
        if (code == 0)
            return 0;
        sqi_alloc_free(m->alloc, m->block, m->size);
        m->block = NULL;
        if (code == ENOMEM)
            return code;
    }
    return code;
}

static streamq_status unknown(sqi_zones *z, sqi_span name, bool malformed, streamq_error **err)
{
    bool had = err && *err;
    int shown = name.len > 80 ? 80 : (int)name.len;
    streamq_status st = sqi_error_set(err, SQI_COND_INVALID_TIMEZONE,
                                      malformed ? "the data of time zone '%.*s' on this machine is malformed"
                                                : "there is no time zone '%.*s'",
                                      shown, name.ptr);
    if (!err || had)
        return st;
    file_memory m = {.alloc = z->alloc};
    void *bytes;
    size_t len;
    if (malformed || read_region(SQI_SPAN("Europe/London"), &m, &bytes, &len) == 0)
        sqi_error_hint(*err, "use a region such as 'Europe/Berlin' (case matters) or an offset such as '+02:00'");
    else
        sqi_error_hint(*err, "this machine has no time zone data in /usr/share/zoneinfo: install the package tzdata");
    sqi_alloc_free(z->alloc, m.block, m.size);
    return st;
}

static sqi_zone *make_fixed(sqi_alloc *alloc, sqi_span name, int32_t seconds)
{
    sqi_zone *z = sqi_alloc_zero(alloc, sizeof *z + name.len);
    if (!z)
        return NULL;
    z->size = sizeof *z + name.len;
    z->first = seconds;
    char *text = (char *)(z + 1);
    memcpy(text, name.ptr, name.len);
    z->name = (sqi_span){text, name.len};
    return z;
}

static streamq_status load(sqi_zones *z, sqi_span name, sqi_zone **out, streamq_error **err)
{
    int32_t seconds;
    if (sqi_zone_id_offset(name, &seconds)) {
        *out = make_fixed(z->alloc, name, seconds);
        return *out ? STREAMQ_OK : sqi_error_nomem(err);
    }
    sqi_span region = resolve_short(name);
    file_memory m = {.alloc = z->alloc};
    void *bytes;
    size_t len;
    if (!region_name(region))
        return unknown(z, name, false, err);
    int code = read_region(region, &m, &bytes, &len);
    if (code == ENOMEM)
        return sqi_error_nomem(err);
    if (code)
        return unknown(z, name, false, err);
    bool nomem;
    *out = sqi_zone_file_parse(z->alloc, name, bytes, len, &nomem);
    sqi_alloc_free(z->alloc, m.block, m.size);
    if (nomem)
        return sqi_error_nomem(err);
    return *out ? STREAMQ_OK : unknown(z, name, true, err);
}

streamq_status sqi_zones_get(sqi_zones *z, sqi_span name, const sqi_zone **out, streamq_error **err)
{
    streamq_status st = STREAMQ_OK;
    if (sqi_span_equal(name, SQI_SPAN("UTC"))) {
        *out = &utc_zone;
        return STREAMQ_OK;
    }
    pthread_mutex_lock(&z->lock);
    sqi_zone *at = z->first;
    while (at && !sqi_span_equal(at->name, name))
        at = at->next;
    if (!at) {
        st = load(z, name, &at, err);
        z->refused = z->refused || st == STREAMQ_ERR_NOMEM;
        if (st == STREAMQ_OK) {
            at->next = z->first;
            z->first = at;
        }
    }
    pthread_mutex_unlock(&z->lock);
    if (st == STREAMQ_OK)
        *out = at;
    return st;
}

bool sqi_zones_refused(sqi_zones *z)
{
    pthread_mutex_lock(&z->lock);
    bool refused = z->refused;
    z->refused = false;
    pthread_mutex_unlock(&z->lock);
    return refused;
}

/* The offset at `seconds` by a yearly rule; `local`: they are local seconds, else UTC. */
static int32_t rule_offset(const sqi_zone_rule *rule, int64_t seconds, bool local)
{
    sqi_civil c;
    int64_t day = sqi_time_floor_div(local ? seconds : seconds + rule->standard, 86400);
    sqi_time_civil_date((int32_t)day, &c);
    int32_t offset = 0;
    for (int64_t year = (int64_t)c.year - 1; year <= (int64_t)c.year + 1; year++) {
        sqi_zone_year y;
        sqi_zone_rule_year(rule, year, &y);
        for (int i = 0; i < 2; i++) {
            int32_t later = y.before[i] > y.after[i] ? y.before[i] : y.after[i];
            if (seconds >= y.utc[i] + (local ? later : 0))
                offset = y.after[i];
        }
    }
    return offset;
}

/* The last transition at or before `seconds`, counted as `at` counts (utc or local instants); at[0] <= seconds. */
static uint32_t find(const sqi_zone *z, const int64_t *at, int64_t seconds)
{
    uint32_t low = 0, high = z->n; /* at[low] <= seconds < at[high] */
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (at[mid] <= seconds)
            low = mid;
        else
            high = mid;
    }
    return low;
}

static int32_t offset_at(const sqi_zone *z, const int64_t *at, int64_t seconds)
{
    if (!z->n || seconds < at[0])
        return z->first;
    if (seconds >= at[z->n - 1])
        return z->has_rule ? rule_offset(&z->rule, seconds, at == z->local) : z->offset[z->n - 1];
    return z->offset[find(z, at, seconds)];
}

sqi_span sqi_zone_abbreviation(const sqi_zone *z, int64_t seconds_utc)
{
    const char *name;
    if (!z->abbreviation)
        return z->name;
    if (!z->n || seconds_utc < z->utc[0])
        name = z->abbreviation[0];
    else if (z->has_rule && seconds_utc >= z->utc[z->n - 1])
        name = offset_at(z, z->utc, seconds_utc) == z->rule.summer ? z->rule.summer_name : z->rule.standard_name;
    else
        name = z->abbreviation[find(z, z->utc, seconds_utc) + 1];
    return sqi_span_of(name);
}

/* Sums saturate: the last microseconds of the range have no other answer. */
static int64_t add(int64_t micros, int64_t seconds)
{
    int64_t sum;
    if (__builtin_add_overflow(micros, seconds * SQI_MICROS_PER_SECOND, &sum))
        return micros < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}

int64_t sqi_zone_to_local(const sqi_zone *z, int64_t micros_utc)
{
    if (!z->n)
        return z->first ? add(micros_utc, z->first) : micros_utc;
    return add(micros_utc, offset_at(z, z->utc, sqi_time_floor_div(micros_utc, SQI_MICROS_PER_SECOND)));
}

int32_t sqi_zone_local_offset(const sqi_zone *z, int64_t seconds_local)
{
    return offset_at(z, z->local, seconds_local);
}

int64_t sqi_zone_to_utc(const sqi_zone *z, int64_t micros_local)
{
    if (!z->n)
        return z->first ? add(micros_local, -(int64_t)z->first) : micros_local;
    return add(micros_local, -(int64_t)offset_at(z, z->local, sqi_time_floor_div(micros_local, SQI_MICROS_PER_SECOND)));
}

bool sqi_time_add(const sqi_zone *zone, int64_t micros, int64_t months, int64_t days, int64_t more, int64_t *out)
{
    int64_t local = zone ? sqi_zone_to_local(zone, micros) : micros, at = micros;
    if (months || days) {
        int64_t day = sqi_time_floor_div(local, SQI_MICROS_PER_DAY),
                rest = sqi_time_floor_mod(local, SQI_MICROS_PER_DAY);
        int32_t date = (int32_t)day;
        if ((months && !sqi_time_add_months(date, months, &date)) || __builtin_add_overflow(date, days, &date) ||
            __builtin_mul_overflow((int64_t)date, SQI_MICROS_PER_DAY, &at) || __builtin_add_overflow(at, rest, &at))
            return false;
        if (zone && (zone->n || zone->first)) {
            int64_t same = at - (local - micros); /* the offset stays if it is one of the new local time's */
            at = sqi_zone_to_local(zone, same) == at ? same : sqi_zone_to_utc(zone, at);
        }
    }
    return !__builtin_add_overflow(at, more, out);
}
