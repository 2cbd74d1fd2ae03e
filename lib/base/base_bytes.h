/*
 * base_bytes: numbers as bytes and back, for what goes to disk: little-endian on every machine, and varints (seven bits
 * a byte, the lowest first). Writing appends to a sqi_buf, which remembers a failure; reading never goes past the end:
 * after the first thing that is not there whole, `bad` is set and everything further reads as zero.
 */
#ifndef SQI_BASE_BYTES_H
#define SQI_BASE_BYTES_H

#include "base_buf.h"

#include <string.h>

typedef struct sqi_bytes { /* a reader */
    const unsigned char *at, *end;
    bool bad;
} sqi_bytes;

static inline sqi_bytes sqi_bytes_of(sqi_span s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    return (sqi_bytes){p, p ? p + s.len : p, false};
}
static inline size_t sqi_bytes_left(const sqi_bytes *b)
{
    return (size_t)(b->end - b->at);
}

static inline void sqi_le32_store(void *to, uint32_t v)
{
    unsigned char *p = to;
    for (int i = 0; i < 4; ++i)
        p[i] = (unsigned char)(v >> (8 * i));
}
static inline void sqi_le64_store(void *to, uint64_t v)
{
    unsigned char *p = to;
    for (int i = 0; i < 8; ++i)
        p[i] = (unsigned char)(v >> (8 * i));
}
static inline uint32_t sqi_le32_load(const void *from)
{
    const unsigned char *p = from;
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static inline uint64_t sqi_le64_load(const void *from)
{
    const unsigned char *p = from;
    return sqi_le32_load(p) | (uint64_t)sqi_le32_load(p + 4) << 32;
}

/* Signed numbers near zero as small unsigned ones: 0, -1, 1, -2, ... */
static inline uint64_t sqi_zigzag(int64_t v)
{
    return ((uint64_t)v << 1) ^ (uint64_t)(v >> 63);
}
static inline int64_t sqi_unzigzag(uint64_t v)
{
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

enum { SQI_VARINT_MOST = 10 };
/* Bytes written at `to`, which has room for SQI_VARINT_MOST. */
static inline size_t sqi_varint_store(unsigned char *to, uint64_t v)
{
    size_t n = 0;
    for (; v >= 128; v >>= 7)
        to[n++] = (unsigned char)(v | 128);
    to[n++] = (unsigned char)v;
    return n;
}

bool sqi_bytes_put32(sqi_buf *to, uint32_t v);
bool sqi_bytes_put64(sqi_buf *to, uint64_t v);
bool sqi_bytes_put_varint(sqi_buf *to, uint64_t v);
bool sqi_bytes_put_span(sqi_buf *to, sqi_span s); /* its length as a varint, then the bytes */
/* Room for a length that is known later: 4 bytes at *at, filled by sqi_bytes_end with the bytes put since. */
bool sqi_bytes_begin(sqi_buf *to, size_t *at);
bool sqi_bytes_end(sqi_buf *to, size_t at);

uint8_t sqi_bytes_get8(sqi_bytes *from);
uint32_t sqi_bytes_get32(sqi_bytes *from);
uint64_t sqi_bytes_get64(sqi_bytes *from);
uint64_t sqi_bytes_get_varint(sqi_bytes *from);        /* more than 64 bits, or not the shortest form: bad */
sqi_span sqi_bytes_get_span(sqi_bytes *from);          /* what put_span wrote; points into the bytes */
sqi_span sqi_bytes_get(sqi_bytes *from, uint64_t len); /* the next len bytes */
sqi_span sqi_bytes_get_block(sqi_bytes *from);         /* what stands between begin and end */

#endif
