/*
 * expr_regex_write: the tree as a PCRE2 pattern. Every item comes out as one atom, so a quantifier can follow it.
 *
 * Java's meaning is spelled out rather than asked for by options: (?i) without (?u) is about ASCII letters only, so
 * letters become [xX]; "." and "$" know Java's line terminators; "\b" sees Unicode letters while "\w" does not.
 * Look-behind of several widths, which PCRE2 refuses, is written once for each width.
 */
#include "expr_regex_tree.h"

#define ANY_CHARACTER "[\\x{0}-\\x{10ffff}]"
#define NEVER "(?!)"
#define LINE_END "\\n\\r\\x{85}\\x{2028}\\x{2029}"
#define WORD "[_\\p{L}\\p{Nd}]"
#define BASE "[\\p{L}\\p{Nd}]" /* what marks may follow and be part of the word */
#define WORD_UNICODE "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]"

typedef struct writer {
    sqi_regex_java *out;
    sqi_buf *to;
    sqi_arena *arena;
} writer;

static bool put(writer *w, const char *text)
{
    return sqi_buf_text(w->to, text);
}

static bool problem(writer *w, const char *text)
{
    w->out->problem = text;
    return false;
}

static bool is_letter(uint32_t c)
{
    return (c | 0x20) - 'a' < 26;
}
static bool is_surrogate(uint32_t c)
{
    return c >= 0xD800 && c < 0xE000;
}

static bool put_code(writer *w, uint32_t c)
{
    char to[4];
    if (is_letter(c) || c - '0' < 10)
        return sqi_buf_byte(w->to, (char)c);
    if (c < 0xA0 || c > 0x10FFFF)
        return sqi_buf_printf(w->to, "\\x{%x}", (unsigned)c);
    return sqi_buf_put(w->to, to, sqi_utf8_put(c, to));
}

static bool write_literal(writer *w, uint32_t c, uint32_t flags)
{
    if (is_surrogate(c))
        return put(w, NEVER);
    bool ignore = flags & SQI_RE_CASE, unicode = flags & SQI_RE_UNICASE;
    if (ignore && unicode && (is_letter(c) || c >= 0x80))
        return put(w, "(?i:") && put_code(w, c) && put(w, ")");
    if (ignore && is_letter(c))
        return sqi_buf_printf(w->to, "[%c%c]", (char)c, (char)(c ^ 0x20));
    return put_code(w, c);
}

static bool is_flat(const sqi_re_set *s)
{
    if (s->kind != SQI_RE_UNION)
        return s->kind == SQI_RE_RANGE || s->kind == SQI_RE_CLASS;
    for (const sqi_re_set *c = s->first; c; c = c->next)
        if (!is_flat(c))
            return false;
    return true;
}

/* Surrogates cannot stand in UTF-8, so ranges leave them out. */
static bool put_range(writer *w, uint32_t low, uint32_t high)
{
    if (is_surrogate(low))
        low = 0xE000;
    if (is_surrogate(high))
        high = 0xD7FF;
    if (low > high)
        return true;
    if (low < 0xD800 && high > 0xDFFF)
        return put_range(w, low, 0xD7FF) && put_range(w, 0xE000, high);
    return put_code(w, low) && (low == high || (put(w, "-") && put_code(w, high)));
}

/* What stands between the brackets for a flat set. */
static bool put_items(writer *w, const sqi_re_set *s)
{
    if (s->kind == SQI_RE_RANGE)
        return put_range(w, s->low, s->high);
    if (s->kind == SQI_RE_CLASS)
        return put(w, s->text);
    for (const sqi_re_set *c = s->first; c; c = c->next)
        if (is_flat(c) && !put_items(w, c))
            return false;
    return true;
}

static bool put_brackets(writer *w, const sqi_re_set *s, bool negated)
{
    size_t begin = w->to->len;
    if (!put(w, negated ? "[^" : "["))
        return false;
    size_t inside = w->to->len;
    if (!put_items(w, s))
        return false;
    if (w->to->len > inside)
        return put(w, "]");
    w->to->len = begin; /* no items left: nothing, or everything */
    return put(w, negated ? ANY_CHARACTER : NEVER);
}

static bool write_set(writer *w, const sqi_re_set *s);

static bool write_union(writer *w, const sqi_re_set *s)
{
    bool any = false;
    for (const sqi_re_set *c = s->first; c; c = c->next)
        any |= is_flat(c);
    if (!put(w, "(?:") || (any && !put_brackets(w, s, false)))
        return false;
    for (const sqi_re_set *c = s->first; c; c = c->next) {
        if (is_flat(c))
            continue;
        if ((any && !put(w, "|")) || !write_set(w, c))
            return false;
        any = true;
    }
    return put(w, ")");
}

static bool write_set(writer *w, const sqi_re_set *s)
{
    if (is_flat(s))
        return put_brackets(w, s, false);
    switch (s->kind) {
    case SQI_RE_NOT:
        if (is_flat(s->first))
            return put_brackets(w, s->first, true);
        return put(w, "(?:(?!") && write_set(w, s->first) && put(w, ")" ANY_CHARACTER ")");
    case SQI_RE_AND:
        return put(w, "(?:(?=") && write_set(w, s->first) && put(w, ")") && write_set(w, s->first->next) && put(w, ")");
    default:
        return write_union(w, s);
    }
}

static bool write_boundary(writer *w, bool negated, bool unicode)
{
    static const char *const after[] = {"(?:(?<=" WORD ")|(?<=" BASE "\\p{Mn})|(?<=" BASE "\\p{Mn}{2}))",
                                        "(?<=" WORD_UNICODE ")"};
    static const char *const not_after[] = {"(?<!" WORD ")(?<!" BASE "\\p{Mn})(?<!" BASE "\\p{Mn}{2})",
                                            "(?<!" WORD_UNICODE ")"};
    static const char *const before[] = {"(?:(?=" WORD ")|(?=\\p{Mn})(?:(?<=" BASE ")|(?<=" BASE "\\p{Mn})))",
                                         "(?=" WORD_UNICODE ")"};
    static const char *const not_before[] = {"(?!" WORD ")(?!\\p{Mn}(?:(?<=" BASE "\\p{Mn})|(?<=" BASE "\\p{Mn}{2})))",
                                             "(?!" WORD_UNICODE ")"};
    const char *end = negated ? before[unicode] : not_before[unicode];
    const char *begin = negated ? not_before[unicode] : before[unicode];
    return sqi_buf_printf(w->to, "(?:%s%s|%s%s)", after[unicode], end, not_after[unicode], begin);
}

static bool write_anchor(writer *w, uint32_t code, uint32_t flags)
{
    bool lines = flags & SQI_RE_LINES, unix_lines = flags & SQI_RE_UNIX;
    switch (code) {
    case '^':
        if (!lines)
            return put(w, "(?:\\A)");
        return put(w, unix_lines ? "(?:(?:\\A|(?<=\\n))(?!\\z))"
                                 : "(?:(?:\\A|(?<=[\\n\\x{85}\\x{2028}\\x{2029}])|(?<=\\r)(?!\\n))(?!\\z))");
    case '$':
        if (lines)
            return put(w,
                       unix_lines ? "(?:(?=\\n)|\\z)" : "(?:(?=[\\r\\x{85}\\x{2028}\\x{2029}])|(?<!\\r)(?=\\n)|\\z)");
        return write_anchor(w, 'Z', flags);
    case 'Z':
        return put(w, unix_lines ? "(?:(?=\\n?\\z))"
                                 : "(?:\\z|(?=(?:\\r\\n|[\\r\\x{85}\\x{2028}\\x{2029}])\\z)|(?<!\\r)(?=\\n\\z))");
    case 'b':
    case 'B':
        return write_boundary(w, code == 'B', flags & SQI_RE_UNICODE);
    default:
        return sqi_buf_printf(w->to, "(?:\\%c)", (char)code);
    }
}

/* The least and the most characters that a node matches; most SQI_RE_MANY: no bound. */
static void width_of(const sqi_re *n, uint64_t *least, uint64_t *most)
{
    uint64_t a, b;
    *least = *most = 0;
    switch (n->kind) {
    case SQI_RE_LITERAL:
    case SQI_RE_DOT:
    case SQI_RE_SET:
        *least = *most = 1;
        return;
    case SQI_RE_SPECIAL:
        *least = 1;
        *most = n->code == 'R' ? 2 : SQI_RE_MANY;
        return;
    case SQI_RE_BACKREF:
        *most = SQI_RE_MANY;
        return;
    case SQI_RE_GROUP:
        if (n->group <= SQI_RE_ATOMIC)
            width_of(n->first, least, most);
        return;
    case SQI_RE_SEQUENCE:
        for (const sqi_re *c = n->first; c; c = c->next) {
            width_of(c, &a, &b);
            *least += a;
            *most += b;
        }
        break;
    case SQI_RE_EITHER:
        for (const sqi_re *c = n->first; c; c = c->next) {
            width_of(c, &a, &b);
            *least = c == n->first || a < *least ? a : *least;
            *most = b > *most ? b : *most;
        }
        break;
    case SQI_RE_REPEAT:
        width_of(n->first, &a, &b);
        *least = a * n->min;
        *most = b == 0 ? 0 : n->max == SQI_RE_MANY || b >= SQI_RE_MANY ? SQI_RE_MANY : b * n->max;
        break;
    default:
        return;
    }
    *least = *least > SQI_RE_MANY ? SQI_RE_MANY : *least;
    *most = *most > SQI_RE_MANY ? SQI_RE_MANY : *most;
}

static bool write_node(writer *w, const sqi_re *n);
static bool write_behind(writer *w, const sqi_re *group);

static bool write_children(writer *w, const sqi_re *n, const char *between)
{
    for (const sqi_re *c = n->first; c; c = c->next)
        if ((c != n->first && !put(w, between)) || !write_node(w, c))
            return false;
    return true;
}

static bool write_repeat(writer *w, const sqi_re *n)
{
    bool empty = n->first->kind == SQI_RE_SEQUENCE;
    if ((empty && !put(w, "(?:")) || !write_node(w, n->first) || (empty && !put(w, ")")))
        return false;
    bool ok = n->max == SQI_RE_MANY        ? (n->min == 0   ? put(w, "*")
                                              : n->min == 1 ? put(w, "+")
                                                            : sqi_buf_printf(w->to, "{%u,}", n->min))
              : n->min == 0 && n->max == 1 ? put(w, "?")
                                           : sqi_buf_printf(w->to, "{%u,%u}", n->min, n->max);
    return ok && (!n->mode || sqi_buf_byte(w->to, n->mode));
}

static bool write_group(writer *w, const sqi_re *n)
{
    static const char *const open[] = {"(", "(?:", "(?>", "(?=", "(?!", "(?<=", "(?<!"};
    if (n->group == SQI_RE_BEHIND || n->group == SQI_RE_NOT_BEHIND)
        return write_behind(w, n);
    return put(w, open[n->group]) && write_children(w, n, "") && put(w, ")");
}

static bool write_node(writer *w, const sqi_re *n)
{
    switch (n->kind) {
    case SQI_RE_EMPTY:
        return true;
    case SQI_RE_LITERAL:
        return write_literal(w, n->code, n->flags);
    case SQI_RE_DOT:
        return put(w, (n->flags & SQI_RE_DOTALL) ? "(?s:.)" : (n->flags & SQI_RE_UNIX) ? "\\N" : "[^" LINE_END "]");
    case SQI_RE_SET:
        if ((n->flags & (SQI_RE_CASE | SQI_RE_UNICASE)) != (SQI_RE_CASE | SQI_RE_UNICASE))
            return write_set(w, n->set);
        return put(w, "(?i:") && write_set(w, n->set) && put(w, ")");
    case SQI_RE_ANCHOR:
        return write_anchor(w, n->code, n->flags);
    case SQI_RE_SPECIAL:
        return sqi_buf_printf(w->to, "\\%c", (char)n->code);
    case SQI_RE_BACKREF:
        if (n->code > w->out->groups)
            return put(w, NEVER);
        return sqi_buf_printf(w->to, (n->flags & SQI_RE_CASE) ? "(?i:\\g{%u})" : "\\g{%u}", n->code);
    case SQI_RE_SEQUENCE:
        return write_children(w, n, "");
    case SQI_RE_EITHER:
        return write_children(w, n, "|");
    case SQI_RE_REPEAT:
        return write_repeat(w, n);
    case SQI_RE_GROUP:
        return write_group(w, n);
    }
    return true;
}

/*
 * Look-behind. What has one width is written as it is. Else every way to match is written out: `forms` are texts of one
 * width each. Repetitions without bound are fine at the beginning only, where the least count says the same.
 */
#define FORMS_MAX 256u

typedef struct forms {
    sqi_span text[FORMS_MAX];
    uint32_t n;
} forms;

static bool spell(writer *w, const sqi_re *n, bool leading, forms *out);

static bool one_form(writer *w, const sqi_re *n, forms *out)
{
    sqi_buf text, *to = w->to;
    sqi_buf_init(&text, to->alloc, 1u << 20);
    w->to = &text;
    bool ok = put(w, "(?:") && write_node(w, n) && put(w, ")");
    w->to = to;
    char *copy = ok ? sqi_arena_text(w->arena, text.ptr ? text.ptr : "", text.len) : NULL;
    if (copy) {
        out->n = 1;
        out->text[0] = (sqi_span){copy, text.len};
    }
    sqi_buf_fini(&text);
    return copy != NULL;
}

static forms *new_forms(writer *w)
{
    return sqi_arena_zero(w->arena, sizeof(forms));
}

/* into: each of its texts followed by each of `with`. */
static bool multiply(writer *w, forms *into, const forms *with)
{
    forms *product = new_forms(w);
    if (!product)
        return false;
    if ((uint64_t)into->n * with->n > FORMS_MAX)
        return problem(w, "a look-behind has too many possible lengths");
    for (uint32_t a = 0; a < into->n; a++)
        for (uint32_t b = 0; b < with->n; b++) {
            sqi_span x = into->text[a], y = with->text[b];
            char *both = sqi_arena_get(w->arena, x.len + y.len + 1);
            if (!both)
                return false;
            memcpy(both, x.ptr, x.len);
            memcpy(both + x.len, y.ptr, y.len);
            product->text[product->n++] = (sqi_span){both, x.len + y.len};
        }
    *into = *product;
    return true;
}

static bool join(writer *w, forms *into, const forms *with)
{
    if (into->n + with->n > FORMS_MAX)
        return problem(w, "a look-behind has too many possible lengths");
    memcpy(into->text + into->n, with->text, with->n * sizeof *with->text);
    into->n += with->n;
    return true;
}

static bool spell_repeat(writer *w, const sqi_re *n, bool leading, forms *out)
{
    uint32_t max = leading && n->max == SQI_RE_MANY ? n->min : n->max;
    if (max == SQI_RE_MANY || max > FORMS_MAX)
        return problem(w, "a look-behind needs a bounded length");
    forms *child = new_forms(w), *power = new_forms(w);
    if (!child || !power || !spell(w, n->first, false, child))
        return false;
    power->n = 1;
    power->text[0] = SQI_SPAN("");
    out->n = 0;
    for (uint32_t count = 0; count <= max; count++) {
        if ((count >= n->min && !join(w, out, power)) || (count < max && !multiply(w, power, child)))
            return false;
    }
    return true;
}

static bool spell(writer *w, const sqi_re *n, bool leading, forms *out)
{
    uint64_t least, most;
    width_of(n, &least, &most);
    if (least == most)
        return one_form(w, n, out);
    forms *part = new_forms(w);
    if (!part)
        return false;
    switch (n->kind) {
    case SQI_RE_SEQUENCE:
        out->n = 1;
        out->text[0] = SQI_SPAN("");
        for (const sqi_re *c = n->first; c; c = c->next)
            if (!spell(w, c, leading && c == n->first, part) || !multiply(w, out, part))
                return false;
        return true;
    case SQI_RE_EITHER:
        out->n = 0;
        for (const sqi_re *c = n->first; c; c = c->next)
            if (!spell(w, c, leading, part) || !join(w, out, part))
                return false;
        return true;
    case SQI_RE_REPEAT:
        return spell_repeat(w, n, leading, out);
    case SQI_RE_GROUP:
        if (n->group == SQI_RE_PLAIN)
            return spell(w, n->first, leading, out);
        return problem(w, "a capturing group in a look-behind needs a fixed length");
    default:
        return problem(w, "a look-behind needs a bounded length");
    }
}

static bool write_behind(writer *w, const sqi_re *group)
{
    const char *open = group->group == SQI_RE_BEHIND ? "(?<=" : "(?<!";
    uint64_t least, most;
    width_of(group->first, &least, &most);
    if (least == most)
        return put(w, open) && write_children(w, group, "") && put(w, ")");
    forms *all = new_forms(w);
    if (!all || !spell(w, group->first, true, all))
        return false;
    if (!put(w, open))
        return false;
    for (uint32_t i = 0; i < all->n; i++)
        if ((i && !put(w, "|")) || !sqi_buf_span(w->to, all->text[i]))
            return false;
    return put(w, ")");
}

bool sqi_re_write(sqi_regex_java *out, sqi_buf *to, const sqi_re *tree, sqi_arena *arena)
{
    writer w = {out, to, arena};
    return write_node(&w, tree) && !to->failed;
}
