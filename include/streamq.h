/*
 * streamq.h: micro-batch stream queries in process, with Spark Structured Streaming's names and semantics.
 * (The full text of this header follows with the api room; what stands here is what every room needs.)
 */
#ifndef STREAMQ_H
#define STREAMQ_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define STREAMQ_API
#elif defined(__GNUC__)
#define STREAMQ_API __attribute__((visibility("default")))
#else
#define STREAMQ_API
#endif

/* Result of a call. 0 is success; the error object says more. Values are pinned. */
typedef int32_t streamq_status;
enum {
    STREAMQ_OK = 0,
    STREAMQ_ERR_NOMEM = 1,
    STREAMQ_ERR_INVALID = 2,     /* an argument, an option, a handle */
    STREAMQ_ERR_STATE = 3,       /* a call out of order */
    STREAMQ_ERR_UNSUPPORTED = 4, /* Spark has it, this version does not */
    STREAMQ_ERR_CANCELED = 5,
    STREAMQ_ERR_LIMIT = 6,
    STREAMQ_ERR_INTERNAL = 7,
    STREAMQ_ERR_TIMEOUT = 8,
    STREAMQ_ERR_PARSE = 20,    /* SQL text that is not in the grammar */
    STREAMQ_ERR_ANALYSIS = 21, /* names, types, clauses that do not fit */
    STREAMQ_ERR_DATA = 40,     /* a row that an expression cannot take (ANSI) */
    STREAMQ_ERR_IO = 60,
    STREAMQ_ERR_USER = 80 /* a callback of the program said no */
};

typedef struct streamq_error streamq_error;

/* Output mode, as Spark's outputMode. */
typedef int32_t streamq_output_mode;
enum { STREAMQ_APPEND = 0, STREAMQ_UPDATE = 1, STREAMQ_COMPLETE = 2 };

#ifdef __cplusplus
}
#endif
#endif
