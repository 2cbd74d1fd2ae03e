/*
 * expr_ast_print: the default name of a column: Spark's "pretty" SQL of its expression. Operators are parenthesised,
 * text stands without quotes, a struct's field, a named cast and a name give their last part, and a CAST that the
 * user did not write out (int(x), or to a nested type) leaves no trace.
 *
 * How calls of functions print is a table of what differs from `name(arg, arg)`.
 */
#include "expr_ast.h"

#include "data_text.h"

static bool print(sqi_buf *to, const sqi_ast *e);

static bool list(sqi_buf *to, sqi_ast *const *item, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            sqi_buf_text(to, ", ");
        print(to, item[i]);
    }
    return !to->failed;
}

static bool is_call(const sqi_ast *e, const char *name)
{
    return sqi_span_equal_nocase(e->name, sqi_span_of(name));
}

/* ---------------------------------------------------------------- operators */

static bool infix(sqi_buf *to, const sqi_ast *e, const char *word)
{
    sqi_buf_byte(to, '(');
    print(to, e->arg[0]);
    sqi_buf_printf(to, " %s ", word);
    print(to, e->arg[1]);
    return sqi_buf_byte(to, ')');
}

static bool wrap(sqi_buf *to, const char *before, const sqi_ast *e, const char *after)
{
    sqi_buf_text(to, before);
    print(to, e);
    return sqi_buf_text(to, after);
}

static bool in(sqi_buf *to, const sqi_ast *e)
{
    wrap(to, "(", e->arg[0], " IN (");
    list(to, e->arg + 1, e->narg - 1);
    return sqi_buf_text(to, "))");
}

static bool like(sqi_buf *to, const sqi_ast *e, const char *word)
{
    print(to, e->arg[0]);
    sqi_buf_printf(to, " %s ", word);
    print(to, e->arg[1]);
    return e->narg < 3 || wrap(to, " ESCAPE '", e->arg[2], "'");
}

typedef struct op_row {
    const char *name, *before, *after; /* one operand between them; before NULL: infix `after` */
} op_row;

static const op_row ops[] = {
    {"and", NULL, "AND"},
    {"or", NULL, "OR"},
    {"not", "(NOT ", ")"},
    {"negative", "(- ", ")"},
    {"positive", "(+ ", ")"},
    {"~", "~", ""},
    {"isnull", "(", " IS NULL)"},
    {"isnotnull", "(", " IS NOT NULL)"},
    {"istrue", "(", " <=> true)"},
    {"isfalse", "(", " <=> false)"},
    {"isunknown", "(", " IS UNKNOWN)"},
};

static bool operator(sqi_buf *to, const sqi_ast *e)
{
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (is_call(e, ops[i].name))
            return ops[i].before ? wrap(to, ops[i].before, e->arg[0], ops[i].after) : infix(to, e, ops[i].after);
    if (is_call(e, "!=")) {
        sqi_buf_text(to, "(NOT ");
        infix(to, e, "=");
        return sqi_buf_byte(to, ')');
    }
    if (is_call(e, "in"))
        return in(to, e);
    if (is_call(e, "like") || is_call(e, "ilike"))
        return like(to, e, is_call(e, "like") ? "LIKE" : "ILIKE");
    if (is_call(e, "getitem")) {
        print(to, e->arg[0]);
        return wrap(to, "[", e->arg[1], "]");
    }
    if (is_call(e, "between") || is_call(e, "rlike") || is_call(e, "||")) {
        sqi_buf_text(to, is_call(e, "between") ? "between(" : is_call(e, "rlike") ? "RLIKE(" : "concat(");
        list(to, e->arg, e->narg);
        return sqi_buf_byte(to, ')');
    }
    char word[8];
    memcpy(word, e->name.ptr, e->name.len < sizeof word ? e->name.len : 0);
    word[e->name.len < sizeof word ? e->name.len : 0] = '\0';
    return infix(to, e, word);
}

/* ---------------------------------------------------------------- calls */

static bool call(sqi_buf *to, const sqi_ast *e)
{
    if (e->literal_text.len) { /* LIKE ANY and the like */
        sqi_buf_span(to, e->literal_text);
        return wrap(to, "(", e->operand, ")");
    }
    if (e->op && !is_call(e, "struct"))
        return operator(to, e);
    sqi_buf_span(to, e->name);
    sqi_buf_byte(to, '(');
    if (e->distinct)
        sqi_buf_text(to, "DISTINCT ");
    if (is_call(e, "count") && e->narg == 1 && e->arg[0]->kind == SQI_AST_STAR)
        sqi_buf_byte(to, '1');
    else
        list(to, e->arg, e->narg);
    sqi_buf_byte(to, ')');
    if (e->ignore_nulls)
        sqi_buf_text(to, " IGNORE NULLS");
    return !e->filter || wrap(to, " FILTER (WHERE ", e->filter, ")");
}

static bool case_when(sqi_buf *to, const sqi_ast *e)
{
    sqi_buf_text(to, "CASE");
    for (uint32_t i = 0; i + 1 < e->narg; i += 2) {
        sqi_buf_text(to, " WHEN ");
        if (e->operand) {
            wrap(to, "(", e->operand, " = ");
            wrap(to, "", e->arg[i], ")");
        } else {
            print(to, e->arg[i]);
        }
        wrap(to, " THEN ", e->arg[i + 1], "");
    }
    if (e->otherwise)
        wrap(to, " ELSE ", e->otherwise, "");
    return sqi_buf_text(to, " END");
}

static bool cast(sqi_buf *to, const sqi_ast *e)
{
    if (sqi_type_is_nested(e->type))
        return print(to, e->arg[0]);
    wrap(to, e->try_cast ? "TRY_CAST(" : "CAST(", e->arg[0], " AS ");
    sqi_type_print_sql(to, e->type);
    return sqi_buf_byte(to, ')');
}

static bool print(sqi_buf *to, const sqi_ast *e)
{
    switch (e->kind) {
    case SQI_AST_LITERAL:
        return sqi_text_literal(to, e->value, 0, true);
    case SQI_AST_NAME:
        return sqi_buf_span(to, e->part[e->npart - 1]);
    case SQI_AST_STAR:
        return sqi_buf_byte(to, '*');
    case SQI_AST_CALL:
        return call(to, e);
    case SQI_AST_CAST:
        return cast(to, e);
    case SQI_AST_CASE:
        return case_when(to, e);
    case SQI_AST_ALIAS:
        print(to, e->arg[0]);
        return wrap(to, " AS ", &(sqi_ast){.kind = SQI_AST_NAME, .part = e->part, .npart = 1}, "");
    case SQI_AST_FIELD:
        print(to, e->arg[0]);
        sqi_buf_byte(to, '.');
        return sqi_buf_span(to, e->part[0]);
    case SQI_AST_LAMBDA:
        wrap(to, "lambdafunction(", e->arg[0], "");
        for (uint32_t i = 0; i < e->npart; i++)
            sqi_buf_text(to, ", namedlambdavariable()");
        return sqi_buf_byte(to, ')');
    case SQI_AST_NAMED: case SQI_AST_SORT: case SQI_AST_INTERVAL:
        return print(to, e->arg[0]);
    case SQI_AST_PARAM:
        sqi_buf_byte(to, ':');
        return sqi_buf_span(to, e->part[0]);
    case SQI_AST_SUBQUERY:
        return sqi_buf_text(to, e->name.len ? (is_call(e, "exists") ? "exists()" : "insubquery()") : "scalarsubquery()");
    }
    return false;
}

bool sqi_ast_print(sqi_buf *to, const sqi_ast *e)
{
    if (e->kind == SQI_AST_ALIAS)
        return sqi_buf_span(to, e->part[0]);
    if (e->kind == SQI_AST_CAST && e->arg[0]->kind == SQI_AST_NAME)
        e = e->arg[0];
    return print(to, e) && !to->failed;
}
