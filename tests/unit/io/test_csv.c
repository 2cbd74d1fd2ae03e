/*
 * CSV files as rows and back. What is expected was recorded from Spark 4.3 (tests/cases/csv, format in
 * tests/cases/README.md); every case is read as one block, byte by byte, and in small chunks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case_file.h"
#include "data_text.h"
#include "expr_parse.h"
#include "feed_blocks.h"
#include "io_rig.h"
#include "test_main.h"

static rig r;

/* A case of the files. */
typedef struct item {
    const case_item *is;
    sqi_buf file; /* bytes */
    const char *schema;
} item;

static const case_block *block_of(const case_item *c, const char *word)
{
    for (size_t i = 0; i < c->nblock; i++)
        if (strcmp(c->block[i].word, word) == 0)
            return &c->block[i];
    return NULL;
}

static int hex(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void unescape(sqi_buf *to, const char *text)
{
    static const char from[] = "nrt\\s0", into[] = "\n\r\t\\ \0";
    for (; *text; text++) {
        if (*text != '\\') {
            sqi_buf_byte(to, *text);
            continue;
        }
        text++;
        if (*text == 'x') {
            sqi_buf_byte(to, (char)(hex(text[1]) * 16 + hex(text[2])));
            text += 2;
        } else {
            sqi_buf_byte(to, into[strchr(from, *text) - from]);
        }
    }
}

static void set_options(const case_item *c, const char *word, sqi_options *to)
{
    for (size_t i = 0; i < c->nblock; i++) {
        const case_block *b = &c->block[i];
        if (strcmp(b->word, word) != 0 || !b->rest[0])
            continue;
        const char *space = strchr(b->rest, ' ');
        sqi_span name = {b->rest, space ? (size_t)(space - b->rest) : strlen(b->rest)};
        sqi_buf value;
        sqi_buf_init(&value, &r.heap.alloc, 0);
        unescape(&value, space ? space + 1 : "");
        ck_assert_int_eq(sqi_options_set(to, name, value.ptr ? sqi_buf_view(&value) : SQI_SPAN(""), NULL), STREAMQ_OK);
        sqi_buf_fini(&value);
    }
}

/* Cells as the recording script shows them. */
static void put_cell(const sqi_vec *v, uint32_t i)
{
    sqi_buf text;
    sqi_buf_init(&text, &r.heap.alloc, 0);
    if (sqi_vec_valid(v, i))
        ck_assert(sqi_text_value(&text, v, i, r.env.zone, SQI_TEXT_CAST));
    char *cell = case_cell(sqi_vec_valid(v, i) ? (text.ptr ? text.ptr : "") : NULL, text.len);
    for (const char *p = cell; *p; p++) {
        if (p[0] == '\\' && p[1] == '0') {
            sqi_buf_text(&r.rows, "\\x00");
            p++;
        } else if ((unsigned char)*p < ' ') {
            sqi_buf_printf(&r.rows, "\\x%02x", (unsigned)*p);
        } else if (strncmp(p, "\xef\xbb\xbf", 3) == 0) {
            sqi_buf_text(&r.rows, "\\xef\\xbb\\xbf");
            p += 2;
        } else {
            sqi_buf_byte(&r.rows, *p);
        }
    }
    free(cell);
    sqi_buf_fini(&text);
}

static sqi_encoder *encoder;

static streamq_status take(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    (void)context;
    ck_assert_uint_le(chunk->n, r.env.chunk_rows);
    if (encoder)
        return encoder->type->encode(encoder, chunk, &r.rows, err);
    for (SQI_EACH(chunk->rows, k, i)) {
        for (uint32_t c = 0; c < chunk->ncol; c++) {
            sqi_buf_text(&r.rows, c ? " | " : "");
            put_cell(&chunk->col[c], i);
        }
        sqi_buf_byte(&r.rows, '\n');
    }
    return STREAMQ_OK;
}

static streamq_status infer(sqi_span file, size_t size, sqi_schema *out)
{
    sqi_inference *f;
    SQI_TRY(sqi_inference_new(&f, &sqi_format_csv, &r.env, &r.options, &r.err));
    streamq_status st = feed_infer(f, file, size, &r.err);
    if (st == STREAMQ_OK)
        st = f->type->infer_schema(f, &r.arena, out, &r.err);
    sqi_inference_free(f);
    return st;
}

static streamq_status decode(sqi_span file, size_t size, const sqi_schema *schema)
{
    sqi_decoder *d;
    sqi_buf_clear(&r.rows);
    SQI_TRY(sqi_decoder_new(&d, &sqi_format_csv, &r.env, &r.options, schema, &r.err));
    streamq_status st = encoder ? encoder->type->encoder_begin(encoder, &r.rows, &r.err) : STREAMQ_OK;
    if (st == STREAMQ_OK)
        st = feed_decode(d, file, size, take, NULL, &r.err);
    sqi_decoder_free(d);
    return st;
}

static void parse_schema(const char *text, sqi_schema *to)
{
    sqi_parser p;
    ck_assert_int_eq(sqi_parser_init(&p, sqi_span_of(text), &r.arena, r.env.pool, r.env.zones, r.env.zone, &r.err),
                     STREAMQ_OK);
    ck_assert_msg(sqi_parse_schema(&p, to, &r.err) == STREAMQ_OK, "%s", sqi_error_message(r.err));
}

static void show_schema(const sqi_schema *s, sqi_buf *to)
{
    sqi_buf one;
    sqi_buf_init(&one, &r.heap.alloc, 0);
    for (uint32_t i = 0; i < s->n; i++) {
        sqi_buf_text(to, i ? "," : "");
        sqi_buf_clear(&one);
        sqi_type_print_name(to, s->field[i].name);
        sqi_buf_byte(to, ' ');
        sqi_type_print_sql(to, s->field[i].type);
    }
    sqi_buf_byte(to, '\0');
    sqi_buf_fini(&one);
}

/* A class alone means that Spark names no condition: any error is right. */
static bool names_condition(const char *list)
{
    char text[500];
    bool any = false;
    snprintf(text, sizeof text, "%s", list);
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
        any = any || (strncmp(word, "FAILED_READ_FILE", 16) != 0 && strncmp(word, "_LEGACY", 7) != 0 &&
                      !strpbrk(word, "abcdefghijklmnopqrstuvwxyz"));
    return any;
}

static bool fails_as(const case_item *c, streamq_status st, char *why)
{
    const case_block *ours = block_of(c, "ours"), *fails = ours ? ours : block_of(c, "fails");
    if (ours && ours->nbody)
        fails = NULL;
    const char *got = st == STREAMQ_OK ? "nothing" : sqi_error_message(r.err);
    if (!fails) {
        if (st != STREAMQ_OK)
            snprintf(why, 2000, "%s: fails with %s", c->name, got);
        return st == STREAMQ_OK;
    }
    char wanted[500];
    bool is = st != STREAMQ_OK && !ours && !names_condition(fails->rest);
    snprintf(wanted, sizeof wanted, "%s", fails->rest);
    for (char *word = strtok(wanted, " "); word; word = strtok(NULL, " ")) {
        char shown[520];
        snprintf(shown, sizeof shown, "[%s]", word);
        is = is || (st != STREAMQ_OK && strstr(got, shown));
    }
    if (!is)
        snprintf(why, 2000, "%s: should fail with %s, not %s", c->name, fails->rest, got);
    return false;
}

/* The lines of a body, as they were recorded. */
static char *joined(const case_block *b)
{
    sqi_buf all;
    sqi_buf_init(&all, &r.heap.alloc, 0);
    for (size_t i = 0; i < b->nbody; i++)
        sqi_buf_printf(&all, "%s\n", b->body[i]);
    char *text = sqi_arena_text(&r.arena, all.ptr ? all.ptr : "", all.len);
    sqi_buf_fini(&all);
    return text;
}

static bool written_is(const case_item *c, const case_block *b, char *why)
{
    sqi_buf want;
    sqi_buf_init(&want, &r.heap.alloc, 0);
    for (size_t i = 0; i < b->nbody; i++)
        unescape(&want, b->body[i]);
    bool same = want.len == r.rows.len && (!want.len || memcmp(want.ptr, r.rows.ptr, want.len) == 0);
    if (!same)
        snprintf(why, 2000, "%s: should write\n%.*s\nnot\n%.*s", c->name, (int)want.len, want.ptr ? want.ptr : "",
                 (int)r.rows.len, r.rows.ptr ? r.rows.ptr : "");
    sqi_buf_fini(&want);
    return same;
}

static bool answer(const case_item *c, sqi_span file, size_t size, char *why)
{
    const case_block *schema = block_of(c, "schema"), *put = block_of(c, "put"), *inferred = block_of(c, "inferred");
    const case_block *rows =
        block_of(c, "ours") && block_of(c, "ours")->nbody ? block_of(c, "ours") : block_of(c, "rows");
    sqi_schema columns = {0};
    sqi_options writing = {.arena = &r.arena};
    streamq_status st =
        sqi_options_check(&r.options, sqi_format_csv.option, sqi_format_csv.noption, "format 'csv'", &r.err);
    if (schema)
        parse_schema(schema->rest, &columns);
    if (st == STREAMQ_OK)
        st = sqi_format_csv.check(&r.options, schema ? &columns : NULL, &r.err);
    if (!schema && st == STREAMQ_OK)
        st = infer(file, size, &columns);
    if (inferred && st == STREAMQ_OK) {
        sqi_buf got;
        sqi_buf_init(&got, &r.heap.alloc, 0);
        show_schema(&columns, &got);
        bool same = strcmp(got.ptr, inferred->rest) == 0;
        if (!same)
            snprintf(why, 2000, "%s: inferred %s, not %s", c->name, got.ptr, inferred->rest);
        sqi_buf_fini(&got);
        if (!same)
            return false;
    }
    if (put && st == STREAMQ_OK) {
        set_options(c, "put", &writing);
        st = sqi_options_check(&writing, sqi_format_csv.write_option, sqi_format_csv.nwrite_option, "csv", &r.err);
        if (st == STREAMQ_OK)
            st = sqi_encoder_new(&encoder, &sqi_format_csv, &r.env, &writing, &columns, &r.err);
    }
    if (st == STREAMQ_OK)
        st = decode(file, size, &columns);
    if (st == STREAMQ_OK && encoder)
        st = encoder->type->encoder_end(encoder, &r.rows, &r.err);
    sqi_encoder_free(encoder);
    encoder = NULL;
    if (!fails_as(c, st, why))
        return !*why;
    if (block_of(c, "written"))
        return written_is(c, block_of(c, "written"), why);
    sqi_buf_byte(&r.rows, '\0');
    const char *want = rows ? joined(rows) : "";
    if (strcmp(r.rows.ptr, want) != 0)
        snprintf(why, 2000, "%s: should be\n%snot\n%s", c->name, want, r.rows.ptr);
    return !*why;
}

static void run_case(const case_item *c, size_t size, uint32_t chunk_rows, char *why)
{
    const case_block *text = block_of(c, "file");
    sqi_buf file;
    rig_begin(&r);
    r.env.chunk_rows = chunk_rows;
    r.env.pool = sqi_type_pool_new(&r.heap.alloc);
    r.env.zones = sqi_zones_new(&r.heap.alloc);
    ck_assert_int_eq(sqi_zones_get(r.env.zones, SQI_SPAN("Europe/Berlin"), &r.env.zone, NULL), STREAMQ_OK);
    set_options(c, "option", &r.options);
    sqi_buf_init(&file, &r.heap.alloc, 0);
    for (size_t i = 0; text && i < text->nbody; i++)
        unescape(&file, text->body[i]);
    *why = '\0';
    answer(c, file.ptr ? sqi_buf_view(&file) : SQI_SPAN(""), size ? size : file.len + 1, why);
    sqi_error_free(r.err);
    r.err = NULL;
    sqi_buf_fini(&file);
    sqi_arena_reset(&r.arena);
    sqi_type_pool_free(r.env.pool);
    sqi_zones_free(r.env.zones);
    rig_end(&r);
}

static void run_file(const char *name)
{
    case_file f;
    char path[200], why[2100], *bad = NULL;
    size_t wrong = 0;
    const char *only = getenv("CASE");
    snprintf(path, sizeof path, "tests/cases/csv/%s.txt", name);
    ck_assert_msg(case_file_read(&f, path, &bad), "%s", bad ? bad : "");
    ck_assert_uint_gt(f.nitem, 0);
    for (size_t i = 0; i < f.nitem; i++) {
        static const struct {
            size_t size;
            uint32_t rows;
        } ways[] = {{0, 2048}, {1, 2048}, {7, 3}, {0, 1}};
        if (only && strcmp(only, f.item[i].name) != 0)
            continue;
        for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
            run_case(&f.item[i], ways[k].size, ways[k].rows, why);
            if (!*why)
                continue;
            if (wrong++ < 40)
                fprintf(stderr, "blocks of %zu, chunks of %u: %s\n", ways[k].size, ways[k].rows, why);
            break;
        }
    }
    case_file_free(&f);
    ck_assert_msg(!wrong, "%zu cases of %s differ from Spark", wrong, path);
}

START_TEST(tokens_are_cut_as_spark_cuts_them)
{
    run_file("tokens");
}
END_TEST

START_TEST(values_are_read_as_spark_reads_them)
{
    run_file("values");
}
END_TEST

START_TEST(lines_headers_and_character_sets_are_those_of_spark)
{
    run_file("lines");
}
END_TEST

START_TEST(schemas_are_inferred_as_spark_infers_them)
{
    run_file("infer");
}
END_TEST

START_TEST(what_is_written_is_what_spark_writes)
{
    run_file("write");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {tokens_are_cut_as_spark_cuts_them, values_are_read_as_spark_reads_them,
                                  lines_headers_and_character_sets_are_those_of_spark,
                                  schemas_are_inferred_as_spark_infers_them, what_is_written_is_what_spark_writes};
    return sqi_test_main("csv", tests, sizeof tests / sizeof *tests);
}
