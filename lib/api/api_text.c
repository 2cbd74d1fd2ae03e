/*
 * api_text: strings that leave the library for good, and the error for a handle that is none. Such strings live on the
 * C library's heap, not the session's, so that they outlive it.
 */
#include "api_state.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <utf8proc.h>
#ifdef SQI_WITH_ZLIB
#include <zlib.h>
#endif
#ifdef SQI_WITH_ZSTD
#include <zstd.h>
#endif

char *sqi_api_text(sqi_span s)
{
    char *copy = sqi_heap_get(s.len + 1);
    if (copy && s.len)
        memcpy(copy, s.ptr, s.len);
    return copy;
}

void streamq_string_free(char *text)
{
    sqi_heap_free(text);
}

streamq_status sqi_api_bad_handle(streamq_error **err, const char *function, const char *argument)
{
    streamq_status status = sqi_error_set(
        err, SQI_COND_INVALID_HANDLE, "%s: the argument `%s` is NULL or not a handle of that kind", function, argument);
    if (err)
        sqi_error_hint(*err, "pass what the library returned, once, and not after it was freed");
    return status;
}

#define TEXT_OF(x) #x
#define VERSION_OF(x) TEXT_OF(x)

const char *streamq_features(void)
{
    return "pcre2 " VERSION_OF(PCRE2_MAJOR) "." VERSION_OF(
        PCRE2_MINOR) "\n"
                     "utf8proc " VERSION_OF(UTF8PROC_VERSION_MAJOR) "." VERSION_OF(
                         UTF8PROC_VERSION_MINOR) "." VERSION_OF(UTF8PROC_VERSION_PATCH) "\n"
#ifdef SQI_WITH_ZLIB
                                                                                        "zlib " ZLIB_VERSION "\n"
#endif
#ifdef SQI_WITH_ZSTD
                                                                                        "zstd " ZSTD_VERSION_STRING "\n"
#endif
        ;
}
