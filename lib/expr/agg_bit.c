/*
 * agg_bit: bit_and, bit_or, bit_xor of integers. The result has the argument's type; states are 64 bits wide, sign
 * extended, so one loop per operator serves after reading the value.
 */
#include "agg.h"

typedef struct bits {
    int64_t value;
    bool has;
} bits;

typedef enum bit_op { BIT_AND, BIT_OR, BIT_XOR } bit_op;

static void put(bits *s, int64_t value, bit_op op)
{
    if (!s->has)
        *s = (bits){value, true};
    else if (op == BIT_AND)
        s->value &= value;
    else if (op == BIT_OR)
        s->value |= value;
    else
        s->value ^= value;
}

#define FAMILY(name, op)                                                                                          \
    static streamq_status step_##name(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows, \
                                      streamq_error **err)                                                        \
    {                                                                                                             \
        (void)err;                                                                                                \
        SQI_AGG_EACH(run, group, rows, bits, s, i)                                                                \
        put(s, sqi_vec_int(arg, i), op);                                                                          \
        return STREAMQ_OK;                                                                                        \
    }                                                                                                             \
    static streamq_status merge_##name(sqi_agg_run *run, void *into, void *from, streamq_error **err)             \
    {                                                                                                             \
        (void)run;                                                                                                \
        (void)err;                                                                                                \
        bits *b = from;                                                                                           \
        if (b->has)                                                                                               \
            put(into, b->value, op);                                                                              \
        *b = (bits){0, false};                                                                                    \
        return STREAMQ_OK;                                                                                        \
    }
FAMILY(and, BIT_AND)
FAMILY(or, BIT_OR)
FAMILY(xor, BIT_XOR)
#undef FAMILY

static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    SQI_TRY(sqi_vec_bitmap(out, n, true, run->eval->arena, err));
    for (uint32_t k = 0; k < n; ++k) {
        const bits *s = sqi_states_at(&run->states, list[k]);
        if (!s->has)
            sqi_vec_set_null(out, k);
        sqi_vec_put_int(out, k, s->value);
    }
    return STREAMQ_OK;
}

static const sqi_agg_field number[] = {
    {SQI_AGG_INT, offsetof(bits, value)}, {SQI_AGG_FLAG, offsetof(bits, has)}, {SQI_AGG_END, 0}};
static const sqi_agg_form form = {.version = 1, .field = number};

const sqi_agg sqi_agg_bit[] = {
    {"bit_and", 1, 1, SQI_AGG_MERGES, "I>1", NULL, sizeof(bits), step_and, NULL, merge_and, emit, NULL,
     "The bitwise AND of all values.", &form},
    {"bit_or", 1, 1, SQI_AGG_MERGES, "I>1", NULL, sizeof(bits), step_or, NULL, merge_or, emit, NULL,
     "The bitwise OR of all values.", &form},
    {"bit_xor", 1, 1, SQI_AGG_MERGES, "I>1", NULL, sizeof(bits), step_xor, NULL, merge_xor, emit, NULL,
     "The bitwise XOR of all values.", &form},
    {.name = NULL},
};
