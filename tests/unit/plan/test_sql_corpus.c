/*
 * Every query and every expression of the case files is parsed, nothing more: what is refused here was recorded as
 * refused with that condition, and what was recorded with a condition of the parser is refused here. The directory is
 * $STREAMQ_CASES, or tests/cases below the working directory.
 */
#include "case_file.h"
#include "sql_rig.h"
#include "test_main.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* Conditions that no later stage raises. */
static const char *const parser_only[] = {
    "PARSE_SYNTAX_ERROR",
    "PARSE_EMPTY_STATEMENT",
    "UNCLOSED_BRACKETED_COMMENT",
    "INVALID_IDENTIFIER",
    "INVALID_NUMERIC_LITERAL_RANGE",
    "INVALID_TYPED_LITERAL",
    "UNSUPPORTED_TYPED_LITERAL",
    "UNSUPPORTED_DATATYPE",
    "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
    "TRAILING_COMMA_IN_SELECT",
    "INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE",
    "DUPLICATED_CTE_NAMES",
    "INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION",
};

/* What is refused here although Spark takes it: types that there are not. */
static bool is_difference(const char *text, const char *have)
{
    return strcmp(have, "UNSUPPORTED_TIME_TYPE") == 0 || strstr(text, "DECIMAL(0,0)") != NULL;
}

/* Types and schemas inside texts are read when the function is bound. */
static bool is_inner_schema(const char *text)
{
    return strstr(text, "from_json") || strstr(text, "from_csv");
}

static bool is_parser_only(const char *condition)
{
    for (size_t i = 0; i < sizeof parser_only / sizeof *parser_only; i++)
        if (strcmp(condition, parser_only[i]) == 0)
            return true;
    return false;
}

/* Recorded as the name of a Java class: Spark has no condition for it. */
static bool is_class_name(const char *condition)
{
    for (const char *c = condition; *c; c++)
        if (islower((unsigned char)*c))
            return true;
    return false;
}

typedef struct tally {
    sql_rig rig;
    size_t parsed, refused;
} tally;

static void check(tally *t, bool query, const char *text, const char *want, const char *path, int line)
{
    streamq_error *error = NULL;
    bool ok = query ? sql_rig_parse_query(&t->rig, sqi_span_of(text), &error) != NULL
                    : sql_rig_parse(&t->rig, sqi_span_of(text), &error) != NULL;
    const char *have = ok ? "" : sqi_cond_name(sqi_error_cond(error));
    if (ok)
        ck_assert_msg(!is_parser_only(want) || is_inner_schema(text), "%s:%d: accepted, Spark says %s", path, line,
                      want);
    else
        ck_assert_msg(strcmp(have, want) == 0 || is_class_name(want) || is_difference(text, have),
                      "%s:%d: %s, Spark says '%s'\n%s", path, line, sqi_error_message(error), want, text);
    sqi_error_free(error);
    t->parsed += ok;
    t->refused += !ok;
}

static const char *refused_of(const case_item *item)
{
    for (size_t i = 0; i < item->nblock; i++)
        if (strcmp(item->block[i].word, "refused") == 0)
            return item->block[i].rest;
    return "";
}

static void check_case(tally *t, const case_item *item, const char *path)
{
    for (size_t i = 0; i < item->nblock; i++) {
        const case_block *b = &item->block[i];
        if (strcmp(b->word, "query") != 0 && strcmp(b->word, "view") != 0)
            continue;
        char *text = case_body(b);
        check(t, true, text, refused_of(item), path, b->line);
        free(text);
    }
}

static void check_file(tally *t, const char *path)
{
    case_file f;
    char *why = NULL;
    ck_assert_msg(case_file_read(&f, path, &why), "%s", why);
    for (size_t i = 0; i < f.nitem; i++)
        check_case(t, &f.item[i], f.name);
    for (size_t i = 0; i < f.nexpr; i++) {
        const case_expr *e = &f.expr[i];
        bool fails = e->want && strncmp(e->want, "fails ", 6) == 0;
        size_t len = strlen(e->text);
        char *query = malloc(len + 16);
        memcpy(query, "SELECT ", 7);
        memcpy(query + 7, e->text, len);
        memcpy(query + 7 + len, " AS v", 6);
        check(t, true, query, fails ? e->want + 6 : "", f.name, e->line);
        free(query);
    }
    case_file_free(&f);
}

START_TEST(every_recorded_text_parses_as_it_does_in_spark)
{
    const char *dir = getenv("STREAMQ_CASES") ? getenv("STREAMQ_CASES") : "tests/cases";
    tally t = {0};
    sql_rig_init(&t.rig);
    DIR *d = opendir(dir);
    ck_assert_msg(d != NULL, "no directory %s", dir);
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        const char *dot = strrchr(entry->d_name, '.');
        char path[1024];
        if (!dot || (strcmp(dot, ".case") != 0 && strcmp(dot, ".expr") != 0))
            continue;
        snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        check_file(&t, path);
    }
    closedir(d);
    ck_assert_uint_ge(t.parsed, 5500);
    ck_assert_uint_ge(t.refused, 60);
    sql_rig_fini(&t.rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_recorded_text_parses_as_it_does_in_spark};
    return sqi_test_main("sql_corpus", tests, sizeof tests / sizeof *tests);
}
