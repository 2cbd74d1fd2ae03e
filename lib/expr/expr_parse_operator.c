/*
 * expr_parse_operator: operators, loosest first:
 *
 *   OR, AND, NOT (also !), one predicate (IS, IN, BETWEEN, LIKE, RLIKE, ...), then the values: comparison, |, ^, &,
 *   << >> >>>, + - ||, * / % DIV, unary - + ~.
 *
 * A predicate ends its operand: `a IS NULL = b` is no expression. Chains of AND and of OR become balanced trees; a
 * chain of the others is a tree as deep as it is long and is limited like nesting.
 */
#include "expr_parse_parts.h"

/* ---------------------------------------------------------------- values */

typedef struct binary_row {
    const char *word, *name;
    int level; /* the higher, the tighter */
} binary_row;

static const binary_row binaries[] = {
    {"=", "=", 1},   {"==", "=", 1},  {"<=>", "<=>", 1}, {"<>", "!=", 1}, {"!=", "!=", 1},   {"<", "<", 1},
    {"<=", "<=", 1}, {"!>", "<=", 1}, {">", ">", 1},     {">=", ">=", 1}, {"!<", ">=", 1},   {"|", "|", 2},
    {"^", "^", 3},   {"&", "&", 4},   {"<<", "<<", 5},   {">>", ">>", 5}, {">>>", ">>>", 5}, {"+", "+", 6},
    {"-", "-", 6},   {"||", "||", 6}, {"*", "*", 7},     {"/", "/", 7},   {"%", "%", 7},     {"DIV", "div", 7},
};

static const binary_row *binary_here(sqi_parser *p)
{
    sqi_token_kind kind = p->lex.current.kind;
    if (kind != SQI_TOKEN_SYMBOL && !(sqi_parse_at(p, "DIV") && sqi_parse_operand_ahead(p, 1)))
        return NULL;
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++)
        if (sqi_parse_at(p, binaries[i].word))
            return &binaries[i];
    return NULL;
}

static streamq_status unary(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    const char *name = sqi_parse_at(p, "-") ? "negative" : sqi_parse_at(p, "+") ? "positive" : "~";
    bool prefixed = sqi_parse_at(p, "-") || sqi_parse_at(p, "+") || sqi_parse_at(p, "~");
    if (!prefixed || sqi_parse_constant_ahead(p)) /* "-1" is one literal */
        return sqi_parse_primary(p, out, err);
    uint32_t begin = p->lex.current.begin;
    sqi_ast *operand = NULL;
    SQI_TRY(sqi_parse_enter(p, err));
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(unary(p, &operand, err));
    sqi_parse_leave(p);
    return sqi_parse_make_call(p, name, true, &operand, 1, begin, out, err);
}

static streamq_status binary(sqi_parser *p, int level, sqi_ast **out, streamq_error **err)
{
    SQI_TRY(sqi_parse_enter(p, err));
    sqi_ast *side[2] = {NULL, NULL};
    SQI_TRY(unary(p, &side[0], err));
    const binary_row *row;
    while ((row = binary_here(p)) != NULL && row->level >= level) {
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(binary(p, row->level + 1, &side[1], err));
        SQI_TRY(sqi_parse_make_call(p, row->name, true, side, 2, side[0]->begin, &side[0], err));
    }
    sqi_parse_leave(p);
    *out = side[0];
    return STREAMQ_OK;
}

streamq_status sqi_parse_value(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    return binary(p, 0, out, err);
}

/* ---------------------------------------------------------------- predicates */

static streamq_status negate(sqi_parser *p, bool negated, sqi_ast **e, streamq_error **err)
{
    return negated ? sqi_parse_make_call(p, "not", true, e, 1, (*e)->begin, e, err) : STREAMQ_OK;
}

static streamq_status between(sqi_parser *p, sqi_ast *tested, sqi_ast **out, streamq_error **err)
{
    sqi_ast *args[3] = {tested, NULL, NULL};
    SQI_TRY(sqi_parse_value(p, &args[1], err));
    SQI_TRY(sqi_parse_expect(p, "AND", err));
    SQI_TRY(sqi_parse_value(p, &args[2], err));
    return sqi_parse_make_call(p, "between", true, args, 3, tested->begin, out, err);
}

/* (e, e, ...) pushed after what the list holds. */
static streamq_status parenthesised(sqi_parser *p, sqi_parse_array *list, sqi_cond if_empty, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    SQI_TRY(sqi_parse_expect(p, "(", err));
    if (sqi_parse_at(p, ")"))
        return sqi_parse_fail(p, begin, p->lex.current.end, if_empty, err, "the list between the parentheses is empty");
    sqi_ast **item;
    uint32_t n;
    SQI_TRY(sqi_parse_items(p, false, &item, &n, err));
    for (uint32_t i = 0; i < n; i++)
        SQI_TRY(sqi_parse_push_ast(p, list, item[i], err));
    return sqi_parse_expect(p, ")", err);
}

static streamq_status in_list(sqi_parser *p, sqi_ast *tested, sqi_ast **out, streamq_error **err)
{
    if (sqi_parse_query_ahead(p, 1))
        return sqi_parse_subquery(p, "in", tested, tested->begin, out, err);
    sqi_parse_array list = {0};
    SQI_TRY(sqi_parse_push_ast(p, &list, tested, err));
    SQI_TRY(parenthesised(p, &list, SQI_COND_INVALID_SQL_SYNTAX__EMPTY_IN_PREDICATE, err));
    return sqi_parse_make_call(p, "in", true, list.item, list.n, tested->begin, out, err);
}

/* One pattern of LIKE, ILIKE or RLIKE. */
static streamq_status pattern(sqi_parser *p, const char *name, sqi_ast *tested, sqi_ast **out, streamq_error **err)
{
    sqi_ast *args[3] = {tested, NULL, NULL};
    uint32_t n = 2;
    SQI_TRY(sqi_parse_value(p, &args[1], err));
    if (strcmp(name, "rlike") != 0 && sqi_parse_at(p, "ESCAPE") &&
        sqi_lex_ahead(&p->lex, 1)->kind == SQI_TOKEN_STRING) {
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_constant(p, &args[2], err));
        const sqi_str *s = args[2]->value->data;
        if (sqi_utf8_count(sqi_str_span(s)) != 1)
            SQI_TRY(sqi_parse_fault(p, args[2]->begin, args[2]->end, SQI_COND_INVALID_ESC, NULL, err,
                                    "the escape must be one character"));
        n = 3;
    }
    return sqi_parse_make_call(p, name, true, args, n, tested->begin, out, err);
}

static streamq_status combine(sqi_parser *p, const char *name, sqi_ast **item, uint32_t n, sqi_ast **out,
                              streamq_error **err);

/* Spark names these by the operator only if a pattern is no literal text; else "likeany(tested)". */
static streamq_status label_quantified(sqi_parser *p, sqi_ast *e, sqi_ast *tested, bool negated, bool any, bool lower,
                                       streamq_error **err)
{
    sqi_ast *shown = tested;
    if (lower)
        SQI_TRY(sqi_parse_make_call(p, "lower", false, &tested, 1, tested->begin, &shown, err));
    e->operand = shown;
    e->literal_text = sqi_span_of(negated ? (any ? "notlikeany" : "notlikeall") : (any ? "likeany" : "likeall"));
    return sqi_parse_finish(p, e, tested->begin, err);
}

/* LIKE ANY|SOME|ALL (pattern, ...): an OR or an AND of single patterns. */
static streamq_status quantified(sqi_parser *p, const char *name, sqi_ast *tested, bool negated, sqi_ast **out,
                                 streamq_error **err)
{
    bool any = !sqi_parse_at(p, "ALL"), plain = true;
    sqi_parse_array list = {0};
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(parenthesised(p, &list, SQI_COND_INVALID_SQL_SYNTAX__EMPTY_QUANTIFIED_PATTERN, err));
    sqi_ast **item = list.item;
    for (uint32_t i = 0; i < list.n; i++) {
        sqi_ast *args[2] = {tested, item[i]};
        plain = plain && item[i]->kind == SQI_AST_LITERAL && item[i]->value->type == &sqi_type_string;
        SQI_TRY(sqi_parse_make_call(p, name, true, args, 2, tested->begin, &item[i], err));
        SQI_TRY(negate(p, negated, &item[i], err));
    }
    SQI_TRY(combine(p, any ? "or" : "and", item, list.n, out, err));
    return plain ? label_quantified(p, *out, tested, negated, any, *name == 'i', err) : STREAMQ_OK;
}

/* `!` was NOT everywhere once. */
static streamq_status refuse_bang(sqi_parser *p, streamq_error **err)
{
    return sqi_parse_fault(p, p->lex.current.begin, p->lex.current.end, SQI_COND_SYNTAX_DISCONTINUED__BANG_EQUALS_NOT,
                           "write NOT", err, "'!' is no NOT here");
}

static streamq_status is_predicate(sqi_parser *p, sqi_ast *tested, sqi_ast **out, streamq_error **err)
{
    static const struct {
        const char *word, *name;
    } kinds[] = {{"NULL", "isnull"}, {"TRUE", "istrue"}, {"FALSE", "isfalse"}, {"UNKNOWN", "isunknown"}};
    bool bang = sqi_parse_at(p, "!"), negated = bang || sqi_parse_at(p, "NOT");
    if (bang)
        SQI_TRY(refuse_bang(p, err));
    if (negated)
        SQI_TRY(sqi_parse_advance(p, err));
    if (sqi_parse_at(p, "DISTINCT")) {
        sqi_ast *side[2] = {tested, NULL};
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_expect(p, "FROM", err));
        SQI_TRY(sqi_parse_value(p, &side[1], err));
        SQI_TRY(sqi_parse_make_call(p, "<=>", true, side, 2, tested->begin, out, err));
        return negate(p, !negated, out, err);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!sqi_parse_at(p, kinds[i].word))
            continue;
        SQI_TRY(sqi_parse_advance(p, err));
        bool not_null = i == 0 && negated;
        const char *name = not_null ? "isnotnull" : kinds[i].name;
        SQI_TRY(sqi_parse_make_call(p, name, true, &tested, 1, tested->begin, out, err));
        return negate(p, negated && !not_null, out, err);
    }
    return sqi_parse_unexpected(p, err);
}

/* Whether the k-th token is the predicate's word and not an alias or a name. */
static bool predicate_ahead(sqi_parser *p, unsigned k)
{
    static const char *const with_operand[] = {"BETWEEN", "LIKE", "ILIKE", "RLIKE", "REGEXP", NULL};
    if (sqi_parse_ahead(p, k, "IN"))
        return sqi_parse_ahead(p, k + 1, "(");
    return sqi_parse_at_any(p, k, with_operand) && sqi_parse_operand_ahead(p, k + 1);
}

static bool is_ahead(sqi_parser *p)
{
    static const char *const kinds[] = {"NOT", "!", "NULL", "TRUE", "FALSE", "UNKNOWN", "DISTINCT", NULL};
    return sqi_parse_at(p, "IS") && sqi_parse_at_any(p, 1, kinds);
}

static streamq_status predicated(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    static const char *const quantifiers[] = {"ANY", "SOME", "ALL", NULL};
    sqi_ast *tested = NULL;
    SQI_TRY(sqi_parse_value(p, &tested, err));
    *out = tested;
    if (is_ahead(p)) {
        SQI_TRY(sqi_parse_advance(p, err));
        return is_predicate(p, tested, out, err);
    }
    bool negated = (sqi_parse_at(p, "NOT") || sqi_parse_at(p, "!")) && predicate_ahead(p, 1);
    if (!negated && !predicate_ahead(p, 0))
        return STREAMQ_OK;
    if (sqi_parse_at(p, "!"))
        SQI_TRY(refuse_bang(p, err));
    if (negated)
        SQI_TRY(sqi_parse_advance(p, err));
    const char *name = sqi_parse_at(p, "LIKE") ? "like" : sqi_parse_at(p, "ILIKE") ? "ilike" : "rlike";
    bool in = sqi_parse_at(p, "IN"), range = sqi_parse_at(p, "BETWEEN");
    SQI_TRY(sqi_parse_advance(p, err));
    if (in)
        SQI_TRY(in_list(p, tested, out, err));
    else if (range)
        SQI_TRY(between(p, tested, out, err));
    else if (*name != 'r' && sqi_parse_at_any(p, 0, quantifiers) && sqi_parse_ahead(p, 1, "("))
        return quantified(p, name, tested, negated, out, err);
    else
        SQI_TRY(pattern(p, name, tested, out, err));
    return negate(p, negated, out, err);
}

/* ---------------------------------------------------------------- NOT, AND, OR */

static streamq_status not(sqi_parser * p, sqi_ast **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    bool negated = sqi_parse_at(p, "!") || (sqi_parse_at(p, "NOT") && sqi_parse_operand_ahead(p, 1));
    if (!negated)
        return predicated(p, out, err);
    sqi_ast *operand = NULL;
    SQI_TRY(sqi_parse_enter(p, err));
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(not(p, &operand, err));
    sqi_parse_leave(p);
    return sqi_parse_make_call(p, "not", true, &operand, 1, begin, out, err);
}

/* The balanced tree that Spark builds: the left half takes the odd one. */
static streamq_status combine(sqi_parser *p, const char *name, sqi_ast **item, uint32_t n, sqi_ast **out,
                              streamq_error **err)
{
    if (n == 1) {
        *out = *item;
        return STREAMQ_OK;
    }
    sqi_ast *side[2] = {NULL, NULL};
    uint32_t left = (n + 1) / 2;
    SQI_TRY(combine(p, name, item, left, &side[0], err));
    SQI_TRY(combine(p, name, item + left, n - left, &side[1], err));
    SQI_TRY(sqi_parse_make_call(p, name, true, side, 2, side[0]->begin, out, err));
    (*out)->end = side[1]->end;
    return STREAMQ_OK;
}

static streamq_status chain(sqi_parser *p, bool or, sqi_ast **out, streamq_error **err)
{
    const char *word = or ? "OR" : "AND";
    sqi_parse_array list = {0};
    bool more = true;
    while (more) {
        sqi_ast *e = NULL;
        SQI_TRY(or ? chain(p, false, &e, err) : not(p, &e, err));
        SQI_TRY(sqi_parse_push_ast(p, &list, e, err));
        more = sqi_parse_at(p, word) && sqi_parse_operand_ahead(p, 1);
        if (more)
            SQI_TRY(sqi_parse_advance(p, err));
    }
    return combine(p, or ? "or" : "and", list.item, list.n, out, err);
}

streamq_status sqi_parse_one(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    SQI_TRY(sqi_parse_enter(p, err));
    SQI_TRY(chain(p, true, out, err));
    sqi_parse_leave(p);
    return STREAMQ_OK;
}
