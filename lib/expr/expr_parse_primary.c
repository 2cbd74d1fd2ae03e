/*
 * expr_parse_primary: operands: constants, names, `*`, parameters, parentheses (a value, a struct, a subquery or the
 * parameters of a lambda), and what may follow an operand: [index], .field, ::type, COLLATE, :path.
 */
#include "expr_parse_parts.h"

/* ---------------------------------------------------------------- names and stars */

static streamq_status multipart(sqi_parser *p, sqi_ast *e, bool star_ends, streamq_error **err)
{
    sqi_parse_array parts = {0};
    bool more = true;
    while (more) {
        sqi_span *part = sqi_parse_push(p, &parts, sizeof *part);
        if (!part)
            return sqi_error_nomem(err);
        e->quoted = e->quoted || p->lex.current.kind == SQI_TOKEN_QUOTED_IDENT;
        SQI_TRY(sqi_parse_word(p, part, err));
        more = sqi_parse_at(p, ".") && (sqi_parse_is_word(p, 1) || (star_ends && sqi_parse_ahead(p, 1, "*")));
        if (more)
            SQI_TRY(sqi_parse_advance(p, err));
        more = more && !sqi_parse_at(p, "*");
    }
    e->part = parts.item;
    e->npart = parts.n;
    return STREAMQ_OK;
}

streamq_status sqi_parse_name(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    *out = sqi_ast_new(p->arena, SQI_AST_NAME);
    if (!*out)
        return sqi_error_nomem(err);
    SQI_TRY(multipart(p, *out, false, err));
    return sqi_parse_finish(p, *out, begin, err);
}

/* At `*`, after its qualifier. */
static streamq_status star(sqi_parser *p, sqi_ast *e, uint32_t begin, streamq_error **err)
{
    SQI_TRY(sqi_parse_advance(p, err));
    if (sqi_parse_at(p, "EXCEPT") && sqi_parse_ahead(p, 1, "(") && !sqi_parse_query_ahead(p, 2)) {
        sqi_parse_array list = {0};
        bool more = true;
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_advance(p, err));
        while (more) {
            sqi_ast *left_out = NULL;
            SQI_TRY(sqi_parse_name(p, &left_out, err));
            SQI_TRY(sqi_parse_push_ast(p, &list, left_out, err));
            SQI_TRY(sqi_parse_accept(p, ",", &more, err));
        }
        SQI_TRY(sqi_parse_expect(p, ")", err));
        e->arg = list.item;
        e->narg = list.n;
    }
    return sqi_parse_finish(p, e, begin, err);
}

static streamq_status lambda_body(sqi_parser *p, sqi_ast *e, uint32_t begin, streamq_error **err)
{
    SQI_TRY(sqi_parse_expect(p, "->", err));
    e->arg = sqi_arena_array(p->arena, 1, sizeof *e->arg);
    if (!e->arg)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_parse_one(p, e->arg, err));
    e->narg = 1;
    return sqi_parse_finish(p, e, begin, err);
}

/* IDENTIFIER('a.b') stands for the name a.b. */
static bool identifier_clause_ahead(sqi_parser *p)
{
    return sqi_parse_at(p, "IDENTIFIER") && sqi_parse_ahead(p, 1, "(") &&
           sqi_lex_ahead(&p->lex, 2)->kind == SQI_TOKEN_STRING && sqi_parse_ahead(p, 3, ")");
}

static streamq_status identifier_clause(sqi_parser *p, sqi_ast *e, streamq_error **err)
{
    for (int i = 0; i < 2; i++)
        SQI_TRY(sqi_parse_advance(p, err));
    sqi_token t = p->lex.current;
    sqi_lexer outer = p->lex;
    streamq_error *inner = NULL;
    streamq_status status = sqi_lex_init(&p->lex, t.value, p->arena, &inner);
    if (status == STREAMQ_OK)
        status = multipart(p, e, false, &inner);
    bool whole = status == STREAMQ_OK && p->lex.current.kind == SQI_TOKEN_END;
    p->lex = outer;
    if (status == STREAMQ_ERR_NOMEM)
        return sqi_error_pass(err, inner);
    sqi_error_free(inner);
    if (!whole)
        return sqi_parse_fail(p, t.begin, t.end, SQI_COND_INVALID_IDENTIFIER, err, "the text is no name");
    for (int i = 0; i < 2; i++)
        SQI_TRY(sqi_parse_advance(p, err));
    return STREAMQ_OK;
}

static streamq_status name(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    bool lambda = sqi_parse_ahead(p, 1, "->");
    sqi_ast *e = sqi_ast_new(p->arena, lambda ? SQI_AST_LAMBDA : SQI_AST_NAME);
    if (!e)
        return sqi_error_nomem(err);
    *out = e;
    if (identifier_clause_ahead(p))
        SQI_TRY(identifier_clause(p, e, err));
    else
        SQI_TRY(multipart(p, e, true, err));
    if (lambda)
        return lambda_body(p, e, begin, err);
    if (sqi_parse_at(p, "*") && p->lex.text.ptr[p->lex.last_end - 1] == '.') {
        e->kind = SQI_AST_STAR;
        return star(p, e, begin, err);
    }
    SQI_TRY(sqi_parse_finish(p, e, begin, err));
    return sqi_parse_at(p, "(") ? sqi_parse_call(p, e, out, err) : STREAMQ_OK;
}

/* ---------------------------------------------------------------- parameters */

static streamq_status parameter(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    bool positional = sqi_parse_at(p, "?");
    sqi_ast *e = sqi_ast_new(p->arena, SQI_AST_PARAM);
    sqi_span *part = sqi_arena_array(p->arena, 1, sizeof *part);
    if (!e || !part)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_parse_advance(p, err));
    if (positional) /* never bound: only names are; Spark calls it by its place too */
        *part = sqi_span_of(sqi_arena_printf(p->arena, "_%u", begin));
    else
        SQI_TRY(sqi_parse_word(p, part, err));
    if (!part->ptr)
        return sqi_error_nomem(err);
    e->part = part;
    e->npart = 1;
    *out = e;
    return sqi_parse_finish(p, e, begin, err);
}

/* ---------------------------------------------------------------- parentheses */

/* "(x, y) ->" at the parenthesis. Reads on in a copy of the lexer: parameter lists are flat, so this is cheap. */
static bool lambda_ahead(sqi_parser *p)
{
    if (!sqi_parse_is_word(p, 1) || !sqi_parse_ahead(p, 2, ","))
        return false;
    sqi_lexer l = p->lex;
    bool ok = true, more = true;
    while (ok && more) {
        ok = sqi_lex_next(&l, NULL) == STREAMQ_OK &&
             (l.current.kind == SQI_TOKEN_IDENT || l.current.kind == SQI_TOKEN_QUOTED_IDENT) &&
             sqi_lex_next(&l, NULL) == STREAMQ_OK;
        more = sqi_token_is(&l.current, ",");
    }
    return ok && sqi_token_is(&l.current, ")") && sqi_lex_next(&l, NULL) == STREAMQ_OK &&
           sqi_token_is(&l.current, "->");
}

static streamq_status lambda(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    sqi_ast *e = sqi_ast_new(p->arena, SQI_AST_LAMBDA);
    if (!e)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_parse_names(p, &e->part, &e->npart, err));
    *out = e;
    return lambda_body(p, e, begin, err);
}

static streamq_status make_subquery(sqi_parser *p, struct sqi_sql_query *query, uint32_t height, const char *kind,
                                    sqi_ast *tested, uint32_t begin, sqi_ast **out, streamq_error **err)
{
    sqi_ast *e = sqi_ast_new(p->arena, SQI_AST_SUBQUERY);
    if (!e)
        return sqi_error_nomem(err);
    if (tested) {
        e->arg = sqi_arena_array(p->arena, 1, sizeof *e->arg);
        if (!e->arg)
            return sqi_error_nomem(err);
        *e->arg = tested;
        e->narg = 1;
    }
    e->query = query;
    e->name = kind ? sqi_span_of(kind) : (sqi_span){0};
    e->height = 1 + (tested && tested->height > height ? tested->height : height);
    *out = e;
    return sqi_parse_finish(p, e, begin, err);
}

streamq_status sqi_parse_subquery(sqi_parser *p, const char *kind, sqi_ast *tested, uint32_t begin, sqi_ast **out,
                                  streamq_error **err)
{
    SQI_TRY(sqi_parse_expect(p, "(", err));
    if (!p->parse_query)
        return sqi_parse_unexpected(p, err);
    SQI_TRY(sqi_parse_enter(p, err));
    uint32_t outer = p->tallest;
    p->tallest = 0;
    streamq_error *inner = NULL;
    struct sqi_sql_query *query = p->parse_query(p, &inner);
    if (!query)
        return sqi_error_pass(err, inner);
    uint32_t height = p->tallest;
    p->tallest = outer;
    sqi_parse_leave(p);
    SQI_TRY(sqi_parse_expect(p, ")", err));
    return make_subquery(p, query, height, kind, tested, begin, out, err);
}

/* `(query)` was read as a value, but it is the first operand of a query: ((SELECT 1) UNION (SELECT 2)). */
static streamq_status extend_subquery(sqi_parser *p, sqi_ast *first, uint32_t begin, sqi_ast **out, streamq_error **err)
{
    uint32_t outer = p->tallest;
    p->tallest = first->height;
    streamq_error *inner = NULL;
    struct sqi_sql_query *query = p->continue_query(p, first->query, &inner);
    if (!query)
        return sqi_error_pass(err, inner);
    uint32_t height = p->tallest;
    p->tallest = outer;
    return make_subquery(p, query, height, NULL, NULL, begin, out, err);
}

static bool is_query_value(const sqi_ast *e)
{
    return e->kind == SQI_AST_SUBQUERY && !e->name.len;
}

/* At '(' of a value or a struct. */
static streamq_status parenthesis(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    if (sqi_parse_query_ahead(p, 1) && p->parse_query)
        return sqi_parse_subquery(p, NULL, NULL, begin, out, err);
    if (lambda_ahead(p))
        return lambda(p, out, err);
    SQI_TRY(sqi_parse_advance(p, err));
    sqi_ast *first = NULL;
    SQI_TRY(sqi_parse_one(p, &first, err));
    if (is_query_value(first) && p->continue_query && sqi_parse_query_goes_on(p))
        SQI_TRY(extend_subquery(p, first, begin, &first, err));
    *out = first;
    if (sqi_parse_at(p, ")"))
        return sqi_parse_advance(p, err);
    SQI_TRY(sqi_parse_alias_of(p, first, &first, err));
    if (!sqi_parse_at(p, ","))
        return sqi_parse_unexpected(p, err);
    sqi_parse_array list = {0};
    while (sqi_parse_at(p, ",")) {
        SQI_TRY(sqi_parse_push_ast(p, &list, first, err));
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_named_one(p, &first, err));
    }
    SQI_TRY(sqi_parse_push_ast(p, &list, first, err));
    SQI_TRY(sqi_parse_expect(p, ")", err));
    return sqi_parse_make_call(p, "struct", true, list.item, list.n, begin, out, err);
}

/* ---------------------------------------------------------------- what may follow */

static streamq_status field(sqi_parser *p, sqi_ast **e, streamq_error **err)
{
    sqi_ast *f = sqi_ast_new(p->arena, SQI_AST_FIELD);
    sqi_ast **arg = sqi_arena_array(p->arena, 1, sizeof *arg);
    sqi_span *part = sqi_arena_array(p->arena, 1, sizeof *part);
    if (!f || !arg || !part)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_parse_advance(p, err));
    f->quoted = p->lex.current.kind == SQI_TOKEN_QUOTED_IDENT;
    SQI_TRY(sqi_parse_word(p, part, err));
    *arg = *e;
    f->arg = arg;
    f->part = part;
    f->narg = f->npart = 1;
    SQI_TRY(sqi_parse_finish(p, f, (*e)->begin, err));
    *e = f;
    return STREAMQ_OK;
}

static streamq_status subscript(sqi_parser *p, sqi_ast **e, streamq_error **err)
{
    sqi_ast *args[2] = {*e, NULL};
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_value(p, &args[1], err));
    SQI_TRY(sqi_parse_expect(p, "]", err));
    return sqi_parse_make_call(p, "getitem", true, args, 2, args[0]->begin, e, err);
}

static streamq_status double_colon(sqi_parser *p, sqi_ast **e, streamq_error **err)
{
    sqi_ast *cast = sqi_ast_new(p->arena, SQI_AST_CAST);
    sqi_ast **arg = sqi_arena_array(p->arena, 1, sizeof *arg);
    if (!cast || !arg)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_type_piece(p, &cast->type, err));
    *arg = *e;
    cast->arg = arg;
    cast->narg = 1;
    SQI_TRY(sqi_parse_finish(p, cast, (*e)->begin, err));
    *e = cast;
    return STREAMQ_OK;
}

static streamq_status collate(sqi_parser *p, sqi_ast **e, streamq_error **err)
{
    sqi_ast *args[2] = {*e, NULL};
    SQI_TRY(sqi_parse_advance(p, err));
    uint32_t begin = p->lex.current.begin;
    sqi_span collation;
    SQI_TRY(sqi_parse_word(p, &collation, err));
    SQI_TRY(sqi_parse_make_text(p, collation, begin, &args[1], err));
    return sqi_parse_make_call(p, "collate", false, args, 2, args[0]->begin, e, err);
}

/* value:a.b[0]['c'] takes a part of a semi-structured value; the path stays text. */
static streamq_status path(sqi_parser *p, sqi_ast **e, streamq_error **err)
{
    sqi_ast *args[2] = {*e, NULL};
    SQI_TRY(sqi_parse_advance(p, err));
    uint32_t begin = p->lex.current.begin;
    bool more = true, first = true;
    while (more) {
        sqi_span part;
        if (sqi_parse_at(p, "[")) {
            for (int i = 0; i < 2; i++)
                SQI_TRY(sqi_parse_advance(p, err));
            SQI_TRY(sqi_parse_expect(p, "]", err));
        } else {
            if (!first)
                SQI_TRY(sqi_parse_expect(p, ".", err));
            SQI_TRY(sqi_parse_word(p, &part, err));
        }
        first = false;
        more = sqi_parse_at(p, "[") || sqi_parse_at(p, ".");
    }
    sqi_span text = {p->lex.text.ptr + begin, p->lex.last_end - begin};
    SQI_TRY(sqi_parse_make_text(p, text, begin, &args[1], err));
    return sqi_parse_make_call(p, "semi_structured_extract", false, args, 2, args[0]->begin, e, err);
}

static bool collate_ahead(sqi_parser *p)
{
    return sqi_parse_at(p, "COLLATE") && sqi_parse_is_word(p, 1) && !sqi_parse_clause_ahead(p, 1);
}

static streamq_status operand(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    if (sqi_parse_constant_ahead(p))
        return sqi_parse_constant(p, out, err);
    if (sqi_parse_at(p, "("))
        return parenthesis(p, out, err);
    if (sqi_parse_at(p, "*")) {
        *out = sqi_ast_new(p->arena, SQI_AST_STAR);
        return *out ? star(p, *out, p->lex.current.begin, err) : sqi_error_nomem(err);
    }
    if (sqi_parse_at(p, ":") || sqi_parse_at(p, "?"))
        return parameter(p, out, err);
    if (!sqi_parse_is_word(p, 0))
        return sqi_parse_unexpected(p, err);
    *out = NULL;
    SQI_TRY(sqi_parse_special(p, out, err));
    return *out ? STREAMQ_OK : name(p, out, err);
}

streamq_status sqi_parse_primary(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    sqi_ast *e = NULL;
    SQI_TRY(operand(p, &e, err));
    for (;;) {
        if (sqi_parse_at(p, "["))
            SQI_TRY(subscript(p, &e, err));
        else if (sqi_parse_at(p, "."))
            SQI_TRY(field(p, &e, err));
        else if (sqi_parse_at(p, "::"))
            SQI_TRY(double_colon(p, &e, err));
        else if (sqi_parse_at(p, ":") && (sqi_parse_is_word(p, 1) || sqi_parse_ahead(p, 1, "[")))
            SQI_TRY(path(p, &e, err));
        else if (collate_ahead(p))
            SQI_TRY(collate(p, &e, err));
        else
            break;
    }
    *out = e;
    return STREAMQ_OK;
}
