/*
 * data_view: the masks of data_view.h.
 */
#include "data_view.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ONES(n) ((n) >= 8 ? UINT64_MAX : (UINT64_C(1) << (8 * ((n)&7))) - 1)
#define KEEP(n)                            \
    {                                      \
        ONES(n), (n) > 8 ? ONES((n)-8) : 0 \
    }
const uint64_t sqi_view_keep[SQI_STR_INLINE + 2][2] = {KEEP(0),  KEEP(1),  KEEP(2),  KEEP(3), KEEP(4),
                                                       KEEP(5),  KEEP(6),  KEEP(7),  KEEP(8), KEEP(9),
                                                       KEEP(10), KEEP(11), KEEP(12), KEEP(4)};
#undef KEEP
#undef ONES

#if defined(SQI_SCAN_SSE2)
const unsigned char sqi_view_keep_view[SQI_STR_INLINE + 1][16] = {
#define KEEP(n)                                                                                                    \
    {                                                                                                              \
        0, 0, 0, 0, (n) > 0 ? 255 : 0, (n) > 1 ? 255 : 0, (n) > 2 ? 255 : 0, (n) > 3 ? 255 : 0, (n) > 4 ? 255 : 0, \
            (n) > 5 ? 255 : 0, (n) > 6 ? 255 : 0, (n) > 7 ? 255 : 0, (n) > 8 ? 255 : 0, (n) > 9 ? 255 : 0,         \
            (n) > 10 ? 255 : 0, (n) > 11 ? 255 : 0                                                                 \
    }
    KEEP(0), KEEP(1), KEEP(2), KEEP(3),  KEEP(4),  KEEP(5), KEEP(6),
    KEEP(7), KEEP(8), KEEP(9), KEEP(10), KEEP(11), KEEP(12)};
#undef KEEP
#endif
#endif
