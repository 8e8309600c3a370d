/*
 * What a job sees of the files: all of them to be read, and a few folders of its
 * own.  Where daemons have their sockets is empty, because a socket can be
 * connected to on a mount that is read only.
 */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* <sys/mount.h> and <linux/mount.h> of glibc 2.36 cannot both be included. */
extern int mount(const char *, const char *, const char *, unsigned long, const void *);
enum { FLAG_NOSUID = 2, FLAG_NODEV = 4, FLAG_NOEXEC = 8, FLAG_BIND = 4096, FLAG_REC = 16384, FLAG_PRIVATE = 1 << 18 };

enum { MOST_WRITABLE = 64 };

static int trees[MOST_WRITABLE];

static int set_attributes(int fd, const char *path, unsigned flags, uint64_t attributes)
{
    struct mount_attr attr = { .attr_set = attributes };

    return (int)syscall(SYS_mount_setattr, fd, path, flags, &attr, sizeof attr);
}

/* Nothing mounted here is seen outside, and nothing mounted there is seen here. */
int sandbox_detach(const struct sandbox *sandbox)
{
    (void)sandbox;
    return mount(NULL, "/", NULL, FLAG_REC | FLAG_PRIVATE, NULL);
}

/* Taken while they are as they were, and put back when the rest is read only. */
int sandbox_keep_writable(const struct sandbox *sandbox)
{
    for (int i = 0; sandbox->writable[i] != NULL; i++) {
        if (i == MOST_WRITABLE) {
            errno = E2BIG;
            return -1;
        }
        trees[i] = (int)syscall(SYS_open_tree, AT_FDCWD, sandbox->writable[i],
                                OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
        if (trees[i] < 0 || set_attributes(trees[i], "", AT_EMPTY_PATH | AT_RECURSIVE,
                                           MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV) != 0)
            return -1;
    }
    return 0;
}

int sandbox_make_read_only(const struct sandbox *sandbox)
{
    (void)sandbox;
    return set_attributes(AT_FDCWD, "/", AT_RECURSIVE, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID);
}

/* A machine without one of them needs none. */
int sandbox_mount_temporary(const struct sandbox *sandbox)
{
    static const struct { const char *path, *options; } folders[] = {
        { "/tmp", "mode=1777,size=256m,nr_inodes=65536" },
        { "/var/tmp", "mode=1777,size=256m,nr_inodes=65536" },
        { "/dev/shm", "mode=1777,size=256m,nr_inodes=65536" },
        { "/run", "mode=755,size=1m,nr_inodes=1024" },
    };
    struct stat status;

    (void)sandbox;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (lstat(folders[i].path, &status) != 0 && errno == ENOENT)
            continue;
        if (mount("tmpfs", folders[i].path, "tmpfs", FLAG_NOSUID | FLAG_NODEV, folders[i].options) != 0)
            return -1;
    }
    return 0;
}

/* The folders above one that was in a folder which is empty now. */
static int make_folders(const char *path)
{
    char part[PATH_MAX];
    size_t length = strlen(path);

    if (length >= sizeof part) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(part, path, length + 1);
    for (char *slash = part + 1; *slash != '\0'; slash++) {
        if (*slash != '/')
            continue;
        *slash = '\0';
        if (mkdir(part, 0755) != 0 && errno != EEXIST && errno != EROFS)
            return -1;
        *slash = '/';
    }
    return mkdir(part, 0755) == 0 || errno == EEXIST || errno == EROFS ? 0 : -1;
}

/* The umask that this process has is the job's to come. */
int sandbox_mount_writable(const struct sandbox *sandbox)
{
    mode_t of_job = umask(0);

    for (int i = 0; sandbox->writable[i] != NULL; i++) {
        if (make_folders(sandbox->writable[i]) != 0)
            return -1;
        if (syscall(SYS_move_mount, trees[i], "", AT_FDCWD, sandbox->writable[i],
                    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS) != 0)
            return -1;
        close(trees[i]);
    }
    umask(of_job);
    return 0;
}

static int hide(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
    return S_ISDIR(status.st_mode)
        ? mount("tmpfs", path, "tmpfs", FLAG_NOSUID | FLAG_NODEV | FLAG_NOEXEC | 1, "mode=0,size=4k")
        : mount("/dev/null", path, NULL, FLAG_BIND, NULL);
}

int sandbox_hide(const struct sandbox *sandbox)
{
    for (char **path = sandbox->hidden; *path != NULL; path++)
        if (hide(*path) != 0)
            return -1;
    return 0;
}

int sandbox_mount_proc(const struct sandbox *sandbox)
{
    (void)sandbox;
    return mount("proc", "/proc", "proc", FLAG_NOSUID | FLAG_NODEV | FLAG_NOEXEC, NULL);
}
