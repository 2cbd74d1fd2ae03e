/*
 * run_record: see the header.
 */
#include "run_record.h"

bool sqi_record_put_head(sqi_buf *to, const sqi_record_head *h, size_t *flags_at)
{
    sqi_bytes_put64(to, (uint64_t)h->timestamp_micros);
    sqi_bytes_put64(to, (uint64_t)h->watermark_ms);
    *flags_at = to->len;
    return sqi_buf_byte(to, 0); /* not those of a record that h may have been read from: it is another record's pass */
}

void sqi_record_flag(sqi_buf *to, size_t flags_at, uint8_t flag)
{
    if (!to->failed)
        to->ptr[flags_at] = (char)((uint8_t)to->ptr[flags_at] | flag);
}

bool sqi_record_begin(sqi_buf *to, sqi_record_kind kind, size_t index, size_t *at)
{
    return sqi_buf_byte(to, (char)kind) && sqi_bytes_put_varint(to, index) && sqi_bytes_begin(to, at);
}

bool sqi_record_end(sqi_buf *to, size_t at)
{
    return sqi_bytes_end(to, at);
}

static bool put_offset(sqi_buf *to, const sqi_offset *o)
{
    if (!o->known)
        return sqi_buf_byte(to, 0);
    return sqi_buf_byte(to, 1) && sqi_bytes_put_varint(to, sqi_zigzag(o->number[0])) &&
           sqi_bytes_put_varint(to, sqi_zigzag(o->number[1])) &&
           sqi_bytes_put_span(to, (sqi_span){(const char *)o->bytes, o->nbytes});
}

bool sqi_record_put_range(sqi_buf *to, size_t index, const sqi_offset *start, const sqi_offset *end)
{
    size_t at;
    return sqi_record_begin(to, SQI_RECORD_RANGE, index, &at) && put_offset(to, start) && put_offset(to, end) &&
           sqi_record_end(to, at);
}

bool sqi_record_get_head(sqi_bytes *from, sqi_record_head *h)
{
    h->timestamp_micros = (int64_t)sqi_bytes_get64(from);
    h->watermark_ms = (int64_t)sqi_bytes_get64(from);
    h->flags = sqi_bytes_get8(from);
    return !from->bad;
}

bool sqi_record_next(sqi_bytes *from, sqi_record_item *item)
{
    if (from->bad || !sqi_bytes_left(from))
        return false;
    item->kind = sqi_bytes_get8(from);
    uint64_t index = sqi_bytes_get_varint(from);
    item->block = sqi_bytes_get_block(from);
    item->index = (uint32_t)index;
    from->bad |= index > UINT16_MAX || item->kind == 0 || (item->kind >= SQI_RECORD_KINDS_ && item->kind < 128);
    return !from->bad;
}

static void get_offset(sqi_bytes *from, sqi_offset *o)
{
    *o = (sqi_offset){.known = false};
    uint8_t known = sqi_bytes_get8(from);
    if (!known)
        return;
    from->bad |= known != 1;
    o->number[0] = sqi_unzigzag(sqi_bytes_get_varint(from));
    o->number[1] = sqi_unzigzag(sqi_bytes_get_varint(from));
    sqi_span bytes = sqi_bytes_get_span(from);
    from->bad |= bytes.len > SQI_OFFSET_BYTES;
    if (from->bad)
        return;
    o->known = true;
    o->nbytes = (uint32_t)bytes.len;
    if (bytes.len)
        memcpy(o->bytes, bytes.ptr, bytes.len);
}

bool sqi_record_get_range(sqi_span block, sqi_offset *start, sqi_offset *end)
{
    sqi_bytes from = sqi_bytes_of(block);
    get_offset(&from, start);
    get_offset(&from, end);
    return !from.bad && !sqi_bytes_left(&from);
}
