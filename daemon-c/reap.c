/*
 * What can be done with a child by its pidfd, which unlike a pid never comes to
 * mean another process.
 */
#include "spawn.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "exit.h"
#include "pidfd.h"

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
