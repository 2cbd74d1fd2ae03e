/*
 * expr_parse_call: calls of functions: arguments (DISTINCT, names, `*`), and what may follow: WITHIN GROUP, FILTER,
 * IGNORE NULLS, OVER.
 */
#include "expr_parse_parts.h"

static streamq_status argument(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    if (!sqi_parse_is_word(p, 0) || !sqi_parse_ahead(p, 1, "=>"))
        return sqi_parse_one(p, out, err);
    uint32_t begin = p->lex.current.begin;
    sqi_ast *e = sqi_ast_new(p->arena, SQI_AST_NAMED);
    sqi_ast **arg = sqi_arena_array(p->arena, 1, sizeof *arg);
    if (!e || !arg)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_parse_word(p, &e->name, err));
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_one(p, arg, err));
    e->arg = arg;
    e->narg = 1;
    *out = e;
    return sqi_parse_finish(p, e, begin, err);
}

/* first(x IGNORE NULLS), also with last and any_value. */
static bool nulls_ahead(sqi_parser *p)
{
    return (sqi_parse_at(p, "IGNORE") || sqi_parse_at(p, "RESPECT")) && sqi_parse_ahead(p, 1, "NULLS");
}

static streamq_status nulls(sqi_parser *p, bool *ignore, streamq_error **err)
{
    *ignore = sqi_parse_at(p, "IGNORE");
    SQI_TRY(sqi_parse_advance(p, err));
    return sqi_parse_advance(p, err);
}

/* struct(a AS x, b): the arguments may have names. */
static bool is_struct(const sqi_ast *name)
{
    return name->npart == 1 && sqi_span_equal_nocase(*name->part, SQI_SPAN("struct"));
}

static streamq_status arguments(sqi_parser *p, const sqi_ast *name, sqi_parse_array *list, bool *ignore,
                                streamq_error **err)
{
    bool more = !sqi_parse_at(p, ")"), named = is_struct(name);
    while (more) {
        sqi_ast *e = NULL;
        SQI_TRY(named ? sqi_parse_named_one(p, &e, err) : argument(p, &e, err));
        SQI_TRY(sqi_parse_push_ast(p, list, e, err));
        if (nulls_ahead(p))
            SQI_TRY(nulls(p, ignore, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    return sqi_parse_expect(p, ")", err);
}

/* ---------------------------------------------------------------- OVER */

static bool frame_ahead(sqi_parser *p)
{
    return (sqi_parse_at(p, "ROWS") || sqi_parse_at(p, "RANGE")) && !sqi_parse_ahead(p, 1, ")");
}

static streamq_status bound(sqi_parser *p, streamq_error **err)
{
    sqi_ast *ignored;
    if (sqi_parse_at(p, "CURRENT") && sqi_parse_ahead(p, 1, "ROW")) {
        SQI_TRY(sqi_parse_advance(p, err));
        return sqi_parse_advance(p, err);
    }
    if (sqi_parse_at(p, "UNBOUNDED"))
        SQI_TRY(sqi_parse_advance(p, err));
    else
        SQI_TRY(sqi_parse_one(p, &ignored, err));
    if (!sqi_parse_at(p, "PRECEDING") && !sqi_parse_at(p, "FOLLOWING"))
        return sqi_parse_unexpected(p, err);
    return sqi_parse_advance(p, err);
}

static streamq_status frame(sqi_parser *p, streamq_error **err)
{
    SQI_TRY(sqi_parse_advance(p, err));
    if (!sqi_parse_at(p, "BETWEEN"))
        return bound(p, err);
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(bound(p, err));
    SQI_TRY(sqi_parse_expect(p, "AND", err));
    return bound(p, err);
}

static bool by_ahead(sqi_parser *p, const char *a, const char *b)
{
    return (sqi_parse_at(p, a) || sqi_parse_at(p, b)) && sqi_parse_ahead(p, 1, "BY");
}

static streamq_status window_definition(sqi_parser *p, sqi_ast_window *w, streamq_error **err)
{
    if (by_ahead(p, "PARTITION", "DISTRIBUTE") || by_ahead(p, "CLUSTER", "CLUSTER")) {
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_items(p, false, &w->partition, &w->npartition, err));
    }
    if (by_ahead(p, "ORDER", "SORT")) {
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_sort_items(p, &w->order, &w->norder, err));
    }
    w->has_frame = frame_ahead(p);
    return w->has_frame ? frame(p, err) : STREAMQ_OK;
}

/* OVER name, OVER (name) or OVER (definition). The names of windows are of no use before windows are. */
streamq_status sqi_parse_window(sqi_parser *p, sqi_ast_window **out, streamq_error **err)
{
    sqi_ast_window *w = sqi_arena_zero(p->arena, sizeof *w);
    sqi_span name;
    if (!w)
        return sqi_error_nomem(err);
    *out = w;
    if (!sqi_parse_at(p, "("))
        return sqi_parse_identifier(p, &name, err);
    SQI_TRY(sqi_parse_advance(p, err));
    if (sqi_parse_is_word(p, 0) && sqi_parse_ahead(p, 1, ")"))
        SQI_TRY(sqi_parse_identifier(p, &name, err));
    else
        SQI_TRY(window_definition(p, w, err));
    return sqi_parse_expect(p, ")", err);
}

/* ---------------------------------------------------------------- calls */

static streamq_status within(sqi_parser *p, sqi_ast *e, streamq_error **err)
{
    static const char *const words[] = {"WITHIN", "GROUP", "(", "ORDER", "BY", NULL};
    for (const char *const *w = words; *w; w++)
        SQI_TRY(sqi_parse_expect(p, *w, err));
    SQI_TRY(sqi_parse_sort_items(p, &e->within, &e->nwithin, err));
    return sqi_parse_expect(p, ")", err);
}

static streamq_status filter(sqi_parser *p, sqi_ast *e, streamq_error **err)
{
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_expect(p, "(", err));
    SQI_TRY(sqi_parse_expect(p, "WHERE", err));
    SQI_TRY(sqi_parse_one(p, &e->filter, err));
    return sqi_parse_expect(p, ")", err);
}

static streamq_status clauses(sqi_parser *p, sqi_ast *e, streamq_error **err)
{
    if (sqi_parse_at(p, "WITHIN") && sqi_parse_ahead(p, 1, "GROUP"))
        SQI_TRY(within(p, e, err));
    if (sqi_parse_at(p, "FILTER") && sqi_parse_ahead(p, 1, "("))
        SQI_TRY(filter(p, e, err));
    if (nulls_ahead(p))
        SQI_TRY(nulls(p, &e->ignore_nulls, err));
    bool over = sqi_parse_at(p, "OVER") &&
                (sqi_parse_ahead(p, 1, "(") || (sqi_parse_is_word(p, 1) && !sqi_parse_clause_ahead(p, 1)));
    if (!over)
        return STREAMQ_OK;
    SQI_TRY(sqi_parse_advance(p, err));
    return sqi_parse_window(p, &e->over, err);
}

/* The name as one text: db.f stays db.f, no function has such a name. */
static sqi_span dotted(sqi_parser *p, const sqi_ast *name)
{
    if (name->npart == 1)
        return *name->part;
    size_t len = name->npart - 1;
    for (uint32_t i = 0; i < name->npart; i++)
        len += name->part[i].len;
    char *text = sqi_arena_get(p->arena, len + 1), *to = text;
    if (!text)
        return (sqi_span){0};
    for (uint32_t i = 0; i < name->npart; i++) {
        if (i)
            *to++ = '.';
        memcpy(to, name->part[i].ptr, name->part[i].len);
        to += name->part[i].len;
    }
    return (sqi_span){text, len};
}

/* timestampadd(DAY, n, t) and its kin: a unit is a word, and becomes a text. */
static streamq_status read_unit(sqi_parser *p, sqi_ast *e, streamq_error **err)
{
    static const char *const adds[] = {"timestampadd", "dateadd", "date_add", NULL};
    static const char *const diffs[] = {"timestampdiff", "datediff", "date_diff", "timediff", NULL};
    static const char *const units[] = {"YEAR", "QUARTER", "MONTH",  "WEEK",        "DAY",         "DAYOFYEAR",
                                        "HOUR", "MINUTE",  "SECOND", "MILLISECOND", "MICROSECOND", NULL};
    const char *name = NULL;
    for (int i = 0; adds[i]; i++)
        name = sqi_span_equal_nocase(e->name, sqi_span_of(adds[i])) ? adds[0] : name;
    for (int i = 0; diffs[i]; i++)
        name = sqi_span_equal_nocase(e->name, sqi_span_of(diffs[i])) ? diffs[0] : name;
    if (!name || e->narg != 3)
        return STREAMQ_OK;
    sqi_ast *unit = e->arg[0];
    if (unit->kind == SQI_AST_LITERAL && unit->value->type == &sqi_type_string)
        return sqi_parse_fault(p, unit->begin, unit->end, SQI_COND_INVALID_PARAMETER_VALUE__DATETIME_UNIT,
                               "write DAY, without quotes", err, "the unit is a word, not a text");
    if (unit->kind != SQI_AST_NAME || unit->npart != 1 || unit->quoted)
        return STREAMQ_OK;
    for (const char *const *u = units; *u; u++) {
        if (!sqi_span_equal_nocase(*unit->part, sqi_span_of(*u)))
            continue;
        e->name = sqi_span_of(name);
        SQI_TRY(sqi_parse_make_text(p, sqi_span_of(*u), unit->begin, &e->arg[0], err));
        e->arg[0]->end = unit->end;
        return STREAMQ_OK;
    }
    if (!sqi_span_equal_nocase(e->name, sqi_span_of(name)))
        return STREAMQ_OK;
    return sqi_parse_fault(p, unit->begin, unit->end, SQI_COND_UNRESOLVED_ROUTINE,
                           "the units are YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE, SECOND and parts of it", err,
                           "%s has no unit %.*s", name, (int)(unit->part->len > 60 ? 60 : unit->part->len),
                           unit->part->ptr);
}

streamq_status sqi_parse_call(sqi_parser *p, const sqi_ast *name, sqi_ast **out, streamq_error **err)
{
    sqi_ast *e = sqi_ast_new(p->arena, SQI_AST_CALL);
    if (!e)
        return sqi_error_nomem(err);
    e->name = dotted(p, name);
    if (!e->name.ptr)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_parse_advance(p, err));
    if (sqi_parse_at(p, "DISTINCT") && sqi_parse_operand_ahead(p, 1))
        SQI_TRY(sqi_parse_accept(p, "DISTINCT", &e->distinct, err));
    else if (sqi_parse_at(p, "ALL") && sqi_parse_operand_ahead(p, 1))
        SQI_TRY(sqi_parse_advance(p, err));
    sqi_parse_array list = {0};
    SQI_TRY(arguments(p, name, &list, &e->ignore_nulls, err));
    e->arg = list.item;
    e->narg = list.n;
    SQI_TRY(read_unit(p, e, err));
    SQI_TRY(clauses(p, e, err));
    *out = e;
    return sqi_parse_finish(p, e, name->begin, err);
}
