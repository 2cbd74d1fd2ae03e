/*
 * base_buf: growable bytes with a ceiling. An append that fails leaves the buffer as it was and sets `failed`, so a
 * run of appends may be checked once at the end.
 */
#ifndef SQI_BASE_BUF_H
#define SQI_BASE_BUF_H

#include "base_alloc.h"
#include "base_str.h"

typedef struct sqi_buf {
    sqi_alloc *alloc;
    char *ptr;
    size_t len, cap, ceiling;
    bool failed;
} sqi_buf;

void sqi_buf_init(sqi_buf *b, sqi_alloc *alloc, size_t ceiling); /* ceiling 0: 1 GiB */
void sqi_buf_fini(sqi_buf *b);                                   /* valid on a zeroed one */
void sqi_buf_clear(sqi_buf *b);                                  /* keeps the memory, clears `failed` */
bool sqi_buf_reserve(sqi_buf *b, size_t more);
bool sqi_buf_put(sqi_buf *b, const void *ptr, size_t len);
bool sqi_buf_byte(sqi_buf *b, char c);
bool sqi_buf_span(sqi_buf *b, sqi_span s);
bool sqi_buf_text(sqi_buf *b, const char *text);
bool sqi_buf_repeat(sqi_buf *b, char c, size_t n);
bool sqi_buf_printf(sqi_buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool sqi_buf_json(sqi_buf *b, sqi_span text); /* as a JSON string with quotes; malformed UTF-8 becomes U+FFFD */
/* Take the bytes out (NUL-terminated, NUL not counted); free with sqi_alloc_free(alloc, ptr, *cap). NULL: no memory. */
char *sqi_buf_take(sqi_buf *b, size_t *len, size_t *cap);
static inline sqi_span sqi_buf_view(const sqi_buf *b)
{
    return (sqi_span){b->ptr, b->len};
}

#endif
