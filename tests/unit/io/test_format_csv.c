/* The format "csv" as a whole: memory that is refused, messages, headers, records that never end. */
#include <stdio.h>
#include <string.h>

#include "io_format.h"
#include "io_rig.h"
#include "test_main.h"

static rig r;
static uint64_t rows_seen;

static streamq_status count(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    (void)context;
    (void)err;
    rows_seen += chunk->rows.n;
    return STREAMQ_OK;
}

static const sqi_field fields[] = {{{"a", 1}, &sqi_type_int, true},
                                   {{"b", 1}, &sqi_type_string, true},
                                   {{"c", 1}, &sqi_type_timestamp, true},
                                   {{"_corrupt_record", 15}, &sqi_type_string, true}};

static void begin(void)
{
    rig_begin(&r);
    r.env.pool = sqi_type_pool_new(&r.heap.alloc);
    r.env.zones = sqi_zones_new(&r.heap.alloc);
    r.schema = (sqi_schema){4, (sqi_field *)(uintptr_t)fields};
    rows_seen = 0;
}

static void end(void)
{
    sqi_type_pool_free(r.env.pool);
    sqi_zones_free(r.env.zones);
    r.env.pool = NULL;
    rig_end(&r);
}

static streamq_status decode(const char *text, size_t len)
{
    sqi_decoder *d;
    size_t used;
    SQI_TRY(sqi_decoder_new(&d, &sqi_format_csv, &r.env, &r.options, &r.schema, &r.err));
    d->file = SQI_SPAN("x/y.csv");
    streamq_status st = d->type->begin(d, &r.err);
    if (st == STREAMQ_OK)
        st = d->type->take(d, text, len, true, &used, count, NULL, &r.err);
    sqi_decoder_free(d);
    return st;
}

static streamq_status every_way(sqi_alloc *alloc, void *context, streamq_error **err)
{
    static const char text[] =
        "a,b,c\n1,\"x\"\"y\",2024-01-01 00:00:00\nbad,\"p,q\",\xc3\xa9\xff\n2,long enough to be out of "
        "line,z\n3\n";
    const bool multi = *(const bool *)context;
    sqi_arena arena;
    sqi_arena_init(&arena, alloc);
    sqi_options options = {.arena = &arena};
    sqi_io_env env = r.env;
    sqi_decoder *d = NULL;
    sqi_inference *f = NULL;
    sqi_schema found;
    size_t used;
    env.alloc = alloc;
    streamq_status st =
        sqi_options_set(&options, SQI_SPAN("multiLine"), multi ? SQI_SPAN("true") : SQI_SPAN("false"), err);
    if (st == STREAMQ_OK)
        st = sqi_options_set(&options, SQI_SPAN("inferSchema"), SQI_SPAN("true"), err);
    if (st == STREAMQ_OK)
        st = sqi_options_set(&options, SQI_SPAN("header"), SQI_SPAN("true"), err);
    if (st == STREAMQ_OK)
        st = sqi_inference_new(&f, &sqi_format_csv, &env, &options, err);
    if (st == STREAMQ_OK)
        st = f->type->infer_begin(f, err);
    if (st == STREAMQ_OK)
        st = f->type->infer_take(f, text, sizeof text - 1, true, &used, err);
    if (st == STREAMQ_OK)
        st = f->type->infer_schema(f, &arena, &found, err);
    if (st == STREAMQ_OK)
        st = sqi_decoder_new(&d, &sqi_format_csv, &env, &options, &r.schema, err);
    if (st == STREAMQ_OK)
        st = d->type->begin(d, err);
    if (st == STREAMQ_OK)
        st = d->type->take(d, text, sizeof text - 1, true, &used, count, NULL, err);
    sqi_decoder_free(d);
    sqi_inference_free(f);
    sqi_arena_fini(&arena);
    return st;
}

START_TEST(reading_answers_for_every_allocation)
{
    bool multi = _i;
    begin();
    ck_assert_uint_gt(sqi_test_every_allocation(every_way, &multi), 5);
    end();
}
END_TEST

static streamq_status write_rows(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_io_env env = r.env;
    sqi_encoder *e;
    sqi_buf to;
    env.alloc = alloc;
    sqi_buf_init(&to, alloc, 0);
    streamq_status st = sqi_encoder_new(&e, &sqi_format_csv, &env, &r.options, &r.schema, err);
    if (st == STREAMQ_OK)
        st = e->type->encoder_begin(e, &to, err);
    if (st == STREAMQ_OK)
        st = e->type->encode(e, context, &to, err);
    sqi_encoder_free(e);
    sqi_buf_fini(&to);
    return st;
}

START_TEST(writing_answers_for_every_allocation)
{
    static const char *const texts[] = {"a,b", NULL, "plain", "q\"q"};
    begin();
    rig_option(&r, "header", "true");
    sqi_chunk chunk = rig_strings(&r, texts, 4);
    r.schema.n = 1;
    r.schema.field = (sqi_field *)(uintptr_t)&fields[1];
    ck_assert_uint_gt(sqi_test_every_allocation(write_rows, &chunk), 2);
    end();
}
END_TEST

START_TEST(messages_name_the_file_the_record_and_the_way_out)
{
    begin();
    rig_option(&r, "mode", "FAILFAST");
    streamq_status st = decode("1,x,2024-01-01\nbad,y,2024-01-01\n", 32);
    rig_refused(&r, st, SQI_COND_MALFORMED_RECORD_IN_PARSING__WITHOUT_SUGGESTION,
                "record 2 of file 'x/y.csv' does not fit the schema, and the mode is FAILFAST: bad,y,2024-01-01;");
    end();
    begin();
    rig_option(&r, "header", "true");
    rig_option(&r, "enforceSchema", "false");
    rig_refused(&r, decode("a,z,c\n", 6), SQI_COND_INVALID_ARGUMENT,
                "the header of file 'x/y.csv' does not fit the schema: column 2 is called 'z', in the schema 'b'");
    end();
    begin();
    rig_option(&r, "header", "true");
    ck_assert_int_eq(decode("a,z,c\n", 6), STREAMQ_OK);
    ck_assert_ptr_nonnull(strstr(r.log.ptr, "column 2 is called 'z'"));
    end();
}
END_TEST

START_TEST(columns_that_csv_cannot_hold_are_named)
{
    static const sqi_field interval[] = {{{"when", 4}, &sqi_type_interval, true}};
    const sqi_schema schema = {1, (sqi_field *)(uintptr_t)interval};
    begin();
    rig_refused(&r, sqi_format_csv.check(&r.options, &schema, &r.err), SQI_COND_UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE,
                "column `when`");
    r.schema = schema;
    sqi_encoder *e;
    rig_refused(&r, sqi_encoder_new(&e, &sqi_format_csv, &r.env, &r.options, &r.schema, &r.err),
                SQI_COND_UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE, "column `when`");
    end();
}
END_TEST

START_TEST(every_option_has_a_name_and_a_line_of_manual)
{
    const sqi_format_type *t = &sqi_format_csv;
    for (size_t i = 0; i < t->noption; i++)
        ck_assert(t->option[i].name && t->option[i].text);
    for (size_t i = 0; i < t->nwrite_option; i++)
        ck_assert(t->write_option[i].name && t->write_option[i].text);
}
END_TEST

/* A record that has no end is looked at again when twice as much has come, not with every block. */
START_TEST(a_record_without_end_does_not_cost_its_square)
{
    enum { BLOCK = 256, BLOCKS = 4000 };
    static char text[BLOCK * BLOCKS];
    sqi_decoder *d;
    size_t used;
    memset(text, 'x', sizeof text);
    text[0] = '"';
    begin();
    if (_i)
        rig_option(&r, "multiLine", "true");
    ck_assert_int_eq(sqi_decoder_new(&d, &sqi_format_csv, &r.env, &r.options, &r.schema, &r.err), STREAMQ_OK);
    ck_assert_int_eq(d->type->begin(d, &r.err), STREAMQ_OK);
    for (size_t n = 1; n <= BLOCKS; n++) {
        ck_assert_int_eq(d->type->take(d, text, n * BLOCK, n == BLOCKS, &used, count, NULL, &r.err), STREAMQ_OK);
        ck_assert_uint_eq(used, n == BLOCKS ? sizeof text : 0);
    }
    ck_assert_uint_eq(rows_seen, 1);
    sqi_decoder_free(d);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {writing_answers_for_every_allocation,
                                  messages_name_the_file_the_record_and_the_way_out,
                                  every_option_has_a_name_and_a_line_of_manual, columns_that_csv_cannot_hold_are_named};
    const TTest *const each[] = {reading_answers_for_every_allocation, a_record_without_end_does_not_cost_its_square};
    return sqi_test_main_each("format_csv", tests, sizeof tests / sizeof *tests, each, sizeof each / sizeof *each, 2);
}
