/*
 * func_str_map: str_to_map: "a:1,b:2" as a map. Both delimiters are patterns; a pair without the second one has a null
 * value, and only the first in a pair counts.
 */
#include "expr_bind.h"
#include "func_map.h"
#include "func_split.h"

typedef struct state {
    sqi_regex pair, key;
} state;

static void state_fini(void *s)
{
    sqi_regex_fini(&((state *)s)->pair);
    sqi_regex_fini(&((state *)s)->key);
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_signature(b, node, "SSS", err));
    node->type = sqi_type_map(b->eval->pool, &sqi_type_string, &sqi_type_string, true);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

typedef struct columns {
    sqi_strs key, value;
    uint64_t *null; /* a word for each 64 values: which are null */
    size_t words;
} columns;

static bool put_pair(columns *c, const sqi_strs *parts, sqi_arena *arena)
{
    size_t at = c->key.n;
    if (at / 64 >= c->words) {
        size_t words = c->words ? c->words * 2 : 16;
        uint64_t *null = sqi_arena_array(arena, words, sizeof *null);
        if (!null)
            return false;
        if (c->words)
            memcpy(null, c->null, c->words * sizeof *null);
        c->null = null;
        c->words = words;
    }
    bool pair = parts->n > 1;
    if (!pair)
        c->null[at / 64] |= UINT64_C(1) << (at % 64);
    return sqi_strs_put(&c->key, parts->at[0], arena) &&
           sqi_strs_put(&c->value, pair ? parts->at[1] : sqi_str_view("", 0), arena);
}

static void finish(columns *c, sqi_vec *out)
{
    uint64_t any = 0;
    out->nchild = (uint32_t)c->key.n;
    out->child[0].data = c->key.at;
    out->child[1].data = c->value.at;
    for (size_t w = 0; w < c->words; w++) {
        any |= c->null[w];
        c->null[w] = ~c->null[w];
    }
    if (any)
        out->child[1].valid = c->null;
}

static streamq_status str_to_map(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    state *s = call->state;
    sqi_eval *eval = call->eval;
    uint32_t narg = call->node->narg;
    columns made = {0};
    sqi_strs pairs = {0}, parts = {0};
    for (SQI_EACH(rows, k, i)) {
        sqi_span between = narg > 1 ? SQI_SPAN_AT(&arg[1], i) : SQI_SPAN(",");
        sqi_span inside = narg > 2 ? SQI_SPAN_AT(&arg[2], i) : SQI_SPAN(":");
        size_t begin = made.key.n;
        pairs.n = 0;
        SQI_TRY(sqi_split_text(&s->pair, eval, SQI_SPAN_AT(arg, i), between, -1, "str_to_map", &pairs, err));
        for (size_t p = 0; p < pairs.n; p++) {
            parts.n = 0;
            SQI_TRY(sqi_split_text(&s->key, eval, sqi_str_span(&pairs.at[p]), inside, 2, "str_to_map", &parts, err));
            if (!put_pair(&made, &parts, eval->arena))
                return sqi_error_nomem(err);
        }
        SQI_OUT(out, sqi_list)[i] = (sqi_list){(uint32_t)begin, (uint32_t)(made.key.n - begin)};
    }
    finish(&made, out);
    return sqi_map_finish(call, rows, out, err);
}

const sqi_func sqi_func_str_map[] = {
    {.name = "str_to_map",
     .min_args = 1,
     .max_args = 3,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve,
     .kernel = str_to_map,
     .state_size = sizeof(state),
     .state_fini = state_fini,
     .text = "str_to_map(str[, between pairs[, between key and value]]): a map of the pairs in a text"},
    {0},
};
