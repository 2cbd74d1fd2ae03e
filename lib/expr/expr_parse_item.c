/*
 * expr_parse_item: lists of expressions, with aliases where the place allows them, and sort orders.
 */
#include "expr_parse_parts.h"

streamq_status sqi_parse_names(sqi_parser *p, sqi_span **out, uint32_t *n, streamq_error **err)
{
    sqi_parse_array names = {0};
    bool more = true;
    SQI_TRY(sqi_parse_expect(p, "(", err));
    while (more) {
        sqi_span *name = sqi_parse_push(p, &names, sizeof *name);
        if (!name)
            return sqi_error_nomem(err);
        SQI_TRY(sqi_parse_identifier(p, name, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    *out = names.item;
    *n = names.n;
    return sqi_parse_expect(p, ")", err);
}

/* "AS" is the alias itself in `SELECT a AS FROM t`. */
static bool as_introduces(sqi_parser *p)
{
    if (!sqi_parse_at(p, "AS"))
        return false;
    return sqi_parse_ahead(p, 1, "(") || (sqi_parse_is_word(p, 1) && !sqi_parse_clause_ahead(p, 1));
}

streamq_status sqi_parse_alias_of(sqi_parser *p, sqi_ast *e, sqi_ast **out, streamq_error **err)
{
    *out = e;
    if (as_introduces(p))
        SQI_TRY(sqi_parse_advance(p, err));
    else if (!sqi_parse_at(p, "(") && (!sqi_parse_is_word(p, 0) || sqi_parse_clause_ahead(p, 0)))
        return STREAMQ_OK;
    sqi_ast *alias = sqi_ast_new(p->arena, SQI_AST_ALIAS);
    sqi_ast **arg = sqi_arena_array(p->arena, 1, sizeof *arg);
    if (!alias || !arg)
        return sqi_error_nomem(err);
    *arg = e;
    alias->arg = arg;
    alias->narg = 1;
    if (sqi_parse_at(p, "(")) {
        SQI_TRY(sqi_parse_names(p, &alias->part, &alias->npart, err));
    } else {
        alias->part = sqi_arena_array(p->arena, 1, sizeof *alias->part);
        if (!alias->part)
            return sqi_error_nomem(err);
        alias->npart = 1;
        SQI_TRY(sqi_parse_identifier(p, alias->part, err));
    }
    *out = alias;
    return sqi_parse_finish(p, alias, e->begin, err);
}

streamq_status sqi_parse_named_one(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    SQI_TRY(sqi_parse_one(p, out, err));
    return sqi_parse_alias_of(p, *out, out, err);
}

streamq_status sqi_parse_items(sqi_parser *p, bool named, sqi_ast ***out, uint32_t *n, streamq_error **err)
{
    sqi_parse_array list = {0};
    bool more = true;
    while (more) {
        sqi_ast *e = NULL;
        SQI_TRY(named ? sqi_parse_named_one(p, &e, err) : sqi_parse_one(p, &e, err));
        SQI_TRY(sqi_parse_push_ast(p, &list, e, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    *out = list.item;
    *n = list.n;
    return STREAMQ_OK;
}

static streamq_status sort_item(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    sqi_ast *e = sqi_ast_new(p->arena, SQI_AST_SORT);
    sqi_ast **arg = sqi_arena_array(p->arena, 1, sizeof *arg);
    bool taken;
    if (!e || !arg)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_parse_one(p, arg, err));
    e->arg = arg;
    e->narg = 1;
    SQI_TRY(sqi_parse_accept(p, "DESC", &e->descending, err));
    if (!e->descending)
        SQI_TRY(sqi_parse_accept(p, "ASC", &taken, err));
    e->nulls_first = !e->descending;
    if (sqi_parse_at(p, "NULLS")) {
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_accept(p, "FIRST", &e->nulls_first, err));
        if (!e->nulls_first)
            SQI_TRY(sqi_parse_expect(p, "LAST", err));
    }
    *out = e;
    return sqi_parse_finish(p, e, begin, err);
}

streamq_status sqi_parse_sort_items(sqi_parser *p, sqi_ast ***out, uint32_t *n, streamq_error **err)
{
    sqi_parse_array list = {0};
    bool more = true;
    while (more) {
        sqi_ast *e = NULL;
        SQI_TRY(sort_item(p, &e, err));
        SQI_TRY(sqi_parse_push_ast(p, &list, e, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    *out = list.item;
    *n = list.n;
    return STREAMQ_OK;
}
