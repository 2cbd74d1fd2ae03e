/*
 * sql_parse_relation: what stands after FROM: names, subqueries, VALUES, table functions, joins, LATERAL VIEW,
 * WATERMARK, aliases. TABLESAMPLE, PIVOT and UNPIVOT are in sql_parse_reshape.
 */
#include "sql_parse_parts.h"

sqi_sql_relation *sqi_sql_parse_relation_new(sqi_parser *p, sqi_relation_kind kind, uint32_t begin, streamq_error **err)
{
    sqi_sql_relation *r = sqi_arena_zero(p->arena, sizeof *r);
    if (!r) {
        sqi_error_nomem(err);
        return NULL;
    }
    r->kind = kind;
    r->begin = begin;
    r->end = begin;
    r->height = 1;
    return r;
}

/* ---------------------------------------------------------------- clauses after a relation */

static streamq_status watermark(sqi_parser *p, sqi_sql_relation *r, streamq_error **err)
{
    if (!sqi_parse_at(p, "WATERMARK") || !sqi_parse_operand_ahead(p, 1))
        return STREAMQ_OK;
    sqi_ast *e = NULL;
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_named_one(p, &e, err));
    if (e->kind == SQI_AST_ALIAS) {
        r->watermark_alias = e->part[0];
        e = e->arg[0];
    }
    r->watermark_time = e;
    SQI_TRY(sqi_parse_expect(p, "DELAY", err));
    SQI_TRY(sqi_parse_expect(p, "OF", err));
    if (sqi_parse_interval_ahead(p))
        return sqi_parse_interval(p, &r->watermark_delay, err);
    SQI_TRY(sqi_parse_expect(p, "INTERVAL", err));
    return sqi_parse_unexpected(p, err);
}

/* Words that go on with the FROM clause are no aliases of tables, with or without AS. */
static bool is_join_word(sqi_parser *p, unsigned k)
{
    static const char *const words[] = {"ANTI", "CROSS",   "EXCEPT", "FULL",    "INNER", "INTERSECT",
                                        "JOIN", "LATERAL", "LEFT",   "NATURAL", "ON",    "RIGHT",
                                        "SEMI", "MINUS",   "UNION",  "USING",   NULL};
    return sqi_parse_at_any(p, k, words);
}

/* A word that may be an alias without AS before it. */
static bool alias_here(sqi_parser *p)
{
    if (!sqi_parse_is_word(p, 0) || is_join_word(p, 0))
        return false;
    return p->lex.current.kind == SQI_TOKEN_QUOTED_IDENT ||
           (!sqi_parse_clause_ahead(p, 0) && !sqi_sql_parse_reshape_ahead(p));
}

static streamq_status alias(sqi_parser *p, sqi_sql_relation *r, streamq_error **err)
{
    bool as = sqi_parse_at(p, "AS") && sqi_parse_is_word(p, 1) && !sqi_parse_clause_ahead(p, 1);
    if (as)
        SQI_TRY(sqi_parse_advance(p, err));
    if (as && is_join_word(p, 0))
        return sqi_parse_unexpected(p, err);
    if (!as && !alias_here(p))
        return STREAMQ_OK;
    SQI_TRY(sqi_parse_word(p, &r->alias, err));
    return sqi_parse_at(p, "(") ? sqi_parse_names(p, &r->column, &r->ncolumn, err) : STREAMQ_OK;
}

static streamq_status after(sqi_parser *p, sqi_sql_relation *r, streamq_error **err)
{
    if (sqi_parse_at(p, "TABLESAMPLE") && sqi_sql_parse_reshape_ahead(p))
        SQI_TRY(sqi_sql_parse_reshape(p, &r->sample_begin, &r->sample_end, NULL, err));
    SQI_TRY(watermark(p, r, err));
    SQI_TRY(alias(p, r, err));
    r->end = p->lex.last_end;
    return sqi_parse_check_height(p, r->height, r->begin, err);
}

/* ---------------------------------------------------------------- single relations */

/* The cells of a row of VALUES: (a, b), struct(a, b) or one expression. */
static streamq_status cells(sqi_parser *p, sqi_ast *row, sqi_ast ***cell, uint32_t *n, streamq_error **err)
{
    sqi_parse_array list = {0};
    bool tuple = row->kind == SQI_AST_CALL && sqi_span_equal_nocase(row->name, SQI_SPAN("struct"));
    for (uint32_t i = 0; i < (tuple ? row->narg : 1); i++) {
        sqi_ast *e = tuple ? row->arg[i] : row;
        SQI_TRY(sqi_parse_push_ast(p, &list, e->kind == SQI_AST_ALIAS ? e->arg[0] : e, err));
    }
    *cell = list.item;
    *n = list.n;
    return STREAMQ_OK;
}

streamq_status sqi_sql_parse_values(sqi_parser *p, sqi_sql_relation **out, streamq_error **err)
{
    sqi_sql_relation *r = *out = sqi_sql_parse_relation_new(p, SQI_RELATION_VALUES, p->lex.current.begin, err);
    if (!r)
        return STREAMQ_ERR_NOMEM;
    sqi_ast **row;
    SQI_TRY(sqi_parse_expect(p, "VALUES", err));
    SQI_TRY(sqi_parse_items(p, false, &row, &r->nrow, err));
    r->row = sqi_arena_array(p->arena, r->nrow, sizeof *r->row);
    r->ncell = sqi_arena_array(p->arena, r->nrow, sizeof *r->ncell);
    if (!r->row || !r->ncell)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < r->nrow; i++)
        SQI_TRY(cells(p, row[i], &r->row[i], &r->ncell[i], err));
    SQI_TRY(alias(p, r, err));
    r->end = p->lex.last_end;
    return STREAMQ_OK;
}

static streamq_status parts(sqi_parser *p, sqi_sql_relation *r, streamq_error **err)
{
    sqi_parse_array list = {0};
    bool more = true;
    while (more) {
        sqi_span *part = sqi_parse_push(p, &list, sizeof *part);
        if (!part)
            return sqi_error_nomem(err);
        SQI_TRY(sqi_parse_identifier(p, part, err));
        SQI_TRY(sqi_parse_accept(p, ".", &more, err));
    }
    r->part = list.item;
    r->npart = list.n;
    r->end = p->lex.last_end;
    return STREAMQ_OK;
}

/* IDENTIFIER('name') stands for the name. */
static bool identifier_clause_ahead(sqi_parser *p)
{
    return sqi_parse_at(p, "IDENTIFIER") && sqi_parse_ahead(p, 1, "(") &&
           sqi_lex_ahead(&p->lex, 2)->kind == SQI_TOKEN_STRING;
}

streamq_status sqi_sql_parse_table(sqi_parser *p, sqi_sql_relation **out, streamq_error **err)
{
    sqi_sql_relation *r = *out = sqi_sql_parse_relation_new(p, SQI_RELATION_NAME, p->lex.current.begin, err);
    if (!r)
        return STREAMQ_ERR_NOMEM;
    if (!identifier_clause_ahead(p))
        return parts(p, r, err);
    sqi_ast *name = NULL;
    SQI_TRY(sqi_parse_primary(p, &name, err));
    if (name->kind != SQI_AST_NAME)
        return sqi_parse_unexpected(p, err);
    r->part = name->part;
    r->npart = name->npart;
    r->end = p->lex.last_end;
    return STREAMQ_OK;
}

static bool function_ahead(sqi_parser *p)
{
    unsigned k = 1;
    while (k + 2 < SQI_LEX_AHEAD && sqi_parse_ahead(p, k, ".") && sqi_parse_is_word(p, k + 1))
        k += 2;
    return sqi_parse_is_word(p, 0) && sqi_parse_ahead(p, k, "(") && !identifier_clause_ahead(p);
}

static streamq_status function(sqi_parser *p, sqi_sql_relation **out, streamq_error **err)
{
    sqi_sql_relation *r = *out = sqi_sql_parse_relation_new(p, SQI_RELATION_FUNCTION, p->lex.current.begin, err);
    if (!r)
        return STREAMQ_ERR_NOMEM;
    SQI_TRY(sqi_parse_primary(p, &r->call, err));
    if (r->call->kind != SQI_AST_CALL)
        return sqi_parse_unexpected(p, err);
    return after(p, r, err);
}

static streamq_status query_relation(sqi_parser *p, sqi_sql_query *q, uint32_t begin, sqi_sql_relation **out,
                                     streamq_error **err)
{
    sqi_sql_relation *r = *out = sqi_sql_parse_relation_new(p, SQI_RELATION_QUERY, begin, err);
    if (!r)
        return STREAMQ_ERR_NOMEM;
    r->query = q;
    r->height = q->height + 1;
    return STREAMQ_OK;
}

static bool is_decorated(const sqi_sql_relation *r)
{
    return r->alias.len || r->ncolumn || r->lateral || r->sample_end || r->watermark_time || r->pivot_end ||
           r->unpivot_end;
}

static bool is_bare_query(const sqi_sql_relation *r)
{
    return r->kind == SQI_RELATION_QUERY && !is_decorated(r);
}

static bool decoration_ahead(sqi_parser *p)
{
    return sqi_sql_parse_reshape_ahead(p) || sqi_parse_at(p, "AS") || alias_here(p);
}

/* A relation that clauses outside its parentheses would write over becomes the FROM of a query. */
static streamq_status enclose(sqi_parser *p, sqi_sql_relation **r, streamq_error **err)
{
    sqi_sql_query *q = sqi_sql_parse_new(p, SQI_QUERY_FROM, (*r)->begin, err);
    if (!q)
        return STREAMQ_ERR_NOMEM;
    q->from = *r;
    q->end = (*r)->end;
    q->height = (*r)->height + 1;
    SQI_TRY(query_relation(p, q, (*r)->begin, r, err));
    (*r)->bare = true;
    return STREAMQ_OK;
}

static streamq_status relation(sqi_parser *p, sqi_sql_relation **out, streamq_error **err);

/* At '(': a query, or a relation with its joins. ((SELECT ..) UNION ..) begins like a relation. */
static streamq_status parenthesis(sqi_parser *p, sqi_sql_relation **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    sqi_sql_query *q = NULL;
    SQI_TRY(sqi_parse_enter(p, err));
    bool query = sqi_parse_query_ahead(p, 1);
    SQI_TRY(sqi_parse_advance(p, err));
    if (query) {
        SQI_TRY(sqi_sql_parse_query(p, &q, err));
    } else {
        SQI_TRY(relation(p, out, err));
        if (is_bare_query(*out) && sqi_parse_query_goes_on(p)) {
            streamq_error *inner = NULL;
            q = p->continue_query(p, (*out)->query, &inner);
            if (!q)
                return sqi_error_pass(err, inner);
            query = true;
        }
    }
    if (query)
        SQI_TRY(query_relation(p, q, begin, out, err));
    SQI_TRY(sqi_parse_expect(p, ")", err));
    sqi_parse_leave(p);
    if (is_decorated(*out) && decoration_ahead(p))
        SQI_TRY(enclose(p, out, err));
    return after(p, *out, err);
}

static streamq_status primary(sqi_parser *p, sqi_sql_relation **out, streamq_error **err)
{
    if (sqi_parse_at(p, "("))
        return parenthesis(p, out, err);
    if (sqi_parse_at(p, "VALUES") && sqi_parse_operand_ahead(p, 1))
        return sqi_sql_parse_values(p, out, err);
    if (function_ahead(p))
        return function(p, out, err);
    bool stream = sqi_parse_at(p, "STREAM") && sqi_parse_is_word(p, 1) && !sqi_parse_clause_ahead(p, 1) &&
                  !sqi_parse_ahead(p, 1, "AS") && !sqi_parse_ahead(p, 1, "WATERMARK");
    if (stream) /* STREAM t is t, read as a stream: every name here is what it is */
        SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_sql_parse_table(p, out, err));
    return after(p, *out, err);
}

/* ---------------------------------------------------------------- joins */

static const char *const join_words[] = {"NATURAL", "INNER", "CROSS", "LEFT", "RIGHT",
                                         "FULL",    "SEMI",  "ANTI",  "JOIN", NULL};

bool sqi_sql_parse_join_ahead(sqi_parser *p)
{
    return sqi_parse_at_any(p, 0, join_words);
}

static streamq_status join_kind(sqi_parser *p, sqi_sql_join *kind, streamq_error **err)
{
    bool left, outer = false;
    *kind = SQI_JOIN_INNER;
    SQI_TRY(sqi_parse_accept(p, "LEFT", &left, err));
    if (sqi_parse_at(p, "SEMI") || sqi_parse_at(p, "ANTI")) {
        *kind = sqi_parse_at(p, "SEMI") ? SQI_JOIN_SEMI : SQI_JOIN_ANTI;
        return sqi_parse_advance(p, err);
    }
    if (left) {
        *kind = SQI_JOIN_LEFT;
        return sqi_parse_accept(p, "OUTER", &outer, err);
    }
    if (sqi_parse_at(p, "RIGHT") || sqi_parse_at(p, "FULL")) {
        *kind = sqi_parse_at(p, "RIGHT") ? SQI_JOIN_RIGHT : SQI_JOIN_FULL;
        SQI_TRY(sqi_parse_advance(p, err));
        return sqi_parse_accept(p, "OUTER", &outer, err);
    }
    if (!sqi_parse_at(p, "CROSS") && !sqi_parse_at(p, "INNER"))
        return STREAMQ_OK;
    *kind = sqi_parse_at(p, "CROSS") ? SQI_JOIN_CROSS : SQI_JOIN_INNER;
    return sqi_parse_advance(p, err);
}

static streamq_status criteria(sqi_parser *p, sqi_sql_relation *j, streamq_error **err)
{
    if (j->natural)
        return STREAMQ_OK;
    if (sqi_parse_at(p, "ON")) {
        SQI_TRY(sqi_parse_advance(p, err));
        return sqi_parse_one(p, &j->condition, err);
    }
    if (!sqi_parse_at(p, "USING"))
        return STREAMQ_OK;
    SQI_TRY(sqi_parse_advance(p, err));
    return sqi_parse_names(p, &j->using_column, &j->nusing, err);
}

static streamq_status lateral_primary(sqi_parser *p, sqi_sql_relation **out, streamq_error **err)
{
    bool lateral = sqi_parse_at(p, "LATERAL");
    uint32_t begin = p->lex.current.begin, outer = sqi_parse_measure_begin(p);
    if (lateral)
        SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(primary(p, out, err));
    SQI_TRY(sqi_parse_measure_end(p, outer, begin, &(*out)->height, err));
    (*out)->lateral = lateral;
    return STREAMQ_OK;
}

static streamq_status check_lateral(sqi_parser *p, const sqi_sql_relation *r, streamq_error **err)
{
    if (!r->lateral || r->kind == SQI_RELATION_QUERY || r->kind == SQI_RELATION_FUNCTION)
        return STREAMQ_OK;
    return sqi_parse_fault(p, r->begin, r->end,
                           SQI_COND_INVALID_SQL_SYNTAX__LATERAL_WITHOUT_SUBQUERY_OR_TABLE_VALUED_FUNC, NULL, err,
                           "after JOIN LATERAL stands a subquery or a table function");
}

static streamq_status make_join(sqi_parser *p, sqi_sql_relation *left, sqi_sql_relation *j, streamq_error **err)
{
    j->left = left;
    uint32_t below = j->right->height;
    if (left) {
        j->begin = left->begin;
        below = left->height > below ? left->height : below;
    }
    if (j->condition && j->condition->height > below)
        below = j->condition->height;
    j->height = below + 1;
    j->end = p->lex.last_end;
    return sqi_parse_check_height(p, j->height, j->begin, err);
}

streamq_status sqi_sql_parse_join(sqi_parser *p, sqi_sql_relation *left, sqi_sql_relation **out, streamq_error **err)
{
    sqi_sql_relation *j = sqi_sql_parse_relation_new(p, SQI_RELATION_JOIN, p->lex.current.begin, err);
    if (!j)
        return STREAMQ_ERR_NOMEM;
    SQI_TRY(sqi_parse_accept(p, "NATURAL", &j->natural, err));
    SQI_TRY(join_kind(p, &j->join, err));
    SQI_TRY(sqi_parse_expect(p, "JOIN", err));
    SQI_TRY(lateral_primary(p, &j->right, err));
    SQI_TRY(check_lateral(p, j->right, err));
    SQI_TRY(criteria(p, j, err));
    *out = j;
    return make_join(p, left, j, err);
}

/* PIVOT and UNPIVOT stand on all that is before them: on a query, unless that is one relation without an alias. */
static streamq_status reshape(sqi_parser *p, sqi_sql_relation **out, streamq_error **err)
{
    sqi_sql_relation *r = *out;
    bool pivot = sqi_parse_at(p, "PIVOT");
    if (is_decorated(r) || r->kind == SQI_RELATION_JOIN)
        SQI_TRY(enclose(p, out, err));
    r = *out;
    SQI_TRY(sqi_sql_parse_reshape(p, pivot ? &r->pivot_begin : &r->unpivot_begin,
                                  pivot ? &r->pivot_end : &r->unpivot_end, &r->unpivot, err));
    return pivot ? STREAMQ_OK : alias(p, r, err);
}

static streamq_status relation(sqi_parser *p, sqi_sql_relation **out, streamq_error **err)
{
    sqi_sql_relation *r = NULL;
    SQI_TRY(lateral_primary(p, &r, err));
    for (;;) {
        if (sqi_sql_parse_join_ahead(p))
            SQI_TRY(sqi_sql_parse_join(p, r, &r, err));
        else if (sqi_sql_parse_reshape_ahead(p) && !sqi_parse_at(p, "TABLESAMPLE"))
            SQI_TRY(reshape(p, &r, err));
        else
            break;
    }
    *out = r;
    return STREAMQ_OK;
}

/* ---------------------------------------------------------------- LATERAL VIEW, FROM */

static streamq_status view(sqi_parser *p, sqi_sql_lateral *v, streamq_error **err)
{
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_advance(p, err));
    if (sqi_parse_at(p, "OUTER") && sqi_parse_is_word(p, 1))
        SQI_TRY(sqi_parse_accept(p, "OUTER", &v->outer, err));
    SQI_TRY(sqi_parse_primary(p, &v->call, err));
    if (v->call->kind != SQI_AST_CALL)
        return sqi_parse_unexpected(p, err);
    SQI_TRY(sqi_parse_word(p, &v->table, err));
    bool named = sqi_parse_at(p, "AS");
    if (named)
        SQI_TRY(sqi_parse_advance(p, err));
    else if (!alias_here(p))
        return STREAMQ_OK;
    sqi_parse_array list = {0};
    bool more = true;
    while (more) {
        sqi_span *name = sqi_parse_push(p, &list, sizeof *name);
        if (!name)
            return sqi_error_nomem(err);
        SQI_TRY(sqi_parse_word(p, name, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    v->column = list.item;
    v->ncolumn = list.n;
    return STREAMQ_OK;
}

streamq_status sqi_sql_parse_views(sqi_parser *p, sqi_sql_relation *r, streamq_error **err)
{
    sqi_parse_array list = {.item = r->view, .n = r->nview, .cap = r->nview};
    uint32_t begin = p->lex.current.begin, outer = sqi_parse_measure_begin(p);
    while (sqi_parse_at(p, "LATERAL") && sqi_parse_ahead(p, 1, "VIEW")) {
        sqi_sql_lateral *v = sqi_parse_push(p, &list, sizeof *v);
        if (!v)
            return sqi_error_nomem(err);
        SQI_TRY(view(p, v, err));
    }
    r->view = list.item;
    r->nview = list.n;
    r->end = p->lex.last_end;
    r->height += list.n;
    return sqi_parse_measure_end(p, outer, begin, &r->height, err);
}

streamq_status sqi_sql_parse_from(sqi_parser *p, sqi_sql_relation **out, streamq_error **err)
{
    sqi_sql_relation *r = NULL;
    SQI_TRY(relation(p, &r, err));
    while (sqi_parse_at(p, ",")) {
        sqi_sql_relation *j = sqi_sql_parse_relation_new(p, SQI_RELATION_JOIN, r->begin, err);
        if (!j)
            return STREAMQ_ERR_NOMEM;
        j->join = SQI_JOIN_CROSS;
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(relation(p, &j->right, err));
        SQI_TRY(make_join(p, r, j, err));
        r = j;
    }
    *out = r;
    return sqi_sql_parse_views(p, r, err);
}
