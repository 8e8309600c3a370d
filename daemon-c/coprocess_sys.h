/*
 * The system calls of libkuidcoprocess.so, each with a name.  They are the
 * instruction itself, as the C library below is one that nothing is known about;
 * a result of -4095 to -1 is -errno.
 */
#ifndef KUID_COPROCESS_SYS_H
#define KUID_COPROCESS_SYS_H

#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#include "sysreqd/sys_x86_64.h"
#elif defined(__aarch64__)
#include "sysreqd/sys_aarch64.h"
#else
#error "libkuidcoprocess knows x86-64 and aarch64"
#endif

typedef uint64_t signal_set;    /* the kernel's: signal n is bit n - 1 */

#define SIGNAL_BIT(signo) ((signal_set)1 << ((signo) - 1))

static inline int sys_pid(void)
{
    return (int)sys_call0(SYS_getpid);
}

static inline int sys_open(const char *path, int flags, unsigned mode)
{
    return (int)sys_call4(SYS_openat, AT_FDCWD, (long)path, flags, (long)mode);
}

static inline int sys_close(int fd)
{
    return (int)sys_call1(SYS_close, fd);
}

static inline int sys_dup_to(int fd, int to)
{
    return (int)sys_call3(SYS_dup3, fd, to, 0);
}

static inline int sys_fcntl(int fd, int command, long argument)
{
    return (int)sys_call3(SYS_fcntl, fd, command, argument);
}

static inline int sys_ioctl(int fd, unsigned long request, long argument)
{
    return (int)sys_call3(SYS_ioctl, fd, (long)request, argument);
}

static inline int sys_memfd(const char *name)
{
    return (int)sys_call2(SYS_memfd_create, (long)name, MFD_CLOEXEC);
}

static inline void sys_rewind(int fd)
{
    sys_call3(SYS_lseek, fd, 0, SEEK_SET);
}

static inline void sys_truncate(int fd)
{
    sys_call2(SYS_ftruncate, fd, 0);
}

static inline void sys_write_first(int fd, const char *bytes, unsigned long size)
{
    sys_call4(SYS_pwrite64, fd, (long)bytes, (long)size, 0);
}

static inline void sys_mask(int how, signal_set set, signal_set *old)
{
    sys_call4(SYS_rt_sigprocmask, how, (long)&set, (long)old, sizeof set);
}

/* Takes a blocked signal that is pending, and says whether there was one. */
static inline _Bool sys_take_signal(int signo)
{
    signal_set set = SIGNAL_BIT(signo);
    long at_once[2] = { 0, 0 };

    return sys_call4(SYS_rt_sigtimedwait, (long)&set, 0, (long)at_once, sizeof set) == signo;
}

static inline long sys_send(int fd, const struct msghdr *message)
{
    return sys_call3(SYS_sendmsg, fd, (long)message, MSG_NOSIGNAL);
}

static inline long sys_receive(int fd, struct msghdr *message)
{
    return sys_call3(SYS_recvmsg, fd, (long)message, MSG_CMSG_CLOEXEC);
}

/* fork(2), with a signal of its own choice at the child's end, 0 for none. */
static inline int sys_fork(int exit_signal)
{
    return (int)sys_call5(SYS_clone, exit_signal, 0, 0, 0, 0);
}

static inline int sys_set_group(int pid, int group)
{
    return (int)sys_call2(SYS_setpgid, pid, group);
}

/* Waits for the end of a child, and with WNOWAIT leaves it a zombie. */
static inline void sys_wait(int child, int options)
{
    while (sys_call5(SYS_waitid, P_PID, child, 0, WEXITED | __WALL | options, 0) == -EINTR)
        continue;
}

static inline __attribute__((noreturn)) void sys_exit(int code)
{
    sys_call1(SYS_exit_group, code);
    __builtin_unreachable();
}

#endif
