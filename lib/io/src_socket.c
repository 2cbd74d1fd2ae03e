/*
 * src_socket: lines from a TCP connection, as Spark's "socket" source.
 *
 * Bytes are read straight into blocks; a line is a string view into its block, so nothing is copied between the
 * socket and the first operator. The views of all lines not yet forgotten stand in one array, and a chunk's column is
 * a part of that array. A line that does not fit the rest of its block moves, once, to the front of the next.
 *
 * Lines are counted from 0; an offset is the number of the last line, -1 before the first. Nothing is read but within
 * `latest`, and there at most READ_MOST bytes, so a fast sender waits in the kernel's buffers instead of filling
 * memory. A peer that closes ends the input, the query idles on, as in Spark. A connection that breaks is an error,
 * once the lines that arrived before it were taken: Spark says nothing there. With the option reconnect neither ends
 * anything: the source tries again, and what arrives then goes on with the next number.
 *
 * The source cannot read anything twice after a restart: a range that is asked for and is not here is refused.
 */
#include <errno.h>
#include <stdio.h>

#include "io_columns.h"
#include "io_lines.h"
#include "io_source.h"
#include "io_utf8.h"

enum { BLOCK = 64 * 1024, ROOM_LEAST = 4 * 1024, READ_MOST = 16 * 1024 * 1024, LINES_AT_ONCE = 128 };

typedef struct block {
    struct block *next;
    size_t size, used; /* of bytes */
    int64_t last;      /* number of the last line that stands here */
    char bytes[];
} block;

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
    sqi_str *line; /* [head, n) are kept; line[head] has the number `first` */
    int64_t *time; /* the same, when asked for */
    size_t head, n, line_cap, time_cap;
    int64_t first;
    bool timed;
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

/* Room for more lines. */
static bool reserve_lines(sqi_source *s, size_t more)
{
    socket_state *t = s->state;
    void *views = t->line, *times = t->time;
    bool ok = sqi_alloc_grow(s->env->alloc, &views, &t->line_cap, t->n + more, sizeof *t->line);
    t->line = views;
    if (ok && t->timed) {
        ok = sqi_alloc_grow(s->env->alloc, &times, &t->time_cap, t->n + more, sizeof *t->time);
        t->time = times;
    }
    return ok;
}

/* `n` lines whose views stand behind the last one become lines. `ascii`: nothing in them can be malformed. */
static streamq_status add_lines(sqi_source *s, uint32_t n, bool ascii, int64_t arrived, streamq_error **err)
{
    socket_state *t = s->state;
    for (uint32_t k = 0; k < n; k++) {
        sqi_str *view = &t->line[t->n];
        int64_t number = t->first + (int64_t)(t->n - t->head);
        if (view->len > t->line_max)
            return too_long(t, err);
        if (!ascii && !sqi_io_utf8_clean(sqi_str_span(view))) {
            sqi_span line = sqi_str_span(view);
            if (!repair(s, &line, number))
                return sqi_error_nomem(err);
            if (line.len > SQI_STR_MAX) /* repaired, it grew */
                return too_long(t, err);
            *view = sqi_str_view(line.ptr, (uint32_t)line.len);
        }
        if (t->timed)
            t->time[t->n] = arrived;
        t->n++;
        t->newest->last = number;
    }
    return STREAMQ_OK;
}

/* The lines in bytes that have just arrived, and what was left of those before. */
static streamq_status cut_lines(sqi_source *s, int64_t arrived, bool last, streamq_error **err)
{
    socket_state *t = s->state;
    if (!t->newest)
        return STREAMQ_OK;
    const char *p = t->newest->bytes + t->begin, *end = t->newest->bytes + t->newest->used;
    bool ascii = sqi_io_utf8_ascii((sqi_span){p, (size_t)(end - p)});
    sqi_span line;
    for (;;) {
        if (!reserve_lines(s, LINES_AT_ONCE))
            return sqi_error_nomem(err);
        uint32_t n = sqi_io_lines_cut(&t->lines, &p, end, t->line + t->n, LINES_AT_ONCE);
        if (!n && sqi_io_lines_next(&t->lines, &p, end, last, &line)) {
            if (line.len > t->line_max)
                return too_long(t, err);
            t->line[t->n] = sqi_str_view(line.ptr, (uint32_t)line.len);
            n = 1;
        }
        if (!n)
            break;
        SQI_TRY(add_lines(s, n, ascii, arrived, err));
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
    return t->first + (int64_t)(t->n - t->head) - 1;
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
            t->first = start->number[0] + 1;
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

static streamq_status socket_read(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_source_emit emit,
                                  void *context, streamq_error **err)
{
    socket_state *t = s->state;
    SQI_TRY(check_offset(start, err));
    SQI_TRY(check_offset(end, err));
    int64_t from = start->known ? start->number[0] + 1 : 0, to = end->number[0];
    if (from > to)
        return STREAMQ_OK;
    if (from < t->first || to > last_line(t))
        return sqi_error_set(err, SQI_COND_IO_ERROR,
                             "lines %lld to %lld of the socket are asked for again and are gone; the socket source "
                             "cannot repeat what an earlier run received. Start with a new checkpoint",
                             (long long)from, (long long)to);
    uint32_t most = sqi_io_columns_rows(s->env);
    size_t at = t->head + (size_t)(from - t->first), stop = t->head + (size_t)(to - t->first) + 1;
    while (at < stop) {
        uint32_t n = stop - at < most ? (uint32_t)(stop - at) : most;
        sqi_vec column[2] = {sqi_io_columns_view(&sqi_type_string, t->line + at)};
        if (t->timed)
            column[1] = sqi_io_columns_view(&sqi_type_timestamp, t->time + at);
        sqi_chunk chunk = {.n = n, .ncol = t->timed ? 2 : 1, .rows = {NULL, n}, .col = column};
        SQI_TRY(emit(context, &chunk, err));
        at += n;
    }
    return STREAMQ_OK;
}

static void socket_commit(sqi_source *s, const sqi_offset *end)
{
    socket_state *t = s->state;
    if (!end->known || end->number[0] < t->first)
        return;
    int64_t last = last_line(t);
    size_t gone = (size_t)((end->number[0] < last ? end->number[0] : last) - t->first + 1);
    t->head += gone;
    t->first += (int64_t)gone;
    size_t left = t->n - t->head;
    if (left <= t->head) { /* moves no more than was let go of */
        if (left) {
            memmove(t->line, t->line + t->head, left * sizeof *t->line);
            if (t->timed)
                memmove(t->time, t->time + t->head, left * sizeof *t->time);
        }
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
    sqi_alloc_free(s->env->alloc, t->line, t->line_cap * sizeof *t->line);
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
