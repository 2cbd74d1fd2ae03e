/*
 * expr_parse_word: identifiers, and whether a word is a keyword where it stands.
 *
 * In Spark's default mode every keyword is also a name: `SELECT a FROM` gives column a the alias FROM, and so does
 * `SELECT a FROM FROM t`. The rule here: a word opens its clause if the next tokens can follow it there, unless the
 * next word opens a clause itself.
 */
#include "expr_parse_parts.h"

static const char *const by_words[] = {"ORDER", "GROUP", "SORT", "CLUSTER", "DISTRIBUTE", NULL};
static const char *const operand_words[] = {"WHERE", "HAVING", "LIMIT", "OFFSET", "QUALIFY", "SELECT", NULL};
static const char *const set_words[] = {"UNION", "EXCEPT", "INTERSECT", "MINUS", NULL};
static const char *const set_followers[] = {"ALL", "DISTINCT", "SELECT", "FROM", "VALUES", "TABLE", "(", NULL};
static const char *const infix_symbols[] = {"=",  "==", "<=>", "<>", "!=", "<",  "<=", "!>", ">", ">=", "!<",
                                            "<<", ">>", ">>>", "/",  "%",  "&",  "|",  "||", "^", "::", ".",
                                            ",",  ")",  "]",   "->", "=>", "|>", ";",  "[",  NULL};
static const char *const prefix_symbols[] = {"(", "-", "+", "~", "*", ":", "?", "!", NULL};
/* Words that need an operand before them, and what makes such a word the first column of a SELECT all the same. */
static const char *const infix_words[] = {"AS",    "AND",   "OR",     "IS",      "IN", "LIKE",
                                          "ILIKE", "RLIKE", "REGEXP", "BETWEEN", NULL};
static const char *const column_ends[] = {"FROM", ",", ")", NULL};

bool sqi_parse_operand_ahead(sqi_parser *p, unsigned k)
{
    const sqi_token *t = sqi_lex_ahead(&p->lex, k);
    switch (t->kind) {
    case SQI_TOKEN_END:
        return false;
    case SQI_TOKEN_SYMBOL:
        return sqi_parse_at_any(p, k, prefix_symbols);
    case SQI_TOKEN_IDENT:
        return !sqi_parse_clause_ahead(p, k);
    default:
        return true;
    }
}

static bool relation_ahead(sqi_parser *p, unsigned k)
{
    const sqi_token *t = sqi_lex_ahead(&p->lex, k);
    return t->kind == SQI_TOKEN_QUOTED_IDENT || sqi_token_is(t, "(") ||
           (t->kind == SQI_TOKEN_IDENT && !sqi_parse_clause_ahead(p, k));
}

bool sqi_parse_clause_ahead(sqi_parser *p, unsigned k)
{
    if (sqi_lex_ahead(&p->lex, k)->kind != SQI_TOKEN_IDENT || k + 2 > SQI_LEX_AHEAD)
        return false;
    if (sqi_parse_ahead(p, k, "FROM"))
        return relation_ahead(p, k + 1);
    if (sqi_parse_at_any(p, k, operand_words))
        return sqi_parse_operand_ahead(p, k + 1);
    if (sqi_parse_at_any(p, k, by_words))
        return sqi_parse_ahead(p, k + 1, "BY");
    if (sqi_parse_at_any(p, k, set_words))
        return sqi_parse_at_any(p, k + 1, set_followers);
    if (sqi_parse_ahead(p, k, "WINDOW"))
        return sqi_parse_is_word(p, k + 1) && sqi_parse_ahead(p, k + 2, "AS");
    if (sqi_parse_ahead(p, k, "LATERAL"))
        return sqi_parse_ahead(p, k + 1, "VIEW");
    if (sqi_parse_ahead(p, k, "WITH"))
        return sqi_parse_ahead(p, k + 1, "ROLLUP") || sqi_parse_ahead(p, k + 1, "CUBE");
    if (sqi_parse_ahead(p, k, "GROUPING"))
        return sqi_parse_ahead(p, k + 1, "SETS");
    if (sqi_parse_ahead(p, k, "DELAY"))
        return sqi_parse_ahead(p, k + 1, "OF");
    if (sqi_parse_ahead(p, k, "FOR"))
        return sqi_parse_ahead(p, k + 1, "(") || (sqi_parse_is_word(p, k + 1) && sqi_parse_ahead(p, k + 2, "IN"));
    return false;
}

bool sqi_parse_query_ahead(sqi_parser *p, unsigned k)
{
    const sqi_token *next = sqi_lex_ahead(&p->lex, k + 1);
    bool operator_follows = sqi_parse_at_any(p, k + 1, infix_symbols) ||
                            (sqi_parse_at_any(p, k + 1, infix_words) && !sqi_parse_at_any(p, k + 2, column_ends));
    if (next->kind == SQI_TOKEN_END || operator_follows)
        return false;
    if (sqi_parse_ahead(p, k, "SELECT") || sqi_parse_ahead(p, k, "VALUES"))
        return true;
    if (sqi_parse_ahead(p, k, "FROM"))
        return sqi_parse_is_word(p, k + 1) || sqi_token_is(next, "(");
    if (sqi_parse_ahead(p, k, "TABLE") || sqi_parse_ahead(p, k, "WITH"))
        return sqi_parse_is_word(p, k + 1);
    return false;
}

bool sqi_parse_query_goes_on(sqi_parser *p)
{
    static const char *const tails[] = {"LIMIT", "OFFSET", NULL};
    if (sqi_parse_at(p, "|>"))
        return true;
    if (sqi_parse_at_any(p, 0, set_words))
        return sqi_parse_at_any(p, 1, set_followers);
    if (sqi_parse_at_any(p, 0, by_words))
        return sqi_parse_ahead(p, 1, "BY") && !sqi_parse_at(p, "GROUP");
    return sqi_parse_at_any(p, 0, tails) && sqi_parse_operand_ahead(p, 1);
}

/* ---------------------------------------------------------------- identifiers */

streamq_status sqi_parse_word(sqi_parser *p, sqi_span *out, streamq_error **err)
{
    const sqi_token *t = &p->lex.current;
    if (!sqi_parse_is_word(p, 0))
        return sqi_parse_unexpected(p, err);
    if (t->foreign) {
        streamq_status status =
            sqi_parse_fail(p, t->begin, t->end, SQI_COND_INVALID_IDENTIFIER, err, "'%.*s' is no name as it stands",
                           (int)(t->value.len > 60 ? 60 : t->value.len), t->value.ptr);
        if (err)
            sqi_error_hint(*err, "unquoted names have letters of ASCII, digits and _ only; put it between backticks");
        return status;
    }
    *out = t->value;
    return sqi_parse_advance(p, err);
}

streamq_status sqi_parse_identifier(sqi_parser *p, sqi_span *out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    SQI_TRY(sqi_parse_word(p, out, err));
    if (!sqi_parse_at(p, "-") || !sqi_parse_is_word(p, 1))
        return STREAMQ_OK;
    while (sqi_parse_at(p, "-") && sqi_parse_is_word(p, 1)) {
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_advance(p, err));
    }
    sqi_span s = {p->lex.text.ptr + begin, p->lex.last_end - begin};
    streamq_status status = sqi_parse_fail(p, begin, p->lex.last_end, SQI_COND_INVALID_IDENTIFIER, err,
                                           "'%.*s' is no name as it stands", (int)(s.len > 60 ? 60 : s.len), s.ptr);
    if (err)
        sqi_error_hint(*err, "a name with a hyphen stands between backticks");
    return status;
}
