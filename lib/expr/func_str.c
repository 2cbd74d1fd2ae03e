/*
 * func_str: the slow parts of func_str.h: growing a heap, growing an array of views, finding bytes in bytes.
 *
 * Nothing here owns memory: all of it belongs to the evaluation's arena.
 */
#include "func_str.h"

#include "expr_bind.h"
#include "func_scan.h"

#define HEAP_BLOCK 4096u

/* A large piece gets a block of its own and leaves the one in use to the short results that follow. */
char *sqi_heap_more(sqi_heap *h, size_t size)
{
    if (size > SQI_HEAP_SHARED)
        return sqi_arena_get(h->arena, size);
    char *p = sqi_arena_get(h->arena, HEAP_BLOCK);
    if (!p)
        return NULL;
    h->next = p;
    h->end = p + HEAP_BLOCK;
    return p;
}

bool sqi_heap_copy(sqi_heap *h, sqi_span from, sqi_str *to)
{
    if (from.len > SQI_STR_MAX)
        return false;
    char *p = sqi_heap_reserve(h, from.len);
    if (!p)
        return false;
    if (from.len)
        memcpy(p, from.ptr, from.len);
    *to = sqi_heap_commit(h, p, from.len);
    return true;
}

streamq_status sqi_str_too_long(streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "the result is longer than the %u bytes a string may have",
                         SQI_STR_MAX);
}

size_t sqi_span_find(sqi_span in, sqi_span what, size_t from)
{
    if (from > in.len || what.len > in.len - from)
        return SIZE_MAX;
    if (what.len == 0)
        return from;
    return sqi_scan_find(in, what, from);
}

bool sqi_strs_grow(sqi_strs *s, size_t need, sqi_arena *arena)
{
    size_t cap = s->cap ? s->cap * 2 : 64;
    while (cap < need)
        cap *= 2;
    if (cap > UINT32_MAX)
        return false;
    sqi_str *at = sqi_arena_get(arena, cap * sizeof *at);
    if (!at)
        return false;
    if (s->n)
        memcpy(at, s->at, s->n * sizeof *at);
    s->at = at;
    s->cap = cap;
    return true;
}

streamq_status sqi_strs_finish(const sqi_strs *s, sqi_vec *list, streamq_error **err)
{
    if (s->n > UINT32_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "more than %u list elements in one chunk", UINT32_MAX);
    list->child[0] = (sqi_vec){.type = list->type->field[0].type, .data = s->at, .mask = UINT32_MAX};
    list->nchild = (uint32_t)s->n;
    return STREAMQ_OK;
}

streamq_status sqi_str_resolve_array(sqi_binder *b, sqi_bound *node, const char *types, streamq_error **err)
{
    SQI_TRY(sqi_bind_signature(b, node, types, err));
    node->type = sqi_type_array(b->eval->pool, &sqi_type_string, false);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

streamq_status sqi_str_resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const char *types = node->func->types;
    size_t letters = strcspn(types, ">"), n = node->narg < letters ? node->narg : letters;
    char own[16];
    if (n + 3 > sizeof own)
        return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "the signature of %s is too long", node->func->name);
    bool binary = false, text = false;
    for (size_t i = 0; i < n; i++)
        if (types[i] == 'y') {
            binary |= node->arg[i]->type->id == SQI_BINARY;
            text |= node->arg[i]->type->id != SQI_BINARY && node->arg[i]->type->id != SQI_VOID;
        }
    char letter = binary && !text ? 'x' : 's';
    for (size_t i = 0; i < n; i++)
        own[i] = types[i] == 'y' ? letter : types[i];
    own[n] = '>';
    own[n + 1] = types[letters + 1] == 'y' ? letter : types[letters + 1];
    own[n + 2] = '\0';
    return sqi_bind_signature(b, node, own, err);
}
