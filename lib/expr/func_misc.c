/*
 * func_misc: assert_true, raise_error, version; and what is new in every row: rand, randn, uuid,
 * monotonically_increasing_id.
 *
 * rand(seed) gives the numbers that Spark gives for the first partition: an xorshift generator whose seed is scrambled
 * by Murmur3. Without a seed the session's goes in. The generators' states live with the program.
 */
#include <math.h>

#include "base_hash.h"
#include "base_uuid.h"
#include "expr_bind.h"

/* ---- version and errors ---------------------------------------------------------------------------------------- */

static streamq_status constant_text(sqi_call *call, sqi_span text, sqi_vec *out, streamq_error **err)
{
    if (!sqi_str_copy(call->eval->arena, text, SQI_OUT(out, sqi_str)))
        return sqi_error_nomem(err);
    out->mask = 0;
    return STREAMQ_OK;
}

static streamq_status k_version(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)arg, (void)rows;
    return constant_text(call, SQI_SPAN("streamq " STREAMQ_VERSION), out, err);
}

static streamq_status resolve_assert(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    if (t->id != SQI_BOOLEAN && t->id != SQI_VOID)
        return sqi_bind_arg_type_error(b, node, 0, "BOOLEAN", err);
    SQI_TRY(sqi_bind_cast(b, &node->arg[0], &sqi_type_boolean, err));
    if (node->narg > 1)
        SQI_TRY(sqi_bind_cast(b, &node->arg[1], &sqi_type_string, err));
    node->type = &sqi_type_void;
    return STREAMQ_OK;
}

static streamq_status raise(const sqi_vec *message, uint32_t i, streamq_error **err)
{
    if (!sqi_vec_valid(message, i))
        return sqi_error_set(err, SQI_COND_USER_RAISED_EXCEPTION, "null");
    sqi_span text = sqi_str_span(&SQI_AT(message, sqi_str, i));
    return sqi_error_set(err, SQI_COND_USER_RAISED_EXCEPTION, "%.*s", (int)(text.len < 4096 ? text.len : 4096),
                         text.ptr);
}

static streamq_status k_assert(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)out;
    for (SQI_EACH(rows, k, i)) {
        if (sqi_vec_valid(arg, i) && SQI_AT(arg, uint8_t, i))
            continue;
        return call->node->narg > 1
                   ? raise(&arg[1], i, err)
                   : sqi_error_set(err, SQI_COND_USER_RAISED_EXCEPTION, "the condition of assert_true is not true");
    }
    return STREAMQ_OK;
}

static streamq_status k_raise(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)out;
    for (SQI_EACH(rows, k, i))
        return raise(arg, i, err);
    return STREAMQ_OK;
}

static streamq_status resolve_raise(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_signature(b, node, "s>s", err));
    node->type = &sqi_type_void;
    return STREAMQ_OK;
}

/* ---- random numbers ------------------------------------------------------------------------------------------- */

typedef struct generator {
    uint64_t seed; /* never 0 once started */
    uint64_t from; /* the evaluator's seed when it was started: a new micro-batch starts it anew */
    double kept;   /* normal numbers come in pairs */
    bool has_kept;
} generator;

static uint32_t rotl(uint32_t v, int n)
{
    return v << n | v >> (32 - n);
}

/* Murmur3 over the eight bytes of a seed. */
static uint32_t murmur(const unsigned char b[8], uint32_t seed)
{
    uint32_t h = seed;
    for (int w = 0; w < 8; w += 4) {
        uint32_t k = (uint32_t)b[w] | (uint32_t)b[w + 1] << 8 | (uint32_t)b[w + 2] << 16 | (uint32_t)b[w + 3] << 24;
        k = rotl(k * 0xcc9e2d51u, 15) * 0x1b873593u;
        h = rotl(h ^ k, 13) * 5 + 0xe6546b64u;
    }
    h ^= 8;
    h = (h ^ h >> 16) * 0x85ebca6bu;
    h = (h ^ h >> 13) * 0xc2b2ae35u;
    return h ^ h >> 16;
}

static uint64_t scramble(uint64_t seed)
{
    unsigned char b[8];
    for (int i = 0; i < 8; i++)
        b[i] = (unsigned char)(seed >> (56 - 8 * i)); /* the order in which Java writes a long */
    uint32_t low = murmur(b, 0x3c074a61u), high = murmur(b, low);
    uint64_t s = (uint64_t)high << 32 | low;
    return s ? s : 1;
}

static uint32_t next_bits(generator *g, int bits)
{
    uint64_t s = g->seed;
    s ^= s << 21;
    s ^= s >> 35;
    s ^= s << 4;
    g->seed = s;
    return (uint32_t)(s & ((UINT64_C(1) << bits) - 1));
}

static double next_double(generator *g)
{
    uint64_t high = next_bits(g, 26), low = next_bits(g, 27);
    return (double)((high << 27) + low) * 0x1.0p-53;
}

/* Marsaglia's polar method, as Java's Random. */
static double next_gaussian(generator *g)
{
    if (g->has_kept) {
        g->has_kept = false;
        return g->kept;
    }
    double x, y, s;
    do {
        x = 2 * next_double(g) - 1;
        y = 2 * next_double(g) - 1;
        s = x * x + y * y;
    } while (s >= 1 || s == 0);
    double factor = sqrt(-2 * log(s) / s);
    g->kept = y * factor;
    g->has_kept = true;
    return x * factor;
}

/* The seed is the constant argument; without one, the evaluator's together with the turn of this call among the others:
   a micro-batch that runs again draws the same numbers. */
static generator *start(sqi_call *call, const sqi_vec *arg)
{
    generator *g = call->state;
    if (g->seed && g->from == call->eval->random_seed)
        return g;
    uint64_t seed = sqi_hash_mix(call->eval->random_seed, call->eval->random_calls++);
    if (call->node->narg)
        seed = sqi_vec_valid(arg, 0) ? (uint64_t)SQI_AT(arg, int64_t, 0) : 0;
    *g = (generator){.seed = scramble(seed), .from = call->eval->random_seed};
    return g;
}

static streamq_status resolve_random(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_signature(b, node, "l>d", err));
    node->type = &sqi_type_double;
    node->nullable = false;
    if (node->narg && !sqi_bound_foldable(node->arg[0]))
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                   "the seed must be a constant");
    return STREAMQ_OK;
}

static streamq_status k_rand(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)err;
    generator *g = start(call, arg);
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, double)[i] = next_double(g);
    return STREAMQ_OK;
}

static streamq_status k_randn(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)err;
    generator *g = start(call, arg);
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, double)[i] = next_gaussian(g);
    return STREAMQ_OK;
}

static streamq_status k_uuid(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    generator *g = start(call, arg);
    char *to = sqi_arena_get(call->eval->arena, (size_t)rows.n * SQI_UUID_TEXT + 1);
    if (!to)
        return sqi_error_nomem(err);
    for (SQI_EACH(rows, k, i)) {
        unsigned char random[SQI_UUID_BYTES];
        generator here = *g; /* so that its state stays in a register while bytes are written */
        for (int b = 0; b < SQI_UUID_BYTES; b++)
            random[b] = (unsigned char)(next_bits(&here, 32) >> 13);
        *g = here;
        sqi_uuid_write(random, to);
        SQI_OUT(out, sqi_str)[i] = sqi_str_view(to, SQI_UUID_TEXT);
        to += SQI_UUID_TEXT;
    }
    return STREAMQ_OK;
}

static streamq_status k_increasing(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)arg, (void)err;
    int64_t *next = call->state;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int64_t)[i] = (*next)++;
    return STREAMQ_OK;
}

#define RANDOM(n, max, r, s, k, t)                                                             \
    {                                                                                          \
        .name = n, .min_args = 0, .max_args = max, .nulls = SQI_NULL_OWN,                      \
        .flags = SQI_FUNC_RANDOM | SQI_FUNC_NEVER_NULL, .types = s, .resolve = r, .kernel = k, \
        .state_size = sizeof(generator), .text = t                                             \
    }

const sqi_func sqi_func_misc[] = {
    {.name = "version",
     .min_args = 0,
     .max_args = 0,
     .nulls = SQI_NULL_OWN,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = ">s",
     .kernel = k_version,
     .text = "version(): the version of the library"},
    {.name = "assert_true",
     .min_args = 1,
     .max_args = 2,
     .nulls = SQI_NULL_OWN,
     .resolve = resolve_assert,
     .kernel = k_assert,
     .text = "assert_true(condition, message): an error where the condition is not true, else NULL"},
    {.name = "raise_error",
     .min_args = 1,
     .max_args = 1,
     .nulls = SQI_NULL_OWN,
     .resolve = resolve_raise,
     .kernel = k_raise,
     .text = "raise_error(message): an error with that message"},
    RANDOM("rand", 1, resolve_random, NULL, k_rand, "rand(seed): a number from 0 to below 1, evenly distributed"),
    RANDOM("random", 1, resolve_random, NULL, k_rand, "random(seed): a number from 0 to below 1, evenly distributed"),
    RANDOM("randn", 1, resolve_random, NULL, k_randn, "randn(seed): a number of the standard normal distribution"),
    RANDOM("uuid", 0, NULL, ">s", k_uuid, "uuid(): a random identifier, version 4"),
    {.name = "monotonically_increasing_id",
     .min_args = 0,
     .max_args = 0,
     .nulls = SQI_NULL_OWN,
     .flags = SQI_FUNC_RANDOM | SQI_FUNC_NEVER_NULL,
     .types = ">l",
     .kernel = k_increasing,
     .state_size = sizeof(int64_t),
     .text = "monotonically_increasing_id(): the number of the row, from 0"},
    {0},
};
