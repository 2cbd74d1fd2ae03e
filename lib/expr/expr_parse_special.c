/*
 * expr_parse_special: operands with a grammar of their own: CASE, CAST, TRY_CAST, EXISTS, EXTRACT, TRIM, POSITION,
 * SUBSTRING, OVERLAY. All but the first four become the plain calls they mean. The words are names where their form
 * does not follow.
 */
#include "expr_parse_parts.h"

/* ---------------------------------------------------------------- CASE */

/* CASE opens the expression unless what follows can only follow a name. */
static bool case_ahead(sqi_parser *p)
{
    static const char *const name_follows[] = {"AS",     "AND",     "OR",   "IS",   "IN",  "LIKE", "ILIKE", "RLIKE",
                                               "REGEXP", "BETWEEN", "THEN", "ELSE", "END", "ASC",  "DESC",  NULL};
    return sqi_parse_operand_ahead(p, 1) && !sqi_parse_ahead(p, 1, "*") && !sqi_parse_at_any(p, 1, name_follows);
}

static streamq_status case_when(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    sqi_parse_array list = {0};
    sqi_ast *e = sqi_ast_new(p->arena, SQI_AST_CASE);
    if (!e)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_parse_advance(p, err));
    if (!sqi_parse_at(p, "WHEN"))
        SQI_TRY(sqi_parse_one(p, &e->operand, err));
    if (!sqi_parse_at(p, "WHEN"))
        return sqi_parse_unexpected(p, err);
    while (sqi_parse_at(p, "WHEN")) {
        sqi_ast *arm = NULL;
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_one(p, &arm, err));
        SQI_TRY(sqi_parse_push_ast(p, &list, arm, err));
        SQI_TRY(sqi_parse_expect(p, "THEN", err));
        SQI_TRY(sqi_parse_one(p, &arm, err));
        SQI_TRY(sqi_parse_push_ast(p, &list, arm, err));
    }
    e->arg = list.item;
    e->narg = list.n;
    if (sqi_parse_at(p, "ELSE")) {
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_one(p, &e->otherwise, err));
    }
    SQI_TRY(sqi_parse_expect(p, "END", err));
    *out = e;
    return sqi_parse_finish(p, e, begin, err);
}

/* ---------------------------------------------------------------- CAST, EXISTS */

/* The rest of name(first, ...): a word with a form of its own was a plain function's name. */
static streamq_status plain_call(sqi_parser *p, const char *name, sqi_ast *first, uint32_t begin, sqi_ast **out,
                                 streamq_error **err)
{
    sqi_parse_array list = {0};
    SQI_TRY(sqi_parse_push_ast(p, &list, first, err));
    while (sqi_parse_at(p, ",")) {
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_one(p, &first, err));
        SQI_TRY(sqi_parse_push_ast(p, &list, first, err));
    }
    SQI_TRY(sqi_parse_expect(p, ")", err));
    return sqi_parse_make_call(p, name, false, list.item, list.n, begin, out, err);
}

static streamq_status cast(sqi_parser *p, bool lenient, uint32_t begin, sqi_ast **out, streamq_error **err)
{
    sqi_ast *e = sqi_ast_new(p->arena, SQI_AST_CAST);
    sqi_ast **arg = sqi_arena_array(p->arena, 1, sizeof *arg);
    if (!e || !arg)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_parse_one(p, arg, err));
    if (sqi_parse_at(p, ")") || sqi_parse_at(p, ","))
        return plain_call(p, lenient ? "try_cast" : "cast", *arg, begin, out, err);
    e->arg = arg;
    e->narg = 1;
    e->try_cast = lenient;
    SQI_TRY(sqi_parse_expect(p, "AS", err));
    SQI_TRY(sqi_parse_type_piece(p, &e->type, err));
    SQI_TRY(sqi_parse_expect(p, ")", err));
    *out = e;
    return sqi_parse_finish(p, e, begin, err);
}

/* EXISTS (query), the query perhaps in parentheses of its own; else exists(array, lambda). */
static bool exists_ahead(sqi_parser *p)
{
    unsigned k = 2;
    while (k < SQI_LEX_AHEAD - 1 && sqi_parse_ahead(p, k, "("))
        k++;
    return p->parse_query && sqi_parse_query_ahead(p, k);
}

/* ---------------------------------------------------------------- forms with words between the arguments */

static streamq_status extract(sqi_parser *p, uint32_t begin, sqi_ast **out, streamq_error **err)
{
    sqi_ast *args[2] = {NULL, NULL};
    uint32_t at = p->lex.current.begin;
    sqi_span field;
    SQI_TRY(sqi_parse_word(p, &field, err));
    SQI_TRY(sqi_parse_make_text(p, field, at, &args[0], err));
    SQI_TRY(sqi_parse_expect(p, "FROM", err));
    SQI_TRY(sqi_parse_value(p, &args[1], err));
    SQI_TRY(sqi_parse_expect(p, ")", err));
    return sqi_parse_make_call(p, "extract", false, args, 2, begin, out, err);
}

static streamq_status position(sqi_parser *p, uint32_t begin, sqi_ast **out, streamq_error **err)
{
    sqi_ast *args[2] = {NULL, NULL};
    SQI_TRY(sqi_parse_value(p, &args[0], err));
    if (!sqi_parse_at(p, "IN"))
        return plain_call(p, "position", args[0], begin, out, err);
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_value(p, &args[1], err));
    SQI_TRY(sqi_parse_expect(p, ")", err));
    return sqi_parse_make_call(p, "locate", false, args, 2, begin, out, err);
}

/* TRIM([BOTH|LEADING|TRAILING] [chars] FROM text) and the plain trim(text), trim(chars, text). */
static streamq_status trim(sqi_parser *p, uint32_t begin, sqi_ast **out, streamq_error **err)
{
    static const char *const sides[] = {"BOTH", "LEADING", "TRAILING", NULL};
    const char *name = "trim";
    sqi_parse_array list = {0};
    sqi_ast *e = NULL;
    if (sqi_parse_at_any(p, 0, sides) && (sqi_parse_operand_ahead(p, 1) || sqi_parse_ahead(p, 1, "FROM"))) {
        name = sqi_parse_at(p, "LEADING") ? "ltrim" : sqi_parse_at(p, "TRAILING") ? "rtrim" : "trim";
        SQI_TRY(sqi_parse_advance(p, err));
    }
    bool chars = !sqi_parse_at(p, ")") && !(sqi_parse_at(p, "FROM") && sqi_parse_operand_ahead(p, 1)), more = chars;
    while (more) {
        SQI_TRY(sqi_parse_one(p, &e, err));
        SQI_TRY(sqi_parse_push_ast(p, &list, e, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    if (sqi_parse_at(p, "FROM") && list.n < 2) {
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_value(p, &e, err));
        SQI_TRY(sqi_parse_push_ast(p, &list, e, err));
    }
    SQI_TRY(sqi_parse_expect(p, ")", err));
    return sqi_parse_make_call(p, name, false, list.item, list.n, begin, out, err);
}

/* Arguments separated by commas or by the words given, in order. */
static streamq_status worded(sqi_parser *p, const char *name, const char *const *words, uint32_t begin, sqi_ast **out,
                             streamq_error **err)
{
    sqi_parse_array list = {0};
    bool more = !sqi_parse_at(p, ")");
    while (more) {
        sqi_ast *e = NULL;
        SQI_TRY(sqi_parse_one(p, &e, err));
        SQI_TRY(sqi_parse_push_ast(p, &list, e, err));
        bool word = *words && sqi_parse_at(p, *words);
        words += *words ? 1 : 0;
        more = word || sqi_parse_at(p, ",");
        if (more)
            SQI_TRY(sqi_parse_advance(p, err));
    }
    SQI_TRY(sqi_parse_expect(p, ")", err));
    return sqi_parse_make_call(p, name, false, list.item, list.n, begin, out, err);
}

/* ---------------------------------------------------------------- which one */

typedef enum form {
    FORM_NONE,
    FORM_CAST,
    FORM_TRY_CAST,
    FORM_EXISTS,
    FORM_EXTRACT,
    FORM_TRIM,
    FORM_POSITION,
    FORM_SUBSTRING,
    FORM_SUBSTR,
    FORM_OVERLAY
} form;

static form form_here(sqi_parser *p)
{
    static const struct {
        const char *word;
        form form;
    } rows[] = {{"CAST", FORM_CAST},           {"TRY_CAST", FORM_TRY_CAST}, {"EXISTS", FORM_EXISTS},
                {"EXTRACT", FORM_EXTRACT},     {"TRIM", FORM_TRIM},         {"POSITION", FORM_POSITION},
                {"SUBSTRING", FORM_SUBSTRING}, {"SUBSTR", FORM_SUBSTR},     {"OVERLAY", FORM_OVERLAY}};
    if (!sqi_parse_ahead(p, 1, "("))
        return FORM_NONE;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (sqi_parse_at(p, rows[i].word))
            return rows[i].form;
    return FORM_NONE;
}

streamq_status sqi_parse_special(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    static const char *const from_for[] = {"FROM", "FOR", NULL}, *const placing[] = {"PLACING", "FROM", "FOR", NULL};
    uint32_t begin = p->lex.current.begin;
    if (sqi_parse_at(p, "CASE") && case_ahead(p))
        return case_when(p, out, err);
    form f = form_here(p);
    if (f == FORM_NONE || (f == FORM_EXISTS && !exists_ahead(p)) ||
        (f == FORM_EXTRACT && !sqi_parse_ahead(p, 3, "FROM")))
        return STREAMQ_OK;
    SQI_TRY(sqi_parse_advance(p, err));
    if (f == FORM_EXISTS)
        return sqi_parse_subquery(p, "exists", NULL, begin, out, err);
    SQI_TRY(sqi_parse_advance(p, err));
    switch (f) {
    case FORM_CAST:
    case FORM_TRY_CAST:
        return cast(p, f == FORM_TRY_CAST, begin, out, err);
    case FORM_EXTRACT:
        return extract(p, begin, out, err);
    case FORM_TRIM:
        return trim(p, begin, out, err);
    case FORM_POSITION:
        return position(p, begin, out, err);
    case FORM_OVERLAY:
        return worded(p, "overlay", placing, begin, out, err);
    default:
        return worded(p, f == FORM_SUBSTR ? "substr" : "substring", from_for, begin, out, err);
    }
}
