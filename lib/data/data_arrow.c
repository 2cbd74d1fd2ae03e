/*
 * data_arrow: a producer's struct array as a batch: columns are matched, imported, widened, cut into chunks, and the
 * array is kept with them.
 *
 * A column is found by its name, as Spark compares names; one without a name stands for the column at its place. Each
 * column wanted is given exactly once and nothing else is given: data is never dropped silently.
 */
#include "data_arrow.h"
#include "data_arrow_layout.h"
#include "data_bits.h"

static const sqi_arrow_layout *columns_of(const sqi_arrow_layout *root, uint32_t *n)
{
    bool table = root->kind == SQI_ARROW_STRUCT;
    *n = table ? root->nchild : 1;
    return table ? root->child : root;
}

streamq_status sqi_arrow_import_schema(const struct ArrowSchema *schema, sqi_type_pool *pool, sqi_arena *arena,
                                       sqi_schema *out, streamq_error **err)
{
    sqi_arrow_layout root;
    SQI_TRY(sqi_arrow_layout_read(schema, pool, arena, &root, err));
    const sqi_arrow_layout *column = columns_of(&root, &out->n);
    out->field = sqi_arena_array(arena, out->n ? out->n : 1, sizeof *out->field);
    if (!out->field)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < out->n; i++)
        out->field[i] = (sqi_field){column[i].name, column[i].type, column[i].nullable};
    return STREAMQ_OK;
}

/* One import of rows. */
typedef struct rows_in {
    const sqi_schema *want;
    const sqi_arrow_layout *column;
    uint32_t ncolumn;
    uint32_t *source; /* column of the array for each column wanted */
    const struct ArrowArray *array;
    bool table; /* a struct array; else a single column */
    uint32_t n;
    streamq_error **err;
} rows_in;

static streamq_status no_column(const rows_in *x, sqi_span name, const char *what)
{
    return sqi_error_set(x->err, SQI_COND_COLUMN_NOT_FOUND, "column '%.*s' %s; give each column once, by its name",
                         (int)name.len, name.ptr, what);
}

static bool is_for(const rows_in *x, uint32_t c, uint32_t i)
{
    sqi_span name = x->column[c].name;
    return name.len ? sqi_name_equal(name, x->want->field[i].name) : c == i;
}

static streamq_status match(rows_in *x)
{
    char have[128], need[128];
    for (uint32_t c = 0; c < x->ncolumn; c++) {
        uint32_t hits = 0;
        for (uint32_t i = 0; i < x->want->n; i++)
            hits += is_for(x, c, i);
        if (!hits)
            return no_column(x, x->column[c].name, "of the Arrow data is not among the columns declared");
    }
    for (uint32_t i = 0; i < x->want->n; i++) {
        uint32_t hits = 0;
        for (uint32_t c = 0; c < x->ncolumn; c++) {
            if (!is_for(x, c, i))
                continue;
            x->source[i] = c;
            hits++;
        }
        if (hits != 1)
            return no_column(x, x->want->field[i].name,
                             hits ? "is in the Arrow data more than once" : "is not in the Arrow data");
        const sqi_type *from = x->column[x->source[i]].type, *to = x->want->field[i].type;
        if (!sqi_arrow_widen_can(from, to))
            return sqi_error_set(x->err, SQI_COND_INCOMPATIBLE_COLUMN_TYPE,
                                 "column '%.*s' arrives as %s and is declared as %s; cast it before handing it over",
                                 (int)x->want->field[i].name.len, x->want->field[i].name.ptr,
                                 sqi_type_label(from, have), sqi_type_label(to, need));
    }
    return STREAMQ_OK;
}

/* What the array itself must be before its children are looked at. */
static streamq_status check_root(rows_in *x)
{
    const struct ArrowArray *a = x->array;
    const char *why = NULL;
    if (!a->release)
        why = "it has been released";
    else if (a->length < 0 || a->offset < 0 || a->offset > INT64_MAX / 2 || a->length >= UINT32_MAX)
        why = "its length or offset is negative or too large";
    else if (x->table && (a->n_children != x->ncolumn || (a->n_children && !a->children)))
        why = "it has not the children of its schema";
    else if (x->table && a->null_count != 0 && a->n_buffers == 1 && a->buffers && a->buffers[0] && a->length) {
        const uint8_t *bits = a->buffers[0];
        for (int64_t i = a->offset; i < a->offset + a->length && !why; i++)
            why = bits[i / 8] >> i % 8 & 1 ? NULL : "a row is null; only its columns may be";
    }
    x->n = why ? 0 : (uint32_t)a->length;
    return why ? sqi_error_set(x->err, SQI_COND_INVALID_ARGUMENT, "the Arrow array is malformed: %s", why) : STREAMQ_OK;
}

static streamq_status import_column(const rows_in *x, uint32_t i, sqi_arena *arena, sqi_vec *out)
{
    const sqi_field *field = &x->want->field[i];
    const sqi_arrow_layout *layout = &x->column[x->source[i]];
    const struct ArrowArray *array = x->table ? x->array->children[x->source[i]] : x->array;
    SQI_TRY(sqi_arrow_import_column(layout, array, x->table ? x->array->offset : 0, x->n, arena, out, x->err));
    if (!field->nullable && out->valid && sqi_bits_count(out->valid, x->n) < x->n)
        return sqi_error_set(x->err, SQI_COND_INVALID_ARGUMENT, "column '%.*s' is declared NOT NULL and has nulls",
                             (int)field->name.len, field->name.ptr);
    return sqi_arrow_widen(out, x->n, field->type, arena, x->err);
}

static streamq_status fill(const rows_in *x, sqi_batch *b)
{
    sqi_chunk all = {.n = x->n, .ncol = x->want->n, .rows = {NULL, x->n}}, some;
    all.col = sqi_arena_array(&b->arena, x->want->n ? x->want->n : 1, sizeof *all.col);
    if (!all.col)
        return sqi_error_nomem(x->err);
    for (uint32_t i = 0; i < x->want->n; i++)
        SQI_TRY(import_column(x, i, &b->arena, &all.col[i]));
    for (uint32_t at = 0; at < x->n; at += some.rows.n) {
        uint32_t n = x->n - at < SQI_CHUNK_ROWS_MAX ? x->n - at : SQI_CHUNK_ROWS_MAX;
        SQI_TRY(sqi_chunk_slice(&some, &all, at, n, &b->arena, x->err));
        SQI_TRY(sqi_batch_append_shared(b, &some, x->err));
    }
    return STREAMQ_OK;
}

static void release_array(void *thing)
{
    struct ArrowArray *array = thing;
    array->release(array);
}

static streamq_status import(rows_in *x, sqi_type_pool *pool, sqi_arena *scratch, const struct ArrowSchema *schema,
                             sqi_batch *b)
{
    sqi_arrow_layout root;
    SQI_TRY(sqi_arrow_layout_read(schema, pool, scratch, &root, x->err));
    x->table = root.kind == SQI_ARROW_STRUCT;
    x->column = columns_of(&root, &x->ncolumn);
    x->source = sqi_arena_array(scratch, x->want->n ? x->want->n : 1, sizeof *x->source);
    if (!x->source)
        return sqi_error_nomem(x->err);
    SQI_TRY(match(x));
    SQI_TRY(check_root(x));
    return fill(x, b);
}

/* The batch holds the array from here on, by a copy of its struct; without memory the array is released. */
static streamq_status move_in(sqi_batch *b, struct ArrowArray *array, streamq_error **err)
{
    struct ArrowArray *own = sqi_arena_get(&b->arena, sizeof *own);
    if (!own)
        return sqi_error_nomem(err);
    *own = *array;
    array->release = NULL;
    return sqi_batch_keep(b, release_array, own, err);
}

streamq_status sqi_arrow_import_batch(sqi_alloc *alloc, sqi_type_pool *pool, const sqi_schema *want,
                                      struct ArrowArray *array, const struct ArrowSchema *schema, sqi_batch **out,
                                      streamq_error **err)
{
    *out = NULL;
    sqi_batch *b = sqi_batch_new(alloc, want, err);
    if (!b)
        return STREAMQ_ERR_NOMEM;
    sqi_arena scratch;
    sqi_arena_init(&scratch, alloc);
    rows_in x = {.want = &b->schema, .array = array, .err = err};
    streamq_status status = import(&x, pool, &scratch, schema, b);
    sqi_arena_fini(&scratch);
    if (status == STREAMQ_OK)
        status = move_in(b, array, err);
    if (status == STREAMQ_OK)
        *out = b;
    else
        sqi_batch_unref(b);
    return status;
}
