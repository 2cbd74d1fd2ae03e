/*
 * func_time_parts: the fields of dates, times and intervals: year(d), hour(t), extract(FIELD FROM x), date_part.
 * extract and date_part are rewritten into the row of the field when they are bound; the rows of interval fields are
 * internal, they have no other name.
 */
#include "expr_bind.h"
#include "func_str.h"
#include "func_time.h"

/* ---- dates ---------------------------------------------------------------------------------------------------- */

static int iso_weekday(int32_t day)
{
    return (int)((((int64_t)day + 3) % 7 + 7) % 7);
} /* 0: Monday */

/* The year that an ISO week belongs to is that of its Thursday. */
static void iso_week(int32_t day, int32_t *year, int32_t *week)
{
    sqi_civil c;
    int32_t thursday = (int32_t)((uint32_t)day + 3u - (uint32_t)iso_weekday(day));
    sqi_time_civil_date(thursday, &c);
    *year = c.year;
    *week = (thursday - sqi_time_days(c.year, 1, 1)) / 7 + 1;
}

typedef enum date_field {
    FIELD_YEAR,
    FIELD_YEAR_OF_WEEK,
    FIELD_QUARTER,
    FIELD_MONTH,
    FIELD_WEEK,
    FIELD_DAY,
    FIELD_DAY_OF_YEAR,
    FIELD_DAY_OF_WEEK, /* 1: Sunday */
    FIELD_WEEKDAY,     /* 0: Monday */
    FIELD_DAY_OF_WEEK_ISO
} date_field;

static int32_t field_of(int32_t day, date_field field)
{
    sqi_civil c;
    int32_t year, week;
    switch (field) {
    case FIELD_WEEKDAY:
        return iso_weekday(day);
    case FIELD_DAY_OF_WEEK_ISO:
        return iso_weekday(day) + 1;
    case FIELD_DAY_OF_WEEK:
        return (iso_weekday(day) + 1) % 7 + 1;
    case FIELD_WEEK:
    case FIELD_YEAR_OF_WEEK:
        iso_week(day, &year, &week);
        return field == FIELD_WEEK ? week : year;
    default:
        break;
    }
    sqi_time_civil_date(day, &c);
    switch (field) {
    case FIELD_YEAR:
        return c.year;
    case FIELD_QUARTER:
        return (c.month + 2) / 3;
    case FIELD_MONTH:
        return c.month;
    case FIELD_DAY_OF_YEAR:
        return day - sqi_time_days(c.year, 1, 1) + 1;
    default:
        return c.day;
    }
}

#define DATE_PART(name, field)                                                                                       \
    static streamq_status name(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err) \
    {                                                                                                                \
        (void)call, (void)err;                                                                                       \
        for (SQI_EACH(rows, k, i))                                                                                   \
            SQI_OUT(out, int32_t)[i] = field_of(SQI_AT(arg, int32_t, i), field);                                     \
        return STREAMQ_OK;                                                                                           \
    }

DATE_PART(part_year, FIELD_YEAR)
DATE_PART(part_year_of_week, FIELD_YEAR_OF_WEEK)
DATE_PART(part_quarter, FIELD_QUARTER)
DATE_PART(part_month, FIELD_MONTH)
DATE_PART(part_week, FIELD_WEEK)
DATE_PART(part_day, FIELD_DAY)
DATE_PART(part_day_of_year, FIELD_DAY_OF_YEAR)
DATE_PART(part_day_of_week, FIELD_DAY_OF_WEEK)
DATE_PART(part_weekday, FIELD_WEEKDAY)
DATE_PART(part_day_of_week_iso, FIELD_DAY_OF_WEEK_ISO)

static streamq_status day_name(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    static const char names[] = "MonTueWedThuFriSatSun";
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, sqi_str)[i] = sqi_str_view(names + 3 * iso_weekday(SQI_AT(arg, int32_t, i)), 3);
    return STREAMQ_OK;
}

static streamq_status month_name(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, sqi_str)[i] = sqi_str_view(names + 3 * (field_of(SQI_AT(arg, int32_t, i), FIELD_MONTH) - 1), 3);
    return STREAMQ_OK;
}

/* ---- times ---------------------------------------------------------------------------------------------------- */

static streamq_status resolve_time_part(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_time_resolve_stamp(b, node, 0, err));
    node->type = &sqi_type_int;
    return STREAMQ_OK;
}

/* Microseconds of the local day, in units. */
static int64_t of_day(const sqi_call *call, const sqi_vec *v, uint32_t i, int64_t unit)
{
    return sqi_time_floor_mod(sqi_time_local_at(call, v, i), SQI_MICROS_PER_DAY) / unit;
}

static streamq_status part_hour(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int32_t)[i] = (int32_t)of_day(call, arg, i, sqi_unit_micros[SQI_UNIT_HOUR]);
    return STREAMQ_OK;
}

static streamq_status part_minute(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int32_t)[i] = (int32_t)(of_day(call, arg, i, sqi_unit_micros[SQI_UNIT_MINUTE]) % 60);
    return STREAMQ_OK;
}

static streamq_status part_second(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int32_t)[i] = (int32_t)(of_day(call, arg, i, SQI_MICROS_PER_SECOND) % 60);
    return STREAMQ_OK;
}

static streamq_status set_seconds_type(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    node->type = sqi_type_decimal(b->eval->pool, 8, 6);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status resolve_seconds(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_time_resolve_stamp(b, node, 0, err));
    return set_seconds_type(b, node, err);
}

static streamq_status part_seconds(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, sqi_int128)[i] = of_day(call, arg, i, 1) % 60000000;
    return STREAMQ_OK;
}

/* ---- intervals ------------------------------------------------------------------------------------------------ */

static int32_t months_at(const sqi_vec *v, uint32_t i)
{
    return v->type->id == SQI_INTERVAL ? SQI_AT(v, sqi_interval, i).months : SQI_AT(v, int32_t, i);
}

static int64_t micros_at(const sqi_vec *v, uint32_t i)
{
    return v->type->id == SQI_INTERVAL ? SQI_AT(v, sqi_interval, i).micros : SQI_AT(v, int64_t, i);
}

static streamq_status resolve_int(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    (void)b, (void)err;
    node->type = &sqi_type_int;
    return STREAMQ_OK;
}

static streamq_status resolve_tinyint(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    (void)b, (void)err;
    node->type = &sqi_type_tinyint;
    return STREAMQ_OK;
}

#define INTERVAL_PART(name, ctype, value)                                                                            \
    static streamq_status name(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err) \
    {                                                                                                                \
        (void)call, (void)err;                                                                                       \
        for (SQI_EACH(rows, k, i))                                                                                   \
            SQI_OUT(out, ctype)[i] = (ctype)(value);                                                                 \
        return STREAMQ_OK;                                                                                           \
    }

INTERVAL_PART(interval_years, int32_t, months_at(arg, i) / 12)
INTERVAL_PART(interval_months, int8_t, months_at(arg, i) % 12)
INTERVAL_PART(interval_days, int32_t,
              arg->type->id == SQI_INTERVAL ? SQI_AT(arg, sqi_interval, i).days
                                            : micros_at(arg, i) / SQI_MICROS_PER_DAY)
INTERVAL_PART(interval_hours, int8_t, micros_at(arg, i) % SQI_MICROS_PER_DAY / sqi_unit_micros[SQI_UNIT_HOUR])
INTERVAL_PART(interval_minutes, int8_t, micros_at(arg, i) % INT64_C(3600000000) / 60000000)
INTERVAL_PART(interval_seconds, sqi_int128, micros_at(arg, i) % 60000000)

/* ---- extract -------------------------------------------------------------------------------------------------- */

/* A field's words, the row for dates and times, and for intervals the row and the field it must have. */
static const struct {
    const char *words; /* separated by blanks */
    const char *row, *interval_row;
    int field;
} fields[] = {
    {"YEAR Y YEARS YR YRS", "year", "interval_years", SQI_YEAR},
    {"YEAROFWEEK", "yearofweek", NULL, 0},
    {"QUARTER QTR", "quarter", NULL, 0},
    {"MONTH MON MONS MONTHS", "month", "interval_months", SQI_MONTH},
    {"WEEK W WEEKS", "weekofyear", NULL, 0},
    {"DAY D DAYS", "day", "interval_days", SQI_DAY},
    {"DAYOFWEEK DOW", "dayofweek", NULL, 0},
    {"DAYOFWEEK_ISO DOW_ISO", "dayofweek_iso", NULL, 0},
    {"DOY", "dayofyear", NULL, 0},
    {"HOUR H HOURS HR HRS", "hour", "interval_hours", SQI_HOUR},
    {"MINUTE M MIN MINS MINUTES", "minute", "interval_minutes", SQI_MINUTE},
    {"SECOND S SEC SECONDS SECS", "seconds_with_fraction", "interval_seconds", SQI_SECOND},
};

static bool has_word(const char *words, sqi_span word)
{
    for (const char *p = words; *p;) {
        size_t n = strcspn(p, " ");
        if (sqi_span_equal_nocase((sqi_span){p, n}, word))
            return true;
        p += n + (p[n] == ' ');
    }
    return false;
}

/* The row that gives the field of such a value; NULL: there is none. */
static const char *row_for(sqi_span word, const sqi_type *source)
{
    bool interval = source->id == SQI_INTERVAL_YM || source->id == SQI_INTERVAL_DT || source->id == SQI_INTERVAL;
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        if (!has_word(fields[f].words, word))
            continue;
        if (!interval)
            return fields[f].row;
        if (source->id != SQI_INTERVAL && (fields[f].field < source->precision || fields[f].field > source->scale))
            return NULL;
        return fields[f].interval_row;
    }
    return NULL;
}

static streamq_status make_null(sqi_binder *b, sqi_bound *node, const sqi_type *type, streamq_error **err)
{
    const sqi_bound *null = sqi_bound_null(b->arena, type);
    if (!null)
        return sqi_error_nomem(err);
    const sqi_ast *ast = node->ast;
    *node = *null;
    node->ast = ast;
    return STREAMQ_OK;
}

static streamq_status resolve_extract(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_vec *field = NULL;
    const sqi_type *source = node->arg[1]->type;
    if (node->arg[0]->type->id == SQI_STRING || node->arg[0]->type->id == SQI_VOID)
        SQI_TRY(sqi_bind_constant(b, node->arg[0], &field, err));
    if (!field)
        return sqi_bind_type_error(b, node, SQI_COND_NON_FOLDABLE_ARGUMENT, err,
                                   "the field must be a constant text such as 'YEAR'");
    if (!sqi_vec_valid(field, 0))
        return make_null(b, node, &sqi_type_double, err);
    sqi_span word = SQI_SPAN_AT(field, 0);
    const char *row = row_for(word, source);
    if (!row) {
        char label[128];
        return sqi_error_set(err, SQI_COND_INVALID_EXTRACT_FIELD, "%s has no field '%.*s' to extract",
                             sqi_type_label(source, label), word.len > 40 ? 40 : (int)word.len, word.ptr);
    }
    sqi_bound *call;
    const sqi_ast *ast = node->ast;
    SQI_TRY(sqi_bind_call(b, row, &node->arg[1], 1, ast, &call, err));
    *node = *call;
    return STREAMQ_OK;
}

#define DATE_ROW(row, kern, line)                                                               \
    {                                                                                           \
        .name = row, .min_args = 1, .max_args = 1, .types = "D>i", .kernel = kern, .text = line \
    }
#define TIME_ROW(row, kern, line)                                                                             \
    {                                                                                                         \
        .name = row, .min_args = 1, .max_args = 1, .resolve = resolve_time_part, .kernel = kern, .text = line \
    }
#define INTERVAL_ROW(row, res, kern, line)                                                                     \
    {                                                                                                          \
        .name = row, .min_args = 1, .max_args = 1, .flags = SQI_FUNC_INTERNAL, .resolve = res, .kernel = kern, \
        .text = line                                                                                           \
    }
#define EXTRACT_ROW(row, line)                                                              \
    {                                                                                       \
        .name = row, .min_args = 2, .max_args = 2, .resolve = resolve_extract, .text = line \
    }

const sqi_func sqi_func_time_parts[] = {
    DATE_ROW("year", part_year, "The year."),
    DATE_ROW("quarter", part_quarter, "The quarter of the year, 1 to 4."),
    DATE_ROW("month", part_month, "The month, 1 to 12."),
    DATE_ROW("day", part_day, "The day of the month."),
    DATE_ROW("dayofmonth", part_day, "The day of the month."),
    DATE_ROW("dayofyear", part_day_of_year, "The day of the year, from 1."),
    DATE_ROW("dayofweek", part_day_of_week, "The day of the week, 1 (Sunday) to 7."),
    DATE_ROW("weekday", part_weekday, "The day of the week, 0 (Monday) to 6."),
    DATE_ROW("weekofyear", part_week,
             "The ISO week of the year: weeks start on Monday, week 1 has the first Thursday."),
    {.name = "dayname", .min_args = 1, .max_args = 1, .types = "D>s", .kernel = day_name, .text = "Mon to Sun."},
    {.name = "monthname", .min_args = 1, .max_args = 1, .types = "D>s", .kernel = month_name, .text = "Jan to Dec."},
    TIME_ROW("hour", part_hour, "The hour of the local time, 0 to 23."),
    TIME_ROW("minute", part_minute, "The minute, 0 to 59."),
    TIME_ROW("second", part_second, "The second, 0 to 59."),
    EXTRACT_ROW("extract", "A field of a date, time or interval: extract(YEAR FROM d)."),
    EXTRACT_ROW("date_part", "A field of a date, time or interval: date_part('YEAR', d)."),
    EXTRACT_ROW("datepart", "A field of a date, time or interval: datepart('YEAR', d)."),
    {.name = "yearofweek",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_INTERNAL,
     .types = "D>i",
     .kernel = part_year_of_week,
     .text = "The year of the ISO week."},
    {.name = "dayofweek_iso",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_INTERNAL,
     .types = "D>i",
     .kernel = part_day_of_week_iso,
     .text = "The day of the week, 1 (Monday) to 7."},
    INTERVAL_ROW("seconds_with_fraction", resolve_seconds, part_seconds, "Seconds of a time with their fraction."),
    INTERVAL_ROW("interval_years", resolve_int, interval_years, "Years of an interval."),
    INTERVAL_ROW("interval_months", resolve_tinyint, interval_months, "Months of an interval."),
    INTERVAL_ROW("interval_days", resolve_int, interval_days, "Days of an interval."),
    INTERVAL_ROW("interval_hours", resolve_tinyint, interval_hours, "Hours of an interval."),
    INTERVAL_ROW("interval_minutes", resolve_tinyint, interval_minutes, "Minutes of an interval."),
    INTERVAL_ROW("interval_seconds", set_seconds_type, interval_seconds, "Seconds of an interval."),
    {0}};
