/*
 * base_scan_ends: where pieces of a text end, as numbers.
 */
#ifndef SQI_BASE_SCAN_ENDS_H
#define SQI_BASE_SCAN_ENDS_H

#include <stddef.h>
#include <stdint.h>

enum { SQI_SCAN_WIDE = 64, SQI_SCAN_ENDS_SLACK = 16 }; /* bytes of a step; numbers written beyond the last */

/*
 * steps * 64 bytes are read. On entry mask has the bits of places that end a piece whatever stands there, and last_mask
 * those of the last step that count at all. The places of `byte` are added; before[k] gets the number of bits in front
 * of step k, and end[] the places in order. Returns their number.
 */
uint32_t sqi_scan_ends(const char *text, uint32_t steps, char byte, uint64_t last_mask, uint64_t *mask,
                       uint32_t *before, uint32_t *end);

/* The same for the places of two bytes (which may be one), without masks and counts. */
uint32_t sqi_scan_ends_two(const char *text, uint32_t steps, char first, char second, uint32_t *end);

/* How many lines of a text end in LF, up to the first line with a CR in it and at most `most`; *bytes gets the length of
   them all with their ends. */
uint32_t sqi_scan_lines(const char *text, size_t len, uint32_t most, size_t *bytes);

/* Baseline x86-64 has no instruction for it, and the compiler's helper is a call. */
static inline uint32_t sqi_scan_count(uint64_t x)
{
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (uint32_t)(x * UINT64_C(0x0101010101010101) >> 56);
}

#endif
