/* disk_kill: counting calls, and dying at one. */
#include "disk_kill.h"

#include "os.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct sqi_disk_kill {
    sqi_os_files files;
    const sqi_os_files *inner;
    sqi_disk_kill_point point;
    _Atomic size_t count[SQI_DISK_CALLS], met;
    _Atomic size_t *told; /* where another process sees `met`; NULL: nowhere */
};

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;) /* the signal may take a moment, and nothing may happen in it */
        pause();
}

/* Counts the call. True: it is the one; the process is to die by the end of it at the latest. */
static bool enter(sqi_disk_kill *k, sqi_disk_call kind)
{
    k->count[kind]++;
    if (!(k->point.calls & SQI_DISK_BIT(kind)))
        return false;
    size_t met = ++k->met;
    if (k->told)
        *k->told = met;
    if (met != k->point.at)
        return false;
    if (k->point.when == SQI_KILL_BEFORE)
        die();
    return true;
}

static int leave(bool last, int result)
{
    if (last)
        die();
    return result;
}

static int kill_open(void *context, const char *path, int how, int *file)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_OPEN);
    return leave(last, k->inner->open(k->inner->context, path, how, file));
}

static int64_t kill_read(void *context, int file, int64_t at, void *to, size_t len)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_READ);
    int64_t n = k->inner->read(k->inner->context, file, at, to, len);
    leave(last, 0);
    return n;
}

static int64_t kill_write(void *context, int file, int64_t at, const void *from, size_t len)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_WRITE);
    if (last && k->point.when == SQI_KILL_WITHIN)
        len = len / 2;
    int64_t n = k->inner->write(k->inner->context, file, at, from, len);
    leave(last, 0);
    return n;
}

static int kill_sync(void *context, int file, bool data_only)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_SYNC);
    return leave(last, k->inner->sync(k->inner->context, file, data_only));
}

static int kill_truncate(void *context, int file, int64_t size)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_TRUNCATE);
    return leave(last, k->inner->truncate(k->inner->context, file, size));
}

static int kill_stat_file(void *context, int file, sqi_os_stat *out)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_STAT_FILE);
    return leave(last, k->inner->stat_file(k->inner->context, file, out));
}

static int kill_lock(void *context, int file)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_LOCK);
    return leave(last, k->inner->lock(k->inner->context, file));
}

static void kill_close(void *context, int file)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_CLOSE);
    k->inner->close(k->inner->context, file);
    leave(last, 0);
}

static int kill_stat(void *context, const char *path, sqi_os_stat *out)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_STAT);
    return leave(last, k->inner->stat(k->inner->context, path, out));
}

static int kill_rename(void *context, const char *from, const char *to)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_RENAME);
    return leave(last, k->inner->rename(k->inner->context, from, to));
}

static int kill_link(void *context, const char *from, const char *to)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_LINK);
    return leave(last, k->inner->link(k->inner->context, from, to));
}

static int kill_unlink(void *context, const char *path)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_UNLINK);
    return leave(last, k->inner->unlink(k->inner->context, path));
}

static int kill_mkdir(void *context, const char *path)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_MKDIR);
    return leave(last, k->inner->mkdir(k->inner->context, path));
}

static int kill_rmdir(void *context, const char *path)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_RMDIR);
    return leave(last, k->inner->rmdir(k->inner->context, path));
}

static int kill_list(void *context, const char *path, sqi_os_entry entry, void *user)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_LIST);
    return leave(last, k->inner->list(k->inner->context, path, entry, user));
}

static int kill_sync_dir(void *context, const char *path)
{
    sqi_disk_kill *k = context;
    bool last = enter(k, SQI_DISK_SYNC_DIR);
    return leave(last, k->inner->sync_dir(k->inner->context, path));
}

sqi_disk_kill *sqi_disk_kill_new(const sqi_os_files *inner, const sqi_disk_kill_point *point)
{
    sqi_disk_kill *k = calloc(1, sizeof *k);
    if (!k)
        abort();
    k->files = (sqi_os_files){.context = k,
                              .open = kill_open,
                              .read = kill_read,
                              .write = kill_write,
                              .sync = kill_sync,
                              .truncate = kill_truncate,
                              .stat_file = kill_stat_file,
                              .lock = kill_lock,
                              .close = kill_close,
                              .stat = kill_stat,
                              .rename = kill_rename,
                              .link = kill_link,
                              .unlink = kill_unlink,
                              .mkdir = kill_mkdir,
                              .rmdir = kill_rmdir,
                              .list = kill_list,
                              .sync_dir = kill_sync_dir};
    k->inner = inner;
    k->point = point ? *point : (sqi_disk_kill_point){.calls = SQI_DISK_ANY};
    return k;
}

void sqi_disk_kill_free(sqi_disk_kill *k)
{
    free(k);
}

const sqi_os_files *sqi_disk_kill_files(sqi_disk_kill *k)
{
    return &k->files;
}

void sqi_disk_kill_mark(sqi_disk_kill *k)
{
    leave(enter(k, SQI_DISK_MARK), 0);
}

size_t sqi_disk_kill_calls(const sqi_disk_kill *k, uint32_t calls)
{
    size_t n = 0;
    for (int kind = 0; kind < SQI_DISK_CALLS; kind++)
        n += calls & SQI_DISK_BIT(kind) ? k->count[kind] : 0;
    return n;
}

static uint32_t parse_calls(const char *text, size_t len)
{
    if (len == 3 && memcmp(text, "any", 3) == 0)
        return SQI_DISK_ANY;
    for (int kind = 0; kind < SQI_DISK_CALLS; kind++) {
        const char *name = sqi_disk_call_name((sqi_disk_call)kind);
        if (strlen(name) == len && memcmp(text, name, len) == 0)
            return SQI_DISK_BIT(kind);
    }
    return 0;
}

bool sqi_disk_kill_parse(const char *text, sqi_disk_kill_point *to)
{
    static const char *const whens[] = {"before", "after", "within"};
    *to = (sqi_disk_kill_point){0};
    do {
        size_t len = strcspn(text, ",:");
        uint32_t calls = parse_calls(text, len);
        if (!calls)
            return false;
        to->calls |= calls;
        text += len;
    } while (*text++ == ',');
    if (text[-1] != ':' || *text < '0' || *text > '9')
        return false;
    char *end;
    to->at = strtoul(text, &end, 10);
    for (int when = 0; *end == ':' && when < 3; when++)
        if (strcmp(end + 1, whens[when]) == 0) {
            to->when = (sqi_kill_when)when;
            return true;
        }
    return false;
}

int sqi_disk_kill_run(const sqi_disk_kill_point *point, sqi_disk_kill_fn run, void *context, size_t *calls)
{
    _Atomic size_t *told =
        mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0); /* outlives the child */
    if (told == MAP_FAILED)
        return SQI_DIED;
    *told = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        sqi_disk_kill *k = sqi_disk_kill_new(sqi_os_files_posix(), point);
        k->told = told;
        int result = run(sqi_disk_kill_files(k), k, context);
        sqi_disk_kill_free(k);
        _exit(result);
    }
    int status = 0;
    bool waited = child > 0 && waitpid(child, &status, 0) == child;
    if (calls)
        *calls = *told;
    munmap(told, sizeof *told);
    if (!waited)
        return SQI_DIED;
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGKILL ? SQI_KILLED : SQI_DIED;
    return WIFEXITED(status) ? WEXITSTATUS(status) : SQI_DIED;
}
