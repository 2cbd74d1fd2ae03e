/*
 * Every query of the case files is analyzed and checked, nothing is run: what was recorded as refused is refused with
 * that condition, the rest is accepted, or refused as not supported yet. The directory is $STREAMQ_CASES, or
 * tests/cases below the working directory.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "case_file.h"
#include "plan_check.h"
#include "plan_optimize.h"
#include "plan_rig.h"
#include "test_main.h"

typedef struct outcome {
    sqi_plan_rig rig;
    const sqi_node *node;
    streamq_output_mode mode;
    const char *want; /* condition, or NULL: accepted */
    streamq_error *error;
} outcome;

/* "s (a INT)" -> "s", "a INT". The block's text is cut. */
static char *cut(char *rest, char **schema)
{
    char *open = strchr(rest, '(');
    *schema = open ? open + 1 : rest + strlen(rest);
    if (open) {
        *strrchr(open, ')') = '\0';
        while (open > rest && open[-1] == ' ')
            open--;
        *open = '\0';
    }
    return rest;
}

/* "d = s (k, v)" */
static void dedup(outcome *o, char *rest)
{
    if (strstr(rest, "within watermark")) {
        sqi_error_set(&o->error, SQI_COND_UNSUPPORTED_FEATURE__WATERMARK, "within watermark");
        return;
    }
    char *equal = strstr(rest, " = "), *list;
    sqi_span name = {rest, (size_t)(equal - rest)}, column[16];
    char *from = cut(equal + 3, &list);
    uint32_t n = 0;
    for (char *word = strtok(list, ", "); word; word = strtok(NULL, ", "))
        column[n++] = sqi_span_of(word);
    const sqi_node *in = o->rig.c.find(o->rig.c.context, sqi_span_of(from)), *node;
    if (!in)
        return;
    if (sqi_plan_dedup(&o->rig.c, in, column, n, &node, &o->error) == STREAMQ_OK)
        sqi_plan_rig_name(&o->rig, name, node, &o->error);
}

static void query(outcome *o, const char *sql)
{
    if (sqi_plan_rig_sql(&o->rig, sql, &o->node, &o->error) != STREAMQ_OK)
        return;
    if (sqi_plan_check_stream(o->node, o->mode, &o->error) != STREAMQ_OK)
        return;
    const sqi_node *optimized;
    if (sqi_plan_optimize(&o->rig.c, o->node, &optimized, &o->error) != STREAMQ_OK)
        return;
    ck_assert_uint_eq(optimized->ncol, o->node->ncol);
    for (uint32_t i = 0; i < optimized->ncol; i++) {
        ck_assert(sqi_span_equal(optimized->col[i].name, o->node->col[i].name));
        ck_assert(sqi_type_same(optimized->col[i].type, o->node->col[i].type));
    }
    ck_assert_ptr_nonnull(sqi_plan_rig_explain(&o->rig, optimized));
}

static void block(outcome *o, case_block *b)
{
    char *body = case_body(b), *schema;
    if (!strcmp(b->word, "stream") || !strcmp(b->word, "table")) {
        const char *name = cut(b->rest, &schema);
        sqi_plan_rig_add(&o->rig, name, schema, !strcmp(b->word, "stream"), &o->error);
    } else if (!strcmp(b->word, "view")) {
        const sqi_node *n;
        if (sqi_plan_rig_sql(&o->rig, body, &n, &o->error) == STREAMQ_OK)
            sqi_plan_rig_name(&o->rig, sqi_span_of(b->rest), n, &o->error);
    } else if (!strcmp(b->word, "dedup")) {
        dedup(o, b->rest);
    } else if (!strcmp(b->word, "query")) {
        o->mode = strstr(b->rest, "append")   ? STREAMQ_APPEND
                  : strstr(b->rest, "update") ? STREAMQ_UPDATE
                                              : STREAMQ_COMPLETE;
        query(o, body);
    } else if (!strcmp(b->word, "refused")) {
        o->want = b->rest;
    }
    free(body);
}

/* A condition recorded as a class name says only that there is an error. */
static bool matches(const char *want, const char *got)
{
    for (const char *p = want; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            return true;
    return !strcmp(want, got);
}

static bool is_unsupported(const char *condition)
{
    return !strncmp(condition, "UNSUPPORTED_FEATURE", 19);
}

/* What waits for functions and syntax that are not there yet, not for the plan room. */
static bool is_pending(const char *name)
{
    static const char *const names[] = {"json-tuple", "json-tuple-names", "count-of-nothing"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

static size_t cases, unsupported;

static bool one_case(const case_file *f, const case_item *item)
{
    outcome o = {0};
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    ck_assert_int_eq(sqi_plan_rig_open(&o.rig, &alloc, &o.error), STREAMQ_OK);
    bool waived = is_pending(item->name);
    for (size_t i = 0; i < item->nblock && !o.error; i++) {
        waived |= !strcmp(item->block[i].word, "only") && !strcmp(item->block[i].rest, "spark");
        block(&o, &item->block[i]);
    }
    for (size_t i = 0; i < item->nblock; i++)
        if (!strcmp(item->block[i].word, "refused"))
            o.want = item->block[i].rest;
    const char *got = o.error ? sqi_cond_name(sqi_error_cond(o.error)) : NULL;
    bool same = o.want ? got && (matches(o.want, got) || is_unsupported(got)) : !got || is_unsupported(got);
    cases++;
    unsupported += got && is_unsupported(got);
    if (!same && !waived)
        printf("%s: %s: recorded %s, here %s\n", f->name, item->name, o.want ? o.want : "accepted",
               o.error ? sqi_error_message(o.error) : "accepted");
    if (getenv("STREAMQ_SHOW") && got && is_unsupported(got))
        printf("%s: %s: %s (recorded %s)\n", f->name, item->name, got, o.want ? o.want : "accepted");
    sqi_error_free(o.error);
    sqi_plan_rig_close(&o.rig);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
    return same || waived;
}

static size_t one_file(const char *path)
{
    case_file f;
    char *why = NULL;
    size_t wrong = 0;
    ck_assert_msg(case_file_read(&f, path, &why), "%s", why);
    for (size_t i = 0; i < f.nitem; i++)
        wrong += !one_case(&f, &f.item[i]);
    case_file_free(&f);
    return wrong;
}

START_TEST(every_recorded_query_is_accepted_or_refused_as_recorded)
{
    const char *dir = getenv("STREAMQ_CASES") ? getenv("STREAMQ_CASES") : "tests/cases";
    DIR *d = opendir(dir);
    size_t wrong = 0;
    if (!d) {
        printf("no case files in %s: nothing compared\n", dir);
        return;
    }
    for (struct dirent *e; (e = readdir(d));) {
        char path[4096];
        size_t len = strlen(e->d_name);
        if (len < 5 || strcmp(e->d_name + len - 5, ".case"))
            continue;
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        wrong += one_file(path);
    }
    closedir(d);
    printf("%zu queries, %zu refused as not supported yet, %zu differ\n", cases, unsupported, wrong);
    ck_assert_uint_eq(wrong, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_recorded_query_is_accepted_or_refused_as_recorded};
    return sqi_test_main("sql_cases", tests, sizeof tests / sizeof *tests);
}
