/*
 * io_glob: see the header. Java's regular expressions stand behind Hadoop's patterns, and it shows: ']' ends a class
 * unless it comes first, '^' not at the beginning of a class is itself.
 */
#include "io_glob.h"

static const char special[] = "{}[]*?\\";

bool sqi_glob_special(sqi_span pattern)
{
    for (size_t i = 0; i < pattern.len; i++)
        if (pattern.ptr[i] && strchr(special, pattern.ptr[i]))
            return true;
    return false;
}

/* -------------------------------------------------------------- reading a pattern */

static bool negated(const char *p, const char *end)
{
    return p < end && (*p == '^' || *p == '!');
}

/* Behind the ']' that ends the class which begins behind '['; NULL: none does. */
static const char *class_end(const char *p, const char *end)
{
    p += negated(p, end);
    for (const char *first = p; p < end; p++) {
        if (*p == '\\')
            p++;
        else if (*p == ']' && p > first)
            return p + 1;
    }
    return NULL;
}

/* One character of a class at *p, its backslash taken away. */
static uint32_t class_char(const char **p, const char *end)
{
    if (**p == '\\' && *p + 1 < end)
        ++*p;
    return sqi_utf8_next(p, end);
}

/* A '-' between two characters of a class makes a range. */
static bool ranged(const char *p, const char *end)
{
    return p + 1 < end && *p == '-';
}

/* p behind '[', end at the ']' that ends it. */
static bool class_has(const char *p, const char *end, uint32_t c)
{
    bool no = negated(p, end), found = false;
    for (p += no; p < end;) {
        uint32_t low = class_char(&p, end), high = low;
        if (ranged(p, end)) {
            p++;
            high = class_char(&p, end);
        }
        found |= c >= low && c <= high;
    }
    return found != no;
}

static bool class_backwards(const char *p, const char *end)
{
    for (p += negated(p, end); p < end;) {
        uint32_t low = class_char(&p, end);
        if (!ranged(p, end))
            continue;
        p++;
        if (class_char(&p, end) < low)
            return true;
    }
    return false;
}

static streamq_status refuse(sqi_span pattern, const char *option, const char *why, streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE, "option '%s' is no pattern of paths: %s in '%.*s'", option,
                         why, pattern.len > 1000 ? 1000 : (int)pattern.len, pattern.ptr);
}

static streamq_status check(sqi_span pattern, const char *option, streamq_error **err)
{
    unsigned open = 0;
    for (const char *p = pattern.ptr, *end = p + pattern.len; p < end; p++) {
        if (*p == '\\') {
            if (++p == end)
                return refuse(pattern, option, "a backslash stands at the end", err);
        } else if (*p == '[') {
            const char *stop = class_end(p + 1, end);
            if (!stop)
                return refuse(pattern, option, "a '[' has no ']'", err);
            if (class_backwards(p + 1, stop - 1))
                return refuse(pattern, option, "a range runs backwards", err);
            p = stop - 1;
        } else if (*p == '{') {
            open++;
        } else if (*p == '}' && open) {
            open--;
        }
    }
    return open ? refuse(pattern, option, "a '{' has no '}'", err) : STREAMQ_OK;
}

/* -------------------------------------------------------------- braces written out */

/* The next of `stops` outside of classes, backslashes and inner braces, from p on. */
static const char *find(const char *p, const char *end, const char *stops)
{
    for (unsigned depth = 0; p < end; p++) {
        if (!depth && *p && strchr(stops, *p))
            return p;
        if (*p == '\\')
            p++;
        else if (*p == '[')
            p = class_end(p + 1, end) - 1;
        else if (*p == '{')
            depth++;
        else if (*p == '}' && depth)
            depth--;
    }
    return end;
}

typedef struct expansion {
    sqi_glob *to;
    sqi_span pattern;
    const char *option;
    sqi_arena *arena;
    uint32_t cap;
} expansion;

static streamq_status add(expansion *x, sqi_span text, streamq_error **err)
{
    sqi_glob *g = x->to;
    if (g->n == SQI_GLOB_MOST)
        return refuse(x->pattern, x->option, "braces stand for more than 1024 alternatives", err);
    if (!sqi_arena_room(x->arena, (void **)&g->alternative, g->n, &x->cap, sizeof *g->alternative))
        return sqi_error_nomem(err);
    g->alternative[g->n++] = text;
    return STREAMQ_OK;
}

/* Writes out the first braces of `text`; what comes of it has one pair less. */
static streamq_status expand(expansion *x, sqi_span text, streamq_error **err)
{
    const char *end = text.ptr + text.len, *open = find(text.ptr, end, "{");
    if (open == end)
        return add(x, text, err);
    const char *close = find(open + 1, end, "}");
    for (const char *p = open + 1; p <= close;) {
        const char *stop = find(p, close, ",");
        size_t before = (size_t)(open - text.ptr), middle = (size_t)(stop - p), after = (size_t)(end - close - 1);
        char *one = sqi_arena_get(x->arena, before + middle + after + 1);
        if (!one)
            return sqi_error_nomem(err);
        memcpy(one, text.ptr, before);
        memcpy(one + before, p, middle);
        memcpy(one + before + middle, close + 1, after);
        one[before + middle + after] = '\0';
        SQI_TRY(expand(x, (sqi_span){one, before + middle + after}, err));
        p = stop + 1;
    }
    return STREAMQ_OK;
}

streamq_status sqi_glob_make(sqi_glob *g, sqi_span pattern, const char *option, sqi_arena *arena, streamq_error **err)
{
    enum { BYTES_MOST = 16 * 1024, BRACES_MOST = 64 };
    unsigned braces = 0;
    *g = (sqi_glob){0};
    for (size_t i = 0; i < pattern.len; i++)
        braces += pattern.ptr[i] == '{';
    if (pattern.len > BYTES_MOST || braces > BRACES_MOST)
        return refuse(pattern, option, "more than 16 KiB or 64 braces", err);
    SQI_TRY(check(pattern, option, err));
    expansion x = {g, pattern, option, arena, 0};
    char *copy = sqi_arena_text(arena, pattern.ptr, pattern.len);
    return copy ? expand(&x, (sqi_span){copy, pattern.len}, err) : sqi_error_nomem(err);
}

/* -------------------------------------------------------------- matching */

/* One step of the pattern against one character; false: it does not fit. */
static bool step(const char **p, const char *pend, const char **s, const char *send)
{
    if (*s == send)
        return false;
    const char *from = *s;
    uint32_t c = sqi_utf8_next(s, send);
    if (**p == '?') {
        ++*p;
        return true;
    }
    if (**p == '[') {
        const char *stop = class_end(*p + 1, pend);
        bool has = class_has(*p + 1, stop - 1, c);
        *p = stop;
        return has;
    }
    if (**p == '\\')
        ++*p;
    const char *literal = *p;
    (void)sqi_utf8_next(p, pend);
    return *p - literal == *s - from && memcmp(literal, from, (size_t)(*p - literal)) == 0;
}

bool sqi_glob_match(sqi_span alternative, sqi_span name)
{
    const char *p = alternative.ptr, *pend = p + alternative.len, *s = name.ptr, *send = s + name.len;
    const char *star = NULL, *again = NULL; /* behind the last '*', and where it stops taking characters */
    while (p < pend || s < send) {
        if (p < pend && *p == '*') {
            star = ++p;
            again = s;
        } else if (!(p < pend && step(&p, pend, &s, send))) {
            if (!star || again == send)
                return false;
            (void)sqi_utf8_next(&again, send);
            s = again;
            p = star;
        }
    }
    return true;
}

bool sqi_glob_match_any(const sqi_glob *g, sqi_span name)
{
    for (uint32_t i = 0; i < g->n; i++)
        if (sqi_glob_match(g->alternative[i], name))
            return true;
    return false;
}

bool sqi_glob_plain(sqi_span alternative, char *to, size_t *len)
{
    size_t n = 0;
    for (size_t i = 0; i < alternative.len; i++) {
        char c = alternative.ptr[i];
        if (c == '*' || c == '?' || c == '[')
            return false;
        if (c == '\\' && i + 1 < alternative.len)
            c = alternative.ptr[++i];
        to[n++] = c;
    }
    *len = n;
    return true;
}
