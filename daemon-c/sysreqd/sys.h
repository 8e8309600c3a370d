/*
 * The platform: system calls, and nothing else, as this program has no C library.
 *
 * sys_call0 to sys_call6 are the seam.  In the program they are one instruction
 * each (sys_x86_64.h, sys_aarch64.h); in the tests they are a kernel in memory
 * which fails where it is told to (tests/sysreqd/kernel.h).  Above the seam every
 * call has a name.  A result of -4095 to -1 is -errno, as the kernel has it.
 *
 * Addresses are unsigned long here: what a client names is not an object of this
 * program, and arithmetic on it must be defined whatever it is.
 */
#ifndef KUID_SYS_H
#define KUID_SYS_H

#include <asm/unistd.h>
#include <linux/errno.h>
#include <linux/fcntl.h>

#if defined(SYS_IN_MEMORY)
#include "tests/sysreqd/kernel.h"
#elif defined(__x86_64__)
#include "sys_x86_64.h"
#elif defined(__aarch64__)
#include "sys_aarch64.h"
#else
#error "kuid-sysreqd knows x86-64 and aarch64"
#endif

typedef unsigned long address;

static inline address address_of(const volatile void *object)
{
    return (address)object;
}

/* Ends the process, and in the tests the call of the function under test. */
static inline __attribute__((noreturn)) void sys_exit(int code)
{
    sys_call1(__NR_exit_group, code);
    __builtin_unreachable();
}

static inline long sys_open(const char *path, int flags)
{
    return sys_call3(__NR_openat, AT_FDCWD, (long)path, flags);
}

static inline long sys_close(long fd)
{
    return sys_call1(__NR_close, fd);
}

static inline long sys_write(long fd, const void *bytes, long size)
{
    return sys_call3(__NR_write, fd, (long)bytes, size);
}

static inline long sys_dup_to(long fd, long to)
{
    return sys_call3(__NR_dup3, fd, to, 0);
}

static inline long sys_unlink(const char *path)
{
    return sys_call3(__NR_unlinkat, AT_FDCWD, (long)path, 0);
}

struct statx;
static inline long sys_statx(long directory, const char *path, int flags, unsigned mask, struct statx *to)
{
    return sys_call5(__NR_statx, directory, (long)path, flags, mask, (long)to);
}

struct pollfd;
struct __kernel_timespec;
static inline long sys_poll(struct pollfd *fds, int count, const struct __kernel_timespec *timeout)
{
    return sys_call5(__NR_ppoll, (long)fds, count, (long)timeout, 0, 0);
}

#endif
