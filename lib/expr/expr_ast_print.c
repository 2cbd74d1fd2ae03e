/*
 * expr_ast_print: the default name of a column: Spark's "pretty" SQL of its expression. Operators are parenthesised,
 * text stands without quotes, a name gives its last part, a cast to a nested type leaves no trace.
 *
 * Spark prints after types are known, this prints before. Where that matters (date + 1 is date_add(date, 1)) the
 * common reading is printed.
 */
#include "expr_ast_print.h"

#include "data_decimal.h"
#include "data_number.h"
#include "data_text.h"

bool sqi_ast_print_list(sqi_ast_printer *w, sqi_ast *const *item, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            sqi_buf_text(w->to, ", ");
        sqi_ast_print_node(w, item[i]);
    }
    return !w->to->failed;
}

bool sqi_ast_print_between(sqi_ast_printer *w, const char *before, const sqi_ast *e, const char *after)
{
    sqi_buf_text(w->to, before);
    sqi_ast_print_node(w, e);
    return sqi_buf_text(w->to, after);
}

/* ---------------------------------------------------------------- operators */

static bool infix(sqi_ast_printer *w, const sqi_ast *a, sqi_span word, const sqi_ast *b)
{
    sqi_ast_print_between(w, "(", a, " ");
    sqi_buf_span(w->to, word);
    return sqi_ast_print_between(w, " ", b, ")");
}

static bool is_interval(const sqi_ast *e)
{
    return e->kind == SQI_AST_LITERAL &&
           (e->value->type->id == SQI_INTERVAL_DT || e->value->type->id == SQI_INTERVAL_YM);
}

static bool is_null(const sqi_ast *e)
{
    return e->kind == SQI_AST_LITERAL && e->value->type == &sqi_type_void;
}

/* DATE '..' + 1 */
static bool is_date_and_days(const sqi_ast *a, const sqi_ast *b)
{
    return a->kind == SQI_AST_LITERAL && a->value->type == &sqi_type_date && b->kind == SQI_AST_LITERAL &&
           sqi_type_is_integral(b->value->type);
}

static bool date_call(sqi_ast_printer *w, bool minus, const sqi_ast *date, const sqi_ast *days)
{
    sqi_ast_print_between(w, minus ? "date_sub(" : "date_add(", date, ", ");
    return sqi_ast_print_between(w, "", days, ")");
}

/* A time and an interval: the time comes first, without parentheses; an interval and a number: the number second. */
static bool arithmetic(sqi_ast_printer *w, const sqi_ast *e)
{
    const sqi_ast *a = e->arg[0], *b = e->arg[1];
    bool plus = sqi_ast_is_call(e, "+"), minus = sqi_ast_is_call(e, "-");
    if ((plus || minus) && is_date_and_days(a, b))
        return date_call(w, minus, a, b);
    if (plus && is_date_and_days(b, a))
        return date_call(w, false, b, a);
    if (sqi_ast_is_call(e, "*") && is_interval(b))
        return infix(w, b, e->name, a);
    bool left = is_interval(a), right = is_interval(b);
    if (left == right || is_null(a) || is_null(b) || !(plus || (minus && right)))
        return infix(w, a, e->name, b);
    sqi_ast_print_between(w, "", left ? b : a, minus ? " - " : " + ");
    return sqi_ast_print_node(w, left ? a : b);
}

static bool in(sqi_ast_printer *w, const sqi_ast *e)
{
    sqi_ast_print_between(w, "(", e->arg[0], " IN (");
    sqi_ast_print_list(w, e->arg + 1, e->narg - 1);
    return sqi_buf_text(w->to, "))");
}

static bool like(sqi_ast_printer *w, const sqi_ast *e)
{
    sqi_ast_print_between(w, "", e->arg[0], " LIKE ");
    sqi_ast_print_node(w, e->arg[1]);
    return e->narg < 3 || sqi_ast_print_between(w, " ESCAPE '", e->arg[2], "'");
}

/* (a, b): the fields have the names of the items, or colN. */
static bool tuple(sqi_ast_printer *w, const sqi_ast *e)
{
    sqi_buf_text(w->to, "named_struct(");
    for (uint32_t i = 0; i < e->narg; i++) {
        const sqi_ast *item = e->arg[i];
        bool named = item->kind == SQI_AST_ALIAS || item->kind == SQI_AST_NAME;
        if (i)
            sqi_buf_text(w->to, ", ");
        if (named)
            sqi_buf_span(w->to, item->part[item->npart - 1]);
        else
            sqi_buf_printf(w->to, "col%u", i + 1);
        sqi_ast_print_between(w, ", ", item->kind == SQI_AST_ALIAS ? item->arg[0] : item, "");
    }
    return sqi_buf_byte(w->to, ')');
}

static bool negated(sqi_ast_printer *w, const sqi_ast *e)
{
    if (sqi_ast_is_call(e->arg[0], "isunknown"))
        return sqi_ast_print_between(w, "(", e->arg[0]->arg[0], " IS NOT NULL)");
    return sqi_ast_print_between(w, "(NOT ", e->arg[0], ")");
}

static bool function_like(sqi_ast_printer *w, const char *name, const sqi_ast *e)
{
    sqi_buf_printf(w->to, "%s(", name);
    sqi_ast_print_list(w, e->arg, e->narg);
    return sqi_buf_byte(w->to, ')');
}

static bool operator(sqi_ast_printer *w, const sqi_ast *e)
{
    static const struct {
        const char *name, *before, *after;
    } prefix[] = {{"negative", "(- ", ")"},
                  {"positive", "(+ ", ")"},
                  {"~", "~", ""},
                  {"isnull", "(", " IS NULL)"},
                  {"isnotnull", "(", " IS NOT NULL)"},
                  {"istrue", "(", " <=> true)"},
                  {"isfalse", "(", " <=> false)"},
                  {"isunknown", "(", " IS NULL)"}};
    static const struct {
        const char *name, *shown;
    } calls[] = {{"between", "between"}, {"rlike", "RLIKE"}, {"||", "concat"}, {"ilike", "ilike"}};
    for (size_t i = 0; i < sizeof prefix / sizeof *prefix; i++)
        if (sqi_ast_is_call(e, prefix[i].name))
            return sqi_ast_print_between(w, prefix[i].before, e->arg[0], prefix[i].after);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (sqi_ast_is_call(e, calls[i].name))
            return function_like(w, calls[i].shown, e);
    if (sqi_ast_is_call(e, "not"))
        return negated(w, e);
    if (sqi_ast_is_call(e, "!=")) {
        sqi_buf_text(w->to, "(NOT ");
        infix(w, e->arg[0], SQI_SPAN("="), e->arg[1]);
        return sqi_buf_byte(w->to, ')');
    }
    if (sqi_ast_is_call(e, "in"))
        return in(w, e);
    if (sqi_ast_is_call(e, "like"))
        return like(w, e);
    if (sqi_ast_is_call(e, "struct"))
        return tuple(w, e);
    if (sqi_ast_is_call(e, "getitem") && sqi_ast_is_call(e->arg[0], "named_struct"))
        return sqi_ast_print_between(w, "", e->arg[0], ".") && sqi_ast_print_node(w, e->arg[1]);
    if (sqi_ast_is_call(e, "getitem"))
        return sqi_ast_print_node(w, e->arg[0]) && sqi_ast_print_between(w, "[", e->arg[1], "]");
    if (sqi_ast_is_call(e, "and") || sqi_ast_is_call(e, "or"))
        return infix(w, e->arg[0], sqi_ast_is_call(e, "and") ? SQI_SPAN("AND") : SQI_SPAN("OR"), e->arg[1]);
    return arithmetic(w, e);
}

/* ---------------------------------------------------------------- literals, casts, names */

/* Decimals below a millionth have an exponent: 1E-7. */
static bool small_decimal(sqi_buf *to, const sqi_vec *v)
{
    sqi_int128 unscaled = SQI_AT(v, sqi_int128, 0);
    int digits = sqi_decimal_digits(unscaled), exponent = digits - 1 - v->type->scale;
    if (exponent >= -6 || !unscaled)
        return false;
    char text[SQI_NUMBER_TEXT];
    size_t n = sqi_number_decimal(unscaled, 0, text), head = *text == '-' ? 2 : 1;
    sqi_buf_put(to, text, head);
    if (n > head) {
        sqi_buf_byte(to, '.');
        sqi_buf_put(to, text + head, n - head);
    }
    return sqi_buf_printf(to, "E%d", exponent);
}

static bool literal(sqi_buf *to, const sqi_vec *v)
{
    if (v->type->id == SQI_DECIMAL && small_decimal(to, v))
        return true;
    return sqi_text_literal(to, v, 0, true);
}

static bool cast(sqi_ast_printer *w, const sqi_ast *e)
{
    if (sqi_type_is_nested(e->type))
        return sqi_ast_print_node(w, e->arg[0]);
    sqi_ast_print_between(w, e->try_cast ? "TRY_CAST(" : "CAST(", e->arg[0], " AS ");
    sqi_type_print_sql(w->to, e->type);
    return sqi_buf_byte(w->to, ')');
}

static bool case_when(sqi_ast_printer *w, const sqi_ast *e)
{
    sqi_buf_text(w->to, "CASE");
    for (uint32_t i = 0; i + 1 < e->narg; i += 2) {
        sqi_buf_text(w->to, " WHEN ");
        if (e->operand)
            infix(w, e->operand, SQI_SPAN("="), e->arg[i]);
        else
            sqi_ast_print_node(w, e->arg[i]);
        sqi_ast_print_between(w, " THEN ", e->arg[i + 1], "");
    }
    if (e->otherwise)
        sqi_ast_print_between(w, " ELSE ", e->otherwise, "");
    return sqi_buf_text(w->to, " END");
}

static bool is_variable(const sqi_ast_lambdas *lambdas, sqi_span name)
{
    for (; lambdas; lambdas = lambdas->outer)
        for (uint32_t i = 0; i < lambdas->lambda->npart; i++)
            if (sqi_name_equal(lambdas->lambda->part[i], name))
                return true;
    return false;
}

static bool name(sqi_ast_printer *w, const sqi_ast *e)
{
    if (!is_variable(w->lambdas, e->part[0]))
        return sqi_buf_span(w->to, e->part[e->npart - 1]);
    sqi_buf_text(w->to, "namedlambdavariable()");
    for (uint32_t i = 1; i < e->npart; i++) {
        sqi_buf_byte(w->to, '.');
        sqi_buf_span(w->to, e->part[i]);
    }
    return !w->to->failed;
}

/* A map's key is looked up, not selected. */
static bool field(sqi_ast_printer *w, const sqi_ast *e)
{
    bool map = sqi_ast_is_call(e->arg[0], "map");
    sqi_ast_print_between(w, "", e->arg[0], map ? "[" : ".");
    sqi_buf_span(w->to, e->part[0]);
    return !map || sqi_buf_byte(w->to, ']');
}

static bool lambda(sqi_ast_printer *w, const sqi_ast *e)
{
    sqi_ast_lambdas inner = {e, w->lambdas};
    sqi_ast_printer body = {w->to, &inner};
    sqi_ast_print_between(&body, "lambdafunction(", e->arg[0], "");
    for (uint32_t i = 0; i < e->npart; i++)
        sqi_buf_text(w->to, ", namedlambdavariable()");
    return sqi_buf_byte(w->to, ')');
}

static const char *subquery_name(const sqi_ast *e)
{
    if (!e->name.len)
        return "scalarsubquery()";
    return sqi_span_equal(e->name, SQI_SPAN("exists")) ? "exists()" : NULL;
}

static bool subquery(sqi_ast_printer *w, const sqi_ast *e)
{
    const char *text = subquery_name(e);
    return text ? sqi_buf_text(w->to, text) : sqi_ast_print_between(w, "(", e->arg[0], " IN (listquery()))");
}

bool sqi_ast_print_node(sqi_ast_printer *w, const sqi_ast *e)
{
    switch (e->kind) {
    case SQI_AST_LITERAL:
        return literal(w->to, e->value);
    case SQI_AST_NAME:
        return name(w, e);
    case SQI_AST_STAR:
        return sqi_buf_byte(w->to, '*');
    case SQI_AST_CALL:
        if (e->operand) /* LIKE ANY and its kin */
            return sqi_buf_span(w->to, e->literal_text) && sqi_ast_print_between(w, "(", e->operand, ")");
        return e->op ? operator(w, e) : sqi_ast_print_call(w, e);
    case SQI_AST_CAST:
        return cast(w, e);
    case SQI_AST_CASE:
        return case_when(w, e);
    case SQI_AST_ALIAS:
        sqi_ast_print_between(w, "", e->arg[0], " AS ");
        return sqi_buf_span(w->to, e->part[0]);
    case SQI_AST_FIELD:
        return field(w, e);
    case SQI_AST_LAMBDA:
        return lambda(w, e);
    case SQI_AST_NAMED:
    case SQI_AST_INTERVAL:
        return sqi_ast_print_node(w, e->arg[0]);
    case SQI_AST_SORT:
        sqi_ast_print_between(w, "", e->arg[0], e->descending ? " DESC" : " ASC");
        return sqi_buf_text(w->to, e->nulls_first ? " NULLS FIRST" : " NULLS LAST");
    case SQI_AST_PARAM:
        sqi_buf_byte(w->to, ':');
        return sqi_buf_span(w->to, e->part[0]);
    case SQI_AST_SUBQUERY:
        return subquery(w, e);
    }
    return false;
}

bool sqi_ast_print(sqi_buf *to, const sqi_ast *e)
{
    sqi_ast_printer w = {to, NULL};
    if (e->kind == SQI_AST_ALIAS)
        return sqi_buf_span(to, e->part[0]);
    if (e->kind == SQI_AST_CAST && e->arg[0]->kind == SQI_AST_NAME && e->arg[0]->npart == 1)
        e = e->arg[0];
    if (sqi_ast_is_call(e, "explode") || sqi_ast_is_call(e, "explode_outer"))
        return sqi_buf_text(to, "col");
    return sqi_ast_print_node(&w, e) && !to->failed;
}
