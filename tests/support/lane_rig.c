/* lane_rig: what run_front does, on one thread and with one item at a time. */
#include "lane_rig.h"

#include <check.h>

streamq_status sqi_lane_rig_try_open(sqi_lane_rig *l, sqi_rig *rig, const char *keys, const char *aggregates,
                                     uint32_t nlane, streamq_error **err)
{
    *l = (sqi_lane_rig){.rig = rig, .params = {.nlane = nlane}, .env = rig->env, .eval = rig->eval};
    l->env.eval = &l->eval;
    sqi_arena_init(&l->item, rig->env.alloc);
    sqi_arena_init(&l->scratch, rig->env.alloc);
    l->item.held = true;
    l->params.key = sqi_rig_exprs(rig, keys, &l->params.nkey);
    l->params.agg = sqi_rig_exprs(rig, aggregates, &l->params.nagg);
    SQI_TRY(sqi_op_new(&l->group, &sqi_op_group, &l->params, 1, &rig->env, rig->first, 0, err));
    rig->first = l->group;
    const sqi_op_feed_params feed = {l->group, &l->params, 0};
    return sqi_op_new(&l->feed, &sqi_op_feed, &feed, 1, &l->env, NULL, 0, err);
}

void sqi_lane_rig_open(sqi_lane_rig *l, sqi_rig *rig, const char *keys, const char *aggregates, uint32_t nlane)
{
    streamq_error *err = NULL;
    streamq_status status = sqi_lane_rig_try_open(l, rig, keys, aggregates, nlane, &err);
    ck_assert_msg(status == STREAMQ_OK, "%s", err ? sqi_error_message(err) : "");
}

void sqi_lane_rig_close(sqi_lane_rig *l)
{
    sqi_op_free(l->feed);
    sqi_arena_fini(&l->item);
    sqi_arena_fini(&l->scratch);
}

streamq_status sqi_lane_rig_take(sqi_lane_rig *l, const sqi_batch *batch, streamq_error **err)
{
    sqi_group_item item = {NULL, &item.first, 0};
    sqi_arena_reset(&l->item);
    sqi_feed_item(l->feed, &item, &l->item);
    l->eval.arena = &l->item;
    for (size_t i = 0; i < batch->nchunk; ++i)
        SQI_TRY(sqi_op_push(l->feed, 0, &batch->chunk[i], err));
    SQI_TRY(sqi_feed_rest(l->feed, err));
    l->eval.arena = &l->scratch;
    for (uint32_t k = l->params.nlane; k-- > 0;)
        SQI_TRY(sqi_group_take_in(l->group, k, &item, &l->env, err));
    return STREAMQ_OK;
}

const char *sqi_lane_rig_batch(sqi_lane_rig *l, const char *rows)
{
    sqi_batch *batch;
    streamq_error *err = NULL;
    if (l->rig->flushed) {
        l->group->type->commit(l->group);
        l->rig->flushed = false;
    }
    sqi_rig_chunks(l->rig, rows, &batch);
    streamq_status status = sqi_lane_rig_take(l, batch, &err);
    ck_assert_msg(status == STREAMQ_OK, "%s", err ? sqi_error_message(err) : "");
    sqi_batch_unref(batch);
    return sqi_rig_batch(l->rig, "", true);
}
