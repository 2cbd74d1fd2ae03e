/* restart_rig: see the header. */
#include "restart_rig.h"

#include <stdio.h>
#include <string.h>

#include "api_rig.h"
#include "api_state.h"
#include "test_main.h"

void restart_rig_begin(restart_rig *r)
{
    *r = (restart_rig){.threads = "1", .chunk = "2048"};
    sqi_os_sim_init(&r->machine, INT64_C(1700000000000000), 7);
    r->disk = sqi_disk_sim_new(7);
    r->machine.os.files = sqi_disk_sim_files(r->disk);
}

void restart_rig_end(restart_rig *r)
{
    restart_rig_die(r);
    ck_assert_msg(!r->error, "%s", streamq_error_message(r->error));
    ck_assert_uint_eq(sqi_disk_sim_open_files(r->disk), 0);
    sqi_disk_sim_free(r->disk);
    sqi_os_sim_fini(&r->machine);
}

void restart_rig_live(restart_rig *r)
{
    restart_rig_die(r);
    streamq_config *config = streamq_config_new();
    config->os = &r->machine.os;
    ck_assert_int_eq(streamq_config_set(config, "streamq.threads", r->threads, NULL), STREAMQ_OK);
    ck_assert_int_eq(streamq_config_set(config, "streamq.parallelRows", "1", NULL), STREAMQ_OK);
    ck_assert_int_eq(streamq_config_set(config, "streamq.chunkRows", r->chunk, NULL), STREAMQ_OK);
    if (r->chunk[0] % 2) /* '7', '1', '3': the state is written as a whole all the time */
        ck_assert_int_eq(streamq_config_set(config, "streamq.checkpointGrowth", "0", NULL), STREAMQ_OK);
    r->session = streamq_session_new(config);
    streamq_config_free(config);
    r->plan = streamq_plan_new(r->session);
    r->feed = streamq_feed_new(r->session, "v INT", NULL);
    streamq_reader *reader = streamq_read_stream(r->plan, "memory");
    streamq_reader_feed(reader, r->feed);
    (void)streamq_stream_alias(streamq_reader_load(reader), "t");
}

void restart_rig_die(restart_rig *r)
{
    streamq_query_free(r->query);
    streamq_feed_free(r->feed);
    streamq_plan_free(r->plan);
    streamq_session_free(r->session);
    r->query = NULL;
    r->feed = NULL;
    r->plan = NULL;
    r->session = NULL;
}

static int32_t on_batch(void *user, int64_t id, streamq_batch *b)
{
    restart_rig *r = user;
    size_t len = strlen(r->got);
    const char *rows = api_rig_rows(b);
    if (len + strlen(rows) * 2 + 32 > sizeof r->got)
        return 1;
    len += (size_t)sprintf(r->got + len, "%s%lld: ", len ? "; " : "", (long long)id);
    for (const char *p = rows; *p; p++) {
        if (*p == '\n')
            r->got[len++] = ',';
        r->got[len++] = *p == '\n' ? ' ' : *p;
    }
    r->got[len] = '\0';
    return 0;
}

streamq_writer *restart_rig_writer(restart_rig *r, const char *sql, streamq_output_mode mode, const char *format)
{
    streamq_writer *w = streamq_write_stream(streamq_sql(r->plan, sql), format ? format : "foreachBatch");
    streamq_writer_output_mode(w, mode);
    if (!format)
        streamq_writer_foreach_batch(w, on_batch, r);
    streamq_writer_option(w, "checkpointLocation", "/ckpt");
    return w;
}

void restart_rig_open(restart_rig *r, streamq_writer *w)
{
    r->query = streamq_writer_open(w, &r->error);
}

void restart_rig_start(restart_rig *r, const char *sql, streamq_output_mode mode)
{
    restart_rig_live(r);
    restart_rig_open(r, restart_rig_writer(r, sql, mode, NULL));
    ck_assert_msg(r->query, "%s", streamq_error_message(r->error));
}

void restart_rig_push(restart_rig *r, const char *rows)
{
    ck_assert_int_eq(streamq_feed_push_sql(r->feed, rows, NULL), STREAMQ_OK);
}

void restart_rig_run(restart_rig *r)
{
    ck_assert_ptr_nonnull(r->query);
    (void)streamq_query_process_all_available(r->query, -1, &r->error);
}

void restart_rig_gives(restart_rig *r, const char *want)
{
    ck_assert_msg(!r->error, "%s", streamq_error_message(r->error));
    ck_assert_str_eq(r->got, want);
    r->got[0] = '\0';
}

void restart_rig_fails(restart_rig *r, const char *condition, const char *text)
{
    ck_assert_ptr_nonnull(r->error);
    ck_assert_str_eq(streamq_error_condition(r->error), condition);
    ck_assert_msg(strstr(streamq_error_message(r->error), text), "%s", streamq_error_message(r->error));
    streamq_error_free(r->error);
    r->error = NULL;
}

void restart_rig_put(restart_rig *r, const char *path, const char *text)
{
    const sqi_os_files *f = sqi_disk_sim_files(r->disk);
    ck_assert_int_eq(sqi_os_write_file(f, path, text, strlen(text), false), 0);
}
