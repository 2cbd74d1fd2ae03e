/*
 * case_file: see the header. The rules of lines, comments and cells are those of run_on_spark.py.
 */
#include "case_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *p)
{
    if (!p)
        abort();
    return p;
}

static char *copy(const char *text, size_t len)
{
    char *c = must(malloc(len + 1));
    memcpy(c, text, len);
    c[len] = '\0';
    return c;
}

static void *push(void *items, size_t n, size_t size)
{
    /* room doubles at powers of two */
    return n & (n - 1) ? items : must(realloc(items, (n ? n * 2 : 1) * size));
}

static char *read_all(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    size_t len = 0, cap = 1 << 16;
    char *text = must(malloc(cap + 1));
    for (size_t n; (n = fread(text + len, 1, cap - len, f)) > 0;) {
        len += n;
        if (len == cap)
            text = must(realloc(text, (cap *= 2) + 1));
    }
    fclose(f);
    char *shown = must(malloc(2 * len + 1)), *to = shown; /* a NUL, which Spark prints as it is, becomes \0 */
    for (size_t i = 0; i < len; ++i) {
        if (!text[i])
            *to++ = '\\';
        *to++ = text[i] ? text[i] : '0';
    }
    *to = '\0';
    free(text);
    return shown;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t right_trim(const char *line, size_t len)
{
    while (len && is_space(line[len - 1]))
        --len;
    return len;
}

static bool is_comment(const char *line, size_t len)
{
    size_t i = 0;
    while (i < len && is_space(line[i]))
        ++i;
    return i == len || line[i] == '#';
}

static bool complain(char **why, const char *path, int line, const char *what)
{
    size_t size = strlen(path) + strlen(what) + 32;
    *why = must(malloc(size));
    snprintf(*why, size, "%s:%d: %s", path, line, what);
    return false;
}

static bool add_case_line(case_file *f, const char *line, size_t len, int number, char **why)
{
    if (len >= 2 && line[0] == ' ' && line[1] == ' ') {
        case_item *it = f->nitem ? &f->item[f->nitem - 1] : NULL;
        case_block *b = it && it->nblock ? &it->block[it->nblock - 1] : NULL;
        if (!b)
            return complain(why, f->path, number, "indented line without a block");
        b->body = push(b->body, b->nbody, sizeof *b->body);
        b->body[b->nbody++] = copy(line + 2, len - 2);
        return true;
    }
    size_t word = 0;
    while (word < len && line[word] != ' ')
        ++word;
    size_t rest = word;
    while (rest < len && line[rest] == ' ')
        ++rest;
    if (word == 4 && memcmp(line, "case", 4) == 0) {
        f->item = push(f->item, f->nitem, sizeof *f->item);
        f->item[f->nitem++] = (case_item){.name = copy(line + rest, len - rest)};
        return true;
    }
    if (!f->nitem)
        return complain(why, f->path, number, "a block before the first case");
    case_item *it = &f->item[f->nitem - 1];
    it->block = push(it->block, it->nblock, sizeof *it->block);
    it->block[it->nblock++] =
        (case_block){.line = number, .word = copy(line, word), .rest = copy(line + rest, len - rest)};
    return true;
}

static bool add_expr_line(case_file *f, const char *line, size_t len, int number)
{
    if (len >= 2 && line[0] == ' ' && line[1] == ' ') {
        case_expr *e = f->nexpr ? &f->expr[f->nexpr - 1] : NULL;
        size_t i = 0;
        while (i < len && is_space(line[i]))
            ++i;
        if (e && !e->want)
            e->want = copy(line + i, right_trim(line, len) - i);
        return true;
    }
    f->expr = push(f->expr, f->nexpr, sizeof *f->expr);
    f->expr[f->nexpr++] = (case_expr){.line = number, .text = copy(line, len)};
    return true;
}

bool case_file_read(case_file *f, const char *path, char **why)
{
    char *text = read_all(path);
    *f = (case_file){.path = copy(path, strlen(path))};
    const char *slash = strrchr(path, '/');
    f->name = copy(slash ? slash + 1 : path, strlen(slash ? slash + 1 : path));
    if (!text)
        return complain(why, path, 0, "cannot be read");
    size_t end = strlen(path);
    bool expr = end > 5 && strcmp(path + end - 5, ".expr") == 0, ok = true;
    int number = 1;
    for (const char *p = text; ok && *p; ++number) {
        size_t len = strcspn(p, "\n");
        bool skipped = expr ? *p == '#' || !right_trim(p, len) : is_comment(p, len);
        if (!skipped)
            ok = expr ? add_expr_line(f, p, right_trim(p, len), number)
                      : add_case_line(f, p, right_trim(p, len), number, why);
        p += len + (p[len] == '\n');
    }
    free(text);
    return ok;
}

void case_file_free(case_file *f)
{
    for (size_t i = 0; i < f->nitem; ++i) {
        for (size_t k = 0; k < f->item[i].nblock; ++k) {
            case_block *b = &f->item[i].block[k];
            for (size_t j = 0; j < b->nbody; ++j)
                free(b->body[j]);
            free(b->body);
            free(b->word);
            free(b->rest);
        }
        free(f->item[i].block);
        free(f->item[i].name);
    }
    for (size_t i = 0; i < f->nexpr; ++i) {
        free(f->expr[i].text);
        free(f->expr[i].want);
    }
    free(f->item);
    free(f->expr);
    free(f->path);
    free(f->name);
}

static char *put(char *to, const char *text)
{
    size_t n = strlen(text);
    memcpy(to, text, n);
    return to + n;
}

static const char *escape(char c)
{
    switch (c) {
    case '\0':
        return "\\0";
    case '\\':
        return "\\\\";
    case '|':
        return "\\p";
    case '\n':
        return "\\n";
    case '\t':
        return "\\t";
    case '\r':
        return "\\r";
    default:
        return NULL;
    }
}

/* Bytes of the UTF-8 sequence that stands here; *whole: it is one, otherwise it is what Java shows as one U+FFFD. */
static size_t sequence(const unsigned char *p, size_t len, bool *whole)
{
    unsigned char low = 0x80, high = 0xBF; /* of the second byte */
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
    low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : low;
    high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : high;
    size_t i = 1;
    while (i < n && i < len && p[i] >= low && p[i] <= high) {
        low = 0x80;
        high = 0xBF;
        ++i;
    }
    *whole = n && i == n;
    return i;
}

char *case_cell(const char *text, size_t len)
{
    if (!text)
        return copy("NULL", 4);
    if (!len)
        return copy("''", 2);
    char *cell = must(malloc(len * 3 + 8)), *p = cell;
    if ((len == 4 && memcmp(text, "NULL", 4) == 0) || *text == '#' || (len >= 2 && memcmp(text, "''", 2) == 0))
        *p++ = '\\';
    for (size_t i = 0, n; i < len; i += n) {
        const char *e = escape(text[i]);
        bool whole;
        n = sequence((const unsigned char *)text + i, len - i, &whole);
        if (e)
            p = put(p, e);
        else if (text[i] == ' ' && (i == 0 || i == len - 1))
            p = put(p, "\\s");
        else if (!whole)
            p = put(p, "\xEF\xBF\xBD");
        else
            p = (char *)memcpy(p, text + i, n) + n;
    }
    *p = '\0';
    return cell;
}

char *case_row(const char *line)
{
    char *row = must(malloc(strlen(line) * 2 + 4)), *to = row;
    for (const char *p = line; p;) {
        const char *bar = strstr(p, " | ");
        const char *end = bar ? bar : p + strlen(p);
        const char *begin = p;
        while (begin < end && is_space(*begin))
            ++begin;
        size_t len = right_trim(begin, (size_t)(end - begin));
        memcpy(to, begin, len);
        to += len;
        if (bar)
            to = put(to, " | ");
        p = bar ? bar + 3 : NULL;
    }
    *to = '\0';
    return row;
}

char *case_body(const case_block *b)
{
    size_t len = 1;
    for (size_t i = 0; i < b->nbody; ++i)
        len += strlen(b->body[i]) + 1;
    char *text = must(malloc(len)), *p = text;
    for (size_t i = 0; i < b->nbody; ++i) {
        if (i)
            *p++ = '\n';
        p = put(p, b->body[i]);
    }
    *p = '\0';
    return text;
}
