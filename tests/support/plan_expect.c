/* plan_expect: what a query becomes. */
#include "plan_expect.h"

#include <check.h>

#include "fail_alloc.h"
#include "plan_check.h"
#include "plan_optimize.h"

void sqi_plan_expect_open(sqi_plan_rig *r, sqi_alloc *alloc)
{
    static const struct {
        const char *name, *schema;
        bool streaming;
    } names[] = {{"s", "k STRING, v INT, ar ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<f: INT, g: STRING>", true},
                 {"r", "k STRING, v BIGINT", true},
                 {"lines", "value STRING", true},
                 {"t", "k STRING, w INT", false}};
    streamq_error *e = NULL;
    sqi_plan_rig_open(r, alloc, &e);
    for (size_t i = 0; !e && i < sizeof names / sizeof *names; i++)
        sqi_plan_rig_add(r, names[i].name, names[i].schema, names[i].streaming, &e);
    ck_assert_msg(!e, "%s", sqi_error_message(e));
}

void sqi_plan_expect_error(streamq_status st, streamq_error *e, const char *condition)
{
    const char *got = e ? sqi_cond_name(sqi_error_cond(e)) : "no error";
    ck_assert_msg(e && !strcmp(got, condition), "expected %s, got %s", condition, e ? sqi_error_message(e) : got);
    ck_assert_int_eq(st, sqi_error_status(e));
    sqi_error_free(e);
}

void sqi_plan_expect_node(sqi_plan_rig *r, const sqi_node *n, const char *tree)
{
    const char *got = sqi_plan_rig_explain(r, n);
    ck_assert_ptr_nonnull(got);
    ck_assert_msg(!strcmp(got, tree), "expected\n%sgot\n%s", tree, got);
}

typedef enum what { TREE, OPTIMIZED, SCHEMA } what;

static void expect(const char *sql, what w, const char *text)
{
    sqi_alloc alloc;
    sqi_plan_rig r;
    streamq_error *e = NULL;
    const sqi_node *n = NULL;
    sqi_alloc_init(&alloc);
    sqi_plan_expect_open(&r, &alloc);
    sqi_plan_rig_sql(&r, sql, &n, &e);
    if (!e && w == OPTIMIZED)
        sqi_plan_optimize(&r.c, n, &n, &e);
    ck_assert_msg(!e, "%s: %s", sql, sqi_error_message(e));
    const char *got = w == SCHEMA ? sqi_plan_rig_schema(&r, n) : sqi_plan_rig_explain(&r, n);
    ck_assert_ptr_nonnull(got);
    ck_assert_msg(!strcmp(got, text), "%s\nexpected\n%s\ngot\n%s", sql, text, got);
    sqi_plan_rig_close(&r);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}

void sqi_plan_expect_tree(const char *sql, const char *tree)
{
    expect(sql, TREE, tree);
}
void sqi_plan_expect_optimized(const char *sql, const char *tree)
{
    expect(sql, OPTIMIZED, tree);
}
void sqi_plan_expect_schema(const char *sql, const char *ddl)
{
    expect(sql, SCHEMA, ddl);
}

static void judge(const char *sql, int mode, const char *condition)
{
    sqi_alloc alloc;
    sqi_plan_rig r;
    streamq_error *e = NULL;
    const sqi_node *n = NULL;
    sqi_alloc_init(&alloc);
    sqi_plan_expect_open(&r, &alloc);
    streamq_status st = sqi_plan_rig_sql(&r, sql, &n, &e);
    if (st == STREAMQ_OK && mode >= 0)
        st = sqi_plan_check_stream(n, mode, &e);
    ck_assert_int_eq(st, sqi_error_status(e));
    const char *got = e ? sqi_cond_name(sqi_error_cond(e)) : "no error";
    ck_assert_msg(condition ? e && !strcmp(got, condition) : !e, "%s\nexpected %s, got %s", sql,
                  condition ? condition : "no error", e ? sqi_error_message(e) : got);
    sqi_error_free(e);
    /* Without an error object the answer is the same. */
    streamq_status again = sqi_plan_rig_sql(&r, sql, &n, NULL);
    ck_assert_msg(mode >= 0 || again == st, "%s: another status without an error object", sql);
    sqi_plan_rig_close(&r);
    ck_assert_uint_eq(atomic_load(&alloc.used), 0);
}

void sqi_plan_expect_refused(const char *sql, const char *condition)
{
    judge(sql, -1, condition);
}

void sqi_plan_expect_check(const char *sql, streamq_output_mode mode, const char *condition)
{
    judge(sql, (int)mode, condition);
}

void sqi_plan_expect_survival(streamq_status (*run)(sqi_alloc *alloc, const void *context, streamq_error **err),
                              const void *context)
{
    streamq_status full = STREAMQ_OK;
    size_t requests = 0;
    for (size_t at = 0; at <= requests; at++) { /* 0: none is refused */
        for (int beyond = 0; beyond < 2; beyond++) {
            sqi_fail_alloc f;
            streamq_error *e = NULL;
            sqi_fail_alloc_init(&f);
            f.fail_at = at;
            f.fail_beyond = beyond;
            streamq_status st = run(&f.alloc, context, &e);
            if (!at) {
                full = st;
                requests = f.requests;
            }
            ck_assert_msg(st == full || st == STREAMQ_ERR_NOMEM, "request %zu refused: %s", at, sqi_error_message(e));
            ck_assert_int_eq(sqi_error_status(e), st);
            sqi_error_free(e);
            sqi_fail_alloc_assert_clean(&f);
        }
    }
    ck_assert_uint_gt(requests, 5);
}
