#include "api_rig.h"

#include <stdlib.h>
#include <string.h>

#include "test_main.h"

void api_rig_begin(api_rig *r, const streamq_config *config)
{
    *r = (api_rig){.session = streamq_session_new(config)};
    ck_assert_ptr_nonnull(r->session);
    r->plan = streamq_plan_new(r->session);
    r->feed = streamq_feed_new(r->session, "value STRING", &r->error);
    api_rig_ok(r);
    streamq_reader *reader = streamq_read_stream(r->plan, "memory");
    streamq_reader_feed(reader, r->feed);
    r->lines = streamq_reader_load(reader);
}

void api_rig_end(api_rig *r)
{
    api_rig_ok(r);
    streamq_feed_free(r->feed);
    streamq_plan_free(r->plan);
    streamq_session_free(r->session);
    *r = (api_rig){0};
}

streamq_stream *api_rig_counts(api_rig *r)
{
    return streamq_count(streamq_group_by(streamq_select(r->lines, "explode(split(value, ' ')) AS word"), "word"));
}

void api_rig_push(api_rig *r, const char *lines)
{
    ck_assert_int_eq(streamq_feed_push_lines(r->feed, lines, -1, &r->error), STREAMQ_OK);
}

void api_rig_refused(api_rig *r, const char *condition, const char *text)
{
    ck_assert_ptr_nonnull(r->error);
    ck_assert_str_eq(streamq_error_condition(r->error), condition);
    ck_assert_msg(strstr(streamq_error_message(r->error), text) != NULL, "'%s' is not in: %s", text,
                  streamq_error_message(r->error));
    streamq_error_free(r->error);
    r->error = NULL;
}

void api_rig_ok(api_rig *r)
{
    ck_assert_msg(!r->error, "%s", streamq_error_message(r->error));
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *row_text(const streamq_batch *batch, size_t row)
{
    char *line = calloc(1, 1 << 16);
    for (size_t k = 0; k < streamq_batch_columns(batch); ++k) {
        char *cell = streamq_batch_get_text(batch, row, k);
        strcat(strcat(line, k ? "|" : ""), cell ? cell : "NULL");
        streamq_string_free(cell);
    }
    return line;
}

const char *api_rig_rows(const streamq_batch *batch)
{
    static char text[1 << 16]; /* test code runs one test at a time in a process */
    size_t n = streamq_batch_rows(batch);
    char **row = calloc(n + 1, sizeof *row);
    for (size_t i = 0; i < n; ++i)
        row[i] = row_text(batch, i);
    qsort(row, n, sizeof *row, by_text);
    *text = '\0';
    for (size_t i = 0; i < n; ++i) {
        strcat(strcat(text, i ? "\n" : ""), row[i]);
        free(row[i]);
    }
    free(row);
    return text;
}
