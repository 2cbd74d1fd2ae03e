/*
 * io_save: see the header. With `overwrite` what stands in the folder is put aside by renaming, one entry of the folder
 * at a time, before the new files are moved in: whatever fails until then is undone by renaming back.
 */
#include "io_save.h"

#include <errno.h>
#include <stdio.h>

#define TEMPORARY "_temporary"
#define SUCCESS "_SUCCESS"

struct sqi_save {
    const sqi_io_env *env;
    const sqi_os_files *files;
    sqi_arena arena;
    sqi_partition partition;
    sqi_span folder;           /* where the files go */
    const char *stage, *aside; /* below its _temporary: new files; old ones */
    sqi_output *output;
    sqi_save_mode mode;
    bool existed, staged, put_aside;
    bool succeeded, marking; /* a _SUCCESS was there before, and still is; a new one is perhaps there */
    size_t moved;            /* of the output's files */
};

streamq_status sqi_save_mode_find(sqi_span name, sqi_save_mode *mode, streamq_error **err)
{
    static const struct {
        const char *name;
        sqi_save_mode mode;
    } modes[] = {{"append", SQI_SAVE_APPEND}, {"overwrite", SQI_SAVE_OVERWRITE}, {"ignore", SQI_SAVE_IGNORE},
                 {"error", SQI_SAVE_ERROR},   {"errorifexists", SQI_SAVE_ERROR}, {"default", SQI_SAVE_ERROR}};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (sqi_span_equal_nocase(name, sqi_span_of(modes[i].name))) {
            *mode = modes[i].mode;
            return STREAMQ_OK;
        }
    return sqi_error_set(err, SQI_COND_INVALID_SAVE_MODE,
                         "there is no save mode '%.*s'; use append, overwrite, ignore, error, errorifexists or default",
                         name.len < 100 ? (int)name.len : 100, name.ptr);
}

static streamq_status failed(const char *what, const char *path, int code, streamq_error **err)
{
    char text[128];
    return sqi_error_set(err, SQI_COND_IO_ERROR, "cannot %s '%.1000s': %s", what, path,
                         sqi_os_message(code, text, sizeof text));
}

/* "<folder>/<name>" in the arena, or NULL. */
static char *below(sqi_save *s, const char *name)
{
    return sqi_arena_printf(&s->arena, "%s/%s", s->folder.len > 1 ? s->folder.ptr : "", name);
}

/* ---------------------------------------------------------------------------------------- begin */

/* What is there, against the mode. */
static streamq_status look(sqi_save *s, bool *skip, streamq_error **err)
{
    sqi_os_stat about;
    int code = s->files->stat(s->files->context, s->folder.ptr, &about);
    *skip = false;
    if (code == ENOENT)
        return STREAMQ_OK;
    if (code)
        return failed("look at", s->folder.ptr, code, err);
    s->existed = true;
    *skip = s->mode == SQI_SAVE_IGNORE;
    if (s->mode == SQI_SAVE_ERROR || (about.kind != SQI_OS_DIRECTORY && !*skip))
        return sqi_error_set(err, SQI_COND_PATH_ALREADY_EXISTS,
                             about.kind == SQI_OS_DIRECTORY
                                 ? "the path '%.*s' is there already; use the save mode append, overwrite or ignore"
                                 : "the path '%.*s' is there already, and no folder; remove it, or choose another",
                             s->folder.len < 1000 ? (int)s->folder.len : 1000, s->folder.ptr);
    if (s->mode == SQI_SAVE_OVERWRITE && s->folder.len == 1)
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE, "option 'path' is '/': that is not overwritten");
    return STREAMQ_OK;
}

static streamq_status make_stage(sqi_save *s, streamq_error **err)
{
    unsigned char b[8];
    char name[64];
    if (!s->env->os->random(s->env->os->context, b, sizeof b))
        return sqi_error_set(err, SQI_COND_IO_ERROR, "the system gave no random bytes for a folder's name");
    int n = snprintf(name, sizeof name, TEMPORARY "/%02x%02x%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4],
                     b[5], b[6], b[7]);
    s->stage = below(s, name);
    snprintf(name + n, sizeof name - (size_t)n, ".old");
    s->aside = below(s, name);
    if (!s->stage || !s->aside)
        return sqi_error_nomem(err);
    s->staged = true;
    int code = sqi_os_mkdirs(s->files, s->stage);
    return code ? failed("make the folder", s->stage, code, err) : STREAMQ_OK;
}

static streamq_status open_save(sqi_save *s, const sqi_save_spec *spec, bool *skip, streamq_error **err)
{
    sqi_output_spec out = {.env = s->env,
                           .format = spec->format,
                           .options = spec->options,
                           .partition = &s->partition,
                           .one_name = true,
                           .always = true};
    sqi_option_row row[SQI_FILE_OPTIONS];
    char what[80];
    snprintf(what, sizeof what, "writing '%.60s'", spec->format->name);
    SQI_TRY(sqi_options_check(spec->options, row, sqi_snk_file_options(spec->format, false, row), what, err));
    SQI_TRY(sqi_snk_file_folder(spec->options, &s->arena, &s->folder, err));
    SQI_TRY(sqi_snk_file_settings(spec->options, &out, err));
    SQI_TRY(sqi_partition_make(&s->partition, spec->schema, spec->target.partition, spec->target.npartition, &s->arena,
                               err));
    SQI_TRY(look(s, skip, err));
    if (*skip)
        return STREAMQ_OK;
    sqi_encoder *probe; /* types that cannot be written are told before anything is made */
    SQI_TRY(sqi_encoder_new(&probe, spec->format, s->env, spec->options, &s->partition.schema, err));
    sqi_encoder_free(probe);
    SQI_TRY(make_stage(s, err));
    out.folder = sqi_span_of(s->stage);
    SQI_TRY(sqi_output_new(&s->output, &out, err));
    return sqi_output_begin(s->output, err);
}

streamq_status sqi_save_begin(sqi_save **out, const sqi_io_env *env, const sqi_save_spec *spec, streamq_error **err)
{
    bool skip = false;
    sqi_save *s = sqi_alloc_zero(env->alloc, sizeof *s);
    *out = NULL;
    if (!s)
        return sqi_error_nomem(err);
    s->env = env;
    s->files = sqi_os_files_of(env->os);
    s->mode = spec->mode;
    sqi_arena_init(&s->arena, env->alloc);
    streamq_status status = open_save(s, spec, &skip, err);
    if (status != STREAMQ_OK || skip)
        sqi_save_free(s);
    else
        *out = s;
    return status;
}

streamq_status sqi_save_write(sqi_save *s, const sqi_chunk *chunk, streamq_error **err)
{
    return sqi_output_write(s->output, chunk, err);
}

/* ---------------------------------------------------------------------------------------- old files aside */

typedef struct transfer {
    sqi_save *s;
    const char *from, *to; /* folders */
    bool back;             /* all of it, also what has _temporary's name */
    bool any;
    int code;
} transfer;

static bool transfer_one(void *user, const char *name, sqi_os_kind kind)
{
    transfer *t = user;
    char from[SQI_OS_PATH_ROOM], to[SQI_OS_PATH_ROOM];
    (void)kind;
    if (!t->back && strcmp(name, TEMPORARY) == 0)
        return true;
    if (snprintf(from, sizeof from, "%s/%s", t->from, name) >= (int)sizeof from ||
        snprintf(to, sizeof to, "%s/%s", t->to, name) >= (int)sizeof to) {
        t->code = ENAMETOOLONG;
        return false;
    }
    t->code = t->s->files->rename(t->s->files->context, from, to);
    if (t->code == ENOENT) /* somebody else removed it */
        t->code = 0;
    t->any = true;
    return t->code == 0;
}

/* Every entry of a folder into another; a listing may miss what stands beside what is moved, so until none is found. */
static int transfer_all(sqi_save *s, const char *from, const char *to, bool back)
{
    enum { TURNS = 1000 };
    for (int i = 0; i < TURNS; i++) {
        transfer t = {s, from, to, back, false, 0};
        int code = s->files->list(s->files->context, from, transfer_one, &t);
        if (t.code || code)
            return t.code ? t.code : code;
        if (!t.any)
            return 0;
    }
    return EBUSY; /* somebody writes there as fast as we move */
}

static streamq_status put_old_aside(sqi_save *s, streamq_error **err)
{
    char *success = below(s, SUCCESS);
    char *success_aside = sqi_arena_printf(&s->arena, "%s/" SUCCESS, s->aside);
    if (!success || !success_aside)
        return sqi_error_nomem(err);
    int code = sqi_os_mkdirs(s->files, s->aside);
    if (code)
        return failed("make the folder", s->aside, code, err);
    s->put_aside = true;
    code = s->files->rename(s->files->context, success, success_aside); /* first of all: what follows is no whole */
    if (code == ENOENT)
        code = 0;
    if (code == 0)
        code = s->files->sync_dir(s->files->context, s->folder.ptr);
    if (code == 0)
        code = transfer_all(s, s->folder.ptr, s->aside, false);
    return code ? failed("put aside what is in", s->folder.ptr, code, err) : STREAMQ_OK;
}

/* ---------------------------------------------------------------------------------------- new files in */

/* The folder part of a name, or "". */
static sqi_span part_of(sqi_span name)
{
    while (name.len && name.ptr[name.len - 1] != '/')
        name.len--;
    return (sqi_span){name.ptr, name.len ? name.len - 1 : 0};
}

static streamq_status for_each_part(sqi_save *s, int (*call)(sqi_save *s, const char *path), const char *what,
                                    streamq_error **err)
{
    sqi_span last = {NULL, 0};
    for (size_t i = 0; i < sqi_output_count(s->output); i++) {
        sqi_span part = part_of(sqi_output_at(s->output, i).name);
        if (last.ptr && sqi_span_equal(part, last))
            continue;
        sqi_arena_mark mark = sqi_arena_mark_get(&s->arena);
        char *path =
            sqi_arena_printf(&s->arena, "%s%s%.*s", s->folder.ptr, part.len ? "/" : "", (int)part.len, part.ptr);
        int code = path ? call(s, path) : ENOMEM;
        streamq_status status = !path ? sqi_error_nomem(err) : code ? failed(what, path, code, err) : STREAMQ_OK;
        sqi_arena_release(&s->arena, mark);
        SQI_TRY(status);
        last = part;
    }
    return STREAMQ_OK;
}

static int make_part(sqi_save *s, const char *path)
{
    return sqi_os_mkdirs(s->files, path);
}

static int sync_part(sqi_save *s, const char *path)
{
    return s->files->sync_dir(s->files->context, path);
}

static int move_one(sqi_save *s, size_t i, bool back)
{
    char from[SQI_OS_PATH_ROOM], to[SQI_OS_PATH_ROOM];
    sqi_span name = sqi_output_at(s->output, i).name;
    int n = snprintf(from, sizeof from, "%s/%.*s", s->stage, (int)name.len, name.ptr);
    int m = snprintf(to, sizeof to, "%s/%.*s", s->folder.len > 1 ? s->folder.ptr : "", (int)name.len, name.ptr);
    if (n < 0 || m < 0 || (size_t)n >= sizeof from || (size_t)m >= sizeof to)
        return ENAMETOOLONG;
    return s->files->rename(s->files->context, back ? to : from, back ? from : to);
}

static streamq_status move_in(sqi_save *s, streamq_error **err)
{
    SQI_TRY(for_each_part(s, make_part, "make the folder", err));
    for (; s->moved < sqi_output_count(s->output); s->moved++) {
        int code = move_one(s, s->moved, false);
        if (code)
            return failed("move files into", s->folder.ptr, code, err);
    }
    SQI_TRY(for_each_part(s, sync_part, "sync the folder", err));
    int code = sync_part(s, s->folder.ptr);
    return code ? failed("sync the folder", s->folder.ptr, code, err) : STREAMQ_OK;
}

static streamq_status put_success(sqi_save *s, streamq_error **err)
{
    char *path = below(s, SUCCESS);
    if (!path)
        return sqi_error_nomem(err);
    s->marking = true;
    int code = sqi_os_write_file(s->files, path, "", 0, false);
    return code ? failed("write", path, code, err) : STREAMQ_OK;
}

/* The folders made for partitions, with those above them, unless something is in them. */
static int remove_part(sqi_save *s, const char *path)
{
    char cut[SQI_OS_PATH_ROOM];
    size_t len = strlen(path);
    if (len >= sizeof cut)
        return 0;
    memcpy(cut, path, len + 1);
    while (len > s->folder.len && s->files->rmdir(s->files->context, cut) == 0) {
        while (cut[len - 1] != '/')
            len--;
        cut[--len] = '\0';
    }
    return 0;
}

/* As far as the disk allows: what cannot be undone is told to the log. */
static void undo(sqi_save *s)
{
    char *success = below(s, SUCCESS);
    if (success && s->marking && !s->succeeded)
        s->files->unlink(s->files->context, success);
    int code = 0;
    while (s->moved > 0 && code == 0)
        if ((code = move_one(s, s->moved - 1, true)) == 0)
            s->moved--;
    (void)for_each_part(s, remove_part, "", NULL);
    if (code == 0 && s->put_aside)
        code = transfer_all(s, s->aside, s->folder.ptr, true);
    if (code == 0 && s->put_aside) {
        s->files->rmdir(s->files->context, s->aside);
        s->files->sync_dir(s->files->context, s->folder.ptr);
    }
    if (code == 0)
        s->put_aside = false;
    else
        sqi_log_write(&s->env->log, SQI_LOG_ERROR, "'%s' could not be put back as it was: its old files are in '%s'",
                      s->folder.ptr, s->aside);
}

static void remove_stage(sqi_save *s)
{
    char *temporary = below(s, TEMPORARY);
    if (s->staged) {
        int code = sqi_os_remove_tree(s->files, s->stage);
        if (code && code != ENOENT)
            sqi_log_write(&s->env->log, SQI_LOG_WARN, "'%s' could not be removed; readers pass it over", s->stage);
    }
    if (s->staged && temporary)
        s->files->rmdir(s->files->context, temporary); /* unless somebody else is at work there */
    s->staged = false;
}

/* Nothing can be undone any more: what is left of the old is only in the way. */
static void remove_aside(sqi_save *s)
{
    int code = s->put_aside ? sqi_os_remove_tree(s->files, s->aside) : 0;
    if (code)
        sqi_log_write(&s->env->log, SQI_LOG_WARN, "the old files in '%s' could not be removed; readers pass them over",
                      s->aside);
    s->put_aside = false;
}

streamq_status sqi_save_commit(sqi_save *s, streamq_error **err)
{
    sqi_os_stat about;
    char *success = below(s, SUCCESS);
    if (!success)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_output_finish(s->output, err));
    s->succeeded = s->mode != SQI_SAVE_OVERWRITE && s->files->stat(s->files->context, success, &about) == 0;
    streamq_status status = s->mode == SQI_SAVE_OVERWRITE && s->existed ? put_old_aside(s, err) : STREAMQ_OK;
    if (status == STREAMQ_OK)
        status = move_in(s, err);
    if (status == STREAMQ_OK)
        status = put_success(s, err);
    if (status != STREAMQ_OK) {
        undo(s);
        return status;
    }
    sqi_output_forget(s->output);
    s->moved = 0;
    s->existed = true;
    remove_aside(s);
    remove_stage(s);
    return STREAMQ_OK;
}

void sqi_save_free(sqi_save *s)
{
    if (!s)
        return;
    sqi_output_free(s->output); /* removes what was not moved */
    if (s->staged && !s->put_aside)
        remove_stage(s);
    if (!s->existed && s->folder.ptr)
        s->files->rmdir(s->files->context, s->folder.ptr); /* made here, and empty again */
    sqi_arena_fini(&s->arena);
    sqi_alloc_free(s->env->alloc, s, sizeof *s);
}
