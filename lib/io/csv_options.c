/*
 * csv_options: see the header.
 */
#include "csv_options.h"

#include "io_format_options.h"

#define TEXT(name, fallback, about)                         \
    {                                                       \
        name, SQI_OPTION_TEXT, fallback, 0, 0, false, about \
    }
#define FLAG(name, fallback, about)                         \
    {                                                       \
        name, SQI_OPTION_BOOL, fallback, 0, 0, false, about \
    }
#define COUNT(name, fallback, min, max, about)                 \
    {                                                          \
        name, SQI_OPTION_INT, fallback, min, max, false, about \
    }

#define SHARED                                                                                                       \
    TEXT("sep", ",", "what separates fields, one character or several; \\t and the like are understood"),            \
        TEXT("delimiter", NULL, "the same as sep"),                                                                  \
        TEXT("encoding", "UTF-8", "US-ASCII, ISO-8859-1, UTF-8, UTF-16, UTF-16BE, UTF-16LE or UTF-32"),              \
        TEXT("charset", NULL, "the same as encoding"),                                                               \
        TEXT("quote", "\"", "the character around a value that holds separators; empty: the NUL character"),         \
        TEXT("escape", "\\", "the character in front of a quote inside a quoted value"),                             \
        TEXT("charToEscapeQuoteEscaping", NULL,                                                                      \
             "the character in front of an escape; by default the escape, or "                                       \
             "none if escape and quote are the same"),                                                               \
        TEXT("comment", NULL, "lines that begin with this character are skipped"),                                   \
        FLAG("header", "false", "the first line holds the names of the columns"),                                    \
        TEXT("nullValue", "", "the text of a null"), TEXT("dateFormat", NULL, "pattern of dates; yyyy-MM-dd"),       \
        TEXT("timestampFormat", NULL,                                                                                \
             "pattern of timestamps; read: as CAST does, written: yyyy-MM-dd'T'HH:mm:ss[.SSS][XXXXX]"),              \
        TEXT("timestampNTZFormat", NULL, "pattern of timestamps without zone; as timestampFormat, without [XXXXX]"), \
        TEXT("timeZone", NULL, "the zone of timestamps that name none; by default the session's"),                   \
        TEXT("locale", "en-US", "the language of names in patterns; only en-US"),                                    \
        TEXT("lineSep", NULL, "what ends a line, one or two characters; read: \\n, \\r and \\r\\n, written: \\n")

const sqi_option_row sqi_csv_read_row[SQI_CSV_READ_ROWS] = {
    SHARED,
    TEXT("emptyValue", "", "the text of a value between quotes that is empty"),
    FLAG("inferSchema", "false", "guess the types of columns where no schema is given; else they are STRING"),
    FLAG("enforceSchema", "true", "with a schema, headers are only compared with it, and a warning is logged"),
    FLAG("preferDate", "true", "infer DATE where all values are dates"),
    FLAG("ignoreLeadingWhiteSpace", "false", "white space in front of values is not part of them"),
    FLAG("ignoreTrailingWhiteSpace", "false", "white space behind values is not part of them"),
    TEXT("nanValue", "NaN", "the text of not-a-number"),
    TEXT("positiveInf", "Inf", "the text of infinity"),
    TEXT("negativeInf", "-Inf", "the text of negative infinity"),
    FLAG("enableDateTimeParsingFallback", NULL,
         "read dates and timestamps that do not fit the pattern as CAST does; "
         "by default only where no pattern is given"),
    COUNT("maxColumns", "20480", 1, 1 << 20, "columns that a record may have"),
    COUNT("maxCharsPerColumn", "-1", -1, INT32_MAX, "characters that a value may have; -1: any number"),
    TEXT("mode", "PERMISSIVE",
         "records that do not fit: PERMISSIVE gives NULL for what cannot be read, "
         "DROPMALFORMED leaves them out, FAILFAST fails"),
    TEXT("columnNameOfCorruptRecord", "_corrupt_record",
         "a STRING column of this name gets the text of records that "
         "do not fit"),
    FLAG("multiLine", "false", "a quoted value may go over several lines"),
    TEXT("samplingRatio", "1.0", "the part of the rows that inferSchema looks at"),
    TEXT("unescapedQuoteHandling", "STOP_AT_DELIMITER",
         "a quote without escape inside a value: STOP_AT_DELIMITER, "
         "STOP_AT_CLOSING_QUOTE, BACK_TO_DELIMITER, SKIP_VALUE or RAISE_ERROR"),
};

const sqi_option_row sqi_csv_write_row[SQI_CSV_WRITE_ROWS] = {
    SHARED,
    TEXT("emptyValue", "\"\"", "what is written for an empty text"),
    FLAG("ignoreLeadingWhiteSpace", "true", "white space in front of values is not written"),
    FLAG("ignoreTrailingWhiteSpace", "true", "white space behind values is not written"),
    FLAG("quoteAll", "false", "quotes around every value that is not null"),
    FLAG("escapeQuotes", "true", "quotes around values that hold a quote"),
};

/* A character of Java: nothing above U+FFFF is one. */
static streamq_status read_char(const sqi_format_options *s, const char *name, uint32_t *to, streamq_error **err)
{
    sqi_span text = sqi_format_options_text(s, name);
    const char *p = text.ptr;
    *to = 0;
    if (!text.len)
        return STREAMQ_OK;
    *to = sqi_utf8_next(&p, text.ptr + text.len);
    return p == text.ptr + text.len && *to < 0x10000 ? STREAMQ_OK
                                                     : sqi_format_options_refuse(s, name, text, "one character", err);
}

static const char sep_letters[][2] = {{'t', '\t'}, {'r', '\r'},  {'b', '\b'}, {'f', '\f'},
                                      {'"', '"'},  {'\'', '\''}, {'\\', '\\'}};

/* The character that a backslash and this one stand for. */
static bool escaped(uint32_t c, uint32_t *to)
{
    for (size_t i = 0; i < sizeof sep_letters / sizeof *sep_letters; i++)
        if (c == (unsigned char)sep_letters[i][0]) {
            *to = (unsigned char)sep_letters[i][1];
            return true;
        }
    return false;
}

static streamq_status read_sep(sqi_csv_options *to, const sqi_format_options *s, sqi_span text, streamq_error **err)
{
    static const char *const takes = "up to 16 characters; a backslash may stand before one of t r b f \" ' \\";
    const char *p = text.ptr, *end = text.ptr + text.len;
    size_t len = 0;
    while (text.len && p < end) {
        uint32_t c = sqi_utf8_next(&p, end);
        if (c == '\\' && (p == end || !escaped(sqi_utf8_next(&p, end), &c)))
            return sqi_format_options_refuse(s, "sep", text, takes, err);
        if (to->nsep == SQI_CSV_SEP_MOST)
            return sqi_format_options_refuse(s, "sep", text, takes, err);
        to->sep[to->nsep++] = c;
        len += sqi_utf8_put(c, to->sep_bytes + len);
    }
    to->sep_text = (sqi_span){to->sep_bytes, len};
    return to->nsep ? STREAMQ_OK : sqi_format_options_refuse(s, "sep", text, takes, err);
}

static streamq_status read_line_sep(sqi_csv_options *to, const sqi_format_options *s, streamq_error **err)
{
    sqi_span text = to->line_sep_text;
    to->newline = '\n';
    if (!text.ptr)
        return STREAMQ_OK;
    const char *p = text.ptr, *end = text.ptr + text.len;
    while (p < end && to->nline_sep < 2) {
        uint32_t c = sqi_utf8_next(&p, end);
        if (c > 0xFFFF)
            return sqi_format_options_refuse(s, "lineSep", text, "one or two characters below U+10000", err);
        to->line_sep[to->nline_sep++] = c;
    }
    if (to->nline_sep == 1)
        to->newline = to->line_sep[0];
    return to->nline_sep && p == end ? STREAMQ_OK
                                     : sqi_format_options_refuse(s, "lineSep", text, "one or two characters", err);
}

/* Which of n words it is, in any case. */
static streamq_status read_word(const sqi_format_options *s, const char *name, const char *const *words, size_t n,
                                int *to, streamq_error **err)
{
    sqi_span text = sqi_format_options_text(s, name);
    char takes[160];
    size_t len = 0;
    for (size_t i = 0; i < n; i++)
        if (sqi_span_equal_nocase(text, sqi_span_of(words[i]))) {
            *to = (int)i;
            return STREAMQ_OK;
        }
    for (size_t i = 0; i < n && len + strlen(words[i]) + 8 < sizeof takes; i++) {
        const char *between = i == 0 ? "" : i + 1 < n ? ", " : " or ";
        memcpy(takes + len, between, strlen(between));
        len += strlen(between);
        memcpy(takes + len, words[i], strlen(words[i]));
        len += strlen(words[i]);
    }
    takes[len] = '\0';
    return sqi_format_options_refuse(s, name, text, takes, err);
}

static streamq_status read_charset(sqi_csv_options *to, const sqi_format_options *s, streamq_error **err)
{
    sqi_span name = sqi_format_options_text(s, "encoding");
    sqi_span other;
    if (!sqi_options_get(s->set, "encoding", &other) && sqi_options_get(s->set, "charset", &other))
        name = other;
    if (!sqi_encode_charset(name, &to->charset))
        return sqi_error_set(err, SQI_COND_INVALID_PARAMETER_VALUE__CHARSET,
                             "option 'encoding' of format 'csv' is '%.*s'; it takes iso-8859-1, us-ascii, utf-16, "
                             "utf-16be, utf-16le, utf-32 or utf-8",
                             name.len > 100 ? 100 : (int)name.len, name.len ? name.ptr : "");
    return STREAMQ_OK;
}

static streamq_status read_marks(sqi_csv_options *to, const sqi_format_options *s, streamq_error **err)
{
    sqi_span sep = sqi_format_options_text(s, "sep"), other;
    if (!sqi_options_get(s->set, "sep", &other) && sqi_options_get(s->set, "delimiter", &other))
        sep = other;
    SQI_TRY(read_sep(to, s, sep, err));
    SQI_TRY(read_char(s, "quote", &to->quote, err));
    SQI_TRY(read_char(s, "escape", &to->escape, err));
    SQI_TRY(read_char(s, "charToEscapeQuoteEscaping", &to->escape_escape, err));
    if (!sqi_format_options_text(s, "charToEscapeQuoteEscaping").len)
        to->escape_escape = to->quote == to->escape ? 0 : to->escape;
    SQI_TRY(read_char(s, "comment", &to->comment, err));
    to->comments = sqi_format_options_text(s, "comment").len != 0;
    if (!to->comments)
        to->comment = '#';
    to->line_sep_text = sqi_format_options_text(s, "lineSep");
    return read_line_sep(to, s, err);
}

static streamq_status read_reading(sqi_csv_options *to, const sqi_format_options *s, streamq_error **err)
{
    static const char *const modes[] = {"PERMISSIVE", "DROPMALFORMED", "FAILFAST"};
    static const char *const handlings[] = {"STOP_AT_DELIMITER", "STOP_AT_CLOSING_QUOTE", "BACK_TO_DELIMITER",
                                            "SKIP_VALUE", "RAISE_ERROR"};
    int word;
    sqi_span unused;
    SQI_TRY(read_word(s, "mode", modes, 3, &word, err));
    to->mode = (sqi_csv_mode)word;
    SQI_TRY(read_word(s, "unescapedQuoteHandling", handlings, 5, &word, err));
    to->unescaped = (sqi_csv_unescaped)word;
    if (to->unescaped == SQI_CSV_SKIP_VALUE && to->nsep > 1)
        return sqi_format_options_refuse(s, "unescapedQuoteHandling", SQI_SPAN("SKIP_VALUE"),
                                         "another value where sep has several characters", err);
    to->infer = sqi_format_options_flag(s, "inferSchema");
    to->enforce = sqi_format_options_flag(s, "enforceSchema");
    to->prefer_date = sqi_format_options_flag(s, "preferDate");
    to->multi_line = sqi_format_options_flag(s, "multiLine");
    to->fallback = sqi_format_options_flag(s, "enableDateTimeParsingFallback");
    to->fallback_given = sqi_options_get(s->set, "enableDateTimeParsingFallback", &unused);
    to->nan = sqi_format_options_text(s, "nanValue");
    to->positive_inf = sqi_format_options_text(s, "positiveInf");
    to->negative_inf = sqi_format_options_text(s, "negativeInf");
    to->corrupt = sqi_format_options_text(s, "columnNameOfCorruptRecord");
    to->max_columns = sqi_format_options_int(s, "maxColumns");
    to->max_chars = sqi_format_options_int(s, "maxCharsPerColumn");
    if (to->max_chars == 0)
        return sqi_format_options_refuse(s, "maxCharsPerColumn", SQI_SPAN("0"), "-1 or a number above 0", err);
    return sqi_format_options_sampling(s, &to->sampling, err);
}

streamq_status sqi_csv_options_read(sqi_csv_options *to, const sqi_options *from, bool writing, const sqi_zone *zone,
                                    sqi_zones *zones, streamq_error **err)
{
    const sqi_format_options s = {"csv", from, writing ? sqi_csv_write_row : sqi_csv_read_row,
                                  writing ? SQI_CSV_WRITE_ROWS : SQI_CSV_READ_ROWS};
    memset(to, 0, sizeof *to);
    to->zone = zone;
    SQI_TRY(read_charset(to, &s, err));
    SQI_TRY(read_marks(to, &s, err));
    to->header = sqi_format_options_flag(&s, "header");
    to->trim_leading = sqi_format_options_flag(&s, "ignoreLeadingWhiteSpace");
    to->trim_trailing = sqi_format_options_flag(&s, "ignoreTrailingWhiteSpace");
    to->null_value = sqi_format_options_text(&s, "nullValue");
    to->empty_value = sqi_format_options_text(&s, "emptyValue");
    to->date_format = sqi_format_options_text(&s, "dateFormat");
    to->timestamp_format = sqi_format_options_text(&s, "timestampFormat");
    to->ntz_format = sqi_format_options_text(&s, "timestampNTZFormat");
    SQI_TRY(sqi_format_options_locale(&s, err));
    SQI_TRY(sqi_format_options_zone(&s, zones, &to->zone, err));
    if (!writing)
        return read_reading(to, &s, err);
    to->quote_all = sqi_format_options_flag(&s, "quoteAll");
    to->escape_quotes = sqi_format_options_flag(&s, "escapeQuotes");
    return STREAMQ_OK;
}
