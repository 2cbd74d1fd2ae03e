/* plan_rig: a plan context by hand. */
#include "plan_rig.h"

#include "plan_explain.h"
#include "sql_analyze.h"

static const sqi_node *find(void *context, sqi_span name)
{
    const sqi_plan_rig *r = context;
    for (uint32_t i = 0; i < r->n; i++)
        if (sqi_name_equal(r->named[i].name, name))
            return r->named[i].node;
    return NULL;
}

static bool name_at(void *context, uint32_t i, sqi_span *name)
{
    const sqi_plan_rig *r = context;
    if (i >= r->n)
        return false;
    *name = r->named[i].name;
    return true;
}

streamq_status sqi_plan_rig_open(sqi_plan_rig *r, sqi_alloc *alloc, streamq_error **err)
{
    *r = (sqi_plan_rig){.alloc = alloc};
    sqi_arena_init(&r->plan, alloc);
    sqi_arena_init(&r->scratch, alloc);
    sqi_buf_init(&r->text, alloc, 0);
    r->pool = sqi_type_pool_new(alloc);
    r->zones = r->pool ? sqi_zones_new(alloc) : NULL;
    if (!r->zones)
        return sqi_error_nomem(err);
    r->eval = (sqi_eval){
        .alloc = alloc, .arena = &r->scratch, .pool = r->pool, .zones = r->zones, .zone = sqi_zone_utc(), .ansi = true};
    r->c = (sqi_plan_context){
        .alloc = alloc, .arena = &r->plan, .eval = &r->eval, .find = find, .name_at = name_at, .context = r};
    return STREAMQ_OK;
}

void sqi_plan_rig_close(sqi_plan_rig *r)
{
    sqi_buf_fini(&r->text);
    sqi_arena_fini(&r->plan);
    sqi_arena_fini(&r->scratch);
    if (r->zones)
        sqi_zones_free(r->zones);
    if (r->pool)
        sqi_type_pool_free(r->pool);
}

static streamq_status parser(sqi_plan_rig *r, const char *text, sqi_parser *p, streamq_error **err)
{
    return sqi_parser_init(p, sqi_span_of(text), &r->plan, r->pool, r->zones, r->eval.zone, err);
}

streamq_status sqi_plan_rig_name(sqi_plan_rig *r, sqi_span name, const sqi_node *node, streamq_error **err)
{
    if (r->n == SQI_PLAN_RIG_NAMES)
        return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "too many names");
    r->named[r->n++] = (sqi_plan_named){name, node};
    return STREAMQ_OK;
}

streamq_status sqi_plan_rig_add(sqi_plan_rig *r, const char *name, const char *schema, bool streaming,
                                streamq_error **err)
{
    sqi_parser p;
    const sqi_node *node;
    if (r->n == SQI_PLAN_RIG_NAMES)
        return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "too many names");
    sqi_plan_source *s = &r->source[r->n];
    *s = (sqi_plan_source){.id = r->n, .format = SQI_SPAN("memory"), .name = sqi_span_of(name), .streaming = streaming};
    SQI_TRY(parser(r, schema, &p, err));
    SQI_TRY(sqi_parse_schema(&p, &s->schema, err));
    SQI_TRY(sqi_plan_source_node(&r->c, s, &node, err));
    SQI_TRY(sqi_plan_alias(&r->c, node, s->name, &node, err));
    return sqi_plan_rig_name(r, s->name, node, err);
}

streamq_status sqi_plan_rig_list(sqi_plan_rig *r, const char *text, bool sort, sqi_ast ***out, uint32_t *n,
                                 streamq_error **err)
{
    sqi_parser p;
    SQI_TRY(parser(r, text, &p, err));
    return sort ? sqi_parse_sort_list(&p, out, n, err) : sqi_parse_list(&p, true, out, n, err);
}

streamq_status sqi_plan_rig_sql(sqi_plan_rig *r, const char *text, const sqi_node **out, streamq_error **err)
{
    sqi_parser p;
    sqi_sql_query *q;
    SQI_TRY(parser(r, text, &p, err));
    SQI_TRY(sqi_sql_parse(&p, &q, err));
    return sqi_sql_analyze(&r->c, q, out, err);
}

const char *sqi_plan_rig_explain(sqi_plan_rig *r, const sqi_node *n)
{
    sqi_buf_clear(&r->text);
    bool ok = sqi_plan_explain(&r->text, n, NULL) && sqi_buf_byte(&r->text, '\0');
    return ok ? r->text.ptr : NULL;
}

const char *sqi_plan_rig_schema(sqi_plan_rig *r, const sqi_node *n)
{
    sqi_schema schema;
    sqi_buf_clear(&r->text);
    bool ok = sqi_plan_schema(&r->c, n, &schema, NULL) == STREAMQ_OK && sqi_schema_print_ddl(&r->text, &schema) &&
              sqi_buf_byte(&r->text, '\0');
    return ok ? r->text.ptr : NULL;
}
