/*
 * base_hex: see the header.
 */
#include "base_hex.h"

bool sqi_hex_read(sqi_span s, char *to)
{
    int byte = 0;
    for (size_t i = 0; i < s.len; i++) {
        int digit = sqi_hex_digit(s.ptr[i]);
        if (digit < 0)
            return false;
        byte = (byte & 15) << 4 | digit;
        if ((s.len - i) % 2 == 1)
            *to++ = (char)byte;
    }
    return true;
}
