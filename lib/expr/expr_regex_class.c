/*
 * expr_regex_class: Java's character classes: [a-c[d-e]&&[^b]], \d and its kin, \p{...} by all its names.
 *
 * PCRE2 has neither nested classes nor intersections, so a class is kept as a tree of sets and written as alternatives
 * and look-aheads. Names of properties are looked up in tables; a script's name is passed on, and PCRE2 refuses what
 * it does not know.
 */
#include "expr_regex_tree.h"

static sqi_re_set *set_new(sqi_re_reader *r, sqi_re_set_kind kind)
{
    sqi_re_set *s = sqi_arena_zero(r->arena, sizeof *s);
    if (s)
        s->kind = kind;
    return s;
}

static bool more(const sqi_re_reader *r)
{
    return r->at < r->text.len;
}
static bool looking(const sqi_re_reader *r, size_t k, char c)
{
    return r->at + k < r->text.len && r->text.ptr[r->at + k] == c;
}

static sqi_re_set *range(sqi_re_reader *r, uint32_t low, uint32_t high)
{
    sqi_re_set *s = set_new(r, SQI_RE_RANGE);
    if (s) {
        s->low = low;
        s->high = high;
    }
    return s;
}

static sqi_re_set *negate(sqi_re_reader *r, sqi_re_set *of)
{
    sqi_re_set *s = of ? set_new(r, SQI_RE_NOT) : NULL;
    if (s)
        s->first = of;
    return s;
}

static void add(sqi_re_set *all, sqi_re_set *one)
{
    one->next = all->first;
    all->first = one;
}

/* The part of low..high within a..z or A..Z, in the other case. */
static bool add_other_case(sqi_re_reader *r, sqi_re_set *all, uint32_t low, uint32_t high, uint32_t first)
{
    uint32_t from = low > first ? low : first, to = high < first + 25 ? high : first + 25;
    if (from > to)
        return true;
    sqi_re_set *s = range(r, from ^ 0x20, to ^ 0x20);
    if (s)
        add(all, s);
    return s != NULL;
}

static bool add_range(sqi_re_reader *r, sqi_re_set *all, uint32_t low, uint32_t high)
{
    sqi_re_set *s = range(r, low, high);
    if (!s)
        return false;
    add(all, s);
    if ((r->flags & (SQI_RE_CASE | SQI_RE_UNICASE)) != SQI_RE_CASE)
        return true;
    return add_other_case(r, all, low, high, 'a') && add_other_case(r, all, low, high, 'A');
}

static sqi_re_set *property(sqi_re_reader *r, sqi_span name, bool negated)
{
    bool nomem = false;
    sqi_re_set *s = set_new(r, SQI_RE_CLASS);
    if (!s)
        return NULL;
    s->text = sqi_re_property(name, r->flags, r->arena, &nomem);
    if (!s->text)
        return nomem ? NULL : sqi_re_problem(r, "unknown character property");
    return negated ? negate(r, s) : s;
}

static sqi_re_set *read_property(sqi_re_reader *r, bool negated)
{
    if (!looking(r, 0, '{')) {
        if (!more(r))
            return sqi_re_problem(r, "a property needs a name");
        sqi_span one = {r->text.ptr + r->at++, 1};
        return property(r, one, negated);
    }
    size_t begin = ++r->at;
    while (more(r) && !looking(r, 0, '}'))
        r->at++;
    if (!more(r))
        return sqi_re_problem(r, "a property's name is not closed");
    sqi_span name = {r->text.ptr + begin, r->at - begin};
    r->at++;
    return property(r, name, negated);
}

sqi_re_set *sqi_re_class_escape(sqi_re_reader *r, bool *failed)
{
    *failed = false;
    if (!more(r))
        return NULL;
    char c = r->text.ptr[r->at], lower = (char)(c | 0x20);
    sqi_re_set *s;
    if (c != '\0' && strchr("dswhvpDSWHVP", c) == NULL)
        return NULL;
    r->at++;
    if (lower == 'p') {
        s = read_property(r, c == 'P');
    } else {
        static const char ascii[][16] = {"0-9", "\\t-\\r\\x20", "0-9A-Z_a-z"};
        static const char unicode[][64] = {"\\p{Nd}", "\\p{White_Space}",
                                           "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}"};
        int k = lower == 'd' ? 0 : lower == 's' ? 1 : 2;
        s = set_new(r, SQI_RE_CLASS);
        if (s)
            s->text = lower == 'h' ? "\\h" : lower == 'v' ? "\\v" : (r->flags & SQI_RE_UNICODE) ? unicode[k] : ascii[k];
        if (c != lower)
            s = negate(r, s);
    }
    *failed = s == NULL;
    return s;
}

/* One character of a class, perhaps the start of a range, or an escape that is a set of its own. */
static bool read_item(sqi_re_reader *r, sqi_re_set *all)
{
    uint32_t low, high;
    bool failed;
    bool escaped = !r->quoting && looking(r, 0, '\\');
    if (escaped) {
        r->at++;
        if (!sqi_re_escape(r, &low, &failed)) {
            sqi_re_set *s = failed ? NULL : sqi_re_class_escape(r, &failed);
            if (s)
                add(all, s);
            else if (!failed)
                sqi_re_problem(r, "unknown escape in a character class");
            return s != NULL;
        }
    } else {
        low = sqi_re_code(r);
    }
    high = low;
    sqi_re_skip(r);
    if (!r->quoting && looking(r, 0, '-') && r->at + 1 < r->text.len && !looking(r, 1, ']') && !looking(r, 1, '[')) {
        r->at++;
        sqi_re_skip(r);
        if (looking(r, 0, '\\') && !r->quoting) {
            r->at++;
            if (!sqi_re_escape(r, &high, &failed))
                return sqi_re_problem(r, "a range ends with a class");
        } else {
            high = sqi_re_code(r);
        }
        if (high < low)
            return sqi_re_problem(r, "illegal character range");
    }
    return add_range(r, all, low, high);
}

/* Items up to "]" or "&&"; a "]" before any item is one itself. */
static sqi_re_set *read_union(sqi_re_reader *r, bool first)
{
    sqi_re_set *all = set_new(r, SQI_RE_UNION);
    if (!all)
        return NULL;
    for (;; first = false) {
        sqi_re_skip(r);
        if (!more(r))
            return sqi_re_problem(r, "unclosed character class");
        if (!r->quoting && looking(r, 0, ']') && !(first && !all->first))
            return all;
        if (!r->quoting && looking(r, 0, '&') && looking(r, 1, '&'))
            return all;
        if (!r->quoting && looking(r, 0, '[')) {
            r->at++;
            sqi_re_set *inner = sqi_re_class(r);
            if (!inner)
                return NULL;
            add(all, inner);
        } else if (!read_item(r, all)) {
            return NULL;
        }
    }
}

static sqi_re_set *intersect(sqi_re_reader *r, sqi_re_set *a, sqi_re_set *b)
{
    if (!a->first && !b->first)
        return sqi_re_problem(r, "bad class syntax");
    if (!a->first || !b->first)
        return a->first ? a : b;
    sqi_re_set *both = set_new(r, SQI_RE_AND);
    if (both) {
        both->first = a;
        a->next = b;
    }
    return both;
}

sqi_re_set *sqi_re_class(sqi_re_reader *r)
{
    if (++r->depth > 100)
        return sqi_re_problem(r, "character classes are nested too deeply");
    bool negated = looking(r, 0, '^');
    r->at += negated;
    sqi_re_set *all = read_union(r, true);
    while (all && more(r) && looking(r, 0, '&')) {
        r->at += 2;
        while (looking(r, 0, '&')) /* more of them say the same */
            r->at++;
        sqi_re_set *right = read_union(r, false);
        all = right ? intersect(r, all, right) : NULL;
    }
    if (!all)
        return NULL;
    r->at++; /* the closing bracket */
    r->depth--;
    return negated ? negate(r, all) : all;
}
