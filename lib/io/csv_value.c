/*
 * csv_value: see the header. Each type has a loop of its own over the rows of a column; what such a loop cannot read at
 * once (a number with an exponent, a time with a zone) goes to the readers of the data room.
 */
#include "csv_value.h"

#include "csv_short.h"
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
    v->plain_words = !sqi_csv_short_number(o->nan, &number) && !sqi_csv_short_number(o->positive_inf, &number) &&
                     !sqi_csv_short_number(o->negative_inf, &number);
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
    if (text.len == 10 && sqi_csv_short_day(text.ptr, &day)) {
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
    if (sqi_csv_short_moment(text, &seconds, &micros)) {
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
    if (!sqi_csv_short_moment(text, &seconds, &micros))
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

#define READ_INT(ctype, low, high)                                                        \
    {                                                                                     \
        int64_t x = 0;                                                                    \
        READ_EACH((sqi_csv_short_int(v, t, &x) || sqi_csv_value_int(t, low, high, &x)) && \
                  (SQI_OUT(out, ctype)[i] = (ctype)x, true));                             \
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
        READ_EACH((v->plain_words && (sqi_csv_short_double(v, t, &SQI_OUT(out, double)[i]) ||
                                      sqi_csv_short_number(t, &SQI_OUT(out, double)[i]))) ||
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
