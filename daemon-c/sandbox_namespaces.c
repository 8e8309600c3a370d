/*
 * The namespaces.  Root needs no user namespace, and is to become somebody else.
 * Everyone else makes one in which he is who he is, and has in it the rights that
 * the mounts need, until he drops them.
 */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int sandbox_unshare(const struct sandbox *sandbox)
{
    int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET;

    return unshare(sandbox->as_root ? flags : flags | CLONE_NEWUSER);
}

static int write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return -1;
    ssize_t count = write(fd, text, strlen(text));
    int error = errno;
    close(fd);
    errno = error;
    return count == (ssize_t)strlen(text) ? 0 : -1;
}

/* The numbers from before the namespace: within it nobody has one yet. */
static uid_t own_uid;
static gid_t own_gid;

__attribute__((constructor)) static void note_user(void)
{
    own_uid = geteuid();
    own_gid = getegid();
}

int sandbox_map_user(const struct sandbox *sandbox)
{
    char line[64];

    if (sandbox->as_root)
        return 0;
    if (write_file("/proc/self/setgroups", "deny") != 0)
        return -1;
    snprintf(line, sizeof line, "%u %u 1", (unsigned)own_uid, (unsigned)own_uid);
    if (write_file("/proc/self/uid_map", line) != 0)
        return -1;
    snprintf(line, sizeof line, "%u %u 1", (unsigned)own_gid, (unsigned)own_gid);
    return write_file("/proc/self/gid_map", line);
}

/* 127.0.0.1 of this job's own, which programs use to talk to themselves. */
int sandbox_raise_loopback(const struct sandbox *sandbox)
{
    struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    (void)sandbox;
    if (fd < 0)
        return -1;
    int result = ioctl(fd, SIOCSIFFLAGS, &request);
    int error = errno;
    close(fd);
    errno = error;
    return result;
}
