/* state_rig: see the header. */
#include "state_rig.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define check(call)                                                               \
    do {                                                                          \
        streamq_error *err = NULL;                                                \
        streamq_status status_ = (call);                                          \
        if (status_ != STREAMQ_OK)                                                \
            ck_abort_msg("%s", err ? sqi_error_message(err) : "no error object"); \
    } while (0)

void sqi_state_rig_begin(sqi_state_rig *q, const char *schema, streamq_output_mode mode, uint64_t seed)
{
    *q = (sqi_state_rig){.nlane = 1};
    sqi_fail_alloc_init(&q->heap);
    sqi_rig_open(&q->rig, &q->heap.alloc, schema);
    q->rig.env.mode = mode;
    q->rig.env.durable = true;
    q->rig.env.hash_seed = seed;
}

void sqi_state_rig_open(sqi_state_rig *q, const char *schema, const char *keys, const char *aggregates, uint32_t nlane,
                        streamq_output_mode mode, uint64_t seed)
{
    sqi_state_rig_begin(q, schema, mode, seed);
    q->nlane = nlane;
    if (nlane > 1)
        sqi_lane_rig_open(&q->lanes, &q->rig, keys, aggregates, nlane);
    q->op = nlane > 1 ? q->lanes.group : sqi_rig_add_group(&q->rig, keys, aggregates);
}

void sqi_state_rig_close(sqi_state_rig *q)
{
    if (q->nlane > 1)
        sqi_lane_rig_close(&q->lanes);
    sqi_rig_close(&q->rig);
    sqi_fail_alloc_assert_clean(&q->heap);
}

const char *sqi_state_rig_batch(sqi_state_rig *q, const char *rows)
{
    return q->nlane > 1 ? sqi_lane_rig_batch(&q->lanes, rows) : sqi_rig_batch(&q->rig, rows, true);
}

/* ---- blocks ----------------------------------------------------------------------------------------------------- */

void sqi_saved_open(sqi_saved *b)
{
    b->n = 0;
    sqi_alloc_init(&b->alloc);
}

void sqi_saved_clear(sqi_saved *b)
{
    while (b->n)
        sqi_buf_fini(&b->block[--b->n]);
}

sqi_buf *sqi_saved_next(sqi_saved *b)
{
    if (b->n == SQI_SAVED_MOST)
        ck_abort_msg("too many blocks for a test");
    sqi_buf_init(&b->block[b->n], &b->alloc, 0);
    return &b->block[b->n++];
}

void sqi_state_rig_changes(sqi_state_rig *q, sqi_saved *b)
{
    check(q->op->type->save_changes(q->op, sqi_saved_next(b), &err));
}

void sqi_state_rig_whole(sqi_state_rig *q, sqi_saved *b, size_t most)
{
    uint64_t cursor = 0;
    do
        check(q->op->type->save_some(q->op, &cursor, most, sqi_saved_next(b), &err));
    while (cursor);
}

void sqi_state_rig_load(sqi_state_rig *q, const sqi_saved *b)
{
    for (uint32_t i = 0; i < b->n; ++i)
        check(q->op->type->load(q->op, sqi_buf_view(&b->block[i]), &err));
    if (q->op->type->loaded)
        check(q->op->type->loaded(q->op, &err));
}

/* ---- rows in any order -------------------------------------------------------------------------------------------- */

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A copy with its lines sorted. */
static char *sorted(const char *text)
{
    size_t n = 0, len = strlen(text);
    char *copy = malloc(len + 1), *out = calloc(len + 2, 1), *to = out, *at = copy;
    char **line = malloc((len + 1) * sizeof *line);
    memcpy(copy, text, len + 1);
    for (char *end; (end = strchr(at, '\n')); at = end + 1) {
        *end = '\0';
        line[n++] = at;
    }
    qsort(line, n, sizeof *line, compare_lines);
    for (size_t i = 0; i < n; ++i)
        to += sprintf(to, "%s\n", line[i]);
    free(line);
    free(copy);
    return out;
}

void sqi_same_rows(const char *want, const char *got, const char *what)
{
    char *a = sorted(want), *b = sorted(got);
    if (strcmp(a, b))
        ck_abort_msg("%s: instead of\n%sthere is\n%s", what, a, b);
    free(a);
    free(b);
}
