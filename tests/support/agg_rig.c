/*
 * agg_rig: see the header. One rig at a time.
 */
#include "agg_rig.h"

#include <check.h>
#include <stdlib.h>

#include "fail_alloc.h"

static sqi_fail_alloc heap;
static sqi_rig rig;
static char last[1 << 16];

void sqi_agg_open(const char *schema, const char *keys, const char *aggregates)
{
    sqi_fail_alloc_init(&heap);
    sqi_rig_open(&rig, &heap.alloc, schema);
    sqi_rig_add_group(&rig, keys, aggregates);
}

const char *sqi_agg_batch(const char *rows)
{
    return sqi_rig_batch(&rig, rows, true);
}

void sqi_agg_close(void)
{
    sqi_rig_close(&rig);
    sqi_fail_alloc_assert_clean(&heap);
}

static void keep_text(const char *text)
{
    ck_assert_uint_lt(strlen(text), sizeof last);
    strcpy(last, text);
}

const char *sqi_agg_once(const char *schema, const char *aggregates, const char *rows)
{
    sqi_agg_open(schema, "", aggregates);
    keep_text(sqi_agg_batch(rows));
    sqi_agg_close();
    return last;
}

const char *sqi_agg_split(const char *schema, const char *aggregates, const char *batches)
{
    sqi_agg_open(schema, "", aggregates);
    for (const char *at = batches; at;) {
        const char *end = strstr(at, "--\n");
        keep_text(sqi_agg_batch(sqi_arena_text(&rig.plan, at, end ? (size_t)(end - at) : strlen(at))));
        at = end ? end + 3 : NULL;
    }
    sqi_agg_close();
    return last;
}

const char *sqi_agg_generate(const char *schema, const char *generator, bool keep, const char *rows)
{
    static const uint32_t first[] = {0};
    uint32_t n;
    sqi_fail_alloc_init(&heap);
    sqi_rig_open(&rig, &heap.alloc, schema);
    sqi_bound **g = sqi_rig_exprs(&rig, generator, &n);
    sqi_op_generate_params p = {g[0], first, keep, keep + g[0]->type->nfield};
    sqi_rig_add(&rig, &sqi_op_generate, &p, 1);
    keep_text(sqi_agg_batch(rows));
    sqi_agg_close();
    return last;
}

void sqi_agg_refused(const char *schema, const char *aggregate, sqi_cond cond)
{
    sqi_bound **out;
    uint32_t n;
    streamq_error *err = NULL;
    sqi_fail_alloc_init(&heap);
    sqi_rig_open(&rig, &heap.alloc, schema);
    streamq_status status = sqi_rig_try_exprs(&rig, aggregate, &out, &n, &err);
    ck_assert_msg(status != STREAMQ_OK, "%s is accepted", aggregate);
    ck_assert_msg(sqi_error_cond(err) == cond, "%s: expected %s, got %s", aggregate, sqi_cond_name(cond),
                  sqi_error_message(err));
    sqi_error_free(err);
    sqi_agg_close();
}

void sqi_agg_fails(const char *schema, const char *aggregates, const char *rows, sqi_cond cond)
{
    streamq_error *err = NULL;
    sqi_agg_open(schema, "", aggregates);
    streamq_status status = sqi_rig_try_push(&rig, rows, &err);
    if (status == STREAMQ_OK)
        status = sqi_rig_try_flush(&rig, &err);
    ck_assert_msg(status != STREAMQ_OK, "%s does not fail", aggregates);
    ck_assert_msg(sqi_error_cond(err) == cond, "%s: expected %s, got %s", aggregates, sqi_cond_name(cond),
                  sqi_error_message(err));
    sqi_error_free(err);
    sqi_agg_close();
}
