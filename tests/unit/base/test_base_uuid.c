/* Identifiers as text: every byte in its place, version and variant. */
#include "base_uuid.h"

#include <string.h>

#include "test_main.h"

static void check(const unsigned char random[SQI_UUID_BYTES], const char *expected)
{
    char text[SQI_UUID_TEXT];
    sqi_uuid_write(random, text);
    ck_assert_mem_eq(text, expected, SQI_UUID_TEXT);
}

START_TEST(every_byte_has_its_two_digits)
{
    static const unsigned char bytes[SQI_UUID_BYTES] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0x4d, 0xef,
                                                        0x8f, 0xed, 0xcb, 0xa9, 0x87, 0x65, 0x43, 0x21};
    check(bytes, "01234567-89ab-4def-8fed-cba987654321");
}
END_TEST

START_TEST(version_and_variant_stand_whatever_the_bytes_are)
{
    unsigned char bytes[SQI_UUID_BYTES] = {0};
    check(bytes, "00000000-0000-4000-8000-000000000000");
    memset(bytes, 0xff, sizeof bytes);
    check(bytes, "ffffffff-ffff-4fff-bfff-ffffffffffff");
}
END_TEST

START_TEST(nothing_is_written_behind_the_text_and_the_bytes_stay)
{
    unsigned char bytes[SQI_UUID_BYTES], kept[SQI_UUID_BYTES];
    char text[SQI_UUID_TEXT + 1];
    memset(bytes, 0xa5, sizeof bytes);
    memcpy(kept, bytes, sizeof bytes);
    text[SQI_UUID_TEXT] = '!';
    sqi_uuid_write(bytes, text);
    ck_assert_mem_eq(bytes, kept, sizeof bytes);
    ck_assert_int_eq(text[SQI_UUID_TEXT], '!');
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_byte_has_its_two_digits, version_and_variant_stand_whatever_the_bytes_are,
                                  nothing_is_written_behind_the_text_and_the_bytes_stay};
    return sqi_test_main("base_uuid", tests, sizeof tests / sizeof *tests);
}
