/*
 * sql_parse_reshape: TABLESAMPLE, PIVOT and UNPIVOT. The first two are read and only their place is kept, so that they
 * can be refused with it; UNPIVOT's columns are kept.
 */
#include "sql_parse_parts.h"

static bool unpivot_ahead(sqi_parser *p)
{
    static const char *const after[] = {"(", "INCLUDE", "EXCLUDE", NULL};
    return sqi_parse_at(p, "UNPIVOT") && sqi_parse_at_any(p, 1, after);
}

bool sqi_sql_parse_reshape_ahead(sqi_parser *p)
{
    return unpivot_ahead(p) ||
           ((sqi_parse_at(p, "TABLESAMPLE") || sqi_parse_at(p, "PIVOT")) && sqi_parse_ahead(p, 1, "("));
}

/* [AS] name, if a name stands here and not the end of the list. */
static streamq_status alias(sqi_parser *p, sqi_span *out, streamq_error **err)
{
    if (sqi_parse_at(p, "AS"))
        SQI_TRY(sqi_parse_advance(p, err));
    else if (!sqi_parse_is_word(p, 0))
        return STREAMQ_OK;
    return sqi_parse_identifier(p, out, err);
}

/* name or (name, name) */
static streamq_status names(sqi_parser *p, sqi_span **out, uint32_t *n, streamq_error **err)
{
    if (sqi_parse_at(p, "("))
        return sqi_parse_names(p, out, n, err);
    *out = sqi_arena_array(p->arena, 1, sizeof **out);
    *n = 1;
    return *out ? sqi_parse_identifier(p, *out, err) : sqi_error_nomem(err);
}

/* ---------------------------------------------------------------- TABLESAMPLE */

static streamq_status bucket(sqi_parser *p, streamq_error **err)
{
    static const char *const words[] = {"BUCKET", "", "OUT", "OF", "", NULL};
    sqi_ast *column;
    for (const char *const *w = words; *w; w++) {
        bool number = !**w;
        if (number ? p->lex.current.kind != SQI_TOKEN_INTEGER : !sqi_parse_at(p, *w))
            return sqi_parse_unexpected(p, err);
        SQI_TRY(sqi_parse_advance(p, err));
    }
    if (!sqi_parse_at(p, "ON"))
        return STREAMQ_OK;
    SQI_TRY(sqi_parse_advance(p, err));
    return sqi_parse_primary(p, &column, err);
}

static streamq_status sample_method(sqi_parser *p, streamq_error **err)
{
    sqi_ast *amount;
    if (sqi_parse_at(p, "BUCKET") && sqi_lex_ahead(&p->lex, 1)->kind == SQI_TOKEN_INTEGER)
        return bucket(p, err);
    SQI_TRY(sqi_parse_one(p, &amount, err));
    if (sqi_parse_at(p, "ROWS"))
        return sqi_parse_advance(p, err);
    if (sqi_parse_at(p, "PERCENT") && amount->kind == SQI_AST_LITERAL)
        return sqi_parse_advance(p, err);
    return STREAMQ_OK;
}

static streamq_status sample(sqi_parser *p, streamq_error **err)
{
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_expect(p, "(", err));
    if (!sqi_parse_at(p, ")"))
        SQI_TRY(sample_method(p, err));
    SQI_TRY(sqi_parse_expect(p, ")", err));
    if (!sqi_parse_at(p, "REPEATABLE"))
        return STREAMQ_OK;
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_expect(p, "(", err));
    if (p->lex.current.kind != SQI_TOKEN_INTEGER)
        return sqi_parse_unexpected(p, err);
    SQI_TRY(sqi_parse_advance(p, err));
    return sqi_parse_expect(p, ")", err);
}

/* ---------------------------------------------------------------- PIVOT */

static streamq_status pivot(sqi_parser *p, streamq_error **err)
{
    sqi_ast **item;
    sqi_span *name, value_alias;
    uint32_t n;
    bool more = true;
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_expect(p, "(", err));
    SQI_TRY(sqi_parse_items(p, true, &item, &n, err));
    SQI_TRY(sqi_parse_expect(p, "FOR", err));
    SQI_TRY(names(p, &name, &n, err));
    SQI_TRY(sqi_parse_expect(p, "IN", err));
    SQI_TRY(sqi_parse_expect(p, "(", err));
    while (more) {
        sqi_ast *value;
        SQI_TRY(sqi_parse_one(p, &value, err));
        SQI_TRY(alias(p, &value_alias, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    SQI_TRY(sqi_parse_expect(p, ")", err));
    return sqi_parse_expect(p, ")", err);
}

/* ---------------------------------------------------------------- UNPIVOT */

static streamq_status unpivot_set(sqi_parser *p, bool several, sqi_sql_unpivot_set *s, streamq_error **err)
{
    sqi_parse_array list = {0};
    bool more = true;
    if (several)
        SQI_TRY(sqi_parse_expect(p, "(", err));
    while (more) {
        sqi_ast *e = NULL;
        SQI_TRY(sqi_parse_name(p, &e, err));
        SQI_TRY(sqi_parse_push_ast(p, &list, e, err));
        more = several && sqi_parse_at(p, ",");
        if (more)
            SQI_TRY(sqi_parse_advance(p, err));
    }
    if (several)
        SQI_TRY(sqi_parse_expect(p, ")", err));
    s->column = list.item;
    s->ncolumn = list.n;
    return alias(p, &s->alias, err);
}

static streamq_status unpivot(sqi_parser *p, sqi_sql_unpivot *u, streamq_error **err)
{
    sqi_parse_array sets = {0};
    bool more = true;
    SQI_TRY(sqi_parse_advance(p, err));
    u->include_nulls = sqi_parse_at(p, "INCLUDE");
    if (!sqi_parse_at(p, "(")) {
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_expect(p, "NULLS", err));
    }
    SQI_TRY(sqi_parse_expect(p, "(", err));
    bool several = sqi_parse_at(p, "(");
    SQI_TRY(names(p, &u->value, &u->nvalue, err));
    SQI_TRY(sqi_parse_expect(p, "FOR", err));
    SQI_TRY(sqi_parse_identifier(p, &u->name, err));
    SQI_TRY(sqi_parse_expect(p, "IN", err));
    SQI_TRY(sqi_parse_expect(p, "(", err));
    while (more) {
        sqi_sql_unpivot_set *s = sqi_parse_push(p, &sets, sizeof *s);
        if (!s)
            return sqi_error_nomem(err);
        SQI_TRY(unpivot_set(p, several, s, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    u->set = sets.item;
    u->nset = sets.n;
    SQI_TRY(sqi_parse_expect(p, ")", err));
    return sqi_parse_expect(p, ")", err);
}

/* ---------------------------------------------------------------- which one */

streamq_status sqi_sql_parse_reshape(sqi_parser *p, uint32_t *begin, uint32_t *end, sqi_sql_unpivot **out,
                                     streamq_error **err)
{
    *begin = p->lex.current.begin;
    if (sqi_parse_at(p, "TABLESAMPLE")) {
        SQI_TRY(sample(p, err));
    } else if (sqi_parse_at(p, "PIVOT")) {
        SQI_TRY(pivot(p, err));
    } else {
        *out = sqi_arena_zero(p->arena, sizeof **out);
        if (!*out)
            return sqi_error_nomem(err);
        SQI_TRY(unpivot(p, *out, err));
    }
    *end = p->lex.last_end;
    return STREAMQ_OK;
}
