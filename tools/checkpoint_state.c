/*
 * checkpoint_state: the rows of an operator's state, as a table or a line of JSON each.
 */
#include "checkpoint_look.h"

#include "io_format.h"
#include "io_table.h"

#include <stdio.h>

typedef struct printing {
    sqi_io_table table;
    sqi_encoder *json; /* NULL: the table */
    sqi_buf text;
} printing;

static streamq_status take_chunk(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    printing *p = context;
    if (!p->json)
        return sqi_io_table_add(&p->table, chunk, err);
    sqi_buf_clear(&p->text);
    SQI_TRY(p->json->type->encode(p->json, chunk, &p->text, err));
    fwrite(p->text.ptr, 1, p->text.len, stdout); /* JSON escapes control characters */
    return STREAMQ_OK;
}

static streamq_status begin_json(look *l, const sqi_schema *schema, const sqi_io_env *env, const sqi_options *none,
                                 sqi_encoder **out, streamq_error **err)
{
    const sqi_format_type *type = sqi_format_find(SQI_SPAN("json"));
    (void)l;
    if (!type)
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_FEATURE, "this build has no JSON");
    return sqi_encoder_new(out, type, env, none, schema, err);
}

static streamq_status print_rows(look *l, uint32_t operator_number, int64_t batch, printing *p, bool json,
                                 streamq_error **err)
{
    sqi_schema schema;
    const sqi_state_place place = look_place(l);
    const sqi_io_env env = {.alloc = &l->alloc,
                            .os = l->os,
                            .zone = sqi_zone_utc(),
                            .pool = l->pool,
                            .zones = l->zones,
                            .chunk_rows = SQI_CHUNK_ROWS};
    const sqi_options none = {&l->arena, NULL};
    SQI_TRY(sqi_state_read_schema(&place, operator_number, false, &l->arena, &schema, err));
    if (json)
        SQI_TRY(begin_json(l, &schema, &env, &none, &p->json, err));
    sqi_io_table_init(&p->table, &l->alloc, &schema, sqi_zone_utc(), INT64_MAX, 0);
    streamq_status status = sqi_state_read_rows(&place, operator_number, batch, &schema, take_chunk, p, err);
    sqi_buf_clear(&p->text);
    if (status == STREAMQ_OK && !json)
        status = sqi_io_table_print(&p->table, &p->text, err);
    sqi_encoder_free(p->json);
    sqi_io_table_fini(&p->table);
    return status;
}

void show_state(look *l, uint32_t operator_number, int64_t batch, bool json)
{
    printing p = {0};
    streamq_error *why = NULL;
    sqi_buf_init(&p.text, &l->alloc, SIZE_MAX / 2);
    if (print_rows(l, operator_number, batch, &p, json, &why) != STREAMQ_OK) {
        complain(why);
        l->bad = true;
    } else if (!json)
        say_lines(sqi_buf_view(&p.text));
    sqi_buf_fini(&p.text);
}
