/*
 * plan_node: a new node of the plan. Nodes live in the plan's arena and are never freed one by one; who made a node
 * fills it before anybody else sees it, and from then on it is read only.
 */
#include "plan_node.h"

sqi_node *sqi_node_new(sqi_plan_context *c, sqi_node_kind kind, uint32_t ninput)
{
    sqi_node *n = sqi_arena_zero(c->arena, sizeof *n);
    if (!n)
        return NULL;
    n->kind = kind;
    n->id = c->next_id++;
    n->ninput = ninput;
    n->limit = -1;
    n->depth = n->weight = 1;
    if (ninput && !(n->input = sqi_arena_array(c->arena, ninput, sizeof *n->input)))
        return NULL;
    return n;
}
