/*
 * sql_parse_group: GROUP BY: expressions, ALL, ROLLUP, CUBE, GROUPING SETS, in a row or after the expressions (WITH
 * ROLLUP, GROUPING SETS). ROLLUP and CUBE inside GROUPING SETS are written out as the sets they stand for.
 */
#include "sql_parse_parts.h"

static bool analytics_ahead(sqi_parser *p)
{
    if (sqi_parse_at(p, "GROUPING"))
        return sqi_parse_ahead(p, 1, "SETS") && sqi_parse_ahead(p, 2, "(");
    return (sqi_parse_at(p, "ROLLUP") || sqi_parse_at(p, "CUBE")) && sqi_parse_ahead(p, 1, "(");
}

/* One item of ROLLUP or CUBE, or one set: (), (a, b) or a; a list of expressions in all cases. */
static streamq_status grouping_set(sqi_parser *p, sqi_ast ***item, uint32_t *n, streamq_error **err)
{
    sqi_ast *e = NULL;
    *item = NULL;
    *n = 0;
    if (sqi_parse_at(p, "(") && sqi_parse_ahead(p, 1, ")")) {
        SQI_TRY(sqi_parse_advance(p, err));
        return sqi_parse_advance(p, err);
    }
    bool tuple = sqi_parse_at(p, "(");
    SQI_TRY(sqi_parse_one(p, &e, err));
    if (tuple && e->kind == SQI_AST_CALL && e->op && sqi_span_equal(e->name, SQI_SPAN("struct"))) {
        *item = e->arg;
        *n = e->narg;
        return STREAMQ_OK;
    }
    sqi_parse_array one = {0};
    SQI_TRY(sqi_parse_push_ast(p, &one, e, err));
    *item = one.item;
    *n = 1;
    return STREAMQ_OK;
}

typedef struct sets {
    sqi_parse_array item, n; /* sqi_ast **, uint32_t */
} sets;

static streamq_status add_set(sqi_parser *p, sets *s, sqi_ast **item, uint32_t n, streamq_error **err)
{
    sqi_ast ***slot = sqi_parse_push(p, &s->item, sizeof *slot);
    uint32_t *count = sqi_parse_push(p, &s->n, sizeof *count);
    if (!slot || !count)
        return sqi_error_nomem(err);
    *slot = item;
    *count = n;
    return STREAMQ_OK;
}

/* ROLLUP and CUBE inside GROUPING SETS are the sets they stand for; `mask` picks the units that stay. */
static streamq_status add_subset(sqi_parser *p, sets *to, const sets *units, uint32_t mask, streamq_error **err)
{
    sqi_parse_array all = {0};
    for (uint32_t i = 0; i < units->item.n; i++) {
        for (uint32_t k = 0; (mask >> i & 1) && k < ((uint32_t *)units->n.item)[i]; k++)
            SQI_TRY(sqi_parse_push_ast(p, &all, ((sqi_ast ***)units->item.item)[i][k], err));
    }
    return add_set(p, to, all.item, all.n, err);
}

static streamq_status grouping_sets(sqi_parser *p, sets *to, streamq_error **err);

/* At ROLLUP or CUBE: its units. */
static streamq_status read_units(sqi_parser *p, sets *units, streamq_error **err)
{
    bool more = true;
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_expect(p, "(", err));
    while (more) {
        sqi_ast **item;
        uint32_t n;
        SQI_TRY(grouping_set(p, &item, &n, err));
        SQI_TRY(add_set(p, units, item, n, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    return sqi_parse_expect(p, ")", err);
}

static streamq_status nested_analytics(sqi_parser *p, sets *to, streamq_error **err)
{
    if (sqi_parse_at(p, "GROUPING"))
        return grouping_sets(p, to, err);
    bool cube = sqi_parse_at(p, "CUBE");
    uint32_t begin = p->lex.current.begin;
    sets units = {0};
    SQI_TRY(read_units(p, &units, err));
    uint32_t n = units.item.n;
    if (n > (cube ? 12 : 31))
        return sqi_parse_fail(p, begin, p->lex.last_end, SQI_COND_FAILED_TO_PARSE_TOO_COMPLEX, err,
                              "%s of %u columns inside GROUPING SETS is too large", cube ? "CUBE" : "ROLLUP", n);
    for (uint32_t k = 0; cube && k < 1u << n; k++)
        SQI_TRY(add_subset(p, to, &units, (1u << n) - 1 - k, err));
    for (uint32_t k = 0; !cube && k <= n; k++)
        SQI_TRY(add_subset(p, to, &units, (1u << (n - k)) - 1, err));
    return STREAMQ_OK;
}

/* At GROUPING of GROUPING SETS (..). */
static streamq_status grouping_sets(sqi_parser *p, sets *to, streamq_error **err)
{
    bool more = true;
    SQI_TRY(sqi_parse_enter(p, err));
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_expect(p, "(", err));
    while (more) {
        if (analytics_ahead(p)) {
            SQI_TRY(nested_analytics(p, to, err));
        } else {
            sqi_ast **item;
            uint32_t n;
            SQI_TRY(grouping_set(p, &item, &n, err));
            SQI_TRY(add_set(p, to, item, n, err));
        }
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    sqi_parse_leave(p);
    return sqi_parse_expect(p, ")", err);
}

static void keep_sets(sqi_sql_grouping *g, const sets *s)
{
    g->kind = SQI_GROUP_SETS;
    g->set = s->item.item;
    g->nset = s->item.n;
    g->nset_item = s->n.item;
}

/* ROLLUP(a, (b, c)): a tuple is one item, CALL "struct". */
static streamq_status analytics(sqi_parser *p, sqi_sql_grouping *g, streamq_error **err)
{
    sets s = {0};
    if (sqi_parse_at(p, "GROUPING")) {
        SQI_TRY(grouping_sets(p, &s, err));
        keep_sets(g, &s);
        return STREAMQ_OK;
    }
    sqi_parse_array items = {0};
    g->kind = sqi_parse_at(p, "CUBE") ? SQI_GROUP_CUBE : SQI_GROUP_ROLLUP;
    uint32_t begin = p->lex.current.begin;
    SQI_TRY(read_units(p, &s, err));
    for (uint32_t i = 0; i < s.item.n; i++) {
        sqi_ast **item = ((sqi_ast ***)s.item.item)[i], *e = NULL;
        uint32_t n = ((uint32_t *)s.n.item)[i];
        if (n == 1)
            e = item[0];
        else
            SQI_TRY(sqi_parse_make_call(p, "struct", true, item, n, begin, &e, err));
        SQI_TRY(sqi_parse_push_ast(p, &items, e, err));
    }
    g->item = items.item;
    g->nitem = items.n;
    return STREAMQ_OK;
}

static bool is_all(const sqi_ast *e)
{
    return e->kind == SQI_AST_NAME && e->npart == 1 && !e->quoted && sqi_span_equal_nocase(e->part[0], SQI_SPAN("ALL"));
}

/* Plain items up to the next ROLLUP, CUBE or GROUPING SETS. */
static streamq_status plain_items(sqi_parser *p, bool named, sqi_sql_grouping *g, bool *more, streamq_error **err)
{
    sqi_parse_array items = {0};
    *more = true;
    while (*more && !analytics_ahead(p)) {
        sqi_ast *e = NULL;
        SQI_TRY(named ? sqi_parse_named_one(p, &e, err) : sqi_parse_one(p, &e, err));
        SQI_TRY(sqi_parse_push_ast(p, &items, e, err));
        SQI_TRY(sqi_parse_accept(p, ",", more, err));
    }
    g->item = items.item;
    g->nitem = items.n;
    return STREAMQ_OK;
}

/* a, b WITH ROLLUP; a, b GROUPING SETS ((a), (b)) */
static streamq_status trailing_analytics(sqi_parser *p, sqi_sql_grouping *g, streamq_error **err)
{
    sets s = {0};
    if (analytics_ahead(p) && sqi_parse_at(p, "GROUPING")) {
        SQI_TRY(grouping_sets(p, &s, err));
        keep_sets(g, &s);
    } else if (sqi_parse_at(p, "WITH") && (sqi_parse_ahead(p, 1, "ROLLUP") || sqi_parse_ahead(p, 1, "CUBE"))) {
        SQI_TRY(sqi_parse_advance(p, err));
        g->kind = sqi_parse_at(p, "CUBE") ? SQI_GROUP_CUBE : SQI_GROUP_ROLLUP;
        return sqi_parse_advance(p, err);
    }
    return STREAMQ_OK;
}

streamq_status sqi_sql_parse_group(sqi_parser *p, bool named, sqi_sql_grouping **out, streamq_error **err)
{
    bool more = true;
    SQI_TRY(sqi_parse_expect(p, "GROUP", err));
    SQI_TRY(sqi_parse_expect(p, "BY", err));
    sqi_sql_grouping **tail = out;
    while (more) {
        sqi_sql_grouping *g = *tail = sqi_arena_zero(p->arena, sizeof *g);
        if (!g)
            return sqi_error_nomem(err);
        if (analytics_ahead(p)) {
            SQI_TRY(analytics(p, g, err));
            SQI_TRY(sqi_parse_accept(p, ",", &more, err));
        } else {
            SQI_TRY(plain_items(p, named, g, &more, err));
            if (!more && g == *out)
                SQI_TRY(trailing_analytics(p, g, err));
        }
        tail = &g->next;
    }
    sqi_sql_grouping *first = *out;
    if (first->kind == SQI_GROUP_PLAIN && !first->next && first->nitem == 1 && is_all(first->item[0]))
        first->kind = SQI_GROUP_ALL;
    return STREAMQ_OK;
}
