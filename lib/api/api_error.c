/*
 * api_error: the error object seen from outside, the version, strings that programs free.
 */
#include "api_state.h"

#include "base_alloc.h"

const char *streamq_version(void)
{
    return STREAMQ_VERSION;
}

streamq_status streamq_error_status(const streamq_error *error)
{
    return sqi_error_status(error);
}
const char *streamq_error_condition(const streamq_error *error)
{
    return error ? sqi_cond_name(sqi_error_cond(error)) : "";
}
const char *streamq_error_sqlstate(const streamq_error *error)
{
    return error ? sqi_cond_sqlstate(sqi_error_cond(error)) : "";
}
const char *streamq_error_message(const streamq_error *error)
{
    return error ? sqi_error_message(error) : "";
}
const char *streamq_error_text(const streamq_error *error)
{
    return error ? sqi_error_text(error) : "";
}
const char *streamq_error_hint(const streamq_error *error)
{
    return error ? sqi_error_hint_text(error) : "";
}
void streamq_error_free(streamq_error *error)
{
    sqi_error_free(error);
}

int32_t streamq_error_position(const streamq_error *error, size_t *begin, size_t *end)
{
    size_t b = 0, e = 0;
    if (!error || !sqi_error_where(error, &b, &e))
        return 0;
    if (begin)
        *begin = b;
    if (end)
        *end = e;
    return 1;
}

int32_t streamq_error_is_retriable(const streamq_error *error)
{
    switch (sqi_error_cond(error)) {
    case SQI_COND_TIMED_OUT:
    case SQI_COND_CONNECTION_FAILED:
    case SQI_COND_CONNECTION_LOST:
    case SQI_COND_OUT_OF_MEMORY:
    case SQI_COND_LIMIT_EXCEEDED:
        return 1;
    default:
        return 0;
    }
}
