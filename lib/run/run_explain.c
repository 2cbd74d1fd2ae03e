/* run_explain: how a plan runs, as text: its nodes with the names of the operators that were made from them. */
#include "plan_explain.h"
#include "run_compile.h"

static const sqi_op *operator_of(const sqi_chain *c, const sqi_node *n)
{
    for (size_t i = 0; i < c->nop; ++i)
        if (c->made[i] == n)
            return c->op[i];
    return NULL;
}

static const char *name(const void *context, const sqi_node *n)
{
    if (n->kind == SQI_NODE_SOURCE)
        return n->streaming ? "MicroBatchScan" : "BatchScan";
    if (n->kind == SQI_NODE_VALUES)
        return n->ncol ? "LocalTableScan" : "OneRowRelation";
    const sqi_op *op = operator_of(context, n);
    return op ? op->type->name : NULL;
}

static bool more(const void *context, const sqi_node *n, sqi_buf *to)
{
    const sqi_op *op = operator_of(context, n);
    return !op || !op->type->explain || op->type->explain(op, to);
}

bool sqi_chain_explain(const sqi_chain *c, sqi_buf *to)
{
    return sqi_plan_explain(to, c->root, &(sqi_explain_physical){name, more, c});
}
