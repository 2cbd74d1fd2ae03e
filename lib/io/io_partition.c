/*
 * io_partition: see the header.
 */
#include "io_partition.h"

#include "data_text.h"

bool sqi_partition_escape(sqi_buf *to, sqi_span text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool odd = c < 0x20 || c == 0x7F || strchr("\"#%'*/:=?[\\]^{", c) != NULL;
        char escape[3] = {'%', hex[c >> 4], hex[c & 15]};
        sqi_buf_put(to, odd ? escape : text.ptr + i, odd ? 3 : 1);
    }
    return !to->failed;
}

static bool makes_name(const sqi_type *t)
{
    return !sqi_type_is_nested(t) && t->id != SQI_VOID && t->id != SQI_INTERVAL;
}

static streamq_status find(const sqi_schema *schema, sqi_span name, uint32_t *column, streamq_error **err)
{
    int shown = name.len < 200 ? (int)name.len : 200;
    for (uint32_t i = 0; i < schema->n; i++) {
        char label[128];
        if (!sqi_name_equal(schema->field[i].name, name))
            continue;
        if (!makes_name(schema->field[i].type))
            return sqi_error_set(err, SQI_COND_INVALID_PARTITION_COLUMN_DATA_TYPE,
                                 "the column '%.*s' has the type %s, which cannot be a partition column's", shown,
                                 name.ptr, sqi_type_label(schema->field[i].type, label));
        *column = i;
        return STREAMQ_OK;
    }
    streamq_status status =
        sqi_error_set(err, SQI_COND_COLUMN_NOT_FOUND, "there is no column '%.*s' to partition by", shown, name.ptr);
    sqi_span names[16];
    size_t n = 0;
    for (; n < 16 && n < schema->n; n++)
        names[n] = schema->field[n].name;
    if (err)
        sqi_error_candidates(*err, names, n);
    return status;
}

static bool holds(const uint32_t *column, uint32_t n, uint32_t wanted)
{
    for (uint32_t i = 0; i < n; i++)
        if (column[i] == wanted)
            return true;
    return false;
}

streamq_status sqi_partition_make(sqi_partition *p, const sqi_schema *schema, const sqi_span *names, uint32_t n,
                                  sqi_arena *arena, streamq_error **err)
{
    uint32_t *column = sqi_arena_array(arena, n + 1, sizeof *column);
    const sqi_type **type = sqi_arena_array(arena, n + 1, sizeof *type);
    uint32_t *rest = sqi_arena_array(arena, schema->n + 1, sizeof *rest);
    sqi_field *field = sqi_arena_array(arena, schema->n + 1, sizeof *field);
    if (!column || !type || !rest || !field)
        return sqi_error_nomem(err);
    *p = (sqi_partition){.name = names, .column = column, .type = type, .n = n, .rest = rest, .schema = {0, field}};
    for (uint32_t i = 0; i < n; i++) {
        SQI_TRY(find(schema, names[i], &column[i], err));
        type[i] = schema->field[column[i]].type;
        if (holds(column, i, column[i]))
            return sqi_error_set(err, SQI_COND_COLUMN_ALREADY_EXISTS, "the column '%.*s' stands twice in partition_by",
                                 (int)(names[i].len < 200 ? names[i].len : 200), names[i].ptr);
    }
    if (n && n == schema->n)
        return sqi_error_set(err, SQI_COND_ALL_PARTITION_COLUMNS_NOT_ALLOWED,
                             "all columns are partition columns; leave out at least one, for the files");
    for (uint32_t i = 0; i < schema->n; i++)
        if (!holds(column, n, i)) {
            rest[p->nrest] = i;
            field[p->nrest++] = schema->field[i];
        }
    p->schema.n = p->nrest;
    return STREAMQ_OK;
}

bool sqi_partition_path(const sqi_partition *p, const sqi_vec *columns, uint32_t i, const sqi_zone *zone, sqi_buf *to)
{
    sqi_buf text;
    sqi_buf_init(&text, to->alloc, 0);
    for (uint32_t k = 0; k < p->n; k++) {
        const sqi_vec *v = &columns[p->column[k]];
        if (k)
            sqi_buf_byte(to, '/');
        sqi_partition_escape(to, p->name[k]);
        sqi_buf_byte(to, '=');
        sqi_buf_clear(&text);
        if (sqi_vec_valid(v, i) && !sqi_text_value(&text, v, i, zone, SQI_TEXT_CAST))
            to->failed = true;
        if (text.len)
            sqi_partition_escape(to, sqi_buf_view(&text));
        else
            sqi_buf_text(to, SQI_PARTITION_NULL);
    }
    sqi_buf_fini(&text);
    return !to->failed;
}
