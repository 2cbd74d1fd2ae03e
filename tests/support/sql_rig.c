/*
 * sql_rig: the parsers' outcome as text; see the header.
 */
#include "sql_rig.h"

#include "data_text.h"
#include "test_main.h"

void sql_rig_init(sql_rig *r)
{
    memset(r, 0, sizeof *r);
    sqi_fail_alloc_init(&r->memory);
    r->pool = sqi_type_pool_new(&r->memory.alloc);
    r->zones = sqi_zones_new(&r->memory.alloc);
    sqi_arena_init(&r->arena, &r->memory.alloc);
    sqi_buf_init(&r->out, &r->memory.alloc, 0);
}

void sql_rig_fini(sql_rig *r)
{
    sqi_buf_fini(&r->out);
    sqi_arena_fini(&r->arena);
    sqi_zones_free(r->zones);
    sqi_type_pool_free(r->pool);
    sqi_fail_alloc_assert_clean(&r->memory);
}

/* ---------------------------------------------------------------- expressions */

static void put_ast(sqi_buf *b, const sqi_ast *e);
static void put_query(sqi_buf *b, const sqi_sql_query *q);

static void put_spans(sqi_buf *b, const sqi_span *s, uint32_t n, const char *between)
{
    for (uint32_t i = 0; i < n; i++) {
        sqi_buf_text(b, i ? between : "");
        sqi_buf_span(b, s[i]);
    }
}

static void put_list(sqi_buf *b, sqi_ast *const *e, uint32_t n, const char *between)
{
    for (uint32_t i = 0; i < n; i++) {
        sqi_buf_text(b, i ? between : "");
        put_ast(b, e[i]);
    }
}

static void put_literal(sqi_buf *b, const sqi_ast *e)
{
    const sqi_type *t = e->value->type;
    bool typed = sqi_type_is_numeric(t) && t != &sqi_type_int;
    if (typed) {
        sqi_buf_byte(b, '[');
        sqi_type_print(b, t);
        sqi_buf_byte(b, ' ');
    }
    sqi_text_literal(b, e->value, 0, typed || t == &sqi_type_int);
    if (typed)
        sqi_buf_byte(b, ']');
}

static void put_window(sqi_buf *b, const sqi_ast_window *w)
{
    sqi_buf_text(b, " OVER (");
    if (w->npartition) {
        sqi_buf_text(b, "PARTITION ");
        put_list(b, w->partition, w->npartition, ", ");
    }
    if (w->norder) {
        sqi_buf_text(b, w->npartition ? " ORDER " : "ORDER ");
        put_list(b, w->order, w->norder, ", ");
    }
    sqi_buf_text(b, w->has_frame ? " FRAME)" : ")");
}

static void put_call(sqi_buf *b, const sqi_ast *e)
{
    if (e->op) {
        sqi_buf_byte(b, '(');
        sqi_buf_span(b, e->name);
        sqi_buf_byte(b, ' ');
        put_list(b, e->arg, e->narg, " ");
        sqi_buf_byte(b, ')');
        return;
    }
    sqi_buf_span(b, e->name);
    sqi_buf_text(b, e->distinct ? "(DISTINCT " : "(");
    put_list(b, e->arg, e->narg, ", ");
    sqi_buf_byte(b, ')');
    if (e->nwithin) {
        sqi_buf_text(b, " WITHIN (");
        put_list(b, e->within, e->nwithin, ", ");
        sqi_buf_byte(b, ')');
    }
    if (e->filter) {
        sqi_buf_text(b, " FILTER ");
        put_ast(b, e->filter);
    }
    sqi_buf_text(b, e->ignore_nulls ? " IGNORE NULLS" : "");
    if (e->over)
        put_window(b, e->over);
}

static void put_case(sqi_buf *b, const sqi_ast *e)
{
    sqi_buf_text(b, "case(");
    if (e->operand) {
        put_ast(b, e->operand);
        sqi_buf_text(b, ": ");
    }
    for (uint32_t i = 0; i + 1 < e->narg; i += 2) {
        sqi_buf_text(b, i ? ", " : "");
        put_ast(b, e->arg[i]);
        sqi_buf_text(b, " -> ");
        put_ast(b, e->arg[i + 1]);
    }
    if (e->otherwise) {
        sqi_buf_text(b, ", else ");
        put_ast(b, e->otherwise);
    }
    sqi_buf_byte(b, ')');
}

static void put_star(sqi_buf *b, const sqi_ast *e)
{
    put_spans(b, e->part, e->npart, ".");
    sqi_buf_text(b, e->npart ? ".*" : "*");
    if (e->narg) {
        sqi_buf_text(b, " EXCEPT (");
        put_list(b, e->arg, e->narg, ", ");
        sqi_buf_byte(b, ')');
    }
}

static void put_alias(sqi_buf *b, const sqi_ast *e)
{
    put_ast(b, e->arg[0]);
    sqi_buf_text(b, e->npart > 1 ? " AS (" : " AS ");
    put_spans(b, e->part, e->npart, ", ");
    sqi_buf_text(b, e->npart > 1 ? ")" : "");
}

static void put_subquery(sqi_buf *b, const sqi_ast *e)
{
    sqi_buf_span(b, e->name);
    sqi_buf_byte(b, '{');
    if (e->narg) {
        put_ast(b, e->arg[0]);
        sqi_buf_text(b, " in ");
    }
    put_query(b, e->query);
    sqi_buf_byte(b, '}');
}

static void put_ast(sqi_buf *b, const sqi_ast *e)
{
    switch (e->kind) {
    case SQI_AST_LITERAL:
        put_literal(b, e);
        break;
    case SQI_AST_NAME:
        put_spans(b, e->part, e->npart, ".");
        break;
    case SQI_AST_STAR:
        put_star(b, e);
        break;
    case SQI_AST_CALL:
        put_call(b, e);
        break;
    case SQI_AST_CAST:
        sqi_buf_text(b, e->try_cast ? "try_cast(" : "cast(");
        put_ast(b, e->arg[0]);
        sqi_buf_text(b, " AS ");
        sqi_type_print(b, e->type);
        sqi_buf_byte(b, ')');
        break;
    case SQI_AST_CASE:
        put_case(b, e);
        break;
    case SQI_AST_ALIAS:
        put_alias(b, e);
        break;
    case SQI_AST_FIELD:
        sqi_buf_text(b, "field(");
        put_ast(b, e->arg[0]);
        sqi_buf_text(b, ", ");
        sqi_buf_span(b, e->part[0]);
        sqi_buf_byte(b, ')');
        break;
    case SQI_AST_LAMBDA:
        sqi_buf_byte(b, '[');
        put_spans(b, e->part, e->npart, ", ");
        sqi_buf_text(b, " -> ");
        put_ast(b, e->arg[0]);
        sqi_buf_byte(b, ']');
        break;
    case SQI_AST_PARAM:
        sqi_buf_byte(b, ':');
        sqi_buf_span(b, e->part[0]);
        break;
    case SQI_AST_NAMED:
        sqi_buf_span(b, e->name);
        sqi_buf_text(b, " => ");
        put_ast(b, e->arg[0]);
        break;
    case SQI_AST_SORT:
        put_ast(b, e->arg[0]);
        sqi_buf_text(b, e->descending ? " desc" : " asc");
        sqi_buf_text(b, e->nulls_first ? " first" : " last");
        break;
    case SQI_AST_SUBQUERY:
        put_subquery(b, e);
        break;
    case SQI_AST_INTERVAL:
        sqi_buf_text(b, "?");
        break;
    }
}

/* ---------------------------------------------------------------- queries */

static void put_word(sqi_buf *b, const char *word, const sqi_ast *e)
{
    if (e) {
        sqi_buf_printf(b, " %s ", word);
        put_ast(b, e);
    }
}

static void put_unpivot(sqi_buf *b, const sqi_sql_unpivot *u)
{
    sqi_buf_text(b, u->include_nulls ? " UNPIVOT NULLS (" : " UNPIVOT (");
    put_spans(b, u->value, u->nvalue, ", ");
    sqi_buf_text(b, " FOR ");
    sqi_buf_span(b, u->name);
    sqi_buf_text(b, " IN ");
    for (uint32_t i = 0; i < u->nset; i++) {
        sqi_buf_text(b, i ? ", (" : "(");
        put_list(b, u->set[i].column, u->set[i].ncolumn, ", ");
        sqi_buf_byte(b, ')');
        if (u->set[i].alias.len) {
            sqi_buf_text(b, " AS ");
            sqi_buf_span(b, u->set[i].alias);
        }
    }
    sqi_buf_byte(b, ')');
}

static void put_relation(sqi_buf *b, const sqi_sql_relation *r);

static void put_join(sqi_buf *b, const sqi_sql_relation *r)
{
    static const char *const kinds[] = {"INNER", "CROSS", "LEFT", "RIGHT", "FULL", "SEMI", "ANTI"};
    sqi_buf_byte(b, '(');
    if (r->left) {
        put_relation(b, r->left);
        sqi_buf_byte(b, ' ');
    }
    sqi_buf_printf(b, "%s%s ", r->natural ? "NATURAL " : "", kinds[r->join]);
    put_relation(b, r->right);
    put_word(b, "ON", r->condition);
    if (r->nusing) {
        sqi_buf_text(b, " USING ");
        put_spans(b, r->using_column, r->nusing, ", ");
    }
    sqi_buf_byte(b, ')');
}

static void put_relation_body(sqi_buf *b, const sqi_sql_relation *r)
{
    switch (r->kind) {
    case SQI_RELATION_NAME:
        put_spans(b, r->part, r->npart, ".");
        break;
    case SQI_RELATION_QUERY:
        sqi_buf_byte(b, '{');
        put_query(b, r->query);
        sqi_buf_byte(b, '}');
        break;
    case SQI_RELATION_VALUES:
        sqi_buf_text(b, "VALUES");
        for (uint32_t i = 0; i < r->nrow; i++) {
            sqi_buf_text(b, " (");
            put_list(b, r->row[i], r->ncell[i], ", ");
            sqi_buf_byte(b, ')');
        }
        break;
    case SQI_RELATION_FUNCTION:
        put_ast(b, r->call);
        break;
    case SQI_RELATION_JOIN:
        put_join(b, r);
        break;
    case SQI_RELATION_ONE_ROW:
        sqi_buf_text(b, "ONE ROW");
        break;
    }
}

static void put_views(sqi_buf *b, const sqi_sql_relation *r)
{
    for (uint32_t i = 0; i < r->nview; i++) {
        const sqi_sql_lateral *v = &r->view[i];
        sqi_buf_text(b, v->outer ? " VIEW OUTER " : " VIEW ");
        put_ast(b, v->call);
        sqi_buf_byte(b, ' ');
        sqi_buf_span(b, v->table);
        sqi_buf_byte(b, '(');
        put_spans(b, v->column, v->ncolumn, ", ");
        sqi_buf_byte(b, ')');
    }
}

static void put_relation(sqi_buf *b, const sqi_sql_relation *r)
{
    sqi_buf_text(b, r->lateral ? "LATERAL " : "");
    put_relation_body(b, r);
    sqi_buf_text(b, r->sample_end ? " SAMPLE" : "");
    if (r->watermark_time) {
        put_word(b, "WATERMARK", r->watermark_time);
        if (r->watermark_alias.len) {
            sqi_buf_text(b, " AS ");
            sqi_buf_span(b, r->watermark_alias);
        }
        put_word(b, "DELAY", r->watermark_delay);
    }
    sqi_buf_text(b, r->pivot_end ? " PIVOT" : "");
    if (r->unpivot)
        put_unpivot(b, r->unpivot);
    if (r->alias.len) {
        sqi_buf_text(b, " AS ");
        sqi_buf_span(b, r->alias);
    }
    if (r->ncolumn) {
        sqi_buf_byte(b, '(');
        put_spans(b, r->column, r->ncolumn, ", ");
        sqi_buf_byte(b, ')');
    }
    put_views(b, r);
}

static void put_group(sqi_buf *b, const sqi_sql_grouping *g)
{
    static const char *const kinds[] = {"", "ALL", "ROLLUP", "CUBE", "SETS"};
    sqi_buf_text(b, " GROUP");
    for (; g; g = g->next) {
        sqi_buf_printf(b, " %s(", kinds[g->kind]);
        put_list(b, g->item, g->nitem, ", ");
        for (uint32_t i = 0; i < g->nset; i++) {
            sqi_buf_text(b, i || g->nitem ? " (" : "(");
            put_list(b, g->set[i], g->nset_item[i], ", ");
            sqi_buf_byte(b, ')');
        }
        sqi_buf_byte(b, ')');
    }
}

static void put_pipe(sqi_buf *b, const sqi_sql_pipe *p)
{
    static const char *const kinds[] = {"SELECT", "EXTEND",     "SET",   "DROP",   "AS", "WHERE", "AGGREGATE", "ORDER",
                                        "SORT",   "DISTRIBUTE", "LIMIT", "OFFSET", "",   "JOIN",  "OTHER"};
    static const char *const sets[] = {"UNION", "EXCEPT", "INTERSECT"};
    bool set = p->kind == SQI_PIPE_SET_OPERATION;
    sqi_buf_printf(b, " |> %s%s", set ? sets[p->set] : kinds[p->kind], set && !p->distinct ? " ALL" : "");
    if (p->select) {
        sqi_buf_byte(b, ' ');
        put_query(b, p->select);
    }
    sqi_buf_text(b, p->nitem || p->condition || p->alias.len || p->right || p->join ? " " : "");
    put_list(b, p->item, p->nitem, ", ");
    if (p->condition)
        put_ast(b, p->condition);
    sqi_buf_span(b, p->alias);
    if (p->right)
        put_query(b, p->right);
    if (p->join)
        put_relation(b, p->join);
    if (p->unpivot)
        put_unpivot(b, p->unpivot);
    if (p->group)
        put_group(b, p->group);
}

static void put_select(sqi_buf *b, const sqi_sql_query *q)
{
    sqi_buf_text(b, q->distinct ? "SELECT DISTINCT " : "SELECT ");
    put_list(b, q->item, q->nitem, ", ");
    if (q->from) {
        sqi_buf_text(b, " FROM ");
        put_relation(b, q->from);
    }
    put_word(b, "WHERE", q->where);
    if (q->group)
        put_group(b, q->group);
    put_word(b, "HAVING", q->having);
    sqi_buf_text(b, q->window_end ? " WINDOW" : "");
}

static void put_with(sqi_buf *b, const sqi_sql_query *q)
{
    sqi_buf_text(b, q->recursive ? "WITH RECURSIVE " : "WITH ");
    for (uint32_t i = 0; i < q->nwith; i++) {
        sqi_buf_text(b, i ? ", " : "");
        sqi_buf_span(b, q->with[i].name);
        if (q->with[i].ncolumn) {
            sqi_buf_byte(b, '(');
            put_spans(b, q->with[i].column, q->with[i].ncolumn, ", ");
            sqi_buf_byte(b, ')');
        }
        sqi_buf_text(b, " {");
        put_query(b, q->with[i].query);
        sqi_buf_byte(b, '}');
    }
    sqi_buf_byte(b, ' ');
}

static void put_tail(sqi_buf *b, const sqi_sql_query *q)
{
    if (q->distribute_end)
        sqi_buf_text(b, " DISTRIBUTE");
    if (q->norder) {
        sqi_buf_text(b, q->sort_by ? " SORT " : " ORDER ");
        put_list(b, q->order, q->norder, ", ");
    }
    put_word(b, "LIMIT", q->limit);
    sqi_buf_text(b, q->limit_all ? " LIMIT ALL" : "");
    put_word(b, "OFFSET", q->offset);
    for (const sqi_sql_pipe *p = q->pipe; p; p = p->next)
        put_pipe(b, p);
}

static void put_query(sqi_buf *b, const sqi_sql_query *q)
{
    static const char *const sets[] = {"UNION", "EXCEPT", "INTERSECT"};
    if (q->nwith)
        put_with(b, q);
    if (q->kind == SQI_QUERY_SELECT) {
        put_select(b, q);
    } else if (q->kind == SQI_QUERY_FROM) {
        sqi_buf_text(b, "FROM ");
        put_relation(b, q->from);
    } else {
        sqi_buf_byte(b, '(');
        put_query(b, q->left);
        sqi_buf_printf(b, " %s%s ", sets[q->set], q->all ? " ALL" : "");
        put_query(b, q->right);
        sqi_buf_byte(b, ')');
    }
    put_tail(b, q);
}

/* ---------------------------------------------------------------- texts */

static streamq_status begin(sql_rig *r, sqi_span text, streamq_error **err)
{
    sqi_arena_reset(&r->arena);
    sqi_buf_clear(&r->out);
    return sqi_parser_init(&r->parser, text, &r->arena, r->pool, r->zones, sqi_zone_utc(), err);
}

static const char *answer(sql_rig *r, streamq_status status, streamq_error *error)
{
    if (status != STREAMQ_OK) {
        size_t from = 0, to = 0;
        ck_assert_int_eq(status, sqi_error_status(error));
        ck_assert_msg(sqi_error_where(error, &from, &to), "no place: %s", sqi_error_message(error));
        sqi_buf_clear(&r->out);
        sqi_buf_printf(&r->out, "!%s %zu-%zu", sqi_cond_name(sqi_error_cond(error)), from, to);
    }
    sqi_error_free(error);
    sqi_buf_byte(&r->out, '\0');
    ck_assert(!r->out.failed);
    return r->out.ptr;
}

sqi_ast *sql_rig_parse(sql_rig *r, sqi_span text, streamq_error **err)
{
    sqi_ast *e = NULL;
    bool ok = begin(r, text, err) == STREAMQ_OK && sqi_parse_expression(&r->parser, &e, err) == STREAMQ_OK;
    return ok ? e : NULL;
}

sqi_sql_query *sql_rig_parse_query(sql_rig *r, sqi_span text, streamq_error **err)
{
    sqi_sql_query *q = NULL;
    bool ok = begin(r, text, err) == STREAMQ_OK && sqi_sql_parse(&r->parser, &q, err) == STREAMQ_OK;
    return ok ? q : NULL;
}

const char *sql_rig_expression(sql_rig *r, const char *text)
{
    streamq_error *error = NULL;
    sqi_ast *e = sql_rig_parse(r, sqi_span_of(text), &error);
    if (e)
        put_ast(&r->out, e);
    return answer(r, e ? STREAMQ_OK : sqi_error_status(error), error);
}

const char *sql_rig_query(sql_rig *r, const char *text)
{
    streamq_error *error = NULL;
    sqi_sql_query *q = sql_rig_parse_query(r, sqi_span_of(text), &error);
    if (q)
        put_query(&r->out, q);
    return answer(r, q ? STREAMQ_OK : sqi_error_status(error), error);
}

const char *sql_rig_name(sql_rig *r, const char *text)
{
    streamq_error *error = NULL;
    sqi_ast *e = sql_rig_parse(r, sqi_span_of(text), &error);
    if (e)
        ck_assert(sqi_ast_print(&r->out, e));
    return answer(r, e ? STREAMQ_OK : sqi_error_status(error), error);
}

static const char *list(sql_rig *r, const char *text, bool sort)
{
    streamq_error *error = NULL;
    sqi_ast **item = NULL;
    uint32_t n = 0;
    streamq_status status = begin(r, sqi_span_of(text), &error);
    if (status == STREAMQ_OK)
        status = sort ? sqi_parse_sort_list(&r->parser, &item, &n, &error)
                      : sqi_parse_list(&r->parser, true, &item, &n, &error);
    if (status == STREAMQ_OK)
        put_list(&r->out, item, n, "; ");
    return answer(r, status, error);
}

const char *sql_rig_items(sql_rig *r, const char *text)
{
    return list(r, text, false);
}
const char *sql_rig_sort(sql_rig *r, const char *text)
{
    return list(r, text, true);
}

const char *sql_rig_type(sql_rig *r, const char *text)
{
    streamq_error *error = NULL;
    const sqi_type *t = NULL;
    streamq_status status = begin(r, sqi_span_of(text), &error);
    if (status == STREAMQ_OK)
        status = sqi_parse_type(&r->parser, &t, &error);
    if (status == STREAMQ_OK)
        sqi_type_print(&r->out, t);
    return answer(r, status, error);
}

const char *sql_rig_schema(sql_rig *r, const char *text)
{
    streamq_error *error = NULL;
    sqi_schema s = {0};
    streamq_status status = begin(r, sqi_span_of(text), &error);
    if (status == STREAMQ_OK)
        status = sqi_parse_schema(&r->parser, &s, &error);
    if (status == STREAMQ_OK)
        sqi_schema_print_ddl(&r->out, &s);
    return answer(r, status, error);
}

void sql_rig_check(const char *(*read)(sql_rig *r, const char *text), const sql_rig_row *rows, size_t n)
{
    sql_rig r;
    sql_rig_init(&r);
    for (size_t i = 0; i < n; i++) {
        const char *have = read(&r, rows[i].text);
        ck_assert_msg(strcmp(have, rows[i].want) == 0, "%s\n  wanted %s\n  got    %s", rows[i].text, rows[i].want,
                      have);
    }
    sql_rig_fini(&r);
}
