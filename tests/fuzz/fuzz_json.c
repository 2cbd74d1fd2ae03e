/*
 * fuzz_json: bytes as JSON. The first byte draws the options, the second how the rest is cut into blocks; the rest is a
 * file. It is read with a schema of every kind of type, whole, in blocks and without json_fast (which must give the same), its schema is
 * found and it is read by that, the rows are written and what was written is read again. The strict reader of base_json
 * runs over it too: what it takes, the lenient one must take.
 */
#include "base_json.h"
#include "data_text.h"
#include "io_format.h"
#include "json_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "json: %s\n", what);
    abort();
}

typedef struct world {
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_io_env env;
    sqi_options options, write;
    sqi_buf rows, text;
    sqi_encoder *encoder;
    bool slow; /* nothing is read by json_fast */
    sqi_schema every;
} world;

static int64_t at_noon(void *context)
{
    (void)context;
    return INT64_C(1700000000000000);
}

static void set(world *w, const char *name, const char *value)
{
    must(sqi_options_set(&w->options, sqi_span_of(name), sqi_span_of(value), NULL) == STREAMQ_OK, "no option");
}

static void draw_options(world *w, uint8_t bits)
{
    static const char *const flags[] = {"multiLine",
                                        "allowComments",
                                        "allowUnquotedFieldNames",
                                        "allowNumericLeadingZeros",
                                        "allowBackslashEscapingAnyCharacter",
                                        "allowUnquotedControlChars"};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; ++i)
        if (bits >> i & 1)
            set(w, flags[i], "true");
    if ((bits >> 6) == 1)
        set(w, "encoding", "UTF-8");
    if ((bits >> 6) == 2)
        set(w, "mode", "DROPMALFORMED");
    if ((bits >> 6) == 3) {
        set(w, "encoding", "UTF-16LE");
        set(w, "lineSep", "\n");
    }
}

static void every_type(world *w)
{
    static const char *const names = "abcdefghijklmno";
    sqi_type_pool *p = w->env.pool;
    const sqi_field inside[] = {{SQI_SPAN("a"), &sqi_type_int, true}, {SQI_SPAN("b"), &sqi_type_string, true}};
    const sqi_type *s = sqi_type_struct(p, inside, 2);
    const sqi_type *types[] = {&sqi_type_int,
                               &sqi_type_string,
                               &sqi_type_double,
                               &sqi_type_boolean,
                               s,
                               sqi_type_array(p, &sqi_type_int, true),
                               sqi_type_array(p, s, true),
                               sqi_type_map(p, &sqi_type_string, s, true),
                               sqi_type_decimal(p, 10, 2),
                               &sqi_type_date,
                               &sqi_type_timestamp,
                               &sqi_type_binary,
                               sqi_type_map(p, &sqi_type_string, &sqi_type_string, true),
                               &sqi_type_tinyint,
                               &sqi_type_timestamp_ntz};
    uint32_t n = sizeof types / sizeof *types;
    w->every.field = sqi_arena_array(&w->arena, n + 1, sizeof *w->every.field);
    for (uint32_t i = 0; i < n; ++i)
        w->every.field[i] = (sqi_field){{names + i, 1}, types[i], true};
    w->every.field[n] = (sqi_field){SQI_SPAN("_corrupt_record"), &sqi_type_string, true};
    w->every.n = n + 1;
}

static void begin(world *w, sqi_os *os, uint8_t bits)
{
    *w = (world){0};
    *os = (sqi_os){.wall_micros = at_noon};
    sqi_alloc_init(&w->alloc);
    sqi_arena_init(&w->arena, &w->alloc);
    sqi_buf_init(&w->rows, &w->alloc, 0);
    sqi_buf_init(&w->text, &w->alloc, 0);
    w->options.arena = w->write.arena = &w->arena;
    w->env = (sqi_io_env){.alloc = &w->alloc,
                          .os = os,
                          .zone = sqi_zone_utc(),
                          .pool = sqi_type_pool_new(&w->alloc),
                          .zones = sqi_zones_new(&w->alloc),
                          .chunk_rows = 4};
    draw_options(w, bits);
    every_type(w);
}

static void end(world *w)
{
    sqi_buf_fini(&w->rows);
    sqi_buf_fini(&w->text);
    sqi_arena_fini(&w->arena);
    sqi_zones_free(w->env.zones);
    sqi_type_pool_free(w->env.pool);
    must(atomic_load(&w->alloc.used) == 0, "bytes were not given back");
}

static streamq_status show(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    world *w = context;
    if (w->encoder)
        return w->encoder->type->encode(w->encoder, chunk, &w->text, err);
    for (SQI_EACH(chunk->rows, k, i)) {
        for (uint32_t c = 0; c < chunk->ncol; ++c) {
            must(sqi_text_value(&w->rows, &chunk->col[c], i, sqi_zone_utc(), SQI_TEXT_SHOW), "not shown");
            sqi_buf_byte(&w->rows, '|');
        }
        sqi_buf_byte(&w->rows, '\n');
    }
    return STREAMQ_OK;
}

/* The rows as text in w->rows, or written to w->text. */
static streamq_status decode(world *w, const sqi_schema *schema, const char *text, size_t len, size_t block)
{
    sqi_decoder *d;
    sqi_format_feed feed;
    sqi_buf_clear(&w->rows);
    SQI_TRY(sqi_decoder_new(&d, &sqi_format_json, &w->env, &w->options, schema, NULL));
    sqi_format_feed_init(&feed, &w->alloc);
    must(d->type->begin(d, NULL) == STREAMQ_OK, "not begun");
    if (w->slow)
        ((sqi_json_rows *)d->state)->fast = false;
    streamq_status status = STREAMQ_OK;
    for (size_t at = 0;;) {
        size_t n = len - at < block ? len - at : block;
        char *to;
        must(sqi_format_feed_room(&feed, n + 1, &to, NULL) == STREAMQ_OK, "no room");
        memcpy(to, text + at, n);
        at += n;
        status = sqi_format_feed_decode(&feed, n, at == len, d, show, w, NULL);
        if (at == len || status != STREAMQ_OK)
            break;
    }
    sqi_format_feed_fini(&feed);
    sqi_decoder_free(d);
    return status;
}

static void in_blocks(world *w, const char *text, size_t len, size_t block)
{
    must(decode(w, &w->every, text, len, len + 1) == STREAMQ_OK, "an error where there is none");
    size_t n = w->rows.len;
    char *whole = malloc(n + 1);
    must(whole != NULL, "no memory");
    memcpy(whole, n ? w->rows.ptr : "", n);
    must(decode(w, &w->every, text, len, block) == STREAMQ_OK, "an error where there is none");
    must(n == w->rows.len && memcmp(whole, n ? w->rows.ptr : "", n) == 0, "blocks give other rows");
    w->slow = true;
    must(decode(w, &w->every, text, len, len + 1) == STREAMQ_OK, "an error where there is none");
    w->slow = false;
    must(n == w->rows.len && memcmp(whole, n ? w->rows.ptr : "", n) == 0, "the quick way gives other rows");
    free(whole);
}

static void found_schema(world *w, const char *text, size_t len)
{
    sqi_inference *f;
    sqi_schema schema = {0};
    size_t used;
    must(sqi_inference_new(&f, &sqi_format_json, &w->env, &w->options, NULL) == STREAMQ_OK, "no inference");
    must(f->type->infer_begin(f, NULL) == STREAMQ_OK, "not begun");
    streamq_status status = f->type->infer_take(f, text, len, true, &used, NULL);
    if (status == STREAMQ_OK)
        status = f->type->infer_schema(f, &w->arena, &schema, NULL);
    if (status == STREAMQ_OK && sqi_format_json.check(&w->options, &schema, NULL) == STREAMQ_OK)
        must(decode(w, &schema, text, len, 64) == STREAMQ_OK, "an error by a schema that was found");
    sqi_inference_free(f);
}

static void strict_over(sqi_span text)
{
    sqi_json j;
    sqi_json_open(&j, text);
    while (sqi_json_next(&j) > SQI_JSON_DONE)
        ;
    must(sqi_json_where(&j) <= text.len, "a place behind the text");
}

/* What was written is one line a row, and strict JSON. */
static void write_again(world *w, const char *text, size_t len)
{
    sqi_buf_clear(&w->text);
    must(sqi_encoder_new(&w->encoder, &sqi_format_json, &w->env, &w->write, &w->every, NULL) == STREAMQ_OK,
         "no encoder");
    must(w->encoder->type->encoder_begin(w->encoder, &w->text, NULL) == STREAMQ_OK, "not begun");
    must(decode(w, &w->every, text, len, 64) == STREAMQ_OK, "not written");
    sqi_encoder_free(w->encoder);
    w->encoder = NULL;
    const char *stop = w->text.len ? w->text.ptr + w->text.len : w->text.ptr;
    for (const char *p = w->text.ptr; p < stop;) {
        const char *line = memchr(p, '\n', (size_t)(stop - p));
        sqi_json j;
        must(line != NULL, "a line without its end");
        sqi_json_open(&j, (sqi_span){p, (size_t)(line - p)});
        while (sqi_json_next(&j) > SQI_JSON_DONE)
            ;
        must(j.token == SQI_JSON_DONE, "what was written is no JSON");
        p = line + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    world w;
    sqi_os os;
    if (size < 2)
        return 0;
    begin(&w, &os, data[0]);
    char *text = malloc(size); /* of its own: reading past the end is seen */
    must(text != NULL, "no memory");
    memcpy(text, data + 2, size - 2);
    strict_over((sqi_span){text, size - 2});
    in_blocks(&w, text, size - 2, 1 + data[1] % 32u);
    found_schema(&w, text, size - 2);
    write_again(&w, text, size - 2);
    free(text);
    end(&w);
    return 0;
}
