/* disk_image: which changes of a record are certain, what may become of the others, and the disks made of that. */
#include "disk_image.h"

#include "base_hash.h"
#include "disk_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOST, KEPT, PREFIX, SECTORS, ZEROS, GARBAGE };
enum { SECTOR = 512, SUBSETS_UP_TO = 8, TEARS = 7, SUSPECTS = 6, ENOUGH_REPEATS = 32 };

bool sqi_disk_images_differ(const sqi_disk_sim *from, size_t call)
{
    if (call == 0 || sqi_disk_sim_kind(from, call) == SQI_DISK_MARK)
        return true;
    for (size_t i = 0; i < from->nchanges; i++)
        if (from->changes[i].call == call)
            return true;
    return false;
}

/* ------------------------------------------------------------------------------------------------ what is not certain */

static bool is_name(const sqi_disk_change *c)
{
    return c->kind == SQI_CHANGE_SET || c->kind == SQI_CHANGE_DROP || c->kind == SQI_CHANGE_RENAME;
}

/* From the last change back: a node's changes are certain if the next sync that follows them did not fail. */
static void find_durable(sqi_disk_images *it, size_t n)
{
    const sqi_disk_sim *d = it->from;
    bool *synced = sqi_disk_need(calloc(d->now.n, sizeof *synced));
    for (size_t i = n; i-- > 0;) {
        const sqi_disk_change *c = &d->changes[i];
        if (c->kind == SQI_CHANGE_SYNC)
            synced[c->node] = !c->failed;
        bool moved = i + 1 < n && d->changes[i + 1].moved && it->durable[i + 1];
        it->durable[i] = c->kind == SQI_CHANGE_SYNC || synced[c->node] || moved; /* a move never loses the file */
    }
    free(synced);
}

sqi_disk_images sqi_disk_images_begin(const sqi_disk_sim *from, size_t call, size_t most, uint64_t seed)
{
    sqi_disk_images it = {.from = from,
                          .call = call,
                          .most = most,
                          .seed = seed ^ (call * UINT64_C(0x9e3779b97f4a7c15)),
                          .first_seed = seed};
    size_t n = 0;
    while (n < from->nchanges && from->changes[n].call <= call)
        n++;
    it.durable = sqi_disk_need(calloc(n + 1, sizeof *it.durable));
    it.pending = sqi_disk_need(calloc(n + 1, sizeof *it.pending));
    it.choices = sqi_disk_need(calloc(n + 1, sizeof *it.choices));
    it.seen = sqi_disk_need(calloc(most + 1, sizeof *it.seen));
    find_durable(&it, n);
    for (size_t i = 0; i < n; i++)
        if (!it.durable[i])
            it.pending[it.npending++] = i;
    return it;
}

void sqi_disk_images_end(sqi_disk_images *it)
{
    free(it->durable);
    free(it->pending);
    free(it->choices);
    free(it->seen);
    *it = (sqi_disk_images){0};
}

static const sqi_disk_change *pending(const sqi_disk_images *it, size_t i)
{
    return &it->from->changes[it->pending[i]];
}

static bool same_name(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool depends(const sqi_disk_change *later, const sqi_disk_change *earlier)
{
    if (later->moved && earlier == later - 1)
        return true;
    return is_name(later) && is_name(earlier) && later->node == earlier->node &&
           (same_name(later->name, earlier->name) || same_name(later->name, earlier->to) ||
            same_name(later->to, earlier->name) || same_name(later->to, earlier->to));
}

/* What depends on a lost name is lost. */
static void keep_order(sqi_disk_images *it)
{
    for (size_t i = 0; i < it->npending; i++)
        for (size_t k = 0; k < i && it->choices[i].how != LOST; k++)
            if (it->choices[k].how == LOST && depends(pending(it, i), pending(it, k)))
                it->choices[i].how = LOST;
}

/* --------------------------------------------------------------------------------------------------- choosing a fate */

static void choose_all(sqi_disk_images *it, int names, int data)
{
    for (size_t i = 0; i < it->npending; i++) {
        int how = is_name(pending(it, i)) ? names : data;
        it->choices[i] = (sqi_disk_choice){(uint8_t)how, sqi_disk_random(&it->seed)};
    }
}

/* One of TEARS ways to tear a write. False: not in this one. */
static bool tear(sqi_disk_images *it, size_t i, size_t way)
{
    const sqi_disk_change *c = pending(it, i);
    sqi_disk_choice *choice = &it->choices[i];
    if (c->kind != SQI_CHANGE_WRITE)
        return false;
    if (way < 3) {
        const size_t prefix[3] = {1, c->len / 2, c->len - 1};
        *choice = (sqi_disk_choice){PREFIX, prefix[way]};
        return prefix[way] > 0 && prefix[way] < c->len;
    }
    static const uint8_t hows[TEARS - 3] = {ZEROS, GARBAGE, SECTORS, SECTORS};
    *choice = (sqi_disk_choice){hows[way - 3], sqi_disk_random(&it->seed)};
    return choice->how != SECTORS || c->len > 1;
}

static void choose_random(sqi_disk_images *it)
{
    for (size_t i = 0; i < it->npending; i++) {
        uint64_t r = sqi_disk_random(&it->seed);
        it->choices[i] = (sqi_disk_choice){r % 2 ? KEPT : LOST, 0};
        if (r / 2 % 4 == 0 && !tear(it, i, r / 8 % TEARS))
            it->choices[i].how = KEPT;
        if (it->choices[i].how == PREFIX)
            it->choices[i].param = 1 + r / 64 % (pending(it, i)->len - 1);
    }
}

static size_t systematic(const sqi_disk_images *it)
{
    size_t n = it->npending;
    return SUSPECTS + 4 * n + 2 * TEARS * n + (n <= SUBSETS_UP_TO ? (size_t)1 << n : 0);
}

/* The turn-th of the systematic choices. False: it makes no sense here. */
static bool choose(sqi_disk_images *it, size_t turn)
{
    static const uint8_t suspects[SUSPECTS][2] = {/* names, data */
                                                  {LOST, LOST}, {KEPT, KEPT},  {KEPT, LOST},
                                                  {LOST, KEPT}, {KEPT, ZEROS}, {KEPT, GARBAGE}};
    size_t n = it->npending;
    if (turn < SUSPECTS) {
        choose_all(it, suspects[turn][0], suspects[turn][1]);
        return true;
    }
    turn -= SUSPECTS;
    if (turn < 4 * n) {
        size_t which = turn / 4, kind = turn % 4;
        for (size_t i = 0; i < n; i++) {
            const bool kept[4] = {i <= which, i >= which, i == which, i != which};
            it->choices[i] = (sqi_disk_choice){kept[kind] ? KEPT : LOST, 0};
        }
        return true;
    }
    turn -= 4 * n;
    if (turn < 2 * TEARS * n) {
        size_t which = turn / (2 * TEARS), way = turn / 2 % TEARS;
        choose_all(it, KEPT, turn % 2 ? KEPT : LOST);
        return tear(it, which, way);
    }
    turn -= 2 * TEARS * n;
    for (size_t i = 0; i < n; i++)
        it->choices[i] = (sqi_disk_choice){turn >> i & 1 ? KEPT : LOST, 0};
    return true;
}

/* --------------------------------------------------------------------------------------------------------- the images */

static void apply_torn(sqi_disk_node *n, const sqi_disk_change *c, sqi_disk_choice choice)
{
    size_t before = n->len, end = (size_t)c->at + c->len;
    uint64_t seed = choice.param;
    if (choice.how == PREFIX) {
        sqi_disk_node_write(n, c->at, c->bytes, (size_t)choice.param);
        return;
    }
    if (end > before)
        sqi_disk_node_size(n, (int64_t)end);
    for (size_t at = (size_t)c->at; at < end;) { /* what was durable stays as it was or is replaced by whole sectors */
        size_t next = (at / SECTOR + 1) * SECTOR < end ? (at / SECTOR + 1) * SECTOR : end;
        uint64_t r = sqi_disk_random(&seed);
        if (choice.how == SECTORS && r % 2)
            memcpy(n->bytes + at, c->bytes + (at - (size_t)c->at), next - at);
        else if (choice.how == GARBAGE || (choice.how == SECTORS && r / 2 % 2))
            for (size_t i = at > before ? at : before; i < next; i++)
                n->bytes[i] = (char)sqi_disk_random(&seed);
        at = next;
    }
}

static void apply(sqi_disk_tree *t, const sqi_disk_change *c, sqi_disk_choice choice)
{
    sqi_disk_node *n = &t->nodes[c->node];
    if (choice.how == LOST)
        return;
    switch (c->kind) {
    case SQI_CHANGE_WRITE:
        if (choice.how == KEPT)
            sqi_disk_node_write(n, c->at, c->bytes, c->len);
        else
            apply_torn(n, c, choice);
        return;
    case SQI_CHANGE_SIZE:
        sqi_disk_node_size(n, c->at);
        return;
    case SQI_CHANGE_RENAME:
        sqi_disk_node_drop(n, c->name);
        sqi_disk_node_set(n, c->to, c->other);
        return;
    case SQI_CHANGE_SET:
        sqi_disk_node_set(n, c->name, c->other);
        return;
    case SQI_CHANGE_DROP:
        sqi_disk_node_drop(n, c->name);
        return;
    case SQI_CHANGE_SYNC:
        return;
    }
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const sqi_disk_name *)a)->name, ((const sqi_disk_name *)b)->name);
}

static void mix(uint64_t *hash, const void *bytes, size_t len)
{
    *hash = sqi_hash_bytes(bytes, len, *hash);
}

/* What can be reached from `node`, into `to`; adds it to the hash. places[k]: where k stands in `to`, plus 1. */
static size_t copy_reached(const sqi_disk_tree *from, size_t node, sqi_disk_tree *to, size_t *places, uint64_t *hash)
{
    const sqi_disk_node *n = &from->nodes[node];
    if (places[node]) { /* another name of a file */
        mix(hash, &places[node], sizeof places[node]);
        return places[node] - 1;
    }
    size_t at = node == 0 ? 0 : sqi_disk_tree_add(to, n->directory);
    places[node] = at + 1;
    to->nodes[at].modified = n->modified;
    sqi_disk_node_write(&to->nodes[at], 0, n->bytes, n->len);
    mix(hash, &n->len, sizeof n->len);
    mix(hash, n->bytes, n->len);
    if (n->nnames > 0)
        qsort(n->names, n->nnames, sizeof *n->names, compare_names);
    for (size_t i = 0; i < n->nnames; i++) {
        mix(hash, n->names[i].name, strlen(n->names[i].name) + 1);
        size_t child = copy_reached(from, n->names[i].node, to, places, hash);
        sqi_disk_node_set(&to->nodes[at], n->names[i].name, child);
    }
    mix(hash, &n->nnames, sizeof n->nnames);
    return at;
}

static sqi_disk_sim *make_image(const sqi_disk_images *it, uint64_t *hash)
{
    const sqi_disk_sim *d = it->from;
    sqi_disk_tree tree;
    sqi_disk_tree_copy(&d->base, &tree);
    while (tree.n < d->now.n)
        sqi_disk_tree_add(&tree, d->now.nodes[tree.n].directory);
    for (size_t i = 0; i < tree.n; i++)
        tree.nodes[i].modified = d->now.nodes[i].modified;
    for (size_t i = 0, p = 0; i < d->nchanges && d->changes[i].call <= it->call; i++) {
        bool open = p < it->npending && it->pending[p] == i;
        apply(&tree, &d->changes[i], open ? it->choices[p] : (sqi_disk_choice){KEPT, 0});
        p += open;
    }
    sqi_disk_sim *image = sqi_disk_sim_new(it->first_seed);
    size_t *places = sqi_disk_need(calloc(tree.n, sizeof *places));
    *hash = UINT64_C(0xcbf29ce484222325);
    copy_reached(&tree, 0, &image->now, places, hash);
    free(places);
    sqi_disk_tree_free(&tree);
    sqi_disk_sim_settle(image);
    return image;
}

static void describe(sqi_disk_images *it)
{
    static const char *const hows[] = {"lost", "kept", "torn", "sectors", "zeros", "garbage"};
    int len = snprintf(it->text, sizeof it->text, "crash after call %zu (%s), image %zu", it->call,
                       sqi_disk_sim_text(it->from, it->call), it->given);
    for (size_t i = 0; i < it->npending && len < (int)sizeof it->text - 1; i++) {
        const sqi_disk_change *c = pending(it, i);
        len += snprintf(it->text + len, sizeof it->text - (size_t)len, "\n  %s", hows[it->choices[i].how]);
        if (it->choices[i].how == PREFIX && len < (int)sizeof it->text)
            len += snprintf(it->text + len, sizeof it->text - (size_t)len, " after %llu",
                            (unsigned long long)it->choices[i].param);
        if (len < (int)sizeof it->text)
            len += snprintf(it->text + len, sizeof it->text - (size_t)len, ": %zu %s", c->call,
                            sqi_disk_sim_text(it->from, c->call));
    }
}

/* All systematic choices if they are few enough, then others by chance; else the suspects, then a mix of both. */
static bool choose_next(sqi_disk_images *it)
{
    size_t turn = it->turn++, all = systematic(it);
    if (turn < SUSPECTS || (all <= it->most && turn < all))
        return choose(it, turn);
    if (all > it->most && sqi_disk_random(&it->seed) % 2)
        return choose(it, SUSPECTS + sqi_disk_random(&it->seed) % (all - SUSPECTS));
    choose_random(it);
    return true;
}

sqi_disk_sim *sqi_disk_images_next(sqi_disk_images *it)
{
    while (it->given < it->most) {
        if (it->npending == 0 && it->turn > 0)
            return NULL;
        if (it->turn >= SUSPECTS && it->turn >= (systematic(it) <= it->most ? systematic(it) : 0) &&
            it->repeats >= ENOUGH_REPEATS)
            return NULL;
        if (!choose_next(it)) {
            it->repeats++;
            continue;
        }
        keep_order(it);
        uint64_t hash;
        sqi_disk_sim *image = make_image(it, &hash);
        size_t k = 0;
        while (k < it->given && it->seen[k] != hash)
            k++;
        if (k == it->given) {
            it->seen[it->given++] = hash;
            it->repeats = 0;
            describe(it);
            return image;
        }
        sqi_disk_sim_free(image);
        it->repeats++;
    }
    return NULL;
}

const char *sqi_disk_images_text(const sqi_disk_images *it)
{
    return it->text;
}
