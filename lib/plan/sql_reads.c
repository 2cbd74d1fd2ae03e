/*
 * sql_reads: does a query read a stream? A walk over its FROM clauses; names are looked up, nothing else is resolved,
 * so that it works for queries that use columns from outside.
 */
#include "sql_scope.h"

enum { DEPTH = 200 /* what is nested deeper is refused anyhow */ };

typedef struct reads {
    const sqi_plan_context *c;
    unsigned depth;
} reads;

static bool query_reads(reads r, const sqi_sql_query *q);

static bool name_reads(const reads *r, sqi_span name)
{
    for (const sqi_sql_name *w = r->c->with; w; w = w->next)
        if (sqi_name_equal(w->name, name))
            return w->node->streaming;
    const sqi_node *n = r->c->find ? r->c->find(r->c->context, name) : NULL;
    return n && n->streaming;
}

static bool relation_reads(reads r, const sqi_sql_relation *f)
{
    if (!f || ++r.depth > DEPTH)
        return false;
    if (f->kind == SQI_RELATION_NAME)
        return f->npart == 1 && name_reads(&r, f->part[0]);
    return (f->query && query_reads(r, f->query)) || relation_reads(r, f->left) || relation_reads(r, f->right);
}

static bool query_reads(reads r, const sqi_sql_query *q)
{
    if (!q || ++r.depth > DEPTH)
        return false;
    for (uint32_t i = 0; i < q->nwith; i++)
        if (query_reads(r, q->with[i].query))
            return true;
    for (const sqi_sql_pipe *p = q->pipe; p; p = p->next)
        if (query_reads(r, p->right) || relation_reads(r, p->join))
            return true;
    return relation_reads(r, q->from) || query_reads(r, q->left) || query_reads(r, q->right);
}

bool sqi_sql_reads_stream(const sqi_plan_context *c, const sqi_sql_query *q)
{
    return query_reads((reads){c, 0}, q);
}
