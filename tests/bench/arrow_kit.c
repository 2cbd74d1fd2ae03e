#include "arrow_kit.h"

#include "bench_kit.h"
#include "query_kit.h"

#include <stdlib.h>

/* One block for a batch's structs: the parent's release frees it, the children have nothing of their own. */
typedef struct lent_schema {
    struct ArrowSchema child[ARROW_KIT_COLUMNS], *list[ARROW_KIT_COLUMNS];
} lent_schema;

typedef struct lent_array {
    struct ArrowArray child[ARROW_KIT_COLUMNS], *list[ARROW_KIT_COLUMNS];
    const void *buffer[ARROW_KIT_COLUMNS][2], *none;
} lent_array;

static void release_schema(struct ArrowSchema *s)
{
    for (int64_t i = 0; i < s->n_children; i++)
        if (s->children[i]->release)
            s->children[i]->release(s->children[i]);
    free(s->private_data);
    s->release = NULL;
}

static void release_array(struct ArrowArray *a)
{
    for (int64_t i = 0; i < a->n_children; i++)
        if (a->children[i]->release)
            a->children[i]->release(a->children[i]);
    free(a->private_data);
    a->release = NULL;
}

void arrow_kit_push(streamq_feed *feed, const arrow_kit_column *columns, size_t n, int64_t first, int64_t rows)
{
    lent_schema *s = bench_must(calloc(1, sizeof *s));
    lent_array *a = bench_must(calloc(1, sizeof *a));
    for (size_t i = 0; i < n; i++) {
        s->child[i] =
            (struct ArrowSchema){.format = columns[i].format, .name = columns[i].name, .release = release_schema};
        a->buffer[i][1] = columns[i].values;
        a->child[i] = (struct ArrowArray){
            .length = rows, .offset = first, .n_buffers = 2, .buffers = a->buffer[i], .release = release_array};
        s->list[i] = &s->child[i];
        a->list[i] = &a->child[i];
    }
    struct ArrowSchema schema = {.format = "+s",
                                 .name = "",
                                 .n_children = (int64_t)n,
                                 .children = s->list,
                                 .release = release_schema,
                                 .private_data = s};
    struct ArrowArray array = {.length = rows,
                               .n_buffers = 1,
                               .n_children = (int64_t)n,
                               .buffers = &a->none,
                               .children = a->list,
                               .release = release_array,
                               .private_data = a};
    streamq_error *error = NULL;
    streamq_feed_push_arrow(feed, &array, &schema, &error);
    query_kit_check(error);
}
