/*
 * func_sentences: sentences(str[, language[, country]]): the words of each sentence.
 *
 * A sentence ends behind . ? ! (and closing quotes or brackets) where white space follows and no small letter after it.
 * A word is letters, digits and marks, with an apostrophe, a point or a comma inside where both neighbours are of one
 * kind; a number with a currency sign before it is no word. Words are views into the text. The language is not looked
 * at: these rules are those of Java's default for texts of words parted by spaces.
 */
#include <utf8proc.h>

#include "expr_bind.h"
#include "func_str.h"

enum { OTHER, LETTER, NUMBER, MARK, CURRENCY, BLANK };

static int kind_of(uint32_t c)
{
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return LETTER;
    case UTF8PROC_CATEGORY_ND:
        return NUMBER;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_PC:
        return MARK;
    case UTF8PROC_CATEGORY_SC:
        return CURRENCY;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return BLANK;
    default:
        return c >= '\t' && c <= '\r' ? BLANK : OTHER;
    }
}

static int kind_at(sqi_span s, size_t at)
{
    const char *p = s.ptr + at;
    return at < s.len ? kind_of(sqi_utf8_next(&p, s.ptr + s.len)) : BLANK;
}

static size_t after(sqi_span s, size_t at)
{
    const char *p = s.ptr + at;
    sqi_utf8_next(&p, s.ptr + s.len);
    return (size_t)(p - s.ptr);
}

/* The end of the run of word characters at `at`. */
static size_t word_end(sqi_span s, size_t at)
{
    int last = OTHER;
    while (at < s.len) {
        int kind = kind_at(s, at);
        bool joins = s.ptr[at] == '\'' || s.ptr[at] == '.' || (s.ptr[at] == ',' && last == NUMBER);
        if (kind == LETTER || kind == NUMBER)
            last = kind;
        else if (kind != MARK && !(joins && last != OTHER && kind_at(s, at + 1) == last))
            break;
        at = after(s, at);
    }
    return at;
}

/* Behind a terminator at `at`: does the sentence end there? *next is where the following one begins. */
static bool ends(sqi_span s, size_t at, size_t *next)
{
    bool point = true;
    for (; at < s.len && s.ptr[at] && strchr(".?!", s.ptr[at]); at++)
        point &= s.ptr[at] == '.';
    while (at < s.len && s.ptr[at] && strchr("\"')]}", s.ptr[at]))
        at++;
    size_t begin = at;
    while (at < s.len && kind_at(s, at) == BLANK)
        at = after(s, at);
    *next = at;
    if (at == s.len)
        return true;
    const char *p = s.ptr + at;
    bool small = utf8proc_category((utf8proc_int32_t)sqi_utf8_next(&p, s.ptr + s.len)) == UTF8PROC_CATEGORY_LL;
    return at > begin && !(point && small);
}

typedef struct columns {
    sqi_strs words;
    sqi_list *sentence;
    size_t n, cap;
    sqi_arena *arena;
} columns;

static bool put_sentence(columns *c, size_t begin)
{
    if (c->n == c->cap) {
        size_t cap = c->cap ? c->cap * 2 : 64;
        sqi_list *grown = sqi_arena_get(c->arena, cap * sizeof *grown);
        if (!grown)
            return false;
        if (c->n)
            memcpy(grown, c->sentence, c->n * sizeof *grown);
        c->sentence = grown;
        c->cap = cap;
    }
    c->sentence[c->n++] = (sqi_list){(uint32_t)begin, (uint32_t)(c->words.n - begin)};
    return true;
}

static bool read_text(columns *c, sqi_span s)
{
    size_t begin = c->words.n, at = 0;
    bool open = false;
    while (at < s.len) {
        int kind = kind_at(s, at);
        size_t end = kind == CURRENCY ? word_end(s, after(s, at)) : word_end(s, at), next;
        open = true;
        if (end > at) {
            bool word = kind == LETTER || kind == NUMBER;
            if (word && !sqi_strs_put(&c->words, sqi_str_view(s.ptr + at, (uint32_t)(end - at)), c->arena))
                return false;
            at = end;
        } else if (s.ptr[at] && strchr(".?!", s.ptr[at]) && ends(s, at, &next)) {
            if (!put_sentence(c, begin))
                return false;
            begin = c->words.n;
            at = next;
            open = false;
        } else {
            at = after(s, at);
        }
    }
    return !open || put_sentence(c, begin);
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_signature(b, node, "sss", err));
    const sqi_type *words = sqi_type_array(b->eval->pool, &sqi_type_string, false);
    node->type = words ? sqi_type_array(b->eval->pool, words, false) : NULL;
    node->nullable = node->arg[0]->nullable;
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status sentences(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    columns c = {.arena = call->eval->arena};
    if (arg->valid)
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        size_t begin = c.n;
        if (!sqi_vec_valid(arg, i)) {
            sqi_vec_set_null(out, i);
            continue;
        }
        if (!read_text(&c, SQI_SPAN_AT(arg, i)))
            return sqi_error_nomem(err);
        SQI_OUT(out, sqi_list)[i] = (sqi_list){(uint32_t)begin, (uint32_t)(c.n - begin)};
    }
    sqi_vec *sentence = &out->child[0];
    sentence->data = c.sentence;
    out->nchild = (uint32_t)c.n;
    return sqi_strs_finish(&c.words, sentence, err);
}

const sqi_func sqi_func_sentences[] = {
    {.name = "sentences",
     .min_args = 1,
     .max_args = 3,
     .nulls = SQI_NULL_OWN,
     .resolve = resolve,
     .kernel = sentences,
     .text = "sentences(str[, language[, country]]): the words of each sentence of a text"},
    {0},
};
