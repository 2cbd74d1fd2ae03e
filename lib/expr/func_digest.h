/*
 * func_digest: message digests of bytes: MD5, SHA-1, the SHA-2 family, CRC-32 and HMAC. For checksums and for the SQL
 * functions of these names, not for secrets: nothing here runs in constant time.
 */
#ifndef SQI_FUNC_DIGEST_H
#define SQI_FUNC_DIGEST_H

#include "base_str.h"

typedef enum sqi_digest {
    SQI_DIGEST_MD5,
    SQI_DIGEST_SHA1,
    SQI_DIGEST_SHA224,
    SQI_DIGEST_SHA256,
    SQI_DIGEST_SHA384,
    SQI_DIGEST_SHA512
} sqi_digest;

#define SQI_DIGEST_MAX 64

/* The digest of the parts one after the other; its bytes. */
size_t sqi_digest_parts(sqi_digest kind, const sqi_span *parts, size_t n, unsigned char to[SQI_DIGEST_MAX]);
size_t sqi_digest_hmac(sqi_digest kind, sqi_span key, sqi_span text, unsigned char to[SQI_DIGEST_MAX]);
uint32_t sqi_digest_crc32(sqi_span s);

#endif
