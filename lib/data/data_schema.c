/*
 * data_schema: copying schemas and writing them as text: printSchema's tree and DDL.
 */
#include "data_schema.h"

streamq_status sqi_schema_copy(sqi_schema *to, const sqi_schema *from, sqi_arena *arena, streamq_error **err)
{
    *to = (sqi_schema){0};
    if (!from->n)
        return STREAMQ_OK;
    sqi_field *field = sqi_arena_array(arena, from->n, sizeof *field);
    if (!field)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < from->n; i++) {
        field[i] = from->field[i];
        field[i].name.ptr = sqi_arena_text(arena, from->field[i].name.ptr, from->field[i].name.len);
        if (!field[i].name.ptr)
            return sqi_error_nomem(err);
    }
    *to = (sqi_schema){from->n, field};
    return STREAMQ_OK;
}

/* printSchema has its own names for the integers; everything else prints as elsewhere, without what is inside. */
static void tree_type(sqi_buf *to, const sqi_type *t)
{
    switch (t->id) {
    case SQI_TINYINT:
        sqi_buf_text(to, "byte");
        break;
    case SQI_SMALLINT:
        sqi_buf_text(to, "short");
        break;
    case SQI_INT:
        sqi_buf_text(to, "integer");
        break;
    case SQI_BIGINT:
        sqi_buf_text(to, "long");
        break;
    case SQI_ARRAY:
        sqi_buf_text(to, "array");
        break;
    case SQI_MAP:
        sqi_buf_text(to, "map");
        break;
    case SQI_STRUCT:
        sqi_buf_text(to, "struct");
        break;
    default:
        sqi_type_print(to, t);
    }
}

/* A name may not break the tree: the characters with a C escape are written with it. */
static void tree_name(sqi_buf *to, sqi_span name)
{
    static const char from[] = "\n\r\t\f\b\v\a", escape[] = "nrtfbva";
    for (size_t i = 0; i < name.len; i++) {
        const char *hit = name.ptr[i] ? strchr(from, name.ptr[i]) : NULL;
        if (hit) {
            sqi_buf_byte(to, '\\');
            sqi_buf_byte(to, escape[hit - from]);
        } else {
            sqi_buf_byte(to, name.ptr[i]);
        }
    }
}

static void tree_line(sqi_buf *to, sqi_span name, const sqi_type *t, const char *mark, bool null, unsigned depth)
{
    for (unsigned i = 0; i <= depth; i++)
        sqi_buf_text(to, i ? "    |" : " |");
    sqi_buf_text(to, "-- ");
    tree_name(to, name);
    sqi_buf_text(to, ": ");
    tree_type(to, t);
    if (mark)
        sqi_buf_printf(to, " (%s = %s)", mark, null ? "true" : "false");
    sqi_buf_byte(to, '\n');
    for (uint32_t i = 0; i < t->nfield; i++) {
        const sqi_field *f = &t->field[i];
        const char *inner = t->id == SQI_STRUCT  ? "nullable"
                            : t->id == SQI_ARRAY ? "containsNull"
                            : i == 1             ? "valueContainsNull"
                                                 : NULL;
        tree_line(to, f->name, f->type, inner, f->nullable, depth + 1);
    }
}

bool sqi_schema_print(sqi_buf *to, const sqi_schema *s)
{
    sqi_buf_text(to, "root\n");
    for (uint32_t i = 0; i < s->n; i++)
        tree_line(to, s->field[i].name, s->field[i].type, "nullable", s->field[i].nullable, 0);
    return !to->failed;
}

bool sqi_schema_print_ddl(sqi_buf *to, const sqi_schema *s)
{
    for (uint32_t i = 0; i < s->n; i++) {
        if (i)
            sqi_buf_text(to, ", ");
        sqi_type_print_name(to, s->field[i].name);
        sqi_buf_byte(to, ' ');
        sqi_type_print_sql(to, s->field[i].type);
        if (!s->field[i].nullable)
            sqi_buf_text(to, " NOT NULL");
    }
    return !to->failed;
}
