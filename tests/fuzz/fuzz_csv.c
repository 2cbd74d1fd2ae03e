/*
 * fuzz_csv: a file of CSV, its options drawn from the first bytes, read in one block and in small ones: the same rows or
 * the same error. Its schema is inferred, and its rows are written.
 */
#include <stdio.h>
#include <stdlib.h>

#include "data_text.h"
#include "io_format.h"
#include "os_sim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DRAWN = 6, COLUMNS = 7 };

typedef struct choice {
    const char *name, *value[8];
} choice;

static const choice choices[] = {
    {"sep", {",", ",", ";", "||", "\\t", " ", "\xc3\xa9", ", "}},
    {"quote", {"\"", "\"", "\"", "'", "", "\xc3\xa9", "|", "\""}},
    {"escape", {"\\", "\\", "\"", "", "'", "\xc3\xa9", "\\", "|"}},
    {"charToEscapeQuoteEscaping", {NULL, NULL, NULL, "|", "", "\"", NULL, "x"}},
    {"multiLine", {"false", "true", "false", "true", "false", "true", "true", "false"}},
    {"header", {NULL, NULL, "true", NULL, NULL, "true", NULL, NULL}},
    {"unescapedQuoteHandling",
     {NULL, NULL, "STOP_AT_CLOSING_QUOTE", "BACK_TO_DELIMITER", "SKIP_VALUE", "RAISE_ERROR", "BACK_TO_DELIMITER",
      NULL}},
    {"ignoreLeadingWhiteSpace", {NULL, NULL, NULL, "true", NULL, NULL, "true", NULL}},
    {"ignoreTrailingWhiteSpace", {NULL, NULL, "true", NULL, NULL, NULL, "true", NULL}},
    {"encoding", {NULL, NULL, NULL, "ISO-8859-1", "UTF-16LE", "UTF-16", "US-ASCII", "UTF-32"}},
    {"lineSep", {NULL, NULL, NULL, NULL, ";", "\r\n", "\n", "\r"}},
    {"comment", {NULL, NULL, NULL, "#", NULL, "/", NULL, NULL}},
    {"nullValue", {NULL, NULL, "NA", NULL, NULL, "1", NULL, NULL}},
    {"maxCharsPerColumn", {NULL, NULL, NULL, NULL, "3", NULL, NULL, "20"}},
    {"maxColumns", {NULL, NULL, NULL, NULL, NULL, "5", NULL, NULL}},
    {"mode", {NULL, NULL, NULL, "DROPMALFORMED", NULL, "FAILFAST", NULL, NULL}},
};

typedef struct run {
    sqi_io_env env;
    sqi_options options;
    sqi_buf rows;
    sqi_encoder *encoder;
} run;

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "csv: %s\n", what);
    abort();
}

static streamq_status keep(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    run *r = context;
    if (r->encoder) {
        sqi_buf_clear(&r->rows);
        return r->encoder->type->encode(r->encoder, chunk, &r->rows, err);
    }
    for (SQI_EACH(chunk->rows, k, i))
        for (uint32_t c = 0; c < chunk->ncol; c++) {
            must(sqi_text_value(&r->rows, &chunk->col[c], i, r->env.zone, SQI_TEXT_SHOW), "a value has no text");
            sqi_buf_byte(&r->rows, c + 1 < chunk->ncol ? '|' : '\n');
        }
    return STREAMQ_OK;
}

/* Blocks of `size` bytes, each with nothing behind it that may be read. */
static streamq_status feed(run *r, sqi_span file, size_t size, sqi_decoder *d, sqi_inference *f, streamq_error **err)
{
    size_t at = 0, len = 0;
    for (bool last = false; !last;) {
        size_t used = 0, more = file.len - at - len < size ? file.len - at - len : size;
        len += more;
        last = at + len == file.len;
        char *block = malloc(len ? len : 1);
        must(block != NULL, "no memory");
        memcpy(block, file.ptr + at, len);
        streamq_status st = d ? d->type->take(d, block, len, last, &used, keep, r, err)
                              : f->type->infer_take(f, block, len, last, &used, err);
        free(block);
        if (st != STREAMQ_OK)
            return st;
        must(used <= len && (!last || used == len), "bytes are left over");
        at += used;
        len -= used;
    }
    return STREAMQ_OK;
}

static streamq_status read_all(run *r, const sqi_schema *schema, sqi_span file, size_t size, streamq_error **err)
{
    sqi_decoder *d;
    sqi_buf_clear(&r->rows);
    SQI_TRY(sqi_decoder_new(&d, &sqi_format_csv, &r->env, &r->options, schema, err));
    streamq_status st = d->type->begin(d, err);
    if (st == STREAMQ_OK)
        st = feed(r, file, size, d, NULL, err);
    sqi_decoder_free(d);
    return st;
}

static void same_in_blocks(run *r, const sqi_schema *schema, sqi_span file, size_t size)
{
    streamq_error *first = NULL, *second = NULL;
    sqi_buf rows;
    streamq_status whole = read_all(r, schema, file, file.len + 1, &first);
    rows = r->rows;
    sqi_buf_init(&r->rows, r->env.alloc, 0);
    streamq_status pieces = read_all(r, schema, file, size, &second);
    must(whole == pieces && sqi_error_cond(first) == sqi_error_cond(second), "blocks end otherwise");
    must(whole != STREAMQ_OK ||
             (rows.len == r->rows.len && (!rows.len || memcmp(rows.ptr, r->rows.ptr, rows.len) == 0)),
         "blocks give other rows");
    sqi_buf_fini(&rows);
    sqi_error_free(first);
    sqi_error_free(second);
}

static void infer_and_write(run *r, const sqi_schema *schema, sqi_span file, size_t size, sqi_arena *arena)
{
    sqi_inference *f;
    sqi_schema found;
    sqi_options writing = {.arena = arena};
    if (sqi_inference_new(&f, &sqi_format_csv, &r->env, &r->options, NULL) == STREAMQ_OK) {
        if (f->type->infer_begin(f, NULL) == STREAMQ_OK && feed(r, file, size, NULL, f, NULL) == STREAMQ_OK)
            must(f->type->infer_schema(f, arena, &found, NULL) == STREAMQ_OK, "no schema");
        sqi_inference_free(f);
    }
    for (const sqi_option *o = r->options.first; o; o = o->next)
        if (sqi_span_equal(o->name, SQI_SPAN("sep")) || sqi_span_equal(o->name, SQI_SPAN("quote")) ||
            sqi_span_equal(o->name, SQI_SPAN("escape")) || sqi_span_equal(o->name, SQI_SPAN("encoding")))
            must(sqi_options_set(&writing, o->name, o->value, NULL) == STREAMQ_OK, "no memory");
    if (sqi_encoder_new(&r->encoder, &sqi_format_csv, &r->env, &writing, schema, NULL) == STREAMQ_OK)
        (void)read_all(r, schema, file, file.len + 1, NULL);
    sqi_encoder_free(r->encoder);
    r->encoder = NULL;
}

static void draw_options(run *r, const uint8_t *data, const char *infer)
{
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        const char *value = choices[i].value[data[i % DRAWN] >> i / DRAWN * 2 & 7];
        if (value)
            must(sqi_options_set(&r->options, sqi_span_of(choices[i].name), sqi_span_of(value), NULL) == STREAMQ_OK,
                 "no memory");
    }
    must(sqi_options_set(&r->options, SQI_SPAN("inferSchema"), sqi_span_of(infer), NULL) == STREAMQ_OK, "no memory");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_os_sim sim;
    if (size < DRAWN + 1)
        return 0;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    sqi_os_sim_init(&sim, INT64_C(1700000000000000), 1);
    run r = {.env = {.alloc = &alloc, .os = &sim.os, .zone = sqi_zone_utc(), .chunk_rows = 1 + data[0] % 5}};
    r.env.pool = sqi_type_pool_new(&alloc);
    r.env.zones = sqi_zones_new(&alloc);
    r.options.arena = &arena;
    sqi_buf_init(&r.rows, &alloc, 0);
    draw_options(&r, data, data[1] & 1 ? "true" : "false");
    sqi_field field[COLUMNS] = {{SQI_SPAN("a"), &sqi_type_string, true},
                                {SQI_SPAN("b"), &sqi_type_int, true},
                                {SQI_SPAN("c"), &sqi_type_double, true},
                                {SQI_SPAN("d"), &sqi_type_timestamp, true},
                                {SQI_SPAN("e"), sqi_type_decimal(r.env.pool, 10, 2), true},
                                {SQI_SPAN("f"), &sqi_type_date, true},
                                {SQI_SPAN("_corrupt_record"), &sqi_type_string, true}};
    sqi_schema schema = {.n = COLUMNS, .field = field};
    sqi_span file = {(const char *)data + DRAWN, size - DRAWN};
    same_in_blocks(&r, &schema, file, 1 + data[2] % 9);
    infer_and_write(&r, &schema, file, 1 + data[3] % 40, &arena);
    sqi_buf_fini(&r.rows);
    sqi_zones_free(r.env.zones);
    sqi_type_pool_free(r.env.pool);
    sqi_os_sim_fini(&sim);
    sqi_arena_fini(&arena);
    must(alloc.used == 0, "memory was kept");
    return 0;
}
