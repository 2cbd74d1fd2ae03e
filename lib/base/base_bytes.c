/*
 * base_bytes: see the header.
 */
#include "base_bytes.h"

bool sqi_bytes_put32(sqi_buf *to, uint32_t v)
{
    unsigned char b[4];
    sqi_le32_store(b, v);
    return sqi_buf_put(to, b, sizeof b);
}

bool sqi_bytes_put64(sqi_buf *to, uint64_t v)
{
    unsigned char b[8];
    sqi_le64_store(b, v);
    return sqi_buf_put(to, b, sizeof b);
}

bool sqi_bytes_put_varint(sqi_buf *to, uint64_t v)
{
    unsigned char b[SQI_VARINT_MOST];
    return sqi_buf_put(to, b, sqi_varint_store(b, v));
}

bool sqi_bytes_put_span(sqi_buf *to, sqi_span s)
{
    return sqi_bytes_put_varint(to, s.len) && sqi_buf_put(to, s.ptr, s.len);
}

bool sqi_bytes_begin(sqi_buf *to, size_t *at)
{
    *at = to->len;
    return sqi_bytes_put32(to, 0);
}

bool sqi_bytes_end(sqi_buf *to, size_t at)
{
    size_t len = to->len - at;
    if (to->failed || len < 4 || len - 4 > UINT32_MAX) {
        to->failed = true;
        return false;
    }
    sqi_le32_store(to->ptr + at, (uint32_t)(len - 4));
    return true;
}

sqi_span sqi_bytes_get(sqi_bytes *from, uint64_t len)
{
    if (from->bad || len > sqi_bytes_left(from)) {
        from->bad = true;
        return (sqi_span){NULL, 0};
    }
    sqi_span s = {(const char *)from->at, (size_t)len};
    from->at += len;
    return s;
}

uint8_t sqi_bytes_get8(sqi_bytes *from)
{
    sqi_span s = sqi_bytes_get(from, 1);
    return s.ptr ? (uint8_t)*s.ptr : 0;
}

uint32_t sqi_bytes_get32(sqi_bytes *from)
{
    sqi_span s = sqi_bytes_get(from, 4);
    return s.ptr ? sqi_le32_load(s.ptr) : 0;
}

uint64_t sqi_bytes_get64(sqi_bytes *from)
{
    sqi_span s = sqi_bytes_get(from, 8);
    return s.ptr ? sqi_le64_load(s.ptr) : 0;
}

uint64_t sqi_bytes_get_varint(sqi_bytes *from)
{
    uint64_t v = 0;
    for (unsigned shift = 0; !from->bad && from->at < from->end && shift < 64; shift += 7) {
        uint64_t part = *from->at++;
        if ((shift == 63 && part > 1) || (shift && part == 0))
            break;
        v |= (part & 127) << shift;
        if (part < 128)
            return v;
    }
    from->bad = true;
    return 0;
}

sqi_span sqi_bytes_get_span(sqi_bytes *from)
{
    return sqi_bytes_get(from, sqi_bytes_get_varint(from));
}

sqi_span sqi_bytes_get_block(sqi_bytes *from)
{
    return sqi_bytes_get(from, sqi_bytes_get32(from));
}
