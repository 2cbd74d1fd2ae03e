/*
 * agg_distinct: approx_count_distinct: HyperLogLog++ over Spark's hash, with Spark's choice of registers for the error
 * asked for (0.05 by default).
 *
 * As long as the raw estimate is below 2.5 a register, the registers still empty are counted (linear counting), which
 * is exact for a handful of values. From there to five a register the raw estimate is too large; the bias is not read
 * from measured tables, as in the paper and in Spark, but computed: the expected raw estimate of n values is a known
 * sum, and the answer is the n whose expectation was met. In that range answers differ from Spark's by a few tenths of
 * a percent, a small part of the estimate's own error; elsewhere they are the same.
 *
 * A state is NULL, or a byte for each register on the heap.
 */
#include <math.h>

#include "agg_form.h"
#include "data_order.h"
#include "expr_hash.h"

enum { LEAST_BITS = 4, MOST_BITS = 24, NO_BIAS_BITS = 19 };

#define MEASURED 1.0015 /* the paper's measured expectations are those of about 0.15 % fewer values */

typedef struct plan { /* a node's data */
    uint32_t bits;    /* registers: 1 << bits */
} plan;

typedef struct sketch {
    uint8_t *reg;
    uint32_t n;
} sketch;

static streamq_status bind_error(sqi_binder *b, sqi_bound *node, double *error, streamq_error **err)
{
    const sqi_vec *v;
    if (!sqi_type_is_numeric(node->arg[1]->type))
        return sqi_bind_arg_type_error(b, node, 1, "\"DOUBLE\"", err);
    SQI_TRY(sqi_bind_cast(b, &node->arg[1], &sqi_type_double, err));
    SQI_TRY(sqi_bind_constant(b, node->arg[1], &v, err));
    if (!v || !sqi_vec_valid(v, 0))
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                   "the error allowed must be a constant");
    *error = SQI_AT(v, double, 0);
    return STREAMQ_OK;
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    plan *p = sqi_arena_zero(b->arena, sizeof *p);
    double error = 0.05;
    if (!p)
        return sqi_error_nomem(err);
    if (node->narg == 2)
        SQI_TRY(bind_error(b, node, &error, err));
    double bits = error > 0 ? ceil(2.0 * log(1.106 / error) / log(2.0)) : INFINITY;
    if (!(bits >= LEAST_BITS && bits <= MOST_BITS))
        return sqi_bind_type_error(b, node, SQI_COND_FAILED_FUNCTION_CALL, err,
                                   "the error allowed must be between %g and %g, here it is %g",
                                   1.106 / exp2(MOST_BITS / 2.0), 1.106 / exp2((LEAST_BITS - 1) / 2.0), error);
    p->bits = (uint32_t)bits;
    node->type = &sqi_type_bigint;
    node->nullable = false;
    node->data = p;
    return STREAMQ_OK;
}

static streamq_status step(sqi_agg_run *run, const uint32_t *group, const sqi_vec *arg, sqi_rows rows,
                           streamq_error **err)
{
    uint32_t bits = ((const plan *)run->node->data)->bits;
    SQI_AGG_EACH(run, group, rows, sketch, s, i)
    {
        if (!s->reg) {
            if (!(s->reg = sqi_alloc_zero(run->eval->alloc, (size_t)1 << bits)))
                return sqi_error_nomem(err);
            s->n = 1u << bits;
        }
        uint64_t hash = sqi_expr_hash_xx(arg, i, SQI_EXPR_HASH_SEED);
        uint64_t rest = hash << bits | UINT64_C(1) << (bits - 1);
        uint8_t rank = (uint8_t)(__builtin_clzll(rest) + 1);
        uint8_t *reg = &s->reg[hash >> (64 - bits)];
        *reg = *reg < rank ? rank : *reg;
    }
    return STREAMQ_OK;
}

static void clear(sqi_eval *eval, void *state)
{
    sketch *s = state;
    sqi_alloc_free(eval->alloc, s->reg, s->n);
    *s = (sketch){NULL, 0};
}

static streamq_status merge(sqi_agg_run *run, void *into, void *from, streamq_error **err)
{
    (void)err;
    sketch *a = into, *b = from;
    if (!a->reg) {
        *a = *b;
        *b = (sketch){NULL, 0};
        return STREAMQ_OK;
    }
    for (uint32_t r = 0; b->reg && r < a->n; ++r)
        a->reg[r] = a->reg[r] < b->reg[r] ? b->reg[r] : a->reg[r];
    clear(run->eval, b);
    return STREAMQ_OK;
}

static double alpha_m2(double m)
{
    double alpha = m == 16 ? 0.673 : m == 32 ? 0.697 : m == 64 ? 0.709 : 0.7213 / (1.0 + 1.079 / m);
    return alpha * m * m;
}

/*
 * The expected raw estimate of n values in m registers. With x = n / m values a register (as many, independently), the
 * register is at most k with probability exp(-x / 2^k), so the sums below are the mean of z = 2^-register, of z squared
 * and the derivatives of the first by x; together they give the mean of 1 / sum(z) up to terms in 1 / m^2.
 */
static double expected_estimate(double n, double m)
{
    double x = n / m, mean = 0, square = 0, slope = 0, bend = 0, below = 0, below1 = 0, below2 = 0;
    for (int k = 0; k < 64; ++k) {
        double scale = exp2(-k), p = exp(-x * scale);
        double p1 = -scale * p, p2 = scale * scale * p;
        mean += scale * (p - below);
        square += scale * scale * (p - below);
        slope += scale * (p1 - below1);
        bend += scale * (p2 - below2);
        below = p;
        below1 = p1;
        below2 = p2;
    }
    double variance = square - mean * mean - x * slope * slope; /* the number of values is fixed */
    double centre = mean - x * bend / (2 * m);
    return alpha_m2(m) / (m * centre) * (1 + variance / (m * centre * centre));
}

static double without_bias(double estimate, double m)
{
    double low = 0, high = estimate;
    for (int i = 0; i < 60 && high - low > 1e-6 * high; ++i) {
        double middle = (low + high) / 2;
        if (expected_estimate(middle, m) < estimate)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2 * MEASURED;
}

static int64_t count(const sketch *s, uint32_t bits)
{
    double m = s->n, sum = 0, empty = 0;
    for (uint32_t r = 0; r < s->n; ++r) {
        sum += 1.0 / (double)(UINT64_C(1) << s->reg[r]);
        empty += s->reg[r] == 0;
    }
    double estimate = alpha_m2(m) / sum;
    if (empty > 0 && estimate <= 2.5 * m)
        estimate = m * log(m / empty);
    else if (bits < NO_BIAS_BITS && estimate < 5.0 * m)
        estimate = without_bias(estimate, m);
    return (int64_t)floor(estimate + 0.5);
}

static streamq_status emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    (void)err;
    uint32_t bits = ((const plan *)run->node->data)->bits;
    for (uint32_t k = 0; k < n; ++k) {
        const sketch *s = sqi_states_at(&run->states, list[k]);
        SQI_OUT(out, int64_t)[k] = s->reg ? count(s, bits) : 0;
    }
    return STREAMQ_OK;
}

/* ---- checkpoints: of each state how many registers are not 0 (-1: there are none), then these by place, or all ---- */

static uint32_t used(const sketch *s)
{
    uint32_t n = 0;
    for (uint32_t r = 0; r < s->n; ++r)
        n += s->reg[r] != 0;
    return n;
}

/* A place takes a byte or more, and the register one. */
static bool is_sparse(int64_t n, uint32_t bits)
{
    return n < INT64_C(1) << (bits - 2);
}

static void save_sparse(const sketch *s, sqi_buf *to)
{
    uint32_t last = 0;
    for (uint32_t r = 0; r < s->n; ++r)
        if (s->reg[r]) {
            sqi_bytes_put_varint(to, r - last);
            sqi_buf_byte(to, (char)s->reg[r]);
            last = r;
        }
}

static streamq_status save(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err)
{
    uint32_t bits = ((const plan *)run->node->data)->bits;
    int64_t *count = sqi_agg_form_room(run, n, err);
    if (!count)
        return STREAMQ_ERR_NOMEM;
    for (uint32_t k = 0; k < n; ++k) {
        const sketch *s = sqi_states_at(&run->states, list[k]);
        count[k] = s->reg ? (int64_t)used(s) : -1;
    }
    sqi_pack_ints(to, count, n);
    for (uint32_t k = 0; k < n; ++k) {
        const sketch *s = sqi_states_at(&run->states, list[k]);
        if (count[k] >= 0 && is_sparse(count[k], bits))
            save_sparse(s, to);
        else if (count[k] >= 0)
            sqi_buf_put(to, s->reg, s->n);
    }
    return STREAMQ_OK;
}

static void load_registers(sketch *s, int64_t n, uint32_t bits, sqi_bytes *from)
{
    const uint8_t most = (uint8_t)(65 - bits);
    uint64_t place = 0;
    if (!is_sparse(n, bits)) {
        sqi_span all = sqi_bytes_get(from, s->n);
        if (!from->bad)
            memcpy(s->reg, all.ptr, s->n);
    }
    for (int64_t k = 0; k < n && is_sparse(n, bits) && !from->bad; ++k) {
        uint64_t gap = sqi_bytes_get_varint(from);
        place += gap < s->n ? gap : s->n;
        uint8_t rank = sqi_bytes_get8(from);
        if (place >= s->n)
            from->bad = true;
        else
            s->reg[place] = rank;
    }
    for (uint32_t r = 0; r < s->n; ++r)
        from->bad |= s->reg[r] > most;
}

static streamq_status load(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from, streamq_error **err)
{
    uint32_t bits = ((const plan *)run->node->data)->bits;
    int64_t *count;
    SQI_TRY(sqi_agg_form_ints(run, from, n, -1, INT64_C(1) << bits, &count, err));
    for (uint32_t k = 0; k < n; ++k) {
        sketch *s = sqi_states_at(&run->states, list[k]);
        clear(run->eval, s);
        if (count[k] < 0)
            continue;
        if (!(s->reg = sqi_alloc_zero(run->eval->alloc, (size_t)1 << bits)))
            return sqi_error_nomem(err);
        s->n = 1u << bits;
        load_registers(s, count[k], bits, from);
        if (from->bad) {
            clear(run->eval, s);
            return sqi_agg_form_damaged(from, err);
        }
    }
    return STREAMQ_OK;
}

static const sqi_agg_form form = {.version = 1, .save = save, .load = load};

const sqi_agg sqi_agg_distinct[] = {
    {"approx_count_distinct", 1, 2, SQI_AGG_MERGES, NULL, resolve, sizeof(sketch), step, NULL, merge, emit, clear,
     "About how many different values there are; the second argument is the relative error allowed.", &form},
    {.name = NULL},
};
