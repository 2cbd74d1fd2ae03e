/*
 * sql_watermark: the WATERMARK clause: which column is the event time, and how far it may lag behind.
 *
 * The mark goes with the column as long as it is only passed on; the checks of output modes look at it. Over a table
 * the clause means nothing, and only its names and types are checked.
 */
#include "plan_make.h"
#include "plan_screen.h"
#include "sql_scope.h"

#define DAYS_OF_A_MONTH 31 /* Spark's */

/* The delay in microseconds: an interval constant. */
static streamq_status delay_of(const sqi_sql_scope *s, const sqi_ast *e, int64_t *micros, streamq_error **err)
{
    sqi_binder b;
    sqi_bound *bound;
    const sqi_vec *v;
    int64_t months = 0, days = 0, rest = 0, day_micros;
    sqi_names_binder(&b, s->c, NULL, "WATERMARK", 0);
    SQI_TRY(sqi_bind(&b, e, &bound, err));
    sqi_type_id id = bound->type->id;
    if (!sqi_bound_foldable(bound) || (id != SQI_INTERVAL && id != SQI_INTERVAL_YM && id != SQI_INTERVAL_DT))
        return sqi_names_error(e, err, SQI_COND_PARSE_SYNTAX_ERROR, "DELAY OF wants a constant interval");
    SQI_TRY(sqi_eval_constant(s->c->eval, bound, s->c->arena, &v, err));
    bool there = sqi_vec_valid(v, 0);
    if (there && id == SQI_INTERVAL) {
        const sqi_interval *i = &SQI_AT(v, sqi_interval, 0);
        months = i->months;
        days = i->days;
        rest = i->micros;
    } else if (there && id == SQI_INTERVAL_YM) {
        months = SQI_AT(v, int32_t, 0);
    } else if (there) {
        rest = SQI_AT(v, int64_t, 0);
    }
    if (!there || __builtin_mul_overflow(months * DAYS_OF_A_MONTH + days, SQI_MICROS_PER_DAY, &day_micros) ||
        __builtin_add_overflow(day_micros, rest, micros) || *micros < 0)
        return sqi_names_error(e, err, SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE,
                               "the delay of a watermark must not be negative or null");
    return STREAMQ_OK;
}

/* WATERMARK e AS x: the column x before the others. */
static streamq_status prepend(const sqi_sql_scope *s, const sqi_node *in, sqi_bound *e, sqi_span name,
                              const sqi_node **out, streamq_error **err)
{
    sqi_bound **expr = sqi_arena_array(s->c->arena, (size_t)in->ncol + 1, sizeof *expr);
    sqi_attribute *col = sqi_arena_array(s->c->arena, (size_t)in->ncol + 1, sizeof *col);
    if (!expr || !col)
        return sqi_error_nomem(err);
    expr[0] = e;
    col[0] = (sqi_attribute){.name = name, .type = e->type, .nullable = e->nullable};
    for (uint32_t i = 0; i < in->ncol; i++) {
        if (!(expr[i + 1] = sqi_make_column(s->c, in, i)))
            return sqi_error_nomem(err);
        col[i + 1] = in->col[i];
    }
    return sqi_make_done(sqi_make_project(s->c, in, expr, col, in->ncol + 1), out, err);
}

/* The event time over `in`, and the name of the new column if it needs one: of a field, that is the field's. */
static streamq_status bind_time(const sqi_sql_scope *s, const sqi_sql_relation *r, const sqi_node *in, sqi_bound **e,
                                sqi_span *name, streamq_error **err)
{
    const sqi_ast *time = r->watermark_time;
    sqi_scope scope = sqi_make_scope(in);
    sqi_binder b;
    char label[128];
    SQI_TRY(sqi_screen_expression(s->c, time, in->streaming, err));
    sqi_names_binder(&b, s->c, &scope, "WATERMARK", 0);
    SQI_TRY(sqi_bind(&b, time, e, err));
    *name = r->watermark_alias;
    if (!name->len && time->kind == SQI_AST_NAME && (*e)->kind != SQI_BOUND_COLUMN)
        *name = time->part[time->npart - 1];
    if (!name->len && (*e)->kind != SQI_BOUND_COLUMN)
        return sqi_names_error(time, err, SQI_COND_REQUIRES_EXPLICIT_NAME_IN_WATERMARK_CLAUSE,
                               "the expression needs a name: WATERMARK .. AS name DELAY OF ..");
    if ((*e)->type->id != SQI_TIMESTAMP)
        return sqi_names_error(time, err, SQI_COND_EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE,
                               "an event time must be a TIMESTAMP, this is %s", sqi_type_label((*e)->type, label));
    return STREAMQ_OK;
}

streamq_status sqi_sql_watermark_node(const sqi_sql_scope *s, const sqi_sql_relation *r, const sqi_node *in,
                                      const sqi_node **out, streamq_error **err)
{
    sqi_bound *e;
    sqi_span name;
    int64_t delay = 0;
    SQI_TRY(bind_time(s, r, in, &e, &name, err));
    SQI_TRY(delay_of(s, r->watermark_delay, &delay, err));
    if (name.len)
        SQI_TRY(prepend(s, in, e, name, &in, err));
    *out = in;
    if (!in->streaming)
        return STREAMQ_OK;
    sqi_node *n = sqi_make_over(s->c, SQI_NODE_WATERMARK, in);
    if (!n || !(n->expr = sqi_arena_array(s->c->arena, 1, sizeof *n->expr)) ||
        !(n->col = sqi_arena_array(s->c->arena, in->ncol, sizeof *n->col)) ||
        !(n->expr[0] = sqi_make_column(s->c, in, name.len ? 0 : e->column)))
        return sqi_error_nomem(err);
    memcpy(n->col, in->col, in->ncol * sizeof *n->col);
    n->col[n->expr[0]->column].event_time = true;
    n->nexpr = 1;
    n->delay = delay;
    n->ast = r->watermark_time;
    return sqi_make_done(n, out, err);
}
