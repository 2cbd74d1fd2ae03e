/*
 * api_checkpoint: where a query's checkpoint is: its own option, else the session's directory and the query's name, else
 * a temporary one if the session wants that, else none.
 */
#include "api_state.h"

#include "run_meta.h"

#include <stdio.h>
#include <stdlib.h>

streamq_error *sqi_api_checkpoint_set(streamq_writer *w, const char *path)
{
    streamq_error *error = NULL;
    const char *plain = sqi_meta_path(path), *scheme = strstr(plain, "://");
    if (!*plain || scheme) {
        (void)sqi_error_set(&error, SQI_COND_INVALID_OPTION_VALUE,
                            "checkpointLocation '%.200s' is no directory of this machine; give a path, such as "
                            "/var/lib/myprogram/counts",
                            path);
        return error;
    }
    char *copy = sqi_arena_text(&w->plan->arena, plain, strlen(plain));
    if (!copy)
        (void)sqi_error_nomem(&error);
    w->checkpoint = sqi_span_of(copy);
    return error;
}

/* "<directory>/<name>"; a name is one part of a path. */
static streamq_status join(streamq_writer *w, const char *dir, sqi_span name, const char **out, streamq_error **err)
{
    if (memchr(name.ptr, '/', name.len) || (name.ptr[0] == '.' && name.len <= 2 && name.ptr[name.len - 1] == '.'))
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE,
                             "the query name '%.*s' cannot be a directory's name; give the option checkpointLocation",
                             (int)(name.len < 100 ? name.len : 100), name.ptr);
    size_t len = strlen(dir);
    char *path = sqi_arena_get(&w->plan->arena, len + name.len + 2);
    if (!path)
        return sqi_error_nomem(err);
    memcpy(path, dir, len);
    path[len] = '/';
    memcpy(path + len + 1, name.ptr, name.len);
    path[len + 1 + name.len] = '\0';
    *out = path;
    return STREAMQ_OK;
}

static streamq_status temporary_place(streamq_writer *w, sqi_query_spec *spec, streamq_error **err)
{
    const char *dir = getenv("TMPDIR");
    char name[64] = "temporary-";
    if (!sqi_meta_uuid(w->plan->io.os, name + strlen(name)))
        return sqi_error_set(err, SQI_COND_IO_ERROR, "the system gave no random bytes for a directory's name");
    spec->temporary = true;
    return join(w, dir && *dir ? dir : "/tmp", sqi_span_of(name), &spec->checkpoint, err);
}

streamq_status sqi_api_checkpoint_place(streamq_writer *w, sqi_query_spec *spec, streamq_error **err)
{
    streamq_session *s = w->plan->session;
    char below[4096];
    pthread_mutex_lock(&s->mutex);
    spec->retain = sqi_settings_int(&s->settings, SQI_SETTING_RETAIN);
    spec->growth = sqi_settings_int(&s->settings, SQI_SETTING_GROWTH);
    bool temporary = sqi_settings_int(&s->settings, SQI_SETTING_TEMPORARY) != 0;
    snprintf(below, sizeof below, "%s", sqi_meta_path(sqi_settings_get(&s->settings, SQI_SETTING_CHECKPOINT)));
    pthread_mutex_unlock(&s->mutex);
    if (w->checkpoint.len)
        spec->checkpoint = w->checkpoint.ptr;
    else if (below[0] && w->name.len)
        return join(w, below, w->name, &spec->checkpoint, err);
    else if (spec->sink->needs_checkpoint)
        return sqi_error_set(err, SQI_COND_MISSING_OPTION,
                             "the sink '%s' needs the option checkpointLocation, or the session's setting "
                             "spark.sql.streaming.checkpointLocation and a query name",
                             spec->sink->name);
    else if (temporary)
        return temporary_place(w, spec, err);
    return STREAMQ_OK;
}
