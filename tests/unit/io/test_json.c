/*
 * test_json: the parts of the format json (json_*.c): texts that are JSON and texts that are not, memory that is refused,
 * records too large for a chunk, and what the rows of a decoder point to. What Spark answers is in test_format_json.
 */
#include "io_format.h"
#include "io_rig.h"
#include "json_case.h"
#include "json_column.h"
#include "json_fast.h"
#include "json_read.h"
#include "json_shape.h"
#include "test_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static rig r;

static void begin(void)
{
    rig_begin(&r);
    r.env.zones = sqi_zones_new(&r.heap.alloc);
    r.env.pool = sqi_type_pool_new(&r.heap.alloc);
}

static void end(void)
{
    sqi_zones_free(r.env.zones);
    sqi_type_pool_free(r.env.pool);
    rig_end(&r);
}

static streamq_status keep(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    rig *to = context;
    (void)err;
    to->chunks++;
    to->most_rows = chunk->n > to->most_rows ? chunk->n : to->most_rows;
    for (uint32_t i = 0; i < chunk->n; ++i) {
        for (uint32_t c = 0; c < chunk->ncol; ++c) {
            const sqi_vec *v = &chunk->col[c];
            sqi_buf_text(&to->rows, c ? "|" : "");
            if (!sqi_vec_valid(v, i))
                sqi_buf_text(&to->rows, "NULL");
            else if (v->type->id == SQI_STRING)
                sqi_buf_span(&to->rows, sqi_str_span(&SQI_AT(v, sqi_str, i)));
            else
                sqi_buf_printf(&to->rows, "%d", SQI_AT(v, int32_t, i));
        }
        sqi_buf_byte(&to->rows, '\n');
    }
    return STREAMQ_OK;
}

static streamq_status decode(sqi_span text, streamq_error **err)
{
    sqi_decoder *d;
    size_t used;
    SQI_TRY(sqi_decoder_new(&d, &sqi_format_json, &r.env, &r.options, &r.schema, err));
    d->file = SQI_SPAN("a file");
    streamq_status status = d->type->begin(d, err);
    if (status == STREAMQ_OK)
        status = d->type->take(d, text.ptr, text.len, true, &used, keep, &r, err);
    sqi_decoder_free(d);
    return status;
}

static void expect(const char *text, const char *rows)
{
    sqi_buf_clear(&r.rows);
    ck_assert_int_eq(decode(sqi_span_of(text), &r.err), STREAMQ_OK);
    ck_assert(sqi_buf_byte(&r.rows, '\0'));
    ck_assert_str_eq(r.rows.ptr, rows);
}

static void columns(void)
{
    rig_columns(&r, (const char *[]){"a", "s", "_corrupt_record"},
                (const sqi_type *const[]){&sqi_type_int, &sqi_type_string, &sqi_type_string}, 3);
}

/* ---------------------------------------------------------------------------------------------------------- texts */

static bool strict(sqi_span text)
{
    sqi_json j;
    sqi_json_open(&j, text);
    while (sqi_json_next(&j) > SQI_JSON_DONE)
        ;
    return j.token == SQI_JSON_DONE;
}

/* Is it a value of a field, as Spark reads records? */
static bool lenient(sqi_span text)
{
    sqi_buf b;
    sqi_buf_init(&b, &r.heap.alloc, 0);
    sqi_buf_text(&b, "{\"s\":");
    sqi_buf_span(&b, text);
    sqi_buf_byte(&b, '}');
    sqi_buf_clear(&r.rows);
    ck_assert_int_eq(decode(sqi_buf_view(&b), &r.err), STREAMQ_OK);
    sqi_buf_fini(&b);
    ck_assert_uint_ge(r.rows.len, 6);
    return memcmp(r.rows.ptr + r.rows.len - 6, "|NULL\n", 6) == 0;
}

START_TEST(texts_are_taken_or_refused_by_both_readers)
{
    static char line[1 << 16];
    int count = 0;
    begin();
    columns();
    rig_option(&r, "lineSep", "|end|");
    FILE *f = fopen("tests/cases/json/suite.txt", "r");
    ck_assert_ptr_nonnull(f);
    sqi_buf text;
    sqi_buf_init(&text, &r.heap.alloc, 0);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line == '#')
            continue;
        sqi_buf_clear(&text);
        json_case_unescape(line + 4, &text);
        bool ok = strict(sqi_buf_view(&text));
        ck_assert_msg(line[0] == 'i' || ok == (line[0] == 'y'), "strict: %s", line);
        ck_assert_msg(lenient(sqi_buf_view(&text)) == (line[2] == '+'), "lenient: %s", line);
        ++count;
    }
    fclose(f);
    ck_assert_int_gt(count, 250);
    sqi_buf_fini(&text);
    end();
}
END_TEST

START_TEST(what_the_quick_way_leaves_reads_the_same)
{
    begin();
    columns();
    expect("{\"a\":1,\"s\":\"x\"}\n{\"a\":2,\"s\":\"a\\nb\"}\n{'a':3}\n{\"a\":4}\n",
           "1|x|NULL\n2|a\nb|NULL\n3|NULL|NULL\n4|NULL|NULL\n");
    expect("{\"a\":1}\n{\"s\":{\"a\":[1,{\"b\":\"}\"}]},\"a\":2}", "1|NULL|NULL\n2|{\"a\":[1,{\"b\":\"}\"}]}|NULL\n");
    expect("{\"a\":1e2}\n{\"a\":5}\n", "NULL|NULL|{\"a\":1e2}\n5|NULL|NULL\n");
    end();
}
END_TEST

/* ----------------------------------------------------------------------------------------------------------- chunks */

START_TEST(an_array_larger_than_a_chunk_is_as_many_chunks)
{
    begin();
    columns();
    r.env.chunk_rows = 8;
    sqi_buf b, want;
    sqi_buf_init(&b, &r.heap.alloc, 0);
    sqi_buf_init(&want, &r.heap.alloc, 0);
    for (int broken = 0; broken < 2; ++broken) {
        sqi_buf_clear(&b);
        sqi_buf_clear(&want);
        sqi_buf_text(&b, "{\"a\":-1}\n[");
        sqi_buf_text(&want, "-1|NULL|NULL\n");
        for (int i = 0; i < 50; ++i) {
            sqi_buf_printf(&b, "%s{\"a\":%d}", i ? "," : "", i);
            if (!broken)
                sqi_buf_printf(&want, "%d|NULL|NULL\n", i);
        }
        sqi_buf_text(&b, broken ? ",]\n{\"a\":-2}\n" : "]\n{\"a\":-2}\n");
        if (broken)
            sqi_buf_printf(&want, "NULL|NULL|%.*s\n", (int)(b.len - 9 - 10), b.ptr + 9);
        sqi_buf_text(&want, "-2|NULL|NULL\n");
        sqi_buf_byte(&b, '\0');
        sqi_buf_byte(&want, '\0');
        r.most_rows = 0;
        expect(b.ptr, want.ptr);
        ck_assert_uint_le(r.most_rows, 8);
    }
    sqi_buf_fini(&b);
    sqi_buf_fini(&want);
    end();
}
END_TEST

START_TEST(a_file_that_fails_is_named_with_its_record)
{
    begin();
    columns();
    rig_option(&r, "mode", "FAILFAST");
    ck_assert_int_ne(decode(SQI_SPAN("{\"a\":1}\n{\"a\":tru}\n"), &r.err), STREAMQ_OK);
    rig_refused(&r, STREAMQ_ERR_DATA, SQI_COND_MALFORMED_RECORD_IN_PARSING__WITHOUT_SUGGESTION,
                "a file: a record cannot be read: a word that is no value; it begins {\"a\":tru}");
    ck_assert_int_ne(decode(SQI_SPAN("{\"a\":\"x\"}\n"), &r.err), STREAMQ_OK);
    rig_refused(&r, STREAMQ_ERR_DATA, SQI_COND_MALFORMED_RECORD_IN_PARSING__WITHOUT_SUGGESTION,
                "a value that does not fit the type of its column");
    end();
}
END_TEST

START_TEST(a_mode_that_there_is_not_is_warned_of)
{
    begin();
    columns();
    rig_option(&r, "mode", "NOSUCH");
    expect("{\"a\":\"x\"}\n", "NULL|NULL|{\"a\":\"x\"}\n");
    ck_assert(sqi_buf_byte(&r.log, '\0'));
    ck_assert_ptr_nonnull(strstr(r.log.ptr, "there is no mode 'NOSUCH'"));
    end();
}
END_TEST

/* ----------------------------------------------------------------------------------------------------------- memory */

static const char rows_text[] =
    "{\"a\":1,\"s\":\"x\\u00e4\",\"v\":[1,2,3],\"m\":{\"k\":{\"x\":1}}}\n"
    "{\"a\":\"q\",\"s\":{ \"x\": 1 },\"v\":[1,\"x\"],\"l\":\"AQID\"}\n"
    "[{\"a\":1},{\"a\":2,\"v\":[4,5,6]},{\"a\":3}]\n{\"a\"\n{\"t\":\"2024-01-01\",\"l\":\"AQ==\"}\n";

static streamq_status drop(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    (void)context;
    (void)chunk;
    (void)err;
    return STREAMQ_OK;
}

static streamq_status read_all(sqi_alloc *alloc, void *context, streamq_error **err)
{
    const char *encoding = context;
    sqi_os_sim sim;
    sqi_arena arena;
    sqi_decoder *d = NULL;
    sqi_schema schema;
    size_t used;
    sqi_os_sim_init(&sim, 0, 1);
    sqi_arena_init(&arena, alloc);
    sqi_options options = {.arena = &arena};
    sqi_io_env env = {.alloc = alloc, .os = &sim.os, .zone = sqi_zone_utc(), .chunk_rows = 2};
    env.zones = sqi_zones_new(alloc);
    env.pool = env.zones ? sqi_type_pool_new(alloc) : NULL;
    streamq_status status = env.pool ? STREAMQ_OK : sqi_error_nomem(err);
    sqi_inference *f = NULL;
    if (status == STREAMQ_OK && encoding)
        status = sqi_options_set(&options, SQI_SPAN("encoding"), sqi_span_of(encoding), err);
    if (status == STREAMQ_OK)
        status = sqi_inference_new(&f, &sqi_format_json, &env, &options, err);
    if (status == STREAMQ_OK)
        status = f->type->infer_take(f, rows_text, sizeof rows_text - 1, true, &used, err);
    if (status == STREAMQ_OK)
        status = f->type->infer_schema(f, &arena, &schema, err);
    sqi_inference_free(f);
    for (uint32_t i = 0; status == STREAMQ_OK && i < schema.n; ++i)
        if (sqi_span_equal(schema.field[i].name, SQI_SPAN("l")))
            schema.field[i].type = &sqi_type_binary;
    if (status == STREAMQ_OK)
        status = sqi_decoder_new(&d, &sqi_format_json, &env, &options, &schema, err);
    if (status == STREAMQ_OK)
        status = d->type->take(d, rows_text, sizeof rows_text - 1, true, &used, drop, NULL, err);
    sqi_decoder_free(d);
    sqi_arena_fini(&arena);
    if (env.pool)
        sqi_type_pool_free(env.pool);
    if (env.zones)
        sqi_zones_free(env.zones);
    sqi_os_sim_fini(&sim);
    return status;
}

START_TEST(memory_that_is_refused_is_an_error_and_no_leak)
{
    ck_assert_uint_gt(sqi_test_every_allocation(read_all, NULL), 20);
    ck_assert_uint_gt(sqi_test_every_allocation(read_all, "UTF-8"), 20);
}
END_TEST

static streamq_status write_all(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_arena arena;
    sqi_os_sim sim;
    sqi_encoder *e = NULL;
    sqi_buf to;
    (void)context;
    sqi_os_sim_init(&sim, 0, 1);
    sqi_arena_init(&arena, alloc);
    sqi_buf_init(&to, alloc, 0);
    sqi_options options = {.arena = &arena};
    sqi_io_env env = {.alloc = alloc, .os = &sim.os, .zone = sqi_zone_utc(), .chunk_rows = 2};
    sqi_field field[] = {{SQI_SPAN("b"), &sqi_type_timestamp, true}, {SQI_SPAN("a"), &sqi_type_string, true}};
    sqi_schema schema = {2, field};
    int64_t time = 1;
    sqi_str text = sqi_str_view("x\ny", 3);
    sqi_vec col[] = {{.type = &sqi_type_timestamp, .data = &time, .mask = UINT32_MAX},
                     {.type = &sqi_type_string, .data = &text, .mask = UINT32_MAX}};
    sqi_chunk chunk = {.n = 1, .ncol = 2, .rows = {NULL, 1}, .col = col};
    streamq_status status = sqi_options_set(&options, SQI_SPAN("encoding"), SQI_SPAN("UTF-16"), err);
    if (status == STREAMQ_OK)
        status = sqi_options_set(&options, SQI_SPAN("sortKeys"), SQI_SPAN("true"), err);
    if (status == STREAMQ_OK)
        status = sqi_encoder_new(&e, &sqi_format_json, &env, &options, &schema, err);
    if (status == STREAMQ_OK)
        status = e->type->encoder_begin(e, &to, err);
    if (status == STREAMQ_OK)
        status = e->type->encode(e, &chunk, &to, err);
    sqi_encoder_free(e);
    sqi_buf_fini(&to);
    sqi_arena_fini(&arena);
    sqi_os_sim_fini(&sim);
    return status;
}

START_TEST(writing_without_memory_is_an_error_and_no_leak)
{
    ck_assert_uint_gt(sqi_test_every_allocation(write_all, NULL), 5);
}
END_TEST

/* ---------------------------------------------------------------------------------------------------------- writing */

START_TEST(keys_of_maps_are_written_as_spark_keeps_them)
{
    begin();
    int32_t day = 19782;
    int64_t value = 1;
    sqi_list list = {0, 1};
    sqi_vec child[] = {{.type = &sqi_type_date, .data = &day, .mask = UINT32_MAX},
                       {.type = &sqi_type_bigint, .data = &value, .mask = UINT32_MAX}};
    const sqi_type *map = sqi_type_map(r.env.pool, &sqi_type_date, &sqi_type_bigint, true);
    sqi_vec col = {.type = map, .data = &list, .mask = UINT32_MAX, .nchild = 1, .child = child};
    sqi_chunk chunk = {.n = 1, .ncol = 1, .rows = {NULL, 1}, .col = &col};
    rig_columns(&r, (const char *[]){"m"}, &map, 1);
    sqi_encoder *e;
    ck_assert_int_eq(sqi_encoder_new(&e, &sqi_format_json, &r.env, &r.options, &r.schema, &r.err), STREAMQ_OK);
    ck_assert_int_eq(e->type->encode(e, &chunk, &r.rows, &r.err), STREAMQ_OK);
    ck_assert(sqi_span_equal(sqi_buf_view(&r.rows), SQI_SPAN("{\"m\":{\"19782\":1}}\n")));
    sqi_encoder_free(e);
    const sqi_type *bytes = sqi_type_map(r.env.pool, &sqi_type_binary, &sqi_type_bigint, true);
    rig_columns(&r, (const char *[]){"m"}, &bytes, 1);
    ck_assert_int_ne(sqi_encoder_new(&e, &sqi_format_json, &r.env, &r.options, &r.schema, &r.err), STREAMQ_OK);
    rig_refused(&r, STREAMQ_ERR_ANALYSIS, SQI_COND_UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE, "the column `m`");
    end();
}
END_TEST

START_TEST(a_schema_has_a_bounded_number_of_fields)
{
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    sqi_json_shapes all = {.arena = &arena};
    sqi_json_shape root = {.kind = SQI_JSON_KIND_STRUCT};
    char name[16];
    for (int i = 0; i < SQI_JSON_SHAPES_MOST; ++i)
        ck_assert_ptr_nonnull(
            sqi_json_shape_field(&all, &root, (sqi_span){name, (size_t)snprintf(name, sizeof name, "f%06d", i)}));
    ck_assert_ptr_null(sqi_json_shape_field(&all, &root, SQI_SPAN("more")));
    ck_assert(all.too_many && !all.nomem);
    ck_assert_ptr_nonnull(sqi_json_shape_find(&root, SQI_SPAN("f000001")));
    sqi_arena_fini(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        texts_are_taken_or_refused_by_both_readers,     what_the_quick_way_leaves_reads_the_same,
        an_array_larger_than_a_chunk_is_as_many_chunks, a_file_that_fails_is_named_with_its_record,
        a_mode_that_there_is_not_is_warned_of,          memory_that_is_refused_is_an_error_and_no_leak,
        writing_without_memory_is_an_error_and_no_leak, keys_of_maps_are_written_as_spark_keeps_them,
        a_schema_has_a_bounded_number_of_fields};
    return sqi_test_main("json", tests, sizeof tests / sizeof *tests);
}
