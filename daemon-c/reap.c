/*
 * What can be done with a child by its pidfd, which unlike a pid never comes to
 * mean another process.
 */
#include "spawn.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "pidfd.h"

static int64_t microseconds(struct timeval time)
{
    return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

static int32_t wait_status(const siginfo_t *info)
{
    switch (info->si_code) {
    case CLD_EXITED:
        return (info->si_status & 0xff) << 8;
    case CLD_DUMPED:
        return info->si_status | 0x80;
    default:
        return info->si_status;
    }
}

int kuid_reap(int32_t pidfd, struct kuid_exit *result)
{
    siginfo_t info = { 0 };
    struct rusage usage;

    if (pidfd_wait(pidfd, &info, WEXITED | WNOHANG, &usage) != 0)
        return errno;
    if (info.si_pid == 0)       /* WNOHANG, and nothing to collect */
        return EAGAIN;

    *result = (struct kuid_exit){
        .wait_status = wait_status(&info),
        .user_microseconds = microseconds(usage.ru_utime),
        .system_microseconds = microseconds(usage.ru_stime),
        .max_rss_bytes = (int64_t)usage.ru_maxrss * 1024,
    };
    return 0;
}

int kuid_signal(int32_t pidfd, int32_t signo)
{
    return pidfd_signal(pidfd, signo) != 0 ? errno : 0;
}
