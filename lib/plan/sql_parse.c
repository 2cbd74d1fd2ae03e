/*
 * sql_parse: queries: WITH, set operations and their precedence, what stands after a query (ORDER BY, LIMIT, ...), and
 * the whole text. INTERSECT binds tighter than UNION and EXCEPT, pipes bind loosest; all group from the left.
 *
 * Nothing is resolved here. A query in parentheses is the query itself, unless clauses outside would meet clauses of
 * the same kind inside: then it becomes the FROM of a new one.
 */
#include "sql_parse_parts.h"

sqi_sql_query *sqi_sql_parse_new(sqi_parser *p, sqi_query_kind kind, uint32_t begin, streamq_error **err)
{
    sqi_sql_query *q = sqi_arena_zero(p->arena, sizeof *q);
    if (!q) {
        sqi_error_nomem(err);
        return NULL;
    }
    q->kind = kind;
    q->begin = begin;
    q->end = begin;
    q->text = p->lex.text;
    q->height = 1;
    return q;
}

/* ---------------------------------------------------------------- after a query */

static streamq_status refuse_combination(sqi_parser *p, uint32_t begin, streamq_error **err)
{
    return sqi_parse_fault(p, begin, p->lex.last_end, SQI_COND_UNSUPPORTED_FEATURE__COMBINATION_QUERY_RESULT_CLAUSES,
                           "keep one of them", err,
                           "ORDER BY, SORT BY, DISTRIBUTE BY and CLUSTER BY cannot be combined this way");
}

static bool by_here(sqi_parser *p, const char *word)
{
    return sqi_parse_at(p, word) && sqi_parse_ahead(p, 1, "BY");
}

static streamq_status skip_by(sqi_parser *p, streamq_error **err)
{
    SQI_TRY(sqi_parse_advance(p, err));
    return sqi_parse_advance(p, err);
}

/* CLUSTER BY a is DISTRIBUTE BY a SORT BY a. */
static streamq_status distribute(sqi_parser *p, sqi_sql_query *q, bool cluster, streamq_error **err)
{
    sqi_ast **item;
    uint32_t n;
    q->distribute_begin = p->lex.current.begin;
    SQI_TRY(skip_by(p, err));
    SQI_TRY(cluster ? sqi_parse_sort_items(p, &q->order, &q->norder, err) : sqi_parse_items(p, false, &item, &n, err));
    q->sort_by = cluster;
    q->distribute_end = p->lex.last_end;
    return STREAMQ_OK;
}

static streamq_status orders(sqi_parser *p, sqi_sql_query *q, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    bool ordered = by_here(p, "ORDER"), clustered, distributed, sorted;
    if (ordered) {
        SQI_TRY(skip_by(p, err));
        SQI_TRY(sqi_parse_sort_items(p, &q->order, &q->norder, err));
    }
    clustered = by_here(p, "CLUSTER");
    if (clustered)
        SQI_TRY(distribute(p, q, true, err));
    distributed = by_here(p, "DISTRIBUTE");
    if (distributed)
        SQI_TRY(distribute(p, q, false, err));
    sorted = by_here(p, "SORT");
    if (sorted) {
        SQI_TRY(skip_by(p, err));
        SQI_TRY(sqi_parse_sort_items(p, &q->order, &q->norder, err));
        q->sort_by = true;
    }
    if ((ordered && (clustered || distributed || sorted)) || (clustered && (distributed || sorted)))
        return refuse_combination(p, begin, err);
    return STREAMQ_OK;
}

static bool limit_here(sqi_parser *p, const char *word)
{
    return sqi_parse_at(p, word) && sqi_parse_operand_ahead(p, 1);
}

streamq_status sqi_sql_parse_organization(sqi_parser *p, sqi_sql_query *q, streamq_error **err)
{
    SQI_TRY(orders(p, q, err));
    if (sqi_parse_at(p, "WINDOW") && !q->window_end && sqi_parse_clause_ahead(p, 0))
        SQI_TRY(sqi_sql_parse_windows(p, &q->window_begin, &q->window_end, err));
    if (limit_here(p, "LIMIT")) {
        SQI_TRY(sqi_parse_advance(p, err));
        if (sqi_parse_at(p, "ALL"))
            SQI_TRY(sqi_parse_accept(p, "ALL", &q->limit_all, err));
        else
            SQI_TRY(sqi_parse_one(p, &q->limit, err));
    }
    if (limit_here(p, "OFFSET")) {
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_one(p, &q->offset, err));
    }
    q->end = p->lex.last_end;
    return STREAMQ_OK;
}

static bool is_organized(const sqi_sql_query *q)
{
    return q->norder || q->distribute_end || q->limit || q->limit_all || q->offset || q->pipe || q->nwith;
}

/* `q` as the FROM of a new query, so that clauses can be put on it once more. */
static streamq_status enclose(sqi_parser *p, sqi_sql_query **q, streamq_error **err)
{
    sqi_sql_query *outer = sqi_sql_parse_new(p, SQI_QUERY_FROM, (*q)->begin, err);
    sqi_sql_relation *r = outer ? sqi_sql_parse_relation_new(p, SQI_RELATION_QUERY, (*q)->begin, err) : NULL;
    if (!r)
        return STREAMQ_ERR_NOMEM;
    r->query = *q;
    r->end = (*q)->end;
    r->height = (*q)->height + 1;
    outer->from = r;
    outer->height = r->height + 1;
    *q = outer;
    return sqi_parse_check_height(p, outer->height, outer->begin, err);
}

/* ---------------------------------------------------------------- set operations */

bool sqi_sql_parse_set_ahead(sqi_parser *p, sqi_sql_set *set)
{
    static const struct {
        const char *word;
        sqi_sql_set set;
    } rows[] = {{"UNION", SQI_SET_UNION},
                {"EXCEPT", SQI_SET_EXCEPT},
                {"MINUS", SQI_SET_EXCEPT},
                {"INTERSECT", SQI_SET_INTERSECT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (sqi_parse_at(p, rows[i].word)) {
            *set = rows[i].set;
            return true;
        }
    }
    return false;
}

streamq_status sqi_sql_parse_quantifier(sqi_parser *p, bool *all, streamq_error **err)
{
    bool distinct;
    SQI_TRY(sqi_parse_accept(p, "ALL", all, err));
    return *all ? STREAMQ_OK : sqi_parse_accept(p, "DISTINCT", &distinct, err);
}

static streamq_status terms(sqi_parser *p, sqi_sql_query *left, int level, sqi_sql_query **out, streamq_error **err);

static streamq_status set_operation(sqi_parser *p, sqi_sql_query *left, sqi_sql_set set, sqi_sql_query **out,
                                    streamq_error **err)
{
    sqi_sql_query *q = sqi_sql_parse_new(p, SQI_QUERY_SET, left->begin, err);
    if (!q)
        return STREAMQ_ERR_NOMEM;
    q->set = set;
    q->left = left;
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_sql_parse_quantifier(p, &q->all, err));
    SQI_TRY(sqi_sql_parse_operand(p, &q->right, err));
    if (set != SQI_SET_INTERSECT)
        SQI_TRY(terms(p, q->right, 1, &q->right, err));
    q->height = 1 + (left->height > q->right->height ? left->height : q->right->height);
    q->end = p->lex.last_end;
    *out = q;
    return sqi_parse_check_height(p, q->height, q->begin, err);
}

/* Operators of at least this level after `left`: 1 INTERSECT, 0 everything. */
static streamq_status terms(sqi_parser *p, sqi_sql_query *left, int level, sqi_sql_query **out, streamq_error **err)
{
    sqi_sql_set set = SQI_SET_UNION;
    for (;;) {
        bool pipe = level == 0 && sqi_parse_at(p, "|>");
        bool operation = sqi_sql_parse_set_ahead(p, &set) && (level == 0 || set == SQI_SET_INTERSECT);
        if (operation)
            SQI_TRY(set_operation(p, left, set, &left, err));
        else if (pipe)
            SQI_TRY(sqi_sql_parse_pipes(p, left, err));
        else
            break;
    }
    *out = left;
    return STREAMQ_OK;
}

/* ---------------------------------------------------------------- operands */

/* FROM t, or FROM t SELECT ..; several SELECTs over one FROM are a UNION ALL. */
static streamq_status from_first(sqi_parser *p, sqi_sql_query **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    sqi_sql_relation *from = NULL;
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_sql_parse_from(p, &from, err));
    if (!sqi_parse_at(p, "SELECT")) {
        sqi_sql_query *q = *out = sqi_sql_parse_new(p, SQI_QUERY_FROM, begin, err);
        if (!q)
            return STREAMQ_ERR_NOMEM;
        q->from = from;
        q->end = p->lex.last_end;
        return STREAMQ_OK;
    }
    sqi_sql_query *all = NULL;
    while (sqi_parse_at(p, "SELECT")) {
        sqi_sql_query *q = NULL, *both = NULL;
        SQI_TRY(sqi_sql_parse_select(p, from, false, &q, err));
        SQI_TRY(sqi_sql_parse_organization(p, q, err));
        q->begin = begin;
        if (all) {
            both = sqi_sql_parse_new(p, SQI_QUERY_SET, begin, err);
            if (!both)
                return STREAMQ_ERR_NOMEM;
            *both = (sqi_sql_query){.kind = SQI_QUERY_SET,
                                    .begin = begin,
                                    .end = p->lex.last_end,
                                    .text = q->text,
                                    .set = SQI_SET_UNION,
                                    .all = true,
                                    .left = all,
                                    .right = q,
                                    .height = 1 + all->height + q->height};
            SQI_TRY(sqi_parse_check_height(p, both->height, begin, err));
        }
        all = both ? both : q;
    }
    *out = all;
    return STREAMQ_OK;
}

static streamq_status in_parentheses(sqi_parser *p, sqi_sql_query **out, streamq_error **err)
{
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_sql_parse_query(p, out, err));
    SQI_TRY(sqi_parse_expect(p, ")", err));
    return is_organized(*out) ? enclose(p, out, err) : STREAMQ_OK;
}

static streamq_status operand(sqi_parser *p, sqi_sql_query **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    if (sqi_parse_at(p, "SELECT"))
        return sqi_sql_parse_select(p, NULL, false, out, err);
    if (sqi_parse_at(p, "FROM"))
        return from_first(p, out, err);
    if (sqi_parse_at(p, "("))
        return in_parentheses(p, out, err);
    if (!sqi_parse_at(p, "VALUES") && !sqi_parse_at(p, "TABLE"))
        return sqi_parse_unexpected(p, err);
    sqi_sql_query *q = sqi_sql_parse_new(p, SQI_QUERY_FROM, begin, err);
    if (!q)
        return STREAMQ_ERR_NOMEM;
    if (sqi_parse_at(p, "VALUES")) {
        SQI_TRY(sqi_sql_parse_values(p, &q->from, err));
    } else {
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_sql_parse_table(p, &q->from, err));
    }
    q->end = p->lex.last_end;
    *out = q;
    return STREAMQ_OK;
}

streamq_status sqi_sql_parse_operand(sqi_parser *p, sqi_sql_query **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin, outer = sqi_parse_measure_begin(p);
    SQI_TRY(operand(p, out, err));
    return sqi_parse_measure_end(p, outer, begin, &(*out)->height, err);
}

/* ---------------------------------------------------------------- WITH */

static streamq_status common_table(sqi_parser *p, sqi_sql_cte *t, streamq_error **err)
{
    t->begin = p->lex.current.begin;
    bool taken;
    SQI_TRY(sqi_parse_identifier(p, &t->name, err));
    if (sqi_parse_at(p, "(") && !sqi_parse_query_ahead(p, 1))
        SQI_TRY(sqi_parse_names(p, &t->column, &t->ncolumn, err));
    if (sqi_parse_at(p, "MAX") && sqi_parse_ahead(p, 1, "RECURSION"))
        for (int i = 0; i < 4; i++)
            SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_accept(p, "AS", &taken, err));
    SQI_TRY(sqi_parse_expect(p, "(", err));
    SQI_TRY(sqi_sql_parse_query(p, &t->query, err));
    SQI_TRY(sqi_parse_expect(p, ")", err));
    t->end = p->lex.last_end;
    return STREAMQ_OK;
}

/* The last of the n tables has a name of its own. */
static streamq_status check_duplicate(sqi_parser *p, const sqi_sql_cte *table, uint32_t n, streamq_error **err)
{
    const sqi_sql_cte *last = &table[n - 1];
    for (uint32_t i = 0; i + 1 < n; i++)
        if (sqi_name_equal(table[i].name, last->name))
            return sqi_parse_fault(p, last->begin, last->begin + (uint32_t)last->name.len,
                                   SQI_COND_DUPLICATED_CTE_NAMES, NULL, err, "WITH defines '%.*s' twice",
                                   (int)(last->name.len > 60 ? 60 : last->name.len), last->name.ptr);
    return STREAMQ_OK;
}

static streamq_status with(sqi_parser *p, sqi_parse_array *list, bool *recursive, streamq_error **err)
{
    bool more = true;
    SQI_TRY(sqi_parse_advance(p, err));
    if (sqi_parse_at(p, "RECURSIVE") && sqi_parse_is_word(p, 1) && !sqi_parse_ahead(p, 1, "AS"))
        SQI_TRY(sqi_parse_accept(p, "RECURSIVE", recursive, err));
    while (more) {
        sqi_sql_cte *t = sqi_parse_push(p, list, sizeof *t);
        if (!t)
            return sqi_error_nomem(err);
        SQI_TRY(common_table(p, t, err));
        SQI_TRY(check_duplicate(p, list->item, list->n, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    return STREAMQ_OK;
}

/* ---------------------------------------------------------------- whole queries */

/* Goes on after a query in parentheses was read: set operations, pipes, ORDER BY, LIMIT. */
static streamq_status parse_rest(sqi_parser *p, sqi_sql_query *first, sqi_sql_query **out, streamq_error **err)
{
    SQI_TRY(terms(p, first, 0, out, err));
    if (!(*out)->pipe && is_organized(*out) && sqi_parse_query_goes_on(p))
        SQI_TRY(enclose(p, out, err));
    if ((*out)->pipe)
        return sqi_sql_parse_pipe_organization(p, *out, err);
    return sqi_sql_parse_organization(p, *out, err);
}

static streamq_status query(sqi_parser *p, sqi_sql_query **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    sqi_parse_array tables = {0};
    bool recursive = false;
    if (sqi_parse_at(p, "WITH"))
        SQI_TRY(with(p, &tables, &recursive, err));
    SQI_TRY(sqi_sql_parse_operand(p, out, err));
    SQI_TRY(parse_rest(p, *out, out, err));
    if (tables.n) {
        if ((*out)->nwith)
            SQI_TRY(enclose(p, out, err));
        (*out)->with = tables.item;
        (*out)->nwith = tables.n;
        (*out)->recursive = recursive;
    }
    (*out)->begin = begin;
    return STREAMQ_OK;
}

streamq_status sqi_sql_parse_query(sqi_parser *p, sqi_sql_query **out, streamq_error **err)
{
    SQI_TRY(sqi_parse_enter(p, err));
    uint32_t begin = p->lex.current.begin, outer = sqi_parse_measure_begin(p);
    SQI_TRY(query(p, out, err));
    sqi_parse_leave(p);
    return sqi_parse_measure_end(p, outer, begin, &(*out)->height, err);
}

static sqi_sql_query *subquery(sqi_parser *p, streamq_error **err)
{
    sqi_sql_query *q = NULL;
    return sqi_sql_parse_query(p, &q, err) == STREAMQ_OK ? q : NULL;
}

static sqi_sql_query *continued(sqi_parser *p, sqi_sql_query *first, streamq_error **err)
{
    sqi_sql_query *q = first;
    if (is_organized(q) && enclose(p, &q, err) != STREAMQ_OK)
        return NULL;
    return parse_rest(p, q, &q, err) == STREAMQ_OK ? q : NULL;
}

streamq_status sqi_sql_parse(sqi_parser *p, sqi_sql_query **out, streamq_error **err)
{
    bool semicolon = false;
    p->parse_query = subquery;
    p->continue_query = continued;
    SQI_TRY(sqi_sql_parse_query(p, out, err));
    do
        SQI_TRY(sqi_parse_accept(p, ";", &semicolon, err));
    while (semicolon);
    return sqi_parse_end(p, err);
}
