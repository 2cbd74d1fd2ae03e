/*
 * base_uuid: a random identifier as text (RFC 9562, version 4). Who wants one brings the random bytes: the machine's, or
 * those of a seeded generator. Nothing here allocates or fails.
 */
#ifndef SQI_BASE_UUID_H
#define SQI_BASE_UUID_H

enum { SQI_UUID_BYTES = 16, SQI_UUID_TEXT = 36 /* without a NUL, which is not written */ };

/* Six of the bits give way to the version and the variant. */
void sqi_uuid_write(const unsigned char random[SQI_UUID_BYTES], char to[SQI_UUID_TEXT]);

#endif
