/*
 * sql_group: GROUP BY as written -> keys, each once, and grouping sets over them.
 *
 * Several groupings in a row multiply: GROUP BY a, ROLLUP(b) has the sets (a, b) and (a).
 */
#include "plan_make.h"
#include "sql_scope.h"

enum { KEYS_MAX = 64, SETS_MAX = 4096 };

typedef struct sets {
    const sqi_sql_scope *s;
    sqi_ast **key;
    uint32_t nkey, key_cap;
    uint64_t *set; /* the product so far */
    uint32_t nset;
    streamq_error **err;
} sets;

static streamq_status too_many(const sets *x, const sqi_ast *at)
{
    return sqi_names_error(at, x->err, SQI_COND_LIMIT_EXCEEDED, "GROUP BY has more than %d keys or %d grouping sets",
                           KEYS_MAX, SETS_MAX);
}

static streamq_status key_bit(sets *x, sqi_ast *e, uint64_t *bit)
{
    uint32_t i = 0;
    while (i < x->nkey && !sqi_ast_equal(x->key[i], e))
        i++;
    if (i == KEYS_MAX)
        return too_many(x, e);
    if (i == x->nkey) {
        if (!sqi_arena_room(x->s->c->arena, (void **)&x->key, x->nkey, &x->key_cap, sizeof *x->key))
            return sqi_error_nomem(x->err);
        x->key[x->nkey++] = e;
    }
    *bit |= UINT64_C(1) << i;
    return STREAMQ_OK;
}

/* (a, b) is the call struct(a, b), only written otherwise. */
static bool is_tuple(const sqi_ast *e)
{
    sqi_span written = {e->text.ptr + e->begin, e->end - e->begin}, name = SQI_SPAN("struct");
    if (e->kind != SQI_AST_CALL || !sqi_span_equal_nocase(e->name, name) || !e->text.ptr)
        return false;
    written.len = written.len < name.len ? written.len : name.len;
    return !sqi_span_equal_nocase(written, name);
}

/* An element of ROLLUP or CUBE: one key, or several that come and go together. */
static streamq_status element(sets *x, sqi_ast *e, uint64_t *bits)
{
    *bits = 0;
    if (!is_tuple(e))
        return key_bit(x, e, bits);
    for (uint32_t i = 0; i < e->narg; i++)
        SQI_TRY(key_bit(x, e->arg[i], bits));
    return STREAMQ_OK;
}

static streamq_status elements(sets *x, const sqi_sql_grouping *g, uint64_t *bits)
{
    for (uint32_t i = 0; i < g->nitem; i++)
        SQI_TRY(element(x, g->item[i], &bits[i]));
    return STREAMQ_OK;
}

/* Multiply the sets so far by these. */
static streamq_status multiply(sets *x, const uint64_t *by, uint32_t n)
{
    if ((uint64_t)x->nset * n > SETS_MAX)
        return too_many(x, NULL);
    uint64_t *product = sqi_arena_array(x->s->c->arena, (size_t)x->nset * n, sizeof *product);
    if (!product)
        return sqi_error_nomem(x->err);
    for (uint32_t i = 0; i < x->nset; i++)
        for (uint32_t k = 0; k < n; k++)
            product[i * n + k] = x->set[i] | by[k];
    x->set = product;
    x->nset *= n;
    return STREAMQ_OK;
}

static streamq_status plain(sets *x, const sqi_sql_grouping *g)
{
    uint64_t all = 0;
    for (uint32_t i = 0; i < g->nitem; i++)
        SQI_TRY(key_bit(x, g->item[i], &all));
    return multiply(x, &all, 1);
}

static streamq_status rollup(sets *x, const sqi_sql_grouping *g)
{
    uint64_t bits[KEYS_MAX], prefix[KEYS_MAX + 1];
    if (g->nitem > KEYS_MAX)
        return too_many(x, g->item[0]);
    SQI_TRY(elements(x, g, bits));
    for (uint32_t n = 0; n <= g->nitem; n++) {
        prefix[n] = 0;
        for (uint32_t i = 0; i < g->nitem - n; i++)
            prefix[n] |= bits[i];
    }
    return multiply(x, prefix, g->nitem + 1);
}

static streamq_status cube(sets *x, const sqi_sql_grouping *g)
{
    uint64_t bits[KEYS_MAX];
    if (g->nitem > KEYS_MAX || (UINT64_C(1) << g->nitem) > SETS_MAX)
        return too_many(x, g->item[0]);
    SQI_TRY(elements(x, g, bits));
    uint32_t n = UINT32_C(1) << g->nitem;
    uint64_t *all = sqi_arena_array(x->s->c->arena, n, sizeof *all);
    if (!all)
        return sqi_error_nomem(x->err);
    for (uint32_t k = 0; k < n; k++)
        for (uint32_t i = 0; i < g->nitem; i++)
            if (!(k >> (g->nitem - 1 - i) & 1)) /* all keys first, none last */
                all[k] |= bits[i];
    return multiply(x, all, n);
}

static streamq_status written_sets(sets *x, const sqi_sql_grouping *g)
{
    if (g->nset > SETS_MAX)
        return too_many(x, NULL);
    uint64_t *all = sqi_arena_array(x->s->c->arena, g->nset, sizeof *all);
    if (!all)
        return sqi_error_nomem(x->err);
    for (uint32_t k = 0; k < g->nset; k++)
        for (uint32_t i = 0; i < g->nset_item[k]; i++)
            SQI_TRY(key_bit(x, g->set[k][i], &all[k]));
    return multiply(x, all, g->nset);
}

static streamq_status one(sets *x, const sqi_sql_grouping *g)
{
    switch (g->kind) {
    case SQI_GROUP_ROLLUP:
        return rollup(x, g);
    case SQI_GROUP_CUBE:
        return cube(x, g);
    case SQI_GROUP_SETS:
        return written_sets(x, g);
    default:
        return plain(x, g);
    }
}

streamq_status sqi_sql_group(const sqi_sql_scope *s, const sqi_sql_grouping *g, sqi_group_by *out, streamq_error **err)
{
    *out = (sqi_group_by){.present = true, .ordinals = true};
    if (!g->next && g->kind == SQI_GROUP_ALL) {
        out->all = true;
        return STREAMQ_OK;
    }
    if (!g->next && g->kind == SQI_GROUP_PLAIN) {
        out->key = g->item;
        out->nkey = g->nitem;
        return STREAMQ_OK;
    }
    uint64_t nothing = 0;
    sets x = {.s = s, .set = &nothing, .nset = 1, .err = err};
    bool several = false;
    for (; g; g = g->next) {
        several = several || g->kind != SQI_GROUP_PLAIN;
        SQI_TRY(one(&x, g));
    }
    out->key = x.key;
    out->nkey = x.nkey;
    out->set = several ? x.set : NULL;
    out->nset = several ? x.nset : 0;
    return STREAMQ_OK;
}
