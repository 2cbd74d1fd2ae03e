/*
 * os_watch: see the header. inotify is Linux's; elsewhere nothing can be watched, which every caller has to live with
 * anyway.
 */
#include "os_watch.h"

#include <errno.h>

#ifdef __linux__

#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { NEWS = IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF };

/* File systems on which others may write without this machine's knowledge. */
static bool is_remote(const char *folder)
{
    static const uint32_t remote[] = {
        0x6969,     /* NFS */
        0x517b,     /* SMB */
        0xff534d42, /* CIFS */
        0xfe534d42, /* SMB2 */
        0x65735546, /* FUSE */
        0x01021997, /* 9P */
        0x00c36400, /* Ceph */
        0x5346414f, /* AFS */
        0x6b414653, /* kAFS */
        0x0bd00bd0, /* Lustre */
        0x01161970, /* GFS2 */
        0x7461636f, /* OCFS2 */
        0x786f4256, /* shared folders of virtual machines */
        0x47504653, /* GPFS */
    };
    struct statfs s;
    if (statfs(folder, &s) != 0)
        return false; /* the watch itself says what is wrong */
    for (size_t i = 0; i < sizeof remote / sizeof *remote; i++)
        if ((uint32_t)s.f_type == remote[i])
            return true;
    return false;
}

int sqi_os_watch_open(sqi_os_watch *w)
{
    *w = (sqi_os_watch){-1, 0, 0};
    w->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    return w->fd < 0 ? errno : 0;
}

int sqi_os_watch_add(sqi_os_watch *w, const char *folder)
{
    if (w->fd < 0)
        return EBADF;
    if (is_remote(folder))
        return EREMOTE;
    if (w->live >= SQI_OS_WATCH_MOST)
        return ENOSPC;
    int number = inotify_add_watch(w->fd, folder, NEWS | IN_ONLYDIR);
    if (number < 0)
        return errno;
    if (number > w->highest) { /* numbers grow: a folder that is watched already keeps its own */
        w->highest = number;
        w->live++;
    }
    return 0;
}

/* One read's worth of events. */
static bool look(sqi_os_watch *w, const char *bytes, size_t len, bool (*wanted)(const char *name))
{
    bool news = false;
    for (size_t at = 0; at + sizeof(struct inotify_event) <= len;) {
        struct inotify_event e;
        memcpy(&e, bytes + at, sizeof e);
        const char *name = e.len ? bytes + at + sizeof e : NULL;
        at += sizeof e + e.len;
        if (e.mask & IN_IGNORED)
            w->live--;
        else
            news |= !name || !wanted || wanted(name);
    }
    return news;
}

bool sqi_os_watch_drain(sqi_os_watch *w, bool (*wanted)(const char *name))
{
    char bytes[16 * 1024] __attribute__((aligned(8)));
    bool news = false;
    while (w->fd >= 0) {
        ssize_t n = read(w->fd, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        news |= look(w, bytes, (size_t)n, wanted);
    }
    return news;
}

#else

int sqi_os_watch_open(sqi_os_watch *w)
{
    *w = (sqi_os_watch){-1, 0, 0};
    return ENOSYS;
}

int sqi_os_watch_add(sqi_os_watch *w, const char *folder)
{
    (void)w;
    (void)folder;
    return ENOSYS;
}

bool sqi_os_watch_drain(sqi_os_watch *w, bool (*wanted)(const char *name))
{
    (void)w;
    (void)wanted;
    return false;
}

#endif

void sqi_os_watch_close(sqi_os_watch *w)
{
    if (w->fd >= 0)
        close(w->fd);
    *w = (sqi_os_watch){-1, 0, 0};
}
