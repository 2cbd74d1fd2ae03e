/*
 * snk_console: each micro-batch as a table, exactly as Spark's console sink prints it.
 *
 * Rows become text when they are written, and only those that will be shown; at commit the whole batch goes out in one
 * write. This is the one place in the library that writes to the standard output, and only if the program gave no
 * function of its own. A batch that is repeated after a failure is printed again, as in Spark.
 */
#include <stdio.h>

#include "io_sink.h"
#include "io_table.h"

typedef struct console_state {
    sqi_io_table table;
    sqi_buf out;
} console_state;

static const sqi_option_row options[] = {
    {"numRows", SQI_OPTION_INT, "20", INT32_MIN, INT32_MAX, false, "rows shown of each batch"},
    {"truncate", SQI_OPTION_TEXT, "true", 0, 0, false,
     "cut long cells: true (to 20 characters), false, or a number of characters"},
};
enum { NOPTION = sizeof options / sizeof *options, TRUNCATED = 20 };

static streamq_status truncate_of(const sqi_options *o, uint32_t *out, streamq_error **err)
{
    sqi_span text = sqi_span_trim(sqi_options_text(o, options, NOPTION, "truncate"));
    uint32_t n = 0;
    bool number = text.len > 0 && text.len <= 6;
    for (size_t i = 0; number && i < text.len; i++) {
        number = text.ptr[i] >= '0' && text.ptr[i] <= '9';
        n = n * 10 + (uint32_t)(text.ptr[i] - '0');
    }
    if (number)
        *out = n;
    else if (sqi_span_equal_nocase(text, SQI_SPAN("true")))
        *out = TRUNCATED;
    else if (sqi_span_equal_nocase(text, SQI_SPAN("false")))
        *out = 0;
    else
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE,
                             "option 'truncate' of sink 'console' is '%.*s'; it takes true, false, or a number of "
                             "characters",
                             text.len > 100 ? 100 : (int)text.len, text.ptr);
    return STREAMQ_OK;
}

static streamq_status console_open(sqi_sink *k, streamq_error **err)
{
    console_state *t = k->state;
    uint32_t truncate = 0;
    SQI_TRY(truncate_of(k->options, &truncate, err));
    sqi_io_table_init(&t->table, k->env->alloc, k->schema, k->env->zone,
                      sqi_options_int(k->options, options, NOPTION, "numRows"), truncate);
    sqi_buf_init(&t->out, k->env->alloc, SIZE_MAX);
    return STREAMQ_OK;
}

static streamq_status console_begin(sqi_sink *k, int64_t batch_id, streamq_error **err)
{
    console_state *t = k->state;
    (void)batch_id;
    (void)err;
    sqi_io_table_clear(&t->table);
    return STREAMQ_OK;
}

static streamq_status console_write(sqi_sink *k, const sqi_chunk *chunk, streamq_error **err)
{
    console_state *t = k->state;
    return sqi_io_table_add(&t->table, chunk, err);
}

static bool put_out(const sqi_sink *k, sqi_span text)
{
    const sqi_console *c = k->declared;
    if (c && c->write)
        return c->write(c->user, text.ptr, text.len);
    return fwrite(text.ptr, 1, text.len, stdout) == text.len && fflush(stdout) == 0;
}

static streamq_status console_commit(sqi_sink *k, int64_t batch_id, streamq_error **err)
{
    static const char rule[] = "-------------------------------------------\n";
    console_state *t = k->state;
    sqi_buf_clear(&t->out);
    sqi_buf_printf(&t->out, "%sBatch: %lld\n%s", rule, (long long)batch_id, rule);
    SQI_TRY(sqi_io_table_print(&t->table, &t->out, err));
    if (!sqi_buf_byte(&t->out, '\n'))
        return sqi_error_nomem(err);
    if (!put_out(k, sqi_buf_view(&t->out)))
        return sqi_error_set(err, SQI_COND_IO_ERROR, "the console sink could not write batch %lld",
                             (long long)batch_id);
    return STREAMQ_OK;
}

static void console_abort(sqi_sink *k)
{
    console_state *t = k->state;
    sqi_io_table_clear(&t->table);
}

static bool console_describe(const sqi_sink *k, sqi_buf *to)
{
    (void)k;
    return sqi_buf_text(to, "ConsoleTable");
}

static void console_close(sqi_sink *k)
{
    console_state *t = k->state;
    sqi_io_table_fini(&t->table);
    sqi_buf_fini(&t->out);
}

const sqi_sink_type sqi_snk_console = {
    .name = "console",
    .state_size = sizeof(console_state),
    .option = options,
    .noption = NOPTION,
    .open = console_open,
    .begin = console_begin,
    .write = console_write,
    .commit = console_commit,
    .abort = console_abort,
    .describe = console_describe,
    .close = console_close,
};
