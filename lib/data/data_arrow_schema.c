/*
 * data_arrow_schema: types as ArrowSchema. Field names become NUL-terminated, so a NUL inside a name ends it there.
 */
#include "data_arrow_keep.h"
#include "data_arrow_layout.h"

typedef struct writer {
    sqi_arrow_keep *keep;
    bool large;
    streamq_error **err;
} writer;

static const char *format_of(const writer *w, const sqi_type *t)
{
    static const char *const fixed[SQI_TYPE_IDS_] = {
        [SQI_VOID] = "n",
        [SQI_BOOLEAN] = "b",
        [SQI_TINYINT] = "c",
        [SQI_SMALLINT] = "s",
        [SQI_INT] = "i",
        [SQI_BIGINT] = "l",
        [SQI_FLOAT] = "f",
        [SQI_DOUBLE] = "g",
        [SQI_STRING] = "u",
        [SQI_BINARY] = "z",
        [SQI_DATE] = "tdD",
        [SQI_TIMESTAMP] = "tsu:UTC",
        [SQI_TIMESTAMP_NTZ] = "tsu:",
        [SQI_INTERVAL_YM] = "tiM",
        [SQI_INTERVAL_DT] = "tDu",
        [SQI_INTERVAL] = "tin",
        [SQI_ARRAY] = "+l",
        [SQI_MAP] = "+m",
        [SQI_STRUCT] = "+s",
    };
    if (t->id == SQI_DECIMAL)
        return sqi_arena_printf(&w->keep->arena, "d:%u,%u", t->precision, t->scale);
    if (w->large && t->id == SQI_STRING)
        return "U";
    if (w->large && t->id == SQI_BINARY)
        return "Z";
    if (w->large && t->id == SQI_ARRAY)
        return "+L";
    return fixed[t->id];
}

static streamq_status write_node(const writer *w, sqi_span name, const sqi_type *t, bool nullable,
                                 struct ArrowSchema *out);

static streamq_status make_children(const writer *w, uint32_t n, struct ArrowSchema *out)
{
    struct ArrowSchema *child = sqi_arena_array(&w->keep->arena, n ? n : 1, sizeof *child);
    out->children = sqi_arena_array(&w->keep->arena, n ? n : 1, sizeof *out->children);
    if (!child || !out->children)
        return sqi_error_nomem(w->err);
    for (uint32_t i = 0; i < n; i++)
        out->children[i] = &child[i];
    out->n_children = n;
    return STREAMQ_OK;
}

static streamq_status write_fields(const writer *w, const sqi_field *field, uint32_t n, struct ArrowSchema *out)
{
    SQI_TRY(make_children(w, n, out));
    for (uint32_t i = 0; i < n; i++)
        SQI_TRY(write_node(w, field[i].name, field[i].type, field[i].nullable, out->children[i]));
    return STREAMQ_OK;
}

/* A map's only child is a struct of key and value. */
static streamq_status write_entries(const writer *w, const sqi_type *t, struct ArrowSchema *out)
{
    SQI_TRY(make_children(w, 1, out));
    struct ArrowSchema *entries = out->children[0];
    entries->format = "+s";
    entries->name = "entries";
    SQI_TRY(write_fields(w, t->field, 2, entries));
    sqi_arrow_keep_schema(w->keep, entries);
    return STREAMQ_OK;
}

static streamq_status write_node(const writer *w, sqi_span name, const sqi_type *t, bool nullable,
                                 struct ArrowSchema *out)
{
    *out = (struct ArrowSchema){.flags = nullable ? ARROW_FLAG_NULLABLE : 0};
    out->format = format_of(w, t);
    out->name = sqi_arena_text(&w->keep->arena, name.ptr, name.len);
    if (!out->format || !out->name)
        return sqi_error_nomem(w->err);
    if (t->id == SQI_MAP)
        SQI_TRY(write_entries(w, t, out));
    else if (t->nfield)
        SQI_TRY(write_fields(w, t->field, t->nfield, out));
    sqi_arrow_keep_schema(w->keep, out);
    return STREAMQ_OK;
}

streamq_status sqi_arrow_export_schema_as(const sqi_schema *s, bool large, struct ArrowSchema *out, streamq_error **err)
{
    sqi_alloc heap; /* a schema belongs to no session */
    sqi_alloc_init(&heap);
    writer w = {sqi_arrow_keep_new(&heap), large, err};
    if (!w.keep)
        return sqi_error_nomem(err);
    struct ArrowSchema root = {.format = "+s", .name = ""};
    streamq_status status = write_fields(&w, s->field, s->n, &root);
    if (status != STREAMQ_OK) {
        sqi_arrow_keep_drop(w.keep);
        return status;
    }
    sqi_arrow_keep_schema(w.keep, &root);
    *out = root;
    return STREAMQ_OK;
}

streamq_status sqi_arrow_export_schema(const sqi_schema *s, struct ArrowSchema *schema, streamq_error **err)
{
    return sqi_arrow_export_schema_as(s, false, schema, err);
}
