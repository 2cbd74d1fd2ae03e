/*
 * expr_regex_read: the grammar of Java's patterns: alternatives, sequences, groups, quantifiers, escapes.
 * Character classes are in expr_regex_class. Errors say what Java's would, at the byte where the reader stands.
 */
#include "base_hex.h"
#include "expr_regex_tree.h"

#define DEPTH_MAX 200u /* below PCRE2's own limit of nested groups */

void *sqi_re_problem(sqi_re_reader *r, const char *problem)
{
    if (!r->out->problem) {
        r->out->problem = problem;
        r->out->at = r->at;
    }
    return NULL;
}

static bool more(const sqi_re_reader *r)
{
    return r->at < r->text.len;
}
static char peek(const sqi_re_reader *r)
{
    return more(r) ? r->text.ptr[r->at] : '\0';
}
static char peek_at(const sqi_re_reader *r, size_t k)
{
    return r->at + k < r->text.len ? r->text.ptr[r->at + k] : '\0';
}

static bool take(sqi_re_reader *r, char c)
{
    if (!more(r) || r->text.ptr[r->at] != c)
        return false;
    r->at++;
    return true;
}

static bool take_text(sqi_re_reader *r, const char *text)
{
    size_t n = strlen(text);
    if (r->text.len - r->at < n || memcmp(r->text.ptr + r->at, text, n) != 0)
        return false;
    r->at += n;
    return true;
}

uint32_t sqi_re_code(sqi_re_reader *r)
{
    const char *p = r->text.ptr + r->at;
    uint32_t c = sqi_utf8_next(&p, r->text.ptr + r->text.len);
    r->at = (size_t)(p - r->text.ptr);
    return c;
}

static void skip_comment(sqi_re_reader *r)
{
    while (more(r) && peek(r) != '\n' && peek(r) != '\r')
        r->at++;
}

void sqi_re_skip(sqi_re_reader *r)
{
    for (;;) {
        char c = peek(r);
        if (r->quoting ? take_text(r, "\\E") : take_text(r, "\\Q"))
            r->quoting = !r->quoting;
        else if (r->quoting || !(r->flags & SQI_RE_COMMENTS))
            return;
        else if (c == '#')
            skip_comment(r);
        else if (c == ' ' || (c >= '\t' && c <= '\r'))
            r->at++;
        else
            return;
    }
}

static sqi_re *node(sqi_re_reader *r, sqi_re_kind kind)
{
    sqi_re *n = sqi_arena_zero(r->arena, sizeof *n);
    if (n) {
        n->kind = kind;
        n->flags = r->flags;
    }
    return n;
}

static sqi_re *leaf(sqi_re_reader *r, sqi_re_kind kind, uint32_t code)
{
    sqi_re *n = node(r, kind);
    if (n)
        n->code = code;
    return n;
}

static void append(sqi_re *parent, sqi_re *child)
{
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
}

static sqi_re *read_either(sqi_re_reader *r);

static bool is_name(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
}

static bool read_name(sqi_re_reader *r, sqi_span *name)
{
    size_t begin = r->at;
    while (is_name(peek(r), r->at == begin))
        r->at++;
    *name = (sqi_span){r->text.ptr + begin, r->at - begin};
    if (name->len == 0 || !take(r, '>'))
        return sqi_re_problem(r, "a group's name is letters and digits and ends with '>'");
    return true;
}

static const sqi_regex_name *find_name(const sqi_re_reader *r, sqi_span name)
{
    for (uint32_t i = 0; i < r->out->nname; i++)
        if (sqi_span_equal(r->out->name[i].name, name))
            return &r->out->name[i];
    return NULL;
}

static bool add_name(sqi_re_reader *r, sqi_span name, uint32_t group)
{
    sqi_regex_java *out = r->out;
    if (find_name(r, name))
        return sqi_re_problem(r, "two groups have the same name");
    if (!sqi_arena_room(r->arena, (void **)&out->name, out->nname, &r->name_cap, sizeof *out->name))
        return false;
    out->name[out->nname++] = (sqi_regex_name){name, group};
    return true;
}

static uint32_t flag_of(char c)
{
    switch (c) {
    case 'i':
        return SQI_RE_CASE;
    case 'm':
        return SQI_RE_LINES;
    case 's':
        return SQI_RE_DOTALL;
    case 'd':
        return SQI_RE_UNIX;
    case 'u':
        return SQI_RE_UNICASE;
    case 'x':
        return SQI_RE_COMMENTS;
    case 'U':
        return SQI_RE_UNICODE | SQI_RE_UNICASE;
    default:
        return 0;
    }
}

static bool read_flags(sqi_re_reader *r)
{
    bool off = false;
    for (;; r->at++) {
        uint32_t flag = flag_of(peek(r));
        if (peek(r) == '-' && !off)
            off = true;
        else if (!flag)
            return true;
        else if (off)
            r->flags &= ~flag;
        else
            r->flags |= flag;
    }
}

/* What follows "(": fills kind and number of the group; *inline_flags: it was "(?i)", there is no group. */
static bool read_group_head(sqi_re_reader *r, sqi_re *group, bool *inline_flags)
{
    *inline_flags = false;
    group->group = SQI_RE_PLAIN;
    if (!take(r, '?')) {
        group->group = SQI_RE_CAPTURE;
        group->code = ++r->out->groups;
        return true;
    }
    if (take(r, ':'))
        return true;
    if (take(r, '='))
        return group->group = SQI_RE_AHEAD, true;
    if (take(r, '!'))
        return group->group = SQI_RE_NOT_AHEAD, true;
    if (take(r, '>'))
        return group->group = SQI_RE_ATOMIC, true;
    if (take_text(r, "<="))
        return group->group = SQI_RE_BEHIND, true;
    if (take_text(r, "<!"))
        return group->group = SQI_RE_NOT_BEHIND, true;
    if (take(r, '<')) {
        sqi_span name;
        group->group = SQI_RE_CAPTURE;
        group->code = ++r->out->groups;
        return read_name(r, &name) && add_name(r, name, group->code);
    }
    read_flags(r);
    if (take(r, ')'))
        return *inline_flags = true, true;
    if (take(r, ':'))
        return true;
    return sqi_re_problem(r, "unknown kind of group or unknown flag");
}

static sqi_re *read_group(sqi_re_reader *r)
{
    uint32_t flags = r->flags;
    bool inline_flags;
    sqi_re *group = node(r, SQI_RE_GROUP);
    if (!group || !read_group_head(r, group, &inline_flags))
        return NULL;
    if (inline_flags) {
        group->kind = SQI_RE_EMPTY;
        return group;
    }
    if (++r->depth > DEPTH_MAX)
        return sqi_re_problem(r, "groups are nested too deeply");
    sqi_re *inside = read_either(r);
    if (!inside)
        return NULL;
    r->depth--;
    if (!take(r, ')'))
        return sqi_re_problem(r, "unclosed group");
    append(group, inside);
    r->flags = flags;
    return group;
}

static bool hex(char c, uint32_t *value)
{
    int d = sqi_hex_digit(c);
    if (d >= 0)
        *value = *value << 4 | (uint32_t)d;
    return d >= 0;
}

static bool read_hex(sqi_re_reader *r, int digits, uint32_t *code)
{
    *code = 0;
    for (int k = 0; k < digits; k++)
        if (!hex(peek_at(r, (size_t)k), code))
            return false;
    r->at += (size_t)digits;
    return true;
}

static bool read_braced_hex(sqi_re_reader *r, uint32_t *code)
{
    size_t digits = 0;
    *code = 0;
    while (*code <= 0x10FFFF && hex(peek(r), code)) {
        r->at++;
        digits++;
    }
    return digits && *code <= 0x10FFFF && take(r, '}');
}

/* \uD83D\uDE00 is one character. */
static bool read_unicode(sqi_re_reader *r, uint32_t *code)
{
    if (!read_hex(r, 4, code))
        return false;
    uint32_t low;
    size_t back = r->at;
    if (*code >= 0xD800 && *code < 0xDC00 && take_text(r, "\\u")) {
        if (read_hex(r, 4, &low) && low >= 0xDC00 && low < 0xE000)
            *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
        else
            r->at = back;
    }
    return true;
}

static bool read_octal(sqi_re_reader *r, uint32_t *code)
{
    *code = 0;
    int digits = 0, most = peek(r) <= '3' ? 3 : 2;
    for (; digits < most && peek(r) >= '0' && peek(r) <= '7'; digits++)
        *code = *code * 8 + (uint32_t)(r->text.ptr[r->at++] - '0');
    return digits > 0;
}

bool sqi_re_escape(sqi_re_reader *r, uint32_t *code, bool *failed)
{
    static const char names[] = "tnrfae", values[] = "\t\n\r\f\a\033";
    *failed = false;
    char c = peek(r);
    const char *simple = c ? strchr(names, c) : NULL;
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '1' && c <= '9');
    if (!more(r)) {
        sqi_re_problem(r, "a backslash ends the pattern");
        *failed = true;
        return false;
    }
    if (simple) {
        r->at++;
        *code = (unsigned char)values[simple - names];
        return true;
    }
    if (letter && c != 'x' && c != 'u' && c != 'c')
        return false;
    if (c == '0' || c == 'x' || c == 'u' || c == 'c') {
        r->at++;
        *failed = !(c == '0'       ? read_octal(r, code)
                    : c == 'u'     ? read_unicode(r, code)
                    : c == 'c'     ? more(r) && ((*code = sqi_re_code(r) ^ 64), true)
                    : take(r, '{') ? read_braced_hex(r, code)
                                   : read_hex(r, 2, code));
        if (*failed)
            sqi_re_problem(r, "an escape of a character code is malformed");
        return !*failed;
    }
    *code = sqi_re_code(r);
    return true;
}

/* As many digits as still name a group that was opened, at least one. */
static sqi_re *read_backref(sqi_re_reader *r)
{
    uint32_t n = (uint32_t)(r->text.ptr[r->at++] - '0');
    while (peek(r) >= '0' && peek(r) <= '9') {
        uint32_t longer = n * 10 + (uint32_t)(peek(r) - '0');
        if (longer > r->out->groups)
            break;
        n = longer;
        r->at++;
    }
    return leaf(r, SQI_RE_BACKREF, n);
}

static sqi_re *read_escape(sqi_re_reader *r)
{
    uint32_t code;
    bool failed;
    char c = peek(r);
    if (sqi_re_escape(r, &code, &failed))
        return leaf(r, SQI_RE_LITERAL, code);
    if (failed)
        return NULL;
    sqi_re_set *set = sqi_re_class_escape(r, &failed);
    if (failed)
        return NULL;
    if (set) {
        sqi_re *n = node(r, SQI_RE_SET);
        if (n)
            n->set = set;
        return n;
    }
    if (c >= '1' && c <= '9')
        return read_backref(r);
    if (c == 'k') {
        sqi_span name;
        r->at++;
        if (!take(r, '<'))
            return sqi_re_problem(r, "\\k wants the name of a group in angle brackets");
        if (!read_name(r, &name))
            return NULL;
        const sqi_regex_name *known = find_name(r, name);
        return known ? leaf(r, SQI_RE_BACKREF, known->group)
                     : sqi_re_problem(r, "there is no group of that name before");
    }
    if (c && strchr("AbBGzZ", c)) {
        r->at++;
        if (c == 'b' && peek(r) == '{')
            return sqi_re_problem(r, "boundaries of grapheme clusters are not supported");
        return leaf(r, SQI_RE_ANCHOR, (uint32_t)c);
    }
    if (c == 'R' || c == 'X') {
        r->at++;
        return leaf(r, SQI_RE_SPECIAL, (uint32_t)c);
    }
    return sqi_re_problem(r, "unknown escape");
}

/* One item without its quantifier. EMPTY is what inline flags leave behind. */
static sqi_re *read_atom(sqi_re_reader *r)
{
    if (r->quoting)
        return leaf(r, SQI_RE_LITERAL, sqi_re_code(r));
    switch (peek(r)) {
    case '\\':
        r->at++;
        return read_escape(r);
    case '[': {
        sqi_re *n = node(r, SQI_RE_SET);
        r->at++;
        if (!n || !(n->set = sqi_re_class(r)))
            return NULL;
        return n;
    }
    case '(':
        r->at++;
        return read_group(r);
    case '.':
        r->at++;
        return node(r, SQI_RE_DOT);
    case '^':
    case '$':
        return leaf(r, SQI_RE_ANCHOR, (uint32_t)(unsigned char)r->text.ptr[r->at++]);
    case '*':
    case '+':
    case '?':
        return sqi_re_problem(r, "dangling meta character");
    case '{': /* counts what stands before, which is nothing */
        return node(r, SQI_RE_SEQUENCE);
    default:
        return leaf(r, SQI_RE_LITERAL, sqi_re_code(r));
    }
}

static bool read_number(sqi_re_reader *r, uint32_t *n)
{
    size_t begin = r->at;
    *n = 0;
    while (peek(r) >= '0' && peek(r) <= '9') {
        *n = *n * 10 + (uint32_t)(r->text.ptr[r->at++] - '0');
        if (*n > 65535)
            return sqi_re_problem(r, "a repetition count is above 65535");
    }
    return r->at > begin || sqi_re_problem(r, "illegal repetition");
}

static bool read_counts(sqi_re_reader *r, uint32_t *min, uint32_t *max)
{
    if (!read_number(r, min))
        return false;
    *max = *min;
    if (take(r, ',')) {
        *max = SQI_RE_MANY;
        if (peek(r) != '}' && !read_number(r, max))
            return false;
    }
    if (!take(r, '}'))
        return sqi_re_problem(r, "unclosed counted repetition");
    return *max >= *min || sqi_re_problem(r, "illegal repetition range");
}

/* The quantifier behind `child`, if there is one. */
static sqi_re *read_repeat(sqi_re_reader *r, sqi_re *child)
{
    sqi_re_skip(r);
    uint32_t min = 0, max = SQI_RE_MANY;
    if (r->quoting)
        return child;
    if (take(r, '?'))
        max = 1;
    else if (take(r, '+'))
        min = 1;
    else if (take(r, '{')) {
        if (!read_counts(r, &min, &max))
            return NULL;
    } else if (!take(r, '*'))
        return child;
    sqi_re *n = node(r, SQI_RE_REPEAT);
    if (!n)
        return NULL;
    n->min = min;
    n->max = max;
    n->mode = take(r, '?') ? '?' : take(r, '+') ? '+' : '\0';
    append(n, child);
    return n;
}

static sqi_re *read_sequence(sqi_re_reader *r)
{
    sqi_re *seq = node(r, SQI_RE_SEQUENCE);
    for (;;) {
        sqi_re_skip(r);
        if (!seq || !more(r) || (!r->quoting && (peek(r) == '|' || peek(r) == ')')))
            return seq;
        sqi_re *n = read_atom(r);
        if (n && n->kind == SQI_RE_EMPTY)
            continue;
        if (!n || !(n = read_repeat(r, n)))
            return NULL;
        append(seq, n);
    }
}

static sqi_re *read_either(sqi_re_reader *r)
{
    sqi_re *either = node(r, SQI_RE_EITHER);
    do {
        sqi_re *seq = read_sequence(r);
        if (!either || !seq)
            return NULL;
        append(either, seq);
    } while (take(r, '|'));
    return either;
}

sqi_re *sqi_re_read(sqi_re_reader *r)
{
    sqi_re *tree = read_either(r);
    if (tree && more(r))
        return sqi_re_problem(r, "unmatched closing parenthesis");
    return tree;
}
