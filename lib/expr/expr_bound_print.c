/*
 * expr_bound_print: a resolved expression as explain shows it: "(a#0 + 1)", "cast(a#0 as bigint)". Columns carry their
 * number because two inputs may have columns of one name.
 */
#include "agg.h"
#include "data_text.h"
#include "expr_bound.h"
#include "func.h"

static bool print(sqi_buf *to, const sqi_bound *e, const sqi_schema *input);

static bool print_list(sqi_buf *to, sqi_bound *const *arg, uint32_t n, const sqi_schema *input)
{
    for (uint32_t i = 0; i < n; i++) {
        if (i && !sqi_buf_text(to, ", "))
            return false;
        if (!print(to, arg[i], input))
            return false;
    }
    return true;
}

static bool is_infix(const char *name)
{
    if (strchr("+-*/%&|^<>=!", name[0]))
        return true;
    static const char *const word[] = {"and", "or", "div"};
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (strcmp(name, word[i]) == 0)
            return true;
    return false;
}

static bool print_case(sqi_buf *to, const sqi_bound *e, const sqi_schema *input)
{
    sqi_buf_text(to, "CASE");
    uint32_t i = 0;
    for (; i + 1 < e->narg; i += 2) {
        sqi_buf_text(to, " WHEN ");
        print(to, e->arg[i], input);
        sqi_buf_text(to, " THEN ");
        print(to, e->arg[i + 1], input);
    }
    if (i < e->narg) {
        sqi_buf_text(to, " ELSE ");
        print(to, e->arg[i], input);
    }
    return sqi_buf_text(to, " END");
}

static bool print_call(sqi_buf *to, const sqi_bound *e, const sqi_schema *input)
{
    const char *name = e->func->name;
    if (strcmp(name, "cast") == 0 && e->narg == 1) {
        sqi_buf_text(to, "cast(");
        print(to, e->arg[0], input);
        sqi_buf_text(to, " as ");
        sqi_type_print(to, e->type);
        return sqi_buf_byte(to, ')');
    }
    if (strcmp(name, "case") == 0)
        return print_case(to, e, input);
    if (strcmp(name, "not") == 0) {
        sqi_buf_text(to, "NOT ");
        return print(to, e->arg[0], input);
    }
    if (e->narg == 2 && is_infix(name)) {
        sqi_buf_byte(to, '(');
        print(to, e->arg[0], input);
        sqi_buf_byte(to, ' ');
        for (const char *p = name; *p; p++) /* and, or, div are keywords: upper case */
            sqi_buf_byte(to, *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p);
        sqi_buf_byte(to, ' ');
        print(to, e->arg[1], input);
        return sqi_buf_byte(to, ')');
    }
    sqi_buf_text(to, name);
    sqi_buf_byte(to, '(');
    print_list(to, e->arg, e->narg, input);
    return sqi_buf_byte(to, ')');
}

static bool print_agg(sqi_buf *to, const sqi_bound *e, const sqi_schema *input)
{
    sqi_buf_text(to, e->agg->name);
    sqi_buf_text(to, e->distinct ? "(DISTINCT " : "(");
    print_list(to, e->arg, e->narg, input);
    sqi_buf_byte(to, ')');
    if (e->nsort) {
        sqi_buf_text(to, " WITHIN GROUP (ORDER BY ");
        for (uint32_t i = 0; i < e->nsort; i++) {
            if (i)
                sqi_buf_text(to, ", ");
            print(to, e->sort[i], input);
            if (e->sort_flags[i] & 1)
                sqi_buf_text(to, " DESC");
        }
        sqi_buf_byte(to, ')');
    }
    if (e->filter) {
        sqi_buf_text(to, " FILTER (WHERE ");
        print(to, e->filter, input);
        sqi_buf_byte(to, ')');
    }
    return !to->failed;
}

static bool print(sqi_buf *to, const sqi_bound *e, const sqi_schema *input)
{
    switch (e->kind) {
    case SQI_BOUND_CONST:
        return sqi_text_literal(to, e->value, 0, true);
    case SQI_BOUND_COLUMN:
        if (input && e->column < input->n)
            sqi_buf_span(to, input->field[e->column].name);
        return sqi_buf_printf(to, "#%u", (unsigned)e->column);
    case SQI_BOUND_CALL:
        return print_call(to, e, input);
    case SQI_BOUND_AGG:
        return print_agg(to, e, input);
    case SQI_BOUND_GENERATOR:
        sqi_buf_text(to, e->generator->name);
        sqi_buf_byte(to, '(');
        print_list(to, e->arg, e->narg, input);
        return sqi_buf_byte(to, ')');
    case SQI_BOUND_LAMBDA:
        sqi_buf_text(to, "lambda(");
        for (uint32_t i = 0; i < e->nvar; i++)
            sqi_buf_printf(to, "%sx_%u", i ? ", " : "", (unsigned)(e->column + i));
        sqi_buf_text(to, " -> ");
        print_list(to, e->arg, e->narg, input);
        return sqi_buf_byte(to, ')');
    case SQI_BOUND_VARIABLE:
        return sqi_buf_printf(to, "x_%u", (unsigned)e->column);
    }
    return false;
}

bool sqi_bound_print(sqi_buf *to, const sqi_bound *e, const sqi_schema *input)
{
    print(to, e, input);
    return !to->failed; /* a failed append sticks, so one look at the end is enough */
}
