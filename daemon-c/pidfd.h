/*
 * The kernel's pidfd calls.  Raw, because the wrappers of glibc are younger than
 * the systems we run on, and its waitid hides the fifth argument, which tells
 * the resources used as wait4(2) does.
 */
#ifndef KUID_PIDFD_H
#define KUID_PIDFD_H

#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int pidfd_wait(int pidfd, siginfo_t *info, int options, struct rusage *usage)
{
    enum { WAIT_PIDFD = 3 };    /* P_PIDFD, unnamed before glibc 2.36 */

    return (int)syscall(SYS_waitid, WAIT_PIDFD, pidfd, info, options, usage);
}

static inline int pidfd_signal(int pidfd, int signo)
{
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signo, NULL, 0);
}

#endif
