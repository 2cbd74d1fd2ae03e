/* Digests at every border of their blocks and against published vectors; hashes of nested values. */
#include "func_digest.h"

#include <stdio.h>

#include "func_bench.h"
#include "test_main.h"

static const char *hex(sqi_digest kind, const char *text, size_t len)
{
    static char out[2 * SQI_DIGEST_MAX + 1];
    unsigned char bytes[SQI_DIGEST_MAX];
    sqi_span s = {text, len};
    size_t n = sqi_digest_parts(kind, &s, 1, bytes);
    for (size_t i = 0; i < n; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    return out;
}

START_TEST(published_vectors)
{
    static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    ck_assert_str_eq(hex(SQI_DIGEST_MD5, "abc", 3), "900150983cd24fb0d6963f7d28e17f72");
    ck_assert_str_eq(hex(SQI_DIGEST_SHA1, two, 56), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    ck_assert_str_eq(hex(SQI_DIGEST_SHA224, "abc", 3), "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7");
    ck_assert_str_eq(hex(SQI_DIGEST_SHA256, two, 56),
                     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    ck_assert_str_eq(hex(SQI_DIGEST_SHA512, "abc", 3),
                     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
                     "454d4423643ce80e2a9ac94fa54ca49f");
    ck_assert_uint_eq(sqi_digest_crc32(SQI_SPAN("123456789")), 0xcbf43926);
}
END_TEST

/* The digest of the digests of 0, 1, ... 299 bytes, known from another implementation. */
static const char *digest_of_digests(sqi_digest kind)
{
    char text[300], all[300 * 2 * SQI_DIGEST_MAX];
    size_t n = 0;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * 7);
    for (size_t len = 0; len < sizeof text; len++) {
        const char *one = hex(kind, text, len);
        memcpy(all + n, one, strlen(one));
        n += strlen(one);
    }
    return hex(kind, all, n);
}

START_TEST(lengths_around_the_blocks_pad_right)
{
    ck_assert_str_eq(digest_of_digests(SQI_DIGEST_MD5), "23d4cb3fa5610b691b484f28b5a98cd3");
    ck_assert_str_eq(digest_of_digests(SQI_DIGEST_SHA1), "5c8bbc4e524952fd68612b66ca7dd089d1d39584");
    ck_assert_str_eq(digest_of_digests(SQI_DIGEST_SHA224), "5dcc79ced753948e8c818b61281b48c401040c35e77dd581911b0f9d");
    ck_assert_str_eq(digest_of_digests(SQI_DIGEST_SHA256),
                     "2956ef4e8392a8964f6f552bfba7613a805ef8f8550abe7eedcd072dcec36695");
    ck_assert_str_eq(
        digest_of_digests(SQI_DIGEST_SHA384),
        "ef521c65a55fed0977aeed95bb9a1d7170d3e479c5b676ce6df2fd8d03e3cf950f2eb676143760d6cbdd6377f5a8d2c4");
    ck_assert_str_eq(digest_of_digests(SQI_DIGEST_SHA512),
                     "76f9f216ad3ea479e65fa029d322211626514ab60b2a56b89ab97442b124ab6687cfc7d8f1f9b2d8b971623d59f9ca5f9"
                     "376ff52d0a43d60da262417d06d484d");
}
END_TEST

START_TEST(parts_are_one_text_and_long_keys_are_digested_first)
{
    unsigned char one[SQI_DIGEST_MAX], other[SQI_DIGEST_MAX], key[SQI_DIGEST_MAX];
    char text[200];
    memset(text, 'k', sizeof text);
    const sqi_span parts[] = {{text, 1}, {text, 0}, {text, 150}, {text, 49}}, whole = {text, 200};
    size_t n = sqi_digest_parts(SQI_DIGEST_SHA256, parts, 4, one);
    ck_assert_uint_eq(n, sqi_digest_parts(SQI_DIGEST_SHA256, &whole, 1, other));
    ck_assert_mem_eq(one, other, n);
    size_t m = sqi_digest_parts(SQI_DIGEST_SHA256, &whole, 1, key);
    sqi_digest_hmac(SQI_DIGEST_SHA256, whole, SQI_SPAN("text"), one);
    sqi_digest_hmac(SQI_DIGEST_SHA256, (sqi_span){(const char *)key, m}, SQI_SPAN("text"), other);
    ck_assert_mem_eq(one, other, n);
}
END_TEST

START_TEST(hashes_follow_the_values_of_columns)
{
    func_bench b;
    ck_assert_int_eq(func_bench_init(&b, NULL), STREAMQ_OK);
    func_bench_texts(&b, "s", 3, (const char *[]){"Spark", NULL, ""});
    ck_assert_str_eq(func_bench_all(&b, "hash(s)"), "228093765;42;142593372");
    ck_assert_str_eq(func_bench_all(&b, "xxhash64(s, s)"), "6284960480735241897;42;6372822119346140258");
    ck_assert_str_eq(func_bench_all(&b, "hash(array(s), struct(s)) = hash(s, s)"), "true;true;true");
    ck_assert_str_eq(func_bench_all(&b, "sha2(s, 13)"), "NULL;NULL;NULL");
    ck_assert_str_eq(func_bench_all(&b, "md5(s)"),
                     "8cde774d6f7333752ed72cacddb05126;NULL;d41d8cd98f00b204e9800998ecf8427e");
    func_bench_fini(&b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {published_vectors, lengths_around_the_blocks_pad_right,
                                  parts_are_one_text_and_long_keys_are_digested_first,
                                  hashes_follow_the_values_of_columns};
    return sqi_test_main("func_hash", tests, sizeof tests / sizeof *tests);
}
