/*
 * api_plan: plans: where builders put their nodes and where the first error stays; parameters; SQL text; explain.
 */
#include "api_state.h"
#include "plan_check.h"
#include "plan_explain.h"
#include "plan_optimize.h"
#include "sql_analyze.h"
#include "src_table.h"

/* -------------------------------------------------------------- names that SQL may use */

/* A memory table of the session becomes a bounded source of this plan when it is first named. */
static streamq_status take_table(streamq_plan *p, sqi_memory_table *t, const sqi_node **out, streamq_error **err)
{
    SQI_TRY(sqi_api_plan_keep(p, sqi_src_table_release, t, err));
    sqi_source_spec *spec = sqi_arena_zero(&p->arena, sizeof *spec);
    sqi_options *none = sqi_arena_zero(&p->arena, sizeof *none);
    sqi_plan_source *source = sqi_arena_zero(&p->arena, sizeof *source);
    sqi_named *n = sqi_arena_zero(&p->arena, sizeof *n);
    if (!spec || !none || !source || !n)
        return sqi_error_nomem(err);
    const sqi_node *node = NULL;
    sqi_span name = sqi_memory_table_name(t);
    *spec = (sqi_source_spec){&sqi_src_table, none, t};
    *source = (sqi_plan_source){.id = p->nsource++, .format = SQI_SPAN("memory"), .name = name, .declared = spec};
    SQI_TRY(sqi_schema_copy(&source->schema, sqi_memory_table_schema(t), &p->arena, err));
    SQI_TRY(sqi_plan_source_node(&p->context, source, &node, err));
    SQI_TRY(sqi_plan_alias(&p->context, node, name, out, err));
    *n = (sqi_named){name, *out, p->named};
    p->named = n;
    return STREAMQ_OK;
}

/* A failure stays with the plan, where it comes before "there is no such table". */
static const sqi_node *find_table(streamq_plan *p, sqi_span name)
{
    sqi_memory_table *t = sqi_api_session_table(p->session, name);
    const sqi_node *node = NULL;
    streamq_error *error = NULL;
    if (!t || take_table(p, t, &node, &error) == STREAMQ_OK)
        return node;
    if (!p->error)
        p->error = error;
    else
        sqi_error_free(error);
    return NULL;
}

static const sqi_node *find_name(void *context, sqi_span name)
{
    streamq_plan *p = context;
    for (const sqi_named *n = p->named; n; n = n->next)
        if (sqi_name_equal(n->name, name))
            return n->node;
    return find_table(p, name);
}

static bool name_at(void *context, uint32_t i, sqi_span *name)
{
    const sqi_named *n = ((streamq_plan *)context)->named;
    while (n && i-- > 0)
        n = n->next;
    if (n)
        *name = n->name;
    return n != NULL;
}

/* -------------------------------------------------------------- life */

static bool init_plan(streamq_plan *p, streamq_session *s)
{
    sqi_arena_init(&p->arena, &s->alloc);
    sqi_arena_init(&p->scratch, &s->alloc);
    pthread_mutex_lock(&s->mutex);
    bool ansi = sqi_settings_int(&s->settings, SQI_SETTING_ANSI) != 0;
    uint32_t chunk_rows = (uint32_t)sqi_settings_int(&s->settings, SQI_SETTING_CHUNK_ROWS);
    bool stream_inference = sqi_settings_int(&s->settings, SQI_SETTING_SCHEMA_INFERENCE) != 0;
    bool partition_text = sqi_settings_int(&s->settings, SQI_SETTING_PARTITION_TYPES) == 0;
    const sqi_zone *zone = NULL;
    const char *zone_name = sqi_settings_get(&s->settings, SQI_SETTING_TIME_ZONE);
    streamq_status status = sqi_zones_get(s->zones, sqi_span_of(zone_name), &zone, &p->error);
    pthread_mutex_unlock(&s->mutex);
    if (status == STREAMQ_ERR_NOMEM)
        return false;
    if (status != STREAMQ_OK)
        zone = sqi_zone_utc(); /* the plan carries the error: a config may name a zone that is not there */
    p->eval = (sqi_eval){.alloc = &s->alloc,
                         .arena = &p->scratch,
                         .pool = s->pool,
                         .zones = s->zones,
                         .zone = zone,
                         .ansi = ansi,
                         .now_micros = s->os->wall_micros(s->os->context)};
    p->io = (sqi_io_env){.alloc = &s->alloc,
                         .os = s->os,
                         .log = s->log,
                         .zone = zone,
                         .pool = s->pool,
                         .zones = s->zones,
                         .chunk_rows = chunk_rows,
                         .stream_inference = stream_inference,
                         .partition_text = partition_text};
    p->context = (sqi_plan_context){.alloc = &s->alloc,
                                    .arena = &p->arena,
                                    .eval = &p->eval,
                                    .registry = sqi_api_registry(s->registered),
                                    .find = find_name,
                                    .name_at = name_at,
                                    .context = p};
    return true;
}

streamq_plan *streamq_plan_new(streamq_session *session)
{
    if (!SQI_IS(session, SESSION))
        return NULL;
    streamq_plan *p = sqi_alloc_zero(&session->alloc, sizeof *p);
    if (!p)
        return NULL;
    p->session = session;
    p->refs = 1;
    p->failed = (streamq_stream){SQI_MAGIC_STREAM, p, NULL};
    p->failed_group = (streamq_grouped){.magic = SQI_MAGIC_GROUPED, .plan = p};
    p->failed_expr = (streamq_expr){SQI_MAGIC_EXPR, p, NULL};
    p->failed_reader =
        (streamq_reader){.magic = SQI_MAGIC_READER, .plan = p, .options = {&p->arena, NULL}, .failed = true};
    p->failed_writer = (streamq_writer){.magic = SQI_MAGIC_WRITER, .plan = p, .options = {&p->arena, NULL}};
    p->magic = SQI_MAGIC_PLAN;
    if (init_plan(p, session))
        return p;
    sqi_api_plan_unref(p);
    return NULL;
}

streamq_plan *sqi_api_plan_ref(streamq_plan *plan)
{
    atomic_fetch_add(&plan->refs, 1);
    return plan;
}

void sqi_api_plan_unref(void *thing)
{
    streamq_plan *p = thing;
    if (atomic_fetch_sub(&p->refs, 1) != 1)
        return;
    p->magic = 0;
    for (sqi_plan_keep *k = p->keep; k; k = k->next)
        k->release(k->thing);
    sqi_alloc *alloc = &p->session->alloc;
    sqi_alloc_free(alloc, p->param_name, p->name_cap * sizeof *p->param_name);
    sqi_alloc_free(alloc, p->param_value, p->value_cap * sizeof *p->param_value);
    sqi_error_free(p->error);
    sqi_arena_fini(&p->arena);
    sqi_arena_fini(&p->scratch);
    sqi_alloc_free(alloc, p, sizeof *p);
}

void streamq_plan_free(streamq_plan *plan)
{
    if (SQI_IS(plan, PLAN))
        sqi_api_plan_unref(plan);
}

streamq_status sqi_api_plan_keep(streamq_plan *plan, void (*release)(void *), void *thing, streamq_error **err)
{
    sqi_plan_keep *k = sqi_arena_get(&plan->arena, sizeof *k);
    if (!k) {
        release(thing);
        return sqi_error_nomem(err);
    }
    *k = (sqi_plan_keep){release, thing, plan->keep};
    plan->keep = k;
    return STREAMQ_OK;
}

const streamq_error *streamq_plan_error(const streamq_plan *plan)
{
    return SQI_IS(plan, PLAN) ? plan->error : NULL;
}

/* -------------------------------------------------------------- results of builders */

streamq_stream *sqi_api_failed(streamq_plan *plan, streamq_error *error)
{
    bool types = sqi_type_pool_refused(plan->eval.pool), zones = sqi_zones_refused(plan->eval.zones);
    if ((types || zones) && sqi_error_status(error) != STREAMQ_ERR_NOMEM) {
        sqi_error_free(error);
        error = NULL;
        (void)sqi_error_nomem(&error);
    }
    if (!plan->error)
        plan->error = error;
    else
        sqi_error_free(error);
    sqi_arena_reset(&plan->scratch);
    return &plan->failed;
}

streamq_stream *sqi_api_stream(streamq_plan *plan, const sqi_node *node, streamq_status status, streamq_error *error)
{
    if (status != STREAMQ_OK)
        return sqi_api_failed(plan, error);
    streamq_stream *s = sqi_arena_get(&plan->arena, sizeof *s);
    sqi_arena_reset(&plan->scratch);
    if (!s) {
        (void)sqi_error_nomem(&error);
        return sqi_api_failed(plan, error);
    }
    *s = (streamq_stream){SQI_MAGIC_STREAM, plan, node};
    return s;
}

streamq_status sqi_api_parser(streamq_plan *plan, sqi_parser *p, const char *text, const char *what,
                              streamq_error **err)
{
    if (!text)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "%s: the text is NULL", what);
    SQI_TRY(
        sqi_parser_init(p, sqi_span_of(text), &plan->arena, plan->eval.pool, plan->eval.zones, plan->eval.zone, err));
    p->now_micros = plan->session->os->wall_micros(plan->session->os->context);
    return STREAMQ_OK;
}

streamq_stream *streamq_sql(streamq_plan *plan, const char *text)
{
    if (!SQI_IS(plan, PLAN))
        return NULL;
    sqi_parser p;
    sqi_sql_query *query;
    const sqi_node *node = NULL;
    streamq_error *error = NULL;
    streamq_status status = sqi_api_parser(plan, &p, text, "streamq_sql", &error);
    if (status == STREAMQ_OK)
        status = sqi_sql_parse(&p, &query, &error);
    if (status == STREAMQ_OK)
        status = sqi_sql_analyze(&plan->context, query, &node, &error);
    return sqi_api_stream(plan, node, status, error);
}

/* -------------------------------------------------------------- explain */

static bool explain_physical(streamq_plan *plan, const sqi_node *optimized, sqi_buf *to, streamq_error **err)
{
    sqi_chain chain = {0};
    sqi_op_env env = {.alloc = &plan->session->alloc,
                      .eval = &plan->eval,
                      .mode = STREAMQ_COMPLETE,
                      .streaming = optimized->streaming,
                      .chunk_rows = plan->io.chunk_rows};
    sqi_op end = {.type = &sqi_op_union, .env = &env, .ninput = 1}; /* any end will do: nothing runs */
    bool ok = sqi_chain_build(&chain, optimized, &env, &end, err) == STREAMQ_OK &&
              sqi_buf_text(to, "== Physical Plan ==\n") && sqi_chain_explain(&chain, to);
    sqi_chain_free(&chain);
    return ok;
}

char *streamq_plan_explain(streamq_stream *stream, const char *mode, streamq_error **error)
{
    if (!SQI_IS(stream, STREAM)) {
        (void)sqi_api_bad_handle(error, "streamq_plan_explain", "stream");
        return NULL;
    }
    streamq_plan *plan = stream->plan;
    bool extended = mode && sqi_span_equal_nocase(sqi_span_of(mode), SQI_SPAN("extended"));
    if (mode && !extended && !sqi_span_equal_nocase(sqi_span_of(mode), SQI_SPAN("simple"))) {
        (void)sqi_error_set(error, SQI_COND_INVALID_ARGUMENT, "explain mode '%s': say \"simple\" or \"extended\"",
                            mode);
        return NULL;
    }
    if (plan->error || !stream->node) {
        (void)sqi_error_pass(error, sqi_error_copy(plan->error));
        return NULL;
    }
    const sqi_node *optimized;
    if (sqi_plan_optimize(&plan->context, stream->node, &optimized, error) != STREAMQ_OK)
        return NULL;
    sqi_buf text;
    sqi_buf_init(&text, &plan->session->alloc, 0);
    bool ok = true;
    if (extended)
        ok = sqi_buf_text(&text, "== Analyzed Logical Plan ==\n") && sqi_plan_explain(&text, stream->node, NULL) &&
             sqi_buf_text(&text, "\n== Optimized Logical Plan ==\n") && sqi_plan_explain(&text, optimized, NULL) &&
             sqi_buf_byte(&text, '\n');
    char *copy = ok && explain_physical(plan, optimized, &text, error) ? sqi_api_text(sqi_buf_view(&text)) : NULL;
    sqi_buf_fini(&text);
    sqi_arena_reset(&plan->scratch);
    if (!copy)
        (void)sqi_error_nomem(error); /* ignored if something else was reported */
    return copy;
}
