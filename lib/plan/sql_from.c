/*
 * sql_from: FROM: names, subqueries, tables made from expressions, aliases, LATERAL VIEW. Joins are in sql_join.
 *
 * Every relation ends in columns with a qualifier: its alias, else its name, else (a subquery) none.
 */
#include "plan_build.h"
#include "plan_make.h"
#include "sql_scope.h"

enum { NAMES_OFFERED = 64 };

static streamq_status not_found(const sqi_sql_scope *s, const sqi_sql_relation *r, streamq_error **err)
{
    sqi_ast at = sqi_sql_place(s, r->begin, r->end);
    sqi_span name = r->part[r->npart - 1], near[NAMES_OFFERED], other;
    streamq_status st = sqi_names_error(&at, err, SQI_COND_TABLE_OR_VIEW_NOT_FOUND, "nothing is named `%.*s` here",
                                        (int)name.len, name.ptr);
    uint32_t n = 0;
    for (const sqi_sql_name *w = s->c->with; w && n < NAMES_OFFERED; w = w->next)
        near[n++] = w->name;
    for (uint32_t i = 0; s->c->name_at && n < NAMES_OFFERED && s->c->name_at(s->c->context, i, &other); i++)
        near[n++] = other;
    for (uint32_t i = 1; i < n; i++) { /* nearest first */
        sqi_span moved = near[i];
        uint32_t k = i;
        for (; k > 0 && sqi_name_distance(name, near[k - 1]) > sqi_name_distance(name, moved); k--)
            near[k] = near[k - 1];
        near[k] = moved;
    }
    if (err && n)
        sqi_error_candidates(*err, near, n);
    return st;
}

static streamq_status by_name(const sqi_sql_scope *s, const sqi_sql_relation *r, const sqi_node **out,
                              streamq_error **err)
{
    sqi_span name = r->part[r->npart - 1];
    const sqi_node *n = NULL;
    for (const sqi_sql_name *w = s->c->with; w && !n && r->npart == 1; w = w->next)
        if (sqi_name_equal(w->name, name))
            n = w->node;
    if (!n && r->npart == 1 && s->c->find)
        n = s->c->find(s->c->context, name);
    if (!n)
        return not_found(s, r, err);
    *out = n;
    bool named = n->kind == SQI_NODE_ALIAS && sqi_name_equal(n->name, name);
    return named ? STREAMQ_OK : sqi_plan_alias(s->c, n, name, out, err);
}

streamq_status sqi_sql_named(const sqi_sql_scope *s, const sqi_node *in, sqi_span alias, const sqi_span *column,
                             uint32_t ncolumn, const sqi_ast *at, const sqi_node **out, streamq_error **err)
{
    if (!ncolumn)
        return sqi_plan_alias(s->c, in, alias, out, err);
    if (ncolumn != in->ncol)
        return sqi_names_error(at, err, SQI_COND_ASSIGNMENT_ARITY_MISMATCH, "%u names are written for %u columns",
                               ncolumn, in->ncol);
    sqi_bound **expr = sqi_arena_array(s->c->arena, ncolumn, sizeof *expr);
    sqi_attribute *col = sqi_arena_array(s->c->arena, ncolumn, sizeof *col);
    if (!expr || !col)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < ncolumn; i++) {
        if (!(expr[i] = sqi_make_column(s->c, in, i)))
            return sqi_error_nomem(err);
        col[i] = in->col[i];
        col[i].name = column[i];
    }
    SQI_TRY(sqi_make_done(sqi_make_project(s->c, in, expr, col, ncolumn), &in, err));
    return sqi_plan_alias(s->c, in, alias, out, err);
}

streamq_status sqi_sql_visible(const sqi_sql_scope *s, const sqi_node *in, const sqi_node **out, streamq_error **err)
{
    uint32_t *column = sqi_arena_array(s->c->arena, in->ncol, sizeof *column), n = 0;
    if (!column)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < in->ncol; i++)
        if (!in->col[i].hidden)
            column[n++] = i;
    *out = in;
    return n == in->ncol ? STREAMQ_OK : sqi_make_done(sqi_make_pick(s->c, in, column, n), out, err);
}

/* A table function that uses no other relation. */
static streamq_status table_function(const sqi_sql_scope *s, const sqi_sql_relation *r, const sqi_node **out,
                                     streamq_error **err)
{
    if (sqi_sql_is_range(r->call))
        return sqi_sql_range(s, r->call, out, err);
    sqi_sql_generate g = {.call = r->call, .table_function = true, .column = r->column, .ncolumn = r->ncolumn};
    const sqi_node *row;
    SQI_TRY(sqi_sql_one_row(s, &row, err));
    return sqi_sql_generate_node(s, &g, row, out, err);
}

static streamq_status without_alias(const sqi_sql_scope *s, const sqi_sql_relation *r, const sqi_node **out,
                                    streamq_error **err)
{
    const sqi_node *left;
    switch (r->kind) {
    case SQI_RELATION_NAME:
        return by_name(s, r, out, err);
    case SQI_RELATION_QUERY:
        return sqi_sql_query_node(s, r->query, out, err);
    case SQI_RELATION_VALUES:
        return sqi_sql_values_node(s, r, out, err);
    case SQI_RELATION_FUNCTION:
        return table_function(s, r, out, err);
    case SQI_RELATION_JOIN:
        SQI_TRY(sqi_sql_relation_node(s, r->left, &left, err));
        return sqi_sql_join_node(s, r, left, out, err);
    case SQI_RELATION_ONE_ROW:
        return sqi_sql_one_row(s, out, err);
    }
    return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "a relation of unknown kind %d", (int)r->kind);
}

static streamq_status clause_of(const sqi_sql_scope *s, uint32_t begin, uint32_t end, sqi_cond cond, const char *what,
                                streamq_error **err)
{
    sqi_ast at = sqi_sql_place(s, begin, end);
    return end ? sqi_names_error(&at, err, cond, "%s is not supported", what) : STREAMQ_OK;
}

/* Clauses that are parsed but that no operator runs. */
static streamq_status refuse_clauses(const sqi_sql_scope *s, const sqi_sql_relation *r, const sqi_node *n,
                                     streamq_error **err)
{
    SQI_TRY(clause_of(s, r->sample_begin, r->sample_end,
                      n->streaming ? SQI_COND_UNSUPPORTED_STREAMING_OPERATION__SAMPLE
                                   : SQI_COND_UNSUPPORTED_FEATURE__SQL_CLAUSE,
                      "TABLESAMPLE", err));
    return clause_of(s, r->pivot_begin, r->pivot_end, SQI_COND_UNSUPPORTED_FEATURE__SQL_CLAUSE, "PIVOT", err);
}

static streamq_status views(const sqi_sql_scope *s, const sqi_sql_relation *r, const sqi_node **n, streamq_error **err)
{
    for (uint32_t i = 0; i < r->nview; i++) {
        const sqi_sql_lateral *v = &r->view[i];
        sqi_sql_generate g = {
            .call = v->call, .outer = v->outer, .qualifier = v->table, .column = v->column, .ncolumn = v->ncolumn};
        SQI_TRY(sqi_sql_generate_node(s, &g, *n, n, err));
    }
    return STREAMQ_OK;
}

streamq_status sqi_sql_relation_node(const sqi_sql_scope *outer, const sqi_sql_relation *r, const sqi_node **out,
                                     streamq_error **err)
{
    sqi_sql_scope s = *outer;
    sqi_ast at = sqi_sql_place(&s, r->begin, r->end);
    const sqi_node *n;
    if (++s.depth > SQI_SQL_DEPTH)
        return sqi_names_error(&at, err, SQI_COND_FAILED_TO_PARSE_TOO_COMPLEX,
                               "more than %d queries and joins are nested in each other", SQI_SQL_DEPTH);
    SQI_TRY(without_alias(&s, r, &n, err));
    SQI_TRY(refuse_clauses(&s, r, n, err));
    if (r->unpivot)
        SQI_TRY(sqi_sql_unpivot_node(&s, r->unpivot, &at, n, &n, err));
    bool named = r->alias.len || r->ncolumn;
    /* A generator has taken its column names already. */
    bool columns = r->kind != SQI_RELATION_FUNCTION || sqi_sql_is_range(r->call);
    if (named || r->kind == SQI_RELATION_QUERY)
        SQI_TRY(sqi_sql_named(&s, n, r->alias, r->column, columns ? r->ncolumn : 0, &at, &n, err));
    if (r->watermark_time) /* above the alias, although it is written before it: the alias does not reach a new column
                            */
        SQI_TRY(sqi_sql_watermark_node(&s, r, n, &n, err));
    SQI_TRY(views(&s, r, &n, err));
    *out = n;
    return STREAMQ_OK;
}
