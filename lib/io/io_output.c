/*
 * io_output: see the header. A part is a partition of this attempt: its folder and the file that rows of it go to now.
 * The keyed table tells which part a row is of; the rows of a chunk are then sorted by part, and each run is encoded in
 * one call. Without partitions there is one part, whose folder has no name.
 */
#include "io_output.h"

#include "base_sort.h"
#include "base_uuid.h"
#include "io_data_file.h"
#include "keyed_table.h"

#include <stdio.h>

enum { NONE = -1 };

typedef struct part {
    char *folder; /* below the output's, "" or "k=a/l=b"; folder_size bytes */
    size_t folder_size;
    int64_t file;  /* index, NONE: no rows yet, or the last one is full */
    int64_t count; /* files begun */
} part;

struct sqi_output {
    sqi_output_spec spec;
    sqi_alloc *alloc;
    sqi_data_desk desk;
    sqi_encoder *encoder;
    sqi_arena arena; /* of one write */
    sqi_table *parts_by_key;
    part *part;
    size_t npart, part_cap;
    sqi_data_file *file;
    size_t nfile, file_cap;
    char uuid[SQI_UUID_TEXT + 1];
};

/* ---------------------------------------------------------------------------------------- making and freeing */

static streamq_status random_name(sqi_output *o, streamq_error **err)
{
    unsigned char random[SQI_UUID_BYTES];
    const sqi_os *os = o->spec.env->os;
    if (!os->random(os->context, random, sizeof random))
        return sqi_error_set(err, SQI_COND_IO_ERROR, "the system gave no random bytes for a file's name");
    sqi_uuid_write(random, o->uuid);
    return STREAMQ_OK;
}

static streamq_status open_output(sqi_output *o, streamq_error **err)
{
    const sqi_output_spec *s = &o->spec;
    sqi_arena_init(&o->arena, o->alloc);
    SQI_TRY(sqi_data_desk_init(&o->desk, s->env, s->pack, s->partition->n > 0, err));
    return sqi_encoder_new(&o->encoder, s->format, s->env, s->options, &s->partition->schema, err);
}

streamq_status sqi_output_new(sqi_output **out, const sqi_output_spec *spec, streamq_error **err)
{
    sqi_output *o = sqi_alloc_zero(spec->env->alloc, sizeof *o);
    *out = NULL;
    if (!o)
        return sqi_error_nomem(err);
    o->spec = *spec;
    o->alloc = spec->env->alloc;
    streamq_status status = open_output(o, err);
    if (status != STREAMQ_OK)
        sqi_output_free(o);
    else
        *out = o;
    return status;
}

void sqi_output_forget(sqi_output *o)
{
    for (size_t i = 0; i < o->nfile; i++)
        sqi_data_file_fini(&o->file[i], &o->desk);
    for (size_t i = 0; i < o->npart; i++)
        sqi_alloc_free(o->alloc, o->part[i].folder, o->part[i].folder_size);
    sqi_table_free(o->parts_by_key);
    o->parts_by_key = NULL;
    o->nfile = o->npart = 0;
    if (o->desk.pack)
        sqi_pack_drop(o->desk.pack);
}

void sqi_output_abort(sqi_output *o)
{
    for (size_t i = 0; i < o->nfile; i++)
        sqi_data_file_remove(&o->file[i], &o->desk);
    sqi_output_forget(o);
}

void sqi_output_free(sqi_output *o)
{
    if (!o)
        return;
    sqi_output_abort(o);
    sqi_encoder_free(o->encoder);
    sqi_data_desk_fini(&o->desk);
    sqi_arena_fini(&o->arena);
    sqi_alloc_free(o->alloc, o->part, o->part_cap * sizeof *o->part);
    sqi_alloc_free(o->alloc, o->file, o->file_cap * sizeof *o->file);
    sqi_alloc_free(o->alloc, o, sizeof *o);
}

/* ---------------------------------------------------------------------------------------- parts */

/* The folder's text is copied. */
static streamq_status add_part(sqi_output *o, sqi_span folder, streamq_error **err)
{
    void *items = o->part;
    bool grown = sqi_alloc_grow(o->alloc, &items, &o->part_cap, o->npart + 1, sizeof *o->part);
    o->part = items;
    char *copy = grown ? sqi_alloc_get(o->alloc, folder.len + 1) : NULL;
    if (!copy)
        return sqi_error_nomem(err);
    if (folder.len)
        memcpy(copy, folder.ptr, folder.len);
    copy[folder.len] = '\0';
    o->part[o->npart++] = (part){.folder = copy, .folder_size = folder.len + 1, .file = NONE};
    return STREAMQ_OK;
}

static streamq_status make_folder(sqi_output *o, const part *p, streamq_error **err)
{
    char path[SQI_OS_PATH_ROOM], text[128];
    int n = snprintf(path, sizeof path, "%.*s/%s", (int)o->spec.folder.len, o->spec.folder.ptr, p->folder);
    if (n < 0 || (size_t)n >= sizeof path)
        return sqi_error_set(err, SQI_COND_IO_ERROR,
                             "the folder of a partition has a path that is too long: '%.200s'...", p->folder);
    int code = sqi_os_mkdirs(o->desk.files, path);
    if (code)
        return sqi_error_set(err, SQI_COND_IO_ERROR, "cannot make the folder '%.1000s': %s", path,
                             sqi_os_message(code, text, sizeof text));
    return STREAMQ_OK;
}

static streamq_status begin_parts(sqi_output *o, streamq_error **err)
{
    const sqi_partition *p = o->spec.partition;
    uint64_t seed;
    if (!p->n)
        return add_part(o, (sqi_span){"", 0}, err);
    if (!o->spec.env->os->random(o->spec.env->os->context, &seed, sizeof seed))
        return sqi_error_set(err, SQI_COND_IO_ERROR, "the system gave no random bytes for hashing");
    o->parts_by_key = sqi_table_new(o->alloc, p->type, p->n, 0, 1, seed, err);
    return o->parts_by_key ? STREAMQ_OK : STREAMQ_ERR_NOMEM;
}

streamq_status sqi_output_begin(sqi_output *o, streamq_error **err)
{
    sqi_output_abort(o);
    sqi_arena_reset(&o->arena);
    if (o->spec.one_name)
        SQI_TRY(random_name(o, err));
    return begin_parts(o, err);
}

/* ---------------------------------------------------------------------------------------- files */

static streamq_status begin_file(sqi_output *o, part *p, streamq_error **err)
{
    void *items = o->file;
    bool grown = sqi_alloc_grow(o->alloc, &items, &o->file_cap, o->nfile + 1, sizeof *o->file);
    o->file = items;
    if (!grown)
        return sqi_error_nomem(err);
    if (!o->spec.one_name)
        SQI_TRY(random_name(o, err));
    size_t room = o->spec.folder.len + p->folder_size + strlen(o->spec.format->extension) + 96;
    char *path = sqi_alloc_get(o->alloc, room);
    if (!path)
        return sqi_error_nomem(err);
    snprintf(path, room, "%.*s/%s%spart-00000-%s%sc%03lld%s%s", (int)o->spec.folder.len, o->spec.folder.ptr, p->folder,
             p->folder[0] ? "/" : "", o->uuid, o->spec.partition->n ? "." : "-", (long long)p->count,
             o->spec.format->extension, sqi_pack_extension(o->spec.pack));
    sqi_data_file *f = &o->file[o->nfile];
    sqi_data_file_init(f, &o->desk, path, room);
    p->file = (int64_t)o->nfile++;
    p->count++;
    return o->spec.format->encoder_begin(o->encoder, &f->pending, err);
}

static streamq_status end_file(sqi_output *o, sqi_data_file *f, streamq_error **err)
{
    if (f->whole)
        return STREAMQ_OK;
    SQI_TRY(o->spec.format->encoder_end(o->encoder, &f->pending, err));
    return sqi_data_file_finish(f, &o->desk, err);
}

static streamq_status encode_rows(sqi_output *o, part *p, sqi_chunk *chunk, sqi_rows rows, streamq_error **err)
{
    for (uint32_t at = 0; at < rows.n;) {
        if (p->file == NONE)
            SQI_TRY(begin_file(o, p, err));
        sqi_data_file *f = &o->file[p->file];
        int64_t room = o->spec.most_rows > 0 ? o->spec.most_rows - f->rows : INT64_MAX;
        uint32_t n = rows.n - at < room ? rows.n - at : (uint32_t)room;
        chunk->rows = (sqi_rows){rows.sel ? rows.sel + at : NULL, n};
        if (!rows.sel && (at > 0 || n < chunk->n)) {
            uint32_t *sel = sqi_arena_get(&o->arena, n * sizeof *sel);
            if (!sel)
                return sqi_error_nomem(err);
            for (uint32_t i = 0; i < n; i++)
                sel[i] = at + i;
            chunk->rows.sel = sel;
        }
        SQI_TRY(o->spec.format->encode(o->encoder, chunk, &f->pending, err));
        f->rows += n;
        at += n;
        SQI_TRY(sqi_data_file_more(f, &o->desk, err));
        if (f->rows == o->spec.most_rows) {
            SQI_TRY(end_file(o, f, err));
            p->file = NONE;
        }
    }
    return STREAMQ_OK;
}

/* Every partition has little, all of them have much: out with all of it. */
static streamq_status relieve(sqi_output *o, streamq_error **err)
{
    if (o->desk.waiting < SQI_DATA_WAITING)
        return STREAMQ_OK;
    for (size_t i = 0; i < o->nfile; i++)
        if (!o->file[i].whole)
            SQI_TRY(sqi_data_file_write(&o->file[i], &o->desk, err));
    return STREAMQ_OK;
}

/* ---------------------------------------------------------------------------------------- rows */

/* The number of each row's part, those that are new made. */
static streamq_status find_parts(sqi_output *o, const sqi_chunk *chunk, uint32_t *row, streamq_error **err)
{
    const sqi_partition *p = o->spec.partition;
    sqi_vec *key = sqi_arena_array(&o->arena, p->n, sizeof *key);
    uint32_t *fresh = sqi_arena_array(&o->arena, chunk->rows.n, sizeof *fresh), nfresh = 0;
    sqi_buf path;
    if (!key || !fresh)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < p->n; k++)
        SQI_TRY(sqi_order_normalize(&key[k], &chunk->col[p->column[k]], chunk->rows, &o->arena, err));
    SQI_TRY(sqi_table_lookup(o->parts_by_key, key, chunk->rows, SQI_TABLE_INSERT, row, fresh, &nfresh, err));
    sqi_buf_init(&path, o->alloc, 0);
    streamq_status status = STREAMQ_OK;
    for (uint32_t i = 0; i < nfresh && status == STREAMQ_OK; i++) {
        if (row[fresh[i]] != o->npart)
            status = sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "the numbers of partitions are not in order");
        sqi_buf_clear(&path);
        if (status == STREAMQ_OK && !sqi_partition_path(p, chunk->col, fresh[i], o->spec.env->zone, &path))
            status = sqi_error_nomem(err);
        if (status == STREAMQ_OK)
            status = add_part(o, sqi_buf_view(&path), err);
        if (status == STREAMQ_OK)
            status = make_folder(o, &o->part[o->npart - 1], err);
    }
    sqi_buf_fini(&path);
    return status;
}

static streamq_status write_parts(sqi_output *o, const sqi_chunk *chunk, sqi_chunk *inner, streamq_error **err)
{
    uint32_t n = chunk->rows.n;
    uint32_t *row = sqi_arena_array(&o->arena, chunk->n, sizeof *row);
    uint32_t *sel = sqi_arena_array(&o->arena, n, sizeof *sel);
    sqi_sort_item *item = sqi_arena_array(&o->arena, n, sizeof *item);
    sqi_sort_item *scratch = sqi_arena_array(&o->arena, n, sizeof *scratch);
    if (!row || !sel || !item || !scratch)
        return sqi_error_nomem(err);
    SQI_TRY(find_parts(o, chunk, row, err));
    for (SQI_EACH(chunk->rows, k, i))
        item[k] = (sqi_sort_item){row[i], i};
    sqi_sort_items(item, scratch, n);
    for (uint32_t k = 0; k < n; k++)
        sel[k] = item[k].row;
    for (uint32_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && item[to].key == item[from].key;)
            to++;
        SQI_TRY(encode_rows(o, &o->part[item[from].key], inner, (sqi_rows){sel + from, to - from}, err));
    }
    return STREAMQ_OK;
}

streamq_status sqi_output_write(sqi_output *o, const sqi_chunk *chunk, streamq_error **err)
{
    const sqi_partition *p = o->spec.partition;
    if (chunk->rows.n == 0)
        return STREAMQ_OK;
    sqi_arena_mark mark = sqi_arena_mark_get(&o->arena);
    sqi_vec *col = sqi_arena_array(&o->arena, p->nrest, sizeof *col);
    if (!col)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < p->nrest; i++)
        col[i] = chunk->col[p->rest[i]];
    sqi_chunk inner = *chunk;
    inner.col = col;
    inner.ncol = p->nrest;
    streamq_status status =
        p->n ? write_parts(o, chunk, &inner, err) : encode_rows(o, &o->part[0], &inner, chunk->rows, err);
    sqi_arena_release(&o->arena, mark);
    return status == STREAMQ_OK ? relieve(o, err) : status;
}

/* ---------------------------------------------------------------------------------------- the end */

static int sync_folder(sqi_output *o, const part *p)
{
    char path[SQI_OS_PATH_ROOM];
    int n = snprintf(path, sizeof path, "%.*s%s%s", (int)o->spec.folder.len, o->spec.folder.ptr,
                     p->folder[0] ? "/" : "", p->folder);
    return n < 0 || (size_t)n >= sizeof path ? 0 : o->desk.files->sync_dir(o->desk.files->context, path);
}

streamq_status sqi_output_finish(sqi_output *o, streamq_error **err)
{
    char text[128];
    if (o->spec.always && !o->spec.partition->n && !o->nfile)
        SQI_TRY(begin_file(o, &o->part[0], err));
    for (size_t i = 0; i < o->nfile; i++)
        SQI_TRY(end_file(o, &o->file[i], err));
    for (size_t i = 0; i < o->npart && o->nfile; i++) {
        int code = sync_folder(o, &o->part[i]);
        if (code)
            return sqi_error_set(err, SQI_COND_IO_ERROR, "cannot sync the folder '%.*s/%.200s': %s",
                                 (int)o->spec.folder.len, o->spec.folder.ptr, o->part[i].folder,
                                 sqi_os_message(code, text, sizeof text));
    }
    return STREAMQ_OK;
}

size_t sqi_output_count(const sqi_output *o)
{
    return o->nfile;
}

sqi_output_file sqi_output_at(const sqi_output *o, size_t i)
{
    const sqi_data_file *f = &o->file[i];
    return (sqi_output_file){sqi_span_of(f->path + o->spec.folder.len + 1), f->at, f->rows, f->modified_millis};
}
