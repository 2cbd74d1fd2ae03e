/*
 * io_table: cells are escaped, cut and measured when they are added; printing only pads. Rows beyond the bound are
 * counted and not looked at, so a table costs what it shows.
 *
 * Spark measures text in UTF-16 units, and adds one for each character of the East Asian ranges below. Both are kept:
 * a character outside the basic plane is two wide, a combining mark is one wide.
 */
#include "io_table.h"

#include "data_text.h"
#include "io_utf8.h"

enum { NARROWEST = 3, DOTS = 3 };

void sqi_io_table_init(sqi_io_table *t, sqi_alloc *alloc, const sqi_schema *schema, const sqi_zone *zone,
                       int64_t row_max, uint32_t truncate)
{
    *t = (sqi_io_table){
        .alloc = alloc, .schema = schema, .zone = zone, .row_max = row_max < 0 ? 0 : row_max, .truncate = truncate};
    sqi_buf_init(&t->text, alloc, SIZE_MAX);
    sqi_buf_init(&t->raw, alloc, SIZE_MAX);
}

void sqi_io_table_fini(sqi_io_table *t)
{
    if (!t->alloc)
        return;
    sqi_buf_fini(&t->text);
    sqi_buf_fini(&t->raw);
    sqi_alloc_free(t->alloc, t->cell, t->cell_cap * sizeof *t->cell);
    *t = (sqi_io_table){0};
}

void sqi_io_table_clear(sqi_io_table *t)
{
    sqi_buf_clear(&t->text);
    t->ncell = 0;
    t->rows = 0;
}

static bool wide(uint32_t c)
{
    static const struct {
        uint16_t from, to;
    } ranges[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
                  {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return true;
    return false;
}

/* The letter of a control character that is shown as an escape, else 0. */
static char escape(uint32_t c)
{
    static const char letters[] = "abtnvfr"; /* from 7 on */
    return c >= 7 && c <= 13 ? letters[c - 7] : 0;
}

static size_t units(uint32_t c)
{
    return c > 0xFFFF || escape(c) ? 2 : 1;
}

/* More than `most` units once escaped? Looks no further than it must. */
static bool longer(sqi_span text, size_t most)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    size_t n = 0;
    while (p < end && n <= most) {
        bool ok;
        n += units(sqi_io_utf8_next(&p, end, &ok));
    }
    return n > most;
}

/* Append one character in at most `room` units; half of one is shown as Java encodes a lone surrogate. Gives units. */
static size_t put_char(sqi_buf *to, uint32_t c, size_t room, size_t *width)
{
    char bytes[4], letter = escape(c);
    size_t n = units(c), len;
    if (letter) {
        bytes[0] = '\\';
        bytes[1] = letter;
        len = room < 2 ? 1 : 2;
    } else if (n > room) {
        bytes[0] = '?';
        len = 1;
    } else {
        len = sqi_utf8_put(c, bytes);
    }
    sqi_buf_put(to, bytes, len);
    *width += (n < room ? n : room) + wide(c);
    return n;
}

/* Append at most `most` units of the text, escaped. Gives the width. */
static size_t put_text(sqi_buf *to, sqi_span text, size_t most)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    size_t n = 0, width = 0;
    while (p < end && n < most) {
        bool ok;
        uint32_t c = sqi_io_utf8_next(&p, end, &ok);
        n += put_char(to, c, most - n, &width);
    }
    return width;
}

static streamq_status add_cell(sqi_io_table *t, sqi_span text, size_t limit, streamq_error **err)
{
    void *items = t->cell;
    bool grown = sqi_alloc_grow(t->alloc, &items, &t->cell_cap, t->ncell + 1, sizeof *t->cell);
    t->cell = items;
    if (!grown)
        return sqi_error_nomem(err);
    sqi_io_table_cell *cell = &t->cell[t->ncell++];
    *cell = (sqi_io_table_cell){.begin = t->text.len};
    if (limit == 0 || !longer(text, limit)) {
        cell->width = put_text(&t->text, text, SIZE_MAX);
    } else if (limit <= DOTS) {
        cell->width = put_text(&t->text, text, limit);
    } else {
        cell->width = put_text(&t->text, text, limit - DOTS) + DOTS;
        sqi_buf_text(&t->text, "...");
    }
    cell->len = t->text.len - cell->begin;
    return t->text.failed ? sqi_error_nomem(err) : STREAMQ_OK;
}

streamq_status sqi_io_table_add(sqi_io_table *t, const sqi_chunk *chunk, streamq_error **err)
{
    for (SQI_EACH(chunk->rows, k, i)) {
        if (t->rows + k >= (uint64_t)t->row_max)
            break;
        for (uint32_t c = 0; c < chunk->ncol; c++) {
            sqi_buf_clear(&t->raw);
            if (!sqi_text_value(&t->raw, &chunk->col[c], i, t->zone, SQI_TEXT_SHOW))
                return sqi_error_nomem(err);
            SQI_TRY(add_cell(t, sqi_buf_view(&t->raw), t->truncate, err));
        }
    }
    t->rows += chunk->rows.n;
    return STREAMQ_OK;
}

static void put_rule(const size_t *width, uint32_t n, sqi_buf *to)
{
    sqi_buf_byte(to, '+');
    for (uint32_t c = 0; c < n; c++) {
        sqi_buf_repeat(to, '-', width[c]);
        sqi_buf_byte(to, '+');
    }
    sqi_buf_text(to, n ? "\n" : "+\n");
}

static void put_row(const sqi_io_table *t, const sqi_io_table_cell *cell, const size_t *width, uint32_t n, sqi_buf *to)
{
    sqi_buf_byte(to, '|');
    for (uint32_t c = 0; c < n; c++) {
        sqi_span text = {cell[c].len ? t->text.ptr + cell[c].begin : "", cell[c].len};
        if (t->truncate)
            sqi_buf_repeat(to, ' ', width[c] - cell[c].width);
        sqi_buf_span(to, text);
        if (!t->truncate)
            sqi_buf_repeat(to, ' ', width[c] - cell[c].width);
        sqi_buf_byte(to, '|');
    }
    sqi_buf_text(to, n ? "\n" : "|\n");
}

static void put_table(const sqi_io_table *t, const sqi_io_table_cell *names, const size_t *width, sqi_buf *to)
{
    uint32_t n = t->schema->n;
    uint64_t shown = t->rows < (uint64_t)t->row_max ? t->rows : (uint64_t)t->row_max;
    put_rule(width, n, to);
    put_row(t, names, width, n, to);
    put_rule(width, n, to);
    for (uint64_t r = 0; r < shown; r++)
        put_row(t, n ? t->cell + r * n : NULL, width, n, to);
    put_rule(width, n, to);
    if (t->rows > shown)
        sqi_buf_printf(to, "only showing top %llu row%s", (unsigned long long)shown, shown == 1 ? "" : "s");
}

/* The names are cells too, whole, behind those of the rows; they go again before anything else is added. */
streamq_status sqi_io_table_print(sqi_io_table *t, sqi_buf *to, streamq_error **err)
{
    uint32_t n = t->schema->n;
    size_t rows_end = t->ncell, text_end = t->text.len;
    size_t *width = sqi_alloc_array(t->alloc, n + 1, sizeof *width);
    streamq_status status = width ? STREAMQ_OK : sqi_error_nomem(err);
    for (uint32_t c = 0; c < n && status == STREAMQ_OK; c++)
        status = add_cell(t, t->schema->field[c].name, 0, err);
    if (status == STREAMQ_OK) {
        for (uint32_t c = 0; c < n; c++)
            width[c] = NARROWEST;
        for (size_t i = 0; i < t->ncell; i++)
            if (t->cell[i].width > width[i % n])
                width[i % n] = t->cell[i].width;
        put_table(t, n ? t->cell + rows_end : NULL, width, to);
        status = to->failed ? sqi_error_nomem(err) : STREAMQ_OK;
    }
    t->ncell = rows_end;
    t->text.len = text_end;
    sqi_alloc_free(t->alloc, width, ((size_t)n + 1) * sizeof *width);
    return status;
}
