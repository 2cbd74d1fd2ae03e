/*
 * expr_ast_print_call: calls of functions in default names. A table holds what differs from `name(arg, arg)`: another
 * name, arguments that Spark adds because it fills in defaults, arguments that are not shown, and forms of their own.
 */
#include "expr_ast_print.h"

#define FILLS 7

typedef struct call_row {
    const char *name;
    const char *shown;       /* NULL: the name in lower case */
    uint32_t most;           /* arguments shown; 0: all */
    uint32_t have;           /* fewer arguments than fills give: the fills from this position on are added */
    const char *fill[FILLS]; /* defaults for the arguments at have, have + 1, ... */
} call_row;

#define FORMAT "yyyy-MM-dd HH:mm:ss"
/* The comparison that array_sort has without one of its own. */
#define V "namedlambdavariable()"
#define COMPARE                                                                                    \
    "lambdafunction((IF(((" V " IS NULL) AND (" V " IS NULL)), 0, (IF((" V " IS NULL), 1, (IF((" V \
    " IS NULL), -1, (IF((" V " < " V "), -1, (IF((" V " > " V "), 1, 0)))))))))), " V ", " V ")"

static const call_row rows[] = {
    {.name = "acos", .shown = "ACOS"},
    {.name = "acosh", .shown = "ACOSH"},
    {.name = "asin", .shown = "ASIN"},
    {.name = "asinh", .shown = "ASINH"},
    {.name = "atan", .shown = "ATAN"},
    {.name = "atan2", .shown = "ATAN2"},
    {.name = "atanh", .shown = "ATANH"},
    {.name = "cbrt", .shown = "CBRT"},
    {.name = "ceil", .shown = "CEIL"},
    {.name = "cos", .shown = "COS"},
    {.name = "cosh", .shown = "COSH"},
    {.name = "cot", .shown = "COT"},
    {.name = "csc", .shown = "CSC"},
    {.name = "degrees", .shown = "DEGREES"},
    {.name = "e", .shown = "E"},
    {.name = "exp", .shown = "EXP"},
    {.name = "expm1", .shown = "EXPM1"},
    {.name = "floor", .shown = "FLOOR"},
    {.name = "hypot", .shown = "HYPOT"},
    {.name = "log", .shown = "LOG"},
    {.name = "log10", .shown = "LOG10"},
    {.name = "log1p", .shown = "LOG1P"},
    {.name = "log2", .shown = "LOG2"},
    {.name = "pi", .shown = "PI"},
    {.name = "power", .shown = "POWER"},
    {.name = "radians", .shown = "RADIANS"},
    {.name = "rank", .shown = "RANK"},
    {.name = "regexp", .shown = "REGEXP"},
    {.name = "regexp_like", .shown = "REGEXP_LIKE"},
    {.name = "rlike", .shown = "RLIKE"},
    {.name = "sec", .shown = "SEC"},
    {.name = "signum", .shown = "SIGNUM"},
    {.name = "sin", .shown = "SIN"},
    {.name = "sinh", .shown = "SINH"},
    {.name = "sqrt", .shown = "SQRT"},
    {.name = "tan", .shown = "TAN"},
    {.name = "tanh", .shown = "TANH"},
    {.name = "array_agg", .shown = "collect_list"},
    {.name = "current_database", .shown = "current_schema"},
    {.name = "dateadd", .shown = "date_add"},
    {.name = "to_varchar", .shown = "to_char"},
    {.name = "approx_count_distinct", .most = 1},
    {.name = "any_value", .most = 1},
    {.name = "first", .most = 1},
    {.name = "last", .most = 1},
    {.name = "from_csv", .most = 1},
    {.name = "from_json", .most = 1},
    {.name = "schema_of_csv", .most = 1},
    {.name = "schema_of_json", .most = 1},
    {.name = "to_csv", .most = 1},
    {.name = "to_json", .most = 1},
    {.name = "try_variant_get", .most = 2},
    {.name = "variant_get", .most = 2},
    {.name = "aggregate", .have = 3, .fill = {"lambdafunction(" V ", " V ")"}},
    {.name = "reduce", .have = 3, .fill = {"lambdafunction(" V ", " V ")"}},
    {.name = "array_sort", .have = 1, .fill = {COMPARE}},
    {.name = "bround", .have = 1, .fill = {"0"}},
    {.name = "from_unixtime", .have = 1, .fill = {FORMAT}},
    {.name = "hmac", .have = 2, .fill = {"SHA-256"}},
    {.name = "listagg", .have = 1, .fill = {"NULL"}},
    {.name = "locate", .have = 2, .fill = {"1"}},
    {.name = "lpad", .have = 2, .fill = {" "}},
    {.name = "make_dt_interval", .have = 0, .fill = {"0", "0", "0", "0.000000"}},
    {.name = "make_interval", .have = 0, .fill = {"0", "0", "0", "0", "0", "0", "0.000000"}},
    {.name = "make_ym_interval", .have = 0, .fill = {"0", "0"}},
    {.name = "mask", .have = 1, .fill = {"X", "x", "n", "NULL"}},
    {.name = "months_between", .have = 2, .fill = {"true"}},
    {.name = "overlay", .have = 3, .fill = {"-1"}},
    {.name = "percentile", .have = 2, .fill = {"1"}},
    {.name = "percentile_approx", .have = 2, .fill = {"10000"}},
    {.name = "position", .have = 2, .fill = {"1"}},
    {.name = "regexp_extract", .have = 2, .fill = {"1"}},
    {.name = "regexp_extract_all", .have = 2, .fill = {"1"}},
    {.name = "regexp_instr", .have = 2, .fill = {"0"}},
    {.name = "regexp_replace", .have = 3, .fill = {"1"}},
    {.name = "replace", .have = 2, .fill = {""}},
    {.name = "round", .have = 1, .fill = {"0"}},
    {.name = "rpad", .have = 2, .fill = {" "}},
    {.name = "sentences", .have = 1, .fill = {"", ""}},
    {.name = "sort_array", .have = 1, .fill = {"true"}},
    {.name = "split", .have = 2, .fill = {"-1"}},
    {.name = "str_to_map", .have = 1, .fill = {",", ":"}},
    {.name = "string_agg", .have = 1, .fill = {"NULL"}},
    {.name = "substr", .have = 2, .fill = {"2147483647"}},
    {.name = "substring", .have = 2, .fill = {"2147483647"}},
    {.name = "time_bucket", .have = 2, .fill = {"TIMESTAMP '1970-01-01 00:00:00'"}},
    {.name = "to_unix_timestamp", .have = 1, .fill = {FORMAT}},
    {.name = "try_make_interval", .have = 0, .fill = {"0", "0", "0", "0", "0", "0", "0.000000"}},
    {.name = "unix_timestamp", .have = 0, .fill = {"current_timestamp()", FORMAT}},
};

static const call_row *row_of(const sqi_ast *e)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (sqi_ast_is_call(e, rows[i].name))
            return &rows[i];
    return NULL;
}

static bool lower_name(sqi_buf *to, sqi_span name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        sqi_buf_byte(to, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
    }
    return !to->failed;
}

static bool fills(sqi_buf *to, const call_row *row, uint32_t narg)
{
    for (uint32_t i = narg < row->have ? FILLS : narg - row->have; i < FILLS && row->fill[i]; i++) {
        if (i + row->have)
            sqi_buf_text(to, ", ");
        sqi_buf_text(to, row->fill[i]);
    }
    return !to->failed;
}

/* ---------------------------------------------------------------- forms of their own */

/* int(x) is a cast that the user did not write: x alone. */
static bool is_type_name(const sqi_ast *e)
{
    static const char *const types[] = {"boolean", "tinyint", "smallint", "int",  "bigint",    "float", "double",
                                        "decimal", "string",  "binary",   "date", "timestamp", NULL};
    for (const char *const *t = types; *t; t++)
        if (e->narg == 1 && sqi_ast_is_call(e, *t))
            return true;
    return false;
}

static bool trim(sqi_ast_printer *w, const char *side, const sqi_ast *e)
{
    sqi_buf_printf(w->to, "TRIM(%s ", side);
    sqi_ast_print_between(w, "", e->arg[0], " FROM ");
    return sqi_ast_print_between(w, "", e->arg[1], ")");
}

static bool when(sqi_ast_printer *w, const sqi_ast *e)
{
    sqi_buf_text(w->to, "CASE");
    for (uint32_t i = 0; i + 1 < e->narg; i += 2) {
        sqi_ast_print_between(w, " WHEN ", e->arg[i], " THEN ");
        sqi_ast_print_node(w, e->arg[i + 1]);
    }
    if (e->narg & 1)
        sqi_ast_print_between(w, " ELSE ", e->arg[e->narg - 1], "");
    return sqi_buf_text(w->to, " END");
}

static bool like(sqi_ast_printer *w, const sqi_ast *e)
{
    sqi_ast_print_between(w, "", e->arg[0], " LIKE ");
    sqi_ast_print_node(w, e->arg[1]);
    return e->narg < 3 || sqi_ast_print_between(w, " ESCAPE '", e->arg[2], "'");
}

/* True if the call has such a form: it is printed then. */
static bool two_argument_form(sqi_ast_printer *w, const sqi_ast *e)
{
    if (e->narg != 2)
        return false;
    if (sqi_ast_is_call(e, "trim"))
        return trim(w, "BOTH", e), true;
    if (sqi_ast_is_call(e, "ltrim"))
        return trim(w, "LEADING", e), true;
    if (sqi_ast_is_call(e, "rtrim"))
        return trim(w, "TRAILING", e), true;
    bool extract = sqi_ast_is_call(e, "extract"), part = sqi_ast_is_call(e, "datepart");
    if (extract || part) {
        sqi_ast_print_between(w, extract ? "extract(" : "datepart(", e->arg[0], " FROM ");
        return sqi_ast_print_between(w, "", e->arg[1], ")"), true;
    }
    if (sqi_ast_is_call(e, "convert_timezone")) {
        sqi_buf_text(w->to, "convert_timezone(current_timezone(), ");
        return sqi_ast_print_list(w, e->arg, 2), sqi_buf_byte(w->to, ')'), true;
    }
    return false;
}

static bool one_argument_form(sqi_ast_printer *w, const sqi_ast *e)
{
    static const struct {
        const char *name, *before, *after;
    } forms[] = {
        {"isnull", "(", " IS NULL)"}, {"isnotnull", "(", " IS NOT NULL)"},
        {"positive", "(+ ", ")"},     {"not", "(NOT ", ")"},
        {"log", "LOG(E(), ", ")"},    {"raise_error", "raise_error(USER_RAISED_EXCEPTION, map(errorMessage, ", "))"},
    };
    if (e->narg != 1)
        return false;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (sqi_ast_is_call(e, forms[i].name))
            return sqi_ast_print_between(w, forms[i].before, e->arg[0], forms[i].after), true;
    if (is_type_name(e))
        return sqi_ast_print_node(w, e->arg[0]), true;
    if (sqi_ast_is_call(e, "assert_true")) {
        sqi_ast_print_between(w, "assert_true(", e->arg[0], ", '");
        return sqi_ast_print_between(w, "", e->arg[0], "' is not true!)"), true;
    }
    return false;
}

static bool any_form(sqi_ast_printer *w, const sqi_ast *e)
{
    if (sqi_ast_is_call(e, "window") || sqi_ast_is_call(e, "session_window"))
        return lower_name(w->to, e->name), true;
    if (sqi_ast_is_call(e, "when"))
        return when(w, e), true;
    if (sqi_ast_is_call(e, "like") && e->narg >= 2)
        return like(w, e), true;
    if (sqi_ast_is_call(e, "if") && e->narg == 3) {
        sqi_buf_text(w->to, "(IF(");
        sqi_ast_print_list(w, e->arg, 3);
        return sqi_buf_text(w->to, "))"), true;
    }
    return one_argument_form(w, e) || two_argument_form(w, e);
}

/* ---------------------------------------------------------------- calls */

/* percentile_cont and mode show the order's direction, listagg the whole order. */
static bool within(sqi_ast_printer *w, const sqi_ast *e)
{
    bool whole = sqi_ast_is_call(e, "listagg") || sqi_ast_is_call(e, "string_agg");
    bool mode = sqi_ast_is_call(e, "mode");
    sqi_buf_text(w->to, " WITHIN GROUP (ORDER BY ");
    for (uint32_t i = 0; i < e->nwithin; i++) {
        const sqi_ast *s = e->within[i];
        if (i)
            sqi_buf_text(w->to, ", ");
        sqi_ast_print_node(w, whole ? s : s->arg[0]);
        if (!whole && s->descending != mode)
            sqi_buf_text(w->to, " DESC");
    }
    return sqi_buf_byte(w->to, ')');
}

bool sqi_ast_print_call(sqi_ast_printer *w, const sqi_ast *e)
{
    if (any_form(w, e))
        return !w->to->failed;
    const call_row *row = row_of(e);
    bool star = sqi_ast_is_call(e, "count") && e->narg == 1 && e->arg[0]->kind == SQI_AST_STAR;
    bool scaled = e->narg == 2 && (sqi_ast_is_call(e, "ceil") || sqi_ast_is_call(e, "floor"));
    if (row && row->shown && !scaled)
        sqi_buf_text(w->to, row->shown);
    else
        lower_name(w->to, e->name);
    sqi_buf_text(w->to, e->distinct ? "(DISTINCT " : "(");
    if (star)
        sqi_buf_byte(w->to, '1');
    else
        sqi_ast_print_list(w, e->arg, row && row->most && row->most < e->narg ? row->most : e->narg);
    if (row)
        fills(w->to, row, e->narg);
    sqi_buf_byte(w->to, ')');
    if (e->nwithin)
        within(w, e);
    return !e->filter || sqi_ast_print_between(w, " FILTER (WHERE ", e->filter, ")");
}
