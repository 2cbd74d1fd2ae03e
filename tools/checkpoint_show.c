/*
 * checkpoint_show: a checkpoint in words: whose it is, what it keeps, its batches, its files, and what a restart would do.
 */
#include "checkpoint_look.h"

#include "keyed_block.h"

#include <stdio.h>
#include <stdlib.h>

/* -------------------------------------------------------------- the last batch */

/* An offset as its source writes it. */
static void say_offset(look *l, sqi_span format, const sqi_offset *o)
{
    sqi_buf text;
    sqi_options none = {&l->arena, NULL};
    sqi_schema columns = {0};
    const sqi_source_type *type = sqi_source_find(format);
    sqi_source lead = {.type = type ? type : &sqi_src_custom, .options = &none, .schema = &columns};
    sqi_buf_init(&text, &l->alloc, 0);
    bool fine = o->known && lead.type->offset_json && lead.type->offset_json(&lead, o, &text);
    say_text(fine ? sqi_buf_view(&text) : SQI_SPAN("the beginning"));
    sqi_buf_fini(&text);
}

typedef struct file_span { /* batches in a file of the log; -1: none */
    int64_t first, last;
} file_span;

typedef struct showing {
    look *l;
    sqi_checkpoint *c;
    sqi_span *format; /* of each source */
    uint32_t nsource, noperator;
    uint64_t *rows; /* of each operator */
    int64_t oldest; /* batch in the log */
    file_span *file;
} showing;

static void say_ranges(showing *s, const sqi_checkpoint_record *r, const char *before)
{
    sqi_bytes items = r->items;
    sqi_record_item item;
    sqi_offset start, end;
    while (sqi_record_next(&items, &item)) {
        if (item.kind != SQI_RECORD_RANGE)
            continue;
        sqi_span format = item.index < s->nsource ? s->format[item.index] : SQI_SPAN("");
        say("%ssource %u: ", before, item.index);
        if (!sqi_record_get_range(item.block, &start, &end)) {
            say("a malformed range");
            continue;
        }
        say_offset(s->l, format, &start);
        say(" to ");
        say_offset(s->l, format, &end);
    }
}

static void count_rows(showing *s, const sqi_checkpoint_record *r)
{
    sqi_bytes items = r->items;
    sqi_record_item item;
    sqi_block block;
    while (sqi_record_next(&items, &item))
        if (item.kind == SQI_RECORD_OPERATOR_CHANGES && item.index < s->noperator &&
            sqi_block_open(&block, item.block, NULL) == STREAMQ_OK)
            s->rows[item.index] = block.total;
}

static streamq_status show_last(void *context, const sqi_checkpoint_record *r, streamq_error **err)
{
    showing *s = context;
    char time[SQI_TIME_TEXT];
    (void)err;
    say("last batch  %lld, at %s UTC", (long long)r->batch, time_text(r->head->timestamp_micros, time));
    say_ranges(s, r, "\n            ");
    say("\n");
    count_rows(s, r);
    return STREAMQ_OK;
}

static streamq_status show_batch(void *context, const sqi_checkpoint_record *r, streamq_error **err)
{
    showing *s = context;
    char time[SQI_TIME_TEXT];
    (void)err;
    say("%-8lld %-26s %-13s %11llu", (long long)r->batch, time_text(r->head->timestamp_micros, time),
        r->delivered ? "yes" : "not known", (unsigned long long)r->bytes);
    say_ranges(s, r, "  ");
    say("\n");
    return STREAMQ_OK;
}

/* Where the batches stand. */
static streamq_status note_batch(void *context, const sqi_checkpoint_record *r, streamq_error **err)
{
    showing *s = context;
    (void)err;
    s->oldest = s->oldest < 0 ? r->batch : s->oldest;
    for (size_t k = s->c->wal.nsegment; k-- > 0;) /* mostly the one at hand */
        if (s->c->wal.segment[k].first == r->segment) {
            s->file[k].first = s->file[k].first < 0 ? r->batch : s->file[k].first;
            s->file[k].last = r->batch;
            break;
        }
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- what the metadata says */

/* The parts of the shape by number; false: no memory. */
static bool showing_begin(showing *s, look *l, sqi_span shape)
{
    sqi_meta_part part;
    *s = (showing){.l = l, .oldest = -1};
    for (sqi_span left = shape; sqi_meta_next(&left, &part);)
        *(part.source ? &s->nsource : &s->noperator) += 1;
    s->rows = sqi_arena_array(&l->arena, s->noperator + 1, sizeof *s->rows);
    s->format = sqi_arena_array(&l->arena, s->nsource + 1, sizeof *s->format);
    s->nsource = s->format ? 0 : s->nsource;
    while (s->format && sqi_meta_next(&shape, &part))
        if (part.source)
            s->format[s->nsource++] = part.name;
    return s->rows && s->format;
}

static void say_fields(sqi_span line)
{
    for (size_t i = 0; i < line.len; ++i)
        if (line.ptr[i] == '\t') {
            say_text((sqi_span){line.ptr, i});
            say("  ");
            line = (sqi_span){line.ptr + i + 1, line.len - i - 1};
            i = (size_t)-1;
        }
    say_text(line);
    say("\n");
}

/* The lines of an operator behind its first. */
static void say_operator(sqi_span text)
{
    const char *p = text.ptr, *end = p + text.len;
    for (bool first = true; p < end; first = false) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        if (!first) {
            say("              ");
            say_fields((sqi_span){p, (size_t)((eol ? eol : end) - p)});
        }
        p = eol ? eol + 1 : end;
    }
}

static void show_parts(sqi_span shape, const uint64_t *rows)
{
    uint32_t sources = 0, operators = 0;
    for (sqi_meta_part part; sqi_meta_next(&shape, &part);) {
        if (part.source)
            say("source %-4u ", sources++);
        else
            say("operator %-2u ", operators);
        say_text(part.name);
        if (part.source) {
            say("  ");
            say_text(part.text);
            say("\n");
        } else {
            if (rows)
                say("  %llu row%s of state", (unsigned long long)rows[operators], rows[operators] == 1 ? "" : "s");
            say("\n");
            ++operators;
            say_operator(part.text);
        }
    }
}

static void show_meta(const sqi_meta *m)
{
    char time[SQI_TIME_TEXT];
    int64_t created = m->created_ms > INT64_MAX / 1000 ? INT64_MAX / 1000 * 1000
                      : m->created_ms < 0              ? 0
                                                       : m->created_ms * 1000;
    say("id          %s\nformat      version %d\ncreated     %s UTC\n", m->id, SQI_META_VERSION,
        time_text(created, time));
}

/* -------------------------------------------------------------- files */

typedef struct listed {
    char *name;
    int64_t size;
} listed;

typedef struct listing {
    look *l;
    listed *file;
    size_t n, cap;
    bool nomem;
} listing;

static bool take_entry(void *user, const char *name, sqi_os_kind kind)
{
    listing *g = user;
    char path[4096];
    sqi_os_stat st = {.kind = SQI_OS_OTHER};
    void *items = g->file;
    (void)kind;
    g->nomem = !sqi_alloc_grow(&g->l->alloc, &items, &g->cap, g->n + 1, sizeof *g->file);
    g->file = items;
    char *copy = g->nomem ? NULL : sqi_arena_text(&g->l->arena, name, strlen(name));
    if (!copy)
        return !(g->nomem = true);
    if (snprintf(path, sizeof path, "%s/%s", g->l->dir, name) < (int)sizeof path)
        (void)g->l->files->stat(g->l->files->context, path, &st);
    g->file[g->n++] = (listed){copy, st.kind == SQI_OS_FILE ? st.size : -1};
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const listed *)a)->name, ((const listed *)b)->name);
}

static int by_first(const void *key, const void *item)
{
    int64_t a = *(const int64_t *)key, b = ((const sqi_wal_segment *)item)->first;
    return a < b ? -1 : a > b;
}

/* What is known of a file of the log: its batches, and what a restart would do to its end. */
static void say_segment(const showing *s, const listed *f)
{
    char path[4096];
    const sqi_wal *w = &s->c->wal;
    int64_t first = strtoll(f->name + 4, NULL, 10);
    sqi_wal_path(w, first, path, sizeof path);
    if (strcmp(strrchr(path, '/') + 1, f->name) != 0)
        return;
    if (w->unborn == first)
        say("  begun, without a record; a restart removes it");
    const sqi_wal_segment *g =
        w->nsegment ? bsearch(&first, w->segment, w->nsegment, sizeof *w->segment, by_first) : NULL;
    if (!g || !s->file || s->file[g - w->segment].first < 0)
        return;
    say("  batches %lld to %lld", (long long)s->file[g - w->segment].first, (long long)s->file[g - w->segment].last);
    if (f->size > g->size)
        say("; behind them %lld bytes of a write that was cut off, which a restart removes",
            (long long)(f->size - g->size));
}

static void show_files(look *l, const showing *s)
{
    listing g = {.l = l};
    int64_t sum = 0;
    int code = l->files->list(l->files->context, l->dir, take_entry, &g);
    if (g.n)
        qsort(g.file, g.n, sizeof *g.file, by_name);
    for (size_t i = 0; i < g.n; ++i) {
        const listed *f = &g.file[i];
        sum += f->size > 0 ? f->size : 0;
        say("%s", i ? "            " : "files       ");
        if (f->size < 0)
            say("%12s  ", "no file");
        else
            say("%12lld  ", (long long)f->size);
        say_text(sqi_span_of(f->name));
        if (s && s->c && strncmp(f->name, "wal-", 4) == 0)
            say_segment(s, f);
        say("\n");
    }
    if (g.n > 1)
        say("            %12lld  in all\n", (long long)sum);
    if (code || g.nomem) {
        say("files       cannot be listed\n");
        l->bad = true;
    }
    sqi_alloc_free(&l->alloc, g.file, g.cap * sizeof *g.file);
}

/* -------------------------------------------------------------- what a restart would do */

static void refuse(look *l, streamq_error *why)
{
    say(l->running ? "A query is running here, but its checkpoint cannot be read: " : "A restart is refused: ");
    say_error(why);
    say("\n");
    l->bad = true;
}

static void say_next(look *l, const sqi_checkpoint *c)
{
    if (l->running)
        say("A query is running here; a second one is refused. After it: ");
    if (c->last < 0)
        say("No batch has been logged yet; a restart begins with batch 0.\n");
    else if (c->delivered)
        say("A restart goes on with batch %lld.\n", (long long)c->last + 1);
    else
        say("Batch %lld is not known to be delivered: a restart runs it again with the same input; a sink that does "
            "not "
            "remember batch ids sees it twice.\n",
            (long long)c->last);
}

static bool take_any(void *user, const char *name, sqi_os_kind kind)
{
    (void)kind;
    return !(*(bool *)user = strcmp(name, "lock") != 0);
}

static void say_new(look *l)
{
    bool others = false;
    (void)l->files->list(l->files->context, l->dir, take_any, &others);
    if (l->running)
        say("A query is starting here.\n");
    else
        say("%s: a query that starts here begins with batch 0.\n",
            others ? "There is no checkpoint among these files" : "The directory is new");
}

void show_restart(look *l)
{
    sqi_checkpoint c;
    sqi_meta m;
    bool found;
    streamq_error *why = NULL;
    streamq_status status = look_meta(l, &m, &found, &why);
    sqi_meta_fini(&m);
    if (status == STREAMQ_OK && !found && !look_has_log(l)) {
        say_new(l);
        return;
    }
    if (status == STREAMQ_OK)
        status = look_open(l, &c, &why);
    if (status != STREAMQ_OK) {
        refuse(l, why);
        return;
    }
    say_next(l, &c);
    sqi_checkpoint_close(&c, false);
}

/* -------------------------------------------------------------- all of it */

static bool make_spans(showing *s)
{
    size_t n = s->c->wal.nsegment;
    s->file = sqi_arena_array(&s->l->arena, n + 1, sizeof *s->file);
    for (size_t i = 0; s->file && i < n; ++i)
        s->file[i] = (file_span){-1, -1};
    return s->file != NULL;
}

static void show_log(showing *s)
{
    look *l = s->l;
    sqi_checkpoint *c = s->c;
    streamq_error *why = NULL;
    int64_t oldest = -1;
    if (c->last < 0) {
        say("batches     none\n");
        return;
    }
    streamq_status status = sqi_checkpoint_oldest(c, &oldest, &why);
    if (status == STREAMQ_OK && make_spans(s))
        status = sqi_checkpoint_records(c, -1, -1, note_batch, s, &why);
    if (s->oldest >= 0)
        say("batches     %lld to %lld", (long long)s->oldest, (long long)c->last);
    else
        say("batches     up to %lld", (long long)c->last);
    say("; the last one is %s\n", c->delivered ? "delivered" : "not known to be delivered");
    if (oldest >= 0)
        say("            the state can be read as it was after each from batch %lld on\n", (long long)oldest);
    if (sqi_checkpoint_records(c, c->last, c->last, show_last, s, status == STREAMQ_OK ? &why : NULL) == STREAMQ_OK &&
        status == STREAMQ_OK)
        return;
    say("damaged     ");
    say_error(why);
    say("\n            (a restart does not need it)\n");
    l->bad = true;
}

void show_overview(look *l)
{
    sqi_checkpoint c;
    sqi_meta m;
    showing s = {.l = l};
    bool found = false, open = false;
    streamq_status status = look_meta(l, &m, &found, NULL); /* if that fails the last sentence says why */
    if (status == STREAMQ_OK && found && showing_begin(&s, l, sqi_buf_view(&m.shape))) {
        show_meta(&m);
        open = look_open(l, &c, NULL) == STREAMQ_OK;
        s.c = open ? &c : NULL;
        if (open)
            show_log(&s);
        show_parts(sqi_buf_view(&m.shape), open ? s.rows : NULL);
    }
    show_files(l, &s);
    say("lock        %s\n", l->running ? "held: a query is running here" : "free: no query is running here");
    if (open)
        sqi_checkpoint_close(&c, false);
    sqi_meta_fini(&m);
    show_restart(l);
}

void show_batches(look *l)
{
    sqi_checkpoint c;
    sqi_meta m;
    showing s;
    streamq_error *why = NULL;
    bool found = false;
    if (look_meta(l, &m, &found, NULL) == STREAMQ_OK && found && showing_begin(&s, l, sqi_buf_view(&m.shape)) &&
        look_open(l, &c, NULL) == STREAMQ_OK) {
        say("%-8s %-26s %-13s %11s\n", "batch", "time (UTC)", "delivered", "bytes");
        if (c.last >= 0 && sqi_checkpoint_records(&c, -1, -1, show_batch, &s, &why) != STREAMQ_OK) {
            say("damaged: ");
            say_error(why);
            say("\n");
            l->bad = true;
        }
        sqi_checkpoint_close(&c, false);
    }
    sqi_meta_fini(&m);
    show_restart(l);
}
