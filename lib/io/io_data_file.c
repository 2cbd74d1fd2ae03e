/*
 * io_data_file: see the header. Offsets are kept here, so a file that was closed in between goes on where it ended.
 */
#include "io_data_file.h"

streamq_status sqi_data_desk_init(sqi_data_desk *d, const sqi_io_env *env, sqi_pack_kind pack, bool turns,
                                  streamq_error **err)
{
    *d = (sqi_data_desk){.env = env, .files = sqi_os_files_of(env->os), .turns = turns};
    sqi_buf_init(&d->packed, env->alloc, SIZE_MAX);
    return pack == SQI_PACK_NONE ? STREAMQ_OK : sqi_pack_new(&d->pack, env->alloc, pack, err);
}

void sqi_data_desk_fini(sqi_data_desk *d)
{
    sqi_pack_free(d->pack);
    sqi_buf_fini(&d->packed);
    *d = (sqi_data_desk){0};
}

void sqi_data_file_init(sqi_data_file *f, sqi_data_desk *d, char *path, size_t path_size)
{
    *f = (sqi_data_file){.path = path, .path_size = path_size, .handle = -1};
    sqi_buf_init(&f->pending, d->env->alloc, SIZE_MAX);
}

static streamq_status failed(const sqi_data_file *f, int code, streamq_error **err)
{
    char text[128];
    return sqi_error_set(err, SQI_COND_IO_ERROR, "cannot write '%s': %s", f->path,
                         sqi_os_message(code, text, sizeof text));
}

static void close_file(sqi_data_file *f, sqi_data_desk *d)
{
    if (f->handle < 0)
        return;
    d->files->close(d->files->context, f->handle);
    f->handle = -1;
    d->open--;
}

static int open_file(sqi_data_file *f, sqi_data_desk *d)
{
    int how = SQI_OS_WRITE | SQI_OS_NO_LINK | (f->made ? 0 : SQI_OS_CREATE | SQI_OS_EXCLUSIVE);
    if (f->handle >= 0)
        return 0;
    int code = d->files->open(d->files->context, f->path, how, &f->handle);
    if (code) {
        f->handle = -1;
        return code;
    }
    f->made = true;
    d->open++;
    return 0;
}

static int sync_and_close(sqi_data_file *f, sqi_data_desk *d)
{
    int code = d->files->sync(d->files->context, f->handle, false);
    close_file(f, d);
    return code;
}

static streamq_status pack_pending(sqi_data_file *f, sqi_data_desk *d, bool end, sqi_span *bytes, streamq_error **err)
{
    *bytes = sqi_buf_view(&f->pending);
    if (!d->pack)
        return STREAMQ_OK;
    sqi_buf_clear(&d->packed);
    if (end && f->at == 0)
        sqi_pack_begin(d->pack); /* no bytes at all are no valid file */
    SQI_TRY(sqi_pack_put(d->pack, *bytes, &d->packed, err));
    if (end || d->turns)
        SQI_TRY(sqi_pack_end(d->pack, &d->packed, err));
    *bytes = sqi_buf_view(&d->packed);
    return STREAMQ_OK;
}

static void count_pending(sqi_data_file *f, sqi_data_desk *d)
{
    d->waiting += f->pending.len - f->counted;
    f->counted = f->pending.len;
}

static streamq_status put_out(sqi_data_file *f, sqi_data_desk *d, bool end, streamq_error **err)
{
    sqi_span bytes;
    SQI_TRY(pack_pending(f, d, end, &bytes, err));
    int code = open_file(f, d);
    if (code == 0)
        code = sqi_os_write_all(d->files, f->handle, f->at, bytes.ptr, bytes.len);
    if (code)
        return failed(f, code, err);
    f->at += (int64_t)bytes.len;
    sqi_buf_clear(&f->pending);
    count_pending(f, d);
    return STREAMQ_OK;
}

streamq_status sqi_data_file_write(sqi_data_file *f, sqi_data_desk *d, streamq_error **err)
{
    if (f->pending.len == 0)
        return STREAMQ_OK;
    SQI_TRY(put_out(f, d, false, err));
    if (d->open <= SQI_DATA_OPEN)
        return STREAMQ_OK;
    sqi_buf_fini(&f->pending); /* many files: neither descriptors nor room for each */
    sqi_buf_init(&f->pending, d->env->alloc, SIZE_MAX);
    int code = sync_and_close(f, d);
    return code ? failed(f, code, err) : STREAMQ_OK;
}

streamq_status sqi_data_file_more(sqi_data_file *f, sqi_data_desk *d, streamq_error **err)
{
    if (f->pending.failed)
        return sqi_error_nomem(err);
    count_pending(f, d);
    return f->pending.len >= SQI_DATA_PIECE ? sqi_data_file_write(f, d, err) : STREAMQ_OK;
}

streamq_status sqi_data_file_finish(sqi_data_file *f, sqi_data_desk *d, streamq_error **err)
{
    sqi_os_stat about;
    if (f->whole)
        return STREAMQ_OK;
    SQI_TRY(put_out(f, d, true, err));
    int code = d->files->stat_file(d->files->context, f->handle, &about);
    if (code == 0)
        code = sync_and_close(f, d);
    if (code)
        return failed(f, code, err);
    f->modified_millis = about.modified_micros / 1000;
    f->whole = true;
    sqi_buf_fini(&f->pending);
    sqi_buf_init(&f->pending, d->env->alloc, SIZE_MAX);
    return STREAMQ_OK;
}

void sqi_data_file_remove(sqi_data_file *f, sqi_data_desk *d)
{
    close_file(f, d);
    if (f->made && d->files->unlink(d->files->context, f->path) != 0)
        sqi_log_write(&d->env->log, SQI_LOG_WARN, "'%s' was given up and could not be removed: nothing names it",
                      f->path);
    f->made = false;
}

void sqi_data_file_fini(sqi_data_file *f, sqi_data_desk *d)
{
    close_file(f, d);
    d->waiting -= f->counted;
    sqi_buf_fini(&f->pending);
    sqi_alloc_free(d->env->alloc, f->path, f->path_size);
    *f = (sqi_data_file){.handle = -1};
}
