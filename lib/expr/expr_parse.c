/*
 * expr_parse: the parser's frame: setting up, steps over tokens, errors with their place, building of nodes, and the
 * functions that read a whole text. The grammar itself is in expr_parse_operator (AND .. comparison .. arithmetic),
 * expr_parse_primary (operands), expr_parse_call, expr_parse_special, expr_parse_literal, expr_parse_interval,
 * expr_parse_item (lists, aliases, sort orders), expr_parse_word (keyword or name?) and expr_parse_type.
 *
 * Everything is built in the arena given; a parser holds nothing that would have to be freed. Recursion is limited by
 * sqi_parse_enter, the height of every tree by sqi_parse_finish.
 */
#include "expr_parse_parts.h"

#include <stdarg.h>
#include <stdio.h>

streamq_status sqi_parser_init(sqi_parser *p, sqi_span text, sqi_arena *arena, sqi_type_pool *pool, sqi_zones *zones,
                               const sqi_zone *zone, streamq_error **err)
{
    *p = (sqi_parser){.arena = arena, .pool = pool, .zones = zones, .zone = zone};
    if (text.len > SQI_PARSE_MAX)
        return sqi_error_set(err, SQI_COND_FAILED_TO_PARSE_TOO_COMPLEX,
                             "the text has %zu bytes, at most %u can be parsed; split it", text.len, SQI_PARSE_MAX);
    char *copy = sqi_arena_text(arena, text.ptr, text.len);
    if (!copy)
        return sqi_error_nomem(err);
    return sqi_lex_init(&p->lex, (sqi_span){copy, text.len}, arena, err);
}

/* ---------------------------------------------------------------- errors */

static streamq_status place(sqi_parser *p, uint32_t begin, uint32_t end, streamq_status status, streamq_error **err)
{
    if (err)
        sqi_error_place(*err, p->lex.text, begin, end);
    return status;
}

streamq_status sqi_parse_fail(sqi_parser *p, uint32_t begin, uint32_t end, sqi_cond cond, streamq_error **err,
                              const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char text[512];
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return place(p, begin, end, sqi_error_set(err, cond, "%s", text), err);
}

streamq_status sqi_parse_fault(sqi_parser *p, uint32_t begin, uint32_t end, sqi_cond cond, const char *hint,
                               streamq_error **err, const char *format, ...)
{
    if (p->fault.cond != SQI_COND_NONE)
        return STREAMQ_OK;
    va_list args;
    va_start(args, format);
    char text[512];
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    p->fault.text = sqi_arena_text(p->arena, text, strlen(text));
    if (!p->fault.text)
        return sqi_error_nomem(err);
    p->fault.cond = cond;
    p->fault.begin = begin;
    p->fault.end = end;
    p->fault.hint = hint;
    return STREAMQ_OK;
}

streamq_status sqi_parse_unexpected(sqi_parser *p, streamq_error **err)
{
    const sqi_token *t = &p->lex.current;
    if (t->kind == SQI_TOKEN_END && p->lex.last_end == 0)
        return sqi_parse_fail(p, t->begin, t->end, SQI_COND_PARSE_EMPTY_STATEMENT, err, "there is nothing to parse");
    if (t->kind == SQI_TOKEN_END)
        return sqi_parse_fail(p, t->begin, t->end, SQI_COND_PARSE_SYNTAX_ERROR, err,
                              "syntax error: the text ends where more was expected");
    sqi_span s = {p->lex.text.ptr + t->begin, t->end - t->begin};
    bool quote = t->kind == SQI_TOKEN_SYMBOL && (*s.ptr == '\'' || *s.ptr == '"' || *s.ptr == '`');
    streamq_status status =
        sqi_parse_fail(p, t->begin, t->end, SQI_COND_PARSE_SYNTAX_ERROR, err, "syntax error at or near %s%.*s%s",
                       quote ? "" : "'", (int)(s.len > 60 ? 60 : s.len), s.ptr, quote ? "" : "'");
    if (err && quote)
        sqi_error_hint(*err, "this quote is never closed");
    return status;
}

streamq_status sqi_parse_end(sqi_parser *p, streamq_error **err)
{
    if (p->lex.current.kind != SQI_TOKEN_END)
        return sqi_parse_unexpected(p, err);
    if (p->lex.unclosed) {
        uint32_t begin = p->lex.unclosed - 1;
        return sqi_parse_fail(p, begin, begin + 2, SQI_COND_UNCLOSED_BRACKETED_COMMENT, err,
                              "this comment has no end; close it with */");
    }
    if (p->fault.cond == SQI_COND_NONE)
        return STREAMQ_OK;
    streamq_status status = sqi_parse_fail(p, p->fault.begin, p->fault.end, p->fault.cond, err, "%s", p->fault.text);
    if (err && p->fault.hint)
        sqi_error_hint(*err, "%s", p->fault.hint);
    return status;
}

/* ---------------------------------------------------------------- tokens */

bool sqi_parse_at_any(sqi_parser *p, unsigned k, const char *const *words)
{
    const sqi_token *t = sqi_lex_ahead(&p->lex, k);
    for (; *words; words++)
        if (sqi_token_is(t, *words))
            return true;
    return false;
}

streamq_status sqi_parse_accept(sqi_parser *p, const char *word, bool *taken, streamq_error **err)
{
    *taken = sqi_parse_at(p, word);
    return *taken ? sqi_parse_advance(p, err) : STREAMQ_OK;
}

streamq_status sqi_parse_expect(sqi_parser *p, const char *word, streamq_error **err)
{
    return sqi_parse_at(p, word) ? sqi_parse_advance(p, err) : sqi_parse_unexpected(p, err);
}

bool sqi_parse_is_word(sqi_parser *p, unsigned k)
{
    sqi_token_kind kind = sqi_lex_ahead(&p->lex, k)->kind;
    return kind == SQI_TOKEN_IDENT || kind == SQI_TOKEN_QUOTED_IDENT;
}

/* ---------------------------------------------------------------- nesting, lists, nodes */

static streamq_status too_complex(sqi_parser *p, uint32_t begin, uint32_t end, streamq_error **err)
{
    return sqi_parse_fail(p, begin, end, SQI_COND_FAILED_TO_PARSE_TOO_COMPLEX, err,
                          "the text is nested more than %d levels deep, or chains that many operators; split it",
                          SQI_PARSE_DEPTH);
}

streamq_status sqi_parse_enter(sqi_parser *p, streamq_error **err)
{
    if (p->depth >= SQI_PARSE_DEPTH)
        return too_complex(p, p->lex.current.begin, p->lex.current.end, err);
    p->depth++;
    return STREAMQ_OK;
}

streamq_status sqi_parse_check_height(sqi_parser *p, uint32_t height, uint32_t begin, streamq_error **err)
{
    if (height > SQI_PARSE_DEPTH)
        return too_complex(p, begin, p->lex.last_end, err);
    if (height > p->tallest)
        p->tallest = height;
    return STREAMQ_OK;
}

streamq_status sqi_parse_measure_end(sqi_parser *p, uint32_t outer, uint32_t begin, uint32_t *above,
                                     streamq_error **err)
{
    if (*above <= p->tallest)
        *above = p->tallest + 1;
    p->tallest = outer;
    return sqi_parse_check_height(p, *above, begin, err);
}

void *sqi_parse_push(sqi_parser *p, sqi_parse_array *list, size_t size)
{
    if (!sqi_arena_room(p->arena, &list->item, list->n, &list->cap, size))
        return NULL;
    return (char *)list->item + list->n++ * size;
}

streamq_status sqi_parse_push_ast(sqi_parser *p, sqi_parse_array *list, sqi_ast *e, streamq_error **err)
{
    sqi_ast **slot = sqi_parse_push(p, list, sizeof *slot);
    if (!slot)
        return sqi_error_nomem(err);
    *slot = e;
    return STREAMQ_OK;
}

streamq_status sqi_parse_finish(sqi_parser *p, sqi_ast *e, uint32_t begin, streamq_error **err)
{
    if (!e)
        return sqi_error_nomem(err);
    e->begin = begin;
    e->end = p->lex.last_end;
    e->text = p->lex.text;
    if (e->kind != SQI_AST_SUBQUERY)
        sqi_ast_measure(e);
    return sqi_parse_check_height(p, e->height, begin, err);
}

streamq_status sqi_parse_make_call(sqi_parser *p, const char *name, bool op, sqi_ast *const *args, uint32_t n,
                                   uint32_t begin, sqi_ast **out, streamq_error **err)
{
    sqi_ast *e = sqi_ast_call(p->arena, name, args, n);
    SQI_TRY(sqi_parse_finish(p, e, begin, err));
    e->op = op;
    *out = e;
    return STREAMQ_OK;
}

streamq_status sqi_parse_make_text(sqi_parser *p, sqi_span text, uint32_t begin, sqi_ast **out, streamq_error **err)
{
    sqi_str value = sqi_str_view(text.ptr, (uint32_t)text.len);
    return sqi_parse_literal_of(p, &sqi_type_string, &value, sizeof value, begin, out, err);
}

/* ---------------------------------------------------------------- whole texts */

streamq_status sqi_parse_expression(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    SQI_TRY(sqi_parse_named_one(p, out, err));
    return sqi_parse_end(p, err);
}

streamq_status sqi_parse_list(sqi_parser *p, bool named, sqi_ast ***out, uint32_t *n, streamq_error **err)
{
    SQI_TRY(sqi_parse_items(p, named, out, n, err));
    return sqi_parse_end(p, err);
}

streamq_status sqi_parse_sort_list(sqi_parser *p, sqi_ast ***out, uint32_t *n, streamq_error **err)
{
    SQI_TRY(sqi_parse_sort_items(p, out, n, err));
    return sqi_parse_end(p, err);
}

streamq_status sqi_parse_type(sqi_parser *p, const sqi_type **out, streamq_error **err)
{
    SQI_TRY(sqi_parse_type_piece(p, out, err));
    return sqi_parse_end(p, err);
}
