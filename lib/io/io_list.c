/*
 * io_list: the formats there are. Those that a program makes itself (src_custom, snk_custom) have names of the
 * program's own and are found by the room that registers them.
 */
#include "io_source.h"
#include "snk_file.h"

static const sqi_source_type *const sources[] = {&sqi_src_csv,        &sqi_src_json,   &sqi_src_memory, &sqi_src_rate,
                                                 &sqi_src_rate_batch, &sqi_src_socket, &sqi_src_text};
static const sqi_sink_type *const sinks[] = {&sqi_snk_console,       &sqi_snk_csv,  &sqi_snk_foreach,
                                             &sqi_snk_foreach_batch, &sqi_snk_json, &sqi_snk_memory,
                                             &sqi_snk_noop,          &sqi_snk_pull, &sqi_snk_text};

const sqi_source_type *sqi_source_at(size_t i)
{
    return i < sizeof sources / sizeof *sources ? sources[i] : NULL;
}

const sqi_sink_type *sqi_sink_at(size_t i)
{
    return i < sizeof sinks / sizeof *sinks ? sinks[i] : NULL;
}

const sqi_source_type *sqi_source_find(sqi_span format)
{
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (sqi_span_equal_nocase(format, sqi_span_of(sources[i]->name)))
            return sources[i];
    return NULL;
}

const sqi_sink_type *sqi_sink_find(sqi_span format)
{
    for (size_t i = 0; i < sizeof sinks / sizeof *sinks; i++)
        if (sqi_span_equal_nocase(format, sqi_span_of(sinks[i]->name)))
            return sinks[i];
    return NULL;
}

streamq_status sqi_sink_check(const sqi_sink_type *type, const sqi_options *options, const char *what,
                              streamq_error **err)
{
    sqi_option_row row[SQI_FILE_OPTIONS];
    const sqi_format_type *format = type->files ? sqi_format_find(sqi_span_of(type->name)) : NULL;
    if (!format)
        return sqi_options_check(options, type->option, type->noption, what, err);
    return sqi_options_check(options, row, sqi_snk_file_options(format, true, row), what, err);
}
