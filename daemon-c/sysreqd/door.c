/*
 * The sockets the manager listens on.
 *
 * A Unix socket has mode 0600 from its first moment, by the umask of its bind.  A path that is taken is judged under a lock
 * of its directory, which every start holds from before its bind until it listens: what refuses connections then is a socket
 * nobody has, and of any number of starts at once one wins.
 */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/net.h>
#include <linux/poll.h>
#include <linux/stat.h>
#include <linux/un.h>

#include "sys.h"
#include "sysreqd.h"

/* What the kernel's headers leave to the C library. */
enum { AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10, SOCK_STREAM = 1, SOCK_NONBLOCK = O_NONBLOCK };

struct credentials {
    int pid;
    unsigned uid, gid;
};

/* Where to listen. The kernel wants no more than a sockaddr_un, and looks at as much as the family has. */
static union {
    struct sockaddr_un local;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} name;

static long open_socket(int family)
{
    name.local.sun_family = (unsigned short)family;
    return sys_call3(__NR_socket, family, SOCK_STREAM | SOCK_NONBLOCK, 0);
}

static long bind(long fd)
{
    return sys_call3(__NR_bind, fd, (long)&name, sizeof name.local);
}

static void set_door(int index, long fd)
{
    service.door[index] = (struct pollfd){ .fd = (int)fd, .events = POLLIN };
}

/* Takes what the bind said, as a descriptor that is none has failed there already. */
static __attribute__((noinline)) void listen_after(long bound, int index, long fd)
{
    const char *what = "bind: errno ";

    if (bound == 0) {
        what = "listen: errno ";
        bound = sys_call2(__NR_listen, fd, 4096);
    }
    if (bound < 0)
        fail(what, bound);
    set_door(index, fd);
}

/* Of the directory of the path that ends there and has a slash; where it cannot be opened there is no lock. */
static long lock_directory(char *end)
{
    while (end[-1] != '/')
        end--;
    char cut = *end;
    *end = '\0';
    long directory = sys_open(name.local.sun_path, O_RDONLY | O_DIRECTORY);
    *end = cut;
    sys_call2(__NR_flock, directory, LOCK_EX);
    return directory;
}

/* Of the file at the path itself. */
static unsigned long inode_of_path(struct statx *is)
{
    is->stx_mode = 0;
    sys_statx(AT_FDCWD, service.path, AT_SYMLINK_NOFOLLOW, STATX_TYPE | STATX_INO, is);
    return is->stx_ino;
}

/* A connection refused or not: a path that is no socket refuses, too. */
static void remove_stale(void)
{
    struct statx is;

    inode_of_path(&is);
    if (!S_ISSOCK(is.stx_mode))
        fail("path is no socket", 0);
    long fd = open_socket(AF_UNIX);
    if (sys_call3(__NR_connect, fd, (long)&name, sizeof name.local) != -ECONNREFUSED)
        fail("socket is in use", 0);
    sys_close(fd);
    sys_unlink(service.path);
}

void door_open_unix(void)
{
    struct statx is;
    char *end = name.local.sun_path;

    for (const char *from = service.path; (*end = *from) != '\0'; from++)
        if (++end == name.local.sun_path + sizeof name.local.sun_path)
            fail("path is longer than 107 bytes", 0);
    long directory = lock_directory(end);
    long fd = open_socket(AF_UNIX);
    long mask = sys_call1(__NR_umask, 0177);
    long bound = bind(fd);
    if (bound == -EADDRINUSE) {
        remove_stale();
        bound = bind(fd);
    }
    sys_call1(__NR_umask, mask);
    service.socket_inode = inode_of_path(&is);
    listen_after(bound, 0, fd);
    set_door(1, -1);
    sys_close(directory);
}

void door_open_loopback(unsigned port)
{
    for (int i = 0; i < DOORS; i++) {
        const int on = 1;
        long fd = open_socket(i == 0 ? AF_INET : AF_INET6);

        sys_call5(__NR_setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, (long)&on, sizeof on);
        name.v4.sin_port = __builtin_bswap16((unsigned short)port);
        /* The address of the one is the flow label of the other. */
        name.v4.sin_addr.s_addr = i == 0 ? __builtin_bswap32(INADDR_LOOPBACK) : 0;
        name.v6.sin6_addr.s6_addr[15] = 1;
        long bound = bind(fd);
        /* A machine without IPv6 has no such family or no such address. */
        if (i == 1 && (fd < 0 || bound == -EADDRNOTAVAIL))
            set_door(i, -1);
        else
            listen_after(bound, i, fd);
    }
    if (sys_call0(__NR_geteuid) == 0)
        say("runs as root: WHOEVER REACHES THIS PORT IS ROOT", 0);
}

/* Whoever can reach a loopback port may enter; a Unix socket is for the same user and for root. */
static _Bool may_enter(long fd)
{
    struct credentials peer = { .uid = ~0u };
    int size = sizeof peer;

    if (service.path == 0)
        return 1;
    sys_call5(__NR_getsockopt, fd, SOL_SOCKET, SO_PEERCRED, (long)&peer, (long)&size);
    return peer.uid == 0 || peer.uid == sys_call0(__NR_geteuid);
}

long door_accept(void)
{
    for (;;) {
        sys_poll(service.door, DOORS, 0);
        for (int i = 0; i < DOORS; i++) {
            if (service.door[i].revents == 0)
                continue;
            long fd = sys_call4(__NR_accept4, service.door[i].fd, 0, 0, 0);
            if (fd >= 0) {
                if (may_enter(fd))
                    return fd;
                sys_close(fd);
            } else if (fd != -EAGAIN && fd != -EINTR)
                sys_exit(EXIT_FAILED);  /* the manager waits a while before it makes another */
        }
    }
}
