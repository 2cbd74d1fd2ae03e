/*
 * csv_value: see the header. Each type has a loop of its own over the rows of a column; what such a loop cannot read at
 * once (a number with an exponent, a time with a zone) goes to the readers of the data room.
 */
#include "csv_value.h"

#include "data_number.h"
#include "data_numeral.h"
#include "data_view.h"
#include "data_zone.h"

enum { SHORT = 128 };

/* Compared without regard to case; `word` is lower case. */
static bool is_word(sqi_span s, const char *word)
{
    return sqi_span_equal_nocase(s, sqi_span_of(word));
}

static bool has_zone_letter(sqi_span pattern)
{
    bool quoted = false, found = false;
    for (size_t i = 0; i < pattern.len; i++) {
        quoted ^= pattern.ptr[i] == '\'';
        found = found || (!quoted && memchr("VzOXxZ", pattern.ptr[i], 6));
    }
    return found;
}

static streamq_status compile(sqi_span text, const sqi_pattern **to, sqi_arena *arena, streamq_error **err)
{
    return text.ptr ? sqi_pattern_compile(text, true, arena, to, err) : STREAMQ_OK;
}

/* May 16 bytes from the begin of a value be read? */
static inline bool readable(const sqi_csv_values *v, const char *p)
{
    uintptr_t at = (uintptr_t)p - (uintptr_t)v->block.ptr;
    return at < v->block.len && v->block.len - at >= 16;
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
enum { AT_ONCE = 8 };
/* len <= 8 digits as a number; 8 bytes are read. The digits' bytes are moved behind as many '0' as are missing, then
   neighbours are joined: bytes to pairs, pairs to fours, fours to the eight. */
static inline bool read_eight(const char *p, size_t len, uint64_t *to)
{
    const uint64_t zeros = UINT64_C(0x3030303030303030), fours = UINT64_C(0x000000FF000000FF);
    uint64_t x;
    memcpy(&x, p, sizeof x);
    x = (x << (32 - 4 * len) << (32 - 4 * len)) | (zeros >> 4 * len >> 4 * len);
    uint64_t high = UINT64_C(0xF0F0F0F0F0F0F0F0), over = x + UINT64_C(0x0606060606060606);
    bool digits = ((x & high) | (over & high) >> 4) == UINT64_C(0x3333333333333333);
    x -= zeros;
    x = x * 10 + (x >> 8);
    *to = ((x & fours) * UINT64_C(0x000F424000000064) + (x >> 16 & fours) * UINT64_C(0x0000271000000001)) >> 32;
    return digits;
}

/* Where in 8 bytes the first point is; 8: nowhere. */
static inline size_t find_point(const char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    x ^= UINT64_C(0x2E2E2E2E2E2E2E2E);
    x = (x - UINT64_C(0x0101010101010101)) & ~x & UINT64_C(0x8080808080808080);
    return x ? (size_t)__builtin_ctzll(x) / 8 : 8;
}
#else
enum { AT_ONCE = 0 };
static inline bool read_eight(const char *p, size_t len, uint64_t *to)
{
    (void)p;
    (void)len;
    *to = 0;
    return false;
}
static inline size_t find_point(const char *p)
{
    (void)p;
    return 0;
}
#endif

/* [-]digits of 8 digits or less. False: another form. */
static inline bool read_short_int(const sqi_csv_values *v, sqi_span t, int64_t *to)
{
    bool negative = *t.ptr == '-';
    size_t len = t.len - negative;
    uint64_t sum;
    if (len - 1 >= AT_ONCE || !readable(v, t.ptr) || !read_eight(t.ptr + negative, len, &sum))
        return false;
    *to = negative ? -(int64_t)sum : (int64_t)sum;
    return true;
}

static const uint64_t whole_powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/* [-]digits.digits with at most 7 digits on either side: 15 digits or less, so one division, which is exact. */
static inline bool read_point_double(const sqi_csv_values *v, sqi_span t, double *to)
{
    bool negative = *t.ptr == '-';
    size_t len = t.len - negative;
    uint64_t whole, part;
    if (len - 1 >= 15 || !AT_ONCE || !readable(v, t.ptr))
        return false;
    const char *p = t.ptr + negative;
    size_t point = find_point(p), rest = len - point - 1;
    if (point - 1 >= 7 || rest - 1 >= 7 || !readable(v, p + point + 1) || !read_eight(p, point, &whole) ||
        !read_eight(p + point + 1, rest, &part))
        return false;
    double d = (double)(whole * whole_powers[rest] + part) / powers[rest];
    *to = negative ? -d : d;
    return true;
}

/* [-]digits[.digits] of 15 digits or less: one division, which is exact. False: another form. */
static inline bool read_short_double(sqi_span text, double *to)
{
    const char *p = text.ptr, *end = p + text.len;
    bool negative = text.len && *p == '-';
    uint64_t sum = 0;
    p += negative;
    if (end - p > 16 || p == end)
        return false;
    const char *point = end, *first = p;
    for (; p < end; p++) {
        unsigned digit = (unsigned char)*p - '0';
        if (digit <= 9) {
            sum = sum * 10 + digit;
        } else {
            if (*p != '.' || point != end || end - first == 1)
                return false;
            point = p;
        }
    }
    size_t digits = (size_t)(end - first) - (point != end), scale = point == end ? 0 : (size_t)(end - point) - 1;
    if (digits > 15)
        return false;
    *to = (double)sum / powers[scale];
    *to = negative ? -*to : *to;
    return true;
}

streamq_status sqi_csv_values_init(sqi_csv_values *v, const sqi_csv_options *o, sqi_zones *zones, sqi_arena *arena,
                                   streamq_error **err)
{
    *v = (sqi_csv_values){.o = o, .zones = zones, .clock = {.hour = INT64_MIN}};
    v->date_fallback = o->fallback_given ? o->fallback : !o->date_format.ptr;
    v->timestamp_fallback = o->fallback_given ? o->fallback : !o->timestamp_format.ptr;
    sqi_span date = o->date_format;
    if (!date.ptr && o->prefer_date && !v->date_fallback)
        date = SQI_SPAN("yyyy-MM-dd");
    SQI_TRY(compile(date, &v->date, arena, err));
    SQI_TRY(compile(o->timestamp_format, &v->timestamp, arena, err));
    double number;
    v->plain_words = !read_short_double(o->nan, &number) && !read_short_double(o->positive_inf, &number) &&
                     !read_short_double(o->negative_inf, &number);
    v->ntz_zone = o->ntz_format.ptr && has_zone_letter(o->ntz_format);
    return compile(o->ntz_format, &v->ntz, arena, err);
}

bool sqi_csv_value_type(const sqi_type *type)
{
    return type->id != SQI_VOID && type->id != SQI_INTERVAL && !sqi_type_is_nested(type);
}

/* ------------------------------------------------------------------------------------------------------------ numbers */

/* Java reads digits alone, without white space around them. */
bool sqi_csv_value_int(sqi_span text, int64_t min, int64_t max, int64_t *to)
{
    const char *p = text.ptr, *end = p + text.len;
    bool overflow, negative = text.len && *p == '-';
    uint64_t sum = 0;
    p += negative || (text.len && *p == '+');
    if (p == end)
        return false;
    if (end - p > 18)
        return (unsigned char)*p > ' ' && end[-1] >= '0' && end[-1] <= '9' && *p != '-' && *p != '+' &&
               sqi_number_read_int(text, min, max, to, &overflow);
    for (; p < end; p++) {
        unsigned digit = (unsigned char)*p - '0';
        if (digit > 9)
            return false;
        sum = sum * 10 + digit;
    }
    *to = negative ? -(int64_t)sum : (int64_t)sum;
    return *to >= min && *to <= max;
}

/* What Double.parseDouble takes: not the words of CAST, nor in any case. */
static bool java_real(sqi_span *text)
{
    while (text->len && (unsigned char)text->ptr[0] <= ' ') {
        text->ptr++;
        text->len--;
    }
    while (text->len && (unsigned char)text->ptr[text->len - 1] <= ' ')
        text->len--;
    if (!text->len || text->ptr[0] == 0x7f || text->ptr[text->len - 1] == 0x7f)
        return false;
    sqi_span word = *text;
    if (word.ptr[0] == '-' || word.ptr[0] == '+') {
        word.ptr++;
        word.len--;
    }
    if (!word.len || ((unsigned char)word.ptr[0] | 0x20) < 'a' || ((unsigned char)word.ptr[0] | 0x20) > 'z')
        return true;
    return sqi_span_equal(word, SQI_SPAN("NaN")) || sqi_span_equal(word, SQI_SPAN("Infinity"));
}

/* The words of the options. */
static bool special(const sqi_csv_options *o, sqi_span text, double *to)
{
    if (sqi_span_equal(text, o->nan))
        *to = __builtin_nan("");
    else if (sqi_span_equal(text, o->negative_inf))
        *to = -__builtin_inf();
    else if (sqi_span_equal(text, o->positive_inf))
        *to = __builtin_inf();
    else
        return false;
    return true;
}

static bool is_nan_text(sqi_span text)
{
    return text.len >= 3 && text.ptr[text.len - 1] == 'N';
}

bool sqi_csv_value_double(const sqi_csv_options *o, sqi_span text, double *to)
{
    if (special(o, text, to))
        return true;
    if (!java_real(&text))
        return false;
    if (is_nan_text(text)) {
        *to = __builtin_nan("");
        return true;
    }
    return sqi_number_read_double(text, to);
}

static bool read_float(const sqi_csv_options *o, sqi_span text, float *to)
{
    double d;
    if (special(o, text, &d)) {
        *to = (float)d;
        return true;
    }
    if (!java_real(&text))
        return false;
    if (is_nan_text(text)) {
        *to = __builtin_nanf("");
        return true;
    }
    return sqi_number_read_float(text, to);
}

bool sqi_csv_value_boolean(sqi_span text, bool *to)
{
    *to = is_word(text, "true");
    return *to || is_word(text, "false");
}

/* Commas group digits, wherever they stand. */
static bool without_commas(sqi_span *text, char room[SHORT])
{
    size_t n = 0;
    if (!text->len || !memchr(text->ptr, ',', text->len))
        return text->len != 0;
    for (size_t i = 0; i < text->len; i++)
        if (text->ptr[i] != ',') {
            if (n == SHORT)
                return false;
            room[n++] = text->ptr[i];
        }
    *text = (sqi_span){room, n};
    return n != 0;
}

static bool bare(sqi_span text)
{
    unsigned char first = (unsigned char)text.ptr[0], last = (unsigned char)text.ptr[text.len - 1];
    return first > ' ' && first != 0x7f && last > ' ' && last != 0x7f;
}

/* 0e99999 is a zero like others. */
static bool is_zero(sqi_span text)
{
    sqi_numeral n;
    return sqi_numeral_scan(text, &n) && n.end == text.ptr + text.len && n.digits == n.digits_end;
}

static bool read_decimal(sqi_span text, const sqi_type *type, sqi_int128 *to)
{
    char room[SHORT];
    if (!without_commas(&text, room) || !bare(text))
        return false;
    *to = 0;
    return is_zero(text) || sqi_number_read_decimal_as(text, type->precision, type->scale, to) == SQI_DECIMAL_READ_OK;
}

bool sqi_csv_value_decimal(sqi_span text, int64_t *precision, int64_t *scale)
{
    sqi_numeral n;
    if (!sqi_numeral_scan(text, &n) || n.end != text.ptr + text.len)
        return false;
    int64_t digits = n.digits_end - n.digits;
    digits -= digits && memchr(n.digits, '.', (size_t)digits);
    *precision = digits ? digits : 1;
    *scale = n.scale;
    return *scale >= INT32_MIN && *scale <= INT32_MAX;
}

/* -------------------------------------------------------------------------------------------------- dates and times */

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* 8 bytes of a form: in pairs[k] the two digits that stand at k and k + 1. `form` has '0' for a digit, other characters
   stand for themselves. */
static inline bool read_form(const char *p, const char form[8], uint64_t *pairs)
{
    uint64_t x, want, most = 0;
    memcpy(&x, p, sizeof x);
    memcpy(&want, form, sizeof want);
    for (int k = 0; k < 8; k++)
        most |= (uint64_t)(form[k] == '0' ? 0x76 : 0x7F) << 8 * k; /* what may be added to a byte that is right */
    x ^= want;
    *pairs = x * 10 + (x >> 8);
    return ((x | (x + most)) & UINT64_C(0x8080808080808080)) == 0;
}

static inline unsigned pair(uint64_t pairs, int k)
{
    return (unsigned)(pairs >> 8 * k & 0xFF);
}
#else
static inline bool read_form(const char *p, const char form[8], uint64_t *pairs)
{
    bool right = true;
    *pairs = 0;
    for (int k = 0; k < 8; k++)
        right = right && (form[k] == '0' ? p[k] >= '0' && p[k] <= '9' : p[k] == form[k]);
    for (int k = 0; right && k < 7; k++)
        if (form[k] == '0' && form[k + 1] == '0')
            *pairs |= (uint64_t)((p[k] - '0') * 10 + p[k + 1] - '0') << 8 * k;
    return right;
}

static inline unsigned pair(uint64_t pairs, int k)
{
    return (unsigned)(pairs >> 8 * k & 0xFF);
}
#endif

/* yyyy-mm-dd of ten bytes: the day. */
static inline bool read_day(const char *p, int64_t *day)
{
    static const uint16_t before[] = {0, 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275};
    static const uint8_t longest[] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    uint64_t pairs;
    unsigned d1 = (unsigned char)p[8] - (unsigned)'0', d2 = (unsigned char)p[9] - (unsigned)'0', d = d1 * 10 + d2;
    if (!read_form(p, "0000-00-", &pairs) || d1 > 3 || d2 > 9)
        return false;
    unsigned y = pair(pairs, 0) * 100 + pair(pairs, 2), m = pair(pairs, 5);
    if (m > 12 || d - 1 >= longest[m] || (m == 2 && d == 29 && (y % 4 || (y % 100 == 0 && y % 400))))
        return false;
    unsigned year = y + 399u + (m > 2), century = year / 100; /* counted from a March, 400 years earlier */
    *day = (int64_t)(year * 365 + year / 4 - century + century / 4 + before[m] + d - 1) - 719468 - 146097;
    return true;
}

/* hh:mm:ss of eight bytes. */
static inline bool read_clock(const char *p, int64_t *seconds)
{
    uint64_t pairs;
    bool form = read_form(p, "00:00:00", &pairs);
    unsigned h = pair(pairs, 0), m = pair(pairs, 3), s = pair(pairs, 6);
    *seconds = h * 3600 + m * 60 + s;
    return form && h < 24 && m < 60 && s < 60;
}

/* Local microseconds of "yyyy-mm-dd hh:mm:ss[.ffffff]". False: another form. */
static inline bool read_moment(sqi_span text, int64_t *seconds, int64_t *micros)
{
    int64_t day, clock;
    if (text.len < 19 || text.len == 20 || text.len > 26 || (text.ptr[10] != ' ' && text.ptr[10] != 'T'))
        return false;
    if (!read_clock(text.ptr + 11, &clock) || !read_day(text.ptr, &day))
        return false;
    *seconds = day * 86400 + clock;
    *micros = 0;
    if (text.len == 19)
        return true;
    static const int32_t unit[] = {100000, 10000, 1000, 100, 10, 1};
    int64_t fraction = 0;
    for (size_t i = 20; i < text.len; i++) {
        unsigned digit = (unsigned char)text.ptr[i] - '0';
        if (digit > 9)
            return false;
        fraction += (int64_t)digit * unit[i - 20];
    }
    *micros = fraction;
    return text.ptr[19] == '.';
}

/* The zone's offset at a local time. Zones change theirs at most once in an hour, so one that is the same at both ends of
   the hour is that of the hour. */
static int64_t offset_at(sqi_csv_values *v, int64_t seconds)
{
    const sqi_zone *zone = v->o->zone;
    if (!zone->n && !zone->has_rule)
        return zone->first;
    int64_t hour = sqi_time_floor_div(seconds, 3600);
    if (v->clock.hour == hour)
        return v->clock.offset;
    int64_t offset = sqi_zone_local_offset(zone, hour * 3600);
    if (sqi_zone_local_offset(zone, hour * 3600 + 3599) != offset)
        return sqi_zone_local_offset(zone, seconds);
    v->clock = (sqi_csv_clock){hour, offset};
    return offset;
}

/* Old writers put GMT in front of offsets: Spark tries again without it. */
static bool without_gmt(sqi_span *text, char room[SHORT])
{
    size_t n = 0, i = 0;
    if (text->len < 3 || text->len > SHORT || !memmem(text->ptr, text->len, "GMT", 3))
        return false;
    while (i < text->len)
        if (text->len - i >= 3 && memcmp(text->ptr + i, "GMT", 3) == 0)
            i += 3;
        else
            room[n++] = text->ptr[i++];
    *text = (sqi_span){room, n};
    return true;
}

static bool read_date(sqi_csv_values *v, sqi_span text, int32_t *to)
{
    char room[SHORT];
    int64_t day, micros;
    if (v->date) {
        if (sqi_pattern_read(v->date, text, sqi_zone_utc(), v->zones, true, &micros)) {
            *to = (int32_t)sqi_time_floor_div(micros, SQI_MICROS_PER_DAY);
            return true;
        }
        without_gmt(&text, room);
        return v->date_fallback && sqi_time_date_read(text, to);
    }
    if (text.len == 10 && read_day(text.ptr, &day)) {
        *to = (int32_t)day;
        return true;
    }
    return sqi_time_date_read(text, to) ||
           (v->date_fallback && without_gmt(&text, room) && sqi_time_date_read(text, to));
}

static bool read_timestamp(sqi_csv_values *v, sqi_span text, int64_t *to)
{
    char room[SHORT];
    int64_t seconds, micros;
    const sqi_zone *zone = v->o->zone;
    if (v->timestamp) {
        if (sqi_pattern_read(v->timestamp, text, zone, v->zones, false, to))
            return true;
        without_gmt(&text, room);
        return v->timestamp_fallback && sqi_time_timestamp_read(text, zone, v->zones, v->now, to);
    }
    if (read_moment(text, &seconds, &micros)) {
        *to = (seconds - offset_at(v, seconds)) * SQI_MICROS_PER_SECOND + micros;
        return true;
    }
    return sqi_time_timestamp_read(text, zone, v->zones, v->now, to) ||
           (v->timestamp_fallback && without_gmt(&text, room) &&
            sqi_time_timestamp_read(text, zone, v->zones, v->now, to));
}

/* A zone in the text is refused: the moment would then be the same wherever the clock stands. */
static bool names_zone(const sqi_csv_values *v, sqi_span text)
{
    static const sqi_zone east = {.first = 3600};
    int64_t here, there;
    return sqi_pattern_read(v->ntz, text, sqi_zone_utc(), v->zones, false, &here) &&
           sqi_pattern_read(v->ntz, text, &east, v->zones, false, &there) && here == there;
}

static bool read_ntz(const sqi_csv_values *v, sqi_span text, int64_t *to)
{
    int64_t seconds, micros;
    if (v->ntz)
        return sqi_pattern_read(v->ntz, text, sqi_zone_utc(), v->zones, true, to) &&
               !(v->ntz_zone && names_zone(v, text));
    if (!read_moment(text, &seconds, &micros))
        return sqi_time_timestamp_ntz_read(text, false, v->zones, to);
    *to = seconds * SQI_MICROS_PER_SECOND + micros;
    return true;
}

static bool read_interval(sqi_span text, const sqi_type *type, void *to)
{
    int64_t value;
    if (sqi_time_interval_read(text, type, &value) != SQI_INTERVAL_READ_OK)
        return false;
    if (type->id == SQI_INTERVAL_YM)
        *(int32_t *)to = (int32_t)value;
    else
        *(int64_t *)to = value;
    return true;
}

/* ------------------------------------------------------------------------------------------------------------ columns */

static void set_bad(sqi_vec *out, uint64_t *bad, uint32_t i)
{
    sqi_vec_set_null(out, i);
    bad[i >> 6] |= UINT64_C(1) << (i & 63);
}

/* `read` is a condition on `t`, the text of row i, that puts the value in its place. */
#define READ_EACH(read)                                \
    for (uint32_t i = 0; i < n; i++, text += stride) { \
        const sqi_span t = *text;                      \
        if (sqi_csv_null(o, t))                        \
            sqi_vec_set_null(out, i);                  \
        else if (!(read))                              \
            set_bad(out, bad, i);                      \
    }                                                  \
    break

#define READ_INT(ctype, low, high)                                                     \
    {                                                                                  \
        int64_t x = 0;                                                                 \
        READ_EACH((read_short_int(v, t, &x) || sqi_csv_value_int(t, low, high, &x)) && \
                  (SQI_OUT(out, ctype)[i] = (ctype)x, true));                          \
    }

static inline sqi_str view_of(const sqi_csv_values *v, sqi_span t)
{
    sqi_str s;
    if (t.ptr >= v->block.ptr && t.ptr < v->block.ptr + v->block.len &&
        (size_t)(v->block.ptr + v->block.len - t.ptr) >= SQI_VIEW_READS) {
        sqi_view_cut(t.ptr, t.len, &s);
        return s;
    }
    return sqi_str_view(t.ptr, (uint32_t)t.len);
}

/* Small types, which are rarely many. */
static bool read_other(sqi_csv_values *v, sqi_span t, sqi_vec *out, uint32_t i)
{
    int64_t x;
    bool b;
    switch (out->type->id) {
    case SQI_BOOLEAN:
        if (!sqi_csv_value_boolean(t, &b))
            return false;
        SQI_OUT(out, uint8_t)[i] = b;
        return true;
    case SQI_TINYINT:
        if (!sqi_csv_value_int(t, INT8_MIN, INT8_MAX, &x))
            return false;
        SQI_OUT(out, int8_t)[i] = (int8_t)x;
        return true;
    case SQI_SMALLINT:
        if (!sqi_csv_value_int(t, INT16_MIN, INT16_MAX, &x))
            return false;
        SQI_OUT(out, int16_t)[i] = (int16_t)x;
        return true;
    case SQI_FLOAT:
        return read_float(v->o, t, &SQI_OUT(out, float)[i]);
    case SQI_INTERVAL_YM:
        return read_interval(t, out->type, &SQI_OUT(out, int32_t)[i]);
    default:
        return read_interval(t, out->type, &SQI_OUT(out, int64_t)[i]);
    }
}

void sqi_csv_value_column(sqi_csv_values *v, const sqi_span *text, size_t stride, uint32_t n, sqi_vec *out,
                          uint64_t *bad)
{
    const sqi_csv_options *o = v->o;
    switch (out->type->id) {
    case SQI_INT:
        READ_INT(int32_t, INT32_MIN, INT32_MAX)
    case SQI_BIGINT:
        READ_INT(int64_t, INT64_MIN, INT64_MAX)
    case SQI_DOUBLE:
        READ_EACH((v->plain_words && (read_point_double(v, t, &SQI_OUT(out, double)[i]) ||
                                      read_short_double(t, &SQI_OUT(out, double)[i]))) ||
                  sqi_csv_value_double(o, t, &SQI_OUT(out, double)[i]));
    case SQI_DECIMAL:
        READ_EACH(read_decimal(t, out->type, &SQI_OUT(out, sqi_int128)[i]));
    case SQI_STRING:
    case SQI_BINARY:
        READ_EACH((SQI_OUT(out, sqi_str)[i] = view_of(v, t), true));
    case SQI_DATE:
        READ_EACH(read_date(v, t, &SQI_OUT(out, int32_t)[i]));
    case SQI_TIMESTAMP:
        READ_EACH(read_timestamp(v, t, &SQI_OUT(out, int64_t)[i]));
    case SQI_TIMESTAMP_NTZ:
        READ_EACH(read_ntz(v, t, &SQI_OUT(out, int64_t)[i]));
    default:
        READ_EACH(read_other(v, t, out, i));
    }
}
