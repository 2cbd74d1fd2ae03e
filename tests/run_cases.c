/*
 * run_cases: runs case files (tests/cases/README.md) on this library, through the public API alone.
 *
 *     run_cases [--threads N] [--chunk N] [--restarts 1] [--only TEXT] [--pending FILE] [--write-pending FILE]
 *               [--fail-allocations N] FILE...
 *
 * Prints every difference and ends with "N passed, N failed". With --pending the cases listed there are expected to
 * differ: a listed one that passes is a failure, so is a line of the list that names no case. --write-pending writes
 * such a list of everything that differs, with what is missing. --restarts 1 gives every streaming query a checkpoint, and
 * starts it anew from there, with other numbers of threads, before each run. --fail-allocations runs each case that passes again and
 * again with another request for memory refused (at most N of them, evenly spread; 0: all of them): nothing may leak, and
 * what differs then must be an error of memory.
 */
#include "case_file.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <streamq.h>
#include <streamq_arrow.h>
#include <string.h>

/* -------------------------------------------------------------- text */

typedef struct text {
    char *ptr;
    size_t len, cap;
} text;

static void text_put(text *t, const char *s, size_t n)
{
    if (t->len + n + 1 > t->cap) {
        t->cap = (t->len + n + 1) * 2;
        t->ptr = realloc(t->ptr, t->cap);
        if (!t->ptr)
            abort();
    }
    memcpy(t->ptr + t->len, s, n);
    t->len += n;
    t->ptr[t->len] = '\0';
}

static void text_add(text *t, const char *s)
{
    text_put(t, s, strlen(s));
}

static char *copy(const char *s)
{
    char *c = strdup(s);
    if (!c)
        abort();
    return c;
}

typedef struct list {
    char **item;
    size_t n, cap;
} list;

static void list_add(list *l, char *item)
{
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 16;
        l->item = realloc(l->item, l->cap * sizeof *l->item);
        if (!l->item)
            abort();
    }
    l->item[l->n++] = item;
}

static void list_clear(list *l)
{
    for (size_t i = 0; i < l->n; ++i)
        free(l->item[i]);
    l->n = 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list_sort(list *l)
{
    if (l->n)
        qsort(l->item, l->n, sizeof *l->item, by_text);
}

/* -------------------------------------------------------------- options and the list of pending ones */

typedef struct pending {
    char *file, *name;
    bool met;
} pending;

static struct {
    const char *threads, *chunk, *only;
    pending *pending;
    size_t npending;
    FILE *write;
    size_t passed, failed, waived;
    long points; /* of --fail-allocations; -1: not asked for */
    bool trying; /* one of its runs: verdicts go to `difference` */
    long
        restarts; /* 1: every streaming query has a checkpoint, and starts anew from it before each run but the first */
    bool missing; /* a function that has no error gave NULL */
    char *difference;
} run = {.points = -1};

/* -------------------------------------------------------------- an allocator that refuses one request */

static struct {
    size_t at, requests, refused, wrong_size;
    long live;
} gate;

enum { HEADER = 16 };

static void check_size(const char *block, size_t size)
{
    size_t stands;
    memcpy(&stands, block, sizeof stands);
    gate.wrong_size += stands != size;
}

static void *gate_resize(void *user, void *ptr, size_t old_size, size_t new_size)
{
    (void)user;
    char *old = ptr ? (char *)ptr - HEADER : NULL;
    if (old)
        check_size(old, old_size);
    if (++gate.requests == gate.at) {
        ++gate.refused;
        return NULL;
    }
    char *block = malloc(HEADER + new_size);
    if (!block)
        abort();
    memcpy(block, &new_size, sizeof new_size);
    if (old)
        memcpy(block + HEADER, ptr, old_size < new_size ? old_size : new_size);
    gate.live += old == NULL;
    free(old);
    return block + HEADER;
}

static void gate_release(void *user, void *ptr, size_t size)
{
    (void)user;
    check_size((char *)ptr - HEADER, size);
    --gate.live;
    free((char *)ptr - HEADER);
}

static void read_pending(const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        fprintf(stderr, "run_cases: cannot read %s\n", path);
        exit(2);
    }
    char *line = NULL;
    size_t cap = 0;
    for (ssize_t n; (n = getline(&line, &cap, in)) >= 0;) {
        char *bar = strstr(line, " :: "), *second = bar ? strstr(bar + 4, " :: ") : NULL;
        if (*line == '#' || !second)
            continue;
        *bar = *second = '\0';
        run.pending = realloc(run.pending, (run.npending + 1) * sizeof *run.pending);
        run.pending[run.npending++] = (pending){copy(line), copy(bar + 4), false};
    }
    free(line);
    fclose(in);
}

static pending *find_pending(const char *file, const char *name)
{
    for (size_t i = 0; i < run.npending; ++i)
        if (strcmp(run.pending[i].file, file) == 0 && strcmp(run.pending[i].name, name) == 0)
            return &run.pending[i];
    return NULL;
}

/* What a case waits for, in a few words. */
static void write_reason(const char *name, const char *difference)
{
    static const struct {
        const char *sign, *reason;
    } known[] = {{"needs a checkpoint", "checkpoint and restart"},
                 {"UNSUPPORTED_FEATURE.JOIN]", "joins"},
                 {"UNSUPPORTED_FEATURE.WATERMARK]", "event time: watermarks"},
                 {"needs a watermark", "event time: watermarks"},
                 {"within_watermark", "event time: deduplication within the watermark"},
                 {"UNSUPPORTED_FEATURE.TIME_WINDOW]", "event time: windows"},
                 {"there is no function window", "event time: windows"},
                 {"there is no function session_window", "event time: session windows"},
                 {"there is no column window", "event time: windows"},
                 {"UNSUPPORTED_FEATURE.SUBQUERY]", "subqueries in expressions, which are joins"},
                 {"UNSUPPORTED_FEATURE.SET_OPERATION]", "EXCEPT and INTERSECT, which are joins"},
                 {"UNSUPPORTED_FEATURE.SQL_CLAUSE]", "an SQL clause"},
                 {"multipleWatermarkPolicy", "event time: watermarks"},
                 {"statefulOperator.allowMultiple", "event time: watermarks"},
                 {"UNSUPPORTED_TIME_TYPE]", "the type TIME"},
                 {"lateral-left-join", "never: a defect of Spark (docs/differences.md)"},
                 {"'F')", "never: the newer meaning of the letter F (docs/differences.md)"},
                 {"[${x}]", "never: no substitution of variables in SQL text (docs/differences.md)"},
                 {"DECIMAL(0,0)", "never: the other condition says what is wrong (docs/differences.md)"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; ++i)
        if (strstr(difference, known[i].sign) || strstr(name, known[i].sign)) {
            fputs(known[i].reason, run.write);
            return;
        }
    const char *function = strstr(difference, "there is no function ");
    if (function) {
        function += strlen("there is no function ");
        fprintf(run.write, "the function %.*s", (int)strcspn(function, " \n"), function);
        return;
    }
    fprintf(run.write, "differs: %.*s", (int)strcspn(difference, "\n"), difference);
}

/* `difference`: what went wrong, or empty. */
static void verdict(const case_file *f, const char *name, int line, const char *difference)
{
    if (run.trying) {
        free(run.difference);
        run.difference = copy(difference ? difference : "");
        return;
    }
    pending *p = find_pending(f->name, name);
    bool differs = difference && *difference;
    if (differs && run.write) {
        fprintf(run.write, "%s :: %s :: ", f->name, name);
        write_reason(name, difference);
        fputc('\n', run.write);
    }
    if (p)
        p->met = true;
    if (p && differs)
        ++run.waived;
    else if (p) {
        ++run.failed;
        printf("%s:%d: %s: passes, but is listed as pending: take it off the list\n", f->path, line, name);
    } else if (differs) {
        ++run.failed;
        printf("%s:%d: %s: %s\n", f->path, line, name, difference);
    } else
        ++run.passed;
}

/* -------------------------------------------------------------- conditions */

/* A condition recorded as a class name says only that Spark refuses: any error of ours matches. */
static bool condition_matches(const char *want, const char *got)
{
    for (const char *p = want; *p; ++p)
        if (*p >= 'a' && *p <= 'z')
            return true;
    return strcmp(want, got) == 0;
}

static void wrong_condition(text *d, const char *want, const streamq_error *e)
{
    text_add(d, "expected ");
    text_add(d, want);
    text_add(d, ", got: ");
    text_add(d, streamq_error_message(e));
}

/* -------------------------------------------------------------- numbers as text */

static bool is_number(const char *digits, double *v)
{
    char *end;
    *v = strtod(digits, &end);
    return end != digits && !*end && !strpbrk(digits, "nNxXpP");
}

/* Java 17 prints some doubles with more digits than they need; ours is the shortest text of the same number. */
static bool same_number(const char *want, const char *got)
{
    double a, b;
    if (!strchr(want, 'E') || strlen(got) >= strlen(want) || !is_number(want, &a) || !is_number(got, &b))
        return false;
    return a == b || (float)a == (float)b;
}

/* The last digit of these follows Java's StrictMath in Spark and the C library here: one unit in the last place. */
static bool nearly_same_number(const char *expression, const char *want, const char *got)
{
    static const char *const loose[] = {"exp(", "log10(", "cosh(", "cbrt(", "log(", "log2(", "asinh("};
    double a, b;
    if (!is_number(want, &a) || !is_number(got, &b))
        return false;
    for (size_t i = 0; i < sizeof loose / sizeof *loose; ++i)
        if (strstr(expression, loose[i]))
            return nextafter(a, b) == b;
    return false;
}

static bool same_answer(const char *expression, const char *want, const char *got)
{
    static const char kind[] = "double | ", narrow[] = "float | ";
    if (strcmp(want, got) == 0)
        return true;
    if (strncmp(want, kind, sizeof kind - 1) == 0 && strncmp(got, kind, sizeof kind - 1) == 0)
        return same_number(want + sizeof kind - 1, got + sizeof kind - 1) ||
               nearly_same_number(expression, want + sizeof kind - 1, got + sizeof kind - 1);
    return strncmp(want, narrow, sizeof narrow - 1) == 0 && strncmp(got, narrow, sizeof narrow - 1) == 0 &&
           same_number(want + sizeof narrow - 1, got + sizeof narrow - 1);
}

/* Rows cell by cell. */
static bool same_row(const char *want, const char *got)
{
    while (strcmp(want, got) != 0) {
        const char *a = strstr(want, " | "), *b = strstr(got, " | ");
        char x[64], y[64];
        size_t m = a ? (size_t)(a - want) : strlen(want), n = b ? (size_t)(b - got) : strlen(got);
        if (!a != !b)
            return false;
        if (m != n || memcmp(want, got, m) != 0) {
            if (m >= sizeof x || n >= sizeof y)
                return false;
            snprintf(x, sizeof x, "%.*s", (int)m, want);
            snprintf(y, sizeof y, "%.*s", (int)n, got);
            if (!same_number(x, y))
                return false;
        }
        if (!a)
            return true;
        want = a + 3;
        got = b + 3;
    }
    return true;
}

/* -------------------------------------------------------------- expressions */

static streamq_session *new_session(void)
{
    streamq_config *config = streamq_config_new();
    if (run.chunk)
        (void)streamq_config_set(config, "streamq.chunkRows", run.chunk, NULL);
    if (run.threads) { /* and they work from the first row on */
        (void)streamq_config_set(config, "streamq.threads", run.threads, NULL);
        (void)streamq_config_set(config, "streamq.parallelRows", "0", NULL);
    }
    if (run.restarts) /* the state is written as a whole all the time */
        (void)streamq_config_set(config, "streamq.checkpointGrowth", "0", NULL);
    if (run.trying) {
        const streamq_allocator allocator = {sizeof allocator, NULL, gate_resize, gate_release};
        (void)streamq_config_allocator(config, &allocator, NULL);
    }
    streamq_session *s = streamq_session_new(config);
    streamq_config_free(config);
    if (!s && !run.trying)
        abort();
    return s;
}

static char *cell_of(const streamq_batch *b, size_t row, size_t column)
{
    size_t n = 0;
    const char *bytes = streamq_batch_get_string(b, row, column, &n);
    if (bytes && memchr(bytes, 0, n))
        return case_cell(bytes, n);
    char *t = streamq_batch_get_text(b, row, column);
    run.missing = run.missing || (!t && !streamq_batch_is_null(b, row, column));
    char *cell = case_cell(t, t ? strlen(t) : 0);
    streamq_string_free(t);
    return cell;
}

static void run_expression(streamq_session *session, const case_file *f, const case_expr *e)
{
    text sql = {0}, got = {0}, d = {0};
    streamq_error *error = NULL;
    text_add(&sql, "SELECT ");
    text_add(&sql, e->text);
    text_add(&sql, " AS v");
    streamq_plan *plan = streamq_plan_new(session);
    run.missing = run.missing || !plan;
    streamq_batch *b = streamq_collect(streamq_sql(plan, sql.ptr), &error);
    bool wants_error = e->want && strncmp(e->want, "fails ", 6) == 0;
    if (b) {
        char *cell = cell_of(b, 0, 0);
        text_add(&got, streamq_batch_column_type(b, 0));
        text_add(&got, " | ");
        text_add(&got, cell);
        free(cell);
        if (e->want && !same_answer(e->text, e->want, got.ptr)) {
            text_add(&d, "expected ");
            text_add(&d, e->want);
            text_add(&d, ", got ");
            text_add(&d, got.ptr);
        }
    } else if (!plan)
        run.missing = true, text_add(&d, "no plan");
    else if (!wants_error || !condition_matches(e->want + 6, streamq_error_condition(error)))
        wrong_condition(&d, e->want ? e->want : "a value", error);
    verdict(f, e->text, e->line, d.ptr);
    streamq_batch_free(b);
    streamq_error_free(error);
    streamq_plan_free(plan);
    free(sql.ptr);
    free(got.ptr);
    free(d.ptr);
}

/* -------------------------------------------------------------- streaming cases */

typedef struct named_feed {
    char *name;
    streamq_feed *feed;
    list name_of, type; /* of the columns, as text */
    list rows;          /* SQL rows that wait for the next run */
    size_t adds;
} named_feed;

typedef struct running {
    streamq_session *session;
    streamq_plan *plan;
    streamq_query *query;
    named_feed *feed;
    size_t nfeed;
    streamq_stream *last, *started; /* of which the query was made */
    const case_block *how;          /* its block */
    char checkpoint[64];            /* a case with restarts has one; removed at its end */
    size_t ran;
    bool ordered;
    long console_rows, console_cut; /* rows < 0: no console */
    list out, shown;                /* of the current run */
    text d;                         /* the first difference */
    streamq_error *error;
    char *progress; /* recent progress after the last run */
    size_t seen;    /* progress updates before it */
} running;

static void differ(running *r, const case_block *b, const char *what)
{
    char line[32];
    if (r->d.len)
        return;
    snprintf(line, sizeof line, "line %d: ", b->line);
    text_add(&r->d, line);
    text_add(&r->d, what);
}

static void differ_lists(running *r, const case_block *b, const char *what, const list *want, const list *got)
{
    text t = {0};
    text_add(&t, what);
    text_add(&t, " expected\n");
    for (size_t i = 0; i < want->n; ++i) {
        text_add(&t, "    ");
        text_add(&t, want->item[i]);
        text_add(&t, "\n");
    }
    text_add(&t, "  got\n");
    for (size_t i = 0; i < got->n; ++i) {
        text_add(&t, "    ");
        text_add(&t, got->item[i]);
        text_add(&t, "\n");
    }
    differ(r, b, t.ptr);
    free(t.ptr);
}

static void show_batch(running *r, int64_t id, streamq_batch *batch)
{
    static const char rule[] = "-------------------------------------------";
    char line[48];
    snprintf(line, sizeof line, "Batch: %lld", (long long)id);
    list_add(&r->shown, copy(rule));
    list_add(&r->shown, copy(line));
    list_add(&r->shown, copy(rule));
    char *table = streamq_batch_show(batch, r->console_rows, (int32_t)r->console_cut);
    run.missing = run.missing || !table;
    for (char *p = table, *next; p && *p; p = next) {
        char *end = strchr(p, '\n');
        next = end ? end + 1 : p + strlen(p);
        if (end)
            *end = '\0';
        size_t n = strlen(p);
        while (n && p[n - 1] == ' ')
            p[--n] = '\0';
        if (n)
            list_add(&r->shown, copy(p));
    }
    streamq_string_free(table);
}

static int32_t on_batch(void *user, int64_t id, streamq_batch *batch)
{
    running *r = user;
    size_t rows = streamq_batch_rows(batch), columns = streamq_batch_columns(batch);
    for (size_t i = 0; i < rows; ++i) {
        text row = {0};
        text_put(&row, "", 0);
        for (size_t k = 0; k < columns; ++k) {
            char *cell = cell_of(batch, i, k);
            text_add(&row, k ? " | " : "");
            text_add(&row, cell);
            free(cell);
        }
        list_add(&r->out, row.ptr);
    }
    if (r->console_rows >= 0)
        show_batch(r, id, batch);
    return 0;
}

static named_feed *find_feed(running *r, const char *name)
{
    for (size_t i = 0; i < r->nfeed; ++i)
        if (strcmp(r->feed[i].name, name) == 0)
            return &r->feed[i];
    return NULL;
}

/* "a INT, `b c` STRUCT<x: INT, y: INT> NOT NULL" -> "INT", "STRUCT<x: INT, y: INT>" */
static void split_types(named_feed *f, const char *schema)
{
    for (const char *p = schema; *p;) {
        int depth = 0;
        bool quoted = false;
        p += strspn(p, " ");
        const char *begin = p;
        for (; *p && (quoted || (*p != ' ' && *p != ':')); ++p)
            quoted ^= *p == '`';
        char *column = copy(begin);
        column[p - begin] = '\0';
        list_add(&f->name_of, column);
        p += strspn(p, " :");
        const char *type = p;
        for (; *p && (depth || *p != ','); ++p)
            depth += (*p == '<' || *p == '(') - (*p == '>' || *p == ')');
        char *t = copy(type), *end = t + (p - type);
        *end = '\0';
        char *not_null = strstr(t, " NOT NULL");
        if (not_null && strcmp(not_null, " NOT NULL") == 0)
            *not_null = '\0';
        list_add(&f->type, t);
        p += *p == ',';
    }
}

/* The rows as one query, so that a column is given the type that all rows agree on before it is cast. */
static void rows_query(const named_feed *f, text *sql)
{
    char part[64];
    text_add(sql, "SELECT ");
    for (size_t i = 0; i < f->type.n; ++i) {
        snprintf(part, sizeof part, "%sCAST(c%zu AS ", i ? ", " : "", i);
        text_add(sql, part);
        text_add(sql, f->type.item[i]);
        text_add(sql, ") AS ");
        text_add(sql, f->name_of.item[i]);
    }
    text_add(sql, " FROM (");
    for (size_t i = 0; i < f->rows.n; ++i) {
        text_add(sql, i ? " UNION ALL SELECT s.* FROM (SELECT struct(" : "SELECT s.* FROM (SELECT struct(");
        text_add(sql, f->rows.item[i]);
        text_add(sql, ") AS s)");
    }
    text_add(sql, ") AS t(");
    for (size_t i = 0; i < f->type.n; ++i) {
        snprintf(part, sizeof part, "%sc%zu", i ? ", " : "", i);
        text_add(sql, part);
    }
    text_add(sql, ")");
}

static streamq_status push_query(running *r, named_feed *f)
{
    text sql = {0};
    struct ArrowArray array;
    struct ArrowSchema schema;
    rows_query(f, &sql);
    streamq_plan *plan = streamq_plan_new(r->session);
    run.missing = run.missing || !plan;
    streamq_batch *b = streamq_collect(streamq_sql(plan, sql.ptr), &r->error);
    streamq_status status = b ? streamq_batch_export(b, &array, &schema, &r->error) : streamq_error_status(r->error);
    if (status == STREAMQ_OK)
        status = streamq_feed_push_arrow(f->feed, &array, &schema, &r->error);
    streamq_batch_free(b);
    streamq_plan_free(plan);
    free(sql.ptr);
    return status;
}

static streamq_status push_rows(running *r, named_feed *f)
{
    streamq_status status = f->rows.n ? push_query(r, f) : streamq_feed_push_sql(f->feed, "", &r->error);
    list_clear(&f->rows);
    f->adds = 0;
    return status;
}

/* "name (columns)" */
static void declare(running *r, const case_block *b)
{
    char *name = copy(b->rest), *open = strchr(name, '('), *close = strrchr(name, ')');
    if (!open || !close) {
        differ(r, b, "malformed declaration");
        free(name);
        return;
    }
    *close = '\0';
    *open = '\0';
    name[strcspn(name, " ")] = '\0';
    bool streaming = strcmp(b->word, "stream") == 0;
    r->feed = realloc(r->feed, (r->nfeed + 1) * sizeof *r->feed);
    named_feed *f = &r->feed[r->nfeed++];
    *f = (named_feed){.name = name, .feed = streamq_feed_new(r->session, open + 1, &r->error)};
    if (f->feed)
        split_types(f, open + 1);
    if (f->feed && !streaming && b->nbody) {
        for (size_t i = 0; i < b->nbody; ++i)
            list_add(&f->rows, copy(b->body[i]));
        (void)push_rows(r, f);
    }
    if (r->error) {
        differ(r, b, streamq_error_message(r->error));
        return;
    }
    streamq_reader *reader = streaming ? streamq_read_stream(r->plan, "memory") : streamq_read(r->plan, "memory");
    streamq_reader_feed(reader, f->feed);
    (void)streamq_stream_alias(streamq_reader_load(reader), name);
}

/* "name = source (a, b) within watermark" */
static void deduplicate(running *r, const case_block *b)
{
    char name[64] = "", source[64] = "", columns[256] = "";
    if (strstr(b->rest, "within watermark")) {
        (void)streamq_sql(r->plan, "SELECT within_watermark_is_not_there_yet");
        return;
    }
    if (sscanf(b->rest, "%63s = %63s (%255[^)]", name, source, columns) < 2) {
        differ(r, b, "malformed dedup");
        return;
    }
    text sql = {0};
    text_add(&sql, "SELECT * FROM ");
    text_add(&sql, source);
    (void)streamq_stream_alias(streamq_drop_duplicates(streamq_sql(r->plan, sql.ptr), columns), name);
    free(sql.ptr);
}

static void start(running *r, const case_block *b, streamq_stream *stream)
{
    char mode[32] = "";
    sscanf(b->rest, "%31s", mode);
    r->ordered = strstr(b->rest, "ordered") != NULL;
    streamq_writer *w = streamq_write_stream(stream, "foreachBatch");
    streamq_writer_output_mode(w, strcmp(mode, "complete") == 0 ? STREAMQ_COMPLETE
                                  : strcmp(mode, "update") == 0 ? STREAMQ_UPDATE
                                                                : STREAMQ_APPEND);
    streamq_writer_foreach_batch(w, on_batch, r);
    if (r->checkpoint[0])
        streamq_writer_option(w, "checkpointLocation", r->checkpoint);
    r->started = stream;
    r->how = b;
    r->query = streamq_writer_open(w, &r->error);
}

/* A new life of the query, with another number of threads: from here on the checkpoint is all it knows. */
static void restart(running *r, const case_block *b)
{
    static const char *const threads[] = {"2", "3", "1"};
    static size_t turn;
    char number[24], *had = streamq_session_get(r->session, "streamq.threads");
    (void)streamq_query_stop(r->query, -1, NULL);
    streamq_query_free(r->query);
    r->query = NULL;
    snprintf(number, sizeof number, "%s", had && strcmp(had, "1") != 0 ? threads[turn++ % 3] : "1");
    streamq_string_free(had);
    (void)streamq_session_set(r->session, "streamq.threads", number, NULL);
    streamq_string_free(r->progress);
    r->progress = NULL;
    start(r, r->how, r->started);
    if (r->error)
        differ(r, b, streamq_error_message(r->error));
}

static bool has_restart(const case_item *it)
{
    for (size_t i = 0; i < it->nblock; ++i)
        if (strcmp(it->block[i].word, "restart") == 0)
            return true;
    return false;
}

static void remove_checkpoint(running *r)
{
    char command[128];
    if (!r->checkpoint[0])
        return;
    snprintf(command, sizeof command, "rm -rf %s", r->checkpoint);
    run.missing |= system(command) != 0;
}

static streamq_status settle(running *r)
{
    return r->query ? streamq_query_process_all_available(r->query, 60000, &r->error) : STREAMQ_ERR_STATE;
}

static void query(running *r, const case_block *b, const case_block *next)
{
    char *sql = case_body(b);
    bool refused = next && strcmp(next->word, "refused") == 0;
    if (!r->error)
        start(r, b, streamq_sql(r->plan, sql));
    free(sql);
    if (!refused) {
        if (r->error)
            differ(r, b, streamq_error_message(r->error));
        return;
    }
    if (!r->error)
        (void)settle(r); /* some plans are refused only when they first run */
    if (!r->error)
        differ(r, next, "accepted, but Spark refuses it");
    else if (!condition_matches(next->rest, streamq_error_condition(r->error))) {
        text t = {0};
        wrong_condition(&t, next->rest, r->error);
        differ(r, next, t.ptr);
        free(t.ptr);
    }
}

static size_t count_updates(const char *json)
{
    size_t n = 0;
    for (const char *p = json; p && (p = strstr(p, "\"batchDuration\"")) != NULL; ++p)
        ++n;
    return n;
}

static void check_run(running *r, const case_block *b)
{
    if (strncmp(b->rest, "fails ", 6) == 0) {
        if (!r->error)
            differ(r, b, "runs, but Spark fails");
        else if (!condition_matches(b->rest + 6, streamq_error_condition(r->error))) {
            text t = {0};
            wrong_condition(&t, b->rest + 6, r->error);
            differ(r, b, t.ptr);
            free(t.ptr);
        }
        streamq_error_free(r->error);
        r->error = NULL;
        return;
    }
    if (r->error) {
        differ(r, b, streamq_error_message(r->error));
        return;
    }
    list want = {0};
    for (size_t i = 0; i < b->nbody; ++i)
        list_add(&want, case_row(b->body[i]));
    if (!r->ordered) {
        list_sort(&want);
        list_sort(&r->out);
    }
    bool same = want.n == r->out.n;
    for (size_t i = 0; same && i < want.n; ++i)
        same = same_row(want.item[i], r->out.item[i]);
    if (!same)
        differ_lists(r, b, "rows", &want, &r->out);
    list_clear(&want);
    free(want.item);
}

static void step(running *r, const case_block *b)
{
    if (run.restarts && r->ran++ && r->query && !r->error)
        restart(r, b);
    list_clear(&r->out);
    list_clear(&r->shown);
    r->seen = count_updates(r->progress);
    for (size_t i = 0; i < r->nfeed && !r->error; ++i)
        if (r->feed[i].adds)
            (void)push_rows(r, &r->feed[i]);
    if (!r->error)
        (void)settle(r);
    streamq_string_free(r->progress);
    r->progress = streamq_query_recent_progress(r->query);
    run.missing = run.missing || !r->progress;
    check_run(r, b);
}

static long long field(const char *json, const char *name)
{
    const char *p = strstr(json, name);
    return p ? atoll(p + strlen(name)) : 0;
}

/* "total updated dropped" of each stateful operator: the last total, sums over the updates since the last run. */
static void state(running *r, const case_block *b)
{
    enum { MOST = 16 };
    long long total[MOST] = {0}, updated[MOST] = {0}, dropped[MOST] = {0};
    size_t n = 0, update = 0;
    const char *p = r->progress ? strstr(r->progress, "\"stateOperators\"") : NULL;
    for (; p; p = strstr(p + 1, "\"stateOperators\""), ++update) {
        const char *end = strstr(p, "\"sources\""), *op = strstr(p, "\"operatorName\"");
        for (n = 0; op && op < end && n < MOST; ++n, op = strstr(op + 1, "\"operatorName\"")) {
            total[n] = field(op, "\"numRowsTotal\":");
            if (update >= r->seen) {
                updated[n] += field(op, "\"numRowsUpdated\":");
                dropped[n] += field(op, "\"numRowsDroppedByWatermark\":");
            }
        }
    }
    text got = {0};
    text_put(&got, "", 0);
    for (size_t i = 0; i < n; ++i) {
        char one[96];
        snprintf(one, sizeof one, "%s%lld %lld %lld", i ? ", " : "", total[i], updated[i], dropped[i]);
        text_add(&got, one);
    }
    if (strcmp(got.ptr, b->rest) != 0) {
        text t = {0};
        text_add(&t, "state expected ");
        text_add(&t, b->rest);
        text_add(&t, ", got ");
        text_add(&t, got.ptr);
        differ(r, b, t.ptr);
        free(t.ptr);
    }
    free(got.ptr);
}

static void show(running *r, const case_block *b)
{
    list want = {0};
    for (size_t i = 0; i < b->nbody; ++i)
        list_add(&want, copy(b->body[i]));
    bool same = want.n == r->shown.n;
    for (size_t i = 0; same && i < want.n; ++i)
        same = strcmp(want.item[i], r->shown.item[i]) == 0;
    if (!same)
        differ_lists(r, b, "console", &want, &r->shown);
    list_clear(&want);
    free(want.item);
}

static void add(running *r, const case_block *b)
{
    named_feed *f = find_feed(r, b->rest);
    if (!f) {
        differ(r, b, "add to a stream that was not declared");
        return;
    }
    ++f->adds;
    for (size_t i = 0; i < b->nbody; ++i)
        list_add(&f->rows, copy(b->body[i]));
}

static void set(running *r, const case_block *b)
{
    char *name = copy(b->rest), *space = strchr(name, ' ');
    if (space)
        *space++ = '\0';
    if (streamq_session_set(r->session, name, space ? space : "", &r->error) == STREAMQ_OK && !r->query) {
        streamq_plan_free(r->plan); /* plans take the settings when they are made; nothing was declared yet */
        r->plan = streamq_plan_new(r->session);
        if (!r->plan) {
            run.missing = true;
            differ(r, b, "no plan");
        }
    }
    free(name);
}

static void run_block(running *r, const case_block *b, const case_block *next)
{
    if (strcmp(b->word, "about") == 0 || strcmp(b->word, "only") == 0 || strcmp(b->word, "refused") == 0)
        return;
    if (strcmp(b->word, "set") == 0)
        set(r, b);
    else if (strcmp(b->word, "console") == 0)
        sscanf(b->rest, "%ld %ld", &r->console_rows, &r->console_cut);
    else if (strcmp(b->word, "stream") == 0 || strcmp(b->word, "table") == 0)
        declare(r, b);
    else if (strcmp(b->word, "view") == 0) {
        char *sql = case_body(b);
        (void)streamq_stream_alias(streamq_sql(r->plan, sql), b->rest);
        free(sql);
    } else if (strcmp(b->word, "dedup") == 0)
        deduplicate(r, b);
    else if (strcmp(b->word, "query") == 0)
        query(r, b, next);
    else if (strcmp(b->word, "add") == 0)
        add(r, b);
    else if (strcmp(b->word, "run") == 0)
        step(r, b);
    else if (strcmp(b->word, "state") == 0)
        state(r, b);
    else if (strcmp(b->word, "show") == 0)
        show(r, b);
    else if (strcmp(b->word, "restart") == 0)
        restart(r, b);
    else
        differ(r, b, "needs a watermark");
}

static void run_case(const case_file *f, const case_item *it)
{
    for (size_t i = 0; i < it->nblock; ++i)
        if (strcmp(it->block[i].word, "only") == 0 && strcmp(it->block[i].rest, "streamq") != 0)
            return;
    running r = {.session = new_session(), .console_rows = -1};
    r.plan = streamq_plan_new(r.session);
    if (has_restart(it) || run.restarts) {
        snprintf(r.checkpoint, sizeof r.checkpoint, "/tmp/streamq-case-XXXXXX");
        run.missing |= !mkdtemp(r.checkpoint);
    }
    if (!r.plan)
        run.missing = true, text_add(&r.d, "no plan");
    for (size_t i = 0; i < it->nblock && !r.d.len; ++i)
        run_block(&r, &it->block[i], i + 1 < it->nblock ? &it->block[i + 1] : NULL);
    verdict(f, it->name, it->nblock ? it->block[0].line : 0, r.d.ptr);
    streamq_query_free(r.query);
    remove_checkpoint(&r);
    streamq_error_free(r.error);
    streamq_string_free(r.progress);
    for (size_t i = 0; i < r.nfeed; ++i) {
        streamq_feed_free(r.feed[i].feed);
        list_clear(&r.feed[i].rows);
        free(r.feed[i].rows.item);
        list_clear(&r.feed[i].type);
        free(r.feed[i].type.item);
        list_clear(&r.feed[i].name_of);
        free(r.feed[i].name_of.item);
        free(r.feed[i].name);
    }
    free(r.feed);
    streamq_plan_free(r.plan);
    streamq_session_free(r.session);
    list_clear(&r.out);
    list_clear(&r.shown);
    free(r.out.item);
    free(r.shown.item);
    free(r.d.ptr);
}

/* -------------------------------------------------------------- every request for memory refused in turn */

/* One run. True if nothing was refused. */
static bool try_once(const case_file *f, const case_item *it, const case_expr *e, size_t at)
{
    memset(&gate, 0, sizeof gate);
    gate.at = at;
    run.missing = false;
    run.trying = true;
    if (it)
        run_case(f, it);
    else {
        streamq_session *session = new_session();
        run_expression(session, f, e);
        streamq_session_free(session);
    }
    run.trying = false;
    return gate.refused == 0;
}

static void refuse_each(const case_file *f, const case_item *it, const case_expr *e)
{
    const char *name = it ? it->name : e->text;
    (void)try_once(f, it, e, 0);
    if (!run.difference || *run.difference) /* pending, or not for this library */
        return;
    size_t stride = run.points && gate.requests > (size_t)run.points ? gate.requests / (size_t)run.points : 1;
    bool good = true, ended = false;
    for (size_t at = 1; good && !ended; at += stride) {
        ended = try_once(f, it, e, at);
        bool said = !*run.difference || run.missing || strstr(run.difference, "OUT_OF_MEMORY");
        good = !gate.live && !gate.wrong_size && said;
        if (!good)
            printf("%s: %s: request %zu refused: %ld blocks leaked, %zu of a wrong size, %s\n", f->path, name, at,
                   gate.live, gate.wrong_size, run.difference);
    }
    run.passed += good;
    run.failed += !good;
}

static void run_file(const char *path)
{
    case_file f;
    char *why = NULL;
    if (!case_file_read(&f, path, &why)) {
        ++run.failed;
        printf("%s\n", why);
        free(why);
    }
    for (size_t i = 0; i < f.nitem; ++i)
        if (!run.only || strstr(f.item[i].name, run.only))
            run.points < 0 ? run_case(&f, &f.item[i]) : refuse_each(&f, &f.item[i], NULL);
    streamq_session *session = f.nexpr && run.points < 0 ? new_session() : NULL;
    for (size_t i = 0; i < f.nexpr; ++i)
        if (!run.only || strstr(f.expr[i].text, run.only))
            run.points < 0 ? run_expression(session, &f, &f.expr[i]) : refuse_each(&f, NULL, &f.expr[i]);
    streamq_session_free(session);
    case_file_free(&f);
}

int main(int argc, char **argv)
{
    int i = 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--threads") == 0)
            run.threads = argv[i + 1];
        else if (strcmp(argv[i], "--chunk") == 0)
            run.chunk = argv[i + 1];
        else if (strcmp(argv[i], "--only") == 0)
            run.only = argv[i + 1];
        else if (strcmp(argv[i], "--restarts") == 0)
            run.restarts = atol(argv[i + 1]);
        else if (strcmp(argv[i], "--fail-allocations") == 0)
            run.points = atol(argv[i + 1]);
        else if (strcmp(argv[i], "--pending") == 0)
            read_pending(argv[i + 1]);
        else if (strcmp(argv[i], "--write-pending") == 0)
            run.write = fopen(argv[i + 1], "w");
        else
            break;
    }
    if (i >= argc || strncmp(argv[i], "--", 2) == 0) {
        fprintf(stderr, "usage: run_cases [--threads N] [--chunk N] [--only TEXT] [--pending FILE] FILE...\n");
        return 2;
    }
    for (; i < argc; ++i)
        run_file(argv[i]);
    for (size_t k = 0; !run.only && k < run.npending; ++k)
        if (!run.pending[k].met) {
            ++run.failed;
            printf("pending: %s :: %s: no such case in the files given\n", run.pending[k].file, run.pending[k].name);
        }
    if (run.npending)
        printf("%zu pending of %zu listed\n", run.waived, run.npending);
    for (size_t k = 0; k < run.npending; ++k) {
        free(run.pending[k].file);
        free(run.pending[k].name);
    }
    free(run.pending);
    free(run.difference);
    if (run.write)
        fclose(run.write);
    printf("%zu passed, %zu failed\n", run.passed, run.failed);
    return run.failed != 0;
}
