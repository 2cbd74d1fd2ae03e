/*
 * func_digest: digests from their definitions (RFC 1321, FIPS 180-4, RFC 2104, and CRC-32 of IEEE 802.3).
 *
 * One frame serves all: blocks of 64 or 128 bytes, state words kept as 64 bits, a function that mixes a block in. The
 * round constants of SHA-256 are the upper halves of those of SHA-512.
 */
#include "func_digest.h"

typedef struct digest {
    sqi_digest kind;
    uint64_t state[8];
    unsigned char block[128];
    size_t filled, size; /* of the block */
    uint64_t length;     /* bytes in all */
} digest;

/* clang-format off */
static const uint32_t md5_constants[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};
static const uint64_t sha_constants[80] = {
    UINT64_C(0x428a2f98d728ae22), UINT64_C(0x7137449123ef65cd), UINT64_C(0xb5c0fbcfec4d3b2f), UINT64_C(0xe9b5dba58189dbbc),
    UINT64_C(0x3956c25bf348b538), UINT64_C(0x59f111f1b605d019), UINT64_C(0x923f82a4af194f9b), UINT64_C(0xab1c5ed5da6d8118),
    UINT64_C(0xd807aa98a3030242), UINT64_C(0x12835b0145706fbe), UINT64_C(0x243185be4ee4b28c), UINT64_C(0x550c7dc3d5ffb4e2),
    UINT64_C(0x72be5d74f27b896f), UINT64_C(0x80deb1fe3b1696b1), UINT64_C(0x9bdc06a725c71235), UINT64_C(0xc19bf174cf692694),
    UINT64_C(0xe49b69c19ef14ad2), UINT64_C(0xefbe4786384f25e3), UINT64_C(0x0fc19dc68b8cd5b5), UINT64_C(0x240ca1cc77ac9c65),
    UINT64_C(0x2de92c6f592b0275), UINT64_C(0x4a7484aa6ea6e483), UINT64_C(0x5cb0a9dcbd41fbd4), UINT64_C(0x76f988da831153b5),
    UINT64_C(0x983e5152ee66dfab), UINT64_C(0xa831c66d2db43210), UINT64_C(0xb00327c898fb213f), UINT64_C(0xbf597fc7beef0ee4),
    UINT64_C(0xc6e00bf33da88fc2), UINT64_C(0xd5a79147930aa725), UINT64_C(0x06ca6351e003826f), UINT64_C(0x142929670a0e6e70),
    UINT64_C(0x27b70a8546d22ffc), UINT64_C(0x2e1b21385c26c926), UINT64_C(0x4d2c6dfc5ac42aed), UINT64_C(0x53380d139d95b3df),
    UINT64_C(0x650a73548baf63de), UINT64_C(0x766a0abb3c77b2a8), UINT64_C(0x81c2c92e47edaee6), UINT64_C(0x92722c851482353b),
    UINT64_C(0xa2bfe8a14cf10364), UINT64_C(0xa81a664bbc423001), UINT64_C(0xc24b8b70d0f89791), UINT64_C(0xc76c51a30654be30),
    UINT64_C(0xd192e819d6ef5218), UINT64_C(0xd69906245565a910), UINT64_C(0xf40e35855771202a), UINT64_C(0x106aa07032bbd1b8),
    UINT64_C(0x19a4c116b8d2d0c8), UINT64_C(0x1e376c085141ab53), UINT64_C(0x2748774cdf8eeb99), UINT64_C(0x34b0bcb5e19b48a8),
    UINT64_C(0x391c0cb3c5c95a63), UINT64_C(0x4ed8aa4ae3418acb), UINT64_C(0x5b9cca4f7763e373), UINT64_C(0x682e6ff3d6b2b8a3),
    UINT64_C(0x748f82ee5defb2fc), UINT64_C(0x78a5636f43172f60), UINT64_C(0x84c87814a1f0ab72), UINT64_C(0x8cc702081a6439ec),
    UINT64_C(0x90befffa23631e28), UINT64_C(0xa4506cebde82bde9), UINT64_C(0xbef9a3f7b2c67915), UINT64_C(0xc67178f2e372532b),
    UINT64_C(0xca273eceea26619c), UINT64_C(0xd186b8c721c0c207), UINT64_C(0xeada7dd6cde0eb1e), UINT64_C(0xf57d4f7fee6ed178),
    UINT64_C(0x06f067aa72176fba), UINT64_C(0x0a637dc5a2c898a6), UINT64_C(0x113f9804bef90dae), UINT64_C(0x1b710b35131c471b),
    UINT64_C(0x28db77f523047d84), UINT64_C(0x32caab7b40c72493), UINT64_C(0x3c9ebe0a15c9bebc), UINT64_C(0x431d67c49c100d4c),
    UINT64_C(0x4cc5d4becb3e42b6), UINT64_C(0x597f299cfc657e2a), UINT64_C(0x5fcb6fab3ad6faec), UINT64_C(0x6c44198c4a475817),
};
/* clang-format on */

static uint32_t rotl32(uint32_t x, int n)
{
    return x << n | x >> (32 - n);
}
static uint32_t rotr32(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}
static uint64_t rotr64(uint64_t x, int n)
{
    return x >> n | x << (64 - n);
}

static uint32_t big32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t little32(const unsigned char *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static void mix_md5(uint64_t state[8], const unsigned char *block)
{
    static const unsigned char turns[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    uint32_t a = (uint32_t)state[0], b = (uint32_t)state[1], c = (uint32_t)state[2], d = (uint32_t)state[3];
    for (int i = 0; i < 64; i++) {
        int round = i / 16;
        uint32_t f = round == 0   ? (b & c) | (~b & d)
                     : round == 1 ? (d & b) | (~d & c)
                     : round == 2 ? b ^ c ^ d
                                  : c ^ (b | ~d);
        int word = round == 0 ? i : round == 1 ? (5 * i + 1) % 16 : round == 2 ? (3 * i + 5) % 16 : 7 * i % 16;
        uint32_t sum = a + f + md5_constants[i] + little32(block + 4 * word);
        a = d;
        d = c;
        c = b;
        b += rotl32(sum, turns[round][i % 4]);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

static void mix_sha1(uint64_t state[8], const unsigned char *block)
{
    static const uint32_t constants[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    uint32_t w[80], v[5];
    for (int i = 0; i < 80; i++)
        w[i] = i < 16 ? big32(block + 4 * i) : rotl32(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (int i = 0; i < 5; i++)
        v[i] = (uint32_t)state[i];
    for (int i = 0; i < 80; i++) {
        uint32_t b = v[1], c = v[2], d = v[3];
        uint32_t f = i < 20 ? (b & c) | (~b & d) : i >= 40 && i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
        uint32_t sum = rotl32(v[0], 5) + f + v[4] + constants[i / 20] + w[i];
        v[4] = d;
        v[3] = c;
        v[2] = rotl32(b, 30);
        v[1] = v[0];
        v[0] = sum;
    }
    for (int i = 0; i < 5; i++)
        state[i] += v[i];
}

static void mix_sha256(uint64_t state[8], const unsigned char *block)
{
    uint32_t w[64], v[8];
    for (int i = 0; i < 64; i++) {
        if (i < 16) {
            w[i] = big32(block + 4 * i);
            continue;
        }
        uint32_t x = w[i - 15], y = w[i - 2];
        w[i] =
            w[i - 16] + (rotr32(x, 7) ^ rotr32(x, 18) ^ x >> 3) + w[i - 7] + (rotr32(y, 17) ^ rotr32(y, 19) ^ y >> 10);
    }
    for (int i = 0; i < 8; i++)
        v[i] = (uint32_t)state[i];
    for (int i = 0; i < 64; i++) {
        uint32_t a = v[0], e = v[4];
        uint32_t one = v[7] + (rotr32(e, 6) ^ rotr32(e, 11) ^ rotr32(e, 25)) + ((e & v[5]) ^ (~e & v[6])) +
                       (uint32_t)(sha_constants[i] >> 32) + w[i];
        uint32_t two = (rotr32(a, 2) ^ rotr32(a, 13) ^ rotr32(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += one;
        v[0] = one + two;
    }
    for (int i = 0; i < 8; i++)
        state[i] += v[i];
}

static void mix_sha512(uint64_t state[8], const unsigned char *block)
{
    uint64_t w[80], v[8];
    for (int i = 0; i < 80; i++) {
        if (i < 16) {
            w[i] = (uint64_t)big32(block + 8 * i) << 32 | big32(block + 8 * i + 4);
            continue;
        }
        uint64_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + (rotr64(x, 1) ^ rotr64(x, 8) ^ x >> 7) + w[i - 7] + (rotr64(y, 19) ^ rotr64(y, 61) ^ y >> 6);
    }
    memcpy(v, state, sizeof v);
    for (int i = 0; i < 80; i++) {
        uint64_t a = v[0], e = v[4];
        uint64_t one = v[7] + (rotr64(e, 14) ^ rotr64(e, 18) ^ rotr64(e, 41)) + ((e & v[5]) ^ (~e & v[6])) +
                       sha_constants[i] + w[i];
        uint64_t two = (rotr64(a, 28) ^ rotr64(a, 34) ^ rotr64(a, 39)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += one;
        v[0] = one + two;
    }
    for (int i = 0; i < 8; i++)
        state[i] += v[i];
}

/* One row a digest: bytes of a block, of a word and of the result, the first state, the mixing. */
typedef struct method {
    unsigned char block, word, result;
    void (*mix)(uint64_t state[8], const unsigned char *block);
    uint64_t state[8];
} method;

static const method methods[] = {
    [SQI_DIGEST_MD5] = {64, 4, 16, mix_md5, {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}},
    [SQI_DIGEST_SHA1] = {64, 4, 20, mix_sha1, {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}},
    [SQI_DIGEST_SHA224] = {64,
                           4,
                           28,
                           mix_sha256,
                           {0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7,
                            0xbefa4fa4}},
    [SQI_DIGEST_SHA256] = {64,
                           4,
                           32,
                           mix_sha256,
                           {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
                            0x5be0cd19}},
    [SQI_DIGEST_SHA384] = {128,
                           8,
                           48,
                           mix_sha512,
                           {UINT64_C(0xcbbb9d5dc1059ed8), UINT64_C(0x629a292a367cd507), UINT64_C(0x9159015a3070dd17),
                            UINT64_C(0x152fecd8f70e5939), UINT64_C(0x67332667ffc00b31), UINT64_C(0x8eb44a8768581511),
                            UINT64_C(0xdb0c2e0d64f98fa7), UINT64_C(0x47b5481dbefa4fa4)}},
    [SQI_DIGEST_SHA512] = {128,
                           8,
                           64,
                           mix_sha512,
                           {UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xbb67ae8584caa73b), UINT64_C(0x3c6ef372fe94f82b),
                            UINT64_C(0xa54ff53a5f1d36f1), UINT64_C(0x510e527fade682d1), UINT64_C(0x9b05688c2b3e6c1f),
                            UINT64_C(0x1f83d9abfb41bd6b), UINT64_C(0x5be0cd19137e2179)}},
};

static void begin(digest *d, sqi_digest kind)
{
    *d = (digest){.kind = kind, .size = methods[kind].block};
    memcpy(d->state, methods[kind].state, sizeof d->state);
}

static void feed(digest *d, const void *ptr, size_t len)
{
    const unsigned char *p = ptr;
    d->length += len;
    while (len > 0) {
        if (d->filled == 0 && len >= d->size) {
            methods[d->kind].mix(d->state, p);
            p += d->size;
            len -= d->size;
            continue;
        }
        size_t some = d->size - d->filled < len ? d->size - d->filled : len;
        memcpy(d->block + d->filled, p, some);
        d->filled += some;
        p += some;
        len -= some;
        if (d->filled == d->size) {
            methods[d->kind].mix(d->state, d->block);
            d->filled = 0;
        }
    }
}

/* The bit that ends the text, zeros, the length in bits, and the state as bytes. */
static size_t finish(digest *d, unsigned char *to)
{
    const method *m = &methods[d->kind];
    bool little = d->kind == SQI_DIGEST_MD5;
    uint64_t bits = d->length * 8;
    unsigned char length[8], zero = 0;
    for (int i = 0; i < 8; i++)
        length[i] = (unsigned char)(bits >> (little ? 8 * i : 56 - 8 * i));
    feed(d, "\x80", 1);
    while (d->filled != d->size - 2u * m->word)
        feed(d, &zero, 1);
    while (d->filled != d->size - 8) /* SHA-512 has 16 bytes for the length */
        feed(d, &zero, 1);
    feed(d, length, 8);
    for (unsigned i = 0; i < m->result; i++) {
        unsigned byte = i % m->word;
        to[i] = (unsigned char)(d->state[i / m->word] >> (8 * (little ? byte : m->word - 1u - byte)));
    }
    return m->result;
}

size_t sqi_digest_parts(sqi_digest kind, const sqi_span *parts, size_t n, unsigned char to[SQI_DIGEST_MAX])
{
    digest d;
    begin(&d, kind);
    for (size_t i = 0; i < n; i++)
        feed(&d, parts[i].ptr, parts[i].len);
    return finish(&d, to);
}

size_t sqi_digest_hmac(sqi_digest kind, sqi_span key, sqi_span text, unsigned char to[SQI_DIGEST_MAX])
{
    unsigned char block[128] = {0}, inner[SQI_DIGEST_MAX];
    size_t size = methods[kind].block;
    if (key.len > size)
        sqi_digest_parts(kind, &key, 1, block);
    else if (key.len)
        memcpy(block, key.ptr, key.len);
    for (size_t i = 0; i < size; i++)
        block[i] ^= 0x36;
    size_t n = sqi_digest_parts(kind, (const sqi_span[]){{(const char *)block, size}, text}, 2, inner);
    for (size_t i = 0; i < size; i++)
        block[i] ^= 0x36 ^ 0x5c;
    return sqi_digest_parts(kind, (const sqi_span[]){{(const char *)block, size}, {(const char *)inner, n}}, 2, to);
}

uint32_t sqi_digest_crc32(sqi_span s)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < s.len; i++) {
        crc ^= (unsigned char)s.ptr[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}
