/* json_case: see the header. */
#include "json_case.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data_text.h"
#include "expr_parse.h"
#include "fail_alloc.h"
#include "feed_blocks.h"
#include "io_utf8.h"
#include "os_sim.h"

typedef struct run {
    sqi_fail_alloc heap;
    sqi_os_sim sim;
    sqi_io_env env;
    sqi_arena arena;
    sqi_options read, write;
    sqi_schema schema, given;
    sqi_encoder *encoder; /* rows are written instead of shown */
    sqi_buf in, got, want, written, cell;
    json_case_way way;
} run;

/* -------------------------------------------------------------------------------------------------------- escapes */

static int hex(char c)
{
    return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* The bytes that a line of a case file means. */
static void unescape(const char *p, const char *end, sqi_buf *to)
{
    static const char letters[] = "nrtsp\\0", means[] = "\n\r\t |\\\0";
    while (p < end) {
        if (*p != '\\') {
            sqi_buf_byte(to, *p++);
        } else if (p[1] == 'x') {
            sqi_buf_byte(to, (char)(hex(p[2]) * 16 + hex(p[3])));
            p += 4;
        } else if (p[1] == '*') {
            char *open;
            long n = strtol(p + 2, &open, 10);
            const char *close = strchr(open, ')');
            for (; n > 0; --n)
                unescape(open + 1, close, to);
            p = close + 1;
        } else {
            sqi_buf_byte(to, means[strchr(letters, p[1]) - letters]);
            p += 2;
        }
    }
}

void json_case_unescape(const char *text, sqi_buf *to)
{
    unescape(text, text + strlen(text), to);
}

static void show(sqi_span text, sqi_buf *to)
{
    bool ok;
    if (!text.len)
        sqi_buf_text(to, "''");
    for (const char *p = text.ptr, *end = p + text.len; text.len && p < end;) {
        uint32_t c = sqi_io_utf8_next(&p, end, &ok);
        const char *name = c == '\\'   ? "\\\\"
                           : c == '|'  ? "\\p"
                           : c == '\n' ? "\\n"
                           : c == '\t' ? "\\t"
                           : c == '\r' ? "\\r"
                                       : NULL;
        char bytes[4];
        bool edge = c == ' ' && (p - 1 == text.ptr || p == end);
        if (name)
            sqi_buf_text(to, name);
        else if (edge)
            sqi_buf_text(to, "\\s");
        else if (c < 32 || c == 127)
            sqi_buf_printf(to, "\\x%02x", c);
        else
            sqi_buf_put(to, bytes, sqi_utf8_put(c, bytes));
    }
}

/* --------------------------------------------------------------------------------------------------------- answers */

static streamq_status show_rows(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    run *r = context;
    if (r->encoder)
        return r->encoder->type->encode(r->encoder, chunk, &r->written, err);
    for (SQI_EACH(chunk->rows, k, i)) {
        sqi_buf_text(&r->got, "out ");
        for (uint32_t c = 0; c < chunk->ncol; ++c) {
            const sqi_vec *v = &chunk->col[c];
            if (c)
                sqi_buf_text(&r->got, " | ");
            sqi_buf_clear(&r->cell);
            if (!sqi_vec_valid(v, i) || v->type->id == SQI_VOID) {
                sqi_buf_text(&r->got, "NULL");
            } else if (v->type->id == SQI_BINARY) {
                sqi_span s = sqi_str_span(&SQI_AT(v, sqi_str, i));
                for (size_t b = 0; b < s.len; ++b)
                    sqi_buf_printf(&r->cell, "%02X", (unsigned char)s.ptr[b]);
                show(sqi_buf_view(&r->cell), &r->got);
            } else {
                sqi_text_value(&r->cell, v, i, sqi_zone_utc(), SQI_TEXT_CAST);
                show(sqi_buf_view(&r->cell), &r->got);
            }
        }
        sqi_buf_byte(&r->got, '\n');
    }
    return STREAMQ_OK;
}

static void show_schema(run *r)
{
    sqi_buf_text(&r->got, "infers ");
    sqi_buf_clear(&r->cell);
    for (uint32_t i = 0; i < r->schema.n; ++i) {
        sqi_buf_text(&r->cell, i ? "," : "");
        sqi_buf_span(&r->cell, r->schema.field[i].name);
        sqi_buf_byte(&r->cell, ':');
        sqi_type_print(&r->cell, r->schema.field[i].type);
    }
    if (r->cell.len)
        show(sqi_buf_view(&r->cell), &r->got);
    sqi_buf_byte(&r->got, '\n');
}

static streamq_status infer(run *r, streamq_error **err)
{
    sqi_inference *f;
    SQI_TRY(sqi_inference_new(&f, &sqi_format_json, &r->env, &r->read, err));
    streamq_status status = feed_infer(f, sqi_buf_view(&r->in), r->way.block, err);
    if (status == STREAMQ_OK)
        status = f->type->infer_schema(f, &r->arena, &r->schema, err);
    sqi_inference_free(f);
    if (status == STREAMQ_OK)
        show_schema(r);
    return status;
}

static streamq_status decode(run *r, streamq_error **err)
{
    sqi_decoder *d;
    SQI_TRY(sqi_decoder_new(&d, &sqi_format_json, &r->env, &r->read, &r->schema, err));
    streamq_status status = feed_decode(d, sqi_buf_view(&r->in), r->way.block, show_rows, r, err);
    sqi_decoder_free(d);
    return status;
}

static void show_written(run *r, bool bytes)
{
    const char *p = r->written.ptr, *end = p + r->written.len;
    if (bytes) {
        sqi_buf_text(&r->got, "wrote ");
        for (; p < end; ++p)
            sqi_buf_printf(&r->got, "\\x%02x", (unsigned char)*p);
        sqi_buf_byte(&r->got, '\n');
        return;
    }
    while (p < end) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop ? stop : end;
        sqi_buf_text(&r->got, "wrote ");
        if (stop > p)
            show((sqi_span){p, (size_t)(stop - p)}, &r->got);
        sqi_buf_byte(&r->got, '\n');
        p = stop + 1;
    }
}

static streamq_status write_rows(run *r, streamq_error **err)
{
    sqi_span encoding = {NULL, 0};
    SQI_TRY(sqi_options_check(&r->write, sqi_format_json.write_option, sqi_format_json.nwrite_option, "json", err));
    SQI_TRY(sqi_encoder_new(&r->encoder, &sqi_format_json, &r->env, &r->write, &r->schema, err));
    SQI_TRY(r->encoder->type->encoder_begin(r->encoder, &r->written, err));
    SQI_TRY(decode(r, err));
    SQI_TRY(r->encoder->type->encoder_end(r->encoder, &r->written, err));
    sqi_options_get(&r->write, "encoding", &encoding);
    show_written(r, encoding.ptr && !sqi_span_equal_nocase(encoding, SQI_SPAN("UTF-8")));
    return STREAMQ_OK;
}

static streamq_status answer(run *r, const char *schema, bool writes, streamq_error **err)
{
    SQI_TRY(sqi_options_check(&r->read, sqi_format_json.option, sqi_format_json.noption, "json", err));
    if (schema) {
        sqi_parser p;
        SQI_TRY(sqi_parser_init(&p, sqi_span_of(schema), &r->arena, r->env.pool, r->env.zones, r->env.zone, err));
        SQI_TRY(sqi_parse_schema(&p, &r->schema, err));
    }
    SQI_TRY(sqi_format_json.check(&r->read, schema ? &r->schema : NULL, err));
    if (!schema)
        SQI_TRY(infer(r, err));
    return writes ? write_rows(r, err) : decode(r, err);
}

/* ----------------------------------------------------------------------------------------------------------- cases */

typedef struct text_case {
    char name[200], schema[4096];
    bool has_schema, writes, ours;
} text_case;

static void begin(run *r, json_case_way way)
{
    *r = (run){.way = way};
    sqi_fail_alloc_init(&r->heap);
    sqi_os_sim_init(&r->sim, INT64_C(1700000000000000), 1);
    sqi_arena_init(&r->arena, &r->heap.alloc);
    r->read.arena = r->write.arena = &r->arena;
    sqi_buf *const all[] = {&r->in, &r->got, &r->want, &r->written, &r->cell};
    for (size_t i = 0; i < sizeof all / sizeof *all; ++i)
        sqi_buf_init(all[i], &r->heap.alloc, 0);
    r->env = (sqi_io_env){.alloc = &r->heap.alloc,
                          .os = &r->sim.os,
                          .zone = sqi_zone_utc(),
                          .pool = sqi_type_pool_new(&r->heap.alloc),
                          .zones = sqi_zones_new(&r->heap.alloc),
                          .chunk_rows = way.chunk_rows ? way.chunk_rows : SQI_CHUNK_ROWS};
}

static void end(run *r)
{
    sqi_buf *const all[] = {&r->in, &r->got, &r->want, &r->written, &r->cell};
    sqi_encoder_free(r->encoder);
    for (size_t i = 0; i < sizeof all / sizeof *all; ++i)
        sqi_buf_fini(all[i]);
    sqi_arena_fini(&r->arena);
    sqi_zones_free(r->env.zones);
    sqi_type_pool_free(r->env.pool);
    sqi_os_sim_fini(&r->sim);
    sqi_fail_alloc_assert_clean(&r->heap);
}

/* Do the answers agree? Where a condition is expected, one of Java's exceptions stands for any. */
static bool same(const run *r, sqi_span got)
{
    static const char java[] = "fails IllegalArgumentException\n";
    if (sqi_span_equal(got, sqi_buf_view(&r->want)))
        return true;
    return sqi_span_equal(sqi_buf_view(&r->want), SQI_SPAN(java)) && sqi_span_starts(got, SQI_SPAN("fails "));
}

static bool finish(run *r, const text_case *c, const char *path)
{
    streamq_error *err = NULL;
    if (answer(r, c->has_schema ? c->schema : NULL, c->writes, &err) != STREAMQ_OK) {
        size_t keep = 0; /* Spark shows no row of a file that fails */
        if (sqi_span_starts(sqi_buf_view(&r->got), SQI_SPAN("infers ")))
            keep = (size_t)((char *)memchr(r->got.ptr, '\n', r->got.len) - r->got.ptr) + 1;
        r->got.len = keep;
        sqi_buf_printf(&r->got, "fails %s\n", sqi_cond_name(sqi_error_cond(err)));
    }
    bool ok = same(r, sqi_buf_view(&r->got));
    if (!ok)
        printf("%s: %s\n expected\n%.*s got\n%.*s %s\n", path, c->name, (int)(r->want.len < 3000 ? r->want.len : 3000),
               r->want.len ? r->want.ptr : "", (int)(r->got.len < 3000 ? r->got.len : 3000),
               r->got.len ? r->got.ptr : "", err ? sqi_error_message(err) : "");
    sqi_error_free(err);
    end(r);
    return ok;
}

static void set(run *r, sqi_options *to, const char *text)
{
    const char *space = strchr(text, ' ');
    sqi_span name = {text, space ? (size_t)(space - text) : strlen(text)};
    sqi_buf_clear(&r->cell);
    if (space)
        unescape(space + 1, space + 1 + strlen(space + 1), &r->cell);
    ck_assert_int_eq(sqi_options_set(to, name, r->cell.len ? sqi_buf_view(&r->cell) : (sqi_span){"", 0}, NULL),
                     STREAMQ_OK);
}

/* An expected line as `show` would write it: long runs are written short in the file. */
static void expect(run *r, const char *line)
{
    sqi_buf *to = &r->want;
    for (const char *p = line; *p;) {
        if (p[0] == '\\' && p[1] == '\\') {
            sqi_buf_put(to, p, 2);
            p += 2;
        } else if (p[0] == '\\' && p[1] == '*') {
            const char *close = strchr(p, ')') + 1;
            unescape(p, close, to);
            p = close;
        } else {
            sqi_buf_byte(to, *p++);
        }
    }
    sqi_buf_byte(to, '\n');
}

static void copy_line(char *to, size_t size, const char *line)
{
    size_t n = strlen(line);
    ck_assert_uint_lt(n, size);
    memcpy(to, line, n + 1);
}

int json_case_run(const char *path, json_case_way way, int *count)
{
    FILE *f = fopen(path, "r");
    static char line[1 << 20];
    text_case c;
    run r;
    bool open = false;
    int bad = 0;
    *count = 0;
    ck_assert_msg(f, "no file %s", path);
    for (;;) {
        bool more = fgets(line, sizeof line, f);
        size_t len = more ? strcspn(line, "\n") : 0;
        line[len] = '\0';
        bool fresh = more && strncmp(line, "case ", 5) == 0;
        if (open && (!more || fresh)) {
            bad += !finish(&r, &c, path);
            ++*count;
        }
        if (!more)
            break;
        if (fresh) {
            begin(&r, way);
            open = true;
            c = (text_case){0};
            copy_line(c.name, sizeof c.name, line + 5);
        } else if (strncmp(line, "schema ", 7) == 0) {
            copy_line(c.schema, sizeof c.schema, line + 7);
            c.has_schema = true;
        } else if (strncmp(line, "option ", 7) == 0) {
            set(&r, &r.read, line + 7);
        } else if (strncmp(line, "in ", 3) == 0) {
            unescape(line + 3, line + len, &r.in);
        } else if (strncmp(line, "write", 5) == 0) {
            c.writes = true;
            if (line[5])
                set(&r, &r.write, line + 6);
        } else if (strncmp(line, "ours ", 5) == 0) { /* where we differ on purpose */
            expect(&r, line + 5);
            c.ours = true;
        } else if (open && !c.ours && *line && *line != '#') {
            expect(&r, line);
        }
    }
    fclose(f);
    return bad;
}
