/*
 * io_file_list: see the header.
 */
#include "io_file_list.h"

#include "base_sort.h"
#include "io_manifest.h"

void sqi_file_list_init(sqi_file_list *l, sqi_alloc *alloc)
{
    *l = (sqi_file_list){.alloc = alloc};
    sqi_arena_init(&l->arena, alloc);
}

void sqi_file_list_fini(sqi_file_list *l)
{
    if (!l->alloc)
        return;
    sqi_alloc_free(l->alloc, l->file, l->cap * sizeof *l->file);
    sqi_arena_fini(&l->arena);
    *l = (sqi_file_list){0};
}

void sqi_file_list_clear(sqi_file_list *l)
{
    sqi_alloc *alloc = l->alloc;
    sqi_file_list_fini(l); /* the memory of a first listing of many files is not kept for the next of few */
    sqi_file_list_init(l, alloc);
}

streamq_status sqi_file_list_add(sqi_file_list *l, const sqi_file *f, streamq_error **err)
{
    void *files = l->file;
    bool room = sqi_alloc_grow(l->alloc, &files, &l->cap, l->n + 1, sizeof *l->file);
    l->file = files;
    char *path = room ? sqi_arena_text(&l->arena, f->path, f->len) : NULL;
    if (!path)
        return sqi_error_nomem(err);
    l->file[l->n] = *f;
    l->file[l->n++].path = path;
    return STREAMQ_OK;
}

streamq_status sqi_file_list_found(sqi_file_list *l, const sqi_found *f, streamq_error **err)
{
    return sqi_file_list_add(l,
                             &(sqi_file){.path = f->path.ptr,
                                         .len = (uint32_t)f->path.len,
                                         .base = (uint32_t)f->base,
                                         .name = (uint32_t)f->name,
                                         .size = f->size,
                                         .modified = f->modified},
                             err);
}

/* -------------------------------------------------------------- order */

typedef struct ordering {
    const sqi_file *file;
    sqi_file_order order;
} ordering;

static int compare(void *context, uint32_t a, uint32_t b)
{
    const ordering *o = context;
    const sqi_file *x = &o->file[a], *y = &o->file[b];
    if (o->order != SQI_FILE_BY_PATH && x->modified != y->modified)
        return (x->modified < y->modified) == (o->order == SQI_FILE_OLDEST_FIRST) ? -1 : 1;
    return strcmp(x->path, y->path);
}

/* Puts file[index[i]] at i. */
static void permute(sqi_file *file, uint32_t *index, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sqi_file first = file[i];
        size_t to = i;
        while (index[to] != to) {
            size_t from = index[to];
            index[to] = (uint32_t)to;
            if (from == i) {
                file[to] = first;
                break;
            }
            file[to] = file[from];
            to = from;
        }
    }
}

streamq_status sqi_file_list_sort(sqi_file_list *l, sqi_file_order order, streamq_error **err)
{
    size_t n = l->n, kept = 0;
    if (n > UINT32_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "more than 4 billion files");
    if (n < 2)
        return STREAMQ_OK;
    uint32_t *index = sqi_alloc_array(l->alloc, 2 * n, sizeof *index);
    if (!index)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < n; i++)
        index[i] = i;
    ordering o = {l->file, order};
    sqi_sort_index(index, index + n, n, compare, &o);
    permute(l->file, index, n);
    sqi_alloc_free(l->alloc, index, 2 * n * sizeof *index);
    for (size_t i = 0; i < n; i++)
        if (!i || strcmp(l->file[i].path, l->file[kept - 1].path) != 0)
            l->file[kept++] = l->file[i];
    l->n = kept;
    return STREAMQ_OK;
}

static bool partitioned(const sqi_file *f)
{
    return sqi_listing_partitioned(&(sqi_found){.path = {f->path, f->len}, .base = f->base, .name = f->name});
}

void sqi_file_list_keep_partitioned(sqi_file_list *l)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->n; i++)
        kept += partitioned(&l->file[i]);
    if (!kept)
        return;
    kept = 0;
    for (size_t i = 0; i < l->n; i++)
        if (partitioned(&l->file[i]))
            l->file[kept++] = l->file[i];
    l->n = kept;
}

/* -------------------------------------------------------------- by a log */

typedef struct logged {
    const sqi_listing *l;
    size_t base;
    sqi_buf path; /* with a NUL behind */
} logged;

static streamq_status take_entry(void *context, const sqi_manifest_entry *entry, sqi_span line, streamq_error **err)
{
    logged *g = context;
    (void)line;
    if (entry->is_dir || entry->path.len <= g->base || memcmp(entry->path.ptr, g->path.ptr, g->base) != 0)
        return STREAMQ_OK; /* another folder's, which was moved here: nothing of it is in this one */
    g->path.len = g->base;
    if (!sqi_buf_put(&g->path, entry->path.ptr + g->base, entry->path.len - g->base) || !sqi_buf_byte(&g->path, '\0'))
        return sqi_error_nomem(err);
    sqi_found f = {.path = {g->path.ptr, g->path.len - 1}, .base = g->base, .size = entry->size};
    if (memchr(f.path.ptr, '\0', f.path.len) || __builtin_mul_overflow(entry->modified_millis, 1000, &f.modified))
        return sqi_error_set(err, SQI_COND_MALFORMED_LOG_FILE, "the log of files in '%.*s' has an impossible entry",
                             (int)(g->base < 2000 ? g->base : 2000), g->path.ptr);
    for (f.name = f.path.len; f.path.ptr[f.name - 1] != '/'; f.name--)
        ;
    return sqi_listing_tell(g->l, &f, err);
}

static streamq_status read_log(const sqi_listing *l, logged *g, sqi_span folder, streamq_error **err)
{
    sqi_manifest m;
    sqi_manifest_settings settings = sqi_manifest_defaults();
    int64_t latest;
    SQI_TRY(sqi_manifest_open(&m, l->env, folder, &settings, err));
    streamq_status status = sqi_manifest_read(&m, -1, &latest, take_entry, g, err);
    sqi_manifest_close(&m);
    return status;
}

streamq_status sqi_file_list_run(const sqi_listing *l, sqi_listing_result *result, bool *log, streamq_error **err)
{
    logged g = {.l = l};
    sqi_os_stat st;
    const sqi_os_files *files = sqi_os_files_of(l->env->os);
    streamq_status status = STREAMQ_OK;
    *log = false;
    sqi_buf_init(&g.path, l->env->alloc, 1 << 20);
    if (l->pattern || !sqi_buf_span(&g.path, l->path) || !sqi_buf_text(&g.path, "/" SQI_MANIFEST_FOLDER) ||
        !sqi_buf_byte(&g.path, '\0')) {
        status = g.path.failed ? sqi_error_nomem(err) : STREAMQ_OK;
    } else if (files->stat(files->context, g.path.ptr, &st) == 0 && st.kind == SQI_OS_DIRECTORY) {
        sqi_span folder = {g.path.ptr, g.path.len - 1};
        *log = true;
        *result = (sqi_listing_result){.roots = 1, .certain = true};
        if (l->folder)
            l->folder(l->user, folder.ptr);
        char *name = sqi_alloc_get(l->env->alloc, g.path.len);
        if (name) {
            memcpy(name, g.path.ptr, g.path.len);
            g.base = l->path.len + (l->path.ptr[l->path.len - 1] != '/');
            status = read_log(l, &g, (sqi_span){name, folder.len}, err);
            sqi_alloc_free(l->env->alloc, name, folder.len + 1);
        } else {
            status = sqi_error_nomem(err);
        }
    }
    sqi_buf_fini(&g.path);
    return status != STREAMQ_OK || *log ? status : sqi_listing_run(l, result, err);
}
