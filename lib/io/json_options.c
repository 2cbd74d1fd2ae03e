/*
 * json_options: see the header.
 */
#include "json_options.h"

#include "io_format_options.h"
#include "json_read.h"

#define TEXT SQI_OPTION_TEXT
#define BOOL SQI_OPTION_BOOL

const sqi_option_row sqi_json_read_option[SQI_JSON_READ_OPTIONS] = {
    {"allowBackslashEscapingAnyCharacter", BOOL, "false", 0, 0, false,
     "a backslash in front of any character means that character"},
    {"allowComments", BOOL, "false", 0, 0, false, "comments as in Java are white space"},
    {"allowNonNumericNumbers", BOOL, "true", 0, 0, false,
     "NaN, Infinity, +INF and the like are numbers, quoted or not"},
    {"allowNumericLeadingZeros", BOOL, "false", 0, 0, false, "numbers may begin with zeros"},
    {"allowSingleQuotes", BOOL, "true", 0, 0, false, "names and strings may stand in single quotes"},
    {"allowUnquotedControlChars", BOOL, "false", 0, 0, false, "strings may hold control characters as they are"},
    {"allowUnquotedFieldNames", BOOL, "false", 0, 0, false, "names of fields may stand without quotes"},
    {"charset", TEXT, NULL, 0, 0, false, "another name for encoding"},
    {"columnNameOfCorruptRecord", TEXT, "_corrupt_record", 0, 0, false,
     "the column, if the schema has it, that gets the text of a record that could not be read"},
    {"dateFormat", TEXT, NULL, 0, 0, false, "pattern of dates; without one as CAST reads them"},
    {"dropFieldIfAllNull", BOOL, "false", 0, 0, false,
     "a schema that is found leaves out what is always null or empty"},
    {"enableDateTimeParsingFallback", BOOL, NULL, 0, 0, false,
     "times that do not fit the pattern are read as CAST reads them; true without a pattern"},
    {"encoding", TEXT, NULL, 0, 0, false,
     "UTF-8, UTF-16LE, UTF-16BE, ISO-8859-1, US-ASCII; with multiLine also UTF-16 and UTF-32; without it: as the bytes "
     "look"},
    {"inferTimestamp", BOOL, "false", 0, 0, false, "a schema that is found has timestamps where all strings are such"},
    {"lineSep", TEXT, NULL, 0, 0, false, "what ends a record; without it LF, CR and CR LF do"},
    {"locale", TEXT, "en-US", 0, 0, false, "only en-US"},
    {"mode", TEXT, "PERMISSIVE", 0, 0, false,
     "what becomes of records that cannot be read: PERMISSIVE (nulls), DROPMALFORMED or FAILFAST"},
    {"multiLine", BOOL, "false", 0, 0, false, "a file is one record, or one array of records"},
    {"prefersDecimal", BOOL, "false", 0, 0, false, "a schema that is found has decimals instead of doubles"},
    {"primitivesAsString", BOOL, "false", 0, 0, false, "a schema that is found has strings for numbers and booleans"},
    {"samplingRatio", TEXT, "1.0", 0, 0, false, "the share of the records that a schema is found by"},
    {"timeZone", TEXT, NULL, 0, 0, false, "of times without one; the session's without it"},
    {"timestampFormat", TEXT, NULL, 0, 0, false, "pattern of timestamps; without one as CAST reads them"},
    {"timestampNTZFormat", TEXT, NULL, 0, 0, false, "pattern of timestamps without a zone"},
};

const sqi_option_row sqi_json_write_option[SQI_JSON_WRITE_OPTIONS] = {
    {"charset", TEXT, NULL, 0, 0, false, "another name for encoding"},
    {"dateFormat", TEXT, "yyyy-MM-dd", 0, 0, false, "pattern of dates"},
    {"encoding", TEXT, "UTF-8", 0, 0, false, "UTF-8, UTF-16, UTF-16LE, UTF-16BE, UTF-32, ISO-8859-1 or US-ASCII"},
    {"ignoreNullFields", BOOL, "true", 0, 0, false, "fields that are null are left out"},
    {"lineSep", TEXT, "\n", 0, 0, false, "what ends a record"},
    {"locale", TEXT, "en-US", 0, 0, false, "only en-US"},
    {"pretty", BOOL, "false", 0, 0, false, "on several lines, for people"},
    {"sortKeys", BOOL, "false", 0, 0, false, "fields and keys in the order of their names"},
    {"timeZone", TEXT, NULL, 0, 0, false, "that timestamps are shown in; the session's without it"},
    {"timestampFormat", TEXT, "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXXXX]", 0, 0, false, "pattern of timestamps"},
    {"timestampNTZFormat", TEXT, "yyyy-MM-dd'T'HH:mm:ss[.SSS]", 0, 0, false, "pattern of timestamps without a zone"},
    {"writeNonAsciiCharacterAsCodePoint", BOOL, "false", 0, 0, false, "characters beyond ASCII as \\uXXXX"},
};

static streamq_status set_zone(sqi_json_settings *s, const sqi_format_options *t, const sqi_io_env *env,
                               streamq_error **err)
{
    if (!env)
        return STREAMQ_OK;
    s->zone = env->zone;
    s->zones = env->zones;
    return sqi_format_options_zone(t, env->zones, &s->zone, err);
}

static streamq_status set_pattern(sqi_json_settings *s, const sqi_format_options *t, const char *option, bool reading,
                                  const sqi_pattern **out, streamq_error **err)
{
    sqi_span v = sqi_format_options_text(t, option);
    return v.ptr ? sqi_pattern_compile(v, reading, &s->arena, out, err) : STREAMQ_OK;
}

static streamq_status set_patterns(sqi_json_settings *s, const sqi_format_options *t, bool reading, streamq_error **err)
{
    SQI_TRY(set_pattern(s, t, "dateFormat", reading, &s->date, err));
    SQI_TRY(set_pattern(s, t, "timestampFormat", reading, &s->timestamp, err));
    return set_pattern(s, t, "timestampNTZFormat", reading, &s->local, err);
}

static streamq_status set_charset(sqi_json_settings *s, const sqi_format_options *t, streamq_error **err)
{
    sqi_span name;
    s->charset = SQI_CHARSET_UTF8;
    s->has_charset = sqi_options_get(t->set, "encoding", &name) || sqi_options_get(t->set, "charset", &name);
    if (!s->has_charset || sqi_encode_charset(name, &s->charset))
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_INVALID_PARAMETER_VALUE__CHARSET,
                         "there is no encoding '%.*s'; there are UTF-8, UTF-16, UTF-16LE, UTF-16BE, UTF-32, ISO-8859-1 "
                         "and US-ASCII",
                         (int)(name.len < 64 ? name.len : 64), name.ptr);
}

static streamq_status set_line_end(sqi_json_settings *s, const sqi_format_options *t, bool reading, streamq_error **err)
{
    sqi_span v = sqi_format_options_text(t, "lineSep");
    if (!v.ptr)
        return STREAMQ_OK;
    if (!v.len)
        return sqi_format_options_refuse(t, "lineSep", v, "at least one character", err);
    sqi_buf b;
    sqi_buf_init(&b, s->arena.alloc, 0);
    bool ok = sqi_io_charset_put(reading ? s->charset : SQI_CHARSET_UTF8, v, &b);
    char *copy = ok ? sqi_arena_text(&s->arena, b.ptr, b.len) : NULL;
    s->line_end = (sqi_span){copy, b.len};
    sqi_buf_fini(&b);
    return copy ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status check_charset(const sqi_json_settings *s, const sqi_format_options *t, streamq_error **err)
{
    bool marked = s->charset == SQI_CHARSET_UTF16 || s->charset == SQI_CHARSET_UTF32;
    if (s->whole_file || !s->has_charset)
        return STREAMQ_OK;
    if (marked)
        return sqi_error_set(
            err, SQI_COND_INVALID_OPTION_VALUE,
            "option 'encoding' of format 'json': UTF-16 and UTF-32 have a mark where a file begins, so "
            "lines cannot be read one by one; use UTF-16LE or UTF-16BE, or set multiLine");
    if (s->charset != SQI_CHARSET_UTF8 && !sqi_format_options_text(t, "lineSep").ptr)
        return sqi_error_set(
            err, SQI_COND_INVALID_OPTION_VALUE,
            "option 'encoding' of format 'json': an encoding other than UTF-8 needs the option lineSep");
    return STREAMQ_OK;
}

static void set_allowed(sqi_json_settings *s, const sqi_format_options *t)
{
    static const struct {
        const char *name;
        uint32_t flag;
    } row[] = {{"allowComments", SQI_JSON_ALLOW_COMMENTS},
               {"allowUnquotedFieldNames", SQI_JSON_ALLOW_BARE_NAMES},
               {"allowSingleQuotes", SQI_JSON_ALLOW_APOSTROPHES},
               {"allowNumericLeadingZeros", SQI_JSON_ALLOW_LEADING_ZEROS},
               {"allowNonNumericNumbers", SQI_JSON_ALLOW_NON_NUMBERS},
               {"allowBackslashEscapingAnyCharacter", SQI_JSON_ALLOW_ANY_ESCAPE},
               {"allowUnquotedControlChars", SQI_JSON_ALLOW_CONTROLS}};
    for (size_t i = 0; i < sizeof row / sizeof *row; ++i)
        s->allow |= sqi_format_options_flag(t, row[i].name) ? row[i].flag : 0;
}

static void set_mode(sqi_json_settings *s, const sqi_format_options *t, const sqi_io_env *env)
{
    sqi_span v = sqi_format_options_text(t, "mode");
    s->mode = sqi_span_equal_nocase(v, SQI_SPAN("DROPMALFORMED")) ? SQI_JSON_DROP
              : sqi_span_equal_nocase(v, SQI_SPAN("FAILFAST"))    ? SQI_JSON_FAIL
                                                                  : SQI_JSON_PERMISSIVE;
    if (env && s->mode == SQI_JSON_PERMISSIVE && !sqi_span_equal_nocase(v, SQI_SPAN("PERMISSIVE")))
        sqi_log_write(&env->log, SQI_LOG_WARN,
                      "option 'mode' of format 'json': there is no mode '%.*s'; PERMISSIVE is used",
                      (int)(v.len < 64 ? v.len : 64), v.ptr);
}

streamq_status sqi_json_settings_read(sqi_json_settings *s, const sqi_options *o, const sqi_io_env *env,
                                      streamq_error **err)
{
    const sqi_format_options t = {"json", o, sqi_json_read_option, SQI_JSON_READ_OPTIONS};
    sqi_span v;
    *s = (sqi_json_settings){.corrupt = sqi_format_options_text(&t, "columnNameOfCorruptRecord")};
    sqi_arena_init(&s->arena, o->arena->alloc);
    set_allowed(s, &t);
    set_mode(s, &t, env);
    s->whole_file = sqi_format_options_flag(&t, "multiLine");
    s->all_strings = sqi_format_options_flag(&t, "primitivesAsString");
    s->prefers_decimal = sqi_format_options_flag(&t, "prefersDecimal");
    s->drop_null = sqi_format_options_flag(&t, "dropFieldIfAllNull");
    s->find_timestamps = sqi_format_options_flag(&t, "inferTimestamp");
    SQI_TRY(sqi_format_options_locale(&t, err));
    SQI_TRY(sqi_format_options_sampling(&t, &s->sampling, err));
    SQI_TRY(set_zone(s, &t, env, err));
    SQI_TRY(set_patterns(s, &t, true, err));
    bool said = sqi_options_get(o, "enableDateTimeParsingFallback", &v);
    s->lenient_date = said ? sqi_format_options_flag(&t, "enableDateTimeParsingFallback") : !s->date;
    s->lenient_timestamp = said ? s->lenient_date : !s->timestamp;
    SQI_TRY(set_charset(s, &t, err));
    SQI_TRY(set_line_end(s, &t, true, err));
    return check_charset(s, &t, err);
}

streamq_status sqi_json_settings_write(sqi_json_settings *s, const sqi_options *o, const sqi_io_env *env,
                                       streamq_error **err)
{
    const sqi_format_options t = {"json", o, sqi_json_write_option, SQI_JSON_WRITE_OPTIONS};
    *s = (sqi_json_settings){.keep_null = !sqi_format_options_flag(&t, "ignoreNullFields"),
                             .pretty = sqi_format_options_flag(&t, "pretty"),
                             .ascii = sqi_format_options_flag(&t, "writeNonAsciiCharacterAsCodePoint"),
                             .sort_names = sqi_format_options_flag(&t, "sortKeys")};
    sqi_arena_init(&s->arena, o->arena->alloc);
    SQI_TRY(sqi_format_options_locale(&t, err));
    SQI_TRY(set_zone(s, &t, env, err));
    SQI_TRY(set_patterns(s, &t, false, err));
    SQI_TRY(set_charset(s, &t, err));
    return set_line_end(s, &t, false, err);
}

void sqi_json_settings_fini(sqi_json_settings *s)
{
    sqi_arena_fini(&s->arena);
}
