/*
 * base_uuid: see the header.
 */
#include "base_uuid.h"

void sqi_uuid_write(const unsigned char random[SQI_UUID_BYTES], char to[SQI_UUID_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    static const unsigned char place[SQI_UUID_BYTES] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
    for (int i = 0; i < SQI_UUID_BYTES; i++) {
        to[place[i]] = digits[random[i] >> 4];
        to[place[i] + 1] = digits[random[i] & 15];
    }
    to[8] = to[13] = to[18] = to[23] = '-';
    to[14] = '4';                              /* the version */
    to[19] = digits[8 | (random[8] >> 4 & 3)]; /* the variant of the RFC */
}
