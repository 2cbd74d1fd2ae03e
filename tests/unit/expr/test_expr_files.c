/*
 * test_expr_files: the recorded answers of *.expr files, straight on the expr room: parse, bind over no columns, run.
 *
 *     test_expr_files FILE...     every difference is printed; the last line counts
 *
 * Each expression runs three times: with its constant parts folded, without, and with its literals turned into columns
 * of a chunk of many rows of which a selection is looked at. The third way skips expressions that want a constant.
 *
 * Without files: those under tests/cases, and then only whether the three ways agree where the first one gives the
 * recorded answer (whether it does is tests/run_cases' to say).
 */
#include <ctype.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "data_builder.h"
#include "expr_bench.h"

#define ROWS 100u

typedef struct tally {
    unsigned passed, failed, skipped, wide;
    bool agreement; /* what the folded way gets wrong is not counted */
} tally;

typedef struct answer {
    char condition[128]; /* "" if there is a value */
    char *type, *value;
    char *message;
} answer;

static void answer_free(answer *a)
{
    free(a->type);
    free(a->value);
    free(a->message);
}

/* ---- what the file expects ------------------------------------------------------------------------------------ */

/* A cell as files write it: '' is the empty text, \NULL the text NULL, \p a bar, \s a space at an end. */
static char *unescape(const char *cell)
{
    size_t n = strlen(cell);
    char *out = malloc(n + 1), *to = out;
    if (strcmp(cell, "''") == 0) {
        *out = '\0';
        return out;
    }
    for (const char *p = cell; *p; p++) {
        if (*p != '\\' || !p[1]) {
            *to++ = *p;
            continue;
        }
        switch (*++p) {
        case 'n':
            *to++ = '\n';
            break;
        case 't':
            *to++ = '\t';
            break;
        case 'r':
            *to++ = '\r';
            break;
        case 's':
            *to++ = ' ';
            break;
        case 'p':
            *to++ = '|';
            break;
        default:
            *to++ = *p;
        }
    }
    *to = '\0';
    return out;
}

/* Spark's own math library and the C library may differ in the last digit of these. */
static bool is_loose(const char *text)
{
    static const char *const names[] = {"exp", "log",  "ln(",  "pow",   "cbrt",  "hypot", "sin", "cos", "tan",
                                        "cot", "sec(", "csc(", "asinh", "acosh", "atan",  "std", "var"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(text, names[i]))
            return true;
    return false;
}

static bool same_value(const char *text, const char *type, const char *expected, const char *got)
{
    if (strcmp(expected, got) == 0)
        return true;
    if (strcmp(type, "double") != 0 || !is_loose(text))
        return false;
    double a = strtod(expected, NULL), b = strtod(got, NULL);
    return b == a || b == nextafter(a, INFINITY) || b == nextafter(a, -INFINITY);
}

/* Spark names no condition where a class stands. */
static bool same_condition(const char *expected, const char *got)
{
    if (!*got)
        return false;
    bool is_class =
        strchr(expected, '.') == NULL && strchr(expected, '_') == NULL && islower((unsigned char)expected[1]);
    return is_class || strcmp(expected, got) == 0;
}

static bool matches(const char *text, const char *expected, const answer *got)
{
    if (strncmp(expected, "fails ", 6) == 0)
        return same_condition(expected + 6, got->condition);
    const char *bar = strstr(expected, " | ");
    if (*got->condition || !bar)
        return false;
    size_t n = (size_t)(bar - expected);
    if (strlen(got->type) != n || strncmp(got->type, expected, n) != 0)
        return false;
    bool null = strcmp(bar + 3, "NULL") == 0;
    if (null != (got->value == NULL))
        return false;
    if (null)
        return true;
    char *value = unescape(strcmp(bar + 3, "\\NULL") == 0 ? "NULL" : bar + 3);
    bool same = same_value(text, got->type, value, got->value);
    free(value);
    return same;
}

/* ---- running -------------------------------------------------------------------------------------------------- */

static void set_error(answer *a, streamq_error *err)
{
    snprintf(a->condition, sizeof a->condition, "%s", sqi_cond_name(sqi_error_cond(err)));
    a->message = strdup(sqi_error_text(err));
    sqi_error_free(err);
}

static void set_value(expr_bench *x, answer *a, const sqi_bound *e, const sqi_vec *v, uint32_t i)
{
    sqi_buf type;
    sqi_buf_init(&type, &x->alloc, 0);
    sqi_type_print(&type, e->type);
    a->type = strndup(type.ptr, type.len);
    sqi_buf_fini(&type);
    bool null = v->type->id == SQI_VOID || !sqi_vec_valid(v, i);
    a->value = null ? NULL : strdup(expr_bench_text(x, v, i));
}

static void evaluate(expr_bench *x, const char *text, bool fold, answer *a)
{
    streamq_error *err = NULL;
    sqi_bound *e;
    sqi_vec v;
    sqi_chunk chunk = {.n = 1, .rows = {NULL, 1}};
    memset(a, 0, sizeof *a);
    expr_bench_reset(x);
    x->binder.allow = fold ? 0 : SQI_BIND_UNFOLDED;
    streamq_status status = expr_bench_bind(x, text, NULL, &e, &err);
    if (status == STREAMQ_OK)
        status = expr_bench_run(x, e, &chunk, &v, &err);
    if (status != STREAMQ_OK)
        set_error(a, err);
    else
        set_value(x, a, e, &v, 0);
}

typedef struct columns {
    expr_bench *x;
    sqi_attribute attr[256];
    sqi_vec col[256];
    uint32_t n;
} columns;

/* A column that holds the literal at every third row; elsewhere every second value is null. */
static bool literal_column(columns *c, const sqi_ast *literal, sqi_span *name)
{
    if (c->n == 256 || literal->value->type->id == SQI_VOID)
        return false;
    sqi_builder *b = sqi_builder_new(literal->value->type, &c->x->scratch);
    streamq_error *err = NULL;
    for (uint32_t i = 0; i < ROWS; i++) {
        if (i % 3 != 0 && i % 2 == 0)
            sqi_builder_null(b);
        else
            sqi_builder_from(b, literal->value, 0);
    }
    if (sqi_builder_finish(b, &c->col[c->n], &err) != STREAMQ_OK) {
        sqi_error_free(err);
        return false;
    }
    *name = sqi_span_of(sqi_arena_printf(&c->x->plan, "\001c%u", (unsigned)c->n));
    c->attr[c->n] = (sqi_attribute){.name = *name, .type = literal->value->type, .nullable = true};
    c->n++;
    return true;
}

static sqi_ast *columns_for(columns *c, const sqi_ast *e)
{
    if (!e)
        return NULL;
    sqi_span name;
    if (e->kind == SQI_AST_LITERAL && literal_column(c, e, &name))
        return sqi_ast_name(&c->x->plan, name);
    sqi_ast *copy = sqi_ast_new(&c->x->plan, e->kind);
    *copy = *e;
    if (e->narg)
        copy->arg = sqi_arena_array(&c->x->plan, e->narg, sizeof *copy->arg);
    bool named = e->kind == SQI_AST_CALL && sqi_span_equal_nocase(e->name, SQI_SPAN("struct")); /* after its columns */
    for (uint32_t i = 0; i < e->narg; i++)
        copy->arg[i] = named && e->arg[i]->kind == SQI_AST_LITERAL ? e->arg[i] : columns_for(c, e->arg[i]);
    copy->operand = columns_for(c, e->operand);
    copy->otherwise = columns_for(c, e->otherwise);
    return copy;
}

/* False: the expression does not take columns. Every row that counts must give one answer. */
static bool evaluate_wide(expr_bench *x, const char *text, answer *a)
{
    streamq_error *err = NULL;
    sqi_ast *ast;
    sqi_bound *e;
    sqi_vec v;
    uint32_t sel[ROWS], n = 0;
    static columns c;
    memset(a, 0, sizeof *a);
    expr_bench_reset(x);
    c.x = x;
    c.n = 0;
    if (expr_bench_parse(x, text, &ast, &err) != STREAMQ_OK) {
        sqi_error_free(err);
        return false;
    }
    ast = columns_for(&c, ast);
    x->scope = (sqi_scope){c.n, c.attr};
    if (c.n == 0 || sqi_bind(&x->binder, ast, &e, &err) != STREAMQ_OK) {
        sqi_error_free(err);
        return false;
    }
    for (uint32_t i = 0; i < ROWS; i += 3)
        sel[n++] = i;
    sqi_chunk chunk = {.n = ROWS, .ncol = c.n, .rows = {sel, n}, .col = c.col};
    if (expr_bench_run(x, e, &chunk, &v, &err) != STREAMQ_OK) {
        set_error(a, err);
        return true;
    }
    set_value(x, a, e, &v, 0);
    for (uint32_t k = 1; k < n; k++) {
        answer other;
        memset(&other, 0, sizeof other);
        set_value(x, &other, e, &v, sel[k]);
        bool same = (!a->value && !other.value) || (a->value && other.value && strcmp(a->value, other.value) == 0);
        if (!same)
            snprintf(a->condition, sizeof a->condition, "row %u differs: %s", (unsigned)sel[k],
                     other.value ? other.value : "NULL");
        answer_free(&other);
    }
    return true;
}

static void complain(const char *file, unsigned line, const char *how, const char *text, const char *expected,
                     const answer *got)
{
    printf("%s:%u: %s\n    %s\n    expected %s\n", file, line, how, text, expected);
    if (*got->condition)
        printf("    got      fails %s (%s)\n", got->condition, got->message ? got->message : "");
    else
        printf("    got      %s | %s\n", got->type, got->value ? got->value : "NULL");
}

static bool same_type(const char *expected, const answer *got)
{
    const char *bar = strstr(expected, " | ");
    return !bar || *got->condition || strncmp(got->type, expected, (size_t)(bar - expected)) == 0;
}

static bool is_analysis(const char *expected)
{
    return strncmp(expected, "fails ", 6) == 0 && (strstr(expected, "DATATYPE") || strstr(expected, "ARG"));
}

static void check(expr_bench *x, const char *file, unsigned line, const char *text, const char *expected, tally *t)
{
    if (strncmp(text, "(SELECT", 7) == 0) {
        t->skipped++;
        return;
    }
    answer folded, unfolded, wide;
    evaluate(x, text, true, &folded);
    evaluate(x, text, false, &unfolded);
    bool ok = matches(text, expected, &folded);
    bool counted = ok || !t->agreement;
    if (!ok && counted)
        complain(file, line, "folded", text, expected, &folded);
    if (ok && !matches(text, expected, &unfolded)) {
        complain(file, line, "not folded", text, expected, &unfolded);
        ok = false;
    }
    if (ok && !is_analysis(expected) && evaluate_wide(x, text, &wide)) {
        if (same_type(expected, &wide)) { /* literals may have types of their own beside decimals */
            t->wide++;
            if (!matches(text, expected, &wide)) {
                complain(file, line, "over columns", text, expected, &wide);
                ok = false;
            }
        }
        answer_free(&wide);
    }
    answer_free(&folded);
    answer_free(&unfolded);
    t->passed += ok;
    t->failed += counted && !ok;
    t->skipped += !counted;
}

static bool run_file(expr_bench *x, const char *path, tally *t)
{
    FILE *f = fopen(path, "r");
    if (!f) {
        perror(path);
        return false;
    }
    char *line = NULL, *text = NULL;
    size_t cap = 0;
    ssize_t n;
    tally before = *t;
    for (unsigned number = 1; (n = getline(&line, &cap, f)) > 0; number++) {
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r' || line[n - 1] == ' '))
            line[--n] = '\0';
        if (n == 0 || line[0] == '#')
            continue;
        if (strncmp(line, "  ", 2) == 0 && text) {
            check(x, path, number, text, line + 2, t);
            free(text);
            text = NULL;
        } else {
            free(text);
            text = strdup(line);
        }
    }
    free(text);
    free(line);
    fclose(f);
    const char *name = strrchr(path, '/');
    printf("%-44s %4u passed, %3u failed, %u over columns, %u skipped\n", name ? name + 1 : path,
           t->passed - before.passed, t->failed - before.failed, t->wide - before.wide, t->skipped - before.skipped);
    return true;
}

int main(int argc, char **argv)
{
    expr_bench x;
    tally t;
    memset(&t, 0, sizeof t);
    glob_t found;
    memset(&found, 0, sizeof found);
    bool ok = true;
    expr_bench_init(&x);
    if (argc > 1) {
        for (int i = 1; i < argc; i++)
            ok &= run_file(&x, argv[i], &t);
    } else if ((t.agreement = true) && glob("tests/cases/*.expr", 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            ok &= run_file(&x, found.gl_pathv[i], &t);
        globfree(&found);
    }
    expr_bench_fini(&x);
    printf("%u passed, %u failed\n", t.passed, t.failed);
    return ok && t.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
