/*
 * src_socket: lines from a TCP connection, as Spark's "socket" source.
 *
 * Bytes are read straight into blocks, and lines that end in LF leave as the text that stands there (sqi_chunk.lines):
 * nothing is copied and nothing cut between the socket and the first operator. A line that ends in CR, or that had
 * malformed bytes, leaves as a view. A line that does not fit the rest of its block moves, once, to the front of the
 * next.
 *
 * Lines are counted from 0; an offset is the number of the last line, -1 before the first. Nothing is read but within
 * `latest`, and there at most READ_MOST bytes, so a fast sender waits in the kernel's buffers instead of filling
 * memory. A peer that closes ends the input, the query idles on, as in Spark. A connection that breaks is an error,
 * once the lines that arrived before it were taken: Spark says nothing there. With the option reconnect neither ends
 * anything: the source tries again, and what arrives then goes on with the next number.
 *
 * Nothing can be read twice. Lines of a micro-batch that a restart repeats are lost; the program's log says which.
 */
#include <errno.h>
#include <stdio.h>

#include "data_cut.h"
#include "io_columns.h"
#include "io_lines.h"
#include "io_source.h"
#include "io_utf8.h"

enum { BLOCK = 256 * 1024, ROOM_LEAST = 4 * 1024, READ_MOST = 16 * 1024 * 1024 };

typedef struct block {
    struct block *next;
    size_t size, used; /* of bytes */
    int64_t last;      /* number of the last line that stands here */
    char bytes[];
} block;

/* Lines that came together. */
typedef struct stretch {
    sqi_span text;
    int64_t first, time; /* number of its first line, when they arrived */
    uint32_t n;
    bool ended; /* each by LF; else it is one line without its end */
} stretch;

typedef struct socket_state {
    int fd;
    bool connected; /* has been, at some time */
    int failure;    /* errno of a broken connection */
    bool more;      /* the last reading stopped at its bound */
    bool again;     /* the option reconnect */
    int64_t retry;  /* monotonic time of the next try */
    size_t line_max;
    block *newest; /* bytes go here; older blocks follow */
    size_t begin;  /* of the unfinished line in the newest block */
    sqi_io_lines lines;
    stretch *part; /* [head, n) are kept */
    size_t head, n, part_cap;
    int64_t first, count; /* number of the first line kept, of the next to come */
    bool timed;           /* the option includeTimestamp */
    sqi_str *view;        /* of a chunk that is not lines as they stand */
    int64_t *time;        /* the same */
    size_t view_cap, time_cap;
    bool frozen; /* available now: the end is fixed */
    int64_t frozen_end;
} socket_state;

static const sqi_option_row options[] = {
    {"host", SQI_OPTION_TEXT, NULL, 0, 0, true, "the host to connect to"},
    {"port", SQI_OPTION_INT, NULL, 1, 65535, true, "the port to connect to"},
    {"includeTimestamp", SQI_OPTION_BOOL, "false", 0, 0, false, "add a column 'timestamp': when the line arrived"},
    {"connectTimeout", SQI_OPTION_DURATION, "10 seconds", 1, INT64_MAX, false, "give up connecting after this time"},
    {"maxLineBytes", SQI_OPTION_SIZE, "16m", 1, SQI_STR_MAX, false, "a longer line fails the query"},
    {"reconnect", SQI_OPTION_BOOL, "false", 0, 0, false, "connect again when the connection ends or breaks"},
    {"reconnectInterval", SQI_OPTION_DURATION, "1 second", 1000, INT64_MAX, false, "time between two tries"},
    {"numPartitions", SQI_OPTION_INT, NULL, 1, INT32_MAX, false, "taken for Spark's sake, without effect"},
};
enum { NOPTION = sizeof options / sizeof *options };

static const sqi_field fields[] = {
    {{"value", 5}, &sqi_type_string, true},
    {{"timestamp", 9}, &sqi_type_timestamp, true},
};

static streamq_status socket_schema(const sqi_options *o, const sqi_schema *given, const sqi_io_env *env,
                                    sqi_arena *arena, sqi_schema *out, streamq_error **err)
{
    (void)env;
    uint32_t n = sqi_options_bool(o, options, NOPTION, "includeTimestamp") ? 2 : 1;
    return sqi_io_columns_fixed(out, fields, n, "socket", given, arena, err);
}

static streamq_status socket_open(sqi_source *s, streamq_error **err)
{
    (void)err;
    socket_state *t = s->state;
    t->fd = -1;
    t->timed = sqi_options_bool(s->options, options, NOPTION, "includeTimestamp");
    t->again = sqi_options_bool(s->options, options, NOPTION, "reconnect");
    t->line_max = (size_t)sqi_options_int(s->options, options, NOPTION, "maxLineBytes");
    sqi_log_write(&s->env->log, SQI_LOG_WARN,
                  "the socket source is for trying things out: it cannot read lines again "
                  "after a failure");
    return STREAMQ_OK;
}

static streamq_status connect_now(sqi_source *s, streamq_error **err)
{
    socket_state *t = s->state;
    sqi_span host = sqi_options_text(s->options, options, NOPTION, "host");
    char port[24], text[128];
    snprintf(port, sizeof port, "%lld", (long long)sqi_options_int(s->options, options, NOPTION, "port"));
    int code =
        sqi_os_tcp_connect(host.ptr, port, sqi_options_int(s->options, options, NOPTION, "connectTimeout"), &t->fd);
    if (code == 0) {
        t->connected = true;
        return STREAMQ_OK;
    }
    streamq_status status = sqi_error_set(err, SQI_COND_CONNECTION_FAILED, "cannot connect to %s:%s: %s", host.ptr,
                                          port, sqi_os_message(code, text, sizeof text));
    if (err)
        sqi_error_hint(*err, "something must listen there before the query starts; to try it out: nc -lk %s", port);
    return status;
}

/* ------------------------------------------------------------------------------------------------------- blocks */

static block *block_new(sqi_source *s, size_t size)
{
    block *b = sqi_alloc_get(s->env->alloc, sizeof *b + size);
    if (b)
        *b = (block){.size = size, .last = -1};
    return b;
}

static void block_free(sqi_source *s, block *b)
{
    sqi_alloc_free(s->env->alloc, b, sizeof *b + b->size);
}

/* Let go of every block whose lines are forgotten. The newest stays: bytes go there. */
static void trim_blocks(sqi_source *s)
{
    socket_state *t = s->state;
    if (!t->newest)
        return;
    block **link = &t->newest->next;
    while (*link) {
        block *b = *link;
        if (b->last < t->first) {
            *link = b->next;
            block_free(s, b);
        } else {
            link = &b->next;
        }
    }
}

static streamq_status too_long(const socket_state *t, streamq_error **err)
{
    streamq_status status =
        sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "a line from the socket is longer than %zu bytes", t->line_max);
    if (err)
        sqi_error_hint(*err, "raise the option maxLineBytes if such lines are meant");
    return status;
}

/* Room for more bytes; the unfinished line stands whole in the newest block afterwards. */
static streamq_status make_room(sqi_source *s, streamq_error **err)
{
    socket_state *t = s->state;
    block *old = t->newest;
    if (old && old->size - old->used >= ROOM_LEAST)
        return STREAMQ_OK;
    size_t unfinished = old ? old->used - t->begin : 0;
    if (unfinished > t->line_max)
        return too_long(t, err);
    block *b = block_new(s, unfinished < BLOCK / 2 ? BLOCK : unfinished * 2);
    if (!b)
        return sqi_error_nomem(err);
    if (unfinished)
        memcpy(b->bytes, old->bytes + t->begin, unfinished);
    b->used = unfinished;
    b->next = old;
    t->begin = 0;
    t->newest = b;
    trim_blocks(s);
    return STREAMQ_OK;
}

/* -------------------------------------------------------------------------------------------------------- lines */

/* A line with malformed bytes is written again with replacements, into a block of its own. */
static bool repair(sqi_source *s, sqi_span *line, int64_t number)
{
    socket_state *t = s->state;
    block *b = block_new(s, line->len * 3);
    if (!b)
        return false;
    b->used = sqi_io_utf8_repair(*line, b->bytes);
    b->last = number;
    b->next = t->newest->next;
    t->newest->next = b;
    *line = (sqi_span){b->bytes, b->used};
    return true;
}

/* The next n lines. Those that stand behind the last ones are put together with them, as far as a chunk goes. */
static streamq_status add_lines(sqi_source *s, sqi_span text, uint32_t n, bool ended, int64_t arrived,
                                streamq_error **err)
{
    socket_state *t = s->state;
    stretch *last = t->n > t->head ? &t->part[t->n - 1] : NULL;
    bool follows = last && last->ended && ended && last->text.ptr + last->text.len == text.ptr && last->time == arrived;
    if (follows && last->n + n <= sqi_io_columns_rows(s->env) && last->text.len + text.len <= SQI_LINES_MOST) {
        last->text.len += text.len;
        last->n += n;
    } else {
        void *items = t->part;
        bool grown = sqi_alloc_grow(s->env->alloc, &items, &t->part_cap, t->n + 1, sizeof *t->part);
        t->part = items;
        if (!grown)
            return sqi_error_nomem(err);
        t->part[t->n++] = (stretch){text, t->count, arrived, n, ended};
    }
    t->count += n;
    t->newest->last = t->count - 1;
    return STREAMQ_OK;
}

/* One line without its end; `ended`: LF follows it. */
static streamq_status add_line(sqi_source *s, sqi_span line, bool ended, int64_t arrived, streamq_error **err)
{
    socket_state *t = s->state;
    if (line.len > t->line_max)
        return too_long(t, err);
    if (!sqi_io_utf8_clean(line)) {
        if (!repair(s, &line, t->count))
            return sqi_error_nomem(err);
        if (line.len > SQI_STR_MAX) /* repaired, it grew */
            return too_long(t, err);
        ended = false;
    }
    ended = ended && line.len < SQI_LINES_MOST;
    return add_lines(s, (sqi_span){line.ptr, line.len + ended}, 1, ended, arrived, err);
}

static bool as_they_are(const socket_state *t, sqi_span lines)
{
    return lines.len <= t->line_max && (sqi_io_utf8_ascii(lines) || sqi_io_utf8_clean(lines));
}

/* The lines in bytes that have just arrived, and what was left of those before. */
static streamq_status cut_lines(sqi_source *s, int64_t arrived, bool last, streamq_error **err)
{
    socket_state *t = s->state;
    if (!t->newest)
        return STREAMQ_OK;
    const char *p = t->newest->bytes + t->begin, *end = t->newest->bytes + t->newest->used;
    sqi_span line;
    for (uint32_t alone = 0;;) { /* lines to be looked at one by one */
        sqi_span lines = {p, 0};
        uint32_t n = 0;
        if (!alone && !t->lines.after_cr && !t->lines.searched)
            lines = sqi_lines_first((sqi_span){p, (size_t)(end - p)}, sqi_io_columns_rows(s->env), &n);
        if (n && as_they_are(t, lines)) {
            SQI_TRY(add_lines(s, lines, n, true, arrived, err));
            p += lines.len;
            continue;
        }
        alone += n;
        if (!sqi_io_lines_next(&t->lines, &p, end, last, &line))
            break;
        alone -= alone != 0;
        SQI_TRY(add_line(s, line, p > line.ptr + line.len && line.ptr[line.len] == '\n', arrived, err));
    }
    t->begin = (size_t)(p - t->newest->bytes);
    return STREAMQ_OK;
}

static void plan_retry(sqi_source *s)
{
    socket_state *t = s->state;
    t->retry = s->env->os->monotonic_micros(s->env->os->context) +
               sqi_options_int(s->options, options, NOPTION, "reconnectInterval");
}

static void disconnect(sqi_source *s, int failure)
{
    socket_state *t = s->state;
    sqi_span host = sqi_options_text(s->options, options, NOPTION, "host");
    long long port = (long long)sqi_options_int(s->options, options, NOPTION, "port");
    char text[128];
    sqi_os_close(t->fd);
    t->fd = -1;
    t->failure = t->again ? 0 : failure;
    plan_retry(s);
    if (failure)
        sqi_log_write(&s->env->log, SQI_LOG_ERROR, "connection to %s:%lld lost: %s", host.ptr, port,
                      sqi_os_message(failure, text, sizeof text));
    else
        sqi_log_write(&s->env->log, SQI_LOG_WARN, "Stream closed by %s:%lld%s", host.ptr, port,
                      t->again ? "" : "; no more lines will come");
}

/* What has arrived, up to a bound. */
static streamq_status take_bytes(sqi_source *s, streamq_error **err)
{
    socket_state *t = s->state;
    const sqi_os *os = s->env->os;
    int64_t arrived = os->wall_micros(os->context) / 1000 * 1000; /* Spark's clock counts milliseconds */
    size_t taken = 0;
    while (t->fd >= 0 && taken < READ_MOST) {
        SQI_TRY(make_room(s, err));
        block *b = t->newest;
        int64_t n = sqi_os_tcp_read_now(t->fd, b->bytes + b->used, b->size - b->used);
        if (n == -EAGAIN)
            break;
        if (n <= 0) {
            disconnect(s, (int)-n);
            if (n == 0) /* an unfinished line is a line only if the peer meant to end there */
                SQI_TRY(cut_lines(s, arrived, true, err));
            break;
        }
        b->used += (size_t)n;
        taken += (size_t)n;
        SQI_TRY(cut_lines(s, arrived, false, err));
    }
    t->more = taken >= READ_MOST;
    return STREAMQ_OK;
}

/* --------------------------------------------------------------------------------------------------- the source */

static int64_t last_line(const socket_state *t)
{
    return t->count - 1;
}

/* Offsets may come from a checkpoint, which may hold anything. */
static streamq_status check_offset(const sqi_offset *o, streamq_error **err)
{
    if (!o->known || (o->number[0] >= -1 && o->number[0] <= INT64_MAX / 2))
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_IO_ERROR, "source 'socket' cannot go on at line %lld", (long long)o->number[0]);
}

/* A try that fails is a notice, not an error: the next one comes later. */
static void reconnect_when_due(sqi_source *s)
{
    socket_state *t = s->state;
    streamq_error *why = NULL;
    if (!t->again || !t->connected || t->fd >= 0 || t->frozen ||
        s->env->os->monotonic_micros(s->env->os->context) < t->retry)
        return;
    if (connect_now(s, &why) != STREAMQ_OK) {
        plan_retry(s);
        sqi_log_write(&s->env->log, SQI_LOG_INFO, "%s", sqi_error_text(why));
    }
    sqi_error_free(why);
}

static int64_t socket_next_micros(const sqi_source *s)
{
    const socket_state *t = s->state;
    return t->again && t->connected && t->fd < 0 ? t->retry : INT64_MAX;
}

static streamq_status socket_latest(sqi_source *s, const sqi_offset *start, sqi_offset *end, streamq_error **err)
{
    socket_state *t = s->state;
    SQI_TRY(check_offset(start, err));
    if (!t->connected) {
        SQI_TRY(connect_now(s, err));
        if (start->known) /* after a restart: numbers go on, so that offsets never go back */
            t->first = t->count = start->number[0] + 1;
    }
    reconnect_when_due(s);
    if (!t->frozen)
        SQI_TRY(take_bytes(s, err));
    int64_t last = last_line(t);
    if (s->available_now && !t->frozen) {
        t->frozen = true;
        t->frozen_end = last;
    }
    if (t->frozen)
        last = t->frozen_end;
    *end = (sqi_offset){.known = true, .number = {last}};
    if (t->failure && start->known && start->number[0] == last) {
        char text[128];
        return sqi_error_set(err, SQI_COND_CONNECTION_LOST,
                             "the connection to %s broke after line %lld: %s; every whole line before it was taken",
                             sqi_options_text(s->options, options, NOPTION, "host").ptr, (long long)last,
                             sqi_os_message(t->failure, text, sizeof text));
    }
    return STREAMQ_OK;
}

/* ------------------------------------------------------------------------------------------------------- reading */

typedef struct range {
    sqi_source *s;
    sqi_source_emit emit;
    void *context;
    uint32_t most, n; /* lines of a chunk, lines gathered in the views */
} range;

static bool reserve_views(sqi_source *s, uint32_t n)
{
    socket_state *t = s->state;
    void *views = t->view, *times = t->time;
    bool ok = sqi_alloc_grow(s->env->alloc, &views, &t->view_cap, n, sizeof *t->view);
    t->view = views;
    if (ok && t->timed) {
        ok = sqi_alloc_grow(s->env->alloc, &times, &t->time_cap, n, sizeof *t->time);
        t->time = times;
    }
    return ok;
}

static streamq_status emit_views(range *r, streamq_error **err)
{
    const socket_state *t = r->s->state;
    uint32_t n = r->n;
    sqi_vec column[2];
    r->n = 0;
    if (!n)
        return STREAMQ_OK;
    column[0] = sqi_io_columns_view(&sqi_type_string, t->view);
    column[1] = sqi_io_columns_view(&sqi_type_timestamp, t->time);
    sqi_chunk chunk = {.n = n, .ncol = t->timed ? 2 : 1, .rows = {NULL, n}, .col = column, .fleeting = true};
    return r->emit(r->context, &chunk, err);
}

static streamq_status gather(range *r, sqi_span text, bool ended, uint32_t n, int64_t time, streamq_error **err)
{
    socket_state *t = r->s->state;
    sqi_cut cut;
    if (r->n + n > r->most)
        SQI_TRY(emit_views(r, err));
    if (!reserve_views(r->s, r->n + n))
        return sqi_error_nomem(err);
    if (ended) {
        sqi_cut_begin(&cut, text, '\n', '\n');
        sqi_cut_next(&cut, t->view + r->n, n);
    } else {
        t->view[r->n] = sqi_str_view(text.ptr, (uint32_t)text.len);
    }
    for (uint32_t k = 0; t->timed && k < n; k++)
        t->time[r->n + k] = time;
    r->n += n;
    return STREAMQ_OK;
}

/* The first lines of a text, at most `most`; *rest is what follows. */
static sqi_span take_lines(sqi_span *rest, uint32_t most, uint32_t *n)
{
    sqi_span lines = sqi_lines_first(*rest, most, n);
    *rest = (sqi_span){rest->ptr + lines.len, rest->len - lines.len};
    return lines;
}

static streamq_status emit_lines(range *r, sqi_span lines, uint32_t n, int64_t time, streamq_error **err)
{
    const socket_state *t = r->s->state;
    if (t->timed)
        return gather(r, lines, true, n, time, err);
    sqi_vec column;
    sqi_chunk chunk = sqi_lines_chunk(&column, lines, n);
    SQI_TRY(emit_views(r, err));
    return r->emit(r->context, &chunk, err);
}

/* n lines of a stretch behind the first `skip`. Mostly that is all of it, and a chunk. */
static streamq_status read_stretch(range *r, const stretch *x, uint32_t skip, uint32_t n, streamq_error **err)
{
    sqi_span rest = x->text;
    uint32_t some;
    if (!x->ended)
        return gather(r, rest, false, 1, x->time, err);
    if (n == x->n && n <= r->most)
        return emit_lines(r, rest, n, x->time, err);
    for (; skip; skip -= some)
        take_lines(&rest, skip, &some);
    for (; n; n -= some) {
        sqi_span lines = take_lines(&rest, n < r->most ? n : r->most, &some);
        SQI_TRY(emit_lines(r, lines, some, x->time, err));
    }
    return STREAMQ_OK;
}

static streamq_status socket_read(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_source_emit emit,
                                  void *context, streamq_error **err)
{
    socket_state *t = s->state;
    SQI_TRY(check_offset(start, err));
    SQI_TRY(check_offset(end, err));
    int64_t from = start->known ? start->number[0] + 1 : 0, to = end->number[0];
    if (from > to)
        return STREAMQ_OK;
    if (!t->connected) {
        sqi_log_write(&s->env->log, SQI_LOG_WARN, "lines %lld to %lld of the socket came before a restart: lost",
                      (long long)from, (long long)to);
        return STREAMQ_OK;
    }
    if (from < t->first || to > last_line(t))
        return sqi_error_set(err, SQI_COND_IO_ERROR,
                             "lines %lld to %lld of the socket are asked for again and are gone; the socket source "
                             "cannot repeat what an earlier run received. Start with a new checkpoint",
                             (long long)from, (long long)to);
    range r = {s, emit, context, sqi_io_columns_rows(s->env), 0};
    for (size_t i = t->head; i < t->n && t->part[i].first <= to; i++) {
        const stretch *x = &t->part[i];
        int64_t last = x->first + x->n - 1, begin = x->first < from ? from : x->first, stop = last < to ? last : to;
        if (begin <= stop)
            SQI_TRY(read_stretch(&r, x, (uint32_t)(begin - x->first), (uint32_t)(stop - begin + 1), err));
    }
    return emit_views(&r, err);
}

static void socket_commit(sqi_source *s, const sqi_offset *end)
{
    socket_state *t = s->state;
    if (!end->known || end->number[0] < t->first)
        return;
    int64_t last = last_line(t);
    t->first = (end->number[0] < last ? end->number[0] : last) + 1;
    while (t->head < t->n && t->part[t->head].first + t->part[t->head].n <= t->first)
        t->head++;
    size_t left = t->n - t->head;
    if (left <= t->head) { /* moves no more than was let go of */
        if (left)
            memmove(t->part, t->part + t->head, left * sizeof *t->part);
        t->head = 0;
        t->n = left;
    }
    trim_blocks(s);
    if (t->newest && t->newest->last < t->first && t->begin == t->newest->used)
        t->newest->used = t->begin = 0; /* nothing stands there any more */
}

static bool socket_offset_json(const sqi_source *s, const sqi_offset *o, sqi_buf *to)
{
    (void)s;
    return o->known ? sqi_buf_printf(to, "%lld", (long long)o->number[0]) : sqi_buf_text(to, "null");
}

static bool socket_describe(const sqi_source *s, sqi_buf *to)
{
    sqi_span host = sqi_options_text(s->options, options, NOPTION, "host");
    return sqi_buf_text(to, "TextSocketV2[host: ") && sqi_buf_span(to, host) &&
           sqi_buf_printf(to, ", port: %lld]", (long long)sqi_options_int(s->options, options, NOPTION, "port"));
}

static int socket_fd(const sqi_source *s)
{
    const socket_state *t = s->state;
    return t->fd;
}

static bool socket_more(const sqi_source *s, const sqi_offset *end)
{
    const socket_state *t = s->state;
    return !t->frozen && (t->more || (end->known && last_line(t) > end->number[0]));
}

static void socket_close(sqi_source *s)
{
    socket_state *t = s->state;
    if (t->connected)
        sqi_os_close(t->fd);
    t->fd = -1;
    while (t->newest) {
        block *next = t->newest->next;
        block_free(s, t->newest);
        t->newest = next;
    }
    sqi_alloc_free(s->env->alloc, t->part, t->part_cap * sizeof *t->part);
    sqi_alloc_free(s->env->alloc, t->view, t->view_cap * sizeof *t->view);
    sqi_alloc_free(s->env->alloc, t->time, t->time_cap * sizeof *t->time);
}

const sqi_source_type sqi_src_socket = {
    .name = "socket",
    .stable = true,
    .state_size = sizeof(socket_state),
    .option = options,
    .noption = NOPTION,
    .endless = true,
    .schema = socket_schema,
    .open = socket_open,
    .latest = socket_latest,
    .read = socket_read,
    .commit = socket_commit,
    .offset_json = socket_offset_json,
    .describe = socket_describe,
    .fd = socket_fd,
    .next_micros = socket_next_micros,
    .more = socket_more,
    .close = socket_close,
};
