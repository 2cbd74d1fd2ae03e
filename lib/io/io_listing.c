/*
 * io_listing: see the header. The way down stands in one buffer; names of a folder's own folders are noted while it is
 * read and entered when it is closed, so that however deep the way is, one descriptor is open.
 */
#include "io_listing.h"

#include <errno.h>

enum { DEEPEST = 100, FOLDERS_MOST = 1000000 };

typedef struct way { /* the folders that lead here, to see a circle of links */
    const struct way *up;
    uint64_t device, inode;
    unsigned depth;
} way;

typedef struct walk {
    const sqi_listing *l;
    const sqi_os_files *files;
    sqi_buf path; /* NUL behind, not counted */
    size_t base;  /* of the root at hand */
    size_t folders;
    sqi_listing_result *result;
    streamq_error **err;
} walk;

/* -------------------------------------------------------------- paths */

static bool is_scheme(sqi_span s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i] | 0x20;
        if (!((c >= 'a' && c <= 'z') || (i && ((s.ptr[i] >= '0' && s.ptr[i] <= '9') || strchr("+-.", s.ptr[i])))))
            return false;
    }
    return s.len > 0;
}

/* What stands behind "file:" and a host that is none. */
static streamq_status strip_scheme(sqi_span *path, const char *option, streamq_error **err)
{
    const char *colon = memchr(path->ptr, ':', path->len);
    if (!colon)
        return STREAMQ_OK;
    sqi_span scheme = {path->ptr, (size_t)(colon - path->ptr)};
    sqi_span rest = {colon + 1, path->len - scheme.len - 1};
    if (!is_scheme(scheme) || !rest.len || rest.ptr[0] != '/')
        return STREAMQ_OK;
    if (!sqi_span_equal_nocase(scheme, SQI_SPAN("file")))
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_FEATURE,
                             "option '%s' is of the file system '%.*s'; this library reads local files: file:/folder, "
                             "or the path alone",
                             option, (int)(scheme.len < 50 ? scheme.len : 50), scheme.ptr);
    if (rest.len > 2 && rest.ptr[1] == '/' && rest.ptr[2] != '/')
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_FEATURE,
                             "option '%s' names another machine; write file:///folder for a folder of this one",
                             option);
    *path = rest;
    return STREAMQ_OK;
}

static bool put_folded(sqi_buf *to, sqi_span path)
{
    bool ok = true;
    for (size_t i = 0; i < path.len && ok;) {
        size_t n = 0;
        while (i + n < path.len && path.ptr[i + n] != '/')
            n++;
        if (n && !(n == 1 && path.ptr[i] == '.'))
            ok = sqi_buf_byte(to, '/') && sqi_buf_put(to, path.ptr + i, n);
        i += n + 1;
    }
    return ok;
}

streamq_status sqi_listing_path(sqi_span *out, sqi_span given, const char *option, sqi_arena *arena,
                                streamq_error **err)
{
    char whole[SQI_OS_PATH_ROOM], text[128];
    sqi_buf b;
    if (!given.len || memchr(given.ptr, '\0', given.len))
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE, "option '%s' is %s", option,
                             given.len ? "no path: it has a NUL in it" : "empty; it takes a path");
    SQI_TRY(strip_scheme(&given, option, err));
    char *copy = sqi_arena_text(arena, given.ptr, given.len);
    if (!copy)
        return sqi_error_nomem(err);
    int code = sqi_os_absolute(copy, whole);
    if (code)
        return sqi_error_set(err, SQI_COND_IO_ERROR, "option '%s' is no path that can be used: %s", option,
                             sqi_os_message(code, text, sizeof text));
    sqi_buf_init(&b, arena->alloc, 0);
    bool ok = put_folded(&b, sqi_span_of(whole)) && (b.len || sqi_buf_byte(&b, '/'));
    copy = ok ? sqi_arena_text(arena, b.ptr, b.len) : NULL;
    *out = (sqi_span){copy, b.len};
    sqi_buf_fini(&b);
    return copy ? STREAMQ_OK : sqi_error_nomem(err);
}

bool sqi_listing_hidden(sqi_span name)
{
    static const char copying[] = "._COPYING_";
    size_t n = sizeof copying - 1;
    return (name.len && name.ptr[0] == '.') || (name.len && name.ptr[0] == '_' && !memchr(name.ptr, '=', name.len)) ||
           (name.len >= n && memcmp(name.ptr + name.len - n, copying, n) == 0);
}

bool sqi_listing_partitioned(const sqi_found *f)
{
    return f->name > f->base && memchr(f->path.ptr + f->base, '=', f->name - f->base) != NULL;
}

static bool set_path(walk *w, size_t keep, sqi_span more)
{
    w->path.len = keep;
    if ((keep && w->path.ptr[keep - 1] != '/' && more.len && more.ptr[0] != '/' && !sqi_buf_byte(&w->path, '/')) ||
        !sqi_buf_span(&w->path, more) || !sqi_buf_byte(&w->path, '\0'))
        return false;
    w->path.len--;
    return true;
}

static streamq_status failed(walk *w, const char *what, int code)
{
    char text[128];
    if (code == ENOMEM)
        return sqi_error_nomem(w->err);
    return sqi_error_set(w->err, SQI_COND_IO_ERROR, "cannot %s '%s': %s", what, w->path.ptr,
                         sqi_os_message(code, text, sizeof text));
}

/* Gone since its name was read, or a link to nothing. */
static bool vanished(int code)
{
    return code == ENOENT || code == ENOTDIR || code == ELOOP;
}

/* -------------------------------------------------------------- files and folders */

static bool by_name(const sqi_listing *l, const sqi_found *f)
{
    sqi_span own = {f->path.ptr + f->name, f->path.len - f->name};
    return !sqi_listing_hidden(own) && (!l->filtered || sqi_glob_match_any(&l->filter, own)) &&
           (!l->wanted || l->wanted(l->user, f));
}

static bool by_state(const sqi_listing *l, const sqi_found *f)
{
    return f->size > 0 && f->modified < l->before && f->modified > l->after;
}

streamq_status sqi_listing_tell(const sqi_listing *l, const sqi_found *f, streamq_error **err)
{
    return by_state(l, f) && by_name(l, f) ? l->file(l->user, f, err) : STREAMQ_OK;
}

/* The file whose path stands in the buffer. `known`: what it is, if the caller asked already. */
static streamq_status take_file(walk *w, size_t name, const sqi_os_stat *known)
{
    const sqi_listing *l = w->l;
    sqi_os_stat st;
    sqi_found f = {.path = {w->path.ptr, w->path.len}, .base = w->base, .name = name};
    if (!by_name(l, &f))
        return STREAMQ_OK;
    if (known) {
        st = *known;
    } else {
        int code = w->files->stat(w->files->context, w->path.ptr, &st);
        if (code)
            return vanished(code) ? STREAMQ_OK : failed(w, "look at", code);
    }
    f.size = st.size;
    f.modified = st.modified_micros;
    return st.kind == SQI_OS_FILE && by_state(l, &f) ? l->file(l->user, &f, w->err) : STREAMQ_OK;
}

typedef struct reading { /* one folder */
    walk *w;
    size_t keep;     /* of the path: the folder's own */
    bool take;       /* its files count */
    sqi_buf folders; /* names of those in it, each with a NUL behind */
    streamq_status status;
} reading;

static bool on_entry(void *user, const char *name, sqi_os_kind kind)
{
    reading *r = user;
    walk *w = r->w;
    sqi_os_stat st;
    sqi_span own = sqi_span_of(name);
    bool asked = false;
    if (sqi_listing_hidden(own) || (kind == SQI_OS_FILE && !r->take))
        return true;
    if (!set_path(w, r->keep, own)) {
        r->status = sqi_error_nomem(w->err);
        return false;
    }
    if (kind == SQI_OS_LINK) {
        int code = w->files->stat(w->files->context, w->path.ptr, &st);
        if (code && !vanished(code))
            r->status = failed(w, "look at", code);
        if (code)
            return r->status == STREAMQ_OK;
        kind = st.kind;
        asked = true;
    }
    if (kind == SQI_OS_DIRECTORY && !sqi_buf_put(&r->folders, name, own.len + 1))
        r->status = sqi_error_nomem(w->err);
    else if (kind == SQI_OS_FILE && r->take)
        r->status = take_file(w, w->path.len - own.len, asked ? &st : NULL);
    return r->status == STREAMQ_OK;
}

static streamq_status take_folder(walk *w, const way *up);

static streamq_status enter_folders(reading *r, const way *here)
{
    walk *w = r->w;
    const char *end = r->folders.len ? r->folders.ptr + r->folders.len : r->folders.ptr;
    for (const char *p = r->folders.ptr; p < end; p += strlen(p) + 1) {
        if (!set_path(w, r->keep, sqi_span_of(p)))
            return sqi_error_nomem(w->err);
        SQI_TRY(take_folder(w, here));
    }
    return STREAMQ_OK;
}

/* What lies in the folder whose path stands in the buffer. */
static streamq_status take_folder(walk *w, const way *up)
{
    sqi_os_stat st;
    int code = w->files->stat(w->files->context, w->path.ptr, &st);
    if (code)
        return up && vanished(code) ? STREAMQ_OK : failed(w, "look at folder", code);
    way here = {up, st.device, st.inode, up ? up->depth + 1 : 0};
    for (const way *i = up; i; i = i->up)
        if (i->device == st.device && i->inode == st.inode)
            return STREAMQ_OK;
    if (here.depth > DEEPEST || ++w->folders > FOLDERS_MOST)
        return sqi_error_set(w->err, SQI_COND_LIMIT_EXCEEDED,
                             "there are more than %s below the path; '%.3000s' is one too many",
                             here.depth > DEEPEST ? "100 levels of folders" : "a million folders", w->path.ptr);
    if (w->l->folder)
        w->l->folder(w->l->user, w->path.ptr);
    sqi_found f = {.path = {w->path.ptr, w->path.len}, .base = w->base, .name = w->path.len};
    reading r = {.w = w, .keep = w->path.len, .take = !up || w->l->recursive || sqi_listing_partitioned(&f)};
    sqi_buf_init(&r.folders, w->l->env->alloc, 0);
    code = w->files->list(w->files->context, w->path.ptr, on_entry, &r);
    if (r.status == STREAMQ_OK && code) {
        w->path.ptr[w->path.len = r.keep] = '\0';
        r.status = up && vanished(code) ? STREAMQ_OK : failed(w, "list folder", code);
    }
    if (r.status == STREAMQ_OK)
        r.status = enter_folders(&r, &here);
    sqi_buf_fini(&r.folders);
    return r.status;
}

/* -------------------------------------------------------------- roots */

static streamq_status set_base(walk *w, bool folder)
{
    sqi_span base = w->l->base, path = sqi_buf_view(&w->path);
    size_t name = path.len;
    while (!folder && name && path.ptr[name - 1] != '/')
        name--;
    w->base = folder ? path.len + (path.ptr[path.len - 1] != '/') : name;
    if (!base.len)
        return STREAMQ_OK;
    bool slash = base.ptr[base.len - 1] == '/';
    if (!sqi_span_starts(path, base) || (path.len > base.len && !slash && path.ptr[base.len] != '/') ||
        (!folder && path.len == base.len))
        return sqi_error_set(w->err, SQI_COND_INVALID_OPTION_VALUE, "Wrong basePath %.*s for the root path: %.*s",
                             (int)(base.len < 2000 ? base.len : 2000), base.ptr,
                             (int)(path.len < 2000 ? path.len : 2000), path.ptr);
    w->base = base.len + !slash;
    return STREAMQ_OK;
}

/* What the path in the buffer stands for; nothing is an error only if it had to be there. */
static streamq_status take_root(walk *w, bool must)
{
    sqi_os_stat st;
    int code = w->files->stat(w->files->context, w->path.ptr, &st);
    if (code && vanished(code)) {
        w->result->certain = false;
        return must ? sqi_error_set(w->err, SQI_COND_PATH_NOT_FOUND, "Path does not exist: %s", w->path.ptr)
                    : STREAMQ_OK;
    }
    if (code)
        return failed(w, "look at", code);
    w->result->roots++;
    SQI_TRY(set_base(w, st.kind == SQI_OS_DIRECTORY));
    if (st.kind == SQI_OS_DIRECTORY)
        return take_folder(w, NULL);
    if (st.kind != SQI_OS_FILE)
        return must ? sqi_error_set(w->err, SQI_COND_IO_ERROR, "'%s' is neither a file nor a folder", w->path.ptr)
                    : STREAMQ_OK;
    size_t name = w->path.len;
    while (name && w->path.ptr[name - 1] != '/')
        name--;
    return take_file(w, name, &st);
}

typedef struct matching { /* names of one folder against one part of a pattern */
    sqi_span part;
    sqi_buf names; /* each with a NUL behind */
} matching;

static bool on_name(void *user, const char *name, sqi_os_kind kind)
{
    matching *m = user;
    (void)kind;
    return !sqi_glob_match(m->part, sqi_span_of(name)) || sqi_buf_put(&m->names, name, strlen(name) + 1);
}

static streamq_status match(walk *w, sqi_span rest);

static streamq_status match_names(walk *w, matching *m, sqi_span rest)
{
    size_t keep = w->path.len;
    const char *folder = keep ? w->path.ptr : "/";
    if (w->l->folder)
        w->l->folder(w->l->user, folder);
    int code = w->files->list(w->files->context, folder, on_name, m);
    if (m->names.failed)
        return sqi_error_nomem(w->err);
    if (code && !vanished(code))
        return failed(w, "list folder", code);
    if (code)
        w->result->certain = false;
    const char *end = m->names.len ? m->names.ptr + m->names.len : m->names.ptr;
    for (const char *p = m->names.ptr; p < end; p += strlen(p) + 1) {
        if (!set_path(w, keep, SQI_SPAN("/")) || !set_path(w, keep + 1, sqi_span_of(p)))
            return sqi_error_nomem(w->err);
        SQI_TRY(match(w, rest));
    }
    return STREAMQ_OK;
}

/* The rest of an alternative, which begins with '/' or is empty, below the path in the buffer. */
static streamq_status match(walk *w, sqi_span rest)
{
    while (rest.len) {
        size_t n = 1, keep = w->path.len, len;
        while (n < rest.len && rest.ptr[n] != '/')
            n++;
        sqi_span part = {rest.ptr + 1, n - 1};
        rest = (sqi_span){rest.ptr + n, rest.len - n};
        if (!sqi_buf_byte(&w->path, '/') || !sqi_buf_reserve(&w->path, part.len + 1))
            return sqi_error_nomem(w->err);
        if (sqi_glob_plain(part, w->path.ptr + w->path.len, &len)) {
            w->path.ptr[w->path.len += len] = '\0';
            continue;
        }
        w->path.ptr[w->path.len = keep] = '\0';
        matching m = {.part = part};
        sqi_buf_init(&m.names, w->l->env->alloc, 0);
        streamq_status status = match_names(w, &m, rest);
        sqi_buf_fini(&m.names);
        return status;
    }
    return take_root(w, false);
}

streamq_status sqi_listing_run(const sqi_listing *l, sqi_listing_result *result, streamq_error **err)
{
    walk w = {.l = l, .files = sqi_os_files_of(l->env->os), .result = result, .err = err};
    streamq_status status = STREAMQ_OK;
    *result = (sqi_listing_result){.certain = true};
    sqi_buf_init(&w.path, l->env->alloc, 1 << 20);
    if (!l->pattern) {
        status = set_path(&w, 0, l->path) ? take_root(&w, true) : sqi_error_nomem(err);
    } else {
        for (uint32_t i = 0; i < l->glob.n && status == STREAMQ_OK; i++) {
            w.path.len = 0;
            w.folders = 0;
            status = match(&w, l->glob.alternative[i]);
        }
    }
    sqi_buf_fini(&w.path);
    return status;
}
