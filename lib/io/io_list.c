/*
 * io_list: the formats there are. Those that a program makes itself (src_custom, snk_custom) have names of the
 * program's own and are found by the room that registers them.
 */
#include "io_sink.h"
#include "io_source.h"

static const sqi_source_type *const sources[] = {&sqi_src_memory, &sqi_src_rate, &sqi_src_rate_batch, &sqi_src_socket,
                                                 &sqi_src_text};
static const sqi_sink_type *const sinks[] = {&sqi_snk_console, &sqi_snk_foreach, &sqi_snk_foreach_batch,
                                             &sqi_snk_memory,  &sqi_snk_noop,    &sqi_snk_pull};

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
