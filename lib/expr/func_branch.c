/*
 * func_branch: splitting rows and joining branches. See the header.
 */
#include "func_branch.h"

#include "data_bits.h"
#include "data_select.h"

static streamq_status two_lists(sqi_call *call, uint32_t n, uint32_t **yes, uint32_t **no, streamq_error **err)
{
    *yes = sqi_arena_get(call->eval->arena, 2 * ((size_t)n + SQI_SELECT_ROOM) * sizeof **yes);
    if (!*yes)
        return sqi_error_nomem(err);
    *no = *yes + n + SQI_SELECT_ROOM; /* the loops write before they know whether the row counts */
    return STREAMQ_OK;
}

/* Each row to one of two lists, without a branch: both are written, one of them moves on. */
#define DEAL(position, test)                \
    for (uint32_t k = 0; k < rows.n; k++) { \
        const uint32_t i = (position);      \
        const uint32_t is = (test);         \
        yes[nyes] = i;                      \
        no[k - nyes] = i;                   \
        nyes += is;                         \
    }                                       \
    nno = rows.n - nyes

/* A side that got all rows keeps their list: a dense run stays dense. */
static void settle(sqi_rows rows, uint32_t *yes, uint32_t nyes, uint32_t *no, uint32_t nno, sqi_rows *out_yes,
                   sqi_rows *out_no)
{
    *out_yes = nyes == rows.n ? rows : (sqi_rows){yes, nyes};
    *out_no = nno == rows.n ? rows : (sqi_rows){no, nno};
}

streamq_status sqi_branch_split(sqi_call *call, const sqi_vec *condition, sqi_rows rows, sqi_rows *out_yes,
                                sqi_rows *out_no, streamq_error **err)
{
    const uint8_t *bit = condition->data;
    const uint64_t *valid = condition->valid;
    if (condition->mask == 0) {
        bool yes = sqi_vec_valid(condition, 0) && bit[0];
        sqi_rows none = {rows.sel, 0};
        *out_yes = yes ? rows : none;
        *out_no = yes ? none : rows;
        return STREAMQ_OK;
    }
    uint32_t *yes = NULL, *no = NULL, nyes = 0, nno = 0;
    SQI_TRY(two_lists(call, rows.n, &yes, &no, err));
    if (!rows.sel) {
        nyes = sqi_select(bit, valid, rows.n, yes, no);
        nno = rows.n - nyes;
    } else {
        DEAL(rows.sel[k], bit[i] & (valid ? sqi_bits_get(valid, i) : 1u));
    }
    settle(rows, yes, nyes, no, nno, out_yes, out_no);
    return STREAMQ_OK;
}

streamq_status sqi_branch_valid(sqi_call *call, const sqi_vec *v, sqi_rows rows, sqi_rows *there, sqi_rows *null,
                                streamq_error **err)
{
    sqi_rows none = {rows.sel, 0};
    if (!v->valid || v->mask == 0) {
        bool yes = sqi_vec_valid(v, 0);
        *there = yes ? rows : none;
        *null = yes ? none : rows;
        return STREAMQ_OK;
    }
    uint32_t *yes = NULL, *no = NULL, nyes = 0, nno = 0;
    SQI_TRY(two_lists(call, rows.n, &yes, &no, err));
    if (!rows.sel) {
        DEAL(k, sqi_bits_get(v->valid, i));
    } else {
        DEAL(rows.sel[k], sqi_bits_get(v->valid, i));
    }
    settle(rows, yes, nyes, no, nno, there, null);
    return STREAMQ_OK;
}

void sqi_branches_init(sqi_branches *to, sqi_call *call, sqi_rows rows, sqi_vec *out)
{
    *to = (sqi_branches){.call = call, .out = out, .wanted = rows.n};
}

streamq_status sqi_branches_take(sqi_branches *to, sqi_form *form, uint32_t k, sqi_rows rows, streamq_error **err)
{
    if (rows.n == 0)
        return STREAMQ_OK;
    const sqi_vec *v;
    SQI_TRY(sqi_form_arg(form, k, rows, &v, err));
    return sqi_branches_put(to, v, rows, err);
}

/* A branch that took every row is the result as it stands. */
streamq_status sqi_branches_put(sqi_branches *to, const sqi_vec *v, sqi_rows rows, streamq_error **err)
{
    if (rows.n == 0)
        return STREAMQ_OK;
    to->n += rows.n;
    if (rows.n == to->wanted) {
        to->only = *v;
        return STREAMQ_OK;
    }
    to->merged = true;
    return sqi_vec_merge(to->out, to->call->n, v, rows, to->call->eval->arena, err);
}

streamq_status sqi_branches_null(sqi_branches *to, sqi_rows rows, streamq_error **err)
{
    sqi_vec null;
    if (rows.n == 0)
        return STREAMQ_OK;
    SQI_TRY(sqi_vec_null(&null, to->call->node->type, to->call->eval->arena, err));
    return sqi_branches_put(to, &null, rows, err);
}

streamq_status sqi_branches_finish(sqi_branches *to, streamq_error **err)
{
    (void)err;
    const sqi_type *type = to->call->node->type;
    if (to->merged)
        return STREAMQ_OK;
    if (to->n == 0)
        return sqi_vec_null(to->out, type, to->call->eval->arena, err);
    *to->out = to->only;
    to->out->type = type; /* the same but for what may be null */
    return STREAMQ_OK;
}
