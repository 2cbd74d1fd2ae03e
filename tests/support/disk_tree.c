/* disk_tree: files and directories in memory. */
#include "disk_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *sqi_disk_need(void *p)
{
    if (!p) {
        fputs("disk_sim: no memory\n", stderr);
        abort();
    }
    return p;
}

char *sqi_disk_copy(const void *from, size_t len)
{
    char *to = sqi_disk_need(malloc(len + 1));
    if (len > 0)
        memcpy(to, from, len);
    to[len] = '\0';
    return to;
}

uint64_t sqi_disk_random(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

size_t sqi_disk_tree_add(sqi_disk_tree *t, bool directory)
{
    t->nodes = sqi_disk_need(realloc(t->nodes, (t->n + 1) * sizeof *t->nodes));
    t->nodes[t->n] = (sqi_disk_node){.directory = directory};
    return t->n++;
}

void sqi_disk_tree_copy(const sqi_disk_tree *from, sqi_disk_tree *to)
{
    *to = (sqi_disk_tree){0};
    for (size_t i = 0; i < from->n; i++) {
        const sqi_disk_node *n = &from->nodes[i];
        size_t at = sqi_disk_tree_add(to, n->directory);
        sqi_disk_node *copy = &to->nodes[at];
        copy->modified = n->modified;
        sqi_disk_node_write(copy, 0, n->bytes, n->len);
        for (size_t k = 0; k < n->nnames; k++)
            sqi_disk_node_set(copy, n->names[k].name, n->names[k].node);
    }
}

void sqi_disk_tree_free(sqi_disk_tree *t)
{
    for (size_t i = 0; i < t->n; i++) {
        free(t->nodes[i].bytes);
        for (size_t k = 0; k < t->nodes[i].nnames; k++)
            free(t->nodes[i].names[k].name);
        free(t->nodes[i].names);
    }
    free(t->nodes);
    *t = (sqi_disk_tree){0};
}

void sqi_disk_node_size(sqi_disk_node *n, int64_t size)
{
    size_t want = (size_t)size;
    if (want > n->cap) {
        size_t cap = n->cap * 2 > want ? n->cap * 2 : want;
        n->bytes = sqi_disk_need(realloc(n->bytes, cap));
        n->cap = cap;
    }
    if (want > n->len)
        memset(n->bytes + n->len, 0, want - n->len);
    n->len = want;
}

void sqi_disk_node_write(sqi_disk_node *n, int64_t at, const void *from, size_t len)
{
    if (len == 0)
        return;
    if ((size_t)at + len > n->len)
        sqi_disk_node_size(n, at + (int64_t)len);
    memcpy(n->bytes + at, from, len);
}

sqi_disk_name *sqi_disk_node_find(const sqi_disk_node *n, const char *name)
{
    for (size_t i = 0; i < n->nnames; i++)
        if (strcmp(n->names[i].name, name) == 0)
            return &n->names[i];
    return NULL;
}

void sqi_disk_node_set(sqi_disk_node *n, const char *name, size_t other)
{
    sqi_disk_name *found = sqi_disk_node_find(n, name);
    if (!found) {
        n->names = sqi_disk_need(realloc(n->names, (n->nnames + 1) * sizeof *n->names));
        found = &n->names[n->nnames++];
        found->name = sqi_disk_copy(name, strlen(name));
    }
    found->node = other;
}

void sqi_disk_node_drop(sqi_disk_node *n, const char *name)
{
    sqi_disk_name *found = sqi_disk_node_find(n, name);
    if (!found)
        return;
    free(found->name);
    *found = n->names[--n->nnames];
}
