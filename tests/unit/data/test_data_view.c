/* Views from bytes behind which more may be read are those of sqi_str_view, for every length. */
#include "data_view.h"

#include <stdlib.h>

#include "test_main.h"

START_TEST(views_of_every_length_are_the_plain_ones)
{
    char text[64];
    for (int i = 0; i < 64; i++)
        text[i] = (char)(1 + i * 7);
    for (uint32_t from = 0; from < 20; from++)
        for (uint32_t len = 0; len <= 40; len++) {
            sqi_str have, want = sqi_str_view(text + from, len);
            sqi_view_cut(text + from, len, &have);
            ck_assert(memcmp(&have, &want, sizeof have) == 0);
        }
}
END_TEST

START_TEST(sixteen_bytes_are_read_and_no_more)
{
    char *text = malloc(SQI_VIEW_READS); /* a sanitizer sees a byte too far */
    memset(text, 'x', SQI_VIEW_READS);
    for (uint32_t len = 0; len <= SQI_VIEW_READS; len++) {
        sqi_str have;
        sqi_view_cut(text, len, &have);
        ck_assert_uint_eq(have.len, len);
        ck_assert(memcmp(sqi_str_ptr(&have), text, len) == 0);
    }
    free(text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {views_of_every_length_are_the_plain_ones, sixteen_bytes_are_read_and_no_more};
    return sqi_test_main("data_view", tests, sizeof tests / sizeof *tests);
}
