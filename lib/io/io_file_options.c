/*
 * io_file_options: see the header.
 */
#include "io_file_options.h"

#include "data_number.h"

#include <stdio.h>

static const sqi_option_row rows[] = {
    {"path", SQI_OPTION_TEXT, NULL, 0, 0, true,
     "a file, a folder, or a pattern of either (`*`, `?`, `[a-c]`, `[^x]`, `{a,b}`); `file:` may stand in front"},
    {"basePath", SQI_OPTION_TEXT, NULL, 0, 0, false,
     "the folder below which folders called key=value are columns; unset: the path, or what a pattern matches"},
    {"pathGlobFilter", SQI_OPTION_TEXT, NULL, 0, 0, false, "only files whose name matches this pattern"},
    {"recursiveFileLookup", SQI_OPTION_BOOL, "false", 0, 0, false,
     "files of all folders below, without partition columns"},
    {"modifiedBefore", SQI_OPTION_TEXT, NULL, 0, 0, false,
     "bounded reads: only files modified before this time, YYYY-MM-DDTHH:mm:ss in the session's zone"},
    {"modifiedAfter", SQI_OPTION_TEXT, NULL, 0, 0, false, "bounded reads: only files modified after this time"},
    {"ignoreMissingFiles", SQI_OPTION_BOOL, "false", 0, 0, false,
     "a listed file that is gone when it is read has no rows, and is logged, instead of an error"},
    {"ignoreCorruptFiles", SQI_OPTION_BOOL, "false", 0, 0, false,
     "the rest of a file that cannot be read or unpacked is left out, and logged, instead of an error"},
    {"maxFilesPerTrigger", SQI_OPTION_INT, NULL, 1, INT64_MAX, false, "streams: most new files in a micro-batch"},
    {"maxBytesPerTrigger", SQI_OPTION_SIZE, NULL, 1, INT64_MAX, false,
     "streams: most bytes of new files in a micro-batch, but one file at least"},
    {"latestFirst", SQI_OPTION_BOOL, "false", 0, 0, false,
     "streams: the newest files first; with a limit on a micro-batch `maxFileAge` then does not count"},
    {"maxFileAge", SQI_OPTION_DURATION, "7d", 0, INT64_MAX, false,
     "streams: files that are older than the newest one seen by more than this are passed over, but for the first "
     "micro-batch; what is older is forgotten"},
    {"fileNameOnly", SQI_OPTION_BOOL, "false", 0, 0, false,
     "streams: files are known by their own names, whatever folder they are in"},
    {"maxCachedFiles", SQI_OPTION_INT, "10000", 0, INT64_MAX, false,
     "streams: most listed files that wait for later micro-batches; beyond it the folder is listed again"},
    {"discardCachedInputRatio", SQI_OPTION_TEXT, "0.2", 0, 0, false,
     "streams: if less than this part of a micro-batch's limit is left waiting, it is dropped and the folder is listed "
     "again"},
    {"cleanSource", SQI_OPTION_TEXT, "off", 0, 0, false,
     "streams: what is done with a file when its micro-batch is over: off, delete or archive; what fails is logged"},
    {"sourceArchiveDir", SQI_OPTION_TEXT, NULL, 0, 0, false,
     "streams: where `archive` moves files, each below its own path; a folder of the same file system that the path "
     "does not reach"},
};
enum { N = sizeof rows / sizeof *rows };

/* A name that the format has a row for is the format's. */
static bool has(const sqi_option_row *table, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (sqi_span_equal_nocase(sqi_span_of(table[i].name), sqi_span_of(name)))
            return true;
    return false;
}

size_t sqi_file_options_rows(const sqi_format_type *format, sqi_option_row to[SQI_FILE_OPTIONS_MOST])
{
    size_t n = 0;
    for (; n < format->noption && n < SQI_FILE_OPTIONS_MOST; n++)
        to[n] = format->option[n];
    for (size_t i = 0; i < N && n < SQI_FILE_OPTIONS_MOST; i++)
        if (!has(to, n, rows[i].name))
            to[n++] = rows[i];
    return n;
}

static streamq_status bad(const char *name, sqi_span value, const char *takes, streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE, "option '%s' is '%.*s'; it takes %s", name,
                         (int)(value.len < 100 ? value.len : 100), value.ptr, takes);
}

/* A time of the session's zone, or of the option timeZone where a format has one. */
static streamq_status read_time(const sqi_options *given, const char *name, const sqi_io_env *env, int64_t *micros,
                                streamq_error **err)
{
    sqi_span text, zone_name;
    const sqi_zone *zone = env->zone;
    if (!sqi_options_get(given, name, &text))
        return STREAMQ_OK;
    if (sqi_options_get(given, "timeZone", &zone_name))
        SQI_TRY(sqi_zones_get(env->zones, zone_name, &zone, err));
    if (text.len < 10 || !sqi_time_timestamp_read(text, zone, env->zones, 0, micros))
        return bad(name, text, "a time such as 2024-01-31T12:30:00", err);
    return STREAMQ_OK;
}

static streamq_status read_listing(sqi_file_options *o, const sqi_options *given, bool streaming, const sqi_io_env *env,
                                   sqi_arena *arena, streamq_error **err)
{
    sqi_listing *l = &o->listing;
    sqi_span text, unused;
    *l = (sqi_listing){.env = env, .before = INT64_MAX, .after = INT64_MIN};
    if (streaming &&
        (sqi_options_get(given, "modifiedBefore", &unused) || sqi_options_get(given, "modifiedAfter", &unused)))
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE,
                             "the options 'modifiedBefore' and 'modifiedAfter' are not allowed for a stream");
    SQI_TRY(read_time(given, "modifiedBefore", env, &l->before, err));
    SQI_TRY(read_time(given, "modifiedAfter", env, &l->after, err));
    SQI_TRY(sqi_listing_path(&l->path, sqi_options_text(given, rows, N, "path"), "path", arena, err));
    l->pattern = sqi_glob_special(l->path);
    if (l->pattern)
        SQI_TRY(sqi_glob_make(&l->glob, l->path, "path", arena, err));
    if (sqi_options_get(given, "basePath", &text))
        SQI_TRY(sqi_listing_path(&l->base, text, "basePath", arena, err));
    l->filtered = sqi_options_get(given, "pathGlobFilter", &text);
    if (l->filtered)
        SQI_TRY(sqi_glob_make(&l->filter, text, "pathGlobFilter", arena, err));
    l->recursive = sqi_options_bool(given, rows, N, "recursiveFileLookup");
    return STREAMQ_OK;
}

static streamq_status read_limits(sqi_file_options *o, const sqi_options *given, streamq_error **err)
{
    sqi_span ratio = sqi_options_text(given, rows, N, "discardCachedInputRatio");
    o->max_files = sqi_options_int(given, rows, N, "maxFilesPerTrigger");
    o->max_bytes = sqi_options_int(given, rows, N, "maxBytesPerTrigger");
    o->max_cached = sqi_options_int(given, rows, N, "maxCachedFiles");
    o->latest_first = sqi_options_bool(given, rows, N, "latestFirst");
    o->name_only = sqi_options_bool(given, rows, N, "fileNameOnly");
    o->ignore_missing = sqi_options_bool(given, rows, N, "ignoreMissingFiles");
    o->ignore_corrupt = sqi_options_bool(given, rows, N, "ignoreCorruptFiles");
    if (o->max_files && o->max_bytes)
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE,
                             "the options 'maxFilesPerTrigger' and 'maxBytesPerTrigger' can't both be set");
    if (!sqi_number_read_double(ratio, &o->discard) || !(o->discard >= 0 && o->discard <= 1))
        return bad("discardCachedInputRatio", ratio, "a number between 0 and 1", err);
    /* Newest first, a few at a time: what waits would grow too old before it is read. */
    bool limited = o->max_files || o->max_bytes;
    o->max_age = o->latest_first && limited ? INT64_MAX : sqi_options_int(given, rows, N, "maxFileAge");
    return STREAMQ_OK;
}

static streamq_status read_clean(sqi_file_options *o, const sqi_options *given, sqi_arena *arena, streamq_error **err)
{
    static const char *const names[] = {"off", "delete", "archive"};
    sqi_span text = sqi_options_text(given, rows, N, "cleanSource");
    for (o->clean = SQI_CLEAN_OFF; o->clean <= SQI_CLEAN_ARCHIVE; o->clean++)
        if (sqi_span_equal_nocase(text, sqi_span_of(names[o->clean])))
            break;
    if (o->clean > SQI_CLEAN_ARCHIVE)
        return bad("cleanSource", text, "off, delete or archive", err);
    if (o->clean != SQI_CLEAN_ARCHIVE)
        return STREAMQ_OK;
    if (!sqi_options_get(given, "sourceArchiveDir", &text))
        return sqi_error_set(err, SQI_COND_MISSING_OPTION,
                             "'cleanSource' is archive, so the option 'sourceArchiveDir' has to say where files go");
    return sqi_listing_path(&o->archive, text, "sourceArchiveDir", arena, err);
}

streamq_status sqi_file_options_read(sqi_file_options *o, const sqi_format_type *format, const sqi_options *given,
                                     bool streaming, const sqi_io_env *env, sqi_arena *arena, streamq_error **err)
{
    sqi_option_row all[SQI_FILE_OPTIONS_MOST];
    char what[64];
    *o = (sqi_file_options){0};
    snprintf(what, sizeof what, "source '%.40s'", format->name);
    SQI_TRY(sqi_options_check(given, all, sqi_file_options_rows(format, all), what, err));
    SQI_TRY(read_listing(o, given, streaming, env, arena, err));
    SQI_TRY(read_limits(o, given, err));
    return read_clean(o, given, arena, err);
}
