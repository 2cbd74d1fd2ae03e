/* disk_sim: the table of file functions over a tree in memory, the record of its calls, and the faults. */
#include "disk_sim.h"

#include "disk_tree.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_FILE = 1 << 20, DEEPEST = 64, LONGEST_NAME = 255 }; /* FIRST_FILE: no real descriptor has such a number */
static const int64_t LARGEST_FILE = 1 << 30;

static const char *const names[SQI_DISK_CALLS] = {"open",  "read",  "write", "sync",     "truncate", "stat_file",
                                                  "lock",  "close", "stat",  "rename",   "link",     "unlink",
                                                  "mkdir", "rmdir", "list",  "sync_dir", "mark"};

const char *sqi_disk_call_name(sqi_disk_call call)
{
    return call < SQI_DISK_CALLS ? names[call] : "?";
}

const char *sqi_disk_errno_name(int code)
{
    static const struct {
        int code;
        const char *name;
    } known[] = {{EIO, "EIO"},       {ENOSPC, "ENOSPC"},           {EDQUOT, "EDQUOT"}, {EMFILE, "EMFILE"},
                 {ENFILE, "ENFILE"}, {EACCES, "EACCES"},           {EROFS, "EROFS"},   {ENOMEM, "ENOMEM"},
                 {EINTR, "EINTR"},   {ENOENT, "ENOENT"},           {EEXIST, "EEXIST"}, {EISDIR, "EISDIR"},
                 {EBADF, "EBADF"},   {EWOULDBLOCK, "EWOULDBLOCK"}, {EINVAL, "EINVAL"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return known[i].name;
    return "another errno";
}

/* ------------------------------------------------------------------------------------------------ around every call */

typedef struct ticket {
    sqi_disk_sim *d;
    sqi_disk_call kind;
    int fault; /* what the call is to say; 0: the truth */
    bool refuse, half;
} ticket;

static ticket enter(void *context, sqi_disk_call kind)
{
    sqi_disk_sim *d = context;
    ticket t = {.d = d, .kind = kind};
    pthread_mutex_lock(&d->lock);
    const sqi_disk_fault *f = &d->fault;
    if (kind != SQI_DISK_CLOSE && kind != SQI_DISK_MARK && f->calls & SQI_DISK_BIT(kind)) {
        d->met++;
        if (d->met == f->at || (f->beyond && d->met > f->at)) {
            d->struck++;
            t.fault = f->code;
            t.refuse = f->code && !f->after;
            t.half = f->code == 0;
        }
    }
    if (d->shorten && (kind == SQI_DISK_READ || kind == SQI_DISK_WRITE) && sqi_disk_random(&d->seed) % 2)
        t.half = true;
    return t;
}

/* Writes the call down and ends it. `result` < 0: minus an errno. */
static int64_t leave(const ticket *t, int64_t result, const char *format, ...) __attribute__((format(printf, 3, 4)));
static int64_t leave(const ticket *t, int64_t result, const char *format, ...)
{
    char text[400];
    va_list args;
    if (t->fault && result >= 0)
        result = -t->fault;
    int len = snprintf(text, sizeof text, "%s ", names[t->kind]);
    va_start(args, format);
    len += vsnprintf(text + len, sizeof text - 64, format, args);
    va_end(args);
    len = len < (int)sizeof text - 40 ? len : (int)sizeof text - 40;
    if (result < 0)
        snprintf(text + len, sizeof text - (size_t)len, " = %s", sqi_disk_errno_name((int)-result));
    sqi_disk_sim *d = t->d;
    d->records = sqi_disk_need(realloc(d->records, (d->nrecords + 1) * sizeof *d->records));
    d->records[d->nrecords++] = (sqi_disk_record){t->kind, sqi_disk_copy(text, strlen(text))};
    pthread_mutex_unlock(&d->lock);
    return result;
}

static int leave_code(const ticket *t, int code, const char *path)
{
    return (int)-leave(t, -code, "%s", path);
}

/* A change by the call that is going on. Takes the bytes; copies the names. */
static sqi_disk_change *note(sqi_disk_sim *d, sqi_disk_change_kind kind, size_t node, const char *name)
{
    d->changes = sqi_disk_need(realloc(d->changes, (d->nchanges + 1) * sizeof *d->changes));
    sqi_disk_change *c = &d->changes[d->nchanges++];
    *c = (sqi_disk_change){
        .kind = kind, .call = d->nrecords + 1, .node = node, .name = name ? sqi_disk_copy(name, strlen(name)) : NULL};
    return c;
}

static void touch(sqi_disk_sim *d, size_t node)
{
    d->now.nodes[node].modified = INT64_C(1600000000000000) + (int64_t)d->nrecords * 1000;
}

/* --------------------------------------------------------------------------------------------------------- the paths */

typedef struct place {
    size_t directory, node; /* node: if it is there */
    bool there;
    char name[LONGEST_NAME + 1]; /* empty: the root, or "." and ".." at the end: nothing that can be renamed */
} place;

static int find(const sqi_disk_sim *d, const char *path, place *p)
{
    size_t way[DEEPEST] = {0}, depth = 0;
    *p = (place){.there = true};
    if (!*path)
        return ENOENT;
    for (;;) {
        path += strspn(path, "/");
        size_t len = strcspn(path, "/");
        if (len == 0)
            return 0;
        if (!p->there)
            return ENOENT;
        const sqi_disk_node *here = &d->now.nodes[p->node];
        if (!here->directory)
            return ENOTDIR;
        if (len > LONGEST_NAME || depth + 1 >= DEEPEST)
            return ENAMETOOLONG;
        memcpy(p->name, path, len);
        p->name[len] = '\0';
        path += len;
        bool up = strcmp(p->name, "..") == 0;
        if (up || strcmp(p->name, ".") == 0) {
            depth -= up && depth > 0;
            p->node = way[depth];
            p->name[0] = '\0';
            continue;
        }
        const sqi_disk_name *found = sqi_disk_node_find(here, p->name);
        p->directory = p->node;
        p->there = found != NULL;
        p->node = found ? found->node : 0;
        way[++depth] = p->node;
    }
}

static int find_there(const sqi_disk_sim *d, const char *path, place *p)
{
    int code = find(d, path, p);
    return code ? code : p->there ? 0 : ENOENT;
}

static void set_name(sqi_disk_sim *d, const place *p, size_t node)
{
    note(d, SQI_CHANGE_SET, p->directory, p->name)->other = node;
    sqi_disk_node_set(&d->now.nodes[p->directory], p->name, node);
    touch(d, p->directory);
}

static sqi_disk_change *drop_name(sqi_disk_sim *d, const place *p)
{
    sqi_disk_node_drop(&d->now.nodes[p->directory], p->name);
    touch(d, p->directory);
    return note(d, SQI_CHANGE_DROP, p->directory, p->name);
}

static sqi_disk_handle *handle_of(sqi_disk_sim *d, int file)
{
    size_t i = (size_t)file - FIRST_FILE;
    if (file >= FIRST_FILE && i < d->nhandles && d->handles[i].used)
        return &d->handles[i];
    d->misuse++;
    return NULL;
}

static const char *path_of(const sqi_disk_sim *d, int file)
{
    size_t i = (size_t)file - FIRST_FILE;
    return file >= FIRST_FILE && i < d->nhandles && d->handles[i].path ? d->handles[i].path : "(no file)";
}

/* --------------------------------------------------------------------------------------------------------- the files */

static int open_found(sqi_disk_sim *d, const char *path, int how, int *file)
{
    if (how & SQI_OS_TRUNCATE && !(how & SQI_OS_WRITE))
        return EINVAL;
    place p;
    int code = find(d, path, &p);
    if (code)
        return code;
    if (!p.there && !(how & SQI_OS_CREATE))
        return ENOENT;
    if (p.there && how & SQI_OS_CREATE && how & SQI_OS_EXCLUSIVE)
        return EEXIST;
    if (p.there && d->now.nodes[p.node].directory && how & (SQI_OS_WRITE | SQI_OS_CREATE))
        return EISDIR;
    if (!p.there) {
        p.node = sqi_disk_tree_add(&d->now, false);
        touch(d, p.node);
        set_name(d, &p, p.node);
    } else if (how & SQI_OS_TRUNCATE && d->now.nodes[p.node].len > 0) {
        note(d, SQI_CHANGE_SIZE, p.node, NULL);
        sqi_disk_node_size(&d->now.nodes[p.node], 0);
        touch(d, p.node);
    }
    size_t i = 0;
    while (i < d->nhandles && d->handles[i].used)
        i++;
    if (i == d->nhandles) {
        d->handles = sqi_disk_need(realloc(d->handles, ++d->nhandles * sizeof *d->handles));
        d->handles[i] = (sqi_disk_handle){0};
    }
    free(d->handles[i].path);
    d->handles[i] = (sqi_disk_handle){
        .used = true, .writes = how & SQI_OS_WRITE, .node = p.node, .path = sqi_disk_copy(path, strlen(path))};
    *file = FIRST_FILE + (int)i;
    return 0;
}

static int sim_open(void *context, const char *path, int how, int *file)
{
    ticket t = enter(context, SQI_DISK_OPEN);
    *file = -1;
    int code = t.refuse ? t.fault : open_found(t.d, path, how, file);
    if (code == 0 && t.fault) {
        t.d->handles[*file - FIRST_FILE].used = false;
        *file = -1;
    }
    return leave_code(&t, code, path);
}

static int64_t read_file(sqi_disk_sim *d, int file, int64_t at, void *to, size_t len, bool half)
{
    const sqi_disk_handle *h = handle_of(d, file);
    if (!h)
        return -EBADF;
    const sqi_disk_node *n = &d->now.nodes[h->node];
    if (n->directory)
        return -EISDIR;
    if (at < 0)
        return -EINVAL;
    size_t there = (size_t)at < n->len ? n->len - (size_t)at : 0;
    len = len < there ? len : there;
    if (half && len > 1)
        len = len / 2;
    if (len > 0)
        memcpy(to, n->bytes + at, len);
    return (int64_t)len;
}

static int64_t sim_read(void *context, int file, int64_t at, void *to, size_t len)
{
    ticket t = enter(context, SQI_DISK_READ);
    int64_t n = t.refuse ? -t.fault : read_file(t.d, file, at, to, len, t.half);
    return leave(&t, n, "%s at %lld len %zu", path_of(t.d, file), (long long)at, len);
}

static int64_t used_bytes(const sqi_disk_sim *d)
{
    int64_t sum = 0;
    for (size_t i = 0; i < d->now.n; i++)
        sum += (int64_t)d->now.nodes[i].len;
    return sum;
}

static int64_t write_file(sqi_disk_sim *d, int file, int64_t at, const void *from, size_t len, bool half)
{
    const sqi_disk_handle *h = handle_of(d, file);
    if (!h || !h->writes)
        return -EBADF;
    sqi_disk_node *n = &d->now.nodes[h->node];
    if (at < 0)
        return -EINVAL;
    if (at > LARGEST_FILE || len > (size_t)(LARGEST_FILE - at))
        return -EFBIG;
    if (half && len > 1)
        len = len / 2;
    int64_t most = d->capacity ? d->capacity - used_bytes(d) + (int64_t)n->len - at : INT64_MAX;
    if (most <= 0 && len > 0)
        return -ENOSPC;
    if ((int64_t)len > most)
        len = (size_t)most;
    if (len == 0)
        return 0;
    sqi_disk_change *c = note(d, SQI_CHANGE_WRITE, h->node, NULL);
    c->at = at;
    c->len = len;
    c->bytes = sqi_disk_copy(from, len);
    sqi_disk_node_write(n, at, from, len);
    touch(d, h->node);
    return (int64_t)len;
}

static int64_t sim_write(void *context, int file, int64_t at, const void *from, size_t len)
{
    ticket t = enter(context, SQI_DISK_WRITE);
    int64_t n = t.refuse ? -t.fault : write_file(t.d, file, at, from, len, t.half);
    return leave(&t, n, "%s at %lld len %zu", path_of(t.d, file), (long long)at, len);
}

/* These errnos say that bytes could not be brought to the disk; others, that it was not even tried. */
static bool drops_pages(int code)
{
    return code == EIO || code == ENOSPC || code == EDQUOT;
}

static int sim_sync(void *context, int file, bool data_only)
{
    ticket t = enter(context, SQI_DISK_SYNC);
    (void)data_only; /* the size is part of what is needed to read the data: nothing is left that tells the two apart */
    const sqi_disk_handle *h = handle_of(t.d, file);
    int code = !h ? EBADF : t.refuse ? t.fault : 0;
    if (h && (code == 0 || drops_pages(code)))
        note(t.d, SQI_CHANGE_SYNC, h->node, NULL)->failed = code != 0;
    return leave_code(&t, code, path_of(t.d, file));
}

static int truncate_file(sqi_disk_sim *d, int file, int64_t size)
{
    const sqi_disk_handle *h = handle_of(d, file);
    if (!h || !h->writes)
        return h ? EINVAL : EBADF;
    if (size < 0)
        return EINVAL;
    if (size > LARGEST_FILE)
        return EFBIG;
    note(d, SQI_CHANGE_SIZE, h->node, NULL)->at = size;
    sqi_disk_node_size(&d->now.nodes[h->node], size);
    touch(d, h->node);
    return 0;
}

static int sim_truncate(void *context, int file, int64_t size)
{
    ticket t = enter(context, SQI_DISK_TRUNCATE);
    int code = t.refuse ? t.fault : truncate_file(t.d, file, size);
    return (int)-leave(&t, -code, "%s to %lld", path_of(t.d, file), (long long)size);
}

static void stat_of(const sqi_disk_sim *d, size_t node, sqi_os_stat *out)
{
    const sqi_disk_node *n = &d->now.nodes[node];
    *out = (sqi_os_stat){.kind = n->directory ? SQI_OS_DIRECTORY : SQI_OS_FILE,
                         .size = (int64_t)n->len,
                         .modified_micros = n->modified,
                         .device = 1,
                         .inode = node + 1};
}

static int sim_stat_file(void *context, int file, sqi_os_stat *out)
{
    ticket t = enter(context, SQI_DISK_STAT_FILE);
    const sqi_disk_handle *h = handle_of(t.d, file);
    int code = !h ? EBADF : t.refuse ? t.fault : 0;
    if (code == 0)
        stat_of(t.d, h->node, out);
    return leave_code(&t, code, path_of(t.d, file));
}

static int sim_lock(void *context, int file)
{
    ticket t = enter(context, SQI_DISK_LOCK);
    sqi_disk_handle *h = handle_of(t.d, file);
    int code = !h ? EBADF : t.fault;
    for (size_t i = 0; code == 0 && i < t.d->nhandles; i++) {
        const sqi_disk_handle *other = &t.d->handles[i];
        if (other != h && other->used && other->locks && other->node == h->node)
            code = EWOULDBLOCK;
    }
    if (code == 0)
        h->locks = true;
    return leave_code(&t, code, path_of(t.d, file));
}

static void sim_close(void *context, int file)
{
    ticket t = enter(context, SQI_DISK_CLOSE);
    sqi_disk_handle *h = handle_of(t.d, file);
    if (h)
        h->used = h->locks = false;
    leave_code(&t, h ? 0 : EBADF, path_of(t.d, file));
}

/* --------------------------------------------------------------------------------------------------------- the names */

static int sim_stat(void *context, const char *path, sqi_os_stat *out)
{
    ticket t = enter(context, SQI_DISK_STAT);
    place p;
    int code = t.refuse ? t.fault : find_there(t.d, path, &p);
    if (code == 0)
        stat_of(t.d, p.node, out);
    return leave_code(&t, code, path);
}

/* What is to get another name, and the place of that name. */
static int find_both(sqi_disk_sim *d, const char *from, const char *to, place *a, place *b)
{
    int code = find_there(d, from, a);
    return code ? code : find(d, to, b);
}

static int rename_found(sqi_disk_sim *d, const char *from, const char *to)
{
    place a, b;
    int code = find_both(d, from, to, &a, &b);
    if (code)
        return code;
    if (!a.name[0] || !b.name[0])
        return EBUSY;
    if (b.there && b.node == a.node)
        return 0; /* POSIX: two names of one file stay as they are */
    bool directory = d->now.nodes[a.node].directory;
    if (b.there && directory != d->now.nodes[b.node].directory)
        return directory ? ENOTDIR : EISDIR;
    if (b.there && directory && d->now.nodes[b.node].nnames > 0)
        return ENOTEMPTY;
    size_t len = strlen(from);
    if (directory && strncmp(from, to, len) == 0 && to[len] == '/')
        return EINVAL;
    if (a.directory != b.directory) {
        set_name(d, &b, a.node);
        drop_name(d, &a)->moved = true;
        return 0;
    }
    sqi_disk_change *c = note(d, SQI_CHANGE_RENAME, a.directory, a.name);
    c->other = a.node;
    c->to = sqi_disk_copy(b.name, strlen(b.name));
    sqi_disk_node_drop(&d->now.nodes[a.directory], a.name);
    sqi_disk_node_set(&d->now.nodes[a.directory], b.name, a.node);
    touch(d, a.directory);
    return 0;
}

static int sim_rename(void *context, const char *from, const char *to)
{
    ticket t = enter(context, SQI_DISK_RENAME);
    int code = t.refuse ? t.fault : rename_found(t.d, from, to);
    return (int)-leave(&t, -code, "%s %s", from, to);
}

static int link_found(sqi_disk_sim *d, const char *from, const char *to)
{
    place a, b;
    int code = find_both(d, from, to, &a, &b);
    if (code)
        return code;
    if (d->now.nodes[a.node].directory)
        return EPERM;
    if (b.there)
        return EEXIST;
    set_name(d, &b, a.node);
    return 0;
}

static int sim_link(void *context, const char *from, const char *to)
{
    ticket t = enter(context, SQI_DISK_LINK);
    int code = t.refuse ? t.fault : link_found(t.d, from, to);
    return (int)-leave(&t, -code, "%s %s", from, to);
}

static int remove_found(sqi_disk_sim *d, const char *path, bool directory)
{
    place p;
    int code = find_there(d, path, &p);
    if (code)
        return code;
    if (d->now.nodes[p.node].directory != directory)
        return directory ? ENOTDIR : EISDIR;
    if (!p.name[0])
        return EBUSY;
    if (d->now.nodes[p.node].nnames > 0)
        return ENOTEMPTY;
    drop_name(d, &p);
    return 0;
}

static int sim_unlink(void *context, const char *path)
{
    ticket t = enter(context, SQI_DISK_UNLINK);
    return leave_code(&t, t.refuse ? t.fault : remove_found(t.d, path, false), path);
}

static int sim_rmdir(void *context, const char *path)
{
    ticket t = enter(context, SQI_DISK_RMDIR);
    return leave_code(&t, t.refuse ? t.fault : remove_found(t.d, path, true), path);
}

static int mkdir_found(sqi_disk_sim *d, const char *path)
{
    place p;
    int code = find(d, path, &p);
    if (code == 0 && p.there)
        code = EEXIST;
    if (code)
        return code;
    size_t made = sqi_disk_tree_add(&d->now, true);
    touch(d, made);
    set_name(d, &p, made);
    return 0;
}

static int sim_mkdir(void *context, const char *path)
{
    ticket t = enter(context, SQI_DISK_MKDIR);
    return leave_code(&t, t.refuse ? t.fault : mkdir_found(t.d, path), path);
}

static int find_directory(const sqi_disk_sim *d, const char *path, size_t *node)
{
    place p;
    int code = find_there(d, path, &p);
    *node = p.node;
    return code ? code : d->now.nodes[p.node].directory ? 0 : ENOTDIR;
}

typedef struct listed {
    char *name;
    sqi_os_kind kind;
} listed;

static int sim_list(void *context, const char *path, sqi_os_entry entry, void *user)
{
    ticket t = enter(context, SQI_DISK_LIST);
    size_t node = 0, n = 0;
    listed *all = NULL;
    int code = t.refuse ? t.fault : find_directory(t.d, path, &node);
    if (code == 0) {
        const sqi_disk_node *dir = &t.d->now.nodes[node];
        all = sqi_disk_need(calloc(dir->nnames + 1, sizeof *all));
        for (; n < dir->nnames; n++) { /* in any order: whoever needs one must sort */
            size_t at = sqi_disk_random(&t.d->seed) % (n + 1);
            const sqi_disk_name *name = &dir->names[n];
            all[n] = all[at];
            all[at].name = sqi_disk_copy(name->name, strlen(name->name));
            all[at].kind = t.d->now.nodes[name->node].directory ? SQI_OS_DIRECTORY : SQI_OS_FILE;
        }
    }
    code = leave_code(&t, code, path);
    bool more = code == 0; /* after it was said to have failed, nobody sees what it found */
    for (size_t i = 0; i < n; i++) {
        more = more && entry(user, all[i].name, all[i].kind); /* which may call us */
        free(all[i].name);
    }
    free(all);
    return code;
}

static int sim_sync_dir(void *context, const char *path)
{
    ticket t = enter(context, SQI_DISK_SYNC_DIR);
    size_t node;
    int code = find_directory(t.d, path, &node);
    if (code == 0)
        code = t.refuse ? t.fault : 0;
    if (code == 0 || (t.refuse && drops_pages(code) && !t.d->journal))
        note(t.d, SQI_CHANGE_SYNC, node, NULL)->failed = code != 0;
    return leave_code(&t, code, path);
}

/* ---------------------------------------------------------------------------------------------------- for the tests */

sqi_disk_sim *sqi_disk_sim_new(uint64_t seed)
{
    sqi_disk_sim *d = sqi_disk_need(calloc(1, sizeof *d));
    d->files = (sqi_os_files){.context = d,
                              .open = sim_open,
                              .read = sim_read,
                              .write = sim_write,
                              .sync = sim_sync,
                              .truncate = sim_truncate,
                              .stat_file = sim_stat_file,
                              .lock = sim_lock,
                              .close = sim_close,
                              .stat = sim_stat,
                              .rename = sim_rename,
                              .link = sim_link,
                              .unlink = sim_unlink,
                              .mkdir = sim_mkdir,
                              .rmdir = sim_rmdir,
                              .list = sim_list,
                              .sync_dir = sim_sync_dir};
    d->seed = seed;
    pthread_mutex_init(&d->lock, NULL);
    sqi_disk_tree_add(&d->now, true);
    sqi_disk_tree_add(&d->base, true);
    return d;
}

static void forget_record(sqi_disk_sim *d)
{
    for (size_t i = 0; i < d->nchanges; i++) {
        free(d->changes[i].bytes);
        free(d->changes[i].name);
        free(d->changes[i].to);
    }
    for (size_t i = 0; i < d->nrecords; i++)
        free(d->records[i].text);
    free(d->changes);
    free(d->records);
    d->changes = NULL;
    d->records = NULL;
    d->nchanges = d->nrecords = 0;
}

void sqi_disk_sim_free(sqi_disk_sim *d)
{
    if (!d)
        return;
    forget_record(d);
    for (size_t i = 0; i < d->nhandles; i++)
        free(d->handles[i].path);
    free(d->handles);
    sqi_disk_tree_free(&d->now);
    sqi_disk_tree_free(&d->base);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

const sqi_os_files *sqi_disk_sim_files(sqi_disk_sim *d)
{
    return &d->files;
}

void sqi_disk_sim_settle(sqi_disk_sim *d)
{
    pthread_mutex_lock(&d->lock);
    forget_record(d);
    sqi_disk_tree_free(&d->base);
    sqi_disk_tree_copy(&d->now, &d->base);
    pthread_mutex_unlock(&d->lock);
}

void sqi_disk_sim_capacity(sqi_disk_sim *d, int64_t bytes)
{
    d->capacity = bytes;
}

void sqi_disk_sim_shorten(sqi_disk_sim *d, bool on)
{
    d->shorten = on;
}

void sqi_disk_sim_journal(sqi_disk_sim *d, bool on)
{
    d->journal = on;
}

void sqi_disk_sim_fail(sqi_disk_sim *d, sqi_disk_fault fault)
{
    pthread_mutex_lock(&d->lock);
    d->fault = fault;
    d->met = d->struck = 0;
    pthread_mutex_unlock(&d->lock);
}

size_t sqi_disk_sim_failed(const sqi_disk_sim *d)
{
    return d->struck;
}

size_t sqi_disk_sim_calls(const sqi_disk_sim *d)
{
    return d->nrecords;
}

sqi_disk_call sqi_disk_sim_kind(const sqi_disk_sim *d, size_t call)
{
    return call >= 1 && call <= d->nrecords ? d->records[call - 1].kind : SQI_DISK_CALLS;
}

const char *sqi_disk_sim_text(const sqi_disk_sim *d, size_t call)
{
    return call >= 1 && call <= d->nrecords ? d->records[call - 1].text : "(the beginning)";
}

size_t sqi_disk_sim_mark(sqi_disk_sim *d, const char *text)
{
    ticket t = enter(d, SQI_DISK_MARK);
    size_t number = d->nrecords + 1;
    leave_code(&t, 0, text);
    return number;
}

const void *sqi_disk_sim_get(const sqi_disk_sim *d, const char *path, size_t *len)
{
    place p;
    *len = 0;
    if (find_there(d, path, &p) != 0 || d->now.nodes[p.node].directory)
        return NULL;
    *len = d->now.nodes[p.node].len;
    return d->now.nodes[p.node].bytes ? d->now.nodes[p.node].bytes : "";
}

static void put_into(sqi_disk_tree *t, const place *p, const void *bytes, size_t len)
{
    sqi_disk_node_set(&t->nodes[p->directory], p->name, p->node);
    sqi_disk_node_size(&t->nodes[p->node], 0);
    sqi_disk_node_write(&t->nodes[p->node], 0, bytes, len);
}

/* Into the base too, if its directory is there; a change of the record to the same file would then be a muddle. */
void sqi_disk_sim_put(sqi_disk_sim *d, const char *path, const void *bytes, size_t len)
{
    place p;
    if (d->nchanges > 0 || find(d, path, &p) != 0 || !p.name[0]) {
        fprintf(stderr, "disk_sim: put %s: not a place for a file, or something is recorded already\n", path);
        abort();
    }
    if (!p.there) {
        p.node = sqi_disk_tree_add(&d->now, false);
        sqi_disk_tree_add(&d->base, false);
    }
    touch(d, p.node);
    put_into(&d->now, &p, bytes, len);
    put_into(&d->base, &p, bytes, len);
}

size_t sqi_disk_sim_open_files(const sqi_disk_sim *d)
{
    size_t n = 0;
    for (size_t i = 0; i < d->nhandles; i++)
        n += d->handles[i].used;
    return n;
}

size_t sqi_disk_sim_misuse(const sqi_disk_sim *d)
{
    return d->misuse;
}
